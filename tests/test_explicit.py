"""Lines in explicit components, and SymPy's second opinion: right steps have difference 0, wrong ones have not."""

import inspect
import json
import pickle
from dataclasses import replace
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sympy import Abs, Derivative, Function, Matrix, Rational, Subs, Symbol, exp, latex, log, pretty, sign, symbols
from sympy import sqrt as sympy_sqrt
from test_cli import ROOT, folder, run
from vocabulary import ensemble_setting, noise_setting

import proofsheet.evidence
from proofsheet import (
    Cov,
    E,
    NotationError,
    Sum,
    Var,
    absolute,
    cli,
    define,
    delta,
    derivative,
    diag,
    dimension,
    distinct,
    exponential_family,
    function,
    gradient,
    group,
    hadamard,
    identity,
    independent,
    index,
    linearity,
    matrix,
    moment,
    norm1,
    norm2,
    ones,
    parameter,
    prove,
    random_matrix,
    random_scalar,
    remainder,
    scalar,
    sgn,
    sqrt,
    trace,
    vector,
    vectors,
    zeros,
)
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.evidence import explicit_layer
from proofsheet.explicit.components import _READERS
from proofsheet.explicit.means import Mean
from proofsheet.explicit.second_opinion import Cited, SecondOpinion, choices_of_sizes, described_sizes
from proofsheet.explicit_layer import NOT_ASKED, cited_by, joint_verdict, opinions_on
from proofsheet.notation import elementary, expectations, functions, matrices, tree, variables
from proofsheet.notation import elementary as words
from proofsheet.notation.tree import Node, Number

s, e = noise_setting(), ensemble_setting()
m, q, i, j, k, w, W, x, n, y, alpha = s.m, s.q, s.i, s.j, s.k, s.w, s.W, s.x, s.n, s.y, s.alpha
theta, T = scalar("theta"), random_scalar("T")
A, C = function("A"), function("C", of=w)
t = Symbol("t", real=True)
logistic, sigmoid = function("L", log(1 + exp(t))), function("s", 1 / (1 + exp(-t)))
square, power = function("Q", t**2 / 2), function("P", exp(t))
v = vectors("v", q, m)
r = s.r

w1, w2, x1, x2, n1, n2, y_ = symbols("w_1 w_2 x_1 x_2 n_1 n_2 y", real=True)
W11, W12, W21, W22, W31, W32 = symbols("W_11 W_12 W_21 W_22 W_31 W_32", real=True)
a, th, tt = Symbol("alpha", positive=True), Symbol("theta", real=True), Symbol("t", real=True)
FA, FC, xi = Function("A"), Function("C"), Symbol("xi")


def mean(product):
    """E[product], all of whose symbols are random."""
    return Mean(product, sorted(product.free_symbols, key=str))


# ---- as_sympy: every kind of node against a hand-written expression, at m = 2, q = 3, i = 1, j = 2, r = 3 --------

