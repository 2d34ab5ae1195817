"""What a hostile reader of the kernel found, each kept as a test: false lines, refused right lines, crashes, slowness."""

from itertools import combinations

import pytest
from vocabulary import follows, noise_setting, verdict

from proofsheet import (
    Cov,
    DerivationRejected,
    E,
    NotationError,
    ProofsheetError,
    Sum,
    Var,
    algebra,
    define,
    definition,
    delta,
    dimension,
    distinct,
    group,
    identity,
    independent,
    index,
    linearity,
    matrix,
    moment,
    norm2,
    parameter,
    prove,
    random_scalar,
    random_vector,
    scalar,
    trace,
    vector,
    wrong,
)
from proofsheet.derivation import refusal_of, take
from proofsheet.exact_models.evaluate import Model, evaluate
from proofsheet.kernel.normal_form import Algebra as PolynomialAlgebra
from proofsheet.kernel.theorem import Chain

s = noise_setting()
n = s.m
i, j, k = s.i, s.j, s.k
x, y = s.x, s.n
a, b, w, v = vector("a", n), vector("b", n), vector("w", n), vector("v", n)
A = matrix("A", n, n)
c, p, t = parameter("c"), parameter("p"), scalar("t")
r, u, q = random_scalar("r"), random_scalar("u"), random_scalar("q")


def refusal(old, new, *reasons):
    return take(Chain(old), 2, (new, *reasons))


def as_line(number):
    return number * c / c


class TestNestedDefinitions:
    """A function inside a function: the inner formal argument is a name, not a place to substitute into."""

    def test_value(self):
        g = define("g", t**2 + 1, of=t)
        f = define("f", g(t + 1), of=t)
        assert follows(f(1), as_line(5), definition)
        assert not follows(f(1), as_line(6), definition)
        assert evaluate(f(1), Model({}, {}, {})) == [[5]]

    def test_two_arguments(self):
        g = define("g", w + v, of=(w, v))
        f = define("f", g(w, 2 * v), of=(w, v))
        assert follows(f(a, a), 3 * a, definition)
        assert not follows(f(a, a), 4 * a, definition)

    def test_sums_that_flatten(self):
        g = define("g", w + b, of=w)
        f = define("f", g(2 * w), of=w)
        assert follows(f(a + v), 2 * a + 2 * v + b, definition)
        assert not follows(f(a + v), a + v + b, definition)

    def test_products_that_flatten(self):
        g = define("g", trace(w @ w.T), of=w)
        f = define("f", g(2 * w), of=w)
        assert follows(f(A @ a), 4 * norm2(A @ a), definition)
        assert not follows(f(A @ a), 2 * norm2(A @ a), definition)

    def test_exponents_are_not_touched(self):
        g = define("g", t**2, of=t)
        f = define("f", g(2 * t), of=t)
        assert follows(f(2), as_line(16), definition)

    def test_a_definition_through_the_formal_argument_is_refused(self):
        f = define("f", (b.T @ a) * 1, of=b)
        with pytest.raises(NotationError, match=r"f\(a\) is defined through a; make it a function of a too"):
            define("g", f(a) * 1, of=a)
        d = define("d", w - a)
        with pytest.raises(NotationError, match="d is defined through w"):
            define("f", norm2(d), of=w)

    def test_particular_cases_reach_definitions(self):
        g = define("g", c * t, of=t)
        h = define("h", g(t + 1), of=t)
        theorem = prove(h(2), (3 * c, definition))
        assert str(theorem.at({c: 2}).right) == "3 · 2"

    def test_arguments_equal_by_algebra_are_one_argument(self):
        f = define("f", norm2(w), of=w)
        assert follows(f(a + b), f(b + a), algebra)
        assert not follows(f(a + b), f(a - b), algebra)

    def test_a_division_inside_a_function(self):
        h = define("h", 1 / t, of=t)
        assert follows(h(c), 1 / c, definition)
        with pytest.raises(DerivationRejected, match="only parameters and dimensions"):
            prove(h(t), (h(t), algebra))


