"""What the page of one identity shows: everything set and ready, so that the template only puts it in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from proofsheet.entry_script import ProofScript
from proofsheet.evidence import Evidence, Layer
from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.boxes import Line as LineBox
from proofsheet.notation.latex_styles import Latex
from proofsheet.notation.text import set_line
from proofsheet.notation.tree import Node
from proofsheet.render import sentences
from proofsheet.render import sheet as sheets
from proofsheet.render.reasons import describe_reason

from .card_tables import Card, cards
from .evidence_rows import QUESTIONS, TITLES, EvidenceRow, Summary, evidence_rows, summary
from .formulas import display_box, displayed, relation, sentence
from .numeric_cases import NumericCase, numeric_cases
from .plotted import Reference
from .snippets import sympy_code
from .wrong_lines import WrongLine, wrong_lines

LATEX = Latex()


@dataclass(frozen=True)
class Line:
    """A row of a derivation; `latex` and `sympy` are what its buttons copy."""

    id: str
    number: int
    relation: Markup | str
    formula: Markup
    reason: Markup | str
    latex: str
    sympy: str


@dataclass(frozen=True)
class Derivation:
    """The theorem or a corollary."""

    id: str
    name: str
    title: str
    left: Markup
    right: Markup  # with the sign between the sides
    latex: str
    sympy: str
    assumptions: tuple[Markup, ...]
    conditions: tuple[Markup, ...]
    found: tuple[Markup, ...]
    lines: tuple[Line, ...]
    remarks: tuple[Markup, ...]
    instead: bool  # what it rests on stands in place of the theorem's assumptions


@dataclass(frozen=True)
class Page:
    """One identity."""

    name: str
    file: str
    link: str
    title: str
    verdict: str  # of the kernel, when the export read the script
    summary: Summary
    remarks: tuple[str, ...]
    sources: tuple[str, ...]
    setting: tuple[Markup, ...]
    limits: tuple[Markup, ...]
    taylor: tuple[Markup, ...]
    definitions: tuple[tuple[Markup, Markup], ...]
    theorem: Derivation
    corollaries: tuple[Derivation, ...]
    evidence: tuple[EvidenceRow, ...]
    cards: tuple[Card, ...]
    wrong: tuple[WrongLine, ...]
    cases: tuple[NumericCase, ...]
    plot: Reference | None
    script: str
    script_file: str
    script_link: str
    search: str
    titles: Mapping[str, str]
    questions: Mapping[str, str]

    def derivation(self, name: str) -> Derivation:
        """The derivation that a card speaks of: "" for the theorem."""
        return next((one for one in self.corollaries if one.name == name), self.theorem)


def page_of(script: ProofScript, evidence: Evidence, plot: Reference | None) -> Page:
    """The page of one identity."""
    sheet = sheets.sheet(script.name, script.documentation, script.theorem, script.corollaries, script.limits)
    theorem, *corollaries = _derivations(sheet)
    layer = evidence.layers.get("cards")
    file = f"{quote(script.name, safe='')}.html"
    return Page(
        script.name,
        file,
        quote(file),
        sheet.title,
        sheet.verdict,
        summary(evidence),
        sheet.remarks,
        sheet.sources,
        tuple(map(sentence, sheet.setting)),
        tuple(map(sentence, sentences.bounds(sheet))),
        tuple(map(sentence, sheet.taylor)),
        tuple(map(_definition, sheet.definitions)),
        theorem,
        tuple(corollaries),
        tuple(evidence_rows(evidence)),
        tuple(cards(script.name, script.theorems, layer.facts.get("cards", ()))) if isinstance(layer, Layer) else (),
        tuple(wrong_lines(script, evidence)),
        tuple(numeric_cases(evidence)),
        plot,
        _source(script),
        f"scripts/{quote(script.name, safe='')}.py",
        f"scripts/{quote(file.removesuffix('.html'))}.py",
        _search(script, sheet),
        TITLES,
        QUESTIONS,
    )


def _definition(one: sheets.Definition) -> tuple[Markup, Markup]:
    body = displayed(one.body.node) if isinstance(one.body, LineBox) else display_box(one.body)
    return display_box(one.name), body


def _source(script: ProofScript) -> str:
    return script.entry.proof.read_text(encoding="utf-8") if script.entry is not None else ""


def _search(script: ProofScript, sheet: sheets.Sheet) -> str:
    """The words by which the index finds an identity."""
    theorem = script.theorem
    symbols = [set_line(side, style) for side in (theorem.left, theorem.right) for style in ("unicode", "ascii")]
    reasons = [describe_reason(one) for one in theorem.assumptions]
    names = [script.name.replace("_", " "), *(name.replace("_", " ") for name in script.corollaries)]
    return " ".join([*names, *sheet.remarks, *sheet.sources, *symbols, *reasons])


# ---- derivations ------------------------------------------------------------------------------------------------


def _derivations(sheet: sheets.Sheet) -> Iterator[Derivation]:
    taken: set[str] = set()
    for one in sheet.derivations:
        yield _derivation(one, _id(one.name, taken))


def _id(name: str, taken: set[str]) -> str:
    """corollary-unit-mean; empty for the theorem. Names that become alike are numbered."""
    if not name:
        return ""
    base = found = f"corollary-{'-'.join(re.findall(r'[A-Za-z0-9]+', name)).lower() or 'unnamed'}"
    number = 1
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    taken.add(found)
    return found


def _derivation(one: sheets.Derivation, id: str) -> Derivation:
    theorem = one.theorem
    sign = theorem.relation
    return Derivation(
        id or "theorem",
        one.name,
        one.title,
        displayed(theorem.left),
        displayed(theorem.right, sign),
        f"{set_line(theorem.left, 'latex')} {LATEX.sign(sign)} {set_line(theorem.right, 'latex')}",
        sympy_code(theorem.left, theorem.right) if sign == "=" else "",
        tuple(map(sentence, one.assumptions)),
        tuple(map(sentence, one.conditions)),
        tuple(map(sentence, sentences.lemmas(one))),
        tuple(_lines(theorem, one.rows, f"{id}-" if id else "")),
        tuple(map(sentence, one.remarks)),
        one.instead,
    )


def _lines(theorem: Theorem, rows: Sequence[sheets.Row], prefix: str) -> Iterator[Line]:
    yield _line(prefix, 1, "", theorem.left, "")
    for row in rows:
        yield _line(prefix, row.number, relation(row.relation), row.node, sentence(row.reason))


def _line(prefix: str, number: int, sign: Markup | str, node: Node, reason: Markup | str) -> Line:
    id = f"{prefix}line-{number}"
    return Line(id, number, sign, displayed(node), reason, set_line(node, "latex"), sympy_code(node))


__all__ = ["Derivation", "Line", "Page", "page_of"]
