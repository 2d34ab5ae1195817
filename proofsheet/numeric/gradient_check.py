"""A check by finite differences: the function that is differentiated, against the theorem's closed form of its gradient.

The function is written by the check, from its definition. Its derivatives are extrapolated central differences, and the
tolerance of each is their own error estimate from halved steps and rounding (monte_carlo/finite_differences.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.derivation import WrongVariant
from proofsheet.errors import ScriptError
from proofsheet.kernel.theorem import Theorem
from proofsheet.monte_carlo.arrays import float_array
from proofsheet.monte_carlo.finite_differences import derivative, is_resolved
from proofsheet.monte_carlo.finite_laws import FiniteLaw
from proofsheet.notation.functions import Derivative
from proofsheet.notation.indices import Distinct, Index
from proofsheet.notation.scope import free_indices
from proofsheet.notation.tree import Element, Node
from proofsheet.notation.variables import Constant
from proofsheet.numeric.checks import DEFAULT, Check, Options, Verdict, called, require_theorem
from proofsheet.numeric.draws import Instance, as_matrices, entries_of
from proofsheet.numeric.line_values import value_under

GRADE = "finite differences"
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Compared:
    """Entries of one gradient at all points: by differences, by a line, and how far they may be apart; flat arrays."""

    differences: Array
    closed_form: Array
    tolerance: Array

    @property
    def gaps(self) -> Array:
        return self.differences - self.closed_form

    @property
    def worst(self) -> int:
        """The entry whose gap is largest beside its tolerance."""
        return int(np.argmax(np.abs(self.gaps) / np.maximum(self.tolerance, np.finfo(float).tiny)))

    @property
    def agree(self) -> bool:
        return bool((np.abs(self.gaps) <= self.tolerance).all())


@dataclass(frozen=True)
class GradientVerdict(Verdict):
    """What finite differences say: confirmed if every entry agrees at every point, else refuted."""

    right: Compared
    wrong: Compared | None
    mistake: str
    points: int

    @property
    def verdict(self) -> str:  # type: ignore[override]
        return "confirmed" if self.right.agree else "refuted"

    def facts(self) -> dict[str, Any]:
        """The numbers of the entry that agrees worst beside its tolerance."""
        worst = self.right.worst
        gap, tolerance = float(self.right.gaps[worst]), float(self.right.tolerance[worst])
        return {
            "grade": GRADE,
            "estimate": gap,
            "interval": [gap - tolerance, gap + tolerance],
            "closed_form": float(self.right.closed_form[worst]),
            "samples": len(self.right.gaps),
            "tolerance": tolerance,
            "detectable": 2 * tolerance,
            "alpha": 0.0,
            "wrong_variant_refuted": None if self.wrong is None else not self.wrong.agree,
        }

    def __str__(self) -> str:
        worst = self.right.worst
        text = (
            f"{self.verdict} ({GRADE}): left − right = {self.right.gaps[worst]:+.3g}, tolerance "
            f"{self.right.tolerance[worst]:.2g} from halved steps, closed form {self.right.closed_form[worst]:.6g}, at the "
            f"worst of {len(self.right.gaps)} entries at {self.points} points"
        )
        if self.wrong is not None:
            seen = "NOT refuted" if self.wrong.agree else "refuted"
            text += f"\n    wrong variant ({self.mistake}): {seen}, left − variant = {self.wrong.gaps[self.wrong.worst]:+.6g}"
        return text


@dataclass(frozen=True)
class GradientCheck(Check):
    """A check of a theorem whose left side is a derivative or gradient, at some points.

    theorem     whose right side is judged
    function    function(**constants) -> what is differentiated, written from its definition: a number, or an array over
                the theorem's free indices other than those of the variable's entry (in alphabetical order)
    by          the variable, w for a gradient or w[k], W[i, j] for an entry; read from the theorem if its left side is
                one derivative
    draw        draw(generator) -> {name: array}: constants of one point, drawn anew for every point; away from kinks,
                with mixed signs; all constants together, in their own shapes, are what `function` takes
    points      how many points
    law         a finite law, where the closed form has expectations
    wrong       a wrong variant that must be refuted at these points
    dimensions, parameters, constants, functions   the rest of the instance, as for EnumerationCheck
    """

    theorem: Theorem
    function: Callable[..., Any]
    by: Node | None = None
    draw: Callable[..., Mapping[str, Any]] | None = None
    points: int = 5
    law: FiniteLaw | None = None
    wrong: WrongVariant | None = None
    dimensions: Mapping[str, int] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    functions: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 20_250_101

    def run(self, options: Options = DEFAULT, closed_form: Node | None = None) -> GradientVerdict:
        """Draw the points and judge; `closed_form` in place of the theorem's own right side is for testing the check."""
        require_theorem(self.theorem)
        if self.points < 1:
            raise ScriptError("a gradient check takes at least one point")
        right = self.theorem.right if closed_form is None else closed_form
        wrong = self.wrong.line if self.wrong else None
        points = self._points(np.random.default_rng(self.seed if options.seed is None else options.seed))
        slopes = [self._slopes(instance) for instance in points]
        of_wrong = self._compared(wrong, points, slopes) if wrong is not None else None
        verdict = GradientVerdict(
            self._compared(right, points, slopes), of_wrong, self.wrong.mistake if self.wrong else "", len(points)
        )
        if closed_form is None and of_wrong is not None:
            self._refuse_bad_instance(of_wrong)
        return verdict

    def _refuse_bad_instance(self, wrong: Compared) -> None:
        """A wrong variant within twice the tolerance everywhere shows nothing."""
        gap, tolerance = abs(wrong.gaps[wrong.worst]), wrong.tolerance[wrong.worst]
        if gap < 2 * tolerance:
            raise ScriptError(
                f"at these points the wrong variant ({self.wrong.mistake if self.wrong else ''}) differs by {gap:.3g} only, "
                f"less than twice the tolerance {tolerance:.3g}; choose other points"
            )

    def _points(self, generator: np.random.Generator) -> list[Instance]:
        if self.draw is not None:
            try:
                inspect.signature(self.draw).bind(generator)
            except TypeError:
                raise ScriptError(
                    "draw of a gradient check takes one argument: draw(generator) -> {name: array}"
                ) from None
        drawn = [self.draw(generator) for _ in range(self.points)] if self.draw else [{}]
        return [self._instance({**self.constants, **point}) for point in drawn]

    def _instance(self, constants: Mapping[str, Any]) -> Instance:
        arrays = {name: float_array(name, value)[()] for name, value in constants.items()}
        return Instance(self.dimensions, self.parameters, arrays, self.functions)

    # ---- which derivative ----

    def _variable(self) -> tuple[Constant, tuple[Index, ...]]:
        left, by = self.theorem.left, self.by
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

    def _entries(self) -> tuple[Index, ...]:
        """The free indices that are not those of the variable's entry: the axes of what `function` gives."""
        return tuple(sorted(free_indices(self.theorem.left) - set(self._variable()[1]), key=lambda index: index.name))

    # ---- both sides, as arrays over the function's entries and the variable's ----

    def _slopes(self, instance: Instance) -> tuple[Array, Array]:
        variable, _ = self._variable()
        if variable.name not in instance.constants:
            raise ScriptError(f"the numeric check gives no value for {variable.name}, by which it differentiates")
        rows, columns = (instance.size(size) for size in variable.shape)
        at = as_matrices(variable.name, [instance.constants[variable.name]], (rows, columns))[0]
        shape = np.shape(instance.constants[variable.name])

        def displaced(place: tuple[int, int]) -> Callable[[float], Array]:
            def value(step: float) -> Array:
                moved = at.copy()
                moved[place] += step
                return self._function_at({**instance.constants, variable.name: moved.reshape(shape)[()]}, instance)

            return value

        found = [derivative(displaced(place), at[place]) for place in np.ndindex(rows, columns)]
        slopes, errors = (np.stack(parts, axis=-1) for parts in zip(*found, strict=True))
        if not is_resolved(slopes, errors).all():
            raise ScriptError(
                f"finite differences by {variable.name} do not settle at this point: there is a kink, a jump or a very "
                "sharp bend; choose points away from it"
            )
        return slopes, errors

    def _function_at(self, constants: Mapping[str, Any], instance: Instance) -> Array:
        value = called(self.function, "function", constants)
        expected = tuple(instance.size(index.dimension) for index in self._entries())
        if value.shape != expected:
            raise ScriptError(f"function gives an array of shape {value.shape}, not {expected}")
        return value

    def _compared(self, line: Node, points: list[Instance], slopes: list[tuple[Array, Array]]) -> Compared:
        chosen = self._chosen(points[0])
        values = [self._line_at(line, instance) for instance in points]
        return Compared(
            np.concatenate([slope[chosen] for slope, _ in slopes]),
            np.concatenate([value[chosen] for value, _ in values]),
            np.concatenate([(its + error)[chosen] for (_, its), (_, error) in zip(slopes, values, strict=True)]),
        )

    def _chosen(self, instance: Instance) -> NDArray[np.bool_]:
        """The entries that the theorem is about: where it assumes i ≠ j, those with i = j are left out."""
        pairs = [one.args for one in self.theorem.assumptions if isinstance(one, Distinct)]
        variable, indices = self._variable()
        free = (*self._entries(), *indices)
        kept = [all(at[i] != at[j] for i, j in pairs if i in at and j in at) for at in entries_of(free, instance)]
        shape = tuple(instance.size(index.dimension) for index in self._entries())
        whole = np.prod([instance.size(size) for size in variable.shape], dtype=int)
        if not any(kept):
            raise ScriptError("no entry is left where the theorem's indices differ; choose larger dimensions")
        mask = np.array(kept).reshape(*shape, -1)
        return np.broadcast_to(mask, (*shape, whole))

    def _line_at(self, line: Node, instance: Instance) -> tuple[Array, Array]:
        """A line's values and rounding bounds, as an array over the function's entries and those of the variable."""
        variable, indices = self._variable()
        expected = (1, 1) if indices else tuple(instance.size(size) for size in variable.shape)
        free = (*self._entries(), *indices)
        stray = free_indices(line) - set(free)
        if stray:
            raise ScriptError(f"the index {min(i.name for i in stray)} is free in  {line}, not in the derivative")
        found = [value_under(line, instance, self.law, at) for at in entries_of(free, instance)]
        if found[0].shape != expected:
            sizes = [f"{rows} × {columns}" for rows, columns in (found[0].shape, expected)]
            raise ScriptError(f"the line  {line}  is {sizes[0]}, the derivative is {sizes[1]}")
        shape = (*(instance.size(index.dimension) for index in self._entries()), -1)
        return np.stack([one.value for one in found]).reshape(shape), np.stack([one.error for one in found]).reshape(
            shape
        )
