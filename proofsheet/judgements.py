"""What becomes of a wrong line put in its place: refuted by an exact model, proved to say the same, or undecided.

Two oracles that share no code look at it. The kernel may reject it; that a line does not follow is not yet that it is
false. An exact model may refute it: the line itself (it differs from the left side of the theorem in a model of all
assumptions), or else the step (it differs from the line before in a model of what the step cites: the line may be true,
its reason does not show it). Where no model tells the two lines apart, the kernel is asked to prove them equal, and the
theorem is kept. What the kernel accepts and a model refutes is a contradiction: one of the two is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sympy import Integer, Tuple

from proofsheet.derivation import algebra, definition, differentiate, linearity, take
from proofsheet.errors import NotationError, ProofsheetError
from proofsheet.exact_layer import assumed_by, facts_behind, statement_of_step
from proofsheet.exact_models.comparison import AGREES, DIFFERS, Comparison, Witness, compare
from proofsheet.exact_models.domains import is_without_meaning
from proofsheet.exact_models.statements import Statement
from proofsheet.kernel.reasons import FunctionLemma, Nonnegativity
from proofsheet.kernel.theorem import Chain, Step, StepRejected, Theorem
from proofsheet.notation.functions import Applied
from proofsheet.notation.tree import Node
from proofsheet.notation.words import scalar
from proofsheet.scalar_lemmas import LemmaRefused, lemma
from proofsheet.slips import Slip

REJECTED, SLIP, ACCEPTED = "rejected", "slip", "accepted"
REFUTED, NO_MODEL = "refuted", "no model"
EQUIVALENT, UNDECIDED, CONTRADICTION = "equivalent", "undecided", "CONTRADICTION"
CONFIRMING = 3  # models for a line that the kernel lets pass: one that differs is a contradiction
MODELS = 10  # that must agree before the kernel is asked whether two lines are equal
PATIENCE = 24  # that must agree before a line that the kernel cannot prove equal is given up


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
        cited = [reason for step in theorem.steps for reason in step.reasons]
        self._statement = assumed_by([*theorem.assumptions, *facts_behind(cited)], theorem.lines, self.limits)
        self._unread: dict[int, bool] = {}
        self._settings: dict[int, Any] = {}  # the names and the algebra of a place, by the number of its line

    def judge(self, line: Node, number: int) -> Judgement:
        """`line` in place of line `number` (from 2). Raises NotationError if there is no such line."""
        if not 2 <= number <= len(self.theorem.lines):
            raise NotationError(
                f"a wrong variant stands in place of line 2 to {len(self.theorem.lines)}, not of line {number}"
            )
        step = self.theorem.steps[number - 2]
        refusal = self._refusal(line, step)
        kernel = ACCEPTED if refusal is None else SLIP if isinstance(refusal, Slip) else REJECTED
        if kernel != REJECTED:
            return self._verdict(line, step, kernel, *self._compared(line, step, CONFIRMING, small=False))
        judgement = self._verdict(line, step, kernel, *self._compared(line, step, MODELS, small=True))
        if judgement.verdict == UNDECIDED and judgement.exact == AGREES:
            judgement = self._verdict(line, step, kernel, *self._compared(line, step, PATIENCE, small=True))
        return judgement

    def declared(self, line: Node, reasons: tuple[Any, ...]) -> Judgement:
        """A line that is declared to say the same as the last one, by its own reasons: proved so, or refuted, or neither."""
        last = self.theorem.right
        chain = Chain(last)
        rejected = isinstance(chain.step(line, reasons), StepRejected)
        assumed = [*self.theorem.assumptions, *facts_behind(reasons)]
        found = compare(assumed_by(assumed, (last, line), self.limits), last, line, "=", MODELS, self.seed, small=True)
        kernel = REJECTED if rejected else ACCEPTED
        if found.witness is not None:
            return self._refuted(kernel, found, "line")
        exact = AGREES if found.verdict == AGREES else NO_MODEL
        verdict, proof = (UNDECIDED, None) if rejected else (EQUIVALENT, chain.theorem())
        return Judgement(verdict, kernel, exact, found.models, proof=proof, message=found.message)

    def is_without_meaning(self, judgement: Judgement, line: Node, number: int) -> bool:
        """Whether a line that no model reads is none that could be wrong: its right line has a value where it has none."""
        if (judgement.verdict, judgement.kernel, judgement.exact) != (UNDECIDED, REJECTED, NO_MODEL):
            return False
        return is_without_meaning(self._statement, self.theorem.lines[number - 1], line, self.seed)

    def _refuted(self, kernel: str, found: Comparison, refuted: str) -> Judgement:
        holds = found.witness is not None and found.witness.holds()  # evaluated once more, from the model alone
        verdict = REFUTED if holds and kernel == REJECTED else CONTRADICTION
        message = "" if holds else "the witness does not hold when it is evaluated again"
        return Judgement(verdict, kernel, REFUTED, found.models, refuted, found.witness, message=message)

    def _verdict(self, line: Node, step: Step, kernel: str, found: Comparison, refuted: str) -> Judgement:
        if found.witness is not None:
            return self._refuted(kernel, found, refuted)
        exact = AGREES if found.verdict == AGREES else NO_MODEL
        proof, beyond = equivalence(self.theorem, step, line) if step.relation == "=" else (None, False)
        verdict = UNDECIDED if proof is None else EQUIVALENT
        return Judgement(verdict, kernel, exact, found.models, proof=proof, beyond=beyond, message=found.message)

    def _refusal(self, line: Node, step: Step) -> StepRejected | Slip | None:
        """What refuses the line after the one before, over one algebra for all lines that are tried in this place.

        Functions of parameters enlarge the algebra by every line that has them: there each line gets its own.
        """
        chain = Chain(step.old, first_number=step.number - 1)
        chain.setting = self._settings.get(step.number, chain.setting)
        refusal = take(chain, step.number, (line, *step.reasons))
        if not chain.setting.generators.meaning:
            self._settings[step.number] = chain.setting
        else:
            self._settings.pop(step.number, None)
        return refusal

    # ---- exact models ---------------------------------------------------------------------------------------------

    def _compared(self, line: Node, step: Step, models: int, small: bool) -> tuple[Comparison, str]:
        """The line under all assumptions; if it agrees there, the step under exactly what it cites.

        With `small`, models that a reader can check by hand come first.
        """

        def on_models(number: int, statement: Statement, old: Node, relation: str) -> Comparison:
            if self._is_unread(number, statement, old):
                return Comparison(NO_MODEL, message=f"no value in any model: {old}")
            return compare(statement, old, line, relation, models, self.seed, small)

        found = on_models(0, self._statement, self.theorem.left, self._relation(step.number))
        if found.verdict == DIFFERS:
            return found, "line"
        against = on_models(step.number, statement_of_step(step, self.limits), step.old, step.relation)
        return (against, "step") if against.verdict == DIFFERS else (found, "")

    def _is_unread(self, number: int, statement: Statement, old: Node) -> bool:
        """Whether a line has no value in any model: asked once, not again for each mutant that is compared with it."""
        if number not in self._unread:
            self._unread[number] = compare(statement, old, old, wanted=1, seed=self.seed).verdict != AGREES
        return self._unread[number]

    def _relation(self, number: int) -> str:
        return "≥" if any(one.relation == "≥" for one in self.theorem.steps[: number - 1]) else "="


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
    yield [(line, tuple(_derivatives_alike(step.new, line)))]
    yield [(line, step.reasons)]
    yield [(step.old, step.reasons), (line, step.reasons)]
    yield [(line, tuple(dict.fromkeys((definition, linearity, *cited, *theorem.assumptions, *theorem.lemmas))))]


def _derivatives_alike(*lines: Node) -> Iterator[FunctionLemma]:
    """Lemmas that derivatives of a function in the lines are one function, as exp is its own derivative."""
    t = scalar("t")
    used = {(one.function, one.orders) for line in lines for one in line.atoms(Applied) if one.function.closed_form}
    for (function, orders), (other, lower) in combinations(sorted(used, key=lambda one: -len(one[1])), 2):
        if function == other and function.is_entrywise:
            sides = [Applied(function, Tuple(*map(Integer, chosen)), t) for chosen in (orders, lower)]
            try:
                yield lemma(*sides)
            except LemmaRefused:
                continue
