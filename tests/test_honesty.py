"""Each rule of the kernel is made too generous, one small edit at a time, and the suite must turn red.

The package is copied, one edit of `honesty_edits.EDITS` is made in the copy, and the tests named beside it run there in a
process of their own. Red means that a test judged: a crash, an import error or a time-out is no judgement. The same tests are green on a copy without an edit.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
from honesty_edits import EDITS
from honesty_rows import Edit

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("proofsheet", "tests", "proofs")
AT_ONCE = 2
LIMIT = 120  # seconds for the tests of one edit; they take one
JUDGEMENTS = (
    "AssertionError",
    "Failed: DID NOT RAISE",
    "AttributeError: 'Step' object has no attribute 'why'",  # a step was accepted, and its refusal was to be read
    r"ValueError: not enough values to unpack \(expected 1, got 0\)",  # a side condition was to be read, and is lost
    r"proofsheet\.\S*(Rejected|Error): ",  # a right line was refused
)
JUDGED = re.compile(rf"^FAILED .* - ({'|'.join(JUDGEMENTS)})", re.MULTILINE)
OPTIONS = (
    "-x",
    "-q",
    "-rfE",
    "--tb=no",
    "--assert=plain",
    "--disable-warnings",
    *(f"-pno:{name}" for name in ("cacheprovider", "hypothesispytest", "proofsheet")),
)


class Outcome(NamedTuple):
    code: int
    output: str

    @property
    def is_red(self) -> bool:
        return self.code == 1 and bool(JUDGED.search(self.output)) and not re.search(r"\berrors?\b in ", self.output)


def run_in(folder: Path, tests: tuple[str, ...]) -> Outcome:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "COLUMNS": "1000",  # the reason of a failure is cut off otherwise
    }
    command = [sys.executable, "-m", "pytest", *OPTIONS, *(f"tests/{test.removesuffix('::')}" for test in tests)]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        return Outcome(-1, f"no verdict in {LIMIT} s")
    return Outcome(done.returncode, done.stdout + done.stderr)


class Workshop:
    """Copies of the package, and the outcomes of the edits that were asked for, some at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._original = folder, folder / "original"
        for name in FOLDERS:
            shutil.copytree(ROOT / name, self._original / name)  # with their times, so that compiled files stay valid
        shutil.copy2(ROOT / "pyproject.toml", self._original)
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._running: dict[int, Future[Outcome]] = {}

    def start(self, number: int) -> Future[Outcome]:
        if number not in self._running:
            self._running[number] = self._pool.submit(self._edited, number)
        return self._running[number]

    def unedited(self, tests: tuple[str, ...]) -> Outcome:
        return run_in(self._original, tests)

    def _edited(self, number: int) -> Outcome:
        edit, copy = EDITS[number], self._folder / f"copy_{number}"
        shutil.copytree(self._original, copy, copy_function=os.link)
        try:
            self._make(edit, copy / "proofsheet" / edit.file)
            return run_in(copy, edit.tests)
        finally:
            shutil.rmtree(copy)

    def _make(self, edit: Edit, path: Path) -> None:
        text = path.read_text()
        path.unlink()  # a link: the original must stay as it is
        path.write_text(text.replace(edit.old, edit.new))
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
            compiled.unlink()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="module")
def workshop(request, tmp_path_factory):
    opened = Workshop(tmp_path_factory.mktemp("honesty"))
    chosen = (getattr(item, "callspec", None) for item in request.session.items if item.path == request.path)
    for call in chosen:
        if call is not None and "number" in call.params:
            opened.start(call.params["number"])
    yield opened
    opened.close()


def ordinary():
    """The edits of an ordinary run: the first of each rule."""
    first: dict[str, int] = {}
    for number, edit in enumerate(EDITS):
        first.setdefault(edit.rule, number)
    return set(first.values())


def cases():
    few = ordinary()
    for number, edit in enumerate(EDITS):
        marks = [] if number in few else [pytest.mark.long]
        yield pytest.param(number, id=str(edit), marks=marks)


@pytest.mark.parametrize("number", list(cases()))
def test_a_generous_kernel_turns_the_suite_red(number, workshop):
    outcome = workshop.start(number).result()
    assert outcome.is_red, f"{EDITS[number]} -> {EDITS[number].new}\n{outcome.output[-2000:]}"


@pytest.mark.parametrize("everything", [False, pytest.param(True, marks=pytest.mark.long)])
def test_without_an_edit_the_same_tests_are_green(workshop, everything):
    numbers = range(len(EDITS)) if everything else sorted(ordinary())
    tests = tuple(dict.fromkeys(test for number in numbers for test in EDITS[number].tests))
    outcome = workshop.unedited(tests)
    assert outcome.code == 0, outcome.output[-2000:]


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_the_text_to_be_edited_stands_there_once(edit):
    assert (ROOT / "proofsheet" / edit.file).read_text().count(edit.old) == 1
    assert edit.old != edit.new
    assert edit.tests


def test_no_rule_and_no_file_of_the_kernel_is_left_out():
    table = (ROOT / "TRUSTED.md").read_text().split("## The rules")[1].split("\n\n")[1]
    rules = {row.split("|")[1].strip().replace("\\", "") for row in table.splitlines()[2:]}
    assert len(rules) > 10
    assert rules <= {edit.rule for edit in EDITS}
    files = {f"kernel/{path.name}" for path in (ROOT / "proofsheet" / "kernel").glob("*.py")} - {"kernel/__init__.py"}
    assert files <= {edit.file for edit in EDITS}


def test_a_crash_is_no_judgement():
    assert not Outcome(1, "FAILED tests/test_x.py::test_y - KeyError: 'x'").is_red
    assert not Outcome(2, "ERROR tests/test_x.py - ImportError").is_red
    assert not Outcome(0, "3 passed").is_red
    assert Outcome(1, "FAILED tests/test_x.py::test_y - AssertionError").is_red
