"""Noise on inputs, outputs and weights: what it adds to the squared error.

Bishop (1995), Training with noise is equivalent to Tikhonov regularization; Goodfellow et al. (2016), sections 7.4 and 7.5.
"""

from battery.pairs import Subject
from proofsheet import (
    Cov,
    E,
    Sum,
    Var,
    definition,
    dimension,
    expand,
    hadamard,
    identity,
    independent,
    index,
    linearity,
    matrix,
    moment,
    norm2,
    parameter,
    positive_semidefinite_matrix,
    random_matrix,
    random_scalar,
    random_vector,
    trace,
    vector,
)

m, q = dimension("m"), dimension("q")
i, j, a, b = index("i", m), index("j", m), index("a", q), index("b", q)
alpha, beta = parameter("alpha", positive=True), parameter("beta", positive=True)
w, u, c = vector("w", m), vector("u", m), vector("c", q)
W, B, S = matrix("W", q, m), matrix("B", m, m), positive_semidefinite_matrix("S", m)
x, n, y, z, N = (
    random_vector("x", m),
    random_vector("n", m),
    random_scalar("y"),
    random_scalar("z"),
    random_matrix("N", q, m),
)
apart = independent(n, (x, y))
mean, white, coloured = moment(E(n), 0), moment(E(n @ n.T), alpha * identity(m)), moment(E(n @ n.T), S)
error = x.T @ w - y

