"""Chunks of replicates, computed by any Executor and merged in their own order: the result does not depend on who worked.

Only `submit`, `Future.result` and `Future.cancel` are used, so that threads, processes, dask's `Client.get_executor()`
and other `concurrent.futures.Executor`s do alike. The chunks and their seeds are fixed by the check, not by the workers.

A worker that dies ends the run with ChunkLost: there is no second try here. A process pool cannot be used any more
after that, and schedulers such as dask have tried again themselves before they give up.
"""

from __future__ import annotations

import pickle
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from proofsheet.errors import ProofsheetError, ScriptError

NARROW, WIDE = 8, 256  # chunks under way: at first, and in a long run

Waiting = deque[tuple[int, "Future[Any]"]]


class ChunkLost(ProofsheetError):
    """A chunk of which no result came: its worker died, or the executor was shut down. Nothing is concluded without it."""

    def __init__(self, number: int, why: BaseException) -> None:
        super().__init__(
            f"chunk {number} was lost: the executor gave no result for it ({type(why).__name__}: {why}), so there is no "
            "verdict. Most often its worker was killed for its memory, or ended itself; run again with a new executor, or "
            "without one to see what happens."
        )
        self.number = number


def chunk_seed(entropy: int, check: int, chunk: int) -> np.random.SeedSequence:
    """The seed of one chunk of one check."""
    return np.random.SeedSequence(entropy, spawn_key=(check, chunk))


def chunks(
    task: Callable[..., Any], arguments: Iterator[tuple[Any, ...]], executor: Executor | None = None
) -> Generator[Any, None, None]:
    """task(*arguments) for each, in order; a bounded window of them is under way. Closing the iterator cancels the rest.

    What the task raises is raised here as it is. ChunkLost where the executor itself fails.
    """
    if executor is None:
        for each in arguments:
            yield task(*each)
        return
    remaining, waiting, taken = enumerate(arguments), Waiting(), 0
    try:
        while True:
            for number, each in islice(remaining, _window(taken) - len(waiting)):
                waiting.append((number, _submitted(executor, number, task, each)))
            if not waiting:
                return
            found = _result(*waiting[0])
            waiting.popleft()
            taken += 1
            yield found
    finally:
        for _, future in waiting:
            future.cancel()


def _window(taken: int) -> int:
    """How many may be under way: more in a long run, which a cluster can share; never much more than was of use so far."""
    return min(NARROW + taken, WIDE)


# ---- what goes wrong: the task, or the executor -------------------------------------------------------------------


@dataclass(frozen=True)
class _Raised:
    """An exception of the task itself, told apart from one of the executor; it stays one between processes."""

    error: Exception

    def __reduce__(self) -> tuple[Any, ...]:
        text, trace = f"{type(self.error).__name__}: {self.error}", "".join(traceback.format_exception(self.error))
        try:
            sent = pickle.dumps(self.error)
        except Exception:
            sent = b""
        return _received, (sent, text, trace)


def _received(sent: bytes, text: str, trace: str) -> _Raised:
    """The exception as it was raised; where its kind cannot be sent or is not known here, a ScriptError that says it."""
    try:
        error = pickle.loads(sent)  # of our own worker
    except Exception:
        error = ScriptError(text)
    error.add_note(f"In the worker:\n{trace}")
    return _Raised(error)


def _attempt(task: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    try:
        return task(*arguments)
    except Exception as error:
        return _Raised(error)


def _submitted(executor: Executor, number: int, task: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
    try:
        return executor.submit(_attempt, task, arguments)
    except Exception as error:
        problem = _explained(number, error)
    raise problem


def _result(number: int, future: Future[Any]) -> Any:
    problem: Exception
    try:
        found = future.result()
        if not isinstance(found, _Raised):
            return found
        problem = found.error
    except Exception as error:
        problem = _explained(number, error)
    raise problem


def _explained(number: int, error: Exception) -> ProofsheetError:
    """What an executor raised: an explanation of ours that it wraps (a task that cannot travel), or a lost chunk."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, ProofsheetError):
            return inner
        inner = inner.__cause__ or inner.__context__
    lost = ChunkLost(number, error)
    lost.__cause__ = error
    return lost
