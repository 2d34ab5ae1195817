"""Exact check of proofs/exponential_family_moments.py: E[T] = A′(θ) and Var[T] = A″(θ).

T is binomial with 6 trials, a law with density C(6, t) exp(θt − 6 log(1 + e^θ)); its probabilities are those of coin tosses.
"""

from math import comb

import numpy as np

from proofsheet import EnumerationCheck, FiniteLaw, cases, proof

identity = proof("exponential_family_moments")

trials, theta = 6, 0.7
heads = 1 / (1 + np.exp(-theta))
t = np.arange(trials + 1)
law = FiniteLaw({"T": t}, [comb(trials, k) * heads**k * (1 - heads) ** (trials - k) for k in t])


def sigma(u):
    return 1 / (1 + np.exp(-u))


A = (
    lambda u: trials * np.logaddexp(0, u),
    lambda u: trials * sigma(u),
    lambda u: trials * sigma(u) * (1 - sigma(u)),
)
instance = {"constants": {"theta": theta}, "functions": {"A": A}}

check = cases(
    mean=EnumerationCheck(identity.theorem, law, lambda T: T, wrong=identity.variants[1], **instance),
    variance=EnumerationCheck(identity.variance, law, lambda T: (T - trials * heads) ** 2, **instance),
)
check.main(__name__)
