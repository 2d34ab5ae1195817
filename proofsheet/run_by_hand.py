"""Proof and check scripts that are run by hand: their errors end with a sentence, not with a traceback into our code."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module
from pathlib import Path
from types import TracebackType

from proofsheet.errors import ProofsheetError


def explain_errors() -> None:
    """Let an explained error of the main script print its text and the script's own line number.

    Acts only where the main module is a script that uses the public names; everything else is left to whatever hook
    stood before.
    """
    previous = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        script = _main_script()
        if script is None or not isinstance(error, ProofsheetError):
            previous(kind, error, trace)
            return
        lines = [frame.lineno for frame in traceback.extract_tb(trace) if frame.filename == script]
        text = f"{Path(script).name} line {lines[-1]}: {error}" if lines else str(error)
        print(import_module("proofsheet.plain_text").for_stream(text, sys.stderr), file=sys.stderr)

    sys.excepthook = hook


def _main_script() -> str | None:
    main = sys.modules.get("__main__")
    ours = (getattr(value, "__module__", None) or "" for value in vars(main).values()) if main else ()
    return getattr(main, "__file__", None) if any(str(name).startswith("proofsheet.") for name in ours) else None
