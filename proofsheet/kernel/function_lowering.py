"""Normal forms of functions, derivatives, remainders, absolute values, signs and roots: the part of lowering for analysis."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from math import factorial
from typing import Any

from sympy import Integer

from proofsheet.kernel.calculus import Differentiator, opaque_derivative
from proofsheet.kernel.coefficient_functions import CoefficientFunctions
from proofsheet.kernel.domains import Sign, sign
from proofsheet.kernel.elementary import Elementary
from proofsheet.kernel.generators import Generators
from proofsheet.kernel.normal_form import (
    ABSOLUTE,
    CONSTANT,
    EXP,
    LOG,
    POWER,
    SIGNUM,
    Algebra,
    Coefficient,
    Factor,
    Head,
    KernelError,
    Polynomial,
    freeze,
    random_in,
)
from proofsheet.kernel.reasons import ExponentialFamily, Taylor
from proofsheet.kernel.rules import Rules, index_key, size_key
from proofsheet.notation import functions, tree
from proofsheet.notation.indices import Index
from proofsheet.notation.tree import ONE, Node

Arguments = list[tuple[Polynomial, list[str]]]  # of a function: see `Algebra.applied`
Scope = Mapping[Index, str]
Slot = str | None  # the index that selects a row or column; None where there is only one
Note = tuple[Any, ...]  # what a rule takes for granted: see `calculus`; ("nonnegative", u) for √u


class FunctionLowering(ABC):
    """What `Lowering` does with functions; the rest of it is declared here and defined there."""

    rules: Rules
    algebra: Algebra

    @abstractmethod
    def lower(self, node: Node, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        """Entry (row, column) of a node."""

    @abstractmethod
    def expected(self, body: Polynomial) -> Polynomial:
        """E of a polynomial."""

    @abstractmethod
    def with_formal(self, rules: Rules, formal: Mapping[str, Polynomial]) -> FunctionLowering:
        """The same under other rules, with variables that stand for polynomials."""

    @abstractmethod
    def summed(self, body: Polynomial, over: Mapping[str, Node]) -> Polynomial:
        """Σ over some indices."""

    @abstractmethod
    def note(self, note: Note) -> None:
        """Record what a rule takes for granted."""

    def applied(self, node: functions.Applied, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        shapes = tuple(tuple(size_key(size) for size in shape if size != ONE) for shape in node.function.shapes)
        if node.function.is_entrywise:
            arguments: Arguments = [(self.lower(node.arguments[0], row, column, scope), [])]
            return self.apply(_function_head(node, shapes, arguments), (), arguments)
        arguments = [self._argument(value, scope) for value in node.arguments]
        indices = tuple(index for index in (row, column) if index is not None)
        return self.apply(_function_head(node, shapes, arguments), indices, arguments)

    def _argument(self, value: Node, scope: Scope) -> tuple[Polynomial, list[str]]:
        """An argument by its entry, with the fresh indices that select it."""
        row, column = (None if size == ONE else self.algebra.fresh() for size in value.shape)
        return self.lower(value, row, column, scope), [name for name in (row, column) if name is not None]

    def apply(self, head: Head, indices: tuple[str, ...], arguments: Arguments) -> Polynomial:
        """A function, or its derivative, at arguments; replaced where a cited lemma says what it is."""
        positions, shapes = head.detail
        if head.name == EXP:
            head = head._replace(detail=((), shapes))  # exp′ = exp
        elif positions and head.name in (LOG, POWER):
            raise KernelError(f"the derivative of {head.name.rstrip('·')}(u) is not among the rules")
        for lemma in self.rules.lemmas:
            if lemma.left.function.name == head.name and lemma.left.orders == positions:
                rest = tuple(other for other in self.rules.lemmas if other is not lemma)  # so that this ends
                formal = {lemma.variable.name: arguments[0][0]}
                return self.with_formal(replace(self.rules, lemmas=rest), formal).lower(lemma.right, None, None, {})
        return self.algebra.single(self.algebra.applied(head, indices, arguments))

    def absolute(self, node: functions.AbsoluteValue, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return self.known(ABSOLUTE, self.lower(node.args[0], row, column, scope))

    def signum(self, node: functions.Signum, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return self.known(SIGNUM, self.lower(node.args[0], row, column, scope))

    @property
    def elementary(self) -> Elementary:
        """exp, log, powers and signs of coefficients."""
        return self.algebra.elementary or Elementary(self.algebra, Generators())

    def known(self, name: str, argument: Polynomial) -> Polynomial:
        """|u| or sgn(u); |cu| = |c||u| and sgn(cu) = sgn(c) sgn(u) where the sign of a coefficient c is known.

        Of a sum, c is what its terms have in common.

        Of u and −u one is chosen: |−u| = |u| and sgn(−u) = −sgn(u).
        """
        if not argument:
            return {}
        outside = self.algebra.one
        if len(argument) == 1:
            ((monomial, coefficient),) = argument.items()
            if monomial == CONSTANT:
                functions = CoefficientFunctions(self.algebra, self.elementary)
                return functions.absolute(coefficient) if name == ABSOLUTE else functions.signum(coefficient)
            value = self._sized(name, coefficient)
            if value is not None:
                outside, argument = value, {monomial: self.algebra.one}
        else:
            outside = CoefficientFunctions(self.algebra, self.elementary).common(name, list(argument.values()))
            argument = self.algebra.scale(argument, self.algebra.inverse(outside))
            outside = outside if name == ABSOLUTE else self.algebra.one
        if _is_turned(argument):
            argument = self.algebra.subtract({}, argument)
            outside = outside if name == ABSOLUTE else -outside
        return self.algebra.scale(self.algebra.single(self.known_function(name, argument)), outside)

    def known_function(self, name: str, *arguments: Polynomial) -> Factor:
        """A function that the kernel knows, of scalars."""
        head = Head("function", name, random_in(*arguments), detail=((), ((),) * len(arguments)))
        return self.algebra.applied(head, (), [(argument, []) for argument in arguments])

    def _sized(self, name: str, coefficient: Coefficient) -> Coefficient | None:
        """|c| or sgn(c) of a coefficient; None if its sign is not known."""
        one, value = self.algebra.one, coefficient.as_expr()
        if value.is_Rational:
            return self.algebra.coefficient(abs(value) if name == ABSOLUTE else Integer(1 if value > 0 else -1))
        known = sign(tree.Coefficient(value))
        if name == ABSOLUTE and known is not Sign.UNKNOWN:
            return coefficient
        return one if name == SIGNUM and known is Sign.POSITIVE else None

    def norm_one(self, node: functions.NormOne, _row: Slot, _column: Slot, scope: Scope) -> Polynomial:
        over = {self.algebra.fresh(): size for size in node.args[0].shape if size != ONE}
        names = iter(over)
        row, column = (None if size == ONE else next(names) for size in node.args[0].shape)
        return self.summed(self.known(ABSOLUTE, self.lower(node.args[0], row, column, scope)), over)

    def root(self, node: functions.Root, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        body = self.lower(node.args[0], None, None, scope)
        if set(body) - {CONSTANT}:
            found, shown = self.algebra.single(Factor(Head("root", "", random_in(body)), (), (freeze(body),))), False
        else:
            value = body.get(CONSTANT, self.algebra.integer(0))
            found, shown = CoefficientFunctions(self.algebra, self.elementary).root(value)
        if not shown and sign(node.args[0]) is Sign.UNKNOWN:
            self.note(("nonnegative", freeze(body)))
        return found

    def diagonal(self, node: functions.Diagonal, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        entry = self.lower(node.args[0], row, None, scope)
        return entry if row is None or column is None else self.algebra.multiply(entry, self.algebra.delta(row, column))

    def remainder(self, node: functions.Remainder, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        point, increment = (self.lower(part, None, None, scope) for part in (node.point, node.increment))
        if Taylor(node.function, node.order - 1) not in self.rules.taylor:
            bodies = (freeze(point), freeze(increment))
            head = Head("remainder", node.function.name, random_in(point, increment), detail=(node.order,))
            return self.algebra.single(Factor(head, (), bodies))
        result = self._at(node.function, 0, self.algebra.add(point, increment))
        for order in range(node.order):
            inverse_factorial = self.algebra.inverse(self.algebra.integer(factorial(order)))
            term = self.algebra.multiply(self._at(node.function, order, point), self.algebra.power(increment, order))
            result = self.algebra.subtract(result, self.algebra.scale(term, inverse_factorial))
        return result

    def _at(self, function: functions.Function, order: int, argument: Polynomial) -> Polynomial:
        """A⁽ᵏ⁾ of a scalar."""
        head = Head("function", function.name, random_in(argument), detail=((0,) * order, ((),)))
        return self.apply(head, (), [(argument, [])])

    def derivative(self, node: functions.Derivative, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        body = self.lower(node.body, None, None, scope)
        variable = node.variable
        if node.indices:
            at = tuple(scope.get(index, index_key(index)) for index in node.indices)
        else:
            at = tuple(index for index in (row, column) if index is not None)
        if not self.rules.calculus:
            return self.algebra.single(opaque_derivative(variable.name, at, body))
        return self._differentiator(variable.name, at)(body)

    def _differentiator(self, variable: str, at: tuple[str, ...]) -> Differentiator:
        return Differentiator(variable, at, self.algebra, self.rules.families, self.expected, self.apply, self.note)

    def power_mean(self, family: ExponentialFamily, power: int) -> Polynomial:
        """E[Tᵏ⁺¹] = ∂E[Tᵏ]/∂θ + A′(θ) E[Tᵏ] from E[1] = 1, in the derivatives of A at θ."""
        name = family.parameter.name
        self.note(("integral", name, family.statistic.name))
        slope = self._at(family.function, 1, self.lower(family.parameter, None, None, {}))
        mean = self.algebra.constant(self.algebra.one)
        for _ in range(power):
            mean = self.algebra.add(self._differentiator(name, ())(mean), self.algebra.multiply(slope, mean))
        return mean


def _is_turned(polynomial: Polynomial) -> bool:
    """Whether a polynomial, and not its negative, begins with a minus; an answer that no renaming of indices changes.

    Terms with the same kinds of factors are taken together: those that come first and have one sign decide. For u_i − u_j
    there are none, and u_j − u_i is another argument.
    """
    signs: dict[tuple[str, ...], set[bool]] = {}
    for (_, factors), value in polynomial.items():
        signs.setdefault(tuple(sorted(repr(factor.head) for factor in factors)), set()).add(value.numer.LC < 0)
    decisive = (found for _, found in sorted(signs.items()) if len(found) == 1)
    return next(decisive, {False}) == {True}


def _function_head(node: functions.Applied, shapes: Any, arguments: Arguments) -> Head:
    random = random_in(*(body for body, _ in arguments))
    return Head("function", node.function.name, random, detail=(node.orders, shapes))
