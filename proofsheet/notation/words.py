"""The words an author writes: declarations and operators, named as the field's books name them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sympy import Symbol

from proofsheet.errors import NotationError, ShapeError
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.functions import Derivative
from proofsheet.notation.indices import Distinct, Index
from proofsheet.notation.scope import free_indices, random_variables
from proofsheet.notation.text import displayed, set_line
from proofsheet.notation.tree import (
    ONE,
    Dimension,
    Group,
    Hadamard,
    IndexedSum,
    KroneckerDelta,
    Node,
    Number,
    Parameter,
    SquaredNorm,
    Trace,
    as_node,
    describe_shape,
)
from proofsheet.notation.variables import Constant, Defined, Filled, Identity, RandomVariable

Node._format = staticmethod(set_line)  # printing knows all nodes, and the nodes know nothing of printing
Node._shown = staticmethod(displayed)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")


RESERVED = {
    "E": "the expectation",
    "I": "the identity matrix",
    "Var": "the variance",
    "Cov": "the covariance",
    "tr": "the trace",
    "Sum": "the sum",
    "sgn": "the sign",
    "diag": "a diagonal matrix",
    "exp": "the exponential",
    "log": "the logarithm",
    "max": "the larger of two scalars",
    "min": "the smaller of two scalars",
    "inv": "an inverse matrix",
}


def checked_name(name: Any) -> str:
    """`name`, or NotationError if it is none or taken."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise NotationError(f"{name!r} is not a name; write letters and digits, for example 'alpha', 'x_tilde', 'W1'")
    if name in RESERVED:
        raise NotationError(f"the name {name!r} is taken: it is how {RESERVED[name]} is printed")
    return name


def _size(value: Any, what: str) -> Node:
    size = as_node(value, what)
    if isinstance(size, Dimension) or (isinstance(size, Number) and size.value.is_Integer and size.value > 0):
        return size
    raise NotationError(f"{what} needs a dimension or a positive whole number, not {value!r}")


# ---- declarations ---------------------------------------------------------------------------------------------


def dimension(name: str) -> Dimension:
    """A positive whole number: the m of ℝᵐ, the n of an ensemble."""
    return Dimension(Symbol(checked_name(name), integer=True, positive=True))


def parameter(
    name: str,
    *,
    positive: bool = False,
    nonnegative: bool = False,
    between: tuple[int, int] | None = None,
) -> Parameter:
    """A real number; `positive`, `nonnegative` or `between=(0, 1)` (both ends excluded) narrow its domain."""
    if between is not None and tuple(between) != (0, 1):
        raise NotationError(f"parameter({name!r}): between=(0, 1) is the one interval a domain can be")
    if sum((positive, nonnegative, between is not None)) > 1:
        raise NotationError(f"parameter({name!r}) takes one of positive, nonnegative and between")
    if between:
        return Parameter(Symbol(checked_name(name), positive=True), "unit")
    if positive:
        return Parameter(Symbol(checked_name(name), positive=True), "positive")
    if nonnegative:
        return Parameter(Symbol(checked_name(name), nonnegative=True), "nonnegative")
    return Parameter(Symbol(checked_name(name), real=True), "real")


def index(name: str, size: Any) -> Index:
    """An index that runs from 1 to `size`."""
    return Index(checked_name(name), _size(size, f"index({name!r})"))


def scalar(name: str) -> Constant:
    """A deterministic scalar."""
    return Constant(checked_name(name), ONE, ONE)


def vector(name: str, rows: Any) -> Constant:
    """A deterministic column of `rows` entries."""
    return Constant(checked_name(name), _size(rows, name), ONE)


def matrix(name: str, rows: Any, columns: Any) -> Constant:
    """A deterministic rows × columns matrix."""
    return Constant(checked_name(name), _size(rows, name), _size(columns, name))


def symmetric_matrix(name: str, size: Any) -> Constant:
    """A deterministic symmetric matrix."""
    return Constant(checked_name(name), _size(size, name), _size(size, name), "symmetric")


