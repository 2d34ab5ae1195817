"""The value of a line on a finite probability space, by enumeration, in exact rationals.

Shares nothing with the kernel: no normal form, no rule. A definition is read by its body, an expectation is a weighted
sum over the outcomes, a sum runs over its range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import product
from typing import Any

from sympy import Expr

from proofsheet.errors import ProofsheetError
from proofsheet.exact_models.matrices import inverted
from proofsheet.notation import expectations, functions, matrices, tree, variables
from proofsheet.notation.indices import Index
from proofsheet.notation.scope import free_indices
from proofsheet.notation.tree import Node

Matrix = list[list[Fraction]]
Outcome = Mapping[str, Matrix]  # the value of each random variable


@dataclass(frozen=True)
class Model:
    """Dimensions, parameters, constants, and a finite probability space: (probability, outcome) pairs."""

    dimensions: Mapping[str, int]
    parameters: Mapping[str, Fraction]
    constants: Mapping[str, Matrix]
    space: list[tuple[Fraction, Outcome]] = field(default_factory=list)

    def size(self, node: Node) -> int:
        return int(node.value) if isinstance(node, tree.Number) else self.dimensions[node.name]


def evaluate(
    line: Node, model: Model, positions: Mapping[Index, int] | None = None, outcome: Outcome | None = None
) -> Matrix:
    """The value of `line` as a matrix of fractions; `positions` (from 0) are the values of its free indices.

    Raises ZeroDivisionError where the line divides by zero at this point.
    """
    return _Evaluation(model)(line, positions or {}, outcome or {})


def scalar_value(line: Node, model: Model, positions: Mapping[Index, int] | None = None) -> Fraction:
    return evaluate(line, model, positions)[0][0]


def all_positions(line: Node, model: Model) -> Iterator[dict[Index, int]]:
    """Every value that the free indices of a line can have."""
    indices = sorted(free_indices(line), key=lambda index: index.name)
    for values in product(*(range(model.size(index.dimension)) for index in indices)):
        yield dict(zip(indices, values, strict=True))


def rational_value(expression: Expr, model: Model) -> Fraction:
    """A rational function at the model's parameters and dimensions."""
    numerator, denominator = (_polynomial_value(part, model) for part in expression.as_numer_denom())
    return numerator / denominator


def _polynomial_value(expression: Expr, model: Model) -> Fraction:
    if expression.is_Rational:
        return Fraction(int(expression.p), int(expression.q))
    if expression.is_Symbol:
        known = model.parameters.get(expression.name)
        return known if known is not None else Fraction(model.dimensions[expression.name])
    parts = [_polynomial_value(part, model) for part in expression.args]
    if expression.is_Add:
        return sum(parts, Fraction(0))
    if expression.is_Mul:
        return reduce(lambda one, other: one * other, parts)
    return parts[0] ** int(parts[1])


class ModelError(ProofsheetError):
    """A line whose value on a finite probability space is not rational, or depends on an opaque function."""


