"""One order for the bound indices of a monomial, whatever they were called, without factorial cost.

Colours are refined until they are stable; only ties are individualised. Two shortcuts keep ties cheap: indices whose
exchange leaves the monomial as it is are given in any order, and a branch that reaches the same first leaf as an earlier
one is its mirror image and is skipped (as in McKay's nauty).

Any order that comes out of here is a renaming of bound indices, so a mistake could refuse a true line and could not
accept a false one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Rename = Callable[[Any, Mapping[str, str]], Any]
Free = Callable[[Any], frozenset[str]]


def canonical_order(bound: Mapping[str, str], factors: list[Any], rename: Rename, free: Free) -> list[str]:
    """The bound indices in an order that depends only on how they occur, not on their names."""
    if len(bound) == 1:
        return list(bound)
    parts = [_Component(bound, names, part, rename, free) for names, part in _components(bound, factors, free)]
    parts.sort(key=lambda component: component.form)
    return [name for component in parts for name in component.order]


def _components(bound: Mapping[str, str], factors: list[Any], free: Free) -> Iterable[tuple[set[str], list[Any]]]:
    """Factors connected through bound indices, with those indices; factors without any are left out."""
    groups: list[tuple[set[str], list[Any]]] = []
    for factor in factors:
        names = {name for name in free(factor) if name in bound}
        if not names:
            continue
        members = [factor]
        apart = []
        for group in groups:
            if group[0].isdisjoint(names):
                apart.append(group)
            else:
                names |= group[0]
                members = group[1] + members
        groups = [*apart, (names, members)]
    return groups


class _Component:
    """A connected part of a monomial: finds its own order and the form that it then has."""

    def __init__(
        self, bound: Mapping[str, str], names: set[str], factors: list[Any], rename: Rename, free: Free
    ) -> None:
        self._factors = factors
        self._rename = rename
        self._occurrences = {name: [factor for factor in factors if name in free(factor)] for name in names}
        sizes = sorted({bound[name] for name in names})
        start = self._refined({name: sizes.index(bound[name]) for name in names})
        self._ranges = bound
        self.form, self.order = self._best(start)

    def _refined(self, colours: dict[str, int]) -> dict[str, int]:
        """Split colours by how indices occur beside the other colours, until nothing changes."""
        while (classes := len(set(colours.values()))) < len(colours):
            names = {name: f"={colour:03d}" for name, colour in colours.items()}
            signatures = {
                name: (colours[name], sorted(self._rename(factor, {**names, name: "*"}) for factor in occurrences))
                for name, occurrences in self._occurrences.items()
            }
            ranking: list[Any] = []
            for signature in sorted(signatures.values()):
                if not ranking or ranking[-1] != signature:
                    ranking.append(signature)
            colours = {name: ranking.index(signature) for name, signature in signatures.items()}
            if len(ranking) == classes:
                break
        return colours

    def _tie(self, colours: dict[str, int]) -> list[str]:
        """The members of the first colour that is shared; empty if the colours are an order."""
        shared: dict[int, list[str]] = {}
        for name, colour in colours.items():
            shared.setdefault(colour, []).append(name)
        return next((members for _, members in sorted(shared.items()) if len(members) > 1), [])

    def _individualised(self, colours: dict[str, int], chosen: list[str]) -> dict[str, int]:
        """`chosen` made different from the rest and from each other, in the order given."""
        spread = {name: colour * (len(colours) + 1) + len(chosen) for name, colour in colours.items()}
        for position, name in enumerate(chosen):
            spread[name] = colours[name] * (len(colours) + 1) + position
        return self._refined(spread)

    def _exchangeable(self, first: str, second: str) -> bool:
        swap = {first: second, second: first}
        return sorted(self._rename(factor, swap) for factor in self._factors) == sorted(self._factors)

    def _leaf(self, colours: dict[str, int]) -> tuple[Any, list[str]]:
        order = sorted(colours, key=lambda name: colours[name])
        names = {name: f"={position:03d}" for position, name in enumerate(order)}
        ranges = [self._ranges[name] for name in order]
        return (ranges, sorted(self._rename(factor, names) for factor in self._factors)), order

    def _first_leaf(self, colours: dict[str, int]) -> Any:
        while tie := self._tie(colours):
            colours = self._individualised(colours, tie[:1])
        return self._leaf(colours)[0]

    def _best(self, colours: dict[str, int]) -> tuple[Any, list[str]]:
        tie = self._tie(colours)
        if not tie:
            return self._leaf(colours)
        if all(self._exchangeable(tie[0], other) for other in tie[1:]):
            return self._best(self._individualised(colours, tie))
        leaves: list[Any] = []
        found: list[tuple[Any, list[str]]] = []
        for name in tie:
            branch = self._individualised(colours, [name])
            leaf = self._first_leaf(branch)
            if leaf not in leaves:
                leaves.append(leaf)
                found.append(self._best(branch))
        return min(found, key=lambda candidate: candidate[0])
