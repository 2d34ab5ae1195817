"""Enumeration confirms, refutes every variant, explains what it cannot use, and reaches the reports."""

import dataclasses
import json
import os
import subprocess
import sys
import textwrap
from types import SimpleNamespace

import numpy as np
import pytest
from sympy import Symbol, exp, log
from test_cli import run

from proofsheet import (
    E,
    NumericCheck,
    ProofsheetError,
    Sum,
    Var,
    bernoulli,
    define,
    derivative,
    dimension,
    distinct,
    finite,
    function,
    hadamard,
    index,
    linearity,
    matrix,
    moment,
    norm2,
    parameter,
    prove,
    rademacher,
    random_matrix,
    random_scalar,
    random_vectors,
    remainder,
    scalar,
    vector,
    vectors,
    wrong,
)
from proofsheet.monte_carlo.finite_laws import FiniteLaw
from proofsheet.monte_carlo.product_laws import joint, outcomes_of

UTF8 = {**os.environ, "PYTHONUTF8": "1"}
t = Symbol("t", real=True)
N, m, q = dimension("N"), dimension("m"), dimension("q")
i, j, k = index("i", N), index("j", m), index("k", m)
p, lam = parameter("p", between=(0, 1)), parameter("lam", positive=True)
w, theta, u = vector("w", m), scalar("theta"), random_scalar("u")


def claim(left, right, assumptions=()):
    """What a check reads of a theorem, for claims that are true but not derived here."""
    return SimpleNamespace(left=left, right=right, assumptions=assumptions)


def masked_regression():
    """E‖y − (R ∘ X)w‖² under independent masks, derived from the declared moments of a mask's row."""
    X, y, R = matrix("X", N, m), vector("y", N), random_matrix("R", N, m)
    moments = (
        moment(E(R[i, j]), p),
        moment(E(R[i, j] * R[i, k]), p**2, distinct(j, k)),
        moment(E(R[i, j] ** 2), p),
    )
    fit, energy = norm2(y - p * X @ w), Sum(i, j, X[i, j] ** 2 * w[j] ** 2)
    theorem = prove(E(norm2(y - hadamard(R, X) @ w)), (fit + p * (1 - p) * energy, *moments))
    variants = wrong(
        (fit + p * energy, "second moment for variance"),
        (fit + (1 - p) / p * energy, "inverted dropout"),
        (norm2(y - X @ w) + p * (1 - p) * energy, "fit without p"),
    )
    X_, w_ = np.array([[0.5, -1.5, 2.0], [1.0, 0.3, -0.7]]), np.array([1.2, -0.4, 0.8])
    y_, keep = np.array([1.0, -2.0]), 0.7
    return NumericCheck(
        theorem,
        {"R": bernoulli(keep, 2, 3)},
        lambda R: ((y_ - (R * X_) @ w_) ** 2).sum(axis=1),
        wrong=variants,
        dimensions={"N": 2, "m": 3},
        parameters={"p": keep},
        constants={"X": X_, "w": w_, "y": y_},
    ), variants


def law_of(**sources):
    return joint({name: (source.shape, outcomes_of(source)) for name, source in sources.items()})