class TestNamesThatReadLikeSomethingElse:
    def test_product(self):
        with pytest.raises(NotationError, match="'Ab' reads like a product"):
            prove(define("Ab", 2 * (A @ b)) + a, (2 * (A @ b) + a, definition))

    def test_entry(self):
        with pytest.raises(NotationError, match="'a_i' reads like the entry i of a"):
            prove(scalar("a_i") + a[i], (a[i] + scalar("a_i"), algebra))
        with pytest.raises(NotationError, match="'A_ij' reads like the entry"):
            prove(scalar("A_ij") + A[i, j], (A[i, j] + scalar("A_ij"), algebra))
        with pytest.raises(NotationError, match="of δ"):
            prove(scalar("delta_ij") + delta(i, j), (delta(i, j) + scalar("delta_ij"), algebra))

    @pytest.mark.parametrize("name", ["E", "I", "Var", "Cov", "tr"])
    def test_operators(self, name):
        with pytest.raises(NotationError, match="is taken"):
            matrix(name, n, n)

    def test_ordinary_names_may_share_letters(self):
        assert follows(scalar("bias") + scalar("b2"), scalar("b2") + scalar("bias"), algebra)
        assert follows(scalar("ai") * a[i], a[i] * scalar("ai"), algebra)
        assert follows(
            scalar("mse") + scalar("s") * scalar("e") * n, n * scalar("s") * scalar("e") + scalar("mse"), algebra
        )


@pytest.mark.parametrize("name", ["d1", "n_x", "lam", "theta"])
def test_dimensions_whose_name_prints_differently(name):
    d = dimension(name)
    e, h = vector("e", d), index("h", d)
    assert follows(trace(identity(d)), d, algebra)
    assert follows(norm2(e), Sum(h, e[h] ** 2), algebra)


class TestNeededReasons:
    def test_an_assumption_used_for_its_linearity_only_is_not_needed(self):
        for bystander in (moment(E(q), 0), independent(q, (r, u))):
            theorem = prove(E(r + u), (E(r) + E(u), linearity, bystander))
            assert theorem.assumptions == ()
            assert theorem.unneeded == ((2, bystander),)


class TestHonestUseOfMoments:
    mean, other, square = moment(E(r), c), moment(E(u), p), moment(E(r * r), p)

    def test_equal_factors_in_a_product(self):
        assert refusal(E(r) ** 2 + E(u) - E(u) * 1, E(r) * E(r), self.mean) is None
        assert refusal(E(r) ** 2 * q + E(u), E(r) * q * E(r) + p, self.mean, self.other) is None
        assert refusal(Var(r), E(r * r) - E(r) ** 2, definition, linearity) is None

    def test_variance_moment_meets_a_variance(self):
        for old, new, known in (
            (Var(r), c, moment(Var(r), c)),
            (2 * Var(r), 2 * c, moment(Var(r), c)),
            (Cov(x), s.S, moment(Cov(x), s.S)),
        ):
            assert refusal(old, new, known) is None

    def test_a_moment_of_a_product_that_independence_splits(self):
        product = moment(E(r * u), c)
        assert refusal(E(r * u), c, independent(r, u), product) is None
        assert refusal(E(r * u) + t, E(r) * E(u) + t, independent(r, u), product) is None
        assert refusal(E(r * u), c**2, independent(r, u), product) is not None

    def test_values_that_agree_after_another_moment(self):
        idempotent, value = moment(E(r**2), E(r)), moment(E(r**2), c)
        assert follows(E(r**2), c, idempotent, value, self.mean)
        with pytest.raises(ProofsheetError, match="two values"):
            verdict(E(r**2), p, idempotent, moment(E(r**2), p), self.mean)


def test_two_theorems_in_one_step():
    one = prove(E(r + u), (E(r) + E(u), linearity))
    two = prove(E(r + q), (E(r) + E(q), linearity))
    assert follows(E(r + u) + E(r + q), 2 * E(r) + E(u) + E(q), one, two)
    assert not follows(E(r + u) + E(r + q), 2 * E(r) + E(u) + 2 * E(q), one, two)
    assert follows(E(r + u) - 3 * E(r + q), -2 * E(r) + E(u) - 3 * E(q), one, two)


