r"""Words for Typst: its signs escaped, and mathematics in Unicode set as mathematics: α‖w‖² is $α norm(w)^(2)$."""

from __future__ import annotations

import re
import unicodedata

from proofsheet.notation.latex_words import WORD, runs
from proofsheet.notation.names import SUBSCRIPTS, SUPERSCRIPTS

_ESCAPED = re.compile(r"[\\#$*_`<>@\[\]~]|(?<=/)[/*]|(?<=-)\?|^[-+=/](?=\s|=|$)|^\d+(?=\.)")
_LOW = {glyph: letter for letter, glyph in SUBSCRIPTS.items()} | {"₊": "+", "₋": "-"}
_HIGH = {glyph: letter for letter, glyph in SUPERSCRIPTS.items()} | {"⁺": "+", "⁻": "-"}
_KNOWN = {
    "−": "-", "ᵀ": "^top", "∘": "⊙", "′": "'", "″": "''", "‴": "'''", "½": "1\\/2", "¼": "1\\/4", "¾": "3\\/4",
    "⟂": "⊥", "𝟎": "bold(0)", "𝟏": "bold(1)", "·": "⋅",
}  # fmt: skip
_ACCENTS = {"\u0303": "tilde", "\u0302": "hat", "\u0304": "macron"}
_CLUSTER = re.compile(r".[\u0300-\u036f]*")
_PLAIN = set(
    "+-=()|,;:.!<>'"
)  # what means the same in formulas of Typst; brackets are escaped, for rows may split them


def typst_words(text: str) -> str:
    r"""Plain text in Typst: 'x_i & #1' is 'x\_i & \#1'."""
    return " ".join(_formula(run) if is_formula else typst_plain(run) for is_formula, run in runs(text))


def typst_plain(text: str) -> str:
    """Words without formulas, escaped."""
    return _ESCAPED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _formula(run: str) -> str:
    """Mathematics between dollars; the words in it, and punctuation at its end, stay outside."""
    body = run.rstrip(",;:.")
    return "".join(_piece(piece) for piece in WORD.split(body) if piece) + run[len(body) :]


def _piece(piece: str) -> str:
    if WORD.fullmatch(piece) or not piece.strip():
        return typst_plain(piece)
    left, right = (" " if piece[end].isspace() else "" for end in (0, -1))
    return f"{left}${formula(piece.strip())}${right}"


def formula(text: str) -> str:
    """Mathematics in Unicode as Typst writes it, letters apart from each other."""
    text = re.sub(r"(?<![A-Za-z])E(?=[\[(‖])", "𝔼", text)
    found: list[str] = []
    script = ""
    for cluster in [*_CLUSTER.findall(unicodedata.normalize("NFD", text)), ""]:
        kind = "_" if cluster in _LOW else "^" if cluster in _HIGH else ""
        if script and kind != script[0]:
            found.append(f"{script[0]}({script[1:]})")
            script = ""
        if kind:
            script = (script or kind) + " " * (len(script) > 1) + (_LOW.get(cluster) or _HIGH[cluster])
        elif cluster:
            found.append(_glyph(cluster))
    return _paired(re.sub(r" (?=[_^'])", "", re.sub(r"  +", " ", " ".join(found))).replace("^ ", "^").strip())


def _paired(text: str) -> str:
    """Double bars as brackets: a sign that may stand for either is kept away from what it holds."""
    return re.sub(r"‖ ([^‖]*?) ‖", r"norm(\1)", text)


def _glyph(cluster: str) -> str:
    base, marks = cluster[0], cluster[1:]
    if marks:
        accent = _ACCENTS.get(marks[0])
        return f"{accent}({base})" if accent else f'"{unicodedata.normalize("NFC", cluster)}"'
    if cluster in _KNOWN:
        return _KNOWN[cluster]
    if cluster.isalnum() or cluster.isspace() or not cluster.isascii():
        return cluster if not cluster.isascii() or not cluster.isspace() else ""
    return cluster if cluster in _PLAIN else f"\\{cluster}"
