"""A line in explicit components: each entry an expression in plain SymPy symbols, read from the notation tree alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from itertools import product
from typing import Any

from sympy import Abs, Add, DiracDelta, Dummy, Expr, Integer, Symbol, exp, factorial, log, nan, sign, sqrt, zoo

from proofsheet.errors import NotationError
from proofsheet.explicit.functions import opaque
from proofsheet.explicit.means import Mean, Unreadable, expanded, expectation
from proofsheet.explicit.points import as_numbers, fraction_for, inverted
from proofsheet.notation import elementary, expectations, functions, matrices, tree, variables
from proofsheet.notation.indices import Index
from proofsheet.notation.scope import free_indices, random_variables
from proofsheet.notation.tree import ONE, Node

Grid = list[list[Expr]]
Positions = Mapping[Index, int]  # the values of free indices, from 0
Family = tuple[Node, Node, functions.Function]  # statistic T, parameter θ, log-partition function A


def sizes_text(sizes: Mapping[str, int]) -> str:
    """m = 2, q = 3."""
    return ", ".join(f"{name} = {size}" for name, size in sizes.items())


class DividesByZero(Unreadable):
    """A line that divides by zero at these sizes."""


class Symbols:
    """The symbols of components by name, and the random variables that the random ones speak of."""

    def __init__(self) -> None:
        self._owners: dict[str, Any] = {}
        self.random: dict[Symbol, frozenset[str]] = {}
        self.parameters: set[Symbol] = set()
        self.units: set[Symbol] = set()  # the parameters that lie in (0, 1)

    def claim(self, symbol: Symbol, owner: Any) -> Symbol:
        """The symbol; raises NotationError where its name already stands for something else."""
        if self._owners.setdefault(symbol.name, owner) != owner:
            raise NotationError(f"two things would be called {symbol.name} in explicit components; rename one of them")
        return symbol

    def parameter(self, symbol: Symbol) -> Symbol:
        self.parameters.add(symbol)
        return self.claim(symbol, "parameter")

    def entries(self, node: Any, name: str, sizes: tuple[int, int], random: frozenset[str]) -> Grid:
        """One real symbol an entry: w_1, W_12 (W_1_12 from size 10 on); of a symmetric matrix S_12 for S_21."""
        wide = "_" if max(sizes) > 9 else ""
        grid: Grid = []
        for row in range(sizes[0]):
            grid.append([])
            for column in range(sizes[1]):
                place = tuple(sorted((row, column))) if getattr(node, "is_symmetric", False) else (row, column)
                labels = [str(at + 1) for at, size in zip(place, node.shape, strict=True) if size != ONE]
                symbol = Symbol(f"{name}_{wide.join(labels)}" if labels else name, real=True)
                grid[-1].append(self.claim(symbol, (type(node), name, place)))
                if random:
                    self.random[symbol] = random
        return grid


class Reader:
    """Reads lines at one choice of sizes.

    `unfold` says whether defined symbols stand for their meaning or for themselves; under a derivative they are always
    unfolded, for they may depend on the variable. `families` are exponential families with a score. `at_point` puts
    rational numbers for all that is not random.
    """

    def __init__(
        self,
        sizes: Mapping[str, int],
        unfold: bool = True,
        families: tuple[Family, ...] = (),
        at_point: bool = False,
    ) -> None:
        self.sizes, self.unfold, self.families, self.at_point = sizes, unfold, families, at_point
        self.symbols = Symbols()
        self._arguments: Mapping[str, Grid] = {}
        self._grids: dict[Node, Grid] = {}

    def __call__(self, node: Node, at: Positions) -> Grid:
        """All entries of `node`, row by row, at the positions of its free indices.

        Raises Unreadable for what has no explicit components, NotationError where names clash.
        """
        closed = not at or free_indices(node).isdisjoint(at)
        if closed and node in self._grids:
            return self._grids[node]
        grid = self._read(node, at)
        if closed:
            self._grids[node] = grid
        return grid

    def _read(self, node: Node, at: Positions) -> Grid:
        for kind in type(node).__mro__:
            if kind in _READERS:
                return _READERS[kind](self, node, at)
        raise Unreadable(f"{type(node).__name__} has no explicit components")

    def entry(self, node: Node, at: Positions) -> Expr:
        return self(node, at)[0][0]

    def size(self, node: Node) -> int:
        return int(node.value) if isinstance(node, tree.Number) else self.sizes[node.name]

    def all_positions(self, indices: tuple[Index, ...]) -> Iterator[dict[Index, int]]:
        """Every value that some indices can have."""
        for places in product(*(range(self.size(index.dimension)) for index in indices)):
            yield dict(zip(indices, places, strict=True))

    def with_arguments(self, arguments: Mapping[str, Grid]) -> Reader:
        """The same reader inside a definition whose formal arguments have these values."""
        inner = Reader(self.sizes, self.unfold, self.families, self.at_point)
        inner.symbols, inner._arguments = self.symbols, arguments
        return inner

    def unfolding(self) -> Reader:
        """The same reader with definitions unfolded."""
        inner = self.with_arguments(self._arguments)
        inner.unfold = True
        return inner

    # ---- scalars and variables --------------------------------------------------------------------------------

    def number(self, node: Any, at: Positions) -> Grid:
        return [[node.value]]

    def coefficient(self, node: Any, at: Positions) -> Grid:
        return [[self._at_sizes(node.expression)]]

    def symbol(self, node: Any, at: Positions) -> Grid:
        if isinstance(node, tree.Parameter) and node.domain == "unit":
            self.symbols.units.add(node.symbol)
        return [[self._at_sizes(node.symbol)]]

    def _at_sizes(self, expression: Expr) -> Expr:
        """A rational function with numbers for its dimensions."""
        numbers = {}
        for symbol in expression.free_symbols:
            if symbol.name in self.sizes and symbol.is_integer:
                numbers[symbol] = Integer(self.sizes[symbol.name])
            elif self.at_point:
                numbers[symbol] = fraction_for(symbol.name)
            else:
                self.symbols.parameter(symbol)
        value = expression.subs(numbers)
        if value.has(zoo, nan):
            raise DividesByZero(f"{expression} divides by zero at {sizes_text(self.sizes)}")
        return value

    def variable(self, node: Any, at: Positions) -> Grid:
        if node.name in self._arguments:
            return self._arguments[node.name]
        random = frozenset((node.name,)) if isinstance(node, variables.RandomVariable) else frozenset()
        return self._entries(node, node.name, random)

    def _entries(self, node: Any, name: str, random: frozenset[str]) -> Grid:
        grid = self.symbols.entries(node, name, self._shape(node), random)
        return as_numbers(grid) if self.at_point and not random else grid

    def _shape(self, node: Node) -> tuple[int, int]:
        rows, columns = node.shape
        return self.size(rows), self.size(columns)

    def identity(self, node: Any, at: Positions) -> Grid:
        size = self.size(node.shape[0])
        return [[Integer(row == column) for column in range(size)] for row in range(size)]

    def filled(self, node: Any, at: Positions) -> Grid:
        value = self.entry(node.args[0], at)
        rows, columns = self._shape(node)
        return [[value] * columns for _ in range(rows)]

    def defined(self, node: Any, at: Positions) -> Grid:
        values = [self(value, at) for value in node.values]
        if not self.unfold:
            return self._as_itself(node, values)
        pairs = zip(node.parameters, values, strict=True)
        inside = self.with_arguments({formal.name: value for formal, value in pairs})
        if node.entry is None:
            return inside(node.body, {})
        columns = [inside(node.body, {node.entry: place}) for place in range(self.size(node.entry.dimension))]
        return [[row[0] for row in column] for column in columns]

    def _as_itself(self, node: Any, values: list[Grid]) -> Grid:
        """Own symbols; with arguments their expanded values are part of the name, so that f(a + b) is f(b + a)."""
        texts = [", ".join(str(expanded(entry)) for row in value for entry in row) for value in values]
        name = f"{node.name}({'; '.join(texts)})" if values else node.name
        names = frozenset(variable.name for variable in random_variables(node))
        return self._entries(node, name, names)

    # ---- algebra ----------------------------------------------------------------------------------------------

    def plus(self, node: Any, at: Positions) -> Grid:
        return reduce(_added, (self(term, at) for term in node.args))

    def minus(self, node: Any, at: Positions) -> Grid:
        return _mapped(lambda entry: -entry, self(node.args[0], at))

    def product(self, node: Any, at: Positions) -> Grid:
        scale, grid = Integer(1), None
        for factor in node.args:
            value = self(factor, at)
            if factor.is_scalar:
                scale *= value[0][0]
            else:
                grid = value
        return [[scale]] if grid is None else _mapped(lambda entry: scale * entry, grid)

    def matrix_product(self, node: Any, at: Positions) -> Grid:
        return reduce(_multiplied, (self(factor, at) for factor in node.args))

    def quotient(self, node: Any, at: Positions) -> Grid:
        denominator = self.entry(node.args[1], at)
        if denominator == 0:
            raise DividesByZero(f"{node} divides by zero at {sizes_text(self.sizes)}")
        return _mapped(lambda entry: entry / denominator, self(node.args[0], at))

    def power(self, node: Any, at: Positions) -> Grid:
        return [[self.entry(node.args[0], at) ** node.exponent]]

    def same(self, node: Any, at: Positions) -> Grid:
        return self(node.args[0], at)

    def transpose(self, node: Any, at: Positions) -> Grid:
        return [list(row) for row in zip(*self(node.args[0], at), strict=True)]

    def inverse(self, node: Any, at: Positions) -> Grid:
        grid = inverted(self(node.args[0], at))
        if grid is None:
            raise DividesByZero(f"{node.args[0]} has no inverse at {sizes_text(self.sizes)}")
        return grid

    def hadamard(self, node: Any, at: Positions) -> Grid:
        left, right = (self(side, at) for side in node.args)
        return [[a * b for a, b in zip(*rows, strict=True)] for rows in zip(left, right, strict=True)]

    def trace(self, node: Any, at: Positions) -> Grid:
        grid = self(node.args[0], at)
        return [[Add(*(grid[place][place] for place in range(len(grid))))]]

    def squared_norm(self, node: Any, at: Positions) -> Grid:
        return [[Add(*(entry**2 for row in self(node.args[0], at) for entry in row))]]

    def norm_one(self, node: Any, at: Positions) -> Grid:
        return [[Add(*(Abs(entry) for row in self(node.args[0], at) for entry in row))]]

    def absolute(self, node: Any, at: Positions) -> Grid:
        return _mapped(Abs, self(node.args[0], at))

    def signum(self, node: Any, at: Positions) -> Grid:
        return _mapped(sign, self(node.args[0], at))

    def root(self, node: Any, at: Positions) -> Grid:
        return [[sqrt(expanded(self.entry(node.args[0], at)))]]

    def diagonal(self, node: Any, at: Positions) -> Grid:
        column = [row[0] for row in self(node.args[0], at)]
        size = range(len(column))
        return [[column[row] if row == place else Integer(0) for place in size] for row in size]

    # ---- indices ----------------------------------------------------------------------------------------------

    def element(self, node: Any, at: Positions) -> Grid:
        grid = self(node.args[0], at)
        places = iter([at[index] for index in node.indices])
        rows, columns = node.args[0].shape
        row = 0 if rows == ONE else next(places)
        return [[grid[row][0 if columns == ONE else next(places)]]]

    def member(self, node: Any, at: Positions) -> Grid:
        return [[entry] for entry in self(node.args[0], at)[at[node.index]]]

    def indexed_sum(self, node: Any, at: Positions) -> Grid:
        rows, columns = self._shape(node)
        total = [[Integer(0)] * columns for _ in range(rows)]
        for places in self.all_positions(node.bound):
            if len(set(places.values())) == len(places):
                total = _added(total, self(node.body, {**at, **places}))
        return total

    def delta(self, node: Any, at: Positions) -> Grid:
        first, second = (at[index] for index in node.args)
        return [[Integer(first == second)]]

    # ---- expectations -----------------------------------------------------------------------------------------

    def mean(self, expression: Expr) -> Expr:
        """E of an expression in the components that are random."""
        return expectation(expression, self.symbols.random)

    def expectation(self, node: Any, at: Positions) -> Grid:
        return _mapped(self.mean, self(node.args[0], at))

    def variance(self, node: Any, at: Positions) -> Grid:
        return self._covariance(*[self(node.args[0], at)] * 2)

    def covariance(self, node: Any, at: Positions) -> Grid:
        return self._covariance(*(self(side, at) for side in node.args))

    def _covariance(self, left: Grid, right: Grid) -> Grid:
        """E[(a − E a)(b − E b)], entry by entry."""
        first, second = ([row[0] - self.mean(row[0]) for row in side] for side in (left, right))
        return [[self.mean(one * other) for other in second] for one in first]

    # ---- elementary functions ---------------------------------------------------------------------------------

    def exponential(self, node: Any, at: Positions) -> Grid:
        return [[exp(expanded(self.entry(node.args[0], at)))]]

    def logarithm(self, node: Any, at: Positions) -> Grid:
        argument = expanded(self.entry(node.args[0], at))
        if argument == 0:
            raise DividesByZero(f"{node} is the logarithm of 0 at {sizes_text(self.sizes)}")
        return [[log(argument)]]

    def symbolic_power(self, node: Any, at: Positions) -> Grid:
        base, exponent = self.entry(node.base, at), self.entry(node.exponent, at)
        if base == 0 and exponent < 0:
            raise DividesByZero(f"{node} divides by zero at {sizes_text(self.sizes)}")
        return [[base**exponent]]

    def maximum(self, node: Any, at: Positions) -> Grid:
        left, right = (self.entry(side, at) for side in node.args)
        return [[(left + right + Abs(left - right)) / 2]]

    def minimum(self, node: Any, at: Positions) -> Grid:
        left, right = (self.entry(side, at) for side in node.args)
        return [[(left + right - Abs(left - right)) / 2]]

    # ---- functions and derivatives ----------------------------------------------------------------------------

    def applied(self, node: Any, at: Positions) -> Grid:
        grids = [self(argument, at) for argument in node.arguments]
        if node.function.is_entrywise:
            kind = opaque(node.function, node.orders)
            return _mapped(lambda entry: kind(expanded(entry)), grids[0])
        values = [expanded(entry) for grid in grids for row in grid for entry in row]
        starts = [sum(len(grid) * len(grid[0]) for grid in grids[:position]) for position in range(len(grids))]
        if len(node.orders) != 1:
            return [[opaque(node.function, tuple(starts[order] for order in node.orders))(*values)]]
        start, (rows, columns) = starts[node.orders[0]], self._shape(node)
        return [
            [opaque(node.function, (start + row * columns + column,))(*values) for column in range(columns)]
            for row in range(rows)
        ]

    def remainder(self, node: Any, at: Positions) -> Grid:
        point, increment = (self.entry(part, at) for part in (node.point, node.increment))
        polynomial = Add(
            *(
                opaque(node.function, (0,) * power)(expanded(point)) * increment**power / factorial(power)
                for power in range(node.order)
            )
        )
        return [[opaque(node.function)(expanded(point + increment)) - polynomial]]

    def derivative(self, node: Any, at: Positions) -> Grid:
        if self.at_point:
            raise Unreadable(f"{node} beside an inverse is not read in components")
        reader = self if self.unfold else self.unfolding()
        body, variable = reader.entry(node.body, at), reader(node.variable, {})
        if node.indices:
            places = iter([at[index] for index in node.indices])
            rows, columns = node.variable.shape
            row = 0 if rows == ONE else next(places)
            variable = [[variable[row][0 if columns == ONE else next(places)]]]
        return _mapped(lambda symbol: reader.derived(body, symbol), variable)

    def derived(self, body: Expr, symbol: Symbol) -> Expr:
        """SymPy's derivative where there is one: that of sgn is 0. Exponential families add their score."""
        value = body.diff(symbol)
        if value.has(DiracDelta):
            value = value.replace(DiracDelta, lambda *arguments: Integer(0))
        for statistic, parameter, function in self.families:
            if self.entry(parameter, {}) == symbol:
                value += self._by_score(body, self.entry(statistic, {}), opaque(function, (0,))(symbol))
        return value

    def _by_score(self, body: Expr, statistic: Expr, mean: Expr) -> Expr:
        """The part of a derivative that the law contributes: d/dθ E[g] = E[g (T − A′(θ))] for g held fixed."""
        total = Integer(0)
        for one in body.atoms(Mean):
            if not set(one.bound) <= statistic.free_symbols:
                raise Unreadable(f"how the law of {one} depends on the parameter of the family is not stated")
            stand_in = Dummy()
            outer = body.xreplace({one: stand_in}).diff(stand_in).xreplace({stand_in: one})
            total += outer * self.mean(one.integrand * (statistic - mean))
        return total