COMPONENTS = [
    (tree.Number, s.t * 0 + 3, 3 + 0 * tt),
    (tree.Coefficient, w[i] * ((m.symbol + 1) / a), w1 * 3 / a),
    (tree.Dimension, m * q * s.t, 6 * tt),
    (tree.Parameter, alpha * s.t, a * tt),
    (tree.Plus, w[i] + s.t - w[j], w1 + tt - w2),
    (tree.Minus, -w, Matrix([-w1, -w2])),
    (tree.Product, s.t * w, Matrix([tt * w1, tt * w2])),
    (tree.MatrixProduct, W @ w, Matrix([W11 * w1 + W12 * w2, W21 * w1 + W22 * w2, W31 * w1 + W32 * w2])),
    (tree.Quotient, w / (1 + alpha), Matrix([w1 / (1 + a), w2 / (1 + a)])),
    (tree.Power, s.t**3, tt**3),
    (tree.Group, group(s.t), tt),
    (tree.Transpose, W.T, Matrix([[W11, W21, W31], [W12, W22, W32]])),
    (tree.Hadamard, hadamard(w, w), Matrix([w1**2, w2**2])),
    (tree.Trace, trace(W.T @ W), W11**2 + W12**2 + W21**2 + W22**2 + W31**2 + W32**2),
    (tree.SquaredNorm, norm2(w), w1**2 + w2**2),
    (tree.Element, W[r, j], W32),
    (tree.Member, v[r], Matrix(symbols("v_31 v_32", real=True))),
    (tree.IndexedSum, Sum(i, w[i] ** 2), w1**2 + w2**2),
    (tree.IndexedSum, Sum(distinct(i, k), w[i] * w[k] ** 2), w1 * w2**2 + w2 * w1**2),
    (tree.KroneckerDelta, delta(i, j) + s.t, tt),
    (variables.Constant, s.S, Matrix([symbols("S_11 S_12", real=True), symbols("S_12 S_22", real=True)])),
    (variables.RandomVariable, x.T @ w, x1 * w1 + x2 * w2),
    (variables.Identity, identity(m), Matrix([[1, 0], [0, 1]])),
    (variables.Filled, ones(q), Matrix([1, 1, 1])),
    (variables.Defined, define("x_tilde", x + n), Matrix([x1 + n1, x2 + n2])),
    (variables.Defined, define("f", norm2(w), of=w)(2 * w), 4 * w1**2 + 4 * w2**2),
    (variables.Defined, define("z", w[i] ** 2, entry=i)[j], w2**2),
    (variables.Defined, define("z", v[r] * s.t, entry=r)[r, j], tt * Symbol("v_32", real=True)),
    (expectations.Expectation, E(2 * x[i] * w[i] + n[i] ** 2 + 5), 2 * w1 * mean(x1) + mean(n1**2) + 5),
    (expectations.Variance, Var(y), mean(y_**2) - mean(y_) ** 2),
    (expectations.Covariance, Cov(x, y), Matrix([mean(x1 * y_) - mean(x1) * mean(y_), mean(x2 * y_) - mean(x2) * mean(y_)])),
    (functions.Applied, A(w), Matrix([FA(w1), FA(w2)])),
    (functions.Applied, A.prime(w[i]), Derivative(FA(w1), w1)),
    (functions.Applied, A.prime.prime(2 * s.t), Subs(Derivative(FA(xi), (xi, 2)), xi, 2 * tt)),
    (functions.Applied, C(w), FC(w1, w2)),
    (functions.Applied, C.gradient(w), Matrix([Derivative(FC(w1, w2), w1), Derivative(FC(w1, w2), w2)])),
    (functions.Applied, logistic.prime(s.t), exp(tt) / (1 + exp(tt))),
    (functions.Remainder, remainder(A, 2, s.t, y), FA(tt + y_) - FA(tt) - Derivative(FA(tt), tt) * y_),
    (functions.Derivative, derivative(A(s.t**2), s.t), 2 * tt * Subs(Derivative(FA(xi), xi), xi, tt**2)),
    (functions.Derivative, gradient(norm2(W), W), 2 * Matrix([[W11, W12], [W21, W22], [W31, W32]])),
    (functions.Derivative, derivative(norm1(w), w[j]), sign(w2)),
    (functions.AbsoluteValue, absolute(w), Matrix([Abs(w1), Abs(w2)])),
    (functions.Signum, sgn(w), Matrix([sign(w1), sign(w2)])),
    (functions.NormOne, norm1(w), Abs(w1) + Abs(w2)),
    (functions.Root, sqrt(norm2(w)), sympy_sqrt(w1**2 + w2**2)),
    (functions.Diagonal, diag(w), Matrix([[w1, 0], [0, w2]])),
    (matrices.Inverse, matrices.inverse(diag(w)), Matrix([[1 / w1, 0], [0, 1 / w2]])),
    (elementary.Exponential, words.exp(w[i]), exp(w1)),
    (elementary.Logarithm, words.log(w[i] ** 2 + 1), log(w1**2 + 1)),
    (elementary.SymbolicPower, words.power(w[i], m + 1), w1**3),
    (elementary.Maximum, words.maximum(w[i], w[j]), (w1 + w2 + Abs(w1 - w2)) / 2),
    (elementary.Minimum, words.minimum(w[i], w[j]), (w1 + w2 - Abs(w1 - w2)) / 2),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "line", "expected"), COMPONENTS, ids=[row[0].__name__ for row in COMPONENTS])
def test_components(kind, line, expected):
    assert line.atoms(kind)
    found = line.as_sympy(m=2, q=3, i=1, j=2, r=3)
    if isinstance(expected, Matrix):
        assert isinstance(found, Matrix)
        assert (found - expected).expand() == Matrix.zeros(*expected.shape)
    else:
        assert (found - expected).expand() == 0


