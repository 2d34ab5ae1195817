"""Random scalar lines with elementary functions, right and wrong rewritings of them, and their values at points.

The evaluator is written from the meaning of the notation alone, in 40 digits; it shares nothing with the kernel.
"""

from random import Random

import mpmath
from sympy import Integer

from proofsheet import absolute, dimension, exp, log, maximum, minimum, parameter, power, sgn, sqrt
from proofsheet.kernel.side_conditions import NonnegativeRadicand, Nonvanishing, PositiveArgument
from proofsheet.notation import elementary, functions, tree

mpmath.mp.dps = 40
x, y = parameter("x"), parameter("y")
p = parameter("p", between=(0, 1))
lam, sigma = parameter("lam", nonnegative=True), parameter("sigma", positive=True)
k, m = dimension("k"), dimension("m")
LEAVES = (x, y, p, lam, sigma, x - y, 1 - p, x + 1, tree.Number(2), tree.Number(-1), k)
EXPONENTS = (k, k + 1, 2 * k, k + m, k - 1, k - m, k - 2)


class Undefined(Exception):
    """The line has no value at the point."""


def line(random: Random, depth: int) -> tree.Node:
    if depth == 0:
        return random.choice(LEAVES)
    a, b = line(random, depth - 1), line(random, random.randrange(depth))
    return random.choice(
        (
            lambda: a + b,
            lambda: a - b,
            lambda: a * b,
            lambda: a / b,
            lambda: a**2,
            lambda: exp(a),
            lambda: log(a),
            lambda: log(1 + exp(a)),
            lambda: sqrt(a),
            lambda: sqrt(a**2),
            lambda: absolute(a),
            lambda: sgn(a),
            lambda: maximum(a, b),
            lambda: minimum(a, b),
            lambda: power(a, random.choice(EXPONENTS)),
        )
    )()


def rewritten(random: Random, node: tree.Node) -> tree.Node:
    """The line with some parts replaced by what they are, or are often taken to be."""
    if (
        not node.args
        or not isinstance(node, tree.Node)
        or isinstance(node, (tree.Number, tree.Parameter, tree.Dimension))
    ):
        return node
    fixed = isinstance(node, (elementary.SymbolicPower, tree.Power))
    parts = [
        rewritten(random, part) if isinstance(part, tree.Node) and not (fixed and place) else part
        for place, part in enumerate(node.args)
    ]
    ways = _WAYS.get(type(node), ()) if random.random() < 0.8 else ()
    return random.choice(ways)(*parts) if ways else node.func(*parts)


def _split_log(a: tree.Node) -> tree.Node:
    if isinstance(a, tree.Product):
        first, *rest = a.args
        return log(first) + log(tree.Product(*rest) if len(rest) > 1 else rest[0])
    if isinstance(a, tree.Quotient):
        return log(a.args[0]) - log(a.args[1])
    if isinstance(a, tree.Power):
        return a.exponent * log(a.args[0])
    return a.args[0] if isinstance(a, elementary.Exponential) else log(a)


def _split_exp(a: tree.Node) -> tree.Node:
    if isinstance(a, tree.Plus):
        first, *rest = a.args
        return exp(first) * exp(tree.Plus(*rest) if len(rest) > 1 else rest[0])
    if isinstance(a, tree.Minus):
        return 1 / exp(a.args[0])
    return a.args[0] if isinstance(a, elementary.Logarithm) else exp(a / 2) ** 2


def _split_root(a: tree.Node) -> tree.Node:
    if isinstance(a, tree.Product):
        first, *rest = a.args
        return sqrt(first) * sqrt(tree.Product(*rest) if len(rest) > 1 else rest[0])
    if isinstance(a, tree.Power):
        return a.args[0] if a.exponent == 2 else sqrt(a)
    return sqrt(a)


def _split_power(a: tree.Node, exponent: tree.Node) -> tree.Node:
    if isinstance(a, tree.Product):
        first, *rest = a.args
        return power(first, exponent) * power(tree.Product(*rest) if len(rest) > 1 else rest[0], exponent)
    if isinstance(a, tree.Minus):
        return power(a.args[0], exponent)
    return power(a, exponent + 1) / a


