"""The normal form of one entry of an inverse; see `inverses` for what is used of it."""

from __future__ import annotations

from proofsheet.kernel.domains import is_nonzero
from proofsheet.kernel.inverses import INVERSE, SLOTS, order_of
from proofsheet.kernel.normal_form import (
    Algebra,
    Coefficient,
    Factor,
    Head,
    KernelError,
    Polynomial,
    free_indices,
    freeze,
    random_in,
)
from proofsheet.notation import tree

SWAPPED = dict(zip(SLOTS, SLOTS[::-1], strict=True))


def inverse_entry(body: Polynomial, row: str, column: str, size: str, algebra: Algebra) -> Polynomial:
    """(M⁻¹)_{row, column}, where `body` is the entry of M at `SLOTS` and `size` the number of its rows.

    Raises KernelError where M is zero, random, or depends on an index.
    """
    _refuse(body)
    scale = _scale(body)
    body = body if scale is None else algebra.scale(body, algebra.inverse(scale))
    entry = _of_monic(body, row, column, size, algebra)
    return entry if scale is None else algebra.scale(entry, algebra.inverse(scale))


def _refuse(body: Polynomial) -> None:
    if not body:
        raise KernelError("a line inverts a matrix that is zero")
    if random_in(body):
        raise KernelError(f"a line inverts a matrix that depends on {', '.join(random_in(body))}, which is random")
    for bound, factors in body:
        if not frozenset().union(*map(free_indices, factors)) <= {*SLOTS, *(name for name, _ in bound)}:
            raise KernelError("a line inverts a matrix that depends on an index; there is no rule for that")


def _scale(body: Polynomial) -> Coefficient | None:
    """What M is divided by first: the coefficient of its largest term, where that is not 0. None if it may be.

    It is not 0 where the domains say so, and where the term is alone: then M would be 0, and not invertible.
    """
    largest = max(map(order_of, body))
    value = body[min(monomial for monomial in body if order_of(monomial) == largest)]
    certain = len(body) == 1 or is_nonzero(tree.Coefficient(value.as_expr()))
    return value if certain else None


def _of_monic(body: Polynomial, row: str, column: str, size: str, algebra: Algebra) -> Polynomial:
    if body == algebra.delta(*SLOTS):
        return algebra.delta(row, column)
    inner = _inverse_alone(body)
    if inner is not None:  # (D⁻¹)⁻¹ = D, and the transpose of it
        return algebra.substitute_indices(dict(inner.bodies[0]), dict(zip(inner.indices, (row, column), strict=True)))
    turned = algebra.substitute_indices(body, SWAPPED)
    symmetric = turned == body
    if repr(freeze(turned)) < repr(freeze(body)):  # of M and Mᵀ one, always the same
        body, row, column = turned, column, row
    indices = tuple(sorted((row, column))) if symmetric else (row, column)
    return algebra.single(Factor(Head(INVERSE, "", (), symmetric, (size,)), indices, (freeze(body),)))


def _inverse_alone(body: Polynomial) -> Factor | None:
    """The inverse that a matrix is, if it is no more than that; its coefficient is 1."""
    (bound, factors), *others = body
    if others or bound or len(factors) != 1 or factors[0].head.kind != INVERSE:
        return None
    return factors[0] if set(factors[0].indices) == set(SLOTS) else None
