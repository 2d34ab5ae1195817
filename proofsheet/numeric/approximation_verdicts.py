"""What interval arithmetic says of an approximation: for its remainder's bound, and for its order of convergence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proofsheet.monte_carlo.convergence import TOLERANCE, Settled
from proofsheet.monte_carlo.e_process import CONFIRMED, REFUTED, UNDECIDED
from proofsheet.monte_carlo.enclosures import GRADE, rounded_down, rounded_up, width
from proofsheet.numeric.checks import VariantSeen, Verdict, variants_line

METHOD = "interval arithmetic"
CLEARLY = 1024.0  # over the step in k: so many times R, at the largest of the last three t, settles the slopes at 2

Ends = tuple[float, float]


def relation(value: Any, allowed: Any) -> str:
    """confirmed where the interval `value` lies in `allowed`, refuted where the two have no number in common."""
    if allowed.a <= value.a and value.b <= allowed.b:
        return CONFIRMED
    return REFUTED if value.b < allowed.a or allowed.b < value.a else UNDECIDED


def seen_by_bound(left: Any, allowed: Any) -> tuple[bool, float | None]:
    """Whether a variant is refuted, and how far from the left side its middle is, in half widths of what it allows."""
    half = width(allowed) / 2
    return relation(left, allowed) == REFUTED, float((allowed.mid - left.mid).mid) / half if half else None


def seen_by_order(found: Settled, order: int) -> tuple[bool, float | None]:
    """Whether a variant is refuted, and how far its order is from the declared one, in units of the tolerance."""
    gap = None if found.limit is None else (sum(found.limit) / 2 - order) / TOLERANCE
    return found.verdict == REFUTED, gap


def ends(cell: Any) -> Ends:
    """Floats between which an interval lies."""
    return rounded_down(cell), rounded_up(cell)


def relative(size: Any, closed: Any) -> float:
    """The largest that |size|/|closed| can be."""
    return rounded_up(abs(size) / abs(closed))


def caught_by_order(error: Any, closed: Any, step: int) -> float:
    """A relative error of this size in the closed form settles the slopes elsewhere.

    Both are those of the largest of the last three t.
    """
    return CLEARLY / step * relative(error, closed)


def _middle(pair: Ends) -> float:
    return sum(pair) / 2


@dataclass(frozen=True)
class BoundVerdict(Verdict):
    """left − closed form, against what Taylor's theorem leaves for it.

    inside          whether the left side is in what the right side allows, whatever became of the variants
    left, closed    the left side, and the right side without its remainders
    error           left − closed
    room            what the remainders can come to
    tolerance       half the width of that
    detectable      its width, relative to the closed form
    """

    verdict: str
    inside: str
    left: Ends
    closed: Ends
    error: Ends
    room: Ends
    tolerance: float
    detectable: float
    outcomes: int
    digits: int
    variants: tuple[VariantSeen, ...] = ()
    note: str = ""

    @property
    def quotient(self) -> float:
        """closed form/left side: how good the approximation is."""
        return _middle(self.closed) / _middle(self.left) if _middle(self.left) else float("inf")

    def facts(self) -> dict[str, Any]:
        return {
            "method": METHOD,
            "grade": GRADE,
            "variance": None,
            "estimate": _middle(self.left),
            "interval": list(self.left),
            "closed_form": _middle(self.closed),
            "remainder": list(self.error),
            "bound": list(self.room),
            "samples": self.outcomes,
            "tolerance": self.tolerance,
            "detectable": self.detectable,
            "alpha": 0.0,
            "seed": None,
        }

    def __str__(self) -> str:
        low, high = self.room
        where = {CONFIRMED: "lies in", REFUTED: "is not in", UNDECIDED: "is not told from the ends of"}
        text = (
            f"{self.verdict} by {METHOD} ({GRADE}): what is left of Taylor's polynomial, against its bound\n"
            f"    left side {_middle(self.left):.8g}, closed form without remainder {_middle(self.closed):.8g}, "
            f"quotient {self.quotient:.6g}\n"
            f"    left − closed form = {_middle(self.error):+.6g} {where[self.inside]} [{low:.6g}, {high:.6g}]\n"
            f"    {self.outcomes} outcomes, {self.digits} digits; would have caught a relative error of "
            f"{self.detectable:.2g}\n"
            f"    {variants_line(self.variants)}"
        )
        return text + (f"\n    {self.note}" if self.note else "")


@dataclass(frozen=True)
class OrderVerdict(Verdict):
    """The order to which left − closed form falls for t → 0.

    found           the slopes, and where they end
    detectable      a relative error of this size in the closed form would have settled the slopes elsewhere
    """

    verdict: str
    order: int
    found: Settled
    detectable: float
    scaled: tuple[str, ...]
    outcomes: int
    digits: int
    variants: tuple[VariantSeen, ...] = ()
    note: str = ""

    @property
    def orders(self) -> tuple[tuple[float, float, float, float, float | None], ...]:
        """(t, |R|, its lower and upper end, the slope from the t before) for each t, for a plot."""
        return tuple(
            (row.t, (row.low + row.high) / 2, row.low, row.high, row.slope and sum(row.slope) / 2)
            for row in self.found.rows
        )

    def facts(self) -> dict[str, Any]:
        limit = self.found.limit
        return {
            "method": METHOD,
            "grade": GRADE,
            "variance": None,
            "judged": "order found",
            "estimate": None if limit is None else sum(limit) / 2,
            "interval": None if limit is None else list(limit),
            "closed_form": float(self.order),
            "samples": self.outcomes,
            "tolerance": TOLERANCE,
            "detectable": self.detectable,
            "alpha": 0.0,
            "seed": None,
            "orders": [list(row) for row in self.orders],
        }

    def __str__(self) -> str:
        limit = self.found.limit
        settled = "some error cannot be told from 0" if limit is None else f"the slopes end at {sum(limit) / 2:.6f}"
        text = (
            f"{self.verdict} by {METHOD} ({GRADE}): order {self.order} declared, {settled}\n"
            f"    t multiplies {', '.join(self.scaled)}; {self.outcomes} outcomes, {self.digits} digits, slopes enclosed to "
            f"{self.found.widest:.1g}\n"
            f"    {'t':>9} {'|R(t)|':>12} {'slope':>9}\n"
        )
        for t, size, _, _, slope in self.orders:
            text += f"    {t:9.2e} {size:12.4e} {'' if slope is None else f'{slope:.5f}':>9}\n"
        text += (
            f"    would have caught a relative error of {self.detectable:.2g} in the closed form\n"
            f"    {variants_line(self.variants)}"
        )
        return text + (f"\n    {self.note}" if self.note else "")
