"""The table of wrong variants: for each line what refuses it, the kernel, an exact model, or the numeric check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from proofsheet.audit import DECLARED
from proofsheet.entry_script import ProofScript
from proofsheet.evidence import Evidence, Layer
from proofsheet.judgements import ACCEPTED, CONTRADICTION, EQUIVALENT, REFUTED, REJECTED, SLIP
from proofsheet.notation.tree import Node

from .formulas import displayed


@dataclass(frozen=True)
class Cell:
    """What one judge says: `status` as in the table of evidence."""

    status: str
    word: str
    detail: str = ""


@dataclass(frozen=True)
class WrongLine:
    """A wrong variant, or a line that is declared to say the same."""

    line: int  # in the place of which it stands
    formula: Markup
    text: str  # the same in one row, for a page that would be too large
    mistake: str
    is_equivalent: bool
    kernel: Cell
    exact: Cell
    sampled: Cell
    failure: str


def wrong_lines(script: ProofScript, evidence: Evidence) -> Iterator[WrongLine]:
    """All lines that a script registers, judged or not."""
    layer = evidence.layers.get("variants")
    rows: Sequence[Any] = layer.details if isinstance(layer, Layer) else ()
    sampled = _numeric_facts(evidence)
    last = len(script.theorem.lines)
    registered: list[tuple[int, Node, str, bool]] = [
        *((last if one.at is None else one.at, one.line, one.mistake, False) for one in script.variants),
        *((last, one.line, one.why, True) for one in script.equivalents),
    ]
    for place, (line, node, mistake, equivalent) in enumerate(registered):
        row = rows[place] if place < len(rows) else None
        yield WrongLine(
            line,
            displayed(node),
            str(node),
            mistake,
            equivalent,
            _kernel(row),
            _exact(row),
            Cell("inapplicable", "not tried") if equivalent else _sampled(mistake, sampled),
            row.failure if row is not None else "",
        )


def _numeric_facts(evidence: Evidence) -> Mapping[str, Any] | str:
    layer = evidence.layers.get("monte_carlo", "not checked")
    if isinstance(layer, str):
        return layer
    return layer.facts.get("variants") or "not checked"


def _kernel(row: Any) -> Cell:
    if row is None:
        return Cell("unchecked", "not checked")
    if row.kind == DECLARED:
        return Cell("passed", "proved equal", row.proof) if row.verdict == EQUIVALENT else Cell("failed", "not proved")
    if row.kernel == ACCEPTED:
        return Cell("failed", "ACCEPTED", row.proof)
    return Cell("passed", {REJECTED: "refused", SLIP: "refused as a slip"}.get(row.kernel, row.kernel))


def _exact(row: Any) -> Cell:
    if row is None:
        return Cell("unchecked", "not checked")
    if row.verdict == CONTRADICTION:
        return Cell("failed", "contradicts the kernel", row.message)
    if row.exact == REFUTED:
        what = "refutes the step" if row.refuted == "step" else "refutes the line"
        return Cell("failed" if row.kind == DECLARED else "passed", what, row.witness)
    models = f"{row.models} model{'s' * (row.models != 1)}"
    if row.kind == DECLARED or row.verdict == EQUIVALENT:
        return Cell("passed" if row.kind == DECLARED else "failed", "agrees", f"in {models}")
    return Cell("undecided", "does not tell", row.message or f"it agrees in {models}")


def _sampled(mistake: str, variants: Mapping[str, Any] | str) -> Cell:
    if isinstance(variants, str):
        return Cell("inapplicable" if variants == "does not apply" else "unchecked", variants)
    if mistake in variants["unseen"]:
        return Cell("inapplicable", "cannot tell", variants["unseen"][mistake])
    if mistake in variants["not_refuted"]:
        return Cell("undecided", "NOT refuted")
    if mistake in variants.get("untried", ()):
        return Cell("unchecked", "not tried")
    return Cell("passed", "refutes it")


__all__ = ["Cell", "WrongLine", "wrong_lines"]
