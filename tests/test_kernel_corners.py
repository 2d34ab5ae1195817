"""What deliberate faults in the kernel showed to be untested: the smallest true example, beside its nearest false neighbour."""

import pytest
from sympy import Symbol, exp, log
from vocabulary import follows, noise_setting, verdict

from proofsheet import (
    AssumptionError,
    DerivationRejected,
    E,
    Sum,
    absolute,
    algebra,
    chain_rule,
    define,
    derivative,
    differentiate,
    distinct,
    exponential_family,
    function,
    gradient,
    independent,
    lemma,
    linearity,
    moment,
    norm1,
    norm2,
    parameter,
    prove,
    random_scalar,
    remainder,
    scalar,
    sgn,
    sqrt,
    taylor,
)
from proofsheet.kernel.normal_form import DELTA, Algebra, Factor, KernelError
from proofsheet.kernel.side_conditions import AwayFromKink, LawFree, Smooth, UnderIntegral
from proofsheet.kernel.theorem import Step, StepRejected, _check_free_indices

v = noise_setting()
m, w, u, t, V, x, y, z, i, j, k = v.m, v.w, v.u, v.t, v.V, v.x, v.y, v.z, v.i, v.j, v.k
s, c = scalar("s"), parameter("c")
A, F = function("A"), function("F", of=(t, s))


def conditions(theorem, kind):
    return [one for one in theorem.side_conditions if isinstance(one, kind)]


class TestAlgebra:
    def test_a_sum_inside_an_expectation_captures_no_index_from_outside(self):
        line = Sum(i, w[i] * E(Sum(j, x[i] * x[j])))
        assert not follows(line, Sum(i, w[i]) * E(norm2(x)), algebra)
        assert follows(line, Sum(k, w[k] * E(Sum(i, x[i] * x[k]))), algebra)

    def test_indices_of_two_ranges_are_not_joined(self):
        plain = Algebra([m.symbol, v.q.symbol])
        with pytest.raises(KernelError, match="a delta joins"):
            plain.insert({}, plain.one, {"~1": "m", "~2": "q"}, [Factor(DELTA, ("~1", "~2"))])

    def test_factors_joined_through_two_indices(self):
        line = Sum(i, j, k, w[i] * V[i, j] * V[j, k] * u[k])
        assert follows(line, Sum(j, i, k, u[i] * V[k, i] * w[j] * V[j, k]), algebra)
        assert not follows(line, Sum(j, i, k, u[i] * V[i, k] * w[j] * V[j, k]), algebra)


class TestExpectations:
    def test_no_random_factor_is_lost(self):
        assert not follows(E(y * z), E(y), linearity)
        assert not follows(E(y * z), z * E(y), linearity)
        assert not follows(E(A(y) * z), A(y) * E(z), linearity)

    def test_a_factor_of_two_blocks_beside_a_stranger(self):
        a, b = random_scalar("a"), random_scalar("b")
        assert not follows(E(F(a, b) * z), E(F(a, b)) ** 2, independent(a, b))
        assert follows(E(F(a, b) * z), E(F(a, b) * z), independent(a, b, z))
        assert follows(E(F(a, b) * z), E(F(a, b)) * E(z), independent((a, b), z))

    def test_a_moment_whose_value_is_a_sum(self):
        known = moment(E(y * z), w.T @ u)
        assert follows(E(y * z) * s, s * (u.T @ w), known)
        assert not follows(E(y * z) * s, s * (w.T @ w), known)


class TestRemainders:
    def test_of_another_order(self):
        assert not follows(remainder(A, 3, s, t), remainder(A, 2, s, t), algebra)
        assert not follows(A(s + t), A(s) + A.prime(s) * t + remainder(A, 3, s, t), taylor(A, 2))
        assert not follows(A(s + t), A(s) + A.prime(s) * t + remainder(A, 3, s, t), taylor(A, 1))
        assert follows(A(s + t), A(s) + A.prime(s) * t + remainder(A, 2, s, t), taylor(A, 1))


class TestLemmas:
    real = Symbol("u", real=True)
    softplus, square = function("P", log(1 + exp(real))), function("Q", real**2)

    def test_of_another_function(self):
        fact = lemma(self.square.prime(t), 2 * t)
        assert follows(self.square.prime(s), 2 * s, fact)
        assert not follows(self.softplus.prime(s), 2 * s, fact)
        assert not follows(A.prime(s), 2 * s, fact)


class TestPartialDerivatives:
    def test_by_the_second_argument(self):
        assert follows(derivative(F(t, s), s), F.partial(2)(t, s), differentiate)
        assert not follows(derivative(F(t, s), s), F.partial(1)(t, s), differentiate)

    def test_factors_beside_the_differentiated_one_are_kept(self):
        assert not follows(derivative(t**2 * s, t), 2 * s, differentiate)
        assert not follows(derivative(t**2 * s, t), 2 + 0 * t, differentiate)


