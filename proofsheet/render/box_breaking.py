"""Where a line of boxes is broken, for styles that set boxes: before outer signs, then inside the outermost brackets."""

from __future__ import annotations

from collections.abc import Iterator

from proofsheet.notation.boxes import (
    Beside,
    BigSum,
    Box,
    Called,
    Closed,
    Fenced,
    MatrixFactors,
    Norm,
    Opened,
    Row,
    Signed,
    Term,
)
from proofsheet.notation.latex_styles import Latex
from proofsheet.render.latex_widths import formula_width

_MEASURE = Latex()


def width_of(box: Box) -> float:
    """An estimate in points at 11pt: as LaTeX would set it."""
    return formula_width(_MEASURE.set(box))


def broken(line: Box, width: float, indent: float) -> list[Box]:
    """The line in rows of at most `width`, later ones of `indent` less, where its signs allow it."""
    if width_of(line) <= width:
        return [line]
    rows: list[list[Box]] = [[]]
    for piece in _pieces(line, width - indent):
        room = width if len(rows) == 1 else width - indent
        if rows[-1] and width_of(Row((*rows[-1], piece))) > room:
            rows.append([])
        rows[-1].append(piece)
    return [Row(tuple(row)) for row in rows]


def _pieces(box: Box, width: float) -> Iterator[Box]:
    """The line cut before its signs; each piece but the first starts with one."""
    if isinstance(box, Signed):
        for place, (negative, inner) in enumerate(box.terms):
            whole = Signed(((negative, inner),)) if not place else Term(negative, inner)
            yield from [whole] if width_of(whole) <= width else _opened(whole, inner, width)
    else:
        yield from [box] if width_of(box) <= width else _opened(box, box, width)


def _opened(whole: Box, inner: Box, width: float) -> Iterator[Box]:
    """A term cut at the signs in its brackets; whole where it has none."""
    spine = _spine(inner)
    if spine is None:
        yield whole
        return
    before, bracket, after = spine
    first, *others = _pieces(_body(bracket), width)
    if not others:
        yield whole
        return
    sign = _sign_of(whole)
    yield Row((*sign, *before, Opened(bracket), first))
    yield from others[:-1]
    yield Row((others[-1], Closed(bracket), *after))


Bracket = Fenced | Called | Norm
Spine = tuple[tuple[Box, ...], Bracket, tuple[Box, ...]]


def _spine(box: Box) -> Spine | None:
    """What stands before the first bracket with a sum in it, the bracket, and what stands behind it."""
    match box:
        case Fenced() | Called() | Norm():
            return ((), box, ()) if _has_signs(_body(box)) else None
        case Beside(factors=factors) | MatrixFactors(factors=factors):
            for place, factor in enumerate(factors):
                found = _spine(factor)
                if found:
                    before, bracket, after = found
                    return (*factors[:place], *before), bracket, (*after, *factors[place + 1 :])
        case BigSum(body=body):
            found = _spine(body)
            if found:
                head = BigSum(box.indices, box.distinct, box.size, Row(()), box.start)
                return (head, *found[0]), found[1], found[2]
    return None


def _has_signs(body: Box) -> bool:
    return (isinstance(body, Signed) and len(body.terms) > 1) or _spine(body) is not None


def _body(bracket: Bracket) -> Box:
    return bracket.body if isinstance(bracket, Fenced) else bracket.fence.body


def _sign_of(whole: Box) -> tuple[Box, ...]:
    """The sign in front of a term that is taken apart."""
    match whole:
        case Term(negative=negative):
            return (Term(negative, Row(())),)
        case Signed(terms=((True, _),)):
            return (Signed(((True, Row(())),)),)
    return ()


__all__ = ["broken", "width_of"]
