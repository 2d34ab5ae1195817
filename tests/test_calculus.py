"""The kernel's analysis: each rule on its smallest true example and on its nearest false neighbour."""

from fractions import Fraction

import pytest
from sympy import Symbol, exp, log
from vocabulary import follows, verdict

from proofsheet import (
    AssumptionError,
    Cov,
    E,
    NotationError,
    ShapeError,
    Sum,
    Theorem,
    Var,
    absolute,
    algebra,
    define,
    definition,
    delta,
    derivative,
    diag,
    differentiate,
    dimension,
    distinct,
    exponential_family,
    function,
    gradient,
    hadamard,
    index,
    lemma,
    linearity,
    matrix,
    moment,
    nonnegative,
    norm1,
    norm2,
    parameter,
    prove,
    random_scalar,
    random_vector,
    remainder,
    scalar,
    sgn,
    sqrt,
    symmetric_matrix,
    taylor,
    trace,
    vector,
    vectors,
)
from proofsheet.kernel.lowering import normal_form
from proofsheet.kernel.normal_form import Algebra, free_indices
from proofsheet.kernel.rules import Rules
from proofsheet.kernel.side_conditions import AwayFromKink, LawFree, NonnegativeRadicand, Smooth, UnderIntegral
from proofsheet.kernel.theorem import Step

m, q = dimension("m"), dimension("q")
i, j, k, l = (index(name, m) for name in "ijkl")
a, b = index("a", q), index("b", q)
lam, c = parameter("lam", positive=True), parameter("c")
s, t, theta, phi = scalar("s"), scalar("t"), scalar("theta"), scalar("phi")
w, v, W, V = vector("w", m), vector("v", m), matrix("W", q, m), matrix("V", q, m)
x, z, y, T, S = random_vector("x", m), random_vector("z", m), random_scalar("y"), random_scalar("T"), random_scalar("S")
A, B = function("A"), function("B")
F, G = function("F", of=(t, s)), function("G", of=w)
H = function("H", of=(w, W))
family = exponential_family(T, theta, A)


def named(rows):
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


