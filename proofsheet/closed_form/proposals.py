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
from proofsheet.closed_form.folding import Folder
from proofsheet.closed_form.read_back import Reader, Unreadable
from proofsheet.closed_form.rewriting import Rewriter, parts_of_kind, replaced
from proofsheet.kernel.normal_form import KernelError, Polynomial
from proofsheet.kernel.rules import Definition, Independence, Linearity, Moment
from proofsheet.kernel.setting import Setting
from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.functions import Applied, Derivative, Diagonal
from proofsheet.notation.scope import random_variables
from proofsheet.notation.text import signed_terms
from proofsheet.notation.tree import Element, Member, Node
from proofsheet.notation.variables import Defined, RandomVariable

MOST_NOISES = 4  # every set of them is tried up to here, beyond only single ones and all

Measure = tuple[int, int, int, int, int]
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
        self._assumptions = tuple(one for one in given if not isinstance(one, (Theorem, Defined)))
        moments = [one for one in self._assumptions if isinstance(one, Moment)]
        self._moments_of = {symbol for one in moments for symbol in one.left.atoms(Defined)}
        self._spoken_of = frozenset().union(*(_random_inside(one.left) for one in moments))
        self._means = tuple(one for one in moments if _is_mean(one))
        self._blocks = [one.blocks for one in self._assumptions if isinstance(one, Independence)]

    def ranked(self) -> list[Proposal]:
        """All candidates, the one that reads best first."""
        found: dict[tuple[Node, ...], Proposal] = {}
        for moves in self._bases():
            try:
                for proposal in self._from(moves, moves[-1][0] if moves else self._line):
                    found.setdefault(tuple(line for line, _ in proposal.moves), proposal)
            except KernelError:
                continue  # the line itself has a normal form, one in other words may be too long
        return sorted(found.values(), key=lambda proposal: (self.measure(proposal.closed_form), len(proposal.moves)))

    def measure(self, line: Node) -> Measure:
        """What is left to do, then how long it is; smaller reads better. Five numbers, compared one after the other:

        derivatives, and functions of what the moments speak of; expectations that independence would split;
        expectations that the moments speak of; terms; letters.
        """
        inside = [_random_inside(node) for node in parts_of_kind(line, Expectation, Variance, Covariance)]
        functions = [random_variables(node) for node in parts_of_kind(line, Applied)]
        return (
            sum(1 for _ in parts_of_kind(line, Derivative)) + sum(bool(names & self._spoken_of) for names in functions),
            sum(any(_blocks_touched(blocks, names) > 1 for blocks in self._blocks) for names in inside),
            sum(bool(names & self._spoken_of) for names in inside),
            len(signed_terms(line)),
            len(str(line)),
        )

    # ---- where to start from ----------------------------------------------------------------------------------

    def _bases(self) -> Iterator[tuple[Move, ...]]:
        """The line itself; with theorems used, definitions unfolded, or in terms of the symbols that moments speak of."""
        yield ()
        by_definition = (Definition(), Linearity())
        for theorem in self._theorems:
            rewritten = self._rewriter.folded(self._line, theorem.left, theorem.right)
            if rewritten != self._line:
                yield ((rewritten, (theorem, Linearity())),)
        found = [self._line]
        found.append(self._rewriter.unfolded(self._line, lambda symbol: bool(random_variables(symbol))))
        found.append(self._rewriter.unfolded(self._line, lambda symbol: True))
        for line in list(dict.fromkeys(found)):
            if line != self._line:
                yield ((line, by_definition),)
            for symbol in sorted(self._moments_of - line.atoms(Defined), key=lambda one: one.name):
                for solved in self._rewriter.solved(line, symbol):
                    yield ((solved, by_definition),)

    # ---- closed forms of one line -----------------------------------------------------------------------------

    def _from(self, moves: tuple[Move, ...], line: Node) -> Iterator[Proposal]:
        for reasons in self._reasons(line):
            form = self._setting.form(line, reasons)
            yield from self._finished(moves, (self._rewriter.tidied(line), reasons))
            for kept in ([], *self._templates(line, reasons)):
                try:
                    last = self._with_remainder(kept, form, line, reasons)
                    yield from self._finished(moves, last, self._halfway(kept, line, last))
                except Unreadable:
                    continue

    def _finished(self, moves: tuple[Move, ...], last: Move, halfway: Move | None = None) -> Iterator[Proposal]:
        """The proposal, with and without the given definitions written in."""
        yield Proposal((*moves, last), halfway, len(moves))
        folded = last[0]
        for symbol in self._definitions:
            folded = self._rewriter.folded(folded, symbol.meaning, symbol) if symbol.entry is None else folded
            folded = self._folder.line(folded, symbol)
        if folded != last[0]:
            yield Proposal((*moves, last, (folded, (Definition(), Linearity()))), halfway, len(moves))

    def _with_remainder(
        self, kept: list[SignedTerm], form: Polynomial, line: Node, reasons: tuple[Any, ...], *, gather: bool = True
    ) -> Move:
        """The kept terms, and what `form` has besides them read back."""
        for negative, term in kept:
            part = self._setting.form(term, reasons)
            form = self._setting.algebra.add(form, part) if negative else self._setting.algebra.subtract(form, part)
        rest = signed_terms(self._reader.line(form, line.shape, gather=gather)) if form or not kept else []
        return added([*kept, *rest]), reasons

    def _halfway(self, kept: list[SignedTerm], line: Node, last: Move) -> Move | None:
        """A line before the closed form: what independence gives, beside kept terms also the means of the noise.

        None if it is much longer than the closed form.
        """
        moments = self._means if kept else ()
        if all(one in moments for one in last[1] if isinstance(one, Moment)):
            return None
        reasons = tuple(one for one in last[1] if not isinstance(one, Moment) or one in moments)
        move = self._with_remainder(kept, self._setting.form(line, reasons), line, reasons, gather=bool(kept))
        terms, most = len(signed_terms(move[0])), len(signed_terms(last[0]))
        return move if terms <= most and len(str(move[0])) <= 2 * len(str(last[0])) else None

    def _reasons(self, line: Node) -> Iterator[tuple[Any, ...]]:
        """The assumptions, and for Var and Cov their definition; it would hide defined symbols from the moments."""
        yield (*self._assumptions, Linearity())
        if line.has(Variance, Covariance):
            yield (*self._assumptions, Linearity(), Definition())

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
            mean = self._setting.form(Expectation(variable), (*self._assumptions, Linearity()))
            if not any(factor.bodies for _, factors in mean for factor in factors):
                means[variable] = self._reader.line(mean, variable.shape)
        sizes = range(1, len(means) + 1) if len(means) <= MOST_NOISES else {1, len(means)}
        for size in sizes:
            for chosen in combinations(means, size):
                yield {variable: means[variable] for variable in chosen}


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
