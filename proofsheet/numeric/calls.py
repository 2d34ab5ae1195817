"""How a check's own functions are called: by name, with draws, and with the constants that they ask for.

A constant that left_side or variables takes by name comes as an array of the backend, in its own shape; so does `xp`, the
backend's namespace. left_side(x, n, y, w) thus runs on every backend; one that closes over a NumPy array runs on NumPy.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from proofsheet.errors import CallError, ProofsheetError, ScriptError
from proofsheet.numeric.draws import Instance

NAMESPACE = "xp"


def called(function: Callable[..., Any], what: str, values: Mapping[str, Any], instance: Instance, device: Any) -> Any:
    """function(**values, and what else it asks for by name).

    Raises ScriptError where it asks for what is not there, changes what it is given, raises an error of its own, or gives
    complex numbers or masked arrays, CallError where it does not run on the backend.
    """
    takes = tuple(signature_of(function, what).parameters)
    constants = {name: instance.natural(name, device) for name in takes if name in instance.constants}
    arrays = {name: _sealed(value) for name, value in {**constants, **values}.items()}
    given = {**({NAMESPACE: device.xp} if NAMESPACE in takes else {}), **arrays}
    if not fits(function, what, tuple(given)):
        raise ScriptError(
            f"{what} takes ({', '.join(takes)}); it is called by name with ({', '.join(values)}), and may ask for "
            f"({', '.join((*instance.constants, NAMESPACE))}) besides"
        )
    found = _on_host(function, what, given) if device.name == "numpy" else _elsewhere(function, what, given, device)
    for value in found.values() if isinstance(found, Mapping) else (found,):
        _refuse_odd(what, value)
    return found


def _sealed(value: Any) -> Any:
    """A view that cannot be written to: the other side of the theorem is read on the same draws and constants."""
    if type(value) is not np.ndarray:
        return value
    view = value.view()
    view.flags.writeable = False
    return view


def _on_host(function: Callable[..., Any], what: str, given: Mapping[str, Any]) -> Any:
    try:
        return function(**given)
    except (ProofsheetError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, ValueError) and "read-only" in str(error):
            raise ScriptError(
                f"{what} changes in place what it is given, and the other side of the theorem is read on the same draws: "
                "write x = x + n, which makes a new array, not x += n"
            ) from None
        raise _slip(function, what, error) from error
    except SystemExit as error:  # with the code 0 it would pass for a check that is confirmed
        raise ScriptError(f"{what} ended the process with the code {error.code!r}; there is no verdict") from None


def _elsewhere(function: Callable[..., Any], what: str, given: Mapping[str, Any], device: Any) -> Any:
    try:
        return function(**given)
    except (ProofsheetError, MemoryError):
        raise
    except (TypeError, RuntimeError, AttributeError) as error:
        raise CallError(
            f"{what} does not run on the backend {device.name}: {error}. Constants that it takes by name are arrays of the "
            f"backend, {NAMESPACE} is its namespace: def left_side(x, y, w, {NAMESPACE}), for example"
        ) from None
    except Exception as error:
        raise _slip(function, what, error) from error


def _slip(function: Callable[..., Any], what: str, error: Exception) -> ScriptError:
    """What went wrong in a function of the script, and at which line of its file."""
    frames = traceback.extract_tb(error.__traceback__)
    file = getattr(getattr(inspect.unwrap(function), "__code__", None), "co_filename", None)
    own = [frame for frame in frames if frame.filename == file] or list(frames)[-1:]
    place = "".join(f", line {frame.lineno} of {Path(frame.filename).name}" for frame in own[-1:])
    return ScriptError(f"{what}{place}: {type(error).__name__}: {error}")


def _refuse_odd(what: str, value: Any) -> None:
    """What would lose something on its way to an array of real numbers, without a word."""
    if isinstance(value, np.ma.MaskedArray):
        raise ScriptError(f"{what} gives a masked array; its mean would leave out what is masked")
    if "complex" in str(getattr(value, "dtype", "")) or np.iscomplexobj(
        value if isinstance(value, (list, tuple)) else 0
    ):
        raise ScriptError(f"{what} gives complex numbers; their imaginary parts would be dropped")


def signature_of(function: Callable[..., Any], what: str) -> inspect.Signature:
    """How a script's function is called. Raises ScriptError for what is none, and for built-in ones that do not tell it."""
    if not callable(function):
        raise ScriptError(f"{what} is a function of what is named in the check; {function!r} cannot be called")
    try:
        return _signature(function) if isinstance(function, Hashable) else inspect.signature(function)
    except ValueError:
        name = getattr(function, "__name__", repr(function))
        raise ScriptError(
            f"{what} is called by name, and the built-in {name} does not tell the names that it takes; "
            f"write a function around it: lambda x: {name}(x), with the names of the check"
        ) from None


_signature = lru_cache(maxsize=1000)(inspect.signature)


def fits(function: Callable[..., Any], what: str, names: tuple[str, ...]) -> bool:
    """Whether it takes exactly these names."""
    try:
        signature_of(function, what).bind(**dict.fromkeys(names))
    except TypeError:
        return False
    return True