class TestWhatATheoremCarries:
    def test_the_assumptions_behind_a_derived_moment_in_its_place(self):
        """The moment says E[yz] = cs; that is no assumption, it follows from three."""
        p = parameter("p")
        stated = (independent(y, z), moment(E(y), c), moment(E(z), p))
        derived = prove(E(y * z), (c * p, *stated)).as_moment()
        assert set(prove(A(E(y * z)), (A(c * p), derived)).assumptions) == set(stated)

    def test_two_rules_that_can_each_be_left_out_but_not_both(self):
        theorem = prove(derivative(norm1(w), w[k]), (sgn(w[k]), differentiate, chain_rule))
        assert [str(one.argument) for one in conditions(theorem, AwayFromKink)] == ["wₖ"]
        under = prove(gradient(E(x.T @ w), w), (E(x), differentiate, chain_rule, linearity))
        assert conditions(under, LawFree) == [LawFree(w, (x,))]

    def test_one_of_many_assumptions(self):
        others = [moment(E(random_scalar(f"q{number}")), 0) for number in range(7)]
        mean = moment(E(y), c)
        step = verdict(E(y) + t, c + t, *others[:4], mean, *others[4:])
        assert isinstance(step, Step)
        assert step.needed == (mean,)

    def test_denominators_of_assumptions_that_no_line_shows(self):
        theorem = prove((m - 1) * E(y) + t, (1 + t, moment(E(y), 1 / (m - 1))))
        assert [(str(one.denominator), one.discharged) for one in theorem.side_conditions] == [("m − 1", False)]

    def test_denominators_inside_definitions(self):
        theorem = prove(define("d", t / c) * s, (s * define("d", t / c), algebra))
        assert [str(one.denominator) for one in theorem.side_conditions] == ["c"]

    def test_how_often_a_function_must_be_differentiable(self):
        for line, order in (
            (derivative(A(t), t), 1),
            (derivative(derivative(A.prime(t), t), t), 3),
            (remainder(A, 3, s, t), 2),
        ):
            theorem = prove(line + c, (c + line, algebra))
            assert conditions(theorem, Smooth) == [Smooth(A, order)]
            assert not theorem.side_conditions[0].discharged
        assert Smooth(TestLemmas.softplus, 2).discharged

    def test_a_kink_is_printed_with_its_coefficients(self):
        line = derivative(absolute(2 * t - 3 * s), t)
        (one,) = conditions(prove(line, (2 * sgn(2 * t - 3 * s), differentiate)), AwayFromKink)
        assert any(follows(one.argument, side, algebra) for side in (2 * t - 3 * s, 3 * s - 2 * t))  # either is not 0

    def test_no_assumption_about_an_index_that_no_line_has(self):
        with pytest.raises(AssumptionError, match="an index that no line has"):
            _check_free_indices((t, w[i]), (distinct(i, j),))


class TestParticularCases:
    def test_a_cited_theorem_takes_the_value_too(self):
        mean = prove(E(y) + t, (c + t, moment(E(y), c)))
        citing = prove(2 * E(y) + 2 * t, (2 * c + 2 * t, mean)).at({c: 3})
        assert str(citing.right) == "2 · 3 + 2 t"
        assert citing.assumptions == (moment(E(y), 3),)

    def test_a_case_of_a_wrong_line_is_none(self):
        with pytest.raises(DerivationRejected):
            prove(2 * E(y) + 2 * t, (c + 2 * t, prove(E(y) + t, (c + t, moment(E(y), c)))))


class TestMeansOfAnExponentialFamily:
    theta, T = scalar("theta"), random_scalar("T")
    family = exponential_family(T, theta, A)
    first, second, third = (A.prime(theta), A.prime.prime(theta), A.prime.prime.prime(theta))

    def test_powers_of_the_statistic(self):
        T, given = self.T, (self.family, linearity)
        assert follows(E(T), self.first, *given)
        assert not follows(E(T), self.second, *given)
        assert follows(E(T**2), self.second + self.first**2, *given)
        assert not follows(E(T**2), self.first**2, *given)
        assert follows(E(T**3), self.third + 3 * self.first * self.second + self.first**3, *given)
        assert not follows(E(T**3), self.third + 2 * self.first * self.second + self.first**3, *given)

    def test_of_the_statistic_alone(self):
        assert not follows(E(self.T * y), self.first * E(y), self.family, linearity)
        assert follows(E(self.T * y), self.first * E(y), self.family, independent(self.T, y))
        assert not follows(E(y), self.first, self.family, linearity)
        assert not follows(E(absolute(self.T)), self.first, self.family, linearity)

    def test_the_theorem_carries_the_family_and_its_condition(self):
        theorem = prove(E(self.T), (self.first, self.family, linearity))
        assert theorem.assumptions == (self.family,)
        assert conditions(theorem, UnderIntegral)


class TestDivisionByARoot:
    a, b = parameter("a", positive=True), parameter("b", positive=True)
    p = parameter("p", between=(0, 1))

    def test_of_what_is_positive_by_form(self):
        assert follows(sqrt(self.a / self.b), sqrt(self.a) / sqrt(self.b), algebra)
        assert not follows(sqrt(self.a / self.b), sqrt(self.b) / sqrt(self.a), algebra)
        assert follows(w / sqrt(1 - self.p), sqrt(1 - self.p) * w / (1 - self.p), algebra)
        assert not follows(w / sqrt(1 - self.p), sqrt(1 - self.p) * w, algebra)

    def test_of_what_may_be_zero_or_negative(self):
        r = parameter("r", nonnegative=True)
        for divisor in (sqrt(r), sqrt(c), sqrt(self.a - self.b), sqrt(t)):
            assert isinstance(verdict(1 / divisor, 1 / divisor, algebra), StepRejected)
