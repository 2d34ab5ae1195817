"""A line on arrays of draws: its value for each of N draws, in floating point.

Expectations are not estimated one by one: E[a] is replaced by a itself, so that the mean over the draws is the value of
the line. That is right only where every E stands linearly, and anything else is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from math import factorial
from operator import matmul, mul
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Basic

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.arrays import float_array
from proofsheet.monte_carlo.backends import NUMPY
from proofsheet.monte_carlo.rounding import inverted, plain
from proofsheet.notation import elementary, expectations, functions, matrices, tree, variables
from proofsheet.notation.indices import Index
from proofsheet.notation.scope import free_indices, random_variables
from proofsheet.notation.tree import Node
from proofsheet.numeric.closed_forms import number, value_of
from proofsheet.numeric.function_values import function_value
from proofsheet.numeric.matrix_products import chained, dots

Values = Any  # of shape (draws or 1, rows, columns): an array of a backend, or one that carries its rounding error
Read = tuple[Values, bool]  # the value, and whether an expectation stands in it


@dataclass(frozen=True)
class Instance:
    """Numbers for the dimensions, parameters, constants, opaque functions (see function_values) and free indices (from 1)."""

    dimensions: Mapping[str, int]
    parameters: Mapping[str, float]
    constants: Mapping[str, Any]
    functions: Mapping[str, Any] = field(default_factory=dict)
    indices: Mapping[str, int] = field(default_factory=dict)
    _arrays: dict[tuple[str, str], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def constant(self, node: Node, device: Any) -> Any:
        """The value of a constant as an array of a backend, (1, rows, columns); it is made once."""
        key = node.name, device.name
        if key not in self._arrays:
            shape = self.size(node.shape[0]), self.size(node.shape[1])
            value = as_matrices(node.name, [_known(self.constants, node.name)], shape)
            self._arrays[key] = device.array(value)
        return self._arrays[key]

    def natural(self, name: str, device: Any) -> Any:
        """The value of a constant in its own shape, as an array of a backend; it is made once."""
        key = name, f"{device.name}, natural"
        if key not in self._arrays:
            self._arrays[key] = device.array(float_array(name, _known(self.constants, name)))
        return self._arrays[key]

    def size(self, node: Node) -> int:
        return int(node.value) if isinstance(node, tree.Number) else int(_known(self.dimensions, node.name))

    def places(self, line: Node) -> dict[Index, int]:
        """Where the free indices of a line stand, from 0."""
        return {index: self._place(index, line) for index in free_indices(line)}

    def _place(self, index: Index, line: Node) -> int:
        if index.name not in self.indices:
            raise ScriptError(
                f"the index {index} is free in {line}; the check says which entry, indices={{{index.name!r}: 1}}"
            )
        chosen, size = self.indices[index.name], self.size(index.dimension)
        if not 1 <= chosen <= size:
            raise ScriptError(f"the index {index} runs from 1 to {size}; indices={{{index.name!r}: {chosen}}}")
        return int(chosen) - 1


def _known(table: Mapping[str, Any], name: str) -> Any:
    if name not in table:
        raise ScriptError(
            f"the numeric check gives no value for {name}: dimensions={{...}} and parameters={{...}} are for those, "
            "constants={...}, or draw of a GradientCheck, for scalars, vectors and matrices"
        )
    return table[name]


def _drawn(draws: Mapping[str, Any], name: str) -> Any:
    if name not in draws:
        raise ScriptError(
            f"the numeric check gives no value for {name}, which is random: name a law in sources={{{name!r}: normal(...)}}, "
            f"for example, or let variables=lambda ...: {{{name!r}: ...}} make it of the sources"
        )
    return draws[name]


def value_per_draw(line: Node, instance: Instance, draws: Mapping[str, Any]) -> NDArray[np.float64]:
    """The value of a scalar line for each draw, as an array of one axis.

    `draws` maps each random variable to an array of shape (N,), (N, rows) or (N, rows, columns). Raises ScriptError
    where an expectation does not stand linearly, or a number is missing or has the wrong shape.
    """
    finite = {name: float_array(name, values) for name, values in draws.items()}
    value, _ = Reader(instance, finite)(line, instance.places(line))
    return value[:, 0, 0]


def as_matrices(name: str, values: Any, size: tuple[int, int]) -> NDArray[np.float64]:
    """Finite numbers of shape (N,), (N, rows) or (N, rows, columns) with all three axes; ScriptError where they are not."""
    return shaped(name, float_array(name, values), size)


def shaped(name: str, array: Any, size: tuple[int, int]) -> Any:
    """The same of an array of any backend, which is taken to be finite."""
    if array.ndim == 0 or [n for n in array.shape[1:] if n != 1] != [n for n in size if n != 1]:
        raise ScriptError(f"{name} is {size[0]} × {size[1]}; a value of shape {tuple(array.shape[1:])} does not fit")
    return array.reshape((-1, *size))


class Reader:
    """Reads lines on draws, finite arrays of the backend `device`, where the values then are too.

    `arguments` are the values of the formal arguments of the definition that is being read.
    """

    exact = False  # whether the values carry their rounding errors

    def __init__(self, instance: Instance, draws: Mapping[str, Any], device: Any = NUMPY) -> None:
        self.instance, self.draws, self.device, self.xp = instance, draws, device, device.xp
        self.arguments: Mapping[str, Values] = {}

    def on(self, draws: Mapping[str, Any]) -> Reader:
        """The same on other draws."""
        other = copy(self)
        other.draws = draws
        return other

    def __call__(self, node: Node, at: Mapping[Index, int]) -> Read:
        for kind in type(node).__mro__:
            if kind in _READERS:
                return getattr(self, _READERS[kind])(node, at)
        raise ScriptError(f"a numeric check cannot evaluate {node} by draws")

    # ---- scalars and variables ----

    def number(self, node: Any, at: Any) -> Read:
        return self._number(node.value), False

    def _number(self, value: Any) -> Values:
        return number(value, self.exact, self.device)

    def coefficient(self, node: Any, at: Any) -> Read:
        values = {symbol: self._symbol_value(symbol.name) for symbol in node.expression.free_symbols}
        return value_of(node.expression, values, self.exact, self.device), False

    def symbol(self, node: Any, at: Any) -> Read:
        return self._symbol_value(node.name), False

    def _symbol_value(self, name: str) -> Values:
        value = _known({**self.instance.parameters, **self.instance.dimensions}, name)
        return self._given(self.device.array([[[float(value)]]]))

    def constant(self, node: Any, at: Any) -> Read:
        if node.name in self.arguments:
            return self.arguments[node.name], False
        return self._given(self.instance.constant(node, self.device)), False

    def random(self, node: Any, at: Any) -> Read:
        return self._given(shaped(node.name, _drawn(self.draws, node.name), self.size_of(node))), False

    def size_of(self, node: Node) -> tuple[int, int]:
        return self.instance.size(node.shape[0]), self.instance.size(node.shape[1])

    def _given(self, value: Values) -> Values:
        """A number that the check gives, as it is."""
        return value

    def _unit(self, size: int) -> Values:
        return self.device.array(np.eye(size)[None])

    def identity(self, node: Any, at: Any) -> Read:
        return self._given(self._unit(self.instance.size(node.shape[0]))), False

    def filled(self, node: Any, at: Any) -> Read:
        value, _ = self(node.args[0], at)
        return self.xp.broadcast_to(value, (1, *self.size_of(node))), False

    def delta(self, node: Any, at: Any) -> Read:
        return self._given(self.device.array([[[float(at[node.args[0]] == at[node.args[1]])]]])), False

    # ---- definitions, entries, sums ----

    def defined(self, node: Any, at: Any) -> Read:
        if node.entry is None:
            return self.inside(node, at)(node.body, {})
        places = range(self.instance.size(node.entry.dimension))
        entries = [self._entry_of(node, place) for place in places]
        length = max(value.shape[0] for value, _ in entries)
        rows = [self.xp.broadcast_to(value, (length, *value.shape[1:])).swapaxes(1, 2) for value, _ in entries]
        return self.xp.concatenate(rows, axis=1), any(mean for _, mean in entries)

    def inside(self, node: Any, at: Any) -> Reader:
        """The reader of a definition's right side; an expectation among its arguments may not stand linearly there."""
        inside = copy(self)
        arguments = [(formal.name, self(value, at)) for formal, value in zip(node.parameters, node.values, strict=True)]
        self._refuse(any(mean for _, (_, mean) in arguments), node)
        inside.arguments = {name: value for name, (value, _) in arguments}
        return inside

    def _entry_of(self, node: Any, place: int) -> Read:
        return self.inside(node, {})(node.body, {node.entry: place})

    def element(self, node: Any, at: Any) -> Read:
        inner, places = node.args[0], [at[index] for index in node.indices]
        rows, columns = inner.shape
        if isinstance(inner, variables.Defined) and inner.entry is not None and rows != tree.ONE:
            (value, mean), rows = self._entry_of(inner, places.pop(0)), tree.ONE
            value = value.swapaxes(1, 2)
        else:
            value, mean = self(inner, at)
        row = 0 if rows == tree.ONE else places.pop(0)
        column = 0 if columns == tree.ONE else places.pop(0)
        return value[:, row : row + 1, column : column + 1], mean

    def member(self, node: Any, at: Any) -> Read:
        family, place = node.args[0], at[node.index]
        if isinstance(family, variables.Defined) and family.entry is not None:
            return self._entry_of(family, place)
        value, mean = self(family, at)
        return value[:, place : place + 1, :].swapaxes(1, 2), mean

    def indexed_sum(self, node: Any, at: Any) -> Read:
        total, any_mean = self._given(self.device.array([[[0.0]]])), False
        for places in product(*(range(self.instance.size(index.dimension)) for index in node.bound)):
            if len(set(places)) == len(places):
                value, mean = self(node.body, {**at, **dict(zip(node.bound, places, strict=True))})
                total, any_mean = total + value, any_mean or mean
        return total, any_mean

    # ---- operations ----

    def plus(self, node: Any, at: Any) -> Read:
        parts = [self(term, at) for term in node.args]
        total = parts[0][0]
        for value, _ in parts[1:]:
            total = total + value
        return total, any(mean for _, mean in parts)

    def minus(self, node: Any, at: Any) -> Read:
        value, mean = self(node.args[0], at)
        return -value, mean

    def product(self, node: Any, at: Any) -> Read:
        factors, mean = self._factors(node, at)
        return reduce(mul, factors), mean

    def matrix_product(self, node: Any, at: Any) -> Read:
        factors, mean = self._factors(node, at)
        return (reduce(matmul, factors) if self.exact else chained(factors, self.xp)), mean

    def _factors(self, node: Any, at: Any) -> tuple[list[Values], bool]:
        parts = [self(factor, at) for factor in node.args]
        self._refuse_product([(factor, mean) for factor, (_, mean) in zip(node.args, parts, strict=True)], node)
        return [value for value, _ in parts], any(mean for _, mean in parts)

    def _refuse_product(self, factors: list[tuple[Node, bool]], node: Node) -> None:
        """An expectation may not meet another one in a product, nor anything random: E[y] z is not y z."""
        for place, (_, mean) in enumerate(factors):
            others = factors[:place] + factors[place + 1 :]
            if mean and any(other_mean for _, other_mean in others):
                raise ScriptError(f"a numeric check cannot estimate a product of expectations: {node}")
            self._refuse(mean and any(random_variables(other) for other, _ in others), node)

    def quotient(self, node: Any, at: Any) -> Read:
        (value, mean), (below, mean_below) = self(node.args[0], at), self(node.args[1], at)
        self._refuse_product([(node.args[0], mean), (node.args[1], False)], node)
        self._refuse(mean_below, node)
        return value / below, mean

    def power(self, node: Any, at: Any) -> Read:
        value, mean = self(node.args[0], at)
        self._refuse(mean and node.exponent > 1, node)
        return value**node.exponent, mean

    def _refuse(self, condition: bool, node: Node) -> None:
        if condition:
            raise ScriptError(f"a numeric check cannot estimate {node}: an expectation in it does not stand linearly")

    def same(self, node: Any, at: Any) -> Read:
        return self(node.args[0], at)

    def transpose(self, node: Any, at: Any) -> Read:
        value, mean = self(node.args[0], at)
        return value.swapaxes(1, 2), mean

    def trace(self, node: Any, at: Any) -> Read:
        value, mean = self(node.args[0], at)
        return (value * self._unit(value.shape[1])).sum(axis=(1, 2), keepdims=True), mean

    def inverse(self, node: Any, at: Any) -> Read:
        inner = self._without_mean(node.args[0], at, node)
        try:
            return (inverted(inner) if self.exact else self.xp.linalg.inv(inner)), False
        except self.device.singular:
            raise ScriptError(f"at this instance {node.args[0]} has no inverse") from None

    def diagonal(self, node: Any, at: Any) -> Read:
        value, mean = self(node.args[0], at)
        return value * self._unit(value.shape[1]), mean

    # ---- what is not linear ----

    def squared_norm(self, node: Any, at: Any) -> Read:
        value = self._without_mean(node.args[0], at, node)
        if self.exact:
            return (value**2).sum(axis=(1, 2), keepdims=True), False
        rows = value.reshape((value.shape[0], -1))
        return dots(rows, rows, self.xp), False

    def norm_one(self, node: Any, at: Any) -> Read:
        return abs(self._without_mean(node.args[0], at, node)).sum(axis=(1, 2), keepdims=True), False

    def absolute(self, node: Any, at: Any) -> Read:
        return abs(self._without_mean(node.args[0], at, node)), False

    def signum(self, node: Any, at: Any) -> Read:
        return self.xp.sign(self._without_mean(node.args[0], at, node)), False

    def root(self, node: Any, at: Any) -> Read:
        inner = self._without_mean(node.args[0], at, node)
        if plain(inner).min() < 0:
            raise ScriptError(f"at this instance {node} is the root of a negative number")
        return self.xp.sqrt(inner), False

    def exponential(self, node: Any, at: Any) -> Read:
        value = self.xp.exp(self._without_mean(node.args[0], at, node))
        if not self.xp.isfinite(plain(value)).all():
            raise ScriptError(f"at this instance {node} is too large for floating point")
        return value, False

    def logarithm(self, node: Any, at: Any) -> Read:
        inner = self._without_mean(node.args[0], at, node)
        if plain(inner).min() <= 0:
            raise ScriptError(f"at this instance {node} is the logarithm of a number that is not positive")
        return self.xp.log(inner), False

    def symbolic_power(self, node: Any, at: Any) -> Read:
        base = self._without_mean(node.base, at, node)
        exponent = round(float(plain(self(node.exponent, at)[0]).item()))
        return (base**exponent if exponent >= 0 else 1 / base ** (-exponent)), False

    def maximum(self, node: Any, at: Any) -> Read:
        left, right = (self._without_mean(side, at, node) for side in node.args)
        return (left + right + abs(left - right)) / 2, False

    def minimum(self, node: Any, at: Any) -> Read:
        left, right = (self._without_mean(side, at, node) for side in node.args)
        return (left + right - abs(left - right)) / 2, False

    def applied(self, node: Any, at: Any) -> Read:
        arguments = [self._without_mean(argument, at, node) for argument in node.arguments]
        return self._function(node.function, node.orders, arguments), False

    def remainder(self, node: Any, at: Any) -> Read:
        """A(u + Δ) − Σ_{j<k} A⁽ʲ⁾(u) Δʲ/j!, as it is defined."""
        point, increment = (self._without_mean(part, at, node) for part in (node.point, node.increment))
        value = self._function(node.function, (), [point + increment])
        for order in range(node.order):
            term = self._function(node.function, (0,) * order, [point]) * increment**order
            value = value - term / float(factorial(order))
        return value, False

    def _function(self, function: Any, orders: tuple[int, ...], arguments: list[Values]) -> Values:
        return function_value(function, orders, arguments, self.instance.functions, self.exact, self.device)

    def _without_mean(self, inner: Node, at: Any, node: Node) -> Values:
        value, mean = self(inner, at)
        self._refuse(mean, node)
        return value

    def derivative(self, node: Any, at: Any) -> Read:
        raise ScriptError(
            f"a numeric check does not differentiate {node}; write GradientCheck(...) with the function that is "
            "differentiated, or unfold the derivative in the line"
        )

    # ---- expectations ----

    def expectation(self, node: Any, at: Any) -> Read:
        return self._without_mean(node.args[0], at, node), True

    def variance(self, node: Any, at: Any) -> Read:
        raise ScriptError(
            f"a numeric check cannot estimate {node} from a mean; write it with E, or enumerate a finite law"
        )


