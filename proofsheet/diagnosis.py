"""Why was a line refused, and what would make it pass? Suggestions only: nothing here can accept a line.

Three questions: what is left of left − right, which assumption would remove it, and which nearby line is true.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, islice
from typing import Any

from sympy import Expr, cancel, factor

from proofsheet.errors import ProofsheetError
from proofsheet.kernel.coefficient_signs import HIGHEST_DEGREE
from proofsheet.kernel.generators import FieldGrows
from proofsheet.kernel.normal_form import ABSOLUTE, CONSTANT, Factor, Polynomial
from proofsheet.kernel.reasons import (
    Definition,
    Independence,
    Linearity,
    Moment,
    Nonnegativity,
    Rearrangement,
    Split,
    independent,
    moment,
)
from proofsheet.kernel.setting import Setting
from proofsheet.kernel.theorem import Chain, StepRejected, Theorem
from proofsheet.notation.expectations import Expectation
from proofsheet.notation.names import SUPERSCRIPTS, printed_name, printed_subscript
from proofsheet.notation.scope import random_variables
from proofsheet.notation.styles import TERMINAL
from proofsheet.notation.text import set_line, signed_terms
from proofsheet.notation.tree import Coefficient, Minus, Node, Number, Plus, Product
from proofsheet.notation.variables import RandomVariable
from proofsheet.render.reasons import describe_reason
from proofsheet.slips import Slip, find_slip

SECONDS = 1.2
MOST_CANDIDATES = 60
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
    if refusal.why and any(isinstance(reason, (Nonnegativity, Split)) for reason in refusal.reasons):
        return Diagnosis(*line, f"is not accepted: {refusal.why}", None, (), None)
    if refusal.why:
        return Diagnosis(*line, f"has no meaning here: {refusal.why}", None, (), None)
    return chain.setting.steadily(lambda: _of_residual(chain, refusal))


def _of_residual(chain: Chain, refusal: StepRejected) -> Diagnosis:
    line = (refusal.number, refusal.old, refusal.new, refusal.reasons)
    deadline = time.monotonic() + SECONDS
    setting = chain.setting
    plain = tuple(reason for reason in refusal.reasons if not isinstance(reason, (Theorem, Rearrangement)))
    residual = setting.residual(refusal.old, refusal.new, refusal.reasons)  # the setting may have grown since
    old, new, inside = refusal.old, refusal.new, ""
    while isinstance(old, Expectation) and isinstance(new, Expectation) and old.shape == new.shape:
        old, new, inside = old.args[0], new.args[0], "inside E, "  # shorter, and true lines inside are true lines
    shown = setting.residual(old, new, refusal.reasons) if inside else residual
    helps = tuple(_what_would_help(chain, refusal, deadline))
    nearest = _true_neighbour(chain, refusal, old, new, shown, plain, deadline)
    said = "does not follow from the line before under what its reason cites"
    return Diagnosis(*line, said, inside + readable(shown, {}, setting.line_of), helps, nearest)


def _true_neighbour(
    chain: Chain, refusal: StepRejected, old: Node, new: Node, shown: Polynomial, plain: Any, deadline: float
) -> str | None:
    """The nearest line that the kernel accepts in place of the refused one, in words."""
    depth = 0
    outer = refusal.new
    while outer != new:
        outer, depth = outer.args[0], depth + 1
    for candidate in _nearest_true_line(chain.setting, old, new, shown, plain):
        line = candidate
        for _ in range(depth):
            line = Expectation(line)
        if time.monotonic() > deadline:
            return None
        if _passes(chain, refusal, line):
            return f"it would follow as  {line}"
    return None


# ---- the residual ---------------------------------------------------------------------------------------------


def readable(
    polynomial: Polynomial, names: Mapping[str, str] | None = None, line_of: Callable[[Expr], Node] = Coefficient
) -> str:
    """A normal form in index notation, for people; `names` are the letters of indices that stand further out.

    `line_of` reads a coefficient back.
    """
    if not polynomial:
        return "0"
    text = ""
    for monomial, coefficient in sorted(polynomial.items(), key=lambda item: item[0]):
        negative, term = _term(monomial, coefficient, names or {}, line_of)
        if text:
            text += f" {'−' if negative else '+'} {term}"
        else:
            text = f"−{term}" if negative else term
    return text


def _term(
    monomial: Any, coefficient: Any, outer: Mapping[str, str], line_of: Callable[[Expr], Node]
) -> tuple[bool, str]:
    bound, factors = monomial
    value = coefficient.as_expr()
    if max(*coefficient.numer.degrees(), *coefficient.denom.degrees()) <= HIGHEST_DEGREE:
        value = factor(value)
    negative = value.could_extract_minus_sign()
    value = -value if negative else value
    taken = {_letter(index, outer) for one in factors for index in _all_indices(one) if not index.startswith("_")}
    letters = (letter for letter in LETTERS if letter not in taken and letter not in outer.values())
    names = {**outer, **{index: next(letters, index) for index, _ in bound}}
    parts = [] if value == 1 and factors else [_coefficient(value, not factors, line_of)]
    parts += [f"Σ{printed_subscript([names[index]])}" for index, _ in bound]
    parts += [_to_power(_factor(one, names, line_of), times) for one, times in Counter(factors).items()]
    return negative, " ".join(parts)


def _coefficient(value: Any, alone: bool, line_of: Callable[[Expr], Node]) -> str:
    text = set_line(line_of(value))
    loose = value.is_Add or (value.as_numer_denom()[1] != 1 and not alone)
    return f"({text})" if loose else text


def _to_power(text: str, exponent: int) -> str:
    if exponent == 1:
        return text
    base = f"({text})" if text[0] in "EC" and text[-1] == "]" else text
    return base + "".join(SUPERSCRIPTS[digit] for digit in str(exponent))


def _all_indices(factor: Factor) -> Iterator[str]:
    yield from factor.indices
    for body in factor.bodies:
        for (_, factors), _ in body:
            for inner in factors:
                yield from _all_indices(inner)


def _letter(index: str, names: Mapping[str, str]) -> str:
    if index in names:
        return names[index]
    return {"^row": "r", "^column": "s", "/row": "u", "/column": "v"}.get(index, index.split(":", maxsplit=1)[0])


def _factor(factor: Factor, names: Mapping[str, str], line_of: Callable[[Expr], Node]) -> str:
    labels = [_letter(index, names) for index in factor.indices]
    if factor.head.kind == "delta":
        return "δ" + printed_subscript(labels)
    if factor.head.kind == "entry":
        name = factor.head.name.split("(")[0]
        return printed_name(name) + (printed_subscript(labels) if labels else "")
    inner = [readable(dict(body), names, line_of) for body in factor.bodies]
    match factor.head.kind:
        case "function" if factor.head.name == ABSOLUTE:
            return f"|{inner[0]}|"
        case "root":
            return f"√({inner[0]})"
        case "inverse":
            return f"({inner[0]})⁻¹{printed_subscript(labels)}"
        case "function":
            return f"{_function_name(factor, labels)}({', '.join(inner)})"
        case "remainder":
            return f"ρ{printed_subscript([str(factor.head.detail[0])])}[{printed_name(factor.head.name)}; {', '.join(inner)}]"
        case "derivative":
            return f"∂({inner[0]})/∂{printed_name(factor.head.name)}{printed_subscript(labels) if labels else ''}"
    head = {"expectation": "E", "covariance": "Cov"}[factor.head.kind]
    return f"{head}[{', '.join(inner)}]"


def _function_name(factor: Factor, labels: list[str]) -> str:
    positions, shapes = factor.head.detail
    name = printed_name(factor.head.name.removesuffix("·"))
    if len(shapes) == 1 and not shapes[0]:
        return name + TERMINAL["unicode"].primes(len(positions)) if positions else name
    derivatives = "".join(f"∂{printed_subscript([str(position + 1)])}" for position in positions)
    return derivatives + name + (printed_subscript(labels) if labels else "")


# ---- the assumption that would help ---------------------------------------------------------------------------


def _what_would_help(chain: Chain, refusal: StepRejected, deadline: float) -> Iterator[str]:
    """Declared rules and assumptions first, one and then two of them; then new ones."""
    declared = _declared(chain, refusal)
    for candidates in (declared, [*declared, *islice(_new_assumptions(refusal), MOST_CANDIDATES)]):
        for size in (1, 2):
            found = 0
            for chosen in combinations(candidates, size):
                if time.monotonic() > deadline or found == 3:
                    break
                if _passes(chain, refusal, refusal.new, chosen):
                    found += 1
                    yield " and ".join(describe_reason(reason) for reason in chosen)
                    if chosen == (Linearity(),):
                        return  # whatever includes linearity would pass as well, and say nothing
            if found:
                return


def _declared(chain: Chain, refusal: StepRejected) -> list[Any]:
    known: list[Any] = [Linearity(), Definition()]
    for reasons in chain.reasons:
        known += [reason for reason in reasons if isinstance(reason, (Independence, Moment)) and reason not in known]
    return [reason for reason in known if reason not in refusal.reasons]


def _new_assumptions(refusal: StepRejected) -> Iterator[Any]:
    """Mean zero, then independence from ever larger blocks."""
    variables = _all_random(refusal.old) | _all_random(refusal.new)
    ordered = sorted(variables, key=lambda variable: variable.name)
    for variable in ordered:
        yield moment(Expectation(variable), 0)
    for size in range(1, len(ordered)):
        for variable in ordered:
            for chosen in combinations([other for other in ordered if other != variable], size):
                if size > 1 or variable.name < chosen[0].name:  # u ⟂ v once
                    yield independent(variable, chosen)


def _all_random(line: Node) -> set[RandomVariable]:
    return line.atoms(RandomVariable) | set(random_variables(line))


def _passes(chain: Chain, refusal: StepRejected, line: Node, more: tuple[Any, ...] = ()) -> bool:
    """Whether `line` in place of the refused one would be accepted, and not by accident."""
    reasons = (*refusal.reasons, *more)
    try:
        chain.setting.enter([line])
        cited = [reason for step in chain.reasons for reason in step if isinstance(reason, Moment)]
        chain.setting.rules(tuple(dict.fromkeys([*cited, *(one for one in more if isinstance(one, Moment))])))
        if chain.setting.residual(refusal.old, line, reasons):
            return False
        return find_slip(chain.setting, refusal.number, refusal.old, line, reasons) is None
    except FieldGrows:
        raise  # the field of the residual is out of use: `diagnose` begins again
    except ProofsheetError:
        return False


# ---- the nearest true line ------------------------------------------------------------------------------------


def _nearest_true_line(
    setting: Setting, old: Node, new: Node, residual: Polynomial, plain: tuple[Any, ...]
) -> Iterator[Node]:
    """Lines with one term changed: another coefficient, the simplest first; or a term of the line before added."""
    candidates = []
    for position, (negative, term) in enumerate(signed_terms(new)):
        ratio = _ratio(residual, setting.form(term, plain))
        if ratio is not None:
            scale = factor((1 + (-ratio if negative else ratio)).as_expr())
            candidates.append((scale.count_ops(), position, -scale if negative else scale, term))
    for _, position, scale, term in sorted(candidates, key=lambda candidate: candidate[:2]):
        yield _with_term(setting, new, position, scale, term)
    for _, term in signed_terms(old):
        ratio = _ratio(residual, setting.form(term, plain))
        if ratio is not None and ratio in (1, -1) and new != Number(0):  # 0 + term would be the line before
            yield Plus(new, Minus(term) if ratio == -1 else term)


def _with_term(setting: Setting, line: Node, position: int, scale: Any, term: Node) -> Node:
    """The line with one term replaced by scale · term."""
    terms = list(line.args) if isinstance(line, Plus) else [line]
    scaled = [] if scale == 0 else [_scaled(setting, term, scale)]
    terms[position : position + 1] = scaled
    return Plus(*terms) if len(terms) > 1 else terms[0] if terms else Number(0)


def _ratio(polynomial: Polynomial, by: Polynomial) -> Any:
    """The coefficient k with polynomial = k · by; None if there is none."""
    if not by or polynomial.keys() != by.keys():
        return None
    ratios = {polynomial[monomial] / by[monomial] for monomial in by}
    return ratios.pop() if len(ratios) == 1 else None


def _scaled(setting: Setting, term: Node, scale: Any) -> Node:
    """scale · term with the coefficients gathered in front, and a sign outside."""
    coefficient, rest = scale, []
    for part in term.args if isinstance(term, Product) else (term,):
        value = setting.form(part, ()) if part.is_scalar else {}
        if set(value) == {CONSTANT}:
            coefficient = coefficient * value[CONSTANT].as_expr()
        else:
            rest.append(part)
    coefficient = factor(cancel(coefficient))
    negative = coefficient.could_extract_minus_sign()
    coefficient = -coefficient if negative else coefficient
    parts = [*([] if coefficient == 1 and rest else [setting.line_of(coefficient)]), *rest]
    result = reduce(Product, parts) if len(parts) > 1 else parts[0]
    return Minus(result) if negative else result
