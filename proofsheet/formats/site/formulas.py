"""Formulas and sentences as markup. All markup of a page that is not in a template comes from here, or is escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    return Markup(set_prose(prose, "html"))  # noqa: S704


def formula(box: Box) -> Markup:
    """A formula in a sentence or in a cell of a table."""
    return Markup(math(STYLE.in_text.set(box)))  # noqa: S704


def displayed(node: Node, sign: str = "") -> Markup:
    """A line in pieces, each of them a formula, that a narrow page puts in several rows, with a sign in front.

    A row ends before an outer sign where there is one, and before one inside of a bracket only where a term is too wide.
    """
    box = lay_out(node, STYLE.manner)
    pieces = _terms(box) or _inside(box)
    whole = [_inside(one) if len(pieces) > 1 else [one] for one in pieces]
    if sign:
        whole[0][0] = Row((Sign(sign), whole[0][0]))
    return JOINED.join(_term(one) for one in whole)


def _term(pieces: Sequence[Box]) -> Markup:
    joined = JOINED.join(map(display_box, pieces))
    return Markup('<span class="term">{}</span>').format(joined) if len(pieces) > 1 else joined


def display_box(box: Box) -> Markup:
    """A box as large as in a display."""
    return Markup(math(STYLE.set(box), display=True))  # noqa: S704


def relation(sign: str) -> Markup:
    """The sign in front of a line."""
    return Markup(math(STYLE.set(Sign(sign)), display=True))  # noqa: S704


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
        case Fenced(body=body) | Called(fence=Fenced(body=body)) | Norm(fence=Fenced(body=body)):
            first, *rest = _terms(body) or [body]
            return [Row((Opened(box), first)), *rest[:-1], Row((rest[-1], Closed(box)))] if rest else [box]
    return [box]


def _with_first(pieces: list[Box], put: Callable[[Box], Box]) -> list[Box]:
    first, *rest = pieces
    return [put(first), *rest]


__all__ = ["display_box", "displayed", "formula", "relation", "sentence"]