def test_every_kind_of_node_has_components_and_is_tested():
    modules = (tree, variables, expectations, functions, elementary, matrices)
    kinds = {
        one for module in modules for _, one in inspect.getmembers(module, inspect.isclass) if issubclass(one, Node)
    }
    concrete = {one for one in kinds if not one.__name__.startswith("_") and one not in (Node, variables.Variable)}
    assert concrete - {variables.Constant, variables.RandomVariable} == _READERS.keys() - {variables.Variable}
    assert concrete == {row[0] for row in COMPONENTS}


def test_a_wide_matrix_and_a_number_for_a_dimension():
    assert str(matrix("B", m, m)[i, j].as_sympy(m=12, i=1, j=12)) == "B_1_12"
    assert vector("b", 2).as_sympy() == Matrix(symbols("b_1 b_2", real=True))


@pytest.mark.parametrize(
    ("line", "numbers", "message"),
    [
        (W @ w, {}, r"as_sympy of Ww needs a number for m, q: as_sympy\(m=2, q=2\)"),
        (w[i], {"m": 2}, r"needs a number for i: as_sympy\(i=1\)"),
        (w[i], {"m": 2, "i": 3}, "the index i runs from 1 to 2, 3 is outside"),
        (w, {"m": 0}, "m is a whole number from 1, not 0"),
        (w, {"m": 2.0}, "m is a whole number from 1, not 2.0"),
        (w, {"m": True}, "m is a whole number from 1, not True"),
        (w, {"m": "2"}, "m is a whole number from 1, not '2'"),
        (w / (m - 1), {"m": 1}, "divides by zero at m = 1"),
        (s.t * (1 / (m.symbol - 1)), {"m": 1}, "divides by zero at m = 1"),
        (s.t * m.symbol / 2, {}, "needs a number for m"),
        (w[i] + scalar("w_1"), {"m": 2, "i": 1}, "two things would be called w_1"),
        (w[i] * parameter("w_1"), {"m": 2, "i": 1}, "two things would be called w_1"),
        (E(norm2(W @ w) ** 9), {"m": 3, "q": 3}, "more than 20000 terms"),
    ],
)
def test_what_has_no_components(line, numbers, message):
    with pytest.raises(NotationError, match=message):
        line.as_sympy(**numbers)


def test_names_that_do_not_occur_are_passed_over():
    assert w.as_sympy(m=2, q=7) == Matrix([w1, w2])


class TestMean:
    line = E((x.T @ w - y) ** 2).as_sympy(m=2)

    def test_prints(self):
        assert str(self.line.coeff(w1, 2)) == "E[x_1**2]"
        assert r"\mathbb{E}\left[x_{1}^{2}\right]" in latex(self.line)
        assert "E[x₁⋅x₂]" in pretty(self.line, use_unicode=True)
        assert pickle.loads(pickle.dumps(self.line)) == self.line

    def test_random_symbols_are_bound(self):
        assert self.line.free_symbols == {w1, w2}
        assert self.line.subs(x1, 3) == self.line
        assert self.line.subs(w2, 0) == w1**2 * mean(x1**2) - 2 * w1 * mean(x1 * y_) + mean(y_**2)

    def test_derivatives_pass_under_it(self):
        found = E(A(x.T @ w)).as_sympy(m=2).diff(w1)
        expected = E(x[i] * A.prime(x.T @ w)).as_sympy(m=2, i=1)
        assert str(found) == str(expected)
        assert str(found).startswith("E[x_1*Subs(Derivative(A(")


# ---- the catalogue ---------------------------------------------------------------------------------------------

SCRIPTS = {entry.name: read(entry) for entry in Catalogue(ROOT).entries}


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_line_of_the_catalogue_has_difference_0(name):
    script = SCRIPTS[name]
    for theorem in (script.theorem, *script.corollaries.values()):
        found = opinions_on(theorem)
        assert len(found) == len(theorem.steps)
        for step, opinion in zip(theorem.steps, found, strict=True):
            if step.relation != "=":
                assert opinion.verdict == NOT_ASKED
                continue
            assert opinion.verdict == "difference 0", str(opinion)
            choices = {tuple(sizes.items()) for sizes in opinion.sizes}
            assert len(choices) == 2 or choices == {()}
            assert all(len(set(sizes.values())) > 1 for sizes in opinion.sizes if len(sizes) > 1)


# E[Δ]² for E[Δ²]: with Δ unfolded, E[Δ] = 0 is an equation in several means that is not used to the full
# the second speaks of the inverse of XXᵀ alone, which does not exist at one of the sizes that are looked at
UNDECIDED_VARIANTS = {("dropout_glm_penalty", 13), ("ridge_push_through", 3)}
VARIANTS = [(name, position) for name, script in SCRIPTS.items() for position in range(len(script.variants))]


