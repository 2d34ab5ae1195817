r"""Derivations as slides for beamer: frames that a deck of one's own can \input, and a deck that shows all of them.

Every line has its overlay by number, cell by cell, for beamer counts wrongly in amsmath's displays, which are typeset
twice. Covered lines keep their room, so that nothing moves when one is uncovered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from proofsheet.notation.boxes import Box, Related, Sign
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import Prose, set_prose
from proofsheet.render import sentences
from proofsheet.render.bibliography import Citation
from proofsheet.render.latex_layout import QUAD, boxed, broken, formula_text, width_of
from proofsheet.render.latex_macro_file import MACROS
from proofsheet.render.latex_widths import text_width
from proofsheet.render.letters import letters
from proofsheet.render.sheet import Definition, Derivation, Row, Sheet, listed
from proofsheet.render.shown_lines import Shown, shown
from proofsheet.render.slide_layout import (
    REASON_ROW,
    REASON_SCALE,
    SIZES,
    Chain,
    Laid,
    Layout,
    Link,
    Page,
    best_layout,
    row_height,
)
from proofsheet.render.wrapping import prose_width, source_rows

STYLE = STYLES["latex macros"]
TITLE = "Machine-checked derivations"
FOOT = 24.0
BOTTOM = r"\vskip0pt plus 1filll"  # stronger than what a frame has below its text
OWN = (
    r"\providecommand{\pfSlideReason}[2]{{\color{black!60}\parbox[t]{#1}"
    r"{\raggedright\footnotesize\binoppenalty=10000 \strut#2\strut}}}",
    r"\providecommand{\pfSlideReasonBelow}[2]{\makebox[#1][r]{\footnotesize\color{black!60}#2}}",
    r"\providecommand{\pfSlideNote}[1]{{\footnotesize\color{black!60}\raggedright#1\par}}",
)


@dataclass(frozen=True)
class Look:
    """What a lecturer may choose; `Options` of an export says what each means."""

    page: Page
    lines: tuple[int, ...] | None = None
    reasons: Literal["column", "letters", "none"] = "column"
    theorem: bool = False
    verdict: bool = True


# ---- files ------------------------------------------------------------------------------------------------------


def slides(sheet: Sheet, written: str, look: Look, cited: Mapping[str, Citation]) -> str:
    """The frames of one identity. Raises CallError if `look.lines` are none of its lines."""
    head = [
        f"{written}: frames to be read with \\input, for slides with lines of {look.page.width:g}pt.",
        rf"% The preamble needs \usepackage{{amsmath,amssymb}} and \input{{{MACROS}}}.",
        *OWN,
    ]
    frames = [*_setting(sheet, look), *_derivation(sheet, sheet.theorem, shown(sheet.theorem, look.lines), look)]
    for corollary in sheet.derivations[1:]:
        frames += _derivation(sheet, corollary, shown(corollary, None), look)
    return "\n\n".join(["\n".join(head), *frames, _result(sheet, look, cited)]) + "\n"


def deck(sheets: Sequence[Sheet], written: str, aspect_ratio: str) -> str:
    """A presentation that inputs the frames of this folder."""
    head = [
        f"{written}: a presentation of the frames beside it. Compile it in this folder, twice, with",
        "% pdflatex proofsheet-slides.tex; for a handout add the option handout to the class.",
        rf"\documentclass[aspectratio={aspect_ratio}]{{beamer}}",
        r"\usefonttheme[onlymath]{serif}  % formulas as in print",
        r"\setbeamertemplate{navigation symbols}{}",
        r"\setbeamertemplate{footline}[frame number]",
        r"\usepackage{amsmath,amssymb}",
        rf"\input{{{MACROS}}}",
        rf"\title{{{TITLE}}}",
        r"\author{}\date{}",
        r"\begin{document}",
        r"\begin{frame}\titlepage\end{frame}",
    ]
    parts = [
        line for one in sheets for line in (rf"\section{{{_bookmark(one.title)}}}", rf"\input{{{one.name}-slides}}")
    ]
    return "\n".join([*head, *parts, r"\end{document}"]) + "\n"


def _bookmark(title: str) -> str:
    words = STYLE.words(title)
    plain = "".join(glyph for glyph in title if glyph.isascii() and (glyph.isalnum() or glyph in " ,.;:()-+='"))
    return words if words == plain else rf"\texorpdfstring{{{words}}}{{{' '.join(plain.split())}}}"


# ---- frames -----------------------------------------------------------------------------------------------------


def _frame(title: str, width: float, body: Iterable[str]) -> str:
    return "\n".join([r"\begin{frame}[t]", rf"\frametitle{{{_sized(title, width)}}}", *body, r"\end{frame}"])


def _sized(title: str, width: float) -> str:
    """A title in the largest type in which it takes one row; a long one in two rows of small type."""
    natural = text_width(title) / 10.95
    for command, points in (("", 14.4), (r"\large ", 12.0)):
        if natural * points <= width:
            return command + title
    return rf"\normalsize {title}"


def _prose(*prose: str | Box) -> str:
    return set_prose(prose, "latex macros")


def _bullets(items: Sequence[Sequence[str]]) -> list[str]:
    if not items:
        return []
    rows = [line for first, *more in items for line in (rf"  \item {first}", *(f"    {row}" for row in more))]
    return [r"\begin{itemize}", *rows, r"\end{itemize}"]


# ---- the setting ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """A bullet, and how high it is at 10.95pt."""

    rows: tuple[str, ...]
    height: float


def _setting(sheet: Sheet, look: Look) -> Iterator[str]:
    """What is declared, assumed and defined, on as few frames as it needs."""
    items = [*_items(sheet, look.page.width - 26)]
    for place, part in enumerate(_parted(items, look.page.height)):
        size = next((one for one in SIZES if _height(part) * one.scale**1.5 <= look.page.height), SIZES[-1])
        body = _bullets([one.rows for one in part])
        yield _frame(_title(sheet, place), look.page.width, [*([size.command] if size.command else []), *body])


def _parted(items: Sequence[Item], height: float) -> list[list[Item]]:
    """Items on slides, as evenly as their number allows."""
    number = -int(-_height(items) * SIZES[1].scale ** 1.5 // height)
    parts: list[list[Item]] = [[]]
    for item in items:
        if parts[-1] and len(parts) < number and _height([*parts[-1], item]) > _height(items) / number + 10:
            parts.append([])
        parts[-1].append(item)
    return parts


def _height(items: Sequence[Item]) -> float:
    return sum(item.height for item in items)


def _title(sheet: Sheet, place: int = 0) -> str:
    return STYLE.words(sheet.title) + (" (cont.)" if place else "")


def _items(sheet: Sheet, width: float) -> Iterator[Item]:
    theorem = sheet.theorem
    for sentence in sheet.setting:
        yield _sentence(sentence, width)
    if theorem.assumptions:
        yield _sentence(("Assume ", *listed(theorem.assumptions), "."), width)
    yield from (_sentence(one, width) for one in sentences.supposed(theorem))
    if sheet.limits:
        bounds = listed([(one,) for one in sheet.limits])
        yield _sentence(("This is possible only where ", *bounds, "."), width)
    for sentence in sheet.taylor:
        yield _sentence(sentence, width)
    if sheet.definitions:
        yield _defined(sheet.definitions, width)
    yield from _found(theorem, width)


def _found(derivation: Derivation, width: float) -> Iterator[Item]:
    return (_sentence(one, width) for one in sentences.lemmas(derivation))


def _sentence(prose: Prose, width: float) -> Item:
    rows = -int(-prose_width(prose) // (0.95 * width))
    return Item(tuple(source_rows(_prose(*prose))), rows * 14.0 + 5)


def _defined(definitions: Sequence[Definition], width: float) -> Item:
    """Definitions in a sentence if they are short, else one below the other."""
    short = sentences.defined(definitions, width)
    if short:
        return _sentence(short, width)
    rows = [row for one in definitions for row in _definition(one, width)]
    shown = [rf"    {text}{mark}" for (text, _), mark in zip(rows, [r" \\"] * (len(rows) - 1) + ["."], strict=True)]
    height = sum(height for _, height in rows) + 34
    return Item(("Define", r"\begin{align*}", *shown, r"\end{align*}"), height)


def _definition(one: Definition, width: float) -> Iterator[tuple[str, float]]:
    name = STYLE.set(one.name)
    body = boxed(one.body)
    first, *more = broken(body, width - width_of(one.name) - 3 * QUAD)
    yield f"{name} &:= {STYLE.set(first)}", row_height(first)
    for row in more:
        yield rf"&\qquad {formula_text(row)}", row_height(row)


# ---- a derivation -----------------------------------------------------------------------------------------------


def _derivation(sheet: Sheet, derivation: Derivation, chosen: Shown, look: Look) -> Iterator[str]:
    """The theorem or a corollary, as many frames as its lines need."""
    title = f"Corollary: {STYLE.words(derivation.title)}" if derivation.name else _title(sheet)
    chain = _chain(chosen, look.reasons)
    above = _given(derivation, look.page.width) if derivation.name else []
    below = [rf"\pfSlideNote{{{note}}}" for note in _notes(derivation, chosen, look)]
    legend = _Legend(chain, look.page.width)
    room = Page(look.page.width, look.page.height - legend.height)
    layout = best_layout(chain, room, _height(above), FOOT * len(below))
    for place, (start, end) in enumerate(layout.slides):
        body = _bullets([one.rows for one in above]) if not place else []
        body += _display(chain, layout, start, end)
        foot = [*legend.rows(start, end), *(below if end == len(chain.links) else [])]
        yield _frame(
            title + (" (cont.)" if place else ""), look.page.width, [*body, *([BOTTOM] if foot else []), *foot]
        )


def _notes(derivation: Derivation, chosen: Shown, look: Look) -> Iterator[str]:
    """What stands below the last line."""
    yield from (_prose(*remark) for remark in chosen.remarks)
    if derivation.name and look.verdict:
        yield _verdict(derivation)


def _chain(chosen: Shown, reasons: str) -> Chain:
    marks = letters(chosen.rows) if reasons == "letters" else {}
    bracketed = {reason: f"({letter})" for reason, letter in marks.items()}
    links = tuple(_link(row, bracketed.get(row.reason, ""), reasons) for row in chosen.rows)
    return Chain(boxed(chosen.first), links, reasons == "letters")


def _link(row: Row, mark: str, reasons: str) -> Link:
    return Link(row.relation, boxed(row.node), () if reasons == "none" else row.reason, mark)


def _given(corollary: Derivation, width: float) -> list[Item]:
    """What a corollary rests on that the theorem does not."""
    fresh = listed((*corollary.assumptions, *corollary.conditions))
    return [*([_sentence(("If ", *fresh, ":"), width - 26)] if fresh else []), *_found(corollary, width - 26)]


def _display(chain: Chain, layout: Layout, start: int, end: int) -> list[str]:
    """The lines from `start` to `end`, one an overlay, behind the left side and the last line that was shown."""
    rows = _opening(chain, layout, start)
    for slide, number in enumerate(range(start, end), 2):
        rows += _line(chain, layout, number, f"<{slide}->", full_stop=number == len(chain.links) - 1)
    if layout.beside:
        rows = [f"{STYLE.set(chain.left)} {rows[0]}", *rows[1:]]
    kind = "flalign*" if layout.reasons else "align*"
    shown = [f"  {row}" + r" \\" * (place < len(rows) - 1) for place, row in enumerate(rows)]
    display = [rf"\begin{{{kind}}}", *shown, rf"\end{{{kind}}}"]
    return [f"{{{layout.size.command}", *display, r"\par}"] if layout.size.command else display


def _opening(chain: Chain, layout: Layout, start: int) -> list[str]:
    rows = [] if layout.beside else [_cell(row, "", place > 0) for place, row in enumerate(layout.left)]
    if start:
        rows += _line(chain, layout, start - 1, "", so_far=True)
    return rows


def _cell(row: Box, indent: str, later: bool) -> str:
    """A row behind the alignment mark."""
    further = r"\qquad " if later else ""
    return f"& {indent}{further}{formula_text(row)}"


def _line(
    chain: Chain, layout: Layout, number: int, overlay: str, so_far: bool = False, full_stop: bool = False
) -> list[str]:
    """The rows of one line; its reason stands beside the first or in a row below."""
    laid = layout.lines[number]
    indent = "" if layout.beside else r"\quad "
    relation = _relation(chain, number, so_far)
    texts = [*map(formula_text, laid.rows)]
    texts[-1] += "." if full_stop else ""
    rows = [f"{indent}{{}} {relation} {texts[0]}", *(rf"{indent}\qquad {text}" for text in texts[1:])]
    if laid.sticks_out:
        rows = [rf"\pfWide{{{row}}}" for row in rows]
    reason = "repeated" if so_far else _prose(*laid.link.reason)
    return [*_with_reason(rows, reason, laid, layout, overlay)]


def _with_reason(rows: list[str], reason: str, laid: Laid, layout: Layout, overlay: str) -> Iterator[str]:
    uncovered = rf"\uncover{overlay}{{%s}}" if overlay else "%s"
    beside = layout.reasons and reason and not (laid.below and overlay)
    for place, row in enumerate(rows):
        cell = "& " + uncovered % row
        if beside and not place:
            note = rf"\pfSlideReason{{{layout.reasons:.0f}pt}}{{{reason}}}"
            note = rf"\smash{{{note}}}" if laid.is_flat else note
            cell += " && " + uncovered % note
        elif layout.reasons and not place:
            cell += " &&"
        yield cell
    if laid.below and overlay:
        yield "&&& " + uncovered % rf"\pfSlideReasonBelow{{{layout.reasons:.0f}pt}}{{{reason}}}"


def _relation(chain: Chain, number: int, so_far: bool) -> str:
    """The relation to the line before; of a repeated line that to the left side."""
    links = chain.links[: number + 1]
    weaker = any(link.relation == "≥" for link in links) if so_far else links[-1].relation == "≥"
    relation = STYLE.set(Sign("≥" if weaker else "="))
    mark = chain.links[number].mark
    return rf"\overset{{\text{{{mark}}}}}{{{relation}}}" if mark and not so_far else relation


class _Legend:
    """The reasons by their letters, at the foot of the frame; nothing if they have none."""

    def __init__(self, chain: Chain, width: float) -> None:
        self.links = chain.links if chain.lettered else ()
        reasons = {link.mark: link.reason for link in self.links}
        natural = sum(prose_width(reason) + 24 for reason in reasons.values()) * REASON_SCALE
        self.height = -int(-natural // (0.85 * width)) * REASON_ROW + 8 if reasons else 0.0

    def rows(self, start: int, end: int) -> list[str]:
        """Those of the lines of one frame, each uncovered with the first line that has it."""
        first = {link.mark: (slide, link) for slide, link in reversed([*enumerate(self.links[start:end], 2)])}
        entries = [
            rf"  \uncover<{slide}->{{{link.mark}~{_prose(*link.reason)}}}\quad" for slide, link in sorted(
                (one for mark, one in first.items() if mark), key=lambda one: one[0]
            )
        ]  # fmt: skip
        return [r"\pfSlideNote{%", *entries, "}"] if entries else []


# ---- the result -------------------------------------------------------------------------------------------------


def _result(sheet: Sheet, look: Look, cited: Mapping[str, Citation]) -> str:
    theorem = sheet.theorem
    body = [*_statement(theorem, look)]
    given = listed((*theorem.assumptions, *theorem.conditions))
    if given:
        body += source_rows(_prose("whenever ", *given, "."))
    notes = [_source(cited[one]) for one in sheet.sources]
    notes += [_verdict(theorem)] if look.verdict else []
    body += [BOTTOM, *(line for note in notes for line in source_rows(rf"\pfSlideNote{{{note}}}"))] if notes else []
    return _frame(_title(sheet), look.page.width, [*body, *_for_the_lecturer(sheet)])


def _source(one: Citation) -> str:
    head, tail, place = map(STYLE.words, (one.head, one.tail, one.place))
    return rf"\pfSource{{{one.work.key}}}{{{head}}}{{{tail}}}{{{place}}}."


def _for_the_lecturer(sheet: Sheet) -> list[str]:
    """The author's paragraphs, which beamer shows on a second screen if it is told to show notes."""
    if not sheet.remarks:
        return []
    return [r"\note{%", *(line for one in sheet.remarks for line in [*source_rows(STYLE.words(one)), r"\par"]), "}"]


