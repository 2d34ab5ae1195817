"""Checks by draws: they confirm, they can refute, they are refused where they would show nothing."""

from dataclasses import replace
from fractions import Fraction as F
from pathlib import Path

import numpy as np
import pytest
from vocabulary import noise_setting

from proofsheet import (
    Cov,
    E,
    NumericCheck,
    ProofsheetError,
    Var,
    antithetic,
    derived,
    linearity,
    norm2,
    normal,
    parameter,
    polynomial,
    proof,
    prove,
    random_scalar,
    wrong,
)
from proofsheet.exact_models.evaluate import Model, evaluate
from proofsheet.monte_carlo.backends import backend
from proofsheet.numeric.checks import Options
from proofsheet.numeric.chunks import random_variables_of
from proofsheet.numeric.draws import Instance, value_per_draw
from proofsheet.numeric.estimand import claim_of
from proofsheet.scripts import load

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("gaussian_noise_mse", "multi_output_noise_mse", "correlated_noise_mse", "ensemble_error")
CASES = {
    f"{name}:{label}": (name, check)
    for name in NAMES
    for label, check in load(ROOT / "numeric_checks" / f"{name}.py").check.checks.items()
}
DRAWN = {label: check for label, (_, check) in CASES.items() if check.variance is not None}
QUICK = ("multi_output_noise_mse:plain", "correlated_noise_mse:plain", "ensemble_error:n_7", "gaussian_noise_mse:m_64")


def draws_of(check, rows=60, seed=3):
    rows = -(-rows // (block := check.design.block(check.sources))) * block
    device = backend("numpy")
    drawn = check.design.drawn(check.sources, device.random(np.random.SeedSequence(seed)), rows, device.xp)
    return rows, random_variables_of(check, next(iter(drawn)))


@pytest.mark.parametrize("label", CASES)
def test_confirmed_and_every_wrong_variant_that_it_can_see_refuted(label):
    _, check = CASES[label]
    verdict = check.run(Options(level=1e-11, label=label))
    assert verdict.verdict == "confirmed"
    assert len(verdict.variants) == len(check.wrong)
    assert all(one.refuted or one.unseen for one in verdict.variants)
    assert any(one.refuted for one in verdict.variants)


@pytest.mark.parametrize("name", NAMES)
def test_every_variant_is_refuted_by_some_case_or_declared_unseen_with_a_reason(name):
    cases = [check for label, (of, check) in CASES.items() if of == name and check.variance is None]
    for variant in proof(name).variants:
        seen = [
            one
            for check in cases
            for one in check.run(Options()).variants
            if one.mistake == variant.mistake and one.refuted
        ]
        assert seen or any(variant.mistake in check.unseen for check in cases), variant.mistake


@pytest.mark.parametrize("label", QUICK)
def test_same_seed_same_bits_other_seed_other_draws(label):
    check = DRAWN[label]
    one, other = check.run(Options(level=1e-9)), check.run(Options(level=1e-9))
    assert one.facts() == other.facts()
    assert check.run(Options(level=1e-9, seed=1)).estimate != one.estimate


@pytest.mark.parametrize("label", QUICK)
def test_a_wrong_closed_form_is_refuted(label):
    """Each variant put in the place of the right side."""
    name, _ = CASES[label]
    check = DRAWN[label]
    found = check.run(Options(level=1e-11, label=label))
    for variant, seen in zip(proof(name).variants, found.variants, strict=True):
        if seen.refuted:
            broken = replace(check, closed_form=variant.line, wrong=())
            assert broken.run(Options(level=1e-11)).verdict == "refuted", variant.mistake


@pytest.mark.parametrize("label", CASES)
def test_the_left_side_of_the_script_is_that_of_the_theorem(label):
    """The left side is written by hand; on the same draws it agrees with the theorem's left line."""
    _, check = CASES[label]
    _, draws = draws_of(check)
    assert value_per_draw(check.theorem.left, check.instance, draws) == pytest.approx(check.left_side(**draws)), label


@pytest.mark.parametrize(("label", "lean"), [("plain", 0.3), ("m_8", 0.05)])
def test_noise_that_leans_on_the_data_is_seen(label, lean):
    """n ⟂ (x, y) broken, the cross term is not 0. A design mirrors a source, and what is made of it is made anew: it is seen."""
    check = DRAWN[f"gaussian_noise_mse:{label}"]

    def noise_follows_data(x, e, n):
        return {"n": n + lean * x, "y": x[:, 0] - 0.5 * x[:, 1] + e}

    def labels_follow_noise(x, e, n):
        return {"y": x[:, 0] - 0.5 * x[:, 1] + e + lean * n[:, 0]}

    for leaning in (noise_follows_data, labels_follow_noise):
        assert replace(check, variables=leaning).run(Options(level=1e-9)).verdict == "refuted"


def test_noise_with_another_variance_is_refuted():
    check = DRAWN["gaussian_noise_mse:m_64"]
    sources = {**check.sources, "n": normal(64, variance=0.31)}
    assert replace(check, sources=sources).run(Options(level=1e-9)).verdict == "refuted"


class TestTheClaim:
    def test_expectations_are_drawn_and_the_rest_is_judged(self):
        s = noise_setting()
        instance = Instance({"m": 2}, {"alpha": 0.5}, {"w": [1.0, 2.0]})
        claim = claim_of(E((s.x.T @ s.w - s.y) ** 2) - s.alpha * norm2(s.w) + 1, instance)
        assert claim.closed == pytest.approx(-1.5)
        draws = {"x": np.array([[1.0, 1.0], [0.0, 2.0]]), "y": np.array([1.0, 5.0])}
        assert claim.per_draw(instance, draws) == pytest.approx([4.0, 1.0])

    def test_signs_of_expectations_are_kept(self):
        s = noise_setting()
        claim = claim_of(3 - E(s.y), Instance({}, {}, {}))
        assert claim.closed == 3
        assert claim.per_draw(Instance({}, {}, {}), {"y": np.array([2.0, 7.0])}) == pytest.approx([-2.0, -7.0])

    def test_what_is_random_itself_is_no_claim(self):
        s = noise_setting()
        with pytest.raises(ProofsheetError, match="random outside its expectations"):
            claim_of(E(s.y) + s.y, Instance({}, {}, {}))


class TestRefusals:
    check = DRAWN["ensemble_error:n_7"]

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"tolerance": 0.0}, "a tolerance is relative, between 0 and 1"),
            ({"tolerance": 2.0}, "a tolerance is relative, between 0 and 1"),
            ({"tolerance": float("nan")}, "a tolerance is relative, between 0 and 1"),
            ({"parameters": {"v": 2.0}}, "no value for c"),
            ({"left_side": lambda y_hat, y: y_hat}, "shape"),
            ({"left_side": lambda y_hat, y: y * np.nan}, "not finite"),
            ({"tolerance": 0.06}, "less than twice the tolerance"),
        ],
    )
    def test_is_explained(self, change, message):
        with pytest.raises(ProofsheetError, match=message):
            replace(self.check, **change).run(Options())

    def test_the_variant_that_an_instance_cannot_tell_is_named(self):
        with pytest.raises(
            ProofsheetError, match=r"the wrong variant \(factor \(n − 1\)/n of the pairs lost\) differs"
        ):
            replace(self.check, tolerance=0.06).run(Options())

    def test_a_tolerance_relative_to_0(self):
        y = random_scalar("y")
        theorem = prove(E(2 * y), (2 * E(y), linearity))
        check = NumericCheck(theorem, {"y": normal()}, lambda y: 2 * y, variance=polynomial(1))
        with pytest.raises(ProofsheetError, match="relative to 0"):
            check.run(Options())

    def test_a_theorem_is_judged_not_a_module(self):
        with pytest.raises(ProofsheetError, match="judges a theorem"):
            NumericCheck(proof("ensemble_error"), {}, lambda: 0).run(Options())


