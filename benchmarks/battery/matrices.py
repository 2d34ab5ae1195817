"""Traces, Frobenius norms, quadratic forms and entrywise products of matrices of any shape.

Petersen and Pedersen (2012), The Matrix Cookbook; Horn and Johnson (2013), Matrix Analysis, section 5.6.
"""

from battery.pairs import Subject
from proofsheet import (
    Sum,
    algebra,
    diag,
    dimension,
    hadamard,
    identity,
    index,
    matrix,
    norm2,
    ones,
    parameter,
    scalar,
    symmetric_matrix,
    trace,
    vector,
    vectors,
)

n, m, q = dimension("n"), dimension("m"), dimension("q")
i, j, a = index("i", n), index("j", m), index("a", q)
k, l, h = index("k", n), index("l", n), index("h", m)
A, B, C = matrix("A", n, m), matrix("B", m, q), matrix("C", q, n)
P, Q, S = matrix("P", n, n), matrix("Q", n, n), symmetric_matrix("S", m)
D = matrix("D", n, m)
x, y, u, c = vector("x", n), vector("y", n), vector("u", m), scalar("c")
rows, t = vectors("r", n, m), parameter("t")

pairs = Subject("matrices")
pairs.true(
    "cyclic_trace",
    trace(A @ B @ C),
    trace(C @ A @ B),
    by=[algebra],
    wrong=[
        (trace(C.T @ B.T @ A.T) + trace(C @ A @ B), "twice"),
        (trace(A @ A.T) * trace(B @ B.T), "product of traces"),
        (-trace(B @ C @ A), "sign of a permutation"),
    ],
)
pairs.true(
    "frobenius_norm_as_a_trace",
    Sum(i, j, A[i, j] ** 2 - c * A[i, j] * D[i, j]),
    trace(A.T @ A) - c * trace(D @ A.T),
    by=[algebra],
    wrong=[
        (trace(A.T @ A) - c * trace(A.T @ A), "A for D"),
        (trace(A.T @ A) + c * trace(D @ A.T), "sign"),
        (Sum(j, Sum(i, A[i, j]) ** 2) - c * trace(D @ A.T), "square of the sum in each column"),
    ],
)
pairs.true(
    "trace_of_a_congruence",
    trace(A @ S @ A.T),
    Sum(i, j, h, A[i, j] * S[j, h] * A[i, h]),
    by=[algebra],
    wrong=[
        (trace(S) * trace(A.T @ A), "product of traces"),
        (trace(S @ S @ A.T @ A), "S twice"),
        (norm2(A) * norm2(S), "norms"),
    ],
)
pairs.true(
    "trace_of_a_weighted_sum_of_outer_products",
    trace(Sum(i, x[i] * rows[i] @ rows[i].T) @ S),
    Sum(i, x[i] * (rows[i].T @ S @ rows[i])),
    by=[algebra],
    wrong=[
        (Sum(i, x[i] * norm2(rows[i])) * trace(S), "product of traces"),
        (Sum(i, x[i]) * Sum(i, rows[i].T @ S @ rows[i]), "product of sums"),
        (Sum(i, rows[i].T @ S @ rows[i]), "weights lost"),
    ],
)
pairs.true(
    "transpose_of_a_product",
    (A @ B).T - C,
    B.T @ A.T - C,
    by=[algebra],
    wrong=[
        (C - B.T @ A.T, "sign"),
        (B.T @ A.T, "C lost"),
        (B.T @ D.T - C, "another factor"),
    ],
)
pairs.true(
    "difference_of_squares_does_not_commute",
    (P - Q) @ (P + Q),
    P @ P + P @ Q - Q @ P - Q @ Q,
    by=[algebra],
    wrong=[
        (P @ P - Q @ Q, "as if P and Q commuted"),
        (P @ P - P @ Q + Q @ P - Q @ Q, "signs of the mixed terms"),
        (P @ P + P @ Q - Q @ P + Q @ Q, "sign of the last term"),
    ],
)
pairs.true(
    "square_of_a_matrix_sum",
    trace((P + t * Q) @ (P + t * Q)),
    trace(P @ P) + 2 * t * trace(P @ Q) + t**2 * trace(Q @ Q),
    by=[algebra],
    wrong=[
        (trace(P @ P) + t**2 * trace(Q @ Q), "mixed terms lost"),
        (norm2(P) + 2 * t * trace(P @ Q) + t**2 * norm2(Q), "norms for traces of squares"),
        (trace(P @ P) + 2 * t * trace(P @ Q.T) + t**2 * trace(Q @ Q), "transposed"),
    ],
)
pairs.true(
    "commutator_has_no_trace",
    trace(P @ Q) + c,
    trace(Q @ P) + c,
    by=[algebra],
    wrong=[
        (trace(Q @ P.T) + c, "transposed"),
        (trace(P) * trace(Q) + c, "product of traces"),
        (-trace(Q @ P) + c, "sign"),
    ],
)
pairs.true(
    "norm_of_a_difference",
    norm2(A - D),
    norm2(A) - 2 * trace(A.T @ D) + norm2(D),
    by=[algebra],
    wrong=[
        (norm2(A) - norm2(D), "squares subtracted"),
        (norm2(A) + norm2(D), "cross term lost"),
        (norm2(A) - trace(A.T @ D) + norm2(D), "2 lost"),
    ],
)
pairs.true(
    "parallelogram_law",
    norm2(x + y) + norm2(x - y),
    2 * norm2(x) + 2 * norm2(y),
    by=[algebra],
    wrong=[
        (norm2(x) + norm2(y), "2 lost"),
        (2 * norm2(x) + 2 * norm2(y) + 4 * x.T @ y, "cross terms added"),
        (4 * x.T @ y, "difference for sum"),
    ],
)
pairs.true(
    "outer_product_applied",
    (x @ u.T) @ (A.T @ y),
    (u.T @ A.T @ y) * x,
    by=[algebra],
    wrong=[
        ((x.T @ A @ u) * y, "x and y exchanged"),
        ((u.T @ A.T @ y) * y, "y for x"),
        (norm2(u) * x, "Aᵀy forgotten"),
    ],
)
pairs.true(
    "norm_of_a_sum_of_outer_products",
    norm2(x @ u.T + A),
    norm2(x) * norm2(u) + 2 * x.T @ A @ u + norm2(A),
    by=[algebra],
    wrong=[
        (norm2(x) * norm2(u) + norm2(A), "cross term lost"),
        (norm2(x) + norm2(u) + 2 * x.T @ A @ u + norm2(A), "sum for product of norms"),
        (norm2(x) * norm2(u) + x.T @ A @ u + norm2(A), "2 lost"),
    ],
)
pairs.true(
    "entrywise_product_under_a_trace",
    trace(A.T @ hadamard(A, D)),
    Sum(i, j, A[i, j] ** 2 * D[i, j]),
    by=[algebra],
    wrong=[
        (Sum(i, j, A[i, j] * D[i, j]), "A once"),
        (norm2(A) * Sum(i, j, D[i, j]), "product of sums"),
        (Sum(i, j, A[i, j] ** 2 * D[i, j] ** 2), "D squared"),
    ],
)
pairs.true(
    "diagonal_scaling",
    x.T @ hadamard(P, Q) @ y,
    trace(diag(x) @ P @ diag(y) @ Q.T),
    by=[algebra],
    wrong=[
        (trace(diag(x) @ P @ diag(y) @ Q), "transposition lost"),
        (x.T @ P @ Q @ y, "matrix product for entrywise product"),
        (trace(diag(y) @ P @ diag(x) @ Q.T), "x and y exchanged"),
    ],
)
centring = identity(n) - ones(n) @ ones(n).T / n
pairs.true(
    "centring_matrix",
    x.T @ centring @ y,
    x.T @ y - Sum(i, x[i]) * Sum(i, y[i]) / n,
    by=[algebra],
    wrong=[
        (x.T @ y - Sum(i, x[i]) * Sum(i, y[i]), "1/n lost"),
        (x.T @ y - Sum(i, x[i]) * Sum(i, y[i]) / n**2, "n²"),
        (x.T @ y + Sum(i, x[i]) * Sum(i, y[i]) / n, "sign"),
    ],
)
pairs.true(
    "centring_is_idempotent",
    centring @ centring @ x,
    x - Sum(i, x[i]) / n * ones(n),
    by=[algebra],
    wrong=[
        (x - 2 * Sum(i, x[i]) / n * ones(n), "the mean taken off twice"),
        (x - Sum(i, x[i]) * ones(n), "1/n lost"),
        (x, "centring forgotten"),
    ],
)
pairs.true(
    "gram_matrix_entry",
    (A @ S @ A.T)[k, l],
    Sum(j, A[k, j] * (S @ A.T)[j, l]),
    by=[algebra],
    wrong=[
        (Sum(j, A[k, j] * S[j, j] * A[l, j]), "only the diagonal of S"),
        ((A @ S @ A.T)[k, k], "the diagonal"),
        (Sum(j, A[k, j] * (S @ A.T)[j, k]), "k for l"),
    ],
)
V, w, z = matrix("V", m, m), vector("w", m), vector("z", m)
pairs.true(
    "skew_part_has_no_form",
    w.T @ (V - V.T) @ w + z.T @ w,
    w.T @ z,
    by=[algebra],
    wrong=[
        (2 * w.T @ V @ w + w.T @ z, "sign of the transpose"),
        (w.T @ z + w.T @ (V - S) @ w, "V for Vᵀ"),
        (-w.T @ z, "sign"),
    ],
)
pairs.conditional(
    "form_of_a_symmetric_matrix",
    "V symmetric",
    without=(w.T @ V @ z, z.T @ V @ w, [algebra]),
    given=(w.T @ S @ z, z.T @ S @ w, [algebra]),
)
pairs.conditional(
    "frobenius_norm_of_a_symmetric_matrix",
    "V symmetric",
    without=(trace(V @ V) - norm2(w), norm2(V) - norm2(w), [algebra]),
    given=(trace(S @ S) - norm2(w), norm2(S) - norm2(w), [algebra]),
)
