"""Which nodes stand for which functions of numbers and matrices."""

from __future__ import annotations

from typing import Any

from proofsheet.notation import elementary, matrices
from proofsheet.notation.tree import Node

WORDS: dict[type, str] = {
    elementary.Exponential: "exp",
    elementary.Logarithm: "log",
    elementary.SymbolicPower: "power",
    elementary.Maximum: "maximum",
    elementary.Minimum: "minimum",
    matrices.Inverse: "inverse",
}


def word_of(node: Any) -> str | None:
    """exp, log, power, maximum, minimum or inverse, if the node is one of these."""
    return WORDS.get(type(node))


def parts_of(node: Any) -> list[Node]:
    """What such a node is applied to."""
    return [part for part in node.args if isinstance(part, Node)]
