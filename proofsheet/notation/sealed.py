"""The base of all kinds of nodes: no script adds one of its own."""

from __future__ import annotations

from sympy import Basic

from proofsheet.errors import NotationError


class Sealed(Basic):
    """A kind of node that only this package derives from.

    A subclass could say that it equals another node, and what was remembered of one would be said of the other.
    """

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        if cls.__module__.partition(".")[0] != "proofsheet":
            raise NotationError(f"{cls.__name__}: the notation has its own kinds of nodes; build lines of these")
        super().__init_subclass__()
