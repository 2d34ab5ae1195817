"""A witness in one line: m = 1, α = 2, w = 3: 4 ≠ 7. Random variables are told by the number of their outcomes.

In Unicode; `plain_text` spells it out for streams that cannot show that.
"""

from __future__ import annotations

from typing import Any

from proofsheet.exact_models.comparison import Witness
from proofsheet.exact_models.enclosures import Enclosure, rounded
from proofsheet.exact_models.model import Matrix
from proofsheet.notation.names import printed_name
from proofsheet.notation.scope import dependencies
from proofsheet.notation.styles import TERMINAL
from proofsheet.notation.variables import RandomVariable

LONGEST = 14  # an exact number that is longer is rounded
DIGITS = 6


def in_one_line(witness: Witness) -> str:
    """Where two lines differ, and by which values."""
    model, where = witness.model, []
    spoken_of = dependencies(witness.old) | dependencies(witness.new)
    scalars = {**model.dimensions, **model.parameters}
    where += [f"{printed_name(name)} = {_number(value)}" for name, value in scalars.items()]
    where += [f"{printed_name(name)} = {_value(one)}" for name, one in model.constants.items() if name in spoken_of]
    where += [f"{index} = {position + 1}" for index, position in witness.positions.items()]
    where += [f"{printed_name(name)} = {_value(one)}" for name, one in witness.outcome.items() if name in spoken_of]
    if not witness.outcome and (witness.old.has(RandomVariable) or witness.new.has(RandomVariable)):
        where.append(f"{len(model.space)} outcome{'s' if len(model.space) > 1 else ''}")
    sign = "≠" if witness.relation == "=" else "<"
    values = f"{_value(witness.left)} {sign} {_value(witness.right)}"
    return f"{', '.join(where)}: {values}" if where else values


def _value(matrix: Matrix) -> str:
    """A scalar as it is, a column as (1, 2), a matrix by rows (1, 2; 3, 4)."""
    rows = [[_number(entry) for entry in row] for row in matrix]
    if len(rows) == len(rows[0]) == 1:
        return rows[0][0]
    return f"({', '.join(row[0] for row in rows)})" if len(rows[0]) == 1 else f"({'; '.join(map(', '.join, rows))})"


def _number(value: Any) -> str:
    """Exact where that is short; else rounded, and said to be so; a number that is only enclosed is rounded too."""
    if isinstance(value, Enclosure):
        text = f"≈{value.decimal(DIGITS)}"
    else:
        text = str(value)
        text = text if len(text) <= LONGEST else f"≈{rounded(value, DIGITS)}"
    return text.replace("-", TERMINAL["unicode"].minus)
