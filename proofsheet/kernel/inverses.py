"""Inverse matrices in normal forms: one entry of M⁻¹ as a factor, and where M⁻¹ meets M.

The factor (M⁻¹)_ab holds the normal form of the entry M_rc, over the two indices `SLOTS`, which no other index is called
by. Two ways of writing one matrix so have one inverse. Nothing else may be free in it, and nothing in it is random.

What is used of M⁻¹, where M is invertible (a side condition of every line that it stands in):

    (cM)⁻¹ = M⁻¹/c    (Mᵀ)⁻¹ = (M⁻¹)ᵀ    I⁻¹ = I    (M⁻¹)⁻¹ = M    Σ_b (M⁻¹)_ab M_bc = δ_ac = Σ_b M_ab (M⁻¹)_bc

The last two are used in one direction only: let M = T + R, where T, the `pivot`, is the one term of M with the largest
product of entries; then Σ_b (M⁻¹)_ab T_bc is replaced by δ_ac − Σ_b (M⁻¹)_ab R_bc. For M = XᵀX + λI that is
M⁻¹XᵀX = I − λM⁻¹. The products that stand for T are smaller ones each time, in an order that multiplication keeps
(degree, then names), so this ends. Which of several meetings comes first is a matter of completeness only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

SLOTS = ("/row", "/column")
INVERSE = "inverse"
_PLAIN = ("entry", "delta", INVERSE)  # factors that a matrix with a pivot is made of

Rename = Callable[[Any, Mapping[str, str]], Any]
Free = Callable[[Any], frozenset[str]]


class Meeting(NamedTuple):
    """Σ over `joint` of (M⁻¹)_{other, joint} T_{joint, end}, or of T_{end, joint} (M⁻¹)_{joint, other}."""

    inverse: Any
    others: list[Any]  # the factors of the monomial besides the inverse and T
    bound: dict[str, str]  # the bound indices that are left, `joint` among them
    joint: str
    end: str
    other: str
    slots: dict[str, str]  # what `SLOTS` are called in this meeting
    rest: tuple[Any, ...]  # M − T


def order_of(monomial: Any) -> tuple[int, list[str]]:
    """The place of a product of entries in an order that multiplication keeps; deltas count for nothing."""
    letters = sorted((repr((one.head, one.bodies)) for one in monomial[1] if one.head.kind != "delta"), reverse=True)
    return len(letters), letters


@lru_cache(maxsize=10_000)
def pivot(body: tuple[Any, ...]) -> Any:
    """The largest term of a matrix, if it is alone, has the coefficient 1 and reaches from row to column; else None."""
    if any(one.head.kind not in _PLAIN for (_, factors), _ in body for one in factors):
        return None
    (first, value), *others = sorted(body, key=lambda term: order_of(term[0]), reverse=True)
    if value != 1 or any(order_of(other) == order_of(first) for other, _ in others):
        return None
    indices = {index for one in first[1] for index in one.indices}
    if any(one.head.kind == "delta" for one in first[1]) or not indices.issuperset(SLOTS):
        return None
    return first


def meeting(bound: dict[str, str], factors: list[Any], rename: Rename, free: Free) -> Meeting | None:
    """The first place where an inverse meets the pivot of its matrix, over a bound index that nothing else has."""
    inverses = [one for one in factors if one.head.kind == INVERSE]
    for inverse in sorted(inverses, key=lambda one: repr(one.bodies)):
        top = pivot(inverse.bodies[0])
        if top is None:
            continue
        apart = list(factors)
        apart.remove(inverse)
        (first, second), (row, column) = inverse.indices, SLOTS
        for joint, other, slot, end in ((second, first, row, column), (first, second, column, row)):
            if bound.get(joint) != inverse.head.detail[0]:
                continue
            for names, chosen in _matches(list(top[1]), apart, {slot: joint}):
                found = _checked(Meeting(inverse, chosen, bound, joint, names[end], other, {}, ()), top, names, free)
                if found is not None and sorted(rename(one, names) for one in top[1]) == _taken(apart, chosen):
                    rest = tuple(term for term in inverse.bodies[0] if term[0] != top)
                    return found._replace(slots={slot: joint, end: names[end]}, rest=rest)
    return None


def _matches(
    pattern: list[Any], factors: list[Any], names: dict[str, str]
) -> Iterator[tuple[dict[str, str], list[Any]]]:
    """Ways to find the factors of a pattern, under names of its indices to be tried, with the factors that are left."""
    if not pattern:
        yield names, factors
        return
    first, *later = pattern
    for position, factor in enumerate(factors):
        if (factor.head, factor.bodies) != (first.head, first.bodies):
            continue
        orders = [factor.indices, factor.indices[::-1]] if factor.head.symmetric else [factor.indices]
        for indices in dict.fromkeys(orders):
            wider = {**dict(zip(first.indices, indices, strict=True)), **names}
            yield from _matches(later, factors[:position] + factors[position + 1 :], wider)


def _checked(one: Meeting, top: Any, names: Mapping[str, str], free: Free) -> Meeting | None:
    """The meeting without the sums inside T, if these and the sum over the joint are over nothing else."""
    inside = {names[name]: size for name, size in top[0]}
    if len(inside) < len(top[0]) or any(one.bound.get(name) != size for name, size in inside.items()):
        return None
    outside = frozenset((one.end, one.other)).union(*map(free, one.others))
    if one.joint in inside or not outside.isdisjoint((one.joint, *inside)):
        return None
    return one._replace(bound={name: size for name, size in one.bound.items() if name not in inside})


def _taken(factors: list[Any], left: list[Any]) -> list[Any]:
    """The factors that are not left, in order."""
    taken = list(factors)
    for one in left:
        taken.remove(one)
    return sorted(taken)
