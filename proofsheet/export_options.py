"""The options of `proofsheet export`, read from the command line. Only those that were given are handed on."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from proofsheet.export import FORMATS
from proofsheet.formats.options import FLAGS, NOTES, REASONS
from proofsheet.layers import EXISTING

_POINTS = {"pt": 1.0, "bp": 72.27 / 72, "mm": 72.27 / 25.4, "cm": 72.27 / 2.54, "in": 72.27, "pc": 12.0}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*([a-zA-Z]*)")
NARROWEST, WIDEST = 100, 5000  # points
_RANGE = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")

notation = click.option(
    "--notation",
    "notation_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="How to spell symbols, a TOML file: [symbols] w = { tex = '\\theta', unicode = 'θ' }, and [style].",
)


def checked_layers(text: str) -> tuple[str, ...]:
    """'proof, exact' as names of layers. Raises click.BadParameter for others, and for none."""
    asked = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [name for name in asked if name not in EXISTING]
    if unknown or not asked:
        raise click.BadParameter(f"{', '.join(unknown) or 'nothing'}: choose from {', '.join(EXISTING)}")
    return asked


def line_numbers(text: str) -> tuple[int, ...]:
    """'1,3-5' as (1, 3, 4, 5). Raises click.BadParameter for what does not name lines."""
    if not text.strip():
        raise click.BadParameter("no line is named; write --lines 1,3-5")
    found: set[int] = set()
    for part in (piece.strip() for piece in text.split(",")):
        read = _RANGE.fullmatch(part)
        if not read:
            raise click.BadParameter(f"{part!r} is no line and no range of lines; write --lines 1,3-5")
        first, last = int(read[1]), int(read[2] or read[1])
        if first < 1:
            raise click.BadParameter(f"{part!r}: lines are counted from 1")
        if last < first:
            raise click.BadParameter(f"{part!r} runs backwards; write {last}-{first}")
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def points(text: str) -> float:
    """'12cm' in points of TeX, of which 72.27 are an inch. Raises click.BadParameter for what is no width of a line."""
    read = _LENGTH.fullmatch(text.strip())
    if not read or (read[2] or "pt") not in _POINTS:
        raise click.BadParameter(f"{text!r} is no width; write points or a length with its unit, 12cm, 345pt or 5in")
    width = float(read[1]) * _POINTS[read[2] or "pt"]
    if not NARROWEST <= width <= WIDEST:
        raise click.BadParameter(f"{text!r} is {width:.0f}pt; a line is between {NARROWEST}pt and {WIDEST}pt wide")
    return width


def _read(parse: Callable[[str], Any]) -> Callable[..., Any]:
    """A callback of click that leaves what was not given as it is."""
    return lambda context, parameter, text: None if text is None else parse(text)


_OPTIONS = (
    click.option(
        "--format", "form", metavar="FORMAT", default="latex", help=f"{', '.join(FORMATS)}; latex by default."
    ),
    click.option(
        "-o",
        "--output",
        "folder",
        metavar="DIR",
        required=True,
        type=click.Path(path_type=Path),
        help="Where to write.",
    ),
    click.option(
        "--lines",
        metavar="LIST",
        callback=_read(line_numbers),
        help="Lines of the theorems to show, 1,3-5; all by default.",
    ),
    click.option("--reasons", type=click.Choice(REASONS), help="Reasons beside the lines; as letters; or none."),
    click.option("--notes", type=click.Choice(NOTES), help="Where assumptions, side conditions and verdict go."),
    click.option("--numbers/--no-numbers", default=None, help="Number the equations, with labels to refer to."),
    click.option("--theorem/--no-theorem", default=None, help="State each identity in a theorem environment."),
    click.option(
        "--standalone/--no-standalone", default=None, help="One whole document: contents, conventions, references."
    ),
    click.option("--width", metavar="LENGTH", callback=_read(points), help="Of a line: 345 (points), 12cm, 5in."),
    click.option(
        "--layers", metavar="LIST", callback=_read(checked_layers), help=f"Evidence to gather: {','.join(EXISTING)}."
    ),
    click.option("--seed", type=click.IntRange(min=0), help="Of the exact models and the Monte Carlo draws."),
    click.option("--plots/--no-plots", default=None, help="Draw the numeric checks."),
    notation,
)


def with_export_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command takes `asked`, the options that were given by their names in Options, besides form, folder and notation."""

    @wraps(command)
    def with_asked(**given: Any) -> Any:
        asked = {name: given.pop(name) for name in FLAGS}
        return command(asked={name: value for name, value in asked.items() if value is not None}, **given)

    for option in reversed(_OPTIONS):
        with_asked = option(with_asked)
    return with_asked
