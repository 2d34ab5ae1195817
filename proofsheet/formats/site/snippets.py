"""A line as SymPy code that can be pasted: in components, with every dimension 2 and every free index 1."""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import Any

from sympy import Basic, Symbol
from sympy import E as Euler
from sympy.core.function import AppliedUndef
from sympy.printing.str import StrPrinter

from proofsheet.errors import ProofsheetError
from proofsheet.explicit.lines import dimension_names
from proofsheet.explicit.means import Mean
from proofsheet.notation.scope import free_indices
from proofsheet.notation.tree import Node

SIZE = 2  # of every dimension
LONGEST = 700  # characters; nobody reads a longer one
_MEAN = "E"
_OF_SYMPY = {"S", "Eq", "Matrix", "Derivative", "Subs", "exp", "log", "sqrt", "sign", "Abs", "Function", "symbols"}


class _Code(StrPrinter):
    """Python that SymPy reads: fractions stay exact, E[a] is E(a) of an unknown function E."""

    def _print_Mean(self, expression: Mean) -> str:
        return f"{_MEAN}({self._print(expression.integrand)})"


_CODE = _Code({"sympy_integers": True})


def sympy_code(*sides: Node) -> str:
    """Code whose last row is the line, or an equation of two lines; empty where there is none, or only a very long one."""
    given = {
        **dict.fromkeys(dimension_names(*sides), SIZE),
        **{one.name: 1 for side in sides for one in free_indices(side)},
    }
    try:
        values = [_value(one, frozenset(given.items())) for one in sides]
    except (ProofsheetError, RecursionError):
        return ""
    parts = list(islice((part for value in values for part in _parts(value)), LONGEST // 2))
    head = _head(parts) if len(parts) < LONGEST // 2 else None  # a part is two characters or more
    if head is None:
        return ""
    texts = [str(_CODE.doprint(one)) for one in values]
    code = "\n".join([*head, f"Eq({texts[0]}, {texts[1]})" if len(texts) == 2 else texts[0]])
    return code if len(code) <= LONGEST else ""


@lru_cache(maxsize=1000)  # the first and the last line are those of the statement too
def _value(line: Node, given: frozenset[tuple[str, int]]) -> Any:
    return line.as_sympy(**dict(given))


def _head(parts: list[Basic]) -> list[str] | None:
    """What must be imported and declared; None where a name is none in Python, or is one that the code needs."""
    symbols = sorted({str(one) for one in parts if isinstance(one, Symbol)})
    functions = {one.func.__name__ for one in parts if isinstance(one, AppliedUndef)}
    means = {_MEAN} if any(isinstance(one, Mean) for one in parts) else set()
    names = functions.union(symbols)
    if any(not name.isidentifier() or keyword.iskeyword(name) for name in names) or names & (means | _OF_SYMPY):
        return None
    if "E" in names | means and any(one == Euler for one in parts):  # SymPy's own E
        return None
    declared = [f'{", ".join(symbols)} = symbols("{" ".join(symbols)}", real=True)'] if symbols else []
    return ["from sympy import *", *declared, *(f'{name} = Function("{name}")' for name in sorted(functions | means))]


def _parts(value: Any) -> Iterable[Basic]:
    for entry in value if hasattr(value, "shape") else [value]:
        yield from _inside(entry)


def _inside(one: Any) -> Iterable[Basic]:
    yield one
    for part in one.args:
        if isinstance(part, Basic):
            yield from _inside(part)


__all__ = ["SIZE", "sympy_code"]
