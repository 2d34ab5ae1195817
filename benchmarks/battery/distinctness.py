"""When two pairs are one: the same normal forms once every symbol is renamed in order of occurrence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Basic, Symbol, srepr
from sympy.core.symbol import Str

from battery.pairs import Claim
from proofsheet.errors import ProofsheetError
from proofsheet.kernel.setting import Setting
from proofsheet.notation.functions import ARGUMENT, Function
from proofsheet.notation.indices import Index
from proofsheet.notation.tree import Node
from proofsheet.notation.variables import Defined, Variable


def renamed(lines: tuple[Node, ...]) -> tuple[Node, ...]:
    """The lines with every name replaced by its kind and its number in order of occurrence; kinds and domains stay."""
    names: dict[Basic, Basic] = {}
    for line in lines:
        for symbol in _in_order(line):
            if symbol not in names:
                names[symbol] = _new_name(symbol, len(names))
    return tuple(line.xreplace(names) for line in lines)


def _in_order(node: Basic) -> Iterator[Basic]:
    """Every name as a line is read: symbols of parameters and dimensions, names of variables, indices and functions."""
    if isinstance(node, Symbol):
        if node != ARGUMENT:
            yield node
        return
    if isinstance(node, Str):
        if node.name not in KEPT:
            yield node
        return
    parts = node.args if not isinstance(node, (Variable, Index, Function, Defined)) else (node.args[0], *node.args[1:])
    for part in parts:
        yield from _in_order(part)


KEPT = {"general", "symmetric", "psd", "family", "real", "nonnegative", "positive", "unit"}  # kinds, no names


def _new_name(symbol: Any, number: int) -> Basic:
    if isinstance(symbol, Str):
        return Str(f"a{number}")
    return Symbol(f"a{number}", **symbol._assumptions_orig)


def written_form(claim: Claim) -> str:
    """The lines of a claim as they are written, renamed."""
    return srepr(renamed((claim.left, claim.right)))


def fingerprint(lines: tuple[Node, ...]) -> str:
    """The kernel's normal forms of the renamed lines; where it has none, the renamed lines as they are written."""
    fresh, setting = renamed(lines), Setting()
    try:
        setting.enter(fresh)
        forms = setting.steadily(lambda: [_text(setting.form(line, ())) for line in fresh])
    except (ProofsheetError, NotImplementedError):
        return srepr(fresh)
    meanings = [f"{symbol} = {meaning}" for symbol, meaning in setting.generators.meaning.items()]
    return " | ".join([*forms, *meanings])


def _text(polynomial: Any) -> str:
    return repr(sorted((repr(monomial), str(coefficient)) for monomial, coefficient in polynomial.items()))


def of_claim(claim: Claim) -> tuple[str, str]:
    """The fingerprints of the left side alone, and of both sides."""
    return fingerprint((claim.left,)), fingerprint((claim.left, claim.right))
