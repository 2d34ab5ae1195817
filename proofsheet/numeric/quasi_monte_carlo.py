"""Randomised quasi-Monte Carlo: Sobol points under independent scramblings, judged by a t interval over those.

Used where no bound on the variance is declared. That the 32 means are nearly Gaussian is not known for any number of points:
the grade is asymptotic. The points are those of the plain definition in full dimension, whatever design the check has; their
number is a power of 2, from the first one on (Owen, 2020, On dropping the first Sobol' point).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.densities import Density
from proofsheet.monte_carlo.e_process import CONFIRMED, REFUTED, UNDECIDED
from proofsheet.monte_carlo.rounding import EPSILON, ROUNDINGS
from proofsheet.monte_carlo.streaming import chunk_seed
from proofsheet.numeric.checks import Options, VariantSeen, Verdict, drawn_facts, variants_line
from proofsheet.numeric.chunks import CACHED, Claims, key_of, numbers_per_row
from proofsheet.numeric.estimand import Claim, claim_of
from proofsheet.numeric.laws import left_values, random_variables
from proofsheet.numeric.tolerances import refuse_near, tolerance_of

if TYPE_CHECKING:
    from proofsheet.numeric.numeric_check import NumericCheck

NAME, GRADE = "quasi-Monte Carlo", "asymptotic"
SCRAMBLINGS = 32
MOST_DIMENSIONS = 21_201  # of scipy's table of direction numbers (Joe and Kuo, 2008)
BITS = 52  # of a coordinate
FIRST, LAST = 8, 16  # the numbers of points that are looked at: 2^8, 2^10, ...
NUMBERS = 2**26  # at most so many numbers, over all scramblings

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Randomised(Verdict):
    """What the t interval over the scramblings says."""

    verdict: str
    claim: float
    tolerance: float
    estimate: float
    half_width: float
    points: int
    level: float
    seed: int
    variants: tuple[VariantSeen, ...] = ()

    @property
    def interval(self) -> tuple[float, float]:
        return self.estimate - self.half_width, self.estimate + self.half_width

    @property
    def detectable(self) -> float:
        """A relative error of this size would have been refuted."""
        return 2 * self.half_width / abs(self.claim)

    def facts(self) -> dict[str, Any]:
        return drawn_facts(
            self,
            method=NAME,
            grade=GRADE,
            variance=f"estimated from {SCRAMBLINGS} scramblings",
            samples=SCRAMBLINGS * self.points,
        )

    def __str__(self) -> str:
        low, high = self.interval
        return (
            f"{self.verdict} by {NAME} ({GRADE}; {SCRAMBLINGS} scramblings)\n"
            f"    closed form {self.claim:.6g}, estimate {self.estimate:.6g} in [{low:.6g}, {high:.6g}] at error rate "
            f"{self.level:.2g}\n"
            f"    {SCRAMBLINGS} times {self.points} points, seed {self.seed}, tolerance {self.tolerance:.2g}; would have "
            f"caught a relative error of {self.detectable:.2g}\n"
            f"    {variants_line(self.variants)}"
        )


def why_not(check: NumericCheck) -> str:
    """Why the sources cannot be made of Sobol points; empty where they can."""
    dimension = numbers_per_row(check)
    if not 1 <= dimension <= MOST_DIMENSIONS:
        return f"{dimension} dimensions; Sobol points have 1 to {MOST_DIMENSIONS}"
    for name, source in check.sources.items():
        if isinstance(source, Density):
            return f"{name} is given by its density, which is integrated"
    return ""


def run(check: NumericCheck, options: Options) -> Randomised:
    """Take more points until the claim and every variant are decided, or there are enough."""
    return _Run(check, options).verdict()


class _Run:
    """The scramblings of one check, and for each the sums of left − expectations over its points."""

    def __init__(self, check: NumericCheck, options: Options) -> None:
        from scipy.special import stdtrit  # the last method that is tried, and SciPy takes long to load
        from scipy.stats.qmc import Sobol

        self.check, self.options = check, options
        self.claims: Claims = check.sampled_claims
        self.tolerance = tolerance_of(check)
        self.seed = check.seed if options.seed is None else options.seed
        self.dimension = numbers_per_row(check)
        self._refuse_near()
        key = key_of(check, options.label)
        self.engines = [
            Sobol(self.dimension, bits=BITS, seed=np.random.default_rng(chunk_seed(self.seed, key, number)))
            for number in range(SCRAMBLINGS)
        ]
        self.sums = np.zeros((SCRAMBLINGS, len(self.claims.parts)))
        self.points, self.size = 0, 0.0
        self.looks = [n for n in range(FIRST, LAST + 1, 2) if SCRAMBLINGS * self.dimension << n <= NUMBERS] or [FIRST]
        share = options.level / len(self.looks) / len(self.claims.parts)
        self.quantile = float(-stdtrit(SCRAMBLINGS - 1, share / 2))

    def _refuse_near(self) -> None:
        """Variants with the expectations of the theorem differ from it by their closed parts alone."""
        own = claim_of(self.check.theorem.right, self.check.instance)
        for variant, claim in zip(self.check.wrong, self.claims.variants, strict=True):
            if (
                isinstance(claim, Claim)
                and claim.expectations == own.expectations
                and not self._unseen(variant.mistake, claim)
            ):
                refuse_near(claim.closed - own.closed, self.tolerance, variant.mistake)

    def _unseen(self, mistake: str, claim: Claim | str) -> str:
        """Why these points cannot see a variant; empty where they can, and where they see it whatever is declared."""
        declared = self.check.unseen.get(mistake, "")
        if isinstance(claim, str):
            return declared or claim
        return "" if self.claims.tells(claim, self.tolerance) else declared

    def verdict(self) -> Randomised:
        for look, power in enumerate(self.looks):
            self._extend(2**power)
            found = self._found()
            if self.options.progress is not None:
                self.options.progress((look + 1) / len(self.looks), self.options.label)
            if found.verdict != UNDECIDED:
                break
        return found

    def _extend(self, points: int) -> None:
        for number, engine in enumerate(self.engines):
            for rows in self._blocks(points - self.points):
                values = self._values(engine.random(rows))
                self.sums[number] += values.sum(axis=0)
        self.points = points

    def _blocks(self, rows: int) -> Iterator[int]:
        step = 1 << max(0, (CACHED // self.dimension).bit_length() - 1)  # a power of 2, as the net wants it
        for start in range(0, rows, step):
            yield min(step, rows - start)

    def _values(self, uniforms: Array) -> Array:
        """left − the expectations of each part, for each point; (rows, parts)."""
        rows, at, values = len(uniforms), 0, {}
        for name, source in self.check.sources.items():
            values[name] = source.from_uniform(uniforms[:, at : at + source.entries].reshape(rows, *source.shape))
            at += source.entries
        draws = random_variables(self.check, values)
        left = left_values(self.check, draws, rows)
        self.size = max(self.size, float(np.abs(left).max()))
        parts = [
            left - np.broadcast_to(part.per_draw(self.check.instance, draws), (rows,)) for part in self.claims.parts
        ]
        found = np.stack(parts, axis=1)
        if not np.isfinite(found).all():
            raise ScriptError("the right side is not finite for some draws; choose smaller numbers")
        return found

    def _interval(self, part: int) -> tuple[float, float]:
        """Mean and half width: the t interval over the scramblings, widened by what rounding may have done."""
        means = self.sums[:, part] / self.points
        half = self.quantile * float(means.std(ddof=1)) / sqrt(SCRAMBLINGS)
        return float(means.mean()), half + ROUNDINGS * EPSILON * self.size

    def _found(self) -> Randomised:
        claim = self.claims.judged.closed
        mean, half = self._interval(0)
        variants = tuple(
            self._seen(variant.mistake, one)
            for variant, one in zip(self.check.wrong, self.claims.variants, strict=True)
        )
        within = abs(mean - claim) + half < self.tolerance and all(one.refuted or one.unseen for one in variants)
        verdict = REFUTED if abs(mean - claim) > half else CONFIRMED if within else UNDECIDED
        level = self.options.level
        return Randomised(verdict, claim, self.tolerance, mean, half, self.points, level, self.seed, variants)

    def _seen(self, mistake: str, claim: Claim | str) -> VariantSeen:
        if unseen := self._unseen(mistake, claim):
            return VariantSeen(mistake, False, unseen=unseen)
        assert isinstance(claim, Claim)
        mean, half = self._interval(self.claims.part_of(claim))
        return VariantSeen(mistake, abs(claim.closed - mean) > half, (claim.closed - mean) / self.tolerance)
