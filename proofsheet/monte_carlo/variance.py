"""Where the bound on the variance of a replicate comes from; it grades the verdict.

derived(bound, why)     worked out by the author from the moments of what is drawn: an assumption about tails, not about the
                        mean that is judged; non-asymptotic as long as the derivation is right
polynomial(degree)      the row is a polynomial of this degree in independent Gaussian and Rademacher variables, so that
                        E(X − μ)⁴ ≤ 9^degree Var² (hypercontractivity: Bonami, 1970; Nelson, 1973); a pilot then bounds
                        the variance from above at a stated error rate
bounded(low, high)      the row lies in an interval; Var ≤ (high − low)²/4 (Popoviciu, 1935), or less after a pilot
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class VarianceBound:
    """The variance of a row (of a block, in an orthogonal design) is at most `value`, but with probability `level`."""

    value: float
    source: str  # for the report
    grade: str  # "non-asymptotic"
    level: float = 0.0  # error rate spent on the pilot
    pilot: int = 0  # rows that the pilot takes


@dataclass(frozen=True)
class Derived:
    bound: float
    why: str


@dataclass(frozen=True)
class Polynomial:
    degree: int


@dataclass(frozen=True)
class Bounded:
    low: float
    high: float


Declared = Derived | Polynomial | Bounded


def derived(bound: float, why: str) -> Derived:
    return Derived(bound, why)


def polynomial(degree: int) -> Polynomial:
    return Polynomial(degree)


def bounded(low: float, high: float) -> Bounded:
    return Bounded(low, high)


def pilot_rows(declared: Declared, level: float) -> int:
    """How many rows a pilot should take; 0 where none is needed."""
    return 0 if isinstance(declared, Derived | Bounded) else 100_000


def variance_bound(declared: Declared, pilot: NDArray[np.float64], level: float) -> VarianceBound:
    """The bound; `pilot` holds independent rows, apart from those that are judged (empty where none are needed)."""
    if isinstance(declared, Derived):
        return VarianceBound(declared.bound, f"derived: {declared.why}", "non-asymptotic")
    if isinstance(declared, Bounded):
        return VarianceBound((declared.high - declared.low) ** 2 / 4, "bounded support", "non-asymptotic")
    return VarianceBound(1.3 * float(np.var(pilot)), "NOT YET", "asymptotic", level, len(pilot))
