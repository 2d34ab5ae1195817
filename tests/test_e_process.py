"""The e-process: its premises exactly on small laws, its verdicts on skewed and heavy-tailed ones, and what it refuses.

Every property is also seen to fail for its nearest false neighbour: without the penalty, with half of the variance, with
a λ that is taken from the data.
"""

from math import exp, inf, log, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo import e_process
from proofsheet.monte_carlo.e_process import (
    CONFIRMED,
    FARTHEST,
    KEPT,
    REFUTED,
    UNDECIDED,
    MeanTest,
    Mixture,
    Rejection,
    influence,
    penalty,
    replicates_needed,
)

LEVEL = 1e-9
LAWS = {  # standardised
    "normal": lambda random, size: random.standard_normal(size),
    "chi-squared, 1 df": lambda random, size: (random.chisquare(1, size) - 1) / sqrt(2),
    "minus chi-squared, 1 df": lambda random, size: (1 - random.chisquare(1, size)) / sqrt(2),
    "Student, 2.5 df": lambda random, size: random.standard_t(2.5, size) / sqrt(5),
    "rare events": lambda random, size: ((random.random(size) < 0.02) - 0.02) / sqrt(0.02 * 0.98),
}


def replicates(law="normal", size=2000, mean=0.0, sd=1.0, seed=0):
    return mean + sd * LAWS[law](np.random.default_rng(seed), size)


# ---- φ and the supermartingale, exactly ----------------------------------------------------------------------------


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_influence_lies_between_its_two_bounds_is_odd_and_rises(y, z):
    value = float(influence(np.array([y]))[0])
    slack = 1e-12 * (1 + abs(value))
    assert -np.log1p(-y + y * y / 2) - slack <= value <= np.log1p(y + y * y / 2) + slack
    assert float(influence(np.array([-y]))[0]) == -value
    assert (y <= z) <= (value <= float(influence(np.array([z]))[0]))


def test_influence_of_numbers_beyond_all_reason_is_finite():
    values = influence(np.array([-inf, -1e308, -FARTHEST, 0.0, 1e-300, 1e308, inf]))
    assert np.isfinite(values).all()
    assert (np.diff(values) >= 0).all()


two_point_laws = st.tuples(st.floats(0.001, 0.999), st.floats(-50, 50), st.floats(0.01, 50))


def mean_growth(law, deviation, below, bound=1.0, cost=penalty):
    """E of the factor by which one replicate multiplies an e-process, in two outcomes; `below`: how far m lies above μ."""
    chance, low, gap = law
    sd = gap * sqrt(chance * (1 - chance))
    mean = low + chance * gap
    mixture = Mixture(np.array([deviation * sd]), np.array([1.0]), bound * sd * sd)
    mixture.penalties = cost(np.array([deviation / sqrt(bound)]))
    outcomes = ((1 - chance, low), (chance, low + gap))
    return sum(p * exp(mixture.scores(np.array([x - mean - below * sd]))[0]) for p, x in outcomes)


@given(two_point_laws, st.floats(0.001, 300), st.floats(0, 10))
def test_no_replicate_multiplies_the_evidence_against_what_is_so(law, deviation, below):
    """At the mean, and at every mean that the one-sided hypothesis takes in."""
    assert mean_growth(law, deviation, 0.0) <= 1 + 1e-9
    assert mean_growth(law, deviation, below) <= mean_growth(law, deviation, 0.0) + 1e-9


@pytest.mark.parametrize(
    "neighbour",
    [{"cost": lambda spreads: 0 * spreads}, {"cost": lambda spreads: penalty(spreads) / 2}, {"bound": 0.5}],
)
def test_without_the_penalty_or_with_half_of_the_variance_it_does(neighbour):
    law = (0.3, -1.0, 2.0)
    assert mean_growth(law, 0.3, 0.0) <= 1
    assert mean_growth(law, 0.3, 0.0, **neighbour) > 1.005
    assert mean_growth(law, 0.3, -0.5) > 1.05, "a mean below μ is not taken in"


def test_weights_add_up_to_one():
    assert sum(e_process.WEIGHTS) == pytest.approx(1, abs=1e-12)
    mixture = Mixture(np.array([1.0, 4.0]), np.array([0.25, 0.75]), 2.0)
    assert mixture.evidence(np.log(np.array([8.0, 4.0]))) == pytest.approx(log(5.0))


# ---- verdicts ------------------------------------------------------------------------------------------------------


def verdict_on(claim, law, tolerance=0.3, variance=1.0, size=2000, batch=64, seed=0, level=LEVEL):
    test = MeanTest(claim, tolerance, variance, level)
    for part in np.split(replicates(law, size, seed=seed), range(batch, size, batch)):
        test.add(part)
    return test


