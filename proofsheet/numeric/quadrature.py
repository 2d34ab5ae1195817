"""Deterministic quadrature: a product rule over few continuous dimensions, times all outcomes of what is finite.

A rule is a law with finitely many outcomes, so that every E of every line is a sum. The rule is refined until as many nodes
as are affordable are used, and six coarser resolutions, of both parities so that a kink shows, say how far it may be off:
an estimate, not a bound, and graded so. A density is first integrated by scipy.integrate.quad: its mass must be 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.densities import Density
from proofsheet.monte_carlo.finite_laws import MOST_OUTCOMES, FiniteLaw
from proofsheet.monte_carlo.product_laws import nodes_of, outcome_count, outcomes_of
from proofsheet.notation.tree import Node
from proofsheet.numeric.checks import Options, VariantSeen, Verdict, variants_line
from proofsheet.numeric.laws import law_of, left_values, line_under
from proofsheet.numeric.tolerances import refuse_near, tolerance_of

if TYPE_CHECKING:
    from proofsheet.derivation import WrongVariant
    from proofsheet.numeric.numeric_check import NumericCheck

NAME, GRADE = "quadrature", "numerical quadrature"
MOST_DIMENSIONS = 3
# Seven, for at a jump each is off by a number of its own: of three, 6 % of the jumps of a uniform integrand had two that
# agreed with the finest to an eighth of its error, and a true closed form was refuted; of seven, none of 20,000.
RESOLUTIONS = (
    (100, 93, 86, 75, 64, 57, 50),
    (64, 59, 55, 47, 41, 37, 32),
    (40, 37, 34, 31, 27, 23, 20),
    (24, 23, 21, 19, 17, 14, 12),
)
SAFETY = 8  # times what the resolutions disagree by: how far the finest may be off, at a kink too
MASS = 1e-9  # by which the mass of a density may differ from 1


@dataclass(frozen=True)
class Integral:
    """left − line at the finest resolution, and how far it may be off: by the coarser resolutions, and by rounding."""

    difference: float
    error: float

    @property
    def is_seen(self) -> bool:
        return abs(self.difference) > self.error


@dataclass(frozen=True)
class Integrated(Verdict):
    """What quadrature says: undecided where its resolutions disagree by more than an eighth of the tolerance.

    `integral` is what the script's left side is away from the right side, `line` what it is away from the theorem's left line.
    """

    left: float
    right: float
    integral: Integral
    line: Integral
    tolerance: float
    nodes: int
    variants: tuple[VariantSeen, ...] = ()

    @property
    def verdict(self) -> str:  # type: ignore[override]
        if self.integral.is_seen or self.line.is_seen:
            return "refuted"
        within = abs(self.integral.difference) + self.integral.error <= self.tolerance
        return "confirmed" if within and all(one.refuted or one.unseen for one in self.variants) else "undecided"

    @property
    def detectable(self) -> float:
        """A relative error of this size would have been refuted."""
        return 2 * self.integral.error / (abs(self.right) or 1.0)

    def facts(self) -> dict[str, Any]:
        return {
            "method": NAME,
            "grade": GRADE,
            "variance": None,
            "estimate": self.left,
            "interval": [self.left - self.integral.error, self.left + self.integral.error],
            "closed_form": self.right,
            "samples": self.nodes,
            "tolerance": self.tolerance,
            "detectable": self.detectable,
            "alpha": 0.0,
            "seed": None,
        }

    def __str__(self) -> str:
        text = (
            f"{self.verdict} by {NAME} ({GRADE})\n"
            f"    left − right = {self.integral.difference:+.3g}, quadrature explains up to "
            f"{self.integral.error:.2g}, tolerance {self.tolerance:.2g}; closed form {self.right:.8g}, {self.nodes} nodes\n"
            f"    would have caught a relative error of {self.detectable:.2g}"
        )
        if self.integral.error > self.tolerance:
            text += "\n    the integrand is not resolved: choose a smoother one, the interval of a density narrower, or sample"
        if self.line.is_seen:
            text += (
                f"\n    the script's left side is {self.line.difference:+.3g} away from the theorem's left line at this "
                "instance: look at left_side and the sources first"
            )
        return f"{text}\n    {variants_line(self.variants)}"


def why_not(check: NumericCheck) -> str:
    """Why quadrature does not apply; empty where it does."""
    dimensions = sum(prod(source.shape) for source in check.sources.values() if outcomes_of(source) is None)
    if not dimensions:
        return "nothing is continuous"
    if dimensions > MOST_DIMENSIONS:
        return f"{dimensions} continuous dimensions are more than {MOST_DIMENSIONS}"
    if _resolutions(check) is None:
        coarsest = RESOLUTIONS[-1][0]
        return f"{coarsest} nodes for each dimension, times the outcomes of the rest, are more than {MOST_OUTCOMES}"
    return ""


def _resolutions(check: NumericCheck) -> tuple[int, ...] | None:
    """The finest resolutions that are affordable."""
    for counts in RESOLUTIONS:
        rules = {name: (source.shape, nodes_of(source, counts[0])) for name, source in check.sources.items()}
        if outcome_count(rules) <= MOST_OUTCOMES:
            return counts
    return None


def run(check: NumericCheck, options: Options) -> Integrated:
    """Integrate at all resolutions and judge the closed form and every variant."""
    for name, source in check.sources.items():
        if isinstance(source, Density):
            _refuse_mass(name, source)
    tolerance = tolerance_of(check)
    rule = _Rule(check)
    right = rule.value(check.judged)
    own = right if check.closed_form is None else rule.value(check.theorem.right)
    variants = tuple(_seen(rule, variant, own, tolerance) for variant in check.wrong)
    integral, line = rule.against(check.judged), rule.against(check.theorem.left)
    return Integrated(rule.left[0], right, integral, line, tolerance, len(rule.laws[0]), variants)


class _Rule:
    """The laws that stand for the sources, the finest first, and the left side under each."""

    def __init__(self, check: NumericCheck) -> None:
        self.check = check
        counts = _resolutions(check) or ()
        self.laws: list[FiniteLaw] = [
            law_of(check, {name: nodes_of(source, count) for name, source in check.sources.items()}) for count in counts
        ]
        self.left = [float(law.mean(left_values(check, law.outcomes, len(law))).value.item()) for law in self.laws]
        self._rounding = float(line_under(check, check.theorem.left, self.laws[0]).error.item())

    def value(self, line: Node) -> float:
        return float(line_under(self.check, line, self.laws[0]).value.item())

    def against(self, line: Node) -> Integral:
        """left − line; the error is what the left side, or that difference, changes by from one resolution to another."""
        lines = [line_under(self.check, line, law) for law in self.laws]
        differences = [left - one.value.item() for left, one in zip(self.left, lines, strict=True)]
        moved = [abs(one - values[0]) for values in (self.left, differences) for one in values]
        return Integral(differences[0], SAFETY * max(moved) + self._rounding + lines[0].error.item())


def _seen(rule: _Rule, variant: WrongVariant, right: float, tolerance: float) -> VariantSeen:
    """Raises ScriptError for a variant that shows nothing at this instance and is not declared as unseen."""
    mistake = variant.mistake
    declared = rule.check.unseen.get(mistake, "")
    try:
        gap = rule.value(variant.line) - right
        integral = rule.against(variant.line)
        refuse_near(gap, tolerance, mistake)
    except ScriptError as error:
        if declared:
            return VariantSeen(mistake, False, unseen=declared)
        raise ScriptError(f"the wrong variant ({mistake}): {error}") from None
    return VariantSeen(mistake, integral.is_seen, gap / tolerance)


def _refuse_mass(name: str, source: Density) -> None:
    """A density that does not integrate to 1 is none: its log-partition function is wrong, or its interval."""
    from scipy import integrate  # few checks have a density, and SciPy takes long to load

    mass, error = integrate.quad(lambda t: float(source.at(np.array([t]))[0]), source.low, source.high, limit=200)
    if not abs(mass - 1) <= max(MASS, 10 * error):
        raise ScriptError(
            f"the density of {name} integrates to {mass:.8g} over ({source.low:g}, {source.high:g}), not to 1"
        )
