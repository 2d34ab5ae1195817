"""Laws with finitely many outcomes: dropout masks, labels in {0, 1}, the nodes of a quadrature rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.arrays import float_array
from proofsheet.monte_carlo.rounding import EPSILON, ROUNDINGS, Rounded

MOST_OUTCOMES = 2**16


@dataclass(frozen=True)
class FiniteLaw:
    """The joint law of some random variables that has finitely many outcomes.

    outcomes    {name: array of shape (K, ...)}: row k is the value of the variable in outcome k
    weights     array of shape (K,), the probabilities
    roundings   how many roundings a weight may have gone through, each relative to its size
    errors      {name: array}: how far the values of a variable may be from what they stand for; exact where left out

    FiniteLaw({"y": [0, 1]}, [0.3, 0.7]) is a label; product_laws.py makes joint laws of independent sources. Raises
    ScriptError where the shapes do not fit, there are more than 65,536 outcomes, or the weights are no probabilities.
    """

    outcomes: Mapping[str, Any]
    weights: Any
    roundings: int = ROUNDINGS
    errors: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        weights = float_array("the weights", self.weights)
        if weights.ndim != 1 or not 1 <= len(weights) <= MOST_OUTCOMES:
            raise ScriptError(f"a finite law has one axis of 1 to {MOST_OUTCOMES} weights, not shape {weights.shape}")
        outcomes = {name: float_array(name, values) for name, values in self.outcomes.items()}
        for name, values in outcomes.items():
            if values.shape[:1] != weights.shape:
                raise ScriptError(
                    f"{name} has shape {values.shape}; its first axis is the {len(weights)} outcomes of the law"
                )
        total = float(weights.sum())
        if weights.min() < 0 or abs(total - 1) > (len(weights) + self.roundings) * EPSILON:
            raise ScriptError(
                f"the weights of a finite law are probabilities with the sum 1; the smallest is {weights.min():g}, "
                f"the sum is 1{total - 1:+.3g}"
            )
        object.__setattr__(self, "outcomes", outcomes)
        object.__setattr__(self, "weights", weights)

    def __len__(self) -> int:
        return len(self.weights)

    def mean(self, values: Any) -> Rounded:
        """Σ_k weight_k values_k over the first axis, which is kept; with a bound on the rounding."""
        weights = Rounded(self.weights, self.roundings * EPSILON * self.weights)
        shape = (len(self),) + (1,) * (len(values.shape) - 1)
        terms = Rounded(weights.value.reshape(shape), weights.error.reshape(shape)) * values
        return terms.sum(axis=0, keepdims=True)
