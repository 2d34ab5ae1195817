"""Rational numbers for constants and parameters: where lines hold inverses, whose entries are too long as symbols."""

from __future__ import annotations

from random import Random

from sympy import Expr, Matrix, Rational

from proofsheet.explicit.means import Unreadable, expanded

LARGEST_SYMBOLIC = 3  # an entry of a symbolic inverse has hundreds of terms from size 4 on


def number_for(name: str) -> Rational:
    """A number that is not 0, the same one for a name each time."""
    random = Random(f"component {name}")
    return Rational(random.choice((-1, 1)) * random.randint(1, 12), random.randint(1, 7))


def fraction_for(name: str) -> Rational:
    """A number between 0 and 1, which suits every domain of a parameter."""
    random = Random(f"parameter {name}")
    bottom = random.randint(3, 12)
    return Rational(random.randint(1, bottom - 1), bottom)


def inverted(grid: list[list[Expr]]) -> list[list[Expr]] | None:
    """The inverse of a square matrix, by its adjugate where there are symbols in it; None if it is singular."""
    matrix = Matrix(grid)
    numbers = all(entry.is_Rational for entry in matrix)
    if not numbers and matrix.rows > LARGEST_SYMBOLIC:
        raise Unreadable(f"the inverse of a {matrix.rows} × {matrix.rows} matrix is too long in components")
    determinant = expanded(matrix.det(method="berkowitz"))
    if determinant == 0:
        return None
    inverse = matrix.inv() if numbers else matrix.adjugate() / determinant
    return [[inverse[row, column] for column in range(matrix.rows)] for row in range(matrix.rows)]


def as_numbers(grid: list[list[Expr]]) -> list[list[Expr]]:
    """Numbers for the symbols of the components of a constant."""
    return [[number_for(entry.name) if entry.is_Symbol else entry for entry in row] for row in grid]


__all__ = ["as_numbers", "fraction_for", "inverted"]
