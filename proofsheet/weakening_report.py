"""What `weaken` says of one identity: the smallest sets of assumptions of its theorem and its corollaries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from proofsheet.cards import REFUTED, UNDECIDED
from proofsheet.catalogue import Entry
from proofsheet.entry_script import read
from proofsheet.errors import ProofsheetError
from proofsheet.kernel.theorem import Theorem
from proofsheet.render.weakening import weakening_facts, weakening_lines
from proofsheet.weakening import Basis, weakenings_of


@dataclass(frozen=True)
class Weakened:
    """The theorems of an identity, "" for the main one, each with the smallest sets found; or why it cannot be read."""

    name: str
    theorems: Mapping[str, tuple[Theorem, tuple[Basis, ...]]] = field(default_factory=dict)
    error: str = ""

    @property
    def exit_code(self) -> int:
        """1 for what cannot be read, or is refuted; 3 where it is not known whether a member could be left out."""
        verdicts = {card.verdict for _, bases in self.theorems.values() for basis in bases for card in basis.cards}
        if self.error or REFUTED in verdicts:
            return 1
        return 3 if UNDECIDED in verdicts else 0

    def lines(self, style: str, width: int, laws: bool) -> Iterator[str]:
        """For people: each theorem below its name."""
        for position, (name, (theorem, bases)) in enumerate(self.theorems.items()):
            yield from [""] * (position > 0)
            yield ", ".join([self.name, *([name.replace("_", " ")] if name else [])])
            yield from weakening_lines(theorem, bases, style, width, laws)

    def facts(self) -> dict[str, Any]:
        """For machines."""
        theorems = {name or "theorem": weakening_facts(*found) for name, found in self.theorems.items()}
        return {"name": self.name, "theorems": theorems, "error": self.error or None}


def weakened(entry: Entry) -> Weakened:
    """The smallest sets for every theorem of an entry, derived again first; what goes wrong is part of the answer."""
    try:
        script = read(entry).derived_again()
        theorems = {"": script.theorem, **script.corollaries}
        return Weakened(entry.name, {name: (one, weakenings_of(one, script.limits)) for name, one in theorems.items()})
    except ProofsheetError as error:
        return Weakened(entry.name, error=str(error))


__all__ = ["Weakened", "weakened"]
