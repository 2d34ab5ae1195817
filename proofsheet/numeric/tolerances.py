"""What a tolerance is relative to, and when a wrong variant is too near to show anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofsheet.errors import ScriptError
from proofsheet.numeric.estimand import claim_of

if TYPE_CHECKING:
    from proofsheet.numeric.numeric_check import NumericCheck


def tolerance_of(check: NumericCheck) -> float:
    """The tolerance as a number: relative to the closed part of the right side. Raises ScriptError where that is 0."""
    found = check.tolerance * abs(claim_of(check.judged, check.instance).closed)
    if found == 0:
        raise ScriptError(
            "the closed part of the right side is 0 at this instance: a tolerance relative to 0 means nothing"
        )
    return found


def refuse_near(gap: float, tolerance: float, mistake: str) -> None:
    """A variant within twice the tolerance shows nothing: this is a bad instance."""
    if not abs(gap) >= 2 * tolerance:
        raise ScriptError(
            f"at this instance the wrong variant ({mistake}) differs from the closed form by {abs(gap):.3g} only, less than "
            f"twice the tolerance {tolerance:.3g}; choose another instance, or say in unseen={{...}} why nothing can show it"
        )
