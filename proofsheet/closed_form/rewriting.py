"""Lines rewritten as trees: definitions unfolded and folded, noise put at its mean, parts written shorter.

Everything here is a proposal. A line that comes out is judged by the kernel, so that a mistake costs a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sympy import Basic

from proofsheet.closed_form.coefficients import added
from proofsheet.closed_form.factors import Unreadable
from proofsheet.closed_form.products import transposed
from proofsheet.closed_form.read_back import Reader
from proofsheet.kernel.normal_form import KernelError, Polynomial
from proofsheet.kernel.reasons import Definition, Differentiation, FunctionLemma, Linearity
from proofsheet.kernel.setting import Setting
from proofsheet.notation.expectations import Expectation
from proofsheet.notation.functions import Applied, Derivative
from proofsheet.notation.scope import free_indices, random_variables
from proofsheet.notation.text import signed_terms
from proofsheet.notation.tree import (
    Coefficient,
    Dimension,
    Element,
    IndexedSum,
    KroneckerDelta,
    Member,
    Node,
    Number,
    Parameter,
    Plus,
    Transpose,
)
from proofsheet.notation.variables import Defined, Filled, Identity, Variable

LEAVES = (Variable, Defined, Identity, Filled, Number, Coefficient, Dimension, Parameter, KroneckerDelta)


class Rewriter:
    """Rewrites the lines of one setting."""

    def __init__(self, setting: Setting, reader: Reader) -> None:
        self._setting = setting
        self._reader = reader

    def tidied(self, line: Node) -> Node:
        """The line with each part in the shorter of two forms, as it stands or multiplied out; equal by linearity."""
        if isinstance(line, LEAVES):
            return line
        if isinstance(line, Expectation) and not random_variables(line.args[0]):
            return self.tidied(line.args[0])
        parts = rebuilt(line, self.tidied)
        if isinstance(parts, Transpose):
            return transposed(parts.args[0])
        if isinstance(parts, Plus):
            parts = self._without_zeros(parts)
        again = self._read(self._form(parts, ()), parts, gather=False)
        return parts if again is None else min(parts, again, key=lambda one: len(str(one)))

    def _without_zeros(self, line: Plus) -> Node:
        terms = [(negative, term) for negative, term in signed_terms(line) if self._form(term, ())]
        return added(terms) if terms else Number(0) if line.is_scalar else Filled(Number(0), *line.shape)

    def _form(self, line: Node, reasons: tuple[Any, ...]) -> Polynomial | None:
        """The normal form; None for a line that the kernel has no meaning for."""
        try:
            return self._setting.form(line, reasons)
        except KernelError:
            return None

    def _read(self, form: Polynomial | None, like: Node, *, gather: bool = True) -> Node | None:
        try:
            return None if form is None else self._reader.line(form, like.shape, gather=gather)
        except Unreadable:
            return None

    # ---- derivatives and lemmas ------------------------------------------------------------------------------

    def differentiated(self, line: Node) -> Node:
        """The line with each derivative in it worked out where it stands."""
        if isinstance(line, Derivative):
            found = self._read(self._form(line, (Differentiation(),)), line)
            return line if found is None else found
        return line if isinstance(line, LEAVES) else rebuilt(line, self.differentiated)

    def by_lemmas(self, line: Node, lemmas: Iterable[FunctionLemma]) -> Node:
        """The line with functions of scalars replaced by what the lemmas say that they are, each lemma used once."""
        for one in lemmas:
            line = _by_lemma(line, one)
        return line

    # ---- definitions ------------------------------------------------------------------------------------------

    def unfolded(self, line: Node, chosen: Callable[[Defined], bool]) -> Node:
        """The line with the chosen definitions, and those in their right sides, replaced by what they stand for."""
        if isinstance(line, (Element, Member)) and isinstance(line.args[0], Defined) and chosen(line.args[0]):
            entry = self._entry_of(line)
            if entry is not None:
                return self.unfolded(entry, chosen)
        if isinstance(line, Defined) and chosen(line):
            meaning = line.meaning if line.entry is None else self._read(self._form(line, (Definition(),)), line)
            return line if meaning is None else self.unfolded(meaning, chosen)
        return line if isinstance(line, LEAVES) else rebuilt(line, lambda part: self.unfolded(part, chosen))

    def _entry_of(self, line: Node) -> Node | None:
        """ε_j as the right side of ε_i := … with j for i; None where a sum inside would capture j."""
        defined, *indices = line.args
        if defined.entry is None or len(indices) != 1:
            return None
        if any(indices[0] in sum_.bound for sum_ in defined.body.atoms(IndexedSum)):
            return None
        return defined.body.xreplace({defined.entry: indices[0]})

    def solved(self, line: Node, symbol: Defined) -> Iterator[Node]:
        """The line in terms of a defined symbol: with ε_i := ŷ_i − y, each ŷ_i becomes ε_i + y."""
        meaning, itself = self._form(symbol, (Definition(),)), self._form(symbol, ())
        if meaning is None or itself is None or len(symbol.values) > 0:
            return
        for variable in sorted(line.atoms(Variable) & symbol.meaning.atoms(Variable), key=lambda one: one.name):
            if variable.shape != symbol.shape:
                continue
            ((monomial, _),) = self._setting.form(variable, ()).items()
            algebra = self._setting.algebra
            rest = {other: value for other, value in meaning.items() if other != monomial}
            name = variable.name
            if monomial not in meaning or any(factor.head.name == name for _, factors in rest for factor in factors):
                continue
            value = algebra.scale(algebra.subtract(itself, rest), algebra.inverse(meaning[monomial]))
            replacement = self._read(value, variable)
            if replacement is not None:
                yield self.tidied(replaced(line, {variable: replacement}))

    def folded(self, line: Node, old: Node, new: Node) -> Node:
        """The line with every part that means `old` written as `new`."""
        if line == new or isinstance(line, LEAVES):
            return line
        alike = line.shape == old.shape and (isinstance(old, Plus) or not isinstance(line, Plus))
        if alike and not free_indices(line):
            reasons = (Linearity(), Definition())
            form = self._form(line, reasons)
            if form is not None and form == self._form(old, reasons):
                return new
        return rebuilt(line, lambda part: self.folded(part, old, new))


def _by_lemma(line: Node, fact: FunctionLemma) -> Node:
    if isinstance(line, LEAVES):
        return line
    parts: Node = rebuilt(line, lambda part: _by_lemma(part, fact))
    if isinstance(parts, Applied) and is_left_of(fact, parts) and parts.is_scalar:
        return replaced(fact.right, {fact.variable: parts.arguments[0]})
    return parts


def is_left_of(fact: FunctionLemma, line: Node) -> bool:
    """Whether a lemma says what this function, or derivative of one, is."""
    return isinstance(line, Applied) and (line.function, line.orders) == (fact.left.function, fact.left.orders)


def replaced(line: Node, values: Mapping[Node, Node]) -> Node:
    """The line with variables replaced outside the right sides of definitions."""
    if line in values:
        return values[line]
    return line if isinstance(line, LEAVES) else rebuilt(line, lambda part: replaced(part, values))


def rebuilt(line: Node, change: Callable[[Node], Node]) -> Any:
    """The line with its parts changed."""
    parts = [change(part) if isinstance(part, Node) else part for part in line.args]
    return line if all(one is other for one, other in zip(parts, line.args, strict=True)) else line.func(*parts)


def parts_of_kind(line: Basic, *kinds: type[Node]) -> Iterator[Node]:
    """The parts of some kinds in a line and in what its definitions stand for, as often as they occur."""
    if isinstance(line, kinds):
        yield line
    parts: Iterable[Basic] = (line.meaning,) if isinstance(line, Defined) else line.args
    for part in parts:
        yield from parts_of_kind(part, *kinds)
