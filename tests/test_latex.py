"""LaTeX as a careful typesetter writes it: brackets as tall as what they hold, thin spaces, words and formulas apart."""

import re

import pytest
from sympy import Rational
from vocabulary import ensemble_setting, noise_setting

from proofsheet import (
    Cov,
    E,
    Sum,
    Var,
    absolute,
    between,
    define,
    derivative,
    diag,
    dimension,
    distinct,
    exponential_family,
    function,
    gradient,
    group,
    hadamard,
    independent,
    index,
    linearity,
    matrix,
    moment,
    norm1,
    norm2,
    parameter,
    positive_semidefinite_matrix,
    random_scalar,
    random_vectors,
    remainder,
    scalar,
    sgn,
    sqrt,
    taylor,
    trace,
    vector,
    vectors,
)
from proofsheet.kernel.side_conditions import (
    AwayFromKink,
    LawFree,
    NonnegativeRadicand,
    Nonvanishing,
    Smooth,
    UnderIntegral,
)
from proofsheet.notation.latex_words import latex_words
from proofsheet.notation.text import set_line
from proofsheet.render.reasons import describe_condition, describe_reason

s, e = noise_setting(), ensemble_setting()
w, u, x, n, y, t, m, W, alpha = s.w, s.u, s.x, s.n, s.y, s.t, s.m, s.W, s.alpha
N, q = dimension("N"), s.q
i, k, l = index("i", N), index("k", m), index("l", m)
X, r, b = vectors("x", N, m), random_vectors("r", N, m), vector("beta", m)
X_tilde = define("x_tilde", hadamard(X[i], r[i]) / (1 - parameter("delta", between=(0, 1))), entry=i)
A, sigma, C = function("A"), function("sigma"), function("C", of=w)
bias = vector("b", q)

LINES = [
    (alpha * norm2(w), r"\alpha \lVert \mathbf{w} \rVert^{2}"),
    (E(y), r"\mathbb{E}[y]"),
    (E(((x + n).T @ w - y) ** 2), r"\mathbb{E}\bigl[\bigl((\mathbf{x} + \mathbf{n})^{\top} \mathbf{w} - y\bigr)^{2}\bigr]"),
    (w.T @ E(n @ n.T) @ w, r"\mathbf{w}^{\top} \mathbb{E}[\mathbf{n} \mathbf{n}^{\top}] \mathbf{w}"),
    (2 * E(y) * E(t * y), r"2 \, \mathbb{E}[y] \, \mathbb{E}[t y]"),
    (group(x.T @ w - y) * (n.T @ w), r"(\mathbf{x}^{\top} \mathbf{w} - y) \, \mathbf{n}^{\top} \mathbf{w}"),
    (2 * y * (n.T @ w), r"2 y \mathbf{n}^{\top} \mathbf{w}"),
    ((e.n - 1) * e.c / e.n, r"\frac{(n - 1) c}{n}"),
    ((t / alpha) ** 2, r"\biggl(\frac{t}{\alpha}\biggr)^{2}"),
    ((t + 1) / (2 * alpha), r"\frac{t + 1}{2 \alpha}"),
    (t / alpha / 2, r"\frac{t/\alpha}{2}"),
    (-e.v / (e.n - 1), r"-\frac{v}{n - 1}"),
    (Rational(1, 2) * t, r"\frac{1}{2} t"),
    (E(y) * 0, r"\mathbb{E}[y] \cdot 0"),
    (t * (-alpha) * (-1), r"t (-\alpha) \cdot (-1)"),
    (((1 / e.n) * Sum(e.i, e.y_hat[e.i]) - e.y) ** 2, r"\biggl(\frac{1}{n} \sum_{i=1}^{n} \hat{y}_{i} - y\biggr)^{2}"),
    (Sum(e.i, e.e[e.i]) * y, r"\biggl(\sum_{i=1}^{n} e_{i}\biggr) y"),
    (Sum(distinct(e.i, e.j), E(e.e[e.i] * e.e[e.j])), r"\sum_{i \neq j} \mathbb{E}[e_{i} e_{j}]"),
    (alpha * Sum(e.i, e.e[e.i]), r"\alpha \sum_{i=1}^{n} e_{i}"),
    (X_tilde[i].T @ b, r"\tilde{\mathbf{x}}_{i}^{\top} \boldsymbol{\beta}"),
    (X[i, k] + X[i][k], r"x_{ik} + x_{ik}"),
    (matrix("W1", q, m)[s.r, k], r"W_{1,rk}"),
    (vectors("x_old", N, m)[i], r"\mathbf{x}_{\mathrm{old},i}"),
    (vector("w", m)[index("i1", m)], r"w_{i_{1}}"),
    (A.prime.prime(X[i].T @ b) * b[k] ** 2, r"A''(\mathbf{x}_{i}^{\top} \boldsymbol{\beta}) \, \beta_{k}^{2}"),
    (A.prime.prime.prime.prime(t), r"A^{(4)}(t)"),
    (sigma(W @ x + bias), r"\sigma(\mathbf{W} \mathbf{x} + \mathbf{b})"),
    (C.gradient(w), r"\nabla C(\mathbf{w})"),
    (gradient(norm2(w), w), r"\nabla_{\!\mathbf{w}}\, \lVert \mathbf{w} \rVert^{2}"),
    (derivative(C(w), w[k]), r"\frac{\partial C(\mathbf{w})}{\partial w_{k}}"),
    (derivative(E(y * t), t), r"\frac{\partial}{\partial t} \, \mathbb{E}[y t]"),
    (remainder(A, 3, t, alpha), r"\rho_{3}[A;\, t,\, \alpha]"),
    (absolute(t / alpha), r"\biggl\lvert \frac{t}{\alpha} \biggr\rvert"),
    (E(absolute(y)) + E(absolute(y) ** 2), r"\mathbb{E}[\lvert y \rvert] + \mathbb{E}\bigl[\lvert y \rvert^{2}\bigr]"),
    (norm1(w) + sgn(w[k]), r"\lVert \mathbf{w} \rVert_{1} + \operatorname{sgn}(w_{k})"),
    (sqrt(alpha * 2) * t, r"\sqrt{\alpha \cdot 2} t"),
    (diag(w) @ x, r"\operatorname{diag}(\mathbf{w}) \mathbf{x}"),
    (trace(W.T @ W) + Var(y), r"\operatorname{tr}(\mathbf{W}^{\top} \mathbf{W}) + \operatorname{Var}[y]"),
    (Cov(n) @ w, r"\operatorname{Cov}[\mathbf{n}] \mathbf{w}"),
    (positive_semidefinite_matrix("Sigma", m) @ w, r"\boldsymbol{\Sigma} \mathbf{w}"),
    (function("softplus")(t), r"\operatorname{softplus}(t)"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "latex"), LINES, ids=[str(row[0]) for row in LINES])
