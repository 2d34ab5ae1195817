"""Arrays of intervals: every entry holds the number that it stands for, to as many digits as are asked for.

The intervals are those of mpmath. Its sums, products, quotients and roots round outwards; what it gives for exp, log, sin
and cos is widened here by 32 units in the last place, for those are rounded in the right direction only almost always.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from math import isfinite
from threading import RLock
from typing import Any

import numpy as np
from mpmath.ctx_iv import MPIntervalContext
from mpmath.libmp import to_float
from numpy.lib.mixins import NDArrayOperatorsMixin

from proofsheet.errors import ScriptError

GRADE = "interval"
ONE_AT_A_TIME = (
    RLock()
)  # mpmath keeps constants such as log 2 in tables that two threads could spoil; hold it to compute

Cells = Any  # an array of intervals, dtype object


class Arithmetic:
    """Intervals with so many decimal digits; its precision is its own, nobody else's changes with it."""

    def __init__(self, digits: int) -> None:
        self.digits = digits
        self.context = MPIntervalContext()
        self.context.dps = digits
        tiny = Fraction(32, 2**self.context.prec)
        self._slack = self.between(1 - tiny, 1 + tiny)

    def number(self, value: Any) -> Any:
        """One interval around an int, a float, a Fraction, or what is one already. ScriptError for anything else."""
        if isinstance(value, self.context.mpf):
            return value
        if isinstance(value, (float, np.floating)):
            if not isfinite(value):
                raise ScriptError("some of the numbers are not finite")
            return self.context.mpf(float(value))
        if isinstance(value, (int, np.integer, np.bool_)):
            return self.context.mpf(int(value))
        if isinstance(value, Fraction):
            return self.context.mpf(value.numerator) / self.context.mpf(value.denominator)
        raise ScriptError(f"an interval is made of a number or a Fraction, not of {value!r}")

    def between(self, low: Any, high: Any) -> Any:
        """The interval from the low end of one number to the high end of another."""
        return self.context.mpf([self.number(low).a, self.number(high).b])

    def enclosed(self, values: Any) -> Enclosed:
        """An array of numbers as intervals."""
        if isinstance(values, Enclosed):
            return values
        return Enclosed(_each(self.number, np.asarray(values)), self)

    def elementary(self, function: Callable[[Any], Any]) -> Callable[[Cells], Cells]:
        """exp, log, sin or cos of the context, entry by entry, widened."""
        return lambda cells: _each(lambda cell: function(cell) * self._slack, cells)


class Enclosed(NDArrayOperatorsMixin):
    """An array of intervals. NumPy's operators and the functions of `_RULES` work on it; others raise TypeError."""

    def __init__(self, cells: Cells, arithmetic: Arithmetic) -> None:
        self.cells, self.arithmetic = np.asarray(cells, dtype=object), arithmetic

    @property
    def shape(self) -> tuple[int, ...]:
        return self.cells.shape

    @property
    def ndim(self) -> int:
        return self.cells.ndim

    @property
    def T(self) -> Enclosed:
        return self._same(self.cells.T)

    def sum(self, axis: Any = None, keepdims: bool = False) -> Enclosed:
        return self._same(np.sum(self.cells, axis=axis, keepdims=keepdims))

    def reshape(self, *shape: Any) -> Enclosed:
        return self._same(self.cells.reshape(*shape))

    def swapaxes(self, first: int, second: int) -> Enclosed:
        return self._same(self.cells.swapaxes(first, second))

    def __getitem__(self, places: Any) -> Enclosed:
        return self._same(self.cells[places])

    def hull(self, other: Enclosed) -> Enclosed:
        """Entry by entry, the stretch from the one to the other."""
        return self._same(np.frompyfunc(self._hull, 2, 1)(self.cells, other.cells))

    def _hull(self, one: Any, other: Any) -> Any:
        return self.arithmetic.between(min(one.a, other.a), max(one.b, other.b))

    def within(self, size: Any) -> Enclosed:
        """Entry by entry, what lies in [−size, size] too. ScriptError where nothing does."""
        return self._same(_each(lambda cell: self._cut(cell, self.arithmetic.number(size)), self.cells))

    def _cut(self, cell: Any, size: Any) -> Any:
        low, high = max(cell.a, -size.b), min(cell.b, size.b)
        if low > high:
            raise ScriptError(
                f"a bound of {rounded_up(size):.6g} is declared; the value is {rounded_down(abs(cell)):.6g} or more"
            )
        return self.arithmetic.between(low, high)

    def item(self) -> Any:
        """The interval of an array of one entry."""
        return self.cells.item()

    def midpoints(self) -> Any:
        """Floats near the middle of each interval."""
        return np.asarray(np.frompyfunc(lambda cell: float(cell.mid), 1, 1)(self.cells), dtype=float)

    def _same(self, cells: Any) -> Enclosed:
        return Enclosed(cells, self.arithmetic)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options or ufunc not in _RULES:
            return NotImplemented
        if ufunc is np.power and not isinstance(inputs[1], Enclosed):
            return self._same(_whole_power(*inputs))
        return self._same(_RULES[ufunc](self.arithmetic, *(self.arithmetic.enclosed(one).cells for one in inputs)))

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        if function is np.concatenate:
            return self._same(np.concatenate([self.arithmetic.enclosed(one).cells for one in arguments[0]], **options))
        if function is np.broadcast_to:
            return self._same(np.broadcast_to(self.cells, arguments[1]))
        if function is np.sum:
            return self.sum(*arguments[1:], **options)
        return NotImplemented

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError("an array of intervals is no array of floats")

    def __repr__(self) -> str:
        return f"Enclosed({self.cells})"


