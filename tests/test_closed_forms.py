"""Closed forms of functions of one variable: as the author wrote them, with no bracket lost beside a slash."""

import pytest
from sympy import Rational, Symbol, exp, log, pi, sqrt, tanh

from proofsheet.notation.boxes import ClosedForm
from proofsheet.notation.functions import ARGUMENT as u
from proofsheet.notation.styles import STYLES

ROWS = [
    (1 / (1 + exp(-u)), "1/(1 + exp(−t))", r"\frac{1}{1 + \exp(-t)}", r"1/(1 + \exp(-t))"),
    (exp(u) / (1 + exp(u)), "exp(t)/(1 + exp(t))", r"\frac{\exp(t)}{1 + \exp(t)}", r"\exp(t)/(1 + \exp(t))"),
    (log(1 + exp(u)), "log(1 + exp(t))", r"\log(1 + \exp(t))", r"\log(1 + \exp(t))"),
    (u**2 / 2, "t²/2", r"\frac{t^{2}}{2}", "t^{2}/2"),
    (-u / 2, "−t/2", r"-\frac{t}{2}", "-t/2"),
    ((u + 1) / (2 * u), "(1 + t)/(2 t)", r"\frac{1 + t}{2 t}", "(1 + t)/(2 t)"),
    (sqrt(u) * tanh(u) ** 2, "√t (tanh(t))²", r"\sqrt{t} (\tanh(t))^{2}", r"\sqrt{t} (\tanh(t))^{2}"),
    (u ** Rational(1, 3), "t^(1/3)", "t^{1/3}", "t^{1/3}"),
    (exp(-(u**2) / 2), "exp(−t²/2)", r"\exp\biggl(-\frac{t^{2}}{2}\biggr)", r"\exp(-t^{2}/2)"),
    (3 * (u + 1) ** 2 - pi, "−π + 3 (1 + t)²", r"-\pi + 3 (1 + t)^{2}", r"-\pi + 3 (1 + t)^{2}"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "unicode", "displayed", "in_text"), ROWS, ids=[row[1] for row in ROWS])
def test_closed_forms(form, unicode, displayed, in_text):
    box = ClosedForm(form)
    assert [STYLES[style].set(box) for style in ("unicode", "latex", "latex in text")] == [unicode, displayed, in_text]


@pytest.mark.parametrize("form", [row[0] for row in ROWS], ids=[row[1] for row in ROWS])
def test_the_flat_text_means_the_form(form):
    """Read by SymPy's own conventions: a test may parse what it has just written itself."""
    from sympy.parsing.sympy_parser import implicit_multiplication, parse_expr, standard_transformations

    text = STYLES["ascii"].set(ClosedForm(form)).replace("^", "**")
    read = parse_expr(text, {"t": u, "pi": pi}, transformations=(*standard_transformations, implicit_multiplication))
    assert abs((read - form).subs(u, Rational(7, 5)).evalf(30)) < 1e-25


def test_the_argument_is_t_whatever_the_author_called_it():
    assert STYLES["unicode"].set(ClosedForm(u + 1)) == "1 + t"
    assert u != Symbol("t")
