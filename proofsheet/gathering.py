"""Tasks of the command line, with a progress bar on stderr; Ctrl-C leaves what is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from proofsheet.progress import progress
from proofsheet.workers import Limits, Outcome, Task, run


def gathered(tasks: Sequence[Task], jobs: int, limits: Limits, doing: str, receive: Callable[[Outcome], None]) -> bool:
    """Hand each outcome to `receive` as it comes; whether all came (False after Ctrl-C)."""
    try:
        with progress(doing, len(tasks)) as advance:
            for outcome in run(tasks, jobs, limits):
                receive(outcome)
                advance()
    except KeyboardInterrupt:
        return False
    return True
