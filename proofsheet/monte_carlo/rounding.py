"""Arrays that carry a bound on what rounding did to them: a running error analysis.

Every operation adds the rounding of its own result to what it passes on of the errors of its operands (Higham, Accuracy
and Stability of Numerical Algorithms, 2002, section 3.3). The bounds are of first order; each rounding is counted as
`EPSILON`, twice what a correct rounding costs, and that factor of two stands for the terms of higher order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

EPSILON = float(np.finfo(float).eps)
ROUNDINGS = 64  # that a number may have gone through where they are not followed
LIBRARY = 4  # roundings of a library function such as exp or tanh

Array = NDArray[np.float64]


class Rounded(NDArrayOperatorsMixin):
    """A float array `value` whose distance from what it stands for is at most `error`, entry by entry.

    NumPy's operators and the functions of `_RULES` work on it as on an array; anything else raises TypeError. An error
    that is not finite says that nothing is known, for example after a division by what may be 0.
    """

    def __init__(self, value: Any, error: Any = 0.0) -> None:
        self.value = np.asarray(value, dtype=float)
        self.error = np.broadcast_to(np.asarray(error, dtype=float), self.value.shape)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def sum(self, axis: Any = None, keepdims: bool = False) -> Rounded:
        value = self.value.sum(axis=axis, keepdims=keepdims)
        count = self.value.size // max(value.size, 1)
        error = self.error.sum(axis=axis, keepdims=keepdims)
        return Rounded(value, error + count * EPSILON * np.abs(self.value).sum(axis=axis, keepdims=keepdims))

    def swapaxes(self, first: int, second: int) -> Rounded:
        return Rounded(self.value.swapaxes(first, second), self.error.swapaxes(first, second))

    def __getitem__(self, places: Any) -> Rounded:
        return Rounded(self.value[places], self.error[places])

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options or ufunc not in _RULES:
            return NotImplemented
        operands = [one if isinstance(one, Rounded) else Rounded(one) for one in inputs]
        with np.errstate(all="ignore"):
            value = ufunc(*(one.value for one in operands))
            return Rounded(value, _RULES[ufunc](value, *operands))

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        if function is np.concatenate:
            parts = [one if isinstance(one, Rounded) else Rounded(one) for one in arguments[0]]
            values, errors = [one.value for one in parts], [one.error for one in parts]
            return Rounded(np.concatenate(values, **options), np.concatenate(errors, **options))
        if function is np.broadcast_to:
            shape = arguments[1]
            return Rounded(np.broadcast_to(self.value, shape), np.broadcast_to(self.error, shape))
        return NotImplemented

    def __repr__(self) -> str:
        return f"{self.value} ± {self.error}"


def plain(values: Array | Rounded) -> Array:
    """The array, without its rounding error where it carries one."""
    return values.value if isinstance(values, Rounded) else values


def inverted(values: Array | Rounded) -> Array | Rounded:
    """The inverses of square matrices, the last two axes. Raises numpy.linalg.LinAlgError for a singular one.

    With X the computed inverse of M and R = I − MX, M⁻¹ − X = XR + XR² + ...: of first order |X| |R|.
    """
    if not isinstance(values, Rounded):
        return np.asarray(np.linalg.inv(values), dtype=float)
    inverse, size = np.linalg.inv(values.value), values.shape[-1]
    large = np.abs(inverse)
    residual = np.abs(np.eye(size) - values.value @ inverse)
    residual = residual + size * EPSILON * (np.abs(values.value) @ large) + values.error @ large
    converges = residual.sum(axis=-1).max() < 0.5
    return Rounded(inverse, 2 * large @ residual if converges else np.inf)


# ---- what an operation passes on, and what it adds -----------------------------------------------------------------


def _sum(value: Array, a: Rounded, b: Rounded) -> Array:
    return a.error + b.error + EPSILON * np.abs(value)


def _product(value: Array, a: Rounded, b: Rounded) -> Array:
    return np.abs(a.value) * b.error + np.abs(b.value) * a.error + a.error * b.error + EPSILON * np.abs(value)


def _matrix_product(value: Array, a: Rounded, b: Rounded) -> Array:
    large_a, large_b = np.abs(a.value), np.abs(b.value)
    passed_on = large_a @ b.error + a.error @ large_b + a.error @ b.error
    return passed_on + a.shape[-1] * EPSILON * (large_a @ large_b)


def _quotient(value: Array, a: Rounded, b: Rounded) -> Array:
    room = np.abs(b.value) - b.error
    passed_on = (a.error + np.abs(value) * b.error) / np.where(room > 0, room, np.nan)
    return _known(passed_on) + EPSILON * np.abs(value)


def _power(value: Array, a: Rounded, exponent: Rounded) -> Array:
    n = np.abs(exponent.value)
    return n * (np.abs(a.value) + a.error) ** np.maximum(n - 1, 0) * a.error + n * EPSILON * np.abs(value)


def _root(value: Array, a: Rounded) -> Array:
    passed_on = np.where(a.error > 0, a.error / np.maximum(value, np.sqrt(a.error)), 0.0)
    return np.where(np.isfinite(value), passed_on, np.inf) + EPSILON * np.abs(value)


def _sign(value: Array, a: Rounded) -> Array:
    return np.where((np.abs(a.value) > a.error) | (a.error == 0), 0.0, 2.0)


def _log_of_sum(value: Array, a: Rounded, b: Rounded) -> Array:
    size = np.maximum(np.maximum(np.abs(a.value), np.abs(b.value)), np.abs(value))
    return np.maximum(a.error, b.error) + LIBRARY * EPSILON * np.where(np.isfinite(size), size, np.abs(value))


def _library(slope: Callable[[Array, Array], Any]) -> Callable[[Array, Rounded], Array]:
    """The rule of a library function; `slope(x, value)` is the size of its derivative at x."""

    def rule(value: Array, a: Rounded) -> Array:
        passed_on = np.where(a.error > 0, slope(a.value, value) * a.error, 0.0)
        return _known(passed_on) + LIBRARY * EPSILON * np.abs(value)

    return rule


def _known(error: Array) -> Array:
    return np.where(np.isnan(error), np.inf, error)


_RULES: dict[Any, Callable[..., Array]] = {
    np.add: _sum,
    np.subtract: _sum,
    np.multiply: _product,
    np.matmul: _matrix_product,
    np.divide: _quotient,
    np.power: _power,
    np.negative: lambda value, a: a.error,
    np.absolute: lambda value, a: a.error,
    np.sign: _sign,
    np.sqrt: _root,
    np.logaddexp: _log_of_sum,
    np.exp: _library(lambda x, value: value),
    np.log: _library(lambda x, value: 1 / np.abs(x)),
    np.tanh: _library(lambda x, value: 1 - value**2),
    np.sin: _library(lambda x, value: np.abs(np.cos(x))),
    np.cos: _library(lambda x, value: np.abs(np.sin(x))),
    np.sinh: _library(lambda x, value: np.cosh(x)),
    np.cosh: _library(lambda x, value: np.abs(np.sinh(x))),
}
