"""The parts of an audit by name, each a task of its own. Names only, so that a call can be planned without SymPy."""

from __future__ import annotations

REGISTERED, CARDS = "registered", "cards"
VARIANTS = "variants"  # registered and mechanical
SHARES = 2  # of the mutants of an identity, so that two cores have work with one identity too
FEW = 4  # identities, where it pays to divide the work on each: every task runs the script anew


def parts(variants: bool, cards: bool, identities: int = 1) -> list[str]:
    """The parts of the audit of each of so many identities."""
    mutants = [f"mutants {number} of {SHARES}" for number in range(1, SHARES + 1)]
    whole = [REGISTERED, *mutants] if identities <= FEW else [VARIANTS]
    return [*(whole if variants else []), *([CARDS] if cards else [])]


def share_of(part: str) -> tuple[int, int] | None:
    """("mutants 2 of 2") -> which remainder by position, and by what; None for a part without mutants."""
    if part == VARIANTS:
        return 0, 1
    words = part.split()
    return (int(words[1]) % int(words[3]), int(words[3])) if words[0] == "mutants" else None
