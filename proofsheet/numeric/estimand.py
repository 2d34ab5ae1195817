"""What is sampled and what is judged: a right side split into its expectations and its closed part.

In E[((x + n)ᵀw − y)²] = E[(xᵀw − y)²] + α‖w‖² the mean of left − (xᵀw − y)², draw by draw on common random numbers, is the
estimand, and α‖w‖² the claim about it. Wherever it stands: in −(E[y] + b) or Σᵢ (E[zᵢ] − b) the claim is what is left where
every E is 0, for lines are read that are linear in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.backends import NUMPY
from proofsheet.notation.scope import LAW, dependencies, random_variables
from proofsheet.notation.tree import Node, Plus
from proofsheet.numeric.draws import Instance, Reader
from proofsheet.numeric.prepared_lines import OfDraws, prepared


@dataclass(frozen=True)
class Claim:
    """A right side at an instance: what is subtracted on each draw, and the number that is left to be judged."""

    expectations: tuple[Node, ...]  # terms, signs included, that hold an expectation
    closed: float
    within: float = 0.0  # what of `closed` stands in those terms

    def prepared(self, instance: Instance, device: Any = NUMPY) -> OfDraws:
        """The function of the draws that per_draw evaluates, for many passes; per_draw has been there before."""
        reader = Reader(instance, {}, device)
        terms = [prepared(term, instance.places(term), reader) for term in self.expectations]
        if not terms:
            return lambda draws: device.array([0.0])
        return lambda draws: sum((term(draws)[:, 0, 0] for term in terms), -self.within)

    def per_draw(self, instance: Instance, draws: Mapping[str, Any], device: Any = NUMPY) -> Any:
        """Σ of the expectations' insides for each draw, or one number for all; `draws` are finite arrays of `device`."""
        reader = Reader(instance, draws, device)
        terms = [reader(term, instance.places(term))[0][:, 0, 0] for term in self.expectations]
        if not terms:
            return device.array([0.0])
        return sum(terms, -self.within)


def claim_of(line: Node, instance: Instance) -> Claim:
    """The claim that a line makes. Raises ScriptError where it is random itself, or no number at this instance."""
    require_scalar(line)
    if random_variables(line):
        raise ScriptError(f"the line  {line}  is random outside its expectations; it has no one value")
    terms = line.args if isinstance(line, Plus) else (line,)
    sampled = tuple(term for term in terms if LAW in dependencies(term))
    closed = [_number(term, instance) for term in terms if LAW not in dependencies(term)]
    within = float(sum(_without_expectations(term, instance) for term in sampled))
    return Claim(sampled, float(sum(closed)) + within, within)


def require_scalar(line: Node) -> None:
    """Raises ScriptError for a vector or a matrix, of which enumeration alone judges every entry."""
    if not line.is_scalar:
        raise ScriptError(
            f"draws and quadrature judge scalars; write the theorem for an entry of  {line} , or choose sources with few "
            "outcomes: where all are enumerated, every entry is judged"
        )


class _EveryMeanIsZero(Reader):
    """Reads a line with 0 in place of each expectation, of the shape of what it is the expectation of."""

    def expectation(self, node: Any, at: Any) -> Any:
        return np.zeros((1, *self.size_of(node))), True


def _without_expectations(term: Node, instance: Instance) -> float:
    """The closed part of a term that holds expectations; 0 where they do not stand linearly, which only exact sums read."""
    try:
        return _number(term, instance, _EveryMeanIsZero(instance, {}))
    except ScriptError:
        return 0.0


def _number(term: Node, instance: Instance, reader: Reader | None = None) -> float:
    value, _ = (reader or Reader(instance, {}))(term, instance.places(term))
    if value.shape != (1, 1, 1) or not np.isfinite(value).all():
        raise ScriptError(f"at this instance  {term}  is no finite number")
    return float(value.item())
