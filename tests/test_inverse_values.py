"""The normal form of a line with inverses has the value of the line: random lines, computed by NumPy in both forms."""

from itertools import product
from random import Random

import numpy as np
import pytest

from proofsheet import (
    ProofsheetError,
    Sum,
    dimension,
    hadamard,
    identity,
    index,
    inverse,
    matrix,
    norm2,
    ones,
    parameter,
    positive_semidefinite_matrix,
    symmetric_matrix,
    trace,
    vector,
)
from proofsheet.kernel.inverses import SLOTS
from proofsheet.kernel.lowering import normal_form
from proofsheet.kernel.normal_form import Algebra
from proofsheet.kernel.rules import Rules

m, n = dimension("m"), dimension("n")
lam, c = parameter("lam", positive=True), parameter("c")
i, j, k = index("i", m), index("j", m), index("k", n)
SQUARE = {"A": matrix("A", m, m), "B": matrix("B", m, m), "S": symmetric_matrix("S", m)}
SQUARE["P"] = positive_semidefinite_matrix("P", m)
X, u, v, D = matrix("X", n, m), vector("u", m), vector("v", m), matrix("D", n, n)
MOST = 120  # terms of a normal form that is still evaluated


def numbers(seed):
    generator = np.random.default_rng(seed)
    size, rows = 2 + seed % 2, 3 - seed % 2
    half, root = generator.normal(size=(2, size, size))
    x = {"A": generator.normal(size=(size, size)), "B": generator.normal(size=(size, size)), "S": half + half.T}
    x |= {"P": root @ root.T, "X": generator.normal(size=(rows, size)), "D": generator.normal(size=(rows, rows))}
    x |= {"u": generator.normal(size=size), "v": generator.normal(size=size)}
    return {**x, "lam": 0.7, "c": -1.3, "m": size, "n": rows}


def inv(one):
    """The inverse; LinAlgError where it is no more than rounding, as of XᵀX for n < m."""
    if np.linalg.cond(one) > 1e8:
        raise np.linalg.LinAlgError
    return np.linalg.inv(one)


# ---- the value of a normal form ------------------------------------------------------------------------------------


def value_of(polynomial, x, at):
    values = {one.symbol: x[one.name] for one in (lam, c, m, n)}
    return sum(
        float(coefficient.as_expr().subs(values)) * monomial_value(monomial, x, at)
        for monomial, coefficient in polynomial.items()
    )


def monomial_value(monomial, x, at):
    bound, factors = monomial
    total = 0.0
    for places in product(*(range(x[size]) for _, size in bound)):
        here = {**at, **dict(zip((name for name, _ in bound), places, strict=True))}
        total += np.prod([factor_value(one, x, here) for one in factors])
    return total


def factor_value(factor, x, at):
    places = tuple(at[name] for name in factor.indices)
    if factor.head.kind == "delta":
        return float(places[0] == places[1])
    if factor.head.kind == "entry":
        return x[factor.head.name][places]
    assert factor.head.kind == "inverse"
    known = x.setdefault("inverses", {})
    if factor.bodies not in known:
        size = range(x[factor.head.detail[0]])
        body = dict(factor.bodies[0])
        entries = [[value_of(body, x, dict(zip(SLOTS, (row, column), strict=True))) for column in size] for row in size]
        known[factor.bodies] = inv(np.array(entries))
    return known[factor.bodies][places]


# ---- random lines --------------------------------------------------------------------------------------------------


def square(random, depth):
    """An m × m line and how NumPy computes it."""
    if not depth:
        name = random.choice([*SQUARE, "I", "gram"])
        if name == "I":
            return identity(m), lambda x: np.eye(x["m"])
        if name == "gram":
            return X.T @ X + lam * identity(m), lambda x: x["X"].T @ x["X"] + x["lam"] * np.eye(x["m"])
        return SQUARE[name], lambda x: x[name]
    kind = random.choice(("inverse", "inverse", "plus", "times", "times", "transpose", "scaled", "outer", "low rank"))
    one, value = square(random, depth - 1)
    if kind == "inverse":
        return inverse(one), lambda x: inv(value(x))
    if kind == "transpose":
        return one.T, lambda x: value(x).T
    if kind == "scaled":
        return random.choice(((2 * one, lambda x: 2 * value(x)), (c * one, lambda x: x["c"] * value(x))))
    if kind == "outer":
        return one + u @ v.T, lambda x: value(x) + np.outer(x["u"], x["v"])
    if kind == "low rank":
        return one + X.T @ D @ X, lambda x: value(x) + x["X"].T @ x["D"] @ x["X"]
    two, other = square(random, depth - 1)
    if kind == "plus":
        return one - two, lambda x: value(x) - other(x)
    return one @ two, lambda x: value(x) @ other(x)


