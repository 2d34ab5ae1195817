"""Expectation, variance, covariance: linearity, bilinearity, shifts.

Grimmett and Stirzaker (2020), Probability and Random Processes, sections 3.3 and 3.6.
"""

from battery.pairs import Subject
from proofsheet import (
    Cov,
    E,
    Sum,
    Var,
    algebra,
    definition,
    dimension,
    distinct,
    identity,
    independent,
    index,
    linearity,
    matrix,
    moment,
    norm2,
    parameter,
    random_scalar,
    random_vector,
    scalar,
    trace,
    vector,
)

n, m = dimension("n"), dimension("m")
i, j = index("i", n), index("j", n)
a, b, c = scalar("a"), scalar("b"), scalar("c")
mu, nu, v = parameter("mu"), parameter("nu"), parameter("v", nonnegative=True)
x, y, z = random_scalar("x"), random_scalar("y"), random_scalar("z")
u, A, w = random_vector("u", n), matrix("A", m, n), vector("w", n)

pairs = Subject("expectations")
pairs.true(
    "variance_by_two_moments",
    Var(x),
    E(x**2) - E(x) ** 2,
    by=[definition, linearity],
    wrong=[
        (E(x**2) + E(x) ** 2, "sign"),
        (E(x**2) - 2 * E(x) ** 2, "the last term of the square forgotten"),
        (E(x**2), "the mean forgotten"),
        (E(x) ** 2 - E(x**2), "square of the mean less mean of the square"),
    ],
)
pairs.true(
    "variance_of_an_affine_map",
    Var(a * x + b),
    a**2 * Var(x),
    by=[definition, linearity],
    wrong=[
        (a * Var(x), "a for a²"),
        (a**2 * Var(x) + b, "the shift kept"),
        (a**2 * Var(x) + b**2, "the shift squared and kept"),
    ],
)
pairs.true(
    "covariance_by_products",
    Cov(x, y),
    E(x * y) - E(x) * E(y),
    by=[definition, linearity],
    wrong=[
        (E(x * y), "the means forgotten"),
        (E(x * y) + E(x) * E(y), "sign"),
        (E(x * y) - E(x * y), "as if E[xy] = E[x]E[y]"),
    ],
)
pairs.true(
    "variance_of_a_sum_of_two",
    Var(x + y),
    Var(x) + Var(y) + 2 * Cov(x, y),
    by=[definition, linearity],
    wrong=[
        (Var(x) + Var(y), "covariance dropped without independence"),
        (Var(x) + Var(y) + Cov(x, y), "2 lost"),
        (Var(x) + Var(y) - 2 * Cov(x, y), "sign of the covariance"),
    ],
)
pairs.true(
    "variance_of_a_difference",
    Var(x - b * y),
    Var(x) - 2 * b * Cov(x, y) + b**2 * Var(y),
    by=[definition, linearity],
    wrong=[
        (Var(x) - 2 * b * Cov(x, y) - b**2 * Var(y), "variances subtracted"),
        (Var(x) + b**2 * Var(y), "covariance dropped"),
        (Var(x) - 2 * b * Cov(x, y) + b * Var(y), "b for b²"),
    ],
)
pairs.true(
    "covariance_is_bilinear",
    Cov(a * x + b * y, z),
    a * Cov(x, z) + b * Cov(y, z),
    by=[definition, linearity],
    wrong=[
        (a * b * Cov(x, z) + a * b * Cov(y, z), "both factors on both terms"),
        (a**2 * Cov(x, z) + b**2 * Cov(y, z), "squares as in a variance"),
        (a * Cov(x, z) + b * Cov(x, y), "the wrong pair"),
    ],
)
pairs.true(
    "variance_of_a_sum_of_many",
    Var(Sum(i, u[i])),
    Sum(i, Var(u[i])) + Sum(distinct(i, j), Cov(u[i], u[j])),
    by=[definition, linearity],
    wrong=[
        (Sum(i, Var(u[i])), "covariances dropped"),
        (Sum(i, Var(u[i])) + 2 * Sum(distinct(i, j), Cov(u[i], u[j])), "both orders counted twice"),
        (Sum(i, Var(u[i])) + Sum(i, j, Cov(u[i], u[j])), "the diagonal twice"),
    ],
)
pairs.true(
    "mean_square_about_a_point",
    E((x - c) ** 2),
    Var(x) + (E(x) - c) ** 2,
    by=[definition, linearity],
    wrong=[
        (Var(x), "the bias forgotten"),
        (Var(x) + E(x) ** 2 - c**2, "wrong bracket"),
        (Var(x) - (E(x) - c) ** 2, "sign"),
        (Var(x) + (E(x) - c), "square of the bias lost"),
    ],
)
pairs.true(
    "third_central_moment",
    E((x - E(x)) ** 3),
    E(x**3) - 3 * E(x) * E(x**2) + 2 * E(x) ** 3,
    by=[linearity],
    wrong=[
        (E(x**3) - 3 * E(x) * E(x**2) + 3 * E(x) ** 3, "3 of the binomial without − E[x]³"),
        (E(x**3) - E(x) ** 3, "cube of the mean taken off only"),
        (E(x**3) - 3 * E(x) * E(x**2) - 2 * E(x) ** 3, "sign of the last term"),
    ],
)
pairs.true(
    "polarisation_of_expectations",
    E((x + y) ** 2) - E((x - y) ** 2),
    4 * E(x * y),
    by=[linearity],
    wrong=[
        (2 * E(x * y), "2 for 4"),
        (4 * E(x) * E(y), "as if independent"),
        (0, "(x + y)² and (x − y)² as if without cross terms"),
    ],
)
pairs.true(
    "covariance_of_an_image",
    Cov(A @ u),
    A @ Cov(u) @ A.T,
    by=[definition, linearity],
    wrong=[
        (A @ A.T * trace(Cov(u)), "the total variance pulled out"),
        (A @ (E(u @ u.T) + E(u) @ E(u).T) @ A.T, "sign of the means"),
        (A @ E(u @ u.T) @ A.T, "the mean forgotten"),
    ],
)
pairs.true(
    "variance_of_a_projection",
    Var(w.T @ u),
    w.T @ Cov(u) @ w,
    by=[definition, linearity],
    wrong=[
        (norm2(w) * trace(Cov(u)), "trace for quadratic form"),
        (Sum(i, w[i] ** 2 * Var(u[i])), "only the diagonal"),
        (w.T @ E(u @ u.T) @ w, "the mean forgotten"),
    ],
)
pairs.true(
    "mean_squared_norm",
    E(norm2(u)),
    norm2(E(u)) + trace(Cov(u)),
    by=[definition, linearity],
    wrong=[
        (norm2(E(u)), "square in and out of E"),
        (norm2(E(u)) - trace(Cov(u)), "sign"),
        (norm2(E(u)) + n * trace(Cov(u)), "n too many"),
    ],
)
copies = [moment(E(x), mu), moment(E(y), mu), moment(E(x**2), mu**2 + v), moment(E(y**2), mu**2 + v)]
pairs.true(
    "difference_of_two_copies",
    E((x - y) ** 2),
    2 * v,
    by=[independent(x, y), *copies],
    wrong=[
        (v, "2 lost"),
        (0, "variances subtracted"),
        (2 * v + 2 * mu**2, "the means not taken off"),
    ],
)
pairs.true(
    "second_moment_of_a_product",
    Var(x * y),
    E(x**2) * E(y**2) - E(x) ** 2 * E(y) ** 2,
    by=[definition, independent(x, y)],
    wrong=[
        (Var(x) * Var(y), "product of the variances"),
        (E(x**2) * E(y**2) - E(x) * E(y), "squares of the means lost"),
        (E(x**2 * y**2) - E(x**2) * E(y**2), "the wrong term split"),
    ],
)
pairs.true(
    "independent_vectors_inner_product",
    E((w.T @ u + a) ** 2 * x),
    (w.T @ E(u @ u.T) @ w + 2 * a * w.T @ E(u) + a**2) * E(x),
    by=[independent(u, x)],
    wrong=[
        ((w.T @ E(u) + a) ** 2 * E(x), "E of the square for the square of E"),
        ((w.T @ E(u @ u.T) @ w + a**2) * E(x), "cross term lost"),
        ((w.T @ E(u @ u.T) @ w + a * w.T @ E(u) + a**2) * E(x), "2 of the binomial lost"),
    ],
)
pairs.true(
    "whitened_scatter",
    E((u - E(u)) @ (u - E(u)).T) + identity(n),
    E(u @ u.T) - E(u) @ E(u).T + identity(n),
    by=[linearity],
    wrong=[
        (E(u @ u.T) - E(u) @ E(u).T, "the identity lost"),
        (E(u @ u.T) - 2 * E(u) @ E(u).T + identity(n), "cross terms only"),
        (E(u @ u.T) - norm2(E(u)) * identity(n) + identity(n), "norm for outer product"),
    ],
)


