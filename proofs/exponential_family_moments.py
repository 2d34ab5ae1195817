"""Mean and variance in an exponential family are derivatives of the log-partition function.

    E[T] = A′(θ)        Var[T] = A″(θ)

T has density h(t) exp(θt − A(θ)). Both follow from ∫ h(t) exp(θt − A(θ)) dt = 1, which holds for every θ: its derivative
is 0. With a dispersion φ in the density the variance is φA″(θ); there is none here.

Wager, Wang and Liang (2013), Dropout training as adaptive regularization, section 2; Wainwright and Jordan (2008),
Graphical models, exponential families, and variational inference, proposition 3.1.
"""

from proofsheet import (
    E,
    Var,
    definition,
    derivative,
    differentiate,
    exponential_family,
    function,
    linearity,
    prove,
    random_scalar,
    scalar,
    show,
    wrong,
)

theta = scalar("theta")
T = random_scalar("T")
A = function("A")

family = exponential_family(T, theta, A)

theorem = prove(
    E(T),
    (E(T - A.prime(theta)) + A.prime(theta), linearity),
    (derivative(E(1), theta) + A.prime(theta), family),
    (derivative(1, theta) + A.prime(theta), linearity),
    (A.prime(theta), differentiate),
)
mean = theorem.as_moment()

variance = prove(
    Var(T),
    (E(T**2) - A.prime(theta) ** 2, definition, mean),
    (E(T * (T - A.prime(theta))), mean),
    (derivative(E(T), theta), family),
    (derivative(A.prime(theta), theta), mean),
    (A.prime.prime(theta), differentiate),
)
corollaries = {"variance": variance}

variants = wrong(
    (-A.prime(theta), "G1: sign of A turned in the density"),
    (A(theta), "A for its derivative"),
    (A.prime.prime(theta), "G3: variance for mean"),
    (derivative(E(1), theta) - A.prime(theta), "sign of the score turned", 3),
)

show(__name__, theorem, **corollaries)
