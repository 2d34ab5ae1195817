"""What `proofsheet export` does between reading its options and printing what was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from proofsheet.catalogue import Entry
from proofsheet.entry_script import ProofScript, read
from proofsheet.errors import ProofsheetError
from proofsheet.export import Exported, checked_format, export, refuse_options
from proofsheet.formats.options import Options
from proofsheet.notation.spellings import Spellings
from proofsheet.notation_map import read_map, refuse_unfit
from proofsheet.progress import progress

SCHEMA = 1


def exported(
    entries: Sequence[Entry],
    form: str,
    folder: Path,
    asked: Mapping[str, Any],
    notation_file: Path | None,
    complain: Callable[[str], None],
) -> Exported:
    """Export the identities with the options that were given.

    Raises CallError for a wrong call, and ProofsheetError, after complaints of each, for identities that do not prove.
    """
    refuse_options(checked_format(form), asked)
    chosen = read_map(notation_file) if notation_file else Spellings()
    scripts = _proved(entries, complain)
    if len(scripts) < len(entries):
        raise ProofsheetError(f"nothing was written to {folder}")
    refuse_unfit(chosen, scripts)
    return export(scripts, form, folder, Options(**asked, spellings=chosen))


def _proved(entries: Sequence[Entry], complain: Callable[[str], None]) -> list[ProofScript]:
    """The identities whose theorems could be derived again; a complaint of each other."""
    scripts, complaints = list[ProofScript](), list[str]()
    with progress("deriving", len(entries)) as advance:
        for entry in entries:
            try:
                scripts.append(read(entry).derived_again())
            except ProofsheetError as error:
                complaints.append(str(error))
            advance()
    for text in complaints:
        complain(text)
    return scripts


def as_object(done: Exported, form: str) -> dict[str, Any]:
    """The object that `export --json` prints."""
    paths = {"files": done.files, "unchanged": done.unchanged, "left": done.left}
    return {"schema": SCHEMA, "format": form, **{name: [*map(str, found)] for name, found in paths.items()}}


def as_rows(done: Exported) -> list[str]:
    """The files, and which of them were the same before."""
    return [f"{path} (unchanged)" if path in done.unchanged else str(path) for path in done.files]


def remark_on(left: Sequence[Path]) -> str:
    """What is said of files of earlier exports that this one neither wrote nor removed; empty if there are none."""
    return f"of an earlier export, and left as they were: {', '.join(map(str, left))}" if left else ""
