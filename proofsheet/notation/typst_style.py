r"""How boxes look in Typst: displayed, and in the middle of a sentence.

Brackets that belong together grow with what they hold, as Typst's own do. Letters stand apart, for `xy` would be one name,
and what follows a script is kept away from it, for `x_i(t)` would lower all of `i(t)`.
"""

from __future__ import annotations

import re
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
    inside,
)
from proofsheet.notation.layout import Manner
from proofsheet.notation.names import GREEK, split_name
from proofsheet.notation.spacing import height, joint
from proofsheet.notation.spellings import spellings
from proofsheet.notation.style import Style
from proofsheet.notation.typst_words import typst_words

_OPERATORS = {"exp", "log", "max", "min", "cos", "sin", "tanh", "tr"}  # Typst has its own names for them
_GREEK = {"eps": "epsilon", "lam": "lambda", "phi": "phi.alt"}
_ACCENTS = {"tilde": "tilde", "hat": "hat", "bar": "macron"}
_SIGNS = {
    "∘": "dot.o", "≠": "!=", "≥": ">=", "≤": "<=", "⟂": "perp", "∈": "in", "→": "->", "…": "dots", "×": "times",
    "~": "tilde.op", "≈": "approx",
}  # fmt: skip
_MARKS = {"top": "^top", "prime": "'", "T": "^sans(T)"}
_SIZES = ("1em", "1.3em", "2.4em")


