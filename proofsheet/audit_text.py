"""What `audit` says to people (a kill table for each identity) and to machines (one JSON object)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from io import StringIO
from typing import Any

from rich.box import ASCII, SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from proofsheet.audit import DECLARED, CardRow, Findings, Row, by_kind
from proofsheet.audit_parts import REGISTERED
from proofsheet.judgements import CONTRADICTION, EQUIVALENT, REFUTED, UNDECIDED
from proofsheet.report import SCHEMA, versions

LEGEND = (
    "rejected: the kernel does not let it follow under what its reason cites; it may still be true.  slip: it follows by "
    "accident.\n"
    "refuted: an exact model contradicts it (step: its reason does not show it, though it may be true).  equal: proved to "
    "say the same."
)


def audit_object(found: Iterable[Findings], seed: int) -> dict[str, Any]:
    """The object that `audit --json` prints."""
    return {
        "schema": SCHEMA,
        "versions": versions(),
        "seed": seed,
        "identities": [
            {
                "name": one.name,
                "title": one.title,
                "totals": one.totals(),
                "kill_table": [{**asdict(row), "failure": row.failure or None} for row in one.rows],
                "assumption_cards": [{"theorem": card.theorem or one.name, **card.facts} for card in one.cards],
                "contradictory_assumptions": one.contradictions,
                "stopped": one.stopped,
                "error": one.error or None,
            }
            for one in found
        ],
    }


def audit_text(found: Sequence[Findings], style: str, width: int, every: bool) -> str:
    """A section for each identity, what the words mean, and the totals. `every` shows the mutants of all lines."""
    sections = [_section(one, style, width, every) for one in found]
    if any(one.rows for one in found):
        sections.append(LEGEND)
    if len(found) > 1:
        everything = [row for one in found for row in one.rows]
        cards = [card for one in found for card in one.cards]
        without = sum(one.without_meaning for one in found)
        sections.append(f"{len(found)} identities. {_totals(everything, without)}{_card_totals(cards)}")
    return "\n\n".join(sections)


def _section(found: Findings, style: str, width: int, every: bool) -> str:
    parts = [f"{found.name}  {found.title}"]
    registered = [row for row in found.rows if row.kind in (REGISTERED, DECLARED)]
    mechanical = [row for row in found.rows if row.kind not in (REGISTERED, DECLARED)]
    if registered:
        parts.append(_table("registered", registered, style, width))
    last = _last_lines(mechanical)
    shown = [row for row in mechanical if every or row.failure or last[row.theorem] == row.line]
    for kind in by_kind(shown):
        parts.append(_table(kind, [row for row in shown if row.kind == kind], style, width))
    if len(shown) < len(mechanical):
        parts.append(f"and {len(mechanical) - len(shown)} mutants of the lines before the last (--all shows them)")
    parts += [
        "\n".join([f"{card.theorem}: " * bool(card.theorem) + card.lines[style][0], *card.lines[style][1:]])
        for card in found.cards
    ]
    parts += [f"{row.variant} ({row.mistake}): {row.failure}" for row in found.rows if row.failure]
    parts += [f"contradiction: {one}" for one in found.contradictions]
    parts += [f"undecided: {found.name}, {one}" for one in found.stopped]
    parts += [found.error] if found.error else []
    totals = (_totals(found.rows, found.without_meaning) + _card_totals(found.cards)).strip()
    parts += [totals] if totals else []
    return "\n\n".join(parts)


def _last_lines(rows: Iterable[Row]) -> dict[str, int]:
    last: dict[str, int] = {}
    for row in rows:
        last[row.theorem] = max(last.get(row.theorem, 0), row.line)
    return last


def _table(title: str, rows: Iterable[Row], style: str, width: int) -> str:
    table = Table(box=ASCII if style == "ascii" else SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading, ratio in ((title, 5), ("mistake", 4), ("kernel", None), ("exact model", 6)):
        table.add_column(heading, overflow="fold", ratio=ratio, min_width=8)
    table.expand = True
    for row in rows:
        where = f"{row.theorem + ', ' if row.theorem else ''}line {row.line}: "
        mistake = f"{row.id}: {row.mistake}" if row.id else row.mistake
        table.add_row(*map(Text, (where + row.variant, mistake, row.kernel, exact_text(row))))
    console = Console(file=StringIO(), width=width, color_system=None)
    console.print(table)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


def exact_text(row: Row) -> str:
    """What the exact models and, where they see no difference, the proof of equality say."""
    models = f"agrees in {row.models} model{'s' if row.models > 1 else ''}" if row.models else row.exact
    if row.verdict == REFUTED:
        return f"{'step ' if row.refuted == 'step' else ''}refuted: {row.witness}"
    if row.verdict == EQUIVALENT:
        return f"{models}; equal by {row.proof}"
    if row.verdict == CONTRADICTION:
        return f"{CONTRADICTION}: {row.message or 'accepted by the kernel, refuted'}: {row.witness}"
    return f"undecided: {models}{f'; {row.message}' if row.message else ''}"


def _totals(rows: Sequence[Row], without_meaning: int) -> str:
    registered = [row for row in rows if row.kind == REGISTERED]
    declared = [row for row in rows if row.kind == DECLARED]
    mechanical = [row for row in rows if row.kind not in (REGISTERED, DECLARED)]
    groups = [("registered", registered), ("declared equivalent", declared), ("mutants", mechanical)]
    counted = [f"{len(group)} {name}: {_counted(group)}." for name, group in groups if group]
    return " ".join([*counted, *([f"{without_meaning} without a meaning."] if without_meaning else [])])


def _card_totals(cards: Sequence[CardRow]) -> str:
    """What became of the dropped assumptions."""
    counts = Counter(card.verdict for card in cards)
    found = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
    return f" {len(cards)} assumption{'s' * (len(cards) != 1)} dropped: {found}." if cards else ""


def _counted(rows: Sequence[Row]) -> str:
    words = {REFUTED: "refuted", EQUIVALENT: "proved equal", UNDECIDED: "undecided", CONTRADICTION: CONTRADICTION}
    counts = {word: sum(row.verdict == verdict for row in rows) for verdict, word in words.items()}
    if steps := sum(row.refuted == "step" for row in rows if row.verdict == REFUTED):
        counts = {f"refuted ({steps} as a step only)" if word == "refuted" else word: n for word, n in counts.items()}
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)
