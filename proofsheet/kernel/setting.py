"""The names of a derivation, the algebra over its parameters, and the residual of a step under what it cites."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from sympy import Basic, Expr, Symbol

from proofsheet.errors import NotationError
from proofsheet.kernel.cancellation import Cancellation, multiplied
from proofsheet.kernel.coefficient_lines import ReadBack
from proofsheet.kernel.domains import is_nonzero
from proofsheet.kernel.elementary import Elementary
from proofsheet.kernel.function_lowering import Note
from proofsheet.kernel.generators import MOST_GENERATORS, FieldGrows, Generators
from proofsheet.kernel.inverses import INVERSE
from proofsheet.kernel.lowering import Lowering
from proofsheet.kernel.normal_form import Algebra, Polynomial
from proofsheet.kernel.reasons import ASSUMPTIONS, RULES, Independence, Linearity, Moment, Rearrangement
from proofsheet.kernel.rules import Rules, compile_rules
from proofsheet.kernel.side_conditions import (
    SideCondition,
    denominators,
    for_every_index,
    noted_conditions,
    side_conditions,
)
from proofsheet.notation.scope import Names
from proofsheet.notation.tree import Coefficient, Node

Answer = TypeVar("Answer")


class Setting:
    """The names of a chain and the algebra over its parameters. Grows with every line."""

    def __init__(self) -> None:
        self.names = Names()
        self._symbols: set[Symbol] = set()
        self._algebra: Algebra | None = None
        self._known_units: frozenset[Symbol] = frozenset()
        self._lowerings: dict[tuple[Any, ...], Lowering] = {}
        self._forms: dict[tuple[Node, tuple[Any, ...]], tuple[Polynomial, tuple[Note, ...]]] = {}
        self._of_reasons: dict[tuple[Any, ...], tuple[Note, ...]] = {}  # what their compilation took for granted
        self._denominators: dict[Basic, tuple[Node, ...]] = {}
        self.generators = Generators()
        self._is_steady = False

    def enter(self, nodes: Iterable[Basic]) -> None:
        """Raises NotationError if one name stands for two things."""
        try:
            for node in nodes:
                self.names.add(node)
        finally:
            self.expect(self.names.symbols)

    def expect(self, symbols: Iterable[Symbol]) -> None:
        """Make room for symbols; those of all lines beforehand save a change of field at each new one."""
        if not self._symbols.issuperset(symbols):
            self._symbols.update(symbols)
            self._forget()
        if self._algebra is not None and self._units() != self._known_units:
            self._forget()  # signs are read otherwise now

    def _forget(self) -> None:
        """A new variable means a new field; what was computed belongs to the old one."""
        self._algebra = None
        self._lowerings.clear()
        self._forms.clear()

    def steadily(self, work: Callable[[], Answer]) -> Answer:
        """What `work` returns over one field: it begins again where functions of parameters give the field new variables.

        Work within work is left to the outer one, which may hold elements of the old field.
        """
        if self._is_steady:
            return work()
        self._is_steady = True
        try:
            for _ in range(MOST_GENERATORS):
                try:
                    return work()
                except FieldGrows:
                    self._forget()
            return work()
        finally:
            self._is_steady = False

    @property
    def algebra(self) -> Algebra:
        if self._algebra is None:
            symbols = [*sorted(self._symbols, key=lambda symbol: symbol.name), *self.generators.symbols]
            if len({str(symbol) for symbol in symbols}) < len(symbols):
                raise NotationError("a parameter has a name that the kernel keeps for functions of parameters")
            self._algebra = Algebra(symbols)
            self._known_units = self._units()
            self._algebra.elementary = Elementary(self._algebra, self.generators, self._known_units)
        return self._algebra

    def line_of(self, expression: Expr) -> Node:
        """An element of the field, as an expression, read back."""
        return ReadBack(self.names, self.generators).line(expression)

    def _units(self) -> frozenset[Symbol]:
        """The symbols of the parameters between 0 and 1."""
        return frozenset(symbol for symbol in self._symbols if self.names.domain(symbol) == "unit")

    def rules(self, reasons: tuple[Any, ...]) -> Rules:
        return self._lowering(reasons).rules

    def _lowering(self, reasons: tuple[Any, ...]) -> Lowering:
        if reasons not in self._lowerings:
            algebra, notes = self.algebra, dict[Note, None]()

            def lowered(node: Node, rules: Rules) -> Polynomial:
                form, own = Lowering(rules, algebra).with_notes(node)
                notes.update(dict.fromkeys(own))
                return form

            rules = compile_rules(reasons, algebra, lowered, lambda value, more: Lowering(more, algebra).reduced(value))
            self._lowerings[reasons] = Lowering(rules, algebra)
            self._of_reasons[reasons] = tuple(notes)
        return self._lowerings[reasons]

    def form(self, line: Node, reasons: tuple[Any, ...]) -> Polynomial:
        """The normal form of a line under reasons other than theorems."""
        return self._form(line, _without_idle_rules(reasons))[0]

    def _form(self, line: Node, plain: tuple[Any, ...]) -> tuple[Polynomial, tuple[Note, ...]]:
        if (line, plain) not in self._forms:
            self._forms[line, plain] = self._lowering(plain).with_notes(line)
        return self._forms[line, plain]

    def denominators(self, line: Basic) -> tuple[Node, ...]:
        """What a line divides by. Raises KernelError if that is zero or no coefficient."""
        if line not in self._denominators:
            self._denominators[line] = tuple(denominators(line, self.names, self.algebra))
        return self._denominators[line]

    def taken_for_granted(self, lines: Iterable[Node], reasons: tuple[Any, ...]) -> tuple[SideCondition, ...]:
        """What the rules took for granted when they read these lines, and the cited theorems, under these reasons."""
        plain = _without_idle_rules(reasons)
        theorems = [reason for reason in reasons if _is_theorem(reason)]
        lines = [
            *(multiplied(line, reasons) for line in lines),
            *(side for one in theorems for side in (one.left, one.right)),
        ]
        notes = [note for line in lines for note in self._form(line, plain)[1]]
        if self.rules(plain).moment_across_blocks():
            other = Lowering(replace(self.rules(plain), moments_first=True), self.algebra)
            notes += [note for line in lines for note in other.with_notes(line)[1]]
        of_reasons = noted_conditions(
            self._of_reasons[plain], self.names, self.generators
        )  # a moment is used at other indices
        return (*noted_conditions(notes, self.names, self.generators), *map(for_every_index, of_reasons))

    def side_conditions(self, lines: Iterable[Basic]) -> tuple[SideCondition, ...]:
        """What must not vanish, and how smooth functions must be, for the lines to have a meaning."""
        return side_conditions(lines, self.names, self.algebra)

    def residual(self, old: Node, new: Node, reasons: tuple[Any, ...]) -> Polynomial:
        """old − new under the reasons; empty if and only if the step follows."""
        plain = _without_idle_rules(reasons)
        theorems = [reason for reason in reasons if _is_theorem(reason)]
        for reason in reasons:
            for one in reason.inverses if isinstance(reason, Cancellation) else ():
                self.form(one, plain)  # refused where nothing can be the inverse
        old, new = multiplied(old, reasons), multiplied(new, reasons)
        left = self.algebra.subtract(self.form(old, plain), self.form(new, plain))
        if left and self.rules(plain).moment_across_blocks() and not self._moments_first(old, new, plain):
            return {}
        if left and _has_inverse(left) and not self._from_right(old, new, plain):
            return {}
        for pivot, zero in self._zeros(theorems, plain):
            left = self._reduced(left, pivot, zero)
        if self.generators.meaning:
            left = {one: value for one, value in left.items() if not self.algebra.elementary.is_zero(value)}
        return left

    def _moments_first(self, old: Node, new: Node, plain: tuple[Any, ...]) -> Polynomial:
        """The residual where moments of whole products go before independence: E[xy] = c and x ⟂ y cited at once."""
        lowering = Lowering(replace(self.rules(plain), moments_first=True), self.algebra)
        return self.algebra.subtract(lowering.normal_form(old), lowering.normal_form(new))

    def _from_right(self, old: Node, new: Node, plain: tuple[Any, ...]) -> Polynomial:
        """The residual where the last of two inverses meets what is between them: XᵀXXᵀ in K⁻¹XᵀXXᵀH⁻¹."""
        lowering = Lowering(self.rules(plain), self.algebra, from_right=True)
        return self.algebra.subtract(lowering.normal_form(old), lowering.normal_form(new))

    def _zeros(self, theorems: list[Any], plain: tuple[Any, ...]) -> list[tuple[Any, Polynomial]]:
        """left − right of each cited theorem, in echelon form: each with a monomial that the later ones lack."""
        found: list[tuple[Any, Polynomial]] = []
        for theorem in theorems:
            zero = self.algebra.subtract(self.form(theorem.left, plain), self.form(theorem.right, plain))
            for pivot, earlier in found:
                zero = self._reduced(zero, pivot, earlier)
            if zero:
                numbers = [monomial for monomial, value in zero.items() if value.numer.is_ground]
                found.append((min(numbers or zero), zero))
        return found

    def _reduced(self, polynomial: Polynomial, pivot: Any, zero: Polynomial) -> Polynomial:
        """The polynomial less the multiple of `zero` that removes the monomial `pivot`.

        Unchanged where the multiple would divide by what the declared domains do not keep away from 0.
        """
        if pivot not in polynomial:
            return polynomial
        multiple = self.algebra.times(polynomial[pivot], self.algebra.inverse(zero[pivot]))
        if not is_nonzero(Coefficient(multiple.denom.as_expr())):
            return polynomial
        return self.algebra.subtract(polynomial, self.algebra.scale(zero, multiple))


def _has_inverse(polynomial: Polynomial) -> bool:
    return any(factor.head.kind == INVERSE for _, factors in polynomial for factor in factors)


def _is_theorem(reason: Any) -> bool:
    return not isinstance(reason, (*ASSUMPTIONS, *RULES))


def _without_idle_rules(reasons: tuple[Any, ...]) -> tuple[Any, ...]:
    """The reasons that a normal form depends on: no theorems, algebra or cancelled factors; linearity once."""
    linear = any(isinstance(reason, (Independence, Moment)) for reason in reasons)
    idle = (Rearrangement, Cancellation, Linearity) if linear else (Rearrangement, Cancellation)
    return tuple(reason for reason in reasons if not isinstance(reason, idle) and not _is_theorem(reason))
