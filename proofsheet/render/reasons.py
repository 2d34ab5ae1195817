"""What stands in the margin: a reason prints its content.

In LaTeX a reason is a sentence: its words stand as text, each formula in it between dollars.
"""

from __future__ import annotations

from typing import Any

from proofsheet.kernel.cancellation import Cancellation
from proofsheet.kernel.reasons import (
    Definition,
    Differentiation,
    ExponentialFamily,
    FunctionLemma,
    Independence,
    Linearity,
    Moment,
    Nonnegativity,
    Rearrangement,
    Split,
    Taylor,
)
from proofsheet.kernel.side_conditions import (
    AwayFromKink,
    Invertible,
    LawFree,
    NonnegativeRadicand,
    Nonvanishing,
    PositiveArgument,
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
from proofsheet.render.latex_words import latex_words


def describe_reason(reason: Any, style: str = "unicode") -> str:
    """The content of a reason in a few words: n ⟂ (x, y); E[n] = 0; linearity of E."""
    inner = style_of_formulas(style)
    match reason:
        case Rearrangement(word=word) | Differentiation(word=word):
            return word
        case Linearity():
            return f"linearity of {_expectation(style)}"
        case Definition():
            return "definition"
        case Nonnegativity():
            return "no term is negative"
        case Taylor(degree=degree):
            return f"Taylor, degree {degree}, with remainder"
        case Split() | Cancellation():
            return _of_what_is_done(reason, style)
        case FunctionLemma(left=left, right=right):
            return _equation(left, right, style)
        case Independence(called=str(name)) | Moment(called=str(name)) | ExponentialFamily(called=str(name)):
            return latex_words(name) if style == "latex" else name
        case ExponentialFamily(statistic=statistic, parameter=parameter, function=function):
            return _density(statistic, parameter, function, style)
        case Independence(blocks=blocks):
            joint = f" {STYLES[style].independent} "
            return among_words(joint.join(_block(block, inner) for block in blocks), style)
        case Moment(left=left, right=right, conditions=conditions):
            value = among_words(f"{set_line(left, inner)} = {_value(left, right, inner)}", style)
            return value + "".join(_condition_on_indices(condition, style) for condition in conditions)
        case Distinct():
            return among_words(set_line(reason, inner), style)
        case Theorem(values=values) if values:
            names = [f"{_value_name(one, inner)} = {_value_name(value, inner)}" for one, value in values]
            return f"the theorem with {', '.join(among_words(name, style) for name in names)}"
        case Theorem():
            return _equation(reason.left, reason.right, style)
    return latex_words(str(reason)) if style == "latex" else str(reason)


def _of_what_is_done(reason: Split | Cancellation, style: str) -> str:
    """By cases, x below, at and above a; multiplied by G from the left and by H from the right."""
    inner = style_of_formulas(style)
    if isinstance(reason, Split):
        below = [among_words(set_line(one, inner), style) for one in (reason.variable, *reason.points)]
        return f"by cases, {below[0]} below, at and above {', '.join(below[1:])}"
    sides = [(reason.left, "left"), (reason.right, "right")]
    parts = [
        f"by {among_words(set_line(side, inner), style)} from the {where}" for side, where in sides if side is not None
    ]
    return f"multiplied {' and '.join(parts)}"


def style_of_formulas(style: str) -> str:
    """The style of formulas among the words of a style."""
    return "latex in text" if style == "latex" else style


def among_words(formula: str, style: str) -> str:
    """A formula, set in `style_of_formulas(style)`, in the middle of a sentence."""
    return STYLES[style].among_words(formula)


def _equation(left: Node, right: Node, style: str) -> str:
    inner = style_of_formulas(style)
    return among_words(f"{set_line(left, inner)} = {set_line(right, inner)}", style)


def _condition_on_indices(condition: Distinct, style: str) -> str:
    text = among_words(set_line(condition, style_of_formulas(style)), style)
    return f" for~{text}" if style == "latex" else f" ({text})"


def _expectation(style: str) -> str:
    return r"$\mathbb{E}$" if style == "latex" else "E"


def _for_every(indices: tuple[Index, ...], style: str) -> str:
    names = ", ".join(STYLES[style].index(index.name) for index in indices)
    return f" for every {among_words(names, style)}" if indices else ""


def _value_name(value: Any, style: str) -> str:
    return STYLES[style].name(value.name) if isinstance(value, Function) else set_line(value, style)


def _block(block: tuple[Node, ...], style: str) -> str:
    names = ", ".join(set_line(member, style) for member in block)
    return f"({names})" if len(block) > 1 else names


def _density(statistic: Node, parameter: Node, function: Function, style: str) -> str:
    """T has density h(t) exp(θt − A(θ))."""
    inner = style_of_formulas(style)
    t, theta, name = set_line(statistic, inner), set_line(parameter, inner), STYLES[inner].name(function.name)
    exponent = f"{theta} t {STYLES[inner].minus} {STYLES[inner].call(name, theta)}"
    density = f"{STYLES[inner].call('h', 't')} {STYLES[inner].call('exp', exponent)}"
    return f"{among_words(t, style)} has density {among_words(density, style)}"


def _value(left: Node, right: Node, style: str) -> str:
    zero = right.is_scalar and not left.is_scalar
    if zero and str(right) == "0":
        return STYLES[style].filled("0")
    return set_line(right, style)


def describe_condition(condition: SideCondition, style: str = "unicode") -> str:
    """A side condition: n − 1 ≠ 0; the law of x does not depend on w."""

    def set_(node: Node, relation: str = "") -> str:
        return among_words(set_line(node, style_of_formulas(style)) + relation, style)

    nonzero, nonnegative = f" {STYLES[style].unequal} 0", f" {STYLES[style].at_least} 0"
    positive = " > 0"
    match condition:
        case Nonvanishing(denominator=denominator):
            return set_(denominator, nonzero)
        case Invertible(matrix=matrix):
            return f"{set_(matrix)} is invertible"
        case AwayFromKink(argument=None):
            return "what absolute values and signs are differentiated at is not 0"
        case NonnegativeRadicand(argument=None):
            return "no square root is of a negative number"
        case AwayFromKink(argument=Node() as argument, every=every):
            return f"{set_(argument, nonzero)}{_almost_surely(argument)}{_for_every(every, style)}"
        case NonnegativeRadicand(argument=Node() as argument, every=every):
            return f"{set_(argument, nonnegative)}{_almost_surely(argument)}{_for_every(every, style)}"
        case PositiveArgument(argument=None):
            return "no logarithm is of a number that is 0 or negative"
        case PositiveArgument(argument=Node() as argument, every=every):
            return f"{set_(argument, positive)}{_almost_surely(argument)}{_for_every(every, style)}"
        case LawFree(variable=variable, random=random):
            members = ", ".join(map(set_, random))
            under = f"the derivative passes under {_expectation(style)}"
            return f"the law of {members} does not depend on {set_(variable)}, and {under}"
        case UnderIntegral(parameter=parameter):
            return f"{set_(parameter)} lies inside the natural parameter space"
        case Smooth(function=function, order=order):
            name = among_words(STYLES[style].name(function.name), style)
            times = {1: "", 2: "twice "}.get(order, f"{order} times ")
            continuously = "continuously " if len(function.shapes) > 1 or not function.is_entrywise else ""
            return f"{name} is {times}{continuously}differentiable"
    raise TypeError(f"no words for {condition!r}")


def _almost_surely(node: Node) -> str:
    return " almost surely" if random_variables(node) else ""


def definitions_between(old: Node, new: Node) -> list[Defined]:
    """The definitions that one line uses and the other does not: those that a step unfolds or folds."""
    before, after = old.atoms(Defined), new.atoms(Defined)
    return sorted(before ^ after, key=lambda defined: defined.name)


def defined_name(defined: Defined, style: str) -> str:
    """A defined symbol without its index: ε of ε_i, which is no vector; x̃ of x̃_i, which is one."""
    is_scalar_entry = defined.entry is not None and not defined.is_family
    return STYLES[style].name(defined.name, None if is_scalar_entry else defined)


def describe_step_reason(reason: Any, old: Node, new: Node, style: str) -> str:
    """As `describe_reason`, and a definition says of what."""
    if isinstance(reason, Definition):
        changed = definitions_between(old, new)
        operators = [
            name for name, kind in (("Var", Variance), ("Cov", Covariance)) if old.atoms(kind) != new.atoms(kind)
        ]
        defined = [among_words(defined_name(one, style), style) for one in changed]
        names = list(dict.fromkeys(defined + operators))
        return f"definition of {', '.join(names)}" if names else "definition"
    return describe_reason(reason, style)


__all__ = ["among_words", "defined_name", "describe_condition", "describe_reason", "describe_step_reason"]
