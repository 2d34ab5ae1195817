"""A web site: an index of the identities with a search, and a page for each. It is read from a folder, without a server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proofsheet.entry_script import ProofScript
from proofsheet.errors import CallError
from proofsheet.formats.options import Options
from proofsheet.formats.site import environment, plotted
from proofsheet.formats.site.gathered import evidence_of
from proofsheet.layers import EXISTING

OPTIONS = {"layers", "seed", "plots"}

LARGEST = 60_000  # bytes of a page; one that would be larger sets wrong lines in flat text, and links its script
ASSETS = ("site.css", "site.js")


def files(scripts: Sequence[ProofScript], options: Options) -> Iterator[tuple[str, str | bytes]]:
    """index.html, NAME.html for each identity, plots/NAME.svg and scripts/NAME.py where there is one, and assets/.

    Gathers the evidence of `options.layers`, all layers where none is named; the proof is always checked. Raises CallError
    where Jinja2, or matplotlib for plots, is not installed.
    """
    if any(one.name == "index" for one in scripts):
        raise CallError("the page of the identity index would be written over by the index of the site; rename it")
    layers = ("proof", *(one for one in options.layers or EXISTING if one != "proof"))
    wants_plots = options.plots and "monte_carlo" in layers
    templates = environment.templates()
    from proofsheet.formats.site.pages import page_of  # needs what comes with Jinja2; OPTIONS are read without it

    if wants_plots:
        plotted.require()
    found = evidence_of(scripts, layers, options.seed)
    pages = []
    for one in scripts:
        picture = plotted.plot_of(one, found[one.name]) if wants_plots else None
        pages.append(page_of(one, found[one.name], picture.reference if picture else None))
        if picture:
            yield picture.reference.path, picture.svg
    for before, page, after in zip([None, *pages], pages, [*pages[1:], None], strict=False):
        shown = {"page": page, "before": before, "after": after}
        text = templates.render("identity.html", **shown, compact=False)
        if len(text.encode()) > LARGEST:
            text = templates.render("identity.html", **shown, compact=True)
            yield page.script_file, f"# Written by proofsheet export: the proof script of {page.name}.\n{page.script}"
        yield page.file, text
    yield "index.html", templates.render("index.html", pages=pages, layers=layers)
    for name in ASSETS:
        yield f"assets/{name}", templates.asset(name)
