"""The cases of a real parameter as substitutions, for SymPy: x below, at, between and above given points.

Between a and b stands (a + b r)/(1 + r) with r > 0; a parameter that may be 0 is 0, or positive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product

from sympy import Basic, Integer, Symbol

from proofsheet.notation.tree import Coefficient, Node, Number, Parameter

MOST_CASES = 64
_BEYOND, _WITHIN = Symbol("_s", positive=True), Symbol("_r", positive=True)


def substitutions(variable: Parameter, points: Sequence[Node], lines: Sequence[Node]) -> list[Mapping[Basic, Basic]]:
    """What to replace in the lines, one mapping a case; none where there would be too many.

    Raises NotationError where a point has no value in parameters alone.
    """
    values = [point.as_sympy() for point in points]
    places = [values[0] - _BEYOND, *values, values[-1] + _BEYOND]
    places += [(low + high * _WITHIN) / (1 + _WITHIN) for low, high in pairwise(values)]
    maybe_zero = sorted(
        {one for line in lines for one in line.atoms(Parameter) if one.domain == "nonnegative"}, key=str
    )
    if len(places) * 2 ** len(maybe_zero) > MOST_CASES:
        return []
    return [_merged(variable, place, signs) for place in places for signs in _signs(maybe_zero)]


def _merged(variable: Parameter, place: Basic, signs: Mapping[Basic, Basic]) -> Mapping[Basic, Basic]:
    settled = place.xreplace(signs)
    return {**signs, variable: Coefficient(settled), variable.symbol: settled}


def _signs(parameters: Sequence[Parameter]) -> Iterator[dict[Basic, Basic]]:
    """Each parameter 0 or positive, as a node and as a symbol."""
    for chosen in product((False, True), repeat=len(parameters)):
        found: dict[Basic, Basic] = {}
        for one, is_positive in zip(parameters, chosen, strict=True):
            symbol = Symbol(one.name, positive=True)
            found[one] = Parameter(symbol, "positive") if is_positive else Number(0)
            found[one.symbol] = symbol if is_positive else Integer(0)
        yield found
