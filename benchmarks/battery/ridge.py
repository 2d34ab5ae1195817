"""Ridge regression and inverses: push-through, resolvents, hat and bias matrices, completion of the square.

Hoerl and Kennard (1970); Henderson and Searle (1981), On deriving the inverse of a sum of matrices;
Hastie et al. (2009), section 3.4.1.
"""

from battery.pairs import Subject
from proofsheet import (
    algebra,
    cancel,
    dimension,
    expand,
    identity,
    inverse,
    matrix,
    norm2,
    parameter,
    positive_semidefinite_matrix,
    symmetric_matrix,
    trace,
    vector,
)

n, m = dimension("n"), dimension("m")
lam = parameter("lam", positive=True)
X, y, w, b = matrix("X", n, m), vector("y", n), vector("w", m), vector("b", m)
A, B, C, S = matrix("A", m, m), matrix("B", m, m), matrix("C", m, m), symmetric_matrix("S", m)
P = positive_semidefinite_matrix("P", m)
u, v, U = vector("u", m), vector("v", m), matrix("U", m, n)
inner, outer = X.T @ X + lam * identity(m), X @ X.T + lam * identity(n)
estimate = inverse(inner) @ X.T @ y

pairs = Subject("ridge")
pairs.true(
    "push_through",
    inverse(inner) @ X.T,
    X.T @ inverse(outer),
    by=[cancel(inner, outer)],
    wrong=[
        (X.T @ inverse(outer + lam * identity(n)), "λ twice"),
        (X.T @ inverse(X @ X.T - lam * identity(n)), "sign of λ"),
        (X.T @ outer, "the inverse lost"),
    ],
)
pairs.true(
    "bias_of_ridge",
    inverse(inner) @ X.T @ X @ w - w,
    -lam * inverse(inner) @ w,
    by=[cancel(inner)],
    wrong=[
        (lam * inverse(inner) @ w, "sign"),
        (-(lam**2) * inverse(inner) @ w, "λ²"),
        (-lam * w, "the inverse lost"),
    ],
)
pairs.true(
    "hat_matrix",
    X @ inverse(inner) @ X.T,
    identity(n) - lam * inverse(outer),
    by=[cancel(identity(n), outer)],
    wrong=[
        (identity(n) + lam * inverse(outer), "sign"),
        (identity(n) - inverse(outer), "λ lost"),
        (lam * inverse(outer), "the residual maker for the hat matrix"),
    ],
)
pairs.true(
    "ridge_normal_equations",
    X.T @ (y - X @ estimate),
    lam * estimate,
    by=[algebra],
    wrong=[
        (-lam * estimate, "sign"),
        (lam**2 * estimate, "λ²"),
        (X.T @ y - lam * estimate, "the other part of Xᵀy"),
    ],
)
pairs.true(
    "inverse_of_a_product",
    inverse(A @ B),
    inverse(B) @ inverse(A),
    by=[cancel(A @ B)],
    wrong=[
        (inverse(A) @ inverse(B), "order"),
        (inverse(B) @ A, "one inverse lost"),
        (inverse(B @ A), "order"),
    ],
)
pairs.true(
    "inverse_of_a_transpose",
    inverse(A.T) @ b,
    inverse(A).T @ b,
    by=[cancel(A.T)],
    wrong=[
        (inverse(A) @ b, "transposition lost"),
        (A @ b, "as if orthogonal"),
        (-inverse(A).T @ b, "sign"),
    ],
)
pairs.true(
    "resolvent_identity",
    inverse(A) - inverse(B),
    inverse(A) @ (B - A) @ inverse(B),
    by=[cancel(A, B)],
    wrong=[
        (inverse(A) @ (A - B) @ inverse(B), "sign"),
        (inverse(A - B), "inverse of the difference"),
        (inverse(A) @ (B - A) @ inverse(A), "A⁻¹ on both sides"),
    ],
)
G = identity(m) + P
pairs.true(
    "parts_of_the_identity",
    inverse(G),
    identity(m) - inverse(G) @ P,
    by=[cancel(G)],
    wrong=[
        (identity(m) + inverse(G) @ P, "sign"),
        (identity(m) - P, "first order of the series"),
        (identity(m) - inverse(G) @ P @ P, "P twice"),
    ],
)
capacity = identity(n) + U.T @ U
pairs.true(
    "small_woodbury",
    inverse(identity(m) + U @ U.T),
    identity(m) - U @ inverse(capacity) @ U.T,
    by=[cancel(identity(m) + U @ U.T)],
    wrong=[
        (identity(m) + U @ inverse(capacity) @ U.T, "sign"),
        (identity(m) - U @ U.T, "first order of the series"),
        (identity(m) - U @ capacity @ U.T, "the inner inverse lost"),
    ],
)
pairs.true(
    "sandwich_with_resolvent",
    inverse(A) @ C @ inverse(B) @ B @ b + inverse(A) @ A @ u,
    inverse(A) @ C @ b + u,
    by=[cancel(A)],
    wrong=[
        (C @ inverse(A) @ b + u, "order"),
        (inverse(A) @ C @ b + inverse(A) @ u, "A⁻¹A kept"),
        (inverse(A) @ C @ b - u, "sign"),
    ],
)
pairs.true(
    "completed_square_with_inverse",
    w.T @ inner @ w - 2 * b.T @ w,
    (w - inverse(inner) @ b).T @ inner @ (w - inverse(inner) @ b) - b.T @ inverse(inner) @ b,
    by=[algebra],
    wrong=[
        (
            (w - inverse(inner) @ b).T @ inner @ (w - inverse(inner) @ b) + b.T @ inverse(inner) @ b,
            "sign of the constant",
        ),
        ((w - inverse(inner) @ b).T @ inner @ (w - inverse(inner) @ b), "the constant dropped"),
        ((w - inner @ b).T @ inner @ (w - inner @ b) - b.T @ inverse(inner) @ b, "the inverse lost in the centre"),
        ((w - b).T @ inner @ (w - b) - b.T @ inverse(inner) @ b, "the centre b"),
    ],
)
pairs.true(
    "ridge_estimate_against_least_squares",
    inverse(inner),
    inverse(X.T @ X) - lam * inverse(inner) @ inverse(X.T @ X),
    by=[cancel(inner, X.T @ X)],
    wrong=[
        (inverse(X.T @ X) + lam * inverse(inner) @ inverse(X.T @ X), "sign"),
        (inverse(X.T @ X) + identity(m) / lam, "sum of inverses"),
        (inverse(X.T @ X) - lam * inverse(inner), "one inverse lost"),
    ],
)
pairs.true(
    "degrees_of_freedom",
    trace(X @ inverse(inner) @ X.T),
    m - lam * trace(inverse(inner)),
    by=[algebra],
    wrong=[
        (n - lam * trace(inverse(inner)), "n for m"),
        (m + lam * trace(inverse(inner)), "sign"),
        (m - lam, "the inverse lost"),
    ],
)
pairs.true(
    "minimal_ridge_objective",
    norm2(y - X @ estimate) + lam * norm2(estimate),
    y.T @ y - y.T @ X @ estimate,
    by=[expand],
    wrong=[
        (y.T @ y + y.T @ X @ estimate, "sign"),
        (y.T @ y - 2 * y.T @ X @ estimate, "2"),
        (y.T @ y - lam * y.T @ X @ estimate, "λ"),
    ],
)
pairs.true(
    "solved_linear_system",
    inverse(A) @ (A @ w - b) + inverse(A) @ b,
    w,
    by=[algebra],
    wrong=[
        (w - 2 * inverse(A) @ b, "sign"),
        (A @ w, "the inverse lost"),
        (inverse(A) @ w, "A lost"),
    ],
)
pairs.true(
    "noise_part_of_ridge",
    inverse(inner) @ X.T @ (X @ w + y) - w,
    inverse(inner) @ (X.T @ y - lam * w),
    by=[cancel(inner)],
    wrong=[
        (inverse(inner) @ (X.T @ y + lam * w), "sign of the bias"),
        (inverse(inner) @ X.T @ y - lam * w, "bracket"),
        (inverse(inner) @ (X.T @ y - lam * lam * w), "λ²"),
    ],
)
pairs.conditional(
    "form_of_an_inverse",
    "A symmetric",
    without=(u.T @ inverse(A) @ v, v.T @ inverse(A) @ u, [algebra]),
    given=(u.T @ inverse(G) @ v, v.T @ inverse(G) @ u, [algebra]),
)
pairs.conditional(
    "left_inverse_of_a_gram_matrix",
    "XᵀX invertible",
    without=(inverse(X.T @ X) @ X.T @ X @ w, w, [algebra]),
    given=(inverse(inner) @ inner @ w, w, [algebra]),
    about="X",
)
