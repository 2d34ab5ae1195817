r"""The page of an identity in Markdown, for GitHub, Quarto, MyST, Obsidian and Jupyter alike.

Displays are $$\begin{aligned} ... \end{aligned}$$ with a blank line around, the one form that all of them set. Reasons are
a third column of \text{words} with formulas beside them: a dollar inside of \text, or words with a backslash, would end the
formula in some readers. Where words need a backslash the column holds letters, and a list below says what they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Literal

from proofsheet.notation.boxes import Box, Line
from proofsheet.notation.breaking import is_continuation
from proofsheet.notation.latex_styles import Latex
from proofsheet.notation.markdown_style import markdown_words, paragraph, protected
from proofsheet.notation.text import Prose, set_line, set_prose
from proofsheet.notation.tree import Node
from proofsheet.render.latex_layout import boxed, broken
from proofsheet.render.latex_widths import formula_width, text_width
from proofsheet.render.sheet import Definition, Derivation, Row, Sheet, listed
from proofsheet.render.shown_lines import left_out, remarks_up_to

WRITTEN = "<!-- Written by proofsheet export -->"
PAGE = 460.0  # points at 11pt: what a page of GitHub and a cell of Jupyter have room for
WIDEST_REASON = 150.0
WIDEST_BESIDE = 130.0  # a left side that is wider gets a row of its own
GAP = 60.0  # the relation, and the room before a reason
Reasons = Literal["column", "letters", "none"]
_TEX = Latex()


@dataclass(frozen=True)
class Manner:
    """How derivations stand on the page: where their reasons are, and how wide it is in points."""

    reasons: Reasons = "column"
    width: float = PAGE


def page(sheet: Sheet, rows: Sequence[Row], manner: Manner) -> str:
    """The whole page; `rows` are those of the theorem that are to be shown."""
    return "\n\n".join([WRITTEN, *blocks(sheet, rows, manner)]) + "\n"


def blocks(sheet: Sheet, rows: Sequence[Row], manner: Manner) -> Iterator[str]:
    """The paragraphs, headings and displays of a page."""
    yield f'<a id="{sheet.name}"></a>'
    yield f"# {markdown_words(sheet.title)}"
    yield from (paragraph(markdown_words(one)) for one in sheet.remarks)
    yield from _statement(sheet)
    yield "## Derivation"
    yield from derivation_blocks(sheet.theorem, rows, manner)
    for corollary in sheet.derivations[1:]:
        yield f"## Corollary: {markdown_words(corollary.title)}"
        yield from _given(corollary)
        yield from derivation_blocks(corollary, corollary.rows, manner)
    if sheet.sources:
        yield "## Sources"
        yield "\n".join(f"- {paragraph(markdown_words(one.removesuffix('.')))}" for one in sheet.sources)
    yield "## Verdict"
    yield verdict(sheet)


def verdict(sheet: Sheet) -> str:
    """What is known, and that this page was made without numbers."""
    return (
        f"By the proof kernel, for every dimension: {markdown_words(sheet.verdict)}. "
        "By numbers: not checked for this page."
    )


# ---- what stands above the derivation -------------------------------------------------------------------------


def words(*prose: str | Box) -> str:
    return set_prose(prose, "markdown")


def _items(proses: Sequence[Prose]) -> str:
    return "\n".join(f"- {paragraph(words(*one))}" for one in proses)


def _statement(sheet: Sheet) -> Iterator[str]:
    if sheet.setting:
        yield "## Setting"
        yield "\n".join(words(*one) for one in sheet.setting)
    yield "## Assumptions"
    yield _items(sheet.theorem.assumptions) or "None."
    if sheet.theorem.conditions:
        yield "Side conditions:"
        yield _items(sheet.theorem.conditions)
    if sheet.limits:
        yield words("The assumptions can hold only where ", *listed([(one,) for one in sheet.limits]), ".")
    if sheet.definitions or sheet.taylor:
        yield "## Definitions"
        yield from (words(*one) for one in sheet.taylor)
    if sheet.definitions:
        yield display(_defined(sheet.definitions))


def _defined(definitions: Sequence[Definition]) -> Iterator[str]:
    for one in definitions:
        name = _TEX.set(one.name)
        body = one.body
        first, *more = _rows(body.node, PAGE - formula_width(name)) if isinstance(body, Line) else [_TEX.set(body)]
        yield f"{name} &:= {first}"
        yield from (rf"&\qquad {row}" for row in more)


def _given(corollary: Derivation) -> Iterator[str]:
    """What a corollary rests on that the theorem does not."""
    fresh = listed((*corollary.assumptions, *corollary.conditions))
    if fresh:
        yield words("If ", *fresh, ", then")


# ---- displays -------------------------------------------------------------------------------------------------


def display(rows: Iterator[str] | Sequence[str]) -> str:
    """Rows of LaTeX as one display."""
    body = " \\\\\n".join(protected(row) for row in rows)
    return f"$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$"


def derivation_blocks(derivation: Derivation, rows: Sequence[Row], manner: Manner, given: bool = True) -> Iterator[str]:
    """What was found by other judges, the lines, the list of reasons where they stand as letters, and remarks."""
    for one in derivation.found if given else ():
        yield words(f"By {one.judge}, ", *listed(one.facts), ".")
    reasons = manner.reasons
    if reasons == "column" and not all(_fits_in_text(row.reason) for row in rows):
        reasons = "letters"
    letters = _letters(rows) if reasons == "letters" else {}
    yield display(lines(derivation.left, rows, reasons, letters, manner.width))
    if letters:
        yield "\n".join(f"- ({letter}) {words(*reason)}" for reason, letter in letters.items())
    if missing := left_out(derivation, rows):
        yield f"({markdown_words(missing)})"
    for remark in remarks_up_to(derivation, rows):
        sentence = words(*remark)
        yield f"({sentence[:1].upper()}{sentence[1:]}.)"


def _letters(rows: Sequence[Row]) -> dict[Prose, str]:
    """A letter for each reason; equal ones share it."""
    different = dict.fromkeys(row.reason for row in rows if row.reason)
    return {reason: ascii_lowercase[place % 26] * (1 + place // 26) for place, reason in enumerate(different)}


def lines(left: Node, rows: Sequence[Row], reasons: Reasons, letters: dict[Prose, str], width: float) -> Iterator[str]:
    """The rows of LaTeX of a derivation, with its reasons behind them."""
    notes = [_note(row.reason, reasons, letters) for row in rows]
    widest = max((text_width(_set(row.reason)) for row in rows if row.reason), default=0.0)
    column = {"column": min(widest, WIDEST_REASON), "letters": 30.0, "none": 0.0}[reasons]
    opening = set_line(left, "latex")
    room = max(width - GAP - column, 120.0)
    below = [_rows(row.node, room) for row in rows]
    beside = [_rows(row.node, max(room - formula_width(opening), 60.0)) for row in rows]
    if formula_width(opening) <= WIDEST_BESIDE and sum(map(len, beside)) <= sum(map(len, below)):
        yield from _with_notes(f"{opening} &", beside, rows, notes)
    else:
        yield from _shown("&", r"&\qquad", _rows(left, room))
        yield from _with_notes(r"&\quad ", below, rows, notes)


def _rows(line: Node, width: float) -> list[str]:
    """A line in rows of at most `width` points, as LaTeX; what goes on with a sign keeps its room."""
    pieces = broken(boxed(line), width)
    return [("{} " if is_continuation(piece) else "") + _TEX.set(piece) for piece in pieces]


def _with_notes(
    first: str, formulas: Sequence[Sequence[str]], rows: Sequence[Row], notes: Sequence[list[str]]
) -> Iterator[str]:
    """The rows of all lines; a left side stands before the first one only."""
    for row, pieces, note in zip(rows, formulas, notes, strict=True):
        start = first if row is rows[0] or first.startswith("&") else "&"
        shown = [*_shown(f"{start}{_TEX.sign(row.relation)}", r"&\qquad", pieces)]
        yield from shown[:-1]
        last = shown[-1] + ("." if row is rows[-1] else "")
        yield f"{last} && {note[0]}" if note else last
        yield from (f"&&& {more}" for more in note[1:])


def _shown(first: str, later: str, pieces: Sequence[str]) -> Iterator[str]:
    for place, piece in enumerate(pieces):
        yield f"{later if place else first} {piece}"


# ---- reasons --------------------------------------------------------------------------------------------------


def _set(reason: Prose) -> str:
    return set_prose(reason, "latex")


def _pieces(reason: Prose) -> list[str]:
    """Words and formulas in turn."""
    return re.split(r"(?<!\\)\$", _set(reason))


def _fits_in_text(reason: Prose) -> bool:
    return not any("\\" in piece for piece in _pieces(reason)[::2])


def _note(reason: Prose, reasons: Reasons, letters: dict[Prose, str]) -> list[str]:
    """The reason in rows of LaTeX."""
    if reasons == "none" or not reason:
        return []
    if reasons == "letters":
        return [rf"\quad\text{{({letters[reason]})}}"]
    return [rf"\quad {row}" for row in in_text(reason, WIDEST_REASON)]


def in_text(prose: Prose, width: float) -> list[str]:
    r"""Prose inside of a display, in rows of \text{words} with formulas beside them."""
    return [_row(row) for row in _wrapped(_atoms(prose), width)]


def _atoms(reason: Prose) -> list[tuple[bool, str]]:
    """Formulas, and words each with the space behind it."""
    found: list[tuple[bool, str]] = []
    for place, piece in enumerate(_pieces(reason)):
        if place % 2:
            found.append((True, piece))
        else:
            found += [(False, word.replace("~", " ")) for word in re.findall(r"\s*\S+\s*|\s+", piece)]
    return found


def _wrapped(atoms: Sequence[tuple[bool, str]], widest: float) -> list[list[tuple[bool, str]]]:
    """Rows that are no wider than the column where there is a space to break at."""
    rows: list[list[tuple[bool, str]]] = [[]]
    width = 0.0
    for atom in atoms:
        is_formula, text = atom
        own = formula_width(text) if is_formula else text_width(text)
        at_space = rows[-1] and not rows[-1][-1][0] and rows[-1][-1][1].endswith(" ")
        if at_space and width + own > widest:
            rows.append([])
            width = 0.0
        rows[-1].append(atom)
        width += own
    return rows


def _row(atoms: Sequence[tuple[bool, str]]) -> str:
    r"""\text{definition of } \tilde{x}: the words that stand together in one \text."""
    text, run = "", ""
    for is_formula, piece in atoms:
        if not is_formula:
            run += piece
            continue
        text += (rf"\text{{{run}}} " if run else "") + f"{{{piece}}} "
        run = ""
    return (text + (rf"\text{{{run.rstrip()}}}" if run.strip() else "")).strip()


__all__ = [
    "WRITTEN",
    "Manner",
    "blocks",
    "derivation_blocks",
    "display",
    "in_text",
    "lines",
    "page",
    "verdict",
    "words",
]
