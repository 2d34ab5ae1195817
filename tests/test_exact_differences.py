"""Derivatives in fractions and by the complex step: exact where they speak, silent where they cannot know."""

from fractions import Fraction as F
from math import prod

import numpy as np
import pytest

from proofsheet.monte_carlo.complex_step import NotComplex, complex_step
from proofsheet.monte_carlo.exact_differences import LARGEST_DEGREE, SPARE, exact_derivative, one_sided_derivative

POINTS = (F(0), F(1, 3), F(-7), F(10**9), F(-1, 10**9), F(3, 2**40))


@pytest.mark.parametrize("degree", range(LARGEST_DEGREE + 1))
@pytest.mark.parametrize("point", POINTS)
def test_polynomials(degree, point):
    found = exact_derivative(lambda h: (point + h) ** degree, point)
    assert (found.value.item(), found.degree) == (degree * point ** (degree - 1) if degree else 0, degree)


def test_a_degree_that_is_too_high_is_not_known():
    assert exact_derivative(lambda h: (F(1, 3) + h) ** (LARGEST_DEGREE + 1), F(1, 3)) is None


def test_for_degree_2_it_is_the_central_difference():
    def f(x):
        return 3 * x**2 - x / 7 + 2

    for step in (F(1, 3), F(10**6)):
        assert exact_derivative(lambda h: f(5 + h), F(5)).value.item() == (f(5 + step) - f(5 - step)) / (2 * step)


@pytest.mark.parametrize("point", POINTS[1:])
def test_straight_on_either_side_of_a_kink(point):
    assert exact_derivative(lambda h: abs(point + h), point).value.item() == (1 if point > 0 else -1)


@pytest.mark.parametrize("other", [F(1, 10**6), F(1, 10**20)])
def test_smaller_steps_where_a_kink_is_near(other):
    """|x − 1| at 1 + 10⁻⁶: steps relative to 1 cross the kink, smaller ones do not."""
    assert exact_derivative(lambda h: abs(other + h), 1 + other).value.item() == 1


def test_no_slope_at_a_kink_or_a_jump_or_of_a_rational_function():
    assert exact_derivative(abs) is None
    assert exact_derivative(lambda h: max(h, F(0)) ** 2) is None
    assert exact_derivative(lambda h: F(h >= 0)) is None
    assert exact_derivative(lambda h: 1 / (2 + h)) is None


def test_entries_are_differentiated_at_once():
    found = exact_derivative(lambda h: np.array([[(2 + h) ** 3, F(1)], [5 * h, -h]]), F(2))
    assert found.value.tolist() == [[12, 0], [5, -1]]
    assert found.degree == 3


def test_how_far_the_proof_goes():
    """A cubic with zeros at 0 and the next two nodes is seen; one more zero needs a degree that SPARE says nothing of."""
    zeros = [F(0), F(1, 32), F(-1, 32), F(2, 32)]

    def wiggle(count):
        return lambda h: prod((h - zero for zero in zeros[:count]), start=F(1))

    assert SPARE == 3
    assert exact_derivative(wiggle(3)).value.item() == -(F(1, 32) ** 2)
    assert exact_derivative(wiggle(4)).degree == 0


def test_one_sided():
    assert one_sided_derivative(abs).value.item() == 1
    assert one_sided_derivative(lambda h: abs(-h) * 2 + h**2 - h).value.item() == 1
    assert one_sided_derivative(lambda h: abs(h - F(1, 100))).value.item() == -1
    assert one_sided_derivative(lambda h: 1 / (1 + h)) is None


def test_the_complex_step_has_no_truncation_error():
    points = [np.array([0.3, -2.0]) * (1 + number * 2e-16) for number in range(3)]
    values = [lambda h, x=x: np.exp(x + h) * np.sin(x + h) for x in points]
    slope, spread = complex_step(values)
    x = points[0]
    assert slope == pytest.approx(np.exp(x) * (np.sin(x) + np.cos(x)), rel=1e-15)
    assert (spread < 1e-13).all()


def test_the_complex_step_shows_how_roundings_grow():
    """The slope of x¹⁰⁰⁰ moves by a thousand roundings where x moves by one."""
    values = [lambda h, x=1.01 * (1 + number * 2**-52): (x + h) ** 1000 for number in range(4)]
    slope, spread = complex_step(values)
    assert spread > 1000 * 2**-52 * slope
    with pytest.raises(NotComplex):
        complex_step([lambda h: abs(1 + h)])
