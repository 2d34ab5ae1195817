"""Tasks of the command line, with a progress bar on stderr; Ctrl-C leaves what is known."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from proofsheet.workers import Limits, Outcome, Task, run


def gathered(tasks: Sequence[Task], jobs: int, limits: Limits, doing: str, receive: Callable[[Outcome], None]) -> bool:
    """Hand each outcome to `receive` as it comes; whether all came (False after Ctrl-C)."""
    try:
        progress, console = import_module("rich.progress"), import_module("rich.console")
        bar = progress.Progress(console=console.Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
        with bar:
            counted = bar.add_task(doing, total=len(tasks))
            for outcome in run(tasks, jobs, limits):
                receive(outcome)
                bar.advance(counted)
    except KeyboardInterrupt:
        return False
    return True
