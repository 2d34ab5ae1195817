"""Ensembles, bias and variance, sample means and sample variances.

Krogh and Vedelsby (1995); Ueda and Nakano (1996); Geman, Bienenstock and Doursat (1992); Goodfellow et al. (2016), 7.11.
"""

from battery.pairs import Subject
from proofsheet import (
    Cov,
    E,
    Sum,
    Var,
    algebra,
    collect,
    define,
    definition,
    dimension,
    distinct,
    independent,
    index,
    linearity,
    moment,
    norm2,
    parameter,
    positive_semidefinite_matrix,
    random_scalar,
    random_vector,
    scalar,
    vector,
)

n = dimension("n")
i, j = index("i", n), index("j", n)
v, c, mu, rho = parameter("v", nonnegative=True), parameter("c"), parameter("mu"), parameter("rho")
noise = parameter("s", nonnegative=True)
e, f, y, g, z = (
    random_vector("e", n),
    random_vector("f", n),
    random_scalar("y"),
    random_scalar("g"),
    random_scalar("z"),
)
t, a, C, F = scalar("t"), vector("a", n), positive_semidefinite_matrix("C", n), vector("F", n)
second, mixed = moment(E(e[i] ** 2), v), moment(E(e[i] * e[j]), c, distinct(i, j))
average, mean_F = Sum(i, f[i]) / n, Sum(i, F[i]) / n

