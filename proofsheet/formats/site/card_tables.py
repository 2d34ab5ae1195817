"""Assumption cards as tables: the law in which an assumption fails, both values, and the first line that breaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.boxes import Box, Letter
from proofsheet.notation.layout import letter
from proofsheet.render.cards import ENCLOSED
from proofsheet.render.reasons import describe_reason, reason_prose
from proofsheet.render.setting import declared

from .formulas import formula, sentence

Names = Mapping[str, Box]
Texts = Sequence[Sequence[str]]
STATUS = {"needed": "passed", "not needed": "passed", "undecided": "undecided", "refuted": "failed"}
MEANING = {
    "needed": "In the law below all other assumptions hold, this one does not, and the two sides differ.",
    "not needed": "The theorem can be proved without it.",
    "undecided": "Neither a law that needs it nor a proof without it was found.",
    "refuted": "All assumptions hold in this law, and the two sides differ.",
}


@dataclass(frozen=True)
class Law:
    """A point and a table of outcomes, and what the two sides are there."""

    point: tuple[Markup, ...]  # n = 2, α = 1
    names: tuple[Markup, ...]  # heads of the columns after that of the probability
    rows: tuple[tuple[str, ...], ...]
    where: tuple[Markup, ...]  # indices and outcome at which the sides are read
    left: str
    right: str
    note: str
    line: int | None


@dataclass(frozen=True)
class Card:
    """What becomes of a theorem without one assumption."""

    theorem: str  # "" or the name of the corollary
    assumption: Markup
    status: str
    verdict: str
    meaning: str
    law: Law | None
    proof: Markup | None
    message: str


def cards(name: str, theorems: Mapping[str, Theorem], facts: Sequence[Mapping[str, Any]]) -> Iterator[Card]:
    """The cards of the facts of a layer, which tell theorems by name; the theorem itself is called like the identity."""
    for one in facts:
        key = one["theorem"] if one["theorem"] in theorems else ""
        theorem = theorems[key]
        law = one.get("counterexample")
        yield Card(
            key,
            _assumption(theorem, one["assumption"]),
            STATUS.get(one["verdict"], "undecided"),
            one["verdict"],
            MEANING.get(one["verdict"], ""),
            _law(law, _names(theorem)) if law else None,
            _proof(theorem, one["proof"]) if "proof" in one else None,
            one.get("message", ""),
        )


def _assumption(theorem: Theorem, words: str) -> Markup:
    """The assumption that reads so."""
    for reason in theorem.assumptions:
        if describe_reason(reason) == words:
            return sentence(reason_prose(reason))
    return escape(words)


def _names(theorem: Theorem) -> Names:
    return {one.name: letter(one) for one in declared((theorem,))}


def _proof(theorem: Theorem, proof: Mapping[str, Any]) -> Markup:
    lines, whole = proof["lines"], len(theorem.lines)
    steps = "in one step" if lines == 2 else f"in {lines} of its {whole} lines"
    kept = [_assumption(theorem, one) for one in proof["assumptions"]]
    basis = Markup("; ").join(kept) if kept else "no assumption"
    return Markup("The kernel proves it from {}, {}.").format(basis, steps)


def _law(law: Mapping[str, Any], names: Names) -> Law:
    heads = sorted(law["law"][0]["values"]) if law["law"] else []
    return Law(
        tuple(_point(law, names)),
        tuple(_name(one, names) for one in heads),
        tuple((_number(row["probability"]), *(_matrix(row["values"][one]) for one in heads)) for row in law["law"]),
        tuple(_where(law, names)),
        _matrix(law["left"]),
        _matrix(law["right"]),
        "" if law["grade"] == "exact" else f"{ENCLOSED[0].upper()}{ENCLOSED[1:]}.",
        law["first_broken_line"],
    )


def _point(law: Mapping[str, Any], names: Names) -> Iterator[Markup]:
    show: list[tuple[str, Callable[[Any], str]]] = [
        ("dimensions", str), ("parameters", _number), ("constants", _matrix),
    ]  # fmt: skip
    for kind, set_value in show:
        yield from (_equal(_name(name, names), set_value(value)) for name, value in law[kind].items())
    for words in law["functions"].values():
        yield Markup(re.sub(r"\^(\d+)", r"<sup>\1</sup>", str(escape(words.replace("-", "−")))))


def _where(law: Mapping[str, Any], names: Names) -> Iterator[Markup]:
    yield from (_equal(_name(name, names), str(value)) for name, value in law["indices"].items())
    yield from (_equal(_name(name, names), _matrix(value)) for name, value in law["outcome"].items())


def _equal(name: Markup, value: str) -> Markup:
    return Markup("{} = {}").format(name, value)


def _name(name: str, names: Names) -> Markup:
    return formula(names.get(name, Letter(name)))


def _number(text: str) -> str:
    return text.replace("-", "−")


def _matrix(rows: Texts) -> str:
    """A number, (1, 2) for a column, [1 2; 3 4] for a matrix by its rows."""
    texts = [[_number(entry) for entry in row] for row in rows]
    if len(texts) == len(texts[0]) == 1:
        return texts[0][0]
    if all(len(row) == 1 for row in texts):
        return f"({', '.join(row[0] for row in texts)})"
    return f"[{'; '.join(' '.join(row) for row in texts)}]"


__all__ = ["Card", "Law", "cards"]
