"""Check of proofs/weight_decay_step.py: W − η∇(L(W) + λ‖W‖²_F) = (1 − 2ηλ)W − η∇L(W), with λ/2n and without λ too.

A step of plain gradient descent is itself a gradient, of ½‖W‖² − η(L(W) + λ‖W‖²). L is the loss of a small network with
inner weights W on three examples: with hidden units z + z² in fractions, with tanh by the complex step. Steps with momentum
or adaptive rates are no such gradients; for those the two sides differ (Loshchilov and Hutter 2019), and nothing is said.
"""

import numpy as np

from proofsheet import GradientCheck, cases, proof

identity = proof("weight_decay_step")

x = np.array([[1, -2, 3, 0], [3, 2, -1, 2], [-1, 0, 4, 1]]).T  # the examples are columns
y, outer = np.array([1, -1, 2]), np.array([2, -3])


def square(z):
    return z + z**2


def loss_and_gradient(hidden, slope):
    """Σ over the examples of ½(outerᵀ hidden(Wx) − y)², and its gradient by back-propagation."""

    def loss(W):
        return ((outer @ hidden(W @ x) - y) ** 2).sum() / 2

    def gradient(W):
        return (np.outer(outer, outer @ hidden(W @ x) - y) * slope(W @ x)) @ x.T

    return loss, gradient


networks = {
    "polynomial": loss_and_gradient(square, lambda z: 1 + 2 * z),
    "tanh": loss_and_gradient(np.tanh, lambda z: 1 - np.tanh(z) ** 2),
}


def check_of(network, theorem, strength, wrong=()):
    def potential(W, eta, lam, n):
        return (W**2).sum() / 2 - eta * (networks[network][0](W) + strength(lam, n) * (W**2).sum())

    return GradientCheck(
        theorem,
        potential,
        by=identity.W,
        draw=lambda generator: {"W": generator.normal(size=(2, 4))},
        wrong=wrong,
        dimensions={"q": 2, "m": 4, "n": 3},
        parameters={"eta": 0.1, "lam": 0.7},
        functions={"L": networks[network]},
    )


def all_three(network):
    yield network, check_of(network, identity.theorem, lambda lam, n: lam, identity.variants)
    yield f"{network}_per_example", check_of(network, identity.per_example, lambda lam, n: lam / (2 * n))
    yield f"{network}_without_penalty", check_of(network, identity.without_penalty, lambda lam, n: 0)


check = cases(**dict(case for network in networks for case in all_three(network)))
check.main(__name__)
