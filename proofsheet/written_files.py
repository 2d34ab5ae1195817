"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from proofsheet.errors import CallError


def write_all(texts: Mapping[Path, str | bytes]) -> list[Path]:
    """Write every file, text as UTF-8, under a temporary name beside its place, then move all of them there.

    A file that holds these bytes already is not touched; the paths that were written come back. Folders are made. Ctrl-C
    waits while the files are moved, so that there are all of them or none. Raises CallError, with no file written, if a
    folder cannot be made or written to or if a folder stands in a file's place.
    """
    data = {path: text.encode() if isinstance(text, str) else text for path, text in texts.items()}
    fresh = {path: content for path, content in data.items() if not _holds(path, content)}
    waiting: dict[Path, Path] = {}
    made: list[Path] = []
    try:
        for path, content in fresh.items():
            if path.is_dir():
                raise CallError(f"{path} is a folder; a file of that name is to be written")
            made += _missing(path.parent)
            path.parent.mkdir(parents=True, exist_ok=True)
            waiting[path] = path.with_name(f".{path.name}.{os.getpid()}")
            waiting[path].write_bytes(content)
        with _undisturbed():
            for path in fresh:
                os.replace(waiting[path], path)
        made.clear()
    except (FileExistsError, NotADirectoryError):  # mkdir: a file stands where a folder should be
        raise CallError(f"{_in_the_way(path)} is a file, not a folder") from None
    except OSError as error:
        raise CallError(f"{error.filename or path} cannot be written: {error.strerror or error}") from None
    finally:
        _clean(waiting.values(), made)
    return list(fresh)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _missing(folder: Path) -> list[Path]:
    """The folder and those above it that are still to be made, the innermost first."""
    return [one for one in (folder, *folder.parents) if not one.exists()]


def _in_the_way(path: Path) -> Path:
    """The file that stands in a folder's place above `path`."""
    return next((one for one in path.parents if one.exists() and not one.is_dir()), path.parent)


def _clean(temporary: Iterable[Path], made: Iterable[Path]) -> None:
    """Remove temporary files, and the empty folders that were made for what was not written."""
    for path in temporary:
        with suppress(OSError):
            path.unlink(missing_ok=True)
    for folder in sorted(made, key=lambda one: -len(one.parts)):
        with suppress(OSError):
            folder.rmdir()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C in the block is answered behind it. Only the main thread is sent one."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[bool] = []
    before = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
    if pressed:
        raise KeyboardInterrupt
