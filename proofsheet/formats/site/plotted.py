"""The plot of a numeric check, as an SVG file beside the page, and what it says in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from proofsheet.entry_script import ProofScript
from proofsheet.errors import CallError
from proofsheet.evidence import Evidence, Layer
from proofsheet.pictures import Estimate, Order, matplotlib, picture

COMMENT = b"<!-- Written by proofsheet export -->\n"
Panel = Estimate | Order


@dataclass(frozen=True)
class Reference:
    """A plot as a page refers to it."""

    path: str  # in the folder
    link: str
    words: str  # for those who do not see it
    caption: str
    size: tuple[str, str]  # width and height in pixels


@dataclass(frozen=True)
class Plot:
    """A plot and its file."""

    reference: Reference
    svg: bytes


def require() -> None:
    """Raises CallError where matplotlib is not installed."""
    try:
        matplotlib()
    except CallError as error:
        raise CallError(f"{error}; or export the site without plots") from None


def plot_of(script: ProofScript, evidence: Evidence) -> Plot | None:
    """The plot of one case of the numeric check: of the case that stands for all, or of the first that can be drawn."""
    layer = evidence.layers.get("monte_carlo")
    if not isinstance(layer, Layer) or not layer.details:
        return None
    panel = _chosen(script.name, layer.details, str(layer.facts.get("case", "")))
    drawn = picture("", [panel], "svg")
    head, body = drawn.split(b"\n", 1)
    name = quote(script.name, safe="")
    path, link = (f"plots/{one}.svg" for one in (name, quote(name)))
    reference = Reference(path, link, _words(panel), _caption(script.name, panel, len(layer.details)), _size(drawn))
    return Plot(reference, head + b"\n" + COMMENT + body)


def _size(svg: bytes) -> tuple[str, str]:
    """From points to pixels."""
    width, height = re.findall(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)[0]
    return f"{float(width) * 4 / 3:.0f}", f"{float(height) * 4 / 3:.0f}"


def _chosen(name: str, panels: Sequence[Panel], case: str) -> Panel:
    """Estimates before orders: few of these are drawn by chance."""
    wanted = f"{name}, case {case}"
    return min(panels, key=lambda one: (one.heading != wanted, not isinstance(one, Estimate)))


def _words(panel: Panel) -> str:
    if isinstance(panel, Order):
        return f"The size of the remainder R(t) for {len(panel.rows)} scales t; it falls like t to the power {panel.order}."
    count, mean, low, high = panel.rows[-1]
    share = f"{100 * mean:+.2g} %".replace("-", "−")
    band = f"{100 * low:+.2g} % to {100 * high:+.2g} %".replace("-", "−")
    wrong = f" {len(panel.variants)} wrong variants are drawn in." if panel.variants else ""
    return (
        f"Running estimate of {panel.quantity}, as its distance from the closed form. After {count:,.0f} draws it is {share}, "
        f"its band {band}; the tolerance is ±{100 * panel.tolerance:.2g} %.{wrong}"
    )


def _caption(name: str, panel: Panel, count: int) -> str:
    case = panel.heading.removeprefix(f"{name}, case ").replace("_", " ") if panel.heading != name else ""
    which = f", case “{case}”" if case else ""
    others = f" (one of {count} that can be drawn)" if count > 1 else ""
    if isinstance(panel, Order):
        return f"How fast the remainder falls{which}{others}."
    return f"A running estimate, with the band that holds at every number of draws{which}{others}."
