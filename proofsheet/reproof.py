"""Is a theorem still proved under other assumptions? Searched here, decided by the kernel: the answer is a Theorem or none.

    proof = Reproof(theorem)
    proof.under(assumptions)        the theorem with no other assumptions than these, by as few of its lines as suffice

From any line of the chain one may go to any later one in one step, by all rules that the chain uses, with definitions
or without (a moment of a defined symbol is hidden where the symbol is unfolded); or to the next one by its own reasons.
A cited theorem is proved again under the same assumptions first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from proofsheet.errors import ProofsheetError
from proofsheet.kernel.normal_form import Polynomial
from proofsheet.kernel.reasons import (
    ASSUMPTIONS,
    Definition,
    Independence,
    Linearity,
    Moment,
    Nonnegativity,
    Rearrangement,
)
from proofsheet.kernel.setting import Setting
from proofsheet.kernel.theorem import Chain, Step, StepRejected, Theorem
from proofsheet.notation.scope import Names, symbols_in
from proofsheet.notation.tree import Node

Move = tuple[Node, tuple[Any, ...]]
_IDLE = (Rearrangement, Linearity, Definition, Nonnegativity)


class Reproof:
    """The search for proofs of one theorem under other assumptions."""

    def __init__(self, theorem: Theorem) -> None:
        self.theorem = theorem
        self._setting = Setting()
        self._setting.enter(theorem.speaks_of)
        self._cited = {one: Reproof(one) for step in theorem.steps for one in _theorems_in(step.reasons)}

    def under(self, assumptions: Iterable[Any]) -> Theorem | None:
        """The theorem with these assumptions or fewer; None if no proof was found, which says nothing of its truth."""
        allowed = tuple(assumptions)
        moves = self._moves(allowed)
        if moves is None:
            return None
        try:
            return self._checked(moves, allowed)
        except ProofsheetError:
            return None

    def suffices(self, assumptions: Iterable[Any]) -> bool:
        """Whether a way through the lines exists; quicker than `under`, and no more than a hint."""
        return self._moves(tuple(assumptions)) is not None

    @property
    def names(self) -> Names:
        """Every name that the theorem speaks of."""
        return self._setting.names

    def residual(self, old: Node, new: Node, assumptions: Iterable[Any]) -> Polynomial | None:
        """What is left of old − new, definitions unfolded; None where it has no meaning under these assumptions."""
        return self._left(old, new, (*self._rules(), Definition(), *assumptions))

    # ---- the way through the lines ----------------------------------------------------------------------------

    def _moves(self, allowed: tuple[Any, ...]) -> tuple[Move, ...] | None:
        """The shortest way from the first line to the last, breadth first; the reasons of each move."""
        lines, came = self.theorem.lines, {0: (0, ())}
        cited = self._proved_again(allowed)
        waiting, last = deque([0]), len(lines) - 1
        while waiting and last not in came:
            here = waiting.popleft()
            for there in range(last, here, -1):
                reasons = None if there in came else self._reasons(here, there, allowed, cited)
                if reasons is not None:
                    came[there] = (here, reasons)
                    waiting.append(there)
        if last not in came:
            return None
        moves, at = [], last
        while at:
            before, reasons = came[at]
            moves.append((lines[at], reasons))
            at = before
        return tuple(reversed(moves))

    def _reasons(self, here: int, there: int, allowed: tuple[Any, ...], cited: dict[Theorem, Theorem]) -> Any:
        """Reasons by which line `there` follows from line `here`; None if there are none."""
        steps, (old, new) = self.theorem.steps[here:there], (self.theorem.lines[here], self.theorem.lines[there])
        if any(step.relation != "=" for step in steps):
            return steps[0].reasons if len(steps) == 1 else None
        proved = tuple(dict.fromkeys(again for step in steps for again in _replaced(step, cited)))
        candidates = [
            (*proved, *self._rules(), *allowed),
            (*proved, *self._rules(), Definition(), *allowed),
        ]
        if len(steps) == 1:
            rules = tuple(one for one in steps[0].reasons if not isinstance(one, (*ASSUMPTIONS, Theorem)))
            candidates.append((*rules, *proved, *(one for one in steps[0].reasons if one in allowed)))
        return next((one for one in candidates if self._left(old, new, one) == {}), None)

    def _rules(self) -> tuple[Any, ...]:
        """The rules of all steps but those about the form of a line, and linearity."""
        cited = (one for step in self.theorem.steps for one in step.needed)
        rules = (one for one in cited if not isinstance(one, (*ASSUMPTIONS, Theorem, *_IDLE)))
        return (*dict.fromkeys(rules), Linearity())

    def _left(self, old: Node, new: Node, reasons: tuple[Any, ...]) -> Polynomial | None:
        try:
            self._setting.enter([node for reason in reasons for node in _nodes_of(reason)])
            return self._setting.residual(old, new, reasons)
        except (ProofsheetError, RecursionError):
            return None

    def _proved_again(self, allowed: tuple[Any, ...]) -> dict[Theorem, Theorem]:
        """The cited theorems that hold under the same assumptions."""
        found = {one: proof.under(allowed) for one, proof in self._cited.items()}
        return {one: again for one, again in found.items() if again is not None}

    # ---- the kernel's word ------------------------------------------------------------------------------------

    def _checked(self, moves: Sequence[Move], allowed: tuple[Any, ...]) -> Theorem | None:
        """The theorem that the kernel makes of the moves, if it says the same under no more than is allowed."""
        theorem = self.theorem
        chain = Chain(theorem.left, {symbol for line, _ in moves for symbol in symbols_in(line)})
        for line, reasons in moves:
            if isinstance(chain.step(line, self._without_idle(chain.lines[-1], line, reasons)), StepRejected):
                return None
        proved = chain.theorem()
        same = (proved.left, proved.relation, proved.right) == (theorem.left, theorem.relation, theorem.right)
        return proved if same and all(one in allowed for one in proved.assumptions) else None

    def _without_idle(self, old: Node, new: Node, reasons: tuple[Any, ...]) -> tuple[Any, ...]:
        """The reasons of one step less the assumptions that it can do without: the kernel tries all subsets of them."""
        kept = reasons
        for reason in reasons:
            fewer = tuple(one for one in kept if one is not reason)
            if isinstance(reason, ASSUMPTIONS) and self._left(old, new, fewer) == {}:
                kept = fewer
        return kept


def _theorems_in(reasons: Iterable[Any]) -> list[Theorem]:
    found = [one.proved if isinstance(one, Moment) else one for one in reasons]
    return [one for one in found if isinstance(one, Theorem)]


def _replaced(step: Step, cited: dict[Theorem, Theorem]) -> list[Any]:
    """The theorems that a step cites, and the moments that rest on one, as they are proved now."""
    found: list[Any] = []
    for reason in step.reasons:
        if isinstance(reason, Theorem) and reason in cited:
            found.append(cited[reason])
        elif isinstance(reason, Moment) and reason.proved in cited:
            found.append(replace(reason, proved=cited[reason.proved]))
    return found


def _nodes_of(reason: Any) -> tuple[Any, ...]:
    """What a new assumption speaks of, so that the algebra has room for it."""
    if isinstance(reason, Independence):
        return tuple(member for block in reason.blocks for member in block)
    return (reason.left, reason.right) if isinstance(reason, Moment) else ()


__all__ = ["Reproof"]
