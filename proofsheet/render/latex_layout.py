r"""Lines and reasons in an align* environment that fits the page: where to break, and how wide the column of reasons is.

A line is broken before its outermost signs, or, if it has none, inside its outermost brackets; a reason that is wider
than its column is wrapped. Of all widths of the two columns the one with the fewest rows is taken. A product without a
sum in it stays whole, however wide it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from proofsheet.notation.boxes import Signed, Term
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.functions import Applied, Derivative
from proofsheet.notation.layout import lay_out
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import set_line, signed_terms
from proofsheet.notation.tree import (
    Group,
    IndexedSum,
    MatrixProduct,
    Minus,
    Node,
    Plus,
    Power,
    Product,
    SquaredNorm,
    Trace,
    Transpose,
)
from proofsheet.render.latex_widths import formula_width, text_width

TEXT_WIDTH = 360.0  # of an article at 11pt on A4 paper
GAP = 16.0  # between formulas and reasons; amsmath insists on 10pt
RELATION = 14.6  # an equals sign with its spaces
QUAD = 10.95
WIDEST_BESIDE = 130.0  # a left side that is wider gets a row of its own
NARROWEST_REASON = 64.0
WIDEST_BELOW = 270.0

_OPENED = (
    Applied, Covariance, Derivative, Expectation, Group, IndexedSum, MatrixProduct, Minus, Power, Product, SquaredNorm,
    Trace, Transpose, Variance,
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of a derivation: its formula, what it follows by in LaTeX words, and how it relates to the line before."""

    node: Node
    reason: str
    relation: str = "="


@dataclass(frozen=True)
class Plan:
    """How a derivation is laid out: the left side beside the first line or above it, and the widths of the columns."""

    beside: bool
    formulas: float
    reasons: float
    cost: float


def aligned(left: Node, lines: Sequence[Line]) -> Iterator[str]:
    """The source of the align* environment of a derivation; its last formula ends with a full stop."""
    plan = _best_plan(set_line(left, "latex"), lines)
    yield r"\begin{align*}"
    groups = [_opening(left, lines, plan), *(_line(line, plan, last=line is lines[-1]) for line in lines)]
    if plan.beside:
        groups = [[f"{set_line(left, 'latex')} {groups[1][0]}", *groups[1][1:]], *groups[2:]]
    yield from _ended(groups)
    yield r"\end{align*}"


def _ended(groups: list[list[str]]) -> Iterator[str]:
    """The rows with their ends: room between tall ones; no page break in a group, after the first or before the last."""
    for number, rows in enumerate(groups):
        for position, row in enumerate(rows):
            if position < len(rows) - 1:
                yield rf"  {row} \\*"
            elif number < len(groups) - 1:
                room = "[4pt]" if _is_tall(row) and _is_tall(groups[number + 1][0]) else ""
                yield rf"  {row} \\{'*' if number in (0, len(groups) - 2) else ''}{room}"
            else:
                yield f"  {row}"


def _is_tall(row: str) -> bool:
    formula = row.split(" && ", maxsplit=1)[0]
    return r"\sum" in formula or r"\frac" in formula


def _opening(left: Node, lines: Sequence[Line], plan: Plan) -> list[str]:
    """The left side in rows of its own, which may be wider than the column of formulas: nothing stands beside them."""
    widest_reason = max(min(text_width(line.reason), plan.reasons) for line in lines)
    column = QUAD + RELATION + max(min(formula_width(set_line(line.node, "latex")), plan.formulas) for line in lines)
    margin = max(TEXT_WIDTH - column - widest_reason, 0) / 3  # amsmath spreads the space that is left over
    rows = broken(left, TEXT_WIDTH - margin - QUAD)
    shown = [_at_most(row, column - QUAD) for row in rows]
    return [f"& {shown[0]}", *(rf"&\quad {row}" for row in shown[1:])]


def _at_most(formula: str, width: float) -> str:
    """The formula; where it is wider than its column, without any width of its own."""
    return formula if formula_width(formula) <= width else _without_width(formula)


def _without_width(formula: str) -> str:
    """The formula without any width of its own; not where it would leave the page, for LaTeX is to complain of that."""
    if formula_width(formula) > TEXT_WIDTH - QUAD - RELATION:
        return formula
    return rf"\rlap{{$\displaystyle {formula}$}}"


def _line(line: Line, plan: Plan, last: bool) -> list[str]:
    first, *more = broken(line.node, plan.formulas)
    head, indent = ("&", r"&\qquad") if plan.beside else (r"&\quad ", r"&\qquad\quad")
    rows = [(f"{head}{line.relation}", first), *((indent, piece) for piece in more)]
    before = [f"{start} {_at_most(formula, plan.formulas + 1)}" for start, formula in rows[:-1]]
    return [*before, *_with_reason(*rows[-1], "." if last else "", line.reason, plan)]


def _with_reason(start: str, formula: str, stop: str, reason: str, plan: Plan) -> list[str]:
    """The last row of a line with its reason beside it, or below it where the formula takes the whole width."""
    if not reason:
        return [f"{start} {formula}{stop}"]
    note = _note(reason, plan.reasons)
    if formula_width(formula) <= plan.formulas + 1:
        if _can_wrap(reason, plan.reasons):
            return [f"{start} {formula}{stop} && {note}"]
        return [f"{start} {formula}{stop}", _note_below(reason, plan.reasons)]
    return [f"{start} {_without_width(formula + stop)}", f"&&& {note}"]


