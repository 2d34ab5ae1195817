"""The order of attack: the first method that applies to a check speaks, unless the check names one.

enumeration         all sources have finitely many outcomes, at most 65,536 together: exact up to rounding
quadrature          few continuous dimensions: deterministic, its error estimated from coarser resolutions
e-process           a bound on the variance is declared: valid at every stopping time
quasi-Monte Carlo   else: randomised, graded asymptotic
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.blas import one_thread
from proofsheet.numeric import enumeration, quadrature, quasi_monte_carlo, sampling
from proofsheet.numeric.checks import Options, Verdict
from proofsheet.numeric.laws import refuse_bad_functions

if TYPE_CHECKING:
    from proofsheet.numeric.numeric_check import NumericCheck


@dataclass(frozen=True)
class Method:
    """why_not(check) says why a method does not apply, and nothing where it does; `samples` if it can err by chance."""

    name: str
    why_not: Callable[[NumericCheck], str]
    _run: Callable[[NumericCheck, Options], Verdict]
    samples: bool

    def run(self, check: NumericCheck, options: Options) -> Verdict:
        if self.samples:
            refuse_bad_functions(check)
        with one_thread():
            return self._run(check, options)


def _no_variance(check: NumericCheck) -> str:
    if check.variance is not None:
        return ""
    return "no bound on the variance is declared; say variance=derived(...), polynomial(...) or bounded(...)"


ORDER = (
    Method(enumeration.NAME, enumeration.why_not, enumeration.run, samples=False),
    Method(quadrature.NAME, quadrature.why_not, quadrature.run, samples=False),
    Method("e-process", _no_variance, sampling.run, samples=True),
    Method(quasi_monte_carlo.NAME, quasi_monte_carlo.why_not, quasi_monte_carlo.run, samples=True),
)


def chosen(check: NumericCheck) -> Method:
    """The method that speaks. Raises ScriptError where the one that is named does not apply, or none does."""
    if check.method is not None:
        return _named(check, check.method)
    reasons = []
    for method in ORDER:
        why = method.why_not(check)
        if not why:
            return method
        reasons.append(f"{method.name}: {why}")
    raise ScriptError("no method applies to this check: " + "; ".join(reasons))


def _named(check: NumericCheck, name: str) -> Method:
    method = next((one for one in ORDER if one.name == name), None)
    if method is None:
        raise ScriptError(f"method={name!r} is unknown; there are {', '.join(one.name for one in ORDER)}")
    why = method.why_not(check)
    if why:
        raise ScriptError(f"method={name!r} does not apply: {why}")
    return method


def samples(check: NumericCheck) -> bool:
    """Whether a check needs a part of the false-alarm budget; one that cannot be run says so when it is run."""
    try:
        return chosen(check).samples
    except ScriptError:
        return True
