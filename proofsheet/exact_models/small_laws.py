"""Small laws for people to read: few outcomes, small whole numbers, one random variable a copy of another.

    small_models(statement)       models that satisfy a statement, the smallest dimensions and laws first
    differences(statement, ...)   the first of them in which two lines differ, as a Witness

A search in three rounds, each wider than the one before. Each variable in turn is a constant, has a small law of its own,
or copies earlier ones; whatever assumptions speak of the variables so far must hold exactly before the next is chosen.
Functions without a closed form are t², then t³, then t⁴; those of a family follow from the law of its statistic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, product

from proofsheet.exact_models.adversaries import dependencies
from proofsheet.exact_models.comparison import Witness, related
from proofsheet.exact_models.evaluate import (
    Matrix,
    Model,
    ModelError,
    Outcome,
    all_positions,
    evaluate,
    scalar_value,
)
from proofsheet.exact_models.families import with_families
from proofsheet.exact_models.model import ModelFunction
from proofsheet.exact_models.models import Statement, satisfies
from proofsheet.exact_models.opaque import power_function
from proofsheet.exact_models.statements import names_of
from proofsheet.notation.functions import Function
from proofsheet.notation.indices import Index
from proofsheet.notation.scope import Names, random_variables
from proofsheet.notation.tree import Dimension, Node, Parameter, Plus
from proofsheet.notation.variables import Constant, RandomVariable

Space = list[tuple[Fraction, Outcome]]
Law = list[tuple[Fraction, Matrix]]
Admits = Callable[[Model, Mapping[Index, int], Outcome], bool]

ONE, MINUS, ZERO, TWO = (Fraction(value) for value in (1, -1, 0, 2))
VALUES = {
    "positive": (ONE, TWO, Fraction(3)),
    "nonnegative": (ONE, TWO, ZERO),
    "real": (ONE, TWO, ZERO, MINUS),
    "unit": (Fraction(1, 3), Fraction(1, 4), Fraction(2, 3)),
}
MOST_OUTCOMES = 16
MOST_ENTRIES = 6  # of one random variable
MOST_UNREADABLE = 20  # models in which a line has no value: with an opaque function in it, none will have one


@dataclass(frozen=True)
class _Round:
    """How far the search goes: parameter points, fillings of the constants, functions, whole models at each of these."""

    points: int
    fillings: int
    functions: int
    models: int


ROUNDS = (_Round(2, 1, 1, 60), _Round(6, 2, 2, 200), _Round(12, 3, 3, 800))
DEGREES = (2, 3, 4)
MOST_TRIED = 1_500  # laws of one more variable that are looked at: about half a second


class _Spent(Exception):
    """As much was tried as may be."""


class _Budget:
    def __init__(self) -> None:
        self.left = MOST_TRIED

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _Spent


def differences(
    statement: Statement, old: Node, new: Node, relation: str, admits: Admits = lambda *_: True
) -> Witness | None:
    """A small model of the statement in which `old` does not stand in the relation to `new`; None if none was found.

    `admits(model, positions, outcome)` may refuse a place, say for a side condition.
    Raises ModelError where the lines have no value.
    """
    unreadable = 0
    for model in small_models(statement):
        try:
            witness = _difference(replace(statement, lines=(old, new)), relation, model, admits)
        except ZeroDivisionError:
            continue
        except (ModelError, KeyError) as problem:
            unreadable += 1
            if unreadable == MOST_UNREADABLE:
                raise ModelError(str(problem)) from None
            continue
        if witness is not None:
            return witness
    return None


def _difference(statement: Statement, relation: str, model: Model, admits: Admits) -> Witness | None:
    old, new = statement.lines
    for positions, outcome in places((old, new), model):
        if admits(model, positions, outcome):
            left, right = (evaluate(line, model, positions, outcome) for line in (old, new))
            if not related(left, right, relation):
                return Witness(statement, old, new, model, positions, outcome, left, right, relation)
    return None


def places(lines: tuple[Node, Node], model: Model) -> Iterator[tuple[dict[Index, int], Outcome]]:
    """Every value of the free indices, with every outcome where something is random outside E."""
    is_random = any(random_variables(line) for line in lines)
    outcomes: list[Outcome] = [outcome for _, outcome in model.space] if is_random else [{}]
    yield from product(all_positions(Plus(*lines), model), outcomes)


# ---- settings: dimensions, parameters, constants --------------------------------------------------------------


def small_models(statement: Statement) -> Iterator[Model]:
    """Models of the statement, smallest first; not all different. It ends when MOST_TRIED is spent."""
    names, budget = names_of(statement), _Budget()
    try:
        for extent in ROUNDS:
            for bare in _settings(names, statement, extent):
                yield from islice(_Laws(statement, names, bare, budget, extent.models).models(), extent.models)
    except _Spent:
        return


def _settings(names: Names, statement: Statement, extent: _Round) -> Iterator[Model]:
    depends = dependencies(statement)
    for dimensions in _dimensions(names):
        for parameters in islice(_points(names, statement, dimensions), extent.points):
            for constants in islice(_fillings(names, dimensions), extent.fillings):
                for functions in islice(_functions(names, dimensions), extent.functions):
                    yield Model(dimensions, parameters, constants, functions=functions, depends=depends)


def _functions(names: Names, dimensions: Mapping[str, int]) -> Iterator[dict[str, ModelFunction]]:
    """Powers for the functions without a closed form, each of another degree than the one before it."""
    bare = Model(dimensions, {}, {})
    opaque: list[Function] = [one for one in names.of_kind(Function) if one.closed_form is None]
    for start in range(len(DEGREES) if opaque else 1):
        yield {
            one.name: power_function(
                one,
                sum(bare.size(rows) * bare.size(columns) for rows, columns in one.shapes),
                DEGREES[(start + place) % len(DEGREES)],
            )
            for place, one in enumerate(opaque)
        }


def _dimensions(names: Names) -> Iterator[dict[str, int]]:
    """All 1, then 1 and 2, the smaller ones first."""
    found = sorted({node.name for node in names.of_kind(Dimension)})
    sizes = sorted(product((1, 2), repeat=len(found)), key=lambda values: (sum(values), values))
    for values in sizes:
        yield dict(zip(found, values, strict=True))


def _points(names: Names, statement: Statement, dimensions: Mapping[str, int]) -> Iterator[dict[str, Fraction]]:
    """Small values of the parameters in their domains and limits, the first of each first."""
    parameters = sorted(names.of_kind(Parameter), key=lambda node: str(node.name))
    ranks = product(*(range(len(VALUES[node.domain])) for node in parameters))
    for rank in sorted(ranks, key=lambda one: (sum(one), one)):
        point = {node.name: VALUES[node.domain][place] for node, place in zip(parameters, rank, strict=True)}
        if _within_limits(statement, dimensions, point):
            yield point


def _within_limits(statement: Statement, dimensions: Mapping[str, int], point: Mapping[str, Fraction]) -> bool:
    model = Model(dimensions, point, {})
    for limit in statement.limits:
        try:
            ends = [scalar_value(limit.lower, model), scalar_value(limit.upper, model)]
        except ZeroDivisionError:
            continue  # the limit says nothing at these dimensions
        if not ends[0] <= point[limit.parameter.name] <= ends[1]:
            return False
    return True


def _fillings(names: Names, dimensions: Mapping[str, int]) -> Iterator[dict[str, Matrix]]:
    """Values of the constants: all 1; 1, 2, 3, … along the entries; alternating signs."""
    bare = Model(dimensions, {}, {})
    for value in (lambda k: ONE, lambda k: Fraction(k + 1), lambda k: Fraction((-1) ** k * (k + 1))):
        yield {node.name: _constant(node, bare, value) for node in names.of_kind(Constant)}


def _constant(node: Constant, bare: Model, value: Callable[[int], Fraction]) -> Matrix:
    rows, columns = map(bare.size, node.shape)
    if node.structure == "psd":  # diagonally dominant, and with entries beside the diagonal
        return [
            [value(a + b) if a != b else (2 * rows - 1) * abs(value(a)) for b in range(columns)] for a in range(rows)
        ]
    if node.is_symmetric:
        return [[value(a + b) for b in range(columns)] for a in range(rows)]
    return [[value(a * columns + b) for b in range(columns)] for a in range(rows)]


# ---- laws -----------------------------------------------------------------------------------------------------


class _Laws:
    """The small laws of all random variables at one setting that satisfy a statement."""

    def __init__(self, statement: Statement, names: Names, bare: Model, budget: _Budget, most: int) -> None:
        self.statement, self.bare, self.budget, self.most = statement, bare, budget, most
        order = [
            variable for left, _, _ in statement.moments for variable in sorted(left.atoms(RandomVariable), key=str)
        ]
        self.variables: list[RandomVariable] = list(dict.fromkeys([*order, *names.of_kind(RandomVariable)]))
        self.parts = [self._part(position) for position in range(len(self.variables))]

    def models(self, position: int = 0, space: Space | None = None) -> Iterator[Model]:
        """Depth first; only what the assumptions allow so far is continued."""
        space = space or [(ONE, {})]
        if position == len(self.variables):
            yield self._model(space)
            return
        for extended in self._extensions(self.variables[position], position, space):
            self.budget.spend()
            if self._allows(self._model(extended), position):
                rest = self.models(position + 1, extended)
                yield from rest if position else islice(rest, self.most // 2)  # so that other laws come in sight

    def _model(self, space: Space) -> Model:
        return with_families(replace(self.bare, space=space), self.statement.families)

    def _allows(self, model: Model, position: int) -> bool:
        try:
            return satisfies(model, self.parts[position])
        except (ModelError, ZeroDivisionError):
            return False

    def _part(self, position: int) -> Statement:
        """What the statement says of the variables up to here; all of it at the last."""
        if position == len(self.variables) - 1:
            return self.statement
        known, current = set(self.variables[: position + 1]), self.variables[position]
        moments = tuple(
            one for one in self.statement.moments if current in (own := one[0].atoms(RandomVariable)) and own <= known
        )
        blocks = [
            tuple(inside for block in one if (inside := tuple(member for member in block if member in known)))
            for one in self.statement.independence
        ]
        independence = tuple(one for one in blocks if len(one) > 1)
        return Statement((), independence, moments)

    def _extensions(self, variable: RandomVariable, position: int, space: Space) -> Iterator[Space]:
        """The space with one more variable: constants first, copies, then laws of its own with few outcomes."""
        shape = (self.bare.size(variable.shape[0]), self.bare.size(variable.shape[1]))
        if shape[0] * shape[1] > MOST_ENTRIES:
            return
        fresh = sorted(self._laws(shape), key=len)
        single = [law for law in fresh if len(law) == 1]
        yield from (_independent(space, variable.name, law) for law in single)
        for copied in self._copies(shape, self.variables[:position]):
            yield [(chance, {**outcome, variable.name: copied(outcome)}) for chance, outcome in space]
        for law in fresh[len(single) :]:
            if len(law) * len(space) <= MOST_OUTCOMES:
                yield _independent(space, variable.name, law)

    def _laws(self, shape: tuple[int, int]) -> Iterator[Law]:
        """Laws of a matrix: constants, all entries the same, entries of opposite sign, independent entries."""
        entries = shape[0] * shape[1]
        for value in self._constants(shape):
            yield [(ONE, value)]
        for atoms in self._atoms():
            yield [(chance, _shaped([value] * entries, shape)) for chance, value in atoms]
            if entries == 1:
                continue
            yield [(chance, _shaped([(-1) ** k * value for k in range(entries)], shape)) for chance, value in atoms]
            if len(atoms) ** entries <= MOST_OUTCOMES:
                yield _iid(atoms, shape)

    def _constants(self, shape: tuple[int, int]) -> Iterator[Matrix]:
        entries = shape[0] * shape[1]
        small = [ONE, ZERO, TWO, MINUS, *self._chances()]
        for value in small:
            yield _shaped([value] * entries, shape)
        if entries == 2:
            yield from (_shaped([a, b], shape) for a, b in product((ONE, ZERO, TWO, MINUS), repeat=2) if a != b)
        yield from (value for value in self.bare.constants.values() if (len(value), len(value[0])) == shape)

    def _atoms(self) -> Iterator[list[tuple[Fraction, Fraction]]]:
        """Laws of one number with two or three outcomes."""
        for chance in self._chances():
            for value in (ONE, MINUS, 1 / chance):
                yield [(chance, value), (1 - chance, ZERO)]
        half, third = Fraction(1, 2), Fraction(1, 3)
        yield [(half, ONE), (half, MINUS)]
        yield [(half, TWO), (half, ZERO)]
        yield [(third, TWO), (2 * third, MINUS)]
        yield [(half, TWO), (half, -TWO)]
        yield [(third, ONE), (third, ZERO), (third, MINUS)]

    def _chances(self) -> list[Fraction]:
        """The parameters that are probabilities, and their complements."""
        inside = [value for value in self.bare.parameters.values() if 0 < value < 1]
        return list(dict.fromkeys(chance for value in inside for chance in (value, 1 - value)))

    def _copies(self, shape: tuple[int, int], earlier: list[RandomVariable]) -> Iterator[Callable[[Outcome], Matrix]]:
        """Functions of the earlier variables: the same, its negative, one more; an entry, or the entry everywhere."""
        for variable in reversed(earlier):
            read = _reader(variable.name, shape)
            yield read
            yield _entrywise(lambda entry: -entry, read)
            yield _entrywise(lambda entry: entry + 1, read)
            yield _entrywise(lambda entry: entry**2, read)
        for one, other in product(earlier, earlier):
            if earlier.index(one) < earlier.index(other):
                yield _product_of(_reader(one.name, shape), _reader(other.name, shape))


def _reader(name: str, shape: tuple[int, int]) -> Callable[[Outcome], Matrix]:
    def read(outcome: Outcome) -> Matrix:
        value = outcome[name]
        if (len(value), len(value[0])) == shape:
            return value
        return [[value[0][0]] * shape[1] for _ in range(shape[0])]

    return read


def _entrywise(
    function: Callable[[Fraction], Fraction], read: Callable[[Outcome], Matrix]
) -> Callable[[Outcome], Matrix]:
    return lambda outcome: [[function(entry) for entry in row] for row in read(outcome)]


def _product_of(one: Callable[[Outcome], Matrix], other: Callable[[Outcome], Matrix]) -> Callable[[Outcome], Matrix]:
    return lambda outcome: [
        [a * b for a, b in zip(*rows, strict=True)] for rows in zip(one(outcome), other(outcome), strict=True)
    ]


def _independent(space: Space, name: str, law: Law) -> Space:
    return [(chance * own, {**outcome, name: value}) for chance, outcome in space for own, value in law]


def _iid(atoms: list[tuple[Fraction, Fraction]], shape: tuple[int, int]) -> Law:
    law: Law = []
    for drawn in product(atoms, repeat=shape[0] * shape[1]):
        chance = ONE
        for own, _ in drawn:
            chance *= own
        law.append((chance, _shaped([value for _, value in drawn], shape)))
    return law


def _shaped(entries: list[Fraction], shape: tuple[int, int]) -> Matrix:
    return [entries[row * shape[1] : (row + 1) * shape[1]] for row in range(shape[0])]


__all__ = ["differences", "places", "small_models"]
