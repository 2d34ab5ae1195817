"""Classes of indices that are equal, and exponents that add up to a power."""

from __future__ import annotations

from collections.abc import Iterator


def joined(classes: list[set[str]], pair: set[str]) -> list[set[str]]:
    """The classes with all that meet `pair` made one."""
    apart = [members for members in classes if members.isdisjoint(pair)]
    together = pair.union(*(members for members in classes if not members.isdisjoint(pair)))
    return [*apart, together]


def compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """All ways to write `total` as an ordered sum of `parts` non-negative numbers."""
    if parts == 0:
        if total == 0:
            yield ()
        return
    for first in range(total + 1) if parts > 1 else (total,):
        for rest in compositions(total - first, parts - 1):
            yield (first, *rest)
