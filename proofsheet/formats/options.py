"""What a user may ask of an export, for all formats; a format that cannot do a thing refuses it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from proofsheet.notation.spellings import Spellings

REASONS = ("column", "letters", "none")
NOTES = ("footnote", "margin", "none")
FLAGS = {  # how the command line asks for each
    "lines": "--lines", "reasons": "--reasons", "notes": "--notes", "theorem": "--theorem", "standalone": "--standalone",
    "width": "--width", "layers": "--layers", "seed": "--seed", "plots": "--plots",
}  # fmt: skip


@dataclass(frozen=True)
class Options:
    """Options of `proofsheet export`.

    `lines` are the numbers of the lines of each theorem to show, ascending, None for all (corollaries are shown whole);
    `reasons` how they stand beside the lines; `notes` where assumptions, side conditions and verdict go when they do not
    open the text ("none" leaves the opening text as it is); `width` the width of a line in points, None for that of the
    format's own page; `layers` the evidence to gather, `seed` that of the exact models and the draws.
    """

    lines: tuple[int, ...] | None = None
    reasons: Literal["column", "letters", "none"] = "column"
    notes: Literal["footnote", "margin", "none"] = "footnote"
    theorem: bool = False
    standalone: bool = False
    width: float | None = None
    spellings: Spellings = field(default_factory=Spellings)
    layers: tuple[str, ...] = ()
    seed: int | None = None
    plots: bool = True
