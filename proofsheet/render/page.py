"""A derivation as two columns of text: the lines, and in the margin what each follows by.

A line that is too wide goes on in the next row, and a reason that does not fit beside its line stands below it. One layout
serves UTF-8 and ASCII.
"""

from __future__ import annotations

import inspect
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sympy import Symbol

from proofsheet.errors import NotationError
from proofsheet.kernel.theorem import Step, Theorem
from proofsheet.notation.boxes import IndexLetter
from proofsheet.notation.functions import ARGUMENT, Function
from proofsheet.notation.indices import Index
from proofsheet.notation.layout import letter
from proofsheet.notation.names import SUPERSCRIPTS
from proofsheet.notation.styles import TERMINAL
from proofsheet.notation.text import set_line, set_prose
from proofsheet.notation.tree import (
    ONE,
    SCALAR,
    Dimension,
    Node,
    Parameter,
)
from proofsheet.notation.variables import Defined, RandomVariable
from proofsheet.plain_text import carries_unicode, plain, print_to
from proofsheet.render.line_breaking import broken
from proofsheet.render.reasons import (
    assumption_prose,
    defined_letter,
    describe_condition,
    describe_reason,
    margin_prose,
)
from proofsheet.render.setting import declared, definitions

INDENT = 4
GAP = 3
NARROWEST = 40


def terminal_style(stream: Any) -> str:
    """unicode if the stream can carry it, else ascii."""
    return "unicode" if carries_unicode(stream) else "ascii"


def terminal_width(stream: Any) -> int:
    return shutil.get_terminal_size((110, 24)).columns if stream.isatty() else 110


def show(module_name: str, theorem: Theorem, *unnamed: object, **corollaries: Theorem) -> None:
    """Print the derivation when the script is run by hand; the last line of a proof script: show(__name__, theorem).

    Corollaries stand by name. Raises NotationError for those without one, in `check` too.
    """
    if unnamed:
        raise NotationError(
            f"show got {len(unnamed) + 1} theorems and no name for {'the second' if len(unnamed) == 1 else 'all but one'}; "
            "each corollary stands by its name: show(__name__, theorem, name=corollary)"
        )
    if module_name != "__main__":
        return
    caller = inspect.currentframe()
    documentation = caller.f_back.f_globals.get("__doc__") if caller and caller.f_back else None
    limits = caller.f_back.f_globals.get("limits", ()) if caller and caller.f_back else ()
    stream = sys.stdout
    text = page(documentation or "", theorem, corollaries, limits, terminal_style(stream), terminal_width(stream))
    print_to(stream, text)


def page(
    documentation: str,
    theorem: Theorem,
    corollaries: Mapping[str, Theorem],
    limits: Iterable[Any] = (),
    style: str = "unicode",
    width: int = 100,
    opinions: Mapping[str, Iterable[str]] | None = None,
) -> str:
    """The whole print of one identity: title, setting, assumptions, derivation, corollaries, sources.

    `opinions` are rows to stand below a derivation, by corollary, "" for the theorem.
    """
    below = {name: list(_opinions(rows, width)) for name, rows in (opinions or {}).items()}
    width = max(width, NARROWEST)
    title, sources = _prose(title_of(documentation), style), sources_of(documentation)
    parts = ["\n".join(textwrap.wrap(title, width)) + "\n" + "=" * min(len(title), width)]
    parts.append("\n".join(_preamble((theorem, *corollaries.values()), style, width, limits)))
    parts.append("\n".join([*derivation(theorem, style, width), *_not_needed(theorem, style), *below.get("", ())]))
    for name, corollary in corollaries.items():
        given = _given(corollary, theorem, style)
        heading = f"Corollary: {name.replace('_', ' ')}"
        whole = f"{heading} ({given})" if given else heading
        wrapped = textwrap.wrap(f"({given})", width, initial_indent="  ", subsequent_indent="   ")
        rows = [whole] if len(whole) <= width else [heading, *wrapped]
        margins = [*_not_needed(corollary, style), *below.get(name, ())]
        parts.append("\n".join([*rows, "", *derivation(corollary, style, width), *margins]))
    if sources:
        parts.append("\n".join(line for source in sources for line in textwrap.wrap(_prose(source, style), width)))
    return "\n\n".join(parts)


def _prose(text: str, style: str) -> str:
    return text if style == "unicode" else plain(text)


