"""Markdown: a page for each identity, and an index of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proofsheet.entry_script import ProofScript
from proofsheet.errors import CallError
from proofsheet.formats.options import Options
from proofsheet.notation.markdown_style import markdown_words
from proofsheet.render import markdown
from proofsheet.render.sheet import Sheet, sheet
from proofsheet.render.shown_lines import shown

OPTIONS = {"lines", "reasons", "width"}


def files(scripts: Sequence[ProofScript], options: Options) -> Iterator[tuple[str, str]]:
    """NAME.md for each identity, and index.md."""
    if any(one.name == "index" for one in scripts):
        raise CallError("the identity index would be written over by the list index.md; rename it")
    manner = markdown.Manner(options.reasons, options.width or markdown.PAGE)
    sheets = [sheet(one.name, one.documentation, one.theorem, one.corollaries, one.limits) for one in scripts]
    for one in sheets:
        yield f"{one.name}.md", markdown.page(one, shown(one.theorem, options.lines), manner)
    yield "index.md", _index(sheets)


def _index(sheets: Sequence[Sheet]) -> str:
    """Titles beside links and not in them, for GitHub sets no formula inside a link."""
    rows = [
        f"- [{markdown_words(one.name.replace('_', ' '))}]({one.name}.md): {markdown_words(one.title)} "
        f"({markdown_words(one.verdict)})"
        for one in sheets
    ]
    return "\n\n".join([markdown.WRITTEN, "# Derivations", "\n".join(rows)]) + "\n"
