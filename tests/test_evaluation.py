"""The value of functions, derivatives, remainders and families in a model: the smallest true example and its nearest false one."""

from fractions import Fraction as F
from types import SimpleNamespace

import pytest
from sympy import Rational, Symbol, cosh, exp, log, sinh, tanh

from proofsheet import (
    Cov,
    E,
    Sum,
    Var,
    absolute,
    define,
    derivative,
    diag,
    dimension,
    exponential_family,
    function,
    gradient,
    hadamard,
    index,
    matrix,
    moment,
    norm1,
    norm2,
    parameter,
    random_scalar,
    random_vector,
    remainder,
    scalar,
    sgn,
    sqrt,
    vector,
    zeros,
)
from proofsheet.exact_layer import assumed_by
from proofsheet.exact_models.comparison import AGREES, DIFFERS, NO_MODEL, compare
from proofsheet.exact_models.enclosures import Enclosure
from proofsheet.exact_models.evaluate import evaluate
from proofsheet.exact_models.matrices import inverse, multiplied
from proofsheet.exact_models.model import Model, ModelError
from proofsheet.exact_models.opaque import Polynomial, Ridges, log_partition
from proofsheet.exact_models.series import coefficient, shifted
from proofsheet.notation.tree import ONE
from proofsheet.notation.variables import Defined


def setting():
    m, q = dimension("m"), dimension("q")
    s = SimpleNamespace(m=m, q=q, t=scalar("t"), u=scalar("u"), d=scalar("d"), lam=parameter("lam", positive=True))
    s.w, s.v, s.W, s.V = vector("w", m), vector("v", m), matrix("W", q, m), matrix("V", m, m)
    s.i, s.j, s.k, s.l = (index(name, m) for name in "ijkl")
    s.r = index("r", q)
    s.x, s.y = random_vector("x", m), random_scalar("y")
    s.A, s.B = function("A"), function("B")
    s.C, s.L = function("C", of=s.w), function("L", of=s.W)
    s.G = function("G", of=(s.t, s.w))
    s.H = function("H", of=(s.t, s.u))
    return s


s = setting()
z = Symbol("z", real=True)
softplus, sigma = function("S", log(1 + exp(z))), function("sigma", 1 / (1 + exp(-z)))
hyperbolic, rational = function("th", tanh(z)), function("rt", (1 + z**2) ** Rational(1, 2))
nothing = assumed_by((), ())
tilde = define("g", s.x[s.i] * s.w[s.i], entry=s.i)
inner = define("h", E(s.y * s.C(s.w)), of=s.w)


def slope(value):
    """A′ by its definition, at another variable; `define` refuses a derivative in it, but the meaning is plain."""
    return Defined("slope", ONE, ONE, (s.t,), (value,), (), derivative(s.A(s.t), s.t))


