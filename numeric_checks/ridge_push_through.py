"""Check of proofs/ridge_push_through.py: the ridge estimate, found by least squares, against its kernel form.

The gradient of ⟨U, M⟩ by U is M. The columns of M are ridge estimates for the targets e_1, ..., e_n, each found as the least
squares solution of √λ w = 0 below Xw = e_k, without an inverse.
"""

import numpy as np

from proofsheet import GradientCheck, matrix, proof

identity = proof("ridge_push_through")

m, n, lam = 3, 4, 0.4
X = np.array([[1.0, -0.5, 0.2], [0.3, 2.0, -1.0], [-0.7, 0.4, 0.9], [1.5, 1.0, 0.0]])
estimates = np.linalg.lstsq(np.vstack([X, np.sqrt(lam) * np.eye(m)]), np.eye(n + m, n), rcond=None)[0]

check = GradientCheck(
    identity.theorem,
    lambda U, X: (U * estimates).sum(),
    by=matrix("U", identity.m, identity.n),
    draw=lambda generator: {"U": generator.normal(size=(m, n))},
    wrong=identity.variants[1],
    dimensions={"m": m, "n": n},
    parameters={"lam": lam},
    constants={"X": X},
)
check.main(__name__)
