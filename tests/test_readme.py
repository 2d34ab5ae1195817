"""The README shows what the program prints, and its script runs as it stands."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from proofsheet import proof, simplify, taylor

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

WRONG = """
from proofsheet import E, dimension, identity, moment, norm2, parameter, prove, random_vector, vector
m, alpha = dimension("m"), parameter("alpha", positive=True)
w, n = vector("w", m), random_vector("n", m)
prove(E((n.T @ w)**2), (alpha**2 * norm2(w), moment(E(n @ n.T), alpha * identity(m))))
"""


def shown(marker: str) -> str:
    found = re.search(rf"<!-- {re.escape(marker)} -->\n```\w*\n(.*?)```", README, re.DOTALL)
    assert found, marker
    return found.group(1)


def run(*arguments: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, check=False, env={**os.environ, "PYTHONUTF8": "1"}, **options
    )


@pytest.mark.parametrize(
    "command", ["derive gaussian_noise_mse", "list", "audit gaussian_noise_mse --cards", "weaken gaussian_noise_mse"]
)
def test_output_of_commands(command):
    done = run("-m", "proofsheet.cli", *command.split())
    assert shown(f"output of: proofsheet {command}") == done.stdout.decode()


def test_parts_of_the_output_of_a_command():
    command = "check correlated_noise_mse --layers monte_carlo"
    told = run("-m", "proofsheet.cli", *command.split()).stdout.decode().rstrip("\n").split("\n\n")
    parts = shown(f"part of the output of: proofsheet {command}").rstrip("\n").split("\n\n")
    assert len(parts) == 4
    assert [part for part in parts if part not in told] == []


def test_the_first_question_and_its_answer(tmp_path):
    script = tmp_path / "first.py"
    script.write_text(shown("the first question"), encoding="utf-8")
    done = run(str(script), cwd=ROOT)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode() == shown("and its answer")


def test_closed_forms_that_simplify_finds():
    ensemble, glm = proof("ensemble_error"), proof("dropout_glm_penalty")
    regression, decay = proof("dropout_linear_regression"), proof("weight_decay_step")
    found = [
        simplify(ensemble.theorem.left, [ensemble.second_moment, ensemble.mixed_moment]),
        simplify(glm.theorem.left, [glm.kept, glm.kept_squared, glm.kept_pair, taylor(glm.A, 2), glm.Delta]),
        simplify(
            regression.theorem.left,
            [regression.kept, regression.kept_squared, regression.kept_pair, regression.Gamma],
        ),
        simplify(decay.theorem.left),
    ]
    assert "".join(f"{theorem}\n" for theorem in found) == shown("closed forms that simplify finds")


def test_wrong_line(tmp_path):
    (tmp_path / "wrong.py").write_text(WRONG)
    done = run(str(tmp_path / "wrong.py"))
    assert done.returncode == 1
    assert done.stderr.decode() == "wrong.py line 5: " + shown("output of a wrong line")


def test_the_script_runs_as_it_stands(tmp_path):
    script = tmp_path / "constant_prediction.py"
    script.write_text(shown("runs as it stands"), encoding="utf-8")
    done = run(str(script))
    assert done.returncode == 0, done.stderr.decode()
    assert "= Var[y] + (E[y] − t)²" in done.stdout.decode()
    checked = run("-m", "proofsheet.cli", "check", "--catalogue", str(tmp_path))
    assert checked.returncode == 0, checked.stdout.decode()


def test_your_own_identity(tmp_path):
    """The section, followed word for word: new, change it, read the message, mend the line."""

    def proofsheet(*arguments: str) -> subprocess.CompletedProcess:
        path = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        return subprocess.run(
            [sys.executable, "-m", "proofsheet.cli", *arguments],
            capture_output=True, check=False, cwd=tmp_path, env={**os.environ, **path},
        )  # fmt: skip

    assert proofsheet(*shown_command("proofsheet new")).returncode == 0
    (script,) = tmp_path.iterdir()
    source = shown("your own identity")
    assert len(source.splitlines()) <= 15
    script.write_text(source, encoding="utf-8")
    check = ["check", script.stem, "--catalogue", "."]
    refused = proofsheet(*check)
    assert (refused.returncode, refused.stdout.decode()) == (1, shown(f"output of: proofsheet {' '.join(check)}"))
    script.write_text(source.replace("(c * Var(y)", "(c**2 * Var(y)"), encoding="utf-8")
    mended = proofsheet(*check)
    assert (mended.returncode, mended.stdout.decode()) == (0, shown("output once it is mended"))


def shown_command(start: str) -> list[str]:
    """The words after `proofsheet` of the one command in the README that starts so and stands in a block of its own."""
    (command,) = re.findall(rf"^```bash\n({start}.*)\n```", README, re.MULTILINE)
    return command.split()[1:]


def test_the_two_commands_are_complete():
    commands = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert len(commands) == 2
    assert all("pip install" in command for command in commands)


def test_every_room_exists():
    for name in re.findall(r"^  ([a-z_]+(?:/|\.py))", README, re.MULTILINE):
        assert (ROOT / "proofsheet" / name).exists(), name
