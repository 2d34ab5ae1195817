"""|−u| = |u| and sgn(−u) = −sgn(u) for sums u, and |0| where indices coincide: true lines and their false neighbours."""

from fractions import Fraction
from itertools import product

import pytest
from vocabulary import follows

from proofsheet import (
    E,
    Sum,
    absolute,
    algebra,
    delta,
    differentiate,
    dimension,
    distinct,
    gradient,
    index,
    linearity,
    matrix,
    norm1,
    parameter,
    random_vector,
    scalar,
    sgn,
    vector,
)
from proofsheet.exact_models.comparison import compare
from proofsheet.exact_models.evaluate import Model, evaluate
from proofsheet.exact_models.models import Statement

m = dimension("m")
x, w, u, v, t = vector("x", m), vector("w", m), vector("u", m), vector("v", m), scalar("t")
W, z = matrix("W", m, m), random_vector("z", m)
c = parameter("c")
i, j, a, y = index("i", m), index("j", m), index("a", m), scalar("y")
gap = x.T @ w - t

TRUE = {
    "|−u|": (absolute(gap), absolute(t - x.T @ w), algebra),
    "sgn(−u)": (sgn(gap), -sgn(t - w.T @ x), algebra),
    "entry by entry": (sgn(x - w), -sgn(w - x), algebra),
    "norm": (norm1(W - x @ w.T), norm1(x @ w.T - W), algebra),
    "coefficient of unknown sign": (absolute(-c * t), absolute(c * t), algebra),
    "sign of a coefficient of unknown sign": (sgn(-c * t), -sgn(c * t), algebra),
    "|u||−u|": (absolute(gap) * absolute(-gap), gap**2, algebra),
    "|u| sgn(−u)": (absolute(gap) * sgn(t - x.T @ w), t - x.T @ w, algebra),
    "under a sum": (Sum(i, j, absolute(u[i] - v[j]) * v[i]), Sum(i, j, absolute(v[i] - u[j]) * v[j]), algebra),
    "two names of one variable": (
        Sum(i, j, absolute(u[i] - u[j]) * v[i]),
        Sum(j, i, v[j] * absolute(u[j] - u[i])),
        algebra,
    ),
    "nested": (absolute(t - absolute(gap)), absolute(absolute(-gap) - t), algebra),
    "renamed afterwards": (Sum(j, delta(j, a) * absolute(u[i] - u[j])), absolute(u[i] - u[a]), algebra),
    "two names and a third term": (absolute(u[i] - u[j] - y), absolute(y + u[j] - u[i]), algebra),
    "random": (E(absolute(z.T @ w - t)), E(absolute(t - z.T @ w)), linearity),
    "three terms": (sgn(x - 2 * w + u), -sgn(2 * w - u - x), algebra),
    "|0|": (Sum(i, j, delta(i, j) * absolute(u[i] - u[j])), 0 * t, algebra),
    "sgn(0)": (Sum(i, delta(i, j) * sgn(u[i] - u[j])), 0 * t, algebra),
    "i ≠ j is no restriction": (
        Sum(distinct(i, j), absolute(u[i] - u[j])),
        Sum(i, j, absolute(u[i] - u[j])),
        algebra,
    ),
}
FALSE = {
    "sgn": (sgn(gap), sgn(t - w.T @ x), algebra),
    "sgn, entry by entry": (sgn(x - w), sgn(w - x), algebra),
    "one sign turned": (absolute(x.T @ w + t), absolute(x.T @ w - t), algebra),
    "|u| sgn(−u)": (absolute(gap) * sgn(t - x.T @ w), gap, algebra),
    "no coincidence": (Sum(i, j, delta(i, j) * absolute(u[i] - v[j])), 0 * t, algebra),
    "i ≠ j is a restriction": (
        Sum(distinct(i, j), absolute(u[i] - v[j])),
        Sum(i, j, absolute(u[i] - v[j])),
        algebra,
    ),
    "three terms": (sgn(x - 2 * w + u), sgn(2 * w - u - x), algebra),
    "other weights": (Sum(i, j, absolute(u[i] - v[j]) * v[i]), Sum(i, j, absolute(v[j] - u[i]) * v[j]), algebra),
    "nested": (absolute(t - absolute(gap)), absolute(t + absolute(-gap)), algebra),
}


@pytest.mark.parametrize("name", TRUE)
def test_what_follows(name):
    old, new, reason = TRUE[name]
    assert follows(old, new, reason)
    assert compare(Statement((old, new), (), ()), old, new).verdict == "agrees"


@pytest.mark.parametrize("name", FALSE)
def test_the_nearest_false_line(name):
    old, new, reason = FALSE[name]
    assert not follows(old, new, reason)
    assert compare(Statement((old, new), (), ()), old, new).verdict == "differs"


def test_a_coefficient_of_unknown_sign_stays_inside():
    old, new = absolute(c * t), c * absolute(t)
    assert not follows(old, new, algebra)
    model = Model({}, {"c": Fraction(-1, 3)}, {"t": [[Fraction(2)]]})
    assert evaluate(old, model) != evaluate(new, model)


def test_gradient_of_a_distance():
    assert follows(gradient(norm1(x - w), w), sgn(w - x), differentiate)
    assert follows(gradient(norm1(w - x), w), -sgn(x - w), differentiate)
    assert not follows(gradient(norm1(x - w), w), sgn(x - w), differentiate)


@pytest.mark.parametrize("signs", [*product((1, -1), repeat=3)])
def test_every_pattern_of_signs(signs):
    """|±a ± b ± c| = |∓a ∓ b ∓ c|, and no other of the eight is equal."""
    terms = (x.T @ w, t, u.T @ u)
    line = absolute(x.T @ w + t - u.T @ u)
    other = absolute(sum(sign * term for sign, term in zip(signs, terms, strict=True)))
    assert follows(line, other, algebra) is (signs in ((1, 1, -1), (-1, -1, 1)))
