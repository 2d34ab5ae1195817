"""The value of a line in floating point: a second reading of the notation, that shares no code with the toolkit's own.

Sums are added up, expectations are averages over a finite law, derivatives are differences of fourth order,
opaque functions are sines. Only the labels of the battery rest on it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from random import Random
from typing import Any

import numpy as np
from sympy import Expr, lambdify

from battery.word_of_nodes import parts_of, word_of
from proofsheet.notation import expectations, functions, tree, variables
from proofsheet.notation.functions import ARGUMENT

Array = Any
STEP = 2e-3
STENCIL = ((-2, 1 / 12), (-1, -2 / 3), (1, 2 / 3), (2, -1 / 12))


class Undefined(Exception):
    """The line has no real value here."""


@dataclass
class Environment:
    """Where a line is evaluated: sizes, numbers, matrices, a finite law and functions."""

    sizes: Mapping[str, int]
    parameters: dict[str, float]
    constants: dict[str, Array]
    law: Callable[[], list[tuple[float, dict[str, Array]]]]
    random: Random
    shapes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    functions: dict[str, Callable[[int, float], float]] = field(default_factory=dict)
    sees_kinks: bool = False

    def size(self, node: Any) -> int:
        return int(node.value) if isinstance(node, tree.Number) else self.sizes[node.name]

    def parameter(self, name: str) -> float:
        return self.parameters[name]

    def number(self, name: str) -> float:
        return float(self.constants[name][0, 0])

    def opaque(self, name: str) -> Callable[[int, float], float]:
        """An opaque function of one variable: of(order, argument)."""
        return self.functions.setdefault(name, _sines(Random(name)))

    def outcomes(self, pairs: Iterable[tuple[float, Mapping[str, Any]]]) -> None:
        """A law by hand: (probability, value of each variable)."""
        law = list(pairs)
        self.moving_outcomes(lambda: law)

    def moving_outcomes(self, law: Callable[[], Iterable[tuple[float, Mapping[str, Any]]]]) -> None:
        """A law by hand that may depend on constants."""
        self.law = lambda: [
            (chance, {name: np.array(one, dtype=float).reshape(-1, 1) for name, one in drawn.items()})
            for chance, drawn in law()
        ]

    def independent_entries(self, name: str, points: Sequence[tuple[int, int, float]], variance: float) -> None:
        """Independent entries, each sign · √(square · variance) with the given probability."""
        rows, columns = self.shapes[name]
        if rows * columns > 3:
            raise Undefined("too many outcomes")
        law = []
        for choice in product(points, repeat=rows * columns):
            values = [sign * math.sqrt(square * variance) for sign, square, _ in choice]
            chance = math.prod(weight for _, _, weight in choice)
            law.append((chance, {name: np.array(values).reshape(rows, columns)}))
        self.law = lambda: law

    def exponential_family(
        self, statistic: str, parameter: str, function: str, points: Sequence[tuple[float, float]], exp: Any
    ) -> None:
        """A statistic with values t and weights h(t), tilted by exp(θt); the function is the logarithm of the sum."""

        def law() -> list[tuple[float, dict[str, Array]]]:
            theta = self.number(parameter)
            weights = [weight * exp(theta * value) for value, weight in points]
            chances = zip(weights, points, strict=True)
            return [(one / sum(weights), {statistic: np.array([[value]])}) for one, (value, _) in chances]

        def log_partition(theta: float) -> float:
            return math.log(sum(weight * exp(theta * value) for value, weight in points))

        self.law = law
        self.functions[function] = lambda order, at: differentiated(log_partition, order)(at)


def differentiated(of: Callable[[float], float], order: int) -> Callable[[float], float]:
    """The derivative of a function of one variable by differences of fourth order."""
    if order == 0:
        return of
    inner, step = differentiated(of, order - 1), 0.02 if order > 1 else STEP
    return lambda at: sum(weight * inner(at + shift * step) for shift, weight in STENCIL) / step


def value(line: Any, environment: Environment, at: Mapping[Any, int]) -> Array:
    """The value as an array; raises Undefined."""
    try:
        found = _Reading(environment)(line, at, {})
    except (ValueError, ZeroDivisionError, OverflowError, np.linalg.LinAlgError) as error:
        raise Undefined(str(error)) from None
    if not np.all(np.isfinite(found)):
        raise Undefined("not finite")
    return found


def _one(number: Any) -> Array:
    return np.array([[float(number)]])


class _Reading:
    """Reads one line; `arguments` are the values of the formal arguments of the definition that is being read."""

    def __init__(self, environment: Environment, arguments: Mapping[str, Array] | None = None) -> None:
        self.here, self.arguments = environment, arguments or {}

    def __call__(self, node: Any, at: Any, drawn: Any) -> Array:
        word = word_of(node)
        if word is not None:
            return self.elementary(word, [self(part, at, drawn) for part in parts_of(node)])
        for kind in type(node).__mro__:
            if kind in _READERS:
                return _READERS[kind](self, node, at, drawn)
        raise Undefined(f"no reading of {type(node).__name__}")

    def elementary(self, word: str, values: list[Array]) -> Array:
        if word == "inverse":
            if np.linalg.cond(values[0]) > 1e6:
                raise Undefined("nearly singular")
            return np.linalg.inv(values[0])
        numbers = [float(one[0, 0]) for one in values]
        of = {"exp": math.exp, "log": math.log, "power": lambda u, k: u ** round(k), "maximum": max, "minimum": min}
        return _one(of[word](*numbers))

    def expression(self, node: Any, at: Any, drawn: Any) -> Array:
        form: Expr = node.args[0]
        known = {**self.here.sizes, **self.here.parameters}
        symbols = sorted(form.free_symbols, key=str)
        return _one(lambdify(symbols, form, "math")(*(known[symbol.name] for symbol in symbols)))

    def symbol(self, node: Any, at: Any, drawn: Any) -> Array:
        return _one({**self.here.sizes, **self.here.parameters}[node.name])

    def constant(self, node: Any, at: Any, drawn: Any) -> Array:
        return self.arguments[node.name] if node.name in self.arguments else self.here.constants[node.name]

    def filled(self, node: Any, at: Any, drawn: Any) -> Array:
        return np.full([self.here.size(size) for size in node.shape], float(node.args[0].value))

    def defined(self, node: Any, at: Any, drawn: Any) -> Array:
        given = {formal.name: self(one, at, drawn) for formal, one in zip(node.parameters, node.values, strict=True)}
        inside = _Reading(self.here, given)
        if node.entry is None:
            return inside(node.body, {}, drawn)
        rows = range(self.here.size(node.entry.dimension))
        return np.vstack([inside(node.body, {node.entry: row}, drawn).T for row in rows])

    def product(self, node: Any, at: Any, drawn: Any) -> Array:
        scale, large = 1.0, None
        for factor in node.args:
            found = self(factor, at, drawn)
            if factor.is_scalar:
                scale *= float(found[0, 0])
            else:
                large = found
        return _one(scale) if large is None else scale * large

    def quotient(self, node: Any, at: Any, drawn: Any) -> Array:
        bottom = float(self(node.args[1], at, drawn)[0, 0])
        if abs(bottom) < 1e-9:
            raise Undefined("division by zero")
        return self(node.args[0], at, drawn) / bottom

    def root(self, node: Any, at: Any, drawn: Any) -> Array:
        return _one(math.sqrt(float(self(node.args[0], at, drawn)[0, 0])))

    def element(self, node: Any, at: Any, drawn: Any) -> Array:
        places = iter([at[index] for index in node.indices])
        row, column = (0 if size == tree.ONE else next(places) for size in node.args[0].shape)
        return self(node.args[0], at, drawn)[row : row + 1, column : column + 1]

    def member(self, node: Any, at: Any, drawn: Any) -> Array:
        return self(node.args[0], at, drawn)[at[node.index]][:, None]

    def indexed_sum(self, node: Any, at: Any, drawn: Any) -> Array:
        total = np.zeros([self.here.size(size) for size in node.shape])
        for places in product(*(range(self.here.size(index.dimension)) for index in node.bound)):
            if len(set(places)) == len(places):
                total = total + self(node.body, {**at, **dict(zip(node.bound, places, strict=True))}, drawn)
        return total

    def mean(self, node: Any, at: Any) -> Array:
        return sum(chance * self(node, at, outcome) for chance, outcome in self.here.law())

    def covariance(self, node: Any, at: Any, drawn: Any) -> Array:
        left, right = node.args[0], node.args[-1]
        centres = self.mean(left, at), self.mean(right, at)
        return sum(
            chance * (self(left, at, outcome) - centres[0]) @ (self(right, at, outcome) - centres[1]).T
            for chance, outcome in self.here.law()
        )

    def applied(self, node: Any, at: Any, drawn: Any) -> Array:
        values = [self(one, at, drawn) for one in node.arguments]
        if node.function.is_entrywise:
            of = self.function(node.function)
            return np.vectorize(lambda entry: of(len(node.orders), entry), otypes=[float])(values[0])
        if not node.orders:
            return _one(_of_arrays(node.function.name, values))
        if len(node.orders) > 1:
            raise Undefined("second derivatives of functions of arrays")
        (place,) = node.orders
        return _slopes(
            lambda moved: _of_arrays(node.function.name, [*values[:place], moved, *values[place + 1 :]]), values[place]
        )

    def function(self, of: Any) -> Callable[[int, float], float]:
        if of.closed_form is not None:
            plain = lambdify([ARGUMENT], of.closed_form, "math")
            return lambda order, entry: differentiated(plain, order)(entry)
        return self.here.opaque(of.name)

    def remainder(self, node: Any, at: Any, drawn: Any) -> Array:
        of = self.function(node.function)
        point, increment = (float(self(part, at, drawn)[0, 0]) for part in (node.point, node.increment))
        polynomial = (of(order, point) * increment**order / math.factorial(order) for order in range(node.order))
        return _one(of(0, point + increment) - sum(polynomial))

    def derivative(self, node: Any, at: Any, drawn: Any) -> Array:
        name = node.variable.name
        before = self.here.constants[name]

        def moved_to(other: Array) -> float:
            with self._constant(name, other):
                return float(self(node.body, at, drawn)[0, 0])

        slopes = _slopes(moved_to, before)
        if self.here.sees_kinks:
            _refuse_kinks(moved_to, before)
        if not node.indices:
            return slopes
        places = iter([at[index] for index in node.indices])
        row, column = (0 if size == tree.ONE else next(places) for size in node.variable.shape)
        return slopes[row : row + 1, column : column + 1]

    @contextmanager
    def _constant(self, name: str, other: Array) -> Any:
        before = self.here.constants[name]
        self.here.constants[name] = other
        try:
            yield
        finally:
            self.here.constants[name] = before


def _slopes(of: Callable[[Array], float], point: Array) -> Array:
    result = np.zeros(point.shape)
    for place in np.ndindex(*point.shape):
        for shift, weight in STENCIL:
            moved = point.copy()
            moved[place] += shift * STEP
            result[place] += weight * of(moved) / STEP
    return result


def _refuse_kinks(of: Callable[[Array], float], point: Array) -> None:
    """Raises Undefined where the slopes on the two sides differ."""
    for place in np.ndindex(*point.shape):
        sides = []
        for shift in (1, -1):
            moved = point.copy()
            moved[place] += shift * STEP
            sides.append((of(moved) - of(point)) / (shift * STEP))
        if abs(sides[0] - sides[1]) > 0.1 * max(map(abs, sides)):
            raise Undefined("no derivative here")


def _sines(random: Random) -> Callable[[int, float], float]:
    """An opaque function of one variable: two sines, with all their derivatives."""
    waves = [(random.uniform(0.5, 2), random.uniform(0.3, 0.9), random.uniform(0, 6)) for _ in range(2)]

    def of(order: int, entry: float) -> float:
        return sum(a * b**order * math.sin(b * entry + c + order * math.pi / 2) for a, b, c in waves)

    return of


def _of_arrays(name: str, values: list[Array]) -> float:
    """An opaque function of vectors and matrices: no entry like another."""
    random = Random(name)
    flat = np.concatenate([one.ravel() for one in values])
    waves = [(random.uniform(0.5, 2), random.uniform(0.2, 0.6), random.uniform(0, 6)) for _ in flat]
    return sum(a * math.sin(b * entry + c) for (a, b, c), entry in zip(waves, flat, strict=True)) + 0.1 * math.sin(
        0.1 * float(flat.sum())
    )


_READERS: dict[type, Callable[..., Array]] = {
    tree.Number: lambda self, node, at, drawn: _one(node.value),
    tree.Coefficient: _Reading.expression,
    tree.Dimension: _Reading.symbol,
    tree.Parameter: _Reading.symbol,
    variables.Constant: _Reading.constant,
    variables.RandomVariable: lambda self, node, at, drawn: drawn[node.name],
    variables.Identity: lambda self, node, at, drawn: np.eye(self.here.size(node.shape[0])),
    variables.Filled: _Reading.filled,
    variables.Defined: _Reading.defined,
    tree.Plus: lambda self, node, at, drawn: sum(self(term, at, drawn) for term in node.args),
    tree.Minus: lambda self, node, at, drawn: -self(node.args[0], at, drawn),
    tree.Product: _Reading.product,
    tree.MatrixProduct: lambda self, node, at, drawn: reduce(np.matmul, [self(f, at, drawn) for f in node.args]),
    tree.Quotient: _Reading.quotient,
    tree.Power: lambda self, node, at, drawn: (
        self(node.args[0], at, drawn) ** round(self(node.args[1], at, drawn)[0, 0])
    ),
    tree.Group: lambda self, node, at, drawn: self(node.args[0], at, drawn),
    tree.Transpose: lambda self, node, at, drawn: self(node.args[0], at, drawn).T,
    tree.Hadamard: lambda self, node, at, drawn: self(node.args[0], at, drawn) * self(node.args[1], at, drawn),
    tree.Trace: lambda self, node, at, drawn: _one(np.trace(self(node.args[0], at, drawn))),
    tree.SquaredNorm: lambda self, node, at, drawn: _one((self(node.args[0], at, drawn) ** 2).sum()),
    tree.Element: _Reading.element,
    tree.Member: _Reading.member,
    tree.IndexedSum: _Reading.indexed_sum,
    tree.KroneckerDelta: lambda self, node, at, drawn: _one(at[node.args[0]] == at[node.args[1]]),
    functions.Diagonal: lambda self, node, at, drawn: np.diag(self(node.args[0], at, drawn).ravel()),
    functions.AbsoluteValue: lambda self, node, at, drawn: np.abs(self(node.args[0], at, drawn)),
    functions.Signum: lambda self, node, at, drawn: np.sign(self(node.args[0], at, drawn)),
    functions.NormOne: lambda self, node, at, drawn: _one(np.abs(self(node.args[0], at, drawn)).sum()),
    functions.Root: _Reading.root,
    functions.Applied: _Reading.applied,
    functions.Remainder: _Reading.remainder,
    functions.Derivative: _Reading.derivative,
    expectations.Expectation: lambda self, node, at, drawn: self.mean(node.args[0], at),
    expectations.Variance: _Reading.covariance,
    expectations.Covariance: _Reading.covariance,
}
