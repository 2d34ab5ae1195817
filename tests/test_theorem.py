"""Theorems: particular cases, corollaries, side conditions, and which reasons are needed."""

import pytest
from vocabulary import ensemble_setting, noise_setting

from proofsheet import (
    AssumptionError,
    ClaimNotReached,
    DerivationRejected,
    E,
    NotationError,
    Sum,
    algebra,
    collect,
    distinct,
    equation,
    expand,
    identity,
    independent,
    linearity,
    moment,
    parameter,
    proof,
    prove,
)
from proofsheet.kernel.theorem import Chain, Step

s, e = noise_setting(), ensemble_setting()
t, y, alpha = s.t, s.y, s.alpha
ensemble = proof("ensemble_error")


class TestParticularCases:
    c, v, n = ensemble.c, ensemble.v, ensemble.n

    def test_number(self):
        case = ensemble.theorem.at({self.c: 0})
        assert "c" not in [symbol.name for symbol in case.right.free_symbols]
        assert [str(assumption.right) for assumption in case.assumptions] == ["v", "0"]

    def test_another_parameter_and_an_expression(self):
        assert str(ensemble.theorem.at({self.c: self.v}).right) == "v/n + (n − 1) v/n"
        half = ensemble.theorem.at({self.c: self.v / 2})
        assert str(half.assumptions[1].right) == "v/2"

    def test_two_parameters_are_exchanged_at_once(self):
        a, b = parameter("a"), parameter("b")
        theorem = prove((a - b) * t, (a * t - b * t, expand))
        assert str(theorem.at({a: b, b: a}).right) == "b t − a t"

    @pytest.mark.parametrize("value", [-1, ensemble.c, ensemble.v - 1])
    def test_outside_the_domain(self, value):
        with pytest.raises(NotationError, match="not known to lie in the domain of v"):
            ensemble.theorem.at({self.v: value})

    def test_open_interval(self):
        p = parameter("p", between=(0, 1))
        theorem = prove(p * t + (1 - p) * t, (t, collect))
        assert theorem.at({p: 1 - p}).right == t
        for outside in (0, 1, 2, alpha):
            with pytest.raises(NotationError, match="domain"):
                theorem.at({p: outside})

    def test_a_case_that_divides_by_zero_is_refused(self):
        b = parameter("b")
        theorem = prove(t / b, ((1 / b) * t, collect))
        assert [str(one.denominator) for one in theorem.side_conditions] == ["b"]
        with pytest.raises(Exception, match="zero"):
            theorem.at({b: 0})

    def test_not_a_parameter(self):
        with pytest.raises(NotationError, match="not one"):
            ensemble.theorem.at({self.n: 3})
        with pytest.raises(NotationError, match="domain"):
            prove(alpha * t, (t * alpha, collect)).at({alpha: y})


class TestCitingATheorem:
    square = prove((t + y) ** 2, (t**2 + 2 * t * y + y**2, expand))

    def test_corollary_carries_the_assumptions_of_the_theorem_it_cites(self):
        for corollary in ensemble.corollaries.values():
            assert len(corollary.assumptions) == 2

    def test_a_theorem_proves_its_equation_only(self):
        zero_mean = prove(E(s.noise) + t, (t, s.mean))
        assert prove(2 * E(s.noise) + 2 * t, (2 * t, zero_mean)).assumptions == (s.mean,)
        with pytest.raises(DerivationRejected):
            prove(E(s.x.T @ s.w) + t, (t, zero_mean))

    def test_contradictory_theorems_do_not_combine(self):
        one = prove(E(y) + t, (1 + t, moment(E(y), 1)))
        two = prove(E(y) + t, (2 + t, moment(E(y), 2)))
        with pytest.raises(AssumptionError, match="two values"):
            prove(1 + t, (E(y) + t, one), (2 + t, two))


