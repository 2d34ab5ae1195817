"""What a gradient check differentiates: a script's function of constants, by one of them, at points that are drawn.

The values of the function and of lines are arrays over the function's own entries, then those of the variable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.arrays import float_array
from proofsheet.monte_carlo.finite_laws import FiniteLaw
from proofsheet.notation.functions import Derivative
from proofsheet.notation.indices import Distinct, Index
from proofsheet.notation.scope import free_indices
from proofsheet.notation.tree import Element, Node
from proofsheet.notation.variables import Constant
from proofsheet.numeric.calls import fits, signature_of
from proofsheet.numeric.draws import Instance, as_matrices, entries_of
from proofsheet.numeric.line_values import value_under
from proofsheet.numeric.rational_values import rational_array, rational_value

Array = NDArray[Any]  # of floats, or of fractions


@dataclass(frozen=True)
class Point:
    """One instance, in floats and as the fractions that these floats are."""

    floats: Instance
    fractions: Instance


def points_of(
    draw: Callable[..., Mapping[str, Any]] | None, count: int, seed: int, constants: Mapping[str, Any], rest: Instance
) -> list[Point]:
    """`count` points, each with `constants` and what is drawn anew for it. Raises ScriptError for what is no number."""
    if count < 1:
        raise ScriptError("a gradient check takes at least one point")
    if draw is None:
        return [_point(constants, rest)]
    generator = np.random.default_rng(seed)
    try:
        signature_of(draw, "draw").bind(generator)
    except TypeError:
        raise ScriptError("draw of a gradient check takes one argument: draw(generator) -> {name: array}") from None
    drawn = [draw(generator) for _ in range(count)]
    for one in drawn:
        if not isinstance(one, Mapping):
            raise ScriptError(f"draw of a gradient check gives {{name: array}}, not {type(one).__name__}")
    return [_point({**constants, **one}, rest) for one in drawn]


def _point(constants: Mapping[str, Any], rest: Instance) -> Point:
    floats = {name: float_array(name, value)[()] for name, value in constants.items()}
    fractions = {name: rational_array(value)[()] for name, value in constants.items()}
    parameters = {name: float_array(name, value).item() for name, value in rest.parameters.items()}
    exact = {name: rational_array(value).item() for name, value in rest.parameters.items()}
    return Point(
        Instance(rest.dimensions, parameters, floats, rest.functions),
        Instance(rest.dimensions, exact, fractions, rest.functions),
    )


def variable_of(left: Node, by: Node | None) -> tuple[Constant, tuple[Index, ...]]:
    """The variable and the indices of its entry: read from a left side that is one derivative, else from `by`."""
    if isinstance(left, Derivative):
        if by is not None and by != (left.variable[left.indices] if left.indices else left.variable):
            raise ScriptError(f"the theorem's left side  {left}  is no derivative by {by}")
        return left.variable, left.indices
    variable, indices = (by.args[0], by.indices) if isinstance(by, Element) else (by, ())
    if not isinstance(variable, Constant):
        raise ScriptError(
            f"the left side  {left}  is not one derivative; say by what it is differentiated: by=w, or by=w[k]"
            if by is None
            else f"by= is a declared scalar, vector or matrix, or an entry of one, not {by}"
        )
    return variable, indices


@dataclass(frozen=True)
class Differentiated:
    """A function, the variable by which it is differentiated, and the free indices of the theorem's left side."""

    function: Callable[..., Any]
    variable: Constant
    indices: tuple[Index, ...]  # of the variable's entry
    entries: tuple[Index, ...]  # the other free indices, alphabetically: the axes of what the function gives
    assumptions: tuple[Any, ...]
    law: FiniteLaw | None

    @classmethod
    def of(cls, theorem: Any, function: Callable[..., Any], by: Node | None, law: FiniteLaw | None) -> Differentiated:
        signature_of(function, "function")
        variable, indices = variable_of(theorem.left, by)
        entries = sorted(free_indices(theorem.left) - set(indices), key=lambda index: index.name)
        return cls(function, variable, indices, tuple(entries), tuple(theorem.assumptions), law)

    # ---- the function ----

    def require_value(self, point: Point) -> None:
        """Raises ScriptError where the function cannot be had at a point: arguments, shape, numbers."""
        name, constants = self.variable.name, point.floats.constants
        if name not in constants:
            raise ScriptError(f"the numeric check gives no value for {name}, by which it differentiates")
        as_matrices(name, np.asarray(constants[name])[None], self.size(point))  # raises where it has another shape
        value = _called(self.function, self._arguments(point.floats, constants))
        self._require_shape(value, point.floats)
        if not np.isfinite(value).all():
            raise ScriptError("function is not finite at a point; choose points where it is")

    def size(self, point: Point) -> tuple[int, int]:
        """Rows and columns of the variable."""
        rows, columns = (point.floats.size(size) for size in self.variable.shape)
        return rows, columns

    def places(self, point: Point) -> list[tuple[int, ...]]:
        return list(np.ndindex(self.size(point)))

    def entry(self, instance: Instance, point: Point, place: tuple[int, ...]) -> Any:
        """The number that is displaced."""
        return np.asarray(instance.constants[self.variable.name]).reshape(self.size(point))[place]

    def moved(self, instance: Instance, point: Point, direction: Array, dtype: Any) -> Callable[[Any], Array]:
        """step ↦ the function where the variable has moved by step · direction, a rows × columns array."""
        name = self.variable.name
        start = np.asarray(instance.constants[name], dtype=dtype)

        def value(step: Any) -> Array:
            moved = start.reshape(self.size(point)) + step * direction
            arguments = self._arguments(instance, {**instance.constants, name: moved.reshape(start.shape)[()]})
            found = np.asarray(self.function(**arguments))
            self._require_shape(found, instance)
            return found

        return value

    def unit(self, point: Point, place: tuple[int, ...], dtype: Any = float) -> Array:
        """1 at one place of the variable, 0 elsewhere."""
        found = np.zeros(self.size(point), dtype=dtype)
        found[place] = 1
        return found

    def _arguments(self, instance: Instance, constants: Mapping[str, Any]) -> dict[str, Any]:
        """All constants, and those parameters and dimensions that the function asks for by name."""
        asked = signature_of(self.function, "function").parameters
        others = {**instance.dimensions, **instance.parameters}
        return {**{name: value for name, value in others.items() if name in asked}, **constants}

    def _require_shape(self, value: Array, instance: Instance) -> None:
        expected = self._own_shape(instance)
        if value.shape != expected:
            raise ScriptError(f"function gives an array of shape {value.shape}, not {expected}")

    def _own_shape(self, instance: Instance) -> tuple[int, ...]:
        return tuple(instance.size(index.dimension) for index in self.entries)

    # ---- lines ----

    def chosen(self, point: Point) -> NDArray[np.bool_]:
        """The entries that the theorem is about: where it assumes i ≠ j, those with i = j are left out."""
        pairs = [one.args for one in self.assumptions if isinstance(one, Distinct)]
        places = entries_of((*self.entries, *self.indices), point.floats)
        kept = [all(at[i] != at[j] for i, j in pairs if i in at and j in at) for at in places]
        if not any(kept):
            raise ScriptError("no entry is left where the theorem's indices differ; choose larger dimensions")
        own = self._own_shape(point.floats)
        rows, columns = self.size(point)
        return np.broadcast_to(np.array(kept).reshape(*own, -1), (*own, rows * columns))

    def line(self, line: Node, point: Point) -> tuple[Array, Array]:
        """The values of a line in floats, and bounds on how they were rounded."""
        found = [value_under(line, point.floats, self.law, at) for at in self._places_of(line, point)]
        values, errors = [one.value for one in found], [one.error for one in found]
        return self._as_entries(line, values, point), self._as_entries(line, errors, point)

    def rational_line(self, line: Node, point: Point) -> Array:
        """The values of a line in fractions. Raises NotRational."""
        found = [rational_value(line, point.fractions, at) for at in self._places_of(line, point)]
        return self._as_entries(line, found, point)

    def _places_of(self, line: Node, point: Point) -> list[dict[Index, int]]:
        free = (*self.entries, *self.indices)
        stray = free_indices(line) - set(free)
        if stray:
            raise ScriptError(f"the index {min(i.name for i in stray)} is free in  {line}, not in the derivative")
        return list(entries_of(free, point.floats))

    def _as_entries(self, line: Node, found: list[Array], point: Point) -> Array:
        expected = (1, 1) if self.indices else self.size(point)
        if found[0].shape != expected:
            sizes = [f"{rows} × {columns}" for rows, columns in (found[0].shape, expected)]
            raise ScriptError(f"the line  {line}  is {sizes[0]}, the derivative is {sizes[1]}")
        return np.stack(found).reshape(*self._own_shape(point.floats), -1)


def _called(function: Callable[..., Any], values: Mapping[str, Any]) -> NDArray[np.float64]:
    """function(**values) as a float array; ScriptError where it does not take these names or gives no numbers."""
    if not fits(function, "function", tuple(values)):
        takes, given = ", ".join(signature_of(function, "function").parameters), ", ".join(values)
        raise ScriptError(f"function takes ({takes}); it is called with ({given}), by name")
    found = function(**values)
    try:
        return np.asarray(found, dtype=float)
    except (TypeError, ValueError):
        raise ScriptError(f"function gives {type(found).__name__}, not an array of numbers") from None