def _each(function: Callable[[Any], Any], values: Any) -> Cells:
    """The function of each entry, whatever the shape."""
    return np.asarray(np.frompyfunc(function, 1, 1)(values), dtype=object)


# ---- ends of one interval, as floats ---------------------------------------------------------------------------------


def rounded_down(cell: Any) -> float:
    """A float that is no larger than any number of an interval."""
    return to_float(cell._mpi_[0], rnd="f")


def rounded_up(cell: Any) -> float:
    """A float that is no smaller than any number of an interval."""
    return to_float(cell._mpi_[1], rnd="c")


def is_finite(cell: Any) -> bool:
    return all(isfinite(end) for end in (rounded_down(cell), rounded_up(cell)))


def width(cell: Any) -> float:
    return rounded_up(cell.delta)


# ---- what NumPy's functions do to intervals ---------------------------------------------------------------------------


def _whole_power(base: Any, exponent: Any) -> Cells:
    n = np.asarray(exponent)
    if n.ndim or n != int(n):
        raise ScriptError(f"an interval is raised to whole powers, not to {exponent!r}; write exp(a * log(x))")
    power = int(n)
    return _each(lambda cell: cell**power if power >= 0 else 1 / cell**-power, base.cells)


def _exp(arithmetic: Arithmetic, x: Cells) -> Cells:
    return arithmetic.elementary(arithmetic.context.exp)(x)


def _log(arithmetic: Arithmetic, x: Cells) -> Cells:
    if any(not cell.a > 0 for cell in x.ravel()):
        raise ScriptError("the logarithm of a number that is not known to be positive")
    return arithmetic.elementary(arithmetic.context.log)(x)


def _root(arithmetic: Arithmetic, x: Cells) -> Cells:
    if any(not cell.a >= 0 for cell in x.ravel()):
        raise ScriptError("the square root of a number that is not known to be at least 0")
    return arithmetic.elementary(arithmetic.context.sqrt)(x)


def _log_of_sum(arithmetic: Arithmetic, *exponents: Cells) -> Cells:
    return _log(arithmetic, reduce(np.add, (_exp(arithmetic, x) for x in exponents)))


def _tanh(arithmetic: Arithmetic, x: Cells) -> Cells:
    return 1 - 2 / (_exp(arithmetic, 2 * x) + 1)


def _half_of_exponentials(sign: int) -> Callable[[Arithmetic, Cells], Cells]:
    """(eˣ ± e⁻ˣ)/2."""
    return lambda arithmetic, x: (_exp(arithmetic, x) + sign * _exp(arithmetic, -x)) / 2


_RULES: dict[Any, Callable[..., Cells]] = {
    np.add: lambda _, a, b: a + b,
    np.subtract: lambda _, a, b: a - b,
    np.multiply: lambda _, a, b: a * b,
    np.divide: lambda _, a, b: a / b,
    np.matmul: lambda _, a, b: a @ b,
    np.negative: lambda _, a: -a,
    np.absolute: lambda _, a: _each(abs, a),
    np.power: lambda arithmetic, a, b: _exp(arithmetic, b * _log(arithmetic, a)),
    np.exp: _exp,
    np.log: _log,
    np.sqrt: _root,
    np.logaddexp: _log_of_sum,
    np.tanh: _tanh,
    np.cosh: _half_of_exponentials(1),
    np.sinh: _half_of_exponentials(-1),
    np.sin: lambda arithmetic, x: arithmetic.elementary(arithmetic.context.sin)(x),
    np.cos: lambda arithmetic, x: arithmetic.elementary(arithmetic.context.cos)(x),
}
