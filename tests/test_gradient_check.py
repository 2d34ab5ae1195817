"""Checks of gradients: they confirm, refute and explain what they cannot use."""

import dataclasses
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import check_grad
from sympy import Symbol, exp, tanh

from proofsheet import (
    E,
    GradientCheck,
    ProofsheetError,
    SubgradientCheck,
    Sum,
    absolute,
    bernoulli,
    collect,
    define,
    delta,
    derivative,
    dimension,
    distinct,
    finite,
    function,
    gradient,
    hadamard,
    index,
    matrix,
    norm1,
    norm2,
    normal,
    parameter,
    proof,
    prove,
    random_scalar,
    scalar,
    sgn,
    sqrt,
    vector,
    wrong,
)
from proofsheet.numeric.checks import Options
from proofsheet.numeric.gradient_methods import EXACT
from proofsheet.scripts import load

ROOT = Path(__file__).resolve().parent.parent

t = Symbol("t", real=True)
N, m, q = dimension("N"), dimension("m"), dimension("q")
i, j, k = index("i", N), index("j", m), index("k", m)
p, lam = parameter("p", between=(0, 1)), parameter("lam", positive=True)
w, theta, u = vector("w", m), scalar("theta"), random_scalar("u")


def claim(left, right, assumptions=()):
    """What a check reads of a theorem, for claims that are true but not derived here."""
    return SimpleNamespace(left=left, right=right, assumptions=assumptions)


def judged(check, line):
    return dataclasses.replace(check, closed_form=line).run()


def lasso(**change):
    """∂/∂w_k of λ‖w‖₁, at points of mixed signs."""
    check = GradientCheck(
        claim(derivative(lam * norm1(w), w[k]), lam * sgn(w[k])),
        lambda w: 0.3 * np.abs(w).sum(),
        draw=lambda generator: {"w": generator.normal(size=4)},
        dimensions={"m": 4},
        parameters={"lam": 0.3},
        wrong=wrong((lam * w[k], "the gradient of the squared norm"), (-lam * sgn(w[k]), "sign")),
    )
    return dataclasses.replace(check, **change)


def in_fractions(**change):
    """The same, of a function that takes fractions, at sizes from 1e-4 to 1e4."""
    sizes = {"draw": lambda generator: {"w": generator.choice([-1, 1], 4) * 10 ** generator.uniform(-4, 4, 4)}}
    return lasso(**{"function": lambda w, lam: lam * np.abs(w).sum(), **sizes, **change})


def at(*numbers):
    return {"draw": lambda generator: {"w": np.array(numbers)}, "dimensions": {"m": len(numbers)}}


KEYS = {"method", "grade", "variance", "estimate", "interval", "closed_form", "samples", "tolerance"}
KEYS |= {"detectable", "alpha", "seed", "judged"}


