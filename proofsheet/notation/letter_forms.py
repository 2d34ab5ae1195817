r"""A letter with its accents in every target: θ, \theta, theta; x̌, \check{x}, x_check, caron(x).

Where an author spells a symbol for one target only, the others follow if what was spelled is such a letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from proofsheet.notation.names import GREEK
from proofsheet.notation.spellings import TARGETS, Target

# glyph: TeX, ASCII, Typst
_LETTERS: dict[str, tuple[str, str, str]] = {
    **{glyph: (f"\\{name}", name, name) for name, glyph in GREEK.items() if name not in ("eps", "lam")},
    "ε": (r"\varepsilon", "eps", "epsilon"), "ι": (r"\iota", "iota", "iota"), "υ": (r"\upsilon", "upsilon", "upsilon"),
    "ϑ": (r"\vartheta", "vartheta", "theta.alt"), "ϱ": (r"\varrho", "varrho", "rho.alt"),
    "ς": (r"\varsigma", "varsigma", "sigma.alt"), "ϖ": (r"\varpi", "varpi", "pi.alt"),
    "Υ": (r"\Upsilon", "Upsilon", "Upsilon"), "ℓ": (r"\ell", "ell", "ell"), "ℏ": (r"\hbar", "hbar", "planck.reduce"),
}  # fmt: skip
_SCRIPT = {"ℒ": "L", "ℋ": "H", "ℐ": "I", "ℛ": "R", "ℬ": "B", "ℰ": "E", "ℱ": "F", "ℳ": "M"}
_LETTERS |= {glyph: (rf"\mathcal{{{letter}}}", f"cal{letter}", f"cal({letter})") for glyph, letter in _SCRIPT.items()}
# combining accent: TeX, ASCII, Typst
_ACCENTS = {
    "\u0303": ("tilde", "tilde", "tilde"), "\u0302": ("hat", "hat", "hat"), "\u0304": ("bar", "bar", "macron"),
    "\u030c": ("check", "check", "caron"), "\u0307": ("dot", "dot", "dot"), "\u0308": ("ddot", "ddot", "dot.double"),
    "\u0306": ("breve", "breve", "breve"), "\u0301": ("acute", "acute", "acute"), "\u0300": ("grave", "grave", "grave"),
}  # fmt: skip
_TEX = {tex: glyph for glyph, (tex, _, _) in _LETTERS.items()} | {r"\varphi": "φ", r"\epsilon": "ε"}
_TYPST = {typst: glyph for glyph, (_, _, typst) in _LETTERS.items()}
_TEX_ACCENTS = {tex: mark for mark, (tex, _, _) in _ACCENTS.items()}
_TYPST_ACCENTS = {typst: mark for mark, (_, _, typst) in _ACCENTS.items()}
TYPST_WORDS = {*(word for form in _LETTERS.values() for word in form[2].split(".")[:1]), *_TYPST_ACCENTS, "dot"}


@dataclass(frozen=True)
class LetterForm:
    """A letter and the combining accents over it, the innermost first."""

    glyph: str
    accents: tuple[str, ...] = ()

    def spelled(self, target: Target) -> str:
        tex, ascii_, typst = _LETTERS.get(self.glyph, (self.glyph,) * 3)
        if target == "unicode":
            return unicodedata.normalize("NFC", "".join((self.glyph, *self.accents)))
        text = {"tex": tex, "ascii": ascii_, "typst": typst}[target]
        for mark in self.accents:
            accent = dict(zip(("tex", "ascii", "typst"), _ACCENTS[mark], strict=True))[target]
            text = {"tex": f"\\{accent}{{{text}}}", "ascii": f"{text}_{accent}", "typst": f"{accent}({text})"}[target]
        return text


def read_form(text: str, target: Target) -> LetterForm | None:
    """The letter that a spelling is, None if it is anything else. ASCII words name no letter."""
    return {"unicode": _of_unicode, "tex": _of_tex, "typst": _of_typst}[target](text) if target != "ascii" else None


def completed(given: Mapping[Target, str]) -> dict[str, str]:
    """The spellings that were given, and those that follow from one of them that is a letter with accents."""
    forms = [form for target in TARGETS if target in given and (form := read_form(given[target], target))]
    derived: dict[str, str] = {target: forms[0].spelled(target) for target in TARGETS} if forms else {}
    return derived | {str(target): text for target, text in given.items()}


def _of_unicode(text: str) -> LetterForm | None:
    glyph, *marks = tuple(unicodedata.normalize("NFD", text))
    return LetterForm(glyph, tuple(marks)) if _is_letter(glyph) and all(mark in _ACCENTS for mark in marks) else None


def _is_letter(text: str) -> bool:
    return text in _LETTERS or (len(text) == 1 and text.isascii() and text.isalpha())


def _of_tex(text: str) -> LetterForm | None:
    return _accented(re.fullmatch(r"\\([a-z]+)\{(.+)\}", text), _TEX_ACCENTS, _of_tex) or _letter(_TEX.get(text, text))


def _of_typst(text: str) -> LetterForm | None:
    inside = re.fullmatch(r"([a-z.]+)\((.+)\)", text)
    return _accented(inside, _TYPST_ACCENTS, _of_typst) or _letter(_TYPST.get(text, text))


def _letter(glyph: str) -> LetterForm | None:
    return LetterForm(glyph) if _is_letter(glyph) else None


def _accented(found: re.Match[str] | None, accents: Mapping[str, str], read: Callable[..., Any]) -> LetterForm | None:
    if not found or found[1] not in accents:
        return None
    inner = read(found[2])
    return inner and LetterForm(inner.glyph, (*inner.accents, accents[found[1]]))
