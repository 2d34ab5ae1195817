"""The audit of one identity: registered wrong variants, mechanical mutants of every line, assumption cards.

Everything that comes back is plain data: rows of text and numbers that can be sent between processes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from proofsheet.audit_parts import CARDS, REGISTERED, VARIANTS, share_of
from proofsheet.cards import REFUTED as REFUTED_CARD
from proofsheet.cards import UNDECIDED as UNDECIDED_CARD
from proofsheet.cards import cards_of
from proofsheet.catalogue import Entry
from proofsheet.derivation import Equivalent, WrongVariant
from proofsheet.entry_script import ProofScript, read
from proofsheet.errors import ProofsheetError
from proofsheet.exact_layer import contradiction_of
from proofsheet.judgements import (
    ACCEPTED,
    CONTRADICTION,
    EQUIVALENT,
    REFUTED,
    REJECTED,
    SLIP,
    UNDECIDED,
    Attacked,
    Judgement,
)
from proofsheet.kernel.theorem import Theorem
from proofsheet.mutants import mutants
from proofsheet.notation.tree import Node
from proofsheet.render.cards import card_facts, card_lines
from proofsheet.render.reasons import describe_reason
from proofsheet.witness_text import in_one_line

STEP_UNSEEN = "that its reason does not show it, no model shows"
CARD_WIDTH = 100
WITHOUT_MEANING = "without a meaning"  # a verdict on mutants only: a variant that a person registered stays undecided
DECLARED = "declared equivalent"  # a kind, as REGISTERED; the other kinds are those of `mutants`


@dataclass(frozen=True)
class Row:
    """One wrong line and what became of it."""

    theorem: str  # "" for the theorem, else the name of the corollary
    line: int
    variant: str
    mistake: str
    kind: str
    id: str
    verdict: str
    kernel: str
    exact: str
    models: int
    refuted: str = ""
    witness: str = ""
    proof: str = ""
    message: str = ""
    position: int = 0  # among the mutants of the identity

    @property
    def failure(self) -> str:
        """Why the entry is unhealthy because of this row; empty if it is not."""
        if self.verdict == CONTRADICTION:
            return self.message or "the kernel accepts what an exact model refutes"
        if self.kind == DECLARED and self.verdict == REFUTED:
            return "declared equivalent, and an exact model refutes it"
        if self.kind == DECLARED and self.verdict != EQUIVALENT:
            return "declared equivalent, and its reasons do not prove it"
        if self.kind == REGISTERED and self.verdict == EQUIVALENT:
            return "registered as wrong, and it says the same: declare it in equivalents = equivalent(...)"
        if self.kind == REGISTERED and self.kernel == ACCEPTED:
            return "registered as wrong, and the kernel accepts it"
        return ""

    @property
    def exit_code(self) -> int:
        return 1 if self.failure else 3 if self.verdict == UNDECIDED else 0


@dataclass(frozen=True)
class CardRow:
    """What becomes of a theorem without one of its assumptions."""

    theorem: str  # name of the corollary; empty for the theorem of the script
    verdict: str
    facts: dict[str, Any]
    lines: dict[str, list[str]]  # by style

    @property
    def exit_code(self) -> int:
        return {REFUTED_CARD: 1, UNDECIDED_CARD: 3}.get(self.verdict, 0)


@dataclass
class Findings:
    """What a part of an audit found, or why it found nothing."""

    name: str
    title: str
    rows: list[Row] = field(default_factory=list)
    cards: list[CardRow] = field(default_factory=list)
    error: str = ""
    stopped: list[str] = field(default_factory=list)  # parts that ran into a limit or were lost
    without_meaning: int = 0  # mutants that have no value in any model, by their own domain: they are no rows
    contradictions: list[str] = field(
        default_factory=list
    )  # among the assumptions of a theorem, which has no cards then

    @property
    def exit_code(self) -> int:
        codes = {row.exit_code for row in self.rows} | {card.exit_code for card in self.cards}
        if self.error or self.contradictions or 1 in codes:
            return 1
        return 3 if self.stopped or 3 in codes else 0

    def joined(self, other: Findings) -> Findings:
        return Findings(
            self.name,
            self.title,
            sorted([*self.rows, *other.rows], key=lambda row: row.position),
            [*self.cards, *other.cards],
            self.error or other.error,  # of one script: each part that read it says the same
            [*self.stopped, *other.stopped],
            self.without_meaning + other.without_meaning,
            [*self.contradictions, *other.contradictions],
        )

    def totals(self) -> dict[str, int]:
        """How many rows of each verdict, and how many the kernel rejected, by registered and mechanical."""
        return {
            "total": len(self.rows),
            **{word: sum(row.verdict == word for row in self.rows) for word in (REFUTED, EQUIVALENT, UNDECIDED)},
            "refuted_as_steps_only": sum(row.verdict == REFUTED and row.refuted == "step" for row in self.rows),
            "contradictions": sum(row.verdict == CONTRADICTION for row in self.rows),
            "rejected_by_kernel": sum(row.kernel == REJECTED for row in self.rows),
            "rejected_as_slips": sum(row.kernel == SLIP for row in self.rows),
            "without_meaning": self.without_meaning,
        }


def audit_part(entry: Entry, part: str, seed: int = 0) -> Findings:
    """One part of the audit of an entry, one of `audit_parts`. Errors are part of what is found."""
    found = Findings(entry.name, entry.title)
    try:
        script = read(entry).derived_again()
        if part in (REGISTERED, VARIANTS):
            found.rows += registered(script, seed)
        for row in mechanical(script, share_of(part), seed):
            if row.verdict == WITHOUT_MEANING:
                found.without_meaning += 1
            else:
                found.rows.append(row)
        if part == CARDS:
            shown = {name: contradiction_of(one, script.limits, seed) for name, one in script.theorems.items()}
            found.contradictions += [f"{name or entry.name}: {why}" for name, why in shown.items() if why]
            found.cards += assumption_cards(script, seed, [name for name, why in shown.items() if not why])
    except ProofsheetError as error:
        found.error = str(error)
    return found


def lost(entry: Entry, part: str, why: str) -> Findings:
    """What is known of a part whose task was stopped: nothing, which is no pass."""
    return Findings(entry.name, entry.title, stopped=[f"{part}: {why}"])


def joined(entries: Iterable[Entry], asked: list[str], received: dict[tuple[str, str], Findings]) -> list[Findings]:
    """The parts of each entry put together; a part that did not come is said to be missing."""
    found = []
    for entry in entries:
        missing = "not looked at"
        pieces = [received.get((entry.name, part)) or lost(entry, part, missing) for part in asked]
        if any((entry.name, part) in received for part in asked):
            found.append(reduce(Findings.joined, pieces))
    return found


# ---- the kill table -------------------------------------------------------------------------------------------


def registered(script: ProofScript, seed: int = 0) -> Iterator[Row]:
    """The wrong variants of the script, then the lines that it declares equivalent."""
    attacked = Attacked(script.theorem, script.limits, seed)
    for variant in script.variants:
        yield judged(attacked, variant)
    for one in script.equivalents:
        yield declared(attacked, one)


def judged(attacked: Attacked, variant: WrongVariant) -> Row:
    number = len(attacked.theorem.lines) if variant.at is None else variant.at
    judgement = attacked.judge(variant.line, number)
    if judgement.verdict == EQUIVALENT and judgement.beyond:  # wrong in its place only, which only a model can show
        judgement = replace(judgement, verdict=UNDECIDED, message=f"true under {_by(judgement.proof)}; {STEP_UNSEEN}")
    return _row(judgement, "", number, variant.line, variant.mistake, REGISTERED, variant.id)


def declared(attacked: Attacked, one: Equivalent) -> Row:
    judgement = attacked.declared(one.line, one.reasons)
    return _row(judgement, "", len(attacked.theorem.lines), one.line, one.why, DECLARED)


def mechanical(script: ProofScript, taken: tuple[int, int] | None = (0, 1), seed: int = 0) -> Iterator[Row]:
    """The mutants of every line of the theorem and the corollaries: of (k, n) each n-th, beginning with the k-th; or none."""
    if taken is None:
        return
    share, shares = taken
    position = 0
    for name, theorem in {"": script.theorem, **script.corollaries}.items():
        attacked = Attacked(theorem, script.limits, seed)
        for number, line in enumerate(theorem.lines[1:], 2):
            for mutant in mutants(line):
                position += 1
                if position % shares == share:
                    judgement = attacked.judge(mutant.line, number)
                    if attacked.is_without_meaning(judgement, mutant.line, number):
                        judgement = replace(judgement, verdict=WITHOUT_MEANING)
                    row = _row(judgement, name, number, mutant.line, mutant.mistake, mutant.kind)
                    yield replace(row, position=position)


def _row(one: Judgement, theorem: str, number: int, line: Node, mistake: str, kind: str, id: str = "") -> Row:
    return Row(
        theorem,
        number,
        str(line),
        mistake,
        kind,
        id,
        one.verdict,
        one.kernel,
        one.exact,
        one.models,
        one.refuted,
        in_one_line(one.witness) if one.witness is not None else "",
        _by(one.proof),
        one.message,
    )


def _by(proof: Theorem | None) -> str:
    """By what two lines are equal: algebra, or the reasons that were needed."""
    if proof is None:
        return ""
    needed = list(dict.fromkeys(describe_reason(reason) for step in proof.steps for reason in step.needed))
    return ", ".join(needed) or "algebra"


def by_kind(rows: list[Row]) -> dict[str, Counter[str]]:
    """Counts of verdicts by kind, in the order of first appearance."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        found.setdefault(row.kind, Counter())[row.verdict] += 1
    return found


# ---- assumption cards -----------------------------------------------------------------------------------------


def assumption_cards(script: ProofScript, seed: int, names: Iterable[str]) -> Iterator[CardRow]:
    """A card for each assumption of the theorems named, in plain data."""
    for name in names:
        for card in cards_of(script.theorems[name], script.limits, seed):
            lines = {style: card_lines(card, style, CARD_WIDTH) for style in ("unicode", "ascii")}
            yield CardRow(name, card.verdict, card_facts(card), lines)
