"""The same lines and the same checks on NumPy, on arrays that meet no NumPy array, and on PyTorch where it is installed."""

import subprocess
import sys
from dataclasses import replace
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from guarded_arrays import GuardedBackend
from test_values_on_draws import DRAWS, INSTANCE, PER_DRAW, W, delta, s, v, w, y

from proofsheet import (
    NumericCheck,
    ProofsheetError,
    antithetic,
    bernoulli,
    derived,
    exp,
    exponential,
    finite,
    hadamard,
    identity,
    inverse,
    log,
    maximum,
    minimum,
    norm2,
    normal,
    orthogonal,
    plain,
    power,
    rademacher,
    trace,
    uniform,
)
from proofsheet.errors import CallError
from proofsheet.monte_carlo import backends
from proofsheet.monte_carlo.backends import NUMPY, TorchRandom, backend
from proofsheet.numeric import chunks
from proofsheet.numeric.checks import Options
from proofsheet.numeric.draws import Reader, value_per_draw
from proofsheet.scripts import load

try:
    import torch

    torch.set_num_threads(1)
except ImportError:
    torch = None

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed: pip install 'proofsheet[torch]'")
DEVICES = ["guarded", pytest.param("torch", marks=needs_torch)]
NOISE = load(Path(__file__).resolve().parent.parent / "proofs" / "gaussian_noise_mse.py")
ALPHA = 0.3


@pytest.fixture(autouse=True)
def a_device_that_guards_its_arrays(monkeypatch):
    found, guarded = backends.backend, GuardedBackend()
    monkeypatch.setattr(chunks, "backend", lambda name: guarded if name == "guarded" else found(name))


def device_called(name):
    return GuardedBackend() if name == "guarded" else backend(name)


LINES = {
    **{name: line for name, (line, _) in PER_DRAW.items()},
    "inverse": v.T @ inverse(W.T @ W + identity(w.shape[0])) @ v,
    "trace": trace(W.T @ W) * y,
    "larger and smaller": maximum(y, s) * minimum(y, delta.symbol * s),
    "elementary": exp(y) + log(2 + y**2) + power(y, w.shape[0]),
    "quotient": y / (3 + norm2(v)),
    "outer products": norm2(W @ v @ v.T + W @ hadamard(v, w) @ w.T),
}


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("device", DEVICES)
def test_lines_have_the_values_that_they_have_in_numpy(device, name):
    line, there = LINES[name], device_called(device)
    on_device = {name: there.array(values) for name, values in DRAWS.items()}
    value, _ = Reader(INSTANCE, on_device, there)(line, INSTANCE.places(line))
    expected = value_per_draw(line, INSTANCE, DRAWS)
    assert type(value) is type(there.array([1.0])), "the value is on the device"
    assert there.to_host(value)[:, 0, 0] == pytest.approx(expected, rel=1e-12)


def noise_check(m=6, design=None, left=None, **changes):
    sources = {"x": exponential(m), "n": normal(m, variance=ALPHA), "e": uniform(variance=0.25)}
    weights = np.cos(np.arange(m)) + 0.2
    spread = 2 * (ALPHA * weights @ weights) ** 2
    return NumericCheck(
        NOISE.theorem,
        sources,
        left or (lambda x, n, y, w: ((x + n) @ w - y) ** 2),
        lambda x, n, e: {"y": x[:, 0] - 0.5 * x[:, 1] + e},
        design or antithetic("n"),
        derived(spread, "fourth moments of a Gaussian"),
        0.02,
        {"m": m},
        {"alpha": ALPHA},
        {"w": weights},
        **{"wrong": NOISE.variants[:5], **changes},
    )


def found(check, device, **options):
    return check.run(Options(backend=device, level=1e-6, **options))


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("design", [antithetic("n"), orthogonal("n")])
def test_a_check_says_the_same_on_every_backend(device, design):
    """These backends take NumPy's random numbers, so that estimates differ by rounding."""
    check = noise_check(design=design)
    here, there = found(check, "numpy"), found(check, device)
    assert here.verdict == there.verdict == "confirmed"
    assert there.estimate == pytest.approx(here.estimate, rel=1e-12)
    assert there.rows == here.rows
    assert all(variant.refuted for variant in there.variants)


@pytest.mark.parametrize("device", ["numpy", *DEVICES])
def test_a_wrong_closed_form_is_refuted_on_every_backend(device):
    for variant in NOISE.variants[:4]:
        assert found(noise_check(closed_form=variant.line, wrong=()), device).verdict == "refuted"


@pytest.mark.parametrize("device", ["numpy", *DEVICES])
def test_the_same_seed_gives_the_same_bits(device):
    check = noise_check()
    first, second = (found(check, device, seed=7).estimate for _ in range(2))
    assert first == second != found(check, device, seed=8).estimate


def test_a_left_side_of_plain_arrays_runs_on_numpy_and_says_why_not_elsewhere():
    weights = np.cos(np.arange(6)) + 0.2
    check = noise_check(left=lambda x, n, y: ((weights * (x + n)).sum(axis=1) - y) ** 2)
    assert found(check, "numpy").verdict == "confirmed"
    with pytest.raises(
        CallError, match=r"left_side does not run on the backend guarded: .* def left_side\(x, y, w, xp\)"
    ):
        found(check, "guarded")


def test_the_namespace_comes_by_name():
    check = noise_check(left=lambda x, n, y, w, xp: xp.absolute((x + n) @ w - y) ** 2)
    assert found(check, "numpy").estimate == pytest.approx(found(check, "guarded").estimate, rel=1e-12)


