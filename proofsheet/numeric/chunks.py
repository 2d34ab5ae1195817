"""Chunks of draws: one task of a sampled check, in this process or another, the same bits wherever it runs.

The same on one machine: another processor or BLAS may add up in another order. Nothing here sets the threads of the BLAS.
Where drawing takes most of the time they change neither speed nor bits (m = 64 and 1000, two workers with one or two BLAS
threads each); with large matrix products in left_side, OPENBLAS_NUM_THREADS=1 keeps workers out of each other's way.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.backends import NUMPY, backend
from proofsheet.monte_carlo.blas import one_thread_for_good
from proofsheet.monte_carlo.streaming import chunk_seed
from proofsheet.numeric.calls import called
from proofsheet.numeric.draws import Instance, all_random_variables
from proofsheet.numeric.estimand import Claim, claim_of
from proofsheet.numeric.laws import refuse_other_shape
from proofsheet.numeric.prepared_lines import OfDraws
from proofsheet.scripts import load, loaded, source_digest

if TYPE_CHECKING:
    from proofsheet.numeric.numeric_check import NumericCheck

Array = NDArray[np.float64]
CACHED = 2**18  # numbers of one pass: 2 MiB. With fewer more is lost to calls, with more to memory
LONGEST = 2**22  # numbers of the longest chunk: some 30 ms
FIRST = 2**17  # numbers of the first one, so that gross errors are seen at once


@dataclass(frozen=True)
class Claims:
    """The claims of a check at its instance; those with the same expectations share what is drawn."""

    judged: Claim
    variants: tuple[Claim | str, ...]  # of the wrong variants in their order; why where one cannot be sampled
    parts: tuple[Claim, ...]  # one for each different set of expectations; the judged one's first
    reads: tuple[frozenset[str], ...]  # the names of the random variables in each part
    _prepared: dict[str, list[OfDraws]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def tells(self, claim: Claim, tolerance: float) -> bool:
        """Whether a variant's closed part alone is two tolerances away: it is judged then, declared as unseen or not."""
        return self.part_of(claim) == 0 and abs(claim.closed - self.judged.closed) >= 2 * tolerance

    def part_of(self, claim: Claim) -> int:
        return next(k for k, part in enumerate(self.parts) if part.expectations == claim.expectations)

    def prepared(self, instance: Instance, device: Any) -> list[OfDraws]:
        """The expectations of each part as functions of the draws; made once for each backend."""
        if device.name not in self._prepared:
            self._prepared[device.name] = [part.prepared(instance, device) for part in self.parts]
        return self._prepared[device.name]


def claims_of(check: NumericCheck) -> Claims:
    """Raises ScriptError where the theorem itself cannot be sampled at this instance."""
    draws = _few_draws(check)
    judged = _sampled(check, check.judged, draws)
    variants: list[Claim | str] = []
    for variant in check.wrong:
        try:
            variants.append(_sampled(check, variant.line, draws))
        except ScriptError as error:
            variants.append(str(error))
    parts = {claim.expectations: claim for claim in (judged, *(one for one in variants if isinstance(one, Claim)))}
    reads = (frozenset().union(*(_names(term) for term in claim.expectations)) for claim in parts.values())
    return Claims(judged, tuple(variants), tuple(parts.values()), tuple(reads))


def _names(term: Any) -> frozenset[str]:
    return frozenset(one.name for one in all_random_variables(term))


def _few_draws(check: NumericCheck) -> dict[str, Any]:
    """One block of draws, on which it is found out what can be read at all."""
    rows = check.design.block(check.sources)
    random = backend("numpy").random(np.random.SeedSequence(0))
    return random_variables_of(check, {name: source.draw(random, rows) for name, source in check.sources.items()})


def _sampled(check: NumericCheck, line: Any, draws: Mapping[str, Any]) -> Claim:
    claim = claim_of(line, check.instance)
    claim.per_draw(check.instance, draws)
    return claim


