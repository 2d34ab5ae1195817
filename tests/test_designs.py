"""Designs: the law of a row stays what it is, and the mean over a block is unbiased with the variance that theory gives."""

from math import prod, sqrt

import numpy as np
import pytest

from proofsheet import ProofsheetError, antithetic, bernoulli, exponential, finite, normal, orthogonal, plain, uniform
from proofsheet.monte_carlo import designs
from proofsheet.monte_carlo.backends import NUMPY

VARIANCE = 0.7


def drawn(design, sources, rows, seed=3):
    random = NUMPY.random(np.random.SeedSequence(seed))
    return list(design.drawn(sources, random, rows, np))


def moment(order, variance):
    """Of N(0, variance)."""
    return 0 if order % 2 else prod(range(1, order, 2)) * variance ** (order / 2)


def test_a_plain_design_draws_every_row_anew():
    (values,) = drawn(plain(), {"n": normal(3), "x": exponential(2)}, 50)
    assert {name: one.shape for name, one in values.items()} == {"n": (50, 3), "x": (50, 2)}
    assert len(np.unique(values["x"][:, 0])) == 50
    assert plain().block({}) == 1


def test_antithetic_rows_mirror_one_source_and_cancel_what_is_odd_in_it():
    sources = {"n": uniform(4), "x": exponential(2)}
    there, back = drawn(antithetic("n"), sources, 40)
    assert (there["n"] == -back["n"]).all()
    assert (there["x"] == back["x"]).all()
    w = np.array([1.0, -2.0, 0.5, 3.0])
    odd = [(one["n"] @ w) ** 3 * one["x"][:, 0] for one in (there, back)]
    even = [(one["n"] @ w) ** 2 for one in (there, back)]
    assert np.abs(odd[0] + odd[1]).max() < 1e-12 < np.abs(odd[0]).max()
    assert (even[0] == even[1]).all()
    assert antithetic("n").block(sources) == 1


@pytest.mark.parametrize("m", [2, 3, 7, 20, 33])
def test_rows_of_a_block_are_orthogonal_and_mirrored_and_the_rest_is_constant(m):
    sources = {"x": exponential(2, 3), "n": normal(m, variance=VARIANCE), "e": normal()}
    there, back = drawn(orthogonal("n"), sources, 6 * m)
    assert orthogonal("n").block(sources) == m
    blocks = there["n"].reshape(6, m, m)
    products = blocks @ blocks.swapaxes(1, 2)
    lengths = np.sqrt(np.einsum("bii->bi", products))
    apart = products / lengths[:, :, None] / lengths[:, None] - np.eye(m)
    assert np.abs(apart).max() < 1e-11
    assert (back["n"] == -there["n"]).all()
    for name, shape in (("x", (2, 3)), ("e", ())):
        assert (there[name] == back[name]).all()
        assert there[name].shape == (6 * m, *shape)
        each = there[name].reshape(6, m, *shape)
        assert (each == each[:, :1]).all()
        assert len(np.unique(each[:, 0])) == 6 * prod(shape)


WAYS = (designs._by_gram_schmidt, designs._by_lapack)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("m", [1, 2, 5])
def test_the_law_of_a_row_is_gaussian(m, way):
    """Moments up to 4 of a projection and of an entry, and of the squared length, within 5 standard errors.

    The first row of each block, then the last: one row of a block at a time, so that the rows are independent.
    """
    count, w = 60_000, np.arange(1.0, m + 1)
    rows = way(NUMPY.random(np.random.SeedSequence(17)), count, m, np)
    for row in (rows[:, 0], rows[:, m - 1]):
        for projection, variance in ((row @ w, w @ w), (row[:, -1], 1.0)):
            for order in (1, 2, 3, 4):
                spread = sqrt((moment(2 * order, variance) - moment(order, variance) ** 2) / count)
                assert abs((projection**order).mean() - moment(order, variance)) < 5 * spread
        squared = (row**2).sum(axis=1)  # chi-squared: mean m, variance 2m, fourth central moment 12m² + 48m
        assert abs(squared.mean() - m) < 5 * sqrt(2 * m / count)
        fourth = 12 * m**2 + 48 * m
        assert abs(((squared - m) ** 2).mean() - 2 * m) < 5 * sqrt((fourth - 4 * m**2) / count)


