"""Masks: Bernoulli dropout, inverted dropout, DropConnect, Gaussian multiplicative noise.

Srivastava et al. (2014), Dropout, sections 5 and 9; Wan et al. (2013), Regularization of neural networks using DropConnect;
Wager, Wang and Liang (2013), Dropout training as adaptive regularization.
"""

from battery.pairs import Subject
from proofsheet import (
    E,
    Sum,
    Var,
    define,
    definition,
    delta,
    diag,
    dimension,
    distinct,
    hadamard,
    independent,
    index,
    linearity,
    matrix,
    moment,
    norm2,
    parameter,
    random_matrix,
    random_vector,
    scalar,
    vector,
)

n, q = dimension("n"), dimension("q")
i, j, k = (index(name, n) for name in "ijk")
a, b = index("a", q), index("b", q)
p, s, d = parameter("p", between=(0, 1)), parameter("s", between=(0, 1)), parameter("d", between=(0, 1))
alpha = parameter("alpha", positive=True)
x, w, t = vector("x", n), vector("w", n), scalar("t")
W, B, M = matrix("W", q, n), matrix("B", n, n), random_matrix("M", q, n)
r, h, e = random_vector("r", n), random_vector("h", q), random_vector("e", n)

kept = moment(E(r[i]), p)
kept_squared = moment(E(r[i] ** 2), p)
kept_pair = moment(E(r[i] * r[j]), p**2, distinct(i, j))
mask = [kept, kept_squared, kept_pair]
dropped = [
    moment(E(r[i]), 1 - d),
    moment(E(r[i] ** 2), 1 - d),
    moment(E(r[i] * r[j]), (1 - d) ** 2, distinct(i, j)),
]
energy = Sum(j, x[j] ** 2 * w[j] ** 2)
masked = hadamard(r, x)

