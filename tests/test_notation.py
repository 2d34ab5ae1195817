"""What authors write stays as written, and what cannot be written is refused with the spelling to use instead."""

import pickle
from fractions import Fraction

import pytest
import sympy
from sympy import Integer, Rational, Symbol
from vocabulary import ensemble_setting, noise_setting

import proofsheet
from proofsheet import (
    Cov,
    E,
    NotationError,
    ShapeError,
    Sum,
    Var,
    define,
    delta,
    dimension,
    distinct,
    group,
    hadamard,
    identity,
    index,
    matrix,
    norm2,
    ones,
    parameter,
    positive_semidefinite_matrix,
    scalar,
    trace,
    vector,
)

s, e = noise_setting(), ensemble_setting()
w, u, x, n, y, t, m, W, V, alpha = s.w, s.u, s.x, s.n, s.y, s.t, s.m, s.W, s.V, s.alpha

UNICODE = [
    (E(((x + n).T @ w - y) ** 2), "E[((x + n)ᵀw − y)²]", "E[((x + n)' w - y)^2]"),
    (group(x.T @ w - y) + n.T @ w, "(xᵀw − y) + nᵀw", "(x' w - y) + n' w"),
    (alpha * norm2(w), "α ‖w‖²", "alpha ||w||^2"),
    (w.T @ E(n @ n.T) @ w, "wᵀE[nnᵀ]w", "w' E[n n'] w"),
    (2 * E(x.T) @ w * 0, "2 E[xᵀ]w · 0", "2 E[x'] w * 0"),
    (E(y) ** 2, "(E[y])²", "(E[y])^2"),
    (Var(y) + Cov(x, n)[s.i, s.j], "Var[y] + Cov[x, n]ᵢⱼ", "Var[y] + Cov[x, n][i,j]"),
    (Cov(n), "Cov[n]", "Cov[n]"),
    (e.v / e.n + (e.n - 1) * e.c / e.n, "v/n + (n − 1) c/n", "v/n + (n - 1) c/n"),
    ((1 / e.n**2) * E(Sum(e.i, e.j, e.e[e.i] * e.e[e.j])), "(1/n²) E[Σᵢ Σⱼ eᵢ eⱼ]", "(1/n^2) E[Sum_{i} Sum_{j} e[i] e[j]]"),
    (Sum(distinct(e.i, e.j), e.e[e.i]) + 1, "Σᵢ≠ⱼ eᵢ + 1", "Sum_{i!=j} e[i] + 1"),
    (Sum(e.i, e.e[e.i] - y), "Σᵢ (eᵢ − y)", "Sum_{i} (e[i] - y)"),
    ((Sum(e.i, e.e[e.i])) * y, "(Σᵢ eᵢ) y", "(Sum_{i} e[i]) y"),
    (y * Sum(e.i, e.e[e.i]), "y Σᵢ eᵢ", "y Sum_{i} e[i]"),
    (norm2(W), "‖W‖_F²", "||W||_F^2"),
    (trace(W.T @ W), "tr(WᵀW)", "tr(W' W)"),
    (hadamard(w, u).T @ w, "(w ∘ u)ᵀw", "(w o u)' w"),
    (-(x.T @ w) + y, "−xᵀw + y", "-x' w + y"),
    (y - (t - y), "y − (t − y)", "y - (t - y)"),
    (y - (-t), "y − (−t)", "y - (-t)"),
    (y * (-t), "y (−t)", "y (-t)"),
    (-e.v / (e.n - 1), "−v/(n − 1)", "-v/(n - 1)"),
    (t / (alpha * 2), "t/(α · 2)", "t/(alpha * 2)"),
    (t / alpha / 2, "(t/α)/2", "(t/alpha)/2"),
    (Rational(1, 2) * t, "(1/2) t", "(1/2) t"),
    (2 * (t / alpha), "2 (t/α)", "2 (t/alpha)"),
    ((2 * t) ** 2, "(2 t)²", "(2 t)^2"),
    ((t**2) ** 3, "(t²)³", "(t^2)^3"),
    ((V @ w).T @ w, "(Vw)ᵀw", "(V w)' w"),
    (V @ (w + u), "V(w + u)", "V (w + u)"),
    (delta(s.i, s.j) * w[s.i], "δᵢⱼ wᵢ", "delta[i,j] w[i]"),
    (W @ identity(m) @ ones(m), "WI 𝟏", "W I ones"),
    (alpha.symbol / (alpha.symbol + 1) * t, "(α/(α + 1)) t", "(alpha/(alpha + 1)) t"),
    (define("x_tilde", x + n).T @ w, "x̃ᵀw", "x_tilde' w"),
    (define("f", E(x.T @ w), of=w)(2 * u), "f(2 u)", "f(2 u)"),
    (e.y_hat[e.i] - y, "ŷᵢ − y", "y_hat[i] - y"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "unicode", "ascii_"), UNICODE, ids=[row[1] for row in UNICODE])
