"""A normal form as a line again, with every sum written out; for printing side conditions, nothing rests on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any

from sympy import Integer, Tuple

from proofsheet.kernel.coefficient_lines import ReadBack
from proofsheet.kernel.generators import Generators
from proofsheet.kernel.normal_form import ABSOLUTE, EXP, LOG, POWER, SIGNUM, Factor, Polynomial
from proofsheet.kernel.rules import index_key
from proofsheet.notation.elementary import Exponential, Logarithm, SymbolicPower
from proofsheet.notation.expectations import Expectation
from proofsheet.notation.functions import AbsoluteValue, Applied, Function, Root, Signum
from proofsheet.notation.indices import Index
from proofsheet.notation.scope import Names, free_indices
from proofsheet.notation.tree import Element, IndexedSum, KroneckerDelta, Minus, Node, Number, Plus, Product
from proofsheet.notation.variables import Defined, Variable

LETTERS = "kijlpqrstuabcdefgh"


_KNOWN: dict[str, Callable[[Node], Node]] = {
    ABSOLUTE: AbsoluteValue,
    SIGNUM: Signum,
    EXP: Exponential,
    LOG: Logarithm,
}


class _NoPlainForm(Exception):
    pass


class PlainSums:
    """Lines over the names of one derivation."""

    def __init__(self, names: Names, generators: Generators) -> None:
        self._coefficient = ReadBack(names, generators).line
        self._symbols: dict[str, Node] = {node.name: node for node in names.of_kind(Variable, Defined)}
        self._functions = {node.name: node for node in names.of_kind(Function)}
        taken = {node.name for node in names.of_kind(Index)} | set(self._symbols)
        self._indices = {index_key(node): node for node in names.of_kind(Index)}
        self._letters = iter([letter for letter in LETTERS if letter not in taken])
        self._every: list[Index] = []

    def line(self, polynomial: Polynomial) -> tuple[Node | None, tuple[Index, ...]]:
        """The polynomial as sums of products, and the indices in it that no line has; None if it has no plain form."""
        try:
            line = self._sum(polynomial, dict(self._indices))
        except (_NoPlainForm, StopIteration):
            return None, ()
        return line, tuple(index for index in self._every if index in free_indices(line))

    def _sum(self, polynomial: Polynomial, known: dict[str, Index]) -> Node:
        terms = [
            self._term(monomial, value, known) for monomial, value in sorted(polynomial.items(), key=lambda m: m[0])
        ]
        return reduce(Plus, terms) if terms else Number(0)

    def _term(self, monomial: Any, value: Any, known: dict[str, Index]) -> Node:
        bound, factors = monomial
        here = dict(known)
        for factor in factors:
            for name, size in self._ranges(factor):
                if name not in here:
                    here[name] = Index(next(self._letters), size)
                    if name not in dict(bound):
                        known[name] = here[name]
                        self._every.append(here[name])
        if any(name not in here for name, _ in bound):
            raise _NoPlainForm
        parts: list[Node] = [self._factor(factor, here) for factor in factors]
        if value != 1 or not parts:
            parts.insert(0, self._coefficient(value.as_expr()))
        body = Product(*parts) if len(parts) > 1 else parts[0]
        for name, _ in reversed(bound):
            body = IndexedSum(here[name], body)
        return body

    def _ranges(self, factor: Factor) -> Iterator[tuple[str, Node]]:
        """The indices of the entries in a factor with the sizes that they run to."""
        if factor.head.kind == "entry" and factor.head.name in self._symbols:
            sizes = [size for size in self._symbols[factor.head.name].shape if size != Number(1)]
            yield from zip(factor.indices, sizes, strict=True)
        for body in factor.bodies:
            for (bound, factors), _ in body:
                inner = {name for name, _ in bound}
                for part in factors:
                    yield from ((name, size) for name, size in self._ranges(part) if name not in inner)

    def _factor(self, factor: Factor, here: dict[str, Index]) -> Node:
        head, bodies = factor.head, [dict(body) for body in factor.bodies]
        if head.kind == "expectation":
            return Expectation(self._sum(bodies[0], here))
        if head.kind == "root":
            return Root(self._sum(bodies[0], here))
        if head.name in _KNOWN:
            return _KNOWN[head.name](self._sum(bodies[0], here))
        if head.name == POWER:
            base, dimension = (self._sum(body, here) for body in bodies)
            return SymbolicPower(base, Plus(dimension, Minus(Number(1))))
        if head.kind == "function" and not any(head.detail[1]):
            orders = Tuple(*map(Integer, head.detail[0]))
            return Applied(self._functions[head.name], orders, *(self._sum(body, here) for body in bodies))
        if any(name not in here for name in factor.indices):
            raise _NoPlainForm
        places = [here[name] for name in factor.indices]
        if head.kind == "delta":
            return KroneckerDelta(*places)
        if head.kind != "entry" or head.name not in self._symbols:
            raise _NoPlainForm
        symbol = self._symbols[head.name]
        return Element(symbol, *places) if places else symbol
