r"""A derivation as a fragment of LaTeX, and a small document that shows all of them.

A fragment needs amsmath and amssymb, defines no macros and can be \input anywhere in running text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sympy import Symbol, latex

from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.functions import ARGUMENT, Function, Remainder
from proofsheet.notation.indices import Index
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import set_line
from proofsheet.notation.tree import ONE, Dimension, Node, Parameter
from proofsheet.notation.variables import Constant, Defined, RandomVariable
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
    parts += [rf"\label{{proofsheet:{name}}}%", *_statement((theorem, *corollaries.values()), tuple(limits))]
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


def _listed(items: Sequence[str], separator: str = ", ") -> str:
    """a, b and c."""
    last = " and " if separator == ", " else f"{separator}and "
    return last.join(part for part in (separator.join(items[:-1]), items[-1]) if part)


def _clauses(items: Sequence[str]) -> str:
    """As `_listed`, with semicolons where an item has a comma among its words."""
    has_comma = any("," in "".join(item.split("$")[::2]) for item in items)
    return _listed(items, "; " if has_comma else ", ")


# ---- what stands above the derivation -------------------------------------------------------------------------


def _statement(theorems: Sequence[Theorem], limits: tuple[Any, ...]) -> Iterator[str]:
    """Symbols and definitions of all theorems; assumptions and side conditions of the first."""
    theorem = theorems[0]
    symbols = declared(theorems)
    sentences = list(_setting(symbols))
    assumptions = [describe_reason(assumption, "latex") for assumption in theorem.assumptions]
    conditions = [describe_condition(one, "latex") for one in theorem.side_conditions if not one.discharged]
    if assumptions:
        sentences.append(f"Assume that {_clauses(assumptions)}.")
    if conditions:
        sentences.append(f"Suppose {'also ' if assumptions else ''}that {_clauses(conditions)}.")
    if limits:
        bounds = [among_words(limit.describe("latex in text"), "latex") for limit in limits]
        sentences.append(f"The assumptions can hold only where {_listed(bounds)}.")
    sentences += _remainders(theorems)
    closing = [*_lemmas(theorem.lemmas), "Then"]
    functions = [one for one in symbols if isinstance(one, Function) and one.closed_form is not None]
    defined: list[Defined | Function] = [*functions, *definitions(theorems)]
    written = [_definition(one, "latex in text") for one in defined]
    if not all(map(_fits_in_a_sentence, written)) or len(written) > 3:
        yield from _filled(" ".join([*sentences, "Define"]))
        yield from _displayed(defined)
    else:
        define = [f"Define {_listed([f'${name} := {body}$' for name, body in written])}."] if written else []
        closing = [*sentences, *define, *closing]
    yield from _filled(" ".join(closing))


def _fits_in_a_sentence(definition: tuple[str, str]) -> bool:
    name, body = definition
    tall = (r"\sum", r"\frac", r"\sqrt")
    return formula_width(f"{name} := {body}") <= TEXT_WIDTH / 2 and not any(mark in body for mark in tall)


def _lemmas(lemmas: Iterable[Any]) -> list[str]:
    """What was found about functions of one variable, by whom."""
    by_judge: dict[str, list[str]] = {}
    for lemma in lemmas:
        by_judge.setdefault(lemma.judge, []).append(describe_reason(lemma, "latex"))
    return [f"By {latex_words(judge)}, {_listed(facts)}." for judge, facts in by_judge.items()]


def _remainders(theorems: Sequence[Theorem]) -> Iterator[str]:
    """What ρ stands for, once for each order."""
    found = {one for theorem in theorems for line in theorem.lines for one in line.atoms(Remainder)}
    taken = {node.name for node in declared(theorems)}
    point, step = next(pair for pair in ("uh", "vk", "as", "bt") if not taken & {*pair})
    for order in sorted({one.order for one in found}):
        name, *others = sorted({IN_TEXT.name(one.function.name) for one in found if one.order == order})
        polynomial = rf"\sum_{{j=0}}^{{{order - 1}}} {name}^{{(j)}}({point}) {step}^{{j}}/j!"
        remainder = IN_TEXT.remainder(order, name, point, step)
        likewise = f", likewise for {_listed([f'${other}$' for other in others])}" if others else ""
        yield f"Write ${remainder} := {name}({point} + {step}) - {polynomial}$ for the Taylor remainder{likewise}."


def _displayed(defined: Sequence[Defined | Function]) -> Iterator[str]:
    """The definitions one below the other."""
    yield r"\begin{align*}"
    for position, one in enumerate(defined):
        name, body = _definition(one, "latex")
        left_over = len(defined) - 1 - position
        end = "." if not left_over else r", \\*" if left_over == 1 else r", \\"
        room = TEXT_WIDTH - formula_width(f"{name} := ")
        first, *more = broken(one.body, room) if isinstance(one, Defined) else [body]
        rows = [f"{name} &:= {first}", *(rf"&\qquad {row}" for row in more)]
        yield from (rf"  {row} \\*" for row in rows[:-1])
        yield f"  {rows[-1]}{end}"
    yield r"\end{align*}"


def _definition(defined: Defined | Function, style: str) -> tuple[str, str]:
    """The defined symbol with its index or arguments, and what it stands for."""
    if isinstance(defined, Function):
        return STYLES[style].call(STYLES[style].name(defined.name), "t"), _closed_form(defined)
    name = defined_name(defined, style)
    if defined.entry is not None:
        name = STYLES[style].indexed(name, [defined.entry.name])
    if defined.parameters:
        name = STYLES[style].call(name, ", ".join(set_line(one, style) for one in defined.parameters))
    return name, set_line(defined.body, style)


def _closed_form(function: Function) -> str:
    """SymPy's own LaTeX, with plain brackets where nothing in them is tall."""
    form: Any = function.closed_form
    text = latex(form.xreplace({ARGUMENT: Symbol("t")}))
    if r"\frac" in text or r"\sqrt" in text:
        return text
    for fussy, plain in ((r"{\left(", "("), (r" \right)}", ")"), (r"\left(", "("), (r"\right)", ")")):
        text = text.replace(fussy, plain)
    return text


