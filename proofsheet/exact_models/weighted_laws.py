"""The law of a group of variables by the weights of given points: for every moment that is linear in the weights.

E[g] = value is a linear equation in the weights, of whatever degree g is; so is E[g] = E[h]. What is not linear, as
Var[y] = v or E[xy] = E[x] E[y], is so once the means in it are chosen: those of a first solution without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import isqrt
from random import Random
from typing import Any

from proofsheet.exact_models.evaluate import evaluate
from proofsheet.exact_models.group_laws import entry_count, unpacked
from proofsheet.exact_models.laws import Law
from proofsheet.exact_models.linear_programs import weights_with
from proofsheet.exact_models.model import Matrix, Model, Space, all_positions
from proofsheet.exact_models.statements import random_in
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.indices import Distinct
from proofsheet.notation.scope import random_variables
from proofsheet.notation.tree import Node
from proofsheet.notation.variables import RandomVariable

LARGEST_SIZE = 9
STEPS = tuple(
    Fraction(n, d) for n, d in ((-3, 1), (-2, 1), (-3, 2), (-1, 1), (-1, 2), (1, 2), (1, 1), (3, 2), (2, 1), (3, 1))
)
MOST_POINTS = 110

MomentContent = tuple[Node, Node, tuple[Distinct, ...]]
Equation = tuple[list[Fraction], Fraction]  # Σ row · weights = right


class NotLinear(Exception):
    """The right side of a moment is not linear in the weights."""


@dataclass
class _Group:
    """Points for a group of variables, beside the law of what was built before (in `bare`), from which it is independent."""

    members: list[RandomVariable]
    bare: Model
    points: list[list[Fraction]]
    random: Random

    def __post_init__(self) -> None:
        self.outcomes = [unpacked(self.members, point, self.bare) for point in self.points]
        self.names = frozenset(one.name for one in self.members)

    def means(self, body: Node, at: Any) -> list[Matrix]:
        """E[body] if the whole weight were on one point, for each of them."""
        others = frozenset(one.name for one in random_variables(body)) - self.names
        law = self.bare.law(others)

        def mean(outcome: dict[str, Matrix]) -> Matrix:
            values = [(p, evaluate(body, self.bare, at, {**drawn, **outcome})) for p, drawn in law]
            rows, columns = range(len(values[0][1])), range(len(values[0][1][0]))
            return [[sum((p * value[a][b] for p, value in values), Fraction(0)) for b in columns] for a in rows]

        return [mean(outcome) for outcome in self.outcomes]

    def model(self, weights: list[Fraction]) -> Model:
        space: Space = [
            (p * weight, {**drawn, **outcome})
            for weight, outcome in zip(weights, self.outcomes, strict=True)
            if weight
            for p, drawn in (self.bare.space or [(Fraction(1), {})])
        ]
        return replace(self.bare, space=space)

    def speaks_of(self, node: Node) -> bool:
        return any(one in self.members for one in random_in(node))


def law_by_weights(
    members: list[RandomVariable],
    moments: list[MomentContent],
    bare: Model,
    random: Random,
    blocks: list[list[RandomVariable]] | None = None,
) -> Law | None:
    """A law of `members` with these moments; `blocks` of them take their values independently of each other."""
    size = sum(entry_count(one, bare) for one in members)
    if size > LARGEST_SIZE:
        return None
    points = _points(members, moments, bare, random, blocks or [members])
    group = _Group(members, bare, points, random)
    linear, other = [], []
    for moment in moments:
        try:
            linear += list(_linear_equations(group, moment))
        except NotLinear:
            other.append(moment)
    first = _solved(group, linear)
    if first is None or not other:
        return _as_law(group, first)
    return _as_law(group, _solved(group, linear + _chosen_equations(group, other, group.model(first))))


def _solved(group: _Group, equations: list[Equation]) -> list[Fraction] | None:
    everything: Equation = ([Fraction(1)] * len(group.points), Fraction(1))
    rows, right = zip(*[everything, *equations], strict=True)
    return weights_with(list(rows), list(right), group.random)


def _as_law(group: _Group, weights: list[Fraction] | None) -> Law | None:
    if weights is None:
        return None
    return [(weight, point) for weight, point in zip(weights, group.points, strict=True) if weight]


def _linear_equations(group: _Group, moment: MomentContent) -> Iterator[Equation]:
    left, right, conditions = moment
    if not isinstance(left, Expectation):
        raise NotLinear
    for at in _allowed(left, conditions, group.bare):
        values = group.means(left.args[0], at)
        if not group.speaks_of(right):
            yield from _equations(values, evaluate(right, group.bare, at))
            continue
        others = [evaluate(right, group.model(weights), at) for weights in _unit_weights(len(values))]
        _refuse_not_linear(group, right, at, others)
        apart = [_less(value, _like(other, value)) for value, other in zip(values, others, strict=True)]
        yield from _equations(apart, [[Fraction(0)]])


def _refuse_not_linear(group: _Group, right: Node, at: Any, others: list[Matrix]) -> None:
    weights = [Fraction(group.random.randint(0, 5)) for _ in group.points]
    total = sum(weights) or Fraction(1)
    weights = [weight / total for weight in weights] if any(weights) else next(_unit_weights(len(weights)))
    mixed = evaluate(right, group.model(weights), at)
    for a, row in enumerate(mixed):
        for b, entry in enumerate(row):
            if entry != sum((weight * other[a][b] for weight, other in zip(weights, others, strict=True)), Fraction(0)):
                raise NotLinear


def _chosen_equations(group: _Group, moments: list[MomentContent], model: Model) -> list[Equation]:
    """Equations that suffice for the moments, with every mean in them as it is in `model`."""
    found: list[Equation] = []
    for left, right, conditions in moments:
        for at in _allowed(left, conditions, model):
            inner = [node for node in right.atoms(Expectation, Variance, Covariance) if group.speaks_of(node)]
            for node in inner:
                for here in all_positions(node, model):
                    found += _held_fixed(group, node, here, model)
            value = evaluate(right, model, at)
            found += _of_left(group, left, value, at, model)
    return found


def _held_fixed(group: _Group, node: Node, at: Any, model: Model) -> list[Equation]:
    """E, Var or Cov as it is in the model."""
    return _of_left(group, node, evaluate(node, model, at), at, model)


def _of_left(group: _Group, left: Node, value: Matrix, at: Any, model: Model) -> list[Equation]:
    if isinstance(left, Expectation):
        return list(_equations(group.means(left.args[0], at), value))
    sides = (left.args[0], left.args[-1])
    means = [evaluate(Expectation(side), model, at) for side in sides]
    found = [
        equation
        for side, mean in zip(sides, means, strict=True)
        for equation in _equations(group.means(side, at), mean)
    ]
    row, column = (_column(mean) for mean in means)
    product_of_means = [[a * b for b in column] for a in row]
    outer = group.means(sides[0] @ sides[1].T, at)
    wanted = [
        [a + b for a, b in zip(*rows, strict=True)]
        for rows in zip(_like(value, product_of_means), product_of_means, strict=True)
    ]
    return [*found, *_equations(outer, wanted)]


def _column(matrix: Matrix) -> list[Fraction]:
    return [row[0] for row in matrix]


def _allowed(left: Node, conditions: tuple[Distinct, ...], model: Model) -> Iterator[Any]:
    for at in all_positions(left, model):
        if all(at[one] != at[other] for one, other in (condition.args for condition in conditions)):
            yield at


def _equations(values: list[Matrix], right: Matrix) -> Iterator[Equation]:
    """One for each entry."""
    wanted = _like(right, values[0])
    for a, row in enumerate(wanted):
        for b, entry in enumerate(row):
            yield [value[a][b] for value in values], entry


def _like(value: Matrix, shape: Matrix) -> Matrix:
    return [[Fraction(0)] * len(row) for row in shape] if value == [[Fraction(0)]] else value


def _less(one: Matrix, other: Matrix) -> Matrix:
    return [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(one, other, strict=True)]


def _unit_weights(count: int) -> Iterator[list[Fraction]]:
    for place in range(count):
        yield [Fraction(k == place) for k in range(count)]


# ---- points ---------------------------------------------------------------------------------------------------


def _points(
    members: list[RandomVariable],
    moments: list[MomentContent],
    bare: Model,
    random: Random,
    blocks: list[list[RandomVariable]],
) -> list[list[Fraction]]:
    """Points of a grid in the size of the prescribed values, some with all signs turned; and all of 0 and 1."""
    sizes = [entry_count(one, bare) for one in members]
    scales = _scales(moments, bare)
    if len(blocks) == 1:
        drawn = _grid(sum(sizes), scales, random, MOST_POINTS)
    else:
        by_block = [_grid(sum(entry_count(one, bare) for one in block), scales, random, 12)[-6:] for block in blocks]
        drawn = [_in_order(members, blocks, choice, bare) for choice in product(*by_block)][: 2 * MOST_POINTS]
    return [list(point) for point in dict.fromkeys(map(tuple, drawn))]


def _grid(size: int, scales: list[Fraction], random: Random, count: int) -> list[list[Fraction]]:
    corners = [list(map(Fraction, corner)) for corner in product((0, 1), repeat=size)] if size <= 5 else []
    if size == 1:
        return corners + [[step * scale] for scale in scales for step in STEPS]
    found = corners
    while len(found) < count:
        scale = random.choice(scales)
        point = [random.choice((Fraction(0), *STEPS)) * scale for _ in range(size)]
        found += [point, [-z for z in point]]
    return found


def _in_order(
    members: list[RandomVariable], blocks: list[list[RandomVariable]], parts: Any, bare: Model
) -> list[Fraction]:
    """The values of blocks put together in the order of the members."""
    values: dict[RandomVariable, list[Fraction]] = {}
    for block, part in zip(blocks, parts, strict=True):
        entries = iter(part)
        for one in block:
            values[one] = [next(entries) for _ in range(entry_count(one, bare))]
    return [entry for one in members for entry in values[one]]


def _scales(moments: list[MomentContent], bare: Model) -> list[Fraction]:
    """1, and about the square roots of the prescribed values."""
    found = {Fraction(1)}
    for left, right, conditions in moments:
        if right.has(Expectation, Variance, Covariance):
            continue
        for at in _allowed(left, conditions, bare):
            sizes = [abs(entry) for row in evaluate(right, bare, at) for entry in row if isinstance(entry, Fraction)]
            found |= {max(Fraction(1, 4), Fraction(isqrt(int(16 * size)), 4)) for size in sizes if size}
    return sorted(found)[:4]
