r"""Lines and reasons in an alignat* environment that fits the page: where to break, and how wide the column of reasons is.

`arranged` decides and gives rows as data, `aligned` writes them. A line is broken before its outermost signs, or, if it
has none, inside its outermost brackets; a reason that is wider than its column is wrapped. Of all widths of the two
columns the one with the fewest rows is taken. Widths are those of plain LaTeX; what is written goes through macros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from proofsheet.notation import breaking
from proofsheet.notation.boxes import BigSum, Box, Closed, Fraction, Opened, inside
from proofsheet.notation.breaking import is_continuation
from proofsheet.notation.layout import lay_out
from proofsheet.notation.spellings import Spellings, spellings
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import Prose, set_prose
from proofsheet.notation.tree import Node
from proofsheet.render.latex_widths import formula_width, text_width

TEXT_WIDTH = 360.0  # of an article at 11pt on A4 paper
GAP = 21.5  # 1.5em between formulas and reasons, and as much as the widths may be wrong by
RELATION = 14.6  # an equals sign with its spaces
MARKED_RELATION = 21.0  # one with a letter in brackets above it
QUAD = 10.95
WIDEST_BESIDE = 130.0  # a left side that is wider gets a row of its own
NARROWEST_REASON = 64.0
WIDEST_BELOW = 270.0
TAG = 30.0  # the number of an equation

MEASURED, WRITTEN = STYLES["latex"], STYLES["latex macros"]


@dataclass(frozen=True)
class Line:
    """One line of a derivation: its formula, what it follows by, and how it relates to the line before.

    `mark` is the letter of its reason, where reasons stand below; `label` that of its number, where it has one.
    """

    node: Node
    reason: Prose = ()
    relation: str = "="
    mark: str = ""
    label: str = ""


@dataclass(frozen=True)
class Plan:
    """How a derivation is laid out: the left side beside the first line or above it, and the widths of the columns."""

    beside: bool
    formulas: float
    reasons: float
    cost: float
    width: float


@dataclass(frozen=True)
class AlignedRow:
    """One row of a display, as data: a formula behind the place of alignment, and a reason behind that.

    `shape` says how the reason stands: on one row, wrapped in its column, or reaching to the left out of it. `is_free`
    if the formula is to have no width of its own, for it is wider than its column.
    """

    place: Literal["left", "relation", "continuation", "reason"]
    formula: Box | None = None
    relation: str = ""
    mark: str = ""
    lead: Box | None = None  # the left side, where it stands beside the first line
    stop: str = ""
    reason: Prose = ()
    shape: Literal["row", "wrapped", "below"] = "row"
    is_free: bool = False
    label: str = ""

    @property
    def is_tall(self) -> bool:
        """Whether it needs room between it and another tall one."""
        found = (self.formula, self.lead)
        return any(
            isinstance(one, BigSum) or (isinstance(one, Fraction) and one.stacked)
            for box in found
            if box
            for one in inside(box)
        )


@dataclass(frozen=True)
class Arrangement:
    """The rows of a display: those of the left side, unless it stands beside the first line, then those of each line."""

    plan: Plan
    left: tuple[AlignedRow, ...]
    lines: tuple[tuple[AlignedRow, ...], ...]

    @property
    def groups(self) -> tuple[tuple[AlignedRow, ...], ...]:
        """Rows between which no page is broken."""
        return (self.left, *self.lines) if self.left else self.lines


@dataclass(frozen=True)
class Frame:
    """What a display has to fit: the width of a line in points, and whether numbers stand at its right."""

    width: float = TEXT_WIDTH
    numbered: bool = False
    stop: str = "."

    @property
    def room(self) -> float:
        """The width without the numbers."""
        return self.width - (TAG if self.numbered else 0)


PAGE = Frame()


def aligned(left: Node, lines: Sequence[Line], frame: Frame = PAGE) -> Iterator[str]:
    """The source of the display of a derivation; its last formula ends with a full stop."""
    arrangement = arranged(left, lines, frame)
    columns = 2 if any(row.reason for rows in arrangement.lines for row in rows) else 1
    star = "" if frame.numbered else "*"
    yield rf"\begin{{alignat{star}}}{{{columns}}}"
    yield from rows_text(arrangement, numbered=frame.numbered)
    yield rf"\end{{alignat{star}}}"


def arranged(left: Node, lines: Sequence[Line], frame: Frame = PAGE) -> Arrangement:
    """The rows of the display of a derivation."""
    opening = boxed(left)
    plan = _best_plan(opening, lines, frame.room)
    rows = [_line(line, plan, frame.stop if line is lines[-1] else "") for line in lines]
    if not plan.beside:
        return Arrangement(plan, tuple(_opening(opening, lines, plan)), tuple(map(tuple, rows)))
    rows[0][0] = replace(rows[0][0], lead=opening)
    return Arrangement(plan, (), tuple(map(tuple, rows)))


def boxed(node: Node) -> Box:
    """A line as it is laid out for a display."""
    return lay_out(node, MEASURED.manner)


# ---- rows as text ---------------------------------------------------------------------------------------------


def rows_text(arrangement: Arrangement, numbered: bool = False) -> Iterator[str]:
    """The rows with their ends: room between tall ones; no page break in a group, after the first or before the last."""
    groups = arrangement.groups
    for number, rows in enumerate(groups):
        for position, row in enumerate(rows):
            text = row_text(row, arrangement.plan) + (_numbering(row) if numbered else "")
            if position < len(rows) - 1:
                yield rf"  {text} \\*"
            elif number < len(groups) - 1:
                room = "[4pt]" if row.is_tall and groups[number + 1][0].is_tall else ""
                yield rf"  {text} \\{'*' if number in (0, len(groups) - 2) else ''}{room}"
            else:
                yield f"  {text}"


def _numbering(row: AlignedRow) -> str:
    return rf" \label{{{row.label}}}" if row.label else r" \notag"


def row_text(row: AlignedRow, plan: Plan) -> str:
    """The source of one row, without its end."""
    note = _reason_text(row, plan) if row.reason else ""
    if row.place == "reason":
        return f"&&& {note}"
    body = formula_text(row.formula) + row.stop if row.formula else ""
    if row.is_free:
        body = rf"\pfWide{{{body}}}"
    return " ".join(part for part in (_head(row, plan), body, f"&& {note}" if note else "") if part)


def formula_text(box: Box) -> str:
    """The source of a row of a formula, written through macros; a sign at its start has a left side that is empty."""
    return ("{} " if is_continuation(box) else "") + WRITTEN.set(box)


def _head(row: AlignedRow, plan: Plan) -> str:
    if row.place == "left":
        return "&" if not (row.formula and is_continuation(row.formula)) else r"&\quad"
    if row.place == "continuation":
        return r"&\qquad" if plan.beside else r"&\qquad\quad"
    relation = rf"\overset{{\text{{({row.mark})}}}}{{{row.relation}}}" if row.mark else row.relation
    lead = f"{WRITTEN.set(row.lead)} " if row.lead else ""
    return f"{lead}&{relation}" if plan.beside else rf"&\quad {relation}"


def _reason_text(row: AlignedRow, plan: Plan) -> str:
    reason = set_prose(row.reason, "latex macros")
    if row.shape == "below":
        wide = text_width(set_prose(row.reason, "latex")) > min(WIDEST_BELOW, plan.width - 2 * QUAD)
        return rf"\pfReasonBelow{f'[{_below(plan):.0f}pt]' if wide else ''}{{{plan.reasons:.0f}pt}}{{{reason}}}"
    return rf"\pfReason{f'[{plan.reasons:.0f}pt]' if row.shape == 'wrapped' else ''}{{{reason}}}"


def _below(plan: Plan) -> float:
    return min(WIDEST_BELOW, plan.width - 2 * QUAD)


# ---- which rows there are -------------------------------------------------------------------------------------


def _opening(opening: Box, lines: Sequence[Line], plan: Plan) -> Iterator[AlignedRow]:
    """The left side in rows of its own, which may be wider than the column of formulas: nothing stands beside them."""
    widest_reason = max(min(_reason_width(line), plan.reasons) for line in lines)
    column = QUAD + _relation(lines) + max(min(width_of(boxed(line.node)), plan.formulas) for line in lines)
    gap = GAP if widest_reason else 0.0
    margin = max(plan.width - column - gap - widest_reason, 0) / 2  # the display is centred
    for row in broken(opening, plan.width - margin - QUAD):
        yield AlignedRow("left", row, is_free=_is_free(row, column - QUAD, plan))


def _is_free(row: Box, width: float, plan: Plan) -> bool:
    """Whether it is to have no width; not where it would leave the page, for LaTeX is to complain of that."""
    return width < width_of(row) <= plan.width - QUAD - RELATION


def _line(line: Line, plan: Plan, stop: str) -> list[AlignedRow]:
    formulas = broken(boxed(line.node), plan.formulas)
    rows = [
        AlignedRow("continuation", one, is_free=_is_free(one, plan.formulas + 1, plan)) if place else
        AlignedRow("relation", one, line.relation, line.mark, is_free=_is_free(one, plan.formulas + 1, plan))
        for place, one in enumerate(formulas)
    ]  # fmt: skip
    *before, last = rows
    rows = [*before, *_with_reason(replace(last, stop=stop), line, plan)]
    return [*rows[:-1], replace(rows[-1], label=line.label)]


def _with_reason(row: AlignedRow, line: Line, plan: Plan) -> list[AlignedRow]:
    """The last row of a line with its reason beside it, or below it where the formula takes the whole width."""
    if not line.reason:
        return [row]
    assert row.formula is not None
    shape: Literal["row", "wrapped"] = "wrapped" if _reason_width(line) > plan.reasons else "row"
    if width_of(row.formula) > plan.formulas + 1:
        free = replace(row, is_free=width_of(row.formula) <= plan.width - QUAD - RELATION)
        return [free, AlignedRow("reason", reason=line.reason, shape=shape)]
    if _can_wrap(line, plan.reasons):
        return [replace(row, reason=line.reason, shape=shape)]
    return [row, AlignedRow("reason", reason=line.reason, shape="below")]


# ---- the widths of the columns --------------------------------------------------------------------------------


def _best_plan(opening: Box, lines: Sequence[Line], room: float) -> Plan:
    """The layout with the fewest additional rows; of equals the one with the narrower column of formulas."""
    natural = [width_of(boxed(line.node)) for line in lines]
    gap = GAP if any(line.reason for line in lines) else 0.0
    plans = []
    for beside in (True, False) if _fits_beside(opening, lines, room) else (False,):
        widest = room - (width_of(opening) if beside else QUAD) - _relation(lines)
        for width in sorted({min(size, widest) for size in (*natural, *range(100, int(widest), 10))}):
            plans.append(_plan(lines, Plan(beside, width, widest - width - gap, 0.0, room)))
    return min(plans, key=lambda plan: (plan.cost, plan.formulas))


def _fits_beside(opening: Box, lines: Sequence[Line], room: float) -> bool:
    """Whether the left side may stand beside the first line: it leaves room enough, or there is but one short equation."""
    width = width_of(opening)
    is_equation = len(lines) == 1 and not lines[0].reason
    return width <= min(WIDEST_BESIDE, room / 2.5) or (
        is_equation and width + _relation(lines) + width_of(boxed(lines[0].node)) <= room
    )


def _relation(lines: Sequence[Line]) -> float:
    return MARKED_RELATION if any(line.mark for line in lines) else RELATION


def _plan(lines: Sequence[Line], plan: Plan) -> Plan:
    cost = 0.0 if plan.beside else 0.9
    for line in lines:
        rows = broken(boxed(line.node), plan.formulas)
        cost += len(rows) - 1 + sum(map(_splits_a_bracket, rows[:-1]))
        if any(width_of(row) > plan.formulas + 1 for row in rows):
            cost += 3  # it must stick out of its column, and its reason go below
        cost += _wrapping_cost(line, plan.reasons)
    return replace(plan, cost=cost)


def _splits_a_bracket(row: Box) -> bool:
    boxes = [*inside(row)]
    return sum(isinstance(box, Opened) for box in boxes) > sum(isinstance(box, Closed) for box in boxes)


def _wrapping_cost(line: Line, width: float) -> float:
    """Half a row for each row more; a row of its own where a formula in it is wider than the column."""
    natural = _reason_width(line)
    if not line.reason or natural <= width:
        return 0.0
    if width < NARROWEST_REASON:
        return 50.0
    return 0.5 * (natural // width) if _can_wrap(line, width) else 1.5


def _can_wrap(line: Line, width: float) -> bool:
    """Whether a reason fits its column in at most three rows or so."""
    natural, reason = _reason_width(line), set_prose(line.reason, "latex")
    return natural <= width or (natural <= 3 * width and all(text_width(one) <= width for one in _unbreakable(reason)))


def _reason_width(line: Line) -> float:
    return text_width(set_prose(line.reason, "latex"))


def _unbreakable(reason: str) -> Iterator[str]:
    """The words of a reason and its formulas, which LaTeX may break after relations."""
    for position, piece in enumerate(reason.split("$")):
        if position % 2:
            yield from (f"${part}$" for part in re.split(r"(?<= =) ", piece))
        else:
            yield from piece.split()


# ---- breaking a line ------------------------------------------------------------------------------------------


def broken(box: Box, width: float) -> tuple[Box, ...]:
    """A line in rows of at most `width` points where its signs allow it; all rows but the first start with a sign."""
    return _broken(box, width, spellings())


def width_of(box: Box) -> float:
    """The width of a formula in a display, in points."""
    return _width(box, spellings())


@lru_cache(maxsize=20_000)
def _broken(box: Box, width: float, spelled: Spellings) -> tuple[Box, ...]:
    return tuple(breaking.broken(box, width, width_of, indent=2 * QUAD))


@lru_cache(maxsize=50_000)
def _width(box: Box, spelled: Spellings) -> float:
    return formula_width(("{} " if is_continuation(box) else "") + MEASURED.set(box))


__all__ = [
    "PAGE",
    "TEXT_WIDTH",
    "AlignedRow",
    "Arrangement",
    "Frame",
    "Line",
    "Plan",
    "aligned",
    "arranged",
    "boxed",
    "broken",
    "formula_text",
    "row_text",
    "rows_text",
    "width_of",
]
