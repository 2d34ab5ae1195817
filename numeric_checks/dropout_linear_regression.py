"""Exact check of proofs/dropout_linear_regression.py: E‖y − (R ∘ X)w‖² = ‖y − pXw‖² + p(1 − p)‖Γw‖².

Three examples with four features, keep probability 0.7, all 4096 masks.
"""

import numpy as np

from proofsheet import EnumerationCheck, bernoulli_masks, proof

identity = proof("dropout_linear_regression")

X = np.array([[1.0, -2.0, 0.5, 0.0], [3.0, 1.5, -1.0, 2.0], [-0.5, 0.0, 4.0, 1.0]])
w, y = np.array([0.6, -0.3, 1.1, -2.0]), np.array([1.0, -0.5, 2.0])


def left_side(R):
    return ((y - (R * X) @ w) ** 2).sum(axis=1)


check = EnumerationCheck(
    identity.theorem,
    bernoulli_masks("R", (3, 4), keep=0.7),
    left_side,
    wrong=identity.variants[1],
    dimensions={"N": 3, "m": 4},
    parameters={"p": 0.7},
    constants={"X": X, "w": w, "y": y},
)
check.main(__name__)