pairs = Subject("dropout")
pairs.true(
    "second_moment_of_a_masked_sum",
    Sum(i, j, (p**2 + delta(i, j) * p * (1 - p)) * x[i] * x[j]),
    p**2 * Sum(i, x[i]) ** 2 + p * (1 - p) * norm2(x),
    by=[linearity],
    wrong=[
        (p**2 * Sum(i, x[i]) ** 2 + p * norm2(x), "p for p(1 − p)"),
        (p**2 * Sum(i, x[i]) ** 2 + p * (1 - p) * Sum(i, x[i]) ** 2, "δ ignored"),
        (p**2 * norm2(x) + p * (1 - p) * norm2(x), "only the diagonal of the first term"),
        (p**2 * Sum(i, x[i]) ** 2 - p * (1 - p) * norm2(x), "sign"),
    ],
)
pairs.true(
    "masked_prediction_squared",
    E((masked.T @ w) ** 2),
    p**2 * (x.T @ w) ** 2 + p * (1 - p) * energy,
    by=mask,
    wrong=[
        (p**2 * (x.T @ w) ** 2, "square of the mean"),
        (p * (x.T @ w) ** 2, "every pair kept with probability p"),
        (p**2 * (x.T @ w) ** 2 + p * (1 - p) * (x.T @ w) ** 2, "one mask for all features"),
        ((1 - p) ** 2 * (x.T @ w) ** 2 + p * (1 - p) * energy, "1 − p for p"),
    ],
)
pairs.true(
    "variance_of_a_masked_prediction",
    Var(masked.T @ w),
    p * (1 - p) * energy,
    by=[definition, *mask],
    wrong=[
        (p * energy, "the mean not taken off"),
        (p * (1 - p) * (x.T @ w) ** 2, "masks equal for all features"),
        (p**2 * (1 - p) ** 2 * energy, "squared"),
        (p * (1 - p) * norm2(w), "the inputs forgotten"),
    ],
)
pairs.true(
    "inverted_dropout_keeps_the_mean",
    E((1 / p) * masked.T @ w),
    x.T @ w,
    by=[kept],
    wrong=[
        (p * x.T @ w, "the scaling forgotten"),
        (x.T @ w / (1 - p), "scaled by the drop probability"),
        (x.T @ w / p, "scaled although the mask has mean 1"),
    ],
)
pairs.true(
    "inverted_dropout_second_moment",
    E((masked.T @ w / p) ** 2),
    (x.T @ w) ** 2 + (1 - p) / p * energy,
    by=mask,
    wrong=[
        ((x.T @ w) ** 2 + p * (1 - p) * energy, "the variance of the mask {0, 1}"),
        ((x.T @ w) ** 2 + p / (1 - p) * energy, "keep and drop exchanged"),
        ((x.T @ w) ** 2 + energy / p, "1 − p lost"),
    ],
)
pairs.true(
    "drop_probability_variance",
    E(((masked / (1 - d) - x).T @ w) ** 2),
    d / (1 - d) * energy,
    by=dropped,
    wrong=[
        (d * (1 - d) * energy, "variance of the mask {0, 1}"),
        ((1 - d) / d * energy, "odds turned over"),
        (d / (1 - d) ** 2 * energy, "divided by 1 − δ twice"),
        (d / (1 - d) * (x.T @ w) ** 2, "one mask for all features"),
    ],
)
pairs.true(
    "masked_norm",
    E(norm2(masked)),
    p * norm2(x),
    by=[kept_squared],
    wrong=[
        (p**2 * norm2(x), "r² has mean p, not p²"),
        (p * (1 - p) * norm2(x), "variance for second moment"),
        ((1 - p) * norm2(x), "drop for keep"),
    ],
)
pairs.true(
    "masked_outer_product",
    E(masked @ masked.T),
    p**2 * x @ x.T + p * (1 - p) * diag(hadamard(x, x)),
    by=mask,
    wrong=[
        (p**2 * x @ x.T + p * diag(hadamard(x, x)), "the diagonal p² counted twice"),
        (p**2 * x @ x.T, "the diagonal forgotten"),
        (p**2 * x @ x.T + p * (1 - p) * diag(x), "x for x² on the diagonal"),
    ],
)
pairs.true(
    "kept_count_mean_square",
    E(Sum(i, r[i]) ** 2),
    n * p + n * (n - 1) * p**2,
    by=mask,
    wrong=[
        (n**2 * p**2, "square of the mean"),
        (n * p + n**2 * p**2, "n² pairs"),
        (n * p * (1 - p), "variance for second moment"),
        (n * p + n * (n - 1) / 2 * p**2, "each pair once"),
    ],
)
pairs.true(
    "kept_count_variance",
    E((Sum(i, r[i]) - n * p) ** 2),
    n * p * (1 - p),
    by=mask,
    wrong=[
        (n * p, "Poisson for binomial"),
        (n**2 * p * (1 - p), "all masks equal"),
        (p * (1 - p), "n lost"),
        (n * p**2 * (1 - p), "p²"),
    ],
)
pairs.true(
    "masked_quadratic_form",
    E(masked.T @ B @ masked),
    p**2 * x.T @ B @ x + p * (1 - p) * Sum(i, B[i, i] * x[i] ** 2),
    by=mask,
    wrong=[
        (p**2 * x.T @ B @ x, "the diagonal treated as the rest"),
        (p**2 * x.T @ B @ x + p * Sum(i, B[i, i] * x[i] ** 2), "p for p(1 − p)"),
        (p**2 * x.T @ B @ x + p * (1 - p) * Sum(i, j, B[i, j] * x[i] ** 2), "row sums for the diagonal"),
    ],
)
connect = [
    moment(E(M[a, i]), p),
    moment(E(M[a, i] ** 2), p),
    moment(E(M[a, i] * M[a, j]), p**2, distinct(i, j)),
]
pairs.true(
    "dropconnect_second_moment",
    E((Sum(i, M[a, i] * W[a, i] * x[i])) ** 2),
    p**2 * Sum(i, W[a, i] * x[i]) ** 2 + p * (1 - p) * Sum(i, W[a, i] ** 2 * x[i] ** 2),
    by=connect,
    wrong=[
        (p**2 * Sum(i, W[a, i] * x[i]) ** 2 + p * (1 - p) * Sum(i, W[a, i] * x[i]) ** 2, "one mask a row"),
        (p * Sum(i, W[a, i] ** 2 * x[i] ** 2), "cross terms lost"),
        (p**2 * Sum(i, W[a, i] * x[i]) ** 2 + p * (1 - p) * Sum(i, W[a, i] ** 2) * norm2(x), "product of sums"),
    ],
)
pairs.true(
    "two_layers_of_masks",
    E(Sum(b, h[b] * t * Sum(i, W[b, i] * r[i] * x[i]))),
    p * s * t * Sum(b, Sum(i, W[b, i] * x[i])),
    by=[independent(h, r), kept, moment(E(h[b]), s)],
    wrong=[
        (p * t * Sum(b, Sum(i, W[b, i] * x[i])), "the mask of one layer only"),
        (p**2 * t * Sum(b, Sum(i, W[b, i] * x[i])), "the same keep probability twice"),
        ((p + s) * t * Sum(b, Sum(i, W[b, i] * x[i])), "sum for product"),
    ],
)
gaussian = [moment(E(e), 0), moment(E(e[i] * e[j]), alpha * delta(i, j))]
pairs.true(
    "multiplicative_gaussian_noise",
    E(Sum(i, w[i] * x[i] * (1 + e[i])) ** 2),
    (w.T @ x) ** 2 + alpha * energy,
    by=gaussian,
    wrong=[
        ((w.T @ x) ** 2 + alpha**2 * energy, "variance taken for deviation"),
        ((1 + alpha) * (w.T @ x) ** 2, "one noise for all weights"),
        ((w.T @ x) ** 2 + alpha * norm2(w), "the inputs forgotten"),
    ],
)
y = scalar("y")
pairs.true(
    "dropout_regression_one_example",
    E((y - masked.T @ w) ** 2),
    (y - p * x.T @ w) ** 2 + p * (1 - p) * energy,
    by=mask,
    wrong=[
        ((y - x.T @ w) ** 2 + p * (1 - p) * energy, "p forgotten in the fit"),
        ((y - p * x.T @ w) ** 2 + p * energy, "1 − p lost"),
        ((y - p * x.T @ w) ** 2 - p * (1 - p) * energy, "sign of the penalty"),
        ((y - (1 - p) * x.T @ w) ** 2 + p * (1 - p) * energy, "1 − p in the fit"),
    ],
)
x_tilde = define("x_tilde", r[i] * x[i] / p, entry=i)
pairs.true(
    "rescaled_features_variance",
    E((x_tilde[k] - x[k]) ** 2),
    (1 - p) / p * x[k] ** 2,
    by=[definition, kept, kept_squared],
    wrong=[
        ((1 - p) * x[k] ** 2, "p lost"),
        ((1 - p) / p * x[k], "x for x²"),
        ((1 - p) / p**2 * x[k] ** 2, "p²"),
    ],
)


def one_mask_for_all(here):
    """All entries are kept or dropped together."""
    rows, p = here.shapes["r"][0], here.parameter("p")
    here.outcomes([(p, {"r": [1] * rows}), (1 - p, {"r": [0] * rows})])


pairs.conditional(
    "distinct_masks_uncorrelated",
    "E[rᵢrⱼ] = p² for i ≠ j",
    without=(Var(x.T @ r), p * (1 - p) * norm2(x), [definition, kept, kept_squared]),
    given=(Var(x.T @ r), p * (1 - p) * norm2(x), [definition, *mask]),
    law_without=one_mask_for_all,
)
pairs.conditional(
    "pair_moment_at_two_free_indices",
    "i ≠ j",
    without=(E(r[i] * r[j]) * x[i], p**2 * x[i], mask),
    given=(E(r[i] * r[j]) * x[i], p**2 * x[i], [*mask, distinct(i, j)]),
)
pairs.conditional(
    "masks_of_two_layers",
    "the masks of the layers independent",
    without=(E(h[a] * r[i]), s * p, [kept, moment(E(h[a]), s)]),
    given=(E(h[a] * r[i]), s * p, [kept, moment(E(h[a]), s), independent(h, r)]),
)
