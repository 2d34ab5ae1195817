"""How a line is set in one row: one walk over the tree decides order and brackets, a style how each construct looks.

Brackets are never lost: every construct reports how tightly it binds, and a looser one inside a tighter one is bracketed.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from typing import Any

from sympy import Expr, Integer, Mul, Pow, Rational

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
from proofsheet.notation.styles import STYLES
from proofsheet.notation.terminal_styles import Unicode
from proofsheet.notation.tree import (
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


class Binding(IntEnum):
    """How tightly a construct holds together."""

    SUM = 1
    SIGN = 2
    BIG_SUM = 3  # Σ reaches as far right as it can
    PRODUCT = 4
    FRACTION = 5  # v/n: a factor of a product only in brackets
    POSTFIX = 6
    ATOM = 7


Piece = tuple[str, Binding]


@lru_cache(maxsize=20_000)
def set_line(node: Any, style: str = "unicode") -> str:
    """The line in one row of text."""
    return _set(node, STYLES[style])[0]


def set_terms(node: Plus, style: str) -> list[str]:
    """The texts of the terms of a sum with their signs; joined by spaces they are the line."""
    return _terms(node, STYLES[style])


def signed_terms(node: Node) -> list[tuple[bool, Node]]:
    """The terms of a sum, each with whether it is subtracted."""
    terms = node.args if isinstance(node, Plus) else (node,)
    return [(True, term.args[0]) if isinstance(term, Minus) else (False, term) for term in terms]


def _set(node: Node, style: Unicode) -> Piece:
    for kind in type(node).__mro__:
        if kind in _SETTERS:
            return _SETTERS[kind](node, style)
    raise TypeError(f"no way to set a {type(node).__name__}")


def _at_least(node: Node, binding: Binding, style: Unicode) -> str:
    text, own = _set(node, style)
    return text if own >= binding else style.brackets(text)


def _set_number(node: Number, style: Unicode) -> Piece:
    return _rational(node.value, style)


def _rational(value: Rational, style: Unicode) -> Piece:
    if value < 0:
        return style.minus + _rational(-value, style)[0], Binding.SIGN
    if value.is_Integer:
        return str(value), Binding.ATOM
    return _over((str(value.p), Binding.ATOM), (str(value.q), Binding.ATOM), style)


def _set_coefficient(node: Coefficient, style: Unicode) -> Piece:
    return _expression(node.expression, style)


def _expression(value: Expr, style: Unicode) -> Piece:
    """A SymPy rational function, in SymPy's order."""
    if value.is_Rational:
        return _rational(value, style)
    if value.is_Symbol:
        return style.name(value.name), Binding.ATOM
    if value.is_Add:
        first, *rest = value.as_ordered_terms()
        text = _expression(first, style)[0]
        for term in rest:
            negative = term.could_extract_minus_sign()
            inner, own = _expression(-term if negative else term, style)
            text += f" {style.minus if negative else '+'} {inner if own > Binding.SIGN else style.brackets(inner)}"
        return text, Binding.SUM
    numerator, denominator = value.as_numer_denom()
    if denominator != 1:
        within = style.within_fraction
        return _over(_expression(numerator, within), _expression(denominator, within), style)
    if value.could_extract_minus_sign():
        inner, own = _expression(-value, style)
        return style.minus + (inner if own > Binding.SIGN else style.brackets(inner)), Binding.SIGN
    if isinstance(value, Pow) and isinstance(value.exp, Integer):
        base, own = _expression(value.base, style)
        return style.power(base if own >= Binding.POSTFIX else style.brackets(base), int(value.exp)), Binding.POSTFIX
    if isinstance(value, Mul):
        pieces = [_expression(factor, style) for factor in value.as_ordered_factors()]
        texts = [text if own > Binding.BIG_SUM else style.brackets(text) for text, own in pieces]
        text = texts[0]
        for factor in texts[1:]:
            text = style.juxtapose(text, factor)
        return text, Binding.PRODUCT
    raise TypeError(f"not a rational function: {value!r}")


def _over(top: Piece, bottom: Piece, style: Unicode) -> Piece:
    """A quotient; `top` and `bottom` are set in the style within fractions."""
    if top[1] is Binding.SIGN and top[0].startswith(style.minus):  # −v/(n − 1) reads the same either way
        inner, _ = _over((top[0][len(style.minus) :], Binding.PRODUCT), bottom, style)
        return style.minus + inner, Binding.SIGN
    if style.stacks_fractions:
        return style.fraction(top[0], bottom[0]), Binding.PRODUCT
    upper = top[0] if top[1] in (Binding.PRODUCT, Binding.POSTFIX, Binding.ATOM) else style.brackets(top[0])
    lower = bottom[0] if bottom[1] >= Binding.POSTFIX else style.brackets(bottom[0])
    return style.fraction(upper, lower), Binding.FRACTION


def _set_symbol(node: Any, style: Unicode) -> Piece:
    return style.name(node.name, node), Binding.ATOM


def _set_index(node: Index, style: Unicode) -> Piece:
    return style.index(node.name), Binding.ATOM


