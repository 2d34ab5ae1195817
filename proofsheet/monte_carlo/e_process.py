"""One e-process with three verdicts on a mean: refuted, confirmed to a tolerance, undecided.

The evidence is a stream of independent replicates with one mean μ and a variance of at most a known bound v; nothing else
is asked of their law. Catoni's φ(y) = sgn(y) log(1 + |y| + y²/2) rises with y and obeys

    −log(1 − y + y²/2) ≤ φ(y) ≤ log(1 + y + y²/2),

since (1 + y + y²/2)(1 − y + y²/2) = 1 + y⁴/4 ≥ 1. So E exp φ(±λ(X − μ)) ≤ 1 + λ²v/2 for every λ that is fixed before the
draws, and

    exp Σ [φ(±λ(Xᵢ − m)) − log(1 + λ²v/2)]

is a non-negative supermartingale that starts at 1 if m = μ: it ever reaches 1/α with probability at most α (Ville, 1939),
at whatever times it is looked at. As φ rises, the one with + is smaller still if μ < m: it tests all means up to m at
once, and the one with − all means from m on. A weighted mean of such processes for several λ is another one.

Catoni (2012), Challenging the empirical mean and empirical variance, section 2; Wang and Ramdas (2023), Catoni-style
confidence sequences for heavy-tailed mean estimation.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, isfinite, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError

REFUTED, CONFIRMED, UNDECIDED = "refuted", "confirmed", "undecided"
KEPT = 4096  # replicates that a test keeps, for its interval and its picture: memory does not grow
FEWEST = 8  # replicates that a verdict may take, for the estimate's sake
MISS = 1e-6  # how often a true claim may stay undecided
FINEST = 1e-6  # in tolerances: the smallest standard deviation that is believed; below it, rounding would be judged
FARTHEST = 1e150  # |y| beyond it counts as this much: y² stays finite, and both inequalities of φ stay true

# Deviations, in tolerances, that the mixture is made for, and the weights: the sharpest set at the budget's end (see `_paces`),
# at about its half, and gross errors, which need few replicates whatever their weight.
GROSS = (4.0, 16.0, 64.0, 256.0)
WEIGHTS = (0.3, 0.6, 0.025, 0.025, 0.025, 0.025)

Array = NDArray[np.float64]


def influence(y: Array) -> Array:
    """Catoni's φ: grows like a logarithm, so that one wild replicate decides nothing."""
    size = np.minimum(np.abs(y), FARTHEST)
    return np.copysign(np.log1p(size + 0.5 * size * size), y)


def penalty(spreads: Array) -> Array:
    """log(1 + λ²v/2), what each replicate costs, from the spreads λ√v."""
    return np.log1p(0.5 * spreads * spreads)


class Mixture:
    """Weighted one-sided e-processes with λ = deviation / v, the best one for a mean that is off by `deviation`."""

    def __init__(self, deviations: Array, weights: Array, variance: float) -> None:
        sd = sqrt(variance)
        self._sd, self._spreads = sd, deviations / sd
        self.log_weights, self.penalties = np.log(weights), penalty(self._spreads)

    def scores(self, differences: Array) -> Array:
        """Each log e-process after these replicates − m; for −differences, those on the other side."""
        with np.errstate(over="ignore"):  # what overflows counts as FARTHEST
            pulls = influence(self._spreads[:, None] * (differences / self._sd)).sum(axis=1)
        return np.asarray(pulls - len(differences) * self.penalties)

    def evidence(self, scores: Array) -> float:
        """The logarithm of the weighted mean of the e-processes."""
        return float(np.logaddexp.reduce(scores + self.log_weights))

    def half_width(self, count: int, bar: float) -> float:
        """Of the means whose evidence is below the bar, as if φ were linear: where to begin to look for them."""
        costs = (bar - self.log_weights) / count + self.penalties
        return float(np.min(costs / self._spreads)) * self._sd


