"""Numeric checks of proofs/correlated_noise_mse.py: E‖W(x + n) − y‖² = E‖Wx − y‖² + tr(WΣWᵀ).

Two outputs, four inputs; the noise is a root of Σ times independent entries. all_outcomes: laws with two values, nothing is
drawn. plain: every draw anew, nothing rests on the symmetry of the noise; to 10 % only. gaussian: each noise
at +n and −n. skewed: centred exponential entries, whose spread no bound is given for: randomised quasi-Monte Carlo.
"""

import numpy as np

from proofsheet import NumericCheck, antithetic, cases, derived, exponential, normal, polynomial, proof, rademacher

identity = proof("correlated_noise_mse")

q, m = 2, 4
W = np.array([[0.5, -1.0, 0.3, 0.9], [1.1, 0.2, -0.4, 0.6]])
B = W + 0.4 * np.eye(q, m)
root = np.array([[0.6, 0.0, 0.0, 0.0], [0.3, 0.5, 0.0, 0.0], [-0.2, 0.1, 0.4, 0.0], [0.1, -0.3, 0.2, 0.3]])
Sigma = root @ root.T


def check_of(noise, data=normal, **options):
    return NumericCheck(
        identity.theorem,
        {"x": data(m), "e": data(q, variance=0.3), "z": noise(m)},
        left_side=lambda x, n, y: (((x + n) @ W.T - y) ** 2).sum(axis=1),
        variables=lambda x, e, z: {"y": x @ B.T + e, "n": z @ root.T},
        dimensions={"q": q, "m": m},
        constants={"W": W, "Sigma": Sigma},
        wrong=identity.variants,
        **options,
    )


quadratic = derived(2 * np.sum((W @ Sigma @ W.T) ** 2), "2 tr((WΣWᵀ)²), the variance of ‖Wn‖² for Gaussian n")
check = cases(
    all_outcomes=check_of(rademacher, rademacher),
    plain=check_of(normal, variance=polynomial(2), tolerance=0.1),
    gaussian=check_of(normal, variance=quadratic, design=antithetic("z")),
    skewed=check_of(exponential),
)
check.main(__name__)
