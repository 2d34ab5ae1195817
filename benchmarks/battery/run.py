"""proofsheet and SymPy on the battery, side by side: python benchmarks/battery/run.py [--sympy] [--json] [--names]

Prints how many true pairs each accepts, how many wrong lines, and what becomes of conditional pairs without and with
their condition. `--names` lists what went wrong or stayed undecided; `--sympy` asks SymPy too (minutes).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from battery.proofsheet_side import ACCEPTED, RECORDED, REFUSED, UNDECIDED, Answer, answers
from battery.subjects import load

VERDICTS = (ACCEPTED, RECORDED, REFUSED, UNDECIDED)
KINDS = ("true", "wrong", "without", "given")
WANTED = {
    "true": (ACCEPTED, RECORDED),
    "wrong": (REFUSED,),
    "without": (REFUSED, RECORDED),
    "given": (ACCEPTED, RECORDED),
}
HEADINGS = {
    "true": "true pairs",
    "wrong": "wrong lines",
    "without": "conditional, condition missing",
    "given": "conditional, condition given",
}


def proofsheet_answers() -> list[Answer]:
    return [answer for pair in load() for answer in answers(pair)]


def table(tool: str, found: Iterable[Any]) -> dict[str, Any]:
    """Counts by kind and verdict."""
    counts = {kind: Counter(dict.fromkeys(VERDICTS, 0)) for kind in KINDS}
    seconds = 0.0
    for answer in found:
        counts[answer.kind][answer.verdict] += 1
        seconds += answer.seconds
    return {"tool": tool, **{kind: dict(counts[kind]) for kind in KINDS}, "seconds": round(seconds, 1)}


def text(row: dict[str, Any]) -> str:
    lines = [f"{row['tool']}  ({row['seconds']} s)"]
    for kind in KINDS:
        shown = ", ".join(f"{number} {verdict}" for verdict, number in row[kind].items() if number)
        lines.append(f"  {HEADINGS[kind]:32} {sum(row[kind].values()):4}: {shown}")
    return "\n".join(lines)


def unwanted(found: Iterable[Any]) -> Iterator[str]:
    """Every answer that is not what the label says, by name."""
    for answer in found:
        if answer.verdict not in WANTED[answer.kind]:
            yield f"{answer.verdict:10} {answer.kind:8} {answer.name}: {answer.claim.right}   [{answer.note}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sympy", action="store_true", help="ask SymPy too")
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    parser.add_argument("--names", action="store_true", help="list every answer that is not what the label says")
    chosen = parser.parse_args()
    columns = [("proofsheet", proofsheet_answers())]
    if chosen.sympy:
        from battery.sympy_side import sympy_columns

        columns += sympy_columns()
    rows = [table(*column) for column in columns]
    print(json.dumps(rows, ensure_ascii=False, indent=1) if chosen.json else "\n\n".join(map(text, rows)))
    if chosen.names:
        for tool, answered in columns:
            print(f"\n{tool}: not as the label says", *unwanted(answered), sep="\n  ")


if __name__ == "__main__":
    main()