TRUE = [
    ("a constant", derivative(s, t), 0, differentiate),
    ("the variable", derivative(t, t), 1, differentiate),
    ("product", derivative(t**3 * s, t), 3 * t**2 * s, differentiate),
    ("entries", derivative(w[j], w[k]), delta(j, k), differentiate),
    ("matrix entries", derivative(W[a, j], W[b, k]), delta(a, b) * delta(j, k), differentiate),
    ("sum of squares", derivative(Sum(i, w[i] ** 2), w[i]), 2 * w[i], differentiate),
    ("bilinear", gradient(v.T @ W.T @ W @ v, v), 2 * W.T @ W @ v, differentiate),
    ("trace form", gradient(norm2(W @ v), W), 2 * W @ v @ v.T, differentiate),
    ("chain", derivative(A(t**2), t), 2 * t * A.prime(t**2), differentiate),
    ("second derivative", derivative(derivative(A(t), t), t), A.prime.prime(t), differentiate),
    ("entrywise", derivative(A(w)[j], w[k]), A.prime(w[j]) * delta(j, k), differentiate),
    ("two arguments", derivative(F(t**2, t), t), 2 * t * F.partial(1)(t**2, t) + F.partial(2)(t**2, t), differentiate),
    (
        "mixed partials of arrays",
        derivative(derivative(H(w, W), W[a, j]), w[k]),
        derivative(derivative(H(w, W), w[k]), W[a, j]),
        differentiate,
    ),
    ("square of a root of no square", sqrt(2 + 0 * c) ** 2, 2 + 0 * c, algebra),
    ("mixed partials", derivative(derivative(F(t, s), t), s), derivative(derivative(F(t, s), s), t), differentiate),
    ("vector argument", gradient(G(W.T @ W @ w), w), W.T @ W @ G.gradient(W.T @ W @ w), differentiate),
    ("two array arguments", derivative(H(t * w, W), t), w.T @ H.partial(1)(t * w, W), differentiate),
    ("absolute value", derivative(absolute(w[j]), w[k]), sgn(w[k]) * delta(j, k), differentiate),
    ("L1 norm of a matrix", derivative(norm1(W), W[a, j]), sgn(W[a, j]), differentiate),
    ("sign is locally constant", derivative(sgn(t), t), 0, differentiate),
    ("under E", derivative(E((x.T @ w) ** 2), w[k]), 2 * E(x[k] * (x.T @ w)), differentiate, linearity),
    ("random argument", gradient(E(A(x.T @ w)), w), E(A.prime(x.T @ w) * x), differentiate, linearity),
    ("taylor of degree 0", remainder(A, 1, s, t), A(s + t) - A(s), taylor(A, 0)),
    ("taylor", A(s + t), A(s) + A.prime(s) * t + A.prime.prime(s) * t**2 / 2 + remainder(A, 3, s, t), taylor(A, 2)),
    ("score", derivative(E(T**2), theta), E(T**2 * (T - A.prime(theta))), family),
    ("score and product", derivative(E(theta * T), theta), E(T + theta * T * (T - A.prime(theta))), family),
    ("root of a square sum", sqrt(norm2(w)) ** 2, norm2(w), algebra),
    ("cube of a root", sqrt(t**2) ** 3, t**2 * sqrt(t**2), algebra),
    ("diagonal matrix", norm2(diag(w) @ v), Sum(i, w[i] ** 2 * v[i] ** 2), algebra),
    ("absolute numbers", absolute(-3) * t + sgn(-2), 3 * t - 1, algebra),
    ("functions of equal arguments", A(t + s), A(s + t), algebra),
    ("gradient by entries", gradient(G(w), w)[k], derivative(G(w), w[k]), algebra),
]
FALSE = [
    ("captured index", derivative(Sum(i, w[i] ** 2), w[i]), 2 * Sum(i, w[i]), differentiate),
    ("product, one half only", derivative(A(t) * B(t), t), A.prime(t) * B(t), differentiate),
    ("chain, inner derivative lost", derivative(A(t**2), t), A.prime(t**2), differentiate),
    ("chain, outer lost", derivative(A(t**2), t), 2 * t * A(t**2), differentiate),
    ("partial for total", derivative(F(t, t), t), F.partial(1)(t, t), differentiate),
    ("partials exchanged", derivative(F(t, s), t), F.partial(2)(t, s), differentiate),
    ("transposed", gradient(v.T @ W.T @ V @ v, W), W @ v @ v.T, differentiate),
    ("2 lost", gradient(norm2(W), W), W, differentiate),
    ("sign lost", derivative(absolute(t), t), 1, differentiate),
    ("not cited", derivative(t**2, t), 2 * t, algebra),
    ("other entry", derivative(w[j] ** 2, w[k]), 2 * w[k], differentiate),
    ("taylor without remainder", A(s + t), A(s) + A.prime(s) * t + A.prime.prime(s) * t**2 / 2, taylor(A, 2)),
    ("half lost", A(s + t), A(s) + A.prime(s) * t + A.prime.prime(s) * t**2 + remainder(A, 3, s, t), taylor(A, 2)),
    ("other degree", A(s + t), A(s) + A.prime(s) * t + remainder(A, 2, s, t), taylor(A, 2)),
    ("other function", B(s + t), B(s) + remainder(B, 1, s, t), taylor(A, 0)),
    ("remainder taken for 0", remainder(A, 3, s, t), 0, algebra),
    ("score forgotten", derivative(E(T), theta), 0, family),
    ("score of another parameter", derivative(E(T), phi), E(T * (T - A.prime(theta))), family),
    ("root of a square", sqrt(t**2), t, algebra),
    ("two roots", sqrt(t**2) * sqrt(s**2), t**2, algebra),
    ("two roots, the other", sqrt(t**2) * sqrt(s**2), s**2, algebra),
    ("root of no square", sqrt(2 + 0 * c), 1 + 0 * c, algebra),
    ("root of a fraction", sqrt(c * Fraction(1, 2) + Fraction(1, 2) - c / 2), 1 + 0 * c, algebra),
    ("sign of another vector", w.T @ sgn(v), norm1(v), algebra),
    ("law behind an opaque variance", derivative(Var(y), t), 0, differentiate),
    (
        "mixed partials by other entries",
        derivative(derivative(H(w, W), W[a, j]), w[k]),
        derivative(derivative(H(w, W), w[j]), W[a, k]),
        differentiate,
    ),
    ("root of a sum", sqrt(t**2 + s**2), sqrt(t**2) + sqrt(s**2), algebra),
    ("diagonal for vector", norm2(diag(w) @ v), (w.T @ v) ** 2, algebra),
    ("absolute value of a sum", absolute(s + t), absolute(s) + absolute(t), algebra),
    ("function of a sum", A(s + t), A(s) + A(t), linearity),
    ("E of a function", E(A(y)), A(E(y)), linearity),
    ("E out of a derivative", derivative(E(y * t), t), derivative(y * t, t), differentiate),
]


