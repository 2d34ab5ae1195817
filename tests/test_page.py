"""The printed derivation: two columns, in Unicode and ASCII, at any width, without breaking a term."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from proofsheet import proof
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.errors import NotationError
from proofsheet.notation.text import set_line
from proofsheet.render.page import broken, page, show, terminal_style

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = """\
Expected squared error of an ensemble of n predictors
=====================================================

Let     n dimension,  v ≥ 0,  c real,  ŷ random ∈ ℝⁿ,  y random scalar,  i, j = 1, …, n
Assume  E[εᵢ²] = v
        E[εᵢ εⱼ] = c (i ≠ j)
Limits  −v/(n − 1) ≤ c ≤ v
Define  εᵢ := ŷᵢ − y

    E[((1/n) Σᵢ ŷᵢ − y)²]
    = E[((1/n) Σᵢ (ŷᵢ − y))²]              algebra
    = E[((1/n) Σᵢ εᵢ)²]                    definition of ε
    = (1/n²) E[Σᵢ Σⱼ εᵢ εⱼ]                linearity of E
    = (1/n²) (Σᵢ E[εᵢ²] + Σᵢ≠ⱼ E[εᵢ εⱼ])   linearity of E, split the sum
    = (n v + (n − 1) n c)/n²               E[εᵢ²] = v, E[εᵢ εⱼ] = c (i ≠ j)
    = v/n + (n − 1) c/n                    collect

Corollary: uncorrelated errors (E[εᵢ εⱼ] = 0 (i ≠ j))

    E[((1/n) Σᵢ ŷᵢ − y)²]
    = v/n + (n − 1) · 0/n   the theorem with c = 0
    = v/n                   collect

Corollary: identical errors (E[εᵢ εⱼ] = v (i ≠ j))

    E[((1/n) Σᵢ ŷᵢ − y)²]
    = v/n + (n − 1) v/n   the theorem with c = v
    = v                   collect

Whitehill (CS/DS 541, class 14), slides "Ensembles"
Goodfellow, Bengio and Courville (2016), Deep Learning, section 7.11, eq. 7.51."""


def printed(name: str, style: str, width: int) -> str:
    script = read(Catalogue(ROOT).select([name])[0])
    return page(script.documentation, script.theorem, script.corollaries, script.limits, style, width)


def test_golden_page():
    assert printed("ensemble_error", "unicode", 110) == GOLDEN


def test_ascii_page_is_ascii_and_says_the_same():
    text = printed("ensemble_error", "ascii", 110)
    assert text.isascii()
    assert "    = v/n + (n - 1) c/n" in text
    assert "E[eps[i] eps[j]] = c (i != j)" in text
    assert "-v/(n - 1) <= c <= v" in text


@pytest.mark.parametrize("name", Catalogue(ROOT).names)
@pytest.mark.parametrize("style", ["unicode", "ascii"])
@pytest.mark.parametrize("width", [60, 72, 80, 100, 140])
def test_no_row_is_wider_than_the_terminal_and_no_term_is_broken(name, style, width):
    text = printed(name, style, width)
    too_wide = [row for row in text.splitlines() if len(row) > width]
    assert not too_wide
    flat = " ".join(text.split())
    for line in proof(name).theorem.lines:
        assert " ".join(set_line(line, style).split()) in flat.replace("definition of f = ", "")


def test_a_line_is_broken_before_its_signs():
    line = proof("gaussian_noise_mse").theorem.lines[6]
    rows = broken(line, "unicode", 40)
    assert [row.strip()[0] for row in rows[1:]] == ["−", "+"] or all(row.strip()[0] in "+−" for row in rows[1:])
    assert "".join(" " + row.strip() for row in rows).strip() == str(line)


def test_a_long_bracket_is_opened_at_its_own_signs():
    line = proof("gaussian_noise_mse").theorem.lines[1]
    rows = broken(line, "unicode", 14)
    assert rows == ["E[((x + n)ᵀw", "  − y)²]"]


def run_script(name: str, **environment: str) -> subprocess.CompletedProcess:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON"))}
    return subprocess.run(
        [sys.executable, str(ROOT / "proofs" / f"{name}.py")],
        capture_output=True,
        env={**clean, **environment},
        check=False,
    )


def test_script_and_command_print_the_same():
    script = run_script("ensemble_error", PYTHONUTF8="1").stdout.decode()
    command = subprocess.run(
        [sys.executable, "-m", "proofsheet.cli", "derive", "ensemble_error"],
        capture_output=True, check=True, env={**os.environ, "PYTHONUTF8": "1"},
    ).stdout.decode()  # fmt: skip
    assert script == command
    assert script.strip() == GOLDEN


@pytest.mark.parametrize("name", Catalogue(ROOT).names)
def test_an_ascii_stream_gets_ascii_and_no_control_codes(name):
    done = run_script(name, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert b"\x1b" not in done.stdout


def test_style_follows_the_encoding():
    class Stream:
        encoding = "utf-8"

    assert terminal_style(Stream()) == "unicode"
    Stream.encoding = "latin-1"
    assert terminal_style(Stream()) == "ascii"
    Stream.encoding = None
    assert terminal_style(Stream()) == "ascii"


def test_a_corollary_without_a_name_is_explained():
    theorem = read(*Catalogue(None).select(("ensemble_error",))).theorem
    for name in ("__main__", "some_script"):
        with pytest.raises(NotationError, match=r"show\(__name__, theorem, name=corollary\)"):
            show(name, theorem, theorem)
