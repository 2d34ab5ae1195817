"""What SymPy says of each line of the battery: simplify(l − r) == 0 and (l − r).equals(0), in a worker that can be killed.

`simplify` is given the difference as it is, after doit(), expanded, with traces brought to the cyclic order that SymPy has
and does not use by itself, and with expectations expanded by its own linearity. A difference that does not come to 0 is
'refused', as people read it; SymPy itself makes no claim there. Conditional pairs are asked with the declared assumptions
and, in rows of their own, with bare complex symbols. Needs pebble.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as TooLate
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy as sp
from sympy.stats import Expectation

from battery.pairs import Claim, Pair
from battery.proofsheet_side import ACCEPTED, REFUSED, UNDECIDED, questions
from battery.subjects import load
from battery.to_sympy import Inexpressible, both_sides

SECONDS = 8.0  # of processor time, so that a busy machine takes nothing from SymPy
BACKSTOP = 5 * SECONDS  # on the clock; what does not listen to the signal is killed
NO_ANSWER = f"no answer in {SECONDS:.0f} s"
METHODS = ("simplify(l − r) == 0", "(l − r).equals(0)")


@dataclass(frozen=True)
class SympyAnswer:
    """A verdict of SymPy on one question; the same fields as the kernel's `Answer`."""

    name: str
    kind: str
    claim: Claim
    verdict: str
    note: str
    seconds: float


def sympy_columns() -> list[tuple[str, list[SympyAnswer]]]:
    """(tool, answers) for each way of asking."""
    pairs = load()
    conditional = [pair for pair in pairs if pair.is_conditional]
    columns = []
    for method in METHODS:
        columns.append((f"SymPy {method}, symbols as declared", asked(pairs, method, True)))
        columns.append((f"SymPy {method}, bare symbols, conditional pairs only", asked(conditional, method, False)))
    return columns


def asked(pairs: Iterable[Pair], method: str, declared: bool) -> list[SympyAnswer]:
    try:
        from pebble import ProcessPool
    except ImportError:
        raise SystemExit("asking SymPy needs a worker that can be killed: pip install pebble") from None
    found = []
    with ProcessPool(max_workers=1) as pool:
        for pair in pairs:
            for number, (kind, claim, mistake) in enumerate(questions(pair)):
                start = time.perf_counter()
                future = pool.schedule(ask, args=(pair.subject, pair.name, number, method, declared), timeout=BACKSTOP)
                try:
                    verdict, note = future.result()
                except TooLate:
                    verdict, note = UNDECIDED, NO_ANSWER
                except Exception as error:  # a worker may die of memory or recursion
                    verdict, note = UNDECIDED, f"{type(error).__name__}: {error}"
                name = f"{pair.subject}.{pair.name}"
                found.append(SympyAnswer(name, kind, claim, verdict, note or mistake, time.perf_counter() - start))
    return found


@cache
def _pairs() -> dict[tuple[str, str], Pair]:
    return {(pair.subject, pair.name): pair for pair in load()}


def ask(subject: str, name: str, number: int, method: str, declared: bool) -> tuple[str, str]:
    """SymPy's verdict on one question, in the worker."""
    claim = questions(_pairs()[subject, name])[number][1]
    try:
        left, right = both_sides(claim, declared)
    except Inexpressible as error:
        return UNDECIDED, f"not expressible: {error}"
    except Exception as error:
        return UNDECIDED, f"cannot be written: {type(error).__name__}: {error}"
    try:
        with _limited(SECONDS):
            return (_by_simplify if method == METHODS[0] else _by_equals)(left - right)
    except _OutOfTime:
        return UNDECIDED, NO_ANSWER
    except Exception as error:
        return UNDECIDED, f"{type(error).__name__}: {error}"


class _OutOfTime(BaseException):
    """Not an Exception, so that SymPy does not catch it."""


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raises _OutOfTime after this much processor time."""

    def stop(*_: object) -> None:
        raise _OutOfTime

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _is_zero(value: Any) -> bool:
    return value == 0 or bool(getattr(value, "is_ZeroMatrix", False))


def _by_simplify(difference: Any) -> tuple[str, str]:
    """Accepted if one way of asking comes to 0; refused if none does and none breaks down."""
    problems = []
    ways = (
        lambda: sp.simplify(difference),
        lambda: sp.simplify(difference.doit()),
        lambda: sp.simplify(sp.expand(difference.doit())),
        lambda: _with_ordered_traces(sp.expand(sp.expand(difference).doit())),
        lambda: _with_linear_expectations(difference),
    )
    for way in ways:
        try:
            if _is_zero(way()):
                return ACCEPTED, ""
        except Exception as error:
            problems.append(f"{type(error).__name__}: {error}")
    return (UNDECIDED, problems[0]) if problems else (REFUSED, "")


def _with_linear_expectations(difference: Any) -> Any:
    """Var and Cov as expectations, and these expanded by SymPy's own linearity, which it uses on request only."""
    plain = sp.expand(difference.rewrite(Expectation))
    for _ in range(3):  # expectations inside expectations
        plain = sp.expand(plain.replace(lambda part: isinstance(part, Expectation), lambda part: part.expand()))
    return plain


def _with_ordered_traces(difference: Any) -> Any:
    """tr(AB) = tr(BA) by SymPy's private rule; without it no rotation of a trace is found."""
    return sp.expand(difference.replace(sp.Trace, lambda inner: sp.Trace(inner).doit())).replace(
        lambda part: isinstance(part, sp.Trace), lambda part: part._normalize()
    )


def _by_equals(difference: Any) -> tuple[str, str]:
    if _is_zero(difference):
        return ACCEPTED, ""
    said = difference.equals(0)
    if said is None or not isinstance(said, bool):
        after = difference.doit()
        said = True if _is_zero(after) else after.equals(0)
    return {True: (ACCEPTED, ""), False: (REFUSED, "")}.get(said, (UNDECIDED, "equals: None"))
