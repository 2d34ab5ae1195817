"""Exact checks of proofs/dropout_logistic_regression.py: the penalty in logistic, linear and Poisson regression.

Two examples with three features, all 64 masks. In linear regression the quadratic form is exact. In the other two `exact`
has the remainder on the right side; `bound` and `order` leave it out, as in the check of the general penalty. Here xᵢᵀβ goes
to 0 with β, where the third derivative of log(1 + e^t) vanishes: order 4 at every δ, while e^t has 3, and 4 where δ = ½.
"""

import numpy as np

from proofsheet import ApproximationCheck, NumericCheck, bernoulli, cases, proof

identity = proof("dropout_logistic_regression")
x, beta = np.array([[1.0, -2.0, 0.5], [0.0, 1.5, -1.0]]), np.array([0.75, -0.25, 1.0])
same = {identity.variants[4].mistake: "without its remainder the theorem says the same"}


def given(theorem, A, delta, scale=1):
    def left_side(r, beta=beta):
        return (A((x * r / (1 - delta)) @ beta) - A(x @ beta)).sum(axis=1)

    return {
        "theorem": theorem,
        "sources": {"r": bernoulli(1 - delta, 2, 3)},
        "left_side": left_side,
        "dimensions": {"N": 2, "m": 3},
        "parameters": {"delta": delta},
        "constants": {"x": x, "beta": beta / scale},
    }


def logistic(u):
    return np.logaddexp(0, u)


falls = {"scaled": "beta", "unseen": same}
check = cases(
    logistic=NumericCheck(**given(identity.theorem, logistic, 0.2), wrong=identity.variants),
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
