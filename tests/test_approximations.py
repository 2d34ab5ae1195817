"""Right sides without their Taylor remainders: how good they are, for certain, and how fast they get better."""

import json
import math
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest

from proofsheet import (
    ApproximationCheck,
    E,
    ProofsheetError,
    Sum,
    bernoulli,
    finite,
    function,
    normal,
    parameter,
    proof,
    rademacher,
    random_scalar,
    remainder,
    scalar,
)
from proofsheet.derivation import WrongVariant
from proofsheet.monte_carlo.convergence import settled
from proofsheet.monte_carlo.enclosed_laws import exact_law
from proofsheet.monte_carlo.enclosures import Arithmetic, rounded_down, rounded_up, width
from proofsheet.notation.tree import Number
from proofsheet.numeric.interval_lines import remainders_of
from proofsheet.scripts import load

ROOT = Path(__file__).resolve().parent.parent
glm, labels = proof("dropout_glm_penalty"), proof("dropout_logistic_regression")
CHECKS = {
    f"{name}-{label}": check
    for name in ("dropout_glm_penalty", "dropout_logistic_regression")
    for label, check in load(ROOT / "numeric_checks" / f"{name}.py").check.checks.items()
    if isinstance(check, ApproximationCheck)
}
ORDER, BOUND = CHECKS["dropout_glm_penalty-logistic_order_3"], CHECKS["dropout_glm_penalty-logistic_bound"]
ORDERS = [name for name, check in CHECKS.items() if check.order is not None]


def times(factor):
    """The right side of the general theorem with another coefficient; the remainder as it is."""
    return factor * glm.half_odds * Sum(glm.i, glm.curvature * glm.energy) + glm.error


def one_feature(A, delta, z, **options):
    """One example with one feature, x = 1 and β = s; the point of the expansion is s."""
    return ApproximationCheck(
        glm.theorem,
        {"r": bernoulli(1 - delta, 1, 1)},
        lambda r, beta, delta: (A[0]((r / (1 - delta)) @ beta) - A[0](np.ones((1, 1)) @ beta)).sum(axis=1),
        dimensions={"N": 1, "m": 1},
        parameters={"delta": delta},
        constants={"x": [[1.0]], "beta": [z]},
        functions={"A": A},
        **options,
    )


def sigma(u):
    return 1 / (1 + np.exp(-u))


def bend(u):
    return sigma(u) * (1 - sigma(u))


LOGISTIC = (
    lambda u: np.logaddexp(0, u),
    sigma,
    bend,
    lambda u: bend(u) * (1 - 2 * sigma(u)),
    lambda u: bend(u) * (1 - 6 * bend(u)),
)
POISSON = (np.exp,) * 5


class TestScripts:
    @pytest.mark.parametrize("name", CHECKS)
    def test_confirmed_and_every_mistake_judged(self, name):
        verdict = CHECKS[name].run()
        assert verdict.verdict == "confirmed"
        assert verdict.note == ""
        assert all(one.refuted or one.unseen for one in verdict.variants)
        facts = verdict.facts()
        assert (facts["method"], facts["grade"], facts["alpha"], facts["seed"]) == (
            "interval arithmetic",
            "interval",
            0.0,
            None,
        )
        assert facts["detectable"] < 1e-4
        assert pickle.loads(pickle.dumps(verdict)).facts() == facts
        assert json.loads(json.dumps(facts)) == facts

    @pytest.mark.parametrize("name", [name for name, check in CHECKS.items() if check.wrong])
    def test_what_is_declared_unseen_is_unseen(self, name):
        """Without the declaration the mistake is not refuted, and what cannot be told from it is not confirmed."""
        check = CHECKS[name]
        bare = replace(check, wrong=[one for one in check.wrong if "noisy features" not in one.mistake], unseen={})
        verdict = bare.run()
        stands = {one.mistake for one in verdict.variants if not one.refuted}
        assert stands == set(check.unseen) - {"A″ at the noisy features"}
        assert verdict.verdict == ("undecided" if stands else "confirmed")

    def test_the_table_is_for_plots_too(self):
        verdict = ORDER.run()
        assert [row[0] for row in verdict.orders] == [2.0**-k for k in ORDER.halvings]
        assert verdict.orders[0][4] is None
        for (_, before, _, _, _), (_, size, low, high, slope) in zip(verdict.orders, verdict.orders[1:], strict=False):
            assert low <= size <= high
            assert high - low < 1e-14 * size
            assert slope == pytest.approx(math.log2(before / size) / 8)
        assert verdict.facts()["orders"] == [list(row) for row in verdict.orders]
        assert "3.00000\n" in str(verdict)


