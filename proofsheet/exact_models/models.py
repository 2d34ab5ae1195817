"""One finite model of a set of assumptions: built from prescribed moments, then checked by evaluation.

Variables tied by a moment are built together, in coordinates in which the known moments are those of independent linear
forms (so that ε := ŷ − y is prescribed and ŷ follows); independent groups are multiplied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from random import Random
from typing import Any

from proofsheet.exact_models.evaluate import Matrix, Model, all_positions, evaluate
from proofsheet.exact_models.laws import (
    Law,
    NegativePivot,
    factored,
    generic_law,
    law_with,
    nonzero,
    right_inverse,
    solution,
)
from proofsheet.exact_models.limits import Limit
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.indices import Distinct
from proofsheet.notation.scope import Names, free_indices
from proofsheet.notation.tree import ONE, Group, MatrixProduct, Node, Number, Power, Product
from proofsheet.notation.variables import Constant, RandomVariable

MOST_OUTCOMES = 10_000


@dataclass(frozen=True)
class Statement:
    """What the witness layer reads of a theorem: its lines and its assumptions, by content."""

    lines: tuple[Node, ...]
    independence: tuple[tuple[tuple[RandomVariable, ...], ...], ...]
    moments: tuple[tuple[Node, Node, tuple[Distinct, ...]], ...]
    limits: tuple[Limit, ...] = ()


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
        return f"{where or 'everywhere'}: {found}"


def attempt(
    statement: Statement,
    names: Names,
    dimensions: Mapping[str, int],
    parameters: Mapping[str, Fraction],
    random: Random,
    constants_zero: bool = False,
) -> Attempt:
    """A witness at one point, checked by evaluation; or a certificate; or neither."""
    constants = {node.name: _constant(node, dimensions, random) for node in names.of_kind(Constant)}
    if constants_zero:  # a claim that nothing satisfies the assumptions must survive this too
        constants = {name: [[Fraction(0)] * len(row) for row in matrix] for name, matrix in constants.items()}
    bare = Model(dimensions, parameters, constants)
    variables: list[RandomVariable] = names.of_kind(RandomVariable)
    spaces: list[list[tuple[Fraction, dict[str, Matrix]]]] = []
    for group in _groups(variables, statement):
        law = _group_law(group, statement, bare, random)
        if isinstance(law, NegativePivot):
            return Attempt(dimensions, parameters, None, law)
        if law is None:
            return Attempt(dimensions, parameters, None)
        spaces.append([(probability, _unpacked(group, point, bare)) for probability, point in law])
    if prod(map(len, spaces)) > MOST_OUTCOMES:
        return Attempt(dimensions, parameters, None)
    model = Model(dimensions, parameters, constants, _product_space(spaces))
    return Attempt(dimensions, parameters, model if satisfies(model, statement) else None)


def satisfies(model: Model, statement: Statement) -> bool:
    """Whether every assumption holds in the model, exactly."""
    moments = all(
        evaluate(left, model, at) == _like(evaluate(right, model, at), evaluate(left, model, at))
        for left, right, conditions in statement.moments
        for at in all_positions(left, model)
        if all(len({at[index] for index in condition.args}) == 2 for condition in conditions)
    )
    return moments and all(_independent(model, blocks) for blocks in statement.independence)


def _like(value: Matrix, shape: Matrix) -> Matrix:
    """A scalar 0 on the right side fits every shape."""
    if value == [[Fraction(0)]]:
        return [[Fraction(0)] * len(row) for row in shape]
    return value


def _independent(model: Model, blocks: tuple[tuple[RandomVariable, ...], ...]) -> bool:
    """Joint probabilities are the products of the blocks' own, for every combination of values."""

    def value(outcome: Mapping[str, Matrix], block: tuple[RandomVariable, ...]) -> str:
        return repr([outcome[variable.name] for variable in block])

    joint: dict[tuple[str, ...], Fraction] = {}
    single: list[dict[str, Fraction]] = [{} for _ in blocks]
    for probability, outcome in model.space:
        values = tuple(value(outcome, block) for block in blocks)
        joint[values] = joint.get(values, Fraction(0)) + probability
        for own, table in zip(values, single, strict=True):
            table[own] = table.get(own, Fraction(0)) + probability
    return all(
        joint.get(values, Fraction(0)) == prod((table[own] for own, table in zip(values, single, strict=True)))
        for values in product(*single)
    )


