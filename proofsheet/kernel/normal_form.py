"""Index-notation normal form: do two lines have the same meaning?

A line is lowered to a polynomial: a dictionary from monomials to coefficients, where a monomial

    Σ over bound indices of a product of factors

holds entries of variables (x_i, W_ij), Kronecker deltas between free indices, and E[...] or Cov[..., ...] of polynomials.
Coefficients live in SymPy's field of rational functions of the parameters and dimensions, where equality is decided.

Soundness rests on four facts, each local to one function: a bound index may be renamed to a fresh name; a delta of a
bound index may be contracted; an idle sum multiplies by its range; products and powers distribute. Which of the
equivalent names a bound index gets is a matter of completeness only: a wrong choice can refuse a true line, never accept
a false one.

Invariant against capture: bound indices of a monomial are called "_L_k", where L exceeds the level of every polynomial
inside its factors, and free indices never start with "_".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import count, product
from math import comb, factorial
from typing import Any, NamedTuple

from sympy import ZZ, Expr, Symbol

from proofsheet.errors import ProofsheetError
from proofsheet.kernel.canonical_names import canonical_order
from proofsheet.kernel.inverses import INVERSE, Meeting, meeting
from proofsheet.kernel.partitions import compositions, joined

Coefficient = Any  # an element of SymPy's FracField


class KernelError(ProofsheetError):
    """A line that has no meaning for the kernel; the text says what and why."""


class Head(NamedTuple):
    """What a factor is, apart from its indices."""

    kind: str  # "entry", "delta", "expectation", "covariance", "function", "remainder", "derivative", "root", "inverse"
    name: str = ""
    random: tuple[str, ...] = ()  # names of the random variables in it
    symmetric: bool = False
    detail: tuple[
        Any, ...
    ] = ()  # entry: variables that its definition speaks of; function: see `applied`; remainder: order; inverse: size


class Factor(NamedTuple):
    head: Head
    indices: tuple[str, ...] = ()
    bodies: tuple[Any, ...] = ()  # the frozen polynomials that an operator such as E is applied to


Bound = tuple[tuple[str, str], ...]  # (index, range)
Monomial = tuple[Bound, tuple[Factor, ...]]
Polynomial = dict[Monomial, Coefficient]

DELTA = Head("delta", symmetric=True)
EXPECTATION = Head("expectation")
COVARIANCE = Head("covariance", symmetric=True)
ABSOLUTE, SIGNUM = "|·|", "sgn"  # functions that the kernel knows; no name that an author declares is spelled so
EXP, LOG, POWER = "exp·", "log·", "power·"  # power·(u, k) is uᵏ⁻¹
CONSTANT: Monomial = ((), ())
MOST_TERMS = 20_000  # of an expanded power or product
HIGHEST_POWER = 40
MOST_ROOTS = 8  # in one product: each pair is multiplied out


def free_indices(factor: Factor) -> frozenset[str]:
    """The indices of a factor that its own sums do not bind."""
    if not factor.bodies or factor.head.kind == INVERSE:  # of what is inverted nothing is open but its entry
        return frozenset(factor.indices)
    return _free_within(factor)


@lru_cache(maxsize=100_000)
def _free_within(factor: Factor) -> frozenset[str]:
    inner = frozenset().union(*(_free_in_monomial(monomial) for body in factor.bodies for monomial, _ in body))
    if factor.head.kind == "function":
        inner -= {name for names in _slots(factor) for name in names}
    return inner.union(factor.indices)


def _free_in_monomial(monomial: Monomial) -> frozenset[str]:
    bound, factors = monomial
    return frozenset().union(*map(free_indices, factors)) - {name for name, _ in bound}


def random_names(factor: Factor) -> frozenset[str]:
    """The random variables of a factor that no expectation binds."""
    return frozenset(factor.head.random)  # none for E and Cov, which bind all that is in them


def random_in(*polynomials: Polynomial) -> tuple[str, ...]:
    """The random variables of polynomials that no expectation binds, in alphabetical order."""
    factors = (factor for polynomial in polynomials for _, parts in polynomial for factor in parts)
    return tuple(sorted(frozenset().union(*map(random_names, factors))))


def level(factor: Factor) -> int:
    """How deep polynomials are nested in a factor."""
    return _level_within(factor) if factor.bodies else 0


@lru_cache(maxsize=100_000)
def _level_within(factor: Factor) -> int:
    inner = (1 + level(part) for body in factor.bodies for (_, factors), _ in body for part in factors)
    return max(inner, default=1)


def slot(depth: int, position: int) -> str:
    """The index, bound by a function of level `depth`, that runs over the rows (0) or columns (1) of an argument."""
    return f"@{depth}_{position}"


def _slots(factor: Factor) -> list[list[str]]:
    """For each argument of a function the indices that the function binds in it."""
    return [[slot(level(factor), position) for position in range(len(shape))] for shape in factor.head.detail[1]]


def freeze(polynomial: Polynomial) -> tuple[Any, ...]:
    return tuple(sorted(polynomial.items(), key=lambda item: item[0]))


class Algebra:
    """Arithmetic of polynomials over one field of coefficients.

    `symbols` are those of the parameters and dimensions; `distinct` holds pairs of free indices declared to differ.
    """

    def __init__(
        self,
        symbols: Iterable[Symbol],
        distinct: frozenset[frozenset[str]] = frozenset(),
        fresh: Iterator[int] | None = None,
        elementary: Any = None,
    ) -> None:
        # the fractions of ZZ[...] are those of QQ[...], and its arithmetic is that of machine integers
        self.field = ZZ.frac_field(*(tuple(symbols) or (Symbol("_"),))).field
        self.one: Coefficient = self.field.one
        self._unit = self.one.denom
        self.elementary = elementary  # functions of coefficients, see `elementary`; None where there can be none
        self.distinct = distinct
        self._fresh = count() if fresh is None else fresh  # one source of names for polynomials that may meet
        self._ranges: dict[str, Coefficient] = {
            str(symbol): self._tidy(self.field(symbol)) for symbol in self.field.symbols
        }

    def with_distinct(self, pairs: Iterable[frozenset[str]]) -> Algebra:
        added = frozenset(pairs)
        if added <= self.distinct:
            return self
        return Algebra(self.field.symbols, self.distinct | added, self._fresh, self.elementary)

    # ---- coefficients -----------------------------------------------------------------------------------------

    def coefficient(self, expression: Expr) -> Coefficient:
        """A rational function as a field element. Raises KernelError if it divides by zero."""
        try:
            return self._tidy(self.field.from_expr(expression))
        except ZeroDivisionError:
            raise KernelError(f"{expression} divides by zero") from None
        except ValueError:
            raise KernelError(f"{expression} is not a rational function of the declared parameters") from None

    def inverse(self, coefficient: Coefficient) -> Coefficient:
        return self._tidy(1 / coefficient)

    def range(self, size: str) -> Coefficient:
        return self.integer(int(size)) if size.isdigit() else self._ranges[size]

    def integer(self, value: int) -> Coefficient:
        return self._tidy(self.field(value))

    def times(self, left: Coefficient, right: Coefficient) -> Coefficient:
        """The product; without SymPy's gcd where both denominators are one, which is nearly always."""
        if left.denom is self._unit and right.denom is self._unit:
            return self.field.raw_new(left.numer * right.numer, self._unit)
        return self._tidy(left * right)

    def plus(self, left: Coefficient, right: Coefficient) -> Coefficient:
        """The sum; without a gcd where both denominators are one."""
        if left.denom is self._unit and right.denom is self._unit:
            return self.field.raw_new(left.numer + right.numer, self._unit)
        return self._tidy(left + right)

    def _tidy(self, value: Coefficient) -> Coefficient:
        """One object for the denominator one, so that `is` recognises it."""
        return self.field.raw_new(value.numer, self._unit) if value.denom == self._unit else value

    # ---- polynomials ------------------------------------------------------------------------------------------

    def fresh(self) -> str:
        return f"~{next(self._fresh)}"

    def constant(self, coefficient: Coefficient) -> Polynomial:
        return {CONSTANT: coefficient} if coefficient else {}

    def single(self, factor: Factor) -> Polynomial:
        result: Polynomial = {}
        self.insert(result, self.one, {}, [factor])
        return result

    def delta(self, first: str, second: str) -> Polynomial:
        return self.single(Factor(DELTA, tuple(sorted((first, second)))))

    def add(self, left: Polynomial, right: Polynomial) -> Polynomial:
        result = dict(left)
        for monomial, coefficient in right.items():
            self._accumulate(result, monomial, coefficient)
        return result

    def subtract(self, left: Polynomial, right: Polynomial) -> Polynomial:
        return self.add(left, {monomial: -coefficient for monomial, coefficient in right.items()})

    def scale(self, polynomial: Polynomial, by: Coefficient) -> Polynomial:
        return {monomial: self.times(coefficient, by) for monomial, coefficient in polynomial.items()} if by else {}

    def multiply(self, left: Polynomial, right: Polynomial) -> Polynomial:
        if len(left) * len(right) > MOST_TERMS:
            raise KernelError(f"a product of sums of {len(left)} and {len(right)} terms is too long to expand")
        result: Polynomial = {}
        for first, one in left.items():
            for second, other in right.items():
                bound, factors = self._side_by_side((first, second))
                self.insert(result, self.times(one, other), bound, factors)
        return result

    def power(self, base: Polynomial, exponent: int) -> Polynomial:
        """The multinomial theorem: each power product is put in normal form once. Raises KernelError if it is too long."""
        if exponent > HIGHEST_POWER or comb(exponent + max(len(base), 1) - 1, exponent) > MOST_TERMS:
            raise KernelError(f"the power {exponent} of a sum of {len(base)} terms is too long to expand")
        result: Polynomial = {}
        terms = list(base.items())
        for multiplicities in compositions(exponent, len(terms)):
            coefficient = self.integer(factorial(exponent))
            chosen: list[Monomial] = []
            for (monomial, value), times in zip(terms, multiplicities, strict=True):
                chosen += [monomial] * times
                coefficient = self.times(self._tidy(coefficient / factorial(times)), self._tidy(value**times))
            bound, factors = self._side_by_side(chosen)
            self.insert(result, coefficient, bound, factors)
        return result

    def sum_over(self, index: str, size: str, body: Polynomial) -> Polynomial:
        """Σ over `index`, which must be free in `body`, of `body`."""
        result: Polynomial = {}
        for monomial, coefficient in body.items():
            bound, factors = self.separate(monomial)
            self.insert(result, coefficient, {**bound, index: size}, factors)
        return result

    def substitute_indices(self, polynomial: Polynomial, names: Mapping[str, str]) -> Polynomial:
        """Free indices renamed, all at once."""
        result: Polynomial = {}
        for monomial, coefficient in polynomial.items():
            bound, factors = self.separate(monomial)
            self.insert(result, coefficient, bound, [self.rename(factor, names) for factor in factors])
        return result

    def separate(self, monomial: Monomial) -> tuple[dict[str, str], list[Factor]]:
        """The monomial with fresh bound indices, ready to stand beside another one."""
        bound, factors = monomial
        if not bound:
            return {}, list(factors)
        names = {name: self.fresh() for name, _ in bound}
        return {names[name]: size for name, size in bound}, [self.rename(factor, names) for factor in factors]

    def _side_by_side(self, monomials: Iterable[Monomial]) -> tuple[dict[str, str], list[Factor]]:
        bound: dict[str, str] = {}
        factors: list[Factor] = []
        for monomial in monomials:
            more_bound, more_factors = self.separate(monomial)
            bound |= more_bound
            factors += more_factors
        return bound, factors

    def rename(self, factor: Factor, names: Mapping[str, str]) -> Factor:
        """The factor with free indices renamed; a polynomial inside it is put in normal form again."""
        if free_indices(factor).isdisjoint(names):
            return factor
        indices = tuple(names.get(index, index) for index in factor.indices)
        if factor.head.symmetric:
            indices = tuple(sorted(indices))
        if factor.head.kind == INVERSE:
            return factor._replace(indices=indices)
        bodies = [self._rename_body(body, names) for body in factor.bodies]
        if factor.head.kind == "function":
            return self.applied(factor.head, indices, [*zip(map(dict, bodies), _slots(factor), strict=True)])
        return Factor(factor.head, indices, tuple(sorted(bodies) if factor.head.symmetric else bodies))

    def applied(self, head: Head, indices: tuple[str, ...], arguments: list[tuple[Polynomial, list[str]]]) -> Factor:
        """A function factor.

        `head.detail` is (positions, shapes): the positions of the arguments that it is differentiated by, ascending, and
        for each argument the ranges of its indices (none for a scalar). `indices` are those of the derivatives, in that
        order; each argument is given with the free indices that stand for its entry, which the function binds.
        """
        positions, shapes = head.detail
        depth = 1 + max((level(part) for body, _ in arguments for (_, parts) in body for part in parts), default=0)
        bodies = []
        for body, names in arguments:
            bound = {name: slot(depth, position) for position, name in enumerate(names)}
            moved = self.substitute_indices(body, bound) if any(one != other for one, other in bound.items()) else body
            bodies.append(freeze(moved))
        rest = iter(indices)
        derivatives = [(position, tuple(next(rest) for _ in shapes[position])) for position in positions]
        ordered = tuple(index for _, own in sorted(derivatives) for index in own)  # derivatives commute
        return Factor(head, ordered, tuple(bodies))

    def arguments(self, factor: Factor) -> list[tuple[Polynomial, list[str]]]:
        """The arguments of a function, each with fresh free indices for its entry; the inverse of `applied`."""
        found = []
        for body, names in zip(factor.bodies, _slots(factor), strict=True):
            fresh = {name: self.fresh() for name in names}
            found.append((self.substitute_indices(dict(body), fresh) if fresh else dict(body), list(fresh.values())))
        return found

    def _rename_body(self, frozen: tuple[Any, ...], names: Mapping[str, str]) -> tuple[Any, ...]:
        body: Polynomial = {}
        for (bound, factors), coefficient in frozen:
            self.insert(body, coefficient, dict(bound), [self.rename(inner, names) for inner in factors])
        return freeze(body)

    # ---- normal form of one monomial --------------------------------------------------------------------------

    def insert(self, into: Polynomial, coefficient: Coefficient, bound: dict[str, str], factors: list[Factor]) -> None:
        """Add coefficient · Σ_bound Π factors to a polynomial, in normal form."""
        if any(factor.head == DELTA for factor in factors):
            contracted = self._contract(dict(bound), factors)
            if contracted is None:
                return
            bound, factors = contracted
        factors = [one for one in factors if one.head.name != EXP or one.bodies[0]]  # exp(0) = 1
        special = [one for one in factors if one.head.kind == "root" or one.head.name in (ABSOLUTE, SIGNUM)]
        if special:
            if sum(one.head.name != SIGNUM for one in special) > MOST_ROOTS:
                raise KernelError(f"more than {MOST_ROOTS} roots or absolute values in one product")
            if any(one.head.name in (ABSOLUTE, SIGNUM) and not one.bodies[0] for one in special):
                return  # |0| and sgn(0), where indices have come to coincide
            for first, second, known in _known_products(special, factors):
                self._insert_known(into, coefficient, bound, _without(factors, first, second), known)
                return
            if self.elementary is not None:
                multiple, coefficient, gone = self.elementary.idle_sign(coefficient, special)
                if gone:
                    self.insert(into, multiple, bound, _without(factors, *gone))
                if not coefficient:
                    return
        if bound and any(one.head.kind == INVERSE for one in factors):
            met = meeting(bound, factors, self.rename, free_indices)
            if met is not None:
                self._insert_meeting(into, coefficient, met)
                return
        if bound:
            used = frozenset().union(*map(free_indices, factors)) if factors else frozenset()
            for name in [name for name in bound if name not in used]:
                coefficient = self.times(coefficient, self.range(bound[name]))
                bound = {other: size for other, size in bound.items() if other != name}
        self._accumulate(into, self._canonical(bound, factors), coefficient)

    def _insert_known(
        self, into: Polynomial, coefficient: Coefficient, bound: dict[str, str], others: list[Factor], known: Any
    ) -> None:
        """A product of two factors replaced by what it is known to be: a factor, or bodies to be multiplied."""
        if isinstance(known, Factor):
            self.insert(into, coefficient, bound, [*others, known])
            return
        for monomials in product(*known):
            inner_bound, inner = self._side_by_side(monomial for monomial, _ in monomials)
            value = coefficient
            for _, own in monomials:
                value = self.times(value, own)
            self.insert(into, value, {**bound, **inner_bound}, [*others, *inner])

    def _insert_meeting(self, into: Polynomial, coefficient: Coefficient, met: Meeting) -> None:
        """Σ_b (M⁻¹)_ab T_bc = δ_ac − Σ_b (M⁻¹)_ab (M − T)_bc, beside other factors."""
        bound = {name: size for name, size in met.bound.items() if name != met.joint}
        joined = Factor(DELTA, tuple(sorted((met.other, met.end))))
        self.insert(into, coefficient, bound, [*met.others, joined])
        for monomial, value in met.rest:
            inner_bound, inner = self.separate(monomial)
            inner = [self.rename(one, met.slots) for one in inner]
            self.insert(
                into, -self.times(coefficient, value), {**met.bound, **inner_bound}, [*met.others, met.inverse, *inner]
            )

    def _contract(self, bound: dict[str, str], factors: list[Factor]) -> tuple[dict[str, str], list[Factor]] | None:
        """Deltas removed where an index is bound, gathered into classes where both are free; None if it vanishes."""
        classes: list[set[str]] = []
        while delta := next((factor for factor in factors if factor.head == DELTA), None):
            factors = [factor for factor in factors if factor is not delta]
            first, second = delta.indices
            if first == second:
                continue
            if second in bound:
                first, second = second, first
            if first in bound:
                if second in bound and bound[second] != bound[first]:
                    raise KernelError(f"a delta joins an index up to {bound[first]} and one up to {bound[second]}")
                del bound[first]
                factors = [self.rename(factor, {first: second}) for factor in factors]
            else:
                classes = joined(classes, {first, second})
        for members in classes:
            if any(pair <= members for pair in self.distinct):
                return None
            representative, *others = sorted(members)
            names = dict.fromkeys(others, representative)
            factors = [self.rename(factor, names) for factor in factors]
            factors += [Factor(DELTA, (representative, other)) for other in others]
        return bound, factors

    def _accumulate(self, into: Polynomial, monomial: Monomial, coefficient: Coefficient) -> None:
        total = self.plus(into[monomial], coefficient) if monomial in into else coefficient
        if total:
            into[monomial] = total
        else:
            into.pop(monomial, None)

    def _canonical(self, bound: dict[str, str], factors: list[Factor]) -> Monomial:
        if not bound:
            return (), tuple(sorted(factors))
        depth = 1 + max(map(level, factors), default=0)
        order = canonical_order(bound, factors, self.rename, free_indices)
        names = {name: f"_{depth}_{position:02d}" for position, name in enumerate(order)}
        renamed = sorted(self.rename(factor, names) for factor in factors)
        return tuple(sorted((names[name], size) for name, size in bound.items())), tuple(renamed)


def _known_products(special: list[Factor], factors: list[Factor]) -> Iterator[tuple[Factor, Factor, Any]]:
    """Pairs of factors with a simpler product: √u √u = u, |u||u| = u², |u| sgn(u) = u, u sgn(u) = |u|."""
    for position, one in enumerate(special):
        for other in special[:position]:
            if one.bodies != other.bodies or one.head.kind != other.head.kind:
                continue
            names = {one.head.name, other.head.name}
            if one.head.kind == "root":
                yield one, other, one.bodies
            elif names == {ABSOLUTE}:
                yield one, other, (*one.bodies, *one.bodies)
            elif names == {ABSOLUTE, SIGNUM}:
                yield one, other, one.bodies
        if one.head.name == SIGNUM:
            for other in factors:
                if other is not one and _is(one.bodies[0], other):
                    yield one, other, one._replace(head=one.head._replace(name=ABSOLUTE))


def _is(body: Any, factor: Factor) -> bool:
    """Whether a frozen polynomial is that one factor."""
    return len(body) == 1 and body[0][0] == ((), (factor,)) and bool(body[0][1] == 1)


def _without(factors: list[Factor], *taken: Factor) -> list[Factor]:
    left = list(factors)
    for factor in taken:
        left.remove(factor)
    return left
