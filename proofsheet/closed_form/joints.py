"""Which factors of a monomial hang together, and by which of its bound indices they can be joined like matrices."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from proofsheet.kernel.normal_form import Factor, free_indices

Bound = dict[str, str]  # index to range
MANY = 99  # of occurrences: more than a joint has
SCALAR_ARGUMENT = ((),)  # the shapes of a function that applies to vectors entry by entry


def is_entrywise(factor: Factor) -> bool:
    """Whether a factor is made of its body entry by entry, so that indices of the body are its own: E[x], σ(Wx + b)."""
    if factor.head.kind == "function":
        return bool(factor.head.detail[1] == SCALAR_ARGUMENT)
    return factor.head.kind in ("expectation", "covariance")


def pieces(bound: Bound, factors: list[Factor]) -> Iterator[tuple[Bound, list[Factor]]]:
    """Factors connected through bound indices, with those indices."""
    found: list[tuple[frozenset[str], list[Factor]]] = []
    for factor in factors:
        names = free_indices(factor) & bound.keys()
        touching = [piece for piece in found if not piece[0].isdisjoint(names)]
        found = [piece for piece in found if piece[0].isdisjoint(names)]
        members = [*chain.from_iterable(more for _, more in touching), factor]
        found.append((names.union(*(one for one, _ in touching)), members))
    for names, members in found:
        yield {name: size for name, size in bound.items() if name in names}, members


def occurrences(factor: Factor, name: str) -> int:
    """How often an index occurs in a factor; MANY where its entries are none of a vector or matrix of the notation.

    That is where it stands inside a root, a remainder, a derivative or a function of vectors, or in a body other than
    once in each term or in none.
    """
    total = factor.indices.count(name)
    if not is_entrywise(factor):
        return total + MANY * (name in free_indices(factor._replace(indices=())))
    for body in factor.bodies:
        counts = {sum(occurrences(inner, name) for inner in factors) for (_, factors), _ in body}
        total += 0 if counts <= {0} else 1 if counts == {1} else MANY
    return total


def nested(factor: Factor) -> Iterator[Factor]:
    """The factor, and those in its bodies."""
    yield factor
    for body in factor.bodies:
        for (_, factors), _ in body:
            for inner in factors:
                yield from nested(inner)


def holds(factor: Factor, *kinds: str) -> bool:
    """Whether a factor is, or contains, one of some kinds."""
    return any(inner.head.kind in kinds for inner in nested(factor))
