"""Models that satisfy what is assumed and are otherwise as general as they can be, for lines to be attacked with.

Every variable depends on every other one unless independence is assumed (see `couplings`), laws are skewed, no number is 0
or 1/2, and no matrix is square by accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod
from random import Random

from sympy import Symbol

from proofsheet.exact_models.couplings import Block, Part, by_signature, coupled, signature_groups
from proofsheet.exact_models.evaluate import scalar_value
from proofsheet.exact_models.group_laws import group_law, unpacked
from proofsheet.exact_models.laws import Law, nonzero
from proofsheet.exact_models.limits import Limit
from proofsheet.exact_models.model import Family, Matrix, Model, ModelError, ModelFunction
from proofsheet.exact_models.models import constant_value, functions_of, product_space
from proofsheet.exact_models.opaque import log_partition
from proofsheet.exact_models.statements import Statement, random_in, satisfies
from proofsheet.exact_models.weighted_laws import law_by_weights
from proofsheet.notation.scope import Names
from proofsheet.notation.tree import Dimension, Parameter
from proofsheet.notation.variables import Constant, RandomVariable

MOST_OUTCOMES = 400
SIZES = (2, 3, 1, 4)


@dataclass(frozen=True)
class Point:
    """Where a model is looked for; a small one has numbers that a reader can check by hand."""

    dimensions: Mapping[str, int]
    parameters: Mapping[str, Fraction]
    small: bool = False


# ---- where to look --------------------------------------------------------------------------------------------


def points(names: Names, limits: Sequence[Limit], random: Random, small: bool = False) -> Iterator[Point]:
    """Different dimensions get different sizes; with `small`, the smallest sizes and numbers come first."""
    dimensions = sorted(
        {node.name for node in names.of_kind(Dimension)}
        | {symbol.name for symbol in _bare_symbols(names) if symbol.is_integer}
    )
    if small:
        for sizes in _small_sizes(dimensions):
            for _ in range(3):
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
    for symbol in _bare_symbols(names):
        if not symbol.is_integer:  # (0, 1) lies in every domain that a symbol can have
            values[symbol.name] = _in_domain("unit", random, small)
    for limit in limits:
        bare = Model(dimensions, values, {})
        try:
            lower, upper = (scalar_value(end, bare) for end in (limit.lower, limit.upper))
        except (ZeroDivisionError, ModelError, KeyError):
            continue  # the limit says nothing here
        if limit.parameter.name in values:
            values[limit.parameter.name] = lower + (upper - lower) * Fraction(random.choice([2, 4, 5, 8, 9]), 12)
    return Point(dimensions, values, small)


def _bare_symbols(names: Names) -> list[Symbol]:
    """Symbols in SymPy coefficients whose parameter or dimension stands nowhere by itself."""
    known = {node.symbol for node in names.of_symbols()}
    return [symbol for symbol in names.symbols if symbol not in known]


def _in_domain(domain: str, random: Random, small: bool) -> Fraction:
    """No value at which a wrong formula may agree: not 1/2, not 1, not 0."""
    if domain == "unit":
        general = Fraction(random.choice([1, 2, 4, 5]), random.choice([6, 7, 11]))
        return Fraction(random.choice([1, 2]), 3) if small else general
    size = Fraction(random.choice([2, 3]) if small else random.choice([2, 3, 5, 7, 9, 11, 13]), 1 if small else 4)
    return -size if domain == "real" and random.random() < 0.4 else size


# ---- one model ------------------------------------------------------------------------------------------------


def adversary(statement: Statement, names: Names, point: Point, random: Random) -> Model | None:
    """A model of the assumptions at a point, checked by evaluation; None where none was found.

    Laws are made from first and second moments where that suffices; else by the weights of given points.
    """
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
        depends=dependencies(statement),
    )
    groups = signature_groups(names.of_kind(RandomVariable), statement)
    for parts_of in (_parts, _parts_by_weights):
        parts = parts_of(groups, statement, bare, laws, random, point.small)
        if parts is None or prod(map(len, parts)) > MOST_OUTCOMES:
            continue
        model = replace(bare, space=coupled(groups, parts, statement, random))
        if satisfies(model, statement):
            return model
    return None


def _parts(
    groups: list[Block], statement: Statement, bare: Model, laws: Mapping[str, Law], random: Random, small: bool
) -> list[Part] | None:
    """The laws of the groups by their first and second moments; None where that does not do."""
    if any(_is_mixed(group, statement) for group in groups):
        return None
    parts = [_part(group, statement, bare, laws, random, small, _share(groups)) for group in groups]
    found = [part for part in parts if part is not None]
    return found if len(found) == len(parts) else None


def _parts_by_weights(
    groups: list[Block], statement: Statement, bare: Model, laws: Mapping[str, Law], random: Random, small: bool
) -> list[Part] | None:
    """One group after the other; a moment that speaks of several is used when the last of them is built."""
    found: dict[int, Part] = {}
    built: set[RandomVariable] = set()
    order = sorted(range(len(groups)), key=lambda k: _is_value(groups[k], statement), reverse=True)
    for k in order:
        group = groups[k]
        about = [
            one
            for one in statement.moments
            if random_in(one[0]) | random_in(one[1]) <= built | set(group)
            and (random_in(one[0]) | random_in(one[1])) & set(group)
        ]
        if about:
            blocks = by_signature(group, statement)
            law = law_by_weights(group, about, bare, random, blocks)
            part = None if law is None else _as_part(law, group, bare)
        else:
            part = _part(group, statement, bare, laws, random, small, _share(groups))
        if part is None:
            return None
        found[k] = part
        built |= set(group)
        bare = replace(bare, space=product_space([found[one] for one in order if one in found]))
    return [found[k] for k in range(len(groups))]


def _is_value(group: Block, statement: Statement) -> int:
    """In how many right sides of moments of other variables a group stands: those are to be built first."""
    return sum(
        bool(random_in(right) & set(group)) and not random_in(left) & set(group) for left, right, _ in statement.moments
    )


def _is_mixed(group: Block, statement: Statement) -> bool:
    return len(by_signature(group, statement)) > 1


def _share(groups: Sequence[Block]) -> int:
    """How many outcomes a group may have so that all of them together have not too many."""
    return max(2, min(5, int(MOST_OUTCOMES ** (1 / len(groups)))))


def _constant(node: Constant, point: Point, random: Random) -> Matrix:
    if not point.small:
        return constant_value(node, point.dimensions, random)
    return [
        [Fraction(int(entry)) or Fraction(2) for entry in row] for row in constant_value(node, point.dimensions, random)
    ]


def _part(
    group: Block,
    statement: Statement,
    bare: Model,
    laws: Mapping[str, Law],
    random: Random,
    small: bool,
    most: int,
) -> Part | None:
    if group[0].name in laws:
        return _as_part(laws[group[0].name], group, bare)
    law = group_law(group, statement, bare, random, generic=True, plain=small, most=most)
    if not isinstance(law, list):
        return None
    if small and not any(random_in(left) & set(group) for left, _, _ in statement.moments):
        total = sum(probability for probability, _ in law[:2])
        law = [(probability / total, [Fraction(int(z) or 1) for z in point]) for probability, point in law[:2]]
    return _as_part(law, group, bare)


def _as_part(law: Law, group: Block, bare: Model) -> Part:
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


def dependencies(statement: Statement) -> dict[str, frozenset[str]]:
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
