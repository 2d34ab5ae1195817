"""Finite-difference check of proofs/weight_decay_step.py: W − η∇(L(W) + λ‖W‖²_F) = (1 − 2ηλ)W − η∇L(W).

The left side is the gradient of ½‖W‖² − η(L(W) + λ‖W‖²). L is a logistic loss on three examples.
"""

import numpy as np

from proofsheet import GradientCheck, proof

identity = proof("weight_decay_step")

eta, lam = 0.1, 0.7
inputs = np.array([[1.0, -2.0, 0.5, 0.0], [3.0, 1.5, -1.0, 2.0], [-0.5, 0.3, 4.0, 1.0]])


def loss(W):
    return np.logaddexp(0, W @ inputs.T).sum()


def slope(W):
    return 1 / (1 + np.exp(-W @ inputs.T)) @ inputs


def potential(W):
    return (W**2).sum() / 2 - eta * (loss(W) + lam * (W**2).sum())


check = GradientCheck(
    identity.theorem,
    potential,
    by=identity.W,
    draw=lambda generator: {"W": generator.normal(size=(2, 4))},
    wrong=identity.variants[0],
    dimensions={"q": 2, "m": 4},
    parameters={"eta": eta, "lam": lam},
    functions={"L": (loss, slope)},
)
check.main(__name__)
