"""What becomes of one line: a step that holds, or its rejection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proofsheet.errors import ProofsheetError
from proofsheet.kernel.normal_form import Polynomial
from proofsheet.notation.tree import Node


class StepRejected(ProofsheetError):
    """A line that does not follow from the line before under what its reason cites; it may still be true."""

    def __init__(
        self, number: int, old: Node, new: Node, reasons: tuple[Any, ...], residual: Polynomial, why: str = ""
    ) -> None:
        super().__init__(why or f"line {number}: {new} does not follow from {old}")
        self.number, self.old, self.new, self.reasons = number, old, new, reasons
        self.residual = residual
        self.why = why  # set where a line has no meaning; empty where the residual says it all


@dataclass(frozen=True)
class Step:
    """An accepted step: `new` follows from `old` under `needed`; `unneeded` was cited in vain."""

    number: int
    old: Node
    new: Node
    reasons: tuple[Any, ...]
    needed: tuple[Any, ...]
    unneeded: tuple[Any, ...]
    relation: str = "="  # "≥" for old ≥ new
