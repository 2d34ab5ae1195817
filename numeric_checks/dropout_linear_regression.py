"""Numeric checks of proofs/dropout_linear_regression.py: E‖y − (R ∘ X)w‖² = ‖y − pXw‖² + p(1 − p)‖Γw‖².

Keep probability 0.7. mask and unit_mean_mask: three examples with four features, all 4096 masks are enumerated, at the
theorem and at its corollary with the mask R/p. many_features: five examples with eight features have 2^40 masks; they are
drawn, and the squared residual is bounded, for every residual lies between y less its positive and y less its negative terms.
"""

import numpy as np

from proofsheet import NumericCheck, bernoulli, bounded, cases, proof

identity = proof("dropout_linear_regression")
keep = 0.7


def check_of(theorem, scale, X, w, y, **options):
    N, m = X.shape
    return NumericCheck(
        theorem,
        {"R": bernoulli(keep, N, m)},
        left_side=lambda R: ((y - scale * (R * X) @ w) ** 2).sum(axis=1),
        dimensions={"N": N, "m": m},
        parameters={"p": keep},
        constants={"X": X, "w": w, "y": y},
        **options,
    )


def largest(X, w, y):
    above, below = np.maximum(X * w, 0).sum(axis=1), np.minimum(X * w, 0).sum(axis=1)
    return (np.maximum(abs(y - above), abs(y - below)) ** 2).sum()


X = np.array([[1.0, -2.0, 0.5, 0.0], [3.0, 1.5, -1.0, 2.0], [-0.5, 0.0, 4.0, 1.0]])
w, y = np.array([0.6, -0.3, 1.1, -2.0]), np.array([1.0, -0.5, 2.0])
many = np.cos(np.arange(40) ** 2).reshape(5, 8), np.sin(np.arange(8) + 0.3), np.array([1.0, -0.5, 2.0, 0.3, -1.2])

check = cases(
    mask=check_of(identity.theorem, 1, X, w, y, wrong=identity.variants),
    unit_mean_mask=check_of(identity.unit_mean_mask, 1 / keep, X, w, y),
    many_features=check_of(
        identity.theorem, 1, *many, variance=bounded(0, largest(*many)), tolerance=0.01, wrong=identity.variants
    ),
)
check.main(__name__)
