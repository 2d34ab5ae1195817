"""Checks by finite differences, and several checks under one name: they confirm, refute and explain what they cannot use."""

import dataclasses

import numpy as np
import pytest
from sympy import Symbol, exp, tanh
from test_enumeration_check import claim, masked_regression

from proofsheet import (
    E,
    FiniteLaw,
    GradientCheck,
    NumericCheck,
    ProofsheetError,
    Sum,
    cases,
    collect,
    define,
    delta,
    derivative,
    dimension,
    distinct,
    function,
    gradient,
    hadamard,
    index,
    linearity,
    matrix,
    norm1,
    norm2,
    parameter,
    prove,
    random_scalar,
    scalar,
    sgn,
    vector,
    wrong,
)

t = Symbol("t", real=True)
N, m, q = dimension("N"), dimension("m"), dimension("q")
i, j, k = index("i", N), index("j", m), index("k", m)
p, lam = parameter("p", between=(0, 1)), parameter("lam", positive=True)
w, theta, u = vector("w", m), scalar("theta"), random_scalar("u")


def lasso(**change):
    """∂/∂w_k of λ‖w‖₁, at points of mixed signs."""
    check = GradientCheck(
        claim(derivative(lam * norm1(w), w[k]), lam * sgn(w[k])),
        lambda w: 0.3 * np.abs(w).sum(),
        draw=lambda generator: {"w": generator.normal(size=4)},
        dimensions={"m": 4},
        parameters={"lam": 0.3},
        wrong=wrong((lam * w[k], "the gradient of the squared norm"))[0],
    )
    return dataclasses.replace(check, **change)


def at(*numbers):
    return {"draw": lambda generator: {"w": np.array(numbers)}, "dimensions": {"m": len(numbers)}}


