"""The table that `check` prints for people: short cells, so that it can be read at 80 columns; no word is broken.

check_table(found, layers, style, width)     one row an identity, one column a layer
cell_of(layer)                               what a cell says; `check --json` has the whole words
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from proofsheet.evidence import DOES_NOT_APPLY, NOT_CHECKED, Evidence, Layer

GAP = "  "


def check_table(found: Iterable[Evidence], layers: Iterable[str], style: str, width: int) -> str:
    """One row an identity, one column a requested layer; where that is too wide, names stand above their rows."""
    names = tuple(layers)
    headings = ["identity", "outcome", *(name.replace("_", " ") for name in names)]
    rows = [[one.name, one.outcome, *(cell_of(one.layers.get(name, NOT_CHECKED)) for name in names)] for one in found]
    line = "-" if style == "ascii" else "─"
    sizes = _sizes([headings, *rows], width - 1)
    if _total(sizes) < width:
        text = [*_laid(headings, sizes), line * _total(sizes), *(part for row in rows for part in _laid(row, sizes))]
    else:
        sizes = _sizes([headings[1:], *(row[1:] for row in rows)], width - 3)
        text = [*_below(_laid(headings[1:], sizes)), line * (_total(sizes) + 2)]
        for name, *cells in rows:
            text += [name, *_below(_laid(cells, sizes))]
    return "\n".join(f" {one}".rstrip() for one in text)


def _sizes(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """The longest word of each column; and what room is left goes where it puts the most cells on one line."""
    columns = list(zip(*rows, strict=True))
    sizes = [max(len(word) for cell in column for word in cell.split()) for column in columns]
    while wider := list(_wider(columns, sizes, width - _total(sizes))):
        _, place, size = max(wider)
        sizes[place] = size
    return sizes


def _wider(columns: Sequence[Sequence[str]], sizes: Sequence[int], room: int) -> Iterator[tuple[float, int, int]]:
    """Each column at each size that puts more of its cells on one line: how many for a column of text, place and size."""
    for place, (column, size) in enumerate(zip(columns, sizes, strict=True)):
        for wanted in {len(cell) for cell in column if size < len(cell) <= size + room}:
            whole = sum(size < len(cell) <= wanted for cell in column)
            yield whole / (wanted - size), place, wanted


def _total(sizes: Sequence[int]) -> int:
    return sum(sizes) + len(GAP) * (len(sizes) - 1)


def _laid(cells: Sequence[str], sizes: Sequence[int]) -> list[str]:
    """One row of the table, as many lines as its highest cell has."""
    wrapped = (textwrap.wrap(cell, size) for cell, size in zip(cells, sizes, strict=True))
    return [
        GAP.join(part.ljust(size) for part, size in zip(parts, sizes, strict=True))
        for parts in zip_longest(*wrapped, fillvalue="")
    ]


def _below(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


# ---- cells ----------------------------------------------------------------------------------------------------


def cell_of(layer: Layer | str) -> str:
    """In two words what a layer found; its verdict where it is not the usual one."""
    if isinstance(layer, str):
        return "none" if layer == DOES_NOT_APPLY else layer
    short = _SHORT.get(layer.verdict.split(" modulo ")[0]) or (_shares if "total" in layer.facts else None)
    return short(layer.facts) if short and layer.facts else layer.verdict


def _zero(facts: dict[str, Any]) -> str:
    return f"{facts['zero']} zero{', random' if facts.get('at_point') else ''}"


def _agree(facts: dict[str, Any]) -> str:
    return f"{facts['agree']} agree{', interval' if facts.get('grade') == 'interval' else ''}"


def _shares(facts: dict[str, Any]) -> str:
    """Of assumption cards, and of wrong variants: those that are not rejected matter more than those not refuted."""
    total = facts["total"]
    if "shown" in facts:
        return f"{facts['shown']}/{total}"
    rejected = facts["rejected_by_kernel"] + facts["rejected_as_slips"]
    return f"{facts['exact']}/{total} refuted" if rejected == total else f"{rejected}/{total} rejected"


def _confirmed(facts: dict[str, Any]) -> str:
    """By what: a grade that says less than the method does, or else the first word of the method."""
    grade = facts["grade"]
    return f"confirmed, {facts['method'].split()[0] if grade in _FULL else grade}"


_FULL = ("non-asymptotic", "computed")  # grades that leave nothing open: by which method says more


_SHORT: dict[str, Callable[[dict[str, Any]], str]] = {
    "proved": lambda facts: f"{facts['checked']} steps",
    "difference 0": _zero,
    "agrees": _agree,
    "witness": lambda facts: str(facts["models"]),
    "confirmed": _confirmed,
}

__all__ = ["cell_of", "check_table"]
