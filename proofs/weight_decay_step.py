"""A gradient step on a loss with an L2 penalty shrinks the weights, then takes the step of the loss.

    W − η∇(L(W) + λ‖W‖²_F) = (1 − 2ηλ)W − η∇L(W)

L is any differentiable loss. With the penalty (λ/2n)‖W‖²_F the factor is 1 − ηλ/n (the corollary). The step moves a weight
towards 0, up if it is negative; it shrinks |w| only while 0 < 2ηλ < 2. For momentum and adaptive steps the two sides differ.

Goodfellow, Bengio and Courville (2016), Deep Learning, eq. 7.5; Loshchilov and Hutter (2019), Decoupled weight decay
regularization.
"""

from proofsheet import (
    collect,
    differentiate,
    dimension,
    function,
    gradient,
    matrix,
    norm2,
    parameter,
    prove,
    show,
    wrong,
)

q, m, n = dimension("q"), dimension("m"), dimension("n")
eta, lam = parameter("eta", positive=True), parameter("lam", nonnegative=True)
W = matrix("W", q, m)
L = function("L", of=W)

theorem = prove(
    W - eta * gradient(L(W) + lam * norm2(W), W),
    (W - eta * (L.gradient(W) + 2 * lam * W), differentiate),
    ((1 - 2 * eta * lam) * W - eta * L.gradient(W), collect),
)
per_example = prove(
    W - eta * gradient(L(W) + lam / (2 * n) * norm2(W), W),
    (W - eta * (L.gradient(W) + lam / n * W), differentiate),
    ((1 - eta * lam / n) * W - eta * L.gradient(W), collect),
)
without_penalty = prove(
    W - eta * gradient(L(W) + 0 * norm2(W), W),
    (W - eta * L.gradient(W), differentiate),
)
corollaries = {"per_example": per_example, "without_penalty": without_penalty}

variants = wrong(
    ((1 - eta * lam) * W - eta * L.gradient(W), "W4: the factor for ½λ‖W‖²"),
    ((1 + 2 * eta * lam) * W - eta * L.gradient(W), "W5: weights grow"),
    ((1 - 2 * lam) * W - eta * L.gradient(W), "the learning rate forgotten"),
    ((1 - 2 * eta * lam) * W - L.gradient(W), "the learning rate of the loss forgotten"),
    ((1 - 2 * eta * lam) * (W - eta * L.gradient(W)), "the step of the loss shrunk too"),
    ((1 - 2 * eta * lam) * W + eta * L.gradient(W), "uphill"),
    ((1 - eta * lam / 2) * W - eta * L.gradient(W), "½ twice"),
    (W - eta * (L.gradient(W) + lam * W), "½ of the penalty's gradient", 2),
)

show(__name__, theorem, **corollaries)
