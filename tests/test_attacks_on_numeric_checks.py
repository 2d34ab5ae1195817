"""Attacks on the numeric checks: a verdict that is false, or one where there must be an error."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from proofsheet import (
    ApproximationCheck,
    E,
    NumericCheck,
    ProofsheetError,
    Sum,
    antithetic,
    bernoulli,
    dimension,
    index,
    inverse,
    linearity,
    matrix,
    moment,
    normal,
    parameter,
    polynomial,
    prove,
    rademacher,
    random_scalar,
    random_vector,
    uniform,
    vector,
    wrong,
)
from proofsheet.numeric.checks import Options
from proofsheet.numeric.declared_degree import refuse_higher_degree
from proofsheet.numeric.draws import Instance
from proofsheet.numeric.estimand import claim_of
from proofsheet.scripts import load

ROOT = Path(__file__).resolve().parent.parent
NOISE = load(ROOT / "numeric_checks" / "gaussian_noise_mse.py").check.checks
LOGISTIC = load(ROOT / "numeric_checks" / "dropout_logistic_regression.py").check.checks
WEIGHT_DECAY = load(ROOT / "numeric_checks" / "l2_penalty_gradient.py").check.checks
METHODS = {"plain": {}, "all_outcomes": {}, "m_8": {"variance": None, "tolerance": 0.1}}


class TestWhatAScriptMayDoToItsDraws:
    """All of these were judged before, and the true closed form refuted."""

    @pytest.mark.parametrize("case", METHODS)
    def test_a_left_side_that_changes_its_draws_is_an_error(self, case):
        check = replace(NOISE[case], **METHODS[case])
        w = check.constants["w"]

        def left_side(x, n, y):
            x += n
            return (x @ w - y) ** 2

        with pytest.raises(ProofsheetError, match="left_side changes in place"):
            replace(check, left_side=left_side).run(Options())

    @pytest.mark.parametrize("case", METHODS)
    def test_a_left_side_that_changes_a_constant_is_an_error(self, case):
        def left_side(x, n, y, w):
            w *= 1.1
            return ((x + n) @ w - y) ** 2

        check = replace(NOISE[case], **METHODS[case], left_side=left_side)
        with pytest.raises(ProofsheetError, match="left_side changes in place"):
            check.run(Options())

    @pytest.mark.parametrize("case", METHODS)
    @pytest.mark.parametrize(
        ("spoilt", "message"),
        [
            (lambda values: values + 1j, "gives complex numbers"),
            (lambda values: list(values + 1j), "gives complex numbers"),
            (lambda values: np.ma.masked_greater(values, 3.0), "gives a masked array"),
        ],
    )
    def test_what_would_lose_something_is_an_error(self, case, spoilt, message):
        check = replace(NOISE[case], **METHODS[case])
        w = check.constants["w"]
        with pytest.raises(ProofsheetError, match=message):
            replace(check, left_side=lambda x, n, y: spoilt(((x + n) @ w - y) ** 2)).run(Options())

    @pytest.mark.parametrize("case", METHODS)
    def test_a_left_side_that_ends_the_process_is_an_error(self, case):
        """sys.exit(0) ended a script run by hand with the code of a check that is confirmed."""

        def left_side(x, n, y):
            raise SystemExit(0)

        with pytest.raises(ProofsheetError, match="left_side ended the process"):
            replace(NOISE[case], **METHODS[case], left_side=left_side).run(Options())


@pytest.mark.parametrize("factor", [2, 4])
def test_a_derived_bound_that_is_too_small_is_an_error_in_blocks_too(factor):
    """A pilot of 126 blocks guarded what 565 were judged by: four times too small, it was let pass."""
    check = NOISE["m_64"]
    bound = replace(check.variance, bound=check.variance.bound / factor)
    with pytest.raises(
        ProofsheetError, match=r"is too small: the variance of.* or left_side, a law or `variables` is not"
    ):
        replace(check, variance=bound).run(Options(level=1e-11))


@pytest.mark.parametrize("case", ["plain", "m_8", "m_1000"])
def test_a_tolerance_that_no_one_waits_for_is_an_error_before_it_is_drawn(case):
    """It ran for minutes without a word. Of a polynomial the pilot is drawn, which does not depend on the tolerance."""
    start = time.monotonic()
    with pytest.raises(
        ProofsheetError, match=r"tolerance=1e-08 needs about \de\+\d\d draws of \d+ numbers.*raise the tol"
    ):
        replace(NOISE[case], tolerance=1e-8).run(Options())
    assert time.monotonic() - start < 20


class TestQuadrature:
    @pytest.mark.parametrize("chunk", range(4))
    def test_a_jump_refutes_no_true_closed_form(self, chunk):
        """Of three resolutions two agreed with the finest by chance at 6 % of the jumps."""
        y, c = random_scalar("y"), parameter("c")
        theorem = prove(E(y + c), (E(y) + c, linearity))
        for jump in np.linspace(-0.8, 0.8, 200)[chunk::4]:
            check = NumericCheck(
                theorem,
                {"y": uniform(variance=1 / 3)},
                lambda y, jump=jump: (y > jump) * 1.0,
                parameters={"c": float((1 - jump) / 2)},
                tolerance=1e-3,
            )
            assert check.run(Options()).verdict != "refuted", jump


class TestRoundingThatHidesEverything:
    """What agrees with every closed form confirms none."""

    @pytest.mark.parametrize("factor", [1.0, 1.3, 2.0])
    def test_an_inverse_that_loses_all_digits_is_undecided(self, factor):
        m = dimension("m")
        M, v, x = matrix("M", m, m), vector("v", m), random_vector("x", m)
        K = inverse(M)
        theorem = prove(
            E(v.T @ K @ (v + x)),
            (v.T @ K @ v + v.T @ K @ E(x), linearity),
            (v.T @ K @ v, moment(E(x), 0)),
        )
        hilbert = np.array([[1 / (i + j + 1) for j in range(9)] for i in range(9)])
        ones = np.linspace(1, 2, 9)
        check = NumericCheck(
            theorem,
            {"x": rademacher(9)},
            lambda x: factor * (ones + x) @ np.linalg.solve(hilbert, ones),
            constants={"M": hilbert, "v": ones},
            dimensions={"m": 9},
        )
        assert check.run(Options()).verdict == "undecided"

    @pytest.mark.parametrize("claimed", [3.0, 4.0, 400.0])
    def test_a_closed_form_that_is_lost_in_cancellation_is_undecided(self, claimed):
        y, a, b = random_scalar("y"), parameter("a"), parameter("b")
        theorem = prove(E(y * a - y * a + b + y), (E(y) + b, linearity))
        check = NumericCheck(theorem, {"y": rademacher()}, lambda y: y + 3.0, parameters={"a": 1e18, "b": claimed})
        assert check.run(Options()).verdict == "undecided"
        small = replace(check, parameters={"a": 2.0, "b": claimed})
        assert small.run(Options()).verdict == ("confirmed" if claimed == 3.0 else "refuted")

    @pytest.mark.parametrize("size", [1.0, 1e-12])
    def test_a_gradient_beside_something_large_is_undecided(self, size):
        """The slopes are 1e-15 of what the function is: a factor of 2 was confirmed."""
        check = WEIGHT_DECAY["gradient"]
        halved = next(one.line for one in check.wrong if one.mistake == "the gradient of ½λ‖W‖²")
        changed = replace(
            check,
            wrong=(),
            closed_form=halved,
            function=lambda W, lam: 1e3 * (size < 1) + lam * np.sum(np.abs(W) ** 2),
            parameters={"lam": size},
            method="finite differences",
            draw=lambda generator: {"W": generator.normal(size=(3, 4))},
        )
        assert changed.run(Options()).verdict == ("refuted" if size == 1 else "undecided")


class TestALeftSideThatIsNotTheTheorems:
    """It agreed with the right side, and the theorem's own left line did not: that was confirmed."""

    y, a = random_scalar("y"), parameter("a")
    theorem = prove(E(y + a), (E(y) + a, linearity), (a, moment(E(y), 0)))

    @pytest.mark.parametrize(
        ("source", "variables"), [(bernoulli(0.3), lambda z: {"y": z}), (uniform(), lambda z: {"y": z + 0.3})]
    )
    def test_a_law_that_breaks_an_assumption(self, source, variables):
        check = NumericCheck(
            self.theorem, {"z": source}, lambda y: y - 0.3 + 5.0, variables=variables, parameters={"a": 5.0}
        )
        verdict = check.run(Options())
        assert verdict.verdict == "refuted"
        assert "look at left_side and the sources first" in str(verdict)

    @pytest.mark.parametrize("case", ["logistic_bound", "logistic_order_4"])
    def test_approximations(self, case):
        """A wrong weight in the closed form and in left_side: the two are as near to each other as the right ones."""
        check: ApproximationCheck = LOGISTIC[case]
        variant = next(one.line for one in check.wrong if one.mistake == "½ lost")

        def left_side(r, beta, x, delta):
            s = 1 / (1 + np.exp(-(x @ beta)))
            weight = (s * (1 - s))[:, None] * (x * beta) ** 2 * (delta / (1 - delta))
            return check.left_side(r, beta) + weight.sum() / 2

        found = replace(check, left_side=left_side, closed_form=variant, wrong=(), unseen={}).run(Options())
        assert found.verdict == "refuted"
        assert "look at left_side" in str(found)


