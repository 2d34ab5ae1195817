"""The styles in which a line can be set."""

from __future__ import annotations

from proofsheet.notation.latex_styles import Latex, LatexInText
from proofsheet.notation.mathml_style import MathML, MathMLInText
from proofsheet.notation.style import Style
from proofsheet.notation.terminal_styles import Ascii, Unicode

TERMINAL: dict[str, Unicode] = {"unicode": Unicode(), "ascii": Ascii()}
STYLES: dict[str, Style] = {
    **TERMINAL,
    "latex": Latex(),
    "latex in text": LatexInText(),
    "html": MathML(),
    "html in text": MathMLInText(),
}
