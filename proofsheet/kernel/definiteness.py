"""Definiteness of matrices that follows from declarations by form alone. No search."""

from __future__ import annotations

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
    if isinstance(matrix, (Product, Quotient)):
        return min(sign(part) if part.is_scalar else definiteness(part) for part in matrix.args)
    if isinstance(matrix, MatrixProduct):
        return _of_product(matrix)
    return Sign.UNKNOWN


def _of_product(matrix: MatrixProduct) -> Sign:
    """AᵀA, AAᵀ, AᵀSA and ASAᵀ with a positive-semidefinite S."""
    first, *middle, last = matrix.args
    if not (first == Transpose(last) or last == Transpose(first)):
        return Sign.UNKNOWN
    if not middle:
        return Sign.NONNEGATIVE
    inner = definiteness(middle[0]) if len(middle) == 1 else Sign.UNKNOWN
    return min(inner, Sign.NONNEGATIVE)


__all__ = ["definiteness", "is_invertible"]