def _constant(node: Constant, dimensions: Mapping[str, int], random: Random) -> Matrix:
    rows, columns = (_size(size, dimensions) for size in node.shape)
    matrix = [[nonzero(random) for _ in range(columns)] for _ in range(rows)]
    if not node.is_symmetric:
        return matrix
    turned = [list(row) for row in zip(*matrix, strict=True)]
    if node.structure == "symmetric":
        return [[a + b for a, b in zip(*pair, strict=True)] for pair in zip(matrix, turned, strict=True)]
    return [[sum((a * b for a, b in zip(row, other, strict=True)), Fraction(0)) for other in matrix] for row in matrix]


def _size(size: Node, dimensions: Mapping[str, int]) -> int:
    return int(size.value) if isinstance(size, Number) else dimensions[size.name]


# ---- groups of variables that are built together --------------------------------------------------------------


def _separated(one: RandomVariable, other: RandomVariable, statement: Statement) -> bool:
    return any(
        one in block and other in second
        for blocks in statement.independence
        for block in blocks
        for second in blocks
        if block != second
    )


def _groups(variables: list[RandomVariable], statement: Statement) -> list[list[RandomVariable]]:
    """Variables tied by a moment, or free of all assumptions but not declared independent, belong together."""
    moments = [_base(left) for left, _, _ in statement.moments]
    constrained = set().union(*moments) if moments else set()
    ties = [*moments, {variable for variable in variables if variable not in constrained}]
    groups: list[list[RandomVariable]] = []
    for variable in variables:
        tied = [
            group
            for group in groups
            if any(variable in tie and member in tie for tie in ties for member in group)
            and not any(_separated(variable, member, statement) for member in group)
        ]
        groups = [group for group in groups if group not in tied]
        groups.append([member for group in tied for member in group] + [variable])
    return groups


def _base(node: Node) -> set[RandomVariable]:
    return set(node.atoms(RandomVariable))


# ---- the law of one group -------------------------------------------------------------------------------------


class _Forms:
    """Linear forms in the coordinates of a group, with what is known of their moments."""

    def __init__(self) -> None:
        self.rows: list[list[Fraction]] = []
        self.first: dict[int, Fraction] = {}
        self.second: dict[tuple[int, int], Fraction] = {}
        self.central: dict[tuple[int, int], Fraction] = {}
        self.entries: dict[Any, dict[tuple[int, int], list[Fraction]] | None] = {}

    def number(self, row: list[Fraction]) -> int:
        if row not in self.rows:
            self.rows.append(row)
        return self.rows.index(row)


def _group_law(
    group: list[RandomVariable], statement: Statement, bare: Model, random: Random
) -> Law | NegativePivot | None:
    size = sum(_entries(variable, bare) for variable in group)
    forms = _known_moments(group, statement, bare)
    if forms is None:
        return None
    if not forms.rows:
        return generic_law(size, 3, random)
    split = right_inverse(forms.rows)
    if split is None:
        return None
    law = _law_of_forms(forms, random)
    if not isinstance(law, list):
        return law
    inverse, kernel = split
    rest = generic_law(len(kernel), 2, random) if kernel else [(Fraction(1), [])]
    points: Law = []
    for (probability, values), (other, free) in product(law, rest):
        directions = [*zip(values, inverse, strict=True), *zip(free, kernel, strict=True)]
        point = [sum((amount * column[k] for amount, column in directions), Fraction(0)) for k in range(size)]
        points.append((probability * other, point))
    return points


