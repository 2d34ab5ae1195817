"""Independent standard laws from which everything random in a check is made.

A source knows how to draw itself, how to be made from uniforms (for quasi-Monte Carlo), whether it is symmetric about 0,
its outcomes if they are finitely many, and its quadrature nodes if it is one-dimensional.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Source:
    """Independent entries with one law; `shape` is that of one draw: () for a scalar, (m,), (rows, columns).

    family      normal, rademacher, uniform, exponential, bernoulli or finite
    scale       what a draw of standard deviation 1 is multiplied by (normal, rademacher, uniform, exponential)
    keep        of bernoulli: the probability of 1
    """

    family: str
    shape: tuple[int, ...]
    scale: float = 1.0
    keep: float | None = None
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()

    @property
    def is_symmetric(self) -> bool:
        return self.family in ("normal", "rademacher", "uniform")

    @property
    def is_hypercontractive(self) -> bool:
        """Whether polynomials in it obey E(f − Ef)⁴ ≤ 9^degree Var(f)²."""
        return self.family in ("normal", "rademacher")

    def draw(self, random: Any, rows: int) -> Any:
        """`rows` draws, shape (rows, *shape); `random` is a backend's random numbers (see backends)."""
        shape = (rows, *self.shape)
        if self.family == "normal":
            drawn = random.normal(shape)
        elif self.family == "rademacher":
            drawn = random.signs(shape)
        elif self.family == "uniform":
            drawn = (2 * random.uniform(shape) - 1) * sqrt(3)
        elif self.family == "exponential":
            drawn = random.exponential(shape) - 1
        elif self.family == "bernoulli":
            return random.uniform(shape) < self.keep
        else:
            raise ScriptError("not yet")
        return drawn if self.scale == 1 else drawn * self.scale


def normal(*shape: int, variance: float = 1.0) -> Source:
    """Independent Gaussian entries with mean 0 and this variance."""
    return Source("normal", shape, _scale(variance))


def rademacher(*shape: int, variance: float = 1.0) -> Source:
    """Independent entries ±√variance, each with probability ½."""
    return Source("rademacher", shape, _scale(variance))


def uniform(*shape: int, variance: float = 1.0) -> Source:
    """Independent entries, uniform on (−√(3 variance), √(3 variance))."""
    return Source("uniform", shape, _scale(variance))


def exponential(*shape: int, variance: float = 1.0) -> Source:
    """Independent exponential entries, centred: mean 0, this variance, skewness 2."""
    return Source("exponential", shape, _scale(variance))


def bernoulli(keep: float, *shape: int) -> Source:
    """Independent entries in {0, 1} that are 1 with probability `keep`, in (0, 1)."""
    if not 0 < keep < 1:
        raise ScriptError(f"keep is a probability between 0 and 1 (both excluded), not {keep!r}")
    return Source("bernoulli", shape, keep=keep)


def finite(values: Any, weights: Any) -> Source:
    """A scalar with these outcomes and their probabilities."""
    return Source("finite", (), values=tuple(np.ravel(values).tolist()), weights=tuple(np.ravel(weights).tolist()))


def _scale(variance: float) -> float:
    if not 0 < variance < float("inf"):
        raise ScriptError(f"a variance is a positive number, not {variance!r}")
    return sqrt(variance)
