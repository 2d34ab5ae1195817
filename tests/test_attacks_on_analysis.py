"""Ways to a false theorem that readers of the analysis found; each is shut, and what was refused beside it is true again."""

from dataclasses import replace

import pytest
from sympy import Integer, Rational, Symbol
from vocabulary import follows

from proofsheet import (
    AssumptionError,
    ClaimNotReached,
    DerivationRejected,
    E,
    NotationError,
    Sum,
    Var,
    absolute,
    algebra,
    define,
    definition,
    delta,
    derivative,
    differentiate,
    dimension,
    distinct,
    equation,
    exponential_family,
    function,
    gradient,
    index,
    lemma,
    linearity,
    moment,
    nonnegative,
    norm1,
    norm2,
    parameter,
    positive_semidefinite_matrix,
    prove,
    random_scalar,
    random_vector,
    scalar,
    sgn,
    sqrt,
    trace,
    vector,
    vectors,
)
from proofsheet.kernel.side_conditions import AwayFromKink, LawFree, NonnegativeRadicand, Smooth

m = dimension("m")
i, j, k, l = (index(name, m) for name in "ijkl")
c, lam = parameter("c"), parameter("lam", positive=True)
s, t, mu, theta = (scalar(name) for name in ("s", "t", "mu", "theta"))
w, v, p = vector("w", m), vector("v", m), vectors("p", m, m)
x, y, T = random_vector("x", m), random_scalar("y"), random_scalar("T")
A = function("A")
mean, family = moment(E(y), mu), exponential_family(T, theta, A)


def conditions(theorem, kind):
    return [one for one in theorem.side_conditions if isinstance(one, kind)]


class TestLawsHiddenInDefinitions:
    @pytest.mark.parametrize(
        "hidden",
        [define("g", E(y)), define("f", s, of=s)(E(y)), define("g", Var(y)), define("g", define("h", 2 * E(y)) + 1)],
        ids=str,
    )
    def test_an_expectation_behind_a_symbol_is_no_constant(self, hidden):
        assert not follows(derivative(hidden, mu), 0, differentiate)

    def test_unfolded_it_is_noted(self):
        theorem = prove(derivative(define("g", Var(y)), t), (0, definition, differentiate, linearity))
        assert conditions(theorem, LawFree) == [LawFree(t, (y,))]

    def test_the_variance_of_a_family_is_not_0(self):
        assert not follows(derivative(define("h", E(T)), theta), 0, family)

    def test_a_formal_argument_that_the_law_depends_on(self):
        with pytest.raises(AssumptionError, match="name the argument otherwise"):
            prove(define("F", E(y), of=mu)(2), (E(y), definition), (mu, mean))


class TestCitedTheoremsAreReadUnderTheRulesOfTheStep:
    def test_their_notes_count(self):
        one = prove(derivative(E(y), mu), (derivative(mu, mu), mean), (1, differentiate))
        with pytest.raises(AssumptionError, match="cannot pass under E"):
            prove(0 * mu, (1, one, differentiate))

    def test_kinks_too(self):
        cited = prove(E(y), (derivative(absolute(t), t), moment(E(y), derivative(absolute(t), t))))
        theorem = prove(E(y), (sgn(t), cited, differentiate))
        assert conditions(theorem, AwayFromKink) == [AwayFromKink(t)]


