"""A derivation as a fragment of Typst, and a small document that includes all of them.

A fragment is content that stands by itself: it needs no package and can be included anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from proofsheet.notation.boxes import Box, Sign
from proofsheet.notation.breaking import broken
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import Prose, set_prose
from proofsheet.notation.typst_words import typst_words
from proofsheet.render import sentences
from proofsheet.render.latex_layout import boxed, width_of
from proofsheet.render.letters import letters
from proofsheet.render.sheet import Definition, Derivation, Row, Sheet
from proofsheet.render.shown_lines import Shown, shown
from proofsheet.render.wrapping import prose_width, source_rows, wrapped

WRITTEN = "// Written by proofsheet export"
PAGE = 450.0  # points: the width of the text of the document, at 11pt
WIDEST_BESIDE = 130.0  # a left side that is wider gets a row of its own
WIDEST_REASON = 190.0
MOST_ROWS = 14  # of a display that stays on one page
QUAD, RELATION, GAP = 11.0, 16.0, 28.0
STYLE = STYLES["typst"]
Reasons = Literal["column", "letters", "none"]


@dataclass(frozen=True)
class Manner:
    """Where reasons stand, and how wide the text is in points."""

    reasons: Reasons = "column"
    width: float = PAGE


def fragment(page: Sheet, chosen: Shown, manner: Manner) -> str:
    """One identity: its title, what is assumed, the derivation with its reasons, corollaries and sources."""
    parts = [WRITTEN, f"== {typst_words(page.title)} <proofsheet:{page.name}>", *_statement(page)]
    parts += _derivation(chosen, manner)
    for corollary in page.derivations[1:]:
        parts += [f"=== Corollary ({typst_words(corollary.title)})", *_given(corollary)]
        parts += _derivation(shown(corollary, None), manner)
    return "\n\n".join([*parts, _small_print(page)]) + "\n"


def _small_print(page: Sheet) -> str:
    """Sources, and what is known of the identity, on one page."""
    sources = "; ".join(typst_words(one) for one in page.sources).removesuffix(".")
    paragraphs = [_filled([f"{sources}."])] if sources else []
    paragraphs.append(typst_words(sentences.verdict(page)))
    return "#block(breakable: false, text(size: 0.85em)[\n" + "\n\n".join(paragraphs) + "\n])"


def document(names: Iterable[str]) -> str:
    """A document that includes the fragments of this folder."""
    head = [
        f"{WRITTEN}: a document that shows the fragments beside it.",
        "// Compile it in this folder with  typst compile proofsheet.typ",
        '#set page(paper: "a4", margin: (x: 2.5cm, y: 2.7cm), numbering: "1")',
        '#set text(font: "New Computer Modern", size: 11pt)',
        "#set par(justify: true)",
        "#show heading: set block(above: 1.8em, below: 0.9em)",
        "#show heading.where(level: 2): set text(size: 1.1em)",
        '#show heading.where(level: 3): set text(size: 1em, style: "italic", weight: "regular")',
    ]
    return "\n".join([*head, "", *(f'#include "{name}.typ"' for name in names)]) + "\n"


_LIST_SIGN = re.compile(r"^(\d*)([-+/=.])(?= )")  # what Typst takes for the sign of a list or a heading


def _filled(texts: Sequence[str]) -> str:
    """A paragraph in rows of a readable length; none starts with a sign that would make it a list."""
    rows = source_rows(" ".join(texts))
    return "\n".join(_LIST_SIGN.sub(r"\1\\\2", row) for row in rows)


# ---- what stands above the derivation -------------------------------------------------------------------------


def words(*prose: str | Box) -> str:
    return set_prose(prose, "typst")


def _statement(page: Sheet) -> Iterator[str]:
    """Symbols and definitions of all theorems; assumptions and side conditions of the first."""
    opening = [*page.setting, *sentences.assumed(page), *page.taylor]
    short = sentences.defined(page.definitions, PAGE, flat=False)
    if short:
        opening.append(short)
    elif page.definitions:
        yield _filled([*_set(opening), "Define"])
        yield display(_defined(page.definitions))
        opening = []
    yield _leading([*_set([*opening, *sentences.lemmas(page.theorem)]), "Then"])


def _set(proses: Iterable[Prose]) -> list[str]:
    return [words(*one) for one in proses]


def _leading(texts: Sequence[str]) -> str:
    """A paragraph that stays on the page of the display behind it."""
    return f"#block(sticky: true)[\n{_filled(texts)}\n]"


def _defined(definitions: Sequence[Definition]) -> Iterator[str]:
    for place, one in enumerate(definitions):
        body = boxed(one.body)
        first, *more = broken(body, PAGE - width_of(one.name) - RELATION, width_of, 2 * QUAD)
        end = "." if place == len(definitions) - 1 else ","
        rows = [f"{STYLE.set(one.name)} &:= {STYLE.set(first)}", *(f"& quad quad {STYLE.set(row)}" for row in more)]
        yield from (*rows[:-1], rows[-1] + end)


def _given(corollary: Derivation) -> Iterator[str]:
    """What a corollary rests on that the theorem does not."""
    texts = _set([*sentences.lemmas(corollary), *sentences.given(corollary)])
    if texts:
        yield _leading(texts)


# ---- displays -------------------------------------------------------------------------------------------------


def display(rows: Iterable[str]) -> str:
    """Rows of a displayed equation, aligned at their ampersands; a long one may go on overleaf."""
    shown = [f"  {row}" for row in rows]
    equation = "$\n" + " \\\n".join(shown) + "\n$"
    if len(shown) <= MOST_ROWS:
        return equation
    return f"#[\n#show math.equation: set block(breakable: true)\n{equation}\n]"


def _derivation(chosen: Shown, manner: Manner) -> Iterator[str]:
    marks = letters(chosen.rows) if manner.reasons == "letters" else {}
    notes = [_note(row.reason, manner, marks) for row in chosen.rows]
    yield display(_lines(chosen, notes, manner))
    if marks:
        yield _filled([f"({letter}) {words(*reason)};" for reason, letter in marks.items()])[:-1] + "."
    yield from (_filled([f"({words(*remark)})"]) for remark in chosen.remarks)


def _note(reason: Prose, manner: Manner, marks: Mapping[Prose, str]) -> list[str]:
    """The reason in rows of content."""
    if manner.reasons == "none" or not reason:
        return []
    if manner.reasons == "letters":
        return [f"#[({marks[reason]})]"]
    return [f"#[{_SUM.sub(_in_a_row, words(*row))}]" for row in wrapped(reason, WIDEST_REASON)]


_SUM = re.compile(r"\$([^$,;]*\bsum_[^$,;]*)\$")


def _in_a_row(found: re.Match[str]) -> str:
    """A formula with a sum among the words of a display, where sums would be as large as in the display."""
    return f"$inline({found[1]})$"


def _lines(chosen: Shown, notes: Sequence[list[str]], manner: Manner) -> Iterator[str]:
    """The left side beside the first line or above it, and each line with its reason beside its last row."""
    left, rows = boxed(chosen.first), chosen.rows
    widest = max((prose_width(one) for row in rows for one in wrapped(row.reason, WIDEST_REASON)), default=0.0)
    reasons = {"column": widest, "letters": 2 * QUAD, "none": 0.0}[manner.reasons]
    room = max(manner.width - reasons - GAP - RELATION, 150.0)
    below = [broken(boxed(row.node), room - QUAD, width_of, QUAD) for row in rows]
    beside = [broken(boxed(row.node), room - width_of(left), width_of, QUAD) for row in rows]
    if width_of(left) <= WIDEST_BESIDE and sum(map(len, beside)) <= sum(map(len, below)):
        yield from _numbered(f"{STYLE.set(left)} &", "& quad quad", rows, beside, notes)
    else:
        yield from _shown("&", "& quad quad", broken(left, room, width_of, 2 * QUAD))
        yield from _numbered("& quad ", "& quad quad quad", rows, below, notes)


def _numbered(
    first: str, later: str, rows: Sequence[Row], lines: Sequence[Sequence[Box]], notes: Sequence[list[str]]
) -> Iterator[str]:
    """The rows of all lines; a left side stands before the first one only."""
    for row, pieces, note in zip(rows, lines, notes, strict=True):
        start = first if row is rows[0] or first.startswith("&") else "&"
        shown = [*_shown(f"{start}{STYLE.set(Sign(row.relation))}", later, pieces)]
        yield from shown[:-1]
        last = shown[-1] + ("." if row is rows[-1] else "")
        yield f"{last} && quad quad {note[0]}" if note else last
        yield from (f"&&& quad quad {more}" for more in note[1:])


def _shown(first: str, later: str, pieces: Sequence[Box]) -> Iterator[str]:
    """Later rows open with an empty text, without which their sign would belong to what follows it."""
    for place, piece in enumerate(pieces):
        text = re.sub(r"  +", " ", STYLE.set(piece))
        yield f'{later} "" {text}' if place else f"{first} {text}"


__all__ = ["PAGE", "Manner", "document", "fragment"]
