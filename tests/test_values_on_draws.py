"""Every node of the notation, on draws and under a finite law, against the same thing written by hand in NumPy."""

from dataclasses import replace

import numpy as np
import pytest
import sympy
from sympy import Abs, Float, Rational, Symbol, exp, log, pi, tanh
from sympy import sqrt as root_of

from proofsheet import (
    Cov,
    E,
    ProofsheetError,
    Sum,
    Var,
    absolute,
    define,
    derivative,
    diag,
    dimension,
    function,
    gradient,
    hadamard,
    index,
    matrix,
    norm1,
    norm2,
    parameter,
    random_scalar,
    random_vector,
    random_vectors,
    remainder,
    scalar,
    sgn,
    sqrt,
    trace,
    vector,
    vectors,
)
from proofsheet.monte_carlo.finite_laws import FiniteLaw
from proofsheet.monte_carlo.rounding import Rounded
from proofsheet.notation.functions import ARGUMENT
from proofsheet.numeric.closed_forms import derivative_of, value_of
from proofsheet.numeric.draws import Instance, value_per_draw
from proofsheet.numeric.function_values import function_value
from proofsheet.numeric.line_values import value_under

t = Symbol("t", real=True)
N, m, q = dimension("N"), dimension("m"), dimension("q")
i, j, k = index("i", N), index("j", m), index("k", m)
delta = parameter("delta", between=(0, 1))
w, u, s, W = vector("w", m), vector("u", m), scalar("s"), matrix("W", q, m)
x, r, y, v = vectors("x", N, m), random_vectors("r", N, m), random_scalar("y"), random_vector("v", m)
x_tilde = define("x_tilde", hadamard(x[i], r[i]) / (1 - delta), entry=i)
softplus = function("A", log(1 + exp(t)))
cube = function("B")
pair = function("C", of=(w, s))

GENERATOR = np.random.default_rng(7)
NUMBERS = {
    "w": np.array([1.5, -0.25, 0.0, -2.0]),
    "u": GENERATOR.normal(size=4),
    "s": 1.75,
    "W": GENERATOR.normal(size=(3, 4)),
    "x": GENERATOR.normal(size=(2, 4)),
}
CALLABLES = {
    "B": (lambda t: t**3, lambda t: 3 * t**2, lambda t: 6 * t),
    "C": (
        lambda w, s: np.sin(s * w).sum(),
        {1: lambda w, s: s * np.cos(s * w), 2: lambda w, s: (w * np.cos(s * w)).sum()},
    ),
}
INSTANCE = Instance({"N": 2, "m": 4, "q": 3}, {"delta": 0.3}, NUMBERS, CALLABLES, {"i": 2, "j": 3, "k": 1})
DRAWS = {
    "r": GENERATOR.integers(0, 2, size=(6, 2, 4)).astype(float),
    "y": GENERATOR.normal(size=6),
    "v": GENERATOR.normal(size=(6, 4)),
}
LAW = FiniteLaw(DRAWS, np.arange(1, 7) / 21)


def by_hand(name):
    return np.asarray({**NUMBERS, **DRAWS}[name])


W_, w_, u_, s_, x_, r_, y_, v_ = (by_hand(name) for name in ("W", "w", "u", "s", "x", "r", "y", "v"))
corrupted = x_ * r_ / 0.7  # (6, 2, 4)
z_ = corrupted @ w_  # (6, 2)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def rest(z, at):
    """ρ₃ of the softplus."""
    d = z - at
    slope, bend = sigmoid(at), sigmoid(at) * sigmoid(-at)
    return np.logaddexp(0, z) - np.logaddexp(0, at) - slope * d - bend * d**2 / 2


