"""A scalar given by its density: it is integrated by the double exponential rule, never drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.sources import Source

Array = NDArray[np.float64]
REACH = 3.6  # in the variable of the rule, where every other scale has become exponential twice


@dataclass(frozen=True)
class Density(Source):
    """A scalar with the density `function` on (low, high), either of which may be infinite."""

    function: Callable[[Any], Any] = np.exp
    low: float = -inf
    high: float = inf

    @property
    def support(self) -> tuple[float, float] | None:
        return (self.low, self.high) if np.isfinite([self.low, self.high]).all() else None

    def draw(self, random: Any, rows: int) -> Any:
        raise ScriptError("a source that is given by its density is integrated, not drawn; say method='quadrature'")

    def from_uniform(self, u: Any) -> Array:
        raise ScriptError("a source that is given by its density is not made of uniforms; say method='quadrature'")

    def nodes(self, k: int) -> tuple[Array, Array]:
        """Values and weights of the double exponential rule (Takahasi and Mori, 1974); where nothing weighs, no node.

        The weights add up to the mass that the nodes see, which is 1 for a density that they resolve.
        """
        u = np.linspace(-REACH, REACH, k)
        inner, slope = pi / 2 * np.sinh(u), pi / 2 * np.cosh(u)
        with np.errstate(over="ignore", under="ignore"):
            if np.isfinite(self.low) and np.isfinite(self.high):
                values = self.low + (self.high - self.low) / (1 + np.exp(-2 * inner))
                slope = slope * (self.high - self.low) / 2 / np.cosh(inner) ** 2
            elif np.isfinite(self.low):
                values, slope = self.low + np.exp(inner), slope * np.exp(inner)
            elif np.isfinite(self.high):
                values, slope = self.high - np.exp(-inner), slope * np.exp(-inner)
            else:
                values, slope = np.sinh(inner), slope * np.cosh(inner)
            inside = (values > self.low) & (values < self.high)
            weights = self.at(values[inside]) * slope[inside] * (u[1] - u[0])
        values, kept = values[inside], weights > 0
        return values[kept], weights[kept]

    def at(self, values: Array) -> Array:
        """The density there. Raises ScriptError where it is negative, not finite or no number for each value."""
        found = np.asarray(self.function(values), dtype=float)
        if found.shape != values.shape or not (np.isfinite(found) & (found >= 0)).all():
            raise ScriptError(
                "a density takes an array and gives a number for each of its entries, finite and not negative"
            )
        return found


def density(function: Callable[[Any], Any], low: float = -inf, high: float = inf) -> Source:
    """A scalar with this density on (low, high), density(lambda t: np.exp(-t), low=0); for quadrature only."""
    if not low < high:
        raise ScriptError(f"a density lives on an interval (low, high), not on ({low!r}, {high!r})")
    return Density("density", (), function=function, low=low, high=high)
