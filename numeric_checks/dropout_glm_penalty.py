"""Exact check of proofs/dropout_glm_penalty.py: the penalty of dropout, its quadratic part and its remainder.

Two examples with three features, drop probability 0.3, all 64 masks; once with A = log(1 + e^t), once with A = e^t.
"""

import numpy as np

from proofsheet import EnumerationCheck, bernoulli_masks, cases, proof

identity = proof("dropout_glm_penalty")

delta = 0.3
x = np.array([[1.0, -2.0, 0.5], [0.0, 1.5, -1.0]])
beta = np.array([0.6, -0.3, 1.1])


def sigma(u):
    return 1 / (1 + np.exp(-u))


logistic = (lambda u: np.logaddexp(0, u), sigma, lambda u: sigma(u) * (1 - sigma(u)))
poisson = (np.exp, np.exp, np.exp)


def check_of(A):
    def left_side(r):
        return (A[0]((x * r / (1 - delta)) @ beta) - A[0](x @ beta)).sum(axis=1)

    return EnumerationCheck(
        identity.theorem,
        bernoulli_masks("r", (2, 3), keep=1 - delta),
        left_side,
        wrong=identity.variants[1],
        dimensions={"N": 2, "m": 3},
        parameters={"delta": delta},
        constants={"x": x, "beta": beta},
        functions={"A": A},
    )


check = cases(logistic=check_of(logistic), poisson=check_of(poisson))
check.main(__name__)
