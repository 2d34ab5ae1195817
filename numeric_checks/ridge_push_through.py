"""Check of proofs/ridge_push_through.py: the ridge estimate, found without an inverse, against its kernel form.

The gradient of ⟨U, M⟩ by U is M, so that the theorem's matrices are gradients. Column k of M = (XᵀX + λI)⁻¹Xᵀ is the ridge
estimate for the targets e_k. It is found by conjugate gradients in fractions, which end at the solution after m steps at
most. X is tall in one case and wide in the other. bias: y = Xw + noise with skewed entries of two values, all
outcomes; each estimate is a least-squares solution with the rows √λ I and the targets 0 added.
"""

from fractions import Fraction

import numpy as np

from proofsheet import GradientCheck, NumericCheck, cases, finite, matrix, proof, scalar

identity = proof("ridge_push_through")

lam = Fraction(2, 5)
tall = np.array([[10, -5, 2], [3, 20, -10], [-7, 4, 9], [15, 10, 0]]) * Fraction(1, 10)
U, V, s = matrix("U", identity.m, identity.n), matrix("V", identity.m, identity.m), scalar("s")
without_lambda = {"λ lost": "XXᵀ has no inverse where n > m; the wide case sees it"}


def solved(S, targets):
    """S⁻¹ targets for a positive definite S, column by column."""
    return np.stack([conjugate_gradients(S, column) for column in targets.T], axis=1)


def conjugate_gradients(S, target):
    found, rest, direction = 0 * target, target, target
    while rest.any():
        step = (rest @ rest) / (direction @ S @ direction)
        found, before, rest = found + step * direction, rest, rest - step * (S @ direction)
        direction = rest + (rest @ rest) / (before @ before) * direction
    return found


def bias_of(X):
    (n, m), X = X.shape, X.astype(float)
    w, rows = np.arange(1, m + 1) - 2.5, np.vstack([X, np.sqrt(float(lam)) * np.eye(m)])

    def estimate(eps):
        return np.linalg.lstsq(rows, np.hstack([eps + X @ w, np.zeros((len(eps), m))]).T)[0].T

    return NumericCheck(
        identity.bias,
        {"eps": finite([-1, 2], [2 / 3, 1 / 3], n)},
        left_side=estimate,
        dimensions={"m": m, "n": n},
        parameters={"lam": lam},
        constants={"X": X, "w": w},
    )


def cases_of(name, X):
    n, m = X.shape
    eye = Fraction(1) * np.eye(m, dtype=int)
    estimates, inverse = (solved(X.T @ X + lam * eye, targets) for targets in (X.T, eye))

    def check_of(theorem, gradient, by, **variants):
        return GradientCheck(
            theorem,
            lambda X, **moved: np.sum(moved[by.name] * gradient),
            by,
            constants={"X": X, by.name: 0 * gradient},
            dimensions={"m": m, "n": n},
            parameters={"lam": lam},
            **variants,
        )

    variants = {"wrong": identity.variants, "unseen": without_lambda if n > m else {}}
    yield name, check_of(identity.theorem, estimates, U, **variants)
    yield f"{name}_bias", bias_of(X)
    yield f"{name}_effective_weights", check_of(identity.effective_weights, np.trace(X @ estimates), s)
    yield f"{name}_one_inverse_by_the_other", check_of(identity.one_inverse_by_the_other, inverse, V)


check = cases(**dict(case for name, X in (("tall", tall), ("wide", tall.T)) for case in cases_of(name, X)))
check.main(__name__)
