"""The one bridge between theorems and dice: the left side from its definition, against the closed form of the theorem.

The left side is written by the check script, from the definition, and drawn in full dimension. The right side is evaluated
from the theorem's own tree, its expectations on the same draws. What is random is made from independent sources, so that
the check itself chooses how to attack: all outcomes if they are few, quadrature in few dimensions, the e-process where the
variance has a known bound, randomised quasi-Monte Carlo else.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from proofsheet.derivation import WrongVariant
from proofsheet.errors import ScriptError
from proofsheet.kernel.theorem import Theorem
from proofsheet.monte_carlo.designs import Design, plain
from proofsheet.monte_carlo.sources import Source
from proofsheet.monte_carlo.variance import Declared
from proofsheet.notation.tree import Node
from proofsheet.numeric import methods
from proofsheet.numeric.arguments import refuse_bad_arguments
from proofsheet.numeric.checks import DEFAULT, CheckOfTheorem, Options, Verdict
from proofsheet.numeric.chunks import Claims, claims_of
from proofsheet.numeric.draws import Instance, all_random_variables
from proofsheet.numeric.instances import refuse_bad_instance


@dataclass(frozen=True)
class NumericCheck(CheckOfTheorem):
    """A check of a theorem at one instance: a scalar one, or every entry where all outcomes are enumerated.

    theorem     whose right side is judged
    sources     {name: source}: the independent laws that everything random is made of; a source with the name of one of
                the theorem's random variables is that variable
    left_side   left_side(**random variables) -> array of shape (rows,), (rows, m) for a vector, (rows, m, n) for a matrix:
                what the left side is the expectation of
    variables   variables(**sources) -> {name: array}: the other random variables; leave out where there are none.
                left_side and variables may name constants as arguments too, and `xp`, the array namespace: they then come
                as arrays of the backend, which torch and cupy need: left_side=lambda x, n, y, w: ((x + n) @ w - y) ** 2
    design      plain(), antithetic("n") or orthogonal("n")
    variance    derived(bound, why), polynomial(degree) or bounded(low, high), for one row of the design (one block of an
                orthogonal one); without it, sampling is graded asymptotic
    tolerance   relative to the closed part of the right side
    dimensions, parameters, constants, functions, indices   the instance, as Instance says
    wrong       the registered wrong variants: each must differ by twice the tolerance or more, and is refuted too
    unseen      {mistake: why}: variants that no draw can see, such as a step with a wrong reason and a right line
    closed_form judged in place of the theorem's own right side, for testing the check itself
    limits      the script's limits, identity.limits: an instance that breaks one is refused
    method      enumeration, quadrature, e-process or quasi-Monte Carlo; the first that applies where None
    """

    theorem: Theorem
    sources: Mapping[str, Source]
    left_side: Callable[..., Any]
    variables: Callable[..., Mapping[str, Any]] | None = None
    design: Design = field(default_factory=plain)
    variance: Declared | None = None
    tolerance: float = 0.01
    dimensions: Mapping[str, int] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    functions: Mapping[str, Any] = field(default_factory=dict)
    indices: Mapping[str, int] = field(default_factory=dict)
    wrong: Sequence[WrongVariant] = ()
    unseen: Mapping[str, str] = field(default_factory=dict)
    limits: Sequence[Any] = ()
    method: str | None = None
    seed: int = 20_250_101

    closed_form: Node | None = None

    def __post_init__(self) -> None:
        """Raises ScriptError where it is made, so that a script is told its own line."""
        refuse_bad_arguments(self)

    def run(self, options: Options = DEFAULT) -> Verdict:
        """Choose the method and judge."""
        refuse_bad_instance(self.theorem, self.instance, self.limits)
        self._refuse_unknown_variants()
        return methods.chosen(self).run(self, options)

    def _refuse_unknown_variants(self) -> None:
        strangers = set(self.unseen) - {one.mistake for one in self.wrong}
        if self.wrong and strangers:
            raise ScriptError(f"unseen={{...}} names a variant that is not among wrong: {min(strangers)}")

    @cached_property
    def sampled_claims(self) -> Claims:
        return claims_of(self)

    @cached_property
    def random_names(self) -> frozenset[str]:
        """The names of the theorem's random variables."""
        found = {one for line in (self.theorem.left, self.theorem.right) for one in all_random_variables(line)}
        return frozenset(one.name for one in found)

    @property
    def claims(self) -> int:
        return int(methods.samples(self))

    @cached_property
    def instance(self) -> Instance:
        return Instance(self.dimensions, self.parameters, self.constants, self.functions, self.indices)

    @property
    def script(self) -> Path | None:
        """The file that the left side is written in, by which other processes find this check; None for partial(...)."""
        try:
            path = Path(inspect.getsourcefile(self.left_side) or "")
        except TypeError:
            return None
        return path.resolve() if path.is_file() else None