def _statement(theorem: Derivation, look: Look) -> Iterator[str]:
    """The first and the last line of the theorem, in a box or in beamer's theorem."""
    relation = theorem.theorem.relation
    left, right = boxed(theorem.left), boxed(theorem.rows[-1].node)
    room = look.page.width - 30
    size = next((one for one in SIZES if width_of(right) * one.scale <= room), SIZES[1])
    rows = _equation(left, relation, right, room / size.scale)
    aligned = [r"\begin{aligned}", *(f"  {row}" + r" \\" * (row != rows[-1]) for row in rows), r"\end{aligned}"]
    command = [size.command] if size.command else []
    if look.theorem:
        yield from [r"\begin{theorem}", *command, r"\[", *aligned, r"\]", r"\end{theorem}"]
    else:
        yield from ["{", *command, r"\setlength{\fboxsep}{6pt}", r"\[\boxed{", *aligned, r"}\]", r"\par}"]


def _equation(left: Box, relation: str, right: Box, room: float) -> list[str]:
    """The equation in one row if it fits, else its right side below its left."""
    sign = STYLE.set(Sign(relation))
    if width_of(Related(left, relation, right)) <= room:
        return [f"{STYLE.set(left)} {sign} {STYLE.set(right)}"]
    head = broken(left, room)
    first, *more = broken(right, room - 3 * QUAD)
    rows = [_cell(row, "", place > 0) for place, row in enumerate(head)]
    return [*rows, rf"&\quad {sign} {STYLE.set(first)}", *(_cell(row, r"\quad ", True) for row in more)]


def _verdict(derivation: Derivation) -> str:
    """What the kernel says of these lines."""
    steps = len(derivation.theorem.steps)
    counted = f"{steps} step" + "s" * (steps != 1)
    judges = sorted({one.judge for one in derivation.theorem.lemmas})
    if judges:
        return f"proved modulo {', '.join(map(STYLE.words, judges))}, {counted}"
    return f"proved, {counted}, kernel-checked"


__all__ = ["Look", "deck", "slides"]
