"""What a gradient check says: every entry of the derivative at every point, beside a line, and beside wrong variants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.monte_carlo.exact_differences import SPARE
from proofsheet.numeric.checks import VariantSeen, Verdict, variants_line
from proofsheet.numeric.gradient_methods import COMPLEX, EXACT

Array = NDArray[Any]  # of floats, or of fractions, which are compared without rounding
RESOLVED = 0.01  # of the largest entry: a larger tolerance confirms nothing


@dataclass(frozen=True)
class Compared:
    """Entries of one derivative at all points: by differences, by a line, and how far they may be apart; flat arrays."""

    differences: Array
    closed_form: Array
    tolerance: Array

    @property
    def gaps(self) -> Array:
        return self.differences - self.closed_form

    @property
    def worst(self) -> int:
        """The entry whose gap is largest beside its tolerance."""
        allowed = np.maximum(self.tolerance.astype(float), np.finfo(float).tiny)
        with np.errstate(over="ignore"):
            beside = np.abs(self.gaps).astype(float) / allowed
        return int(np.argmax(np.where(self._apart, beside + 1, 0) if self._apart.any() else beside))

    @property
    def agree(self) -> bool:
        return not self._apart.any()

    @property
    def seen_apart(self) -> bool:
        """Whether some entry differs by twice the tolerance or more."""
        return bool((self._apart & np.asarray(np.abs(self.gaps) >= 2 * self.tolerance, dtype=bool)).any())

    @property
    def _apart(self) -> NDArray[np.bool_]:
        return ~np.asarray(np.abs(self.gaps) <= self.tolerance, dtype=bool)  # not > : a NaN is apart

    @property
    def is_resolved(self) -> bool:
        """Whether the derivative is known well enough to be compared; a line that is 0 everywhere is compared as it is."""
        largest = np.abs(self.closed_form).max()
        return bool(largest == 0 or self.tolerance.max() <= RESOLVED * largest)

    @property
    def detectable(self) -> float:
        """An error of this relative size in any one entry that is not 0 would have been seen."""
        size = np.abs(self.closed_form.astype(float))
        relative = 2 * self.tolerance.astype(float)[size > 0] / size[size > 0]
        return float(relative.max()) if relative.size else float(2 * self.tolerance.astype(float).max())


@dataclass(frozen=True)
class GradientVerdict(Verdict):
    """Confirmed if every entry agrees at every point, else refuted; undecided if they agree and are not known well enough.

    method      which of the ways of gradient_methods.py spoke
    set_aside   {method: why}: more rigorous ways that did not apply
    degree      of the polynomials that exact slopes were read from, along each coordinate
    agreed      how far the complex step may be from finite differences at most, for these were the judge of it
    """

    right: Compared
    method: str
    points: int
    seed: int | None
    degree: int = 0
    agreed: float = 0.0
    set_aside: Mapping[str, str] = field(default_factory=dict)
    variants: tuple[VariantSeen, ...] = ()

    @property
    def verdict(self) -> str:  # type: ignore[override]
        if not self.right.agree:
            return "refuted"
        return "confirmed" if self.right.is_resolved else "undecided"

    @property
    def grade(self) -> str:
        return "computed" if self.method == EXACT else "estimated error"

    def facts(self) -> dict[str, Any]:
        """The numbers of the entry that agrees worst beside its tolerance."""
        worst = self.right.worst
        gap, tolerance = float(self.right.gaps[worst]), float(self.right.tolerance[worst])
        return {
            "method": self.method,
            "grade": self.grade,
            "variance": None,
            "judged": "left − right",
            "estimate": gap,
            "interval": [gap - tolerance, gap + tolerance],
            "closed_form": float(self.right.closed_form[worst]),
            "samples": len(self.right.gaps),
            "tolerance": tolerance,
            "detectable": self.right.detectable,
            "alpha": 0.0,
            "seed": self.seed,
        }

    def __str__(self) -> str:
        lines = [f"{self.verdict} by {self.method} ({self.grade})", *self._numbers()]
        lines += [f"set aside: {method}: {why}" for method, why in self.set_aside.items()]
        return "\n    ".join([*lines, variants_line(self.variants)])

    def _numbers(self) -> list[str]:
        right, worst = self.right, self.right.worst
        closed = f"closed form {float(right.closed_form[worst]):.6g}"
        where = f"{counted(len(right.gaps), 'entry', 'entries')} at {points_and_seed(self.points, self.seed)}"
        if self.method != EXACT:
            beside = f"; finite differences agree within {self.agreed:.2g}" if self.method == COMPLEX else ""
            lines = [
                f"left − right = {float(right.gaps[worst]):+.3g}, tolerance {float(right.tolerance[worst]):.2g}, {closed}, at "
                f"the worst of {where}",
                f"would have caught a relative error of {right.detectable:.2g} in any one entry{beside}",
            ]
            if self.verdict == "undecided":
                lines.append(
                    f"the tolerance is more than {RESOLVED:g} of the largest entry: leave out of function what is large and "
                    "does not depend on the variable, or choose other points"
                )
            return lines
        exact, which = ("0", "of") if right.agree else (f"{float(right.gaps[worst]):+.6g}", "the worst of")
        return [
            f"left − right = {exact} in fractions, nothing rounded; {closed}, {which} {where}",
            f"along each coordinate the function is a polynomial of degree {self.degree} at most through {SPARE} more values "
            "than fix it",
        ]


def points_and_seed(points: int, seed: int | None) -> str:
    """5 points of seed 7; without a seed where nothing is drawn."""
    return counted(points, "point", "points") + ("" if seed is None else f" of seed {seed}")


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
