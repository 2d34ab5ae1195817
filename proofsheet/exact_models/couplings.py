"""Which variables of a model are built together, and how what is built apart is made to depend on each other.

A product of laws of groups is coupled

    p(g₁, …, g_k) = Π p(g) · (1 + Σ_K c_K Π_{g ∈ K} h_g),    E[h_g] = 0,

over sets K of groups. The law of groups among which there is no whole K is what it was: x ⟂ n and y ⟂ n leave K = {n, x, y},
so that n is not independent of (x, y). Where an assumption speaks of a part of a group only, a K that it touches is still
allowed if E[h_g | that part] = 0: with v ⟂ u and a law of (v, z), u and z become dependent.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from math import prod
from random import Random

from proofsheet.exact_models.model import Matrix, Space
from proofsheet.exact_models.statements import Statement, random_in, separated
from proofsheet.notation.variables import RandomVariable

Block = list[RandomVariable]
Part = list[tuple[Fraction, dict[str, Matrix]]]  # the law of one group
Direction = list[Fraction]  # a function of the outcomes of one group


# ---- groups ---------------------------------------------------------------------------------------------------


def signature_groups(variables: list[RandomVariable], statement: Statement) -> list[Block]:
    """Variables tied by a moment, and otherwise those in the same blocks of all independence assumptions."""
    statistics = {statistic for statistic, _, _ in statement.families}
    moments = [random_in(left) | random_in(right) for left, right, _ in statement.moments]
    constrained = set().union(*moments) if moments else set()
    groups: list[Block] = []

    def belongs(variable: RandomVariable, other: RandomVariable) -> bool:
        if separated(variable, other, statement) or statistics & {variable, other}:
            return False
        if any({variable, other} <= tie for tie in moments):
            return True
        free = not constrained & {variable, other}
        return free and signature(variable, statement) == signature(other, statement)

    for variable in variables:
        tied = [
            group
            for group in groups
            if any(belongs(variable, member) for member in group)
            and not any(separated(variable, member, statement) for member in group)
        ]
        groups = [group for group in groups if group not in tied]
        groups.append([member for group in tied for member in group] + [variable])
    return groups


def signature(variable: RandomVariable, statement: Statement) -> frozenset[tuple[int, int]]:
    return frozenset(
        (number, place)
        for number, blocks in enumerate(statement.independence)
        for place, block in enumerate(blocks)
        if variable in block
    )


def by_signature(group: Block, statement: Statement) -> list[Block]:
    """The members of a group by the independence blocks that they are in."""
    found: dict[frozenset[tuple[int, int]], Block] = {}
    for one in group:
        found.setdefault(signature(one, statement), []).append(one)
    return list(found.values())


# ---- coupling -------------------------------------------------------------------------------------------------


def coupled(groups: list[Block], parts: list[Part], statement: Statement, random: Random) -> Space:
    """The laws of the groups joined, dependent in every way that the assumptions leave open."""
    tilts = list(_tilts(groups, parts, statement, random))
    strengths = [Fraction(random.choice([-1, 1]) * random.randint(3, 5), 6 * len(tilts)) for _ in tilts]
    space: Space = []
    for places in _places([len(part) for part in parts]):
        chosen = [part[place] for part, place in zip(parts, places, strict=True)]
        terms = (
            strength * prod(direction[places[k]] for k, direction in tilt.items())
            for strength, tilt in zip(strengths, tilts, strict=True)
        )
        outcome: dict[str, Matrix] = {}
        for _, part in chosen:
            outcome |= part
        weight = prod((probability for probability, _ in chosen), start=1 + sum(terms, Fraction(0)))
        space.append((weight, outcome))
    return space


def _tilts(
    groups: list[Block], parts: list[Part], statement: Statement, random: Random
) -> Iterator[dict[int, Direction]]:
    """For each K that the assumptions leave open, a function of the outcomes of each of its groups."""
    spoken_of: list[set[RandomVariable]] = [
        {member for block in blocks for member in block} for blocks in statement.independence
    ]
    spoken_of += [random_in(left) | random_in(right) for left, right, _ in statement.moments]
    covers = [{k: members & set(group) for k, group in enumerate(groups)} for members in spoken_of]
    for size in range(2, len(groups) + 1):
        for chosen in combinations(range(len(groups)), size):
            given = _to_be_given(chosen, groups, covers)
            if given is None:
                continue
            tilt = {k: centred(parts[k], given[k], random) for k in chosen}
            if all(any(direction) for direction in tilt.values()):
                yield tilt


def _to_be_given(
    chosen: tuple[int, ...], groups: list[Block], covers: list[dict[int, set[RandomVariable]]]
) -> dict[int, set[RandomVariable]] | None:
    """Given which part of each group its function must have mean 0; None where the assumptions hold all of K together."""
    given: dict[int, set[RandomVariable]] = {k: set() for k in chosen}
    for cover in covers:
        if not all(cover[k] for k in chosen):
            continue  # a group of K is not spoken of: its function has mean 0
        partly = [k for k in chosen if (given[k] | cover[k]) != set(groups[k])]
        if not partly:
            return None
        given[partly[0]] |= cover[partly[0]]
    return given


def _places(sizes: list[int]) -> Iterator[tuple[int, ...]]:
    if not sizes:
        yield ()
        return
    for rest in _places(sizes[:-1]):
        for last in range(sizes[-1]):
            yield (*rest, last)


def centred(part: Part, given: set[RandomVariable], random: Random) -> Direction:
    """A function of the outcomes with mean 0 given some variables, and no value beyond 1 in size."""
    cells: dict[str, list[int]] = {}
    for k, (_, outcome) in enumerate(part):
        cells.setdefault(repr([outcome[one.name] for one in sorted(given, key=str)]), []).append(k)
    values = [Fraction(0)] * len(part)
    for members in cells.values():
        drawn = [Fraction(random.choice([-5, -3, -2, 1, 2, 4, 7])) for _ in members]
        if len(set(drawn)) == 1:
            drawn[0] += 1
        weights = [part[k][0] for k in members]
        mean = sum((p * z for p, z in zip(weights, drawn, strict=True)), Fraction(0)) / sum(weights)
        for k, value in zip(members, drawn, strict=True):
            values[k] = value - mean
    largest = max(map(abs, values))
    return [value / largest for value in values] if largest else values
