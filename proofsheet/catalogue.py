"""Pairs proofs and numeric checks by file name. Finding and listing read text only; loading runs the scripts."""

from __future__ import annotations

import ast
import difflib
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from proofsheet.errors import CatalogueError

_STEM = re.compile(r"[a-z][a-z0-9_]*")
_CHECK = re.compile(r"^check\b[^=\n]*=(?!=)", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One identity: its name, its proof script, and its numeric check if it has one."""

    name: str
    proof: Path
    check: Path | None

    @property
    def title(self) -> str:
        """The first line of the script's docstring, read without running it."""
        return _documentation(self.proof).strip().split("\n\n")[0].replace("\n", " ").rstrip(".") or "(no title)"

    @property
    def documentation(self) -> str:
        return _documentation(self.proof)


def _documentation(path: Path) -> str:
    try:
        return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    except (SyntaxError, ValueError, OSError):
        return ""


class Catalogue:
    """The entries of a folder: one with proofs/ and numeric_checks/, or a flat folder of proof scripts."""

    def __init__(self, root: Path | str | None = None) -> None:
        self.root = Path(root) if root is not None else _own_root()
        if not self.root.is_dir():
            raise CatalogueError(f"{self.root} is not a folder")
        self.proofs = self.root / "proofs" if (self.root / "proofs").is_dir() else self.root
        self.checks = self.proofs.parent / "numeric_checks" if self.proofs.name == "proofs" else None
        self.entries = [self._entry(path) for path in sorted(self.proofs.glob("*.py")) if _is_identity(path)]
        self.skipped = sorted(
            path.name for path in self.proofs.glob("*.py") if not _is_identity(path) and is_ours(path)
        )
        if not self.entries:
            raise CatalogueError(f"{self.proofs} holds no proof script (a .py file named like ensemble_error.py)")

    @property
    def orphans(self) -> list[Path]:
        """Numeric checks that stand beside no proof: a name misspelt, or a proof that was renamed."""
        scripts = sorted(self.checks.glob("*.py")) if self.checks else []
        return [path for path in scripts if path.stem not in self.names and _defines_check(path)]

    def require_proofs(self) -> None:
        """Raises CatalogueError for a numeric check that would never run, with the nearest name of a proof."""
        for path in self.orphans:
            near = difflib.get_close_matches(path.stem, self.names, n=1, cutoff=0.6)
            hint = f"; did you mean numeric_checks/{near[0]}.py?" if near else "; a check is called like its proof"
            raise CatalogueError(f"numeric_checks/{path.name} checks nothing: there is no proofs/{path.name}{hint}")

    def _entry(self, path: Path) -> Entry:
        check = self.checks / path.name if self.checks else None
        return Entry(path.stem, path, check if check and check.is_file() else None)

    @property
    def names(self) -> list[str]:
        return [entry.name for entry in self.entries]

    def select(self, names: Iterable[str]) -> list[Entry]:
        """The named entries, all of them if none is named. Raises CatalogueError with the nearest names."""
        wanted = list(dict.fromkeys(names))
        by_name = {entry.name: entry for entry in self.entries}
        for name in wanted:
            if name not in by_name:
                near = difflib.get_close_matches(name, self.names, n=3, cutoff=0.6)
                hint = f"; did you mean {' or '.join(near)}?" if near else f"; there are {', '.join(self.names)}"
                raise CatalogueError(f"no identity is called {name!r}{hint}")
        return [by_name[name] for name in wanted] if wanted else self.entries


def _own_root() -> Path:
    """The catalogue that came with the package: inside a wheel, or the checkout."""
    here = Path(__file__).resolve().parent
    for root in (here / "_catalogue", here.parent):
        if (root / "proofs").is_dir():
            return root
    raise CatalogueError("the package was installed without its catalogue; give a folder with --catalogue DIR")


def is_ours(path: Path) -> bool:
    """A script that speaks of proofsheet, whatever it is called."""
    try:
        return "proofsheet" in path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False


def _defines_check(path: Path) -> bool:
    """Whether a script is a numeric check and no helper of others; read without running it."""
    try:
        return bool(_CHECK.search(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False


def _is_identity(path: Path) -> bool:
    return bool(_STEM.fullmatch(path.stem)) and path.stem not in sys.stdlib_module_names and path.stem != "conftest"


def check_scripts(folder: Path) -> int:
    """How many numeric checks a folder numeric_checks/ holds, found by name and not run; 1 or more."""
    proofs = folder.parent / "proofs"
    return max(1, sum(_is_identity(path) and (proofs / path.name).is_file() for path in folder.glob("*.py")))
