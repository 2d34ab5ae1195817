"""What every style has in common: it sets boxes of each kind, formulas among words, and words."""

from __future__ import annotations

import re
from typing import Any

from proofsheet.notation import boxes
from proofsheet.notation.boxes import Box, ClosedForm, Line
from proofsheet.notation.closed_form_boxes import closed_form_box
from proofsheet.notation.layout import Manner, lay_out


class Style:
    """One way to set lines as text of some language. Derived classes have a method `set_…` for each kind of box."""

    manner = Manner()

    @property
    def in_text(self) -> Style:
        """The style of formulas in the middle of a sentence."""
        return self

    def line(self, node: Any) -> str:
        """A line, laid out and set. Raises TypeError for what is no part of the notation."""
        return self.set(lay_out(node, self.manner))

    def set(self, box: Box) -> str:
        """The text of a box."""
        return str(getattr(self, _METHODS[type(box)])(box))

    def set_closed_form(self, box: ClosedForm) -> str:
        return self.set(closed_form_box(box.form, self.manner.stacks_fractions))

    def set_line(self, box: Line) -> str:
        return self.line(box.node)

    def among_words(self, formula: str) -> str:
        """A formula, set in the style `in_text`, in the middle of a sentence."""
        return formula

    def words(self, text: str) -> str:
        """An author's words or ours, spelled so that they can stand beside formulas."""
        return text

    def sentence(self, text: str) -> str:
        """Words and formulas that were set one by one, as a whole."""
        return text


_METHODS = {
    kind: "set_" + re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    for kind in vars(boxes).values()
    if isinstance(kind, type) and issubclass(kind, Box) and kind is not Box
}
