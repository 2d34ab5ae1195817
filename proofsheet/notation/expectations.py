"""E, Var and Cov: the operators that bind the random variables in them."""

from __future__ import annotations

from sympy import Basic

from proofsheet.errors import ShapeError
from proofsheet.notation.tree import ONE, Node, Shape, describe_shape


class Expectation(Node):
    """E[a], entry by entry; binds every random variable in a."""

    __slots__ = ()

    def __new__(cls, inner: Node) -> Expectation:
        return Basic.__new__(cls, inner)

    @property
    def shape(self) -> Shape:
        return self.args[0].shape


class Variance(Node):
    """Var[a] := E[(a − E[a])²] of a scalar."""

    __slots__ = ()

    def __new__(cls, inner: Node) -> Variance:
        if not inner.is_scalar:
            raise ShapeError(
                f"Var is of a scalar, not of {describe_shape(inner)}; write Cov(a) for a covariance matrix"
            )
        return Basic.__new__(cls, inner)


class Covariance(Node):
    """Cov[a, b] := E[(a − E[a])(b − E[b])ᵀ] of scalars or columns."""

    __slots__ = ()

    def __new__(cls, left: Node, right: Node) -> Covariance:
        for side in (left, right):
            if side.shape[1] != ONE:
                raise ShapeError(f"Cov is of scalars or columns, not of {describe_shape(side)}")
        return Basic.__new__(cls, left, right)

    @property
    def shape(self) -> Shape:
        return self.args[0].shape[0], self.args[1].shape[0]
