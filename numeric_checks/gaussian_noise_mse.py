"""Monte Carlo check of proofs/gaussian_noise_mse.py: E[((x + n)ᵀw − y)²] = E[(xᵀw − y)²] + α‖w‖².

Inputs are skewed and correlated with the label; the noise is Gaussian, drawn in all its m coordinates and apart from the
inputs. The left side is the squared error as defined, the right side is read from the theorem.
"""

import numpy as np

from proofsheet import NumericCheck, proof

identity = proof("gaussian_noise_mse")

m, alpha = 8, 0.3
w = np.array([1.0, -0.5, 0.25, 0.8, -1.2, 0.4, 0.6, -0.7])


def draw(generator, size):
    x = generator.exponential(0.5, (size, m))
    y = x[:, 0] - x[:, 1] ** 2 + generator.normal(0.2, 0.5, size)
    return {"x": x, "y": y, "n": generator.normal(0.0, np.sqrt(alpha), (size, m))}


def left_side(x, n, y):
    return ((x + n) @ w - y) ** 2


check = NumericCheck(
    identity.theorem,
    draw,
    left_side,
    dimensions={"m": m},
    parameters={"alpha": alpha},
    constants={"w": w},
    tolerance=0.1,
    wrong=identity.variants[1],
)
check.main(__name__)