def all_random_variables(node: Node) -> set[variables.RandomVariable]:
    """The random variables of a line, within expectations and definitions too."""
    if isinstance(node, variables.RandomVariable):
        return {node}
    inner = (node.meaning,) if isinstance(node, variables.Defined) else node.args
    return {one for part in inner if isinstance(part, Basic) for one in all_random_variables(part)}


def entries_of(indices: tuple[Index, ...], instance: Instance) -> Iterator[dict[Index, int]]:
    """All places (from 0) at which indices can stand."""
    for places in product(*(range(instance.size(index.dimension)) for index in indices)):
        yield dict(zip(indices, places, strict=True))


_READERS: dict[type, str] = {
    tree.Number: "number",
    tree.Coefficient: "coefficient",
    tree.Dimension: "symbol",
    tree.Parameter: "symbol",
    variables.Constant: "constant",
    variables.RandomVariable: "random",
    variables.Identity: "identity",
    variables.Filled: "filled",
    variables.Defined: "defined",
    tree.Plus: "plus",
    tree.Minus: "minus",
    tree.Product: "product",
    tree.MatrixProduct: "matrix_product",
    tree.Quotient: "quotient",
    tree.Power: "power",
    tree.Group: "same",
    tree.Transpose: "transpose",
    tree.Hadamard: "product",
    tree.Trace: "trace",
    tree.SquaredNorm: "squared_norm",
    tree.Element: "element",
    tree.Member: "member",
    tree.IndexedSum: "indexed_sum",
    tree.KroneckerDelta: "delta",
    functions.Applied: "applied",
    functions.Remainder: "remainder",
    functions.Derivative: "derivative",
    functions.AbsoluteValue: "absolute",
    functions.Signum: "signum",
    functions.NormOne: "norm_one",
    functions.Root: "root",
    functions.Diagonal: "diagonal",
    elementary.Exponential: "exponential",
    elementary.Logarithm: "logarithm",
    elementary.SymbolicPower: "symbolic_power",
    elementary.Maximum: "maximum",
    elementary.Minimum: "minimum",
    matrices.Inverse: "inverse",
    expectations.Expectation: "expectation",
    expectations.Variance: "variance",
    expectations.Covariance: "variance",
}
