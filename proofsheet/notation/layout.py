"""From a tree to boxes: order and brackets are decided here, once for all styles.

Brackets are never lost: every construct reports how tightly it binds, and a looser one inside a tighter one is bracketed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from sympy import Expr, Integer, Mul, Pow, Rational

from proofsheet.notation.boxes import (
    Beside,
    BigSum,
    Box,
    Called,
    ConstantMatrix,
    Delta,
    DerivedName,
    Differentiated,
    Fenced,
    Figure,
    Fraction,
    GradientOf,
    IndexLetter,
    Inverted,
    Letter,
    Listed,
    Lowered,
    MatrixFactors,
    Negative,
    Norm,
    Radical,
    Raised,
    Related,
    Signed,
    TaylorRemainder,
    Transposed,
    Word,
    inside,
    opening,
)
from proofsheet.notation.elementary import Exponential, Logarithm, Maximum, Minimum, SymbolicPower
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.functions import (
    AbsoluteValue,
    Applied,
    Derivative,
    Diagonal,
    NormOne,
    Remainder,
    Root,
    Signum,
)
from proofsheet.notation.indices import Distinct, Index
from proofsheet.notation.matrices import Inverse
from proofsheet.notation.rows import Binding, in_row, misfits, starts_with_figure
from proofsheet.notation.tree import (
    ONE,
    Coefficient,
    Dimension,
    Element,
    Group,
    Hadamard,
    IndexedSum,
    KroneckerDelta,
    MatrixProduct,
    Member,
    Minus,
    Node,
    Number,
    Parameter,
    Plus,
    Power,
    Product,
    Quotient,
    SquaredNorm,
    Trace,
    Transpose,
)
from proofsheet.notation.variables import Defined, Filled, Identity, Variable

LARGEST_NUMERATOR = 5  # letters and figures of what is differentiated, in a fraction ∂f/∂w


@dataclass(frozen=True)
class Manner:
    """What a style asks of the layout: fractions with a bar or a slash, and how an inverse is written."""

    stacks_fractions: bool = False
    calls_inverse: bool = False


Piece = tuple[Box, Binding]


@lru_cache(maxsize=20_000)
def lay_out(node: Any, manner: Manner) -> Box:
    """The boxes of a line. Raises TypeError for what is no part of the notation."""
    return _laid(node, manner)[0]


def signed_terms(node: Node) -> list[tuple[bool, Node]]:
    """The terms of a sum, each with whether it is subtracted."""
    terms = node.args if isinstance(node, Plus) else (node,)
    return [(True, term.args[0]) if isinstance(term, Minus) else (False, term) for term in terms]


def letter(symbol: Any) -> Letter:
    """The name of a declared symbol; functions have no shape, and no bold names."""
    return Letter(symbol.name, isinstance(symbol, Node) and not symbol.is_scalar)


def _laid(node: Any, manner: Manner) -> Piece:
    for kind in type(node).__mro__:
        if kind in _MAKERS:
            return _MAKERS[kind](node, manner)
    raise TypeError(f"no way to set a {type(node).__name__}")


def _box(node: Node, manner: Manner) -> Box:
    return _laid(node, manner)[0]


def _round(box: Box) -> Fenced:
    return Fenced("round", box)


def _at_least(node: Node, binding: Binding, manner: Manner) -> Box:
    box, own = _laid(node, manner)
    return box if own >= binding else _round(box)


def _flat(manner: Manner) -> Manner:
    """The manner of numerators, denominators and exponents."""
    return replace(manner, stacks_fractions=False)


# ---- numbers ----------------------------------------------------------------------------------------------------


def _lay_number(node: Number, manner: Manner) -> Piece:
    return _rational(node.value, manner)


def _rational(value: Rational, manner: Manner) -> Piece:
    if value < 0:
        return Negative(_rational(-value, manner)[0]), Binding.SIGN
    if value.is_Integer:
        return Figure(str(value)), Binding.ATOM
    return _over((Figure(str(value.p)), Binding.ATOM), (Figure(str(value.q)), Binding.ATOM), manner)


def _lay_coefficient(node: Coefficient, manner: Manner) -> Piece:
    return _expression(node.expression, manner)


def _expression(value: Expr, manner: Manner) -> Piece:
    """A SymPy rational function, in SymPy's order."""
    if value.is_Rational:
        return _rational(value, manner)
    if value.is_Symbol:
        return Letter(value.name), Binding.ATOM
    if value.is_Add:
        terms = [_signed_expression(term, manner) for term in value.as_ordered_terms()]
        return Signed(tuple(terms)), Binding.SUM
    numerator, denominator = value.as_numer_denom()
    if denominator != 1:
        return _over(_expression(numerator, _flat(manner)), _expression(denominator, _flat(manner)), manner)
    if value.could_extract_minus_sign():
        return Negative(_signed_expression(value, manner)[1]), Binding.SIGN
    if isinstance(value, Pow) and isinstance(value.exp, Integer):
        base, own = _expression(value.base, manner)
        return Raised(base if own == Binding.ATOM else _round(base), Figure(str(value.exp))), Binding.POSTFIX
    if isinstance(value, Mul):
        pieces = [_expression(factor, manner) for factor in value.as_ordered_factors()]
        factors = tuple(box if own > Binding.BIG_SUM else _round(box) for box, own in pieces)
        return Beside(factors, (False,) * (len(factors) - 1)), Binding.PRODUCT
    raise TypeError(f"not a rational function: {value!r}")


