"""What could stand in place of an assumption: independence of fewer variables, or the moments that a proof takes from it.

    pairs_of(n ⟂ (x, y))                     n ⟂ x, n ⟂ y
    moments_in(residual, n ⟂ (x, y), ...)    E[nxᵀ] = 𝟎, E[y n] = 𝟎
    raw_of(Cov[n] = Σ, ...)                  E[nnᵀ] = Σ, where E[n] = 𝟎 is known

The moments are read off what is left of left − right without the independence: each E of a product across its blocks is
to have the value that independence gives it. Candidates only; the kernel decides what they prove, and that they follow
from what they replace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import combinations, product
from operator import mul
from typing import Any

from proofsheet.errors import ProofsheetError
from proofsheet.kernel.normal_form import Factor, Polynomial
from proofsheet.kernel.reasons import Independence, Moment, independent, moment
from proofsheet.kernel.theorem import Chain, Step
from proofsheet.notation.expectations import Expectation
from proofsheet.notation.functions import Function
from proofsheet.notation.indices import Index
from proofsheet.notation.scope import Names
from proofsheet.notation.tree import ONE, Dimension, Node, Number, Parameter
from proofsheet.notation.variables import Defined, RandomVariable, Variable
from proofsheet.notation.words import zeros

LETTERS = "ijklpqrstuabcdefgh"


def pairs_of(independence: Independence) -> list[Independence]:
    """Every variable of one block independent of every variable of another; none if that is what is said already."""
    found = [
        independent(one, other)
        for first, second in combinations(independence.blocks, 2)
        for one, other in product(first, second)
    ]
    return found if len(found) > 1 else []


def moments_in(
    polynomial: Polynomial, independence: Independence, known: tuple[Any, ...], names: Names
) -> list[Moment]:
    """The moments across the blocks that the polynomial contains, with the values that follow from `known`."""
    found = []
    for factor in sorted({factor for _, factors in polynomial for factor in factors}):
        entries = _entries(factor, names)
        blocks = _by_block(entries, independence)
        if len(blocks) > 1:
            found.append(_moment(entries, blocks, known, names))
    return list(dict.fromkeys(one for one in found if one is not None))


def raw_of(fact: Any, known: Iterable[Any]) -> Moment | None:
    """E[nnᵀ] = Σ for Cov[n] = Σ, where it follows from what is known (the means are 0)."""
    if not isinstance(fact, Moment) or not fact.is_central or fact.conditions:
        return None
    one, other = fact.left.args[0], fact.left.args[-1]
    candidate = moment(Expectation(one * other if one.is_scalar and other.is_scalar else one @ other.T), fact.right)
    return candidate if follows(candidate, known) else None


Entry = tuple[RandomVariable, tuple[str, ...]]  # a variable, and the names of the indices that it stands with


def _entries(factor: Factor, names: Names) -> list[Entry]:
    """The factors of an E[product of entries of random variables]; empty for anything else."""
    if factor.head.kind != "expectation" or len(factor.bodies[0]) != 1:
        return []
    (((bound, inner), _),) = factor.bodies[0]
    variables: dict[str, RandomVariable] = {node.name: node for node in names.of_kind(RandomVariable)}
    if bound or any(one.head.kind != "entry" or one.head.name not in variables for one in inner):
        return []
    return [(variables[one.head.name], one.indices) for one in inner]


def _by_block(entries: list[Entry], independence: Independence) -> list[list[Entry]]:
    """The entries block by block, empty blocks left out; none if a variable is in no block."""
    blocks = [[one for one in entries if one[0] in block] for block in independence.blocks]
    return [one for one in blocks if one] if sum(map(len, blocks)) == len(entries) else []


def _moment(entries: list[Entry], blocks: list[list[Entry]], known: tuple[Any, ...], names: Names) -> Moment | None:
    left, right = _as_vectors(entries, blocks) or _entry_by_entry(entries, blocks, names)
    for value in (Number(0), right):
        candidate = moment(Expectation(left), value)
        if follows(candidate, known):
            return candidate
    return None


def follows(candidate: Moment, known: Iterable[Any]) -> bool:
    """Whether the kernel derives the moment from what is known, in one step."""
    shape = candidate.left.shape
    value = candidate.right if candidate.right.shape == shape else zeros(*shape)
    try:
        return isinstance(Chain(candidate.left).step(value, tuple(known)), Step)
    except ProofsheetError:
        return False


def _as_vectors(entries: list[Entry], blocks: list[list[Entry]]) -> tuple[Node, Node] | None:
    """E[y z], E[y n], E[n xᵀ] of two scalars or vectors without a common index, and the product of the two means."""
    if len(entries) != 2 or len(blocks) != 2 or any(one.is_family or one.shape[1] != ONE for one, _ in entries):
        return None
    (first, own), (second, other) = sorted(entries, key=lambda entry: len(entry[1]))
    if set(own) & set(other):
        return None
    means = Expectation(first), Expectation(second)
    if own:
        return first @ second.T, means[0] @ means[1].T
    return first * second, means[0] * means[1]


def _entry_by_entry(entries: list[Entry], blocks: list[list[Entry]], names: Names) -> tuple[Node, Node]:
    indices = _indices(entries, names)

    def times(chosen: list[Entry]) -> Node:
        return reduce(mul, (one[tuple(indices[at] for at in where)] if where else one for one, where in chosen))

    return times(entries), reduce(mul, (Expectation(times(block)) for block in blocks))


def _indices(entries: list[Entry], names: Names) -> dict[str, Index]:
    """A declared index for each that occurs, named like no other thing of the setting."""
    taken = {node.name for node in names.of_kind(Variable, Index, Dimension, Parameter, Function, Defined)}
    letters: Iterator[str] = (letter for letter in LETTERS if letter not in taken)
    found: dict[str, Index] = {}
    for variable, where in entries:
        sizes = [size for size in variable.shape if size != ONE]
        for at, size in zip(where, sizes, strict=True):
            if at not in found:
                found[at] = Index(next(letters), size)
    return found


__all__ = ["follows", "moments_in", "pairs_of", "raw_of"]
