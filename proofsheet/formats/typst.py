"""Typst: a fragment for each identity, and a document that includes all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proofsheet.entry_script import ProofScript
from proofsheet.errors import CallError
from proofsheet.formats.options import Options
from proofsheet.render import typst
from proofsheet.render.sheet import sheet
from proofsheet.render.shown_lines import shown

OPTIONS = {"lines", "reasons", "width"}


def files(scripts: Sequence[ProofScript], options: Options) -> Iterator[tuple[str, str]]:
    """NAME.typ for each identity, and proofsheet.typ."""
    if any(one.name == "proofsheet" for one in scripts):
        raise CallError("the identity proofsheet would be written over by the document proofsheet.typ; rename it")
    manner = typst.Manner(options.reasons, options.width or typst.PAGE)
    for one in scripts:
        page = sheet(one.name, one.documentation, one.theorem, one.corollaries, one.limits)
        yield f"{one.name}.typ", typst.fragment(page, shown(page.theorem, options.lines), manner)
    yield "proofsheet.typ", typst.document([one.name for one in scripts])