@pytest.mark.parametrize(("name", "position"), VARIANTS)
def test_every_wrong_variant_of_the_catalogue_has_not(name, position):
    theorem, variant = SCRIPTS[name].theorem, SCRIPTS[name].variants[position]
    step = theorem.steps[(variant.at or len(theorem.lines)) - 2]
    opinion = SecondOpinion(theorem.lines).on_step(step.old, variant.line, cited_by(step.reasons))
    expected = "undecided" if (name, position) in UNDECIDED_VARIANTS else "difference nonzero"
    assert opinion.verdict == expected, (variant.mistake, str(opinion))
    assert opinion.difference or opinion.why


# ---- steps by themselves ---------------------------------------------------------------------------------------


def opinion(old, new, *reasons, **cited):
    lifted = new if isinstance(new, Node) else Number(new)
    facts = Cited(**cited) if cited else cited_by(reasons)
    return SecondOpinion((old, lifted)).on_step(old, lifted, facts)


lam, d = parameter("lam", nonnegative=True), parameter("d", between=(0, 1))
N, h = dimension("N"), dimension("h")
X, noise, b = matrix("X", N, m), random_matrix("xi", N, m), w
p, o = index("p", N), index("o", N)
u, shift = X @ b, hadamard(X, noise) @ b
dropout = (
    moment(E(noise[p, j]), 0),
    moment(E(noise[p, j] * noise[o, k]), d / (1 - d) * delta(p, o) * delta(j, k)),
)


def rest_of(of):
    return E(Sum(p, remainder(of, 3, u[p], shift[p])))


def taylor(of, half):
    third = Sum(p, remainder(of, 3, u[p], shift[p]))
    first = Sum(p, of(u[p]) + of.prime(u[p]) * shift[p])
    return E(first + half * Sum(p, of.prime.prime(u[p]) * shift[p] ** 2) + third)


def penalty(of, second, half):
    variances = Sum(j, X[p, j] ** 2 * b[j] ** 2)
    return Sum(p, of(u[p])) + half * (d / (1 - d)) * Sum(p, second(u[p]) * variances) + rest_of(of)


def logistic_variance(z):
    return sigmoid(z) * (1 - sigmoid(z))


half = Number(Rational(1, 2))
W1, W2, b1, b2, x0 = matrix("W1", h, q), matrix("W2", m, h), vector("b1", h), vector("b2", m), vector("x0", q)
act, cost = function("g"), function("C", of=b2)
hidden = W1 @ x0 + b1
out = W2 @ act(hidden) + b2
family = {"families": ((T, theta, A),)}
mean_of_n, second_of_n = s.mean, s.covariance
free_pair = E(e.e[e.i] * e.e[e.j])

