"""The value in a model of what analysis adds to the notation: functions, derivatives, Taylor remainders, roots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import factorial
from typing import Any

from proofsheet.exact_models.elementary import closed_form_value, root
from proofsheet.exact_models.matrices import entrywise
from proofsheet.exact_models.model import Matrix, ModelError, Outcome
from proofsheet.exact_models.series import coefficient, shifted
from proofsheet.notation import functions
from proofsheet.notation.functions import Function
from proofsheet.notation.tree import ONE


def function_value(read: Any, function: Function, orders: tuple[int, ...], arguments: list[Matrix]) -> Matrix:
    """A function of the notation, or one of its derivatives, by its closed form or by what the model says of it."""
    form = function.closed_form
    if form is not None:
        return entrywise(lambda entry: closed_form_value(form, len(orders), entry), arguments[0])
    if function.name not in read.model.functions:
        raise ModelError(f"the model does not know the function {function}")
    value: Matrix = read.model.functions[function.name].value(orders, arguments)
    return value


def applied(read: Any, node: functions.Applied, at: Any, outcome: Outcome) -> Matrix:
    arguments = [read(argument, at, outcome) for argument in node.arguments]
    return function_value(read, node.function, node.orders, arguments)


def remainder(read: Any, node: functions.Remainder, at: Any, outcome: Outcome) -> Matrix:
    """A(u + Δ) − Σ_{j<k} A⁽ʲ⁾(u) Δʲ/j!, by its content."""
    point, step = (read(part, at, outcome)[0][0] for part in (node.point, node.increment))

    def derived(order: int, where: Any) -> Any:
        return function_value(read, node.function, (0,) * order, [[[where]]])[0][0]

    terms = (derived(j, point) * step**j * Fraction(1, factorial(j)) for j in range(node.order))
    return [[derived(0, point + step) - sum(terms, Fraction(0))]]


def derivative(read: Any, node: functions.Derivative, at: Mapping[Any, int], outcome: Outcome) -> Matrix:
    """Each entry of the variable in turn is moved by an infinitesimal; what is defined through it moves along."""
    value = read.value_of(node.variable.name)
    if not node.indices:
        return [
            [_partial(read, node, value, i, j, at, outcome) for j in range(len(row))] for i, row in enumerate(value)
        ]
    places = iter([at[index] for index in node.indices])
    row = 0 if node.variable.shape[0] == ONE else next(places)
    return [[_partial(read, node, value, row, next(places, 0), at, outcome)]]


def _partial(read: Any, node: Any, value: Matrix, row: int, column: int, at: Any, outcome: Outcome) -> Any:
    moved = shifted(value[row][column])
    matrix = [list(entries) for entries in value]
    matrix[row][column] = moved
    return coefficient(read.at(node.variable.name, matrix)(node.body, at, outcome)[0][0], moved.tag)


def square_root(read: Any, node: functions.Root, at: Any, outcome: Outcome) -> Matrix:
    return entrywise(root, read(node.args[0], at, outcome))


READERS_OF_ANALYSIS: dict[type, Callable[..., Matrix]] = {
    functions.Applied: applied,
    functions.Remainder: remainder,
    functions.Derivative: derivative,
    functions.Root: square_root,
}
