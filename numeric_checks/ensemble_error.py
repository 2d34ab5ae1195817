"""Numeric checks of proofs/ensemble_error.py: E[((1/n) Σᵢ ŷᵢ − y)²] = v/n + (n − 1)c/n.

The label and the errors of n predictors are drawn apart, the errors through a root of their covariance, with v = 2; the left
side averages the predictions themselves. all_outcomes: n = 3 with errors of two values, nothing is drawn. lower_end: c is as
small as it can be, −v/(n − 1), and the error is 0. Then n = 3 to 50 with Gaussian errors and several c of both signs; with
many members and c near v the mistake v/n + c is within 2 %, so that the tolerance is finer there.
"""

import numpy as np

from proofsheet import NumericCheck, cases, covariance_root, derived, normal, orthogonal, plain, proof, rademacher

identity = proof("ensemble_error")
v = 2.0


def check_of(n, c, law=normal, blocks=False, **options):
    root = covariance_root(c * np.ones((n, n)) + (v - c) * np.eye(n))
    error = v / n + (n - 1) * c / n
    spread = 6 / (n * (n + 2)) if blocks else 2
    why = (
        "6/(n(n + 2)) times the squared error, over random rotations"
        if blocks
        else "twice the squared error: a Gaussian's square"
    )
    return NumericCheck(
        identity.theorem,
        {"y": law(variance=3.0), "z": law(n)},
        left_side=lambda y_hat, y: (y_hat.mean(axis=1) - y) ** 2,
        variables=lambda y, z: {"y_hat": y[:, None] + z @ root.T},
        design=orthogonal("z") if blocks else plain(),
        variance=derived(spread * error**2, why) if error else None,
        dimensions={"n": n},
        parameters={"v": v, "c": c},
        wrong=identity.variants,
        **options,
    )


check = cases(
    all_outcomes=check_of(3, 0.7, rademacher),
    lower_end=check_of(3, -1.0, rademacher),
    n_3=check_of(3, -0.4),
    n_7=check_of(7, 0.6),
    n_10=check_of(10, 0.3),
    n_50=check_of(50, -0.03, blocks=True),
    n_50_alike=check_of(50, 0.5, blocks=True, tolerance=0.008),
)
check.main(__name__)