class TestCitedTheorems:
    """A theorem is used with a multiple; what the multiple divides by must not be able to vanish."""

    zero = moment(E(r * q), 0)

    def test_no_division_by_what_may_be_zero(self):
        for value in (c, n - 1):
            theorem = prove(value * E(r), (E(r * q), independent(r, q), moment(E(q), value)), (0, self.zero))
            assert not follows(E(r), 0, theorem)
            assert follows(2 * value * E(r), 0, theorem)
            assert follows(value * E(r) * t, 0, theorem) is False, "a theorem is multiplied by coefficients only"

    def test_division_by_what_cannot_be_zero(self):
        alpha = parameter("alpha", positive=True)
        theorem = prove(alpha * E(r), (E(r * q), independent(r, q), moment(E(q), alpha)), (0, self.zero))
        assert follows(E(r), 0, theorem)

    def test_side_conditions_are_inherited(self):
        theorem = prove(E(r) + t, (E(r) * c / c + t, algebra), (E(r) + t, algebra))
        assert [str(one.denominator) for one in prove(E(r) + t + u, (t + E(r) + u, theorem)).side_conditions] == []
        mean = prove(E(r) / c * c, (p * c / c, moment(E(r), p)), (p * 1, algebra))
        citing = prove(E(r) + t, (p + t, mean))
        assert [(str(one.denominator), one.discharged) for one in citing.side_conditions] == [("c", False)]

    def test_at_refuses_parameters_of_other_theorems(self):
        theorem = prove(parameter("alpha", positive=True) * t, (t * parameter("alpha", positive=True), algebra))
        with pytest.raises(NotationError, match="does not speak of"):
            theorem.at({parameter("alpha"): -1})
        with pytest.raises(NotationError, match="does not speak of"):
            theorem.at({parameter("alpha", between=(0, 1)): parameter("alpha", between=(0, 1))})
        half = prove(c.symbol / 2 * t, (t * c / 2, algebra))
        assert str(half.at({c: 4}).right) == "t · 4/2"


def test_moments_that_agree_only_together():
    theorem = prove(E(q) + E(r), (p + c, moment(E(q), p), moment(E(r**2), E(r)), moment(E(r**2), c), moment(E(r), c)))
    assert moment(E(q), p) in theorem.assumptions


def test_a_variance_beside_a_second_moment():
    assert follows(E(r**2), p, moment(E(r**2), p), moment(Var(r), c))
    known = moment(Var(r), c)
    for old, new in (
        (Var(r) + E(r**2), E(r**2) + c),
        (2 * Var(r) + E(r**2), E(r**2) + 2 * c),
        (E(r**2) * Var(r), c * E(r**2)),
        (Var(r) + Var(u), c + Var(u)),
    ):
        assert refusal(old, new, known) is None


def test_a_bystander_theorem_hides_no_slip():
    theorem = prove(E(q) + t, (c + t, moment(E(q), c)))
    assert refusal(2 * E(r) + t, 7 * E(r) + t, moment(E(r), 0), theorem) is not None


def test_parameters_scaled_by_sympy_are_in_the_domain():
    alpha = parameter("alpha", positive=True)
    theorem = prove(alpha * t, (t * alpha, algebra))
    assert str(theorem.at({alpha: alpha.symbol / 2}).right) == "t (α/2)"
    with pytest.raises(NotationError, match="domain"):
        theorem.at({alpha: alpha.symbol - 1})


def test_delta_over_a_range_of_one():
    assert follows(delta(index("p1", 1), index("q1", 1)) * t, t, algebra)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: verdict(E(x), 0 * w, moment(E(x[i] + a[j] - a[j]), 0, distinct(i, j))),
        lambda: define("f", w, entry=3),
        lambda: define("f", w, of=(w, w)),
        lambda: prove(t, (t * 1, algebra)).at(0),
        lambda: refusal_of(prove(t, (t * 1, algebra)), wrong((t, "m", 99))[0]),
        lambda: refusal_of(prove(t, (t * 1, algebra)), wrong((t, "m", 1))[0]),
        lambda: moment(E(r), u),
    ],
)
def test_nonsense_is_explained(attempt):
    with pytest.raises(ProofsheetError):
        attempt()


def test_deep_nesting_and_large_powers_are_refused():
    line = t
    for _ in range(3000):
        line = group(line)
    with pytest.raises(ProofsheetError, match="nested too deeply"):
        prove(line, (t, algebra))
    for power in ((2 * c) ** 10**9, (r + u + q + t) ** 200):
        with pytest.raises(DerivationRejected, match="too long to expand"):
            prove(power * t, (power * t * 1, algebra))


def test_a_chain_goes_on_after_a_name_clash():
    chain = Chain(r * c)
    with pytest.raises(NotationError):
        chain.step(p * scalar("c"), [algebra])
    chain.step(r * c + p - p, [algebra])
    assert chain.theorem().right == r * c + p - p