def _setting(symbols: Iterable[Any]) -> Iterator[str]:
    """Sentences that declare the symbols, alike ones together."""
    kinds: dict[Any, list[Any]] = {}
    for node in symbols:
        if not isinstance(node, Function) or node.closed_form is None:
            kinds.setdefault(_kind(node), []).append(node)
        if isinstance(node, Index):
            kinds[_kind(node)].sort(key=lambda one: one.name)
    groups = [group for _, group in sorted(kinds.items(), key=lambda item: item[0][0])]
    fixed = [_declaration(group) for group in groups if not isinstance(group[0], (RandomVariable, Index))]
    random = [_declaration(group) for group in groups if isinstance(group[0], RandomVariable)]
    ranges = [_declaration(group) for group in groups if isinstance(group[0], Index)]
    if fixed:
        yield f"Let {_listed(fixed)}."
    if random:
        yield f"Let {_listed(random)} be random."
    if ranges:
        yield f"Throughout, {_listed(ranges)}."


_ORDER = (Dimension, Parameter, Function, Constant, RandomVariable, Index)


def _kind(node: Any) -> tuple[Any, ...]:
    """Where in the list it stands, and what makes two symbols alike."""
    place = next(position for position, kind in enumerate(_ORDER) if isinstance(node, kind))
    if isinstance(node, Parameter):
        return place, node.domain
    if isinstance(node, Function):
        return place, node.shapes
    if isinstance(node, Index):
        return place, node.dimension
    return (place,) if isinstance(node, Dimension) else (place, node.shape, node.structure)


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
    lines = [
        Line(step.new, margin(step, "latex"), r"\geq" if step.relation == "≥" else step.relation)
        for step in theorem.steps
    ]
    return aligned(theorem.left, lines)


def _given(corollary: Theorem, theorem: Theorem) -> str:
    """What a corollary rests on that the theorem does not."""
    fresh = [describe_reason(one, "latex") for one in corollary.assumptions if one not in theorem.assumptions]
    conditions = [one for one in corollary.side_conditions if one not in theorem.side_conditions and not one.discharged]
    fresh += [describe_condition(one, "latex") for one in conditions]
    lemmas = _lemmas(one for one in corollary.lemmas if one not in theorem.lemmas)
    return " ".join([*lemmas, f"If {_clauses(fresh)}, then" if fresh else "Then" if lemmas else "We have"])


def _not_needed(theorem: Theorem) -> Iterator[str]:
    for number, reason in theorem.unneeded:
        yield rf"(Line~{number} does not need {describe_reason(reason, 'latex')}.)"


def _sources(sources: Sequence[str]) -> Iterator[str]:
    if sources:
        yield ""
        yield from _filled(rf"{{\small\noindent {_ended('; '.join(latex_words(one) for one in sources))}\par}}")


__all__ = ["WRITTEN", "document", "fragment"]
