"""Gradients by vectors, matrices and entries; back-propagation; the L1 penalty away from 0.

Petersen and Pedersen (2012), The Matrix Cookbook, chapter 2; Goodfellow et al. (2016), section 6.5.
"""

from battery.pairs import Subject
from proofsheet import (
    E,
    Sum,
    absolute,
    chain_rule,
    define,
    definition,
    delta,
    derivative,
    differentiate,
    dimension,
    distinct,
    function,
    gradient,
    hadamard,
    index,
    linearity,
    matrix,
    norm1,
    norm2,
    parameter,
    product_rule,
    random_scalar,
    random_vector,
    scalar,
    sgn,
    symmetric_matrix,
    trace,
    vector,
    vectors,
)

m, q, N = dimension("m"), dimension("q"), dimension("N")
i, j, k, r, l = index("i", m), index("j", m), index("k", m), index("r", q), index("l", N)
lam = parameter("lam", positive=True)
w, u, y, t, c = vector("w", m), vector("u", m), vector("y", q), scalar("t"), scalar("c")
X, V, S, W, B = (
    matrix("X", q, m),
    matrix("V", m, m),
    symmetric_matrix("S", m),
    matrix("W", q, m),
    matrix("B", q, q),
)
data, x, z = vectors("x_1", N, m), random_vector("x", m), random_scalar("z")
A, f, C = function("A"), function("f"), function("C", of=y)

