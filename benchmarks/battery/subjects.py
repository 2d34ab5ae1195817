"""The subjects of the battery, loaded one by one: a word that the toolkit lacks silences one subject and no other."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from battery.pairs import Pair

SUBJECTS = (
    "sums",
    "expectations",
    "dropout",
    "noise",
    "ensembles",
    "penalties",
    "gradients",
    "matrices",
    "ridge",
    "logistic",
    "soft_threshold",
    "gaussians",
    "label_smoothing",
    "early_stopping",
    "branches",
    "taylor_expansions",
)


@dataclass(frozen=True)
class Unwritable:
    """A subject whose lines the toolkit has no words for: what it lacks, and the pairs that this silences."""

    subject: str
    why: str
    true: tuple[str, ...]
    wrong: int
    conditional: tuple[str, ...]


def load() -> tuple[list[Pair], list[Unwritable]]:
    """All pairs, and the subjects that could not be written."""
    pairs: list[Pair] = []
    missing: list[Unwritable] = []
    for subject in SUBJECTS:
        try:
            pairs += import_module(f"battery.{subject}").pairs.pairs
        except ImportError as error:
            missing.append(_unwritable(subject, str(error)))
    return pairs, missing


def _unwritable(subject: str, why: str) -> Unwritable:
    calls = [node for node in ast.walk(ast.parse(_source(subject))) if isinstance(node, ast.Call)]
    named = {
        kind: [call for call in calls if getattr(call.func, "attr", "") == kind] for kind in ("true", "conditional")
    }
    wrong = [one.value for call in named["true"] for one in call.keywords if one.arg == "wrong"]
    return Unwritable(
        subject,
        why,
        tuple(call.args[0].value for call in named["true"]),
        sum(len(one.elts) for one in wrong),
        tuple(call.args[0].value for call in named["conditional"]),
    )


def _source(subject: str) -> str:
    return (Path(__file__).parent / f"{subject}.py").read_text()
