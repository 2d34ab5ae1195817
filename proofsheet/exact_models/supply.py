"""Models of what is assumed, made one by one as they are asked for, and kept for the next lines under the same.

An audit compares a hundred wrong lines under one set of assumptions: the models are the same for all of them, and so are
the values of the right lines in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from random import Random
from typing import Any

from proofsheet.exact_models.adversaries import Point, adversary, points
from proofsheet.exact_models.evaluate import Evaluation
from proofsheet.exact_models.model import Model, ModelError
from proofsheet.exact_models.statements import Statement, names_of
from proofsheet.notation.functions import Function
from proofsheet.notation.scope import Names
from proofsheet.notation.tree import Dimension, Parameter
from proofsheet.notation.variables import Constant, RandomVariable

TRIES = 24
MOST_SUPPLIES = 8  # that are kept at once; one holds a few models with the values of the lines in them


@dataclass(frozen=True)
class Supplied:
    """A model, where it was looked for, and the values of lines in it."""

    point: Point
    model: Model
    read: Evaluation


class Supply:
    """The models of a statement in the order in which its random numbers give them, however often they are asked for."""

    def __init__(self, statement: Statement, names: Names, seed: int, small: bool) -> None:
        self._found: list[Supplied] = []
        self._more = _points_and_models(statement, names, Random(seed), small)

    def __iter__(self) -> Iterator[Supplied]:
        place = 0
        while place < len(self._found) or self._extended():
            yield self._found[place]
            place += 1

    def _extended(self) -> bool:
        try:
            for point, model in self._more:
                self._found.append(Supplied(point, model, Evaluation(model)))
                return True
        except BaseException:
            _supply.cache_clear()  # a generator that raised is at its end, which must not pass for the end of the models
            raise
        return False


def supply(statement: Statement, seed: int, small: bool) -> Supply:
    """Models of a statement that have everything in them that its lines speak of.

    Raises NotationError where a name in it stands for two things.
    """
    names = names_of(statement)
    return _supply(_Asked(replace(statement, lines=()), _vocabulary(names), seed, small, names))


def models_of(statement: Statement, random: Random, small: bool = False) -> Iterator[Model]:
    """Models of the assumptions, at up to TRIES points."""
    return (model for _, model in _points_and_models(statement, names_of(statement), random, small))


def _points_and_models(
    statement: Statement, names: Names, random: Random, small: bool
) -> Iterator[tuple[Point, Model]]:
    limits = statement.limits if statement.moments else ()
    for point in islice(points(names, limits, random, small), TRIES):
        try:
            model = adversary(statement, names, point, random)
        except (ModelError, ZeroDivisionError):
            continue
        if model is not None:
            yield point, model


# ---- which are the same ---------------------------------------------------------------------------------------


class _Asked:
    """What a supply depends on: the assumptions, and the names in the order in which random numbers are drawn for them."""

    def __init__(self, statement: Statement, vocabulary: tuple[Any, ...], seed: int, small: bool, names: Names) -> None:
        self.statement, self.seed, self.small, self.names = statement, seed, small, names
        self._key = (statement, vocabulary, seed, small)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=MOST_SUPPLIES)
def _supply(asked: _Asked) -> Supply:
    return Supply(asked.statement, asked.names, asked.seed, asked.small)


def _vocabulary(names: Names) -> tuple[Any, ...]:
    """All that a model gives a value, kind by kind."""
    kinds = (Dimension, Parameter, Constant, Function, RandomVariable)
    return (*(tuple(names.of_kind(kind)) for kind in kinds), names.symbols)
