r"""How each construct looks in LaTeX: displayed, and in the middle of a sentence.

Only amsmath and amssymb are needed. Brackets have a fixed size, \bigl or \biggl where what they hold is tall, for a line
must be breakable inside them, which \left and \right forbid.
"""

from __future__ import annotations

import re
from typing import ClassVar

from proofsheet.notation.names import GREEK, split_name
from proofsheet.notation.terminal_styles import Unicode
from proofsheet.notation.tree import Node

_TALL = (r"\sum", r"\frac", r"\bigg")
_BRACKETED = re.compile(r"(?<![A-Za-z}'])\(|\[|\\bigl|\\r[vV]ert(_\w|_\{\w+\})?\^")  # a call f(x) needs no larger ones
_OPERATORS = {
    "exp": r"\exp",
    "log": r"\log",
    "max": r"\max",
    "min": r"\min",
    "cos": r"\cos",
    "sin": r"\sin",
    "tanh": r"\tanh",
}


class Latex(Unicode):
    """For a display, `sympy.latex(line)` and notebooks."""

    minus, times, transpose, circle, cross = "-", r"\cdot", r"^{\top}", r"\odot", r"\times"
    unequal, at_least, at_most = r"\neq", r"\geq", r"\leq"
    independent = r"\perp"
    inverse = r"^{-1}"
    stacks_fractions = True
    tallest = 2
    commands: ClassVar[dict[str, str]] = {"eps": r"\varepsilon", "epsilon": r"\varepsilon", "lam": r"\lambda"}

    @property
    def within_fraction(self) -> Unicode:
        return _IN_TEXT

    def among_words(self, formula: str) -> str:
        textstyle = r"\textstyle " if r"\sum" in formula else ""  # amsmath's \text keeps the style of the display
        return f"${textstyle}{formula}$"

    def name(self, name: str, node: Node | None = None) -> str:
        letters, accents, label = split_name(name)
        text = self.commands.get(letters, f"\\{letters}" if letters in GREEK else letters)
        if node is not None and not node.is_scalar:
            text = f"\\boldsymbol{{{text}}}" if text.startswith("\\") else f"\\mathbf{{{text}}}"
        elif len(letters) > 1 and letters not in GREEK:
            text = f"\\mathrm{{{text}}}"
        for accent in accents:
            text = f"\\{accent}{{{text}}}"
        return text + (f"_{{{_label(label)}}}" if label else "")

    def index(self, name: str) -> str:
        return self.name(name)

    def subscript(self, labels: list[str]) -> str:
        names = [self.name(label) if label.isidentifier() else label for label in labels]
        return "_{" + ("" if all(len(label) == 1 for label in labels) else ", ").join(names) + "}"

    def indexed(self, base: str, labels: list[str]) -> str:
        """As Unicode; W_1 with the indices i, j is W_{1,ij}, for LaTeX refuses two subscripts in a row."""
        subscript = self.subscript(labels)
        own = re.search(r"_\{((?:[^{}]|\{[^{}]*\})*)\}$", base)
        return f"{base[: own.start()]}_{{{own.group(1)},{subscript[2:]}" if own else base + subscript

    def power(self, base: str, exponent: int) -> str:
        return f"{base}^{{{exponent}}}"

    def symbolic_power(self, base: str, exponent: str, single: bool) -> str:
        return f"{base}^{{{exponent}}}"

    def big_sum(self, under: list[str], unequal: bool, body: str, size: str) -> str:
        names = [self.index(label) for label in under]
        if unequal:
            return rf"\sum_{{{names[0]} \neq {names[1]}}} {body}"
        return "".join(rf"\sum_{{{name}=1}}^{{{size}}} " for name in names) + body

    def fraction(self, top: str, bottom: str) -> str:
        return rf"\frac{{{top}}}{{{bottom}}}"

    # ---- brackets, as tall as what they hold --------------------------------------------------------------------

    def _height(self, body: str, bracketed: re.Pattern[str] = _BRACKETED) -> int:
        """0 for a row of letters, 1 if there are brackets or norms to reach over, 2 for displayed fractions and sums."""
        tall = 2 if any(mark in body for mark in _TALL) else 1 if bracketed.search(body) else 0
        return min(tall, self.tallest)

    def _between(self, left: str, body: str, right: str, height: int) -> str:
        size = ("", r"\big", r"\bigg")[height]
        return f"{size}l{left}{body}{size}r{right}" if size else f"{left}{body}{right}"

    def brackets(self, body: str) -> str:
        return self._between("(", body, ")", self._height(body))

    def square_brackets(self, head: str, body: str) -> str:
        symbol = r"\mathbb{E}" if head == "E" else rf"\operatorname{{{head}}}"
        return symbol + self._between("[", body, "]", self._height(body))

    def call(self, head: str, body: str) -> str:
        if head in ("tr", "sgn", "diag"):
            head = rf"\operatorname{{{head}}}"
        head = _OPERATORS.get(head, head).replace(r"\mathrm{", r"\operatorname{")
        return head + self._between("(", body, ")", self._height(body))

    def _bars(self, name: str, body: str) -> str:
        height = self._height(body, re.compile(r"\\bigl"))
        return self._between(rf"\l{name}", f" {body} ", rf"\r{name}", height)

    def norm2(self, body: str, frobenius: bool) -> str:
        return f"{self._bars('Vert', body)}{'_F' if frobenius else ''}^{{2}}"

    def norm1(self, body: str) -> str:
        return f"{self._bars('Vert', body)}_{{1}}"

    def absolute(self, body: str) -> str:
        return self._bars("vert", body)

    def root(self, body: str, single: bool) -> str:
        return rf"\sqrt{{{body}}}"

    # ---- derivatives --------------------------------------------------------------------------------------------

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

    def closes_derivative(self, body: str) -> bool:
        return len(body) < 40 and not any(mark in body for mark in (r"\frac", r"\sum", "[", r"\bigl", r"\sqrt"))

    def derivative(self, body: str, by: str) -> str:
        if self.closes_derivative(body):
            return rf"\frac{{\partial {body}}}{{\partial {by}}}"
        return rf"\frac{{\partial}}{{\partial {by}}} \, {body}"

    def gradient(self, by: str, body: str) -> str:
        return rf"\nabla_{{\!{by}}}\, {body}"

    def remainder(self, order: int, function: str, point: str, increment: str) -> str:
        body = rf"{function};\, {point},\, {increment}"
        return rf"\rho_{{{order}}}" + self._between("[", body, "]", self._height(body))

    def delta(self, first: str, second: str) -> str:
        return r"\delta" + self.subscript([first, second])

    def filled(self, value: str) -> str:
        return rf"\mathbf{{{value}}}"

    def identity(self) -> str:
        return r"\mathbf{I}"

    # ---- products -----------------------------------------------------------------------------------------------

    def juxtapose(self, left: str, right: str) -> str:
        r"""Two factors side by side; a thin space where they would run together, none where LaTeX sets one itself."""
        if re.match(r"\(-\d+\)$", right):
            return rf"{left} {self.times} {right}"  # g (-1) would be a function of -1
        if right.startswith((r"\sum", r"\operatorname", "(", r"\big", r"\lVert", r"\lvert")):
            return f"{left} {right}"
        if right.startswith((r"\mathbb{E}", r"\nabla", r"\partial", r"\frac{\partial")):
            return rf"{left} \, {right}"
        long = r"\top" in right or right.startswith((r"\math", r"\bold"))
        closed = re.search(r"\]$|\\r[vV]ert\S*$|\\top\}", left) or (long and left.endswith(")"))
        return rf"{left} \, {right}" if closed else f"{left} {right}"

    def matrix_product(self, factors: list[str]) -> str:
        return " ".join(factors)


class LatexInText(Latex):
    """For a formula in a sentence, in a numerator or in a margin: no taller than the line it stands in."""

    stacks_fractions = False
    tallest = 1

    def fraction(self, top: str, bottom: str) -> str:
        return f"{top}/{bottom}"

    def closes_derivative(self, body: str) -> bool:
        return False

    def derivative(self, body: str, by: str) -> str:
        return rf"\partial {body} / \partial {by}"


_IN_TEXT = LatexInText()


def _label(label: str) -> str:
    """A word as a subscript is upright; a letter or a number is not."""
    return rf"\mathrm{{{label}}}" if len(label) > 1 and label.isalpha() else label
