"""Runs catalogue scripts by path, once each, under a private module name."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from proofsheet.errors import CatalogueError


def load(path: Path) -> ModuleType:
    """The module of the script at `path`; a second call gives the same module. What the script raises passes through."""
    path = path.resolve()
    main = sys.modules.get("__main__")
    main_file = getattr(main, "__file__", None)
    if main is not None and main_file and Path(main_file).resolve() == path:
        return main
    digest = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    name = f"proofsheet._script.{path.parent.name}.{path.stem}.{digest}"
    if name in sys.modules:
        return sys.modules[name]
    specification = importlib.util.spec_from_file_location(name, path)
    if specification is None or specification.loader is None:
        raise CatalogueError(f"{path} is not a Python script")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    try:
        specification.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def proof(name: str) -> ModuleType:
    """The proof script `name` of the catalogue that the calling script belongs to: proof("ensemble_error").theorem."""
    here = Path(sys._getframe(1).f_globals.get("__file__", "")).resolve().parent
    for folder in (here.parent / "proofs", here):
        path = folder / f"{name}.py"
        if path.is_file():
            return load(path)
    raise CatalogueError(f"there is no proof {name!r} beside {here.name}/")
