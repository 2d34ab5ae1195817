"""Random lines, random rewritings that keep their meaning, and random mutations that need not.

The rewritings use mathematics that every reader accepts (commutation, transposition, distribution, re-indexing, splitting
of a double sum, linearity of E); they never call the kernel.
"""

from __future__ import annotations

from functools import partial
from random import Random

from vocabulary import noise_setting

from proofsheet import (
    E,
    Sum,
    absolute,
    dimension,
    distinct,
    function,
    group,
    hadamard,
    identity,
    index,
    norm1,
    norm2,
    ones,
    remainder,
    sgn,
    sqrt,
    trace,
    vectors,
)
from proofsheet.notation.expectations import Expectation
from proofsheet.notation.tree import (
    ONE,
    Group,
    Hadamard,
    IndexedSum,
    MatrixProduct,
    Minus,
    Node,
    Number,
    Plus,
    Power,
    Product,
    SquaredNorm,
    Trace,
    Transpose,
)

s = noise_setting()
NAMES = iter(f"h{number}" for number in range(10_000_000))


def column(random: Random, depth: int) -> Node:
    """A random m-vector."""
    pick = random.random()
    if depth == 0 or pick < 0.35:
        return random.choice([s.w, s.u, s.x, s.n])
    if pick < 0.5:
        return column(random, depth - 1) + column(random, depth - 1)
    if pick < 0.55:
        return column(random, depth - 1) - column(random, depth - 1)
    if pick < 0.65:
        return random.choice([s.V, s.S, s.V.T]) @ column(random, depth - 1)
    if pick < 0.72:
        return s.W.T @ (s.W @ column(random, depth - 1))
    if pick < 0.82:
        return hadamard(column(random, depth - 1), column(random, depth - 1))
    if pick < 0.86:
        return identity(s.m) @ column(random, depth - 1)
    return scalar(random, depth - 1) * column(random, depth - 1)


def scalar(random: Random, depth: int) -> Node:
    """A random scalar line."""
    pick = random.random()
    if depth == 0 or pick < 0.12:
        return random.choice([s.y, s.z, s.t, s.alpha + 0 * s.t, s.beta * s.t, Number(2), s.m * s.t])
    if pick < 0.35:
        return column(random, depth - 1).T @ column(random, depth - 1)
    if pick < 0.48:
        return scalar(random, depth - 1) + scalar(random, depth - 1)
    if pick < 0.53:
        return scalar(random, depth - 1) - scalar(random, depth - 1)
    if pick < 0.6:
        return norm2(column(random, depth - 1))
    if pick < 0.66:
        return trace(column(random, depth - 1) @ column(random, depth - 1).T)
    if pick < 0.74:
        i = index(next(NAMES), s.m)
        return Sum(i, column(random, depth - 1)[i] * column(random, depth - 1)[i])
    if pick < 0.78:
        i, j = index(next(NAMES), s.m), index(next(NAMES), s.m)
        return (
            Sum(random.choice([distinct(i, j), i]), column(random, 0)[i])
            if pick < 0.76
            else Sum(distinct(i, j), column(random, depth - 1)[i] * column(random, depth - 1)[j])
        )
    if pick < 0.82:
        return scalar(random, depth - 1) ** 2
    if pick < 0.9:
        return E(scalar(random, depth - 1))
    return scalar(random, depth - 1) * scalar(random, depth - 1)


N = dimension("N")
A, F, G = function("A"), function("F", of=(s.t, s.t)), function("G", of=s.w)
others, other = vectors("x_1", N, s.m), index("i_1", N)


def analytic(random: Random, depth: int) -> Node:
    """A random scalar line with a function of one or several variables, an absolute value, a root or a remainder."""
    inner, vector_inside = partial(scalar, random, depth), partial(column, random, depth)
    ways = [
        lambda: A(inner()) * inner(),
        lambda: A.prime(vector_inside()).T @ vector_inside(),
        lambda: F.partial(2)(inner(), inner()),
        lambda: G(vector_inside()) * inner(),
        lambda: G.gradient(vector_inside()).T @ vector_inside(),
        lambda: remainder(A, 2, inner(), inner()),
        lambda: norm1(vector_inside()) + absolute(vector_inside()).T @ sgn(vector_inside()),
        lambda: sqrt(inner() ** 2) * inner(),
        lambda: Sum(other, A(others[other].T @ vector_inside()) * inner()),
        lambda: Sum(other, G(hadamard(others[other], vector_inside())) * E(A(inner()))),
    ]
    return random.choice(ways)()


