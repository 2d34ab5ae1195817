"""Checks by enumeration confirm, refute, explain what they cannot use, and reach the reports."""

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
    EnumerationCheck,
    FiniteLaw,
    NumericCheck,
    ProofsheetError,
    Sum,
    Var,
    bernoulli_masks,
    define,
    derivative,
    dimension,
    distinct,
    function,
    hadamard,
    index,
    linearity,
    matrix,
    moment,
    norm2,
    parameter,
    prove,
    random_matrix,
    random_scalar,
    random_vectors,
    remainder,
    scalar,
    vector,
    vectors,
    wrong,
)

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
    return EnumerationCheck(
        theorem,
        bernoulli_masks("R", (2, 3), keep=keep),
        lambda R: ((y_ - (R * X_) @ w_) ** 2).sum(axis=1),
        wrong=variants[0],
        dimensions={"N": 2, "m": 3},
        parameters={"p": keep},
        constants={"X": X_, "w": w_, "y": y_},
    ), variants


class TestLaws:
    def test_masks(self):
        law = bernoulli_masks("R", (2, 3), keep=0.7)
        masks = law.outcomes["R"]
        assert masks.shape == (64, 2, 3)
        assert len(np.unique(masks.reshape(64, 6), axis=0)) == 64
        ones = masks.sum(axis=(1, 2))
        assert law.weights == pytest.approx(0.7**ones * 0.3 ** (6 - ones))
        assert law.mean(masks).value == pytest.approx(np.full((1, 2, 3), 0.7))

    def test_a_keep_probability_for_each_column(self):
        keep = np.array([0.2, 0.5, 0.9])
        law = bernoulli_masks("R", (2, 3), keep=keep)
        assert law.mean(law.outcomes["R"]).value[0] == pytest.approx(np.tile(keep, (2, 1)))

    def test_independent_parts(self):
        law = bernoulli_masks("r", 2, keep=0.3) * FiniteLaw({"y": [1.0, 2.0, 5.0]}, [0.5, 0.25, 0.25])
        r, y = law.outcomes["r"], law.outcomes["y"]
        assert len(law) == 12
        assert law.weights @ (r[:, 0] * r[:, 1] * y) == pytest.approx(0.09 * 2.25)
        assert law.weights @ ((r[:, 0] == 1) & (y == 5)) == pytest.approx(0.3 * 0.25)

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: bernoulli_masks("R", (3, 6), keep=0.5), "18 entries; 1 to 16 can be enumerated"),
            (lambda: bernoulli_masks("R", (), keep=0.5), "entries"),
            (lambda: bernoulli_masks("R", 3, keep=1.0), "keep is a probability between 0 and 1"),
            (lambda: bernoulli_masks("R", 3, keep="a"), "keep: 'a' is no array of numbers"),
            (lambda: bernoulli_masks("R", (2, 3), keep=[0.1, 0.2]), r"keep has shape \(2,\), which does not broadcast"),
            (lambda: FiniteLaw({"y": [0, 1]}, [0.5, 0.6]), r"the sum is 1\+0.1"),
            (lambda: FiniteLaw({"y": [0, 1]}, [1.5, -0.5]), "the smallest is -0.5"),
            (lambda: FiniteLaw({"y": [0, 1, 2]}, [0.5, 0.5]), r"y has shape \(3,\); its first axis is the 2 outcomes"),
            (lambda: FiniteLaw({"y": [0, np.inf]}, [0.5, 0.5]), "y: some of the numbers are not finite"),
            (lambda: FiniteLaw({}, 1.0), r"not shape \(\)"),
            (lambda: bernoulli_masks("r", 2, 0.5) * bernoulli_masks("r", 2, 0.5), "r is in both laws"),
            (lambda: bernoulli_masks("r", 9, 0.5) * bernoulli_masks("s", 9, 0.5), "512 times 512 outcomes"),
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
        assert (facts["samples"], facts["alpha"], facts["wrong_variant_refuted"]) == (64, 0.0, True)
        assert abs(facts["estimate"]) <= facts["tolerance"] < 1e-11
        assert facts["interval"][0] <= 0 <= facts["interval"][1]
        assert "64 outcomes\n    wrong variant (second moment for variance): refuted" in str(verdict)

    def test_every_wrong_closed_form_is_refuted(self):
        check, variants = masked_regression()
        for variant in variants:
            assert check.run(closed_form=variant.line).verdict == "refuted", variant.mistake

    def test_an_error_of_a_part_in_a_thousand_million_is_refuted(self):
        check, _ = masked_regression()
        left = check.left_side
        for factor, verdict in ((1 + 1e-9, "refuted"), (1 + 1e-15, "confirmed")):
            changed = dataclasses.replace(check, left_side=lambda R, factor=factor: factor * left(R))
            assert changed.run().verdict == verdict

    def test_a_wrong_script_is_told_from_a_wrong_theorem(self):
        check, variants = masked_regression()
        script = dataclasses.replace(check, left_side=lambda R: check.left_side(R) + 1).run()
        assert "look at left_side and the law first" in str(script)
        assert "look at left_side" not in str(check.run(closed_form=variants[0].line))

    def test_a_law_that_breaks_the_assumptions_refutes(self):
        check, _ = masked_regression()
        shared = FiniteLaw({"R": np.array([np.zeros((2, 3)), np.ones((2, 3))])}, [0.3, 0.7])
        assert dataclasses.replace(check, law=shared).run().verdict == "refuted"

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
                law=bernoulli_masks("R", (2, 3), keep=keep),
                left_side=lambda R, X_=X_, w_=w_, y_=y_: ((y_ - (R * X_) @ w_) ** 2).sum(axis=1),
                parameters={"p": keep},
                constants={"X": X_, "w": w_, "y": y_},
            )
            assert instance.run().verdict == "confirmed"
            assert all(instance.run(closed_form=one.line).verdict == "refuted" for one in variants)
        assert check.theorem.left == E(norm2(y - hadamard(R, X) @ w))

    def test_the_rounding_of_the_left_side_refutes_nothing(self):
        """(u + c) − c loses what u has below the last place of c; the closed form E[u] loses nothing."""
        big = 1e9 / 3
        check = EnumerationCheck(
            claim(E((u + theta) - theta), E(u)),
            FiniteLaw({"u": [0.1, 0.7]}, [0.25, 0.75]),
            lambda u: (u + big) - big,
            constants={"theta": big},
        )
        verdict = check.run()
        assert abs(verdict.difference.value.item()) > 1e-10
        assert verdict.verdict == "confirmed"
        assert dataclasses.replace(check, constants={"theta": 1.0}).run().verdict == "refuted"

    def test_an_instance_that_cannot_tell_the_variant_is_refused(self):
        check, _ = masked_regression()
        blind = dataclasses.replace(
            check, constants={**check.constants, "w": np.zeros(3)}, left_side=lambda R: 5 + 0 * R[:, 0, 0]
        )
        with pytest.raises(ProofsheetError, match=r"differs from the left side by \S+ only, which rounding explains"):
            blind.run()

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"left_side": lambda R: R}, r"left_side gives an array of shape \(64, 2, 3\), not \(64,\)"),
            ({"left_side": lambda x: x}, r"left_side takes \(x\); it is called with \(R\), by name"),
            ({"left_side": lambda R: "text"}, "left_side gives str, not an array of numbers"),
            ({"left_side": lambda R: np.full(64, np.nan)}, "not finite for some outcomes"),
            ({"parameters": {}}, "no value for p"),
            ({"dimensions": {"N": 3, "m": 3}}, "y is 3 × 1; a value of shape"),
            ({"law": FiniteLaw({"y": [1.0]}, [1.0]), "left_side": lambda y: y}, "no value for R"),
            ({"theorem": claim(w, w)}, "an enumeration judges scalars"),
            ({"theorem": claim(u, u)}, "is random, for u stands outside"),
            ({"theorem": claim(derivative(norm2(w), w[k]), w[k])}, "the index k is free"),
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
        check = EnumerationCheck(
            claim(E(Sum(i, A(x_tilde[i].T @ beta))), right[1] - d / (1 - d) * penalty / 2),
            bernoulli_masks("r", (2, 3), keep=0.6),
            lambda r: value((X * r / 0.6) @ b).sum(axis=1),
            wrong=wrong((right[1], "½ lost"))[0],
            dimensions={"N": 2, "m": 3},
            parameters={"delta": 0.4},
            constants={"x": X, "beta": b},
            functions={"A": callables} if is_opaque else {},
        )
        verdict = check.run()
        assert verdict.verdict == "confirmed", (name, str(verdict))
        assert verdict.facts()["wrong_variant_refuted"] is True

    @pytest.mark.parametrize("at", [-3.0, 0.4, 25.0])
    def test_moments_of_an_exponential_family(self, at):
        A = function("A", log(1 + exp(t)))
        mean = 1 / (1 + np.exp(-at))
        law = FiniteLaw({"u": [0, 1]}, [1 / (1 + np.exp(at)), mean])
        for left, right, left_side in (
            (E(u), A.prime(theta), lambda u: u),
            (Var(u), A.prime.prime(theta), lambda u: (u - mean) ** 2),
        ):
            check = EnumerationCheck(
                claim(left, right),
                law,
                left_side,
                wrong(((right + theta / 1000), "shifted"))[0],
                constants={"theta": at},
            )
            assert check.run().verdict == "confirmed"


