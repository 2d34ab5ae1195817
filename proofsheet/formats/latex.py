"""LaTeX: a fragment for each identity, and a document that shows all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proofsheet.entry_script import ProofScript
from proofsheet.errors import CallError
from proofsheet.formats.options import Options
from proofsheet.render import latex


def files(scripts: Sequence[ProofScript], options: Options) -> Iterator[tuple[str, str]]:
    """NAME.tex for each identity, and proofsheet.tex."""
    if any(one.name == "proofsheet" for one in scripts):
        raise CallError("the identity proofsheet would be written over by the document proofsheet.tex; rename it")
    for one in scripts:
        yield f"{one.name}.tex", latex.fragment(one.name, one.documentation, one.theorem, one.corollaries, one.limits)
    yield "proofsheet.tex", latex.document([one.name for one in scripts])
