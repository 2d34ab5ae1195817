"""Numbers that are no fractions, by an interval that holds them: exp, log and roots with outward rounding.

An interval has two whole numbers for its ends, in units of 2^-BITS. Every operation rounds the lower end down and the
upper end up, so that the number stays inside; two disjoint intervals are two different numbers, with certainty.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import Any

from proofsheet.exact_models.model import DomainError, ModelError

BITS = 256
ONE = 1 << BITS
WORKING = BITS + 48  # the series of exp and log are summed with more bits
LARGEST_EXPONENT = 1000
NARROW = Fraction(1, 10**30)


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


@dataclass(frozen=True)
class Enclosure:
    """A real number between low and high, in units of 2^-BITS."""

    low: int
    high: int

    @staticmethod
    def of(value: Any) -> Enclosure:
        if isinstance(value, Enclosure):
            return value
        numerator = value.numerator * ONE
        return Enclosure(numerator // value.denominator, _up(numerator, value.denominator))

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        return Fraction(self.low, ONE), Fraction(self.high, ONE)

    @property
    def is_narrow(self) -> bool:
        """Whether it is narrow enough, for its size, for an overlap to be evidence of equality."""
        return Fraction(self.high - self.low, ONE) <= NARROW * (1 + max(abs(end) for end in self.ends))

    @property
    def sign(self) -> int:
        """Raises ModelError where the interval does not tell."""
        if self.low > 0 or self.high < 0:
            return 1 if self.low > 0 else -1
        raise ModelError("a number is too close to 0 for its sign to be known")

    def overlaps(self, other: Enclosure) -> bool:
        return self.low <= other.high and other.low <= self.high

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, (int, Fraction, Enclosure)):
            return NotImplemented
        more = Enclosure.of(other)
        return Enclosure(self.low + more.low, self.high + more.high)

    __radd__ = __add__

    def __neg__(self) -> Enclosure:
        return Enclosure(-self.high, -self.low)

    def __sub__(self, other: Any) -> Any:
        if not isinstance(other, (int, Fraction, Enclosure)):
            return NotImplemented
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if not isinstance(other, (int, Fraction, Enclosure)):
            return NotImplemented
        if isinstance(other, Fraction | int):  # a fraction is exact: rounded once
            ends = sorted((self.low * other.numerator, self.high * other.numerator))
            return Enclosure(ends[0] // other.denominator, _up(ends[1], other.denominator))
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Enclosure(min(ends) // ONE, _up(max(ends), ONE))

    __rmul__ = __mul__

    def reciprocal(self) -> Enclosure:
        """Raises ModelError where it may be 0."""
        if self.low <= 0 <= self.high:
            raise ModelError("a division by what may be 0")
        return Enclosure(ONE * ONE // self.high, _up(ONE * ONE, self.low))

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, Enclosure):
            return self * other.reciprocal()
        if isinstance(other, (int, Fraction)):
            return self * (Fraction(1) / other)
        return NotImplemented

    def __rtruediv__(self, other: Any) -> Any:
        return self.reciprocal() * other

    def __pow__(self, exponent: int) -> Any:
        if exponent < 0:
            return self.reciprocal() ** -exponent
        if exponent % 2 == 0 and self.low < 0 < self.high:  # even powers are not negative
            return Enclosure(0, max(-self.low, self.high)) ** exponent if exponent else Enclosure(ONE, ONE)
        result = Enclosure(ONE, ONE)
        for _ in range(exponent):
            result = result * self
        return result

    def __abs__(self) -> Enclosure:
        if self.low < 0 < self.high:
            return Enclosure(0, max(-self.low, self.high))
        return self if self.low >= 0 else -self

    def __str__(self) -> str:
        if self.low <= 0 <= self.high and self.is_narrow:
            return "0.000000000000…"  # not 0…, which looks like 0
        return f"{self.decimal(12)}…"

    def decimal(self, digits: int) -> str:
        """Its middle, rounded to so many digits; 0 where it may be 0 and is narrow."""
        if self.low <= 0 <= self.high and self.is_narrow:
            return "0"
        return rounded(Fraction(self.low + self.high, 2 * ONE), digits)


def rounded(value: Fraction, digits: int) -> str:
    """A fraction of any size to so many digits: 0.0497871, 1.97007e+434."""
    try:
        return f"{float(value):.{digits}g}"
    except OverflowError:
        with localcontext(prec=digits):
            return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():e}"


def exponential(value: Any) -> Enclosure:
    """e to a fraction or an enclosed number. Raises ModelError for exponents that are too large to write out."""
    inside = Enclosure.of(value)
    return Enclosure(_exponential_end(inside.low)[0], _exponential_end(inside.high)[1])


def logarithm(value: Any) -> Enclosure:
    """Raises ModelError unless the number is known to be positive."""
    inside = Enclosure.of(value)
    if inside.low <= 0:
        outside = "the logarithm of what is not positive"
        raise (DomainError if inside.high <= 0 else ModelError)(outside)
    return Enclosure(_logarithm_end(inside.low)[0], _logarithm_end(inside.high)[1])


def square_root(value: Any) -> Enclosure:
    """Raises ModelError unless the number is known not to be negative."""
    inside = Enclosure.of(value)
    if inside.low < 0:
        outside = "the square root of what is negative"
        raise (DomainError if inside.high < 0 else ModelError)(outside)
    high = isqrt(inside.high * ONE)
    return Enclosure(isqrt(inside.low * ONE), high + (high * high < inside.high * ONE))


@lru_cache(maxsize=4096)
def _exponential_end(end: int) -> tuple[int, int]:
    """Bounds for e^(end / ONE): Taylor's series at a small part of |end|, squared up again."""
    if abs(end) > LARGEST_EXPONENT * ONE:
        raise ModelError("an exponential too large to write out")
    unit = 1 << WORKING
    whole = abs(end) << (WORKING - BITS)
    halvings = max(0, whole.bit_length() - WORKING + 8)
    low, high = whole >> halvings, -(-whole >> halvings)
    sums, terms = [unit, unit], [unit, unit]
    order = 0
    while terms[1] > 1:
        order += 1
        terms = [terms[0] * low // (unit * order), _up(terms[1] * high, unit * order)]
        sums = [sums[0] + terms[0], sums[1] + terms[1]]
    sums[1] += 2 * terms[1]  # what is left is less than the last term, for each is less than half the one before
    for _ in range(halvings):
        sums = [sums[0] * sums[0] // unit, _up(sums[1] * sums[1], unit)]
    if end < 0:
        sums = [unit * unit // sums[1], _up(unit * unit, sums[0])]
    shift = 1 << (WORKING - BITS)
    return sums[0] // shift, _up(sums[1], shift)


@lru_cache(maxsize=4096)
def _logarithm_end(end: int) -> tuple[int, int]:
    """Bounds for log(end / ONE): with end = m 2^e and 1 ≤ m < 2 it is e log 2 + 2 artanh((m − 1)/(m + 1))."""
    power = end.bit_length() - 1
    mantissa = Fraction(end, 1 << power)
    low, high = _twice_artanh((mantissa - 1) / (mantissa + 1))
    two = _twice_artanh(Fraction(1, 3))
    exponent = power - BITS
    multiples = sorted((exponent * two[0], exponent * two[1]))
    shift = 1 << (WORKING - BITS)
    return (low + multiples[0]) // shift, _up(high + multiples[1], shift)


def _twice_artanh(z: Fraction) -> tuple[int, int]:
    """Bounds, in units of 2^-WORKING, for 2 artanh(z) = 2 (z + z³/3 + z⁵/5 + …), 0 ≤ z ≤ 1/3."""
    unit = 1 << WORKING
    powers = [z.numerator * unit // z.denominator, _up(z.numerator * unit, z.denominator)]
    square = [z.numerator**2 * unit // z.denominator**2, _up(z.numerator**2 * unit, z.denominator**2)]
    sums, order = [0, 0], 1
    while powers[1] > 1:
        sums = [sums[0] + powers[0] // order, sums[1] + _up(powers[1], order)]
        powers = [powers[0] * square[0] // unit, _up(powers[1] * square[1], unit)]
        order += 2
    return 2 * sums[0], 2 * (sums[1] + 2 * powers[1])  # each term is at most a ninth of the one before