@pytest.mark.parametrize(("old", "new", "reasons"), named([(r[0], r[1], r[2], r[3:]) for r in TRUE]))
def test_true(old, new, reasons):
    assert follows(old, new, *reasons)


@pytest.mark.parametrize(("old", "new", "reasons"), named([(r[0], r[1], r[2], r[3:]) for r in FALSE]))
def test_false(old, new, reasons):
    assert not follows(old, new, *reasons)


class TestDefinitionsUnderDerivatives:
    pre = define("u", W @ w)
    f = staticmethod(define("f", norm2(w), of=w))

    def test_a_defined_symbol_that_depends_is_not_held_fixed(self):
        assert not follows(derivative(self.pre[a], w[k]), 0, differentiate)
        assert follows(derivative(self.pre[a], w[k]), W[a, k], differentiate, definition)

    def test_one_that_does_not_depend_is(self):
        assert follows(derivative(self.pre[a] * t, t), self.pre[a], differentiate)

    def test_the_chain_rule_goes_through_it(self):
        cost = function("C", of=self.pre)
        inner = Sum(a, cost.gradient(self.pre)[a] * derivative(self.pre[a], w[k]))
        assert follows(derivative(cost(self.pre), w[k]), inner, differentiate)

    def test_functions(self):
        assert not follows(derivative(self.f(w), w[k]), 0, differentiate)
        assert follows(derivative(self.f(w), w[k]), 2 * w[k], differentiate, definition)

    def test_a_function_with_a_derivative_in_it_is_refused(self):
        with pytest.raises(NotationError, match="holds a derivative"):
            define("g", gradient(norm2(w), w), of=w)


class TestFunctionsOfVectors:
    """Arguments are bound inside a function factor: nothing may be captured there."""

    def test_nested(self):
        inner = function("K", of=w)
        assert follows(G(inner(w) * v), G(v * inner(w)), algebra)
        assert not follows(G(inner(w) * v), G(inner(v) * w), algebra)

    def test_an_index_from_outside(self):
        rows = vectors("p", m, m)
        assert follows(Sum(i, G(rows[i])), Sum(j, G(rows[j])), algebra)
        assert not follows(Sum(i, G(rows[i]) * w[i]), Sum(i, Sum(j, G(rows[i]) * w[j])), algebra)

    def test_transposed_matrix_argument(self):
        square, other = matrix("M", m, m), function("L", of=matrix("M", m, m))
        assert not follows(other(square), other(square.T), algebra)
        assert not follows(gradient(other(square.T), square), other.gradient(square.T), differentiate)
        assert follows(gradient(other(square.T), square), other.gradient(square.T).T, differentiate)

    def test_second_derivatives_commute(self):
        left = derivative(derivative(G(w), w[j]), w[k])
        assert follows(left, derivative(derivative(G(w), w[k]), w[j]), differentiate)
        assert not follows(left, derivative(derivative(G(w), w[k]), w[k]), differentiate)

    def test_independence_sees_random_arguments(self):
        from proofsheet import independent

        assert follows(E(A(y) * G(x)), E(A(y)) * E(G(x)), independent(y, x))
        assert not follows(E(A(y) * G(y * w)), E(A(y)) * E(G(y * w)), independent(y, x))


