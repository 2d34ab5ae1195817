"""A progress bar on stderr, where somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module


@contextmanager
def progress(doing: str, total: int | None) -> Iterator[Callable[[], None]]:
    """A bar that is gone afterwards; what is yielded is to be called after each of the `total` tasks."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    rich, console = import_module("rich.progress"), import_module("rich.console")
    with rich.Progress(console=console.Console(stderr=True), transient=True) as bar:
        counted = bar.add_task(doing, total=total)
        yield lambda: bar.advance(counted)
