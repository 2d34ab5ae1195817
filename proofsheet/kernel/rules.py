"""What a reason allows: the content of assumptions and rules, and its compiled form for the normal form.

Assumptions are known by content, never by name: a step that cites E[n] = 0 may use exactly that equation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import reduce
from itertools import permutations
from typing import Any

from proofsheet.errors import AssumptionError, NotationError
from proofsheet.kernel.cancellation import Cancellation
from proofsheet.kernel.normal_form import Algebra, Factor, Head, Polynomial
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.functions import Applied, Function
from proofsheet.notation.indices import Distinct
from proofsheet.notation.scope import free_indices, random_variables
from proofsheet.notation.tree import Node, Number, Parameter, lift
from proofsheet.notation.variables import Constant, Defined, RandomVariable

HIGHEST_TAYLOR = 8
MAXIMAL_DEGREE = 6  # of a moment: like factors are permuted when it is compiled


@dataclass(frozen=True)
class Rearrangement:
    """Both lines are equal under every joint law: expansion, regrouping, re-indexing, splitting of sums."""

    word: str = "algebra"


@dataclass(frozen=True)
class Linearity:
    """E[aX + bY] = a E[X] + b E[Y]; finite sums and constants leave E."""


@dataclass(frozen=True)
class Definition:
    """Defined symbols, Var and Cov stand for their right sides."""


@dataclass(frozen=True)
class VarianceDefinition:
    """Var and Cov stand for their right sides; part of `Definition`, and of a cited moment that is a Var or Cov."""


@dataclass(frozen=True)
class Differentiation:
    """∂/∂v by the product and chain rules; under E where the law does not depend on v, which becomes a side condition."""

    word: str = "differentiate"


@dataclass(frozen=True)
class Taylor:
    """ρ_{degree+1}[A; u, Δ] stands for A(u + Δ) less its Taylor polynomial of that degree in Δ at u."""

    function: Function
    degree: int


@dataclass(frozen=True)
class FunctionLemma:
    """f⁽ᵏ⁾(t) = right for every real t, where f and the functions in `right` have closed forms; `judge` found it true."""

    left: Applied
    right: Node
    judge: str
    asked: tuple[Node, ...] = field(default=(), repr=False, compare=False)  # the two sides as the judge saw them

    @property
    def is_judged(self) -> bool:
        """Whether these are the sides that the judge was asked about."""
        return self.asked == (self.left, self.right)

    @property
    def variable(self) -> Node:
        return self.left.arguments[0]


@dataclass(frozen=True)
class ExponentialFamily:
    """The statistic T has density h(t) exp(θt − A(θ)), for every θ of an open interval. Includes differentiation.

    d/dθ E[g] = E[dg/dθ + g · (T − A′(θ))] for g that depends on nothing random but T.
    """

    statistic: RandomVariable
    parameter: Constant
    function: Function
    called: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Nonnegativity:
    """The line before is ≥ 0 by its form: squares, absolute values, |a| ± a, and what declared domains say of parameters."""


@dataclass(frozen=True)
class Split:
    """Both lines agree for the real parameter below, at, between and above the points, which ascend."""

    variable: Parameter
    points: tuple[Node, ...]


@dataclass(frozen=True)
class Independence:
    """The blocks of random variables are jointly independent. Includes linearity."""

    blocks: tuple[tuple[RandomVariable, ...], ...]
    called: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Moment:
    """An expectation of a product of random variables (or Var, Cov) has a known value.

    Includes linearity, and for Var and Cov their definition.
    """

    left: Node
    right: Node
    conditions: tuple[Distinct, ...] = ()
    called: str | None = field(default=None, compare=False)
    proved: Any = field(default=None, compare=False)  # the Theorem that says so, if it is no assumption

    @property
    def is_central(self) -> bool:
        return not isinstance(self.left, Expectation)


Assumption = Independence | Moment | Distinct | ExponentialFamily
ASSUMPTIONS = (Independence, Moment, Distinct, ExponentialFamily)
RULES = (
    Rearrangement,
    Linearity,
    Definition,
    Differentiation,
    Taylor,
    FunctionLemma,
    Nonnegativity,
    Cancellation,
    Split,
)


def independent(*blocks: Any, called: str | None = None) -> Independence:
    """Joint independence of blocks of random variables: independent(n, (x, y)) is n ⟂ (x, y).

    Raises AssumptionError unless there are two or more disjoint blocks of random variables.
    """
    tuples = tuple(tuple(block) if isinstance(block, (tuple, list)) else (block,) for block in blocks)
    members = [member for block in tuples for member in block]
    for member in members:
        if isinstance(member, Defined):
            raise AssumptionError(f"independence is stated of random variables; {member} is defined through others")
        if not isinstance(member, RandomVariable):
            raise AssumptionError(
                f"independence is of whole random variables, and {member} is not one; for entries state their moments"
            )
    if len(tuples) < 2 or not all(tuples):
        raise AssumptionError("independence needs two blocks: independent(n, (x, y))")
    if len(set(members)) < len(members):
        raise AssumptionError("the blocks of an independence assumption must be disjoint")
    return Independence(tuples, called)


def moment(left: Any, right: Any = None, *conditions: Distinct, called: str | None = None) -> Moment:
    """The assumption left = right about an expectation, Var or Cov: moment(E(n @ n.T), alpha * identity(m)).

    A condition distinct(i, j) restricts it to i ≠ j. A right side 0 fits every shape. Raises AssumptionError.
    """
    if isinstance(left, bool) or right is None:
        raise AssumptionError("an equation is stated with a comma: moment(E(n), 0), not moment(E(n) == 0)")
    if not isinstance(left, (Expectation, Variance, Covariance)):
        raise AssumptionError(f"the left side of a moment is an expectation, Var or Cov, not {left}")
    value = lift(right)
    if value is None:
        raise AssumptionError(f"the right side of a moment is a line, not {right!r}")
    is_zero = value == lift(0)
    if value.shape != left.shape and not is_zero:
        raise AssumptionError(f"{left} has shape {_times(left)}, {value} has shape {_times(value)}")
    if random_variables(value):
        raise AssumptionError(f"{value} is random, and the value of {left} is not")
    if not free_indices(value) <= free_indices(left):
        raise AssumptionError(f"{value} has an index that {left} has not")
    for condition in conditions:
        if not isinstance(condition, Distinct) or not set(condition.args) <= free_indices(left):
            raise AssumptionError(f"a condition of a moment is distinct(i, j) of two of its indices, not {condition}")
    return Moment(left, value, tuple(conditions), called)


def taylor(function: Any, degree: Any) -> Taylor:
    """The reason that a Taylor polynomial of `degree` and its remainder make up the function. Raises NotationError."""
    if not isinstance(function, Function) or not function.is_entrywise:
        raise NotationError(f"taylor is of a function of one scalar, declared with function(name), not of {function!r}")
    if not isinstance(degree, int) or isinstance(degree, bool) or not 0 <= degree <= HIGHEST_TAYLOR:
        raise NotationError(f"taylor: the degree is a whole number from 0 to {HIGHEST_TAYLOR}, not {degree!r}")
    return Taylor(function, degree)


def exponential_family(
    statistic: Any, parameter: Any, function: Any, *, called: str | None = None
) -> ExponentialFamily:
    """The assumption that T has density h(t) exp(θt − A(θ)): exponential_family(T, theta, A).

    T is a random scalar, θ a deterministic one, A an opaque function (what it is depends on h). Raises AssumptionError.
    """
    if not isinstance(statistic, RandomVariable) or not statistic.is_scalar:
        raise AssumptionError(f"the statistic of an exponential family is a random scalar, not {statistic}")
    if not isinstance(parameter, Constant) or not parameter.is_scalar:
        raise AssumptionError(
            f"the natural parameter of an exponential family is declared with scalar(name), not {parameter}"
        )
    if not isinstance(function, Function) or not function.is_entrywise or function.closed_form is not None:
        raise AssumptionError(
            f"the log-partition function of an exponential family is declared with function(name), without a closed form; "
            f"{function} is not"
        )
    return ExponentialFamily(statistic, parameter, function, called)


def _times(node: Node) -> str:
    return " × ".join(map(str, node.shape))


@dataclass(frozen=True)
class MomentRule:
    """E[product of `heads` with slots %0, %1, ...] = value, wherever `condition` (a polynomial in deltas) is 1."""

    heads: tuple[Head, ...]
    condition: dict[Any, Any]
    value: Polynomial
    source: Moment

    def __hash__(self) -> int:
        return hash((self.heads, self.source))


@dataclass(frozen=True)
class Rules:
    """The compiled reasons of one step."""

    linearity: bool = False
    definitions: bool = False
    variances: bool = False
    independence: tuple[tuple[frozenset[str], ...], ...] = ()
    moments: tuple[MomentRule, ...] = ()
    distinct: frozenset[frozenset[str]] = frozenset()
    calculus: bool = False
    taylor: frozenset[Taylor] = frozenset()
    lemmas: tuple[FunctionLemma, ...] = ()
    families: tuple[ExponentialFamily, ...] = ()
    moments_first: bool = False  # a product that both apply to: look for its moment before splitting it

    def moment_across_blocks(self) -> bool:
        """Whether a moment speaks of a product that independence splits, so that the order of the two matters."""
        return any(
            sum(any(set(head.random) & block for head in rule.heads) for block in blocks) > 1
            for rule in self.moments
            for blocks in self.independence
        )

    def about(self, heads: tuple[Head, ...]) -> list[MomentRule]:
        return [rule for rule in self.moments if rule.heads == heads]


def size_key(size: Node) -> str:
    """A range in a normal form: the name of a dimension, or a number; never how it is printed."""
    return str(int(size.value)) if isinstance(size, Number) else str(size.name)


def index_key(index: Any) -> str:
    """The name of a free index in a normal form."""
    return f"{index.name}:{size_key(index.dimension)}"


def placeholders(factors: Iterable[Factor]) -> list[str]:
    """The slots %0, %1, ... for the indices of the factors, in order."""
    return [f"%{position}" for position in range(sum(len(factor.indices) for factor in factors))]


def compile_rules(
    reasons: Iterable[Any],
    algebra: Algebra,
    lower: Callable[[Node, Rules], Polynomial],
    reduce_value: Callable[..., Any],
) -> Rules:
    """The rules that the reasons allow.

    `lower(node, rules)` gives normal forms and `reduce_value(polynomial, rules)` applies moments to one (they are passed
    in, since lowering itself needs rules).
    Raises AssumptionError for a moment of a form that no rule can use, or for two values of one moment.
    """
    cited = tuple(reasons)
    linearity = any(isinstance(reason, (Linearity, Independence, Moment)) for reason in cited)
    definitions = any(isinstance(reason, Definition) for reason in cited)
    variances = definitions or any(
        isinstance(reason, VarianceDefinition) or (isinstance(reason, Moment) and reason.is_central) for reason in cited
    )
    independence: list[tuple[frozenset[str], ...]] = []
    moments: list[MomentRule] = []
    distinct: set[frozenset[str]] = set()
    for reason in cited:
        if isinstance(reason, Independence):
            independence.append(tuple(frozenset(member.name for member in block) for block in reason.blocks))
        elif isinstance(reason, Moment):
            moments += compile_moment(reason, algebra, lower)
        elif isinstance(reason, Distinct):
            distinct.add(frozenset(map(index_key, reason.args)))
    families = tuple(reason for reason in cited if isinstance(reason, ExponentialFamily))
    rules = Rules(
        linearity,
        definitions,
        variances,
        tuple(independence),
        tuple(moments),
        frozenset(distinct),
        calculus=bool(families) or any(isinstance(reason, Differentiation) for reason in cited),
        taylor=frozenset(reason for reason in cited if isinstance(reason, Taylor)),
        lemmas=tuple(reason for reason in cited if isinstance(reason, FunctionLemma)),
        families=families,
    )
    _refuse_two_values(moments, algebra, lambda value: reduce_value(value, rules))
    return rules


def compile_moment(assumption: Moment, algebra: Algebra, lower: Any) -> list[MomentRule]:
    """One rule for each order in which like factors can stand."""
    spread = Rules(linearity=True, variances=True)
    left = lower(assumption.left, spread)
    factors, rest = _leading_product(assumption, left)
    right = algebra.subtract(lower(assumption.right, Rules(linearity=True)), rest)
    if _degree(right) >= len(factors):
        raise AssumptionError(f"the right side of {assumption.left} = {assumption.right} must be of lower degree")
    slots = placeholders(factors)
    occurring = [index for factor in factors for index in factor.indices]
    first = dict(reversed(list(zip(occurring, slots, strict=True))))
    same = [
        algebra.delta(slot, first[index]) for index, slot in zip(occurring, slots, strict=True) if slot != first[index]
    ]
    one = algebra.constant(algebra.one)
    if any(index_key(index) not in first for condition in assumption.conditions for index in condition.args):
        raise AssumptionError(f"{assumption.left} does not depend on an index of {assumption.conditions[0]}")
    apart = [
        algebra.subtract(one, algebra.delta(*(first[index_key(index)] for index in condition.args)))
        for condition in assumption.conditions
    ]
    condition = reduce(algebra.multiply, [*same, *apart], one)
    value = algebra.substitute_indices(right, first)
    images: dict[tuple[str, ...], MomentRule] = {}
    for order in _like_orders(factors):
        moved = dict(zip(slots, _placeholders_in_order(factors, order), strict=True))
        pattern = tuple(name for _, name in sorted(zip(map(_slot_number, moved.values()), occurring, strict=True)))
        if pattern not in images:  # exchanging two factors with the same indices gives the same image
            images[pattern] = MomentRule(
                tuple(factor.head for factor in factors),
                algebra.substitute_indices(condition, moved),
                algebra.substitute_indices(value, moved),
                assumption,
            )
    return list(images.values())


def _slot_number(slot: str) -> int:
    return int(slot[1:])


def _leading_product(assumption: Moment, left: Polynomial) -> tuple[list[Factor], Polynomial]:
    """The factors of the one expectation of highest degree on the left, and what stands beside it."""
    complaint = (
        f"a moment assumption reads E[product of entries of random variables] = value, and {assumption.left} does not; "
        "state it entry by entry, for example moment(E(x[i] * x[j]), alpha * delta(i, j))"
    )
    expectations = [
        (monomial, factors[0])
        for monomial in left
        for bound, factors in [monomial]
        if not bound and len(factors) == 1 and factors[0].head.kind == "expectation" and left[monomial] == 1
    ]
    if not expectations:
        raise AssumptionError(complaint)
    monomial, leading = max(expectations, key=lambda item: len(item[1].bodies[0][0][0][1]))
    (((bound, factors), coefficient),) = leading.bodies[0]
    rest = {other: value for other, value in left.items() if other != monomial}
    if bound or coefficient != 1 or any(factor.head.kind != "entry" for factor in factors):
        raise AssumptionError(complaint)
    if rest and (not assumption.is_central or _degree(rest) >= len(factors)):
        raise AssumptionError(complaint)
    if len(factors) > MAXIMAL_DEGREE:
        raise AssumptionError(f"{assumption.left}: moments up to degree {MAXIMAL_DEGREE} are supported")
    return sorted(factors), rest


def _degree(polynomial: Polynomial) -> int:
    """The highest number of random variables under one expectation."""
    return max((_degree_of(factor) for _, factors in polynomial for factor in factors), default=0)


def _degree_of(factor: Factor) -> int:
    if factor.head.kind == "covariance":
        return MAXIMAL_DEGREE + 1  # opaque here; refused by its size
    products = [inner for body in factor.bodies for (_, inner), _ in body]
    own = [len(inner) for inner in products] if factor.head.kind == "expectation" else []
    return max([0, *own, *(_degree_of(part) for inner in products for part in inner)])


def _like_orders(factors: list[Factor]) -> Iterable[tuple[int, ...]]:
    heads = [factor.head for factor in factors]
    for order in permutations(range(len(factors))):
        if [heads[position] for position in order] == heads:
            yield order


def _placeholders_in_order(factors: list[Factor], order: tuple[int, ...]) -> list[str]:
    """The slots after the factors were permuted: slot k of the image for slot k of the original."""
    starts = [sum(len(factor.indices) for factor in factors[:position]) for position in range(len(factors))]
    return [f"%{starts[position] + offset}" for position in order for offset in range(len(factors[position].indices))]


def _refuse_two_values(
    moments: list[MomentRule], algebra: Algebra, reduced: Callable[[Polynomial], Polynomial]
) -> None:
    """Raises AssumptionError if two rules give one moment two values; `reduced` applies the rules to a value.

    The images of a moment under exchange of like factors are compared with the original only: if they agree with it,
    they agree with each other.
    """
    originals: dict[Moment, MomentRule] = {}
    for rule in moments:
        for original in originals.values():
            if original.heads != rule.heads:
                continue
            overlap = algebra.multiply(rule.condition, original.condition)
            difference = algebra.multiply(overlap, algebra.subtract(rule.value, original.value))
            if difference and _has_no_expectation(
                algebra.multiply(overlap, reduced(algebra.subtract(rule.value, original.value)))
            ):
                raise AssumptionError(_two_values(original.source, rule.source))
        originals.setdefault(rule.source, rule)


def _has_no_expectation(polynomial: Polynomial) -> bool:
    """Not zero, and without unknown expectations: a difference that no law can make vanish."""
    return bool(polynomial) and all(not factor.bodies for _, factors in polynomial for factor in factors)


def _two_values(one: Moment, other: Moment) -> str:
    if one == other:
        return (
            f"{one.left} = {one.right} contradicts itself: exchanging like factors on the left must leave the right "
            "side as it is; is the right side a symmetric_matrix or positive_semidefinite_matrix?"
        )
    return f"one moment has two values: {one.left} = {one.right} and {other.left} = {other.right}"


__all__ = [
    "ASSUMPTIONS",
    "RULES",
    "Assumption",
    "Definition",
    "Differentiation",
    "ExponentialFamily",
    "FunctionLemma",
    "Independence",
    "Linearity",
    "Moment",
    "MomentRule",
    "Nonnegativity",
    "Rearrangement",
    "Rules",
    "Split",
    "Taylor",
    "compile_rules",
    "exponential_family",
    "independent",
    "index_key",
    "moment",
    "taylor",
]
