"""Softplus, the logistic function, two-class softmax and their losses.

Bishop (2006), Pattern Recognition and Machine Learning, section 4.3; Goodfellow et al. (2016), section 3.10.
"""

from sympy import Symbol
from sympy import exp as sympy_exp
from sympy import log as sympy_log

from battery.pairs import Subject
from proofsheet import algebra, chain_rule, derivative, differentiate, exp, function, lemma, log, parameter, scalar

t, a, b, c = parameter("t"), parameter("a"), parameter("b"), parameter("c")
y = parameter("y", between=(0, 1))
g, h = parameter("g", positive=True), parameter("h", positive=True)
u, z, real = scalar("u"), scalar("z"), Symbol("real", real=True)


def softplus(x):
    return log(1 + exp(x))


def sigma(x):
    return 1 / (1 + exp(-x))


pairs = Subject("logistic")
pairs.true(
    "softplus_is_odd_up_to_its_argument",
    softplus(t) - softplus(-t),
    t,
    by=[algebra],
    wrong=[
        (0, "softplus taken for an even function"),
        (-t, "sign"),
        (2 * softplus(t), "softplus taken for an odd function"),
        (t / 2, "½"),
    ],
)
pairs.true(
    "logistic_of_the_negative",
    sigma(-t),
    1 - sigma(t),
    by=[algebra],
    wrong=[
        (-sigma(t), "as if odd"),
        (sigma(t), "as if even"),
        (1 + sigma(t), "sign"),
    ],
)
pairs.true(
    "logistic_as_hyperbolic_tangent",
    2 * sigma(2 * t) - 1,
    (exp(t) - exp(-t)) / (exp(t) + exp(-t)),
    by=[algebra],
    wrong=[
        ((exp(t) + exp(-t)) / (exp(t) - exp(-t)), "turned over"),
        ((exp(t) - exp(-t)) / 2, "sinh for tanh"),
        ((exp(-t) - exp(t)) / (exp(t) + exp(-t)), "sign"),
    ],
)
pairs.true(
    "log_of_the_logistic",
    log(sigma(t)),
    -softplus(-t),
    by=[algebra],
    wrong=[
        (-softplus(t), "sign of the argument"),
        (softplus(-t), "sign"),
        (t, "log-odds for log-probability"),
    ],
)
pairs.true(
    "log_odds",
    log(sigma(t) / (1 - sigma(t))),
    t,
    by=[algebra],
    wrong=[
        (-t, "odds turned over"),
        (exp(t), "odds for log-odds"),
        (softplus(t), "softplus"),
    ],
)
pairs.true(
    "variance_of_a_logistic_bit",
    sigma(t) * (1 - sigma(t)),
    1 / (2 + exp(t) + exp(-t)),
    by=[algebra],
    wrong=[
        (1 / (1 + exp(t) + exp(-t)), "1 for 2"),
        (exp(t) / (1 + exp(t)), "mean for variance"),
        (1 / (2 + exp(t) - exp(-t)), "sign"),
    ],
)
pairs.true(
    "cross_entropy_with_logits",
    -y * log(sigma(t)) - (1 - y) * log(1 - sigma(t)),
    softplus(t) - y * t,
    by=[algebra],
    wrong=[
        (softplus(t) + y * t, "sign of the target"),
        (softplus(-t) - y * t, "sign of the argument"),
        (softplus(t) - (1 - y) * t, "1 − y for y"),
        (y * softplus(t) - t, "bracket"),
    ],
)
pairs.true(
    "signed_label_loss",
    -log(sigma(c * t)),
    log(1 + exp(-c * t)),
    by=[algebra],
    wrong=[
        (log(1 + exp(c * t)), "sign of the margin"),
        (log(1 + c * exp(-t)), "the label out of the exponent"),
        (-log(1 + exp(-c * t)), "sign of the loss"),
    ],
)
pairs.true(
    "log_sum_exp_shift",
    log(exp(a) + exp(b)),
    c + log(exp(a - c) + exp(b - c)),
    by=[algebra],
    wrong=[
        (log(exp(a - c) + exp(b - c)), "the shift not put back"),
        (c + log(exp(a) + exp(b)), "shifted once only"),
        (2 * c + log(exp(a - c) + exp(b - c)), "the shift of both terms"),
        (a + b, "log of a sum for sum of logs"),
    ],
)
pairs.true(
    "two_class_softmax",
    exp(a) / (exp(a) + exp(b)),
    sigma(a - b),
    by=[algebra],
    wrong=[
        (sigma(b - a), "classes exchanged"),
        (sigma(a + b), "sum for difference"),
        (sigma(a) / (sigma(a) + sigma(b)), "logistic of each"),
    ],
)
pairs.true(
    "softmax_of_three",
    exp(a + t) / (exp(a + t) + exp(b + t) + exp(c + t)),
    exp(a) / (exp(a) + exp(b) + exp(c)),
    by=[algebra],
    wrong=[
        (exp(a + t) / (exp(a) + exp(b) + exp(c)), "shift of the numerator only"),
        (a / (a + b + c), "exponentials lost"),
        (exp(a - t) / (exp(a) + exp(b) + exp(c)), "shift kept with its sign"),
    ],
)
pairs.true(
    "power_of_an_exponential",
    (exp(a) - exp(-a)) ** 2 * exp(2 * b),
    exp(2 * a + 2 * b) - 2 * exp(2 * b) + exp(2 * b - 2 * a),
    by=[algebra],
    wrong=[
        (exp(2 * a + 2 * b) + exp(2 * b - 2 * a), "cross term lost"),
        (exp(2 * a + 2 * b) + 2 * exp(2 * b) + exp(2 * b - 2 * a), "sign of the cross term"),
        (exp(2 * a + 2 * b) - 2 * exp(b) + exp(2 * b - 2 * a), "b for 2b"),
    ],
)
s = function("s", 1 / (1 + sympy_exp(-real)))
f = function("f", sympy_log(1 + sympy_exp(real)))
pairs.true(
    "slope_of_softplus",
    f.prime(u) * z,
    s(u) * z,
    by=[lemma(f.prime(u), s(u))],
    wrong=[
        (s(-u) * z, "sign of the argument"),
        (s(u) * (1 - s(u)) * z, "second derivative for the first"),
        (z / s(u), "turned over"),
    ],
)
pairs.true(
    "slope_of_the_logistic_in_a_model",
    derivative(s(z * u), u),
    z * s(z * u) * (1 - s(z * u)),
    by=[chain_rule, lemma(s.prime(u), s(u) * (1 - s(u)))],
    wrong=[
        (s(z * u) * (1 - s(z * u)), "inner derivative forgotten"),
        (z * s(z * u) * (1 + s(z * u)), "sign"),
        (z * s(u) * (1 - s(u)), "at the wrong point"),
        (z * (1 - s(z * u) ** 2), "the slope of tanh"),
    ],
)
pairs.true(
    "gradient_of_a_logistic_loss",
    derivative(f(z * u) - y * z * u, u),
    (s(z * u) - y) * z,
    by=[differentiate, lemma(f.prime(u), s(u))],
    wrong=[
        ((y - s(z * u)) * z, "sign"),
        (s(z * u) - y, "inner derivative forgotten"),
        ((s(z * u) * (1 - s(z * u)) - y) * z, "slope of the logistic for the logistic"),
        ((s(z * u) + y) * z, "sign of the target"),
    ],
)
pairs.conditional(
    "logistic_at_equal_classes",
    "a = b is excluded",
    without=((exp(2 * a) - exp(2 * b)) / (exp(a) - exp(b)), exp(a) + exp(b), [algebra]),
    given=((exp(2 * g) - exp(-2 * h)) / (exp(g) - exp(-h)), exp(g) + exp(-h), [algebra]),
    about="a",
)
