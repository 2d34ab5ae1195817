"""What stands in the margin: a reason prints its content."""

from __future__ import annotations

from typing import Any

from proofsheet.kernel.rules import (
    Definition,
    Differentiation,
    ExponentialFamily,
    FunctionLemma,
    Independence,
    Linearity,
    Moment,
    Nonnegativity,
    Rearrangement,
    Taylor,
)
from proofsheet.kernel.side_conditions import (
    AwayFromKink,
    LawFree,
    NonnegativeRadicand,
    Nonvanishing,
    Smooth,
    UnderIntegral,
)
from proofsheet.kernel.theorem import SideCondition, Theorem
from proofsheet.notation.expectations import Covariance, Variance
from proofsheet.notation.functions import Function
from proofsheet.notation.indices import Distinct, Index
from proofsheet.notation.scope import random_variables
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import set_line
from proofsheet.notation.tree import Node
from proofsheet.notation.variables import Defined


def describe_reason(reason: Any, style: str = "unicode") -> str:
    """The content of a reason in a few words: n ⟂ (x, y); E[n] = 0; linearity of E."""
    match reason:
        case Rearrangement(word=word):
            return word
        case Linearity():
            return "linearity of E"
        case Definition():
            return "definition"
        case Nonnegativity():
            return "no term is negative"
        case Differentiation(word=word):
            return word
        case Taylor(degree=degree):
            return f"Taylor, degree {degree}, with remainder"
        case FunctionLemma(left=left, right=right):
            return f"{set_line(left, style)} = {set_line(right, style)}"
        case Independence(called=str(name)) | Moment(called=str(name)) | ExponentialFamily(called=str(name)):
            return name
        case ExponentialFamily(statistic=statistic, parameter=parameter, function=function):
            return _density(statistic, parameter, function, style)
        case Independence(blocks=blocks):
            joint = " ⟂ " if style == "unicode" else " independent of "
            return joint.join(_block(block, style) for block in blocks)
        case Moment(left=left, right=right, conditions=conditions):
            where = "".join(f" ({set_line(condition, style)})" for condition in conditions)
            return f"{set_line(left, style)} = {_value(left, right, style)}{where}"
        case Distinct():
            return set_line(reason, style)
        case Theorem(values=values) if values:
            case_of = ", ".join(f"{_value_name(one, style)} = {_value_name(value, style)}" for one, value in values)
            return f"the theorem with {case_of}"
        case Theorem():
            return f"{set_line(reason.left, style)} = {set_line(reason.right, style)}"
    return str(reason)


def _for_every(indices: tuple[Index, ...]) -> str:
    return f" for every {', '.join(index.name for index in indices)}" if indices else ""


def _value_name(value: Any, style: str) -> str:
    return STYLES[style].name(value.name) if isinstance(value, Function) else set_line(value, style)


def _block(block: tuple[Node, ...], style: str) -> str:
    names = ", ".join(set_line(member, style) for member in block)
    return f"({names})" if len(block) > 1 else names


def _density(statistic: Node, parameter: Node, function: Function, style: str) -> str:
    """T has density h(t) exp(θt − A(θ))."""
    t, theta, name = set_line(statistic, style), set_line(parameter, style), STYLES[style].name(function.name)
    exponent = f"{theta} t {STYLES[style].minus} {STYLES[style].call(name, theta)}"
    return f"{t} has density {STYLES[style].call('h', 't')} {STYLES[style].call('exp', exponent)}"


def _value(left: Node, right: Node, style: str) -> str:
    zero = right.is_scalar and not left.is_scalar
    if zero and str(right) == "0":
        return STYLES[style].filled("0")
    return set_line(right, style)


def describe_condition(condition: SideCondition, style: str = "unicode") -> str:
    """A side condition: n − 1 ≠ 0; the law of x does not depend on w."""

    def set_(node: Node) -> str:
        return set_line(node, style)

    unequal, at_least = STYLES[style].unequal, STYLES[style].at_least
    match condition:
        case Nonvanishing(denominator=denominator):
            return f"{set_(denominator)} {unequal} 0"
        case AwayFromKink(argument=None):
            return "what absolute values and signs are differentiated at is not 0"
        case NonnegativeRadicand(argument=None):
            return "no square root is of a negative number"
        case AwayFromKink(argument=Node() as argument, every=every):
            return f"{set_(argument)} {unequal} 0{_almost_surely(argument)}{_for_every(every)}"
        case NonnegativeRadicand(argument=Node() as argument, every=every):
            return f"{set_(argument)} {at_least} 0{_almost_surely(argument)}{_for_every(every)}"
        case LawFree(variable=variable, random=random):
            members = ", ".join(map(set_, random))
            return f"the law of {members} does not depend on {set_(variable)}, and the derivative passes under E"
        case UnderIntegral(parameter=parameter):
            return f"{set_(parameter)} lies inside the natural parameter space"
        case Smooth(function=function, order=order):
            name = STYLES[style].name(function.name)
            times = {1: "once", 2: "twice"}.get(order, f"{order} times")
            continuously = "continuously " if len(function.shapes) > 1 or not function.is_entrywise else ""
            return f"{name} is {times} {continuously}differentiable"
    raise TypeError(f"no words for {condition!r}")


def _almost_surely(node: Node) -> str:
    return " almost surely" if random_variables(node) else ""


def definitions_between(old: Node, new: Node) -> list[Defined]:
    """The definitions that one line uses and the other does not: those that a step unfolds or folds."""
    before, after = old.atoms(Defined), new.atoms(Defined)
    return sorted(before ^ after, key=lambda defined: defined.name)


def describe_step_reason(reason: Any, old: Node, new: Node, style: str) -> str:
    """As `describe_reason`, and a definition says of what."""
    if isinstance(reason, Definition):
        changed = definitions_between(old, new)
        operators = [
            name for name, kind in (("Var", Variance), ("Cov", Covariance)) if old.atoms(kind) != new.atoms(kind)
        ]
        names = list(dict.fromkeys([STYLES[style].name(one.name) for one in changed] + operators))
        return f"definition of {', '.join(names)}" if names else "definition"
    return describe_reason(reason, style)


__all__ = ["describe_condition", "describe_reason", "describe_step_reason"]