class TestMethods:
    """Which way of differentiating speaks, and what is said of those that were set aside."""

    def test_fractions_first(self):
        verdict = in_fractions().run()
        facts = verdict.facts()
        assert verdict.verdict == "confirmed"
        assert set(facts) == KEYS
        assert (facts["method"], facts["grade"]) == ("exact rational differences", "computed")
        assert (facts["estimate"], facts["tolerance"], facts["samples"], facts["alpha"]) == (0, 0, 20, 0.0)
        assert facts["seed"] == 20_250_101
        assert str(verdict) == (
            "confirmed by exact rational differences (computed)\n"
            "    left − right = 0 in fractions, nothing rounded; closed form 0.3, of 20 entries at 5 points of seed 20250101\n"
            "    along each coordinate the function is a polynomial of degree 1 at most through 3 more values than fix it\n"
            "    wrong variants: 2 of 2 refuted"
        )

    @pytest.mark.parametrize("factor", [1 + 2.0**-50, 0.5, -1])
    def test_in_fractions_the_last_bit_is_seen(self, factor):
        changed = in_fractions(function=lambda w, lam: Fraction(factor) * lam * np.abs(w).sum(), method=EXACT)
        assert changed.run().verdict == "refuted"

    def test_a_polynomial_of_any_degree(self):
        """(Σ w)⁵ + Σ w⁷, whose central differences have a truncation error at every step."""
        total = Sum(j, w[j])
        right = 5 * total**4 + 7 * w[k] ** 6
        check = in_fractions(
            theorem=claim(derivative(total**5, w[k]), right), function=lambda w: w.sum() ** 5 + (w**7).sum(), wrong=()
        )
        assert (check.run().verdict, check.run().method, check.run().degree) == ("confirmed", EXACT, 7)
        assert judged(check, right + lam / 10**12).verdict == "refuted"

    def test_a_small_entry_that_a_norm_does_not_see(self):
        """A factor 1.5 in the entry of size 1e-4: scipy's check_grad gives the same number for both functions."""
        weights = np.array([1e4, -3e3, 1e-4, 2.0])

        def gradient_of(small):
            return lambda w: 2 * 0.3 * w * [1, 1, small, 1]

        right, broken = (check_grad(lambda w: 0.3 * w @ w, gradient_of(small), weights) for small in (1, 1.5))
        assert broken == pytest.approx(right, rel=1e-3)
        theorem = claim(derivative(lam * norm2(w), w[k]), 2 * lam * w[k])
        for small, verdict in ((1, "confirmed"), (Fraction(3, 2), "refuted")):
            for options in ({"method": EXACT}, {"method": "complex step"}):
                factors = (
                    np.array([1, 1, small, 1]) if options["method"] == EXACT else np.array([1, 1, float(small), 1])
                )
                check = in_fractions(
                    theorem=theorem,
                    function=lambda w, lam, factors=factors: lam * (factors * w**2).sum(),
                    wrong=(),
                    **at(*weights),
                    **options,
                )
                assert check.run().verdict == verdict, (small, options)

    def test_the_complex_step_where_a_function_is_analytic(self):
        h = function("h", tanh(t))
        theorem = claim(derivative(Sum(j, h(w[j])), w[k]), 1 - h(w[k]) ** 2)
        check = lasso(theorem=theorem, function=lambda w: np.tanh(w).sum(), wrong=())
        verdict = check.run()
        assert (verdict.verdict, verdict.method, verdict.grade) == ("confirmed", "complex step", "estimated error")
        assert verdict.facts()["tolerance"] < 1e-12
        assert "set aside: exact rational differences: the function does not take fractions" in str(verdict)
        assert judged(check, (1 - h(w[k]) ** 2) * (1 + lam / 10**9)).verdict == "refuted"
        assert dataclasses.replace(check, method="finite differences").run().verdict == "confirmed"

    def test_a_function_that_is_not_analytic_as_it_is_written(self):
        verdict = lasso().run()
        assert (verdict.verdict, verdict.method) == ("confirmed", "finite differences")
        assert verdict.set_aside[EXACT] == "the function makes floats of fractions"
        assert verdict.set_aside["complex step"].startswith("of complex numbers the function makes real ones")
        signed = lasso(
            theorem=claim(derivative(Sum(j, absolute(w[j]) * w[j]), w[k]), 2 * absolute(w[k])),
            function=lambda w: 1.0 * (np.abs(w) * w).sum(),
            wrong=(),
        )
        assert (signed.run().verdict, signed.run().method) == ("confirmed", "finite differences")
        assert "away from finite differences: as it is written the function is not analytic (np.abs" in str(
            signed.run()
        )
        analytic = lasso(function=lambda w: 0.3 * np.where(np.real(w) < 0, -w, w).sum())
        assert analytic.run().method == "complex step"

    @pytest.mark.parametrize(
        ("function", "method", "message"),
        [
            (lambda w: 0.3 * np.abs(w).sum(), "exact rational differences", "makes floats of fractions"),
            (lambda w: np.tanh(w).sum(), "exact rational differences", r"does not take fractions \(TypeError\)"),
            (lambda w: (1 / (1 + w**2)).sum(), "exact rational differences", "not a polynomial in each entry of w"),
            (lambda w: np.logaddexp(0, w).sum(), "complex step", "does not take complex numbers"),
            (lambda w: np.asarray(w, dtype=float).sum(), "complex step", r"complex numbers \(ComplexWarning\)"),
            (lambda w: np.real(w).sum(), "complex step", "makes real ones"),
            (lambda w: w.sum(), "by eye", "is none of exact rational differences, complex step, finite differences"),
        ],
    )
    def test_a_method_that_does_not_apply(self, function, method, message):
        with pytest.raises(ProofsheetError, match=message):
            lasso(function=function, method=method, wrong=()).run()

    def test_a_line_that_is_not_rational(self):
        """√(w²) for |w|: the function takes fractions, the line does not."""
        check = in_fractions(
            theorem=claim(derivative(lam * norm1(w), w[k]), lam * w[k] / sqrt(w[k] ** 2)), **at(2.0, -3.5)
        )
        assert check.run().method == "finite differences"
        assert "√" in check.run().set_aside[EXACT]

    def test_variants_that_are_not_rational_are_judged_in_floats(self):
        root = wrong((lam * sqrt(w[k] ** 2), "a root"), (lam * w[k] / sqrt(w[k] ** 2), "the truth, with a root"))
        verdict = in_fractions(wrong=root[:1]).run()
        assert (verdict.method, verdict.variants[0].refuted) == (EXACT, True)
        with pytest.raises(ProofsheetError, match=r"the wrong variant \(the truth, with a root\) differs by"):
            in_fractions(wrong=root).run()

    def test_entries_at_a_kink_have_no_derivative(self):
        for point in ((1.0, 0.0), (1.0, -1e-9)):
            with pytest.raises(ProofsheetError, match="do not settle at this point: there is a kink"):
                lasso(**at(*point)).run()
        with pytest.raises(ProofsheetError, match="do not settle at this point: there is a kink"):
            in_fractions(**at(1.0, 0.0)).run()
        assert in_fractions(**at(1.0, -1e-9)).run().verdict == "confirmed"
        shifted = in_fractions(function=lambda w, lam: lam * np.abs(w - 1).sum(), **at(3.0, 1.0))
        with pytest.raises(ProofsheetError, match="kink"):
            shifted.run()


