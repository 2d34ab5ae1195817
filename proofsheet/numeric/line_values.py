"""The value of a line under a law with finitely many outcomes: every E, Var and Cov is an exact weighted sum.

Values carry a bound on their rounding error, so that what is left of a difference can be told from rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.finite_laws import FiniteLaw
from proofsheet.monte_carlo.rounding import Rounded
from proofsheet.notation.indices import Index
from proofsheet.notation.scope import random_variables
from proofsheet.notation.tree import Node
from proofsheet.numeric.draws import Instance, Read, Reader, Values


def value_under(
    line: Node, instance: Instance, law: FiniteLaw | None, at: Mapping[Index, int] | None = None
) -> Rounded:
    """The value of a line, of shape (rows, columns), with a bound on its rounding error.

    `at` places the free indices (from 0), else the instance does. Raises ScriptError where randomness is left outside an
    expectation, an expectation meets no law, a number is missing, or nothing is known of the rounding.
    """
    outside = random_variables(line)
    if outside:
        names = ", ".join(sorted(one.name for one in outside))
        raise ScriptError(
            f"the line  {line}  is random, for {names} stands outside the expectations; it has no one value"
        )
    value, _ = _LawReader(instance, law)(line, instance.places(line) if at is None else at)
    if not np.isfinite(value.error).all():
        raise ScriptError(f"at this instance  {line}  cannot be told from a division by 0 or an overflow")
    return value[0]


class _LawReader(Reader):
    """Reads lines exactly: no E need stand linearly, so that nothing is flagged."""

    exact = True

    def __init__(self, instance: Instance, law: FiniteLaw | None) -> None:
        super().__init__(instance, {} if law is None else law.outcomes)
        self.law = law

    def _given(self, value: Values) -> Values:
        return Rounded(value)

    def random(self, node: Any, at: Any) -> Read:
        value, _ = super().random(node, at)
        errors = {} if self.law is None else self.law.errors
        if node.name in errors:
            value = Rounded(value.value, np.reshape(errors[node.name], value.shape))
        return value, False

    def expectation(self, node: Any, at: Any) -> Read:
        return self._law(node).mean(self(node.args[0], at)[0]), False

    def variance(self, node: Any, at: Any) -> Read:
        """Var[a] and Cov[a, b], both as E[(a − E a)(b − E b)ᵀ]."""
        law = self._law(node)
        left, right = (self(part, at)[0] for part in (node.args[0], node.args[-1]))
        left, right = left - law.mean(left), right - law.mean(right)
        return law.mean(left @ right.swapaxes(1, 2)), False

    def _law(self, node: Node) -> FiniteLaw:
        if self.law is None:
            raise ScriptError(f"the check gives no law for the expectation {node}")
        return self.law
