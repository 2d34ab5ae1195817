"""What a numeric check found, for people: a table for each case, at most 80 columns wide, from the facts of its report.

verdict_tables(name, facts, style)      a table for each case, and what became of the wrong variants over all of them
verdict_table, case_table, joint_table  one of these tables: of a check without cases, of one case, of all together
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from proofsheet.plain_text import plain

WIDTH = 80
DIGITS = 15  # of a double
ROUNDING = 1e-9  # a smaller relative difference is not told: that of rounding, and of nothing that was drawn
Facts = Mapping[str, Any]


def verdict_tables(name: str, facts: Facts, style: str, width: int = WIDTH) -> str:
    """The facts of a verdict, case by case; those of a single one have no cases."""
    cases = facts.get("cases")
    if not cases:
        return verdict_table(name, facts, style, width)
    tables = [case_table(name, case, one, style, width) for case, one in cases.items()]
    return "\n\n".join([*tables, joint_table(name, facts, style, width)])


def verdict_table(name: str, facts: Facts, style: str, width: int = WIDTH) -> str:
    """The facts of a check that has no cases."""
    rows = [*_rows(facts), *_variants(facts.get("variants"), True)]
    return _table(f"{name}: {facts['verdict']}", rows, style, width)


def case_table(name: str, case: str, facts: Facts, style: str, width: int = WIDTH, alone: bool = False) -> str:
    """The facts of one case; why it does not see a variant matters where it stands alone, or if no other case does."""
    rows = [*_rows(facts), *_variants(facts.get("variants"), alone)]
    return _table(f"{name}, case {case}: {facts['verdict']}", rows, style, width)


def joint_table(name: str, facts: Facts, style: str, width: int = WIDTH) -> str:
    """What holds of all cases together: the error rate, and what became of the wrong variants."""
    rows = [("false alarms", false_alarms(facts)), *_variants(facts.get("variants"), True)]
    return _table(f"{name}, all {len(facts['cases'])} cases: {facts['verdict']}", rows, style, width)


def _table(title: str, rows: list[tuple[str, str]], style: str, width: int) -> str:
    """Spelled out before it is laid out: in ASCII words are longer."""
    width = min(width, WIDTH)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, min_width=14)
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(cell) if style == "ascii" else cell) for cell in row))
    console = Console(file=StringIO(), width=width - 2, color_system=None, highlight=False)
    console.print(table)
    drawn = console.file.getvalue()  # type: ignore[attr-defined]
    heads = textwrap.wrap(plain(title) if style == "ascii" else title, width - 2)
    line = ("-" if style == "ascii" else "─") * (width - 2)
    return "\n".join(f" {row}".rstrip() for row in [*heads, line, *drawn.rstrip("\n").split("\n")])


# ---- rows -------------------------------------------------------------------------------------------------------


def _rows(facts: Facts) -> Iterator[tuple[str, str]]:
    closed, estimate, judged = facts.get("closed_form"), facts.get("estimate"), facts.get("judged")
    if "bound" in facts:
        yield from _bound(facts)
        closed = estimate = None
    if facts.get("part"):
        yield "judged", str(facts["part"])
    if closed is not None:
        yield (
            "order declared" if "orders" in facts else "closed form",
            rounded(closed, None if judged else _scale(facts)),
        )
    if estimate is not None:
        yield judged or "estimate", rounded(estimate, _scale(facts)) + ("" if judged else _difference(estimate, closed))
    if facts.get("interval") and _scale(facts) and "bound" not in facts:
        yield "confidence set" if facts.get("alpha") else "error bounds", _interval(*facts["interval"])
    if facts.get("tolerance") and "bound" not in facts:
        yield "tolerance", _tolerance(facts["tolerance"], closed)
    if facts.get("detectable") is not None:
        size = f"a relative error of {percent(facts['detectable'])}" if facts["detectable"] else "any error"
        yield "sensitivity", f"would have caught {size}"
    yield "method", method_of(facts)
    if facts.get("variance"):
        yield "variance", str(facts["variance"])
    yield ("compared" if _is_compared(facts) else "samples"), _samples(facts)
    yield "false alarms", false_alarms(facts)


def _bound(facts: Facts) -> Iterator[tuple[str, str]]:
    """Of an approximation: how far it is off, and what Taylor's theorem allows."""
    (low, high), (least, most) = facts["remainder"], facts["bound"]
    yield "approximation", rounded(facts["closed_form"], abs(high) or None)
    yield "exact value", rounded(facts["estimate"], abs(high) or None)
    yield "remainder", rounded((low + high) / 2, most - least)
    yield "Taylor's bound", f"in {_interval(least, most)}"


