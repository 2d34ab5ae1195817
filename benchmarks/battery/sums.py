"""Finite sums in symbolic dimension: squares of sums, pairs, Kronecker's delta, means and deviations.

Graham, Knuth and Patashnik (1994), Concrete Mathematics, chapter 2.
"""

from battery.pairs import Subject
from proofsheet import (
    Sum,
    algebra,
    delta,
    dimension,
    distinct,
    expand,
    index,
    matrix,
    norm2,
    ones,
    reindex,
    scalar,
    split_sum,
    vector,
)

n, m = dimension("n"), dimension("m")
i, j, k, l = (index(name, n) for name in "ijkl")
r = index("r", m)
x, y, z = vector("x", n), vector("y", n), vector("z", n)
W, c = matrix("W", m, n), scalar("c")
total, mean = Sum(i, x[i]), Sum(i, x[i]) / n
squares = Sum(i, x[i] ** 2)

pairs = Subject("sums")
pairs.true(
    "square_of_a_sum",
    Sum(i, x[i]) ** 2,
    Sum(i, j, x[i] * x[j]),
    by=[expand],
    wrong=[
        (Sum(i, x[i] ** 2), "only the diagonal"),
        (Sum(distinct(i, j), x[i] * x[j]), "the diagonal lost"),
        (2 * Sum(i, j, x[i] * x[j]), "each ordered pair doubled"),
    ],
)
pairs.true(
    "product_of_sums_diagonal_apart",
    Sum(j, x[j]) * Sum(k, y[k]),
    x.T @ y + Sum(distinct(i, j), x[i] * y[j]),
    by=[split_sum],
    wrong=[
        (x.T @ y + 2 * Sum(distinct(i, j), x[i] * y[j]), "i ≠ j counts both orders already"),
        (x.T @ y + Sum(i, j, x[i] * y[j]), "the diagonal twice"),
        (Sum(distinct(i, j), x[i] * y[j]), "the diagonal lost"),
    ],
)
pairs.true(
    "pairwise_differences",
    Sum(i, j, (x[i] - x[j]) ** 2),
    2 * n * Sum(i, x[i] ** 2) - 2 * Sum(i, x[i]) ** 2,
    by=[algebra],
    wrong=[
        (n * Sum(i, x[i] ** 2) - Sum(i, x[i]) ** 2, "each pair once"),
        (2 * (n - 1) * Sum(i, x[i] ** 2) - 2 * Sum(i, x[i]) ** 2, "n − 1 for n"),
        (2 * Sum(i, x[i] ** 2) - 2 * Sum(i, x[i]) ** 2, "n lost"),
        (2 * n * Sum(i, x[i] ** 2) - 2 * Sum(i, x[i] ** 2), "sum of squares for square of the sum"),
    ],
)
pairs.true(
    "sum_of_deviations_squared",
    Sum(j, (x[j] - mean) ** 2),
    squares - Sum(i, x[i]) ** 2 / n,
    by=[algebra],
    wrong=[
        (squares - Sum(i, x[i]) ** 2, "1/n lost"),
        (squares - Sum(i, x[i]) ** 2 / n**2, "the square of the mean once instead of n times"),
        (squares - Sum(i, x[i]) ** 2 / (n - 1), "n − 1 for n"),
        (squares + Sum(i, x[i]) ** 2 / n, "sign"),
    ],
)
pairs.true(
    "sum_about_any_point",
    Sum(i, (x[i] - c) ** 2),
    Sum(j, (x[j] - mean) ** 2) + n * (mean - c) ** 2,
    by=[algebra],
    wrong=[
        (Sum(j, (x[j] - mean) ** 2) + (mean - c) ** 2, "n lost"),
        (Sum(j, (x[j] - mean) ** 2) - n * (mean - c) ** 2, "sign of the shift"),
        (Sum(j, (x[j] - mean) ** 2) + n * (mean + c) ** 2, "plus for minus in the bracket"),
    ],
)
pairs.true(
    "deviations_sum_to_zero",
    Sum(j, x[j] - mean) * c,
    0,
    by=[algebra],
    wrong=[
        (c * Sum(j, x[j]) - c * mean, "the mean once instead of n times"),
        (c, "one for zero"),
    ],
)
pairs.true(
    "cross_deviations",
    Sum(j, (x[j] - mean) * (y[j] - Sum(i, y[i]) / n)),
    Sum(i, x[i] * y[i]) - total * Sum(i, y[i]) / n,
    by=[algebra],
    wrong=[
        (Sum(i, x[i] * y[i]) - total * Sum(i, y[i]), "1/n lost"),
        (Sum(i, x[i] * y[i]) - Sum(i, x[i] * y[i]) / n, "Σxy for ΣxΣy"),
        (Sum(i, x[i] * y[i]) + total * Sum(i, y[i]) / n, "sign"),
    ],
)
pairs.true(
    "lagrange_identity",
    Sum(i, j, (x[i] * y[j] - x[j] * y[i]) ** 2),
    2 * norm2(x) * norm2(y) - 2 * (x.T @ y) ** 2,
    by=[algebra],
    wrong=[
        (norm2(x) * norm2(y) - (x.T @ y) ** 2, "½: pairs i < j only"),
        (2 * norm2(x) * norm2(y) + 2 * (x.T @ y) ** 2, "sign"),
        (2 * norm2(x) * norm2(y) - 2 * Sum(i, x[i] ** 2 * y[i] ** 2), "only the diagonal of the cross term"),
    ],
)
pairs.true(
    "delta_picks_one_term",
    Sum(j, delta(i, j) * x[j] * y[j]),
    x[i] * y[i],
    by=[algebra],
    wrong=[
        (x[i] * Sum(j, y[j]), "δ used on one factor only"),
        (Sum(j, x[j] * y[j]), "δ ignored"),
        (n * x[i] * y[i], "summed although δ leaves one term"),
    ],
)
pairs.true(
    "trace_of_delta",
    Sum(i, j, delta(i, j) * (c + x[i] * y[j])),
    n * c + x.T @ y,
    by=[algebra],
    wrong=[
        (c + x.T @ y, "Σδ = 1 for n"),
        (n**2 * c + x.T @ y, "δ ignored in the first term"),
        (n * c + Sum(i, x[i]) * Sum(j, y[j]), "δ ignored in the second term"),
    ],
)
pairs.true(
    "chained_deltas",
    Sum(j, k, delta(i, j) * delta(j, k) * x[j] * y[k]),
    x[i] * y[i],
    by=[algebra],
    wrong=[
        (n * x[i] * y[i], "one δ taken for 1"),
        (x[i] * Sum(k, y[k]), "the second δ lost"),
        (x[i] * delta(i, l) * y[l], "an index left over"),
    ],
)
pairs.true(
    "distinct_pairs_of_a_sum",
    Sum(distinct(i, j), x[i] + x[j]),
    2 * (n - 1) * Sum(k, x[k]),
    by=[algebra],
    wrong=[
        (2 * n * Sum(k, x[k]), "n for n − 1"),
        ((n - 1) * Sum(k, x[k]), "one of the two terms"),
        (n * (n - 1) * Sum(k, x[k]), "number of pairs times the sum"),
    ],
)
pairs.true(
    "distinct_pairs_with_a_constant",
    Sum(distinct(i, j), c + x[i] * y[j]),
    n * (n - 1) * c + Sum(i, x[i]) * Sum(j, y[j]) - x.T @ y,
    by=[algebra],
    wrong=[
        (n**2 * c + Sum(i, x[i]) * Sum(j, y[j]) - x.T @ y, "n² pairs"),
        (n * (n - 1) / 2 * c + Sum(i, x[i]) * Sum(j, y[j]) - x.T @ y, "pairs i < j counted"),
        (n * (n - 1) * c + Sum(i, x[i]) * Sum(j, y[j]), "the diagonal not taken off"),
    ],
)
pairs.true(
    "cube_of_a_sum",
    Sum(i, x[i]) ** 3,
    Sum(i, x[i] ** 3)
    + 3 * Sum(distinct(i, j), x[i] ** 2 * x[j])
    + Sum(i, j, k, x[i] * x[j] * x[k])
    - 3 * Sum(i, x[i] ** 2) * Sum(j, x[j])
    + 2 * Sum(i, x[i] ** 3),
    by=[expand],
    wrong=[
        (Sum(i, x[i] ** 3), "cubes only"),
        (Sum(i, x[i] ** 3) + 3 * Sum(distinct(i, j), x[i] ** 2 * x[j]), "triples of distinct indices lost"),
        (
            Sum(i, x[i] ** 3)
            + Sum(distinct(i, j), x[i] ** 2 * x[j])
            + Sum(i, j, k, x[i] * x[j] * x[k])
            - 3 * Sum(i, x[i] ** 2) * Sum(j, x[j])
            + 2 * Sum(i, x[i] ** 3),
            "3 of the binomial lost",
        ),
    ],
)
pairs.true(
    "order_of_summation",
    Sum(r, y[i] * Sum(j, W[r, j] * x[j])),
    y[i] * Sum(k, x[k] * Sum(r, W[r, k])),
    by=[reindex],
    wrong=[
        (y[i] * Sum(k, x[k]) * Sum(r, Sum(j, W[r, j])), "product of sums for sum of products"),
        (y[i] * x[i] * Sum(r, W[r, i]), "a bound index taken for the free one"),
        (m * y[i] * Sum(j, x[j] * Sum(r, W[r, j])), "the sum over r twice"),
    ],
)
pairs.true(
    "sum_as_inner_product_with_ones",
    Sum(i, (x[i] + c) * y[i]),
    x.T @ y + c * (ones(n).T @ y),
    by=[algebra],
    wrong=[
        (x.T @ y + c, "the sum over y lost"),
        (x.T @ y + n * c, "n c for c Σy"),
        (x.T @ y * c, "product for sum"),
    ],
)
pairs.true(
    "triple_product_difference",
    Sum(i, j, x[i] * (y[i] - y[j]) * z[j]),
    Sum(i, x[i] * y[i]) * Sum(j, z[j]) - Sum(i, x[i]) * Sum(j, y[j] * z[j]),
    by=[algebra],
    wrong=[
        (Sum(i, x[i] * y[i] * z[i]) - Sum(i, x[i]) * Sum(j, y[j] * z[j]), "the double sum taken on its diagonal"),
        (Sum(i, x[i] * y[i]) * Sum(j, z[j]) - n * Sum(j, x[j] * y[j] * z[j]), "x left with the wrong index"),
        (Sum(i, x[i] * y[i]) * Sum(j, z[j]) + Sum(i, x[i]) * Sum(j, y[j] * z[j]), "sign"),
    ],
)
pairs.conditional(
    "two_indices_differ",
    "i ≠ j",
    without=(delta(i, j) * x[i] + y[j], y[j], [algebra]),
    given=(delta(i, j) * x[i] + y[j], y[j], [distinct(i, j)]),
)
