"""Instances that a theorem says nothing about are refused before anything is computed.

A parameter outside its declared domain, a dimension that is no positive integer, a constant that is no finite number, a
limit of the script that is broken, or a side condition that fails (1 − δ ≠ 0): what a check found there would be no verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np
from sympy import Basic, Symbol

from proofsheet.errors import ScriptError
from proofsheet.kernel.side_conditions import (
    AwayFromKink,
    Invertible,
    NonnegativeRadicand,
    Nonvanishing,
    PositiveArgument,
)
from proofsheet.monte_carlo.arrays import float_array
from proofsheet.monte_carlo.rounding import Rounded
from proofsheet.notation.scope import LAW, dependencies, free_indices, random_variables
from proofsheet.notation.tree import Coefficient, Node, Parameter
from proofsheet.notation.variables import Defined
from proofsheet.numeric.draws import Instance, entries_of
from proofsheet.numeric.line_values import value_under

_DOMAINS: dict[str, tuple[Callable[[float], bool], str]] = {
    "real": (lambda value: True, "real"),
    "positive": (lambda value: value > 0, "positive"),
    "nonnegative": (lambda value: value >= 0, "not negative"),
    "unit": (lambda value: 0 < value < 1, "between 0 and 1 (both excluded)"),
}


def refuse_bad_instance(theorem: Any, instance: Instance, limits: Iterable[Any] = (), at_kinks: bool = False) -> None:
    """Raises ScriptError, with the name, the value and the domain, for numbers that the theorem says nothing about.

    at_kinks    whether a kink, where there is no derivative, is what the check is for
    """
    _refuse_dimensions(instance)
    domains = _domains(theorem)
    for name, value in instance.parameters.items():
        _refuse_parameter(name, value, domains.get(name, "real"))
    for name, value in instance.constants.items():
        float_array(f"constants: {name}", value)
    for limit in limits:
        _refuse_limit(limit, instance)
    for condition in getattr(theorem, "side_conditions", ()):
        if at_kinks and isinstance(condition, AwayFromKink):
            continue
        _refuse_condition(condition, instance)


def _refuse_dimensions(instance: Instance) -> None:
    for name, size in instance.dimensions.items():
        if not isinstance(size, Integral) or isinstance(size, bool) or size < 1:
            raise ScriptError(f"the dimension {name} is a positive integer, not {size!r}")


def _refuse_parameter(name: str, value: Any, domain: str) -> None:
    is_inside, words = _DOMAINS[domain]
    if not isinstance(value, Real) or not isfinite(value) or not is_inside(float(value)):
        raise ScriptError(f"the parameter {name} is {words}, not {value!r}")


def _domains(theorem: Any) -> dict[str, str]:
    """The declared domain of each parameter of a theorem's two lines and assumptions."""
    found: dict[str, str] = {}
    for node in _nodes([theorem.left, theorem.right, *getattr(theorem, "lines", ())]):
        if isinstance(node, Parameter):
            found[node.name] = node.domain
        elif isinstance(node, Coefficient):
            for symbol in node.expression.free_symbols:
                found.setdefault(symbol.name, _domain_of(symbol))
    return found


def _domain_of(symbol: Symbol) -> str:
    """What a symbol knows of its own domain: (0, 1) is known to its Parameter only."""
    return "positive" if symbol.is_positive else "nonnegative" if symbol.is_nonnegative else "real"


def _nodes(lines: Iterable[Basic]) -> Iterator[Basic]:
    seen: set[Basic] = set()
    waiting = list(lines)
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            yield node
            waiting += (node.meaning, *node.values) if isinstance(node, Defined) else node.args


# ---- limits and side conditions, where they can be evaluated --------------------------------------------------------


def _refuse_limit(limit: Any, instance: Instance) -> None:
    value = _value(limit.parameter, instance, {})
    for bound, is_lower in ((limit.lower, True), (limit.upper, False)):
        end = _value(bound, instance, {})
        if value is None or end is None:
            continue
        beyond = (end.value - value.value).item() * (1 if is_lower else -1)
        if beyond > (end.error + value.error).item():
            raise ScriptError(
                f"the parameter {limit.parameter} is {value.value.item():g}; no law has that, for {limit.describe()}, "
                f"and {bound} is {end.value.item():g} here"
            )


def _refuse_condition(condition: Any, instance: Instance) -> None:
    if isinstance(condition, Invertible):
        _refuse_singular(condition.matrix, instance)
    elif type(condition) in _CONDITIONS:
        node = condition.denominator if isinstance(condition, Nonvanishing) else condition.argument
        holds, words = _CONDITIONS[type(condition)]
        for value in _values(node, instance):
            if not holds(value.value, value.error):
                raise ScriptError(f"the theorem needs {node} {words}; at this instance it is {value.value.item():.6g}")


_CONDITIONS: dict[type, tuple[Callable[[Any, Any], Any], str]] = {
    Nonvanishing: (lambda value, error: np.abs(value) > error, "≠ 0"),
    AwayFromKink: (lambda value, error: np.abs(value) > error, "≠ 0"),
    NonnegativeRadicand: (lambda value, error: value >= -error, "≥ 0"),
    PositiveArgument: (lambda value, error: value > 0, "> 0"),
}


def _refuse_singular(matrix: Node, instance: Instance) -> None:
    for value in _values(matrix, instance):
        try:
            np.linalg.inv(value.value)
        except np.linalg.LinAlgError:
            raise ScriptError(f"the theorem needs the inverse of {matrix}; at this instance it has none") from None


def _values(node: Node | None, instance: Instance) -> Iterator[Rounded]:
    """The value at every place of the free indices; nothing where the node is random or a number is missing."""
    if node is None or LAW in dependencies(node) or random_variables(node):
        return
    try:
        places = list(entries_of(tuple(sorted(free_indices(node), key=str)), instance))
    except ScriptError:
        return
    for at in places:
        value = _value(node, instance, at)
        if value is not None:
            yield value


def _value(node: Node, instance: Instance, at: Any) -> Rounded | None:
    """The value; None where a number is missing, which is told where the lines are read."""
    try:
        return value_under(node, instance, None, at)
    except ScriptError:
        return None
