"""What a theorem takes for granted besides its assumptions: printed with it, and inherited by what cites it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar

from sympy import Basic, Expr

from proofsheet.errors import AssumptionError
from proofsheet.kernel.definiteness import is_invertible
from proofsheet.kernel.domains import is_nonzero
from proofsheet.kernel.generators import Generators
from proofsheet.kernel.lowering import denominator_of, positive_radicand
from proofsheet.kernel.normal_form import Algebra, KernelError
from proofsheet.kernel.plain_sums import PlainSums
from proofsheet.kernel.reasons import ExponentialFamily, Moment
from proofsheet.notation.functions import Applied, Derivative, Function, Remainder
from proofsheet.notation.indices import Index
from proofsheet.notation.matrices import Inverse
from proofsheet.notation.scope import Names, free_indices, random_variables
from proofsheet.notation.tree import Coefficient, Group, Node, Number, Power, Product, Quotient
from proofsheet.notation.variables import Constant, Defined, RandomVariable


@dataclass(frozen=True)
class Nonvanishing:
    """denominator ≠ 0; `discharged` if the declared domains imply it."""

    denominator: Node
    discharged: bool


@dataclass(frozen=True)
class Invertible:
    """The matrix has an inverse; `discharged` if its form shows it."""

    matrix: Node
    discharged: bool


@dataclass(frozen=True)
class AwayFromKink:
    """argument ≠ 0 (almost surely, where it is random) for all values of the indices `every`: |·| was differentiated there.

    None stands for whatever |·| or sgn was differentiated at, where that has no plain form.
    """

    argument: Node | None
    every: tuple[Index, ...] = ()
    discharged: ClassVar[bool] = False


@dataclass(frozen=True)
class NonnegativeRadicand:
    """argument ≥ 0 (almost surely, where it is random) for all values of the indices `every`: √ was taken of it.

    None stands for all radicands, where one has no plain form.
    """

    argument: Node | None
    every: tuple[Index, ...] = ()
    discharged: ClassVar[bool] = False


@dataclass(frozen=True)
class PositiveArgument:
    """argument > 0 (almost surely, where it is random) for all values of the indices `every`: log was taken of it.

    None stands for all such arguments, where one has no plain form.
    """

    argument: Node | None
    every: tuple[Index, ...] = ()
    discharged: ClassVar[bool] = False


@dataclass(frozen=True)
class LawFree:
    """∂/∂variable passed under E: the law of the random variables does not depend on it, and the interchange is allowed."""

    variable: Constant
    random: tuple[RandomVariable, ...]
    discharged: ClassVar[bool] = False


@dataclass(frozen=True)
class UnderIntegral:
    """d/d(parameter) passed under the integral over an exponential family (true inside the natural parameter space)."""

    parameter: Constant
    statistic: RandomVariable
    discharged: ClassVar[bool] = False


@dataclass(frozen=True)
class Smooth:
    """The function has `order` derivatives, continuous ones where it has several arguments."""

    function: Function
    order: int

    @property
    def discharged(self) -> bool:
        """A closed form made of elementary functions; the judge of its lemmas differentiates it."""
        return self.function.closed_form is not None


SideCondition = (
    Nonvanishing | Invertible | AwayFromKink | NonnegativeRadicand | PositiveArgument | LawFree | UnderIntegral | Smooth
)


# ---- what the lines themselves need ---------------------------------------------------------------------------


def side_conditions(lines: Iterable[Basic], names: Names, algebra: Algebra) -> tuple[SideCondition, ...]:
    """The denominators and inverses of lines and assumptions, and the derivatives that functions in them must have."""
    found: dict[Any, SideCondition] = {}
    orders: dict[Function, int] = {}
    for line in lines:
        for denominator in denominators(line, names, algebra):
            condition = Nonvanishing(denominator, is_nonzero(denominator))
            value = denominator_of(denominator, algebra)
            if value not in found or condition.discharged:
                found[value] = condition
        for matrix in _inverted(line):
            found.setdefault(matrix, Invertible(matrix, is_invertible(matrix)))
        for function, order in _orders(line, 0):
            orders[function] = max(order, orders.get(function, 0))
    return (*found.values(), *(Smooth(function, order) for function, order in orders.items() if order))


@lru_cache(maxsize=20_000)
def _inverted(node: Basic) -> tuple[Node, ...]:
    """Every matrix that a line inverts, in definitions too."""
    found: dict[Node, None] = {}
    parts = (node.meaning, *node.values) if isinstance(node, Defined) else node.args
    for part in parts:
        found |= dict.fromkeys(_inverted(part))
    if isinstance(node, Inverse):
        found[node.args[0]] = None
    return tuple(found)


@lru_cache(maxsize=20_000)
def _orders(node: Basic, outside: int) -> tuple[tuple[Function, int], ...]:
    """Every function with how often it is differentiated at most; `outside` counts the derivatives around it."""
    found: dict[Function, int] = {}
    if isinstance(node, Applied):
        found[node.function] = outside + len(node.orders)
    elif isinstance(node, Remainder):
        found[node.function] = outside + node.order - 1
    inside = outside + isinstance(node, Derivative)
    parts = (node.body, *node.values) if isinstance(node, Defined) else node.args
    for part in parts:
        for function, order in _orders(part, inside) if isinstance(part, Node) else ():
            found[function] = max(order, found.get(function, 0))
    return tuple(found.items())


def denominators(line: Basic, names: Names, algebra: Algebra) -> list[Node]:
    """What a line divides by. Raises KernelError if that is zero or no coefficient."""
    found: list[Node] = []
    seen: set[Basic] = set()
    waiting = [line]
    while waiting:
        node = waiting.pop()
        if node in seen or isinstance(node, Function):
            continue
        seen.add(node)
        if isinstance(node, Quotient) and (radicand := positive_radicand(node.args[1])) is not None:
            denominator_of(radicand, algebra)
        elif isinstance(node, Quotient):
            denominator_of(node.args[1], algebra)
            found += _factors(node.args[1], algebra)
        elif isinstance(node, Coefficient):
            algebra.coefficient(node.expression)
            found += [_symbol_node(base, names) for base in _negative_powers(node.expression)]
        waiting += [node.meaning, *node.values] if isinstance(node, Defined) else reversed(node.args)
    return found


def _factors(denominator: Node, algebra: Algebra) -> list[Node]:
    """A product or power is zero only where a factor is; √c √c is taken whole, for √c is no coefficient."""
    parts = _split(denominator)
    try:
        for part in parts:
            denominator_of(part, algebra)
    except KernelError:
        return [denominator]
    return parts


def _split(denominator: Node) -> list[Node]:
    if isinstance(denominator, (Product, Power, Group)):
        parts = denominator.args if isinstance(denominator, Product) else denominator.args[:1]
        return [factor for part in parts for factor in _split(part)]
    return [] if isinstance(denominator, Number) else [denominator]


def _negative_powers(expression: Expr) -> list[Expr]:
    """The bases, at any depth, that a SymPy expression divides by."""
    inner = [base for part in expression.args for base in _negative_powers(part)]
    divides = expression.is_Pow and expression.exp.is_negative and not expression.base.is_Number
    return [*inner, expression.base] if divides else inner


def _symbol_node(expression: Expr, names: Names) -> Node:
    known = [node for node in names.of_symbols() if node.symbol == expression]
    return known[0] if known else Coefficient(expression)


# ---- what the rules took for granted --------------------------------------------------------------------------


def noted_conditions(
    notes: Iterable[tuple[Any, ...]], names: Names, generators: Generators
) -> tuple[SideCondition, ...]:
    """The notes of `calculus` and `function_lowering` as conditions."""
    found: dict[SideCondition, None] = {}
    constants = {node.name: node for node in names.of_kind(Constant)}
    random = {node.name: node for node in names.of_kind(RandomVariable)}
    for note in notes:
        match note:
            case ("law", variable, members):
                found[LawFree(constants[variable], tuple(random[member] for member in members))] = None
            case ("integral", parameter, statistic):
                found[UnderIntegral(constants[parameter], random[statistic])] = None
            case ("nonzero", body):
                found[AwayFromKink(*PlainSums(names, generators).line(dict(body)))] = None
            case ("nonnegative", body):
                found[NonnegativeRadicand(*PlainSums(names, generators).line(dict(body)))] = None
            case ("positive", body):
                found[PositiveArgument(*PlainSums(names, generators).line(dict(body)))] = None
            case ("nonvanishing", body):
                line, _ = PlainSums(names, generators).line(dict(body))
                found[Nonvanishing(Number(0) if line is None else line, False)] = None
    return tuple(found)


def for_every_index(condition: SideCondition) -> SideCondition:
    """The condition where a theorem is used for other values of its free indices."""
    if isinstance(condition, (AwayFromKink, NonnegativeRadicand, PositiveArgument)) and condition.argument is not None:
        free = sorted(free_indices(condition.argument), key=lambda index: index.name)
        return replace(condition, every=tuple(free))
    return condition


# ---- do conditions and assumptions agree? ---------------------------------------------------------------------


def refuse_conflicts(
    conditions: Iterable[SideCondition], assumptions: Iterable[Any], defined: Iterable[Defined]
) -> None:
    """Raises AssumptionError where an assumption makes a law depend on what was differentiated by as if it did not.

    Every constant in a moment is a parameter of the law of the random variables in it, and of those tied to them by
    other moments. The law of an exponential family is known: no other assumption may speak of its statistic.
    """
    stated = list(assumptions)
    moments = [one for one in stated if isinstance(one, Moment) and one.proved is None]
    families = [one for one in stated if isinstance(one, ExponentialFamily)]
    for family in families:
        for other in families:
            if other.statistic == family.statistic and other != family:
                raise AssumptionError(f"the law of {family.statistic} is given by two exponential families")
        for moment in moments:
            if family.statistic in _random_in(moment):
                raise AssumptionError(
                    f"the law of {family.statistic} is given by an exponential family; {moment.left} = {moment.right} "
                    "would be a second assumption about it: derive it, and cite the theorem with as_moment()"
                )
    for condition in conditions:
        if isinstance(condition, LawFree):
            _refuse_dependent_law(condition, moments, families, f"∂/∂{condition.variable} cannot pass under E")
    for one in defined:
        members = tuple(one.body.atoms(RandomVariable))
        for formal in one.parameters:
            why = f"{one.name}({formal}) would not be E under the law for {formal}: name the argument otherwise"
            _refuse_dependent_law(LawFree(formal, members), moments, families, why)


def _refuse_dependent_law(
    condition: LawFree, moments: list[Moment], families: list[ExponentialFamily], why: str
) -> None:
    tied = set(condition.random)
    ties = [set(_random_in(moment)) for moment in moments]
    while grown := [tie for tie in ties if tie & tied and not tie <= tied]:
        tied = tied.union(*grown)
    for moment in moments:
        if _random_in(moment) & tied and condition.variable in moment.left.atoms(Constant) | moment.right.atoms(
            Constant
        ):
            raise AssumptionError(
                f"{why}: by {moment.left} = {moment.right} the law of "
                f"{', '.join(sorted(one.name for one in _random_in(moment)))} depends on {condition.variable}"
            )
    for family in families:
        if family.statistic in tied and family.parameter == condition.variable:
            raise AssumptionError(
                f"{why}: the law of {family.statistic} depends on {condition.variable}; cite the exponential family"
            )


def _random_in(moment: Moment) -> set[RandomVariable]:
    inside = moment.left.atoms(RandomVariable) | moment.right.atoms(RandomVariable)
    return inside | set(random_variables(moment.left))


__all__ = [
    "AwayFromKink",
    "Invertible",
    "LawFree",
    "NonnegativeRadicand",
    "Nonvanishing",
    "PositiveArgument",
    "SideCondition",
    "Smooth",
    "UnderIntegral",
    "denominators",
    "for_every_index",
    "noted_conditions",
    "refuse_conflicts",
    "side_conditions",
]
