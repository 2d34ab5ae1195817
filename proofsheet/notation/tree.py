"""Lines as an author writes them: immutable SymPy trees that never evaluate themselves.

Every node is a `sympy.Basic`, so that `atoms`, `has`, `xreplace`, `srepr`, hashing and pickling come for free, and a
SymPy user can walk a line with the tools they know. No node rewrites its operands: order, grouping and signs stay as
written. What a line *means* is the business of the kernel, and independently of the exact models.

A shape is a pair (rows, columns) of dimension nodes; scalars are 1 × 1, vectors are columns.
"""

from __future__ import annotations

import numbers
from fractions import Fraction
from importlib import import_module
from itertools import pairwise
from typing import Any, ClassVar

from sympy import Basic, Expr, Float, Integer, Rational, Symbol
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase
from sympy.printing.pretty.stringpict import prettyForm

from proofsheet.errors import NotationError, ShapeError
from proofsheet.notation.indices import Distinct, Index
from proofsheet.notation.sealed import Sealed

Shape = tuple["Node", "Node"]


class Node(Sealed):
    """A part of a line. Operators build larger nodes and check shapes; nothing is simplified."""

    __slots__ = ()
    __array_ufunc__ = None  # NumPy arrays hand the operation back, and are then refused by `lift`
    __iter__ = None  # else Python would try w[0], w[1], ... for ever
    _format: ClassVar[Any] = None  # set once by proofsheet.notation.words
    _shown: ClassVar[Any] = None  # likewise: what a notebook shows

    @property
    def shape(self) -> Shape:
        return SCALAR

    @property
    def is_scalar(self) -> bool:
        return self.shape == SCALAR

    @property
    def is_family(self) -> bool:
        """Whether its rows are vectors x_1, x_2, ... of which x[i] is one."""
        return False

    def __add__(self, other: Any) -> Node:
        return _binary(Plus, self, other)

    def __radd__(self, other: Any) -> Node:
        if isinstance(other, int) and not isinstance(other, bool) and other == 0:
            return self  # the start value of Python's own sum()
        return _binary(Plus, other, self)

    def __sub__(self, other: Any) -> Node:
        other = lift(other)
        return NotImplemented if other is None else Plus(self, Minus(other))

    def __rsub__(self, other: Any) -> Node:
        return _binary(Plus, other, Minus(self))

    def __neg__(self) -> Node:
        return Minus(self)

    def __pos__(self) -> Node:
        return self

    def __mul__(self, other: Any) -> Node:
        return _binary(Product, self, other)

    def __rmul__(self, other: Any) -> Node:
        return _binary(Product, other, self)

    def __matmul__(self, other: Any) -> Node:
        return _binary(MatrixProduct, self, other)

    def __rmatmul__(self, other: Any) -> Node:
        return _binary(MatrixProduct, other, self)

    def __truediv__(self, other: Any) -> Node:
        return _binary(Quotient, self, other)

    def __rtruediv__(self, other: Any) -> Node:
        return _binary(Quotient, other, self)

    def __pow__(self, exponent: Any) -> Node:
        exponent = lift(exponent)
        if exponent is None:
            return NotImplemented
        if not isinstance(exponent, Number) or not exponent.value.is_Integer:
            raise NotationError(
                f"{self} can be raised to whole numbers only, not to {exponent}; write power({self}, k)"
            )
        if exponent.value < 0:  # quotients have one form
            return Quotient(Number(1), self if exponent.value == -1 else self ** int(-exponent.value))
        return Power(self, exponent)

    def __getitem__(self, indices: Any) -> Node:
        chosen = indices if isinstance(indices, tuple) else (indices,)
        return Member(self, *chosen) if len(chosen) == 1 and self.is_family else Element(self, *chosen)

    @property
    def T(self) -> Node:
        """The transpose."""
        return Transpose(self)

    def as_sympy(self, /, **numbers: int) -> Any:
        """The line in explicit components as plain SymPy: line.as_sympy(m=2, q=3), w[i].as_sympy(m=2, i=1).

        `numbers` are the dimensions and the values (from 1) of free indices, by name; names that do not occur are passed
        over. A scalar is a sympy.Expr, anything else a sympy.Matrix. Components are real symbols w_1, W_12; definitions,
        Var, Cov and Taylor remainders are unfolded; functions without a closed form are sympy.Function("A"), at expanded
        arguments; E[...] of a product prints like that, and its random symbols are bound. Raises NotationError.
        """
        return import_module("proofsheet.explicit.lines").as_sympy(self, numbers)  # loaded where it is asked for

    def __bool__(self) -> bool:
        raise NotationError(
            f"{self} has no truth value; an equation is stated with equation(left, right) or moment(E(...), value)"
        )

    def __str__(self) -> str:
        return type(self)._format(self, "unicode")

    def __repr__(self) -> str:
        return type(self)._format(self, "unicode")

    def _sympystr(self, printer: Any) -> str:
        return type(self)._format(self, "ascii")

    def _latex(self, printer: Any, **options: Any) -> str:
        return type(self)._format(self, "latex")

    def _pretty(self, printer: Any) -> Any:
        return prettyForm(type(self)._format(self, "unicode"))

    def _repr_latex_(self) -> str:
        return type(self)._shown(self, "latex")

    def _repr_markdown_(self) -> str:
        return type(self)._shown(self, "markdown")

    def _repr_html_(self) -> str:
        return type(self)._shown(self, "html")


