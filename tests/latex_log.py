"""What the log of a LaTeX run complains of, and documents compiled with no complaint allowed.

As a program: python tests/latex_log.py FILE.tex ... compiles each and prints what is wrong with it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

TOLERANCE = 2.0  # points by which a box may be too large before a reader sees it
LINE_LENGTH = "10000"  # pdflatex breaks the lines of its log at 79 characters unless told otherwise

# Every warning counts: undefined references and citations, labels defined twice, fonts that are not there, words that
# hyperref cannot put into a bookmark, labels that still move. A log that should be quiet about one is changed here.
WARNING = re.compile(r"^(?:LaTeX|Package|Class|pdfTeX) .*\b[Ww]arning\b.*|^Missing character: .*")
ERROR = re.compile(r"^! .*|^\S+:\d+: .*|^Runaway argument\?.*|^No pages of output\..*")
BOX = re.compile(r"^Overfull \\[hv]box \(([\d.]+)pt too (?:wide|high)\).*")


def complaints(log: str) -> list[str]:
    """The lines of the log that tell of something that a reader of the document could see."""
    return [line.strip() for line in log.splitlines() if ERROR.match(line) or WARNING.match(line) or _too_large(line)]


def _too_large(line: str) -> bool:
    found = BOX.match(line)
    return found is not None and float(found[1]) > TOLERANCE


MOST_PASSES = 4


def compiled(document: Path, passes: int | None = None) -> str:
    """The log of the last pass of pdflatex over the document; AssertionError with all complaints if there is one.

    Of two passes, and as many more as LaTeX asks for, unless their number is given.
    """
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", document.name]
    told = ""
    for number in range(passes or MOST_PASSES):
        if passes is None and number >= 2 and "Rerun" not in told:
            break
        done = subprocess.run(
            command, cwd=document.parent, capture_output=True, check=False, stdin=subprocess.DEVNULL,
            env={**os.environ, "max_print_line": LINE_LENGTH},
        )  # fmt: skip
        told = done.stdout.decode(errors="replace")
        if done.returncode:
            raise AssertionError(f"pdflatex does not compile {document.name}:\n{told[-2000:]}")
    log = document.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    found = complaints(log)
    if found:
        raise AssertionError(f"pdflatex complains of {document.name}:\n" + "\n".join(found))
    return log


def main(documents: list[str]) -> int:
    for name in documents:
        try:
            log = compiled(Path(name))
        except AssertionError as error:
            print(error)
            return 1
        written = re.search(r"Output written.*", log)
        print(written.group() if written else f"{name}: no pages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
