"""Are the labels true? Both sides of every pair at many points, by evaluation alone: no kernel, no SymPy.

A true pair agrees at every point where both sides are defined; a wrong line differs by a clear margin at one at least; a
conditional pair agrees under its condition, and without it differs, or loses its meaning, somewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from random import Random
from typing import Any

import numpy as np

from battery.evaluation import Array, Environment, Undefined, value
from battery.pairs import Claim, Pair
from proofsheet.exact_models.models import Statement
from proofsheet.exact_models.supply import models_of
from proofsheet.kernel.reasons import Independence, Moment
from proofsheet.notation.indices import Distinct
from proofsheet.notation.scope import free_indices
from proofsheet.notation.tree import Parameter

AGREE, DIFFER = 1e-6, 1e-3  # relative; between the two nothing is concluded
SPECIAL = (0.0, 1.0, -1.0)
ROUNDS, ENOUGH = 24, 14
Law = Callable[[Environment], None]


@dataclass(frozen=True)
class Look:
    """What was seen of a claim: points where both sides agree, differ, where one side or both have no value."""

    agree: int = 0
    differ: int = 0
    undefined: int = 0
    meaningless: int = 0
    unclear: int = 0

    @property
    def objects(self) -> bool:
        return bool(self.differ or self.undefined or self.meaningless)


def look(claim: Claim, law: Law | None, special: bool = False) -> Look:
    """Both sides at a dozen environments or more (all free indices); stops at the first difference."""
    counts = dict.fromkeys(("agree", "differ", "undefined", "meaningless", "unclear"), 0)
    seen = 0
    for seed in range(ROUNDS):
        for environment in environments(claim, law, seed, special):
            seen += 1
            for at in positions(claim, environment):
                counts[compared(claim, environment, at)] += 1
            if counts["differ"]:
                return Look(**counts)
        if seen >= ENOUGH:
            break
    return Look(**counts)


def compared(claim: Claim, environment: Environment, at: Any) -> str:
    """agree, differ, undefined (one side only), meaningless (both sides), unclear."""
    sides = [_value_or_none(line, environment, at) for line in (claim.left, claim.right)]
    if any(side is None for side in sides):
        return "meaningless" if sides[0] is None and sides[1] is None else "undefined"
    scale = max(1.0, *(float(np.abs(side).max()) for side in sides))
    distance = float(np.abs(sides[0] - sides[1]).max()) / scale
    return "agree" if distance < AGREE else "differ" if distance > DIFFER else "unclear"


def _value_or_none(line: Any, environment: Environment, at: Any) -> Array | None:
    try:
        return value(line, environment, at)
    except Undefined:
        return None


def positions(claim: Claim, environment: Environment) -> Iterator[dict[Any, int]]:
    """Every value of the free indices that the cited conditions i ≠ j allow."""
    indices = sorted(free_indices(claim.left) | free_indices(claim.right), key=str)
    apart = [reason.args for reason in claim.by if isinstance(reason, Distinct)]
    for values in product(*(range(environment.size(index.dimension)) for index in indices)):
        at = dict(zip(indices, values, strict=True))
        if all(at.get(i) is None or at.get(j) is None or at[i] != at[j] for i, j in apart):
            yield at


# ---- points ---------------------------------------------------------------------------------------------------


def environments(claim: Claim, law: Law | None, seed: int, special: bool) -> Iterator[Environment]:
    """Models of what is cited, at several sizes; real parameters of either sign where no moment speaks of them."""
    random, statement = (
        Random(seed),
        statement_of(claim) if law is None else Statement((claim.left, claim.right), (), ()),
    )
    parameters = set().union(*(line.atoms(Parameter) for line in (claim.left, claim.right)))
    for model in models_of(statement, random):
        environment = Environment(
            model.dimensions,
            {name: float(number) for name, number in model.parameters.items()},
            {name: _array(matrix) for name, matrix in model.constants.items()},
            _law(model.space),
            random,
            {name: _array(matrix).shape for _, outcome in model.space[:1] for name, matrix in outcome.items()},
        )
        _turn_signs(environment, parameters, claim, random)
        if special:
            yield from _special_points(environment, parameters)
            continue
        if law is not None:
            try:
                law(environment)
            except Undefined:
                continue
            _check_law(claim, environment)
        yield environment


def statement_of(claim: Claim) -> Statement:
    """The independence and the moments that the claim cites, for the builder of models."""
    independence = tuple(one.blocks for one in claim.by if isinstance(one, Independence))
    moments = tuple((one.left, one.right, one.conditions) for one in claim.by if isinstance(one, Moment))
    return Statement((claim.left, claim.right), independence, moments)


def _array(matrix: Any) -> Array:
    return np.array([[float(entry) for entry in row] for row in matrix])


def _law(space: Any) -> Any:
    law = [(float(chance), {name: _array(matrix) for name, matrix in drawn.items()}) for chance, drawn in space]
    return lambda: law


def _turn_signs(environment: Environment, parameters: set[Any], claim: Claim, random: Random) -> None:
    tied = {leaf.name for one in claim.by if isinstance(one, Moment) for leaf in one.right.atoms(Parameter)}
    for one in sorted(parameters, key=str):
        if one.domain == "real" and one.name not in tied and random.random() < 0.5:
            environment.parameters[one.name] *= -1


def _special_points(environment: Environment, parameters: set[Any]) -> Iterator[Environment]:
    """The same environment with one parameter at 0, ±1 or at another's value, where its domain allows that."""
    before = dict(environment.parameters)
    for one in sorted(parameters, key=str):
        others = [before[other.name] for other in parameters if other != one]
        for number in (*SPECIAL, *others, *(-number for number in others)):
            if _allowed(one.domain, number):
                environment.parameters = {**before, one.name: number}
                yield environment
    environment.parameters = before


