"""pytest as an identity suite: one test for each displayed line, one for each layer of evidence that applies.

    pytest --catalogue DIR        the proof scripts of DIR (or of the ini value proofsheet_catalogue)

A line has the id gaussian_noise_mse-3, a layer gaussian_noise_mse-witness: explicit, exact and witness for every script,
variants where wrong variants are registered, cards where something is assumed, monte_carlo where there is a check. The
plugin is loaded in every pytest run of an environment that has proofsheet, so nothing heavy is imported before a catalogue
is asked for.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

_CATALOGUE = pytest.StashKey[dict[Path, Any]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("proofsheet")
    group.addoption("--catalogue", metavar="DIR", help="test the proof scripts of this folder, line by line")
    parser.addini("proofsheet_catalogue", "folder whose proof scripts are tested when they are collected", default="")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_CATALOGUE] = {}
    given = config.getoption("--catalogue")
    folder = Path(given) if given else _from_ini(config)
    if folder is None:
        return
    errors, catalogue = import_module("proofsheet.errors"), import_module("proofsheet.catalogue")
    try:
        found = catalogue.Catalogue(folder)
    except errors.ProofsheetError as error:
        raise pytest.UsageError(f"proofsheet: {error}") from None
    config.stash[_CATALOGUE] = {entry.proof.resolve(): entry for entry in found.entries}
    if given:
        own = config.args_source is not pytest.Config.ArgsSource.ARGS
        config.args = [*([] if own else config.args), str(found.proofs)]


def _from_ini(config: pytest.Config) -> Path | None:
    value = config.getini("proofsheet_catalogue")
    return config.rootpath / value if value else None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    entry = parent.config.stash[_CATALOGUE].get(file_path.resolve())
    if entry is None:
        return None
    return import_module("proofsheet.pytest_items").ProofFile.from_parent(parent, path=file_path, entry=entry)