@pytest.mark.parametrize("way", WAYS)
def test_lengths_are_independent_of_each_other_and_of_directions(way):
    m, count = 4, 60_000
    rows = way(NUMPY.random(np.random.SeedSequence(23)), count, m, np)
    squared = (rows**2).sum(axis=2)
    directions = rows / np.sqrt(squared)[:, :, None]
    apart = np.corrcoef(np.concatenate([squared, directions[:, :, 0] ** 2, directions[:, :, 0]], axis=1).T)
    assert np.abs(apart[:4, :4] - np.eye(4)).max() < 5 / sqrt(count)
    assert np.abs(apart[:4, 4:]).max() < 5 / sqrt(count)
    assert apart[4:8, 4:8][0, 1] == pytest.approx(-1 / 3, abs=5 / sqrt(count)), "squares of one column add up to 1"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("m", [2, 3, 6, 12])
def test_the_mean_over_a_block_is_unbiased_and_has_its_variance(m, way, monkeypatch):
    """Of (nᵀw)² over a block, with s = variance |w|²: mean s, variance 6s²/(m(m + 2)).

    n_j = L_j q_j with orthonormal q_j independent of the lengths, E L_j² = m and Var L_j² = 2m. With a_j = (q_jᵀw)²/|w|²,
    Σ a_j = 1: given the directions the mean (s/m) Σ L_j² a_j has the expectation s, whatever they are, and the variance
    (s/m)² 2m Σ a_j². The a_j are Dirichlet(½, ..., ½), E a_j² = 3/(m(m + 2)), so that it is 6s²/(m(m + 2)) in all; m
    independent rows give 2s²/m.
    """
    monkeypatch.setattr(designs, "orthogonal_rows", way)
    count, w = 30_000, np.cos(np.arange(m)) + 0.3
    there, _ = drawn(orthogonal("n"), {"n": normal(m, variance=VARIANCE)}, count * m)
    means = ((there["n"] @ w) ** 2).reshape(count, m).mean(axis=1)
    s = VARIANCE * (w @ w)
    expected = 6 * s**2 / (m * (m + 2))
    assert abs(means.mean() - s) < 5 * sqrt(expected / count)
    fourth = ((means - means.mean()) ** 4).mean()
    spread = sqrt((fourth - means.var() ** 2) / count)
    assert abs(means.var() - expected) < 5 * spread
    assert abs(means.var() - 2 * s**2 / m) > 5 * spread, "what independent rows would give"


def test_blocks_are_independent_of_each_other():
    m, count = 3, 50_000
    there, _ = drawn(orthogonal("n"), {"n": normal(m)}, count * m)
    means = (there["n"][:, 0] ** 2).reshape(count, m).mean(axis=1)
    assert abs(np.corrcoef(means[:-1], means[1:])[0, 1]) < 5 / sqrt(count)


@pytest.mark.parametrize(
    ("design", "sources", "message"),
    [
        (antithetic("n"), {"n": exponential(3)}, "n is exponential, which is not symmetric about 0"),
        (antithetic("n"), {"n": bernoulli(0.5)}, "not symmetric"),
        (antithetic("n"), {"n": finite([-1, 2], [0.5, 0.5])}, "not symmetric"),
        (antithetic("z"), {"n": normal(3), "x": normal()}, r"antithetic\('z'\): the sources are n, x"),
        (orthogonal("n"), {"n": exponential(3)}, "not symmetric"),
        (orthogonal("n"), {"n": uniform(3)}, r"n is uniform of shape \(3,\); only the rows of a normal vector"),
        (orthogonal("n"), {"n": normal()}, r"normal of shape \(\)"),
        (orthogonal("n"), {"n": normal(2, 3)}, r"normal of shape \(2, 3\)"),
        (orthogonal("z"), {"n": normal(3)}, r"orthogonal\('z'\): the sources are n"),
    ],
)
def test_designs_that_do_not_fit_are_refused(design, sources, message):
    with pytest.raises(ProofsheetError, match=message):
        design.block(sources)
    with pytest.raises(ProofsheetError, match=message):
        next(design.drawn(sources, NUMPY.random(np.random.SeedSequence(1)), 6, np))
