"""The smallest sets of assumptions of a theorem as text and for machines.

stated under n ⟂ (x, y), E[n] = 𝟎 and E[nnᵀ] = α I
proved from E[nxᵀ] = 𝟎, E[y n] = 𝟎 and E[nnᵀ] = α I (with moments alone), in one step
    without E[nxᵀ] = 𝟎: left side 5, right side 3 in a law with 2 outcomes

Side conditions that no domain implies stand below: where w ≠ 0; those of a set are those of the proof found from it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from proofsheet.kernel.side_conditions import Smooth
from proofsheet.notation.variables import Defined, RandomVariable
from proofsheet.plain_text import plain
from proofsheet.render.cards import card_facts, card_lines, describe_all, in_a_row, matrix
from proofsheet.render.reasons import describe_condition, describe_reason

INDENT = "    "


def weakening_lines(
    theorem: Any, bases: Sequence[Any], style: str = "unicode", width: int = 100, laws: bool = False
) -> list[str]:
    """What a theorem states, what suffices, and what happens without each member; `laws` writes out the laws."""
    stated = describe_all(theorem.assumptions, style)
    if not stated:
        return _without_assumptions(bases[0].proof if bases else theorem, style, width)
    rows = [*_wrapped(f"stated under {stated}", width), *_where(theorem, style, width)]
    for line, reason in theorem.unneeded:
        rows += _wrapped(f"line {line} cites {describe_reason(reason, style)} and does not need it", width)
    for basis in bases:
        rows += ["", *_wrapped(_heading(theorem, basis, style), width), *_where(basis.proof, style, width)]
        for card in basis.cards:
            rows += [INDENT + row for row in _member(card, style, width - len(INDENT), laws)]
    return rows if bases else [*rows, "no proof was found in fewer lines than its own, and no smaller set"]


def contradiction_lines(theorem: Any, why: str, style: str, width: int) -> list[str]:
    """Of a theorem that is true of nothing there are no sets to look for."""
    return [
        *_wrapped(f"stated under {describe_all(theorem.assumptions, style)}", width),
        *_wrapped(f"contradiction: {why}", width),
    ]


def _without_assumptions(proved: Any, style: str, width: int) -> list[str]:
    """Every law will do, unless a side condition asks something of it."""
    conditions = open_conditions(proved)
    if not conditions:
        return ["assumes nothing: it holds under every law"]
    head = "assumes nothing else" if any(map(_is_about_laws, conditions)) else "assumes nothing about laws"
    return [head, *_where(proved, style, width)]


def open_conditions(proved: Any) -> list[Any]:
    """The side conditions that the declared domains do not imply."""
    return [one for one in proved.side_conditions if not one.discharged]


def _is_about_laws(condition: Any) -> bool:
    """Whether it may ask something of a law: E[y] ≠ 0 does; what has no plain form, and a defined symbol, might."""
    if isinstance(condition, Smooth):
        return False
    what = next(
        (getattr(condition, name) for name in ("denominator", "matrix", "argument") if hasattr(condition, name)), None
    )
    return what is None or bool(what.has(RandomVariable, Defined))


def _where(proved: Any, style: str, width: int) -> list[str]:
    texts = [describe_condition(one, style) for one in open_conditions(proved)]
    return _wrapped(f"where {in_a_row(texts)}", width) if texts else []


def _heading(theorem: Any, basis: Any, style: str) -> str:
    lines = len(basis.proof.lines)
    steps = "in one step" if lines == 2 else f"in {lines} of its {len(theorem.lines)} lines"
    return f"proved from {describe_all(basis.assumptions, style) or 'nothing'} ({basis.kind}), {steps}"


def _member(card: Any, style: str, width: int, laws: bool) -> list[str]:
    if laws and card.counterexample is not None:
        return card_lines(card, style, width)
    head = f"without {describe_reason(card.assumption, style)}: "
    return _wrapped(head + " ".join(_in_short(card, style)), width)


def _in_short(card: Any, style: str) -> Iterator[str]:
    if card.counterexample is None:
        text = f"{card.verdict}, {card.message}"
        yield text if style == "unicode" else plain(text)
        return
    witness, outcomes = card.counterexample.witness, len(card.counterexample.witness.model.space)
    values = f"left side {matrix(witness.left, style)}, right side {matrix(witness.right, style)}"
    values += " (enclosed)" * (card.counterexample.grade != "exact")
    found = f"{values} in a law with {outcomes} outcome{'s' * (outcomes != 1)}"
    yield found if card.verdict == "needed" else f"{card.verdict}, {found}: {card.message}"


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, subsequent_indent=INDENT, break_long_words=False)


def weakening_facts(theorem: Any, bases: Iterable[Any]) -> dict[str, Any]:
    """The same for machines, with all laws."""
    return {
        "stated": [describe_reason(one) for one in theorem.assumptions],
        "where": [describe_condition(one) for one in open_conditions(theorem)],
        "cited_in_vain": [{"line": line, "reason": describe_reason(one)} for line, one in theorem.unneeded],
        "sets": [
            {
                "kind": basis.kind,
                "assumptions": [describe_reason(one) for one in basis.assumptions],
                "where": [describe_condition(one) for one in open_conditions(basis.proof)],
                "lines": len(basis.proof.lines),
                "members": [card_facts(card) for card in basis.cards],
            }
            for basis in bases
        ],
    }


__all__ = ["contradiction_lines", "weakening_facts", "weakening_lines"]
