"""A normal form as a line again, with every sum written out; for printing side conditions, nothing rests on it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

from proofsheet.kernel.normal_form import Factor, Polynomial
from proofsheet.kernel.rules import index_key
from proofsheet.notation.indices import Index
from proofsheet.notation.scope import Names
from proofsheet.notation.tree import (
    Coefficient,
    Dimension,
    Element,
    IndexedSum,
    KroneckerDelta,
    Node,
    Number,
    Plus,
    Product,
)
from proofsheet.notation.variables import Defined, Variable

LETTERS = "kijlpqrstuabcdefgh"


class _NoPlainForm(Exception):
    pass


class PlainSums:
    """Lines over the names of one derivation."""

    def __init__(self, names: Names) -> None:
        self._symbols: dict[str, Node] = {node.name: node for node in names.of_kind(Variable, Defined)}
        self._dimensions = {node.name: node for node in names.of_kind(Dimension)}
        self._indices = {index_key(node): node for node in names.of_kind(Index)}
        self._taken = {node.name for node in names.of_kind(Index)} | set(self._symbols)

    def line(self, polynomial: Polynomial) -> Node | None:
        """The polynomial as a sum of sums of products of entries; None if it holds anything else."""
        try:
            known = dict(self._indices)
            terms = [
                self._term(monomial, value, known) for monomial, value in sorted(polynomial.items(), key=lambda m: m[0])
            ]
        except _NoPlainForm:
            return None
        return reduce(Plus, terms) if terms else Number(0)

    def _term(self, monomial: Any, value: Any, known: dict[str, Index]) -> Node:
        bound, factors = monomial
        here = dict(known)
        letters = iter([letter for letter in LETTERS if letter not in self._taken])
        for factor in factors:
            for name, size in self._ranges(factor):
                if name not in here:
                    here[name] = Index(next(letters), size)
        parts: list[Node] = [self._entry(factor, here) for factor in factors]
        if value != 1 or not parts:
            parts.insert(0, Coefficient(value.as_expr()))
        body = Product(*parts) if len(parts) > 1 else parts[0]
        for name, _ in reversed(bound):
            body = IndexedSum(here[name], body)
        return body

    def _ranges(self, factor: Factor) -> Iterator[tuple[str, Node]]:
        """The indices of an entry with the sizes that they run to."""
        if factor.head.kind == "entry" and factor.head.name in self._symbols:
            sizes = [size for size in self._symbols[factor.head.name].shape if size != Number(1)]
            yield from zip(factor.indices, sizes, strict=True)

    def _entry(self, factor: Factor, here: dict[str, Index]) -> Node:
        try:
            places = [here[name] for name in factor.indices]
        except KeyError:
            raise _NoPlainForm from None
        if factor.head.kind == "delta":
            return KroneckerDelta(*places)
        if factor.head.kind != "entry" or factor.head.name not in self._symbols:
            raise _NoPlainForm
        symbol = self._symbols[factor.head.name]
        return Element(symbol, *places) if places else symbol
