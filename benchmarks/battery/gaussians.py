"""Gaussians: divergences by moments, fourth moments (Isserlis), exponents, log-normal weights.

Bishop (2006), sections 2.3 and 10.1; Isserlis (1918); Kingma and Welling (2014), appendix B.
"""

from fractions import Fraction
from math import exp as exp_of

from battery.pairs import Subject
from proofsheet import (
    E,
    Var,
    algebra,
    definition,
    delta,
    dimension,
    exp,
    identity,
    independent,
    index,
    linearity,
    log,
    matrix,
    moment,
    norm2,
    parameter,
    random_scalar,
    random_vector,
    scalar,
    symmetric_matrix,
    trace,
    vector,
)

n = dimension("n")
i, j, k, l = (index(name, n) for name in "ijkl")
m1, m2, h, b = parameter("m1"), parameter("m2"), parameter("h"), parameter("b")
s1, s2 = parameter("s1", positive=True), parameter("s2", positive=True)
alpha, half = parameter("alpha", positive=True), parameter("lam", positive=True)
x, t, u, w = random_scalar("x"), scalar("t"), vector("u", n), vector("w", n)
g, B, S = random_vector("g", n), matrix("B", n, n), symmetric_matrix("S", n)
normal = [moment(E(x), m1), moment(E(x**2), m1**2 + s1**2)]
fourth = moment(
    E(g[i] * g[j] * g[k] * g[l]),
    alpha**2 * (delta(i, j) * delta(k, l) + delta(i, k) * delta(j, l) + delta(i, l) * delta(j, k)),
)
white = moment(E(g[i] * g[j]), alpha * delta(i, j))
third = moment(E(g[i] * g[j] * g[k]), 0)
centred = moment(E(g), 0)


def three_points(environment):
    """The three-point law of Gauss and Hermite in each entry: the moments of a Gaussian up to the fifth."""
    environment.independent_entries("g", [(-1, 3, 1 / 6), (0, 0, 2 / 3), (1, 3, 1 / 6)], environment.parameter("alpha"))


def around_m1(here):
    """Two values with mean m₁ and variance exp(h), skewed."""
    centre, deviation = here.parameter("m1"), exp_of(here.parameter("h") / 2)
    here.outcomes([(0.2, {"x": centre - 2 * deviation}), (0.8, {"x": centre + deviation / 2})])


pairs = Subject("gaussians")
pairs.true(
    "divergence_of_two_gaussians",
    E(log(s2) - log(s1) - (x - m1) ** 2 / (2 * s1**2) + (x - m2) ** 2 / (2 * s2**2)),
    log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - Fraction(1, 2),
    by=normal,
    wrong=[
        (log(s1 / s2) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - Fraction(1, 2), "the ratio turned over"),
        (log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2), "½ lost"),
        (log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / s2**2 - Fraction(1, 2), "2 lost"),
        (log(s2 / s1) + (s1 + (m1 - m2) ** 2) / (2 * s2**2) - Fraction(1, 2), "deviation for variance"),
    ],
)
pairs.true(
    "divergence_from_the_standard_gaussian",
    E(-log(s1) - (x - m1) ** 2 / (2 * s1**2) + x**2 / 2),
    (m1**2 + s1**2 - 1 - log(s1**2)) / 2,
    by=normal,
    wrong=[
        ((m1**2 + s1**2 - 1 + log(s1**2)) / 2, "sign of the logarithm"),
        ((m1**2 + s1**2 - 1 - log(s1)) / 2, "deviation for variance in the logarithm"),
        ((m1**2 + s1**2 - log(s1**2)) / 2, "1 lost"),
        (m1**2 + s1**2 - 1 - log(s1**2), "½ lost"),
    ],
)
pairs.true(
    "divergence_with_log_variance",
    E(-h / 2 - (x - m1) ** 2 / (2 * exp(h)) + x**2 / 2),
    (m1**2 + exp(h) - 1 - h) / 2,
    by=[moment(E(x), m1), moment(E(x**2), m1**2 + exp(h))],
    wrong=[
        ((m1**2 + exp(2 * h) - 1 - h) / 2, "h taken for the log-deviation"),
        ((m1**2 + exp(h) - 1 + h) / 2, "sign of the entropy"),
        ((m1**2 + exp(h) - 1 - 2 * h) / 2, "2h"),
    ],
    law=around_m1,
)
pairs.true(
    "fourth_moment_of_a_projection",
    E((g.T @ w) ** 4),
    3 * alpha**2 * norm2(w) ** 2,
    by=[fourth],
    wrong=[
        (alpha**2 * norm2(w) ** 2, "one pairing of three"),
        (3 * alpha * norm2(w) ** 2, "α for α²"),
        (3 * alpha**2 * norm2(w), "‖w‖² for ‖w‖⁴"),
        (4 * alpha**2 * norm2(w) ** 2, "4 pairings"),
    ],
    law=three_points,
)
pairs.true(
    "fourth_moment_of_the_norm",
    E(norm2(g) ** 2),
    alpha**2 * n * (n + 2),
    by=[fourth],
    wrong=[
        (alpha**2 * n**2, "square of the mean"),
        (3 * alpha**2 * n, "the diagonal only"),
        (alpha**2 * n * (n + 3), "the diagonal three times on top"),
    ],
    law=three_points,
)
pairs.true(
    "variance_of_a_quadratic_form",
    Var(g.T @ S @ g),
    2 * alpha**2 * trace(S @ S),
    by=[definition, white, fourth],
    wrong=[
        (alpha**2 * trace(S @ S), "2 lost"),
        (2 * alpha**2 * trace(S) ** 2, "trace squared for trace of the square"),
        (alpha**2 * trace(S) ** 2 + 2 * alpha**2 * trace(S @ S), "the mean not taken off"),
    ],
    law=three_points,
)
pairs.true(
    "second_moment_of_a_general_form",
    E((g.T @ B @ g) ** 2),
    alpha**2 * (trace(B) ** 2 + trace(B @ B) + norm2(B)),
    by=[fourth],
    wrong=[
        (alpha**2 * (trace(B) ** 2 + 2 * trace(B @ B)), "as if B were symmetric"),
        (alpha**2 * (trace(B) ** 2 + 2 * norm2(B)), "as if B were symmetric, the other way"),
        (alpha**2 * trace(B) ** 2, "square of the mean"),
    ],
    law=three_points,
)
pairs.true(
    "matrix_fourth_moment",
    E(g @ g.T @ B @ g @ g.T),
    alpha**2 * (B + B.T + trace(B) * identity(n)),
    by=[fourth],
    wrong=[
        (alpha**2 * (2 * B + trace(B) * identity(n)), "as if B were symmetric"),
        (alpha**2 * trace(B) * identity(n), "one pairing"),
        (alpha**2 * (B + B.T), "the trace lost"),
    ],
    law=three_points,
)
pairs.true(
    "cubic_times_linear",
    E((g.T @ w + t) ** 3 * (g.T @ u)),
    3 * alpha * (alpha * norm2(w) + t**2) * (w.T @ u),
    by=[fourth, third, white, centred],
    wrong=[
        (3 * alpha**2 * norm2(w) * (w.T @ u), "lower orders dropped"),
        (alpha * (alpha * norm2(w) + t**2) * (w.T @ u), "3 lost"),
        (3 * alpha * (alpha * norm2(u) + t**2) * (w.T @ u), "u for w"),
    ],
    law=three_points,
)