class TestVariants:
    def test_all_are_judged_and_those_on_the_way_too(self):
        variants = wrong((lam * w[k], "squared"), (2 * lam * sgn(w[k]), "twice, on the way", 1))
        verdict = in_fractions(wrong=variants).run()
        assert [(one.mistake, one.refuted) for one in verdict.variants] == [
            ("squared", True),
            ("twice, on the way", True),
        ]
        assert lasso(wrong=variants).run().variants[0].gap != 0

    def test_what_no_derivative_can_see(self):
        variants = wrong((lam * sgn(w[k]) + 0 * w[k], "0 added"), (lam, "sign lost"))
        with pytest.raises(ProofsheetError, match=r"the wrong variant \(0 added\) differs by 0 only"):
            in_fractions(wrong=variants).run()
        verdict = in_fractions(wrong=variants, unseen={"0 added": "it is the truth"}).run()
        assert "wrong variants: 1 of 2 refuted\n        not seen: 0 added: it is the truth" in str(verdict)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"unseen": {"nothing": "why"}}, "unseen= names 'nothing', which is none of the wrong variants"),
            ({"wrong": wrong((lam, "a"))[0]}, r"wrong=identity.variants"),
            ({"wrong": wrong((norm1(w) * w, "a vector"))}, r"\(a vector\) cannot be judged: the line .* is 4 × 1"),
            ({"wrong": wrong((lam * sgn(w[j]), "j"))}, "the index j is free"),
            (
                {"wrong": wrong((derivative(lam * norm2(w), w[k]), "not read"))},
                r"\(not read\) cannot be judged: .*say in unseen=",
            ),
        ],
    )
    def test_bad_variants_are_explained(self, change, message):
        for check in (lasso(**change), in_fractions(**change)):
            with pytest.raises(ProofsheetError, match=message):
                check.run()


