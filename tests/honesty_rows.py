"""The shape of a row of `honesty_edits`: a small edit of one file, and the tests that must notice it."""

from __future__ import annotations

from typing import NamedTuple


class Edit(NamedTuple):
    rule: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file} {' '.join(self.old.split())[:70]}"


def edits(rule: str, file: str, *rows: tuple[str, ...]) -> list[Edit]:
    """Rows about one rule in one file: (old text, new text, tests...)."""
    return [Edit(rule, file, old, new, tuple(tests)) for old, new, *tests in rows]
