"""Matrices of fractions, enclosures and series."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any

from proofsheet.exact_models.model import DomainError, Matrix
from proofsheet.exact_models.series import constant_term, is_zero


def added(left: Matrix, right: Matrix) -> Matrix:
    return [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(left, right, strict=True)]


def scaled(by: Any, matrix: Matrix) -> Matrix:
    return [[by * entry for entry in row] for row in matrix]


def multiplied(left: Matrix, right: Matrix) -> Matrix:
    columns = list(zip(*right, strict=True))
    return [[dot(row, column) for column in columns] for row in left]


def dot(left: Sequence[Any], right: Sequence[Any]) -> Any:
    """Σ a b; of fractions over one common denominator, since reducing every partial sum is most of the work."""
    numerator, denominator = 0, 1
    for a, b in zip(left, right, strict=True):
        if type(a) is not Fraction or type(b) is not Fraction:
            return sum((one * other for one, other in zip(left, right, strict=True)), Fraction(0))
        above, below = a.numerator * b.numerator, a.denominator * b.denominator
        if below == denominator:
            numerator += above
        else:
            common = lcm(denominator, below)
            numerator = numerator * (common // denominator) + above * (common // below)
            denominator = common
    return Fraction(numerator, denominator)


def entrywise(of: Callable[[Any], Any], matrix: Matrix) -> Matrix:
    return [[of(entry) for entry in row] for row in matrix]


def total(values: list[Matrix]) -> Matrix:
    return reduce(added, values)


def mean(weights: Sequence[Any], values: Sequence[Matrix]) -> Matrix:
    """Σ weight · value."""
    rows, columns = len(values[0]), len(values[0][0])
    return [[dot(weights, [value[a][b] for value in values]) for b in range(columns)] for a in range(rows)]


def transposed(matrix: Matrix) -> Matrix:
    return [list(row) for row in zip(*matrix, strict=True)]


def inverse(matrix: Matrix) -> Matrix:
    """By Gauss elimination. Raises ModelError for a singular matrix."""
    size = len(matrix)
    rows = [[*row, *(Fraction(k == r) for r in range(size))] for k, row in enumerate(matrix)]
    for column in range(size):
        pivot = next((k for k in range(column, size) if not is_zero(constant_term(rows[k][column]))), None)
        if pivot is None:
            raise DomainError("a matrix is not invertible here")
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [entry / rows[column][column] for entry in rows[column]]
        for k in range(size):
            if k != column and not is_zero(rows[k][column]):
                rows[k] = [a - rows[k][column] * b for a, b in zip(rows[k], rows[column], strict=True)]
    return [row[size:] for row in rows]