precision = 1 / s1**2 + 1 / s2**2
centre = (m1 / s1**2 + m2 / s2**2) / precision
pairs.true(
    "product_of_two_exponents",
    (b - m1) ** 2 / s1**2 + (b - m2) ** 2 / s2**2,
    precision * (b - centre) ** 2 + (m1 - m2) ** 2 / (s1**2 + s2**2),
    by=[algebra],
    wrong=[
        (precision * (b - centre) ** 2, "the constant dropped"),
        (precision * (b - centre) ** 2 + (m1 - m2) ** 2 / (s1 + s2) ** 2, "(s₁ + s₂)² for s₁² + s₂²"),
        (precision * (b - (m1 + m2) / 2) ** 2 + (m1 - m2) ** 2 / (s1**2 + s2**2), "the plain mean as the centre"),
    ],
)
pairs.true(
    "product_of_densities",
    exp(-((b - m1) ** 2) / 2) * exp(-((b - m2) ** 2) / 2),
    exp(-((b - (m1 + m2) / 2) ** 2) - (m1 - m2) ** 2 / 4),
    by=[algebra],
    wrong=[
        (exp(-((b - (m1 + m2) / 2) ** 2)), "the constant dropped"),
        (exp(-((b - (m1 + m2) / 2) ** 2) - (m1 - m2) ** 2 / 2), "½ for ¼"),
        (exp(-((b - m1 - m2) ** 2) / 2), "means added"),
    ],
)
pairs.true(
    "gaussian_log_likelihood",
    log(s1 * exp((b - m1) ** 2 / (2 * s1**2))),
    log(s1) + (b**2 - 2 * b * m1 + m1**2) / (2 * s1**2),
    by=[algebra],
    wrong=[
        (log(s1) + (b**2 - 2 * b * m1 - m1**2) / (2 * s1**2), "sign of m²"),
        (log(s1) * (b - m1) ** 2 / (2 * s1**2), "product for sum"),
        (log(s1) - (b - m1) ** 2 / (2 * s1**2), "sign of the exponent"),
    ],
)
y = random_scalar("y")
pairs.conditional(
    "product_of_two_gaussian_squares",
    "x and y independent",
    without=(E((x - m1) ** 2 * y), s1**2 * m2, [*normal, moment(E(y), m2)]),
    given=(E((x - m1) ** 2 * y), s1**2 * m2, [*normal, moment(E(y), m2), independent(x, y)]),
)
pairs.conditional(
    "mean_taken_for_the_centre",
    "E[x] = m₁",
    without=(E((x - m1) ** 2), s1**2, [linearity, moment(E(x**2), m1**2 + s1**2)]),
    given=(E((x - m1) ** 2), s1**2, normal),
)