class TestSideConditions:
    def only(self, theorem, kind):
        return [one for one in theorem.side_conditions if isinstance(one, kind)]

    def test_kinks(self):
        theorem = prove(derivative(norm1(w), w[k]), (sgn(w[k]), differentiate))
        assert [str(one.argument) for one in self.only(theorem, AwayFromKink)] == ["wₖ"]

    def test_kinks_of_linear_forms(self):
        theorem = prove(derivative(absolute(v.T @ w), w[k]), (sgn(v.T @ w) * v[k], differentiate))
        (condition,) = self.only(theorem, AwayFromKink)
        assert follows(condition.argument, w.T @ v, algebra)

    def test_no_kink_where_nothing_is_differentiated(self):
        theorem = prove(derivative(absolute(s) * t, t), (absolute(s), differentiate))
        assert theorem.side_conditions == ()

    def test_laws(self):
        theorem = prove(derivative(E(x.T @ w), w[k]), (E(x[k]), differentiate, linearity))
        assert self.only(theorem, LawFree) == [LawFree(w, (x,))]

    def test_the_law_counts_where_the_derivative_is_0(self):
        theorem = prove(derivative(E(y), t), (0, differentiate))
        assert self.only(theorem, LawFree) == [LawFree(t, (y,))]

    def test_smoothness(self):
        theorem = prove(derivative(A.prime(t), t), (A.prime.prime(t), differentiate))
        assert self.only(theorem, Smooth) == [Smooth(A, 2)]

    def test_radicands(self):
        theorem = prove(sqrt(t) ** 2, (t, algebra))
        assert [one.argument for one in self.only(theorem, NonnegativeRadicand)] == [t]
        assert not self.only(prove(sqrt(norm2(w)) ** 2, (norm2(w), algebra)), NonnegativeRadicand)

    def test_they_are_inherited(self):
        cited = prove(derivative(norm1(w), w[k]), (sgn(w[k]), differentiate))
        citing = prove(c + derivative(norm1(w), w[k]), (c + sgn(w[k]), cited))
        assert self.only(citing, AwayFromKink)

    def test_a_step_that_does_not_need_the_rule_takes_nothing_for_granted(self):
        theorem = prove(derivative(norm1(w), w[k]) + c - c, (derivative(norm1(w), w[k]), differentiate))
        assert theorem.side_conditions == ()
        assert theorem.unneeded


class TestLawsThatDependOnTheVariable:
    mu = vector("mu", m)

    def test_zero_is_not_one(self):
        """0 = ∂E[z]/∂μ = ∂μ/∂μ = 1 from E[z] = μ."""
        mean = moment(E(z), self.mu)
        with pytest.raises(AssumptionError, match="cannot pass under E"):
            prove(
                delta(j, k),
                (derivative(self.mu[j], self.mu[k]), differentiate),
                (derivative(E(z[j]), self.mu[k]), mean),
                (0, differentiate),
            )

    def test_nor_in_two_theorems(self):
        mean = moment(E(z), self.mu)
        one = prove(
            derivative(E(z[j]), self.mu[k]), (derivative(self.mu[j], self.mu[k]), mean), (delta(j, k), differentiate)
        )
        zero = prove(derivative(E(z[j]), self.mu[k]), (0, differentiate))
        with pytest.raises(AssumptionError, match="cannot pass under E"):
            prove(delta(j, k), (derivative(E(z[j]), self.mu[k]), one), (0, zero))

    def test_nor_through_another_variable(self):
        tied, mean = moment(E(x * y), E(z)), moment(E(z), self.mu)
        with pytest.raises(AssumptionError, match="cannot pass under E"):
            prove(
                derivative(E(x[j] * y), self.mu[k]),
                (derivative(E(z[j]), self.mu[k]), tied),
                (derivative(self.mu[j], self.mu[k]), mean),
                (derivative(E(x[j] * y), self.mu[k]), tied, mean),
                (0, differentiate),
            )

    def test_a_family_without_its_score(self):
        mean = prove(E(T), (E(T - A.prime(theta)) + A.prime(theta), linearity), (derivative(E(1), theta) + A.prime(theta), family),
                     (A.prime(theta), linearity, differentiate)).as_moment()  # fmt: skip
        with pytest.raises(AssumptionError, match="cite the exponential family"):
            prove(derivative(A.prime(theta), theta), (derivative(E(T), theta), mean), (0, differentiate))

    def test_the_score_covers_its_statistic_only(self):
        found = verdict(derivative(E(T * y), theta), E(T * y * (T - A.prime(theta))), family)
        assert "is not known" in found.why

    def test_a_random_variable_beside_the_family(self):
        theorem = prove(derivative(E(y * theta), theta), (E(y), family, linearity))
        assert LawFree(theta, (y,)) in theorem.side_conditions

    def test_a_second_assumption_about_the_statistic(self):
        mean = moment(E(T), 5)
        with pytest.raises(AssumptionError, match="second assumption"):
            prove(
                derivative(E(T), theta) + 0 * E(T),
                (E(T * (T - A.prime(theta))), family),
                (E(T**2) - 5 * A.prime(theta), mean),
            )

    def test_two_families(self):
        other = exponential_family(T, phi, B)
        with pytest.raises(AssumptionError, match="two exponential families"):
            prove(
                derivative(E(T), theta) + derivative(E(T), phi),
                (E(T * (T - A.prime(theta))) + E(T * (T - B.prime(phi))), family, other),
            )

    def test_e_binds_its_random_variables(self):
        with pytest.raises(NotationError, match="derivatives are by declared"):
            gradient(E(x.T @ x), x)

    def test_an_integral_is_noted(self):
        theorem = prove(derivative(E(T), theta), (E(T * (T - A.prime(theta))), family))
        assert UnderIntegral(theta, T) in theorem.side_conditions


