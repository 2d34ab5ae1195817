"""Dropout in linear regression is ridge regression with a penalty for each feature.

    E‖y − (R ∘ X)w‖² = ‖y − p Xw‖² + p(1 − p) ‖Γw‖²,    Γ = diag(XᵀX)^{1/2}

R holds independent Bernoulli variables that are 1 with the keep probability p. With the mask divided by p, so that it has
mean 1, it is ‖y − Xw‖² + ((1 − p)/p) ‖Γw‖². The strength for feature j is the energy Σᵢ Xᵢⱼ² of its column.

Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), Dropout: a simple way to prevent neural networks from
overfitting, section 9.1; Wang and Manning (2013), Fast dropout training.
"""

from proofsheet import (
    E,
    Sum,
    collect,
    define,
    definition,
    diag,
    dimension,
    distinct,
    expand,
    hadamard,
    index,
    linearity,
    matrix,
    moment,
    norm2,
    parameter,
    prove,
    random_matrix,
    show,
    sqrt,
    vector,
    wrong,
)

N, m = dimension("N"), dimension("m")
i, j, k = index("i", N), index("j", m), index("k", m)
p = parameter("p", between=(0, 1))
X, R = matrix("X", N, m), random_matrix("R", N, m)
y, w = vector("y", N), vector("w", m)
gamma = define("gamma", sqrt(Sum(i, X[i, j] ** 2)), entry=j)
Gamma = define("Gamma", diag(gamma))

kept = moment(E(R[i, j]), p)
kept_squared = moment(E(R[i, j] ** 2), p)
kept_pair = moment(E(R[i, j] * R[i, k]), p**2, distinct(j, k))

masked = hadamard(R, X) @ w
energy = Sum(j, Sum(i, X[i, j] ** 2) * w[j] ** 2)
theorem = prove(
    E(norm2(y - masked)),
    (E(norm2(y) - 2 * y.T @ masked + norm2(masked)), expand),
    (norm2(y) - 2 * y.T @ E(masked) + E(norm2(masked)), linearity),
    (norm2(y) - 2 * p * y.T @ X @ w + E(norm2(masked)), kept),
    (norm2(y) - 2 * p * y.T @ X @ w + p**2 * norm2(X @ w) + p * (1 - p) * energy, kept_squared, kept_pair),
    (norm2(y - p * X @ w) + p * (1 - p) * energy, collect),
    (norm2(y - p * X @ w) + p * (1 - p) * norm2(Gamma @ w), definition),
)
unit_mean_mask = prove(
    E(norm2(y - (1 / p) * masked)),
    (norm2(y - X @ w) + (1 - p) / p * energy, kept, kept_squared, kept_pair),
    (norm2(y - X @ w) + (1 - p) / p * norm2(Gamma @ w), definition),
)
corollaries = {"unit_mean_mask": unit_mean_mask}

fit, penalty = norm2(y - p * X @ w), norm2(Gamma @ w)
variants = wrong(
    (fit + p * penalty, "p for p(1 − p)"),
    (fit + (1 - p) / p * penalty, "B19: the penalty of the mask with mean 1"),
    (fit + p / (1 - p) * penalty, "A1: keep and drop probability exchanged"),
    (norm2(y - X @ w) + p * (1 - p) * penalty, "p forgotten in the fit"),
    (norm2(y - (1 - p) * X @ w) + p * (1 - p) * penalty, "D3: 1 − p in the fit"),
    (fit + p * (1 - p) * norm2(X @ w), "R4: one mask for all features"),
    (fit + p * (1 - p) * norm2(w), "A1: the same strength for every feature"),
    (fit + p * (1 - p) * Sum(j, Sum(i, X[i, j]) ** 2 * w[j] ** 2), "A1: square of the sum for sum of the squares"),
    (fit + p * (1 - p) * (gamma.T @ w) ** 2, "(γᵀw)² for ‖Γw‖²"),
    (norm2(y) - 2 * p * y.T @ X @ w + p**2 * norm2(X @ w), "E of the square for square of E", 5),
    (norm2(y) - 2 * p * y.T @ X @ w + p * norm2(X @ w), "every pair kept with probability p", 5),
)

show(__name__, theorem, **corollaries)
