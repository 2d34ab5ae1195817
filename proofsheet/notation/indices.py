"""Indices, and the condition that two of them differ."""

from __future__ import annotations

from typing import Any

from sympy import Basic
from sympy.core.symbol import Str

from proofsheet.errors import NotationError
from proofsheet.notation.sealed import Sealed


class Index(Sealed):
    """An index i = 1, ..., n. Not a number: it only selects entries and is summed over."""

    __slots__ = ()

    def __new__(cls, name: Any, dimension: Any) -> Index:
        return Basic.__new__(cls, name if isinstance(name, Str) else Str(name), dimension)

    @property
    def name(self) -> str:
        return self.args[0].name

    @property
    def dimension(self) -> Any:
        return self.args[1]

    def __str__(self) -> str:
        return self.name

    __repr__ = __str__


class Distinct(Sealed):
    """The condition i ≠ j on two indices of the same range."""

    __slots__ = ()

    def __new__(cls, first: Index, second: Index) -> Distinct:
        if first == second:
            raise NotationError(f"distinct({first}, {second}) names one index twice")
        if first.dimension != second.dimension:
            raise NotationError(
                f"distinct({first}, {second}): {first} runs to {first.dimension}, {second} runs to {second.dimension}"
            )
        return Basic.__new__(cls, first, second)

    def __str__(self) -> str:
        return f"{self.args[0]} ≠ {self.args[1]}"

    __repr__ = __str__