class TestGradients:
    def test_confirmed(self):
        verdict = lasso().run()
        facts = verdict.facts()
        assert verdict.verdict == "confirmed"
        assert (facts["grade"], facts["samples"], facts["alpha"]) == ("finite differences", 20, 0.0)
        assert facts["wrong_variant_refuted"] is True
        assert abs(facts["estimate"]) <= facts["tolerance"] < 1e-9
        assert abs(facts["closed_form"]) == pytest.approx(0.3)
        assert (
            "at the worst of 20 entries at 5 points\n    wrong variant (the gradient of the squared norm): refuted"
            in str(verdict)
        )

    @pytest.mark.parametrize("line", [lam * w[k], -lam * sgn(w[k]), lam * sgn(w[k]) / 2, lam * norm1(w), 0 * lam])
    def test_wrong_closed_forms_are_refuted(self, line):
        assert lasso().run(closed_form=line).verdict == "refuted"

    def test_an_error_of_a_part_in_a_million_is_refuted(self):
        for factor, verdict in ((1 + 1e-6, "refuted"), (1 + 1e-14, "confirmed")):
            changed = lasso(function=lambda w, factor=factor: factor * 0.3 * np.abs(w).sum())
            assert changed.run().verdict == verdict

    def test_same_seed_same_points(self):
        assert lasso().run().facts() == lasso().run().facts() != lasso().run(seed=1).facts()
        assert lasso(wrong=None).run(seed=1).facts()["wrong_variant_refuted"] is None

    def test_a_theorem_whose_left_side_is_no_derivative_says_by_what(self):
        theorem = prove(lam * w + lam * w, (2 * lam * w, collect))
        check = GradientCheck(
            theorem,
            lambda w: 0.3 * w @ w,
            by=w,
            constants={"w": [1.0, -2.0]},
            dimensions={"m": 2},
            parameters={"lam": 0.3},
        )
        assert check.run().verdict == "confirmed"
        assert check.run(closed_form=lam * w).verdict == "refuted"
        with pytest.raises(ProofsheetError, match=r"is not one derivative; say by what .* by=w, or by=w\[k\]"):
            dataclasses.replace(check, by=None).run()

    def test_backpropagation_through_two_layers(self):
        """Weights of both layers and the bias; the loss is opaque, the activation has a closed form; 4, 3 and 2 units."""
        n = dimension("n")
        W1, W2, b = matrix("W1", n, m), matrix("W2", q, n), vector("b", n)
        x, a = vector("x", m), index("a", n)
        phi = function("phi", tanh(t))
        z = define("z", W1 @ x + b)
        y_hat = define("y_hat", W2 @ phi(z))
        C = function("C", of=y_hat)
        loss, back = C(y_hat), hadamard(W2.T @ C.gradient(y_hat), phi.prime(z))
        for left, right, mistake in (
            (gradient(loss, W1), back @ x.T, hadamard(W2.T @ C.gradient(y_hat), phi(z)) @ x.T),
            (derivative(loss, W1[a, j]), back[a] * x[j], back[a]),
            (gradient(loss, W2), C.gradient(y_hat) @ phi(z).T, C.gradient(y_hat) @ z.T),
            (gradient(loss, b), back, W2.T @ C.gradient(y_hat)),
        ):
            check = GradientCheck(
                claim(left, right),
                lambda W1, W2, b, x: ((W2 @ np.tanh(W1 @ x + b) - 1) ** 4).sum() / 4,
                draw=lambda generator: {
                    "W1": generator.normal(size=(3, 4)),
                    "W2": generator.normal(size=(2, 3)),
                    "b": generator.normal(size=3),
                    "x": generator.normal(size=4),
                },
                dimensions={"m": 4, "n": 3, "q": 2},
                functions={"C": (lambda u: ((u - 1) ** 4).sum() / 4, lambda u: (u - 1) ** 3)},
                wrong=wrong((mistake, "wrong factor"))[0],
            )
            assert check.run().verdict == "confirmed"
            assert check.run().wrong.agree is False
        assert len(check.run().right.gaps) == 15

    def softmax(self, right, **change):
        l = index("l", m)
        return GradientCheck(
            claim(derivative(function("e", exp(t))(w[j]) / Sum(l, function("e", exp(t))(w[l])), w[k]), right, **change),
            lambda w: np.exp(w) / np.exp(w).sum(),
            draw=lambda generator: {"w": generator.normal(size=3)},
            dimensions={"m": 3},
        )

    def test_a_function_with_entries_of_its_own(self):
        """The Jacobian of softmax: free indices of the function beside those of the variable, in the right order."""
        e, l = function("e", exp(t)), index("l", m)
        y = define("y_hat", e(w[j]) / Sum(l, e(w[l])), entry=j)
        skewed = delta(j, k) * w[j]
        check = self.softmax(y[j] * (delta(j, k) - y[k]))
        assert check.run().verdict == "confirmed"
        assert check.run(closed_form=y[j] * (delta(j, k) - y[j])).verdict == "refuted"
        assert check.run(closed_form=y[j] * (delta(j, k) - y[k]) + skewed - skewed).verdict == "confirmed"

    def test_a_function_with_two_axes(self):
        """They stand in alphabetical order of their indices, here 2 × 3."""
        y = vector("y", N)
        check = GradientCheck(
            claim(derivative(y[i] * w[j] ** 2, w[k]), 2 * y[i] * w[j] * delta(j, k)),
            lambda w, y: np.outer(y, w**2),
            draw=lambda generator: {"w": generator.normal(size=3), "y": generator.normal(size=2)},
            dimensions={"m": 3, "N": 2},
        )
        assert check.run().verdict == "confirmed"
        assert check.run(closed_form=2 * y[i] * w[j]).verdict == "refuted"

    def test_where_the_theorem_assumes_distinct_indices(self):
        """y_j (−y_k) is right for j ≠ k only."""
        e, l = function("e", exp(t)), index("l", m)
        off_diagonal = -e(w[j]) * e(w[k]) / Sum(l, e(w[l])) ** 2
        assert self.softmax(off_diagonal, assumptions=(distinct(j, k),)).run().verdict == "confirmed"
        assert self.softmax(off_diagonal).run().verdict == "refuted"
        alone = dataclasses.replace(
            self.softmax(off_diagonal, assumptions=(distinct(j, k),)),
            draw=lambda generator: {"w": [1.0]},
            dimensions={"m": 1},
        )
        with pytest.raises(ProofsheetError, match="no entry is left where the theorem's indices differ"):
            alone.run()

    def test_a_function_that_is_0_everywhere(self):
        nothing = lasso(function=lambda w: 0.0 * w.sum(), wrong=None)
        assert nothing.run(closed_form=0 * w[k]).verdict == "confirmed"
        assert nothing.run().verdict == "refuted"

    def test_expectations_under_a_law(self):
        values, weights = np.array([0.0, 1.0, 3.0]), np.array([0.2, 0.3, 0.5])
        check = GradientCheck(
            claim(gradient(E((u - norm2(w)) ** 2), w), -4 * (E(u) - norm2(w)) * w),
            lambda w: weights @ (values - w @ w) ** 2,
            draw=lambda generator: {"w": generator.normal(size=3)},
            law=FiniteLaw({"u": values}, weights),
            dimensions={"m": 3},
        )
        assert check.run().verdict == "confirmed"
        assert check.run(closed_form=-4 * (E(u**2) - norm2(w)) * w).verdict == "refuted"
        with pytest.raises(ProofsheetError, match="no law for the expectation"):
            dataclasses.replace(check, law=None).run()

    def test_points_near_a_kink_are_resolved_or_refused(self):
        assert lasso(**at(1.0, 1e-3, -2000.0)).run().verdict == "confirmed"
        for point in ((1.0, 0.0), (1.0, -1e-9)):
            with pytest.raises(ProofsheetError, match="do not settle at this point: there is a kink"):
                lasso(**at(*point)).run()

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"function": lambda v: 0}, r"function takes \(v\); it is called with \(w\), by name"),
            ({"function": lambda w: w}, r"function gives an array of shape \(4,\), not \(\)"),
            ({"by": w}, "is no derivative by w"),
            ({"theorem": claim(gradient(norm1(w), w), sgn(w[k]))}, "the index k is free in"),
            (
                {"theorem": claim(gradient(norm1(w), w), norm1(w)), "wrong": None},
                "is 1 × 1, the derivative is 4 × 1",
            ),
            ({"theorem": claim(w, w), "by": norm2(w)}, "by= is a declared scalar, vector or matrix"),
            ({"theorem": claim(w, w), "by": theta}, "no value for theta, by which it differentiates"),
            ({"points": 0}, "at least one point"),
            ({"draw": None}, "no value for w, by which"),
            ({"draw": lambda generator: {"w": ["a"]}}, "w: .* is no array of numbers"),
            ({"parameters": {}}, "no value for lam"),
            ({"theorem": claim(derivative(norm1(w), w[k]), sgn(w[j]))}, "the index j is free"),
            ({"wrong": wrong((lam * sgn(w[k]) * (1 - 0 * lam), "none"))[0]}, "less than twice the tolerance"),
        ],
    )
    def test_bad_checks_are_explained(self, change, message):
        with pytest.raises(ProofsheetError, match=message):
            lasso(**change).run()