@pytest.fixture
def work(monkeypatch):
    """Counts the monomials that are put in normal form: a measure of work that no load on the machine changes."""
    counted = [0]
    insert = PolynomialAlgebra.insert

    def counting(self, *arguments):
        counted[0] += 1
        return insert(self, *arguments)

    monkeypatch.setattr(PolynomialAlgebra, "insert", counting)
    return counted


class TestWorkDoesNotExplode:
    def test_many_reasons(self, work):
        bystanders = [moment(E(random_scalar(f"z{number}")), 0) for number in range(14)]
        theorem = prove(
            Cov(r, u * q), (E(r * u * q) - E(r) * E(u * q), linearity, definition, independent(x, y), *bystanders)
        )
        assert theorem.assumptions == ()
        assert work[0] < 5_000

    def test_moments_with_repeated_and_distinct_indices(self, work):
        conditions = [distinct(*pair) for pair in combinations((i, j, k), 2)]
        for product in (x[i] ** 3 * x[j] ** 2 * x[k], x[i] ** 2 * x[j] ** 2 * x[k] ** 2):
            verdict(E(product), c, moment(E(product), c, *conditions), *conditions)
        assert work[0] < 200_000

    def test_symmetric_sums(self, work):
        indices = [index(f"h{number}", n) for number in range(7)]
        body = t
        for one in indices:
            body = body * w[one] * w[one]
        assert follows(Sum(*indices, body), t * norm2(w) ** 7, algebra)
        assert work[0] < 1_000

    def test_cycles_and_products_of_expectations(self, work):
        cycle = A
        for _ in range(11):
            cycle = cycle @ A
        assert follows(trace(cycle), trace(cycle.T), algebra)
        assert follows(E((x.T @ A @ y) ** 5), E((y.T @ A.T @ x) ** 5), linearity)
        assert work[0] < 10_000

    def test_diagnosis_of_many_variables(self, work):
        variables = [random_scalar(f"z{number}") for number in range(18)]
        product, split = variables[0], E(variables[0])
        for variable in variables[1:]:
            product, split = product * variable, split * E(variable)
        with pytest.raises(DerivationRejected):
            prove(E(product), (split, linearity))
        assert work[0] < 200_000


def test_a_suggested_line_is_one_that_prove_accepts():
    conditional = moment(E(x[i] * x[j]), c, distinct(i, j))
    old = E(u) ** 2 * E(Sum(distinct(i, j), x[i] * x[j]))
    with pytest.raises(DerivationRejected) as caught:
        prove(old, (E(u) ** 2 * n**2 * c, conditional))
    found = caught.value.diagnosis(2)
    assert found.would_help == ()
    assert random_vector("x", n) == x
    assert found.nearest is not None
    assert refusal(old, E(u) ** 2 * n * (n - 1) * c, conditional) is None


def test_a_forged_theorem_is_found_when_it_is_cited():
    honest = prove(E(r) + t, (c + t, moment(E(r), c)))
    object.__setattr__(honest, "lines", (honest.lines[0], 5 + t))
    citing = prove(E(r) + t, (5 + t, honest))
    with pytest.raises(ProofsheetError):
        citing.recheck()


def test_a_chain_cannot_be_edited():
    chain = Chain(r)
    chain.step(r * 1, [algebra])
    with pytest.raises(AttributeError):
        chain.lines = (r, u)
    assert isinstance(chain.lines, tuple)
    assert isinstance(chain.verdicts, tuple)


def test_cases_of_cases_keep_all_their_values():
    theorem = prove(c * p * t, (p * c * t, algebra))
    assert dict(theorem.at({c: p}).at({p: 2}).values) == {c: as_number(2), p: as_number(2)}


def as_number(value):
    return (value + 0 * t).args[0]


def test_side_conditions_of_nested_coefficients():
    alpha = parameter("alpha")
    line = 1 / (1 + 1 / alpha.symbol) * t
    theorem = prove(line, (line * 1, algebra))
    assert {str(condition.denominator) for condition in theorem.side_conditions} == {"α", "1 + 1/α"}
    both = prove(t / (n - 1) + t / (n.symbol - 1), (2 * t / (n - 1), algebra))
    assert len(both.side_conditions) == 1


def test_a_line_that_is_no_line_is_named_by_its_number():
    with pytest.raises(NotationError, match=r"line 3: 0\.5 is not an exact number"):
        prove(t, (t * 1, algebra), (0.5, algebra))
