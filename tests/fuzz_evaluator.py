"""A second judge of lines, for the fuzzer: values in random finite models, with functions and derivatives.

It shares no code with the kernel nor with `proofsheet.exact_models`. Opaque functions are random polynomials, so that
all values are rational and derivatives are exact (nested dual numbers). The log-partition function of an exponential
family is the one that its base measure gives: near θ₀ its derivatives are the cumulants, which are rational.

Numbers are residues modulo a large prime (a homomorphism of the rationals, so that a difference there is a difference),
or, where a line asks for an order (|·|, sgn, √), fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count, product
from math import factorial, isqrt
from random import Random
from typing import Any

from proofsheet.notation import expectations, functions, tree
from proofsheet.notation.indices import Distinct, Index
from proofsheet.notation.scope import free_indices, random_variables
from proofsheet.notation.tree import ONE, Node

PRIME = 2**61 - 1
ORDERED = (functions.AbsoluteValue, functions.Signum, functions.NormOne, functions.Root)
TERMS, NILPOTENT = 4, 6
_tags = count(1)
Matrix = list[list[Any]]


class Unjudged(Exception):
    """A line without a value here: a kink was differentiated, a root is irrational, a denominator vanishes."""


class Dual:
    """real + slope · ε with ε² = 0; of two, the one made later stands outside."""

    __slots__ = ("real", "slope", "tag")

    def __init__(self, real: Any, slope: Any, tag: int) -> None:
        self.real, self.slope, self.tag = real, slope, tag

    def __add__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            if other.tag == self.tag:
                return Dual(self.real + other.real, self.slope + other.slope, self.tag)
            if other.tag > self.tag:
                return Dual(other.real + self, other.slope, other.tag)
        return Dual(self.real + other, self.slope, self.tag)

    __radd__ = __add__

    def __mul__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            if other.tag == self.tag:
                return Dual(self.real * other.real, self.real * other.slope + self.slope * other.real, self.tag)
            if other.tag > self.tag:
                return Dual(other.real * self, other.slope * self, other.tag)
        return Dual(self.real * other, self.slope * other, self.tag)

    __rmul__ = __mul__


def base(value: Any) -> Any:
    while isinstance(value, Dual):
        value = value.real
    return value


@dataclass
class World:
    """Dimensions, parameters, constants, functions, and one finite probability space: (probability, outcome) pairs.

    `family` names (T, θ, A) where the law of T is an exponential family; its space stands apart in `family_space`.
    """

    dimensions: Mapping[str, int]
    parameters: Mapping[str, Fraction]
    constants: Mapping[str, list[list[Fraction]]]
    space: list[tuple[Fraction, Mapping[str, list[list[Fraction]]]]]
    seed: int
    family: tuple[str, str, str] | None = None
    family_space: list[tuple[Fraction, Fraction]] = field(default_factory=list)  # (probability at θ₀, value)
    _readings: dict[bool, Reading] = field(default_factory=dict)

    def reading(self, exact: bool) -> Reading:
        """Its numbers are converted once; what was computed of other lines is forgotten."""
        if exact not in self._readings:
            self._readings[exact] = Reading(self, exact)
        found = self._readings[exact]
        found._means.clear()
        return found


def differs(old: Node, new: Node, world: World, distinct: frozenset[Distinct] = frozenset()) -> bool:
    """Whether two lines have different values in a world, at some admitted position and outcome. Raises Unjudged."""
    exact = old.has(*ORDERED) or new.has(*ORDERED)
    reading = world.reading(exact)
    random = bool(random_variables(old) | random_variables(new))
    outcomes = reading.outcomes()[:4] if random else [(1, {})]
    for at in _positions(old, new, world, distinct):
        for _, outcome in outcomes:
            left, right = reading(old, at, outcome), reading(new, at, outcome)
            for one, other in zip(_entries(left), _entries(right), strict=True):
                if not reading.is_zero(one + other * -1):
                    return True
    return False


def _entries(matrix: Matrix) -> Iterator[Any]:
    return (entry for row in matrix for entry in row)


def _positions(old: Node, new: Node, world: World, distinct: frozenset[Distinct]) -> Iterator[dict[Index, int]]:
    indices = sorted(free_indices(old) | free_indices(new), key=lambda one: one.name)
    for values in product(*(range(_size(one.dimension, world)) for one in indices)):
        at = dict(zip(indices, values, strict=True))
        if all(at.get(pair.args[0], -1) != at.get(pair.args[1], -2) for pair in distinct):
            yield at


def _size(node: Any, world: World) -> int:
    return int(node.value) if isinstance(node, tree.Number) else world.dimensions[node.name]


class Reading:
    """The values of lines in one world, as residues or as fractions."""

    def __init__(self, world: World, exact: bool, constants: dict[str, Matrix] | None = None) -> None:
        self.world, self.exact = world, exact
        given = {name: self._converted(value) for name, value in world.constants.items()}
        self.constants = given if constants is None else constants
        self.space = [
            (self.number(weight), {name: self._converted(value) for name, value in outcome.items()})
            for weight, outcome in world.space
        ]
        self._means: dict[Any, Matrix] = {}

    def outcomes(self) -> list[tuple[Any, Mapping[str, Matrix]]]:
        """Outcomes of all variables, for what is random outside every E."""
        if self.world.family is None:
            return self.space
        drawn = self._family_space()
        return [(1, {**outcome, **drawn[number % len(drawn)][1]}) for number, (_, outcome) in enumerate(self.space)]

    def _within(self, constants: dict[str, Matrix]) -> Reading:
        inner = object.__new__(Reading)
        inner.world, inner.exact, inner.space = self.world, self.exact, self.space
        inner.constants, inner._means = constants, {}
        return inner

    def number(self, value: Fraction | int) -> Any:
        if self.exact:
            return Fraction(value)
        value = Fraction(value)
        return value.numerator * pow(value.denominator, -1, PRIME) % PRIME

    def _converted(self, matrix: Any) -> Matrix:
        return [[self.number(entry) for entry in row] for row in matrix]

    def reduced(self, value: Any) -> Any:
        if self.exact:
            return value
        if isinstance(value, Dual):
            return Dual(self.reduced(value.real), self.reduced(value.slope), value.tag)
        return value % PRIME

    def is_zero(self, value: Any) -> bool:
        return self.reduced(base(value)) == 0

    def inverse(self, value: Any) -> Any:
        if isinstance(value, Dual):
            inner = self.inverse(value.real)
            return Dual(inner, value.slope * inner * inner * -1, value.tag)
        if self.reduced(value) == 0:
            raise Unjudged("division by zero")
        return 1 / value if self.exact else pow(value, -1, PRIME)

    # ---- nodes ------------------------------------------------------------------------------------------------

    def __call__(self, node: Node, at: Mapping[Index, int], outcome: Mapping[str, Matrix]) -> Matrix:
        return getattr(self, "_" + type(node).__name__)(node, at, outcome)

    def scalar(self, node: Node, at: Any, outcome: Any) -> Any:
        return self(node, at, outcome)[0][0]

    def shape(self, node: Any) -> tuple[int, int]:
        rows, columns = node.shape
        return _size(rows, self.world), _size(columns, self.world)

    def _Number(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return [[self.number(Fraction(int(node.value.p), int(node.value.q)))]]

    def _Coefficient(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return [[self._expression(node.expression)]]

    def _expression(self, value: Any) -> Any:
        if value.is_Rational:
            return self.number(Fraction(int(value.p), int(value.q)))
        if value.is_Symbol:
            known = self.world.parameters.get(value.name)
            return self.number(self.world.dimensions[value.name] if known is None else known)
        if value.is_Pow:
            power, exponent = self._expression(value.base), int(value.exp)
            return self.inverse(power**-exponent) if exponent < 0 else power**exponent
        parts, result = [self._expression(part) for part in value.args], self.number(int(value.is_Mul))
        for part in parts:
            result = result * part if value.is_Mul else result + part
        return result

    def _Dimension(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return [[self._expression(node.symbol)]]

    _Parameter = _Dimension

    def _Constant(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return self.constants[node.name]

    def _RandomVariable(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return outcome[node.name]

    def _Identity(self, node: Any, at: Any, outcome: Any) -> Matrix:
        size = range(self.shape(node)[0])
        return [[self.number(int(row == column)) for column in size] for row in size]

    def _Filled(self, node: Any, at: Any, outcome: Any) -> Matrix:
        rows, columns = self.shape(node)
        return [[self.scalar(node.args[0], at, outcome)] * columns for _ in range(rows)]

    def _Defined(self, node: Any, at: Any, outcome: Any) -> Matrix:
        values = {
            formal.name: self(value, at, outcome) for formal, value in zip(node.parameters, node.values, strict=True)
        }
        inside = self._within({**self.constants, **values}) if values else self
        if node.entry is None:
            return inside(node.body, {}, outcome)
        size = range(_size(node.entry.dimension, self.world))
        return [[row[0] for row in inside(node.body, {node.entry: place}, outcome)] for place in size]

    def _Plus(self, node: Any, at: Any, outcome: Any) -> Matrix:
        total = self(node.args[0], at, outcome)
        for term in node.args[1:]:
            total = _added(total, self(term, at, outcome))
        return total

    def _Minus(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return _scaled(-1, self(node.args[0], at, outcome))

    def _Product(self, node: Any, at: Any, outcome: Any) -> Matrix:
        scale, array = 1, None
        for factor in node.args:
            value = self(factor, at, outcome)
            if factor.is_scalar:
                scale = scale * value[0][0]
            else:
                array = value
        return [[scale]] if array is None else _scaled(scale, array)

    def _MatrixProduct(self, node: Any, at: Any, outcome: Any) -> Matrix:
        result = self(node.args[0], at, outcome)
        for factor in node.args[1:]:
            columns = list(zip(*self(factor, at, outcome), strict=True))
            result = [[_dot(row, column) for column in columns] for row in result]
        return result

    def _Quotient(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return _scaled(self.inverse(self.scalar(node.args[1], at, outcome)), self(node.args[0], at, outcome))

    def _Power(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return [[_power(self.scalar(node.args[0], at, outcome), node.exponent)]]

    def _Group(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return self(node.args[0], at, outcome)

    def _Transpose(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return [list(row) for row in zip(*self(node.args[0], at, outcome), strict=True)]

    def _Hadamard(self, node: Any, at: Any, outcome: Any) -> Matrix:
        left, right = (self(side, at, outcome) for side in node.args)
        return [[a * b for a, b in zip(*rows, strict=True)] for rows in zip(left, right, strict=True)]

    def _Trace(self, node: Any, at: Any, outcome: Any) -> Matrix:
        array = self(node.args[0], at, outcome)
        return [[_sum(array[place][place] for place in range(len(array)))]]

    def _SquaredNorm(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return [[_sum(entry * entry for entry in _entries(self(node.args[0], at, outcome)))]]

    def _Diagonal(self, node: Any, at: Any, outcome: Any) -> Matrix:
        entries = list(_entries(self(node.args[0], at, outcome)))
        return [[entry if row == place else 0 for place in range(len(entries))] for row, entry in enumerate(entries)]

    def _Element(self, node: Any, at: Any, outcome: Any) -> Matrix:
        array, places = self(node.args[0], at, outcome), [at[one] for one in node.indices]
        rows, columns = node.args[0].shape
        row = 0 if rows == ONE else places.pop(0)
        return [[array[row][0 if columns == ONE else places.pop(0)]]]

    def _Member(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return [[entry] for entry in self(node.args[0], at, outcome)[at[node.index]]]

    def _IndexedSum(self, node: Any, at: Any, outcome: Any) -> Matrix:
        rows, columns = self.shape(node)
        total: Matrix = [[0] * columns for _ in range(rows)]
        for places in product(*(range(_size(one.dimension, self.world)) for one in node.bound)):
            if len(set(places)) == len(places):
                total = _added(total, self(node.body, {**at, **dict(zip(node.bound, places, strict=True))}, outcome))
        return total

    def _KroneckerDelta(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return [[int(at[node.args[0]] == at[node.args[1]])]]

    # ---- expectations -----------------------------------------------------------------------------------------

    def _Expectation(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return self._mean(node, node.args[0], at)

    def _mean(self, key: Any, body: Node, at: Any) -> Matrix:
        known = (key, tuple(sorted((one.name, at[one]) for one in free_indices(key) if one in at)))
        if known not in self._means:
            total: Matrix | None = None
            for weight, drawn in self._drawn(body):
                value = _scaled(weight, self(body, at, drawn))
                total = value if total is None else _added(total, value)
            assert total is not None
            self._means[known] = [[self.reduced(entry) for entry in row] for row in total]
        return self._means[known]

    def _drawn(self, body: Node) -> Iterator[tuple[Any, Mapping[str, Matrix]]]:
        names = {one.name for one in random_variables(body)}
        family = self.world.family
        if not names:
            return iter([(self.number(1), self.space[0][1])])
        if family is None or family[0] not in names:
            return iter(self.space)
        statistic = self._family_space()
        if names == {family[0]}:
            return iter(statistic)
        return ((one * other, {**first, **second}) for (one, first), (other, second) in product(self.space, statistic))

    def _family_space(self) -> list[tuple[Any, Mapping[str, Matrix]]]:
        """The law of T at the current θ: exp((θ − θ₀)t − (A(θ) − A(θ₀))) times its weight at θ₀."""
        assert self.world.family is not None
        name, parameter, _ = self.world.family
        theta = self.constants[parameter][0][0]
        shift = theta + self.number(self.world.constants[parameter][0][0]) * -1
        if not self.is_zero(shift):
            raise Unjudged("the family is known near one θ only")
        rise = self._log_partition(theta, 0) + self._log_partition(base(theta), 0) * -1
        found = []
        for weight, value in self.world.family_space:
            exponent, term = shift * self.number(value) + rise * -1, self.number(1)
            total = term
            for order in range(1, NILPOTENT):
                term = term * exponent * self.number(Fraction(1, order))
                total = total + term
            found.append((total * self.number(weight), {name: [[self.number(value)]]}))
        return found

    def _log_partition(self, at: Any, order: int) -> Any:
        """A polynomial with the cumulants of T as its derivatives at θ₀; A(θ₀) is arbitrary."""
        assert self.world.family is not None
        shift = at + self.number(self.world.constants[self.world.family[1]][0][0]) * -1
        derivatives = [Fraction(7), *_cumulants(self.world.family_space, NILPOTENT)][order:]
        terms = (self.number(value / factorial(k)) * _power(shift, k) for k, value in enumerate(derivatives))
        return _sum(terms)

    def _Variance(self, node: Any, at: Any, outcome: Any) -> Matrix:
        inner = node.args[0]
        mean = self._mean(expectations.Expectation(inner), inner, at)[0][0]
        square = self._mean(node, tree.Product(inner, inner), at)[0][0]
        return [[square + mean * mean * -1]]

    def _Covariance(self, node: Any, at: Any, outcome: Any) -> Matrix:
        left, right = node.args
        one, other = (self._mean(expectations.Expectation(side), side, at) for side in node.args)
        product_of = tree.Product(left, right) if node.is_scalar else tree.MatrixProduct(left, tree.Transpose(right))
        both = self._mean(node, product_of, at)
        return [[both[r][c] + one[r][0] * other[c][0] * -1 for c in range(len(both[0]))] for r in range(len(both))]

    # ---- functions --------------------------------------------------------------------------------------------

    def _Applied(self, node: Any, at: Any, outcome: Any) -> Matrix:
        arguments = [self(value, at, outcome) for value in node.arguments]
        if node.function.is_entrywise:
            return [[self.value(node.function, len(node.orders), entry) for entry in row] for row in arguments[0]]
        return self._ridges(node, arguments)

    def value(self, function: Any, order: int, at: Any) -> Any:
        """f⁽ᵏ⁾ at a number."""
        if self.world.family is not None and function.name == self.world.family[2]:
            return self._log_partition(at, order)
        random = Random(f"{function.name} {self.world.seed}")
        coefficients = [random.choice([-3, -2, -1, 1, 2, 3, 5]) for _ in range(8)]
        for _ in range(order):
            coefficients = [k * value for k, value in enumerate(coefficients)][1:]
        result: Any = 0
        for value in reversed(coefficients):
            result = result * at + value
        return result if isinstance(result, Dual) else self.reduced(result + self.number(0))

    def _ridges(self, node: Any, arguments: list[Matrix]) -> Matrix:
        """A sum of powers of linear forms in all entries, or its derivative."""
        random = Random(f"{node.function.name} {self.world.seed}")
        array = [position for position in node.orders if len(arguments[position]) * len(arguments[position][0]) > 1
                 or node.function.shapes[position] != tree.SCALAR]  # fmt: skip
        rows, columns = (len(arguments[array[0]]), len(arguments[array[0]][0])) if array else (1, 1)
        total: Matrix = [[0] * columns for _ in range(rows)]
        for term in range(TERMS):
            weights = [[[random.randint(-5, 5) or 7 for _ in row] for row in argument] for argument in arguments]
            form = _sum(
                entry * weight
                for argument, own in zip(arguments, weights, strict=True)
                for entry, weight in zip(_entries(argument), _entries(own), strict=True)
            )
            form, power, scale = form + random.randint(1, 9), 3 + term, random.randint(1, 9)
            for position in node.orders:
                scale = scale * power * (1 if array else weights[position][0][0])
                power -= 1
            own = weights[array[0]] if array else [[1]]
            total = _added(total, _scaled(_power(form, power) * scale, own))
        return [[self.reduced(entry) for entry in row] for row in total]

    def _Remainder(self, node: Any, at: Any, outcome: Any) -> Matrix:
        point, step = self.scalar(node.point, at, outcome), self.scalar(node.increment, at, outcome)
        result = self.value(node.function, 0, point + step)
        for order in range(node.order):
            term = self.value(node.function, order, point) * _power(step, order)
            result = result + term * self.number(Fraction(-1, factorial(order)))
        return [[result]]

    def _sign(self, value: Any, differentiated: bool = True) -> int:
        inner = base(value)
        if inner == 0 and isinstance(value, Dual) and differentiated:
            raise Unjudged("a kink")
        return (inner > 0) - (inner < 0)

    def _AbsoluteValue(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return [[entry * self._sign(entry) for entry in row] for row in self(node.args[0], at, outcome)]

    def _Signum(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return [[self._sign(entry) for entry in row] for row in self(node.args[0], at, outcome)]

    def _NormOne(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return [[_sum(entry * self._sign(entry) for entry in _entries(self(node.args[0], at, outcome)))]]

    def _Root(self, node: Any, at: Any, outcome: Any) -> Matrix:
        return [[self._root(self.scalar(node.args[0], at, outcome))]]

    def _root(self, value: Any) -> Any:
        if isinstance(value, Dual):
            inner = self._root(value.real)
            return Dual(inner, value.slope * self.inverse(inner * 2), value.tag)
        value = Fraction(value)
        if value < 0:
            raise Unjudged("the root of a negative number")
        top, bottom = isqrt(value.numerator), isqrt(value.denominator)
        if top**2 != value.numerator or bottom**2 != value.denominator:
            raise Unjudged("an irrational root")
        return Fraction(top, bottom)

    def _Derivative(self, node: Any, at: Any, outcome: Any) -> Matrix:
        name, (rows, columns) = node.variable.name, self.shape(node.variable)
        if node.indices:
            places = [at[one] for one in node.indices]
            row = 0 if node.variable.shape[0] == ONE else places.pop(0)
            return [
                [self._slope(node.body, name, row, 0 if node.variable.shape[1] == ONE else places.pop(0), at, outcome)]
            ]
        return [
            [self._slope(node.body, name, row, column, at, outcome) for column in range(columns)] for row in range(rows)
        ]

    def _slope(self, body: Node, name: str, row: int, column: int, at: Any, outcome: Any) -> Any:
        tag, moved = next(_tags), [list(line) for line in self.constants[name]]
        moved[row][column] = Dual(moved[row][column], 1, tag)
        value = self._within({**self.constants, name: moved}).scalar(body, at, outcome)
        return value.slope if isinstance(value, Dual) and value.tag == tag else 0


def _cumulants(law: list[tuple[Fraction, Fraction]], highest: int) -> list[Fraction]:
    """κ_1, κ_2, ... by κ_n = μ_n − Σ C(n−1, k−1) κ_k μ_{n−k}."""
    moments = [sum((weight * value**k for weight, value in law), Fraction(0)) for k in range(highest + 1)]
    found: list[Fraction] = [Fraction(0)]
    for n in range(1, highest + 1):
        ties = (
            Fraction(factorial(n - 1), factorial(k - 1) * factorial(n - k)) * found[k] * moments[n - k]
            for k in range(1, n)
        )
        found.append(moments[n] - sum(ties, Fraction(0)))
    return found[1:]


def _added(left: Matrix, right: Matrix) -> Matrix:
    return [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(left, right, strict=True)]


def _scaled(by: Any, matrix: Matrix) -> Matrix:
    return [[entry * by for entry in row] for row in matrix]


def _dot(row: Any, column: Any) -> Any:
    return _sum(a * b for a, b in zip(row, column, strict=True))


def _sum(values: Any) -> Any:
    total: Any = 0
    for value in values:
        total = value + total
    return total


def _power(value: Any, exponent: int) -> Any:
    result: Any = 1
    for _ in range(exponent):
        result = value * result
    return result