@pytest.mark.parametrize("declared", [0.124, 0.12, 0.05])
def test_a_supremum_that_is_too_small_is_an_error(declared):
    """sup|A⁗| is 1/8 at 0, near which all outcomes are. With 0.124 the true closed form was refuted."""
    check = replace(LOGISTIC["logistic_bound"], suprema={"A_B": declared})
    with pytest.raises(ProofsheetError, match="is declared; the value is"):
        check.run(Options())


class TestTheClosedPart:
    """A tolerance was relative to the terms without an expectation, also where what is left beside them all but cancels."""

    @pytest.mark.parametrize("line", ["difference", "sum", "product"])
    def test_is_found_inside_terms_that_hold_expectations(self, line):
        m = dimension("m")
        i, y, z, a, b = index("i", m), random_scalar("y"), random_vector("z", m), parameter("a"), parameter("b")
        instance = Instance({"m": 4}, {"a": 1000.0, "b": 249.75}, {})
        node = {"difference": a - (E(y) + 4 * b), "sum": a + Sum(i, E(z[i]) - b), "product": a + 4 * (E(y) - b)}[line]
        claim = claim_of(node, instance)
        assert claim.closed == pytest.approx(1.0)
        draws = {"y": np.array([0.5, 2.0]), "z": np.array([[1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 0.0, 1.0]])}
        means = {"difference": [-0.5, -2.0], "sum": [10.0, 1.0], "product": [2.0, 8.0]}[line]
        assert claim.per_draw(instance, draws) == pytest.approx(means)

    def test_what_is_left_is_judged_to_its_own_tolerance(self):
        y, a, b = random_scalar("y"), parameter("a"), parameter("b")
        theorem = prove(E(a + b + y), (a + (E(y) + b), linearity))
        check = NumericCheck(
            theorem,
            {"y": normal()},
            lambda y: y + 1.0,
            variance=polynomial(1),
            parameters={"a": 1000.0, "b": -999.0},
            method="e-process",
        )
        assert check.run(Options()).verdict == "confirmed"
        off = replace(check, parameters={"a": 1000.0, "b": -995.0})
        assert off.run(Options()).verdict == "refuted"