class _Evaluation:
    """`arguments` are the values of the formal arguments of the definition that is being read."""

    def __init__(self, model: Model, arguments: Mapping[str, Matrix] | None = None) -> None:
        self.model = model
        self.arguments = arguments or {}

    def __call__(self, node: Node, at: Mapping[Index, int], outcome: Outcome) -> Matrix:
        for kind in type(node).__mro__:
            if kind in _READERS:
                return _READERS[kind](self, node, at, outcome)
        raise ModelError(f"an exact model has no rational value for {node}")

    def number(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [[Fraction(int(node.value.p), int(node.value.q))]]

    def coefficient(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [[rational_value(node.expression, self.model)]]

    def symbol(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [[rational_value(node.symbol, self.model)]]

    def constant(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return self.arguments[node.name] if node.name in self.arguments else self.model.constants[node.name]

    def random(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return outcome[node.name]

    def identity(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        size = self.model.size(node.shape[0])
        return [[Fraction(row == column) for column in range(size)] for row in range(size)]

    def filled(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        value = self(node.args[0], at, outcome)[0][0]
        rows, columns = map(self.model.size, node.shape)
        return [[value] * columns for _ in range(rows)]

    def defined(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        pairs = zip(node.parameters, node.values, strict=True)
        inside = _Evaluation(self.model, {formal.name: self(value, at, outcome) for formal, value in pairs})
        if node.entry is None:
            return inside(node.body, {}, outcome)
        size = self.model.size(node.entry.dimension)
        columns = [inside(node.body, {node.entry: position}, outcome) for position in range(size)]
        return [[row[0] for row in column] for column in columns]

    def plus(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return reduce(_added, (self(term, at, outcome) for term in node.args))

    def minus(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return _scaled(Fraction(-1), self(node.args[0], at, outcome))

    def product(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        scale, matrix = Fraction(1), None
        for factor in node.args:
            value = self(factor, at, outcome)
            if factor.is_scalar:
                scale *= value[0][0]
            else:
                matrix = value
        return _scaled(scale, matrix) if matrix is not None else [[scale]]

    def matrix_product(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return reduce(_multiplied, (self(factor, at, outcome) for factor in node.args))

    def quotient(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return _scaled(1 / self(node.args[1], at, outcome)[0][0], self(node.args[0], at, outcome))

    def power(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [[self(node.args[0], at, outcome)[0][0] ** node.exponent]]

    def same(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return self(node.args[0], at, outcome)

    def transpose(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [list(row) for row in zip(*self(node.args[0], at, outcome), strict=True)]

    def inverse(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        result = inverted(self(node.args[0], at, outcome))
        if result is None:
            raise ModelError(f"{node.args[0]} is not invertible here")
        return result

    def hadamard(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        left, right = (self(side, at, outcome) for side in node.args)
        return [[a * b for a, b in zip(*rows, strict=True)] for rows in zip(left, right, strict=True)]

    def trace(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        matrix = self(node.args[0], at, outcome)
        return [[sum((matrix[k][k] for k in range(len(matrix))), Fraction(0))]]

    def squared_norm(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [[sum((entry * entry for row in self(node.args[0], at, outcome) for entry in row), Fraction(0))]]

    def element(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        matrix = self(node.args[0], at, outcome)
        places = iter([at[index] for index in node.indices])
        rows, columns = node.args[0].shape
        row = 0 if rows == tree.ONE else next(places)
        return [[matrix[row][0 if columns == tree.ONE else next(places)]]]

    def member(self, node: Any, at: Mapping[Index, int], outcome: Outcome) -> Matrix:
        return [[entry] for entry in self(node.args[0], at, outcome)[at[node.index]]]

    def diagonal(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        entries = [row[0] for row in self(node.args[0], at, outcome)]
        return [
            [entry if row == column else Fraction(0) for column in range(len(entries))]
            for row, entry in enumerate(entries)
        ]

    def absolute(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [[abs(entry) for entry in row] for row in self(node.args[0], at, outcome)]

    def signum(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [[Fraction((entry > 0) - (entry < 0)) for entry in row] for row in self(node.args[0], at, outcome)]

    def norm_one(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [[sum((abs(entry) for row in self(node.args[0], at, outcome) for entry in row), Fraction(0))]]

    def indexed_sum(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        rows, columns = map(self.model.size, node.shape)
        total = [[Fraction(0)] * columns for _ in range(rows)]
        for places in product(*(range(self.model.size(index.dimension)) for index in node.bound)):
            if len(set(places)) == len(places):
                here = {**at, **dict(zip(node.bound, places, strict=True))}
                total = _added(total, self(node.body, here, outcome))
        return total

    def delta(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        first, second = (at[index] for index in node.args)
        return [[Fraction(first == second)]]

    def expectation(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return self._mean(lambda drawn: self(node.args[0], at, drawn))

    def _mean(self, of: Callable[[Outcome], Matrix]) -> Matrix:
        return reduce(_added, (_scaled(probability, of(drawn)) for probability, drawn in self.model.space))

    def variance(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return self._covariance(node.args[0], node.args[0], at)

    def covariance(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return self._covariance(node.args[0], node.args[1], at)

    def _covariance(self, left: Node, right: Node, at: Mapping[Index, int]) -> Matrix:
        means = [self._mean(lambda drawn, side=side: self(side, at, drawn)) for side in (left, right)]  # type: ignore[misc]

        def centred(side: Node, mean: Matrix, drawn: Outcome) -> list[Fraction]:
            return [row[0] - centre[0] for row, centre in zip(self(side, at, drawn), mean, strict=True)]

        def outer(drawn: Outcome) -> Matrix:
            rows, columns = centred(left, means[0], drawn), centred(right, means[1], drawn)
            return [[row * column for column in columns] for row in rows]

        return self._mean(outer)


def _added(left: Matrix, right: Matrix) -> Matrix:
    return [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(left, right, strict=True)]


def _scaled(by: Fraction, matrix: Matrix) -> Matrix:
    return [[by * entry for entry in row] for row in matrix]


def _multiplied(left: Matrix, right: Matrix) -> Matrix:
    columns = list(zip(*right, strict=True))
    return [[sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0)) for column in columns] for row in left]


_READERS: dict[type, Callable[..., Matrix]] = {
    tree.Number: _Evaluation.number,
    tree.Coefficient: _Evaluation.coefficient,
    tree.Dimension: _Evaluation.symbol,
    tree.Parameter: _Evaluation.symbol,
    variables.Constant: _Evaluation.constant,
    variables.RandomVariable: _Evaluation.random,
    variables.Identity: _Evaluation.identity,
    variables.Filled: _Evaluation.filled,
    variables.Defined: _Evaluation.defined,
    tree.Plus: _Evaluation.plus,
    tree.Minus: _Evaluation.minus,
    tree.Product: _Evaluation.product,
    tree.MatrixProduct: _Evaluation.matrix_product,
    tree.Quotient: _Evaluation.quotient,
    tree.Power: _Evaluation.power,
    tree.Group: _Evaluation.same,
    tree.Transpose: _Evaluation.transpose,
    matrices.Inverse: _Evaluation.inverse,
    tree.Hadamard: _Evaluation.hadamard,
    tree.Trace: _Evaluation.trace,
    tree.SquaredNorm: _Evaluation.squared_norm,
    tree.Element: _Evaluation.element,
    tree.Member: _Evaluation.member,
    functions.Diagonal: _Evaluation.diagonal,
    functions.AbsoluteValue: _Evaluation.absolute,
    functions.Signum: _Evaluation.signum,
    functions.NormOne: _Evaluation.norm_one,
    tree.IndexedSum: _Evaluation.indexed_sum,
    tree.KroneckerDelta: _Evaluation.delta,
    expectations.Expectation: _Evaluation.expectation,
    expectations.Variance: _Evaluation.variance,
    expectations.Covariance: _Evaluation.covariance,
}
