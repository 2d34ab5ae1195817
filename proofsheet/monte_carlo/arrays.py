"""Numbers that a check gives, as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofsheet.errors import ScriptError


def float_array(what: str, values: Any) -> NDArray[np.float64]:
    """`values` as a float array; ScriptError, which names `what`, where they are no finite numbers of one shape."""
    try:
        array = np.asarray(values)
        if array.dtype.kind in "US":  # NumPy would read "0.8", and whatever else uses it would not
            raise TypeError
        array = array.astype(float, copy=False)
    except (TypeError, ValueError):
        raise ScriptError(f"{what}: {_shortened(values)} is no array of numbers") from None
    if not np.isfinite(array).all():
        raise ScriptError(f"{what}: some of the numbers are not finite")
    return array


def _shortened(values: Any) -> str:
    text = repr(values)
    return text if len(text) <= 60 else f"{text[:57]}..."
