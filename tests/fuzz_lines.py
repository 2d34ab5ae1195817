"""Random lines and random steps for the fuzzer: right ones, wrong ones, and ones that are right under some assumptions only.

A step changes a few places of a line in a way in which an author would: E split, a moment put in, a derivative worked
out, a remainder unfolded, with a chance of each being wrong. Whether it is right is for the kernel and the worlds to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from expressions import A, F, G, analytic, column, mutated, other, others, rewritten, s, scalar

from proofsheet import (
    Cov,
    E,
    ProofsheetError,
    Sum,
    Var,
    absolute,
    delta,
    derivative,
    differentiate,
    dimension,
    distinct,
    exponential_family,
    function,
    gradient,
    group,
    hadamard,
    index,
    linearity,
    moment,
    norm1,
    norm2,
    parameter,
    prove,
    random_scalar,
    random_vector,
    remainder,
    sgn,
    sqrt,
    taylor,
)
from proofsheet import definition as unfold
from proofsheet import scalar as constant
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.functions import AbsoluteValue, Applied, Derivative, Remainder
from proofsheet.notation.scope import free_indices, random_variables
from proofsheet.notation.tree import (
    Element,
    Group,
    IndexedSum,
    KroneckerDelta,
    MatrixProduct,
    Minus,
    Node,
    Number,
    Plus,
    Power,
    Product,
)
from proofsheet.notation.variables import Constant

d = dimension("d")
e, T, theta, L = random_vector("e", d), random_scalar("T"), constant("theta"), function("L")
v, c = parameter("v", nonnegative=True), parameter("c")
i, j, k = (index(name, d) for name in ("i_2", "j_2", "k_2"))
a, b = s.i, s.j
FAMILY = exponential_family(T, theta, L)


def _moments_of_family(highest: int) -> Iterator[Any]:
    """E[T], E[T²], ... in derivatives of A, each derived from the one before; no single rule knows them."""
    mean, known = L.prime(theta), ()
    value: Counter[tuple[int, ...]] = Counter({(): 1})  # how often each product of derivatives of A occurs
    for power in range(highest):
        before, line = (E(T**power) if power else E(1)), _as_line(value)
        after: Counter[tuple[int, ...]] = Counter()
        for orders, times in value.items():
            after[tuple(sorted((*orders, 1)))] += times
            for place in range(len(orders)):
                after[tuple(sorted((*orders[:place], orders[place] + 1, *orders[place + 1 :])))] += times
        theorem = prove(
            E(T ** (power + 1)),
            (E(T**power * (T - mean)) + mean * before, linearity),
            (derivative(before, theta) + mean * before, FAMILY),
            (derivative(line, theta) + mean * line, *(known or (linearity,))),
            (_as_line(after), differentiate),
        )
        known, value = (theorem.as_moment(),), after
        yield known[0]


def _as_line(value: Counter[tuple[int, ...]]) -> Node:
    terms = []
    for orders, times in sorted(value.items()):
        factors = []
        for order in orders:
            one = L.prime
            for _ in range(order - 1):
                one = one.prime
            factors.append(one(theta))
        terms.append(Product(Number(times), *factors) if factors else Number(times))
    return Plus(*terms) if len(terms) > 1 else terms[0]


MOMENTS_OF_FAMILY = tuple(_moments_of_family(6))
ASSUMED = {
    "independent": s.independent,
    "mean": s.mean,
    "covariance": s.covariance,
    "second": moment(E(e[i] ** 2), v),
    "mixed": moment(E(e[i] * e[j]), c, distinct(i, j)),
    "family": FAMILY,
}
Maker = Callable[[Random], Node]


# ---- lines ----------------------------------------------------------------------------------------------------


def noisy(random: Random) -> Node:
    """Products of linear forms in the noise and the rest, under E."""
    forms = [
        s.n.T @ s.w,
        s.n.T @ s.u,
        s.x.T @ s.w,
        s.y,
        s.z,
        s.t,
        s.beta * s.n.T @ s.w,
        (s.V @ s.n).T @ s.u,
        s.n[a],
        s.n[a],
        s.x[b],
    ]
    parts = [random.choice(forms) for _ in range(random.choice([1, 2, 2, 3, 3, 4]))]
    body = Product(*(group(part) for part in parts)) if len(parts) > 1 else parts[0]
    ways = [
        lambda: E(body),
        lambda: E(group(body + scalar(random, 1))),
        lambda: E((random.choice(forms) + random.choice(forms)) ** 2),
        lambda: s.u.T @ E(s.n @ s.n.T) @ column(random, 1),
        lambda: E(norm2(s.n + column(random, 1))),
        lambda: E(body) * scalar(random, 1) + E(random.choice(forms) * random.choice(forms)),
        lambda: E(s.n * group(body)).T @ s.w,
        lambda: E(scalar(random, 3)),
    ]
    return random.choice(ways)()


def errors(random: Random) -> Node:
    """Sums over e, its squares and pairs."""
    entry = [e[i], e[j], e[i] * e[j], e[i] ** 2, s.y, s.t, delta(i, j), e[i] * e[k] * delta(j, k)]

    def body() -> Node:
        parts = [random.choice(entry) for _ in range(random.choice([1, 2, 2, 3]))]
        return Product(*parts) if len(parts) > 1 else parts[0]

    ways = [
        lambda: Sum(i, j, E(body())),
        lambda: E(Sum(distinct(i, j), body())),
        lambda: Sum(distinct(i, j), E(body())) + Sum(i, E(e[i] ** 2)),
        lambda: E(Sum(i, e[i]) ** 2) / d**2,
        lambda: E((Sum(i, e[i]) + s.y) ** 2),
        lambda: Sum(i, delta(i, j) * E(body())),
        lambda: E(body()) * delta(i, j) + E(body()),
        lambda: Sum(i, Sum(j, delta(i, j) * E(e[i] * e[j]))),
        lambda: E(norm2(e)) / d,
    ]
    line = random.choice(ways)()
    while free := sorted(free_indices(line) - {i, j}, key=str):
        line = Sum(free[0], line)
    return line


def spread(random: Random) -> Node:
    """Variances and covariances."""
    one, two = scalar(random, 1), scalar(random, 1)
    ways = [
        lambda: Var(one),
        lambda: Var(one + two),
        lambda: Cov(one, two),
        lambda: s.w.T @ Cov(s.n) @ s.u,
        lambda: s.w.T @ Cov(s.x, s.n) @ s.u,
        lambda: Var(s.n.T @ s.w + s.y),
        lambda: Var(2 * one) - Cov(two, one),
        lambda: Cov(s.n.T @ s.w, s.x.T @ s.u + s.y),
    ]
    return random.choice(ways)()


def smooth(random: Random, depth: int = 1) -> Node:
    """A function of w and t, random inside, without signs of what is random."""
    ways = [
        lambda: s.w.T @ column(random, depth),
        lambda: norm2(s.W @ s.w),
        lambda: s.t**3 * scalar(random, depth),
        lambda: A(s.w.T @ column(random, 1)),
        lambda: A(s.t * scalar(random, 0)) * s.t,
        lambda: F(s.t, s.w.T @ s.u),
        lambda: F(s.t**2, s.t),
        lambda: G(s.t * s.w),
        lambda: G(hadamard(s.w, s.w)),
        lambda: norm1(s.w),
        lambda: absolute(s.w.T @ s.u - s.t),
        lambda: Sum(a, A(s.w[a]) * s.u[a]),
        lambda: Sum(other, A(others[other].T @ s.w)),
        lambda: sqrt(s.t**2) * s.t,
        lambda: sgn(s.t) * s.w.T @ s.u,
        lambda: s.w[a] * s.w[b],
    ]
    line = random.choice(ways)()
    return line + random.choice(ways)() if random.random() < 0.3 else line


def derived(random: Random) -> Node:
    """A derivative, under or over E."""
    body = smooth(random)
    if random.random() < 0.4 and not body.has(AbsoluteValue):
        body = E(body * random.choice([s.y, s.t, s.n.T @ s.w]))
    ways = [
        lambda: derivative(body, s.t),
        lambda: derivative(body, s.w[b]),
        lambda: derivative(body, s.w[a]),
        lambda: s.u.T @ gradient(body, s.w),
        lambda: derivative(derivative(body, s.t), s.t),
        lambda: derivative(derivative(body, s.w[a]), s.w[b]),
        lambda: derivative(body * scalar(random, 1), s.t),
    ]
    return random.choice(ways)()


def families(random: Random) -> Node:
    """Derivatives by the natural parameter."""
    inner = [
        T,
        T**2,
        theta * T,
        T * L.prime(theta),
        s.t * T,
        (T - L.prime(theta)) ** 2,
        theta**2,
        L(theta),
        T**2 * theta,
    ]
    body = random.choice(inner)
    ways = [
        lambda: derivative(E(body), theta),
        lambda: derivative(E(body) * random.choice([theta, L.prime(theta), s.t]), theta),
        lambda: derivative(derivative(E(body), theta), theta),
        lambda: derivative(E(body), theta) - E(body) * E(T),
        lambda: derivative(E(body + s.t * theta), theta),
    ]
    return random.choice(ways)()


def taylors(random: Random) -> Node:
    """Functions at sums, and remainders."""
    u, h = random.choice([s.t, s.w.T @ s.u, s.x.T @ s.w]), random.choice([s.n.T @ s.w, s.beta * s.t, s.y])
    ways = [
        lambda: E(A(u + h)),
        lambda: A(u + h) - A(u),
        lambda: E(A(u + h) * scalar(random, 1)),
        lambda: remainder(A, random.choice([1, 2, 3]), u, h) * s.t,
        lambda: E(remainder(A, random.choice([1, 2, 3]), u, h)) + A(u),
    ]
    return random.choice(ways)()


TAYLORS = (taylor(A, 0), taylor(A, 1), taylor(A, 2))
KINDS: dict[str, tuple[Maker, tuple[Any, ...], frozenset[str]]] = {
    "noise": (noisy, (), frozenset(("independent", "mean", "covariance"))),
    "errors": (errors, (), frozenset(("second", "mixed"))),
    "spread": (spread, (unfold,), frozenset(("independent", "mean", "covariance"))),
    "analytic": (lambda random: E(analytic(random, 1)), TAYLORS, frozenset(("independent", "mean"))),
    "derived": (derived, (differentiate,), frozenset(("independent",))),
    "families": (families, (differentiate, *MOMENTS_OF_FAMILY[:2]), frozenset(("family",))),
    "taylors": (taylors, TAYLORS, frozenset(("independent", "mean", "covariance"))),
}


# ---- steps ----------------------------------------------------------------------------------------------------


def stepped(random: Random, line: Node) -> Node:
    """Another line: a few places moved, some of it rewritten, some of it changed."""
    new = line
    for _ in range(random.choice([0, 1, 1, 2, 2, 3, 4])):
        new = moved(random, new)
    if random.random() < 0.5:
        new = rewritten(random, new, random.random() < 0.8)
    for _ in range(random.choice([0, 0, 0, 0, 1, 1, 2])):
        new = mutated(random, new)
    return new


def moved(random: Random, line: Node) -> Node:
    """One place of a line replaced by one of the things that an author might put there."""
    places = [
        (path, node, new) for path, node in _places(line) for new in _proposals(random, node) if new.shape == node.shape
    ]
    if not places:
        return line
    path, _, new = random.choice(places)
    try:
        return _put(line, path, new)
    except ProofsheetError:
        return line


def _places(node: Node, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Node]]:
    yield path, node
    if isinstance(node, Power):
        yield from _places(node.args[0], (*path, 0))
        return
    for position, part in enumerate(node.args):
        if (
            isinstance(part, Node)
            and not (isinstance(node, (Derivative, Element)) and position > 0)
            and not isinstance(part, Constant)
        ):
            yield from _places(part, (*path, position))


def _put(line: Any, path: tuple[int, ...], new: Node) -> Any:
    if not path:
        return new
    position, *rest = path
    parts = list(line.args)
    parts[position] = _put(parts[position], tuple(rest), new)
    if isinstance(parts[position], (Plus, Minus)) and isinstance(line, (Product, MatrixProduct, Power)):
        parts[position] = group(parts[position])
    return type(line)(*parts)


def _bare(node: Node) -> Node:
    while isinstance(node, Group):
        node = node.args[0]
    return node


def _proposals(random: Random, node: Node) -> list[Node]:
    try:
        match node:
            case Expectation(args=(inner,)):
                return _of_mean(random, _bare(inner))
            case Variance(args=(u,)):
                return [E(u * u) - E(u) ** 2, E((u - E(u)) ** 2), E(u * u), E(u * u) + E(u) ** 2]
            case Covariance(args=(one, two)) if node.is_scalar:
                return [E(one * two) - E(one) * E(two), E(one * two), Cov(two, one), E((one - E(one)) * (two - E(two)))]
            case Covariance(args=(one, two)):
                return [E(one @ two.T) - E(one) @ E(two).T, E(one @ two.T), E((one - E(one)) @ (two - E(two)).T)]
            case Derivative():
                return _of_derivative(random, node, _bare(node.body))
            case Applied() if node.function.is_entrywise and node.is_scalar:
                return _of_function(random, node)
            case Remainder():
                u, h, f = node.point, node.increment, node.function
                polynomial = [f(u), f(u) + f.prime(u) * h, f(u) + f.prime(u) * h + f.prime.prime(u) * h**2 / 2]
                return [f(u + h) - group(one) for one in polynomial] + [0 * h]
            case IndexedSum(args=(_, body)):
                return _of_sum(random, node, _bare(body))
            case Power(args=(base, _)) if node.exponent == 2 and isinstance(_bare(base), IndexedSum):
                inner = _bare(base)
                if len(inner.bound) == 1:
                    (one,) = inner.bound
                    two = next(index(name, one.dimension) for name in ("g_3", "h_3") if name != one.name)
                    pairs = inner.body * inner.body.xreplace({one: two})
                    return [
                        Sum(one, two, pairs),
                        Sum(one, inner.body**2) + Sum(distinct(one, two), pairs),
                        Sum(one, inner.body**2),
                    ]
    except ProofsheetError:
        return []
    return []


def _of_mean(random: Random, inner: Node) -> list[Node]:
    found: list[Node] = []
    if not random_variables(inner):
        return [inner]
    match inner:
        case Plus(args=terms):
            found += [Plus(*map(E, terms)), Plus(E(terms[0]), *terms[1:])]
        case Minus(args=(term,)):
            found.append(-E(term))
        case Product(args=factors) if inner.is_scalar:
            chosen = random.randrange(len(factors))
            rest = factors[:chosen] + factors[chosen + 1 :]
            remaining = Product(*rest) if len(rest) > 1 else rest[0]
            found += [E(factors[chosen]) * E(remaining), factors[chosen] * E(remaining)]
            noise, rest = [one for one in factors if one.has(s.n)], [one for one in factors if not one.has(s.n)]
            if noise and rest:
                found += 3 * [
                    E(Product(*noise) if len(noise) > 1 else noise[0]) * E(Product(*rest) if len(rest) > 1 else rest[0])
                ]
        case MatrixProduct(args=(*front, last)) if len(front) >= 1:
            left = MatrixProduct(*front) if len(front) > 1 else front[0]
            found += [E(left) @ E(last), left @ E(last), E(left) @ last]
        case IndexedSum(args=(binder, body)):
            found.append(IndexedSum(binder, E(body)))
        case Element(args=(vector, *indices)):
            found.append(E(vector)[tuple(indices) if len(indices) > 1 else indices[0]])
        case Power(args=(base, _)) if inner.exponent == 2:
            found += [E(base * base), E(base) ** 2]
    if inner.has(s.n) and (not inner.has(s.x, s.y, s.z) or random.random() < 0.2):
        found.append(0 * inner)
    if inner.is_scalar and inner.has(e):
        found += [v + 0 * s.t, c + 0 * s.t, v * delta(i, j), c + (v - c) * delta(i, j)]
    return [*found, *_known(inner)]


def _known(inner: Node) -> list[Node]:
    """What the covariance of the noise makes of a product of two."""
    match inner:
        case Power(args=(base, _)) if inner.exponent == 2:
            found = _bare(base)
            if isinstance(found, MatrixProduct) and found.has(s.n) and len(found.args) == 2:
                return [s.alpha * norm2(found.args[1]), s.alpha * s.w.T @ s.u]
        case Product(args=(one, two)):
            forms = [_bare(one), _bare(two)]
            if all(isinstance(form, MatrixProduct) and form.has(s.n) for form in forms):
                return (
                    [s.alpha * forms[0].args[-1].T @ forms[1].args[-1]]
                    if forms[0].args[-1].shape == forms[1].args[-1].shape
                    else []
                )
            if all(isinstance(form, Element) and form.has(s.n) for form in forms):
                return [s.alpha * delta(forms[0].indices[0], forms[1].indices[0])]
        case MatrixProduct(args=(one, two)) if one.has(s.n) and two.has(s.n) and not inner.is_scalar:
            from proofsheet import identity

            return [s.alpha * identity(inner.shape[0])]
    return []


def _of_derivative(random: Random, node: Derivative, body: Node) -> list[Node]:  # noqa: PLR0912, one case a node
    def by(part: Node) -> Node:
        return Derivative(part, *node.args[1:])

    found: list[Node] = []
    match body:
        case Plus(args=terms):
            found.append(Plus(*map(by, terms)))
        case Minus(args=(term,)):
            found.append(-by(term))
        case Product(args=(one, two)) if one.is_scalar and two.is_scalar:
            found += [by(one) * two + one * by(two), by(one) * by(two), by(one) * two]
        case Product(args=(one, *rest)) if all(part.is_scalar for part in body.args):
            remaining = Product(*rest)
            found.append(by(one) * remaining + one * by(remaining))
        case Power(args=(base, _)) if body.exponent >= 1:
            found += [body.exponent * base ** (body.exponent - 1) * by(base), base ** (body.exponent - 1) * by(base)]
        case Expectation(args=(inner,)):
            found.append(E(by(inner)))
            score = T - L.prime(theta)
            if node.variable == theta:
                found += [E(by(inner) + inner * score), E(inner * score), E(by(inner)) + E(inner * T) - E(inner) * E(T)]
        case Applied() if body.function.is_entrywise:
            (u,) = body.arguments
            derived_function = body.function.prime
            for _ in body.orders:
                derived_function = derived_function.prime
            found += [derived_function(u) * by(u), derived_function(u)]
        case Applied() if not body.orders and body.function == F:
            one, two = body.arguments
            found += [
                F.partial(1)(one, two) * by(one) + F.partial(2)(one, two) * by(two),
                F.partial(1)(one, two) * by(one),
            ]
        case AbsoluteValue(args=(u,)):
            found += [sgn(u) * by(u), by(u)]
        case IndexedSum(args=(binder, inner)) if node.indices or node.is_scalar:
            found.append(IndexedSum(binder, by(inner)))
        case Element() if node.indices:
            found.append(delta(body.indices[0], node.indices[0]) if len(body.indices) == 1 else 0 * s.t)
        case Constant():
            found.append(Number(1) + 0 * s.t)
    if not body.has(node.variable):
        found.append(0 * node)
    return found


def _of_function(random: Random, node: Applied) -> list[Node]:
    inner = _bare(node.arguments[0])
    if not isinstance(inner, Plus) or len(inner.args) != 2 or node.function != A or node.orders:
        return []
    u, h = inner.args
    return [
        A(u) + remainder(A, 1, u, h),
        A(u) + A.prime(u) * h + remainder(A, 2, u, h),
        A(u) + A.prime(u) * h + A.prime.prime(u) * h**2 / 2 + remainder(A, 3, u, h),
        A(u) + A.prime(u) * h + A.prime.prime(u) * h**2 + remainder(A, 3, u, h),
        A(u) + A.prime(h) * u + remainder(A, 2, u, h),
        A(u) + A.prime(u) * h + remainder(A, 3, u, h),
    ]


def _of_sum(random: Random, node: IndexedSum, body: Node) -> list[Node]:
    bound = node.bound
    found: list[Node] = []
    if isinstance(body, Plus):
        found.append(Plus(*(IndexedSum(node.binder, term) for term in body.args)))
    if len(bound) == 2:
        one, two = bound
        found += [Sum(one, two, node.body) - Sum(one, node.body.xreplace({two: one})), Sum(one, two, node.body)]
    else:
        (one,) = bound
        if not body.has(one):
            found += [one.dimension * group(body), (one.dimension - 1) * group(body)]
        if isinstance(body, Product) and isinstance(body.args[0], KroneckerDelta) and len(body.args) > 1:
            ends = body.args[0].args
            rest = Product(*body.args[1:]) if len(body.args) > 2 else body.args[1]
            if one in ends:
                (target,) = [end for end in ends if end != one] or [one]
                found += [rest.xreplace({one: target}), rest]
    return found
