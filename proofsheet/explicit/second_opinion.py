"""SymPy's opinion on a step: both lines in explicit components, at two choices of sizes, under what the step cites.

It shares no code with the kernel and never overrules it. Linearity of E and the passing of derivatives under E are part
of the arithmetic here; independence, moments, distinct indices, theorems and exponential families must be cited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sympy import Expr

from proofsheet.errors import NotationError
from proofsheet.explicit.components import DividesByZero, Family, Positions, Reader
from proofsheet.explicit.differences import NONZERO, UNDECIDED, ZERO, verdict_on
from proofsheet.explicit.functions import opaque
from proofsheet.explicit.lines import dimension_names
from proofsheet.explicit.means import Law, Unreadable
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.functions import Applied, Derivative, Remainder
from proofsheet.notation.indices import Distinct, Index
from proofsheet.notation.matrices import Inverse
from proofsheet.notation.scope import defined_symbols, free_indices
from proofsheet.notation.tree import Node
from proofsheet.notation.variables import Defined, RandomVariable

PATTERNS = ((2, 3), (3, 2), (2, 4), (4, 2), (3, 4), (4, 3))  # two sizes for each dimension, in the order of their names
SHIFTS = range(3)  # larger sizes are tried where a line divides by zero
LONGEST = 160
AT_POINT = ", at random rational values"  # of constants and parameters: where an inverse stands in the lines


@dataclass(frozen=True)
class Cited:
    """What a step may use, as plain data.

    blocks      for each cited independence its blocks of random variables
    moments     (left, right, conditions i ≠ j); a right side 0 fits every shape
    theorems    (left, right) of cited theorems
    distinct    pairs of free indices that differ
    families    (statistic T, parameter θ, log-partition function A) of exponential families
    """

    blocks: tuple[tuple[tuple[RandomVariable, ...], ...], ...] = ()
    moments: tuple[tuple[Node, Node, tuple[Distinct, ...]], ...] = ()
    theorems: tuple[tuple[Node, Node], ...] = ()
    distinct: tuple[Distinct, ...] = ()
    families: tuple[Family, ...] = ()


@dataclass(frozen=True)
class Opinion:
    """The verdict on one step: 'difference 0', 'difference nonzero' or 'undecided'.

    `sizes` are the two choices of dimensions (the one choice, where the verdict is that the difference is not 0);
    `difference` is what is left of old − new there, in print; `why` says why nothing was decided.
    """

    verdict: str
    sizes: tuple[Mapping[str, int], ...]
    difference: str = ""
    why: str = ""
    at_point: bool = False  # constants and parameters had random rational values, for an inverse stands in the lines

    def __str__(self) -> str:
        where = AT_POINT if self.at_point else ""
        text = f"{described_sizes(self.sizes)}{where}: {self.verdict}"
        return text + "".join(f": {part}" for part in (self.difference, self.why) if part)


def described_sizes(sizes: Sequence[Mapping[str, int]]) -> str:
    """SymPy, m = 2, 3; for several dimensions SymPy, (m, q) = (2, 3), (3, 2)."""
    names = list(sizes[0]) if sizes else []
    if not names:
        return "SymPy"
    if len(names) == 1:
        return f"SymPy, {names[0]} = {', '.join(str(one[names[0]]) for one in sizes)}"
    values = ", ".join(f"({', '.join(str(one[name]) for name in names)})" for one in sizes)
    return f"SymPy, ({', '.join(names)}) = {values}"


def choices_of_sizes(names: Iterable[str], shift: int = 0) -> tuple[dict[str, int], ...]:
    """Two choices: every dimension has two sizes, and matrices are not square in one of them at least."""
    ordered = sorted(names)
    patterns = [PATTERNS[position % len(PATTERNS)] for position in range(len(ordered))]
    choices = [{name: pair[turn] + shift for name, pair in zip(ordered, patterns, strict=True)} for turn in (0, 1)]
    return tuple(choices) if ordered else ({},)


class SecondOpinion:
    """Opinions on the steps between some lines; each line is read once for each choice of sizes."""

    def __init__(self, lines: Sequence[Node]) -> None:
        self._names = dimension_names(*lines)
        self._points: dict[Any, _Point] = {}

    def on_step(self, old: Node, new: Node, cited: Cited | None = None) -> Opinion:
        """The opinion on old = new under what is cited. Raises nothing: what cannot be read is undecided."""
        facts = cited or Cited()
        names = self._names | dimension_names(old, new, *_nodes_of(facts))
        why = _tied_variable(old, new, facts)
        if why:
            return Opinion(UNDECIDED, choices_of_sizes(names), why=why)
        for shift in SHIFTS:
            sizes = choices_of_sizes(names, shift)
            try:
                return replace(self._at_sizes(old, new, facts, sizes), at_point=_at_point(old, new, facts))
            except DividesByZero as problem:
                why = str(problem)
            except (Unreadable, NotationError) as problem:
                return Opinion(UNDECIDED, sizes, why=str(problem))
            except RecursionError:
                return Opinion(UNDECIDED, sizes, why="the line is nested too deeply")
        return Opinion(UNDECIDED, sizes, why=why)

    def _at_sizes(self, old: Node, new: Node, cited: Cited, sizes: tuple[Mapping[str, int], ...]) -> Opinion:
        if old.shape != new.shape:
            return Opinion(NONZERO, sizes, "the two lines have different shapes")
        undecided = None
        for choice in sizes:
            verdict, left = self._at_choice(old, new, cited, choice)
            if verdict == NONZERO:
                return Opinion(NONZERO, (choice,), shortened(left))
            if verdict == UNDECIDED:
                undecided = undecided or Opinion(UNDECIDED, sizes, shortened(left), _reason(cited))
        return undecided or Opinion(ZERO, sizes)

    def _at_choice(self, old: Node, new: Node, cited: Cited, sizes: Mapping[str, int]) -> tuple[str, Expr]:
        """Defined symbols stand for themselves first; for their meanings where that does not suffice."""
        ways = (False, True) if any(node.has(Defined) for node in (old, new, *_nodes_of(cited))) else (True,)
        found = []
        for unfold in ways:
            point = self._point(sizes, unfold, cited.families, _at_point(old, new, cited))
            found.append(point.compared(old, new, cited))
            if found[-1][0] == ZERO:
                return found[-1]
        verdict, left = found[-1][0], found[0][1]  # the difference reads best in the symbols of the lines
        return (UNDECIDED if cited.theorems else verdict), left

    def _point(self, sizes: Mapping[str, int], unfold: bool, families: tuple[Family, ...], at_point: bool) -> _Point:
        key = (tuple(sizes.items()), unfold, families, at_point)
        if key not in self._points:
            self._points[key] = _Point(Reader(sizes, unfold, families, at_point))
        return self._points[key]


def _at_point(old: Node, new: Node, cited: Cited) -> bool:
    """Whether an inverse stands in the lines, in what is cited, or in a definition."""
    nodes = (old, new, *_nodes_of(cited))
    return any(one.has(Inverse) or any(symbol.meaning.has(Inverse) for symbol in defined_symbols(one)) for one in nodes)


def _tied_variable(old: Node, new: Node, cited: Cited) -> str:
    """Why a derivative of an expectation has no meaning here: its variable is part of what is cited of the law."""
    of_families = {parameter for _, parameter, _ in cited.families}
    for one in {*old.atoms(Derivative), *new.atoms(Derivative)}:
        if one.variable in of_families or not one.body.has(Expectation, Variance, Covariance):
            continue
        for left, right, _ in cited.moments:
            if left.has(one.variable) or right.has(one.variable):
                return f"{left} = {right} ties the law to {one.variable}, by which is differentiated"
    return ""


def _reason(cited: Cited) -> str:
    if cited.theorems:
        return "it is no multiple of the cited theorem's left − right by a factor in the parameters"
    return "SymPy does not bring it to 0, and no point shows that it is not"


def shortened(left: Expr | None) -> str:
    text = str(left)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} ..."


def _nodes_of(cited: Cited) -> list[Node]:
    pairs = [*((left, right) for left, right, _ in cited.moments), *cited.theorems]
    return [node for pair in pairs for node in pair] + [statistic for statistic, _, _ in cited.families]


class _Point:
    """One choice of sizes: its reader, and the equations of cited facts."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._laws: dict[Cited, Law] = {}
        self._equations: dict[Any, list[Expr]] = {}

    def compared(self, old: Node, new: Node, cited: Cited) -> tuple[str, Expr]:
        """The verdict on old − new: nonzero if an entry is, else undecided if one is, else 0."""
        found: tuple[str, Expr] | None = None
        law = None
        for at in self._representatives(free_indices(old) | free_indices(new), cited.distinct):
            for difference in self._differences(old, new, at):
                if difference == 0:
                    continue
                law = law or self._law(cited)
                verdict, left = verdict_on(difference, law, self._reader.symbols, _degree(old, new))
                if verdict == NONZERO:
                    return verdict, left
                if verdict == UNDECIDED and found is None:
                    found = verdict, left
        return found or (ZERO, Expr())

    def _differences(self, old: Node, new: Node, at: Positions) -> Iterator[Expr]:
        """Entry by entry; a scalar 0 on the right fits every shape."""
        left, right = self._reader(old, at), self._reader(new, at)
        for row, entries in enumerate(left):
            for column, entry in enumerate(entries):
                yield entry - (right[row][column] if old.shape == new.shape else right[0][0])

    def _representatives(self, indices: Iterable[Index], distinct: Iterable[Distinct]) -> Iterator[Positions]:
        """Values of free indices, one for each pattern of coincidences: no line singles out an entry."""
        ordered = sorted(indices, key=lambda index: index.name)
        for at in self._reader.all_positions(tuple(ordered)):
            first_seen = all(
                at[index]
                <= 1 + max((at[one] for one in ordered[:place] if one.dimension == index.dimension), default=-1)
                for place, index in enumerate(ordered)
            )
            if first_seen and _allowed(at, distinct):
                yield at

    def _law(self, cited: Cited) -> Law:
        if cited not in self._laws:
            symbols = self._reader.symbols
            blocks = [[frozenset(one.name for one in block) for block in blocks] for blocks in cited.blocks]
            equations = [zero for fact in (*cited.moments, *cited.theorems) for zero in self._zeros(fact)]
            equations += [zero for family in cited.families for zero in self._of_family(family)]
            law = Law(blocks, symbols.random, symbols.parameters)
            for zero in equations:
                law.assume(zero)
            self._laws[cited] = law
        return self._laws[cited]

    def _zeros(self, fact: tuple[Any, ...]) -> list[Expr]:
        """left − right of a moment or theorem, at all values of its free indices."""
        if fact not in self._equations:
            left, right, *conditions = fact
            indices = tuple(sorted(free_indices(left) | free_indices(right), key=lambda index: index.name))
            places = [at for at in self._reader.all_positions(indices) if _allowed(at, *conditions)]
            self._equations[fact] = [zero for at in places for zero in self._differences(left, right, at)]
        return self._equations[fact]

    def _of_family(self, family: Family) -> list[Expr]:
        """E[T] = A′(θ) and E[T²] = A″(θ) + A′(θ)²: the score identity for g = 1 and g = T."""
        reader = self._reader
        statistic, symbol = reader.entry(family[0], {}), reader.entry(family[1], {})
        mean, variance = (opaque(family[2], (0,) * order)(symbol) for order in (1, 2))
        return [reader.mean(statistic) - mean, reader.mean(statistic**2) - variance - mean**2]


def _allowed(at: Positions, conditions: Iterable[Distinct] = ()) -> bool:
    pairs = [[at.get(index) for index in condition.args] for condition in conditions]
    return all(first is None or first != second for first, second in pairs)


def _degree(old: Node, new: Node) -> int:
    """High enough that no derivative and no remainder in the lines vanishes."""
    orders = [len(one.orders) for line in (old, new) for one in line.atoms(Applied)]
    orders += [one.order for line in (old, new) for one in line.atoms(Remainder)]
    derivatives = sum(len(line.atoms(Derivative)) for line in (old, new))
    return max(4, max(orders, default=0) + derivatives + 1)


__all__ = ["AT_POINT", "NONZERO", "UNDECIDED", "ZERO", "Cited", "Opinion", "SecondOpinion", "described_sizes"]