def _signed_expression(term: Expr, manner: Manner) -> tuple[bool, Box]:
    negative = bool(term.could_extract_minus_sign())
    box, own = _expression(-term if negative else term, manner)
    return negative, box if own > Binding.SIGN else _round(box)


# ---- sums, products, fractions ----------------------------------------------------------------------------------


def _over(top: Piece, bottom: Piece, manner: Manner) -> Piece:
    """A quotient; `top` and `bottom` were laid out flat."""
    if isinstance(top[0], Negative):
        return Negative(_over((top[0].inner, in_row(top[0].inner)), bottom, manner)[0]), Binding.SIGN
    if manner.stacks_fractions:
        return Fraction(top[0], bottom[0], stacked=True), Binding.PRODUCT
    upper = top[0] if top[1] in (Binding.PRODUCT, Binding.POSTFIX, Binding.ATOM) else _round(top[0])
    lower = bottom[0] if bottom[1] >= Binding.POSTFIX else _round(bottom[0])
    return Fraction(upper, lower, stacked=False), Binding.FRACTION


def _lay_quotient(node: Quotient, manner: Manner) -> Piece:
    top, bottom = node.args
    if isinstance(top, Minus):  # −v/(n − 1) reads the same either way
        return Negative(_at_least(Quotient(top.args[0], bottom), Binding.BIG_SUM, manner)), Binding.SIGN
    flat = _flat(manner)
    return _over(_laid(top, flat), _laid(bottom, flat), manner)


def _lay_plus(node: Plus, manner: Manner) -> Piece:
    (negative, first), *rest = signed_terms(node)
    opening_term = _at_least(first, Binding.BIG_SUM if negative else Binding.SIGN, manner)  # −2 + a needs no brackets
    others = ((sign, _at_least(term, Binding.BIG_SUM, manner)) for sign, term in rest)
    return Signed(((negative, opening_term), *others)), Binding.SUM


def _lay_minus(node: Minus, manner: Manner) -> Piece:
    return Negative(_at_least(node.args[0], Binding.BIG_SUM, manner)), Binding.SIGN


def _lay_product(node: Product, manner: Manner) -> Piece:
    factors = tuple(_factors(node, manner))
    numbers = [isinstance(factor, Number) for factor in node.args]
    times = tuple(
        starts_with_figure(box) or (numbers[place] and numbers[place + 1]) for place, box in enumerate(factors[1:])
    )
    return Beside(factors, times), in_row(factors[-1])


def _lay_matrix_product(node: MatrixProduct, manner: Manner) -> Piece:
    first, *rest = _factors(node, manner)
    factors = (first, *(_round(box) if isinstance(opening(box), Figure) else box for box in rest))  # V (2 x)
    return MatrixFactors(factors), in_row(factors[-1])


def _factors(node: Product | MatrixProduct, manner: Manner) -> Iterator[Box]:
    """The factors with their brackets; Σ and ∇ need none in the last place."""
    for place, factor in enumerate(node.args):
        box, own = _laid(factor, manner)
        least = Binding.BIG_SUM if place == len(node.args) - 1 else Binding.PRODUCT
        yield _round(box) if own < least or own == Binding.FRACTION or misfits(node.args, place) else box


def _lay_hadamard(node: Hadamard, manner: Manner) -> Piece:
    left, right = (_at_least(side, Binding.POSTFIX, manner) for side in node.args)
    return Related(left, "∘", right), Binding.SUM


def _lay_group(node: Group, manner: Manner) -> Piece:
    return _round(_box(node.args[0], manner)), Binding.ATOM


