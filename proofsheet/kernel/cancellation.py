"""The reason `cancel`: two lines are equal if they are equal after multiplication by invertible matrices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sympy import Basic

from proofsheet.errors import NotationError
from proofsheet.kernel.normal_form import KernelError
from proofsheet.notation.matrices import Inverse, inverse
from proofsheet.notation.scope import free_indices
from proofsheet.notation.tree import MatrixProduct, Node


@dataclass(frozen=True)
class Cancellation:
    """old = new follows from G · old · H = G · new · H. That G and H are invertible becomes a side condition."""

    left: Node | None = None
    right: Node | None = None

    @property
    def inverses(self) -> tuple[Inverse, ...]:
        """G⁻¹ and H⁻¹, by which the equation is multiplied back."""
        return tuple(Inverse(matrix) for matrix in (self.left, self.right) if matrix is not None)

    def applied(self, line: Node) -> Node:
        """G · line · H. Raises KernelError where the shapes do not fit."""
        rows, columns = line.shape
        if self.left is not None and self.left.shape != (rows, rows):
            raise KernelError(
                f"{self.left} cannot be multiplied by from the left: it is {_times(self.left)} and the line is "
                f"{_times(line)}; from the right it is cancel(right=...)"
            )
        if self.right is not None and self.right.shape != (columns, columns):
            raise KernelError(
                f"{self.right} cannot be multiplied by from the right: it is {_times(self.right)} and the line is "
                f"{_times(line)}"
            )
        return MatrixProduct(*self._parts(line))

    def xreplace(self, mapping: Mapping[Basic, Basic]) -> Cancellation:
        """The same with parameters or functions replaced."""
        sides = (None if side is None else side.xreplace(mapping) for side in (self.left, self.right))
        return Cancellation(*sides)

    def _parts(self, line: Node) -> Iterator[Node]:
        if self.left is not None:
            yield self.left
        yield line
        if self.right is not None:
            yield self.right


def cancel(left: Any = None, right: Any = None) -> Cancellation:
    """The reason: multiplied by `left` from the left and by `right` from the right, the two lines are equal.

    cancel(G), cancel(right=H), cancel(G, H). The side condition is that G and H are invertible.
    Raises NotationError and ShapeError for what has no inverse in the notation.
    """
    if left is None and right is None:
        raise NotationError("cancel takes the matrix that both lines are multiplied by: cancel(G), or cancel(right=H)")
    matrices = [None if side is None else inverse(side).args[0] for side in (left, right)]
    for matrix in matrices:
        if matrix is not None and free_indices(matrix):
            raise NotationError(f"cancel: {matrix} carries an index; cancel a whole matrix")
    return Cancellation(*matrices)


def multiplied(line: Node, reasons: tuple[Any, ...]) -> Node:
    """The line, multiplied as the cancellations among the reasons say. Raises KernelError where the shapes do not fit."""
    return reduce(lambda one, reason: reason.applied(one) if isinstance(reason, Cancellation) else one, reasons, line)


def _times(node: Node) -> str:
    return " × ".join(map(str, node.shape))


__all__ = ["Cancellation", "cancel"]