PER_DRAW = {
    "member of a family": (x[i].T @ w, x_[1] @ w_),
    "entry of a family": (x[i, j] * r[i, j], x_[1, 2] * r_[:, 1, 2]),
    "sum over a family": (Sum(i, (x[i].T @ w) ** 2), ((x_ @ w_) ** 2).sum()),
    "defined family, member": (x_tilde[i].T @ w, z_[:, 1]),
    "defined family, entry": (x_tilde[i, j], corrupted[:, 1, 2]),
    "defined family as a matrix": (norm2(x_tilde @ w), (z_**2).sum(axis=1)),
    "closed form": (softplus(s), np.logaddexp(0, s_)),
    "closed form of draws": (Sum(i, softplus(x_tilde[i].T @ w)), np.logaddexp(0, z_).sum(axis=1)),
    "first derivative": (softplus.prime(y), sigmoid(y_)),
    "second derivative": (softplus.prime.prime(y), sigmoid(y_) * sigmoid(-y_)),
    "entry by entry": (u.T @ softplus.prime(v), (sigmoid(v_) * u_).sum(axis=1)),
    "opaque": (cube(s), s_**3),
    "opaque derivative, entry by entry": (Sum(j, cube.prime.prime(v)[j]), (6 * v_).sum(axis=1)),
    "opaque of two arguments": (pair(v, y), np.sin(y_[:, None] * v_).sum(axis=1)),
    "its gradient": (u.T @ pair.partial(1)(v, y), (u_ * y_[:, None] * np.cos(y_[:, None] * v_)).sum(axis=1)),
    "its partial derivative": (pair.partial(2)(w, y), (w_ * np.cos(y_[:, None] * w_)).sum(axis=1)),
    "remainder": (remainder(softplus, 3, s, y), rest(s_ + y_, s_)),
    "remainder of order 1": (remainder(cube, 1, s, y), (s_ + y_) ** 3 - s_**3),
    "absolute value": (u.T @ absolute(v), (u_ * np.abs(v_)).sum(axis=1)),
    "sign, of 0 too": (u.T @ sgn(w), (u_ * np.array([1, -1, 0, -1])).sum()),
    "1-norm of a vector": (norm1(v - w), np.abs(v_ - w_).sum(axis=1)),
    "1-norm of a matrix": (norm1(W), np.abs(W_).sum()),
    "root": (sqrt(norm2(v)), np.linalg.norm(v_, axis=1)),
    "diagonal": (u.T @ diag(v) @ w, (u_ * v_ * w_).sum(axis=1)),
    "trace of a diagonal": (trace(diag(v)), v_.sum(axis=1)),
    "matrix": (norm2(W @ diag(w)), ((W_ * w_) ** 2).sum()),
    "coefficient": ((delta.symbol / (1 - delta.symbol)) * s, 0.3 / 0.7 * s_),
}


@pytest.mark.parametrize("name", PER_DRAW)
def test_nodes_per_draw(name):
    line, expected = PER_DRAW[name]
    found = value_per_draw(line, INSTANCE, DRAWS)
    assert np.broadcast_to(found, 6) == pytest.approx(np.broadcast_to(expected, 6), rel=1e-12)


@pytest.mark.parametrize("name", PER_DRAW)
def test_nodes_under_a_law(name):
    """E of the line is the weighted sum, and the difference from the sum by hand is within twice the rounding bound."""
    line, expected = PER_DRAW[name]
    found = value_under(E(line), INSTANCE, LAW)
    by_sum = (LAW.weights * np.broadcast_to(expected, 6)).sum()
    assert found.shape == (1, 1)
    assert abs(found.value.item() - by_sum) <= 2 * found.error.item()
    assert 0 < found.error.item() < 1e-11


def test_what_is_not_linear_in_expectations_is_exact_under_a_law():
    mean_y, mean_v = LAW.weights @ y_, LAW.weights @ v_
    for line, expected in (
        (E(y) ** 2 - E(y**2), mean_y**2 - LAW.weights @ y_**2),
        (E(E(y) * y), mean_y**2),
        (norm2(E(v)), mean_v @ mean_v),
        (softplus(E(y)), np.logaddexp(0, mean_y)),
        (Var(y), LAW.weights @ (y_ - mean_y) ** 2),
        (u.T @ Cov(v) @ w, LAW.weights @ (((v_ - mean_v) @ u_) * ((v_ - mean_v) @ w_))),
        (Cov(y, v) @ w, LAW.weights @ ((y_ - mean_y) * ((v_ - mean_v) @ w_))),
    ):
        found = value_under(line, INSTANCE, LAW)
        assert abs(found.value.item() - expected) <= 2 * found.error.item() < 1e-12, line


