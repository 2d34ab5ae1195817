"""From a normal form of the kernel back to the notation: the inverse of lowering, in vector notation where there is one.

A monomial Σ_bound Π factors falls into pieces connected through bound indices. An index that occurs twice, in factors
with at most two open indices, joins them like a matrix product (`chains`); any other index is given a letter and its sum
is written out, Σᵢ xᵢ² wᵢ². Nothing is decided here about truth: reading back and lowering again gives the normal form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial, reduce
from itertools import chain, count
from typing import Any, NamedTuple

from proofsheet.closed_form.chains import Link, Path, read_path
from proofsheet.closed_form.coefficients import Coefficients, SignedTerm, added, multiplied
from proofsheet.closed_form.products import Part, put_together, transposed
from proofsheet.errors import NotationError
from proofsheet.kernel.lowering import COLUMN, ROW
from proofsheet.kernel.normal_form import CONSTANT, Factor, Head, Monomial, Polynomial, free_indices, random_names
from proofsheet.kernel.rules import index_key, size_key
from proofsheet.kernel.setting import Setting
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.indices import Index
from proofsheet.notation.tree import (
    ONE,
    SCALAR,
    Dimension,
    Element,
    IndexedSum,
    KroneckerDelta,
    MatrixProduct,
    Member,
    Node,
    Number,
    Shape,
)
from proofsheet.notation.variables import Defined, Filled, Identity, Variable

LETTERS = "ijklpqrstuvabcdefgh"
Bound = dict[str, str]  # index to range


class Unreadable(NotationError):
    """A normal form that the notation has no words for."""


class Frame(NamedTuple):
    """Where a piece stands: the shape that ROW and COLUMN run over, and the letters used further out."""

    shape: Shape
    letters: frozenset[str]
    gather: bool

    def beside(self, indices: list[Index]) -> Frame:
        return self._replace(letters=self.letters | {index.name for index in indices})


def read_back(polynomial: Polynomial, setting: Setting, shape: Shape = SCALAR, *, gather: bool = True) -> Node:
    """The line of the given shape whose normal form is `polynomial`.

    With `gather`, constants move under E, E[(xᵀw)²] for wᵀE[xxᵀ]w; the normal forms are then equal under linearity, else
    with no rule at all. Raises NotationError for what the notation has no words for.
    """
    return Reader(setting).line(polynomial, shape, gather=gather)


class Reader:
    """Reads normal forms of one setting; the letters that it chooses for indices mean the same throughout."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._algebra = setting.algebra
        self._coefficients = Coefficients(setting.names, setting.algebra)
        self._sizes: dict[str, Node] = {size.name: size for size in setting.names.of_kind(Dimension)}
        self._indices: dict[str, Index] = {index_key(index): index for index in setting.names.of_kind(Index)}
        self._nodes: dict[Head, Node] = {}
        for node in setting.names.of_kind(Variable, Defined):
            ((_, (factor,)),) = setting.form(node, ())
            self._nodes[factor.head] = node

    def line(self, polynomial: Polynomial, shape: Shape = SCALAR, *, gather: bool = True) -> Node:
        """As the function `read_back`."""
        return self._line(polynomial, Frame(shape, frozenset(), gather))

    def _line(self, polynomial: Polynomial, frame: Frame) -> Node:
        terms = [
            term
            for monomial, coefficient in sorted(polynomial.items(), key=lambda item: _place(item[0]))
            for term in self._terms(monomial, coefficient, frame)
        ]
        if terms:
            return added(terms)
        return Number(0) if frame.shape == SCALAR else Filled(Number(0), *frame.shape)

    def _terms(self, monomial: Monomial, coefficient: Any, frame: Frame) -> list[SignedTerm]:
        if monomial == CONSTANT and frame.shape == SCALAR:
            return self._coefficients.terms(coefficient)
        negative, front = self._coefficients.factors(coefficient)
        if monomial == CONSTANT:
            return [(negative, multiplied([*front, Filled(ONE, *frame.shape)]))]
        bound, factors = monomial
        body = put_together(self._parts(dict(bound), list(factors), frame))
        return [(negative, multiplied([*front, *body.factors(frame.shape)]))]

    def _parts(self, bound: Bound, factors: list[Factor], frame: Frame) -> list[Part]:
        used = {key for factor in factors for key in free_indices(factor)}
        inner = frame.beside([self._indices[key] for key in used if key in self._indices])
        return [self._connected(*piece, inner) for piece in _pieces(bound, factors)]

    def _connected(self, bound: Bound, factors: list[Factor], frame: Frame) -> Part:
        """Factors joined by their bound indices; with `gather`, constants go under an expectation if it is alone."""
        expectations = [factor for factor in factors if factor.head.kind == "expectation"]
        rest = [factor for factor in factors if factor.head.kind != "expectation"]
        movable = bound and len(expectations) == 1 and not any(one.bodies or random_names(one) for one in rest)
        if not frame.gather or not movable:
            return self._with_sums(bound, factors, frame)
        return _first_readable(
            [
                partial(self._inside, bound, expectations[0], rest, frame),
                partial(self._with_sums, bound, factors, frame),
            ]
        )

    def _inside(self, bound: Bound, expectation: Factor, constants: list[Factor], frame: Frame) -> Part:
        """Σ_bound constants · E[body] as one E."""
        body: Polynomial = {}
        for monomial, coefficient in expectation.bodies[0]:
            inner_bound, inner = self._algebra.separate(monomial)
            self._algebra.insert(body, coefficient, {**bound, **inner_bound}, [*constants, *inner])
        slots = [slot for slot in (ROW, COLUMN) if any(slot in free_indices(f) for f in (expectation, *constants))]
        sizes = dict(zip((ROW, COLUMN), frame.shape, strict=True))
        return Part(Expectation(self._opened(body, {slot: sizes[slot] for slot in slots}, frame)), frozenset(slots))

    # ---- sums that are written out ----------------------------------------------------------------------------

    def _with_sums(self, bound: Bound, factors: list[Factor], frame: Frame) -> Part:
        """In vector notation as far as it goes: joints, then sums written out, then entrywise products below a matrix."""
        labels = self._labels(bound, factors)
        ways: list[Callable[[], Part]] = [
            partial(self._summed, bound, factors, labels, frame)
            if labels
            else partial(self._path, bound, factors, frame),
            *([partial(self._summed, bound, factors, list(bound), frame)] if len(labels) < len(bound) else []),
            *(partial(self._cut_at, name, bound, factors, frame) for name in bound),
        ]
        return _first_readable(ways)

    def _labels(self, bound: Bound, factors: list[Factor]) -> list[str]:
        """The bound indices that do not join two factors like a matrix product, in the order of their occurrence."""
        labels = {name for name in bound if sum(_occurrences(factor, name) for factor in factors) != 2}
        for factor in factors:
            node = self._nodes.get(factor.head)
            if node is not None and node.is_family:
                labels |= {factor.indices[0]} & bound.keys()
        ordered = sorted(factors, key=lambda factor: (bool(factor.bodies), -len(factor.indices)))
        return list(dict.fromkeys(name for factor in ordered for name in _all_indices(factor) if name in labels))

    def _summed(self, bound: Bound, factors: list[Factor], labels: list[str], frame: Frame) -> Part:
        """Σ over the labels, each with a letter, of what is left."""
        letters: list[Index] = []
        for name in labels:
            letters.append(self._letter(bound[name], frame.beside(letters).letters))
        names = {name: index_key(index) for name, index in zip(labels, letters, strict=True)}
        named = [self._algebra.rename(factor, names) for factor in factors]
        rest = {name: size for name, size in bound.items() if name not in names}
        body = put_together(self._parts(rest, named, frame.beside(letters))).part
        return Part(reduce(lambda inner, index: IndexedSum(index, inner), reversed(letters), body.node), body.slots)

    def _cut_at(self, joint: str, bound: Bound, factors: list[Factor], frame: Frame) -> Part:
        """M(u ∘ v): one piece that selects the rows, and columns entry by entry, that meet in one index."""
        rest = {name: size for name, size in bound.items() if name != joint}
        pieces = list(_pieces(rest, factors))
        outer = [piece for piece in pieces if any(free_indices(factor) & {ROW, COLUMN} for factor in piece[1])]
        slots = {slot for factor in factors for slot in free_indices(factor) & {ROW, COLUMN}}
        if len(outer) != 1 or len(slots) != 1:
            raise Unreadable("the notation has no words for this sum of products of entries")
        slot, size = slots.pop(), self._size(bound[joint])
        inner = [piece for piece in pieces if piece is not outer[0]]
        rows = frame.shape[0] if slot == ROW else frame.shape[1]
        matrix = self._renamed(outer, {slot: ROW, joint: COLUMN}, frame._replace(shape=(rows, size)))
        column = self._renamed(inner, {joint: ROW}, frame._replace(shape=(size, ONE)))
        return Part(MatrixProduct(matrix, column), frozenset((slot,)))

    def _renamed(self, pieces: list[tuple[Bound, list[Factor]]], names: Mapping[str, str], frame: Frame) -> Node:
        """The product of the pieces as a line of the frame's shape, with indices renamed to its slots."""
        bound = {name: size for one, _ in pieces for name, size in one.items()}
        factors = [self._algebra.rename(factor, names) for _, members in pieces for factor in members]
        return multiplied(put_together(self._parts(bound, factors, frame)).factors(frame.shape))

    def _letter(self, size: str, taken: frozenset[str]) -> Index:
        """A known index of this range if one is free, else a new one whose letter means nothing else."""
        for index in self._indices.values():
            if size_key(index.dimension) == size and index.name not in taken:
                return index
        known = {index.name for index in self._indices.values()} | taken
        for letter in chain(LETTERS, (f"i{number}" for number in count(1))):
            index = Index(letter, self._size(size))
            if letter not in known and self._setting.names.admits(index):
                self._indices[index_key(index)] = index
                return index
        raise AssertionError("letters never end")

    def _size(self, size: str) -> Node:
        return Number(int(size)) if size.isdigit() else self._sizes[size]

    # ---- factors as links -------------------------------------------------------------------------------------

    def _path(self, bound: Bound, factors: list[Factor], frame: Frame) -> Part:
        """Factors joined by their bound indices, each of which occurs twice, in vector notation."""
        sizes = {name: self._size(size) for name, size in bound.items()}
        sizes |= dict(zip((ROW, COLUMN), frame.shape, strict=True))
        links = [_READERS.get(factor.head.kind, _unknown)(self, factor, sizes, frame) for factor in factors]
        path = read_path(links, bound, ROW) if links[0].ends else Path(links[0].node, ())
        slots = frozenset(end for end in path.ends if end in (ROW, COLUMN))
        if len(path.ends) == 2 and len(slots) == 1:
            raise Unreadable(f"the notation has no words for a row, a column or the diagonal of {path.node}")
        if len(path.ends) == 2 and path.ends[0] == path.ends[1] and len(links) > 1:
            raise Unreadable("Σᵢ Xᵢⱼ² reads better than (XᵀX)ⱼⱼ")
        fixed = [self._indices[end] for end in path.ends if end not in slots]
        return Part(Element(path.node, *fixed) if fixed else path.node, slots)

    def _entry(self, factor: Factor, sizes: Mapping[str, Node], frame: Frame) -> Link:
        node = self._nodes[factor.head]
        fixed = [self._indices[index] for index in factor.indices if index in self._indices]
        if fixed and len(fixed) == len(factor.indices):
            return Link(Element(node, *fixed))
        if node.is_family and factor.indices[0] in self._indices:
            return Link(Member(node, *fixed), factor.indices[1:])
        column = transposed(node) if node.shape[0] == ONE and factor.indices else node
        return Link(column, factor.indices, factor.head.symmetric)

    def _delta(self, factor: Factor, sizes: Mapping[str, Node], frame: Frame) -> Link:
        first, second = factor.indices
        if first in self._indices and second in self._indices:
            return Link(KroneckerDelta(self._indices[first], self._indices[second]))
        size = sizes[first] if first in sizes else sizes[second]
        return Link(Identity(size), factor.indices, symmetric=True)

    def _expectation(self, factor: Factor, sizes: Mapping[str, Node], frame: Frame) -> Link:
        ends = _open(factor, sizes)
        node = Expectation(self._opened(dict(factor.bodies[0]), {end: sizes[end] for end in ends}, frame))
        swapped = dict(zip(ends, reversed(ends), strict=True))
        return Link(node, ends, len(ends) == 2 and self._algebra.rename(factor, swapped) == factor)

    def _covariance(self, factor: Factor, sizes: Mapping[str, Node], frame: Frame) -> Link:
        sides = [(_open(Factor(factor.head, (), (body,)), sizes), dict(body)) for body in factor.bodies]
        if any(len(ends) > 1 for ends, _ in sides):
            raise Unreadable("the notation has no words for the covariance of matrices")
        sides.sort(key=lambda side: not side[0])  # Cov of a column and a scalar is a column
        left, right = (self._opened(body, {end: sizes[end] for end in ends}, frame) for ends, body in sides)
        ends = tuple(end for side, _ in sides for end in side)
        if left == right:
            return Link(Covariance(left, right) if ends else Variance(left), ends, symmetric=True)
        return Link(Covariance(left, right), ends)

    def _opened(self, body: Polynomial, ends: Mapping[str, Node], frame: Frame) -> Node:
        """A polynomial under an operator as a line whose rows and columns are its open ends, in their order."""
        names = dict(zip(ends, (ROW, COLUMN), strict=False))
        rows, columns = (*ends.values(), ONE, ONE)[:2]
        return self._line(self._algebra.substitute_indices(body, names), frame._replace(shape=(rows, columns)))


