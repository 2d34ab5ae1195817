"""Correlated input noise is Tikhonov regularization of a linear map.

    E‖W(x + n) − y‖² = E‖Wx − y‖² + tr(WΣWᵀ)

The noise has mean 0 and covariance Σ. With Σ = αI this is α‖W‖²_F. The order matters: tr(WᵀΣW) has other shapes in it
and is a different number even for square W.

Bishop (1995), Training with noise is equivalent to Tikhonov regularization; Goodfellow, Bengio and Courville (2016),
Deep Learning, section 7.5.
"""

from proofsheet import (
    Cov,
    E,
    dimension,
    expand,
    group,
    independent,
    linearity,
    matrix,
    moment,
    norm2,
    positive_semidefinite_matrix,
    prove,
    random_vector,
    regroup,
    show,
    trace,
    wrong,
)

m, q = dimension("m"), dimension("q")
W = matrix("W", q, m)
Sigma = positive_semidefinite_matrix("Sigma", m)
x, n, y = random_vector("x", m), random_vector("n", m), random_vector("y", q)

noise_independent = independent(n, (x, y))
noise_mean = moment(E(n), 0)
noise_covariance = moment(Cov(n), Sigma)

residual, noise = group(W @ x - y), W @ n

theorem = prove(
    E(norm2(W @ (x + n) - y)),
    (E(norm2(residual + noise)), regroup),
    (E(norm2(W @ x - y) + 2 * residual.T @ noise + norm2(noise)), expand),
    (E(norm2(W @ x - y)) + 2 * E(residual.T @ noise) + E(norm2(noise)), linearity),
    (E(norm2(W @ x - y)) + 2 * E(W @ x - y).T @ W @ E(n) + E(norm2(noise)), noise_independent),
    (E(norm2(W @ x - y)) + E(norm2(noise)), noise_mean),
    (E(norm2(W @ x - y)) + trace(W @ E(n @ n.T) @ W.T), linearity),
    (E(norm2(W @ x - y)) + trace(W @ Sigma @ W.T), noise_mean, noise_covariance),
)

variants = wrong(
    (E(norm2(W @ x - y)) + trace(Sigma), "B1: the map forgotten"),
    (E(norm2(W @ x - y)) + trace(W @ W.T) * trace(Sigma), "B1: trace of a product for product of traces"),
    (E(norm2(W @ x - y)) + trace(W @ Sigma @ Sigma @ W.T), "Σ squared"),
    (E(norm2(W @ x - y)) + 2 * trace(W @ Sigma @ W.T), "2 of the cross term kept"),
    (E(norm2(W @ x - y)) + 2 * E(W @ x - y).T @ W @ E(n) + norm2(W @ E(n)), "N3: E of the square for square of E", 5),
)

show(__name__, theorem)
