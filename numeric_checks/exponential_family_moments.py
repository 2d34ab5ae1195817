"""Numeric checks of proofs/exponential_family_moments.py: E[T] = A′(θ) and Var[T] = A″(θ).

binomial: six trials with the probabilities of coin tosses; all seven outcomes are enumerated. gamma (shape 2.5, rate −θ) and
normal (variance 1.7, mean 1.7 θ): h(t) exp(θt − A(θ)) is integrated, with the A that the theorem reads; a wrong one would not
give it the mass 1. The variance is taken about the mean that textbooks give.
"""

from math import comb, gamma, pi, sqrt

import numpy as np

from proofsheet import NumericCheck, cases, density, finite, proof

identity = proof("exponential_family_moments")


def checks_of(name, theta, A, source, mean, tolerance=1e-8):
    instance = {"tolerance": tolerance, "constants": {"theta": theta}, "functions": {"A": A}}
    return {
        f"{name}_mean": NumericCheck(
            identity.theorem,
            {"T": source(A[0](theta), theta)},
            left_side=lambda T: T,
            wrong=identity.variants,
            unseen={"sign of the score turned": "it differentiates under a law that moves with θ; here θ stands still"},
            **instance,
        ),
        f"{name}_variance": NumericCheck(
            identity.variance, {"T": source(A[0](theta), theta)}, left_side=lambda T: (T - mean) ** 2, **instance
        ),
    }


def sigma(u):
    return 1 / (1 + np.exp(-u))


n, shape, v, heads, t = 6, 2.5, 1.7, sigma(0.7), np.arange(7)
of_binomial = (lambda u: n * np.logaddexp(0, u), lambda u: n * sigma(u), lambda u: n * sigma(u) * (1 - sigma(u)))
of_gamma = (lambda u: -shape * np.log(-u), lambda u: -shape / u, lambda u: shape / u**2)
of_normal = (lambda u: v * u**2 / 2, lambda u: v * u, lambda u: v + 0 * u)


def tosses(A, theta):
    return finite(t, [comb(n, k) * heads**k * (1 - heads) ** (n - k) for k in t])


def gamma_law(A, theta):
    return density(lambda t: t ** (shape - 1) / gamma(shape) * np.exp(theta * t - A), low=0)


def normal_law(A, theta):
    return density(lambda t: np.exp(theta * t - t**2 / (2 * v) - A) / sqrt(2 * pi * v))


check = cases(
    **checks_of("binomial", 0.7, of_binomial, tosses, n * heads),
    **checks_of("gamma", -0.8, of_gamma, gamma_law, shape / 0.8),
    **checks_of("normal", 0.6, of_normal, normal_law, v * 0.6),
)
check.main(__name__)
