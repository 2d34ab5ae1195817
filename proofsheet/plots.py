"""`proofsheet plot`: what there is to draw of a numeric check, under its theorem in our own notation.

plot(entry, path, case, ...)    run the check of an entry and write its picture
panels_of(check, name, found)   the panels of the verdicts of a check, by case
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from proofsheet.catalogue import Entry
from proofsheet.errors import CallError, ProofsheetError, ScriptError
from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.names import printed_name
from proofsheet.notation.text import set_line
from proofsheet.numeric import methods
from proofsheet.numeric.by_hand import DrawsBar
from proofsheet.numeric.checks import Cases, CasesVerdict, Check, Options, VariantSeen, Verdict
from proofsheet.numeric.numeric_check import NumericCheck
from proofsheet.numeric_layer import check_of, closed_part, share_of
from proofsheet.pictures import FORMATS, Estimate, Order, matplotlib, picture
from proofsheet.render.setting import definitions
from proofsheet.verdict_table import method_of, percent
from proofsheet.written_files import write_all

MOST = 4  # panels in one picture
FARTHEST = 30.0  # a variant with a larger relative error is not drawn


def checked_format(path: Path) -> str:
    """png, svg or pdf, by the ending of a file that can be written. Raises CallError for others, or without matplotlib."""
    form = path.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise CallError(f"a picture is {', '.join(FORMATS[:-1])} or {FORMATS[-1]}: name the file so, not {path.name}")
    if path.is_dir():
        raise CallError(f"{path} is a folder; a file of that name is to be written")
    matplotlib()
    return form


def plot(entry: Entry, path: Path, case: str | None, seed: int | None, false_alarm: float) -> None:
    """Run the check of an entry, or one of its cases, and write the picture; nothing is written if anything fails.

    Raises CallError for a file or a case that cannot be, and for a check of which there is nothing to draw.
    """
    form = checked_format(path)
    if entry.check is None:
        raise CallError(f"{entry.name} has no numeric check, and so nothing to draw")
    check = check_of(entry)
    drawn = _drawn(check)
    if case is None and len(drawn) > MOST:
        raise CallError(
            f"{entry.name} has {len(drawn)} cases that can be drawn, and a picture holds {MOST}; choose one with --case: "
            f"{_listed(drawn)}"
        )
    bar = DrawsBar()
    try:
        options = Options(seed=seed, level=share_of(entry.check, false_alarm), progress=bar)
        found = dict(check.each(options, case))
    except ProofsheetError:
        raise
    except Exception as error:  # a sampler is the user's code and may raise anything
        raise ScriptError(f"{entry.name}, {entry.check.name}: {type(error).__name__}: {error}") from None
    finally:
        bar.clear()
    if any(one.interrupted for one in found.values()):
        raise KeyboardInterrupt
    panels = panels_of(check, entry.name, found)
    theorems = {one.theorem for one in panels}
    if len(theorems) == 1:
        title, panels = theorems.pop(), [replace(one, theorem="") for one in panels]
    else:
        title, panels = entry.title, [replace(one, theorem=one.theorem.split("\n")[0]) for one in panels]
    write_all({path: picture(title, panels, form)})


def _each(check: Check) -> Mapping[str, Check]:
    return check.checks if isinstance(check, Cases) else {"": check}


def _drawn(check: Check) -> list[str]:
    """The cases of which there is something to draw: a running estimate, or an order of convergence."""
    return [name for name, one in _each(check).items() if _is_drawn(one)]


def _is_drawn(check: Check) -> bool:
    if not isinstance(check, NumericCheck):
        return bool(check.claims) or getattr(check, "order", None) is not None
    try:
        return methods.chosen(check).name == "e-process"
    except ScriptError:  # that it is told of when it is run
        return False


def _listed(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


# ---- panels -------------------------------------------------------------------------------------------------------


def panels_of(check: Check, name: str, found: Mapping[str, Verdict]) -> list[Estimate | Order]:
    """The panels of the verdicts. Raises CallError where nothing was drawn at random and nothing converges."""
    panels = _every_panel(check, name, found)
    if not panels:
        how = " and ".join(dict.fromkeys(method_of(one.facts()) for one in found.values()))
        asked = f"{name}, case {next(iter(found))}" if len(found) == 1 and "" not in found else name
        drawn = _drawn(check)
        hint = f"; choose a case that has one: {_listed(drawn)}" if any(drawn) else ""
        raise CallError(
            f"there is nothing to draw of {asked}: its verdict comes from {how}, without a running estimate or an order of "
            f"convergence{hint}"
        )
    return panels


def drawn(check: Check, name: str, verdict: Verdict) -> tuple[Estimate | Order, ...]:
    """The panels of a verdict on all cases; none where there is nothing to draw."""
    return tuple(_every_panel(check, name, verdict.found if isinstance(verdict, CasesVerdict) else {"": verdict}))


def _every_panel(check: Check, name: str, found: Mapping[str, Verdict]) -> list[Estimate | Order]:
    checks = _each(check)
    return [panel for case, one in found.items() for panel in _panels(name, case, checks[case], one)]


def _panels(name: str, case: str, check: Check, verdict: Verdict) -> Iterator[Estimate | Order]:
    heading = f"{name}, case {case}" if case else name
    facts, theorem = verdict.facts(), getattr(check, "theorem", None)
    text = theorem_text(theorem) if isinstance(theorem, Theorem) else ""
    path, orders = getattr(verdict, "path", ()), getattr(verdict, "orders", ())
    if path and facts["closed_form"]:  # distances are shares of it
        yield _estimate(heading, verdict, facts, path, closed_part(check), text)
    if orders:
        rows = tuple(tuple(row) for row in orders)
        order = getattr(verdict, "order", None) or round(min(rows)[4] or 1)
        scaled = ", ".join(printed_name(one) for one in getattr(verdict, "scaled", ()))
        caption = (
            f"{verdict.verdict} by {method_of(facts)}, without random draws: {facts['samples']:,} outcomes at each t"
        )
        yield Order(heading, caption, rows, order, scaled, text)


def _estimate(
    heading: str, verdict: Verdict, facts: Mapping[str, Any], path: Any, quantity: str, theorem: str
) -> Estimate:
    claim = facts["closed_form"]
    tolerance = facts["tolerance"] / abs(claim)
    draws = facts["samples"] / path[-1][0]  # of one replicate
    rows = tuple((count * draws, *((value - claim) / abs(claim) for value in values)) for count, *values in path)
    placed = [_placed(one, tolerance) for one in verdict.variants if one.gap is not None and not one.unseen]
    near = tuple(one for one in placed if abs(one[0]) <= FARTHEST)
    beyond = len(placed) - len(near)
    far = f"; {beyond} wrong variant{'s' * (beyond > 1)} off by more than {100 * FARTHEST:.0f} %" if beyond else ""
    caption = _caption(verdict, facts, tolerance) + far
    named = quantity or "the closed form"
    return Estimate(heading, caption, named, f"{claim:.6g}", rows, tolerance, near, theorem)


def _placed(variant: VariantSeen, tolerance: float) -> tuple[float, str, bool]:
    return float(variant.gap or 0.0) * tolerance, variant.mistake, variant.refuted


def _caption(verdict: Verdict, facts: Mapping[str, Any], tolerance: float) -> str:
    return (
        f"{verdict.verdict} by {method_of(facts)}: N = {facts['samples']:,}, tolerance {percent(tolerance)}, "
        f"error rate {facts['alpha']:.2g}, seed {facts['seed']}"
    )


def theorem_text(theorem: Theorem) -> str:
    """The equation, and on a line of its own what its symbols stand for."""
    equation = f"{set_line(theorem.left, 'unicode')} = {set_line(theorem.right, 'unicode')}"
    shown = [one for one in definitions([theorem]) if f"{one}" in equation]
    where = ",   ".join(f"{one} = {set_line(one.meaning, 'unicode')}" for one in shown)
    return f"{equation}\n{where}" if where else equation


__all__ = ["checked_format", "drawn", "panels_of", "plot", "theorem_text"]
