"""Some lines of a derivation instead of all: what is left out is still named by the reasons of what stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proofsheet.errors import CallError
from proofsheet.notation.text import Prose
from proofsheet.render.sheet import Derivation, Row


def chosen_rows(derivation: Derivation, lines: Sequence[int] | None) -> tuple[Row, ...]:
    """The rows with these numbers, all of them for None; the first line always opens, and only the theorem is shortened.

    A row that follows on others that are left out has their reasons too. Raises CallError for a number that no line has.
    """
    if lines is None or derivation.name:
        return derivation.rows
    last = derivation.rows[-1].number
    unknown = [number for number in lines if not 1 <= number <= last]
    if unknown or not {*lines} - {1}:
        asked = f"there is no line {unknown[0]}" if unknown else "the first line alone is no derivation"
        raise CallError(f"{asked}: the lines of {derivation.theorem} are numbered from 1 to {last}")
    return tuple(_with_reasons_of_hidden_rows(derivation.rows, {*lines}))


def _with_reasons_of_hidden_rows(rows: Sequence[Row], shown: set[int]) -> Iterator[Row]:
    reasons: list[Prose] = []
    relation = "="
    for row in rows:
        if row.reason not in reasons:
            reasons.append(row.reason)
        relation = row.relation if row.relation != "=" else relation
        if row.number in shown:
            together = tuple(part for place, one in enumerate(reasons) for part in ((", ",) * bool(place) + one))
            yield Row(row.number, relation, row.node, together)
            reasons, relation = [], "="


__all__ = ["chosen_rows"]
