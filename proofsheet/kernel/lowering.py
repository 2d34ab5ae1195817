"""From a line of the notation to its normal form, under the rules that a step cites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from typing import Any

from sympy import Basic

from proofsheet.kernel.domains import Sign, sign
from proofsheet.kernel.elementary_lowering import ElementaryLowering
from proofsheet.kernel.function_lowering import Note, Scope, Slot
from proofsheet.kernel.inverse_lowering import inverse_entry
from proofsheet.kernel.inverses import SLOTS
from proofsheet.kernel.normal_form import (
    COVARIANCE,
    EXPECTATION,
    Algebra,
    Coefficient,
    Factor,
    Head,
    KernelError,
    Polynomial,
    freeze,
    random_names,
)
from proofsheet.kernel.rules import MomentRule, Rules, index_key, placeholders, size_key
from proofsheet.notation import elementary, expectations, functions, matrices, tree, variables
from proofsheet.notation.scope import dependencies, free_indices, random_variables
from proofsheet.notation.tree import ONE, Node

ROW, COLUMN = "^row", "^column"


def normal_form(line: Node, rules: Rules, algebra: Algebra) -> Polynomial:
    """The meaning of a line under `rules`. Raises KernelError where it has none (division by a random variable)."""
    return Lowering(rules, algebra).normal_form(line)


def expectation_of(factors: list[Factor], rules: Rules, algebra: Algebra) -> Polynomial:
    """E of a product of random factors under `rules`."""
    return Lowering(rules, algebra).of_product(factors)


def positive_radicand(node: Node) -> Node | None:
    """b where a line is √b and the form of b shows that it is positive."""
    while isinstance(node, tree.Group):
        node = node.args[0]
    shown = isinstance(node, functions.Root) and sign(node.args[0]) is Sign.POSITIVE
    return node.args[0] if shown else None


def denominator_of(node: Node, algebra: Algebra) -> Coefficient:
    """What a line divides by, as a coefficient. Raises KernelError if it is none, or zero."""
    lowered = Lowering(Rules(), algebra).lower(node, None, None, {})
    if not lowered:
        raise KernelError(f"a line divides by {node}, which is zero")
    if set(lowered) != {((), ())}:
        raise KernelError(f"a line divides by {node}; only parameters and dimensions can be divided by")
    return lowered[((), ())]


class Lowering(ElementaryLowering):
    """Normal forms under one set of rules. Remembers those of closed scalars, which neighbouring lines share.

    `from_right`: matrix products are multiplied out from their last factor on, which matters where inverses are met.
    """

    def __init__(
        self,
        rules: Rules,
        algebra: Algebra,
        formal: Mapping[str, Polynomial] | None = None,
        from_right: bool = False,
    ) -> None:
        self.rules, self._from_right = rules, from_right
        self.algebra = algebra.with_distinct(rules.distinct)
        self._closed: dict[Node, tuple[Polynomial, dict[Note, None]]] = {}
        self._formal = formal or {}  # what the variable of a lemma stands for
        self._notes: dict[Note, None] = {}

    def normal_form(self, line: Node) -> Polynomial:
        """As the function `normal_form`."""
        return self.with_notes(line)[0]

    def with_notes(self, line: Node) -> tuple[Polynomial, tuple[Note, ...]]:
        """The normal form, and what the rules of analysis took for granted on the way."""
        rows, columns = line.shape
        self._notes = {}
        form = self.lower(line, None if rows == ONE else ROW, None if columns == ONE else COLUMN, {})
        return form, tuple(self._notes)

    def note(self, note: Note) -> None:
        self._notes[note] = None

    def with_formal(self, rules: Rules, formal: Mapping[str, Polynomial]) -> Lowering:
        return Lowering(rules, self.algebra, formal)

    def lower(self, node: Node, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        """Entry (row, column) of `node`; `scope` says what bound indices are called here."""
        if row is not None or column is not None or scope:
            return self._lowered(node, row, column, scope)
        if node not in self._closed:
            outer, self._notes = self._notes, {}
            try:
                self._closed[node] = self._lowered(node, None, None, scope), self._notes
            finally:
                self._notes = outer
        form, notes = self._closed[node]
        self._notes.update(notes)
        return form

    def _lowered(self, node: Node, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        for kind in type(node).__mro__:
            if kind in _LOWERERS:
                return _LOWERERS[kind](self, node, row, column, scope)
        raise KernelError(f"no rule gives {type(node).__name__} a meaning")

    # ---- scalars and variables --------------------------------------------------------------------------------

    def number(self, node: tree.Number, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return self.algebra.constant(self.algebra.coefficient(node.value))

    def coefficient(self, node: tree.Coefficient, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return self.algebra.constant(self.algebra.coefficient(node.expression))

    def symbol(self, node: Any, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return self.algebra.constant(self.algebra.coefficient(node.symbol))

    def variable(self, node: variables.Variable, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        if node.name in self._formal:
            return self._formal[node.name]
        random = (node.name,) if isinstance(node, variables.RandomVariable) else ()
        return self._entry(Head("entry", node.name, random, node.is_symmetric), row, column)

    def _entry(self, head: Head, row: Slot, column: Slot) -> Polynomial:
        indices = tuple(index for index in (row, column) if index is not None)
        return self.algebra.single(Factor(head, tuple(sorted(indices)) if head.symmetric else indices))

    def identity(self, node: variables.Identity, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        if row is None or column is None:
            return self.algebra.constant(self.algebra.one)
        return self.algebra.delta(row, column)

    def filled(self, node: variables.Filled, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return self.lower(node.args[0], None, None, scope)

    def defined(self, node: variables.Defined, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        if any(free_indices(value) or random_variables(value) for value in node.values):
            raise KernelError(f"{node}: an argument of a defined function is not random and carries no indices")
        if self.rules.definitions:
            if node.entry is not None:
                return self.lower(node.body, column, None, {node.entry: row or index_key(node.entry)})
            return self.lower(node.meaning, row, column, {})
        self._note_within(node)
        arguments = f"({', '.join(map(self._argument_key, node.values))})" if node.values else ""
        random = tuple(sorted(variable.name for variable in random_variables(node)))
        speaks_of = tuple(sorted(dependencies(node)))
        return self._entry(Head("entry", node.name + arguments, random, detail=speaks_of), row, column)

    def _note_within(self, node: variables.Defined) -> None:
        """A symbol that is not unfolded has a value only where what it stands for has one."""
        if _may_lack_a_value(node):
            self._notes.update(dict.fromkeys(Lowering(Rules(definitions=True), self.algebra).with_notes(node)[1]))

    def _argument_key(self, value: Node) -> str:
        """Arguments that are equal by algebra make equal symbols: f(a + b) is f(b + a)."""
        return repr(freeze(self._by_algebra(value)))

    def _by_algebra(self, value: Node) -> Polynomial:
        """The normal form under no rule at all; what it takes for granted counts for the line."""
        form, notes = Lowering(Rules(), self.algebra).with_notes(value)
        self._notes.update(dict.fromkeys(notes))
        return form

    # ---- algebra ----------------------------------------------------------------------------------------------

    def plus(self, node: tree.Plus, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return reduce(self.algebra.add, (self.lower(term, row, column, scope) for term in node.args))

    def minus(self, node: tree.Minus, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return self.algebra.subtract({}, self.lower(node.args[0], row, column, scope))

    def product(self, node: tree.Product, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        factors = (
            self.lower(factor, None, None, scope) if factor.is_scalar else self.lower(factor, row, column, scope)
            for factor in node.args
        )
        return reduce(self.algebra.multiply, factors)

    def matrix_product(self, node: tree.MatrixProduct, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        if len(node.args) == 1:
            return self.lower(node.args[0], row, column, scope)
        cut = 1 if self._from_right else len(node.args) - 1
        left, right = tree.MatrixProduct(*node.args[:cut]), tree.MatrixProduct(*node.args[cut:])
        size = right.shape[0]
        joint = None if size == ONE else self.algebra.fresh()
        result = self.algebra.multiply(self.lower(left, row, joint, scope), self.lower(right, joint, column, scope))
        return result if joint is None else self.algebra.sum_over(joint, size_key(size), result)

    def quotient(self, node: tree.Quotient, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        radicand = positive_radicand(node.args[1])
        if radicand is not None:  # a/√b = a √b/b
            return self.quotient(tree.Quotient(tree.Product(*node.args), radicand), row, column, scope)
        denominator = denominator_of(node.args[1], self.algebra)
        self._by_algebra(node.args[1])
        return self.algebra.scale(self.lower(node.args[0], row, column, scope), self.algebra.inverse(denominator))

    def power(self, node: tree.Power, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return self.algebra.power(self.lower(node.args[0], None, None, scope), node.exponent)

    def group(self, node: tree.Group, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return self.lower(node.args[0], row, column, scope)

    def transpose(self, node: tree.Transpose, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return self.lower(node.args[0], column, row, scope)

    def inverse(self, node: matrices.Inverse, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        if row is None or column is None:
            raise KernelError(f"{node}: of a matrix with one entry write 1 over that entry")
        return inverse_entry(
            self.lower(node.args[0], *SLOTS, scope), row, column, size_key(node.shape[0]), self.algebra
        )

    def hadamard(self, node: tree.Hadamard, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        left, right = node.args
        return self.algebra.multiply(self.lower(left, row, column, scope), self.lower(right, row, column, scope))

    def trace(self, node: tree.Trace, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        size = node.args[0].shape[0]
        if size == ONE:
            return self.lower(node.args[0], None, None, scope)
        joint = self.algebra.fresh()
        return self.summed(self.lower(node.args[0], joint, joint, scope), {joint: size})

    def squared_norm(self, node: tree.SquaredNorm, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        rows, columns = node.args[0].shape
        over = {self.algebra.fresh(): size for size in (rows, columns) if size != ONE}
        names = iter(over)
        entry = self.lower(
            node.args[0], None if rows == ONE else next(names), None if columns == ONE else next(names), scope
        )
        return self.summed(self.algebra.multiply(entry, entry), over)

    def summed(self, body: Polynomial, over: Mapping[str, Node]) -> Polynomial:
        for index, size in over.items():
            body = self.algebra.sum_over(index, size_key(size), body)
        return body

    # ---- indices ----------------------------------------------------------------------------------------------

    def element(self, node: tree.Element, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        names = iter([scope.get(index, index_key(index)) for index in node.indices])
        rows, columns = node.args[0].shape
        inner_row = None if rows == ONE else next(names)
        return self.lower(node.args[0], inner_row, None if columns == ONE else next(names), scope)

    def member(self, node: tree.Member, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        of_family = scope.get(node.index, index_key(node.index))
        return self.lower(node.args[0], None if node.index.dimension == ONE else of_family, row, scope)

    def indexed_sum(self, node: tree.IndexedSum, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        names = {index: self.algebra.fresh() for index in node.bound}
        body = self.lower(node.body, row, column, {**scope, **names})
        sizes = {names[index]: index.dimension for index in node.bound}
        everywhere = self.summed(body, sizes)
        if len(names) == 1:
            return everywhere
        diagonal = self.algebra.multiply(body, self.algebra.delta(*names.values()))
        return self.algebra.subtract(everywhere, self.summed(diagonal, sizes))

    def delta(self, node: tree.KroneckerDelta, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        if node.args[0].dimension == ONE:
            return self.algebra.constant(self.algebra.one)
        return self.algebra.delta(*(scope.get(index, index_key(index)) for index in node.args))

    # ---- expectations -----------------------------------------------------------------------------------------

    def expectation(self, node: expectations.Expectation, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return self.expected(self.lower(node.args[0], row, column, scope))

    def variance(self, node: expectations.Variance, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return self.covariance(expectations.Covariance(node.args[0], node.args[0]), None, None, scope)

    def covariance(self, node: expectations.Covariance, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        left = self.lower(node.args[0], row, None, scope)
        right = self.lower(node.args[1], column, None, scope)
        if not self.rules.variances:
            return self.algebra.single(Factor(COVARIANCE, (), tuple(sorted((freeze(left), freeze(right))))))
        centred = (self.algebra.subtract(side, self.expected(side)) for side in (left, right))
        return self.expected(self.algebra.multiply(*centred))

    def expected(self, body: Polynomial) -> Polynomial:
        """E of a polynomial: opaque, unless linearity is cited."""
        if not self.rules.linearity:
            return self.algebra.single(Factor(EXPECTATION, (), (freeze(body),)))
        result: Polynomial = {}
        for monomial, coefficient in body.items():
            bound, factors = self.algebra.separate(monomial)
            constant = [factor for factor in factors if not random_names(factor)]
            random = [factor for factor in factors if random_names(factor)]
            for inner, value in self.of_product(random).items():
                inner_bound, inner_factors = self.algebra.separate(inner)
                self.algebra.insert(
                    result, self.algebra.times(coefficient, value), {**bound, **inner_bound}, constant + inner_factors
                )
        return result

    def of_product(self, factors: list[Factor]) -> Polynomial:
        """E of a product of random factors: split by independence, then replaced by moments."""
        if not factors:
            return self.algebra.constant(self.algebra.one)
        if self.rules.moments_first and self.rules.about(tuple(factor.head for factor in sorted(factors))):
            return self._by_moments(sorted(factors))
        for family in self.rules.families:
            if all(factor.head.kind == "entry" and factor.head.name == family.statistic.name for factor in factors):
                return self.power_mean(family, len(factors))
        for blocks in self.rules.independence:
            parts = [[factor for factor in factors if random_names(factor) <= block] for block in blocks]
            filled = [part for part in parts if part]
            if len(filled) > 1 and sum(map(len, filled)) == len(factors):
                return reduce(self.algebra.multiply, map(self.of_product, filled))
        return self._by_moments(sorted(factors))

    def _by_moments(self, factors: list[Factor]) -> Polynomial:
        """E[product] = Σ over cited moments of (where it applies) · value + (elsewhere) · E[product]."""
        body: Polynomial = {}
        self.algebra.insert(body, self.algebra.one, {}, factors)
        elsewhere = self.algebra.single(Factor(EXPECTATION, (), (freeze(body),)))
        result: Polynomial = {}
        actual = dict(zip(placeholders(factors), (i for factor in factors for i in factor.indices), strict=True))
        outside = self.algebra.constant(self.algebra.one)
        for rule in self.rules.about(tuple(factor.head for factor in factors)):
            inside = self.algebra.multiply(outside, self.algebra.substitute_indices(rule.condition, actual))
            result = self.algebra.add(result, self.algebra.multiply(inside, self._value(rule, actual)))
            outside = self.algebra.subtract(outside, inside)
        return self.algebra.add(result, self.algebra.multiply(outside, elsewhere))

    def _value(self, rule: MomentRule, actual: Mapping[str, str]) -> Polynomial:
        """The value of a moment, in which moments of lower degree may apply again."""
        return self.reduced(self.algebra.substitute_indices(rule.value, actual))

    def reduced(self, value: Polynomial) -> Polynomial:
        """A polynomial with the rules applied to the expectations in it."""
        result: Polynomial = {}
        for monomial, coefficient in value.items():
            bound, factors = self.algebra.separate(monomial)
            plain: Polynomial = {}
            self.algebra.insert(plain, coefficient, {}, [f for f in factors if f.head.kind != "expectation"])
            for factor in factors:
                if factor.head.kind == "expectation":
                    plain = self.algebra.multiply(plain, self._again(factor))
            for index, size in bound.items():
                plain = self.algebra.sum_over(index, size, plain)
            result = self.algebra.add(result, plain)
        return result

    def _again(self, expectation: Factor) -> Polynomial:
        (frozen,) = expectation.bodies
        return self.expected(dict(frozen))


@lru_cache(maxsize=20_000)
def _may_lack_a_value(node: Basic) -> bool:
    """Whether a log, power or root stands in it; each node once, for definitions in definitions repeat their parts."""
    if isinstance(node, (elementary.Logarithm, elementary.SymbolicPower, functions.Root)):
        return True
    return any(map(_may_lack_a_value, node.args))


_LOWERERS: dict[type, Callable[..., Polynomial]] = {
    tree.Number: Lowering.number,
    tree.Coefficient: Lowering.coefficient,
    tree.Dimension: Lowering.symbol,
    tree.Parameter: Lowering.symbol,
    variables.Variable: Lowering.variable,
    variables.Identity: Lowering.identity,
    variables.Filled: Lowering.filled,
    variables.Defined: Lowering.defined,
    tree.Plus: Lowering.plus,
    tree.Minus: Lowering.minus,
    tree.Product: Lowering.product,
    tree.MatrixProduct: Lowering.matrix_product,
    tree.Quotient: Lowering.quotient,
    tree.Power: Lowering.power,
    tree.Group: Lowering.group,
    tree.Transpose: Lowering.transpose,
    matrices.Inverse: Lowering.inverse,
    tree.Hadamard: Lowering.hadamard,
    tree.Trace: Lowering.trace,
    tree.SquaredNorm: Lowering.squared_norm,
    tree.Element: Lowering.element,
    tree.Member: Lowering.member,
    functions.Applied: Lowering.applied,
    functions.AbsoluteValue: Lowering.absolute,
    functions.Signum: Lowering.signum,
    functions.NormOne: Lowering.norm_one,
    functions.Root: Lowering.root,
    functions.Diagonal: Lowering.diagonal,
    functions.Remainder: Lowering.remainder,
    functions.Derivative: Lowering.derivative,
    elementary.Exponential: Lowering.exponential,
    elementary.Logarithm: Lowering.logarithm,
    elementary.SymbolicPower: Lowering.symbolic_power,
    elementary.Maximum: Lowering.maximum,
    elementary.Minimum: Lowering.minimum,
    tree.IndexedSum: Lowering.indexed_sum,
    tree.KroneckerDelta: Lowering.delta,
    expectations.Expectation: Lowering.expectation,
    expectations.Variance: Lowering.variance,
    expectations.Covariance: Lowering.covariance,
}

__all__ = ["COLUMN", "ROW", "denominator_of", "expectation_of", "normal_form", "positive_radicand"]
