"""The thin Monte Carlo checks: they confirm, they can refute, and their intervals cover as often as they say."""

from pathlib import Path

import numpy as np
import pytest
from vocabulary import ensemble_setting, noise_setting

from proofsheet import (
    Cov,
    E,
    NumericCheck,
    ProofsheetError,
    Var,
    linearity,
    norm2,
    parameter,
    proof,
    prove,
    random_scalar,
)
from proofsheet.exact_models.evaluate import Model, evaluate
from proofsheet.monte_carlo.interval import Interval, RunningMean
from proofsheet.numeric.draws import Instance, value_per_draw
from proofsheet.scripts import load

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("gaussian_noise_mse", "multi_output_noise_mse", "correlated_noise_mse", "ensemble_error")
CHECKS = {name: load(ROOT / "numeric_checks" / f"{name}.py").check for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_confirmed_and_its_wrong_variant_refuted(name):
    verdict = CHECKS[name].run()
    assert verdict.verdict == "confirmed"
    assert verdict.wrong is not None
    assert verdict.wrong.excludes_zero()
    assert verdict.grade == "asymptotic"


@pytest.mark.parametrize("name", NAMES)
def test_same_seed_same_bits_other_seed_other_draws(name):
    check = CHECKS[name]
    assert check.run() == check.run()
    assert check.run(seed=1).difference.mean != check.run().difference.mean


@pytest.mark.parametrize("name", NAMES)
def test_every_wrong_closed_form_is_refuted(name):
    """All registered variants of the last line that this instance can tell from the closed form."""
    module, check = proof(name), CHECKS[name]
    last = [variant for variant in module.variants if variant.at is None]
    refuted = [variant for variant in last if check.run(closed_form=variant.line).verdict == "refuted"]
    assert len(refuted) == len(last)


def test_the_left_side_of_the_script_is_that_of_the_theorem():
    """The sampler is written by hand; on the same draws it agrees with the theorem's left side."""
    for name, check in CHECKS.items():
        draws = check.draw(np.random.default_rng(3), 50)
        instance = Instance(check.dimensions, check.parameters, check.constants)
        assert value_per_draw(check.theorem.left, instance, draws) == pytest.approx(check.left_side(**draws)), name


def test_lines_on_draws_agree_with_exact_models():
    """One outcome of probability one: the value per draw is the exact value."""
    from fractions import Fraction as F

    s = noise_setting()
    matrix, column = [[F(1), F(2)], [F(3), F(4)], [F(5), F(6)]], [[F(1, 2)], [F(-3)]]
    model = Model(
        {"m": 2, "q": 3},
        {"alpha": F(1, 4), "beta": F(2)},
        {"W": matrix, "w": column},
        [(F(1), {"x": column, "y": [[F(7)]]})],
    )
    instance = Instance({"m": 2, "q": 3}, {"alpha": 0.25, "beta": 2.0}, {"W": [[1, 2], [3, 4], [5, 6]], "w": [0.5, -3]})
    draws = {"x": np.array([[0.5, -3.0]]), "y": np.array([7.0])}
    for line in (
        E((s.x.T @ s.w - s.y) ** 2) + s.alpha * norm2(s.W @ s.w) / (s.m + 1),
        s.beta * E(norm2(s.W @ s.x)) - s.alpha.symbol / (s.m.symbol + 1),
        s.w.T @ E(s.x @ s.x.T) @ s.w,
    ):
        assert value_per_draw(line, instance, draws)[0] == pytest.approx(float(evaluate(line, model)[0][0]))


def test_expectations_that_do_not_stand_linearly_are_refused():
    s = noise_setting()
    instance, draws = Instance({"m": 2}, {}, {"w": [1, 2]}), {"y": np.ones(3), "z": np.ones(3), "x": np.ones((3, 2))}
    for line in (E(s.y) ** 2, E(s.y) * E(s.z), norm2(E(s.x)), E(E(s.y) * s.z), Var(s.y), Cov(s.y, s.z)):
        with pytest.raises(ProofsheetError, match="numeric check cannot"):
            value_per_draw(line, instance, draws)


def test_bad_checks_are_explained():
    check = CHECKS["ensemble_error"]
    for change, message in (
        ({"samples": 10}, "at least 10000 samples"),
        ({"tolerance": 0.0}, "positive tolerance"),
        ({"parameters": {"v": 2.0}}, "no value for c"),
        ({"left_side": lambda y_hat, y: y_hat}, "shape"),
    ):
        fields = {**check.__dict__, **change}
        with pytest.raises(ProofsheetError, match=message):
            NumericCheck(**fields).run()


def interval_of_mean(chunks, error_rate):
    running = RunningMean()
    for chunk in chunks:
        running.add(chunk)
    return running.interval(error_rate)


def test_rounding_refutes_nothing():
    """E[10az] = 10a E[z] draw by draw, up to rounding: no sampling error at all, and no refutation."""
    y = random_scalar("y")
    a = parameter("a")
    theorem = prove(E(10 * a * y), (10 * a * E(y), linearity))
    for value in (0.1, 0.3, 0.7):
        check = NumericCheck(
            theorem,
            lambda generator, size: {"y": generator.normal(1.0, 2.0, size)},
            lambda y, value=value: 10 * (value * y),
            tolerance=0.01,
            parameters={"a": value},
        )
        assert check.run().verdict == "confirmed"


def test_a_check_that_cannot_refute_its_variant_confirms_nothing():
    check = CHECKS["ensemble_error"]
    near, far = Interval(0.0, 0.01, 10**5, 1e-6), Interval(0.1, 0.02, 10**5, 1e-6)
    unseen = Interval(0.1, 0.2, 10**5, 1e-6)
    assert check._verdict(near, far) == "confirmed"
    assert check._verdict(near, unseen) == "undecided"
    assert check._verdict(near, None) == "confirmed"
    assert check._verdict(far, far) == "refuted"


def test_an_instance_that_cannot_tell_the_variant_is_refused():
    fields = {**CHECKS["ensemble_error"].__dict__, "tolerance": 0.06}
    with pytest.raises(ProofsheetError, match="less than twice the tolerance"):
        NumericCheck(**fields).run()


class TestInterval:
    def test_chunks_do_not_matter(self):
        values = np.random.default_rng(1).exponential(size=10_000)
        whole = interval_of_mean([values], 0.01)
        parts = interval_of_mean(np.array_split(values, 7), 0.01)
        assert parts.mean == pytest.approx(values.mean())
        assert parts.half_width == pytest.approx(whole.half_width)
        assert whole.half_width == pytest.approx(2.5758293 * values.std(ddof=1) / 100)

    def test_coverage(self):
        """Error rate 5 % on skewed data: 2000 intervals, misses within five standard deviations of 100."""
        generator = np.random.default_rng(2)
        misses = sum(
            abs(found.mean - 1) > found.half_width
            for found in (interval_of_mean([generator.exponential(size=400)], 0.05) for _ in range(2000))
        )
        assert 100 - 49 < misses < 100 + 49 + 20, "a little above 5 %: the interval is asymptotic, and graded so"

    def test_verdicts_at_the_edges(self):
        interval = interval_of_mean([np.array([-1.0, 1.0] * 5000)], 0.05)
        assert not interval.excludes_zero()
        assert interval.within(0.1)
        assert not interval.within(interval.half_width / 2)
        assert interval_of_mean([np.array([0.9, 1.1] * 5000)], 0.05).excludes_zero()


def test_ensemble_setting_is_admissible():
    """c within its limits, p-like numbers away from special values, n not 2."""
    module = load(ROOT / "numeric_checks" / "ensemble_error.py")
    assert -module.v / (module.n - 1) < module.c < module.v
    assert module.n > 2
    assert ensemble_setting().n.name == "n"
