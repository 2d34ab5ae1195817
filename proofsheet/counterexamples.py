"""A theorem without some of its assumptions, put to exact models: a law in which its two sides differ.

    claim = Claim(theorem, kept)                the theorem with these assumptions in place of its own
    found = counterexample(claim, limits)       the law, both values, and the first line that breaks; or why there is none

Small laws are tried first, then the generic ones of `comparison`. Nothing is reported that `holds()` does not confirm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from proofsheet.exact_layer import statement_of
from proofsheet.exact_models.comparison import Witness, compare, grade_of, related
from proofsheet.exact_models.evaluate import Model, ModelError, Outcome, all_positions, evaluate, scalar_value
from proofsheet.exact_models.models import Statement, satisfies
from proofsheet.exact_models.small_laws import differences, places
from proofsheet.kernel.reasons import ExponentialFamily
from proofsheet.kernel.side_conditions import AwayFromKink, NonnegativeRadicand, Nonvanishing
from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.indices import Distinct, Index
from proofsheet.notation.scope import random_variables
from proofsheet.notation.tree import Node

UNVALUED = (ModelError, ZeroDivisionError, KeyError)  # KeyError: a line speaks of a name that the ends do not have


@dataclass(frozen=True)
class Claim:
    """What a theorem says, under these assumptions in place of its own; whether it is true is the question."""

    theorem: Theorem
    assumptions: tuple[Any, ...]

    def __getattr__(self, name: str) -> Any:
        """Everything else is the theorem's: its lines, sides, relation and side conditions."""
        return getattr(self.theorem, name)

    def statement(self, limits: Iterable[Any] = ()) -> Statement:
        """What exact models read of it; a limit on a parameter that it does not speak of is left out.

        With the theorem's assumptions among the lines, a law gives values to all that a dropped one speaks of.
        """
        view: Any = self
        nodes = self.theorem.speaks_of
        kept = [one for one in limits if any(node.has(one.parameter.symbol) for node in nodes)]
        spoken = tuple(dict.fromkeys(node for node in nodes if isinstance(node, Node)))
        return replace(statement_of(view, kept), lines=spoken)


@dataclass(frozen=True)
class Counterexample:
    """A law that satisfies a claim's assumptions, and in which its sides differ."""

    claim: Claim
    witness: Witness
    line: int | None  # the first line that does not follow from those before in this law; None if that is not known
    after_unvalued: bool = False  # whether lines just before it have no value in the model

    @property
    def grade(self) -> str:
        """exact; interval where one of the two values is no fraction, and is enclosed."""
        return grade_of(self.witness.left, self.witness.right)

    def holds(self) -> bool:
        """Whether it is all so, evaluated again: assumptions, side conditions, and two different values."""
        witness = self.witness
        return (
            (witness.old, witness.new, witness.relation) == (self.claim.left, self.claim.right, self.claim.relation)
            and satisfies(witness.model, self.claim.statement())
            and _admits(self.claim, witness.model, witness.positions)
            and witness.holds()
        )

    def fails(self, assumption: Any) -> bool | None:
        """Whether an assumption is false in this law; None where the model cannot tell."""
        if isinstance(assumption, Distinct):
            places = [self.witness.positions.get(index) for index in assumption.args]
            return None if None in places else places[0] == places[1]
        alone, nothing = (Claim(self.claim.theorem, some).statement() for some in ((assumption,), ()))
        try:
            return None if alone == nothing else not satisfies(self.witness.model, alone)
        except UNVALUED:
            return None


def counterexample(claim: Claim, limits: Iterable[Any] = (), seed: int = 0) -> Counterexample | str:
    """A law that refutes the claim; else, in words, why none is shown."""
    statement, why = claim.statement(limits), "no law was found in which its sides differ"
    try:
        witness = differences(
            statement,
            claim.left,
            claim.right,
            claim.relation,
            lambda model, at, _: _is_spread(claim, model) and _admits(claim, model, at),
        )
    except UNVALUED as error:
        witness, why = None, str(error)
    if witness is None:
        compared = compare(statement, claim.left, claim.right, claim.relation, seed=seed, small=True)
        witness, why = compared.witness, compared.message or why
    if witness is None:
        return why
    found = Counterexample(claim, witness, *_first_break(claim, witness.model))
    return found if found.holds() else "a law was found in which its sides differ, and evaluated again it does not hold"


def _first_break(claim: Claim, model: Model) -> tuple[int | None, bool]:
    """The number of the first line that does not follow in this model, and whether the line before it was passed over."""
    before, passed = claim.lines[0], False
    for step in claim.steps:
        try:
            if _breaks(claim, model, before, step.new, step.relation):
                return step.number, passed
            before, passed = step.new, False
        except UNVALUED:
            passed = True
    return None, False


def _breaks(claim: Claim, model: Model, old: Node, new: Node, relation: str) -> bool:
    return any(
        not related(evaluate(old, model, at, outcome), evaluate(new, model, at, outcome), relation)
        for at, outcome in places((old, new), model)
        if _admits(claim, model, at)
    )


# ---- side conditions ------------------------------------------------------------------------------------------


def _admits(claim: Claim, model: Model, at: Mapping[Index, int]) -> bool:
    """Whether the theorem speaks of this place: its side conditions hold, and the indices that must differ do."""
    apart = all(_differ(one, model, at) for one in claim.assumptions if isinstance(one, Distinct))
    return apart and all(_condition_holds(one, model) for one in claim.side_conditions)


def _is_spread(claim: Claim, model: Model) -> bool:
    """Whether the statistic of a dropped family has two outcomes: against a density one wants no law without any spread."""
    dropped = (one for one in claim.theorem.assumptions if one not in claim.assumptions)
    statistics = [one.statistic.name for one in dropped if isinstance(one, ExponentialFamily)]
    return all(len(model.law(frozenset({name}))) > 1 for name in statistics)


def _differ(condition: Distinct, model: Model, at: Mapping[Index, int]) -> bool:
    first, second = (at.get(index) for index in condition.args)
    if first is None or second is None:  # the ends do not show both indices; there must be two places for them
        return model.size(condition.args[0].dimension) > 1
    return first != second


def _condition_holds(condition: Any, model: Model) -> bool:
    """Conditions on laws and on smoothness hold by the make of a model: its law is given, its functions are smooth."""
    try:
        if isinstance(condition, Nonvanishing):
            return scalar_value(condition.denominator, model) != 0
        if isinstance(condition, AwayFromKink):
            return condition.argument is not None and all(value != 0 for value in _values(condition.argument, model))
        if isinstance(condition, NonnegativeRadicand):
            return condition.argument is not None and all(value >= 0 for value in _values(condition.argument, model))
    except UNVALUED:
        return False
    return True


def _values(argument: Node, model: Model) -> list[Any]:
    """At every position and, where it is random, every outcome."""
    outcomes: list[Outcome] = [outcome for _, outcome in model.space] if random_variables(argument) else [{}]
    return [
        entry
        for at in all_positions(argument, model)
        for outcome in outcomes
        for row in evaluate(argument, model, at, outcome)
        for entry in row
    ]


__all__ = ["Claim", "Counterexample", "counterexample"]
