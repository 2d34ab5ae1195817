"""The gradient of the L1 penalty is its strength times the sign, where no weight is 0.

    ∂(λ‖w‖₁)/∂wₖ = λ sgn(wₖ)    for wₖ ≠ 0

It does not grow with the weight: 0.01 and 100 are pulled alike. At 0 there is no derivative, and sgn(0) = 0 is only one
of the subgradients: g is one if and only if λ|t| − g t ≥ 0 for every t, that is −λ ≤ g ≤ λ. With a = λ − g and b = λ + g,
the distances of g to the two ends, the corollaries show both directions: a, b ≥ 0 suffice; and t = 1 and t = −1 need them.

Goodfellow, Bengio and Courville (2016), Deep Learning, section 7.1.2; Rockafellar (1970), Convex Analysis, section 23.
"""

from proofsheet import (
    Sum,
    absolute,
    algebra,
    define,
    definition,
    derivative,
    differentiate,
    dimension,
    index,
    nonnegative,
    norm1,
    parameter,
    prove,
    scalar,
    sgn,
    show,
    vector,
    wrong,
)

m = dimension("m")
j, k = index("j", m), index("k", m)
lam = parameter("lam", positive=True)
w = vector("w", m)

theorem = prove(
    derivative(lam * norm1(w), w[k]),
    (derivative(lam * Sum(j, absolute(w[j])), w[k]), algebra),
    (lam * sgn(w[k]), differentiate),
)

a, b, t = parameter("a", nonnegative=True), parameter("b", nonnegative=True), scalar("t")
strength, g = define("s", (a + b) / 2), define("g", (b - a) / 2)
subgradient = prove(
    strength * absolute(t) - g * t,
    ((a + b) / 2 * absolute(t) - (b - a) / 2 * t, definition),
    (a * (absolute(t) + t) / 2 + b * (absolute(t) - t) / 2, algebra),
    (0, nonnegative),
)
at_plus_one = prove(strength * absolute(1) - g * 1, (strength - g, algebra), (a, definition))
at_minus_one = prove(strength * absolute(-1) - g * (-1), (strength + g, algebra), (b, definition))
corollaries = {"subgradients_at_0": subgradient, "needed_at_1": at_plus_one, "needed_at_minus_1": at_minus_one}

variants = wrong(
    (lam, "L3: the sign forgotten"),
    (lam * w[k], "L3: the gradient of an L2 penalty"),
    (lam * absolute(w[k]), "the penalty for its gradient"),
    (sgn(w[k]), "L3: λ lost"),
    (2 * lam * sgn(w[k]), "2λ, as in the L2 gradient"),
    (-lam * sgn(w[k]), "sign of the pull"),
    (lam * Sum(j, sgn(w[j])), "all signs summed"),
    (lam * sgn(w[k]) * w[k], "L5: grows with the weight"),
)

show(__name__, theorem, **corollaries)
