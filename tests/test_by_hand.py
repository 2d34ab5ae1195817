"""Numeric checks run by hand: what they print, their options and exit codes, and what Ctrl-C leaves."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from proofsheet.numeric import by_hand
from proofsheet.numeric.by_hand import DrawsBar, fresh_seed
from proofsheet.scaffold import CHECK, PROOF

ROOT = Path(__file__).resolve().parent.parent
FAKES = '''
"""A check that says what it is told to."""
import os, signal, sys
from proofsheet import cases
sys.path.insert(0, "TESTS")
from test_numeric_layer import CAUGHT, MISSED, Said, Says
from proofsheet.errors import ScriptError
class Stops(Says):
    def run(self, options):
        options.progress(0.25, options.label)
        signal.raise_signal(signal.SIGINT)
class Halves(Says):
    def run(self, options):
        options.progress(0.5, options.label)
        return Said("undecided", interrupted=True)
class Breaks(Says):
    def run(self, options):
        raise ScriptError("no value for v")
'''.replace("TESTS", str(ROOT / "tests"))


def run_script(path, *arguments):
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, str(path), *map(str, arguments)],
        capture_output=True, check=False, stdin=subprocess.DEVNULL,
        env={**clean, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    done.out, done.err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in done.out + done.err, done.err
    return done


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The check that `proofsheet new` writes."""
    place = tmp_path_factory.mktemp("catalogue")
    for folder, text in (("proofs", PROOF), ("numeric_checks", CHECK.replace("NAME", "noise"))):
        (place / folder).mkdir()
        (place / folder / "noise.py").write_text(text)
    return place / "numeric_checks" / "noise.py"


@pytest.fixture(scope="module")
def told(real):
    return run_script(real)


def fake(tmp_path, check):
    path = tmp_path / "noise.py"
    path.write_text(f"{FAKES}check = {check}\ncheck.main(__name__)\n")
    return path


class TestRealDraws:
    def test_all_is_told_and_repeated(self, real, told):
        first, again = told, run_script(real)
        assert (first.returncode, first.out) == (0, again.out)
        for case in ("exact", "drawn", "mirrored"):
            assert f"noise, case {case}: confirmed" in first.out
        assert "noise, all 3 cases: confirmed" in first.out
        assert "false alarms    probability at most 1e-09" in first.out
        assert "wrong variants  2 of 3 refuted, 1 not seen" in first.out
        assert first.err == ""

    def test_one_case_draws_what_it_draws_among_others(self, real, told):
        (alone,) = run_script(real, "--case", "mirrored").out.split("\n\n")
        assert "estimate" in alone
        whole = next(one for one in told.out.split("\n\n") if "case mirrored" in one)
        assert [row for row in alone.splitlines() if row.startswith((" estimate", " false alarms"))] == [
            row for row in whole.splitlines() if row.startswith((" estimate", " false alarms"))
        ]

    def test_fresh_draws_can_be_repeated(self, real, told):
        fresh = run_script(real, "--case", "mirrored", "--reseed")
        (seed,) = re.findall(r"seed (\d+): for the same draws again", fresh.err)
        again = run_script(real, "--case", "mirrored", "--seed", seed)
        assert again.out == fresh.out
        assert f"seed {seed}" in again.out
        assert again.err == ""
        assert f"seed {seed}" not in told.out

    def test_the_budget_can_be_changed(self, real):
        told = run_script(real, "--case", "mirrored", "--false-alarm", "1e-4").out
        assert "probability at most 5e-05" in told, "half of it: two cases are sampled"

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["--seed", "1", "--reseed"], "give one of the two"),
            (["--case", "huh"], "there is no case 'huh'; there is exact, drawn, mirrored"),
            (["--false-alarm", "0"], "--false-alarm"),
            (["--seed", "-1"], "--seed"),
            (["--huh"], "--huh"),
        ],
    )
    def test_wrong_calls(self, real, arguments, told):
        done = run_script(real, *arguments)
        assert (done.returncode, done.out) == (2, "")
        assert told in done.err

    def test_a_registered_variant_that_is_not_tried(self, real, tmp_path):
        """As in `proofsheet check`: the proof beside the check says which there are."""
        for folder in ("proofs", "numeric_checks"):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "noise.py").write_text((real.parent.parent / folder / "noise.py").read_text())
        path = tmp_path / "numeric_checks" / "noise.py"
        path.write_text(path.read_text().replace("identity.variants", "identity.variants[1:]"))
        done = run_script(path)
        assert done.returncode == 3
        assert "NOT tried     variance taken for standard deviation" in done.out


class TestExitCodes:
    @pytest.mark.parametrize(
        ("check", "code"),
        [
            ("Says()", 0),
            ("Says(Said('refuted'))", 1),
            ("Says(Said('undecided'))", 3),
            ("Says(Said(variants=(MISSED,)))", 3),
            ("cases(a=Says(), b=Says(Said('undecided')), c=Says(Said('refuted')))", 1),
            ("cases(a=Says(Said(variants=(MISSED,))), b=Says())", 3),
            ("Breaks()", 1),
        ],
    )
    def test_codes(self, tmp_path, check, code):
        assert run_script(fake(tmp_path, check)).returncode == code

    def test_an_error_names_its_script(self, tmp_path):
        done = run_script(fake(tmp_path, "cases(good=Says(), bad=Breaks())"))
        assert re.search(r"noise\.py line \d+: case bad: no value for v", done.err)
        assert "case good: confirmed" in done.out


class TestInterrupted:
    def test_what_is_known_is_told(self, tmp_path):
        done = run_script(fake(tmp_path, "cases(first=Says(), second=Stops(), third=Says())"))
        assert done.returncode == 130
        assert "case first: confirmed" in done.out
        assert "third" not in done.out
        assert "all" not in done.out, "there is no verdict over all cases"
        assert "interrupted second at 25 % of its draws" in done.err

    def test_a_case_that_was_ended_early_says_what_it_knew(self, tmp_path):
        done = run_script(fake(tmp_path, "cases(a=Halves(), b=Says(Said('refuted')))"))
        assert done.returncode == 130
        assert "case a: undecided" in done.out
        assert "interrupted a at 50 % of its draws" in done.err
        assert "case b" not in done.out


class TestBar:
    def bar(self, monkeypatch, terminal):
        shown = []
        monkeypatch.setattr(by_hand, "PATIENCE", 0.0)
        monkeypatch.setattr(sys, "stderr", type("Stream", (), {
            "isatty": lambda self: terminal, "write": lambda self, text: shown.append(text) or len(text),
            "flush": lambda self: None, "encoding": "utf-8",
        })())  # fmt: skip
        bar = DrawsBar()
        bar(0.5, "m_64")
        bar(0.75, "m_64")
        bar.clear()
        return bar, "".join(shown)

    def test_on_a_terminal(self, monkeypatch):
        monkeypatch.setenv("TERM", "xterm")
        _, shown = self.bar(monkeypatch, True)
        assert "m_64" in shown

    def test_elsewhere_there_is_none(self, monkeypatch):
        bar, shown = self.bar(monkeypatch, False)
        assert shown == ""
        assert bar.label == "m_64"


def test_fresh_seeds_are_fresh_and_fit_json():
    seeds = {fresh_seed() for _ in range(100)}
    assert len(seeds) == 100
    assert max(seeds) < 2**53