# ---- powers and marks -------------------------------------------------------------------------------------------

_AMBIGUOUS = (Expectation, Variance, Covariance, SquaredNorm, Root, Exponential, Logarithm, Maximum, Minimum)


def _base(base: Node, manner: Manner) -> Box:
    box = _at_least(base, Binding.ATOM, manner)
    return _round(box) if isinstance(base, _AMBIGUOUS) else box  # E[Z]² and √t² are read in two ways


def _lay_power(node: Power, manner: Manner) -> Piece:
    return Raised(_base(node.args[0], manner), Figure(str(node.exponent))), Binding.POSTFIX


def _lay_symbolic_power(node: SymbolicPower, manner: Manner) -> Piece:
    exponent, own = _laid(node.exponent, _flat(manner))
    return Raised(_base(node.base, manner), exponent, own == Binding.ATOM), Binding.POSTFIX


def _lay_transpose(node: Transpose, manner: Manner) -> Piece:
    base = _at_least(node.args[0], Binding.ATOM, manner)
    return Transposed(_round(base) if isinstance(base, Norm) and base.order == 2 else base), Binding.POSTFIX


def _lay_inverse(node: Inverse, manner: Manner) -> Piece:
    if manner.calls_inverse:
        return Inverted(_box(node.args[0], manner)), Binding.ATOM
    return Inverted(_at_least(node.args[0], Binding.ATOM, manner)), Binding.POSTFIX


# ---- names ------------------------------------------------------------------------------------------------------


def _lay_symbol(node: Any, manner: Manner) -> Piece:
    return letter(node), Binding.ATOM


def _lay_index(node: Index, manner: Manner) -> Piece:
    return IndexLetter(node.name), Binding.ATOM


def _lay_distinct(node: Distinct, manner: Manner) -> Piece:
    first, second = (IndexLetter(index.name) for index in node.args)
    return Related(first, "≠", second), Binding.SUM


def _lay_defined(node: Defined, manner: Manner) -> Piece:
    return _called(letter(node), node.values, manner) if node.values else letter(node), Binding.ATOM


def _lay_element(node: Element, manner: Manner) -> Piece:
    inner, indices = node.args[0], node.indices
    if isinstance(inner, Member):
        inner, indices = inner.args[0], (inner.index, *indices)
    is_name = isinstance(inner, (Variable, Defined)) and not getattr(inner, "values", ())
    base = Letter(inner.name) if is_name else _at_least(inner, Binding.ATOM, manner)  # an entry is set as a scalar
    return Lowered(base, tuple(i.name for i in indices)), Binding.ATOM


def _lay_member(node: Member, manner: Manner) -> Piece:
    return Lowered(_at_least(node.args[0], Binding.ATOM, manner), (node.index.name,)), Binding.ATOM


def _lay_delta(node: KroneckerDelta, manner: Manner) -> Piece:
    return Delta((node.args[0].name, node.args[1].name)), Binding.ATOM


def _lay_identity(node: Identity, manner: Manner) -> Piece:
    return ConstantMatrix("I"), Binding.ATOM


def _lay_filled(node: Filled, manner: Manner) -> Piece:
    value = node.args[0]
    if value in (Number(0), Number(1)):
        return ConstantMatrix("0" if value == Number(0) else "1"), Binding.ATOM
    return _box(value, manner), Binding.ATOM


# ---- calls ------------------------------------------------------------------------------------------------------


def _called(head: Box, arguments: Any, manner: Manner, kind: Literal["round", "square"] = "round") -> Called:
    items = tuple(_box(argument, manner) for argument in arguments)
    return Called(head, Fenced(kind, items[0] if len(items) == 1 else Listed(items)))


def _calling(word: str) -> Callable[[Any, Manner], Piece]:
    def lay_call(node: Node, manner: Manner) -> Piece:
        return _called(Word(word), node.args, manner), Binding.ATOM

    return lay_call


def _bracketing(word: str) -> Callable[[Any, Manner], Piece]:
    def lay_operator(node: Node, manner: Manner) -> Piece:
        once = isinstance(node, Covariance) and node.args[0] == node.args[1]
        return _called(Word(word), node.args[:1] if once else node.args, manner, "square"), Binding.ATOM

    return lay_operator


def _lay_applied(node: Applied, manner: Manner) -> Piece:
    function, orders = node.function, node.orders
    name: Box = Letter(function.name)
    if orders:
        several, entrywise = len(function.shapes) > 1, function.is_entrywise
        name = DerivedName(
            Letter(function.name), tuple(orders), "partial" if several else "primes" if entrywise else "gradient"
        )
    return _called(name, node.arguments, manner), Binding.ATOM


