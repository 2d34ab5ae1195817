"""`line.as_sympy(m=2, q=3)`: a line in explicit components, as plain SymPy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Expr, Matrix

from proofsheet.errors import NotationError
from proofsheet.explicit.components import Positions, Reader
from proofsheet.explicit.functions import in_form, plain
from proofsheet.explicit.means import Unreadable
from proofsheet.notation.indices import Index
from proofsheet.notation.scope import free_indices
from proofsheet.notation.tree import Coefficient, Dimension, Node


def as_sympy(line: Node, given: Mapping[str, Any]) -> Expr | Matrix:
    """The line with numbers for its dimensions and free indices (from 1), both by name; more names may be given.

    A SymPy expression for a scalar, a sympy.Matrix otherwise. Raises NotationError where a number is missing or does not
    fit, and where the line has no explicit components.
    """
    dimensions, indices = dimension_names(line), free_indices(line)
    missing = sorted((dimensions | {index.name for index in indices}) - given.keys())
    if missing:
        wanted = ", ".join(f"{name}={2 if name in dimensions else 1}" for name in missing)
        raise NotationError(f"as_sympy of {line} needs a number for {', '.join(missing)}: as_sympy({wanted})")
    for name, value in given.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise NotationError(f"as_sympy: {name} is a whole number from 1, not {value!r}")
    reader = Reader({name: int(given[name]) for name in sorted(dimensions)})
    try:
        grid = reader(line, _positions(reader, indices, given))
        entries = [[in_form(entry, plain) for entry in row] for row in grid]
    except Unreadable as problem:
        raise NotationError(f"as_sympy of {line}: {problem}") from None
    except RecursionError:
        raise NotationError("as_sympy: the line is nested too deeply") from None
    return entries[0][0] if line.is_scalar else Matrix(entries)


def dimension_names(*lines: Node) -> set[str]:
    """The names of all dimensions of some lines, those inside SymPy coefficients included."""
    names = {dimension.name for line in lines for dimension in line.atoms(Dimension)}
    inside = [symbol for line in lines for one in line.atoms(Coefficient) for symbol in one.expression.free_symbols]
    return names | {symbol.name for symbol in inside if symbol.is_integer}


def _positions(reader: Reader, indices: frozenset[Index], given: Mapping[str, Any]) -> Positions:
    positions = {}
    for index in indices:
        size = reader.size(index.dimension)
        if given[index.name] > size:
            raise NotationError(f"as_sympy: the index {index} runs from 1 to {size}, {given[index.name]} is outside")
        positions[index] = int(given[index.name]) - 1
    return positions
