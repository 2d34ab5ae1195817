"""Definiteness of matrices that follows from declarations by form alone. No search."""

from __future__ import annotations

from collections.abc import Iterator

from proofsheet.kernel.domains import Sign, sign
from proofsheet.notation.matrices import Inverse
from proofsheet.notation.tree import Group, MatrixProduct, Node, Plus, Product, Quotient, Transpose
from proofsheet.notation.variables import Defined, Identity, Variable


def is_invertible(matrix: Node) -> bool:
    """Whether the form of a matrix shows that it is positive definite, or the inverse of a matrix."""
    while isinstance(matrix, (Group, Transpose)):
        matrix = matrix.args[0]
    return isinstance(matrix, Inverse) or definiteness(matrix) is Sign.POSITIVE


def definiteness(matrix: Node) -> Sign:
    """What the form of a square matrix says: positive definite, symmetric positive semidefinite, or nothing."""
    if isinstance(matrix, Group):
        return definiteness(matrix.args[0])
    if isinstance(matrix, Identity):
        return Sign.POSITIVE
    if isinstance(matrix, Variable):
        return Sign.NONNEGATIVE if matrix.structure == "psd" else Sign.UNKNOWN
    if isinstance(matrix, Defined):
        return definiteness(matrix.meaning) if matrix.entry is None else Sign.UNKNOWN
    if isinstance(matrix, Inverse):  # of a semidefinite matrix, where it has one, a definite one
        return Sign.POSITIVE if definiteness(matrix.args[0]) is not Sign.UNKNOWN else Sign.UNKNOWN
    if isinstance(matrix, Plus):
        signs = [definiteness(term) for term in matrix.args]
        return Sign.UNKNOWN if Sign.UNKNOWN in signs else max(signs)
    if isinstance(matrix, Quotient):
        return min(definiteness(matrix.args[0]), sign(matrix.args[1]))
    if isinstance(matrix, (Product, MatrixProduct)):
        return _of_product(list(_factors(matrix)))
    return Sign.UNKNOWN


def _factors(matrix: Node) -> Iterator[Node]:
    """The factors of a product, scalars in front of any of them among them: λXᵀX is (λXᵀ)X to the notation."""
    if isinstance(matrix, (Product, MatrixProduct)) and not matrix.is_scalar:
        for part in matrix.args:
            yield from _factors(part)
    else:
        yield matrix


def _of_product(factors: list[Node]) -> Sign:
    """c S; c AᵀA, c AAᵀ, c AᵀSA and c ASAᵀ with a positive-semidefinite S."""
    scalars = [sign(one) for one in factors if one.is_scalar]
    match [one for one in factors if not one.is_scalar]:
        case [one]:
            return min([definiteness(one), *scalars])
        case [first, *middle, last] if len(middle) < 2 and (first == Transpose(last) or last == Transpose(first)):
            return min([Sign.NONNEGATIVE, *map(definiteness, middle), *scalars])
    return Sign.UNKNOWN


__all__ = ["definiteness", "is_invertible"]
