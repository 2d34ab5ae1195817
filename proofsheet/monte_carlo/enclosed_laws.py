"""Laws of finitely many outcomes with exact probabilities: what independent sources make, all outcomes of it, as intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.enclosures import Arithmetic, Enclosed
from proofsheet.monte_carlo.sources import Source

MOST_OUTCOMES = 4096  # some 10 µs for each operation on each

Atom = tuple[Fraction, Fraction]  # a value and its probability


@dataclass(frozen=True)
class ExactLaw:
    """outcomes    {name: array of Fractions of shape (K, ...)}
    weights     K Fractions with the sum 1
    """

    outcomes: Mapping[str, object]
    weights: tuple[Fraction, ...]

    def __len__(self) -> int:
        return len(self.weights)

    def enclosed(self, arithmetic: Arithmetic) -> EnclosedLaw:
        return EnclosedLaw(
            {name: arithmetic.enclosed(values) for name, values in self.outcomes.items()},
            arithmetic.enclosed(np.array(self.weights, dtype=object)),
        )


@dataclass(frozen=True)
class EnclosedLaw:
    """The same, as intervals."""

    outcomes: Mapping[str, Enclosed]
    weights: Enclosed

    def mean(self, values: Enclosed) -> Enclosed:
        """Σ_k weight_k values_k over the first axis, which is kept."""
        weights = self.weights.reshape((-1,) + (1,) * (values.ndim - 1))
        return (weights * values).sum(axis=0, keepdims=True)


def exact_law(sources: Mapping[str, Source]) -> ExactLaw:
    """All outcomes of independent sources. ScriptError where they are not finitely many, or more than 4096.

    A float stands for the very number that it is: bernoulli(0.7) keeps with a probability that is not 7/10. Where that
    matters, bernoulli(Fraction(7, 10)).
    """
    atoms = {name: _atoms(name, source) for name, source in sources.items()}
    entries = [(name, atoms[name]) for name, source in sources.items() for _ in range(prod(source.shape))]
    count = prod(len(each) for _, each in entries)
    if not sources or count > MOST_OUTCOMES:
        raise ScriptError(f"{count} outcomes; an enclosure sums over 2 to {MOST_OUTCOMES}: choose smaller dimensions")
    rows = list(product(*(each for _, each in entries)))
    weights = tuple(prod((weight for _, weight in row), start=Fraction(1)) for row in rows)
    outcomes, place = {}, 0
    for name, source in sources.items():
        size = prod(source.shape)
        values = np.array([[value for value, _ in row[place : place + size]] for row in rows], dtype=object)
        outcomes[name] = values.reshape(count, *source.shape)
        place += size
    return ExactLaw(outcomes, weights)


def _atoms(name: str, source: Source) -> tuple[Atom, ...]:
    """The values of one entry and their probabilities."""
    if source.family == "bernoulli" and source.keep is not None:
        keep = source.exact_keep or Fraction(source.keep)
        return (Fraction(1), keep), (Fraction(0), 1 - keep)
    if source.family == "rademacher":
        return (Fraction(source.scale), Fraction(1, 2)), (-Fraction(source.scale), Fraction(1, 2))
    if source.family == "finite":
        weights = [Fraction(weight) for weight in source.weights]
        pairs = zip(source.values, weights, strict=True)
        return tuple((Fraction(value), weight / sum(weights)) for value, weight in pairs)
    raise ScriptError(
        f"{name} is {source.family}, with more outcomes than can be summed over; bernoulli, rademacher and finite have few"
    )
