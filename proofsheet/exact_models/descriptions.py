"""A model written out for a reader, and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from proofsheet.exact_models.model import Matrix, Model, Outcome
from proofsheet.notation.indices import Index
from proofsheet.notation.styles import TERMINAL

MOST_ROWS = 16  # of the table of a law; the plain data has them all


def describe_model(model: Model, style: str = "unicode") -> Iterator[str]:
    """Dimensions, parameters, constants, functions, and the law by its outcomes: one row each."""
    look = TERMINAL[style]
    plain = {**model.dimensions, **model.parameters}
    if plain:
        yield ", ".join(f"{look.name(name)} = {_number(value, style)}" for name, value in plain.items())
    for name, value in model.constants.items():
        yield f"{look.name(name)} = {describe_value(value, style)}"
    for name, function in model.functions.items():
        yield function.in_words(look.name(name))
    rows = [one for one in model.law(_random_names(model)) if one[1]]
    for probability, outcome in rows[:MOST_ROWS]:
        yield f"with probability {_number(probability, style)}: {describe_outcome(outcome, style)}"
    if len(rows) > MOST_ROWS:
        yield f"and {len(rows) - MOST_ROWS} more outcomes"


def describe_outcome(outcome: Outcome, style: str = "unicode") -> str:
    return ", ".join(
        f"{TERMINAL[style].name(name)} = {describe_value(value, style)}" for name, value in sorted(outcome.items())
    )


def describe_positions(positions: Mapping[Index, int]) -> str:
    """The values of free indices, counted from 1 as in the lines."""
    return ", ".join(f"{index.name} = {place + 1}" for index, place in positions.items())


def describe_value(value: Matrix, style: str = "unicode") -> str:
    """A scalar as its number, a column as (1, 2)ᵀ, a matrix by its rows."""
    rows = [[_number(entry, style) for entry in row] for row in value]
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    if all(len(row) == 1 for row in rows):
        return f"({', '.join(row[0] for row in rows)}){TERMINAL[style].transpose}"
    return "[" + "; ".join(", ".join(row) for row in rows) + "]"


def _number(value: Any, style: str) -> str:
    return str(value).replace("-", TERMINAL[style].minus)


def model_as_json(model: Model) -> dict[str, Any]:
    """Everything that a model is made of; fractions as text, so that nothing is rounded."""
    return {
        "dimensions": dict(model.dimensions),
        "parameters": {name: str(value) for name, value in model.parameters.items()},
        "constants": {name: value_as_json(value) for name, value in model.constants.items()},
        "functions": {name: function.in_words(name) for name, function in model.functions.items()},
        "law": [
            {"probability": str(probability), "outcome": outcome_as_json(outcome)}
            for probability, outcome in model.law(_random_names(model))
            if outcome
        ],
    }


def value_as_json(value: Matrix) -> list[list[str]]:
    return [[str(entry) for entry in row] for row in value]


def outcome_as_json(outcome: Outcome) -> dict[str, list[list[str]]]:
    return {name: value_as_json(value) for name, value in sorted(outcome.items())}


def _random_names(model: Model) -> frozenset[str]:
    return frozenset(name for _, outcome in model.space[:1] for name in outcome)
