"""Which of the assumptions that a step cites does it need? A search; what it finds is checked again by its caller."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

MOST_ROUTES = 6  # sets of assumptions are tried one by one up to this many


def members_of_routes(assumed: tuple[Any, ...], suffices: Callable[[tuple[Any, ...]], bool]) -> tuple[Any, ...]:
    """The members of all smallest sets that suffice; of one such set, if there are many assumptions."""
    if len(assumed) > MOST_ROUTES:
        kept = assumed
        for reason in assumed:
            if suffices(without(kept, reason)):
                kept = without(kept, reason)
        return kept
    routes: list[set[int]] = []
    for size in range(len(assumed) + 1):
        for chosen in map(set, combinations(range(len(assumed)), size)):
            if any(route <= chosen for route in routes):
                continue
            if suffices(tuple(reason for position, reason in enumerate(assumed) if position in chosen)):
                routes.append(chosen)
    return tuple(reason for position, reason in enumerate(assumed) if any(position in route for route in routes))


def without(reasons: tuple[Any, ...], dropped: Any) -> tuple[Any, ...]:
    return tuple(reason for reason in reasons if reason is not dropped)