def lift(value: Any) -> Node | None:
    """`value` as a node: numbers and rational functions of real symbols are coefficients; None if it is a stranger.

    Raises NotationError for what looks like a coefficient but is not exact or not rational.
    """
    if isinstance(value, Node):
        return value
    if isinstance(value, numbers.Rational) and not isinstance(value, bool):
        return Number(Rational(int(value.numerator), int(value.denominator)))
    if isinstance(value, Expr) and not isinstance(value, (MatrixExpr, MatrixBase)):
        return _lift_expression(value)
    if isinstance(value, bool):
        raise NotationError(
            f"{value!r} is not a line; == compares at once: write equation(left, right), or moment(E(y), 0) for an assumption"
        )
    if isinstance(value, numbers.Number):
        raise NotationError(_exactly(value))
    if isinstance(value, (MatrixBase, MatrixExpr)):
        raise NotationError(
            f"{value!r} is a SymPy matrix; declare it with matrix(name, rows, columns) or vector(name, rows)"
        )
    if isinstance(value, Basic):
        raise NotationError(f"{value!r} is not a coefficient; lines hold rational functions of declared parameters")
    return None


def _exactly(value: Any) -> str:
    """The complaint about a float, with the fraction that was meant."""
    try:
        meant = Fraction(float(value)).limit_denominator(1000)
        return (
            f"{value!r} is not an exact number; write Fraction({meant.numerator}, {meant.denominator}) from fractions"
        )
    except (TypeError, ValueError, OverflowError):
        return f"{value!r} is not an exact number; write a whole number or a Fraction from fractions"


def _lift_expression(value: Expr) -> Node:
    if value.is_Rational:
        return Number(value)
    if value.has(Float):
        raise NotationError(_exactly(value))
    symbols = value.free_symbols
    if not symbols or not value.is_rational_function(*symbols) or not _rational_numbers_only(value):
        raise NotationError(
            f"{value} is not a rational function with rational coefficients; declare a parameter for it"
        )
    for symbol in symbols:
        if not symbol.is_real:
            raise NotationError(f"the symbol {symbol} is not declared real; write parameter({symbol.name!r}) for it")
    return Coefficient(value)


def _rational_numbers_only(value: Expr) -> bool:
    return all(leaf.is_Rational or leaf.is_Symbol for leaf in value.atoms())


def as_node(value: Any, where: str) -> Node:
    """`value` as a node, or an error that names the operator it was given to."""
    node = lift(value)
    if node is None:
        raise NotationError(f"{where} does not take {value!r}")
    return node


def describe_shape(node: Node) -> str:
    rows, columns = node.shape
    return f"{node} ({rows} × {columns})"


def _binary(kind: type[Node], left: Any, right: Any) -> Any:
    left, right = lift(left), lift(right)
    if left is None or right is None:
        return NotImplemented
    return kind(left, right)


# ---- scalars that are not random ------------------------------------------------------------------------------


class Number(Node):
    """A rational number."""

    __slots__ = ()

    def __new__(cls, value: Any) -> Number:
        return Basic.__new__(cls, Rational(value))

    @property
    def value(self) -> Rational:
        return self.args[0]


ONE = Number(1)
SCALAR: Shape = (ONE, ONE)


class Coefficient(Node):
    """A rational function, with rational coefficients, of the symbols of parameters and dimensions."""

    __slots__ = ()

    def __new__(cls, expression: Expr) -> Node:
        if expression.is_Rational:
            return Number(expression)
        return Basic.__new__(cls, expression)

    @property
    def expression(self) -> Expr:
        return self.args[0]


