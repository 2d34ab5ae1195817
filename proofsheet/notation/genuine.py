"""Is a node what the constructors of this notation make? Subclasses, and nodes built around a constructor, are refused.

Whoever writes lines with the words of this package never meets these errors. They stop a node whose shape, name or value
is not what its parts say, before the kernel reads it.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

from sympy import Basic, Symbol
from sympy import Number as SympyNumber

from proofsheet.errors import NotationError, ProofsheetError
from proofsheet.notation.indices import Index
from proofsheet.notation.tree import Coefficient, Dimension, Node, Number, Parameter
from proofsheet.notation.variables import Defined, Variable

_FACTS: dict[str, dict[str, bool]] = {
    "real": {"real": True},
    "nonnegative": {"nonnegative": True},
    "positive": {"positive": True},
    "unit": {"positive": True},
}
_STRUCTURES = ("general", "symmetric", "psd", "family")


def refuse_foreign_kind(node: object) -> None:
    """Raises NotationError unless the class of a node is one of this package or of SymPy, itself and no subclass."""
    kind: Any = type(node)
    if not _is_known(kind):
        raise NotationError(f"{kind.__name__} is no kind of node that this notation has")


def refuse_forged(node: Basic) -> None:
    """Raises NotationError for a node that its own constructor would not make of these parts, or that contradicts itself."""
    if type(node).__module__.partition(".")[0] != "proofsheet":
        return
    try:
        again = node.func(*node.args)
    except ProofsheetError:
        raise
    except Exception as problem:
        raise NotationError(f"a {type(node).__name__} that was built by hand: {problem}") from None
    if again != node:
        raise NotationError(f"a {type(node).__name__} that was built by hand: its parts make {again}")
    complaint = _complaint(node)
    if complaint:
        raise NotationError(f"{complaint}; declare it with the words of the notation")


def refuse_odd_name(name: str) -> None:
    """Raises NotationError for letters that look like others."""
    if not name.isascii() or not name.isprintable():
        raise NotationError(f"{name!r} is not a name; write letters and digits, for example 'alpha', 'x_tilde', 'W1'")


@lru_cache(maxsize=2000)
def _is_known(kind: type) -> bool:
    """Whether a class is the one that stands under its name in its module, in this package or in SymPy."""
    if kind.__module__.partition(".")[0] not in ("proofsheet", "sympy"):
        return False
    return getattr(sys.modules.get(kind.__module__), kind.__qualname__, None) is kind


def _complaint(node: Basic) -> str:
    match node:
        case Parameter():
            facts = _FACTS.get(node.domain)
            if facts is None or node.symbol != Symbol(node.name, **facts):
                return f"the symbol of {node} and its domain {node.domain} do not agree"
        case Dimension():
            if node.symbol != Symbol(node.name, integer=True, positive=True):
                return f"the symbol of the dimension {node} is not a positive whole number"
        case Coefficient():
            symbols = node.expression.free_symbols
            if not all(symbol.is_real for symbol in symbols):
                return f"{node.expression} has a symbol that is not declared real"
            numbers = node.expression.atoms(SympyNumber)
            if not node.expression.is_rational_function(*symbols) or not all(one.is_Rational for one in numbers):
                return f"{node.expression} is not a rational function"
        case Variable():
            return _of_variable(node)
        case Index():
            if not _is_size(node.dimension):
                return f"the index {node} runs to {node.dimension}"
        case Defined():
            return _of_definition(node)
    return ""


def _is_size(size: Any) -> bool:
    return isinstance(size, Dimension) or (isinstance(size, Number) and bool(size.value.is_Integer and size.value > 0))


def _of_variable(node: Variable) -> str:
    if not all(map(_is_size, node.shape)) or node.structure not in _STRUCTURES:
        return f"{node} has no shape"
    if node.is_symmetric and node.shape[0] != node.shape[1]:
        return f"{node} is {node.structure} and not square"
    return ""


def _of_definition(node: Defined) -> str:
    shapes = [[one.shape for one in side if isinstance(one, Node)] for side in (node.parameters, node.values)]
    if shapes[0] != shapes[1]:
        return f"the arguments of {node} have other shapes than in its definition"
    body = node.body.shape
    shape = body if node.entry is None else (node.entry.dimension, body[0])
    return "" if node.shape == shape else f"{node} has another shape than its definition"
