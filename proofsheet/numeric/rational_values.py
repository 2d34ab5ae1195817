"""The value of a line in rational numbers, without any rounding: object arrays of fractions in place of floats.

A float that a check gives stands for the binary fraction that it is. Lines with √, exp, log or functions in closed form
have no rational value in general; they raise NotRational, and so does anything that turns a fraction into a float.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Rational

from proofsheet.errors import ScriptError
from proofsheet.notation.indices import Index
from proofsheet.notation.tree import Node
from proofsheet.numeric.draws import Instance, Read, Reader, Values
from proofsheet.numeric.function_values import callable_for, natural_argument

Exact = NDArray[np.object_]


class NotRational(Exception):
    """A value cannot be had without rounding; the text says why."""


def rational_array(values: Any) -> Exact:
    """Numbers as an object array of fractions; a float is the binary fraction that it is. They must be finite."""
    array = np.asarray(values, dtype=object)
    return np.array([_fraction(one) for one in array.ravel()], dtype=object).reshape(array.shape)


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value)) if isinstance(value, np.integer) else Fraction(value)


def is_exact(value: Any) -> bool:
    """Whether a value or all entries of an array are fractions or Python integers, which never overflow."""
    entries = np.asarray(value, dtype=object).ravel()
    return all(type(one) is int or (type(one) is Fraction and type(one.numerator) is int) for one in entries)


def rational_value(line: Node, instance: Instance, at: Mapping[Index, int]) -> Exact:
    """The value of a line without expectations, of shape (rows, columns); `at` places its free indices, from 0.

    The instance holds fractions. Raises NotRational, and ScriptError where a number is missing or an inverse not there.
    """
    try:
        value, _ = _RationalReader(instance, {})(line, at)
    except TypeError:
        raise NotRational(f"{line} has no rational value") from None
    if not is_exact(value):
        raise NotRational(f"{line} is computed in floating point")
    return np.asarray(value[0], dtype=object)


class _RationalReader(Reader):
    """Reads lines on arrays of fractions."""

    def number(self, node: Any, at: Any) -> Read:
        return _filled(node.value), False

    def coefficient(self, node: Any, at: Any) -> Read:
        values = {symbol: self._symbol_value(symbol.name).item() for symbol in node.expression.free_symbols}
        return _filled(node.expression.xreplace({symbol: Rational(one) for symbol, one in values.items()})), False

    def _symbol_value(self, name: str) -> Values:
        as_float = super()._symbol_value(name)  # raises where it is missing
        known = {**self.instance.parameters, **self.instance.dimensions}
        return rational_array(known[name]).reshape(as_float.shape)

    def constant(self, node: Any, at: Any) -> Read:
        if node.name in self.arguments:
            return self.arguments[node.name], False
        as_floats, _ = super().constant(node, at)  # raises where it is missing or has the wrong shape
        return rational_array(self.instance.constants[node.name]).reshape(as_floats.shape), False

    def _given(self, value: Values) -> Values:
        return rational_array(value)

    def trace(self, node: Any, at: Any) -> Read:
        value, mean = self(node.args[0], at)
        return np.trace(value, axis1=1, axis2=2).reshape(-1, 1, 1), mean

    def diagonal(self, node: Any, at: Any) -> Read:
        value, mean = self(node.args[0], at)
        return value * rational_array(np.eye(value.shape[1]))[None], mean

    def inverse(self, node: Any, at: Any) -> Read:
        value, _ = self(node.args[0], at)
        return np.stack([_inverse(one, node) for one in value]), False

    def applied(self, node: Any, at: Any) -> Read:
        """An opaque function by the check's own callable, where that takes fractions."""
        function, orders = node.function, node.orders
        if function.closed_form is not None:
            raise NotRational(f"{function} has the closed form {function.closed_form}")
        arguments = [self(argument, at)[0] for argument in node.arguments]
        chosen = callable_for(function, orders, self.instance.functions)
        if function.is_entrywise:
            value = chosen(arguments[0])
        else:
            natural = [natural_argument(one[0], shape) for one, shape in zip(arguments, function.shapes, strict=True)]
            shape = arguments[orders[0]].shape if len(orders) == 1 else (1, 1, 1)
            value = np.asarray(chosen(*natural), dtype=object).reshape(shape)
        if not is_exact(value):
            raise NotRational(f"the callable for {function} gives floats")
        return np.asarray(value, dtype=object), False

    def expectation(self, node: Any, at: Any) -> Read:
        raise NotRational(f"{node} is summed in floating point")

    variance = remainder = expectation

    def root(self, node: Any, at: Any) -> Read:
        raise NotRational(f"{node} has no rational value")

    exponential = logarithm = root


def _filled(value: Any) -> Exact:
    if not value.is_Rational:
        raise NotRational(f"{value} is no rational number")
    return np.full((1, 1, 1), Fraction(int(value.p), int(value.q)), dtype=object)


def _inverse(matrix: Exact, node: Node) -> Exact:
    """The inverse by Gauss and Jordan, with any pivot that is not 0."""
    size = len(matrix)
    rows = np.concatenate([matrix, rational_array(np.eye(size))], axis=1)
    for k in range(size):
        pivot = next((row for row in range(k, size) if rows[row, k] != 0), None)
        if pivot is None:
            raise ScriptError(f"at this instance {node.args[0]} has no inverse")
        rows[[k, pivot]] = rows[[pivot, k]]
        rows[k] = rows[k] / rows[k, k]
        for row in range(size):
            if row != k:
                rows[row] = rows[row] - rows[row, k] * rows[k]
    return rows[:, size:]
