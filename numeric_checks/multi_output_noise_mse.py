"""Numeric checks of proofs/multi_output_noise_mse.py: E‖W(x + n) − y‖² = E‖Wx − y‖² + α‖W‖²_F.

Three outputs, five inputs, labels that depend on the inputs. all_outcomes: laws with two values, nothing is drawn. plain:
uniform noise and every draw anew, nothing rests on the symmetry of the noise; to 10 % only. gaussian and
uniform: each noise at +n and −n, which cancels what noise and data have in common.
"""

import numpy as np

from proofsheet import NumericCheck, antithetic, cases, derived, normal, proof, rademacher, uniform

identity = proof("multi_output_noise_mse")

q, m, alpha = 3, 5, 0.4
W = np.array([[0.5, -1.0, 0.3, 0.0, 0.7], [1.1, 0.2, -0.4, 0.6, -0.9], [-0.3, 0.8, 0.5, -0.7, 0.1]])
B = W + 0.4 * np.eye(q, m)
spread = 2 * alpha**2 * np.sum((W @ W.T) ** 2)
cross = 4 * alpha * (np.sum((W.T @ (W - B)) ** 2) + 0.3 * np.sum(W**2))


def check_of(noise, data=normal, variance=None, **design):
    return NumericCheck(
        identity.theorem,
        {"x": data(m), "e": data(q, variance=0.3), "n": noise(m, variance=alpha)},
        left_side=lambda x, n, y: (((x + n) @ W.T - y) ** 2).sum(axis=1),
        variables=lambda x, e, n: {"y": x @ B.T + e},
        variance=variance and derived(*variance),
        dimensions={"q": q, "m": m},
        parameters={"alpha": alpha},
        constants={"W": W},
        wrong=identity.variants,
        unseen={"2 of the square lost": "2 or 1, it stands before E[residual · noise], which is 0"},
        **design,
    )


quadratic = spread, "2 tr((αWWᵀ)²), the variance of ‖Wn‖² if no fourth moment exceeds that of a Gaussian"
whole = spread + cross, "the same, and 4 E(residual · Wn)² of the cross term"
check = cases(
    all_outcomes=check_of(rademacher, rademacher),
    plain=check_of(uniform, variance=whole, tolerance=0.1),
    gaussian=check_of(normal, variance=quadratic, design=antithetic("n")),
    uniform=check_of(uniform, variance=quadratic, design=antithetic("n")),
)
check.main(__name__)
