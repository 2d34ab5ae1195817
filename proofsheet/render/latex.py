r"""A derivation as a fragment of LaTeX that can be \input anywhere in running text.

A fragment needs amsmath and the macros of `latex_macro_file`, and defines nothing itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from proofsheet.notation.boxes import Box
from proofsheet.notation.latex_styles import Latex
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import set_prose
from proofsheet.render import sentences
from proofsheet.render.bibliography import Citation, citation, works_of
from proofsheet.render.latex_layout import TEXT_WIDTH, Frame, aligned, boxed, broken, formula_text, width_of
from proofsheet.render.latex_layout import Line as AlignedLine
from proofsheet.render.letters import letters
from proofsheet.render.sheet import Definition, Derivation, Sheet
from proofsheet.render.shown_lines import Shown, shown
from proofsheet.render.wrapping import source_rows

STYLE = STYLES["latex macros"]
SIGNS = Latex()
END_OF_PROOF = 14.0  # the room that its sign takes


@dataclass(frozen=True)
class Look:
    """What a lecturer may choose; `Options` of an export says what each means."""

    lines: tuple[int, ...] | None = None
    reasons: Literal["column", "letters", "none"] = "column"
    notes: Literal["text", "footnote", "margin", "none"] = "text"
    theorem: bool = False
    numbers: bool = False
    width: float = TEXT_WIDTH

    @property
    def assumes_in_notes(self) -> bool:
        """Whether what is assumed stands in a note."""
        return self.notes in ("footnote", "margin")


PLAIN = Look()


def fragment(page: Sheet, written: str, look: Look = PLAIN, cited: Mapping[str, Citation] | None = None) -> str:
    """One identity: its title, what is assumed, the derivation with its reasons, corollaries and sources.

    `written` is its first line, `cited` knows its sources. Raises CallError if `look.lines` are none of its lines.
    """
    parts = [f"{written}; needs amsmath and proofsheet-macros.tex."]
    parts += _identity(page, look)
    for corollary in page.derivations[1:]:
        parts += ["", *_corollary(page, corollary, look)]
    parts += _sources(page.sources, cited or {one: citation(one) for one in page.sources})
    return "\n".join(parts) + "\n"


def label(*names: str) -> str:
    """A label for \\ref: names that hold other signs than letters, digits and underscores have their codes instead."""
    return ":".join(re.sub(r"[^A-Za-z0-9_]", lambda sign: f"-{ord(sign[0]):x}-", name) for name in names)


def _identity(page: Sheet, look: Look) -> Iterator[str]:
    chosen = shown(page.theorem, look.lines)
    mark, title = rf"\label{{{label('proofsheet', page.name)}}}%", STYLE.words(page.title)
    if look.theorem:
        yield from (rf"\begin{{pftheorem}}[{{{title}}}]", mark)
        yield from _statement(page, look)
        whole = shown(page.theorem, None)  # the statement is the identity's, whichever lines of its proof are shown
        yield from (*_equation(whole, look), r"\end{pftheorem}", *_proof(page, page.theorem, chosen, look))
        return
    stop = "" if page.title.endswith((".", "?", "!")) else "."
    yield from (rf"\pfHeading{{{title}}}{{{stop}}}", mark)
    yield from _statement(page, look)
    yield from _derivation(page, page.theorem, chosen, look)


def _corollary(page: Sheet, corollary: Derivation, look: Look) -> Iterator[str]:
    chosen, title = shown(corollary, None), STYLE.words(corollary.title)
    if look.theorem:
        yield rf"\begin{{pfcorollary}}[{{{title}}}]"
        yield rf"\label{{{label('proofsheet', page.name, corollary.name)}}}%"
        yield from (*source_rows(_given(corollary)), *_equation(chosen, look), r"\end{pfcorollary}")
        yield from _proof(page, corollary, chosen, look)
        return
    yield rf"\pfCorollary{{{title}}}"
    yield from (*source_rows(_given(corollary)), *_derivation(page, corollary, chosen, look))


# ---- what stands above the derivation -------------------------------------------------------------------------


def _words(*prose: str | Box) -> str:
    return set_prose(prose, "latex macros")


def _statement(page: Sheet, look: Look) -> Iterator[str]:
    """Symbols and definitions of all theorems; assumptions and side conditions of the first."""
    assumed = " ".join(_words(*one) for one in sentences.assumed(page))
    opening = [_words(*one) for one in page.setting]
    if assumed:
        opening.append(rf"\pfWithoutNotes{{{assumed}}}" if look.assumes_in_notes else assumed)
    opening += [_words(*one) for one in page.taylor]
    closing = [*_lemmas(page.theorem), f"Then{_note(page, assumed, look)}"]
    short = sentences.defined(page.definitions, look.width)
    if page.definitions and not short:
        yield from source_rows(" ".join([*opening, "Define"]))
        yield from _displayed(page.definitions, look)
    else:
        closing = [*opening, *([_words(*short)] if short else []), *closing]
    yield from source_rows(" ".join(closing))


def _note(page: Sheet, assumed: str, look: Look) -> str:
    """The verdict, and what is assumed unless that stands in the text."""
    if look.notes == "none":
        return ""
    return rf"\pfNote{{{' '.join(part for part in (assumed if look.assumes_in_notes else '', verdict(page)) if part)}}}"


def verdict(page: Sheet) -> str:
    """A sentence on what was checked, and by whom."""
    first, *others = (len(one.theorem.steps) for one in page.derivations)
    steps = f"each of the {first} steps" if first > 1 else "its one step"
    corollaries = f", and the {sum(others)} of the corollar{'ies' if len(others) > 1 else 'y'}" if others else ""
    said = page.verdict.removeprefix("proved")
    given = f", given what {said.removeprefix(' modulo ')} found" if said else ""
    return f"Proved by proofsheet{STYLE.words(said)}: its kernel checked {steps}{corollaries}{STYLE.words(given)}."


def _lemmas(derivation: Derivation) -> list[str]:
    return [_words(*one) for one in sentences.lemmas(derivation)]


def _displayed(defined: Sequence[Definition], look: Look) -> Iterator[str]:
    """The definitions one below the other."""
    yield r"\begin{align*}"
    for position, one in enumerate(defined):
        left_over = len(defined) - 1 - position
        end = "." if not left_over else r", \\*" if left_over == 1 else r", \\"
        body = boxed(one.body)
        room = look.width - width_of(one.name) - 20
        first, *more = map(formula_text, broken(body, room))
        rows = [f"{STYLE.set(one.name)} &:= {first}", *(rf"&\qquad {row}" for row in more)]
        yield from (rf"  {row} \\*" for row in rows[:-1])
        yield f"  {rows[-1]}{end}"
    yield r"\end{align*}"


# ---- the derivation, and what stands below it -----------------------------------------------------------------


def _derivation(page: Sheet, derivation: Derivation, chosen: Shown, look: Look, ends: bool = False) -> Iterator[str]:
    """The lines that are shown; `ends` if the sign of the end of a proof is to stand at the last."""
    marks = letters(chosen.rows) if look.reasons == "letters" else {}
    lines = [
        AlignedLine(
            row.node,
            row.reason if look.reasons == "column" else (),
            SIGNS.sign(row.relation),
            marks.get(row.reason, ""),
            label("eq", page.name, *filter(None, [derivation.name]), str(row.number)) if look.numbers else "",
        )
        for row in chosen.rows
    ]
    width = look.width - (END_OF_PROOF if ends else 0)
    rows = [*aligned(chosen.first, lines, Frame(width, look.numbers))]
    if ends:
        rows[-2] += r" \pfQedHere"
    yield from rows
    if marks:
        explained = "; ".join(f"({mark})~{_words(*reason)}" for reason, mark in marks.items())
        yield from source_rows(rf"\pfReasons{{{explained}.}}")
    yield from _remarks(chosen)


def _equation(whole: Shown, look: Look) -> Iterator[str]:
    """The first line and the last, as one statement."""
    line = AlignedLine(whole.rows[-1].node, (), SIGNS.sign(whole.relation))
    return aligned(whole.first, [line], Frame(look.width))


def _proof(page: Sheet, derivation: Derivation, chosen: Shown, look: Look) -> Iterator[str]:
    """The derivation as the proof of a statement above it; where rows have numbers, its end has a line of its own."""
    is_last = not look.numbers and look.reasons != "letters" and not [*_remarks(chosen)]
    yield r"\begin{pfproof}"
    yield from _derivation(page, derivation, chosen, look, ends=is_last)
    if not is_last:
        yield r"\pfQedBelow"
    yield r"\end{pfproof}"


def _given(corollary: Derivation) -> str:
    """What a corollary rests on that the theorem does not."""
    lemmas, given = _lemmas(corollary), [_words(*one) for one in sentences.given(corollary)]
    return " ".join([*lemmas, *(given or ["Then" if lemmas else "We have"])])


def _remarks(chosen: Shown) -> Iterator[str]:
    """What a reader is to know of the lines."""
    for remark in chosen.remarks:
        yield from source_rows(rf"\pfRemark{{{_words(*remark)}}}")


def _sources(sources: Sequence[str], cited: Mapping[str, Citation]) -> Iterator[str]:
    if sources:
        text = "; ".join(_source(cited[one]) for one in sources)
        yield ""
        yield from source_rows(rf"\pfSources{{{text}.}}")


def _source(one: Citation) -> str:
    head, tail, place = (STYLE.words(part) for part in (one.head, one.tail, one.place))
    words = (head, tail, re.sub(r" (?=\d)", "~", place))
    return rf"\pfSource{{{one.work.key}}}" + "".join(f"{{{part}}}" for part in words)


def bibliography(cited: Iterable[Citation]) -> Iterator[str]:
    """The works as \\bibitems, each once."""
    for work in works_of(cited):
        parts = (work.names, f"({work.year})" if work.year else "")
        head = " ".join(STYLE.words(part) for part in parts if part)
        title = rf"\emph{{{STYLE.words(work.title)}}}" if work.title else ""
        yield rf"\bibitem{{{work.key}}} " + ". ".join(
            part for part in (head, title, STYLE.words(work.note)) if part
        ).rstrip(".") + "."  # fmt: skip


__all__ = ["PLAIN", "Look", "bibliography", "fragment", "label", "verdict"]
