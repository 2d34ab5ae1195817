"""Tasks in processes of their own, each with a time limit and a memory limit: what runs away is stopped, the rest goes on.

    for outcome in run(tasks, jobs=2, limits=Limits()):    outcome.value, or outcome.stopped: why there is none

A proof script is a program: it may loop for ever, eat the memory or end its process, and none of these may pass for a
result or take other identities along. A task names its function by module, so that the caller need not import it;
arguments and results are plain data. Workers are forked from a server that has loaded SymPy once (where there is no
fork, each loads it anew), never from the caller, whose threads must not be forked.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from pebble import CONSTS, ProcessExpired, ProcessPool

GIB = 2**30
PRELOADED = ["numpy", "scipy.special", "proofsheet.evidence", "proofsheet.audit"]


@dataclass(frozen=True)
class Limits:
    """Of one task: seconds, and bytes above what a worker has when it starts (None: no limit)."""

    seconds: float = 60.0
    memory: int | None = 2 * GIB


@dataclass(frozen=True)
class Task:
    """module.function(*arguments)."""

    module: str
    function: str
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a task returned; or, if it was stopped or lost, why."""

    task: Task
    value: Any = None
    stopped: str = ""


def run(tasks: Sequence[Task], jobs: int, limits: Limits) -> Iterator[Outcome]:
    """The outcomes in the order in which they come. With 0 jobs in this process, one by one, without limits.

    Closing the iterator, or a KeyboardInterrupt in it, stops all workers at once.
    """
    if jobs == 0:
        for task in tasks:
            yield _outcome(task, _guarded(task), limits)
        return
    CONSTS.sleep_unit = 0.02  # seconds between looks at the workers; a single identity should not wait for them
    pool: Any = ProcessPool(
        max_workers=max(1, min(jobs, len(tasks))), context=_context(), initializer=_prepare, initargs=[limits.memory]
    )
    try:
        futures: dict[Any, Task] = {
            pool.schedule(_guarded, args=[task], timeout=limits.seconds): task for task in tasks
        }
        for future in as_completed(futures):
            yield _received(futures[future], future, limits)
    except BaseException:
        pool.stop()
        raise
    finally:
        pool.close()
        pool.join()


def usable_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _context() -> Any:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


# ---- in the worker --------------------------------------------------------------------------------------------


def _prepare(memory: int | None) -> None:
    """Ctrl-C is the caller's to answer; memory is limited where the system can do that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    held = _held()
    if memory is not None and held is not None:
        resource = import_module("resource")  # not on Windows
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = held + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))


def _held() -> int | None:
    """The address space of this process in bytes; None where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None


def _guarded(task: Task) -> tuple[str, Any]:
    """What the task returns, or how it ended; exceptions of ours and of scripts do not cross between processes."""
    try:
        return "returned", getattr(import_module(task.module), task.function)(*task.arguments)
    except MemoryError:
        return "memory", None
    except KeyboardInterrupt:
        if multiprocessing.parent_process() is None:
            raise  # the user's own, in this process
        return "raised", "it interrupted itself"
    except BaseException as error:
        return "raised", f"{type(error).__name__}: {error}"


# ---- in the caller --------------------------------------------------------------------------------------------


def _received(task: Task, future: Any, limits: Limits) -> Outcome:
    try:
        return _outcome(task, future.result(), limits)
    except TimeoutError:
        return Outcome(task, stopped=f"stopped at the limit of {limits.seconds:g} s")
    except ProcessExpired as expired:
        return Outcome(task, stopped=f"its worker died (exit code {expired.exitcode})")
    except Exception as error:  # a result that cannot be sent
        return Outcome(task, stopped=f"its result was lost: {type(error).__name__}: {error}")


def _outcome(task: Task, ending: tuple[str, Any], limits: Limits) -> Outcome:
    how, value = ending
    if how == "returned":
        return Outcome(task, value)
    if how == "memory":
        limit = f" at the limit of {limits.memory / GIB:g} GiB" if limits.memory is not None else ""
        return Outcome(task, stopped=f"stopped for its memory{limit}")
    return Outcome(task, stopped=f"it ended without a result: {value}")
