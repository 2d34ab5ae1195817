"""Chunks in any executor: their order, the window, what is cancelled, and what becomes of workers and tasks that fail."""

import math
import os
import signal
import threading
import time
from collections import deque
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from proofsheet.errors import ProofsheetError, ScriptError
from proofsheet.monte_carlo import streaming
from proofsheet.monte_carlo.streaming import ChunkLost, chunk_seed, chunks


class ByHand(Executor):
    """Does nothing until a result is asked for, and writes down what happens."""

    def __init__(self, interrupted_at=None, broken_at=None):
        self.submitted, self.asked, self.futures = 0, 0, []
        self.interrupted_at, self.broken_at = interrupted_at, broken_at
        self.most_waiting = 0

    def submit(self, function, *arguments):
        if self.submitted == self.broken_at:
            raise BrokenExecutor("no more")
        future = _Future(self, lambda: function(*arguments), self.submitted)
        self.submitted += 1
        self.most_waiting = max(self.most_waiting, self.submitted - self.asked)
        self.futures.append(future)
        return future


class _Future(Future):
    def __init__(self, executor, action, number):
        super().__init__()
        self.executor, self.action, self.number = executor, action, number

    def result(self, timeout=None):
        if self.number == self.executor.interrupted_at:
            raise KeyboardInterrupt
        self.executor.asked += 1
        return self.action()


def numbers(count, into=None):
    for k in range(count):
        if into is not None:
            into.append(k)
        yield (k,)


def later_first(k):
    time.sleep(0.002 * (7 - k % 8))
    return k


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_order_whoever_is_first(workers):
    with ThreadPoolExecutor(workers) as pool:
        assert list(chunks(later_first, numbers(30), pool)) == list(range(30))
    assert list(chunks(later_first, numbers(10))) == list(range(10))


def test_arguments_are_taken_as_they_are_needed_and_no_more_than_a_window_of_them():
    by_hand, drawn = ByHand(), []
    found = chunks(math.sqrt, numbers(10_000, drawn), by_hand)
    next(found)
    assert len(drawn) == by_hand.submitted == 8
    for taken in range(2, 2000):
        next(found)
        assert by_hand.submitted - by_hand.asked <= min(8 + taken, 256)
    assert 200 < by_hand.most_waiting <= 256  # a long run may use a cluster
    assert len(list(found)) == 10_000 - 1999


def test_in_this_process_one_is_computed_at_a_time():
    drawn = []
    found = chunks(math.sqrt, numbers(100, drawn))
    assert drawn == []
    next(found), next(found)
    assert drawn == [0, 1]


def test_closing_cancels_what_waits():
    by_hand = ByHand()
    found = chunks(math.sqrt, numbers(100), by_hand)
    next(found), next(found)
    found.close()
    assert [future.cancelled() for future in by_hand.futures[:2]] == [False, False]
    assert len(by_hand.futures) == 10 and all(future.cancelled() for future in by_hand.futures[2:])


def test_a_verdict_leaves_threads_idle():
    done, gate = [], threading.Event()

    def task(k):
        if k:
            gate.wait(10)
        done.append(k)
        return k

    with ThreadPoolExecutor(1) as pool:
        for _ in chunks(task, numbers(100), pool):
            break
        gate.set()
    assert len(done) <= 2  # the first, and the one that had begun


def test_an_interrupt_cancels_everything_and_passes_through():
    by_hand = ByHand(interrupted_at=3)
    with pytest.raises(KeyboardInterrupt):
        list(chunks(math.sqrt, numbers(100), by_hand))
    assert all(future.cancelled() for future in by_hand.futures[3:])


def test_a_real_interrupt_while_threads_work():
    done = []

    def task(k):
        if k == 2:
            signal.raise_signal(signal.SIGINT)  # runs the handler in the main thread, which waits for a result
        time.sleep(0.01)
        done.append(k)

    with ThreadPoolExecutor(1) as pool, pytest.raises(KeyboardInterrupt):
        list(chunks(task, numbers(1000), pool))
    assert len(done) <= 4


# ---- the executor fails -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_worker_that_dies_is_an_error_that_names_the_chunk(method):
    with ProcessPoolExecutor(1, mp_context=get_context(method)) as pool:
        with pytest.raises(ChunkLost, match=r"chunk 0 was lost.*BrokenProcessPool.*no\s+verdict") as raised:
            list(chunks(os._exit, iter([(3,), (0,)]), pool))
        assert isinstance(raised.value, ProofsheetError) and isinstance(raised.value.__cause__, BrokenExecutor)
        with pytest.raises(ChunkLost):  # the pool is broken for good: a new run in it is an error, no verdict
            list(chunks(math.sqrt, numbers(3), pool))


