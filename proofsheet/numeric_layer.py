"""The layer monte_carlo: the numeric check beside a proof, run with its share of the suite's false-alarm budget."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from proofsheet.catalogue import Entry, check_scripts
from proofsheet.entry_script import run_script
from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.budget import share
from proofsheet.notation.scope import LAW, dependencies
from proofsheet.notation.text import set_line
from proofsheet.notation.tree import Plus
from proofsheet.numeric.checks import Cases, CasesVerdict, Check, Options, Verdict, facts_of

SUBTRACTING = ("e-process", "quasi-Monte Carlo")  # the others judge the whole right side
CONFIRMED, REFUTED, UNDECIDED = "confirmed", "refuted", "undecided"


@dataclass(frozen=True)
class Judged:
    """What a numeric check says of an entry: its verdict, the facts for reports, and what is to be told of a bad one."""

    verdict: str
    facts: dict[str, Any]
    message: str
    check: Check
    outcome: Verdict  # of the check, before variants that it did not try are held against it


def share_of(script: Path, budget: float) -> float:
    """What one check script may spend: equal parts for all that lie in its folder, whichever of them are run."""
    return share(budget, check_scripts(script.resolve().parent))


def check_of(entry: Entry) -> Check:
    """The numeric check of an entry; ScriptError where its script cannot be run or defines none."""
    if entry.check is None:
        raise ScriptError(f"{entry.name} has no numeric check")
    check = getattr(run_script(entry.name, entry.check), "check", None)
    if not isinstance(check, Check):
        raise ScriptError(f"{entry.check.name} defines no check; write check = NumericCheck(...) or a sibling of it")
    return check


def judged(entry: Entry, mistakes: Iterable[str], seed: int | None, budget: float) -> Judged:
    """Run the check of an entry. `mistakes` are those of its registered variants: each is tried, or it is not decided."""
    assert entry.check is not None
    check = check_of(entry)
    start = time.perf_counter()
    verdict = check.run(Options(seed=seed, level=share_of(entry.check, budget)))
    if verdict.interrupted:
        raise KeyboardInterrupt
    facts = {**with_parts(reported(verdict, mistakes), check), "seconds": round(time.perf_counter() - start, 4)}
    told = "\n".join(f"{entry.name}, monte_carlo{text}" for text in _told(verdict, facts["variants"]))
    return Judged(facts["verdict"], facts, told, check, verdict)


def reported(verdict: Verdict, mistakes: Iterable[str]) -> dict[str, Any]:
    """The facts of a verdict; it is undecided where a registered variant was not tried, or seen and not refuted."""
    facts = facts_of(verdict)
    tried = {one.mistake for one in verdict.variants}
    variants = {**facts["variants"], "untried": [one for one in mistakes if one not in tried]}
    is_open = bool(variants["untried"] or variants["not_refuted"])
    word = UNDECIDED if is_open and verdict.verdict == CONFIRMED else verdict.verdict
    return {**facts, "verdict": word, "variants": variants}


def with_parts(facts: dict[str, Any], check: Check) -> dict[str, Any]:
    """The facts, with `part` where the closed form is a part of the right side only: its expectations are subtracted."""
    if isinstance(check, Cases) and "cases" in facts:
        cases = {name: with_parts(one, check.checks[name]) for name, one in facts["cases"].items()}
        part = cases[facts["case"]].get("part", "")
        facts = {**facts, "cases": cases}
    else:
        line = getattr(check, "judged", None)
        is_part = line is not None and facts.get("method") in SUBTRACTING and LAW in dependencies(line)
        part = closed_part(check) if is_part else ""
    return {**facts, "part": part} if part else facts


def closed_part(check: Any) -> str:
    """What is judged, in the notation of the theorem: the right side without its expectations."""
    line = getattr(check, "judged", None)
    if line is None:
        return ""
    terms = line.args if isinstance(line, Plus) else (line,)
    closed = [term for term in terms if LAW not in dependencies(term)]
    if len(closed) < len(terms) and check.sampled_claims.judged.within:
        return "the right side without its expectations"  # they stand inside of terms, beside what is judged
    return set_line(reduce(add, closed), "unicode") if closed else ""


def _told(verdict: Verdict, variants: dict[str, Any]) -> list[str]:
    """What people must know of a check that does not confirm; nothing of one that does."""
    found = verdict.found if isinstance(verdict, CasesVerdict) else {"": verdict}
    rows = [f"{', case ' * bool(case)}{case}: {one}" for case, one in found.items() if one.verdict != CONFIRMED]
    if not rows and variants["not_refuted"]:
        rows.append(f": wrong variants that no case refutes: {'; '.join(variants['not_refuted'])}")
    if variants["untried"]:
        listed = "; ".join(variants["untried"])
        rows.append(f": wrong variants that the check does not try: {listed}; write wrong=identity.variants")
    return rows
