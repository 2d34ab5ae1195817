"""Measured speed and size of the web site: python benchmarks/site.py

Processor seconds for setting the pages of the catalogue in one process, without gathering evidence and without plots, the
median of the rounds; then the largest pages, as they are with all evidence if --evidence is given, which takes a minute.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.formats.site import environment
from proofsheet.formats.site.gathered import evidence_of
from proofsheet.formats.site.pages import page_of
from proofsheet.formats.site.snippets import _value
from proofsheet.layers import EXISTING
from proofsheet.notation.text import _line


def processor_seconds(action: Callable[[], Any]) -> float:
    """Other programs on the machine do not count."""
    start = time.process_time()
    action()
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--evidence", action="store_true", help="gather all evidence first")
    options = parser.parse_args()
    scripts = [read(entry) for entry in Catalogue().entries]
    found = evidence_of(scripts, EXISTING if options.evidence else ("proof",), None)
    templates = environment.templates()
    texts: dict[str, str] = {}

    def once() -> None:
        _line.cache_clear()
        _value.cache_clear()
        for one in scripts:
            page = page_of(one, found[one.name], None)
            texts[one.name] = templates.render("identity.html", page=page, before=None, after=None, compact=False)

    taken = median(processor_seconds(once) for _ in range(options.rounds))
    print(f"{len(scripts)} pages set in {taken:.2f} s of processor time")
    for name, text in sorted(texts.items(), key=lambda item: -len(item[1].encode()))[:5]:
        print(f"{len(text.encode()):7,} bytes  {name}, before it is made smaller")


if __name__ == "__main__":
    main()
