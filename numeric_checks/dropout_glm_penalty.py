"""Exact checks of proofs/dropout_glm_penalty.py: the penalty of dropout, its quadratic part and its remainder.

Two examples with three features; the left side is a sum over all 64 masks. `exact` has the remainder on the right side. The
others leave it out: `bound` compares what is then missing with Taylor's bound, and `order` says how fast it vanishes where
β is multiplied by t → 0: as t³, and as t⁴ if δ = ½ (then E[Δ³] = 0) or A‴ = 0 at the clean features. As δ → 0 it does not
vanish beside the penalty. In A(u) = log(1 + e^(u + b)) and e^(u + b) the offset b, and xᵢᵀβ = 0, keep the point in place.
"""

import numpy as np

from proofsheet import ApproximationCheck, NumericCheck, bernoulli, cases, proof

identity = proof("dropout_glm_penalty")
x, beta = np.array([[1.0, -2.0, 0.5], [2.0, 1.0, -4.0]]), np.array([1.5, 1.0, 1.0])

step = {
    "first-order term dropped too early": "its value is right, for E[Δ] = 0; its step is not",
    "A″ at the noisy features": "it is random; it has no one value",
}
same = {identity.variants[0].mistake: "without its remainder the theorem says the same"}
even = {"drop and keep probability exchanged": "½ is exchanged with ½"}
exponential = {"A′ for A″": "e^t is its own derivative", "A for A″": "e^t is its own derivative"}


def logistic(b):
    def sigma(u):
        return 1 / (1 + np.exp(-u - b))

    def bend(u):
        return sigma(u) * (1 - sigma(u))

    higher = (lambda u: bend(u) * (1 - 2 * sigma(u)), lambda u: bend(u) * (1 - 6 * bend(u)))
    return (lambda u: np.logaddexp(0, u + b), sigma, bend, *higher)


def poisson(b):
    return (lambda u: np.exp(u + b),) * 5


def given(A, delta, beta):
    def left_side(r, beta=beta):
        return (A[0]((x * r / (1 - delta)) @ beta) - A[0](x @ beta)).sum(axis=1)

    return {
        "theorem": identity.theorem,
        "sources": {"r": bernoulli(1 - delta, 2, 3)},
        "left_side": left_side,
        "dimensions": {"N": 2, "m": 3},
        "parameters": {"delta": delta},
        "constants": {"x": x, "beta": beta},
        "functions": {"A": A},
    }


def exact(A, delta, unseen):
    return NumericCheck(wrong=identity.variants, unseen=step | unseen, **given(A, delta, beta))


def approximation(A, delta, beta, unseen, **claim):
    return ApproximationCheck(wrong=identity.variants, unseen=step | unseen, **given(A, delta, beta), **claim)


def order(p, A, delta, unseen):
    return approximation(A, delta, beta, same | unseen, order=p, scaled="beta")


check = cases(
    exact_logistic=exact(logistic(0.4), 0.3, {}),
    exact_poisson=exact(poisson(0.4), 0.3, exponential),
    logistic_bound=approximation(logistic(0.8), 0.25, beta / 64, {}, suprema={"A": 1 / 8}),
    poisson_bound=approximation(poisson(0.3), 0.25, beta / 64, exponential),
    logistic_order_3=order(3, logistic(0.8), 0.25, {}),
    logistic_order_4=order(4, logistic(0.8), 0.5, even),
    logistic_order_4_at_0=order(4, logistic(0.0), 0.25, {}),
    poisson_order_3=order(3, poisson(0.3), 0.25, exponential),
    poisson_order_4=order(4, poisson(0.3), 0.5, exponential | even),
)
check.main(__name__)
