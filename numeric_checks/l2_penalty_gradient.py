"""Finite-difference check of proofs/l2_penalty_gradient.py: ∇_W λ‖W‖²_F = 2λW.

Five random 3 × 4 matrices.
"""

from proofsheet import GradientCheck, proof

identity = proof("l2_penalty_gradient")

lam = 0.3


def draw(generator):
    return {"W": generator.normal(size=(3, 4))}


def penalty(W):
    return lam * (W**2).sum()


check = GradientCheck(
    identity.theorem,
    penalty,
    draw=draw,
    wrong=identity.variants[0],
    dimensions={"q": 3, "m": 4},
    parameters={"lam": lam},
)
check.main(__name__)