class TestLaws:
    def test_masks(self):
        law = law_of(R=bernoulli(0.7, 2, 3))
        masks = law.outcomes["R"]
        assert masks.shape == (64, 2, 3)
        assert len(np.unique(masks.reshape(64, 6), axis=0)) == 64
        ones = masks.sum(axis=(1, 2))
        assert law.weights == pytest.approx(0.7**ones * 0.3 ** (6 - ones))
        assert law.mean(masks).value == pytest.approx(np.full((1, 2, 3), 0.7))

    def test_a_keep_probability_for_each_column(self):
        law = law_of(a=bernoulli(0.2, 2), b=bernoulli(0.5, 2), c=bernoulli(0.9, 2))
        masks = np.stack([law.outcomes[name] for name in "abc"], axis=2)
        assert law.mean(masks).value[0] == pytest.approx(np.tile([0.2, 0.5, 0.9], (2, 1)))

    def test_independent_parts(self):
        law = law_of(r=bernoulli(0.3, 2), y=finite([1.0, 2.0, 5.0], [0.5, 0.25, 0.25]))
        r, y = law.outcomes["r"], law.outcomes["y"]
        assert len(law) == 12
        assert law.weights @ (r[:, 0] * r[:, 1] * y) == pytest.approx(0.09 * 2.25)
        assert law.weights @ ((r[:, 0] == 1) & (y == 5)) == pytest.approx(0.3 * 0.25)

    def test_signs_have_the_moments_that_their_bounds_allow(self):
        """√0.3 is no float: that ±√0.3 has the variance 0.3 holds within the error that an outcome carries."""
        law = law_of(n=rademacher(3, variance=0.3))
        square = law.mean(law.outcomes["n"][:, :, None] * law.outcomes["n"][:, None, :]).value[0]
        assert square == pytest.approx(0.3 * np.eye(3), abs=1e-15)
        assert (law.errors["n"] > 0).all()

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: bernoulli(1.0, 3), "keep is a probability between 0 and 1"),
            (lambda: FiniteLaw({"y": [0, 1]}, [0.5, 0.6]), r"the sum is 1\+0.1"),
            (lambda: FiniteLaw({"y": [0, 1]}, [1.5, -0.5]), "the smallest is -0.5"),
            (lambda: FiniteLaw({"y": [0, 1, 2]}, [0.5, 0.5]), r"y has shape \(3,\); its first axis is the 2 outcomes"),
            (lambda: FiniteLaw({"y": [0, np.inf]}, [0.5, 0.5]), "y: some of the numbers are not finite"),
            (lambda: FiniteLaw({}, 1.0), r"not shape \(\)"),
        ],
    )
    def test_bad_laws_are_explained(self, make, message):
        with pytest.raises(ProofsheetError, match=message):
            make()


