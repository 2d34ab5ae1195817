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
    others: tuple[Any, ...]  # that are kept
    verdict: str  # needed, not needed, undecided; refuted: a law satisfies all assumptions, and the sides differ
    counterexample: Counterexample | None = None
    proof: Theorem | None = None  # of the same without the assumption
    message: str = ""


def cards_of(theorem: Theorem, limits: Iterable[Any] = (), seed: int = 0) -> tuple[Card, ...]:
    """A card for each assumption of the theorem, in its order; `limits` are kept by the laws that are shown."""
    proofs, limits = Reproof(theorem), tuple(limits)
    return tuple(_card(theorem, one, proofs, limits, seed) for one in theorem.assumptions)


def _card(theorem: Theorem, assumption: Any, proofs: Reproof, limits: tuple[Any, ...], seed: int) -> Card:
    others = tuple(one for one in theorem.assumptions if one != assumption)
    proof = proofs.under(others)
    return _not_needed(theorem, assumption, others, proof) if proof else card(theorem, assumption, others, limits, seed)


def _not_needed(theorem: Theorem, assumption: Any, others: tuple[Any, ...], proof: Theorem) -> Card:
    """The proof derived once more from its lines before it is believed."""
    try:
        again = proof.recheck()
    except ProofsheetError as error:
        why = f"a proof without it did not hold a second time: {error}"
        return Card(theorem, assumption, others, UNDECIDED, message=why)
    if assumption in again.assumptions:
        return Card(theorem, assumption, others, UNDECIDED, message="the proof without it turned out to use it")
    return Card(theorem, assumption, others, NOT_NEEDED, proof=again)


def card(theorem: Theorem, assumption: Any, others: tuple[Any, ...], limits: Iterable[Any] = (), seed: int = 0) -> Card:
    """The card by a law alone: the theorem under the others, and whether a law in which the assumption fails refutes it."""
    found = counterexample(Claim(theorem, others), limits, seed)
    if isinstance(found, str):
        why = f"no proof without it, and no law against it: {found}"
        return Card(theorem, assumption, others, UNDECIDED, message=why)
    if not found.holds():
        return Card(theorem, assumption, others, UNDECIDED, message="the law against it did not hold a second time")
    match found.fails(assumption):
        case True:
            return Card(theorem, assumption, others, NEEDED, found)
        case False:
            why = "all assumptions hold, and the two sides differ"
            return Card(theorem, assumption, others, REFUTED, found, message=why)
    why = "a model cannot say whether this assumption holds in it"
    return Card(theorem, assumption, others, UNDECIDED, message=why)


__all__ = ["NEEDED", "NOT_NEEDED", "REFUTED", "UNDECIDED", "Card", "card", "cards_of"]
