"""The bridge from theorems to the exact models: what a theorem or a step assumes, and every line attacked under that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from proofsheet.exact_models.comparison import AGREES, DIFFERS, INTERVAL, NO_MODEL, Comparison, compare
from proofsheet.exact_models.statements import Statement
from proofsheet.exact_models.witnesses import contradiction_in
from proofsheet.kernel.reasons import ExponentialFamily, Independence, Moment
from proofsheet.kernel.side_conditions import AwayFromKink, NonnegativeRadicand, Nonvanishing
from proofsheet.kernel.theorem import Step, Theorem
from proofsheet.notation.indices import Distinct
from proofsheet.notation.tree import Node

AGREE, REFUTED, UNDECIDED = "agrees", "refuted", "undecided"


def statement_of(theorem: Theorem, limits: Iterable[Any] = ()) -> Statement:
    """What the exact models need to know of a theorem."""
    return _with_side_conditions(assumed_by(theorem.assumptions, theorem.lines, limits), theorem.side_conditions)


def contradiction_of(theorem: Theorem, limits: Iterable[Any] = (), seed: int = 0) -> str:
    """That nothing satisfies the assumptions of a theorem, and why; empty where that is not shown."""
    why = contradiction_in(statement_of(theorem, limits), seed) if theorem.assumptions else ""
    return f"its assumptions contradict each other, it is true of nothing: {why}" if why else ""


def statement_of_step(step: Step, limits: Iterable[Any] = ()) -> Statement:
    """Exactly what a step cites, needed or not; of a theorem, and of a moment that a theorem derives, what that assumes.

    The side conditions of those theorems hold as well; those of the step itself show where a line has no value.
    """
    theorems = [one.proved if isinstance(one, Moment) else one for one in step.reasons]
    taken = [condition for one in theorems if isinstance(one, Theorem) for condition in one.side_conditions]
    return _with_side_conditions(assumed_by(facts_behind(step.reasons), (step.old, step.new), limits), taken)


def facts_behind(reasons: Iterable[Any]) -> Iterator[Any]:
    """Assumptions among reasons, and those of the theorems among them.

    i ≠ j is a condition of a derived moment for its own i and j; it says nothing about the indices of the line.
    """
    for reason in reasons:
        if isinstance(reason, Moment) and reason.proved is not None:
            yield from (fact for fact in reason.proved.assumptions if not isinstance(fact, Distinct))
        elif isinstance(reason, Theorem):
            yield from reason.assumptions
        else:
            yield reason


def assumed_by(facts: Iterable[Any], lines: tuple[Node, ...], limits: Iterable[Any] = ()) -> Statement:
    """Assumptions of the kernel as plain data; whatever else is among them allows nothing."""
    given = tuple(dict.fromkeys(facts))
    return Statement(
        lines,
        tuple(one.blocks for one in given if isinstance(one, Independence)),
        tuple((one.left, one.right, one.conditions) for one in given if isinstance(one, Moment)),
        tuple(limits),
        tuple((one.statistic, one.parameter, one.function) for one in given if isinstance(one, ExponentialFamily)),
        tuple(one for one in given if isinstance(one, Distinct)),
    )


def _with_side_conditions(statement: Statement, conditions: Iterable[Any]) -> Statement:
    """With what must not vanish and what must not be negative; smoothness and fixed laws every model has."""
    given = list(conditions)
    nonzero = [one.denominator for one in given if isinstance(one, Nonvanishing) and not one.discharged]
    nonzero += [one.argument for one in given if isinstance(one, AwayFromKink) and one.argument is not None]
    radicands = [one.argument for one in given if isinstance(one, NonnegativeRadicand) and one.argument is not None]
    return replace(statement, nonzero=tuple(dict.fromkeys(nonzero)), nonnegative=tuple(dict.fromkeys(radicands)))


@dataclass(frozen=True)
class Attacked:
    """What the exact models say of one line against the line before, or of the two ends of a theorem."""

    where: str
    found: Comparison

    @property
    def is_told(self) -> bool:
        return self.found.verdict != AGREES

    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = {"where": self.where, "verdict": self.found.verdict}
        if self.found.witness is not None:
            facts["witness"] = self.found.witness.as_json()
        if self.found.message:
            facts["message"] = self.found.message
        return facts

    def __str__(self) -> str:
        if self.found.witness is None:
            return f"{self.where}: {self.found.verdict}: {self.found.message}"
        return "\n  ".join([f"{self.where}: refuted by a model", *self.found.witness.describe()])


def attacked(theorem: Theorem, limits: Iterable[Any] = (), seed: int = 0) -> list[Attacked]:
    """Every step under exactly what it cites, then first against last line under all assumptions."""
    bounds = tuple(limits)
    found = [
        Attacked(
            f"line {step.number}",
            _compared(statement_of_step(step, bounds), step.old, step.new, step.relation, seed),
        )
        for step in theorem.steps
    ]
    whole = _compared(statement_of(theorem, bounds), theorem.left, theorem.right, theorem.relation, seed)
    return [*found, Attacked("first and last line", whole)]


def _compared(statement: Statement, old: Node, new: Node, relation: str, seed: int) -> Comparison:
    """As `compare`; a difference is a refutation only if the witness alone, evaluated again, shows it."""
    found = compare(statement, old, new, relation, seed=seed)
    if found.witness is None or found.witness.holds():
        return found
    return replace(
        found, verdict=NO_MODEL, witness=None, message="a witness was found, and evaluated again it does not hold"
    )


def joint_exact_verdict(found: Iterable[Attacked]) -> str:
    """Refuted if one line is, else undecided if one is, else agrees."""
    verdicts = {one.found.verdict for one in found}
    if DIFFERS in verdicts:
        return REFUTED
    return AGREE if verdicts <= {AGREES} else UNDECIDED


def joint_grade(found: Iterable[Attacked]) -> str:
    """Interval if one value was enclosed, else exact."""
    grades = {one.found.grade for one in found}
    return INTERVAL if INTERVAL in grades else "exact"
