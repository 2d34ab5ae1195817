"""Which node stands for which elementary function: found by writing one, since names of node classes are no interface."""

from __future__ import annotations

from functools import cache
from typing import Any

import proofsheet
from proofsheet import matrix, parameter
from proofsheet.notation.tree import Node

UNARY = ("exp", "log")
BINARY = ("power", "maximum", "minimum")


@cache
def meanings() -> dict[type, str]:
    """Node class -> word, for the elementary words that the toolkit has."""
    t, samples = parameter("t", positive=True), {}
    for word in UNARY:
        samples[word] = _sample(word, t)
    for word in BINARY:
        samples[word] = _sample(word, t, proofsheet.dimension("k") if word == "power" else parameter("u"))
    samples["inverse"] = _sample("inverse", matrix("M", 2, 2))
    return {type(node): word for word, node in samples.items() if node is not None}


def _sample(word: str, *arguments: Any) -> Node | None:
    try:
        return getattr(proofsheet, word)(*arguments)
    except AttributeError:
        return None
