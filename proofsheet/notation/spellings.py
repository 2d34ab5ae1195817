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

from proofsheet.errors import CallError

Target = Literal["tex", "unicode", "ascii", "typst"]
TARGETS: tuple[Target, ...] = ("tex", "unicode", "ascii", "typst")
VECTORS = ("bold", "arrow", "plain")
TRANSPOSES = ("top", "prime", "T")
EXPECTATIONS = ("blackboard", "roman", "angle")


@dataclass(frozen=True, eq=False)  # compared as the object that it is: texts are remembered by it
class Spellings:
    """How names, vectors, transposes and expectations look; an empty one changes nothing.

    `symbols` holds for each declared name its spelling in some of "tex", "unicode", "ascii", "typst". Where they were read
    from a file, `source`, a symbol that is spelled for some targets must be for every target that is printed, so that it
    never looks new on a web page and old on paper; only in ASCII the declared name may stay.
    """

    symbols: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    vectors: Literal["bold", "arrow", "plain"] = "bold"
    transpose: Literal["top", "prime", "T"] = "top"
    expectation: Literal["blackboard", "roman", "angle"] = "blackboard"
    source: str = ""

    def of(self, name: str, target: Target) -> str | None:
        """The spelling that was asked for, None where none was. Raises CallError for one that is missing in the file."""
        chosen = self.symbols.get(name, {})
        if chosen and target not in chosen and target != "ascii" and self.source:
            given = " and ".join(f"{key} = {value!r}" for key, value in chosen.items())
            raise CallError(
                f"{self.source}: {name} is spelled {given}, from which its {target} spelling does not follow; "
                f'give {target} = "..." too'
            )
        return chosen.get(target)


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
