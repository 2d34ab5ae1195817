"""The law of one group of variables that is tied by moments: prescribed first and second moments, and nothing more.

The known moments are those of linear forms in the coordinates of the group (so that ε := ŷ − y is prescribed and ŷ follows).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from proofsheet.exact_models.evaluate import evaluate
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
from proofsheet.exact_models.model import Matrix, Model, all_positions
from proofsheet.exact_models.statements import Statement, random_in
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.scope import free_indices
from proofsheet.notation.tree import ONE, Group, MatrixProduct, Node, Power, Product
from proofsheet.notation.variables import RandomVariable


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


def group_law(
    group: list[RandomVariable],
    statement: Statement,
    bare: Model,
    random: Random,
    generic: bool = False,
    plain: bool = False,
) -> Law | NegativePivot | None:
    """A law with the moments that are assumed of the group; a certificate that there is none; or neither.

    A `generic` law has no other special moment: what is not prescribed is correlated with what is, and several
    coordinates move at once. A `plain` one has numbers that a reader can follow.
    """
    size = sum(entry_count(variable, bare) for variable in group)
    forms = _known_moments(group, statement, bare)
    if forms is None:
        return None
    if not forms.rows:
        return generic_law(size, min(size + 2, 5) if generic else 3, random)
    split = right_inverse(forms.rows)
    if split is None:
        return None
    law = _law_of_forms(forms, random, generic, plain)
    if not isinstance(law, list):
        return law
    inverse, kernel = split
    points: Law = []
    for (probability, values), (other, free) in _with_free_part(law, len(kernel), random, generic):
        directions = [*zip(values, inverse, strict=True), *zip(free, kernel, strict=True)]
        point = [sum((amount * column[k] for amount, column in directions), Fraction(0)) for k in range(size)]
        points.append((probability * other, point))
    return points


def _with_free_part(law: Law, size: int, random: Random, generic: bool) -> Iterator[tuple[Any, Any]]:
    """Each outcome with values for what no moment speaks of; in a generic law these depend on the outcome."""
    one: Law = [(Fraction(1), [])]
    if generic:
        for outcome in law:
            for free in generic_law(size, 2 if len(law) < 3 else 1, random) if size else one:
                yield outcome, free
    else:
        yield from product(law, generic_law(size, 2, random) if size else one)


def _known_moments(group: list[RandomVariable], statement: Statement, bare: Model) -> _Forms | None:
    """The first and second moments of linear forms that the assumptions give; None if one is not of that kind."""
    forms = _Forms()
    for left, right, conditions in statement.moments:
        if not random_in(left) <= set(group):
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


def entry_count(variable: RandomVariable, bare: Model) -> int:
    return bare.size(variable.shape[0]) * bare.size(variable.shape[1])


def unpacked(group: list[RandomVariable], point: list[Fraction], bare: Model) -> dict[str, Matrix]:
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
    size = sum(entry_count(variable, bare) for variable in group)

    def value(point: list[Fraction]) -> Matrix:
        return evaluate(node, bare, at, unpacked(group, point, bare))

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


def _law_of_forms(forms: _Forms, random: Random, generic: bool, plain: bool) -> Law | NegativePivot | None:
    """A law of the forms with the known means and second moments; what is not known is chosen."""
    certificate = _certificate(forms)
    if certificate is not None:
        return certificate
    for mean in _candidate_means(forms, random):
        for strength in (Fraction(1, 2), Fraction(1, 8), Fraction(1, 64), Fraction(0)) if generic else (Fraction(0),):
            law = law_with(mean, _covariance(forms, mean, random, strength), random, generic, plain)
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


def _covariance(
    forms: _Forms, mean: list[Fraction], random: Random | None = None, strength: Fraction = Fraction(0)
) -> list[list[Fraction]]:
    """With what is not known off the diagonal chosen at random, up to `strength` of what the variances allow."""
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
    if random is not None and strength:
        for k, l in [(a, b) for a in range(count) for b in range(a) if known(a, b) is None]:
            smaller = min(matrix[k][k], matrix[l][l])
            matrix[k][l] = matrix[l][k] = strength * smaller * nonzero(random) / (7 * count)
    return matrix