def _set_distinct(node: Distinct, style: Unicode) -> Piece:
    first, second = (style.index(index.name) for index in node.args)
    return f"{first} {style.unequal} {second}", Binding.SUM


def _set_defined(node: Defined, style: Unicode) -> Piece:
    name = style.name(node.name, node)
    if not node.values:
        return name, Binding.ATOM
    return style.call(name, ", ".join(_set(value, style)[0] for value in node.values)), Binding.ATOM


def _set_plus(node: Plus, style: Unicode) -> Piece:
    return " ".join(_terms(node, style)), Binding.SUM


def _terms(node: Plus, style: Unicode) -> list[str]:
    """The terms of a sum, each but the first after its sign and a space."""
    first, *rest = [(negative, _at_least(term, Binding.BIG_SUM, style)) for negative, term in signed_terms(node)]
    opening = (style.minus if first[0] else "") + first[1]
    return [opening, *(f"{style.minus if negative else '+'} {text}" for negative, text in rest)]


def _set_minus(node: Minus, style: Unicode) -> Piece:
    return style.minus + _at_least(node.args[0], Binding.BIG_SUM, style), Binding.SIGN


def _set_product(node: Product, style: Unicode) -> Piece:
    *front, last = node.args
    texts = [_at_least(factor, Binding.PRODUCT, style) for factor in front]
    loose = isinstance(last, (IndexedSum, Derivative)) or (not front)
    texts.append(_at_least(last, Binding.BIG_SUM if loose else Binding.PRODUCT, style))
    texts = [
        style.brackets(text) if _set(factor, style)[1] == Binding.FRACTION and len(node.args) > 1 else text
        for text, factor in zip(texts, node.args, strict=True)
    ]
    text = texts[0]
    for left, factor, right in zip(node.args, node.args[1:], texts[1:], strict=False):
        digits = right[0].isdigit() or (isinstance(left, Number) and isinstance(factor, Number))
        text = f"{text} {style.times} {right}" if digits else style.juxtapose(text, right)
    return text, Binding.PRODUCT


def _set_matrix_product(node: MatrixProduct, style: Unicode) -> Piece:
    return style.matrix_product([_matrix_factor(factor, style) for factor in node.args]), Binding.PRODUCT


def _matrix_factor(factor: Node, style: Unicode) -> str:
    text, own = _set(factor, style)
    return text if own >= Binding.PRODUCT and own != Binding.FRACTION else style.brackets(text)


def _set_quotient(node: Quotient, style: Unicode) -> Piece:
    within = style.within_fraction
    return _over(_set(node.args[0], within), _set(node.args[1], within), style)


def _set_power(node: Power, style: Unicode) -> Piece:
    return style.power(_base(node.args[0], style), node.exponent), Binding.POSTFIX


def _base(base: Node, style: Unicode) -> str:
    text = _at_least(base, Binding.ATOM, style)
    ambiguous = (Expectation, Variance, Covariance, SquaredNorm, Root, Exponential, Logarithm, Maximum, Minimum)
    return style.brackets(text) if isinstance(base, ambiguous) else text  # E[Z]² and √t² are read in two ways


def _set_symbolic_power(node: SymbolicPower, style: Unicode) -> Piece:
    exponent, own = _set(node.exponent, style.within_fraction)
    return style.symbolic_power(_base(node.base, style), exponent, own == Binding.ATOM), Binding.POSTFIX


def _set_call_of_two(head: str) -> Callable[[Node, Unicode], Piece]:
    def set_call(node: Node, style: Unicode) -> Piece:
        return style.call(head, ", ".join(_set(part, style)[0] for part in node.args)), Binding.ATOM

    return set_call


def _set_group(node: Group, style: Unicode) -> Piece:
    return style.brackets(_set(node.args[0], style)[0]), Binding.ATOM


def _set_transpose(node: Transpose, style: Unicode) -> Piece:
    return _at_least(node.args[0], Binding.ATOM, style) + style.transpose, Binding.POSTFIX


def _set_inverse(node: Inverse, style: Unicode) -> Piece:
    inner = node.args[0]
    if style.calls_inverse:
        return style.call("inv", _set(inner, style)[0]), Binding.ATOM
    return _at_least(inner, Binding.ATOM, style) + style.inverse, Binding.POSTFIX


def _set_hadamard(node: Hadamard, style: Unicode) -> Piece:
    left, right = (_at_least(side, Binding.POSTFIX, style) for side in node.args)
    return f"{left} {style.circle} {right}", Binding.SIGN


def _set_norm2(node: SquaredNorm, style: Unicode) -> Piece:
    inner = node.args[0]
    matrix = all(str(size) != "1" for size in inner.shape)
    return style.norm2(_set(inner, style)[0], matrix), Binding.ATOM


def _set_element(node: Element, style: Unicode) -> Piece:
    inner, indices = node.args[0], node.indices
    if isinstance(inner, Member):
        inner, indices = inner.args[0], (inner.index, *indices)
    if isinstance(inner, (Variable, Defined)) and not getattr(inner, "values", ()):
        base = style.name(inner.name)  # an entry is a scalar, and set like one
    else:
        base = _at_least(inner, Binding.ATOM, style)
    return style.indexed(base, [i.name for i in indices]), Binding.ATOM


