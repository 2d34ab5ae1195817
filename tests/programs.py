"""Programs and packages that tests run beside proofsheet: `need` them, and a test without them is skipped by name.

With PROOFSHEET_REQUIRE_PROGRAMS=1, as in CI, such a test fails instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.util import find_spec

import pytest

LATEX = "apt-get install texlive-latex-recommended texlive-pictures lmodern"
TO_INSTALL = {
    "pdflatex": LATEX,
    "beamer.cls": LATEX,
    "lmodern.sty": LATEX,
    "pdftotext": "apt-get install poppler-utils",
    "pdftoppm": "apt-get install poppler-utils",
    "chromium": "apt-get install chromium fonts-lmodern libatomic1",
    "playwright": 'pip install "proofsheet[programs]"',
    "axe_playwright_python": 'pip install "proofsheet[programs]"',
    "typst": "pip install typst",
    "nbformat": "pip install nbformat",
    "nbclient": "pip install nbclient",
    "ipykernel": "pip install ipykernel",
}
PACKAGES = {"playwright", "axe_playwright_python", "typst", "nbformat", "nbclient", "ipykernel"}
REQUIRED = "PROOFSHEET_REQUIRE_PROGRAMS"


def need(*names: str) -> None:
    """Skip the test that runs, or fail it in CI, unless all these programs, packages and LaTeX files are installed."""
    missing = [name for name in names if not installed(name)]
    if not missing:
        return
    cures = "; ".join(dict.fromkeys(TO_INSTALL[name] for name in missing))
    message = f"not installed: {', '.join(missing)}; to install: {cures}"
    if os.environ.get(REQUIRED, "0") != "0":
        pytest.fail(f"{message} ({REQUIRED} is set)", pytrace=False)
    pytest.skip(message)


def installed(name: str) -> bool:
    if name in PACKAGES:
        return find_spec(name) is not None
    if name.endswith((".cls", ".sty")):
        return shutil.which("kpsewhich") is not None and found_by_latex(name)
    return shutil.which(name) is not None


def found_by_latex(name: str) -> bool:
    return subprocess.run(["kpsewhich", name], capture_output=True, check=False).returncode == 0
