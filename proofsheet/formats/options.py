"""What a user may ask of an export, for all formats; a format that cannot do a thing refuses it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from proofsheet.notation.spellings import Spellings

REASONS = ("column", "letters", "none")
NOTES = ("text", "footnote", "margin", "none")  # "text": what is assumed in the text, the verdict in a footnote


@dataclass(frozen=True)
class Options:
    """Options of `proofsheet export`.

    `lines` are the numbers of the lines to show, None for all; `reasons` how they stand beside the lines; `notes` where
    assumptions, side conditions and verdict go when they do not open the text ("none" leaves the opening text as it is);
    `width` the width of a line in points, None for that of the format's own page.
    """

    lines: tuple[int, ...] | None = None
    reasons: Literal["column", "letters", "none"] = "column"
    notes: Literal["text", "footnote", "margin", "none"] = "text"
    theorem: bool = False
    standalone: bool = False
    width: float | None = None
    spellings: Spellings = field(default_factory=Spellings)
    layers: tuple[str, ...] = ()
    seed: int | None = None
    numbers: bool = False  # of equations, where the format has them
