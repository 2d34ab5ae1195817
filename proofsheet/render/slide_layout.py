"""How a derivation is laid out on slides: the size of its type, its two columns, where lines break and where slides end.

Widths and heights are estimated before LaTeX runs, in points at 10.95pt; of all layouts the one with the fewest slides is
taken, of those the one with the fewest additional rows, in the largest type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from proofsheet.notation.boxes import BigSum, Box, Fraction, inside
from proofsheet.notation.breaking import splits_a_bracket
from proofsheet.notation.text import Prose, set_prose
from proofsheet.render.latex_layout import MARKED_RELATION, QUAD, RELATION, broken, width_of
from proofsheet.render.latex_widths import text_width
from proofsheet.render.wrapping import prose_width, unbreakable

GAP = 14.0  # between formulas and reasons; amsmath insists on 10pt
REASON_SCALE = 0.857  # reasons are \footnotesize
REASON_ROW = 12.0
MARK = 3.6  # by how much a letter above a relation makes a low row higher
NARROWEST_REASON, WIDEST_REASON = 64, 170
WIDEST_REASONS = 0.5  # of the width of a line, where the formulas leave so much
FAR = 50.0  # between the widest formula and the reasons
WIDEST_BESIDE = 0.36  # of the width; a left side that is wider gets a row of its own


@dataclass(frozen=True)
class Page:
    """The part of a slide below its title."""

    width: float
    height: float


@dataclass(frozen=True)
class Size:
    """A size of type, by the command for it and relative to 10.95pt; how many rows it may cost to avoid it."""

    command: str
    scale: float
    cost: float


# Smaller fonts are wider in proportion, and an estimate may be wrong by a percent.
SIZES = (Size("", 1.01, 0.0), Size(r"\small", 0.927, 0.8), Size(r"\footnotesize", 0.857, 2.4))


@dataclass(frozen=True)
class Link:
    """One line of a derivation: how it relates to the line before, and why; `mark` is the letter of its reason."""

    relation: str
    formula: Box
    reason: Prose
    mark: str = ""


@dataclass(frozen=True)
class Chain:
    """A derivation: its left side and its lines; `lettered` if a letter above a relation stands for the reason."""

    left: Box
    links: tuple[Link, ...]
    lettered: bool = False


@dataclass(frozen=True)
class Laid:
    """A line in rows, and where its reason stands: beside the first row, or in a row below.

    `is_flat` if a wrapped reason has no height of its own, for the other rows of the line leave it room.
    """

    link: Link
    rows: tuple[Box, ...]
    sticks_out: bool
    reason_rows: int
    is_flat: bool
    below: bool
    height: float


@dataclass(frozen=True)
class Layout:
    """All lines of a derivation, and which of them stand on which slide (from, to)."""

    size: Size
    beside: bool
    left: tuple[Box, ...]
    reasons: float  # the width of their column, 0 without one
    lines: tuple[Laid, ...]
    slides: tuple[tuple[int, int], ...] = ()
    excess: float = 0.0  # by how much the highest slide is too high
    cost: float = 0.0


def best_layout(chain: Chain, page: Page, first: float = 0.0, last: float = 0.0) -> Layout:
    """The layout of a derivation; `first` and `last` are the heights of what else the first and the last slide hold."""
    found = [
        layout
        for size in SIZES
        for layout in _layouts(chain, page, size, first, last)
    ]  # fmt: skip
    return min(found, key=lambda one: (one.excess, len(one.slides), one.cost))


def row_height(row: Box, scale: float = 1.0) -> float:
    """The height of a row in a display, with the room above it, which in low rows is much the same in every size."""
    boxes = [*inside(row)]
    if any(isinstance(one, BigSum) for one in boxes):
        return 40.0 * scale
    if any(isinstance(one, Fraction) and one.stacked for one in boxes):
        return 33.0 * scale
    return 17.3 * (1 + scale) / 2


def _layouts(chain: Chain, page: Page, size: Size, first: float, last: float) -> Iterator[Layout]:
    """Those in one size of type, for several widths of the column of reasons."""
    left = width_of(chain.left) * size.scale
    relation = (MARKED_RELATION if chain.lettered else RELATION) * size.scale
    for beside, reasons in product((True, False), _columns(chain)):
        indent = (left if beside else QUAD * size.scale) + relation
        room = page.width - (reasons + GAP if reasons else 0.0)
        if room - indent < page.width / 3 or (beside and left > WIDEST_BESIDE * page.width):
            continue
        lines = tuple(_laid(link, size, room - indent, reasons, page.width - indent) for link in chain.links)
        head = (chain.left,) if beside else broken(chain.left, room / size.scale)
        yield _on_slides(Layout(size, beside, head, reasons, lines), page, indent, first, last)


def _on_slides(layout: Layout, page: Page, indent: float, first: float, last: float) -> Layout:
    """The layout with its slides, and with its reasons nearer to the formulas where these are short."""
    opening = sum(row_height(row, layout.size.scale) for row in layout.left)
    if layout.beside:
        opening = max(opening - layout.lines[0].height, 0.0)
    heights = [line.height for line in layout.lines]
    slides = _slides(heights, opening, page.height, first, last)
    excess = max(_highest(heights, slides) + opening + (first if len(slides) == 1 else 0.0) - page.height, 0.0)
    cost = 0.9 * (not layout.beside) + layout.size.cost + len(layout.left) + sum(map(_cost, layout.lines))
    widest = indent + _widest(row for line in layout.lines for row in line.rows) * layout.size.scale
    taken = max(widest, 0.0 if layout.beside else _widest(layout.left) * layout.size.scale)
    column = max(layout.reasons, min(page.width - taken - FAR, WIDEST_REASONS * page.width)) if layout.reasons else 0.0
    return replace(layout, slides=slides, excess=excess, cost=cost, reasons=column)


def _widest(rows: Iterable[Box]) -> float:
    return max(map(width_of, rows), default=0.0)


def _columns(chain: Chain) -> list[float]:
    """Widths that the column of reasons may have."""
    natural = [prose_width(link.reason) * REASON_SCALE for link in chain.links if link.reason]
    if chain.lettered or not natural:
        return [0.0]
    widest = min(max(natural) + 4, WIDEST_REASON)
    return sorted({widest, *(float(width) for width in range(NARROWEST_REASON, int(widest), 8))})


def _laid(link: Link, size: Size, formulas: float, reasons: float, whole: float) -> Laid:
    """A line that is broken at the width of its column; what is too wide even so has its reason below."""
    rows = broken(link.formula, formulas / size.scale)
    sticks_out = any(width_of(row) * size.scale > formulas + 1 for row in rows)
    if sticks_out:
        rows = broken(link.formula, whole / size.scale)
    natural = prose_width(link.reason) * REASON_SCALE if reasons else 0.0
    wrapped = _reason_rows(link.reason, natural, reasons)
    below = bool(natural) and (sticks_out or not wrapped)
    first, *more = (row_height(row, size.scale) for row in rows)
    beside = REASON_ROW * max(wrapped - 1, 0)
    first += MARK * bool(link.mark) * (first < 20)
    is_flat = 0 < beside <= 0.7 * sum(more)
    height = first + sum(more) + (1.4 * REASON_ROW if below else 0.0 if is_flat else beside)
    return Laid(link, rows, sticks_out, wrapped, is_flat, below, height)


def _reason_rows(reason: Prose, natural: float, width: float) -> int:
    """In how many rows a reason stands in its column; 0 if it has none or does not fit there."""
    if natural <= width:
        return 1 if natural else 0
    widest_part = max(text_width(word) * REASON_SCALE for word in unbreakable(set_prose(reason, "latex")))
    return 0 if natural > 3 * width or widest_part > width else -int(-natural // (0.9 * width))


def _cost(line: Laid) -> float:
    """In rows: those that a line has beyond its first, half a row for each row of its reason."""
    split = sum(splits_a_bracket(row) for row in line.rows[:-1])
    reason = 1.5 if line.below else 0.5 * max(line.reason_rows - 1, 0)
    return len(line.rows) - 1 + split + reason + 3 * line.sticks_out


# ---- slides -----------------------------------------------------------------------------------------------------


def _slides(
    heights: Sequence[float], opening: float, page: float, first: float, last: float
) -> tuple[tuple[int, int], ...]:
    """As few slides as possible, filled as evenly as possible."""
    cuts = _filled(heights, opening, page, first, last)
    bound = page
    while bound > opening:
        bound -= 4
        tighter = _filled(heights, opening, bound, first, last)
        if len(tighter) > len(cuts) or _highest(heights, tighter) > _highest(heights, cuts):
            break
        cuts = tighter
    return cuts


def _filled(
    heights: Sequence[float], opening: float, page: float, first: float, last: float
) -> tuple[tuple[int, int], ...]:
    """Slides filled one after the other; each but the first repeats the last line of the one before."""
    starts, used = [0], opening + first
    for place, height in enumerate(heights):
        below = last if place == len(heights) - 1 else 0.0
        if used + height + below > page and place > starts[-1]:
            starts.append(place)
            used = opening + heights[place - 1]
        used += height
    return tuple(pairwise([*starts, len(heights)]))


def _highest(heights: Sequence[float], slides: Sequence[tuple[int, int]]) -> float:
    return max(sum(heights[max(start - 1, 0) : end]) for start, end in slides)


__all__ = [
    "REASON_ROW", "REASON_SCALE", "SIZES", "Chain", "Laid", "Layout", "Link", "Page", "Size", "best_layout",
    "row_height",
]  # fmt: skip
