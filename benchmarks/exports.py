"""Measured speed and size of exports: python benchmarks/exports.py

Processor seconds in which one process sets the whole catalogue in each format, with nothing remembered from before: after
start-up, with the scripts read, the evidence of the web pages gathered (which takes as long as `check`), and without
plots. Prints the table that the README shows.
"""

from __future__ import annotations

import functools
import gc
import time
from collections.abc import Iterator
from importlib import import_module
from statistics import median
from typing import Any

from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.export import FORMATS
from proofsheet.formats import html
from proofsheet.formats.options import Options
from proofsheet.formats.site.gathered import evidence_of
from proofsheet.layers import EXISTING

ROUNDS = 5
GOALS = {"latex": "≤ 1 s", "html": "≤ 3 s, a page ≤ 60 kB"}


def forget() -> None:
    """Clear all that functions remember of their arguments."""
    for found in gc.get_objects():
        if isinstance(found, functools._lru_cache_wrapper):
            found.cache_clear()


def rows(scripts: list[Any]) -> Iterator[str]:
    for form, module in FORMATS.items():
        files = import_module(module).files
        times, written = [], {}
        for _ in range(ROUNDS):
            forget()
            start = time.process_time()
            written = dict(files(scripts, Options(plots=False)))
            times.append(time.process_time() - start)
        sizes = {name: len(text.encode() if isinstance(text, str) else text) for name, text in written.items()}
        largest = max((name for name in sizes if not name.startswith("proofsheet")), key=lambda name: sizes[name])
        taken = f"{median(times):.2f} s ({min(times):.2f} to {max(times):.2f})"
        yield f"| {form} | {len(sizes)} | {taken} | {sizes[largest] / 1000:.1f} kB, {largest} | {GOALS.get(form, '')} |"


def main() -> None:
    scripts = [read(entry) for entry in Catalogue().entries]
    found = evidence_of(scripts, EXISTING, None)
    html.evidence_of = lambda *_: found  # gathered once, outside of what is measured
    print("| format | files | the whole catalogue | largest of one identity | goal |\n|---|---|---|---|---|")
    for row in rows(scripts):
        print(row)


if __name__ == "__main__":
    main()
