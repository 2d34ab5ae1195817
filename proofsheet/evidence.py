"""The layers of evidence for one identity, and the outcome that they add up to.

A layer that was not requested is "not checked", one that cannot apply "does not apply"; neither is ever a pass.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib import import_module
from typing import Any

from proofsheet import audit
from proofsheet.audit_parts import REGISTERED
from proofsheet.cards import REFUTED as REFUTED_CARD
from proofsheet.cards import UNDECIDED as UNDECIDED_CARD
from proofsheet.cards import cards_of
from proofsheet.catalogue import Entry
from proofsheet.derivation import by_itself
from proofsheet.entry_script import ProofScript, ScriptRejected, read
from proofsheet.errors import ProofsheetError, ScriptError
from proofsheet.exact_layer import AGREE, attacked, joint_exact_verdict, joint_grade, statement_of
from proofsheet.exact_models.comparison import AGREES, INTERVAL
from proofsheet.exact_models.witnesses import witness_report
from proofsheet.explicit.second_opinion import UNDECIDED, ZERO
from proofsheet.explicit_layer import joint_verdict, lines_to_tell, opinions_on, sizes_of
from proofsheet.judgements import ACCEPTED, EQUIVALENT, REFUTED, REJECTED, SLIP
from proofsheet.layers import EXISTING
from proofsheet.monte_carlo.budget import SUITE
from proofsheet.notation.text import set_prose
from proofsheet.numeric_layer import CONFIRMED, judged
from proofsheet.render.cards import card_facts
from proofsheet.render.reasons import assumption_prose, describe_condition, describe_reason
from proofsheet.scalar_lemmas import holds

NOT_CHECKED, DOES_NOT_APPLY, STOPPED = "not checked", "does not apply", "undecided"


@dataclass(frozen=True)
class Layer:
    """What one layer found: its verdict, whether it is the one the entry declares, and the facts behind it."""

    verdict: str
    healthy: bool
    undecided: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    details: tuple[Any, ...] = ()  # for a page: the rows of the wrong variants, the panels of a plot


@dataclass
class Evidence:
    """All that was found about one identity."""

    name: str
    title: str
    layers: dict[str, Layer | str]
    outcome: str = NOT_CHECKED
    error: dict[str, str] | None = None
    kind: str = "theorem"
    expected: str = "proved"
    stopped: str = ""  # the limit that it ran into, or how its worker ended: nothing is known then

    @property
    def exit_code(self) -> int:
        found = [layer for layer in self.layers.values() if isinstance(layer, Layer)]
        if self.error or any(not layer.healthy and not layer.undecided for layer in found):
            return 1
        return 3 if self.stopped or any(layer.undecided for layer in found) else 0


def lost(entry: Entry, why: str, requested: Iterable[str] = ()) -> Evidence:
    """What is known of an entry whose task was stopped: nothing of what was requested, which is no pass."""
    layers: dict[str, Layer | str] = {**dict.fromkeys(EXISTING, NOT_CHECKED), **dict.fromkeys(requested, STOPPED)}
    return Evidence(entry.name, entry.title, layers, STOPPED, stopped=why)


def gather(
    entry: Entry, layers: Iterable[str], seed: int | None = None, false_alarm: float = SUITE, panels: bool = False
) -> Evidence:
    """The evidence of the requested layers for one entry; what goes wrong is part of it, not raised.

    `false_alarm` is the budget of the whole suite: the probability that any of its checks says what is not so. With
    `panels` the details of the numeric check hold what there is to draw.
    """
    evidence = Evidence(entry.name, entry.title, dict.fromkeys(EXISTING, NOT_CHECKED))
    try:
        script = read(entry).derived_again()
    except ScriptRejected as rejected:
        total = len(rejected.rejected.chain.verdicts)
        held = total - len(rejected.rejected.refusals)
        facts = {"steps": total, "checked": total, "held": held}
        evidence.layers["proof"] = Layer("rejected", False, facts=facts, message=str(rejected))
        evidence.outcome = "rejected"
        return evidence
    except ScriptError as error:
        evidence.error = {"where": entry.proof.name, "message": str(error)}
        evidence.outcome = "error"
        return evidence
    sampled = partial(monte_carlo_layer, false_alarm=false_alarm, panels=panels)
    run: dict[str, Callable[..., Any]] = {**_LAYERS, "monte_carlo": sampled}
    for name in layers:
        try:
            evidence.layers[name] = run[name](entry, script, seed)
        except ProofsheetError as error:
            _record_error(evidence, name, entry, str(error))
        except MemoryError:
            raise  # of the limit that a worker runs under: not an error of the entry
        except Exception as error:  # a sampler is the user's code and may raise anything
            _record_error(evidence, name, entry, f"{type(error).__name__}: {error}")
    _sampled_too(evidence.layers)
    evidence.outcome = _outcome(evidence)
    return evidence


def _record_error(evidence: Evidence, layer: str, entry: Entry, text: str) -> None:
    where = entry.check.name if layer == "monte_carlo" and entry.check else entry.proof.name
    message = f"{entry.name}, {layer}: {text.removeprefix(f'{entry.name}, ').removeprefix(f'{entry.name}: ')}"
    evidence.layers[layer] = Layer("error", False, message=message)
    evidence.error = {"where": f"{layer}, {where}", "message": message}


def _outcome(evidence: Evidence) -> str:
    found = {name: layer for name, layer in evidence.layers.items() if isinstance(layer, Layer)}
    for name, layer in found.items():
        if not layer.healthy and not layer.undecided:
            return f"{name.replace('_', ' ')}: {layer.verdict}"
    undecided = [name for name, layer in found.items() if layer.undecided]
    if undecided:
        return f"{undecided[0].replace('_', ' ')}: undecided"
    return found["proof"].verdict if "proof" in found else NOT_CHECKED


# ---- the layers -----------------------------------------------------------------------------------------------


def proof_layer(entry: Entry, script: ProofScript, seed: int | None) -> Layer:
    """Every step of every theorem checked by itself, for slips too; the theorems were derived again before."""
    start = time.perf_counter()
    theorems = [script.theorem, *script.corollaries.values()]
    refusals = [
        by_itself(step.number, step.old, step.new, step.reasons)[1] for theorem in theorems for step in theorem.steps
    ]
    refused = [f"{entry.name}, line {one.number}: {one}" for one in refusals if one is not None]
    lemmas = dict.fromkeys(lemma for theorem in theorems for lemma in theorem.lemmas)
    refused += [
        f"{entry.name}: {describe_reason(one)} is not what {one.judge} finds" for one in lemmas if not holds(one)
    ]
    if refused:
        return Layer("rejected", False, message="\n".join(refused))
    steps = sum(len(theorem.steps) for theorem in theorems)
    facts = {
        "steps": steps,
        "checked": steps,
        "assumptions": [set_prose(assumption_prose(one), "unicode") for one in script.theorem.assumptions],
        "lemmas": [f"{describe_reason(one)} (by {one.judge})" for one in lemmas],
        "side_conditions": [describe_condition(one) for one in script.theorem.side_conditions if not one.discharged],
        "unneeded_reasons": [
            {"line": line, "reason": describe_reason(reason)}
            for theorem in theorems
            for line, reason in theorem.unneeded
        ],
        "seconds": round(time.perf_counter() - start, 4),
    }
    judges = sorted({lemma.judge for theorem in theorems for lemma in theorem.lemmas})
    return Layer(f"proved modulo {', '.join(judges)}" if judges else "proved", True, facts=facts)


def explicit_layer(entry: Entry, script: ProofScript, seed: int | None) -> Layer:
    """SymPy's second opinion on every step of every theorem; it never overrules the kernel."""
    start = time.perf_counter()
    found = {name: opinions_on(one) for name, one in {"": script.theorem, **script.corollaries}.items()}
    opinions = [one for group in found.values() for one in group]
    verdict = joint_verdict(opinions)
    facts = {
        "dimensions": [dict(one) for one in sizes_of(opinions)],
        "steps": len(opinions),
        "zero": sum(one.verdict == ZERO for one in opinions),
        "at_point": sum(one.at_point for one in opinions),
        "lines": [
            {"theorem": name or entry.name, "line": line, **asdict(one)}
            for name, group in found.items()
            for line, one in enumerate(group, 2)
            if one.verdict != ZERO
        ],
        "seconds": round(time.perf_counter() - start, 4),
    }
    message = "\n".join(
        f"{entry.name}{'.' * bool(name)}{name}, explicit, {row}"
        for name, group in found.items()
        for row in lines_to_tell(group)
    )
    return Layer(verdict, verdict == ZERO, verdict == UNDECIDED, facts, message)


