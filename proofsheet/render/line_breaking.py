"""Where a line of mathematics may be broken: before outer signs first, then between outer factors, then further inside."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from proofsheet.notation.text import set_line, signed_terms
from proofsheet.notation.tree import MatrixProduct, Node, Plus, Product

CONTINUED = "  "  # what the second and later rows start with
Break = tuple[int, int]  # (position in the text, rank: smaller ones are used first)


def broken(line: Node, style: str, width: int) -> list[str]:
    """A line in rows of at most `width`, if its breaks allow; a row that is still wider stays whole."""
    text = set_line(line, style)
    return _rows(text, sorted(set(_breaks(line, style, 0, 0))), width, first=True)


def _rows(text: str, breaks: list[Break], width: int, first: bool) -> list[str]:
    """`text` in rows; of several breaks those of the lowest rank are used, the others where a row is still too wide."""
    lead = "" if first else CONTINUED
    if len(lead + text) <= width or not breaks:
        return [lead + text]
    rank = min(rank for _, rank in breaks)
    cuts = [0, *(position for position, own in breaks if own == rank), len(text)]
    rows: list[str] = []
    for start, end in pairwise(cuts):
        piece = text[start:end]
        if rows and len(rows[-1] + piece) <= width:
            rows[-1] += piece
            continue
        skipped = len(piece) - len(piece.lstrip()) if rows or not first else 0
        inner = [(position - start - skipped, own) for position, own in breaks if start + skipped < position < end]
        rows += _rows(piece[skipped:], [one for one in inner if one[1] > rank], width, first=first and not rows)
    return rows


def _breaks(node: Node, style: str, start: int, depth: int) -> Iterator[Break]:
    """Positions of spaces at which `node`, whose text starts at `start`, may be broken."""
    text = set_line(node, style)
    terms = [term for _, term in signed_terms(node)] if isinstance(node, Plus) else None
    parts = terms or [part for part in node.args if isinstance(part, Node)]
    position = 0
    for number, part in enumerate(parts):
        own = set_line(part, style)
        found = text.find(own, position)
        if found < 0:
            continue
        if number and isinstance(node, Plus):
            yield start + text.rindex(" ", 0, text.rindex(" ", 0, found)), 2 * depth
        elif number and isinstance(node, (Product, MatrixProduct)) and " " in text[position:found]:
            yield start + position + text[position:found].index(" "), 2 * depth + 1
        yield from _breaks(part, style, start + found, depth + 1)
        position = found + len(own)
