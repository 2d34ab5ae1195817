"""Definitions folded into lines: Σᵢⱼ Xᵢⱼ² wⱼ² is Σⱼ γⱼ² wⱼ² for γⱼ := √(Σᵢ Xᵢⱼ²), and ‖Γw‖² for Γ := diag(γ).

A definition whose right side is one product of entries is a pattern: its factors are looked for among those of a
monomial, its own sums among the sums of the monomial. Like everything here a proposal; the kernel judges the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import permutations
from typing import NamedTuple

from proofsheet.closed_form.coefficients import added
from proofsheet.closed_form.factors import Unreadable
from proofsheet.closed_form.read_back import Reader
from proofsheet.kernel.lowering import COLUMN, ROW
from proofsheet.kernel.normal_form import Factor, Head, KernelError, Polynomial, free_indices
from proofsheet.kernel.rules import index_key
from proofsheet.kernel.setting import Setting
from proofsheet.notation.functions import Diagonal, Root
from proofsheet.notation.text import signed_terms
from proofsheet.notation.tree import ONE, Node
from proofsheet.notation.variables import Defined, Variable

Bound = dict[str, str]
Step = Callable[[Bound, list[Factor]], "tuple[Bound, list[Factor]] | None"]


class Pattern(NamedTuple):
    """Σ_bound Π factors = symbol^power, where the entries of both are selected by `slots`."""

    bound: Mapping[str, str]
    factors: tuple[Factor, ...]
    slots: tuple[str, ...]
    symbol: Head
    power: int


class Folder:
    """Writes defined symbols into the lines of one setting."""

    def __init__(self, setting: Setting, reader: Reader) -> None:
        self._setting = setting
        self._algebra = setting.algebra
        self._reader = reader

    def line(self, line: Node, symbol: Defined) -> Node:
        """The line with the symbol in every term that has its right side as a factor."""
        terms = signed_terms(line)
        folded = [(negative, self._term(term, symbol)) for negative, term in terms]
        return line if folded == terms else added(folded)

    def _term(self, term: Node, symbol: Defined) -> Node:
        try:
            before = self._setting.form(term, ())
            after = self.form(before, symbol)
            again = term if after == before else self._reader.line(after, term.shape)
        except (KernelError, Unreadable):
            return term
        return again if len(signed_terms(again)) == 1 else term

    def form(self, polynomial: Polynomial, symbol: Defined) -> Polynomial:
        """The normal form with the symbol written in wherever its right side is found."""
        step = self._diagonal_step(symbol) if isinstance(symbol.body, Diagonal) else self._pattern_step(symbol)
        result: Polynomial = {}
        for monomial, coefficient in polynomial.items():
            bound, factors = self._algebra.separate(monomial)
            while step is not None and (changed := step(bound, factors)) is not None:
                bound, factors = changed
            self._algebra.insert(result, coefficient, bound, factors)
        return result

    def _head(self, symbol: Node) -> Head:
        ((_, (factor,)),) = self._setting.form(symbol, ())
        return factor.head

    # ---- a product of entries ---------------------------------------------------------------------------------

    def _pattern_step(self, symbol: Defined) -> Step | None:
        """Replaces one occurrence of the right side; None if that is no plain product of entries."""
        root = isinstance(symbol.body, Root)
        form = self._setting.form(symbol.body.args[0] if root else symbol.body, ())
        if len(form) != 1 or list(form.values()) != [self._algebra.one] or symbol.values:
            return None
        ((bound, factors),) = form
        if any(factor.bodies for factor in factors) or len(factors) + len(bound) < 2:
            return None
        slots = (
            (index_key(symbol.entry),)
            if symbol.entry
            else tuple(slot for slot, size in zip((ROW, COLUMN), symbol.shape, strict=True) if size != ONE)
        )
        if not {slot for factor in factors for slot in factor.indices} >= set(slots):
            return None
        pattern = Pattern(dict(bound), factors, slots, self._head(symbol), 2 if root else 1)
        return lambda inside, among: _replaced(pattern, inside, among)

    # ---- a diagonal matrix ------------------------------------------------------------------------------------

    def _diagonal_step(self, symbol: Defined) -> Step | None:
        """γⱼ wⱼ as Σₖ Γⱼₖ wₖ; None unless Γ is diag of one symbol."""
        column = symbol.body.args[0]
        if not isinstance(column, (Variable, Defined)):
            return None
        diagonal, head = self._head(column), self._head(symbol)

        def step(bound: Bound, factors: list[Factor]) -> tuple[Bound, list[Factor]] | None:
            for one in factors:
                if one.head != diagonal or one.indices[0] not in bound:
                    continue
                joint, fresh = one.indices[0], self._algebra.fresh()
                rest = _without(factors, [one])
                partner = next((f for f in rest if f.head != diagonal and not f.bodies and joint in f.indices), None)
                if partner is not None:
                    moved = self._algebra.rename(partner, {joint: fresh})
                    entry = Factor(head, (joint, fresh))
                    return {**bound, fresh: bound[joint]}, [*_without(rest, [partner]), moved, entry]
            return None

        return step


def _without(factors: list[Factor], taken: list[Factor]) -> list[Factor]:
    left = list(factors)
    for factor in taken:
        left.remove(factor)
    return left


def _replaced(pattern: Pattern, bound: Bound, factors: list[Factor]) -> tuple[Bound, list[Factor]] | None:
    """The monomial with one occurrence of the pattern replaced by its symbol; None if there is none."""
    for names, taken in _matches(list(pattern.factors), factors, {}):
        left = _without(factors, taken)
        images = [names[name] for name in pattern.bound]
        outside = frozenset().union(*map(free_indices, left), (names[slot] for slot in pattern.slots))
        same_range = all(bound.get(names[name]) == size for name, size in pattern.bound.items())
        if same_range and len(set(images)) == len(images) and outside.isdisjoint(images):
            symbol = Factor(pattern.symbol, tuple(names[slot] for slot in pattern.slots))
            rest = {name: size for name, size in bound.items() if name not in images}
            return rest, [*left, *[symbol] * pattern.power]
    return None


def _matches(
    wanted: list[Factor], among: list[Factor], names: Mapping[str, str]
) -> Iterator[tuple[Mapping[str, str], list[Factor]]]:
    """Ways to find the wanted factors among others: what their indices are called there, and which ones they are."""
    if not wanted:
        yield names, []
        return
    first, *rest = wanted
    for candidate in among:
        if candidate.head != first.head:
            continue
        orders = set(permutations(candidate.indices)) if first.head.symmetric else [candidate.indices]
        for indices in sorted(orders):
            known = dict(names)
            if all(known.setdefault(own, other) == other for own, other in zip(first.indices, indices, strict=True)):
                for found, taken in _matches(rest, _without(among, [candidate]), known):
                    yield found, [candidate, *taken]
