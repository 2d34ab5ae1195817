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
from numpy.typing import NDArray

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.finite_laws import FiniteLaw
from proofsheet.monte_carlo.product_laws import outcomes_of, why_not_finite
from proofsheet.monte_carlo.rounding import Rounded
from proofsheet.notation.tree import ONE, Node
from proofsheet.numeric.checks import Options, VariantSeen, Verdict, variants_line
from proofsheet.numeric.laws import law_of, left_values
from proofsheet.numeric.line_values import value_under

if TYPE_CHECKING:
    from proofsheet.derivation import WrongVariant
    from proofsheet.numeric.numeric_check import NumericCheck

NAME = GRADE = "enumeration"


@dataclass(frozen=True)
class Enumerated(Verdict):
    """What the sum over all outcomes says; undecided only where rounding may have done more than `allowed`. Of a vector or a
    matrix it says it of every entry.

    left    the average of the script's left side, and the bound on how it was rounded
    line    the theorem's left line at the instance: where it is far from `left`, the script is at fault
    right   the closed form, with its bound; all three have rows and columns
    allowed the tolerance: relative to the closed form's largest entry or to a refuted variant's distance from it, whichever is
            larger; to the left side's largest value where the closed form is 0 and nothing of it rounded
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
        return "confirmed" if self.difference.error.max() <= self.allowed else "undecided"

    @property
    def difference(self) -> Rounded:
        """left − right with the bound on what rounding did to both."""
        return Rounded(self.left.value - self.right.value, self.left.error + self.right.error)

    @property
    def worst(self) -> tuple[int, ...]:
        """The entry where the difference goes furthest beyond its bound, or comes nearest to it."""
        return furthest(np.abs(self.difference.value) - self.difference.error)

    @property
    def detectable(self) -> float:
        """An error of this size, relative to the entry, would have been caught in any of them."""
        sizes = np.abs(self.right.value)
        return float((2 * self.difference.error / np.where(sizes == 0, 1.0, sizes)).max())

    def facts(self) -> dict[str, Any]:
        estimate, bound = self.left.value[self.worst].item(), self.difference.error[self.worst].item()
        return {
            "method": NAME,
            "grade": GRADE,
            "variance": None,
            "estimate": estimate,
            "interval": [estimate - bound, estimate + bound],
            "closed_form": self.right.value[self.worst].item(),
            "samples": self.outcomes,
            "tolerance": bound,
            "detectable": self.detectable,
            "alpha": 0.0,
            "seed": None,
        }

    def __str__(self) -> str:
        facts, count = self.facts(), self.right.value.size
        of_entries = f"; of {count} entries this is the worst, {_named(self.worst, self.right.shape)}" * (count > 1)
        text = (
            f"{self.verdict} by {NAME}: left − right = {self.difference.value[self.worst]:+.3g}, rounding explains up to "
            f"{facts['tolerance']:.2g}; closed form {facts['closed_form']:.8g}, {self.outcomes} outcomes{of_entries}\n"
            f"    would have caught a relative error of {self.detectable:.2g}"
        )
        if not agree(self.left, self.line):
            gap = Rounded(self.left.value - self.line.value, self.left.error + self.line.error)
            at = furthest(np.abs(gap.value) - gap.error)
            text += (
                f"\n    the script's left side is {self.left.value[at]:.8g}, the theorem's left line is "
                f"{self.line.value[at]:.8g} at this instance: look at left_side and the sources first"
            )
        if self.verdict == "undecided":
            text += (
                f"\n    rounding may have done more than the tolerance, {self.allowed:.2g}: choose numbers that are nearer to "
                "each other in size, or a matrix that is further from a singular one"
            )
        return f"{text}\n    {variants_line(self.variants)}"


def _named(at: tuple[int, ...], shape: tuple[int, ...]) -> str:
    """An entry, counted from 1 as in the theorem."""
    return ", ".join(str(place + 1) for place, size in zip(at, shape, strict=True) if size > 1)


def furthest(excess: NDArray[np.float64]) -> tuple[int, ...]:
    """The place of the largest number."""
    return tuple(int(place) for place in np.unravel_index(np.argmax(excess), excess.shape))


def agree(one: Rounded, other: Rounded) -> bool:
    """Whether rounding alone may explain what is between them, at every entry."""
    return bool((np.abs(one.value - other.value) <= one.error + other.error).all())


def why_not(check: NumericCheck) -> str:
    """Why the outcomes cannot be enumerated; empty where they can."""
    return why_not_finite(check.sources)


def run(check: NumericCheck, options: Options) -> Enumerated:
    """Sum over all outcomes and judge the closed form and every variant."""
    rules = {name: rule for name, source in check.sources.items() if (rule := outcomes_of(source)) is not None}
    return summed(check, law_of(check, rules))


def summed(check: NumericCheck, law: FiniteLaw) -> Enumerated:
    """The verdict under a law with finitely many outcomes."""
    line = value_under(check.theorem.left, check.instance, law)
    natural = tuple(size for of, size in zip(check.theorem.left.shape, line.shape, strict=True) if of != ONE)
    values = left_values(check, law.outcomes, len(law), natural)
    mean = law.mean(values)
    left = Rounded(mean.value.reshape(line.shape), mean.error.reshape(line.shape) + line.error)
    right = _value(check, check.judged, law, line.shape)
    own = right if check.closed_form is None else _value(check, check.theorem.right, law, line.shape)
    variants = tuple(_seen(check, variant, law, left, own) for variant in check.wrong)
    rounding = float((left.error + own.error).min())
    sizes = [float(np.abs(right.value).max()), *(abs(one.gap or 0.0) * rounding for one in variants if one.refuted)]
    if not (right.value.any() or right.error.any()):
        sizes.append(float(np.abs(values).max()))
    return Enumerated(left, line, right, len(law), check.tolerance * max(sizes), variants)


def _value(check: NumericCheck, line: Node, law: FiniteLaw, shape: tuple[int, ...]) -> Rounded:
    found = value_under(line, check.instance, law)
    if found.shape != shape:
        sizes = [f"{rows} × {columns}" for rows, columns in (found.shape, shape)]
        raise ScriptError(f"the line  {line}  is {sizes[0]}, the left side is {sizes[1]}")
    return found


def _seen(check: NumericCheck, variant: WrongVariant, law: FiniteLaw, left: Rounded, right: Rounded) -> VariantSeen:
    """Raises ScriptError for a variant that shows nothing at this instance and is not declared as unseen."""
    declared = check.unseen.get(variant.mistake, "")
    try:
        value = _value(check, variant.line, law, right.shape)
    except ScriptError as error:
        if not declared:
            raise ScriptError(
                f"the wrong variant ({variant.mistake}) cannot be read: {error}; say in unseen={{...}} why no check sees it"
            ) from None
        return VariantSeen(variant.mistake, False, unseen=declared)
    gaps, rounding = value.value - right.value, left.error + right.error
    at = furthest(np.abs(gaps) - 2 * (rounding + value.error))
    gap, known = gaps[at].item(), rounding[at].item()
    if abs(gap) > 2 * (known + value.error[at].item()):
        return VariantSeen(variant.mistake, not agree(left, value), gap / known if known else None)
    if not declared:
        raise ScriptError(
            f"at this instance the wrong variant ({variant.mistake}) differs from the closed form by {abs(gap):.3g} only, "
            "which rounding explains; choose another instance, or say in unseen={...} why no outcome can show it"
        )
    return VariantSeen(variant.mistake, False, unseen=declared)
