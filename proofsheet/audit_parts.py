"""The parts of an audit by name, each a task of its own. Names only, so that a call can be planned without SymPy."""

from __future__ import annotations

REGISTERED, CARDS = "registered", "cards"
SHARES = 2  # of the mutants of an identity, so that two cores have work with one identity too


def parts(variants: bool, cards: bool) -> list[str]:
    mutants = [f"mutants {number} of {SHARES}" for number in range(1, SHARES + 1)]
    return [*([REGISTERED, *mutants] if variants else []), *([CARDS] if cards else [])]


def share_of(part: str) -> tuple[int, int]:
    """("mutants 2 of 2") -> which remainder by position, and by what."""
    words = part.split()
    return int(words[1]) % int(words[3]), int(words[3])
