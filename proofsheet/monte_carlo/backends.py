"""Where random numbers and arrays live: NumPy, or an array library with the same arithmetic (PyTorch, CuPy).

Random numbers are outside the array API standard, so each backend has a small object for them; everything else is the
arithmetic that the arrays share. Results of a chunk come to the host as float64, where the e-process runs.
"""

from __future__ import annotations

from typing import Any

import numpy as np


class NumpyRandom:
    """Random arrays on the host, from SFC64."""

    def __init__(self, seed: np.random.SeedSequence) -> None:
        self._generator = np.random.Generator(np.random.SFC64(seed))

    def normal(self, shape: tuple[int, ...]) -> Any:
        return self._generator.standard_normal(shape)

    def uniform(self, shape: tuple[int, ...]) -> Any:
        return self._generator.random(shape)

    def exponential(self, shape: tuple[int, ...]) -> Any:
        return self._generator.standard_exponential(shape)

    def signs(self, shape: tuple[int, ...]) -> Any:
        return self._generator.integers(0, 2, shape) * 2.0 - 1.0


class NumpyBackend:
    name = "numpy"
    xp: Any = np  # the namespace of the array functions
    singular: type[Exception] = np.linalg.LinAlgError  # what xp.linalg.inv raises for a singular matrix

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
    if name == "numpy":
        return NUMPY
    raise NotImplementedError(name)
