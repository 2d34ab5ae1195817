"""What can go wrong, said so that a person can act on it.

Every error that a user's script or command can cause is a `ProofsheetError`: the command line, the pytest plugin and a
script run by hand print its text without a traceback. Anything else that escapes is a bug of ours.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import TracebackType


class ProofsheetError(Exception):
    """Base of every error that is explained to the user."""


class NotationError(ProofsheetError, TypeError):
    """Something that cannot be written: a float, a truth value, an undeclared index."""


class ShapeError(NotationError):
    """Two operands do not fit; the message names both and their shapes."""


class AssumptionError(ProofsheetError, ValueError):
    """An assumption that is not of the form a rule can use, or that contradicts another."""


class ScriptError(ProofsheetError):
    """A proof or check script that cannot be used: it raises, or it defines no theorem."""


class CatalogueError(ProofsheetError):
    """A folder without scripts, or a name that no script has."""


def explain_in_scripts() -> None:
    """Let a script that is run by hand end with our message and its own line number, not with a traceback into our code.

    Other exceptions are left to whatever hook stood before.
    """
    previous = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, ProofsheetError):
            previous(kind, error, trace)
            return
        script = getattr(sys.modules.get("__main__"), "__file__", None)
        lines = [frame.lineno for frame in traceback.extract_tb(trace) if script and frame.filename == script]
        where = f"{Path(script).name} line {lines[-1]}: " if script and lines else ""
        encoding = getattr(sys.stderr, "encoding", None) or "ascii"
        print(f"{where}{error}".encode(encoding, "replace").decode(encoding), file=sys.stderr)

    sys.excepthook = hook
