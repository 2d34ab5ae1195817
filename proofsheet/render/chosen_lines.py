"""Some lines of a derivation instead of all: what is left out is still named by the reasons of what stands."""

from __future__ import annotations

from collections.abc import Sequence

from proofsheet.errors import CallError
from proofsheet.render.sheet import Derivation, Row
from proofsheet.render.shown_lines import shown


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
    return shown(derivation, [1, *lines]).rows


__all__ = ["chosen_rows"]
