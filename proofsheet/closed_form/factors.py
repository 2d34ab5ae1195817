"""Single factors of a monomial read as links: entries, deltas, E and Cov, functions, remainders, derivatives, roots.

A factor with a body is read with the indices that stay open in it as rows and columns, E[xxᵀ] and σ(Wx + b), where it is
made entry by entry. Other bodies are scalars, or the arguments of a function of vectors, and may hold no open index.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from itertools import repeat
from typing import Any, NamedTuple

from sympy import Integer, Tuple

from proofsheet.closed_form.chains import Link
from proofsheet.closed_form.joints import nested
from proofsheet.closed_form.products import transposed
from proofsheet.errors import NotationError
from proofsheet.kernel.inverses import SLOTS
from proofsheet.kernel.lowering import COLUMN, ROW
from proofsheet.kernel.normal_form import ABSOLUTE, SIGNUM, Factor, Head, Polynomial, free_indices
from proofsheet.kernel.rules import index_key
from proofsheet.kernel.setting import Setting
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.functions import AbsoluteValue, Applied, Derivative, Function, Remainder, Root, Signum
from proofsheet.notation.indices import Index
from proofsheet.notation.matrices import Inverse
from proofsheet.notation.tree import (
    ONE,
    SCALAR,
    Dimension,
    Element,
    KroneckerDelta,
    Member,
    Node,
    Number,
    Shape,
)
from proofsheet.notation.variables import Constant, Defined, Identity, Variable

Sizes = Mapping[str, Node]  # of the open indices


class Unreadable(NotationError):
    """A normal form that the notation has no words for."""


class Frame(NamedTuple):
    """Where a piece stands: the shape that ROW and COLUMN run over, and the letters used further out."""

    shape: Shape
    letters: frozenset[str]
    gather: bool

    def beside(self, indices: list[Index]) -> Frame:
        return self._replace(letters=self.letters | {index.name for index in indices})


class FactorReader(ABC):
    """Reads factors of one setting; the lines in them are read by whoever reads whole lines."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._algebra = setting.algebra
        self._sizes: dict[str, Node] = {size.name: size for size in setting.names.of_kind(Dimension)}
        self._indices: dict[str, Index] = {index_key(index): index for index in setting.names.of_kind(Index)}
        self._functions: dict[str, Function] = {one.name: one for one in setting.names.of_kind(Function)}
        self._constants: dict[str, Constant] = {one.name: one for one in setting.names.of_kind(Constant)}
        self._nodes: dict[Head, Node] = {}
        for node in setting.names.of_kind(Variable, Defined):
            ((_, (factor,)),) = setting.form(node, ())
            self._nodes[factor.head] = node

    @abstractmethod
    def _line(self, polynomial: Polynomial, frame: Frame) -> Node:
        """The line of the frame's shape whose normal form is `polynomial`."""

    @abstractmethod
    def _size(self, size: str) -> Node:
        """The dimension, or number, that an index runs to."""

    def _link(self, factor: Factor, sizes: Sizes, frame: Frame) -> Link:
        """The factor with the open indices, or joints, that select its entries. Raises Unreadable."""
        read = _READERS.get(factor.head.kind)
        if read is None:
            raise Unreadable(f"there is no way to read back a factor of the kind {factor.head.kind!r}")
        return read(self, factor, sizes, frame)

    def _family_indices(self, factor: Factor) -> frozenset[str]:
        """The indices that select a vector of a family, in a factor or in its bodies."""
        return frozenset(
            inner.indices[0]
            for inner in nested(factor)
            if inner.head in self._nodes and self._nodes[inner.head].is_family
        )

    # ---- entries ----------------------------------------------------------------------------------------------

    def _entry(self, factor: Factor, sizes: Sizes, frame: Frame) -> Link:
        node = self._nodes[factor.head]
        if node.is_family and factor.indices[0] in self._indices and factor.indices[1] not in self._indices:
            return Link(Member(node, self._indices[factor.indices[0]]), factor.indices[1:])
        return self._selected(node, factor.indices, factor.head.symmetric)

    def _selected(self, node: Node, indices: tuple[str, ...], symmetric: bool = False) -> Link:
        """A vector or matrix whose entries are selected by indices, all of which, or none, have letters."""
        fixed = [self._indices[index] for index in indices if index in self._indices]
        if fixed and len(fixed) == len(indices):
            return Link(Element(node, *fixed))
        return Link(transposed(node) if node.shape[0] == ONE and indices else node, indices, symmetric)

    def _delta(self, factor: Factor, sizes: Sizes, frame: Frame) -> Link:
        first, second = factor.indices
        if first in self._indices and second in self._indices:
            return Link(KroneckerDelta(self._indices[first], self._indices[second]))
        size = sizes[first] if first in sizes else sizes[second]
        return Link(Identity(size), factor.indices, symmetric=True)

    # ---- made of their body entry by entry --------------------------------------------------------------------

    def _expectation(self, factor: Factor, sizes: Sizes, frame: Frame) -> Link:
        return self._entry_by_entry(Expectation, factor, sizes, frame)

    def _entry_by_entry(self, make: Callable[[Node], Node], factor: Factor, sizes: Sizes, frame: Frame) -> Link:
        ends = _open(factor, sizes)
        node = make(self._opened(dict(factor.bodies[0]), {end: sizes[end] for end in ends}, frame))
        swapped = dict(zip(ends, reversed(ends), strict=True))
        return Link(node, ends, len(ends) == 2 and self._algebra.rename(factor, swapped) == factor)

    def _covariance(self, factor: Factor, sizes: Sizes, frame: Frame) -> Link:
        sides = [(_open(Factor(factor.head, (), (body,)), sizes), dict(body)) for body in factor.bodies]
        if any(len(ends) > 1 for ends, _ in sides):
            raise Unreadable("the notation has no words for the covariance of matrices")
        sides.sort(key=lambda side: not side[0])  # Cov of a column and a scalar is a column
        left, right = (self._opened(body, {end: sizes[end] for end in ends}, frame) for ends, body in sides)
        ends = tuple(end for side, _ in sides for end in side)
        if left == right:
            return Link(Covariance(left, right) if ends else Variance(left), ends, symmetric=True)
        return Link(Covariance(left, right), ends)

    def _opened(self, body: Polynomial, ends: Sizes, frame: Frame) -> Node:
        """A polynomial under an operator as a line whose rows and columns are its open ends, in their order."""
        names = dict(zip(ends, (ROW, COLUMN), strict=False))
        rows, columns = (*ends.values(), ONE, ONE)[:2]
        return self._line(self._algebra.substitute_indices(body, names), frame._replace(shape=(rows, columns)))

    # ---- functions --------------------------------------------------------------------------------------------

    def _function(self, factor: Factor, sizes: Sizes, frame: Frame) -> Link:
        orders, shapes = factor.head.detail
        if factor.head.name in _KNOWN:
            return self._entry_by_entry(_KNOWN[factor.head.name], factor, sizes, frame)
        function = self._functions[factor.head.name]
        order = Tuple(*map(Integer, orders))
        if function.is_entrywise:
            return self._entry_by_entry(lambda body: Applied(function, order, body), factor, sizes, frame)
        if sum(bool(shapes[position]) for position in orders) and len(orders) > 1:
            raise Unreadable(f"second derivatives of {function} by a vector are not in the notation")
        _refuse_open(factor, sizes)
        arguments = [
            self._argument(body, names, shape, frame)
            for (body, names), shape in zip(self._algebra.arguments(factor), function.shapes, strict=True)
        ]
        return self._selected(Applied(function, order, *arguments), factor.indices)

    def _argument(self, body: Polynomial, names: list[str], shape: Shape, frame: Frame) -> Node:
        """An argument of a function, given by its entry and the indices that select that."""
        slots = [slot for slot, size in zip((ROW, COLUMN), shape, strict=True) if size != ONE]
        named = self._algebra.substitute_indices(body, dict(zip(names, slots, strict=True)))
        return self._line(named, frame._replace(shape=shape))

    def _remainder(self, factor: Factor, sizes: Sizes, frame: Frame) -> Link:
        point, increment = self._scalars(factor, sizes, frame)
        return Link(Remainder(self._functions[factor.head.name], Number(factor.head.detail[0]), point, increment))

    def _root(self, factor: Factor, sizes: Sizes, frame: Frame) -> Link:
        return Link(Root(*self._scalars(factor, sizes, frame)))

    def _inverse(self, factor: Factor, sizes: Sizes, frame: Frame) -> Link:
        size = self._size(factor.head.detail[0])
        body = self._algebra.substitute_indices(dict(factor.bodies[0]), dict(zip(SLOTS, (ROW, COLUMN), strict=True)))
        node = Inverse(self._line(body, frame._replace(shape=(size, size))))
        return self._selected(node, factor.indices, factor.head.symmetric)

    def _derivative(self, factor: Factor, sizes: Sizes, frame: Frame) -> Link:
        (body,), variable = self._scalars(factor, sizes, frame), self._constants[factor.head.name]
        fixed = [self._indices[index] for index in factor.indices if index in self._indices]
        if len(fixed) == len(factor.indices):
            return Link(Derivative(body, variable, *fixed))
        return self._selected(Derivative(body, variable), factor.indices)

    def _scalars(self, factor: Factor, sizes: Sizes, frame: Frame) -> list[Node]:
        """The bodies of a factor that is made of scalars."""
        _refuse_open(factor, sizes)
        return [
            self._line(dict(body), frame._replace(shape=shape)) for body, shape in zip(factor.bodies, repeat(SCALAR))
        ]


_KNOWN: dict[str, Callable[[Node], Node]] = {ABSOLUTE: AbsoluteValue, SIGNUM: Signum}
_READERS: dict[str, Callable[[Any, Factor, Sizes, Frame], Link]] = {
    "entry": FactorReader._entry,
    "delta": FactorReader._delta,
    "expectation": FactorReader._expectation,
    "covariance": FactorReader._covariance,
    "function": FactorReader._function,
    "remainder": FactorReader._remainder,
    "root": FactorReader._root,
    "derivative": FactorReader._derivative,
    "inverse": FactorReader._inverse,
}


def _open(factor: Factor, sizes: Sizes) -> tuple[str, ...]:
    """The open indices of a factor, ROW first and COLUMN last. Raises Unreadable if there are more than two."""
    ends = sorted(free_indices(factor) & sizes.keys(), key=lambda end: (end != ROW, end == COLUMN, end))
    if len(ends) > 2:
        raise Unreadable(f"what has {len(ends)} open indices is no vector or matrix")
    return tuple(ends)


def _refuse_open(factor: Factor, sizes: Sizes) -> None:
    if _open(factor._replace(indices=()), sizes):
        raise Unreadable(f"a {factor.head.kind} whose arguments depend on the row has no words in the notation")
