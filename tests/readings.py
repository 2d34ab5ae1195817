"""What is read on a page, whatever the style: `as_read` tells it of a tree, tests/latex_reader.py of our LaTeX.

A reading forgets what print does not show, and nothing that has a meaning:

- brackets: each is either shown by the structure or, around a product in a product or around a name, without a meaning;
- how factors were gathered: a product of products is one row of factors. Rows that fit in shape mean the same however they
  are gathered. Sums are not forgotten: a + (b + c) is a sum of two terms;
- which sign a minus is: of a number or of a term. −2, −a and −a/n are a minus before 2, a and a/n, also where the author
  wrote (−a)/n; a − b is a sum with a subtracted term;
- which fraction it is: a rational number, a quotient, or a rational function of SymPy, in SymPy's order;
- which power it is: of a number or of a symbol; x_i of a family with the entry j is the entry x_ij;
- Cov[a] and Cov[a, a]; a sum or product of one; the sizes of I, 𝟎 and 𝟏;
- whether a name is random, its domain, its range: the declarations, not the line, tell them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr

from proofsheet.notation import elementary, expectations, functions, indices, matrices, tree, variables
from proofsheet.notation.tree import ONE, SCALAR

Size = Any  # a dimension, or None where print does not tell it
Shape = tuple[Size, Size]
UNKNOWN: Shape = (None, None)


class Unreadable(Exception):
    """A text that the conventions of reading refuse."""


@dataclass(frozen=True)
class Reading:
    """A construct with its parts; shapes serve to tell what fits, and are not compared."""

    kind: str
    parts: tuple[Any, ...]
    shape: Shape = field(default=SCALAR, compare=False)

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(map(str, self.parts))})"

    __repr__ = __str__


def fits(one: Size, other: Size) -> bool:
    return one is None or other is None or one == other


def may_be_scalar(one: Reading) -> bool:
    return all(fits(size, ONE) for size in one.shape)


def require_scalar(one: Reading, what: str) -> Reading:
    if not may_be_scalar(one):
        raise Unreadable(f"{what} of what is no scalar: {one}")
    return one


def common_shape(ones: Sequence[Reading]) -> Shape:
    shape: Shape = ones[0].shape
    for one in ones[1:]:
        if not all(map(fits, shape, one.shape)):
            raise Unreadable(f"{ones[0]} and {one} differ in shape")
        shape = tuple(mine if mine is not None else other for mine, other in zip(shape, one.shape, strict=True))  # type: ignore[assignment]
    return shape


# ---- how a row is put together ----------------------------------------------------------------------------------


def minus(one: Reading) -> Reading:
    return Reading("minus", (one,), one.shape)


def row_of_terms(terms: Sequence[tuple[bool, Reading]]) -> Reading:
    """The first sign belongs to the first term; the others are those of the sum."""
    (negative, first), *rest = terms
    first = minus(first) if negative else first
    if not rest:
        return first
    shape = common_shape([first, *(term for _, term in rest)])
    return Reading(
        "sum", (first, *(Reading("less" if sign else "and", (term,), term.shape) for sign, term in rest)), shape
    )


def row_of_factors(factors: Sequence[Reading]) -> Reading:
    flat = [one for factor in factors for one in (factor.parts if factor.kind == "product" else (factor,))]
    return Reading("product", tuple(flat), _from_the_left(factors)) if len(flat) > 1 else flat[0]


def _from_the_left(factors: Sequence[Reading]) -> Shape:
    shape = factors[0].shape
    for factor in factors[1:]:
        if factor.shape == SCALAR:
            continue
        if shape == SCALAR:
            shape = factor.shape
        elif fits(shape[1], factor.shape[0]):
            shape = (shape[0], factor.shape[1])
        elif all(fits(size, ONE) for size in shape):
            shape = factor.shape
        elif not may_be_scalar(factor):
            raise Unreadable(f"{factor} does not fit behind its factors to the left")
    return shape


def fraction(top: Reading, bottom: Reading) -> Reading:
    require_scalar(bottom, "a denominator")
    if top.kind == "minus":
        return minus(fraction(top.parts[0], bottom))
    return Reading("fraction", (top, bottom), top.shape)


def power(base: Reading, exponent: Reading) -> Reading:
    return Reading("power", (require_scalar(base, "a power"), require_scalar(exponent, "an exponent")))


def transposed(base: Reading) -> Reading:
    return Reading("transposed", (base,), (base.shape[1], base.shape[0]))


def entry(base: Reading, labels: tuple[indices.Index, ...]) -> Reading:
    sizes = [size for size in base.shape if size != ONE]
    if base.shape != UNKNOWN and None not in base.shape and len(sizes) != len(labels):
        raise Unreadable(f"{base} with {len(labels)} indices")
    return Reading("entry", (base, *(label.name for label in labels)))


def derivative(body: Reading, variable: variables.Variable, labels: tuple[indices.Index, ...] = ()) -> Reading:
    shape = SCALAR if labels else variable.shape
    parts = (require_scalar(body, "a derivative"), variable.name, *(label.name for label in labels))
    return Reading("derivative", parts, shape)


def big_sum(bound: tuple[indices.Index, ...], distinct: bool, body: Reading) -> Reading:
    return Reading("Σ≠" if distinct else "Σ", (*(one.name for one in bound), body), body.shape)


_SHAPES_OF_CALLS: dict[str, Callable[[Sequence[Reading]], Shape]] = {
    "E": lambda parts: parts[0].shape,
    "sgn": lambda parts: parts[0].shape,
    "abs": lambda parts: parts[0].shape,
    "Cov": lambda parts: (parts[0].shape[0], parts[1].shape[0]),
    "diag": lambda parts: (parts[0].shape[0], parts[0].shape[0]),
}
_OF_ARRAYS = {*_SHAPES_OF_CALLS, "tr", "norm 1", "norm 2"}


def call(head: str, *parts: Reading) -> Reading:
    if head not in _OF_ARRAYS:
        for part in parts:
            require_scalar(part, head)
    if head == "Cov" and len(parts) == 1:
        parts = (parts[0], parts[0])
    return Reading(head, parts, _SHAPES_OF_CALLS.get(head, lambda parts: SCALAR)(parts))


def applied(function: functions.Function, orders: tuple[int, ...], arguments: Sequence[Reading]) -> Reading:
    if len(arguments) != len(function.shapes):
        raise Unreadable(f"{function} of {len(arguments)} arguments")
    shape: Shape = SCALAR
    if function.is_entrywise:
        shape = arguments[0].shape
    elif len(orders) == 1:
        shape = function.shapes[orders[0]]
    return Reading("at", (function.name, orders, *arguments), shape)


# ---- of a tree --------------------------------------------------------------------------------------------------


def as_read(node: Any) -> Reading:
    """What is read where the tree was printed; the docstring of this file says what is forgotten."""
    for kind in type(node).__mro__:
        if kind in _OF_NODES:
            return _OF_NODES[kind](node)
    raise TypeError(f"{type(node).__name__} is missing in tests/readings.py")


def _number(value: Any) -> Reading:
    if value < 0:
        return minus(_number(-value))
    whole = [Reading("number", (int(part),)) for part in (value.p, value.q)]
    return whole[0] if value.q == 1 else fraction(*whole)


def _expression(value: Expr) -> Reading:
    """A rational function as SymPy orders it, one fraction for each term."""
    if value.is_Rational:
        return _number(value)
    if value.is_Symbol:
        return Reading("name", (value.name,))
    if value.is_Add:
        return row_of_terms([_signed(term) for term in value.as_ordered_terms()])
    top, bottom = value.as_numer_denom()
    if bottom != 1:
        return fraction(_expression(top), _expression(bottom))
    if value.could_extract_minus_sign():
        return minus(_expression(-value))
    if value.is_Pow:
        return power(_expression(value.base), _number(value.exp))
    return row_of_factors([_expression(factor) for factor in value.as_ordered_factors()])


def _signed(term: Expr) -> tuple[bool, Reading]:
    negative = bool(term.could_extract_minus_sign())
    return negative, _expression(-term if negative else term)


def _plus(node: tree.Plus) -> Reading:
    terms = [
        (
            place > 0 and isinstance(term, tree.Minus),
            as_read(term.args[0] if place and isinstance(term, tree.Minus) else term),
        )
        for place, term in enumerate(node.args)
    ]
    return row_of_terms(terms)


def _element(node: tree.Element) -> Reading:
    inner, labels = node.args[0], node.indices
    if isinstance(inner, tree.Member):
        inner, labels = inner.args[0], (inner.index, *labels)
    return entry(as_read(inner), labels)


def _member(node: tree.Member) -> Reading:
    return Reading("member", (as_read(node.args[0]), node.index.name), node.shape)


def _filled(node: variables.Filled) -> Reading:
    return Reading("all", (int(node.args[0].value),), UNKNOWN)


def _defined(node: variables.Defined) -> Reading:
    if node.values:
        return Reading("defined", (node.name, *map(as_read, node.values)), node.shape)
    return Reading("name", (node.name,), node.shape)


def _calls(head: str) -> Callable[[Any], Reading]:
    return lambda node: call(head, *map(as_read, node.args))


def _remainder(node: functions.Remainder) -> Reading:
    return Reading("remainder", (node.function.name, node.order, as_read(node.point), as_read(node.increment)))


def _named(node: Any) -> Reading:
    return Reading("name", (node.name,), node.shape)


def _flat(node: Any) -> Reading:
    """One row of factors. Its shape is the tree's own: only who reads from the left has to find that it fits."""
    rows = [as_read(factor) for factor in node.args]
    flat = [one for row in rows for one in (row.parts if row.kind == "product" else (row,))]
    return Reading("product", tuple(flat), node.shape) if len(flat) > 1 else flat[0]


