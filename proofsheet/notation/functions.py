"""Functions of real variables and what is made of them: derivatives, gradients, Taylor remainders, |a|, sgn, √.

A `Function` is a name with the shapes of its arguments: opaque, or with a closed form in SymPy. Everything else here is
a node. What a derivative comes to is the business of the kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Basic, Expr, Integer, Symbol, Tuple
from sympy.core.symbol import Str

from proofsheet.errors import NotationError, ShapeError
from proofsheet.notation.indices import Index
from proofsheet.notation.sealed import Sealed
from proofsheet.notation.tree import ONE, SCALAR, Node, Number, Shape, as_node, describe_shape
from proofsheet.notation.variables import Constant

ARGUMENT = Symbol("_t", real=True)  # the variable of every closed form


class Function(Sealed):
    """A real-valued function, as often differentiable as it is differentiated; of scalars, vectors or matrices."""

    __slots__ = ()

    def __new__(cls, name: Any, shapes: Any, meaning: Any = None) -> Function:
        text = name if isinstance(name, Str) else Str(name)
        return Basic.__new__(
            cls, text, Tuple(*(Tuple(*shape) for shape in shapes)), Tuple() if meaning is None else meaning
        )

    @property
    def name(self) -> str:
        return self.args[0].name

    @property
    def shapes(self) -> tuple[Shape, ...]:
        return tuple((shape.args[0], shape.args[1]) for shape in self.args[1].args)

    @property
    def closed_form(self) -> Expr | None:
        """A SymPy expression in `ARGUMENT`; None for an opaque function."""
        return None if isinstance(self.args[2], Tuple) else self.args[2]

    @property
    def is_entrywise(self) -> bool:
        """Whether it takes one scalar, so that it applies to vectors entry by entry."""
        return self.shapes == (SCALAR,)

    @property
    def prime(self) -> Differentiated:
        """The derivative of a function of one scalar: A.prime(t) is A′(t), A.prime.prime(t) is A″(t)."""
        return Differentiated(self, ()).prime

    def partial(self, position: int) -> Differentiated:
        """The derivative by argument `position` (from 1): a partial derivative, or a gradient of the argument's shape."""
        return Differentiated(self, ()).partial(position)

    @property
    def gradient(self) -> Differentiated:
        """The gradient of a function of one vector or matrix."""
        return self.partial(1)

    def __call__(self, *values: Any) -> Node:
        return Differentiated(self, ())(*values)

    def __str__(self) -> str:
        return self.name

    __repr__ = __str__


@dataclass(frozen=True)
class Differentiated:
    """A derivative of a function, not yet applied; `orders` are the positions (from 0) differentiated by."""

    function: Function
    orders: tuple[int, ...]

    @property
    def prime(self) -> Differentiated:
        if not self.function.is_entrywise:
            raise NotationError(f"{self.function} is no function of one scalar; write {self.function}.partial(1)")
        return Differentiated(self.function, (*self.orders, 0))

    def partial(self, position: int) -> Differentiated:
        count = len(self.function.shapes)
        if not isinstance(position, int) or isinstance(position, bool) or not 1 <= position <= count:
            raise NotationError(f"{self.function} has arguments 1 to {count}, not {position!r}")
        return Differentiated(self.function, tuple(sorted((*self.orders, position - 1))))

    def __call__(self, *values: Any) -> Node:
        arguments = [as_node(value, self.function.name) for value in values]
        return Applied(self.function, Tuple(*map(Integer, self.orders)), *arguments)


class Applied(Node):
    """A function, or one of its derivatives, at its arguments; entry by entry where it takes one scalar."""

    __slots__ = ()

    def __new__(cls, function: Function, orders: Tuple, *arguments: Node) -> Applied:
        shapes = function.shapes
        if len(arguments) != len(shapes):
            raise NotationError(f"{function} takes {len(shapes)} arguments, not {len(arguments)}")
        for argument, shape in zip(arguments, shapes, strict=True):
            if not function.is_entrywise and argument.shape != shape:
                expected = f"{shape[0]} × {shape[1]}"
                raise ShapeError(f"{function} takes an argument of shape {expected}, not {describe_shape(argument)}")
        if len(orders) > 1 and any(shapes[int(order)] != SCALAR for order in orders):
            raise NotationError(f"second derivatives of {function} by a vector are not in the notation")
        return Basic.__new__(cls, function, orders, *arguments)

    @property
    def function(self) -> Function:
        return self.args[0]

    @property
    def orders(self) -> tuple[int, ...]:
        """The positions (from 0) of the arguments that were differentiated by, in ascending order."""
        return tuple(int(order) for order in self.args[1])

    @property
    def arguments(self) -> tuple[Node, ...]:
        return self.args[2:]

    @property
    def shape(self) -> Shape:
        if self.function.is_entrywise:
            return self.arguments[0].shape
        return self.function.shapes[self.orders[0]] if len(self.orders) == 1 else SCALAR


