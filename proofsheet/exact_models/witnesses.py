"""Can the assumptions of a theorem hold at all? A model for them at small dimensions and random parameters.

A theorem whose assumptions contradict each other is true of nothing. Here a finite probability space is built that
satisfies them exactly, and every assumption is then evaluated on it; or a negative pivot shows that none exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random

from proofsheet.exact_models.evaluate import scalar_value
from proofsheet.exact_models.limits import Limit
from proofsheet.exact_models.model import Model
from proofsheet.exact_models.models import Attempt, attempt
from proofsheet.exact_models.statements import Statement, names_of
from proofsheet.notation.scope import Names
from proofsheet.notation.tree import Dimension, Parameter

SIZES = (1, 2, 3, 5)
SCALES = (Fraction(1), Fraction(1, 64), Fraction(8), Fraction(-1), Fraction(-1, 8))  # signs are for real parameters
JUST_OUTSIDE = Fraction(1, 10**9)


@dataclass
class Report:
    """The verdict on a set of assumptions and what it rests on.

    verdict: witness; contradiction (none at any point, each with a certificate); unstated limit (none at some points);
    limit not confirmed (a stated limit is not sharp or not true); none found.
    """

    verdict: str
    attempts: list[Attempt] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    message: str = ""


def witness_report(statement: Statement, seed: int = 0) -> Report:
    """Look for witnesses at n = 1, 2, 3, 5 and random points of the declared domains, and confirm the stated limits.

    The question is whether the assumptions can hold; side conditions, which leave out points where all constants are 0, say
    where the theorem speaks.
    """
    random = Random(seed)
    statement = replace(statement, nonzero=(), nonnegative=())
    names = names_of(statement)
    attempts = list(_attempts(statement, names, random))
    report = Report(_overall(attempts), attempts)
    failing = next((one for one in attempts if one.model is None), None)
    if failing is not None:
        report.message = _placed(failing)
        if report.verdict == "unstated limit":
            report.message += "; state where they hold, for example limits = (between(lower, parameter, upper),)"
        return report
    for limit in statement.limits:
        confirmed, text = _confirm(statement, names, limit, random)
        report.limits.append(text)
        if not confirmed:
            report.verdict, report.message = "limit not confirmed", text
    return report


def contradiction_in(statement: Statement, seed: int = 0) -> str:
    """Why nothing satisfies the assumptions, where `witness_report` says contradiction; else empty.

    Cheaper than the report: the first point without a certificate settles that there is none.
    """
    statement = replace(statement, nonzero=(), nonnegative=())
    shown = ""
    for one in _attempts(statement, names_of(statement), Random(seed)):
        if one.certificate is None:
            return ""
        shown = shown or _placed(one)
    return shown


def _attempts(statement: Statement, names: Names, random: Random) -> Iterator[Attempt]:
    """Every size at every scale; one of the scales with all constants 0."""
    for dimensions in _dimension_choices(names):
        for scale in SCALES:
            parameters = _parameters(names, statement.limits, dimensions, scale, random)
            yield attempt(statement, names, dimensions, parameters, random, constants_zero=scale == SCALES[-1])


def _placed(failing: Attempt) -> str:
    return f"at {failing}" if failing.dimensions or failing.parameters else str(failing)


def _overall(attempts: list[Attempt]) -> str:
    verdicts = {one.verdict for one in attempts}
    if verdicts == {"witness"}:
        return "witness"
    if verdicts == {"none exists"}:
        return "contradiction"
    return "unstated limit" if "none exists" in verdicts else "none found"


# ---- points ---------------------------------------------------------------------------------------------------


def points(
    names: Names, limits: Iterable[Limit], random: Random
) -> Iterator[tuple[dict[str, int], dict[str, Fraction]]]:
    """Dimensions and parameters to look at, different dimensions with different sizes."""
    for dimensions in _dimension_choices(names):
        yield dimensions, _parameters(names, limits, dimensions, SCALES[0], random)


def _dimension_choices(names: Names) -> Iterator[dict[str, int]]:
    """1, 2, 3 and 5; several dimensions get different sizes, so that no matrix is square by accident."""
    dimensions = sorted({node.name for node in names.of_kind(Dimension)})
    if not dimensions:
        yield {}
        return
    for start in range(len(SIZES)):
        yield {name: SIZES[(start + shift) % len(SIZES)] for shift, name in enumerate(dimensions)}


def _parameters(
    names: Names, limits: Iterable[Limit], dimensions: Mapping[str, int], scale: Fraction, random: Random
) -> dict[str, Fraction]:
    """A random point; a real parameter is scaled against the others, so that its limits come to light."""
    values = {node.name: _in_domain(node.domain, scale, random) for node in names.of_kind(Parameter)}
    for limit in limits:
        ends = _ends(limit, dimensions, values)
        if ends is not None:
            lower, upper = ends
            values[limit.parameter.name] = lower + (upper - lower) * Fraction(random.randint(0, 12), 12)
    return values


def _in_domain(domain: str, scale: Fraction, random: Random) -> Fraction:
    size = Fraction(random.randint(1, 9), random.randint(1, 4))
    if domain == "unit":
        return Fraction(random.choice([1, 2, 4, 5]), random.choice([6, 7, 11]))
    return size * (scale if domain == "real" else abs(scale))


def _in(domain: str, value: Fraction) -> bool:
    lowest = {"real": None, "nonnegative": Fraction(0), "positive": Fraction(0), "unit": Fraction(0)}[domain]
    above = lowest is None or value > lowest or (value == 0 and domain == "nonnegative")
    return above and (domain != "unit" or value < 1)


def _ends(
    limit: Limit, dimensions: Mapping[str, int], values: Mapping[str, Fraction]
) -> tuple[Fraction, Fraction] | None:
    """The two ends at a point; None where a bound divides by zero and the limit says nothing."""
    model = Model(dimensions, values, {})
    try:
        return scalar_value(limit.lower, model), scalar_value(limit.upper, model)
    except ZeroDivisionError:
        return None


def _confirm(statement: Statement, names: Names, limit: Limit, random: Random) -> tuple[bool, str]:
    """A stated limit is sharp: witnesses at both ends, and just outside a pivot that fails, at every size."""
    shown = []
    for dimensions in _dimension_choices(names):
        values = _parameters(names, statement.limits, dimensions, SCALES[0], random)
        ends = _ends(limit, dimensions, values)
        if ends is None:
            continue
        at_size = ", ".join(f"{name} = {size}" for name, size in dimensions.items())
        for end, step, side in ((ends[0], -JUST_OUTSIDE, "below"), (ends[1], JUST_OUTSIDE, "above")):
            at_end = attempt(statement, names, dimensions, {**values, limit.parameter.name: end}, random)
            if at_end.model is None:
                return False, f"{limit.describe()} is not confirmed at {at_size}: at the end {at_end}"
            if not _in(limit.parameter.domain, end + step):
                continue  # the declared domain ends here too
            beyond = attempt(statement, names, dimensions, {**values, limit.parameter.name: end + step}, random)
            if beyond.certificate is None:
                return False, f"{limit.describe()} is not confirmed at {at_size}: just {side} {end} {beyond}"
            shown.append(f"{at_size}, {limit.parameter.name} just {side} {end}: {beyond.certificate.in_words}")
    return True, f"{limit.describe()}: witnesses at both ends; just outside none exists:\n  " + "\n  ".join(shown)
