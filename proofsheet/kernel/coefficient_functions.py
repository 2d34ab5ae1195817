"""|c|, sgn(c) and √c of coefficients, by the signs of their factors.

|c| = c sgn(c), and sgn of a product is the product of the signs; so |x| of a real parameter x is x sgn(x). √ takes the
half of every exponent out, √(f²ᵐ g) = |f|ᵐ √g, and is split over factors f ≥ 0, √(f g) = √f √g: where f = 0 both sides
are 0, whatever √g is, and elsewhere g ≥ 0 as f g is.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

from proofsheet.kernel.domains import Sign
from proofsheet.kernel.elementary import Elementary, divisors
from proofsheet.kernel.normal_form import (
    ABSOLUTE,
    CONSTANT,
    SIGNUM,
    Algebra,
    Coefficient,
    Factor,
    Head,
    Polynomial,
    freeze,
)


class CoefficientFunctions:
    """Polynomials over one algebra."""

    def __init__(self, algebra: Algebra, elementary: Elementary) -> None:
        self.algebra, self.elementary, self.signs = algebra, elementary, elementary.signs

    def signum(self, value: Coefficient) -> Polynomial:
        """sgn of a coefficient."""
        if not value:
            return {}
        number, factors = self.signs.factored(value)
        result = self.algebra.constant(self.algebra.integer(1 if number > 0 else -1))
        for factor, exponent in factors:
            times = 0 if exponent < 0 and exponent % 2 == 0 else 2 - exponent % 2
            for _ in range(times):
                result = self.algebra.multiply(result, self._sign_of(factor))
        return result

    def _sign_of(self, factor: Any) -> Polynomial:
        if self.signs.sign(factor) is Sign.POSITIVE:
            return self.algebra.constant(self.algebra.one)
        body = self.algebra.constant(self.elementary.element(factor))
        head = Head("function", SIGNUM, (), detail=((), ((),)))
        return self.algebra.single(self.algebra.applied(head, (), [(body, [])]))

    def absolute(self, value: Coefficient) -> Polynomial:
        """|c|, as c times the signs of the factors that have one."""
        if not value:
            return {}
        number, factors = self.signs.factored(value)
        result = self.algebra.constant(value if number > 0 else -value)
        for factor, exponent in factors:
            if exponent % 2 and self.signs.sign(factor) is Sign.UNKNOWN:
                result = self.algebra.multiply(result, self._sign_of(factor))
        return result

    def common(self, name: str, values: list[Coefficient]) -> Coefficient:
        """A c that divides all values, with |cu| = c |u|, or with sgn(cu) = sgn(u).

        That c divides them is checked here: where c = 0, c |u/c| would have no value.
        """
        top = reduce(lambda one, other: one.gcd(other), (value.numer for value in values))
        bottom = reduce(lambda one, other: one.lcm(other), (value.denom for value in values))
        if any(value.numer.rem(top) or bottom.rem(value.denom) for value in values):
            return self.algebra.one
        number, factors = self.signs.factored(self.elementary.element(top) / self.elementary.element(bottom))
        denominator = self.algebra.inverse(self.algebra.integer(abs(number).denominator))
        result = self.algebra.times(self.algebra.integer(abs(number).numerator), denominator)
        for factor, exponent in factors:
            sign = self.signs.sign(factor)
            if sign is Sign.POSITIVE or (name == ABSOLUTE and sign is Sign.NONNEGATIVE):
                result = self.algebra.times(result, self.elementary.power_of(self.elementary.element(factor), exponent))
        return result

    def root(self, value: Coefficient) -> tuple[Polynomial, bool]:
        """√c, and whether the form shows that c ≥ 0; if not, that must be a condition."""
        if not value:
            return {}, True
        number, factors = self.signs.factored(value)
        result = self._root_of_number(abs(number).numerator, abs(number).denominator)
        rest: list[Coefficient] = [] if number > 0 else [self.algebra.integer(-1)]
        for factor, exponent in factors:
            element, half = self.elementary.element(factor), exponent // 2
            outside = self.algebra.constant(self.elementary.power_of(element, half))
            if half % 2 and self.signs.sign(factor) is Sign.UNKNOWN:
                outside = self.algebra.multiply(outside, self._sign_of(factor))
            result = self.algebra.multiply(result, outside)
            if exponent % 2 and self.signs.sign(factor) is Sign.UNKNOWN:
                rest.append(element)
            elif exponent % 2:
                result = self.algebra.multiply(result, self._root_of(element))
        if rest:
            result = self.algebra.multiply(result, self._root_of(reduce(self.algebra.times, rest)))
        return result, not rest

    def _root_of_number(self, top: int, bottom: int) -> Polynomial:
        """√(top/bottom) = √(top · bottom)/bottom."""
        result = self.algebra.constant(self.algebra.inverse(self.algebra.integer(bottom)))
        for prime, times in divisors(top * bottom):
            outside = self.algebra.integer(prime ** (times // 2))
            result = self.algebra.scale(result, outside)
            if times % 2:
                result = self.algebra.multiply(result, self._root_of(self.algebra.integer(prime)))
        return result

    def _root_of(self, value: Coefficient) -> Polynomial:
        """√ of what is taken whole; √exp(u) = exp(u/2)."""
        exponent = self.elementary.exponent_of(value)
        if exponent is not None:
            half = self.algebra.inverse(self.algebra.integer(2))
            return self.algebra.constant(self.elementary.exponential(self.algebra.times(exponent, half)))
        return self.algebra.single(Factor(Head("root"), (), (freeze({CONSTANT: value}),)))
