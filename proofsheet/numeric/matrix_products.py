"""Products of matrices over draws, with a few long calls of the BLAS in place of one short call for each draw.

Arrays have the shape (draws, rows, columns), with draws 1 for what is the same in every draw. A constant row times a drawn
column, say, is one product of a matrix that has the draws as its rows with a vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

SHORT = 48  # below so many terms a batch of dot products loses more to calls than it gains by the BLAS


def chained(factors: Sequence[Any], xp: Any) -> Any:
    """The product of several factors, in the order that takes the fewest multiplications; scalars go where they stand."""
    if len(factors) == 1:
        return factors[0]
    cut = _cheapest_cut(tuple(factor.shape for factor in factors)) if len(factors) > 2 else 1
    return product(chained(factors[:cut], xp), chained(factors[cut:], xp), xp)


def product(left: Any, right: Any, xp: Any) -> Any:
    """left @ right, draw by draw."""
    (draws, rows, inner), (others, _, columns) = left.shape, right.shape
    if others == 1:
        return (left.reshape((draws * rows, inner)) @ right[0]).reshape((draws, rows, columns))
    if draws == 1 and columns == 1:
        return (right.reshape((others, inner)) @ left[0].T).reshape((others, rows, 1))
    if draws == 1 or rows > 1 or columns > 1:
        return left @ right
    return dots(left.reshape((draws, inner)), right.reshape((draws, inner)), xp)


def dots(left: Any, right: Any, xp: Any) -> Any:
    """The scalar product of each row of `left` with that of `right`; shape (draws, 1, 1)."""
    if left.shape[1] < SHORT:
        return xp.einsum("ij,ij->i", left, right)[:, None, None]
    return left[:, None, :] @ right[:, :, None]


Shape = tuple[int, ...]


@lru_cache(maxsize=1000)
def _cheapest_cut(shapes: tuple[Shape, ...]) -> int:
    """Where the last of the products stands."""
    return min(range(1, len(shapes)), key=lambda cut: _cost(shapes, cut))


def _cost(shapes: tuple[Shape, ...], cut: int) -> int:
    left, right = shapes[:cut], shapes[cut:]
    last = max(shape[0] for shape in shapes) * left[0][1] * right[0][1] * right[-1][2]
    return last + _least(left) + _least(right)


@lru_cache(maxsize=1000)
def _least(shapes: tuple[Shape, ...]) -> int:
    return 0 if len(shapes) == 1 else min(_cost(shapes, cut) for cut in range(1, len(shapes)))
