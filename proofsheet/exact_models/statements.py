"""What a model is asked to satisfy: the assumptions of a theorem or of a step, by content; and whether it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

from sympy import Basic

from proofsheet.exact_models.elementary import sign
from proofsheet.exact_models.enclosures import Enclosure
from proofsheet.exact_models.evaluate import Evaluation
from proofsheet.exact_models.families import is_of_family
from proofsheet.exact_models.limits import Limit
from proofsheet.exact_models.model import Matrix, Model, ModelError, Outcome, all_positions
from proofsheet.notation.functions import Function
from proofsheet.notation.indices import Distinct, Index
from proofsheet.notation.scope import Names, random_variables
from proofsheet.notation.tree import Node
from proofsheet.notation.variables import Constant, RandomVariable


@dataclass(frozen=True)
class Statement:
    """Lines and the assumptions under which they are looked at, by content."""

    lines: tuple[Node, ...]
    independence: tuple[tuple[tuple[RandomVariable, ...], ...], ...]
    moments: tuple[tuple[Node, Node, tuple[Distinct, ...]], ...]
    limits: tuple[Limit, ...] = ()
    families: tuple[tuple[RandomVariable, Constant, Function], ...] = ()  # statistic, natural parameter, log-partition
    distinct: tuple[Distinct, ...] = ()  # of the free indices of the lines
    nonzero: tuple[Node, ...] = ()  # side conditions: not 0, for every index and outcome
    nonnegative: tuple[Node, ...] = ()


def names_of(statement: Statement) -> Names:
    """Everything that the lines and the assumptions speak of."""
    names = Names()
    parts: list[Basic] = [*statement.lines, *statement.distinct, *statement.nonzero, *statement.nonnegative]
    parts += [member for blocks in statement.independence for block in blocks for member in block]
    parts += [part for family in statement.families for part in family]
    for left, right, conditions in statement.moments:
        parts += [left, right, *conditions]
    for limit in statement.limits:
        parts += [limit.lower, limit.parameter, limit.upper]
    for part in parts:
        names.add(part)
    return names


def satisfies(model: Model, statement: Statement) -> bool:
    """Whether every assumption and side condition holds in the model, exactly; no earlier value goes into that.

    Raises ModelError where none is seen to fail, and for one the model cannot tell.
    """
    read = Evaluation(model)
    if not all(_holds_everywhere(read, statement, node, lambda found: found != 0) for node in statement.nonzero):
        return False
    if not all(_holds_everywhere(read, statement, node, lambda found: found >= 0) for node in statement.nonnegative):
        return False
    moments = all(
        _equal(read(left, at, {}), read(right, at, {}))
        for left, right, conditions in statement.moments
        for at in all_positions(left, model)
        if all(len({at[index] for index in condition.args}) == 2 for condition in conditions)
    )
    return (
        moments
        and all(is_independent(model, blocks) for blocks in statement.independence)
        and all(is_of_family(model, family) for family in statement.families)
    )


def _holds_everywhere(read: Evaluation, statement: Statement, node: Node, holds: Callable[[int], bool]) -> bool:
    """Whether the sign of a node is as wanted, for every index that i ≠ j leaves and every outcome."""
    law = read.model.law(frozenset(one.name for one in random_variables(node)))
    return all(
        holds(sign(read(node, at, outcome)[0][0]))
        for at in all_positions(node, read.model)
        if are_apart(at, statement.distinct)
        for _, outcome in law
    )


def are_apart(positions: Mapping[Index, int], distinct: Iterable[Distinct]) -> bool:
    """Whether the values of free indices are those that i ≠ j leaves."""
    return all(
        positions[one] != positions[other]
        for one, other in (condition.args for condition in distinct)
        if one in positions and other in positions
    )


def _equal(left: Matrix, right: Matrix) -> bool:
    """Raises ModelError of enclosed numbers that may be equal: that they are is not known."""
    pairs = [pair for rows in zip(left, _like(right, left), strict=True) for pair in zip(*rows, strict=True)]
    if any(isinstance(number, Enclosure) for pair in pairs for number in pair):
        if all(Enclosure.of(one).overlaps(Enclosure.of(other)) for one, other in pairs):
            raise ModelError("whether a moment has this value is not known: its numbers are enclosed, not exact")
        return False
    return all(one == other for one, other in pairs)


def _like(value: Matrix, shape: Matrix) -> Matrix:
    """A scalar 0 on the right side fits every shape."""
    if value == [[Fraction(0)]]:
        return [[Fraction(0)] * len(row) for row in shape]
    return value


def is_independent(model: Model, blocks: tuple[tuple[RandomVariable, ...], ...]) -> bool:
    """Joint probabilities are the products of the blocks' own, for every combination of values."""

    def value(outcome: Outcome, block: tuple[RandomVariable, ...]) -> tuple[Fraction, ...]:
        return tuple(entry for variable in block for row in outcome[variable.name] for entry in row)

    joint: dict[tuple[tuple[Fraction, ...], ...], Fraction] = {}
    single: list[dict[tuple[Fraction, ...], Fraction]] = [{} for _ in blocks]
    for probability, outcome in model.law(frozenset(member.name for block in blocks for member in block)):
        values = tuple(value(outcome, block) for block in blocks)
        joint[values] = joint.get(values, Fraction(0)) + probability
        for own, table in zip(values, single, strict=True):
            table[own] = table.get(own, Fraction(0)) + probability
    return all(
        joint.get(values, Fraction(0)) == prod((table[own] for own, table in zip(values, single, strict=True)))
        for values in product(*single)
    )


def random_in(node: Node) -> set[RandomVariable]:
    """Every random variable in a node, bound or not, through definitions too."""
    return set(node.atoms(RandomVariable))


def separated(one: RandomVariable, other: RandomVariable, statement: Statement) -> bool:
    """Whether two variables lie in different blocks of one independence assumption."""
    return any(
        one in block and other in second
        for blocks in statement.independence
        for block in blocks
        for second in blocks
        if block != second
    )
