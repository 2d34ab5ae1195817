"""Is a reason what its constructor makes? An assumption built by hand passes the same checks as one that was declared."""

from __future__ import annotations

from typing import Any

from proofsheet.errors import AssumptionError
from proofsheet.kernel.reasons import (
    ASSUMPTIONS,
    RULES,
    ExponentialFamily,
    Independence,
    Moment,
    Taylor,
    exponential_family,
    independent,
    moment,
    taylor,
)


def is_reason(value: Any) -> bool:
    """Whether it is an assumption or a rule; no subclass is, for it could answer otherwise each time."""
    return type(value) in (*ASSUMPTIONS, *RULES)


def refuse_unstated(reason: Any) -> None:
    """Raises AssumptionError or NotationError for a reason that its constructor refuses, or would make otherwise."""
    again: Any = reason
    if isinstance(reason, Moment):
        again = moment(reason.left, reason.right, *reason.conditions)
    elif isinstance(reason, Independence):
        again = independent(*reason.blocks)
    elif isinstance(reason, Taylor):
        again = taylor(reason.function, reason.degree)
    elif isinstance(reason, ExponentialFamily):
        again = exponential_family(reason.statistic, reason.parameter, reason.function)
    if again != reason:
        raise AssumptionError(f"{reason!r} was built by hand; it reads {again!r}")
