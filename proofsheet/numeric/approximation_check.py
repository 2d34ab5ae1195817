"""A right side with Taylor remainders, judged without them as an approximation of the left side, in interval arithmetic.

In R(β) = quadratic + Σᵢ E[ρ₃] the remainder is what makes the equation true, and says nothing of how good the quadratic part
is. Two claims do, and nothing is sampled for either, since the left side is a sum over all outcomes of a finite law:

    the bound   left − quadratic lies in what Taylor's theorem leaves: Σᵢ A‴(uᵢ) E[Δᵢ³]/6 ± sup|A⁗| E[Δᵢ⁴]/24
    the order   left − quadratic falls as tᵖ when what the noise acts on is multiplied by t → 0

For dropout t multiplies the weights, not the probability δ: all central moments of a mask are of order δ, so that for δ → 0
the quotient quadratic/left tends to a constant that is not 1 (0.886 in logistic regression with one feature and xβ = 1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from proofsheet.derivation import WrongVariant
from proofsheet.errors import ScriptError
from proofsheet.kernel.theorem import Theorem
from proofsheet.monte_carlo.convergence import HALVINGS, LAST, digits_for, require_scales, settled
from proofsheet.monte_carlo.e_process import CONFIRMED, REFUTED, UNDECIDED
from proofsheet.monte_carlo.enclosed_laws import EnclosedLaw, ExactLaw, exact_law
from proofsheet.monte_carlo.enclosures import ONE_AT_A_TIME, Arithmetic, Enclosed, is_finite, width
from proofsheet.monte_carlo.sources import Source
from proofsheet.notation.tree import Node
from proofsheet.numeric.approximation_verdicts import (
    BoundVerdict,
    OrderVerdict,
    caught_by_order,
    ends,
    relation,
    relative,
    seen_by_bound,
    seen_by_order,
)
from proofsheet.numeric.calls import signature_of
from proofsheet.numeric.checks import DEFAULT, CheckOfTheorem, Options, VariantSeen, require_sources, require_theorem
from proofsheet.numeric.draws import Instance
from proofsheet.numeric.instances import refuse_bad_instance
from proofsheet.numeric.interval_lines import BOUNDED, DROPPED, EXACT, World, on_intervals, remainders_of

DIGITS = (50, 100, 200, 400)  # of a bound: more where the ends are not told apart


@dataclass(frozen=True)
class ApproximationCheck(CheckOfTheorem):
    """A check of a scalar theorem whose right side has Taylor remainders, at one instance.

    theorem     whose right side is judged without its remainders
    sources     {name: bernoulli(...), rademacher(...) or finite(...)}: few outcomes, all of which are summed over
    left_side   left_side(...) -> array of shape (outcomes,): what the left side is the expectation of. It takes by name what
                it needs of the sources, constants and parameters, as arrays of intervals: NumPy's operators, exp, log,
                logaddexp, sqrt, tanh, sums and the like work on them. What it does not take by name is not multiplied by t
    variables   the other random variables, {name: array}, in the same way; leave out where there are none
    order       the declared order of convergence; without it the remainder is compared with its bound at the instance
    scaled      the names of the constants or parameters that t multiplies
    suprema     {function: a bound on |A⁽ᵏ⁺¹⁾| everywhere}, for remainders of order k; without it that derivative is enclosed
                on the stretch that the outcomes reach
    halvings    t = 2⁻ᵏ for these k
    dimensions, parameters, constants, functions, indices   the instance, as Instance says. A float is the very number that it
                is, a Fraction is exact; a function has its derivatives up to those that the lines and the bound need
    wrong       the registered wrong variants, which are refuted too, or the verdict is undecided
    unseen      {mistake: why}: those that say the same without the remainder, or the same at this instance
    limits      the script's limits, identity.limits: an instance that breaks one is refused
    closed_form judged in place of the theorem's own right side, for testing the check itself
    """

    theorem: Theorem
    sources: Mapping[str, Source]
    left_side: Callable[..., Any]
    variables: Callable[..., Mapping[str, Any]] | None = None
    order: int | None = None
    scaled: str | Sequence[str] = ()
    suprema: Mapping[str, Any] = field(default_factory=dict)
    halvings: Sequence[int] = HALVINGS
    dimensions: Mapping[str, int] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    functions: Mapping[str, Any] = field(default_factory=dict)
    indices: Mapping[str, int] = field(default_factory=dict)
    wrong: Sequence[WrongVariant] = ()
    unseen: Mapping[str, str] = field(default_factory=dict)
    limits: Sequence[Any] = ()
    closed_form: Node | None = None

    seed = None

    def run(self, options: Options = DEFAULT) -> OrderVerdict | BoundVerdict:
        """Enclose and judge."""
        require_theorem(self.theorem)
        require_sources(self.sources)
        refuse_bad_instance(self.theorem, self.instance, self.limits)
        self._require_remainder()
        self._require_names()
        with ONE_AT_A_TIME:
            return self._bound() if self.order is None else self._order(self.order)

    @property
    def instance(self) -> Instance:
        return Instance(self.dimensions, self.parameters, self.constants, self.functions, self.indices)

    @cached_property
    def law(self) -> ExactLaw:
        return exact_law(self.sources)

    @property
    def scaled_names(self) -> tuple[str, ...]:
        return (self.scaled,) if isinstance(self.scaled, str) else tuple(self.scaled)

    # ---- the two claims ----

    def _bound(self) -> BoundVerdict:
        verdicts = (self._bound_with(digits) for digits in DIGITS)
        return next(one for one in verdicts if one.inside != UNDECIDED or one.digits == DIGITS[-1])

    def _bound_with(self, digits: int) -> BoundVerdict:
        arithmetic = Arithmetic(digits)
        world = self._world(arithmetic, 0, set())
        left = self._left(world)
        closed, allowed = world.value(self.judged, DROPPED), world.value(self.judged, BOUNDED)
        variants = self._variants(lambda line: seen_by_bound(left, world.value(line, BOUNDED)))
        inside = _both(relation(left, allowed), relation(world.value(self.theorem.left, EXACT), allowed))
        return BoundVerdict(
            *(_held_back(inside, variants), inside),
            *(ends(left), ends(closed), ends(left - closed), ends(allowed - closed)),
            tolerance=width(allowed) / 2,
            detectable=relative(arithmetic.number(width(allowed)), closed),
            outcomes=len(self.law),
            digits=digits,
            variants=variants,
            note=self._note(world, left),
        )

    def _order(self, order: int) -> OrderVerdict:
        require_scales(self.halvings, order)
        arithmetic = Arithmetic(digits_for(self.halvings, order))
        tested: set[tuple[str, int]] = set()
        worlds = [self._world(arithmetic, k, tested) for k in self.halvings]
        lefts = [self._left(world) for world in worlds]
        closed = [world.value(self.judged, DROPPED) for world in worlds]
        errors = [left - one for left, one in zip(lefts, closed, strict=True)]
        found = settled(arithmetic, self.halvings, errors, order)

        def seen(line: Node) -> tuple[bool, float | None]:
            pairs = zip(worlds[-LAST:], lefts[-LAST:], strict=True)
            off = [left - world.value(line, DROPPED) for world, left in pairs]
            return seen_by_order(settled(arithmetic, self.halvings[-LAST:], off, order), order)

        variants = self._variants(seen)
        pairs = zip(worlds[-LAST:], closed[-LAST:], strict=True)
        lines = [world.value(self.theorem.left, EXACT) - one for world, one in pairs]
        word = _both(found.verdict, settled(arithmetic, self.halvings[-LAST:], lines, order).verdict)
        return OrderVerdict(
            _held_back(word, variants),
            *(order, found, caught_by_order(errors[1 - LAST], closed[1 - LAST], found.step)),
            scaled=self.scaled_names,
            outcomes=len(self.law),
            digits=arithmetic.digits,
            variants=variants,
            note=self._note(worlds[0], lefts[0]),
        )

    def _variants(self, seen: Callable[[Node], tuple[bool, float | None]]) -> tuple[VariantSeen, ...]:
        return tuple(self._variant(one, seen) for one in self.wrong)

    def _variant(self, one: WrongVariant, seen: Callable[[Node], tuple[bool, float | None]]) -> VariantSeen:
        declared = self.unseen.get(one.mistake, "")
        try:
            remainders_of(one.line)
            refuted, gap = seen(one.line)
        except ScriptError as error:
            if not declared:
                raise ScriptError(
                    f"the wrong variant ({one.mistake}) cannot be read: {error}; say in unseen={{...}} why no check sees it"
                ) from None
            refuted, gap = False, None
        return VariantSeen(one.mistake, refuted, gap, "" if refuted else declared)

    # ---- what is computed for one t ----

    def _world(self, arithmetic: Arithmetic, halvings: int, tested: set[tuple[str, int]]) -> World:
        t = 2.0**-halvings
        given = {**self.constants, **self.parameters}
        numbers = {
            name: arithmetic.enclosed(value) * (t if name in self.scaled_names else 1) for name, value in given.items()
        }
        world = World(self.instance, arithmetic, self.law.enclosed(arithmetic), numbers, self.suprema, tested)
        if self.variables is None:
            return world
        made = self._by_name(self.variables, "variables", world)
        outcomes = {name: arithmetic.enclosed(values) for name, values in made.items()}
        return replace(world, law=EnclosedLaw({**world.law.outcomes, **outcomes}, world.law.weights))

    def _left(self, world: World) -> Any:
        """The left side, enclosed: the mean of left_side over all outcomes."""
        left = self._by_name(self.left_side, "left_side", world)
        if not isinstance(left, Enclosed) or left.shape != (len(self.law),):
            shape = f"shape {left.shape}" if isinstance(left, Enclosed) else type(left).__name__
            raise ScriptError(f"left_side gives {shape}, not ({len(self.law)},): one interval for each outcome")
        mean = world.law.mean(left).item()
        if not is_finite(mean):
            raise ScriptError("left_side is not finite; choose smaller numbers")
        return mean

    def _by_name(self, function: Callable[..., Any], what: str, world: World) -> Any:
        values = {**world.numbers, **world.law.outcomes}
        takes = list(signature_of(function, what).parameters)
        missing = [name for name in takes if name not in values]
        if missing:
            raise ScriptError(f"{what} takes {missing[0]}; the check has {', '.join(sorted(values))}")
        return on_intervals(lambda: function(**{name: values[name] for name in takes}), what)

    def _note(self, world: World, left: Any) -> str:
        """Where left_side is not the theorem's left side, the script is at fault."""
        line = world.value(self.theorem.left, EXACT)
        if relation(left, line) != REFUTED:
            return ""
        return (
            f"the script's left side is {float(left.mid):.8g}, the theorem's left line is {float(line.mid):.8g} at this "
            "instance: look at left_side, the sources and what is multiplied by t first"
        )

    # ---- what a script can get wrong ----

    def _require_remainder(self) -> None:
        if not remainders_of(self.theorem.right):
            raise ScriptError(
                f"the right side  {self.theorem.right}  has no remainder(...): it is no approximation, and NumericCheck "
                "compares it with all outcomes"
            )
        remainders_of(self.judged)

    def _require_names(self) -> None:
        known = {**self.constants, **self.parameters}
        unknown = [name for name in self.scaled_names if name not in known]
        if unknown:
            raise ScriptError(f"scaled={unknown[0]!r}: constants and parameters are {', '.join(known) or 'none'}")
        if bool(self.scaled_names) != (self.order is not None):
            raise ScriptError("an order is that of t → 0: order=3, scaled='beta'; a bound has neither of the two")
        foreign = set(self.unseen) - {one.mistake for one in self.wrong}
        if foreign:
            raise ScriptError(f"unseen: no wrong variant is called {min(foreign)!r}")


def _both(script: str, line: str) -> str:
    """What is said of the script's left side, unless the theorem's own left line is refuted: the script then hid that."""
    return REFUTED if script == CONFIRMED and line == REFUTED else script


def _held_back(verdict: str, variants: Sequence[VariantSeen]) -> str:
    """What confirms a mistake as well confirms nothing."""
    blind = any(not one.refuted and not one.unseen for one in variants)
    return UNDECIDED if verdict == CONFIRMED and blind else verdict
