"""Taylor expansions with their remainders, exponential families, and the penalties that noise amounts to.

Wager, Wang and Liang (2013); Bishop (1995); Wainwright and Jordan (2008), section 3.
"""

from math import exp

from battery.pairs import Subject
from proofsheet import (
    E,
    Sum,
    Var,
    define,
    definition,
    derivative,
    differentiate,
    dimension,
    distinct,
    exponential_family,
    function,
    independent,
    index,
    linearity,
    moment,
    parameter,
    random_scalar,
    random_vectors,
    remainder,
    scalar,
    taylor,
    vector,
    vectors,
)

N, m = dimension("N"), dimension("m")
i, j, k = index("i", N), index("j", m), index("k", m)
alpha, d = parameter("alpha", positive=True), parameter("d", between=(0, 1))
u, h, theta, c = scalar("u"), scalar("h"), scalar("theta"), scalar("c")
A, n, T = function("A"), random_scalar("n"), random_scalar("T")
beta, x, r = vector("beta", m), vectors("x", N, m), random_vectors("r", N, m)
z = random_scalar("z")
mean, spread = moment(E(n), 0), moment(E(n**2), alpha)

pairs = Subject("taylor_expansions")
pairs.true(
    "second_order_expansion",
    A(u + h),
    A(u) + A.prime(u) * h + A.prime.prime(u) * h**2 / 2 + remainder(A, 3, u, h),
    by=[taylor(A, 2)],
    wrong=[
        (A(u) + A.prime(u) * h + A.prime.prime(u) * h**2 + remainder(A, 3, u, h), "½ lost"),
        (A(u) + A.prime(u) * h + A.prime.prime(u) * h**2 / 2, "remainder dropped"),
        (A(u) + A.prime(u) * h - A.prime.prime(u) * h**2 / 2 + remainder(A, 3, u, h), "sign"),
        (A(u) + A.prime(h) * h + A.prime.prime(u) * h**2 / 2 + remainder(A, 3, u, h), "slope at the wrong point"),
    ],
)
pairs.true(
    "symmetric_difference",
    A(u + h) - A(u - h),
    2 * h * A.prime(u) + remainder(A, 3, u, h) - remainder(A, 3, u, -h),
    by=[taylor(A, 2)],
    wrong=[
        (h * A.prime(u) + remainder(A, 3, u, h) - remainder(A, 3, u, -h), "2 lost"),
        (2 * h * A.prime(u) + remainder(A, 3, u, h) + remainder(A, 3, u, -h), "sign of a remainder"),
        (h**2 * A.prime.prime(u) + remainder(A, 3, u, h) - remainder(A, 3, u, -h), "sum for difference"),
    ],
)
pairs.true(
    "second_difference",
    A(u + h) + A(u - h) - 2 * A(u),
    A.prime.prime(u) * h**2 + remainder(A, 4, u, h) + remainder(A, 4, u, -h),
    by=[taylor(A, 3)],
    wrong=[
        (A.prime.prime(u) * h**2 / 2 + remainder(A, 4, u, h) + remainder(A, 4, u, -h), "½ too many"),
        (A.prime.prime(u) * h + remainder(A, 4, u, h) + remainder(A, 4, u, -h), "h for h²"),
        (A.prime.prime(u) * h**2 + 2 * remainder(A, 4, u, h), "remainders taken for equal"),
    ],
)
pairs.true(
    "noise_smooths",
    E(A(u + n)),
    A(u) + alpha / 2 * A.prime.prime(u) + E(remainder(A, 3, u, n)),
    by=[taylor(A, 2), mean, spread],
    wrong=[
        (A(u) + alpha * A.prime.prime(u) + E(remainder(A, 3, u, n)), "½ lost"),
        (A(u) + alpha / 2 * A.prime(u) + E(remainder(A, 3, u, n)), "A′ for A″"),
        (A(u) + alpha**2 / 2 * A.prime.prime(u) + E(remainder(A, 3, u, n)), "α²"),
        (A(u) + E(remainder(A, 3, u, n)), "as if E[A(u + n)] = A(u) to second order"),
    ],
)
pairs.true(
    "noise_along_a_slope",
    E((A(u) + A.prime(u) * n - z) ** 2),
    E((A(u) - z) ** 2) + alpha * A.prime(u) ** 2,
    by=[independent(n, z), mean, spread],
    wrong=[
        (E((A(u) - z) ** 2) + alpha * A.prime(u), "slope not squared"),
        (E((A(u) - z) ** 2) + alpha * A.prime.prime(u), "curvature for squared slope"),
        (E((A(u) - z) ** 2) + 2 * alpha * A.prime(u) ** 2, "2"),
    ],
)
delta_i = define("Delta", Sum(j, (r[i, j] / (1 - d) - 1) * x[i, j] * beta[j]), entry=i)
kept = [
    moment(E(r[i, j]), 1 - d),
    moment(E(r[i, j] ** 2), 1 - d),
    moment(E(r[i, j] * r[i, k]), (1 - d) ** 2, distinct(j, k)),
]
pairs.true(
    "dropout_of_a_generalized_linear_model",
    Sum(i, A.prime.prime(x[i].T @ beta) * E(delta_i[i] ** 2) / 2),
    d / (2 * (1 - d)) * Sum(i, A.prime.prime(x[i].T @ beta) * Sum(j, x[i, j] ** 2 * beta[j] ** 2)),
    by=[definition, *kept],
    wrong=[
        (
            d / (1 - d) * Sum(i, A.prime.prime(x[i].T @ beta) * Sum(j, x[i, j] ** 2 * beta[j] ** 2)),
            "½ lost",
        ),
        (
            d * (1 - d) / 2 * Sum(i, A.prime.prime(x[i].T @ beta) * Sum(j, x[i, j] ** 2 * beta[j] ** 2)),
            "variance of the mask {0, 1}",
        ),
        (
            d / (2 * (1 - d)) * Sum(i, A.prime.prime(x[i].T @ beta) * (x[i].T @ beta) ** 2),
            "one mask for all features",
        ),
        (
            d / (2 * (1 - d)) * Sum(i, A.prime.prime(x[i].T @ beta)) * Sum(i, j, x[i, j] ** 2 * beta[j] ** 2),
            "product of sums",
        ),
    ],
)
family = exponential_family(T, theta, A)


