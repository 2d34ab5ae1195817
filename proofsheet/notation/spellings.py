"""Names as an author wants to see them: a map from declared names to their spelling, honoured by every style.

Without an entry a name is read: 'x_tilde' is x with a tilde, 'W1' is W with the index 1. An entry is for a whole name
('x_tilde') or for the letters of several (the w of w, w_hat and w1), and is taken as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal

Target = Literal["tex", "unicode", "ascii", "typst"]
VECTORS = ("bold", "arrow", "plain")
TRANSPOSES = ("top", "prime", "T")
EXPECTATIONS = ("blackboard", "roman", "angle")


@dataclass(frozen=True, eq=False)  # compared as the object that it is: texts are remembered by it
class Spellings:
    """How names, vectors, transposes and expectations look; an empty one changes nothing.

    `symbols` holds for each declared name its spelling in some of "tex", "unicode", "ascii", "typst".
    """

    symbols: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    vectors: Literal["bold", "arrow", "plain"] = "bold"
    transpose: Literal["top", "prime", "T"] = "top"
    expectation: Literal["blackboard", "roman", "angle"] = "blackboard"

    def of(self, name: str, target: Target) -> str | None:
        """The spelling that was asked for, None where none was."""
        return self.symbols.get(name, {}).get(target)


_PLAIN = Spellings()
_current: ContextVar[Spellings] = ContextVar("spellings", default=_PLAIN)


def spellings() -> Spellings:
    """Those that hold at present."""
    return _current.get()


@contextmanager
def spelled(chosen: Spellings) -> Iterator[None]:
    """Within the block every style spells names in this way."""
    token = _current.set(chosen)
    try:
        yield
    finally:
        _current.reset(token)
