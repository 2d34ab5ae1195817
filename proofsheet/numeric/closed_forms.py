"""SymPy expressions evaluated on arrays, node by node; nothing is compiled or parsed.

Range: log(1 + exp(t)) and its like are computed without overflow for every t. What SymPy makes of their derivatives is
not: exp(t)/(1 + exp(t)) needs |t| < 700 and its derivatives |t| < 350. Where a value is not finite an error says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, reduce
from typing import Any

import numpy as np
import sympy
from sympy import Add, Expr, Integer, Mul, NumberSymbol, Pow, Rational, Symbol

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.backends import NUMPY
from proofsheet.monte_carlo.rounding import EPSILON, Rounded
from proofsheet.notation.functions import ARGUMENT

_LIBRARY = {
    sympy.exp: "exp",
    sympy.tanh: "tanh",
    sympy.sinh: "sinh",
    sympy.cosh: "cosh",
    sympy.sin: "sin",
    sympy.cos: "cos",
    sympy.Abs: "absolute",
    sympy.sign: "sign",
}  # what each backend's namespace calls it


@lru_cache(maxsize=1000)
def derivative_of(closed_form: Expr, order: int) -> Expr:
    """The `order`-th derivative of a closed form in `ARGUMENT`."""
    return sympy.diff(closed_form, ARGUMENT, order) if order else closed_form


def value_of(expression: Expr, at: Mapping[Symbol, Any], exact: bool = False, device: Any = NUMPY) -> Any:
    """The value of an expression where its symbols have the values `at`, arrays of the backend `device` that broadcast.

    Sums, products, powers with rational exponents, exp, log, tanh, sinh, cosh, sin, cos, Abs and sign. With `exact`,
    numbers that no float hits carry their rounding error. Raises ScriptError for any other function.
    """
    return _Walker(at, exact, device)(expression)


class _Walker:
    def __init__(self, at: Mapping[Symbol, Any], exact: bool, device: Any) -> None:
        self.at, self.exact, self.device, self.xp = at, exact, device, device.xp

    def _number(self, value: Any) -> Any:
        return number(value, self.exact, self.device)

    def __call__(self, node: Expr) -> Any:
        if node.is_Symbol:
            return self.at[node]
        if isinstance(node, (Rational, NumberSymbol)):
            return self._number(node)
        if isinstance(node, Add):
            return reduce(lambda total, term: total + self(term), node.args[1:], self(node.args[0]))
        if isinstance(node, Mul):
            return self._product(node)
        if isinstance(node, Pow):
            return self._power(*node.args)
        if isinstance(node, sympy.log):
            return self._logarithm(node.args[0])
        if node.func in _LIBRARY:
            return getattr(self.xp, _LIBRARY[node.func])(self(node.args[0]))
        raise ScriptError(f"a numeric check cannot evaluate {node.func.__name__} in a closed form: {node}")

    def _product(self, node: Mul) -> Any:
        """Factors below the line are divided by, not multiplied with as powers."""
        above = [factor for factor in node.args if not _is_below(factor)]
        below = [Pow(factor.base, -factor.exp) for factor in node.args if _is_below(factor)]
        total = reduce(lambda value, factor: value * self(factor), above, self._number(Integer(1)))
        return reduce(lambda value, factor: value / self(factor), below, total)

    def _power(self, base: Expr, exponent: Expr) -> Any:
        if exponent.is_Rational and exponent.is_negative:
            return self._number(Integer(1)) / self(Pow(base, -exponent))
        if exponent.is_Integer:
            return self(base) ** int(exponent)
        if exponent.is_Rational and exponent.q == 2:
            return self.xp.sqrt(self(base)) ** int(exponent.p)
        if exponent.is_Rational or base.is_positive:
            return self.xp.exp(self(exponent) * self.xp.log(self(base)))
        raise ScriptError(f"a numeric check cannot evaluate a power with the exponent {exponent} of {base}")

    def _logarithm(self, inner: Expr) -> Any:
        """log Σ cᵢ exp(uᵢ) with positive cᵢ without overflow, any other logarithm as it stands."""
        logarithms = [self._logarithm_of_term(term) for term in Add.make_args(inner)]
        if len(logarithms) > 1 and all(one is not None for one in logarithms):
            return reduce(self.xp.logaddexp, logarithms)
        return self.xp.log(self(inner))

    def _logarithm_of_term(self, term: Expr) -> Any:
        """log(c exp(u)) = log c + u; None for a term of another form."""
        factor, rest = term.as_coeff_Mul()
        if not factor.is_positive or not (rest == 1 or isinstance(rest, sympy.exp)):
            return None
        exponent = self._number(Integer(0)) if rest == 1 else self(rest.args[0])
        return exponent if factor == 1 else exponent + self.xp.log(self._number(factor))


def _is_below(factor: Expr) -> bool:
    return isinstance(factor, Pow) and factor.exp.is_Rational and factor.exp.is_negative


def number(value: Any, exact: bool, device: Any = NUMPY) -> Any:
    """A number as an array of shape (1, 1, 1); with `exact`, with its rounding error where no float hits it."""
    found = np.full((1, 1, 1), float(value))
    if not exact:
        return device.array(found)
    hit = value.is_Rational and value == Rational(found.item())
    return Rounded(found, 0.0 if hit else EPSILON * np.abs(found))
