"""Facts about functions of one variable with a closed form, such as A″(t) = σ(t)(1 − σ(t)), decided by SymPy.

The judge is SymPy's `diff` and its arithmetic of rational functions. After differentiation only rational functions of t
and of powers of eᵗ may be left; these are independent over ℚ, so that the difference of the two sides is 0 if and only
if it cancels to 0 there. What does not come to that form is undecided, and no lemma.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Expr, Integer, Symbol, cancel, cosh, diff, exp, expand_log, log, sinh, tanh, together

from proofsheet.errors import NotationError, ProofsheetError
from proofsheet.kernel.reasons import FunctionLemma
from proofsheet.notation.functions import ARGUMENT, Applied
from proofsheet.notation.text import set_line
from proofsheet.notation.tree import Group, Minus, Node, Number, Plus, Power, Product, Quotient, as_node
from proofsheet.notation.variables import Constant

JUDGE = "SymPy"
_EXPONENTIAL = Symbol("_exp", positive=True)


class LemmaRefused(ProofsheetError):
    """The two sides differ, or the judge cannot decide."""


def lemma(left: Any, right: Any) -> FunctionLemma:
    """The fact left = right for every real t: lemma(A.prime.prime(t), sigma(t) * (1 - sigma(t))).

    `left` is a function or one of its derivatives at a scalar t declared with scalar("t"); `right` is made of numbers, t,
    and such functions. All functions have a closed form, function("A", log(1 + exp(t))).
    Raises LemmaRefused if the two sides differ, with SymPy's difference, or if the judge cannot decide.
    """
    left, right = as_node(left, "lemma"), as_node(right, "lemma")
    if not isinstance(left, Applied) or not isinstance(left.arguments[0], Constant) or not left.is_scalar:
        raise NotationError(f"the left side of a lemma is a function, or a derivative, at a scalar t; {left} is not")
    found = FunctionLemma(left, right, JUDGE)
    difference = _difference(found)
    if difference != 0:
        shown = difference.xreplace({ARGUMENT: Symbol(left.arguments[0].name)})
        raise LemmaRefused(f"{left} = {right} is not true: left − right = {shown}")
    return replace(found, asked=(left, right))


def holds(fact: FunctionLemma) -> bool:
    """Whether the judge, asked again, finds the lemma true."""
    try:
        return fact.judge == JUDGE and _difference(fact) == 0
    except ProofsheetError:
        return False


def _difference(fact: FunctionLemma) -> Expr:
    """left − right as a rational function of t and eᵗ, in lowest terms; or its derivative, if that is not 0.

    Where logarithms are left, the sides are equal if their derivatives are and they agree at t = 0.
    """
    difference = _closed(fact.left, fact.variable) - _closed(fact.right, fact.variable)
    if not difference.has(log):
        return _in_exponentials(difference)
    slope, at_zero = _in_exponentials(diff(difference, ARGUMENT)), difference.xreplace({ARGUMENT: Integer(0)})
    return slope if slope != 0 else expand_log(at_zero, force=True)


def _closed(node: Node, variable: Node) -> Expr:
    """A side of a lemma in SymPy, built from the closed forms of its functions."""
    if node == variable:
        return ARGUMENT
    match node:
        case Number():
            return node.value
        case Plus():
            return sum((_closed(part, variable) for part in node.args), Integer(0))
        case Minus():
            return -_closed(node.args[0], variable)
        case Product():
            result: Expr = Integer(1)
            for part in node.args:
                result *= _closed(part, variable)
            return result
        case Quotient(args=(top, Number() as bottom)) if bottom.value != 0:
            return _closed(top, variable) / bottom.value
        case Power():
            return _closed(node.args[0], variable) ** node.exponent
        case Group():
            return _closed(node.args[0], variable)
        case Applied():
            form = node.function.closed_form
            if form is None:
                raise NotationError(
                    f"{node.function} is opaque; a lemma is about functions with a closed form, function(name, expression)"
                )
            if len(node.arguments) != 1:
                raise NotationError(f"a lemma is about functions of one scalar; {node.function} is not one")
            return diff(form, ARGUMENT, len(node.orders)).xreplace({ARGUMENT: _closed(node.arguments[0], variable)})
    raise NotationError(
        f"a lemma is made of numbers, {variable} and functions of it; {set_line(node)} is none of these"
    )


def _in_exponentials(expression: Expr) -> Expr:
    """The expression over ℚ(t, eᵗ). Raises LemmaRefused if it is not a rational function of these."""
    rewritten = expression.rewrite([tanh, sinh, cosh], exp)
    powers = {one: _power_of_exponential(one) for one in rewritten.atoms(exp)}
    if any(power is None for power in powers.values()):
        raise LemmaRefused(f"{JUDGE} cannot decide: exponentials of other than whole multiples of t in {expression}")
    rational = cancel(together(rewritten.xreplace(powers)))
    if rational.has(log) or not rational.is_rational_function(ARGUMENT, _EXPONENTIAL):
        raise LemmaRefused(f"{JUDGE} cannot decide: {rational} is no rational function of t and exp(t)")
    return rational.xreplace({_EXPONENTIAL: exp(ARGUMENT)})


def _power_of_exponential(value: Expr) -> Expr | None:
    times = cancel(value.args[0] / ARGUMENT)
    return _EXPONENTIAL**times if times.is_Integer else None
