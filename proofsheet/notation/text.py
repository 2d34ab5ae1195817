"""A line as text, in one of the styles."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from proofsheet.notation.boxes import Box
from proofsheet.notation.layout import signed_terms
from proofsheet.notation.spellings import Spellings, spellings
from proofsheet.notation.styles import STYLES

Prose = tuple[str | Box, ...]  # words, and among them formulas


def set_line(node: Any, style: str = "unicode") -> str:
    """The line in one row of text, names spelled as they are at present."""
    return _line(node, style, spellings())


def set_box(box: Box, style: str) -> str:
    """A box in one row of text, set for the middle of a sentence."""
    return STYLES[style].in_text.set(box)


def set_prose(prose: Prose, style: str) -> str:
    """Words and formulas as a sentence."""
    chosen = STYLES[style]
    parts = (
        chosen.words(part) if isinstance(part, str) else chosen.among_words(chosen.in_text.set(part)) for part in prose
    )
    return chosen.sentence("".join(parts))


@lru_cache(maxsize=20_000)
def _line(node: Any, style: str, spelled: Spellings) -> str:
    return STYLES[style].line(node)


__all__ = ["Prose", "set_box", "set_line", "set_prose", "signed_terms"]
