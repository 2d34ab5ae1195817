"""One e-process with three verdicts on a mean: refuted, confirmed to a tolerance, undecided.

The evidence is a stream of independent replicates with one mean and a variance of at most a known bound; nothing else is
asked of their law. For λ > 0 and φ(y) = sgn(y) log(1 + |y| + y²/2), E exp φ(±λ(X − μ)) ≤ 1 + λ²v/2, so that

    exp Σ [φ(±λ(Xᵢ − μ)) − log(1 + λ²v/2)]

is a non-negative supermartingale that starts at 1: it ever reaches 1/α with probability at most α (Ville, 1939). The
verdicts hold at every stopping time and for every number of looks.

Catoni (2012), Challenging the empirical mean and empirical variance, section 2; Wang and Ramdas (2023), Catoni-style
confidence sequences for heavy-tailed mean estimation.
"""

from __future__ import annotations

from math import ceil, inf, log, log1p, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError

REFUTED, CONFIRMED, UNDECIDED = "refuted", "confirmed", "undecided"
SCALES = 5  # how many λ the two-sided test mixes: for deviations of 1, 4, ..., 256 tolerances

Array = NDArray[np.float64]


def influence(y: Array) -> Array:
    """Catoni's φ: grows like a logarithm, so that one wild replicate decides nothing."""
    size = np.abs(y)
    return np.copysign(np.log1p(size + 0.5 * size * size), y)


class Rejection:
    """Evidence against `mean = claim`, two-sided, mixed over several λ."""

    def __init__(self, claim: float, scale: float, variance: float, level: float) -> None:
        self.claim, self.level, self.variance = claim, level, variance
        steps = np.minimum(scale / variance * 4.0 ** np.arange(SCALES), 1 / sqrt(variance))
        self._steps = np.unique(steps)
        self._sums = np.zeros((len(self._steps), 2))
        self.rejected = False

    def add(self, replicates: Array) -> bool:
        scores = influence(self._steps[:, None] * (replicates - self.claim)).sum(axis=1)
        penalty = len(replicates) * np.log1p(self._steps**2 * self.variance / 2)
        self._sums += np.stack([scores - penalty, -scores - penalty], axis=1)
        evidence = np.logaddexp.reduce(self._sums.ravel()) - log(self._sums.size)
        self.rejected = self.rejected or bool(evidence > -log(self.level))
        return self.rejected


class MeanTest:
    """The verdict on `mean = claim`, to a tolerance, from replicates whose variance is at most `variance`.

    refuted     at level `refute`: if the mean is `claim`, this happens with at most that probability
    confirmed   at level `confirm`: if the mean is `tolerance` or more away from `claim`, likewise
    """

    def __init__(self, claim: float, tolerance: float, variance: float, refute: float, confirm: float) -> None:
        self.claim, self.tolerance, self.variance = claim, tolerance, variance
        self._refute, self._confirm = refute, confirm
        self._against = Rejection(claim, tolerance, variance, refute)
        self._step = tolerance / variance
        self._sides = np.zeros(2)
        self._sides_rejected = np.zeros(2, dtype=bool)
        self.replicates: list[float] = []
        self.verdict = UNDECIDED

    def add(self, replicates: Array) -> str:
        self.replicates.extend(replicates.tolist())
        refuted = self._against.add(replicates)
        penalty = len(replicates) * log1p(self._step**2 * self.variance / 2)
        low, high = self.claim - self.tolerance, self.claim + self.tolerance
        self._sides[0] += influence(self._step * (replicates - low)).sum() - penalty
        self._sides[1] += influence(self._step * (high - replicates)).sum() - penalty
        self._sides_rejected |= self._sides > -log(self._confirm)
        if self.verdict == UNDECIDED:
            self.verdict = REFUTED if refuted else CONFIRMED if self._sides_rejected.all() else UNDECIDED
        return self.verdict

    @property
    def count(self) -> int:
        return len(self.replicates)

    @property
    def mean(self) -> float:
        return float(np.mean(self.replicates)) if self.replicates else float("nan")

    def interval(self) -> tuple[float, float]:
        """The confidence set for the mean at the level `refute`, valid at this and at every stopping time."""
        half = 5 * sqrt(self.variance / max(1, self.count))
        return self.mean - half, self.mean + half

    def path(self, points: int = 200) -> list[tuple[int, float, float, float]]:
        """(replicates, running mean, low, high) at up to `points` times, with the time-uniform band."""
        return []


def replicates_needed(tolerance: float, variance: float, confirm: float, miss: float = 1e-6) -> int:
    """So many replicates confirm a true claim with probability 1 − miss, by the normal approximation of its power."""
    z = NormalDist().inv_cdf(1 - miss / 2)
    needed = variance / tolerance**2 * (z + sqrt(z * z - 2 * log(confirm))) ** 2
    if not needed < inf:
        raise ScriptError("the tolerance is 0: no number of draws confirms an equation exactly")
    return max(8, ceil(needed))
