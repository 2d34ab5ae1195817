"""Joint laws of independent sources: all outcomes where they are finitely many, nodes of a quadrature rule else.

Each entry of a source has a rule of its own, values and weights; the joint law is their product. A Gauss rule of n nodes is
exact for polynomials of degree 2n − 1 under the entry's law (Golub and Welsch, 1969), and is a law with finitely many
outcomes itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.densities import Density
from proofsheet.monte_carlo.finite_laws import MOST_OUTCOMES, FiniteLaw
from proofsheet.monte_carlo.rounding import EPSILON, ROUNDINGS
from proofsheet.monte_carlo.sources import Source

Array = NDArray[np.float64]
GAUSS = 4096  # roundings of a node or weight of a Gauss rule: NumPy's are right to some 1e-13
SCALED = 2  # roundings of a value: of the scale and of the product with it


@dataclass(frozen=True)
class Rule:
    """The law of one entry, or what stands for it: values and weights, and how many roundings each went through."""

    values: Array
    weights: Array
    of_values: int = 0
    of_weights: int = 1


def outcomes_of(source: Source) -> Rule | None:
    """All outcomes of one entry; None for a continuous law."""
    found = source.outcomes()
    if found is None:
        return None
    return Rule(*found, SCALED if source.family == "rademacher" else 0, ROUNDINGS if source.family == "finite" else 1)


@lru_cache(maxsize=64)
def nodes_of(source: Source, count: int) -> Rule:
    """`count` nodes for one entry of a continuous source; the law of `outcomes_of` for a finite one.

    A density takes eight times as many, and what they miss of its mass counts as an error of each weight. Raises ScriptError
    where they see nothing of it.
    """
    if (outcomes := outcomes_of(source)) is not None:
        return outcomes
    if not isinstance(source, Density):
        return Rule(*source.nodes(count), GAUSS, GAUSS)
    values, weights = source.nodes(8 * count)
    mass = float(weights.sum())
    if not mass > 0:
        raise ScriptError(f"a density on ({source.low:g}, {source.high:g}) is 0 at all nodes; narrow its interval")
    return Rule(values, weights / mass, 0, ROUNDINGS + int(abs(mass - 1) / EPSILON))


def outcome_count(rules: Mapping[str, tuple[tuple[int, ...], Rule]]) -> int:
    """How many outcomes the joint law has."""
    return prod(len(rule.values) ** prod(shape) for shape, rule in rules.values())


def why_not_finite(sources: Mapping[str, Source]) -> str:
    """Why not all outcomes of independent sources can be had; empty where they can."""
    rules = {name: outcomes_of(source) for name, source in sources.items()}
    endless = [name for name, rule in rules.items() if rule is None]
    if endless:
        return f"{', '.join(endless)} has infinitely many outcomes"
    count = outcome_count({name: (sources[name].shape, rule) for name, rule in rules.items() if rule is not None})
    if count > MOST_OUTCOMES:
        sizes = ", ".join(f"{name} {'×'.join(map(str, one.shape)) or '1'}" for name, one in sources.items())
        return f"the sources ({sizes}) have {count:.6g} outcomes together, more than {MOST_OUTCOMES}"
    return ""


def finite_law(sources: Mapping[str, Source]) -> FiniteLaw:
    """The joint law of independent sources with finitely many outcomes. Raises ScriptError for any others."""
    why = why_not_finite(sources)
    if why:
        raise ScriptError(f"{why}; bernoulli, rademacher and finite have few")
    return joint({name: (one.shape, rule) for name, one in sources.items() if (rule := outcomes_of(one)) is not None})


def joint(rules: Mapping[str, tuple[tuple[int, ...], Rule]]) -> FiniteLaw:
    """The joint law of independent sources: {name: (its shape, the rule of each entry)}."""
    entries = [(name, rule) for name, (shape, rule) in rules.items() for _ in range(prod(shape))]
    sizes = [len(rule.values) for _, rule in entries]
    digits = np.unravel_index(np.arange(prod(sizes)), sizes) if sizes else ()
    weights, roundings = np.ones(prod(sizes)), 0
    columns: dict[str, list[Array]] = {name: [] for name in rules}
    for (name, rule), digit in zip(entries, digits, strict=True):
        weights = weights * rule.weights[digit]
        roundings += rule.of_weights + 1
        columns[name].append(rule.values[digit])
    outcomes = {name: np.stack(columns[name], axis=-1).reshape(-1, *shape) for name, (shape, _) in rules.items()}
    errors = {name: rules[name][1].of_values * EPSILON * np.abs(values) for name, values in outcomes.items()}
    return FiniteLaw(outcomes, weights, roundings, errors)