def _known_moments(group: list[RandomVariable], statement: Statement, bare: Model) -> _Forms | None:
    """The first and second moments of linear forms that the assumptions give; None if one is not of that kind."""
    forms = _Forms()
    for left, right, conditions in statement.moments:
        if not _base(left) <= set(group):
            continue  # it ties independent groups, and is checked at the end
        for at in all_positions(left, bare):
            if any(len({at[index] for index in condition.args}) == 1 for condition in conditions):
                continue
            if not _enter(forms, group, left, right, at, bare):
                return None
    return forms


def _enter(forms: _Forms, group: list[RandomVariable], left: Node, right: Node, at: Any, bare: Model) -> bool:
    if not _is_plain(right):
        return False
    value = evaluate(right, bare, at)
    if isinstance(left, (Variance, Covariance)):
        return _enter_pair(forms.central, forms, (left.args[0], left.args[-1]), value, group, at, bare)
    factors = _factor_pair(left.args[0])
    if factors is None:
        single = _remembered_entries(forms, left.args[0], group, at, bare)
        for (a, b), row in (single or {}).items():
            forms.first[forms.number(row)] = _entry(value, a, b)
        return single is not None
    return _enter_pair(forms.second, forms, factors, value, group, at, bare)


def _enter_pair(table: Any, forms: _Forms, factors: Any, value: Matrix, group: Any, at: Any, bare: Model) -> bool:
    rows = [_remembered_entries(forms, factor, group, at, bare) for factor in factors]
    if rows[0] is None or rows[1] is None:
        return False
    for ((a, _), first), ((b, _), second) in product(rows[0].items(), rows[1].items()):
        low, high = sorted((forms.number(first), forms.number(second)))
        table[low, high] = _entry(value, a, b)
    return True


def _is_plain(right: Node) -> bool:
    return not right.has(Expectation, Variance, Covariance)


def _entry(value: Matrix, row: int, column: int) -> Fraction:
    return value[0][0] if value == [[Fraction(0)]] else value[row][column]


def _entries(variable: RandomVariable, bare: Model) -> int:
    return bare.size(variable.shape[0]) * bare.size(variable.shape[1])


def _unpacked(group: list[RandomVariable], point: list[Fraction], bare: Model) -> dict[str, Matrix]:
    outcome: dict[str, Matrix] = {}
    values = iter(point)
    for variable in group:
        rows, columns = map(bare.size, variable.shape)
        outcome[variable.name] = [[next(values) for _ in range(columns)] for _ in range(rows)]
    return outcome


def _remembered_entries(forms: _Forms, node: Node, group: list[RandomVariable], at: Any, bare: Model) -> Any:
    """As `_linear_entries`, once for each value of the indices that the node has."""
    key = (node, tuple((index, at[index]) for index in sorted(free_indices(node), key=str)))
    if key not in forms.entries:
        forms.entries[key] = _linear_entries(node, group, at, bare)
    return forms.entries[key]


def _linear_entries(
    node: Node, group: list[RandomVariable], at: Any, bare: Model
) -> dict[tuple[int, int], list[Fraction]] | None:
    """For each entry of `node` its coefficients in the group's coordinates, if it is linear in them; else None.

    Linearity is tested: the value at a random point must be the one that the coefficients give.
    """
    size = sum(_entries(variable, bare) for variable in group)

    def value(point: list[Fraction]) -> Matrix:
        return evaluate(node, bare, at, _unpacked(group, point, bare))

    columns = [value([Fraction(k == place) for k in range(size)]) for place in range(size)]
    entries = list(product(range(len(columns[0])), range(len(columns[0][0]))))
    table = {(a, b): [column[a][b] for column in columns] for a, b in entries}
    random = Random(1)
    point = [nonzero(random) for _ in range(size)]
    probe = value(point)
    linear = all(
        probe[a][b] == sum((coefficient * z for coefficient, z in zip(row, point, strict=True)), Fraction(0))
        for (a, b), row in table.items()
    )
    return table if linear else None


