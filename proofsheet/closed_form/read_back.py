"""From a normal form of the kernel back to the notation: the inverse of lowering, in vector notation where there is one.

A monomial Σ_bound Π factors falls into pieces connected through bound indices. An index that occurs twice, in factors
with at most two open indices, joins them like a matrix product (`chains`); any other index is given a letter and its sum
is written out, Σᵢ xᵢ² wᵢ². Nothing is decided here about truth: reading back and lowering again gives the normal form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import chain, count
from typing import Any

from proofsheet.closed_form.chains import Path, read_path
from proofsheet.closed_form.coefficients import Coefficients, SignedTerm, added, multiplied
from proofsheet.closed_form.factors import FactorReader, Frame, Unreadable
from proofsheet.closed_form.joints import Bound, holds, nested, occurrences, pieces
from proofsheet.closed_form.products import Part, put_together
from proofsheet.kernel.lowering import COLUMN, ROW
from proofsheet.kernel.normal_form import (
    ABSOLUTE,
    CONSTANT,
    Factor,
    Monomial,
    Polynomial,
    free_indices,
    random_names,
)
from proofsheet.kernel.rules import index_key, size_key
from proofsheet.kernel.setting import Setting
from proofsheet.notation.expectations import Expectation
from proofsheet.notation.functions import NormOne
from proofsheet.notation.indices import Index
from proofsheet.notation.tree import ONE, SCALAR, Element, IndexedSum, MatrixProduct, Node, Number, Shape
from proofsheet.notation.variables import Filled

LETTERS = "ijklpqrstuvabcdefgh"


def read_back(polynomial: Polynomial, setting: Setting, shape: Shape = SCALAR, *, gather: bool = True) -> Node:
    """The line of the given shape whose normal form is `polynomial`.

    With `gather`, constants move under E, E[(xᵀw)²] for wᵀE[xxᵀ]w; the normal forms are then equal under linearity, else
    with no rule at all. Raises NotationError for what the notation has no words for.
    """
    return Reader(setting).line(polynomial, shape, gather=gather)


class Reader(FactorReader):
    """Reads normal forms of one setting; the letters that it chooses for indices mean the same throughout."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._coefficients = Coefficients(setting.names, setting.algebra)

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
        return [self._connected(*piece, inner) for piece in pieces(bound, factors)]

    def _connected(self, bound: Bound, factors: list[Factor], frame: Frame) -> Part:
        """Factors joined by their bound indices; with `gather`, constants go under an expectation if it is alone.

        A sum over the vectors of a family, as over examples, stays outside.
        """
        expectations = [factor for factor in factors if factor.head.kind == "expectation"]
        rest = [factor for factor in factors if factor.head.kind != "expectation"]
        movable = bound and len(expectations) == 1 and not any(one.bodies or random_names(one) for one in rest)
        movable = movable and not self._families(bound, factors)
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
        if bound and len(factors) == 1 and factors[0].head.name == ABSOLUTE:
            ways.insert(0, partial(self._norm_one, bound, factors[0], frame))
        return _first_readable(ways)

    def _norm_one(self, bound: Bound, factor: Factor, frame: Frame) -> Part:
        """Σ_bound |u| as ‖u‖₁."""
        if len(bound) > 2 or self._families(bound, [factor]) or not free_indices(factor).isdisjoint((ROW, COLUMN)):
            raise Unreadable("a sum of absolute values for each row, or vector of a family, is no norm")
        orders = (list(bound.items()), [*reversed(bound.items())])
        ways = [{name: self._size(size) for name, size in order} for order in orders]
        inner = [self._opened(dict(factor.bodies[0]), sizes, frame) for sizes in ways]
        return Part(NormOne(min(inner, key=lambda one: len(str(one)))))  # of W and Wᵀ the shorter

    def _families(self, bound: Bound, factors: list[Factor]) -> frozenset[str]:
        """The bound indices that select vectors of a family; each is given a letter."""
        return frozenset().union(*map(self._family_indices, factors)) & bound.keys()

    def _labels(self, bound: Bound, factors: list[Factor]) -> list[str]:
        """The bound indices that do not join two factors like a matrix product, in the order of their occurrence."""
        families = self._families(bound, factors)
        labels = {name for name in bound if sum(occurrences(factor, name) for factor in factors) != 2} | families
        ordered = sorted(factors, key=lambda factor: (bool(factor.bodies), -len(factor.indices)))
        every = (name for factor in ordered for inner in nested(factor) for name in inner.indices if name in labels)
        return sorted(dict.fromkeys(every), key=lambda name: name not in families)

    def _summed(self, bound: Bound, factors: list[Factor], labels: list[str], frame: Frame) -> Part:
        """Σ over one of the labels, given a letter, of what is left: a family's, else the one that leaves most pieces."""
        choice = [name for name in labels if name in self._families(bound, factors)] or labels
        others = {one: {name: size for name, size in bound.items() if name != one} for one in choice}
        label = max(choice, key=lambda one: len(list(pieces(others[one], factors))))
        letter = self._letter(bound[label], frame.letters)
        named = [self._algebra.rename(factor, {label: index_key(letter)}) for factor in factors]
        body = put_together(self._parts(others[label], named, frame.beside([letter]))).part
        return Part(IndexedSum(letter, body.node), body.slots)

    def _cut_at(self, joint: str, bound: Bound, factors: list[Factor], frame: Frame) -> Part:
        """M(u ∘ v): one piece that selects the rows, and columns entry by entry, that meet in one index."""
        rest = {name: size for name, size in bound.items() if name != joint}
        found = list(pieces(rest, factors))
        outer = [piece for piece in found if any(free_indices(factor) & {ROW, COLUMN} for factor in piece[1])]
        slots = {slot for factor in factors for slot in free_indices(factor) & {ROW, COLUMN}}
        if len(outer) != 1 or len(slots) != 1:
            raise Unreadable("the notation has no words for this sum of products of entries")
        slot, size = slots.pop(), self._size(bound[joint])
        inner = [piece for piece in found if piece is not outer[0]]
        rows = frame.shape[0] if slot == ROW else frame.shape[1]
        matrix = self._renamed(outer, {slot: ROW, joint: COLUMN}, frame._replace(shape=(rows, size)))
        column = self._renamed(inner, {joint: ROW}, frame._replace(shape=(size, ONE)))
        return Part(MatrixProduct(matrix, column), frozenset((slot,)))

    def _renamed(self, found: list[tuple[Bound, list[Factor]]], names: Mapping[str, str], frame: Frame) -> Node:
        """The product of the pieces as a line of the frame's shape, with indices renamed to its slots."""
        bound = {name: size for one, _ in found for name, size in one.items()}
        factors = [self._algebra.rename(factor, names) for _, members in found for factor in members]
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

    def _path(self, bound: Bound, factors: list[Factor], frame: Frame) -> Part:
        """Factors joined by their bound indices, each of which occurs twice, in vector notation."""
        sizes = {name: self._size(size) for name, size in bound.items()}
        sizes |= dict(zip((ROW, COLUMN), frame.shape, strict=True))
        links = [self._link(factor, sizes, frame) for factor in factors]
        path = read_path(links, bound, ROW) if links[0].ends else Path(links[0].node, ())
        slots = frozenset(end for end in path.ends if end in (ROW, COLUMN))
        if len(path.ends) == 2 and len(slots) == 1:
            raise Unreadable(f"the notation has no words for a row, a column or the diagonal of {path.node}")
        if len(path.ends) == 2 and path.ends[0] == path.ends[1] and len(links) > 1:
            raise Unreadable("Σᵢ Xᵢⱼ² reads better than (XᵀX)ⱼⱼ")
        fixed = [self._indices[end] for end in path.ends if end not in slots]
        return Part(Element(path.node, *fixed) if fixed else path.node, slots)


def _first_readable(ways: Iterable[Callable[[], Part]]) -> Part:
    """The first way that the notation has words for. Raises the first Unreadable if there is none."""
    complaints: list[Unreadable] = []
    for way in ways:
        try:
            return way()
        except Unreadable as problem:
            complaints.append(problem)
    raise complaints[0]


def _place(monomial: Monomial) -> Any:
    """The order of terms: operators first, long products before short ones, constants, and last of all remainders."""
    _, factors = monomial
    error = any(holds(factor, "remainder") for factor in factors)
    return error, -sum(bool(factor.bodies) for factor in factors), -len(factors), monomial
