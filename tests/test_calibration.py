"""How often the e-process is wrong, looked at after every batch: never more often than it says, for false neighbours more.

The long ones take 20,000 repetitions; benchmarks/calibration.py prints the same numbers as a table.
"""

from copy import copy
from math import log, sqrt

import numpy as np
import pytest
from calibration import (
    BATCH,
    LAWS,
    OFF_BY_ONE_PER_CENT,
    OFF_BY_THE_TOLERANCE,
    TOLERANCE,
    TRUTH,
    VARIANCE,
    clt_replicates,
    interval_ratio,
    rates,
)

from proofsheet.monte_carlo import e_process
from proofsheet.monte_carlo.e_process import Rejection, replicates_needed

LEVEL = 0.01
SHORT, LONG = 400, 20_000
# More than 11 errors in 400 repetitions happen with a probability below 1e-3 where the rate is LEVEL.
SLACK = 11 / (SHORT * LEVEL)
SKEWED, HEAVY = LAWS["chi-squared, 1 df"], LAWS["Student, 2.5 df"]


def law(name):
    return LAWS[name]


@pytest.mark.parametrize("name", LAWS)
def test_error_rates(name):
    true = rates(law(name), TRUTH, LEVEL, SHORT)
    assert true.refuted <= SLACK * LEVEL
    assert true.confirmed > 0.97
    for claim in OFF_BY_THE_TOLERANCE:
        off = rates(law(name), claim, LEVEL, SHORT)
        assert off.confirmed <= SLACK * LEVEL
        assert off.refuted > 0.95


@pytest.mark.parametrize("claim", OFF_BY_ONE_PER_CENT)
def test_power_against_one_per_cent(claim):
    """A closed form that is off by 1 %, at a tolerance of 1 % and the level of a suite of a hundred checks."""
    found = rates(SKEWED, claim, 1e-11, 100)
    assert (found.refuted, found.confirmed) == (1.0, 0.0)


@pytest.mark.long
@pytest.mark.parametrize("name", ["chi-squared, 1 df", "Student, 2.5 df"])
def test_error_rates_over_many_repetitions(name):
    true = rates(law(name), TRUTH, LEVEL, LONG)
    assert true.refuted <= LEVEL
    assert true.confirmed > 0.99
    for claim in OFF_BY_THE_TOLERANCE:
        assert rates(law(name), claim, LEVEL, LONG).confirmed <= LEVEL


@pytest.mark.long
@pytest.mark.parametrize("claim", OFF_BY_ONE_PER_CENT)
def test_power_against_one_per_cent_over_many_repetitions(claim):
    assert rates(SKEWED, claim, 1e-11, LONG).refuted >= 0.999


# ---- false neighbours ----------------------------------------------------------------------------------------------


def test_without_the_penalty_it_is_wrong_too_often(monkeypatch):
    monkeypatch.setattr(e_process, "penalty", lambda spreads: 0 * spreads)
    monkeypatch.setattr("calibration.replicates_needed", lambda *_: 1500)
    assert rates(SKEWED, TRUTH, LEVEL, SHORT).refuted > SLACK * LEVEL


def test_without_the_penalty_on_the_sides_it_confirms_too_often(monkeypatch):
    class Free(e_process.MeanTest):
        def __init__(self, *given):
            super().__init__(*given)
            self._mixture = copy(self._mixture)  # of the sides alone
            self._mixture.penalties = 0 * self._mixture.penalties

    monkeypatch.setattr("calibration.MeanTest", Free)
    assert rates(SKEWED, OFF_BY_THE_TOLERANCE[0], LEVEL, SHORT).confirmed > SLACK * LEVEL


def test_one_side_against_the_tolerance_is_no_confirmation(monkeypatch):
    """A claim that is off by the tolerance is far from the other side: only both together confirm."""

    class Careless(e_process.MeanTest):
        def _sides_are_rejected(self, replicates):
            super()._sides_are_rejected(replicates)
            return max(map(self._mixture.evidence, (self._above, self._below))) > self._against.bar

    monkeypatch.setattr("calibration.MeanTest", Careless)
    assert rates(SKEWED, OFF_BY_THE_TOLERANCE[0], LEVEL, SHORT).confirmed > SLACK * LEVEL


def refuted_at_any_look(evidence_of, law, repetitions=SHORT, size=1500, seed=1):
    """Share of the runs of replicates with mean 0 and variance 1 in which the evidence ever exceeds 1/LEVEL."""
    random = np.random.default_rng(seed)
    return np.mean([evidence_of(law(random, size)).max() > log(1 / LEVEL) for _ in range(repetitions)])


def test_the_best_step_in_hindsight_is_wrong_too_often():
    """max over λ of λS − λ²n/2, that is S²/2n, at a level as if λ had been known before the draws."""

    def hindsight(values):
        return np.cumsum(values) ** 2 / (2 * np.arange(1, len(values) + 1))

    def foresight(values):
        return 0.1 * np.abs(np.cumsum(values)) - 0.005 * np.arange(1, len(values) + 1) - log(2)

    assert refuted_at_any_look(hindsight, LAWS["normal"]) > SLACK * LEVEL
    assert refuted_at_any_look(foresight, LAWS["normal"]) <= SLACK * LEVEL


def test_the_sample_variance_is_no_bound():
    """Replicates whose variance sits in rare events: as long as none has come, the sample variance is far too small."""

    def rare(random, size):
        return ((random.random(size) < 0.01) - 0.01) / sqrt(0.01 * 0.99) + 0.01 * random.standard_normal(size)

    def wrong(variance_of):
        random, found = np.random.default_rng(2), 0
        for _ in range(SHORT):
            values = rare(random, 300)
            test = Rejection(0.0, 0.1, variance_of(values), LEVEL)
            found += any(test.add(part) for part in values.reshape(-1, 20))
        return found / SHORT

    assert wrong(lambda values: 1.0001) <= SLACK * LEVEL
    assert wrong(lambda values: np.var(values[:20])) > 0.5
    assert wrong(np.var) > SLACK * LEVEL


def test_a_clt_interval_that_is_looked_at_again_is_wrong_too_often():
    """What the e-process is for."""

    def peeking(values):
        means = np.cumsum(values) / np.arange(1, len(values) + 1)
        z = np.abs(means) * np.sqrt(np.arange(1, len(values) + 1))
        return np.where(z[31:] > 2.576, np.inf, -np.inf)

    assert refuted_at_any_look(peeking, SKEWED) > 5 * LEVEL


# ---- what it costs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [1e-9, 1e-10, 1e-11])
def test_replicates_needed_are_at_most_a_fifth_more_than_the_clt_takes(level):
    """At the same levels: until the confidence set is ± tolerance; and to confirm but for 1e-6 of the runs."""
    assert 1.0 < interval_ratio(level) <= 1.2
    budget = replicates_needed(TOLERANCE, VARIANCE, level)
    assert 1.0 < budget / clt_replicates(TOLERANCE, VARIANCE, level) <= 1.2


def test_the_budget_confirms_a_true_claim():
    assert rates(HEAVY, TRUTH, 1e-9, 50, batch=4 * BATCH).confirmed == 1.0
