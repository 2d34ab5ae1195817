"""Assumption cards as text: the law written out, both values, and the line that breaks; or what the proof without rests on.

without n ⟂ (x, y): needed
    m = 1, α = 1, w = 1
    probability   n   x   y
            1/2   1   1   1
            1/2  −1   1  −1
    E[n] = 𝟎 and E[nnᵀ] = α I hold, n ⟂ (x, y) does not
    left side 1, right side 3
    the first line that breaks is line 7
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from proofsheet.notation.boxes import Figure, Letter, Raised
from proofsheet.notation.styles import TERMINAL
from proofsheet.plain_text import plain
from proofsheet.render.line_breaking import broken
from proofsheet.render.reasons import describe_reason

INDENT = "    "
ENCLOSED = "values that are no fractions are enclosed, and the enclosures are disjoint"
Matrix = Sequence[Sequence[Fraction]]


def card_lines(card: Any, style: str = "unicode", width: int = 100) -> list[str]:
    """One card; its first row says which assumption was dropped and what became of the theorem."""
    head = f"without {describe_reason(card.assumption, style)}: {card.verdict}"
    return [*textwrap.wrap(head, width, subsequent_indent=INDENT), *_indented(_body(card, style, width - 4))]


def _body(card: Any, style: str, width: int) -> Iterator[str]:
    if card.proof is not None:
        yield from textwrap.wrap(proof_in_words(card.proof, len(card.theorem.lines), style), width)
    if card.message:
        yield from textwrap.wrap(_plain(card.message, style), width)
    if card.counterexample is not None:
        yield from law_lines(card.counterexample, style, width)
        yield from textwrap.wrap(_what_holds(card, style), width)
        yield from outcome_lines(card.counterexample, style, width)


def proof_in_words(proof: Any, lines: int, style: str) -> str:
    """What the proof of the same theorem without an assumption rests on, and how long it is."""
    basis = describe_all(proof.assumptions, style) or "no assumption"
    steps = "in one step" if len(proof.lines) == 2 else f"in {len(proof.lines)} of its {lines} lines"
    return f"the kernel proves it from {basis}, {steps}"


def describe_all(assumptions: Iterable[Any], style: str) -> str:
    return in_a_row([describe_reason(one, style) for one in assumptions])


def in_a_row(texts: list[str]) -> str:
    """a; a and b; a, b and c."""
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)


def _what_holds(card: Any, style: str) -> str:
    dropped = describe_reason(card.assumption, style)
    kept = describe_all(card.others, style)
    if card.verdict != "needed":
        return f"{describe_all((card.assumption, *card.others), style)}: all hold"
    return f"{kept} hold{'s' if len(card.others) == 1 else ''}, {dropped} does not" if kept else f"{dropped} fails"


# ---- a law ----------------------------------------------------------------------------------------------------


def law_lines(found: Any, style: str, width: int) -> Iterator[str]:
    """The point, the functions that are free, and a table of the outcomes with their probabilities."""
    model = found.witness.model
    point = [f"{_name(name, style)} = {size}" for name, size in model.dimensions.items()]
    point += [f"{_name(name, style)} = {number(value, style)}" for name, value in model.parameters.items()]
    point += [f"{_name(name, style)} = {matrix(value, style)}" for name, value in model.constants.items()]
    point += [_function_in_words(name, function, style) for name, function in model.functions.items()]
    if point:
        yield from textwrap.wrap(", ".join(point), width, break_long_words=False)
    names = list(model.space[0][1]) if model.space else []
    if names:
        yield from _table(names, model.space, style)


def _function_in_words(name: str, function: Any, style: str) -> str:
    """A(t) = t²; z1, z2, … are the entries of the arguments, in their order."""
    look, text = TERMINAL[style], function.in_words(_name(name, style)).replace("-", TERMINAL[style].minus)
    return re.sub(r"\^(\d+)", lambda found: look.set(Raised(Letter(""), Figure(found[1]))), text)


def _table(names: list[str], space: Iterable[tuple[Fraction, Mapping[str, Matrix]]], style: str) -> Iterator[str]:
    order = sorted(names)
    rows = [["probability", *(_name(name, style) for name in order)]]
    rows += [[number(chance, style), *(matrix(outcome[name], style) for name in order)] for chance, outcome in space]
    widths = [max(map(_columns, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(" " * (size - _columns(cell)) + cell for cell, size in zip(row, widths, strict=True))


def outcome_lines(found: Any, style: str, width: int) -> Iterator[str]:
    """Both values, where they were read, and the first line that breaks."""
    witness = found.witness
    places = [f"{TERMINAL[style].index(index.name)} = {at + 1}" for index, at in witness.positions.items()]
    places += [f"{_name(name, style)} = {matrix(value, style)}" for name, value in witness.outcome.items()]
    where = f"at {', '.join(places)}: " if places else ""
    values = f"left side {matrix(witness.left, style)}, right side {matrix(witness.right, style)}"
    yield from textwrap.wrap(where + values, width)
    if found.grade != "exact":
        yield from textwrap.wrap(f"grade {found.grade}: {ENCLOSED}", width)
    if found.line is None:
        yield "which line breaks first is not known: some lines have no value in this model"
        return
    line = next(step.new for step in found.claim.steps if step.number == found.line)
    yield f"the first line that breaks is line {found.line}{', or one just before it' * found.after_unvalued}"
    yield from _indented(broken(line, style, width - 4))


def law_facts(found: Any) -> dict[str, Any]:
    """A counterexample for machines; numbers as text, so that they stay exact."""
    model, witness = found.witness.model, found.witness
    return {
        "dimensions": dict(model.dimensions),
        "parameters": {name: str(value) for name, value in model.parameters.items()},
        "constants": {name: _texts(value) for name, value in model.constants.items()},
        "functions": {name: function.in_words(name) for name, function in model.functions.items()},
        "law": [
            {"probability": str(chance), "values": {name: _texts(value) for name, value in outcome.items()}}
            for chance, outcome in model.space
        ],
        "indices": {index.name: at + 1 for index, at in witness.positions.items()},
        "outcome": {name: _texts(value) for name, value in witness.outcome.items()},
        "left": _texts(witness.left),
        "right": _texts(witness.right),
        "grade": found.grade,
        "first_broken_line": found.line,
    }


def card_facts(card: Any) -> dict[str, Any]:
    """A card for machines."""
    facts: dict[str, Any] = {"assumption": describe_reason(card.assumption), "verdict": card.verdict}
    if card.proof is not None:
        facts["proof"] = {
            "assumptions": [describe_reason(one) for one in card.proof.assumptions],
            "lines": len(card.proof.lines),
        }
    if card.counterexample is not None:
        facts["counterexample"] = law_facts(card.counterexample)
    return {**facts, "message": card.message} if card.message else facts


def _texts(value: Matrix) -> list[list[str]]:
    return [[str(entry) for entry in row] for row in value]


def number(value: Fraction, style: str) -> str:
    """A fraction, with the minus sign of the style."""
    return str(value).replace("-", TERMINAL[style].minus)


def matrix(value: Matrix, style: str) -> str:
    """A number, (1, 2) for a column, [1 2; 3 4] for a matrix by its rows."""
    rows = [[number(entry, style) for entry in row] for row in value]
    if len(rows) == len(rows[0]) == 1:
        return rows[0][0]
    if all(len(row) == 1 for row in rows):
        return f"({', '.join(row[0] for row in rows)})"
    return f"[{'; '.join(' '.join(row) for row in rows)}]"


def _name(name: str, style: str) -> str:
    return TERMINAL[style].name(name)


def _columns(text: str) -> int:
    """How many columns a text takes: accents stand over their letter."""
    return sum(not unicodedata.combining(letter) for letter in text)


def _indented(rows: Iterable[str]) -> list[str]:
    return [INDENT + row for row in rows]


def _plain(text: str, style: str) -> str:
    return text if style == "unicode" else plain(text)


__all__ = ["card_facts", "card_lines", "describe_all", "law_facts", "law_lines", "outcome_lines", "proof_in_words"]
