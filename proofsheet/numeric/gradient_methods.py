"""How the derivatives of a script's function are found; the most rigorous way that applies speaks.

exact rational differences   in fractions, where function and line are rational: the difference is 0 or it is not
complex step                 where the function is analytic as it is written; compared with finite differences
finite differences           extrapolated, with their own error estimate from halved steps and rounding
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.complex_step import NotComplex, complex_step
from proofsheet.monte_carlo.exact_differences import exact_derivative
from proofsheet.monte_carlo.finite_differences import derivative, is_resolved
from proofsheet.monte_carlo.rounding import EPSILON, ROUNDINGS
from proofsheet.numeric.differentiated import Array, Differentiated, Point
from proofsheet.numeric.draws import Instance
from proofsheet.numeric.rational_values import is_exact

EXACT, COMPLEX, FINITE = "exact rational differences", "complex step", "finite differences"
# what a function may raise when it is given numbers that it was not written for
UNSUITED = (TypeError, AttributeError, ValueError, ArithmeticError, np.linalg.LinAlgError, RuntimeWarning)
WOBBLES = 4


class SetAside(Exception):
    """A method does not apply; the text says why."""


@dataclass(frozen=True)
class Slopes:
    """The derivatives at one point and their error estimates, over the function's entries and the variable's."""

    values: Array
    errors: Array
    degree: int = 0  # of the polynomials that exact slopes were read from
    agreed: float = 0.0  # how far at most finite differences would have let the complex step be away


def finite_slopes(subject: Differentiated, point: Point) -> Slopes:
    """By extrapolated central differences. Raises ScriptError where they do not settle."""
    found = _finite_slopes(subject, point)
    if not is_resolved(found.values, found.errors).all():
        raise ScriptError(_unsettled(subject))
    return found


def _unsettled(subject: Differentiated) -> str:
    return (
        f"finite differences by {subject.variable.name} do not settle at this point: there is a kink, a jump or a very "
        "sharp bend; choose points away from it"
    )


def _finite_slopes(subject: Differentiated, point: Point) -> Slopes:
    """The error is infinite where there is a kink, and large where sizes are too far apart for floats."""

    def at(place: tuple[int, ...]) -> tuple[Array, Array]:
        value = subject.moved(point.floats, point, subject.unit(point, place), float)
        return derivative(value, float(subject.entry(point.floats, point, place)))

    slopes, errors = (np.stack(parts, axis=-1) for parts in zip(*map(at, subject.places(point)), strict=True))
    return Slopes(slopes, errors)


def exact_slopes(subject: Differentiated, point: Point) -> Slopes:
    """In fractions, through polynomials along each coordinate."""
    if subject.law is not None:
        raise SetAside("the weights of a law are floats")
    found = []
    for place in subject.places(point):
        value = rational(subject.moved(point.fractions, point, subject.unit(point, place, int), object))
        slope = exact_derivative(value, subject.entry(point.fractions, point, place))
        if slope is None:
            raise SetAside(
                f"near a point the function is not a polynomial in each entry of {subject.variable.name}, nor straight"
            )
        found.append(slope)
    values = np.stack([one.value for one in found], axis=-1)
    return Slopes(values, values * 0, max(one.degree for one in found))


def rational(value: Callable[[Any], Array]) -> Callable[[Fraction], Array]:
    """The same function, which raises SetAside where it makes anything but fractions of fractions."""

    def checked(step: Fraction) -> Array:
        try:
            with np.errstate(all="raise"):
                found = value(step)
        except UNSUITED as error:
            raise SetAside(f"the function does not take fractions ({type(error).__name__})") from None
        if found.dtype.kind != "i" and not is_exact(found):
            raise SetAside("the function makes floats of fractions")
        return found

    return checked


def complex_slopes(subject: Differentiated, point: Point) -> Slopes:
    """By the complex step, where it is not away from finite differences."""
    wobbled = [point.floats, *(_wobbled(point.floats, number) for number in range(WOBBLES))]

    def at(place: tuple[int, ...]) -> tuple[Array, Array]:
        unit = subject.unit(point, place)
        return complex_step([subject.moved(instance, point, unit, complex) for instance in wobbled])

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)  # an imaginary part that is dropped
            found = [at(place) for place in subject.places(point)]
    except NotComplex:
        raise SetAside("of complex numbers the function makes real ones, as np.abs and np.real do") from None
    except UNSUITED as error:
        raise SetAside(f"the function does not take complex numbers ({type(error).__name__})") from None
    values, spread = (np.stack(parts, axis=-1) for parts in zip(*found, strict=True))
    errors = spread + ROUNDINGS * EPSILON * _scale(subject, point, values)
    finite = _finite_slopes(subject, point)
    if not np.isfinite(finite.errors).all():
        raise ScriptError(_unsettled(subject))
    _refuse_not_analytic(values, errors, finite)
    return Slopes(values, errors, agreed=float(finite.errors.max()))


def _scale(subject: Differentiated, point: Point, slopes: Array) -> float:
    """What roundings are beside: the largest slope, or the size of the function by that of the variable.

    A small entry is not known to its own last digits, nor is the line it is compared with: 1 − tanh² of a saturated unit is
    what is left of two numbers near 1.
    """
    place = subject.places(point)[0]
    value = subject.moved(point.floats, point, subject.unit(point, place), float)(0.0)
    variable = np.abs(np.asarray(point.floats.constants[subject.variable.name])).max()
    quotient = np.abs(value).max() / variable if variable > 0 else 0.0
    return float(max(np.abs(slopes).max(), quotient))


def _refuse_not_analytic(values: Array, errors: Array, finite: Slopes) -> None:
    away = np.abs(values - finite.values)
    if not (away <= errors + finite.errors).all():  # not > : a NaN is away too
        raise SetAside(
            f"it is up to {np.max(away):.3g} away from finite differences: as it is written the function is not analytic "
            "(np.abs, np.real, np.maximum and comparisons are not)"
        )


def _wobbled(instance: Instance, number: int) -> Instance:
    """The instance with every constant moved by a rounding or two, up or down."""
    generator = np.random.default_rng(number)
    constants = {
        name: (value * (1 + 2 * EPSILON * generator.choice([-1.0, 1.0], np.shape(value))))[()]
        for name, value in instance.constants.items()
    }
    return Instance(instance.dimensions, instance.parameters, constants, instance.functions)


METHODS: dict[str, Callable[[Differentiated, Point], Slopes]] = {
    EXACT: exact_slopes,
    COMPLEX: complex_slopes,
    FINITE: finite_slopes,
}