class TestOrder:
    @pytest.mark.parametrize(
        ("factor", "slope"),
        [
            (Fraction(101, 100), 2),
            (Fraction(10001, 10000), 2),
            (1 + Fraction(1, 10**8), 2),
            (1 - Fraction(1, 10**8), 2),
            (2, 2),
            (Fraction(1, 2), 2),
            (-1, 2),
            (0, 2),
        ],
    )
    @pytest.mark.parametrize(
        "name", ["logistic_order_3", "logistic_order_4", "logistic_order_4_at_0", "poisson_order_3"]
    )
    def test_wrong_coefficients_have_order_2(self, name, factor, slope):
        verdict = replace(CHECKS[f"dropout_glm_penalty-{name}"], closed_form=times(factor), wrong=(), unseen={}).run()
        assert verdict.verdict == "refuted"
        assert verdict.facts()["estimate"] == pytest.approx(slope, abs=0.01)

    def test_delta_for_its_odds(self):
        mistake = glm.delta / 2 * Sum(glm.i, glm.curvature * glm.energy) + glm.error
        assert replace(ORDER, closed_form=mistake, wrong=(), unseen={}).run().verdict == "refuted"

    @pytest.mark.parametrize("name", ORDERS)
    def test_a_wrong_order_is_refuted(self, name):
        right = CHECKS[name].order
        for order in {2, 3, 4, 5} - {right}:
            verdict = replace(CHECKS[name], order=order).run()
            assert verdict.verdict == "refuted"
            assert verdict.facts()["estimate"] == pytest.approx(right, abs=1e-6)

    @pytest.mark.parametrize("name", ORDERS)
    def test_what_it_says_it_would_have_caught_it_catches(self, name):
        check = CHECKS[name]
        caught = Fraction(check.run().detectable)
        part = check.theorem.right.xreplace({one: Number(0) for one in remainders_of(check.theorem.right)})
        for sign in (1, -1):
            off = WrongVariant(check.theorem.right + sign * caught * part, "off", 0)
            assert replace(check, wrong=(off,), unseen={}).run().variants[0].refuted

    def test_an_error_too_small_to_be_seen_is_confirmed_and_one_between_is_undecided(self):
        caught = Fraction(ORDER.run().detectable)
        verdicts = [
            replace(ORDER, closed_form=times(1 + caught * part), wrong=(), unseen={}).run().verdict
            for part in (Fraction(1, 10**9), Fraction(1, 500))
        ]
        assert verdicts == ["confirmed", "undecided"]

    def test_where_nothing_is_left_nothing_is_said(self):
        """For a quadratic function the closed form is exact: no slope, and no order."""
        square = (lambda u: u**2 / 2, lambda u: u, lambda u: 1 + 0 * u)
        check = replace(ORDER, functions={"A": square}, wrong=(), unseen={})
        left = lambda r, beta: ((((check.constants["x"] * r / 0.75) @ beta) ** 2) / 2).sum(axis=1)  # noqa: E731
        verdict = replace(check, left_side=left).run()
        assert verdict.verdict == "undecided"
        assert "cannot be told from 0" in str(verdict)

    def test_too_few_digits_are_undecided(self):
        arithmetic = Arithmetic(15)
        errors = [arithmetic.between(2.0 ** (-3 * k) * (1 - 1e-3), 2.0 ** (-3 * k) * (1 + 1e-3)) for k in (1, 2, 3, 4)]
        assert settled(arithmetic, (1, 2, 3, 4), errors, 3).verdict == "undecided"
        sharp = [arithmetic.number(2.0 ** (-3 * k)) for k in (1, 2, 3, 4)]
        assert settled(arithmetic, (1, 2, 3, 4), sharp, 3).verdict == "confirmed"

    def test_slopes_that_have_not_settled_are_undecided(self):
        arithmetic = Arithmetic(30)
        errors = [arithmetic.number(8.0**-k + 1e-3 * 4.0**-k) for k in (4, 8, 12, 16)]
        assert settled(arithmetic, (4, 8, 12, 16), errors, 3).verdict == "undecided"

    def test_a_slope_that_leaves_at_the_end_is_undecided(self):
        arithmetic = Arithmetic(30)
        errors = [arithmetic.number(8.0**-k + 2.0**-18 * 4.0**-k) for k in (4, 8, 12, 16)]
        found = settled(arithmetic, (4, 8, 12, 16), errors, 3)
        assert found.verdict == "undecided"
        assert abs(sum(found.rows[-2].slope) / 2 - 3) < 0.01 < abs(sum(found.rows[-1].slope) / 2 - 3)

    def test_a_probability_is_exactly_what_it_is(self):
        """1 − 0.3 in floats is not 1 − 3/10: the noise then has a mean, and the error the order 1."""
        fractions = one_feature(POISSON, Fraction(3, 10), 1.0, order=3, scaled="beta")
        assert fractions.run().verdict == "confirmed"
        floats = replace(fractions, parameters={"delta": 0.3}, sources={"r": bernoulli(0.7, 1, 1)})
        assert floats.run().facts()["estimate"] == pytest.approx(1, abs=0.01)

    @pytest.mark.parametrize(("power", "order"), [(2, 4), (1, 1)])
    def test_additive_noise_has_order_4(self, power, order):
        """E[A(z + σn)] − A(z) = σ²A″(z)/2 + E[ρ₃] where n = ±1: the third moment is 0; z stays where it is."""
        A, z, n, s = function("A"), scalar("z"), random_scalar("n"), parameter("s", positive=True)
        rest = E(remainder(A, 3, z, s * n))
        claim = SimpleNamespace(left=E(A(z + s * n)) - A(z), right=s**power * A.prime.prime(z) / 2 + rest)
        check = ApproximationCheck(
            claim,
            {"n": rademacher()},
            lambda n, s: np.logaddexp(0, 0.7 + s * n) - np.logaddexp(0, 0.7 + 0 * n),
            order=4,
            scaled="s",
            parameters={"s": 0.5},
            constants={"z": 0.7},
            functions={"A": LOGISTIC},
        )
        verdict = check.run()
        assert verdict.verdict == ("confirmed" if order == 4 else "refuted")
        assert verdict.facts()["estimate"] == pytest.approx(order, abs=0.01)