def meeting(random, depth):
    """A line in which inverses meet what they are inverses of, if they do."""
    one, value = square(random, depth)
    two, other = square(random, 1)
    return random.choice(
        (
            (inverse(one) @ one @ two, other),
            (two @ one @ inverse(one), other),
            (inverse(one) @ two @ one, lambda x: inv(value(x)) @ (other(x) @ value(x))),
            (two @ inverse(one.T) @ one, lambda x: other(x) @ inv(value(x).T) @ value(x)),
            (inverse(one) @ X.T @ X, lambda x: inv(value(x)) @ (x["X"].T @ x["X"])),
            (one @ inverse(one + two), lambda x: value(x) @ inv(value(x) + other(x))),
            (two @ one, lambda x: other(x) @ value(x)),
        )
    )


def scalar(random, depth):
    one, value = meeting(random, depth)
    inner = inverse(one)
    return random.choice(
        (
            (trace(one), lambda x: np.trace(value(x))),
            (norm2(one @ u), lambda x: (value(x) @ x["u"]) @ (value(x) @ x["u"])),
            (u.T @ one @ v, lambda x: x["u"] @ value(x) @ x["v"]),
            (u.T @ one @ hadamard(u, v), lambda x: x["u"] @ value(x) @ (x["u"] * x["v"])),
            (Sum(i, one[i, i] * u[i]), lambda x: np.diag(value(x)) @ x["u"]),
            (Sum(i, j, one[i, j] * one[j, i]), lambda x: (value(x) * value(x).T).sum()),
            (Sum(i, j, inner[i, j] * one[i, j]), lambda x: (inv(value(x)) * value(x)).sum()),
            (Sum(i, j, inner[i, j] * one[j, i] * v[j]), lambda x: x["v"].sum()),
            (
                Sum(i, j, k, inner[i, j] * X[k, j] * X[k, i] * u[i]),
                lambda x: x["u"] @ (inv(value(x)) * (x["X"].T @ x["X"])).sum(axis=1),
            ),
            (Sum(i, j, ones(m)[i] * one[i, j]), lambda x: value(x).sum()),
        )
    )


def compared(seed):
    """Whether both values agree; None where the line has no meaning, is too long, or is badly conditioned."""
    random = Random(seed)
    algebra = Algebra([lam.symbol, c.symbol, m.symbol, n.symbol])
    try:
        line, value = scalar(random, random.choice((0, 1, 1, 2)))
        form = normal_form(line, Rules(), algebra)
    except ProofsheetError:
        return None
    if len(form) > MOST or any(len(bound) > 6 for bound, _ in form):
        return None
    x = numbers(seed)
    try:
        expected, found = value(x), value_of(form, x, {})
    except np.linalg.LinAlgError:
        return None
    size = 1 + abs(expected)
    if size > 1e6:
        return None
    assert abs(found - expected) < 1e-5 * size, f"seed {seed}: {line} is {expected}, its normal form {found}"
    return True


@pytest.mark.parametrize("block", range(4))
def test_the_normal_form_has_the_value_of_the_line(block):
    found = [compared(seed) for seed in range(block * 60, block * 60 + 60)]
    assert found.count(True) > 40


@pytest.mark.long
@pytest.mark.parametrize("block", range(10))
def test_many_normal_forms_have_the_value_of_the_line(block):
    found = [compared(seed) for seed in range(1000 + block * 300, 1300 + block * 300)]
    assert found.count(True) > 200
