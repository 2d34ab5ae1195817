"""What the kernel says of each line of the battery, under exactly the reasons that the pair cites."""

from __future__ import annotations

import time
from dataclasses import dataclass, fields
from typing import Any

from sympy import Basic, Symbol

from battery.pairs import Claim, Pair
from proofsheet.kernel.theorem import Chain, StepRejected
from proofsheet.notation.variables import Variable

ACCEPTED, RECORDED, REFUSED, UNDECIDED = "accepted", "accepted with its condition", "refused", "undecided"


@dataclass(frozen=True)
class Answer:
    """A verdict on one question, with what it was about."""

    pair: Pair
    kind: str  # true, wrong, without, given
    claim: Claim
    verdict: str
    note: str = ""
    seconds: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.pair.subject}.{self.pair.name}"


def questions(pair: Pair) -> list[tuple[str, Claim, str]]:
    """(kind, claim, mistake) for everything that is asked about a pair."""
    if pair.without is not None:
        return [("without", pair.without, pair.condition), ("given", pair.claim, pair.condition)]
    wrong = [("wrong", Claim(pair.claim.left, one.line, pair.claim.by), one.mistake) for one in pair.wrong]
    return [("true", pair.claim, ""), *wrong]


def answers(pair: Pair) -> list[Answer]:
    found = []
    for kind, claim, mistake in questions(pair):
        start = time.perf_counter()
        verdict, note = judge(claim, pair.about)
        found.append(Answer(pair, kind, claim, verdict, note or mistake, time.perf_counter() - start))
    return found


def judge(claim: Claim, about: str = "") -> tuple[str, str]:
    """The kernel's verdict and, if it is undecided, why. A crash is an answer too, and no verdict."""
    try:
        chain = Chain(claim.left)
        if isinstance(chain.step(claim.right, claim.by), StepRejected):
            return REFUSED, ""
        conditions = [one for one in chain.theorem().side_conditions if not one.discharged]
    except Exception as error:
        return UNDECIDED, f"{type(error).__name__}: {error}"
    speaks = about and any(about in names_in(condition) for condition in conditions)
    return (RECORDED if speaks else ACCEPTED), "; ".join(map(str, conditions))


def names_in(condition: Any) -> set[str]:
    """Every symbol that a side condition speaks of."""
    found: set[str] = set()
    for one in fields(condition):
        value = getattr(condition, one.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Basic):
                found |= {leaf.name for leaf in part.atoms(Symbol) | part.atoms(Variable)}
    return found
