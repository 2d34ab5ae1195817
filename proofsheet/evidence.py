"""The layers of evidence for one identity, and the outcome that they add up to.

A layer that was not requested is "not checked", one that cannot apply "does not apply"; neither is ever a pass.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from proofsheet.catalogue import Entry
from proofsheet.derivation import by_itself, refusal_of
from proofsheet.entry_script import ProofScript, ScriptRejected, read, run_script
from proofsheet.errors import ProofsheetError, ScriptError
from proofsheet.exact_models.models import Statement
from proofsheet.exact_models.witnesses import witness_report
from proofsheet.explicit.second_opinion import UNDECIDED, ZERO
from proofsheet.explicit_layer import joint_verdict, lines_to_tell, opinions_on, sizes_of
from proofsheet.kernel.rules import Independence, Moment
from proofsheet.kernel.theorem import StepRejected, Theorem
from proofsheet.layers import EXISTING
from proofsheet.numeric_evidence import Check
from proofsheet.render.reasons import describe_condition, describe_reason
from proofsheet.scalar_lemmas import holds
from proofsheet.slips import Slip

NOT_CHECKED, DOES_NOT_APPLY = "not checked", "does not apply"


@dataclass(frozen=True)
class Layer:
    """What one layer found: its verdict, whether it is the one the entry declares, and the facts behind it."""

    verdict: str
    healthy: bool
    undecided: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    message: str = ""


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

    @property
    def exit_code(self) -> int:
        found = [layer for layer in self.layers.values() if isinstance(layer, Layer)]
        if self.error or any(not layer.healthy and not layer.undecided for layer in found):
            return 1
        return 3 if any(layer.undecided for layer in found) else 0


def gather(entry: Entry, layers: Iterable[str], seed: int | None = None) -> Evidence:
    """The evidence of the requested layers for one entry; what goes wrong is part of it, not raised."""
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
    for name in layers:
        try:
            evidence.layers[name] = _LAYERS[name](entry, script, seed)
        except ProofsheetError as error:
            _record_error(evidence, name, entry, str(error))
        except Exception as error:  # a sampler is the user's code and may raise anything
            _record_error(evidence, name, entry, f"{type(error).__name__}: {error}")
    evidence.outcome = _outcome(evidence)
    return evidence


def _record_error(evidence: Evidence, layer: str, entry: Entry, text: str) -> None:
    where = entry.check.name if layer == "monte_carlo" and entry.check else entry.proof.name
    message = f"{entry.name}, {layer}, {where}: {text}"
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
        "assumptions": [describe_reason(one) for one in script.theorem.assumptions],
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


def statement_of(theorem: Theorem, limits: Iterable[Any] = ()) -> Statement:
    """What the witness layer needs to know of a theorem.

    An exponential family asks nothing of a model at one θ: every finite law p is a member of one, with h(t) = p(t) e^(−θt),
    and the kernel lets nothing else be assumed about its statistic.
    """
    return Statement(
        theorem.lines,
        tuple(one.blocks for one in theorem.assumptions if isinstance(one, Independence)),
        tuple((one.left, one.right, one.conditions) for one in theorem.assumptions if isinstance(one, Moment)),
        tuple(limits),
    )


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


def variants_layer(entry: Entry, script: ProofScript, seed: int | None) -> Layer | str:
    """Every registered wrong variant is refused when it stands in its place."""
    if not script.variants:
        return DOES_NOT_APPLY
    refusals = [(variant, refusal_of(script.theorem, variant)) for variant in script.variants]
    accepted = [variant for variant, refusal in refusals if refusal is None]
    total = len(refusals)
    facts = {
        "total": total,
        "rejected_by_kernel": sum(isinstance(refusal, StepRejected) for _, refusal in refusals),
        "rejected_as_slips": sum(isinstance(refusal, Slip) for _, refusal in refusals),
        "equivalent": 0,
        "exact": NOT_CHECKED,
        "monte_carlo": NOT_CHECKED,
    }
    message = "".join(f"{entry.name}, variants: {one.line} ({one.mistake}) was accepted\n" for one in accepted).strip()
    return Layer(f"{total - len(accepted)} of {total} rejected", not accepted, facts=facts, message=message)


def monte_carlo_layer(entry: Entry, script: ProofScript, seed: int | None) -> Layer | str:
    """The numeric check beside the proof, if there is one."""
    if entry.check is None:
        return DOES_NOT_APPLY
    check = getattr(run_script(entry.name, entry.check), "check", None)
    if not isinstance(check, Check):
        raise ScriptError(f"{entry.check.name} defines no check; write check = NumericCheck(...) or a sibling of it")
    start = time.perf_counter()
    verdict = check.run(seed=seed)
    facts = {
        **verdict.facts(),
        "seed": seed if seed is not None and check.seed is not None else check.seed,
        "seconds": round(time.perf_counter() - start, 4),
    }
    message = "" if verdict.verdict == "confirmed" else f"{entry.name}, monte_carlo: {verdict}"
    return Layer(verdict.verdict, verdict.verdict == "confirmed", verdict.verdict == "undecided", facts, message)


_LAYERS: dict[str, Callable[[Entry, ProofScript, int | None], Any]] = {
    "proof": proof_layer,
    "explicit": explicit_layer,
    "witness": witness_layer,
    "variants": variants_layer,
    "monte_carlo": monte_carlo_layer,
}
