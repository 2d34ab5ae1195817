"""Pictures of what a numeric check found: the running estimate with its band, and the order of convergence.

picture(title, panels, form)            the bytes of a png, svg or pdf; the same verdicts give the same bytes
panels_of(name, found, quantities)      what there is to draw of the verdicts of a check

The estimate is drawn as its relative distance from the closed form, on an axis that is linear within the tolerance and
logarithmic beyond it: the band, which begins wide, the tolerance and the wrong variants, which lie far off, are all seen.
matplotlib is an extra; it is imported when a picture is drawn. No colour says what a line style or a label does not
(palette of Okabe and Ito).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

from proofsheet.errors import CallError
from proofsheet.numeric.checks import VariantSeen, Verdict
from proofsheet.verdict_table import percent

FORMATS = ("png", "svg", "pdf")
INSTALL = 'pip install "proofsheet[plot]"'
WIDTH, HEIGHT = 8.0, 3.9  # inches: of the picture, and of one panel
MOST = 4  # panels in one picture
FARTHEST = 30.0  # relative errors beyond this are not drawn
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


@dataclass(frozen=True)
class Estimate:
    """A running estimate: draws, relative distance from the closed form, and the band there; one row a time."""

    heading: str
    caption: str
    quantity: str
    rows: tuple[tuple[float, float, float, float], ...]
    tolerance: float  # relative
    variants: tuple[tuple[float, str, bool], ...]  # relative distance, label, refuted
    beyond: int  # variants too far off to be drawn


@dataclass(frozen=True)
class Order:
    """|R| at each scale t with its bounds, and the slope from there to the next scale."""

    heading: str
    caption: str
    rows: tuple[tuple[float, float, float, float, float], ...]


def checked_format(path: Path) -> str:
    """png, svg or pdf, by the ending of a file that can be written. Raises CallError for others, or without matplotlib."""
    form = path.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise CallError(f"a picture is {', '.join(FORMATS[:-1])} or {FORMATS[-1]}: name the file so, not {path.name}")
    if path.is_dir():
        raise CallError(f"{path} is a folder; a file of that name is to be written")
    _matplotlib("figure")
    return form


def _matplotlib(part: str) -> Any:
    try:
        return import_module(f"matplotlib.{part}" if part else "matplotlib")
    except ImportError:
        raise CallError(f"pictures need matplotlib, which is not installed: {INSTALL}") from None


# ---- what there is to draw ----------------------------------------------------------------------------------------


def panels_of(name: str, found: Mapping[str, Verdict], quantities: Mapping[str, str]) -> list[Estimate | Order]:
    """The panels of the verdicts, by case. Raises CallError where nothing was drawn at random and nothing converges.

    quantities      by case: what is estimated, in the notation of the theorem
    """
    panels = [panel for case, one in found.items() for panel in _panels(name, case, one, quantities.get(case, ""))]
    if not panels:
        methods = ", ".join(dict.fromkeys(str(one.facts().get("method", one.facts().get("grade"))) for one in found.values()))
        raise CallError(
            f"there is nothing to draw of {name}: it is judged by {methods}, without random draws, and has no order of "
            "convergence"
        )
    return panels


def _panels(name: str, case: str, verdict: Verdict, quantity: str) -> Iterator[Estimate | Order]:
    heading = f"{name}, case {case}" if case else name
    facts = verdict.facts()
    path = getattr(verdict, "path", ())
    if path:
        yield _estimate(heading, verdict, facts, path, quantity)
    orders = getattr(verdict, "orders", ())
    if orders:
        how = ", ".join(dict.fromkeys(str(facts[key]) for key in ("method", "grade") if facts.get(key)))
        yield Order(heading, f"{verdict.verdict} by {how}", tuple(orders))


def _estimate(heading: str, verdict: Verdict, facts: Mapping[str, Any], path: Any, quantity: str) -> Estimate:
    claim, samples = facts["closed_form"], facts["samples"]
    tolerance = facts["tolerance"] / abs(claim)
    a_replicate = samples / path[-1][0]
    rows = tuple(
        (count * a_replicate, *((value - claim) / abs(claim) for value in values)) for count, *values in path
    )
    drawn = [_placed(one, tolerance) for one in verdict.variants if one.gap is not None and not one.unseen]
    near = tuple(one for one in drawn if abs(one[0]) <= FARTHEST)
    return Estimate(
        heading, _caption(verdict, facts, tolerance), f"{quantity} = {claim:.6g}" if quantity else f"{claim:.6g}",
        rows, tolerance, near, len(drawn) - len(near),
    )  # fmt: skip


def _placed(variant: VariantSeen, tolerance: float) -> tuple[float, str, bool]:
    return (variant.gap or 0.0) * tolerance, variant.mistake, variant.refuted


def _caption(verdict: Verdict, facts: Mapping[str, Any], tolerance: float) -> str:
    return (
        f"{verdict.verdict} by {facts['method']}, {facts['grade']}: N = {facts['samples']:,}, tolerance {percent(tolerance)}, "
        f"error rate {facts['alpha']:.2g}, seed {facts['seed']}"
    )


# ---- drawing ------------------------------------------------------------------------------------------------------


def picture(title: str, panels: Sequence[Estimate | Order], form: str) -> bytes:
    """The panels below each other, under the theorem; a title has a large first line and smaller ones."""
    matplotlib = _matplotlib("")
    large, *small = title.split("\n")
    heads = [(line, 11) for line in textwrap.wrap(large, 84)]
    heads += [(line, 9) for part in small for line in textwrap.wrap(part, 100)]
    head = 0.12 + 0.22 * len(heads)
    height = head + HEIGHT * len(panels)
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        figure = _matplotlib("figure").Figure(figsize=(WIDTH, height))
        for number, (line, size) in enumerate(heads):
            up = 1 - (0.15 + 0.22 * number) / height
            figure.text(0.5, up, line, ha="center", va="top", size=size, parse_math=False)
        for number, panel in enumerate(panels):
            bottom = height - head - HEIGHT * (number + 1)
            _Panel(figure, height, bottom).draw(panel)
        held = BytesIO()
        figure.savefig(held, format=form, dpi=200, metadata=dict(UNDATED[form]))
    return held.getvalue()


class _Panel:
    """One panel: its axes, with room on the right for the labels of lines and below for the caption."""

    LEFT, RIGHT, BELOW, ABOVE = 0.85, 2.35, 0.78, 0.56  # inches

    def __init__(self, figure: Any, height: float, bottom: float) -> None:
        self.figure, self.height, self.bottom = figure, height, bottom
        self.size = HEIGHT - self.BELOW - self.ABOVE  # of the axes, in inches
        self.axes = figure.add_axes(
            (self.LEFT / WIDTH, (bottom + self.BELOW) / height, (WIDTH - self.LEFT - self.RIGHT) / WIDTH, self.size / height)
        )

    def draw(self, panel: Estimate | Order) -> None:
        if isinstance(panel, Estimate):
            self._estimate(panel)
        else:
            self._order(panel)
        self._write(self.LEFT, self.size + self.BELOW + 0.42, panel.heading, weight="bold")
        caption = textwrap.fill(panel.caption, 110)
        self._write(self.LEFT, 0.3, caption, color=GREY, size=8.5)
        self.axes.legend(
            loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncol=3, frameon=False, borderpad=0.1,
            handlelength=1.6, columnspacing=1.2, fontsize=LABEL,
        )  # fmt: skip

    def _write(self, left: float, up: float, text: str, **look: Any) -> None:
        self.figure.text(left / WIDTH, (self.bottom + up) / self.height, text, va="top", parse_math=False, **look)

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
        for edge in (low, high):
            axes.plot(count, edge, color=BLUE, linewidth=0.6)
        axes.plot(count, mean, color=BLUE, linewidth=1.5, label="running estimate")
        for place, _, refuted in panel.variants:
            axes.axhline(place, color=VERMILION, linewidth=0.9, linestyle="--" if refuted else "-")
        ticks = _ticks(panel.tolerance, bottom, top)
        axes.set_yticks(ticks, [_signed(tick) for tick in ticks], minor=False)
        axes.set_yticks([], minor=True)
        axes.set_xlabel("N, draws")
        axes.set_ylabel(f"off  {textwrap.shorten(panel.quantity, 44, placeholder=' …')}", parse_math=False)
        self._labels(panel)

    def _labels(self, panel: Estimate) -> None:
        """At the right of each line what it is; apart from each other, with a stroke from line to label."""
        wanted = [(0.0, "closed form", True, "black")]
        wanted += [(place, label, refuted, VERMILION) for place, label, refuted in panel.variants]
        texts = [
            textwrap.shorten(label if refuted else f"NOT refuted: {label}", 100, placeholder=" …")
            for _, label, refuted, _ in wanted
        ]
        folded = [textwrap.wrap(text, 36) for text in texts]
        down = self.axes.transData.transform
        up = self.axes.transAxes.inverted().transform
        places = [float(up(down((1.0, place)))[1]) for place, *_ in wanted]
        heights = [LABEL_HEIGHT * len(lines) / self.size for lines in folded]
        for line, at, lines, (*_, colour) in zip(places, apart(places, heights), folded, wanted, strict=True):
            self.axes.plot(
                [1.0, 1.025, 1.04], [line, at, at], transform=self.axes.transAxes, clip_on=False, color=colour, linewidth=0.6
            )
            self.axes.text(
                1.05, at, "\n".join(lines), transform=self.axes.transAxes, va="center", color=colour, size=LABEL,
                linespacing=1.0, parse_math=False,
            )  # fmt: skip
        if panel.beyond:
            self._write(
                WIDTH - self.RIGHT + 0.26, 0.58, f"and {panel.beyond} off by more than {_signed(FARTHEST)[1:]}",
                size=LABEL, color=VERMILION,
            )  # fmt: skip

    # ---- an order of convergence ----

    def _order(self, panel: Order) -> None:
        axes = self.axes
        rows = sorted(panel.rows)
        t, size, low, high = ([row[k] for row in rows] for k in range(4))
        axes.set_xscale("log")
        axes.set_yscale("log")
        spread = ([a - b for a, b in zip(size, low, strict=True)], [b - a for a, b in zip(size, high, strict=True)])
        axes.errorbar(
            t, size, yerr=spread, color=BLUE, marker="o", markersize=4, linewidth=1.2, capsize=3, label="|R| with bounds"
        )
        order = round(rows[0][4])
        axes.plot(
            t, [size[0] * (one / t[0]) ** order for one in t], color="black", linewidth=0.9, linestyle="--",
            label=f"slope {order}",
        )  # fmt: skip
        axes.set_xlabel("t, by which the argument is scaled")
        axes.set_ylabel("|R(t)|")


def _reach(panel: Estimate, side: int) -> float:
    """How far the axis goes on one side: past the farthest variant, and to ten tolerances at least."""
    return max(10 * panel.tolerance, *(1.6 * side * place for place, *_ in panel.variants), 0.0)


def _ticks(tolerance: float, bottom: float, top: float) -> list[float]:
    """0, the tolerance, and the powers of ten beyond, on both sides."""
    powers = [tolerance, *(10.0**k for k in range(-12, 3) if 2 * tolerance < 10.0**k)]
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


__all__ = ["FORMATS", "Estimate", "Order", "apart", "checked_format", "panels_of", "picture"]
