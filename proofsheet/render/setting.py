"""What a theorem speaks of: its symbols, alike ones together, and its definitions. Shared by the text and by LaTeX."""

from __future__ import annotations

from typing import Any

from proofsheet.kernel.rules import Independence
from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.functions import Function
from proofsheet.notation.indices import Distinct, Index
from proofsheet.notation.names import printed_name
from proofsheet.notation.scope import Names
from proofsheet.notation.tree import Dimension, Parameter
from proofsheet.notation.variables import Constant, Defined, RandomVariable

_ORDER = (Dimension, Parameter, Function, Constant, RandomVariable, Index)


def declared(theorem: Theorem) -> list[list[Any]]:
    """The symbols of a theorem in groups of one kind: dimensions first, then parameters, functions, constants, random
    variables, indices. A function with a closed form is not among them: it is defined.
    """
    groups: dict[tuple[Any, ...], list[Any]] = {}
    seen: set[str] = set()
    for node in _names(theorem).of_kind(*_ORDER):
        if isinstance(node, Function) and node.closed_form is not None:
            continue
        look = printed_name(node.name)
        if look not in seen:
            seen.add(look)
            groups.setdefault(_kind(node), []).append(node)
    return [group for _, group in sorted(groups.items(), key=lambda item: item[0][0])]


def definitions(theorem: Theorem) -> list[Defined | Function]:
    """The symbols with a definition that occur in the lines, and the functions with a closed form, in order."""
    found: dict[str, Defined | Function] = {}
    for line in theorem.lines:
        for function in sorted(line.atoms(Function), key=lambda one: one.name):
            if function.closed_form is not None:
                found.setdefault(function.name, function)
        for defined in sorted(line.atoms(Defined), key=lambda one: one.name):
            found.setdefault(defined.name, defined)
    return list(found.values())


def _names(theorem: Theorem) -> Names:
    names = Names()
    for line in theorem.lines:
        names.add(line)
    for assumption in theorem.assumptions:
        for part in _parts(assumption):
            names.add(part)
    return names


def _parts(assumption: Any) -> list[Any]:
    """The nodes that an assumption speaks of."""
    if isinstance(assumption, Independence):
        return [member for block in assumption.blocks for member in block]
    if isinstance(assumption, Distinct):
        return []
    names = ("left", "right", "statistic", "parameter", "function")
    return [getattr(assumption, name) for name in names if hasattr(assumption, name)]


def _kind(node: Any) -> tuple[Any, ...]:
    """Where in the list it stands, and what makes two symbols alike."""
    place = next(position for position, kind in enumerate(_ORDER) if isinstance(node, kind))
    if isinstance(node, Parameter):
        return place, node.domain
    if isinstance(node, Function):
        return place, node.shapes
    if isinstance(node, Index):
        return place, node.dimension
    return (place,) if isinstance(node, Dimension) else (place, node.shape, node.structure)


__all__ = ["declared", "definitions"]
