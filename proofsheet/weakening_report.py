"""What `weaken` says of one identity: the smallest sets of assumptions of its theorem and its corollaries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from proofsheet.cards import REFUTED, UNDECIDED
from proofsheet.catalogue import Entry
from proofsheet.entry_script import read
from proofsheet.errors import ProofsheetError
from proofsheet.exact_layer import contradiction_of
from proofsheet.kernel.theorem import Theorem
from proofsheet.render.weakening import contradiction_lines, weakening_facts, weakening_lines
from proofsheet.weakening import Basis, weakenings_of


@dataclass(frozen=True)
class Weakened:
    """The theorems of an identity, "" for the main one, each with the smallest sets found; or why it cannot be read.

    Where the assumptions of one contradict each other, `contradictions` has the reason, and there are no sets.
    """

    name: str
    theorems: Mapping[str, tuple[Theorem, tuple[Basis, ...]]] = field(default_factory=dict)
    error: str = ""
    contradictions: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """1 for what cannot be read, is true of nothing or is refuted; 3 where it is not known what could be left out."""
        verdicts = {card.verdict for _, bases in self.theorems.values() for basis in bases for card in basis.cards}
        if self.error or self.contradictions or REFUTED in verdicts:
            return 1
        return 3 if UNDECIDED in verdicts else 0

    def lines(self, style: str, width: int, laws: bool) -> Iterator[str]:
        """For people: each theorem below its name."""
        for position, (name, (theorem, bases)) in enumerate(self.theorems.items()):
            yield from [""] * (position > 0)
            yield ", ".join([self.name, *([name.replace("_", " ")] if name else [])])
            if name in self.contradictions:
                yield from contradiction_lines(theorem, self.contradictions[name], style, width)
            else:
                yield from weakening_lines(theorem, bases, style, width, laws)

    def facts(self) -> dict[str, Any]:
        """For machines."""
        theorems = {
            name or "theorem": {**weakening_facts(*found), "contradiction": self.contradictions.get(name)}
            for name, found in self.theorems.items()
        }
        return {"name": self.name, "theorems": theorems, "stopped": None, "error": self.error or None}


def weakened(entry: Entry) -> Weakened:
    """The smallest sets for every theorem of an entry, derived again first; what goes wrong is part of the answer."""
    try:
        script = read(entry).derived_again()
        shown = {name: contradiction_of(one, script.limits) for name, one in script.theorems.items()}
        sets = {
            name: (one, () if shown[name] else weakenings_of(one, script.limits))
            for name, one in script.theorems.items()
        }
        return Weakened(entry.name, sets, contradictions={name: why for name, why in shown.items() if why})
    except ProofsheetError as error:
        return Weakened(entry.name, error=str(error))


@dataclass(frozen=True)
class Told:
    """What is printed of an identity, in plain data that can be sent between processes."""

    lines: tuple[str, ...]
    facts: dict[str, Any]
    error: str
    exit_code: int


def told(entry: Entry, style: str, width: int, laws: bool) -> Told:
    """The task of a worker."""
    found = weakened(entry)
    return Told(tuple(found.lines(style, width, laws)), found.facts(), found.error, found.exit_code)


def lost(entry: Entry, why: str) -> Told:
    """What is known of an entry whose task was stopped: nothing, which is no pass."""
    facts: dict[str, Any] = {"name": entry.name, "theorems": {}, "stopped": why, "error": None}
    return Told((f"{entry.name}: undecided: {why}",), facts, "", 3)


__all__ = ["Told", "Weakened", "lost", "told", "weakened"]
