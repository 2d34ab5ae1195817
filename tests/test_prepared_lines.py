"""A prepared line has the bits that Reader finds: on every node of the notation and on every sampled part of the checks."""

from pathlib import Path

import numpy as np
import pytest
import test_values_on_draws as nodes

from proofsheet import (
    E,
    define,
    dimension,
    matrix,
    norm2,
    parameter,
    random_scalar,
    random_vector,
    scripts,
    sgn,
    vector,
)
from proofsheet.monte_carlo.backends import backend
from proofsheet.numeric.chunks import random_variables_of
from proofsheet.numeric.draws import Instance, Reader
from proofsheet.numeric.prepared_lines import prepared

m, alpha = dimension("m"), parameter("alpha")
w, A, x, y, z = vector("w", m), matrix("A", m, m), random_vector("x", m), random_scalar("y"), random_scalar("z")
loss = define("loss", E((x.T @ w - y) ** 2), of=w)
length = define("length", alpha * norm2(w) + 1, of=w)
shifted = define("shifted", x + w)
INSTANCE = Instance({"m": 3}, {"alpha": 0.7}, {"w": [0.5, -1.25, 2.0], "A": np.arange(9.0).reshape(3, 3) / 7})
LINES = (
    loss(w) + alpha * norm2(w),
    loss(2 * w) - 3 * loss(A @ w) * length(w),
    loss(w) * length(A.T @ w) / alpha,
    E(norm2(A @ x - w)) / 3,
    -E(y * z) * (w.T @ A @ w),
    E(x.T @ A @ shifted * y**3),
    E(sgn(x).T @ (A @ x)) + E(y) * alpha**2,
    alpha * norm2(w),
)
SCRIPTS = Path(__file__).resolve().parent.parent / "numeric_checks"


def draws_of(rows):
    random = np.random.default_rng(rows)
    return {
        "x": random.standard_normal((rows, 3)),
        "y": random.standard_normal(rows),
        "z": random.standard_normal(rows),
    }


def same_bits(line, instance, *several):
    at = instance.places(line)
    read = prepared(line, at, Reader(instance, {}))
    for draws in several:
        expected, _ = Reader(instance, draws)(line, at)
        found = read(draws)
        assert found.shape == expected.shape
        assert found.tobytes() == expected.tobytes()


@pytest.mark.parametrize("line", LINES, ids=str)
def test_lines(line):
    same_bits(line, INSTANCE, draws_of(5), draws_of(400))


@pytest.mark.parametrize("name", nodes.PER_DRAW)
def test_every_node(name):
    line, _ = nodes.PER_DRAW[name]
    same_bits(line, nodes.INSTANCE, nodes.DRAWS, {key: values[:3] for key, values in nodes.DRAWS.items()})


@pytest.mark.parametrize(
    "name", ["gaussian_noise_mse", "multi_output_noise_mse", "correlated_noise_mse", "ensemble_error"]
)
def test_every_part_of_a_check(name):
    device = backend("numpy")
    for check in scripts.load(SCRIPTS / f"{name}.py").check.checks.values():
        random, rows = device.random(np.random.SeedSequence(3)), 2 * check.design.block(check.sources)
        drawn = list(check.design.drawn(check.sources, random, rows, device.xp))
        draws = random_variables_of(check, drawn[-1])
        for part, of_draws in zip(
            check.sampled_claims.parts, check.sampled_claims.prepared(check.instance, device), strict=True
        ):
            assert of_draws(draws).tobytes() == part.per_draw(check.instance, draws).tobytes()
