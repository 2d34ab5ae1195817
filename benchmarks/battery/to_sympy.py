"""A pair in SymPy's own words, with symbolic dimensions; `Inexpressible` where SymPy has none.

Lines without indices become MatrixSymbol expressions with Trace, Inverse and HadamardProduct; lines with indices become
IndexedBase, Sum and KroneckerDelta. Σ_{i≠j} is the double sum less its diagonal. Expectations are SymPy's symbolic ones, not
expanded beforehand. A scalar variable whose mean and second moment are cited is a Normal with these.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from operator import mul
from typing import Any

import sympy as sp
from sympy.stats import Covariance, Expectation, Normal, Variance
from sympy.stats.rv import RandomSymbol

from battery.pairs import Claim
from battery.word_of_nodes import parts_of, word_of
from proofsheet.kernel.reasons import ExponentialFamily, Independence, Moment
from proofsheet.notation import expectations, functions, tree, variables
from proofsheet.notation.functions import ARGUMENT
from proofsheet.notation.indices import Distinct, Index

DOMAINS = {
    "real": {"real": True},
    "nonnegative": {"nonnegative": True},
    "positive": {"positive": True},
    "unit": {"positive": True},
}


class Inexpressible(Exception):
    """SymPy has no words for this."""


def both_sides(claim: Claim, declared: bool = True) -> Any:
    """The two sides; without `declared`, parameters are bare complex symbols. Raises Inexpressible."""
    translation = _Translation(claim, declared)
    if translation.has_indices:
        row, column = (sp.Symbol(name, integer=True, positive=True) for name in ("row_", "column_"))
        return tuple(named_alike(translation.entry(line, row, column)) for line in (claim.left, claim.right))
    symmetric = [sp.Q.symmetric(translation.matrix_symbol(one)) for one in translation.symmetric]
    left, right = translation.whole(claim.left), translation.whole(claim.right)
    return (sp.refine(left, sp.And(*symmetric)), sp.refine(right, sp.And(*symmetric))) if symmetric else (left, right)


class _Translation:
    def __init__(self, claim: Claim, declared: bool) -> None:
        self.claim, self.declared = claim, declared
        lines = (claim.left, claim.right)
        self.has_indices = any(line.has(Index) for line in lines)
        self.symmetric = {one for line in lines for one in line.atoms(variables.Constant) if one.is_symmetric}
        self.random = {one for line in lines for one in line.atoms(variables.RandomVariable)}
        self.normal = self._normals()
        self.fresh = 0

    # ---- assumptions ------------------------------------------------------------------------------------------

    def _normals(self) -> dict[Any, Any]:
        """The scalar random variables whose first two moments are cited; SymPy takes several as independent."""
        cited = [one for one in self.claim.by if isinstance(one, Moment)]
        if any(isinstance(one, ExponentialFamily) for one in self.claim.by):
            raise Inexpressible("an exponential family")
        moments = {one.left: one.right for one in cited}
        found: dict[Any, Any] = {}
        for variable in sorted((one for one in self.random if one.is_scalar), key=str):
            mean = moments.pop(expectations.Expectation(variable), None)
            square = moments.pop(expectations.Expectation(tree.Power(variable, tree.Number(2))), None)
            if mean is not None and square is not None:
                centre = self.whole(mean)
                found[variable] = Normal(variable.name, centre, sp.sqrt(sp.simplify(self.whole(square) - centre**2)))
            elif mean is not None or square is not None:
                raise Inexpressible("an assumption on some moments only")
        if moments:
            raise Inexpressible("an assumption on moments of vectors")
        independent = any(isinstance(one, Independence) for one in self.claim.by)
        if independent and set(found) != self.random:
            raise Inexpressible("independence of variables without a law")
        if len(self.random) > 1 and found and not independent:
            raise Inexpressible("a joint law of two Gaussians that are not independent")
        if any(isinstance(one, Distinct) for one in self.claim.by):
            raise Inexpressible("a condition i ≠ j on free indices")
        return found

    # ---- atoms ------------------------------------------------------------------------------------------------

    def symbol(self, symbol: Any) -> Any:
        facts = symbol.assumptions0 if self.declared else {}
        kept = {name: True for name in ("integer", "positive", "nonnegative", "real") if facts.get(name)}
        return sp.Symbol(symbol.name, **(kept if not symbol.is_integer else {"integer": True, "positive": True}))

    def size(self, node: Any) -> Any:
        return sp.Integer(int(node.value)) if isinstance(node, tree.Number) else self.symbol(node.symbol)

    def index(self, index: Any) -> Any:
        return sp.Symbol(index.name, integer=True, positive=True)

    def constant_scalar(self, node: Any) -> Any:
        return sp.Symbol(node.name, real=True) if self.declared else sp.Symbol(node.name)

    def random_scalar(self, node: Any) -> Any:
        return self.normal.get(node, RandomSymbol(sp.Symbol(node.name, real=True)))

    # ---- scalars, in either way of writing ----------------------------------------------------------------------

    def scalar(self, node: Any) -> Any:
        word = word_of(node)
        if word is not None and word != "inverse":
            parts = [self.scalar(part) for part in parts_of(node)]
            return {"exp": sp.exp, "log": sp.log, "power": sp.Pow, "maximum": sp.Max, "minimum": sp.Min}[word](*parts)
        for kind in type(node).__mro__:
            if kind in _SCALARS:
                return _SCALARS[kind](self, node)
        return self.entry(node, None, None) if self.has_indices else self.traced(node)

    def expectation(self, node: Any) -> Any:
        inside = self.scalar(node.args[0])
        if isinstance(inside, sp.MatrixBase) or (inside.has(sp.MatrixSymbol, sp.IndexedBase) and self._is_random(node)):
            raise Inexpressible("an expectation over vectors")
        return Expectation(inside)

    def _is_random(self, node: Any) -> bool:
        return any(not one.is_scalar for one in node.atoms(variables.RandomVariable))

    def covariance(self, node: Any) -> Any:
        if self._is_random(node):
            raise Inexpressible("a covariance of vectors")
        sides = [self.scalar(side) for side in node.args]
        return Variance(sides[0]) if len(sides) == 1 else Covariance(*sides)

    def applied(self, node: Any) -> Any:
        if not node.function.is_entrywise:
            raise Inexpressible("an opaque function of vectors")
        return self.function_at(node.function, len(node.orders), self.scalar(node.arguments[0]))

    def function_at(self, function: Any, order: int, point: Any) -> Any:
        if function.closed_form is not None:
            return sp.diff(function.closed_form, ARGUMENT, order).xreplace({ARGUMENT: point})
        variable = sp.Dummy("xi", real=True)
        return (
            sp.Function(function.name)(variable).diff(variable, order).subs(variable, point)
            if order
            else sp.Function(function.name)(point)
        )

    def remainder(self, node: Any) -> Any:
        point, increment = self.scalar(node.point), self.scalar(node.increment)
        polynomial = [
            self.function_at(node.function, order, point) * increment**order / math.factorial(order)
            for order in range(node.order)
        ]
        return self.function_at(node.function, 0, point + increment) - sp.Add(*polynomial)

    def derivative(self, node: Any) -> Any:
        if not node.variable.is_scalar:
            return self.entry(node, None, None)
        return sp.Derivative(self.scalar(node.body), self.constant_scalar(node.variable))

    def defined(self, node: Any) -> Any:
        return self.scalar(node.meaning)

    # ---- lines without indices: matrices as wholes --------------------------------------------------------------

    def traced(self, node: Any) -> Any:
        """A 1 × 1 product of matrices, as its trace."""
        scale, factors = sp.MatMul(self.whole_matrix(node)).doit().as_coeff_matrices()
        return scale * sp.Trace(sp.MatMul(*factors))

    def whole(self, node: Any) -> Any:
        return self.scalar(node) if node.is_scalar else self.whole_matrix(node)

    def whole_matrix(self, node: Any) -> Any:
        if word_of(node) == "inverse":
            return sp.Inverse(self.whole_matrix(*parts_of(node)))
        for kind in type(node).__mro__:
            if kind in _MATRICES:
                return _MATRICES[kind](self, node)
        raise Inexpressible(f"{_in_words(node)} among matrices")

    def matrix_symbol(self, node: Any) -> Any:
        if node.is_scalar:
            raise Inexpressible("a scalar among matrices")
        return sp.MatrixSymbol(node.name, *map(self.size, node.shape))

    def matrix_scaled(self, node: Any) -> Any:
        scalars = [self.scalar(factor) for factor in node.args if factor.is_scalar]
        (large,) = (self.whole_matrix(factor) for factor in node.args if not factor.is_scalar)
        return sp.Mul(*scalars) * large

    def matrix_product(self, node: Any) -> Any:
        factors = [self.whole_matrix(factor) for factor in node.args]
        return reduce(mul, factors)

    def matrix_gradient(self, node: Any) -> Any:
        """Term by term, since SymPy differentiates a 1 × 1 product and not its trace."""
        by, total = self.matrix_symbol(node.variable), sp.ZeroMatrix(*map(self.size, node.variable.shape))
        for term in sp.Add.make_args(sp.expand(self.scalar(node.body))):
            scale, traces = term.as_independent(sp.Trace)
            small = isinstance(traces, sp.Trace) and traces.arg.shape == (1, 1)
            slope = traces.arg.diff(by) if small else None
            total = total + (scale * slope if isinstance(slope, sp.MatrixExpr) else term.diff(by))
        return total

    def matrix_defined(self, node: Any) -> Any:
        if node.entry is not None:
            raise Inexpressible("an entrywise definition among matrices")
        return self.whole_matrix(node.meaning)

    # ---- lines with indices: entries ----------------------------------------------------------------------------

    def entry(self, node: Any, row: Any, column: Any) -> Any:
        """Entry (row, column), each None where the shape is 1."""
        rows, columns = node.shape
        row, column = (None if rows == tree.ONE else row), (None if columns == tree.ONE else column)
        for kind in type(node).__mro__:
            if kind in _ENTRIES:
                return _ENTRIES[kind](self, node, row, column)
        if node.is_scalar:
            return self.scalar(node)
        raise Inexpressible(f"{_in_words(node)} with indices")

    def base(self, node: Any, row: Any, column: Any) -> Any:
        if node.is_scalar:
            return (
                self.random_scalar(node) if isinstance(node, variables.RandomVariable) else self.constant_scalar(node)
            )
        if node.is_symmetric:
            raise Inexpressible("an indexed symmetric matrix")
        places = [place for place in (row, column) if place is not None]
        return sp.IndexedBase(node.name, real=True)[tuple(places)]

    def summed(self, size: Any, body: Callable[[Any], Any]) -> Any:
        self.fresh += 1
        place = sp.Symbol(f"s_{self.fresh}", integer=True, positive=True)
        return sp.Sum(body(place), (place, 1, self.size(size)))

    def entry_of_product(self, node: Any, row: Any, column: Any) -> Any:
        *front, last = node.args
        if not front:
            return self.entry(last, row, column)
        left = front[0] if len(front) == 1 else tree.MatrixProduct(*front)
        size = last.shape[0]
        if size == tree.ONE:
            return self.entry(left, row, None) * self.entry(last, None, column)
        return self.summed(size, lambda place: self.entry(left, row, place) * self.entry(last, place, column))

    def entry_of_element(self, node: Any, row: Any, column: Any) -> Any:
        places = iter([self.index(index) for index in node.indices])
        return self.entry(node.args[0], *(None if size == tree.ONE else next(places) for size in node.args[0].shape))

    def entry_of_sum(self, node: Any, row: Any, column: Any) -> Any:
        limits = [(self.index(index), 1, self.size(index.dimension)) for index in node.bound]
        body = self.entry(node.body, row, column)
        if isinstance(node.binder, Distinct):
            first, second = limits
            return sp.Sum(body, first, second) - sp.Sum(body.subs(second[0], first[0]), first)
        return sp.Sum(body, *limits)

    def entry_of_derivative(self, node: Any, row: Any, column: Any) -> Any:
        if node.variable.is_scalar:
            return self.derivative(node)
        places = [self.index(index) for index in node.indices] or [one for one in (row, column) if one is not None]
        by = sp.IndexedBase(node.variable.name, real=True)[tuple(places)]
        return sp.Derivative(self.scalar(node.body), by)

    def entry_of_applied(self, node: Any, row: Any, column: Any) -> Any:
        if not node.function.is_entrywise:
            raise Inexpressible("an opaque function of vectors")
        return self.function_at(node.function, len(node.orders), self.entry(node.arguments[0], row, column))

    def entry_of_identity(self, node: Any, row: Any, column: Any) -> Any:
        return sp.Integer(1) if row is None else self.delta(row, column, node.shape[0])

    def delta(self, first: Any, second: Any, size: Any) -> Any:
        """δ with its range, without which SymPy's sums over it stay piecewise."""
        return sp.KroneckerDelta(first, second, (1, self.size(size)))

    def squared(self, node: Any, of: Callable[[Any], Any]) -> Any:
        """Σ of a function of all entries."""
        rows, columns = node.shape

        def along(row: Any) -> Any:
            if columns == tree.ONE:
                return of(self.entry(node, row, None))
            return self.summed(columns, lambda column: of(self.entry(node, row, column)))

        return along(None) if rows == tree.ONE else self.summed(rows, along)

    def entry_of_defined(self, node: Any, row: Any, column: Any) -> Any:
        if node.entry is None:
            return self.entry(node.meaning, row, column)
        return self.entry(node.body, column, None).subs(self.index(node.entry), row)