def title_of(documentation: str) -> str:
    return documentation.strip().split("\n\n")[0].replace("\n", " ").rstrip(".") or "(no title)"


def sources_of(documentation: str) -> list[str]:
    """The last paragraph of a docstring, where it names a year."""
    paragraphs = documentation.strip().split("\n\n")
    if len(paragraphs) < 2 or not any(f"({century}" in paragraphs[-1] for century in ("19", "20")):
        return []
    text = " ".join(line.strip() for line in paragraphs[-1].splitlines())
    return [source.strip() for source in text.split(";")]


def _given(corollary: Theorem, theorem: Theorem, style: str) -> str:
    """What a corollary rests on that the theorem does not."""
    assumptions = [one for one in corollary.assumptions if one not in theorem.assumptions]
    lemmas = [one for one in corollary.lemmas if one not in theorem.lemmas]
    conditions = [one for one in corollary.side_conditions if one not in theorem.side_conditions and not one.discharged]
    texts = [set_prose(assumption_prose(one), style) for one in assumptions]
    texts += [f"{describe_reason(one, style)} by {one.judge}" for one in lemmas]
    return ", ".join([*texts, *(describe_condition(one, style) for one in conditions)])


def _opinions(rows: Iterable[str], width: int) -> Iterator[str]:
    yield ""
    for row in rows:
        yield from textwrap.wrap(row, width, initial_indent=" " * INDENT, subsequent_indent=" " * (INDENT + 4))


def _not_needed(theorem: Theorem, style: str) -> Iterator[str]:
    for number, reason in theorem.unneeded:
        yield f"    (line {number} does not need {describe_reason(reason, style)})"


# ---- what stands above the derivation -------------------------------------------------------------------------


def _preamble(theorems: Sequence[Theorem], style: str, width: int, limits: Iterable[Any]) -> Iterator[str]:
    """What all theorems of a page speak of; assumptions and side conditions are those of the first."""
    theorem = theorems[0]
    rows = [
        ("Let", list(setting(theorems, style))),
        ("Assume", [set_prose(assumption_prose(one), style) for one in theorem.assumptions]),
        ("Given", [f"{describe_reason(lemma, style)}  (by {lemma.judge})" for lemma in theorem.lemmas]),
        ("Where", [describe_condition(c, style) for c in theorem.side_conditions if not c.discharged]),
        ("Limits", [limit.describe(style) for limit in limits]),
        ("Define", [row for one in definitions(theorems) for row in _definition(one, style, width - 8)]),
    ]
    for head, items in rows:
        separator = ",  " if head == "Let" else "\n"
        lines = _joined_items(items, separator, width - 8)
        for position, line in enumerate(lines):
            yield f"{head if position == 0 else '':<8}{line}"


def _joined_items(items: list[str], separator: str, width: int) -> list[str]:
    if separator == "\n":
        return items
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + len(separator) + len(item) <= width:
            lines[-1] += separator + item
        else:
            lines.append(item)
    return lines


def setting(theorems: Iterable[Theorem], style: str) -> Iterator[str]:
    """The symbols of theorems with their kinds, alike ones together."""
    kinds: dict[tuple[int, str], list[str]] = {}
    for node in declared(theorems):
        kinds.setdefault(_kind(node, style), []).append(_name(node, style))
    for (_, kind), alike in sorted(kinds.items(), key=lambda item: item[0][0]):
        plural = "s" if kind.endswith(" dimension") and len(alike) > 1 else ""
        yield kind.replace(NAME, ", ".join(alike)) + plural


def _name(node: Any, style: str) -> str:
    box = IndexLetter(node.name) if isinstance(node, Index) else letter(node)
    return TERMINAL[style].set(box)


NAME = "§"  # stands for the names in the text of their kind