class TestNamesAreFresh:
    square = function("Q", Symbol("u", real=True) ** 2)
    fact = lemma(square(t), t**2)

    def test_a_lemma_beside_distinct_indices(self):
        line = Sum(i, self.square(Sum(j, w[i] * v[j]))) + delta(k, l)
        captured = m * Sum(i, v[i]) * Sum(j, v[j] * w[j] ** 2)
        assert not follows(line, captured, self.fact, distinct(k, l))
        assert follows(line, Sum(i, w[i] ** 2 * Sum(j, v[j]) ** 2), self.fact, distinct(k, l))

    def test_the_true_line_beside_it(self):
        old, new = Sum(i, self.square(p[i].T @ w)), Sum(i, (p[i].T @ w) ** 2)
        assert follows(old + w[k] * w[l], new + w[k] * w[l], self.fact, distinct(k, l))

    def test_arguments_of_definitions_with_indices(self):
        f = define("f", norm2(w), of=w)
        line = Sum(i, f(v)).xreplace({v: p[i]})
        with pytest.raises(DerivationRejected, match="carries no indices"):
            prove(line, (m * norm2(p[i]), definition))


class TestConditionsAreKept:
    def test_radicands_in_arguments_and_denominators(self):
        d = define("d", 2 * s, of=s)
        for theorem in (
            prove(d(sqrt(t) ** 2), (d(t), algebra)),
            prove(s / (sqrt(c) * sqrt(c) + 0), (s / c, algebra)),
            prove(E(y) ** 2, (t, moment(E(y), sqrt(t)))),
        ):
            assert conditions(theorem, NonnegativeRadicand)

    def test_kinks_of_functions_and_signs(self):
        (one,) = conditions(prove(derivative(sgn(A(t)), t), (0, differentiate)), AwayFromKink)
        assert str(one.argument) == "A(t)"

    def test_kinks_behind_a_moment(self):
        given = moment(E(y), absolute(A(t)))
        theorem = prove(derivative(E(y), t), (sgn(A(t)) * A.prime(t), given, differentiate))
        assert [str(one.argument) for one in conditions(theorem, AwayFromKink)] == ["A(t)"]

    def test_kinks_at_actual_arguments(self):
        f = define("f", absolute(A(s)), of=s)
        theorem = prove(derivative(f(2 * t), t), (2 * sgn(A(2 * t)) * A.prime(2 * t), definition, differentiate))
        assert [str(one.argument) for one in conditions(theorem, AwayFromKink)] == ["A(2 t)"]

    def test_without_a_plain_form_it_is_said_in_general(self):
        G = function("G", of=w)
        theorem = prove(derivative(absolute(G(t * w)), t), (sgn(G(t * w)) * (w.T @ G.gradient(t * w)), differentiate))
        assert conditions(theorem, AwayFromKink) == [AwayFromKink(None)]

    def test_indices_of_inherited_conditions(self):
        given = moment(E(x[k]), sqrt(w[k]) ** 2)
        derived = prove(E(x[k]), (sqrt(w[k]) ** 2, given), (w[k], algebra)).as_moment()
        (one,) = conditions(prove(v[k] * E(x[l]), (v[k] * w[l], derived)), NonnegativeRadicand)
        assert one.every == (k,)

    def test_indices_that_no_line_has(self):
        theorem = prove(w.T @ gradient(norm1(w), w), (norm1(w), differentiate))
        (one,) = conditions(theorem, AwayFromKink)
        assert len(one.every) == 1

    def test_a_log_partition_function_elsewhere(self):
        theorem = prove(
            derivative(A(s), s) + derivative(E(T), theta), (A.prime(s) + E(T * (T - A.prime(theta))), family)
        )
        assert conditions(theorem, Smooth) == [Smooth(A, 1)]

    def test_a_condition_i_unlike_j_of_a_derived_moment_is_its_own(self):
        pair = moment(E(x[i] * x[j]), c, distinct(i, j))
        derived = prove(E(x[i] * x[j]), (c, pair, distinct(i, j))).as_moment()
        theorem = prove(Sum(distinct(k, l), E(x[k] * x[l])), (m * (m - 1) * c, derived))
        assert theorem.assumptions == (pair,)


