"""What is free and what is bound in a line: indices, random variables, names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Any

from sympy import Basic, Symbol

from proofsheet.errors import NotationError
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.functions import ARGUMENT, Function
from proofsheet.notation.genuine import refuse_foreign_kind, refuse_forged, refuse_odd_name
from proofsheet.notation.indices import Index
from proofsheet.notation.names import printed_name, printed_subscript
from proofsheet.notation.tree import Coefficient, Dimension, IndexedSum, Parameter
from proofsheet.notation.variables import Defined, RandomVariable, Variable


@lru_cache(maxsize=20_000)
def free_indices(node: Basic) -> frozenset[Index]:
    """The indices that a line selects with and no sum binds."""
    if isinstance(node, Index):
        return frozenset((node,))
    if isinstance(node, Defined):
        return frozenset().union(*(free_indices(value) for value in node.values))
    inner = frozenset().union(*(free_indices(part) for part in node.args)) if node.args else frozenset()
    return inner - frozenset(node.bound) if isinstance(node, IndexedSum) else inner


@lru_cache(maxsize=20_000)
def random_variables(node: Basic) -> frozenset[RandomVariable]:
    """The random variables that no expectation, variance or covariance binds."""
    if isinstance(node, RandomVariable):
        return frozenset((node,))
    if isinstance(node, (Expectation, Variance, Covariance)):
        return frozenset()
    if isinstance(node, Defined):
        return random_variables(node.meaning)
    return frozenset().union(*(random_variables(part) for part in node.args)) if node.args else frozenset()


LAW = "E"  # stands among the dependencies of a line for the law of its random variables; no name is spelled so


@lru_cache(maxsize=50_000)
def dependencies(node: Basic) -> frozenset[str]:
    """The names of the variables that a line speaks of, through definitions too, and LAW where an E, Var or Cov is in it."""
    if isinstance(node, Variable):
        return frozenset((node.name,))
    if isinstance(node, Defined):
        formal = {one.name for one in node.parameters}
        return (dependencies(node.body) - formal).union(*map(dependencies, node.values))
    inner: frozenset[str] = frozenset().union(*map(dependencies, node.args)) if node.args else frozenset()
    return inner | {LAW} if isinstance(node, (Expectation, Variance, Covariance)) else inner


@lru_cache(maxsize=50_000)
def defined_symbols(node: Basic) -> frozenset[Defined]:
    """The defined symbols in a line, and in what they stand for."""
    inner: frozenset[Defined] = frozenset().union(*map(defined_symbols, node.args)) if node.args else frozenset()
    return inner | {node} if isinstance(node, Defined) else inner


@lru_cache(maxsize=50_000)
def symbols_in(node: Basic) -> frozenset[Symbol]:
    """The SymPy symbols of the parameters and dimensions in a line; as `atoms`, but shared parts are walked once."""
    if isinstance(node, Symbol):
        return frozenset() if node == ARGUMENT else frozenset((node,))
    return frozenset().union(*map(symbols_in, node.args)) if node.args else frozenset()


class Names:
    """Every name of a setting with the one thing that it stands for."""

    def __init__(self) -> None:
        self._meaning: dict[str, Any] = {}
        self._looks: dict[str, str] = {}  # printed form to name
        self._indices: set[str] = set()
        self._arrays: set[str] = set()
        self._seen: dict[Basic, None] = {}

    def add(self, node: Basic) -> None:
        """Enter all names in `node`.

        Raises NotationError if a name already stands for something else: the two would look alike in print; and for a
        node that was built by hand against the rules of the notation.
        """
        refuse_foreign_kind(node)  # before it can say that it equals a node that was seen
        if node in self._seen:
            return
        refuse_forged(node)
        for name, meaning in _own_names(node):
            refuse_odd_name(name)
            known = self._meaning.setdefault(name, meaning)
            if known != meaning:
                raise NotationError(
                    f"{name.strip()!r} names two different things: {_describe(known)} and {_describe(meaning)}"
                )
            self._enter_look(name.strip(), node)
        self._seen[node] = None  # only now: what clashed must clash again
        for part in node.args:
            self.add(part)

    def admits(self, node: Basic) -> bool:
        """Whether `node` could be entered; nothing is."""
        trial = Names()
        trial._meaning, trial._looks = dict(self._meaning), dict(self._looks)
        trial._indices, trial._arrays, trial._seen = set(self._indices), set(self._arrays), dict(self._seen)
        try:
            trial.add(node)
        except NotationError:
            return False
        return True

    def _enter_look(self, name: str, node: Basic) -> None:
        """Raises NotationError if `name` in print reads like another name, an entry x_i, or a product W x."""
        look = printed_name(name)
        known = self._looks.get(look, name)
        if known != name:
            raise NotationError(f"{name!r} and {known!r} look alike in print: {look}")
        if look in self._looks:
            return
        self._looks[look] = name
        if isinstance(node, Index):
            self._indices.add(name)
        elif isinstance(node, Variable) and not node.is_scalar:
            self._arrays.add(look)
        for other, other_name in self._looks.items():
            parts = self._reads_as(other)
            if parts:
                raise NotationError(f"the name {other_name!r} reads like {parts} in print: {other}")

    def _reads_as(self, look: str) -> str | None:
        """What else a printed name may be taken for: an entry of a variable, a δ, or a product of arrays."""
        for labels in [*((one,) for one in self._indices), *product(self._indices, repeat=2)]:
            subscript = printed_subscript(list(labels))
            base = look.removesuffix(subscript)
            if look.endswith(subscript) and (base in self._arrays or (base == "δ" and len(labels) == 2)):
                return f"the entry {', '.join(labels)} of {base}"
        return "a product" if _is_concatenation(look, self._arrays - {look}) else None

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The SymPy symbols of all parameters and dimensions, in alphabetical order."""
        found = {
            meaning[1] for meaning in self._meaning.values() if isinstance(meaning, tuple) and meaning[0] == "symbol"
        }
        return tuple(sorted(found, key=lambda symbol: symbol.name))

    def domain(self, symbol: Symbol) -> str | None:
        """The declared domain of a parameter; None if no line holds it but in rational functions."""
        node = self._meaning.get(f"{symbol.name} ")
        return node.domain if isinstance(node, Parameter) and node.symbol == symbol else None

    def knows(self, name: str) -> bool:
        return name in self._meaning

    def of_kind(self, *kinds: type[Basic]) -> list[Any]:
        """All entered nodes of some kinds, in the order in which they were met."""
        return [node for node in self._seen if isinstance(node, kinds)]

    def of_symbols(self) -> list[Any]:
        """The declared parameters and dimensions."""
        return self.of_kind(Parameter, Dimension)