def test_a_variant_that_is_not_refuted_confirms_nothing():
    """The variant has another expectation with the same mean: no draw refutes it, and the verdict is undecided."""
    y, a = random_scalar("y"), parameter("a")
    theorem = prove(E(y + a), (E(y) + a, linearity))
    variants = wrong((2 * E(y) + a, "counted twice"))
    check = NumericCheck(
        theorem,
        {"y": normal()},
        lambda y: y + 2.0,
        variance=polynomial(1),
        parameters={"a": 2.0},
        wrong=variants,
        method="e-process",
    )
    verdict = check.run(Options(level=1e-4))
    assert verdict.verdict == "undecided"
    assert [one.refuted for one in verdict.variants] == [False]
    told = replace(check, unseen={"counted twice": "E(y) is 0 here"}).run(Options(level=1e-4))
    assert told.verdict == "confirmed"
    assert told.variants[0].unseen == "E(y) is 0 here"


def test_rounding_refutes_nothing():
    """E[10az] = 10a E[z] draw by draw, up to rounding: nothing varies, and nothing is refuted."""
    y, a = random_scalar("y"), parameter("a")
    theorem = prove(E(10 * a * y + 1), (10 * a * E(y) + 1, linearity))
    for value in (0.1, 0.3, 0.7):
        check = NumericCheck(
            theorem,
            {"y": normal(variance=4.0)},
            lambda y, value=value: 10 * (value * y) + 1,
            design=antithetic("y"),
            variance=derived(1e-20, "rounding alone"),
            parameters={"a": value},
        )
        assert check.run(Options()).verdict == "confirmed"


class TestLinesOnDraws:
    def test_agree_with_exact_models(self):
        """One outcome of probability one: the value per draw is the exact value."""
        s = noise_setting()
        matrix, column = [[F(1), F(2)], [F(3), F(4)], [F(5), F(6)]], [[F(1, 2)], [F(-3)]]
        model = Model(
            {"m": 2, "q": 3},
            {"alpha": F(1, 4), "beta": F(2)},
            {"W": matrix, "w": column},
            [(F(1), {"x": column, "y": [[F(7)]]})],
        )
        instance = Instance(
            {"m": 2, "q": 3}, {"alpha": 0.25, "beta": 2.0}, {"W": [[1, 2], [3, 4], [5, 6]], "w": [0.5, -3]}
        )
        draws = {"x": np.array([[0.5, -3.0]]), "y": np.array([7.0])}
        for line in (
            E((s.x.T @ s.w - s.y) ** 2) + s.alpha * norm2(s.W @ s.w) / (s.m + 1),
            s.beta * E(norm2(s.W @ s.x)) - s.alpha.symbol / (s.m.symbol + 1),
            s.w.T @ E(s.x @ s.x.T) @ s.w,
        ):
            assert value_per_draw(line, instance, draws)[0] == pytest.approx(float(evaluate(line, model)[0][0]))

    def test_expectations_that_do_not_stand_linearly_are_refused(self):
        s = noise_setting()
        instance = Instance({"m": 2}, {}, {"w": [1, 2]})
        draws = {"y": np.ones(3), "z": np.ones(3), "x": np.ones((3, 2))}
        for line in (E(s.y) ** 2, E(s.y) * E(s.z), norm2(E(s.x)), E(E(s.y) * s.z), Var(s.y), Cov(s.y, s.z)):
            with pytest.raises(ProofsheetError, match="numeric check cannot"):
                value_per_draw(line, instance, draws)