PAIRS = {
    "opaque": (s.A(s.t + s.u), s.A(s.u + s.t), s.A(s.t) + s.A(s.u)),
    "two functions": (s.A(s.t) * s.B(s.t), s.B(s.t) * s.A(s.t), s.A(s.t) * s.A(s.t)),
    "derivative of a function": (derivative(s.A(s.t), s.t), s.A.prime(s.t), s.A(s.t)),
    "chain rule": (derivative(s.A(s.t**2), s.t), 2 * s.t * s.A.prime(s.t**2), s.A.prime(s.t**2)),
    "second derivative": (
        derivative(derivative(s.A(s.t), s.t), s.t),
        s.A.prime.prime(s.t),
        2 * s.A.prime.prime(s.t),
    ),
    "derivative in a derivative": (
        derivative(s.t * derivative(s.t**2, s.t), s.t),
        4 * s.t,
        2 * s.t,
    ),
    "mixed derivatives": (
        derivative(derivative(s.A(s.t * s.u), s.t), s.u),
        s.A.prime(s.t * s.u) + s.t * s.u * s.A.prime.prime(s.t * s.u),
        s.A.prime.prime(s.t * s.u),
    ),
    "inner derivative at another variable": (derivative(s.u * derivative(s.u * s.t, s.t), s.u), 2 * s.u, s.u),
    "product rule": (
        derivative(s.A(s.t) * s.t, s.t),
        s.A.prime(s.t) * s.t + s.A(s.t),
        s.A.prime(s.t),
    ),
    "gradient of a norm": (gradient(norm2(s.w), s.w), 2 * s.w, s.w),
    "gradient by a matrix": (gradient(norm2(s.W @ s.w), s.W), 2 * s.W @ s.w @ s.w.T, s.W @ s.w @ s.w.T),
    "entry of a gradient": (derivative(norm2(s.W), s.W[s.r, s.k]), 2 * s.W[s.r, s.k], 2 * norm2(s.W)),
    "not of another entry": (derivative(s.w[s.j], s.w[s.j]), 1 + 0 * s.t, s.w[s.j]),
    "quadratic form": (
        gradient(s.w.T @ s.V @ s.w, s.w),
        (s.V + s.V.T) @ s.w,
        2 * s.V @ s.w,
    ),
    "function of a vector": (gradient(s.C(s.w), s.w), s.C.gradient(s.w), s.w),
    "function of a matrix": (gradient(s.L(2 * s.W), s.W), 2 * s.L.gradient(2 * s.W), s.L.gradient(2 * s.W)),
    "chain rule for a vector": (
        gradient(s.C(s.V @ s.w), s.w),
        s.V.T @ s.C.gradient(s.V @ s.w),
        s.V @ s.C.gradient(s.V @ s.w),
    ),
    "partial derivatives": (
        derivative(s.H(s.t, s.t * s.u), s.t),
        s.H.partial(1)(s.t, s.t * s.u) + s.u * s.H.partial(2)(s.t, s.t * s.u),
        s.H.partial(1)(s.t, s.t * s.u) + s.H.partial(2)(s.t, s.t * s.u),
    ),
    "mixed partial derivatives": (
        derivative(s.H.partial(1)(s.t, s.u), s.u),
        s.H.partial(1).partial(2)(s.t, s.u),
        s.H.partial(1).partial(1)(s.t, s.u),
    ),
    "a scalar and a vector": (
        gradient(s.G(s.t, s.w), s.w),
        s.G.partial(2)(s.t, s.w),
        s.G.partial(1)(s.t, s.w) * s.w,
    ),
    "entrywise": (
        derivative(Sum(s.i, s.A(s.w)[s.i]), s.w[s.k]),
        s.A.prime(s.w)[s.k],
        s.A.prime(norm2(s.w)),
    ),
    "remainder": (
        s.A(s.t + s.d),
        s.A(s.t) + s.A.prime(s.t) * s.d + s.A.prime.prime(s.t) * s.d**2 / 2 + remainder(s.A, 3, s.t, s.d),
        s.A(s.t) + s.A.prime(s.t) * s.d + s.A.prime.prime(s.t) * s.d**2 + remainder(s.A, 3, s.t, s.d),
    ),
    "remainder of order 4": (
        remainder(s.A, 3, s.t, s.d),
        remainder(s.A, 4, s.t, s.d) + s.A.prime.prime.prime(s.t) * s.d**3 / 6,
        remainder(s.A, 4, s.t, s.d),
    ),
    "derivative of a remainder": (
        derivative(remainder(s.A, 2, s.t, s.d), s.d),
        s.A.prime(s.t + s.d) - s.A.prime(s.t),
        s.A.prime(s.t + s.d),
    ),
    "closed form": (softplus.prime(s.t), sigma(s.t), sigma(-s.t)),
    "third derivative of a closed form": (
        softplus.prime.prime.prime(s.t),
        sigma(s.t) * (1 - sigma(s.t)) * (1 - 2 * sigma(s.t)),
        sigma(s.t) * (1 - sigma(s.t)),
    ),
    "second derivative of a root": (
        rational.prime.prime(s.t) * rational(s.t) ** 3,
        1 + 0 * s.t,
        rational(s.t),
    ),
    "derivative in a definition": (slope(s.u), s.A.prime(s.u), s.A.prime(s.t)),
    "derivative of a derivative in a definition": (
        derivative(slope(s.u), s.u),
        s.A.prime.prime(s.u),
        s.A.prime(s.u),
    ),
    "tanh": (hyperbolic.prime(s.t), 1 - hyperbolic(s.t) ** 2, 1 + hyperbolic(s.t) ** 2),
    "root of a closed form": (rational.prime(s.t) * rational(s.t), s.t, 2 * s.t),
    "derivative of a closed form": (
        derivative(softplus(s.w.T @ s.v), s.w[s.k]),
        sigma(s.w.T @ s.v) * s.v[s.k],
        sigma(s.w.T @ s.v) * s.w[s.k],
    ),
    "closed form under E": (E(softplus(s.y)) + 1, E(softplus(s.y) + 1), softplus(E(s.y)) + 1),
    "root": (sqrt(norm2(s.w)) ** 2, norm2(s.w), norm2(s.w) ** 2),
    "derivative of a root": (
        sqrt(norm2(s.w)) * derivative(sqrt(norm2(s.w)), s.w[s.k]),
        s.w[s.k],
        2 * s.w[s.k],
    ),
    "absolute value": (derivative(absolute(s.t), s.t), sgn(s.t), absolute(s.t)),
    "derivative of a sign": (derivative(sgn(s.t) * s.t, s.t), sgn(s.t), 2 * sgn(s.t)),
    "norm 1": (derivative(norm1(s.w), s.w[s.k]), sgn(s.w)[s.k], sgn(s.w.T @ s.w)),
    "diagonal": (diag(s.w) @ s.v, hadamard(s.w, s.v), norm2(s.v) * s.w),
    "definition moves along": (
        derivative(E(tilde[s.i]), s.w[s.i]),
        E(s.x[s.i]),
        E(tilde[s.i]),
    ),
    "E of a function in a definition": (
        gradient(inner(2 * s.w), s.w),
        2 * E(s.y) * s.C.gradient(2 * s.w),
        E(s.y) * s.C.gradient(s.w),
    ),
    "derivative under E": (
        gradient(E((s.x.T @ s.w - s.y) ** 2), s.w),
        2 * E((s.x.T @ s.w - s.y) * s.x),
        E((s.x.T @ s.w - s.y) * s.x),
    ),
    "derivative of a variance": (
        gradient(Var(s.x.T @ s.w), s.w),
        2 * Cov(s.x) @ s.w,
        2 * E(s.x @ s.x.T) @ s.w,
    ),
    "outside the law": (gradient(E(s.y), s.w), zeros(s.m), E(s.y) * s.w),
    "function of what is random": (E(s.A(s.y) + s.y), E(s.A(s.y)) + E(s.y), s.A(E(s.y)) + E(s.y)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_true_and_nearly_true(name):
    line, true, false = PAIRS[name]
    found = compare(nothing, line, true)
    assert (found.verdict, found.models) == (AGREES, 3), found.message or found.witness.describe()
    refuted = compare(nothing, line, false)
    assert refuted.verdict == DIFFERS
    assert refuted.witness.holds()


class TestKinks:
    def test_a_kink_is_not_a_model_of_the_claim(self):
        model = Model({}, {}, {"t": [[F(0)]]})
        with pytest.raises(ModelError, match="kink"):
            evaluate(derivative(absolute(s.t), s.t), model)
        with pytest.raises(ModelError, match="differentiated at 0"):
            evaluate(derivative(sqrt(s.t), s.t), model)
        assert evaluate(sgn(s.t), model) == [[F(0)]]
        assert evaluate(derivative(absolute(s.u), s.t), Model({}, {}, {"t": [[F(0)]], "u": [[F(0)]]})) == [[F(0)]]

    def test_roots_of_what_is_negative(self):
        with pytest.raises(ModelError, match="negative"):
            evaluate(sqrt(s.t), Model({}, {}, {"t": [[F(-1)]]}))
        found = compare(nothing, sqrt(s.t) ** 2, s.t)
        assert (found.verdict, found.models) == (AGREES, 3), "points with t ≥ 0 are found"

    def test_a_wrong_sign_is_caught_at_negative_weights(self):
        assert compare(nothing, absolute(s.t), s.t).verdict == DIFFERS


class TestFamilies:
    theta, T, A = scalar("theta"), random_scalar("T"), s.A
    family = assumed_by((exponential_family(random_scalar("T"), scalar("theta"), s.A),), ())

    def test_derivatives_of_A_are_cumulants(self):
        T, A, theta = self.T, self.A, self.theta
        third = A.prime.prime.prime(theta)
        for line, true, false in (
            (E(T), A.prime(theta), A(theta)),
            (Var(T), A.prime.prime(theta), A.prime(theta)),
            (E((T - A.prime(theta)) ** 3), third, 2 * third),
        ):
            assert compare(self.family, line, true).verdict == AGREES
            assert compare(self.family, line, false).verdict == DIFFERS
            assert compare(nothing, line, true).verdict == DIFFERS, "without the family A is any function"

    def test_the_law_moves_with_the_parameter(self):
        T, A, theta = self.T, self.A, self.theta
        score = T - A.prime(theta)
        assert compare(self.family, derivative(E(T**3), theta), E(T**3 * score)).verdict == AGREES
        assert compare(self.family, derivative(E(T**3), theta), E(T**3 * T)).verdict == DIFFERS
        twice = derivative(derivative(E(T**2), theta), theta)
        assert compare(self.family, twice, E(T**2 * (score**2 - A.prime.prime(theta)))).verdict == AGREES
        assert compare(self.family, twice, E(T**2 * score**2)).verdict == DIFFERS
        assert compare(self.family, derivative(E(theta * T), theta), E(T) + theta * Var(T)).verdict == AGREES

    def test_elsewhere_nothing_is_known(self):
        T, A, theta = self.T, self.A, self.theta
        for line in (A(theta + 1), derivative(E(T * s.y), theta)):
            assert compare(self.family, line, line).verdict == NO_MODEL
        assert compare(self.family, A(2 * theta / 2), A(theta)).verdict == AGREES

    def test_cumulants_by_hand(self):
        """T is 1 with probability 1/3, else 0: κ = 1/3, 2/9, p(1 − p)(1 − 2p) = 2/27."""
        found = log_partition(F(5), [(F(2, 3), F(0)), (F(1, 3), F(1))], F(7))
        assert found.cumulants[:4] == (F(7), F(1, 3), F(2, 9), F(2, 27))


class TestLawsThatDependOnTheVariable:
    """E[z] = μ describes a law for each μ: ∂E[z]/∂μ is not 0, and the model does not say what it is."""

    def test_directly_and_through_a_tie(self):
        mu, y, z = s.t, s.y, random_scalar("z")
        for facts, line in (
            ((moment(E(y), mu),), E(y)),
            ((moment(E(y), mu), moment(E(y * z), 1)), E(z**2)),
        ):
            assert compare(assumed_by(facts, ()), derivative(line, mu), 0 * mu).verdict == NO_MODEL
        free = assumed_by((moment(E(y), mu),), ())
        assert compare(free, derivative(E(z), mu), 0 * mu).verdict == AGREES, "nothing ties z to μ"
        assert compare(free, derivative(mu * E(y), s.u), 0 * mu).verdict == AGREES


class TestParts:
    def test_polynomials_by_hand(self):
        cubic = Polynomial((F(1), F(-2), F(0), F(5)))  # 1 − 2t + 5t³
        assert [cubic.value((0,) * k, [[[F(2)]]])[0][0] for k in range(5)] == [F(37), F(58), F(60), F(30), F(0)]
        assert cubic.in_words("A") == "A(t) = 1 - 2 t + 5 t^3"

    def test_ridges_by_hand(self):
        """2 (1 + a + 3b)³ of two scalars a, b."""
        ridge = Ridges(((F(2), 3, F(1), (F(1), F(3))),))
        at = [[[F(1)]], [[F(2)]]]
        assert [ridge.value(orders, at)[0][0] for orders in ((), (0,), (1,), (0, 1))] == [1024, 384, 1152, 288]

    def test_series_in_two_infinitesimals(self):
        a, b = shifted(F(2)), shifted(F(3))
        product = a * a * b
        assert coefficient(coefficient(product, b.tag), a.tag) == 4
        assert coefficient(coefficient(a / b, b.tag), a.tag) == F(-1, 9)
        assert coefficient(a + b, a.tag) == 0, "b was made later, and is the outer one"

    def test_inverse(self):
        V = [[F(0), F(2), F(1)], [F(1), F(1), F(0)], [F(3), F(0), F(1)]]
        assert multiplied(V, inverse(V)) == [[F(a == b) for b in range(3)] for a in range(3)]
        with pytest.raises(ModelError, match="not invertible here"):
            inverse([[F(1), F(2)], [F(2), F(4)]])

    def test_inverse_of_a_series(self):
        """d(1/t) = −1/t²."""
        t = shifted(F(3))
        assert coefficient(inverse([[t]])[0][0], t.tag) == F(-1, 9)

    def test_a_forgotten_function_and_a_variable_outside_E(self):
        with pytest.raises(ModelError, match="does not know the function A"):
            evaluate(s.A(s.t), Model({}, {}, {"t": [[F(1)]]}))
        with pytest.raises(ModelError, match="no value outside"):
            evaluate(s.y, Model({}, {}, {}))


def test_hyperbolic_functions_agree_with_their_definition():
    one, other = function("ch", cosh(z)), function("sh", sinh(z))
    assert compare(nothing, one(s.t) ** 2 - other(s.t) ** 2, 1 + 0 * s.t).verdict == AGREES
    assert compare(nothing, one(s.t) ** 2 + other(s.t) ** 2, 1 + 0 * s.t).verdict == DIFFERS


def test_enclosed_lines_that_differ_by_very_little():
    """σ(t) and σ(t) + 10⁻²⁰ are two numbers; the enclosures say so."""
    close = sigma(s.t) + F(1, 10**20)
    found = compare(nothing, sigma(s.t), close)
    assert found.verdict == DIFFERS
    assert isinstance(found.witness.left[0][0], Enclosure)
    assert found.witness.holds()
