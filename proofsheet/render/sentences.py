"""Sentences about an identity that stand in several formats; each format sets them in its style, where it has room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proofsheet.notation.boxes import Box, Related
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import Prose
from proofsheet.render.latex_widths import formula_width
from proofsheet.render.sheet import Definition, Derivation, Sheet, listed

MOST_DEFINITIONS = 3  # of a sentence
TALL = (r"\sum", r"\frac", r"\sqrt")
_TEX = STYLES["latex"]


def assumed(sheet: Sheet) -> Iterator[Prose]:
    """What is assumed, and where that is possible at all."""
    if sheet.theorem.assumptions:
        yield "Assume that ", *listed(sheet.theorem.assumptions), "."
    yield from supposed(sheet.theorem)
    yield from bounds(sheet)


def supposed(derivation: Derivation) -> Iterator[Prose]:
    """The side conditions, behind the assumptions."""
    if derivation.conditions:
        also = "also " if derivation.assumptions else ""
        yield f"Suppose {also}that ", *listed(derivation.conditions), "."


def bounds(sheet: Sheet) -> Iterator[Prose]:
    """Where the assumptions are possible."""
    if sheet.limits:
        yield "The assumptions can hold only where ", *listed([(one,) for one in sheet.limits]), "."


def lemmas(derivation: Derivation) -> Iterator[Prose]:
    """What was found about functions of one variable, by whom."""
    for one in derivation.found:
        yield f"By {one.judge}, ", *listed(one.facts), "."


def given(corollary: Derivation) -> Iterator[Prose]:
    """What is told of what a corollary rests on; the corollary goes on with it."""
    fresh = listed((*corollary.assumptions, *corollary.conditions))
    if fresh:
        yield "If ", *fresh, ", then"


def defined(definitions: Sequence[Definition], width: float, flat: bool = True) -> Prose | None:
    """A sentence of all definitions; None where they are too many, too tall or too wide for a page of this width.

    `flat` if a fraction may stand in it as a/b.
    """
    boxes = [Related(one.name, ":=", one.body) for one in definitions]
    if not boxes or len(boxes) > MOST_DEFINITIONS or not all(_fits(one, width, flat) for one in boxes):
        return None
    return "Define ", *listed([(one,) for one in boxes]), "."


def _fits(box: Box, width: float, flat: bool) -> bool:
    text = (_TEX.in_text if flat else _TEX).set(box)
    return formula_width(text) <= width / 2 and not any(mark in text for mark in TALL)


def verdict(sheet: Sheet) -> str:
    """What is known of an identity, on a page that was made without numbers."""
    return f"By the proof kernel, for every dimension: {sheet.verdict}. By numbers: not checked for this page."


__all__ = ["assumed", "bounds", "defined", "given", "lemmas", "supposed", "verdict"]
