r"""A derivation as a fragment of LaTeX, and a small document that shows all of them.

A fragment needs amsmath and amssymb, defines no macros and can be \input anywhere in running text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.boxes import Box, Line, Related
from proofsheet.notation.latex_styles import Latex
from proofsheet.notation.latex_words import latex_words
from proofsheet.notation.text import set_box, set_prose
from proofsheet.render.latex_layout import TEXT_WIDTH, aligned, boxed, broken, formula_text
from proofsheet.render.latex_layout import Line as AlignedLine
from proofsheet.render.latex_widths import formula_width
from proofsheet.render.sheet import Definition, Derivation, Sheet, listed, sheet

WRITTEN = "% Written by proofsheet export"
DISPLAYED = Latex()


def fragment(
    name: str,
    documentation: str,
    theorem: Theorem,
    corollaries: Mapping[str, Theorem],
    limits: Iterable[Any] = (),
) -> str:
    """One identity: its title, what is assumed, the derivation with its reasons, corollaries and sources."""
    page = sheet(name, documentation, theorem, corollaries, limits)
    parts = [f"{WRITTEN}; needs amsmath and amssymb.", rf"\paragraph{{{_ended(latex_words(page.title))}}}"]
    parts += [rf"\label{{proofsheet:{name}}}%", *_statement(page)]
    parts += [*_rows(page.theorem), *_not_needed(page.theorem)]
    for corollary in page.derivations[1:]:
        parts += ["", rf"\paragraph{{Corollary ({latex_words(corollary.title)}).}}"]
        parts += [*_filled(_given(corollary)), *_rows(corollary), *_not_needed(corollary)]
    parts += _sources(page.sources)
    return "\n".join(parts) + "\n"


def document(names: Sequence[str]) -> str:
    """An article that inputs the fragments of this folder."""
    head = [
        f"{WRITTEN}: a document that shows the fragments beside it. Compile it in this folder with",
        "% pdflatex proofsheet.tex; in notes of your own, \\input the fragments that you want.",
        r"\documentclass[11pt,a4paper]{article}",
        r"\usepackage{amsmath,amssymb}",
        r"\allowdisplaybreaks  % long derivations may go on overleaf",
        r"\emergencystretch=2em  % room for formulas in the running text",
        r"\begin{document}",
    ]
    return "\n".join([*head, *(rf"\input{{{name}}}" for name in names), r"\end{document}"]) + "\n"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def _filled(paragraph: str) -> list[str]:
    return textwrap.wrap(paragraph, 110, break_long_words=False, break_on_hyphens=False)


# ---- what stands above the derivation -------------------------------------------------------------------------


def _words(*prose: str | Box) -> str:
    return set_prose(prose, "latex")


def _statement(page: Sheet) -> Iterator[str]:
    """Symbols and definitions of all theorems; assumptions and side conditions of the first."""
    theorem = page.theorem
    sentences = [_words(*one) for one in page.setting]
    if theorem.assumptions:
        sentences.append(_words("Assume that ", *listed(theorem.assumptions), "."))
    if theorem.conditions:
        also = "also " if theorem.assumptions else ""
        sentences.append(_words(f"Suppose {also}that ", *listed(theorem.conditions), "."))
    if page.limits:
        bounds = listed([(one,) for one in page.limits])
        sentences.append(_words("The assumptions can hold only where ", *bounds, "."))
    sentences += [_words(*one) for one in page.taylor]
    closing = [*_lemmas(theorem), "Then"]
    if not all(map(_fits_in_a_sentence, page.definitions)) or len(page.definitions) > 3:
        yield from _filled(" ".join([*sentences, "Define"]))
        yield from _displayed(page.definitions)
    else:
        short = [(Related(one.name, ":=", one.body),) for one in page.definitions]
        define = [_words("Define ", *listed(short), ".")] if short else []
        closing = [*sentences, *define, *closing]
    yield from _filled(" ".join(closing))


def _fits_in_a_sentence(definition: Definition) -> bool:
    text = set_box(Related(definition.name, ":=", definition.body), "latex")
    return formula_width(text) <= TEXT_WIDTH / 2 and not any(mark in text for mark in (r"\sum", r"\frac", r"\sqrt"))


def _lemmas(derivation: Derivation) -> list[str]:
    """What was found about functions of one variable, by whom."""
    return [_words(f"By {one.judge}, ", *listed(one.facts), ".") for one in derivation.found]


def _displayed(defined: Sequence[Definition]) -> Iterator[str]:
    """The definitions one below the other."""
    yield r"\begin{align*}"
    for position, one in enumerate(defined):
        left_over = len(defined) - 1 - position
        end = "." if not left_over else r", \\*" if left_over == 1 else r", \\"
        name = DISPLAYED.set(one.name)
        room = TEXT_WIDTH - formula_width(f"{name} := ")
        body = boxed(one.body.node) if isinstance(one.body, Line) else one.body
        first, *more = map(formula_text, broken(body, room))
        rows = [f"{name} &:= {first}", *(rf"&\qquad {row}" for row in more)]
        yield from (rf"  {row} \\*" for row in rows[:-1])
        yield f"  {rows[-1]}{end}"
    yield r"\end{align*}"


# ---- the derivation, and what stands below it -----------------------------------------------------------------


def _rows(derivation: Derivation) -> Iterator[str]:
    lines = [AlignedLine(row.node, row.reason, DISPLAYED.sign(row.relation)) for row in derivation.rows]
    return aligned(derivation.left, lines)


def _given(corollary: Derivation) -> str:
    """What a corollary rests on that the theorem does not."""
    fresh = listed((*corollary.assumptions, *corollary.conditions))
    lemmas = _lemmas(corollary)
    return " ".join([*lemmas, _words("If ", *fresh, ", then") if fresh else "Then" if lemmas else "We have"])


def _not_needed(derivation: Derivation) -> Iterator[str]:
    for remark in derivation.remarks:
        yield f"({_words(*remark).capitalize()}.)"


def _sources(sources: Sequence[str]) -> Iterator[str]:
    if sources:
        yield ""
        yield from _filled(rf"{{\small\noindent {_ended('; '.join(latex_words(one) for one in sources))}\par}}")


__all__ = ["WRITTEN", "document", "fragment"]