def test_displayed(line, latex):
    assert set_line(line, "latex") == latex


@pytest.mark.parametrize("style", ["latex", "latex in text"])
@pytest.mark.parametrize("line", [row[0] for row in LINES], ids=[str(row[0]) for row in LINES])
def test_spacing_and_braces(line, style):
    """No double spaces, no thin space beside a sum sign, balanced braces, every large bracket closed, no second script."""
    text = set_line(line, style)
    assert "  " not in text
    assert not re.search(r"\\, \\sum|\\sum\S* \\,", text)
    assert text.count("{") == text.count("}")
    for size in (r"\big", r"\bigg"):
        assert len(re.findall(re.escape(size) + "l(?![a-z])", text)) == len(
            re.findall(re.escape(size) + "r(?![a-z])", text)
        )
    assert not re.search(r"_\{[^{}]*\}_", text)
    assert r"\left" not in text


def test_in_a_sentence_nothing_is_taller_than_the_line():
    assert set_line((t / alpha) ** 2, "latex in text") == r"(t/\alpha)^{2}"
    assert set_line(e.v / e.n + (e.n - 1) * e.c / e.n, "latex in text") == r"v/n + (n - 1) c/n"
    assert set_line(derivative(C(w), w[k]), "latex in text") == r"\partial C(\mathbf{w}) / \partial w_{k}"
    assert r"\bigg" not in set_line(Sum(e.i, e.e[e.i]) ** 2, "latex in text")


REASONS = [
    (linearity, r"linearity of $\mathbb{E}$"),
    (independent(n, (x, y)), r"$\mathbf{n} \perp (\mathbf{x}, y)$"),
    (independent(n, x, called="50% of n_1"), r"50\% of n\_1"),
    (moment(E(n), 0), r"$\mathbb{E}[\mathbf{n}] = \mathbf{0}$"),
    (e.mixed, r"$\mathbb{E}[e_{i} e_{j}] = c$ ($i \neq j$)"),
    (distinct(e.i, e.j), r"$i \neq j$"),
    (taylor(A, 2), "Taylor, degree 2, with remainder"),
    (
        exponential_family(random_scalar("T"), scalar("theta"), A),
        r"$T$ has density $h(t) \exp(\theta t - A(\theta))$",
    ),
    (moment(E(y), alpha), r"$\mathbb{E}[y] = \alpha$"),
]


