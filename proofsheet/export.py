"""Writes derivations for other programs to set, in one of the formats."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proofsheet.errors import CallError
from proofsheet.formats.options import FLAGS, Options
from proofsheet.notation.spellings import spelled
from proofsheet.progress import progress
from proofsheet.written_files import write_all

if TYPE_CHECKING:  # SymPy; the command line asks for FORMATS without it
    from proofsheet.entry_script import ProofScript

# The module of each format has files(scripts, options), which yields (path inside the folder, text or bytes), and may
# have OPTIONS, the names of those fields of Options that it honours besides the spellings.
FORMATS: Mapping[str, str] = {
    "latex": "proofsheet.formats.latex",
    "beamer": "proofsheet.formats.beamer",
    "html": "proofsheet.formats.html",
    "markdown": "proofsheet.formats.markdown",
    "notebook": "proofsheet.formats.notebook",
    "typst": "proofsheet.formats.typst",
}
MARK = b"Written by proofsheet export"  # somewhere in every file that an export writes

Files = Iterable[tuple[str, str | bytes]]


@dataclass(frozen=True)
class Exported:
    """What an export did: the files of it, those of them that were the same before, and those of earlier exports."""

    files: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    left: tuple[Path, ...]  # beside the files, of the same kinds, by an earlier export, and not part of this one


def checked_format(name: str) -> str:
    """`name`, or CallError with the formats that exist."""
    if name not in FORMATS:
        raise CallError(f"there is no format {name!r}; there is {', '.join(FORMATS)}")
    return name


def refuse_options(form: str, asked: Iterable[str]) -> None:
    """Raises CallError for an option, by its name in Options, that the format does not honour; tells which formats do."""
    for option in asked:
        if option in honoured(form):
            continue
        others = [name for name in FORMATS if option in honoured(name)]
        able = f"; {_in_a_row(others)} {'does' if len(others) == 1 else 'do'}" if others else ", and no format does"
        raise CallError(f"{form} does not know {FLAGS[option]}{able}")


def _in_a_row(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def honoured(form: str) -> frozenset[str]:
    """The options that a format honours, by their names in Options."""
    return frozenset(getattr(import_module(FORMATS[form]), "OPTIONS", ()))


def export(scripts: Sequence[ProofScript], form: str, folder: Path, options: Options | None = None) -> Exported:
    """Write the identities to `folder`; all texts are made before the first is written.

    Files that an earlier export wrote are replaced; where they hold the same bytes they are not touched. Raises
    CallError, with nothing written, if the folder cannot be written to or holds a file of the same name that no export
    wrote, for options other than their defaults that the format does not honour, and for lines that an identity does not
    have.
    """
    module: Any = import_module(FORMATS[checked_format(form)])
    files: Callable[[Sequence[ProofScript], Options], Files] = module.files
    options = replace(options or Options(), folder=folder)
    refuse_options(form, _changed(options))
    _refuse_lines(scripts, options.lines or ())
    texts: dict[Path, str | bytes] = {}
    with spelled(options.spellings), progress("setting", None) as advance:
        for name, text in files(scripts, options):
            texts[folder / name] = text
            advance()
    for path in texts:
        _refuse_foreign(path)
    written = write_all(texts)
    return Exported(tuple(texts), tuple(path for path in texts if path not in {*written}), tuple(_left(texts)))


def _changed(options: Options) -> list[str]:
    """The options with a flag that are not at their defaults."""
    defaults = Options()
    return [name for name in FLAGS if getattr(options, name) != getattr(defaults, name)]


def _refuse_lines(scripts: Sequence[ProofScript], lines: Sequence[int]) -> None:
    """Lines are those of each theorem; corollaries are shown whole."""
    for script in scripts:
        count = len(script.theorem.lines)
        unknown = [str(number) for number in lines if not 1 <= number <= count]
        if unknown:
            raise CallError(f"{script.name} has no line {', '.join(unknown)}: its lines are 1 to {count}")


def _refuse_foreign(path: Path) -> None:
    """Raises CallError for what stands in a file's place and was not written by an export; folders are found later."""
    if path.is_symlink() and not path.exists():
        raise CallError(f"{path} is a link to nowhere; move it away, or choose another folder")
    if path.exists() and not path.is_dir() and not _is_ours(path):
        raise CallError(f"{path} was not written by proofsheet export; move it away, or choose another folder")


def _is_ours(path: Path) -> bool:
    try:
        return path.is_file() and MARK in path.read_bytes()
    except OSError:
        return False


def _left(texts: Collection[Path]) -> list[Path]:
    """Files that an earlier export wrote beside those of this one, of the same kinds. They are never removed."""
    places = {path.parent: {other.suffix for other in texts if other.parent == path.parent} for path in texts}
    beside = [one for place, kinds in places.items() for one in place.iterdir() if one.suffix in kinds]
    return sorted(one for one in beside if one not in {*texts} and _is_ours(one))
