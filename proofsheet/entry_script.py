"""What a proof script says: its theorem, corollaries, limits and wrong variants, or why it cannot be used."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from proofsheet.catalogue import Entry
from proofsheet.derivation import DerivationRejected, Equivalent, WrongVariant
from proofsheet.errors import ProofsheetError, ScriptError
from proofsheet.exact_models.limits import Limit
from proofsheet.kernel.theorem import StepRejected, Theorem
from proofsheet.scripts import load


@dataclass(frozen=True)
class ProofScript:
    """The contents of a proof script that proves its theorem."""

    name: str
    documentation: str
    theorem: Theorem
    corollaries: Mapping[str, Theorem]
    limits: tuple[Limit, ...]
    variants: tuple[WrongVariant, ...]
    equivalents: tuple[Equivalent, ...] = ()
    entry: Entry | None = None  # where it was read from

    @property
    def theorems(self) -> dict[str, Theorem]:
        """The theorem, by "", and the corollaries by their names."""
        return {"": self.theorem, **self.corollaries}

    def derived_again(self) -> ProofScript:
        """The same with every theorem derived again from its lines, so that nothing rests on the objects of the script.

        Raises ScriptError if a theorem is not what its lines say.
        """
        try:
            corollaries = {name: theorem.recheck() for name, theorem in self.corollaries.items()}
            return replace(self, theorem=self.theorem.recheck(), corollaries=corollaries)
        except StepRejected as rejected:
            raise ScriptError(f"{self.name}: a theorem does not follow from its own lines: {rejected}") from None


class ScriptRejected(ScriptError):
    """The script ran, and some of its lines do not follow."""

    def __init__(self, name: str, rejected: DerivationRejected) -> None:
        super().__init__("\n\n".join(f"{name}, {rejected.diagnosis(number)}" for number in rejected.refusals))
        self.name, self.rejected = name, rejected


def read(entry: Entry) -> ProofScript:
    """Run a proof script. Raises ScriptRejected if lines do not follow, ScriptError if it cannot be used at all."""
    module = run_script(entry.name, entry.proof)
    theorem = getattr(module, "theorem", None)
    if not isinstance(theorem, Theorem):
        raise ScriptError(f"{entry.name}: {entry.proof.name} defines no theorem; write theorem = prove(...)")
    corollaries = getattr(module, "corollaries", {})
    if not isinstance(corollaries, Mapping) or not all(isinstance(one, Theorem) for one in corollaries.values()):
        raise ScriptError(f'{entry.name}: corollaries is a dictionary of theorems, {{"name": prove(...)}}')
    for name in corollaries:
        if not isinstance(name, str) or not name.strip(" _") or name == entry.name:  # findings are told apart by it
            raise ScriptError(f"{entry.name}: a corollary has a name of its own, which {name!r} is not")
    limits = _tuple_of(entry, module, "limits", Limit, "limits = (between(lower, parameter, upper),)")
    variants = _tuple_of(entry, module, "variants", WrongVariant, 'variants = wrong((line, "mistake"), ...)')
    same = _tuple_of(entry, module, "equivalents", Equivalent, 'equivalents = equivalent((line, "why", reason), ...)')
    return ProofScript(entry.name, module.__doc__ or "", theorem, dict(corollaries), limits, variants, same, entry)


def _tuple_of(entry: Entry, module: ModuleType, name: str, kind: type, spelling: str) -> tuple[Any, ...]:
    value = getattr(module, name, ())
    if not isinstance(value, (tuple, list)) or not all(isinstance(one, kind) for one in value):
        raise ScriptError(f"{entry.name}: {name} is written {spelling}")
    return tuple(value)


def run_script(name: str, path: Path) -> ModuleType:
    """Load a catalogue script; whatever it raises becomes an error that says where."""
    try:
        with redirect_stdout(sys.stderr):  # what a script prints is no part of our output
            return load(path)
    except DerivationRejected as rejected:
        raise ScriptRejected(name, rejected) from None
    except ProofsheetError as error:
        raise ScriptError(f"{name}, {_where(path, error)}: {error}") from None
    except (KeyboardInterrupt, MemoryError):
        raise
    except SyntaxError as error:
        raise ScriptError(f"{name}, {path.name} line {error.lineno}: not valid Python: {error.msg}") from None
    except BaseException as error:  # a user's script may raise anything, SystemExit included
        raise ScriptError(f"{name}, {_where(path, error)}: {type(error).__name__}: {error}") from None


def _where(path: Path, error: BaseException) -> str:
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).resolve() == path.resolve()
    ]
    return f"{path.name} line {frames[-1].lineno}" if frames else path.name