def _unknown(reader: Reader, factor: Factor, sizes: Mapping[str, Node], frame: Frame) -> Link:
    raise Unreadable(f"there is no way to read back a factor of the kind {factor.head.kind!r}")


_READERS: dict[str, Callable[[Reader, Factor, Mapping[str, Node], Frame], Link]] = {
    "entry": Reader._entry,
    "delta": Reader._delta,
    "expectation": Reader._expectation,
    "covariance": Reader._covariance,
}


def _first_readable(ways: Iterable[Callable[[], Part]]) -> Part:
    """The first way that the notation has words for. Raises Unreadable if there is none."""
    complaint = Unreadable("the notation has no words for this line")
    for way in ways:
        try:
            return way()
        except Unreadable as problem:
            complaint = problem
    raise complaint


def _open(factor: Factor, sizes: Mapping[str, Node]) -> tuple[str, ...]:
    """The open indices of an operator, ROW first and COLUMN last. Raises Unreadable if there are more than two."""
    ends = sorted(free_indices(factor) & sizes.keys(), key=lambda end: (end != ROW, end == COLUMN, end))
    if len(ends) > 2:
        raise Unreadable(f"an expectation with {len(ends)} open indices is no vector or matrix")
    return tuple(ends)


def _place(monomial: Monomial) -> Any:
    """The order of terms: expectations first, long products before short ones, constants last."""
    _, factors = monomial
    return -sum(bool(factor.bodies) for factor in factors), -len(factors), monomial


