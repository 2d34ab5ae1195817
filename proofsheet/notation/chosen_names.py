"""Which spellings can stand for a symbol in each target; the rest is refused with a reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from proofsheet.errors import NotationError
from proofsheet.notation.letter_forms import TYPST_WORDS
from proofsheet.notation.names import SUPERSCRIPTS
from proofsheet.notation.spellings import Target
from proofsheet.notation.tex_names import read_tex
from proofsheet.notation.words import RESERVED

_ASCII = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")
_FONTED = re.compile(r"\\(?:mathrm|mathbf|mathbb|mathsf|boldsymbol|operatorname|text)\{([A-Za-z0-9]+)\}")
_TYPST_FONTED = re.compile(r"(?:(?:bold|upright|bb)\()+(?:[EIR]|\d+)\)+")
_TYPST_POWER = re.compile(r"\^\(?\s*(\d|[A-Za-z](?![A-Za-z.]))")
_TYPST_NAME = re.compile(r"[A-Za-z][A-Za-z.]*(?:[_^]\s*(?:[A-Za-z0-9.]+|[*+-])?|'+|\s)*")  # without quotes and brackets
_MARKS = set("_*†‡⋆′″⁺⁻₊₋")
_POWERS = {*SUPERSCRIPTS.values(), "ᵀ", "ⁱ"}
_TYPST_GLYPH = re.compile(r"""[A-Za-z0-9 ._^'"(),*+-]""")
_TYPST_KNOWN = TYPST_WORDS | {
    "alt", "double", "reduce", "cal", "bb", "frak", "sans", "mono", "upright", "italic", "bold", "serif", "overline", "prime",
    "star",
}  # fmt: skip


def readable(text: str, target: Target) -> str:
    """The spelling in the form in which the styles take it. Raises NotationError for what cannot stand for a symbol."""
    if not text.strip():
        raise NotationError("is empty")
    for glyph in text:
        if unicodedata.category(glyph)[0] == "C" or glyph in "\u2028\u2029":
            raise NotationError(f"holds the control character U+{ord(glyph):04X}, which cannot be seen")
    return _READERS[target](text.strip())


def _unicode(text: str) -> str:
    if "\\" in text:
        raise NotationError(f"{text!r} is TeX; write {{ tex = '{text}' }}")
    text = unicodedata.normalize("NFC", text)
    if not text[0].isalpha():
        raise NotationError(f"{text!r} does not begin with a letter")
    for glyph in text:
        if glyph in _POWERS:
            raise NotationError(f"{text!r} reads like a power or a transpose: {glyph} is no part of a name")
        if unicodedata.category(glyph)[0] not in "LMN" and glyph not in _MARKS:
            raise NotationError(f"{text!r} holds {glyph!r}, which is no part of a name")
    return _not_taken(text)


def _tex(text: str) -> str:
    found = read_tex(text)
    word = _FONTED.fullmatch(found)
    if word and (word[1] in RESERVED or word[1].isdigit() or found == r"\mathbb{R}"):
        read_as = "a number" if word[1].isdigit() else RESERVED.get(word[1], "the real numbers")
        raise NotationError(f"{text!r} is taken: it is how {read_as} is printed")
    return found


def _ascii(text: str) -> str:
    if not _ASCII.fullmatch(text):
        raise NotationError(f"{text!r} is no name in ASCII; write letters and digits, theta_star")
    return _not_taken(text)


def _not_taken(text: str) -> str:
    if text in RESERVED:
        raise NotationError(f"{text!r} is taken: it is how {RESERVED[text]} is printed")
    return text


def _typst(text: str) -> str:
    for glyph in text:
        if not _TYPST_GLYPH.fullmatch(glyph):
            raise NotationError(f"{text!r} holds {glyph!r}, which is no part of a name in Typst")
    if text.count('"') % 2 or not _balanced(text):
        raise NotationError(f"{text!r} has quotes or brackets that do not match")
    if _TYPST_POWER.search(text):
        raise NotationError(f"{text!r} reads like a power")
    if not _TYPST_NAME.fullmatch(_without_brackets(re.sub(r'"[^"]*"', "q", text))) or _TYPST_FONTED.fullmatch(text):
        raise NotationError(f"{text!r} does not read like the name of one symbol")
    for word in re.findall(r"[A-Za-z]{2,}", re.sub(r'"[^"]*"', "", text)):
        if word not in _TYPST_KNOWN:
            raise NotationError(f"""{text!r}: Typst knows no {word}; a word stands in quotes, '"{word}"'""")
    return text


def _without_brackets(text: str) -> str:
    """What stands outside of round brackets."""
    inner = re.sub(r"\([^()]*\)", "", text)
    return inner if inner == text else _without_brackets(inner)


def _balanced(text: str) -> bool:
    depth = 0
    for glyph in text:
        depth += {"(": 1, ")": -1}.get(glyph, 0)
        if depth < 0:
            return False
    return depth == 0


_READERS: Mapping[Target, Callable[[str], str]] = {
    "tex": _tex, "unicode": _unicode, "ascii": _ascii, "typst": _typst,
}  # fmt: skip
