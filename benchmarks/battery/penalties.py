"""Penalties and weight decay: completion of the square, equivalent forms, what one step does.

Hastie, Tibshirani and Friedman (2009), The Elements of Statistical Learning, sections 3.4 and 18.2;
Loshchilov and Hutter (2019).
"""

from battery.pairs import Subject
from proofsheet import (
    Sum,
    algebra,
    collect,
    define,
    definition,
    diag,
    dimension,
    expand,
    hadamard,
    identity,
    index,
    matrix,
    norm2,
    ones,
    parameter,
    symmetric_matrix,
    trace,
    vector,
)

n, m = dimension("n"), dimension("m")
i, j = index("i", m), index("j", m)
lam, eta, tau = parameter("lam", positive=True), parameter("eta", positive=True), parameter("tau", positive=True)
rho = parameter("rho", between=(0, 1))
X, y = matrix("X", n, m), vector("y", n)
w, u, g, b = vector("w", m), vector("u", m), vector("g", m), vector("b", m)
A, W = symmetric_matrix("A", m), matrix("W", n, m)
fit = norm2(y - X @ w)

pairs = Subject("penalties")
pairs.true(
    "proximal_square",
    norm2(w - u) / 2 + lam / 2 * norm2(w),
    (1 + lam) / 2 * norm2(w - u / (1 + lam)) + lam / (2 * (1 + lam)) * norm2(u),
    by=[algebra],
    wrong=[
        ((1 + lam) / 2 * norm2(w - u / (1 + lam)), "the constant dropped"),
        ((1 + lam) / 2 * norm2(w - u / (1 + lam)) + lam / (1 + lam) * norm2(u), "½ of the constant lost"),
        ((1 + lam) / 2 * norm2(w - u) + lam / (2 * (1 + lam)) * norm2(u), "the centre not shrunk"),
        ((1 + lam) / 2 * norm2(w + u / (1 + lam)) + lam / (2 * (1 + lam)) * norm2(u), "sign of the centre"),
    ],
)
pairs.true(
    "completed_square_of_a_linear_model",
    lam * norm2(w) - 2 * b.T @ w,
    lam * norm2(w - b / lam) - norm2(b) / lam,
    by=[collect],
    wrong=[
        (lam * norm2(w - b / lam) + norm2(b) / lam, "sign of the constant"),
        (lam * norm2(w - b / lam) - norm2(b) / lam**2, "λ² in the constant"),
        (lam * norm2(w - b) - norm2(b) / lam, "λ lost in the centre"),
    ],
)
pairs.true(
    "posterior_as_penalty",
    fit / (2 * tau) + norm2(w) / (2 * lam),
    (fit + tau / lam * norm2(w)) / (2 * tau),
    by=[collect],
    wrong=[
        ((fit + lam / tau * norm2(w)) / (2 * tau), "ratio of the variances turned over"),
        ((fit + tau / lam * norm2(w)) / tau, "½ lost"),
        ((fit + tau**2 / lam**2 * norm2(w)) / (2 * tau), "deviations for variances"),
    ],
)
pairs.true(
    "weight_decay_step",
    w - eta * (g + 2 * lam * w),
    (1 - 2 * eta * lam) * w - eta * g,
    by=[algebra],
    wrong=[
        ((1 - eta * lam) * w - eta * g, "the 2 of λ‖w‖² lost"),
        ((1 + 2 * eta * lam) * w - eta * g, "sign: growth"),
        ((1 - 2 * eta * lam) * (w - eta * g), "the gradient decayed too"),
        ((1 - 2 * lam) * w - eta * g, "η lost"),
    ],
)
pairs.true(
    "two_weight_decay_steps",
    (1 - eta * lam) * ((1 - eta * lam) * w - eta * g) - eta * u,
    (1 - eta * lam) ** 2 * w - eta * ((1 - eta * lam) * g + u),
    by=[expand],
    wrong=[
        ((1 - 2 * eta * lam) * w - eta * ((1 - eta * lam) * g + u), "the square linearised"),
        ((1 - eta * lam) ** 2 * w - eta * (g + u), "the first gradient not decayed"),
        ((1 - eta * lam) ** 2 * w + eta * ((1 - eta * lam) * g + u), "sign"),
    ],
)
laplacian = diag(A @ ones(m)) - A
pairs.true(
    "smoothness_on_a_graph",
    Sum(i, j, A[i, j] * (w[i] - w[j]) ** 2),
    2 * w.T @ laplacian @ w,
    by=[algebra],
    wrong=[
        (w.T @ laplacian @ w, "each edge once"),
        (2 * w.T @ A @ w, "A for the Laplacian"),
        (2 * w.T @ (diag(A @ ones(m)) + A) @ w, "sign"),
        (2 * w.T @ diag(A @ ones(m)) @ w, "the edges forgotten"),
    ],
)
pairs.true(
    "orthogonality_penalty",
    norm2(W.T @ W - identity(m)),
    norm2(W.T @ W) - 2 * norm2(W) + m,
    by=[algebra],
    wrong=[
        (norm2(W.T @ W) - 2 * norm2(W) + n, "n for m"),
        (norm2(W.T @ W) - norm2(W) + m, "2 lost"),
        (norm2(W) ** 2 - 2 * norm2(W) + m, "‖WᵀW‖ taken for ‖W‖²"),
    ],
)
pairs.true(
    "augmented_data_columns",
    fit + lam**2 * norm2(w - u),
    norm2(y) - 2 * y.T @ X @ w + w.T @ (X.T @ X + lam**2 * identity(m)) @ w - 2 * lam**2 * u.T @ w + lam**2 * norm2(u),
    by=[expand],
    wrong=[
        (
            norm2(y) - 2 * y.T @ X @ w + w.T @ (X.T @ X + lam**2 * identity(m)) @ w - 2 * lam**2 * u.T @ w,
            "constant lost",
        ),
        (
            norm2(y)
            - y.T @ X @ w
            + w.T @ (X.T @ X + lam**2 * identity(m)) @ w
            - 2 * lam**2 * u.T @ w
            + lam**2 * norm2(u),
            "2 of the cross term lost",
        ),
        (
            norm2(y)
            - 2 * y.T @ X @ w
            + w.T @ (X.T @ X + lam * identity(m)) @ w
            - 2 * lam**2 * u.T @ w
            + lam**2 * norm2(u),
            "λ for λ² on the diagonal",
        ),
    ],
)
pairs.true(
    "quadratic_elastic_net",
    lam * (rho * norm2(w) + (1 - rho) * norm2(w - u)),
    lam * norm2(w - (1 - rho) * u) + lam * rho * (1 - rho) * norm2(u),
    by=[algebra],
    wrong=[
        (lam * norm2(w - rho * u) + lam * rho * (1 - rho) * norm2(u), "ρ for 1 − ρ"),
        (lam * norm2(w - (1 - rho) * u), "the constant dropped"),
        (lam * norm2(w - (1 - rho) * u) + lam * (1 - rho) * norm2(u), "ρ lost in the constant"),
    ],
)
momentum = define("momentum", rho * u + (1 - rho) * g)
pairs.true(
    "momentum_step",
    w - eta * momentum,
    w - eta * g + eta * rho * (g - u),
    by=[definition],
    wrong=[
        (w - eta * g - eta * rho * (g - u), "sign of the correction"),
        (w - eta * g + eta * (1 - rho) * (g - u), "1 − ρ for ρ"),
        (w - eta * g + rho * (g - u), "η lost"),
    ],
)
pairs.true(
    "scaled_weights_penalty",
    norm2(X @ w - y) + lam * norm2(hadamard(u, w)),
    w.T @ (X.T @ X + lam * diag(hadamard(u, u))) @ w - 2 * y.T @ X @ w + norm2(y),
    by=[algebra],
    wrong=[
        (w.T @ (X.T @ X + lam * diag(u)) @ w - 2 * y.T @ X @ w + norm2(y), "scales not squared"),
        (w.T @ (X.T @ X + lam * u @ u.T) @ w - 2 * y.T @ X @ w + norm2(y), "outer product for diagonal"),
        (w.T @ (X.T @ X + lam * norm2(u) * identity(m)) @ w - 2 * y.T @ X @ w + norm2(y), "norm for diagonal"),
    ],
)
pairs.true(
    "tied_columns",
    norm2(W - W @ A),
    trace(W @ (identity(m) - 2 * A + A @ A) @ W.T),
    by=[algebra],
    wrong=[
        (trace(W @ (identity(m) - A + A @ A) @ W.T), "2 lost"),
        (trace(W @ (identity(m) - A @ A) @ W.T), "cross terms dropped, sign"),
        (trace(W.T @ W) + trace(A @ A), "squares apart"),
    ],
)
