"""A confidence interval for a mean by the central limit theorem: asymptotic, and graded so."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

GRADE = "asymptotic"
ROUNDINGS = 64  # roundings that one draw may have gone through


@dataclass(frozen=True)
class Interval:
    """mean ± half_width, at this error rate if the sample is large."""

    mean: float
    half_width: float
    samples: int
    error_rate: float

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


class RunningMean:
    """The mean of independent draws that come in chunks; memory does not grow (Chan, Golub and LeVeque, 1983)."""

    def __init__(self) -> None:
        self._count, self._mean, self._squares, self._size = 0, 0.0, 0.0, 0.0

    def add(self, chunk: NDArray[np.float64], magnitude: float = 0.0) -> None:
        """Take a chunk in; `magnitude` is the size of the numbers whose difference it is."""
        own = float(chunk.mean())
        shift, total = own - self._mean, self._count + chunk.size
        self._squares += float(((chunk - own) ** 2).sum()) + shift * shift * self._count * chunk.size / total
        self._mean += shift * chunk.size / total
        self._count = total
        self._size = max(self._size, magnitude, float(np.abs(chunk).max()))

    def interval(self, error_rate: float) -> Interval:
        """The two-sided interval, widened by what rounding may have done: where nothing varies, nothing is refuted."""
        deviation = sqrt(self._squares / (self._count - 1))
        statistical = NormalDist().inv_cdf(1 - error_rate / 2) * deviation / sqrt(self._count)
        rounding = ROUNDINGS * float(np.finfo(float).eps) * self._size
        return Interval(self._mean, statistical + rounding, self._count, error_rate)
