"""One chunk: every row belongs to its replicate however the passes are cut, and what is reused across signs is the same."""

from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from proofsheet import scripts
from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.designs import antithetic, orthogonal, plain
from proofsheet.monte_carlo.sources import normal
from proofsheet.numeric import chunks
from proofsheet.numeric.chunks import Draws, chunk, where
from proofsheet.numeric.estimand import Claim
from proofsheet.numeric.numeric_check import NumericCheck

identity = scripts.load(Path(__file__).resolve().parent.parent / "proofs" / "gaussian_noise_mse.py")
M = 4
W = np.array([0.5, -1.0, 0.25, 2.0])


def clean(x, y):
    return (x @ W - y) ** 2


def check_of(left_side, design=None, variables=None):
    sources = {"x": normal(M), "n": normal(M, variance=0.3), "e": normal()}
    return NumericCheck(
        identity.theorem,
        sources,
        left_side,
        variables or (lambda x, n, e: {"y": e}),
        design or plain(),
        dimensions={"m": M},
        parameters={"alpha": 0.3},
        constants={"w": W},
    )


def found(check, replicates, rows, seed=1):
    return chunk(where(check, ""), Draws(seed, 2), 1, 0, replicates, rows)


@pytest.mark.parametrize("cached", [9, 50, 90, 91, 200, 1000, 10**6])
@pytest.mark.parametrize(("replicates", "rows"), [(1, 1), (7, 1), (1, 23), (5, 10), (3, 47), (40, 11)])
def test_rows_are_averaged_in_their_order(cached, replicates, rows, monkeypatch):
    """left − expectation is the number of the row, so that a replicate is the mean of its own numbers."""
    monkeypatch.setattr(chunks, "CACHED", cached)
    taken = count()
    check = check_of(lambda x, n, y: clean(x, y) + [float(next(taken)) for _ in y])
    numbers = np.arange(replicates * rows, dtype=float).reshape(replicates, rows)
    assert found(check, replicates, rows)[:, 0] == pytest.approx(numbers.mean(axis=1), abs=1e-9)
    assert next(taken) == replicates * rows


@pytest.mark.parametrize("cached", [9, 200, 10**6])
def test_blocks_are_not_cut(cached, monkeypatch):
    monkeypatch.setattr(chunks, "CACHED", cached)
    sizes = []

    def left_side(x, n, y):
        sizes.append(len(y))
        blocks = n.reshape(-1, M, M)
        products = np.abs(np.einsum("bik,bjk->bij", blocks, blocks) * (1 - np.eye(M))).max(axis=(1, 2))
        return clean(x, y) + np.repeat(products, M)  # 0 where the rows of a block are orthogonal

    values = found(check_of(left_side, orthogonal("n")), 6, 5)
    assert np.abs(values).max() < 1e-9 and sum(sizes) == 2 * 6 * 5 * M and all(size and size % M == 0 for size in sizes)


def test_both_signs_are_averaged():
    even = check_of(lambda x, n, y: clean(x, y) + 1.0, antithetic("n"))
    assert found(even, 3, 40) == pytest.approx(np.ones((3, 1)), abs=1e-12)
    odd = check_of(lambda x, n, y: clean(x, y) + n[:, 0] ** 3, antithetic("n"))
    assert found(odd, 3, 40) == pytest.approx(np.zeros((3, 1)), abs=1e-12)
    assert np.abs(found(check_of(odd.left_side), 3, 40)).min() > 1e-3  # plain: it does not cancel


def test_what_depends_on_the_sign_is_read_for_each_sign():
    """A label made of the noise: what is subtracted must turn with it."""
    for label in (lambda x, n, e: {"y": e + n[:, 1]}, lambda x, n, e: {"y": np.where(n[:, 0] > 0.9, 5.0, e)}):
        check = check_of(lambda x, n, y: clean(x, y), antithetic("n"), label)
        assert np.abs(found(check, 3, 100)).max() < 1e-9


def test_what_does_not_change_is_read_once(monkeypatch):
    read, prepared = [], Claim.prepared

    def counted(claim, *arguments):
        of_draws = prepared(claim, *arguments)
        return lambda draws: (read.append(claim), of_draws(draws))[1]

    check = check_of(lambda x, n, y: ((x + n) @ W - y) ** 2, antithetic("n"), lambda x, n, e: {"y": 2 * e})
    monkeypatch.setattr(Claim, "prepared", counted)
    found(check, 3, 40)
    assert len(read) == 1


def test_numbers_that_are_not_finite_are_an_error():
    with pytest.raises(ScriptError, match="not finite"):
        found(check_of(lambda x, n, y: np.where(n[:, 0] > 1, np.nan, y)), 2, 100)
    with pytest.raises(ScriptError, match="shape"):
        found(check_of(lambda x, n, y: x), 2, 100)


def test_a_function_without_a_file_is_drawn_from_here():
    """functools.partial has no source file: the check stays in this process, and its draws are the same."""
    written = check_of(lambda x, n, y: clean(x + n, y))
    made = check_of(partial(lambda x, n, y, shift: clean(x + shift * n, y), shift=1))
    assert made.script is None
    assert np.array_equal(found(made, 3, 5), found(written, 3, 5))