def _kind(node: Any, style: str) -> tuple[int, str]:
    """Where in the list it stands, and how its kind reads."""
    fancy = style == "unicode"
    if isinstance(node, Dimension):
        return 0, f"{NAME} dimension"
    if isinstance(node, Parameter):
        at_least = "≥" if fancy else ">="
        texts = {"positive": "§ > 0", "nonnegative": f"§ {at_least} 0", "unit": "0 < § < 1", "real": "§ real"}
        return 1, texts[node.domain]
    if isinstance(node, Function):
        return _kind_of_function(node, style)
    if isinstance(node, Index):
        return 4, f"{NAME} = 1, {'…' if fancy else '...'}, {set_line(node.dimension, style)}"
    word = "random " if isinstance(node, RandomVariable) else ""
    place = 3 if word else 2
    rows, columns = node.shape
    if rows == ONE and columns == ONE:
        return place, f"{NAME} {word}scalar" if word else f"{NAME} a constant"
    if node.is_family:
        name, dots = _name(node, style), "…" if fancy else "..."
        first, last = (name + TERMINAL[style].subscript([end]) for end in ("1", str(rows)))
        return place, f"{first}, {dots}, {last} {word}{_space(columns, ONE, fancy)}"
    structure = {"general": "", "symmetric": "symmetric ", "psd": "positive semidefinite "}[node.structure]
    return place, f"{NAME} {word}{structure}{_space(rows, columns, fancy)}"


def _kind_of_function(node: Function, style: str) -> tuple[int, str]:
    """A: ℝ → ℝ, or its closed form."""
    real, to = ("ℝ", "→") if style == "unicode" else ("R", "->")
    if node.closed_form is not None:
        form = str(node.closed_form.xreplace({ARGUMENT: Symbol("t")})).replace("**", "^")
        return 5, f"{TERMINAL[style].call(NAME, 't')} = {form}"
    spaces = [
        real if shape == SCALAR else _space(*shape, style == "unicode").split(maxsplit=1)[1] for shape in node.shapes
    ]
    cross = f" {TERMINAL[style].sign('×')} "
    return 5, f"{NAME}: {cross.join(spaces)} {to} {real}"


def _space(rows: Node, columns: Node, fancy: bool) -> str:
    size = f"{rows}" if columns == ONE else f"{rows}{'×' if fancy else ' x '}{columns}"
    if fancy and size in SUPERSCRIPTS:
        return f"∈ ℝ{SUPERSCRIPTS[size]}"
    return f"{'∈ ℝ' if fancy else 'in R'}^{size if len(size) == 1 else '{' + size + '}'}"


def _definition(defined: Defined, style: str, width: int) -> list[str]:
    name = TERMINAL[style].set(defined_letter(defined))
    if defined.entry is not None:
        name += TERMINAL[style].subscript([defined.entry.name])
    if defined.parameters:
        name = TERMINAL[style].call(name, ", ".join(set_line(one, style) for one in defined.parameters))
    first, *rest = broken(defined.body, style, width - len(name) - 4)
    return [f"{name} := {first}", *(" " * (len(name) + 4) + row for row in rest)]


# ---- the two columns ------------------------------------------------------------------------------------------


def derivation(theorem: Theorem, style: str, width: int) -> Iterator[str]:
    """The lines of a theorem with their reasons."""
    reasons = [margin(step, style) for step in theorem.steps]
    widest_reason = min(max(map(len, reasons), default=0), width // 3)
    column = width - widest_reason - GAP
    widths = [len(set_line(line, style)) + INDENT + 2 for line in theorem.lines[1:]]
    fitting = [size for size in widths if size <= column]
    column = max(fitting, default=column)
    yield from (" " * INDENT + row for row in broken(theorem.left, style, width - INDENT))
    for step, reason in zip(theorem.steps, reasons, strict=True):
        relation = TERMINAL[style].sign(step.relation)
        rows = [
            " " * INDENT + f"{relation if position == 0 else '':<{len(relation)}} {row}"
            for position, row in enumerate(broken(step.new, style, width - INDENT - 2))
        ]
        yield from _with_reason(rows, reason, column, width)


def margin(step: Step, style: str) -> str:
    """The reasons of a step as its margin shows them."""
    return set_prose(margin_prose(step), style)


def _with_reason(rows: list[str], reason: str, column: int, width: int) -> Iterator[str]:
    beside = width - column - GAP
    notes = textwrap.wrap(reason, beside, break_long_words=False) if beside >= 12 else [reason]
    fits = len(rows[-1]) <= column and all(len(note) <= beside for note in notes)
    if not fits:
        yield from rows
        yield from (
            " " * max(width - len(note), INDENT + 6) + note for note in textwrap.wrap(reason, width - INDENT - 6)
        )
        return
    yield from rows[:-1]
    for position, note in enumerate(notes):
        row = rows[-1] if position == 0 else ""
        yield f"{row:<{column + GAP}}{note}"


__all__ = ["broken", "derivation", "margin", "page", "setting", "show", "sources_of", "terminal_style", "title_of"]
