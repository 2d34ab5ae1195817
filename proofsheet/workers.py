"""Tasks in processes of their own, each with a time limit and a memory limit: what runs away is stopped, the rest goes on.

    for outcome in run(tasks, jobs=2, limits=Limits()):    outcome.value, or outcome.stopped: why there is none

A proof script is a program: it may loop for ever, eat the memory or end its process, and none of these may pass for a
result or take other identities along. A task names its function by module, so that the caller need not import it;
arguments and results are plain data. Each task gets a fresh process, forked from a server that has loaded SymPy once
(where there is no fork, each loads it anew), so that what one script leaves behind reaches no other. A pool of reused
workers was tried (pebble): it takes a worker that ends with exit code 0 for one that retired, and waits for its result.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import pickle
import signal
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

GIB = 2**30
ENDING = 5  # seconds of processor time that a caller may take to stop what is over its limit
START = 60.0  # seconds that a process may take to start, besides those of its task
ALSO_LOADED = {"proofsheet.evidence": ("numpy", "scipy.special")}  # by the tasks of a module, when they run


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
    context = _context(tasks)
    waiting, running = deque(tasks), list[_Worker]()
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(_Worker(context, waiting.popleft(), limits))
            soonest = min(worker.deadline for worker in running)
            wait([worker.results for worker in running], max(0.0, soonest - time.monotonic()))
            for worker in [*running]:
                outcome = worker.look()
                if outcome is not None:
                    running.remove(worker)
                    yield outcome
    finally:
        for worker in running:
            worker.end()


def expect(tasks: Sequence[Task], jobs: int) -> None:
    """Have the server load what the tasks need while the caller does something else; `run` need not wait for it then."""
    if tasks and jobs and _has_forkserver():
        _context(tasks)
        forkserver.ensure_running()


def usable_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _has_forkserver() -> bool:
    return "forkserver" in multiprocessing.get_all_start_methods()


def _context(tasks: Sequence[Task]) -> Any:
    """The server loads what the first tasks of this process need: a change afterwards is not seen, and costs time only."""
    if not _has_forkserver():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    modules = dict.fromkeys(task.module for task in tasks)
    context.set_forkserver_preload([*modules, *(other for one in modules for other in ALSO_LOADED.get(one, ()))])
    return context


# ---- in the caller --------------------------------------------------------------------------------------------


class _Worker:
    """One task in its process. `deadline` is counted from when the task says that it starts."""

    def __init__(self, context: Any, task: Task, limits: Limits) -> None:
        self.task, self.limits = task, limits
        self.results, theirs = context.Pipe(duplex=False)
        self.process = context.Process(target=_work, args=(task, limits, theirs), daemon=True)
        self.process.start()
        theirs.close()  # so that the end of the process is the end of the results
        self.deadline = time.monotonic() + START + limits.seconds

    def look(self) -> Outcome | None:
        """The outcome if there is one by now; a process that has one is ended."""
        while self.results.poll():
            try:
                message = self.results.recv_bytes()
            except (EOFError, OSError):
                self.process.join(1)
                return self._ended(Outcome(self.task, stopped=f"its worker died (exit code {self.process.exitcode})"))
            if message != STARTED:
                return self._ended(_outcome(self.task, _read(message), self.limits))
            self.deadline = time.monotonic() + self.limits.seconds
        if time.monotonic() < self.deadline:
            return None
        return self._ended(Outcome(self.task, stopped=f"stopped at the limit of {self.limits.seconds:g} s"))

    def _ended(self, outcome: Outcome) -> Outcome:
        self.end()
        return outcome

    def end(self) -> None:
        """Killed, not asked: there is nothing to save, and a script may turn a deaf ear."""
        self.process.kill()
        self.process.join()
        self.results.close()


def _read(message: bytes) -> tuple[str, Any]:
    try:
        how, value = pickle.loads(message)  # of our own process
    except Exception as error:
        return "lost", f"{type(error).__name__}: {error}"
    return how, value


def _outcome(task: Task, ending: tuple[str, Any], limits: Limits) -> Outcome:
    how, value = ending
    if how == "returned":
        return Outcome(task, value)
    if how == "memory":
        limit = f" at the limit of {limits.memory / GIB:g} GiB" if limits.memory is not None else ""
        return Outcome(task, stopped=f"stopped for its memory{limit}")
    word = "its result was lost" if how == "lost" else "it ended without a result"
    return Outcome(task, stopped=f"{word}: {value}")


# ---- in the worker --------------------------------------------------------------------------------------------

STARTED = b""


def _work(task: Task, limits: Limits, results: Connection) -> None:
    _prepare(limits)
    results.send_bytes(STARTED)
    results.send_bytes(_written(_guarded(task)))


def _written(ending: tuple[str, Any]) -> bytes:
    try:
        return pickle.dumps(ending)
    except MemoryError:
        return pickle.dumps(("memory", None))
    except Exception as error:
        return pickle.dumps(("lost", f"{type(error).__name__}: {error}"))


def _prepare(limits: Limits) -> None:
    """Ctrl-C is the caller's to answer; memory is limited where the system can do that, and time once more.

    The caller stops what takes too long; if the caller was killed, the system does. All cores at work do not use more.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit("RLIMIT_CPU", math.ceil(limits.seconds * usable_cores()) + ENDING)
    held = _held()
    if limits.memory is not None and held is not None:
        _limit("RLIMIT_AS", held + limits.memory)


def _limit(name: str, wanted: int) -> None:
    """Set a limit of this process that it cannot raise again, where the system has such limits."""
    try:
        resource = import_module("resource")  # not on Windows
    except ImportError:
        return
    _, hard = resource.getrlimit(getattr(resource, name))
    limit = wanted if hard < 0 else min(wanted, hard)
    resource.setrlimit(getattr(resource, name), (limit, limit))


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
