"""Runs catalogue scripts by path, once each, under a private module name; threads may ask for the same one at once."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import Any

from proofsheet.errors import CatalogueError

_LOADING = RLock()  # one for all scripts: a check loads its proof, and two that load each other cannot wait in a circle
_sources: dict[Path, str] = {}  # digests of what was run


def load(path: Path) -> ModuleType:
    """The module of the script at `path`; a second call gives the same module. What the script raises passes through."""
    with _LOADING:
        return _loaded(path.resolve())


def source_digest(path: Path) -> str:
    """Of the source that `load` ran, whatever the file holds by now: a process that runs on does not see an edit."""
    path = path.resolve()
    return _sources.setdefault(path, _digest(path.read_bytes()))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def loaded(path: Path) -> ModuleType | None:
    """The module of a script that `load` has run, or that runs as the main program; None where neither did."""
    path = path.resolve()
    main = sys.modules.get("__main__")
    main_file = getattr(main, "__file__", None)
    if main is not None and main_file and Path(main_file).resolve() == path:
        return main
    return sys.modules.get(_name_of(path))


def _name_of(path: Path) -> str:
    return f"proofsheet._script.{path.parent.name}.{path.stem}.{_digest(str(path).encode())[:12]}"


def _loaded(path: Path) -> ModuleType:
    found = loaded(path)
    if found is not None:
        return found
    name = _name_of(path)
    specification = importlib.util.spec_from_file_location(name, path)
    if specification is None or specification.loader is None:
        raise CatalogueError(f"{path} is not a Python script")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    try:
        _sources[path] = _digest(path.read_bytes())
        specification.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def proof(name: str) -> ModuleType:
    """The proof script `name` of the catalogue that the calling script belongs to: proof("ensemble_error").theorem."""
    here = _folder_of(sys._getframe(1).f_globals)
    for folder in (here.parent / "proofs", here):
        path = folder / f"{name}.py"
        if path.is_file():
            return load(path)
    raise CatalogueError(f"there is no proof {name!r} beside {here.name}/")


def numeric_check(name: str) -> Any:
    """The check of numeric_checks/NAME.py, to be run from a script of one's own: numeric_check("ensemble_error").run().

    Of the catalogue that the calling script belongs to, else of the package's. Unlike a check that was imported with
    `import` it can be sent to other processes, which find it by its path. Raises CatalogueError where there is none.
    """
    here = _folder_of(sys._getframe(1).f_globals)
    for folder in (here / "numeric_checks", here.parent / "numeric_checks"):
        path = folder / f"{name}.py"
        if path.is_file():
            return _check_of(path)
    path_of_ours = import_module("proofsheet.catalogue").Catalogue().select([name])[0].check
    if path_of_ours is None:
        raise CatalogueError(f"the identity {name!r} has no numeric check")
    return _check_of(path_of_ours)


def _check_of(path: Path) -> Any:
    check = getattr(load(path), "check", None)
    if check is None:
        raise CatalogueError(f"{path} defines no `check`")
    return check


def _folder_of(caller: Mapping[str, Any]) -> Path:
    """Where the calling script is; the working folder where the caller is none, as in a notebook."""
    path = caller.get("__file__")
    return Path(path).resolve().parent if path else Path.cwd()
