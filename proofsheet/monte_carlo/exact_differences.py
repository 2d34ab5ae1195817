"""Derivatives from values in rational numbers: the polynomial through points along one coordinate, without rounding.

The values at 0, h, −h, 2h, −2h, ... are interpolated by Newton's divided differences in fractions. When a polynomial of
degree d through d + 1 of them foretells the next `SPARE` exactly, its slope at 0 is taken for the derivative. For d ≤ 2
that slope is the central difference, which then has no truncation error.

That is a proof for every function that is known to be a polynomial of degree at most d + SPARE along the coordinate, or
straight between the points, as |w| is for h < |w|. For any other function it says what was seen: exact agreement at
d + 1 + SPARE points. A kink at 0 itself is never taken for a slope, for no polynomial goes through |h| and 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import frexp
from typing import Any

import numpy as np
from numpy.typing import NDArray

SPARE = 3  # values that the polynomial must foretell
LARGEST_DEGREE = 16
SPACINGS = (2**5, 2**30, 2**90)  # |point| / h up to a factor of two; no node crosses a kink at 0

Exact = NDArray[np.object_]  # of fractions


@dataclass(frozen=True)
class Slope:
    """A derivative, for each entry of the function's value, and the degree of the polynomial that it was read from."""

    value: Exact
    degree: int


def exact_derivative(displaced: Callable[[Fraction], Any], point: Fraction = Fraction(0)) -> Slope | None:
    """The derivative of h ↦ displaced(h) at 0, an array of fractions; None where no polynomial foretells the values.

    `point` is the number that is displaced; the steps are chosen relative to it, smaller ones where larger ones fail.
    """
    return _at_first_spacing(displaced, point, _TO_BOTH_SIDES)


def one_sided_derivative(displaced: Callable[[Fraction], Any], size: Fraction = Fraction(1)) -> Slope | None:
    """The derivative from the right, of the values at 0, h, 2h, ... alone; `size` is that of what is displaced."""
    return _at_first_spacing(displaced, size, _TO_THE_RIGHT)


_TO_BOTH_SIDES = [(number + 1) // 2 * (1 if number % 2 else -1) for number in range(LARGEST_DEGREE + 1 + SPARE)]
_TO_THE_RIGHT = list(range(LARGEST_DEGREE + 1 + SPARE))


def _at_first_spacing(displaced: Callable[[Fraction], Any], point: Fraction, multiples: list[int]) -> Slope | None:
    size = Fraction(2) ** (frexp(float(point))[1] - 1) if point else Fraction(1)
    found = (_slope_at([size / spacing * multiple for multiple in multiples], displaced) for spacing in SPACINGS)
    return next((slope for slope in found if slope is not None), None)


def _slope_at(nodes: list[Fraction], displaced: Callable[[Fraction], Any]) -> Slope | None:
    """Newton's form Σ cₙ x (x − x₁) ... (x − xₙ₋₁) has at 0 the slope Σ cₙ (−x₁) ... (−xₙ₋₁)."""
    last: list[Exact] = []  # the divided differences that end at the newest node
    slope, weight, degree = None, Fraction(1), 0
    for number, node in enumerate(nodes):
        last = _next_differences(nodes[: number + 1], last, np.asarray(displaced(node), dtype=object))
        if number == 0:
            slope = 0 * last[0]
        else:
            slope, weight = slope + weight * last[-1], weight * -node
        if np.any(last[-1] != 0):
            degree = number
        if number == degree + SPARE:
            return Slope(np.asarray(slope, dtype=object), degree)
    return None


def _next_differences(nodes: list[Fraction], before: list[Exact], value: Exact) -> list[Exact]:
    found = [value]
    for back, earlier in enumerate(before, 2):
        found.append((found[-1] - earlier) / (nodes[-1] - nodes[-back]))
    return found
