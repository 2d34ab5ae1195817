"""Check of proofs/l1_penalty_gradient.py in fractions: ∂(λ‖w‖₁)/∂wₖ = λ sgn(wₖ) away from 0, a subgradient at 0.

Away from 0: weights of both signs and sizes from 0.0001 to 10000. At 0: every other weight is 0, and the directional
derivatives in all 3⁶ directions leave the line among the subgradients. So would ½λ or λ be in its place there.
"""

import numpy as np

from proofsheet import GradientCheck, SubgradientCheck, cases, proof

identity = proof("l1_penalty_gradient")


def penalty(w, lam):
    return lam * np.abs(w).sum()


def away_from_0(generator):
    return {"w": generator.choice([-1, 1], 6) * 10 ** generator.uniform(-4, 4, 6)}


def some_at_0(generator):
    return {"w": away_from_0(generator)["w"] * [1, 0, 1, 0, 1, 0]}


instance = {"wrong": identity.variants, "dimensions": {"m": 6}, "parameters": {"lam": 0.3}}
check = cases(
    away_from_0=GradientCheck(identity.theorem, penalty, draw=away_from_0, **instance),
    at_0=SubgradientCheck(identity.theorem, penalty, draw=some_at_0, points=2, **instance),
)
check.main(__name__)
