"""The inverse of a matrix of fractions, by elimination."""

from __future__ import annotations

from fractions import Fraction


def inverted(matrix: list[list[Fraction]]) -> list[list[Fraction]] | None:
    """The inverse of a square matrix, by Gauss and Jordan; None if there is none."""
    size = len(matrix)
    rows = [[*row, *(Fraction(place == at) for at in range(size))] for place, row in enumerate(matrix)]
    for column in range(size):
        chosen = next((place for place in range(column, size) if rows[place][column]), None)
        if chosen is None:
            return None
        rows[column], rows[chosen] = rows[chosen], rows[column]
        leading = rows[column][column]
        rows[column] = [entry / leading for entry in rows[column]]
        for place, row in enumerate(rows):
            if place != column and row[column]:
                rows[place] = [entry - row[column] * other for entry, other in zip(row, rows[column], strict=True)]
    return [row[size:] for row in rows]