def _pieces(bound: Bound, factors: list[Factor]) -> Iterator[tuple[Bound, list[Factor]]]:
    """Factors connected through bound indices, with those indices."""
    pieces: list[tuple[frozenset[str], list[Factor]]] = []
    for factor in factors:
        names = free_indices(factor) & bound.keys()
        touching = [piece for piece in pieces if not piece[0].isdisjoint(names)]
        pieces = [piece for piece in pieces if piece[0].isdisjoint(names)]
        members = [*chain.from_iterable(more for _, more in touching), factor]
        pieces.append((names.union(*(one for one, _ in touching)), members))
    for names, members in pieces:
        yield {name: size for name, size in bound.items() if name in names}, members


MANY = 99  # of occurrences: more than a joint has


def _occurrences(factor: Factor, name: str) -> int:
    """How often an index occurs in a factor; MANY unless it is once or never in each term of a body."""
    total = factor.indices.count(name)
    for body in factor.bodies:
        counts = {sum(_occurrences(inner, name) for inner in factors) for (_, factors), _ in body}
        total += 0 if counts <= {0} else 1 if counts == {1} else MANY
    return total


def _all_indices(factor: Factor) -> Iterator[str]:
    yield from factor.indices
    for body in factor.bodies:
        for (_, factors), _ in body:
            for inner in factors:
                yield from _all_indices(inner)
