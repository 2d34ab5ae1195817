"""The words of analysis: functions, derivatives, gradients, Taylor remainders, absolute values, roots."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Float, Symbol, cosh, exp, log, sinh, tanh

from proofsheet.errors import NotationError
from proofsheet.notation.functions import (
    ARGUMENT,
    AbsoluteValue,
    Derivative,
    Diagonal,
    Function,
    NormOne,
    Remainder,
    Root,
    Signum,
)
from proofsheet.notation.tree import SCALAR, Element, Member, Node, Number, as_node
from proofsheet.notation.words import checked_name


def function(name: str, closed_form: Expr | None = None, *, of: Any = None) -> Function:
    """A real-valued function.

    function("A")                         opaque, of one scalar; A(v) of a vector v is entrywise
    function("A", log(1 + exp(t)))        with a closed form, a SymPy expression in one real symbol
    function("C", of=y_hat)               opaque, of an argument shaped like y_hat; of=(a, W) for several

    Raises NotationError for a closed form that is no SymPy expression in one symbol.
    """
    checked_name(name)
    if of is None:
        return Function(name, (SCALAR,), None if closed_form is None else _in_argument(name, closed_form))
    if closed_form is not None:
        raise NotationError(f"function({name!r}) takes a closed form or of=, not both")
    arguments = of if isinstance(of, (tuple, list)) else (of,)
    if not arguments:
        raise NotationError(f"function({name!r}): of= names at least one argument")
    return Function(name, tuple(as_node(argument, f"function({name!r})").shape for argument in arguments))


def _in_argument(name: str, closed_form: Any) -> Expr:
    if isinstance(closed_form, (int, float, str)) or not isinstance(closed_form, Expr):
        line = "; its exp and log are those of sympy, not of proofsheet" if isinstance(closed_form, Node) else ""
        raise NotationError(
            f"function({name!r}): the closed form is a SymPy expression in a symbol, not {closed_form!r}{line}"
        )
    symbols = closed_form.free_symbols
    if len(symbols) != 1 or closed_form.has(Float):
        raise NotationError(
            f"function({name!r}): the closed form has one symbol and exact numbers; {closed_form} has not"
        )
    (symbol,) = symbols
    if not isinstance(symbol, Symbol) or not symbol.assumptions0.items() <= ARGUMENT.assumptions0.items():
        raise NotationError(
            f"function({name!r}): the symbol of a closed form stands for every real number: Symbol({symbol.name!r}, real=True)"
        )
    form = closed_form.xreplace({symbol: ARGUMENT})
    if not _is_entire(form):
        raise NotationError(
            f"function({name!r}): {closed_form} is not known, by its form, to be smooth for every real {symbol}; "
            "closed forms are made of numbers, the symbol, + and *, whole powers, exp, sinh, cosh, tanh, "
            "and of log of, and division by, what is positive"
        )
    return form


def _is_entire(form: Expr) -> bool:
    """Whether the form alone shows that the expression is smooth on the whole real line."""
    if form.is_Rational or form == ARGUMENT:
        return True
    if form.is_Add or form.is_Mul or isinstance(form, (exp, sinh, cosh, tanh)):
        return all(map(_is_entire, form.args))
    if isinstance(form, log):
        return _is_entire(form.args[0]) and _is_positive(form.args[0])
    if form.is_Pow and form.exp.is_Rational:
        return _is_entire(form.base) and ((form.exp.is_Integer and form.exp > 0) or _is_positive(form.base))
    return False


def _is_positive(form: Expr) -> bool:
    """Whether the form alone shows that the expression is positive: 1 + exp(−t), t² + 1."""
    if form.is_Rational:
        return bool(form > 0)
    if isinstance(form, (exp, cosh)):
        return True
    if form.is_Pow:
        return _is_positive(form.base)
    if form.is_Mul:
        return all(map(_is_positive, form.args))
    return form.is_Add and all(map(_is_nonnegative, form.args)) and any(map(_is_positive, form.args))


def _is_nonnegative(form: Expr) -> bool:
    even = form.is_Pow and form.exp.is_Integer and form.exp % 2 == 0
    return bool(even or (form.is_Mul and all(map(_is_nonnegative, form.args))) or _is_positive(form))


def derivative(value: Any, by: Any) -> Derivative:
    """The partial derivative of a scalar: derivative(f, theta), derivative(f, w[k]), derivative(f, W[i, j])."""
    by = as_node(by, "derivative")
    if isinstance(by, Element) and isinstance(by.args[0], Member):  # p[a][j] is p[a, j]
        by = by.args[0].args[0][(by.args[0].index, *by.indices)]
    if isinstance(by, Element):
        return Derivative(as_node(value, "derivative"), by.args[0], *by.indices)
    if not by.is_scalar:
        raise NotationError(f"derivative is by a scalar or an entry; write gradient(..., {by})")
    return Derivative(as_node(value, "derivative"), by)


def gradient(value: Any, by: Any) -> Derivative:
    """The gradient of a scalar by a vector or matrix, of the same shape: gradient(norm2(W), W)."""
    by = as_node(by, "gradient")
    if by.is_scalar:
        raise NotationError(f"gradient is by a vector or matrix; write derivative(..., {by})")
    if isinstance(by, Member):
        raise NotationError(f"the gradient by {by} is written entry by entry: derivative(..., {by.args[0].name}[i, j])")
    return Derivative(as_node(value, "gradient"), by)


def remainder(of: Function, order: int, point: Any, increment: Any) -> Remainder:
    """ρ_order[A; u, Δ] = A(u + Δ) less its Taylor polynomial of degree order − 1 in Δ at u."""
    if not isinstance(of, Function):
        raise NotationError(f"remainder is of a function declared with function(name), not of {of!r}")
    if not isinstance(order, int) or isinstance(order, bool) or not 1 <= order <= 10:
        raise NotationError(f"remainder: the order is a whole number from 1 to 10, not {order!r}")
    return Remainder(of, Number(order), as_node(point, "remainder"), as_node(increment, "remainder"))


def absolute(value: Any) -> AbsoluteValue:
    """|a|, entry by entry."""
    return AbsoluteValue(as_node(value, "absolute"))


def sgn(value: Any) -> Signum:
    """The sign, entry by entry; sgn(0) = 0."""
    return Signum(as_node(value, "sgn"))


def norm1(value: Any) -> NormOne:
    """‖a‖₁, the sum of the absolute values of all entries, of a matrix too (not its operator norm)."""
    return NormOne(as_node(value, "norm1"))


def sqrt(value: Any) -> Root:
    """The square root of a scalar that is not negative."""
    return Root(as_node(value, "sqrt"))


def diag(value: Any) -> Node:
    """The square matrix with a column on its diagonal."""
    return Diagonal(as_node(value, "diag"))
