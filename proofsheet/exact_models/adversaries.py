"""Models that satisfy what is assumed and are otherwise as general as they can be, for lines to be attacked with.

Every variable depends on every other one unless independence is assumed, and a product of laws is coupled

    p(g₁, …, g_k) = Π p(g) · (1 + Σ_K c_K Π_{g ∈ K} h_g),    E[h_g] = 0,

over the sets K of groups that no assumption speaks of together. The law of any groups that contain no such K is what it was:
x ⟂ n and y ⟂ n leave K = {n, x, y}, so that n is not independent of (x, y).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import prod
from random import Random

from proofsheet.exact_models.evaluate import scalar_value
from proofsheet.exact_models.group_laws import group_law, unpacked
from proofsheet.exact_models.laws import Law, nonzero
from proofsheet.exact_models.limits import Limit
from proofsheet.exact_models.model import Family, Matrix, Model, ModelError, ModelFunction, Space
from proofsheet.exact_models.models import constant_value, functions_of
from proofsheet.exact_models.opaque import log_partition
from proofsheet.exact_models.statements import Statement, random_in, satisfies, separated
from proofsheet.notation.scope import Names
from proofsheet.notation.tree import Dimension, Parameter
from proofsheet.notation.variables import Constant, RandomVariable

MOST_OUTCOMES = 400
SIZES = (2, 3, 1, 4)

Block = list[RandomVariable]
Part = list[tuple[Fraction, dict[str, Matrix]]]  # the law of one group


@dataclass(frozen=True)
class Point:
    """Where a model is looked for; a small one has numbers that a reader can check by hand."""

    dimensions: Mapping[str, int]
    parameters: Mapping[str, Fraction]
    small: bool = False


# ---- where to look --------------------------------------------------------------------------------------------


def points(names: Names, limits: Sequence[Limit], random: Random, small: bool = False) -> Iterator[Point]:
    """Different dimensions get different sizes; with `small`, the smallest sizes and numbers come first."""
    dimensions = sorted({node.name for node in names.of_kind(Dimension)})
    if small:
        for sizes in _small_sizes(dimensions):
            for _ in range(2):
                yield _point(names, limits, sizes, random, True)
    while True:
        for start in range(len(SIZES)):
            sizes = {name: SIZES[(start + shift) % len(SIZES)] for shift, name in enumerate(dimensions)}
            yield _point(names, limits, sizes, random, False)


def _small_sizes(dimensions: list[str]) -> Iterator[dict[str, int]]:
    """All 1; then each in turn 2; then all 2."""
    yield dict.fromkeys(dimensions, 1)
    for name in dimensions if len(dimensions) > 1 else ():
        yield {**dict.fromkeys(dimensions, 1), name: 2}
    if dimensions:
        yield dict.fromkeys(dimensions, 2)


def _point(names: Names, limits: Iterable[Limit], dimensions: dict[str, int], random: Random, small: bool) -> Point:
    values = {node.name: _in_domain(node.domain, random, small) for node in names.of_kind(Parameter)}
    for limit in limits:
        bare = Model(dimensions, values, {})
        try:
            lower, upper = (scalar_value(end, bare) for end in (limit.lower, limit.upper))
        except (ZeroDivisionError, ModelError, KeyError):
            continue  # the limit says nothing here
        if limit.parameter.name in values:
            values[limit.parameter.name] = lower + (upper - lower) * Fraction(random.choice([2, 4, 5, 8, 9]), 12)
    return Point(dimensions, values, small)


def _in_domain(domain: str, random: Random, small: bool) -> Fraction:
    """No value at which a wrong formula may agree: not 1/2, not 1, not 0."""
    if domain == "unit":
        return (
            Fraction(random.choice([1, 2]), 3)
            if small
            else Fraction(random.choice([1, 2, 4, 5]), random.choice([6, 7, 11]))
        )
    size = Fraction(random.choice([2, 3])) if small else Fraction(random.choice([2, 3, 5, 7]), random.choice([1, 3, 4]))
    return -size if domain == "real" and random.random() < 0.4 else size


# ---- one model ------------------------------------------------------------------------------------------------


def adversary(statement: Statement, names: Names, point: Point, random: Random) -> Model | None:
    """A model of the assumptions at a point, checked by evaluation; None where none was found."""
    constants = {node.name: _constant(node, point, random) for node in names.of_kind(Constant)}
    functions = functions_of(names, point.dimensions, random, point.small)
    laws = {one.name: _law_of_statistic(random, point.small) for one, _, _ in statement.families}
    families, partitions = _families(statement, constants, laws, random)
    bare = Model(
        point.dimensions,
        point.parameters,
        constants,
        functions={**functions, **partitions},
        families=families,
        depends=_dependencies(statement),
    )
    groups = signature_groups(names.of_kind(RandomVariable), statement)
    parts = [_part(group, statement, bare, laws, random, point.small) for group in groups]
    if any(part is None for part in parts):
        return None
    found = [part for part in parts if part is not None]
    if prod(map(len, found)) > MOST_OUTCOMES:
        return None
    model = replace(bare, space=coupled(groups, found, statement, random))
    return model if satisfies(model, statement) else None


def _constant(node: Constant, point: Point, random: Random) -> Matrix:
    if not point.small:
        return constant_value(node, point.dimensions, random)
    return [
        [Fraction(int(entry)) or Fraction(2) for entry in row] for row in constant_value(node, point.dimensions, random)
    ]


def _part(
    group: Block, statement: Statement, bare: Model, laws: Mapping[str, Law], random: Random, small: bool
) -> Part | None:
    if group[0].name in laws:
        return [(probability, unpacked(group, values, bare)) for probability, values in laws[group[0].name]]
    law = group_law(group, statement, bare, random, generic=True)
    if not isinstance(law, list):
        return None
    if small and not any(random_in(left) & set(group) for left, _, _ in statement.moments):
        total = sum(probability for probability, _ in law[:2])
        law = [(probability / total, [Fraction(int(z) or 1) for z in point]) for probability, point in law[:2]]
    return [(probability, unpacked(group, values, bare)) for probability, values in law]


def _law_of_statistic(random: Random, small: bool) -> Law:
    values = random.sample(range(-4, 6), 2 if small else 4)
    weights = [Fraction(random.randint(1, 7)) for _ in values]
    return [(weight / sum(weights), [Fraction(value)]) for weight, value in zip(weights, values, strict=True)]


def _families(
    statement: Statement, constants: Mapping[str, Matrix], laws: Mapping[str, Law], random: Random
) -> tuple[tuple[Family, ...], dict[str, ModelFunction]]:
    families: list[Family] = []
    functions: dict[str, ModelFunction] = {}
    for statistic, parameter, function in statement.families:
        at = constants[parameter.name][0][0]
        families.append(Family(statistic.name, parameter.name, function.name, at))
        outcomes = [(probability, values[0]) for probability, values in laws[statistic.name]]
        functions[function.name] = log_partition(at, outcomes, nonzero(random))
    return tuple(families), functions


def _dependencies(statement: Statement) -> dict[str, frozenset[str]]:
    """The constants in the moments of a variable, and of variables tied to it by moments: its law may depend on them."""
    ties = []
    for left, right, _ in statement.moments:
        constants = frozenset(one.name for side in (left, right) for one in side.atoms(Constant))
        ties.append((frozenset(one.name for side in (left, right) for one in random_in(side)), constants))
    found: dict[str, frozenset[str]] = {}
    for name in {name for names, _ in ties for name in names}:
        tied = {name}
        while grown := [names for names, _ in ties if names & tied and not names <= tied]:
            tied = tied.union(*grown)
        found[name] = frozenset().union(*(constants for names, constants in ties if names & tied))
    return found


# ---- which variables are built together -----------------------------------------------------------------------


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
        return free and _signature(variable, statement) == _signature(other, statement)

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


def _signature(variable: RandomVariable, statement: Statement) -> frozenset[tuple[int, int]]:
    return frozenset(
        (number, place)
        for number, blocks in enumerate(statement.independence)
        for place, block in enumerate(blocks)
        if variable in block
    )


# ---- the coupling ---------------------------------------------------------------------------------------------


def coupled(groups: list[Block], parts: list[Part], statement: Statement, random: Random) -> Space:
    """The laws of the groups joined, dependent in every way that the assumptions leave open."""
    directions = [_centred(part, random) for part in parts]
    moving = [k for k, direction in enumerate(directions) if any(direction)]
    kept = _kept_together(groups, statement)
    free = [
        set(chosen)
        for size in range(2, len(moving) + 1)
        for chosen in combinations(moving, size)
        if not any(set(chosen) <= together for together in kept)
    ]
    strengths = [Fraction(random.choice([-1, 1]) * random.randint(3, 5), 6 * len(free)) for _ in free]
    space: Space = []
    for places in _places([len(part) for part in parts]):
        chosen = [part[place] for part, place in zip(parts, places, strict=True)]
        tilt = 1 + sum(
            (
                c * prod((directions[k][places[k]] for k in together))
                for c, together in zip(strengths, free, strict=True)
            ),
            Fraction(0),
        )
        outcome: dict[str, Matrix] = {}
        for _, part in chosen:
            outcome |= part
        space.append((prod((probability for probability, _ in chosen), start=tilt), outcome))
    return space


def _places(sizes: list[int]) -> Iterator[tuple[int, ...]]:
    if not sizes:
        yield ()
        return
    for rest in _places(sizes[:-1]):
        for last in range(sizes[-1]):
            yield (*rest, last)


def _centred(part: Part, random: Random) -> list[Fraction]:
    """A function of the outcomes of a group with mean 0 and no value beyond 1 in size."""
    values = [Fraction(random.choice([-5, -3, -2, 1, 2, 4, 7])) for _ in part]
    if len(part) > 1 and len(set(values)) == 1:
        values[0] += 1
    mean = sum((probability * value for (probability, _), value in zip(part, values, strict=True)), Fraction(0))
    centred = [value - mean for value in values]
    largest = max(map(abs, centred))
    return [value / largest for value in centred] if largest else centred


def _kept_together(groups: list[Block], statement: Statement) -> list[set[int]]:
    """Sets of groups whose joint law must stay the product: those of one independence assumption, and of one moment."""
    spoken_of: list[set[RandomVariable]] = [
        {member for block in blocks for member in block} for blocks in statement.independence
    ]
    spoken_of += [random_in(left) | random_in(right) for left, right, _ in statement.moments]
    return [{k for k, group in enumerate(groups) if set(group) & members} for members in spoken_of]
