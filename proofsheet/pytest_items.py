"""The tests that the pytest plugin makes of a proof script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from proofsheet.catalogue import Entry
from proofsheet.derivation import DerivationRejected, by_itself
from proofsheet.entry_script import ProofScript, ScriptRejected, read
from proofsheet.errors import ProofsheetError, ScriptError
from proofsheet.evidence import DOES_NOT_APPLY, gather
from proofsheet.kernel.theorem import Theorem
from proofsheet.pytest_plugin import DRAWS


class ProofFile(pytest.File):
    """A proof script."""

    def __init__(self, *, entry: Entry, **options: Any) -> None:
        super().__init__(**options)
        self.entry = entry

    def collect(self) -> Iterator[pytest.Item]:
        name = self.entry.name
        try:
            script = read(self.entry)
        except ScriptRejected as rejected:
            chain = rejected.rejected.chain
            yield from self._lines(name, chain.lines, chain.reasons)
            return
        except ScriptError as error:
            yield Unusable.from_parent(self, name=f"{name}-script", error=error)
            return
        yield from self._theorem(name, script.theorem)
        for label, corollary in script.corollaries.items():
            yield from self._theorem(f"{name}.{label}", corollary)
        for layer in self._layers(script):
            yield LayerTest.from_parent(self, name=f"{name}-{layer}", layer=layer)

    def _theorem(self, name: str, theorem: Theorem) -> Iterator[pytest.Item]:
        yield from self._lines(name, theorem.lines, [step.reasons for step in theorem.steps])

    def _lines(self, name: str, lines: Any, reasons: Iterable[Any]) -> Iterator[pytest.Item]:
        for number, cited in enumerate(reasons, 2):
            yield LineTest.from_parent(
                self,
                name=f"{name}-{number}",
                number=number,
                old=lines[number - 2],
                new=lines[number - 1],
                reasons=cited,
            )

    def _layers(self, script: ProofScript) -> Iterator[str]:
        yield "explicit"
        yield "exact"
        yield "witness"
        if script.variants:
            yield "variants"
        if any(one.assumptions for one in (script.theorem, *script.corollaries.values())):
            yield "cards"
        if self.entry.check is not None:
            yield "monte_carlo"


class _Explained(pytest.Item):
    """Fails with our message alone: the traceback would lead into code that is not at fault."""

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        if isinstance(excinfo.value, (ProofsheetError, LayerFailed)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        return self.path, None, self.name


class Unusable(_Explained):
    """A script that cannot be used at all."""

    def __init__(self, *, error: ScriptError, **options: Any) -> None:
        super().__init__(**options)
        self.error = error

    def runtest(self) -> None:
        raise self.error


class LineTest(_Explained):
    """One displayed line, checked by itself against the line before."""

    def __init__(self, *, number: int, old: Any, new: Any, reasons: Any, **options: Any) -> None:
        super().__init__(**options)
        self.number, self.old, self.new, self.reasons = number, old, new, reasons

    def runtest(self) -> None:
        chain, refusal = by_itself(self.number, self.old, self.new, self.reasons)
        if refusal is not None:
            raise DerivationRejected(chain, {self.number: refusal})


class LayerFailed(Exception):
    """A layer of evidence that does not say what the entry declares."""


class LayerUndecided(LayerFailed):
    """A layer of evidence that ended without a verdict: an outcome of its own, and never a pass."""


class LayerTest(_Explained):
    """One layer of evidence."""

    def __init__(self, *, layer: str, **options: Any) -> None:
        super().__init__(**options)
        self.layer = layer

    def runtest(self) -> None:
        assert isinstance(self.parent, ProofFile)
        seed, false_alarm = self.config.stash[DRAWS]
        found = gather(self.parent.entry, [self.layer], seed if self.layer == "monte_carlo" else None, false_alarm)
        layer = found.layers[self.layer]
        message = getattr(layer, "message", "") or f"{found.name}, {self.layer}: {getattr(layer, 'verdict', layer)}"
        if getattr(layer, "undecided", False):
            raise LayerUndecided(message)
        if layer == DOES_NOT_APPLY or not getattr(layer, "healthy", False):
            raise LayerFailed(message)
