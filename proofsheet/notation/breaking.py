"""A line that is too wide, in rows: broken before its outer signs, and inside the outermost brackets of a term that is
still too wide.

Rows are boxes, so that every style can set them; how wide one is, the caller says. A product without a sum in it, a
fraction and a root stay whole, however wide they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from proofsheet.notation.boxes import (
    Beside,
    BigSum,
    Box,
    Called,
    Closed,
    Differentiated,
    Fenced,
    GradientOf,
    Inverted,
    Listed,
    Lowered,
    MatrixFactors,
    Negative,
    Norm,
    Opened,
    Raised,
    Related,
    Row,
    Signed,
    Term,
    Transposed,
    inside,
    opening,
)

Measure = Callable[[Box], float]
Around = Callable[[Box], Box]


@dataclass(frozen=True)
class Cut:
    """A sum inside a box at whose signs the box may be broken: what stands before its first term, and behind its last."""

    sum: Signed
    before: Around
    behind: Around


def broken(box: Box, width: float, measure: Measure, indent: float = 0.0) -> list[Box]:
    """The box in rows of at most `width` where its signs allow it; all but the first start with a sign.

    `indent` is by how much the later rows are narrower.
    """
    if measure(box) <= width:
        return [box]
    rows: list[list[Box]] = []
    for piece in pieces(box, width - indent, measure):
        room = width if len(rows) == 1 else width - indent
        if rows and measure(_row([*rows[-1], piece])) <= room:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [_row(row) for row in rows]


def pieces(box: Box, width: float, measure: Measure) -> list[Box]:
    """The box cut before its outermost signs, and a piece that is still wider than `width` at those in its brackets."""
    cut = max(cuts(box), key=lambda one: measure(one.sum), default=None)
    if cut is None:
        return [box]
    terms = _terms(cut.sum)
    around = [cut.before(terms[0]), *terms[1:-1], cut.behind(terms[-1])]
    return [
        one for piece in around for one in ([piece] if measure(piece) <= width else _smaller(piece, width, measure))
    ]


def is_continuation(row: Box) -> bool:
    """Whether a row starts with a sign, as all do but the first."""
    return isinstance(opening(row), Term)


@lru_cache(maxsize=20_000)
def splits_a_bracket(row: Box) -> bool:
    """Whether a bracket that opens in a row closes in a later one."""
    boxes = [*inside(row)]
    return sum(isinstance(box, Opened) for box in boxes) > sum(isinstance(box, Closed) for box in boxes)


def _smaller(piece: Box, width: float, measure: Measure) -> list[Box]:
    """The pieces of a piece."""
    if isinstance(piece, Signed):  # the first term with its own sign
        ((negative, inner),) = piece.terms
        first, *rest = pieces(inner, width, measure)
        return [Signed(((negative, first),)), *rest]
    if isinstance(piece, Term):
        first, *rest = pieces(piece.inner, width, measure)
        return [Term(piece.negative, first), *rest]
    return pieces(piece, width, measure)


def _terms(box: Signed) -> list[Box]:
    first, *rest = box.terms
    return [Signed((first,)), *(Term(*term) for term in rest)]


def _row(boxes: list[Box]) -> Box:
    return boxes[0] if len(boxes) == 1 else Row(tuple(boxes))


# ---- where a box may be broken ----------------------------------------------------------------------------------


def cuts(box: Box) -> Iterator[Cut]:
    """The outermost sums in a box, but for those in fractions, in roots and in exponents."""
    match box:
        case Signed() if len(box.terms) > 1:
            yield Cut(box, _same, _same)
        case Signed(terms=((negative, inner),)):
            yield from _cuts_behind(inner, lambda first: Signed(((negative, first),)))
        case Term(negative=negative, inner=inner):
            yield from _cuts_behind(inner, lambda first: Term(negative, first))
        case Fenced(body=body):
            yield from _cuts_between(box, body)
        case Called(fence=fence) | Norm(fence=fence):
            yield from _cuts_between(box, fence.body)
        case Raised() | Transposed() | Inverted() | Lowered():
            yield from _cuts_before(box)
        case Negative(inner=inner):
            yield from _cuts_behind(inner, Negative)
        case BigSum(body=body) | GradientOf(body=body) | Differentiated(form="operator", body=body):
            yield from _cuts_behind(body, lambda first: replace(box, body=first))
        case Related(left=left, sign=sign, right=right):
            yield from (Cut(one.sum, one.before, _then(one.behind, _related_to(sign, right))) for one in cuts(left))
            yield from _cuts_behind(right, lambda first: Related(left, sign, first))
        case Beside() | MatrixFactors() | Listed() | Row():
            yield from _cuts_in_row(box)


def _cuts_between(whole: Fenced | Called | Norm, body: Box) -> Iterator[Cut]:
    """Those in brackets: the left half goes with the first piece, the right half with the last."""
    for one in cuts(body):
        yield Cut(one.sum, _then(one.before, _opened(whole)), _then(one.behind, _closed(whole)))


def _cuts_behind(inner: Box, head: Around) -> Iterator[Cut]:
    """Those in the last part of a box, which has something in front of it."""
    for one in cuts(inner):
        yield Cut(one.sum, _then(one.before, head), one.behind)


def _cuts_before(box: Raised | Transposed | Inverted | Lowered) -> Iterator[Cut]:
    """Those in a base: the mark goes with the last piece."""
    for one in cuts(box.base):
        yield Cut(one.sum, one.before, _then(one.behind, lambda last: replace(box, base=last)))


def _cuts_in_row(box: Beside | MatrixFactors | Listed | Row) -> Iterator[Cut]:
    for place, part in enumerate(box.parts()):
        for one in cuts(part):
            yield Cut(one.sum, _then(one.before, _left_part(box, place)), _then(one.behind, _right_part(box, place)))


def _same(box: Box) -> Box:
    return box


def _then(first: Around, second: Around) -> Around:
    return lambda box: second(first(box))


def _opened(whole: Fenced | Called | Norm) -> Around:
    return lambda first: Row((Opened(whole), first))


def _closed(whole: Fenced | Called | Norm) -> Around:
    return lambda last: Row((last, Closed(whole)))


def _related_to(sign: str, right: Box) -> Around:
    return lambda last: Related(last, sign, right)


def _left_part(box: Beside | MatrixFactors | Listed | Row, place: int) -> Around:
    """What stands left of a part, with something in its place."""
    return lambda first: _with_parts(box, (*[*box.parts()][:place], first), 0)


def _right_part(box: Beside | MatrixFactors | Listed | Row, place: int) -> Around:
    """What stands right of a part, with something in its place."""
    return lambda last: _with_parts(box, (last, *[*box.parts()][place + 1 :]), place)


def _with_parts(box: Beside | MatrixFactors | Listed | Row, parts: tuple[Box, ...], start: int) -> Box:
    """A row of the same kind of only these parts, the first of which stood at `start`."""
    if len(parts) == 1:
        return parts[0]
    match box:
        case Beside(times=times):
            return Beside(parts, times[start : start + len(parts) - 1])
        case MatrixFactors():
            return MatrixFactors(parts)
        case Listed():
            return Listed(parts)
    return Row(parts)


__all__ = ["Cut", "Measure", "broken", "cuts", "is_continuation", "pieces", "splits_a_bracket"]
