"""Formulas and sentences as markup. All markup of a page that is not in a template comes from here, or is escaped."""

from __future__ import annotations

from math import inf

from markupsafe import Markup

from proofsheet.notation.boxes import Box, Row, Sign
from proofsheet.notation.breaking import pieces
from proofsheet.notation.layout import lay_out
from proofsheet.notation.mathml_style import math
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import Prose, set_prose
from proofsheet.notation.tree import Node
from proofsheet.render.latex_layout import width_of

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
    first, *rest = _pieces(lay_out(node, STYLE.manner))
    return JOINED.join(map(_term, [Row((Sign(sign), first)) if sign else first, *rest]))


def _pieces(box: Box) -> list[Box]:
    """A box cut before its outermost signs, and not at those in its brackets."""
    return pieces(box, inf, width_of)


def _term(box: Box) -> Markup:
    """One formula, or several that stay in a row while there is room."""
    found = _pieces(box)
    if len(found) == 1:
        return display_box(box)
    return Markup('<span class="term">{}</span>').format(JOINED.join(map(_term, found)))


def display_box(box: Box) -> Markup:
    """A box as large as in a display."""
    return Markup(math(STYLE.set(box), display=True))


def relation(sign: str) -> Markup:
    """The sign in front of a line."""
    return Markup(math(STYLE.set(Sign(sign)), display=True))


__all__ = ["display_box", "displayed", "formula", "relation", "sentence"]
