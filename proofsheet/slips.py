"""Lines that follow only by accident: 7 E[nᵀw] for 2 E[nᵀw] where E[n] = 0. Untrusted and strict: refuses, never accepts.

The kernel decides what follows. A lecturer who writes 7 for 2 beside a term that vanishes has slipped all the same, so
the author's discipline is added here: a cited moment is used everywhere or not at all. With the cited moments opaque,
both lines are compared for each moment and each coincidence of its indices (Σᵢⱼ = Σᵢ + Σ_{i≠j}): the terms that contain
it must be the same in both lines, or absent from one of them.

The comparison is tried with all that the reason allows besides moments, then without independence, then without
linearity; and last part by part, where both lines are built alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from proofsheet.kernel.cancellation import multiplied
from proofsheet.kernel.lowering import expectation_of
from proofsheet.kernel.normal_form import Algebra, Factor, Head, Monomial, Polynomial, freeze
from proofsheet.kernel.reasons import (
    Definition,
    Differentiation,
    ExponentialFamily,
    FunctionLemma,
    Independence,
    Linearity,
    Moment,
    Taylor,
)
from proofsheet.kernel.rules import MomentRule, Rules, placeholders
from proofsheet.kernel.setting import Setting
from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.indices import Distinct
from proofsheet.notation.tree import Group, IndexedSum, Node

NESTED = "nested"
KEPT = (Definition, Distinct, Differentiation, Taylor, FunctionLemma, ExponentialFamily)  # they decide what a line says


@dataclass(frozen=True)
class Slip:
    """A moment that a step uses for some of its occurrences only."""

    moment: Moment | None
    number: int
    old: Node
    new: Node
    reasons: tuple[Any, ...]

    def __str__(self) -> str:
        what = f"{self.moment.left} = {self.moment.right}" if self.moment else "a cited moment"
        return f"{what} is used in one place and other terms with it have changed: use it for every occurrence, or for none"


def find_slip(setting: Setting, number: int, old: Node, new: Node, reasons: tuple[Any, ...]) -> Slip | None:
    """The slip in a step that the kernel has accepted, if there is one."""
    moments = tuple(reason for reason in reasons if isinstance(reason, Moment))
    if not moments or any(isinstance(reason, Theorem) for reason in reasons):
        return None
    lines = multiplied(old, reasons), multiplied(new, reasons)
    blamed = setting.steadily(lambda: _Search(setting, moments, reasons).blame(*lines))
    if blamed is None:
        return None
    return Slip(blamed.source if isinstance(blamed, MomentRule) else None, number, old, new, reasons)


class _Search:
    def __init__(self, setting: Setting, moments: tuple[Moment, ...], reasons: tuple[Any, ...]) -> None:
        self.setting = setting
        self.moments = setting.rules(moments).moments
        kept: tuple[Any, ...] = tuple(reason for reason in reasons if isinstance(reason, KEPT))
        independence = tuple(reason for reason in reasons if isinstance(reason, Independence))
        own = (*kept, Linearity(), *independence)
        self.levels = list(dict.fromkeys([own, (*kept, Linearity()), kept]))

    def blame(self, old: Node, new: Node, deep: bool = False) -> Any:
        """None if the step is in order; else the moment rule (or NESTED) that was used half-heartedly."""
        blamed: Any = None
        for level in self.levels:
            left, right = self.setting.form(old, level), self.setting.form(new, level)
            if (deep or level is not self.levels[0]) and not self._equal_after_moments(left, right):
                continue
            culprit = self._half_used(left, right)
            if culprit is None:
                return None
            blamed = blamed or culprit
        parts = list(_corresponding_parts(old, new))
        if parts and all(self.blame(*pair, deep=True) is None for pair in parts):
            return None
        return blamed or NESTED

    def _half_used(self, left: Polynomial, right: Polynomial) -> Any:
        before, after = self._by_pattern(left), self._by_pattern(right)
        for key in before.keys() & after.keys():
            if before[key] != after[key] and before[key] and after[key]:
                return key[0]
        return None

    def _equal_after_moments(self, left: Polynomial, right: Polynomial) -> bool:
        algebra = self.setting.algebra
        return not algebra.subtract(self._substituted(left), self._substituted(right))

    # ---- cited moments substituted wherever they stand --------------------------------------------------------

    def _substituted(self, polynomial: Polynomial) -> Polynomial:
        algebra = self.setting.algebra
        result: Polynomial = {}
        for monomial, coefficient in polynomial.items():
            bound, factors = algebra.separate(monomial)
            term = algebra.constant(coefficient)
            for factor in factors:
                term = algebra.multiply(term, self._value_of(factor))
            for index, size in bound.items():
                term = algebra.sum_over(index, size, term)
            result = algebra.add(result, term)
        return result

    def _value_of(self, factor: Factor) -> Polynomial:
        algebra = self.setting.algebra
        if not factor.bodies:
            return algebra.single(factor)
        if self._rules_for(factor):
            (((_, inner), coefficient),) = factor.bodies[0]
            value = expectation_of(list(inner), Rules(linearity=True, moments=self.moments), algebra)
            return algebra.scale(value, coefficient)
        if factor.head.kind == "function":
            arguments = [(self._substituted(body), names) for body, names in algebra.arguments(factor)]
            return algebra.single(algebra.applied(factor.head, factor.indices, arguments))
        bodies = tuple(freeze(self._substituted(dict(body))) for body in factor.bodies)
        return algebra.single(Factor(factor.head, factor.indices, bodies))

    def _rules_for(self, factor: Factor) -> list[MomentRule]:
        """The cited moments that an E[product of entries] matches."""
        if factor.head.kind != "expectation" or len(factor.bodies[0]) != 1:
            return []
        (((bound, inner), _),) = factor.bodies[0]
        if bound or any(part.head.kind != "entry" for part in inner):
            return []
        heads = tuple(part.head for part in inner)
        return [rule for rule in self.moments if rule.heads == heads]

    def _central_rule(self, factor: Factor) -> MomentRule | None:
        """The cited Var or Cov that an opaque Cov of two entries is an instance of."""
        if factor.head.kind != "covariance" or any(len(body) != 1 for body in factor.bodies):
            return None
        entries = [part for body in factor.bodies for (_, factors), _ in body for part in factors]
        heads = tuple(sorted(part.head for part in entries))
        return next((rule for rule in self.moments if rule.source.is_central and rule.heads == heads), None)

    # ---- terms sorted by the moment, and the coincidence of its indices, that they contain ---------------------

    def _by_pattern(self, polynomial: Polynomial) -> dict[tuple[Any, Any], Polynomial]:
        found: dict[tuple[Any, Any], Polynomial] = {}
        for monomial, coefficient in polynomial.items():
            for position, factor in enumerate(monomial[1]):
                for rule in self._rules_for(factor):
                    if not rule.source.is_central:
                        self._enter(found, monomial, coefficient, position, rule)
                central = self._central_rule(factor)
                if central is not None:
                    found.setdefault((central, "Cov"), {})[monomial] = coefficient
                    continue
                if factor.bodies and not self._rules_for(factor) and self._mentions(factor):
                    found.setdefault((NESTED, None), {})[monomial] = coefficient
        return found

    def _enter(self, found: Any, monomial: Monomial, coefficient: Any, position: int, rule: MomentRule) -> None:
        algebra = self.setting.algebra
        bound, factor = dict(monomial[0]), monomial[1][position]
        (((_, inner), _),) = factor.bodies[0]
        slots = [index for part in inner for index in part.indices]
        for blocks in _partitions(sorted({index for index in slots if index in bound})):
            if any(len({bound[index] for index in block}) > 1 for block in blocks):
                continue
            merged = {index: block[0] for block in blocks for index in block}
            apart = [frozenset((one[0], other[0])) for k, one in enumerate(blocks) for other in blocks[:k]]
            actual = dict(zip(placeholders(inner), (merged.get(index, index) for index in slots), strict=True))
            if not _under(algebra, apart).substitute_indices(rule.condition, actual):
                continue  # this moment says nothing about these coincidences
            pattern = _shape([merged.get(index, "free") for index in slots])
            tag = Factor(Head("entry", "≠" + repr(rule.heads)), tuple(merged.get(index, index) for index in slots))
            others = [algebra.rename(part, merged) for k, part in enumerate(monomial[1]) if k != position]
            kept = {index: size for index, size in bound.items() if merged.get(index, index) == index}
            algebra.insert(found.setdefault((rule, pattern), {}), coefficient, kept, [*others, tag])

    def _mentions(self, factor: Factor) -> bool:
        inner = [part for body in factor.bodies for (_, factors), _ in body for part in factors]
        return any(self._rules_for(part) or self._mentions(part) for part in inner if part.bodies)


def _under(algebra: Algebra, apart: list[frozenset[str]]) -> Algebra:
    return algebra.with_distinct(apart) if apart else algebra


def _shape(slots: list[str]) -> tuple[Any, ...]:
    """Which slots coincide, whatever the indices are called; free ones stand for themselves."""
    seen: dict[str, int] = {}
    return tuple("free" if slot == "free" else seen.setdefault(slot, len(seen)) for slot in slots)


def _partitions(names: list[str]) -> Iterator[list[list[str]]]:
    if not names:
        yield []
        return
    first, *rest = names
    for blocks in _partitions(rest):
        yield [[first], *blocks]
        for position, block in enumerate(blocks):
            yield [*blocks[:position], [first, *block], *blocks[position + 1 :]]


def _corresponding_parts(old: Node, new: Node) -> Iterator[tuple[Node, Node]]:
    """The differing parts of two lines that are built alike; none if they are not, or below Σ_{i≠j}."""
    while isinstance(old, Group):
        old = old.args[0]
    while isinstance(new, Group):
        new = new.args[0]
    if type(old) is not type(new) or len(old.args) != len(new.args):
        return
    if isinstance(old, IndexedSum) and (old.binder != new.binder or isinstance(old.binder, Distinct)):
        return
    pairs = [(one, other) for one, other in zip(old.args, new.args, strict=True) if one != other]
    if all(isinstance(one, Node) and isinstance(other, Node) and one.shape == other.shape for one, other in pairs):
        yield from pairs
