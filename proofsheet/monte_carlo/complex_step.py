"""Derivatives by the complex step: Im f(x + ih) / h with h = 1e-30, free of truncation and of cancellation.

It holds for functions that are analytic as they are written. np.abs, np.real, np.maximum and comparisons are not: they give
a wrong slope without a word, so that a caller compares with finite differences. (Squire and Trapp 1998, Using complex
variables to estimate derivatives of real functions, SIAM Review 40.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class NotComplex(TypeError):
    """A function that makes real numbers of complex ones."""


STEP = 1e-30
MARGIN = 8  # times the spread over points that are a rounding apart


def complex_step(values: list[Callable[[complex], Any]]) -> tuple[Array, Array]:
    """The derivative of h ↦ values[0](h) at 0 and how uncertain it is; both of the shape of the value.

    The other functions are the same one at points that differ by roundings: how far their slopes are apart shows how the
    roundings of an evaluation grow. What is common to all of them is
    not in it. Raises NotComplex.
    """
    slopes = [_slope(value, STEP * (1 + number / 3)) for number, value in enumerate(values)]
    spread = np.max([np.abs(one - slopes[0]) for one in slopes], axis=0)
    return slopes[0], MARGIN * spread


def _slope(value: Callable[[complex], Any], step: float) -> Array:
    found = np.asarray(value(1j * step))
    if found.dtype.kind != "c":
        raise NotComplex
    return np.asarray(found.imag / step, dtype=float)
