"""Products of entries joined by summed indices, read as vector notation: uᵀv, wᵀΣw, ‖Wx‖², tr(WΣWᵀ), (Wx)ᵢ.

Factors are links with at most two ends each. Links joined end to end make a path or a cycle. A path closed by a vector
at either end is a scalar; one with an open end is a vector, with two a matrix; a cycle is a trace. Of the ways to write
one thing (transposed, rotated) one is chosen: a squared norm where it is one, else the fewest transposes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from proofsheet.notation.scope import random_variables
from proofsheet.notation.text import set_line
from proofsheet.notation.tree import MatrixProduct, Member, Node, SquaredNorm, Trace, Transpose


class Link(NamedTuple):
    """A scalar, column or matrix whose rows and columns are selected by `ends`."""

    node: Node
    ends: tuple[str, ...] = ()
    symmetric: bool = False


class Turned(NamedTuple):
    """A link as it stands in a product; `transposed` is never set for a symmetric one."""

    node: Node
    transposed: bool
    symmetric: bool

    def mirrored(self) -> Turned:
        return self._replace(transposed=not self.transposed and not self.symmetric)


Word = list[Turned]


class Path(NamedTuple):
    """What a connected set of links comes to, with the open ends that select its row and column."""

    node: Node
    ends: tuple[str, ...]


def read_path(links: list[Link], joints: Iterable[str], row: str) -> Path:
    """The path or cycle that `links`, connected through `joints`, make; the end called `row` selects rows."""
    word, first, last, is_cycle = _walk(links, frozenset(joints))
    if is_cycle:
        return Path(_cycle(word), ())
    if first is None and last is None:
        return Path(_scalar(word), ())
    if first is None or (last == row and first != row):
        word, first, last = _mirror(word), last, first
    return Path(_written(word), tuple(end for end in (first, last) if end is not None))


def _walk(links: list[Link], joints: frozenset[str]) -> tuple[Word, str | None, str | None, bool]:
    """The links in order from one end to the other; the open ends, and whether they make a cycle."""
    left = list(links)
    entry: str | None
    current, entry = _start(left, joints)
    first = None if entry in joints else entry
    is_cycle = entry in joints
    origin, word = entry, []
    while True:
        left.remove(current)
        entered = current.ends.index(entry) if entry is not None else None
        word.append(Turned(current.node, _is_transposed(current, entered), current.symmetric))
        leave = _exit(current, entered)
        if leave is None or leave not in joints or (is_cycle and not left and leave == origin):
            return word, first, leave, is_cycle
        current, entry = next(link for link in left if leave in link.ends), leave


def _start(links: list[Link], joints: frozenset[str]) -> tuple[Link, str | None]:
    """A link at an end of the path, and the end by which to enter it; None stands for the closed end of a column."""
    for link in links:
        if len(link.ends) == 1:
            return link, None
    for link in links:
        for end in link.ends:
            if end not in joints:
                return link, end
    return links[0], links[0].ends[0]


def _is_transposed(link: Link, entered: int | None) -> bool:
    """A column stands as a row where the product begins with it; a matrix is turned where it is entered by a column."""
    if len(link.ends) == 1:
        return entered is None
    return entered == 1 and not link.symmetric


def _exit(link: Link, entered: int | None) -> str | None:
    if len(link.ends) == 1:
        return link.ends[0] if entered is None else None
    return link.ends[1 - (entered or 0)]


# ---- of several ways to write it, one -------------------------------------------------------------------------


def _mirror(word: Word) -> Word:
    """The transpose of a product."""
    return [turned.mirrored() for turned in reversed(word)]


def _written(word: Word) -> Node:
    factors = [Transpose(turned.node) if turned.transposed else turned.node for turned in word]
    return MatrixProduct(*factors) if len(factors) > 1 else factors[0]


def _scalar(word: Word) -> Node:
    """uᵀ … v: a squared norm if it is its own mirror image with nothing in the middle."""
    half = len(word) // 2
    if len(word) % 2 == 0 and _mirror(word) == word:
        return SquaredNorm(_written(word[half:]))
    return _written(min((word, _mirror(word)), key=_preference))


def _cycle(word: Word) -> Node:
    """tr(…): rotated to a squared norm or to its own mirror image if it has one."""
    rotations = [word[k:] + word[:k] for k in range(len(word))]
    ways = rotations + [_mirror(way) for way in rotations]
    halves = [way[: len(way) // 2] for way in ways if len(way) % 2 == 0 and _mirror(way) == way]
    if halves:
        return SquaredNorm(_written(min(halves, key=_preference)))
    best = min(ways, key=lambda way: (not _is_wrapped(way), _preference(way)))
    return Trace(_written(best))


def _is_wrapped(word: Word) -> bool:
    """WΣWᵀ, with its middle symmetric."""
    return len(word) > 1 and _mirror(word) == word


def _preference(word: Word) -> tuple[int, bool, str]:
    """Few transposes; what is random or data first, as in xᵀw and xᵢᵀw; then the alphabet."""
    first = word[0].node
    return (
        sum(turned.transposed for turned in word[1:]),
        not (random_variables(first) or isinstance(first, Member)),
        " ".join(set_line(turned.node, "ascii") for turned in word),
    )
