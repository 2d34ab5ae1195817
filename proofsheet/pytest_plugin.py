"""pytest as an identity suite: one test for each displayed line, one for each layer of evidence that applies.

    pytest --catalogue DIR        the proof scripts of DIR (or of the ini value proofsheet_catalogue)
    pytest --reseed               fresh draws for the numeric checks; --check-seed N takes those of an earlier run
    pytest --false-alarm X        the budget of all numeric checks of the catalogue together

A line has the id gaussian_noise_mse-3, a layer gaussian_noise_mse-witness: explicit, exact and witness for every script,
variants where wrong variants are registered, cards where something is assumed, monte_carlo where there is a check. A layer
that ends undecided is neither passed nor failed: it is counted by that word (U) and told with its reason, and the run does
not succeed. The plugin is loaded in every pytest run of an environment that has proofsheet, so nothing heavy is imported
before a catalogue is asked for.
"""

from __future__ import annotations

import secrets
import textwrap
from collections.abc import Generator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from proofsheet.monte_carlo.budget import SUITE

_CATALOGUE = pytest.StashKey[dict[Path, Any]]()
DRAWS = pytest.StashKey[tuple[int | None, float]]()  # seed, and the false-alarm budget
UNDECIDED = "undecided"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("proofsheet")
    group.addoption("--catalogue", metavar="DIR", help="test the proof scripts of this folder, line by line")
    group.addoption("--reseed", action="store_true", help="fresh draws for the numeric checks; the seed is told")
    group.addoption("--check-seed", type=int, metavar="N", help="the seed of the numeric checks; fixed by default")
    group.addoption(
        "--false-alarm",
        type=float,
        default=SUITE,
        metavar="X",
        help=f"how likely any numeric check may say what is not so; {SUITE:g} by default",
    )
    parser.addini("proofsheet_catalogue", "folder whose proof scripts are tested when they are collected", default="")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_CATALOGUE], config.stash[DRAWS] = {}, _draws(config)
    given = config.getoption("--catalogue")
    folder = Path(given) if given else _from_ini(config)
    if folder is None:
        return
    errors, catalogue = import_module("proofsheet.errors"), import_module("proofsheet.catalogue")
    try:
        found = catalogue.Catalogue(folder)
        found.require_proofs()
    except errors.ProofsheetError as error:
        raise pytest.UsageError(f"proofsheet: {error}") from None
    config.stash[_CATALOGUE] = {entry.proof.resolve(): entry for entry in found.entries}
    if given:
        own = config.args_source is not pytest.Config.ArgsSource.ARGS
        config.args = [*([] if own else config.args), str(found.proofs)]


def _draws(config: pytest.Config) -> tuple[int | None, float]:
    """Seed and budget. Workers of pytest-xdist get the options of the call that started them, and with them its seed."""
    seed, budget = config.getoption("--check-seed"), config.getoption("--false-alarm")
    if not 0 < budget < 1:
        raise pytest.UsageError(f"proofsheet: --false-alarm is a probability between 0 and 1, not {budget:g}")
    if seed is not None and (seed < 0 or config.getoption("--reseed")):
        raise pytest.UsageError("proofsheet: --check-seed is 0 or more, and not given with --reseed")
    if config.getoption("--reseed"):
        seed = config.option.check_seed = secrets.randbits(48)
        config.option.reseed = False
    return seed, budget


def pytest_report_header(config: pytest.Config) -> str | None:
    return _seed_line(config)


def _seed_line(config: pytest.Config) -> str | None:
    seed, _ = config.stash[DRAWS]
    return None if seed is None else f"proofsheet: numeric checks drawn with --check-seed {seed}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    """Mark the report of a layer that ended undecided; to pytest it is a failure, so that no run succeeds with it."""
    made = yield
    if call.excinfo is not None and call.excinfo.typename == "LayerUndecided":
        made.get_result().proofsheet = UNDECIDED


def pytest_report_teststatus(report: Any) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
    if getattr(report, "proofsheet", "") != UNDECIDED:
        return None
    return UNDECIDED, "U", (UNDECIDED.upper(), {"yellow": True})


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What is undecided, each with its reason; pytest's own summary lists failures only. The seed, if all is not well."""
    reports = terminalreporter.stats.get(UNDECIDED, [])
    seed = _seed_line(config)
    if seed and (reports or terminalreporter.stats.get("failed")):
        terminalreporter.write_line(seed)
    if reports:
        terminalreporter.section(UNDECIDED, yellow=True)
    for report in reports:
        terminalreporter.write_line(f"UNDECIDED {report.nodeid}", yellow=True)
        terminalreporter.write_line(textwrap.indent(report.longreprtext, "    "))


def _from_ini(config: pytest.Config) -> Path | None:
    value = config.getini("proofsheet_catalogue")
    return config.rootpath / value if value else None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    entry = parent.config.stash[_CATALOGUE].get(file_path.resolve())
    if entry is None:
        return None
    return import_module("proofsheet.pytest_items").ProofFile.from_parent(parent, path=file_path, entry=entry)