def test_lines_that_are_vectors_and_matrices():
    assert value_under(diag(w), INSTANCE, None).value == pytest.approx(np.diag(w_))
    assert value_under(W.T, INSTANCE, None).shape == (4, 3)
    assert value_under(absolute(w), INSTANCE, None).value[:, 0].tolist() == [1.5, 0.25, 0.0, 2.0]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (softplus(E(y)), "does not stand linearly"),
        (absolute(E(y)), "does not stand linearly"),
        (sgn(E(y)), "does not stand linearly"),
        (norm1(E(v)), "does not stand linearly"),
        (sqrt(E(y)), "does not stand linearly"),
        (remainder(softplus, 2, s, E(y)), "does not stand linearly"),
        (pair(w, E(y)), "does not stand linearly"),
        (E(y) * y, "does not stand linearly"),
        (E(y) / y, "does not stand linearly"),
        (Var(y), "cannot estimate Var"),
        (derivative(s**2, s), "does not differentiate"),
        (Sum(j, gradient(norm2(w), w)[j]), "write GradientCheck"),
        (x[index("l", N)].T @ w, r"the index l is free .* indices=\{'l': 1\}"),
        (sqrt(s - 5), "root of a negative number"),
    ],
)
def test_what_draws_cannot_say_is_refused(line, message):
    with pytest.raises(ProofsheetError, match=message):
        value_per_draw(line, INSTANCE, DRAWS)


def test_expectations_beside_what_is_random():
    """A sum is linear, a product with something random is not."""
    assert value_per_draw((E(y) + y) * s, INSTANCE, DRAWS) == pytest.approx(2 * y_ * s_)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"constants": {**NUMBERS, "w": [1.0, 2.0]}}, r"w is 4 × 1; a value of shape \(2,\) does not fit"),
        ({"constants": {**NUMBERS, "w": ["a"] * 4}}, "w: .* is no array of numbers"),
        ({"constants": {**NUMBERS, "w": [1, 2, 3, np.nan]}}, "w: some of the numbers are not finite"),
        ({"constants": {}}, "no value for w"),
        ({"functions": {}}, r"no callable for the function B; write functions=\{'B'"),
        ({"functions": {"B": (np.exp, np.exp)}}, "no callable for B′′"),
        ({"functions": {"B": lambda t: t.sum(keepdims=True)[:, :, 0]}}, "no callable for B′′"),
        ({"functions": {"B": (np.exp, np.exp, lambda t: np.ones(3))}}, "works entry by entry; it made shape"),
        ({"functions": {"B": (np.exp, np.exp, np.cos)}}, "item 2 is not the derivative of item 1: at"),
        ({"functions": {**CALLABLES, "A": np.exp}}, "A has the closed form"),
        ({"functions": {**CALLABLES, "C": lambda w, s: w}}, r"C gave shape \(4,\), not 1 × 1"),
        ({"functions": {**CALLABLES, "C": (lambda w, s: s, lambda w, s: s)}}, "derivatives are given by position"),
        ({"indices": {"j": 5}}, "the index j runs from 1 to 4; indices={'j': 5}"),
    ],
)
def test_bad_instances_are_explained(change, message):
    line = cube.prime.prime(norm2(w)) + softplus(s) + pair(w, s) + w[j]
    with pytest.raises(ProofsheetError, match=message):
        value_per_draw(line, replace(INSTANCE, **change), DRAWS)


