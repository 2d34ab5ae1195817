r"""Words for LaTeX: its special characters escaped, mathematics in Unicode set as mathematics, the rest spelled.

pdflatex stops at a character that it does not know; nothing that is left here is unknown to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from proofsheet.notation.names import GREEK, SUBSCRIPTS, SUPERSCRIPTS

_ESCAPED = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip
_PUNCTUATION = {
    "–": "--", "—": "---", "…": r"\ldots{}", "’": "'", "‘": "`", "“": "``", "”": "''", "«": "``", "»": "''",
    "\u00a0": "~", "\u2009": r"\,", "\u202f": r"\,", "§": r"\S{}", "ß": r"\ss{}", "ø": r"\o{}", "Ø": r"\O{}", "æ": r"\ae{}",
    "Æ": r"\AE{}", "œ": r"\oe{}", "Œ": r"\OE{}", "ł": r"\l{}", "Ł": r"\L{}", "ı": r"\i{}", "¡": "!`", "¿": "?`",
    "\u2010": "-", "\u2011": "-", "\u200b": "", "\ufeff": "", "£": r"\pounds{}", "©": r"\copyright{}",
}  # fmt: skip
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".", "\u0308": '"',
    "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0327": "c", "\u0328": "k", "\u0323": "d", "\u0331": "b",
}  # fmt: skip
_MATH_ACCENTS = {"\u0303": r"\tilde", "\u0302": r"\hat", "\u0304": r"\bar"}
_MATH = {
    "−": "-", "·": r"\cdot ", "×": r"\times ", "±": r"\pm ", "≠": r"\neq ", "≤": r"\leq ", "≥": r"\geq ", "≈": r"\approx ",
    "≅": r"\cong ", "≡": r"\equiv ", "∝": r"\propto ", "≪": r"\ll ", "≫": r"\gg ", "∼": r"\sim ", "→": r"\to ",
    "←": r"\leftarrow ", "↦": r"\mapsto ", "⇒": r"\Rightarrow ", "⇔": r"\Leftrightarrow ", "∞": r"\infty ", "∈": r"\in ",
    "∉": r"\notin ", "⊂": r"\subset ", "⊆": r"\subseteq ", "∪": r"\cup ", "∩": r"\cap ", "∅": r"\emptyset ",
    "∀": r"\forall ", "∃": r"\exists ", "∂": r"\partial ", "∇": r"\nabla ", "∫": r"\int ", "∑": r"\sum ",
    "∏": r"\prod ", "√": r"\surd ", "∘": r"\odot ", "⊙": r"\odot ", "⊗": r"\otimes ", "⟂": r"\perp ", "⊥": r"\perp ",
    "‖": r"\Vert ", "∥": r"\parallel ", "⟨": r"\langle ", "⟩": r"\rangle ", "⌊": r"\lfloor ", "⌋": r"\rfloor ",
    "⌈": r"\lceil ", "⌉": r"\rceil ", "ᵀ": r"^{\top}", "′": "'", "″": "''", "‴": "'''", "ℝ": r"\mathbb{R}", "ℕ": r"\mathbb{N}",
    "ℤ": r"\mathbb{Z}", "ℚ": r"\mathbb{Q}", "ℂ": r"\mathbb{C}", "ℓ": r"\ell ", "𝟎": r"\mathbf{0}", "𝟏": r"\mathbf{1}",
    "°": r"^{\circ}", "½": r"\tfrac{1}{2}", "¼": r"\tfrac{1}{4}", "¾": r"\tfrac{3}{4}", "µ": r"\mu ", "ϵ": r"\epsilon ",
}  # fmt: skip
_LETTERS = {glyph: f"\\{name} " for name, glyph in GREEK.items() if name not in ("epsilon", "lambda", "eps", "lam")}
_LETTERS |= {"ε": r"\varepsilon ", "λ": r"\lambda "}
_LOW = {glyph: letter for letter, glyph in SUBSCRIPTS.items()} | {"₊": "+", "₋": "-"}
_HIGH = {glyph: letter for letter, glyph in SUPERSCRIPTS.items()} | {"⁺": "+", "⁻": "-"}
_INFIX = {glyph for glyph, known in _MATH.items() if known.strip() in (
    "-", r"\times", r"\pm", r"\neq", r"\leq", r"\geq", r"\approx", r"\in", r"\to", r"\perp", r"\odot", r"\sim", r"\propto",
)} | {"=", "<", ">", "+"}  # fmt: skip
_GLYPHS = {*_MATH, *_LETTERS, *_LOW, *_HIGH} - {"·"}
_OPERATORS = (
    (re.compile(r"(?<![A-Za-z\\])E(?=\[|\(|\\Vert)"), r"\\mathbb{E}"),
    (re.compile(r"(?<![A-Za-z\\])tr(?=\()"), r"\\operatorname{tr}"),
)
WORD = re.compile(r"(-?[A-Za-zÀ-ÿ](?:[A-Za-zÀ-ÿ'’]|-(?=[A-Za-zÀ-ÿ]))+[A-Za-zÀ-ÿ])")
_SYMBOL = re.compile(r"[b-z][,;:.]?")  # a single small letter that is no article
_SPACES = re.compile(r"[ \t\n\r\f\v]+")  # not U+00A0, which is a ~
_GLYPH = re.compile(r".[\u0300-\u036f]*")
_LITTLE_WORDS = {"a", "an", "of", "is", "in", "or", "to", "at", "as", "by", "if", "on", "we", "so", "no", "it"}


def latex_words(text: str) -> str:
    r"""Plain text as LaTeX: 'α‖w‖² & more' is '$\alpha \Vert w\Vert^{2}$ \& more'."""
    return words_around_formulas(text, _plain)


def words_around_formulas(text: str, plain: Callable[[str], str]) -> str:
    """The same with `plain` for the words, and formulas in LaTeX between dollars."""
    return " ".join(_formula(run, plain) if is_formula else plain(run) for is_formula, run in runs(text))


def runs(text: str) -> list[tuple[bool, str]]:
    """The words of a text in runs, each with whether it is mathematics."""
    tokens = unicodedata.normalize("NFC", _with_turned_quotes(_SPACES.sub(" ", text).strip(" "))).split(" ")
    found: list[tuple[bool, str]] = []
    for is_formula, token in zip(_formulas(tokens), tokens, strict=True):
        if is_formula and found and found[-1][0] and found[-1][1][-1] not in ",;:.":
            found[-1] = (True, f"{found[-1][1]} {token}")
        else:
            found.append((is_formula, token))
    return found


def _formulas(tokens: list[str]) -> list[bool]:
    """Which of the words of a sentence are mathematics.

    Those with a mathematical sign, and single letters; what stands beside a relation; and what is needed to close the
    brackets: all of E‖W(x + n) − y‖².
    """
    marks = [any(glyph in _GLYPHS for glyph in token) or bool(_SYMBOL.fullmatch(token)) for token in tokens]
    for position, token in enumerate(tokens):
        beside = [one for one in (position - 1, position + 1) if 0 <= one < len(tokens)]
        if token in _INFIX and len(beside) == 2 and not any(_is_prose(tokens[one], one < position) for one in beside):
            for one in (*beside, position):
                marks[one] = True
    for step in (1, -1):
        depth = 0
        for position in range(len(tokens))[::step]:
            if depth > 0 and not WORD.search(tokens[position]):
                marks[position] = True
            if marks[position]:
                opened = sum(tokens[position].count(bracket) for bracket in "([") * step
                depth = max(depth + opened - sum(tokens[position].count(bracket) for bracket in ")]") * step, 0)
            else:
                depth = 0
    return marks


def _is_prose(token: str, before: bool) -> bool:
    """Whether a formula cannot go on with this token: it is a word, or the sentence pauses in between."""
    pauses = before and token[-1] in ",;:."
    return bool(WORD.search(token)) or token in _LITTLE_WORDS or pauses


def _formula(run: str, plain: Callable[[str], str]) -> str:
    """Mathematics between dollars; the words in it, and punctuation at its end, stay outside."""
    body = run.rstrip(",;:.")
    return "".join(_set(piece, plain) for piece in WORD.split(body) if piece) + run[len(body) :]


def _set(piece: str, plain: Callable[[str], str]) -> str:
    """A piece of a formula; words in it and what stands between two of them stay text."""
    if WORD.fullmatch(piece) or not piece.strip():
        return plain(piece)
    text, previous = "", ""
    for glyph in _GLYPH.findall(_with_marked_sums(piece)):
        text = _appended(text, previous, glyph)
        previous = glyph
    left, right = (" " if piece[end].isspace() else "" for end in (0, -1))
    for pattern, command in _OPERATORS:
        text = pattern.sub(command, text)
    return f"{left}${' '.join(text.split())}${right}"


def _with_marked_sums(piece: str) -> str:
    """Σ with a subscript is a sum, else the letter; Σᵢ≠ⱼ has one subscript, and so has ‖W‖²_F."""
    low = "".join(_LOW)
    piece = re.sub(r"(?<=[^\s_])_(?=[A-Za-z0-9](?![A-Za-z0-9_]))", "␣", piece)
    return re.sub(f"Σ(?=[{low}])", "∑", re.sub(f"(?<=[{low}])≠(?=[{low}])", "≢", piece))


def _appended(text: str, previous: str, glyph: str) -> str:
    """The formula so far with one more glyph; neighbouring scripts share one pair of braces."""
    if glyph == "≢":
        return rf"{text[:-1]} \neq }}"
    if glyph == "␣":
        return f"{text.rstrip()}_"
    for mark, script in (("_", _LOW), ("^", _HIGH)):
        if glyph in script:
            more = script[glyph]
            return f"{text[:-1]}{more}}}" if previous in {*script, "≢"} else f"{text.rstrip()}{mark}{{{more}}}"
    if glyph in _MATH or glyph in _LETTERS:
        known = _MATH.get(glyph) or _LETTERS[glyph]
        return (text.rstrip() if known.startswith("^") else text) + known
    base, *marks = list(unicodedata.normalize("NFD", glyph))
    if marks and all(mark in _MATH_ACCENTS for mark in marks):
        return text + f"{_MATH_ACCENTS[marks[0]]}{{{_LETTERS.get(base, base).strip()}}}"
    return text + (
        glyph if glyph.isascii() and (glyph not in _ESCAPED or glyph in "<>|") else rf"\text{{{_plain(glyph)}}}"
    )


def _plain(text: str) -> str:
    return "".join(_letter(glyph) for glyph in text)


def _letter(glyph: str) -> str:
    """One character outside formulas."""
    if glyph in _ESCAPED or glyph in _PUNCTUATION:
        return _ESCAPED.get(glyph) or _PUNCTUATION[glyph]
    if glyph.isascii():
        return glyph if glyph.isprintable() else " "
    if glyph in _MATH or glyph in _LETTERS:
        return f"${(_MATH.get(glyph) or _LETTERS[glyph]).strip()}$"
    base, *marks = list(unicodedata.normalize("NFD", glyph))
    if base.isascii() and base.isalpha() and len(marks) == 1 and marks[0] in _ACCENTS:
        dotless = {"i": r"\i", "j": r"\j"}.get(base, base) if marks[0] not in "\u0327\u0328\u0323" else base
        return f"\\{_ACCENTS[marks[0]]}{{{dotless}}}"
    return rf"\texttt{{U+{ord(glyph):04X}}}"


def _with_turned_quotes(text: str) -> str:
    """Straight quotation marks turned: the first opens, the second closes, and so on."""
    first, *rest = text.split('"')
    return first + "".join("“”"[position % 2] + part for position, part in enumerate(rest))
