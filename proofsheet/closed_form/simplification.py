"""`simplify`: from an expression to the theorem that it equals its closed form.

Proposals are tried in the order of how well they read, and the kernel judges each line, under the reasons that it needs
and no others. What no proposal proves is said to be unproved; nothing here can make a theorem.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from proofsheet.closed_form.proposals import Move, Proposal, Proposals
from proofsheet.derivation import algebra, take
from proofsheet.errors import AssumptionError, NotationError, ProofsheetError
from proofsheet.kernel.normal_form import KernelError
from proofsheet.kernel.reasons import (
    ASSUMPTIONS,
    RULES,
    Definition,
    Differentiation,
    Linearity,
    Nonnegativity,
    Rearrangement,
    Split,
)
from proofsheet.kernel.setting import Setting
from proofsheet.kernel.side_conditions import refuse_conflicts
from proofsheet.kernel.theorem import Chain, StepRejected, Theorem
from proofsheet.notation.elementary import Exponential, Logarithm, Maximum, Minimum, SymbolicPower
from proofsheet.notation.scope import defined_symbols
from proofsheet.notation.tree import Node, as_node
from proofsheet.notation.variables import Defined

ALWAYS = (Rearrangement, Linearity, Definition, Differentiation)  # hold under every law, and need not be given


class NoClosedForm(ProofsheetError):
    """None of the lines that were proposed follows; a shortcoming of the search, it says nothing of the expression."""


def simplify(expression: Any, given: Any = ()) -> Theorem:
    """The theorem that the expression equals its closed form in vector notation.

    `given` lists what may be used: assumptions, theorems, lemmas about functions, and defined symbols that are to appear
    in the closed form. With taylor(A, k) every A of a noisy argument is expanded about the argument at the mean of the
    noise; the remainder stays, as E[ρ]. Algebra, linearity, definitions and differentiation are always used. The theorem
    carries the assumptions that it needed.

    Raises NotationError for what is no line or cannot be given, AssumptionError for assumptions that contradict each
    other, NoClosedForm if no closed form was found that the kernel accepts.
    """
    line = as_node(expression, "simplify")
    if line.has(Exponential, Logarithm, SymbolicPower, Maximum, Minimum):
        raise NotationError(
            f"simplify does not take exp, log, powers with symbolic exponents, max and min: {line}; prove(...) it by hand"
        )
    try:
        return _simplified(line, _checked(given))
    except RecursionError:
        raise NotationError("simplify: the expression is nested too deeply") from None
    except KernelError as problem:
        raise NoClosedForm(f"simplify: {problem}\n    in  {line}") from None


def _checked(given: Any) -> tuple[Any, ...]:
    """The reasons and symbols that are given, without those that are always used."""
    found = tuple(given) if isinstance(given, (tuple, list, set, frozenset)) else (given,)
    for one in found:
        if callable(one) and not isinstance(one, type):
            raise NotationError(f"simplify: a defined function is given with its arguments: {one.__name__}(w)")
        if isinstance(one, Nonnegativity):
            raise NotationError("simplify finds equations; an inequality is proved with prove(..., (0, nonnegative))")
        if isinstance(one, Split):
            raise NotationError(
                "simplify knows no cases; an equation by cases is proved with prove(..., (line, split(x, 0)))"
            )
        if not isinstance(one, (*ASSUMPTIONS, *RULES, Theorem, Defined)):
            raise NotationError(
                f"simplify cannot use {one!r}; give assumptions (independent, moment, distinct), theorems, lemmas, "
                "taylor(A, k) or defined symbols"
            )
    return tuple(dict.fromkeys(one for one in found if not isinstance(one, ALWAYS)))


def _simplified(line: Node, given: tuple[Any, ...]) -> Theorem:
    setting = _setting_of(line, given)
    if setting.generators.meaning:
        raise NotationError("simplify does not take functions of parameters, such as exp(t), in what is given")
    proposals = Proposals(line, setting, given)
    conflict: AssumptionError | None = None
    for proposal in proposals.ranked():
        try:
            theorem = _proved(line, proposal)
            if theorem is not None:
                defined = sorted({one for node in theorem.lines for one in defined_symbols(node)}, key=str)
                stated = [one for one in given if isinstance(one, ASSUMPTIONS)]
                refuse_conflicts(theorem.side_conditions, stated, defined)
                return theorem
        except AssumptionError as problem:
            conflict = conflict or problem
    if conflict is not None:
        raise conflict
    raise NoClosedForm(
        f"simplify found no closed form of  {line}  that follows from what is given; prove(...) it by hand"
    )


def _setting_of(line: Node, given: tuple[Any, ...]) -> Setting:
    """The names of the line and of all that is given. Raises AssumptionError for assumptions that contradict each other."""
    chain = Chain(line)
    try:
        verdict = chain.step(line, [one for one in given if not isinstance(one, Defined)])
        chain.setting.enter([one for one in given if isinstance(one, Defined)])
    except NotationError as problem:
        raise NotationError(f"simplify: {str(problem).removeprefix('line 2: ')}") from None
    if isinstance(verdict, StepRejected):
        raise NoClosedForm(f"simplify: {verdict.why}\n    in  {line}")
    return chain.setting


def _proved(line: Node, proposal: Proposal) -> Theorem | None:
    """The theorem if its lines follow, with the line halfway if that follows too; each cites what it needs, no more."""
    for moves in proposal.ways:
        generous = _accepted(line, moves)
        frugal = generous and _accepted(line, [(step.new, step.needed or (algebra,)) for step in generous.steps])
        if frugal:
            return frugal
    return None


def _accepted(line: Node, moves: Iterable[Move]) -> Theorem | None:
    """The theorem of a derivation; None if a line does not follow, or only by accident."""
    chain = Chain(line)
    for new, reasons in _without_repetitions(line, moves):
        if take(chain, len(chain.lines) + 1, (new, *reasons)) is not None:
            return None
    return chain.theorem()


def _without_repetitions(line: Node, moves: Iterable[Move]) -> list[Move]:
    """The moves that change the line; one that says so if there is none."""
    found: list[Move] = []
    for new, reasons in moves:
        if new != (found[-1][0] if found else line):
            found.append((new, reasons))
    return found or [(line, (algebra,))]
