"""Rounding bounds hold against exact arithmetic and are not idle; finite differences know their own error."""

from fractions import Fraction

import numpy as np
import pytest
from sympy import Float, cos, cosh, exp, log, sin, sinh, sqrt, tanh

from proofsheet.monte_carlo.finite_differences import derivative, is_resolved
from proofsheet.monte_carlo.rounding import EPSILON, Rounded

exactly = np.vectorize(lambda number: Fraction(float(number)), otypes=[object])


def inputs(seed, shape, scale=1.0):
    generator = np.random.default_rng(seed)
    return generator.normal(size=shape) * scale ** generator.uniform(-1, 1, size=shape)


EXPRESSIONS = {
    "sum": lambda a, b, c: a + b - c,
    "cancelling sum": lambda a, b, c: (a + 1000 * b) - 1000 * b,
    "product": lambda a, b, c: a * b * c - c * a,
    "matrix product": lambda a, b, c: a @ b.swapaxes(1, 2) @ c,
    "quotient": lambda a, b, c: (a + b) / (c * c + 3) / a,
    "power": lambda a, b, c: (a - b) ** 5 + c**1 - b**0,
    "total": lambda a, b, c: (a * b - c).sum(axis=(1, 2), keepdims=True) * a,
    "entries": lambda a, b, c: a[:, 1:2, :] * b[:, 1:2, :] - np.concatenate([c, a], axis=2)[:, :1, 3:],
    "broadcast": lambda a, b, c: np.broadcast_to(-a[:, :1, :1] * b[:, :1, :1], (5, 3, 3)) - c,
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_bounds_hold_against_fractions(name):
    """On rounded inputs, so that errors are passed on and not only made."""
    largest = 0.0
    for seed in range(40):
        given = [inputs(3 * seed + k, (5, 3, 3), 10.0) for k in range(3)]
        true = EXPRESSIONS[name](*(exactly(one) * Fraction(1, 3) + Fraction(1, 7) for one in given))
        rounded = [Rounded(one) * Rounded(1 / 3, EPSILON / 3) + Rounded(1 / 7, EPSILON / 7) for one in given]
        found = EXPRESSIONS[name](*rounded)
        distance = np.vectorize(lambda a, b: float(abs(Fraction(float(a)) - b)))(found.value, true)
        assert (distance <= found.error).all()
        largest = max(largest, float((distance / found.error).max()))
    assert largest > 0.02, "a bound fifty times too large would say little"


def test_a_long_sum_of_exact_terms():
    """The roundings of the sum itself, terms of both signs and many sizes."""
    for seed in range(20):
        terms = inputs(seed, (1, 1000, 3), 1e4)
        found = Rounded(terms).sum(axis=1)
        distance = np.abs([float(Fraction(a) - b) for a, b in zip(found.value[0].tolist(), exactly(terms)[0].sum(axis=0), strict=True)])  # fmt: skip
        assert (distance <= found.error[0]).all()
        assert distance.any()


@pytest.mark.parametrize(
    ("ufunc", "function", "low", "high"),
    [
        (np.exp, exp, -5, 5), (np.log, log, 0.1, 9), (np.tanh, tanh, -3, 3), (np.sqrt, sqrt, 0, 9), (np.sin, sin, -9, 9),
        (np.cos, cos, -9, 9), (np.sinh, sinh, -4, 4), (np.cosh, cosh, -4, 4), (np.absolute, abs, -4, 4),
    ],
)  # fmt: skip
def test_library_functions(ufunc, function, low, high):
    """The bound covers every true argument within the error of the given one."""
    points = np.random.default_rng(1).uniform(low, high, 60)
    for error in (0.0, 1e-12):
        found = ufunc(Rounded(points, error))
        for shift in (-error, 0.0, error):
            true = [function(Float(float(point), 40) + Float(shift, 40)) for point in points]
            distance = np.array([float(abs(Float(float(a), 40) - b)) for a, b in zip(found.value, true, strict=True)])
            assert (distance <= found.error * (1 + 1e-6)).all(), (ufunc, error)


def test_logaddexp_and_sign():
    a, b = Rounded(np.array([1.0, -800.0, -0.6]), 1e-13), Rounded(np.array([700.0, 0.0, -0.8]))
    found = np.logaddexp(a, b)
    true = [log(exp(Float(x, 60)) + exp(Float(z, 60))) for x, z in zip(a.value.tolist(), b.value.tolist(), strict=True)]
    assert all(
        abs(Float(v, 40) - t) <= e for v, t, e in zip(found.value.tolist(), true, found.error.tolist(), strict=True)
    )
    assert np.sign(Rounded(np.array([0.0, 2.0, -2.0]))).error.tolist() == [0.0, 0.0, 0.0]
    assert np.sign(Rounded(np.array([1e-17, -1.0]), 1e-16)).error.tolist() == [2.0, 0.0], "the sign is not known"


def test_nothing_is_known_after_a_division_by_what_may_be_0():
    assert np.isinf((Rounded(1.0) / Rounded(1e-17, 1e-16)).error)
    assert np.isinf((Rounded(1.0) / Rounded(0.0)).error)
    assert np.isfinite((Rounded(1.0) / Rounded(2e-16, 1e-16)).error)


def test_operations_without_a_rule_are_refused():
    for operation in (np.arctan, np.add.reduce, np.linalg.norm, np.sum):
        with pytest.raises(TypeError):
            operation(Rounded(np.ones(3)))


class TestFiniteDifferences:
    SMOOTH = (
        (np.exp, np.exp),
        (np.tanh, lambda x: 1 / np.cosh(x) ** 2),
        (lambda x: np.logaddexp(0, x), lambda x: 1 / (1 + np.exp(-x))),
        (lambda x: x**7 - 3 * x, lambda x: 7 * x**6 - 3),
        (lambda x: np.sin(40 * x), lambda x: 40 * np.cos(40 * x)),
        (lambda x: 1000 + x / 3, lambda x: 1 / 3),
        (np.abs, np.sign),
        (lambda x: 1 / (1 + 400 * x**2), lambda x: -800 * x / (1 + 400 * x**2) ** 2),
        (lambda x: (3 * np.tanh(9 * x) - 1) ** 4, lambda x: 108 * (3 * np.tanh(9 * x) - 1) ** 3 / np.cosh(9 * x) ** 2),
    )

    def test_the_error_estimate_covers_the_error(self):
        """Twice over, at 200 points each; |x| at points down to 1e-3 from its kink."""
        for function, true in self.SMOOTH:
            for point in np.random.default_rng(5).normal(size=200) * 2:
                if abs(point) < 1e-3:
                    continue
                found, error = derivative(lambda h, x=point, f=function: f(x + h), point)
                assert 2 * abs(found - true(point)) <= error, (function, point)
                assert is_resolved(found, error), (function, point)

    def test_the_error_estimate_is_small_where_the_function_is_gentle(self):
        """Most of it is what 64 roundings of the function could do."""
        for function in (np.exp, np.tanh, np.sin):
            _, error = derivative(lambda h, f=function: f(0.7 + h), 0.7)
            assert error < 1e-10

    def test_points_of_all_sizes(self):
        for size in (1e-8, 1.0, 1e3, 1e6):
            found, error = derivative(lambda h, x=size: (x + h) ** 2, size)
            assert abs(found - 2 * size) <= error < 1e-6 * max(1, 2 * size)

    @pytest.mark.parametrize("point", [0.0, 1e-12, -1e-7])
    def test_a_kink_is_seen(self, point):
        """The symmetric difference at the kink of |x| is 0 at every step: halved steps alone would not tell."""
        found, error = derivative(lambda h: np.abs(point + h))
        assert not is_resolved(found, error)

    def test_a_jump_and_a_root_are_seen(self):
        for function in (np.sign, lambda h: np.sqrt(np.abs(h)), lambda h: np.sign(h - 1e-9), lambda h: np.nan):
            assert not is_resolved(*derivative(function))

    def test_several_entries_at_once(self):
        found, error = derivative(lambda h: np.array([h, np.exp(h), abs(h)]))
        assert found[:2] == pytest.approx([1, 1])
        assert is_resolved(found, error).tolist() == [True, True, False]