def _mapped(change: Callable[[Expr], Expr], grid: Grid) -> Grid:
    return [[change(entry) for entry in row] for row in grid]


def _added(left: Grid, right: Grid) -> Grid:
    return [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(left, right, strict=True)]


def _multiplied(left: Grid, right: Grid) -> Grid:
    columns = list(zip(*right, strict=True))
    return [[Add(*(a * b for a, b in zip(row, column, strict=True))) for column in columns] for row in left]


_READERS: dict[type, Callable[..., Grid]] = {
    tree.Number: Reader.number,
    tree.Coefficient: Reader.coefficient,
    tree.Dimension: Reader.symbol,
    tree.Parameter: Reader.symbol,
    variables.Variable: Reader.variable,
    variables.Identity: Reader.identity,
    variables.Filled: Reader.filled,
    variables.Defined: Reader.defined,
    tree.Plus: Reader.plus,
    tree.Minus: Reader.minus,
    tree.Product: Reader.product,
    tree.MatrixProduct: Reader.matrix_product,
    tree.Quotient: Reader.quotient,
    tree.Power: Reader.power,
    tree.Group: Reader.same,
    tree.Transpose: Reader.transpose,
    matrices.Inverse: Reader.inverse,
    tree.Hadamard: Reader.hadamard,
    tree.Trace: Reader.trace,
    tree.SquaredNorm: Reader.squared_norm,
    tree.Element: Reader.element,
    tree.Member: Reader.member,
    tree.IndexedSum: Reader.indexed_sum,
    tree.KroneckerDelta: Reader.delta,
    expectations.Expectation: Reader.expectation,
    expectations.Variance: Reader.variance,
    expectations.Covariance: Reader.covariance,
    functions.Applied: Reader.applied,
    functions.Remainder: Reader.remainder,
    functions.Derivative: Reader.derivative,
    functions.AbsoluteValue: Reader.absolute,
    functions.Signum: Reader.signum,
    functions.NormOne: Reader.norm_one,
    functions.Root: Reader.root,
    functions.Diagonal: Reader.diagonal,
    elementary.Exponential: Reader.exponential,
    elementary.Logarithm: Reader.logarithm,
    elementary.SymbolicPower: Reader.symbolic_power,
    elementary.Maximum: Reader.maximum,
    elementary.Minimum: Reader.minimum,
}
