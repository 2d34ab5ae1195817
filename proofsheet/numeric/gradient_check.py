"""A check of a derivative: the function that is differentiated, against the theorem's closed form of its gradient.

The function is written by the check, from its definition; gradient_methods.py tells how its derivatives are found. Every
entry is compared with the line by itself, so that an error in one tiny entry of a large gradient is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proofsheet.derivation import WrongVariant
from proofsheet.errors import ScriptError
from proofsheet.kernel.theorem import Theorem
from proofsheet.monte_carlo.product_laws import finite_law
from proofsheet.monte_carlo.rounding import EPSILON
from proofsheet.monte_carlo.sources import Source
from proofsheet.notation.tree import Node
from proofsheet.numeric.checks import DEFAULT, CheckOfTheorem, Options, VariantSeen, require_sources, require_theorem
from proofsheet.numeric.differentiated import Differentiated, Point, points_of
from proofsheet.numeric.draws import Instance
from proofsheet.numeric.gradient_methods import EXACT, METHODS, SetAside, Slopes
from proofsheet.numeric.gradient_verdict import Compared, GradientVerdict
from proofsheet.numeric.instances import refuse_bad_instance
from proofsheet.numeric.rational_values import NotRational


@dataclass(frozen=True)
class GradientCheck(CheckOfTheorem):
    """A check of a theorem whose left side is a derivative or gradient, at some points.

    theorem     whose right side is judged
    function    function(**constants) -> what is differentiated, written from its definition: a number, or an array over
                the theorem's free indices other than those of the variable's entry (in alphabetical order); parameters
                and dimensions that it names are passed too. Where it works on fractions as well as on floats (no float
                of its own, no np.exp), nothing is rounded
    by          the variable, w for a gradient or w[k], W[i, j] for an entry; read from the theorem if its left side is
                one derivative
    draw        draw(generator) -> {name: array}: constants of one point, drawn anew for every point; away from kinks,
                with mixed signs and sizes; all constants together, in their own shapes, are what `function` takes
    points      how many points
    sources     {name: bernoulli(...), rademacher(...) or finite(...)}, where the closed form has expectations: its random
                variables, by their names; all outcomes are summed over
    wrong       the registered wrong variants: each must differ at these points, by twice the tolerance where there is one
    unseen      {mistake: why}: variants that no derivative can tell from the truth
    method      one of METHODS; the first that applies where None
    closed_form judged in place of the theorem's own right side, for testing the check itself
    dimensions, parameters, constants, functions   the rest of the instance, as Instance says
    """

    theorem: Theorem
    function: Callable[..., Any]
    by: Node | None = None
    draw: Callable[..., Mapping[str, Any]] | None = None
    points: int = 5
    sources: Mapping[str, Source] = field(default_factory=dict)
    wrong: Sequence[WrongVariant] = ()
    unseen: Mapping[str, str] = field(default_factory=dict)
    dimensions: Mapping[str, int] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    functions: Mapping[str, Any] = field(default_factory=dict)
    method: str | None = None
    seed: int = 20_250_101
    closed_form: Node | None = None

    def run(self, options: Options = DEFAULT) -> GradientVerdict:
        """Draw the points, differentiate and judge. Raises ScriptError where a point or a variant shows nothing."""
        require_theorem(self.theorem)
        require_sources(self.sources)
        require_known_mistakes(self.wrong, self.unseen)
        seed = self.seed if options.seed is None else options.seed
        rest = Instance(self.dimensions, self.parameters, {}, self.functions)
        refuse_bad_instance(self.theorem, rest)
        points = points_of(self.draw, self.points, seed, self.constants, rest)
        law = finite_law(self.sources) if self.sources else None
        subject = Differentiated.of(self.theorem, self.function, self.by, law)
        for point in points:
            refuse_bad_instance(self.theorem, point.floats)
            subject.require_value(point)
        found = _found(subject, points, self.judged, self.method)
        return GradientVerdict(
            found.right,
            found.method,
            len(points),
            None if self.draw is None else seed,
            max(one.degree for one in found.slopes),
            max(one.agreed for one in found.slopes),
            found.set_aside,
            tuple(self._seen(variant, subject, points, found) for variant in self.wrong),
        )

    def _seen(
        self, variant: WrongVariant, subject: Differentiated, points: Sequence[Point], found: _Found
    ) -> VariantSeen:
        """A variant of a line on the way is judged like one of the last: each line is equal to the derivative."""
        why = self.unseen.get(variant.mistake, "")
        if why:
            return VariantSeen(variant.mistake, False, unseen=why)
        try:
            compared = _compared(subject, variant.line, points, found.slopes)
        except ScriptError as error:
            raise ScriptError(
                f"the wrong variant ({variant.mistake}) cannot be judged: {error}; say in unseen={{...}} why, if no derivative "
                "can see it"
            ) from None
        if self.closed_form is None and found.right.agree:
            _refuse_near(compared, variant.mistake)
        return VariantSeen(variant.mistake, not compared.agree, _gap(compared, found.right))


@dataclass(frozen=True)
class _Found:
    """The slopes by the first method that applies, and the judged line beside them."""

    method: str
    slopes: Sequence[Slopes]
    right: Compared
    set_aside: Mapping[str, str]


def _found(subject: Differentiated, points: Sequence[Point], judged: Node, method: str | None) -> _Found:
    if method is not None and method not in METHODS:
        raise ScriptError(f"method={method!r} is none of {', '.join(METHODS)}")
    set_aside: dict[str, str] = {}
    for name in METHODS if method is None else (method,):
        try:
            slopes = [METHODS[name](subject, point) for point in points]
            compare = _compared_exactly if name == EXACT else _compared
            return _Found(name, slopes, compare(subject, judged, points, slopes), set_aside)
        except (SetAside, NotRational) as reason:
            set_aside[name] = str(reason)
    raise ScriptError(f"method={method!r} does not apply: {set_aside[str(method)]}")


def _compared_exactly(
    subject: Differentiated, line: Node, points: Sequence[Point], slopes: Sequence[Slopes]
) -> Compared:
    values = [subject.rational_line(line, point) for point in points]
    chosen = subject.chosen(points[0])
    return Compared(
        *(np.concatenate([one[chosen] for one in side]) for side in (_values(slopes), values, _errors(slopes)))
    )


def _compared(subject: Differentiated, line: Node, points: Sequence[Point], slopes: Sequence[Slopes]) -> Compared:
    """Exactly where slopes and line are fractions; else in floats, with the rounding of the line in the tolerance."""
    if all(slope.values.dtype == object for slope in slopes):
        try:
            return _compared_exactly(subject, line, points, slopes)
        except NotRational:
            slopes = [_rounded(slope) for slope in slopes]
    lines = [subject.line(line, point) for point in points]
    chosen = subject.chosen(points[0])
    return Compared(
        np.concatenate([one[chosen] for one in _values(slopes)]),
        np.concatenate([value[chosen] for value, _ in lines]),
        np.concatenate([(its + error)[chosen] for error, (_, its) in zip(_errors(slopes), lines, strict=True)]),
    )


def _values(slopes: Sequence[Slopes]) -> list[Any]:
    return [one.values for one in slopes]


def _errors(slopes: Sequence[Slopes]) -> list[Any]:
    return [one.errors for one in slopes]


def _rounded(exact: Slopes) -> Slopes:
    values = exact.values.astype(float)
    return Slopes(values, EPSILON * np.abs(values), exact.degree)


def _refuse_near(variant: Compared, mistake: str) -> None:
    """A wrong variant within twice the tolerance everywhere shows nothing."""
    if not variant.seen_apart:
        worst = variant.worst
        raise ScriptError(
            f"at these points the wrong variant ({mistake}) differs by {float(abs(variant.gaps[worst])):.3g} only, less than "
            f"twice the tolerance {float(variant.tolerance[worst]):.3g}; choose other points, or say in unseen={{...}} why "
            "no derivative can see it"
        )


def _gap(variant: Compared, right: Compared) -> float | None:
    """Variant − closed form at the entry where the variant is furthest off, in tolerances; None where nothing is rounded."""
    at = variant.worst
    if variant.tolerance[at] == 0:
        return None
    return float((variant.closed_form[at] - right.closed_form[at]) / variant.tolerance[at])


def require_known_mistakes(wrong: Sequence[WrongVariant], unseen: Mapping[str, str]) -> None:
    """Raises ScriptError where wrong= holds no variants, or unseen= names a mistake that is not registered."""
    if not isinstance(wrong, Sequence) or not all(isinstance(one, WrongVariant) for one in wrong):
        raise ScriptError("wrong= takes the registered variants of a proof: wrong=identity.variants")
    stray = set(unseen) - {one.mistake for one in wrong}
    if stray:
        raise ScriptError(f"unseen= names {min(stray)!r}, which is none of the wrong variants")
