"""The closed form of a function of one variable, a SymPy expression, as boxes."""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, Function, Integer, Mul, Pow, Rational, Symbol, exp, fraction, pi

from proofsheet.notation.boxes import (
    Beside,
    Box,
    Called,
    Fenced,
    Figure,
    Fraction,
    Letter,
    Listed,
    Negative,
    Radical,
    Raised,
    Signed,
    Word,
)
from proofsheet.notation.functions import ARGUMENT

_SUM, _PRODUCT, _POWER, _ATOM = range(4)
_HALF = Rational(1, 2)


def closed_form_box(form: Expr, stacked: bool, argument: str = "t") -> Box:
    """log(1 + exp(t)) in boxes, the terms of each sum in SymPy's order but constants first; fractions stacked or flat."""
    return _laid(form.xreplace({ARGUMENT: Symbol(argument)}), stacked)[0]


def _laid(form: Any, stacked: bool) -> tuple[Box, int]:
    if form.is_Symbol:
        return Letter(form.name), _ATOM
    if (form.is_Rational and form < 0) or (form.is_Mul and form.could_extract_minus_sign()):
        return Negative(_at_least(-form, _PRODUCT, stacked)), _SUM
    if isinstance(form, Integer):
        return Figure(str(form)), _ATOM
    if isinstance(form, Add):
        return Signed(tuple(_term(term, stacked) for term in sorted(form.as_ordered_terms(), key=_comes_late))), _SUM
    numerator, denominator = fraction(form, exact=True)
    if denominator != 1:
        return _over(numerator, denominator, stacked)
    if isinstance(form, Mul):
        factors = tuple(_at_least(factor, _POWER, stacked) for factor in form.as_ordered_factors())
        return Beside(factors, (False,) * (len(factors) - 1)), _PRODUCT
    if isinstance(form, Pow) and form.exp == _HALF:
        return Radical(_laid(form.base, stacked)[0]), _ATOM
    if isinstance(form, Pow):
        base, exponent = _at_least(form.base, _ATOM, stacked), _laid(form.exp, False)[0]
        return Raised(base, exponent, isinstance(exponent, (Letter, Figure))), _POWER
    if isinstance(form, (Function, exp)):
        arguments = tuple(_laid(argument, stacked)[0] for argument in form.args)
        body = arguments[0] if len(arguments) == 1 else Listed(arguments)
        return Called(Word(type(form).__name__), Fenced("round", body)), _POWER
    return (Letter("pi") if form == pi else Word(str(form))), _ATOM  # E and other constants by name


def _comes_late(term: Any) -> bool:
    return bool(term.free_symbols)


def _over(numerator: Any, denominator: Any, stacked: bool) -> tuple[Box, int]:
    """Numerator and denominator are flat; beside a slash a sum needs brackets, and a product behind it too."""
    if stacked:
        return Fraction(_laid(numerator, False)[0], _laid(denominator, False)[0], stacked=True), _ATOM
    return Fraction(
        _at_least(numerator, _PRODUCT, False), _at_least(denominator, _POWER, False), stacked=False
    ), _PRODUCT


def _term(term: Any, stacked: bool) -> tuple[bool, Box]:
    negative = bool(term.could_extract_minus_sign())
    return negative, _at_least(-term if negative else term, _PRODUCT, stacked)


def _at_least(form: Any, binding: int, stacked: bool) -> Box:
    box, own = _laid(form, stacked)
    return box if own >= binding else Fenced("round", box)
