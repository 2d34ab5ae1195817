"""How boxes look in MathML Core, which browsers set without any script: displayed, and in the middle of a sentence.

Brackets have a fixed size as in LaTeX, and a script on a bracketed body is set on the closing bracket, so that a tall body
does not carry it away. Bold letters are letters of their own in Unicode, for browsers know no other variants.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from proofsheet.notation.names import ACCENTS, GREEK, SUBSCRIPTS, split_name
from proofsheet.notation.spacing import height, joint
from proofsheet.notation.spellings import spellings
from proofsheet.notation.style import Style

_SIGNS = {"∘": "⊙", "~": "∼", ":=": "≔"}
_GREEK = {**GREEK, "phi": "ϕ"}  # as LaTeX's \phi
_MARKS = {"tilde": "~", "hat": "^", "bar": "¯"}
_FIGURES = {small: figure for figure, small in SUBSCRIPTS.items()}
_FENCES = {"round": "()", "square": "[]", "bars": "||", "double bars": "‖‖"}
_TRANSPOSES = {"top": "<mi>⊤</mi>", "prime": "<mo>′</mo>", "T": "<mi>𝖳</mi>"}
_THIN = '<mspace width="0.1667em"/>'
_TIMES, _APPLIED = "<mo>\u2062</mo>", "<mo>\u2061</mo>"  # both invisible: for readers that speak
_UPRIGHT = '<mi mathvariant="normal">'
_TAG = re.compile(r"<(/?)[a-z]+[^>]*?(/?)>")


def math(inner: str, display: bool = False) -> str:
    """The <math> element around what a style has set.

    With `display` fractions and sums have their full size, in a line of its own or in the cell of a table: the element
    stands among words all the same, and where it goes is a matter of the page.
    """
    return f'<math displaystyle="true">{inner}</math>' if display else f"<math>{inner}</math>"


@dataclass(frozen=True, slots=True)
class _Scripted:
    """A letter or a bracket with what is below and above it, and behind what else it stands."""

    core: str
    sub: str = ""
    sup: str = ""
    before: str = ""

    def __str__(self) -> str:
        scripts = [_one(script) for script in (self.sub, self.sup) if script]
        if not scripts:
            return self.before + self.core
        name = "m" + ("sub" if self.sub else "") + ("sup" if self.sup else "")
        return f"{self.before}<{name}>{_one(self.core)}{''.join(scripts)}</{name}>"


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

    # ---- names --------------------------------------------------------------------------------------------------

    def name(self, name: str, bold: bool = False) -> _Scripted:
        own = spellings()
        letters, accents, label = split_name(name)
        whole, part = own.of(name, "unicode"), own.of(letters, "unicode")
        if whole or part:
            letters, marks, low = _read(whole or part or "")
            accents, label = (marks, low) if whole else (marks + accents, low + label)
        text = _vector(_GREEK.get(letters, letters)) if bold else _identifier(_GREEK.get(letters, letters))
        for accent in accents:
            text = _over(text, _MARKS[accent])
        return _Scripted(text, _label(label))

    def set_letter(self, box: Letter) -> str:
        return str(self.scripted(box))

    def set_index_letter(self, box: IndexLetter) -> str:
        return str(self.scripted(box))

    def set_word(self, box: Word) -> str:
        if box.text != "E":
            return _identifier(box.text)
        return f"{_UPRIGHT}E</mi>" if spellings().expectation == "roman" else "<mi>𝔼</mi>"

    def set_figure(self, box: Figure) -> str:
        return f"<mn>{box.digits}</mn>"

    def set_constant_matrix(self, box: ConstantMatrix) -> str:
        return f"<{_tag(box.entry)}>{_bold(box.entry)}</{_tag(box.entry)}>"

    def set_derived_name(self, box: DerivedName) -> str:
        return str(self.scripted(box))

    def set_delta(self, box: Delta) -> str:
        return str(_Scripted("<mi>δ</mi>", self.labels(box.indices)))

    def set_space(self, box: Space) -> str:
        sizes = [_IN_SCRIPT.set(size) for size in box.sizes]
        return str(_Scripted("<mi>ℝ</mi>", sup=_IN_SCRIPT.sign("×").join(sizes)))

    def labels(self, labels: tuple[str, ...]) -> str:
        """Indices side by side; longer names with commas between them."""
        between = "" if all(len(label) == 1 for label in labels) else _IN_SCRIPT.separator(",")
        return between.join(str(self.name(label)) if label.isidentifier() else _label(label) for label in labels)

    # ---- scripts ------------------------------------------------------------------------------------------------

    def scripted(self, box: Box) -> _Scripted:
        """A box that may get scripts, or further ones."""
        match box:
            case Letter(name=name, bold=bold):
                return self.name(name, bold)
            case IndexLetter(name=name):
                return self.name(name)
            case Lowered(base=base, labels=labels):
                return _lowered(self.scripted(base), self.labels(labels))
            case Raised(base=base, exponent=exponent):
                return _raised(self.scripted(base), _IN_SCRIPT.set(exponent))
            case Transposed(base=base):
                return _raised(self.scripted(base), _TRANSPOSES[spellings().transpose])
            case Inverted(base=base):
                return _raised(self.scripted(base), _IN_SCRIPT.set(Negative(Figure("1"))))
            case DerivedName():
                return self._derived(box)
            case Fenced() | Called() | Norm():
                left, right = self.around(box)
                return replace(right, before=left + self.set(_body(box)))
        return _Scripted(self.set(box))

    def _derived(self, box: DerivedName) -> _Scripted:
        name, order = self.scripted(box.name), len(box.orders)
        if box.form == "primes":
            bracketed = Fenced("round", Figure(str(order)))
            return _raised(name, f"<mo>{'′″‴'[order - 1]}</mo>" if order < 4 else _IN_SCRIPT.set(bracketed))
        if box.form == "gradient":
            return replace(name, before=_NABLA)
        partials = (str(_Scripted("<mi>∂</mi>", f"<mn>{place + 1}</mn>")) for place in box.orders)
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
        return _operator(glyph, form=form, **self.room)

    def set_signed(self, box: Signed) -> str:
        (negative, first), *rest = box.terms
        opening_term = self.set(Negative(first) if negative else first)
        return opening_term + "".join(self.operator(_plus(minus)) + self.set(term) for minus, term in rest)

    def set_term(self, box: Term) -> str:
        return self.operator(_plus(box.negative), "infix") + self.set(box.inner)

    def set_negative(self, box: Negative) -> str:
        return _operator("−", form="prefix") + self.set(box.inner)

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
            return _fraction(_IN_TEXT.set(box.top), _IN_TEXT.set(box.bottom))
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
        sign = _operator("∑", movablelimits="false", lspace="0", **room)
        name = "munderover" if above else "munder"
        return f"<{name}>{sign}{_one(below)}{_one(above) if above else ''}</{name}>"

    def set_radical(self, box: Radical) -> str:
        return f"<msqrt>{self.set(box.body)}</msqrt>"

    # ---- brackets and calls -------------------------------------------------------------------------------------

    def halves(self, fence: Fenced, glyphs: str = "") -> tuple[str, str]:
        """The brackets of a body, as tall as it is."""
        size = _SIZES[min(height(fence), self.tallest)]
        left, right = glyphs or _FENCES[fence.kind]
        if left != right:
            return _operator(left, **size), _operator(right, **size)
        return _operator(left, form="prefix", **size), _operator(right, form="postfix", **size)

    def around(self, box: Fenced | Called | Norm) -> tuple[str, _Scripted]:
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
                return left, _Scripted(right, "<mi>F</mi>" if box.frobenius else "" if power else "<mn>1</mn>", power)
            case Fenced():
                left, right = self.halves(box)
        return left, _Scripted(right)

    def set_fenced(self, box: Fenced) -> str:
        return str(self.scripted(box))

    def set_called(self, box: Called) -> str:
        return str(self.scripted(box))

    def set_norm(self, box: Norm) -> str:
        return str(self.scripted(box))

    def separator(self, glyph: str) -> str:
        return _operator(glyph, **self.room)

    def set_listed(self, box: Listed) -> str:
        return self.separator(",").join(self.set(item) for item in box.items)

    def set_taylor_remainder(self, box: TaylorRemainder) -> str:
        left, right = self.halves(Fenced("square", Listed((box.point, box.increment))))
        function, point, increment = (self.set(part) for part in box.parts())
        name = str(_Scripted("<mi>ρ</mi>", f"<mn>{box.order}</mn>"))
        comma, semicolon = (_operator(glyph, rspace="0.3333em") for glyph in ",;")
        return f"{name}{_APPLIED}{left}{function}{semicolon}{point}{comma}{increment}{right}"

    # ---- derivatives --------------------------------------------------------------------------------------------

    def set_differentiated(self, box: Differentiated) -> str:
        by = _PARTIAL + self.set(box.by)
        if box.form == "flat":
            return _PARTIAL + self.set(box.body) + _SLASH + by
        if box.form == "stacked":
            return _fraction(_PARTIAL + self.set(box.body), by)
        return _fraction(_PARTIAL, by) + _THIN + self.set(box.body)

    def set_gradient_of(self, box: GradientOf) -> str:
        return str(_Scripted(_NABLA, _IN_SCRIPT.set(box.by))) + _THIN + self.set(box.body)

    # ---- parts of lines -----------------------------------------------------------------------------------------

    def sign(self, sign: str) -> str:
        if sign == "…":
            return "<mi>…</mi>"
        if sign == ":":
            return _operator(sign, lspace="0", rspace="0.1667em")
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
        return str(_Scripted(_operator("∑", lspace="0", **room), below, above))


class _InScript(MathMLInText):
    """For exponents and limits: no room beside operators."""

    tallest = 0
    room: ClassVar[Mapping[str, str]] = {"lspace": "0", "rspace": "0"}


_IN_TEXT, _IN_SCRIPT = MathMLInText(), _InScript()


# ---- elements ---------------------------------------------------------------------------------------------------


def _operator(glyph: str, **attributes: str) -> str:
    given = "".join(f' {name}="{value}"' for name, value in attributes.items() if value)
    return f"<mo{given}>{escape(glyph)}</mo>"


def _identifier(text: str) -> str:
    """One letter is slanted and a word is not; of capital Greek letters not even one."""
    upright = len(text) == 1 and "GREEK CAPITAL" in unicodedata.name(text, "")
    return f"{_UPRIGHT if upright else '<mi>'}{escape(text)}</mi>"


def _vector(text: str) -> str:
    """The letters of a vector or a matrix."""
    kind = spellings().vectors
    if kind == "bold":
        return f"<mi>{escape(''.join(map(_bold, text)))}</mi>"
    return _over(_identifier(text), "→") if kind == "arrow" else _identifier(text)


def _bold(glyph: str) -> str:
    """The bold letter, slanted if it is a small Greek one; the glyph itself where there is none."""
    script, _, rest = unicodedata.name(glyph, "").replace("LETTER ", "").partition(" ")
    slant = "ITALIC " if script == "GREEK" and "CAPITAL" not in rest else ""
    kind = f"DIGIT {rest}" if script == "DIGIT" else rest
    try:
        return unicodedata.lookup(f"MATHEMATICAL BOLD {slant}{kind}")
    except KeyError:
        return glyph


def _over(text: str, mark: str) -> str:
    return f'<mover accent="true">{text}<mo stretchy="false">{mark}</mo></mover>'


def _read(spelling: str) -> tuple[str, list[str], str]:
    """What was asked for, as letters, accents and a label: ŵ₁ is w, hat, 1."""
    text = unicodedata.normalize("NFD", spelling)
    accents = [accent for accent, mark in ACCENTS.items() if mark in text]
    bare = "".join(glyph for glyph in text if glyph not in ACCENTS.values())
    letters = bare.rstrip("".join(_FIGURES)) or bare
    return unicodedata.normalize("NFC", letters), accents, "".join(_FIGURES[low] for low in bare[len(letters) :])


def _tag(text: str) -> str:
    return "mn" if text.isdigit() else "mi"


def _label(label: str) -> str:
    return f"<{_tag(label)}>{escape(label)}</{_tag(label)}>" if label else ""


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


def _fraction(top: str, bottom: str) -> str:
    return f"<mfrac>{_one(top)}{_one(bottom)}</mfrac>"


def _body(box: Fenced | Called | Norm) -> Box:
    return box.body if isinstance(box, Fenced) else box.fence.body


def _lowered(base: _Scripted, labels: str) -> _Scripted:
    """W_1 with the indices i, j is W_{1,ij}."""
    base = _Scripted(_one(str(base))) if base.sup else base
    return replace(base, sub=base.sub + _IN_SCRIPT.separator(",") + labels if base.sub else labels)


def _raised(base: _Scripted, script: str) -> _Scripted:
    return replace(_Scripted(_one(str(base))) if base.sup else base, sup=script)


def _one(markup: str) -> str:
    """The markup as one element."""
    depth = 0
    for tag in _TAG.finditer(markup):
        depth += -1 if tag[1] else 0 if tag[2] else 1
        if not depth:
            return markup if tag.end() == len(markup) else f"<mrow>{markup}</mrow>"
    raise ValueError(f"no element: {markup!r}")


_SIZES: tuple[dict[str, str], ...] = (
    {"stretchy": "false"},
    {"minsize": "1.15em", "maxsize": "1.15em"},
    {"minsize": "1.65em", "maxsize": "1.65em"},
)
_SLASH = _operator("/", lspace="0", rspace="0")
_NABLA, _PARTIAL = f"{_UPRIGHT}∇</mi>", "<mi>∂</mi>"

__all__ = ["MathML", "MathMLInText", "math"]
