"""Vectors, matrices and random variables, and symbols with a definition."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Tuple
from sympy.core.symbol import Str

from proofsheet.notation.indices import Index
from proofsheet.notation.tree import ONE, Node, Shape


class Variable(Node):
    """A named scalar, vector or matrix; `Constant` and `RandomVariable` say of which kind."""

    __slots__ = ()

    def __new__(cls, name: Any, rows: Node, columns: Node, structure: Any = "general") -> Variable:
        text = structure if isinstance(structure, Str) else Str(structure)
        return Basic.__new__(cls, name if isinstance(name, Str) else Str(name), rows, columns, text)

    @property
    def name(self) -> str:
        return self.args[0].name

    @property
    def shape(self) -> Shape:
        return self.args[1], self.args[2]

    @property
    def structure(self) -> str:
        """general, symmetric, psd (symmetric positive semidefinite), or family (its rows are vectors x_1, x_2, ...)."""
        return self.args[3].name

    @property
    def is_symmetric(self) -> bool:
        return self.structure in ("symmetric", "psd")

    @property
    def is_family(self) -> bool:
        return self.structure == "family"


class Constant(Variable):
    """Deterministic."""

    __slots__ = ()


class RandomVariable(Variable):
    """Random; its law is known only through the assumptions that a step cites."""

    __slots__ = ()


class Identity(Node):
    """The identity matrix."""

    __slots__ = ()

    def __new__(cls, size: Node) -> Identity:
        return Basic.__new__(cls, size)

    @property
    def shape(self) -> Shape:
        return self.args[0], self.args[0]


class Filled(Node):
    """A vector or matrix whose entries are all one number (ones, zeros)."""

    __slots__ = ()

    def __new__(cls, value: Node, rows: Node, columns: Node) -> Filled:
        return Basic.__new__(cls, value, rows, columns)

    @property
    def shape(self) -> Shape:
        return self.args[1], self.args[2]


class Defined(Node):
    """A symbol with a definition: x̃ := x + n, f(w) := E[...], ε_i := ŷ_i − y.

    `parameters` are the formal arguments, `values` the actual ones; `entry` is the index of an entrywise definition.
    """

    __slots__ = ()

    def __new__(cls, name: Any, rows: Node, columns: Node, parameters: Any, values: Any, entry: Any, body: Node) -> Any:
        name = name if isinstance(name, Str) else Str(name)
        return Basic.__new__(cls, name, rows, columns, Tuple(*parameters), Tuple(*values), Tuple(*entry), body)

    @property
    def name(self) -> str:
        return self.args[0].name

    @property
    def shape(self) -> Shape:
        return self.args[1], self.args[2]

    @property
    def is_family(self) -> bool:
        return self.entry is not None and self.shape[1] != ONE

    @property
    def parameters(self) -> tuple[Node, ...]:
        return self.args[3].args

    @property
    def values(self) -> tuple[Node, ...]:
        return self.args[4].args

    @property
    def entry(self) -> Index | None:
        return self.args[5].args[0] if self.args[5].args else None

    @property
    def body(self) -> Node:
        """The right side of the definition, for the formal arguments."""
        return self.args[6]

    @property
    def meaning(self) -> Node:
        """The right side for the actual arguments."""
        if not self.parameters:
            return self.body
        return _with_values(self.body, dict(zip(self.parameters, self.values, strict=True)))

    @property
    def declaration(self) -> tuple[Any, ...]:
        """What two uses of one definition share."""
        return (*self.args[:4], *self.args[5:])


def _with_values(node: Basic, values: dict[Node, Node]) -> Any:
    """`node` with formal arguments replaced, all at once.

    Inside a nested definition only its actual arguments are touched: its own formals and its body keep their meaning
    (`define` sees to it that they do not speak of the outer formals).
    """
    if node in values:
        return values[node]
    if isinstance(node, Defined):
        inner = Tuple(*(_with_values(value, values) for value in node.values))
        return Basic.__new__(Defined, *node.args[:4], inner, *node.args[5:])
    if not node.args or isinstance(node, Variable):
        return node
    return node.func(*(_with_values(part, values) for part in node.args))
