"""Enumeration: the left side averaged over all outcomes of finite sources, against the theorem's closed form.

Nothing is sampled, so that left − right is 0 up to rounding or the closed form is wrong. What rounding can have done is
bounded by a running error analysis of the theorem's own two lines at the instance; the script's left side is taken to be
rounded no worse than the theorem's left line. Every E is an exact sum, so that products of expectations are read too.

Where rounding may have done more than the tolerance, agreement says nothing: an inverse that loses all digits agrees with
every closed form. Such an instance is undecided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.finite_laws import MOST_OUTCOMES, FiniteLaw
from proofsheet.monte_carlo.product_laws import outcome_count, outcomes_of
from proofsheet.monte_carlo.rounding import Rounded
from proofsheet.numeric.checks import Options, VariantSeen, Verdict, variants_line
from proofsheet.numeric.laws import law_of, left_values, line_under

if TYPE_CHECKING:
    from proofsheet.derivation import WrongVariant
    from proofsheet.numeric.numeric_check import NumericCheck

NAME = GRADE = "enumeration"


@dataclass(frozen=True)
class Enumerated(Verdict):
    """What the sum over all outcomes says; undecided only where rounding may have done more than `allowed`.

    left    the average of the script's left side, and the bound on how it was rounded
    line    the theorem's left line at the instance: where it is far from `left`, the script is at fault
    right   the closed form, with its bound
    allowed the tolerance: relative to the closed form or to what a refuted variant is away from it, whichever is larger; to
            the left side's largest value where the closed form is 0 and nothing of it rounded
    """

    left: Rounded
    line: Rounded
    right: Rounded
    outcomes: int
    allowed: float
    variants: tuple[VariantSeen, ...] = ()

    @property
    def verdict(self) -> str:  # type: ignore[override]
        """Both the script's left side and the theorem's left line are the right side, or it is refuted."""
        if not (agree(self.left, self.right) and agree(self.line, self.right)):
            return "refuted"
        return "confirmed" if self.difference.error.item() <= self.allowed else "undecided"

    @property
    def difference(self) -> Rounded:
        """left − right with the bound on what rounding did to both."""
        return Rounded(self.left.value - self.right.value, self.left.error + self.right.error)

    def facts(self) -> dict[str, Any]:
        estimate, bound = self.left.value.item(), self.difference.error.item()
        right = self.right.value.item()
        return {
            "method": NAME,
            "grade": GRADE,
            "variance": None,
            "estimate": estimate,
            "interval": [estimate - bound, estimate + bound],
            "closed_form": right,
            "samples": self.outcomes,
            "tolerance": bound,
            "detectable": 2 * bound / (abs(right) or 1.0),
            "alpha": 0.0,
            "seed": None,
        }

    def __str__(self) -> str:
        d = self.difference
        text = (
            f"{self.verdict} by {NAME}: left − right = {d.value.item():+.3g}, rounding explains up to "
            f"{d.error.item():.2g}; closed form {self.right.value.item():.8g}, {self.outcomes} outcomes\n"
            f"    would have caught a relative error of {self.facts()['detectable']:.2g}"
        )
        if not agree(self.left, self.line):
            text += (
                f"\n    the script's left side is {self.left.value.item():.8g}, the theorem's left line is "
                f"{self.line.value.item():.8g} at this instance: look at left_side and the sources first"
            )
        if self.verdict == "undecided":
            text += (
                f"\n    rounding may have done more than the tolerance, {self.allowed:.2g}: choose numbers that are nearer to "
                "each other in size, or a matrix that is further from a singular one"
            )
        return f"{text}\n    {variants_line(self.variants)}"


def agree(one: Rounded, other: Rounded) -> bool:
    """Whether rounding alone may explain what is between two numbers."""
    return bool(np.abs(one.value - other.value).item() <= (one.error + other.error).item())


def why_not(check: NumericCheck) -> str:
    """Why the outcomes cannot be enumerated; empty where they can."""
    rules = {name: outcomes_of(source) for name, source in check.sources.items()}
    endless = [name for name, rule in rules.items() if rule is None]
    if endless:
        return f"{', '.join(endless)} has infinitely many outcomes"
    count = outcome_count({name: (check.sources[name].shape, rule) for name, rule in rules.items() if rule is not None})
    if count > MOST_OUTCOMES:
        sizes = ", ".join(f"{name} {'×'.join(map(str, one.shape)) or '1'}" for name, one in check.sources.items())
        return f"the sources ({sizes}) have {count:.6g} outcomes together, more than {MOST_OUTCOMES}"
    return ""


def run(check: NumericCheck, options: Options) -> Enumerated:
    """Sum over all outcomes and judge the closed form and every variant."""
    rules = {name: rule for name, source in check.sources.items() if (rule := outcomes_of(source)) is not None}
    return summed(check, law_of(check, rules))


def summed(check: NumericCheck, law: FiniteLaw) -> Enumerated:
    """The verdict under a law with finitely many outcomes."""
    line = line_under(check, check.theorem.left, law)
    values = left_values(check, law.outcomes, len(law))
    mean = law.mean(values)
    left = Rounded(mean.value, mean.error + line.error)
    right = line_under(check, check.judged, law)
    own = right if check.closed_form is None else line_under(check, check.theorem.right, law)
    variants = tuple(_seen(check, variant, law, left, own) for variant in check.wrong)
    rounding = (left.error + own.error).item()
    sizes = [abs(right.value.item()), *(abs(one.gap or 0.0) * rounding for one in variants if one.refuted)]
    if right.value.item() == right.error.item() == 0:
        sizes.append(float(np.abs(values).max()))
    return Enumerated(left, line, right, len(law), check.tolerance * max(sizes), variants)


def _seen(check: NumericCheck, variant: WrongVariant, law: FiniteLaw, left: Rounded, right: Rounded) -> VariantSeen:
    """Raises ScriptError for a variant that shows nothing at this instance and is not declared as unseen."""
    declared = check.unseen.get(variant.mistake, "")
    try:
        value = line_under(check, variant.line, law)
    except ScriptError as error:
        if not declared:
            raise ScriptError(
                f"the wrong variant ({variant.mistake}) cannot be read: {error}; say in unseen={{...}} why no check sees it"
            ) from None
        return VariantSeen(variant.mistake, False, unseen=declared)
    gap = (value.value - right.value).item()
    rounding = (left.error + right.error).item()
    if abs(gap) > 2 * (rounding + value.error.item()):
        return VariantSeen(variant.mistake, not agree(left, value), gap / rounding if rounding else None)
    if not declared:
        raise ScriptError(
            f"at this instance the wrong variant ({variant.mistake}) differs from the closed form by {abs(gap):.3g} only, "
            "which rounding explains; choose another instance, or say in unseen={...} why no outcome can show it"
        )
    return VariantSeen(variant.mistake, False, unseen=declared)