class TestBound:
    @pytest.mark.parametrize("delta", [0.0625, 0.25, 0.75])
    @pytest.mark.parametrize("size", [1.0, 0.125])
    def test_the_room_is_the_formula(self, delta, size):
        """A‴ μ₃ Σs³/6 ± (1/8)(μ₄ Σs⁴ + 3μ₂²((Σs²)² − Σs⁴))/24 with the central moments of the mask, in floats."""
        check = replace(BOUND, wrong=(), unseen={})
        x, beta, b = check.constants["x"], size * np.array([1.5, 1.0, 1.0]), 0.8
        left = lambda r, beta: (np.logaddexp(0, (x * r / (1 - delta)) @ beta + b) - np.logaddexp(0, b)).sum(axis=1)  # noqa: E731
        functions = {"A": tuple(lambda u, f=f: f(u + b) for f in LOGISTIC)}
        check = replace(
            check,
            sources={"r": bernoulli(1 - delta, 2, 3)},
            left_side=left,
            functions=functions,
            parameters={"delta": delta},
            constants={"x": x, "beta": beta},
        )
        verdict = check.run()
        odds, s = delta / (1 - delta), x * beta
        mu3, mu4 = -delta + (1 - delta) * odds**3, delta + (1 - delta) * odds**4
        fourth = (mu4 * s**4).sum() + 3 * odds**2 * ((s**2).sum(axis=1) ** 2 - (s**4).sum(axis=1)).sum()
        third = LOGISTIC[3](b) * mu3 * (s**3).sum() / 6
        low, high = verdict.facts()["bound"]
        assert verdict.verdict == "confirmed"
        assert third - fourth / 192 - 1e-12 <= low <= high <= third + fourth / 192 + 1e-12
        if size == 1.0:  # so far out the derivative is known no better than everywhere
            assert high - low == pytest.approx(fourth / 96, rel=0.2)

    @pytest.mark.parametrize("factor", [Fraction(101, 100), Fraction(10001, 10000), -1, 2, Fraction(3, 4)])
    def test_wrong_coefficients_are_refuted(self, factor):
        verdict = replace(BOUND, closed_form=times(factor), wrong=(), unseen={}).run()
        assert verdict.verdict == "refuted"
        assert "is not in" in str(verdict)

    def test_smaller_noise_sees_smaller_errors(self):
        scaled = replace(BOUND, constants={**BOUND.constants, "beta": BOUND.constants["beta"] * 2.0**-30})
        assert scaled.run().verdict == "confirmed"
        assert (
            replace(scaled, closed_form=times(1 + Fraction(1, 10**9)), wrong=(), unseen={}).run().verdict == "refuted"
        )

    def test_a_remainder_that_is_left_out_leaves_no_room(self):
        without = glm.half_odds * Sum(glm.i, glm.curvature * glm.energy)
        assert replace(BOUND, closed_form=without, wrong=(), unseen={}).run().verdict == "refuted"

    def test_a_bound_that_is_too_small_is_refused(self):
        """At 0 the fourth derivative of log(1 + e^t) is −1/8, the largest it can be."""
        tight = replace(CHECKS["dropout_logistic_regression-logistic_bound"], suprema={"A_B": 1 / 16})
        with pytest.raises(ProofsheetError, match=r"a bound of 0.0625 is declared; the value is 0.08.* or more"):
            tight.run()

    def test_a_fourth_derivative_that_is_half_as_large_is_refuted(self):
        """What stands in the way first is its comparison with differences; without that the bound itself says no."""
        halved = (*LOGISTIC[:4], lambda u: LOGISTIC[4](u) / 2)
        with pytest.raises(ProofsheetError, match="item 4 is not the derivative of item 3"):
            one_feature(halved, 0.25, 0.1).run()
        check = one_feature(LOGISTIC, 0.25, 2.0**-20)
        assert check.run().verdict == "confirmed"

    def test_a_wrong_second_derivative_is_named(self):
        wrong = (*LOGISTIC[:2], lambda u: 1.001 * bend(u), *LOGISTIC[3:])
        with pytest.raises(ProofsheetError, match="item 2 is not the derivative of item 1"):
            one_feature(wrong, 0.25, 1.0).run()

    def test_quotients_of_probabilities_that_go_to_0(self):
        """As δ → 0 the quadratic part does not tend to the penalty, though both tend to 0."""
        for A, limit in ((LOGISTIC, 0.886), (POISSON, math.e / 2)):
            for delta in (2.0**-12, 2.0**-30):
                verdict = one_feature(A, delta, 1.0).run()
                assert verdict.quotient == pytest.approx(limit, rel=1e-3)
                assert verdict.facts()["estimate"] < 2 * delta

    def test_quotients_go_to_1_where_the_weights_go_to_0(self):
        for A in (LOGISTIC, POISSON):
            assert one_feature(A, 0.25, 2.0**-12).run().quotient == pytest.approx(1, abs=1e-3)

    def test_random_instances_are_never_refuted(self):
        random = np.random.default_rng(5)
        for _ in range(20):
            delta, s = Fraction(int(random.integers(1, 63)), 64), float(random.normal() * 2)
            verdict = one_feature(LOGISTIC, delta, s, suprema={"A": Fraction(1, 8)}).run()
            assert verdict.verdict == "confirmed"
            low, high = verdict.facts()["bound"]
            assert low <= verdict.error[0] <= verdict.error[1] <= high


