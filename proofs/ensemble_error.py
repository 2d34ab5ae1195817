"""Expected squared error of an ensemble of n predictors.

    E[((1/n) Σᵢ ŷᵢ − y)²] = v/n + (n − 1)c/n

The members' errors εᵢ = ŷᵢ − y have second moment v and mixed second moment c for every pair. The slides ask that each
member be unbiased, E[εᵢ] = 0; nothing here needs it (it is needed to call v a variance and c a covariance). Such errors
exist only for −v/(n − 1) ≤ c ≤ v; at the lower end the error is 0. The slides' dotted array is ΣᵢΣⱼ.

Whitehill (CS/DS 541, class 14), slides "Ensembles"; Goodfellow, Bengio and Courville (2016), Deep Learning,
section 7.11, eq. 7.51.
"""

from proofsheet import (
    E,
    Sum,
    algebra,
    between,
    collect,
    define,
    definition,
    dimension,
    distinct,
    index,
    linearity,
    moment,
    parameter,
    prove,
    random_scalar,
    random_vector,
    show,
    split_sum,
    wrong,
)

n = dimension("n")
i, j = index("i", n), index("j", n)
v, c = parameter("v", nonnegative=True), parameter("c")
y_hat, y = random_vector("y_hat", n), random_scalar("y")
eps = define("eps", y_hat[i] - y, entry=i)

second_moment = moment(E(eps[i] ** 2), v)
mixed_moment = moment(E(eps[i] * eps[j]), c, distinct(i, j))
limits = (between(-v / (n - 1), c, v),)

ensemble_error = E(((1 / n) * Sum(i, y_hat[i]) - y) ** 2)
closed_form = v / n + (n - 1) * c / n

theorem = prove(
    ensemble_error,
    (E(((1 / n) * Sum(i, y_hat[i] - y)) ** 2), algebra),
    (E(((1 / n) * Sum(i, eps[i])) ** 2), definition),
    ((1 / n**2) * E(Sum(i, j, eps[i] * eps[j])), linearity),
    ((1 / n**2) * (Sum(i, E(eps[i] ** 2)) + Sum(distinct(i, j), E(eps[i] * eps[j]))), linearity, split_sum),
    ((n * v + (n - 1) * n * c) / n**2, second_moment, mixed_moment),
    (closed_form, collect),
)

uncorrelated = prove(
    ensemble_error,
    (v / n + (n - 1) * 0 / n, theorem.at({c: 0})),
    (v / n, collect),
)
identical = prove(
    ensemble_error,
    (v / n + (n - 1) * v / n, theorem.at({c: v})),
    (v, collect),
)
corollaries = {"uncorrelated_errors": uncorrelated, "identical_errors": identical}

variants = wrong(
    (v / n + c, "E1: factor (n − 1)/n of the pairs lost"),
    (v / n + (n - 1) * c / n**2, "divided by n twice"),
    (v / n + (n - 1) / (2 * n) * c, "E1: each pair counted once"),
    (v / n + c / n, "E1: one partner for each member"),
    (v / n + n * (n - 1) * c, "E1: mean taken for sum"),
    (v / n**2 + (n - 1) / n * c, "E1: variance of the mean divided by n once too often"),
    (v / n + (n - 1) / n * c**2, "E1: c squared"),
    (v / n + (n + 1) / n * c, "n + 1 for n − 1"),
    ((n * v + n**2 * c) / n**2, "n² pairs: the diagonal counted again", 6),
    ((n * v + (n - 1) * n / 2 * c) / n**2, "each pair once", 6),
    ((1 / n**2) * E(Sum(i, eps[i] ** 2)), "square of a sum for sum of squares", 4),
)

show(__name__, theorem, **corollaries)
