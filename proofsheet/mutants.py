"""Wrong lines made from a right one by machine: the mistakes that hands make, one at a time.

    for mutant in mutants(line):        mutant.line, mutant.mistake ("coefficient doubled: 2αw for αw"), mutant.kind

Made on the notation tree alone, so that no rule decides which mistakes are thought of. A mutant has the shape and the
free indices of its line, and no random variable outside E that the line lacks; that it differs in *value* is not
promised (‖a‖² of a transposed matrix is the same): the audit finds that out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sympy import Integer, Symbol, Tuple, factor

from proofsheet.errors import NotationError
from proofsheet.notation.expectations import Expectation, Variance
from proofsheet.notation.functions import AbsoluteValue, Applied, Derivative, NormOne, Remainder, Signum
from proofsheet.notation.indices import Distinct, Index
from proofsheet.notation.scope import free_indices, random_variables
from proofsheet.notation.tree import (
    ONE,
    Coefficient,
    Dimension,
    Element,
    Group,
    Hadamard,
    IndexedSum,
    MatrixProduct,
    Member,
    Minus,
    Node,
    Number,
    Parameter,
    Plus,
    Power,
    Product,
    Quotient,
    SquaredNorm,
    Transpose,
)
from proofsheet.notation.variables import Defined, Filled, Identity, Variable

Replacements = Iterator[tuple[Node, str]]
_LEAVES = (Variable, Identity, Filled, Number, Coefficient, Dimension, Parameter, Remainder)


@dataclass(frozen=True)
class Mutant:
    """A wrong line, the word on the mistake, and the kind of mistake: a name in `MUTATORS`."""

    line: Node
    mistake: str
    kind: str


@dataclass(frozen=True)
class Place:
    """Where a part of a line stands."""

    indices: frozenset[Index]  # that it may select with: free ones of the line and those of the sums around it
    symbols: tuple[Node, ...]  # dimensions and parameters of the whole line
    is_term: bool = False  # the whole line, or a term of a sum
    is_outermost: bool = False  # the whole line, or a term of it where the line is a sum
    is_subtracted: bool = False  # the term has a sign of its own, which is turned by itself


def mutants(line: Node) -> tuple[Mutant, ...]:
    """Every well-formed mutant of a line, each once, in the order of `MUTATORS`; none of a line that is a bare 0."""
    if line == Number(0):
        return ()
    found: dict[Node, Mutant] = {}
    places = [*_places(line, lambda new: new, _place_of(line))]
    for kind, mutator in MUTATORS.items():
        for part, put_back, place in places:
            for new, mistake in mutator(part, place):
                wrong = _rebuilt(put_back, new)
                if wrong is not None and _is_like(wrong, line) and wrong != line:
                    found.setdefault(wrong, Mutant(wrong, mistake, kind))
    return tuple(found.values())


def _rebuilt(put_back: Callable[[Node], Node], new: Node) -> Node | None:
    try:
        return put_back(new)
    except NotationError:  # the shapes do not allow this mistake here
        return None


def _is_like(wrong: Node, line: Node) -> bool:
    return (
        wrong.shape == line.shape
        and free_indices(wrong) == free_indices(line)
        and random_variables(wrong) <= random_variables(line)
    )


# ---- the places of a line -------------------------------------------------------------------------------------


def _place_of(line: Node) -> Place:
    coefficients = {symbol for one in line.atoms(Coefficient) for symbol in one.expression.free_symbols}
    declared = {part for _, part in _parts(line) if isinstance(part, (Dimension, Parameter))}
    bare = {symbol for symbol in coefficients if symbol not in {one.symbol for one in declared}}
    symbols = [*declared, *(Coefficient(symbol) for symbol in bare)]
    return Place(free_indices(line), tuple(sorted(symbols, key=str)), True, True)


def _parts(node: Node) -> Iterator[tuple[None, Node]]:
    yield None, node
    for position in _inner(node):
        yield from _parts(node.args[position])


def _inner(node: Node) -> list[int]:
    """The positions of the parts of a node that are lines of their own: not sizes, binders, or what a definition says."""
    if isinstance(node, (*_LEAVES, Defined)):
        return []
    if isinstance(node, Derivative):
        return [0]  # what is differentiated by stays
    return [position for position, part in enumerate(node.args) if isinstance(part, Node)]


def _places(
    node: Node, put_back: Callable[[Node], Node], place: Place
) -> Iterator[tuple[Node, Callable[..., Node], Place]]:
    """Every part of a line, with the function that puts another in its stead."""
    yield node, put_back, place
    inside = place.indices | frozenset(node.bound) if isinstance(node, IndexedSum) else place.indices
    for position in _inner(node):
        if isinstance(node, Power) and position == 1:
            continue

        def put(new: Node, position: int = position) -> Node:
            return put_back(node.func(*node.args[:position], new, *node.args[position + 1 :]))

        is_term = isinstance(node, Plus) or (isinstance(node, (Minus, Group)) and place.is_term)
        below = Place(inside, place.symbols, is_term, is_term and place.is_outermost, isinstance(node, Minus))
        yield from _places(node.args[position], put, below)


# ---- mistakes in a sum of terms -------------------------------------------------------------------------------


def coefficients(part: Node, place: Place) -> Replacements:
    if place.is_term and not isinstance(part, (Plus, Minus, Group)):
        for new, word in ((_doubled(part), "doubled"), (_halved(part), "halved")):
            yield new, f"coefficient {word}: {new} for {part}"


def _doubled(part: Node) -> Node:
    """2a, with numbers taken together: 4b for 2b."""
    if isinstance(part, Number):
        return Number(2 * part.value)
    if isinstance(part, Product) and isinstance(part.args[0], Number):
        return Product(Number(2 * part.args[0].value), *part.args[1:])
    return Product(Number(2), part)


def _halved(part: Node) -> Node:
    """a/2, with numbers taken together: b for 2b."""
    if isinstance(part, Number):
        return Number(part.value / 2)
    if isinstance(part, Product) and part.args[0] == Number(2):
        return part.args[1] if len(part.args) == 2 else Product(*part.args[1:])
    return Quotient(part, Number(2))


def signs(part: Node, place: Place) -> Replacements:
    if not place.is_term or place.is_subtracted or isinstance(part, (Plus, Group)):
        return
    if isinstance(part, Minus):
        yield part.args[0], f"sign turned: + {part.args[0]} for − {part.args[0]}"
    else:
        yield Minus(part), f"sign turned: − {part} for + {part}"


def dropped_terms(part: Node, place: Place) -> Replacements:
    if isinstance(part, Plus):
        for position, term in enumerate(part.args):
            rest = part.args[:position] + part.args[position + 1 :]
            yield (rest[0] if len(rest) == 1 else Plus(*rest)), f"term dropped: {term}"


# ---- mistakes in a product ------------------------------------------------------------------------------------


def lost_factors(part: Node, place: Place) -> Replacements:
    if isinstance(part, (Product, MatrixProduct)):
        for position, one in enumerate(part.args):
            rest = part.args[:position] + part.args[position + 1 :]
            if isinstance(part, Product) or one.shape[0] == one.shape[1]:
                yield (rest[0] if len(rest) == 1 else part.func(*rest)), f"factor lost: {one} in {part}"
    elif isinstance(part, Hadamard):
        for kept, lost in (part.args, part.args[::-1]):
            yield kept, f"factor lost: {lost} in {part}"
    elif isinstance(part, Power) and part.exponent > 1:
        lower = part.args[0] if part.exponent == 2 else Power(part.args[0], Number(part.exponent - 1))
        yield lower, f"power lowered: {lower} for {part}"
    elif isinstance(part, Quotient):
        yield part.args[0], f"divisor lost: {part.args[0]} for {part}"


def added_factors(part: Node, place: Place) -> Replacements:
    if place.is_outermost and not isinstance(part, (Plus, Minus, Group)):
        for symbol in place.symbols:
            yield Product(symbol, part), f"factor added: {symbol} with {part}"
    if isinstance(part, Quotient) and not isinstance(part.args[1], Number):
        yield Quotient(part.args[0], part.args[1] ** 2), f"divided twice: by {part.args[1]} in {part}"


# ---- mistakes in parameters and dimensions --------------------------------------------------------------------


def dimensions(part: Node, place: Place) -> Replacements:
    """n − 1 for n; n for n − 1 is a dropped term, or below where a coefficient is one expression."""
    if isinstance(part, Dimension):
        yield Plus(part, Minus(ONE)), f"one less: {part} − 1 for {part}"
    elif isinstance(part, Coefficient):
        for symbol in _symbols(part):
            if symbol.is_integer:
                for shift, word in ((-1, "one less"), (1, "one more")):
                    yield from _substituted(part, symbol, symbol + shift, word)


def squared_parameters(part: Node, place: Place) -> Replacements:
    if isinstance(part, Parameter):
        yield part**2, f"parameter squared: {part**2} for {part}"
    elif isinstance(part, Coefficient):
        for symbol in _symbols(part):
            if not symbol.is_integer:
                yield from _substituted(part, symbol, symbol**2, "parameter squared")


def keep_for_drop(part: Node, place: Place) -> Replacements:
    """p for 1 − p and 1 − p for p; in the whole line too."""
    unit = [one for one in place.symbols if isinstance(one, Parameter) and one.domain == "unit"]
    for one in unit:
        other = Plus(ONE, Minus(one))
        if part == one:
            yield Group(other), f"{other} for {one}"
        elif part == other:
            yield one, f"{one} for {other}"
        elif isinstance(part, Coefficient) and one.symbol in _symbols(part):
            yield from _substituted(part, one.symbol, 1 - one.symbol, "keep for drop")
        if place.is_outermost and place.is_term:
            yield _exchanged(part, one, other), f"{one} and {other} exchanged in {part}"


def _exchanged(node: Node, one: Parameter, other: Node) -> Node:
    if node == other:
        return one
    if node == one:
        return Group(other)
    if isinstance(node, Coefficient):
        return Coefficient(factor(node.expression.subs(one.symbol, 1 - one.symbol)))
    inner = _inner(node)
    parts = [_exchanged(part, one, other) if k in inner else part for k, part in enumerate(node.args)]
    return node.func(*parts) if inner else node


def _symbols(part: Coefficient) -> list[Symbol]:
    return sorted(part.expression.free_symbols, key=str)


def _substituted(part: Coefficient, symbol: Symbol, value: object, word: str) -> Replacements:
    new = Coefficient(factor(part.expression.subs(symbol, value)))
    yield new, f"{word}: {new} for {part}"


# ---- mistakes with E, with functions and norms ----------------------------------------------------------------


def squares_and_means(part: Node, place: Place) -> Replacements:
    """The square of the mean for the mean of the square, the product of the means for the mean of the product, ..."""
    for new in (*_outside(part), *_inside(part)):
        yield new, f"mean and product exchanged: {new} for {part}"
    if isinstance(part, Variance):
        new = Expectation(part.args[0] ** 2)
        yield new, f"second moment for variance: {new} for {part}"


def _outside(part: Node) -> Iterator[Node]:
    """E[a²] to E[a]²."""
    if not isinstance(part, Expectation):
        return
    body = part.args[0]
    if isinstance(body, Power):
        yield Power(Expectation(body.args[0]), body.args[1])
    elif isinstance(body, SquaredNorm):
        yield SquaredNorm(Expectation(body.args[0]))
    elif isinstance(body, Applied) and len(body.arguments) == 1:
        yield Applied(body.function, Tuple(*map(Integer, body.orders)), Expectation(body.arguments[0]))
    elif isinstance(body, (Product, MatrixProduct)):
        random = [position for position, one in enumerate(body.args) if random_variables(one)]
        if len(random) > 1:
            cut = random[0] + 1
            sides = (body.args[:cut], body.args[cut:])
            yield body.func(*(Expectation(side[0] if len(side) == 1 else body.func(*side)) for side in sides))


def _inside(part: Node) -> Iterator[Node]:
    """E[a]² to E[a²]."""
    if isinstance(part, Power) and isinstance(part.args[0], Expectation):
        yield Expectation(Power(part.args[0].args[0], part.args[1]))
    elif isinstance(part, SquaredNorm) and isinstance(part.args[0], Expectation):
        yield Expectation(SquaredNorm(part.args[0].args[0]))
    elif isinstance(part, Applied) and len(part.arguments) == 1 and isinstance(part.arguments[0], Expectation):
        yield Expectation(Applied(part.function, Tuple(*map(Integer, part.orders)), part.arguments[0].args[0]))


def derivatives(part: Node, place: Place) -> Replacements:
    """A′ for A″, A″ for A′, A for A′."""
    if isinstance(part, Applied):
        orders = [part.orders[:-1]] if part.orders else []
        orders += [(*part.orders, 0)] if part.function.is_entrywise else []
        for one in orders:
            try:
                new = Applied(part.function, Tuple(*map(Integer, one)), *part.arguments)
            except NotationError:
                continue
            yield new, f"another derivative: {new} for {part}"


def norms(part: Node, place: Place) -> Replacements:
    """‖a‖₁ for ‖a‖², |a| for sgn(a), and the other way round."""
    for one, other in (
        (SquaredNorm, NormOne),
        (NormOne, SquaredNorm),
        (Signum, AbsoluteValue),
        (AbsoluteValue, Signum),
    ):
        if type(part) is one:
            new = other(part.args[0])
            yield new, f"another norm: {new} for {part}" if part.is_scalar else f"{new} for {part}"


# ---- mistakes with matrices and indices -----------------------------------------------------------------------


def transposes(part: Node, place: Place) -> Replacements:
    if isinstance(part, MatrixProduct) and not part.is_scalar:
        try:
            turned = MatrixProduct(*reversed(part.args))
        except NotationError:
            pass
        else:
            yield turned, f"order turned: {turned} for {part}"
    if part.shape[0] == part.shape[1] and not part.is_scalar:
        if isinstance(part, Transpose):
            yield part.args[0], f"transposition lost: {part.args[0]} for {part}"
        elif isinstance(part, (Variable, MatrixProduct)):
            yield Transpose(part), f"transposed: {Transpose(part)} for {part}"


def swapped_indices(part: Node, place: Place) -> Replacements:
    if isinstance(part, (Element, Member)):
        chosen = part.args[1:]
        for new in _other_choices(chosen, place.indices):
            yield part.func(part.args[0], *new), f"another index: {part.func(part.args[0], *new)} for {part}"
    elif isinstance(part, IndexedSum) and isinstance(part.binder, Distinct):
        first, second = part.bound
        new = IndexedSum(first, IndexedSum(second, part.body))
        yield new, f"i = j counted too: {new} for {part}"
    elif isinstance(part, IndexedSum) and isinstance(part.body, IndexedSum):
        inner = part.body
        if isinstance(inner.binder, Index) and inner.binder.dimension == part.bound[0].dimension:
            new = IndexedSum(Distinct(part.bound[0], inner.binder), inner.body)
            yield new, f"i = j left out: {new} for {part}"


def _other_choices(chosen: tuple[Index, ...], known: frozenset[Index]) -> Iterator[tuple[Index, ...]]:
    for position, index in enumerate(chosen):
        for other in sorted(known, key=str):
            if other != index and other.dimension == index.dimension:
                yield (*chosen[:position], other, *chosen[position + 1 :])
    if len(chosen) == 2 and chosen[0].dimension == chosen[1].dimension:
        yield chosen[::-1]


MUTATORS: dict[str, Callable[[Node, Place], Replacements]] = {
    "coefficient": coefficients,
    "sign": signs,
    "dropped term": dropped_terms,
    "keep for drop": keep_for_drop,
    "square and mean": squares_and_means,
    "dimension": dimensions,
    "squared parameter": squared_parameters,
    "derivative": derivatives,
    "norm": norms,
    "lost factor": lost_factors,
    "added factor": added_factors,
    "transpose": transposes,
    "index": swapped_indices,
}
