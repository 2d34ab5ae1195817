"""Chunks of draws: one task of a sampled check, in this process or another, the same bits wherever it runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.backends import NUMPY, backend
from proofsheet.monte_carlo.streaming import chunk_seed
from proofsheet.numeric.calls import called
from proofsheet.numeric.estimand import Claim, claim_of
from proofsheet.scripts import load

if TYPE_CHECKING:
    from proofsheet.numeric.numeric_check import NumericCheck

Array = NDArray[np.float64]
CACHED = 2**17  # numbers of one pass: 1 MiB, which stays in a core's cache
LONGEST = 2**22  # numbers of the longest chunk: some 30 ms
FIRST = 2**17  # numbers of the first one, so that gross errors are seen at once


@dataclass(frozen=True)
class Claims:
    """The claims of a check at its instance; those with the same expectations share what is drawn."""

    judged: Claim
    variants: tuple[Claim | str, ...]  # of the wrong variants in their order; why where one cannot be sampled
    parts: tuple[Claim, ...]  # one for each different set of expectations; the judged one's first

    def part_of(self, claim: Claim) -> int:
        return next(k for k, part in enumerate(self.parts) if part.expectations == claim.expectations)


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
    return Claims(judged, tuple(variants), tuple(parts.values()))


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
    """How a worker finds a check: by its script and label, or, in this process only, the check itself."""

    script: Path | None
    label: str
    check: NumericCheck | None = None

    @property
    def found(self) -> NumericCheck:
        return self.check if self.check is not None else labelled(load(self.script), self.label)  # type: ignore[arg-type]


def labelled(module: Any, label: str) -> Any:
    """The check of a script, or one of its cases."""
    check = getattr(module, "check", None)
    return getattr(check, "checks", {}).get(label, check)


def where(check: NumericCheck, label: str) -> Where:
    """By script where the script's own check is this very object; else the check travels, within this process only."""
    path = check.script
    at_home = path is not None and labelled(load(path), label) is check
    return Where(path, label) if at_home else Where(None, label, check)


def chunk(place: Where, options: Draws, stream: int, number: int, replicates: int, rows: int) -> Array:
    """One chunk of one stream: an array (replicates, parts) of means over rows of left − expectations of each part."""
    check = place.found
    device = backend(options.backend)
    random = device.random(chunk_seed(options.seed, options.key + stream, number))
    parts = check.sampled_claims.parts
    block = check.design.block(check.sources)
    step = max(1, CACHED // numbers_per_row(check) // block) * block
    total = replicates * rows * block
    found = [_pass(check, parts, device, random, min(step, total - start)) for start in range(0, total, step)]
    values = np.concatenate(found).reshape(replicates, rows * block, len(parts)).mean(axis=1)
    if not np.isfinite(values).all():
        raise ScriptError("the sampler or left_side gives numbers that are not finite")
    return values


@dataclass(frozen=True)
class Draws:
    """Which random numbers: entropy, the key of the check, and the backend."""

    seed: int
    key: int
    backend: str = "numpy"


def numbers_per_row(check: NumericCheck) -> int:
    """Numbers drawn for one row."""
    return sum(prod(source.shape) for source in check.sources.values())


def _pass(check: NumericCheck, parts: tuple[Claim, ...], device: Any, random: Any, rows: int) -> Array:
    """left − expectations for `rows` rows, averaged over the signs of the design; (rows, parts)."""
    signed = [
        _differences(check, parts, device, values, rows)
        for values in check.design.drawn(check.sources, random, rows, device.xp)
    ]
    return sum(signed) / len(signed)  # type: ignore[return-value]


def _differences(
    check: NumericCheck, parts: tuple[Claim, ...], device: Any, values: Mapping[str, Any], rows: int
) -> Array:
    draws = random_variables_of(check, values, device)
    left = called(check.left_side, "left_side", draws, check.instance, device)
    shape = tuple(getattr(left, "shape", ()))
    if shape != (rows,):
        raise ScriptError(f"left_side gives an array of shape {shape}, not ({rows},)")
    return np.stack([device.to_host(left - part.per_draw(check.instance, draws, device)) for part in parts], axis=1)


def random_variables_of(check: NumericCheck, values: Mapping[str, Any], device: Any = NUMPY) -> dict[str, Any]:
    """The theorem's random variables, from the values of the sources, which are finite."""
    made = called(check.variables, "variables", values, check.instance, device) if check.variables is not None else {}
    names = check.random_names
    for name, value in made.items():
        if name in names and not device.xp.isfinite(value).all():
            raise ScriptError(f"{name}: some of the numbers that variables(...) gives are not finite")
    return {name: value for name, value in {**values, **made}.items() if name in names}


def key_of(check: NumericCheck, label: str) -> int:
    """A number for the spawn key of a check: of its script's name and its label, so that no two share draws."""
    name = f"{check.script.stem if check.script else ''}:{label}"
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6]) * 2


def schedule(budget: int, numbers: int) -> Iterator[tuple[int, int]]:
    """(number, replicates) of each chunk, growing from FIRST to LONGEST numbers; fixed by the check alone."""
    number, taken = 0, 0
    while taken < budget:
        size = min(max(1, min(FIRST << number, LONGEST) // numbers), budget - taken)
        yield number, size
        number, taken = number + 1, taken + size
