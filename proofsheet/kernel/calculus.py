"""Differentiation of normal forms: product rule, chain rule, ∂w_j/∂w_k = δ_jk, and d/dθ under E.

A factor that depends on the variable in a way that no rule here covers stays as an opaque derivative of that factor. What
a rule takes for granted is handed to `note`:

    ("nonzero", u)              |u|, or sgn(u) of what is not random, was differentiated
    ("law", v, random names)    ∂/∂v passed under E: the law of these variables does not depend on v
    ("integral", θ, T)          d/dθ passed under the integral over an exponential family
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

from proofsheet.kernel.inverses import INVERSE
from proofsheet.kernel.normal_form import (
    ABSOLUTE,
    SIGNUM,
    Algebra,
    Factor,
    Head,
    KernelError,
    Polynomial,
    freeze,
    random_in,
)
from proofsheet.kernel.reasons import ExponentialFamily
from proofsheet.notation.scope import LAW

Apply = Callable[[Head, tuple[str, ...], list[tuple[Polynomial, list[str]]]], Polynomial]


class Differentiator:
    """∂/∂v of polynomials for one variable v, at the entry with the indices `at`."""

    def __init__(
        self,
        variable: str,
        at: tuple[str, ...],
        algebra: Algebra,
        families: Iterable[ExponentialFamily],
        expect: Callable[[Polynomial], Polynomial],
        apply: Apply,
        note: Callable[[tuple[Any, ...]], None],
    ) -> None:
        self.variable, self.at, self.algebra = variable, at, algebra
        self.families = [family for family in families if family.parameter.name == variable]
        self.expect, self.apply, self.note = expect, apply, note

    def __call__(self, polynomial: Polynomial) -> Polynomial:
        """The product rule, term by term."""
        result: Polynomial = {}
        for monomial, coefficient in polynomial.items():
            bound, factors = self.algebra.separate(monomial)
            for position, factor in enumerate(factors):
                others = factors[:position] + factors[position + 1 :]
                for inner, value in self._of_factor(factor).items():
                    inner_bound, inner_factors = self.algebra.separate(inner)
                    self.algebra.insert(
                        result,
                        self.algebra.times(coefficient, value),
                        {**bound, **inner_bound},
                        others + inner_factors,
                    )
        return result

    def _of_factor(self, factor: Factor) -> Polynomial:
        if factor.head.kind == "entry" and factor.head.name == self.variable:
            return self._of_variable(factor)
        if factor.head.kind == "function":
            return self._of_function(factor)
        if factor.head.kind == "expectation":
            return self._of_expectation(factor)
        if factor.head.kind == INVERSE and self._depends(factor):
            raise KernelError(
                f"an inverse that depends on {self.variable} is not differentiated; differentiate before you put it in"
            )
        return self._opaque(factor) if self._depends(factor) else {}

    def _of_variable(self, factor: Factor) -> Polynomial:
        """∂v_ij/∂v_kl = δ_ik δ_jl."""
        pairs = zip(factor.indices, self.at, strict=True)
        deltas = (self.algebra.delta(*pair) for pair in pairs)
        return reduce(self.algebra.multiply, deltas, self.algebra.constant(self.algebra.one))

    def _opaque(self, factor: Factor) -> Polynomial:
        return self.algebra.single(opaque_derivative(self.variable, self.at, self.algebra.single(factor)))

    def _depends(self, factor: Factor) -> bool:
        """Whether the variable occurs in a factor, in what it is defined by, or may occur in a law."""
        if factor.head.kind == "entry":
            return self.variable == factor.head.name or not {self.variable, LAW}.isdisjoint(factor.head.detail)
        if factor.head.kind in ("expectation", "covariance"):
            return True
        return any(self._depends(part) for body in factor.bodies for (_, parts), _ in body for part in parts)

    # ---- chain rule -------------------------------------------------------------------------------------------

    def _of_function(self, factor: Factor) -> Polynomial:
        """Σ over arguments, and over their entries, of ∂f/∂(entry) · ∂(entry)/∂v."""
        total: Polynomial = {}
        for position, shape in enumerate(factor.head.detail[1]):
            arguments = self.algebra.arguments(factor)
            body, names = arguments[position]
            inner = self(body)
            if not inner:
                continue
            if factor.head.name == SIGNUM and factor.head.random:  # E[sgn(y − t)] is not locally constant in t
                total = self.algebra.add(total, self._opaque(factor))
                continue
            term = self.algebra.multiply(self._outer(factor, position, arguments, tuple(names)), inner)
            if factor.head.name in (ABSOLUTE, SIGNUM):
                self._note_nonzero(factor, inner)
            for name, size in zip(names, shape, strict=True):
                term = self.algebra.sum_over(name, size, term)
            total = self.algebra.add(total, term)
        return total

    def _outer(self, factor: Factor, position: int, arguments: Any, names: tuple[str, ...]) -> Polynomial:
        """The partial derivative of the function by the entry `names` of argument `position`."""
        head = factor.head
        if head.name == SIGNUM:
            return {}
        if head.name == ABSOLUTE:
            return self.algebra.single(self.algebra.applied(head._replace(name=SIGNUM), (), arguments))
        positions, shapes = head.detail
        earlier = sum(len(shapes[one]) for one in positions if one <= position)
        indices = (*factor.indices[:earlier], *names, *factor.indices[earlier:])
        return self.apply(head._replace(detail=(tuple(sorted((*positions, position))), shapes)), indices, arguments)

    def _note_nonzero(self, factor: Factor, inner: Polynomial) -> None:
        """u ≠ 0 for every |u| whose derivative is not 0 anyway: with ∂w_j/∂w_k = δ_jk that is w_k only."""
        for _, factors in self.algebra.multiply(self.algebra.single(factor), inner):
            for one in factors:
                if one.head.kind == "function" and one.head.name == factor.head.name:
                    self.note(("nonzero", one.bodies[0]))

    # ---- expectations -----------------------------------------------------------------------------------------

    def _of_expectation(self, factor: Factor) -> Polynomial:
        """∂/∂v passes under E where the law does not depend on v; an exponential family adds the score T − A′(θ)."""
        body = dict(factor.bodies[0])
        random = frozenset(random_in(body))
        inner = self(body)
        family = next((one for one in self.families if not random or one.statistic.name in random), None)
        if family is None:
            if random:
                self.note(("law", self.variable, tuple(sorted(random))))
            return self.expect(inner) if inner else {}
        if not random <= {family.statistic.name}:
            raise KernelError(
                f"the law of {family.statistic} depends on {self.variable}, and that of "
                f"{', '.join(sorted(random - {family.statistic.name}))} beside it is not known"
            )
        self.note(("integral", self.variable, family.statistic.name))
        score = self.algebra.multiply(body, self._score(family))
        return self.expect(self.algebra.add(inner, score))

    def _score(self, family: ExponentialFamily) -> Polynomial:
        """∂ log density/∂θ = T − A′(θ)."""
        statistic = self.algebra.single(Factor(Head("entry", family.statistic.name, (family.statistic.name,))))
        parameter = self.algebra.single(Factor(Head("entry", family.parameter.name)))
        mean = self.apply(Head("function", family.function.name, detail=((0,), ((),))), (), [(parameter, [])])
        return self.algebra.subtract(statistic, mean)


def opaque_derivative(variable: str, at: tuple[str, ...], body: Polynomial) -> Factor:
    """The derivative of a polynomial by an entry of `variable`, as one factor that is not worked out."""
    return Factor(Head("derivative", variable, random_in(body)), at, (freeze(body),))
