"""Random steps, judged by the kernel and by finite worlds that share no code with it.

    python tests/fuzz.py --from 0 --steps 100000        prints counts as it goes, and every step that is not explained

- accepted, confirmed: the kernel accepted the step under what was cited, and it holds in every world tried.
- rejected: also with all assumptions cited; refuted: some world of all assumptions contradicts the step.
- slips: accepted by the kernel and refused by the search for slips. The moment is taken away, and a world without it
  contradicts the step (`slips refuted`).
- unexplained: a rejected step, or a slip, that no world contradicts; printed.

A step that the kernel accepted and a world contradicts ends the run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from fuzz_evaluator import ORDERED, Unjudged, World, differs
from fuzz_lines import ASSUMED, FAMILY, KINDS, MOMENTS_OF_FAMILY, e, i, j, s, stepped
from fuzz_worlds import world

from proofsheet import algebra, distinct, linearity
from proofsheet.errors import AssumptionError, ProofsheetError
from proofsheet.kernel.theorem import Chain, Step
from proofsheet.notation.indices import Distinct
from proofsheet.notation.tree import Node
from proofsheet.slips import find_slip

NAMES = {reason: name for name, reason in ASSUMED.items()}
WORLDS, PATIENCE = 2, 5  # worlds that confirm a step, and that may contradict one


class FalseTheorem(Exception):
    """The kernel accepted what a world contradicts."""


@lru_cache(maxsize=1000)
def worlds(assumed: frozenset[str], speaks_of: frozenset[str]) -> tuple[World, ...]:
    return tuple(world(assumed, seed, speaks_of) for seed in range(12))


def contradicted(old: Node, new: Node, reasons: tuple[Any, ...], wanted: int, seed: int) -> bool | None:
    """Whether a world of the cited assumptions tells the lines apart; None if no world could be asked."""
    assumed = frozenset(NAMES[reason] for reason in reasons if reason in NAMES)
    apart = frozenset(reason for reason in reasons if isinstance(reason, Distinct))
    asked = False
    pool = worlds(assumed, frozenset(name for name, one in (("n", s.n), ("e", e)) if old.has(one) or new.has(one)))
    for number in range(wanted):
        try:
            if differs(old, new, pool[(seed + number) % len(pool)], apart):
                return True
            asked = True
        except Unjudged:
            continue
    return False if asked else None


def steps(seeds: range) -> Iterator[tuple[int, str, Node, Node, tuple[Any, ...], tuple[Any, ...]]]:
    """(seed, kind, old, new, cited reasons, all reasons) of each seed that gives a step."""
    for seed in seeds:
        random = Random(seed)
        kind = random.choice(list(KINDS))
        make, rules, names = KINDS[kind]
        try:
            old = make(random)
            new = stepped(random, old)
        except ProofsheetError:
            continue
        if old.shape != new.shape or old == new:
            continue
        everything = (algebra, linearity, *rules, *(ASSUMED[name] for name in sorted(names)))
        if kind == "errors" and random.random() < 0.3:
            everything = (*everything, distinct(i, j))
        cited = everything if random.random() < 0.6 else tuple(one for one in everything if random.random() < 0.6)
        yield seed, kind, old, new, cited or (algebra,), everything


def judge(seed: int, old: Node, new: Node, cited: tuple[Any, ...], everything: tuple[Any, ...]) -> str:
    """What becomes of a step. Raises FalseTheorem."""
    chain = Chain(old)
    verdict = chain.step(new, cited)
    if isinstance(verdict, Step):
        return _accepted(seed, chain, verdict)
    if verdict.why:
        return "without a meaning"
    if not any(isinstance(Chain(old).step(new, reasons), Step) for reasons in _selections(everything)):
        found = contradicted(old, new, everything, PATIENCE, seed)
        if (
            found is False
            and FAMILY in everything
            and isinstance(Chain(old).step(new, (*everything, *MOMENTS_OF_FAMILY)), Step)
        ):
            return "rejected, for want of a reason"  # a higher moment of the family, compiled only here: it takes long
        return "rejected, " + ("not asked" if found is None else "refuted" if found else _explained(old, new))
    return "rejected, for want of a reason"


def _explained(old: Node, new: Node) -> str:
    """Why a right line may be refused: the limits that TRUSTED.md names."""
    return "known limit (|·|, sgn, √)" if old.has(*ORDERED) or new.has(*ORDERED) else "unexplained"


def _selections(everything: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """All reasons, and all but derived moments: E[T] = A′(θ), put in first, hides E[T] from d/dθ."""
    yield everything
    yield tuple(one for one in everything if getattr(one, "proved", None) is None)


def _accepted(seed: int, chain: Chain, step: Step) -> str:
    try:
        theorem = chain.theorem()
    except AssumptionError:
        return "accepted, and no theorem"
    found = contradicted(step.old, step.new, theorem.assumptions, WORLDS, seed)
    if found:
        raise FalseTheorem(f"seed {seed}: {theorem}   under {theorem.assumptions} by {step.needed}")
    slip = find_slip(chain.setting, step.number, step.old, step.new, step.reasons)
    if slip is None:
        return "accepted, " + ("not asked" if found is None else "confirmed")
    if slip.moment is not None and slip.moment.proved is not None:
        return "slip, with a consequence of what is assumed"  # which can not be taken away
    removed = (
        [one for one in step.reasons if one in NAMES and one.__class__.__name__ == "Moment"]
        if slip.moment is None
        else [slip.moment]
    )
    left = tuple(one for one in step.reasons if one not in removed)
    found = contradicted(step.old, step.new, left, PATIENCE, seed)
    return "slip, " + ("not asked" if found is None else "refuted" if found else "unexplained")


def run(seeds: range, report: bool = False) -> tuple[Counter[str], list[str]]:
    """The counts, and the steps that are not explained."""
    counts: Counter[str] = Counter()
    open_questions = []
    began = time.monotonic()
    for number, (seed, kind, old, new, cited, everything) in enumerate(steps(seeds), 1):
        try:
            outcome = judge(seed, old, new, cited, everything)
        except AssumptionError as refused:
            outcome = f"refused to be read: {str(refused)[:40]}"
        except ProofsheetError:
            outcome = "no line"
        counts[outcome] += 1
        counts[f"{kind}: {outcome}"] += 1
        if "unexplained" in outcome:
            open_questions.append(f"seed {seed} ({kind}, {outcome}): {old}   =   {new}   under {everything}")
            if report:
                print(open_questions[-1], flush=True)
        if report and number % 2000 == 0:
            print(f"{number} steps, seed {seed}, {time.monotonic() - began:.0f} s: {_summary(counts)}", flush=True)
    return counts, open_questions


def _summary(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {counts[name]}" for name in sorted(counts) if ": " not in name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first seed")
    parser.add_argument("--steps", type=int, default=2000, help="how many seeds")
    given = parser.parse_args()
    counts, _ = run(range(given.first, given.first + given.steps), report=True)
    print("\n".join(f"{counts[name]:8}  {name}" for name in sorted(counts)))


if __name__ == "__main__":
    main()
