"""`prove`: an author's lines and reasons, checked line by line, and a theorem if all of them hold.

Every line is checked against its neighbour before anything is raised, so that one run shows all that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sympy import Symbol

from proofsheet.diagnosis import Diagnosis, diagnose
from proofsheet.errors import NotationError, ProofsheetError
from proofsheet.kernel.reasons import Definition, Differentiation, Linearity, Nonnegativity, Rearrangement, Split
from proofsheet.kernel.theorem import Chain, StepRejected, Theorem
from proofsheet.notation.scope import symbols_in
from proofsheet.notation.tree import Node, Parameter, as_node
from proofsheet.slips import Slip, find_slip


def _shown(theorem: Theorem, language: Any) -> str:
    """The theorem as a notebook shows it."""
    from proofsheet.render.in_notebooks import shown  # loaded where it is asked for

    return shown(theorem, language)


Theorem._shown = staticmethod(_shown)  # the kernel knows nothing of display

algebra = Rearrangement("algebra")
expand = Rearrangement("expand")
regroup = Rearrangement("regroup")
collect = Rearrangement("collect")
reindex = Rearrangement("re-index")
split_sum = Rearrangement("split the sum")
linearity = Linearity()
definition = Definition()
differentiate = Differentiation("differentiate")
chain_rule = Differentiation("chain rule")
product_rule = Differentiation("product rule")
nonnegative = Nonnegativity()


def split(variable: Any, *points: Any) -> Split:
    """The reason that both lines agree in each case of a real parameter: split(x, -lam, lam) is x < −λ, x = −λ, ...

    The points ascend by their form. Raises NotationError for what is no real parameter, or no points.
    """
    if not isinstance(variable, Parameter) or variable.domain != "real":
        raise NotationError(
            f"split is in a parameter that is any real number, declared with parameter(name), not {variable}"
        )
    if not points:
        raise NotationError(f"split({variable}, ...) names the points between the cases: split({variable}, 0)")
    return Split(variable, tuple(as_node(point, "split") for point in points))


@dataclass(frozen=True)
class Equation:
    """A claim: left = right."""

    left: Node
    right: Node


def equation(left: Any, right: Any) -> Equation:
    """The claim of a derivation, for prove(equation(left, right), ...): the last line must be `right` as it is written."""
    return Equation(as_node(left, "equation"), as_node(right, "equation"))


class DerivationRejected(ProofsheetError):
    """Some lines do not follow. Holds the whole chain, so that the lines that do follow can still be shown."""

    def __init__(self, chain: Chain, refusals: dict[int, StepRejected | Slip]) -> None:
        self.chain = chain
        self.refusals = refusals
        super().__init__(self._text())

    def diagnosis(self, number: int) -> Diagnosis:
        """Why line `number` was refused and what would help."""
        return diagnose(self.chain, self.refusals[number])

    def _text(self) -> str:
        return "\n\n".join(str(self.diagnosis(number)) for number in self.refusals)


class ClaimNotReached(ProofsheetError):
    """Every line follows, but the last one is not what was claimed."""


def prove(first: Any, *moves: tuple[Any, ...]) -> Theorem:
    """The theorem that the first line equals the last.

    `first` is a line or an `equation`; each move is (line, reason, ...), the line and what it follows by from the line
    before: a rule (expand, linearity, definition, ...), an assumption, or a theorem.

    Raises DerivationRejected with the diagnosis of every line that does not follow, ClaimNotReached if the last line is
    not the claim, NotationError and AssumptionError for what cannot be read.
    """
    try:
        return _proved(first, moves)
    except RecursionError:
        raise NotationError("a line is nested too deeply") from None


def _proved(first: Any, moves: tuple[Any, ...]) -> Theorem:
    claim = first if isinstance(first, Equation) else None
    chain = Chain(claim.left if claim else first, _symbols_of(moves))
    refusals: dict[int, StepRejected | Slip] = {}
    for number, move in enumerate(moves, 2):
        refusal = take(chain, number, move)
        if refusal is not None:
            refusals[number] = refusal
    if not moves:
        raise NotationError("a derivation needs a second line: prove(first_line, (line, reason), ...)")
    if refusals:
        raise DerivationRejected(chain, refusals)
    theorem = chain.theorem()
    if claim and theorem.relation != "=":
        raise ClaimNotReached(f"the claim is an equation, and the derivation shows  {theorem}")
    if claim and chain.lines[-1] != claim.right:
        raise ClaimNotReached(f"the derivation ends at  {chain.lines[-1]}  and the claim is  {claim.right}")
    return theorem


def _symbols_of(moves: Iterable[Any]) -> set[Symbol]:
    """The symbols of all lines to come, so that the chain's field need not grow line by line."""
    lines = (move[0] for move in moves if isinstance(move, (tuple, list)) and move and isinstance(move[0], Node))
    return {symbol for line in lines for symbol in symbols_in(line)}


