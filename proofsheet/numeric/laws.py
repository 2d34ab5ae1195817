"""The law of a theorem's random variables, from the rules of the sources that they are made of; the left side under it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.backends import NUMPY
from proofsheet.monte_carlo.finite_laws import FiniteLaw
from proofsheet.monte_carlo.product_laws import Rule, joint
from proofsheet.monte_carlo.rounding import EPSILON, ROUNDINGS, Rounded
from proofsheet.notation.tree import Node
from proofsheet.numeric.calls import called
from proofsheet.numeric.draws import Reader, all_random_variables
from proofsheet.numeric.estimand import require_scalar
from proofsheet.numeric.line_values import value_under

if TYPE_CHECKING:
    from proofsheet.numeric.numeric_check import NumericCheck


def law_of(check: NumericCheck, rules: Mapping[str, Rule]) -> FiniteLaw:
    """The joint law of the theorem's random variables where each source's entries have these rules."""
    law = joint({name: (source.shape, rules[name]) for name, source in check.sources.items()})
    outcomes, errors = dict(law.outcomes), dict(law.errors)
    for name, made in _made(check, law).items():
        outcomes[name], errors[name] = made.value, made.error
    names = check.random_names
    return FiniteLaw(
        {name: values for name, values in outcomes.items() if name in names},
        law.weights,
        law.roundings,
        {name: error for name, error in errors.items() if name in names},
    )


def _made(check: NumericCheck, law: FiniteLaw) -> dict[str, Rounded]:
    """What `variables` makes of the sources, with the errors that it passes on."""
    if check.variables is None:
        return {}
    made = variables_of(check, law.outcomes)
    try:
        with np.errstate(all="ignore"):
            carried = {name: Rounded(law.outcomes[name], law.errors[name]) for name in law.outcomes}
            rounded = called(check.variables, "variables", carried, check.instance, NUMPY)
    except ScriptError:  # an operation that Rounded has no rule for
        rounded = {}
    return {name: _followed(value, rounded.get(name)) for name, value in made.items()}


def _followed(value: NDArray[np.float64], rounded: Any) -> Rounded:
    """The value with the error that was followed through `variables`; as of ROUNDINGS roundings where it was not."""
    if isinstance(rounded, Rounded) and rounded.shape == value.shape and np.isfinite(rounded.error).all():
        return Rounded(value, rounded.error + np.abs(value - rounded.value))
    return Rounded(value, ROUNDINGS * EPSILON * np.abs(value))


def variables_of(check: NumericCheck, values: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    """variables(**sources) as float arrays. Raises ScriptError where it gives anything else, or other sizes."""
    if check.variables is None:
        return {}
    found = called(check.variables, "variables", values, check.instance, NUMPY)
    if not isinstance(found, Mapping):
        raise ScriptError(f"variables gives {type(found).__name__}, not {{name: array}}")
    made = {}
    for name, value in found.items():
        made[name] = _numbers(f"variables: {name} is", value)
        if not np.isfinite(made[name]).all():
            raise ScriptError(f"variables: some of the numbers of {name} are not finite")
    return made


def _numbers(what: str, value: Any) -> NDArray[np.float64]:
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ScriptError(f"{what} {type(value).__name__}, not an array of numbers") from None


def random_variables(check: NumericCheck, values: Mapping[str, Any]) -> dict[str, Any]:
    """The theorem's random variables, from the values of the sources."""
    return {
        name: value for name, value in {**values, **variables_of(check, values)}.items() if name in check.random_names
    }


def refuse_bad_functions(check: NumericCheck) -> None:
    """Two draws, before thousands: raises ScriptError where variables or left_side cannot be called, or give no numbers.

    Every random variable of the theorem must be among them, in its own shape.
    """
    require_scalar(check.theorem.left)
    random = NUMPY.random(np.random.SeedSequence(0))
    draws = random_variables(check, {name: source.draw(random, 2) for name, source in check.sources.items()})
    reader = Reader(check.instance, draws)
    for one in all_random_variables(check.theorem.left) | all_random_variables(check.theorem.right):
        reader(one, {})
    left_values(check, draws, 2)


def left_values(
    check: NumericCheck, values: Mapping[str, Any], rows: int, entries: tuple[int, ...] = ()
) -> NDArray[np.float64]:
    """left_side(**random variables), a finite number for each row; an array of shape `entries` where that is given."""
    found = called(check.left_side, "left_side", values, check.instance, NUMPY)
    left = _numbers("left_side gives", found)
    refuse_other_shape(left.shape, (rows, *entries))
    if not np.isfinite(left).all():
        raise ScriptError("left_side is not finite for some outcomes; choose smaller numbers")
    return left


def refuse_other_shape(found: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    """Raises ScriptError where left_side keeps another shape than one value for each draw."""
    if found == wanted:
        return
    each = f"an array of shape {wanted[1:]}" if wanted[1:] else "one number"
    advice = "" if len(found) == len(wanted) else "; sum over axis=1, for example, not over all"
    raise ScriptError(
        f"left_side gives an array of shape {found}, not {wanted}: {each} for each of {wanted[0]} draws, which are the first "
        f"axis{advice}"
    )


def line_under(check: NumericCheck, line: Node, law: FiniteLaw) -> Rounded:
    """The value of a line of the theorem. Raises ScriptError where it is no scalar, or cannot be read."""
    require_scalar(line)
    return value_under(line, check.instance, law)[0, 0]