pairs = Subject("ensembles")
pairs.true(
    "ensemble_error",
    E((Sum(i, e[i]) / n) ** 2),
    v / n + (n - 1) / n * c,
    by=[second, mixed],
    wrong=[
        (v / n + c, "(n − 1)/n lost"),
        (v / n + (n - 1) / n**2 * c, "divided by n twice"),
        (v / n + (n - 1) / (2 * n) * c, "each pair once"),
        (v + (n - 1) * c, "sum for mean"),
    ],
)
pairs.true(
    "ambiguity_decomposition",
    (mean_F - t) ** 2,
    Sum(i, (F[i] - t) ** 2) / n - Sum(i, (F[i] - mean_F) ** 2) / n,
    by=[algebra],
    wrong=[
        (Sum(i, (F[i] - t) ** 2) / n + Sum(i, (F[i] - mean_F) ** 2) / n, "ambiguity added"),
        (Sum(i, (F[i] - t) ** 2) / n - Sum(i, (F[i] - mean_F) ** 2) / (n - 1), "n − 1 for n"),
        (Sum(i, (F[i] - t) ** 2) / n, "ambiguity forgotten"),
        (Sum(i, (F[i] - t) ** 2) / n - Sum(i, (F[i] - mean_F) ** 2) / n**2, "n²"),
    ],
)
pairs.true(
    "bias_variance_of_a_vector",
    E(norm2(f - a)),
    norm2(E(f) - a) + E(norm2(f - E(f))),
    by=[linearity],
    wrong=[
        (norm2(E(f) - a) + E(norm2(f)), "the mean not taken off"),
        (norm2(E(f) - a) - E(norm2(f - E(f))), "sign"),
        (norm2(E(f)) - norm2(a) + E(norm2(f - E(f))), "wrong bracket"),
        (E(norm2(f - E(f))), "bias forgotten"),
    ],
)
pairs.true(
    "bias_variance_noise",
    E((g - t - z) ** 2),
    Var(g) + (E(g) - t) ** 2 + noise,
    by=[definition, independent(g, z), moment(E(z), 0), moment(E(z**2), noise)],
    wrong=[
        (Var(g) + (E(g) - t) ** 2 + noise**2, "deviation for variance"),
        (Var(g) + (E(g) - t) ** 2 - noise, "sign of the noise"),
        (Var(g) + (E(g) - t) ** 2, "noise forgotten"),
        (Var(g) + E(g) ** 2 - t**2 + noise, "wrong bracket"),
    ],
)
pairs.true(
    "bias_variance_covariance",
    E((average - t) ** 2),
    (Sum(i, E(f[i]) - t) / n) ** 2 + Sum(i, Var(f[i])) / n**2 + Sum(distinct(i, j), Cov(f[i], f[j])) / n**2,
    by=[definition, linearity],
    wrong=[
        (
            (Sum(i, E(f[i]) - t) / n) ** 2 + Sum(i, Var(f[i])) / n + Sum(distinct(i, j), Cov(f[i], f[j])) / n**2,
            "variance divided by n once",
        ),
        ((Sum(i, E(f[i]) - t) / n) ** 2 + Sum(i, Var(f[i])) / n**2, "covariances dropped"),
        (
            Sum(i, (E(f[i]) - t) ** 2) / n + Sum(i, Var(f[i])) / n**2 + Sum(distinct(i, j), Cov(f[i], f[j])) / n**2,
            "mean of squared biases for square of the mean bias",
        ),
    ],
)
correlated = [
    moment(E(f[i]), mu),
    moment(E(f[i] ** 2), mu**2 + v),
    moment(E(f[i] * f[j]), mu**2 + rho * v, distinct(i, j)),
]
pairs.true(
    "variance_of_a_correlated_mean",
    Var(average),
    rho * v + (1 - rho) * v / n,
    by=[definition, *correlated],
    wrong=[
        (v / n, "as if uncorrelated"),
        (rho * v + v / n, "1 − ρ lost"),
        ((1 - rho) * v + rho * v / n, "ρ and 1 − ρ exchanged"),
        (rho * v + (1 - rho) * v / n**2, "n²"),
    ],
)
uncorrelated = [
    moment(E(f[i]), mu),
    moment(E(f[i] ** 2), mu**2 + v),
    moment(E(f[i] * f[j]), mu**2, distinct(i, j)),
]
pairs.true(
    "sample_variance_mean",
    E(Sum(i, (f[i] - average) ** 2)),
    (n - 1) * v,
    by=uncorrelated,
    wrong=[
        (n * v, "n for n − 1"),
        ((n - 1) * v + mu**2, "the mean not cancelled"),
        ((n - 1) / n * v, "divided by n already"),
        ((n + 1) * v, "sign of the correction"),
    ],
)
pairs.true(
    "mean_of_a_sample_variance",
    Var(average) * n**2,
    n * v,
    by=[definition, *uncorrelated],
    wrong=[
        (v, "n lost"),
        (n**2 * v, "all equal"),
        (n * v + n * mu**2, "second moment for variance"),
    ],
)
pairs.true(
    "deviation_from_the_sample_mean",
    E((f[j] - average) ** 2),
    (1 - 1 / n) * v,
    by=uncorrelated,
    wrong=[
        (v, "the estimated mean taken for the true one"),
        ((1 + 1 / n) * v, "new for old observation"),
        ((1 - 1 / n) ** 2 * v, "the other members' share forgotten"),
    ],
)
pairs.true(
    "weighted_ensemble",
    E(Sum(i, a[i] * e[i]) ** 2),
    a.T @ C @ a,
    by=[moment(E(e[i] * e[j]), C[i, j])],
    wrong=[
        (Sum(i, a[i] ** 2 * C[i, i]), "only the diagonal"),
        (Sum(i, j, a[i] * C[i, j]), "one weight"),
        (2 * a.T @ C @ a, "2"),
    ],
)
eps = define("eps", f[i] - y, entry=i)
pairs.true(
    "average_of_errors",
    E(y * (average - y)),
    Sum(i, E(y * eps[i])) / n,
    by=[definition, linearity],
    wrong=[
        (Sum(i, E(y * eps[i])), "1/n lost"),
        (Sum(i, E(y * f[i])) / n - n * E(y**2), "n y for y"),
        (E(y) * Sum(i, E(eps[i])) / n, "E of a product split"),
    ],
)
pairs.true(
    "disagreement_of_two_members",
    E((e[i] - e[j]) ** 2),
    2 * v - 2 * c,
    by=[second, mixed, distinct(i, j)],
    wrong=[
        (2 * v, "mixed term dropped"),
        (2 * v + 2 * c, "sign"),
        (v - c, "2 lost"),
        (2 * v - c, "2 of the cross term lost"),
    ],
)
pairs.true(
    "leave_one_out_mean",
    (n * mean_F - F[j]) / (n + 1) - mean_F,
    -(F[j] + mean_F) / (n + 1),
    by=[collect],
    wrong=[
        (-(F[j] - mean_F) / (n + 1), "sign of the mean"),
        (-(F[j] + mean_F) / n, "n for n + 1"),
        (-(F[j] + n * mean_F) / (n + 1), "sum for mean"),
    ],
)
pairs.conditional(
    "members_uncorrelated",
    "E[eᵢeⱼ] = 0 for i ≠ j",
    without=(E((Sum(i, e[i]) / n) ** 2), v / n, [second]),
    given=(E((Sum(i, e[i]) / n) ** 2), v / n, [second, moment(E(e[i] * e[j]), 0, distinct(i, j))]),
)
pairs.conditional(
    "members_unbiased",
    "E[fᵢ] = t",
    without=(E((f[j] - t) ** 2), Var(f[j]), [definition, linearity]),
    given=(E((f[j] - t) ** 2), Var(f[j]), [definition, moment(E(f[i]), t)]),
)
pairs.conditional(
    "noise_apart_from_the_fit",
    "the noise of a new observation independent of the fit",
    without=(E((g - z) ** 2), E(g**2) + noise, [moment(E(z), 0), moment(E(z**2), noise)]),
    given=(E((g - z) ** 2), E(g**2) + noise, [moment(E(z), 0), moment(E(z**2), noise), independent(g, z)]),
)