class Rejection:
    """Evidence against `mean = claim`, from both sides, each at half the level; mixed over several λ.

    scale: the smallest deviation that matters; power is lost below it, never the level.
    Raises ScriptError for numbers that mean nothing, and for replicates that are not finite.
    """

    def __init__(self, claim: float, scale: float, variance: float, level: float) -> None:
        _require_finite(claim)
        self.claim, self.level = claim, _level(level)
        self.variance = _believable(scale, variance)
        self.mixture = Mixture(scale * np.array([*_paces(level), *GROSS]), np.array(WEIGHTS), self.variance)
        self.bar = log(2 / level)
        self._above, self._below = np.zeros(len(WEIGHTS)), np.zeros(len(WEIGHTS))
        self.rejected = False

    def add(self, replicates: Array) -> bool:
        if not self.rejected:
            differences = _finite(replicates) - self.claim
            self._above += self.mixture.scores(differences)
            self._below += self.mixture.scores(-differences)
            self.rejected = max(map(self.mixture.evidence, (self._above, self._below))) > self.bar
        return self.rejected

    def interval(self, replicates: Array) -> tuple[float, float]:
        """The means that these replicates do not reject; an interval, since the evidence on either side is monotone."""
        return self._end(replicates, -1), self._end(replicates, 1)

    def _end(self, replicates: Array, side: int) -> float:
        """The last mean on a side that is not rejected, from outside."""
        center = float(np.mean(replicates))

        def excess(distance: float) -> float:
            differences = side * (center - replicates) + distance  # of the mean at this distance, to the replicates
            return self.mixture.evidence(self.mixture.scores(differences)) - self.bar

        return center + side * _crossing(excess, self.mixture.half_width(len(replicates), self.bar))


class MeanTest:
    """The verdict on `mean = claim`, to a tolerance, from replicates whose variance is at most `variance`.

    Both verdicts are read from one confidence set, which holds the mean at all times at once but with probability `level`:

    refuted     the claim lies outside of it: where the mean is `claim`, with at most that probability
    confirmed   it lies within claim ± tolerance: where the mean is `tolerance` or more away, with at most half of it

    The first of the two that is reached stays, whatever comes later; within one batch, refuted comes first. A mean that
    is not `claim` but within the tolerance may end either way, rightly. A bound below (1e-6 tolerance)² is raised to it,
    so that rounding is not judged. At most KEPT replicates can be added: average more rows in each where there are more.

    Raises ScriptError for numbers that mean nothing, and for replicates that are not finite.
    """

    def __init__(self, claim: float, tolerance: float, variance: float, level: float) -> None:
        self.claim, self.tolerance = claim, tolerance
        self._against = Rejection(claim, tolerance, variance, level)
        self.variance, self._mixture = self._against.variance, self._against.mixture
        self._above, self._below = np.zeros(len(WEIGHTS)), np.zeros(len(WEIGHTS))
        self._kept, self.count = np.empty(KEPT), 0
        self.verdict = UNDECIDED

    def add(self, replicates: Array) -> str:
        """Look at a batch of replicates, in the order in which they were drawn."""
        self._keep(_finite(replicates))
        if self.verdict == UNDECIDED:
            refuted, confirmed = self._against.add(replicates), self._sides_are_rejected(replicates)
            self.verdict = REFUTED if refuted else CONFIRMED if confirmed else UNDECIDED
        return self.verdict

    def _sides_are_rejected(self, replicates: Array) -> bool:
        """Whether the set now excludes claim − tolerance and all below, and claim + tolerance and all above."""
        self._above += self._mixture.scores(replicates - (self.claim - self.tolerance))
        self._below += self._mixture.scores((self.claim + self.tolerance) - replicates)
        return min(map(self._mixture.evidence, (self._above, self._below))) > self._against.bar

    def _keep(self, replicates: Array) -> None:
        if self.count + len(replicates) > KEPT:
            raise ScriptError(f"a test keeps {KEPT} replicates at most; average more rows in each replicate")
        self._kept[self.count : self.count + len(replicates)] = replicates
        self.count += len(replicates)

    @property
    def replicates(self) -> Array:
        return self._kept[: self.count]

    @property
    def mean(self) -> float:
        return float(np.mean(self.replicates)) if self.count else float("nan")

    def interval(self) -> tuple[float, float]:
        """The means that the replicates so far do not reject.

        Time-uniform: the mean leaves it at any time with at most that probability, so that it may be read at every
        stopping time. It is the set at this time, not the intersection over earlier ones: that would be valid too, but
        could be empty, and no picture of it could be read. At the look that decides, the claim lies outside if and only if
        it is refuted, and the set within claim ± tolerance if and only if it is confirmed.
        """
        if not self.count:
            return -np.inf, np.inf
        low, high = self._against.interval(self.replicates)
        if low > high:
            raise ScriptError(
                f"these replicates reject every mean at the level {self._against.level:.2g}, the true one too: the bound "
                "on their variance is too small"
            )
        return low, high

    def path(self, points: int = 100) -> list[tuple[int, float, float, float]]:
        """(replicates, running mean, low, high) at up to `points` times, evenly on a logarithmic axis.

        Each band is what `interval` gave then: all of them hold the mean at once, but with probability `level`.
        """
        if not self.count:
            return []
        times = np.unique(np.geomspace(1, self.count, points).round().astype(int)).tolist()
        means = np.cumsum(self.replicates) / np.arange(1, self.count + 1)
        return [(time, float(means[time - 1]), *self._against.interval(self.replicates[:time])) for time in times]


