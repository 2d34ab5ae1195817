"""Elementary functions of rational numbers: their values where those are rational, None where they are not."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from proofsheet.notation.elementary import Exponential, Logarithm, Maximum, Minimum, SymbolicPower


def _exponential(value: Fraction) -> Fraction | None:
    return Fraction(1) if value == 0 else None  # e to a rational power other than 0 is irrational (Lindemann)


def _logarithm(value: Fraction) -> Fraction | None:
    return Fraction(0) if value == 1 else None


def _power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Raises ZeroDivisionError for a negative power of 0."""
    return base ** int(exponent) if exponent.denominator == 1 else None


SCALAR_FUNCTIONS: dict[type, Callable[..., Fraction | None]] = {
    Exponential: _exponential,
    Logarithm: _logarithm,
    SymbolicPower: _power,
    Maximum: max,
    Minimum: min,
}
