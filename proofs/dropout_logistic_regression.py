"""The dropout penalty of logistic regression; of linear regression, where it is exact; of Poisson regression.

    logistic  A_B″ = σ(1 − σ)     ½ δ/(1 − δ) Σᵢ σ(xᵢᵀβ)(1 − σ(xᵢᵀβ)) Σⱼ xᵢⱼ² βⱼ², and a remainder
    linear    A_N″ = 1            ½ δ/(1 − δ) Σᵢ Σⱼ xᵢⱼ² βⱼ², and no remainder
    Poisson   A_P″ = A_P          ½ δ/(1 − δ) Σᵢ exp(xᵢᵀβ) Σⱼ xᵢⱼ² βⱼ², and a remainder

Logistic regression is penalized most where it is least sure, Poisson regression where the mean is large, linear regression
everywhere alike.

Wager, Wang and Liang (2013), Dropout training as adaptive regularization, section 2.
"""

from sympy import Symbol, exp, log

from proofsheet import E, Sum, function, lemma, linearity, proof, prove, remainder, scalar, show, taylor, wrong

general = proof("dropout_glm_penalty")
A, i, delta, beta, x, x_tilde, Delta = (
    getattr(general, name) for name in ("A", "i", "delta", "beta", "x", "x_tilde", "Delta")
)
clean, noisy, energy = general.clean, general.noisy, general.energy
half_odds = delta / (2 * (1 - delta))

t, u = scalar("t"), Symbol("u", real=True)
bernoulli, sigma = function("A_B", log(1 + exp(u))), function("sigma", 1 / (1 + exp(-u)))
normal, poisson = function("A_N", u**2 / 2), function("A_P", exp(u))

confidence = lemma(bernoulli.prime.prime(t), sigma(t) * (1 - sigma(t)))
square, slope, curvature = lemma(normal(t), t**2 / 2), lemma(normal.prime(t), t), lemma(normal.prime.prime(t), 1)
growth = lemma(poisson.prime.prime(t), poisson(t))


def penalty(of):
    return Sum(i, E(of(noisy)) - of(clean))


def error(of):
    return Sum(i, E(remainder(of, 3, clean, Delta[i])))


theorem = prove(
    penalty(bernoulli),
    (half_odds * Sum(i, bernoulli.prime.prime(clean) * energy) + error(bernoulli), general.theorem.at({A: bernoulli})),
    (half_odds * Sum(i, sigma(clean) * (1 - sigma(clean)) * energy) + error(bernoulli), confidence),
)
linear_regression = prove(
    penalty(normal),
    (half_odds * Sum(i, normal.prime.prime(clean) * energy) + error(normal), general.theorem.at({A: normal})),
    (half_odds * Sum(i, energy), taylor(normal, 2), square, slope, curvature, linearity),
)
poisson_regression = prove(
    penalty(poisson),
    (half_odds * Sum(i, poisson.prime.prime(clean) * energy) + error(poisson), general.theorem.at({A: poisson})),
    (half_odds * Sum(i, poisson(clean) * energy) + error(poisson), growth),
)
corollaries = {"linear_regression": linear_regression, "Poisson_regression": poisson_regression}

variants = wrong(
    (half_odds * Sum(i, sigma(clean) * energy) + error(bernoulli), "R5: σ for σ(1 − σ)"),
    (half_odds * Sum(i, sigma(clean) ** 2 * energy) + error(bernoulli), "σ² for σ(1 − σ)"),
    (
        half_odds * Sum(i, sigma(clean) * (1 - sigma(clean)) * clean**2) + error(bernoulli),
        "R4: one mask for all features",
    ),
    (2 * half_odds * Sum(i, sigma(clean) * (1 - sigma(clean)) * energy) + error(bernoulli), "R5: ½ lost"),
    (
        half_odds * Sum(i, sigma(clean) * (1 - sigma(clean)) * energy),
        "the remainder dropped: exact in linear regression only",
    ),
    (half_odds * Sum(i, energy) + error(bernoulli), "the weight of linear regression"),
)

show(__name__, theorem, **corollaries)
