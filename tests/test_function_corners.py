"""What deliberate faults in exp, log, powers, cases and inverses showed to be untested: true beside nearest false."""

import pytest
from elementary_lines import k, lam, m, p, sigma, x, y
from sympy import Basic
from vocabulary import follows, verdict

from proofsheet import (
    E,
    Sum,
    absolute,
    algebra,
    cancel,
    define,
    definition,
    delta,
    derivative,
    differentiate,
    dimension,
    exp,
    hadamard,
    identity,
    index,
    inverse,
    log,
    matrix,
    maximum,
    moment,
    parameter,
    power,
    prove,
    random_matrix,
    random_scalar,
    random_vector,
    scalar,
    sgn,
    split,
    vector,
)
from proofsheet.kernel import elementary
from proofsheet.kernel.coefficient_signs import CoefficientSigns
from proofsheet.kernel.lowering import normal_form
from proofsheet.kernel.normal_form import Algebra, KernelError
from proofsheet.kernel.rules import Rules
from proofsheet.kernel.side_conditions import Invertible
from proofsheet.notation.matrices import Inverse
from proofsheet.render.reasons import describe_condition

z, t, w, v = random_scalar("z"), scalar("t"), vector("w", m), random_vector("v", m)
n = dimension("n")
i, j, l, r = index("i", m), index("j", m), index("l", m), index("r", n)
A, B, X, c = matrix("A", m, m), matrix("B", m, m), matrix("X", n, m), parameter("c")
I = identity(m)
K = inverse(X.T @ X + sigma * I)

PAIRS = {
    "log of a finer exp": (log(exp(x / 2)), x / 2, x),
    "opaque exp of another multiple": (E(exp(z + z)), E(exp(2 * z)), E(exp(z))),
    "powers of one base": (power(x, k) * power(x, m), power(x, m) * power(x, k), power(x, k) ** 2),
    "two logs": (log(sigma) - log(p), log(sigma / p), 0),
    "opaque powers of one base": (power(t, k) * power(t, m), power(t, k + m), power(t, 2 * k)),
    "an opaque power of a multiple": (power(t, 2 * k), power(t, k) ** 2, power(t, k) * power(t, k - 1)),
    "the sign of a negative multiple": (sgn(-2 * t), -sgn(3 * t), sgn(t)),
    "an odd power has the sign of its base": (absolute(power(x, 2 * k)), power(x, 2 * k), power(x, k)),
    "a power of unknown sign": (absolute(power(x, k - 1)), absolute(-power(x, k - 1)), power(x, k - 1)),
    "an inverse of an inverse is not transposed": (inverse(inverse(A)), A, A.T),
    "an inverse of a product entry by entry": (
        inverse(hadamard(inverse(A), inverse(B))),
        inverse(hadamard(inverse(B), inverse(A))),
        A,
    ),
    "an inverse of a product entry by entry, of the other": (
        inverse(hadamard(inverse(A), inverse(B))),
        inverse(hadamard(inverse(B), inverse(A))),
        B,
    ),
    "an inverse of a sum": (inverse(inverse(A) + inverse(B)), inverse(inverse(B) + inverse(A)), A),
    "an inverse of a sum, of the other": (inverse(inverse(A) + inverse(B)), inverse(inverse(B) + inverse(A)), B),
    "the sum inside a largest term is needed": (
        Sum(i, r, K[j, i] * X[r, i] * X[r, l]),
        delta(j, l) - sigma * K[j, l],
        Sum(i, n * K[j, i] * X[r, i] * X[r, l]),
    ),
    "no sum inside a largest term": (
        Sum(i, K[j, i] * X[r, i] * X[r, l]),
        Sum(i, X[r, i] * X[r, l] * K[j, i]),
        delta(j, l) - sigma * K[j, l],
    ),
    "a positive parameter is not below 1": (absolute(1 - sigma), absolute(sigma - 1), 1 - sigma),
}


@pytest.mark.parametrize("name", PAIRS)
def test_true_beside_false(name):
    old, new, wrong = PAIRS[name]
    assert follows(old, new, algebra)
    assert not follows(old, wrong, algebra)


CONDITIONS = [
    (log(lam), log(1 * lam), ["λ > 0"]),
    (log(power(lam, k - 1)), log(1 * power(lam, k - 1)), ["λᵏ⁻¹ > 0"]),
    (power(lam, k - 2), power(1 * lam, k - 2), ["λ ≠ 0"]),
    (log(exp(x / 2) - y), log(-y + exp(x / 2)), ["exp(x/2) − y > 0"]),
    (1 / (1 + log(x)), 1 / (log(1 * x) + 1), ["1 + log(x) ≠ 0", "x > 0"]),
    (log(log(x)), log(log(1 * x)), ["x > 0", "log(x) > 0"]),
    (log(exp(x) / y - 1), log(-1 + exp(x) / y), ["(exp(x) − y)/y > 0", "y ≠ 0"]),
    (log(power(x, k) - 1), log(x * power(x, k - 1) - 1), ["xᵏ⁻¹ x − 1 > 0"]),
]