class TestEnumeration:
    def test_confirmed(self):
        check, _ = masked_regression()
        verdict = check.run()
        facts = verdict.facts()
        assert verdict.verdict == "confirmed"
        assert facts["grade"] == "enumeration"
        assert facts["method"] == "enumeration"
        assert (facts["samples"], facts["alpha"], facts["seed"]) == (64, 0.0, None)
        assert all(variant.refuted and not variant.unseen for variant in verdict.variants)
        assert abs(facts["estimate"] - facts["closed_form"]) <= facts["tolerance"] < 1e-11
        assert facts["interval"][0] <= facts["closed_form"] <= facts["interval"][1]
        assert "64 outcomes" in str(verdict)
        assert "wrong variants: 3 of 3 refuted" in str(verdict)
        assert check.claims == 0

    def test_every_wrong_closed_form_is_refuted(self):
        check, variants = masked_regression()
        for variant in variants:
            assert dataclasses.replace(check, closed_form=variant.line).run().verdict == "refuted", variant.mistake

    def test_an_error_of_a_part_in_a_thousand_million_is_refuted(self):
        check, _ = masked_regression()
        left = check.left_side
        for factor, verdict in ((1 + 1e-9, "refuted"), (1 + 1e-15, "confirmed")):
            changed = dataclasses.replace(check, left_side=lambda R, factor=factor: factor * left(R))
            assert changed.run().verdict == verdict

    def test_a_wrong_script_is_told_from_a_wrong_theorem(self):
        check, variants = masked_regression()
        script = dataclasses.replace(check, left_side=lambda R: check.left_side(R) + 1).run()
        assert "look at left_side and the sources first" in str(script)
        assert "look at left_side" not in str(dataclasses.replace(check, closed_form=variants[0].line).run())

    def test_a_law_that_breaks_the_assumptions_refutes(self):
        check, _ = masked_regression()
        shared = dataclasses.replace(
            check, sources={"z": bernoulli(0.7)}, variables=lambda z: {"R": np.ones((2, 3)) * z[:, None, None]}
        )
        assert shared.run().verdict == "refuted"

    def test_the_bound_covers_rounding_at_many_instances(self):
        """Instances over eight orders of magnitude, with cancellation: no true claim is refuted, no wrong one confirmed."""
        check, variants = masked_regression()
        X, y, R = matrix("X", N, m), vector("y", N), random_matrix("R", N, m)
        generator = np.random.default_rng(4)
        for _ in range(60):
            X_, w_ = generator.normal(size=(2, 3)) * 10 ** generator.uniform(-4, 4), generator.normal(size=3)
            y_, keep = X_ @ w_ * generator.uniform(0.9, 1.1), generator.uniform(0.1, 0.9)
            instance = dataclasses.replace(
                check,
                sources={"R": bernoulli(keep, 2, 3)},
                left_side=lambda R, X_=X_, w_=w_, y_=y_: ((y_ - (R * X_) @ w_) ** 2).sum(axis=1),
                parameters={"p": keep},
                constants={"X": X_, "w": w_, "y": y_},
            )
            assert instance.run().verdict == "confirmed"
            assert all(
                dataclasses.replace(instance, closed_form=one.line).run().verdict == "refuted" for one in variants
            )
        assert check.theorem.left == E(norm2(y - hadamard(R, X) @ w))

    def test_the_rounding_of_the_left_side_refutes_nothing(self):
        """(u + c) − c loses what u has below the last place of c; the closed form E[u] loses nothing."""
        big = 1e9 / 3
        check = NumericCheck(
            claim(E((u + theta) - theta), E(u)),
            {"u": finite([0.1, 0.7], [0.25, 0.75])},
            lambda u: (u + big) - big,
            constants={"theta": big},
        )
        verdict = check.run()
        assert abs(verdict.difference.value.item()) > 1e-10
        assert verdict.verdict == "confirmed"
        assert dataclasses.replace(check, constants={"theta": 1.0}).run().verdict == "refuted"

    def test_what_variables_round_refutes_nothing(self):
        """The error of (z + c) − c is followed; log₂ 2^z, which has no rule, is taken to be some roundings off."""
        a, big = scalar("a"), 1e9 / 3
        for number in (0.1, 0.019, 0.023, 0.029):
            for made in (lambda z, by=number: (by * z + big) - big, lambda z, by=number: np.log2(np.exp2(by * z))):
                check = NumericCheck(
                    claim(E(u), a * p),
                    {"z": bernoulli(0.3)},
                    lambda u: u,
                    variables=lambda z, made=made: {"u": made(z)},
                    parameters={"p": 0.3},
                    constants={"a": number},
                )
                assert check.run().verdict == "confirmed", number
                assert dataclasses.replace(check, constants={"a": number + 1e-5}).run().verdict == "refuted"

    def test_a_variant_that_the_script_agrees_with_is_not_refuted(self):
        check, variants = masked_regression()
        gap = variants[0].line - check.theorem.right
        off = (
            dataclasses.replace(check, closed_form=gap, left_side=lambda R: 0 * R[:, 0, 0], wrong=())
            .run()
            .right.value.item()
        )
        verdict = dataclasses.replace(check, left_side=lambda R: check.left_side(R) + off).run()
        assert verdict.verdict == "refuted"
        assert [one.refuted for one in verdict.variants] == [False, True, True]
        assert "NOT refuted: second moment for variance" in str(verdict)

    def test_an_instance_that_cannot_tell_the_variant_is_refused(self):
        check, _ = masked_regression()
        blind = dataclasses.replace(
            check, constants={**check.constants, "w": np.zeros(3)}, left_side=lambda R: 5 + 0 * R[:, 0, 0]
        )
        with pytest.raises(
            ProofsheetError,
            match=r"\(second moment for variance\) differs from the closed form by \S+ only, which rounding",
        ):
            blind.run()

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"left_side": lambda R: R}, r"left_side gives an array of shape \(64, 2, 3\), not \(64,\)"),
            ({"left_side": lambda x: x}, r"left_side takes \(x\); it is called by name with \(R\)"),
            ({"left_side": lambda R: "text"}, "left_side gives str, not an array of numbers"),
            ({"left_side": lambda R: np.full(64, np.nan)}, "not finite for some outcomes"),
            ({"parameters": {}}, "no value for p"),
            ({"dimensions": {"N": 3, "m": 3}}, "y is 3 × 1; a value of shape"),
            (
                {"sources": {"z": bernoulli(0.3)}, "variables": lambda z: {}, "left_side": lambda: np.ones(2)},
                "no value for R",
            ),
            (
                {"theorem": claim(u, u), "sources": {"u": bernoulli(0.3)}, "left_side": lambda u: u},
                "is random, for u stands outside",
            ),
            (
                {"theorem": claim(derivative(norm2(w), w[k]), w[k]), "sources": {}, "left_side": lambda: np.ones(1)},
                "the index k is free",
            ),
        ],
    )
    def test_bad_checks_are_explained(self, change, message):
        check, _ = masked_regression()
        with pytest.raises(ProofsheetError, match=message):
            dataclasses.replace(check, **change).run()

    @pytest.mark.parametrize(
        ("name", "value", "callables"),
        [
            ("logistic", lambda z: np.logaddexp(0, z), log(1 + exp(t))),
            ("linear", lambda z: z**2 / 2, t**2 / 2),
            ("poisson", np.exp, (np.exp, np.exp, np.exp)),
        ],
    )
    def test_dropout_in_a_generalized_linear_model(self, name, value, callables):
        """E Σᵢ A(x̃ᵢᵀβ) with its penalty and its remainder, for three log-partition functions; families of vectors."""
        is_opaque = isinstance(callables, tuple)
        A = function("A") if is_opaque else function("A", callables)
        d = parameter("delta", between=(0, 1))
        x, r, beta = vectors("x", N, m), random_vectors("r", N, m), vector("beta", m)
        x_tilde = define("x_tilde", hadamard(x[i], r[i]) / (1 - d), entry=i)
        score = x[i].T @ beta
        penalty = Sum(i, A.prime.prime(score) * Sum(j, x[i, j] ** 2 * beta[j] ** 2))
        tail = Sum(i, E(remainder(A, 3, score, x_tilde[i].T @ beta - score)))
        X, b = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]]), np.array([0.8, -1.1, 0.4])
        right = {factor: Sum(i, A(score)) + factor * d / (1 - d) * penalty + tail for factor in (1, 2)}
        check = NumericCheck(
            claim(E(Sum(i, A(x_tilde[i].T @ beta))), right[1] - d / (1 - d) * penalty / 2),
            {"r": bernoulli(0.6, 2, 3)},
            lambda r: value((X * r / 0.6) @ b).sum(axis=1),
            wrong=wrong((right[1], "½ lost")),
            dimensions={"N": 2, "m": 3},
            parameters={"delta": 0.4},
            constants={"x": X, "beta": b},
            functions={"A": callables} if is_opaque else {},
        )
        verdict = check.run()
        assert verdict.verdict == "confirmed", (name, str(verdict))
        assert verdict.variants[0].refuted

    @pytest.mark.parametrize("at", [-3.0, 0.4, 25.0])
    def test_moments_of_an_exponential_family(self, at):
        A = function("A", log(1 + exp(t)))
        mean = 1 / (1 + np.exp(-at))
        law = finite([0, 1], [1 / (1 + np.exp(at)), mean])
        for left, right, left_side in (
            (E(u), A.prime(theta), lambda u: u),
            (Var(u), A.prime.prime(theta), lambda u: (u - mean) ** 2),
        ):
            check = NumericCheck(
                claim(left, right),
                {"u": law},
                left_side,
                wrong=wrong((right + theta / 1000, "shifted")),
                constants={"theta": at},
            )
            assert check.run().verdict == "confirmed"