def witness_layer(entry: Entry, script: ProofScript, seed: int | None) -> Layer:
    """A model of the assumptions, so that the theorem is about something."""
    report = witness_report(statement_of(script.theorem, script.limits), seed or 0)
    facts = {
        "models": sum(one.model is not None for one in report.attempts),
        "limits": report.limits,
        "seed": seed or 0,
    }
    message = f"{entry.name}, witness: {report.verdict}: {report.message}" if report.message else ""
    return Layer(report.verdict, report.verdict == "witness", report.verdict == "none found", facts, message)


def exact_layer(entry: Entry, script: ProofScript, seed: int | None) -> Layer:
    """Every step of every theorem, and its two ends, on finite models of exactly what is assumed."""
    start = time.perf_counter()
    theorems = {"": script.theorem, **script.corollaries}
    found = {name: attacked(one, script.limits, seed or 0) for name, one in theorems.items()}
    every = [one for group in found.values() for one in group]
    verdict = joint_exact_verdict(every)
    facts = {
        "lines": len(every),
        "agree": sum(one.found.verdict == AGREES for one in every),
        "models": sum(one.found.models for one in every),
        "places": sum(one.found.places for one in every),
        "grade": joint_grade(every),
        "not_agreed": [
            {"theorem": name or entry.name, **one.facts()}
            for name, group in found.items()
            for one in group
            if one.is_told
        ],
        "seed": seed or 0,
        "seconds": round(time.perf_counter() - start, 4),
    }
    message = "\n".join(
        f"{entry.name}{'.' * bool(name)}{name}, exact, {one}"
        for name, group in found.items()
        for one in group
        if one.is_told
    )
    return Layer(verdict, verdict == AGREE, verdict == UNDECIDED, facts, message)


