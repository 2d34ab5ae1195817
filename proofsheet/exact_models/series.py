"""Truncated power series in an infinitesimal: how derivatives are taken in a model, without any rule of calculus.

u + ε with ε² = 0 put through a line gives its value and its derivative; a second, nested derivative has an ε of its own.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import count
from typing import Any

from proofsheet.exact_models.enclosures import Enclosure

_NUMBERS = (int, Fraction, Enclosure)
_new_tag = count().__next__


class Series:
    """c₀ + c₁ε + … + c_k ε^k; coefficients are fractions, enclosures, or series in an ε that was made before."""

    __slots__ = ("tag", "terms")

    def __init__(self, tag: int, terms: list[Any]) -> None:
        self.tag, self.terms = tag, terms

    def _terms_of(self, other: Any) -> list[Any] | None:
        """The terms of `other` in this ε; None if it is a series in a later ε, which takes this one as a coefficient."""
        if isinstance(other, Series):
            if other.tag == self.tag:
                return other.terms
            if other.tag > self.tag:
                return None
        elif not isinstance(other, _NUMBERS):
            return None
        return [other] + [Fraction(0)] * (len(self.terms) - 1)

    def __add__(self, other: Any) -> Any:
        more = self._terms_of(other)
        if more is None:
            return other.__radd__(self) if isinstance(other, Series) else NotImplemented
        return Series(self.tag, [a + b for a, b in zip(self.terms, more, strict=True)])

    __radd__ = __add__

    def __neg__(self) -> Series:
        return Series(self.tag, [-term for term in self.terms])

    def __sub__(self, other: Any) -> Any:
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, _NUMBERS) or (isinstance(other, Series) and other.tag < self.tag):
            return Series(self.tag, [term * other for term in self.terms])
        more = self._terms_of(other)
        if more is None:
            return other.__rmul__(self) if isinstance(other, Series) else NotImplemented
        size = len(self.terms)
        terms: list[Any] = [Fraction(0)] * size
        for i, a in enumerate(self.terms):
            if is_zero(a):
                continue
            for j in range(size - i):
                terms[i + j] = terms[i + j] + a * more[j]
        return Series(self.tag, terms)

    __rmul__ = __mul__

    def reciprocal(self) -> Any:
        """Raises ZeroDivisionError where the constant term is 0."""
        first = 1 / self.terms[0]
        return composed(self, [first * (-first) ** j for j in range(len(self.terms))])

    def __truediv__(self, other: Any) -> Any:
        return self * other.reciprocal() if isinstance(other, Series) else self * (1 / other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.reciprocal() * other

    def __pow__(self, exponent: int) -> Any:
        result: Any = Fraction(1)
        for _ in range(abs(exponent)):
            result = result * self
        return result if exponent >= 0 else 1 / result


def shifted(value: Any, order: int = 1) -> Series:
    """value + ε, with ε^(order + 1) = 0 for a new ε."""
    return Series(_new_tag(), [value, Fraction(1), *([Fraction(0)] * (order - 1))])


def coefficient(value: Any, tag: int, order: int = 1) -> Any:
    """The coefficient of ε^order."""
    return value.terms[order] if isinstance(value, Series) and value.tag == tag else Fraction(0)


def composed(value: Series, taylor: list[Any]) -> Any:
    """Σ taylor[j] (value − c₀)^j: a function of a series by its Taylor coefficients at the constant term."""
    nilpotent = Series(value.tag, [Fraction(0), *value.terms[1:]])
    result: Any = taylor[-1]
    for term in reversed(taylor[:-1]):
        result = nilpotent * result + term
    return result


def constant_term(value: Any) -> Any:
    """The number that is left when every ε is 0."""
    while isinstance(value, Series):
        value = value.terms[0]
    return value


def is_zero(value: Any) -> bool:
    """Whether it is exactly 0, in all its terms."""
    if isinstance(value, Series):
        return all(map(is_zero, value.terms))
    return not isinstance(value, Enclosure) and value == 0
