"""Laws with finitely many outcomes: dropout masks, labels in {0, 1}, and independent pairs of such laws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.arrays import float_array
from proofsheet.monte_carlo.interval import ROUNDINGS
from proofsheet.monte_carlo.rounding import EPSILON, Rounded

MOST_OUTCOMES = 2**16


@dataclass(frozen=True)
class FiniteLaw:
    """The joint law of some random variables that has finitely many outcomes.

    outcomes    {name: array of shape (K, ...)}: row k is the value of the variable in outcome k
    weights     array of shape (K,), the probabilities
    roundings   how many roundings a weight may have gone through, each relative to its size
    errors      {name: array}: how far the values of a variable may be from what they stand for; exact where left out

    FiniteLaw({"y": [0, 1]}, [0.3, 0.7]) is a label. `one * other` is the joint law of independent parts. Raises
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

    def __mul__(self, other: FiniteLaw) -> FiniteLaw:
        """The joint law of independent parts; raises ScriptError for a name that both have, or too many outcomes."""
        if not isinstance(other, FiniteLaw):
            return NotImplemented
        both = set(self.outcomes) & set(other.outcomes)
        if both:
            raise ScriptError(f"{min(both)} is in both laws, and not independent of itself")
        if len(self) * len(other) > MOST_OUTCOMES:
            raise ScriptError(f"{len(self)} times {len(other)} outcomes are more than {MOST_OUTCOMES}")
        mine = {name: np.repeat(values, len(other), axis=0) for name, values in self.outcomes.items()}
        theirs = {
            name: np.tile(values, (len(self),) + (1,) * (values.ndim - 1)) for name, values in other.outcomes.items()
        }
        weights = np.multiply.outer(self.weights, other.weights).ravel()
        return FiniteLaw({**mine, **theirs}, weights, self.roundings + other.roundings + 1)

    def mean(self, values: Any) -> Rounded:
        """Σ_k weight_k values_k over the first axis, which is kept; with a bound on the rounding."""
        weights = Rounded(self.weights, self.roundings * EPSILON * self.weights)
        shape = (len(self),) + (1,) * (len(values.shape) - 1)
        terms = Rounded(weights.value.reshape(shape), weights.error.reshape(shape)) * values
        return terms.sum(axis=0, keepdims=True)


def bernoulli_masks(name: str, shape: int | tuple[int, ...], keep: Any) -> FiniteLaw:
    """All masks in {0, 1}^shape with independent entries that are 1 with probability `keep`.

    `keep` is a number in (0, 1), or an array of them that broadcasts to `shape` (one for each entry). The outcomes have
    shape (2^entries, *shape). Raises ScriptError for more than 16 entries.
    """
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    entries = prod(sizes)
    if min(sizes, default=0) < 1 or 2**entries > MOST_OUTCOMES:
        raise ScriptError(
            f"masks of shape {sizes} have {entries} entries; 1 to 16 can be enumerated (16 make {MOST_OUTCOMES} masks)"
        )
    probabilities = float_array("keep", keep)
    if not ((probabilities > 0) & (probabilities < 1)).all():
        raise ScriptError(f"keep is a probability between 0 and 1 (both excluded), not {keep!r}")
    try:
        each = np.broadcast_to(probabilities, sizes).ravel()
    except ValueError:
        raise ScriptError(f"keep has shape {probabilities.shape}, which does not broadcast to {sizes}") from None
    bits = (np.arange(2**entries)[:, None] >> np.arange(entries)) & 1
    weights = np.where(bits == 1, each, 1 - each).prod(axis=1)
    return FiniteLaw({name: bits.astype(float).reshape(-1, *sizes)}, weights, roundings=2 * entries)
