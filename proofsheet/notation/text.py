"""How a line is set in one row: Unicode, ASCII or LaTeX.

One walk over the tree decides order and brackets; a style (`Unicode` and the classes that differ from it) decides how
each construct looks. Brackets are never lost:
every construct reports how tightly it binds, and a looser one inside a tighter one is bracketed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any, ClassVar

from sympy import Expr, Integer, Mul, Pow, Rational

from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.names import GREEK, SUBSCRIPTS, SUPERSCRIPTS, printed_name, printed_subscript, split_name
from proofsheet.notation.tree import (
    Coefficient,
    Dimension,
    Distinct,
    Element,
    Group,
    Hadamard,
    Index,
    IndexedSum,
    KroneckerDelta,
    MatrixProduct,
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


class Unicode:
    """For a UTF-8 terminal."""

    minus, times, transpose, unequal, circle = "−", "·", "ᵀ", "≠", "∘"

    def name(self, name: str, node: Node | None = None) -> str:
        return printed_name(name)

    def subscript(self, labels: list[str]) -> str:
        return printed_subscript(labels)

    def power(self, base: str, exponent: int) -> str:
        return base + "".join(SUPERSCRIPTS[digit] for digit in str(exponent))

    def big_sum(self, under: list[str], unequal: bool, body: str, size: str) -> str:
        joint = "≠" if unequal else ""
        if all(letter in SUBSCRIPTS for label in under for letter in label):
            return f"Σ{joint.join(self.subscript([label]) for label in under)} {body}"
        return f"Σ_{{{(joint or ',').join(under)}}} {body}"

    def fraction(self, top: str, bottom: str) -> str:
        return f"{top}/{bottom}"

    def brackets(self, body: str) -> str:
        return f"({body})"

    def square_brackets(self, head: str, body: str) -> str:
        return f"{head}[{body}]"

    def call(self, head: str, body: str) -> str:
        return f"{head}({body})"

    def norm2(self, body: str, frobenius: bool) -> str:
        return f"‖{body}‖{'_F' if frobenius else ''}²"

    def delta(self, first: str, second: str) -> str:
        return "δ" + self.subscript([first, second])

    def filled(self, value: str) -> str:
        return {"1": "𝟏", "0": "𝟎"}.get(value, value)

    def identity(self) -> str:
        return "I"

    def juxtapose(self, left: str, right: str) -> str:
        return f"{left} {right}"

    def matrix_product(self, factors: list[str]) -> str:
        text = factors[0]
        for left, right in pairwise(factors):
            text += ("" if self._may_touch(left, right) else " ") + right
        return text

    def _may_touch(self, left: str, right: str) -> bool:
        return (_is_letter(left) or left[-1] in "ᵀ])") and (_is_letter(right) or right.startswith(("E[", "(")))


def _is_letter(text: str) -> bool:
    """One glyph, transposed or with an accent, so that it needs no space beside another one."""
    plain = unicodedata.normalize("NFD", text).rstrip("ᵀ")
    return bool(plain) and plain[0].isalpha() and all(unicodedata.combining(mark) for mark in plain[1:])


class Ascii(Unicode):
    """For every other terminal, for logs and for `str` of a line in SymPy."""

    minus, times, transpose, unequal, circle = "-", "*", "'", "!=", "o"

    def name(self, name: str, node: Node | None = None) -> str:
        return name

    def subscript(self, labels: list[str]) -> str:
        return "[" + ",".join(labels) + "]"

    def power(self, base: str, exponent: int) -> str:
        return f"{base}^{exponent}"

    def big_sum(self, under: list[str], unequal: bool, body: str, size: str) -> str:
        return f"Sum_{{{('!=' if unequal else ',').join(under)}}} {body}"

    def norm2(self, body: str, frobenius: bool) -> str:
        return f"||{body}||{'_F' if frobenius else ''}^2"

    def delta(self, first: str, second: str) -> str:
        return f"delta[{first},{second}]"

    def filled(self, value: str) -> str:
        return {"1": "ones", "0": "zeros"}.get(value, value)

    def _may_touch(self, left: str, right: str) -> bool:
        return False


class Latex(Unicode):
    """For `sympy.latex(line)` and notebooks."""

    minus, times, transpose, unequal, circle = "-", r"\cdot", r"^{\top}", r"\neq", r"\odot"
    commands: ClassVar[dict[str, str]] = {"eps": r"\varepsilon", "epsilon": r"\varepsilon", "lam": r"\lambda"}

    def name(self, name: str, node: Node | None = None) -> str:
        letters, accents, label = split_name(name)
        text = self.commands.get(letters, f"\\{letters}" if letters in GREEK else letters)
        if node is not None and not node.is_scalar:
            text = f"\\boldsymbol{{{text}}}" if text.startswith("\\") else f"\\mathbf{{{text}}}"
        elif len(letters) > 1 and letters not in GREEK:
            text = f"\\mathrm{{{text}}}"
        for accent in accents:
            text = f"\\{accent}{{{text}}}"
        return text + (f"_{{{label}}}" if label else "")

    def subscript(self, labels: list[str]) -> str:
        return "_{" + "".join(labels) + "}"

    def power(self, base: str, exponent: int) -> str:
        return f"{base}^{{{exponent}}}"

    def big_sum(self, under: list[str], unequal: bool, body: str, size: str) -> str:
        if unequal:
            return rf"\sum_{{{under[0]} \neq {under[1]}}} {body}"
        return "".join(rf"\sum_{{{label}=1}}^{{{size}}} " for label in under) + body

    def fraction(self, top: str, bottom: str) -> str:
        return rf"\frac{{{top}}}{{{bottom}}}"

    def brackets(self, body: str) -> str:
        return rf"\left({body}\right)"

    def square_brackets(self, head: str, body: str) -> str:
        symbol = r"\mathbb{E}" if head == "E" else rf"\operatorname{{{head}}}"
        return rf"{symbol}\left[{body}\right]"

    def call(self, head: str, body: str) -> str:
        head = r"\operatorname{tr}" if head == "tr" else head
        return rf"{head}\left({body}\right)"

    def norm2(self, body: str, frobenius: bool) -> str:
        return rf"\left\lVert {body} \right\rVert{'_F' if frobenius else ''}^{{2}}"

    def delta(self, first: str, second: str) -> str:
        return rf"\delta_{{{first}{second}}}"

    def filled(self, value: str) -> str:
        return rf"\mathbf{{{value}}}"

    def identity(self) -> str:
        return r"\mathbf{I}"

    def juxtapose(self, left: str, right: str) -> str:
        return rf"{left} \, {right}"

    def _may_touch(self, left: str, right: str) -> bool:
        return False


STYLES: dict[str, Unicode] = {"unicode": Unicode(), "ascii": Ascii(), "latex": Latex()}
Piece = tuple[str, Binding]


@lru_cache(maxsize=20_000)
def set_line(node: Any, style: str = "unicode") -> str:
    """The line in one row of text."""
    return _set(node, STYLES[style])[0]


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
    return style.fraction(str(value.p), str(value.q)), Binding.FRACTION


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
        return _over(_expression(numerator, style), _expression(denominator, style), style)
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
    if isinstance(style, Latex):
        return style.fraction(top[0], bottom[0]), Binding.ATOM
    if top[1] is Binding.SIGN and top[0].startswith(style.minus):  # −v/(n − 1) reads the same either way
        inner, _ = _over((top[0][len(style.minus) :], Binding.PRODUCT), bottom, style)
        return style.minus + inner, Binding.SIGN
    upper = top[0] if top[1] in (Binding.PRODUCT, Binding.POSTFIX, Binding.ATOM) else style.brackets(top[0])
    lower = bottom[0] if bottom[1] >= Binding.POSTFIX else style.brackets(bottom[0])
    return style.fraction(upper, lower), Binding.FRACTION


def _set_symbol(node: Any, style: Unicode) -> Piece:
    return style.name(node.name, node), Binding.ATOM


def _set_index(node: Index, style: Unicode) -> Piece:
    return node.name, Binding.ATOM


def _set_distinct(node: Distinct, style: Unicode) -> Piece:
    return f"{node.args[0].name} {style.unequal} {node.args[1].name}", Binding.SUM


def _set_defined(node: Defined, style: Unicode) -> Piece:
    name = style.name(node.name, node)
    if not node.values:
        return name, Binding.ATOM
    return style.call(name, ", ".join(_set(value, style)[0] for value in node.values)), Binding.ATOM


def _set_plus(node: Plus, style: Unicode) -> Piece:
    text = ""
    for position, (negative, term) in enumerate(signed_terms(node)):
        inner = _at_least(term, Binding.BIG_SUM, style)
        if position == 0:
            text = (style.minus if negative else "") + inner
        else:
            text += f" {style.minus if negative else '+'} {inner}"
    return text, Binding.SUM


def _set_minus(node: Minus, style: Unicode) -> Piece:
    return style.minus + _at_least(node.args[0], Binding.BIG_SUM, style), Binding.SIGN


def _set_product(node: Product, style: Unicode) -> Piece:
    *front, last = node.args
    texts = [_at_least(factor, Binding.PRODUCT, style) for factor in front]
    loose = isinstance(last, IndexedSum) or (not front)
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
    return _over(_set(node.args[0], style), _set(node.args[1], style), style)


def _set_power(node: Power, style: Unicode) -> Piece:
    base = node.args[0]
    text = _at_least(base, Binding.ATOM, style)
    if isinstance(base, (Expectation, Variance, Covariance, SquaredNorm)):
        text = style.brackets(text)  # E[Z]² is read in two ways
    return style.power(text, node.exponent), Binding.POSTFIX


def _set_group(node: Group, style: Unicode) -> Piece:
    return style.brackets(_set(node.args[0], style)[0]), Binding.ATOM


def _set_transpose(node: Transpose, style: Unicode) -> Piece:
    return _at_least(node.args[0], Binding.ATOM, style) + style.transpose, Binding.POSTFIX


def _set_hadamard(node: Hadamard, style: Unicode) -> Piece:
    left, right = (_at_least(side, Binding.POSTFIX, style) for side in node.args)
    return f"{left} {style.circle} {right}", Binding.SIGN


def _set_trace(node: Trace, style: Unicode) -> Piece:
    return style.call("tr", _set(node.args[0], style)[0]), Binding.ATOM


def _set_norm2(node: SquaredNorm, style: Unicode) -> Piece:
    inner = node.args[0]
    matrix = all(str(size) != "1" for size in inner.shape)
    return style.norm2(_set(inner, style)[0], matrix), Binding.ATOM


def _set_element(node: Element, style: Unicode) -> Piece:
    return _at_least(node.args[0], Binding.ATOM, style) + style.subscript([i.name for i in node.indices]), Binding.ATOM


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
    Hadamard: _set_hadamard,
    Trace: _set_trace,
    SquaredNorm: _set_norm2,
    Element: _set_element,
    IndexedSum: _set_sum,
    KroneckerDelta: _set_delta,
    Identity: _set_identity,
    Filled: _set_filled,
    Expectation: _bracketed("E"),
    Variance: _bracketed("Var"),
    Covariance: _bracketed("Cov"),
}

Node._format = staticmethod(set_line)
