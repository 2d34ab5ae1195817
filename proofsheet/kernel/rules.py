"""What a reason allows: its compiled form for the normal form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import permutations
from typing import Any

from proofsheet.errors import AssumptionError
from proofsheet.kernel.normal_form import Algebra, Factor, Head, Polynomial
from proofsheet.kernel.reasons import (
    Definition,
    Differentiation,
    ExponentialFamily,
    FunctionLemma,
    Independence,
    Linearity,
    Moment,
    Taylor,
    VarianceDefinition,
)
from proofsheet.notation.indices import Distinct
from proofsheet.notation.tree import Node, Number

MAXIMAL_DEGREE = 6  # of a moment: like factors are permuted when it is compiled


@dataclass(frozen=True)
class MomentRule:
    """E[product of `heads` with slots %0, %1, ...] = value, wherever `condition` (a polynomial in deltas) is 1."""

    heads: tuple[Head, ...]
    condition: dict[Any, Any]
    value: Polynomial
    source: Moment

    def __hash__(self) -> int:
        return hash((self.heads, self.source))


@dataclass(frozen=True)
class Rules:
    """The compiled reasons of one step."""

    linearity: bool = False
    definitions: bool = False
    variances: bool = False
    independence: tuple[tuple[frozenset[str], ...], ...] = ()
    moments: tuple[MomentRule, ...] = ()
    distinct: frozenset[frozenset[str]] = frozenset()
    calculus: bool = False
    taylor: frozenset[Taylor] = frozenset()
    lemmas: tuple[FunctionLemma, ...] = ()
    families: tuple[ExponentialFamily, ...] = ()
    moments_first: bool = False  # a product that both apply to: look for its moment before splitting it

    def moment_across_blocks(self) -> bool:
        """Whether a moment speaks of a product that independence splits, so that the order of the two matters."""
        return any(
            sum(any(set(head.random) & block for head in rule.heads) for block in blocks) > 1
            for rule in self.moments
            for blocks in self.independence
        )

    def about(self, heads: tuple[Head, ...]) -> list[MomentRule]:
        return [rule for rule in self.moments if rule.heads == heads]


def size_key(size: Node) -> str:
    """A range in a normal form: the name of a dimension, or a number; never how it is printed."""
    return str(int(size.value)) if isinstance(size, Number) else str(size.name)


def index_key(index: Any) -> str:
    """The name of a free index in a normal form."""
    return f"{index.name}:{size_key(index.dimension)}"


def placeholders(factors: Iterable[Factor]) -> list[str]:
    """The slots %0, %1, ... for the indices of the factors, in order."""
    return [f"%{position}" for position in range(sum(len(factor.indices) for factor in factors))]


def compile_rules(
    reasons: Iterable[Any],
    algebra: Algebra,
    lower: Callable[[Node, Rules], Polynomial],
    reduce_value: Callable[..., Any],
) -> Rules:
    """The rules that the reasons allow.

    `lower(node, rules)` gives normal forms and `reduce_value(polynomial, rules)` applies moments to one (they are passed
    in, since lowering itself needs rules).
    Raises AssumptionError for a moment of a form that no rule can use, or for two values of one moment.
    """
    cited = tuple(reasons)
    linearity = any(isinstance(reason, (Linearity, Independence, Moment)) for reason in cited)
    definitions = any(isinstance(reason, Definition) for reason in cited)
    variances = definitions or any(
        isinstance(reason, VarianceDefinition) or (isinstance(reason, Moment) and reason.is_central) for reason in cited
    )
    independence: list[tuple[frozenset[str], ...]] = []
    moments: list[MomentRule] = []
    distinct: set[frozenset[str]] = set()
    for reason in cited:
        if isinstance(reason, Independence):
            independence.append(tuple(frozenset(member.name for member in block) for block in reason.blocks))
        elif isinstance(reason, Moment):
            moments += compile_moment(reason, algebra, lower)
        elif isinstance(reason, Distinct):
            distinct.add(frozenset(map(index_key, reason.args)))
    families = tuple(reason for reason in cited if isinstance(reason, ExponentialFamily))
    rules = Rules(
        linearity,
        definitions,
        variances,
        tuple(independence),
        tuple(moments),
        frozenset(distinct),
        calculus=bool(families) or any(isinstance(reason, Differentiation) for reason in cited),
        taylor=frozenset(reason for reason in cited if isinstance(reason, Taylor)),
        lemmas=tuple(reason for reason in cited if isinstance(reason, FunctionLemma)),
        families=families,
    )
    _refuse_two_values(moments, algebra, lambda value: reduce_value(value, rules))
    return rules


def compile_moment(assumption: Moment, algebra: Algebra, lower: Any) -> list[MomentRule]:
    """One rule for each order in which like factors can stand."""
    spread = Rules(linearity=True, variances=True)
    left = lower(assumption.left, spread)
    factors, rest = _leading_product(assumption, left)
    right = algebra.subtract(lower(assumption.right, Rules(linearity=True)), rest)
    if _degree(right) >= len(factors):
        raise AssumptionError(f"the right side of {assumption.left} = {assumption.right} must be of lower degree")
    slots = placeholders(factors)
    occurring = [index for factor in factors for index in factor.indices]
    first = dict(reversed(list(zip(occurring, slots, strict=True))))
    same = [
        algebra.delta(slot, first[index]) for index, slot in zip(occurring, slots, strict=True) if slot != first[index]
    ]
    one = algebra.constant(algebra.one)
    if any(index_key(index) not in first for condition in assumption.conditions for index in condition.args):
        raise AssumptionError(f"{assumption.left} does not depend on an index of {assumption.conditions[0]}")
    apart = [
        algebra.subtract(one, algebra.delta(*(first[index_key(index)] for index in condition.args)))
        for condition in assumption.conditions
    ]
    condition = reduce(algebra.multiply, [*same, *apart], one)
    value = algebra.substitute_indices(right, first)
    images: dict[tuple[str, ...], MomentRule] = {}
    for order in _like_orders(factors):
        moved = dict(zip(slots, _placeholders_in_order(factors, order), strict=True))
        pattern = tuple(name for _, name in sorted(zip(map(_slot_number, moved.values()), occurring, strict=True)))
        if pattern not in images:  # exchanging two factors with the same indices gives the same image
            images[pattern] = MomentRule(
                tuple(factor.head for factor in factors),
                algebra.substitute_indices(condition, moved),
                algebra.substitute_indices(value, moved),
                assumption,
            )
    return list(images.values())


def _slot_number(slot: str) -> int:
    return int(slot[1:])


def _leading_product(assumption: Moment, left: Polynomial) -> tuple[list[Factor], Polynomial]:
    """The factors of the one expectation of highest degree on the left, and what stands beside it."""
    complaint = (
        f"a moment assumption reads E[product of entries of random variables] = value, and {assumption.left} does not; "
        "state it entry by entry, for example moment(E(x[i] * x[j]), alpha * delta(i, j))"
    )
    expectations = [
        (monomial, factors[0])
        for monomial in left
        for bound, factors in [monomial]
        if not bound and len(factors) == 1 and factors[0].head.kind == "expectation" and left[monomial] == 1
    ]
    if not expectations:
        raise AssumptionError(complaint)
    monomial, leading = max(expectations, key=lambda item: len(item[1].bodies[0][0][0][1]))
    (((bound, factors), coefficient),) = leading.bodies[0]
    rest = {other: value for other, value in left.items() if other != monomial}
    if bound or coefficient != 1 or any(factor.head.kind != "entry" for factor in factors):
        raise AssumptionError(complaint)
    if rest and (not assumption.is_central or _degree(rest) >= len(factors)):
        raise AssumptionError(complaint)
    if len(factors) > MAXIMAL_DEGREE:
        raise AssumptionError(f"{assumption.left}: moments up to degree {MAXIMAL_DEGREE} are supported")
    return sorted(factors), rest


def _degree(polynomial: Polynomial) -> int:
    """The highest number of random variables under one expectation."""
    return max((_degree_of(factor) for _, factors in polynomial for factor in factors), default=0)


def _degree_of(factor: Factor) -> int:
    if factor.head.kind == "covariance":
        return MAXIMAL_DEGREE + 1  # opaque here; refused by its size
    products = [inner for body in factor.bodies for (_, inner), _ in body]
    own = [len(inner) for inner in products] if factor.head.kind == "expectation" else []
    return max([0, *own, *(_degree_of(part) for inner in products for part in inner)])


def _like_orders(factors: list[Factor]) -> Iterable[tuple[int, ...]]:
    heads = [factor.head for factor in factors]
    for order in permutations(range(len(factors))):
        if [heads[position] for position in order] == heads:
            yield order


def _placeholders_in_order(factors: list[Factor], order: tuple[int, ...]) -> list[str]:
    """The slots after the factors were permuted: slot k of the image for slot k of the original."""
    starts = [sum(len(factor.indices) for factor in factors[:position]) for position in range(len(factors))]
    return [f"%{starts[position] + offset}" for position in order for offset in range(len(factors[position].indices))]


def _refuse_two_values(
    moments: list[MomentRule], algebra: Algebra, reduced: Callable[[Polynomial], Polynomial]
) -> None:
    """Raises AssumptionError if two rules give one moment two values; `reduced` applies the rules to a value.

    The images of a moment under exchange of like factors are compared with the original only: if they agree with it,
    they agree with each other.
    """
    originals: dict[Moment, MomentRule] = {}
    for rule in moments:
        for original in originals.values():
            if original.heads != rule.heads:
                continue
            overlap = algebra.multiply(rule.condition, original.condition)
            difference = algebra.multiply(overlap, algebra.subtract(rule.value, original.value))
            if difference and _has_no_expectation(
                algebra.multiply(overlap, reduced(algebra.subtract(rule.value, original.value)))
            ):
                raise AssumptionError(_two_values(original.source, rule.source))
        originals.setdefault(rule.source, rule)


def _has_no_expectation(polynomial: Polynomial) -> bool:
    """Not zero, and without unknown expectations: a difference that no law can make vanish."""
    return bool(polynomial) and all(not factor.bodies for _, factors in polynomial for factor in factors)


def _two_values(one: Moment, other: Moment) -> str:
    if one == other:
        return (
            f"{one.left} = {one.right} contradicts itself: exchanging like factors on the left must leave the right "
            "side as it is; is the right side a symmetric_matrix or positive_semidefinite_matrix?"
        )
    return f"one moment has two values: {one.left} = {one.right} and {other.left} = {other.right}"
