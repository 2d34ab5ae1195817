"""Whether a difference in explicit components is 0: by SymPy's expand and cancel; or not 0, at a point.

A difference that SymPy does not bring to 0 is called nonzero only where that is certain: it is a polynomial with a
coefficient that is not 0, or it has a value that is not 0 at a point, with polynomials in place of unknown functions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import reduce

from sympy import (
    Abs,
    Add,
    Dummy,
    E,
    Expr,
    I,
    Mul,
    Pow,
    Rational,
    Symbol,
    cancel,
    exp,
    expand_log,
    factor,
    log,
    sign,
    together,
)
from sympy.polys.polyerrors import BasePolynomialError

from proofsheet.explicit.components import Symbols
from proofsheet.explicit.functions import Opaque, StandIns, closed, in_form
from proofsheet.explicit.means import Law, Mean, expanded, expectation, monomials

ZERO, NONZERO, UNDECIDED = "difference 0", "difference nonzero", "undecided"
DIGITS = 30
POINTS = 6  # of mixed signs: λ sgn(w) is λ at half of them
MOST_OPERATIONS = 3_000  # in an expression that `cancel` is asked about


def verdict_on(difference: Expr, law: Law, symbols: Symbols, degree: int = 4) -> tuple[str, Expr]:
    """The verdict on one entry of a difference under `law`, and what is left of it.

    `symbols` are those of the reader; `degree` is that of the polynomials in place of unknown functions.
    """
    left = normal(law.reduced(expanded(difference)), symbols.parameters)
    if law.unsolved:
        left = _less_multiples(left, law.unsolved, symbols.parameters)
    ways = (left, _merged(left, symbols.random))
    if any(_by_closed_forms(way, symbols.parameters) == 0 for way in ways):
        return ZERO, left
    plain = law.reduced(in_form(left, closed))
    polynomial = _is_polynomial(plain, symbols.parameters)
    if polynomial and normal(plain, symbols.parameters) == 0:
        return ZERO, left
    if not law.unsolved:  # else a cited equation may not have been used to the full
        at_points = (_differs_at(plain, law, symbols, seed, degree) for seed in range(POINTS))
        if polynomial or any(at_points):
            return NONZERO, left
    if any(_cancels(way) for way in (*ways, _merged(plain, symbols.random), _arguments_factored(plain, symbols.units))):
        return ZERO, left
    return UNDECIDED, left


def _cancels(expression: Expr) -> bool:
    """Whether SymPy's cancel brings it to 0, functions such as exp and log as generators."""
    if expression.count_ops() > MOST_OPERATIONS:
        return False
    try:
        return bool(cancel(together(in_form(expression, closed))) == 0)
    except BasePolynomialError:  # a function that `cancel` does not take
        return False


def _arguments_factored(expression: Expr, units: Collection[Symbol]) -> Expr:
    """log and sgn of products by those of the factors, where SymPy knows their signs; p in (0, 1) is 1/(1 + q)."""
    expression = expression.xreplace({one: 1 / (1 + Dummy(positive=True)) for one in units})
    expression = expression.replace(log, lambda inner: expand_log(log(factor(together(inner)))))
    return expression.replace(sign, lambda inner: sign(factor(together(inner))))


def _by_closed_forms(left: Expr, parameters: Collection[Symbol]) -> Expr:
    """Functions by their closed forms, with one symbol for each argument, so that coefficients are small."""
    applied = [one for one in left.atoms(Opaque) if one.function.closed_form is not None]
    arguments = {one.args[0]: Dummy(real=True) for one in applied}
    if not applied:
        return left
    forms = {one: closed(one.func(arguments[one.args[0]])) for one in applied}
    return normal(left.xreplace(forms), {*parameters, *arguments.values()})


def _is_polynomial(left: Expr, parameters: Collection[Symbol]) -> bool:
    """Whether it is a polynomial in components and expectations of monomials: then, in normal form, it is 0 or it is not."""
    means = left.atoms(Mean)
    outside = left.xreplace({one: Dummy() for one in means})
    unknown = outside.free_symbols - set(parameters)
    exact = all(power.exp.is_Integer for power in outside.atoms(Pow)) and not outside.has(exp, log, E)
    return exact and _of_monomials(means) and bool(outside.is_rational_function() and outside.is_polynomial(*unknown))


def _of_monomials(means: Iterable[Mean]) -> bool:
    return all(
        one.integrand.is_polynomial(*one.bound) and one.integrand.free_symbols <= set(one.bound) for one in means
    )


def normal(difference: Expr, parameters: Collection[Symbol]) -> Expr:
    """Expanded, coefficients in the parameters cancelled, |a| as a sgn(a)."""
    if difference.has(Abs, sign):
        difference = _signs_collected(expanded(difference.replace(Abs, lambda inner: inner * sign(inner))))
    total = []
    for product, coefficient in monomials(difference, parameters).items():
        simple = coefficient if coefficient.is_Rational else cancel(together(coefficient))
        total.append(Mul(simple, product))
    return Add(*total)


