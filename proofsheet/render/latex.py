r"""A derivation as a fragment of LaTeX, and a small document that shows all of them.

A fragment needs amsmath and amssymb, defines no macros and can be \input anywhere in running text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sympy import Symbol, latex

from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.functions import ARGUMENT, Function
from proofsheet.notation.indices import Index
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import set_line
from proofsheet.notation.tree import ONE, Dimension, Node, Parameter
from proofsheet.notation.variables import Defined, RandomVariable
from proofsheet.render.latex_layout import TEXT_WIDTH, Line, aligned, broken
from proofsheet.render.latex_widths import formula_width
from proofsheet.render.latex_words import latex_words
from proofsheet.render.page import margin, sources_of, title_of
from proofsheet.render.reasons import among_words, defined_name, describe_condition, describe_reason
from proofsheet.render.setting import declared, definitions

WRITTEN = "% Written by proofsheet export"
IN_TEXT = STYLES["latex in text"]


def fragment(
    name: str,
    documentation: str,
    theorem: Theorem,
    corollaries: Mapping[str, Theorem],
    limits: Iterable[Any] = (),
) -> str:
    """One identity: its title, what is assumed, the derivation with its reasons, corollaries and sources."""
    parts = [f"{WRITTEN}; needs amsmath and amssymb.", rf"\paragraph{{{_ended(latex_words(title_of(documentation)))}}}"]
    parts += [rf"\label{{proofsheet:{name}}}%", *_statement(theorem, tuple(limits))]
    parts += [*_derivation(theorem), *_not_needed(theorem)]
    for called, corollary in corollaries.items():
        parts += ["", rf"\paragraph{{Corollary ({latex_words(called.replace('_', ' '))}).}}"]
        parts += [*_filled(_given(corollary, theorem)), *_derivation(corollary), *_not_needed(corollary)]
    parts += _sources(sources_of(documentation))
    return "\n".join(parts) + "\n"


def document(names: Sequence[str]) -> str:
    """An article that inputs the fragments of this folder."""
    head = [
        f"{WRITTEN}: a document that shows the fragments beside it. Compile it in this folder with",
        "% pdflatex proofsheet.tex; in notes of your own, \\input the fragments that you want.",
        r"\documentclass[11pt,a4paper]{article}",
        r"\usepackage{amsmath,amssymb}",
        r"\allowdisplaybreaks  % long derivations may go on overleaf",
        r"\emergencystretch=2em  % room for formulas in the running text",
        r"\begin{document}",
    ]
    return "\n".join([*head, *(rf"\input{{{name}}}" for name in names), r"\end{document}"]) + "\n"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def _filled(paragraph: str) -> list[str]:
    return textwrap.wrap(paragraph, 110, break_long_words=False, break_on_hyphens=False)


def _listed(items: Sequence[str]) -> str:
    """a, b and c; with semicolons where an item has a comma among its words."""
    has_comma = any("," in "".join(item.split("$")[::2]) for item in items)
    separator, last = ("; ", "; and ") if has_comma else (", ", " and ")
    return last.join(part for part in (separator.join(items[:-1]), items[-1]) if part)


# ---- what stands above the derivation -------------------------------------------------------------------------


def _statement(theorem: Theorem, limits: tuple[Any, ...]) -> Iterator[str]:
    sentences = list(_setting(theorem))
    assumptions = [describe_reason(assumption, "latex") for assumption in theorem.assumptions]
    conditions = [describe_condition(one, "latex") for one in theorem.side_conditions if not one.discharged]
    if assumptions:
        sentences.append(f"Assume that {_listed(assumptions)}.")
    if conditions:
        sentences.append(f"Suppose {'also ' if assumptions else ''}that {_listed(conditions)}.")
    if limits:
        bounds = [among_words(limit.describe("latex in text"), "latex") for limit in limits]
        sentences.append(f"The assumptions can hold only where {_listed(bounds)}.")
    defined = definitions(theorem)
    if not defined:
        yield from _filled(" ".join([*sentences, "Then" if sentences else "We have"]))
        return
    inline = [_definition(one, "latex in text") for one in defined]
    if all(formula_width(f"{name} := {body}") <= TEXT_WIDTH / 2 and "\\sum" not in body for name, body in inline):
        written = _listed([f"${name} := {body}$" for name, body in inline])
        yield from _filled(" ".join([*sentences, f"Define {written}. Then"]))
        return
    yield from _filled(" ".join([*sentences, "Define"]))
    yield from _displayed(defined)
    yield "Then"


def _displayed(defined: Sequence[Defined | Function]) -> Iterator[str]:
    """The definitions one below the other."""
    yield r"\begin{align*}"
    for position, one in enumerate(defined):
        name, body = _definition(one, "latex")
        end = "." if position == len(defined) - 1 else ", \\\\"
        room = TEXT_WIDTH - formula_width(f"{name} := ")
        first, *more = broken(one.body, room) if isinstance(one, Defined) else [body]
        rows = [f"{name} &:= {first}", *(rf"&\qquad {row}" for row in more)]
        yield from (f"  {row} \\\\" for row in rows[:-1])
        yield f"  {rows[-1]}{end}"
    yield r"\end{align*}"


def _definition(defined: Defined | Function, style: str) -> tuple[str, str]:
    """The defined symbol with its index or arguments, and what it stands for."""
    if isinstance(defined, Function):
        closed_form: Any = defined.closed_form
        return STYLES[style].call(STYLES[style].name(defined.name), "t"), latex(closed_form.xreplace(_FORMAL_ARGUMENT))
    name = defined_name(defined, style)
    if defined.entry is not None:
        name = STYLES[style].indexed(name, [defined.entry.name])
    if defined.parameters:
        name = STYLES[style].call(name, ", ".join(set_line(one, style) for one in defined.parameters))
    return name, set_line(defined.body, style)


_FORMAL_ARGUMENT = {ARGUMENT: Symbol("t")}


def _setting(theorem: Theorem) -> Iterator[str]:
    """Sentences that declare the symbols."""
    groups = declared(theorem)
    fixed = [_declaration(group) for group in groups if not isinstance(group[0], (RandomVariable, Index))]
    random = [_declaration(group) for group in groups if isinstance(group[0], RandomVariable)]
    ranges = [_declaration(group) for group in groups if isinstance(group[0], Index)]
    if fixed:
        yield f"Let {_listed(fixed)}."
    if random:
        yield f"Let {_listed(random)} be random."
    if ranges:
        yield f"Throughout, {_listed(ranges)}."


def _declaration(alike: Sequence[Any]) -> str:
    """Symbols of one kind: $\\mathbf{x}, \\mathbf{n} \\in \\mathbb{R}^{m}$."""
    first = alike[0]
    names = [IN_TEXT.name(node.name, node if isinstance(node, Node) else None) for node in alike]
    together = ", ".join(names)
    if isinstance(first, Dimension):
        noun = "positive integers" if len(alike) > 1 else "a positive integer"
        return f"{_listed([f'${name}$' for name in names])} be {noun}"
    if isinstance(first, Parameter):
        domains = {"positive": "§ > 0", "nonnegative": r"§ \geq 0", "unit": "0 < § < 1", "real": r"§ \in \mathbb{R}"}
        return f"${domains[first.domain].replace('§', together)}$"
    if isinstance(first, Index):
        return rf"${together} = 1, \ldots, {set_line(first.dimension, 'latex in text')}$"
    if isinstance(first, Function):
        spaces = r" \times ".join(_space(*shape) for shape in first.shapes)
        return rf"${together} \colon {spaces} \to \mathbb{{R}}$"
    rows, columns = first.shape
    if first.is_family:
        together = ", ".join(rf"{name}_{{1}}, \ldots, {name}_{{{set_line(rows, 'latex')}}}" for name in names)
        rows, columns = columns, ONE
    structure = {"symmetric": " symmetric", "psd": " positive semidefinite"}.get(first.structure, "")
    return rf"${together} \in {_space(rows, columns)}${structure}"


def _space(rows: Node, columns: Node) -> str:
    if rows == ONE and columns == ONE:
        return r"\mathbb{R}"
    height, width = (set_line(size, "latex in text") for size in (rows, columns))
    return rf"\mathbb{{R}}^{{{height}}}" if columns == ONE else rf"\mathbb{{R}}^{{{height} \times {width}}}"


# ---- the derivation, and what stands below it -----------------------------------------------------------------


def _derivation(theorem: Theorem) -> Iterator[str]:
    lines = [Line(step.new, margin(step, "latex")) for step in theorem.steps]
    return aligned(theorem.left, lines)


def _given(corollary: Theorem, theorem: Theorem) -> str:
    fresh = [describe_reason(one, "latex") for one in corollary.assumptions if one not in theorem.assumptions]
    return f"If {_listed(fresh)}, then" if fresh else "We have"


def _not_needed(theorem: Theorem) -> Iterator[str]:
    for number, reason in theorem.unneeded:
        yield rf"(Line~{number} does not need {describe_reason(reason, 'latex')}.)"


def _sources(sources: Sequence[str]) -> Iterator[str]:
    if sources:
        yield ""
        yield from _filled(rf"{{\small\noindent {_ended('; '.join(latex_words(one) for one in sources))}\par}}")


__all__ = ["WRITTEN", "document", "fragment"]
