"""Where random numbers and arrays live: NumPy, or an array library with the same arithmetic (PyTorch, CuPy).

Random numbers are outside the array API standard, so each backend has a small object for them. Everything else is
arithmetic by operators, by methods (reshape, swapaxes, sum, min, max, all), and by functions of the backend's namespace that
NumPy, PyTorch and CuPy have under one name. Results of a chunk come to the host as float64, where the e-process runs.

Streams differ between backends: the same seed gives the same bits on the same backend only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from proofsheet.errors import CallError

ON_A_GPU = 2**24  # numbers of one pass there, so that calls are few
NAMES = ("numpy", "torch", "torch:cuda", "cupy")


class _OfGenerator:
    """What NumPy's and CuPy's generators draw under the same names."""

    _generator: Any

    def normal(self, shape: tuple[int, ...]) -> Any:
        return self._generator.standard_normal(shape)

    def uniform(self, shape: tuple[int, ...]) -> Any:
        return self._generator.random(shape)

    def exponential(self, shape: tuple[int, ...]) -> Any:
        """With mean 1."""
        return self._generator.standard_exponential(shape)


class NumpyRandom(_OfGenerator):
    """Random arrays on the host, from SFC64; each array is new, its reader's to change."""

    def __init__(self, seed: np.random.SeedSequence) -> None:
        self._generator = np.random.Generator(np.random.SFC64(seed))

    def signs(self, shape: tuple[int, ...]) -> Any:
        """±1, one random bit each."""
        count = int(np.prod(shape))
        packed = np.frombuffer(self._generator.bytes(-(-count // 8)), dtype=np.uint8)
        bits = np.unpackbits(packed, count=count).view(np.int8)
        return np.subtract(bits + bits, 1, dtype=float).reshape(shape)

    def kept(self, shape: tuple[int, ...], keep: float) -> Any:
        """1 with probability `keep`, else 0."""
        drawn = self._generator.random(shape)
        return np.less(drawn, keep, out=drawn)

    def chosen(self, shape: tuple[int, ...], values: Sequence[float], weights: Sequence[float]) -> Any:
        """Each of `values` with its probability."""
        return _chosen(np, self._generator.random(shape), np.array(values), np.cumsum(weights)[:-1])


def _chosen(xp: Any, drawn: Any, values: Any, edges: Any) -> Any:
    return values[xp.searchsorted(edges, drawn, side="right")]


class NumpyBackend:
    name = "numpy"
    xp: Any = np  # the namespace of the array functions
    singular: type[Exception] = np.linalg.LinAlgError  # what xp.linalg.inv raises for a singular matrix
    at_once: int | None = None  # numbers of one pass; None: as many as a core's cache holds

    def random(self, seed: np.random.SeedSequence) -> NumpyRandom:
        return NumpyRandom(seed)

    def array(self, values: Any) -> Any:
        """A host array as one of this backend."""
        return np.asarray(values, dtype=float)

    def to_host(self, array: Any) -> Any:
        """An array of this backend as a float64 NumPy array."""
        return np.asarray(array, dtype=float)


NUMPY = NumpyBackend()


def backend(name: str) -> Any:
    """The backend `name`: numpy, torch, torch:cuda or cupy. Raises CallError where its library is missing."""
    if name not in NAMES:
        raise CallError(f"no backend is called {name!r}; there are {', '.join(NAMES)}")
    return NUMPY if name == "numpy" else _other(name)


@cache
def _other(name: str) -> Any:
    if name == "cupy":
        return CupyBackend(_cupy())
    torch = _torch(name)
    if name == "torch:cuda" and not torch.cuda.is_available():
        raise CallError("the backend torch:cuda finds no GPU; Options(backend='torch') computes on the processor")
    return TorchBackend(name, torch, "cuda" if name == "torch:cuda" else "cpu")


def _torch(name: str) -> Any:
    try:
        import torch
    except ImportError:
        raise CallError(f"the backend {name} needs PyTorch: pip install 'proofsheet[torch]'") from None
    return torch


def _cupy() -> Any:
    try:
        import cupy
    except ImportError:
        raise CallError(
            "the backend cupy needs CuPy, which is built for one version of CUDA: pip install cupy-cuda12x, for example"
        ) from None
    return cupy


# ---- PyTorch -------------------------------------------------------------------------------------------------------


class TorchRandom:
    """Random tensors from a torch.Generator."""

    def __init__(self, seed: np.random.SeedSequence, torch: Any, device: str) -> None:
        self._torch, self._of = torch, {"dtype": torch.float64, "device": device}
        self._generator = torch.Generator(device)
        self._generator.manual_seed(int(seed.generate_state(1, np.uint64)[0]))

    def normal(self, shape: tuple[int, ...]) -> Any:
        return self._torch.randn(shape, generator=self._generator, **self._of)

    def uniform(self, shape: tuple[int, ...]) -> Any:
        return self._torch.rand(shape, generator=self._generator, **self._of)

    def exponential(self, shape: tuple[int, ...]) -> Any:
        return self._torch.empty(shape, **self._of).exponential_(generator=self._generator)

    def signs(self, shape: tuple[int, ...]) -> Any:
        drawn = self._torch.randint(0, 2, shape, generator=self._generator, **self._of)
        drawn *= 2
        drawn -= 1
        return drawn

    def kept(self, shape: tuple[int, ...], keep: float) -> Any:
        return (self.uniform(shape) < keep).to(self._torch.float64)

    def chosen(self, shape: tuple[int, ...], values: Sequence[float], weights: Sequence[float]) -> Any:
        tensors = (self._torch.tensor(one, **self._of) for one in (values, np.cumsum(weights)[:-1]))
        return _chosen(self._torch, self.uniform(shape), *tensors)


class HostRandom:
    """NumPy's random numbers as tensors that share their memory.

    A torch.Generator on the processor reads 32 bits of its seed (1 and 1 + 2³² give the same stream), so that the streams
    of some ten thousand chunks would not be independent. On a GPU it reads 64.
    """

    def __init__(self, seed: np.random.SeedSequence, as_tensor: Callable[[Any], Any]) -> None:
        self._numpy, self._as_tensor = NumpyRandom(seed), as_tensor

    def __getattr__(self, law: str) -> Callable[..., Any]:
        draw = getattr(self._numpy, law)
        return lambda *arguments: self._as_tensor(draw(*arguments))


class TorchBackend:
    def __init__(self, name: str, torch: Any, device: str) -> None:
        self.name, self.xp, self._device = name, torch, device
        self.singular: type[Exception] = torch.linalg.LinAlgError
        self.at_once = None if device == "cpu" else ON_A_GPU

    def random(self, seed: np.random.SeedSequence) -> Any:
        if self._device == "cpu":
            return HostRandom(seed, self.xp.from_numpy)
        return TorchRandom(seed, self.xp, self._device)

    def array(self, values: Any) -> Any:
        return self.xp.tensor(np.asarray(values, dtype=float), device=self._device)

    def to_host(self, array: Any) -> Any:
        return array.detach().to("cpu", self.xp.float64).numpy()


# ---- CuPy ----------------------------------------------------------------------------------------------------------


class CupyRandom(_OfGenerator):
    """Random arrays on a GPU, from Philox."""

    def __init__(self, seed: np.random.SeedSequence, cupy: Any) -> None:
        self._cupy = cupy
        state = int(seed.generate_state(1, np.uint64)[0])
        self._generator = cupy.random.Generator(cupy.random.Philox4x3210(state))

    def signs(self, shape: tuple[int, ...]) -> Any:
        return self._generator.integers(0, 2, shape) * 2.0 - 1.0

    def kept(self, shape: tuple[int, ...], keep: float) -> Any:
        return (self.uniform(shape) < keep).astype(float)

    def chosen(self, shape: tuple[int, ...], values: Sequence[float], weights: Sequence[float]) -> Any:
        arrays = (self._cupy.asarray(one, dtype=float) for one in (values, np.cumsum(weights)[:-1]))
        return _chosen(self._cupy, self.uniform(shape), *arrays)


class CupyBackend:
    name = "cupy"
    at_once: int | None = ON_A_GPU
    singular: type[Exception] = np.linalg.LinAlgError

    def __init__(self, cupy: Any) -> None:
        self.xp = cupy

    def random(self, seed: np.random.SeedSequence) -> CupyRandom:
        return CupyRandom(seed, self.xp)

    def array(self, values: Any) -> Any:
        return self.xp.asarray(np.asarray(values, dtype=float))

    def to_host(self, array: Any) -> Any:
        return self.xp.asnumpy(array).astype(float)