def test_lines_read_as_on_a_slide(line, unicode, ascii_):
    assert str(line) == unicode
    assert sympy.sstr(line) == ascii_
    assert ascii_.isascii()


@pytest.mark.parametrize("size", [sympy.Integer(0), sympy.Integer(-1), sympy.Rational(1, 2)])
def test_a_dimension_stays_a_positive_whole_number(size):
    with pytest.raises(NotationError, match="positive whole number"):
        norm2(w).xreplace({m.symbol: size})


def test_latex():
    assert sympy.latex(E((x.T @ w - y) ** 2)) == r"\mathbb{E}\bigl[(\mathbf{x}^{\top} \mathbf{w} - y)^{2}\bigr]"
    assert sympy.latex(Sum(e.i, e.y_hat[e.i])) == r"\sum_{i=1}^{n} \hat{y}_{i}"
    assert sympy.latex(e.v / e.n) == r"\frac{v}{n}"
    assert (alpha * norm2(W))._repr_latex_() == r"$\displaystyle \alpha \lVert \mathbf{W} \rVert_F^{2}$"
    assert "xᵀw" in sympy.pretty(x.T @ w)


@pytest.mark.parametrize("line", [row[0] for row in UNICODE], ids=[row[1] for row in UNICODE])
def test_a_line_is_a_sympy_tree(line):
    assert pickle.loads(pickle.dumps(line)) == line
    assert line.func(*line.args) == line
    assert line.xreplace({}) == line
    assert hash(line.func(*line.args)) == hash(line)
    assert sympy.srepr(line)


def test_nothing_is_rewritten():
    assert (x + n).args == (x, n) != (n + x).args
    assert y - y != 0 * y


def test_pythons_own_sum():
    assert sum([y, t]) == y + t
    assert str(sum(w[i] for i in (s.i, s.j))) == "wᵢ + wⱼ"