class Remainder(Node):
    """ρ_k[A; u, Δ] := A(u + Δ) − Σ_{j<k} A⁽ʲ⁾(u) Δʲ/j!, unfolded by the reason taylor(A, k − 1).

    For A with k continuous derivatives it is A⁽ᵏ⁾(ζ) Δᵏ/k! with ζ between u and u + Δ (Lagrange).
    """

    __slots__ = ()

    def __new__(cls, function: Function, order: Number, point: Node, increment: Node) -> Remainder:
        if not function.is_entrywise:
            raise NotationError(f"a Taylor remainder is of a function of one scalar; {function} is not one")
        if not isinstance(order, Number) or not order.value.is_Integer or order.value < 1:
            raise NotationError(f"the order of a Taylor remainder is a positive whole number, not {order}")
        for part in (point, increment):
            if not part.is_scalar:
                raise ShapeError(f"a Taylor remainder is at scalars, not at {describe_shape(part)}")
        return Basic.__new__(cls, function, order, point, increment)

    @property
    def function(self) -> Function:
        return self.args[0]

    @property
    def order(self) -> int:
        """The first power of the increment that the polynomial lacks."""
        return int(self.args[1].value)

    @property
    def point(self) -> Node:
        return self.args[2]

    @property
    def increment(self) -> Node:
        return self.args[3]


class Derivative(Node):
    """∂a/∂v of a scalar a by a scalar v or an entry of v; without indices for a vector or matrix v the gradient ∇_v a.

    What does not depend on v by the notation is held fixed; a defined symbol that does depend on v is not.
    """

    __slots__ = ()

    def __new__(cls, body: Node, variable: Node, *indices: Any) -> Derivative:
        if not body.is_scalar:
            raise ShapeError(
                f"only scalars are differentiated; {describe_shape(body)} is not one, write an entry of it"
            )
        if not isinstance(variable, Constant):
            raise NotationError(f"derivatives are by declared scalars, vectors or matrices, not by {variable}")
        if variable.is_symmetric:
            raise NotationError(
                f"{variable} is symmetric: its entries do not vary freely, so that ∂/∂{variable} is ambiguous"
            )
        if indices:
            variable[indices if len(indices) > 1 else indices[0]]  # raises where they do not fit
        return Basic.__new__(cls, body, variable, *indices)

    @property
    def body(self) -> Node:
        return self.args[0]

    @property
    def variable(self) -> Constant:
        return self.args[1]

    @property
    def indices(self) -> tuple[Index, ...]:
        return self.args[2:]

    @property
    def shape(self) -> Shape:
        return SCALAR if self.indices else self.variable.shape


class _Entrywise(Node):
    __slots__ = ()

    def __new__(cls, inner: Node) -> Any:
        return Basic.__new__(cls, inner)

    @property
    def shape(self) -> Shape:
        return self.args[0].shape


class AbsoluteValue(_Entrywise):
    """|a|, entry by entry."""

    __slots__ = ()


class Signum(_Entrywise):
    """sgn(a), entry by entry; sgn(0) = 0."""

    __slots__ = ()


class NormOne(Node):
    """‖a‖₁: the sum of the absolute values of all entries."""

    __slots__ = ()

    def __new__(cls, inner: Node) -> NormOne:
        return Basic.__new__(cls, inner)


class Root(Node):
    """√a of a non-negative scalar."""

    __slots__ = ()

    def __new__(cls, inner: Node) -> Root:
        if not inner.is_scalar:
            raise ShapeError(f"a square root is of a scalar, not of {describe_shape(inner)}")
        return Basic.__new__(cls, inner)


class Diagonal(Node):
    """diag(v): the square matrix with v on its diagonal."""

    __slots__ = ()

    def __new__(cls, inner: Node) -> Diagonal:
        if inner.shape[1] != ONE:
            raise ShapeError(f"diag is of a column, not of {describe_shape(inner)}")
        return Basic.__new__(cls, inner)

    @property
    def shape(self) -> Shape:
        return self.args[0].shape[0], self.args[0].shape[0]
