"""Monte Carlo check of proofs/ensemble_error.py: E[((1/n) Σᵢ ŷᵢ − y)²] = v/n + (n − 1)c/n.

Seven predictors whose errors share a common part: εᵢ = √c · common + √(v − c) · own, with skewed parts. The label is
drawn apart, and the left side averages the predictions themselves.
"""

import numpy as np

from proofsheet import NumericCheck, proof

identity = proof("ensemble_error")

n, v, c = 7, 2.0, 0.6


def draw(generator, size):
    y = generator.exponential(1.0, size)
    common = generator.exponential(1.0, (size, 1)) - 1.0
    own = generator.exponential(1.0, (size, n)) - 1.0
    return {"y": y, "y_hat": y[:, None] + np.sqrt(c) * common + np.sqrt(v - c) * own}


def left_side(y_hat, y):
    return (y_hat.mean(axis=1) - y) ** 2


check = NumericCheck(
    identity.theorem,
    draw,
    left_side,
    dimensions={"n": n},
    parameters={"v": v, "c": c},
    tolerance=0.04,
    wrong=identity.variants[0],
)
check.main(__name__)
