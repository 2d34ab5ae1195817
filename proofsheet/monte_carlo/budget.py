"""The false-alarm budget of a suite, split over its checks: who may spend how much, and what was spent.

A false alarm is any statement that is not so: a true closed form refuted, one that is off by the tolerance confirmed, a
variant refuted that is true, a variance bounded too low. Each has an error rate, and by the union bound the rates add up,
however the checks depend on each other (on the same draws, say). So a run of many checks:

    budget = Budget()                                  # of the suite: 1e-9
    share = budget.share(len(scripts))                 # of one script: all scripts of the catalogue that sample, run or not
    verdict = check.run(Options(level=share))
    budget.spend(name, verdict.facts()["alpha"])       # 0 where nothing was sampled; a check takes no more than its level
    budget.spent, budget.ledger                        # for the report

The share is that of the whole catalogue, also where only some of its scripts are run: what a check says does not depend
on which others run beside it. A fresh seed is a further run: `Budget(SUITE / runs)` where it is known how many.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum
from types import MappingProxyType

from proofsheet.errors import ScriptError

SUITE = 1e-9  # the probability that any check of a suite says what is not so
ROUNDING = 1e-9  # relative: shares add up to the total but for rounding


class Budget:
    """An error rate for a whole suite, and the ledger of what its checks spent of it.

    Raises ScriptError for a total that is no probability, and for a check that takes what is not there.
    """

    def __init__(self, total: float = SUITE) -> None:
        if not 0 < total < 1:
            raise ScriptError(f"the false-alarm budget is a probability between 0 and 1, not {total!r}")
        self.total = total
        self._spent: dict[str, float] = {}

    def share(self, checks: int) -> float:
        """What each of so many checks may spend."""
        if checks < 1:
            raise ScriptError(f"the false-alarm budget is split over at least one check, not {checks}")
        return self.total / checks

    def spend(self, name: str, level: float) -> None:
        """Enter what a check spent; a second run of the same check is spent on top."""
        if not 0 <= level < 1:
            raise ScriptError(f"{name} spends the error rate {level!r}, which is no probability")
        if self.spent + level > self.total * (1 + ROUNDING):
            raise ScriptError(
                f"{name} takes {level:.3g} of the false-alarm budget, of which {self.left:.3g} is left; give each check "
                "its share of the whole catalogue"
            )
        self._spent[name] = self._spent.get(name, 0.0) + level

    @property
    def ledger(self) -> Mapping[str, float]:
        """{check: what it spent}."""
        return MappingProxyType(self._spent)

    @property
    def spent(self) -> float:
        return fsum(self._spent.values())

    @property
    def left(self) -> float:
        return max(0.0, self.total - self.spent)
