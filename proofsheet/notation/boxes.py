"""What a line looks like, before anybody sets it: boxes in boxes, with every bracket in its place.

`layout` makes them from a tree, once; a style for each target (TeX, MathML, Typst, Unicode, ASCII) sets them. A box says
what there is to be seen, not how it is spelled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal


class Box:
    """Something to be set."""

    __slots__ = ()

    def parts(self) -> Iterator[Box]:
        """The boxes inside, in reading order."""
        for name in _names(type(self)):  # type: ignore[arg-type]  # mypy takes the class for one of its objects
            value = getattr(self, name)
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, Box):
                    yield part


@cache
def _names(kind: type[Box]) -> tuple[str, ...]:
    """Of the fields of a kind of box."""
    return tuple(one.name for one in fields(kind))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Letter(Box):
    """A declared name; bold if it stands for a vector or a matrix."""

    name: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class IndexLetter(Box):
    """The name of an index."""

    name: str


@dataclass(frozen=True, slots=True)
class Word(Box):
    """The name of an operator: E, Var, Cov, tr, sgn, diag, exp, log, max, min."""

    text: str


@dataclass(frozen=True, slots=True)
class Figure(Box):
    """A whole number that is not negative, in figures."""

    digits: str


@dataclass(frozen=True, slots=True)
class ConstantMatrix(Box):
    """I, and the vectors and matrices 𝟎 and 𝟏 of equal entries."""

    entry: Literal["I", "0", "1"]


@dataclass(frozen=True, slots=True)
class Signed(Box):
    """Terms with whether each is subtracted; the first one's minus is a sign in front."""

    terms: tuple[tuple[bool, Box], ...]

    def parts(self) -> Iterator[Box]:
        return (term for _, term in self.terms)


@dataclass(frozen=True, slots=True)
class Negative(Box):
    """−a."""

    inner: Box


@dataclass(frozen=True, slots=True)
class Beside(Box):
    """Factors; between two of them nothing, or a sign where `times` says so (one less than factors)."""

    factors: tuple[Box, ...]
    times: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class MatrixFactors(Box):
    """Factors of a matrix product."""

    factors: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Related(Box):
    """Two sides and the sign between them: ∘ ≠ = ≥ ≤ > < ∈ ⟂ := → :"""

    left: Box
    sign: str
    right: Box


@dataclass(frozen=True, slots=True)
class Fraction(Box):
    """A numerator over a denominator: above each other, or with a slash where the style or the surroundings are flat."""

    top: Box
    bottom: Box
    stacked: bool


@dataclass(frozen=True, slots=True)
class Raised(Box):
    """A power; `whole` if the exponent is one letter or number."""

    base: Box
    exponent: Box
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Transposed(Box):
    """aᵀ."""

    base: Box


@dataclass(frozen=True, slots=True)
class Inverted(Box):
    """a⁻¹; a style that writes inv(a) finds no brackets around a."""

    base: Box


@dataclass(frozen=True, slots=True)
class Lowered(Box):
    """A name or a bracket with the names of its indices."""

    base: Box
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fenced(Box):
    """A body between round or square brackets, between bars or between double bars."""

    kind: Literal["round", "square", "bars", "double bars"]
    body: Box


@dataclass(frozen=True, slots=True)
class Listed(Box):
    """Items with commas between them."""

    items: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Called(Box):
    """A function or an operator and what it is taken of: A(u), exp(t), E[Z]."""

    head: Box
    fence: Fenced


@dataclass(frozen=True, slots=True)
class Norm(Box):
    """‖a‖² with the index F for a matrix, or ‖a‖₁."""

    fence: Fenced
    order: Literal[1, 2]
    frobenius: bool = False


@dataclass(frozen=True, slots=True)
class BigSum(Box):
    """Σ over indices: each from `start` to `size`, or two that are distinct."""

    indices: tuple[str, ...]
    distinct: bool
    size: Box
    body: Box
    start: Literal["0", "1"] = "1"


@dataclass(frozen=True, slots=True)
class Radical(Box):
    """√a."""

    body: Box


@dataclass(frozen=True, slots=True)
class DerivedName(Box):
    """The name of a derivative: A″, ∇C, ∂₁F."""

    name: Letter
    orders: tuple[int, ...]
    form: Literal["primes", "gradient", "partial"]


@dataclass(frozen=True, slots=True)
class Differentiated(Box):
    """∂ body/∂ by: one fraction, flat or stacked, or ∂/∂ by in front of a body that is too large for a numerator."""

    body: Box
    by: Box
    form: Literal["stacked", "flat", "operator"]


@dataclass(frozen=True, slots=True)
class GradientOf(Box):
    """∇ with the variable as its index, in front of the body."""

    by: Box
    body: Box


@dataclass(frozen=True, slots=True)
class TaylorRemainder(Box):
    """ρ with its order, and in square brackets the function, the point and the increment."""

    order: int
    function: Letter
    point: Box
    increment: Box


@dataclass(frozen=True, slots=True)
class Delta(Box):
    """δ with two indices."""

    indices: tuple[str, str]


# ---- what stands among words, and in a broken line --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line(Box):
    """A node of the tree that is laid out when it is set, in the manner of the style."""

    node: Any


@dataclass(frozen=True, slots=True)
class ClosedForm(Box):
    """A SymPy expression in the argument of a function, laid out when it is set, as `Line`."""

    form: Any


@dataclass(frozen=True, slots=True)
class Space(Box):
    """ℝ, ℝ^m or ℝ^{m×q}."""

    sizes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Sign(Box):
    """A sign by itself, one of those of `Related`, or …"""

    sign: str


@dataclass(frozen=True, slots=True)
class Opened(Box):
    """The left half of what is bracketed, where a line is broken inside: E[ of E[a + b]."""

    whole: Fenced | Called | Norm


@dataclass(frozen=True, slots=True)
class Closed(Box):
    """The right half."""

    whole: Fenced | Called | Norm


@dataclass(frozen=True, slots=True)
class Term(Box):
    """A term that opens a row of a broken line, behind its sign."""

    negative: bool
    inner: Box


@dataclass(frozen=True, slots=True)
class Row(Box):
    """Boxes one behind the other: a part of a line."""

    boxes: tuple[Box, ...]


def opening(box: Box) -> Box:
    """The leftmost box: what a neighbour on the left stands beside."""
    match box:
        case Signed(terms=((True, _), *_)) | Negative():
            return box
        case (
            Signed() | Beside() | MatrixFactors() | Related() | Raised() | Transposed() | Inverted() | Lowered() | Row()
        ):
            return opening(next(box.parts()))
        case Called(head=head):
            return opening(head)
        case Opened(whole=whole):
            return opening(whole)
        case Norm(fence=fence):
            return fence
        case Opened(whole=whole):
            return opening(whole)
        case Fraction(stacked=False, top=top):
            return opening(top)
    return box


def closing(box: Box) -> Box:
    """The rightmost box: what a neighbour on the right stands beside."""
    match box:
        case Signed() | Beside() | MatrixFactors() | Related() | Row():
            return closing([*box.parts()][-1])
        case Negative(inner=inner) | Term(inner=inner) | BigSum(body=inner) | GradientOf(body=inner):
            return closing(inner)
        case Closed(whole=whole):
            return closing(whole)
        case Differentiated(form="operator", body=body):
            return closing(body)
        case Called(fence=fence):
            return fence
        case Fraction(stacked=False, bottom=bottom):
            return closing(bottom)
    return box


def inside(box: Box) -> Iterator[Box]:
    """The box and all boxes in it."""
    yield box
    for part in box.parts():
        yield from inside(part)
