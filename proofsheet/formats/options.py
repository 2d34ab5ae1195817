"""What a user may ask of an export, for all formats; a format that cannot do a thing refuses it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from proofsheet.notation.spellings import Spellings

REASONS = ("column", "letters", "none")
NOTES = ("text", "footnote", "margin", "none")
FLAGS = {  # how the command line asks for each
    "lines": "--lines", "reasons": "--reasons", "notes": "--notes", "theorem": "--theorem", "standalone": "--standalone",
    "numbers": "--numbers", "width": "--width", "layers": "--layers", "seed": "--seed", "plots": "--plots",
}  # fmt: skip


@dataclass(frozen=True)
class Options:
    """Options of `proofsheet export`.

    `lines` are the numbers of the lines of each theorem to show, ascending, 1 being the left side, None for all; corollaries
    are shown whole. `reasons` is how they stand with the lines: in a column, by letters that a list below explains, or not
    at all. `notes` is where assumptions, side conditions and the verdict go: "text", what is assumed opens the text and the
    verdict is a footnote; "footnote" or "margin", all of it is one note; "none", no verdict, and what is assumed opens the
    text. `numbers` asks for numbers of equations; `width` is that of a line in points, None for the format's own page;
    `layers` is the evidence to gather, all of it by a format that shows evidence where none is named, `seed` that of the
    exact models and the draws, `plots` whether numeric checks are drawn; `folder` is where the files will stand, for paths
    that are seen from there.
    """

    lines: tuple[int, ...] | None = None
    reasons: Literal["column", "letters", "none"] = "column"
    notes: Literal["text", "footnote", "margin", "none"] = "text"
    theorem: bool = False
    numbers: bool = False
    standalone: bool = False
    width: float | None = None
    spellings: Spellings = field(default_factory=Spellings)
    layers: tuple[str, ...] = ()
    seed: int | None = None
    plots: bool = True
    folder: Path | None = None
