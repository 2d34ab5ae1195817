"""Pictures of panels: a running estimate with its band, an order of convergence. The same panels give the same bytes.

The estimate is drawn as its relative distance from the closed form, on an axis that is linear within the tolerance and
logarithmic beyond it: the band, which begins wide, the tolerance and the wrong variants, which lie far off, are all seen.
matplotlib is an extra; it is imported when a picture is drawn. No colour says what a line style or a label does not
(palette of Okabe and Ito).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from itertools import pairwise
from math import isfinite, sqrt
from typing import Any

import numpy as np

from proofsheet.errors import CallError

FORMATS = ("png", "svg", "pdf")
INSTALL = 'pip install "proofsheet[plot]"'
WIDTH, AXES = 8.0, 2.5  # inches: of the picture, and the height of the axes of one panel
LEFT, BELOW = 1.05, 0.78  # inches: of the axes, for ticks, names and the caption
FARTHEST = 30.0  # relative errors beyond this are not drawn
NAMED = 28  # characters of what is estimated; more do not fit beside the axis
CAPTION = 104  # characters of a line below the axes
LABELS = 2.35  # inches at the right, for what the lines are
BLUE, VERMILION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#555555"
LABEL, LABEL_HEIGHT = 8.0, 0.125  # points; inches a line

SETTINGS: Mapping[str, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, and has the glyphs of the notation
    "font.size": 9.0,
    "svg.hashsalt": "proofsheet",  # names inside the file do not change from run to run
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.formatter.use_mathtext": True,
}
UNDATED: Mapping[str, Mapping[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
_AS_MATHEMATICS = {"𝟏": r"$\mathbf{1}$", "𝟎": r"$\mathbf{0}$", "‖_F²": r"‖$_F^2$"}


@dataclass(frozen=True)
class Estimate:
    """A running estimate: draws, relative distance from the closed form, and the band there; one row a time.

    variants    relative distance, label, whether it was refuted
    theorem     where it is not that of the whole picture
    """

    heading: str
    caption: str
    quantity: str  # what is estimated
    closed_form: str  # its value
    rows: tuple[tuple[float, float, float, float], ...]
    tolerance: float  # relative
    variants: tuple[tuple[float, str, bool], ...] = ()
    theorem: str = ""


@dataclass(frozen=True)
class Order:
    """t, |R|, its bounds, and the slope from the t before (None at the first), for each scale t."""

    heading: str
    caption: str
    rows: tuple[tuple[float, float, float, float, float | None], ...]
    order: int
    scaled: str = ""  # what t multiplies
    theorem: str = ""


def typeset(text: str) -> dict[str, Any]:
    """A text as matplotlib takes it: bold digits, which the font lacks, and the subscript F are set as mathematics."""
    if not any(glyphs in text for glyphs in _AS_MATHEMATICS):
        return {"s": text, "parse_math": False}
    text = text.replace("$", r"\$")
    for glyphs, set_so in _AS_MATHEMATICS.items():
        text = text.replace(glyphs, set_so)
    return {"s": text, "parse_math": True}


def matplotlib(part: str = "") -> Any:
    """matplotlib or a module of it. Raises CallError that says how to install it."""
    try:
        return import_module(f"matplotlib.{part}" if part else "matplotlib")
    except ImportError:
        raise CallError(f"pictures need matplotlib, which is not installed: {INSTALL}") from None


def picture(title: str, panels: Sequence[Estimate | Order], form: str) -> bytes:
    """The panels below each other, under the theorem; a title has a large first line and smaller ones."""
    library = matplotlib()
    large, *small = title.split("\n")
    heads = [(line, 11) for line in textwrap.wrap(large, 84)]
    heads += [(line, 9) for part in small for line in textwrap.wrap(part, 100)]
    head = 0.12 + 0.22 * len(heads)
    above = 0.72 if any(panel.theorem for panel in panels) else 0.56
    each = AXES + BELOW + above
    height = head + each * len(panels)
    with library.rc_context():
        library.rcdefaults()
        library.rcParams.update(SETTINGS)
        figure = matplotlib("figure").Figure(figsize=(WIDTH, height))
        for number, (line, points) in enumerate(heads):
            up = 1 - (0.15 + 0.22 * number) / height
            figure.text(0.5, up, ha="center", va="top", size=points, **typeset(line))
        for number, panel in enumerate(panels):
            bottom = height - head - each * (number + 1)
            _Panel(figure, height, bottom, LABELS if isinstance(panel, Estimate) else 0.3).draw(panel)
        held = BytesIO()
        figure.savefig(held, format=form, dpi=200, metadata=dict(UNDATED[form]))
    return held.getvalue()


class _Panel:
    """One panel: its axes, with room on the right for the labels of lines and below for the caption."""

    def __init__(self, figure: Any, height: float, bottom: float, right: float) -> None:
        self.figure, self.height, self.bottom, self.right = figure, height, bottom, right
        place = (LEFT / WIDTH, (bottom + BELOW) / height)
        self.axes = figure.add_axes((*place, (WIDTH - LEFT - right) / WIDTH, AXES / height))

    def draw(self, panel: Estimate | Order) -> None:
        if isinstance(panel, Estimate):
            self._estimate(panel)
        else:
            self._order(panel)
        up = AXES + BELOW
        self._write(LEFT, up + (0.62 if panel.theorem else 0.44), panel.heading, weight="bold")
        self._write(LEFT, up + 0.43, textwrap.shorten(panel.theorem, 110, placeholder=" …"), size=8.5)
        self._write(LEFT, 0.3, textwrap.fill(panel.caption, CAPTION), color=GREY, size=8.5)
        self.axes.legend(
            loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncol=3, frameon=False, borderpad=0.1,
            handlelength=1.6, columnspacing=1.2, fontsize=LABEL,
        )  # fmt: skip

    def _write(self, left: float, up: float, text: str, **look: Any) -> None:
        self.figure.text(left / WIDTH, (self.bottom + up) / self.height, va="top", **typeset(text), **look)

    # ---- a running estimate ----

    def _estimate(self, panel: Estimate) -> None:
        axes = self.axes
        count, mean, low, high = (list(column) for column in zip(*panel.rows, strict=True))
        bottom, top = _reach(panel, -1), _reach(panel, 1)
        axes.set_xscale("log")
        axes.set_yscale("symlog", linthresh=panel.tolerance, linscale=1.0)
        axes.set_xlim(count[0], count[-1])
        axes.set_ylim(-bottom, top)
        axes.axhspan(-panel.tolerance, panel.tolerance, facecolor=GREEN, alpha=0.16, linewidth=0)
        axes.fill_between(count, low, high, facecolor=BLUE, alpha=0.22, linewidth=0, label="band, valid at every N")
        for edge in (-panel.tolerance, panel.tolerance):
            label = "closed form ± tolerance" if edge > 0 else None
            axes.axhline(edge, color=GREEN, linewidth=1.3, linestyle=":", label=label)
        axes.axhline(0, color="black", linewidth=1.0)
        for side in (low, high):
            axes.plot(count, side, color=BLUE, linewidth=0.6)
        axes.plot(count, mean, color=BLUE, linewidth=1.5, label="running estimate")
        for place, _, refuted in panel.variants:
            axes.axhline(place, color=VERMILION, linewidth=0.9, linestyle="--" if refuted else "-")
        ticks = _ticks(panel.tolerance, bottom, top)
        axes.set_yticks(ticks, [_signed(tick) for tick in ticks], minor=False)
        axes.set_yticks([], minor=True)
        axes.set_xlabel("N, draws")
        quantity = panel.quantity if len(panel.quantity) <= NAMED else "the closed form"
        named = typeset(f"distance from {quantity}")
        axes.set_ylabel(named["s"], parse_math=named["parse_math"])
        self._labels(panel)

    def _labels(self, panel: Estimate) -> None:
        """At the right of each line what it is; apart from each other, with a stroke from line to label."""
        wanted = [(0.0, f"closed form {panel.closed_form}", True, "black")]
        wanted += [(place, label, refuted, VERMILION) for place, label, refuted in panel.variants]
        texts = [
            textwrap.shorten(label if refuted else f"NOT refuted: {label}", 100, placeholder=" …")
            for _, label, refuted, _ in wanted
        ]
        folded = [textwrap.wrap(text, 36) for text in texts]
        down = self.axes.transData.transform
        up = self.axes.transAxes.inverted().transform
        places = [float(up(down((1.0, place)))[1]) for place, *_ in wanted]
        heights = [LABEL_HEIGHT * len(lines) / AXES for lines in folded]
        for line, at, lines, (*_, colour) in zip(places, apart(places, heights), folded, wanted, strict=True):
            self.axes.plot(
                [1.0, 1.025, 1.04],
                [line, at, at],
                transform=self.axes.transAxes,
                clip_on=False,
                color=colour,
                linewidth=0.6,
            )
            self.axes.text(
                1.05, at, transform=self.axes.transAxes, va="center", color=colour, size=LABEL, linespacing=1.0,
                **typeset("\n".join(lines)),
            )  # fmt: skip

    # ---- an order of convergence ----

    def _order(self, panel: Order) -> None:
        axes = self.axes
        rows: list[Any] = sorted(panel.rows)
        t, size, low, high = (np.array([row[k] for row in rows]) for k in range(4))
        axes.set_xscale("log")
        axes.set_yscale("log")
        spread = np.maximum(0, [size - low, high - size])
        axes.errorbar(
            t,
            size,
            yerr=spread,
            color=BLUE,
            marker="o",
            markersize=4,
            linewidth=1.2,
            capsize=3,
            label="|R(t)| with bounds",
        )
        axes.plot(
            t, size[0] * (t / t[0]) ** panel.order, color="black", alpha=0.25, linewidth=5, solid_capstyle="butt",
            label=f"slope {panel.order}", zorder=1,
        )  # fmt: skip
        for (x, y, *_), (x_next, y_next, *_, slope) in pairwise(reversed(rows)):
            if slope is not None:
                axes.annotate(
                    f"{slope:.3f}", (sqrt(x * x_next), sqrt(y * y_next)), (7, -9), textcoords="offset points", size=LABEL,
                    color=GREY,
                )  # fmt: skip
        axes.set_xlabel(f"t, which multiplies {panel.scaled}" if panel.scaled else "t")
        axes.set_ylabel("|R(t)|, slopes between the points")


def _reach(panel: Estimate, side: int) -> float:
    """How far the axis goes on one side: past the last band and the farthest variant, and to ten tolerances at least."""
    _, *last = panel.rows[-1]
    places = [place for place in (*last, *(place for place, *_ in panel.variants)) if isfinite(place)]
    return max(10 * panel.tolerance, *(1.6 * side * place for place in places))


def _ticks(tolerance: float, bottom: float, top: float) -> list[float]:
    """0, the tolerance, and the powers of ten beyond, on both sides."""
    powers = [tolerance, *(10.0**k for k in range(-12, 13) if 2 * tolerance < 10.0**k)]
    return [*(-one for one in reversed(powers) if one <= bottom), 0.0, *(one for one in powers if one <= top)]


def _signed(share: float) -> str:
    """A relative error in per cent."""
    if share == 0:
        return "0"
    size = 100 * abs(share)
    return f"{'−' if share < 0 else '+'}{f'{size:.0f}' if size >= 10 else f'{size:.2g}'} %"


def apart(places: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Places near those wanted, in the same order, where labels of these heights do not overlap.

    Groups that would overlap are joined, and stand around the mean of what their members want.
    """
    order = sorted(range(len(places)), key=lambda k: places[k])
    groups: list[list[int]] = []
    for k in order:
        groups.append([k])
        while len(groups) > 1 and _bottom(groups[-1], places, heights) < _top(groups[-2], places, heights):
            last = groups.pop()
            groups[-1] += last
    found = [0.0] * len(places)
    for group in groups:
        at = _bottom(group, places, heights)
        for k in group:
            found[k] = at + heights[k] / 2
            at += heights[k]
    return found


def _middle(group: Iterable[int], places: Sequence[float]) -> float:
    wanted = [places[k] for k in group]
    return sum(wanted) / len(wanted)


def _bottom(group: Sequence[int], places: Sequence[float], heights: Sequence[float]) -> float:
    return _middle(group, places) - sum(heights[k] for k in group) / 2


def _top(group: Sequence[int], places: Sequence[float], heights: Sequence[float]) -> float:
    return _middle(group, places) + sum(heights[k] for k in group) / 2


__all__ = ["FORMATS", "Estimate", "Order", "apart", "matplotlib", "picture"]
