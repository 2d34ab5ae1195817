"""Which node stands for which elementary function: found by writing one, since names of node classes are no interface."""

from __future__ import annotations

from functools import cache
from typing import Any

import proofsheet
from proofsheet import dimension, matrix, parameter
from proofsheet.notation import functions, tree
from proofsheet.notation.tree import Node

ORDINARY = (tree.Plus, tree.Minus, tree.Product, tree.Quotient, tree.Power, tree.Group, functions.Root)


def word_of(node: Any) -> str | None:
    """exp, log, power, maximum, minimum or inverse, if the node is one of these."""
    return _words().get(_signature(node))


def parts_of(node: Any) -> list[Node]:
    """What such a node is applied to."""
    return [part for part in node.args if isinstance(part, Node)]


@cache
def _words() -> dict[Any, str]:
    t, u, k = parameter("t", positive=True), parameter("u", positive=True), dimension("k")
    samples = {
        "exp": (t,),
        "log": (t,),
        "power": (t, k),
        "maximum": (t, u),
        "minimum": (t, u),
        "inverse": (matrix("M", 2, 2),),
    }
    nodes = {word: getattr(proofsheet, word)(*given) for word, given in samples.items() if hasattr(proofsheet, word)}
    return {_signature(node): word for word, node in nodes.items() if not isinstance(node, ORDINARY)}


def _signature(node: Any) -> Any:
    """The class, with what tells its members apart: a name, a function."""
    return type(node), tuple(part for part in node.args if not isinstance(part, Node))