@pytest.mark.parametrize(("old", "new", "expected"), CONDITIONS, ids=[str(row[0]) for row in CONDITIONS])
def test_a_condition_says_all_that_is_needed(old, new, expected):
    theorem = prove(old, (new, algebra))
    assert sorted(describe_condition(one) for one in theorem.side_conditions if not one.discharged) == sorted(expected)


def test_the_argument_of_a_log_in_a_moment_is_positive_for_every_index():
    theorem = prove(E(v[j]), (log(w[j]), moment(E(v[i]), log(w[i]))))
    assert "wᵢ > 0 for every i" in map(describe_condition, theorem.side_conditions)


def test_the_derivative_of_an_opaque_power_is_refused():
    line = derivative(power(t, k), t)
    assert "the derivative of power" in verdict(line, line + 0, differentiate).why


def test_what_stands_for_the_distance_to_a_point_is_no_parameter_of_the_line():
    s, q = parameter("s", positive=True), parameter("q", between=(0, 1))
    assert not follows(maximum(-x - s, 0), 0 * x, split(x, 0))  # it is 0 at x = −s
    assert not follows(maximum(x, 0) * maximum(1 - x, 0) * (x - q), 0 * x, split(x, 0, 1))  # it is 0 at x = q
    assert follows(maximum(-x, 0) * maximum(x, 0) * s, 0 * x, split(x, 0))


# ---- SymPy's factors are multiplied back ----------------------------------------------------------------------


class Wrong:
    """A polynomial whose factors and quotients, as SymPy gives them, are wrong."""

    def __init__(self, polynomial):
        self.polynomial = polynomial

    def __len__(self):
        return len(self.polynomial)

    def __eq__(self, other):
        return self.polynomial == other

    __hash__ = None

    def degrees(self):
        return self.polynomial.degrees()

    def as_expr(self):
        return self.polynomial.as_expr()

    def factor_list(self):
        content, factors = self.polynomial.factor_list()
        return content, factors[1:]

    def div(self, by):
        quotients, rest = self.polynomial.div(by)
        return quotients, rest + 1


def test_factors_that_do_not_multiply_to_what_was_factored_are_refused(monkeypatch):
    field = Algebra([x.symbol, y.symbol]).field
    polynomial = (field(x.symbol) ** 2 - field(y.symbol) ** 2).numer
    signs = CoefficientSigns(field.ring, ())
    assert len(signs._factors(polynomial)[1]) == 2
    with pytest.raises(KernelError, match="do not multiply"):
        signs._factors(Wrong(polynomial))
    divisor = (field(x.symbol) - 1).numer
    assert elementary._divided(polynomial, [divisor])
    with pytest.raises(KernelError, match="leaves something out"):
        elementary._divided(Wrong(polynomial), [divisor])
    assert dict(elementary.divisors(12)) == {2: 2, 3: 1}
    monkeypatch.setattr(elementary, "factorint", lambda number, limit: {2: 1})
    with pytest.raises(KernelError, match="do not multiply"):
        elementary.divisors(12)


@pytest.mark.parametrize("operation", ["plus", "times"])
@pytest.mark.parametrize("divided", [False, True])
def test_elements_of_two_fields_do_not_mix(operation, divided):
    """A field with one more variable: what was computed over the old one must be computed again."""
    old, new = Algebra([x.symbol, k.symbol]), Algebra([x.symbol, k.symbol, y.symbol])
    one, other = (field.coefficient(1 / x.symbol if divided else x.symbol) for field in (old, new))
    with pytest.raises(TypeError):
        getattr(new, operation)(other, one)


# ---- inverses -------------------------------------------------------------------------------------------------


def test_the_kernel_inverts_nothing_random():
    forged = Basic.__new__(Inverse, random_matrix("Z", m, m))
    with pytest.raises(KernelError, match="random"):
        normal_form((w.T @ inverse(A) @ w).xreplace({inverse(A): forged}), Rules(), Algebra([m.symbol]))


def discharged(theorem):
    return {one.matrix: one.discharged for one in theorem.side_conditions if isinstance(one, Invertible)}


def test_a_coefficient_in_a_denominator_may_be_negative():
    for shape, shown in ((X.T @ X / c + I, False), (X.T @ X / sigma + I, True), (X.T @ X / -sigma + I, False)):
        assert discharged(prove(inverse(shape), (1 * inverse(shape), algebra))) == {shape: shown}


def test_what_a_definition_inverts_at_its_argument():
    R = define("R", inverse(B) @ w, of=B)
    assert discharged(prove(2 * R(A), (R(A) + R(A), algebra))) == {A: False}


def test_a_matrix_that_is_cancelled_from_the_right_and_inverted_in_no_line():
    Q = define("Q", A @ B)
    theorem = prove(inverse(A @ B), (inverse(B) @ inverse(A), cancel(right=Q), definition))
    assert discharged(theorem) == {A @ B: False, A: False, B: False, Q: False}
