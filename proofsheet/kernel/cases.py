"""Proof by cases in one real parameter: below, at, between and above given points.

    x = a − s,   x = a,   x = a + (b − a) q,   x = b,   x = b + s       s > 0, 0 < q < 1, a ≤ b

covers every real x. In each case both lines are read again with x replaced, and have to agree by algebra, where the sign
of x − a is now shown by its form. What the lines take for granted is recorded for the lines themselves, for every x.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from sympy import Expr, Symbol

from proofsheet.errors import NotationError
from proofsheet.kernel.normal_form import CONSTANT, Coefficient, KernelError
from proofsheet.kernel.reasons import Rearrangement, Split
from proofsheet.kernel.setting import Setting
from proofsheet.notation.scope import symbols_in
from proofsheet.notation.tree import Minus, Node, Parameter, Plus, Product

Case = tuple[Node, Expr, str]  # what stands for x, as a line and in a rational function; and where that is


def failing_case(
    cited: tuple[object, ...], old: Node, new: Node, setting: Setting, refusal_of: Callable[[Node, Node], str]
) -> str:
    """Why old = new does not hold by the cases that are cited; empty if it holds in each.

    `refusal_of(before, after)` says why two lines do not agree by algebra; it is asked about each case.
    """
    splits = [reason for reason in cited if isinstance(reason, Split)]
    if len(splits) != 1 or not all(isinstance(reason, (Split, Rearrangement)) for reason in cited):
        return "a proof by cases cites its cases alone"
    try:
        _check(splits[0], setting)
        for line, expression, where in _cases(splits[0], setting):
            replaced = {splits[0].variable: line, splits[0].variable.symbol: expression}
            before, after = old.xreplace(replaced), new.xreplace(replaced)
            why = refusal_of(before, after)
            if why:
                return f"{where} it does not follow:  {before}  and  {after}  ({why})"
    except KernelError as problem:
        return str(problem)
    return ""


def _check(split: Split, setting: Setting) -> None:
    """Raises KernelError where the points are no rational functions of other parameters, or not known to ascend."""
    if not isinstance(split.variable, Parameter) or not split.points:
        raise KernelError("a proof by cases is in a real parameter, and names points")
    values = [_value(split, node, setting) for node in split.points]
    for (first, a), (second, b) in pairwise(zip(split.points, values, strict=True)):
        if not setting.algebra.elementary.signs.is_nonnegative(b - a):
            raise KernelError(f"the form of the points does not show that {first} ≤ {second}")


def _value(split: Split, node: Node, setting: Setting) -> Coefficient:
    """A point as a rational function. Raises KernelError if it is none, or speaks of the parameter itself."""
    form = setting.form(node, ())
    value: Coefficient = form.get(CONSTANT, setting.algebra.integer(0))
    opaque = set(form) - {CONSTANT} or not value.as_expr().free_symbols.isdisjoint(setting.generators.meaning)
    if opaque or split.variable.symbol in symbols_in(node):
        raise KernelError(f"{node} is no rational function of parameters other than {split.variable}")
    return value


def _cases(split: Split, setting: Setting) -> Iterator[Case]:
    x, nodes = split.variable, split.points
    values = [_value(split, node, setting).as_expr() for node in nodes]
    beyond, within = _fresh("s", "positive", setting), _fresh("q", "unit", setting)
    yield Plus(nodes[0], Minus(beyond)), values[0] - beyond.symbol, f"for {x} < {nodes[0]}"
    for place, (node, value) in enumerate(zip(nodes, values, strict=True)):
        yield node, value, f"for {x} = {node}"
        if place + 1 < len(nodes):
            step = Product(Plus(nodes[place + 1], Minus(node)), within)
            where = f"for {x} between {node} and {nodes[place + 1]}"
            yield Plus(node, step), value + (values[place + 1] - value) * within.symbol, where
    yield Plus(nodes[-1], beyond), values[-1] + beyond.symbol, f"for {x} > {nodes[-1]}"


def _fresh(letter: str, domain: str, setting: Setting) -> Parameter:
    """A parameter with a name that nothing has."""
    for number in range(100):
        found = Parameter(Symbol(f"{letter}{number or ''}", positive=True), domain)
        if setting.names.admits(found) and not setting.names.knows(found.name):
            return found
    raise NotationError(f"a proof by cases: the names {letter}, {letter}1, ... are all taken")


__all__ = ["failing_case"]
