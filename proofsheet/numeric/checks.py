"""What the numeric checks have in common: a check is run and gives a verdict with the facts that a report needs.

NumericCheck samples, EnumerationCheck sums over all outcomes, GradientCheck takes finite differences; `cases` holds
several of them under one theorem's name.
"""

from __future__ import annotations

import inspect
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError
from proofsheet.plain_text import print_to


class Verdict(ABC):
    """verdict: confirmed, refuted or undecided. Its text is for people, its facts are for reports."""

    verdict: str

    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """grade, estimate and interval (of left − right), closed_form, samples, tolerance, detectable, alpha (error rate),
        wrong_variant_refuted (None where none was given)."""

    @abstractmethod
    def __str__(self) -> str: ...


class Check(ABC):
    """A numeric check of a theorem; `seed` is None where nothing is drawn."""

    seed: int | None

    @abstractmethod
    def run(self, *, seed: int | None = None) -> Verdict:
        """Judge the closed form; raises ScriptError for a check that cannot be run as it is written."""

    def main(self, module_name: str) -> None:
        """Run and print if the script is run by hand; the last line of a check script: check.main(__name__)."""
        if module_name == "__main__":
            verdict = self.run()
            print_to(sys.stdout, str(verdict))
            if verdict.verdict != "confirmed":
                sys.exit(1 if verdict.verdict == "refuted" else 3)


def require_theorem(theorem: Any) -> None:
    """Raises ScriptError for what is no theorem, such as the module that holds it."""
    if not hasattr(theorem, "left") or not hasattr(theorem, "right"):
        raise ScriptError(f"a numeric check judges a theorem, proof(...).theorem, not {theorem!r}")


def called(function: Callable[..., Any], what: str, values: Mapping[str, Any]) -> NDArray[np.float64]:
    """function(**values) as a float array; ScriptError where it does not take these names or gives no numbers."""
    try:
        inspect.signature(function).bind(**values)
    except TypeError:
        takes, given = ", ".join(inspect.signature(function).parameters), ", ".join(values)
        raise ScriptError(f"{what} takes ({takes}); it is called with ({given}), by name") from None
    found = function(**values)
    try:
        return np.asarray(found, dtype=float)
    except (TypeError, ValueError):
        raise ScriptError(f"{what} gives {type(found).__name__}, not an array of numbers") from None


def cases(**checks: Check) -> Cases:
    """Several checks of one theorem, by name: check = cases(logistic=EnumerationCheck(...), poisson=...).

    Confirmed if every case is, refuted if one is. Raises ScriptError if a case is no check.
    """
    if not checks:
        raise ScriptError("cases(...) takes at least one check by name: cases(logistic=EnumerationCheck(...))")
    for name, check in checks.items():
        if not isinstance(check, Check):
            raise ScriptError(f"cases({name}=...): {check!r} is no numeric check")
    return Cases(checks)


@dataclass(frozen=True)
class Cases(Check):
    """Several checks of one theorem."""

    checks: Mapping[str, Check]

    @property
    def seed(self) -> int | None:  # type: ignore[override]
        return next((check.seed for check in self.checks.values() if check.seed is not None), None)

    def run(self, *, seed: int | None = None) -> CasesVerdict:
        return CasesVerdict({name: _named(name, check, seed) for name, check in self.checks.items()})


def _named(name: str, check: Check, seed: int | None) -> Verdict:
    try:
        return check.run(seed=seed)
    except ScriptError as error:
        raise ScriptError(f"case {name}: {error}") from None


@dataclass(frozen=True)
class CasesVerdict(Verdict):
    """The verdicts of all cases."""

    found: Mapping[str, Verdict]

    @property
    def verdict(self) -> str:  # type: ignore[override]
        return self.weakest[1].verdict

    @property
    def weakest(self) -> tuple[str, Verdict]:
        """The case that decides: a refuted one before an undecided one before a confirmed one."""
        order = ("refuted", "undecided", "confirmed")
        return min(self.found.items(), key=lambda pair: order.index(pair[1].verdict))

    def facts(self) -> dict[str, Any]:
        """The facts of the weakest case; error rates add up, and every case is listed."""
        each = {name: {"verdict": one.verdict, **one.facts()} for name, one in self.found.items()}
        name, weakest = self.weakest
        total = {**weakest.facts(), "alpha": sum(one["alpha"] for one in each.values())}
        return {**total, "case": name, "cases": each}

    def __str__(self) -> str:
        return "\n".join(f"{name}: {one}" for name, one in self.found.items())