class TestClaims:
    def test_reached(self):
        claim = equation((t + y) ** 2, t**2 + 2 * t * y + y**2)
        assert prove(claim, (t**2 + 2 * t * y + y**2, expand)).right == claim.right

    def test_not_reached(self):
        with pytest.raises(ClaimNotReached, match=r"the derivation ends at .* and the claim is"):
            prove(equation((t + y) ** 2, t**2), (t**2 + 2 * t * y + y**2, expand))

    @pytest.mark.parametrize("move", [t, (t,), "t", None, (t, "algebra"), (t, len)])
    def test_moves_that_are_none(self, move):
        with pytest.raises(NotationError, match="line 2"):
            prove(t, move)

    def test_one_line_is_no_derivation(self):
        with pytest.raises(NotationError, match="needs a second line"):
            prove(t)

    def test_all_refusals_are_reported_at_once(self):
        with pytest.raises(DerivationRejected) as caught:
            prove((t + y) ** 2, (t**2, expand), (t**2 + y, expand), (y + t**2, collect))
        assert list(caught.value.refusals) == [2, 3]


class TestSideConditions:
    def test_discharged_by_domains(self):
        p = parameter("p", between=(0, 1))
        theorem = prove(t / (1 - p) / s.m / alpha, (t / (s.m * alpha * (1 - p)), collect))
        assert all(condition.discharged for condition in theorem.side_conditions)

    def test_n_minus_one_is_a_condition(self):
        theorem = prove(t / (e.n - 1) * (e.n - 1), (t, collect))
        (condition,) = theorem.side_conditions
        assert (str(condition.denominator), condition.discharged) == ("n − 1", False)

    def test_in_assumptions_too(self):
        theorem = prove(E(y) + t, (1 / (e.n - 1) + t, moment(E(y), 1 / (e.n - 1))))
        assert not theorem.side_conditions[0].discharged


class TestNeededReasons:
    r, z = s.residual, s.noise
    uncorrelated = moment(E(s.n @ s.x.T), 0 * identity(s.m))

    def test_unneeded_is_reported(self):
        theorem = prove((t + y) ** 2, (t**2 + 2 * t * y + y**2, expand, linearity))
        assert theorem.unneeded == ((2, linearity),)

    def test_assumptions_that_were_not_needed_are_not_carried(self):
        theorem = prove(E(self.z) + t, (t, s.mean, s.covariance))
        assert theorem.assumptions == (s.mean,)

    def test_both_of_two_needed(self):
        step = Chain(E(self.z * self.r)).step(0, [s.independent, s.mean])
        assert isinstance(step, Step)
        assert step.needed == (s.independent, s.mean)

    def test_several_routes_are_all_named(self):
        step = Chain(E(s.x.T @ s.w * self.z)).step(0, [s.independent, s.mean, self.uncorrelated])
        assert set(step.needed) == {s.independent, s.mean, self.uncorrelated}
        assert step.unneeded == ()

    def test_a_weaker_independence_beside_a_stronger_one(self):
        step = Chain(E(s.x.T @ s.w * self.z)).step(E(s.x.T @ s.w) * E(self.z), [s.independent, independent(s.n, s.x)])
        assert set(step.needed) == {s.independent, independent(s.n, s.x)}


def test_distinct_must_speak_of_an_index_of_the_lines():
    i, j = e.i, e.j
    theorem = prove(E(e.e[i] * e.e[j]), (e.c, e.mixed, distinct(i, j)))
    assert set(theorem.assumptions) == {e.mixed, distinct(i, j)}


def test_vectors_are_equal_entry_by_entry():
    theorem = prove(E(s.V @ s.n + s.w), (s.w, s.mean))
    assert theorem.assumptions == (s.mean,)
    with pytest.raises(DerivationRejected, match="shape m × 1, this line m × m"):
        prove(s.w, (s.V, algebra))


def test_constant_lines():
    assert prove(Sum(e.i, 1), (e.n, collect)).right == e.n