def take(chain: Chain, number: int, move: Any) -> StepRejected | Slip | None:
    """Let the chain check one move; the refusal, if the kernel or the author's discipline refuses it."""
    if not isinstance(move, (tuple, list)) or len(move) < 2:
        raise NotationError(f"line {number} is a pair (line, reason), not {move!r}")
    line, *reasons = move
    verdict = chain.step(line, reasons)
    if isinstance(verdict, StepRejected):
        return verdict
    bystanders = [reason for reason in verdict.unneeded if isinstance(reason, Theorem)]
    used = tuple(reason for reason in verdict.reasons if reason not in bystanders)
    return find_slip(chain.setting, verdict.number, verdict.old, verdict.new, used)


@dataclass(frozen=True)
class WrongVariant:
    """A line that people write by mistake, in place of line `at` (the last one if None), and the word on the mistake.

    `id` is the claim that the mistake belongs to, "N1", where the project's catalogue of mistakes has it; else empty.
    """

    line: Node
    mistake: str
    at: int | None = None
    id: str = ""


_IDENTIFIED = re.compile(r"([A-Z][0-9]{1,2}): (?=\S)")


def wrong(*variants: tuple[Any, ...]) -> tuple[WrongVariant, ...]:
    """Register wrong variants: wrong((line, "what went wrong"), (line, "N1: what went wrong", 5), ...).

    A word that begins with the id of a claim and a colon says to which claim of the catalogue of mistakes it belongs.
    """
    found: list[WrongVariant] = []
    for variant in variants:
        if not isinstance(variant, (tuple, list)) or len(variant) not in (2, 3) or not isinstance(variant[1], str):
            raise NotationError(
                f'a wrong variant is (line, "mistake") or (line, "mistake", line number), not {variant!r}'
            )
        at = variant[2] if len(variant) == 3 else None
        if at is not None and (isinstance(at, bool) or not isinstance(at, int)):
            raise NotationError(f"a wrong variant stands in place of a line by its number, not of {at!r}")
        known = _IDENTIFIED.match(variant[1])
        mistake = variant[1][known.end() :] if known else variant[1]
        if any(one.mistake == mistake for one in found):
            raise NotationError(
                f"two wrong variants have one word, {mistake!r}: what is said of the one would hide the other"
            )
        found.append(WrongVariant(as_node(variant[0], "wrong"), mistake, at, known[1] if known else ""))
    return tuple(found)


@dataclass(frozen=True)
class Equivalent:
    """A line that looks like a mistake and says the same as the last line: why, and by which reasons."""

    line: Node
    why: str
    reasons: tuple[Any, ...]


def equivalent(*lines: tuple[Any, ...]) -> tuple[Equivalent, ...]:
    """Declare lines that look wrong and are not: equivalent((line, "the same because", reason, ...), ...).

    Each must follow from the last line by its reasons (algebra if none is given); the audit proves it.
    """
    found = []
    for one in lines:
        if not isinstance(one, (tuple, list)) or len(one) < 2 or not isinstance(one[1], str):
            raise NotationError(f'an equivalent line is (line, "why", reason, ...), not {one!r}')
        found.append(Equivalent(as_node(one[0], "equivalent"), one[1], tuple(one[2:]) or (algebra,)))
    return tuple(found)


def refusal_of(theorem: Theorem, variant: WrongVariant) -> StepRejected | Slip | None:
    """What refuses a wrong variant put in its place; None if nothing does."""
    number = len(theorem.lines) if variant.at is None else variant.at
    if not 2 <= number <= len(theorem.lines):
        raise NotationError(f"a wrong variant stands in place of line 2 to {len(theorem.lines)}, not of line {number}")
    step = theorem.steps[number - 2]
    return by_itself(number, step.old, variant.line, step.reasons)[1]


def by_itself(number: int, old: Node, new: Node, reasons: Iterable[Any]) -> tuple[Chain, StepRejected | Slip | None]:
    """One step checked apart from its derivation: line `number`, after `old`; the chain of the two lines, and the refusal."""
    chain = Chain(old, first_number=number - 1)
    return chain, take(chain, number, (new, *reasons))