def _set_member(node: Member, style: Unicode) -> Piece:
    return style.indexed(_at_least(node.args[0], Binding.ATOM, style), [node.index.name]), Binding.ATOM


def _set_applied(node: Applied, style: Unicode) -> Piece:
    function = node.function
    name = style.derived(style.name(function.name), node.orders, len(function.shapes), not function.is_entrywise)
    return style.call(name, ", ".join(_set(argument, style)[0] for argument in node.arguments)), Binding.ATOM


def _set_remainder(node: Remainder, style: Unicode) -> Piece:
    parts = (_set(part, style)[0] for part in (node.point, node.increment))
    return style.remainder(node.order, style.name(node.function.name), *parts), Binding.ATOM


def _set_derivative(node: Derivative, style: Unicode) -> Piece:
    by = style.name(node.variable.name, node if node.indices else node.variable)
    body, own = _set(node.body, style)
    body = body if own == Binding.ATOM else style.brackets(body)
    if not node.indices and not node.variable.is_scalar:
        return style.gradient(by, body), Binding.BIG_SUM
    by = style.indexed(by, [i.name for i in node.indices]) if node.indices else by
    if not style.stacks_fractions:
        return style.derivative(body, by), Binding.FRACTION
    return style.derivative(body, by), Binding.PRODUCT if style.closes_derivative(body) else Binding.BIG_SUM


def _set_absolute(node: AbsoluteValue, style: Unicode) -> Piece:
    return style.absolute(_set(node.args[0], style)[0]), Binding.ATOM


def _set_norm1(node: NormOne, style: Unicode) -> Piece:
    return style.norm1(_set(node.args[0], style)[0]), Binding.ATOM


def _set_root(node: Root, style: Unicode) -> Piece:
    body = _set(node.args[0], style)[0]
    return style.root(body, len(body) == 1), Binding.ATOM


def _called(head: str) -> Callable[[Node, Unicode], Piece]:
    def set_call(node: Node, style: Unicode) -> Piece:
        return style.call(head, _set(node.args[0], style)[0]), Binding.ATOM

    return set_call


def _set_sum(node: IndexedSum, style: Unicode) -> Piece:
    body = _at_least(node.body, Binding.BIG_SUM, style)
    size = _set(node.bound[0].dimension, style)[0]
    unequal = isinstance(node.binder, Distinct)
    return style.big_sum([i.name for i in node.bound], unequal, body, size), Binding.BIG_SUM


def _set_delta(node: KroneckerDelta, style: Unicode) -> Piece:
    return style.delta(node.args[0].name, node.args[1].name), Binding.ATOM


def _set_identity(node: Identity, style: Unicode) -> Piece:
    return style.identity(), Binding.ATOM


def _set_filled(node: Filled, style: Unicode) -> Piece:
    return style.filled(_set(node.args[0], style)[0]), Binding.ATOM


def _bracketed(head: str) -> Callable[[Node, Unicode], Piece]:
    def set_operator(node: Node, style: Unicode) -> Piece:
        parts = node.args[:1] if isinstance(node, Covariance) and node.args[0] == node.args[1] else node.args
        return style.square_brackets(head, ", ".join(_set(part, style)[0] for part in parts)), Binding.ATOM

    return set_operator


_SETTERS: dict[type, Callable[[Any, Unicode], Piece]] = {
    Number: _set_number,
    Coefficient: _set_coefficient,
    Dimension: _set_symbol,
    Parameter: _set_symbol,
    Variable: _set_symbol,
    Index: _set_index,
    Distinct: _set_distinct,
    Defined: _set_defined,
    Plus: _set_plus,
    Minus: _set_minus,
    Product: _set_product,
    MatrixProduct: _set_matrix_product,
    Quotient: _set_quotient,
    Power: _set_power,
    Group: _set_group,
    Transpose: _set_transpose,
    Inverse: _set_inverse,
    Hadamard: _set_hadamard,
    Trace: _called("tr"),
    SquaredNorm: _set_norm2,
    Element: _set_element,
    Member: _set_member,
    Applied: _set_applied,
    Remainder: _set_remainder,
    Derivative: _set_derivative,
    AbsoluteValue: _set_absolute,
    Signum: _called("sgn"),
    NormOne: _set_norm1,
    Root: _set_root,
    Diagonal: _called("diag"),
    Exponential: _called("exp"),
    Logarithm: _called("log"),
    SymbolicPower: _set_symbolic_power,
    Maximum: _set_call_of_two("max"),
    Minimum: _set_call_of_two("min"),
    IndexedSum: _set_sum,
    KroneckerDelta: _set_delta,
    Identity: _set_identity,
    Filled: _set_filled,
    Expectation: _bracketed("E"),
    Variance: _bracketed("Var"),
    Covariance: _bracketed("Cov"),
}
