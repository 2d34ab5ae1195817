"""Random lines in which every kind of node meets every other: what the layout of brackets is tried on.

Only shapes are right; nothing here needs to have a value. Most are lines that no author would write.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from sympy import Rational

from proofsheet import (
    Cov,
    E,
    Sum,
    Var,
    absolute,
    define,
    delta,
    derivative,
    diag,
    dimension,
    distinct,
    exp,
    function,
    gradient,
    group,
    hadamard,
    identity,
    index,
    inverse,
    log,
    matrix,
    maximum,
    minimum,
    norm1,
    norm2,
    ones,
    parameter,
    power,
    random_scalar,
    random_vector,
    random_vectors,
    remainder,
    scalar,
    sgn,
    sqrt,
    symmetric_matrix,
    trace,
    vector,
    vectors,
    zeros,
)
from proofsheet.notation.tree import Coefficient, Group, MatrixProduct, Minus, Node, Number, Plus, Product, Transpose
from proofsheet.notation.variables import Defined, Variable

m, q = dimension("m"), dimension("q")
a, lam = parameter("a"), parameter("lam", positive=True)
t, loss = scalar("t"), scalar("loss")
w, beta_hat, v_old = vector("w", m), vector("beta_hat", m), vector("v_old", m)
V, W1, S = matrix("V", m, m), matrix("W1", m, q), symmetric_matrix("Sigma", m)
Z, y = random_scalar("Z"), random_scalar("y1")
x, r = random_vector("x", m), random_vectors("r", q, m)
X = vectors("X", q, m)
i, j, k, k1 = (index(name, m) for name in ("i", "j", "k", "k_1"))
c, d = index("c", q), index("d", q)
A, C, F, softplus = function("A"), function("C", of=w), function("F", of=(t, t)), function("softplus")
x_tilde = define("x_tilde", x + w)
f = define("f", E((x.T @ w - t) ** 2), of=w)
g = define("g", t * w, of=t)
eps = define("eps", x[i] - t, entry=i)
mixed = define("u_bar", hadamard(X[c], r[c]), entry=c)
RATIONAL = tuple(
    Coefficient(form)
    for form in (
        a.symbol * lam.symbol,
        a.symbol / 2,
        (1 - a.symbol) ** 2 * lam.symbol,
        -a.symbol / (1 - a.symbol),
        lam.symbol - 1,
        -lam.symbol,
        a.symbol**2 / m.symbol + 1,
        (a.symbol + 1) * (lam.symbol - 2) / 3,
        2 * m.symbol,
    )
)

Maker = Callable[[Random, int], Node]


def _leaf(random: Random) -> Node:
    return random.choice([t, loss, a, lam, m, Z, y, Number(2), Number(Rational(1, 2)), *RATIONAL, w[i], W1[j, c], x_tilde[k1]])


def any_scalar(random: Random, depth: int) -> Node:
    """A scalar line."""
    return _leaf(random) if depth <= 0 else random.choice(_scalars())(random, depth - 1)


def any_column(random: Random, depth: int) -> Node:
    """A column of m entries."""
    if depth <= 0:
        return random.choice([w, beta_hat, v_old, x, x_tilde, eps, ones(m), X[c], r[d], mixed[c]])
    return random.choice(_columns())(random, depth - 1)


def any_square(random: Random, depth: int) -> Node:
    """An m × m matrix."""
    return random.choice([V, S, identity(m)]) if depth <= 0 else random.choice(_squares())(random, depth - 1)


def known(maker: Maker, random: Random, depth: int) -> Node:
    """A line without random variables, for an inverse."""
    line = maker(random, depth)
    return line.xreplace({x: w, Z: t, y: loss, r: X, x_tilde: w, eps: v_old, mixed: X})


@cache
def _everywhere(own: str) -> tuple[Maker, ...]:
    """What there is of scalars, columns and matrices alike."""
    one: Maker = {"scalar": any_scalar, "column": any_column, "square": any_square}[own]
    return (
        lambda random, depth: one(random, depth) + one(random, depth),
        lambda random, depth: one(random, depth) - one(random, depth),
        lambda random, depth: Plus(one(random, depth), one(random, depth), Minus(one(random, depth))),
        lambda random, depth: -one(random, depth),
        lambda random, depth: any_scalar(random, depth) * one(random, depth),
        lambda random, depth: one(random, depth) * any_scalar(random, depth),
        lambda random, depth: Product(any_scalar(random, depth), one(random, depth), any_scalar(random, depth)),
        lambda random, depth: one(random, depth) / any_scalar(random, depth),
        lambda random, depth: E(one(random, depth)),
        lambda random, depth: group(one(random, depth)),
        lambda random, depth: absolute(one(random, depth)),
        lambda random, depth: sgn(one(random, depth)),
        lambda random, depth: A(one(random, depth)),
        lambda random, depth: softplus.prime.prime(one(random, depth)),
        lambda random, depth: A.prime.prime.prime.prime(one(random, depth)),
        lambda random, depth: Sum(random.choice([i, c, distinct(i, j)]), one(random, depth)),
        lambda random, depth: hadamard(one(random, depth), one(random, depth)),
        lambda random, depth: Transpose(Transpose(one(random, depth))),
    )


@cache
def _scalars() -> tuple[Maker, ...]:
    s, v, M = any_scalar, any_column, any_square
    return (
        *_everywhere("scalar"),
        lambda random, depth: v(random, depth).T @ v(random, depth),
        lambda random, depth: v(random, depth).T @ M(random, depth) @ v(random, depth),
        lambda random, depth: s(random, depth) ** random.choice([2, 3]),
        lambda random, depth: power(s(random, depth), random.choice([m, m + 1, -m, 2 * q - 1, Minus(Number(1))])),
        lambda random, depth: sqrt(s(random, depth)),
        lambda random, depth: exp(s(random, depth)),
        lambda random, depth: log(s(random, depth)),
        lambda random, depth: maximum(s(random, depth), s(random, depth)),
        lambda random, depth: minimum(s(random, depth), s(random, depth)),
        lambda random, depth: Var(s(random, depth)),
        lambda random, depth: Cov(s(random, depth), s(random, depth)),
        lambda random, depth: norm1(v(random, depth)),
        lambda random, depth: norm2(random.choice([v, M])(random, depth)),
        lambda random, depth: trace(M(random, depth)),
        lambda random, depth: v(random, depth)[random.choice([i, k1])],
        lambda random, depth: M(random, depth)[i, j],
        lambda random, depth: random.choice([X, r, mixed])[c, i],
        lambda random, depth: delta(i, j) * s(random, depth),
        lambda random, depth: f(random.choice([w, lam * w, -w, V @ w, w + v_old, S @ (w + v_old)])) * s(random, depth),
        lambda random, depth: C(v(random, depth)),
        lambda random, depth: F(s(random, depth), s(random, depth)),
        lambda random, depth: F.partial(1).partial(2)(s(random, depth), s(random, depth)),
        lambda random, depth: remainder(A, 2, s(random, depth), s(random, depth)),
        lambda random, depth: derivative(s(random, depth), t),
        lambda random, depth: derivative(s(random, depth), w[random.choice([i, k1])]),
        lambda random, depth: derivative(s(random, depth), random.choice([W1[i, c], X[d, j]])),
        lambda random, depth: Number(random.choice([-3, Rational(-1, 2)])) * s(random, depth),
    )


@cache
def _columns() -> tuple[Maker, ...]:
    s, v, M = any_scalar, any_column, any_square
    return (
        *_everywhere("column"),
        lambda random, depth: M(random, depth) @ v(random, depth),
        lambda random, depth: (v(random, depth).T @ M(random, depth)).T,
        lambda random, depth: W1 @ (W1.T @ v(random, depth)),
        lambda random, depth: MatrixProduct(M(random, depth), Product(s(random, depth), v(random, depth))),
        lambda random, depth: gradient(s(random, depth), w),
        lambda random, depth: C.gradient(v(random, depth)),
        lambda random, depth: g(random.choice([t, a * t, Number(2)])) * s(random, depth),
    )


@cache
def _squares() -> tuple[Maker, ...]:
    v, M = any_column, any_square
    return (
        *_everywhere("square"),
        lambda random, depth: M(random, depth) @ M(random, depth),
        lambda random, depth: M(random, depth).T,
        lambda random, depth: v(random, depth) @ v(random, depth).T,
        lambda random, depth: inverse(known(M, random, depth)),
        lambda random, depth: diag(v(random, depth)),
        lambda random, depth: Cov(v(random, depth), v(random, depth)),
        lambda random, depth: Cov(v(random, depth)),
        lambda random, depth: V + zeros(m, m) + M(random, depth),
    )


def bare(node: Any) -> Any:
    """The same line without the brackets that the author wanted to see."""
    if isinstance(node, Group):
        return bare(node.args[0])
    if not isinstance(node, Node) or not any(isinstance(part, Node) for part in node.args):
        return node
    if isinstance(node, Variable | Defined):
        return node
    return node.func(*map(bare, node.args))
