"""A derivation as a fragment of Typst, and a small document that includes all of them.

A fragment is content that stands by itself: it needs no package and can be included anywhere.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Literal

from proofsheet.notation.boxes import BigSum, Box, Fraction, Line, Radical, Related, Sign, inside
from proofsheet.notation.layout import lay_out
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import Prose, set_prose
from proofsheet.notation.typst_words import typst_words
from proofsheet.render.box_breaking import broken, width_of
from proofsheet.render.latex_widths import text_width
from proofsheet.render.sheet import Definition, Derivation, Row, Sheet, listed
from proofsheet.render.shown_lines import left_out, remarks_up_to

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


def fragment(page: Sheet, rows: Sequence[Row], manner: Manner) -> str:
    """One identity: its title, what is assumed, the derivation with its reasons, corollaries and sources."""
    parts = [WRITTEN, f"== {typst_words(page.title)} <proofsheet:{page.name}>", *_statement(page)]
    parts += _derivation(page.theorem, rows, manner)
    for corollary in page.derivations[1:]:
        parts += [f"=== Corollary ({typst_words(corollary.title)})", *_given(corollary)]
        parts += _derivation(corollary, corollary.rows, manner)
    return "\n\n".join([*parts, _small_print(page)]) + "\n"


def _small_print(page: Sheet) -> str:
    """Sources, and what is known of the identity, on one page."""
    sources = "; ".join(typst_words(one) for one in page.sources).removesuffix(".")
    paragraphs = [_filled([f"{sources}."])] if sources else []
    paragraphs.append(typst_words(_verdict(page)))
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


def _verdict(page: Sheet) -> str:
    return f"By the proof kernel, for every dimension: {page.verdict}. By numbers: not checked for this page."


def _filled(sentences: Sequence[str]) -> str:
    """A paragraph in rows of a readable length; none starts with a sign that would make it a list."""
    rows = textwrap.wrap(" ".join(sentences), 110, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"\\{row}" if row[:2] in ("- ", "+ ", "/ ", "= ") else row for row in rows)


# ---- what stands above the derivation -------------------------------------------------------------------------


def words(*prose: str | Box) -> str:
    return set_prose(prose, "typst")


def _statement(page: Sheet) -> Iterator[str]:
    """Symbols and definitions of all theorems; assumptions and side conditions of the first."""
    theorem = page.theorem
    sentences = [words(*one) for one in page.setting]
    if theorem.assumptions:
        sentences.append(words("Assume that ", *listed(theorem.assumptions), "."))
    if theorem.conditions:
        also = "also " if theorem.assumptions else ""
        sentences.append(words(f"Suppose {also}that ", *listed(theorem.conditions), "."))
    if page.limits:
        sentences.append(words("The assumptions can hold only where ", *listed([(one,) for one in page.limits]), "."))
    sentences += [words(*one) for one in page.taylor]
    if len(page.definitions) > 3 or not all(map(_fits_in_a_sentence, page.definitions)):
        yield _filled([*sentences, "Define"])
        yield display(_defined(page.definitions))
        sentences = []
    elif page.definitions:
        short = [(Related(one.name, ":=", one.body),) for one in page.definitions]
        sentences.append(words("Define ", *listed(short), "."))
    yield _leading([*sentences, *_lemmas(theorem), "Then"])


def _leading(sentences: Sequence[str]) -> str:
    """A paragraph that stays on the page of the display behind it."""
    return f"#block(sticky: true)[\n{_filled(sentences)}\n]"


def _fits_in_a_sentence(definition: Definition) -> bool:
    tall = (BigSum, Fraction, Radical)
    body = lay_out(definition.body.node, STYLE.manner) if isinstance(definition.body, Line) else definition.body
    return width_of(body) <= PAGE / 2 and not any(isinstance(one, tall) for one in inside(body))


def _lemmas(derivation: Derivation) -> list[str]:
    """What was found about functions of one variable, by whom."""
    return [words(f"By {one.judge}, ", *listed(one.facts), ".") for one in derivation.found]


def _defined(definitions: Sequence[Definition]) -> Iterator[str]:
    for place, one in enumerate(definitions):
        body = lay_out(one.body.node, STYLE.manner) if isinstance(one.body, Line) else one.body
        first, *more = broken(body, PAGE - width_of(one.name) - RELATION, 2 * QUAD)
        end = "." if place == len(definitions) - 1 else ","
        rows = [f"{STYLE.set(one.name)} &:= {STYLE.set(first)}", *(f"& quad quad {STYLE.set(row)}" for row in more)]
        yield from (*rows[:-1], rows[-1] + end)


def _given(corollary: Derivation) -> Iterator[str]:
    """What a corollary rests on that the theorem does not."""
    fresh = listed((*corollary.assumptions, *corollary.conditions))
    sentences = [*_lemmas(corollary), words("If ", *fresh, ", then") if fresh else ""]
    if any(sentences):
        yield _leading([one for one in sentences if one])


# ---- displays -------------------------------------------------------------------------------------------------


def display(rows: Iterable[str]) -> str:
    """Rows of a displayed equation, aligned at their ampersands; a long one may go on overleaf."""
    shown = [f"  {row}" for row in rows]
    equation = "$\n" + " \\\n".join(shown) + "\n$"
    if len(shown) <= MOST_ROWS:
        return equation
    return f"#[\n#show math.equation: set block(breakable: true)\n{equation}\n]"


def _derivation(derivation: Derivation, rows: Sequence[Row], manner: Manner) -> Iterator[str]:
    letters = _letters(rows) if manner.reasons == "letters" else {}
    notes = [_note(row.reason, manner, letters) for row in rows]
    yield display(_lines(derivation, rows, notes, manner))
    if letters:
        yield _filled([f"({letter}) {words(*reason)};" for reason, letter in letters.items()])[:-1] + "."
    if missing := left_out(derivation, rows):
        yield _filled([f"({missing})"])
    for remark in remarks_up_to(derivation, rows):
        sentence = words(*remark)
        yield f"({sentence[:1].upper()}{sentence[1:]}.)"


def _letters(rows: Sequence[Row]) -> dict[Prose, str]:
    different = dict.fromkeys(row.reason for row in rows if row.reason)
    return {reason: ascii_lowercase[place % 26] * (1 + place // 26) for place, reason in enumerate(different)}


def _note(reason: Prose, manner: Manner, letters: dict[Prose, str]) -> list[str]:
    """The reason in rows of content."""
    if manner.reasons == "none" or not reason:
        return []
    if manner.reasons == "letters":
        return [f"#[({letters[reason]})]"]
    return [f"#[{_SUM.sub(_in_a_row, words(*row))}]" for row in _wrapped(reason)]


_SUM = re.compile(r"\$([^$,;]*\bsum_[^$,;]*)\$")


def _in_a_row(found: re.Match[str]) -> str:
    """A formula with a sum among the words of a display, where sums would be as large as in the display."""
    return f"$inline({found[1]})$"


def _wrapped(reason: Prose) -> Iterator[Prose]:
    """Rows no wider than the column where there is a space to break at."""
    row: list[str | Box] = []
    width = 0.0
    for atom in _atoms(reason):
        own = _width(atom)
        if row and isinstance(row[-1], str) and row[-1].endswith(" ") and width + own > WIDEST_REASON:
            yield (*row[:-1], row[-1].rstrip())
            row, width = [], 0.0
        row.append(atom)
        width += own
    yield tuple(row)


def _atoms(reason: Prose) -> Iterator[str | Box]:
    """Formulas, and words each with the space behind it."""
    for part in reason:
        if isinstance(part, str):
            pieces = part.split(" ")
            yield from (f"{piece} " for piece in pieces[:-1])
            yield from (piece for piece in pieces[-1:] if piece)
        else:
            yield part


def _width(atom: str | Box) -> float:
    return text_width(set_prose((atom,), "latex"))


def _lines(derivation: Derivation, rows: Sequence[Row], notes: Sequence[list[str]], manner: Manner) -> Iterator[str]:
    """The left side beside the first line or above it, and each line with its reason beside its last row."""
    left = lay_out(derivation.left, STYLE.manner)
    widest = max((sum(map(_width, prose)) for row in rows for prose in _wrapped(row.reason)), default=0.0)
    reasons = {"column": widest, "letters": 2 * QUAD, "none": 0.0}[manner.reasons]
    room = max(manner.width - reasons - GAP - RELATION, 150.0)
    below = [broken(lay_out(row.node, STYLE.manner), room - QUAD, QUAD) for row in rows]
    beside = [broken(lay_out(row.node, STYLE.manner), room - width_of(left), QUAD) for row in rows]
    if width_of(left) <= WIDEST_BESIDE and sum(map(len, beside)) <= sum(map(len, below)):
        yield from _numbered(f"{STYLE.set(left)} &", "& quad quad", rows, beside, notes)
    else:
        yield from _shown("&", "& quad quad", broken(left, room, 2 * QUAD))
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