def test_bad_lines_under_a_law_are_explained():
    for line, law, message in (
        (y + E(y), LAW, "is random, for y stands outside"),
        (E(y), None, "no law for the expectation"),
        (s / (E(y) - E(y)), LAW, "cannot be told from a division by 0"),
        (softplus.prime(1000 * s), None, "A′ is not finite in floating point at this instance"),
        (E(random_scalar("z")), LAW, r"no value for z, which is random: name a law in sources={'z': .* variables="),
    ):
        with pytest.raises(ProofsheetError, match=message):
            value_under(line, INSTANCE, law)


def test_errors_pass_through_opaque_functions():
    """What an argument's error does to the value is bounded from differences of the callable."""
    at, error = np.array([0.5, -1.0, 2.0]).reshape(3, 1, 1), 1e-6
    found = function_value(function("B"), (), [Rounded(at, error)], {"B": np.exp}, exact=True)
    assert (np.abs(np.exp(at + error) - found.value) <= found.error * (1 + 1e-5)).all()
    assert (found.error <= 1.01 * np.exp(at) * error).all()
    points = [Rounded(v_[:3, :, None], error), Rounded(np.full((1, 1, 1), s_), error)]
    found = function_value(pair, (), points, CALLABLES, exact=True)
    slopes = np.abs(s_ * np.cos(s_ * v_[:3])).sum(axis=1) + np.abs((v_[:3] * np.cos(s_ * v_[:3])).sum(axis=1))
    assert found.error.ravel() == pytest.approx(slopes * error, rel=1e-4)


def test_numbers_that_no_float_hits_carry_their_rounding():
    for value, is_hit in ((Rational(3, 8), True), (Rational(1, 3), False), (pi, False)):
        found = value_of(value, {}, exact=True)
        assert (found.error.item() == 0) is is_hit
        assert abs(float((Float(found.value.item(), 40) - value).evalf(40))) <= found.error.item()


class TestClosedForms:
    POINTS = np.array([-3.0, -0.5, 0.25, 2.0, 40.0])

    FORMS = (
        log(1 + exp(t)),
        log(2 + 3 * exp(-2 * t) + exp(t / 3)),
        exp(t) / (1 + exp(t)),
        tanh(t) ** 2 / 3 - 2 * tanh(t),
        Abs(t) * pi - 1,
        root_of(1 + t**2) + 1 / (1 + t**2) ** Rational(3, 2),
        (1 + t**2) ** Rational(1, 3),
        2**t + sympy.sin(t) * sympy.cosh(t / 9) + sympy.cos(t) * sympy.sinh(t / 9),
        log(1 + t**2),
    )

    @pytest.mark.parametrize(("form", "order"), [(one, k) for one in FORMS for k in range(2 if one.has(Abs) else 3)])
    def test_against_many_digits(self, form, order):
        wanted = derivative_of(form.xreplace({t: ARGUMENT}), order)
        exactly = [float(wanted.evalf(40, subs={ARGUMENT: Rational(point)})) for point in self.POINTS]
        plain = value_of(wanted, {ARGUMENT: self.POINTS}).ravel()
        bounded = value_of(wanted, {ARGUMENT: Rounded(self.POINTS)}, exact=True)
        assert plain == pytest.approx(np.array(exactly), rel=1e-9, abs=1e-14)
        assert (np.abs(bounded.value.ravel() - exactly) <= bounded.error.ravel() + 1e-16 * np.abs(exactly)).all()
        assert (bounded.error < 1e-7 * (1 + np.abs(bounded.value))).all()

    def test_the_logarithm_of_a_sum_does_not_overflow(self):
        far = np.array([-1e4, -800.0, 800.0, 1e4])
        assert value_of(log(1 + exp(t)), {t: far}).ravel().tolist() == [0.0, 0.0, 800.0, 1e4]

    @pytest.mark.parametrize("form", [sympy.gamma(t), sympy.Max(t, 0), t**t, sympy.Heaviside(t)])
    def test_other_functions_are_refused(self, form):
        with pytest.raises(ProofsheetError, match="cannot evaluate"):
            value_of(form, {t: self.POINTS})
