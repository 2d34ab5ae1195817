"""What earlier exports left in a folder, for files that are shared with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from proofsheet.export import MARK


def left_sources(folder: Path | None, own: Collection[str]) -> Iterator[str]:
    """The sources of LaTeX there by earlier exports which this one does not write over: their macros stay defined."""
    for path in sorted(folder.glob("*.tex")) if folder is not None else ():
        try:
            text = path.read_bytes() if path.name not in own else b""
        except OSError:
            continue
        if MARK in text:
            yield text.decode(errors="replace")
