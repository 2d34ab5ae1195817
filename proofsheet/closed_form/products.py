"""Pieces of a product put together: scalars, then the one vector or matrix that their slots make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple

from sympy import Basic

from proofsheet.closed_form.coefficients import multiplied, to_power
from proofsheet.kernel.lowering import COLUMN, ROW
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.functions import Applied, Diagonal
from proofsheet.notation.text import set_line
from proofsheet.notation.tree import ONE, Element, Hadamard, IndexedSum, MatrixProduct, Node, Product, Shape, Transpose
from proofsheet.notation.variables import Defined, Filled, Identity, Variable


class Part(NamedTuple):
    """A scalar, or a column or matrix whose entries are selected by `slots`: ROW, COLUMN or both (a column by either)."""

    node: Node
    slots: frozenset[str] = frozenset()


class Body(NamedTuple):
    """Scalar factors, and what is left of the product: one column or matrix, or nothing."""

    scalars: tuple[Node, ...]
    large: Node | None
    slots: frozenset[str]

    @property
    def part(self) -> Part:
        return Part(multiplied([*self.scalars, *([] if self.large is None else [self.large])]), self.slots)

    def factors(self, shape: Shape) -> list[Node]:
        """The factors of a line of this shape; a slot that nothing selects is filled with ones."""
        rows, columns = shape
        if rows == ONE and columns == ONE:
            return list(self.scalars)
        if self.large is None:
            return [*self.scalars, Filled(ONE, rows, columns)]
        if columns == ONE or len(self.slots) == 2:
            return [*self.scalars, self.large]
        if rows == ONE:
            return [*self.scalars, transposed(self.large)]
        left, right = (
            (self.large, Filled(ONE, columns, ONE)) if ROW in self.slots else (Filled(ONE, rows, ONE), self.large)
        )
        return [*self.scalars, MatrixProduct(left, transposed(right))]


def put_together(parts: Iterable[Part]) -> Body:
    """The product of the parts: equal scalars as powers, vectors of one slot entry by entry, a row beside a column.

    Beside the identity matrix vectors are the entries of a diagonal one.
    """
    found = list(parts)
    scalars = [
        inner
        for part in found
        for inner in (part.node.args if isinstance(part.node, Product) else (part.node,))
        if inner.is_scalar
    ]
    powers = [to_power(node, times) for node, times in Counter(sorted(scalars, key=_place)).items()]
    by_slots = {
        slots: sorted((_large(part.node) for part in found if part.slots == slots), key=_entrywise_place)
        for slots in _SLOTS
    }
    columns, rows, matrices = ([reduce(Hadamard, nodes)] if nodes else [] for nodes in by_slots.values())
    if any(isinstance(part.node, Identity) for part in found) and (columns or rows):
        others = [part.node for part in found if len(part.slots) == 2 and not isinstance(part.node, Identity)]
        columns, rows, matrices = [], [], [*map(_large, others), Diagonal(reduce(Hadamard, [*columns, *rows]))]
    elif columns and rows:
        matrices = [*matrices, MatrixProduct(columns[0], transposed(rows[0]))]
    elif matrices and (columns or rows):
        size = matrices[0].shape[1] if columns else matrices[0].shape[0]
        other = Filled(ONE, size, ONE)
        matrices.append(MatrixProduct(columns[0], other.T) if columns else MatrixProduct(other, transposed(rows[0])))
    large = reduce(Hadamard, matrices) if matrices else columns[0] if columns else rows[0] if rows else None
    slots = frozenset().union(*(part.slots for part in found))
    return Body(tuple(powers), large, slots)


_SLOTS = (frozenset((ROW,)), frozenset((COLUMN,)), frozenset((ROW, COLUMN)))


def _large(node: Node) -> Node:
    if isinstance(node, Product):
        return multiplied([factor for factor in node.args if not factor.is_scalar])
    return node


def transposed(node: Node) -> Node:
    """The transpose, of a product factor by factor."""
    if isinstance(node, Transpose):
        return node.args[0]
    if isinstance(node, MatrixProduct):
        return MatrixProduct(*map(transposed, reversed(node.args)))
    return node if getattr(node, "is_symmetric", False) else Transpose(node)


def _entrywise_place(node: Node) -> int:
    """The order in entrywise products: functions last, as in (Wᵀ∇C(ŷ)) ∘ σ′(z)."""
    return 1 + node.function.is_entrywise if isinstance(node, Applied) else 0


def _place(node: Node) -> tuple[int, bool, str]:
    """The order of scalar factors: y before xᵀw before E[y], and sums, which reach far to the right, last.

    Among entries those of the vectors of a family, data as a rule, come first: xᵢⱼ² βⱼ².
    """
    if _holds(node, IndexedSum):
        rank = 3
    elif _holds(node, Expectation, Variance, Covariance):
        rank = 2
    else:
        rank = int(not isinstance(node, (Variable, Element)))
    return rank, not (isinstance(node, Element) and node.args[0].is_family), set_line(node, "ascii")


def _holds(node: Basic, *kinds: type[Node]) -> bool:
    """Whether a part of some kind is to be seen in print: not in the right side of a definition."""
    if isinstance(node, Defined):
        return False
    return isinstance(node, kinds) or any(_holds(part, *kinds) for part in node.args)
