"""Sources: each law against moments written by hand, drawn, made from uniforms, and as a quadrature rule."""

from math import comb, factorial, inf, nan, prod, sqrt

import numpy as np
import pytest
from scipy import stats

from proofsheet import (
    ProofsheetError,
    bernoulli,
    covariance_root,
    exponential,
    finite,
    normal,
    rademacher,
    uniform,
)
from proofsheet.monte_carlo.backends import NUMPY
from proofsheet.monte_carlo.sources import INNERMOST

VALUES, WEIGHTS = (2.0, -1.0, 0.5), (0.2, 0.3, 0.5)


def derangements(order):
    """E(Z − 1)^order of a standard exponential."""
    return sum((-1) ** k * factorial(order) // factorial(k) for k in range(order + 1))


# the law at variance v (where it has one), and its moments by hand
LAWS = {
    "normal": (normal, lambda j, v: 0 if j % 2 else prod(range(1, j, 2)) * v ** (j / 2)),
    "rademacher": (rademacher, lambda j, v: 0 if j % 2 else v ** (j / 2)),
    "uniform": (uniform, lambda j, v: 0 if j % 2 else (3 * v) ** (j / 2) / (j + 1)),
    "exponential": (exponential, lambda j, v: derangements(j) * v ** (j / 2)),
    "bernoulli": (lambda *shape, variance: bernoulli(0.3, *shape), lambda j, v: 0.3 if j else 1),
    "finite": (
        lambda *shape, variance: finite(VALUES, WEIGHTS, *shape),
        lambda j, v: sum(p * z**j for z, p in zip(VALUES, WEIGHTS, strict=True)),
    ),
}


def drawn(source, rows, seed=5):
    return source.draw(NUMPY.random(np.random.SeedSequence(seed)), rows)


def agrees(found, moment, order, variance, by):
    """Within `by` standard errors of the mean of z^order, the standard error from the moments by hand."""
    spread = sqrt(max(0.0, moment(2 * order, variance) - moment(order, variance) ** 2) / found.size)
    return abs((found**order).mean() - moment(order, variance)) <= by * spread + 1e-12


@pytest.mark.parametrize("family", LAWS)
@pytest.mark.parametrize("variance", [1.0, 0.3])
def test_draws_have_their_moments(family, variance):
    law, moment = LAWS[family]
    found = drawn(law(3, 2, variance=variance), 60_000)
    assert found.shape == (60_000, 3, 2)
    assert found.dtype == float
    for order in (1, 2, 3, 4):
        assert agrees(found, moment, order, variance, 5)
        assert not agrees(found * 1.05 + 0.05, moment, order, variance, 5), "the comparison sees a wrong law"


@pytest.mark.parametrize("family", LAWS)
def test_entries_and_rows_are_uncorrelated_and_so_are_their_squares(family):
    law, _ = LAWS[family]
    found = drawn(law(4, variance=0.7), 50_000)
    for power in (1, 2):
        raised = found**power
        if np.ptp(raised) > 0:
            beside, below = np.corrcoef(raised.T) - np.eye(4), np.corrcoef(raised[1:, 0], raised[:-1, 0])[0, 1]
            assert max(np.abs(beside).max(), abs(below)) < 5 / sqrt(50_000)


@pytest.mark.parametrize("family", LAWS)
def test_draws_are_new_arrays_and_follow_the_seed_alone(family):
    source = LAWS[family][0](5, variance=2.0)
    random = NUMPY.random(np.random.SeedSequence(1))
    first, second = source.draw(random, 20), source.draw(random, 20)
    assert not np.shares_memory(first, second)
    assert (first != second).any()
    assert (drawn(source, 20, seed=1) == first).all()
    assert (drawn(source, 20, seed=2) != first).any()


@pytest.mark.parametrize("family", LAWS)
def test_from_uniform_is_the_inverse_of_the_distribution_function(family):
    law, moment = LAWS[family]
    source, points = law(variance=0.6), (np.arange(200_000) + 0.5) / 200_000
    made = source.from_uniform(points)
    assert (np.diff(made) >= 0).all()
    for order in (1, 2, 3, 4):
        end_cells = 2 * np.abs(made[[0, -1]] ** order).max() / len(points)
        assert (made**order).mean() == pytest.approx(moment(order, 0.6), abs=end_cells + 1e-9)
    assert source.from_uniform(points.reshape(-1, 4, 5)).shape == (10_000, 4, 5)
    ends = source.from_uniform([0.0, 1.0])
    assert np.isfinite(ends).all() and ends[0] < ends[1]


def test_from_uniform_against_scipy():
    u = np.array([1e-12, 0.01, 0.3, 0.5, 0.9, 1 - 1e-9])
    for source, law in (
        (normal(variance=4.0), stats.norm(scale=2)),
        (uniform(variance=3.0), stats.uniform(-3, 6)),
        (exponential(variance=4.0), stats.expon(-2, 2)),
    ):
        assert law.cdf(source.from_uniform(u)) == pytest.approx(u, rel=1e-9)
    assert normal().from_uniform(0.0) == pytest.approx(stats.norm.ppf(INNERMOST))
    assert bernoulli(0.3).from_uniform([0.69, 0.71]).tolist() == [0.0, 1.0]
    assert finite(VALUES, WEIGHTS).from_uniform([0.29, 0.31, 0.79, 0.81]).tolist() == [-1.0, 0.5, 0.5, 2.0]
    with pytest.raises(ProofsheetError, match="not finite"):
        normal().from_uniform([0.5, nan])


@pytest.mark.parametrize("family", LAWS)
@pytest.mark.parametrize("k", [1, 2, 5, 12])
def test_quadrature_is_exact_to_degree_2k_minus_1(family, k):
    law, moment = LAWS[family]
    nodes, weights = law(variance=0.4).nodes(k)
    assert weights.sum() == pytest.approx(1)
    for order in range(min(2 * k, 13)):
        scale = max(1.0, abs(moment(order + order % 2, 0.4)))
        assert weights @ nodes**order == pytest.approx(moment(order, 0.4), abs=1e-11 * scale * comb(2 * k, k))
    if family in ("normal", "uniform", "exponential"):
        assert len(nodes) == k
        assert weights @ nodes ** (2 * k) != pytest.approx(moment(2 * k, 0.4), rel=1e-6), "no further"
    else:
        assert dict(zip(nodes, weights, strict=True)) == pytest.approx(
            dict(zip(*law(variance=0.4).outcomes(), strict=True))
        )


@pytest.mark.parametrize("k", [0, 101, -1])
def test_rules_that_there_are_not(k):
    with pytest.raises(ProofsheetError, match="1 to 100 nodes"):
        normal().nodes(k)


def test_what_is_known_of_a_source():
    assert normal(3, 4).entries == 12 and normal().entries == 1
    assert [LAWS[name][0](variance=1.0).is_symmetric for name in LAWS] == [True, True, True, False, False, False]
    assert finite([-2, 0, 2], [0.3, 0.4, 0.3]).is_symmetric
    assert not finite([-2, 0, 2], [0.3, 0.3, 0.4]).is_symmetric
    assert [LAWS[name][0](variance=1.0).is_hypercontractive for name in LAWS] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert normal().support is None and exponential().support is None
    assert rademacher(variance=4.0).support == (-2.0, 2.0)
    assert uniform(variance=3.0).support == pytest.approx((-3.0, 3.0))
    assert bernoulli(0.2).support == (0.0, 1.0)
    assert finite(VALUES, WEIGHTS).support == (-1.0, 2.0)
    assert normal().outcomes() is None and uniform().outcomes() is None
    values, weights = finite(VALUES, WEIGHTS).outcomes()
    assert values.tolist() == [-1.0, 0.5, 2.0] and weights.tolist() == [0.3, 0.5, 0.2]
    for family in ("rademacher", "uniform", "bernoulli", "finite"):
        source = LAWS[family][0](7, variance=0.9)
        low, high = source.support
        found = drawn(source, 5000)
        assert low <= found.min() < low + 0.01 and high - 0.01 < found.max() <= high
    assert set(np.unique(drawn(bernoulli(0.3, 4), 100))) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: normal(3, variance=-0.5), "a variance is a positive number, not -0.5"),
        (lambda: rademacher(variance=0), "a variance is a positive number"),
        (lambda: uniform(variance=nan), "a variance is a positive number, not nan"),
        (lambda: exponential(variance=inf), "a variance is a positive number"),
        (lambda: normal(variance="a"), "a variance is a number, not 'a'"),
        (lambda: normal(8, 0.3), r"normal\(8, 0.3\): .* whole numbers from 1 on, not 0.3; .* variance=..."),
        (lambda: normal(0), "whole numbers from 1 on, not 0"),
        (lambda: normal(True), "not True"),
        (lambda: bernoulli(0.0), r"between 0 and 1 \(both excluded\), not 0.0"),
        (lambda: bernoulli(1.2, 3), "between 0 and 1"),
        (lambda: bernoulli(nan), "between 0 and 1"),
        (lambda: bernoulli([0.1, 0.2]), "keep is a number"),
        (lambda: bernoulli(0.5, -1), r"bernoulli\(keep, -1\): .* not -1"),
        (lambda: finite([1, 2], [0.5, 0.6]), "add up to 1.1, not to 1"),
        (lambda: finite([1, 2, 3], [1.2, -0.4, 0.2]), "probability -0.4 is not positive"),
        (lambda: finite([1, 2], [1.0, 0.0]), "probability 0 is not positive"),
        (lambda: finite([1, 2, 3], [0.5, 0.5]), r"one probability for each value, not shapes \(3,\) and \(2,\)"),
        (lambda: finite([[1, 2]], [[0.5, 0.5]]), "one probability for each value"),
        (lambda: finite([], []), "one probability for each value"),
        (lambda: finite([1, 1], [0.5, 0.5]), "stands twice"),
        (lambda: finite([1, nan], [0.5, 0.5]), "the outcomes: some of the numbers are not finite"),
        (lambda: finite([1, 2], [0.5, nan]), "their probabilities: some of the numbers are not finite"),
    ],
)
def test_laws_that_are_none_are_refused(make, message):
    with pytest.raises(ProofsheetError, match=message):
        make()