class TestDerivedMoments:
    mean = moment(E(y), c)
    derived = prove(E(2 * y), (2 * E(y), linearity), (2 * c, mean))

    def test_it_carries_the_assumptions_of_its_theorem(self):
        first = prove(E(y), (E(y) + 0 * c, algebra), (c, self.mean))
        theorem = prove(A(E(y)), (A(c), first.as_moment()))
        assert theorem.assumptions == (self.mean,)

    def test_a_forged_one_is_refused(self):
        from dataclasses import replace

        first = prove(E(y), (c, self.mean))
        for forged in (replace(moment(E(y), c + 1), proved=first), replace(moment(E(y), c), proved="yes")):
            with pytest.raises(AssumptionError, match="not what the theorem behind it says"):
                prove(A(E(y)), (A(forged.right), forged))

    def test_only_expectations(self):
        with pytest.raises(AssumptionError, match="left side of a moment"):
            prove(c + c, (2 * c, algebra)).as_moment()

    def test_it_is_derived_again(self):
        first = prove(E(y), (c, self.mean))
        theorem = prove(A(E(y)), (A(c), first.as_moment())).recheck()
        assert theorem.assumptions == (self.mean,)
        assert isinstance(theorem, Theorem)


class TestLemmas:
    u = Symbol("u", real=True)
    softplus, sigma = function("P", log(1 + exp(u))), function("sigma", 1 / (1 + exp(-u)))

    def test_it_replaces_the_derivative_at_any_argument(self):
        fact = lemma(self.softplus.prime.prime(t), self.sigma(t) * (1 - self.sigma(t)))
        theorem = prove(
            Sum(j, self.softplus.prime.prime(w[j]) * v[j]),
            (Sum(j, self.sigma(w[j]) * (1 - self.sigma(w[j])) * v[j]), fact),
        )
        assert theorem.lemmas == (fact,)
        assert not follows(self.softplus.prime(s), self.sigma(s) * (1 - self.sigma(s)), fact)

    def test_after_differentiation(self):
        fact = lemma(self.softplus.prime(t), self.sigma(t))
        assert follows(gradient(self.softplus(w.T @ v), w), self.sigma(w.T @ v) * v, differentiate, fact)

    def test_lemmas_are_inherited(self):
        fact = lemma(self.softplus.prime(t), self.sigma(t))
        first = prove(self.softplus.prime(s), (self.sigma(s), fact))
        assert prove(c + self.softplus.prime(s), (c + self.sigma(s), first)).lemmas == (fact,)

    def test_a_theorem_for_a_particular_function(self):
        general = prove(derivative(A(t) ** 2, t), (2 * A(t) * A.prime(t), differentiate))
        particular = general.at({A: self.sigma})
        assert str(particular) == "∂(σ(t)²)/∂t = 2 σ(t) σ′(t)"
        with pytest.raises(NotationError, match="no opaque function"):
            particular.at({self.sigma: A})
        with pytest.raises(NotationError, match="takes the place"):
            general.at({A: G})
        with pytest.raises(NotationError, match="does not speak of"):
            general.at({B: A})


class TestInequalities:
    def test_by_form(self):
        for line in (w.T @ w + norm2(w), c**2, lam * absolute(c), E(y**2), absolute(c) - c, lam * norm1(w) + c**4):
            assert isinstance(verdict(line, 0, nonnegative), Step)

    def test_false_ones(self):
        Q = symmetric_matrix("Q", m)
        for line in (
            Sum(i, w[i]),
            w.T @ Q @ w,
            trace(Q),
            c,
            -(c**2),
            c**2 - 1,
            lam - 1,
            absolute(c) - lam,
            absolute(c) - absolute(t),
        ):
            assert "does not show its sign" in verdict(line, 0, nonnegative).why

    def test_only_zero_and_nothing_beside(self):
        assert "0 on its right side" in verdict(c**2, -1, nonnegative).why
        assert "cites its sign alone" in verdict(c**2, 0, nonnegative, algebra).why

    def test_it_is_no_equation(self):
        theorem = prove(c**2, (0, nonnegative))
        assert theorem.relation == "≥"
        assert str(theorem) == "c² ≥ 0"
        with pytest.raises(NotationError, match="only equations can be cited"):
            prove(c**2 + t, (t, theorem))

    def test_of_a_moment(self):
        with pytest.raises(AssumptionError, match="is an inequality"):
            prove(E(y) ** 2, (0, nonnegative)).as_moment()