def rewritten(random: Random, node: Node, with_linearity: bool) -> Node:
    """The same meaning, written otherwise: applied from the leaves up, each place with probability 2/3."""
    parts = [rewritten(random, part, with_linearity) if isinstance(part, Node) else part for part in node.args]
    if not any(isinstance(part, Node) for part in parts):
        return node
    node = type(node)(*parts)
    return node if random.random() < 1 / 3 else _otherwise(random, node, with_linearity)


def _otherwise(random: Random, node: Node, with_linearity: bool) -> Node:
    match node:
        case Plus(args=terms):
            shuffled = list(terms)
            random.shuffle(shuffled)
            if len(shuffled) > 2 and random.random() < 0.5:
                return shuffled[0] + group(Plus(*shuffled[1:]))
            return Plus(*(group(term) if isinstance(term, Plus) else term for term in shuffled))
        case Minus(args=(inner,)):
            return -1 * inner if random.random() < 0.5 else Minus(Group(inner))
        case Product(args=factors):
            return _product(random, list(factors))
        case MatrixProduct() if node.is_scalar:
            return Transpose(node) if random.random() < 0.5 else trace(node) if random.random() < 0.5 else group(node)
        case MatrixProduct(args=(*front, last)) if len(front) > 1:
            return MatrixProduct(front[0], Group(MatrixProduct(*front[1:], last)))
        case SquaredNorm(args=(inner,)) if inner.shape[1] == ONE:
            if random.random() < 0.5:
                return inner.T @ inner
            i = index(next(NAMES), s.m)
            return Sum(i, Group(inner)[i] ** 2) if inner.shape[0] == s.m else node
        case Trace(args=(inner,)):
            return trace(inner.T)
        case Hadamard(args=(left, right)):
            return hadamard(right, left)
        case Power(args=(base, _)) if node.exponent == 2:
            return base * base
        case IndexedSum():
            return _resummed(random, node)
        case Expectation(args=(Plus(args=terms),)) if with_linearity:
            return Plus(*(E(term) for term in terms))
        case Expectation(args=(inner,)) if with_linearity:
            return E(inner + s.t) - s.t if inner.is_scalar else node
    return node


def _product(random: Random, factors: list[Node]) -> Node:
    random.shuffle(factors)
    for position, factor in enumerate(factors):
        inner = factor
        while isinstance(inner, Group):
            inner = inner.args[0]
        if isinstance(inner, Plus) and random.random() < 0.7:
            rest = factors[:position] + factors[position + 1 :]
            return Plus(*(Product(*rest, group(term)) for term in inner.args)) if rest else inner
    return Product(*factors)


def _resummed(random: Random, node: IndexedSum) -> Node:
    """New names for the indices; a sum over i ≠ j as a double sum less its diagonal."""
    fresh = {old: index(next(NAMES), old.dimension) for old in node.bound}
    body = node.body.xreplace(fresh)
    if len(fresh) == 1:
        return Sum(*fresh.values(), body)
    i, j = fresh.values()
    if random.random() < 0.5:
        return Sum(distinct(i, j), body)
    return Sum(j, i, body) - Sum(i, body.xreplace({j: i}))


def mutated(random: Random, node: Node) -> Node:
    """One place changed: a term dropped, a sign turned, a coefficient, another vector. It may happen to be equal."""
    choices = [part for part in node.args if isinstance(part, Node)]
    if choices and random.random() < 0.75:
        position = random.choice([k for k, part in enumerate(node.args) if isinstance(part, Node)])
        changed = mutated(random, node.args[position])
        if changed.shape == node.args[position].shape and not (isinstance(node, Power) and position == 1):
            return type(node)(*node.args[:position], changed, *node.args[position + 1 :])
    if isinstance(node, Plus):
        return random.choice(
            [Plus(*node.args[1:]) if len(node.args) > 1 else node, Plus(node.args[0], *map(Minus, node.args[1:]))]
        )
    if node in (s.w, s.u, s.x, s.n):
        return random.choice([s.w, s.u, s.x, s.n, ones(s.m)])
    if isinstance(node, Expectation):
        return node.args[0]
    if node.is_scalar:
        return random.choice([2 * node, -1 * node, node * node, node + s.t])
    return 2 * node