class TestCovarianceRoot:
    GENERATOR = np.random.default_rng(11)

    def test_it_is_a_symmetric_root_of_full_and_of_lower_rank(self):
        for rank in (3, 5):
            factor = self.GENERATOR.normal(size=(5, rank))
            covariance = factor @ factor.T
            root = covariance_root(covariance)
            assert root == pytest.approx(root.T, abs=1e-12)
            assert root @ root == pytest.approx(covariance, abs=1e-12)

    def test_the_most_negative_covariance_of_an_ensemble_is_feasible_and_no_more(self):
        n, v = 7, 1.3
        bound = -v / (n - 1)
        root = covariance_root(np.full((n, n), bound) + (v - bound) * np.eye(n))
        errors = drawn(normal(n), 5) @ root
        assert errors.sum(axis=1) == pytest.approx(0, abs=1e-6)
        with pytest.raises(
            ProofsheetError, match=r"eigenvalue -0.078 is negative; 7 variables .* = -0.216667, and this"
        ):
            covariance_root(np.full((n, n), 1.06 * bound) + (v - 1.06 * bound) * np.eye(n))
        beyond = (1 + 1e-9) * bound
        with pytest.raises(ProofsheetError, match=r"eigenvalue -1\.3e-09 is negative"):
            covariance_root(np.full((n, n), beyond) + (v - beyond) * np.eye(n))

    def test_draws_have_the_covariance(self):
        factor = self.GENERATOR.normal(size=(4, 4))
        covariance = factor @ factor.T
        errors = drawn(normal(4), 200_000) @ covariance_root(covariance)
        assert np.cov(errors.T) == pytest.approx(covariance, abs=5 * np.abs(covariance).max() * sqrt(2 / 200_000))

    @pytest.mark.parametrize(
        ("matrix", "message"),
        [
            ([[1.0, 0.5], [0.4, 1.0]], "not symmetric"),
            ([[1.0, 2.0], [2.0, 1.0]], "eigenvalue -1 is negative"),
            ([[1.0, 0.0], [0.0, -0.25]], "eigenvalue -0.25 is negative"),
            ([1.0, 2.0], "a square matrix"),
            (np.ones((2, 3)), "a square matrix"),
            ([[nan, 0], [0, 1]], "not finite"),
        ],
    )
    def test_what_is_no_covariance(self, matrix, message):
        with pytest.raises(ProofsheetError, match=message):
            covariance_root(matrix)