class TestGradients:
    @pytest.mark.parametrize("line", [lam * w[k], -lam * sgn(w[k]), lam * sgn(w[k]) / 2, lam * norm1(w), 0 * lam])
    def test_wrong_closed_forms_are_refuted(self, line):
        assert judged(lasso(), line).verdict == "refuted"
        assert judged(in_fractions(), line).verdict == "refuted"

    def test_an_error_of_a_part_in_a_million_is_refuted(self):
        for factor, verdict in ((1 + 1e-6, "refuted"), (1 + 1e-14, "confirmed")):
            changed = lasso(function=lambda w, factor=factor: factor * 0.3 * np.abs(w).sum())
            assert changed.run().verdict == verdict

    def test_same_seed_same_points(self):
        other = lasso().run(Options(seed=1))
        assert lasso().run().facts() == lasso().run().facts() != other.facts()
        assert other.facts()["seed"] == 1

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
        assert judged(check, lam * w).verdict == "refuted"
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
                wrong=wrong((mistake, "wrong factor")),
            )
            assert check.run().verdict == "confirmed"
            assert check.run().variants[0].refuted
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
        assert judged(check, y[j] * (delta(j, k) - y[j])).verdict == "refuted"
        assert judged(check, y[j] * (delta(j, k) - y[k]) + skewed - skewed).verdict == "confirmed"

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
        assert judged(check, 2 * y[i] * w[j]).verdict == "refuted"

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
        nothing = lasso(function=lambda w: 0.0 * w.sum(), wrong=())
        assert judged(nothing, 0 * w[k]).verdict == "confirmed"
        assert nothing.run().verdict == "refuted"

    def test_expectations_under_a_law(self):
        values, weights = np.array([0.0, 1.0, 3.0]), np.array([0.2, 0.3, 0.5])
        check = GradientCheck(
            claim(gradient(E((u - norm2(w)) ** 2), w), -4 * (E(u) - norm2(w)) * w),
            lambda w: weights @ (values - w @ w) ** 2,
            draw=lambda generator: {"w": generator.normal(size=3)},
            sources={"u": finite(values, weights)},
            dimensions={"m": 3},
        )
        assert check.run().verdict == "confirmed"
        assert judged(check, -4 * (E(u**2) - norm2(w)) * w).verdict == "refuted"
        with pytest.raises(ProofsheetError, match="no law for the expectation"):
            dataclasses.replace(check, sources={}).run()

    def test_points_near_a_kink_are_resolved(self):
        assert lasso(**at(1.0, 1e-3, -2000.0)).run().verdict == "confirmed"

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"function": lambda v: 0}, r"function takes \(v\); it is called with \(w\), by name"),
            ({"function": lambda w: w}, r"function gives an array of shape \(4,\), not \(\)"),
            ({"by": w}, "is no derivative by w"),
            ({"theorem": claim(gradient(norm1(w), w), sgn(w[k]))}, "the index k is free in"),
            (
                {"theorem": claim(gradient(norm1(w), w), norm1(w)), "wrong": ()},
                "is 1 × 1, the derivative is 4 × 1",
            ),
            ({"theorem": claim(w, w), "by": norm2(w)}, "by= is a declared scalar, vector or matrix"),
            ({"theorem": claim(w, w), "by": theta}, "no value for theta, by which it differentiates"),
            ({"points": 0}, "at least one point"),
            ({"function": 3}, "function is a function of what is named in the check; 3 cannot be called"),
            ({"function": lambda w: w.sum() * np.nan}, "function is not finite at a point"),
            ({"draw": lambda generator: {"w": [1.0, 2, 3, np.nan]}}, "w: some of the numbers are not finite"),
            ({"draw": lambda generator: {"w": np.ones((4, 2))}}, "w is 4 × 1; a value of shape"),
            ({"draw": lambda generator: np.ones(4)}, "draw of a gradient check gives {name: array}, not ndarray"),
            ({"parameters": {"lam": "large"}}, "the parameter lam is positive, not 'large'"),
            ({"parameters": {"lam": [0.3, 0.4]}}, r"the parameter lam is positive, not \[0.3, 0.4\]"),
            ({"parameters": {"lam": -0.3}}, "the parameter lam is positive, not -0.3"),
            ({"parameters": {"lam": np.inf}}, "the parameter lam is positive, not inf"),
            ({"dimensions": {"m": 4.0}}, "the dimension m is a positive integer, not 4.0"),
            ({"function": max}, "the built-in max does not tell the names that it takes; write a function around it"),
            ({"function": np.exp}, r"function takes \(x, .*; it is called with \(w\), by name"),
            ({"function": [1]}, r"function is a function of what is named in the check; \[1\] cannot be called"),
            ({"draw": max}, "the built-in max does not tell"),
            ({"sources": {"u": 3}}, "sources: u is 3, not"),
            ({"sources": {"u": normal()}}, "u has infinitely many outcomes; bernoulli, rademacher and finite have few"),
            ({"sources": {"u": bernoulli(0.7, 17)}}, r"the sources \(u 17\) have 131072 outcomes together"),
            ({"draw": None}, "no value for w, by which"),
            ({"draw": lambda generator: {"w": ["a"]}}, "w: .* is no array of numbers"),
            ({"parameters": {}}, "no value for lam"),
            ({"theorem": claim(derivative(norm1(w), w[k]), sgn(w[j]))}, "the index j is free"),
            ({"wrong": wrong((lam * sgn(w[k]) * (1 - 0 * lam), "none"))}, "less than twice the tolerance"),
        ],
    )
    def test_bad_checks_are_explained(self, change, message):
        with pytest.raises(ProofsheetError, match=message):
            lasso(**change).run()


