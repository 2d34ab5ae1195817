"""Where the bound on the variance of a row comes from; it grades the verdict.

derived(bound, why)     worked out by the author from the moments of what is drawn: an assumption about tails, not about the
                        mean that is judged; non-asymptotic as long as the derivation is right. A pilot that shows more
                        variance than that, at a stated error rate, is an error
polynomial(degree)      the row is a polynomial of this degree in independent Gaussian and Rademacher variables, and so is
                        a mean of such rows; a pilot bounds the variance from above at a stated error rate
bounded(low, high)      the row lies in an interval; Var ≤ (high − low)²/4 (Popoviciu, 1935), or less after a pilot

All three look at Y = (X₁ − X₂)²/2 of pairs of pilot rows, which has the mean v = Var X whatever the mean of X is.

polynomial: K = 3·9^(d−1) bounds the kurtosis, E(X − μ)⁴ ≤ K v². For Rademacher variables by induction (Bonami, 1970): with
X = g + εh, E g² = a, E h² = b, E X⁴ = E g⁴ + 6 E g²h² + E h⁴ ≤ K_d a² + 6 √(K_d K_{d−1}) ab + K_{d−1} b² ≤ K_d (a + b)² as
soon as K_d ≥ 9 K_{d−1}; the first step has a constant h, so that K_1 = 3 does. Gaussians are limits of sums of Rademacher
variables. Hence E(X₁ − X₂)⁴ = 2Kv² + 6v² and Var Y ≤ (K + 1)/2 v² =: C v², and Catoni's bound for the mean of Y/v (see
e_process) is inverted in v: no value above the root can be the variance, but with the probability `level`.

bounded, derived: Y ≥ 0, so that Π (1 + η(1 − Y/c)), with Y ≤ c and 0 ≤ η ≤ 1, and Π (1 + η(Y/bound − 1)), with 0 ≤ η < 1,
are wealths of fair or losing bets, by Ville's inequality above 1/level with at most that probability (Waudby-Smith and
Ramdas, 2024). The first is played as 1 + η(v − Y)/c against all variances from v on; the second against the declared bound.
It needs no further moment, so that it never blames a true bound; what it can miss is variance that sits in events too rare
for the pilot to meet, as any test of finitely many rows must.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, inf, isfinite, log, log1p, sqrt

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.e_process import influence

Array = NDArray[np.float64]

FINITE = "non-asymptotic"
EXCESS = 1 / 8  # a pilot is to bound the variance from above to within about this
MOST_EXCESS = 1 / 2  # or to this, where EXCESS takes more than
MANY = 1_000_000  # rows
HIGHEST = 5  # degree: a pilot of four million rows
OTHER_PILOTS = 20_000  # rows that bounded and derived look at
BETS = 0.99 * 2.0 ** -np.arange(8)  # η: below 1, so that no bet ruins; small ones for excesses of some hundredths
ROUNDING = 1e-9  # of the largest row: a smaller standard deviation may be rounding


@dataclass(frozen=True)
class VarianceBound:
    """The variance of a row (of a block, in an orthogonal design) is at most `value`, but with probability `level`."""

    value: float
    source: str  # for the report
    grade: str = FINITE
    level: float = 0.0  # error rate spent on the pilot
    pilot: int = 0  # rows that the pilot takes


@dataclass(frozen=True)
class Derived:
    bound: float
    why: str


@dataclass(frozen=True)
class Polynomial:
    degree: int

    @property
    def kurtosis(self) -> float:
        """At most so large is E(X − μ)⁴/Var²."""
        return 3.0 * 9.0 ** (self.degree - 1)

    @property
    def relative_variance(self) -> float:
        """At most so large is Var Y/v²."""
        return (self.kurtosis + 1) / 2


@dataclass(frozen=True)
class Bounded:
    low: float
    high: float


Declared = Derived | Polynomial | Bounded


def derived(bound: float, why: str) -> Derived:
    """Var ≤ bound, and where that comes from, in words. Raises ScriptError for a bound that is not positive, or no words."""
    if not (isfinite(bound) and bound > 0):
        raise ScriptError(f"a bound on a variance is positive and finite, not {bound!r}")
    if not why.strip():
        raise ScriptError("derived(bound, why): say in words where the bound comes from; the report shows them")
    return Derived(float(bound), why)


def polynomial(degree: int) -> Polynomial:
    """Rows of this degree in independent Gaussian and Rademacher variables, and in nothing else: with one exponential
    variable in place of a Gaussian the bound on the kurtosis is false. Before it draws, a check refuses a row in which mixed
    differences of order degree + 1 are not 0 (numeric/declared_degree.py). Raises ScriptError for a degree that is none."""
    if not isinstance(degree, int) or isinstance(degree, bool) or not 1 <= degree <= HIGHEST:
        raise ScriptError(
            f"polynomial(degree) takes a whole number from 1 to {HIGHEST}, not {degree!r}; beyond, a pilot would be too "
            "long: use derived(bound, why) or bounded(low, high)"
        )
    return Polynomial(degree)


def bounded(low: float, high: float) -> Bounded:
    """Rows between low and high. Raises ScriptError for an empty interval."""
    if not (isfinite(low) and isfinite(high) and low < high):
        raise ScriptError(f"bounded(low, high) takes two finite numbers, low < high, not {low!r} and {high!r}")
    return Bounded(float(low), float(high))


def pilot_rows(declared: Declared, level: float) -> int:
    """How many independent rows (blocks, in an orthogonal design) a pilot should take at this level."""
    if not isinstance(declared, Polynomial):
        return OTHER_PILOTS
    needed = 4 * declared.relative_variance * log(1 / _level(level))  # times excess⁻²
    excess = min(MOST_EXCESS, max(EXCESS, sqrt(needed / MANY)))
    return 2 * ceil(needed / excess**2 / 2)


def variance_bound(declared: Declared, pilot: Array, level: float) -> VarianceBound:
    """The bound; `pilot` holds independent rows (blocks), apart from those that are judged.

    Raises ScriptError if the pilot contradicts what is declared, is too short to bound anything, or is not finite.
    """
    _level(level)
    if not np.isfinite(pilot).all():
        raise ScriptError("a row of the pilot is not a finite number: the sampler or left_side gives infinities or NaN")
    require_within(declared, pilot)
    even = pilot[: len(pilot) // 2 * 2]
    squares = (even[0::2] - even[1::2]) ** 2 / 2
    if isinstance(declared, Derived):
        return _derived_bound(declared, squares, level)
    if isinstance(declared, Bounded):
        return _bounded_bound(declared, squares, level)
    return _polynomial_bound(declared, squares, level, float(np.max(np.abs(pilot), initial=0.0)))


def require_within(declared: Declared, rows: Array) -> None:
    """Raises ScriptError if a row, or a mean of rows, lies outside of the declared bounds."""
    if isinstance(declared, Bounded) and len(rows):
        slack = ROUNDING * (declared.high - declared.low)
        for row in (float(np.min(rows)), float(np.max(rows))):
            if not declared.low - slack <= row <= declared.high + slack:
                raise ScriptError(
                    f"a row is {row:.6g}, outside of the declared bounds {declared.low:.6g} to {declared.high:.6g}; the "
                    "bounds are those of left_side minus the expectations of the right side"
                )


def _polynomial_bound(declared: Polynomial, squares: Array, level: float, largest: float) -> VarianceBound:
    least = max((ROUNDING * largest) ** 2, float(np.finfo(float).tiny))
    value = _catoni_upper(squares, declared.relative_variance, level, least)
    if value == inf:
        raise ScriptError(
            f"a pilot of {2 * len(squares)} rows is too short to bound the variance of a polynomial of degree "
            f"{declared.degree} at the level {level:.2g}; {pilot_rows(declared, level)} rows do"
        )
    source = f"polynomial of degree {declared.degree} in Gaussian and Rademacher variables, and a pilot"
    return VarianceBound(value, source, FINITE, level, 2 * len(squares))


def _catoni_upper(squares: Array, relative_variance: float, level: float, least: float) -> float:
    """No larger number is the mean of these, but with the probability `level`; `least` or more, inf where they are too
    few."""
    count, bar = len(squares), log(1 / level)
    if not count:
        return inf
    step = sqrt(2 * bar / (count * relative_variance))
    allowance = count * log1p(step * step * relative_variance / 2) + bar

    def deficit(v: float) -> float:
        return -float(influence(step * (squares / v - 1)).sum()) - allowance

    return _root(deficit, float(squares.mean()), least) if count * influence(np.array(step)) > allowance else inf


def _bounded_bound(declared: Bounded, squares: Array, level: float) -> VarianceBound:
    most = (declared.high - declared.low) ** 2 / 2  # of Y
    popoviciu = most / 2
    bar = log(1 / level)

    def excess(v: float) -> float:
        return _wealth((v - squares) / most) - bar

    place = f"rows between {declared.low:.6g} and {declared.high:.6g}"
    if len(squares) and excess(popoviciu) > 0:
        value = _root(excess, float(squares.mean()), ROUNDING**2 * most, popoviciu)
        return VarianceBound(value, f"{place}, and a pilot", FINITE, level, 2 * len(squares))
    return VarianceBound(popoviciu, place)


def _derived_bound(declared: Derived, squares: Array, level: float) -> VarianceBound:
    if len(squares) and _wealth(squares / declared.bound - 1) > log(1 / level):
        raise ScriptError(
            f"the declared bound on the variance, {declared.bound:.6g} ({declared.why}), is too small: the variance of "
            f"{2 * len(squares)} pilot rows is {float(squares.mean()):.6g}, more than chance explains at the level "
            f"{level:.2g}; derive it again, for one row of the design (one block of an orthogonal one), or left_side, a law "
            "or `variables` is not what the theorem speaks of"
        )
    source = f"derived: {declared.why}"
    if not len(squares):
        return VarianceBound(declared.bound, source, FINITE)
    source += f"; bound {declared.bound:.3g}, a pilot of {2 * len(squares)} had {float(squares.mean()):.3g}"
    return VarianceBound(declared.bound, source, FINITE, level, 2 * len(squares))


def _wealth(gains: Array) -> float:
    """The logarithm of what bets on these gains, each at least −1, are worth: the mean over the stakes of Π (1 + ηg)."""
    each = [float(np.log1p(stake * gains).sum()) for stake in BETS]
    return float(np.logaddexp.reduce(each)) - log(len(BETS))


def _root(rising: Callable[[float], float], start: float, least: float, most: float = inf) -> float:
    """Where a rising function becomes positive, to a thousandth and from above; `least` where it is below that.

    At `most` the function is positive.
    """
    above = max(start, least)
    while above < most and rising(above) <= 0:
        above *= 2
    above = min(above, most)
    below = above / 2
    while below >= least and rising(below) > 0:
        above, below = below, below / 2
    if below < least and rising(least) > 0:
        return least
    while above - below > 1e-3 * above:
        middle = (above + below) / 2
        if rising(middle) > 0:
            above = middle
        else:
            below = middle
    return above


def _level(level: float) -> float:
    if not 0 < level < 1:
        raise ScriptError(f"an error rate lies between 0 and 1, not {level!r}")
    return level
