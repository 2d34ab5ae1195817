"""Notebooks: the text of a page, and cells that load the theorem, derive it again, expand it and check it by numbers.

They hold no outputs: what a reader sees was computed by the reader. The same input gives the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import ProofScript
from proofsheet.errors import CallError, ProofsheetError
from proofsheet.explicit.lines import dimension_names
from proofsheet.formats.options import Options
from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.scope import free_indices
from proofsheet.render import markdown
from proofsheet.render.sheet import sheet
from proofsheet.render.shown_lines import shown

OPTIONS = {"lines", "reasons", "width"}

Cell = tuple[str, str, str]  # id, "markdown" or "code", source

LOAD = """\
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read

catalogue = Catalogue({place}){remark}
(entry,) = catalogue.select([{name!r}])
identity = read(entry)
theorem = identity.theorem
theorem"""
CHECK = """\
from itertools import islice

from proofsheet.numeric_layer import check_of

check = check_of(entry)
for case, verdict in islice(check.each(), 1):
    print(case, verdict, sep="\\n" if case else "")"""


def files(scripts: Sequence[ProofScript], options: Options) -> Iterator[tuple[str, str]]:
    """NAME.ipynb for each identity."""
    nbformat = _nbformat()
    for one in scripts:
        written = [_cell(nbformat, *cell) for cell in cells(one, options)]
        notebook = nbformat.v4.new_notebook(cells=written, metadata=_METADATA)
        nbformat.validate(notebook)
        yield f"{one.name}.ipynb", nbformat.writes(notebook) + "\n"


_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def _nbformat() -> Any:
    try:
        return import_module("nbformat")
    except ImportError:
        raise CallError('notebooks need nbformat: pip install "proofsheet[notebook]"') from None


def _cell(nbformat: Any, name: str, kind: str, source: str) -> Any:
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return make(source, id=name)


def cells(script: ProofScript, options: Options) -> Iterator[Cell]:
    """What the notebook holds, cell by cell; each has a name of its own."""
    page = sheet(script.name, script.documentation, script.theorem, script.corollaries, script.limits)
    manner = markdown.Manner(options.reasons, options.width or markdown.PAGE)
    blocks = list(markdown.blocks(page, shown(page.theorem, options.lines), manner))
    derivation, verdict = blocks.index("## Derivation"), blocks.index("## Verdict")
    yield "statement", "markdown", "\n\n".join([markdown.WRITTEN, *blocks[:derivation]])
    yield "derivation", "markdown", "\n\n".join(blocks[derivation:verdict])
    yield (
        "load-text",
        "markdown",
        "## Run it\n\nThe proof script is run, and every line of it is checked by the kernel.",
    )
    yield "load", "code", LOAD.format(name=script.name, **_place(script, options.folder))
    yield "recheck-text", "markdown", "The theorem is derived again from its recorded lines and reasons alone."
    yield "recheck", "code", "theorem.recheck()"
    yield from _corollaries(script)
    yield from _in_components(script.theorem)
    yield from _numbers(script)


def _place(script: ProofScript, folder: Path | None) -> dict[str, str]:
    """The catalogue as the notebook finds it: the package's, or a folder seen from where the notebook stands."""
    if script.entry is None:
        return {"place": "", "remark": "  # that of the package"}
    proofs = script.entry.proof.resolve().parent
    root = proofs.parent if proofs.name == "proofs" else proofs
    if root == _own_root():
        return {"place": "", "remark": "  # that of the package"}
    try:
        path = Path(os.path.relpath(root, (folder or Path()).resolve())).as_posix()
    except ValueError:  # another drive
        path = root.as_posix()
    return {"place": repr(path), "remark": "  # seen from the folder of this notebook"}


def _own_root() -> Path | None:
    try:
        return Catalogue().root.resolve()
    except ProofsheetError:  # installed without its catalogue
        return None


def _corollaries(script: ProofScript) -> Iterator[Cell]:
    if script.corollaries:
        yield "corollaries-text", "markdown", "The corollaries, each derived again."
        yield "corollaries", "code", "{name: one.recheck() for name, one in identity.corollaries.items()}"


def _in_components(theorem: Theorem) -> Iterator[Cell]:
    """The last line for the smallest sizes that show something, where it has explicit components."""
    line = theorem.right
    sizes = dict.fromkeys(sorted(dimension_names(line)), 2)
    places = {index.name: 1 for index in sorted(free_indices(line), key=lambda one: one.name)}
    try:
        line.as_sympy(**sizes, **places)
    except ProofsheetError:
        return
    numbers = ", ".join(f"{name}={value}" for name, value in {**sizes, **places}.items())
    yield "components-text", "markdown", "The last line in explicit components, as plain SymPy."
    yield "components", "code", f"theorem.right.as_sympy({numbers})"


def _numbers(script: ProofScript) -> Iterator[Cell]:
    if script.entry is None or _check_beside(script.entry.proof) is None:
        yield "numbers-text", "markdown", "## By numbers\n\nNot checked: the identity has no numeric check."
        return
    more = "Its first case only; `check.run()` judges them all, and `proofsheet check` every layer of evidence."
    yield "numbers-text", "markdown", f"## By numbers\n\nThe numeric check of the identity. {more}"
    yield "numbers", "code", CHECK


def _check_beside(path: Path) -> Path | None:
    """The numeric check of a proof in a catalogue of two folders."""
    check = path.parent.parent / "numeric_checks" / path.name
    return check if path.parent.name == "proofs" and check.is_file() else None
