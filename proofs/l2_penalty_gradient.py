"""The gradient of the squared L2 penalty is 2λW.

    ∇_W λ‖W‖²_F = 2λW

The penalty is the square of the Frobenius norm, without a factor ½. With λ/(2n) in front, n the number of examples, the
gradient is (λ/n)W (the corollary). Every weight is pulled in proportion to itself, towards 0 from either side.

Goodfellow, Bengio and Courville (2016), Deep Learning, section 7.1.1.
"""

from proofsheet import (
    Sum,
    algebra,
    derivative,
    differentiate,
    dimension,
    gradient,
    index,
    matrix,
    norm2,
    parameter,
    prove,
    show,
    wrong,
)

q, m = dimension("q"), dimension("m")
i, j, k, l = index("i", q), index("j", m), index("k", q), index("l", m)
lam, n = parameter("lam", nonnegative=True), dimension("n")
W = matrix("W", q, m)

entry = prove(
    derivative(lam * norm2(W), W[k, l]),
    (derivative(lam * Sum(i, j, W[i, j] ** 2), W[k, l]), algebra),
    (2 * lam * W[k, l], differentiate),
)
theorem = prove(gradient(lam * norm2(W), W), (2 * lam * W, differentiate))
per_example = prove(gradient(lam / (2 * n) * norm2(W), W), ((lam / n) * W, differentiate))
corollaries = {"entry_by_entry": entry, "per_example": per_example}

variants = wrong(
    (lam * W, "L9: the gradient of ½λ‖W‖²"),
    (2 * lam * norm2(W) * W, "L9: norm squared left in"),
    (-2 * lam * W, "L9: sign"),
    (2 * lam**2 * W, "λ squared"),
    (2 * W, "λ lost"),
    (4 * lam * W, "2 twice"),
)

show(__name__, theorem, **corollaries)
