"""The content of one identity's page, for any format: what is declared, assumed and defined, and the derivations.

Sentences are prose, words with formulas among them; a format decides how they stand on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.boxes import (
    Beside,
    BigSum,
    Box,
    Called,
    ClosedForm,
    Fenced,
    Figure,
    Fraction,
    IndexLetter,
    Letter,
    Line,
    Listed,
    Lowered,
    Raised,
    Related,
    Sign,
    Signed,
    Space,
    TaylorRemainder,
)
from proofsheet.notation.functions import Function, Remainder
from proofsheet.notation.indices import Index
from proofsheet.notation.layout import letter
from proofsheet.notation.text import Prose
from proofsheet.notation.tree import ONE, Dimension, Node, Parameter
from proofsheet.notation.variables import Constant, Defined, RandomVariable
from proofsheet.render.page import sources_of, title_of
from proofsheet.render.reasons import assumption_prose, condition_prose, defined_letter, margin_prose, reason_prose
from proofsheet.render.setting import declared, definitions


@dataclass(frozen=True)
class Definition:
    """What a symbol stands for: its name with index or arguments, and the body."""

    name: Box
    body: Box


@dataclass(frozen=True)
class Row:
    """One line of a derivation: its number from 1 (the left side), how it relates to the one before, and why."""

    number: int
    relation: str
    node: Node
    reason: Prose


@dataclass(frozen=True)
class Found:
    """What a judge outside the kernel found about functions of one variable."""

    judge: str
    facts: tuple[Prose, ...]


@dataclass(frozen=True)
class Derivation:
    """The theorem (name "") or one of its corollaries, which tells only what it needs beyond the theorem, but for `instead`."""

    name: str
    theorem: Theorem
    rows: tuple[Row, ...]
    assumptions: tuple[Prose, ...]
    conditions: tuple[Prose, ...]
    found: tuple[Found, ...]
    remarks: tuple[Prose, ...]  # sentences: which reason a line cites and does not need
    instead: bool = False  # of a corollary: `assumptions` are all it has, and stand in place of the theorem's

    @property
    def left(self) -> Node:
        """The left side, line 1."""
        return self.theorem.left

    @property
    def title(self) -> str:
        """The name in words; empty for the theorem."""
        return self.name.replace("_", " ")


@dataclass(frozen=True)
class Sheet:
    """One identity as it is to be printed."""

    name: str
    title: str
    remarks: tuple[str, ...]  # the author's paragraphs between title and sources, in plain text
    sources: tuple[str, ...]
    setting: tuple[Prose, ...]  # sentences: Let ... Let ... be random. Throughout, ...
    limits: tuple[Box, ...]  # where the assumptions can hold at all
    taylor: tuple[Prose, ...]  # sentences that say what ρ stands for
    definitions: tuple[Definition, ...]
    derivations: tuple[Derivation, ...]  # the theorem first

    @property
    def theorem(self) -> Derivation:
        """The derivation of the theorem itself."""
        return self.derivations[0]

    @property
    def verdict(self) -> str:
        """What the kernel says of all derivations: proved, or proved modulo the judges of lemmas."""
        judges = sorted({one.judge for derivation in self.derivations for one in derivation.found})
        return f"proved modulo {', '.join(judges)}" if judges else "proved"


def sheet(
    name: str, documentation: str, theorem: Theorem, corollaries: Mapping[str, Theorem], limits: Iterable[Any] = ()
) -> Sheet:
    """The page of a theorem, its corollaries, and its limits (lower ≤ parameter ≤ upper)."""
    theorems = (theorem, *corollaries.values())
    bounds = (Related(Related(Line(one.lower), "≤", Line(one.parameter)), "≤", Line(one.upper)) for one in limits)
    return Sheet(
        name,
        title_of(documentation),
        tuple(_remarks(documentation)),
        tuple(sources_of(documentation)),
        tuple(_setting(declared(theorems))),
        tuple(bounds),
        tuple(_remainders(theorems)),
        tuple(_definitions(theorems)),
        (_derivation("", theorem, None), *(_derivation(key, one, theorem) for key, one in corollaries.items())),
    )


def listed(proses: Sequence[Prose], separator: str = ", ", last: str = " and ") -> Prose:
    """a, b and c; with semicolons where an item has a comma among its words."""
    if separator == ", " and any("," in part for prose in proses for part in prose if isinstance(part, str)):
        separator, last = "; ", "; and "
    found: Prose = ()
    for place, prose in enumerate(proses):
        between = () if not place else (last,) if place == len(proses) - 1 else (separator,)
        found += (*between, *prose)
    return found


def _remarks(documentation: str) -> Iterator[str]:
    paragraphs = documentation.strip().split("\n\n")[1:]
    if sources_of(documentation):
        paragraphs = paragraphs[:-1]
    for paragraph in paragraphs:
        if not paragraph.startswith("    "):  # the displayed identity, which the theorem states better
            yield " ".join(paragraph.split())


def _derivation(name: str, theorem: Theorem, parent: Theorem | None) -> Derivation:
    known = parent or theorem
    assumed, instead = _assumed(theorem, parent)
    conditions = [one for one in theorem.side_conditions if parent is None or one not in known.side_conditions]
    lemmas = [one for one in theorem.lemmas if parent is None or one not in known.lemmas]
    judges = dict.fromkeys(one.judge for one in lemmas)
    return Derivation(
        name,
        theorem,
        tuple(Row(step.number, step.relation, step.new, margin_prose(step)) for step in theorem.steps),
        tuple(assumption_prose(one) for one in assumed),
        tuple(condition_prose(one) for one in conditions if not one.discharged),
        tuple(Found(judge, tuple(reason_prose(one) for one in lemmas if one.judge == judge)) for judge in judges),
        tuple(
            (f"Line\u00a0{number} does not need ", *reason_prose(reason), ".") for number, reason in theorem.unneeded
        ),
        instead,
    )


def _assumed(theorem: Theorem, parent: Theorem | None) -> tuple[list[Any], bool]:
    """What is to be told of the assumptions: of a corollary what it has beyond the theorem, all where it replaces one."""
    if parent is None:
        return [*theorem.assumptions], False
    fresh = [one for one in theorem.assumptions if one not in parent.assumptions]
    instead = bool(fresh) and any(one not in theorem.assumptions for one in parent.assumptions)
    return ([*theorem.assumptions] if instead else fresh), instead


# ---- definitions ------------------------------------------------------------------------------------------------


def _definitions(theorems: Sequence[Theorem]) -> Iterator[Definition]:
    for one in declared(theorems):
        if isinstance(one, Function) and one.closed_form is not None:
            yield Definition(_call(Letter(one.name), Letter("t")), ClosedForm(one.closed_form))
    for defined in definitions(theorems):
        yield Definition(_defined_name(defined), Line(defined.body))


def _defined_name(defined: Defined) -> Box:
    name: Box = defined_letter(defined)
    if defined.entry is not None:
        name = Lowered(name, (defined.entry.name,))
    return _call(name, *map(Line, defined.parameters)) if defined.parameters else name


def _call(head: Box, *arguments: Box) -> Box:
    return Called(head, Fenced("round", arguments[0] if len(arguments) == 1 else Listed(arguments)))


def _remainders(theorems: Sequence[Theorem]) -> Iterator[Prose]:
    """What ρ stands for, once for each order."""
    found = {one for theorem in theorems for line in theorem.lines for one in line.atoms(Remainder)}
    taken = {node.name for node in declared(theorems)}
    point, step = (Letter(name) for name in next(pair for pair in ("uh", "vk", "as", "bt") if not taken & {*pair}))
    j = next((name for name in ("j", "k", "l", "r") if name not in taken), "j")  # bound here, whatever it is elsewhere
    for order in sorted({one.order for one in found}):
        name, *others = sorted({one.function.name for one in found if one.order == order})
        derivative = Called(Raised(Letter(name), Fenced("round", IndexLetter(j))), Fenced("round", point))
        term = Fraction(Beside((derivative, Raised(step, IndexLetter(j))), (False,)), _factorial(j), stacked=False)
        polynomial = BigSum((j,), False, Figure(str(order - 1)), term, "0")
        value = Signed(((False, _call(Letter(name), Signed(((False, point), (False, step))))), (True, polynomial)))
        remainder = TaylorRemainder(order, Letter(name), point, step)
        likewise: Prose = (", likewise for ", *listed([(Letter(other),) for other in others])) if others else ()
        yield "Write ", Related(remainder, ":=", value), " for the Taylor remainder", *likewise, "."


def _factorial(name: str) -> Box:
    return Beside((IndexLetter(name), Sign("!")), (False,))


# ---- what is declared -------------------------------------------------------------------------------------------


def _setting(symbols: Iterable[Any]) -> Iterator[Prose]:
    """Sentences that declare the symbols, alike ones together."""
    kinds: dict[Any, list[Any]] = {}
    for node in symbols:
        if not isinstance(node, Function) or node.closed_form is None:
            kinds.setdefault(_kind(node), []).append(node)
        if isinstance(node, Index):
            kinds[_kind(node)].sort(key=lambda one: one.name)
    groups = [group for _, group in sorted(kinds.items(), key=lambda item: item[0][0])]
    fixed = [_declaration(group) for group in groups if not isinstance(group[0], (RandomVariable, Index))]
    random = [_declaration(group) for group in groups if isinstance(group[0], RandomVariable)]
    ranges = [_declaration(group) for group in groups if isinstance(group[0], Index)]
    if fixed:
        yield "Let ", *listed(fixed), "."
    if random:
        yield "Let ", *listed(random), " be random."
    if ranges:
        yield "Throughout, ", *listed(ranges), "."


_ORDER = (Dimension, Parameter, Function, Constant, RandomVariable, Index)


def _kind(node: Any) -> tuple[Any, ...]:
    """Where in the list it stands, and what makes two symbols alike."""
    place = next(position for position, kind in enumerate(_ORDER) if isinstance(node, kind))
    if isinstance(node, Parameter):
        return place, node.domain
    if isinstance(node, Function):
        return place, node.shapes
    if isinstance(node, Index):
        return place, node.dimension
    return (place,) if isinstance(node, Dimension) else (place, node.shape, node.structure)


def _declaration(alike: Sequence[Any]) -> Prose:
    """Symbols of one kind: x, n ∈ ℝ^m."""
    first = alike[0]
    names = [IndexLetter(node.name) if isinstance(node, Index) else letter(node) for node in alike]
    together: Box = Listed(tuple(names)) if len(names) > 1 else names[0]
    if isinstance(first, Dimension):
        return *listed([(name,) for name in names]), " be positive integers" if len(
            alike
        ) > 1 else " be a positive integer"
    if isinstance(first, Parameter):
        return (_domain(first.domain, together),)
    if isinstance(first, Index):
        return (Related(together, "=", Listed((Figure("1"), Sign("…"), Line(first.dimension)))),)
    if isinstance(first, Function):
        spaces = [_space(*shape) for shape in first.shapes]
        product: Box = spaces[0]
        for space in spaces[1:]:
            product = Related(product, "×", space)
        return (Related(Related(together, ":", product), "→", Space(())),)
    rows, columns = first.shape
    if first.is_family:
        ends = [item for name in names for item in (Lowered(name, ("1",)), Sign("…"), _last(name, rows))]
        together, rows, columns = Listed(tuple(ends)), columns, ONE
    structure = {"symmetric": (" symmetric",), "psd": (" positive semidefinite",)}.get(first.structure, ())
    return Related(together, "∈", _space(rows, columns)), *structure


def _last(name: Box, rows: Node) -> Box:
    """x_N, the last member of a family."""
    return Lowered(name, (rows.name if isinstance(rows, Dimension) else str(rows),))


def _domain(domain: str, names: Box) -> Box:
    match domain:
        case "positive":
            return Related(names, ">", Figure("0"))
        case "nonnegative":
            return Related(names, "≥", Figure("0"))
        case "unit":
            return Related(Related(Figure("0"), "<", names), "<", Figure("1"))
    return Related(names, "∈", Space(()))


def _space(rows: Node, columns: Node) -> Space:
    sizes = () if rows == ONE and columns == ONE else (rows,) if columns == ONE else (rows, columns)
    return Space(tuple(Line(size) for size in sizes))


__all__ = ["Definition", "Derivation", "Found", "Row", "Sheet", "listed", "sheet"]
