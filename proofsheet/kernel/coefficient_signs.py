"""Factors and signs of coefficients: rational functions of parameters, dimensions and the generators of `elementary`.

A sign is read from the form alone. Every variable is moved so that its domain begins at 0: a dimension k ≥ 1 is 1 + j with
j ≥ 0, a p in (0, 1) is 1/(1 + q) with q > 0 (and the polynomial is multiplied by a power of 1 + q). A polynomial is then
non-negative if no term is negative, and positive if one of its terms can not vanish either.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from math import comb
from typing import Any, NamedTuple

from sympy import Symbol

from proofsheet.kernel.domains import Sign
from proofsheet.kernel.normal_form import Coefficient, KernelError

MOST_TERMS = 200  # of a polynomial that is to be factored or whose sign is asked for
HIGHEST_DEGREE = 100  # of a sum that is to be factored; 1 + exp(200 x) + exp(101 x) takes SymPy many seconds

NumberedTerms = dict[tuple[int, ...], int]  # from exponents to coefficients
Polynomial = Any  # an element of SymPy's PolyRing over ZZ


class Factored(NamedTuple):
    """number · Π factor**exponent; the factors are oriented, see `CoefficientSigns.oriented`."""

    number: Fraction
    factors: tuple[tuple[Polynomial, int], ...]


class CoefficientSigns:
    """The signs of the elements of one field; `units` are the parameters that lie in (0, 1)."""

    def __init__(self, ring: Any, units: Collection[Symbol]) -> None:
        self._ring = ring
        self._domains = [_domain(symbol, units) for symbol in ring.symbols]
        self._known: dict[Polynomial, Sign] = {}
        self._factored: dict[Coefficient, Factored] = {}

    # ---- signs ------------------------------------------------------------------------------------------------

    def sign(self, polynomial: Polynomial) -> Sign:
        """What the form of a polynomial says of its sign."""
        if polynomial not in self._known:
            self._known[polynomial] = self._sign_of_terms(
                {exponents: int(value) for exponents, value in polynomial.terms()}
            )
        return self._known[polynomial]

    def _sign_of_terms(self, terms: NumberedTerms) -> Sign:
        for place, domain in enumerate(self._domains):
            if len(terms) > MOST_TERMS:
                return Sign.UNKNOWN
            if terms and domain in ("unit", "natural"):
                terms = _moved(terms, place, domain)
        signs = [self._sign_of_term(exponents, value) for exponents, value in terms.items()]
        return Sign.UNKNOWN if Sign.UNKNOWN in signs else max(signs, default=Sign.NONNEGATIVE)

    def _sign_of_term(self, exponents: tuple[int, ...], value: int) -> Sign:
        there = [(power, domain) for power, domain in zip(exponents, self._domains, strict=True) if power]
        if value < 0 or any(power % 2 and domain == "real" for power, domain in there):
            return Sign.UNKNOWN
        return Sign.POSITIVE if all(domain in ("positive", "unit") for _, domain in there) else Sign.NONNEGATIVE

    def is_nonnegative(self, value: Coefficient) -> bool:
        """Whether the form shows that a field element is ≥ 0 where it has a value."""
        if not value:
            return True
        number, factors = self.factored(value)
        return number > 0 and all(
            exponent % 2 == 0 or self.sign(factor) is not Sign.UNKNOWN for factor, exponent in factors
        )

    def is_nonzero(self, value: Coefficient) -> bool:
        """Whether the form keeps a field element away from 0."""
        return bool(value) and all(
            exponent < 0 or self.sign(factor) is Sign.POSITIVE for factor, exponent in self.factored(value).factors
        )

    # ---- factors ----------------------------------------------------------------------------------------------

    def factored(self, value: Coefficient) -> Factored:
        """A field element other than 0 as a number times powers of oriented polynomials.

        The factors are SymPy's; that they multiply to what was factored is checked here. Nothing rests on their being
        irreducible.
        """
        if value not in self._factored:
            number, factors = Fraction(1), dict[Polynomial, int]()
            for part, direction in ((value.numer, 1), (value.denom, -1)):
                content, found = self._factors(part)
                number *= Fraction(content) ** direction
                for factor, exponent in found:
                    upright, turned = self.oriented(factor)
                    number *= (-1) ** (exponent * turned)
                    factors[upright] = factors.get(upright, 0) + exponent * direction
            kept = sorted(((one, times) for one, times in factors.items() if times), key=lambda item: str(item[0]))
            self._factored[value] = Factored(number, tuple(kept))
        return self._factored[value]

    def _factors(self, polynomial: Polynomial) -> tuple[int, list[tuple[Polynomial, int]]]:
        if len(polynomial) > MOST_TERMS or (len(polynomial) > 1 and max(polynomial.degrees()) > HIGHEST_DEGREE):
            return 1, [(polynomial, 1)]
        content, found = polynomial.factor_list()
        product = self._ring.ground_new(content)
        for factor, exponent in found:
            product *= factor**exponent
        if product != polynomial:
            raise KernelError(f"the factors of {polynomial.as_expr()} do not multiply to it")
        return int(content), found

    def oriented(self, factor: Polynomial) -> tuple[Polynomial, bool]:
        """±factor, and whether its sign was turned: the one that is not negative by form, else with a positive last term."""
        if self.sign(factor) is not Sign.UNKNOWN:
            return factor, False
        turned = self.sign(-factor) is not Sign.UNKNOWN or factor.terms()[-1][1] < 0
        return (-factor, True) if turned else (factor, False)


def _domain(symbol: Symbol, units: Collection[Symbol]) -> str:
    """real, nonnegative, positive, unit (in (0, 1)) or natural (1, 2, 3, ...)."""
    facts = symbol.assumptions0
    if facts.get("integer"):
        return "natural" if facts.get("positive") else "real"
    if facts.get("positive"):
        return "unit" if symbol in units else "positive"
    return "nonnegative" if facts.get("nonnegative") else "real"


def _moved(terms: NumberedTerms, place: int, domain: str) -> NumberedTerms:
    """The polynomial with k = 1 + j, or times (1 + q)**degree with p = 1/(1 + q), at one place."""
    degree = max(exponents[place] for exponents in terms)
    result: NumberedTerms = {}
    for exponents, value in terms.items():
        power = exponents[place] if domain == "natural" else degree - exponents[place]
        for new in range(power + 1):
            moved = (*exponents[:place], new, *exponents[place + 1 :])
            result[moved] = result.get(moved, 0) + value * comb(power, new)
    return {exponents: value for exponents, value in result.items() if value}
