"""Randomised quasi-Monte Carlo: its interval covers as often as it says where that can be counted, and its points are right."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from proofsheet import (
    E,
    NumericCheck,
    bernoulli,
    dimension,
    exponential,
    finite,
    norm2,
    normal,
    parameter,
    rademacher,
    random_scalar,
    random_vector,
    scalar,
    uniform,
    vector,
    wrong,
)
from proofsheet.numeric import quasi_monte_carlo
from proofsheet.numeric.checks import Options

m, alpha = dimension("m"), parameter("alpha", positive=True)
w, n, y, c = vector("w", m), random_vector("n", m), random_scalar("y"), scalar("c")


def noise_check(source, size=8, **options):
    """E[(nᵀw − y)²] = α‖w‖² + E[y²] with y = cos of an entry of n: left and right on the same points."""
    W = np.cos(np.arange(1, size + 1))
    return NumericCheck(
        SimpleNamespace(left=E((n.T @ w - y) ** 2), right=alpha * norm2(w) + E(y**2), assumptions=()),
        {"n": source(size), "e": normal()},
        lambda n, y: (n @ W - y) ** 2,
        lambda n, e: {"y": e * (1 + n[:, 0] ** 2)},
        **{
            "method": "quasi-Monte Carlo",
            "dimensions": {"m": size},
            "parameters": {"alpha": 1.0},
            "constants": {"w": W},
            "tolerance": 0.05,
            "wrong": wrong(
                (2 * alpha * norm2(w) + E(y**2), "twice"), (alpha * norm2(w), "no label"), (E(y**2), "no noise")
            ),
            **options,
        },
    )


@pytest.mark.parametrize("source", [normal, rademacher, uniform, exponential])
def test_confirmed_and_every_variant_refuted(source):
    verdict = noise_check(source).run()
    facts = verdict.facts()
    assert verdict.verdict == "confirmed", str(verdict)
    assert all(one.refuted for one in verdict.variants)
    assert (facts["method"], facts["grade"], facts["alpha"]) == ("quasi-Monte Carlo", "asymptotic", 1e-9)
    assert facts["samples"] == 32 * verdict.points
    assert verdict.points & (verdict.points - 1) == 0
    assert facts["interval"][0] <= facts["closed_form"] <= facts["interval"][1]


def test_refuted_when_off_by_more_than_is_resolved():
    check = noise_check(normal, tolerance=0.01)
    for alpha_ in (1.02, 0.98, 3.0):
        assert dataclasses.replace(check, parameters={"alpha": alpha_}, wrong=()).run().verdict == "refuted"


def test_undecided_where_the_tolerance_is_beyond_the_points(monkeypatch):
    monkeypatch.setattr(quasi_monte_carlo, "LAST", 10)
    verdict = noise_check(normal, tolerance=1e-7, wrong=()).run()
    assert verdict.verdict == "undecided"
    assert verdict.points == 2**10


def test_same_seed_same_bits_other_seed_other_points():
    check = noise_check(normal)
    assert check.run() == check.run()
    assert check.run(Options(seed=7)).estimate != check.run().estimate
    assert check.run(Options(seed=7)).facts()["seed"] == 7


def test_nothing_varies_and_nothing_is_refuted():
    """10 E[cy] = E[10cy] on every point, up to rounding."""
    for value in (0.1, 0.3, 0.7):
        line = SimpleNamespace(left=E(10 * c * y) + c, right=10 * c * E(y) + c, assumptions=())
        check = NumericCheck(
            line,
            {"y": normal()},
            lambda y, value=value: 10 * value * y + value,
            constants={"c": value},
            method="quasi-Monte Carlo",
        )
        assert check.run().verdict == "confirmed"


def test_sources_made_of_sobol_points_have_their_laws():
    """Means, variances and the share of every outcome, far closer than random numbers would come."""
    from scipy.stats import qmc

    u = qmc.Sobol(1, bits=52, seed=np.random.default_rng(3)).random(2**14)[:, 0]
    for source, mean, variance in (
        (normal(variance=0.7), 0, 0.7),
        (uniform(variance=0.7), 0, 0.7),
        (exponential(variance=0.7), 0, 0.7),
        (rademacher(variance=0.7), 0, 0.7),
        (bernoulli(0.3), 0.3, 0.21),
        (finite([1.0, 2.0, 5.0], [0.5, 0.3, 0.2]), 2.1, 2.29),
    ):
        values = source.from_uniform(u)
        assert values.mean() == pytest.approx(mean, abs=2e-3), source.family
        assert values.var() == pytest.approx(variance, rel=5e-3), source.family


def test_the_interval_covers_as_often_as_it_says():
    """60 runs at level 0.05 with 2^8 points: about 3 miss; 12 or more would be a chance of 4 · 10^-5."""
    missed = 0
    for seed in range(60):
        run = quasi_monte_carlo._Run(noise_check(normal, 4, wrong=(), tolerance=0.5), Options(seed=seed, level=0.05))
        run.quantile = 2.0395  # of one look
        run._extend(2**8)
        mean, half = run._interval(0)
        missed += abs(mean - run.claims.judged.closed) > half
    assert missed < 12


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_label_that_depends_on_the_noise_is_seen(seed):
    """The cross term 2E[yn]ᵀw vanishes for labels apart from the noise alone."""
    check = dataclasses.replace(noise_check(normal, wrong=()), variables=lambda n, e: {"y": e + 0.2 * n[:, 0]})
    assert check.run(Options(seed=seed)).verdict == "refuted"
