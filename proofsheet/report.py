"""What `check` and `derive` say to machines: one JSON object."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from proofsheet import __version__
from proofsheet.catalogue import Entry
from proofsheet.entry_script import ProofScript
from proofsheet.evidence import NOT_CHECKED, Evidence, Layer
from proofsheet.explicit.second_opinion import Opinion
from proofsheet.layers import EXISTING
from proofsheet.monte_carlo.budget import SUITE
from proofsheet.notation.text import set_line
from proofsheet.render.page import margin, sources_of
from proofsheet.render.reasons import describe_condition, describe_reason
from proofsheet.verdict_table import nominal_rate

SCHEMA = 1


def versions() -> dict[str, str]:
    packages = {name: version(name) for name in ("sympy", "numpy", "scipy")}
    return {"proofsheet": __version__, "python": platform.python_version(), **packages}


def check_object(found: Iterable[Evidence], seed: int | None, false_alarm: float = SUITE) -> dict[str, Any]:
    """The object that `check --json` prints."""
    found = list(found)
    return {
        "schema": SCHEMA,
        "versions": versions(),
        "seed": seed,
        "identities": [_identity(evidence) for evidence in found],
        "false_alarm": {"budget": false_alarm, "spent": spent(found), "asymptotic": spent(found, asymptotic=True)},
    }


def spent(found: Iterable[Evidence], asymptotic: bool = False) -> float:
    """The error rates of all numeric checks that gave a verdict, added up; or what of that is nominal, in asymptotic cases."""
    layers = [one.layers.get("monte_carlo") for one in found]
    rate = nominal_rate if asymptotic else (lambda facts: facts.get("alpha", 0.0))
    return float(sum(rate(one.facts) for one in layers if isinstance(one, Layer)))


def _identity(evidence: Evidence) -> dict[str, Any]:
    layers = {name: _layer(evidence.layers.get(name, NOT_CHECKED)) for name in EXISTING}
    return {
        "name": evidence.name,
        "title": evidence.title,
        "kind": evidence.kind,
        "expected": evidence.expected,
        "outcome": evidence.outcome,
        "proof": layers["proof"],
        "explicit": layers["explicit"],
        "witness": layers["witness"],
        "exact": layers["exact"],
        "monte_carlo": layers["monte_carlo"],
        "mutants": layers["variants"],
        "assumption_cards": layers["cards"],
        "counterexample": None,
        "corrected_by": None,
        "error": evidence.error,
        "stopped": evidence.stopped or None,
    }


def _layer(layer: Layer | str) -> Any:
    if isinstance(layer, str):
        return layer
    found = {"verdict": layer.verdict, **layer.facts}
    return {**found, "message": layer.message} if layer.message else found


def derivation_object(
    entry: Entry, script: ProofScript, opinions: Mapping[str, Sequence[Opinion]] | None = None
) -> dict[str, Any]:
    """The object that `derive --json` prints for one identity; `opinions` by corollary, "" for the theorem."""
    theorem = script.theorem
    explicit = {name: [asdict(one) for one in group] for name, group in (opinions or {}).items()}
    return {
        "name": entry.name,
        "title": entry.title,
        "assumptions": [describe_reason(one) for one in theorem.assumptions],
        "side_conditions": [describe_condition(one) for one in theorem.side_conditions],
        "limits": [limit.describe() for limit in script.limits],
        "lines": _lines(theorem),
        "corollaries": {name: _lines(corollary) for name, corollary in script.corollaries.items()},
        "sources": sources_of(script.documentation),
        "explicit": {"theorem": explicit.pop(""), "corollaries": explicit} if explicit else NOT_CHECKED,
    }


def _lines(theorem: Any) -> list[dict[str, Any]]:
    reasons = [None, *(margin(step, "unicode") for step in theorem.steps)]
    return [
        {"number": number, "text": str(line), "latex": set_line(line, "latex"), "reason": reason}
        for number, (line, reason) in enumerate(zip(theorem.lines, reasons, strict=True), 1)
    ]