pairs = Subject("gradients")
pairs.true(
    "entry_of_a_squared_norm",
    derivative(lam * norm2(w), w[k]),
    2 * lam * w[k],
    by=[differentiate],
    wrong=[
        (lam * w[k], "2 lost"),
        (2 * lam * Sum(i, w[i]), "all entries summed"),
        (2 * lam * w[k] ** 2, "the square kept"),
    ],
)
pairs.true(
    "gradient_of_least_squares",
    gradient(norm2(y - X @ w), w),
    -2 * X.T @ (y - X @ w),
    by=[differentiate],
    wrong=[
        (2 * X.T @ (y - X @ w), "sign"),
        (-1 * X.T @ (y - X @ w), "2 lost"),
        (-2 * X.T @ y - 2 * X.T @ X @ w, "sign in the bracket"),
    ],
)
pairs.true(
    "gradient_of_a_quadratic_form",
    gradient(w.T @ V @ w, w),
    (V + V.T) @ w,
    by=[differentiate],
    wrong=[
        (2 * V @ w, "as if V were symmetric"),
        (V @ w, "one of the two terms"),
        (2 * V.T @ w, "transposed, as if symmetric"),
    ],
)
pairs.true(
    "gradient_of_a_shifted_symmetric_form",
    gradient((w - u).T @ S @ (w - u) / 2, w),
    S @ (w - u),
    by=[differentiate],
    wrong=[
        (2 * S @ (w - u), "½ ignored"),
        (S @ (u - w), "sign"),
        (S @ w, "the centre forgotten"),
    ],
)
pairs.true(
    "gradient_by_a_weight_matrix",
    gradient(norm2(W @ u - y), W),
    2 * (W @ u - y) @ u.T,
    by=[differentiate],
    wrong=[
        ((W @ u - y) @ u.T, "2 lost"),
        (2 * (y - W @ u) @ u.T, "sign"),
        (2 * W @ u @ u.T, "the target forgotten"),
    ],
)
pairs.true(
    "gradient_of_a_trace_form",
    gradient(trace(W.T @ B @ W), W),
    B @ W + B.T @ W,
    by=[differentiate],
    wrong=[
        (2 * B @ W, "as if B were symmetric"),
        (B @ W, "one of the two terms"),
        (2 * B.T @ W, "transposed, as if symmetric"),
    ],
)
pairs.true(
    "gradient_of_a_bilinear_form",
    gradient(y.T @ W @ u + lam * norm2(W), W),
    y @ u.T + 2 * lam * W,
    by=[differentiate],
    wrong=[
        (y @ u.T + lam * W, "2 lost"),
        (y @ u.T, "penalty forgotten"),
        (W + 2 * lam * W, "the outer product forgotten"),
    ],
)
pairs.true(
    "fourth_power_of_a_norm",
    gradient(norm2(w) ** 2, w),
    4 * norm2(w) * w,
    by=[differentiate],
    wrong=[
        (2 * norm2(w) * w, "inner derivative without its 2"),
        (4 * w, "the norm lost"),
        (4 * hadamard(w, hadamard(w, w)), "entrywise cube"),
    ],
)
pairs.true(
    "chain_rule_through_a_model",
    gradient(Sum(l, A(data[l].T @ w)), w),
    Sum(l, A.prime(data[l].T @ w) * data[l]),
    by=[chain_rule],
    wrong=[
        (Sum(l, A.prime(data[l].T @ w)) * w, "w for the data"),
        (Sum(l, A.prime(data[l].T @ w) * (data[l].T @ w) * data[l]), "argument multiplied once more"),
        (Sum(l, A(data[l].T @ w) * data[l]), "A for A′"),
    ],
)
pairs.true(
    "second_derivative_of_a_model",
    derivative(derivative(A(c * t) + t**3, t), t),
    c**2 * A.prime.prime(c * t) + 6 * t,
    by=[chain_rule],
    wrong=[
        (c * A.prime.prime(c * t) + 6 * t, "inner derivative once"),
        (A.prime.prime(c * t) + 6 * t, "inner derivative forgotten"),
        (c**2 * A.prime.prime(c * t) + 3 * t**2, "t³ differentiated once"),
    ],
)
pairs.true(
    "product_rule",
    derivative(t**2 * A(t), t),
    2 * t * A(t) + t**2 * A.prime(t),
    by=[product_rule],
    wrong=[
        (2 * t * A.prime(t), "product of the derivatives"),
        (2 * t * A(t), "one term only"),
        (2 * t * A(t) - t**2 * A.prime(t), "sign of the quotient rule"),
    ],
)
pairs.true(
    "product_of_two_functions",
    derivative(A(t) * f(c - t), t),
    A.prime(t) * f(c - t) - A(t) * f.prime(c - t),
    by=[product_rule],
    wrong=[
        (A.prime(t) * f(c - t) + A(t) * f.prime(c - t), "inner derivative −1 forgotten"),
        (-A.prime(t) * f.prime(c - t), "product of the derivatives"),
        (A.prime(t) * f(c - t) - c * A(t) * f.prime(c - t), "inner derivative c"),
    ],
)
pairs.true(
    "gradient_of_an_expected_loss",
    gradient(E((x.T @ w - z) ** 2), w),
    2 * (E(x @ x.T) @ w - E(x * z)),
    by=[differentiate, linearity],
    wrong=[
        (E(x @ x.T) @ w - E(x * z), "2 lost"),
        (2 * (E(x @ x.T) @ w + E(x * z)), "sign"),
        (2 * (E(x) @ E(x).T @ w - E(x * z)), "E of a product split"),
        (2 * (E(x @ x.T) @ w - E(x) * E(z)), "E of the other product split"),
    ],
)
pairs.true(
    "derivative_of_pairwise_penalty",
    derivative(Sum(i, j, (w[i] - w[j]) ** 2), w[k]),
    4 * (m * w[k] - Sum(i, w[i])),
    by=[differentiate],
    wrong=[
        (2 * (m * w[k] - Sum(i, w[i])), "each pair once"),
        (4 * (w[k] - Sum(i, w[i])), "m lost"),
        (4 * m * w[k], "the other end of each pair held fixed"),
    ],
)
pairs.true(
    "l1_and_l2_penalty",
    derivative(lam * norm1(w) + norm2(w) / 2, w[k]),
    lam * sgn(w[k]) + w[k],
    by=[differentiate],
    wrong=[
        (lam + w[k], "the sign forgotten"),
        (lam * sgn(w[k]) + 2 * w[k], "½ ignored"),
        (lam * absolute(w[k]) + w[k], "the penalty for its derivative"),
        (-lam * sgn(w[k]) + w[k], "sign"),
    ],
)
pairs.true(
    "jacobian_of_a_linear_map",
    derivative(Sum(r, y[r] * Sum(i, W[r, i] * w[i])), w[k]) * w[j],
    Sum(r, y[r] * W[r, k]) * w[j],
    by=[differentiate],
    wrong=[
        (Sum(r, y[r] * W[r, j]) * w[j], "the wrong free index"),
        (Sum(r, i, y[r] * W[r, i]) * w[j], "the index not contracted"),
        (Sum(r, W[r, k]) * w[j], "the outer factor lost"),
    ],
)
pairs.true(
    "derivative_of_an_entry",
    derivative(w[j] * Sum(i, w[i] * u[i]), w[k]),
    delta(j, k) * Sum(i, w[i] * u[i]) + w[j] * u[k],
    by=[differentiate],
    wrong=[
        (Sum(i, w[i] * u[i]) + w[j] * u[k], "δ forgotten"),
        (w[j] * u[k], "the first factor held fixed"),
        (delta(j, k) * Sum(i, w[i] * u[i]) + w[k] * u[j], "indices exchanged"),
    ],
)
layer = define("a", W @ u)
pairs.true(
    "back_propagation_of_one_layer",
    gradient(C(A(layer)), W),
    hadamard(C.gradient(A(layer)), A.prime(layer)) @ u.T,
    by=[definition, chain_rule],
    wrong=[
        (C.gradient(A(layer)) @ u.T, "slope of the activation forgotten"),
        (hadamard(C.gradient(A(layer)), A(layer)) @ u.T, "A for A′"),
        (hadamard(C.gradient(layer), A.prime(layer)) @ u.T, "cost at the pre-activation"),
    ],
)
pairs.true(
    "error_passed_back",
    gradient(C(A(W @ w)), w),
    W.T @ hadamard(C.gradient(A(W @ w)), A.prime(W @ w)),
    by=[chain_rule],
    wrong=[
        (W.T @ C.gradient(A(W @ w)), "slope of the activation forgotten"),
        (W.T @ hadamard(C.gradient(W @ w), A.prime(W @ w)), "cost at the pre-activation"),
        (2 * W.T @ hadamard(C.gradient(A(W @ w)), A.prime(W @ w)), "2"),
    ],
)
pairs.conditional(
    "gradient_for_symmetric_matrices",
    "V symmetric",
    without=(gradient(u.T @ V @ w + w.T @ V @ w, w), V @ u + 2 * V @ w, [differentiate]),
    given=(gradient(u.T @ S @ w + w.T @ S @ w, w), S @ u + 2 * S @ w, [differentiate]),
)


def at_the_kink(here):
    here.constants["t"] = 0 * here.constants["t"]
    here.sees_kinks = True


def law_moves_with_t(here):
    """z is 0 or t."""
    here.moving_outcomes(lambda: [(0.5, {"z": 0.0}), (0.5, {"z": here.number("t")})])


pairs.conditional(
    "slope_of_an_absolute_value",
    "t ≠ 0",
    without=(derivative(absolute(t) * c, t), sgn(t) * c, [differentiate]),
    given=(derivative(absolute(t) * c, t), sgn(t) * c, [differentiate]),
    about="t",
    law_without=at_the_kink,
)
pairs.conditional(
    "derivative_under_the_expectation",
    "the law of z does not depend on t",
    without=(derivative(E(z * t**2), t), 2 * t * E(z), [differentiate, linearity]),
    given=(derivative(E(z * t**2), t), 2 * t * E(z), [differentiate, linearity]),
    about="z",
    law_without=law_moves_with_t,
)
pairs.conditional(
    "entries_vary_apart",
    "j ≠ k",
    without=(derivative(w[j] * u[k], w[k]), 0, [differentiate]),
    given=(derivative(w[j] * u[k], w[k]), 0, [differentiate, distinct(j, k)]),
)
