"""Assumption cards: what becomes of a theorem when one of its assumptions is dropped.

    cards_of(theorem)       a card for each assumption: needed, with a law in which it fails and the theorem with it;
                            not needed, with the proof without it; or undecided, which is no pass

A needed assumption is needed for the theorem as it is stated: something weaker may do (`weakening.py`). The domains of
parameters and the side conditions are no assumptions here, and hold in every law that a card shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from proofsheet.counterexamples import Claim, Counterexample, counterexample
from proofsheet.errors import ProofsheetError
from proofsheet.kernel.theorem import Theorem
from proofsheet.reproof import Reproof

NEEDED, NOT_NEEDED, UNDECIDED, REFUTED = "needed", "not needed", "undecided", "refuted"


@dataclass(frozen=True)
class Card:
    """One assumption of one theorem, and what shows whether it is needed."""

    theorem: Theorem
    assumption: Any
    verdict: str  # needed, not needed, undecided; refuted: a law satisfies all assumptions, and the sides differ
    counterexample: Counterexample | None = None
    proof: Theorem | None = None  # of the same without the assumption
    message: str = ""

    @property
    def others(self) -> tuple[Any, ...]:
        return tuple(one for one in self.theorem.assumptions if one != self.assumption)


def cards_of(theorem: Theorem, limits: Iterable[Any] = (), seed: int = 0) -> tuple[Card, ...]:
    """A card for each assumption of the theorem, in its order; `limits` are kept by the laws that are shown."""
    proofs, limits = Reproof(theorem), tuple(limits)
    return tuple(_card(theorem, one, proofs, limits, seed) for one in theorem.assumptions)


def _card(theorem: Theorem, assumption: Any, proofs: Reproof, limits: tuple[Any, ...], seed: int) -> Card:
    others = tuple(one for one in theorem.assumptions if one != assumption)
    proof = proofs.under(others)
    if proof is not None:
        return _not_needed(theorem, assumption, proof)
    found = counterexample(Claim(theorem, others), limits, seed)
    return shown_by(theorem, assumption, found)


def _not_needed(theorem: Theorem, assumption: Any, proof: Theorem) -> Card:
    """The proof derived once more from its lines before it is believed."""
    try:
        again = proof.recheck()
    except ProofsheetError as error:
        return Card(theorem, assumption, UNDECIDED, message=f"a proof without it did not hold a second time: {error}")
    if assumption in again.assumptions:
        return Card(theorem, assumption, UNDECIDED, message="the proof without it turned out to use it")
    return Card(theorem, assumption, NOT_NEEDED, proof=again)


def shown_by(theorem: Theorem, assumption: Any, found: Counterexample | str) -> Card:
    """The card that a law found without the assumption amounts to; it is evaluated again first."""
    if isinstance(found, str):
        return Card(theorem, assumption, UNDECIDED, message=f"no proof without it, and no law against it: {found}")
    if not found.holds():
        return Card(theorem, assumption, UNDECIDED, message="the law against it did not hold a second time")
    match found.fails(assumption):
        case True:
            return Card(theorem, assumption, NEEDED, found)
        case False:
            return Card(theorem, assumption, REFUTED, found, message="all assumptions hold, and the two sides differ")
    return Card(theorem, assumption, UNDECIDED, message="a model cannot say whether this assumption holds in it")


__all__ = ["NEEDED", "NOT_NEEDED", "REFUTED", "UNDECIDED", "Card", "cards_of", "shown_by"]
