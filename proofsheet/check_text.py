"""What `check` says to people: its table, what the numeric checks found in full where few are looked at, what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from proofsheet.check_table import check_table
from proofsheet.evidence import Evidence, Layer
from proofsheet.report import spent
from proofsheet.verdict_table import verdict_tables


def check_text(
    found: Sequence[Evidence], layers: Iterable[str], style: str, width: int, in_full: bool, false_alarm: float
) -> str:
    """The table, then the numeric checks in full if asked, then messages, then the ledger of false alarms."""
    requested = tuple(layers)
    parts = [check_table(found, requested, style, width)]
    for evidence in found:
        parts += _numeric(evidence, style, width, in_full)
        parts += _messages(evidence, in_full)
    return "\n\n".join([*parts, *_ledger(found, requested, false_alarm)])


def _is_told(layer: object) -> bool:
    """Whether a layer is a numeric check that gave a verdict."""
    return isinstance(layer, Layer) and "variants" in layer.facts


def _numeric(evidence: Evidence, style: str, width: int, in_full: bool) -> Iterator[str]:
    layer = evidence.layers.get("monte_carlo")
    if in_full and isinstance(layer, Layer) and _is_told(layer):
        yield verdict_tables(evidence.name, layer.facts, style, width)


def _messages(evidence: Evidence, in_full: bool) -> Iterator[str]:
    """What is wrong; what a numeric check says is not said again below its own tables."""
    for name, layer in evidence.layers.items():
        message = getattr(layer, "message", "")
        if message and not (in_full and name == "monte_carlo" and _is_told(layer)):
            yield message
    for limit in getattr(evidence.layers.get("witness"), "facts", {}).get("limits", ()):
        yield f"{evidence.name}, limit {limit}"
    told = [getattr(layer, "message", "") for layer in evidence.layers.values()]
    if evidence.error and evidence.error["message"] not in told:
        yield evidence.error["message"]
    if evidence.stopped:
        yield f"{evidence.name}: undecided: {evidence.stopped}"


def _ledger(found: Sequence[Evidence], layers: Sequence[str], false_alarm: float) -> Iterator[str]:
    if "monte_carlo" in layers and any(_is_told(one.layers.get("monte_carlo")) for one in found):
        nominal = spent(found, asymptotic=True)
        among = f", of which {nominal:.2g} by normal approximations" if nominal else ""
        yield f"false alarms: budget {false_alarm:.2g}, spent {spent(found):.2g}{among}"


__all__ = ["check_text"]
