"""The inverse of a square matrix that is not random."""

from __future__ import annotations

from typing import Any

from sympy import Basic

from proofsheet.errors import NotationError, ShapeError
from proofsheet.notation.scope import random_variables
from proofsheet.notation.tree import Group, Node, Shape, as_node, describe_shape


class Inverse(Node):
    """M⁻¹; the kernel records that M is invertible."""

    __slots__ = ()

    def __new__(cls, inner: Node) -> Inverse:
        if inner.shape[0] != inner.shape[1]:
            raise ShapeError(f"only a square matrix has an inverse, not {describe_shape(inner)}")
        if random_variables(inner):
            raise NotationError(
                f"inverse({inner}): the matrix is random, and nothing here keeps it invertible for every outcome; "
                "invert an expectation of it, or declare it with matrix(...)"
            )
        return Basic.__new__(cls, inner)

    @property
    def shape(self) -> Shape:
        return self.args[0].shape


def inverse(value: Any) -> Inverse:
    """The inverse of a square matrix that is not random: inverse(X.T @ X + lam * identity(m)).

    Raises ShapeError for what is not square, NotationError for a scalar and for what is random.
    """
    matrix = as_node(value, "inverse")
    while isinstance(matrix, Group):  # the brackets are set anyway
        matrix = matrix.args[0]
    if matrix.is_scalar:
        raise NotationError(f"inverse({matrix}): of a scalar write 1 / ({matrix})")
    return Inverse(matrix)


__all__ = ["Inverse", "inverse"]
