"""What stands in the margin: a reason says its content, in words with formulas among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
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
from proofsheet.kernel.theorem import SideCondition, Step, Theorem
from proofsheet.notation.boxes import (
    Beside,
    Box,
    Called,
    ConstantMatrix,
    Fenced,
    Figure,
    IndexLetter,
    Letter,
    Line,
    Listed,
    Related,
    Signed,
    Word,
)
from proofsheet.notation.expectations import Covariance, Variance
from proofsheet.notation.functions import Function
from proofsheet.notation.indices import Distinct, Index
from proofsheet.notation.layout import letter
from proofsheet.notation.scope import random_variables
from proofsheet.notation.spellings import spellings
from proofsheet.notation.text import Prose, set_prose
from proofsheet.notation.tree import Node, Number
from proofsheet.notation.variables import Defined


def describe_reason(reason: Any, style: str = "unicode") -> str:
    """The content of a reason in a few words: n ⟂ (x, y); E[n] = 0; linearity of E."""
    return set_prose(reason_prose(reason), style)


def reason_prose(reason: Any) -> Prose:
    """As `describe_reason`, for any style."""
    match reason:
        case Rearrangement(word=word) | Differentiation(word=word):
            return (word,)
        case Linearity():
            return "linearity of ", Word("E")
        case Definition():
            return ("definition",)
        case Nonnegativity():
            return ("no term is negative",)
        case Taylor(degree=degree):
            return (f"Taylor, degree {degree}, with remainder",)
        case Split() | Cancellation():
            return _what_is_done(reason)
        case FunctionLemma(left=left, right=right):
            return (_equation(left, right),)
        case Independence(called=str(name)) | Moment(called=str(name)) | ExponentialFamily(called=str(name)):
            return (name,)
        case ExponentialFamily(statistic=statistic, parameter=parameter, function=function):
            return _density(statistic, parameter, function)
        case Independence(blocks=blocks):
            return (reduce(lambda left, right: Related(left, "⟂", right), map(_block, blocks)),)
        case Moment(left=left, right=right, conditions=conditions):
            value = Related(Line(left), "=", _value(left, right))
            return value, *(part for condition in conditions for part in (" (", Line(condition), ")"))
        case Distinct():
            return (Line(reason),)
        case Theorem(values=values) if values:
            chosen = [Related(_name_or_line(one), "=", _name_or_line(value)) for one, value in values]
            return "the theorem with ", *separated(chosen)
        case Theorem():
            return (_equation(reason.left, reason.right),)
    return (str(reason),)


def assumption_prose(assumption: Any) -> Prose:
    """What is assumed, where it is stated: one with a name of its own is told in full, with the name behind it."""
    name = getattr(assumption, "called", None)
    return (*reason_prose(replace(assumption, called=None)), f" ({name})") if name else reason_prose(assumption)


def _what_is_done(reason: Split | Cancellation) -> Prose:
    """By cases, x below, at and above a; multiplied by G from the left and by H from the right."""
    if isinstance(reason, Split):
        return "by cases, ", Line(reason.variable), " below, at and above ", *separated(map(Line, reason.points))
    left = ("by ", Line(reason.left), " from the left") if reason.left is not None else ()
    right = ("by ", Line(reason.right), " from the right") if reason.right is not None else ()
    return "multiplied ", *left, *((" and ",) if left and right else ()), *right


def separated(formulas: Iterable[Box], separator: str = ", ") -> Prose:
    """Formulas one by one, with words between them."""
    first, *rest = formulas
    return first, *(part for formula in rest for part in (separator, formula))


def _equation(left: Node, right: Node) -> Box:
    return Related(Line(left), "=", Line(right))


def _for_every(indices: tuple[Index, ...]) -> Prose:
    names = tuple(IndexLetter(index.name) for index in indices)
    return (" for every ", Listed(names)) if names else ()


def _name_or_line(value: Any) -> Box:
    return letter(value) if isinstance(value, Function) else Line(value)


def _block(block: tuple[Node, ...]) -> Box:
    names = tuple(Line(member) for member in block)
    return Fenced("round", Listed(names)) if len(names) > 1 else names[0]


def _density(statistic: Node, parameter: Node, function: Function) -> Prose:
    """T has density h(t) exp(θt − A(θ))."""
    names = (parameter.name, function.name)
    spelled = (text for name in names for text in spellings().symbols.get(name, {}).values())
    taken = {*names, *spelled}  # what is bound here is to look like none of them
    t, h = (Letter(next(one for one in letters if one not in taken)) for letters in ("tsuvr", "hkbcg"))
    theta = Line(parameter)
    exponent = Signed(((False, Beside((theta, t), (False,))), (True, _call(Letter(function.name), theta))))
    density = Beside((_call(h, t), _call(Word("exp"), exponent)), (False,))
    return Line(statistic), " has density ", density


def _call(head: Box, argument: Box) -> Box:
    return Called(head, Fenced("round", argument))


def _value(left: Node, right: Node) -> Box:
    zero = right.is_scalar and not left.is_scalar
    return ConstantMatrix("0") if zero and right == Number(0) else Line(right)


def describe_condition(condition: SideCondition, style: str = "unicode") -> str:
    """A side condition: n − 1 ≠ 0; the law of x does not depend on w."""
    return set_prose(condition_prose(condition), style)


def condition_prose(condition: SideCondition) -> Prose:
    """As `describe_condition`, for any style."""
    match condition:
        case Nonvanishing(denominator=denominator):
            return (_compared(denominator, "≠"),)
        case Invertible(matrix=matrix):
            return Line(matrix), " is invertible"
        case AwayFromKink(argument=None):
            return ("what absolute values and signs are differentiated at is not 0",)
        case NonnegativeRadicand(argument=None):
            return ("no square root is of a negative number",)
        case PositiveArgument(argument=None):
            return ("no logarithm is of a number that is 0 or negative",)
        case AwayFromKink(argument=Node() as argument, every=every):
            return _compared(argument, "≠"), *_almost_surely(argument), *_for_every(every)
        case NonnegativeRadicand(argument=Node() as argument, every=every):
            return _compared(argument, "≥"), *_almost_surely(argument), *_for_every(every)
        case PositiveArgument(argument=Node() as argument, every=every):
            return _compared(argument, ">"), *_almost_surely(argument), *_for_every(every)
        case LawFree(variable=variable, random=random):
            passes = " does not depend on ", Line(variable), ", and the derivative passes under ", Word("E")
            return "the law of ", *separated(map(Line, random)), *passes
        case UnderIntegral(parameter=parameter):
            return Line(parameter), " lies inside the natural parameter space"
        case Smooth(function=function, order=order):
            times = {1: "", 2: "twice "}.get(order, f"{order} times ")
            continuously = "continuously " if len(function.shapes) > 1 or not function.is_entrywise else ""
            return Letter(function.name), f" is {times}{continuously}differentiable"
    raise TypeError(f"no words for {condition!r}")


def _compared(node: Node, relation: str) -> Box:
    return Related(Line(node), relation, Figure("0"))


def _almost_surely(node: Node) -> Prose:
    return (" almost surely",) if random_variables(node) else ()


def definitions_between(old: Node, new: Node) -> list[Defined]:
    """The definitions that one line uses and the other does not: those that a step unfolds or folds."""
    before, after = old.atoms(Defined), new.atoms(Defined)
    return sorted(before ^ after, key=lambda defined: defined.name)


def defined_letter(defined: Defined) -> Letter:
    """A defined symbol without its index: ε of ε_i, which is no vector; x̃ of x̃_i, which is one."""
    is_scalar_entry = defined.entry is not None and not defined.is_family
    return Letter(defined.name, not is_scalar_entry and not defined.is_scalar)


def describe_step_reason(reason: Any, old: Node, new: Node, style: str) -> str:
    """As `describe_reason`, and a definition says of what."""
    return set_prose(step_reason_prose(reason, old, new), style)


def step_reason_prose(reason: Any, old: Node, new: Node) -> Prose:
    """As `describe_step_reason`, for any style."""
    if not isinstance(reason, Definition):
        return reason_prose(reason)
    changed = (defined_letter(one) for one in definitions_between(old, new))
    operators = [name for name, kind in (("Var", Variance), ("Cov", Covariance)) if old.atoms(kind) != new.atoms(kind)]
    names = list(dict.fromkeys([*changed, *map(Word, operators)]))
    return ("definition of ", *separated(names)) if names else ("definition",)


def margin_prose(step: Step) -> Prose:
    """The reasons of a step as its margin shows them."""
    return joined_margin((step,))


def joined_margin(steps: Iterable[Step]) -> Prose:
    """The reasons of several steps, each once, in the order of the steps."""
    proses = (step_reason_prose(reason, step.old, step.new) for step in steps for reason in step.reasons)
    first, *rest = dict.fromkeys(proses) or [()]
    return (*first, *(part for prose in rest for part in (", ", *prose)))


__all__ = [
    "assumption_prose",
    "condition_prose",
    "defined_letter",
    "describe_condition",
    "describe_reason",
    "describe_step_reason",
    "joined_margin",
    "margin_prose",
    "reason_prose",
    "separated",
    "step_reason_prose",
]
