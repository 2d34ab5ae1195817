"""What becomes of a wrong line put in its place: refuted by an exact model, proved to say the same, or undecided.

Two oracles that share no code look at it. The kernel may reject it; that a line does not follow is not yet that it is
false. An exact model may refute it: the line itself (it differs from the left side of the theorem in a model of all
assumptions), or else the step (it differs from the line before in a model of what the step cites: the line may be true,
its reason does not show it). Where no model tells the two lines apart, the kernel is asked to prove them equal, and the
theorem is kept. What the kernel accepts and a model refutes is a contradiction: one of the two is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from proofsheet.derivation import algebra, by_itself, definition, differentiate, linearity
from proofsheet.errors import NotationError, ProofsheetError
from proofsheet.evidence import statement_of
from proofsheet.exact_models.comparison import AGREES, DIFFERS, Comparison, Witness, compare
from proofsheet.exact_models.models import Statement
from proofsheet.kernel.rules import Nonnegativity
from proofsheet.kernel.theorem import Chain, Step, StepRejected, Theorem
from proofsheet.notation.indices import Distinct
from proofsheet.notation.tree import Node
from proofsheet.slips import Slip

REJECTED, SLIP, ACCEPTED = "rejected", "slip", "accepted"
REFUTED, NO_MODEL = "refuted", "no model"
EQUIVALENT, UNDECIDED, CONTRADICTION = "equivalent", "undecided", "CONTRADICTION"
UNREAD = "the exact models have no value for the line before, or no model of what is assumed"
MODELS = 3  # that must agree before the kernel is asked whether two lines are equal
PATIENCE = 15  # that must agree before a line that the kernel cannot prove equal is given up


@dataclass(frozen=True)
class Judgement:
    """The verdict on one wrong line and what it rests on."""

    verdict: str  # refuted, equivalent, undecided, CONTRADICTION
    kernel: str  # rejected, slip, accepted
    exact: str  # refuted, agrees, no model
    models: int  # in which the lines were compared
    refuted: str = ""  # "line" or "step": what the witness is against
    witness: Witness | None = None
    proof: Theorem | None = None  # that it says the same as the right line
    beyond: bool = False  # the proof uses assumptions that the line in its place does not cite
    message: str = ""


class Attacked:
    """A theorem whose lines are replaced by wrong ones. `limits` are those that its script states."""

    def __init__(self, theorem: Theorem, limits: Iterable[Any] = (), seed: int = 0) -> None:
        self.theorem, self.limits, self.seed = theorem, tuple(limits), seed
        self._statement = _expressible(theorem, self.limits)
        self._steps: dict[int, Statement | None] = {}
        self._prefixes: dict[int, Theorem] = {}
        self._readable: dict[tuple[int, Node], bool] = {}

    def judge(self, line: Node, number: int) -> Judgement:
        """`line` in place of line `number` (from 2). Raises NotationError if there is no such line."""
        if not 2 <= number <= len(self.theorem.lines):
            raise NotationError(
                f"a wrong variant stands in place of line 2 to {len(self.theorem.lines)}, not of line {number}"
            )
        step = self.theorem.steps[number - 2]
        chain, refusal = by_itself(number, step.old, line, step.reasons)
        kernel = ACCEPTED if refusal is None else SLIP if isinstance(refusal, Slip) else REJECTED
        if kernel != REJECTED:
            return self._verdict(line, step, kernel, *self._compared_with_all_cited(line, step, chain))
        judgement = self._verdict(line, step, kernel, *self._compared(line, step, MODELS))
        if judgement.verdict == UNDECIDED and judgement.exact == AGREES:
            judgement = self._verdict(line, step, kernel, *self._compared(line, step, PATIENCE))
        return judgement

    def _verdict(self, line: Node, step: Step, kernel: str, found: Comparison, refuted: str) -> Judgement:
        if found.witness is not None:
            holds = found.witness.holds()  # evaluated once more, from the model alone
            trusted = holds and kernel == REJECTED
            verdict = REFUTED if trusted else CONTRADICTION
            message = "" if holds else "the witness does not hold when it is evaluated again"
            return Judgement(verdict, kernel, REFUTED, found.models, refuted, found.witness, message=message)
        exact = AGREES if found.verdict == AGREES else NO_MODEL
        proof, beyond = equivalence(self.theorem, step, line) if step.relation == "=" else (None, False)
        verdict = UNDECIDED if proof is None else EQUIVALENT
        return Judgement(verdict, kernel, exact, found.models, proof=proof, beyond=beyond, message=found.message)

    # ---- exact models ---------------------------------------------------------------------------------------------

    def _compared(self, line: Node, step: Step, models: int) -> tuple[Comparison, str]:
        """The line under all assumptions; if it agrees there, the step under what it needs."""
        found = Comparison(NO_MODEL, message=UNREAD)
        if self._is_readable(0, self._statement, self.theorem.left):
            found = _on_models(self._statement, self.theorem.left, line, self._relation(step.number), models, self.seed)
        if found.verdict == DIFFERS:
            return found, "line"
        statement = self._statement_of_step(step)
        if self._is_readable(step.number, statement, step.old):
            against = _on_models(statement, step.old, line, step.relation, models, self.seed)
            if against.verdict == DIFFERS:
                return against, "step"
        return found, ""

    def _is_readable(self, number: int, statement: Statement | None, line: Node) -> bool:
        """Whether a line has a value in any model at all: asked once, not for each of its mutants."""
        if (number, line) not in self._readable:
            found = statement is not None and compare(statement, line, line, "=", 1, self.seed).verdict == AGREES
            self._readable[number, line] = found
        return self._readable[number, line]

    def _compared_with_all_cited(self, line: Node, step: Step, chain: Chain) -> tuple[Comparison, str]:
        """A line that the kernel let pass, under the assumptions of the very theorems that it would make."""
        whole = chain
        if step.number > 2:
            whole = Chain(self.theorem.left)
            whole.step(step.old, (self._up_to(step.number - 1),))
            whole.step(line, step.reasons)
        found = Comparison(NO_MODEL)
        for made, left, what in ((whole, self.theorem.left, "line"), (chain, step.old, "step")):
            theorem = made.theorem()
            found = _on_models(_expressible(theorem, self.limits), left, line, theorem.relation, MODELS, self.seed)
            if found.verdict == DIFFERS:
                return found, what
        return found, ""

    def _up_to(self, number: int) -> Theorem:
        """The theorem that the left side equals line `number`."""
        if number not in self._prefixes:
            prefix = Chain(self.theorem.left)
            for one in self.theorem.steps[: number - 1]:
                prefix.step(one.new, one.reasons)
            self._prefixes[number] = prefix.theorem()
        return self._prefixes[number]

    def _relation(self, number: int) -> str:
        return "≥" if any(one.relation == "≥" for one in self.theorem.steps[: number - 1]) else "="

    def _statement_of_step(self, step: Step) -> Statement | None:
        """None where more is cited than needed: a model of less would not speak against what is cited."""
        if step.number not in self._steps:
            chain, refusal = by_itself(step.number, step.old, step.new, step.reasons)
            plain = refusal is None and not step.unneeded
            self._steps[step.number] = _expressible(chain.theorem(), self.limits) if plain else None
        return self._steps[step.number]


def _expressible(theorem: Theorem, limits: tuple[Any, ...]) -> Statement | None:
    """The statement of a theorem; None if it assumes what a statement cannot say, so that no model is held against it."""
    sayable = {field.name for field in fields(Statement)}
    if "distinct" not in sayable and any(isinstance(one, Distinct) for one in theorem.assumptions):
        return None
    return statement_of(theorem, limits)


def _on_models(statement: Statement | None, old: Node, new: Node, relation: str, wanted: int, seed: int) -> Comparison:
    """The comparison on that many models; where there is one size only, at several points."""
    if statement is None:
        return Comparison(NO_MODEL, message="an assumption about free indices is not read by the exact models")
    models = 0
    found = Comparison(NO_MODEL)
    for shift in range(wanted):
        found = compare(statement, old, new, relation, wanted - models, seed + shift)
        models += found.models
        if found.verdict != AGREES or models >= wanted:
            break
    return replace(found, models=models)


# ---- equal after all ------------------------------------------------------------------------------------------


def equivalence(theorem: Theorem, step: Step, line: Node) -> tuple[Theorem | None, bool]:
    """The theorem that `line` says the same as the line `step.new`, under the assumptions of `theorem` at most.

    With it, whether it needed more than the step cites: then the line is true, and its reason does not show it.
    """
    routes = [*_routes(theorem, step, line)]
    for moves in routes:
        chain = Chain(step.new)
        try:
            if not any(isinstance(chain.step(*move), StepRejected) for move in moves):
                return chain.theorem(), moves is routes[-1]
        except ProofsheetError:  # reasons that do not go together
            continue
    return None, False


def _routes(theorem: Theorem, step: Step, line: Node) -> Iterator[list[tuple[Node, tuple[Any, ...]]]]:
    """Ways to prove it, from what assumes least: algebra; linearity; the step's own reasons; all that is cited anywhere."""
    cited = [reason for one in theorem.steps for reason in one.reasons if not isinstance(reason, Nonnegativity)]
    yield [(line, (algebra,))]
    yield [(line, (linearity,))]
    yield [(line, (definition, differentiate, linearity))]
    yield [(line, step.reasons)]
    yield [(step.old, step.reasons), (line, step.reasons)]
    yield [(line, tuple(dict.fromkeys((definition, linearity, *cited, *theorem.assumptions, *theorem.lemmas))))]