# ---- chunks, in this process or another ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Where:
    """How a worker finds a check: in this process the check itself, in another one by its script and label.

    Functions of scripts cannot be sent to another process, for a script is not a module that can be imported there. So
    a check travels as a path; `version` says what must be found there. A check that is not the script's own, for example
    after dataclasses.replace, has no script here and does not travel.
    """

    script: Path | None
    label: str
    version: str
    check: NumericCheck | None = None

    @property
    def found(self) -> NumericCheck:
        """Raises ScriptError where this process finds no such check, or another version of it."""
        return self._by_script() if self.check is None else self.check

    def __reduce__(self) -> tuple[Any, ...]:
        if self.script is None:
            raise ScriptError(f"this check cannot be sent to another process: {self._why_not_at_home()}")
        return Where, (self.script, self.label, self.version)

    def _why_not_at_home(self) -> str:
        path = self.check.script if self.check else None
        if path is not None and any(labelled(one, self.label) is self.check for one in _imported(path)):
            return (
                "its script was imported with import, and a worker finds a check by the path of its script: load it with "
                f"numeric_check({path.stem!r}), from proofsheet"
            )
        return (
            "a worker finds a check by the script that defines it, as `check` or one of its cases(...), and this one was "
            "built elsewhere or changed afterwards (dataclasses.replace). Write it to a script, or use threads or no executor"
        )

    def _by_script(self) -> NumericCheck:
        assert self.script is not None
        one_thread_for_good()
        if not self.script.is_file():
            raise ScriptError(f"a worker has no file {self.script}; a check is found by its path on every machine")
        check = labelled(load(self.script), self.label)
        if not hasattr(check, "sampled_claims") or version_of(check, self.script) != self.version:
            raise ScriptError(
                f"a worker has another version of {self.script.name}, or of the proof that it checks, than the process that "
                "asks for its draws; start the workers anew after a change"
            )
        return check


def labelled(module: Any, label: str) -> Any:
    """The check of a script, or one of its cases."""
    check = getattr(module, "check", None)
    return getattr(check, "checks", {}).get(label, check)


def where(check: NumericCheck, label: str) -> Where:
    """By script where the script's own check is this very object; else within this process only."""
    path = check.script
    at_home = path is not None and labelled(loaded(path), label) is check
    return Where(path, label, version_of(check, path), check) if at_home else Where(None, label, "", check)


def _imported(path: Path) -> list[Any]:
    """The modules that `import` made of a script, under whatever name."""
    files = ((module, getattr(module, "__file__", None)) for module in list(sys.modules.values()))
    return [module for module, file in files if isinstance(file, str) and Path(file).resolve() == path]


def version_of(check: NumericCheck, script: Path | None) -> str:
    """Changes with the script that was run, and with the theorem, which another script proves."""
    told = f"{source_digest(script) if script else ''} {check.theorem.left} {check.judged}"
    return hashlib.sha256(told.encode()).hexdigest()


