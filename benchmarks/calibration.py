"""Measured error rates and costs of the Monte Carlo statistics: python benchmarks/calibration.py [--repetitions 20000]

1. How often the e-process is wrong at α = 0.01, looked at after every batch of replicates: a true claim refuted, a claim
   that is off by exactly the tolerance confirmed. Standardised replicates of a skewed and of a heavy-tailed law.
2. How often a closed form that is off by 1 % is refuted at α = 1e-11 with a tolerance of 1 %.
3. Replicates needed, over those of a CLT test with the same errors that looks once.
4. What a pilot costs and how close its bound on the variance comes.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, median

import numpy as np
from numpy.typing import NDArray

from proofsheet.monte_carlo.e_process import CONFIRMED, MISS, REFUTED, UNDECIDED, MeanTest, replicates_needed
from proofsheet.monte_carlo.variance import pilot_rows, polynomial, variance_bound

Array = NDArray[np.float64]
Law = Callable[[np.random.Generator, int], Array]

TRUTH, TOLERANCE = 1.0, 0.01
VARIANCE = TOLERANCE**2 / 0.04  # of a replicate: a budget of some two to four thousand, as in a check
BATCH = 64

LAWS: dict[str, Law] = {
    "normal": lambda random, size: random.standard_normal(size),
    "chi-squared, 1 df": lambda random, size: (random.chisquare(1, size) - 1) / sqrt(2),
    "Student, 2.5 df": lambda random, size: random.standard_t(2.5, size) / sqrt(5),
}
OFF_BY_THE_TOLERANCE = (TRUTH / (1 + TOLERANCE), TRUTH / (1 - TOLERANCE))  # the tolerance is relative to the claim
OFF_BY_ONE_PER_CENT = (0.99 * TRUTH, 1.01 * TRUTH)


@dataclass(frozen=True)
class Rates:
    """Shares of the verdicts, and the median number of replicates to a verdict."""

    refuted: float
    confirmed: float
    undecided: float
    stop: float


def rates(law: Law, claim: float, level: float, repetitions: int, seed: int = 0, batch: int = BATCH) -> Rates:
    """Of the verdicts on `claim`, with the budget that confirms a true one, looked at after every batch."""
    random = np.random.default_rng([seed, repetitions])
    tolerance = TOLERANCE * claim
    budget = replicates_needed(tolerance, VARIANCE, level)
    scale, verdicts, stops = sqrt(VARIANCE), [], []
    for _ in range(repetitions):
        test = MeanTest(claim, tolerance, VARIANCE, level)
        drawn = 0
        while test.verdict == UNDECIDED and drawn < budget:
            size = min(batch, budget - drawn)
            test.add(TRUTH + scale * law(random, size))
            drawn += size
        verdicts.append(test.verdict)
        stops.append(drawn)
    refuted, confirmed, undecided = (verdicts.count(one) / repetitions for one in (REFUTED, CONFIRMED, UNDECIDED))
    return Rates(refuted, confirmed, undecided, median(stops))


def clt_replicates(tolerance: float, variance: float, confirm: float, miss: float = MISS) -> float:
    """What two one-sided z-tests need to confirm a true claim with probability 1 − miss, looking once."""
    normal = NormalDist()
    return variance / tolerance**2 * (normal.inv_cdf(1 - confirm) + normal.inv_cdf(1 - miss / 2)) ** 2


def half_width(level: float, replicates: int) -> float:
    """Of the confidence set of so many normal replicates, over that of a CLT interval."""
    test = MeanTest(TRUTH, TOLERANCE, VARIANCE, level)
    quantiles = np.array([NormalDist().inv_cdf((k + 0.5) / replicates) for k in range(replicates)])
    test.add(TRUTH + sqrt(VARIANCE) * quantiles)
    low, high = test.interval()
    return (high - low) / 2 / (NormalDist().inv_cdf(1 - level / 2) * sqrt(VARIANCE / replicates))


def interval_ratio(level: float) -> float:
    """Replicates until the confidence set is as narrow as claim ± tolerance, over those of a CLT interval."""
    replicates = VARIANCE / TOLERANCE**2 * NormalDist().inv_cdf(1 - level / 2) ** 2  # of the CLT interval
    ratio = 1.0
    for _ in range(6):  # a fixed point: the half-width sought is √ratio times the CLT's at so many replicates
        ratio = half_width(level, round(ratio * replicates)) ** 2
    return ratio


def errors_table(repetitions: int) -> None:
    print(f"\nAt α = 0.01, {repetitions} repetitions, a look every {BATCH} replicates")
    print(f"{'replicates':20}{'claim':>26}{'refuted':>10}{'confirmed':>11}{'undecided':>11}{'median N':>10}")
    claims = {"true": TRUTH, "off by the tolerance, low": OFF_BY_THE_TOLERANCE[0]}
    claims["off by the tolerance, high"] = OFF_BY_THE_TOLERANCE[1]
    for name, law in LAWS.items():
        for what, claim in claims.items():
            _line(name, what, rates(law, claim, 0.01, repetitions))


def power_table(repetitions: int) -> None:
    print(f"\nAt α = 1e-11, tolerance 1 %, {repetitions} repetitions")
    for name, law in LAWS.items():
        for claim in (TRUTH, *OFF_BY_ONE_PER_CENT):
            _line(name, f"{100 * (claim / TRUTH - 1):+.0f} %", rates(law, claim, 1e-11, repetitions))


def _line(name: str, what: str, found: Rates) -> None:
    print(
        f"{name:20}{what:>26}{found.refuted:10.4f}{found.confirmed:11.4f}{found.undecided:11.4f}{found.stop:10.0f}",
        flush=True,
    )


def cost_table() -> None:
    print("\nReplicates needed over those of the CLT at the same levels: a set of ± tolerance; a confirmation")
    print(f"{'level':>8}{'set':>8}{'all but 1e-6 of the runs':>26}{'half of the runs':>18}{'width at the end':>18}")
    for level in (0.01, 1e-9, 1e-10, 1e-11, 1e-12):
        budget = replicates_needed(TOLERANCE, VARIANCE, level)
        whole = budget / clt_replicates(TOLERANCE, VARIANCE, level)
        half = rates(LAWS["normal"], TRUTH, level, 300, batch=16).stop / clt_replicates(
            TOLERANCE, VARIANCE, level, miss=0.5
        )
        wide = half_width(level, budget)
        print(f"{level:8.0e}{interval_ratio(level):8.3f}{whole:26.3f}{half:18.3f}{wide:18.3f}", flush=True)


def pilot_table() -> None:
    print(
        "\nPilots for polynomials in Gaussian variables: rows, and bound / variance (least and most of 5), milliseconds"
    )
    random = np.random.default_rng(1)
    hermite: dict[int, tuple[float, Callable[[Array], Array]]] = {
        1: (1, lambda z: z),
        2: (2, lambda z: z**2),
        3: (6, lambda z: z**3 - 3 * z),
        4: (24, lambda z: z**4 - 6 * z**2 + 3),
    }
    for degree, (variance, polynomial_of) in hermite.items():
        for level in (1e-9, 1e-12):
            rows = pilot_rows(polynomial(degree), level)
            pilots = [polynomial_of(random.standard_normal(rows)) for _ in range(5)]
            start = time.perf_counter()
            found = [variance_bound(polynomial(degree), pilot, level).value / variance for pilot in pilots]
            spent = (time.perf_counter() - start) / 5 * 1000
            print(f"degree {degree}  {level:6.0e}  {rows:9d}  {min(found):.3f} to {max(found):.3f}  {spent:6.1f}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Error rates and costs of the Monte Carlo statistics.")
    parser.add_argument("--repetitions", type=int, default=2000)
    repetitions = parser.parse_args().repetitions
    pilot_table()
    cost_table()
    errors_table(repetitions)
    power_table(repetitions)
    return 0


if __name__ == "__main__":
    sys.exit(main())
