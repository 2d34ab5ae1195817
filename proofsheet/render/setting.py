"""What theorems speak of: their symbols and their definitions. Shared by the text and by LaTeX."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.functions import Function
from proofsheet.notation.indices import Index
from proofsheet.notation.names import printed_name
from proofsheet.notation.scope import Names
from proofsheet.notation.tree import Dimension, Parameter
from proofsheet.notation.variables import Constant, Defined, RandomVariable


def declared(theorems: Iterable[Theorem]) -> list[Any]:
    """The symbols that were declared, each once, in the order in which they occur."""
    names = Names()
    for theorem in theorems:
        for node in theorem.speaks_of:
            names.add(node)
    found: dict[str, Any] = {}
    for node in names.of_kind(Dimension, Parameter, Constant, RandomVariable, Index, Function):
        found.setdefault(printed_name(node.name), node)
    return list(found.values())


def definitions(theorems: Iterable[Theorem]) -> list[Defined]:
    """The symbols with a definition that occur in the lines, each once."""
    found: dict[str, Defined] = {}
    for line in (line for theorem in theorems for line in theorem.lines):
        for defined in sorted(line.atoms(Defined), key=lambda one: one.name):
            found.setdefault(defined.name, defined)
    return list(found.values())


__all__ = ["declared", "definitions"]
