"""What a numeric check found, as people read it: everything that the issue asks for is there, and it fits."""

import pytest
from test_numeric_layer import CAUGHT, FACTS, HIDDEN, MISSED, Said

from proofsheet.check_text import check_text
from proofsheet.evidence import Evidence, Layer
from proofsheet.numeric.checks import CasesVerdict, VariantSeen
from proofsheet.numeric_layer import reported
from proofsheet.verdict_table import (
    case_table,
    false_alarms,
    nominal_rate,
    percent,
    rounded,
    verdict_table,
    verdict_tables,
)

LONG = VariantSeen(
    "a mistake with a long name, longer than a line of eighty columns has room for, and then some", False, 2.0
)


def rows_of(text):
    """The rows of a table by label, joined where they go on."""
    found, label = {}, ""
    for row in text.splitlines()[2:]:
        label = row[:17].strip() or label
        found[label] = f"{found.get(label, '')} {row[17:].strip()}".strip()
    return found


def test_everything_is_told():
    facts = reported(Said("confirmed", (CAUGHT, HIDDEN), 2.5e-11), ["caught", "hidden"])
    text = verdict_table("noise", facts, "unicode")
    assert text.splitlines()[0] == " noise: confirmed"
    assert rows_of(text) == {
        "closed form": "1",
        "estimate": "1.02 (2 % above the closed form)",
        "confidence set": "[0.9, 1.1]",
        "tolerance": "0.1 (10 %)",
        "sensitivity": "would have caught a relative error of 20 %",
        "method": "e-process, non-asymptotic",
        "variance": "derived",
        "samples": "1,000, seed 3",
        "false alarms": "probability at most 2.5e-11",
        "wrong variants": "1 of 2 refuted, 1 not seen",
        "not seen": "hidden: the line is true",
    }


def test_where_nothing_is_drawn_nothing_is_said_of_chance():
    rows = rows_of(verdict_table("mask", {**FACTS, "verdict": "confirmed", "alpha": 0.0, "seed": None}, "unicode"))
    assert rows["false alarms"] == "none possible: nothing is sampled"
    assert rows["samples"] == "1,000, none drawn at random"
    assert "confidence set" not in rows
    assert rows["error bounds"] == "[0.9, 1.1]"


def test_what_stands_is_shouted():
    text = verdict_table("noise", reported(Said(variants=(CAUGHT, MISSED)), ["caught", "missed", "new"]), "unicode")
    assert text.splitlines()[0] == " noise: undecided"
    rows = rows_of(text)
    assert rows["wrong variants"] == "1 of 3 refuted"
    assert (rows["NOT refuted"], rows["NOT tried"]) == ("missed", "new")


def test_without_registered_variants():
    assert rows_of(verdict_table("noise", reported(Said(), []), "unicode"))["wrong variants"] == "none registered"


def test_what_a_check_judges_may_be_something_else_than_the_closed_form():
    facts = {
        **FACTS,
        "verdict": "confirmed",
        "alpha": 0.0,
        "judged": "left − right",
        "estimate": 0.0,
        "interval": [0.0, 0.0],
    }
    rows = rows_of(verdict_table("slope", {**facts, "tolerance": 0.0, "detectable": 0.0}, "unicode"))
    assert rows["left − right"] == "0"
    assert rows["sensitivity"] == "would have caught any error"
    assert not {"estimate", "error bounds", "tolerance"} & set(rows)


def test_cases_and_what_holds_of_all():
    verdict = CasesVerdict({"one": Said(variants=(CAUGHT, HIDDEN), level=1e-10), "two": Said(level=2e-10)})
    first, second, joint = verdict_tables("noise", reported(verdict, []), "unicode").split("\n\n")
    assert "case one: confirmed" in first
    assert "the line is true" not in first, "told once, below all cases"
    assert "wrong variants" not in second, "none is tried there"
    assert "all 2 cases: confirmed" in joint
    assert rows_of(joint)["false alarms"] == "probability at most 3e-10"
    assert rows_of(joint)["not seen"] == "hidden: the line is true"
    alone = case_table("noise", "one", reported(verdict.found["one"], []), "unicode", alone=True)
    assert "the line is true" in alone


