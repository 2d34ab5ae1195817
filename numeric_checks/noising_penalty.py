"""Numeric checks of proofs/noising_penalty.py: Σᵢ E[A(x̃ᵢᵀβ) − yᵢ x̃ᵢᵀβ] = Σᵢ (A(xᵢᵀβ) − yᵢ xᵢᵀβ) + R(β).

Logistic regression, three features. two_values: noise multiplies each feature by 0.4 or 2.5, two values whose mean is 1; all
64 outcomes are enumerated. plain_dropout: features are dropped and the rest not made larger, so that the mean is 0.8 x and
the corollary holds. gaussian: noise N(0, 0.6 I) on each of six numbers, by quasi-Monte Carlo. gaussian_one: on the three of
one example, by quadrature. In both nothing is projected on β.
"""

import numpy as np

from proofsheet import NumericCheck, bernoulli, cases, normal, proof

identity = proof("noising_penalty")

low, high, keep = 0.4, 2.5, 0.8
x = np.array([[1.0, -2.0, 0.5], [0.0, 1.5, -1.0]])
beta, y = np.array([0.6, -0.3, 1.1]), np.array([1.0, 0.0])


def check_of(theorem, sources, x_tilde, N=2, **options):
    def left_side(x_tilde):
        theta = x_tilde @ beta
        return (np.logaddexp(0, theta) - y[:N] * theta).sum(axis=1)

    return NumericCheck(
        theorem,
        sources,
        left_side,
        variables=x_tilde,
        dimensions={"N": N, "m": 3},
        constants={"x": x[:N], "beta": beta, "y": y[:N], "mu": keep * x[:N]},
        functions={"A": (lambda u: np.logaddexp(0, u),)},
        **options,
    )


def added(n):
    return {"x_tilde": x[: n.shape[1]] + n}


switches = {"z": bernoulli((1 - low) / (high - low), 2, 3)}
scaled = lambda z: {"x_tilde": x * (low + (high - low) * z)}  # noqa: E731
wrong = identity.variants

check = cases(
    two_values=check_of(identity.theorem, switches, scaled, wrong=wrong),
    plain_dropout=check_of(identity.without_unit_mean, {"z": bernoulli(keep, 2, 3)}, lambda z: {"x_tilde": x * z}),
    gaussian=check_of(identity.theorem, {"n": normal(2, 3, variance=0.6)}, added, tolerance=0.005, wrong=wrong),
    gaussian_one=check_of(identity.theorem, {"n": normal(1, 3, variance=0.6)}, added, 1, tolerance=1e-6, wrong=wrong),
)
check.main(__name__)
