"""The false-alarm budget of a suite, split over its checks: who may spend how much, and what was spent."""

from __future__ import annotations

from dataclasses import dataclass

SUITE = 1e-9  # the probability that any check of a suite says what is not so


@dataclass(frozen=True)
class Share:
    """What one claim may spend."""

    level: float

    def split(self, parts: int) -> Share:
        return Share(self.level / parts)
