"""Quadrature is right where integrals are known, says what it cannot resolve, and never confirms that."""

import dataclasses
from fractions import Fraction
from math import e, erf, gamma, inf, pi, sqrt
from types import SimpleNamespace

import numpy as np
import pytest

from proofsheet import (
    E,
    NumericCheck,
    ProofsheetError,
    Var,
    density,
    exponential,
    function,
    normal,
    parameter,
    random_scalar,
    random_vector,
    scalar,
    uniform,
    vector,
    wrong,
)
from proofsheet.monte_carlo.product_laws import joint, nodes_of

u, c, b = random_scalar("u"), scalar("c"), scalar("b")
A = function("A")


def claim(left, right):
    return SimpleNamespace(left=left, right=right, assumptions=())


def check_of(source, f, value, tolerance=1e-6, **options):
    """E[f(u)] = `value`, whose closed form is a constant."""
    return NumericCheck(
        claim(E(A(u)), c),
        {"u": source},
        lambda u: +f(u),
        constants={"c": value},
        functions={"A": f},
        tolerance=tolerance,
        **options,
    )


def gamma_law(shape, rate):
    return density(lambda t: rate**shape * t ** (shape - 1) * np.exp(-rate * t) / gamma(shape), low=0)


KNOWN = {
    "cosine of a Gaussian": (normal(variance=0.7), np.cos, np.exp(-0.35)),
    "exponential of a Gaussian": (normal(variance=0.7), np.exp, np.exp(0.35)),
    "exponential of a uniform": (uniform(variance=1 / 3), np.exp, (e - 1 / e) / 2),
    "e^(−u) of an exponential": (exponential(variance=0.25), lambda t: np.exp(-t), np.exp(0.5) / 1.5),
    "square root of a gamma": (gamma_law(2.5, 0.8), np.sqrt, gamma(3.0) / gamma(2.5) / sqrt(0.8)),
    "a gamma with a pole at 0": (gamma_law(0.3, 4.0), lambda t: t**2, 0.3 * 1.3 / 16),
    "a density far from 0": (
        density(lambda t: np.exp(-((t - 40) ** 2) / 0.08) / sqrt(0.08 * pi), low=38, high=42),
        lambda t: (t - 40) ** 2,
        0.04,
    ),
    "a density on the negative numbers": (density(np.exp, high=0), lambda t: t**4, 24.0),
    "a Cauchy density": (density(lambda t: 1 / (pi * (1 + t**2))), lambda t: 1 / (1 + t**2), 0.5),
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_integrals(name):
    source, f, value = KNOWN[name]
    verdict = check_of(source, f, value).run()
    facts = verdict.facts()
    assert verdict.verdict == "confirmed", str(verdict)
    assert (facts["method"], facts["grade"], facts["alpha"]) == ("quadrature", "numerical quadrature", 0.0)
    assert facts["interval"][0] <= value <= facts["interval"][1]
    for factor in (1 + 1e-5, 1 - 1e-5, -1, 2):
        assert check_of(source, f, value * factor).run().verdict == "refuted", factor


@pytest.mark.parametrize("source", [normal(variance=0.7), uniform(variance=0.7), exponential(variance=0.7)])
def test_rules_have_the_moments_of_their_law_within_the_errors_that_they_carry(source):
    for count in (20, 50, 75, 100):
        law = joint({"u": ((), nodes_of(source, count))})
        values = law.outcomes["u"]
        mean, second = law.mean(values), law.mean(values**2)
        assert abs(mean.value.item()) <= mean.error.item() + 1e-14
        assert abs(second.value.item() - 0.7) <= second.error.item() + 0.7e-14


class TestKinks:
    """|u| and a step at 0 and elsewhere: the error falls like 1/n, and is said to be so."""

    CASES = (
        (normal(), np.abs, sqrt(2 / pi)),
        (
            normal(),
            lambda t: np.maximum(t - 0.3, 0),
            np.exp(-0.045) / sqrt(2 * pi) - 0.3 * (1 - erf(0.3 / sqrt(2))) / 2,
        ),
        (normal(), lambda t: (t > 0.3) * 1.0, (1 - erf(0.3 / sqrt(2))) / 2),
        (uniform(), lambda t: np.abs(t - 0.2), (sqrt(3) / 2 + 0.04 / (2 * sqrt(3)))),
    )

    STEP = 2  # converges so slowly that not even 0.9 of it is sure

    @pytest.mark.parametrize("number", range(len(CASES)))
    def test_the_truth_is_not_refuted_and_not_confirmed_beyond_what_is_resolved(self, number):
        source, f, value = self.CASES[number]
        fine = check_of(source, f, value, tolerance=1e-6).run()
        assert fine.verdict == "undecided"
        assert "the integrand is not resolved" in str(fine)
        assert fine.facts()["interval"][0] <= value <= fine.facts()["interval"][1]
        coarse = check_of(source, f, value, tolerance=0.9).run().verdict
        assert coarse == ("undecided" if number == self.STEP else "confirmed")
        assert check_of(source, f, 4 * value, tolerance=0.2).run().verdict == "refuted"

    def test_no_sweep_of_a_kink_refutes_the_truth_or_confirms_a_falsehood(self):
        """E max(u − a, 0) at 60 places of the kink."""
        for a in np.linspace(-1.5, 1.5, 60):
            value = np.exp(-a * a / 2) / sqrt(2 * pi) - a * (1 - erf(a / sqrt(2))) / 2
            one = check_of(normal(), lambda t, a=a: np.maximum(t - a, 0), value, tolerance=1e-3)
            assert one.run().verdict != "refuted", a
            off = dataclasses.replace(one, constants={"c": value * 1.0011})
            assert off.run().verdict != "confirmed", a

    def test_what_has_no_mean_is_not_confirmed(self):
        """The Cauchy law has no mean; its nodes, symmetric about 0, would say 0, and |u| says what it is."""
        cauchy = density(lambda t: 1 / (pi * (1 + t**2)))
        for value in (1.0, 5.0, 100.0):
            assert check_of(cauchy, np.abs, value, tolerance=0.01).run().verdict != "confirmed"

    def test_resolutions_that_disagree_are_never_confirmed(self):
        """Where both sides hold the same unresolved expectation, their difference is 0 at every resolution."""
        wild = lambda t: np.cos(200 * t)  # noqa: E731
        check = NumericCheck(
            claim(E(A(u)) + c, E(A(u)) + c),
            {"u": normal()},
            lambda u: wild(u) + 1e-3,
            constants={"c": 1e-3},
            functions={"A": wild},
        )
        verdict = check.run()
        assert verdict.integral.difference == pytest.approx(0, abs=1e-12)
        assert verdict.verdict == "undecided"


class TestVerdicts:
    def test_variances_and_products_of_expectations_are_integrated(self):
        v = parameter("v", positive=True)
        check = NumericCheck(
            claim(Var(u), v),
            {"z": normal(variance=0.7)},
            lambda u: (u - 3.0) ** 2,
            lambda z: {"u": 3 + z},
            parameters={"v": 0.7},
            tolerance=1e-9,
            wrong=wrong(
                (E(u**2), "the second moment"), (E(u) ** 2, "square of the mean"), (v + Fraction(1, 10**6), "shifted")
            ),
        )
        verdict = check.run()
        assert verdict.verdict == "confirmed"
        assert [one.refuted for one in verdict.variants] == [True, True, True]

    def test_a_variant_that_is_not_resolved_holds_the_verdict_back(self):
        jump = function("J")
        check = check_of(normal(variance=0.7), np.cos, np.exp(-0.35), wrong=wrong((c + E(jump(u)), "a jump")))
        check = dataclasses.replace(check, functions={**check.functions, "J": lambda t: 1e-3 * (t > 0.3)})
        verdict = check.run()
        assert not verdict.variants[0].refuted
        assert verdict.verdict == "undecided"

    def test_three_dimensions_in_full(self):
        """E exp(wᵀn) = exp(α‖w‖²/2) from the product rule."""
        n, w, alpha = random_vector("n", 3), vector("w", 3), parameter("alpha", positive=True)
        W = np.array([0.6, -0.3, 1.1])
        check = NumericCheck(
            claim(E(A(n.T @ w)), A(alpha * w.T @ w / 2)),
            {"n": normal(3, variance=0.7)},
            lambda n: np.exp(n @ W),
            parameters={"alpha": 0.7},
            constants={"w": W},
            functions={"A": np.exp},
            tolerance=1e-8,
            wrong=wrong((A(alpha * w.T @ w), "½ lost"), (A(0 * alpha), "Jensen's gap forgotten")),
        )
        verdict = check.run()
        assert verdict.verdict == "confirmed"
        assert verdict.facts()["samples"] == 40**3
        assert all(one.refuted for one in verdict.variants)

    @pytest.mark.parametrize(
        ("source", "message"),
        [
            (density(lambda t: 2 * np.exp(-t), low=0), r"the density of u integrates to 2 over \(0, inf\), not to 1"),
            (density(lambda t: np.exp(-t), low=0.5), "integrates to 0.60653"),
            (density(lambda t: 1 - t, low=0, high=3), "finite and not negative"),
            (density(lambda t: 0 * t, low=0, high=3), "is 0 at all nodes"),
            (density(lambda t: 1.0, low=0, high=1), "gives a number for each of its entries"),
        ],
    )
    def test_what_is_no_density_is_refused(self, source, message):
        with pytest.raises(ProofsheetError, match=message):
            check_of(source, np.exp, 1.0).run()

    def test_an_interval_that_is_none(self):
        for low, high in ((1, 1), (2, -inf), (float("nan"), 1)):
            with pytest.raises(ProofsheetError, match="a density lives on an interval"):
                density(np.exp, low, high)

    def test_a_wrong_log_partition_function_is_seen_from_the_mass(self):
        """The mass is that of h(t) exp(θt − A(θ)): with an A that is not the log-partition function it is not 1."""
        with pytest.raises(ProofsheetError, match="integrates to"):
            check_of(density(lambda t: np.exp(-0.8 * t - np.log(0.9)), low=0), np.exp, 1.0).run()
