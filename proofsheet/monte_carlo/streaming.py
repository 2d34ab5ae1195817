"""Chunks of replicates, computed by any Executor and merged in their own order: the result does not depend on who worked.

Only `submit` and `Future.result` are used, so that threads, processes, dask's `Client.get_executor()` and other
`concurrent.futures.Executor`s do alike. The chunks and their seeds are fixed by the check, not by the workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from typing import Any

import numpy as np


def chunk_seed(entropy: int, check: int, chunk: int) -> np.random.SeedSequence:
    """The seed of one chunk of one check."""
    return np.random.SeedSequence(entropy, spawn_key=(check, chunk))


def chunks(
    task: Callable[..., Any], arguments: Iterator[tuple[Any, ...]], executor: Executor | None = None
) -> Iterator[Any]:
    """task(*arguments) for each, in order; a bounded window of them is under way. Closing the iterator cancels the rest."""
    for each in arguments:
        yield task(*each) if executor is None else executor.submit(task, *each).result()
