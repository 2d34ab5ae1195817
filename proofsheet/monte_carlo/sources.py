"""Independent standard laws from which everything random in a check is made.

A source knows how to draw itself, how to be made from uniforms (for quasi-Monte Carlo), whether it is symmetric about 0,
its outcomes if they are finitely many, and the quadrature rule of one of its entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import inf, prod, sqrt
from typing import Any

import numpy as np
from numpy.polynomial import hermite_e, laguerre, legendre
from numpy.typing import NDArray

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.arrays import float_array

Array = NDArray[np.float64]
INNERMOST = 2.0**-53  # how near to 0 and 1 a uniform may come
MOST_NODES = 100  # weights of larger rules leave the range of floating point


@dataclass(frozen=True)
class Source:
    """Independent entries with one law; `shape` is that of one draw: () for a scalar, (m,), (rows, columns).

    family      normal, rademacher, uniform, exponential, bernoulli or finite
    scale       what a draw of standard deviation 1 is multiplied by (normal, rademacher, uniform, exponential)
    keep        of bernoulli: the probability of 1
    values      of finite: the outcomes, ascending; weights are their probabilities
    exact_keep  of bernoulli: the same probability where it was given as a Fraction, which no float may be
    """

    family: str
    shape: tuple[int, ...]
    scale: float = 1.0
    keep: float | None = None
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    exact_keep: Fraction | None = None

    @property
    def entries(self) -> int:
        """How many independent numbers one draw has."""
        return prod(self.shape)

    @property
    def is_symmetric(self) -> bool:
        """Whether −z has the law of z."""
        if self.family == "finite":
            return self.values == tuple(-one for one in reversed(self.values)) and self.weights == self.weights[::-1]
        return self.family in ("normal", "rademacher", "uniform")

    @property
    def is_hypercontractive(self) -> bool:
        """Whether polynomials in it obey E(f − Ef)⁴ ≤ 9^degree Var(f)²."""
        return self.family in ("normal", "rademacher")

    @property
    def support(self) -> tuple[float, float] | None:
        """The least interval that holds every entry; None where there is no bounded one."""
        if self.family in ("normal", "exponential"):
            return None
        if self.family == "uniform":
            return -sqrt(3) * self.scale, sqrt(3) * self.scale
        values, _ = self._atoms
        return values[0], values[-1]

    @property
    def _atoms(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """The outcomes of one entry, ascending, and their probabilities; empty where they are not finitely many."""
        if self.family == "rademacher":
            return (-self.scale, self.scale), (0.5, 0.5)
        if self.family == "bernoulli":
            assert self.keep is not None
            return (0.0, 1.0), (1 - self.keep, self.keep)
        return self.values, self.weights

    def outcomes(self) -> tuple[Array, Array] | None:
        """(values, probabilities) of one entry; None where they are not finitely many."""
        values, weights = self._atoms
        return (np.array(values), np.array(weights)) if values else None

    def draw(self, random: Any, rows: int) -> Any:
        """`rows` draws, a new array of shape (rows, *shape); `random` is a backend's random numbers (see backends)."""
        shape = (rows, *self.shape)
        if self.family == "normal":
            return scaled(random.normal(shape), self.scale)
        if self.family == "rademacher":
            return scaled(random.signs(shape), self.scale)
        if self.family == "bernoulli":
            return random.kept(shape, self.keep)
        if self.family == "finite":
            return random.chosen(shape, self.values, self.weights)
        if self.family == "uniform":
            drawn = scaled(random.uniform(shape), 2 * sqrt(3) * self.scale)
            drawn -= sqrt(3) * self.scale
            return drawn
        drawn = random.exponential(shape)
        drawn -= 1.0
        return scaled(drawn, self.scale)

    def from_uniform(self, u: Any) -> Array:
        """The inverse of the distribution function, entry by entry: of uniform numbers it makes draws of this law."""
        u = np.clip(float_array("uniform numbers", u), INNERMOST, 1 - INNERMOST)
        values, weights = self._atoms
        if values:
            return np.array(values)[np.searchsorted(np.cumsum(weights)[:-1], u, side="right")]
        if self.family == "uniform":
            return (2 * u - 1) * (sqrt(3) * self.scale)
        if self.family == "exponential":
            return (-np.log1p(-u) - 1) * self.scale
        from scipy.special import ndtri  # most checks draw otherwise, and SciPy takes longer to load than they do

        return np.asarray(ndtri(u)) * self.scale

    def nodes(self, k: int) -> tuple[Array, Array]:
        """(nodes, weights) for the mean of a function of one entry; exact for polynomials of degree 2k − 1.

        Gauss-Hermite, Gauss-Legendre or Gauss-Laguerre; for finitely many outcomes the outcomes themselves, which are
        exact for every function.
        """
        if not 1 <= k <= MOST_NODES:
            raise ScriptError(f"a quadrature rule has 1 to {MOST_NODES} nodes, not {k!r}")
        found = self.outcomes()
        if found is not None:
            return found
        if self.family == "normal":
            nodes, weights = hermite_e.hermegauss(k)
        elif self.family == "uniform":
            nodes, weights = legendre.leggauss(k)
            nodes = sqrt(3) * nodes
        else:
            nodes, weights = laguerre.laggauss(k)
            nodes = nodes - 1
        return nodes * self.scale, weights / weights.sum()


