"""Reasons by content: rules, assumptions, and the words that state them.

Assumptions are known by content, never by name: a step that cites E[n] = 0 may use exactly that equation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from proofsheet.errors import AssumptionError, NotationError
from proofsheet.kernel.cancellation import Cancellation
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.functions import Applied, Function
from proofsheet.notation.indices import Distinct
from proofsheet.notation.scope import free_indices, random_variables
from proofsheet.notation.tree import Node, Parameter, lift
from proofsheet.notation.variables import Constant, Defined, RandomVariable

HIGHEST_TAYLOR = 8


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
