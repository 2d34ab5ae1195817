"""A confidence interval for a mean by the central limit theorem: asymptotic, and graded so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

GRADE = "asymptotic"


@dataclass(frozen=True)
class Interval:
    """mean ± half_width, at error rate `alpha` if the sample is large."""

    mean: float
    half_width: float
    samples: int
    alpha: float

    @property
    def low(self) -> float:
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        return self.mean + self.half_width

    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0

    def within(self, tolerance: float) -> bool:
        return -tolerance < self.low and self.high < tolerance


def interval_of_mean(chunks: Iterable[NDArray[np.float64]], alpha: float) -> Interval:
    """The interval for the mean of independent draws that come in chunks; memory does not grow (Chan et al., 1983)."""
    count, mean, squares = 0, 0.0, 0.0
    for chunk in chunks:
        size = chunk.size
        own = float(chunk.mean())
        shift = own - mean
        total = count + size
        squares += float(((chunk - own) ** 2).sum()) + shift * shift * count * size / total
        mean += shift * size / total
        count = total
    deviation = sqrt(squares / (count - 1))
    return Interval(mean, NormalDist().inv_cdf(1 - alpha / 2) * deviation / sqrt(count), count, alpha)
