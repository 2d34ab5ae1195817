"""A line in interval arithmetic: its value, for certain, where every expectation is a sum over finitely many outcomes.

A Taylor remainder can be left out, to see what the rest of the line is worth as an approximation, or stand for all that
Taylor's theorem allows it to be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from math import factorial
from operator import add, mul
from typing import Any

import numpy as np
import sympy
from sympy import Add, Basic, Expr, Mul, Pow, Rational, Symbol

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.enclosed_laws import EnclosedLaw
from proofsheet.monte_carlo.enclosures import Arithmetic, Enclosed
from proofsheet.notation.expectations import Expectation
from proofsheet.notation.functions import ARGUMENT, Function, Remainder
from proofsheet.notation.scope import random_variables
from proofsheet.notation.tree import Group, IndexedSum, Minus, Node, Plus, Product, Quotient
from proofsheet.notation.variables import Defined
from proofsheet.numeric.closed_forms import derivative_of
from proofsheet.numeric.draws import Instance, Read, Reader, as_matrices
from proofsheet.numeric.function_values import function_value

DROPPED, BOUNDED, EXACT = "dropped", "bounded", "exact"  # what a remainder counts for


@dataclass(frozen=True)
class World:
    """What a line is read in: the instance, some of its numbers as intervals, the law, and bounds on derivatives.

    numbers     {name: intervals} of parameters and constants, in place of what the instance says
    suprema     {function: a bound on the size of the derivative after that which the remainder starts with}
    tested      derivatives that were compared with differences of those before, (name, order)
    """

    instance: Instance
    arithmetic: Arithmetic
    law: EnclosedLaw
    numbers: Mapping[str, Enclosed]
    suprema: Mapping[str, Any] = field(default_factory=dict)
    tested: set[tuple[str, int]] = field(default_factory=set)

    def value(self, line: Node, remainders: str) -> Any:
        """The interval that holds a scalar line. ScriptError where it is random, or cannot be enclosed."""
        outside = random_variables(line)
        if outside:
            names = ", ".join(sorted(one.name for one in outside))
            raise ScriptError(f"{names} is random outside the expectations; the line has no one value")
        value, _ = _IntervalReader(self, remainders)(line, self.instance.places(line))
        if value.shape != (1, 1, 1):
            raise ScriptError(f"an approximation is judged as a scalar; write the theorem for an entry of  {line}")
        return value.item()


def on_intervals(call: Callable[[], Any], what: str) -> Any:
    """What a script's function gives for intervals. ScriptError where it needs floats."""
    try:
        return call()
    except (TypeError, ValueError, AttributeError) as error:
        raise ScriptError(
            f"{what} is called with arrays of intervals, for which there are NumPy's operators, exp, log, logaddexp, sqrt, "
            f"tanh, sinh, cosh, sin, cos, and sums: {error}"
        ) from None


def remainders_of(node: Basic) -> tuple[Remainder, ...]:
    """The remainders of a line, each a term or a factor of one. ScriptError where leaving one out would be no dropped term."""
    if isinstance(node, Remainder):
        return (node,)
    inner = (node.meaning,) if isinstance(node, Defined) else node.args
    held = [(part, remainders_of(part)) for part in inner if isinstance(part, Basic)]
    found = [one for _, several in held for one in several]
    if not found or isinstance(node, (Plus, Minus, Group, IndexedSum, Expectation, Defined)):
        return tuple(found)
    factors = sum(bool(several) for _, several in held)
    if (isinstance(node, Product) and factors == 1) or (isinstance(node, Quotient) and not held[1][1]):
        return tuple(found)
    raise ScriptError(f"the remainder in  {node}  is no term that can be dropped")