@pytest.mark.parametrize("law", LAWS)
def test_a_true_claim_is_confirmed_and_a_false_one_refuted(law):
    """0.3 standard deviations are the tolerance, so that 1450 replicates confirm a true claim."""
    assert verdict_on(0.0, law).verdict == CONFIRMED
    for gap in (0.3, -0.3, 0.6, -0.6, 20.0, -20.0, 1e6, -1e6):
        assert verdict_on(gap, law).verdict == REFUTED


@pytest.mark.parametrize("law", LAWS)
def test_gross_errors_need_few_replicates(law):
    test = MeanTest(30.0, 0.3, 1.0, LEVEL)
    for value in replicates(law, 8, seed=3):
        test.add(np.array([value]))
        if test.verdict != UNDECIDED:
            break
    assert (test.verdict, test.count <= 5) == (REFUTED, True)


def test_too_few_replicates_decide_nothing():
    assert verdict_on(0.0, "normal", size=100).verdict == UNDECIDED
    assert verdict_on(0.3, "normal", size=100).verdict == UNDECIDED


def test_a_mean_within_the_tolerance_is_not_refuted_for_being_different():
    """Off by a third of the tolerance: the confirmation comes first, and stays when the difference is seen at last."""
    random = np.random.default_rng(5)
    test = MeanTest(0.1, 0.3, 1.0, LEVEL)
    for _ in range(64):
        test.add(random.standard_normal(64))
    low, high = test.interval()
    assert test.verdict == CONFIRMED
    assert -0.2 < low < high < 0.3


def test_the_first_verdict_stays():
    test = verdict_on(0.0, "normal", size=1600)
    assert test.verdict == CONFIRMED
    assert test.add(np.full(400, 100.0)) == CONFIRMED
    test = verdict_on(5.0, "normal", size=64)
    assert test.verdict == REFUTED
    assert test.add(np.full(4000, 5.0)) == REFUTED


@given(st.integers(1, 200), st.sampled_from([0.0, 0.2, 3.0]))
def test_the_evidence_does_not_depend_on_the_batches(batch, claim):
    whole, parted = (verdict_on(claim, "chi-squared, 1 df", size=600, batch=one) for one in (600, batch))
    assert parted.interval() == whole.interval()
    assert whole.verdict in (UNDECIDED, parted.verdict), "more looks may decide sooner"


@given(st.floats(-1e3, 1e3), st.floats(1e-6, 1e6), st.sampled_from([-1, 1]), st.sampled_from([0.0, 0.3]))
def test_units_do_not_matter(shift, scale, sign, claim):
    values = replicates("chi-squared, 1 df", 1500)
    shift *= scale
    here = MeanTest(claim, 0.3, 1.0, LEVEL)
    there = MeanTest(shift + sign * scale * claim, 0.3 * scale, scale * scale, LEVEL)
    assert here.add(values) == there.add(shift + sign * scale * values)
    moved = sorted(shift + sign * scale * end for end in here.interval())
    assert there.interval() == pytest.approx(moved, abs=1e-5 * scale)


@pytest.mark.parametrize("wild", [1e4, -1e4])
def test_one_wild_replicate_decides_nothing(wild):
    """Ten thousand standard deviations: by Chebyshev's inequality not yet a matter of 1e-9; the mean is off by 5."""
    values = replicates(size=2000)
    values[7] = wild
    test = MeanTest(0.0, 0.3, 1.0, LEVEL)
    assert test.add(values[:100]) == UNDECIDED
    low, high = test.interval()
    assert low < 0 < high
    assert test.add(values[100:]) == CONFIRMED
    assert abs(test.mean) > 4


@pytest.mark.parametrize("wild", [1e12, -1e200, 1e300])
def test_a_replicate_that_the_bound_forbids_refutes_any_claim_nearby(wild):
    """Beyond 1e9 standard deviations: either the bound on the variance is false, or the mean is far away."""
    test = MeanTest(0.0, 0.3, 1.0, LEVEL)
    assert test.add(np.array([wild])) == REFUTED
    low, high = test.interval()
    assert np.isfinite([low, high]).all()
    assert low <= wild <= high


def test_rounding_is_not_judged():
    """Replicates that hardly vary: a millionth of the tolerance is the smallest standard deviation that is believed."""
    values = np.full(20, 0.1) * (1 + 1e-15 * np.arange(20))
    for claim, verdict in ((0.1, CONFIRMED), (0.1 * (1 + 1e-12), CONFIRMED), (0.1 * 1.02, REFUTED), (0.09, REFUTED)):
        assert MeanTest(claim, 0.001, 1e-40, LEVEL).add(values) == verdict
        assert MeanTest(claim, 0.001, 5e-324, LEVEL).add(values) == verdict