def chunk(place: Where, options: Draws, stream: int, number: int, replicates: int, rows: int) -> Array:
    """One chunk of one stream: an array (replicates, parts) of means over rows of left − expectations of each part."""
    _keep_freed_memory()
    check, device = place.found, backend(options.backend)
    passes = _Passes(check, device, device.random(chunk_seed(options.seed, options.key + stream, number)))
    block = check.design.block(check.sources)
    length = rows * block
    step = max(block, (device.at_once or CACHED) // numbers_per_row(check))
    if length <= step:
        whole = step // length
        found = [passes.sums(min(whole, replicates - start), length) for start in range(0, replicates, whole)]
    else:
        pieces = _pieces(rows, -(-length // step))
        found = [np.add.reduce([passes.sums(1, piece * block) for piece in pieces]) for _ in range(replicates)]
    values = np.concatenate(found) / length
    if not np.isfinite(values).all():
        raise ScriptError("the sampler or left_side gives numbers that are not finite")
    return values


@cache
def _keep_freed_memory() -> None:
    """Once in a process: have glibc keep what is freed, by freeing something large; other allocators do not care.

    Else the arrays of each pass may go back to the system and be paged in again: 0.6 in place of 0.9 of the speed.
    """
    np.empty(4 * CACHED)


def _pieces(rows: int, count: int) -> list[int]:
    """`rows` in `count` pieces of about the same size."""
    return [rows * (k + 1) // count - rows * k // count for k in range(count)]


@dataclass(frozen=True)
class Draws:
    """Which random numbers: entropy, the key of the check, and the backend."""

    seed: int
    key: int
    backend: str = "numpy"


def numbers_per_row(check: NumericCheck) -> int:
    """Numbers drawn for one row."""
    return sum(prod(source.shape) for source in check.sources.values())


class _Passes:
    """Passes over the cache: each draws, evaluates both sides and adds up, and keeps nothing."""

    def __init__(self, check: NumericCheck, device: Any, random: Any) -> None:
        self.check, self.device, self.random = check, device, random
        self.reads = check.sampled_claims.reads
        self.parts = check.sampled_claims.prepared(check.instance, device)

    def sums(self, groups: int, rows: int) -> Array:
        """Of left − expectations over `rows` rows, averaged over the signs of the design; (groups, parts)."""
        signs: list[Array] = []
        read: list[_ReadPart] = []
        for values in self.check.design.drawn(self.check.sources, self.random, groups * rows, self.device.xp):
            draws = random_variables_of(self.check, values, self.device)
            left = self._left(draws, groups * rows)
            read = self._expectations(draws, read)
            sums = [(left - part.value).reshape((groups, rows)).sum(1) for part in read]
            signs.append(np.array([self.device.to_host(one) for one in sums]).T)
        return sum(signs[1:], signs[0]) / len(signs)

    def _left(self, draws: Mapping[str, Any], rows: int) -> Any:
        left = called(self.check.left_side, "left_side", draws, self.check.instance, self.device)
        shape = tuple(getattr(left, "shape", ()))
        refuse_other_shape(shape, (rows,))
        return left

    def _expectations(self, draws: Mapping[str, Any], before: list[_ReadPart]) -> list[_ReadPart]:
        """The expectations of each part; what does not change with the sign of the mirrored source is read once."""
        found = []
        for k, (part, names) in enumerate(zip(self.parts, self.reads, strict=True)):
            inputs = {name: draws[name] for name in names if name in draws}
            if before and all(self._same(inputs[name], before[k].inputs[name]) for name in inputs):
                found.append(before[k])
            else:
                found.append(_ReadPart(inputs, part(draws)))
        return found

    def _same(self, one: Any, other: Any) -> bool:
        """Compared entry by entry: variables(...) may make of the mirrored source what it likes."""
        return one is other or (one.shape == other.shape and bool((one == other).all()))


@dataclass(frozen=True)
class _ReadPart:
    inputs: Mapping[str, Any]
    value: Any


def random_variables_of(check: NumericCheck, values: Mapping[str, Any], device: Any = NUMPY) -> dict[str, Any]:
    """The theorem's random variables, from the values of the sources, which are finite."""
    made = called(check.variables, "variables", values, check.instance, device) if check.variables is not None else {}
    names = check.random_names
    for name, value in made.items():
        if name in names and not device.xp.isfinite(value).all():
            raise ScriptError(f"{name}: some of the numbers that variables(...) gives are not finite")
    return {name: value for name, value in {**values, **made}.items() if name in names}


def key_of(check: NumericCheck, label: str) -> int:
    """A number for the spawn key of a check, so that no two share draws; the next one is for its second stream.

    Of its script's name, its label and what it is about: two catalogues may have scripts of the same name.
    """
    sizes = sorted({**check.dimensions, **check.parameters}.items())
    name = f"{check.script.stem if check.script else ''}:{label}:{check.theorem.left}:{sizes}"
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6]) * 2


def schedule(budget: int, numbers: int) -> Iterator[tuple[int, int]]:
    """(number, replicates) of each chunk, growing from FIRST to LONGEST numbers; fixed by the check alone."""
    number, taken = 0, 0
    while taken < budget:
        size = min(max(1, min(FIRST << number, LONGEST) // numbers), budget - taken)
        yield number, size
        number, taken = number + 1, taken + size
