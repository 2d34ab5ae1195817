"""Beamer: frames for each identity, the macros that they are written in, and a presentation that shows all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from proofsheet.entry_script import ProofScript
from proofsheet.errors import CallError
from proofsheet.formats.options import Options
from proofsheet.render import beamer
from proofsheet.render.sheet import Derivation, Row, Sheet, sheet
from proofsheet.render.slide_layout import Page

# The width of a line and the height below a title in the default theme, by beamer's name for the format of a slide.
PAGES = {"43": Page(307.0, 214.0), "169": Page(398.0, 196.0)}
NARROWEST = 240.0


def files(scripts: Sequence[ProofScript], options: Options) -> Iterator[tuple[str, str]]:
    """NAME-slides.tex for each identity, proofsheet-slides.tex and proofsheet-macros.tex."""
    _refuse(scripts, options)
    aspect_ratio, page = _page(options.width)
    look = beamer.Look(page, options.reasons, options.theorem)
    sheets = [_chosen(_sheet(one), options.lines) for one in scripts]
    texts = {f"{one.name}-slides.tex": beamer.slides(one, look) for one in sheets}
    yield from texts.items()
    yield "proofsheet-slides.tex", beamer.deck(sheets, aspect_ratio)
    yield "proofsheet-macros.tex", _stand_in("".join(texts.values()))


def _stand_in(text):
    import re
    from proofsheet.notation.latex_styles import Latex
    known = {"Mean": r"\mathbb{E}", "Var": r"\operatorname{Var}", "Cov": r"\operatorname{Cov}", "Trace": r"\operatorname{tr}"}
    out = ["% Written by proofsheet export"]
    for name in sorted(set(re.findall(r"\\pf([A-Za-z]+)", text))):
        if name.startswith("Slide"): continue
        base = name.removesuffix("Open").removesuffix("Close").removesuffix("Name")
        if base in ("Mean","Var","Cov","Trace","Sign","Diag","Exp","Log","Max","Min"):
            op = {"Mean": r"\mathbb{E}", "Trace": r"\operatorname{tr}", "Sign": r"\operatorname{sgn}"}.get(base, rf"\operatorname{{{base}}}" if base[0] in "VC" else "\\operatorname{%s}" % base.lower())
            l, r = "[]" if base in ("Mean","Var","Cov") else "()"
            out.append(rf"\providecommand{{\pf{base}Name}}{{{op}}}")
            out.append(rf"\providecommand{{\pf{base}}}[2][]{{{op}\ifx\relax#1\relax{l}#2{r}\else\csname\expandafter\pfgobble\string#1l\endcsname{l}#2\csname\expandafter\pfgobble\string#1r\endcsname{r}\fi}}")
            out.append(rf"\providecommand{{\pf{base}Open}}[1][]{{{op}\ifx\relax#1\relax{l}\else\csname\expandafter\pfgobble\string#1l\endcsname{l}\fi}}")
            out.append(rf"\providecommand{{\pf{base}Close}}[1][]{{\ifx\relax#1\relax{r}\else\csname\expandafter\pfgobble\string#1r\endcsname{r}\fi}}")
        elif base in ("Norm","Abs"):
            l, r = (r"\lVert ", r"\rVert ") if base=="Norm" else (r"\lvert ", r"\rvert ")
            out.append(rf"\providecommand{{\pf{base}}}[2][]{{\ifx\relax#1\relax{l}#2{r}\else\csname\expandafter\pfgobble\string#1l\endcsname{l}#2\csname\expandafter\pfgobble\string#1r\endcsname{r}\fi}}")
            out.append(rf"\providecommand{{\pf{base}Open}}[1][]{{\ifx\relax#1\relax{l}\else\csname\expandafter\pfgobble\string#1l\endcsname{l}\fi}}")
            out.append(rf"\providecommand{{\pf{base}Close}}[1][]{{\ifx\relax#1\relax{r}\else\csname\expandafter\pfgobble\string#1r\endcsname{r}\fi}}")
        else:
            val = {"Vector": None, "Top": r"\top", "Frobenius": "F", "Identity": r"\mathbf{I}", "Zero": r"\mathbf{0}", "One": r"\mathbf{1}", "Kronecker": r"\delta", "Reals": r"\mathbb{R}", "Remainder": r"\rho", "epsilon": r"\varepsilon"}.get(name, name if len(name)==1 else "\\"+name)
            out.append(r"\providecommand{\pfVector}[1]{\boldsymbol{#1}}" if val is None else rf"\providecommand{{\pf{name}}}{{{val}}}")
    return "\n".join([r"\providecommand{\pfgobble}[1]{}", *dict.fromkeys(out)]) + "\n"


def _refuse(scripts: Sequence[ProofScript], options: Options) -> None:
    """Raises CallError for what slides cannot be."""
    for reserved in ("proofsheet", ):
        if any(one.name == reserved for one in scripts):
            raise CallError(f"the identity {reserved} would be written over by {reserved}-slides.tex; rename it")
    if options.notes == "margin":
        raise CallError("slides have no margin for notes; assumptions stand on a frame of their own")
    if options.standalone:
        raise CallError("proofsheet-slides.tex is a whole presentation already; leave out standalone")
    if options.layers:
        raise CallError("slides show derivations and no other evidence; leave out the layers")
    if options.lines is not None and len(scripts) != 1:
        raise CallError("lines are the numbers of one identity's lines; name one identity")


def _page(width: float | None) -> tuple[str, Page]:
    """The narrowest format of a slide that has lines of this width."""
    if width is None:
        return "169", PAGES["169"]
    for aspect_ratio, page in PAGES.items():
        if NARROWEST <= width <= page.width:
            return aspect_ratio, replace(page, width=width)
    widest = max(page.width for page in PAGES.values())
    raise CallError(f"a line on a slide is {NARROWEST:.0f} to {widest:.0f} points wide, not {width:g}; 307 is that of 4:3")


def _sheet(one: ProofScript) -> Sheet:
    return sheet(one.name, one.documentation, one.theorem, one.corollaries, one.limits)


# ---- chosen lines -----------------------------------------------------------------------------------------------


def _chosen(page: Sheet, lines: tuple[int, ...] | None) -> Sheet:
    """The sheet with only these lines of its theorem; the left side is always there."""
    if lines is None:
        return page
    rows = page.theorem.rows
    unknown = sorted({*lines} - {1, *(row.number for row in rows)})
    if unknown:
        raise CallError(f"{page.name} has the lines 1 to {rows[-1].number}, and no line {unknown[0]}")
    if not {row.number for row in rows} & {*lines}:
        raise CallError(f"line 1 of {page.name} is its left side; choose some of the lines 2 to {rows[-1].number} too")
    shown = tuple(_merged(rows, {*lines}))
    return replace(page, derivations=(_with_rows(page.theorem, shown), *page.derivations[1:]))


def _with_rows(derivation: Derivation, rows: tuple[Row, ...]) -> Derivation:
    return replace(derivation, rows=rows)


def _merged(rows: Sequence[Row], numbers: set[int]) -> Iterator[Row]:
    """The chosen rows, each with the reasons of those that were left out before it, and ≥ if one of them has it."""
    waiting: list[Row] = []
    for row in rows:
        waiting.append(row)
        if row.number in numbers:
            relation = "≥" if any(one.relation == "≥" for one in waiting) else row.relation
            reasons = dict.fromkeys(one.reason for one in waiting if one.reason)
            joined = tuple(part for place, prose in enumerate(reasons) for part in ((", ",) * bool(place) + prose))
            yield replace(row, relation=relation, reason=joined)
            waiting = []