class TestNotationErrors:
    @pytest.mark.parametrize(
        ("attempt", "error", "message"),
        [
            (lambda: gradient(norm2(w), symmetric_matrix("Q", m)), NotationError, "do not vary freely"),
            (lambda: derivative(norm2(w), w), NotationError, r"write gradient\(\.\.\., w\)"),
            (lambda: gradient(t, s), NotationError, r"write derivative"),
            (lambda: derivative(w, t), ShapeError, "only scalars are differentiated"),
            (lambda: derivative(t, lam), NotationError, "not by λ"),
            (lambda: F(t), NotationError, "takes 2 arguments, not 1"),
            (lambda: G(v.T), ShapeError, "takes an argument of shape m × 1"),
            (lambda: F.prime, NotationError, "no function of one scalar"),
            (lambda: A.partial(2), NotationError, "has arguments 1 to 1"),
            (lambda: G.partial(1).partial(1)(w), NotationError, "second derivatives"),
            (lambda: remainder(G, 3, t, s), NotationError, "function of one scalar"),
            (lambda: remainder(A, 0, t, s), NotationError, "from 1 to 10"),
            (lambda: taylor(G, 2), NotationError, "function of one scalar"),
            (lambda: taylor(A, -1), NotationError, "from 0 to 8"),
            (lambda: function("A", 1 / Symbol("u")), NotationError, "smooth for every real"),
            (lambda: function("A", "log(1 + exp(u))"), NotationError, "is a SymPy expression"),
            (lambda: function("A", Symbol("u") ** Symbol("r")), NotationError, "has one symbol"),
            (lambda: exponential_family(x, theta, A), AssumptionError, "random scalar"),
            (lambda: exponential_family(T, lam, A), AssumptionError, r"declared with scalar"),
            (
                lambda: exponential_family(T, theta, function("P", Symbol("u") ** 2)),
                AssumptionError,
                "without a closed form",
            ),
            (lambda: sqrt(w), ShapeError, "square root is of a scalar"),
            (lambda: diag(W), ShapeError, "diag is of a column"),
            (lambda: vectors("p", q, m)[j], ShapeError, "the index j runs to m"),
        ],
    )
    def test_says_what_to_write(self, attempt, error, message):
        with pytest.raises(error, match=message):
            attempt()

    def test_one_name_for_two_functions(self):
        with pytest.raises(NotationError, match="names two different things"):
            prove(A(t) + t, (t + function("A", exp(Symbol("u", real=True)))(t), algebra))


def test_families_of_vectors():
    p = vectors("p", q, m)
    noisy = define("n_tilde", p[a] + w, entry=a)
    assert follows(Sum(a, norm2(p[a])), norm2(p), algebra)
    assert follows(noisy[b].T @ v, p[b].T @ v + w.T @ v, definition)
    assert follows(noisy[b, j], p[b, j] + w[j], definition)
    assert not follows(noisy[b, j], p[b, j] + w[k], definition)
    assert follows(hadamard(p[a], w).T @ v, Sum(j, p[a, j] * w[j] * v[j]), algebra)


def test_variance_and_distinct_beside_functions():
    assert follows(Var(A(y)), E(A(y) ** 2) - E(A(y)) ** 2, definition, linearity)
    assert follows(Cov(A(y), y), E(A(y) * y) - E(A(y)) * E(y), definition, linearity)
    assert follows(delta(i, j) * A(w[i]), 0, distinct(i, j))
    assert follows(delta(i, j) * A(w[i]), delta(i, j) * A(w[j]), algebra)


def test_fresh_names_are_never_given_twice():
    plain = Algebra([])
    beside = plain.with_distinct([frozenset(("i", "j"))])
    assert len({one.fresh() for one in (plain, beside, plain, beside)}) == 4


def test_what_a_function_binds_is_not_free():
    ((_, (factor,)),) = normal_form(G(w), Rules(), Algebra([m.symbol]))
    assert free_indices(factor) == frozenset()
