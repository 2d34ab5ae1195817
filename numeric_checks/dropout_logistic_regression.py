"""Exact check of proofs/dropout_logistic_regression.py: the penalty in logistic, linear and Poisson regression.

Two examples with three features, drop probability 0.2, all 64 masks. In linear regression the quadratic form is exact.
"""

import numpy as np

from proofsheet import EnumerationCheck, bernoulli_masks, cases, proof

identity = proof("dropout_logistic_regression")

delta = 0.2
x = np.array([[1.0, -2.0, 0.5], [0.0, 1.5, -1.0]])
beta = np.array([0.6, -0.3, 1.1])


def check_of(theorem, A, wrong=None):
    def left_side(r):
        return (A((x * r / (1 - delta)) @ beta) - A(x @ beta)).sum(axis=1)

    return EnumerationCheck(
        theorem,
        bernoulli_masks("r", (2, 3), keep=1 - delta),
        left_side,
        wrong=wrong,
        dimensions={"N": 2, "m": 3},
        parameters={"delta": delta},
        constants={"x": x, "beta": beta},
    )


check = cases(
    logistic=check_of(identity.theorem, lambda u: np.logaddexp(0, u), identity.variants[0]),
    linear=check_of(identity.linear_regression, lambda u: u**2 / 2),
    poisson=check_of(identity.poisson_regression, np.exp),
)
check.main(__name__)