# (name, old, right, wrong, reasons): right has difference 0 under the reasons, wrong has not
STEPS = [
    ("L1", derivative(lam * norm1(w), w[k]), lam * sgn(w[k]), 2 * lam * sgn(w[k]), ()),
    ("L1, value for sign", derivative(lam * norm1(w), w[k]), lam * sgn(w[k]), lam * w[k], ()),
    ("Frobenius", gradient(lam * norm2(W), W), 2 * lam * W, lam * W, ()),
    ("chain rule", derivative(A(w.T @ w), w[k]), 2 * w[k] * A.prime(w.T @ w), w[k] * A.prime(w.T @ w), ()),
    ("|w|", derivative(absolute(w[k]) ** 3, w[k]), 3 * w[k] * absolute(w[k]), 3 * w[k] ** 2, ()),
    ("|a| sgn(a)", absolute(w[k]) * sgn(w[k]), w[k], absolute(w[k]), ()),
    ("derivative of sgn", derivative(s.t * sgn(s.t), s.t), sgn(s.t), 2 * sgn(s.t), ()),
    ("‖w‖", sqrt(norm2(2 * w)), 2 * sqrt(norm2(w)), 4 * sqrt(norm2(w)), ()),
    ("gradient of ‖w‖", derivative(sqrt(norm2(w)), w[k]) * norm2(w), w[k] * sqrt(norm2(w)), 2 * w[k] * sqrt(norm2(w)), ()),
    ("vector argument", gradient(C(2 * w), w), 2 * C.gradient(2 * w), C.gradient(2 * w), ()),
    ("Taylor", E(Sum(p, A(u[p] + shift[p]))), taylor(A, half), taylor(A, Number(1)), ()),
    ("dropout penalty", taylor(A, half), penalty(A, A.prime.prime, half), penalty(A, A.prime.prime, Number(1)), dropout),
    ("logistic, by its closed form", logistic.prime.prime(u[p]), logistic_variance(u[p]), sigmoid(u[p]) ** 2, ()),
    ("logistic under E", E(logistic.prime.prime(w.T @ n)), E(logistic_variance(w.T @ n)), E(sigmoid(w.T @ n)), ()),
    ("logistic penalty", E(Sum(p, logistic(u[p] + shift[p]))), penalty(logistic, logistic_variance, half), penalty(logistic, logistic_variance, Number(1)), dropout),
    ("a closed form that is a polynomial", E(Sum(p, square(u[p] + shift[p]))), penalty(square, lambda z: Number(1), half) - rest_of(square), penalty(square, lambda z: Number(1), Number(1)), dropout),
    ("a function of sums, by its closed form", power(s.t + theta), power(s.t) * power(theta), power(s.t) + power(theta), ()),
    ("backpropagation", gradient(cost(out) + lam * norm2(W1), W1), hadamard(W2.T @ cost.gradient(out), act.prime(hidden)) @ x0.T + 2 * lam * W1, hadamard(W2.T @ cost.gradient(out), act.prime(hidden)) @ x0.T + lam * W1, ()),
    ("backpropagation, g for g′", gradient(cost(out), W1), hadamard(W2.T @ cost.gradient(out), act.prime(hidden)) @ x0.T, hadamard(W2.T @ cost.gradient(out), act(hidden)) @ x0.T, ()),
    ("under E", derivative(E(absolute(x.T @ w)), w[k]), E(x[k] * sgn(x.T @ w)), E(x[k]), ()),
    ("independence", E(x[i] * n[j] * y), E(x[i] * y) * E(n[j]), E(x[i]) * E(n[j] * y), (s.independent,)),
    ("independence, three", E(x[i] * n[j] * y), E(x[i]) * E(n[j]) * E(y), E(x[i]) * E(n[j]), (independent(x, n, y),)),
    ("covariance and mean", Cov(n), alpha * identity(m), alpha**2 * identity(m), (mean_of_n, second_of_n)),
    ("a Cov is cited", E(n @ n.T), alpha * identity(m) + E(n) @ E(n).T, alpha * identity(m), (moment(Cov(n), alpha * identity(m)),)),
    ("both at once", E((x.T @ w) * (n.T @ w)), 0, E(x.T @ w), (s.independent, mean_of_n)),
    ("i ≠ j only", e.n * E(e.e[e.i] ** 2) + E(Sum(distinct(e.i, e.j), e.e[e.i] * e.e[e.j])), e.n * E(e.e[e.i] ** 2) + e.n * (e.n - 1) * e.c, e.n * e.c + e.n * (e.n - 1) * e.c, (e.mixed,)),
    ("distinct free indices", free_pair, e.c, e.v, (e.mixed, distinct(e.i, e.j))),
    ("a moment of a defined symbol", E(Sum(e.i, e.eps[e.i] ** 2)), e.n * e.v, e.v, (moment(E(e.eps[e.i] ** 2), e.v),)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "right", "wrong", "reasons"), [row[1:] for row in STEPS], ids=[row[0] for row in STEPS]
)
def test_steps(old, right, wrong, reasons):
    assert str(opinion(old, right, *reasons)).endswith("difference 0")
    assert opinion(old, wrong, *reasons).verdict == "difference nonzero"


@pytest.mark.parametrize(("old", "right", "reasons"), [(row[1], row[2], row[4]) for row in STEPS if row[4]])
def test_without_its_reasons_no_step_has_difference_0(old, right, reasons):
    assert opinion(old, right).verdict == "difference nonzero"


def test_independence_does_not_speak_of_others():
    """y may be tied to both: nothing splits, and y is not lost."""
    facts = (independent(x, n),)
    for wrong in (E(x[i]) * E(n[j]), E(x[i]) * E(n[j] * y), E(x[i]) * E(n[j]) * E(y)):
        assert opinion(E(x[i] * n[j] * y), wrong, *facts).verdict == "difference nonzero"