def variants_layer(entry: Entry, script: ProofScript, seed: int | None) -> Layer | str:
    """Every registered wrong variant is refused when it stands in its place, and attacked by exact models."""
    if not script.variants and not script.equivalents:
        return DOES_NOT_APPLY
    rows = list(audit.registered(script, seed or 0))
    wrong = [row for row in rows if row.kind == REGISTERED]
    rejected = sum(row.kernel != ACCEPTED for row in wrong)
    refuted = sum(row.verdict == REFUTED for row in wrong)
    facts = {
        "total": len(wrong),
        "rejected_by_kernel": sum(row.kernel == REJECTED for row in wrong),
        "rejected_as_slips": sum(row.kernel == SLIP for row in wrong),
        "equivalent": sum(row.verdict == EQUIVALENT for row in rows),
        "exact": refuted,
        "monte_carlo": NOT_CHECKED,
    }
    failures = [f"{entry.name}, variants: {row.variant} ({row.mistake}): {row.failure}" for row in rows if row.failure]
    verdict = f"{rejected} of {len(wrong)} rejected, {refuted} refuted"
    return Layer(verdict, not failures, facts=facts, message="\n".join(failures), details=tuple(rows))


def monte_carlo_layer(
    entry: Entry, script: ProofScript, seed: int | None, false_alarm: float = SUITE, panels: bool = False
) -> Layer | str:
    """The numeric check beside the proof, if there is one, with its share of the false-alarm budget of the suite."""
    if entry.check is None:
        return DOES_NOT_APPLY
    found = judged(entry, [one.mistake for one in script.variants], seed, false_alarm)
    drawn = import_module("proofsheet.plots").drawn(found.check, entry.name, found.outcome) if panels else ()
    return Layer(
        found.verdict, found.verdict == CONFIRMED, found.verdict == UNDECIDED, found.facts, found.message, drawn
    )


def _sampled_too(layers: dict[str, Layer | str]) -> None:
    """Add to what is said of the wrong variants how many of them the numeric check refutes."""
    sampled, variants = layers["monte_carlo"], layers["variants"]
    if isinstance(variants, Layer) and isinstance(sampled, Layer) and "variants" in sampled.facts:
        variants.facts["monte_carlo"] = sampled.facts["variants"]["refuted"]


def cards_layer(entry: Entry, script: ProofScript, seed: int | None) -> Layer | str:
    """For each assumption of each theorem a law that needs it, or a proof without it."""
    start = time.perf_counter()
    theorems = {"": script.theorem, **script.corollaries}
    cards = {name: cards_of(one, script.limits, seed or 0) for name, one in theorems.items()}
    found = [(name or entry.name, card) for name, group in cards.items() for card in group]
    if not found:
        return DOES_NOT_APPLY
    verdicts = Counter(card.verdict for _, card in found)
    open_cards = [(name, card) for name, card in found if card.verdict in (UNDECIDED_CARD, REFUTED_CARD)]
    shown = len(found) - len(open_cards)
    facts = {
        "total": len(found),
        "shown": shown,
        **{word.replace(" ", "_"): verdicts[word] for word in ("needed", "not needed", "undecided", "refuted")},
        "interval": sum(one.counterexample is not None and one.counterexample.grade == INTERVAL for _, one in found),
        "cards": [{"theorem": name, **card_facts(card)} for name, card in found],
        "seconds": round(time.perf_counter() - start, 4),
    }
    message = "\n".join(
        f"{name}, cards: without {describe_reason(card.assumption)}: {card.verdict}: {card.message}"
        for name, card in open_cards
    )
    refuted = verdicts[REFUTED_CARD] > 0
    return Layer(f"{shown} of {len(found)} shown", not open_cards, bool(open_cards) and not refuted, facts, message)


_LAYERS: dict[str, Callable[[Entry, ProofScript, int | None], Any]] = {
    "proof": proof_layer,
    "explicit": explicit_layer,
    "exact": exact_layer,
    "witness": witness_layer,
    "variants": variants_layer,
    "cards": cards_layer,
}

__all__ = ["DOES_NOT_APPLY", "NOT_CHECKED", "Evidence", "Layer", "gather", "statement_of"]
