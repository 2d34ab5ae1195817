"""Beamer: frames for each identity, the macros that they are written in, and a presentation that shows all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import proofsheet
from proofsheet.entry_script import ProofScript
from proofsheet.errors import CallError
from proofsheet.formats.left_sources import left_sources
from proofsheet.formats.options import Options
from proofsheet.render.beamer import Look, deck, slides
from proofsheet.render.bibliography import citations
from proofsheet.render.latex import Look as Notes
from proofsheet.render.latex import fragment
from proofsheet.render.latex_macro_file import MACROS, macro_file
from proofsheet.render.sheet import sheet
from proofsheet.render.slide_layout import Page

OPTIONS = {"lines", "reasons", "notes", "theorem", "width"}

# The width of a line and the height below a title in the default theme, by beamer's name for the format of a slide.
PAGES = {"43": Page(307.0, 209.0), "169": Page(398.0, 196.0)}
NARROWEST = 280.0


def files(scripts: Sequence[ProofScript], options: Options) -> Iterator[tuple[str, str]]:
    """NAME-slides.tex for each identity, proofsheet-macros.tex and proofsheet-slides.tex."""
    _refuse(scripts, options)
    written = f"% Written by proofsheet export {proofsheet.__version__}"
    aspect_ratio, page = _page(options.width)
    look = Look(page, options.lines, options.reasons, options.theorem, options.notes != "none")
    sheets = [sheet(one.name, one.documentation, one.theorem, one.corollaries, one.limits) for one in scripts]
    cited = citations(source for one in sheets for source in one.sources)
    texts = {f"{one.name}-slides.tex": slides(one, written, look, cited) for one in sheets}
    notes = [fragment(one, written, Notes(theorem=options.theorem), cited) for one in sheets]
    yield from texts.items()
    left = left_sources(options.folder, {f"{MACROS}.tex", *texts})
    yield f"{MACROS}.tex", macro_file([*texts.values(), *notes, *left], written)  # notes in the same folder need it too
    yield "proofsheet-slides.tex", deck(sheets, written, aspect_ratio)


def _refuse(scripts: Sequence[ProofScript], options: Options) -> None:
    """Raises CallError for what slides cannot be."""
    if any(one.name == "proofsheet" for one in scripts):
        raise CallError("the identity proofsheet would be written over by the file proofsheet-slides.tex; rename it")
    if options.notes in ("footnote", "margin"):
        raise CallError(
            f"slides have no place for notes at the {options.notes}; what is assumed has a frame of its own"
        )


def _page(width: float | None) -> tuple[str, Page]:
    """The narrowest format of a slide that has lines of this width."""
    if width is None:
        return "169", PAGES["169"]
    for aspect_ratio, page in PAGES.items():
        if NARROWEST <= width <= page.width:
            return aspect_ratio, replace(page, width=width)
    widest = max(page.width for page in PAGES.values())
    raise CallError(
        f"a line on a slide is {NARROWEST:.0f} to {widest:.0f} points wide, not {width:g}; 307 is that of 4:3"
    )