def test_expectations_are_no_plain_averages():
    """E[a] + E[b] is E[a + b], but E is not multiplicative, and what is random is not its mean."""
    assert opinion(E(power(y)) + E(2 * power(y) ** 2), E(power(y) * (1 + 2 * power(y)))).verdict == "difference 0"
    assert opinion(E(power(y)) * E(power(-y)), Number(1)).verdict == "difference nonzero"
    assert opinion(E(power(y)) ** 2, E(power(y) ** 2)).verdict == "difference nonzero"
    assert opinion(power(y), E(power(y))).verdict == "difference nonzero"
    assert opinion(absolute(y), E(absolute(y))).verdict == "difference nonzero"


def test_closed_forms_are_compared_by_argument(monkeypatch):
    """Without SymPy's cancel on the whole: its many symbols make that slow, or too large to ask for."""
    monkeypatch.setattr("proofsheet.explicit.differences.MOST_OPERATIONS", 0)
    (case,) = (row for row in STEPS if row[0] == "logistic penalty")
    assert opinion(case[1], case[2], *case[4]).verdict == "difference 0"


def test_a_moment_that_independence_splits():
    """Cited at once they say E[x]E[y] = t, which is solved for no expectation: multiples of it count, no more."""
    facts = (independent(x, y), moment(E(x[i] * y), s.t))
    assert opinion(2 * E(x[i]) * E(y), 2 * s.t, *facts).verdict == "difference 0"
    assert opinion(E(x[i]) * E(y), 2 * s.t, *facts).verdict == "undecided"


class TestExponentialFamily:
    def test_score(self):
        assert opinion(derivative(E(T), theta), E(T * (T - A.prime(theta))), **family).verdict == "difference 0"
        assert opinion(derivative(E(T), theta), E(T * (T + A.prime(theta))), **family).verdict == "difference nonzero"
        assert opinion(derivative(E(T**2) * theta, theta), E(T**2), **family).verdict == "difference nonzero"

    def test_mean_and_variance(self):
        assert opinion(Var(T), A.prime.prime(theta), **family).verdict == "difference 0"
        assert opinion(Var(T), 2 * A.prime.prime(theta), **family).verdict == "difference nonzero"
        assert opinion(Var(T), A.prime.prime(theta)).verdict == "difference nonzero", "the family is not cited"

    def test_what_the_family_does_not_speak_of(self):
        found = opinion(derivative(E(T * y), theta), theta * 0, **family)
        assert found.verdict == "undecided"
        assert "how the law of E[T*y] depends on the parameter" in found.why

    def test_a_reason_with_the_three_parts(self):
        assert cited_by([exponential_family(T, theta, A)]).families == ((T, theta, A),)
        assert cited_by([object(), linearity]) == Cited()


def test_a_derivative_by_what_the_law_is_tied_to_is_undecided():
    """E[z] = μ says how the law depends on μ, but not how E[z²] does."""
    found = opinion(derivative(E(y), theta), Number(0), moment(E(y), theta))
    assert found.verdict == "undecided"
    assert "E[y] = θ ties the law to θ" in found.why


class TestTheorems:
    square = prove(E((n.T @ w) ** 2), (alpha * norm2(w), s.covariance))

    def test_multiples(self):
        assert opinion(3 * E((n.T @ w) ** 2) + s.t, 3 * alpha * norm2(w) + s.t, self.square).verdict == "difference 0"
        assert opinion(alpha * E((n.T @ w) ** 2), alpha**2 * norm2(w), self.square).verdict == "difference 0"

    def test_what_is_no_multiple_is_undecided(self):
        found = opinion(E((n.T @ w) ** 2), 2 * alpha * norm2(w), self.square)
        assert found.verdict == "undecided"
        assert "no multiple of the cited theorem" in found.why

    def test_a_theorem_that_is_solved_for_an_expectation_decides_no_more(self):
        theorem = SCRIPTS["ensemble_error"].theorem
        assert opinion(2 * theorem.left, 2 * theorem.right, theorem).verdict == "difference 0"
        assert opinion(theorem.left, 2 * theorem.right, theorem).verdict == "undecided"


