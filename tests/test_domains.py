"""Signs that follow from declared domains, each beside a neighbour that does not follow."""

import pytest
from vocabulary import ensemble_setting

from proofsheet import dimension, group, parameter
from proofsheet.kernel.domains import Sign, is_nonzero, lies_in, sign
from proofsheet.notation.tree import lift

n = ensemble_setting().n
alpha, v, c, p = (
    parameter("alpha", positive=True),
    parameter("v", nonnegative=True),
    parameter("c"),
    parameter("p", between=(0, 1)),
)
POSITIVE, NONNEGATIVE, UNKNOWN = Sign.POSITIVE, Sign.NONNEGATIVE, Sign.UNKNOWN


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (n, POSITIVE),
        (n - 1, NONNEGATIVE),
        (n - 2, UNKNOWN),
        (1 - n, UNKNOWN),
        (alpha, POSITIVE),
        (-alpha, UNKNOWN),
        (v, NONNEGATIVE),
        (v + alpha, POSITIVE),
        (v + v, NONNEGATIVE),
        (v - alpha, UNKNOWN),
        (c, UNKNOWN),
        (c**2, NONNEGATIVE),
        (c**3, UNKNOWN),
        (alpha**3, POSITIVE),
        (1 - p, POSITIVE),
        (1 - group(p), UNKNOWN),
        (2 - p, UNKNOWN),
        (p - 1, UNKNOWN),
        (1 - alpha, UNKNOWN),
        (alpha * v, NONNEGATIVE),
        (alpha * c, UNKNOWN),
        (alpha / n, POSITIVE),
        (lift(0), NONNEGATIVE),
        (lift(-1), UNKNOWN),
        (lift(alpha.symbol / 2), POSITIVE),
        (lift(alpha.symbol - 1), UNKNOWN),
        (lift(-alpha.symbol), UNKNOWN),
        (lift(v.symbol * alpha.symbol + 1), POSITIVE),
        (lift(c.symbol**2), UNKNOWN),
    ],
    ids=str,
)
def test_sign(value, expected):
    assert sign(value) is expected


def test_nonzero():
    assert is_nonzero(-alpha)
    assert is_nonzero(1 - p)
    assert is_nonzero(lift(-3))
    assert not is_nonzero(lift(0))
    assert not is_nonzero(n - 1)
    assert not is_nonzero(v)
    assert not is_nonzero(c)
    assert not is_nonzero(lift(v.symbol))


def test_domains():
    assert lies_in(c, "real")
    assert lies_in(n - 1, "nonnegative")
    assert not lies_in(n - 1, "positive")
    assert lies_in(1 - p, "unit")
    assert lies_in(lift(alpha.symbol / (2 * alpha.symbol)), "unit")
    assert not lies_in(alpha, "unit")
    assert not lies_in(dimension("m"), "unit")
    assert not lies_in(lift(1), "unit")
