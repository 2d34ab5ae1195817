"""Letters for reasons, where reasons stand below their derivation."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_lowercase

from proofsheet.notation.text import Prose
from proofsheet.render.sheet import Row


def letters(rows: Iterable[Row]) -> dict[Prose, str]:
    """A letter for each reason in the order of the rows, aa behind z; equal reasons share it."""
    different = dict.fromkeys(row.reason for row in rows if row.reason)
    return {reason: ascii_lowercase[place % 26] * (1 + place // 26) for place, reason in enumerate(different)}


__all__ = ["letters"]
