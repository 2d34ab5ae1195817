"""Right lines are accepted: random valid rewritings, none of which may be refused.

Each example is a line and several rewritings of it, under algebra alone and under linearity. Run with -m long for ten
times as many.
"""

from random import Random

import pytest
from expressions import rewritten, scalar
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vocabulary import follows

from proofsheet import E, algebra, linearity

REWRITINGS = 4


def check_rewritings(seed: int, depth: int) -> None:
    random = Random(seed)
    line = E(scalar(random, depth))
    for _ in range(REWRITINGS):
        with_linearity = random.random() < 0.5
        other = rewritten(random, line, with_linearity)
        reason = linearity if with_linearity else algebra
        assert follows(line, other, reason), f"seed {seed}: {line}   and   {other}   by {reason}"


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), depth=st.integers(1, 4))
def test_valid_rewritings_are_accepted(seed, depth):
    check_rewritings(seed, depth)


@pytest.mark.long
@pytest.mark.parametrize("block", range(10))
def test_many_valid_rewritings_are_accepted(block):
    for seed in range(block * 1000, block * 1000 + 1000):
        check_rewritings(seed, 4)