_WAYS = {
    elementary.Logarithm: (_split_log, lambda a: -log(1 / a), lambda a: log(a**2) / 2, lambda a: log(absolute(a))),
    elementary.Exponential: (_split_exp, lambda a: 1 / exp(-a), lambda a: exp(2 * a) / exp(a)),
    functions.Root: (_split_root, lambda a: sqrt(4 * a) / 2, sqrt),
    functions.AbsoluteValue: (lambda a: a, lambda a: absolute(-a), lambda a: a * sgn(a), lambda a: sqrt(a**2)),
    functions.Signum: (lambda a: -sgn(-a), lambda a: absolute(a) / a, lambda a: sgn(a) ** 3, lambda a: tree.Number(1)),
    elementary.Maximum: (lambda a, b: maximum(b, a), lambda a, b: a + b - minimum(a, b), lambda a, b: a),
    elementary.Minimum: (lambda a, b: -maximum(-a, -b), lambda a, b: b),
    elementary.SymbolicPower: (
        _split_power,
        lambda a, n: power(a, n - 1) * a,
        lambda a, n: 1 / power(1 / a, n),
        power,
    ),
    tree.Product: (lambda a, *rest: tree.Product(*reversed((a, *rest))),),
    tree.Quotient: (lambda a, b: a / b, lambda a, b: 2 * a / (2 * b)),
}


def point(random: Random) -> dict:
    """Whole and half numbers, so that zeros and ties are met."""
    real = [mpmath.mpf(n) / 2 for n in range(-5, 6)]
    return {
        x: random.choice(real),
        y: random.choice(real),
        p: mpmath.mpf(random.randrange(1, 7)) / 7,
        lam: mpmath.mpf(random.randrange(0, 4)) / 2,
        sigma: mpmath.mpf(random.randrange(1, 6)) / 3,
        k: mpmath.mpf(random.randrange(1, 4)),
        m: mpmath.mpf(random.randrange(1, 4)),
    }


def value(node: tree.Node, at: dict) -> mpmath.mpf:
    """Raises Undefined at a division by 0, a log of what is not positive, a root of what is negative."""
    if node in at:
        return at[node]
    if isinstance(node, tree.Number):
        return mpmath.mpf(int(node.value.p)) / int(node.value.q)
    if isinstance(node, tree.Coefficient):
        return _of_expression(node.expression, {one.symbol: number for one, number in at.items()})
    parts = [value(part, at) for part in node.args if isinstance(part, tree.Node)]
    return _VALUES[type(node)](*parts)


def _of_expression(expression, at) -> mpmath.mpf:
    top, bottom = (
        part.xreplace({s: Integer(0) + _rational(v) for s, v in at.items()}) for part in expression.as_numer_denom()
    )
    if bottom == 0:
        raise Undefined
    return mpmath.mpf(int((top / bottom).p)) / int((top / bottom).q)


def _rational(number: mpmath.mpf):
    return Integer(int(mpmath.nint(number * 42))) / 42


def _quotient(a, b):
    if b == 0:
        raise Undefined
    return a / b


def _log(a):
    if a <= 0:
        raise Undefined
    return mpmath.log(a)


def _sqrt(a):
    if a < 0:
        raise Undefined
    return mpmath.sqrt(a)


def _exp(a):
    if abs(a) > 10**4:
        raise OverflowError
    return mpmath.exp(a)


def _power(a, n):
    if a == 0 and n < 0:
        raise Undefined
    return a ** int(n)


_VALUES = {
    tree.Plus: lambda *parts: mpmath.fsum(parts),
    tree.Minus: lambda a: -a,
    tree.Product: lambda *parts: mpmath.fprod(parts),
    tree.Quotient: _quotient,
    tree.Power: _power,
    tree.Group: lambda a: a,
    elementary.Exponential: _exp,
    elementary.Logarithm: _log,
    elementary.SymbolicPower: _power,
    elementary.Maximum: max,
    elementary.Minimum: min,
    functions.Root: _sqrt,
    functions.AbsoluteValue: abs,
    functions.Signum: lambda a: mpmath.mpf((a > 0) - (a < 0)),
}


def allows(conditions, at: dict) -> bool:
    """Whether all side conditions hold at the point."""
    try:
        return all(_holds(condition, at) for condition in conditions)
    except Undefined:
        return False


def _holds(condition, at: dict) -> bool:
    if isinstance(condition, Nonvanishing):
        return condition.discharged or value(condition.denominator, at) != 0
    argument = value(condition.argument, at)
    if isinstance(condition, PositiveArgument):
        return argument > 0
    assert isinstance(condition, NonnegativeRadicand)
    return argument >= 0