def test_names_that_are_not_there():
    with pytest.raises(
        ProofsheetError, match=r"left_side takes \(x, n, z\); it is called by name with \(x, n, y\), and"
    ):
        found(noise_check(left=lambda x, n, z: z), "numpy")


def test_backends_that_are_not_there(monkeypatch):
    with pytest.raises(CallError, match="no backend is called 'jax'; there are numpy, torch, torch:cuda, cupy"):
        backend("jax")
    backends._other.cache_clear()
    for name, library, advice in (
        ("torch", "torch", r"needs PyTorch: pip install 'proofsheet\[torch\]'"),
        ("torch:cuda", "torch", "the backend torch:cuda needs PyTorch"),
        ("cupy", "cupy", "pip install cupy-cuda12x"),
    ):
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(CallError, match=advice):
            backend(name)


LAWS = {
    "normal": normal(3, variance=0.6),
    "rademacher": rademacher(3, variance=0.6),
    "uniform": uniform(3, variance=0.6),
    "exponential": exponential(3, variance=0.6),
    "bernoulli": bernoulli(0.3, 3),
    "finite": finite([-1.0, 0.5, 2.0], [0.3, 0.5, 0.2], 3),
}


def test_the_benchmark_prints_a_table_or_says_what_it_needs():
    script = Path(__file__).resolve().parent.parent / "benchmarks" / "gpu.py"
    found = subprocess.run([sys.executable, script, "--numbers", "1"], capture_output=True, text=True, check=False)
    assert "Traceback" not in found.stderr
    if torch is None:
        assert (found.returncode, found.stdout) == (1, "")
        assert "pip install 'proofsheet[torch]'" in found.stderr
    else:
        assert [line.split(" | ")[-1] for line in found.stdout.splitlines()[2:6]] == ["confirmed |"] * 4


@needs_torch
class TestTorch:
    """PyTorch's own random numbers, here on the processor, stand for those on a GPU."""

    @pytest.mark.parametrize("family", LAWS)
    def test_draws_have_their_moments(self, family):
        source, rows = LAWS[family], 60_000
        tensor = source.draw(TorchRandom(np.random.SeedSequence(3), torch, "cpu"), rows)
        assert tensor.dtype == torch.float64 and tuple(tensor.shape) == (rows, 3)
        drawn, (nodes, weights) = tensor.numpy(), source.nodes(8)
        for order in (1, 2, 3, 4):
            mean, square = weights @ nodes**order, weights @ nodes ** (2 * order)
            allowed = 5 * sqrt(max(0.0, square - mean**2) / drawn.size) + 1e-12
            assert abs((drawn**order).mean() - mean) <= allowed
            assert abs(((1.05 * drawn + 0.05) ** order).mean() - mean) > allowed
        apart = np.corrcoef(drawn.T) - np.eye(3)
        assert np.abs(apart).max() < 5 / sqrt(rows)

    def test_blocks_are_orthogonal(self):
        sources, m = {"n": normal(5, variance=0.6), "x": exponential(2)}, 5
        random = TorchRandom(np.random.SeedSequence(3), torch, "cpu")
        there, back = orthogonal("n").drawn(sources, random, 4 * m, torch)
        blocks = there["n"].reshape((4, m, m)).numpy()
        products = blocks @ blocks.swapaxes(1, 2)
        off = products - products * np.eye(m)
        assert np.abs(off).max() < 1e-11
        assert (there["x"] == back["x"]).all() and (there["n"] == -back["n"]).all()

    def test_estimates_on_other_random_numbers_agree_statistically(self, monkeypatch):
        check = replace(noise_check(design=plain(), m=3), variance=derived(8.0, "measured: 5.5"))
        here = found(check, "numpy")
        torch_backend = backend("torch")
        monkeypatch.setattr(torch_backend, "random", lambda seed: TorchRandom(seed, torch, "cpu"), raising=False)
        there = found(check, "torch")
        assert here.verdict == there.verdict
        spread = check.variance.bound
        assert 0 < abs(here.estimate - there.estimate) < 5 * sqrt(spread / here.rows + spread / there.rows)

    def test_a_seed_of_the_processor_has_32_bits(self):
        """Why TorchBackend takes NumPy's random numbers there; a GPU's generator reads 64."""
        one, other = (torch.Generator().manual_seed(seed) for seed in (1, 1 + 2**32))
        assert (torch.rand(5, generator=one) == torch.rand(5, generator=other)).all()
        many = {
            backend("torch").random(np.random.SeedSequence(1, spawn_key=(k,))).normal((1,)).item() for k in range(50)
        }
        assert len(many) == 50

    def test_a_gpu_that_is_not_there(self):
        if torch.cuda.is_available():
            pytest.skip("there is a GPU")
        with pytest.raises(CallError, match="finds no GPU"):
            backend("torch:cuda")

    def test_a_singular_matrix_is_refused(self):
        line = v.T @ inverse(W.T @ W) @ v
        constants = {**INSTANCE.constants, "W": np.zeros((3, 4))}
        at = INSTANCE.__class__(INSTANCE.dimensions, INSTANCE.parameters, constants)
        there = backend("torch")
        for device in (NUMPY, there):
            draws = {name: device.array(values) for name, values in DRAWS.items()}
            with pytest.raises(ProofsheetError, match="has no inverse"):
                Reader(at, draws, device)(line, {})
