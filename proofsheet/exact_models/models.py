"""One finite model of a set of assumptions: built from prescribed moments, then checked by evaluation.

Variables tied by a moment are built together, in coordinates in which the known moments are those of independent linear
forms (so that ε := ŷ − y is prescribed and ŷ follows); independent groups are multiplied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod
from random import Random

from proofsheet.exact_models.families import with_families
from proofsheet.exact_models.group_laws import group_law, unpacked
from proofsheet.exact_models.laws import NegativePivot, nonzero
from proofsheet.exact_models.model import Matrix, Model, ModelError, ModelFunction
from proofsheet.exact_models.opaque import opaque_function
from proofsheet.exact_models.statements import Statement, names_of, random_in, satisfies, separated
from proofsheet.notation.functions import Function
from proofsheet.notation.scope import Names
from proofsheet.notation.tree import Node, Number
from proofsheet.notation.variables import Constant, RandomVariable

MOST_OUTCOMES = 10_000


@dataclass(frozen=True)
class Attempt:
    """One point: the model, or the certificate that there is none, or neither."""

    dimensions: Mapping[str, int]
    parameters: Mapping[str, Fraction]
    model: Model | None
    certificate: NegativePivot | None = None

    @property
    def verdict(self) -> str:
        return "witness" if self.model else "none exists" if self.certificate else "none found"

    def __str__(self) -> str:
        where = ", ".join(f"{name} = {value}" for name, value in {**self.dimensions, **self.parameters}.items())
        found = (
            f"a witness with {len(self.model.space)} outcomes" if self.model else str(self.certificate or "none found")
        )
        return f"{where}: {found}" if where else found


def attempt(
    statement: Statement,
    names: Names,
    dimensions: Mapping[str, int],
    parameters: Mapping[str, Fraction],
    random: Random,
    constants_zero: bool = False,
) -> Attempt:
    """A witness at one point, checked by evaluation; or a certificate; or neither."""
    constants = {node.name: constant_value(node, dimensions, random) for node in names.of_kind(Constant)}
    if constants_zero:  # a claim that nothing satisfies the assumptions must survive this too
        constants = {name: [[Fraction(0)] * len(row) for row in matrix] for name, matrix in constants.items()}
    bare = Model(dimensions, parameters, constants, functions=functions_of(names, dimensions, random))
    variables: list[RandomVariable] = names.of_kind(RandomVariable)
    spaces: list[list[tuple[Fraction, dict[str, Matrix]]]] = []
    for group in _groups(variables, statement):
        law = group_law(group, statement, bare, random)
        if isinstance(law, NegativePivot):
            return Attempt(dimensions, parameters, None, law)
        if law is None:
            return Attempt(dimensions, parameters, None)
        spaces.append([(probability, unpacked(group, point, bare)) for probability, point in law])
    if prod(map(len, spaces)) > MOST_OUTCOMES:
        return Attempt(dimensions, parameters, None)
    model = with_families(replace(bare, space=product_space(spaces)), statement.families)
    try:
        return Attempt(dimensions, parameters, model if satisfies(model, statement) else None)
    except ModelError:  # the model cannot tell
        return Attempt(dimensions, parameters, None)


def constant_value(node: Constant, dimensions: Mapping[str, int], random: Random) -> Matrix:
    rows, columns = (size_of(size, dimensions) for size in node.shape)
    matrix = [[nonzero(random) for _ in range(columns)] for _ in range(rows)]
    if not node.is_symmetric:
        return matrix
    turned = [list(row) for row in zip(*matrix, strict=True)]
    if node.structure == "symmetric":
        return [[a + b for a, b in zip(*pair, strict=True)] for pair in zip(matrix, turned, strict=True)]
    return [[sum((a * b for a, b in zip(row, other, strict=True)), Fraction(0)) for other in matrix] for row in matrix]


def functions_of(
    names: Names, dimensions: Mapping[str, int], random: Random, small: bool = False
) -> dict[str, ModelFunction]:
    """A random polynomial for every function without a closed form."""
    return {
        one.name: opaque_function(one, [_sizes(shape, dimensions) for shape in one.shapes], random, small)
        for one in names.of_kind(Function)
        if one.closed_form is None
    }


def _sizes(shape: tuple[Node, Node], dimensions: Mapping[str, int]) -> tuple[int, int]:
    return size_of(shape[0], dimensions), size_of(shape[1], dimensions)


def size_of(size: Node, dimensions: Mapping[str, int]) -> int:
    return int(size.value) if isinstance(size, Number) else dimensions[size.name]


# ---- groups of variables that are built together --------------------------------------------------------------


def _groups(variables: list[RandomVariable], statement: Statement) -> list[list[RandomVariable]]:
    """Variables tied by a moment, or free of all assumptions but not declared independent, belong together."""
    moments = [random_in(left) for left, _, _ in statement.moments]
    constrained = set().union(*moments) if moments else set()
    ties = [*moments, {variable for variable in variables if variable not in constrained}]
    groups: list[list[RandomVariable]] = []
    for variable in variables:
        tied = [
            group
            for group in groups
            if any(variable in tie and member in tie for tie in ties for member in group)
            and not any(separated(variable, member, statement) for member in group)
        ]
        groups = [group for group in groups if group not in tied]
        groups.append([member for group in tied for member in group] + [variable])
    return groups


def product_space(
    spaces: list[list[tuple[Fraction, dict[str, Matrix]]]],
) -> list[tuple[Fraction, Mapping[str, Matrix]]]:
    result: list[tuple[Fraction, Mapping[str, Matrix]]] = []
    for combination in product(*spaces):
        outcome: dict[str, Matrix] = {}
        for _, part in combination:
            outcome |= part
        result.append((prod((probability for probability, _ in combination), start=Fraction(1)), outcome))
    return result


__all__ = [
    "Attempt",
    "Statement",
    "attempt",
    "constant_value",
    "functions_of",
    "names_of",
    "product_space",
    "satisfies",
]
