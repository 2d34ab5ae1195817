"""A line on arrays of draws: its value for each of N draws, in floating point.

Expectations are not estimated one by one: E[a] is replaced by a itself, so that the mean over the draws is the value of
the line. That is right only where every E stands linearly, and anything else is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError
from proofsheet.notation import expectations, tree, variables
from proofsheet.notation.indices import Index
from proofsheet.notation.tree import Node

Array = NDArray[np.float64]  # of shape (draws or 1, rows, columns)


@dataclass(frozen=True)
class Instance:
    """Numbers for the dimensions, parameters and constants of a theorem."""

    dimensions: Mapping[str, int]
    parameters: Mapping[str, float]
    constants: Mapping[str, Any]

    def size(self, node: Node) -> int:
        return int(node.value) if isinstance(node, tree.Number) else int(_known(self.dimensions, node.name))


def _known(table: Mapping[str, Any], name: str) -> Any:
    if name not in table:
        raise ScriptError(f"the numeric check gives no value for {name}")
    return table[name]


def value_per_draw(line: Node, instance: Instance, draws: Mapping[str, Array]) -> Array:
    """The value of a scalar line for each draw, as an array of one axis.

    `draws` maps each random variable to an array of shape (N,), (N, rows) or (N, rows, columns). Raises ScriptError
    where an expectation does not stand linearly, or a number is missing.
    """
    shaped = {name: _as_matrices(values) for name, values in draws.items()}
    value, _ = _Reader(instance, shaped)(line, {})
    return value[:, 0, 0]


def _as_matrices(values: Any) -> Array:
    array = np.asarray(values, dtype=float)
    return array.reshape(array.shape + (1,) * (3 - array.ndim))


Read = tuple[Array, bool]  # the value, and whether an expectation stands in it


class _Reader:
    """`arguments` are the values of the formal arguments of the definition that is being read."""

    def __init__(
        self, instance: Instance, draws: Mapping[str, Array], arguments: Mapping[str, Array] | None = None
    ) -> None:
        self.instance, self.draws, self.arguments = instance, draws, arguments or {}

    def __call__(self, node: Node, at: Mapping[Index, int]) -> Read:
        for kind in type(node).__mro__:
            if kind in _READERS:
                return _READERS[kind](self, node, at)
        raise ScriptError(f"a numeric check cannot evaluate {node} by draws")

    def number(self, node: Any, at: Any) -> Read:
        return np.full((1, 1, 1), float(node.value)), False

    def coefficient(self, node: Any, at: Any) -> Read:
        known = {**self.instance.parameters, **self.instance.dimensions}
        value = node.expression.subs({symbol: _known(known, symbol.name) for symbol in node.expression.free_symbols})
        return np.full((1, 1, 1), float(value)), False

    def symbol(self, node: Any, at: Any) -> Read:
        known = {**self.instance.parameters, **self.instance.dimensions}
        return np.full((1, 1, 1), float(_known(known, node.name))), False

    def constant(self, node: Any, at: Any) -> Read:
        if node.name in self.arguments:
            return self.arguments[node.name], False
        array = np.asarray(_known(self.instance.constants, node.name), dtype=float)
        return array.reshape((1, self.instance.size(node.shape[0]), self.instance.size(node.shape[1]))), False

    def random(self, node: Any, at: Any) -> Read:
        return _known(self.draws, node.name), False

    def identity(self, node: Any, at: Any) -> Read:
        return np.eye(self.instance.size(node.shape[0]))[None], False

    def filled(self, node: Any, at: Any) -> Read:
        value, _ = self(node.args[0], at)
        return np.broadcast_to(value, (1, *map(self.instance.size, node.shape))), False

    def defined(self, node: Any, at: Any) -> Read:
        pairs = zip(node.parameters, node.values, strict=True)
        inside = _Reader(self.instance, self.draws, {formal.name: self(value, at)[0] for formal, value in pairs})
        if node.entry is None:
            return inside(node.body, {})
        entries = [inside(node.body, {node.entry: place}) for place in range(self.instance.size(node.entry.dimension))]
        length = max(value.shape[0] for value, _ in entries)
        values = [np.broadcast_to(value, (length, 1, 1)) for value, _ in entries]
        return np.concatenate(values, axis=1), any(mean for _, mean in entries)

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
        return self._combined(node, at, np.multiply)

    def matrix_product(self, node: Any, at: Any) -> Read:
        return self._combined(node, at, np.matmul)

    def _combined(self, node: Any, at: Any, operation: Callable[[Array, Array], Array]) -> Read:
        parts = [self(factor, at) for factor in node.args]
        if sum(mean for _, mean in parts) > 1:
            raise ScriptError(f"a numeric check cannot estimate a product of expectations: {node}")
        total = parts[0][0]
        for value, _ in parts[1:]:
            total = operation(total, value)
        return total, any(mean for _, mean in parts)

    def quotient(self, node: Any, at: Any) -> Read:
        (value, mean), (below, mean_below) = self(node.args[0], at), self(node.args[1], at)
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

    def hadamard(self, node: Any, at: Any) -> Read:
        return self._combined(node, at, np.multiply)

    def trace(self, node: Any, at: Any) -> Read:
        value, mean = self(node.args[0], at)
        return np.trace(value, axis1=1, axis2=2)[:, None, None], mean

    def squared_norm(self, node: Any, at: Any) -> Read:
        value, mean = self(node.args[0], at)
        self._refuse(mean, node)
        return (value**2).sum(axis=(1, 2), keepdims=True), mean

    def element(self, node: Any, at: Any) -> Read:
        value, mean = self(node.args[0], at)
        places = iter([at[index] for index in node.indices])
        rows, columns = node.args[0].shape
        row = 0 if rows == tree.ONE else next(places)
        column = 0 if columns == tree.ONE else next(places)
        return value[:, row : row + 1, column : column + 1], mean

    def indexed_sum(self, node: Any, at: Any) -> Read:
        total, any_mean = np.zeros((1, 1, 1)), False
        for places in product(*(range(self.instance.size(index.dimension)) for index in node.bound)):
            if len(set(places)) == len(places):
                value, mean = self(node.body, {**at, **dict(zip(node.bound, places, strict=True))})
                total, any_mean = total + value, any_mean or mean
        return total, any_mean

    def delta(self, node: Any, at: Any) -> Read:
        return np.full((1, 1, 1), float(at[node.args[0]] == at[node.args[1]])), False

    def expectation(self, node: Any, at: Any) -> Read:
        value, mean = self(node.args[0], at)
        self._refuse(mean, node)
        return value, True


_READERS: dict[type, Callable[..., Read]] = {
    tree.Number: _Reader.number,
    tree.Coefficient: _Reader.coefficient,
    tree.Dimension: _Reader.symbol,
    tree.Parameter: _Reader.symbol,
    variables.Constant: _Reader.constant,
    variables.RandomVariable: _Reader.random,
    variables.Identity: _Reader.identity,
    variables.Filled: _Reader.filled,
    variables.Defined: _Reader.defined,
    tree.Plus: _Reader.plus,
    tree.Minus: _Reader.minus,
    tree.Product: _Reader.product,
    tree.MatrixProduct: _Reader.matrix_product,
    tree.Quotient: _Reader.quotient,
    tree.Power: _Reader.power,
    tree.Group: _Reader.same,
    tree.Transpose: _Reader.transpose,
    tree.Hadamard: _Reader.hadamard,
    tree.Trace: _Reader.trace,
    tree.SquaredNorm: _Reader.squared_norm,
    tree.Element: _Reader.element,
    tree.IndexedSum: _Reader.indexed_sum,
    tree.KroneckerDelta: _Reader.delta,
    expectations.Expectation: _Reader.expectation,
}