def _note(reason: str, width: float) -> str:
    if text_width(reason) <= width:
        return rf"\text{{{reason}}}"
    whole = r"\binoppenalty=10000 " if any(sign in reason for sign in (" + ", " - ")) else ""
    return rf"\parbox[t]{{{width:.0f}pt}}{{\raggedright {whole}{reason}\strut}}"


def _note_below(reason: str, width: float) -> str:
    """A reason in a row of its own that reaches to the left out of its column."""
    if text_width(reason) > WIDEST_BELOW:
        reason = rf"\parbox[t]{{{WIDEST_BELOW:.0f}pt}}{{\raggedleft {reason}\strut}}"
    return rf"&&& \makebox[{width:.0f}pt][r]{{{reason}}}"


# ---- the widths of the columns --------------------------------------------------------------------------------


def _best_plan(opening: str, lines: Sequence[Line]) -> Plan:
    """The layout with the fewest additional rows; of equals the one with the narrower column of formulas."""
    opening_width = formula_width(opening)
    natural = [formula_width(set_line(line.node, "latex")) for line in lines]
    plans = []
    for beside in (True, False) if opening_width <= WIDEST_BESIDE else (False,):
        indent = (opening_width if beside else QUAD) + RELATION
        widest = TEXT_WIDTH - indent
        for width in sorted({min(size, widest) for size in (*natural, *range(100, int(widest), 10))}):
            plans.append(_plan(lines, beside, width, widest - width - GAP))
    return min(plans, key=lambda plan: (plan.cost, plan.formulas))


def _plan(lines: Sequence[Line], beside: bool, formulas: float, reasons: float) -> Plan:
    cost = 0.0 if beside else 0.9
    for line in lines:
        rows = broken(line.node, formulas)
        cost += len(rows) - 1 + sum(_splits_a_bracket(row) for row in rows[:-1])
        if any(formula_width(row) > formulas + 1 for row in rows):
            cost += 3  # it must stick out of its column, and its reason go below
        cost += _wrapping_cost(line.reason, reasons)
    return Plan(beside, formulas, reasons, cost)


def _splits_a_bracket(row: str) -> bool:
    return any(row.count(opening) > row.count(closing) for opening, closing in ("()", "[]"))


def _wrapping_cost(reason: str, width: float) -> float:
    """Half a row for each row more; a row of its own where a formula in it is wider than the column."""
    if not reason or text_width(reason) <= width:
        return 0.0
    if width < NARROWEST_REASON:
        return 50.0
    return 0.5 * (text_width(reason) // width) if _can_wrap(reason, width) else 1.5


def _can_wrap(reason: str, width: float) -> bool:
    """Whether a reason fits its column in at most three rows or so."""
    natural = text_width(reason)
    return natural <= width or (natural <= 3 * width and all(text_width(one) <= width for one in _unbreakable(reason)))


def _unbreakable(reason: str) -> Iterator[str]:
    """The words of a reason and its formulas, which LaTeX may break after relations."""
    for position, piece in enumerate(reason.split("$")):
        if position % 2:
            yield from (f"${part}$" for part in re.split(r"(?<= =) ", piece))
        else:
            yield from piece.split()


# ---- breaking a line ------------------------------------------------------------------------------------------


def broken(line: Node, width: float) -> list[str]:
    """A line in rows of at most `width` points where its signs allow it; all rows but the first start with a sign."""
    text = set_line(line, "latex")
    if formula_width(text) <= width:
        return [text]
    rows = [""]
    for piece in _pieces(line, text, width - 2 * QUAD):
        if rows[-1] and formula_width(f"{rows[-1]} {piece}") > (width if len(rows) == 1 else width - 2 * QUAD):
            rows.append(f"{{}} {piece}")
        else:
            rows[-1] = f"{rows[-1]} {piece}".strip()
    return rows


def _pieces(node: Node, text: str, width: float) -> list[str]:
    """The text of `node` cut before its outermost signs, and inside a term that is still too wide at its own."""
    if isinstance(node, Plus) and text == set_line(node, "latex"):
        terms = zip(signed_terms(node), _terms(node), strict=True)
        return [piece for (_, term), whole in terms for piece in _term_pieces(term, whole, width)]
    return _term_pieces(node, text, width)


def _terms(node: Plus) -> list[str]:
    """The texts of the terms with their signs."""
    style = STYLES["latex"]
    box = lay_out(node, style.manner)
    assert isinstance(box, Signed)
    (negative, first), *rest = box.terms
    return [style.set(Signed(((negative, first),))), *(style.set(Term(*term)) for term in rest)]


def _term_pieces(node: Node, text: str, width: float) -> list[str]:
    if formula_width(text) <= width:
        return [text]
    for inner in _sums_in_brackets(node):
        body = set_line(inner, "latex")
        start = _outside_of_groups(text, body)
        if start is not None:
            pieces = _pieces(inner, body, width)
            if len(pieces) > 1:
                return [text[:start] + pieces[0], *pieces[1:-1], pieces[-1] + text[start + len(body) :]]
    return [text]


def _sums_in_brackets(node: Node) -> Iterator[Plus]:
    """The sums inside a term, from the outside in; none in a fraction, which cannot be broken."""
    level: list[Any] = [node]
    while level:
        yield from (part for part in level if isinstance(part, Plus))
        level = [inner for part in level if isinstance(part, (*_OPENED, Plus)) for inner in part.args]


def _outside_of_groups(text: str, body: str) -> int | None:
    """Where `body` stands in `text` outside of braces, in which no line can be broken."""
    start = text.find(body)
    while start >= 0:
        if text[:start].count("{") == text[:start].count("}"):
            return start
        start = text.find(body, start + 1)
    return None
