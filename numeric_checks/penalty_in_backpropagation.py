"""Finite-difference check of proofs/penalty_in_backpropagation.py: the gradients of a penalized two-layer network.

Four inputs, three hidden units with tanh, two outputs with a quartic cost; five random networks, both layers and a bias.
"""

import numpy as np

from proofsheet import GradientCheck, cases, proof

identity = proof("penalty_in_backpropagation")

lam, target = 0.3, np.array([1.0, -0.5])


def cost(y):
    return ((y - target) ** 4).sum() / 4


def objective(W1, b1, W2, b2, x):
    return cost(W2 @ np.tanh(W1 @ x + b1) + b2) + lam * ((W1**2).sum() + (W2**2).sum())


def draw(generator):
    shapes = {"W1": (3, 4), "b1": 3, "W2": (2, 3), "b2": 2, "x": 4}
    return {name: generator.normal(size=shape) for name, shape in shapes.items()}


def check_of(theorem, wrong=None):
    return GradientCheck(
        theorem,
        objective,
        draw=draw,
        wrong=wrong,
        dimensions={"d": 4, "h": 3, "q": 2},
        parameters={"lam": lam},
        functions={
            "C": (cost, lambda y: (y - target) ** 3),
            "sigma": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
        },
    )


check = cases(
    inner_weights=check_of(identity.theorem, identity.variants[0]),
    outer_weights=check_of(identity.outer_weights),
    inner_bias=check_of(identity.bias),
)
check.main(__name__)
