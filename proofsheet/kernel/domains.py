"""Signs that follow from declared domains by form alone: sums, products, quotients and powers. No search."""

from __future__ import annotations

from enum import IntEnum

from sympy import Expr

from proofsheet.errors import NotationError
from proofsheet.notation.elementary import Exponential, Maximum, Minimum, SymbolicPower
from proofsheet.notation.expectations import Expectation, Variance
from proofsheet.notation.functions import AbsoluteValue, NormOne, Root
from proofsheet.notation.scope import random_variables
from proofsheet.notation.tree import (
    Coefficient,
    Dimension,
    Group,
    IndexedSum,
    MatrixProduct,
    Minus,
    Node,
    Number,
    Parameter,
    Plus,
    Power,
    Product,
    Quotient,
    SquaredNorm,
    Trace,
    Transpose,
)
from proofsheet.notation.variables import Variable


class Sign(IntEnum):
    UNKNOWN = 0
    NONNEGATIVE = 1
    POSITIVE = 2


_OF_DOMAIN = {"real": Sign.UNKNOWN, "nonnegative": Sign.NONNEGATIVE, "positive": Sign.POSITIVE, "unit": Sign.POSITIVE}


def sign(node: Node) -> Sign:
    """What the form of a scalar and the declared domains say of its sign."""
    if isinstance(node, Number):
        return Sign.POSITIVE if node.value > 0 else Sign.NONNEGATIVE if node.value == 0 else Sign.UNKNOWN
    if isinstance(node, Dimension):
        return Sign.POSITIVE
    if isinstance(node, Parameter):
        return _OF_DOMAIN[node.domain]
    if isinstance(node, Coefficient):
        return _of_expression(node.expression)
    if isinstance(node, Group):
        return sign(node.args[0])
    if isinstance(node, Plus):
        return _of_sum(node)
    if isinstance(node, (Product, Quotient)):
        return min(map(sign, node.args))
    if isinstance(node, (AbsoluteValue, NormOne, SquaredNorm, Root, Variance)) or _is_quadratic_form(node):
        return Sign.NONNEGATIVE
    if isinstance(node, Exponential):
        return Sign.POSITIVE
    if isinstance(node, SymbolicPower):
        return sign(node.base)
    if isinstance(node, (Maximum, Minimum)):
        return (max if isinstance(node, Maximum) else min)(map(sign, node.args))
    if isinstance(node, Expectation):
        return min(sign(node.args[0]), Sign.NONNEGATIVE)
    if isinstance(node, IndexedSum):
        return min(sign(node.body), Sign.NONNEGATIVE)
    if isinstance(node, Power):
        even = Sign.NONNEGATIVE if node.exponent % 2 == 0 else Sign.UNKNOWN
        return max(sign(node.args[0]), even)
    return Sign.UNKNOWN


def _of_expression(value: Expr) -> Sign:
    """As `sign`, for a rational function of SymPy symbols."""
    if value.is_Rational:
        return Sign.POSITIVE if value > 0 else Sign.NONNEGATIVE if value == 0 else Sign.UNKNOWN
    if value.is_Symbol:
        facts = value.assumptions0
        return (
            Sign.POSITIVE if facts.get("positive") else Sign.NONNEGATIVE if facts.get("nonnegative") else Sign.UNKNOWN
        )
    if value.is_Pow:
        return _of_expression(value.base)
    signs = [_of_expression(part) for part in value.args]
    if value.is_Mul:
        return min(signs)
    return Sign.UNKNOWN if Sign.UNKNOWN in signs else max(signs)


def _of_sum(node: Plus) -> Sign:
    if _is_one_minus_unit(node):
        return Sign.POSITIVE
    if _is_dimension_minus_one(node) or _is_absolute_value_and_itself(node):
        return Sign.NONNEGATIVE
    signs = [sign(term) for term in node.args]
    if Sign.UNKNOWN in signs:
        return Sign.UNKNOWN
    return max(signs)


def _is_one_minus_unit(node: Plus) -> bool:
    match node.args:
        case (Number() as one, Minus(args=(Parameter() as parameter,))):
            return bool(one.value == 1 and parameter.domain == "unit")
    return False


def _is_dimension_minus_one(node: Plus) -> bool:
    match node.args:
        case (Dimension(), Minus(args=(Number() as one,))):
            return bool(one.value == 1)
    return False


def _is_quadratic_form(node: Node) -> bool:
    """aᵀa, and aᵀSa for a positive-semidefinite S."""
    match node:
        case MatrixProduct(args=(Transpose(args=(one,)), other)):
            return bool(one == other and node.is_scalar)
        case MatrixProduct(args=(Transpose(args=(one,)), Variable() as middle, other)):
            return bool(one == other and node.is_scalar and middle.structure == "psd")
        case Trace(args=(Variable() as inner,)):
            return inner.structure == "psd"
    return False


def _is_absolute_value_and_itself(node: Plus) -> bool:
    """|a| + a and |a| − a."""
    match node.args:
        case (AbsoluteValue(args=(one,)), Minus(args=(other,))) | (AbsoluteValue(args=(one,)), other):
            return bool(one == other)
    return False


def is_nonzero(node: Node) -> bool:
    """Whether the domains keep the scalar away from 0."""
    if isinstance(node, Number):
        return bool(node.value != 0)
    if isinstance(node, Minus):
        return is_nonzero(node.args[0])
    return sign(node) is Sign.POSITIVE


def lies_in(node: Node, domain: str) -> bool:
    """Whether a value, by form, lies in a declared domain."""
    if domain == "real":
        return True
    if domain == "unit":
        if isinstance(node, Number):
            return bool(0 < node.value < 1)
        if isinstance(node, Parameter):
            return node.domain == "unit"
        return isinstance(node, Plus) and _is_one_minus_unit(node)
    wanted = Sign.POSITIVE if domain == "positive" else Sign.NONNEGATIVE
    return sign(node) >= wanted


def check_value(parameter: object, value: Node) -> None:
    """Raises NotationError unless a value may take the place of a parameter."""
    if not isinstance(parameter, Parameter):
        raise NotationError(f"at() takes parameters, and {parameter} is not one")
    if not value.is_scalar or random_variables(value) or not lies_in(value, parameter.domain):
        raise NotationError(
            f"{parameter} = {value}: not known to lie in the domain of {parameter} ({parameter.domain})"
        )


def refusal_of_inequality(old: Node, new: Node, cited: tuple[object, ...]) -> str:
    """Why old ≥ new is not accepted from the form of `old`; empty if it is."""
    if len(cited) > 1:
        return "an inequality cites its sign alone; rearrange in a line before"
    if new != Number(0):
        return "an inequality has 0 on its right side"
    if sign(old) is Sign.UNKNOWN:
        return f"the form of {old} does not show its sign; write it as a sum of products of what is not negative"
    return ""