class TestWhatScriptsGetWrong:
    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"theorem": labels.linear_regression}, "has no remainder"),
            ({"theorem": glm}, "a numeric check judges a theorem"),
            ({"scaled": "gamma"}, "scaled='gamma': constants and parameters are x, beta, delta"),
            ({"scaled": ()}, "an order is that of t → 0"),
            ({"order": None}, "an order is that of t → 0"),
            ({"order": 2.5}, "a whole number from 1 to 10, not 2.5"),
            ({"halvings": (4, 8, 16, 32)}, "in equal steps"),
            ({"halvings": (4, 8)}, "at least 4 whole numbers"),
            ({"halvings": (100, 200, 300, 400)}, "outside of floats"),
            ({"sources": {"r": normal(2, 3)}}, "r is normal, with more outcomes"),
            ({"sources": {"r": bernoulli(0.75, 4, 4)}}, "65536 outcomes"),
            ({"sources": {}}, "outcomes"),
            ({"left_side": lambda q: q}, "left_side takes q; the check has beta, delta, r, x"),
            ({"left_side": lambda r: 3.0}, r"left_side gives float, not \(64,\)"),
            ({"left_side": lambda r: r}, r"left_side gives shape \(64, 2, 3\), not \(64,\)"),
            (
                {"left_side": lambda r: np.arctan(r).sum(axis=(1, 2))},
                "left_side is called with arrays of intervals",
            ),
            ({"left_side": lambda r: np.log(r - 2).sum(axis=(1, 2))}, "not known to be positive"),
            ({"left_side": lambda r: 1 / r.sum(axis=(1, 2))}, "not finite"),
            ({"functions": {}}, "gives no callable for the function A"),
            ({"functions": {"A": LOGISTIC[:2]}}, "gives no callable for A′′"),
            ({"parameters": {"delta": 1.5}}, "delta is between 0 and 1"),
            ({"constants": {"x": ORDER.constants["x"], "beta": [1.0, 2.0]}}, "size 2 is different from 3"),
            ({"constants": {"x": ORDER.constants["x"], "beta": [1.0, 2.0, math.inf]}}, "not finite"),
            ({"unseen": {"a typo": "why"}}, "no wrong variant is called 'a typo'"),
            ({"unseen": {}}, r"\(A″ at the noisy features\) cannot be read: r is random outside"),
            ({"closed_form": glm.theorem.right / glm.error}, "no term that can be dropped"),
        ],
    )
    def test_an_error_says_what(self, change, message):
        with pytest.raises(ProofsheetError, match=message):
            replace(ORDER, **change).run()

    def test_a_bound_needs_the_higher_derivatives(self):
        with pytest.raises(ProofsheetError, match="gives no callable for A′′′"):
            replace(BOUND, functions={"A": LOGISTIC[:3]}).run()

    def test_functions_of_floats_only(self):
        only = (lambda u: np.asarray(np.vectorize(math.exp)(np.asarray(u, dtype=float))),) * 5
        with pytest.raises(ProofsheetError, match="intervals"):
            replace(ORDER, functions={"A": only}).run()

    def test_another_left_side_is_told_from_a_wrong_theorem(self):
        half = replace(ORDER, left_side=lambda r, beta: ORDER.left_side(r, beta) / 2)
        verdict = half.run()
        assert verdict.verdict == "refuted"
        assert "look at left_side" in str(verdict)


