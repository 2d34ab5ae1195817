"""What a finite model is: sizes, numbers, functions, and a finite probability space in exact rationals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import product
from typing import Any, Protocol

from sympy import Expr

from proofsheet.errors import ProofsheetError
from proofsheet.notation import tree
from proofsheet.notation.indices import Index
from proofsheet.notation.scope import free_indices
from proofsheet.notation.tree import Node

Matrix = list[
    list[Any]
]  # of Fraction; while it is worked out also of Series, and of Enclosure where no fraction is exact
Outcome = Mapping[str, Matrix]  # the value of each random variable
Space = list[tuple[Fraction, Outcome]]


class ModelError(ProofsheetError):
    """A line that has no value in this model: at a kink, outside a domain, or not determined by what the model says."""


class DomainError(ModelError):
    """A line that has no value in this model for a reason of its own: the logarithm, the root of what has none, 1/0."""


class ModelFunction(Protocol):
    """A function of the notation in a model."""

    def value(self, orders: tuple[int, ...], arguments: list[Matrix]) -> Matrix:
        """The function, differentiated by the arguments at the positions `orders`, at these arguments."""

    def in_words(self, name: str) -> str:
        """The function with this name, written out; z1, z2, ... are the entries of its arguments, in order."""


@dataclass(frozen=True)
class Family:
    """An exponential family: the law in the model is the one at `at`; elsewhere it moves with the parameter."""

    statistic: str
    parameter: str
    function: str
    at: Fraction


@dataclass(frozen=True)
class Model:
    """Dimensions, parameters, constants, and a finite probability space: (probability, outcome) pairs.

    `functions` are those without a closed form, by name. `depends` names the constants that the law of a random variable
    may depend on, by the assumptions: an expectation is not differentiated by them.
    """

    dimensions: Mapping[str, int]
    parameters: Mapping[str, Fraction]
    constants: Mapping[str, Matrix]
    space: Space = field(default_factory=list)
    functions: Mapping[str, ModelFunction] = field(default_factory=dict)
    families: tuple[Family, ...] = ()
    depends: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _marginals: dict[frozenset[str], Space] = field(default_factory=dict, init=False, repr=False, compare=False)

    def size(self, node: Node) -> int:
        return int(node.value) if isinstance(node, tree.Number) else self.dimensions[node.name]

    def law(self, names: frozenset[str]) -> Space:
        """The joint law of some random variables; equal outcomes are one."""
        if names not in self._marginals:
            self._marginals[names] = _marginal(self.space, names)
        return self._marginals[names]


def _marginal(space: Space, names: frozenset[str]) -> Space:
    if not names:
        return [(Fraction(1), {})]
    found: dict[Any, tuple[Fraction, Outcome]] = {}
    order = sorted(names)
    for probability, outcome in space:
        key = tuple(entry for name in order for row in outcome[name] for entry in row)
        before = found[key][0] if key in found else Fraction(0)
        found[key] = (before + probability, {name: outcome[name] for name in order})
    return list(found.values())


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