class _IntervalReader(Reader):
    """Reads lines in intervals; what is not overridden works on them as on floats."""

    exact = True

    def __init__(self, world: World, remainders: str) -> None:
        super().__init__(world.instance, world.law.outcomes)
        self.world, self.remainders = world, remainders

    def _given(self, value: Any) -> Any:
        return self.world.arithmetic.enclosed(value)

    def _one(self, value: Any) -> Enclosed:
        return self.world.arithmetic.enclosed(value).reshape((1, 1, 1))

    # ---- numbers and variables ----

    def number(self, node: Any, at: Any) -> Read:
        return self._one(_fraction(node.value)), False

    def coefficient(self, node: Any, at: Any) -> Read:
        values = {symbol: self._symbol_value(symbol.name) for symbol in node.expression.free_symbols}
        return _value_of(node.expression, values, self.world.arithmetic), False

    def _symbol_value(self, name: str) -> Any:
        return self._one(self.world.numbers[name]) if name in self.world.numbers else super()._symbol_value(name)

    def constant(self, node: Any, at: Any) -> Read:
        if node.name in self.arguments or node.name not in self.world.numbers:
            return super().constant(node, at)
        value = self.world.numbers[node.name]
        return self._fitting(node, value.reshape((1, *value.shape))), False

    def random(self, node: Any, at: Any) -> Read:
        if node.name not in self.draws:
            raise ScriptError(f"nothing says what {node.name} is: sources={{...}} or variables=...")
        return self._fitting(node, self.draws[node.name]), False

    def _fitting(self, node: Any, values: Enclosed) -> Enclosed:
        """Values with all three axes; ScriptError where they do not fit."""
        fitting = as_matrices(node.name, np.zeros(values.shape), self.size_of(node))
        return values.reshape(fitting.shape)

    # ---- functions ----

    def _function(self, function: Any, orders: tuple[int, ...], arguments: Any) -> Any:
        if not function.is_entrywise:
            raise ScriptError(f"{function} is no function of one scalar; it cannot be enclosed")
        return self._derivative(function, len(orders), arguments[0])

    def _derivative(self, function: Function, order: int, argument: Enclosed) -> Enclosed:
        if function.closed_form is not None:
            return _value_of(derivative_of(function.closed_form, order), {ARGUMENT: argument}, self.world.arithmetic)
        if (function.name, order) not in self.world.tested:
            function_value(function, (0,) * order, [argument.midpoints()], self.instance.functions, False)
            self.world.tested.add((function.name, order))
        given = self.instance.functions[function.name]
        chosen = (given if isinstance(given, (tuple, list)) else (given,))[order]
        value = on_intervals(lambda: chosen(argument), f"functions[{function.name!r}]")
        if not isinstance(value, Enclosed):
            raise ScriptError(
                f"functions[{function.name!r}] gives {type(value).__name__}, not intervals; write it with NumPy"
            )
        return value

    def remainder(self, node: Any, at: Any) -> Read:
        if self.remainders == DROPPED:
            return self._one(0), False
        if self.remainders == EXACT:
            return super().remainder(node, at)
        point, increment = (self._without_mean(part, at, node) for part in (node.point, node.increment))
        return self._allowed(node.function, node.order, point, increment), False

    def _allowed(self, function: Function, order: int, point: Enclosed, increment: Enclosed) -> Enclosed:
        """A⁽ᵏ⁾(u) Δᵏ/k! + A⁽ᵏ⁺¹⁾(ζ) Δᵏ⁺¹/(k + 1)! for all ζ between u and u + Δ."""
        leading = self._derivative(function, order, point) * increment**order / factorial(order)
        next_one = self._derivative(function, order + 1, point.hull(point + increment))
        if function.name in self.world.suprema:
            supremum = self.world.suprema[function.name]
            next_one = next_one.within(supremum)
            for share in (
                0,
                1,
                2,
            ):  # thin intervals: a bound that is too small shows there, and not over a wide stretch
                self._derivative(function, order + 1, point + increment * share / 2).within(supremum)
        return leading + next_one * increment ** (order + 1) / factorial(order + 1)

    # ---- what floats test first ----

    def exponential(self, node: Any, at: Any) -> Read:
        return np.exp(self._without_mean(node.args[0], at, node)), False

    def logarithm(self, node: Any, at: Any) -> Read:
        return np.log(self._without_mean(node.args[0], at, node)), False

    def root(self, node: Any, at: Any) -> Read:
        return np.sqrt(self._without_mean(node.args[0], at, node)), False

    def _refused(self, node: Any, at: Any) -> Read:
        raise ScriptError(f"{node} cannot be enclosed")

    inverse = symbolic_power = _refused

    # ---- expectations ----

    def expectation(self, node: Any, at: Any) -> Read:
        return self.world.law.mean(self(node.args[0], at)[0]), False

    def variance(self, node: Any, at: Any) -> Read:
        """Var[a] and Cov[a, b], both as E[(a − E a)(b − E b)ᵀ]."""
        left, right = (self(part, at)[0] for part in (node.args[0], node.args[-1]))
        left, right = (part - self.world.law.mean(part) for part in (left, right))
        return self.world.law.mean(left @ right.swapaxes(1, 2)), False


def _fraction(value: Rational) -> Fraction:
    return Fraction(int(value.p), int(value.q))


# ---- closed forms ------------------------------------------------------------------------------------------------------

_ELEMENTARY: dict[Any, Callable[..., Any]] = {
    sympy.exp: np.exp,
    sympy.log: np.log,
    sympy.tanh: np.tanh,
    sympy.sinh: np.sinh,
    sympy.cosh: np.cosh,
    sympy.sin: np.sin,
    sympy.cos: np.cos,
    sympy.Abs: np.absolute,
}


def _value_of(expression: Expr, at: Mapping[Symbol, Enclosed], arithmetic: Arithmetic) -> Enclosed:
    """A SymPy expression where its symbols have the values `at`, node by node. ScriptError for a node of another kind."""

    def value(part: Expr) -> Any:
        return _value_of(part, at, arithmetic)

    if expression.is_Symbol:
        return at[expression]
    if isinstance(expression, Rational):
        return arithmetic.enclosed(_fraction(expression)).reshape((1, 1, 1))
    if isinstance(expression, Add):
        return reduce(add, map(value, expression.args))
    if isinstance(expression, Mul):
        return reduce(mul, map(value, expression.args))
    if isinstance(expression, Pow) and expression.exp.is_Integer:
        return value(expression.base) ** int(expression.exp)
    if isinstance(expression, Pow) and expression.exp == Rational(1, 2):
        return np.sqrt(value(expression.base))
    if expression.func in _ELEMENTARY:
        return _ELEMENTARY[expression.func](value(expression.args[0]))
    raise ScriptError(f"{expression} cannot be enclosed")