class TestRemainders:
    def test_found_where_they_are_terms(self):
        rest = remainder(glm.A, 3, glm.clean, glm.Delta[glm.i])
        assert remainders_of(glm.theorem.right) == (rest,)
        assert remainders_of(-E(rest) * glm.delta + 1) == (rest,)
        assert remainders_of(glm.theorem.left) == ()

    @pytest.mark.parametrize(
        "line", [lambda rest: E(rest) ** 2, lambda rest: glm.delta / E(rest), lambda rest: E(rest) * E(rest + 1)]
    )
    def test_refused_elsewhere(self, line):
        with pytest.raises(ProofsheetError, match="no term that can be dropped"):
            remainders_of(line(remainder(glm.A, 3, glm.clean, glm.Delta[glm.i])))


class TestEnclosures:
    @pytest.mark.parametrize("name", ["exp", "log", "sqrt", "tanh", "sinh", "cosh", "sin", "cos"])
    def test_elementary_functions_hold_their_values(self, name):
        points = [Fraction(k, 7) for k in range(1, 40)]
        arithmetic = Arithmetic(40)
        found = getattr(np, name)(arithmetic.enclosed(np.array(points, dtype=object)))
        with mpmath.workdps(80):
            for point, cell in zip(points, found.cells, strict=True):
                exact = getattr(mpmath, name)(mpmath.mpf(point.numerator) / point.denominator)
                assert mpmath.mpf(cell.a._mpi_[0]) <= exact <= mpmath.mpf(cell.b._mpi_[1])
                assert width(cell) < 1e-33 * max(1, abs(exact))

    def test_arithmetic_on_fractions(self):
        arithmetic = Arithmetic(30)
        a, b = np.array([Fraction(1, 3), Fraction(-2, 7)]), np.array([Fraction(5, 11), Fraction(3, 13)])
        x, y = arithmetic.enclosed(a), arithmetic.enclosed(b)
        pairs = [
            (x + y, a + b),
            (x - y, a - b),
            (x * y, a * b),
            (x / y, a / b),
            (x**3, a**3),
            (-x, -a),
            (abs(x), abs(a)),
        ]
        pairs += [(x @ y, a @ b), (x**-2, 1 / a**2), (2 - x, 2 - a), (x.sum(), a.sum()), (np.sum(x * y), (a * b).sum())]
        for found, exact in pairs:
            for cell, value in zip(np.ravel(found.cells), np.ravel(exact), strict=True):
                with mpmath.workdps(60):
                    low, high = (mpmath.mpf(end) for end in cell._mpi_)
                    assert low * value.denominator <= value.numerator <= high * value.denominator
                    assert (high - low) * value.denominator < 1e-27 * abs(value.numerator)

    def test_ends_are_rounded_outwards(self):
        cell = Arithmetic(30).number(Fraction(1, 3))
        assert Fraction(rounded_down(cell)) < Fraction(1, 3) < Fraction(rounded_up(cell))
        assert rounded_up(cell) == math.nextafter(rounded_down(cell), 1)

    def test_a_square_is_no_product(self):
        arithmetic = Arithmetic(20)
        wide = arithmetic.enclosed([0]).hull(arithmetic.enclosed([-2])) + 1
        assert rounded_down((wide**2).item()) == 0
        assert rounded_down((wide * wide).item()) == -1

    def test_the_precision_of_others_is_left_alone(self):
        before = mpmath.iv.dps, mpmath.mp.dps
        ORDER.run()
        assert (mpmath.iv.dps, mpmath.mp.dps) == before

    def test_threads_agree(self):
        check = replace(ORDER, wrong=(), unseen={})
        alone = check.run().facts()
        start = threading.Barrier(4)

        def together(_):
            start.wait()
            return replace(check).run().facts()

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(together, range(4))) == [alone] * 4


class TestLaws:
    def test_exact_outcomes(self):
        law = exact_law({"r": bernoulli(Fraction(7, 10), 2), "s": rademacher()})
        assert len(law) == 8
        assert sum(law.weights) == 1
        outcomes = law.outcomes
        assert sum(w * r[0] * r[1] for w, r in zip(law.weights, outcomes["r"], strict=True)) == Fraction(49, 100)
        assert sum(w * r[0] * s for w, r, s in zip(law.weights, outcomes["r"], outcomes["s"], strict=True)) == 0

    def test_a_float_is_what_it_is(self):
        law = exact_law({"r": bernoulli(0.7)})
        assert law.weights == (Fraction(0.7), 1 - Fraction(0.7))
        assert Fraction(0.7) != Fraction(7, 10)

    def test_finite(self):
        source = finite([1.0, 2.0, 5.0], [0.5, 0.25, 0.25])
        law = exact_law({"y": source})
        assert sum(w * y for w, y in zip(law.weights, law.outcomes["y"].ravel(), strict=True)) == Fraction(9, 4)
