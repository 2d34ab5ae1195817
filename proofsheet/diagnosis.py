"""Why was a line refused, and what would make it pass? Suggestions only: nothing here can accept a line.

Three questions: what is left of left − right, which assumption would remove it, and which nearby line is true.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Any

from sympy import cancel

from proofsheet.errors import ProofsheetError
from proofsheet.kernel.normal_form import Factor, Polynomial
from proofsheet.kernel.rules import Algebra_, Definition, Independence, Linearity, Moment, independent, moment
from proofsheet.kernel.theorem import Chain, Setting, StepRejected, Theorem
from proofsheet.notation.names import printed_name, printed_subscript
from proofsheet.notation.scope import random_variables
from proofsheet.notation.text import set_line, signed_terms
from proofsheet.notation.tree import (
    ONE,
    Coefficient,
    Dimension,
    Expectation,
    Minus,
    Node,
    Number,
    Parameter,
    Plus,
    Product,
    Quotient,
    RandomVariable,
)
from proofsheet.render.reasons import describe_reason
from proofsheet.slips import Slip

SECONDS = 1.5
LETTERS = "ijklpqrstuabcdefgh"


@dataclass(frozen=True)
class Diagnosis:
    """What a person needs to mend a refused line."""

    number: int
    old: Node
    new: Node
    reasons: tuple[Any, ...]
    refusal: str
    residual: str | None
    would_help: tuple[str, ...]
    nearest: str | None

    def __str__(self) -> str:
        cited = ", ".join(describe_reason(reason) for reason in self.reasons)
        text = [
            f"line {self.number} {self.refusal}",
            f"    line {self.number - 1}:  {self.old}",
            f"    line {self.number}:  {self.new}",
            f"    cited:   {cited or 'nothing'}",
        ]
        if self.residual:
            text.append(f"    line {self.number - 1} − line {self.number}, under what is cited:  {self.residual}")
        if self.would_help:
            text.append("    suggestion: it would follow if it also cited  " + "  or  ".join(self.would_help))
        if self.nearest:
            text.append(f"    suggestion: {self.nearest}")
        return "\n".join(text)


def diagnose(chain: Chain, refusal: StepRejected | Slip) -> Diagnosis:
    """The diagnosis of one refusal, within two seconds."""
    line = (refusal.number, refusal.old, refusal.new, refusal.reasons)
    if isinstance(refusal, Slip):
        return Diagnosis(*line, f"follows by accident only: {refusal}", None, (), None)
    if refusal.why:
        return Diagnosis(*line, f"has no meaning here: {refusal.why}", None, (), None)
    deadline = time.monotonic() + SECONDS
    setting = chain.setting
    plain = tuple(reason for reason in refusal.reasons if not isinstance(reason, (Theorem, Algebra_)))
    residual = setting.residual(refusal.old, refusal.new, refusal.reasons)  # the setting may have grown since
    helps = tuple(_what_would_help(chain, refusal, deadline))
    nearest = _nearest_true_line(setting, refusal.old, refusal.new, residual, plain)
    said = "does not follow from the line before under what its reason cites"
    return Diagnosis(*line, said, readable(residual), helps, nearest)


# ---- the residual ---------------------------------------------------------------------------------------------


def readable(polynomial: Polynomial) -> str:
    """A normal form in index notation, for people."""
    if not polynomial:
        return "0"
    text = ""
    for monomial, coefficient in sorted(polynomial.items(), key=lambda item: item[0]):
        sign, term = _term(monomial, coefficient)
        text += f" {sign} {term}" if text else (term if sign == "+" else f"−{term}")
    return text


def _term(monomial: Any, coefficient: Any) -> tuple[str, str]:
    bound, factors = monomial
    value = coefficient.as_expr()
    negative = value.could_extract_minus_sign()
    value = -value if negative else value
    taken = {_letter(index) for factor in factors for index in _all_indices(factor) if ":" in index}
    letters = iter(letter for letter in LETTERS if letter not in taken)
    names = {index: next(letters, index) for index, _ in bound}
    number = set_line(Product(Coefficient(value), ONE)).removesuffix(" · 1") if value != 1 or not factors else ""
    sums = "".join(f"Σ{printed_subscript([names[index]])} " for index, _ in bound)
    body = sums + " ".join(_factor(factor, names) for factor in factors)
    return ("−" if negative else "+"), " ".join(part for part in (number, body) if part)


def _all_indices(factor: Factor) -> Iterator[str]:
    yield from factor.indices
    for body in factor.bodies:
        for (_, factors), _ in body:
            for inner in factors:
                yield from _all_indices(inner)


def _letter(index: str) -> str:
    return {"^row": "r", "^column": "c"}.get(index, index.split(":")[0])


def _factor(factor: Factor, names: dict[str, str]) -> str:
    labels = [names.get(index, _letter(index)) for index in factor.indices]
    if factor.head.kind == "delta":
        return "δ" + printed_subscript(labels)
    if factor.head.kind == "entry":
        name = factor.head.name.split("(")[0]
        return printed_name(name) + (printed_subscript(labels) if labels else "")
    inner = ", ".join(_body(dict(body), names) for body in factor.bodies)
    return f"{'E' if factor.head.kind == 'expectation' else 'Cov'}[{inner}]"


def _body(polynomial: Polynomial, names: dict[str, str]) -> str:
    text = readable({(bound, tuple(factors)): value for (bound, factors), value in polynomial.items()})
    for index, letter in names.items():
        text = text.replace(index, letter)
    return text


# ---- the assumption that would help ---------------------------------------------------------------------------


def _what_would_help(chain: Chain, refusal: StepRejected, deadline: float) -> Iterator[str]:
    """Declared rules and assumptions first, one and then two of them; then new ones."""
    declared = _declared(chain, refusal)
    for candidates in (declared, declared + _new_assumptions(refusal)):
        for size in (1, 2):
            found = 0
            for chosen in combinations(candidates, size):
                if time.monotonic() > deadline or found == 3:
                    break
                if _passes(chain, refusal, chosen):
                    found += 1
                    yield " and ".join(describe_reason(reason) for reason in chosen)
            if found:
                return


def _declared(chain: Chain, refusal: StepRejected) -> list[Any]:
    known: list[Any] = [Linearity(), Definition()]
    for reasons in chain.reasons:
        known += [reason for reason in reasons if isinstance(reason, (Independence, Moment)) and reason not in known]
    return [reason for reason in known if reason not in refusal.reasons]


def _new_assumptions(refusal: StepRejected) -> list[Any]:
    variables = _all_random(refusal.old) | _all_random(refusal.new)
    ordered = sorted(variables, key=lambda variable: variable.name)
    candidates: list[Any] = [moment(Expectation(variable), 0) for variable in ordered]
    for variable in ordered:
        others = [other for other in ordered if other != variable]
        for size in range(1, len(others) + 1):
            candidates += [independent(variable, chosen) for chosen in combinations(others, size)]
    return candidates


def _all_random(line: Node) -> set[RandomVariable]:
    return line.atoms(RandomVariable) | set(random_variables(line))


def _passes(chain: Chain, refusal: StepRejected, more: tuple[Any, ...]) -> bool:
    try:
        return not chain.setting.residual(refusal.old, refusal.new, (*refusal.reasons, *more))
    except ProofsheetError:
        return False


# ---- the nearest true line ------------------------------------------------------------------------------------


def _nearest_true_line(setting: Setting, old: Node, new: Node, residual: Polynomial, plain: tuple[Any, ...]) -> str | None:
    """One term with another coefficient, or one term of the line before that is missing."""
    for position, (negative, term) in enumerate(signed_terms(new)):
        ratio = _ratio(residual, setting.form(term, plain))
        if ratio is None:
            continue
        factor = 1 + (-ratio if negative else ratio)
        terms = list(new.args) if isinstance(new, Plus) else [new]
        if factor == 0:
            kept = terms[:position] + terms[position + 1 :]
            return f"it would follow without the term {term}" if kept else "it would follow as  0"
        corrected = _scaled(term, factor.as_expr())
        terms[position] = Minus(corrected) if negative else corrected
        return f"it would follow as  {Plus(*terms) if len(terms) > 1 else terms[0]}"
    for negative, term in signed_terms(old):
        ratio = _ratio(residual, setting.form(term, plain))
        if ratio is not None and ratio in (1, -1):
            sign = "−" if (ratio == -1) else "+"
            del negative
            return f"it would follow with  {sign} {term}  of the line before"
    return None


def _ratio(polynomial: Polynomial, by: Polynomial) -> Any:
    """The coefficient k with polynomial = k · by; None if there is none."""
    if not by or polynomial.keys() != by.keys():
        return None
    ratios = {polynomial[monomial] / by[monomial] for monomial in by}
    return ratios.pop() if len(ratios) == 1 else None


def _scaled(term: Node, factor: Any) -> Node:
    """factor · term with the coefficients in front gathered."""
    factors = list(term.args) if isinstance(term, Product) else [term]
    coefficient, rest = factor, []
    for part in factors:
        if isinstance(part, (Number, Parameter, Dimension, Coefficient)):
            coefficient = coefficient * part.args[0]
        elif isinstance(part, Quotient) and isinstance(part.args[0], (Number, Parameter, Dimension)) and _plain(part.args[1]):
            coefficient = coefficient * part.args[0].args[0] / part.args[1].args[0]
        else:
            rest.append(part)
    coefficient = cancel(coefficient)
    front = [] if coefficient == 1 and rest else [Coefficient(coefficient)]
    parts = [*front, *rest]
    return reduce(Product, parts) if len(parts) > 1 else parts[0]


def _plain(node: Node) -> bool:
    return isinstance(node, (Number, Parameter, Dimension))
