"""Two lines compared on finite models of what is assumed: agreement is evidence, a difference is a refutation.

Shares nothing with the kernel. A witness `holds()` by what is computed a second time, from the witness alone: nothing that
was remembered of earlier lines goes into that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from proofsheet.exact_models.descriptions import (
    describe_model,
    describe_outcome,
    describe_positions,
    describe_value,
    model_as_json,
    outcome_as_json,
    value_as_json,
)
from proofsheet.exact_models.enclosures import Enclosure
from proofsheet.exact_models.evaluate import evaluate
from proofsheet.exact_models.model import Matrix, Model, ModelError, Outcome, all_positions
from proofsheet.exact_models.statements import Statement, are_apart, satisfies
from proofsheet.exact_models.supply import Supplied, supply
from proofsheet.notation.indices import Index
from proofsheet.notation.scope import random_variables
from proofsheet.notation.text import set_line
from proofsheet.notation.tree import Node, Plus

AGREES, DIFFERS, NO_MODEL = "agrees", "differs", "no model"
EXACT, INTERVAL = "exact", "interval"


@dataclass(frozen=True)
class Witness:
    """A model in which two lines differ: where, and by which values."""

    statement: Statement
    old: Node
    new: Node
    model: Model
    positions: dict[Index, int]  # of free indices, from 0
    outcome: Outcome  # of what is random outside every E; empty where nothing is
    left: Matrix
    right: Matrix
    relation: str = "="

    def holds(self) -> bool:
        """Whether the model, evaluated again, satisfies what is assumed and gives the two lines these different values."""
        try:
            values = [evaluate(line, self.model, self.positions, self.outcome) for line in (self.old, self.new)]
            return (
                satisfies(self.model, self.statement)
                and are_apart(self.positions, self.statement.distinct)
                and (not self.outcome or _is_possible(self.outcome, self.model))
                and values == [self.left, self.right]
                and not related(self.left, self.right, self.relation)
            )
        except (ModelError, ZeroDivisionError):
            return False

    def describe(self, style: str = "unicode") -> list[str]:
        """Rows of text: the model, and the values of the two lines in it."""
        rows = list(describe_model(self.model, style))
        if self.positions:
            rows.append(f"at {describe_positions(self.positions)}")
        if self.outcome:
            rows.append(f"where {describe_outcome(self.outcome, style)}")
        rows.append(f"{set_line(self.old, style)} is {describe_value(self.left, style)}")
        rows.append(f"{set_line(self.new, style)} is {describe_value(self.right, style)}")
        return rows

    def as_json(self) -> dict[str, Any]:
        """The same as plain data, every fraction as text."""
        return {
            **model_as_json(self.model),
            "at": {index.name: place + 1 for index, place in self.positions.items()},
            "where": outcome_as_json(self.outcome),
            "relation": self.relation,
            "left": {"line": set_line(self.old, "ascii"), "value": value_as_json(self.left)},
            "right": {"line": set_line(self.new, "ascii"), "value": value_as_json(self.right)},
        }


@dataclass(frozen=True)
class Comparison:
    """The verdict on two lines and what it rests on.

    `models` agreed, at `places` (outcomes, and values of free indices) in all; `grade` is interval where a value was
    enclosed, not exact.
    """

    verdict: str  # agrees, differs, no model
    models: int = 0
    witness: Witness | None = None
    message: str = ""
    grade: str = EXACT
    places: int = 0


def compare(
    statement: Statement,
    old: Node,
    new: Node,
    relation: str = "=",
    wanted: int = 3,
    seed: int = 0,
    small: bool = False,
) -> Comparison:
    """old `relation` new on up to `wanted` models of the assumptions of `statement`, whose lines are not looked at.

    With `small`, the smallest models are tried first, so that a witness is one that a reader can check by hand.
    """
    statement = replace(statement, lines=(old, new))
    found, general, places, grade, problem = 0, 0, 0, EXACT, ""
    for one in supply(statement, seed, small):
        try:
            looked = _look(statement, old, new, relation, one)
        except (ModelError, ZeroDivisionError) as error:
            problem = str(error)
            continue
        if isinstance(looked, Witness):
            return Comparison(DIFFERS, found + 1, looked, grade=grade, places=places)
        if not looked[0]:
            continue  # no index is left by i ≠ j
        found, places = found + 1, places + looked[0]
        grade = INTERVAL if INTERVAL in (grade, looked[1]) else EXACT
        general += not one.point.small  # a small model is where wrong lines agree by accident
        if general == wanted:
            break
    if found:
        return Comparison(AGREES, found, grade=grade, places=places)
    return Comparison(NO_MODEL, message=problem or "no model of the assumptions was found")


def _look(statement: Statement, old: Node, new: Node, relation: str, one: Supplied) -> Witness | tuple[int, str]:
    """The first place where two lines are not related; else at how many they are, and how well that is known."""
    model, read = one.model, one.read
    names = frozenset(random.name for line in (old, new) for random in random_variables(line))
    outcomes: list[Outcome] = [outcome for _, outcome in model.law(names)]
    places, grade = 0, EXACT
    for positions in all_positions(Plus(old, new), model):
        if not are_apart(positions, statement.distinct):
            continue
        for outcome in outcomes:
            left, right = read(old, positions, outcome), read(new, positions, outcome)
            if not related(left, right, relation):
                return Witness(statement, old, new, model, positions, outcome, left, right, relation)
            places += 1
            grade = INTERVAL if grade_of(left, right) == INTERVAL else grade
    return places, grade


def _is_possible(outcome: Outcome, model: Model) -> bool:
    return any(probability > 0 and drawn == outcome for probability, drawn in model.law(frozenset(outcome)))


def grade_of(*values: Matrix) -> str:
    """Interval if one of the numbers is enclosed, else exact."""
    return INTERVAL if any(isinstance(entry, Enclosure) for one in values for row in one for entry in row) else EXACT


def related(left: Matrix, right: Matrix, relation: str) -> bool:
    """Whether two values stand in the relation = or ≥, entry by entry; enclosed ones, whether they may.

    Raises ModelError where an enclosure is too wide for that to be evidence.
    """
    holds = _equal if relation == "=" else _at_least
    return all(holds(a, b) for rows in zip(left, right, strict=True) for a, b in zip(*rows, strict=True))


def _equal(left: Any, right: Any) -> bool:
    """Of enclosed numbers: whether they may be equal. Raises ModelError where that says too little."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left == right
    one, other = Enclosure.of(left), Enclosure.of(right)
    if not one.overlaps(other):
        return False
    _refuse_wide(one, other)
    return True


def _at_least(left: Any, right: Any) -> bool:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left >= right
    one, other = Enclosure.of(left), Enclosure.of(right)
    if one.high < other.low:
        return False
    _refuse_wide(one, other)
    return True


def _refuse_wide(*enclosures: Enclosure) -> None:
    if not all(one.is_narrow for one in enclosures):
        raise ModelError("an enclosure is too wide to compare")
