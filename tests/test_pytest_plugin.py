"""pytest as an identity suite, for our catalogue and for a user's folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_cli import CONTRADICTION, GOOD, WRONG_LINE, folder

ROOT = Path(__file__).resolve().parent.parent
ASSUMED = '''"""The mean of a sum."""
from proofsheet import E, linearity, moment, prove, random_scalar, show

r, u = random_scalar("r"), random_scalar("u")
theorem = prove(E(2 * r + u), (2 * E(r) + E(u), linearity), (2 * E(r), moment(E(u), 0)))
show(__name__, theorem)
'''
IMPOSSIBLE = '''"""The mean of a sum, one of a negative square."""
from proofsheet import E, linearity, moment, prove, random_scalar, show

r, u = random_scalar("r"), random_scalar("u")
theorem = prove(E(2 * r + u**2), (-1, linearity, moment(E(r), 0), moment(E(u**2), -1)))
show(__name__, theorem)
'''
FORGED = """from proofsheet.kernel.theorem import Theorem
Theorem.right = property(lambda self: self.left + 1)
"""


def run_pytest(*arguments, cwd):
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *map(str, arguments)],
        capture_output=True, cwd=cwd, env={**clean, "PYTHONUTF8": "1"}, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def test_a_users_folder(tmp_path):
    place = folder(tmp_path / "mine" if (tmp_path / "mine").mkdir() is None else tmp_path, good=GOOD, bad=WRONG_LINE)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    code, text = run_pytest("--catalogue", place, "-v", cwd=elsewhere)
    assert code == 1
    for name, verdict in (
        ("good.py::good-2", "PASSED"),
        ("good.py::good-explicit", "PASSED"),
        ("good.py::good-witness", "PASSED"),
        ("good.py::good-variants", "PASSED"),
        ("bad.py::bad-2", "FAILED"),
        ("bad.py::bad-3", "PASSED"),
    ):
        assert any(name in row and verdict in row for row in text.splitlines()), (name, text)
    assert "line 2 does not follow from the line before" in text
    assert "suggestion: it would follow with" in text or "2 a b" in text
    assert "Traceback" not in text
    assert "derivation.py" not in text, "the failure leads to the line, not into our code"


def test_selection_by_id(tmp_path):
    code, text = run_pytest("--catalogue", folder(tmp_path, good=GOOD), "-v", "-k", "good-2", cwd=tmp_path)
    assert code == 0
    assert "1 passed" in text


def test_script_that_cannot_be_used_and_contradiction(tmp_path):
    place = folder(tmp_path, broken="import nonsense_module", contradiction=CONTRADICTION)
    code, text = run_pytest("--catalogue", place, cwd=tmp_path)
    assert code == 1
    assert "broken.py line 1: ModuleNotFoundError: No module named 'nonsense_module'" in text
    assert "contradiction, witness: contradiction" in text


def test_a_slip_is_explained(tmp_path):
    slip = GOOD.split("a, b =")[0].replace(
        "expand, prove, scalar, show, wrong", "E, moment, prove, random_scalar, show"
    ) + (
        'r, u = random_scalar("r"), random_scalar("u")\ntheorem = prove(E(r) + 2 * E(u), (E(r) + 7 * E(u), moment(E(u), 0)))\n'
    )
    code, text = run_pytest("--catalogue", folder(tmp_path, slip=slip), cwd=tmp_path)
    assert code == 1
    assert "line 2 follows by accident only: E[u] = 0 is used in one place" in text
    assert "INTERNALERROR" not in text
    assert "derivation.py" not in text


def test_empty_catalogue_is_a_usage_error(tmp_path):
    code, text = run_pytest("--catalogue", tmp_path, cwd=tmp_path)
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "holds no proof script" in text


def test_without_a_catalogue_the_plugin_does_nothing(tmp_path):
    folder(tmp_path, good=GOOD, test_own="def test_x(): pass")
    code, text = run_pytest(cwd=tmp_path)
    assert code == 0
    assert "1 passed" in text
    loaded = "import sys, proofsheet.pytest_plugin; print('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True).stdout == b"False\n"


def test_our_own_catalogue_has_one_test_for_each_displayed_line():
    code, text = run_pytest("proofs", "--collect-only", "-q", cwd=ROOT)
    assert code == 0
    for name in (
        "gaussian_noise_mse-3",
        "gaussian_noise_mse-9",
        "ensemble_error-7",
        "ensemble_error.uncorrelated_errors-3",
    ):
        assert any(row.endswith(f"::{name}") for row in text.splitlines()), text
    for layer in ("explicit", "exact", "witness", "variants", "cards", "monte_carlo"):
        assert f"::ensemble_error-{layer}" in text
    assert "::l2_penalty_gradient-exact" in text
    assert "::l2_penalty_gradient-cards" not in text, "nothing is assumed there"


def test_the_layers_exact_and_cards_can_fail(tmp_path):
    """As it stands both pass; with its last line forged a model refutes it; of what contradicts itself there is none."""

    def told(text, verdict):
        rows = [row for row in text.splitlines() if f" {verdict}" in row and "::" in row]
        return {layer for layer in ("exact", "cards") if any(f"assumed-{layer}" in row for row in rows)}

    def run_layers():
        code, text = run_pytest("--catalogue", place, "-v", "-k", "exact or cards", cwd=tmp_path)
        assert "Traceback" not in text
        return code, text

    place = folder(tmp_path, assumed=ASSUMED)
    code, text = run_layers()
    assert (code, told(text, "PASSED")) == (0, {"exact", "cards"}), text
    (tmp_path / "conftest.py").write_text(FORGED)
    code, text = run_layers()
    assert (code, told(text, "FAILED")) == (1, {"exact"}), text
    assert "assumed, exact, first and last line: refuted by a model" in text
    (tmp_path / "conftest.py").unlink()
    folder(tmp_path, assumed=IMPOSSIBLE)
    code, text = run_layers()
    assert (code, told(text, "FAILED"), told(text, "UNDECIDED")) == (1, set(), {"exact", "cards"}), text
    assert "assumed, exact, line 2: no model" in text
    assert "assumed, cards: without E[r] = 0: undecided: no proof without it, and no law against it" in text


SAYS = """
import sys
sys.path.insert(0, "TESTS")
from test_numeric_layer import MISSED, Said, Says
check = Says(Said(VERDICT))
""".replace("TESTS", str(Path(__file__).resolve().parent))


class TestUndecided:
    """A numeric check without a verdict: an outcome of its own."""

    def outcome(self, tmp_path, said, *options):
        for folder_name, text in (("proofs", ASSUMED), ("numeric_checks", SAYS.replace("VERDICT", said))):
            (tmp_path / folder_name).mkdir()
            (tmp_path / folder_name / "assumed.py").write_text(text)
        return run_pytest("--catalogue", tmp_path, "-k", "monte_carlo or assumed-2", *options, cwd=tmp_path)

    def test_it_is_counted_listed_and_no_pass(self, tmp_path):
        code, text = self.outcome(tmp_path, "'undecided'")
        assert code == 1
        assert "assumed.py .U" in text
        assert "1 passed" in text
        assert "1 undecided" in text
        assert "UNDECIDED proofs/assumed.py::assumed-monte_carlo" in text
        assert "assumed, monte_carlo: undecided at 1e-09" in text
        assert "failed" not in text

    def test_refuted_fails(self, tmp_path):
        code, text = self.outcome(tmp_path, "'refuted'", "-v")
        assert code == 1
        assert "assumed-monte_carlo FAILED" in text
        assert "undecided" not in text

    def test_confirmed_passes(self, tmp_path):
        code, text = self.outcome(tmp_path, "'confirmed'", "-v")
        assert (code, "assumed-monte_carlo PASSED" in text) == (0, True)

    def test_a_variant_that_stands_is_undecided(self, tmp_path):
        code, text = self.outcome(tmp_path, "variants=(MISSED,)", "-v")
        assert (code, "assumed-monte_carlo UNDECIDED" in text) == (1, True)
        assert "wrong variants that no case refutes: missed" in text

    def test_alone_it_fails_the_run(self, tmp_path):
        code, text = self.outcome(tmp_path, "'undecided'", "--deselect", "proofs/assumed.py::assumed-2")
        assert (code, "passed" in text) == (1, False)

    def test_the_budget_is_handed_on(self, tmp_path):
        _, text = self.outcome(tmp_path, "'undecided'", "--false-alarm", "1e-5")
        assert "assumed, monte_carlo: undecided at 1e-05" in text


class TestFreshDraws:
    def draws(self, tmp_path, *options):
        """The seed that the numeric check was given, and what was printed."""
        (tmp_path / "proofs").mkdir(exist_ok=True)
        (tmp_path / "numeric_checks").mkdir(exist_ok=True)
        (tmp_path / "proofs" / "assumed.py").write_text(ASSUMED)
        text = SAYS.replace("check = Says(Said(VERDICT))", """