def test_opaque_functions_and_indices_in_a_sampled_check():
    x, A = random_scalar("x"), function("A")
    theorem = prove(E(w[k] * x), (w[k] * E(x), linearity))
    check = NumericCheck(
        theorem,
        lambda generator, size: {"x": generator.exponential(size=size)},
        lambda x: -3 * x,
        tolerance=0.1,
        dimensions={"m": 2},
        constants={"w": [1.0, -3.0]},
        indices={"k": 2},
        functions={"A": np.exp},
    )
    assert check.run().verdict == "confirmed"
    assert check.run(closed_form=w[k] * E(A(x) * 0 + x)).verdict == "confirmed"
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
from proofsheet import EnumerationCheck, bernoulli_masks, cases, proof
identity = proof("masked")
check = EnumerationCheck(identity.theorem, bernoulli_masks("r", 1, keep=0.7), lambda r: 3.0 * r[:, 0],
    wrong=identity.variants[0], parameters={"p": 0.7}, constants={"a": 3.0})
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
        assert layer["wrong_variant_refuted"] is True
        assert found["false_alarm"]["spent"] == 0.0
        table = run("check", "--catalogue", tmp_path, COLUMNS="160").out
        assert "confirmed," in table

    def test_a_refuted_one_is_unhealthy(self, tmp_path):
        wrong_left = CHECK.replace("3.0 * r", "2.0 * r")
        as_case = wrong_left.replace("check = E", "one = E").replace("check.main", "check = cases(one=one)\ncheck.main")
        for check in (wrong_left, as_case):
            done = run("check", "--layers", "monte_carlo", "--catalogue", self.catalogue(tmp_path, check))
            assert done.returncode == 1
            assert "refuted" in done.out
            assert "look at left_side and the law first" in " ".join(done.out.split())

    def test_what_is_no_check_is_explained(self, tmp_path):
        done = run("check", "--layers", "monte_carlo", "--catalogue", self.catalogue(tmp_path, CHECK.replace("check =", "other =").replace("check.main", "other.main")))  # fmt: skip
        assert done.returncode == 1
        assert "defines no check" in " ".join(done.out.split())

    def test_a_script_run_by_hand(self, tmp_path):
        self.catalogue(tmp_path)
        script = tmp_path / "numeric_checks" / "masked.py"
        for text, code, told in (
            (CHECK, 0, "confirmed (enumeration): left − right ="),
            (CHECK.replace("3.0 * r", "2.0 * r"), 1, "refuted"),
        ):
            script.write_text(text.lstrip(), encoding="utf-8")
            done = subprocess.run([sys.executable, script], capture_output=True, check=False, env=UTF8)
            assert done.returncode == code, done.stderr
            assert told in done.stdout.decode()
            assert not done.stderr
