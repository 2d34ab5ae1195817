"""Which closed form reads well? Candidates, and a measure that ranks them.

The form that reads well is the expression at the mean of the noise, plus a remainder in vector notation: expanding
everything would tear E[(xᵀw − y)²] apart. So the candidates are the expression with each set of random variables of
known mean put at that mean, plus what is left; the expression with nothing put anywhere; and plain expansion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from proofsheet.closed_form.coefficients import SignedTerm, added
from proofsheet.closed_form.expansion import Expander
from proofsheet.closed_form.factors import Unreadable
from proofsheet.closed_form.folding import Folder
from proofsheet.closed_form.read_back import Reader
from proofsheet.closed_form.rewriting import Rewriter, is_left_of, parts_of_kind, replaced
from proofsheet.kernel.normal_form import KernelError, Polynomial
from proofsheet.kernel.reasons import (
    Definition,
    Differentiation,
    FunctionLemma,
    Independence,
    Linearity,
    Moment,
    Taylor,
)
from proofsheet.kernel.setting import Setting
from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.functions import Applied, Derivative, Diagonal, Remainder
from proofsheet.notation.scope import random_variables
from proofsheet.notation.text import signed_terms
from proofsheet.notation.tree import Element, Member, Node
from proofsheet.notation.variables import Defined, RandomVariable

MOST_NOISES = 4  # every set of them is tried up to here, beyond only single ones and all

Measure = tuple[int, ...]
Move = tuple[Node, tuple[Any, ...]]  # a line, and what it may follow by from the line before


@dataclass(frozen=True)
class Proposal:
    """Lines that lead to a closed form, each with more reasons than it may need."""

    moves: tuple[Move, ...]
    halfway: Move | None = None  # a line to show before the one at `place`, if the kernel takes it
    place: int = 0

    @property
    def closed_form(self) -> Node:
        return self.moves[-1][0]

    @property
    def ways(self) -> list[tuple[Move, ...]]:
        """The moves with the line halfway, and without."""
        if self.halfway is None:
            return [self.moves]
        return [(*self.moves[: self.place], self.halfway, *self.moves[self.place :]), self.moves]


@dataclass(frozen=True)
class Base:
    """A line to start from, and the moves that lead to it.

    `templates` is the line that says which terms to keep together. Where functions are expanded in it, `errors` are the
    terms with remainders, which stay as they are and come last.
    """

    line: Node
    moves: tuple[Move, ...]
    templates: Node
    errors: tuple[SignedTerm, ...] = ()


class Proposals:
    """The candidates for one line under what is given: assumptions and further rules, theorems, definitions."""

    def __init__(self, line: Node, setting: Setting, given: tuple[Any, ...]) -> None:
        self._line = line
        self._setting = setting
        self._reader = Reader(setting)
        self._rewriter = Rewriter(setting, self._reader)
        self._folder = Folder(setting, self._reader)
        self._theorems = [reason for reason in given if isinstance(reason, Theorem)]
        self._definitions = _with_diagonals(one for one in given if isinstance(one, Defined))
        self._taylors = tuple(one for one in given if isinstance(one, Taylor))
        self._lemmas = tuple(one for one in given if isinstance(one, FunctionLemma))
        self._assumptions = tuple(
            one for one in given if not isinstance(one, (Theorem, Defined, Taylor, FunctionLemma))
        )
        moments = [one for one in self._assumptions if isinstance(one, Moment)]
        self._moments_of = {symbol for one in moments for symbol in one.left.atoms(Defined)}
        self._spoken_of = frozenset().union(*(_random_inside(one.left) for one in moments))
        self._means = tuple(one for one in moments if _is_mean(one))
        self._blocks = [one.blocks for one in self._assumptions if isinstance(one, Independence)]
        symbols = dict.fromkeys([*self._definitions, *sorted(self._moments_of, key=str)])
        self._expander = Expander(setting, self._reader, self._rewriter, self._taylors, symbols, self._mean)

    def ranked(self) -> list[Proposal]:
        """All candidates, the one that reads best first."""
        found: dict[tuple[Node, ...], Proposal] = {}
        for base in self._bases():
            for reasons in self._reasons(base):
                try:
                    for proposal in self._from(base, reasons):
                        found.setdefault(tuple(line for line, _ in proposal.moves), proposal)
                except (KernelError, Unreadable):
                    continue  # the line itself has a normal form; one in other words may be too long, or have no words
        return sorted(found.values(), key=lambda proposal: (self.measure(proposal.closed_form), len(proposal.moves)))

    def measure(self, line: Node) -> Measure:
        """What is left to do, then how long it is; smaller reads better. Numbers that are compared one after the other:

        derivatives; functions of what the moments speak of or that a lemma is about; expectations that independence
        would split; how often they hold what the moments speak of; terms; given symbols that are missing; letters.
        """
        operators = [*parts_of_kind(line, Expectation, Variance, Covariance)]
        inside = [_random_inside(node) for node in operators]
        functions = [
            bool(random_variables(node) & self._spoken_of) + any(is_left_of(one, node) for one in self._lemmas)
            for node in parts_of_kind(line, Applied)
        ]
        return (
            sum(1 for _ in parts_of_kind(line, Derivative)),
            sum(functions),
            sum(any(_blocks_touched(blocks, names) > 1 for blocks in self._blocks) for names in inside),
            sum(
                1
                for node in operators
                for variable in parts_of_kind(node, RandomVariable)
                if variable in self._spoken_of
            ),
            len(signed_terms(line)),
            sum(not line.has(symbol) for symbol in self._definitions),
            len(str(line)),
        )

    # ---- where to start from ----------------------------------------------------------------------------------

    def _bases(self) -> Iterator[Base]:
        """The lines to start from, and these with functions expanded."""
        for moves in self._rewritings():
            line = moves[-1][0] if moves else self._line
            yield Base(line, moves, line)
            try:
                expanded = self._expander.line(line)
                if expanded != line:
                    move = expanded, (*self._taylors, Definition())
                    yield Base(expanded, (*moves, move), line, tuple(self._expander.remainders(expanded)))
            except (KernelError, Unreadable):
                continue

    def _rewritings(self) -> Iterator[tuple[Move, ...]]:
        """The line itself; with theorems used, definitions unfolded, or in terms of the symbols that moments speak of."""
        yield ()
        by_definition = (Definition(), Linearity())
        for theorem in self._theorems:
            rewritten = self._rewriter.folded(self._line, theorem.left, theorem.right)
            if rewritten != self._line:
                yield ((rewritten, (theorem, Linearity())),)
        found = [self._line]
        found.append(self._rewriter.unfolded(self._line, lambda symbol: bool(random_variables(symbol))))
        found.append(self._rewriter.unfolded(self._line, lambda symbol: not random_variables(symbol)))
        found.append(self._rewriter.unfolded(self._line, lambda symbol: True))
        for line in list(dict.fromkeys(found)):
            if line != self._line:
                yield ((line, by_definition),)
            for symbol in sorted(self._moments_of - line.atoms(Defined), key=lambda one: one.name):
                for solved in self._rewriter.solved(line, symbol):
                    yield ((solved, by_definition),)

    def _reasons(self, base: Base) -> Iterator[tuple[Any, ...]]:
        """What the last line may follow by: assumptions, differentiation if there is a derivative, lemmas.

        Definitions as well for Var and Cov, and for the symbols in an increment; they would hide defined symbols from the
        moments.
        """
        plain = (*self._assumptions, Linearity())
        plain += (Differentiation(),) if base.line.has(Derivative) else ()
        opened = (
            base.line.has(Variance, Covariance) or (base.errors and base.line.has(Defined)) or self._totals(base.line)
        )
        for reasons in (plain, *([(*plain, Definition())] if opened else [])):
            yield reasons
            if self._lemmas:
                yield (*reasons, *self._lemmas)
            if self._line.has(Remainder) and not base.errors and self._taylors:
                yield (*reasons, *self._lemmas, *self._taylors)

    # ---- closed forms of one line -----------------------------------------------------------------------------

    def _from(self, base: Base, reasons: tuple[Any, ...]) -> Iterator[Proposal]:
        line, moves = base.line, base.moves
        form = self._setting.form(line, reasons)
        if not base.errors:
            yield from self._finished(moves, (self._rewriter.tidied(line), reasons))
        for kept in self._kept(base, reasons):
            try:
                last = self._with_remainder(kept, form, line, reasons, errors=base.errors)
                yield from self._finished(moves, last, self._halfway(kept, base, last))
            except Unreadable:
                continue

    def _kept(self, base: Base, reasons: tuple[Any, ...]) -> Iterator[list[SignedTerm]]:
        """What may stay as it is beside what is multiplied out: nothing, terms at the mean of a noise, a given symbol."""
        symbols = [one for one in self._totals(base.line) if Definition() in reasons]
        for kept in ([], *self._templates(base.templates, reasons)):
            yield kept
            yield from ([*kept, (False, symbol)] for symbol in symbols)

    def _totals(self, line: Node) -> list[Defined]:
        """The given symbols that may be a term of the line, and that it does not speak of."""
        return [one for one in self._definitions if one.entry is None and one.shape == line.shape and not line.has(one)]

    def _finished(self, moves: tuple[Move, ...], last: Move, halfway: Move | None = None) -> Iterator[Proposal]:
        """The proposal, with and without the given lemmas used and the given definitions written in."""
        yield Proposal((*moves, last), halfway, len(moves))
        for line, reasons in ((last[0], ()), (self._rewriter.by_lemmas(last[0], self._lemmas), self._lemmas)):
            before = (*moves, last) if line == last[0] else (*moves, last, (line, reasons))
            if line != last[0]:
                yield Proposal(before, halfway, len(moves))
            folded = self._with_symbols(line)
            if folded != line:
                yield Proposal((*before, (folded, (Definition(), Linearity()))), halfway, len(moves))

    def _with_symbols(self, line: Node) -> Node:
        for symbol in self._definitions:
            line = self._rewriter.folded(line, symbol.meaning, symbol) if symbol.entry is None else line
            line = self._folder.line(line, symbol)
        return line

    def _with_remainder(
        self,
        kept: list[SignedTerm],
        form: Polynomial,
        line: Node,
        reasons: tuple[Any, ...],
        *,
        gather: bool = True,
        errors: tuple[SignedTerm, ...] = (),
    ) -> Move:
        """The kept terms, what `form` has besides them and the errors read back, and the errors."""
        for negative, term in (*kept, *errors):
            part = self._setting.form(term, reasons)
            form = self._setting.algebra.add(form, part) if negative else self._setting.algebra.subtract(form, part)
        rest = signed_terms(self._reader.line(form, line.shape, gather=gather)) if form or not (kept or errors) else []
        return added([*kept, *rest, *errors]), reasons

    def _halfway(self, kept: list[SignedTerm], base: Base, last: Move) -> Move | None:
        """A line before the closed form: what independence gives, beside kept terms also the means of the noise.

        With derivatives it is the line with these worked out. None if it is much longer than the closed form.
        """
        line = base.line
        if not kept and (worked_out := self._rewriter.differentiated(line)) != line:
            return worked_out, (Differentiation(), Linearity())
        moments = self._means if kept else ()
        if all(one in moments for one in last[1] if isinstance(one, Moment)):
            return None
        reasons = tuple(one for one in last[1] if not isinstance(one, Moment) or one in moments)
        form = self._setting.form(line, reasons)
        move = self._with_remainder(kept, form, line, reasons, gather=bool(kept), errors=base.errors)
        terms, most = len(signed_terms(move[0])), len(signed_terms(last[0]))
        return move if terms <= most and len(str(move[0])) <= 2 * len(str(last[0])) else None

    def _templates(self, line: Node, reasons: tuple[Any, ...]) -> Iterator[list[SignedTerm]]:
        """The line at the mean of each set of noises: the terms that say in one what would else be several."""
        for values in self._sets_of_means(line):
            at_mean = self._rewriter.tidied(replaced(line, values))
            yield [
                (negative, term)
                for negative, term in signed_terms(at_mean)
                if len(signed_terms(self._reader.line(self._setting.form(term, reasons), term.shape))) > 1
            ]

    def _sets_of_means(self, line: Node) -> Iterator[dict[Node, Node]]:
        """Sets of random variables of known mean, each with its mean."""
        means: dict[Node, Node] = {}
        for variable in sorted(line.atoms(RandomVariable) | self._moments_of & line.atoms(Defined), key=str):
            mean = self._mean_by((*self._assumptions, Linearity()), variable)
            if mean is not None:
                means[variable] = mean
        sizes = range(1, len(means) + 1) if len(means) <= MOST_NOISES else {1, len(means)}
        for size in sizes:
            for chosen in combinations(means, size):
                yield {variable: means[variable] for variable in chosen}

    def _mean(self, symbol: Node) -> Node | None:
        """The mean of a random variable, or of a symbol by itself or by its definition; None if it is not known."""
        plain = (*self._assumptions, Linearity())
        by_itself = self._mean_by(plain, symbol)
        return by_itself if by_itself is not None else self._mean_by((*plain, Definition()), symbol)

    def _mean_by(self, reasons: tuple[Any, ...], symbol: Node) -> Node | None:
        mean = self._setting.form(Expectation(symbol), reasons)
        if any(factor.bodies for _, factors in mean for factor in factors):
            return None
        return self._reader.line(mean, symbol.shape)


def _with_diagonals(symbols: Iterable[Defined]) -> list[Defined]:
    """The symbols; before Γ := diag(γ) also γ, through which it is found."""
    found: dict[Defined, None] = {}
    for symbol in symbols:
        column = symbol.body.args[0] if isinstance(symbol.body, Diagonal) else None
        found |= dict.fromkeys([*([column] if isinstance(column, Defined) else []), symbol])
    return sorted(found, key=lambda symbol: isinstance(symbol.body, Diagonal))


def _random_inside(operator: Node) -> frozenset[RandomVariable]:
    """The random variables that an E, Var or Cov binds."""
    return frozenset().union(*(random_variables(part) for part in operator.args))


def _blocks_touched(blocks: Any, names: frozenset[RandomVariable]) -> int:
    return sum(bool(names.intersection(block)) for block in blocks)


def _is_mean(assumption: Moment) -> bool:
    """Whether a moment says what the mean of one variable, or of its entries, is."""
    inner = assumption.left.args[0]
    whole = inner.args[0] if isinstance(inner, (Element, Member)) else inner
    return isinstance(assumption.left, Expectation) and isinstance(whole, (RandomVariable, Defined))
