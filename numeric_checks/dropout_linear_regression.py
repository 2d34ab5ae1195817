"""Numeric check of proofs/dropout_linear_regression.py: E‖y − (R ∘ X)w‖² = ‖y − pXw‖² + p(1 − p)‖Γw‖².

Three examples with four features, keep probability 0.7: all 4096 masks are enumerated.
"""

import numpy as np

from proofsheet import NumericCheck, bernoulli, cases, proof

identity = proof("dropout_linear_regression")
keep = 0.7


def check_of(theorem, scale, X, w, y, **how):
    def left_side(R):
        return ((y - scale * (R * X) @ w) ** 2).sum(axis=1)

    N, m = X.shape
    return NumericCheck(
        theorem,
        {"R": bernoulli(keep, N, m)},
        left_side,
        dimensions={"N": N, "m": m},
        parameters={"p": keep},
        constants={"X": X, "w": w, "y": y},
        **how,
    )


X = np.array([[1.0, -2.0, 0.5, 0.0], [3.0, 1.5, -1.0, 2.0], [-0.5, 0.0, 4.0, 1.0]])
w, y = np.array([0.6, -0.3, 1.1, -2.0]), np.array([1.0, -0.5, 2.0])

check = cases(
    mask=check_of(identity.theorem, 1, X, w, y, wrong=identity.variants),
    unit_mean_mask=check_of(identity.unit_mean_mask, 1 / keep, X, w, y),
)
check.main(__name__)
