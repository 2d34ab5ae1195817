"""Formulas and sentences as markup. All markup of a page that is not in a template comes from here, or is escaped."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from proofsheet.notation.boxes import Box, Sign, Signed, Term
from proofsheet.notation.layout import lay_out
from proofsheet.notation.mathml_style import math
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import Prose, set_prose
from proofsheet.notation.tree import Node, Plus

STYLE = STYLES["html"]
JOINED = Markup("<wbr>")  # a row may be broken here


def sentence(prose: Prose) -> Markup:
    """Words with formulas among them; the words are escaped by the style."""
    return Markup(set_prose(prose, "html"))  # noqa: S704


def formula(box: Box) -> Markup:
    """A formula in a sentence or in a cell of a table."""
    return Markup(math(STYLE.in_text.set(box)))  # noqa: S704


def displayed(node: Node) -> Markup:
    """A line in pieces, each of them a formula, that a narrow page puts in several rows: a row may end before a sign."""
    return JOINED.join(Markup(math(piece, display=True)) for piece in _pieces(node))  # noqa: S704


def display_box(box: Box) -> Markup:
    """A box as large as in a display."""
    return Markup(math(STYLE.set(box), display=True))  # noqa: S704


def relation(sign: str) -> Markup:
    """The sign in front of a line."""
    return Markup(math(STYLE.set(Sign(sign)), display=True))  # noqa: S704


def _pieces(node: Node) -> Iterator[str]:
    box = lay_out(node, STYLE.manner)
    if not isinstance(node, Plus) or not isinstance(box, Signed):
        yield STYLE.line(node)
        return
    first, *rest = box.terms
    yield STYLE.set(Signed((first,)))
    yield from (STYLE.set(Term(*term)) for term in rest)


__all__ = ["display_box", "displayed", "formula", "relation", "sentence"]