class Tells(Says):
    def run(self, options):
        print("SEED", options.seed)
        return Said("undecided")
check = Tells()
""")  # fmt: skip
        (tmp_path / "numeric_checks" / "assumed.py").write_text(text)
        code, out = run_pytest("--catalogue", tmp_path, "-s", "-k", "monte_carlo", *options, cwd=tmp_path)
        return code, next((row.split("SEED ")[1] for row in out.splitlines() if "SEED " in row), ""), out

    def test_they_are_fixed_by_default(self, tmp_path):
        assert self.draws(tmp_path)[1].startswith("None")

    def test_a_fresh_seed_is_told_also_in_quiet_and_can_be_repeated(self, tmp_path):
        _, seed, text = self.draws(tmp_path, "--reseed", "-q")
        seed = seed.removesuffix("U").strip()
        assert f"numeric checks drawn with --check-seed {seed}" in text
        assert self.draws(tmp_path, "--reseed")[1].removesuffix("U").strip() != seed
        assert self.draws(tmp_path, "--check-seed", seed)[1].removesuffix("U").strip() == seed

    @pytest.mark.parametrize(
        "options", [["--false-alarm", "0"], ["--check-seed", "1", "--reseed"], ["--check-seed", "-1"]]
    )
    def test_wrong_calls(self, tmp_path, options):
        code, _, text = self.draws(tmp_path, *options)
        assert code == pytest.ExitCode.USAGE_ERROR
        assert "proofsheet: --" in text
