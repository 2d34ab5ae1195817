"""Prose in rows, for formats whose displays do not wrap the words in them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from functools import lru_cache

from proofsheet.notation.boxes import Box
from proofsheet.notation.spellings import Spellings, spellings
from proofsheet.notation.text import Prose, set_prose
from proofsheet.render.latex_widths import text_width


def wrapped(prose: Prose, width: float) -> Iterator[Prose]:
    """Rows of at most `width` points at 11pt where there is a space to break at; formulas stay whole."""
    row: list[str | Box] = []
    taken = 0.0
    for atom in _atoms(prose):
        own = prose_width((atom,))
        if row and isinstance(row[-1], str) and row[-1].endswith(" ") and taken + own > width:
            yield (*row[:-1], row[-1].rstrip())
            row, taken = [], 0.0
        row.append(atom)
        taken += own
    yield tuple(row)


def prose_width(prose: Prose) -> float:
    """The width in one row, in points at 11pt."""
    return _width(prose, spellings())


@lru_cache(maxsize=5_000)
def _width(prose: Prose, spelled: Spellings) -> float:
    return text_width(set_prose(prose, "latex"))


def unbreakable(source: str) -> Iterator[str]:
    """Of prose in LaTeX the words, and the formulas in the parts that LaTeX may break them into, after relations."""
    for position, piece in enumerate(source.split("$")):
        style = r"\textstyle " if piece.startswith(r"\textstyle ") else ""
        parts = re.split(r"(?<= =) ", piece.removeprefix(style))
        yield from [f"${style}{part}$" for part in parts] if position % 2 else piece.split()


def source_rows(paragraph: str) -> list[str]:
    """A paragraph of source in rows of a readable length."""
    return textwrap.wrap(paragraph, 110, break_long_words=False, break_on_hyphens=False)


def _atoms(prose: Prose) -> Iterator[str | Box]:
    """Formulas, and words each with the space behind it."""
    for part in prose:
        if isinstance(part, str):
            pieces = part.split(" ")
            yield from (f"{piece} " for piece in pieces[:-1])
            yield from (piece for piece in pieces[-1:] if piece)
        else:
            yield part


__all__ = ["prose_width", "source_rows", "unbreakable", "wrapped"]