def method_of(facts: Facts) -> str:
    """The method and its grade, where one does not say the other."""
    method, grade = str(facts.get("method") or ""), str(facts.get("grade") or "")
    if grade in method or method in grade:
        return max(method, grade, key=len)
    return f"{method}, {grade}"


def _samples(facts: Facts) -> str:
    seed = facts.get("seed")
    count = facts.get("samples")
    words = f"{count:,}" if isinstance(count, int) else "none"
    if _is_compared(facts):
        return f"{words} values, at points drawn with seed {seed}"
    return f"{words}, seed {seed}" if seed is not None else f"{words}, none drawn at random"


def _is_compared(facts: Facts) -> bool:
    """Whether values at points are compared: the points are drawn, and nothing is estimated from them."""
    return facts.get("seed") is not None and not facts.get("alpha")


def false_alarms(facts: Facts) -> str:
    """An asymptotic case keeps its error rate only as far as a normal approximation goes, which nothing bounds."""
    alpha, asymptotic = facts.get("alpha") or 0.0, nominal_rate(facts)
    if not alpha:
        return "none possible: nothing is sampled"
    if asymptotic == alpha:
        return f"nominally {alpha:.2g}, by a normal approximation"
    rest = f", and nominally {asymptotic:.2g} by a normal approximation" if asymptotic else ""
    return f"probability at most {alpha - asymptotic:.2g}{rest}"


def nominal_rate(facts: Facts) -> float:
    """What of the error rate holds as far as a normal approximation does: that of asymptotic cases."""
    cases = facts.get("cases")
    if cases:
        return float(sum(nominal_rate(one) for one in cases.values()))
    return float(facts.get("alpha") or 0.0) if facts.get("grade") == "asymptotic" else 0.0


def _variants(variants: Facts | None, in_full: bool) -> Iterator[tuple[str, str]]:
    """How many are refuted; each that stands; `in_full` also why the rest are not seen."""
    if not variants:
        return
    total = variants["total"] + len(variants.get("untried", ()))
    unseen = variants["unseen"]
    if not total and not in_full:
        return
    count = f"{variants['refuted']} of {total} refuted{f', {len(unseen)} not seen' if unseen else ''}"
    yield "wrong variants", count if total else "none registered"
    for mistake in variants["not_refuted"]:
        yield "  NOT refuted", mistake
    for mistake in variants.get("untried", ()):
        yield "  NOT tried", mistake
    if in_full:
        for mistake, why in unseen.items():
            yield "  not seen", f"{mistake}: {why}"


# ---- numbers ----------------------------------------------------------------------------------------------------


def rounded(value: float, scale: float | None) -> str:
    """A number to two digits of `scale`, the width of what is known of it, and to four at least; to six where nothing is."""
    if not scale or not value:
        return f"{value:.6g}"
    digits = _digits(abs(value) / scale) + 1
    return f"{value:.{min(max(digits, 4), DIGITS)}g}"


def _digits(ratio: float) -> int:
    """Digits before the point."""
    return len(str(int(ratio))) if ratio < 10**DIGITS else DIGITS


def _scale(facts: Facts) -> float | None:
    low, high = facts.get("interval") or (0.0, 0.0)
    return float(high - low) or None


def _interval(low: float, high: float) -> str:
    return f"[{rounded(low, high - low)}, {rounded(high, high - low)}]"


def percent(share: float) -> str:
    """A share in per cent where that is readable, else plain: `of it`, or `times it`, goes on from there."""
    if abs(share) < 1e-6 or abs(share) >= 100:
        return f"{share:.2g}"
    return f"{100 * share:.0f} %" if abs(share) >= 0.99 else f"{100 * share:.2g} %"


def _difference(estimate: float, closed: float | None) -> str:
    share = (estimate - closed) / abs(closed) if closed else 0.0
    if abs(share) < ROUNDING:
        return ""
    return f" ({_of_it(abs(share))} {'above' if share > 0 else 'below'} the closed form)"


def _of_it(share: float) -> str:
    """A share that is not to be read as an absolute number."""
    text = percent(share)
    return text if text.endswith("%") else f"{text} of it"


def _tolerance(tolerance: float, closed: float | None) -> str:
    return f"{tolerance:.2g}" + (f" ({_of_it(tolerance / abs(closed))})" if closed else "")


__all__ = [
    "case_table", "false_alarms", "joint_table", "method_of", "percent", "rounded", "verdict_table", "verdict_tables",
]  # fmt: skip