class Dimension(Node):
    """A positive whole number, the size of vectors; carries its SymPy symbol."""

    __slots__ = ()

    def __new__(cls, symbol: Any) -> Node:
        if isinstance(symbol, Integer) and symbol > 0:  # line.xreplace({m.symbol: Integer(3)}) reaches shapes too
            return Number(symbol)
        if not isinstance(symbol, Symbol):
            raise NotationError(f"a dimension is a symbol or a positive whole number, not {symbol}")
        return Basic.__new__(cls, symbol)

    @property
    def symbol(self) -> Symbol:
        return self.args[0]

    @property
    def name(self) -> str:
        return self.symbol.name


class Parameter(Node):
    """A real number, universally quantified over its domain: real, nonnegative, positive or unit (the open (0, 1))."""

    __slots__ = ()

    def __new__(cls, symbol: Any, domain: Any = "real") -> Node:
        if not isinstance(symbol, Symbol):
            return _lift_expression(symbol)
        return Basic.__new__(cls, symbol, domain if isinstance(domain, Str) else Str(domain))

    @property
    def symbol(self) -> Symbol:
        return self.args[0]

    @property
    def name(self) -> str:
        return self.symbol.name

    @property
    def domain(self) -> str:
        return self.args[1].name


# ---- operations -----------------------------------------------------------------------------------------------


class Plus(Node):
    """A sum of terms in the author's order; a subtracted term is a `Minus`."""

    __slots__ = ()

    def __new__(cls, *terms: Node) -> Node:
        first = terms[0]
        for term in terms[1:]:
            if term.shape != first.shape:
                raise ShapeError(f"cannot add {describe_shape(first)} and {describe_shape(term)}")
        if isinstance(first, Plus):  # a + b + c is one sum; group() keeps inner brackets
            terms = (*first.args, *terms[1:])
        return Basic.__new__(cls, *terms)

    @property
    def shape(self) -> Shape:
        return self.args[0].shape


class Minus(Node):
    """A term with its sign turned."""

    __slots__ = ()

    def __new__(cls, term: Node) -> Minus:
        return Basic.__new__(cls, term)

    @property
    def shape(self) -> Shape:
        return self.args[0].shape


class Product(Node):
    """Scalars times at most one vector or matrix, in the author's order."""

    __slots__ = ()

    def __new__(cls, *factors: Node) -> Node:
        first = factors[0]
        if isinstance(first, Product):
            factors = (*first.args, *factors[1:])
        large = [factor for factor in factors if not factor.is_scalar]
        if len(large) > 1:
            raise ShapeError(
                f"cannot multiply {describe_shape(large[0])} by {describe_shape(large[1])} with *; "
                "write @ for the matrix product or hadamard(a, b) for the entrywise one"
            )
        return Basic.__new__(cls, *factors)

    @property
    def shape(self) -> Shape:
        return next((factor.shape for factor in self.args if not factor.is_scalar), SCALAR)


class MatrixProduct(Node):
    """A product of matrices and vectors, in order."""

    __slots__ = ()

    def __new__(cls, *factors: Node) -> Node:
        if isinstance(factors[0], MatrixProduct):
            factors = (*factors[0].args, *factors[1:])
        for left, right in pairwise(factors):
            if left.shape[1] != right.shape[0]:
                raise ShapeError(
                    f"cannot multiply {describe_shape(left)} by {describe_shape(right)} with @: "
                    f"{left.shape[1]} columns meet {right.shape[0]} rows"
                )
        return Basic.__new__(cls, *factors)

    @property
    def shape(self) -> Shape:
        return self.args[0].shape[0], self.args[-1].shape[1]


class Quotient(Node):
    """Numerator over a scalar; the kernel records that the denominator must not vanish."""

    __slots__ = ()

    def __new__(cls, numerator: Node, denominator: Node) -> Quotient:
        if not denominator.is_scalar:
            raise ShapeError(f"cannot divide {describe_shape(numerator)} by {describe_shape(denominator)}")
        return Basic.__new__(cls, numerator, denominator)

    @property
    def shape(self) -> Shape:
        return self.args[0].shape