def positive_semidefinite_matrix(name: str, size: Any) -> Constant:
    """A deterministic symmetric positive-semidefinite matrix, such as a covariance matrix."""
    return Constant(checked_name(name), _size(size, name), _size(size, name), "psd")


def random_scalar(name: str) -> RandomVariable:
    """A random scalar."""
    return RandomVariable(checked_name(name), ONE, ONE)


def random_vector(name: str, rows: Any) -> RandomVariable:
    """A random column of `rows` entries."""
    return RandomVariable(checked_name(name), _size(rows, name), ONE)


def random_matrix(name: str, rows: Any, columns: Any) -> RandomVariable:
    """A random rows × columns matrix."""
    return RandomVariable(checked_name(name), _size(rows, name), _size(columns, name))


def vectors(name: str, count: Any, rows: Any) -> Constant:
    """`count` deterministic columns of `rows` entries: x[i] is the vector x_i, x[i, j] its entry j."""
    return Constant(checked_name(name), _size(count, name), _size(rows, name), "family")


def random_vectors(name: str, count: Any, rows: Any) -> RandomVariable:
    """`count` random columns of `rows` entries, under one joint law: r[i] is the vector r_i, r[i, j] its entry j."""
    return RandomVariable(checked_name(name), _size(count, name), _size(rows, name), "family")


def identity(size: Any) -> Identity:
    """The identity matrix I."""
    return Identity(_size(size, "identity"))


def ones(rows: Any, columns: Any = 1) -> Filled:
    """The vector (or matrix) of ones."""
    return Filled(ONE, _size(rows, "ones"), _size(columns, "ones"))


def zeros(rows: Any, columns: Any = 1) -> Filled:
    """The vector (or matrix) of zeros."""
    return Filled(Number(0), _size(rows, "zeros"), _size(columns, "zeros"))


def define(name: str, body: Any, *, of: Any = None, entry: Index | None = None) -> Any:
    """A definition, unfolded by the reason `definition`.

    define("x_tilde", x + n)                     x̃ := x + n
    define("f", E((x.T @ w - y)**2), of=w)       f(w) := E[(xᵀw − y)²], a function: write f(w)
    define("eps", y_hat[i] - y, entry=i)         ε_i := ŷ_i − y, a vector: write eps or eps[j]
    define("x_tilde", x[i] + n[i], entry=i)      x̃_i := x_i + n_i, vectors: write x_tilde[j]
    """
    body = as_node(body, f"define({name!r})")
    if entry is not None and not isinstance(entry, Index):
        raise NotationError(f"define({name!r}): entry= is an index, not {entry!r}")
    if of is not None and entry is not None:
        raise NotationError(f"define({name!r}) takes of= or entry=, not both")
    stray = {i.name for i in free_indices(body)} - ({entry.name} if entry is not None else set())
    if stray:
        raise NotationError(f"define({name!r}): the index {min(stray)} is free in {body}; name it with entry=")
    if entry is not None:
        if body.shape[1] != ONE:
            raise ShapeError(f"define({name!r}): an entry is a scalar or a column, {body} is not")
        return Defined(checked_name(name), entry.dimension, body.shape[0], (), (), (entry,), body)
    rows, columns = body.shape
    if of is None:
        return Defined(checked_name(name), rows, columns, (), (), (), body)
    formal = tuple(of) if isinstance(of, (tuple, list)) else (of,)
    for argument in formal:
        if not isinstance(argument, Constant):
            raise NotationError(f"define({name!r}): of= takes deterministic variables, not {argument!r}")
    if len(set(formal)) < len(formal):
        raise NotationError(f"define({name!r}): of= names one variable twice")
    if body.has(Derivative):
        raise NotationError(
            f"define({name!r}): a function whose definition holds a derivative could not take other arguments"
        )
    _refuse_captured_formals(name, formal, body)
    return _function(checked_name(name), formal, body)


