"""How each construct looks in Unicode and in ASCII; order and brackets are decided in `text`."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from proofsheet.notation.names import SUBSCRIPTS, SUPERSCRIPTS, printed_name, printed_subscript
from proofsheet.notation.tree import Node

_RAISED = {**SUPERSCRIPTS, "+": "⁺", "−": "⁻", " ": ""}


class Unicode:
    """For a UTF-8 terminal."""

    minus, times, transpose, circle, cross = "−", "·", "ᵀ", "∘", "×"
    unequal, at_least, at_most = "≠", "≥", "≤"
    independent = "⟂"
    inverse = "⁻¹"
    calls_inverse = False
    stacks_fractions = False

    @property
    def within_fraction(self) -> Unicode:
        """The style of a numerator and of a denominator."""
        return self

    def among_words(self, formula: str) -> str:
        """A formula in the middle of a sentence."""
        return formula

    def words(self, text: str) -> str:
        """An author's words, spelled so that they can stand beside formulas."""
        return text

    def name(self, name: str, node: Node | None = None) -> str:
        return printed_name(name)

    def subscript(self, labels: list[str]) -> str:
        return printed_subscript(labels)

    def indexed(self, base: str, labels: list[str]) -> str:
        """A name or a bracket with the indices of an entry or of a member."""
        return base + self.subscript(labels)

    def index(self, name: str) -> str:
        return name

    def power(self, base: str, exponent: int) -> str:
        return base + "".join(SUPERSCRIPTS[digit] for digit in str(exponent))

    def symbolic_power(self, base: str, exponent: str, single: bool) -> str:
        """As `power`; small letters where Unicode has them for all of the exponent."""
        if all(letter in _RAISED for letter in exponent):
            return base + "".join(_RAISED[letter] for letter in exponent)
        return f"{base}^{exponent}" if single else f"{base}^({exponent})"

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

    def norm1(self, body: str) -> str:
        return f"‖{body}‖₁"

    def absolute(self, body: str) -> str:
        return f"|{body}|"

    def root(self, body: str, single: bool) -> str:
        return f"√{body}" if single else f"√({body})"

    def derived(self, name: str, orders: tuple[int, ...], count: int, as_gradient: bool) -> str:
        """The name of a derivative of a function of `count` arguments."""
        if not orders:
            return name
        if count > 1:
            return "".join(f"∂{self.subscript([str(order + 1)])}" for order in orders) + name
        if as_gradient:
            return f"∇{name}"
        return name + self.primes(len(orders))

    def primes(self, order: int) -> str:
        return {1: "′", 2: "″", 3: "‴"}.get(order) or "⁽" + "".join(SUPERSCRIPTS[digit] for digit in str(order)) + "⁾"

    def closes_derivative(self, body: str) -> bool:
        """Whether the derivative of this is one fraction, so that nothing after it can be taken for its argument."""
        return True

    def derivative(self, body: str, by: str) -> str:
        return f"∂{body}/∂{by}"

    def gradient(self, by: str, body: str) -> str:
        return f"∇_{by} {body}"

    def remainder(self, order: int, function: str, point: str, increment: str) -> str:
        return f"ρ{self.subscript([str(order)])}[{function}; {point}, {increment}]"

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
        return (_is_letter(left) or left[-1] in "ᵀ])¹") and (_is_letter(right) or right.startswith(("E[", "(")))


def _is_letter(text: str) -> bool:
    """One glyph, transposed or with an accent, so that it needs no space beside another one."""
    plain = unicodedata.normalize("NFD", text).removesuffix("⁻¹").rstrip("ᵀ")
    return bool(plain) and plain[0].isalpha() and all(unicodedata.combining(mark) for mark in plain[1:])


class Ascii(Unicode):
    """For every other terminal, for logs and for `str` of a line in SymPy."""

    minus, times, transpose, circle, cross = "-", "*", "'", "o", "x"
    unequal, at_least, at_most = "!=", ">=", "<="
    independent = "independent of"
    calls_inverse = True

    def name(self, name: str, node: Node | None = None) -> str:
        return name

    def subscript(self, labels: list[str]) -> str:
        return "[" + ",".join(labels) + "]"

    def power(self, base: str, exponent: int) -> str:
        return f"{base}^{exponent}"

    def symbolic_power(self, base: str, exponent: str, single: bool) -> str:
        return f"{base}^{exponent}" if single else f"{base}^({exponent})"

    def big_sum(self, under: list[str], unequal: bool, body: str, size: str) -> str:
        return f"Sum_{{{('!=' if unequal else ',').join(under)}}} {body}"

    def norm2(self, body: str, frobenius: bool) -> str:
        return f"||{body}||{'_F' if frobenius else ''}^2"

    def norm1(self, body: str) -> str:
        return f"||{body}||_1"

    def root(self, body: str, single: bool) -> str:
        return f"sqrt({body})"

    def derived(self, name: str, orders: tuple[int, ...], count: int, as_gradient: bool) -> str:
        if not orders:
            return name
        if count > 1:
            return "".join(f"d{order + 1}_" for order in orders) + name
        if as_gradient:
            return f"grad_{name}"
        return name + self.primes(len(orders))

    def primes(self, order: int) -> str:
        return "'" * order if order < 4 else f"^({order})"

    def derivative(self, body: str, by: str) -> str:
        return f"d{body}/d{by}"

    def gradient(self, by: str, body: str) -> str:
        return f"grad_{by} {body}"

    def remainder(self, order: int, function: str, point: str, increment: str) -> str:
        return f"rho{order}[{function}; {point}, {increment}]"

    def delta(self, first: str, second: str) -> str:
        return f"delta[{first},{second}]"

    def filled(self, value: str) -> str:
        return {"1": "ones", "0": "zeros"}.get(value, value)

    def _may_touch(self, left: str, right: str) -> bool:
        return False