class TestCases:
    def test_the_weakest_case_decides(self):
        good, _ = masked_regression()
        bad = dataclasses.replace(good, wrong=None, left_side=lambda R: good.left_side(R) + 1)
        verdict = cases(first=good, second=bad).run()
        assert verdict.verdict == verdict.facts()["cases"]["second"]["verdict"] == "refuted"
        assert verdict.facts()["case"] == "second"
        assert verdict.facts()["cases"]["first"]["verdict"] == "confirmed"
        assert str(verdict).startswith("first: confirmed")
        assert cases(first=good, third=lasso()).run().verdict == "confirmed"

    def test_error_rates_add_up_and_seeds_are_passed_on(self):
        theorem = prove(E(u + 1), (E(u) + 1, linearity))
        sampled = NumericCheck(
            theorem, lambda generator, size: {"u": generator.normal(size=size)}, lambda u: u + 1, 0.1, samples=10_000
        )
        both = cases(one=sampled, two=sampled, exact=masked_regression()[0])
        assert both.run().facts()["alpha"] == pytest.approx(2e-6)
        assert (both.seed, masked_regression()[0].seed) == (sampled.seed, None)
        assert (
            both.run(seed=4).facts()["closed_form"]
            == both.run(seed=4).facts()["closed_form"]
            != both.run().facts()["closed_form"]
        )

    def test_bad_cases_are_explained(self):
        with pytest.raises(ProofsheetError, match="at least one check by name"):
            cases()
        with pytest.raises(ProofsheetError, match=r"cases\(one=...\): 3 is no numeric check"):
            cases(one=3)
        with pytest.raises(ProofsheetError, match="case one: a gradient check takes at least one point"):
            cases(one=lasso(points=0)).run()


def test_what_is_no_theorem_and_no_draw():
    with pytest.raises(ProofsheetError, match="judges a theorem"):
        dataclasses.replace(lasso(), theorem=dataclasses).run()
    with pytest.raises(ProofsheetError, match="draw of a gradient check takes one argument"):
        lasso(draw=lambda generator, size: {}).run()
