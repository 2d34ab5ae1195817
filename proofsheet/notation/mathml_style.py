"""How boxes look in MathML Core, which browsers set without any JavaScript: displayed, and in the middle of a sentence.

Brackets have a fixed size as in LaTeX, and a script on a bracketed body is set on the closing bracket, so that a tall body
does not carry it away. Bold letters are letters of their own in Unicode, for browsers know no other variants.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from itertools import pairwise
from typing import ClassVar

from proofsheet.notation.boxes import (
    Beside,
    BigSum,
    Box,
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
    closing,
    opening,
)
from proofsheet.notation.layout import Manner
from proofsheet.notation.mathml_elements import (
    UPRIGHT,
    Scripted,
    accented,
    bold,
    bracket,
    fraction,
    identifier,
    label_text,
    math,
    one_element,
    operator,
    primed,
    raised,
    read_spelling,
    vector_letters,
)
from proofsheet.notation.names import GREEK, split_name
from proofsheet.notation.spacing import height, joint
from proofsheet.notation.spellings import spellings
from proofsheet.notation.style import Style

_GREEK = {**GREEK, "phi": "ϕ"}  # as LaTeX's \phi
_MARKS = {"tilde": "˜", "hat": "ˆ", "bar": "¯"}
_SIGNS = {"∘": "⊙", "~": "∼", ":=": "≔"}
_FENCES = {"round": "()", "square": "[]", "bars": "||", "double bars": "‖‖"}
_THIN = '<mspace width="0.1667em"/>'
_TIMES, _APPLIED = "<mo>\u2062</mo>", "<mo>\u2061</mo>"  # both invisible: for readers that speak
_FORMULA = "<math>(?:(?!<math>).)*?</math>"
_WITH_MARKS = re.compile(rf"[(\[]+{_FORMULA}[])]*[.,;:?!]*|{_FORMULA}[])]*[.,;:?!]+|{_FORMULA}[])]+")


class MathML(Style):
    """For a display; what is set goes into `math(…, display=True)`."""

    manner = Manner(stacks_fractions=True)
    tallest = 2
    room: ClassVar[Mapping[str, str]] = {}
    """What an operator says about the room beside it; nothing means that the browser knows."""

    @property
    def in_text(self) -> Style:
        return _IN_TEXT

    def among_words(self, formula: str) -> str:
        return math(formula)

    def words(self, text: str) -> str:
        return escape(text)

    def sentence(self, text: str) -> str:
        """Browsers break lines between a formula and a full stop or a bracket, unless they are told not to."""
        return _WITH_MARKS.sub(r'<span style="white-space:nowrap">\g<0></span>', text)

    # ---- names --------------------------------------------------------------------------------------------------

    def name(self, name: str, bold: bool = False) -> Scripted:
        own = spellings()
        letters, accents, label = split_name(name)
        whole, part = own.of(name, "unicode"), own.of(letters, "unicode")
        if whole or part:
            letters, marks, low = read_spelling(whole or part or "")
            accents, label = (marks, low) if whole else (marks + accents, low + label)
        text = vector_letters(_GREEK.get(letters, letters)) if bold else identifier(_GREEK.get(letters, letters))
        for accent in accents:
            text = accented(text, _MARKS[accent])
        return Scripted(text, label_text(label))

    def set_letter(self, box: Letter) -> str:
        return str(self.scripted(box))

    def set_index_letter(self, box: IndexLetter) -> str:
        return str(self.scripted(box))

    def set_word(self, box: Word) -> str:
        if box.text != "E":
            return identifier(box.text)
        return f"{UPRIGHT}E</mi>" if spellings().expectation == "roman" else "<mi>𝔼</mi>"

    def set_figure(self, box: Figure) -> str:
        return f"<mn>{box.digits}</mn>"

    def set_constant_matrix(self, box: ConstantMatrix) -> str:
        return label_text(bold(box.entry))

    def set_derived_name(self, box: DerivedName) -> str:
        return str(self.scripted(box))

    def set_delta(self, box: Delta) -> str:
        return str(Scripted("<mi>δ</mi>", self.labels(box.indices)))

    def set_space(self, box: Space) -> str:
        sizes = [_IN_SCRIPT.set(size) for size in box.sizes]
        return str(Scripted("<mi>ℝ</mi>", sup=_IN_SCRIPT.sign("×").join(sizes)))

    def labels(self, labels: tuple[str, ...]) -> str:
        """Indices side by side; longer names with commas between them."""
        between = "" if all(len(label) == 1 for label in labels) else _IN_SCRIPT.separator(",")
        return between.join(str(self.name(label)) if label.isidentifier() else label_text(label) for label in labels)

    # ---- scripts ------------------------------------------------------------------------------------------------

    def scripted(self, box: Box) -> Scripted:
        """A box that may get scripts, or further ones."""
        match box:
            case Letter(name=name, bold=bold):
                return self.name(name, bold)
            case IndexLetter(name=name):
                return self.name(name)
            case Lowered(base=base, labels=labels):
                return _lowered(self.scripted(base), self.labels(labels))
            case Raised(base=base, exponent=exponent):
                return raised(self.scripted(base), _IN_SCRIPT.set(exponent))
            case Transposed(base=base) if spellings().transpose == "prime":
                return primed(self.scripted(base), "′")
            case Transposed(base=base):
                return raised(self.scripted(base), "<mi>⊤</mi>" if spellings().transpose == "top" else "<mi>𝖳</mi>")
            case Inverted(base=base):
                return raised(self.scripted(base), _IN_SCRIPT.set(Negative(Figure("1"))))
            case DerivedName():
                return self._derived(box)
            case Fenced() | Called() | Norm():
                left, right = self.around(box)
                return replace(right, before=left + self.set(_body(box)))
        return Scripted(self.set(box))

    def _derived(self, box: DerivedName) -> Scripted:
        name, order = self.scripted(box.name), len(box.orders)
        if box.form == "primes":
            bracketed = Fenced("round", Figure(str(order)))
            return primed(name, "′″‴"[order - 1]) if order < 4 else raised(name, _IN_SCRIPT.set(bracketed))
        if box.form == "gradient":
            return replace(name, before=_NABLA)
        partials = (str(Scripted("<mi>∂</mi>", f"<mn>{place + 1}</mn>")) for place in box.orders)
        return replace(name, before="".join(partials))

    def set_lowered(self, box: Lowered) -> str:
        return str(self.scripted(box))

    def set_raised(self, box: Raised) -> str:
        return str(self.scripted(box))

    def set_transposed(self, box: Transposed) -> str:
        return str(self.scripted(box))

    def set_inverted(self, box: Inverted) -> str:
        return str(self.scripted(box))

    # ---- sums, products, fractions ------------------------------------------------------------------------------

    def operator(self, glyph: str, form: str = "") -> str:
        return operator(glyph, form=form, **self.room)

    def set_signed(self, box: Signed) -> str:
        (negative, first), *rest = box.terms
        opening_term = self.set(Negative(first) if negative else first)
        return opening_term + "".join(self.operator(_plus(minus)) + self.set(term) for minus, term in rest)

    def set_term(self, box: Term) -> str:
        return self.operator(_plus(box.negative), "infix") + self.set(box.inner)

    def set_negative(self, box: Negative) -> str:
        return operator("−", form="prefix") + self.set(box.inner)

    def set_beside(self, box: Beside) -> str:
        text = self.set(box.factors[0])
        for left, right, times in zip(box.factors, box.factors[1:], box.times, strict=False):
            kind = "times" if times else joint(left, right)
            between = self.operator("⋅") if kind == "times" else _times(left, right, kind == "thin")
            text += between + self.set(right)
        return text

    def set_matrix_factors(self, box: MatrixFactors) -> str:
        text = self.set(box.factors[0])
        for left, right in pairwise(box.factors):
            text += _times(left, right) + self.set(right)
        return text

    def set_fraction(self, box: Fraction) -> str:
        if box.stacked:
            return fraction(_IN_TEXT.set(box.top), _IN_TEXT.set(box.bottom))
        return self.set(box.top) + _SLASH + self.set(box.bottom)

    def set_big_sum(self, box: BigSum) -> str:
        room = {"rspace": "0"} if isinstance(opening(box.body), Fenced) else {}
        names = [str(self.name(label)) for label in box.indices]
        if box.distinct:
            return self.sum(_IN_SCRIPT.sign("≠").join(names), "", room) + self.set(box.body)
        start, size = f"{_IN_SCRIPT.sign('=')}<mn>{box.start}</mn>", _IN_SCRIPT.set(box.size)
        return "".join(self.sum(name + start, size, room) for name in names) + self.set(box.body)

    def sum(self, below: str, above: str, room: Mapping[str, str]) -> str:
        """Σ with its limits below and above."""
        sign = operator("∑", movablelimits="false", lspace="0", **room)
        name = "munderover" if above else "munder"
        return f"<{name}>{sign}{one_element(below)}{one_element(above) if above else ''}</{name}>"

    def set_radical(self, box: Radical) -> str:
        return f"<msqrt>{self.set(box.body)}</msqrt>"

    # ---- brackets and calls -------------------------------------------------------------------------------------

    def halves(self, fence: Fenced, glyphs: str = "") -> tuple[str, str]:
        """The brackets of a body, as tall as it is."""
        size = min(height(fence), self.tallest)
        left, right = tuple(glyphs or _FENCES[fence.kind])
        forms = ("prefix", "postfix") if left == right else ("", "")  # of round brackets a browser knows the form
        return bracket(left, size, forms[0]), bracket(right, size, forms[1])

    def around(self, box: Fenced | Called | Norm) -> tuple[str, Scripted]:
        """What stands before the body of a bracket, and what behind it."""
        match box:
            case Called(head=Word("E"), fence=fence) if spellings().expectation == "angle":
                left, right = self.halves(fence, "⟨⟩")
            case Called(head=head, fence=fence):
                left, right = self.halves(fence)
                left = self.set(head) + _APPLIED + left
            case Norm(fence=fence, order=order):
                left, right = self.halves(fence)
                power = "<mn>2</mn>" if order == 2 else ""
                return left, Scripted(right, "<mi>F</mi>" if box.frobenius else "" if power else "<mn>1</mn>", power)
            case Fenced():
                left, right = self.halves(box)
        return left, Scripted(right)

    def set_fenced(self, box: Fenced) -> str:
        return str(self.scripted(box))

    def set_called(self, box: Called) -> str:
        return str(self.scripted(box))

    def set_norm(self, box: Norm) -> str:
        return str(self.scripted(box))

    def separator(self, glyph: str) -> str:
        return operator(glyph, **self.room)

    def set_listed(self, box: Listed) -> str:
        return self.separator(",").join(self.set(item) for item in box.items)

    def set_taylor_remainder(self, box: TaylorRemainder) -> str:
        left, right = self.halves(Fenced("square", Listed((box.point, box.increment))))
        function, point, increment = (self.set(part) for part in box.parts())
        name = str(Scripted("<mi>ρ</mi>", f"<mn>{box.order}</mn>"))
        comma, semicolon = (operator(glyph, rspace="0.3333em") for glyph in ",;")
        return f"{name}{_APPLIED}{left}{function}{semicolon}{point}{comma}{increment}{right}"

    # ---- derivatives --------------------------------------------------------------------------------------------

    def set_differentiated(self, box: Differentiated) -> str:
        by = _PARTIAL + self.set(box.by)
        if box.form == "flat":
            return _PARTIAL + self.set(box.body) + _SLASH + by
        if box.form == "stacked":
            return fraction(_PARTIAL + self.set(box.body), by)
        return fraction(_PARTIAL, by) + _THIN + self.set(box.body)

    def set_gradient_of(self, box: GradientOf) -> str:
        return str(Scripted(_NABLA, _IN_SCRIPT.set(box.by))) + _THIN + self.set(box.body)

    # ---- parts of lines -----------------------------------------------------------------------------------------

    def sign(self, sign: str) -> str:
        if sign in ("…", ":"):
            return operator(sign, lspace="0", rspace="0.1667em")
        return self.operator(_SIGNS.get(sign, sign))

    def set_related(self, box: Related) -> str:
        return self.set(box.left) + self.sign(box.sign) + self.set(box.right)

    def set_sign(self, box: Sign) -> str:
        return self.sign(box.sign)

    def set_opened(self, box: Opened) -> str:
        return self.around(box.whole)[0]

    def set_closed(self, box: Closed) -> str:
        return str(self.around(box.whole)[1])

    def set_row(self, box: Row) -> str:
        return "".join(self.set(part) for part in box.boxes)


class MathMLInText(MathML):
    """For a formula in a sentence, in a numerator or in a margin: no taller than the line it stands in."""

    manner = Manner(stacks_fractions=False)
    tallest = 1

    def sum(self, below: str, above: str, room: Mapping[str, str]) -> str:
        return str(Scripted(operator("∑", lspace="0", **room), below, above))


class _InScript(MathMLInText):
    """For exponents and limits: no room beside operators."""

    tallest = 0
    room: ClassVar[Mapping[str, str]] = {"lspace": "0", "rspace": "0"}


_IN_TEXT, _IN_SCRIPT = MathMLInText(), _InScript()


# ---- neighbours -------------------------------------------------------------------------------------------------


def _plus(negative: bool) -> str:
    return "−" if negative else "+"


def _times(left: Box, right: Box, thin: bool = False) -> str:
    """Between two factors: a thin space also beside the name of an operator and before Σ."""
    first, last = opening(right), closing(left)
    return _TIMES + (_THIN if thin or isinstance(first, BigSum) or _is_name(first) or _is_name(last) else "")


def _is_name(box: Box) -> bool:
    """A word that is set upright, but not E."""
    match box:
        case Word(text=text):
            return text != "E"
        case Letter(name=name):
            letters = split_name(name)[0]
            return len(letters) > 1 and letters not in GREEK
    return False


def _body(box: Fenced | Called | Norm) -> Box:
    return box.body if isinstance(box, Fenced) else box.fence.body


def _lowered(base: Scripted, labels: str) -> Scripted:
    """W_1 with the indices i, j is W_{1,ij}."""
    base = Scripted(one_element(str(base))) if base.sup else base
    return replace(base, sub=base.sub + _IN_SCRIPT.separator(",") + labels if base.sub else labels)


_SLASH = operator("/", lspace="0", rspace="0")
_NABLA, _PARTIAL = f"{UPRIGHT}∇</mi>", "<mi>∂</mi>"

__all__ = ["MathML", "MathMLInText", "math"]
