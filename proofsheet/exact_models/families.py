"""Exponential families in a model: the law of T is the one at θ, and A is known by its derivatives there.

T has density h(t) exp(θt − A(θ)) near θ exactly if the derivatives of A at θ are the cumulants of T, and the law moves
with θ. Every finite law is a member of such a family, so a model has one as soon as it has a law of T.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from math import comb
from typing import Any

from proofsheet.exact_models.model import Family, Model, ModelError
from proofsheet.exact_models.opaque import MOST_CUMULANTS, log_partition

Named = tuple[Any, Any, Any]  # statistic, natural parameter, log-partition function


def with_families(model: Model, families: Iterable[Named], free: Fraction = Fraction(1)) -> Model:
    """The model with A made from the law of T, for each family whose T has a law in it; A(θ) itself is free."""
    found, functions = [], dict(model.functions)
    known = model.space[0][1] if model.space else {}
    for statistic, parameter, function in families:
        if statistic.name in known:
            at = model.constants[parameter.name][0][0]
            found.append(Family(statistic.name, parameter.name, function.name, at))
            functions[function.name] = log_partition(at, _law(model, statistic), free)
    return replace(model, families=tuple(found), functions=functions)


def is_of_family(model: Model, family: Named) -> bool:
    """Whether A′, A″, … at θ are the cumulants of T, by E[Tⁿ] = Σ C(n − 1, k − 1) A⁽ᵏ⁾(θ) E[Tⁿ⁻ᵏ], up to a high order.

    Raises ModelError where they are, and the model does not say that the law moves with θ.
    """
    statistic, parameter, function = family
    if function.name not in model.functions:
        raise ModelError(f"the model does not know the function {function}")
    law, at = _law(model, statistic), model.constants[parameter.name][0][0]
    moments = [sum((p * t**n for p, t in law), Fraction(0)) for n in range(MOST_CUMULANTS + 1)]
    derived = [model.functions[function.name].value((0,) * n, [[[at]]])[0][0] for n in range(MOST_CUMULANTS + 1)]
    for n in range(1, MOST_CUMULANTS + 1):
        if moments[n] != sum(comb(n - 1, k - 1) * derived[k] * moments[n - k] for k in range(1, n + 1)):
            return False
    if Family(statistic.name, parameter.name, function.name, at) not in model.families:
        raise ModelError(f"how the law of {statistic} moves with {parameter} is not known")
    return True


def _law(model: Model, statistic: Any) -> list[tuple[Fraction, Fraction]]:
    return [(p, outcome[statistic.name][0][0]) for p, outcome in model.law(frozenset({statistic.name}))]


__all__ = ["is_of_family", "with_families"]
