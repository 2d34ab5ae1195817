"""The one bridge between theorems and dice: a sampler of the left side against the closed form of the theorem.

The left side is sampled from its definition, by code that the check script writes. The closed form is evaluated from the
theorem's own tree, on the same draws. The sample size is fixed before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.derivation import WrongVariant
from proofsheet.errors import ScriptError
from proofsheet.kernel.theorem import Theorem
from proofsheet.monte_carlo.interval import GRADE, Interval, RunningMean
from proofsheet.notation.tree import Node
from proofsheet.numeric.checks import Check, Verdict, called, require_theorem
from proofsheet.numeric.draws import Instance, value_per_draw

CHUNK = 10_000


@dataclass(frozen=True)
class NumericVerdict(Verdict):
    """What the dice say.

    verdict: refuted (the interval of left − right excludes 0), confirmed (it lies within ± tolerance, and the wrong
    variant is refuted by the same draws), or undecided.
    """

    verdict: str
    difference: Interval
    closed_form: Interval
    tolerance: float
    wrong: Interval | None
    mistake: str
    grade: str = GRADE

    def __str__(self) -> str:
        d, c = self.difference, self.closed_form
        text = (
            f"{self.verdict} ({self.grade}): left − right = {d.mean:+.5f} ± {d.half_width:.5f} at error rate {d.error_rate:g}, "
            f"tolerance {self.tolerance:g}, closed form {c.mean:.4f}, {d.samples} draws\n"
            f"    could not have seen an error below {self.detectable:.5f}"
        )
        if self.wrong is not None:
            seen = "refuted" if self.wrong.excludes_zero() else "NOT refuted"
            text += (
                f"\n    wrong variant ({self.mistake}): {seen}, "
                f"left − variant = {self.wrong.mean:+.5f} ± {self.wrong.half_width:.5f}"
            )
        return text

    def facts(self) -> dict[str, Any]:
        """The numbers of the verdict; estimate and interval are of left − right."""
        d = self.difference
        return {
            "grade": self.grade,
            "estimate": d.mean,
            "interval": [d.low, d.high],
            "closed_form": self.closed_form.mean,
            "samples": d.samples,
            "tolerance": self.tolerance,
            "detectable": self.detectable,
            "alpha": d.error_rate,
            "wrong_variant_refuted": None if self.wrong is None else self.wrong.excludes_zero(),
        }

    @property
    def detectable(self) -> float:
        """A constant error of the closed form above this would have been seen with near certainty."""
        return 2 * self.difference.half_width


@dataclass(frozen=True)
class NumericCheck(Check):
    """A Monte Carlo check of a theorem at one instance.

    theorem     whose right side is judged
    draw        draw(generator, size) -> {name: array of shape (size, ...)}, a law that satisfies the assumptions
    left_side   left_side(**draws) -> array of shape (size,), written from the definition of the left side
    dimensions, parameters, constants   the instance
    samples     the number of draws, fixed in advance
    tolerance   how far the closed form may be off and still be called confirmed
    wrong       a wrong variant that the same draws must refute
    error_rate  of the interval (two-sided, asymptotic)
    functions   callables for opaque functions, as function_values.py says
    indices     where the theorem's free indices stand, from 1
    """

    theorem: Theorem
    draw: Callable[..., Mapping[str, Any]]
    left_side: Callable[..., Any]
    tolerance: float
    wrong: WrongVariant | None = None
    dimensions: Mapping[str, int] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    samples: int = 200_000
    error_rate: float = 1e-6
    seed: int = 20_250_101
    functions: Mapping[str, Any] = field(default_factory=dict)
    indices: Mapping[str, int] = field(default_factory=dict)

    def run(self, closed_form: Node | None = None, seed: int | None = None) -> NumericVerdict:
        """Draw and judge; `closed_form` in place of the theorem's own right side is for testing the check itself."""
        require_theorem(self.theorem)
        if self.samples < CHUNK or self.tolerance <= 0:
            raise ScriptError(f"a numeric check takes at least {CHUNK} samples and a positive tolerance")
        right = self.theorem.right if closed_form is None else closed_form
        difference, closed, wrong = RunningMean(), RunningMean(), RunningMean()
        lines = [right] + ([self.wrong.line] if self.wrong else [])
        for left, values in self._chunks(lines, self.seed if seed is None else seed):
            magnitude = float(np.abs(left).max())
            difference.add(left - values[0], magnitude)
            closed.add(np.broadcast_to(values[0], left.shape))
            if self.wrong:
                wrong.add(left - values[1], magnitude)
        of_variant = wrong.interval(self.error_rate) if self.wrong else None
        if of_variant is not None and closed_form is None:
            self._refuse_bad_instance(of_variant)
        return NumericVerdict(
            self._verdict(difference.interval(self.error_rate), of_variant),
            difference.interval(self.error_rate),
            closed.interval(self.error_rate),
            self.tolerance,
            of_variant,
            self.wrong.mistake if self.wrong else "",
        )

    def _refuse_bad_instance(self, variant: Interval) -> None:
        """A wrong variant within twice the tolerance shows nothing."""
        if abs(variant.mean) < 2 * self.tolerance:
            raise ScriptError(
                f"at this instance the wrong variant ({self.wrong.mistake if self.wrong else ''}) differs by "
                f"{abs(variant.mean):.4g} only, less than twice the tolerance {self.tolerance:g}; choose another instance"
            )

    def _verdict(self, difference: Interval, wrong: Interval | None) -> str:
        if difference.excludes_zero():
            return "refuted"
        if not difference.within(self.tolerance) or (wrong is not None and not wrong.excludes_zero()):
            return "undecided"
        return "confirmed"

    def _chunks(self, lines: list[Node], seed: int) -> Iterator[tuple[NDArray[np.float64], list[NDArray[np.float64]]]]:
        instance = Instance(self.dimensions, self.parameters, self.constants, self.functions, self.indices)
        generator = np.random.default_rng(seed)
        for start in range(0, self.samples, CHUNK):
            size = min(CHUNK, self.samples - start)
            draws = self.draw(generator, size)
            left = called(self.left_side, "left_side", draws)
            if left.shape != (size,):
                raise ScriptError(f"left_side gives an array of shape {left.shape}, not ({size},)")
            yield left, [value_per_draw(line, instance, draws) for line in lines]
