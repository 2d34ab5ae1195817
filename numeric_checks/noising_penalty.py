"""Exact check of proofs/noising_penalty.py: Σᵢ E[A(x̃ᵢᵀβ) − yᵢ x̃ᵢᵀβ] = Σᵢ (A(xᵢᵀβ) − yᵢ xᵢᵀβ) + R(β).

Two examples with three features, logistic regression, and noise that multiplies each feature by 0.4 or 2.5: two values
whose mean is 1. All 64 outcomes are enumerated.
"""

import numpy as np

from proofsheet import EnumerationCheck, FiniteLaw, bernoulli_masks, proof

identity = proof("noising_penalty")

low, high = 0.4, 2.5
chance = (1 - low) / (high - low)
x = np.array([[1.0, -2.0, 0.5], [0.0, 1.5, -1.0]])
beta, y = np.array([0.6, -0.3, 1.1]), np.array([1.0, 0.0])

switches = bernoulli_masks("z", (2, 3), keep=chance)
law = FiniteLaw({"x_tilde": x * (low + (high - low) * switches.outcomes["z"])}, switches.weights, switches.roundings)


def left_side(x_tilde):
    theta = x_tilde @ beta
    return (np.logaddexp(0, theta) - y * theta).sum(axis=1)


check = EnumerationCheck(
    identity.theorem,
    law,
    left_side,
    wrong=identity.variants[0],
    dimensions={"N": 2, "m": 3},
    constants={"x": x, "beta": beta, "y": y},
    functions={"A": (lambda u: np.logaddexp(0, u),)},
)
check.main(__name__)
