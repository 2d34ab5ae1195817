"""Which method speaks, that each can be forced, and that what cannot be judged is refused with its name, its value and why."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from proofsheet import (
    E,
    NumericCheck,
    Options,
    ProofsheetError,
    Sum,
    antithetic,
    bernoulli,
    between,
    cases,
    density,
    derived,
    dimension,
    exponential,
    finite,
    index,
    inverse,
    linearity,
    matrix,
    norm2,
    normal,
    parameter,
    prove,
    rademacher,
    random_scalar,
    random_vector,
    scalar,
    sqrt,
    uniform,
    vector,
    wrong,
)
from proofsheet.errors import CallError

m = dimension("m")
k = index("k", m)
alpha, p = parameter("alpha", positive=True), parameter("p", between=(0, 1))
w, n = vector("w", m), random_vector("n", m)
W = np.array([0.6, -0.3, 1.1, -2.0, 0.25])


def claim(left, right, **more):
    return SimpleNamespace(left=left, right=right, assumptions=(), **more)


THEOREM = claim(E((n.T @ w) ** 2), alpha * norm2(w))
VARIANTS = wrong((2 * alpha * norm2(w), "twice"), (alpha * Sum(k, w[k]) ** 2, "square of the sum"))


def noise_check(source, size, **options):
    return NumericCheck(
        options.pop("theorem", THEOREM),
        {"n": source},
        options.pop("left_side", lambda n: (n @ W[:size]) ** 2),
        **{
            "wrong": VARIANTS,
            "dimensions": {"m": size},
            "parameters": {"alpha": 0.7},
            "constants": {"w": W[:size]},
            **options,
        },
    )


BOUND = derived(2 * (0.7 * float(W @ W)) ** 2, "Gaussian")


class TestOrder:
    @pytest.mark.parametrize(
        ("check", "method", "claims"),
        [
            (noise_check(rademacher(5, variance=0.7), 5), "enumeration", 0),
            (noise_check(rademacher(5, variance=0.7), 5, variance=BOUND), "enumeration", 0),
            (noise_check(normal(3, variance=0.7), 3, variance=BOUND), "quadrature", 0),
            (noise_check(uniform(2, variance=0.7), 2), "quadrature", 0),
            (noise_check(exponential(3, variance=0.7), 3), "quadrature", 0),
            (noise_check(normal(5, variance=0.7), 5, variance=BOUND, tolerance=0.1), "e-process", 1),
            (noise_check(normal(5, variance=0.7), 5), "quasi-Monte Carlo", 1),
        ],
    )
    def test_the_first_that_applies_speaks(self, check, method, claims):
        verdict = check.run()
        assert (verdict.verdict, verdict.facts()["method"], check.claims) == ("confirmed", method, claims), str(verdict)
        assert all(one.refuted for one in verdict.variants)
        assert f"by {method}" in str(verdict)
        assert (verdict.facts()["alpha"] == 0) is (claims == 0)
        for variant in VARIANTS:
            judged = dataclasses.replace(
                check, closed_form=variant.line, wrong=() if method == "e-process" else VARIANTS
            )
            assert judged.run().verdict == "refuted"

    @pytest.mark.parametrize("method", ["enumeration", "e-process", "quasi-Monte Carlo"])
    def test_a_method_is_forced(self, method):
        check = noise_check(rademacher(3, variance=0.7), 3, variance=BOUND, tolerance=0.05, method=method)
        verdict = check.run()
        assert (verdict.verdict, verdict.facts()["method"]) == ("confirmed", method)

    @pytest.mark.parametrize(
        ("check", "method", "why"),
        [
            (noise_check(normal(3, variance=0.7), 3), "enumeration", "n has infinitely many outcomes"),
            (
                noise_check(rademacher(17, variance=0.7), 17),
                "enumeration",
                "n 17.* 131072 outcomes together, more than 65536",
            ),
            (noise_check(rademacher(3, variance=0.7), 3), "quadrature", "nothing is continuous"),
            (noise_check(normal(5, variance=0.7), 5), "quadrature", "5 continuous dimensions are more than 3"),
            (noise_check(normal(5, variance=0.7), 5), "e-process", "no bound on the variance is declared"),
            (
                noise_check(normal(30_000), 30_000),
                "quasi-Monte Carlo",
                "30000 dimensions; Sobol points have 1 to 21201",
            ),
            (noise_check(density(np.exp, high=0), 1), "quasi-Monte Carlo", "given by its density"),
            (
                noise_check(normal(3), 3),
                "dice",
                " is unknown; there are enumeration, quadrature, e-process, quasi-Monte",
            ),
        ],
    )
    def test_a_method_that_does_not_apply_says_why(self, check, method, why):
        with pytest.raises(ProofsheetError, match=f"method={method!r}.*{why}"):
            dataclasses.replace(check, method=method).run()

    def test_where_no_method_applies_each_says_why(self):
        check = dataclasses.replace(
            noise_check(normal(5), 5),
            sources={"n": normal(5), "t": density(lambda t: np.exp(-t), low=0)},
            variables=lambda n, t: {},
        )
        with pytest.raises(
            ProofsheetError, match=r"no method applies.*enumeration: n, t has.*quadrature: 6.*Monte Carlo: t is"
        ):
            check.run()
        assert check.claims == 1

    def test_finite_sources_beside_continuous_ones(self):
        """E[s (1 + z)²] with a Bernoulli s and a Gaussian z: outcomes times nodes."""
        s, z = random_scalar("s"), random_scalar("z")
        check = NumericCheck(
            claim(E(s * (1 + z) ** 2), p * (1 + alpha)),
            {"s": bernoulli(0.3), "z": normal(variance=0.7)},
            lambda s, z: s * (1 + z) ** 2,
            parameters={"p": 0.3, "alpha": 0.7},
            tolerance=1e-9,
        )
        verdict = check.run()
        assert (verdict.verdict, verdict.facts()["method"]) == ("confirmed", "quadrature")
        assert dataclasses.replace(check, parameters={"p": 0.3, "alpha": 0.7 + 1e-8}).run().verdict == "refuted"

    def test_cases_share_what_the_sampled_ones_spend(self):
        one = noise_check(rademacher(3, variance=0.7), 3)
        other = noise_check(normal(5, variance=0.7), 5)
        both = cases(exact=one, drawn=other)
        assert both.claims == 1
        assert both.run().facts()["alpha"] == pytest.approx(1e-9)


class TestProductsOfExpectations:
    """Enumeration and quadrature read what draws cannot: (E[a])² and Var[a]."""

    @pytest.mark.parametrize("source", [finite([1.0, 2.0, 5.0], [0.5, 0.3, 0.2]), exponential(variance=3.9)])
    def test_a_variant_that_draws_cannot_see_is_refuted(self, source):
        u = random_scalar("u")
        c = scalar("c")
        check = NumericCheck(
            claim(E((u - c) ** 2), E(u**2) - 2 * c * E(u) + c**2),
            {"u": source},
            lambda u: (u - 2.0) ** 2,
            constants={"c": 2.0},
            wrong=wrong((E(u) ** 2 - 2 * c * E(u) + c**2, "square of the mean")),
        )
        verdict = check.run()
        assert verdict.verdict == "confirmed"
        assert verdict.variants[0].refuted


class TestInstances:
    u = random_scalar("u")

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"parameters": {"alpha": -0.7}}, "the parameter alpha is positive, not -0.7"),
            ({"parameters": {"alpha": 0}}, "the parameter alpha is positive, not 0"),
            ({"parameters": {"alpha": float("nan")}}, "the parameter alpha is positive, not nan"),
            ({"parameters": {"alpha": float("inf")}}, "the parameter alpha is positive, not inf"),
            ({"parameters": {"alpha": "much"}}, "the parameter alpha is positive, not 'much'"),
            ({"dimensions": {"m": 0}}, "the dimension m is a positive integer, not 0"),
            ({"dimensions": {"m": 3.0}}, "the dimension m is a positive integer, not 3.0"),
            ({"dimensions": {"m": True}}, "the dimension m is a positive integer, not True"),
            ({"constants": {"w": [1.0, np.nan, 2.0]}}, "constants: w: some of the numbers are not finite"),
            ({"constants": {"w": "none"}}, "constants: w: 'none' is no array of numbers"),
            ({"constants": {"w": [1.0, 2.0]}}, r"w is 3 × 1; a value of shape \(2,\) does not fit"),
            ({"tolerance": 0}, "a tolerance is relative, between 0 and 1, not 0"),
            ({"sources": {"n": 3}}, r"sources: n is 3, not normal\(...\)"),
            ({"unseen": {"thrice": "no"}}, "names a variant that is not among wrong: thrice"),
        ],
    )
    @pytest.mark.parametrize("method", ["enumeration", "e-process", "quasi-Monte Carlo"])
    def test_what_lies_outside_is_refused_by_every_method(self, method, change, message):
        check = noise_check(rademacher(3, variance=0.7), 3, variance=BOUND, method=method)
        with pytest.raises(ProofsheetError, match=message):
            dataclasses.replace(check, **change).run()

    def test_a_probability(self):
        z = random_scalar("z")
        for value in (0, 1, 1.3, -0.2):
            check = NumericCheck(claim(E(z), p), {"z": bernoulli(0.3)}, lambda z: z, parameters={"p": value})
            with pytest.raises(
                ProofsheetError, match=rf"the parameter p is between 0 and 1 \(both excluded\), not {value}"
            ):
                check.run()
        with pytest.raises(ProofsheetError, match="keep is a probability between 0 and 1"):
            bernoulli(1.2, 3)

    @pytest.mark.parametrize("variance", [-0.5, 0.0, float("nan"), float("inf"), "much"])
    def test_a_variance(self, variance):
        for source in (normal, rademacher, uniform, exponential):
            with pytest.raises(ProofsheetError, match="variance is a"):
                source(3, variance=variance)

    def test_side_conditions(self):
        """1/(a − b) at a = b, √(a − b) and log at a < b, |w| at a kink: the theorem says nothing there."""
        a, b, z = parameter("a"), parameter("b"), random_scalar("z")
        theorem = prove(E(z / (a - b)), (E(z) / (a - b), linearity))
        check = NumericCheck(theorem, {"z": bernoulli(0.3)}, lambda z: z / 0.5, parameters={"a": 1.5, "b": 1.0})
        assert check.run().verdict == "confirmed"
        with pytest.raises(ProofsheetError, match=r"the theorem needs a − b ≠ 0; at this instance it is 0"):
            dataclasses.replace(check, parameters={"a": 1.0, "b": 1.0}).run()
        c, d = parameter("c", nonnegative=True), scalar("d")
        root = prove(E(z * sqrt(d**2 - c) ** 2), (E(z) * (d**2 - c), linearity))
        check = NumericCheck(
            root, {"z": bernoulli(0.3)}, lambda z: z * 2.0, parameters={"c": 2.0}, constants={"d": 2.0}
        )
        assert check.run().verdict == "confirmed"
        with pytest.raises(ProofsheetError, match=r"≥ 0; at this instance it is -1"):
            dataclasses.replace(check, parameters={"c": 5.0}).run()

    def test_a_matrix_without_an_inverse(self):
        A, z = matrix("A", m, m), random_scalar("z")
        theorem = prove(E(z * norm2(inverse(A) @ w)), (E(z) * norm2(inverse(A) @ w), linearity))
        full = np.array([[2.0, 1.0, 0.0], [0.0, 1.0, 3.0], [1.0, 0.0, 1.0]])
        check = NumericCheck(
            theorem,
            {"z": bernoulli(0.3)},
            lambda z: z * (np.linalg.solve(full, W[:3]) ** 2).sum(),
            dimensions={"m": 3},
            constants={"A": full, "w": W[:3]},
        )
        assert check.run().verdict == "confirmed"
        with pytest.raises(ProofsheetError, match="needs the inverse of A; at this instance it has none"):
            dataclasses.replace(check, constants={"A": np.diag([1.0, 2.0, 0.0]), "w": W[:3]}).run()

    def test_the_limits_of_a_script(self):
        c, v, size = parameter("c"), parameter("v", nonnegative=True), dimension("q")
        z = random_scalar("z")
        check = NumericCheck(
            claim(E(z), c + 0 * v),
            {"z": finite([-0.3, 0.7], [0.4, 0.6])},
            lambda z: z,
            dimensions={"q": 5},
            limits=(between(-v / (size - 1), c, v),),
        )
        assert dataclasses.replace(check, parameters={"c": 0.3, "v": 2.0}).run().verdict == "confirmed"
        edge = dataclasses.replace(check, parameters={"c": -0.5, "v": 2.0})
        assert edge.run().verdict == "refuted"
        with pytest.raises(ProofsheetError, match=r"the parameter c is -0.6; no law has that, for .*is -0.5 here"):
            dataclasses.replace(check, parameters={"c": -0.6, "v": 2.0}).run()
        with pytest.raises(ProofsheetError, match=r"the parameter c is 2.1; no law has that"):
            dataclasses.replace(check, parameters={"c": 2.1, "v": 2.0}).run()


class TestArguments:
    """Refused where the check is made, with the field and how it is written."""

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"variance": 3.0}, r"variance=derived\(3.0, \"why\"\), polynomial.*, not 3.0"),
            ({"design": "n"}, r"design is plain\(\), antithetic\(\"n\"\) or orthogonal\(\"n\"\), not 'n'"),
            ({"design": antithetic("z")}, r"antithetic\('z'\): the sources are n"),
            ({"wrong": [1, 2]}, r"wrong=identity.variants; 1 is none"),
            ({"wrong": 3}, r"wrong=identity.variants, not 3"),
            ({"sources": {"n": 3}}, r"sources: n is 3, not normal\(...\)"),
            ({"sources": [normal(3)]}, r"sources=\{\"n\": normal\(8\)\}, by name"),
            (
                {"sources": {"n": normal(3), "e": normal()}},
                r"no random variable e \(it has n\), and there is no `variables`",
            ),
            ({"constants": {"w": "0.8"}}, "constants: w: '0.8' is no array of numbers"),
            ({"constants": {"w": ["0.8", "1", "2"]}}, "constants: w: .* is no array of numbers"),
            ({"constants": {"w": W[:3], "n": 1.0}}, "n is among the sources and among the constants"),
            ({"constants": W[:3]}, "constants=.*by name"),
            ({"dimensions": {m: 3}}, "dimensions=.*the name is a text"),
            ({"tolerance": "1 %"}, "a tolerance is relative, between 0 and 1, not '1 %'"),
            ({"seed": "seven"}, "seed is a whole number from 0 on, not 'seven'"),
            ({"theorem": 3}, "judges a theorem"),
        ],
    )
    def test_they_are_refused_where_the_check_is_made(self, change, message):
        check = noise_check(normal(3, variance=0.7), 3)
        with pytest.raises(ProofsheetError, match=message):
            dataclasses.replace(check, **change)

    @pytest.mark.parametrize("options", [{"executor": "pool"}, {"seed": "seven"}, {"seed": -1}])
    def test_options_that_are_none(self, options):
        ((name, value),) = options.items()
        with pytest.raises(ProofsheetError, match=f"{name} takes .* not {value!r}"):
            Options(**options)


METHODS = {
    "enumeration": (rademacher(3, variance=0.7), 3, None),
    "quadrature": (normal(3, variance=0.7), 3, None),
    "e-process": (normal(5, variance=0.7), 5, BOUND),
    "quasi-Monte Carlo": (normal(5, variance=0.7), 5, None),
}


@pytest.mark.parametrize("method", METHODS)
class TestBadFunctions:
    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"left_side": lambda n: n}, r"left_side gives an array of shape \(\d+, \d\), not \(\d+,\)"),
            (
                {"left_side": lambda n: n.sum()},
                r"left_side gives an array of shape \(\), not \((\d+),\): one number for each of \1 draws, .* sum over axis=1",
            ),
            (
                {"left_side": lambda n: n @ np.ones(7)},
                r"left_side, line \d+ of test_order_of_attack.py: ValueError: matmul",
            ),
            (
                {"left_side": lambda n: n + nothing_of_this_name},  # noqa: F821
                r"left_side, line \d+ of test_order_of_attack.py: NameError: name",
            ),
            ({"variables": lambda n: {"n": n / [].pop()}}, r"variables, line \d+ of .*py: IndexError: pop from"),
            ({"left_side": lambda x: x}, r"left_side takes \(x\); it is called by name with \(n\)"),
            ({"left_side": lambda n: "text"}, "left_side gives str, not an array of numbers"),
            ({"left_side": lambda n: n[:, 0] * np.nan}, "left_side is not finite"),
            ({"variables": lambda x: {}}, r"variables takes \(x\); it is called by name with \(n\)"),
            ({"variables": lambda n: n}, r"variables gives ndarray, not \{name: array\}"),
            ({"variables": lambda n: {"n": n * np.inf}}, "variables: some of the numbers of n are not finite"),
            ({"variables": lambda n: {"n": "text"}}, "variables: n is str, not an array of numbers"),
            (
                {"variables": lambda n: {"n": n[:, :2]}, "left_side": lambda n: n[:, 0]},
                r"n is \d × 1; a value of shape \(2,\)",
            ),
        ],
    )
    def test_they_are_explained(self, method, change, message):
        source, size, variance = METHODS[method]
        check = noise_check(source, size, variance=variance, method=method, **change)
        with pytest.raises(ProofsheetError, match=message):
            check.run()

    @pytest.mark.parametrize("passes", [KeyboardInterrupt, MemoryError, CallError])
    def test_what_is_no_slip_passes_through(self, method, passes):
        def left_side(n):
            raise passes("as it is")

        source, size, variance = METHODS[method]
        with pytest.raises(passes, match="as it is"):
            noise_check(source, size, variance=variance, method=method, left_side=left_side).run()

    def test_the_line_is_that_of_the_script_and_not_of_a_library(self, method):
        source, size, variance = METHODS[method]

        def helper(n):
            return np.linalg.inv(np.zeros((2, 2))) @ n

        check = noise_check(source, size, variance=variance, method=method, left_side=helper)
        with pytest.raises(
            ProofsheetError, match=rf"line {helper.__code__.co_firstlineno + 1} of .*: LinAlgError: Sing"
        ):
            check.run()

    def test_a_variant_too_near_is_refused_and_may_be_declared(self, method):
        source, size, variance = METHODS[method]
        near = wrong((alpha * norm2(w) + alpha - alpha, "the same"))
        check = noise_check(source, size, variance=variance, method=method, wrong=near, tolerance=0.1)
        with pytest.raises(ProofsheetError, match=r"the wrong variant.*the same.*differs from the closed form by"):
            check.run()
        verdict = dataclasses.replace(check, unseen={"the same": "it is the same"}).run()
        assert verdict.verdict == "confirmed"
        assert verdict.variants[0].unseen == "it is the same"

    def test_a_tolerance_relative_to_zero(self, method):
        """Enumeration judges 0 too: what it allows is what rounding may have done beside the size of the left side."""
        source, size, variance = METHODS[method]
        check = noise_check(source, size, variance=variance, method=method, closed_form=E(n.T @ w))
        if method == "enumeration":
            assert check.run().verdict == "refuted"
            return
        with pytest.raises(ProofsheetError, match="a tolerance relative to 0 means nothing"):
            check.run()


@pytest.mark.parametrize("method", METHODS)
def test_functions_may_ask_for_constants_and_the_namespace(method):
    source, size, variance = METHODS[method]
    check = noise_check(
        source,
        size,
        variance=variance,
        method=method,
        tolerance=0.05,
        left_side=lambda n, w, xp: xp.square(n @ w),
        variables=lambda n, xp: {"n": xp.asarray(n) * 1.0},
    )
    assert check.run().verdict == "confirmed"
