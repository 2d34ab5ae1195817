"""A theorem as a notebook shows it: what is proved under what, and the lines with their reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.boxes import Line, Related, Sign
from proofsheet.notation.boxes import Row as Boxes
from proofsheet.notation.mathml_style import math
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import Prose, set_prose
from proofsheet.render import markdown, shown_lines
from proofsheet.render.sheet import Derivation, Sheet, listed, sheet

_LEFT = ' style="text-align: left; border: 0; background: none; padding: 0.3em 0"'
_REASON = ' style="text-align: left; border: 0; background: none; padding: 0.3em 0 0.3em 3em"'


def shown(theorem: Theorem, language: Literal["latex", "markdown", "html"]) -> str:
    """The theorem in LaTeX, Markdown or HTML."""
    page = sheet("", "", theorem, {})
    return {"latex": _latex, "markdown": _markdown, "html": _html}[language](page.theorem, said(page))


def said(page: Sheet) -> Prose:
    """What is declared; proved, modulo whom, under what; and what the defined symbols stand for."""
    theorem = page.theorem
    judges = tuple(part for one in theorem.found for part in (f" modulo {one.judge}: ", *listed(one.facts)))
    assumed = (" under ", *listed(theorem.assumptions)) if theorem.assumptions else ()
    where = (", where ", *listed(theorem.conditions)) if theorem.conditions else ()
    defined = listed([(Related(one.name, ":=", one.body),) for one in page.definitions])
    here = (" Here ", *defined, ".") if defined else ()
    declared = tuple(part for sentence in page.setting for part in (*sentence, " "))
    return *declared, "Proved", *judges, *((",",) if judges and assumed else ()), *assumed, *where, ".", *here


def _markdown(derivation: Derivation, told: Prose) -> str:
    blocks = markdown.derivation_blocks(derivation, shown_lines.shown(derivation, None), markdown.Manner(), given=False)
    return "\n\n".join([markdown.words(*told), *blocks])


def _latex(derivation: Derivation, told: Prose) -> str:
    r"""One display, as notebooks want it; what is proved stands in its last rows."""
    rows = [*markdown.lines(derivation.left, derivation.rows, "column", {}, markdown.PAGE)]
    below = [f"& {row}" for row in markdown.in_text(told, markdown.PAGE / 2)]
    body = " \\\\[6pt]\n".join(" \\\\\n".join(part) for part in (rows, below))
    return f"$$\\begin{{aligned}}\n{body}\n\\end{{aligned}}$$"


def _html(derivation: Derivation, told: Prose) -> str:
    rows = "".join(f"<tr>{cells}</tr>" for cells in _table(derivation))
    words = set_prose(told, "html")
    return f'<div style="overflow: auto hidden"><p>{words}</p><table style="border: 0">{rows}</table></div>'


def _table(derivation: Derivation) -> Iterator[str]:
    style = STYLES["html"]
    yield f'<td{_LEFT} colspan="2">{math(style.line(derivation.left), display=True)}</td>'
    for row in derivation.rows:
        line = math(style.set(Boxes((Sign(row.relation), Line(row.node)))), display=True)
        yield f"<td{_LEFT}>&emsp;{line}</td><td{_REASON}>{set_prose(row.reason, 'html')}</td>"


__all__ = ["said", "shown"]
