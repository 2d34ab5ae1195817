"""What must not vanish: the denominators of lines and assumptions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sympy import Basic, Expr

from proofsheet.kernel.domains import is_nonzero
from proofsheet.kernel.lowering import denominator_of
from proofsheet.kernel.normal_form import Algebra
from proofsheet.notation.scope import Names
from proofsheet.notation.tree import Coefficient, Group, Node, Number, Power, Product, Quotient
from proofsheet.notation.variables import Defined


@dataclass(frozen=True)
class SideCondition:
    """denominator ≠ 0; `discharged` if the declared domains imply it."""

    denominator: Node
    discharged: bool


def side_conditions(lines: Iterable[Basic], names: Names, algebra: Algebra) -> tuple[SideCondition, ...]:
    found: dict[Any, SideCondition] = {}
    for line in lines:
        for denominator in denominators(line, names, algebra):
            condition = SideCondition(denominator, is_nonzero(denominator))
            value = denominator_of(denominator, algebra)
            if value not in found or condition.discharged:
                found[value] = condition
    return tuple(found.values())


def denominators(line: Basic, names: Names, algebra: Algebra) -> list[Node]:
    """What a line divides by. Raises KernelError if that is zero or no coefficient."""
    found: list[Node] = []
    seen: set[Basic] = set()
    waiting = [line]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Quotient):
            denominator_of(node.args[1], algebra)
            found += _factors(node.args[1])
        elif isinstance(node, Coefficient):
            algebra.coefficient(node.expression)
            found += [_symbol_node(base, names) for base in _negative_powers(node.expression)]
        waiting += [node.meaning, *node.values] if isinstance(node, Defined) else reversed(node.args)
    return found


def _factors(denominator: Node) -> list[Node]:
    """A product or power is zero only where a factor is."""
    if isinstance(denominator, (Product, Power, Group)):
        parts = denominator.args if isinstance(denominator, Product) else denominator.args[:1]
        return [factor for part in parts for factor in _factors(part)]
    return [] if isinstance(denominator, Number) else [denominator]


def _negative_powers(expression: Expr) -> list[Expr]:
    """The bases, at any depth, that a SymPy expression divides by."""
    inner = [base for part in expression.args for base in _negative_powers(part)]
    divides = expression.is_Pow and expression.exp.is_negative and not expression.base.is_Number
    return [*inner, expression.base] if divides else inner


def _symbol_node(expression: Expr, names: Names) -> Node:
    known = [node for node in names.of_symbols() if node.symbol == expression]
    return known[0] if known else Coefficient(expression)
