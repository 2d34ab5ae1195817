"""Monte Carlo check of proofs/correlated_noise_mse.py: E‖W(x + n) − y‖² = E‖Wx − y‖² + tr(WΣWᵀ).

The noise is skewed, not Gaussian: centred exponentials through a square root of Σ.
"""

import numpy as np

from proofsheet import NumericCheck, proof

identity = proof("correlated_noise_mse")

q, m = 2, 4
W = np.array([[0.5, -1.0, 0.3, 0.9], [1.1, 0.2, -0.4, 0.6]])
root = np.array([[0.6, 0.0, 0.0, 0.0], [0.3, 0.5, 0.0, 0.0], [-0.2, 0.1, 0.4, 0.0], [0.1, -0.3, 0.2, 0.3]])
Sigma = root @ root.T


def draw(generator, size):
    x = generator.exponential(1.0, (size, m))
    y = x[:, :q] ** 2 + generator.normal(0.0, 0.5, (size, q))
    return {"x": x, "y": y, "n": (generator.exponential(1.0, (size, m)) - 1.0) @ root.T}


def left_side(x, n, y):
    return (((x + n) @ W.T - y) ** 2).sum(axis=1)


check = NumericCheck(
    identity.theorem,
    draw,
    left_side,
    dimensions={"q": q, "m": m},
    constants={"W": W, "Sigma": Sigma},
    tolerance=0.3,
    wrong=identity.variants[3],
)
check.main(__name__)