class TestSizes:
    def test_right_at_two_only(self):
        found = opinion((e.n - 1) * e.c / e.n, 2 * (e.n - 1) * e.c / e.n**2)
        assert (found.verdict, found.sizes) == ("difference nonzero", ({"n": 3},))

    def test_right_for_square_matrices_only(self):
        assert opinion(m * trace(W @ W.T), q * trace(W @ W.T)).verdict == "difference nonzero"

    def test_larger_where_a_line_divides_by_zero(self):
        found = opinion(s.t / (m - 2), s.t * (1 / (m - 2)))
        assert (found.verdict, found.sizes) == ("difference 0", ({"m": 3}, {"m": 4}))
        found = opinion(s.t / ((m - 2) * (m - 3) * (m - 4)), s.t)
        assert found.verdict == "undecided"
        assert "divides by zero" in found.why

    @pytest.mark.parametrize("count", range(1, 6))
    def test_no_two_dimensions_always_coincide(self, count):
        names = [f"d{position}" for position in range(count)]
        choices = choices_of_sizes(names)
        columns = [tuple(choice[name] for choice in choices) for name in names]
        assert len(set(columns)) == count
        assert all(first != second for first, second in columns)

    def test_print(self):
        assert described_sizes(choices_of_sizes(["m"])) == "SymPy, m = 2, 3"
        assert described_sizes(choices_of_sizes(["q", "m"])) == "SymPy, (m, q) = (2, 3), (3, 2)"
        assert described_sizes(choices_of_sizes([])) == "SymPy"


class TestUndecided:
    def test_too_large(self):
        found = opinion(E(y * norm2(W) ** 20), E(y) * norm2(W) ** 20)
        assert found.verdict == "undecided"
        assert "more than 20000 terms" in found.why

    def test_an_unknown_kind_of_node(self):
        class Strange(Node):
            __module__ = "proofsheet.a_later_version"  # no script can add a kind of its own

        assert opinion(s.t + Strange(), s.t).why == "Strange has no explicit components"

    def test_a_name_that_two_things_would_have(self):
        assert "two things would be called w_1" in opinion(w.T @ w * scalar("w_1"), s.t).why

    def test_cited_equations_that_could_not_be_used_to_the_full(self):
        twice = (moment(E(y), s.t), moment(E(y), theta))
        assert opinion(E(x[i]), E(n[i]), *twice).verdict == "undecided"

    def test_true_almost_everywhere_only(self):
        assert opinion(sgn(s.t) ** 2, Number(1)).verdict == "undecided"

    def test_other_shape(self):
        assert opinion(w, w.T).verdict == "difference nonzero"


def test_a_definition_stands_for_itself_first():
    f = define("f", E((x.T @ w - y) ** 2), of=w)
    assert opinion(2 * f(w), f(w)).difference == "f(w_1, w_2)"
    assert opinion(f(w + s.u), f(s.u + w)).verdict == "difference 0"
    assert opinion(derivative(f(w), w[k]), 2 * E((x.T @ w - y) * x[k])).verdict == "difference 0"
    for wrong in (E((x.T @ w - y) * x[k]), Number(0)):
        assert opinion(derivative(f(w), w[k]), wrong).verdict == "difference nonzero"


def test_entries_and_values_of_indices_are_all_looked_at():
    last = Sum(j, W[r, j] * w[j])
    assert opinion((W @ w)[r], last).verdict == "difference 0"
    assert opinion(w[i] * w[j], w[i] ** 2).verdict == "difference nonzero", "true at i = j only"
    assert opinion(delta(i, j) * w[i], delta(i, j) * w[j]).verdict == "difference 0"
    assert opinion(delta(i, j) * w[i], zeros(m)[i]).verdict == "difference nonzero", "true at i ≠ j only"


# ---- the layer, and the command line ----------------------------------------------------------------------------


def with_wrong_line(name, line, change):
    """A script whose theorem has one line exchanged, as if the kernel had accepted it."""
    script = SCRIPTS[name]
    steps = [replace(step, new=change(step.new) if step.number == line else step.new) for step in script.theorem.steps]
    theorem = SimpleNamespace(lines=script.theorem.lines, steps=steps)
    return SimpleNamespace(theorem=theorem, corollaries={}, variants=())


def test_layer():
    (entry,) = Catalogue(ROOT).select(["gaussian_noise_mse"])
    good = explicit_layer(entry, SCRIPTS[entry.name], None)
    assert (good.verdict, good.healthy, good.undecided) == ("difference 0", True, False)
    assert good.facts["dimensions"] == [{"m": 2}, {"m": 3}]
    assert good.facts["zero"] == good.facts["steps"] == 8
    bad = explicit_layer(entry, with_wrong_line(entry.name, 5, lambda line: line + alpha), None)
    assert (bad.verdict, bad.healthy, bad.undecided) == ("difference nonzero", False, False)
    assert bad.message == "gaussian_noise_mse, explicit, line 5: SymPy, m = 2: difference nonzero: -alpha"
    assert [row["line"] for row in bad.facts["lines"]] == [5]
    unsure = explicit_layer(
        entry, with_wrong_line(entry.name, 5, lambda line: line + 0 * norm2(w) ** 20 * W[r, j]), None
    )
    assert unsure.verdict == "difference 0", "0 times anything is 0"


