"""Brackets are never lost and never superfluous: what is printed, read as a mathematician reads it, is the line again.

The reader (tests/latex_reader.py) states its conventions; tests/readings.py states what print forgets. Run with -m long for
every kind of line at every place of every other.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from random import Random

import pytest
from elementary_lines import line as elementary_line
from expressions import analytic, column, scalar
from fuzz_lines import KINDS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from latex_reader import expanded, read, without_each_bracket
from lines_of_every_kind import bare, nestings, random_line
from readings import Unreadable, as_read
from vocabulary import noise_setting

from proofsheet import group
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read as read_script
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import set_line
from proofsheet.notation.tree import (
    Node,
)

LATEX = ("latex", "latex in text", "latex macros")
OTHERS = [style for style in ("unicode", "ascii", "html", "typst") if style in STYLES]
s = noise_setting()


def printed(line: Node, style: str) -> str:
    text = set_line(line, style)
    return expanded(text) if style == "latex macros" else text


def complaint(line: Node, style: str) -> str:
    """What is wrong with a printed line; empty if it reads as the line."""
    text = printed(line, style)
    try:
        found = read(text, line, style)
    except Unreadable as error:
        return f"{line}\n{text}\ncannot be read: {error}"
    return "" if found == as_read(line) else f"{line}\n{text}\nreads as {found}\nand means {as_read(line)}"


def smallest(line: Node, style: str) -> str:
    """The complaint about the smallest part that reads wrong."""
    for part in line.args:
        if isinstance(part, Node) and part.args and complaint(part, style):
            return smallest(part, style)
    return complaint(line, style)


def require_read_back(line: Node, *styles: str) -> None:
    for style in styles:
        assert not complaint(line, style), smallest(line, style)


def superfluous(line: Node, style: str) -> list[str]:
    """The line without a bracket that changes nothing."""
    text = printed(line, style)
    meant = read(text, line, style)
    found = []
    for shorter in without_each_bracket(text, line, style):
        try:
            if read(shorter, line, style) == meant:
                found.append(shorter)
        except Unreadable:
            continue
    return found


# ---- lines ------------------------------------------------------------------------------------------------------


@cache
def catalogue_lines() -> dict[str, list[Node]]:
    found = {}
    for entry in Catalogue().select(Catalogue().names):
        script = read_script(entry)
        lines = [line for theorem in script.theorems.values() for line in theorem.lines]
        found[entry.name] = [*dict.fromkeys([*lines, *(variant.line for variant in script.variants)])]
    return found


def seeded(seed: int) -> Node:
    """One of the random lines of the other tests, or one of every kind."""
    random = Random(seed)
    makers = [
        lambda: random_line(random, 2),
        lambda: random_line(random, 3),
        lambda: scalar(random, 3),
        lambda: column(random, 3),
        lambda: analytic(random, 2),
        lambda: elementary_line(random, 3),
        lambda: KINDS[random.choice(list(KINDS))][0](random),
    ]
    return makers[seed % len(makers)]()


# ---- no bracket is lost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", Catalogue().names)
@pytest.mark.parametrize("style", LATEX)
def test_the_catalogue_reads_back(name, style):
    for line in catalogue_lines()[name]:
        require_read_back(line, style)


def test_random_lines_read_back():
    for seed in range(700):
        require_read_back(seeded(seed), LATEX[seed % 3], LATEX[seed % 2])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), depth=st.integers(1, 3))
def test_lines_of_every_kind_read_back(seed, depth):
    require_read_back(random_line(Random(seed), depth), *LATEX)


def test_kinds_in_kinds_read_back():
    for number, line in enumerate(islice(nestings(Random(0)), 0, None, 5)):
        require_read_back(line, LATEX[number % 2])


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_every_kind_in_every_kind_reads_back(seed):
    for line in nestings(Random(seed)):
        require_read_back(line, *LATEX)


# ---- no bracket is superfluous ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", Catalogue().names)
@pytest.mark.parametrize("style", LATEX[:2])
def test_no_bracket_of_the_catalogue_is_superfluous(name, style):
    for line in catalogue_lines()[name]:
        assert not superfluous(bare(line), style)


def test_no_bracket_of_random_lines_is_superfluous():
    for seed in range(300):
        line = bare(seeded(seed))
        assert not superfluous(line, LATEX[seed % 2]), (line, superfluous(line, LATEX[seed % 2]))


def test_a_bracket_of_the_author_is_found_superfluous():
    """The search for superfluous brackets finds them."""
    assert superfluous(group(s.y) * s.t, "latex") == [r" y  t"]
    assert superfluous(s.y + group(s.alpha * s.t), "latex in text")
    assert not superfluous((s.y + s.t) * s.z, "latex")


@pytest.mark.long
def test_no_bracket_around_every_kind_in_every_kind_is_superfluous():
    for line in nestings(Random(0)):
        for style in LATEX[:2]:
            assert not superfluous(bare(line), style), line