class TestVariants:
    y, a = random_scalar("y"), parameter("a")
    theorem = prove(E(y + a), (E(y) + a, linearity))

    @pytest.mark.parametrize("method", ["e-process", "quasi-Monte Carlo", "quadrature"])
    def test_what_is_declared_unseen_is_judged_where_it_is_seen(self, method):
        check = NumericCheck(
            self.theorem,
            {"y": normal()},
            lambda y: y + 3.0,
            variance=polynomial(1),
            parameters={"a": 3.0},
            wrong=wrong((E(self.y) + 2 * self.a, "twice")),
            unseen={"twice": "nothing can see it"},
            method=method,
        )
        (variant,) = check.run(Options(level=1e-4)).variants
        assert variant.refuted
        assert not variant.unseen

    def test_two_variants_with_one_word_are_refused(self):
        """What became of the one was told of both."""
        with pytest.raises(ProofsheetError, match="two wrong variants have one word, 'slip'"):
            wrong((E(self.y) + 2 * self.a, "slip"), (E(self.y) - self.a, "N1: slip"))


class TestTheDeclaredDegree:
    """polynomial(d) bounds the kurtosis by the degree: with a higher one, or with no polynomial, the pilot's bound is false."""

    a = parameter("a")
    y = random_scalar("y")
    theorem = prove(E(y + a), (E(y) + a, linearity))

    def check(self, row, degree, design=None, **sources):
        return NumericCheck(
            self.theorem,
            sources,
            lambda y, **other: y + 1.0 + row(y, **other) if other else y + 1.0 + row(y),
            variables=None if "y" in sources else lambda z: {"y": z.sum(axis=1)},
            variance=polynomial(degree),
            parameters={"a": 1.0},
            method="e-process",
            tolerance=0.5,
            **({"design": design} if design else {}),
        )

    @pytest.mark.parametrize("degree", [1, 2, 3, 4])
    def test_one_degree_more_is_an_error(self, degree):
        def row(y):
            return y ** (degree + 1)

        with pytest.raises(ProofsheetError, match="no polynomial of this degree"):
            self.check(row, degree, y=normal(variance=4.0)).run(Options(level=1e-4))

    @pytest.mark.parametrize("row", [np.abs, np.exp, lambda y: np.maximum(y, 0), lambda y: np.sin(20 * y)])
    @pytest.mark.parametrize("degree", [1, 3, 5])
    def test_what_is_no_polynomial_is_an_error(self, row, degree):
        with pytest.raises(ProofsheetError, match="no polynomial of this degree"):
            self.check(row, degree, y=normal()).run(Options(level=1e-4))

    @pytest.mark.parametrize("degree", [2, 3])
    def test_signs_have_a_degree_too(self, degree):
        """The square of a sum of signs has the degree 2, its cube 3: y³ of one sign has 1."""
        with pytest.raises(ProofsheetError, match="no polynomial of this degree"):
            self.check(lambda y: y**degree, degree - 1, z=rademacher(9)).run(Options(level=1e-4))
        assert self.check(lambda y: y**3 - y, 1, y=rademacher()).run(Options(level=1e-4)).verdict == "confirmed"

    @pytest.mark.parametrize("source", [normal(9, variance=1e-8), rademacher(9), normal(9)])
    @pytest.mark.parametrize("degree", [2, 3, 4])
    def test_the_right_degree_is_let_pass(self, source, degree):
        check = self.check(lambda y: 0.1 * y**degree - 1e3 * y, degree, z=source)
        assert refuse_higher_degree(check, degree) is None, "it raises for a higher one: see the tests above"

    def test_a_mirrored_source_takes_the_odd_part_away(self):
        """y³ and y² at ±y are y² on average: a polynomial of degree 2 in each row of the design."""
        check = self.check(lambda y: y**3 + y**2, 2, design=antithetic("y"), y=normal())
        refuse_higher_degree(check, 2)
        with pytest.raises(ProofsheetError, match="no polynomial of this degree"):
            refuse_higher_degree(check, 1)
