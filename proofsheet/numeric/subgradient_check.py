"""A check of a subgradient: at a kink there is no derivative, but each member of the subdifferential can be told.

g is a subgradient of a convex f at w if f′(w; d) ≥ ⟨g, d⟩ for every direction d (Rockafellar 1970, theorem 23.2). Both sides
are had in fractions, nothing rounded, for all d with entries −1, 0 and 1. Those directions settle the matter where f is a
sum of functions of one entry each, such as an L1 norm; for any other f they are necessary. Where f has a derivative, d and
−d together leave the gradient alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.derivation import WrongVariant
from proofsheet.errors import ScriptError
from proofsheet.kernel.theorem import Theorem
from proofsheet.monte_carlo.exact_differences import one_sided_derivative
from proofsheet.notation.tree import Node
from proofsheet.numeric.checks import (
    DEFAULT,
    CheckOfTheorem,
    Options,
    VariantSeen,
    Verdict,
    require_theorem,
    variants_line,
)
from proofsheet.numeric.differentiated import Differentiated, Point, points_of
from proofsheet.numeric.draws import Instance
from proofsheet.numeric.gradient_check import require_known_mistakes
from proofsheet.numeric.gradient_methods import SetAside, rational
from proofsheet.numeric.gradient_verdict import points_and_seed
from proofsheet.numeric.instances import refuse_bad_instance
from proofsheet.numeric.rational_values import NotRational

Exact = NDArray[np.object_]
METHOD = "exact directional derivatives"
MOST_DIRECTIONS = 3**8


@dataclass(frozen=True)
class Kinks:
    """The directional derivatives at one point, and the entries of the variable along which there is a kink.

    directions   of shape (3ⁿ, n), with entries −1, 0 and 1
    slopes       f′(w; d) for each of them
    kinked       for each entry whether the slopes to both sides differ
    """

    directions: Exact
    slopes: Exact
    kinked: tuple[bool, ...]

    @property
    def members(self) -> list[tuple[Fraction, Fraction]]:
        """At each entry with a kink, the interval −f′(w; −eₖ) to f′(w; eₖ) of the subgradients' entries."""
        units = [_row_of(self.directions, place) for place in range(len(self.kinked)) if self.kinked[place]]
        return [(-self.slopes[-1 - at], self.slopes[at]) for at in units]

    def room(self, candidate: Exact) -> Exact:
        """f′(w; d) − ⟨g, d⟩ for each direction: negative where g is no subgradient."""
        return np.asarray(self.slopes - self.directions @ candidate, dtype=object)


@dataclass(frozen=True)
class SubgradientVerdict(Verdict):
    """Confirmed if the line is a subgradient at every point, as far as these directions tell; else refuted.

    rooms       f′(w; d) − ⟨g, d⟩ at every point in every direction
    candidate   the line's entries at the point where there is least room
    members     for each entry at a kink, of `entries` at `points` points, the interval that subgradients fill there
    """

    rooms: Exact
    candidate: Exact
    members: Sequence[tuple[Fraction, Fraction]]
    entries: int
    points: int
    seed: int | None
    variants: tuple[VariantSeen, ...] = ()

    @property
    def verdict(self) -> str:  # type: ignore[override]
        return "confirmed" if self.rooms.min() >= 0 else "refuted"

    def facts(self) -> dict[str, Any]:
        least = float(self.rooms.min())
        return {
            "method": METHOD,
            "grade": "computed",
            "variance": None,
            "judged": "least slope − gᵀd",
            "estimate": least,
            "interval": [least, least],
            "closed_form": float(self.candidate[0]),
            "samples": len(self.rooms),
            "tolerance": 0.0,
            "detectable": 0.0,
            "alpha": 0.0,
            "seed": self.seed,
        }

    def __str__(self) -> str:
        least, (low, high) = self.rooms.min(), self.members[0]
        said = "is a subgradient" if least >= 0 else "is no subgradient"
        return "\n    ".join(
            [
                f"{self.verdict} by {METHOD} (computed)",
                f"the right side g {said}: f′(w; d) − ⟨g, d⟩ is at least {float(least):.6g} in fractions, in "
                f"{len(self.rooms)} directions at {points_and_seed(self.points, self.seed)}",
                f"{len(self.members)} of {self.entries} entries are at a kink: each number in an interval belongs to a "
                f"subgradient there, at the first from {float(low):.6g} to {float(high):.6g}; why that one, no check tells",
                variants_line(self.variants),
            ]
        )


