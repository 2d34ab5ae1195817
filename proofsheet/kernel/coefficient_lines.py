"""A coefficient with generators as a line again, exp(t) for its generator; for printing conditions and refusals."""

from __future__ import annotations

from functools import reduce

from sympy import Expr

from proofsheet.kernel.generators import EXPONENTIAL, LOGARITHM, Generators
from proofsheet.notation.elementary import Exponential, Logarithm, SymbolicPower
from proofsheet.notation.scope import Names
from proofsheet.notation.tree import Coefficient, Minus, Node, Number, Plus, Power, Product, Quotient


class ReadBack:
    """Lines over the names and generators of one derivation."""

    def __init__(self, names: Names, generators: Generators) -> None:
        self._names, self._meaning = names, generators.meaning

    def line(self, value: Expr) -> Node:
        """A rational function of parameters, dimensions and generators; without generators it is one `Coefficient`."""
        if value.free_symbols.isdisjoint(self._meaning):
            known = [node for node in self._names.of_symbols() if node.symbol == value] if value.is_Symbol else []
            return known[0] if known else Coefficient(value)
        if value.is_Symbol:
            return self._generator(value)
        if value.is_Add:
            return reduce(Plus, map(self._signed, value.as_ordered_terms()))
        top, bottom = value.as_numer_denom()
        if bottom != 1:
            return Quotient(self.line(top), self.line(bottom))
        if value.is_Pow:
            return Power(self.line(value.base), Number(value.exp))
        if value.could_extract_minus_sign():
            return Minus(self.line(-value))
        return Product(*map(self.line, value.as_ordered_factors()))

    def _signed(self, term: Expr) -> Node:
        return Minus(self.line(-term)) if term.could_extract_minus_sign() else self.line(term)

    def _generator(self, symbol: Expr) -> Node:
        meaning = self._meaning[symbol]
        if meaning.kind == EXPONENTIAL:
            return Exponential(self.line(meaning.argument / meaning.denominator))
        if meaning.kind == LOGARITHM:
            return Logarithm(self.line(meaning.argument))
        exponent = Plus(self.line(meaning.exponent), Minus(Number(1)))
        return SymbolicPower(self.line(meaning.argument), exponent)