@pytest.mark.parametrize(("reason", "latex"), REASONS, ids=[row[1] for row in REASONS])
def test_reasons(reason, latex):
    assert describe_reason(reason, "latex") == latex


def test_sums_in_reasons_are_not_set_as_in_a_display():
    second = moment(E(y**2), Sum(k, b[k] ** 2))
    assert describe_reason(second, "latex") == r"$\textstyle \mathbb{E}[y^{2}] = \sum_{k=1}^{m} \beta_{k}^{2}$"


def test_limits():
    limit = between(-e.v / (e.n - 1), e.c, e.v)
    assert limit.describe("latex in text") == r"-v/(n - 1) \leq c \leq v"
    assert limit.describe("ascii") == "-v/(n - 1) <= c <= v"


WORDS = [
    ("Plain words, nothing else", "Plain words, nothing else"),
    ("5% & more_ #1 {x} $ ~ ^ \\", r"5\% \& more\_ \#1 \{x\} \$ \textasciitilde{} \textasciicircum{} \textbackslash{}"),
    ("the penalty α‖w‖², of a ‖w‖² kind", r"the penalty $\alpha \Vert w\Vert^{2}$, of a $\Vert w\Vert^{2}$ kind"),
    (
        "E‖W(x + n) − y‖² = E‖Wx − y‖² + tr(WΣWᵀ)",
        r"$\mathbb{E}\Vert W(x + n) - y\Vert^{2} = \mathbb{E}\Vert Wx - y\Vert^{2} + \operatorname{tr}(W\Sigma W^{\top})$",
    ),
    ("error E[((1/n) Σᵢ ŷᵢ − y)²]", r"error $\mathbb{E}[((1/n) \sum_{i} \hat{y}_{i} - y)^{2}]$"),
    ("Σᵢ≠ⱼ E[εᵢεⱼ] = 0", r"$\sum_{i \neq j} \mathbb{E}[\varepsilon_{i}\varepsilon_{j}] = 0$"),
    ("an ensemble of n predictors, a mean", "an ensemble of $n$ predictors, a mean"),
    ("n ≥ 2 and 0 < p < 1", r"$n \geq 2$ and $0 < p < 1$"),
    ("regularization ≅ noise", r"regularization $\cong$ noise"),
    ("α-divergence, L² and x̃ᵀw", r"$\alpha$-divergence, $L^{2}$ and $\tilde{x}^{\top}w$"),
    ('slides "L2 and L1" – 1995', "slides ``L2 and L1'' -- 1995"),
    ("Bühlmann, Erdős, Łukasz, Ångström, naïve", r"B\"{u}hlmann, Erd\H{o}s, \L{}ukasz, \r{A}ngstr\"{o}m, na\"{\i}ve"),
    ("see line\u00a04,\n  and  so on", "see line~4, and so on"),
    ("中 🙂", r"\texttt{U+4E2D} \texttt{U+1F642}"),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "latex"), WORDS, ids=[row[0] for row in WORDS])
def test_words(text, latex):
    assert latex_words(text) == latex


def test_words_are_ascii_whatever_they_are_made_of():
    every = "".join(map(chr, [*range(32, 0x2FFF), *range(0x1D400, 0x1D7FF), 0x1F642]))
    for start in range(0, len(every), 40):
        found = latex_words(" ".join(every[start : start + 40]))
        assert found.isascii()
        assert found.count("{") - found.count(r"\{") == found.count("}") - found.count(r"\}")


CONDITIONS = [
    (Nonvanishing(e.n - 1, False), r"$n - 1 \neq 0$"),
    (AwayFromKink(w[k]), r"$w_{k} \neq 0$"),
    (AwayFromKink(x[k], (k,)), r"$x_{k} \neq 0$ almost surely for every $k$"),
    (NonnegativeRadicand(t), r"$t \geq 0$"),
    (LawFree(w, (x, y)), r"the law of $\mathbf{x}$, $y$ does not depend on $\mathbf{w}$, and the derivative passes under $\mathbb{E}$"),
    (UnderIntegral(scalar("theta"), y), r"$\theta$ lies inside the natural parameter space"),
    (Smooth(A, 2), r"$A$ is twice differentiable"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "latex"), CONDITIONS, ids=[row[1] for row in CONDITIONS])
def test_side_conditions(condition, latex):
    assert describe_condition(condition, "latex") == latex
