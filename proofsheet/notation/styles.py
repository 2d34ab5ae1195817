"""How each construct looks in Unicode, ASCII and LaTeX; order and brackets are decided in `text`."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import ClassVar

from proofsheet.notation.names import GREEK, SUBSCRIPTS, SUPERSCRIPTS, printed_name, printed_subscript, split_name
from proofsheet.notation.tree import Node


class Unicode:
    """For a UTF-8 terminal."""

    minus, times, transpose, unequal, at_least, circle, cross = "−", "·", "ᵀ", "≠", "≥", "∘", "×"

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
        return (_is_letter(left) or left[-1] in "ᵀ])") and (_is_letter(right) or right.startswith(("E[", "(")))


def _is_letter(text: str) -> bool:
    """One glyph, transposed or with an accent, so that it needs no space beside another one."""
    plain = unicodedata.normalize("NFD", text).rstrip("ᵀ")
    return bool(plain) and plain[0].isalpha() and all(unicodedata.combining(mark) for mark in plain[1:])


class Ascii(Unicode):
    """For every other terminal, for logs and for `str` of a line in SymPy."""

    minus, times, transpose, unequal, at_least, circle, cross = "-", "*", "'", "!=", ">=", "o", "x"

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


class Latex(Unicode):
    """For `sympy.latex(line)` and notebooks."""

    minus, times, transpose, unequal, at_least, circle, cross = (
        "-",
        r"\cdot",
        r"^{\top}",
        r"\neq",
        r"\geq",
        r"\odot",
        r"\times",
    )
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
        head = rf"\operatorname{{{head}}}" if head in ("tr", "sgn", "diag") else head
        return rf"{head}\left({body}\right)"

    def norm2(self, body: str, frobenius: bool) -> str:
        return rf"\left\lVert {body} \right\rVert{'_F' if frobenius else ''}^{{2}}"

    def norm1(self, body: str) -> str:
        return rf"\left\lVert {body} \right\rVert_{{1}}"

    def absolute(self, body: str) -> str:
        return rf"\left\lvert {body} \right\rvert"

    def root(self, body: str, single: bool) -> str:
        return rf"\sqrt{{{body}}}"

    def derived(self, name: str, orders: tuple[int, ...], count: int, as_gradient: bool) -> str:
        if not orders:
            return name
        if count > 1:
            return "".join(rf"\partial_{{{order + 1}}} " for order in orders) + name
        if as_gradient:
            return rf"\nabla {name}"
        return name + self.primes(len(orders))

    def primes(self, order: int) -> str:
        return "'" * order if order < 4 else f"^{{({order})}}"

    def derivative(self, body: str, by: str) -> str:
        return rf"\frac{{\partial}}{{\partial {by}}} {body}"

    def gradient(self, by: str, body: str) -> str:
        return rf"\nabla_{{{by}}} {body}"

    def remainder(self, order: int, function: str, point: str, increment: str) -> str:
        return rf"\rho_{{{order}}}\left[{function};\, {point},\, {increment}\right]"

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
