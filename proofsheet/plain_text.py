"""Text for streams that cannot carry Unicode: mathematics is spelled out, not replaced by question marks."""

from __future__ import annotations

import os
import unicodedata
from typing import Any

from proofsheet.notation.names import GREEK, SUBSCRIPTS, SUPERSCRIPTS

_SPELLED = {
    "−": "-", "·": "*", "ᵀ": "'", "Σ": "Sum", "≠": "!=", "≤": "<=", "≥": ">=", "‖": "||", "∘": "o", "⟂": "independent of",
    "∈": "in", "ℝ": "R", "×": " x ", "±": "+/-", "𝟎": "zeros", "𝟏": "ones", "→": "->", "≅": "~", "≈": "~", "…": "...", "–": "-",
    "—": "-", "’": "'", "“": '"', "”": '"',
}  # fmt: skip
_LETTERS = {glyph: name for name, glyph in GREEK.items() if name not in ("epsilon", "lambda")}
_MARKS = {"\u0303": "_tilde", "\u0302": "_hat", "\u0304": "_bar"}
_LOW = {glyph: letter for letter, glyph in SUBSCRIPTS.items()}
_HIGH = {glyph: letter for letter, glyph in SUPERSCRIPTS.items()}


def carries_unicode(stream: Any) -> bool:
    """Whether a stream can show the mathematics that we print."""
    encoding = getattr(stream, "encoding", None) or "ascii"
    try:
        "ᵀ−Σᵢ≠‖α𝟎⟂ℝ∈".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def for_stream(text: str, stream: Any) -> str:
    return text if carries_unicode(stream) else plain(text)


def plain(text: str) -> str:
    """The text in ASCII."""
    found = ""
    for previous, glyph in zip(
        " " + unicodedata.normalize("NFD", text), unicodedata.normalize("NFD", text), strict=False
    ):
        if glyph in _LOW:
            found += ("" if previous in _LOW else "_") + _LOW[glyph]
        elif glyph in _HIGH:
            found += ("" if previous in _HIGH else "^") + _HIGH[glyph]
        else:
            found += _SPELLED.get(glyph) or _MARKS.get(glyph) or _LETTERS.get(glyph) or glyph
    return found.encode("ascii", "ignore").decode()


def print_to(stream: Any, text: str) -> None:
    """Print, spelled out where needed; a reader who has seen enough (... | head) is no error."""
    try:
        print(for_stream(text, stream), file=stream, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