def _is_concatenation(text: str, pieces: set[str]) -> bool:
    """Whether `text` is made of two or more of the pieces."""
    return any(
        text.startswith(piece) and (text[len(piece) :] in pieces or _is_concatenation(text[len(piece) :], pieces))
        for piece in pieces
        if piece and len(piece) < len(text)
    )


def _own_names(node: Basic) -> Iterator[tuple[str, Any]]:
    if isinstance(node, (Dimension, Parameter)):
        yield node.name, ("symbol", node.symbol)
        yield f"{node.name} ", node  # two domains of one symbol are two things as well
    elif isinstance(node, Coefficient):
        for symbol in node.expression.free_symbols:
            yield symbol.name, ("symbol", symbol)
    elif isinstance(node, (Variable, Index, Function)):
        yield node.name, node
    elif isinstance(node, Defined):
        yield node.name, ("defined", *node.declaration)


def _describe(meaning: Any) -> str:
    if isinstance(meaning, tuple) and meaning[0] == "symbol":
        facts = [fact for fact in ("integer", "positive", "nonnegative", "real") if meaning[1].assumptions0.get(fact)]
        return f"a parameter or dimension ({facts[0] if facts else 'complex'})"
    if isinstance(meaning, tuple):
        return "a definition"
    if isinstance(meaning, Index):
        return f"an index up to {meaning.dimension}"
    if isinstance(meaning, (Dimension, Parameter)):
        return f"a parameter with domain {meaning.domain}" if isinstance(meaning, Parameter) else "a dimension"
    if isinstance(meaning, Function):
        form = "" if meaning.closed_form is None else f" with the closed form {meaning.closed_form}"
        return f"a function of {len(meaning.shapes)} argument{'s' if len(meaning.shapes) > 1 else ''}{form}"
    kind = "a random variable" if isinstance(meaning, RandomVariable) else "a constant"
    rows, columns = meaning.shape
    return f"{kind} of shape {rows} × {columns}" + ("" if meaning.structure == "general" else f", {meaning.structure}")