class Typst(Style):
    """For a display."""

    manner = Manner(stacks_fractions=True)
    fences: ClassVar[dict[str, tuple[str, str]]] = {
        "round": ("(", ")"), "square": ("[", "]"), "bars": ("abs(", ")"), "double bars": ("norm(", ")"),
    }  # fmt: skip
    halves: ClassVar[dict[str, tuple[str, str]]] = {
        "round": (r"\(", r"\)"), "square": (r"\[", r"\]"), "bars": (r"\|", r"\|"), "double bars": ("‖", "‖"),
    }  # fmt: skip

    @property
    def in_text(self) -> Style:
        return _IN_TEXT

    def among_words(self, formula: str) -> str:
        word = re.fullmatch(r'op\("(\w+)"\)', formula)
        return f'$upright("{word[1]}")$' if word else f"${formula}$"  # an operator by itself would keep its distance

    def words(self, text: str) -> str:
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}{typst_words(text)}{after}" if text.strip() else text

    # ---- names --------------------------------------------------------------------------------------------------

    def letters(self, letters: str) -> str:
        own = spellings().of(letters, "typst")
        if own:
            return own
        if letters in GREEK:
            return _GREEK.get(letters, letters)
        return letters if len(letters) == 1 else f'upright("{letters}")'

    def as_vector(self, text: str) -> str:
        kind = spellings().vectors
        if kind == "bold":
            return f"bold(upright({text}))" if len(text) == 1 and text.isascii() else f"bold({text})"
        return f"arrow({text})" if kind == "arrow" else text

    def name(self, name: str, bold: bool = False, labels: tuple[str, ...] = ()) -> str:
        """A name with its accents, its own label and `labels` in one subscript."""
        whole = spellings().of(name, "typst")
        letters, accents, label = ("", [], "") if whole else split_name(name)
        text = whole or self.letters(letters)
        if bold:
            text = self.as_vector(text)
        for accent in accents:
            text = f"{_ACCENTS[accent]}({text})"
        below = [part for part in (_label(label), self.joined(labels)) if part]
        return text + (_script("_", ", ".join(below)) if below else "")

    def joined(self, labels: tuple[str, ...]) -> str:
        """Names of indices: i j, or alpha, beta."""
        names = [self.name(label) if label.isidentifier() else label for label in labels]
        return (" " if all(len(label) == 1 for label in labels) else ", ").join(names)

    def set_letter(self, box: Letter) -> str:
        return self.name(box.name, box.bold)

    def set_index_letter(self, box: IndexLetter) -> str:
        return self.name(box.name)

    def set_word(self, box: Word) -> str:
        if box.text == "E":
            return 'op("E")' if spellings().expectation == "roman" else "EE"
        return box.text if box.text in _OPERATORS else f'op("{box.text}")'

    def set_figure(self, box: Figure) -> str:
        return box.digits

    def set_constant_matrix(self, box: ConstantMatrix) -> str:
        return "bold(upright(I))" if box.entry == "I" else f"bold({box.entry})"

    def set_lowered(self, box: Lowered) -> str:
        if isinstance(box.base, Letter):
            return self.name(box.base.name, box.base.bold, box.labels)
        return self.set(box.base) + _script("_", self.joined(box.labels))

    def set_derived_name(self, box: DerivedName) -> str:
        name = self.set(box.name)
        if box.form == "partial":
            return "".join(f"partial_{order + 1} " for order in box.orders) + name
        if box.form == "gradient":
            return f"nabla {name}"
        order = len(box.orders)
        letters, under, label = name.partition("_")  # A''_P, for the primes of A_P'' stand beside P
        return letters + ("'" * order if order < 4 else f"^(({order}))") + under + label

    def set_delta(self, box: Delta) -> str:
        return "delta" + _script("_", self.joined(box.indices))

    def set_space(self, box: Space) -> str:
        size = " times ".join(self.set(size) for size in box.sizes)
        return "RR" + (_script("^", size) if size else "")

    # ---- sums, products, fractions ------------------------------------------------------------------------------

    def set_signed(self, box: Signed) -> str:
        (negative, first), *rest = box.terms
        opening = ("-" if negative else "") + self.set(first)
        return " ".join([opening, *(self.set(Term(*term)) for term in rest)])

    def set_term(self, box: Term) -> str:
        return f"{'-' if box.negative else '+'} {self.set(box.inner)}"

    def set_negative(self, box: Negative) -> str:
        return "-" + self.set(box.inner)

    def set_beside(self, box: Beside) -> str:
        text = self.set(box.factors[0])
        for left, right, times in zip(box.factors, box.factors[1:], box.times, strict=False):
            between = {"nothing": " ", "thin": " thin ", "times": " dot "}["times" if times else joint(left, right)]
            text += between + self.set(right)
        return text

    def set_matrix_factors(self, box: MatrixFactors) -> str:
        return " ".join(self.set(factor) for factor in box.factors)

    def set_fraction(self, box: Fraction) -> str:
        if box.stacked:
            return f"{_operand(_IN_TEXT.set(box.top))}/{_operand(_IN_TEXT.set(box.bottom))}"
        return f"{self.set(box.top)} \\/ {self.set(box.bottom)}"

    def set_raised(self, box: Raised) -> str:
        return self.set(box.base) + _script("^", self.set(box.exponent))

    def set_transposed(self, box: Transposed) -> str:
        return self.set(box.base) + _MARKS[spellings().transpose]

    def set_inverted(self, box: Inverted) -> str:
        return self.set(box.base) + "^(-1)"

    def set_big_sum(self, box: BigSum) -> str:
        names = [self.name(label) for label in box.indices]
        if box.distinct:
            return f"sum_({names[0]} != {names[1]}) {self.set(box.body)}"
        size = _script("^", self.set(box.size))
        return "".join(f"sum_({name} = {box.start}){size} " for name in names) + self.set(box.body)

    def set_radical(self, box: Radical) -> str:
        return f"sqrt({self.set(box.body)})"

    # ---- brackets and calls -------------------------------------------------------------------------------------

    def around(self, box: Fenced | Called | Norm) -> tuple[str, str]:
        """What stands before the body of a bracket, and what behind it."""
        if isinstance(box, Called):
            left, right = self._pair(box.fence)
            if box.head == Word("E") and spellings().expectation == "angle":
                return "lr(⟨", "⟩)"
            return self._head(box, left), right
        if isinstance(box, Norm):
            left, right = self.fences["double bars"]
            return left, right + self._order(box)
        return self._pair(box)

    def _pair(self, fence: Fenced) -> tuple[str, str]:
        """Escaped brackets, which do not grow, around a row of letters with scripts, for E[x_i] and E[x_j] are alike."""
        scripts = (Delta, Lowered, Raised, Transposed, Inverted, Norm)
        fixed = fence.kind in ("round", "square") and not height(fence)
        return (self.halves if fixed and any(isinstance(one, scripts) for one in inside(fence)) else self.fences)[
            fence.kind
        ]

    def _head(self, box: Called, left: str) -> str:
        """A name with a script stands apart from its bracket."""
        head = self.set(box.head)
        return f"{head}{left}" if re.fullmatch(r"[A-Za-z.]+'*|op\(\"\w+\"\)", head) else f"{head} {left}"

    def _order(self, box: Norm) -> str:
        return {1: "_1", 2: "_F^2" if box.frobenius else "^2"}[box.order]

    def set_fenced(self, box: Fenced) -> str:
        return self.set(box.body).join(self.around(box))

    def set_called(self, box: Called) -> str:
        return self.set(box.fence.body).join(self.around(box))

    def set_norm(self, box: Norm) -> str:
        return self.set(box.fence.body).join(self.around(box))

    def set_listed(self, box: Listed) -> str:
        return ", ".join(self.set(item) for item in box.items)

    def set_taylor_remainder(self, box: TaylorRemainder) -> str:
        function, point, increment = (self.set(part) for part in box.parts())
        return f"rho_{box.order} [{function}; {point}, {increment}]"

    # ---- derivatives --------------------------------------------------------------------------------------------

    def set_differentiated(self, box: Differentiated) -> str:
        body, by = self.set(box.body), self.set(box.by)
        if box.form == "flat":
            return f"partial {body} \\/ partial {by}"
        if box.form == "stacked":
            return f"(partial {body})/(partial {by})"
        return f"partial/(partial {by}) thin {body}"

    def set_gradient_of(self, box: GradientOf) -> str:
        return f"nabla_({self.set(box.by)}) thin {self.set(box.body)}"

    # ---- parts of lines -----------------------------------------------------------------------------------------

    def sign(self, sign: str) -> str:
        return _SIGNS.get(sign, sign)

    def set_related(self, box: Related) -> str:
        return f"{self.set(box.left)} {self.sign(box.sign)} {self.set(box.right)}"

    def set_sign(self, box: Sign) -> str:
        return self.sign(box.sign)

    def set_opened(self, box: Opened) -> str:
        """A bracket whose other half is in another row, in a fixed size."""
        whole = box.whole
        if isinstance(whole, Called):
            if whole.head == Word("E") and spellings().expectation == "angle":
                return _sized("⟨", height(whole.fence))
            return f"{self.set(whole.head)} {self._half(whole.fence, 0)}"
        return self._half(whole.fence if isinstance(whole, Norm) else whole, 0)

    def set_closed(self, box: Closed) -> str:
        whole = box.whole
        if isinstance(whole, Called):
            if whole.head == Word("E") and spellings().expectation == "angle":
                return _sized("⟩", height(whole.fence))
            return self._half(whole.fence, 1)
        return self._half(whole.fence, 1) + self._order(whole) if isinstance(whole, Norm) else self._half(whole, 1)

    def _half(self, fence: Fenced, side: int) -> str:
        return _sized(self.halves[fence.kind][side], height(fence))

    def set_row(self, box: Row) -> str:
        return " ".join(self.set(part) for part in box.boxes)


class TypstInText(Typst):
    """For a formula in a sentence or in a numerator: fractions with a slash."""

    manner = Manner(stacks_fractions=False)


_IN_TEXT = TypstInText()


def _sized(bracket: str, tall: int) -> str:
    return f"lr(size: #{_SIZES[tall]}, {bracket})" if tall else bracket


def _script(mark: str, text: str) -> str:
    """A subscript or a superscript, bracketed unless it is one letter or figure."""
    return f"{mark}{text}" if len(text) == 1 and text.isalnum() else f"{mark}({text})"


def _operand(text: str) -> str:
    """One side of a stacked fraction; Typst takes the brackets away."""
    return text if re.fullmatch(r"[A-Za-z]+|\d+", text) else f"({text})"


def _label(label: str) -> str:
    """A word as a subscript is upright; a letter or a number is not."""
    return f'upright("{label}")' if len(label) > 1 and not label.isdigit() else label
