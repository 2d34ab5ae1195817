"""How tightly constructs hold together, and where a row of factors needs a sign or brackets to be read from the left."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from proofsheet.notation.boxes import (
    Beside,
    BigSum,
    Box,
    ConstantMatrix,
    Differentiated,
    Figure,
    Fraction,
    GradientOf,
    MatrixFactors,
    opening,
)
from proofsheet.notation.tree import ONE, MatrixProduct, Node, Product


class Binding(IntEnum):
    """How tightly a construct holds together."""

    SUM = 1
    SIGN = 2
    BIG_SUM = 3  # Σ reaches as far right as it can
    PRODUCT = 4
    FRACTION = 5  # v/n: a factor of a product only in brackets
    POSTFIX = 6
    ATOM = 7


def in_row(box: Box) -> Binding:
    """How tightly a row of factors holds together that ends with this box."""
    match box:
        case BigSum() | GradientOf() | Differentiated(form="operator"):
            return Binding.BIG_SUM
        case Beside(factors=(*_, last)) | MatrixFactors(factors=(*_, last)):
            return in_row(last)
        case Fraction(stacked=False) | Differentiated(form="flat"):
            return Binding.FRACTION
    return Binding.PRODUCT


def starts_with_figure(box: Box) -> bool:
    """Whether it would run together with a number before it."""
    first = opening(box)
    return isinstance(first, Figure) or (isinstance(first, ConstantMatrix) and first.entry != "I")


def misfits(factors: Sequence[Node], place: int) -> bool:
    """Whether a factor is itself a row that cannot be multiplied from the left by what stands before it: wᵀx behind V."""
    arrays = [factor for factor in factors[:place] if not factor.is_scalar]
    first = _first_array(factors[place]) if isinstance(factors[place], (Product, MatrixProduct)) else None
    if not arrays or first is None:
        return False
    rows, columns = arrays[0].shape[0], arrays[-1].shape[1]
    return first.shape[0] != columns and not rows == columns == ONE


def _first_array(node: Node) -> Node | None:
    if isinstance(node, (Product, MatrixProduct)):
        return next((found for found in map(_first_array, node.args) if found is not None), None)
    return None if node.is_scalar else node
