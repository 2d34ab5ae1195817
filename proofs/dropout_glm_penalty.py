"""Dropout on the features of a generalized linear model is, to second order, an adaptive L2 penalty.

    R(β) = Σᵢ (E[A(x̃ᵢᵀβ)] − A(xᵢᵀβ)) = ½ δ/(1 − δ) Σᵢ A″(xᵢᵀβ) Σⱼ xᵢⱼ² βⱼ² + Σᵢ E[ρ₃[A; xᵢᵀβ, Δᵢ]]

The mask r is 0 with probability δ, else 1, independently within an example, and x̃ᵢ = xᵢ ∘ rᵢ/(1 − δ) keeps the mean. ρ₃ is
what the Taylor polynomial of degree 2 leaves: A‴(ζ)Δ³/6 with ζ between xᵢᵀβ and x̃ᵢᵀβ. It is not 0 in logistic regression,
where R is bounded and the quadratic term is not a good approximation for large β; it is 0 in linear regression.

Wager, Wang and Liang (2013), Dropout training as adaptive regularization, section 2.
"""

from proofsheet import (
    E,
    Sum,
    collect,
    define,
    definition,
    dimension,
    distinct,
    function,
    hadamard,
    index,
    linearity,
    moment,
    parameter,
    prove,
    random_vectors,
    remainder,
    show,
    taylor,
    vector,
    vectors,
    wrong,
)

N, m = dimension("N"), dimension("m")
i, j, k = index("i", N), index("j", m), index("k", m)
delta = parameter("delta", between=(0, 1))
beta, x, r = vector("beta", m), vectors("x", N, m), random_vectors("r", N, m)
A = function("A")
x_tilde = define("x_tilde", hadamard(x[i], r[i]) / (1 - delta), entry=i)
Delta = define("Delta", (x_tilde[i] - x[i]).T @ beta, entry=i)

kept = moment(E(r[i, j]), 1 - delta)
kept_squared = moment(E(r[i, j] ** 2), 1 - delta)
kept_pair = moment(E(r[i, j] * r[i, k]), (1 - delta) ** 2, distinct(j, k))

unit_mean = prove(E(Delta[i]), (E((x_tilde[i] - x[i]).T @ beta), definition), (0, definition, kept))
energy = Sum(j, x[i, j] ** 2 * beta[j] ** 2)
variance = prove(
    E(Delta[i] ** 2),
    (E((hadamard(x[i], r[i]).T @ beta / (1 - delta) - x[i].T @ beta) ** 2), definition),
    (delta / (1 - delta) * energy, kept, kept_squared, kept_pair),
)

clean, noisy = x[i].T @ beta, x_tilde[i].T @ beta
slope, curvature, rest = A.prime(clean), A.prime.prime(clean), remainder(A, 3, clean, Delta[i])
theorem = prove(
    Sum(i, E(A(noisy)) - A(clean)),
    (Sum(i, E(A(clean + Delta[i])) - A(clean)), definition),
    (Sum(i, E(A(clean) + slope * Delta[i] + curvature * Delta[i] ** 2 / 2 + rest) - A(clean)), taylor(A, 2)),
    (Sum(i, slope * E(Delta[i]) + curvature * E(Delta[i] ** 2) / 2 + E(rest)), linearity),
    (Sum(i, curvature * E(Delta[i] ** 2) / 2 + E(rest)), unit_mean.as_moment()),
    (Sum(i, curvature * delta / (2 * (1 - delta)) * energy + E(rest)), variance.as_moment()),
    (delta / (2 * (1 - delta)) * Sum(i, curvature * energy) + Sum(i, E(rest)), collect),
)
corollaries = {"unit_mean": unit_mean, "variance": variance}

half_odds, error = delta / (2 * (1 - delta)), Sum(i, E(rest))
variants = wrong(
    (half_odds * Sum(i, curvature * energy), "the remainder dropped: equal only for quadratic A"),
    (2 * half_odds * Sum(i, curvature * energy) + error, "R3: ½ of the Taylor polynomial lost"),
    (half_odds * Sum(i, slope * energy) + error, "R3: A′ for A″"),
    (half_odds * Sum(i, A(clean) * energy) + error, "A for A″"),
    (half_odds * Sum(i, curvature * Sum(j, x[i, j] ** 2 * beta[j])) + error, "R3: β without its square"),
    (half_odds * Sum(i, curvature * Sum(j, x[i, j] * beta[j] ** 2)) + error, "x without its square"),
    (half_odds * Sum(i, curvature * (x[i].T @ beta) ** 2) + error, "R4: one mask for all features"),
    (half_odds * Sum(i, A.prime.prime(noisy) * energy) + error, "R3: A″ at the noisy features"),
    (delta * (1 - delta) / 2 * Sum(i, curvature * energy) + error, "R4: variance of the mask {0, 1}"),
    ((1 - delta) / (2 * delta) * Sum(i, curvature * energy) + error, "R4: drop and keep probability exchanged"),
    (delta / (2 * (1 - delta) ** 2) * Sum(i, curvature * energy) + error, "divided by 1 − δ twice"),
    (Sum(i, E(A(clean) + curvature * Delta[i] ** 2 / 2 + rest) - A(clean)), "first-order term dropped too early", 3),
    (Sum(i, E(A(clean) + slope * Delta[i] + curvature * Delta[i] ** 2 + rest) - A(clean)), "½ lost", 3),
    (Sum(i, curvature * E(Delta[i]) ** 2 / 2 + E(rest)), "square of the mean for mean of the square", 5),
)

show(__name__, theorem, **corollaries)
