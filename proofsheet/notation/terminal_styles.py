"""How boxes look in Unicode and in ASCII, in one row."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import ClassVar

from proofsheet.notation.boxes import (
    Beside,
    BigSum,
    Called,
    Closed,
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
    Opened,
    Radical,
    Raised,
    Related,
    Row,
    Sign,
    Signed,
    Space,
    TaylorRemainder,
    Term,
    Transposed,
    Word,
    opening,
)
from proofsheet.notation.layout import Manner
from proofsheet.notation.names import SUBSCRIPTS, SUPERSCRIPTS, printed_name, printed_subscript, split_name, with_marks
from proofsheet.notation.spellings import Target, spellings
from proofsheet.notation.style import Style

_RAISED = {**SUPERSCRIPTS, "+": "⁺", "−": "⁻", " ": ""}
_ARROW = "\u20d7"


class Unicode(Style):
    """For a UTF-8 terminal."""

    minus, times, cross = "−", "·", "×"
    transpose = "ᵀ"
    fences: ClassVar[dict[str, str]] = {"round": "()", "square": "[]", "bars": "||", "double bars": "‖‖"}

    # ---- names --------------------------------------------------------------------------------------------------

    def name(self, name: str) -> str:
        own = spellings()
        letters, accents, label = split_name(name)
        chosen = own.of(letters, "unicode")
        return own.of(name, "unicode") or (with_marks(chosen, accents, label) if chosen else printed_name(name))

    def subscript(self, labels: list[str]) -> str:
        return printed_subscript(labels)

    def index(self, name: str) -> str:
        return _respelled(name, "unicode")

    def call(self, head: str, body: str) -> str:
        return f"{head}({body})"

    def sign(self, sign: str) -> str:
        """One of the signs of `Related`."""
        return sign

    def set_letter(self, box: Letter) -> str:
        text = self.name(box.name)
        return text + _ARROW if box.bold and spellings().vectors == "arrow" else text

    def set_index_letter(self, box: IndexLetter) -> str:
        return self.index(box.name)

    def set_word(self, box: Word) -> str:
        return box.text

    def set_figure(self, box: Figure) -> str:
        return box.digits

    def set_constant_matrix(self, box: ConstantMatrix) -> str:
        return {"1": "𝟏", "0": "𝟎", "I": "I"}[box.entry]

    def set_lowered(self, box: Lowered) -> str:
        return self.set(box.base) + self.subscript([self.index(label) for label in box.labels])

    def set_derived_name(self, box: DerivedName) -> str:
        name = self.set(box.name)
        if box.form == "partial":
            return "".join(f"∂{self.subscript([str(order + 1)])}" for order in box.orders) + name
        return f"∇{name}" if box.form == "gradient" else name + self.primes(len(box.orders))

    def primes(self, order: int) -> str:
        return {1: "′", 2: "″", 3: "‴"}.get(order) or "⁽" + "".join(SUPERSCRIPTS[digit] for digit in str(order)) + "⁾"

    def set_delta(self, box: Delta) -> str:
        return "δ" + self.subscript([self.index(label) for label in box.indices])

    def set_space(self, box: Space) -> str:
        size = self.cross.join(self.set(size) for size in box.sizes)
        if not size:
            return "ℝ"
        return f"ℝ{SUPERSCRIPTS[size]}" if size in SUPERSCRIPTS else f"ℝ^{size if len(size) == 1 else '{' + size + '}'}"

    # ---- sums, products, fractions ------------------------------------------------------------------------------

    def set_signed(self, box: Signed) -> str:
        (negative, first), *rest = box.terms
        opening = (self.minus if negative else "") + self.set(first)
        return " ".join([opening, *(self.set(Term(*term)) for term in rest)])

    def set_term(self, box: Term) -> str:
        return f"{self.minus if box.negative else '+'} {self.set(box.inner)}"

    def set_negative(self, box: Negative) -> str:
        return self.minus + self.set(box.inner)

    def set_beside(self, box: Beside) -> str:
        text = self.set(box.factors[0])
        for factor, times in zip(box.factors[1:], box.times, strict=True):
            text += f" {self.times} {self.set(factor)}" if times else f" {self.set(factor)}"
        return text

    def set_matrix_factors(self, box: MatrixFactors) -> str:
        texts = [self.set(factor) for factor in box.factors]
        text = texts[0]
        for left, right in pairwise(texts):
            text += ("" if self._may_touch(left, right) else " ") + right
        return text

    def _may_touch(self, left: str, right: str) -> bool:
        return (_is_letter(left) or left[-1] in "ᵀ])¹") and (_is_letter(right) or right.startswith(("E[", "(")))

    def set_fraction(self, box: Fraction) -> str:
        return f"{self.set(box.top)}/{self.set(box.bottom)}"

    def set_raised(self, box: Raised) -> str:
        base, exponent = self.set(box.base), self.set(box.exponent)
        if all(glyph in _RAISED for glyph in exponent):
            return base + "".join(_RAISED[glyph] for glyph in exponent)
        return f"{base}^{exponent}" if box.whole else f"{base}^({exponent})"

    def set_transposed(self, box: Transposed) -> str:
        return self.set(box.base) + ("′" if spellings().transpose == "prime" else self.transpose)

    def set_inverted(self, box: Inverted) -> str:
        return self.set(box.base) + "⁻¹"

    def set_big_sum(self, box: BigSum) -> str:
        joint, body = "≠" if box.distinct else "", self.set(box.body)
        under = [self.index(label) for label in box.indices]
        if all(glyph in SUBSCRIPTS for label in under for glyph in label):
            return f"Σ{joint.join(self.subscript([label]) for label in under)} {body}"
        return f"Σ_{{{(joint or ',').join(under)}}} {body}"

    def set_radical(self, box: Radical) -> str:
        body = self.set(box.body)
        return f"√{body}" if len(body) == 1 else f"√({body})"

    # ---- brackets and calls -------------------------------------------------------------------------------------

    def set_fenced(self, box: Fenced) -> str:
        left, right = self._halves(box)
        return f"{left}{self.set(box.body)}{right}"

    def _halves(self, box: Fenced) -> tuple[str, str]:
        half = len(self.fences[box.kind]) // 2
        return self.fences[box.kind][:half], self.fences[box.kind][half:]

    def _around(self, box: Fenced | Called | Norm) -> tuple[str, str]:
        """What stands before the body of a bracket, and what behind it."""
        if isinstance(box, Called):
            left, right = self._halves(box.fence)
            if box.head == Word("E") and spellings().expectation == "angle":
                return self._angles
            return self.set(box.head) + left, right
        if isinstance(box, Norm):
            left, right = self._halves(box.fence)
            return left, right + self._order(box)
        return self._halves(box)

    _angles = ("⟨", "⟩")

    def _order(self, box: Norm) -> str:
        return ("_F" if box.frobenius else "") + {1: "₁", 2: "²"}[box.order]

    def set_called(self, box: Called) -> str:
        left, right = self._around(box)
        return f"{left}{self.set(box.fence.body)}{right}"

    def set_norm(self, box: Norm) -> str:
        left, right = self._around(box)
        return f"{left}{self.set(box.fence.body)}{right}"

    def set_listed(self, box: Listed) -> str:
        return ", ".join(self.set(item) for item in box.items)

    def set_taylor_remainder(self, box: TaylorRemainder) -> str:
        function, point, increment = (self.set(part) for part in box.parts())
        return f"ρ{self.subscript([str(box.order)])}[{function}; {point}, {increment}]"

    # ---- derivatives --------------------------------------------------------------------------------------------

    def set_differentiated(self, box: Differentiated) -> str:
        return f"∂{self.set(box.body)}/∂{self.set(box.by)}"

    def set_gradient_of(self, box: GradientOf) -> str:
        return f"∇_{self.set(box.by)} {self.set(box.body)}"

    # ---- parts of lines -----------------------------------------------------------------------------------------

    def set_related(self, box: Related) -> str:
        return f"{self.set(box.left)} {self.sign(box.sign)} {self.set(box.right)}"

    def set_sign(self, box: Sign) -> str:
        return self.sign(box.sign)

    def set_opened(self, box: Opened) -> str:
        return self._around(box.whole)[0]

    def set_closed(self, box: Closed) -> str:
        return self._around(box.whole)[1]

    def set_row(self, box: Row) -> str:
        first, *rest = box.boxes
        return self.set(first) + "".join(" " * isinstance(opening(one), Term) + self.set(one) for one in rest)


def _respelled(name: str, target: Target) -> str:
    """A name as it is written, but for its letters or the whole of it where they have a spelling."""
    own, letters = spellings(), split_name(name)[0]
    chosen = own.of(name, target)
    return chosen or (own.of(letters, target) or letters) + name[len(letters) :]


def _is_letter(text: str) -> bool:
    """One glyph, transposed or with an accent, so that it needs no space beside another one."""
    plain = unicodedata.normalize("NFD", text).removesuffix("⁻¹").rstrip("ᵀ′")
    return bool(plain) and plain[0].isalpha() and all(unicodedata.combining(mark) for mark in plain[1:])


class Ascii(Unicode):
    """For every other terminal, for logs and for `str` of a line in SymPy."""

    minus, times, cross = "-", "*", " x "
    transpose = "'"
    fences: ClassVar[dict[str, str]] = {"round": "()", "square": "[]", "bars": "||", "double bars": "||||"}
    signs: ClassVar[dict[str, str]] = {
        "≠": "!=", "≥": ">=", "≤": "<=", "∘": "o", "⟂": "independent of", "∈": "in", "→": "->", "…": "...", "×": "x",
    }  # fmt: skip
    manner = Manner(calls_inverse=True)
    _angles = ("<", ">")

    def name(self, name: str) -> str:
        return _respelled(name, "ascii")

    def index(self, name: str) -> str:
        return _respelled(name, "ascii")

    def sign(self, sign: str) -> str:
        return self.signs.get(sign, sign)

    def subscript(self, labels: list[str]) -> str:
        return "[" + ",".join(labels) + "]"

    def set_letter(self, box: Letter) -> str:
        return self.name(box.name)

    def set_constant_matrix(self, box: ConstantMatrix) -> str:
        return {"1": "ones", "0": "zeros", "I": "I"}[box.entry]

    def set_derived_name(self, box: DerivedName) -> str:
        name = self.set(box.name)
        if box.form == "partial":
            return "".join(f"d{order + 1}_" for order in box.orders) + name
        return f"grad_{name}" if box.form == "gradient" else name + self.primes(len(box.orders))

    def primes(self, order: int) -> str:
        return "'" * order if order < 4 else f"^({order})"

    def set_delta(self, box: Delta) -> str:
        return f"delta{self.subscript([self.index(label) for label in box.indices])}"

    def set_space(self, box: Space) -> str:
        size = self.cross.join(self.set(size) for size in box.sizes)
        return "R" if not size else f"R^{size if len(size) == 1 else '{' + size + '}'}"

    def _may_touch(self, left: str, right: str) -> bool:
        return False

    def set_raised(self, box: Raised) -> str:
        base, exponent = self.set(box.base), self.set(box.exponent)
        return f"{base}^{exponent}" if box.whole else f"{base}^({exponent})"

    def set_inverted(self, box: Inverted) -> str:
        return self.call("inv", self.set(box.base))

    def set_big_sum(self, box: BigSum) -> str:
        under = [self.index(label) for label in box.indices]
        return f"Sum_{{{('!=' if box.distinct else ',').join(under)}}} {self.set(box.body)}"

    def set_radical(self, box: Radical) -> str:
        return f"sqrt({self.set(box.body)})"

    def _order(self, box: Norm) -> str:
        return ("_F" if box.frobenius else "") + {1: "_1", 2: "^2"}[box.order]

    def set_taylor_remainder(self, box: TaylorRemainder) -> str:
        function, point, increment = (self.set(part) for part in box.parts())
        return f"rho{box.order}[{function}; {point}, {increment}]"

    def set_differentiated(self, box: Differentiated) -> str:
        return f"d{self.set(box.body)}/d{self.set(box.by)}"

    def set_gradient_of(self, box: GradientOf) -> str:
        return f"grad_{self.set(box.by)} {self.set(box.body)}"
