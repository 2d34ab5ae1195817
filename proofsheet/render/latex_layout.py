r"""Lines and reasons in an alignat* environment that fits the page: where to break, and how wide the column of reasons is.

`arranged` decides and gives rows as data, `aligned` writes them. A line is broken before its outermost signs, or, if it
has none, inside its outermost brackets; a reason that is wider than its column is wrapped. Of all widths of the two
columns the one with the fewest rows is taken. Widths are those of plain LaTeX; what is written goes through macros.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil
from typing import Literal

from proofsheet.notation import breaking
from proofsheet.notation.boxes import Box, inside
from proofsheet.notation.boxes import Line as LineBox
from proofsheet.notation.breaking import is_continuation, splits_a_bracket
from proofsheet.notation.layout import lay_out
from proofsheet.notation.spacing import is_tall
from proofsheet.notation.spellings import Spellings, spellings
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import Prose, set_prose
from proofsheet.notation.tree import Node
from proofsheet.render.latex_widths import formula_width, text_width
from proofsheet.render.wrapping import prose_width, unbreakable

TEXT_WIDTH = 360.0  # of an article at 11pt on A4 paper
GAP = 19.5  # 1.2em between formulas and reasons, and as much as the widths may be wrong by
SLACK = 3.0  # by which widths may be wrong, where no reason stands behind the formulas
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
    widest: float  # of a row beside which no reason stands
    cost: float
    width: float
    is_roomy: bool = False  # there is room for a wider gap before the reasons


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
    width: float = 0.0  # of a reason that is wrapped, or of the column above whose end one below its line ends
    is_free: bool = False
    room: float = 0.0  # that a formula without width takes of the column of reasons
    label: str = ""

    @property
    def is_tall(self) -> bool:
        """Whether it needs room between it and another tall one."""
        return any(is_tall(one) for box in (self.formula, self.lead) if box for one in inside(box))


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
    columns = 2 if any(row.reason or row.room for rows in arrangement.groups for row in rows) else 1
    star = "" if frame.numbered else "*"
    yield rf"\begin{{alignat{star}}}{{{columns}}}"
    yield from rows_text(arrangement, numbered=frame.numbered)
    yield rf"\end{{alignat{star}}}"


def arranged(left: Node, lines: Sequence[Line], frame: Frame = PAGE) -> Arrangement:
    """The rows of the display of a derivation."""
    opening = boxed(left)
    plan = _best_plan(opening, lines, frame.room - (0 if any(line.reason for line in lines) else SLACK))
    plan = replace(plan, is_roomy=_is_roomy(plan, opening, lines))
    rows = [_line(line, plan, frame.stop if line is lines[-1] else "") for line in lines]
    left_rows = [] if plan.beside else [*_opening(opening, lines, plan)]
    if plan.beside:
        rows[0][0] = replace(rows[0][0], lead=opening)
    roomy = [_with_room(group, rows, lines, plan) for group in (left_rows, *rows)]
    return Arrangement(plan, roomy[0], tuple(roomy[1:]))


def _with_room(
    group: list[AlignedRow], lines: list[list[AlignedRow]], cited: Sequence[Line], plan: Plan
) -> tuple[AlignedRow, ...]:
    """A display is centred by the widths of its columns: rows without width take what they need of the other column.

    Reasons below their line reach to the end of the page.
    """
    column = max(
        (_extent(row.formula) for rows in lines for row in rows if row.formula and not row.is_free), default=0.0
    )
    reasons = max(min(_reason_width(line), plan.reasons) for line in cited) + GAP
    start, below = QUAD + _relation(cited), max(plan.widest - column - GAP - 3, 0.0)
    found = []
    for row in group:
        need = _extent(row.formula) - column if row.formula and row.is_free else 0.0
        need -= start if row.place == "left" else 0.0
        width = below if row.shape == "below" else row.width
        found.append(replace(row, room=need if need > reasons else 0.0, width=width))
    return tuple(found)


def boxed(line: Node | Box) -> Box:
    """A line as it is laid out for a display; a box as it is, unless it holds a line."""
    node = line.node if isinstance(line, LineBox) else line
    return node if isinstance(node, Box) else lay_out(node, MEASURED.manner)


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
    note, gap = _reason_text(row, plan) if row.reason else "", r"&\quad&" if plan.is_roomy else "&&"
    if row.place == "reason":
        return f"&&& {note}"
    body = formula_text(row.formula) + row.stop if row.formula else ""
    if row.is_free:
        body = rf"\pfWide{{{body}}}"
    if row.room:
        note, gap = rf"\hspace{{{ceil(row.room)}pt}}", "&&"
    return " ".join(part for part in (_head(row, plan), body, f"{gap} {note}" if note else "") if part)


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
        wide = prose_width(row.reason) > _below(plan)
        return rf"\pfReasonBelow{f'[{_below(plan):.0f}pt]' if wide else ''}{{{row.width:.0f}pt}}{{{reason}}}"
    return rf"\pfReason{f'[{ceil(row.width)}pt]' if row.width else ''}{{{reason}}}"


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
        yield AlignedRow("left", row, is_free=column - QUAD < width_of(row) <= plan.width - 2 * QUAD)


def _is_free(row: Box, width: float, plan: Plan) -> bool:
    """Whether it is to have no width; not where it would leave the page, for LaTeX is to complain of that."""
    return width < _extent(row) <= plan.widest + 1


def _line(line: Line, plan: Plan, stop: str) -> list[AlignedRow]:
    rows = [
        AlignedRow("continuation", one, is_free=_is_free(one, plan.formulas + 1, plan)) if place else
        AlignedRow("relation", one, line.relation, line.mark, is_free=_is_free(one, plan.formulas + 1, plan))
        for place, one in enumerate(_rows(line, plan))
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
    width = _wrapped_width(line, plan.reasons) if shape == "wrapped" else 0.0
    if _extent(row.formula) > plan.formulas + 1:
        free = replace(row, is_free=_extent(row.formula) <= plan.widest + 1)
        return [free, AlignedRow("reason", reason=line.reason, shape="below" if width else "row")]
    if _can_wrap(line, plan.reasons):
        return [replace(row, reason=line.reason, shape=shape, width=width)]
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
            plans.append(_plan(lines, Plan(beside, width, widest - width - gap, widest, 0.0, room)))
    return min(plans, key=lambda plan: (plan.cost, plan.formulas))


def _is_roomy(plan: Plan, opening: Box, lines: Sequence[Line]) -> bool:
    indent = (width_of(opening) if plan.beside else QUAD) + _relation(lines)
    formulas = max(min(_extent(row), plan.formulas) for line in lines for row in _rows(line, plan))
    reasons = max(_reason_width(line) for line in lines)
    return indent + formulas + GAP + QUAD + min(reasons, plan.reasons) <= plan.width


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
        cost += _breaking_cost(_rows(line, plan), plan) + _wrapping_cost(line, plan.reasons)
    return replace(plan, cost=cost)


def _rows(line: Line, plan: Plan) -> tuple[Box, ...]:
    """The rows of a formula: in its column, or all but the last also over the column of reasons, which is empty there."""
    box = boxed(line.node)
    last_sign = min(width_of(box) - 1, plan.widest)  # wide enough for all but one term
    chosen = [broken(box, width) for width in (plan.formulas, plan.widest, last_sign)]
    return min(chosen, key=lambda rows: _breaking_cost(rows, plan))


def _breaking_cost(rows: tuple[Box, ...], plan: Plan) -> float:
    """Of each row more, of each bracket that is split, and of a last row with no room for a reason beside it."""
    *others, last = rows
    sticks_out = _extent(last) > plan.formulas + 1
    leaves_the_page = any(_extent(row) > plan.widest + 1 for row in rows)
    return len(others) + sum(map(splits_a_bracket, others)) + 3 * sticks_out + 20 * leaves_the_page


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
    natural = _reason_width(line)
    return natural <= width or (natural <= 3 * width and _widest_part(line) <= width)


def _widest_part(line: Line) -> float:
    """Of a reason, the widest part in which it cannot be wrapped, and by how much that may be wrong."""
    return max(map(text_width, unbreakable(set_prose(line.reason, "latex"))), default=0.0) + 3


def _wrapped_width(line: Line, width: float) -> float:
    """The width in which a wrapped reason has rows of about the same length."""
    natural = _reason_width(line)
    return min(width, max(1.2 * natural / ceil(natural / width), _widest_part(line)))


def _reason_width(line: Line) -> float:
    return prose_width(line.reason)


# ---- breaking a line ------------------------------------------------------------------------------------------


def broken(box: Box, width: float) -> tuple[Box, ...]:
    """A line in rows of at most `width` points where its signs allow it; all rows but the first start with a sign."""
    return _broken(box, width, spellings())


def width_of(box: Box) -> float:
    """The width of a formula in a display, in points."""
    return _width(box, spellings())


def _extent(row: Box) -> float:
    """How far a row reaches behind the place where formulas start; later rows start a little behind it."""
    return width_of(row) + (2 * QUAD - RELATION if is_continuation(row) else 0.0)


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
