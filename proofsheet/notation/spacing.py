"""How much room there is between neighbours, and how tall brackets are: what a careful typesetter knows, for all styles."""

from __future__ import annotations

from typing import Literal

from proofsheet.notation.boxes import (
    BigSum,
    Box,
    Called,
    ConstantMatrix,
    DerivedName,
    Differentiated,
    Fenced,
    Figure,
    Fraction,
    GradientOf,
    Letter,
    Negative,
    Norm,
    Raised,
    TaylorRemainder,
    Transposed,
    Word,
    closing,
    inside,
    opening,
)

Joint = Literal["nothing", "thin", "times"]


def joint(left: Box, right: Box) -> Joint:
    """What stands between two factors: a thin space where they would run together, and nothing where they would not.

    Before the name of an operator other than E there is "nothing": its language puts room on both sides of it.
    """
    first, last = opening(right), closing(left)
    if first == _bracketed_minus(first):
        return "times"  # g (−1) would be a function of −1
    if isinstance(first, (BigSum, Fenced)) or (isinstance(first, Word) and first.text != "E"):
        return "nothing"
    if isinstance(first, (Word, GradientOf, Differentiated)) or _is_derived(first):
        return "thin"
    if isinstance(last, (Norm, TaylorRemainder)) or (isinstance(last, Fenced) and last.kind != "round"):
        return "thin"
    if any(isinstance(one, Transposed) for one in inside(left)):
        return "thin"
    return "thin" if isinstance(last, Fenced) and _is_long(right) else "nothing"


def _bracketed_minus(box: Box) -> Box | None:
    match box:
        case Fenced(kind="round", body=Negative(inner=Figure())):
            return box
    return None


def _is_derived(box: Box) -> bool:
    return isinstance(box, DerivedName) and box.form != "primes"


def _is_long(box: Box) -> bool:
    """Whether it starts with a bold letter or holds a transposed one."""
    first = opening(box)
    bold = isinstance(first, ConstantMatrix) or (isinstance(first, Letter) and first.bold)
    return bold or any(isinstance(one, Transposed) for one in inside(box))


# ---- brackets ---------------------------------------------------------------------------------------------------


def height(fence: Fenced) -> Literal[0, 1, 2]:
    """Of the brackets in a display: 0 around a row of letters, 1 over other brackets, 2 over fractions and sums.

    Bars need to reach over large brackets only.
    """
    held = [*inside(fence.body)]
    if any(is_tall(box) for box in held):
        return 2
    if fence.kind in ("round", "square"):
        return 1 if any(_shows_brackets(box) for box in _outside_of_calls(fence.body)) else 0
    return 1 if any(isinstance(box, Fenced) and height(box) for box in held) else 0


def is_tall(box: Box) -> bool:
    """Whether a box reaches over two lines of text, as a fraction with a bar does."""
    match box:
        case Fraction(stacked=True) | BigSum() | Differentiated(form="stacked" | "operator"):
            return True
    return False


def _outside_of_calls(box: Box) -> list[Box]:
    """All boxes but the round brackets of calls, which need no larger ones around them: f(x)."""
    if isinstance(box, Called) and box.fence.kind == "round":
        around = [] if not height(box.fence) else [box.fence]
        return [*around, *_outside_of_calls(box.fence.body)]
    return [box, *(one for part in box.parts() for one in _outside_of_calls(part))]


def _shows_brackets(box: Box) -> bool:
    match box:
        case Fenced(kind="round" | "square") | Norm(order=2) | TaylorRemainder() | Raised(base=Fenced(kind="bars")):
            return True
        case Fenced():
            return height(box) > 0
    return False


__all__ = ["Joint", "height", "is_tall", "joint"]
