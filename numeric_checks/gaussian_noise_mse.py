"""Numeric checks of proofs/gaussian_noise_mse.py: E[((x + n)ᵀw − y)²] = E[(xᵀw − y)²] + α‖w‖².

The noise is drawn in all its m coordinates, never as nᵀw. all_outcomes: m = 3, every law has two values, nothing is drawn.
plain: m = 8, every draw anew, nothing rests on the symmetry of the noise; to 10 % only. uniform: noise that
is not Gaussian, with the same mean and covariance; the theorem asks for no more. m_8 to m_1000: each noise at +n and −n,
which cancels what noise and data have in common; the larger ones in blocks of m orthogonal noise vectors.
"""

import numpy as np

from proofsheet import (
    NumericCheck,
    antithetic,
    cases,
    derived,
    normal,
    orthogonal,
    polynomial,
    proof,
    rademacher,
    uniform,
)

identity = proof("gaussian_noise_mse")
alpha = 0.3
unseen = {
    "cross term dropped before anything is said of the noise": "the line is right, only its reason is not",
    "2 of the square lost": "2 or 1, it stands before E[residual · noise], which is 0",
}


def check_of(m, noise=normal, data=normal, variance=None, **design):
    w = np.cos(np.arange(1, m + 1)) / np.sqrt(m / 2)
    return NumericCheck(
        identity.theorem,
        {"x": data(m), "e": data(variance=0.25), "n": noise(m, variance=alpha)},
        left_side=lambda x, n, y: ((x + n) @ w - y) ** 2,
        variables=lambda x, e, n: {"y": x[:, 0] - 0.5 * x[:, 1] + e},
        variance=variance and variance(alpha * w @ w, m),
        dimensions={"m": m},
        parameters={"alpha": alpha},
        constants={"w": w},
        wrong=identity.variants,
        unseen=unseen,
        **design,
    )


def of_rows(penalty, m):
    return derived(2 * penalty**2, "E(nᵀw)⁴ ≤ 3(α‖w‖²)², for symmetric noise with tails no heavier than Gaussian ones")


def of_blocks(penalty, m):
    return derived(6 * penalty**2 / (m * (m + 2)), "6(α‖w‖²)²/(m(m + 2)), fourth moments of a random rotation")


check = cases(
    all_outcomes=check_of(3, rademacher, rademacher),
    plain=check_of(8, variance=lambda penalty, m: polynomial(2), tolerance=0.1),
    uniform=check_of(8, uniform, variance=of_rows, design=antithetic("n")),
    m_8=check_of(8, variance=of_rows, design=antithetic("n")),
    m_64=check_of(64, variance=of_blocks, design=orthogonal("n")),
    m_1000=check_of(1000, variance=of_blocks, design=orthogonal("n")),
)
check.main(__name__)