class TestSignsUnderExpectations:
    def test_the_second_derivative_of_a_mean_absolute_error_is_no_zero(self):
        """It is twice the density at t."""
        twice = derivative(derivative(E(absolute(y - t)), t), t)
        assert not follows(twice, 0, differentiate, linearity)
        assert follows(derivative(E(absolute(y - t)), t), -E(sgn(y - t)), differentiate, linearity)

    def test_a_sign_that_is_not_random_is_locally_constant(self):
        assert follows(derivative(sgn(s - t), t), 0, differentiate)


class TestMoreDoors:
    def test_radicands_of_a_cited_moment_are_for_every_index(self):
        given = moment(E(x[k]), sqrt(w[k]) ** 2)
        (one,) = conditions(prove(v[k] * E(x[l]), (v[k] * w[l], given)), NonnegativeRadicand)
        assert one.every == (k,)

    def test_an_inequality_is_no_equation(self):
        with pytest.raises(ClaimNotReached, match="the claim is an equation"):
            prove(equation(c**2, 0), (0, nonnegative))

    def test_many_absolute_values(self):
        with pytest.raises(DerivationRejected, match="more than 8 roots or absolute values"):
            prove(absolute(s - t) ** 20, ((s - t) ** 20, algebra))
        assert follows(absolute(s - t) ** 4, (s - t) ** 4, algebra)

    def test_exponents_under_xreplace(self):
        for exponent in (Rational(5, 2), Integer(-1)):
            with pytest.raises(NotationError, match="whole numbers"):
                (t**4).xreplace({Integer(4): exponent})


class TestLemmasAndClosedForms:
    def test_a_changed_lemma(self):
        u = Symbol("u", real=True)
        square = function("Q", u**2)
        forged = replace(lemma(square(t), t**2), right=7 + 0 * t)
        with pytest.raises(AssumptionError, match="was not found true"):
            prove(square(s), (7 + 0 * s, forged))

    def test_a_symbol_of_half_the_line(self):
        with pytest.raises(NotationError, match="every real number"):
            function("f", Symbol("u", positive=True) + 1)


class TestTrueLines:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (absolute(t) ** 2, t**2),
            (absolute(-t), absolute(t)),
            (absolute(2 * t), 2 * absolute(t)),
            (norm1(lam * w), lam * norm1(w)),
            (absolute(lam) * t, lam * t),
            (w.T @ sgn(w), norm1(w)),
            (absolute(t) * sgn(t), t),
            (sgn(-3 * t), -sgn(t)),
            (sqrt(4 + 0 * c), 2 + 0 * c),
        ],
        ids=str,
    )
    def test_absolute_values_and_signs(self, old, new):
        assert follows(old, new, algebra)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (absolute(c * t), c * absolute(t)),
            (sgn(c * t), sgn(t)),
            (sgn(t) ** 2, 1 + 0 * t),
            (absolute(t) * sgn(s), t),
            (w.T @ sgn(v), norm1(w)),
            (norm1(w) ** 2, norm2(w)),
        ],
        ids=str,
    )
    def test_their_false_neighbours(self, old, new):
        assert not follows(old, new, algebra)

    def test_more_that_is_not_negative(self):
        S = positive_semidefinite_matrix("S", m)
        for line in (w.T @ w, w.T @ S @ w, trace(S), E(y**2), Var(y), c**2 * norm2(w)):
            assert prove(line, (0, nonnegative)).relation == "≥"
        for line in (w.T @ v, w.T @ S @ v, E(y), E(y) ** 3):
            with pytest.raises(DerivationRejected, match="does not show its sign"):
                prove(line, (0, nonnegative))

    def test_an_entry_of_a_family_in_two_steps(self):
        assert follows(derivative(norm2(p), p[k][j]), 2 * p[k, j], differentiate)
        with pytest.raises(NotationError, match="entry by entry"):
            gradient(norm2(p), p[k])

    def test_nested_definitions_cost_no_more_than_their_number(self):
        line = define("d0", t + s)
        for number in range(1, 30):
            line = define(f"d{number}", line * line)
        assert follows(line + t, t + line, algebra)