LARGE = '''
"""More terms than SymPy is asked for."""
from proofsheet import E, dimension, linearity, matrix, norm2, prove, random_scalar, show
m, q = dimension("m"), dimension("q")
W, y = matrix("W", q, m), random_scalar("y")
theorem = prove(E(y * norm2(W)**20), (E(y) * norm2(W)**20, linearity))
show(__name__, theorem)
'''


def test_one_nonzero_line_outweighs_the_undecided():
    zero, unsure, wrong = (SecondOpinion(()).on_step(*pair) for pair in ((w, w), (sgn(s.t) ** 2, Number(1)), (w, -w)))
    assert [one.verdict for one in (zero, unsure, wrong)] == ["difference 0", "undecided", "difference nonzero"]
    assert joint_verdict([zero, unsure, wrong, unsure]) == "difference nonzero"
    assert joint_verdict([zero, unsure, zero]) == "undecided"
    assert joint_verdict([zero]) == "difference 0"


def test_undecided_is_no_pass(tmp_path):
    done = run("check", "--layers", "proof,explicit", "--json", "--catalogue", folder(tmp_path, large=LARGE))
    (one,) = json.loads(done.out)["identities"]
    assert done.returncode == 3
    assert one["proof"]["verdict"] == "proved"
    assert one["explicit"]["verdict"] == "undecided"
    assert one["outcome"] == "explicit: undecided"
    assert "more than 20000 terms" in one["explicit"]["lines"][0]["why"]
    derived = run("derive", "--explicit", "--catalogue", tmp_path)
    assert derived.returncode == 3
    assert "line 2: SymPy, (m, q) = (2, 3), (3, 2): undecided" in derived.out


def test_check_with_this_layer_alone():
    done = run("check", "ensemble_error", "--layers", "explicit", "--json")
    (one,) = json.loads(done.out)["identities"]
    assert done.returncode == 0
    assert one["explicit"]["verdict"] == "difference 0"
    assert one["explicit"]["dimensions"] == [{"n": 2}, {"n": 3}]
    assert one["proof"] == one["witness"] == "not checked"


def test_nonzero_ends_with_1(monkeypatch):
    wrong = [SecondOpinion((w,)).on_step(w, 2 * w)]
    monkeypatch.setattr(proofsheet.evidence, "opinions_on", lambda theorem: wrong)
    monkeypatch.setattr("proofsheet.explicit_layer.opinions_on", lambda theorem: wrong)
    checked = CliRunner().invoke(cli.main, ["check", "gaussian_noise_mse", "--layers", "proof,explicit", "--jobs", "0"])
    assert checked.exit_code == 1
    assert "explicit: difference nonzero" in checked.output
    derived = CliRunner().invoke(cli.main, ["derive", "gaussian_noise_mse", "--explicit"])
    assert derived.exit_code == 1
    assert "line 2: SymPy, m = 2: difference nonzero: -w_1" in derived.output


def test_derive_explicit():
    done = run("derive", "--explicit", "ensemble_error", "multi_output_noise_mse")
    assert done.returncode == 0
    assert done.out.count("    SymPy, n = 2, 3: difference 0\n") == 3
    assert "    SymPy, (m, q) = (2, 3), (3, 2): difference 0\n" in done.out
    assert "SymPy" not in run("derive", "ensemble_error").out
    assert max(map(len, run("derive", "--explicit", "--width", "40", "ensemble_error").out.splitlines())) <= 60


def test_derive_explicit_json():
    (found,) = json.loads(run("derive", "--explicit", "--json", "ensemble_error").out)["identities"]
    assert [one["verdict"] for one in found["explicit"]["theorem"]] == ["difference 0"] * 6
    assert set(found["explicit"]["corollaries"]) == {"uncorrelated_errors", "identical_errors"}
    (plain,) = json.loads(run("derive", "--json", "ensemble_error").out)["identities"]
    assert plain["explicit"] == "not checked"


def test_proofs_may_be_walked_with_sympy():
    """The last line of a theorem, in SymPy's own hands."""
    closed = SCRIPTS["ensemble_error"].theorem.right.as_sympy(n=4)
    v_, c_ = Symbol("v", nonnegative=True), Symbol("c", real=True)
    assert closed == v_ / 4 + 3 * c_ / 4