def scaled(drawn: Any, factor: float) -> Any:
    """`drawn` times `factor`, in place."""
    if factor != 1:
        drawn *= factor
    return drawn


# ---- the laws, as scripts write them -------------------------------------------------------------------------------


def normal(*shape: int, variance: float = 1.0) -> Source:
    """Independent Gaussian entries with mean 0 and this variance."""
    return Source("normal", _shape("normal", shape), _scale(variance))


def rademacher(*shape: int, variance: float = 1.0) -> Source:
    """Independent entries ±√variance, each with probability ½."""
    return Source("rademacher", _shape("rademacher", shape), _scale(variance))


def uniform(*shape: int, variance: float = 1.0) -> Source:
    """Independent entries, uniform on (−√(3 variance), √(3 variance))."""
    return Source("uniform", _shape("uniform", shape), _scale(variance))


def exponential(*shape: int, variance: float = 1.0) -> Source:
    """Independent exponential entries, centred: mean 0, this variance, skewness 2."""
    return Source("exponential", _shape("exponential", shape), _scale(variance))


def bernoulli(keep: float | Fraction, *shape: int) -> Source:
    """Independent entries in {0, 1} that are 1 with probability `keep`, in (0, 1); a Fraction is exact in intervals."""
    probability = _number("keep", keep)
    if not 0 < probability < 1:
        raise ScriptError(f"keep is a probability between 0 and 1 (both excluded), not {keep!r}")
    exact = keep if isinstance(keep, Fraction) else None
    return Source("bernoulli", _shape("bernoulli", shape, "keep, "), keep=probability, exact_keep=exact)


def finite(values: Any, weights: Any, *shape: int) -> Source:
    """Independent entries with these outcomes and their probabilities; a scalar where no shape is given."""
    outcomes, probabilities = float_array("the outcomes", values), float_array("their probabilities", weights)
    if outcomes.ndim != 1 or outcomes.shape != probabilities.shape or not len(outcomes):
        raise ScriptError(
            f"finite([values], [probabilities]): one probability for each value, not shapes {outcomes.shape} and "
            f"{probabilities.shape}"
        )
    if (probabilities <= 0).any():
        raise ScriptError(f"the probability {probabilities.min():.6g} is not positive; leave out what never happens")
    if abs(probabilities.sum() - 1) > 1e-12:
        raise ScriptError(f"the probabilities add up to {probabilities.sum():.12g}, not to 1")
    if len(set(outcomes.tolist())) < len(outcomes):
        raise ScriptError("a value stands twice among the outcomes; add its probabilities up")
    order = np.argsort(outcomes)
    listed, shares = (tuple(one[order].tolist()) for one in (outcomes, probabilities / probabilities.sum()))
    return Source("finite", _shape("finite", shape, "values, weights, "), values=listed, weights=shares)


def covariance_root(matrix: Any) -> Array:
    """The symmetric R with R R = `matrix`: z @ R has this covariance where the entries of z have variance 1.

    The matrix may be singular, as that of errors that always add up to 0. Raises ScriptError where it is the covariance
    of nothing: not symmetric, or with an eigenvalue below 0.
    """
    given = float_array("the covariance", matrix)
    if given.ndim != 2 or given.shape[0] != given.shape[1]:
        raise ScriptError(f"a covariance is a square matrix, not an array of shape {given.shape}")
    size, largest = len(given), float(np.abs(given).max(initial=0.0))
    if np.abs(given - given.T).max(initial=0.0) > size * np.finfo(float).eps * largest:
        raise ScriptError("the covariance is not symmetric")
    values, vectors = np.linalg.eigh((given + given.T) / 2)
    if size and values[0] < -8 * size * np.finfo(float).eps * np.abs(values).max():
        raise ScriptError(
            f"no variables have this covariance: its eigenvalue {values[0]:.6g} is negative{_of_equal_ones(given)}"
        )
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T)


def _of_equal_ones(matrix: Array) -> str:
    """What bounds the covariance of variables that are all alike."""
    size = len(matrix)
    variance, covariance = matrix[0, 0], matrix[0, -1]
    alike = np.allclose(matrix, covariance + (variance - covariance) * np.eye(size), rtol=1e-9)
    if size < 2 or not alike or covariance >= 0:
        return ""
    return (
        f"; {size} variables with variance {variance:.6g} cannot have a covariance below "
        f"−v/(n − 1) = {-variance / (size - 1):.6g}, and this is {covariance:.6g}"
    )


def _shape(family: str, shape: tuple[Any, ...], first: str = "") -> tuple[int, ...]:
    for one in shape:
        if not isinstance(one, int | np.integer) or isinstance(one, bool) or one < 1:
            raise ScriptError(
                f"{family}({first}{', '.join(map(repr, shape))}): the shape of a draw is of whole numbers from 1 on, not "
                f"{one!r}" + ("" if first else "; the variance is given by name, variance=...")
            )
    return tuple(int(one) for one in shape)


def _scale(variance: float) -> float:
    number = _number("a variance", variance)
    if not 0 < number < inf:
        raise ScriptError(f"a variance is a positive number, not {variance!r}")
    return sqrt(number)


def _number(what: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ScriptError(f"{what} is a number, not {value!r}") from None
