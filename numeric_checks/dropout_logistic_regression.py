"""Numeric checks of proofs/dropout_logistic_regression.py: the penalty in logistic, linear and Poisson regression.

Two examples with three features, all 64 masks. In linear regression the quadratic form is exact. In the other two `exact`
has the remainder on the right side; `bound` and `order` leave it out, as in the check of the general penalty. Here xᵢᵀβ goes
to 0 with β, where the third derivative of log(1 + e^t) vanishes: order 4 at every δ, while e^t has 3, and 4 where δ = ½.

many_features: forty of them have 2⁸⁰ masks; they are drawn. On each draw the remainder is subtracted from A(noisy) − A(clean),
which leaves σΔ + ½σ(1 − σ)Δ²: bounded, for Δ lies between its terms of either sign.
"""

import numpy as np

from proofsheet import ApproximationCheck, NumericCheck, bernoulli, bounded, cases, proof

identity = proof("dropout_logistic_regression")
x, beta = np.array([[1.0, -2.0, 0.5], [0.0, 1.5, -1.0]]), np.array([0.75, -0.25, 1.0])
same = {identity.variants[4].mistake: "without its remainder the theorem says the same"}


def given(theorem, A, delta, scale=1, x=x, beta=beta):
    def left_side(r, beta=beta):
        return (A((x * r / (1 - delta)) @ beta) - A(x @ beta)).sum(axis=1)

    return {
        "theorem": theorem,
        "sources": {"r": bernoulli(1 - delta, *x.shape)},
        "left_side": left_side,
        "dimensions": dict(zip("Nm", x.shape, strict=True)),
        "parameters": {"delta": delta},
        "constants": {"x": x, "beta": beta / scale},
    }


def logistic(u):
    return np.logaddexp(0, u)


def drawn(delta, x, beta):
    sigma = 1 / (1 + np.exp(-x @ beta))
    ends = np.array([np.minimum(x * beta, 0), np.maximum(x * beta, 0)]).sum(axis=2) / (1 - delta) - x @ beta
    rows = bounded(
        -(sigma / (1 - sigma) / 2).sum(), (sigma * ends + sigma * (1 - sigma) * ends**2 / 2).max(axis=0).sum()
    )
    options = {"wrong": identity.variants, "unseen": many, "variance": rows, "tolerance": 0.05}
    return NumericCheck(**given(identity.theorem, logistic, delta, 1, x, beta), **options)


many = {identity.variants[4].mistake: "no bound on the variance without the remainder; `logistic` sees it"}
falls = {"scaled": "beta", "unseen": same}
check = cases(
    logistic=NumericCheck(**given(identity.theorem, logistic, 0.2), wrong=identity.variants),
    many_features=drawn(0.2, np.cos(np.arange(80) ** 2).reshape(2, 40) + 0.2, 0.5 * np.sin(np.arange(40) + 0.3)),
    linear=NumericCheck(**given(identity.linear_regression, lambda u: u**2 / 2, 0.2)),
    poisson=NumericCheck(**given(identity.poisson_regression, np.exp, 0.2)),
    logistic_bound=ApproximationCheck(
        **given(identity.theorem, logistic, 0.25, 64), wrong=identity.variants, suprema={"A_B": 1 / 8}
    ),
    poisson_bound=ApproximationCheck(**given(identity.poisson_regression, np.exp, 0.25, 64)),
    logistic_order_4=ApproximationCheck(
        **given(identity.theorem, logistic, 0.25), wrong=identity.variants, order=4, **falls
    ),
    poisson_order_3=ApproximationCheck(**given(identity.poisson_regression, np.exp, 0.25), order=3, scaled="beta"),
    poisson_order_4=ApproximationCheck(**given(identity.poisson_regression, np.exp, 0.5), order=4, scaled="beta"),
)
check.main(__name__)