def test_opaque_functions_and_indices():
    x, A = random_scalar("x"), function("A")
    theorem = prove(E(w[k] * x), (w[k] * E(x), linearity))
    check = NumericCheck(
        theorem,
        {"x": finite([0.5, 1.0, 4.0], [0.25, 0.5, 0.25])},
        lambda x: -3 * x,
        dimensions={"m": 2},
        constants={"w": [1.0, -3.0]},
        indices={"k": 2},
        functions={"A": np.exp},
    )
    assert check.run().verdict == "confirmed"
    assert dataclasses.replace(check, closed_form=w[k] * E(A(x) * 0 + x)).run().verdict == "confirmed"
    assert dataclasses.replace(check, indices={"k": 1}).run().verdict == "refuted"
    with pytest.raises(ProofsheetError, match="the index k is free"):
        dataclasses.replace(check, indices={}).run()


PROOF = '''
"""A masked feature."""
from proofsheet import E, linearity, moment, parameter, prove, random_scalar, scalar, show, wrong
r, p, a = random_scalar("r"), parameter("p", between=(0, 1)), scalar("a")
theorem = prove(E(a * r), (a * p, moment(E(r), p)))
variants = wrong((a * (1 - p), "drop for keep probability"))
show(__name__, theorem)
'''
CHECK = """
from proofsheet import NumericCheck, bernoulli, cases, proof
identity = proof("masked")
check = NumericCheck(identity.theorem, {"r": bernoulli(0.7)}, lambda r: 3.0 * r,
    wrong=identity.variants, parameters={"p": 0.7}, constants={"a": 3.0})
check.main(__name__)
"""


