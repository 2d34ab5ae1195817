"""The evidence of a site: the layers run in processes of their own, as `check` runs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proofsheet.entry_script import ProofScript
from proofsheet.evidence import NOT_CHECKED, Evidence, lost
from proofsheet.gathering import gathered
from proofsheet.layers import EXISTING
from proofsheet.monte_carlo.budget import SUITE
from proofsheet.render.page import title_of
from proofsheet.workers import Limits, Task, usable_cores

PATIENCE = 300.0  # seconds for all layers of one identity: pages are made rarely, and are to say what is known


def evidence_of(scripts: Sequence[ProofScript], layers: Sequence[str], seed: int | None) -> dict[str, Evidence]:
    """What the layers find, by name; of a theorem that was read from no file nothing is checked.

    Ctrl-C raises KeyboardInterrupt: a site that shows a part of its evidence could be taken for the whole.
    """
    found = {one.name: _unchecked(one) for one in scripts}
    asked = (list(layers), seed, SUITE, True)
    tasks = [Task("proofsheet.evidence", "gather", (one.entry, *asked)) for one in scripts if one.entry is not None]

    def receive(outcome: Any) -> None:
        entry = outcome.task.arguments[0]
        found[entry.name] = lost(entry, outcome.stopped, layers) if outcome.stopped else outcome.value

    if not gathered(tasks, usable_cores(), Limits(seconds=PATIENCE), "checking", receive):
        raise KeyboardInterrupt
    return found


def _unchecked(script: ProofScript) -> Evidence:
    return Evidence(script.name, title_of(script.documentation), dict.fromkeys(EXISTING, NOT_CHECKED))
