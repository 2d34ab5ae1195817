"""Formulas and sentences as markup. All markup of a page that is not in a template comes from here, or is escaped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from markupsafe import Markup

from proofsheet.notation.boxes import (
    Beside,
    BigSum,
    Box,
    Called,
    Closed,
    Fenced,
    Norm,
    Opened,
    Row,
    Sign,
    Signed,
    Term,
)
from proofsheet.notation.layout import lay_out
from proofsheet.notation.mathml_style import math
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import Prose, set_prose
from proofsheet.notation.tree import Node

STYLE = STYLES["html"]
JOINED = Markup("<wbr>")  # a row may be broken here


def sentence(prose: Prose) -> Markup:
    """Words with formulas among them; the words are escaped by the style."""
    return Markup(set_prose(prose, "html"))


def formula(box: Box) -> Markup:
    """A formula in a sentence or in a cell of a table."""
    return Markup(math(STYLE.in_text.set(box)))


def displayed(node: Node, sign: str = "") -> Markup:
    """A line in pieces, each of them a formula, that a narrow page puts in several rows, with a sign in front.

    A row ends before an outer sign where there is one, and before one inside of a bracket only where a term is too wide.
    """
    box = lay_out(node, STYLE.manner)
    first, *rest = _terms(box) or _inside(box)
    return JOINED.join(map(_term, [Row((Sign(sign), first)) if sign else first, *rest]))


def _term(box: Box) -> Markup:
    """One formula, or several that stay in a row while there is room."""
    pieces = _inside(box)
    return (
        Markup('<span class="term">{}</span>').format(JOINED.join(map(_term, pieces)))
        if pieces[1:]
        else display_box(box)
    )


def display_box(box: Box) -> Markup:
    """A box as large as in a display."""
    return Markup(math(STYLE.set(box), display=True))


def relation(sign: str) -> Markup:
    """The sign in front of a line."""
    return Markup(math(STYLE.set(Sign(sign)), display=True))


def _terms(box: Box) -> list[Box]:
    """The terms of a sum with their signs; none of anything else."""
    match box:
        case Signed(terms=(first, *rest)) if rest:
            return [Signed((first,)), *(Term(*term) for term in rest)]
    return []


def _inside(box: Box) -> list[Box]:
    """A term, cut before the signs inside of its last bracket."""
    match box:
        case Signed(terms=((negative, inner),)):
            return _with_first(_inside(inner), lambda first: Signed(((negative, first),)))
        case Term(negative=negative, inner=inner):
            return _with_first(_inside(inner), lambda first: Term(negative, first))
        case BigSum(body=body):
            return _with_first(_inside(body), lambda first: replace(box, body=first))
        case Beside(factors=(*others, last)):
            return _with_first(_inside(last), lambda first: replace(box, factors=(*others, first)))
        case Row(boxes=(*others, (Opened() | Sign()) as before, last)):
            return _with_first(_inside(last), lambda first: Row((*others, before, first)))
        case Row(boxes=(first, Closed() as bracket)):
            *pieces, last = _inside(first)
            return [*pieces, Row((last, bracket))]
        case Fenced(body=body) | Called(fence=Fenced(body=body)) | Norm(fence=Fenced(body=body)):
            first, *rest = _terms(body) or [body]
            return [Row((Opened(box), first)), *rest[:-1], Row((rest[-1], Closed(box)))] if rest else [box]
    return [box]


def _with_first(pieces: list[Box], put: Callable[[Box], Box]) -> list[Box]:
    first, *rest = pieces
    return [put(first), *rest]


__all__ = ["display_box", "displayed", "formula", "relation", "sentence"]
