"""The false-alarm budget of a suite, split over its checks.

A false alarm is any statement that is not so: a true closed form refuted, one that is off by the tolerance confirmed, a
variant refuted that is true, a variance bounded too low. Each has an error rate, and by the union bound the rates add up,
however the checks depend on each other (on the same draws, say).

The share is that of the whole catalogue, also where only some of its scripts are run: what a check says does not depend
on which others run beside it. The budget is that of one run; a run with fresh draws has one of its own.
"""

from __future__ import annotations

from proofsheet.errors import ScriptError

SUITE = 1e-9  # the probability that any check of a suite says what is not so, in one run


def share(total: float, checks: int) -> float:
    """What each of so many checks may spend. Raises ScriptError for a total that is no probability, and for no checks."""
    if not 0 < total < 1:
        raise ScriptError(f"the false-alarm budget is a probability between 0 and 1, not {total!r}")
    if checks < 1:
        raise ScriptError(f"the false-alarm budget is split over at least one check, not {checks}")
    return total / checks
