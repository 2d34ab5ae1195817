r"""How boxes look in LaTeX: displayed, in the middle of a sentence, and through macros that a document may redefine.

Only amsmath and amssymb are needed. Brackets have a fixed size, \bigl or \biggl where what they hold is tall, for a line
must be breakable inside them, which \left and \right forbid.
"""

from __future__ import annotations

from functools import partial
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
)
from proofsheet.notation.latex_words import latex_words
from proofsheet.notation.layout import Manner
from proofsheet.notation.names import GREEK, split_name
from proofsheet.notation.spacing import height, joint
from proofsheet.notation.spellings import spellings
from proofsheet.notation.style import Style
from proofsheet.notation.tex_names import before_scripts, on_letters, with_subscript

_OPERATORS = {"exp", "log", "max", "min", "cos", "sin", "tanh"}  # LaTeX has its own commands for them
_COMMANDS = {"eps": r"\varepsilon", "epsilon": r"\varepsilon", "lam": r"\lambda"}
_SIGNS = {
    "∘": r"\odot", "≠": r"\neq", "≥": r"\geq", "≤": r"\leq", "⟂": r"\perp", "∈": r"\in", "→": r"\to", "…": r"\ldots",
    "×": r"\times", ":": r"\colon", "~": r"\sim", "≈": r"\approx",
}  # fmt: skip
_SIZES = ("", r"\big", r"\bigg")
_MARKS = {"top": r"^{\top}", "prime": "'", "T": r"^{\mathsf{T}}"}


