"""Weights ≥ 0 with given sums, exactly: the simplex method in whole numbers.

The table is kept over one common denominator, which is the last pivot: every division in a pivot step comes out even
(Edmonds; Bareiss for elimination), and whole numbers are many times faster than fractions.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from random import Random

Vector = list[Fraction]

MOST_PIVOTS = 250
VERTICES = 3


def weights_with(rows: list[Vector], right: Vector, random: Random) -> Vector | None:
    """Some w ≥ 0 with rows · w = right, the mean of a few corners of all such w; None if there is none or none was found."""
    table = _Table(rows, right)
    if not table.reach_a_corner():
        return None
    corners = []
    for _ in range(VERTICES):
        if not table.improve([random.randint(-9, 9) for _ in rows[0]]):
            return None
        corners.append(table.corner())
    return [sum(column, Fraction(0)) / VERTICES for column in zip(*corners, strict=True)]


class _Table:
    """rows · w = right, solved for the weights in `basis`; one slack for each equation is to become 0."""

    def __init__(self, rows: list[Vector], right: Vector) -> None:
        self.size = len(rows[0])
        self.denominator = 1
        self.rows = [_whole([*row, value]) for row, value in zip(rows, right, strict=True)]
        count = len(rows)
        for k, row in enumerate(self.rows):
            row[self.size : self.size] = [int(k == other) for other in range(count)]
        self.basis = list(range(self.size, self.size + count))

    def reach_a_corner(self) -> bool:
        """All slacks 0, or False if they cannot be."""
        if not self.improve([0] * self.size + [1] * len(self.rows)):
            return False
        if any(row[-1] for row, place in zip(self.rows, self.basis, strict=True) if place >= self.size):
            return False
        for k in reversed(range(len(self.rows))):
            if self.basis[k] >= self.size:  # a slack that is 0 by accident: a weight takes its place
                self._replace_slack(k)
        self.rows = [row[: self.size] + row[-1:] for row in self.rows]
        return True

    def _replace_slack(self, k: int) -> None:
        column = next((column for column in range(self.size) if self.rows[k][column]), None)
        if column is None:  # the equation follows from the others
            del self.rows[k], self.basis[k]
            return
        if self.rows[k][column] < 0:
            self.rows[k] = [-entry for entry in self.rows[k]]
        self._pivot(k, column)

    def improve(self, costs: list[int]) -> bool:
        """Go from corner to corner until the costs are least; False if that takes too long, or never ends."""
        for step in range(MOST_PIVOTS):
            reduced = [self.denominator * cost for cost in costs]
            for place, row in zip(self.basis, self.rows, strict=True):
                if costs[place]:
                    reduced = [a - costs[place] * b for a, b in zip(reduced, row, strict=False)]
            entering = [column for column, cost in enumerate(reduced) if cost < 0]
            if not entering:
                return True
            # the steepest first; the first of all (Bland) after a while, so that it cannot go round in circles
            column = min(entering, key=reduced.__getitem__) if step < MOST_PIVOTS // 2 else entering[0]
            ratios = [
                (Fraction(row[-1], row[column]), self.basis[k], k) for k, row in enumerate(self.rows) if row[column] > 0
            ]
            if not ratios:
                return False
            self._pivot(min(ratios)[2], column)
        return False

    def _pivot(self, k: int, column: int) -> None:
        chosen = self.rows[k]
        lead, before = chosen[column], self.denominator
        for other, row in enumerate(self.rows):
            factor = row[column]
            if other != k:
                self.rows[other] = [(a * lead - factor * b) // before for a, b in zip(row, chosen, strict=True)]
        self.denominator, self.basis[k] = lead, column

    def corner(self) -> Vector:
        found = [Fraction(0)] * self.size
        for row, place in zip(self.rows, self.basis, strict=True):
            found[place] = Fraction(row[-1], self.denominator)
        return found


def _whole(row: Vector) -> list[int]:
    """The equation times its common denominator, with a right side that is not negative."""
    multiple = lcm(*(entry.denominator for entry in row)) * (1 if row[-1] >= 0 else -1)
    return [int(entry * multiple) for entry in row]