def _function(name: str, formal: tuple[Node, ...], body: Node) -> Callable[..., Defined]:
    def apply(*values: Any) -> Defined:
        actual = tuple(as_node(value, name) for value in values)
        if len(actual) != len(formal):
            raise NotationError(f"{name} takes {len(formal)} arguments, not {len(actual)}")
        for argument, value in zip(formal, actual, strict=True):
            _check_argument(name, argument, value, body)
        return Defined(name, *body.shape, formal, actual, (), body)

    apply.__name__ = name
    return apply


def _check_argument(name: str, argument: Node, value: Node, body: Node) -> None:
    if value.shape != argument.shape:
        raise ShapeError(f"{name}: {describe_shape(value)} in place of {describe_shape(argument)}")
    if random_variables(value):
        raise NotationError(f"{name}({value}): a random argument would be captured by the expectations in {body}")
    if free_indices(value):
        raise NotationError(f"{name}({value}): an argument must not carry indices")


def _refuse_captured_formals(name: str, formal: tuple[Node, ...], body: Node) -> None:
    """A nested definition may meet the formal arguments as its own arguments only, else they would be captured."""
    for nested in body.atoms(Defined):
        for argument in formal:
            if nested.body.has(argument) and argument not in nested.parameters:
                raise NotationError(
                    f"define({name!r}): {nested} is defined through {argument}; make it a function of {argument} too"
                )


# ---- operators ------------------------------------------------------------------------------------------------


def E(value: Any) -> Expectation:
    """The expectation, entry by entry."""
    return Expectation(as_node(value, "E"))


def Var(value: Any) -> Variance:
    """The variance of a scalar."""
    return Variance(as_node(value, "Var"))


def Cov(left: Any, right: Any = None) -> Covariance:
    """The covariance of two scalars or columns; Cov(n) is the covariance matrix Cov(n, n)."""
    left = as_node(left, "Cov")
    return Covariance(left, left if right is None else as_node(right, "Cov"))


def trace(value: Any) -> Trace:
    """The trace of a square matrix."""
    return Trace(as_node(value, "trace"))


def norm2(value: Any) -> SquaredNorm:
    """The squared norm: of a vector ‖w‖², of a matrix ‖W‖²_F."""
    return SquaredNorm(as_node(value, "norm2"))


def hadamard(left: Any, right: Any) -> Hadamard:
    """The entrywise product of two vectors or matrices of one shape."""
    return Hadamard(as_node(left, "hadamard"), as_node(right, "hadamard"))


def group(value: Any) -> Group:
    """Brackets that are to be seen in print."""
    return Group(as_node(value, "group"))


def delta(first: Index, second: Index) -> KroneckerDelta:
    """Kronecker's δ_ij."""
    for one in (first, second):
        if not isinstance(one, Index):
            raise NotationError(f"delta takes two indices, not {one!r}")
    return KroneckerDelta(first, second)


def distinct(first: Index, second: Index) -> Distinct:
    """i ≠ j: the range of a sum, Sum(distinct(i, j), ...), or a condition of a moment or a step."""
    for one in (first, second):
        if not isinstance(one, Index):
            raise NotationError(f"distinct takes two indices, not {one!r}")
    return Distinct(first, second)


def Sum(*arguments: Any) -> Node:
    """Sum(i, body), Sum(i, j, body) for ΣᵢΣⱼ, Sum(distinct(i, j), body) for Σ_{i≠j}."""
    if len(arguments) < 2:
        raise NotationError("Sum takes one or more indices and a body: Sum(i, eps[i]**2)")
    *binders, body = arguments
    result = as_node(body, "Sum")
    for binder in reversed(binders):
        if not isinstance(binder, (Index, Distinct)):
            raise NotationError(f"Sum runs over an index or distinct(i, j), not over {binder!r}")
        result = IndexedSum(binder, result)
    return result
