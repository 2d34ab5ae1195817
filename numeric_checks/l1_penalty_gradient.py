"""Finite-difference check of proofs/l1_penalty_gradient.py: ∂(λ‖w‖₁)/∂wₖ = λ sgn(wₖ) away from 0.

Five points with weights of both signs and sizes from 0.01 to 10.
"""

import numpy as np

from proofsheet import GradientCheck, proof

identity = proof("l1_penalty_gradient")

lam = 0.3


def draw(generator):
    return {"w": generator.choice([-1.0, 1.0], 6) * 10 ** generator.uniform(-2, 1, 6)}


def penalty(w):
    return lam * np.abs(w).sum()


check = GradientCheck(
    identity.theorem,
    penalty,
    draw=draw,
    wrong=identity.variants[1],
    dimensions={"m": 6},
    parameters={"lam": lam},
)
check.main(__name__)