def third_copies_first(here):
    """x and y are independent, and z is x."""
    here.outcomes((a * b, {"x": s, "y": t, "z": s}) for a, s in ((0.3, 1), (0.7, 3)) for b, t in ((0.6, 2), (0.4, -1)))


def third_is_the_product(here):
    """Two fair signs and their product: independent two by two, not all three."""
    here.outcomes((0.25, {"x": s, "y": t, "z": s * t}) for s in (1, -1) for t in (1, -1))


pairs.conditional(
    "mean_of_a_product",
    "x and y independent",
    without=(E(x * y), E(x) * E(y), [linearity]),
    given=(E(x * y), E(x) * E(y), [independent(x, y)]),
)
pairs.conditional(
    "variances_add",
    "x and y independent",
    without=(Var(x + y), Var(x) + Var(y), [definition, linearity]),
    given=(Var(x + y), Var(x) + Var(y), [definition, independent(x, y)]),
)
pairs.conditional(
    "variances_add_uncorrelated",
    "Cov[x, y] = 0",
    without=(Var(x - y), Var(x) + Var(y), [definition, linearity]),
    given=(Var(x - y), Var(x) + Var(y), [definition, moment(Cov(x, y), 0)]),
)
pairs.conditional(
    "square_splits_off",
    "x and (y, z) independent, not only x and y",
    without=(E(x**2 * y * z), E(x**2) * E(y * z), [independent(x, y)]),
    given=(E(x**2 * y * z), E(x**2) * E(y * z), [independent(x, (y, z))]),
    law_without=third_copies_first,
)
pairs.conditional(
    "mutual_for_pairwise",
    "x, y and z mutually independent, not only pairwise",
    without=(E(x * y * z), E(x) * E(y) * E(z), [independent(x, y), independent(x, z), independent(y, z)]),
    given=(E(x * y * z), E(x) * E(y) * E(z), [independent(x, y, z)]),
    law_without=third_is_the_product,
)
pairs.conditional(
    "centred_square",
    "E[x] = 0",
    without=(Var(x), E(x**2), [definition, linearity]),
    given=(Var(x), E(x**2), [definition, moment(E(x), 0)]),
)
pairs.conditional(
    "common_mean_cancels",
    "E[x] = E[y] = μ",
    without=(E((x - y) * c), 0, [linearity, moment(E(x), mu)]),
    given=(E((x - y) * c), 0, [moment(E(x), mu), moment(E(y), mu)]),
)
pairs.conditional(
    "products_add_up",
    "distinct entries uncorrelated with mean 0",
    without=(E(Sum(i, u[i]) ** 2), Sum(i, E(u[i] ** 2)), [linearity, algebra]),
    given=(E(Sum(i, u[i]) ** 2), Sum(i, E(u[i] ** 2)), [moment(E(u[i] * u[j]), 0, distinct(i, j))]),
)