def test_results_before_the_lost_chunk_are_given():
    found = chunks(math.sqrt, numbers(30), ByHand(broken_at=8))
    assert next(found) == 0.0
    with pytest.raises(ChunkLost, match="chunk 8 "):
        next(found)


def test_an_executor_that_was_shut_down_is_an_error():
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(ChunkLost, match="shutdown"):
        list(chunks(math.sqrt, numbers(3), pool))


def test_futures_that_somebody_cancels_are_an_error():
    class Cancelling(ThreadPoolExecutor):
        def submit(self, *arguments):
            future = Future()
            future.cancel()
            return future

    with pytest.raises(ChunkLost, match="CancelledError"):
        list(chunks(math.sqrt, numbers(3), Cancelling(1)))


def test_an_error_of_the_executor_is_not_taken_for_one_of_the_task():
    """A task may raise what an executor raises: it passes through all the same."""

    def task(k):
        raise BrokenExecutor("the task's own")

    with ThreadPoolExecutor(1) as pool, pytest.raises(BrokenExecutor, match="the task's own"):
        list(chunks(task, numbers(3), pool))


# ---- the task fails -----------------------------------------------------------------------------------------------


class Own(Exception):
    def __init__(self, one, two):  # cannot be unpickled from its args
        super().__init__(f"{one} and {two}")


def test_an_exception_of_the_task_is_the_very_one_in_threads():
    mine = Own(1, 2)

    def task(k):
        if k == 5:
            raise mine
        return k

    with ThreadPoolExecutor(2) as pool:
        found = chunks(task, numbers(20), pool)
        assert [next(found) for _ in range(5)] == [0, 1, 2, 3, 4]
        with pytest.raises(Own) as raised:
            next(found)
    assert raised.value is mine and mine.__cause__ is None


def test_an_exception_of_the_task_crosses_processes_with_its_traceback():
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        with pytest.raises(ValueError, match="math domain error") as raised:
            list(chunks(math.sqrt, iter([(4.0,), (-1.0,)]), pool))
        assert "In the worker:\nTraceback" in raised.value.__notes__[0]
        assert list(chunks(math.sqrt, iter([(4.0,)]), pool)) == [2.0]  # the pool still works


def test_an_exception_that_cannot_be_sent_is_told():
    sent = streaming._Raised(Own("this", "that")).__reduce__()
    error = sent[0](*sent[1]).error
    assert type(error) is ScriptError and str(error) == "Own: this and that"
    local = type("Local", (Exception,), {})("gone")
    sent = streaming._Raised(local).__reduce__()
    assert str(sent[0](*sent[1]).error) == "Local: gone"


def test_an_error_in_the_arguments_cancels_too():
    def arguments():
        yield from numbers(3)
        raise Own("no", "more")

    by_hand = ByHand()
    with pytest.raises(Own):
        list(chunks(math.sqrt, arguments(), by_hand))
    assert len(by_hand.futures) == 3 and all(future.cancelled() for future in by_hand.futures)


def test_a_task_that_cannot_travel_says_why():
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        with pytest.raises(ScriptError, match="stays at home"):
            list(chunks(math.sqrt, iter([(_AtHome(),)]), pool))
        with pytest.raises(ChunkLost, match="pickle"):
            list(chunks(math.sqrt, iter([(lambda: 0,)]), pool))


class _AtHome:
    def __reduce__(self):
        raise ScriptError("this stays at home")


# ---- seeds --------------------------------------------------------------------------------------------------------


def test_seeds_differ_in_each_part_of_their_key():
    keys = [
        (1, 2, 3),
        (1, 2, 4),
        (1, 3, 3),
        (2, 2, 3),
        (1, 2**40, 3),
        (1, 2**40 + 2, 3),
        (1, 2, 2**20),
        (1, 0, 0),
        (0, 0, 0),
    ]
    states = {tuple(chunk_seed(*key).generate_state(4, np.uint64)) for key in keys}
    assert len(states) == len(keys)
    assert deque(chunk_seed(1, 2, 3).generate_state(4)) == deque(chunk_seed(1, 2, 3).generate_state(4))
