"""exp, log, powers with a symbolic whole exponent, maximum and minimum of scalars: nodes and words.

What they come to is the business of the kernel: of parameters and dimensions they are understood, of anything else opaque.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, Poly

from proofsheet.errors import NotationError, ShapeError
from proofsheet.notation.tree import Coefficient, Dimension, Group, Minus, Node, Number, Plus, Product, as_node

LARGEST_EXPONENT = 40


class _OfScalar(Node):
    __slots__ = ()
    _word = ""

    def __new__(cls, inner: Node) -> Any:
        _check_scalar(cls._word, inner)
        return Basic.__new__(cls, inner)


class Exponential(_OfScalar):
    """exp(a) of a scalar."""

    __slots__ = ()
    _word = "exp"


class Logarithm(_OfScalar):
    """log(a) of a positive scalar, to the base e."""

    __slots__ = ()
    _word = "log"


class SymbolicPower(Node):
    """a to a whole power that is linear in dimensions: aᵏ, aᵏ⁺¹; a⁰ = 1."""

    __slots__ = ()

    def __new__(cls, base: Node, exponent: Node) -> SymbolicPower:
        _check_scalar("power", base)
        if not is_whole(exponent):
            raise NotationError(
                f"power({base}, {exponent}): the exponent is a dimension or a sum of whole multiples of dimensions and "
                "whole numbers, such as k + 1; another one is written exp(exponent * log(base))"
            )
        return Basic.__new__(cls, base, exponent)

    @property
    def base(self) -> Node:
        return self.args[0]

    @property
    def exponent(self) -> Node:
        return self.args[1]


class _OfTwoScalars(Node):
    __slots__ = ()
    _word = ""

    def __new__(cls, left: Node, right: Node) -> Any:
        for side in (left, right):
            _check_scalar(cls._word, side)
        return Basic.__new__(cls, left, right)


class Maximum(_OfTwoScalars):
    """max(a, b) = (a + b + |a − b|)/2."""

    __slots__ = ()
    _word = "maximum"


class Minimum(_OfTwoScalars):
    """min(a, b) = (a + b − |a − b|)/2."""

    __slots__ = ()
    _word = "minimum"


def _check_scalar(word: str, node: Node) -> None:
    if not node.is_scalar:
        rows, columns = node.shape
        raise ShapeError(f"{word} is of a scalar, not of {node} ({rows} × {columns}); write an entry of it")


def is_whole(exponent: Node) -> bool:
    """Whether a scalar is, by its form, a sum of whole multiples of dimensions and whole numbers."""
    if isinstance(exponent, Number):
        return bool(exponent.value.is_Integer)
    if isinstance(exponent, Dimension):
        return True
    if isinstance(exponent, (Plus, Minus, Group)):
        return all(map(is_whole, exponent.args))
    if isinstance(exponent, Product):
        numbers = [factor for factor in exponent.args if isinstance(factor, Number)]
        return len(numbers) >= len(exponent.args) - 1 and all(map(is_whole, exponent.args))
    return isinstance(exponent, Coefficient) and _is_whole_expression(exponent.expression)


def _is_whole_expression(value: Expr) -> bool:
    symbols = sorted(value.free_symbols, key=str)
    if not all(symbol.is_integer and symbol.is_positive for symbol in symbols) or not value.is_polynomial(*symbols):
        return False
    polynomial = Poly(value, *symbols)
    return bool(polynomial.total_degree() <= 1 and all(one.is_Integer for one in polynomial.coeffs()))


# ---- words ----------------------------------------------------------------------------------------------------


def exp(value: Any) -> Exponential:
    """The exponential of a scalar."""
    return Exponential(as_node(value, "exp"))


def log(value: Any) -> Logarithm:
    """The natural logarithm of a scalar; that it is positive becomes a side condition, unless its form shows it."""
    return Logarithm(as_node(value, "log"))


def power(base: Any, exponent: Any) -> Node:
    """A scalar to a whole power that holds dimensions: power(u, k), power(u, k + 1), power(u, 2 * k); power(u, 3) is u**3.

    Raises NotationError for an exponent that is no sum of whole multiples of dimensions and whole numbers.
    """
    base, exponent = as_node(base, "power"), as_node(exponent, "power")
    if isinstance(exponent, Number):
        if exponent.value.is_Integer and abs(exponent.value) > LARGEST_EXPONENT:
            raise NotationError(f"power: exponents go up to {LARGEST_EXPONENT}, not to {exponent}")
        return base**exponent
    return SymbolicPower(base, exponent)


def maximum(left: Any, right: Any) -> Maximum:
    """The larger of two scalars."""
    return Maximum(as_node(left, "maximum"), as_node(right, "maximum"))


def minimum(left: Any, right: Any) -> Minimum:
    """The smaller of two scalars."""
    return Minimum(as_node(left, "minimum"), as_node(right, "minimum"))
