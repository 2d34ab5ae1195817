"""Elementary functions of the numbers in a model: fractions, enclosures, and series over them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from math import factorial, isqrt
from typing import Any

import sympy
from sympy import Expr

from proofsheet.exact_models import enclosures
from proofsheet.exact_models.enclosures import Enclosure
from proofsheet.exact_models.model import DomainError, ModelError
from proofsheet.exact_models.series import Series, coefficient, composed, constant_term, is_zero, shifted
from proofsheet.notation.elementary import Exponential, Logarithm, Maximum, Minimum, SymbolicPower
from proofsheet.notation.functions import ARGUMENT

LARGEST_POWER = 40


def exponential(value: Any) -> Any:
    if isinstance(value, Series):
        first = exponential(value.terms[0])
        return composed(value, [first * Fraction(1, factorial(j)) for j in range(len(value.terms))])
    return Fraction(1) if is_zero(value) else enclosures.exponential(value)


def logarithm(value: Any) -> Any:
    """Raises ModelError unless the number is positive."""
    if isinstance(value, Series):
        first = value.terms[0]
        slopes = [Fraction((-1) ** (j + 1), j) / first**j for j in range(1, len(value.terms))]
        return composed(value, [logarithm(first), *slopes])
    return Fraction(0) if not isinstance(value, Enclosure) and value == 1 else enclosures.logarithm(value)


def root(value: Any) -> Any:
    """The square root. Raises ModelError of what is negative, and where it is differentiated at 0."""
    if isinstance(value, Series):
        return _power_of_series(value, Fraction(1, 2), root)
    if isinstance(value, Enclosure):
        return enclosures.square_root(value)
    if value < 0:
        raise DomainError("the square root of what is negative")
    exact = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    return exact if exact * exact == value else enclosures.square_root(value)


def power(value: Any, exponent: Fraction) -> Any:
    """value ** exponent; of a positive number where the exponent is no whole number. Raises ModelError."""
    if exponent.denominator == 1:
        if abs(exponent) > LARGEST_POWER:
            raise ModelError(f"a power above {LARGEST_POWER}")
        return value ** int(exponent)
    if exponent.denominator == 2:
        return root(value) ** exponent.numerator
    if isinstance(value, Series):
        return _power_of_series(value, exponent, lambda first: power(first, exponent))
    return exponential(logarithm(value) * exponent)


def _power_of_series(value: Series, exponent: Fraction, of: Callable[[Any], Any]) -> Any:
    first = value.terms[0]
    if is_zero(constant_term(first)):
        raise ModelError("a root is differentiated at 0")
    taylor = [of(first)]
    for j in range(1, len(value.terms)):
        taylor.append(taylor[-1] * ((exponent - j + 1) / j) / first)
    return composed(value, taylor)


def sign(value: Any) -> int:
    """Raises ModelError at a kink: where a number that is being differentiated is 0."""
    if isinstance(value, Series):
        if is_zero(value):
            return 0
        first = constant_term(value)
        if is_zero(first):
            raise ModelError("a kink: what is differentiated is 0 there")
        return sign(first)
    return value.sign if isinstance(value, Enclosure) else (value > 0) - (value < 0)


def absolute(value: Any) -> Any:
    return value * Fraction(sign(value)) if isinstance(value, Series) else abs(value)


def largest(one: Any, other: Any) -> Any:
    """The larger of two numbers. Raises ModelError where they are equal and differentiated."""
    return one if sign(one - other) >= 0 else other


def smallest(one: Any, other: Any) -> Any:
    """The smaller of two numbers. Raises ModelError where they are equal and differentiated."""
    return other if sign(one - other) >= 0 else one


SCALAR_FUNCTIONS: dict[type, Callable[..., Any]] = {
    Exponential: exponential,
    Logarithm: logarithm,
    SymbolicPower: power,
    Maximum: largest,
    Minimum: smallest,
}


# ---- closed forms ---------------------------------------------------------------------------------------------


def closed_form_value(form: Expr, order: int, value: Any) -> Any:
    """The derivative of that order of a closed form in ARGUMENT, by its power series at the value."""
    if not order:
        return _form(form, value)
    at = shifted(value, order)
    return coefficient(_form(form, at), at.tag, order) * Fraction(factorial(order))


def _form(form: Expr, value: Any) -> Any:
    if form == ARGUMENT:
        return value
    if form.is_Rational:
        return Fraction(int(form.p), int(form.q))
    if form.is_Pow and form.exp.is_Rational:
        return power(_form(form.base, value), Fraction(int(form.exp.p), int(form.exp.q)))
    parts = [_form(part, value) for part in form.args]
    if form.is_Add:
        return reduce(lambda one, other: one + other, parts)
    if form.is_Mul:
        return reduce(lambda one, other: one * other, parts)
    known = _FORMS.get(form.func)
    if known is None:
        raise ModelError(f"a closed form with {form.func} has no value in an exact model")
    return known(parts[0])


def _sinh(value: Any) -> Any:
    return (exponential(value) - exponential(-value)) * Fraction(1, 2)


def _cosh(value: Any) -> Any:
    return (exponential(value) + exponential(-value)) * Fraction(1, 2)


_FORMS: dict[Any, Callable[[Any], Any]] = {
    sympy.exp: exponential,
    sympy.log: logarithm,
    sympy.sinh: _sinh,
    sympy.cosh: _cosh,
    sympy.tanh: lambda value: _sinh(value) / _cosh(value),
}
