"""Enclosures hold what they enclose: exp, log and roots against mpmath at twice the digits, arithmetic against fractions."""

from fractions import Fraction as F

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofsheet.exact_models.elementary import exponential, largest, logarithm, power, root, sign
from proofsheet.exact_models.enclosures import BITS, Enclosure
from proofsheet.exact_models.model import ModelError

mpmath.mp.prec = 4 * BITS

fractions = st.fractions(min_value=-40, max_value=40, max_denominator=1000)
positive = st.fractions(min_value=F(1, 1000), max_value=1000, max_denominator=1000)


def exactly(value):
    return mpmath.mpf(value.numerator) / value.denominator


def holds(enclosure, number):
    """mpmath's own last digits, which are far beyond ours, may be off."""
    low, high = map(exactly, enclosure.ends)
    last = abs(number) * mpmath.mpf(2) ** (-3 * BITS)
    return low - last <= number <= high + last and enclosure.is_narrow


@given(fractions)
def test_exp(x):
    found = exponential(x)
    assert found == 1 if x == 0 else holds(found, mpmath.exp(exactly(x)))


@given(positive)
def test_log(x):
    found = logarithm(x)
    assert found == 0 if x == 1 else holds(found, mpmath.log(exactly(x)))


@given(positive)
def test_root(x):
    found = root(x)
    assert found * found == x if isinstance(found, F) else holds(found, mpmath.sqrt(exactly(x)))


@given(positive, st.fractions(min_value=-3, max_value=3, max_denominator=5))
def test_power(x, k):
    found = Enclosure.of(power(x, k))
    assert holds(found, mpmath.power(exactly(x), exactly(k)))


@given(fractions, fractions, st.integers(0, 6))
def test_arithmetic(a, b, k):
    """Of two intervals with known members, every operation holds the value of the members."""
    one, other = Enclosure.of(a) + Enclosure(-1, 2), Enclosure.of(b) + Enclosure(-3, 1)
    pairs = [(one + other, a + b), (one - other, a - b), (one * other, a * b), (one**k, a**k), (one * b, a * b)]
    pairs += [(abs(one), abs(a)), (2 - one, 2 - a)]
    if abs(b) > F(1, 1000):
        pairs += [(one / other, a / b), (one / b, a / b), (1 / other, 1 / b)]
    for enclosure, exact in pairs:
        low, high = enclosure.ends
        assert low <= exact <= high


def test_perfect_squares_are_exact():
    assert root(F(9, 4)) == F(3, 2)
    assert power(F(4, 9), F(3, 2)) == F(8, 27)
    assert isinstance(root(F(2)), Enclosure)


def test_one_and_zero_are_exact():
    assert (exponential(F(0)), logarithm(F(1))) == (1, 0)


def test_what_is_not_known_is_not_said():
    doubtful = Enclosure(-1, 1)
    for of in (lambda: doubtful.sign, lambda: 1 / doubtful, lambda: logarithm(doubtful), lambda: root(doubtful)):
        with pytest.raises(ModelError):
            of()
    with pytest.raises(ModelError, match="too large"):
        exponential(F(10**6))
    assert sign(exponential(F(-3))) == 1
    assert largest(exponential(F(1)), F(2)) == exponential(F(1))


def test_overlap_is_what_it_says():
    assert Enclosure(1, 3).overlaps(Enclosure(3, 5))
    assert not Enclosure(1, 2).overlaps(Enclosure(3, 5))
    assert not Enclosure(0, 1 << BITS).is_narrow
