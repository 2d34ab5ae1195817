"""Limits of a theorem: for which parameters its assumptions can hold at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proofsheet.errors import NotationError
from proofsheet.notation.boxes import Line, Related
from proofsheet.notation.text import set_box
from proofsheet.notation.tree import Node, Parameter, as_node


@dataclass(frozen=True)
class Limit:
    """lower ≤ parameter ≤ upper: necessary and sufficient for the assumptions to have a model.

    Where a bound divides by zero (−v/(n − 1) at n = 1) the limit says nothing.
    """

    lower: Node
    parameter: Parameter
    upper: Node

    def describe(self, style: str = "unicode") -> str:
        lower, parameter, upper = (Line(part) for part in (self.lower, self.parameter, self.upper))
        return set_box(Related(Related(lower, "≤", parameter), "≤", upper), style)


def between(lower: Any, parameter: Any, upper: Any) -> Limit:
    """State limits = (between(-v / (n - 1), c, v),): confirmed by the witness layer at each dimension it looks at."""
    if not isinstance(parameter, Parameter):
        raise NotationError(f"between(lower, parameter, upper): {parameter} is not a parameter")
    return Limit(as_node(lower, "between"), parameter, as_node(upper, "between"))
