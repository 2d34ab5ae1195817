"""The battery of benchmarks/battery: its structure, its labels, and what the kernel says of it."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from battery.distinctness import fingerprint, of_claim, written_form
from battery.labels import LawMismatch, doubts, look, statement_of
from battery.pairs import Claim
from battery.proofsheet_side import ACCEPTED, RECORDED, REFUSED, UNDECIDED, answers
from battery.run import table, text, unwanted
from battery.subjects import SUBJECTS, load

from proofsheet import E, Sum, dimension, independent, index, random_scalar, vector
from proofsheet.exact_models.comparison import AGREES, DIFFERS, compare
from proofsheet.exact_models.evaluate import ModelError
from proofsheet.notation.indices import Distinct

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks" / "battery"
KNOWN_REFUSALS: set[tuple[str, str]] = set()
KNOWN_UNDECIDED: set[tuple[str, str]] = set()


@cache
def battery():
    return load()


@cache
def found():
    return [answer for pair in battery() for answer in answers(pair)]


def by_name(name):
    return next(pair for pair in battery() if pair.name == name)


def test_there_are_enough_pairs():
    pairs = battery()
    assert len([pair for pair in pairs if not pair.is_conditional]) >= 125
    assert sum(len(pair.wrong) for pair in pairs) >= 310
    assert len([pair for pair in pairs if pair.is_conditional]) >= 32


def test_every_file_of_pairs_is_a_subject():
    with_pairs = {path.stem for path in FOLDER.glob("*.py") if "pairs = Subject(" in path.read_text()}
    assert with_pairs - {"pairs"} == set(SUBJECTS)


def test_every_true_pair_has_two_to_four_wrong_lines_that_differ_from_it_and_each_other():
    for pair in battery():
        assert pair.claim.left != pair.claim.right and str(pair.claim.left) != str(pair.claim.right), pair.name
        if not pair.is_conditional:
            lines = [one.line for one in pair.wrong]
            assert 2 <= len(lines) <= 4, pair.name
            assert len({*lines, pair.claim.right}) == len(lines) + 1, pair.name
            assert all(one.mistake for one in pair.wrong), pair.name


def test_names_are_used_once():
    assert max(Counter(pair.name for pair in battery()).values()) == 1


def test_no_true_pair_is_another_one_renamed():
    seen = {}
    for pair in battery():
        if not pair.is_conditional:
            for print_ in of_claim(pair.claim):
                assert print_ not in seen, (pair.name, seen[print_])
                seen[print_] = pair.name


def test_no_conditional_pair_is_another_pair_renamed():
    """As written: a normal form forgets the denominators and roots that such pairs are about."""
    seen = {}
    for pair in battery():
        own = {written_form(claim) for claim in (pair.claim, pair.without) if claim is not None}
        for print_ in own:
            assert print_ not in seen, (pair.name, seen[print_])
            seen[print_] = pair.name


def test_a_renamed_pair_is_found_out():
    n, m = dimension("n"), dimension("m")
    i, j, a = index("i", n), index("j", n), index("a", m)
    x, y, u = vector("x", n), vector("y", n), vector("u", m)
    assert fingerprint((Sum(i, x[i]) ** 2, Sum(i, j, x[i] * x[j]))) == fingerprint((Sum(a, u[a]) ** 2,) * 2)
    assert fingerprint((Sum(i, x[i]) ** 2,)) == fingerprint((Sum(a, u[a]) ** 2,))
    assert fingerprint((x.T @ y,)) != fingerprint((x.T @ x,))


# ---- labels ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", SUBJECTS)
def test_labels_hold_by_evaluation(subject):
    own = [pair for pair in battery() if pair.subject == subject]
    assert own
    assert [doubt for pair in own for doubt in doubts(pair)] == []


def test_a_wrong_label_is_found_out():
    pair = by_name("pairwise_differences")
    wrong_as_true = replace(pair, claim=replace(pair.claim, right=pair.wrong[0].line), wrong=())
    true_as_wrong = replace(pair, wrong=(replace(pair.wrong[0], line=pair.claim.right),))
    assert "labelled true and differs" in doubts(wrong_as_true)[0]
    assert "never differs" in doubts(true_as_wrong)[0]


def test_a_condition_that_is_none_is_found_out():
    pair = by_name("mean_of_a_product")
    assert "nothing is seen to go wrong" in doubts(replace(pair, without=pair.claim))[0]
    assert "labelled true and differs" in doubts(replace(pair, claim=pair.without))[0]


def test_a_law_by_hand_must_be_what_is_cited():
    x, y = random_scalar("x"), random_scalar("y")
    claim = Claim(E(x * y), E(x) * E(y), (independent(x, y),))
    with pytest.raises(LawMismatch, match="not independent"):
        look(claim, lambda here: here.outcomes([(0.5, {"x": 1, "y": 1}), (0.5, {"x": 2, "y": 2})]))


def test_exact_models_never_contradict_a_label():
    """Where they can evaluate a line: laws by hand, i ≠ j for free indices, functions and derivatives are left to the labels."""
    said = Counter()
    for pair in battery():
        if pair.law is None and not any(isinstance(reason, Distinct) for reason in pair.claim.by):
            for claim, expected in (
                (pair.claim, AGREES),
                *((replace(pair.claim, right=w.line), DIFFERS) for w in pair.wrong),
            ):
                said[_exactly(claim), expected] += 1
    assert said[DIFFERS, AGREES] == 0
    assert said[AGREES, AGREES] > 80 and said[DIFFERS, DIFFERS] > 250
    assert said[AGREES, DIFFERS] <= said[DIFFERS, DIFFERS] / 50  # three models may miss a difference


def _exactly(claim):
    try:
        return compare(statement_of(claim), claim.left, claim.right).verdict
    except (ModelError, ValueError, KeyError, NotImplementedError):
        return "no model"


# ---- proofsheet on the battery -----------------------------------------------------------------------------------


def test_no_wrong_line_is_accepted():
    assert [
        answer.name for answer in found() if answer.kind == "wrong" and answer.verdict in (ACCEPTED, RECORDED)
    ] == []


def test_no_conditional_pair_is_accepted_without_its_condition():
    assert [answer.name for answer in found() if answer.kind == "without" and answer.verdict == ACCEPTED] == []


def test_what_is_true_is_refused_in_known_cases_only():
    refused = {(one.kind, one.name) for one in found() if one.kind in ("true", "given") and one.verdict == REFUSED}
    assert refused == KNOWN_REFUSALS


def test_little_is_undecided_and_all_of_it_is_known():
    undecided = {(one.kind, one.name) for one in found() if one.verdict == UNDECIDED}
    assert undecided == KNOWN_UNDECIDED
    assert len(undecided) <= 0.05 * len([one for one in found() if one.kind == "true"])


def test_the_readme_gives_these_figures():
    def of(kind, *verdicts):
        return sum(one.kind == kind and one.verdict in verdicts for one in found())

    def all_of(kind):
        return sum(one.kind == kind for one in found())

    cells = [
        (of("true", ACCEPTED), all_of("true") - of("true", ACCEPTED)),
        (of("wrong", ACCEPTED, RECORDED), of("wrong", REFUSED)),
        (of("without", ACCEPTED), of("without", RECORDED, REFUSED)),
        (of("given", ACCEPTED, RECORDED), all_of("given") - of("given", ACCEPTED, RECORDED)),
    ]
    row = "| `proofsheet` | " + " | ".join(f"{one} / {other}" for one, other in cells) + " |"
    assert row in (FOLDER.parent.parent / "README.md").read_text(encoding="utf-8")


def test_answers_against_the_label_are_listed():
    true = next(answer for answer in found() if answer.kind == "true" and answer.verdict == ACCEPTED)
    wrong = next(answer for answer in found() if answer.kind == "wrong")
    turned = [replace(true, verdict=REFUSED), replace(wrong, verdict=ACCEPTED), replace(wrong, verdict=UNDECIDED)]
    assert len(list(unwanted([true, wrong, *turned]))) == 3
    row = table("a tool", [true, *turned])
    assert row["true"][REFUSED] == row["wrong"][ACCEPTED] == row["wrong"][UNDECIDED] == 1
    assert "wrong lines" in text(row)


def test_the_command_prints_the_counts():
    shown = subprocess.run(
        [sys.executable, str(FOLDER / "run.py"), "--json"], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    (row,) = json.loads(shown.stdout)
    assert sum(row["true"].values()) >= 125 and row["wrong"][ACCEPTED] == 0
