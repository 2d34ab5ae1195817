r"""Formulas and words for Markdown: LaTeX between dollars that no Markdown reader changes before the formula is set.

A reader that takes dollars for words sees emphasis in `}_{`, an escaped comma in `\,` and a link in `](`, so none of them
is left. GitHub allows no \operatorname, and MathJax, KaTeX and LaTeX all know what stands in its place.
"""

from __future__ import annotations

import re

from proofsheet.notation.latex_styles import Latex
from proofsheet.notation.latex_words import words_around_formulas

_SAFE = (
    (re.compile(r"\\operatorname\{([^{}]*)\}"), r"\\mathop{\\mathrm{\1}}"),
    (re.compile(r"\\text\{\\\{\}|\\\{"), r"\\lbrace "),
    (re.compile(r"\\text\{\\\}\}|\\\}"), r"\\rbrace "),
    (re.compile(r"\\,"), r"\\thinspace "),
    (re.compile(r"\\!"), r"\\negthinspace "),
    (re.compile(r"\\[;:>]"), r"\\enspace "),
    (re.compile(r"(?<![\w\\\s])_(?=\S)"), r" _ "),  # with a space on both sides it is never emphasis
    (re.compile(r"\*"), r"\\ast "),
    (re.compile(r"\](?=[(\[])"), r"] "),
    (re.compile(r"\s*(?<!\\)([<>])\s*"), r" \1 "),  # no tag of HTML
    (re.compile(r"  +"), r" "),
)
_ESCAPED = {glyph: f"\\{glyph}" for glyph in "\\`*_[]{}#|~^%@"} | {
    "$": "&#36;", "&": "&amp;", "<": "&lt;", ">": "&gt;",
}  # fmt: skip
_OPENS_A_BLOCK = re.compile(r"(\d+(?=[.)])|[-+=](?=\s|$|[-+=]))")


class Markdown(Latex):
    """LaTeX between dollars, and words with the signs of Markdown escaped."""

    def among_words(self, formula: str) -> str:
        return f"${protected(formula)}$"

    def words(self, text: str) -> str:
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}{markdown_words(text)}{after}" if text.strip() else text


def protected(formula: str) -> str:
    """A formula of LaTeX without what Markdown would read as its own."""
    for pattern, other in _SAFE:
        formula = pattern.sub(other, formula)
    return formula.strip()


def markdown_words(text: str) -> str:
    r"""Plain text in Markdown: 'x_i & α‖w‖²' is 'x\_i &amp; $\alpha \Vert w\Vert^{2}$'."""
    spelled = words_around_formulas(text, _plain)
    return re.sub(r"\$([^$]+)\$", lambda found: f"${protected(found[1])}$", spelled)


def _plain(text: str) -> str:
    return "".join(_ESCAPED.get(glyph, glyph) for glyph in text)


def paragraph(text: str) -> str:
    """Markdown that stays a paragraph although it starts like a list or a rule: 1. 2) - + =."""
    found = _OPENS_A_BLOCK.match(text)
    if not found:
        return text
    end = found.end()
    return f"{text[:end]}\\{text[end:]}" if found[0].isdigit() else f"\\{text}"