def replicates_needed(tolerance: float, variance: float, level: float, miss: float = MISS) -> int:
    """So many replicates confirm a true claim with probability 1 − miss, by the normal approximation of its power."""
    variance = _believable(tolerance, variance)
    z, paces = _quantile(miss), _paces(_level(level))
    ratio = tolerance / sqrt(variance)
    nodes, weights = np.polynomial.hermite_e.hermegauss(64)
    found = []
    for pace, weight in zip(paces, WEIGHTS[: len(paces)], strict=True):
        bar = log(2 / (level * weight))
        scores = influence(pace * ratio * (ratio - nodes)) - penalty(np.array(pace * ratio))
        mean = float(np.average(scores, weights=weights))
        sd = sqrt(float(np.average((scores - mean) ** 2, weights=weights)))
        if mean > 0:
            found.append(((z * sd + sqrt((z * sd) ** 2 + 4 * mean * bar)) / (2 * mean)) ** 2)
    if not found:
        raise ScriptError(
            f"the tolerance {tolerance:.3g} is too small beside the standard deviation {sqrt(variance):.3g} of a row"
        )
    return max(FEWEST, ceil(min(found)))


def _paces(level: float) -> tuple[float, float]:
    """Deviations, in tolerances, that confirmation is made for: at the budget's end in nearly all runs, and soon in most.

    With the first alone, N replicates confirm but for a tail of z standard deviations if tolerance √(N/v) ≥ z + √(2 bar).
    """
    reach = sqrt(2 * log(2 / level))
    return reach / (reach + _quantile(MISS)), 1.0


def _quantile(miss: float) -> float:
    """How many standard deviations the mean stays within, but for the probability `miss`."""
    return NormalDist().inv_cdf(1 - miss / 2)


def _crossing(excess: Callable[[float], float], start: float) -> float:
    """Where a rising function crosses 0, to a millionth of `start` or of itself, on the side where it is positive."""
    end, value = start, excess(start)
    step = start / 16 if value <= 0 else -start / 16
    while ((found := excess(end + step)) > 0) == (value > 0):
        end, value, step = end + step, found, 4 * step
    (inside, low), (outside, high) = sorted([(end, value), (end + step, found)])
    for _ in range(100):
        if outside - inside <= 1e-6 * max(start, abs(outside)):
            break
        middle = outside - (outside - inside) * high / (
            high - low
        )  # the Illinois rule: a chord, never stuck at one end
        if (found := excess(middle)) > 0:
            outside, high, low = middle, found, low / 2
        else:
            inside, low, high = middle, found, high / 2
    return outside


# ---- what is refused -----------------------------------------------------------------------------------------------


def _require_finite(claim: float) -> None:
    if not isfinite(claim):
        raise ScriptError(f"the closed form is {claim} at this instance; only finite numbers can be judged")


def _level(level: float) -> float:
    if not 0 < level < 1:
        raise ScriptError(f"an error rate lies between 0 and 1, not {level!r}")
    return level


def _believable(tolerance: float, variance: float) -> float:
    """The bound on the variance, raised where it is below what rounding adds."""
    if not (isfinite(tolerance) and tolerance > 0):
        raise ScriptError(f"the tolerance must be positive and finite, not {tolerance!r}: nothing is confirmed exactly")
    if not (isfinite(variance) and variance > 0):
        raise ScriptError(f"the bound on the variance must be positive and finite, not {variance!r}")
    return max(variance, (FINEST * tolerance) ** 2)


def _finite(replicates: Array) -> Array:
    if not np.isfinite(replicates).all():
        raise ScriptError("a replicate is not a finite number: the sampler or left_side gives infinities or NaN")
    return replicates
