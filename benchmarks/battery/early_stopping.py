"""Gradient descent on a quadratic: geometric sums, and early stopping as a penalty.

Goodfellow et al. (2016), section 7.8; Ali, Kolter and Tibshirani (2019).
"""

from battery.pairs import Subject
from proofsheet import algebra, dimension, expand, identity, matrix, parameter, power, symmetric_matrix, vector

k, m = dimension("k"), dimension("m")
eta, h = parameter("eta", positive=True), parameter("h", positive=True)
a, w, r = parameter("a"), parameter("w"), parameter("r", between=(0, 1))
H, Q, u, v = symmetric_matrix("H", m), matrix("Q", m, m), vector("u", m), vector("v", m)

pairs = Subject("early_stopping")
pairs.true(
    "descent_step_keeps_the_closed_form",
    (1 - eta * h) * (1 - power(1 - eta * h, k)) * w + eta * h * w,
    (1 - power(1 - eta * h, k + 1)) * w,
    by=[algebra],
    wrong=[
        ((1 - power(1 - eta * h, k)) * w, "k for k + 1"),
        ((1 + power(1 - eta * h, k + 1)) * w, "sign"),
        ((1 - power(eta * h, k + 1)) * w, "ηh for 1 − ηh"),
    ],
)
pairs.true(
    "next_geometric_partial_sum",
    (1 - power(r, k)) / (1 - r) + power(r, k),
    (1 - power(r, k + 1)) / (1 - r),
    by=[algebra],
    wrong=[
        ((1 - power(r, k)) / (1 - r), "the last term lost"),
        ((1 + power(r, k + 1)) / (1 - r), "sign"),
        ((1 - r * power(r, k + 1)) / (1 - r), "one term too many"),
    ],
)
pairs.true(
    "four_terms_of_a_geometric_sum",
    (1 - a) * (1 + a + a**2 + a**3) * w,
    (1 - a**4) * w,
    by=[expand],
    wrong=[
        ((1 - a**3) * w, "one power short"),
        ((1 + a**4) * w, "sign"),
        ((1 - a) ** 4 * w, "power of the difference"),
    ],
)
pairs.true(
    "error_after_two_steps",
    v - u - eta * H @ (v - u) - eta * H @ (v - u - eta * H @ (v - u)),
    (identity(m) - eta * H) @ (identity(m) - eta * H) @ (v - u),
    by=[algebra],
    wrong=[
        ((identity(m) - 2 * eta * H) @ (v - u), "second order dropped"),
        ((identity(m) - eta**2 * H @ H) @ (v - u), "cross term lost"),
        ((identity(m) + eta * H) @ (identity(m) - eta * H) @ (v - u), "sign of one step"),
    ],
)
pairs.true(
    "weight_after_three_steps",
    (identity(m) - (identity(m) - eta * Q) @ (identity(m) - eta * Q) @ (identity(m) - eta * Q)) @ u,
    eta * Q @ (3 * identity(m) - 3 * eta * Q + eta**2 * Q @ Q) @ u,
    by=[algebra],
    wrong=[
        (eta * Q @ (3 * identity(m) - 3 * eta * Q - eta**2 * Q @ Q) @ u, "sign of the cube"),
        (3 * eta * Q @ u, "first order"),
        (eta * Q @ (3 * identity(m) - 3 * eta * Q.T + eta**2 * Q @ Q) @ u, "transposed"),
    ],
)
pairs.true(
    "averaged_iterates",
    power(r, k + 1) + (1 - r) * power(r, k) - power(r, k) * a,
    power(r, k) * (1 - a),
    by=[algebra],
    wrong=[
        (power(r, k + 1) * (1 - a), "k + 1 for k"),
        (power(r, k) * (1 + a), "sign"),
        (1 - a, "the power lost"),
    ],
)
pairs.true(
    "excess_risk_after_many_steps",
    h * (w - (1 - power(1 - eta * h, k)) * w) ** 2 / 2,
    h / 2 * power(1 - eta * h, k) ** 2 * w**2,
    by=[algebra],
    wrong=[
        (h / 2 * power(1 - eta * h, k) * w**2, "the power not squared"),
        (h / 2 * (1 - power(1 - eta * h, k)) ** 2 * w**2, "weight for error"),
        (h * power(1 - eta * h, k) ** 2 * w**2, "½ lost"),
    ],
)
pairs.conditional(
    "number_of_terms",
    "r ≠ 1",
    without=((1 - a**4) / (1 - a), 1 + a + a**2 + a**3, [algebra]),
    given=((1 - r**4) / (1 - r), 1 + r + r**2 + r**3, [algebra]),
    about="a",
)
pairs.conditional(
    "matched_penalty_strength",
    "h + a ≠ 0",
    without=(h / (h + a) - 1, -a / (h + a), [algebra]),
    given=(h / (h + eta) - 1, -eta / (h + eta), [algebra]),
    about="a",
)