class Power(Node):
    """A scalar to a whole power."""

    __slots__ = ()

    def __new__(cls, base: Node, exponent: Node) -> Power:
        if not base.is_scalar:
            raise ShapeError(f"cannot raise {describe_shape(base)} to a power; write norm2(v) or v.T @ v")
        if not isinstance(exponent, Number) or not exponent.value.is_Integer or exponent.value < 0:
            raise NotationError(f"{base} can be raised to whole numbers only, not to {exponent}")
        return Basic.__new__(cls, base, exponent)

    @property
    def exponent(self) -> int:
        return int(self.args[1].value)


class Group(Node):
    """Brackets that the author wants to see; no meaning of their own."""

    __slots__ = ()

    def __new__(cls, inner: Node) -> Group:
        return Basic.__new__(cls, inner)

    @property
    def shape(self) -> Shape:
        return self.args[0].shape


class Transpose(Node):
    """aᵀ."""

    __slots__ = ()

    def __new__(cls, inner: Node) -> Transpose:
        return Basic.__new__(cls, inner)

    @property
    def shape(self) -> Shape:
        rows, columns = self.args[0].shape
        return columns, rows


class Hadamard(Node):
    """The entrywise product a ∘ b."""

    __slots__ = ()

    def __new__(cls, left: Node, right: Node) -> Hadamard:
        if left.shape != right.shape:
            raise ShapeError(f"cannot take the entrywise product of {describe_shape(left)} and {describe_shape(right)}")
        return Basic.__new__(cls, left, right)

    @property
    def shape(self) -> Shape:
        return self.args[0].shape


class Trace(Node):
    """The trace of a square matrix."""

    __slots__ = ()

    def __new__(cls, inner: Node) -> Trace:
        if inner.shape[0] != inner.shape[1]:
            raise ShapeError(f"only a square matrix has a trace, not {describe_shape(inner)}")
        return Basic.__new__(cls, inner)


class SquaredNorm(Node):
    """‖a‖²: the sum of the squared entries (for a matrix, of Frobenius)."""

    __slots__ = ()

    def __new__(cls, inner: Node) -> SquaredNorm:
        return Basic.__new__(cls, inner)


class Element(Node):
    """One entry: w_i of a vector, W_ij of a matrix."""

    __slots__ = ()

    def __new__(cls, inner: Node, *indices: Any) -> Element:
        sizes = [size for size in inner.shape if size != ONE]
        for index in indices:
            if not isinstance(index, Index):
                raise NotationError(f"{inner}[{index!r}]: declare the index first, i = index('i', n)")
        if len(indices) != len(sizes):
            raise ShapeError(f"{describe_shape(inner)} takes {len(sizes)} indices, not {len(indices)}")
        for index, size in zip(indices, sizes, strict=True):
            if index.dimension != size:
                raise ShapeError(f"{describe_shape(inner)}: the index {index} runs to {index.dimension}, not to {size}")
        return Basic.__new__(cls, inner, *indices)

    @property
    def indices(self) -> tuple[Index, ...]:
        return self.args[1:]


class Member(Node):
    """One vector x_i of a family x_1, x_2, ..., as a column."""

    __slots__ = ()

    def __new__(cls, family: Node, index: Any) -> Member:
        if not isinstance(index, Index):
            raise NotationError(f"{family}[{index!r}]: declare the index first, i = index('i', n)")
        if index.dimension != family.shape[0]:
            raise ShapeError(f"{family}: the index {index} runs to {index.dimension}, not to {family.shape[0]}")
        return Basic.__new__(cls, family, index)

    @property
    def index(self) -> Index:
        return self.args[1]

    @property
    def shape(self) -> Shape:
        return self.args[0].shape[1], ONE


class IndexedSum(Node):
    """Σ over one index, or over two distinct ones (Σ_{i≠j})."""

    __slots__ = ()

    def __new__(cls, binder: Any, body: Node) -> IndexedSum:
        return Basic.__new__(cls, binder, body)

    @property
    def binder(self) -> Index | Distinct:
        return self.args[0]

    @property
    def bound(self) -> tuple[Index, ...]:
        return self.binder.args if isinstance(self.binder, Distinct) else (self.binder,)

    @property
    def body(self) -> Node:
        return self.args[1]

    @property
    def shape(self) -> Shape:
        return self.body.shape


class KroneckerDelta(Node):
    """δ_ij: one if the indices coincide, else zero."""

    __slots__ = ()

    def __new__(cls, first: Index, second: Index) -> KroneckerDelta:
        if first.dimension != second.dimension:
            raise NotationError(
                f"δ of {first} and {second}: {first} runs to {first.dimension}, {second} runs to {second.dimension}"
            )
        return Basic.__new__(cls, first, second)
