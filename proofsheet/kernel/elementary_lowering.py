"""Normal forms of exp, log, symbolic powers, maximum and minimum.

Of a coefficient they are elements of the field, see `elementary`. Of anything else they are opaque: equal for equal
arguments, but for uᵏ⁺¹ = u uᵏ. Maximum and minimum are (a + b ± |a − b|)/2.
"""

from __future__ import annotations

from sympy import Symbol

from proofsheet.kernel.domains import Sign, sign
from proofsheet.kernel.function_lowering import FunctionLowering, Scope, Slot
from proofsheet.kernel.normal_form import (
    ABSOLUTE,
    CONSTANT,
    EXP,
    LOG,
    POWER,
    Coefficient,
    KernelError,
    Polynomial,
    freeze,
)
from proofsheet.notation import elementary


class ElementaryLowering(FunctionLowering):
    """What `Lowering` does with elementary functions."""

    def exponential(self, node: elementary.Exponential, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        body = self.lower(node.args[0], None, None, scope)
        value = self._as_coefficient(body)
        if value is None:
            return self._opaque(EXP, body)
        return self.algebra.constant(self.elementary.exponential(value))

    def logarithm(self, node: elementary.Logarithm, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        body = self.lower(node.args[0], None, None, scope)
        value = self._as_coefficient(body)
        if value is None:
            if sign(node.args[0]) is not Sign.POSITIVE:
                self.note(("positive", freeze(body)))
            return self._opaque(LOG, body)
        result, shown = self.elementary.logarithm(value)
        if not shown and sign(node.args[0]) is not Sign.POSITIVE:
            self.note(("positive", freeze(body)))
        return self.algebra.constant(result)

    def symbolic_power(self, node: elementary.SymbolicPower, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        body = self.lower(node.base, None, None, scope)
        exponent = self._as_coefficient(self.lower(node.exponent, None, None, scope))
        if exponent is None:
            raise KernelError(f"{node}: the exponent is no sum of whole multiples of dimensions")
        value = self._as_coefficient(body)
        if value is None:
            return self._opaque_power(body, exponent)
        result, shown = self.elementary.power(value, exponent)
        if not shown:
            self.note(("nonvanishing", freeze(body)))
        return self.algebra.constant(result)

    def _opaque_power(self, body: Polynomial, exponent: Coefficient) -> Polynomial:
        """u**(Σ c k + c₀) as the product of u**(c₀ + Σ c) and of (u**(k − 1))**c."""
        multiples, constant = self.elementary.linear(exponent)
        least = constant + sum(multiples.values())
        if min([0, least, *multiples.values()]) < 0:
            raise KernelError(
                f"the exponent {exponent.as_expr()} may be negative, and what it stands on is no coefficient"
            )
        result = self.algebra.power(body, least)
        for dimension, multiple in multiples.items():
            lower = self._opaque(POWER, body, dimension)
            result = self.algebra.multiply(result, self.algebra.power(lower, multiple))
        return result

    def _opaque(self, name: str, body: Polynomial, dimension: Symbol | None = None) -> Polynomial:
        """A function that is known by its argument alone; of a power the argument is u, and the meaning u**(k − 1)."""
        own = [] if dimension is None else [self.algebra.constant(self.algebra.coefficient(dimension))]
        return self.algebra.single(self.known_function(name, body, *own))

    def maximum(self, node: elementary.Maximum, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return self._mean_of_sum_and_distance(node, scope, 1)

    def minimum(self, node: elementary.Minimum, row: Slot, column: Slot, scope: Scope) -> Polynomial:
        return self._mean_of_sum_and_distance(node, scope, -1)

    def _mean_of_sum_and_distance(
        self, node: elementary.Maximum | elementary.Minimum, scope: Scope, turn: int
    ) -> Polynomial:
        left, right = (self.lower(side, None, None, scope) for side in node.args)
        distance = self.known(ABSOLUTE, self.algebra.subtract(left, right))
        twice = self.algebra.add(
            self.algebra.add(left, right), self.algebra.scale(distance, self.algebra.integer(turn))
        )
        return self.algebra.scale(twice, self.algebra.inverse(self.algebra.integer(2)))

    def _as_coefficient(self, body: Polynomial) -> Coefficient | None:
        """The polynomial, if it holds parameters and dimensions only."""
        return None if set(body) - {CONSTANT} else body.get(CONSTANT, self.algebra.integer(0))