def _diagonal_entry(self: _Translation, node: Any, row: Any, column: Any) -> Any:
    return self.delta(row, column, node.shape[0]) * self.entry(node.args[0], row, None)


def named_alike(expression: Any) -> Any:
    """Sums with their ranges in one order and their indices named by range and depth: SymPy compares the names."""
    if not expression.args:
        return expression
    changed = expression.func(*map(named_alike, expression.args))
    if not isinstance(changed, sp.Sum):
        return changed
    inside = [one.name for one in changed.function.atoms(sp.Symbol) if one.name.startswith("in_")]
    depth = max((int(name.rpartition("_")[2]) for name in inside), default=0)
    body, limits = changed.function, []
    for number, (old, low, high) in enumerate(sorted(changed.limits, key=lambda limit: str(limit[2])), depth + 1):
        new = sp.Symbol(f"in_{high}_{number}", integer=True, positive=True)
        body, limits = body.xreplace({old: new}), [*limits, (new, low, high)]
    return sp.Sum(body, *limits)


def _in_words(node: Any) -> str:
    kinds = {
        variables.RandomVariable: "a random vector or matrix",
        expectations.Expectation: "an expectation of vectors",
        expectations.Covariance: "a covariance of vectors",
    }
    return kinds.get(type(node), type(node).__name__)


