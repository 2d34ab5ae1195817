r"""LaTeX: a fragment for each identity with the macros they share, or one whole document; and what they cite, for BibTeX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import proofsheet
from proofsheet.entry_script import ProofScript
from proofsheet.errors import CallError
from proofsheet.formats.left_sources import left_sources
from proofsheet.formats.options import Options
from proofsheet.render.bibliography import bibtex, citations, works_of
from proofsheet.render.latex import Look, fragment
from proofsheet.render.latex_document import document, whole_document
from proofsheet.render.latex_layout import TEXT_WIDTH
from proofsheet.render.latex_macro_file import MACROS, macro_file
from proofsheet.render.sheet import Sheet, sheet

OPTIONS = {"lines", "reasons", "notes", "numbers", "theorem", "standalone", "width"}

NARROWEST = 150.0  # points; no derivation fits less


def files(scripts: Sequence[ProofScript], options: Options) -> Iterator[tuple[str, str]]:
    """NAME.tex for each identity, proofsheet-macros.tex and proofsheet.tex; with `standalone` only the last; a .bib file."""
    written, look = f"% Written by proofsheet export {proofsheet.__version__}", look_of(options)
    _refuse_names(scripts)
    pages = [_sheet(one) for one in scripts]
    cited = citations(source for page in pages for source in page.sources)
    fragments = {page.name: fragment(page, written, look, cited) for page in pages}
    if options.standalone:
        sources = [*cited.values()]
        yield "proofsheet.tex", whole_document(pages, [*fragments.values()], sources, written, look)
    else:
        yield from ((f"{name}.tex", text) for name, text in fragments.items())
        own = {f"{MACROS}.tex", "proofsheet.tex", *(f"{name}.tex" for name in fragments)}
        left = left_sources(options.folder, own)  # fragments that stay there need the file too
        yield f"{MACROS}.tex", macro_file([*fragments.values(), *left], written, look.notes)
        yield "proofsheet.tex", document([*fragments], written, look.width)
    if cited:
        yield "proofsheet.bib", bibtex(works_of(cited.values()), written)


def look_of(options: Options) -> Look:
    """The choices as LaTeX takes them. Raises CallError for a width that no derivation fits."""
    if options.width is not None and not options.width >= NARROWEST:
        raise CallError(f"a line of {options.width:g} points is too narrow for derivations; give {NARROWEST:g} or more")
    return Look(
        options.lines,
        options.reasons,
        options.notes,
        options.theorem,
        options.numbers,
        TEXT_WIDTH if options.width is None else options.width,
    )


def _sheet(one: ProofScript) -> Sheet:
    return sheet(one.name, one.documentation, one.theorem, one.corollaries, one.limits)


def _refuse_names(scripts: Sequence[ProofScript]) -> None:
    for name in ("proofsheet", MACROS):
        if any(one.name == name for one in scripts):
            raise CallError(f"the identity {name} would be written over by the file {name}.tex; rename it")
