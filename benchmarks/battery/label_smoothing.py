"""Label smoothing, confidence penalties and mixed labels, on K classes.

Szegedy et al. (2016), Rethinking the Inception architecture, section 7; Pereyra et al. (2017); Zhang et al. (2018), mixup.
"""

from battery.pairs import Subject
from proofsheet import (
    Sum,
    algebra,
    define,
    definition,
    delta,
    derivative,
    differentiate,
    dimension,
    function,
    index,
    norm2,
    ones,
    parameter,
    vector,
)

K = dimension("K")
i, j, c, k = index("i", K), index("j", K), index("c", K), index("k", K)
eps, lam = parameter("eps", between=(0, 1)), parameter("lam", between=(0, 1))
z, q, y, v = vector("z", K), vector("q", K), vector("y", K), vector("v", K)
A = function("A")
smooth = define("y_s", (1 - eps) * y[i] + eps / K, entry=i)

pairs = Subject("label_smoothing")
pairs.true(
    "smoothed_cross_entropy",
    -Sum(i, smooth[i] * z[i]),
    -(1 - eps) * Sum(i, y[i] * z[i]) - eps / K * Sum(i, z[i]),
    by=[definition],
    wrong=[
        (-(1 - eps) * Sum(i, y[i] * z[i]) - eps * Sum(i, z[i]), "1/K lost"),
        (-(1 - eps) * Sum(i, y[i] * z[i]) + eps / K * Sum(i, z[i]), "sign of the uniform part"),
        (-eps * Sum(i, y[i] * z[i]) - (1 - eps) / K * Sum(i, z[i]), "ε for 1 − ε"),
        (-(1 - eps) * Sum(i, y[i] * z[i]) - eps / (K - 1) * Sum(i, z[i]), "K − 1 for K"),
    ],
)
pairs.true(
    "smoothed_one_hot_loss",
    Sum(i, ((1 - eps) * delta(i, c) + eps / K) * z[i]),
    (1 - eps) * z[c] + eps / K * Sum(j, z[j]),
    by=[algebra],
    wrong=[
        ((1 - eps) * z[c] + eps / K * z[c], "the uniform part at the label only"),
        ((1 - eps) * z[c] + eps / (K - 1) * Sum(j, z[j]), "K − 1 for K"),
        (z[c] + eps / K * Sum(j, z[j]), "1 − ε lost"),
    ],
)
pairs.true(
    "smoothed_label_to_others_only",
    Sum(i, ((1 - eps) * delta(i, c) + eps / (K + 1) * (1 - delta(i, c))) * z[i]),
    (1 - eps - eps / (K + 1)) * z[c] + eps / (K + 1) * Sum(j, z[j]),
    by=[algebra],
    wrong=[
        ((1 - eps) * z[c] + eps / (K + 1) * Sum(j, z[j]), "the label's own share not taken off"),
        ((1 - eps + eps / (K + 1)) * z[c] + eps / (K + 1) * Sum(j, z[j]), "sign of its own share"),
        ((1 - eps - eps / K) * z[c] + eps / K * Sum(j, z[j]), "K for K + 1"),
    ],
)
pairs.true(
    "smoothed_mass",
    Sum(i, (1 - eps) * delta(i, c) + eps / K) * z[c],
    z[c],
    by=[algebra],
    wrong=[
        ((1 - eps) * z[c] + eps / K * z[c], "1 for K classes"),
        ((1 + eps) * z[c], "1 − ε taken for 1"),
        (Sum(i, z[i]), "the label lost"),
    ],
)
pairs.true(
    "quadratic_loss_with_smooth_labels",
    norm2(z - smooth),
    norm2(z) - 2 * (1 - eps) * y.T @ z - 2 * eps / K * Sum(i, z[i]) + norm2(smooth),
    by=[definition],
    wrong=[
        (norm2(z) - 2 * (1 - eps) * y.T @ z + norm2(smooth), "the uniform part lost"),
        (norm2(z) - (1 - eps) * y.T @ z - eps / K * Sum(i, z[i]) + norm2(smooth), "2 lost"),
        (norm2(z) - 2 * (1 - eps) * y.T @ z - 2 * eps / K * Sum(i, z[i]) - norm2(smooth), "sign of the last square"),
    ],
)
pairs.true(
    "mixed_labels_in_a_linear_loss",
    -Sum(i, (lam * y[i] + (1 - lam) * v[i]) * z[i]),
    -lam * y.T @ z - (1 - lam) * v.T @ z,
    by=[algebra],
    wrong=[
        (-lam * y.T @ z - lam * v.T @ z, "λ for 1 − λ"),
        (-lam * y.T @ z + (1 - lam) * v.T @ z, "sign"),
        (-lam * (1 - lam) * (y + v).T @ z, "product of the weights"),
    ],
)
pairs.true(
    "mixed_labels_in_a_squared_loss",
    norm2(z - lam * y - (1 - lam) * v),
    lam * norm2(z - y) + (1 - lam) * norm2(z - v) - lam * (1 - lam) * norm2(y - v),
    by=[algebra],
    wrong=[
        (lam * norm2(z - y) + (1 - lam) * norm2(z - v), "Jensen's gap dropped"),
        (lam * norm2(z - y) + (1 - lam) * norm2(z - v) + lam * (1 - lam) * norm2(y - v), "sign of the gap"),
        (lam**2 * norm2(z - y) + (1 - lam) ** 2 * norm2(z - v), "cross term dropped"),
    ],
)
pairs.true(
    "slope_of_a_smoothed_loss",
    derivative(A(ones(K).T @ z) - Sum(i, ((1 - eps) * q[i] + eps / K) * z[i]), z[k]),
    A.prime(Sum(j, z[j])) - (1 - eps) * q[k] - eps / K,
    by=[differentiate],
    wrong=[
        (A.prime(Sum(j, z[j])) - (1 - eps) * q[k] - eps, "1/K lost"),
        (A.prime(Sum(j, z[j])) - (1 - eps) * q[k] + eps / K, "sign"),
        (K * A.prime(Sum(j, z[j])) - (1 - eps) * q[k] - eps / K, "K too many"),
    ],
)
