"""Gaussian input noise is L2 regularization, for linear regression.

    E[((x + n)ᵀw − y)²] = E[(xᵀw − y)²] + α‖w‖²

Adding noise to the inputs of a linear regression adds α‖w‖² to its expected squared error. Of the law of the noise only
its mean 0 and its covariance αI are used: it need not be Gaussian. The slides ask only for n ⟂ x; line 7 needs
n ⟂ (x, y), for the label must not know the noise either (with y = n and α = w = 1 the left side is 1, the right side 3).

Whitehill (CS/DS 541, class 14), slides "L2 regularization ≅ Gaussian noise augmentation"; Bishop (1995), Training with
noise is equivalent to Tikhonov regularization; Goodfellow, Bengio and Courville (2016), Deep Learning, section 7.5.
"""

from proofsheet import (
    E,
    collect,
    define,
    definition,
    dimension,
    expand,
    group,
    identity,
    independent,
    linearity,
    moment,
    norm2,
    parameter,
    prove,
    random_scalar,
    random_vector,
    regroup,
    show,
    vector,
    wrong,
)

m = dimension("m")
alpha = parameter("alpha", positive=True)
w = vector("w", m)
x, n, y = random_vector("x", m), random_vector("n", m), random_scalar("y")

x_tilde = define("x_tilde", x + n)
f = define("f", E((x.T @ w - y) ** 2), of=w)

noise_independent = independent(n, (x, y))
noise_mean = moment(E(n), 0)
noise_covariance = moment(E(n @ n.T), alpha * identity(m))

residual, noise = group(x.T @ w - y), n.T @ w

theorem = prove(
    E((x_tilde.T @ w - y) ** 2),
    (E(((x + n).T @ w - y) ** 2), definition),
    (E((x.T @ w + n.T @ w - y) ** 2), expand),
    (E((residual + noise) ** 2), regroup),
    (E(residual**2) + E(2 * residual * noise) + E(noise**2), linearity),
    (f(w) + E(2 * (x.T @ w) * noise - 2 * y * noise) + E(w.T @ n @ n.T @ w), definition),
    (f(w) + 2 * E(x.T) @ w * (E(n.T) @ w) - 2 * E(y) * (E(n.T) @ w) + w.T @ E(n @ n.T) @ w, noise_independent),
    (f(w) + 2 * E(x.T) @ w * 0 - 2 * E(y) * 0 + w.T @ (alpha * identity(m)) @ w, noise_mean, noise_covariance),
    (f(w) + alpha * norm2(w), collect),
)

variants = wrong(
    (f(w) + alpha**2 * norm2(w), "N1: variance taken for standard deviation, or squared once too often"),
    (f(w) + alpha / 2 * norm2(w), "N1: half loss on one side only"),
    (f(w) + 2 * alpha * norm2(w), "N1: the 2 of the cross term kept"),
    (f(w) - alpha * norm2(w), "N1: sign"),
    (f(w) + alpha * m, "N1: trace of the covariance, without w"),
    (E((x.T @ w - y) ** 2) + E(noise**2), "N2: cross term dropped before anything is said of the noise", 5),
    (E(residual**2) + E(residual * noise) + E(noise**2), "N1: 2 of the square lost", 5),
    (E(residual) ** 2 + E(2 * residual * noise) + E(noise) ** 2, "N4: square of the mean for mean of the square", 5),
)

show(__name__, theorem)
