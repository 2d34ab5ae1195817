"""Two lines compared on finite models of what is assumed: agreement is evidence, a difference is a refutation.

Shares nothing with the kernel. A difference is computed a second time, from the witness alone, before it is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from proofsheet.exact_models.evaluate import Matrix, Model, ModelError, Outcome, all_positions, evaluate
from proofsheet.exact_models.models import Statement, attempt, satisfies
from proofsheet.exact_models.witnesses import names_of, points
from proofsheet.notation.indices import Index
from proofsheet.notation.scope import random_variables
from proofsheet.notation.tree import Node, Plus

AGREES, DIFFERS, NO_MODEL = "agrees", "differs", "no model"


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
        values = [evaluate(line, self.model, self.positions, self.outcome) for line in (self.old, self.new)]
        return (
            satisfies(self.model, self.statement)
            and values == [self.left, self.right]
            and not _related(self.left, self.right, self.relation)
        )


@dataclass(frozen=True)
class Comparison:
    """The verdict on two lines and what it rests on."""

    verdict: str  # agrees, differs, no model
    models: int = 0
    witness: Witness | None = None
    message: str = ""


def compare(
    statement: Statement, old: Node, new: Node, relation: str = "=", wanted: int = 3, seed: int = 0
) -> Comparison:
    """old `relation` new on up to `wanted` models of the assumptions of `statement`, whose lines are not looked at."""
    random, found, problem = Random(seed), 0, ""
    statement = replace(statement, lines=(old, new))
    for model in models_of(statement, random):
        try:
            witness = _difference(statement, old, new, relation, model)
        except (ModelError, ZeroDivisionError) as error:
            problem = str(error)
            continue
        if witness is not None:
            return Comparison(DIFFERS, found + 1, witness)
        found += 1
        if found == wanted:
            break
    return Comparison(AGREES if found else NO_MODEL, found, message="" if found else problem)


def models_of(statement: Statement, random: Random) -> Iterator[Model]:
    names = names_of(statement)
    for dimensions, parameters in points(names, statement.limits, random):
        model = attempt(statement, names, dimensions, parameters, random).model
        if model is not None:
            yield model


def _difference(statement: Statement, old: Node, new: Node, relation: str, model: Model) -> Witness | None:
    random = bool(random_variables(old) | random_variables(new))
    outcomes: list[Outcome] = [outcome for _, outcome in model.space] if random else [{}]
    for positions in all_positions(Plus(old, new), model):
        for outcome in outcomes:
            left, right = (evaluate(line, model, positions, outcome) for line in (old, new))
            if not _related(left, right, relation):
                return Witness(statement, old, new, model, positions, outcome, left, right, relation)
    return None


def _related(left: Matrix, right: Matrix, relation: str) -> bool:
    if relation == "=":
        return left == right
    return all(a >= b for rows in zip(left, right, strict=True) for a, b in zip(*rows, strict=True))
