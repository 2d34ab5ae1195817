"""The e-process on draws: how a NumericCheck is sampled, chunk by chunk, until it is decided or its budget ends."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.e_process import CONFIRMED, KEPT, REFUTED, UNDECIDED, MeanTest, Rejection, replicates_needed
from proofsheet.monte_carlo.streaming import chunks
from proofsheet.monte_carlo.variance import (
    Derived,
    Polynomial,
    VarianceBound,
    pilot_rows,
    require_within,
    variance_bound,
)
from proofsheet.numeric.checks import Options, VariantSeen, Verdict, drawn_facts, variants_line
from proofsheet.numeric.chunks import Claims, Draws, chunk, key_of, numbers_per_row, schedule, where
from proofsheet.numeric.declared_degree import refuse_higher_degree
from proofsheet.numeric.tolerances import refuse_near, tolerance_of

if TYPE_CHECKING:
    from proofsheet.numeric.numeric_check import NumericCheck

PILOT_NUMBERS = 2**18  # of a pilot that only guards a derived bound, at least
SHORTEST = 16  # rows (blocks) of a pilot that guards a derived bound: one that is some 200 times too small shows
MOST_NUMBERS = 1e11  # drawn for one check: a quarter of an hour on one core, which draws some 1e8 a second
PILOT, JUDGED = 0, 1  # which stream of draws


@dataclass(frozen=True)
class Sampled(Verdict):
    """What the e-process says."""

    verdict: str
    claim: float
    tolerance: float
    estimate: float
    interval: tuple[float, float]
    rows: int
    replicates: int
    level: float
    seed: int
    bound: VarianceBound
    variants: tuple[VariantSeen, ...] = ()
    test: MeanTest | None = field(default=None, repr=False, compare=False)
    interrupted: bool = False

    @property
    def detectable(self) -> float:
        """A closed form with a larger relative error than this, on either side, lies outside of the confidence set."""
        low, high = self.interval
        return max(high - self.claim, self.claim - low) / abs(self.claim)

    @property
    def path(self) -> list[tuple[int, float, float, float]]:
        """(replicates, running estimate, low, high), for a picture."""
        return self.test.path() if self.test else []

    def facts(self) -> dict[str, Any]:
        bound = self.bound
        return drawn_facts(self, method="e-process", grade=bound.grade, variance=bound.source, samples=self.rows)

    def __str__(self) -> str:
        low, high = self.interval
        return (
            f"{self.verdict} by e-process ({self.bound.grade}; variance: {self.bound.source})\n"
            f"    closed form {self.claim:.6g}, estimate {self.estimate:.6g} in [{low:.6g}, {high:.6g}] at error rate "
            f"{self.level:.2g}\n"
            f"    {self.rows} rows, seed {self.seed}, tolerance {self.tolerance:.2g}; would have caught a relative error of "
            f"{self.detectable:.2g}\n"
            f"    {variants_line(self.variants)}"
        )


def run(check: NumericCheck, options: Options) -> Sampled:
    """Draw until the claim and every variant are decided, or the budget of draws ends."""
    return _Run(check, options).verdict()


class _Run:
    """One run of a check: the pilot, the tests of the claim and of the variants, and what was drawn."""

    def __init__(self, check: NumericCheck, options: Options) -> None:
        if check.variance is None:
            raise ScriptError("sampling needs a bound on the variance; say variance=derived(...), for example")
        refuse_unfit(check)
        self.check, self.options, self.variance = check, options, check.variance
        self.claims: Claims = check.sampled_claims
        if isinstance(self.variance, Polynomial):
            refuse_higher_degree(check, self.variance.degree)
        self.seed = check.seed if options.seed is None else options.seed
        self.draws = Draws(self.seed, key_of(check, options.label), options.backend)
        self.where = where(check, options.label)
        self.block = check.design.block(check.sources)
        self.claim = self.claims.judged.closed
        self.tolerance = tolerance_of(check)
        self.pilots = len(self.claims.parts) if isinstance(self.variance, Polynomial) else 1
        self.levels = Levels.of(options.level, self.pilots, len(self.claims.variants))
        self.bounds = self._bounds()
        self._refuse_hopeless(self.bounds[0].value)
        blocks = replicates_needed(self.tolerance, self.bounds[0].value, self.levels.claim)
        self.rows = -(-blocks // KEPT)  # rows (or blocks) that are averaged in one replicate
        self.budget = -(-blocks // self.rows)
        self.test = MeanTest(self.claim, self.tolerance, self._variance(0), self.levels.claim)
        self.against = self._against()
        self.sums, self.taken = np.zeros(len(self.claims.parts)), 0

    def _bounds(self) -> list[VarianceBound]:
        """A bound for each part that has one, from a pilot on draws of its own; the judged part's first.

        What is derived needs no draws; a pilot guards it after the judgement, when it is known how many draws it judged.
        """
        if isinstance(self.variance, Derived):
            self._refuse_hopeless(self.variance.bound)
            return [variance_bound(self.variance, np.empty(0), self.levels.pilot)]
        pilot = self._pilot(pilot_rows(self.variance, self.levels.pilot))
        parts = range(self.pilots)
        return [variance_bound(self.variance, pilot[:, part], self.levels.pilot) for part in parts]

    def _guard(self) -> None:
        """Raises ScriptError where a pilot contradicts a derived bound: as many rows (blocks) as it judged, or enough."""
        if isinstance(self.variance, Derived):
            judged = max(SHORTEST, self.taken * self.rows, PILOT_NUMBERS // (self.block * numbers_per_row(self.check)))
            pilot = self._pilot(min(pilot_rows(self.variance, self.levels.pilot), judged))
            self.bounds = [variance_bound(self.variance, pilot[:, 0], self.levels.pilot)]

    def _refuse_hopeless(self, variance: float) -> None:
        """Raises ScriptError where a verdict could take more numbers than anyone waits for."""
        rows = self.block * replicates_needed(self.tolerance, variance, self.levels.claim)
        numbers = rows * numbers_per_row(self.check)
        if numbers > MOST_NUMBERS:
            raise ScriptError(
                f"tolerance={self.check.tolerance:g} needs about {rows:.0e} draws of {numbers_per_row(self.check)} numbers "
                f"each, and more than {MOST_NUMBERS:.0e} numbers are not drawn: raise the tolerance, sharpen the bound on "
                f"the variance ({variance:.3g}), or choose a design (antithetic, orthogonal)"
            )

    def _pilot(self, size: int) -> Any:
        with closing(self._chunks(PILOT, size, 1)) as found:
            return np.concatenate(list(found))

    def _chunks(self, stream: int, replicates: int, rows: int) -> Generator[Any, None, None]:
        """The chunks of a stream, in order; what is still under way is cancelled when this is closed."""
        numbers = rows * self.block * numbers_per_row(self.check)
        arguments = (
            (self.where, self.draws, stream, number, size, rows) for number, size in schedule(replicates, numbers)
        )
        return chunks(chunk, arguments, self.options.executor)

    def _variance(self, part: int) -> float:
        return self.bounds[part].value / self.rows

    def _against(self) -> dict[int, tuple[int, Rejection]]:
        """For each variant that these draws can see: which part of the draws it is about, and the evidence against it."""
        found = {}
        for k, variant in enumerate(self.claims.variants):
            if not self._unseen(k):
                assert not isinstance(variant, str)
                part = self.claims.part_of(variant)
                if part == 0 and self.check.closed_form is None:
                    refuse_near(variant.closed - self.claim, self.tolerance, self.check.wrong[k].mistake)
                scale = self.tolerance if part else max(self.tolerance, abs(variant.closed - self.claim))
                found[k] = part, Rejection(variant.closed, scale, self._variance(part), self.levels.variant)
        return found

    def _unseen(self, k: int) -> str:
        """Why these draws cannot see a variant; empty where they can, and where they see it whatever is declared."""
        variant, declared = self.claims.variants[k], self.check.unseen.get(self.check.wrong[k].mistake, "")
        if isinstance(variant, str) or (declared and not self.claims.tells(variant, self.tolerance)):
            return declared or str(variant)
        if self.claims.part_of(variant) and not isinstance(self.variance, Polynomial):
            return "it has other expectations, and no bound on the variance of those is declared"
        return ""

    def verdict(self) -> Sampled:
        try:
            with closing(self._chunks(JUDGED, self.budget, self.rows)) as several:
                for found in several:
                    self._take(found)
                    if self.test.verdict == REFUTED or (self.test.verdict == CONFIRMED and self._all_rejected):
                        break
        except KeyboardInterrupt:
            if not self.taken:
                raise
            return self._found(interrupted=True)  # the set holds at every stopping time, at this one too
        self._guard()
        return self._found()

    def _take(self, found: Any) -> None:
        require_within(self.variance, found[:, 0])
        self.test.add(found[:, 0])
        for part, rejection in self.against.values():
            rejection.add(found[:, part])
        self.sums += found.sum(axis=0)
        self.taken += len(found)
        if self.options.progress is not None:
            self.options.progress(self.taken / self.budget, self.options.label)

    @property
    def _all_rejected(self) -> bool:
        return all(rejection.rejected for _, rejection in self.against.values())

    def _found(self, interrupted: bool = False) -> Sampled:
        held_back = self.test.verdict == CONFIRMED and not self._all_rejected
        return Sampled(
            UNDECIDED if held_back else self.test.verdict,
            self.claim,
            self.tolerance,
            self.test.mean,
            self.test.interval(),
            self.taken * self.rows * self.block,
            self.taken,
            self.options.level,
            self.seed,
            self.bounds[0],
            tuple(self._seen(k) for k in range(len(self.claims.variants))),
            self.test,
            interrupted,
        )

    def _seen(self, k: int) -> VariantSeen:
        mistake = self.check.wrong[k].mistake
        if k not in self.against:
            return VariantSeen(mistake, False, unseen=self._unseen(k))
        part, rejection = self.against[k]
        return VariantSeen(
            mistake, rejection.rejected, (rejection.claim - self.sums[part] / self.taken) / self.tolerance
        )


def refuse_unfit(check: NumericCheck) -> None:
    """polynomial(d) speaks of independent Gaussian and Rademacher variables, and of nothing else."""
    if not isinstance(check.variance, Polynomial):
        return
    others = [f"{name} is {source.family}" for name, source in check.sources.items() if not source.is_hypercontractive]
    if check.design.kind == "orthogonal":
        others.append("the rows of an orthogonal block are not independent")
    if others:
        raise ScriptError(
            f"polynomial({check.variance.degree}) is for independent Gaussian and Rademacher sources, and {others[0]}: "
            "say derived(...) or bounded(...)"
        )


@dataclass(frozen=True)
class Levels:
    """How a check's share is split. Of the two verdicts on the claim at most one can be false, so that they share a part."""

    pilot: float  # of each bound that rests on a pilot
    claim: float  # refuted though true, or confirmed though off by the tolerance
    variant: float  # of each variant: refuted though true

    @classmethod
    def of(cls, level: float, pilots: int, variants: int) -> Levels:
        """A quarter for the pilots, a quarter for the claim, half for the variants."""
        return cls(level / 4 / pilots, level / 4, level / 2 / max(1, variants))
