"""The order of convergence of an error R(t) as t → 0, from enclosures of R at t = 2⁻ᵏ: slopes, and what they settle at.

The slopes between two values of t are enclosed, so that they are certain. That they have settled is a judgement: the last
two, each freed of its leading error (Richardson), agree to `TOLERANCE`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.e_process import CONFIRMED, REFUTED, UNDECIDED
from proofsheet.monte_carlo.enclosures import Arithmetic, rounded_down, rounded_up, width

TOLERANCE = 0.01  # orders are whole numbers
HALVINGS = (4, 12, 20, 28, 36, 44, 52)
LAST = 4  # so many of the smallest t decide: they have three slopes, and those two limits
GUARD = 30  # decimal digits beyond those of the smallest error
SMALLEST = 900  # binary orders of magnitude; floats end at 1074


@dataclass(frozen=True)
class Row:
    """One value of t: |R(t)| in [low, high], and the slope from the t before; None in the first row."""

    t: float
    low: float
    high: float
    slope: tuple[float, float] | None


@dataclass(frozen=True)
class Settled:
    """What the slopes say.

    limit       the last slope without its leading error, enclosed; None where an error cannot be told from 0
    """

    verdict: str
    limit: tuple[float, float] | None
    rows: tuple[Row, ...]
    step: int  # between two values of k

    @property
    def widest(self) -> float:
        """The width of the widest enclosure of a slope."""
        return max((row.slope[1] - row.slope[0] for row in self.rows if row.slope), default=float("inf"))


def require_scales(halvings: Sequence[int], order: int) -> None:
    """Raises ScriptError for values of t from which nothing settles, or that are too small for floats."""
    whole = all(isinstance(k, int) and not isinstance(k, bool) for k in halvings)
    steps = {after - before for before, after in pairwise(halvings)} if whole else set()
    if len(halvings) < LAST or len(steps) != 1 or min(steps) < 1:
        raise ScriptError(f"halvings are at least {LAST} whole numbers in equal steps upwards, not {tuple(halvings)}")
    if not isinstance(order, int) or isinstance(order, bool) or not 1 <= order <= 10:
        raise ScriptError(f"an order of convergence is a whole number from 1 to 10, not {order!r}")
    if halvings[-1] * (order + 1) > SMALLEST or halvings[0] < 0:
        raise ScriptError(f"t from 2^-{halvings[0]} to 2^-{halvings[-1]}: its power {order + 1} is outside of floats")


def digits_for(halvings: Sequence[int], order: int) -> int:
    """Decimal digits with which errors of this order, and of the next, are still seen at the smallest t."""
    return GUARD + ceil(0.302 * halvings[-1] * (order + 1))


def settled(arithmetic: Arithmetic, halvings: Sequence[int], errors: Sequence[Any], order: int) -> Settled:
    """The verdict on a declared order, from the enclosed errors R(2⁻ᵏ) for k in `halvings`."""
    sizes = [abs(error) for error in errors]
    step = halvings[1] - halvings[0]
    slopes = [_slope(arithmetic, before, after, step) for before, after in pairwise(sizes)]
    rows = tuple(
        Row(2.0**-k, rounded_down(size), rounded_up(size), slope and (rounded_down(slope), rounded_up(slope)))
        for k, size, slope in zip(halvings, sizes, [None, *slopes], strict=True)
    )
    last = [_extrapolated(before, after, step) for before, after in pairwise(slopes[1 - LAST :])]
    return Settled(_judged(last, order), last[1] and (rounded_down(last[1]), rounded_up(last[1])), rows, step)


def _slope(arithmetic: Arithmetic, before: Any, after: Any, step: int) -> Any:
    """log₂(before/after)/step, enclosed; None where one of them may be 0."""
    if not (before.a > 0 and after.a > 0):
        return None
    return arithmetic.context.log(before / after) / arithmetic.context.log(2) / step


def _extrapolated(before: Any, after: Any, step: int) -> Any:
    """The limit of slopes p + ct for t → 0, from two of them."""
    if before is None or after is None:
        return None
    return (after * 2**step - before) / (2**step - 1)


def _judged(last: Sequence[Any], order: int) -> str:
    if any(one is None or width(one) > TOLERANCE / 10 for one in last):
        return UNDECIDED
    if all(_near(one - order) for one in last):
        return CONFIRMED
    return REFUTED if _near(last[1] - last[0]) and _far(last[1] - order) else UNDECIDED


def _near(gap: Any) -> bool:
    return rounded_down(gap) >= -TOLERANCE and rounded_up(gap) <= TOLERANCE


def _far(gap: Any) -> bool:
    return rounded_down(gap) > TOLERANCE or rounded_up(gap) < -TOLERANCE
