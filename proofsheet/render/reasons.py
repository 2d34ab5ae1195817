"""What stands in the margin: a reason prints its content."""

from __future__ import annotations

from typing import Any

from proofsheet.kernel.rules import Definition, Independence, Linearity, Moment, Rearrangement
from proofsheet.kernel.theorem import SideCondition, Theorem
from proofsheet.notation.expectations import Covariance, Variance
from proofsheet.notation.indices import Distinct
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import set_line
from proofsheet.notation.tree import Node
from proofsheet.notation.variables import Defined


def describe_reason(reason: Any, style: str = "unicode") -> str:
    """The content of a reason in a few words: n ⟂ (x, y); E[n] = 0; linearity of E."""
    match reason:
        case Rearrangement(word=word):
            return word
        case Linearity():
            return "linearity of E"
        case Definition():
            return "definition"
        case Independence(called=str(name)) | Moment(called=str(name)):
            return name
        case Independence(blocks=blocks):
            joint = " ⟂ " if style == "unicode" else " independent of "
            return joint.join(_block(block, style) for block in blocks)
        case Moment(left=left, right=right, conditions=conditions):
            where = "".join(f" ({set_line(condition, style)})" for condition in conditions)
            return f"{set_line(left, style)} = {_value(left, right, style)}{where}"
        case Distinct():
            return set_line(reason, style)
        case Theorem(values=values) if values:
            case_of = ", ".join(f"{set_line(one, style)} = {set_line(value, style)}" for one, value in values)
            return f"the theorem with {case_of}"
        case Theorem():
            return f"{set_line(reason.left, style)} = {set_line(reason.right, style)}"
    return str(reason)


def _block(block: tuple[Node, ...], style: str) -> str:
    names = ", ".join(set_line(member, style) for member in block)
    return f"({names})" if len(block) > 1 else names


def _value(left: Node, right: Node, style: str) -> str:
    zero = right.is_scalar and not left.is_scalar
    if zero and str(right) == "0":
        return STYLES[style].filled("0")
    return set_line(right, style)


def describe_condition(condition: SideCondition, style: str = "unicode") -> str:
    """A side condition: n − 1 ≠ 0."""
    return f"{set_line(condition.denominator, style)} {STYLES[style].unequal} 0"


def definitions_between(old: Node, new: Node) -> list[Defined]:
    """The definitions that one line uses and the other does not: those that a step unfolds or folds."""
    before, after = old.atoms(Defined), new.atoms(Defined)
    return sorted(before ^ after, key=lambda defined: defined.name)


def describe_step_reason(reason: Any, old: Node, new: Node, style: str) -> str:
    """As `describe_reason`, and a definition says of what."""
    if isinstance(reason, Definition):
        changed = definitions_between(old, new)
        operators = [
            name for name, kind in (("Var", Variance), ("Cov", Covariance)) if old.atoms(kind) != new.atoms(kind)
        ]
        names = list(dict.fromkeys([STYLES[style].name(one.name) for one in changed] + operators))
        return f"definition of {', '.join(names)}" if names else "definition"
    return describe_reason(reason, style)


__all__ = ["describe_condition", "describe_reason", "describe_step_reason"]
