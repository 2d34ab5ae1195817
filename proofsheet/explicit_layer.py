"""The bridge from theorems to SymPy's second opinion: what a step cites, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from proofsheet.errors import NotationError
from proofsheet.explicit.cases import substitutions
from proofsheet.explicit.second_opinion import (
    AT_POINT,
    NONZERO,
    UNDECIDED,
    ZERO,
    Cited,
    Opinion,
    SecondOpinion,
    described_sizes,
)
from proofsheet.kernel.reasons import ExponentialFamily, Independence, Moment, Split
from proofsheet.kernel.theorem import Step, Theorem
from proofsheet.notation.indices import Distinct

NOT_ASKED = "not asked"


def cited_by(reasons: Iterable[Any]) -> Cited:
    """What the reasons of a step allow beyond arithmetic; a reason that is not known allows nothing.

    A moment derived by a theorem brings the exponential families that the theorem rests on: it holds for every θ.
    """
    given = tuple(reasons)
    behind = [fact for one in given if isinstance(one, Moment) and one.proved for fact in one.proved.assumptions]
    return Cited(
        tuple(one.blocks for one in given if isinstance(one, Independence)),
        tuple((one.left, one.right, one.conditions) for one in given if isinstance(one, Moment)),
        tuple((one.left, one.right) for one in given if isinstance(one, Theorem)),
        tuple(one for one in given if isinstance(one, Distinct)),
        tuple(
            (one.statistic, one.parameter, one.function)
            for one in (*given, *behind)
            if isinstance(one, ExponentialFamily)
        ),
    )


def opinions_on(theorem: Theorem) -> list[Opinion]:
    """One opinion for every step of a theorem, in order; SymPy is not asked about inequalities."""
    second = SecondOpinion(theorem.lines)
    return [_opinion(second, step) if step.relation == "=" else Opinion(NOT_ASKED, ()) for step in theorem.steps]


def _opinion(second: SecondOpinion, step: Step) -> Opinion:
    """On a step; on one by cases, the worst of those on the cases."""
    split = next((reason for reason in step.needed if isinstance(reason, Split)), None)
    if split is None:
        return second.on_step(step.old, step.new, cited_by(step.reasons))
    try:
        chosen = substitutions(split.variable, split.points, (step.old, step.new, *split.points))
    except NotationError as problem:
        return Opinion(UNDECIDED, (), why=str(problem))
    found = [SecondOpinion(()).on_step(step.old.xreplace(one), step.new.xreplace(one)) for one in chosen]
    order = (NONZERO, UNDECIDED, ZERO)
    return min(found, key=lambda one: order.index(one.verdict), default=Opinion(UNDECIDED, (), why="too many cases"))


def joint_verdict(opinions: Iterable[Opinion]) -> str:
    """Nonzero if one is, else undecided if one is, else 'difference 0'."""
    verdicts = {one.verdict for one in opinions}
    return next((verdict for verdict in (NONZERO, UNDECIDED) if verdict in verdicts), ZERO)


def sizes_of(opinions: Iterable[Opinion]) -> tuple[Mapping[str, int], ...]:
    """All choices of dimensions that some opinions rest on."""
    return tuple({tuple(choice.items()): choice for one in opinions for choice in one.sizes}.values())


def lines_to_tell(opinions: Sequence[Opinion]) -> list[str]:
    """The opinions on lines whose difference is not 0, or not known to be."""
    return [f"line {line}: {one}" for line, one in enumerate(opinions, 2) if one.verdict not in (ZERO, NOT_ASKED)]


def margin_of(opinions: Sequence[Opinion]) -> list[str]:
    """What stands below a derivation: one row if every difference is 0, else one for each other line."""
    told = lines_to_tell(opinions)
    where = AT_POINT if any(one.at_point for one in opinions) else ""
    return told or [f"{described_sizes(sizes_of(opinions))}{where}: {ZERO}"]
