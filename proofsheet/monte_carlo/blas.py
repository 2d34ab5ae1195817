"""One BLAS thread while draws are computed.

The rows of a pass fit in a core's cache, so that more threads only wait for each other: on a busy machine a QR of 1000 rows
took 20 times as long with two. And how many there are changes the order of sums, so that it may change the last bits: with
one, the bits of a chunk are the same in every executor. Who wants more cores hands in an executor with more workers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def _libraries() -> ThreadpoolController:
    """The BLAS libraries of this process; looking for them takes a millisecond."""
    return ThreadpoolController().select(user_api="blas")


@contextmanager
def one_thread() -> Iterator[None]:
    """For the calling process, within the block; afterwards as it was."""
    with _libraries().limit(limits=1):
        yield


def one_thread_for_good() -> None:
    """In a worker process, which does nothing else."""
    _libraries().limit(limits=1)
