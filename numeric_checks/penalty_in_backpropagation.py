"""Check of proofs/penalty_in_backpropagation.py: the gradients of penalized two-layer networks, in all four theorems.

Four inputs, three hidden units, two outputs; the forward pass is written out in NumPy and differentiated by each weight.
A network of polynomials (quartic cost, σ(z) = z + z²) in fractions; tanh with a quartic cost and logistic units with a
cross-entropy by the complex step.
"""

import numpy as np

from proofsheet import GradientCheck, cases, proof

identity = proof("penalty_in_backpropagation")

target = np.array([1, -2])
quartic = (lambda y: ((y - target) ** 4).sum() / 4, lambda y: (y - target) ** 3)
cross_entropy = (lambda y: np.log(np.exp(y).sum()) - y[0], lambda y: np.exp(y) / np.exp(y).sum() - [1, 0])
logistic = (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2)

networks = {
    "polynomial": {"C": quartic, "sigma": (lambda z: z + z**2, lambda z: 1 + 2 * z)},
    "tanh": {"C": quartic, "sigma": (np.tanh, lambda z: 1 - np.tanh(z) ** 2)},
    "logistic": {"C": cross_entropy, "sigma": logistic},
}
shapes = {"W1": (3, 4), "b1": 3, "W2": (2, 3), "b2": 2, "x": 4, "a": 3}


def check_of(functions, theorem, wrong=()):
    (cost, _), (sigma, _) = functions["C"], functions["sigma"]

    def objective(W1, b1, W2, b2, x, a, lam):
        hidden = a if theorem is identity.activation else sigma(W1 @ x + b1)
        return cost(W2 @ hidden + b2) + lam * ((W1**2).sum() + (W2**2).sum())

    return GradientCheck(
        theorem,
        objective,
        draw=lambda generator: {name: generator.normal(size=shape) for name, shape in shapes.items()},
        points=3,
        wrong=wrong,
        dimensions={"d": 4, "h": 3, "q": 2},
        parameters={"lam": 0.3},
        functions=functions,
    )


def all_four(name, functions):
    yield f"{name}_inner_weights", check_of(functions, identity.theorem, identity.variants)
    for corollary, theorem in identity.corollaries.items():
        yield f"{name}_{corollary}", check_of(functions, theorem)


check = cases(**{case: one for network in networks.items() for case, one in all_four(*network)})
check.main(__name__)
