"""Functions in explicit components: kept opaque with SymPy's chain rule, or put into a form."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache, reduce
from typing import Any

from sympy import Add, Dummy, Expr, Mul, Rational, Subs, Symbol
from sympy import Function as SympyFunction
from sympy.core.function import FunctionClass, UndefinedFunction

from proofsheet.explicit.means import Mean, expectation
from proofsheet.notation.functions import ARGUMENT, Function

Form = Callable[["Opaque"], Expr]


class Opaque(SympyFunction):
    """A function of the notation, or one of its derivatives, at explicit arguments. Made by `opaque`."""

    is_real = True
    function: Function
    orders: tuple[int, ...]  # positions (from 0) of the flattened arguments differentiated by, ascending

    def fdiff(self, argindex: int = 1) -> Expr:
        kind = opaque(self.function, tuple(sorted((*self.orders, argindex - 1))))
        return kind(*self.args)


def opaque(function: Function, orders: tuple[int, ...] = ()) -> Any:
    """The class of a function's derivative: opaque(A, (0, 0))(u) is A″(u), and SymPy differentiates it further."""
    return _opaque_class(function, orders)


@cache  # one class for good: expressions are equal only if their classes are the same
def _opaque_class(function: Function, orders: tuple[int, ...]) -> Any:
    name = function.name + "'" * len(orders) if function.is_entrywise else _partial_name(function, orders)
    return FunctionClass(name, (Opaque,), {"function": function, "orders": orders, "__module__": __name__})


def _partial_name(function: Function, orders: tuple[int, ...]) -> str:
    return "".join(f"d{order + 1}_" for order in orders) + function.name


def in_form(expression: Expr, form: Form) -> Expr:
    """The expression with every opaque function in the given form, and expectations taken again."""
    if not expression.has(Opaque):
        return expression
    if isinstance(expression, Mean):
        return expectation(in_form(expression.integrand, form), expression.bound)
    parts = [in_form(part, form) for part in expression.args]
    if isinstance(expression, Opaque):
        return form(expression.func(*parts))
    return expression.func(*parts)


def plain(applied: Opaque) -> Expr:
    """As sympy.Function("A")(u), and derivatives as SymPy writes them; a closed form where there is one."""
    if applied.function.closed_form is not None:
        return closed(applied)
    function = UndefinedFunction(applied.function.name)
    if len(applied.orders) < 2:
        value = function(*applied.args)
        return value.fdiff(applied.orders[0] + 1) if applied.orders else value
    at = [Dummy(f"xi_{position + 1}") for position in range(len(applied.args))]
    derived = function(*at).diff(*(at[order] for order in applied.orders))
    return derived.subs(at[0], applied.args[0]) if len(at) == 1 else Subs(derived, at, applied.args)


def closed(applied: Opaque) -> Expr:
    """By the closed form; a function without one stays opaque."""
    form = applied.function.closed_form
    if form is None:
        return applied
    derived = form.diff(ARGUMENT, len(applied.orders)) if applied.orders else form
    return derived.subs(ARGUMENT, applied.args[0])


class StandIns:
    """Polynomials with random rational coefficients in place of functions, one for each function."""

    def __init__(self, seed: int, degree: int) -> None:
        self._random = random.Random(seed)
        self._degree = degree
        self._forms: dict[Function, tuple[list[Symbol], Expr]] = {}

    def __call__(self, applied: Opaque) -> Expr:
        if applied.function not in self._forms:
            self._forms[applied.function] = self._polynomial(len(applied.args))
        variables, form = self._forms[applied.function]
        derived = reduce(lambda expression, order: expression.diff(variables[order]), applied.orders, form)
        return derived.xreplace(dict(zip(variables, applied.args, strict=True)))

    def _polynomial(self, count: int) -> tuple[list[Symbol], Expr]:
        """One variable: every power up to the degree. Several: powers of random combinations, so that all mix."""
        variables = [Dummy(f"t{position}", real=True) for position in range(count)]
        if count == 1:
            return variables, Add(*(self.number() * variables[0] ** power for power in range(self._degree + 1)))
        combinations = [
            Add(self.number(), *(self.number() * variable for variable in variables)) for _ in range(count + 2)
        ]
        return variables, Add(*(Mul(self.number(), combination**self._degree) for combination in combinations))

    def number(self) -> Rational:
        """A random rational that is not 0."""
        return Rational(self._random.choice((-1, 1)) * self._random.randint(1, 19), self._random.randint(2, 11))
