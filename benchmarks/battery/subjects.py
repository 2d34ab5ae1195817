"""The subjects of the battery."""

from __future__ import annotations

from importlib import import_module

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


def load() -> list[Pair]:
    """All pairs, subject by subject."""
    return [pair for subject in SUBJECTS for pair in import_module(f"battery.{subject}").pairs.pairs]
