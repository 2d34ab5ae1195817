"""What a NumericCheck is given, looked at where it is made: each refusal names the field and how it is written.

Nothing is drawn and no function of the script is called. What depends on the theorem's domains is refused when it runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.arrays import float_array
from proofsheet.monte_carlo.designs import Design
from proofsheet.monte_carlo.variance import Declared
from proofsheet.numeric.checks import require_sources, require_theorem

if TYPE_CHECKING:
    from proofsheet.numeric.numeric_check import NumericCheck

TABLES = {
    "sources": '{"n": normal(8)}',
    "dimensions": '{"m": 8}',
    "parameters": '{"alpha": 0.3}',
    "constants": '{"w": w}',
    "functions": '{"A": np.exp}',
    "indices": '{"k": 1}',
    "unseen": '{"the mistake": "why no draw can see it"}',
}


def refuse_bad_arguments(check: NumericCheck) -> None:
    """Raises ScriptError for a field that is not what it should be, or that fits nothing else in the check."""
    require_theorem(check.theorem)
    for field, example in TABLES.items():
        _require_table(field, getattr(check, field), example)
    require_sources(check.sources)
    for name, value in check.constants.items():
        float_array(f"constants: {name}", value)
    _refuse_bad_plan(check)
    _refuse_bad_variants(check.wrong)
    _refuse_idle_names(check)


def _require_table(field: str, table: Any, example: str) -> None:
    if not isinstance(table, Mapping):
        raise ScriptError(f"{field} is written {field}={example}, by name; not {table!r}")
    for name in table:
        if not isinstance(name, str):
            raise ScriptError(f"{field} is written {field}={example}; the name is a text, not {name!r}")


def _refuse_bad_plan(check: NumericCheck) -> None:
    """How it is drawn, and to which tolerance."""
    if not isinstance(check.tolerance, Real) or not 0 < check.tolerance < 1:
        raise ScriptError(f"a tolerance is relative, between 0 and 1, not {check.tolerance!r}")
    if check.variance is not None and not isinstance(check.variance, Declared):
        raise ScriptError(
            'variance is a bound and where it comes from: variance=derived(3.0, "why"), polynomial(degree) or '
            f"bounded(low, high), not {check.variance!r}"
        )
    if not isinstance(check.design, Design):
        raise ScriptError(f'design is plain(), antithetic("n") or orthogonal("n"), not {check.design!r}')
    if not isinstance(check.seed, Integral) or isinstance(check.seed, bool) or check.seed < 0:
        raise ScriptError(f"seed is a whole number from 0 on, not {check.seed!r}")
    check.design.block(check.sources)  # raises where it is of no source, or of one that it does not fit


def _refuse_bad_variants(wrong: Any) -> None:
    if not isinstance(wrong, Sequence):
        raise ScriptError(f"wrong takes the variants of the proof, wrong=identity.variants, not {wrong!r}")
    for one in wrong:
        if not hasattr(one, "line") or not hasattr(one, "mistake"):
            raise ScriptError(f"wrong takes the variants of the proof, wrong=identity.variants; {one!r} is none")


def _refuse_idle_names(check: NumericCheck) -> None:
    """A source that nothing is made of, and one that a constant hides."""
    for name in check.sources:
        if name in check.constants:
            raise ScriptError(
                f"{name} is among the sources and among the constants; left_side could not tell which it gets"
            )
        if check.variables is None and name not in check.random_names:
            known = ", ".join(sorted(check.random_names)) or "none"
            raise ScriptError(
                f"sources: the theorem has no random variable {name} (it has {known}), and there is no `variables` that "
                "makes one of it"
            )
