"""Whether a row is a polynomial of the declared degree in its Gaussian and Rademacher sources, by mixed differences.

polynomial(d) bounds the kurtosis of a row by 3·9^(d−1), which is false for a polynomial of a higher degree, and for what is
no polynomial at all. Let each of d + 1 switches add a vector to the Gaussian entries and turn the signs of some Rademacher
entries, no entry of which has two switches. A monomial of degree k ≤ d is then a polynomial of degree k in the switches, for
a sign is 1 − 2ε, so that Σ (−1)^(ε₁ + ... + ε_{d+1}) row(ε) over all 2^(d+1) positions is 0. Rounding aside, what is not 0
is no polynomial of degree d; a polynomial of a higher degree gives 0 with probability 0 at Gaussian places.

One-sided: a row that is a polynomial of degree d nearly everywhere passes. What is not in a polynomial's power is refused,
not everything that is beyond it found.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError
from proofsheet.numeric.laws import left_values, random_variables

if TYPE_CHECKING:
    from proofsheet.numeric.numeric_check import NumericCheck

PLACES = 32
NUMBERS = 2**21  # at most so many numbers are drawn, and one place at least
SHOWN = 1e-6  # of the sizes of left_side and of the rows that are added up: a smaller difference may be rounding

Array = NDArray[np.float64]


def refuse_higher_degree(check: NumericCheck, degree: int) -> None:
    """Raises ScriptError where left_side minus the expectations of a line is no polynomial of this degree."""
    positions = np.array(list(product((0, 1), repeat=degree + 1)))
    numbers = len(positions) * sum(source.entries for source in check.sources.values())
    places = max(1, min(PLACES, NUMBERS // max(1, numbers)))
    values = _switched(check, positions, places)
    rows, sizes = _rows(check, values)
    if check.design.kind == "antithetic":
        mirrored = check.design.of
        others, their_sizes = _rows(check, {**values, mirrored: -values[mirrored]})
        rows, sizes = (rows + others) / 2, (sizes + their_sizes) / 2
    signs = (-1.0) ** positions.sum(axis=1)
    shape = (places, len(positions), -1)
    differences = np.abs(signs @ rows.reshape(shape))
    away = differences > SHOWN * sizes.reshape(shape).sum(axis=1)
    if away.any():
        raise ScriptError(
            f"polynomial({degree}) is declared, and a row is no polynomial of this degree in the sources: a difference of "
            f"order {degree + 1} is {float(differences[away].max()):.3g}, not 0; declare a higher degree, or say "
            "derived(...) or bounded(...)"
        )


def _switched(check: NumericCheck, positions: Array, places: int) -> dict[str, Array]:
    """The sources at every position of the switches, for each of so many places, one place after the other."""
    switches, random = positions.shape[1], np.random.default_rng(0)
    found = {}
    for name, source in check.sources.items():
        shape = (places, source.entries)
        if source.family == "normal":
            base, moves = (
                random.normal(size=(places, 1, source.entries)),
                random.normal(size=(places, switches, *shape[1:])),
            )
            values = base + positions @ moves / np.sqrt(switches)
        else:
            owner = random.integers(switches, size=shape)
            turned = positions.T[owner].swapaxes(1, 2)  # (places, positions, entries)
            values = random.choice([-1.0, 1.0], size=(places, 1, source.entries)) * (1 - 2 * turned)
        found[name] = (values * source.scale).reshape(-1, *source.shape)
    return found


def _rows(check: NumericCheck, values: Mapping[str, Any]) -> tuple[Array, Array]:
    """left_side − the expectations of each part, in columns, and the sizes that they are what is left of."""
    draws = random_variables(check, values)
    count = len(next(iter(values.values())))
    left = left_values(check, draws, count)
    parts = check.sampled_claims.parts
    rows = [np.broadcast_to(left - part.per_draw(check.instance, draws), (count,)) for part in parts]
    found = np.stack(rows, axis=1)
    return found, np.abs(found) + np.abs(left)[:, None]
