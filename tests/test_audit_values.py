"""What the kill table says of values: enclosed numbers by their true size, minus signs of one kind, and no value at all."""

import json
import math
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from test_cli import folder
from test_cli import run as command

from proofsheet import (
    absolute,
    algebra,
    audit_text,
    dimension,
    exp,
    identity,
    inverse,
    log,
    matrix,
    power,
    prove,
    scalar,
    sqrt,
)
from proofsheet.audit import Findings, Row
from proofsheet.exact_models import enclosures
from proofsheet.exact_models.domains import is_without_meaning
from proofsheet.exact_models.elementary import exponential, logarithm
from proofsheet.exact_models.enclosures import Enclosure
from proofsheet.exact_models.model import DomainError, ModelError
from proofsheet.exact_models.statements import Statement
from proofsheet.judgements import Attacked
from proofsheet.witness_text import in_one_line

a, p = scalar("a"), dimension("p")
W, eye = matrix("W", p, p), identity(p)
SOFTPLUS = '''
"""The logarithm of 1 + exp(a)."""
from proofsheet import algebra, exp, log, prove, scalar, show, wrong
a = scalar("a")
theorem = prove(log(1 + exp(a)) + 0 * a, (log(1 + exp(a)), algebra))
variants = wrong((2 * log(1 + exp(a)), "doubled"), (-log(1 + exp(a)), "negative"))
show(__name__, theorem)
'''


def printed(witness):
    """a = −3: ≈x ≠ ≈y as three numbers."""
    point, values = witness.replace("−", "-").split(": ")
    numbers = [Fraction(one.removeprefix("≈")) for one in values.split(" ≠ ")]
    return Fraction(point.removeprefix("a = ")), *numbers


class TestEnclosedNumbers:
    def test_the_witness_says_the_true_values(self):
        theorem = prove(log(1 + exp(a)) + 0 * a, (log(1 + exp(a)), algebra))
        found = Attacked(theorem).judge(2 * log(1 + exp(a)), 2).witness
        at, left, right = printed(in_one_line(found))
        true = math.log(1 + math.exp(at))
        assert math.isclose(left, true, rel_tol=1e-5)
        assert math.isclose(right, 2 * true, rel_tol=1e-5)

    def test_at_3_by_hand(self):
        enclosed = logarithm(1 + exponential(Fraction(3)))
        assert str(enclosed) == "3.04858735157…"
        assert [(factor * enclosed).decimal(6) for factor in (1, 2, -1)] == ["3.04859", "6.09717", "-3.04859"]

    @pytest.mark.parametrize(("exponent", "digits"), [(1000, "1.97007e+434"), (-3, "0.0497871"), (12, "162755")])
    def test_of_any_size(self, exponent, digits):
        assert exponential(Fraction(exponent)).decimal(6) == digits
        assert math.isclose(Decimal(digits).ln(), exponent, rel_tol=1e-5)

    def test_zero_is_said_to_be_near(self):
        assert Enclosure(-1, 1).decimal(6) == "0"
        assert str(Enclosure(-1, 1)) == "0.000000000000…"

    def test_in_the_table_and_for_machines(self, tmp_path):
        place = folder(tmp_path, softplus=SOFTPLUS)
        table = command("audit", "--catalogue", place, "--variants", COLUMNS="200")
        assert table.returncode == 0
        (told,) = json.loads(command("audit", "--catalogue", place, "--variants", "--json").out)["identities"]
        rows = [row for row in told["kill_table"] if row["kind"] == "registered"]
        for row, factor in zip(rows, (2, -1), strict=True):
            at, left, right = printed(row["witness"])
            true = math.log(1 + math.exp(at))
            assert math.isclose(left, true, rel_tol=1e-5) and math.isclose(right, factor * true, rel_tol=1e-5)
            assert row["witness"] in " ".join(table.out.split())


class TestMinus:
    def test_one_sign_in_each_style(self, tmp_path):
        place = folder(tmp_path, softplus=SOFTPLUS)
        for encoding, minus, other in (("utf-8", "−", "-"), ("ascii", "-", "−")):
            options = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "COLUMNS": "200"}
            told = command("audit", "--catalogue", place, "--variants", **options).out
            assert re.search(rf"a = .*{minus}[0-9]", told)
            assert not re.search(rf"{other}[0-9]", told)
            assert (" ~3" in told or " ~0" in told or " ~1" in told) == (encoding == "ascii")