def three_values(environment):
    """T is 0, 1 or 3 with weights 2, 1, 4, tilted by exp(θt); A is the logarithm of the sum, with its derivatives."""
    environment.exponential_family("T", "theta", "A", [(0.0, 2.0), (1.0, 1.0), (3.0, 4.0)], exp)


pairs.true(
    "mean_of_an_exponential_family",
    derivative(E(1), theta) + c * A.prime(theta),
    (c - 1) * A.prime(theta) + E(T),
    by=[family, linearity],
    wrong=[
        ((c - 1) * A.prime(theta) - E(T), "sign of the score"),
        ((c + 1) * A.prime(theta) + E(T), "sign of A′"),
        ((c - 1) * A(theta) + E(T), "A for A′"),
    ],
    law=three_values,
)
pairs.true(
    "score_covariance",
    derivative(E(T), theta),
    E(T**2) - A.prime(theta) * E(T),
    by=[family, linearity],
    wrong=[
        (E(T**2) + A.prime(theta) * E(T), "sign"),
        (E(T) - A.prime(theta) * E(T), "T for T²"),
        (E(T**2), "the mean not taken off"),
    ],
    law=three_values,
)
pairs.true(
    "derivative_of_a_higher_moment",
    derivative(E(T**2), theta),
    E(T**3) - A.prime(theta) * E(T**2),
    by=[family, linearity],
    wrong=[
        (2 * E(T), "T² differentiated by T"),
        (E(T**3) - A.prime(theta) ** 2 * E(T**2), "A′²"),
        (E(T**3) + A.prime(theta) * E(T**2), "sign"),
    ],
    law=three_values,
)
pairs.true(
    "deviance_of_a_shifted_parameter",
    c * (theta + h) - A(theta + h) - (c * theta - A(theta)),
    (c - A.prime(theta)) * h - remainder(A, 2, theta, h),
    by=[taylor(A, 1)],
    wrong=[
        ((c - A.prime(theta)) * h + remainder(A, 2, theta, h), "sign of the divergence"),
        ((c + A.prime(theta)) * h - remainder(A, 2, theta, h), "sign of the slope"),
        (c * h - remainder(A, 2, theta, h), "slope forgotten"),
    ],
)
pairs.true(
    "score_of_a_model",
    derivative(Sum(i, c * (x[i].T @ beta) - A(x[i].T @ beta)), beta[k]),
    Sum(i, (c - A.prime(x[i].T @ beta)) * x[i, k]),
    by=[differentiate],
    wrong=[
        (Sum(i, (A.prime(x[i].T @ beta) - c) * x[i, k]), "sign"),
        (Sum(i, c - A.prime(x[i].T @ beta)) * beta[k], "β for x"),
        (Sum(i, (c - A(x[i].T @ beta)) * x[i, k]), "A for A′"),
        (Sum(i, c - A.prime(x[i].T @ beta) * x[i, k]), "bracket"),
    ],
)


def noise_is_the_variable(here):
    """n is z, and has mean 0."""
    here.outcomes([(1 / 3, {"n": 2, "z": 2}), (2 / 3, {"n": -1, "z": -1})])


def fair_bet_around_the_mean(here):
    """T is one above or below A′(θ): mean A′(θ), and variance 1 whatever θ is."""
    slope = here.opaque("A")
    here.moving_outcomes(lambda: [(0.5, {"T": slope(1, here.number("theta")) + step}) for step in (1, -1)])


pairs.conditional(
    "linear_term_vanishes",
    "E[n] = 0",
    without=(
        E(A(u + n)) - E(remainder(A, 3, u, n)),
        A(u) + alpha / 2 * A.prime.prime(u),
        [taylor(A, 2), spread],
    ),
    given=(
        E(A(u + n)) - E(remainder(A, 3, u, n)),
        A(u) + alpha / 2 * A.prime.prime(u),
        [taylor(A, 2), spread, mean],
    ),
)
pairs.conditional(
    "noise_independent_of_the_function",
    "n and z independent",
    without=(E(A(z) * n), 0, [linearity, mean]),
    given=(E(A(z) * n), 0, [independent(n, z), mean]),
    law_without=noise_is_the_variable,
)
pairs.conditional(
    "variance_from_the_family",
    "T is of the exponential family",
    without=(derivative(E(T), theta), Var(T), [definition, linearity, differentiate, moment(E(T), A.prime(theta))]),
    given=(derivative(E(T), theta), Var(T), [definition, family, moment(E(T), A.prime(theta))]),
    law=three_values,
    law_without=fair_bet_around_the_mean,
)
