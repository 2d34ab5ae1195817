"""The table of evidence: for each layer its verdict, what that means in one sentence, and the figures behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from proofsheet.evidence import DOES_NOT_APPLY, NOT_CHECKED, STOPPED, Evidence, Layer
from proofsheet.exact_models.comparison import INTERVAL
from proofsheet.layers import EXISTING
from proofsheet.verdict_table import false_alarms, method_of, percent

Facts = Mapping[str, Any]

TITLES = {
    "proof": "Proof",
    "explicit": "SymPy, in components",
    "exact": "Exact models",
    "witness": "Witness",
    "variants": "Wrong variants",
    "cards": "Assumption cards",
    "monte_carlo": "Numeric check",
}
QUESTIONS = {
    "proof": "Does each line follow from the one before by the reasons it names?",
    "explicit": "Does SymPy find a difference between lines written out in components?",
    "exact": "Do the lines have the values that the proof says in finite models?",
    "witness": "Is there a model in which all assumptions hold?",
    "variants": "Are lines that are known to be wrong refused?",
    "cards": "Is each assumption needed?",
    "monte_carlo": "Do sampled, summed or integrated values agree with the closed form?",
}
_PASSED = {
    "proof": "The kernel checked every step by itself, in every dimension.",
    "explicit": "Written out in components at small sizes, SymPy finds no difference at any step.",
    "exact": "In every finite model that was tried, the lines have the values that the proof says.",
    "witness": "All assumptions hold together in a model, so the identity speaks of something.",
    "variants": "None of the wrong lines gets past the kernel.",
    "cards": "Each assumption has a law that needs it, or a proof that does without it.",
    "monte_carlo": "Values found without the proof agree with the closed form, within the tolerance.",
}
_OTHERWISE = {
    "failed": "This check came out against the identity or its script.",
    "undecided": "This check could neither confirm nor refute.",
    "error": "This check could not be run.",
    "unchecked": "This check was not run. Nothing is known from it.",
    "inapplicable": "There is nothing here for this check to look at.",
}


@dataclass(frozen=True)
class EvidenceRow:
    """One layer; `status` is passed, failed, undecided, error, unchecked or inapplicable."""

    layer: str
    title: str
    status: str
    verdict: str
    meaning: str
    figures: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Summary:
    """All layers in a few words."""

    status: str
    outcome: str
    count: str


def status_of(layer: Layer | str) -> str:
    """Passed only if the layer was run and is healthy."""
    if isinstance(layer, str):
        return {NOT_CHECKED: "unchecked", DOES_NOT_APPLY: "inapplicable", STOPPED: "undecided"}.get(layer, "undecided")
    if layer.verdict == "error":
        return "error"
    return "passed" if layer.healthy else "undecided" if layer.undecided else "failed"


def evidence_rows(evidence: Evidence) -> list[EvidenceRow]:
    """A row for each layer, run or not."""
    return [_row(name, evidence.layers.get(name, NOT_CHECKED), evidence.stopped) for name in EXISTING]


def _row(name: str, layer: Layer | str, stopped: str) -> EvidenceRow:
    status = status_of(layer)
    if isinstance(layer, str):
        message = stopped if layer == STOPPED else ""
        return EvidenceRow(name, TITLES[name], status, layer, _OTHERWISE[status], (), message)
    meaning = _meaning(name, layer) if status == "passed" else _OTHERWISE[status]
    figures = tuple(_FIGURES[name](layer.facts)) if layer.facts else ()
    return EvidenceRow(name, TITLES[name], status, layer.verdict, meaning, figures, layer.message)


def _meaning(name: str, layer: Layer) -> str:
    if name == "proof" and layer.facts.get("lemmas"):
        judges = layer.verdict.removeprefix("proved modulo ")
        return f"{_PASSED[name][:-1]}; facts about functions of one variable are taken from {judges}."
    if name == "exact" and layer.facts.get("grade") == INTERVAL:
        return f"{_PASSED[name][:-1]}; some are enclosed in intervals, which overlap."
    return _PASSED[name]


def summary(evidence: Evidence) -> Summary:
    """The outcome, and how many layers it rests on."""
    layers = [evidence.layers.get(name, NOT_CHECKED) for name in EXISTING]
    statuses = [status_of(one) for one in layers]
    passed, inapplicable = statuses.count("passed"), statuses.count("inapplicable")
    unchecked = statuses.count("unchecked")
    words = [f"{passed} of {len(layers)} checks passed"]
    words += [f"{unchecked} not run"] if unchecked else []
    words += [f"{inapplicable} {'does' if inapplicable == 1 else 'do'} not apply"] if inapplicable else []
    return Summary(_joint(evidence, statuses), evidence.outcome, ", ".join(words))


def _joint(evidence: Evidence, statuses: list[str]) -> str:
    for status in ("error", "failed", "undecided"):
        if status in statuses:
            return status
    if evidence.error or evidence.stopped:
        return "error" if evidence.error else "undecided"
    return status_of(evidence.layers.get("proof", NOT_CHECKED))


# ---- figures ----------------------------------------------------------------------------------------------------


def _proof(facts: Facts) -> Iterator[str]:
    if "held" in facts:
        yield f"{facts['held']} of {facts['steps']} steps hold"
    else:
        yield f"{facts['checked']} of {facts['steps']} steps checked"
        yield from (f"taken from outside: {one}" for one in facts["lemmas"])


def _explicit(facts: Facts) -> Iterator[str]:
    yield f"{facts['zero']} of {facts['steps']} steps: difference 0"
    sizes = [", ".join(f"{name} = {size}" for name, size in one.items()) for one in facts["dimensions"]]
    if any(sizes):
        yield f"at {'; '.join(sizes)}"
    if facts["at_point"]:
        yield f"{facts['at_point']} of them at random rational values"


def _exact(facts: Facts) -> Iterator[str]:
    yield f"{facts['agree']} of {facts['lines']} lines agree"
    yield f"{facts['models']} models, {facts['places']} comparisons, grade {facts['grade']}, seed {facts['seed']}"


def _witness(facts: Facts) -> Iterator[str]:
    yield f"{facts['models']} models found, seed {facts['seed']}"
    yield from (f"limit {one.split(chr(10))[0].rstrip(':')}" for one in facts["limits"])


def _variants(facts: Facts) -> Iterator[str]:
    total, slips = facts["total"], facts["rejected_as_slips"]
    yield f"{facts['rejected_by_kernel']} of {total} refused by the kernel{f', {slips} as slips' if slips else ''}"
    yield f"{facts['exact']} of {total} refuted by exact models"
    sampled = facts["monte_carlo"]
    yield f"numeric check: {sampled if isinstance(sampled, str) else f'{sampled} of {total} refuted'}"


def _cards(facts: Facts) -> Iterator[str]:
    words = ("needed", "not needed", "undecided", "refuted")
    counts = {word: facts[word.replace(" ", "_")] for word in words}
    yield ", ".join(f"{count} {word}" for word, count in counts.items() if count)


def _monte_carlo(facts: Facts) -> Iterator[str]:
    cases = facts.get("cases")
    yield f"{method_of(facts)}{f', the weakest of {len(cases)} cases' if cases else ''}"
    if facts.get("alpha"):
        seed = f", seed {facts['seed']}" if facts.get("seed") is not None else ""
        yield f"false alarms: {false_alarms(facts)}{seed}"
    if facts.get("detectable"):
        yield f"would have caught a relative error of {percent(facts['detectable'])}"


_FIGURES: Mapping[str, Callable[[Facts], Iterator[str]]] = {
    "proof": _proof,
    "explicit": _explicit,
    "exact": _exact,
    "witness": _witness,
    "variants": _variants,
    "cards": _cards,
    "monte_carlo": _monte_carlo,
}

__all__ = ["QUESTIONS", "TITLES", "EvidenceRow", "Summary", "evidence_rows", "status_of", "summary"]
