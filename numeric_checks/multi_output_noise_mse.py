"""Monte Carlo check of proofs/multi_output_noise_mse.py: E‖W(x + n) − y‖² = E‖Wx − y‖² + α‖W‖²_F.

The noise is uniform, not Gaussian, with mean 0 and covariance αI: the theorem asks for no more.
"""

import numpy as np

from proofsheet import NumericCheck, proof

identity = proof("multi_output_noise_mse")

q, m, alpha = 3, 5, 0.4
W = np.array([[0.5, -1.0, 0.3, 0.0, 0.7], [1.1, 0.2, -0.4, 0.6, -0.9], [-0.3, 0.8, 0.5, -0.7, 0.1]])


def draw(generator, size):
    x = generator.gamma(2.0, 0.4, (size, m))
    y = x[:, :q] * x[:, 1 : q + 1] + generator.normal(0.0, 0.3, (size, q))
    width = np.sqrt(3 * alpha)
    return {"x": x, "y": y, "n": generator.uniform(-width, width, (size, m))}


def left_side(x, n, y):
    return (((x + n) @ W.T - y) ** 2).sum(axis=1)


check = NumericCheck(
    identity.theorem,
    draw,
    left_side,
    dimensions={"q": q, "m": m},
    parameters={"alpha": alpha},
    constants={"W": W},
    tolerance=0.1,
    wrong=identity.variants[0],
)
check.main(__name__)
