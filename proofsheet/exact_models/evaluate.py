"""The value of a line on a finite probability space, by enumeration, in exact rationals.

Shares nothing with the kernel: no normal form, no rule. A definition is read by its body, an expectation is a weighted
sum over the outcomes, a sum runs over its range, a derivative is taken with an infinitesimal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import product
from typing import Any, NamedTuple

from proofsheet.exact_models.analysis import READERS_OF_ANALYSIS
from proofsheet.exact_models.elementary import SCALAR_FUNCTIONS, absolute, exponential, sign
from proofsheet.exact_models.matrices import added, dot, entrywise, inverse, mean, multiplied, scaled, transposed
from proofsheet.exact_models.model import (
    Family,
    Matrix,
    Model,
    ModelError,
    Outcome,
    Space,
    all_positions,
    rational_value,
)
from proofsheet.exact_models.series import constant_term
from proofsheet.notation import expectations, functions, matrices, tree, variables
from proofsheet.notation.indices import Index
from proofsheet.notation.scope import free_indices, random_variables
from proofsheet.notation.tree import Node

MOST_KNOWN = 20_000  # values that are remembered at once; then it begins anew


def evaluate(
    line: Node, model: Model, positions: Mapping[Index, int] | None = None, outcome: Outcome | None = None
) -> Matrix:
    """The value of `line` as a matrix of fractions, or of enclosures where a value is no fraction.

    `positions` (from 0) are the values of its free indices. Raises ZeroDivisionError where the line divides by zero at
    this point, ModelError where the model does not determine it.
    """
    return Evaluation(model)(line, positions or {}, outcome or {})


def scalar_value(line: Node, model: Model, positions: Mapping[Index, int] | None = None) -> Any:
    return evaluate(line, model, positions)[0][0]


class Evaluation:
    """`arguments` are the values of the formal arguments of the definition that is being read.

    `shifted` are the constants that are being differentiated by, as series. What was worked out once is remembered: the
    value of a node is settled by its free indices and by the values of what is random in it.
    """

    def __init__(
        self,
        model: Model,
        arguments: Mapping[str, Matrix] | None = None,
        shifted: Mapping[str, Matrix] | None = None,
    ) -> None:
        self.model = model
        self.arguments = arguments or {}
        self.shifted = shifted or {}
        self._known: dict[Any, tuple[Matrix, tuple[Matrix, ...]]] = {}

    def at(self, name: str, value: Matrix) -> Evaluation:
        """The same with another value for a constant: of the formal argument, where one has that name."""
        if name in self.arguments:
            return Evaluation(self.model, {**self.arguments, name: value}, self.shifted)
        return Evaluation(self.model, self.arguments, {**self.shifted, name: value})

    def value_of(self, name: str) -> Matrix:
        """The value of a constant here."""
        for known in (self.arguments, self.shifted, self.model.constants):
            if name in known:
                return known[name]
        raise ModelError(f"the model does not know {name}")

    def __call__(self, node: Node, at: Mapping[Index, int], outcome: Outcome) -> Matrix:
        reader, kept, indices, names = _reading(node)
        if not kept:
            return reader(self, node, at, outcome)
        try:
            drawn = tuple([outcome[name] for name in names])
            key = (node, *[at[index] for index in indices], *map(id, drawn))
        except KeyError:  # it has no value, and its reader says why
            return reader(self, node, at, outcome)
        found = self._known.get(key)
        if found is None:
            found = reader(self, node, at, outcome), drawn  # `drawn` is kept, so that no other matrix can have its id
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[key] = found
        return found[0]

    def number(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [[Fraction(int(node.value.p), int(node.value.q))]]

    def coefficient(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [[rational_value(node.expression, self.model)]]

    def symbol(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [[rational_value(node.symbol, self.model)]]

    def constant(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return self.value_of(node.name)

    def random(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        if node.name not in outcome:
            raise ModelError(f"{node} has no value outside an expectation")
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
        values = {formal.name: self(value, at, outcome) for formal, value in pairs}
        inside = Evaluation(self.model, values, self.shifted)
        if node.entry is None:
            return inside(node.body, {}, outcome)
        size = self.model.size(node.entry.dimension)
        columns = [inside(node.body, {node.entry: position}, outcome) for position in range(size)]
        return [[row[0] for row in column] for column in columns]

    def plus(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return reduce(added, (self(term, at, outcome) for term in node.args))

    def minus(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return scaled(Fraction(-1), self(node.args[0], at, outcome))

    def product(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        scale, matrix = Fraction(1), None
        for factor in node.args:
            value = self(factor, at, outcome)
            if factor.is_scalar:
                scale *= value[0][0]
            else:
                matrix = value
        return scaled(scale, matrix) if matrix is not None else [[scale]]

    def matrix_product(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return reduce(multiplied, (self(factor, at, outcome) for factor in node.args))

    def quotient(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return scaled(1 / self(node.args[1], at, outcome)[0][0], self(node.args[0], at, outcome))

    def power(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [[self(node.args[0], at, outcome)[0][0] ** node.exponent]]

    def same(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return self(node.args[0], at, outcome)

    def transpose(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return transposed(self(node.args[0], at, outcome))

    def inverse(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return inverse(self(node.args[0], at, outcome))

    def hadamard(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        left, right = (self(side, at, outcome) for side in node.args)
        return [[a * b for a, b in zip(*rows, strict=True)] for rows in zip(left, right, strict=True)]

    def trace(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        matrix = self(node.args[0], at, outcome)
        return [[sum((matrix[k][k] for k in range(len(matrix))), Fraction(0))]]

    def squared_norm(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        entries = [entry for row in self(node.args[0], at, outcome) for entry in row]
        return [[dot(entries, entries)]]

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
        return entrywise(absolute, self(node.args[0], at, outcome))

    def signum(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return entrywise(lambda entry: Fraction(sign(entry)), self(node.args[0], at, outcome))

    def norm_one(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [[sum((absolute(entry) for row in self(node.args[0], at, outcome) for entry in row), Fraction(0))]]

    def elementary(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return [[SCALAR_FUNCTIONS[type(node)](*(self(part, at, outcome)[0][0] for part in node.args))]]

    def indexed_sum(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        rows, columns = map(self.model.size, node.shape)
        result = [[Fraction(0)] * columns for _ in range(rows)]
        for places in product(*(range(self.model.size(index.dimension)) for index in node.bound)):
            if len(set(places)) == len(places):
                here = {**at, **dict(zip(node.bound, places, strict=True))}
                result = added(result, self(node.body, here, outcome))
        return result

    def delta(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        first, second = (at[index] for index in node.args)
        return [[Fraction(first == second)]]

    def expectation(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        body, law = node.args[0], self._law(node.args[0])
        reader = _reading(body).reader  # asked at each outcome once: not remembered, as its parts and the mean are
        return mean([probability for probability, _ in law], [reader(self, body, at, drawn) for _, drawn in law])

    def _law(self, *nodes: Node) -> Space:
        """The joint law of the random variables in some nodes, for the constants as they are here.

        Raises ModelError where the law may depend on what is differentiated by, and the assumptions do not say how.
        """
        names = frozenset(one.name for node in nodes for one in random_variables(node))
        for name in names:
            undetermined = self.model.depends.get(name, frozenset()) & set(self.shifted)
            if undetermined:
                raise ModelError(f"how the law of {name} depends on {', '.join(sorted(undetermined))} is not known")
        law = self.model.law(names)
        for family in self.model.families:
            if family.statistic in names:
                law = self._moved(law, family, names)
        return law

    def _moved(self, law: Space, family: Family, names: frozenset[str]) -> Space:
        """The law at a θ that is infinitesimally near: p(t) exp((θ′ − θ)t − (A(θ′) − A(θ)))."""
        parameter = self.value_of(family.parameter)
        theta = parameter[0][0]
        if isinstance(theta, Fraction) and theta == family.at:
            return law
        if constant_term(theta) != family.at:
            raise ModelError(f"the law of {family.statistic} is known at one {family.parameter} only")
        if names != {family.statistic}:
            raise ModelError(f"how {', '.join(sorted(names))} move together with {family.parameter} is not known")
        function = self.model.functions[family.function]
        moved = function.value((), [parameter])[0][0] - function.value((), [[[family.at]]])[0][0]
        step = theta - family.at
        return [
            (probability * exponential(step * drawn[family.statistic][0][0] - moved), drawn)
            for probability, drawn in law
        ]

    def variance(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return self._covariance(node.args[0], node.args[0], at)

    def covariance(self, node: Any, at: Any, outcome: Outcome) -> Matrix:
        return self._covariance(node.args[0], node.args[1], at)

    def _covariance(self, left: Node, right: Node, at: Mapping[Index, int]) -> Matrix:
        law = self._law(left, right)
        values = [[self(side, at, drawn) for _, drawn in law] for side in (left, right)]
        weights = [probability for probability, _ in law]
        means = [mean(weights, side) for side in values]

        def centred(value: Matrix, mean: Matrix) -> list[Any]:
            return [row[0] - centre[0] for row, centre in zip(value, mean, strict=True)]

        def outer(one: Matrix, other: Matrix) -> Matrix:
            rows, columns = centred(one, means[0]), centred(other, means[1])
            return [[row * column for column in columns] for row in rows]

        return mean(weights, [outer(one, other) for one, other in zip(*values, strict=True)])


READERS: dict[type, Callable[..., Matrix]] = {
    tree.Number: Evaluation.number,
    tree.Coefficient: Evaluation.coefficient,
    tree.Dimension: Evaluation.symbol,
    tree.Parameter: Evaluation.symbol,
    variables.Constant: Evaluation.constant,
    variables.RandomVariable: Evaluation.random,
    variables.Identity: Evaluation.identity,
    variables.Filled: Evaluation.filled,
    variables.Defined: Evaluation.defined,
    tree.Plus: Evaluation.plus,
    tree.Minus: Evaluation.minus,
    tree.Product: Evaluation.product,
    tree.MatrixProduct: Evaluation.matrix_product,
    tree.Quotient: Evaluation.quotient,
    tree.Power: Evaluation.power,
    tree.Group: Evaluation.same,
    tree.Transpose: Evaluation.transpose,
    matrices.Inverse: Evaluation.inverse,
    tree.Hadamard: Evaluation.hadamard,
    tree.Trace: Evaluation.trace,
    tree.SquaredNorm: Evaluation.squared_norm,
    tree.Element: Evaluation.element,
    tree.Member: Evaluation.member,
    functions.Diagonal: Evaluation.diagonal,
    functions.AbsoluteValue: Evaluation.absolute,
    functions.Signum: Evaluation.signum,
    functions.NormOne: Evaluation.norm_one,
    **dict.fromkeys(SCALAR_FUNCTIONS, Evaluation.elementary),
    tree.IndexedSum: Evaluation.indexed_sum,
    tree.KroneckerDelta: Evaluation.delta,
    expectations.Expectation: Evaluation.expectation,
    expectations.Variance: Evaluation.variance,
    expectations.Covariance: Evaluation.covariance,
    **READERS_OF_ANALYSIS,
}


class _Reading(NamedTuple):
    """How a node is read, and what settles its value besides the model."""

    reader: Callable[..., Matrix]
    kept: bool  # whether it is worth remembering
    indices: tuple[Index, ...]
    names: tuple[str, ...]


@lru_cache(maxsize=20_000)
def _reading(node: Node) -> _Reading:
    for kind in type(node).__mro__:
        if kind in READERS:
            names = sorted(one.name for one in random_variables(node))
            return _Reading(READERS[kind], kind not in _AT_HAND, tuple(free_indices(node)), tuple(names))
    raise ModelError(f"an exact model has no value for {node}")


_AT_HAND = {variables.Constant, variables.RandomVariable, tree.Group}

__all__ = [
    "READERS",
    "Evaluation",
    "Matrix",
    "Model",
    "ModelError",
    "Outcome",
    "all_positions",
    "evaluate",
    "rational_value",
    "scalar_value",
]
