"""Writes derivations for other programs to set, in one of the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from proofsheet.entry_script import ProofScript
from proofsheet.errors import CallError
from proofsheet.formats.options import Options
from proofsheet.notation.spellings import spelled
from proofsheet.written_files import write_all

# The module of each format has files(scripts, options), which yields (path inside the folder, text or bytes).
FORMATS: Mapping[str, str] = {"latex": "proofsheet.formats.latex", "html": "proofsheet.formats.html"}
MARK = b"Written by proofsheet export"  # somewhere in every file that an export writes

Files = Iterable[tuple[str, str | bytes]]


def checked_format(name: str) -> str:
    """`name`, or CallError with the formats that exist."""
    if name not in FORMATS:
        raise CallError(f"there is no format {name!r}; there is {', '.join(FORMATS)}")
    return name


def export(scripts: Sequence[ProofScript], form: str, folder: Path, options: Options | None = None) -> list[Path]:
    """Write the identities to `folder`; all texts are made before the first is written.

    Files that an earlier export wrote are replaced. Raises CallError, with nothing written, if the folder cannot be
    written to or holds a file of the same name that no export wrote.
    """
    module: Any = import_module(FORMATS[checked_format(form)])
    files: Callable[[Sequence[ProofScript], Options], Files] = module.files
    options = options or Options()
    with spelled(options.spellings):
        texts = {folder / name: text for name, text in files(scripts, options)}
    for path in texts:
        if path.is_file() and MARK not in path.read_bytes():
            raise CallError(f"{path} was not written by proofsheet export; move it away, or choose another folder")
    write_all(texts)
    return list(texts)
