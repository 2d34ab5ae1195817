"""A check by enumeration: the left side averaged over all outcomes of a finite law, against the theorem's closed form.

Nothing is sampled, so that left − right is 0 up to rounding or the closed form is wrong. What rounding can have done is
bounded by a running error analysis of the theorem's own two lines at the instance; the script's left side is taken to be
rounded no worse than the theorem's left line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proofsheet.derivation import WrongVariant
from proofsheet.errors import ScriptError
from proofsheet.kernel.theorem import Theorem
from proofsheet.monte_carlo.finite_laws import FiniteLaw
from proofsheet.monte_carlo.rounding import Rounded
from proofsheet.notation.tree import Node
from proofsheet.numeric.checks import DEFAULT, Check, Options, Verdict, called, require_theorem
from proofsheet.numeric.draws import Instance
from proofsheet.numeric.line_values import value_under

GRADE = "enumeration"


@dataclass(frozen=True)
class EnumerationVerdict(Verdict):
    """What the sum over all outcomes says; never undecided.

    left            the average of the script's left side, and the bound on how it was rounded
    line            the theorem's left line at the instance: where it is far from `left`, the script is at fault
    right, wrong    the closed form and the wrong variant, with bounds
    """

    left: Rounded
    line: Rounded
    right: Rounded
    wrong: Rounded | None
    mistake: str
    outcomes: int

    @property
    def verdict(self) -> str:  # type: ignore[override]
        return "confirmed" if _agree(self.left, self.right) else "refuted"

    @property
    def difference(self) -> Rounded:
        """left − right with the bound on what rounding did to both."""
        return Rounded(self.left.value - self.right.value, self.left.error + self.right.error)

    def facts(self) -> dict[str, Any]:
        estimate, bound = self.difference.value.item(), self.difference.error.item()
        return {
            "grade": GRADE,
            "estimate": estimate,
            "interval": [estimate - bound, estimate + bound],
            "closed_form": self.right.value.item(),
            "samples": self.outcomes,
            "tolerance": bound,
            "detectable": 2 * bound,
            "alpha": 0.0,
            "wrong_variant_refuted": None if self.wrong is None else not _agree(self.left, self.wrong),
        }

    def __str__(self) -> str:
        d = self.difference
        text = (
            f"{self.verdict} ({GRADE}): left − right = {d.value.item():+.3g}, rounding explains up to "
            f"{d.error.item():.2g}; closed form {self.right.value.item():.8g}, {self.outcomes} outcomes"
        )
        if not _agree(self.left, self.line):
            text += (
                f"\n    the script's left side is {self.left.value.item():.8g}, the theorem's left line is "
                f"{self.line.value.item():.8g} at this instance: look at left_side and the law first"
            )
        if self.wrong is not None:
            seen = "NOT refuted" if _agree(self.left, self.wrong) else "refuted"
            gap = self.left.value.item() - self.wrong.value.item()
            text += f"\n    wrong variant ({self.mistake}): {seen}, left − variant = {gap:+.6g}"
        return text


def _agree(one: Rounded, other: Rounded) -> bool:
    return bool(np.abs(one.value - other.value).item() <= (one.error + other.error).item())


@dataclass(frozen=True)
class EnumerationCheck(Check):
    """A check of a theorem under a law with finitely many outcomes, at one instance.

    theorem     whose right side is judged
    law         FiniteLaw or bernoulli_masks(...): one that satisfies the assumptions
    left_side   left_side(**outcomes) -> array of shape (K,): what the left side is the expectation of, for each outcome,
                written from its definition
    wrong       a wrong variant that must be refuted at this instance
    dimensions, parameters, constants   the instance
    functions   callables for opaque functions, as function_values.py says
    indices     where the theorem's free indices stand, from 1
    """

    theorem: Theorem
    law: FiniteLaw
    left_side: Callable[..., Any]
    wrong: WrongVariant | None = None
    dimensions: Mapping[str, int] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    functions: Mapping[str, Any] = field(default_factory=dict)
    indices: Mapping[str, int] = field(default_factory=dict)

    seed = None

    def run(self, options: Options = DEFAULT, closed_form: Node | None = None) -> EnumerationVerdict:
        """Sum and judge; `closed_form` in place of the theorem's own right side is for testing the check itself."""
        require_theorem(self.theorem)
        line = self._value(self.theorem.left)
        mean = self.law.mean(self._left_per_outcome())
        verdict = EnumerationVerdict(
            Rounded(mean.value, mean.error + line.error),
            line,
            self._value(self.theorem.right if closed_form is None else closed_form),
            self._value(self.wrong.line) if self.wrong else None,
            self.wrong.mistake if self.wrong else "",
            len(self.law),
        )
        if closed_form is None:
            _refuse_bad_instance(verdict)
        return verdict

    def _value(self, line: Node) -> Rounded:
        if not line.is_scalar:
            raise ScriptError(f"an enumeration judges scalars; write the theorem for an entry of  {line}")
        instance = Instance(self.dimensions, self.parameters, self.constants, self.functions, self.indices)
        return value_under(line, instance, self.law)[0, 0]

    def _left_per_outcome(self) -> Rounded:
        left = called(self.left_side, "left_side", self.law.outcomes)
        if left.shape != (len(self.law),):
            raise ScriptError(f"left_side gives an array of shape {left.shape}, not ({len(self.law)},)")
        if not np.isfinite(left).all():
            raise ScriptError("left_side is not finite for some outcomes; choose smaller numbers")
        return Rounded(left)


def _refuse_bad_instance(verdict: EnumerationVerdict) -> None:
    """A wrong variant within twice the rounding bound shows nothing."""
    if verdict.wrong is None:
        return
    gap = abs(verdict.left.value.item() - verdict.wrong.value.item())
    if gap < 2 * (verdict.left.error + verdict.wrong.error).item():
        raise ScriptError(
            f"at this instance the wrong variant ({verdict.mistake}) differs from the left side by {gap:.3g} only, which "
            "rounding explains; choose another instance"
        )