def _signs_collected(expression: Expr) -> Expr:
    """sgn³ = sgn, and a sgn(a)² = a."""
    return Add(*(Mul(*_with_signs_collected(term)) for term in Add.make_args(expression)))


def _with_signs_collected(term: Expr) -> list[Expr]:
    powers = [factor.as_base_exp() for factor in Mul.make_args(term)]
    bases = {base for base, _ in powers}

    def collected(base: Expr, power: Expr) -> Expr:
        if not (isinstance(base, sign) and power.is_Integer and power > 1):
            return power
        return power % 2 if base.args[0] in bases else 2 - power % 2

    return [Pow(base, collected(base, power)) for base, power in powers]


def _merged(expression: Expr, random: Collection[Symbol]) -> Expr:
    """E[a] + c E[b] + d as a + c b + d: if that is 0, so is the expression.

    Unchanged where expectations are multiplied, where randomness is left outside them, or where all are of monomials,
    which are in normal form already.
    """
    if _of_monomials(expression.atoms(Mean)) or not expression.free_symbols.isdisjoint(random):
        return expression
    for term in Add.make_args(expanded(expression)):
        holding = [factor for factor in Mul.make_args(term) if factor.has(Mean)]
        if len(holding) > 1 or not all(isinstance(factor, Mean) for factor in holding):
            return expression
    return expression.xreplace({one: one.integrand for one in expression.atoms(Mean)})


def _less_multiples(left: Expr, zeros: list[Expr], parameters: Collection[Symbol]) -> Expr:
    """The difference less multiples of expressions that are 0, by factors in the parameters."""
    echelon: list[tuple[Expr, Expr]] = []
    for zero in zeros:
        fresh = _less_pivots(zero, echelon, parameters)
        if fresh != 0:
            echelon.append((min(monomials(fresh, parameters), key=str), fresh))
    return _less_pivots(left, echelon, parameters)


def _less_pivots(left: Expr, echelon: list[tuple[Expr, Expr]], parameters: Collection[Symbol]) -> Expr:
    return reduce(lambda rest, row: _without(row[0], rest, row[1], parameters), echelon, left)


def _without(pivot: Expr, expression: Expr, zero: Expr, parameters: Collection[Symbol]) -> Expr:
    terms = monomials(expression, parameters)
    if pivot not in terms:
        return expression
    return normal(expression - zero * terms[pivot] / monomials(zero, parameters)[pivot], parameters)


# ---- at a point -----------------------------------------------------------------------------------------------


def _differs_at(expression: Expr, law: Law, symbols: Symbols, seed: int, degree: int) -> bool:
    """Whether the difference has a value that is not 0 at a random rational point.

    Expectations of monomials that the law leaves open are numbers of their own there. Others may be tied to each other:
    they are taken under one finite law if nothing is assumed of the law, else nothing is said.
    """
    numbers = StandIns(seed, degree)
    value = in_form(_at_numbers(expression, numbers, symbols.parameters), numbers)
    value = _at_numbers(law.reduced(value), numbers, symbols.parameters)
    means = sorted(value.atoms(Mean), key=str)
    if _of_monomials(means):
        value = value.xreplace({one: numbers.number() for one in means})
    elif law.is_free:
        value = _under_finite_law(value, means, numbers)
    else:
        return False
    if value.has(I):
        return False  # outside the domain of a logarithm or root, where the lines say nothing
    value = value if value.is_Rational else value.evalf(DIGITS)
    return bool(value.is_number and abs(value) > Rational(1, 10 ** (DIGITS // 2)))


def _under_finite_law(value: Expr, means: Iterable[Mean], numbers: StandIns) -> Expr:
    """The value under a law with three outcomes."""
    chances = (Rational(1, 2), Rational(1, 3), Rational(1, 6))
    bound = sorted({symbol for one in means for symbol in one.bound}, key=str)
    outcomes = [(chance, {symbol: numbers.number() for symbol in bound}) for chance in chances]
    return value.xreplace(
        {one: Add(*(chance * one.integrand.xreplace(at) for chance, at in outcomes)) for one in means}
    )


def _at_numbers(expression: Expr, numbers: StandIns, parameters: Collection[Symbol]) -> Expr:
    """Random rationals for all free symbols: between 0 and 1 for parameters, which suits every domain."""
    values = {}
    for symbol in sorted(expression.free_symbols, key=str):
        number = numbers.number()
        values[symbol] = abs(number) / (1 + abs(number)) if symbol in parameters else number
    return _substituted(expression, values)


def _substituted(expression: Expr, values: Mapping[Symbol, Expr]) -> Expr:
    """The expression with numbers for symbols; those that an E binds stay inside it."""
    if isinstance(expression, Mean):
        free = {symbol: value for symbol, value in values.items() if symbol not in expression.bound}
        return expectation(_substituted(expression.integrand, free), expression.bound)
    if not expression.has(Mean):
        return expression.xreplace(values)
    return expression.func(*(_substituted(part, values) for part in expression.args))
