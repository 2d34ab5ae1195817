"""Writes derivations for other programs to set: one file an identity, and a document that shows all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from proofsheet.entry_script import ProofScript
from proofsheet.errors import CallError
from proofsheet.render import latex
from proofsheet.written_files import write_all


def _latex(scripts: Sequence[ProofScript]) -> dict[str, str]:
    fragments = {
        f"{one.name}.tex": latex.fragment(one.name, one.documentation, one.theorem, one.corollaries, one.limits)
        for one in scripts
    }
    if "proofsheet.tex" in fragments:
        raise CallError("the identity proofsheet would be written over by the document proofsheet.tex; rename it")
    return {**fragments, "proofsheet.tex": latex.document([one.name for one in scripts])}


FORMATS: Mapping[str, Callable[[Sequence[ProofScript]], dict[str, str]]] = {"latex": _latex}


def checked_format(name: str) -> str:
    """`name`, or CallError with the formats that exist."""
    if name not in FORMATS:
        raise CallError(f"there is no format {name!r}; there is {', '.join(FORMATS)}")
    return name


def export(scripts: Sequence[ProofScript], form: str, folder: Path) -> list[Path]:
    """Write the identities to `folder`; all texts are made before the first is written.

    Files that an earlier export wrote are replaced. Raises CallError, with nothing written, if the folder cannot be
    written to or holds a file of the same name that no export wrote.
    """
    texts = {folder / name: text for name, text in FORMATS[checked_format(form)](scripts).items()}
    for path in texts:
        if path.is_file() and not path.read_bytes().startswith(latex.WRITTEN.encode()):
            raise CallError(f"{path} was not written by proofsheet export; move it away, or choose another folder")
    write_all(texts)
    return list(texts)
