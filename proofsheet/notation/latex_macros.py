r"""LaTeX through macros that a document may redefine: w is \pfw, the bold x is \pfVector{\pfx}, E[Z] is \pfMean{\pfZ}.

The macros are made known with \providecommand in one small file, so that definitions of one's own win.
"""

from __future__ import annotations

import re

from proofsheet.notation.boxes import (
    Called,
    Closed,
    ConstantMatrix,
    Delta,
    Fenced,
    Norm,
    Opened,
    Space,
    TaylorRemainder,
    Transposed,
    Word,
)
from proofsheet.notation.latex_styles import Latex
from proofsheet.notation.layout import Manner
from proofsheet.notation.names import GREEK
from proofsheet.notation.spacing import height
from proofsheet.notation.spellings import spellings

PREFIX = "pf"
OPERATORS = {
    "E": "Mean", "Var": "Var", "Cov": "Cov", "tr": "Trace", "sgn": "Sign", "diag": "Diag", "exp": "Exp", "log": "Log",
    "max": "Max", "min": "Min",
}  # fmt: skip
_FENCES = {"bars": "Abs", "double bars": "Norm"}
_SIZES = ("", r"\big", r"\bigg")
_ENTRIES = {"I": "Identity", "0": "Zero", "1": "One"}
_SPELLED = dict(
    zip(
        "0123456789_",
        ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Mark"],
        strict=True,
    )
)
_WORDS = (*_SPELLED.values(), "Code", "Plain")
_LITERAL = re.compile("|".join(_WORDS))
_NAMED = f"{PREFIX}Name"
_MACROS = {r"\mathbb{E}": "MeanName", r"\mathbb{R}": "Reals", r"\top": "Top"}
_PLAIN = re.compile(rf"({'|'.join(map(re.escape, _MACROS))})(?<!p(?=[A-Za-z]))(?=([A-Za-z])?)")


class LatexMacros(Latex):
    """For fragments that a document takes in: every symbol and every operator through a macro."""

    @property
    def in_text(self) -> Latex:
        return _IN_TEXT

    def letters(self, letters: str) -> str:
        return f"\\{symbol_macro(letters)}"

    def words(self, text: str) -> str:
        """An author's words; E and R in them are those of the formulas."""
        return _PLAIN.sub(lambda found: rf"\{PREFIX}{_MACROS[found[1]]}" + " " * bool(found[2]), super().words(text))

    def name(self, name: str, bold: bool = False) -> str:
        if spellings().of(name, "tex"):  # of the whole name, marks and all
            text = f"\\{symbol_macro(name)}"
            return self.as_vector(text) if bold else text
        return super().name(name, bold)

    def as_vector(self, text: str) -> str:
        return rf"\{PREFIX}Vector{{{text}}}"

    def word(self, word: str) -> str:
        operator = OPERATORS.get(word)
        return rf"\{PREFIX}{operator}Name" if operator else super().word(word)

    def set_constant_matrix(self, box: ConstantMatrix) -> str:
        return rf"\{PREFIX}{_ENTRIES[box.entry]}"

    def set_transposed(self, box: Transposed) -> str:
        return rf"{self.set(box.base)}^{{\{PREFIX}Top}}"

    def set_delta(self, box: Delta) -> str:
        return rf"\{PREFIX}Kronecker" + self.subscript(box.indices)

    def set_space(self, box: Space) -> str:
        return super().set_space(box).replace(r"\mathbb{R}", rf"\{PREFIX}Reals")

    def set_taylor_remainder(self, box: TaylorRemainder) -> str:
        return super().set_taylor_remainder(box).replace(r"\rho_", rf"\{PREFIX}Remainder_", 1)

    # ---- brackets: one macro around a body, or its two halves where a line is broken inside ----------------------

    def _macro(self, box: Fenced | Called | Norm) -> str:
        """The name of the macro that brackets the body; empty where plain brackets do."""
        if isinstance(box, Called) and isinstance(box.head, Word):
            return OPERATORS.get(box.head.text, "")
        fence = box if isinstance(box, Fenced) else box.fence
        return "" if isinstance(box, Called) else _FENCES.get(fence.kind, "")

    def _size(self, box: Fenced | Called | Norm) -> str:
        return _SIZES[min(height(box if isinstance(box, Fenced) else box.fence), self.tallest)]

    def _order(self, box: Fenced | Called | Norm) -> str:
        if not isinstance(box, Norm):
            return ""
        return {1: "_{1}", 2: rf"_{{\{PREFIX}Frobenius}}^{{2}}" if box.frobenius else "^{2}"}[box.order]

    def around(self, box: Fenced | Called | Norm) -> tuple[str, str]:
        macro, size = self._macro(box), self._size(box)
        if not macro:
            return super().around(box)
        option = f"[{size}]" if size else ""
        return rf"\{PREFIX}{macro}{option}{{", f"}}{self._order(box)}"

    def set_opened(self, box: Opened) -> str:
        macro = self._macro(box.whole)
        return rf"\{PREFIX}{macro}Open[{self._size(box.whole)}]" if macro else super().set_opened(box)

    def set_closed(self, box: Closed) -> str:
        macro = self._macro(box.whole)
        close = rf"\{PREFIX}{macro}Close[{self._size(box.whole)}]"
        return close + self._order(box.whole) if macro else super().set_closed(box)


class LatexMacrosInText(LatexMacros):
    """As `LatexInText`, through macros."""

    manner = Manner(stacks_fractions=False)
    tallest = 1


_IN_TEXT = LatexMacrosInText()


# ---- names of macros, which have letters only ---------------------------------------------------------------------


def symbol_macro(letters: str) -> str:
    """The name of the macro of a symbol: w is pfw, loss is pfNameloss, x_tilde is pfNamexMarktilde.

    Different symbols have different macros; `letters_of` gives back the symbol.
    """
    if letters in GREEK or (len(letters) == 1 and letters.isascii() and letters.isalpha()):
        return PREFIX + letters
    return _NAMED + "".join(map(_letters_only, re.split(f"({_LITERAL.pattern}|.)", letters)))


def letters_of(macro: str) -> str | None:
    """The symbol that a macro stands for; None if it stands for none."""
    letters = macro.removeprefix(PREFIX)
    if letters in GREEK or len(letters) == 1:
        return letters
    if not macro.startswith(_NAMED) or macro == _NAMED:
        return None
    words = [*_SPELLED.values()]
    token = rf"Plain({'|'.join(_WORDS)})|Code((?:{'|'.join(words[:10])})+)Mark|({'|'.join(words)})"
    return re.sub(token, lambda found: found[1] or _decoded(found[2] or "", found[3] or ""), macro[len(_NAMED) :])


def _letters_only(token: str) -> str:
    if token in _WORDS:
        return f"Plain{token}"
    if not token or token.isascii():
        return _SPELLED.get(token, token)
    return f"Code{''.join(_SPELLED[digit] for digit in str(ord(token)))}Mark"


def _decoded(code: str, word: str) -> str:
    glyphs = {spelled: glyph for glyph, spelled in _SPELLED.items()}
    if word:
        return glyphs[word]
    return chr(int("".join(glyphs[digit] for digit in re.findall("[A-Z][a-z]+", code))))


__all__ = ["OPERATORS", "PREFIX", "LatexMacros", "LatexMacrosInText", "letters_of", "symbol_macro"]
