"""Finite laws with prescribed moments, in exact rationals.

A covariance matrix is factored as L D Lᵀ; each positive pivot gives one skewed two-point law along its column of L, and
the laws are mixed. A negative pivot, or a zero pivot in a non-zero row, proves that no law has that covariance.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random

Vector = list[Fraction]
Law = list[tuple[Fraction, Vector]]


@dataclass(frozen=True)
class NegativePivot:
    """The certificate that a symmetric matrix is not positive semidefinite."""

    position: int
    value: Fraction

    @property
    def in_words(self) -> str:
        return f"pivot {self.position + 1} of the covariance matrix is negative" if self.value < 0 else str(self)

    def __str__(self) -> str:
        if self.value == 0:
            return f"pivot {self.position + 1} of the covariance matrix is 0 in a row that is not"
        return f"pivot {self.position + 1} of the covariance matrix is {self.value}"


def factored(matrix: list[Vector]) -> list[tuple[Fraction, Vector]] | NegativePivot:
    """The positive pivots with their columns, or the pivot that shows the matrix not positive semidefinite."""
    rest = [list(row) for row in matrix]
    found = []
    for k in range(len(rest)):
        pivot = rest[k][k]
        if pivot < 0 or (pivot == 0 and any(rest[k])):
            return NegativePivot(k, pivot)
        if pivot == 0:
            continue
        column = [row[k] / pivot for row in rest]
        found.append((pivot, column))
        rest = [[rest[i][j] - pivot * column[i] * column[j] for j in range(len(rest))] for i in range(len(rest))]
    return found


def law_with(
    mean: Vector, covariance: list[Vector], random: Random, mixed: bool = False, plain: bool = False
) -> Law | NegativePivot:
    """A finite law with exactly this mean and covariance, skewed along each pivot.

    The columns of L move one coordinate alone where the covariance is diagonal, so that coordinates would never be away
    from their means together. In a `mixed` law there is a direction in which all of them move; a `plain`
    one takes a step of 1 up in each direction.
    """
    pivots = factored(covariance)
    if isinstance(pivots, NegativePivot):
        return pivots
    if mixed and len(pivots) > 1:
        direction, covariance = _split_off(covariance, random)
        rest = factored(covariance)
        if isinstance(rest, NegativePivot):
            raise ArithmeticError("a part of a covariance that is positive semidefinite by construction is not")
        pivots = [direction, *rest] if direction[0] else rest
    if not pivots:
        return [(Fraction(1), mean)]
    weights = [Fraction(1 if plain else random.randint(1, 5)) for _ in pivots]
    law: Law = []
    for (pivot, column), weight in zip(pivots, weights, strict=True):
        share = weight / sum(weights)
        up = Fraction(1) if plain else Fraction(random.choice([1, 2, 3, 5]), random.choice([1, 2, 3]))
        down = pivot / (share * up)
        if down == up:  # no symmetric laws: they hide odd moments
            up, down = 2 * up, down / 2
        for step, probability in ((up, down / (up + down)), (-down, up / (up + down))):
            law.append((share * probability, [m + step * c for m, c in zip(mean, column, strict=True)]))
    return law


def _split_off(covariance: list[Vector], random: Random) -> tuple[tuple[Fraction, Vector], list[Vector]]:
    """S = t c cᵀ + (S − t c cᵀ) with c = Sv for a random v and t = 1/(2 vᵀSv): both parts are positive semidefinite."""
    v = [nonzero(random) for _ in covariance]
    c = [sum((a * b for a, b in zip(row, v, strict=True)), Fraction(0)) for row in covariance]
    size = sum((a * b for a, b in zip(c, v, strict=True)), Fraction(0))
    if not size:  # v happens to lie where S is 0
        return (Fraction(0), c), covariance
    t = 1 / (2 * size)
    return (t, c), [[s - t * a * b for s, b in zip(row, c, strict=True)] for row, a in zip(covariance, c, strict=True)]


def generic_law(size: int, outcomes: int, random: Random) -> Law:
    """A joint law without any special moment: no zeros, unequal weights, correlated."""
    weights = [Fraction(random.randint(1, 7)) for _ in range(outcomes)]
    return [(weight / sum(weights), [nonzero(random) for _ in range(size)]) for weight in weights]


def nonzero(random: Random) -> Fraction:
    return Fraction(random.choice([-7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7]), random.choice([1, 2, 3]))


def right_inverse(rows: list[Vector]) -> tuple[list[Vector], list[Vector]] | None:
    """For M of full row rank: R with M R = I (as columns), and a basis of the null space of M; else None."""
    count, size = len(rows), len(rows[0])
    table = [[*row, *(Fraction(k == r) for r in range(count))] for k, row in enumerate(rows)]
    pivots: list[int] = []
    for k in range(count):
        column = next((c for c in range(size) if table[k][c]), None)
        if column is None:
            return None
        pivots.append(column)
        table[k] = [entry / table[k][column] for entry in table[k]]
        for other in range(count):
            if other != k and table[other][column]:
                table[other] = [a - table[other][column] * b for a, b in zip(table[other], table[k], strict=True)]
    inverse = []
    for r in range(count):
        vector = [Fraction(0)] * size
        for k, column in enumerate(pivots):
            vector[column] = table[k][size + r]
        inverse.append(vector)
    kernel = []
    for free in (c for c in range(size) if c not in pivots):
        vector = [Fraction(0)] * size
        vector[free] = Fraction(1)
        for k, column in enumerate(pivots):
            vector[column] = -table[k][free]
        kernel.append(vector)
    return inverse, kernel


def solution(matrix: list[Vector], right: Vector) -> Vector | None:
    """Some z with matrix · z = right, or None if there is none."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    pivots: list[tuple[int, int]] = []
    for column in range(size):
        taken = [row for row, _ in pivots]
        lead = next((k for k in range(size) if k not in taken and rows[k][column]), None)
        if lead is None:
            continue
        rows[lead] = [entry / rows[lead][column] for entry in rows[lead]]
        for k in range(size):
            if k != lead and rows[k][column]:
                rows[k] = [a - rows[k][column] * b for a, b in zip(rows[k], rows[lead], strict=True)]
        pivots.append((lead, column))
    found = [Fraction(0)] * size
    for row, column in pivots:
        found[column] = rows[row][-1]
    consistent = all(any(row[:-1]) or not row[-1] for row in rows)
    return found if consistent else None
