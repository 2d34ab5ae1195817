"""Noise on the features of a generalized linear model adds a penalty that does not depend on the labels.

    Σᵢ E[A(x̃ᵢᵀβ) − yᵢ x̃ᵢᵀβ] = Σᵢ (A(xᵢᵀβ) − yᵢ xᵢᵀβ) + R(β),    R(β) = Σᵢ (E[A(x̃ᵢᵀβ)] − A(xᵢᵀβ))

The expectation is over the noise alone, for given examples; log h(yᵢ) is left out. The noise must keep the mean, E[x̃ᵢ] = xᵢ:
without it a term with the labels stays, and what is added is no penalty (the corollary). Dropout therefore needs the mask
{0, 1/(1 − δ)}, not {0, 1}.

Wager, Wang and Liang (2013), Dropout training as adaptive regularization, section 2.
"""

from proofsheet import (
    E,
    Sum,
    collect,
    define,
    definition,
    dimension,
    function,
    index,
    linearity,
    moment,
    prove,
    random_vectors,
    show,
    vector,
    vectors,
    wrong,
)

N, m = dimension("N"), dimension("m")
i = index("i", N)
beta, y = vector("beta", m), vector("y", N)
x, mu = vectors("x", N, m), vectors("mu", N, m)
x_tilde = random_vectors("x_tilde", N, m)
A = function("A")

clean, noisy = x[i].T @ beta, x_tilde[i].T @ beta
R = define("R", Sum(i, E(A(noisy)) - A(clean)), of=beta)
loss = Sum(i, A(clean) - y[i] * clean)

unit_mean = moment(E(x_tilde[i]), x[i])
other_mean = moment(E(x_tilde[i]), mu[i])

theorem = prove(
    Sum(i, E(A(noisy) - y[i] * noisy)),
    (Sum(i, E(A(noisy))) - Sum(i, y[i] * E(x_tilde[i]).T @ beta), linearity),
    (Sum(i, E(A(noisy))) - Sum(i, y[i] * clean), unit_mean),
    (loss + Sum(i, E(A(noisy)) - A(clean)), collect),
    (loss + R(beta), definition),
)
without_unit_mean = prove(
    Sum(i, E(A(noisy) - y[i] * noisy)),
    (Sum(i, E(A(noisy))) - Sum(i, y[i] * E(x_tilde[i]).T @ beta), linearity),
    (Sum(i, E(A(noisy))) - Sum(i, y[i] * mu[i].T @ beta), other_mean),
    (loss + Sum(i, E(A(noisy)) - A(clean)) - Sum(i, y[i] * (mu[i] - x[i]).T @ beta), collect),
    (loss + R(beta) - Sum(i, y[i] * (mu[i] - x[i]).T @ beta), definition),
)
corollaries = {"without_unit_mean": without_unit_mean}

variants = wrong(
    (loss, "R1: the penalty forgotten"),
    (loss - R(beta), "sign of the penalty"),
    (loss + 2 * R(beta), "the penalty twice"),
    (Sum(i, A(clean) + y[i] * clean) + R(beta), "R1: sign of the label term"),
    (Sum(i, E(A(noisy))) - Sum(i, y[i] * beta.T @ beta), "the parameter for the features", 3),
)

show(__name__, theorem, **corollaries)
