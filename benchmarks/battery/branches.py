"""Where a formula has branches: roots, logarithms, powers and quotients, and the conditions that they need.

Corless and Jeffrey (1996), The unwinding number; Moses (1971), Algebraic simplification: a guide for the perplexed.
"""

from battery.pairs import Subject
from proofsheet import (
    absolute,
    algebra,
    dimension,
    exp,
    log,
    norm2,
    parameter,
    power,
    split,
    sqrt,
    vector,
)

x, y, c = parameter("x"), parameter("y"), parameter("c")
a, b = parameter("a", positive=True), parameter("b", positive=True)
p, q = parameter("p", between=(0, 1)), parameter("q", nonnegative=True)
r = parameter("r", nonnegative=True)
k, n = dimension("k"), dimension("n")
w = vector("w", n)

pairs = Subject("branches")
pairs.true(
    "root_of_a_real_square",
    sqrt(x**2) + c,
    absolute(x) + c,
    by=[split(x, 0)],
    wrong=[
        (x + c, "x may be negative"),
        (absolute(x + c), "bracket"),
        (x**2 + c, "root lost"),
    ],
)
pairs.true(
    "square_of_a_root_of_a_sum",
    (sqrt(q + a) - sqrt(a)) * (sqrt(q + a) + sqrt(a)),
    q,
    by=[algebra],
    wrong=[
        (q + 2 * a, "sign"),
        (sqrt(q), "root of a difference for difference of squares"),
        (q**2, "squares"),
    ],
)
pairs.true(
    "square_of_a_difference_of_roots",
    (sqrt(q + 1) - c) ** 2,
    q + 1 - 2 * c * sqrt(q + 1) + c**2,
    by=[algebra],
    wrong=[
        (q + 1 + c**2, "cross term lost"),
        (q + 1 - 2 * c * sqrt(q + 1) - c**2, "sign of the last square"),
        (q + 1 - c**2, "difference of squares"),
    ],
)
pairs.true(
    "logarithm_of_a_product_of_positives",
    log(a**2 * b / (a + b)),
    2 * log(a) + log(b) - log(a + b),
    by=[algebra],
    wrong=[
        (2 * log(a) + log(b) - log(a) - log(b), "log of a sum split"),
        (log(a) ** 2 + log(b) - log(a + b), "square of the logarithm"),
        (2 * log(a) * log(b) - log(a + b), "product of logarithms"),
        (2 * log(a) + log(b) + log(a + b), "sign"),
    ],
)
pairs.true(
    "exponential_of_a_logarithm",
    exp(2 * log(a) - x),
    a**2 * exp(-x),
    by=[algebra],
    wrong=[
        (2 * a * exp(-x), "2 as a factor"),
        (a**2 - exp(x), "difference out of the exponent"),
        (a**2 * exp(x), "sign"),
    ],
)
pairs.true(
    "logarithm_of_an_exponential",
    log(a * exp(x * y)),
    log(a) + x * y,
    by=[algebra],
    wrong=[
        (a * x * y, "a out of the logarithm"),
        (log(a) * x * y, "product for sum"),
        (log(a) + x + y, "sum for product"),
    ],
)
pairs.true(
    "entropy_of_a_bit",
    -p * log(p) - (1 - p) * log(1 - p),
    p * log((1 - p) / p) - log(1 - p),
    by=[algebra],
    wrong=[
        (p * log(p / (1 - p)) - log(1 - p), "odds turned over"),
        (p * log((1 - p) / p) + log(1 - p), "sign"),
        (p * log((1 - p) / p) - log(p), "p for 1 − p"),
    ],
)
pairs.true(
    "quotient_of_odds",
    1 / p + 1 / (1 - p),
    1 / (p * (1 - p)),
    by=[algebra],
    wrong=[
        (1, "denominators added"),
        (2 / (p * (1 - p)), "numerators not crossed"),
        (1 / p - 1 / (1 - p), "sign"),
    ],
)
pairs.true(
    "powers_of_a_product",
    power(a * b, k) * power(a, k + 1),
    a * power(a, k) ** 2 * power(b, k),
    by=[algebra],
    wrong=[
        (power(a, k) ** 2 * power(b, k), "a lost"),
        (a * power(a, k) * power(b, k), "exponent not doubled"),
        (a * power(a, k) ** 2 + power(b, k), "sum for product"),
    ],
)
pairs.true(
    "normalised_length",
    (sqrt(norm2(w) + 1) + 1) * (sqrt(norm2(w) + 1) - 1),
    norm2(w),
    by=[algebra],
    wrong=[
        (norm2(w) + 2, "sign"),
        (norm2(w) ** 2, "root lost"),
        (sqrt(norm2(w)), "root kept"),
    ],
)
pairs.conditional(
    "root_of_a_square",
    "x ≥ 0",
    without=(sqrt(x**2) * y, x * y, [algebra]),
    given=(sqrt(q**2) * y, q * y, [algebra]),
    about="x",
)
pairs.conditional(
    "root_of_a_square_by_cases",
    "x ≥ 0",
    without=(sqrt(x**2) - c, x - c, [split(x, 0)]),
    given=(sqrt(a**2) - c, a - c, [algebra]),
    about="x",
)
pairs.conditional(
    "square_of_a_root",
    "x ≥ 0",
    without=(sqrt(x) * sqrt(x), x, [algebra]),
    given=(sqrt(q) * sqrt(q), q, [algebra]),
    about="x",
)
pairs.conditional(
    "root_of_a_product",
    "x, y ≥ 0, not only xy ≥ 0",
    without=(sqrt(x * y), sqrt(x) * sqrt(y), [algebra]),
    given=(sqrt(q * r), sqrt(q) * sqrt(r), [algebra]),
    about="x",
)
pairs.conditional(
    "logarithm_of_a_product",
    "x, y > 0, not only xy > 0",
    without=(log(x * y), log(x) + log(y), [algebra]),
    given=(log(a * b), log(a) + log(b), [algebra]),
    about="x",
)
pairs.conditional(
    "logarithm_of_a_square",
    "x > 0",
    without=(log(x**2) / 2, log(x), [algebra]),
    given=(log(a**2) / 2, log(a), [algebra]),
    about="x",
)
pairs.conditional(
    "logarithm_of_a_quotient",
    "x > 0",
    without=(log(1 / x) * c, -c * log(x), [algebra]),
    given=(log(1 / a) * c, -c * log(a), [algebra]),
    about="x",
)
pairs.conditional(
    "exponential_undone",
    "x > 0",
    without=(exp(log(x)) - y, x - y, [algebra]),
    given=(exp(log(b)) - y, b - y, [algebra]),
    about="x",
)
pairs.conditional(
    "common_factor",
    "x ≠ 1",
    without=((x**2 - 1) / (x - 1), x + 1, [algebra]),
    given=((p**2 - 1) / (p - 1), p + 1, [algebra]),
    about="x",
)
pairs.conditional(
    "quotient_of_equals",
    "x ≠ 0",
    without=(c * x / x, c, [algebra]),
    given=(c * a / a, c, [algebra]),
    about="x",
)
pairs.conditional(
    "hidden_denominator",
    "x ≠ y and x ≠ −y",
    without=((1 / (x - y) - 1 / (x + y)) * (x**2 - y**2), 2 * y, [algebra]),
    given=((1 / (1 - p) - 1 / (1 + p)) * (1 - p**2), 2 * p, [algebra]),
    about="x",
)
pairs.conditional(
    "quotient_times_zero",
    "x ≠ 0",
    without=(0 * (c / x), 0, [algebra]),
    given=(0 * (c / a), 0, [algebra]),
    about="x",
)
pairs.conditional(
    "geometric_sum_closed",
    "x ≠ 1",
    without=((power(x, k + 1) - power(x, k)) / (x - 1), power(x, k), [algebra]),
    given=((power(p, k + 1) - power(p, k)) / (p - 1), power(p, k), [algebra]),
    about="x",
)
pairs.conditional(
    "root_of_a_quotient",
    "x > 0, y > 0, not only x/y ≥ 0",
    without=(sqrt(x / y), sqrt(x) / sqrt(y), [algebra]),
    given=(sqrt(a / b), sqrt(a) / sqrt(b), [algebra]),
    about="x",
)
pairs.conditional(
    "root_of_an_even_power",
    "x ≥ 0",
    without=(sqrt(x**6), x**3, [algebra]),
    given=(sqrt(r**6), r**3, [algebra]),
    about="x",
)
