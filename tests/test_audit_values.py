"""What the kill table says of values: enclosed numbers by their true size, minus signs of one kind, and no value at all."""

import json
import math
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from test_cli import folder
from test_cli import run as command

from proofsheet import algebra, exp, log, prove, scalar
from proofsheet.exact_models.elementary import exponential, logarithm
from proofsheet.exact_models.enclosures import Enclosure
from proofsheet.judgements import Attacked
from proofsheet.witness_text import in_one_line

a = scalar("a")
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
