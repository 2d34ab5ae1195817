"""Functions of noisy arguments, expanded about the argument at the mean of the noise: A(u) = A(ū) + A′(ū) Δ + … + ρ.

The increment Δ = u − ū is written as a given symbol that stands for it, as (x̃ᵢ − xᵢ)ᵀβ, or multiplied out, whichever is
the first to mean it. Like everything here a proposal; the kernel judges the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import factorial
from typing import NamedTuple

from sympy import Integer, Tuple

from proofsheet.closed_form.coefficients import SignedTerm, added
from proofsheet.closed_form.joints import holds
from proofsheet.closed_form.read_back import Reader
from proofsheet.closed_form.rewriting import LEAVES, Rewriter, rebuilt, replaced
from proofsheet.kernel.normal_form import Polynomial
from proofsheet.kernel.reasons import Definition, Differentiation, Linearity, Taylor
from proofsheet.kernel.setting import Setting
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.functions import Applied, Function, Remainder
from proofsheet.notation.scope import free_indices, random_variables
from proofsheet.notation.text import signed_terms
from proofsheet.notation.tree import Element, Member, Node, Number, Plus, Power, Product, Quotient
from proofsheet.notation.variables import Defined, RandomVariable

Values = dict[Node, Node]  # of random variables and symbols: their means


class Expansion(NamedTuple):
    """Where a function is expanded, and what its argument differs by from there."""

    point: Node
    increment: Node


class Expander:
    """Expands the functions of which a Taylor polynomial is given; `mean` is that of a symbol, None if it is not known."""

    def __init__(
        self,
        setting: Setting,
        reader: Reader,
        rewriter: Rewriter,
        taylors: Iterable[Taylor],
        symbols: Iterable[Defined],
        mean: Callable[[Node], Node | None],
    ) -> None:
        self._setting, self._reader, self._rewriter = setting, reader, rewriter
        self._degrees: dict[Function, int] = {one.function: one.degree for one in taylors}
        self._symbols = list(symbols)
        self._mean = mean
        self._found: dict[Node, Expansion | None] = {}

    def line(self, line: Node) -> Node:
        """The line with every such function of a random argument expanded; the line itself if there is none."""
        if isinstance(line, LEAVES):
            return line
        if isinstance(line, Applied) and line.function in self._degrees and not line.orders and line.is_scalar:
            expansion = self._expansion(line.arguments[0])
            return line if expansion is None else self._polynomial(line.function, expansion)
        return rebuilt(line, self.line)

    def remainders(self, expanded: Node) -> list[SignedTerm]:
        """The terms of an expanded line that hold a remainder."""
        form = self._setting.form(expanded, (Linearity(), Differentiation()))
        errors = {
            monomial: value
            for monomial, value in form.items()
            if any(holds(factor, "remainder") for factor in monomial[1])
        }
        return signed_terms(self._as_expanded(self._reader.line(errors, expanded.shape, gather=False)))

    def _as_expanded(self, line: Node) -> Node:
        """The line with increments written as they were chosen, not multiplied out."""
        if isinstance(line, Remainder):
            for expansion in self._found.values():
                if expansion is not None and all(map(self._same, expansion, (line.point, line.increment))):
                    return Remainder(line.function, Number(line.order), *expansion)
        return line if isinstance(line, LEAVES) else rebuilt(line, self._as_expanded)

    def _polynomial(self, function: Function, expansion: Expansion) -> Node:
        degree, (point, increment) = self._degrees[function], expansion
        terms = [_term(function, order, point, increment) for order in range(degree + 1)]
        return Plus(*terms, Remainder(function, Number(degree + 1), point, increment))

    # ---- the point and the increment --------------------------------------------------------------------------

    def _expansion(self, argument: Node) -> Expansion | None:
        """None for an argument that is not random, or of whose noise no mean is known."""
        if argument not in self._found:
            self._found[argument] = self._expanded(argument) if random_variables(argument) else None
        return self._found[argument]

    def _expanded(self, argument: Node) -> Expansion | None:
        means = {node: self._mean(node) for node in _visible(argument)}
        values = {node: mean for node, mean in means.items() if mean is not None}
        if not values:
            return next(self._about_symbols(argument), None)
        point = self._rewriter.tidied(replaced(argument, values))
        if self._same(argument, point):
            return None
        return Expansion(point, self._increment(argument, point, values))

    def _about_symbols(self, argument: Node) -> Iterator[Expansion]:
        """u = ū + Δ for a given symbol Δ that holds all that is random in u."""
        for increment in self._increments(argument):
            point = self._difference(argument, increment, Definition())
            if not any(factor.head.random for _, factors in point for factor in factors):
                yield Expansion(self._reader.line(point), increment)

    def _increment(self, argument: Node, point: Node, values: Values) -> Node:
        """argument − point: as a symbol, else the shorter of the noise less its mean in place and multiplied out."""
        unfolded = self._difference(argument, point, Definition())
        for symbol in self._increments(argument):
            if self._setting.form(symbol, (Definition(),)) == unfolded:
                return symbol
        difference = self._difference(argument, point)
        noisy = [(negative, term) for negative, term in signed_terms(argument) if values.keys() & set(_visible(term))]
        ways = [
            added((negative, self._centred(term, values)) for negative, term in noisy),
            self._reader.line(difference),
        ]
        return min((way for way in ways if self._setting.form(way, ()) == difference), key=lambda way: len(str(way)))

    def _increments(self, argument: Node) -> Iterator[Node]:
        """The given scalars and entries that may be what the argument differs by: Δ, Δᵢ."""
        for symbol in self._symbols:
            if symbol.is_scalar:
                yield symbol
            elif symbol.entry is not None and not symbol.is_family:
                for index in sorted(free_indices(argument), key=str):
                    if index.dimension == symbol.entry.dimension:
                        yield Element(symbol, index)

    def _centred(self, line: Node, values: Values) -> Node:
        """The line with each noise less its mean in its place: (x̃ᵢ − xᵢ)ᵀβ."""
        if line in values or (isinstance(line, (Element, Member)) and line.args[0] in values):
            mean = self._rewriter.tidied(replaced(line, values))
            return line - mean if self._setting.form(mean, ()) else line
        return line if isinstance(line, LEAVES) else rebuilt(line, lambda part: self._centred(part, values))

    def _difference(self, left: Node, right: Node, *reasons: Definition) -> Polynomial:
        forms = (self._setting.form(side, reasons) for side in (left, right))
        return self._setting.algebra.subtract(*forms)

    def _same(self, left: Node, right: Node) -> bool:
        return not self._difference(left, right)


def _visible(line: Node) -> Iterator[Node]:
    """The random variables and symbols in a line that no expectation binds, without what definitions stand for."""
    if isinstance(line, (RandomVariable, Defined)):
        if random_variables(line):
            yield line
    elif not isinstance(line, (*LEAVES, Expectation, Variance, Covariance)):
        for part in line.args:
            if isinstance(part, Node):
                yield from _visible(part)


def _term(function: Function, order: int, point: Node, increment: Node) -> Node:
    """A⁽ᵏ⁾(ū) Δᵏ/k!"""
    slope = Applied(function, Tuple(*[Integer(0)] * order), point)
    if order < 2:
        return Product(slope, increment) if order else slope
    return Quotient(Product(slope, Power(increment, Number(order))), Number(factorial(order)))