def _allowed(domain: str, number: float) -> bool:
    return {"real": True, "nonnegative": number >= 0, "positive": number > 0, "unit": 0 < number < 1}[domain]


class LawMismatch(Exception):
    """A law given by hand does not have the moments that its pair cites."""


def _check_law(claim: Claim, environment: Environment) -> None:
    """Raises LawMismatch unless a law given by hand has the cited moments and independence."""
    for one in claim.by:
        if isinstance(one, Independence):
            _check_independence(one, environment)
        if isinstance(one, Moment):
            cited = Claim(one.left, one.right, one.conditions)
            for at in positions(cited, environment):
                sides = value(one.left, environment, at), value(one.right, environment, at)
                if float(np.abs(sides[0] - sides[1]).max()) > 1e-6 * max(1.0, float(np.abs(sides[0]).max())):
                    raise LawMismatch(f"{one.left} = {one.right} at {at}: {sides}")


def _check_independence(cited: Independence, environment: Environment) -> None:
    def chance(of: Callable[[Any], bool]) -> float:
        return sum(one for one, drawn in environment.law() if of(drawn))

    def agrees(drawn: Any, other: Any, block: Any) -> bool:
        return all(np.array_equal(drawn[member.name], other[member.name]) for member in block)

    drawn_blocks = [[drawn for _, drawn in environment.law()]] * len(cited.blocks)
    for chosen in product(*drawn_blocks):
        pairs = list(zip(chosen, cited.blocks, strict=True))
        joint = chance(lambda drawn, pairs=pairs: all(agrees(drawn, one, block) for one, block in pairs))
        apart = prod(chance(lambda drawn, one=one, block=block: agrees(drawn, one, block)) for one, block in pairs)
        if abs(joint - apart) > 1e-9:
            raise LawMismatch(f"not independent: {cited.blocks}")


# ---- verdicts on labels ---------------------------------------------------------------------------------------


def doubts(pair: Pair) -> list[str]:
    """What evaluation has against the labels of a pair, or could not check; empty where all is well."""
    if pair.without is not None:
        return _doubts_of_conditional(pair)
    found = _doubts_of_true(pair.claim, pair, f"{pair.subject}.{pair.name}")
    for one in pair.wrong:
        seen = look(Claim(pair.claim.left, one.line, pair.claim.by), pair.law)
        if not seen.differ:
            found.append(f"{pair.subject}.{pair.name}: wrong line ({one.mistake}) never differs: {seen}")
    return found


def _doubts_of_true(claim: Claim, pair: Pair, name: str) -> list[str]:
    seen = look(claim, pair.law)
    if seen.differ or seen.unclear:
        return [f"{name}: labelled true and differs: {seen}"]
    if seen.agree < 3:
        return [f"{name}: not checked: {seen}"]
    return []


def _doubts_of_conditional(pair: Pair) -> list[str]:
    assert pair.without is not None
    name = f"{pair.subject}.{pair.name}"
    found = _doubts_of_true(pair.claim, pair, f"{name} (given)")
    if not look(pair.without, pair.law_without).objects and not look(pair.without, None, special=True).objects:
        found.append(f"{name} (without): nothing is seen to go wrong")
    return found
