"""What the numeric checks have in common: a check is run and gives a verdict with the facts that a report needs.

NumericCheck sums, integrates or samples; ApproximationCheck encloses what a Taylor remainder leaves; GradientCheck compares
derivatives with a theorem, SubgradientCheck does at a kink. `cases` holds several of them under one theorem's name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from importlib import import_module
from numbers import Integral
from typing import Any

from proofsheet.errors import CallError, ScriptError
from proofsheet.monte_carlo.budget import SUITE
from proofsheet.monte_carlo.sources import Source

# What a verdict rests on, from what nothing bounds (a limit theorem, estimates from finer steps), over what may err by chance,
# to what rounding is followed in, and to fractions.
GRADES = (
    "asymptotic", "estimated error", "numerical quadrature", "non-asymptotic", "enumeration", "interval", "computed",
)  # fmt: skip


@dataclass(frozen=True)
class Options:
    """How a check is run; what it says does not depend on executor, and on seed and backend only through the draws.

        check.run(Options(seed=7))
        with ProcessPoolExecutor() as pool:  # the workers find the check by its script
            check.run(Options(executor=pool, seed=7))
        check.run(Options(backend="torch"))

    seed        of the draws; the check's own where None
    level       the probability with which it may say what is not so: its share of the suite's false-alarm budget
    executor    a concurrent.futures.Executor that computes chunks; this process where None
    backend     where arrays live: numpy, torch, torch:cuda, cupy
    label       which of several cases it is
    progress    called with (share of the budget of draws that is used, a few words)
    """

    seed: int | None = None
    level: float = SUITE
    executor: Executor | None = None
    backend: str = "numpy"
    label: str = ""
    progress: Callable[[float, str], None] | None = None

    def __post_init__(self) -> None:
        """Raises ScriptError for an executor that is none, and a seed that is none."""
        if self.executor is not None and not callable(getattr(self.executor, "submit", None)):
            raise ScriptError(
                "executor takes an executor of concurrent.futures: with ProcessPoolExecutor() as pool: "
                f"check.run(Options(executor=pool)); not {self.executor!r}"
            )
        if self.seed is not None and (not isinstance(self.seed, Integral) or self.seed < 0):
            raise ScriptError(f"seed takes a whole number from 0 on, not {self.seed!r}")


DEFAULT = Options()


def variants_line(variants: Sequence[VariantSeen]) -> str:
    """What became of the registered wrong variants, in one line, and the reasons of those that were not seen."""
    if not variants:
        return "no wrong variant registered"
    seen = [one for one in variants if not one.unseen]
    lines = [f"wrong variants: {sum(one.refuted for one in seen)} of {len(variants)} refuted"]
    lines += [f"    NOT refuted: {one.mistake}" for one in seen if not one.refuted]
    lines += [f"    not seen: {one.mistake}: {one.unseen}" for one in variants if one.unseen]
    return "\n    ".join(lines)


@dataclass(frozen=True)
class VariantSeen:
    """What a check says of one registered wrong variant.

    gap     variant − closed form at the instance, in units of the closed form's own scale of tolerance; None where unknown
    unseen  why this check cannot see it: empty where it can
    """

    mistake: str
    refuted: bool
    gap: float | None = None
    unseen: str = ""


class Verdict(ABC):
    """verdict: confirmed, refuted or undecided. Its text is for people, its facts are for reports.

    interrupted     Ctrl-C ended it early: it says what was known then
    """

    verdict: str
    variants: tuple[VariantSeen, ...] = ()
    interrupted: bool = False

    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """method, grade, variance, estimate, interval, closed_form, samples, tolerance, detectable, alpha and seed.

        estimate, interval and tolerance are in the units of the closed form, which they are about; where they are about
        something else, `judged` says what ("left − right"). detectable is relative to the closed form. alpha is the error
        rate, 0.0 where nothing is sampled, seed None where nothing is drawn.
        """

    @abstractmethod
    def __str__(self) -> str: ...


class Check(ABC):
    """A numeric check of a theorem; `seed` is None where nothing is drawn."""

    seed: int | None

    @abstractmethod
    def run(self, options: Options = DEFAULT) -> Verdict:
        """Judge the closed form; raises ScriptError for a check that cannot be run as it is written."""

    @property
    def claims(self) -> int:
        """How many parts of the false-alarm budget it needs: 0 where nothing is sampled."""
        return 0

    def each(self, options: Options = DEFAULT, case: str | None = None) -> Iterator[tuple[str, Verdict]]:
        """The verdict of each case by its name, as it comes ("" names the only one); of one case alone if it is named.

        A case draws what it draws and spends what it spends whether the others are run or not. Raises CallError for a
        case that there is not.
        """
        if case is not None:
            raise CallError(f"there is no case {case!r}: this check is one case, without a name")
        yield "", self.run(options)

    def main(self, module_name: str) -> None:
        """Run and print if the script is run by hand; the last line of a check script: check.main(__name__)."""
        if module_name == "__main__":
            import_module("proofsheet.numeric.by_hand").main(self)


def require_theorem(theorem: Any) -> None:
    """Raises ScriptError for what is no theorem, such as the module that holds it."""
    if not hasattr(theorem, "left") or not hasattr(theorem, "right"):
        raise ScriptError(f"a numeric check judges a theorem, proof(...).theorem, not {theorem!r}")


def require_sources(sources: Mapping[str, Any]) -> None:
    """Raises ScriptError for what is no source."""
    for name, source in sources.items():
        if not isinstance(source, Source):
            raise ScriptError(f"sources: {name} is {source!r}, not normal(...), bernoulli(...) or another source")


class CheckOfTheorem(Check):
    """A check of one theorem; `closed_form` is judged in place of its right side, for testing the check itself."""

    theorem: Any
    closed_form: Any

    @property
    def judged(self) -> Any:
        return self.theorem.right if self.closed_form is None else self.closed_form


def cases(**checks: Check) -> Cases:
    """Several checks of one theorem, by name: check = cases(logistic=NumericCheck(...), poisson=...).

    Confirmed if every case is, refuted if one is. Raises ScriptError if a case is no check, or cases itself: one name
    tells a case, and names its draws.
    """
    if not checks:
        raise ScriptError("cases(...) takes at least one check by name: cases(logistic=NumericCheck(...))")
    for name, check in checks.items():
        if not isinstance(check, Check):
            raise ScriptError(f"cases({name}=...): {check!r} is no numeric check")
        if isinstance(check, Cases):
            inner = ", ".join(f"{name}_{one}=..." for one in check.checks)
            raise ScriptError(f"cases({name}=cases(...)): cases are not nested; write cases({inner})")
    return Cases(checks)


@dataclass(frozen=True)
class Cases(Check):
    """Several checks of one theorem."""

    checks: Mapping[str, Check]

    @property
    def seed(self) -> int | None:  # type: ignore[override]
        return next((check.seed for check in self.checks.values() if check.seed is not None), None)

    @property
    def claims(self) -> int:
        return sum(check.claims for check in self.checks.values())

    def run(self, options: Options = DEFAULT) -> CasesVerdict:
        """The verdicts of the cases; those known so far where Ctrl-C ends it and some are known."""
        found: dict[str, Verdict] = {}
        try:
            for name, verdict in self.each(options):
                found[name] = verdict
        except KeyboardInterrupt:
            if not found:
                raise
        return CasesVerdict(found, tuple(name for name in self.checks if name not in found))

    def each(self, options: Options = DEFAULT, case: str | None = None) -> Iterator[tuple[str, Verdict]]:
        if case is not None and case not in self.checks:
            raise CallError(f"there is no case {case!r}; there is {', '.join(self.checks)}")
        share = options.level / max(1, self.claims)
        for name, check in self.checks.items():
            if case not in (None, name):
                continue
            verdict = _named(name, check, replace(options, level=share * check.claims, label=name))
            yield name, verdict
            if verdict.interrupted:
                return


def _named(name: str, check: Check, options: Options) -> Verdict:
    try:
        return check.run(options)
    except ScriptError as error:
        raise ScriptError(f"case {name}: {error}") from None


@dataclass(frozen=True)
class CasesVerdict(Verdict):
    """The verdicts of all cases.

    A registered variant is seen if one case sees it. One that is seen and that no case refutes leaves the whole undecided,
    and so does a case that was not judged.

    not_run     the cases that Ctrl-C left without a verdict
    """

    found: Mapping[str, Verdict]
    not_run: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:  # type: ignore[override]
        worst = self.weakest[1].verdict
        is_open = bool(self.not_run or not_refuted(self.variants))
        return "undecided" if worst == "confirmed" and is_open else worst

    @property
    def variants(self) -> tuple[VariantSeen, ...]:  # type: ignore[override]
        return joined_variants([one.variants for one in self.found.values()])

    @property
    def interrupted(self) -> bool:  # type: ignore[override]
        return bool(self.not_run) or any(one.interrupted for one in self.found.values())

    @property
    def weakest(self) -> tuple[str, Verdict]:
        """The case that decides: a refuted one before an undecided one before a confirmed one.

        Of these the one whose grade says least: what nothing bounds, before what may err by chance, before what cannot.
        """
        return min(self.found.items(), key=lambda pair: _strength(pair[1]))

    def facts(self) -> dict[str, Any]:
        """The facts of the weakest case; error rates add up, and every case is listed."""
        each = {name: facts_of(one) for name, one in self.found.items()}
        name, _ = self.weakest
        total = {**each[name], "alpha": sum(one["alpha"] for one in each.values())}
        return {**total, "case": name, "cases": each}

    def __str__(self) -> str:
        lines = [f"{name}{' (interrupted)' * one.interrupted}: {one}" for name, one in self.found.items()]
        return "\n".join(lines + [f"interrupted; not judged: {', '.join(self.not_run)}"] * bool(self.not_run))


def _strength(verdict: Verdict) -> tuple[int, int]:
    """Raises ValueError for a grade that has no place in GRADES."""
    return ("refuted", "undecided", "confirmed").index(verdict.verdict), GRADES.index(verdict.facts()["grade"])


# ---- what is reported of a verdict and of the wrong variants ------------------------------------------------------


def facts_of(verdict: Verdict) -> dict[str, Any]:
    """The facts of a verdict, with the word itself and what became of the wrong variants; plain data."""
    return {**verdict.facts(), "verdict": verdict.verdict, "variants": variant_facts(verdict.variants)}


def drawn_facts(verdict: Any, *, method: str, grade: str, variance: str, samples: int) -> dict[str, Any]:
    """The facts of a verdict on draws, which has the attributes claim, tolerance, estimate, interval, level and seed."""
    return {
        "method": method,
        "grade": grade,
        "variance": variance,
        "estimate": verdict.estimate,
        "interval": list(verdict.interval),
        "closed_form": verdict.claim,
        "samples": samples,
        "tolerance": verdict.tolerance,
        "detectable": verdict.detectable,
        "alpha": verdict.level,
        "seed": verdict.seed,
    }


def variant_facts(variants: Sequence[VariantSeen]) -> dict[str, Any]:
    """total, refuted, not_refuted (mistakes that were seen and not refuted) and unseen ({mistake: why})."""
    return {
        "total": len(variants),
        "refuted": sum(one.refuted for one in variants),
        "not_refuted": [one.mistake for one in not_refuted(variants)],
        "unseen": {one.mistake: one.unseen for one in variants if one.unseen},
    }


def not_refuted(variants: Iterable[VariantSeen]) -> list[VariantSeen]:
    """Those that can be seen, and that stand."""
    return [one for one in variants if not one.unseen and not one.refuted]


def joined_variants(groups: Iterable[Sequence[VariantSeen]]) -> tuple[VariantSeen, ...]:
    """Each variant once: refuted if one case refutes it, unseen if every case that knows it says why it sees nothing."""
    found: dict[str, VariantSeen] = {}
    for one in (variant for group in groups for variant in group):
        found[one.mistake] = max(found.get(one.mistake, one), one, key=lambda v: (v.refuted, not v.unseen))
    return tuple(found.values())


__all__ = [
    "DEFAULT", "GRADES", "Cases", "CasesVerdict", "Check", "CheckOfTheorem", "Options", "VariantSeen", "Verdict", "cases",
    "drawn_facts", "facts_of", "joined_variants", "not_refuted", "require_sources", "require_theorem", "variant_facts",
    "variants_line",
]  # fmt: skip
