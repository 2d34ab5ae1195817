"""Values of functions and their derivatives on arrays: from a closed form, or from callables that the check gives.

    functions={"A": (value, first, second)}     a function of one scalar and its derivatives; each takes an array of any
                                                shape, entry by entry
    functions={"C": (value, gradient)}          of one vector or matrix
    functions={"C": (value, {1: by_first, (1, 2): mixed})}
                                                of several arguments: derivatives by position, as in C.partial(1)

A callable of the last two kinds takes its arguments at one point, each in its own shape (a float, (m,), (q, m)), and gives
a number, or a gradient of the shape of the argument. Callables take and give NumPy arrays, whatever the backend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.backends import NUMPY
from proofsheet.monte_carlo.finite_differences import derivative, is_resolved
from proofsheet.monte_carlo.rounding import EPSILON, ROUNDINGS, Rounded, plain
from proofsheet.notation.functions import ARGUMENT, Function
from proofsheet.notation.tree import ONE, SCALAR, Shape
from proofsheet.numeric.closed_forms import derivative_of, value_of

Array = NDArray[np.float64]
Evaluate = Callable[[Sequence[Array]], Array]  # arguments over draws to values over draws


def function_value(
    function: Function,
    orders: tuple[int, ...],
    arguments: Sequence[Any],
    callables: Mapping[str, Any],
    exact: bool,
    device: Any = NUMPY,
) -> Any:
    """A function, differentiated by the arguments at positions `orders` (from 0), at arrays of shape (N, rows, columns).

    With `exact` the arguments are `Rounded`, and so is the value. Raises ScriptError where the check gives no callable,
    one that is not the derivative it should be, or where the value is not finite.
    """
    if function.closed_form is not None and function.name in callables:
        raise ScriptError(f"{function} has the closed form {function.closed_form}; functions={{...}} gives it another")
    with np.errstate(all="ignore"):  # what is not finite is refused below
        if function.closed_form is None:
            on_host = arguments if exact else [device.to_host(argument) for argument in arguments]
            value = _opaque_value(function, orders, on_host, callables, exact)
            value = value if exact else device.array(value)
        else:
            value = value_of(derivative_of(function.closed_form, len(orders)), {ARGUMENT: arguments[0]}, exact, device)
    if not device.xp.isfinite(plain(value)).all():
        where = float(abs(plain(arguments[0])).max())
        raise ScriptError(
            f"{_described(function, orders)} is not finite in floating point at this instance (arguments up to "
            f"{where:.3g} in size); choose smaller numbers"
        )
    return value


def _described(function: Function, orders: tuple[int, ...]) -> str:
    if function.is_entrywise:
        return f"{function}{'′' * len(orders)}"
    return f"{function}{''.join(f'.partial({order + 1})' for order in orders)}"


# ---- opaque functions ------------------------------------------------------------------------------------------


def _opaque_value(
    function: Function, orders: tuple[int, ...], arguments: Sequence[Any], callables: Mapping[str, Any], exact: bool
) -> Any:
    chosen = callable_for(function, orders, callables)
    if function.is_entrywise:
        evaluate = _entry_by_entry(function, orders, chosen)
        if orders:
            before = _entry_by_entry(function, orders[1:], callable_for(function, orders[1:], callables))
            _refuse_wrong_derivative(function, len(orders), before, evaluate, plain(arguments[0]))
    else:
        evaluate = _point_by_point(function, orders, chosen)
    value = evaluate([plain(argument) for argument in arguments])
    if not exact:
        return value
    passed_on = _passed_on(evaluate, arguments, function.is_entrywise)
    return Rounded(value, passed_on + ROUNDINGS * EPSILON * np.abs(value))


def callable_for(function: Function, orders: tuple[int, ...], callables: Mapping[str, Any]) -> Callable[..., Any]:
    if function.name not in callables:
        raise ScriptError(
            f"the numeric check gives no callable for the function {function}; write functions={{{function.name!r}: ...}}"
        )
    given = callables[function.name]
    value, *derivatives = given if isinstance(given, (tuple, list)) else (given,)
    table: dict[tuple[int, ...], Any] = {(): value}
    for number, one in enumerate(derivatives, 1):
        if isinstance(one, Mapping):
            table |= {key if isinstance(key, tuple) else (key,): by for key, by in one.items()}
        elif len(function.shapes) == 1:
            table[(1,) * number] = one
        else:
            raise ScriptError(
                f"functions[{function.name!r}]: {function} has several arguments; its derivatives are given by position, "
                "(value, {1: by_first, 2: by_second})"
            )
    found = table.get(tuple(order + 1 for order in orders))
    if not callable(found):
        raise ScriptError(f"functions[{function.name!r}] gives no callable for {_described(function, orders)}")
    return found


def _entry_by_entry(function: Function, orders: tuple[int, ...], chosen: Callable[..., Any]) -> Evaluate:
    def evaluate(arguments: Sequence[Array]) -> Array:
        (argument,) = arguments
        value = np.asarray(chosen(argument), dtype=float)
        if value.shape not in (argument.shape, ()):
            raise ScriptError(
                f"the callable for {_described(function, orders)} works entry by entry; it made shape {value.shape} of "
                f"{argument.shape}"
            )
        return np.broadcast_to(value, argument.shape)

    return evaluate


def _point_by_point(function: Function, orders: tuple[int, ...], chosen: Callable[..., Any]) -> Evaluate:
    """The callable takes one point at a time; the arguments are arrays over draws."""

    def evaluate(arguments: Sequence[Array]) -> Array:
        shape = arguments[orders[0]].shape[1:] if len(orders) == 1 else (1, 1)
        count = max(argument.shape[0] for argument in arguments)
        points = zip(*(np.broadcast_to(one, (count, *one.shape[1:])) for one in arguments), strict=True)
        return np.stack([at_point(point, shape) for point in points])

    def at_point(point: Sequence[Array], shape: tuple[int, ...]) -> Array:
        natural = [natural_argument(one, declared) for one, declared in zip(point, function.shapes, strict=True)]
        value = np.asarray(chosen(*natural), dtype=float)
        if tuple(n for n in value.shape if n > 1) != tuple(n for n in shape if n > 1):
            raise ScriptError(
                f"the callable for {_described(function, orders)} gave shape {value.shape}, not {shape[0]} × {shape[1]}"
            )
        return value.reshape(shape)

    return evaluate


def natural_argument(point: Array, declared: Shape) -> Any:
    """A scalar as a float, a column as (m,), a matrix as it is."""
    if declared == SCALAR:
        return point.item()
    return point[:, 0] if declared[1] == ONE else point


def _passed_on(evaluate: Evaluate, arguments: Sequence[Any], is_entrywise: bool) -> Array:
    """To first order, what the errors of the arguments do to the value: Σ |∂f/∂aₖ| error(aₖ), slopes by differences."""
    total = np.zeros((1, 1, 1))
    for position, argument in enumerate(arguments):
        if not argument.error.any():
            continue
        size, (_, rows, columns) = np.abs(argument.value), argument.shape
        if not is_entrywise:
            size = size.max(axis=(1, 2), keepdims=True)
        step = EPSILON ** (1 / 3) * np.maximum(1.0, size)
        units = np.ones((1, 1, 1, 1)) if is_entrywise else np.eye(rows * columns).reshape(-1, 1, rows, columns)
        for unit in units:
            up, down = ([plain(one) for one in arguments] for _ in range(2))
            up[position], down[position] = argument.value + unit * step, argument.value - unit * step
            error = argument.error if is_entrywise else (argument.error * unit).sum(axis=(1, 2), keepdims=True)
            total = total + np.abs(evaluate(up) - evaluate(down)) / (2 * step) * error
    return total


def _refuse_wrong_derivative(function: Function, order: int, before: Evaluate, given: Evaluate, points: Array) -> None:
    """A Taylor remainder takes away what its derivatives put in, so that nothing else would notice a wrong one."""
    sample = points.ravel()[:: max(1, points.size // 50)]
    scale = np.maximum(1.0, np.abs(sample))
    slope, error = derivative(lambda h: before([sample + h * scale]))
    slope, error = slope / scale, error / scale
    claimed = given([sample])
    allowed = error + ROUNDINGS * EPSILON * np.abs(claimed)
    wrong = is_resolved(slope, error) & (np.abs(claimed - slope) > allowed)
    if wrong.any():
        k = int(np.argmax(wrong))
        raise ScriptError(
            f"functions[{function.name!r}]: item {order} is not the derivative of item {order - 1}: at {sample[k]:.6g} it "
            f"gives {claimed[k]:.6g}, differences give {slope[k]:.6g}"
        )
