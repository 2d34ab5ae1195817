"""The cases of a numeric check as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from proofsheet.evidence import Evidence, Layer
from proofsheet.verdict_table import method_of, rounded

STATUS = {"confirmed": "passed", "refuted": "failed"}


@dataclass(frozen=True)
class NumericCase:
    """One case: what was judged, how, and what came out."""

    name: str
    status: str
    verdict: str
    method: str
    closed_form: str
    found: str
    interval: str
    samples: str
    error_rate: str


def numeric_cases(evidence: Evidence) -> Iterator[NumericCase]:
    """The cases of the numeric check that was run; one without a name where there are no cases."""
    layer = evidence.layers.get("monte_carlo")
    if isinstance(layer, Layer) and "variants" in layer.facts:
        for name, facts in (layer.facts.get("cases") or {"": layer.facts}).items():
            yield _case(name, facts)


def _case(name: str, facts: Mapping[str, Any]) -> NumericCase:
    low, high = facts.get("interval") or (0.0, 0.0)
    width = float(high - low) or None
    judged = facts.get("judged")
    return NumericCase(
        name.replace("_", " "),
        STATUS.get(facts["verdict"], "undecided"),
        facts["verdict"],
        method_of(facts),
        _number(facts.get("closed_form"), None if judged else width),
        f"{_number(facts.get('estimate'), width)}{f' ({judged})' if judged else ''}",
        f"[{_number(low, width)}, {_number(high, width)}]" if width else "",
        f"{facts['samples']:,}" if isinstance(facts.get("samples"), int) else "",
        _error_rate(facts),
    )


def _number(value: float | None, scale: float | None) -> str:
    return "" if value is None else rounded(value, scale).replace("-", "−")


def _error_rate(facts: Mapping[str, Any]) -> str:
    alpha = facts.get("alpha") or 0.0
    if not alpha:
        return "none: nothing is sampled"
    return f"{alpha:.2g}, nominal" if facts.get("grade") == "asymptotic" else f"{alpha:.2g}"


__all__ = ["NumericCase", "numeric_cases"]
