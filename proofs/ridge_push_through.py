"""Ridge regression with m weights, or with n examples: a matrix pushed through an inverse.

    (XᵀX + λI)⁻¹Xᵀ = Xᵀ(XXᵀ + λI)⁻¹

Applied to the targets y both sides are the ridge estimate; the left solves m equations, the right n (the kernel form). The
side conditions need no words: λ > 0 makes both matrices positive definite. With λ = 0 the right side has no meaning for
n > m. Corollaries: the expectation of the estimate under y = Xw + noise is w − λ(XᵀX + λI)⁻¹w, so that its bias is
−λ(XᵀX + λI)⁻¹w; the effective number of weights, tr of the hat matrix; and the inverse of the one matrix by that of the other.

Hoerl and Kennard (1970), Ridge regression: biased estimation for nonorthogonal problems, Technometrics 12, eq. 2.1 and
section 4; Henderson and Searle (1981), On deriving the inverse of a sum of matrices, SIAM Review 23, eq. 9 to 11;
Hastie, Tibshirani and Friedman (2009), The Elements of Statistical Learning, eq. 3.44, 3.50 and 18.13.
"""

from proofsheet import (
    E,
    algebra,
    cancel,
    collect,
    dimension,
    expand,
    identity,
    inverse,
    linearity,
    matrix,
    moment,
    parameter,
    prove,
    random_vector,
    regroup,
    show,
    trace,
    vector,
    wrong,
)

m, n = dimension("m"), dimension("n")
lam = parameter("lam", positive=True)
X, w, eps = matrix("X", n, m), vector("w", m), random_vector("eps", n)
of_weights, of_examples = X.T @ X + lam * identity(m), X @ X.T + lam * identity(n)
K, L = inverse(of_weights), inverse(of_examples)
mean = moment(E(eps), 0)

theorem = prove(
    K @ X.T,
    (K @ X.T @ of_examples @ L, algebra),
    (K @ (X.T @ X @ X.T + lam * X.T) @ L, expand),
    (K @ of_weights @ X.T @ L, regroup),
    (X.T @ L, algebra),
)
bias = prove(
    E(K @ X.T @ (X @ w + eps)),
    (K @ X.T @ X @ w + K @ X.T @ E(eps), linearity),
    (K @ X.T @ X @ w, mean),
    (K @ (of_weights - lam * identity(m)) @ w, regroup),
    (w - lam * K @ w, collect),
)
effective_weights = prove(
    trace(X @ K @ X.T),
    (trace(K @ X.T @ X), algebra),
    (trace(identity(m) - lam * K), algebra),
    (m - lam * trace(K), collect),
)
one_inverse_by_the_other = prove(
    K,
    ((identity(m) - X.T @ L @ X) / lam, cancel(of_weights)),
)
corollaries = {
    "bias": bias,
    "effective_weights": effective_weights,
    "one_inverse_by_the_other": one_inverse_by_the_other,
}

variants = wrong(
    (2 * X.T @ L, "twice the estimate"),
    (X.T @ inverse(X @ X.T + lam / 2 * identity(n)), "λ halved on the way"),
    (X.T @ inverse(X @ X.T - lam * identity(n)), "sign of λ"),
    (X.T @ inverse(X @ X.T), "λ lost"),
    (lam * X.T @ L, "λ in front"),
    (X.T @ L + lam * K @ X.T, "λ counted on both sides"),
    (X.T @ of_examples, "not inverted"),
    (K @ X.T @ L, "both inverses", 2),
    (K @ X.T @ of_examples, "L⁻¹ forgotten", 2),
    (K @ (X.T @ X @ X.T + X.T) @ L, "λ lost in expanding", 3),
    (K @ (X.T @ X + 2 * lam * identity(m)) @ X.T @ L, "λ twice", 4),
)

show(__name__, theorem, **corollaries)
