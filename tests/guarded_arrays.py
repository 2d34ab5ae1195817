"""A backend of its own kind of arrays, which NumPy knows nothing of and which meet no NumPy array unconverted.

What runs on it keeps to the operators, methods and names that array libraries share, and moves every constant to the device
and every result to the host. It stands in for a GPU where there is none.
"""

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from proofsheet.monte_carlo.backends import NumpyRandom

METHODS = {"reshape", "swapaxes", "sum", "min", "max", "all", "any", "mean"}
UFUNCS = {"add", "subtract", "multiply", "divide", "matmul", "power", "negative", "absolute"}
UFUNCS |= {"less", "greater", "less_equal", "greater_equal", "equal"}


class Guarded(NDArrayOperatorsMixin):
    def __init__(self, hidden):
        self._hidden = np.asarray(hidden)

    shape = property(lambda self: self._hidden.shape)
    ndim = property(lambda self: self._hidden.ndim)
    T = property(lambda self: Guarded(self._hidden.T))

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        if method != "__call__" or options or ufunc.__name__ not in UFUNCS:
            raise TypeError(f"np.{ufunc.__name__} is no function of this device")
        values = [_opened(one) for one in inputs]
        if out is None:
            return Guarded(ufunc(*values))
        return Guarded(ufunc(*values, out=tuple(_opened(one) for one in out)))

    def __array__(self, *_, **__):
        raise TypeError("an array of the device comes to the host by to_host only")

    def __getitem__(self, places):
        return Guarded(self._hidden[_opened(places) if isinstance(places, Guarded) else places])

    def __getattr__(self, name):
        if name not in METHODS:
            raise AttributeError(name)
        return lambda *arguments, **options: Guarded(getattr(self._hidden, name)(*arguments, **options))

    def __bool__(self):
        return bool(self._hidden)

    def __float__(self):
        return float(self._hidden)

    def item(self):
        return self._hidden.item()


def _opened(value):
    if isinstance(value, (list, tuple)):
        return [_opened(one) for one in value]
    if isinstance(value, np.ndarray) and value.ndim:
        raise TypeError("an array of the host meets one of the device")
    return value._hidden if isinstance(value, Guarded) else value


class Namespace:
    def __init__(self, functions):
        self._functions = functions

    def __getattr__(self, name):
        function = getattr(self._functions, name)

        def on_device(*arguments, **options):
            plain = [one if isinstance(one, tuple) else _opened(one) for one in arguments]
            found = function(*plain, **options)
            return tuple(map(Guarded, found)) if isinstance(found, tuple) else Guarded(found)

        return on_device


class GuardedRandom:
    def __init__(self, seed):
        self._numpy = NumpyRandom(seed)

    def __getattr__(self, law):
        return lambda *arguments: Guarded(getattr(self._numpy, law)(*arguments))


class GuardedBackend:
    name = "guarded"
    at_once = None
    singular = np.linalg.LinAlgError

    def __init__(self):
        self.xp = Namespace(np)
        self.xp.linalg = Namespace(np.linalg)

    def random(self, seed):
        return GuardedRandom(seed)

    def array(self, values):
        return Guarded(np.array(values, dtype=float))

    def to_host(self, array):
        return np.array(array._hidden, dtype=float)
