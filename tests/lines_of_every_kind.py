"""Random lines in which every kind of node meets every other: what the layout of brackets is tried on.

Only shapes are right; nothing here needs to have a value. Most are lines that no author would write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
        a.symbol**2,
        (a.symbol - lam.symbol) ** 2,
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


class Take:
    """Where the parts of a line come from: at random, down to a depth."""

    def __init__(self, random: Random, depth: int) -> None:
        self._random, self._depth = random, depth

    def one_of(self, *choices: Any) -> Any:
        return self._random.choice(choices)

    def part(self, shape: str) -> Node:
        if self._depth <= 0:
            return self.one_of(*LEAVES[shape])
        return self.one_of(*MAKERS[shape])(Take(self._random, self._depth - 1))

    @property
    def s(self) -> Node:
        return self.part("scalar")

    @property
    def v(self) -> Node:
        return self.part("column")

    @property
    def M(self) -> Node:
        return self.part("square")


Maker = Callable[[Any], Node]
LEAVES: dict[str, tuple[Node, ...]] = {
    "scalar": (
        *(t, loss, a, lam, m, Z, y, Number(2), Number(Rational(1, 2)), w[i], W1[j, c], x_tilde[k1], eps[i]),
        *RATIONAL,
        *(-t, -t / lam, t * Sum(i, w[i]), t * derivative(E(Z * t), t)),
    ),
    "column": (
        w,
        beta_hat,
        v_old,
        x,
        x_tilde,
        eps,
        ones(m),
        X[c],
        r[d],
        mixed[c],
        -w,
        t * gradient(t, w),
        V @ Sum(c, X[c]),
    ),
    "square": (V, S, identity(m), -V),
}


def known(line: Node) -> Node:
    """The line without random variables, for an inverse."""
    return line.xreplace({x: w, Z: t, y: loss, r: X, x_tilde: w, eps: v_old, mixed: X})


def everywhere(shape: str) -> tuple[Maker, ...]:
    """What there is of scalars, columns and matrices alike."""
    return (
        lambda take: take.part(shape) + take.part(shape),
        lambda take: take.part(shape) - take.part(shape),
        lambda take: Plus(take.part(shape), take.part(shape), Minus(take.part(shape))),
        lambda take: Plus(Minus(take.part(shape)), take.part(shape)),
        lambda take: -take.part(shape),
        lambda take: take.s * take.part(shape),
        lambda take: take.part(shape) * take.s,
        lambda take: Product(take.s, take.part(shape), take.s),
        lambda take: take.part(shape) / take.s,
        lambda take: E(take.part(shape)),
        lambda take: group(take.part(shape)),
        lambda take: absolute(take.part(shape)),
        lambda take: sgn(take.part(shape)),
        lambda take: A(take.part(shape)),
        lambda take: softplus.prime.prime(take.part(shape)),
        lambda take: A.prime.prime.prime.prime(take.part(shape)),
        lambda take: Sum(take.one_of(i, c), take.part(shape)),
        lambda take: Sum(distinct(i, j), take.part(shape)),
        lambda take: hadamard(take.part(shape), take.part(shape)),
        lambda take: Transpose(Transpose(take.part(shape))),
    )


MAKERS: dict[str, tuple[Maker, ...]] = {
    "scalar": (
        *everywhere("scalar"),
        lambda take: take.v.T @ take.v,
        lambda take: take.v.T @ take.M @ take.v,
        lambda take: take.s ** take.one_of(2, 3),
        lambda take: power(take.s, take.one_of(m, m + 1, -m, 2 * q - 1, Minus(Number(1)))),
        lambda take: sqrt(take.s),
        lambda take: exp(take.s),
        lambda take: log(take.s),
        lambda take: maximum(take.s, take.s),
        lambda take: minimum(take.s, take.s),
        lambda take: Var(take.s),
        lambda take: Cov(take.s, take.s),
        lambda take: norm1(take.v),
        lambda take: norm2(take.v),
        lambda take: norm2(take.M),
        lambda take: trace(take.M),
        lambda take: take.v[take.one_of(i, k1)],
        lambda take: take.M[i, j],
        lambda take: take.one_of(X, r, mixed)[c, i],
        lambda take: delta(i, j) * take.s,
        lambda take: f(take.one_of(w, lam * w, -w, V @ w, w + v_old, S @ (w + v_old))) * take.s,
        lambda take: C(take.v),
        lambda take: F(take.s, take.s),
        lambda take: F.partial(1).partial(2)(take.s, take.s),
        lambda take: remainder(A, 2, take.s, take.s),
        lambda take: derivative(take.s, t),
        lambda take: derivative(take.s, w[take.one_of(i, k1)]),
        lambda take: derivative(take.s, take.one_of(W1[i, c], X[d, j])),
        lambda take: Number(take.one_of(-3, Rational(-1, 2))) * take.s,
        lambda take: Number(take.one_of(-3, Rational(-1, 2))) + take.s,
    ),
    "column": (
        *everywhere("column"),
        lambda take: take.M @ take.v,
        lambda take: (take.v.T @ take.M).T,
        lambda take: W1 @ (W1.T @ take.v),
        lambda take: MatrixProduct(take.M, Product(take.s, take.v)),
        lambda take: gradient(take.s, w),
        lambda take: C.gradient(take.v),
        lambda take: g(take.one_of(t, a * t, Number(2))) * take.s,
    ),
    "square": (
        *everywhere("square"),
        lambda take: take.M @ take.M,
        lambda take: take.M.T,
        lambda take: take.v @ take.v.T,
        lambda take: inverse(known(take.M)),
        lambda take: diag(take.v),
        lambda take: Cov(take.v, take.v),
        lambda take: Cov(take.v),
        lambda take: V + zeros(m, m) + take.M,
    ),
}


def random_line(random: Random, depth: int) -> Node:
    """A line of any shape."""
    return Take(random, depth).part(random.choice(("scalar", "scalar", "column", "square")))


class _Inserting(Take):
    """Plain parts but for one place, where the given line stands; it counts the places."""

    def __init__(self, random: Random, place: int, shape: str, inner: Node | None) -> None:
        super().__init__(random, 0)
        self._place, self._shape, self._inner, self.met = place, shape, inner, 0

    def part(self, shape: str) -> Node:
        plain = super().part(shape)
        if shape != self._shape:
            return plain
        self.met += 1
        return self._inner if self._inner is not None and self.met - 1 == self._place else plain


def nestings(random: Random) -> Iterator[Node]:
    """Every kind of line at every place of every kind of line."""
    for shape, makers in MAKERS.items():
        inner = [*(maker(Take(random, 0)) for maker in makers), *LEAVES[shape]]
        for outer in (maker for others in MAKERS.values() for maker in others):
            counting = _Inserting(random, 0, shape, None)
            outer(counting)
            for place in range(counting.met):
                yield from (outer(_Inserting(random, place, shape, one)) for one in inner)


def bare(node: Any) -> Any:
    """The same line without the brackets that the author wanted to see."""
    if isinstance(node, Group):
        return bare(node.args[0])
    if isinstance(node, Variable | Defined) or not any(isinstance(part, Node) for part in node.args):
        return node
    return node.func(*map(bare, node.args))
