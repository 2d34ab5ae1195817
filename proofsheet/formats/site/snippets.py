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
_KINDS = ("positive", "nonnegative", "real", "")  # what SymPy is told of a symbol; the strongest first
_OF_SYMPY = {
    "S",
    "Eq",
    "Matrix",
    "Rational",
    "Derivative",
    "Subs",
    "exp",
    "log",
    "sqrt",
    "sign",
    "Abs",
    "Function",
    "symbols",
}


class _Code(StrPrinter):
    """Python that SymPy reads: fractions stay exact, E[a] is E(a) of an unknown function E."""

    printmethod = "_code"  # not what an object says of itself

    def _print_Rational(self, expression: Any) -> str:
        return f"Rational({expression.p}, {expression.q})"

    def _print_MatrixBase(self, expression: Any) -> str:
        rows = (", ".join(self._print(entry) for entry in row) for row in expression.tolist())
        return f"Matrix([{', '.join(f'[{row}]' for row in rows)}])"

    def _print_Mean(self, expression: Mean) -> str:
        return f"{_MEAN}({self._print(expression.integrand)})"


_CODE = _Code()


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
    symbols = {str(one): _assumed(one) for one in parts if isinstance(one, Symbol)}
    functions = {one.func.__name__ for one in parts if isinstance(one, AppliedUndef)}
    means = {_MEAN} if any(isinstance(one, Mean) for one in parts) else set()
    names = functions.union(symbols)
    if any(not name.isidentifier() or keyword.iskeyword(name) for name in names) or names & (means | _OF_SYMPY):
        return None
    if "E" in names | means and any(one == Euler for one in parts):  # SymPy's own E
        return None
    declared = (_declared([name for name in sorted(symbols) if symbols[name] == kind], kind) for kind in _KINDS)
    return [
        "from sympy import *",
        *filter(None, declared),
        *(f'{name} = Function("{name}")' for name in sorted(functions | means)),
    ]


def _assumed(symbol: Symbol) -> str:
    return next((kind for kind in _KINDS if getattr(symbol, f"is_{kind}", None)), "")


def _declared(names: list[str], kind: str) -> str:
    """One row for all symbols of a kind; "" for none."""
    words = f'"{" ".join(names)}"{f", {kind}=True" if kind else ""}'
    return f"{', '.join(names)} = symbols({words})" if names else ""


def _parts(value: Any) -> Iterable[Basic]:
    for entry in value if hasattr(value, "shape") else [value]:
        yield from _inside(entry)


def _inside(one: Any) -> Iterable[Basic]:
    yield one
    for part in one.args:
        if isinstance(part, Basic):
            yield from _inside(part)


__all__ = ["SIZE", "sympy_code"]
