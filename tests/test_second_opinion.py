"""SymPy's second opinion against the kernel: two ways to a verdict that share no code must not part.

What the kernel accepts must have difference 0; what it rejects must not, under algebra and linearity alone.
"""

from collections import Counter
from random import Random

import pytest
from expressions import mutated, rewritten, s, scalar
from vocabulary import verdict

from proofsheet import E, linearity
from proofsheet.errors import ProofsheetError
from proofsheet.explicit.second_opinion import SecondOpinion
from proofsheet.explicit_layer import cited_by
from proofsheet.kernel.theorem import Step

ASSUMPTIONS = (s.independent, s.mean, s.covariance)


def compare(seeds: range, reasons: tuple) -> Counter:
    """How often the kernel said what (True: accepted) beside which verdict here."""
    counts = Counter()
    for seed in seeds:
        random = Random(seed)
        line = E(scalar(random, 3))
        other = rewritten(random, line, True)
        for _ in range(random.choice([0, 1, 1])):
            other = mutated(random, other)
        try:
            accepted = isinstance(verdict(line, other, *reasons), Step)
        except ProofsheetError:  # a mutation that is no line
            continue
        opinion = SecondOpinion((line, other)).on_step(line, other, cited_by(reasons))
        counts[accepted, opinion.verdict] += 1
        assert not accepted or opinion.verdict in ("difference 0", "undecided"), (seed, line, other, str(opinion))
    return counts


def test_algebra_and_linearity():
    counts = compare(range(150), (linearity,))
    assert counts[True, "difference 0"] > 40
    assert counts[False, "difference nonzero"] > 40
    assert set(counts) == {(True, "difference 0"), (False, "difference nonzero")}


def test_assumptions():
    counts = compare(range(10_000, 10_100), ASSUMPTIONS)
    assert counts[True, "difference 0"] > 20
    assert counts[False, "difference nonzero"] > 20
    assert set(counts) == {(True, "difference 0"), (False, "difference nonzero")}


@pytest.mark.long
@pytest.mark.parametrize("block", range(4))
def test_long(block):
    first = 200_000 + 10_000 * block
    for seeds, reasons in (
        (range(first, first + 5_000), (linearity,)),
        (range(first + 5_000, first + 8_000), ASSUMPTIONS),
    ):
        counts = compare(seeds, reasons)
        assert counts[False, "difference 0"] == 0
        assert counts[True, "undecided"] + counts[False, "undecided"] < len(seeds) / 100