def _factor_pair(node: Node) -> tuple[Node, Node] | None:
    """The two factors of a product whose entry (a, b) is (first factor)_a · (second factor)_b; else None."""
    while isinstance(node, Group):
        node = node.args[0]
    if isinstance(node, Power) and node.exponent == 2:
        return node.args[0], node.args[0]
    if isinstance(node, Product) and len(node.args) == 2 and node.is_scalar:
        return node.args[0], node.args[1]
    if isinstance(node, MatrixProduct) and len(node.args) == 2 and node.args[0].shape[1] == ONE:
        return node.args[0], node.args[1].T
    return None


def _law_of_forms(forms: _Forms, random: Random) -> Law | NegativePivot | None:
    """A law of the forms with the known means and second moments; what is not known is chosen."""
    certificate = _certificate(forms)
    if certificate is not None:
        return certificate
    for mean in _candidate_means(forms, random):
        law = law_with(mean, _covariance(forms, mean), random)
        if isinstance(law, list):
            return law
    return None


def _certificate(forms: _Forms) -> NegativePivot | None:
    """Why no law can have these moments, where all pairs are known.

    With S the second moments, K the forms of known mean: S and S_KK − μ_K μ_Kᵀ must be positive semidefinite; that is
    also sufficient, since the unknown means can then be chosen (a positive-semidefinite completion of a chordal pattern).
    """
    everything, known = range(len(forms.rows)), sorted(forms.first)
    pairs = [(k, l) for l in everything for k in range(l + 1)]
    if all(pair in forms.central for pair in pairs) or (
        len(known) == len(forms.rows) and all(pair in forms.central or pair in forms.second for pair in pairs)
    ):
        return _failing_pivot(_covariance(forms, [forms.first.get(k, Fraction(0)) for k in everything]))
    if not all(pair in forms.second for pair in pairs):
        return None
    second = _second_moments(forms)
    restricted = [[second[k][l] - forms.first[k] * forms.first[l] for l in known] for k in known]
    return _failing_pivot(second) or _failing_pivot(restricted)


def _failing_pivot(matrix: list[list[Fraction]]) -> NegativePivot | None:
    pivots = factored(matrix)
    return pivots if isinstance(pivots, NegativePivot) else None


def _second_moments(forms: _Forms) -> list[list[Fraction]]:
    count = range(len(forms.rows))
    return [[forms.second.get((min(k, l), max(k, l)), Fraction(0)) for l in count] for k in count]


def _candidate_means(forms: _Forms, random: Random) -> Iterator[list[Fraction]]:
    """Means to try for the forms whose mean is not known: random ones, 0, and those that the known ones predict."""
    count = range(len(forms.rows))
    for scale in (Fraction(1), Fraction(1, 8), Fraction(0)):
        yield [forms.first.get(k, scale * nonzero(random)) for k in count]
    known, second = sorted(forms.first), _second_moments(forms)
    weights = solution([[second[k][l] for l in known] for k in known], [forms.first[k] for k in known])
    if weights is not None:
        predicted = [sum((second[u][k] * z for k, z in zip(known, weights, strict=True)), Fraction(0)) for u in count]
        yield [forms.first.get(u, predicted[u]) for u in count]


def _covariance(forms: _Forms, mean: list[Fraction]) -> list[list[Fraction]]:
    count = len(mean)

    def known(k: int, l: int) -> Fraction | None:
        pair = (min(k, l), max(k, l))
        if pair in forms.central:
            return forms.central[pair]
        return forms.second[pair] - mean[k] * mean[l] if pair in forms.second else None

    matrix = [[known(k, l) or Fraction(0) for l in range(count)] for k in range(count)]
    for k in range(count):
        if known(k, k) is None:
            matrix[k][k] = 1 + sum((abs(entry) for entry in matrix[k]), Fraction(0))
    return matrix


def _product_space(
    spaces: list[list[tuple[Fraction, dict[str, Matrix]]]],
) -> list[tuple[Fraction, Mapping[str, Matrix]]]:
    result: list[tuple[Fraction, Mapping[str, Matrix]]] = []
    for combination in product(*spaces):
        outcome: dict[str, Matrix] = {}
        for _, part in combination:
            outcome |= part
        result.append((prod((probability for probability, _ in combination), start=Fraction(1)), outcome))
    return result
