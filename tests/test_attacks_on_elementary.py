"""What a reader who had not seen the code found in functions of parameters, proofs by cases and inverses, and its neighbours."""

import pytest
from vocabulary import follows

from proofsheet import (
    E,
    Sum,
    absolute,
    algebra,
    define,
    definition,
    dimension,
    distinct,
    exp,
    index,
    log,
    maximum,
    minimum,
    parameter,
    power,
    prove,
    random_scalar,
    scalar,
    sgn,
    split,
    sqrt,
    vector,
)
from proofsheet.kernel.side_conditions import NonnegativeRadicand, Nonvanishing, PositiveArgument

x, y, a = parameter("x"), parameter("y"), parameter("a")
p, lam, sigma = parameter("p", between=(0, 1)), parameter("lam", nonnegative=True), parameter("sigma", positive=True)
k, m = dimension("k"), dimension("m")
w, t, s, z = vector("w", m), scalar("t"), scalar("s"), random_scalar("z")
i, j = index("i", m), index("j", m)


def open_conditions(*arguments):
    return [one for one in prove(*arguments).side_conditions if not one.discharged]


class TestCases:
    """sgn(xy − 1) = sgn(y) sgn(xy² − y) holds for x < 1/y, x = 1/y and x > 1/y; for y = 0 it reads −1 = 0."""

    line, other = sgn(x * y - 1), sgn(y) * sgn(x * y**2 - y)

    def test_the_points_have_to_have_a_value(self):
        assert open_conditions(self.line, (self.other, split(x, 1 / y))) == [Nonvanishing(y, False)]

    def test_in_a_theorem_that_cites_it(self):
        cases = prove(self.line, (self.other, split(x, 1 / y)))
        assert open_conditions(2 * self.line, (2 * self.other, cases)) == [Nonvanishing(y, False)]

    def test_points_that_always_have_one(self):
        assert not open_conditions(absolute(x - 1 / sigma), (absolute(1 / sigma - x), split(x, 1 / sigma)))

    def test_it_does_not_follow_without_cases(self):
        assert not follows(self.line, self.other, algebra)


class TestConditionsBehindDefinitions:
    """A defined symbol has a value only where its right side has one, whether or not it is unfolded."""

    @pytest.mark.parametrize(
        ("body", "condition"),
        [
            (log(x), PositiveArgument(x)),
            (sqrt(x), NonnegativeRadicand(x)),
            (power(x, k - m), Nonvanishing(x, False)),
            (E(log(z)), PositiveArgument(z)),
        ],
    )
    def test_closed_and_unfolded(self, body, condition):
        closed = define("d", body)
        assert open_conditions(closed + y - y, (closed, algebra)) == [condition]
        assert open_conditions(closed + y - y, (body, definition)) == [condition]

    def test_of_an_argument(self):
        f = define("f", log(t), of=t)
        assert open_conditions(2 * f(x) - f(x), (f(x), algebra)) == [PositiveArgument(x)]
        assert not open_conditions(2 * f(sigma) - f(sigma), (f(sigma), algebra))

    def test_within_another_definition(self):
        inner = define("f", log(t), of=t)
        outer = define("g", 1 + inner(t), of=t)
        assert open_conditions(outer(x) * 2, (2 * outer(x), algebra)) == [PositiveArgument(x)]

    def test_for_every_entry(self):
        (found,) = open_conditions((d := define("d", sqrt(w[i] + x), entry=i)) * 2, (d + d, algebra))
        assert isinstance(found, NonnegativeRadicand) and len(found.every) == 1

    def test_where_nothing_is_to_be_feared(self):
        for body in (exp(x), log(1 + exp(x)), sqrt(Sum(i, w[i] ** 2)), power(x, k)):
            closed = define("d", body)
            assert not open_conditions(closed + y - y, (closed, algebra))


def test_exp_where_indices_come_to_coincide():
    """Σ over i ≠ j of exp(wᵢ − wⱼ) is the sum over all i, j less m."""
    off, all_ = Sum(distinct(i, j), exp(w[i] - w[j])), Sum(i, Sum(j, exp(w[i] - w[j])))
    assert follows(off, all_ - m, algebra)
    assert not follows(off, all_ - 1, algebra)
    assert not follows(off, all_, algebra)
    assert not follows(off, m**2 - m, algebra)
    assert follows(Sum(distinct(i, j), exp(w[i] - w[j]) * w[i]), Sum(i, Sum(j, exp(w[i] - w[j]) * w[i])) - Sum(i, w[i]))


def test_a_power_with_exponent_zero():
    """a⁰ = 1, also for a = 0; of a⁰⁺ᵏ⁻¹ that is not known."""
    assert follows(power(x - x, k - k), 1, algebra)
    assert not follows(power(x - x, k - k), 0, algebra)
    assert not follows(power(x - x, k - 1), 0, algebra)
    assert not follows(power(x - x, k - 1), 1, algebra)


def test_high_multiples_are_not_factored():
    """A sum of degree 999 would keep SymPy for minutes."""
    line = sqrt(1 + exp(999 * x) + exp(500 * x))
    assert follows(line**2, 1 + exp(500 * x) + exp(999 * x), algebra)
    assert not follows(line**2, 1 + exp(500 * x) + exp(998 * x), algebra)
    assert follows(log(exp(999 * x)), 999 * x, algebra)


class TestCommonFactors:
    """|2u − 2v| = 2|u − v|: what all terms have in common leaves |·|, where its sign is known."""

    @pytest.mark.parametrize(
        ("old", "new", "wrong"),
        [
            (absolute(2 * t - 2 * s), 2 * absolute(t - s), 4 * absolute(t - s)),
            (absolute(2 * t - 3 * s), absolute(3 * s - 2 * t), absolute(t - s)),
            (absolute(sigma * (z - t)), sigma * absolute(z - t), absolute(z - t)),
            (absolute(lam * t - lam * s), lam * absolute(t - s), absolute(t - s)),
            (absolute(t / p - s / p), absolute(t - s) / p, p * absolute(t - s)),
            (absolute(x**2 * t - x**2 * s / 3), absolute(3 * t * x**2 - s * x**2) / 3, absolute(t - s / 3)),
            (sgn(sigma * t - 2 * sigma * s), sgn(t - 2 * s), -sgn(t - 2 * s)),
            (maximum(sigma * t, sigma * s), sigma * maximum(t, s), sigma * minimum(t, s)),
            (Sum(i, absolute(2 * w[i] - 2 * p)), 2 * Sum(i, absolute(w[i] - p)), Sum(i, absolute(w[i] - p))),
        ],
    )
    def test_what_leaves(self, old, new, wrong):
        assert follows(old, new, algebra)
        assert not follows(old, wrong, algebra)

    def test_what_stays(self):
        """λ may be 0, and the sign of x is not known."""
        assert not follows(sgn(lam * t - lam * s), sgn(t - s), algebra)
        assert not follows(absolute(x * t - x * s), x * absolute(t - s), algebra)


def test_a_log_whose_argument_is_positive_by_form_has_no_condition():
    assert not open_conditions(E(log(1 + exp(z))) * 2, (2 * E(log(1 + exp(z))), algebra))
    assert open_conditions(E(log(2 + z)) * 2, (2 * E(log(2 + z)), algebra)) == [PositiveArgument(2 + z)]