def test_what_is_no_theorem_and_no_draw():
    with pytest.raises(ProofsheetError, match="judges a theorem"):
        dataclasses.replace(lasso(), theorem=dataclasses).run()
    with pytest.raises(ProofsheetError, match="draw of a gradient check takes one argument"):
        lasso(draw=lambda generator, size: {}).run()


SCRIPTS = {
    name: load(ROOT / "numeric_checks" / f"{name}.py").check
    for name in (
        "l1_penalty_gradient",
        "l2_penalty_gradient",
        "weight_decay_step",
        "penalty_in_backpropagation",
        "ridge_push_through",
    )
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_catalogue_is_confirmed_and_every_variant_refuted_somewhere(name):
    verdict = SCRIPTS[name].run(Options(seed=3))
    assert verdict.verdict == "confirmed", str(verdict)
    refuted = {one.mistake for case in verdict.found.values() for one in case.variants if one.refuted}
    assert refuted == {variant.mistake for variant in proof(name).variants}
    judged_theorems = [check.theorem for check in SCRIPTS[name].checks.values()]
    assert proof(name).theorem in judged_theorems


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_case_of_the_catalogue_can_fail(name):
    """Each closed form times 1 + 1e-6, and plus its own error in one place, is refuted by each case."""
    for case, check in SCRIPTS[name].checks.items():
        right = check.theorem.right
        broken = dataclasses.replace(check, wrong=(), unseen={}, closed_form=right + right / 10**6)
        assert broken.run().verdict == "refuted", case


def test_a_kink_is_refused_by_the_theorem_and_wanted_by_a_subgradient():
    """l1_penalty_gradient holds where w_k ≠ 0: a gradient is refused there, by the theorem's own side condition."""
    at_kink = {"draw": lambda generator: {"w": np.array([1.0, 0.0])}, "dimensions": {"m": 2}}
    check = in_fractions(theorem=proof("l1_penalty_gradient").theorem, wrong=(), **at_kink)
    with pytest.raises(ProofsheetError, match="≠ 0; at this instance it is 0"):
        check.run()
    fields = {"theorem", "function", "draw", "dimensions", "parameters"}
    subgradient = SubgradientCheck(**{name: getattr(check, name) for name in fields})
    assert subgradient.run().verdict == "confirmed"
