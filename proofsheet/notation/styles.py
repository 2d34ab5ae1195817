"""The styles in which a line can be set."""

from __future__ import annotations

from proofsheet.notation.latex_styles import Latex, LatexInText
from proofsheet.notation.terminal_styles import Ascii, Unicode

STYLES: dict[str, Unicode] = {
    "unicode": Unicode(),
    "ascii": Ascii(),
    "latex": Latex(),
    "latex in text": LatexInText(),
}
