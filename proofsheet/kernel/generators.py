"""The functions of parameters that stand among the variables of a field of coefficients: exp(t), log(1 + exp(t)), uᵏ⁻¹.

A generator is a variable of the field with one fixed meaning, a real number at every point where its line is defined.
What is trusted of it is that meaning. That different generators are independent of each other is not: where they are not,
a true line may be refused.

Of each exponent b there is one generator, exp(b/q), where q is the common denominator of the multiples of b met so far. A
line with a new one needs a new field, and all that was computed over the old one is forgotten: see `FieldGrows`.
"""

from __future__ import annotations

from math import lcm
from typing import Any, NamedTuple

from sympy import Dummy, Expr

from proofsheet.errors import ProofsheetError

EXPONENTIAL, LOGARITHM, POWER = "exp", "log", "power"
MOST_GENERATORS = 60


class FieldGrows(ProofsheetError):
    """A function of parameters is met for which the field has no variable yet. `Setting.steadily` begins again with one."""


class Meaning(NamedTuple):
    """exp(argument/denominator), log(argument), or argument**(exponent − 1) for a dimension."""

    kind: str
    argument: Expr
    exponent: Any = None  # a dimension's symbol
    denominator: int = 1


class Generators:
    """The generators of one derivation. What a variable once meant it means for ever.

    exp(b/q) goes out of use when a finer one takes its place; what has it in its argument is then not asked for again.
    """

    def __init__(self) -> None:
        self._in_use: dict[tuple[str, Expr, Expr | None], Dummy] = {}
        self.meaning: dict[Dummy, Meaning] = {}

    @property
    def symbols(self) -> list[Dummy]:
        return list(self._in_use.values())

    def symbol(self, kind: str, argument: Expr, exponent: Expr | None = None, positive: bool = False) -> Dummy:
        """The variable for log(argument) or argument**(exponent − 1). Raises FieldGrows if it is new."""
        if (kind, argument, exponent) not in self._in_use:
            self._enter(Meaning(kind, argument, exponent), positive)
        return self._in_use[kind, argument, exponent]

    def exponential(self, argument: Expr, denominator: int) -> tuple[Dummy, int]:
        """The variable for exp(argument/q), and q, a multiple of `denominator`. Raises FieldGrows if it is new."""
        known = self._in_use.get((EXPONENTIAL, argument, None))
        if known is None:
            self._enter(Meaning(EXPONENTIAL, argument, None, denominator), True)
        elif self.meaning[known].denominator % denominator:
            finer = lcm(self.meaning[known].denominator, denominator)
            self._enter(Meaning(EXPONENTIAL, argument, None, finer), True)
        found = self._in_use[EXPONENTIAL, argument, None]
        return found, self.meaning[found].denominator

    def _enter(self, meaning: Meaning, positive: bool) -> None:
        if len(self.meaning) >= MOST_GENERATORS:
            raise ProofsheetError(f"more than {MOST_GENERATORS} different functions of parameters in one derivation")
        symbol = Dummy(f"{meaning.kind}#{len(self.meaning)}", real=True, **({"positive": True} if positive else {}))
        self.meaning[symbol] = meaning
        self._in_use[meaning.kind, meaning.argument, meaning.exponent] = symbol
        raise FieldGrows(
            f"{meaning.kind} of {meaning.argument} stands where only a rational function of parameters can stand"
        )
