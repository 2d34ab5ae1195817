"""Elements of MathML Core, and what browsers have to be told so that they set them well."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from html import escape

from proofsheet.notation.names import ACCENTS, SUBSCRIPTS
from proofsheet.notation.spellings import spellings

_FIGURES = {small: figure for figure, small in SUBSCRIPTS.items()}
_DESCENDING = set("fgjpqyQβγζημξρφχψϕ")
_TAG = re.compile(r"<(/?)[a-z]+[^>]*?(/?)>")
UPRIGHT = '<mi mathvariant="normal">'


def math(inner: str, display: bool = False) -> str:
    """The <math> element around what a style has set.

    With `display` fractions and sums have their full size, in a line of its own or in the cell of a table: the element
    stands among words all the same, and where it goes is a matter of the page.
    """
    return f'<math displaystyle="true">{inner}</math>' if display else f"<math>{inner}</math>"


@dataclass(frozen=True, slots=True)
class Scripted:
    """A letter or a bracket with what is below and above it, and behind what else it stands."""

    core: str
    sub: str = ""
    sup: str = ""
    before: str = ""

    def __str__(self) -> str:
        scripts = [one_element(script) for script in (self.sub, self.sup) if script]
        if not scripts:
            return self.before + self.core
        name = "m" + ("sub" if self.sub else "") + ("sup" if self.sup else "")
        core = _without_depth(self.core) if self.sub and _descends(self.core) else one_element(self.core)
        return f"{self.before}<{name}>{core}{''.join(scripts)}</{name}>"


def operator(glyph: str, **attributes: str) -> str:
    """An <mo>; empty attributes are left out."""
    given = "".join(f' {name}="{value}"' for name, value in attributes.items() if value)
    return f"<mo{given}>{escape(glyph)}</mo>"


def bracket(glyph: str, size: int, form: str) -> str:
    """Enlarged, not stretched: Chromium leaves too much room beside stretched brackets, and does not stretch below a script.

    The tallest are lowered, so that they stand about the axis, and give their height to the script on them.
    """
    enlarged = operator(glyph, form=form, stretchy="false", mathsize=("", "1.2em", "1.75em")[size])
    return f'<mpadded voffset="-0.19em" height="1.12em" depth="0.62em">{enlarged}</mpadded>' if size == 2 else enlarged


def identifier(text: str) -> str:
    """One letter is slanted and a word is not; of capital Greek letters not even one."""
    upright = len(text) == 1 and "GREEK CAPITAL" in unicodedata.name(text, "")
    return f"{UPRIGHT if upright else '<mi>'}{escape(text)}</mi>"


def vector_letters(text: str) -> str:
    """The letters of a vector or a matrix."""
    kind = spellings().vectors
    if kind == "bold":
        return f"<mi>{escape(''.join(map(bold, text)))}</mi>"
    return accented(identifier(text), "→", "0.6em") if kind == "arrow" else identifier(text)


def bold(glyph: str) -> str:
    """The bold letter, slanted if it is a small Greek one; the glyph itself where there is none."""
    script, _, rest = unicodedata.name(glyph, "").replace("LETTER ", "").partition(" ")
    slant = "ITALIC " if script == "GREEK" and "CAPITAL" not in rest else ""
    kind = f"DIGIT {rest}" if script == "DIGIT" else rest
    try:
        return unicodedata.lookup(f"MATHEMATICAL BOLD {slant}{kind}")
    except KeyError:
        return glyph


def accented(text: str, mark: str, size: str = "") -> str:
    """An accent that is no wider than it is over one letter."""
    return f'<mover accent="true">{text}{operator(mark, stretchy="false", mathsize=size)}</mover>'


def read_spelling(spelling: str) -> tuple[str, list[str], str]:
    """What was asked for, as letters, accents and a label: ŵ₁ is w, hat, 1."""
    text = unicodedata.normalize("NFD", spelling)
    accents = [accent for accent, mark in ACCENTS.items() if mark in text]
    bare = "".join(glyph for glyph in text if glyph not in ACCENTS.values())
    letters = bare.rstrip("".join(_FIGURES)) or bare
    return unicodedata.normalize("NFC", letters), accents, "".join(_FIGURES[low] for low in bare[len(letters) :])


def _tag(text: str) -> str:
    return "mn" if text.isdigit() else "mi"


def label_text(label: str) -> str:
    """A letter, a word or a number, or nothing."""
    return f"<{_tag(label)}>{escape(label)}</{_tag(label)}>" if label else ""


def fraction(top: str, bottom: str) -> str:
    """One above the other."""
    return f"<mfrac>{one_element(top)}{one_element(bottom)}</mfrac>"


def raised(base: Scripted, script: str) -> Scripted:
    """With a script above; what has one already is one element below the new one."""
    return replace(Scripted(one_element(str(base))) if base.sup else base, sup=script)


def _descends(core: str) -> bool:
    """Whether a letter, with or without accents, reaches below the line: browsers would lower its index with it."""
    letter = re.fullmatch(r"(?:<mover[^>]*>)*<mi[^>]*>(.)</mi>.*", core)
    return letter is not None and unicodedata.normalize("NFKD", letter[1]) in _DESCENDING


def _without_depth(core: str) -> str:
    return f'<mpadded depth="0">{core}</mpadded>'


def primed(base: Scripted, primes: str) -> Scripted:
    """Fonts have primes at their height already; in a script they would be too small and too high."""
    return Scripted(one_element(f"{base}<mo>{primes}</mo>"))


def one_element(markup: str) -> str:
    """The markup as one element."""
    depth = 0
    for tag in _TAG.finditer(markup):
        depth += -1 if tag[1] else 0 if tag[2] else 1
        if not depth:
            return markup if tag.end() == len(markup) else f"<mrow>{markup}</mrow>"
    raise ValueError(f"no element: {markup!r}")
