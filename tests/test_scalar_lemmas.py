"""Facts about functions of one variable: true ones are lemmas, false ones are refused, the rest is undecided."""

from dataclasses import replace
from fractions import Fraction

import pytest
from sympy import Symbol, exp, log, sqrt, tanh

from proofsheet import LemmaRefused, NotationError, function, lemma, scalar, vector
from proofsheet.scalar_lemmas import holds

u = Symbol("u", real=True)
t, s = scalar("t"), scalar("s")
softplus, sigma = function("P", log(1 + exp(u))), function("sigma", 1 / (1 + exp(-u)))
square, growth, hyperbolic = function("Q", u**2 / 2), function("e", exp(u)), function("T", tanh(u))
opaque = function("A")

TRUE = [
    (softplus.prime(t), sigma(t)),
    (softplus.prime.prime(t), sigma(t) * (1 - sigma(t))),
    (softplus.prime.prime.prime(t), sigma(t) * (1 - sigma(t)) * (1 - 2 * sigma(t))),
    (softplus(t), softplus(-t) + t),
    (sigma(t), 1 - sigma(-t)),
    (square(t), t**2 / 2),
    (square.prime.prime(t), 1),
    (growth.prime.prime(t), growth(t)),
    (hyperbolic.prime(t), 1 - hyperbolic(t) ** 2),
    (hyperbolic(t), 2 * sigma(2 * t) - 1),
]
FALSE = [
    (softplus.prime(t), 1 - sigma(t)),
    (softplus.prime.prime(t), sigma(t) ** 2),
    (softplus.prime.prime(t), sigma(t)),
    (softplus(t), softplus(-t) - t),
    (softplus(t), softplus(-t) + t + 1),
    (square(t), t**2),
    (square.prime(t), t + Fraction(1, 1000)),
    (growth.prime(t), 2 * growth(t)),
    (hyperbolic(t), sigma(2 * t) - 1),
]


@pytest.mark.parametrize(("left", "right"), TRUE, ids=str)
def test_true(left, right):
    found = lemma(left, right)
    assert holds(found)
    assert found.is_judged


@pytest.mark.parametrize(("left", "right"), FALSE, ids=str)
def test_false(left, right):
    with pytest.raises(LemmaRefused, match="is not true: left − right ="):
        lemma(left, right)
    assert not holds(replace(lemma(softplus.prime(t), sigma(t)), left=left, right=right))


@pytest.mark.parametrize(
    ("left", "right", "error", "message"),
    [
        (opaque(t), t, NotationError, "is opaque"),
        (sigma(t) + 0, t, NotationError, "left side of a lemma"),
        (sigma(2 * t), t, NotationError, "left side of a lemma"),
        (sigma(vector("w", 3)), t, NotationError, "left side of a lemma"),
        (sigma(t), s, NotationError, "is none of these"),
        (sigma(t), 1 / t, NotationError, "is none of these"),
        (function("R", sqrt(1 + u**2)).prime(t), t, LemmaRefused, "cannot decide"),
    ],
    ids=str,
)
def test_what_is_no_lemma(left, right, error, message):
    with pytest.raises(error, match=message):
        lemma(left, right)