def _norm(self: _Translation, node: Any) -> Any:
    inner = node.args[0]
    if self.has_indices:
        return self.squared(inner, lambda entry: entry**2)
    matrix = self.whole_matrix(inner)
    return sp.Trace(matrix.T * matrix)


def _trace(self: _Translation, node: Any) -> Any:
    inner = node.args[0]
    if self.has_indices:
        return self.summed(inner.shape[0], lambda place: self.entry(inner, place, place))
    return sp.Trace(self.whole_matrix(inner))


def _norm_one(self: _Translation, node: Any) -> Any:
    if not self.has_indices:
        raise Inexpressible("‖·‖₁ of a matrix symbol")
    return self.squared(node.args[0], sp.Abs)


_SCALARS: dict[type, Callable[[_Translation, Any], Any]] = {
    tree.Number: lambda self, node: node.value,
    tree.Coefficient: lambda self, node: node.expression.xreplace(
        {one: self.symbol(one) for one in node.expression.free_symbols}
    ),
    tree.Dimension: lambda self, node: self.symbol(node.symbol),
    tree.Parameter: lambda self, node: self.symbol(node.symbol),
    tree.Plus: lambda self, node: sp.Add(*map(self.scalar, node.args)),
    tree.Minus: lambda self, node: -self.scalar(node.args[0]),
    tree.Product: lambda self, node: sp.Mul(*map(self.scalar, node.args)),
    tree.Quotient: lambda self, node: self.scalar(node.args[0]) / self.scalar(node.args[1]),
    tree.Power: lambda self, node: self.scalar(node.args[0]) ** self.scalar(node.args[1]),
    tree.Group: lambda self, node: self.scalar(node.args[0]),
    tree.SquaredNorm: _norm,
    tree.Trace: _trace,
    tree.KroneckerDelta: lambda self, node: self.delta(*map(self.index, node.args), node.args[0].dimension),
    functions.NormOne: _norm_one,
    functions.AbsoluteValue: lambda self, node: sp.Abs(self.scalar(node.args[0])),
    functions.Signum: lambda self, node: sp.sign(self.scalar(node.args[0])),
    functions.Root: lambda self, node: sp.sqrt(self.scalar(node.args[0])),
    functions.Applied: _Translation.applied,
    functions.Remainder: _Translation.remainder,
    functions.Derivative: _Translation.derivative,
    expectations.Expectation: _Translation.expectation,
    expectations.Variance: _Translation.covariance,
    expectations.Covariance: _Translation.covariance,
    variables.Constant: lambda self, node: self.constant_scalar(node),
    variables.RandomVariable: lambda self, node: self.random_scalar(node),
    variables.Defined: _Translation.defined,
}
_MATRICES: dict[type, Callable[[_Translation, Any], Any]] = {
    variables.Constant: _Translation.matrix_symbol,
    variables.Identity: lambda self, node: sp.Identity(self.size(node.shape[0])),
    variables.Filled: lambda self, node: node.args[0].value * sp.OneMatrix(*map(self.size, node.shape)),
    variables.Defined: _Translation.matrix_defined,
    tree.Plus: lambda self, node: sp.MatAdd(*map(self.whole_matrix, node.args)),
    tree.Minus: lambda self, node: -self.whole_matrix(node.args[0]),
    tree.Product: _Translation.matrix_scaled,
    tree.MatrixProduct: _Translation.matrix_product,
    tree.Quotient: lambda self, node: self.whole_matrix(node.args[0]) / self.scalar(node.args[1]),
    tree.Group: lambda self, node: self.whole_matrix(node.args[0]),
    tree.Transpose: lambda self, node: sp.Transpose(self.whole_matrix(node.args[0])),
    tree.Hadamard: lambda self, node: sp.HadamardProduct(*map(self.whole_matrix, node.args)),
    functions.Diagonal: lambda self, node: sp.DiagMatrix(self.whole_matrix(node.args[0])),
    functions.Derivative: _Translation.matrix_gradient,
}
_ENTRIES: dict[type, Callable[[_Translation, Any, Any, Any], Any]] = {
    variables.Constant: _Translation.base,
    variables.RandomVariable: _Translation.base,
    variables.Identity: _Translation.entry_of_identity,
    variables.Filled: lambda self, node, row, column: node.args[0].value,
    variables.Defined: _Translation.entry_of_defined,
    tree.Plus: lambda self, node, row, column: sp.Add(*(self.entry(one, row, column) for one in node.args)),
    tree.Minus: lambda self, node, row, column: -self.entry(node.args[0], row, column),
    tree.Product: lambda self, node, row, column: sp.Mul(*(self.entry(one, row, column) for one in node.args)),
    tree.MatrixProduct: _Translation.entry_of_product,
    tree.Quotient: lambda self, node, row, column: self.entry(node.args[0], row, column) / self.scalar(node.args[1]),
    tree.Group: lambda self, node, row, column: self.entry(node.args[0], row, column),
    tree.Transpose: lambda self, node, row, column: self.entry(node.args[0], column, row),
    tree.Hadamard: lambda self, node, row, column: sp.Mul(*(self.entry(one, row, column) for one in node.args)),
    tree.Element: _Translation.entry_of_element,
    tree.Member: lambda self, node, row, column: self.entry(node.args[0], self.index(node.index), row),
    tree.IndexedSum: _Translation.entry_of_sum,
    functions.AbsoluteValue: lambda self, node, row, column: sp.Abs(self.entry(node.args[0], row, column)),
    functions.Signum: lambda self, node, row, column: sp.sign(self.entry(node.args[0], row, column)),
    functions.Diagonal: _diagonal_entry,
    functions.Applied: _Translation.entry_of_applied,
    functions.Derivative: _Translation.entry_of_derivative,
}