def _lay_remainder(node: Remainder, manner: Manner) -> Piece:
    point, increment = (_box(part, manner) for part in (node.point, node.increment))
    return TaylorRemainder(node.order, Letter(node.function.name), point, increment), Binding.ATOM


def _lay_absolute(node: AbsoluteValue, manner: Manner) -> Piece:
    return Fenced("bars", _box(node.args[0], manner)), Binding.ATOM


def _lay_norm1(node: NormOne, manner: Manner) -> Piece:
    return Norm(Fenced("double bars", _box(node.args[0], manner)), 1), Binding.ATOM


def _lay_norm2(node: SquaredNorm, manner: Manner) -> Piece:
    inner = node.args[0]
    is_matrix = ONE not in inner.shape
    return Norm(Fenced("double bars", _box(inner, manner)), 2, is_matrix), Binding.ATOM


def _lay_root(node: Root, manner: Manner) -> Piece:
    return Radical(_box(node.args[0], manner)), Binding.ATOM


def _lay_sum(node: IndexedSum, manner: Manner) -> Piece:
    body = _at_least(node.body, Binding.BIG_SUM, manner)
    size = _box(node.bound[0].dimension, manner)
    distinct = isinstance(node.binder, Distinct)
    return BigSum(tuple(i.name for i in node.bound), distinct, size, body), Binding.BIG_SUM


# ---- derivatives ------------------------------------------------------------------------------------------------


def _lay_derivative(node: Derivative, manner: Manner) -> Piece:
    by: Box = Letter(node.variable.name) if node.indices else letter(node.variable)
    body = _at_least(node.body, Binding.ATOM, manner)
    if not node.indices and not node.variable.is_scalar:
        return GradientOf(by, body), Binding.BIG_SUM
    if node.indices:
        by = Lowered(by, tuple(i.name for i in node.indices))
    if not manner.stacks_fractions:
        return Differentiated(body, by, "flat"), Binding.FRACTION
    if _fits_a_numerator(body):
        return Differentiated(body, by, "stacked"), Binding.PRODUCT
    return Differentiated(body, by, "operator"), Binding.BIG_SUM


def _fits_a_numerator(body: Box) -> bool:
    """Whether ∂ body/∂ by is one fraction, so that nothing after it can be taken for its argument."""
    boxes = [*inside(body)]
    tall = any(isinstance(box, (Fraction, BigSum, Radical, Differentiated)) for box in boxes)
    fences = sum(isinstance(box, Fenced) for box in boxes)
    square = any(isinstance(box, Fenced) and box.kind == "square" for box in boxes)
    letters = sum(isinstance(box, (Letter, Figure)) for box in boxes)
    return letters <= LARGEST_NUMERATOR and fences <= 2 and not tall and not square


_MAKERS: dict[type, Callable[[Any, Manner], Piece]] = {
    Number: _lay_number,
    Coefficient: _lay_coefficient,
    Dimension: _lay_symbol,
    Parameter: _lay_symbol,
    Variable: _lay_symbol,
    Index: _lay_index,
    Distinct: _lay_distinct,
    Defined: _lay_defined,
    Plus: _lay_plus,
    Minus: _lay_minus,
    Product: _lay_product,
    MatrixProduct: _lay_matrix_product,
    Quotient: _lay_quotient,
    Power: _lay_power,
    Group: _lay_group,
    Transpose: _lay_transpose,
    Inverse: _lay_inverse,
    Hadamard: _lay_hadamard,
    Trace: _calling("tr"),
    SquaredNorm: _lay_norm2,
    Element: _lay_element,
    Member: _lay_member,
    Applied: _lay_applied,
    Remainder: _lay_remainder,
    Derivative: _lay_derivative,
    AbsoluteValue: _lay_absolute,
    Signum: _calling("sgn"),
    NormOne: _lay_norm1,
    Root: _lay_root,
    Diagonal: _calling("diag"),
    Exponential: _calling("exp"),
    Logarithm: _calling("log"),
    SymbolicPower: _lay_symbolic_power,
    Maximum: _calling("max"),
    Minimum: _calling("min"),
    IndexedSum: _lay_sum,
    KroneckerDelta: _lay_delta,
    Identity: _lay_identity,
    Filled: _lay_filled,
    Expectation: _bracketing("E"),
    Variance: _bracketing("Var"),
    Covariance: _bracketing("Cov"),
}