class Latex(Style):
    """For a display, `sympy.latex(line)` and notebooks: nothing but commands of LaTeX and amsmath."""

    manner = Manner(stacks_fractions=True)
    tallest = 2
    fences: ClassVar[dict[str, tuple[str, str]]] = {
        "round": ("(", ")"), "square": ("[", "]"), "bars": (r"\lvert ", r" \rvert"), "double bars": (r"\lVert ", r" \rVert"),
    }  # fmt: skip

    @property
    def in_text(self) -> Style:
        return _IN_TEXT

    @property
    def in_fraction(self) -> Style:
        """The style of numerators and denominators."""
        return self.in_text

    def among_words(self, formula: str) -> str:
        textstyle = r"\textstyle " if r"\sum" in formula else ""  # amsmath's \text keeps the style of the display
        return f"${textstyle}{formula}$"

    def words(self, text: str) -> str:
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}{latex_words(text)}{after}" if text.strip() else text

    # ---- names --------------------------------------------------------------------------------------------------

    def letters(self, letters: str) -> str:
        """The letters of a name: w, \\alpha, \\mathrm{loss}."""
        own = spellings().of(letters, "tex")
        if own:
            return own
        if letters in GREEK:
            return _COMMANDS.get(letters, f"\\{letters}")
        return letters if len(letters) == 1 else rf"\mathrm{{{letters}}}"

    def as_vector(self, text: str) -> str:
        """The letters of a vector or a matrix."""
        kind = spellings().vectors
        if kind == "bold":
            return on_letters(text, _bold)
        return on_letters(text, lambda letters: rf"\vec{{{letters}}}") if kind == "arrow" else text

    def name(self, name: str, bold: bool = False) -> str:
        whole = spellings().of(name, "tex")
        letters, accents, label = ("", [], "") if whole else split_name(name)
        text = whole or self.letters(letters)
        if bold:
            bare = letters if len(letters) > 1 and text == rf"\mathrm{{{letters}}}" else text
            text = self.as_vector(bare)
        for accent in accents:
            text = before_scripts(text, partial(_with_accent, accent))
        return with_subscript(text, _label(label)) if label else text

    def set_letter(self, box: Letter) -> str:
        return self.name(box.name, box.bold)

    def set_index_letter(self, box: IndexLetter) -> str:
        return self.name(box.name)

    def word(self, word: str) -> str:
        if word == "E":
            return r"\mathrm{E}" if spellings().expectation == "roman" else r"\mathbb{E}"
        return f"\\{word}" if word in _OPERATORS else rf"\operatorname{{{word}}}"

    def set_word(self, box: Word) -> str:
        return self.word(box.text)

    def set_figure(self, box: Figure) -> str:
        return box.digits

    def set_constant_matrix(self, box: ConstantMatrix) -> str:
        return rf"\mathbf{{{box.entry}}}"

    def subscript(self, labels: tuple[str, ...]) -> str:
        names = [self.name(label) if label.isidentifier() else label for label in labels]
        return "_{" + ("" if all(len(label) == 1 for label in labels) else ", ").join(names) + "}"

    def set_lowered(self, box: Lowered) -> str:
        """W_1 with the indices i, j is W_{1,ij}, for LaTeX refuses two subscripts in a row."""
        return with_subscript(self.set(box.base), self.subscript(box.labels)[2:-1])

    def set_derived_name(self, box: DerivedName) -> str:
        name = self.set(box.name)
        if box.form == "partial":
            return "".join(rf"\partial_{{{order + 1}}} " for order in box.orders) + name
        if box.form == "gradient":
            return rf"\nabla {name}"
        order = len(box.orders)
        return name + ("'" * order if order < 4 else f"^{{({order})}}")

    def set_delta(self, box: Delta) -> str:
        return r"\delta" + self.subscript(box.indices)

    def set_space(self, box: Space) -> str:
        size = r" \times ".join(self.set(size) for size in box.sizes)
        return r"\mathbb{R}" + (f"^{{{size}}}" if size else "")

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
            between = {"nothing": " ", "thin": r" \, ", "times": r" \cdot "}["times" if times else joint(left, right)]
            text += between + self.set(right)
        return text

    def set_matrix_factors(self, box: MatrixFactors) -> str:
        return " ".join(self.set(factor) for factor in box.factors)

    def set_fraction(self, box: Fraction) -> str:
        if box.stacked:
            return rf"\frac{{{self.in_fraction.set(box.top)}}}{{{self.in_fraction.set(box.bottom)}}}"
        return f"{self.set(box.top)}/{self.set(box.bottom)}"

    def set_raised(self, box: Raised) -> str:
        return f"{self.set(box.base)}^{{{self.set(box.exponent)}}}"

    def set_transposed(self, box: Transposed) -> str:
        return self.set(box.base) + _MARKS[spellings().transpose]

    def set_inverted(self, box: Inverted) -> str:
        return self.set(box.base) + "^{-1}"

    def set_big_sum(self, box: BigSum) -> str:
        names = [self.name(label) for label in box.indices]
        if box.distinct:
            return rf"\sum_{{{names[0]} \neq {names[1]}}} {self.set(box.body)}"
        size = self.set(box.size)
        return "".join(rf"\sum_{{{name}={box.start}}}^{{{size}}} " for name in names) + self.set(box.body)

    def set_radical(self, box: Radical) -> str:
        return rf"\sqrt{{{self.set(box.body)}}}"

    # ---- brackets and calls -------------------------------------------------------------------------------------

    def halves(self, fence: Fenced) -> tuple[str, str]:
        """The brackets of a body, as tall as it is."""
        size = _SIZES[min(height(fence), self.tallest)]
        left, right = self.fences[fence.kind]
        return (f"{size}l{left}", f"{_before(right, size + 'r')}") if size else (left, right)

    def around(self, box: Fenced | Called | Norm) -> tuple[str, str]:
        """What stands before the body of a bracket, and what behind it."""
        if isinstance(box, Called):
            left, right = self.halves(box.fence)
            if box.head == Word("E") and spellings().expectation == "angle":
                return left.replace("[", r"\langle "), right.replace("]", r" \rangle")
            return self._head(box) + left, right
        if isinstance(box, Norm):
            left, right = self.halves(box.fence)
            return left, right + {1: "_{1}", 2: "_F^{2}" if box.frobenius else "^{2}"}[box.order]
        return self.halves(box)

    def _head(self, box: Called) -> str:
        name = self.set(box.head)
        if isinstance(box.head, (Letter, DerivedName)):
            return name.replace(r"\mathrm{", r"\operatorname{")
        return name

    def set_fenced(self, box: Fenced) -> str:
        return self.set(box.body).join(self.around(box))

    def set_called(self, box: Called) -> str:
        return self.set(box.fence.body).join(self.around(box))

    def set_norm(self, box: Norm) -> str:
        return self.set(box.fence.body).join(self.around(box))

    def set_listed(self, box: Listed) -> str:
        return ", ".join(self.set(item) for item in box.items)

    def set_taylor_remainder(self, box: TaylorRemainder) -> str:
        left, right = self.halves(Fenced("square", Listed((box.point, box.increment))))
        function, point, increment = (self.set(part) for part in box.parts())
        return rf"\rho_{{{box.order}}}{left}{function};\, {point},\, {increment}{right}"

    # ---- derivatives --------------------------------------------------------------------------------------------

    def set_differentiated(self, box: Differentiated) -> str:
        by = self.set(box.by)
        if box.form == "flat":
            return rf"\partial {self.set(box.body)} / \partial {by}"
        if box.form == "stacked":
            return rf"\frac{{\partial {self.set(box.body)}}}{{\partial {by}}}"
        return rf"\frac{{\partial}}{{\partial {by}}} \, {self.set(box.body)}"

    def set_gradient_of(self, box: GradientOf) -> str:
        return rf"\nabla_{{\!{self.set(box.by)}}}\, {self.set(box.body)}"

    # ---- parts of lines -----------------------------------------------------------------------------------------

    def sign(self, sign: str) -> str:
        return _SIGNS.get(sign, sign)

    def set_related(self, box: Related) -> str:
        return f"{self.set(box.left)} {self.sign(box.sign)} {self.set(box.right)}"

    def set_sign(self, box: Sign) -> str:
        return self.sign(box.sign)

    def set_opened(self, box: Opened) -> str:
        return self.around(box.whole)[0]

    def set_closed(self, box: Closed) -> str:
        return self.around(box.whole)[1]

    def set_row(self, box: Row) -> str:
        """No space inside brackets: what is typed there is read by people."""
        text = ""
        for last, part in zip((None, *box.boxes), box.boxes, strict=False):
            inside = not text or isinstance(last, Opened) or isinstance(part, Closed)
            text += ("" if inside else " ") + self.set(part)
        return text


class LatexInText(Latex):
    """For a formula in a sentence, in a numerator or in a margin: no taller than the line it stands in."""

    manner = Manner(stacks_fractions=False)
    tallest = 1


_IN_TEXT = LatexInText()


def _before(bracket: str, size: str) -> str:
    """A closing bracket with its size: \\bigr), but ' \\bigr\\rVert'."""
    return f" {size}{bracket[1:]}" if bracket.startswith(" ") else f"{size}{bracket}"


def _with_accent(accent: str, letters: str) -> str:
    return f"\\{accent}{{{letters}}}"


def _bold(letters: str) -> str:
    return rf"\boldsymbol{{{letters}}}" if letters.startswith("\\") else rf"\mathbf{{{letters}}}"


def _label(label: str) -> str:
    """A word as a subscript is upright; a letter or a number is not."""
    return rf"\mathrm{{{label}}}" if len(label) > 1 and label.isalpha() else label