def test_a_small_variance_is_believed():
    """A thousandth of the tolerance: differences far below the tolerance are seen."""
    test = MeanTest(0.01, 1.0, 1e-6, LEVEL)
    assert test.add(replicates(size=40, sd=1e-3)) == REFUTED
    low, high = test.interval()
    assert high - low < 0.01


def test_what_is_rejected_stays_so():
    rejection = Rejection(5.0, 0.3, 1.0, LEVEL)
    assert rejection.add(replicates(size=100))
    assert rejection.add(np.full(20_000, 5.0))


def plain_evidence(values, mean, deviations, weights, variance):
    """log Σ w exp Σ [φ(λ(x − mean)) − log(1 + λ²v/2)], λ = deviation/v, as the docstring has it."""
    total = 0.0
    for deviation, weight in zip(deviations, weights, strict=True):
        step = deviation / variance
        scores = [
            (1 if x > mean else -1) * log(1 + step * abs(x - mean) + (step * (x - mean)) ** 2 / 2)
            - log(1 + step**2 * variance / 2)
            for x in values
        ]
        total += weight * exp(sum(scores))
    return log(total)


@pytest.mark.parametrize("claim", [0.35, 0.25, 0.15, -0.15])
@pytest.mark.parametrize("seed", range(4))
def test_verdicts_are_those_of_the_formula(claim, seed):
    """One replicate after the other, until a bar is crossed: 2/level at the claim on either side, or now at both ends."""
    values, tolerance, level = replicates("chi-squared, 1 df", 300, sd=0.6, seed=seed), 0.3, 0.01
    test, rejection = MeanTest(claim, tolerance, 0.36, level), Rejection(claim, tolerance, 0.36, level)
    reach = sqrt(2 * log(2 / level))
    deviations, weights = tolerance * np.array([reach / (reach + 4.8916), 1, 4, 16, 64, 256]), e_process.WEIGHTS
    for count in range(1, 300):
        seen = values[:count]
        above = plain_evidence(seen, claim, deviations, weights, 0.36)
        below = plain_evidence(-seen, -claim, deviations, weights, 0.36)
        low = plain_evidence(seen, claim - tolerance, deviations, weights, 0.36)
        high = plain_evidence(-seen, -claim - tolerance, deviations, weights, 0.36)
        refuted, confirmed = max(above, below) > log(2 / level), min(low, high) > log(2 / level)
        verdict = REFUTED if refuted else CONFIRMED if confirmed else UNDECIDED
        assert (test.add(values[count - 1 : count]), rejection.add(values[count - 1 : count])) == (verdict, refuted)
        if verdict != UNDECIDED:
            inside = claim - tolerance < test.interval()[0] and test.interval()[1] < claim + tolerance
            outside = not test.interval()[0] < claim < test.interval()[1]
            assert (outside, inside) == (refuted, confirmed)
            return
    raise AssertionError("no bar was crossed")


# ---- the confidence set and its path -------------------------------------------------------------------------------


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("size", [1, 2, 9, 150, 3000])
def test_the_interval_holds_what_is_not_rejected_and_nothing_else(law, size):
    values = replicates(law, size, mean=2.0, sd=0.5, seed=size)
    test = MeanTest(2.1, 0.2, 0.25, 1e-4)
    test.add(values)
    low, high = test.interval()
    width = high - low
    for mean in np.concatenate(
        [np.linspace(low, high, 25)[1:-1], [low - width / 1e4, high + width / 1e4, low - 3, high + 3]]
    ):
        assert Rejection(float(mean), 0.2, 0.25, 1e-4).add(values) == (not low < mean < high)
    for end, inwards in ((low, 1), (high, -1)):
        near = [Rejection(end + inwards * step * width, 0.2, 0.25, 1e-4).add(values) for step in (-1e-9, 2e-6)]
        assert near == [True, False], "the ends are told from outside, to a millionth"
    assert (test.verdict == REFUTED) == (not low < 2.1 < high)


def test_the_interval_is_narrow():
    """Not idle: at 1e-9 at most 15 % wider than that of the CLT, near the budget for which it was made."""
    count = replicates_needed(0.2, 1.0, LEVEL)
    test = MeanTest(0.0, 0.2, 1.0, LEVEL)
    test.add(replicates(size=count))
    low, high = test.interval()
    assert 1.0 < (high - low) / 2 / (6.11 / sqrt(count)) < 1.15


def test_replicates_that_reject_every_mean_blame_the_bound():
    """Small steps see the one in twenty that lie far out, large steps see those at 0; their variance is 43, not 1."""
    values = np.where(np.arange(4000) % 20 == 0, 30.0, 0.0)
    for variance, blamed in ((1.0, True), (45.0, False)):
        test = MeanTest(1.5, 0.3, variance, 1e-4)
        test.add(values)
        if blamed:
            with pytest.raises(ScriptError, match="reject every mean at the level"):
                test.interval()
        else:
            low, high = test.interval()
            assert low < 1.5 < high


