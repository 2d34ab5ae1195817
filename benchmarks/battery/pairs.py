"""What a pair is: two lines that are equal, the reasons under which that is asked, and what people write by mistake.

    pairs = Subject("sums")
    pairs.true("square_of_a_sum", left, right, by=[expand], wrong=[(line, "mistake"), ...])
    pairs.conditional("root_of_a_square", "x ≥ 0", without=(left, right, [reasons]), given=(left, right, [reasons]))

The pairs are written from the books of the domain; a label says what is so, not what a tool finds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from proofsheet.notation.tree import Node, as_node

Reasons = tuple[Any, ...]


@dataclass(frozen=True)
class Claim:
    """left = right, asked under `by`."""

    left: Node
    right: Node
    by: Reasons


@dataclass(frozen=True)
class Wrong:
    """A line that does not follow, and the mistake in words."""

    line: Node
    mistake: str


@dataclass(frozen=True)
class Pair:
    """A claim that is true for every value of its symbols under what it cites; wrong right sides with it.

    For a conditional pair `without` is the same claim lacking the condition: it must be refused, or accepted with a side
    condition that speaks of the symbol `about`. `law` and `law_without` set an `Environment` of evaluation.py where a generic
    law would not do: moments of higher degree, families, or a law that breaks the condition and nothing else.
    """

    subject: str
    name: str
    claim: Claim
    wrong: tuple[Wrong, ...] = ()
    condition: str = ""
    without: Claim | None = None
    about: str = ""
    law: Callable[..., Any] | None = field(default=None, compare=False)
    law_without: Callable[..., Any] | None = field(default=None, compare=False)

    @property
    def is_conditional(self) -> bool:
        return self.without is not None


class Subject:
    """The pairs of one subject, in the order in which they were written."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pairs: list[Pair] = []

    def true(
        self,
        name: str,
        left: Any,
        right: Any,
        *,
        by: Sequence[Any],
        wrong: Sequence[tuple[Any, str]],
        law: Callable[..., Any] | None = None,
    ) -> None:
        """A true pair, and two to four right sides that people write instead."""
        claim = Claim(as_node(left, name), as_node(right, name), tuple(by))
        mistakes = tuple(Wrong(as_node(line, name), mistake) for line, mistake in wrong)
        self.pairs.append(Pair(self.name, name, claim, mistakes, law=law))

    def conditional(
        self,
        name: str,
        condition: str,
        *,
        without: tuple[Any, Any, Sequence[Any]],
        given: tuple[Any, Any, Sequence[Any]],
        about: str = "",
        law: Callable[..., Any] | None = None,
        law_without: Callable[..., Any] | None = None,
    ) -> None:
        """A pair that is true under `condition` only; `about` is a symbol that a recorded side condition speaks of."""
        claims = [Claim(as_node(left, name), as_node(right, name), tuple(by)) for left, right, by in (without, given)]
        given_claim, without_claim = claims[1], claims[0]
        self.pairs.append(Pair(self.name, name, given_claim, (), condition, without_claim, about, law, law_without))