MEANINGLESS = '''
"""A logarithm whose argument has a sign that can be turned."""
from proofsheet import absolute, algebra, exp, log, prove, scalar, show, wrong
a = scalar("a")
line = log(1 + exp(-absolute(a)))
theorem = prove(line + 0 * a, (line, algebra))
variants = wrong((2 * line, "doubled"))
show(__name__, theorem)
'''
NOTHING = log(exp(-absolute(a)) - 1)


class TestNoMeaning:
    def test_a_mutant_without_a_value_is_counted_and_no_row(self, tmp_path):
        place = folder(tmp_path, turned=MEANINGLESS)
        done = command("audit", "--catalogue", place, "--variants", COLUMNS="200")
        assert done.returncode == 0
        assert "undecided" not in done.out
        assert re.search(r"[1-9] without a meaning\.", done.out)
        (told,) = json.loads(command("audit", "--catalogue", place, "--variants", "--json").out)["identities"]
        assert told["totals"]["without_meaning"] >= 1
        assert told["totals"]["total"] == len(told["kill_table"])
        assert {row["verdict"] for row in told["kill_table"]} <= {"refuted", "equivalent"}

    def test_a_registered_variant_stays_undecided(self, tmp_path):
        registered = MEANINGLESS.replace('(2 * line, "doubled")', '(log(exp(-absolute(a)) - 1), "turned")')
        done = command("audit", "--catalogue", folder(tmp_path, turned=registered), "--variants", "--json")
        assert done.returncode == 3
        row = json.loads(done.out)["identities"][0]["kill_table"][0]
        assert (row["kind"], row["verdict"], row["exact"]) == ("registered", "undecided", "no model")
        assert row["message"] == "the logarithm of what is not positive"

    @pytest.mark.parametrize(
        ("right", "wrong", "expected"),
        [
            (log(1 + exp(-absolute(a))), NOTHING, True),
            (sqrt(1 + a**2), sqrt(-1 - a**2), True),
            (power(1 + a**2, -1), power(a - a, -1), True),
            (NOTHING, NOTHING, False),  # the right line has no value either
            (log(1 + a**2), log(a), False),  # it has one where a > 0
            (log(1 + a**2), log(-a), False),  # where a < 0, which is not the first model
            (inverse(eye), inverse(W - W), True),
            (log(1 + exp(a)), 2 * log(1 + exp(a)), False),
            (a, exp(exp(10 + a**2)), False),  # too large to write out: no matter of its domain
        ],
        ids=str,
    )
    def test_by_its_own_domain_in_every_model(self, right, wrong, expected):
        assert is_without_meaning(Statement((right, wrong), (), ()), right, wrong) is expected

    def test_what_a_model_does_not_know_is_no_matter_of_the_domain(self, monkeypatch):
        def unknown(_):
            raise ModelError("the model does not know it")

        monkeypatch.setattr(enclosures, "logarithm", unknown)
        assert not is_without_meaning(Statement((a, log(2 + a**2)), (), ()), a, log(2 + a**2))

    def test_a_logarithm_of_what_may_be_positive_is_not_outside(self):
        with pytest.raises(ModelError) as found:
            logarithm(Enclosure(-1, 1))
        assert not isinstance(found.value, DomainError)
        with pytest.raises(DomainError):
            logarithm(Enclosure(-2, -1))


def test_the_totals_tell_lines_from_steps():
    """A step that is refuted says less than a line that is."""
    line = Row("", 2, "a + b", "sign", "sign", "", "refuted", "rejected", "refuted", 1, "line")
    step = replace(line, refuted="step")
    assert audit_text._counted([line, line]) == "2 refuted"
    assert audit_text._counted([line, step]) == "2 refuted (1 as a step only)"
    totals = Findings("x", "X", rows=[line, step]).totals()
    assert (totals["refuted"], totals["refuted_as_steps_only"]) == (2, 1)
