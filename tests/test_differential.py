"""The kernel against exact models, which share no code with it.

What the kernel accepts must agree on every finite model of the cited assumptions; what it rejects under algebra and
linearity alone must be refuted by one, for then the cited rules hold under every law.
"""

from fractions import Fraction
from random import Random

import pytest
from expressions import mutated, rewritten, s, scalar
from vocabulary import verdict

from proofsheet import E, linearity
from proofsheet.errors import ProofsheetError
from proofsheet.exact_models.evaluate import Model, evaluate
from proofsheet.exact_models.models import Statement, attempt
from proofsheet.exact_models.witnesses import names_of
from proofsheet.kernel.theorem import Step
from proofsheet.notation.scope import random_variables

ASSUMPTIONS = (s.independent, s.mean, s.covariance)


def models(moments: bool, seed: int) -> list[Model]:
    """Generic laws, or laws that satisfy the assumptions on the noise; dimensions 1 to 3, never square by accident."""
    independence = (s.independent.blocks,) if moments else ()
    known = tuple((one.left, one.right, ()) for one in (s.mean, s.covariance)) if moments else ()
    everything = (
        s.t + s.beta + s.y + s.z + s.w.T @ s.u + s.x.T @ s.n + s.w.T @ (s.V + s.S) @ s.u + (s.W @ s.x).T @ (s.W @ s.n)
    )
    statement = Statement((everything,), independence, known)
    names = names_of(statement)
    found = []
    for m, q in ((1, 2), (2, 3), (3, 1)):
        parameters = {"alpha": Fraction(2 + seed % 3, 3), "beta": Fraction(-3, 2)}
        model = attempt(statement, names, {"m": m, "q": q}, parameters, Random(seed + m)).model
        assert model is not None
        found.append(model)
    return found


def agree(left, right, tried: list[Model]) -> bool:
    """Equal in every model; where randomness is left outside E, at every outcome."""
    random = bool(random_variables(left) | random_variables(right))
    return all(
        evaluate(left, model, {}, outcome) == evaluate(right, model, {}, outcome)
        for model in tried
        for _, outcome in (model.space if random else model.space[:1])
    )


def run(seeds: range, reasons: tuple, moments: bool, depth: int) -> dict[str, int]:
    counts = {"accepted": 0, "rejected": 0, "rejected and not refuted": 0}
    tried = models(moments, 5)
    for seed in seeds:
        random = Random(seed)
        line = E(scalar(random, depth))
        other = rewritten(random, line, True)
        for _ in range(random.choice([0, 1, 1])):
            other = mutated(random, other)
        if other.shape != line.shape:
            continue
        try:
            found = verdict(line, other, *reasons)
        except ProofsheetError:
            continue
        equal = agree(line, other, tried)
        if isinstance(found, Step):
            counts["accepted"] += 1
            assert equal, f"seed {seed}: accepted, and refuted by an exact model: {line}   and   {other}"
        else:
            counts["rejected"] += 1
            counts["rejected and not refuted"] += equal
    return counts


def test_generic_laws():
    counts = run(range(400), (linearity,), moments=False, depth=3)
    assert counts["accepted"] > 50
    assert counts["rejected"] > 50
    assert counts["rejected and not refuted"] == 0


def test_laws_that_satisfy_the_assumptions():
    counts = run(range(10_000, 10_200), ASSUMPTIONS, moments=True, depth=3)
    assert counts["accepted"] > 20
    assert counts["rejected"] > 20


@pytest.mark.long
@pytest.mark.parametrize("block", range(10))
def test_long(block):
    first = 100_000 + 10_000 * block
    assert run(range(first, first + 5_000), (linearity,), moments=False, depth=3)["rejected and not refuted"] == 0
    run(range(first + 5_000, first + 7_000), ASSUMPTIONS, moments=True, depth=3)