@pytest.mark.parametrize("style", ["unicode", "ascii"])
@pytest.mark.parametrize("width", [50, 80, 200])
def test_it_fits(style, width):
    facts = {**reported(Said(variants=(LONG, HIDDEN)), []), "variance": "αᵀw " * 40}
    text = verdict_table("noise", facts, style, width)
    assert max(map(len, text.splitlines())) <= min(width, 80)
    assert style == "unicode" or text.isascii()
    assert LONG.mistake in " ".join(text.split())


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [
        (0.129914, 0.01, "0.1299"),
        (0.129914, 1e-6, "0.129914"),
        (0.1299143217, 1e-6, "0.1299143"),
        (1234.5678, 10.0, "1235"),
        (1234.5678, 0.5, "1234.6"),
        (-2.0, None, "-2"),
        (1 / 3, 1e-300, "0.333333333333333"),
        (0.0, 1.0, "0"),
    ],
)
def test_digits_follow_what_is_known(value, scale, text):
    assert rounded(value, scale) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.01, "1 %"),
        (0.125, "12 %"),
        (8.4e-5, "0.0084 %"),
        (1e-6, "0.0001 %"),
        (1e-7, "1e-07"),
        (0.994, "99 %"),
        (0.999, "100 %"),
        (1.0, "100 %"),
        (1.1, "110 %"),
        (3.0, "300 %"),
        (31.4, "3140 %"),
        (250.0, "2.5e+02"),
    ],
)
def test_shares(share, text):
    assert percent(share) == text


def test_what_is_judged_is_told_where_it_is_a_part():
    facts = {**FACTS, "verdict": "confirmed", "alpha": 1e-9, "part": "α ‖w‖²"}
    text = verdict_table("noise", facts, "unicode")
    assert rows_of(text)["judged"] == "α ‖w‖²"
    assert text.index("judged") < text.index("closed form")


@pytest.mark.parametrize(
    ("estimate", "told"),
    [
        (0.0, "0 (100 % below the closed form)"),
        (2.0 * (1 - 8.4e-5), "(0.0084 % below the closed form)"),
        (2.0 * (1 + 8.4e-8), "(8.4e-08 of it above the closed form)"),
        (2.0 * (1 + 1.8e-16), "2"),
        (4.2, "(110 % above the closed form)"),
    ],
)
def test_a_difference_reads_as_relative(estimate, told):
    facts = {**FACTS, "verdict": "confirmed", "alpha": 1e-9, "closed_form": 2.0, "estimate": estimate}
    row = rows_of(verdict_table("a", facts, "unicode"))["estimate"]
    assert row.endswith(told)
    assert ("(" in row) == ("(" in told)


def test_points_that_are_drawn_are_no_samples():
    facts = {**FACTS, "verdict": "confirmed", "alpha": 0.0}
    rows = rows_of(verdict_table("slope", facts, "unicode"))
    assert rows["compared"] == "1,000 values, at points drawn with seed 3"
    assert rows["false alarms"] == "none possible: nothing is sampled"
    assert "samples" not in rows


def test_the_error_rate_of_an_asymptotic_case_is_nominal():
    """Nothing bounds how far a normal approximation is off; of a mixture each part is told."""
    sampled, scrambled = {"alpha": 2e-11, "grade": "non-asymptotic"}, {"alpha": 3e-11, "grade": "asymptotic"}
    both = {"alpha": 5e-11, "grade": "asymptotic", "cases": {"one": sampled, "other": scrambled}}
    assert [nominal_rate(facts) for facts in (sampled, scrambled, both)] == [0.0, 3e-11, 3e-11]
    told = [" ".join(false_alarms(facts).split()) for facts in (sampled, scrambled, both)]
    assert told == [
        "probability at most 2e-11",
        "nominally 3e-11, by a normal approximation",
        "probability at most 2e-11, and nominally 3e-11 by a normal approximation",
    ]


class TestCheckText:
    def evidence(self, *variants, verdict="confirmed"):
        facts = reported(Said(verdict, variants, 2e-11), [])
        layer = Layer(
            facts["verdict"], verdict == "confirmed", facts=facts, message="" if verdict == "confirmed" else "WHY"
        )
        return Evidence("noise", "Noise", {"monte_carlo": layer}, "proved")

    def test_the_ledger_is_the_last_line(self):
        text = check_text([self.evidence(), self.evidence()], ["monte_carlo"], "unicode", 100, False, 1e-9)
        assert text.splitlines()[-1] == "false alarms: budget 1e-09, spent 4e-11"
        assert "sensitivity" not in text

    def test_no_ledger_where_no_check_ran(self):
        one = Evidence("noise", "Noise", {"monte_carlo": Layer("error", False, message="WHY")}, "error")
        assert "false alarms" not in check_text([one], ["monte_carlo"], "unicode", 100, True, 1e-9)
        assert "WHY" in check_text([one], ["monte_carlo"], "unicode", 100, True, 1e-9)

    def test_in_full_the_table_stands_for_the_message(self):
        found = [self.evidence(verdict="refuted")]
        short, full = (check_text(found, ["monte_carlo"], "unicode", 100, how, 1e-9) for how in (False, True))
        assert ("WHY" in short, "WHY" in full) == (True, False)
        assert ("sensitivity" in short, "sensitivity" in full) == (False, True)
