"""Inverse matrices: what follows and what does not, the side conditions, and numeric inverses as a judge."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
import sympy
from vocabulary import follows, noise_setting, verdict

from proofsheet import (
    E,
    NotationError,
    ProofsheetError,
    ShapeError,
    StepRejected,
    Sum,
    algebra,
    cancel,
    define,
    definition,
    differentiate,
    dimension,
    gradient,
    group,
    hadamard,
    identity,
    index,
    inverse,
    linearity,
    matrix,
    moment,
    norm2,
    ones,
    parameter,
    positive_semidefinite_matrix,
    prove,
    random_matrix,
    random_vector,
    scalar,
    simplify,
    sqrt,
    symmetric_matrix,
    trace,
    vector,
)
from proofsheet.exact_models import matrices as exact_matrices
from proofsheet.exact_models.comparison import compare
from proofsheet.exact_models.evaluate import Model, ModelError, evaluate
from proofsheet.exact_models.models import Statement
from proofsheet.explicit.second_opinion import NONZERO, UNDECIDED, ZERO, SecondOpinion
from proofsheet.kernel.inverses import pivot
from proofsheet.kernel.lowering import normal_form
from proofsheet.kernel.normal_form import Algebra
from proofsheet.kernel.rules import Rules
from proofsheet.kernel.side_conditions import Invertible, NonnegativeRadicand
from proofsheet.monte_carlo.rounding import Rounded
from proofsheet.monte_carlo.rounding import inverted as rounded_inverse
from proofsheet.notation.text import set_line
from proofsheet.numeric.draws import Instance, value_per_draw
from proofsheet.render.reasons import describe_condition, describe_reason

m, n = dimension("m"), dimension("n")
lam, rho, c = parameter("lam", positive=True), parameter("rho", nonnegative=True), parameter("c")
X, U, V, D = matrix("X", n, m), matrix("U", m, n), matrix("V", n, m), matrix("D", n, n)
A, B, C = matrix("A", m, m), matrix("B", m, m), matrix("C", m, m)
S, P, T = symmetric_matrix("S", m), positive_semidefinite_matrix("P", m), positive_semidefinite_matrix("T", n)
t = scalar("t")
u, v, w, y = vector("u", m), vector("v", m), vector("w", m), vector("y", n)
I, J = identity(m), identity(n)
gram, kernel = X.T @ X + lam * I, X @ X.T + lam * J
K, H = inverse(gram), inverse(kernel)
low_rank = A + U @ D @ V
G = define("G", gram)
w_hat = define("w_hat", inverse(G) @ X.T @ y)
N = define("N", I + ones(m, m))
loss = norm2(X @ w - y) + lam * norm2(w)

TRUE = {
    "A⁻¹A": (inverse(A) @ A, I, algebra),
    "AA⁻¹": (A @ inverse(A) @ u, u, algebra),
    "a defined symbol": (G @ inverse(G) @ u, u, algebra),
    "a defined symbol, unfolded": (inverse(G) @ gram, I, definition),
    "one way and another": (inverse(lam * I + group(X.T @ X)), K, algebra),
    "transpose": (inverse(A).T, inverse(A.T), algebra),
    "symmetric": (K.T, K, algebra),
    "symmetric by declaration": (inverse(S).T, inverse(S), algebra),
    "twice": (inverse(inverse(A)), A, algebra),
    "twice, transposed": (inverse(inverse(A).T), A.T, algebra),
    "twice, of a sum": (inverse(inverse(gram)), gram, algebra),
    "identity": (inverse(I), I, algebra),
    "multiple of the identity": (inverse(lam * I), I / lam, algebra),
    "multiple": (inverse(2 * lam * A), inverse(A) / (2 * lam), algebra),
    "multiple of a sum": (inverse(X.T @ X / lam + I), lam * K, algebra),
    "multiple by what may vanish": (inverse(c * A), inverse(A) / c, algebra),
    "product": (inverse(A @ B), inverse(B) @ inverse(A), cancel(A @ B)),
    "product, from the right": (inverse(A @ B), inverse(B) @ inverse(A), cancel(right=A @ B)),
    "difference": (inverse(A) - inverse(B), inverse(A) @ (B - A) @ inverse(B), algebra),
    "difference, other order": (inverse(A) - inverse(B), inverse(B) @ (B - A) @ inverse(A), algebra),
    "ridge": (K @ X.T @ X, I - lam * K, algebra),
    "ridge, from the other side": (X.T @ X @ K, I - lam * K, algebra),
    "commutes": (K @ X.T @ X, X.T @ X @ K, algebra),
    "push-through": (K @ X.T, X.T @ H, cancel(gram, kernel)),
    "between two inverses, from the left": (K @ X.T, K @ X.T @ kernel @ H, algebra),
    "between two inverses, from the right": (X.T @ H, K @ gram @ X.T @ H, algebra),
    "trace": (trace(X @ K @ X.T), m - lam * trace(K), algebra),
    "squared norm": (norm2(X @ K @ u), u.T @ K @ u - lam * norm2(K @ u), algebra),
    "Woodbury": (
        inverse(low_rank),
        inverse(A) - inverse(A) @ U @ inverse(inverse(D) + V @ inverse(A) @ U) @ V @ inverse(A),
        cancel(low_rank),
    ),
    "square completed": (loss, (w - w_hat).T @ G @ (w - w_hat) + y.T @ y - y.T @ X @ w_hat, definition),
    "without a largest term, as a symbol": (inverse(N) @ N @ u, u, algebra),
}

FALSE = {
    "inverse of another": (inverse(A) @ B, I, algebra),
    "H for G": (H @ X @ X.T @ X, J @ X - lam * X, algebra),
    "not symmetric": (inverse(A).T, inverse(A), algebra),
    "twice, transposed once": (inverse(inverse(A).T), A, algebra),
    "product in the wrong order": (inverse(A @ B), inverse(A) @ inverse(B), cancel(A @ B)),
    "product in the wrong order, both sides": (inverse(A @ B), inverse(A) @ inverse(B), cancel(A @ B, A @ B)),
    "sum": (inverse(A + B), inverse(A) + inverse(B), cancel(A + B)),
    "difference, sign": (inverse(A) - inverse(B), inverse(A) @ (A - B) @ inverse(B), algebra),
    "λ for −λ": (K @ X.T @ X, I + lam * K, algebra),
    "λ forgotten": (K @ X.T @ X, I - K, algebra),
    "XᵀX cancelled": (K @ X.T @ X, I, algebra),
    "push-through, missing transpose": (K @ X.T @ X, X.T @ X @ K.T @ X.T @ X, cancel(gram)),
    "push-through, λ twice": (
        K @ X.T,
        X.T @ inverse(X @ X.T + 2 * lam * J),
        cancel(gram, X @ X.T + 2 * lam * J),
    ),
    "cancelled from the wrong side": (inverse(A) @ B, B @ inverse(A), cancel(A)),
    "between two inverses": (K @ X.T @ kernel @ H, X.T @ H @ kernel @ inverse(kernel + J), algebra),
    "trace, n for m": (trace(X @ K @ X.T), n - lam * trace(K), algebra),
    "multiple on the wrong side": (inverse(2 * lam * A), 2 * lam * inverse(A), algebra),
    "multiple of one term": (inverse(X.T @ X + 2 * lam * I), K / 2, algebra),
    "Woodbury, D for its inverse": (
        inverse(low_rank),
        inverse(A) - inverse(A) @ U @ inverse(D + V @ inverse(A) @ U) @ V @ inverse(A),
        cancel(low_rank),
    ),
    "Woodbury, sign": (
        inverse(low_rank),
        inverse(A) + inverse(A) @ U @ inverse(inverse(D) + V @ inverse(A) @ U) @ V @ inverse(A),
        cancel(low_rank),
    ),
    "square completed, y": (loss, (w - w_hat).T @ G @ (w - w_hat) + y.T @ y + y.T @ X @ w_hat, definition),
    "square completed, without the penalty": (
        norm2(X @ w - y),
        (w - w_hat).T @ G @ (w - w_hat) + y.T @ y - y.T @ X @ w_hat,
        definition,
    ),
    "a coefficient that may be 0": (
        inverse(c * X.T @ X + I) @ X.T @ X,
        I - inverse(c * X.T @ X + I),
        algebra,
    ),
    "entries for the inverse": (inverse(A) @ u, A @ u, algebra),
}


@pytest.mark.parametrize("name", TRUE)
def test_what_follows(name):
    assert follows(*TRUE[name])


@pytest.mark.parametrize("name", FALSE)
def test_the_nearest_false_line(name):
    assert not follows(*FALSE[name])


@pytest.mark.parametrize("name", TRUE)
def test_second_opinions_agree(name):
    old, new, _ = TRUE[name]
    assert SecondOpinion([old, new]).on_step(old, new).verdict == ZERO
    assert compare(Statement((old, new), (), ()), old, new).verdict == "agrees"


@pytest.mark.parametrize("name", FALSE)
def test_second_opinions_disagree(name):
    old, new, _ = FALSE[name]
    opinion = SecondOpinion([old, new]).on_step(old, new)
    assert opinion.verdict == NONZERO
    assert opinion.at_point
    found = compare(Statement((old, new), (), ()), old, new)
    assert found.verdict == "differs"
    assert found.witness.holds()


def test_definitions_stay_closed_unless_they_are_cited():
    assert not follows(inverse(G) @ gram, I, algebra)
    assert not follows(inverse(G).T, inverse(G), algebra)


# ---- side conditions ----------------------------------------------------------------------------------------------


def conditions(theorem):
    found = [one for one in theorem.side_conditions if isinstance(one, Invertible)]
    return {one.matrix: one.discharged for one in found}


def test_every_inverse_has_its_condition():
    theorem = prove(inverse(A @ B), (inverse(B) @ inverse(A), cancel(A @ B)))
    assert conditions(theorem) == {A @ B: False, A: False, B: False}
    assert conditions(theorem.recheck()) == conditions(theorem)


def test_a_condition_that_the_line_hides():
    assert conditions(prove(inverse(A) @ A @ u, (u, algebra))) == {A: False}
    assert conditions(prove(w_hat, (inverse(gram) @ X.T @ y, definition))) == {G: True, gram: True}
    assert conditions(prove(G @ w_hat, (X.T @ y, definition))) == {G: True}
    inside = prove(inverse(A + inverse(B)) @ u, (inverse(inverse(B) + A) @ u, algebra))
    assert conditions(inside) == {B: False, A + inverse(B): False, inverse(B) + A: False}


def test_a_cancelled_factor_is_invertible():
    theorem = prove(inverse(A) @ A @ u, (u, algebra), (u + 0 * v, cancel(X.T @ X)))
    assert conditions(theorem) == {A: False}, "an idle cancellation is not needed"
    normal = prove(
        A @ inverse(B) - I,
        ((A - B) @ inverse(B), cancel(right=B)),
    )
    assert conditions(normal) == {B: False}
    singular = prove(K @ X.T, (X.T @ H, cancel(gram, kernel)))
    assert conditions(singular) == {gram: True, kernel: True}
    with_r = prove(
        inverse(X.T @ X + c * I) @ X.T, (X.T @ inverse(X @ X.T + c * J), cancel(X.T @ X + c * I, X @ X.T + c * J))
    )
    assert conditions(with_r) == {X.T @ X + c * I: False, X @ X.T + c * J: False}


def test_a_cancelled_factor_that_no_line_inverts():
    Q = define("Q", A @ B)
    theorem = prove(inverse(A @ B), (inverse(B) @ inverse(A), cancel(Q), definition))
    assert conditions(theorem) == {A @ B: False, A: False, B: False, Q: False}
    root = define("R", sqrt(t) * A)
    theorem = prove(inverse(A @ B), (inverse(B) @ inverse(A), cancel(sqrt(t) * A @ B)))
    assert [one.argument for one in theorem.side_conditions if isinstance(one, NonnegativeRadicand)] == [t]
    assert "zero" in why(inverse(A), inverse(B), cancel(A - A))
    assert "zero" in why(inverse(A), inverse(B), cancel(right=A - A))
    assert not follows(inverse(A), inverse(B), cancel(root))


@pytest.mark.parametrize(
    ("shown", "shape"),
    [
        (True, X.T @ X + lam * I),
        (True, X @ X.T / lam + J),
        (True, P + lam * I),
        (True, X.T @ T @ X + 2 * I),
        (True, inverse(A)),
        (True, rho * X.T @ X + I),
        (True, X.T @ (rho * X) / lam + u @ u.T + lam * inverse(P)),
        (True, G),
        (False, -X.T @ X + I),
        (False, u.T @ v * X.T @ X + I),
        (False, u.T @ v * I),
        (False, u @ v.T + I),
        (False, X.T @ D @ X + I),
        (False, inverse(S) + I),
        (False, u @ u.T @ P + I),
        (False, X.T @ T @ inverse(T + J) @ X + I),
        (False, X.T @ X),
        (False, X.T @ X + rho * I),
        (False, X.T @ X - lam * I),
        (False, X.T @ X + c * I),
        (False, S + lam * I),
        (False, X.T @ V + lam * I),
        (False, c * X.T @ X + I),
        (False, A),
        (False, P),
    ],
)
def test_what_the_form_shows(shown, shape):
    theorem = prove(inverse(shape), (inverse(group(shape)), algebra))
    assert conditions(theorem)[shape] is shown


def test_conditions_and_reasons_in_words():
    assert describe_condition(Invertible(X.T @ X, False)) == "XᵀX is invertible"
    assert describe_reason(cancel(A, right=B)) == "multiplied by A from the left and by B from the right"
    assert describe_reason(cancel(right=B), "latex") == r"multiplied by $\mathbf{B}$ from the right"


def test_particular_cases_keep_the_conditions():
    theorem = prove(
        inverse(X.T @ X + c * I) @ X.T, (X.T @ inverse(X @ X.T + c * J), cancel(X.T @ X + c * I, X @ X.T + c * J))
    )
    at_two = theorem.at({c: 2})
    assert conditions(at_two) == {X.T @ X + 2 * I: True, X @ X.T + 2 * J: True}
    at_zero = theorem.at({c: 0})
    assert set(conditions(at_zero).values()) == {False}


# ---- what stays refused -------------------------------------------------------------------------------------------


def test_refused_in_the_notation():
    with pytest.raises(NotationError, match="random"):
        inverse(random_matrix("R", m, m))
    R = define("R", A + random_matrix("Z", m, m))
    with pytest.raises(NotationError, match="random"):
        inverse(R)
    with pytest.raises(ShapeError, match="square"):
        inverse(X)
    with pytest.raises(NotationError, match="1 / "):
        inverse(w.T @ w)
    with pytest.raises(NotationError, match="both lines"):
        cancel()
    with pytest.raises(ProofsheetError):
        cancel(X)
    i = index("i", m)
    with pytest.raises(NotationError, match="index"):
        cancel(u[i] * A)


def why(old, new, *reasons):
    found = verdict(old, new, *reasons)
    assert isinstance(found, StepRejected)
    return found.why


def test_refused_by_the_kernel():
    i = index("i", m)
    assert "index" in why(inverse(u[i] * A), inverse(A) * u[i], algebra)
    assert "index" in why(Sum(i, inverse(u[i] * A)), inverse(A), algebra)
    assert "zero" in why(inverse(A - A), A, algebra)
    assert "differentiated" in why(gradient(w.T @ inverse(A + w @ w.T) @ w, w), w, differentiate)
    assert "differentiated" in why(gradient(trace(inverse(A)), A), -inverse(A).T @ inverse(A).T, differentiate)
    assert "from the left" in why(K @ X.T, X.T @ H, cancel(kernel))
    assert "from the right" in why(K @ X.T, X.T @ H, cancel(right=gram))


def test_gradients_beside_an_inverse():
    assert follows(gradient(w.T @ K @ w, w), 2 * K @ w, differentiate)
    assert not follows(gradient(w.T @ inverse(A) @ w, w), 2 * inverse(A) @ w, differentiate)
    assert follows(gradient(w.T @ inverse(A) @ w, w), inverse(A) @ w + inverse(A.T) @ w, differentiate)


def test_normal_equations_of_ridge_regression():
    slope = define("g", 2 * X.T @ (X @ w - y) + 2 * lam * w, of=w)
    assert follows(gradient(loss, w), slope(w), differentiate, definition)
    assert follows(slope(w_hat), 0 * w, definition)
    assert not follows(slope(K @ X.T @ y / 2), 0 * w, definition)


def test_an_inverse_leaves_the_expectation():
    z, q = random_vector("z", m), moment(E(random_vector("z", m)), u)
    assert follows(E(inverse(A) @ z), inverse(A) @ E(z), linearity)
    assert follows(E(inverse(A) @ z), inverse(A) @ u, q)
    assert follows(E(inverse(A) @ A @ z), u, q)
    assert not follows(E(inverse(A) @ z), inverse(A).T @ u, q)


def test_second_moments_whitened():
    x = random_vector("x", m)
    second = moment(E(x @ x.T), S)
    assert follows(E(x.T @ inverse(S) @ x), m * 1, second)
    assert not follows(E(x.T @ inverse(S) @ x), trace(S), second)


def test_setting_of_noise_is_untouched():
    s = noise_setting()
    assert follows(E(s.residual + s.noise), E(s.residual) + E(s.noise), linearity)


def test_no_contraction_over_an_index_that_something_else_has():
    i, j = index("i", m), index("j", m)
    assert follows(Sum(i, inverse(A)[j, i] * A[i, j]), 1, algebra)
    assert follows(Sum(i, inverse(A)[i, j] * A[j, i]), 1, algebra)
    assert not follows(Sum(i, inverse(A)[i, j] * A[i, j]), 1, algebra)
    assert not follows(Sum(i, inverse(A)[j, i] * A[i, j] * u[i]), u[j], algebra)
    assert not follows(Sum(i, inverse(A)[i, i] * A[i, i]), m * 1, algebra)
    k = index("k", n)
    assert not follows(Sum(i, Sum(k, K[j, i] * X[k, i] * X[k, j] * y[k])), 1 - lam * K[j, j], algebra)
    assert follows(Sum(i, Sum(k, K[j, i] * X[k, i] * X[k, j])), 1 - lam * K[j, j], algebra)

    i, j, k = index("i", m), index("j", m), index("k", m)
    square, rank_one = inverse(B.T @ B + lam * I), inverse(A + u @ u.T)
    r, q = index("r", n), index("q", n)
    assert not follows(Sum(i, r, q, K[j, i] * X[r, i] * X[q, j]), n * (1 - lam * K[j, j]), algebra)
    assert follows(Sum(i, r, q, K[j, i] * X[r, i] * X[q, j]), Sum(q, X[q, j] * Sum(r, i, X[r, i] * K[i, j])), algebra)
    for old, new in [  # nothing to contract, and nothing is lost
        (Sum(i, inverse(A)[j, i] * A[i, j] * u[i]), Sum(i, u[i] * inverse(A)[j, i] * A[i, j])),
        (Sum(i, inverse(A)[i, i] * A[i, i]), Sum(i, A[i, i] * inverse(A)[i, i])),
        (Sum(i, k, square[k, i] * B[k, i] * B[k, j]), Sum(i, k, B[k, j] * square[k, i] * B[k, i])),
        (Sum(i, k, square[j, i] * B[k, i] * B[k, j] * u[k]), Sum(i, k, B[k, j] * u[k] * square[j, i] * B[k, i])),
        (rank_one @ hadamard(u, u), rank_one @ hadamard(u, 1 * u)),
    ]:
        assert follows(old, new, algebra), f"{old}  and  {new}"


@pytest.mark.parametrize(
    ("alone", "matrix_"),
    [(True, A), (True, gram), (True, low_rank), (True, A + inverse(B)), (False, A + A.T), (False, A @ B + B @ A)],
)
def test_a_term_is_replaced_only_by_smaller_ones(alone, matrix_):
    form = normal_form(inverse(matrix_), Rules(), Algebra([lam.symbol, m.symbol, n.symbol]))
    (((_, (factor,)), _),) = form.items()
    assert (pivot(factor.bodies[0]) is not None) is alone


def test_no_meeting_goes_round_in_circles():
    turned, swap = inverse(A + A.T), inverse(A @ B + B @ A)
    assert follows(turned @ A @ A.T, group(turned @ A) @ A.T, algebra)
    assert not follows(turned @ A @ A.T @ A @ turned, turned, algebra)
    assert follows(swap @ A @ B, swap @ group(A @ B), algebra)
    assert not follows(swap @ A @ B, I, algebra)
    rooted = inverse(t * t * A + sqrt(t**4) * A)
    assert follows(sqrt(t**4) * t * t * rooted @ A, t * t * sqrt(t**4) * rooted @ A, algebra)


def test_simplify_reads_inverses():
    assert simplify(trace(K @ X.T @ X) + lam * trace(K)).right == m
    theorem = simplify((w - w_hat).T @ G @ (w - w_hat))
    assert theorem.relation == "="
    assert follows(simplify(inverse(A) @ A @ inverse(B.T) @ u).right, inverse(B).T @ u, algebra)


# ---- the other judges ---------------------------------------------------------------------------------------------


def test_exact_inverse():
    assert exact_matrices.inverse([[Fraction(0), Fraction(2)], [Fraction(3), Fraction(4)]]) == [
        [Fraction(-2, 3), Fraction(1, 3)],
        [Fraction(1, 2), Fraction(0)],
    ]
    with pytest.raises(ModelError, match="not invertible here"):
        exact_matrices.inverse([[Fraction(1), Fraction(2)], [Fraction(2), Fraction(4)]])
    model = Model({"m": 2}, {}, {"u": [[Fraction(1)], [Fraction(2)]]})
    with pytest.raises(ModelError, match="not invertible here"):
        evaluate(inverse(u @ u.T), model)


def test_symbolic_inverse():
    a, b, c_, d = sympy.symbols("A_11 A_12 A_21 A_22", real=True)
    expected = sympy.Matrix([[d, -b], [-c_, a]]) / (a * d - b * c_)
    assert (inverse(A).as_sympy(m=2) - expected).applyfunc(sympy.cancel) == sympy.zeros(2, 2)
    with pytest.raises(NotationError, match="4 × 4"):
        inverse(A).as_sympy(m=4)


def test_what_sympy_does_not_read_is_undecided():
    old, new = gradient(w.T @ K @ w, w), 2 * K @ w
    opinion = SecondOpinion([old, new]).on_step(old, new)
    assert opinion.verdict == UNDECIDED
    assert "beside an inverse" in opinion.why


def test_inverse_on_draws():
    values = numbers(1)
    instance = Instance({"m": 3, "n": 4}, {"lam": 0.7}, {"X": values["X"], "u": [1.0, 2.0, -1.0]})
    found = value_per_draw(u.T @ K @ u, instance, {})
    vector_u = np.array([1.0, 2.0, -1.0])
    expected = vector_u @ np.linalg.inv(values["X"].T @ values["X"] + 0.7 * np.eye(3)) @ vector_u
    assert found == pytest.approx([expected])
    with pytest.raises(ProofsheetError, match="no inverse"):
        value_per_draw(y.T @ inverse(D) @ y, Instance({"n": 2}, {}, {"D": np.zeros((2, 2)), "y": [1, 2]}), {})


def test_rounding_of_an_inverse():
    random = Random(3)
    for _ in range(50):
        size = random.randint(2, 5)
        exact = [[Fraction(random.randint(-9, 9), random.randint(1, 7)) for _ in range(size)] for _ in range(size)]
        try:
            truth = exact_matrices.inverse(exact)
        except ModelError:  # singular
            continue
        given = np.array([[float(entry) for entry in row] for row in exact])
        found = rounded_inverse(Rounded(given, np.abs(given) * 2.0**-52))
        pairs = zip(found.value.ravel(), (entry for row in truth for entry in row), strict=True)
        distance = np.array([float(abs(Fraction(one) - other)) for one, other in pairs]).reshape(size, size)
        assert (distance <= found.error).all()
    assert np.isinf(rounded_inverse(Rounded(np.eye(2), np.ones((2, 2)))).error).all()


# ---- in print -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "plain", "ascii_text", "latex"),
    [
        (inverse(A), "A⁻¹", "inv(A)", r"\mathbf{A}^{-1}"),
        (inverse(A).T, "(A⁻¹)ᵀ", "inv(A)'", r"(\mathbf{A}^{-1})^{\top}"),
        (inverse(G) @ X.T @ y, "G⁻¹Xᵀy", "inv(G) X' y", r"\mathbf{G}^{-1} \mathbf{X}^{\top} \mathbf{y}"),
        (
            K @ X.T,
            "(XᵀX + λ I)⁻¹Xᵀ",
            "inv(X' X + lam I) X'",
            r"(\mathbf{X}^{\top} \mathbf{X} + \lambda \mathbf{I})^{-1} \mathbf{X}^{\top}",
        ),
        (inverse(inverse(A)), "(A⁻¹)⁻¹", "inv(inv(A))", r"(\mathbf{A}^{-1})^{-1}"),
        (inverse(A @ B), "(AB)⁻¹", "inv(A B)", r"(\mathbf{A} \mathbf{B})^{-1}"),
    ],
)
def test_print(line, plain, ascii_text, latex):
    assert str(line) == plain
    assert set_line(line, "ascii") == ascii_text
    assert set_line(line, "latex") == latex


# ---- random lines against numeric inverses -------------------------------------------------------------------------

NAMES = {"A": A, "B": B, "S": S, "P": P}


def random_matrix_line(random, depth):
    """A random m × m expression and the function that computes it from numbers."""
    kind = random.choice(["name", "inverse", "plus", "times", "transpose", "gram", "scaled"]) if depth else "name"
    if kind == "name":
        name = random.choice([*NAMES, "I"])
        return (I, lambda x: np.eye(len(x["A"]))) if name == "I" else (NAMES[name], lambda x: x[name])
    if kind == "gram":
        return gram, lambda x: x["X"].T @ x["X"] + x["lam"] * np.eye(len(x["A"]))
    one, value = random_matrix_line(random, depth - 1)
    if kind == "inverse":
        return inverse(one), lambda x: np.linalg.inv(value(x))
    if kind == "transpose":
        return one.T, lambda x: value(x).T
    if kind == "scaled":
        factor = random.choice((2, -1))
        return factor * one, lambda x: factor * value(x)
    two, other = random_matrix_line(random, depth - 1)
    if kind == "plus":
        return one + two, lambda x: value(x) + other(x)
    return one @ two, lambda x: value(x) @ other(x)


def numbers(seed):
    generator = np.random.default_rng(seed)
    size, rows = 2 + seed % 3, 2 + (seed + 1) % 3
    x = {name: generator.normal(size=(size, size)) for name in "AB"}
    half, root = generator.normal(size=(size, size)), generator.normal(size=(size, size))
    return {**x, "S": half + half.T, "P": root @ root.T, "X": generator.normal(size=(rows, size)), "lam": 0.7}


def close(one, other):
    for seed in range(3):
        x = numbers(seed)
        try:
            left, right = one(x), other(x)
        except np.linalg.LinAlgError:
            continue
        size = 1 + np.abs(left).max() + np.abs(right).max()
        if size < 1e6 and np.abs(left - right).max() > 1e-6 * size:
            return False
    return True


def rewritten(random, line, value):
    """The line written otherwise; half of the time a wrong neighbour of it."""
    other, computed = random_matrix_line(random, 1)
    ways = [
        (line @ inverse(other) @ other, value),
        (other @ inverse(other) @ line, value),
        (inverse(inverse(line)), value),
        (inverse(line.T).T, lambda x: np.linalg.inv(value(x))),
        (inverse(line), lambda x: np.linalg.inv(value(x))),
        (line + other @ inverse(gram) @ X.T @ X + lam * other @ inverse(gram) - other, value),
        (line @ other @ inverse(other.T), lambda x: value(x) @ computed(x) @ np.linalg.inv(computed(x).T)),
        (inverse(other) @ line @ other, lambda x: np.linalg.inv(computed(x)) @ value(x) @ computed(x)),
        (line.T, lambda x: value(x).T),
    ]
    return random.choice(ways)


@pytest.mark.parametrize("block", range(4))
def test_no_accepted_pair_is_refuted_by_numbers(block):
    accepted = rejected = 0
    for seed in range(block * 100, block * 100 + 100):
        random = Random(seed)
        line, value = random_matrix_line(random, 2)
        other, computed = rewritten(random, line, value)
        found = verdict(line, other, algebra)
        if isinstance(found, StepRejected):
            rejected += 1
            continue
        accepted += 1
        assert close(value, computed), f"seed {seed}: {line}   and   {other}"
    assert accepted > 15
    assert rejected > 15
