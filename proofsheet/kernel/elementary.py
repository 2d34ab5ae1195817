"""exp, log and symbolic powers of coefficients, as elements of a field with generators.

Each function here returns a field element with the same value as the function at every point where the line is defined
and its side conditions hold. The rules:

    exp(Σ r b) = Π exp(b/q)^(r q)       over the terms r b of the exponent, r a rational number, q its generator's
    exp(c log f) = fᶜ                   for a whole number c (f > 0 is a condition of log f)
    log(Π fᵉ · R) = Σ e log f + log R   over the factors f that are positive by form; then R > 0 as the product is
    log(exp(b/q)) = b/q                 for a generator
    (Π fᵉ)^(Σ cᵢkᵢ + c) = Π f^(e…)      for whole exponents; f^k = f · f^(k−1), and k − 1 ≥ 0 for every dimension k
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from math import gcd
from typing import Any

from sympy import Dummy, Expr, Symbol, factorint

from proofsheet.kernel.coefficient_signs import CoefficientSigns
from proofsheet.kernel.domains import Sign
from proofsheet.kernel.generators import EXPONENTIAL, LOGARITHM, POWER, FieldGrows, Generators
from proofsheet.kernel.normal_form import CONSTANT, HIGHEST_POWER, SIGNUM, Algebra, Coefficient, Factor, KernelError

LARGEST_TRIAL = 10_000  # of the primes that a number is divided by; what is left is taken whole
HIGHEST_MULTIPLE = 1_000  # of an exponent


class Elementary:
    """Functions of coefficients in the field of one algebra."""

    def __init__(self, algebra: Algebra, generators: Generators, units: Collection[Symbol] = ()) -> None:
        self.algebra, self.generators = algebra, generators
        self.signs = CoefficientSigns(algebra.field.ring, units)
        self._symbols = set(algebra.field.symbols)

    # ---- exp --------------------------------------------------------------------------------------------------

    def exponential(self, exponent: Coefficient) -> Coefficient:
        """exp of a coefficient."""
        result = self.algebra.one
        for basis, multiple in self._multiples(exponent):
            result = self.algebra.times(result, self._exponential_of_term(basis, multiple))
        return result

    def _multiples(self, value: Coefficient) -> Iterator[tuple[Coefficient, Fraction]]:
        """The value as a sum of rational multiples of monomials over one primitive polynomial."""
        content, primitive = value.denom.primitive()
        if primitive * content != value.denom:
            raise KernelError(f"the content of {value.denom.as_expr()} is not {content}")
        ring = self.algebra.field.ring
        for exponents, number in value.numer.terms():
            basis = self.element(ring.from_dict({exponents: ring.domain.one})) / self.element(primitive)
            yield self._settled(basis), Fraction(int(number), int(content))

    def _exponential_of_term(self, basis: Coefficient, multiple: Fraction) -> Coefficient:
        known = self._as_generator(basis)
        meaning = self.generators.meaning[known] if known is not None else None
        if meaning is not None and meaning.kind == LOGARITHM and multiple.denominator == 1:
            return self.power_of(self._from_expression(meaning.argument), multiple.numerator)
        symbol, denominator = self.generators.exponential(basis.as_expr(), multiple.denominator)
        times = multiple.numerator * (denominator // multiple.denominator)
        if abs(times) > HIGHEST_MULTIPLE:
            raise KernelError(f"exp of {multiple} · {basis.as_expr()}: multiples go up to {HIGHEST_MULTIPLE}")
        return self._settled(self._variable(symbol) ** times)

    def exponent_of(self, value: Coefficient) -> Coefficient | None:
        """u, where the value is the generator exp(u)."""
        known = self._as_generator(value)
        meaning = self.generators.meaning[known] if known is not None else None
        if meaning is None or meaning.kind != EXPONENTIAL:
            return None
        argument = self._from_expression(meaning.argument)
        return self.algebra.times(argument, self.algebra.inverse(self.algebra.integer(meaning.denominator)))

    # ---- log --------------------------------------------------------------------------------------------------

    def logarithm(self, value: Coefficient) -> tuple[Coefficient, bool]:
        """log of a coefficient, and whether its form shows that it is positive; if not, that must be a condition.

        Raises KernelError for what its form shows not to be positive.
        """
        if not value:
            raise KernelError("log of 0 has no meaning")
        number, factors = self.signs.factored(value)
        rest: list[tuple[Any, int]] = []
        result = self._logarithm_of_number(abs(number))
        for factor, exponent in factors:
            if self.signs.sign(factor) is Sign.POSITIVE:
                own = self._logarithm_of_positive(factor)
                result = self.algebra.plus(result, self.algebra.times(own, self.algebra.integer(exponent)))
            else:
                rest.append((factor, exponent))
        if not rest and number < 0:
            raise KernelError(f"log of {value.as_expr()} has no meaning: it is negative")
        if rest:
            result = self.algebra.plus(result, self._logarithm_of_rest(number < 0, rest))
        return result, not rest

    def _logarithm_of_number(self, number: Fraction) -> Coefficient:
        total = self.algebra.integer(0)
        for part, direction in ((number.numerator, 1), (number.denominator, -1)):
            for prime, times in divisors(part):
                own = self._generator(LOGARITHM, self.algebra.integer(prime).as_expr())
                total = self.algebra.plus(total, self.algebra.times(own, self.algebra.integer(direction * times)))
        return total

    def _logarithm_of_positive(self, factor: Any) -> Coefficient:
        exponent = self.exponent_of(self.element(factor))
        if exponent is not None:
            return exponent
        known = self._as_generator(self.element(factor))
        meaning = self.generators.meaning[known] if known is not None else None
        if meaning is not None and meaning.kind == POWER and meaning.exponent is not None:
            base, shown = self.logarithm(self._from_expression(meaning.argument))
            if shown:
                exponent = self._from_expression(meaning.exponent - 1)
                return self.algebra.times(base, exponent)
        return self._generator(LOGARITHM, factor.as_expr())

    def _logarithm_of_rest(self, negative: bool, factors: list[tuple[Any, int]]) -> Coefficient:
        """log R for R = ±Π fᵉ > 0, as a multiple of the log of its root, or of minus that of 1/R."""
        turn = -1 if factors[0][1] < 0 else 1
        common = gcd(*(exponent for _, exponent in factors))
        even = common % 2 == 0
        if even and negative:
            raise KernelError("log of minus a square has no meaning")
        degree = common // 2 if even else common  # T**degree = R with T = S² or S, so that T > 0 where R > 0
        root = self.algebra.integer(-1 if negative else 1)
        for factor, exponent in factors:
            root = self._settled(root * self.element(factor) ** (turn * exponent // degree))
        own = self._generator(LOGARITHM, root.as_expr())
        return self.algebra.times(own, self.algebra.integer(turn * degree))

    # ---- powers -----------------------------------------------------------------------------------------------

    def power(self, base: Coefficient, exponent: Coefficient) -> tuple[Coefficient, bool]:
        """base to a whole power, and whether that has a meaning by form; if not, base ≠ 0 must be a condition.

        Raises KernelError where it has none.
        """
        multiples, constant = self.linear(exponent)
        if not exponent:
            return self.algebra.one, True
        defined = min([0, *multiples.values()]) >= 0 and constant + sum(multiples.values()) >= 0
        if not base:
            if not defined or constant + sum(multiples.values()) < 1:
                raise KernelError(f"0 to the power {exponent.as_expr()}: that may be 0 or negative")
            return base, True
        number, factors = self.signs.factored(base)
        result = self._power_of_sign(number < 0, multiples, constant)
        for part, direction in ((abs(number).numerator, 1), (abs(number).denominator, -1)):
            for prime, times in divisors(part):
                own = self._power_of_factor(self.algebra.integer(prime), direction * times, multiples, constant)
                result = self.algebra.times(result, own)
        for factor, times in factors:
            own = self._power_of_factor(self.element(factor), times, multiples, constant)
            result = self.algebra.times(result, own)
        return result, defined or self.signs.is_nonzero(base)

    def linear(self, exponent: Coefficient) -> tuple[dict[Symbol, int], int]:
        """A whole exponent as whole multiples of dimensions, and a whole number. Raises KernelError if it is none."""
        ring, multiples, constant = self.algebra.field.ring, dict[Symbol, int](), 0
        for exponents, number in exponent.numer.terms():
            there = [symbol for symbol, power in zip(ring.symbols, exponents, strict=True) if power]
            if sum(exponents) > 1 or not all(symbol.is_integer and symbol.is_positive for symbol in there):
                raise KernelError(f"the exponent {exponent.as_expr()} is no sum of whole multiples of dimensions")
            if there:
                multiples[there[0]] = int(number)
            else:
                constant = int(number)
        if exponent.denom != 1:
            raise KernelError(f"the exponent {exponent.as_expr()} is no whole number")
        return multiples, constant

    def _power_of_factor(
        self, base: Coefficient, times: int, multiples: dict[Symbol, int], constant: int
    ) -> Coefficient:
        """base**(times · (Σ c k + constant)), by base**k = base · base**(k − 1)."""
        exponent = self.exponent_of(base)
        if exponent is not None:
            return self.exponential(self.algebra.times(exponent, self._whole(times, multiples, constant)))
        result = self.power_of(base, times * (constant + sum(multiples.values())))
        positive = base.denom == 1 and self.signs.sign(base.numer) is Sign.POSITIVE
        for dimension, multiple in multiples.items():
            symbol = self.generators.symbol(POWER, base.as_expr(), dimension, positive)
            result = self.algebra.times(result, self._settled(self._variable(symbol) ** (times * multiple)))
        return result

    def _whole(self, times: int, multiples: dict[Symbol, int], constant: int) -> Coefficient:
        """times · (Σ c k + constant)."""
        total = self.algebra.integer(constant)
        for dimension, multiple in multiples.items():
            own = self.algebra.times(self.algebra.integer(multiple), self._from_expression(dimension))
            total = self.algebra.plus(total, own)
        return self.algebra.times(total, self.algebra.integer(times))

    def _power_of_sign(self, negative: bool, multiples: dict[Symbol, int], constant: int) -> Coefficient:
        """(±1)**(Σ c k + constant): even multiples of a dimension leave it as it is."""
        if not negative:
            return self.algebra.one
        odd = {dimension: 1 for dimension, multiple in multiples.items() if multiple % 2}
        return self._power_of_factor(self.algebra.integer(-1), 1, odd, constant % 2)

    # ---- signs that change nothing -----------------------------------------------------------------------------

    def idle_sign(self, coefficient: Coefficient, signs: list[Factor]) -> tuple[Coefficient, Coefficient, list[Factor]]:
        """f sgn(f) = f for an f ≥ 0, f sgn(f)² = f, sgn³ = sgn: (a part, the rest, the signs that fall away beside the part).

        `signs` are factors of one monomial.
        """
        for factor in signs:
            body = dict(factor.bodies[0])
            if factor.head.name == SIGNUM and signs.count(factor) > 2:
                return coefficient, self.algebra.integer(0), [factor] * 2
            if factor.head.name != SIGNUM or set(body) != {CONSTANT} or body[CONSTANT].denom != 1:
                continue
            argument = body[CONSTANT].numer
            gone = [factor] if self.signs.sign(argument) is not Sign.UNKNOWN else [factor] * 2
            if signs.count(factor) < len(gone):
                continue
            (quotient,), rest = _divided(coefficient.numer, [argument])
            if quotient:
                denominator = self.algebra.inverse(self.element(coefficient.denom))
                parts = (self.algebra.times(self.element(part), denominator) for part in (quotient * argument, rest))
                return (*parts, gone)
        return self.algebra.integer(0), coefficient, []

    def is_zero(self, value: Coefficient) -> bool:
        """Whether a field element is 0 by ((−1)ᵏ)² = 1."""
        squares = [
            self._variable(symbol).numer ** 2 - 1
            for symbol in self._symbols & self.generators.meaning.keys()
            if self.generators.meaning[symbol].kind == POWER and self.generators.meaning[symbol].argument == -1
        ]
        return bool(squares) and not _divided(value.numer, squares)[1]

    # ---- the field --------------------------------------------------------------------------------------------

    def power_of(self, base: Coefficient, exponent: int) -> Coefficient:
        """A field element to a whole power. Raises KernelError if it is too long to expand."""
        highest = HIGHEST_POWER if len(base.numer) + len(base.denom) > 2 else HIGHEST_MULTIPLE
        if abs(exponent) > highest:
            raise KernelError(f"the power {exponent} of {base.as_expr()} is too long to expand")
        return self._settled(base**exponent)

    def element(self, polynomial: Any) -> Coefficient:
        """A polynomial as a field element."""
        return self._settled(self.algebra.field.field_new(polynomial))

    def _settled(self, value: Coefficient) -> Coefficient:
        return self.algebra.times(value, self.algebra.one)

    def _generator(self, kind: str, argument: Expr) -> Coefficient:
        return self._variable(self.generators.symbol(kind, argument))

    def _variable(self, symbol: Dummy) -> Coefficient:
        if symbol not in self._symbols:
            raise FieldGrows(f"the field has no variable for {self.generators.meaning[symbol].argument} yet")
        return self.algebra.coefficient(symbol)

    def _from_expression(self, expression: Expr) -> Coefficient:
        return self.algebra.coefficient(expression)

    def _as_generator(self, value: Coefficient) -> Dummy | None:
        """The generator that a field element is, if it is one."""
        if value.denom != 1 or not value.numer.is_generator:
            return None
        symbol = self.algebra.field.symbols[self.algebra.field.ring.gens.index(value.numer)]
        return symbol if symbol in self.generators.meaning else None


def _divided(polynomial: Any, by: list[Any]) -> tuple[list[Any], Any]:
    """Quotients and rest; that polynomial = Σ quotient · divisor + rest is checked."""
    quotients, rest = polynomial.div(by)
    total = rest
    for quotient, divisor in zip(quotients, by, strict=True):
        total += quotient * divisor
    if total != polynomial:
        raise KernelError(f"the division of {polynomial.as_expr()} leaves something out")
    return quotients, rest


def divisors(number: int) -> list[tuple[int, int]]:
    """The number as a product of powers, by small primes; what is left of it is one factor."""
    found = [(int(one), int(times)) for one, times in factorint(number, limit=LARGEST_TRIAL).items() if one != 1]
    product = 1
    for one, times in found:
        product *= one**times
    if product != number:
        raise KernelError(f"the factors of {number} do not multiply to it")
    return found
