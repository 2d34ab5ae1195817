"""Maxima, absolute values, soft thresholds, hinge and Huber losses, by cases of a real parameter.

Donoho (1995), De-noising by soft-thresholding; Huber (1964); Parikh and Boyd (2014), Proximal Algorithms, section 6.5.
"""

from battery.pairs import Subject
from proofsheet import absolute, algebra, maximum, minimum, parameter, sgn, split, sqrt

x, y, a = parameter("x"), parameter("y"), parameter("a")
lam = parameter("lam", positive=True)
tau, q = parameter("tau", between=(0, 1)), parameter("q", nonnegative=True)
shrunk = maximum(x - lam, 0) - maximum(-x - lam, 0)
clipped = maximum(-lam, minimum(x, lam))

pairs = Subject("soft_threshold")
pairs.true(
    "soft_threshold_by_sign",
    maximum(x - lam, 0) - maximum(-x - lam, 0),
    sgn(x) * maximum(absolute(x) - lam, 0),
    by=[split(x, -lam, 0, lam)],
    wrong=[
        (maximum(absolute(x) - lam, 0), "the sign forgotten"),
        (sgn(x) * (absolute(x) - lam), "the maximum forgotten"),
        (sgn(x) * maximum(absolute(x) + lam, 0), "sign of λ"),
        (x - lam * sgn(x), "the dead zone forgotten"),
    ],
)
pairs.true(
    "what_a_soft_threshold_takes_off",
    x - shrunk,
    (absolute(x + lam) - absolute(x - lam)) / 2,
    by=[split(x, -lam, lam)],
    wrong=[
        ((absolute(x - lam) - absolute(x + lam)) / 2, "sign"),
        (absolute(x + lam) - absolute(x - lam), "½ lost"),
        (lam * sgn(x), "the dead zone forgotten"),
        ((absolute(x + lam) + absolute(x - lam)) / 2, "sum for difference"),
    ],
)
pairs.true(
    "soft_threshold_and_clip",
    shrunk + clipped,
    x,
    by=[split(x, -lam, lam)],
    wrong=[
        (absolute(x), "sign lost"),
        (x + lam, "the threshold not put back"),
        (maximum(x, 0), "one side only"),
    ],
)
pairs.true(
    "maximum_by_absolute_value",
    2 * maximum(x, y),
    x + y + absolute(x - y),
    by=[split(x, y)],
    wrong=[
        (x + y - absolute(x - y), "minimum for maximum"),
        (x + y + absolute(x + y), "sum for difference"),
        (x + y + (x - y), "the absolute value lost"),
    ],
)
pairs.true(
    "maximum_and_minimum",
    maximum(x, a) - minimum(x, a),
    absolute(a - x),
    by=[split(x, a)],
    wrong=[
        (a - x, "the absolute value lost"),
        (absolute(a + x), "sign"),
        (absolute(a) - absolute(x), "difference of the absolute values"),
    ],
)
pairs.true(
    "product_of_maximum_and_minimum",
    maximum(x, a) * minimum(x, a),
    a * x,
    by=[split(x, a)],
    wrong=[
        (absolute(a * x), "absolute value"),
        (x**2, "x twice"),
        (-a * x, "sign"),
    ],
)
pairs.true(
    "positive_and_negative_part",
    maximum(x, 0) - maximum(-x, 0) + a,
    x + a,
    by=[split(x, 0)],
    wrong=[
        (absolute(x) + a, "sum for difference"),
        (a - x, "sign"),
        (a, "parts taken to cancel"),
    ],
)
pairs.true(
    "absolute_value_of_two_parts",
    maximum(x, 0) + maximum(-x, 0),
    absolute(x),
    by=[split(x, 0)],
    wrong=[
        (x, "difference for sum"),
        (2 * absolute(x), "2"),
        (maximum(x, 0), "one part"),
    ],
)
pairs.true(
    "leaky_rectifier",
    maximum(x, 0) - tau * maximum(-x, 0),
    maximum(x, tau * x),
    by=[split(x, 0)],
    wrong=[
        (maximum(x, -tau * x), "sign of the slope below 0"),
        (tau * x, "one branch"),
        (maximum(x, (1 - tau) * x), "1 − τ for τ"),
    ],
)
pairs.true(
    "pinball_loss",
    maximum(tau * x, (tau - 1) * x),
    absolute(x) / 2 + tau * x - x / 2,
    by=[split(x, 0)],
    wrong=[
        (absolute(x) / 2 + (1 - tau) * x - x / 2, "1 − τ for τ"),
        (absolute(x) + tau * x - x / 2, "½ lost"),
        (tau * absolute(x), "symmetric"),
    ],
)
pairs.true(
    "huber_by_clip",
    clipped * x - clipped**2 / 2,
    x**2 / 2 - maximum(absolute(x) - lam, 0) ** 2 / 2,
    by=[split(x, -lam, 0, lam)],
    wrong=[
        (x**2 / 2 + maximum(absolute(x) - lam, 0) ** 2 / 2, "sign"),
        (x**2 / 2 - maximum(absolute(x) - lam, 0), "square lost"),
        (x**2 / 2, "the quadratic piece everywhere"),
        (lam * absolute(x) - lam**2 / 2, "the linear piece everywhere"),
    ],
)
pairs.true(
    "hinge_of_two_labels",
    maximum(1 - x, 0) + maximum(1 + x, 0),
    maximum(2, 1 + absolute(x)),
    by=[split(x, -1, 0, 1)],
    wrong=[
        (2, "both margins active everywhere"),
        (1 + absolute(x), "both margins inactive everywhere"),
        (maximum(2, absolute(x)), "1 lost"),
    ],
)
pairs.true(
    "root_of_a_square_of_a_sum",
    sqrt((x + y) ** 2) * a,
    a * absolute(x + y),
    by=[split(x, -y)],
    wrong=[
        (a * (x + y), "the absolute value lost"),
        (a * (absolute(x) + absolute(y)), "the triangle inequality as an equation"),
        (absolute(a) * (x + y), "absolute value of the other factor"),
    ],
)
pairs.true(
    "sign_times_absolute_value",
    x * sgn(x) * q,
    q * absolute(x),
    by=[split(x, 0)],
    wrong=[
        (q * x, "sign lost"),
        (q * x**2, "x for its sign"),
        (-q * absolute(x), "sign"),
    ],
)
pairs.true(
    "square_of_a_threshold",
    absolute(x) ** 2 + absolute(x) * sgn(x) * y,
    x * (x + y),
    by=[split(x, 0)],
    wrong=[
        (x**2 + absolute(x) * y, "sign lost"),
        (absolute(x) * (x + y), "absolute value for x"),
        (x * (x - y), "sign"),
    ],
)
pairs.conditional(
    "maximum_with_zero",
    "x ≥ 0",
    without=(maximum(x, 0) * y, x * y, [split(x, 0)]),
    given=(maximum(q, 0) * y, q * y, [algebra]),
)
pairs.conditional(
    "absolute_value_of_a_nonnegative",
    "x ≥ 0",
    without=(absolute(x) + y, x + y, [split(x, 0)]),
    given=(absolute(q) + y, q + y, [algebra]),
)
pairs.conditional(
    "threshold_of_a_negative_strength",
    "λ ≥ 0",
    without=(maximum(x - a, 0) + maximum(-x - a, 0), maximum(absolute(x) - a, 0), [split(x, 0)]),
    given=(maximum(x - lam, 0) + maximum(-x - lam, 0), maximum(absolute(x) - lam, 0), [split(x, -lam, 0, lam)]),
)
pairs.conditional(
    "sign_of_a_positive",
    "x > 0",
    without=(sgn(q) * y, y, [algebra]),
    given=(sgn(lam) * y, y, [algebra]),
    about="q",
)
