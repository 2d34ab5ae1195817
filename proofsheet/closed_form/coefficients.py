"""Coefficients the way authors write them: (n − 1) c/n, p (1 − p), δ/(1 − δ), never expanded.

Numbers first, then dimensions, then parameters in the order in which the setting met them. A factor turns its sign to
the side that the declared domains know to be positive: 1 − p for p in (0, 1), n − 1 for a dimension.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Rational, Symbol

from proofsheet.kernel.domains import sign
from proofsheet.kernel.normal_form import Algebra
from proofsheet.notation.scope import Names
from proofsheet.notation.tree import Coefficient, Dimension, Minus, Node, Number, Plus, Power, Product, Quotient

SignedTerm = tuple[bool, Node]  # whether it is subtracted, and what


def added(terms: Iterable[SignedTerm]) -> Node:
    """The sum of one or more terms; a positive one comes first if there is one."""
    ordered = list(terms)
    first = next((position for position, (negative, _) in enumerate(ordered) if not negative), 0)
    ordered = [ordered[first], *ordered[:first], *ordered[first + 1 :]]
    nodes = [Minus(node) if negative else node for negative, node in ordered]
    return Plus(*nodes) if len(nodes) > 1 else nodes[0]


def multiplied(factors: Iterable[Node]) -> Node:
    """The product of factors, one if there are none."""
    nodes = list(factors)
    return Product(*nodes) if len(nodes) > 1 else nodes[0] if nodes else Number(1)


def to_power(base: Node, exponent: int) -> Node:
    return base if exponent == 1 else Power(base, Number(exponent))


class Coefficients:
    """Reads elements of one algebra's field."""

    def __init__(self, names: Names, algebra: Algebra) -> None:
        declared = {node.symbol: node for node in names.of_symbols()}
        symbols: list[Symbol] = list(algebra.field.symbols)
        self._nodes: list[Node] = [declared.get(symbol, Coefficient(symbol)) for symbol in symbols]
        order = [*declared, *(symbol for symbol in symbols if symbol not in declared)]
        self._places = [order.index(symbol) for symbol in symbols]
        self._is_dimension = [isinstance(node, Dimension) for node in self._nodes]
        self._field = algebra.field

    def factors(self, value: Any) -> tuple[bool, tuple[Node, ...]]:
        """Whether the value is subtracted, and the factors of its absolute form; none for one."""
        if self._is_one_and_a_part(value):
            return False, (added([(False, Number(1)), *self.terms(value - 1)]),)
        turned_above, above_number, above = self._factored(value.numer)
        turned_below, below_number, below = self._factored(value.denom)
        negative = turned_above != turned_below
        if not below and (not above or below_number == 1):
            number = Rational(above_number, below_number)
            return negative, (*(() if number == 1 else (Number(number),)), *above)
        top = above if above_number == 1 else [Number(above_number), *above]
        bottom = below if below_number == 1 else [Number(below_number), *below]
        return negative, (Quotient(multiplied(top), multiplied(bottom)),)

    def _is_one_and_a_part(self, value: Any) -> bool:
        """Whether it reads like 1 − ηλ/n: one, and a product of parameters over dimensions."""
        rest = value - 1
        if len(rest.numer) != 1 or rest.denom != value.denom or rest.denom.is_ground:
            return False
        return any(map(self._parameters, rest.numer)) and not any(map(self._parameters, rest.denom))

    def terms(self, value: Any) -> list[SignedTerm]:
        """A value that stands alone, as a sum collected by parameters: v/n + (n − 1) c/n."""
        split = self._split(value)
        if len(split) > 1:
            return [term for part in split for term in self.terms(part)]
        negative, factors = self.factors(value)
        if len(factors) == 1 and isinstance(factors[0], Plus):
            inner = ((True, one.args[0]) if isinstance(one, Minus) else (False, one) for one in factors[0].args)
            return [(negative != subtracted, node) for subtracted, node in inner]
        return [(negative, multiplied(factors))]

    def _split(self, value: Any) -> list[Any]:
        """The value cut along the one factor of its numerator that is a sum over several parameters."""
        sums = [(factor, times) for factor, times in value.numer.factor_list()[1] if self._is_long(factor)]
        if len(sums) != 1 or sums[0][1] != 1:
            return [value]
        rest = value / self._field(sums[0][0])
        return [rest * self._field(part) for _, part in self._by_parameters(sums[0][0])]

    def _is_long(self, polynomial: Any) -> bool:
        groups = [key for key, _ in self._by_parameters(polynomial)]
        return len(groups) > 2 or sum(any(key) for key in groups) > 1

    def _factored(self, polynomial: Any) -> tuple[bool, int, list[Node]]:
        """Sign, whole number and factors, in the order in which they are written."""
        number, parts = _irreducible(polynomial)
        negative = number < 0
        found: list[tuple[Any, Node]] = []
        for factor, times in parts:
            odd = times % 2 == 1
            turned, place, node = self._oriented(factor, negative and odd)
            negative ^= turned and odd
            found.append((place, to_power(node, times)))
        return negative, abs(int(number)), [node for _, node in sorted(found, key=lambda item: item[0])]

    def _oriented(self, factor: Any, against_minus: bool) -> tuple[bool, Any, Node]:
        """A factor with the sign that reads best: whether it was turned, its place in the product, its node."""
        used = [position for position in range(len(self._nodes)) if any(term[position] for term in factor)]
        place = (
            not all(self._is_dimension[position] for position in used),
            len(factor) > 1,  # p (1 − p), n (n − 1)
            max(self._places[position] for position in used),
        )
        if len(factor) == 1:
            return False, place, self._nodes[used[0]]
        node, mirrored = self._sum(factor), self._sum(-factor)
        turned = sign(mirrored) > sign(node) or (against_minus and sign(mirrored) == sign(node))
        return turned, place, mirrored if turned else node

    def _sum(self, polynomial: Any) -> Node:
        return added(term for _, part in self._by_parameters(polynomial) for term in self._group(part))

    def _group(self, part: Any) -> list[SignedTerm]:
        """Terms that share their parameters: one product, or a plain sum where there are none."""
        if len(part) > 1 and not any(self._parameters(term) for term in part):
            ordered = sorted(part.terms(), key=lambda item: (-sum(item[0]), [-power for power in item[0]]))
            return [self._signed(part.ring({exponents: value})) for exponents, value in ordered]
        return [self._signed(part)]

    def _signed(self, polynomial: Any) -> SignedTerm:
        negative, number, factors = self._factored(polynomial)
        return negative, multiplied(factors if number == 1 and factors else [Number(number), *factors])

    def _by_parameters(self, polynomial: Any) -> list[tuple[tuple[int, ...], Any]]:
        """The polynomial collected by powers of its parameters, in their order; the part without them last."""
        groups: dict[tuple[int, ...], Any] = {}
        for exponents, value in polynomial.terms():
            key = self._parameters(exponents)
            groups[key] = groups.get(key, polynomial.ring.zero) + polynomial.ring({exponents: value})
        return sorted(groups.items(), key=lambda item: (not item[0], [-power for power in item[0]]))

    def _parameters(self, exponents: tuple[int, ...]) -> tuple[int, ...]:
        """The powers of the parameters, in the setting's order; empty where there are none."""
        powers = [
            (place, power)
            for place, power, is_dimension in zip(self._places, exponents, self._is_dimension, strict=True)
            if not is_dimension
        ]
        found = tuple(power for _, power in sorted(powers))
        return found if any(found) else ()


def _irreducible(polynomial: Any) -> tuple[Any, list[tuple[Any, int]]]:
    """A number and factors with their powers; a sum of two terms, as 1 − α², is not broken up further."""
    shared = [min(exponents) for exponents in zip(*polynomial.monoms(), strict=True)]
    number, rest = polynomial.primitive()
    rest = rest.exquo(polynomial.ring({tuple(shared): 1}))
    if len(rest) != 2:
        return polynomial.factor_list()
    symbols = [(generator, power) for generator, power in zip(polynomial.ring.gens, shared, strict=True) if power]
    return number, [*symbols, (rest, 1)]
