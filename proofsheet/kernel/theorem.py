"""Theorems: only this file makes them.

    chain = Chain(first_line)
    chain.step(next_line, reasons)      each step is checked under exactly what it cites
    chain.theorem()                     a Theorem if every step was accepted

A theorem carries the assumptions and side conditions that its steps needed, and can be derived again from its lines.
Python cannot keep a determined caller from forging an object; the seal stops accidents, and `recheck` trusts only lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from sympy import Basic, Symbol

from proofsheet.errors import AssumptionError, NotationError, ProofsheetError
from proofsheet.kernel.cancellation import Cancellation
from proofsheet.kernel.cases import failing_case
from proofsheet.kernel.domains import check_value, refusal_of_inequality
from proofsheet.kernel.generators import FieldGrows
from proofsheet.kernel.lowering import normal_form
from proofsheet.kernel.needed_reasons import members_of_routes, without
from proofsheet.kernel.normal_form import Algebra, KernelError
from proofsheet.kernel.reasons import (
    ASSUMPTIONS,
    RULES,
    ExponentialFamily,
    FunctionLemma,
    Independence,
    Linearity,
    Moment,
    Nonnegativity,
    Rearrangement,
    Split,
    Taylor,
    moment,
)
from proofsheet.kernel.rules import Rules
from proofsheet.kernel.setting import Setting
from proofsheet.kernel.side_conditions import SideCondition, Smooth, for_every_index, refuse_conflicts
from proofsheet.kernel.stated_reasons import is_reason, refuse_unstated
from proofsheet.kernel.step import Step, StepRejected
from proofsheet.notation.functions import Applied, Function
from proofsheet.notation.indices import Distinct
from proofsheet.notation.scope import defined_symbols, free_indices
from proofsheet.notation.tree import ONE, Node, Number, Parameter, as_node


class Chain:
    """A derivation in the making: lines, and a verdict on each step. `first_number` is the number of its first line."""

    def __init__(self, first: Any, symbols: Iterable[Symbol] = (), first_number: int = 1) -> None:
        self._first = as_node(first, "a derivation")
        self._verdicts: list[Step | StepRejected] = []
        self._first_number = first_number
        self.setting = Setting()
        self.setting.expect(symbols)
        self.setting.enter([self._first])

    @property
    def lines(self) -> tuple[Node, ...]:
        return (self._first, *(verdict.new for verdict in self._verdicts))

    @property
    def verdicts(self) -> tuple[Step | StepRejected, ...]:
        return tuple(self._verdicts)

    @property
    def reasons(self) -> tuple[tuple[Any, ...], ...]:
        return tuple(verdict.reasons for verdict in self._verdicts)

    def step(self, line: Any, reasons: Sequence[Any]) -> Step | StepRejected:
        """Check and record the next line. Raises NotationError for what is no line or no reason."""
        number, cited = self._first_number + len(self._verdicts) + 1, tuple(reasons)
        try:
            new = as_node(line, "a derivation")
            for reason in cited:
                if not is_reason(reason) and type(reason) is not Theorem:
                    raise NotationError(f"{reason!r} is not a reason; cite a rule, an assumption or a theorem")
                refuse_unstated(reason)
                if isinstance(reason, Theorem) and reason.relation != "=":
                    raise NotationError(f"{reason} is an inequality; only equations can be cited")
            self.setting.enter([new, *_nodes_of(cited)])
        except NotationError as error:
            raise NotationError(f"line {number}: {error}") from None
        self._verdicts.append(self.setting.steadily(lambda: self._verdict(number, self.lines[-1], new, cited)))
        return self._verdicts[-1]

    def _verdict(self, number: int, old: Node, new: Node, cited: tuple[Any, ...]) -> Step | StepRejected:
        if old.shape != new.shape:
            shapes = [" × ".join(map(str, line.shape)) for line in (old, new)]
            why = f"the line before has shape {shapes[0]}, this line {shapes[1]}"
            if new == Number(0):
                why += f"; write zeros({', '.join(str(size) for size in old.shape if size != ONE)})"
            return StepRejected(number, old, new, cited, {}, why)
        try:
            for line in (old, new):
                self.setting.denominators(line)
            if Nonnegativity() in cited:
                return self._inequality(number, old, new, cited)
            residual = self.setting.residual(old, new, cited)
        except KernelError as problem:
            return StepRejected(number, old, new, cited, {}, str(problem))
        except RecursionError:
            return StepRejected(number, old, new, cited, {}, "the line is nested too deeply")
        if residual and any(isinstance(reason, Split) for reason in cited):
            return self._by_cases(number, old, new, cited)
        if residual:
            return StepRejected(number, old, new, cited, residual)
        needed = self._needed(old, new, cited)
        if self.setting.residual(old, new, needed):
            needed = cited  # what was left out was needed after all
        unneeded = tuple(reason for reason in cited if reason not in needed and not isinstance(reason, Rearrangement))
        return Step(number, old, new, cited, needed, unneeded)

    def _inequality(self, number: int, old: Node, new: Node, cited: tuple[Any, ...]) -> Step | StepRejected:
        """old ≥ 0, where the form of `old` shows it."""
        why = refusal_of_inequality(old, new, cited)
        if why:
            return StepRejected(number, old, new, cited, {}, why)
        return Step(number, old, new, cited, cited, (), "≥")

    def _by_cases(self, number: int, old: Node, new: Node, cited: tuple[Any, ...]) -> Step | StepRejected:
        """old = new for each case of a real parameter."""
        why = failing_case(cited, old, new, self.setting, _refusal_by_algebra)
        needed = tuple(reason for reason in cited if isinstance(reason, Split))
        return StepRejected(number, old, new, cited, {}, why) if why else Step(number, old, new, cited, needed, ())

    def _needed(self, old: Node, new: Node, cited: tuple[Any, ...]) -> tuple[Any, ...]:
        """The reasons without which the step fails; where several sets of assumptions suffice, all their members.

        Assumptions include linearity; one that serves for nothing else is not needed, and is reported.
        """
        rules = tuple(reason for reason in cited if isinstance(reason, RULES) and not isinstance(reason, Rearrangement))
        assumed = tuple(reason for reason in cited if isinstance(reason, (*ASSUMPTIONS, Theorem)))
        if any(isinstance(reason, (Independence, Moment)) for reason in assumed):
            rules = tuple(dict.fromkeys((*rules, Linearity())))

        def suffices(chosen: tuple[Any, ...], kept: tuple[Any, ...]) -> bool:
            try:
                return not self.setting.residual(old, new, (*kept, *chosen))
            except AssumptionError:  # moments that agree only in the light of one that was left out
                return False

        used = members_of_routes(assumed, lambda chosen: suffices(chosen, rules))
        return (
            *(rule for rule in rules if not suffices(used, without(rules, rule))),
            *used,
        )

    def theorem(self) -> Theorem:
        """The theorem first line = last line.

        Raises the first StepRejected, or AssumptionError if one moment is cited with two values.
        """
        return _concluded(self, {})


def _refusal_by_algebra(old: Node, new: Node) -> str:
    """Why new does not follow from old by algebra; empty if it does."""
    verdict = Chain(old).step(new, (Rearrangement(),))
    return verdict.why or "they differ" if isinstance(verdict, StepRejected) else ""


def _concluded(chain: Chain, values: Mapping[Any, Any]) -> Theorem:
    """The theorem of a chain; `values` records of which particular case it is."""
    for verdict in chain.verdicts:
        if isinstance(verdict, StepRejected):
            raise verdict
    return Theorem(_SEAL, chain, values)


def _nodes_of(reasons: Iterable[Any]) -> list[Basic]:
    """Every line and variable that the reasons speak of."""
    nodes: list[Basic] = []
    for reason in reasons:
        if isinstance(reason, Independence):
            nodes += [member for block in reason.blocks for member in block]
        elif isinstance(reason, Moment):
            nodes += [reason.left, reason.right, *reason.conditions]
            if reason.proved is not None:
                nodes += _nodes_of((reason.proved,))
        elif isinstance(reason, ExponentialFamily):
            nodes += [reason.statistic, reason.parameter, reason.function]
        elif isinstance(reason, Taylor):
            nodes.append(reason.function)
        elif isinstance(reason, FunctionLemma):
            nodes += [reason.left, reason.right]
        elif isinstance(reason, Split):
            nodes += [reason.variable, *reason.points]
        elif isinstance(reason, Distinct):
            nodes.append(reason)
        elif isinstance(reason, Cancellation):
            nodes += reason.inverses
        elif isinstance(reason, Theorem):
            nodes += [*reason.lines, *_nodes_of((*reason.assumptions, *reason.lemmas))]
    return nodes


_SEAL = object()


class Theorem:
    """left = right, for all dimensions and all parameters in their domains, under `assumptions`. Made by a Chain only."""

    _shown: ClassVar[Any] = staticmethod(lambda theorem, language: None)  # set once by proofsheet.derivation

    def __init__(self, seal: object, chain: Chain, values: Mapping[Any, Any]) -> None:
        if seal is not _SEAL:
            raise ProofsheetError("only the kernel makes theorems: prove(first_line, (line, reason), ...)")
        self.lines: tuple[Node, ...]
        self.steps: tuple[Step, ...]
        self.assumptions: tuple[Any, ...]
        self.lemmas: tuple[
            FunctionLemma, ...
        ]  # about functions of one variable, found true by the judges that they name
        self.side_conditions: tuple[SideCondition, ...]
        self.values: tuple[tuple[Any, Any], ...]  # of which particular case this is, if it was made by at()
        object.__setattr__(self, "lines", tuple(chain.lines))
        object.__setattr__(self, "steps", tuple(chain.verdicts))
        _refuse_forged_reasons(self.steps)
        object.__setattr__(self, "assumptions", _assumptions(self.steps))
        object.__setattr__(self, "lemmas", _lemmas(self.steps))
        conditions = chain.setting.steadily(lambda: _side_conditions(self, chain.setting))
        object.__setattr__(self, "side_conditions", conditions)
        defined = {one for node in self.speaks_of for one in defined_symbols(node)}
        refuse_conflicts(self.side_conditions, self.assumptions, sorted(defined, key=str))
        object.__setattr__(self, "values", tuple(map(_given_value, values.items())))
        moments = tuple(one for one in self.assumptions if isinstance(one, Moment))
        chain.setting.steadily(lambda: chain.setting.rules(moments))  # one moment, one value
        _check_free_indices(self.lines, self.assumptions)

    def __setattr__(self, name: str, value: Any) -> None:
        raise ProofsheetError("a theorem cannot be changed")

    @property
    def left(self) -> Node:
        return self.lines[0]

    @property
    def right(self) -> Node:
        return self.lines[-1]

    @property
    def relation(self) -> str:
        """= or ≥: how the left side stands to the right side."""
        return "≥" if any(step.relation == "≥" for step in self.steps) else "="

    @property
    def speaks_of(self) -> tuple[Basic, ...]:
        """Every line, and every line, variable and function in the assumptions and lemmas."""
        functions = [one for lemma in self.lemmas for side in (lemma.left, lemma.right) for one in side.atoms(Function)]
        return (*self.lines, *_nodes_of(self.assumptions), *functions)

    @property
    def unneeded(self) -> tuple[tuple[int, Any], ...]:
        """Reasons that were cited in vain, each with the number of its line."""
        return tuple((step.number, reason) for step in self.steps for reason in step.unneeded)

    def recheck(self) -> Theorem:
        """The same theorem, derived again from the recorded lines and reasons alone; so are the theorems it cites."""
        reasons = [tuple(map(_rechecked, step.reasons)) for step in self.steps]
        return _rederived(self.lines, reasons, dict(self.values))

    def as_moment(self, *, called: str | None = None) -> Moment:
        """The theorem as a rule that replaces its left side, an expectation, wherever it stands.

        Raises AssumptionError if the left side is no expectation, Var or Cov of a product of entries.
        """
        if self.relation != "=":
            raise AssumptionError(f"{self} is an inequality; only an equation can be used as a moment")
        conditions = tuple(one for one in self.assumptions if isinstance(one, Distinct))
        return replace(moment(self.left, self.right, *conditions, called=called), proved=self)

    def at(self, values: Mapping[Any, Any]) -> Theorem:
        """The theorem for particular parameters, {c: 0}, and particular functions, {A: softplus}, derived again with them.

        Raises NotationError if a value lies outside the parameter's declared domain, if a function is not opaque or takes
        other arguments, or if the theorem does not speak of it.
        """
        if not isinstance(values, Mapping):
            raise NotationError(f"at() takes a dictionary, theorem.at({{c: 0}}), not {values!r}")
        mapping: dict[Basic, Basic] = {}
        for key, value in values.items():
            if not self._speaks_of(key):
                raise NotationError(f"at(): the theorem does not speak of {key} with this domain")
            mapping |= _function_value(key, value) if isinstance(key, Function) else self._parameter_value(key, value)
        lines = [line.xreplace(mapping) for line in self.lines]
        reasons = [tuple(_substituted(reason, mapping, values) for reason in step.reasons) for step in self.steps]
        before = {key: value.xreplace(mapping) for key, value in self.values}
        return _rederived(lines, reasons, {**before, **values})

    def _parameter_value(self, parameter: Any, given: Any) -> dict[Basic, Basic]:
        value = as_node(given, "at")
        check_value(parameter, value)
        algebra = Algebra(_symbols_in([*self.lines, value]))
        try:
            return {parameter: value, parameter.symbol: _as_expression(value, algebra)}
        except FieldGrows as problem:
            raise NotationError(f"at(): {parameter} = {value}: {problem}") from None

    def _speaks_of(self, key: Any) -> bool:
        nodes = [*self.lines, *_nodes_of(self.assumptions)]
        if not isinstance(key, Parameter):
            return not isinstance(key, Function) or any(node.has(key) for node in nodes)
        alike = {one for node in nodes for one in node.atoms(Parameter) if one.symbol == key.symbol}
        return not alike - {key} and any(node.has(key.symbol) for node in nodes)

    def __repr__(self) -> str:
        return f"{self.left} {self.relation} {self.right}"

    def _repr_latex_(self) -> str | None:
        return type(self)._shown(self, "latex")

    def _repr_markdown_(self) -> str | None:
        return type(self)._shown(self, "markdown")

    def _repr_html_(self) -> str | None:
        return type(self)._shown(self, "html")


def _given_value(item: tuple[Any, Any]) -> tuple[Any, Any]:
    key, value = item
    return key, value if isinstance(key, Function) else as_node(value, "at")


def _symbols_in(nodes: Iterable[Basic]) -> tuple[Any, ...]:
    setting = Setting()
    setting.enter(nodes)
    return setting.names.symbols


def _as_expression(value: Node, algebra: Algebra) -> Basic:
    lowered = normal_form(value, Rules(), algebra)
    if not lowered:
        return Number(0).value
    if set(lowered) != {((), ())}:
        raise NotationError(f"a parameter takes a number or an expression in parameters, not {value}")
    return lowered[((), ())].as_expr()


def _function_value(key: Function, value: Any) -> dict[Basic, Basic]:
    if not isinstance(value, Function) or value.shapes != key.shapes:
        raise NotationError(f"{key} = {value}: a function of the same arguments takes the place of a function")
    if key.closed_form is not None:
        raise NotationError(f"{key} is no opaque function: the theorem is about {key.closed_form}")
    return {key: value}


def _substituted(reason: Any, mapping: Mapping[Basic, Basic], values: Mapping[Any, Any]) -> Any:
    if isinstance(reason, Moment):
        left, right = reason.left.xreplace(mapping), reason.right.xreplace(mapping)
        proved = None if reason.proved is None else _particular(reason.proved, values)
        return Moment(left, right, reason.conditions, reason.called, proved)
    if isinstance(reason, Theorem):
        return _particular(reason, values)
    if isinstance(reason, Taylor):
        return replace(reason, function=reason.function.xreplace(mapping))
    if isinstance(reason, Cancellation):
        return reason.xreplace(mapping)
    if isinstance(reason, Split):
        if reason.variable in mapping:
            raise NotationError(f"the theorem is proved by cases in {reason.variable}; for one value write prove(...)")
        return replace(reason, points=tuple(point.xreplace(mapping) for point in reason.points))
    if isinstance(reason, ExponentialFamily) and reason.function in mapping:
        raise NotationError(f"{reason.function} is the log-partition function of a family; it has no particular value")
    return reason


def _particular(theorem: Theorem, values: Mapping[Any, Any]) -> Theorem:
    """A cited theorem for the values of what it speaks of."""
    concerned = {key: value for key, value in values.items() if theorem._speaks_of(key)}
    return theorem.at(concerned) if concerned else theorem


def _rechecked(reason: Any) -> Any:
    if isinstance(reason, Theorem):
        return reason.recheck()
    if isinstance(reason, Moment) and reason.proved is not None:
        return replace(reason, proved=reason.proved.recheck())
    return reason


def _rederived(lines: Sequence[Node], reasons: Sequence[tuple[Any, ...]], values: Mapping[Any, Any]) -> Theorem:
    if len(reasons) != len(lines) - 1:
        raise ProofsheetError(
            "a theorem has one step for each line after the first; this one was not made by the kernel"
        )
    chain = Chain(lines[0], _symbols_in(lines))
    for line, cited in zip(lines[1:], reasons, strict=True):
        chain.step(line, cited)
    return _concluded(chain, values)


def _assumptions(steps: Iterable[Step]) -> tuple[Any, ...]:
    """What the steps assume: needed assumptions, and those of needed theorems."""
    found: list[Any] = []
    for step in steps:
        for reason in step.needed:
            theorem = _theorem_in(reason)
            stated = theorem.assumptions if theorem else (reason,)
            if isinstance(reason, Moment) and theorem:  # i ≠ j is a condition of the moment, for its own i and j
                stated = tuple(one for one in stated if one not in reason.conditions)
            found += [one for one in stated if isinstance(one, ASSUMPTIONS) and one not in found]
    return tuple(found)


def _theorem_in(reason: Any) -> Theorem | None:
    """The theorem that a reason rests on, if it is one or a moment derived by one."""
    if isinstance(reason, Moment):
        return reason.proved
    return reason if isinstance(reason, Theorem) else None


def _cited(steps: Iterable[Step]) -> list[Theorem]:
    reasons = (reason for step in steps for reason in step.needed)
    return [theorem for theorem in map(_theorem_in, reasons) if theorem is not None]


def _lemmas(steps: Sequence[Step]) -> tuple[FunctionLemma, ...]:
    own = [reason for step in steps for reason in step.needed if isinstance(reason, FunctionLemma)]
    return tuple(dict.fromkeys([*own, *(lemma for one in _cited(steps) for lemma in one.lemmas)]))


def _refuse_forged_reasons(steps: Iterable[Step]) -> None:
    """A moment that claims to be proved is what its theorem says; a lemma is what its judge was asked."""
    for step in steps:
        for reason in step.reasons:
            if isinstance(reason, Moment) and reason.proved is not None:
                theorem = reason.proved
                if not isinstance(theorem, Theorem) or theorem.as_moment() != reason:
                    raise AssumptionError(f"{reason.left} = {reason.right} is not what the theorem behind it says")
            if isinstance(reason, FunctionLemma) and not reason.is_judged:
                raise AssumptionError(
                    f"{reason.left} = {reason.right} was not found true by {reason.judge}: write lemma(...)"
                )


def _side_conditions(theorem: Theorem, setting: Setting) -> tuple[SideCondition, ...]:
    """Those of the lines and assumptions, of the rules that the steps used, and of every theorem that a step needed."""
    spoken = [one for step in theorem.steps for one in step.needed if isinstance(one, (Cancellation, Split))]
    own = setting.side_conditions([*theorem.lines, *_nodes_of([*theorem.assumptions, *spoken])])
    used = [setting.taken_for_granted((step.old, step.new), step.needed) for step in theorem.steps]
    reasons = [reason for step in theorem.steps for reason in step.needed]
    inherited = [one.side_conditions for one in reasons if isinstance(one, Theorem)]
    derived = [one.proved.side_conditions for one in reasons if isinstance(one, Moment) and one.proved]
    inherited += [tuple(map(for_every_index, conditions)) for conditions in derived]
    smooth = [family.function for family in theorem.assumptions if _is_smooth_where_used(family, theorem)]
    return tuple(
        dict.fromkeys(
            condition
            for group in (own, *used, *inherited)
            for condition in group
            if not (isinstance(condition, Smooth) and condition.function in smooth)
        )
    )


def _is_smooth_where_used(family: Any, theorem: Theorem) -> bool:
    """Whether A of an exponential family stands at θ only, inside the natural parameter space, where it is smooth."""
    if not isinstance(family, ExponentialFamily):
        return False
    uses = [one for node in theorem.speaks_of for one in node.atoms(Applied) if one.function == family.function]
    return all(one.arguments == (family.parameter,) for one in uses)


def _check_free_indices(lines: Sequence[Node], assumptions: Iterable[Any]) -> None:
    known = frozenset().union(*(free_indices(line) for line in lines))
    for assumption in assumptions:
        if isinstance(assumption, Distinct) and not set(assumption.args) <= known:
            raise AssumptionError(f"{assumption} speaks of an index that no line has")


__all__ = ["Chain", "SideCondition", "Step", "StepRejected", "Theorem"]
