"""A derivation of which only some lines are shown: no reason is lost or at a wrong line, and it says what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from proofsheet.errors import CallError
from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.text import Prose
from proofsheet.notation.tree import Node
from proofsheet.render.reasons import joined_margin
from proofsheet.render.sheet import Derivation, Row


@dataclass(frozen=True)
class Shown:
    """The lines to print: the first one, then the others as rows, and a sentence that says which lines are left out."""

    first: Node
    rows: tuple[Row, ...]
    remark: str
    remarks: tuple[Prose, ...]  # of the derivation, those on lines whose reasons stand here

    @property
    def relation(self) -> str:
        """How the first line shown relates to the last."""
        return next((row.relation for row in self.rows if row.relation != "="), "=")


def left_out(derivation: Derivation, rows: Sequence[Row]) -> str:
    """A sentence on what is not shown where the left side and these rows are; empty where that is all."""
    return _left_out([1, *(row.number for row in rows)], len(derivation.theorem.lines))


def remarks_up_to(derivation: Derivation, rows: Sequence[Row]) -> tuple[Prose, ...]:
    """The remarks on lines whose reasons stand with these rows."""
    pairs = zip(derivation.theorem.unneeded, derivation.remarks, strict=True)
    return tuple(remark for (number, _), remark in pairs if number <= rows[-1].number)


def shown(derivation: Derivation, numbers: Sequence[int] | None) -> Shown:
    """The lines of these numbers, 1 being the left side. Raises CallError if they are not two lines of the derivation."""
    theorem = derivation.theorem
    last = len(theorem.lines)
    chosen = checked_lines(numbers, last) if numbers is not None else [*range(1, last + 1)]
    rows = tuple(_row(theorem, before, number) for before, number in pairwise(chosen))
    remarks = tuple(
        remark
        for (number, _), remark in zip(theorem.unneeded, derivation.remarks, strict=True)
        if chosen[0] < number <= chosen[-1]
    )
    return Shown(theorem.lines[chosen[0] - 1], rows, _left_out(chosen, last), remarks)


def checked_lines(numbers: Sequence[int], last: int) -> list[int]:
    """The numbers in order, each once."""
    chosen = sorted(set(numbers))
    beyond = [number for number in chosen if not 1 <= number <= last]
    if beyond:
        raise CallError(f"there is no line {beyond[0]}; the derivation has the lines 1 to {last}")
    if len(chosen) < 2:
        raise CallError(f"name two lines or more of 1 to {last}; one line alone is no derivation")
    return chosen


def _row(theorem: Theorem, before: int, number: int) -> Row:
    """One row for the steps from one shown line to the next: an inequality if one of them is."""
    steps = theorem.steps[before - 1 : number - 1]
    relation = next((step.relation for step in steps if step.relation != "="), "=")
    return Row(number, relation, steps[-1].new, joined_margin(steps))


def _left_out(chosen: Sequence[int], last: int) -> str:
    """A sentence on what is not shown; empty where all is."""
    if len(chosen) == last:
        return ""
    ends = []
    if chosen[0] > 1:
        ends.append(f"the derivation starts {_before(chosen[0])}")
    if chosen[-1] < last:
        ends.append(f"{'it' if ends else 'the derivation'} goes on to line {last}")
    inner = "each has the reasons of the lines left out before it" if len(chosen) <= chosen[-1] - chosen[0] else ""
    sentences = "; ".join(part for part in (inner, " and ".join(ends)) if part)
    return f"Shown are the lines {_ranges(chosen)} of {last}: {sentences}."


def _before(first: int) -> str:
    return "one line before" if first == 2 else f"{first - 1} lines before"


def _ranges(numbers: Sequence[int]) -> str:
    """1, 3 to 5 and 9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    texts = [part for run in runs for part in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))]
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]


__all__ = ["Shown", "checked_lines", "left_out", "remarks_up_to", "shown"]
