"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from proofsheet.errors import CallError


def write_all(texts: Mapping[Path, str | bytes]) -> None:
    """Write every file, text as UTF-8, under a temporary name beside its place, then move all of them there; folders are made.

    Raises CallError, with no file written, if a folder cannot be made or written to or if a folder stands in a file's
    place.
    """
    waiting: dict[Path, Path] = {}
    try:
        for path, text in texts.items():
            if path.is_dir():
                raise CallError(f"{path} is a folder; a file of that name is to be written")
            path.parent.mkdir(parents=True, exist_ok=True)
            waiting[path] = path.with_name(f".{path.name}.{os.getpid()}")
            waiting[path].write_bytes(text.encode() if isinstance(text, str) else text)
        for path in texts:
            os.replace(waiting[path], path)
    except FileExistsError as error:  # mkdir: a file stands where a folder should be
        raise CallError(f"{error.filename} is a file, not a folder") from None
    except OSError as error:
        raise CallError(f"{error.filename or path} cannot be written: {error.strerror or error}") from None
    finally:
        for temporary in waiting.values():
            temporary.unlink(missing_ok=True)