class TestEvidence:
    def catalogue(self, tmp_path, check=CHECK):
        for name, text in (("proofs", PROOF), ("numeric_checks", check)):
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / "masked.py").write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
        return tmp_path

    def test_reports_carry_an_enumeration(self, tmp_path):
        done = run("check", "--json", "--seed", "5", "--catalogue", self.catalogue(tmp_path))
        found = json.loads(done.out)
        layer = found["identities"][0]["monte_carlo"]
        assert done.returncode == 0
        assert (layer["verdict"], layer["grade"]) == ("confirmed", "enumeration")
        assert (layer["samples"], layer["alpha"], layer["seed"]) == (2, 0.0, None)
        assert found["false_alarm"]["spent"] == 0.0
        table = run("check", "--catalogue", tmp_path, COLUMNS="160").out
        assert "confirmed," in table

    def test_a_refuted_one_is_unhealthy(self, tmp_path):
        wrong_left = CHECK.replace("3.0 * r", "2.0 * r")
        as_case = wrong_left.replace("check = N", "one = N").replace("check.main", "check = cases(one=one)\ncheck.main")
        for check in (wrong_left, as_case):
            done = run("check", "--layers", "monte_carlo", "--catalogue", self.catalogue(tmp_path, check))
            assert done.returncode == 1
            assert "refuted" in done.out
            assert "look at left_side and the sources first" in " ".join(done.out.split())

    def test_what_is_no_check_is_explained(self, tmp_path):
        done = run("check", "--layers", "monte_carlo", "--catalogue", self.catalogue(tmp_path, CHECK.replace("check =", "other =").replace("check.main", "other.main")))  # fmt: skip
        assert done.returncode == 1
        assert "defines no check" in " ".join(done.out.split())

    def test_a_script_run_by_hand(self, tmp_path):
        self.catalogue(tmp_path)
        script = tmp_path / "numeric_checks" / "masked.py"
        for text, code, told in (
            (CHECK, 0, ("masked: confirmed", "enumeration", "1 of 1 refuted")),
            (CHECK.replace("3.0 * r", "2.0 * r"), 1, ("masked: refuted", "enumeration")),
        ):
            script.write_text(text.lstrip(), encoding="utf-8")
            done = subprocess.run([sys.executable, script], capture_output=True, check=False, env=UTF8)
            assert done.returncode == code, done.stderr
            assert all(words in done.stdout.decode() for words in told)
            assert not done.stderr