_OF_NODES: dict[type, Callable[[Any], Reading]] = {
    tree.Number: lambda node: _number(node.value),
    tree.Coefficient: lambda node: _expression(node.expression),
    tree.Dimension: _named,
    tree.Parameter: _named,
    variables.Variable: _named,
    variables.Defined: _defined,
    variables.Identity: lambda node: Reading("identity", (), UNKNOWN),
    variables.Filled: _filled,
    tree.Plus: _plus,
    tree.Minus: lambda node: minus(as_read(node.args[0])),
    tree.Product: _flat,
    tree.MatrixProduct: _flat,
    tree.Quotient: lambda node: fraction(*map(as_read, node.args)),
    tree.Power: lambda node: power(*map(as_read, node.args)),
    elementary.SymbolicPower: lambda node: power(*map(as_read, node.args)),
    tree.Group: lambda node: as_read(node.args[0]),
    tree.Transpose: lambda node: transposed(as_read(node.args[0])),
    matrices.Inverse: lambda node: Reading("inverse", (as_read(node.args[0]),), node.shape),
    tree.Hadamard: lambda node: Reading("hadamard", tuple(map(as_read, node.args)), node.shape),
    tree.Trace: _calls("tr"),
    tree.SquaredNorm: _calls("norm 2"),
    functions.NormOne: _calls("norm 1"),
    functions.AbsoluteValue: _calls("abs"),
    functions.Signum: _calls("sgn"),
    functions.Root: _calls("root"),
    functions.Diagonal: _calls("diag"),
    elementary.Exponential: _calls("exp"),
    elementary.Logarithm: _calls("log"),
    elementary.Maximum: _calls("max"),
    elementary.Minimum: _calls("min"),
    expectations.Expectation: _calls("E"),
    expectations.Variance: _calls("Var"),
    expectations.Covariance: _calls("Cov"),
    tree.Element: _element,
    tree.Member: _member,
    tree.KroneckerDelta: lambda node: Reading("δ", tuple(one.name for one in node.args)),
    tree.IndexedSum: lambda node: big_sum(node.bound, isinstance(node.binder, indices.Distinct), as_read(node.body)),
    functions.Applied: lambda node: applied(node.function, node.orders, [as_read(one) for one in node.arguments]),
    functions.Remainder: _remainder,
    functions.Derivative: lambda node: derivative(as_read(node.body), node.variable, node.indices),
}
