"""Expectations in explicit components: E of an expanded expression, term by term, and what cited facts make of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import comb
from typing import Any

from sympy import Add, Expr, Mul, Pow, Symbol, Tuple, expand
from sympy.printing.pretty.stringpict import prettyForm

from proofsheet.errors import ProofsheetError

MOST_TERMS = 20_000


class Unreadable(ProofsheetError):
    """A line that this room cannot decide about: too large, or of a kind that it does not know."""


class Mean(Expr):
    """E[a] of a product `a`; prints like that. Its random symbols are bound: they are not free symbols of E[a]."""

    __slots__ = ()
    is_commutative = True
    is_real = True

    def __new__(cls, integrand: Expr, bound: Iterable[Symbol]) -> Mean:
        return Expr.__new__(cls, integrand, Tuple(*bound))

    @property
    def integrand(self) -> Expr:
        return self.args[0]

    @property
    def bound(self) -> tuple[Symbol, ...]:
        return self.args[1].args

    @property
    def free_symbols(self) -> set[Symbol]:
        return self.integrand.free_symbols - set(self.bound)

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        """Derivatives pass under E; the law itself is held fixed."""
        if symbol not in self.free_symbols:
            return Add()
        return expectation(self.integrand.diff(symbol), self.bound)

    def _eval_subs(self, old: Any, new: Any) -> Expr | None:
        return self if old in self.bound else None  # None: SymPy goes on with the arguments

    def _sympystr(self, printer: Any) -> str:
        return f"E[{printer._print(self.integrand)}]"

    def _pretty(self, printer: Any) -> Any:
        inside = prettyForm(*printer._print(self.integrand).parens("[", "]"))
        return prettyForm(*inside.left("E"))

    def _latex(self, printer: Any) -> str:
        return rf"\mathbb{{E}}\left[{printer._print(self.integrand)}\right]"


def expanded(expression: Expr) -> Expr:
    """SymPy's expansion into terms. Raises Unreadable where there would be too many of them."""
    if _count(expression) > MOST_TERMS:
        raise Unreadable(f"in explicit components the line has more than {MOST_TERMS} terms")
    return expand(expression, log=False)


def _count(expression: Expr) -> int:
    """At least the number of terms of the expanded expression, without expanding it."""
    if expression.is_Add:
        return sum(map(_count, expression.args))
    if expression.is_Mul:
        product = 1
        for factor in expression.args:
            product *= _count(factor)
        return product
    if isinstance(expression, Pow) and expression.base.is_Add and expression.exp.is_Integer and expression.exp > 0:
        power = int(expression.exp)
        return comb(_count(expression.base) + power - 1, power)
    return 1


def expectation(expression: Expr, random: Collection[Symbol]) -> Expr:
    """E of an expression: constants and sums leave E, every product of random symbols stays in an E of its own."""
    known = set(random)
    terms = []
    for term in Add.make_args(expanded(expression)):
        constant: list[Expr] = []
        inside: list[Expr] = []
        for factor in Mul.make_args(term):
            (constant if known.isdisjoint(factor.free_symbols) else inside).append(factor)
        if inside:
            product = Mul(*inside)
            constant.append(Mean(product, sorted(product.free_symbols & known, key=_by_name)))
        terms.append(Mul(*constant))
    return Add(*terms)


def _by_name(symbol: Symbol) -> str:
    return str(symbol.name)


def monomials(expression: Expr, parameters: Collection[Symbol]) -> dict[Expr, Expr]:
    """An expression as {product of components and means: coefficient in the parameters}, coefficients uncancelled."""
    known = set(parameters)
    found: dict[Expr, list[Expr]] = {}
    for term in Add.make_args(expanded(expression)):
        coefficient: list[Expr] = []
        product: list[Expr] = []
        for factor in Mul.make_args(term):
            (coefficient if _is_coefficient(factor, known) else product).append(factor)
        found.setdefault(Mul(*product), []).append(Mul(*coefficient))
    return {product: Add(*coefficients) for product, coefficients in found.items()}


def _is_coefficient(factor: Expr, parameters: set[Symbol]) -> bool:
    return not factor.has(Mean) and factor.free_symbols <= parameters


class Law:
    """What may be used of a law: independent blocks, and equations between means, each solved for one of them."""

    def __init__(
        self,
        blocks: Iterable[Sequence[frozenset[str]]] = (),
        variables: Mapping[Symbol, frozenset[str]] | None = None,
        parameters: Collection[Symbol] = (),
    ) -> None:
        self._blocks = tuple(map(tuple, blocks))
        self._variables = variables if variables is not None else {}
        self._parameters = parameters
        self._solved: dict[Expr, Expr] = {}
        self.unsolved: list[Expr] = []  # equations 0 = ... that no mean could be read from

    @property
    def is_free(self) -> bool:
        """Whether nothing is assumed."""
        return not self._blocks and not self._solved and not self.unsolved

    def reduced(self, expression: Expr) -> Expr:
        """The expression with means split by independence and replaced by their values, expanded."""
        values = {mean: self._value(mean) for mean in expression.atoms(Mean)}
        values = {mean: value for mean, value in values.items() if value != mean}
        return expanded(expression.xreplace(values)) if values else expression

    def _value(self, mean: Mean) -> Expr:
        return Mul(*(self._solved.get(part, part) for part in self._split(mean)))

    def _split(self, mean: Mean) -> Iterator[Mean]:
        factors = Mul.make_args(mean.integrand)
        for blocks in self._blocks:
            parts = [[factor for factor in factors if self._names(factor, mean) <= block] for block in blocks]
            filled = [part for part in parts if part]
            if len(filled) > 1 and sum(map(len, filled)) == len(factors):
                for part in filled:
                    yield from self._split(_mean_of(part, mean.bound))
                return
        yield mean

    def _names(self, factor: Expr, mean: Mean) -> frozenset[str]:
        """The random variables that a factor speaks of."""
        return frozenset().union(*(self._variables[symbol] for symbol in factor.free_symbols & set(mean.bound)))

    def assume(self, zero: Expr) -> None:
        """Use the equation 0 = `zero`: solved for the mean of highest degree that has a number for coefficient."""
        zero = self.reduced(expanded(zero))
        if zero == 0:
            return
        terms = monomials(zero, self._parameters)
        pivots = [mean for mean in terms if isinstance(mean, Mean) and terms[mean].is_Rational]
        pivots = [mean for mean in pivots if sum(product.has(mean) for product in terms) == 1]
        if not pivots:
            self.unsolved.append(zero)
            return
        pivot = max(pivots, key=lambda mean: (_degree(mean), str(mean)))
        value = expanded(pivot - zero / terms[pivot])
        self._solved = {mean: old.xreplace({pivot: value}) for mean, old in self._solved.items()}
        self._solved[pivot] = value


def _mean_of(factors: Iterable[Expr], bound: Iterable[Symbol]) -> Mean:
    product = Mul(*factors)
    return Mean(product, [symbol for symbol in bound if symbol in product.free_symbols])


def _degree(mean: Mean) -> int:
    powers = [factor.as_base_exp()[1] for factor in Mul.make_args(mean.integrand)]
    return sum(int(power) if power.is_Integer else 1 for power in powers)
