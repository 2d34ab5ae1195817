"""What `proofsheet derive` prints of each identity, as text or as an object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from proofsheet.catalogue import Entry
from proofsheet.entry_script import ProofScript, read
from proofsheet.errors import ProofsheetError
from proofsheet.explicit.second_opinion import UNDECIDED, ZERO
from proofsheet.explicit_layer import joint_verdict, margin_of, opinions_on
from proofsheet.notation.spellings import spelled
from proofsheet.notation_map import read_map, refuse_unfit
from proofsheet.render.page import page

Opinions = Mapping[str, Any]  # SymPy's, by corollary, "" for the theorem; empty if it is not asked
Read = tuple[Entry, ProofScript]


def scripts(entries: Iterable[Entry], refused: set[str], complain: Callable[[str], None]) -> Iterator[Read]:
    """The identities that can be read; of the others a complaint, and their names in `refused`."""
    for entry in entries:
        try:
            yield entry, read(entry)
        except ProofsheetError as error:
            refused.add(entry.name)
            complain(str(error))


@contextmanager
def in_notation(file: Path | None, entries: Sequence[Entry], found: Iterator[Read]) -> Iterator[Iterable[Read]]:
    """The identities, with their symbols as the file spells them; all are read before the first is printed.

    Without a file each is read when its turn comes. Raises CallError for a file that does not fit them.
    """
    if file is None:
        yield found
        return
    chosen, everything = read_map(file), [*found]
    refuse_unfit(chosen, [script for _, script in everything], complete=len(everything) == len(entries))
    with spelled(chosen):
        yield everything


def opinions_of(script: ProofScript) -> Opinions:
    """SymPy's opinions on all theorems."""
    return {name: opinions_on(one) for name, one in script.theorems.items()}


def exit_codes(opinions: Opinions, undecided: int) -> set[int]:
    """0 where SymPy agrees, `undecided` where it does not know, 1 where it does not agree."""
    return {{ZERO: 0, UNDECIDED: undecided}.get(joint_verdict(one), 1) for one in opinions.values()}


def text_of(script: ProofScript, opinions: Opinions, style: str, width: int) -> str:
    """The page of an identity."""
    rows = {name: margin_of(one) for name, one in opinions.items()}
    return page(script.documentation, script.theorem, script.corollaries, script.limits, style, width, rows)