@dataclass(frozen=True)
class SubgradientCheck(CheckOfTheorem):
    """A check that a theorem's right side is a subgradient of a convex function where it has no derivative.

    The fields are those of GradientCheck. `function` works on fractions and gives a number; it is convex, and along each
    ray straight or a polynomial near the points; `draw` gives points of which some entries are at a kink; the variable has
    few entries, for 3ⁿ directions are tried.
    """

    theorem: Theorem
    function: Callable[..., Any]
    by: Node | None = None
    draw: Callable[..., Mapping[str, Any]] | None = None
    points: int = 5
    wrong: Sequence[WrongVariant] = ()
    unseen: Mapping[str, str] = field(default_factory=dict)
    dimensions: Mapping[str, int] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    functions: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 20_250_101
    closed_form: Node | None = None

    def run(self, options: Options = DEFAULT) -> SubgradientVerdict:
        """Draw the points and judge. Raises ScriptError for a function that is not convex, or points without a kink."""
        require_theorem(self.theorem)
        require_known_mistakes(self.wrong, self.unseen)
        seed = self.seed if options.seed is None else options.seed
        rest = Instance(self.dimensions, self.parameters, {}, self.functions)
        refuse_bad_instance(self.theorem, rest)
        points = points_of(self.draw, self.points, seed, self.constants, rest)
        for point in points:
            refuse_bad_instance(self.theorem, point.floats, at_kinks=True)
        subject = Differentiated.of(self.theorem, self.function, self.by, None)
        kinks = [_kinks(subject, point) for point in points]
        if not any(any(one.kinked) for one in kinks):
            raise ScriptError(
                "no point has a kink; a subgradient check is for those that have, GradientCheck for others"
            )
        candidates = [_candidate(subject, self.judged, point) for point in points]
        rooms = [one.room(candidate) for one, candidate in zip(kinks, candidates, strict=True)]
        confirmed = bool(np.concatenate(rooms).min() >= 0)
        tightest = min(range(len(points)), key=lambda number: rooms[number].min())
        return SubgradientVerdict(
            np.concatenate(rooms),
            candidates[tightest],
            [interval for one in kinks for interval in one.members],
            sum(len(one.kinked) for one in kinks),
            len(points),
            None if self.draw is None else seed,
            tuple(self._seen(variant, subject, points, kinks, confirmed) for variant in self.wrong),
        )

    def _seen(
        self,
        variant: WrongVariant,
        subject: Differentiated,
        points: Sequence[Point],
        kinks: Sequence[Kinks],
        confirmed: bool,
    ) -> VariantSeen:
        why = self.unseen.get(variant.mistake, "")
        if why:
            return VariantSeen(variant.mistake, False, unseen=why)
        rooms = [one.room(_candidate(subject, variant.line, point)) for one, point in zip(kinks, points, strict=True)]
        refuted = bool(np.concatenate(rooms).min() < 0)
        if not refuted and confirmed and self.closed_form is None:
            raise ScriptError(
                f"at these points the wrong variant ({variant.mistake}) is a subgradient too; choose other points, or say in "
                "unseen={...} why no subgradient can tell"
            )
        return VariantSeen(variant.mistake, refuted)


def _candidate(subject: Differentiated, line: Node, point: Point) -> Exact:
    try:
        return subject.rational_line(line, point).ravel()
    except NotRational as why:
        raise ScriptError(f"a subgradient is judged in fractions, but {why}") from None


def _kinks(subject: Differentiated, point: Point) -> Kinks:
    subject.require_value(point)
    if subject.entries:
        raise ScriptError("a subgradient check is for functions that give one number")
    size = subject.size(point)
    count = size[0] * size[1]
    if 3**count > MOST_DIRECTIONS:
        raise ScriptError(
            f"{subject.variable.name} has {count} entries, too many for 3ⁿ directions; choose smaller dimensions"
        )
    directions = np.array(list(product((-1, 0, 1), repeat=count)), dtype=object)
    entries = np.asarray(point.fractions.constants[subject.variable.name]).ravel()
    slopes = np.array([_slope(subject, point, one.reshape(size), entries) for one in directions], dtype=object)
    bends = slopes + slopes[::-1]  # the directions in reverse are their negatives
    if bends.min() < 0:
        raise ScriptError(
            "the function is not convex: to both sides of a point it bends down, so that it has no subgradient"
        )
    return Kinks(directions, slopes, tuple(bool(bends[_row_of(directions, place)] > 0) for place in range(count)))


def _row_of(directions: Exact, place: int) -> int:
    """Where among the directions the unit vector of an entry stands."""
    unit = np.arange(directions.shape[1]) == place
    return int(np.flatnonzero((directions == unit).all(axis=1))[0])


def _slope(subject: Differentiated, point: Point, direction: Exact, entries: Exact) -> Fraction:
    """f′(w; d), with steps that are small beside every entry that is not 0."""
    smallest = min((abs(one) for one in entries if one), default=Fraction(1))
    try:
        found = one_sided_derivative(rational(subject.moved(point.fractions, point, direction, object)), smallest)
    except SetAside as why:
        raise ScriptError(f"a subgradient is judged in fractions, but {why}") from None
    if found is None:
        raise ScriptError("along some direction the function is neither straight nor a polynomial near a point")
    return Fraction(found.value.item())