pairs = Subject("noise")
pairs.true(
    "input_noise",
    E(((x + n).T @ w - y) ** 2),
    E(error**2) + alpha * norm2(w),
    by=[apart, mean, white],
    wrong=[
        (E(error**2) + alpha**2 * norm2(w), "variance taken for deviation"),
        (E(error**2) + alpha / 2 * norm2(w), "½ on one side only"),
        (E(error**2) + m * alpha * norm2(w), "the trace for one entry"),
        (E(error) ** 2 + alpha * norm2(w), "square out of E"),
    ],
)
pairs.true(
    "coloured_input_noise",
    E((error + n.T @ w) ** 2),
    E(error**2) + w.T @ S @ w,
    by=[apart, mean, coloured],
    wrong=[
        (E(error**2) + trace(S) * norm2(w), "trace for quadratic form"),
        (E(error**2) + 2 * w.T @ S @ w, "2 of the cross term"),
        (E(error**2) - w.T @ S @ w, "sign"),
        (E(error**2) + Sum(i, S[i, i] * w[i] ** 2), "only the diagonal"),
    ],
)
pairs.true(
    "quadratic_form_of_noise",
    E(n.T @ B @ n),
    alpha * trace(B),
    by=[white],
    wrong=[
        (alpha**2 * trace(B), "variance taken for deviation"),
        (alpha * Sum(i, j, B[i, j]), "all entries for the diagonal"),
        (m * alpha * trace(B), "m too many"),
        (alpha * norm2(B), "norm for trace"),
    ],
)
pairs.true(
    "expected_norm_of_noise",
    E(n.T @ n) * beta,
    alpha * beta * m,
    by=[white],
    wrong=[
        (alpha * beta, "one entry for m"),
        (alpha * beta * m**2, "m²"),
        (alpha**2 * beta * m, "α²"),
    ],
)
pairs.true(
    "noise_through_a_layer",
    E(norm2(W @ n)),
    alpha * norm2(W),
    by=[white],
    wrong=[
        (alpha * trace(W.T @ W) ** 2, "squared norm squared"),
        (alpha * q * norm2(W), "q too many"),
        (alpha**2 * norm2(W), "α²"),
    ],
)
pairs.true(
    "coloured_noise_through_a_layer",
    E(norm2(W @ n - c)),
    trace(W @ S @ W.T) + norm2(c),
    by=[mean, coloured],
    wrong=[
        (trace(W.T @ W) * trace(S) + norm2(c), "product of traces"),
        (trace(W @ S @ W.T) - norm2(c), "sign"),
        (trace(S) + norm2(c), "W forgotten"),
    ],
)
pairs.true(
    "noisy_quadratic_form",
    E((u + n).T @ B @ (u + n)),
    u.T @ B @ u + alpha * trace(B),
    by=[mean, white],
    wrong=[
        (u.T @ B @ u + alpha * norm2(u), "the noise put on u"),
        (u.T @ B @ u + 2 * alpha * trace(B), "two cross terms counted"),
        (u.T @ B @ u, "the noise averaged away"),
    ],
)
pairs.true(
    "noise_of_nonzero_mean",
    E(((x + n).T @ w) ** 2),
    E((x.T @ w) ** 2) + 2 * (u.T @ w) * (E(x).T @ w) + alpha * norm2(w) + (u.T @ w) ** 2,
    by=[apart, moment(E(n), u), moment(E(n @ n.T), alpha * identity(m) + u @ u.T)],
    wrong=[
        (E((x.T @ w) ** 2) + alpha * norm2(w) + (u.T @ w) ** 2, "cross term dropped"),
        (E((x.T @ w) ** 2) + 2 * (u.T @ w) * (E(x).T @ w) + alpha * norm2(w), "square of the mean dropped"),
        (
            E((x.T @ w) ** 2) + (u.T @ w) * (E(x).T @ w) + alpha * norm2(w) + (u.T @ w) ** 2,
            "2 of the cross term lost",
        ),
    ],
)
pairs.true(
    "target_noise",
    E((x.T @ w - y - z) ** 2),
    E(error**2) + beta,
    by=[independent(z, (x, y)), moment(E(z), 0), moment(E(z**2), beta)],
    wrong=[
        (E(error**2) - beta, "sign"),
        (E(error**2) + beta**2, "β²"),
        (E(error**2) + 2 * beta, "2 of the cross term"),
    ],
)
pairs.true(
    "weight_noise",
    E((u.T @ (w + n) - y) ** 2),
    E((u.T @ w - y) ** 2) + alpha * norm2(u),
    by=[independent(n, y), mean, white],
    wrong=[
        (E((u.T @ w - y) ** 2) + alpha * norm2(w), "the weights for the inputs"),
        (E((u.T @ w - y) ** 2) + alpha * (u.T @ w) ** 2, "multiplicative for additive noise"),
        (E((u.T @ w - y) ** 2) + alpha * m * norm2(u), "m too many"),
    ],
)
pairs.true(
    "noise_covariance_applied",
    E(n @ n.T @ w + (n.T @ w) * u),
    alpha * w,
    by=[mean, white],
    wrong=[
        (alpha * m * w, "trace for matrix"),
        (alpha * w + alpha * u, "E[nᵀw] taken for α"),
        (alpha * hadamard(w, w), "entrywise square"),
    ],
)
pairs.true(
    "noise_on_a_weight_matrix",
    E(norm2((W + N) @ u - c)),
    norm2(W @ u - c) + alpha * q * norm2(u),
    by=[
        moment(E(N[a, i]), 0),
        moment(E(N[a, i] * N[a, j]), alpha * identity(m)[i, j]),
    ],
    wrong=[
        (norm2(W @ u - c) + alpha * norm2(u), "one output"),
        (norm2(W @ u - c) + alpha * m * norm2(u), "number of inputs for outputs"),
        (norm2(W @ u - c) + alpha * q * norm2(W), "the weights for the inputs"),
    ],
)
pairs.true(
    "correlated_noise_cross_term",
    E((error + z) ** 2),
    E(error**2) + 2 * E(z * error) + E(z**2),
    by=[expand, linearity],
    wrong=[
        (E(error**2) + E(z**2), "cross term dropped without independence"),
        (E(error**2) + E(z * error) + E(z**2), "2 lost"),
        (E(error**2) + 2 * E(z) * E(error) + E(z**2), "as if independent"),
    ],
)
pairs.true(
    "centred_noise_covariance",
    Cov(u.T @ n, w.T @ n),
    u.T @ S @ w,
    by=[definition, mean, coloured],
    wrong=[
        (u.T @ w * trace(S), "trace"),
        (2 * u.T @ S @ w, "2"),
        (u.T @ S @ u, "w for u"),
    ],
)
pairs.conditional(
    "noise_independent_of_inputs",
    "n independent of x",
    without=(E((x.T @ w + n.T @ u) ** 2), E((x.T @ w) ** 2) + alpha * norm2(u), [mean, white]),
    given=(E((x.T @ w + n.T @ u) ** 2), E((x.T @ w) ** 2) + alpha * norm2(u), [mean, white, apart]),
)


pairs.conditional(
    "noise_independent_of_targets_too",
    "n independent of (x, y), not of x alone",
    without=(E((n.T @ w - y) ** 2), alpha * norm2(w) + E(y**2), [mean, white, independent(n, x)]),
    given=(E((n.T @ w - y) ** 2), alpha * norm2(w) + E(y**2), [mean, white, apart]),
)
pairs.conditional(
    "noise_centred",
    "E[n] = 0",
    without=(E((u + n).T @ (w + n)), u.T @ w + alpha * m, [white]),
    given=(E((u + n).T @ (w + n)), u.T @ w + alpha * m, [white, mean]),
)
pairs.conditional(
    "variance_of_a_noisy_target",
    "z independent of y",
    without=(Var(y + z) - beta, Var(y), [definition, moment(E(z), 0), moment(E(z**2), beta)]),
    given=(Var(y + z) - beta, Var(y), [definition, moment(E(z), 0), moment(E(z**2), beta), independent(z, y)]),
)
