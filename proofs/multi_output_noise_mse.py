"""Input noise is L2 regularization of a linear map with several outputs.

    E‖W(x + n) − y‖² = E‖Wx − y‖² + α‖W‖²_F

The penalty is the squared Frobenius norm: each output pays for its own row of W. Only the mean 0 and the covariance αI
of the noise are used, and that it is independent of input and target together.

Whitehill (CS/DS 541, class 14), slides "L2 regularization ≅ Gaussian noise augmentation", for one output; Bishop (1995),
Training with noise is equivalent to Tikhonov regularization, for several.
"""

from proofsheet import (
    E,
    dimension,
    expand,
    group,
    identity,
    independent,
    linearity,
    matrix,
    moment,
    norm2,
    parameter,
    prove,
    random_vector,
    regroup,
    show,
    trace,
    wrong,
)

m, q = dimension("m"), dimension("q")
alpha = parameter("alpha", positive=True)
W = matrix("W", q, m)
x, n, y = random_vector("x", m), random_vector("n", m), random_vector("y", q)

noise_independent = independent(n, (x, y))
noise_mean = moment(E(n), 0)
noise_covariance = moment(E(n @ n.T), alpha * identity(m))

residual, noise = group(W @ x - y), W @ n

theorem = prove(
    E(norm2(W @ (x + n) - y)),
    (E(norm2(residual + noise)), regroup),
    (E(norm2(W @ x - y) + 2 * residual.T @ noise + norm2(noise)), expand),
    (E(norm2(W @ x - y)) + 2 * E(residual.T @ noise) + E(norm2(noise)), linearity),
    (E(norm2(W @ x - y)) + 2 * E(W @ x - y).T @ W @ E(n) + E(norm2(noise)), noise_independent),
    (E(norm2(W @ x - y)) + E(norm2(noise)), noise_mean),
    (E(norm2(W @ x - y)) + trace(W @ E(n @ n.T) @ W.T), linearity),
    (E(norm2(W @ x - y)) + alpha * trace(W @ W.T), noise_covariance),
    (E(norm2(W @ x - y)) + alpha * norm2(W), regroup),
)

variants = wrong(
    (E(norm2(W @ x - y)) + alpha**2 * norm2(W), "N1: variance taken for standard deviation"),
    (E(norm2(W @ x - y)) + alpha * q * norm2(W), "each output charged for all rows"),
    (E(norm2(W @ x - y)) + alpha * trace(W @ E(n @ n.T) @ W.T), "covariance counted twice", 7),
    (E(norm2(W @ x - y)) + alpha * norm2(W @ W.T), "B2: square of the Gram matrix"),
    (E(norm2(W @ x - y)) + E(residual.T @ noise) + E(norm2(noise)), "2 of the square lost", 4),
)

show(__name__, theorem)
