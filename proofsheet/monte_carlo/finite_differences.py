"""Derivatives from function values: central differences, extrapolated, with an error estimate from halved steps.

The quotients at steps h, h/2 and h/4 are extrapolated twice (Richardson). The error estimate has two parts: how far the
values of the first extrapolation are apart, and what rounding can have done to the quotients. Of several h the one with
the smallest estimate is taken, entry by entry. A function with a kink at the point has no derivative there: its one-sided
quotients stay apart however small h is, and the estimate is infinite.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.monte_carlo.rounding import EPSILON, ROUNDINGS

Array = NDArray[np.float64]

FIRST_STEP = 2.0**-6  # relative to max(1, |x|), as a power of two
LEVELS = 6  # each a quarter of the one before
SMOOTH = 1e-6  # a relative error estimate above this is called not differentiable


def derivative(displaced: Callable[[float], Any], point: float = 0.0) -> tuple[Array, Array]:
    """The derivative of h ↦ displaced(h) at 0 and its error estimate, both of the shape of what `displaced` gives.

    `point` is the size of the number that is displaced; the steps are chosen relative to it.
    """
    step = FIRST_STEP * 2.0 ** np.ceil(np.log2(max(1.0, abs(point))))
    middle = np.asarray(displaced(0.0), dtype=float)
    found, error = np.zeros(middle.shape), np.full(middle.shape, np.inf)
    with np.errstate(all="ignore"):
        for level in range(LEVELS):
            estimate, its_error = _extrapolated(displaced, middle, step / 4**level)
            better = its_error < error
            found, error = np.where(better, estimate, found), np.where(better, its_error, error)
    return found, error


def is_resolved(value: Array, error: Array) -> NDArray[np.bool_]:
    """Where the function is smooth enough for its derivative to be known."""
    return np.asarray(error <= SMOOTH * np.maximum(1.0, np.abs(value)))


def _extrapolated(displaced: Callable[[float], Any], middle: Array, step: float) -> tuple[Array, Array]:
    quotients, bends, size = [], [], np.abs(middle)
    for h in (step, step / 2, step / 4):
        up, down = np.asarray(displaced(h), dtype=float), np.asarray(displaced(-h), dtype=float)
        quotients.append((up - down) / (2 * h))
        bends.append(np.abs(up - 2 * middle + down) / h)
        size = np.maximum(size, np.maximum(np.abs(up), np.abs(down)))
    once = [(4 * fine - coarse) / 3 for coarse, fine in pairwise(quotients)]
    best = (16 * once[1] - once[0]) / 15
    # the three quotients enter with weights 1/45, 20/45 and 64/45, and are rounded by δ/h, 2δ/h and 4δ/h
    rounding = (297 / 45) * EPSILON * (ROUNDINGS * size / step + 2 / FIRST_STEP * np.abs(best))
    noise = 4 * ROUNDINGS * EPSILON * size / (step / 4)
    kinked = (bends[2] > bends[0] / 2) & (bends[2] > noise)  # a smooth function's bend shrinks with h
    error = np.abs(once[1] - once[0]) + rounding  # 15 times what the last extrapolation changed, as a margin
    return best, np.where(kinked | np.isnan(error), np.inf, error)
