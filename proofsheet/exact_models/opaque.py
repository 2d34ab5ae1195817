"""What stands for a function without a closed form in a model: a polynomial, or the cumulants of a law."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import product
from math import comb, factorial, perm
from random import Random
from typing import Any

from proofsheet.exact_models.laws import nonzero
from proofsheet.exact_models.model import Matrix, ModelError, ModelFunction
from proofsheet.exact_models.series import constant_term, is_zero
from proofsheet.notation.functions import Function

DEGREE = 7  # above the order of every derivative and Taylor polynomial that is likely to be written
MOST_CUMULANTS = 12


@dataclass(frozen=True)
class Polynomial:
    """Of one scalar, entry by entry: coefficients in ascending order."""

    coefficients: tuple[Fraction, ...]

    def value(self, orders: tuple[int, ...], arguments: list[Matrix]) -> Matrix:
        order = len(orders)
        derived = [perm(k, order) * c for k, c in enumerate(self.coefficients)][order:]
        return [[_horner(derived, entry) for entry in row] for row in arguments[0]]

    def in_words(self, name: str) -> str:
        powers = ("", "t", *(f"t^{k}" for k in range(2, len(self.coefficients))))
        return f"{name}(t) = {_sum_in_words(zip(self.coefficients, powers, strict=False))}"


def _horner(coefficients: Sequence[Any], at: Any) -> Any:
    result: Any = Fraction(0)
    for c in reversed(coefficients):
        result = at * result + c
    return result


@dataclass(frozen=True)
class Ridges:
    """Of all entries of all arguments: Σ weight · (shift + Σ slope · entry)^degree, so that all entries are multiplied."""

    terms: tuple[tuple[Fraction, int, Fraction, tuple[Fraction, ...]], ...]  # weight, degree, shift, slopes

    def value(self, orders: tuple[int, ...], arguments: list[Matrix]) -> Matrix:
        entries = [entry for matrix in arguments for row in matrix for entry in row]
        places = _places(arguments)
        if not orders:
            return [[self._derived(entries, ())]]
        wanted = [places[order] for order in orders]
        rows, columns = (len(arguments[orders[0]]), len(arguments[orders[0]][0])) if len(orders) == 1 else (1, 1)
        values = [self._derived(entries, at) for at in product(*wanted)]
        return [values[row * columns : (row + 1) * columns] for row in range(rows)]

    def _derived(self, entries: list[Any], at: tuple[int, ...]) -> Any:
        total: Any = Fraction(0)
        for weight, degree, shift, slopes in self.terms:
            if degree < len(at):
                continue
            inner = reduce(lambda one, pair: one + pair[0] * pair[1], zip(slopes, entries, strict=True), shift)
            factor = weight * perm(degree, len(at))
            for place in at:
                factor *= slopes[place]
            total = total + factor * inner ** (degree - len(at))
        return total

    def in_words(self, name: str) -> str:
        entries = [f"z{k}" for k in range(1, 1 + len(self.terms[0][3]))]
        parts = []
        for weight, degree, shift, slopes in self.terms:
            inner = _sum_in_words([(shift, ""), *zip(slopes, entries, strict=True)])
            parts.append((weight, f"({inner})^{degree}"))
        return f"{name}({', '.join(entries)}) = {_sum_in_words(parts)}"


def _places(arguments: list[Matrix]) -> list[range]:
    """For each argument the numbers of its entries among all entries."""
    found, start = [], 0
    for matrix in arguments:
        size = len(matrix) * len(matrix[0])
        found.append(range(start, start + size))
        start += size
    return found


@dataclass(frozen=True)
class LogPartition:
    """A of an exponential family, near the θ of the model: A(θ) is free, its derivatives are the cumulants of the law."""

    at: Fraction
    cumulants: tuple[Fraction, ...]  # from A(θ) itself

    def value(self, orders: tuple[int, ...], arguments: list[Matrix]) -> Matrix:
        return [[self._near(len(orders), entry) for entry in row] for row in arguments[0]]

    def _near(self, order: int, argument: Any) -> Any:
        if constant_term(argument) != self.at:
            raise ModelError("the log-partition function of a family is known at the natural parameter only")
        step, power, total = argument - self.at, Fraction(1), Fraction(0)
        j = 0
        while not is_zero(power):
            if order + j >= len(self.cumulants):
                raise ModelError("a derivative of a log-partition function of too high an order")
            total = total + power * self.cumulants[order + j] * Fraction(1, factorial(j))
            power, j = power * step, j + 1
        return total

    def in_words(self, name: str) -> str:
        values = ", ".join(map(str, self.cumulants[:5]))
        return f"{name} at {self.at}, and its derivatives: {values}, ..."


def log_partition(at: Fraction, law: Iterable[tuple[Fraction, Fraction]], free: Fraction) -> LogPartition:
    """κ_n = m_n − Σ_{k<n} C(n − 1, k − 1) κ_k m_{n−k}, of a law given by its outcomes; κ_0 is free."""
    outcomes = list(law)
    moments = [sum((p * t**n for p, t in outcomes), Fraction(0)) for n in range(MOST_CUMULANTS + 1)]
    cumulants = [free]
    for n in range(1, MOST_CUMULANTS + 1):
        known = sum((comb(n - 1, k - 1) * cumulants[k] * moments[n - k] for k in range(1, n)), Fraction(0))
        cumulants.append(moments[n] - known)
    return LogPartition(at, tuple(cumulants))


def opaque_function(function: Function, sizes: list[tuple[int, int]], random: Random, small: bool) -> ModelFunction:
    """A random polynomial for a function of arguments of these sizes."""
    if function.is_entrywise:
        if small:
            return Polynomial(tuple(map(Fraction, (random.randint(1, 3) for _ in range(5)))))
        return Polynomial(tuple(nonzero(random) / (1 if k < 3 else 2 * k) for k in range(DEGREE + 1)))
    count = sum(rows * columns for rows, columns in sizes)
    if small:
        ones = tuple(Fraction(random.choice([-1, 1, 2])) for _ in range(count))
        return Ridges(((Fraction(1), 3, Fraction(1), ones), (Fraction(1), 2, Fraction(0), tuple(reversed(ones)))))
    degrees = (2, 3, 4, 5, 4, 3, 2)[: min(7, count + 3)]
    return Ridges(tuple((nonzero(random) / 4, one, nonzero(random) / 2, _halves(count, random)) for one in degrees))


def power_function(function: Function, count: int, degree: int) -> ModelFunction:
    """The smallest thing to read: t², and for a function of `count` entries (z1 + 2 z2 + 3 z3 + …)²."""
    if function.is_entrywise:
        return Polynomial((*[Fraction(0)] * degree, Fraction(1)))
    return Ridges(((Fraction(1), degree, Fraction(0), tuple(Fraction(k) for k in range(1, count + 1))),))


def _halves(count: int, random: Random) -> tuple[Fraction, ...]:
    return tuple(nonzero(random) / 2 for _ in range(count))


def _sum_in_words(terms: Iterable[tuple[Fraction, str]]) -> str:
    """2 - 1/3 t + t^2, from its numbers and what they multiply."""
    shown = []
    for number, name in ((number, name) for number, name in terms if number):
        size = "" if abs(number) == 1 and name else str(abs(number))
        shown += ["-" if number < 0 else "+", f"{size} {name}".strip()]
    if not shown:
        return "0"
    return " ".join(shown[1:] if shown[0] == "+" else [f"-{shown[1]}", *shown[2:]])