def test_exact_numbers_of_every_kind_are_coefficients():
    import numpy as np

    assert Fraction(1, 2) * t == Rational(1, 2) * t
    assert np.int64(2) * t == 2 * t
    assert Integer(2) * t == t.__rmul__(2)
    assert str(t * (alpha.symbol + 1)) == "t (α + 1)"


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: 0.1 * t, r"0.1 is not an exact number; write Fraction\(1, 10\)"),
        (lambda: True * t, "True is not a line; == compares at once"),
        (lambda: 1j * t, "not an exact number"),
        (lambda: sympy.Float(0.5) * t, "not an exact number"),
        (lambda: sympy.pi * t, "not a rational function"),
        (lambda: sympy.sqrt(2) * t, "not a rational function"),
        (lambda: sympy.sqrt(alpha.symbol) * t, "not a rational function"),
        (lambda: sympy.oo * t, "not a rational function"),
        (lambda: sympy.I * t, "not a rational function"),
        (lambda: Symbol("z") * t, r"not declared real; write parameter\('z'\)"),
        (lambda: t * sympy.Matrix([1]), "is a SymPy matrix"),
        (lambda: t + sympy.MatrixSymbol("A", 2, 2), "is a SymPy matrix"),
        (lambda: t + (alpha.symbol > 0), "not a coefficient"),
        (lambda: bool(t), "has no truth value"),
        (lambda: t**y, "whole numbers only"),
        (lambda: w["i"], "declare the index first"),
        (lambda: Sum(e.i), "takes one or more indices and a body"),
        (lambda: Sum(3, t), "runs over an index"),
        (lambda: E("x"), "E does not take 'x'"),
        (lambda: vector("v 1", m), "is not a name"),
        (lambda: vector("__import__('os')", m), "is not a name"),
        (lambda: vector("a", t), "needs a dimension"),
        (lambda: vector("a", 0), "needs a dimension"),
        (lambda: parameter("p", between=(0, 2)), "is the one interval"),
        (lambda: parameter("p", positive=True, nonnegative=True), "takes one of"),
        (lambda: define("f", x, of=w, entry=s.i), "not both"),
        (lambda: define("f", x[s.j], entry=s.i), "the index j is free"),
        (lambda: define("f", x.T @ w, of=x), "deterministic variables"),
        (lambda: define("f", E(x.T @ w), of=w)(w, u), "takes 1 arguments, not 2"),
    ],
)
def test_what_cannot_be_written(attempt, message):
    with pytest.raises(NotationError, match=message):
        attempt()


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: x + y, r"cannot add x \(m × 1\) and y \(1 × 1\)"),
        (lambda: x @ w, r"cannot multiply x \(m × 1\) by w \(m × 1\) with @: 1 columns meet m rows"),
        (lambda: x * w, r"cannot multiply x \(m × 1\) by w \(m × 1\) with \*; write @"),
        (lambda: W @ W, r"W \(q × m\) by W \(q × m\) with @: m columns meet q rows"),
        (lambda: x**2, r"cannot raise x \(m × 1\) to a power; write norm2"),
        (lambda: t / x, r"cannot divide t \(1 × 1\) by x \(m × 1\)"),
        (lambda: trace(W), r"only a square matrix has a trace, not W \(q × m\)"),
        (lambda: hadamard(w, W), r"entrywise product of w \(m × 1\) and W \(q × m\)"),
        (lambda: Var(x), r"Var is of a scalar, not of x \(m × 1\)"),
        (lambda: w[e.i], r"w \(m × 1\): the index i runs to n, not to m"),
        (lambda: define("f", E(x.T @ w), of=w)(W), r"f: W \(q × m\) in place of w \(m × 1\)"),
        (lambda: define("g", W, entry=index("i", m)), "an entry is a scalar or a column"),
    ],
)
def test_shape_errors_name_both_operands(attempt, message):
    with pytest.raises(ShapeError, match=message):
        attempt()


def test_structured_matrices():
    sigma = positive_semidefinite_matrix("Sigma", m)
    assert sigma.is_symmetric
    assert not matrix("A", m, m).is_symmetric
    assert str(sigma) == "Σ"


def test_names():
    d = dimension("d")
    for name, shown in {"eps": "ε", "x_tilde": "x̃", "y_hat": "ŷ", "W1": "W₁", "theta_0": "θ₀", "a_bar": "ā"}.items():
        assert str(vector(name, d)) == shown
    assert str(scalar("bias")) == "bias"


def test_public_names_and_stub_agree():
    from pathlib import Path

    stub = Path(proofsheet.__file__).with_suffix(".pyi").read_text()
    for name, module in proofsheet._MODULE_OF.items():
        assert f"from {module} import {name} as {name}\n" in stub
        assert getattr(proofsheet, name) is not None
    assert stub.count(" import ") == len(proofsheet._MODULE_OF)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        getattr(proofsheet, "nonsense")  # noqa: B009
