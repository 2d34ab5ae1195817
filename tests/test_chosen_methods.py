"""The scripts of dropout, noising and exponential families: which method judges each case, and that each case can fail."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from proofsheet.numeric.checks import Options
from proofsheet.scripts import load

ROOT = Path(__file__).resolve().parent.parent
METHODS = {
    "dropout_linear_regression": {
        "mask": "enumeration",
        "unit_mean_mask": "enumeration",
        "many_features": "e-process",
    },
    "noising_penalty": {
        "two_values": "enumeration",
        "plain_dropout": "enumeration",
        "gaussian": "quasi-Monte Carlo",
        "gaussian_one": "quadrature",
    },
    "exponential_family_moments": {
        "binomial_mean": "enumeration",
        "binomial_variance": "enumeration",
        "gamma_mean": "quadrature",
        "gamma_variance": "quadrature",
        "normal_mean": "quadrature",
        "normal_variance": "quadrature",
    },
}
CHECKS = {
    (script, label): check
    for script in METHODS
    for label, check in load(ROOT / "numeric_checks" / f"{script}.py").check.checks.items()
}
LEVEL = 1e-11


def test_every_case_is_listed():
    assert set(CHECKS) == {(script, label) for script, cases in METHODS.items() for label in cases}


@pytest.mark.parametrize(("script", "label"), CHECKS)
class TestCases:
    def test_confirmed_by_its_method_and_every_variant_refuted_or_declared(self, script, label):
        check = CHECKS[script, label]
        verdict = check.run(Options(level=LEVEL, label=label))
        assert verdict.verdict == "confirmed", str(verdict)
        assert verdict.facts()["method"] == METHODS[script][label]
        assert [one.mistake for one in verdict.variants] == [one.mistake for one in check.wrong]
        assert all(one.refuted is not bool(one.unseen) for one in verdict.variants)
        assert {one.mistake for one in verdict.variants if one.unseen} == set(check.unseen)

    def test_every_variant_in_place_of_the_closed_form_is_refuted(self, script, label):
        check = CHECKS[script, label]
        for variant in check.wrong:
            if variant.mistake not in check.unseen:
                judged = replace(check, closed_form=variant.line, wrong=(), unseen={})
                assert judged.run(Options(level=LEVEL, label=label)).verdict == "refuted", variant.mistake

    def test_a_left_side_that_is_four_percent_off_is_refuted(self, script, label):
        check = CHECKS[script, label]
        for factor in (1.04, 0.96):

            def off(factor=factor, **draws):
                return factor * check.left_side(**draws)

            assert replace(check, left_side=off, wrong=(), unseen={}).run(Options(level=LEVEL)).verdict == "refuted"


def test_dropout_with_a_shared_mask_is_refuted():
    """One mask for all features has every single moment right, and is another law."""
    for label in ("mask", "many_features"):
        check = CHECKS["dropout_linear_regression", label]
        N, m = check.dimensions["N"], check.dimensions["m"]
        source = replace(check.sources["R"], shape=(N, 1))
        shared = replace(
            check, sources={"r": source}, variables=lambda r, m=m: {"R": np.repeat(r, m, axis=2)}, wrong=(), method=None
        )
        assert shared.run().verdict == "refuted", label


def test_noise_with_a_mean_is_refuted():
    for label in ("gaussian", "gaussian_one"):
        check = CHECKS["noising_penalty", label]
        made = check.variables

        def moved(n, made=made):
            return {"x_tilde": made(n)["x_tilde"] + 0.05}

        assert replace(check, variables=moved, wrong=()).run().verdict == "refuted", label
