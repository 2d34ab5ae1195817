"""A line that is read pass after pass: what does not change with the draws is worked out once.

Reader looks every node, size and name up anew: some 30 µs for a short line, and three times as long where the numbers of a
pass have just pushed all that out of the cache. Here a line becomes a function of the draws. Nodes that stand in few
theorems are left to Reader, and so is every refusal: a line is prepared after Reader has read it. The bits are Reader's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import mul
from typing import Any

from proofsheet.notation import expectations, tree, variables
from proofsheet.notation.indices import Index
from proofsheet.notation.tree import Node
from proofsheet.numeric.draws import Reader, Values, all_random_variables, shaped
from proofsheet.numeric.matrix_products import chained, dots

OfDraws = Callable[[Mapping[str, Any]], Values]
Places = Mapping[Index, int]


def prepared(node: Node, at: Places, reader: Reader) -> OfDraws:
    """draws -> the value of `node`, as `reader` would find it on them; a `reader` that has no draws."""
    if not all_random_variables(node):
        value, _ = reader(node, at)
        return lambda draws: value
    rule = _RULES.get(type(node), _left_to_reader)
    return rule(node, at, reader)


def _left_to_reader(node: Any, at: Places, reader: Reader) -> OfDraws:
    return lambda draws: reader.on(draws)(node, at)[0]


def _random(node: Any, at: Places, reader: Reader) -> OfDraws:
    name, size = node.name, reader.size_of(node)
    return lambda draws: shaped(name, draws[name], size)


def _defined(node: Any, at: Places, reader: Reader) -> OfDraws:
    """With its arguments, of which none is random (`define` sees to it)."""
    if node.entry is not None:
        return _left_to_reader(node, at, reader)
    return prepared(node.body, {}, reader.inside(node, at))


def _plus(node: Any, at: Places, reader: Reader) -> OfDraws:
    first, *others = (prepared(term, at, reader) for term in node.args)
    return lambda draws: reduce(lambda total, term: total + term(draws), others, first(draws))


def _product(node: Any, at: Places, reader: Reader) -> OfDraws:
    factors = [prepared(factor, at, reader) for factor in node.args]
    return lambda draws: reduce(mul, [factor(draws) for factor in factors])


def _matrix_product(node: Any, at: Places, reader: Reader) -> OfDraws:
    factors, xp = [prepared(factor, at, reader) for factor in node.args], reader.xp
    return lambda draws: chained([factor(draws) for factor in factors], xp)


def _minus(node: Any, at: Places, reader: Reader) -> OfDraws:
    inner = prepared(node.args[0], at, reader)
    return lambda draws: -inner(draws)


def _power(node: Any, at: Places, reader: Reader) -> OfDraws:
    inner, exponent = prepared(node.args[0], at, reader), node.exponent
    return lambda draws: inner(draws) ** exponent


def _transpose(node: Any, at: Places, reader: Reader) -> OfDraws:
    inner = prepared(node.args[0], at, reader)
    return lambda draws: inner(draws).swapaxes(1, 2)


def _squared_norm(node: Any, at: Places, reader: Reader) -> OfDraws:
    inner, xp = prepared(node.args[0], at, reader), reader.xp

    def read(draws: Mapping[str, Any]) -> Values:
        value = inner(draws)
        rows = value.reshape((value.shape[0], -1))
        return dots(rows, rows, xp)

    return read


def _same(node: Any, at: Places, reader: Reader) -> OfDraws:
    """Brackets; and an expectation, in whose place stands what it is of."""
    return prepared(node.args[0], at, reader)


_RULES: dict[type, Callable[[Any, Places, Reader], OfDraws]] = {
    variables.RandomVariable: _random,
    variables.Defined: _defined,
    tree.Plus: _plus,
    tree.Minus: _minus,
    tree.Product: _product,
    tree.MatrixProduct: _matrix_product,
    tree.Power: _power,
    tree.Group: _same,
    tree.Transpose: _transpose,
    tree.SquaredNorm: _squared_norm,
    expectations.Expectation: _same,
}