def test_no_replicates_no_interval():
    test = MeanTest(0.0, 1.0, 1.0, LEVEL)
    assert test.interval() == (-inf, inf)
    assert test.path() == []
    assert np.isnan(test.mean)


def test_the_path_shows_what_the_interval_was():
    values = replicates("Student, 2.5 df", 1500, mean=1.0)
    test, looks = MeanTest(1.0, 0.3, 1.0, LEVEL), {}
    for count, value in enumerate(values, 1):
        test.add(np.array([value]))
        if count in (1, 1500):
            looks[count] = (count, test.mean, *test.interval())
    path = test.path(40)
    counts = [row[0] for row in path]
    assert 25 <= len(path) <= 40
    assert counts == sorted(set(counts))
    assert [path[0], path[-1]] == [pytest.approx(looks[1]), pytest.approx(looks[1500])]
    assert all(low < 1.0 < high for _, _, low, high in path)
    assert np.isfinite(path).all()


def test_memory_is_bounded():
    test = MeanTest(0.0, 1.0, 1.0, LEVEL)
    test.add(np.zeros(KEPT))
    with pytest.raises(ScriptError, match="average more rows"):
        test.add(np.zeros(1))


# ---- how many ------------------------------------------------------------------------------------------------------


def share_confirmed(budget, ratio, repetitions, level=1e-4):
    random = np.random.default_rng(budget)
    tests = [MeanTest(3.0, 1.0, 1 / ratio, level) for _ in range(repetitions)]
    return np.mean([test.add(3 + random.standard_normal(budget) / sqrt(ratio)) == CONFIRMED for test in tests])


@pytest.mark.parametrize("ratio", [0.1, 1.0, 8.0])
def test_as_many_replicates_as_needed_confirm(ratio):
    """One look at the end; ratio: tolerance² / variance."""
    budget = replicates_needed(1.0, 1 / ratio, 1e-4, miss=0.02)
    assert share_confirmed(budget, ratio, 400) > 0.95
    assert share_confirmed(round(0.6 * budget), ratio, 400) < 0.8, "and not far fewer"
    assert share_confirmed(replicates_needed(1.0, 1 / ratio, 1e-4), ratio, 400) == 1.0


def test_needed_replicates_follow_their_numbers():
    assert replicates_needed(0.01, 1.0, LEVEL) > 90 * replicates_needed(0.1, 1.0, LEVEL)
    assert replicates_needed(0.1, 1.0, 1e-12) > replicates_needed(0.1, 1.0, 1e-6)
    assert replicates_needed(1.0, 1e-300, LEVEL) == e_process.FEWEST


# ---- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "says"),
    [
        *(({"claim": bad}, "closed form") for bad in (nan, inf, -inf)),
        *(({"tolerance": bad}, "tolerance") for bad in (0.0, -0.1, nan, inf)),
        *(({"variance": bad}, "bound on the variance") for bad in (0.0, -1.0, nan, inf)),
        *(({"level": bad}, "error rate") for bad in (0.0, 1.0, -1e-9, 2.0, nan)),
    ],
)
def test_numbers_that_mean_nothing_are_refused(change, says):
    good = {"claim": 1.0, "tolerance": 0.1, "variance": 1.0, "level": LEVEL}
    MeanTest(**good)
    with pytest.raises(ScriptError, match=says):
        MeanTest(**{**good, **change})


@pytest.mark.parametrize("bad", [nan, inf, -inf])
def test_replicates_that_are_not_finite_are_refused(bad):
    for test in (MeanTest(0.0, 0.1, 1.0, LEVEL), Rejection(0.0, 0.1, 1.0, LEVEL)):
        with pytest.raises(ScriptError, match="not a finite number"):
            test.add(np.array([0.0, bad]))
    test = MeanTest(0.0, 0.1, 1.0, LEVEL)
    with pytest.raises(ScriptError, match="not a finite number"):
        test.add(np.array([bad]))
    assert (test.count, test.verdict) == (0, UNDECIDED)


@pytest.mark.parametrize(
    ("tolerance", "variance", "confirm"),
    [(0.0, 1.0, 0.1), (0.1, 0.0, 0.1), (0.1, nan, 0.1), (0.1, 1.0, 0.0), (0.1, 1.0, 1.0)],
)
def test_no_number_of_replicates_is_told_for_nonsense(tolerance, variance, confirm):
    with pytest.raises(ScriptError):
        replicates_needed(tolerance, variance, confirm)
