"""The smallest sets of assumptions that still prove a theorem, each proved by the kernel.

    weakenings_of(theorem)      sets of what it assumes itself; sets in which an independence is one of fewer variables;
                                sets in which it is replaced by the moments that the proof takes from it

Of a smallest set no member can be left out: without it the kernel finds no proof by these lines, and where a law can be
shown the theorem is false without it. Every member follows from what the theorem states, so each set asks no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from proofsheet.cards import Card, card
from proofsheet.kernel.reasons import Independence
from proofsheet.kernel.theorem import Theorem
from proofsheet.reproof import Reproof
from proofsheet.weaker_assumptions import moments_in, pairs_of, raw_of

STATED, PAIRS, MOMENTS = "of what is stated", "with independence of pairs", "with moments alone"
MOST_SETS = 6  # of each kind


@dataclass(frozen=True)
class Basis:
    """A smallest set of assumptions, the theorem proved from it, and for each member what happens without it."""

    kind: str
    assumptions: tuple[Any, ...]
    proof: Theorem
    cards: tuple[Card, ...]


def weakenings_of(theorem: Theorem, limits: Iterable[Any] = (), seed: int = 0) -> tuple[Basis, ...]:
    """The smallest sets found, those of the theorem's own assumptions first; all different."""
    proofs, limits = Reproof(theorem), tuple(limits)
    own = smallest_sets(theorem.assumptions, proofs.suffices)
    sets = [(STATED, one) for one in own]
    for kind, weaker in ((PAIRS, _with_pairs), (MOMENTS, _with_moments)):
        pools = [pool for chosen in own if (pool := weaker(chosen, proofs)) != chosen]
        sets += [(kind, one) for pool in pools for one in smallest_sets(pool, proofs.suffices)]
    found: dict[frozenset[Any], Basis] = {}
    for kind, chosen in sets:
        proof = proofs.under(chosen)
        if proof is not None and frozenset(chosen) not in found:
            cards = (card(theorem, one, _without(chosen, one), limits, seed) for one in chosen)
            found[frozenset(chosen)] = Basis(kind, chosen, proof, tuple(cards))
    return tuple(found.values())


def smallest_sets(pool: tuple[Any, ...], suffices: Callable[[tuple[Any, ...]], bool]) -> list[tuple[Any, ...]]:
    """The subsets that suffice while none of their own does so, with one member less; none if the pool does not."""
    found: list[tuple[Any, ...]] = []
    seen: set[tuple[Any, ...]] = set()
    waiting = [pool]
    while waiting and len(found) < MOST_SETS:
        chosen = waiting.pop()
        if chosen in seen or not suffices(chosen):
            continue
        seen.add(chosen)
        fewer = [less for one in chosen if suffices(less := _without(chosen, one))]
        waiting += fewer
        if not fewer and chosen not in found:
            found.append(chosen)
    return found


def _without(chosen: tuple[Any, ...], dropped: Any) -> tuple[Any, ...]:
    return tuple(one for one in chosen if one != dropped)


def _with_pairs(chosen: tuple[Any, ...], proofs: Reproof) -> tuple[Any, ...]:
    """Each independence replaced by that of pairs, where it says more than one pair."""
    replaced: list[Any] = []
    for one in chosen:
        replaced += (pairs_of(one) or [one]) if isinstance(one, Independence) else [one]
    return tuple(dict.fromkeys(replaced))


def _with_moments(chosen: tuple[Any, ...], proofs: Reproof) -> tuple[Any, ...]:
    """All independence replaced by the moments that left − right, or else some step, lacks without it; Cov by E[nnᵀ]."""
    rest = tuple((raw_of(one, chosen) or one) for one in chosen if not isinstance(one, Independence))
    if all(one in chosen for one in rest) and len(rest) == len(chosen):
        return chosen
    means = tuple(one for one in chosen if not isinstance(one, Independence) and one not in rest)
    theorem = proofs.theorem
    ends = [(theorem.left, theorem.right)]
    steps = [(step.old, step.new) for step in theorem.steps if any(one in chosen for one in step.needed)]
    candidate = rest
    for pairs in (ends, steps):
        candidate = tuple(dict.fromkeys((*_moments_between(pairs, chosen, rest, proofs), *candidate)))
        if proofs.suffices(candidate):
            return candidate
    return (*candidate, *means)


def _moments_between(pairs: Iterable[tuple[Any, Any]], chosen: Any, rest: Any, proofs: Reproof) -> list[Any]:
    independence = [one for one in chosen if isinstance(one, Independence)]
    left = [proofs.residual(old, new, rest) or {} for old, new in pairs]
    return [found for one in left for fact in independence for found in moments_in(one, fact, chosen, proofs.names)]


__all__ = ["MOMENTS", "PAIRS", "STATED", "Basis", "smallest_sets", "weakenings_of"]
