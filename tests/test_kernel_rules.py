"""Each kernel rule on its smallest true example, beside its nearest false neighbour.

A row is (rule, cited reasons, the line before, a line that follows, a line that does not).
"""

import pytest
from vocabulary import ensemble_setting, follows, noise_setting, verdict

from proofsheet import (
    Cov,
    E,
    Sum,
    Var,
    algebra,
    define,
    definition,
    delta,
    distinct,
    group,
    hadamard,
    identity,
    independent,
    linearity,
    moment,
    norm2,
    ones,
    random_matrix,
    random_scalar,
    trace,
)
from proofsheet.kernel.theorem import StepRejected

s, e = noise_setting(), ensemble_setting()
m, w, u, t, W, V, S, x, n, y, z = s.m, s.w, s.u, s.t, s.W, s.V, s.S, s.x, s.n, s.y, s.z
i, j, k, l, alpha, beta = s.i, s.j, s.k, s.l, s.alpha, s.beta
I = identity(m)

ALGEBRA = [
    ("sum commutes", w + u, u + w, w - u),
    ("brackets mean nothing", (w + u).T @ w, group(w.T @ w + u.T @ w), w.T @ w + u.T @ u),
    ("square of a sum", (t + y) ** 2, t**2 + 2 * t * y + y**2, t**2 + t * y + y**2),
    ("power of a sum of three", (t + y + z) ** 2, t**2 + y**2 + z**2 + 2 * t * y + 2 * t * z + 2 * y * z, t**2 + y**2 + z**2),
    ("inner product is symmetric", w.T @ u, u.T @ w, w.T @ w),
    ("transpose of a product", (V @ w).T, w.T @ V.T, w.T @ V),
    ("symmetric matrix", w.T @ S @ u, u.T @ S @ w, u.T @ V @ w),
    ("general matrix is not symmetric", w.T @ V @ u, u.T @ V.T @ w, u.T @ V @ w),
    ("trace is cyclic", trace(V @ S @ V.T), trace(V.T @ V @ S), trace(V @ V.T) * trace(S)),
    ("trace of the identity", trace(I), m, t),
    ("norm as inner product", norm2(w), w.T @ w, w.T @ u),
    ("Frobenius norm as trace", norm2(W), trace(W.T @ W), trace(W.T @ W) ** 2),
    ("norm as sum", norm2(w), Sum(i, w[i] ** 2), Sum(i, w[i]) ** 2),
    ("square of a sum over an index", Sum(i, w[i]) ** 2, Sum(i, j, w[i] * w[j]), Sum(i, w[i] ** 2)),
    ("double sum split", Sum(i, j, w[i] * u[j]), Sum(i, w[i] * u[i]) + Sum(distinct(i, j), w[i] * u[j]), Sum(i, w[i] * u[i])),
    ("number of pairs", Sum(distinct(i, j), 1), m * (m - 1), m * (m + 1)),
    ("idle sum", Sum(i, Sum(i, w[i])), m * Sum(i, w[i]), Sum(i, w[i])),
    ("delta contracts", Sum(i, delta(i, j) * w[i]), w[j], w[k]),
    ("deltas of free indices chain", delta(i, j) * delta(j, l) * t, delta(i, j) * delta(i, l) * t, delta(i, l) * t),
    ("delta renames a free index", delta(i, j) * w[i], delta(i, j) * w[j], delta(i, j) * w[k]),
    ("delta is idempotent", delta(i, j) ** 2, delta(i, j), 2 * delta(i, j)),
    ("entrywise product", hadamard(w, u)[i], w[i] * u[i], w[i] * u[j]),
    ("entry of a product", (V @ w)[i], Sum(j, V[i, j] * w[j]), Sum(j, V[j, i] * w[j])),
    ("entry of an outer product", (w @ u.T)[i, j], w[i] * u[j], w[j] * u[i]),
    ("vector of ones", ones(m).T @ w, Sum(i, w[i]), norm2(w)),
    ("identity", I @ w, w, 2 * w),
    ("rational coefficients", (alpha**2 - 1) / (alpha + 1) * t, (alpha - 1) * t, (alpha + 1) * t),
    ("power zero", t**0, 1, 0),
    ("algebra inside E", E(x.T @ w * y), E(y * w.T @ x), E(y) * E(w.T @ x)),
    ("algebra inside Var", Var(x.T @ w), Var(w.T @ x), Var(2 * w.T @ x)),
    ("Cov is symmetric", Cov(y, z), Cov(z, y), Cov(y, y)),
]  # fmt: skip

LINEARITY = [
    ("sum leaves E", E(y + z), E(y) + E(z), E(y) - E(z)),
    ("constants leave E", E(t * y), t * E(y), t**2 * E(y)),
    ("E of a constant", E(t), t, 0),
    ("E of an expectation", E(E(y) * z), E(y) * E(z), E(y * z)),
    ("finite sums leave E", E(Sum(i, w[i] * x[i])), Sum(i, w[i] * E(x[i])), Sum(i, w[i]) * Sum(i, E(x[i]))),
    ("matrices leave E", E(W @ x), W @ E(x), E(x)[i] * W @ w),
    ("quadratic form", E((w.T @ n) ** 2), w.T @ E(n @ n.T) @ w, w.T @ E(n) @ E(n.T) @ w),
]
DEFINITION = [
    ("Var", Var(y), E((y - E(y)) ** 2), E(y**2)),
    ("Cov", Cov(y, z), E((y - E(y)) * (z - E(z))), E(y * z)),
    ("Cov of vectors", Cov(x, n), E((x - E(x)) @ (n - E(n)).T), E((n - E(n)) @ (x - E(x)).T)),
]


def rows():
    found = []
    for reason, table in ((algebra, ALGEBRA), (linearity, LINEARITY), (definition, DEFINITION)):
        for name, old, true, false in table:
            found.append(pytest.param(reason, old, true, false, id=name))
    return found


@pytest.mark.parametrize(("reason", "old", "true", "false"), rows())
def test_true_line_follows_and_its_neighbour_does_not(reason, old, true, false):
    assert follows(old, true, reason)
    assert follows(true, old, reason)
    found = verdict(old, false, reason)
    assert isinstance(found, StepRejected)
    assert found.residual or "shape" in found.why


@pytest.mark.parametrize("row", LINEARITY, ids=[row[0] for row in LINEARITY])
def test_linearity_must_be_cited(row):
    _, old, true, _ = row
    assert not follows(old, true, algebra)
    assert not follows(old, true, definition)


@pytest.mark.parametrize("row", DEFINITION, ids=[row[0] for row in DEFINITION])
def test_definition_must_be_cited(row):
    _, old, true, _ = row
    assert not follows(old, true, linearity)


class TestDefinitions:
    x_tilde = define("x_tilde", x + n)
    f = staticmethod(define("f", E((x.T @ w - y) ** 2), of=w))
    eps = define("eps", x[i] - y, entry=i)

    def test_symbol(self):
        assert follows(self.x_tilde.T @ w, x.T @ w + n.T @ w, definition)
        assert not follows(self.x_tilde.T @ w, x.T @ w - n.T @ w, definition)
        assert not follows(self.x_tilde.T @ w, x.T @ w + n.T @ w, algebra)

    def test_function(self):
        assert follows(self.f(w), E((x.T @ w - y) ** 2), definition)
        assert follows(self.f(2 * u), E((2 * x.T @ u - y) ** 2), definition)
        assert not follows(self.f(u), self.f(w), algebra)
        assert not follows(self.f(u), self.f(w), definition)

    def test_entries(self):
        assert follows(Sum(j, self.eps[j]), Sum(j, x[j]) - m * y, definition)
        assert not follows(Sum(j, self.eps[j]), Sum(j, x[j]) - y, definition)

    def test_entry_index_is_not_captured_by_a_sum_of_the_same_name(self):
        body_with_sum = define("g", x[i] * Sum(j, w[j]), entry=i)
        assert follows(Sum(j, body_with_sum[j]), Sum(i, x[i]) * Sum(i, w[i]), definition)
        assert not follows(Sum(j, body_with_sum[j]), Sum(j, x[j] * w[j]), definition)

    def test_opaque_symbol_keeps_its_randomness(self):
        assert not follows(E(self.x_tilde.T @ w * y), E(self.x_tilde.T @ w) * E(y), independent(n, y))
        assert not follows(E(self.eps[j] * t), self.eps[j] * t, linearity)


class TestIndependence:
    def test_splits_across_blocks_only(self):
        assert follows(E(y * s.noise), E(y) * E(s.noise), s.independent)
        assert not follows(E(y * (x.T @ w)), E(y) * E(x.T @ w), s.independent)
        assert not follows(E(s.noise**2), E(s.noise) ** 2, s.independent)

    def test_joint_independence_is_more_than_of_x_alone(self):
        assert not follows(E(y * s.noise), E(y) * E(s.noise), independent(n, x))

    def test_pairwise_is_not_joint(self):
        p, q, r = (random_scalar(name) for name in ("a", "b", "d"))
        pairwise = (independent(p, q), independent(p, r), independent(q, r))
        assert follows(E(p * q), E(p) * E(q), *pairwise)
        assert not follows(E(p * q * r), E(p) * E(q) * E(r), *pairwise)
        assert follows(E(p * q * r), E(p) * E(q) * E(r), independent(p, q, r))

    def test_includes_linearity(self):
        assert follows(E(y * s.noise + t), E(y) * E(n).T @ w + t, s.independent)

    def test_a_stranger_to_the_blocks_stops_the_split(self):
        assert not follows(E(y * z * s.noise), E(y * z) * E(s.noise), s.independent)
        assert not follows(E(y * z * s.noise), E(y) * E(s.noise), s.independent), "z must not be lost"
        assert not follows(E(y * z * s.noise), z * E(y) * E(s.noise), s.independent)


class TestMoments:
    def test_mean(self):
        assert follows(E(s.noise) * t, 0, s.mean)
        assert not follows(E(x.T @ w) * t, 0, s.mean)

    def test_covariance(self):
        assert follows(w.T @ E(n @ n.T) @ u, alpha * w.T @ u, s.covariance)
        assert not follows(w.T @ E(n @ n.T) @ u, alpha * w.T @ w, s.covariance)
        assert not follows(w.T @ E(n @ n.T) @ u, alpha**2 * w.T @ u, s.covariance)

    def test_content_counts_not_the_name(self):
        renamed = moment(E(n), 0, called="the noise has covariance αI")
        assert not follows(E(n @ n.T), alpha * I, renamed)
        assert not follows(E(n @ n.T), alpha * I, s.mean)

    def test_distinct_pattern_only(self):
        assert follows(Sum(distinct(e.i, e.j), E(e.e[e.i] * e.e[e.j])), e.n * (e.n - 1) * e.c, e.mixed)
        assert not follows(Sum(e.i, E(e.e[e.i] ** 2)), e.n * e.c, e.mixed)
        assert not follows(Sum(e.i, e.j, E(e.e[e.i] * e.e[e.j])), e.n**2 * e.c, e.mixed)

    def test_free_indices_are_not_distinct_unless_cited(self):
        product = E(e.e[e.i] * e.e[e.j])
        assert not follows(product, e.c, e.mixed)
        assert follows(product, e.c, e.mixed, distinct(e.i, e.j))

    def test_square_pattern_only(self):
        assert follows(Sum(e.i, E(e.e[e.i] ** 2)), e.n * e.v, e.second)
        assert not follows(Sum(distinct(e.i, e.j), E(e.e[e.i] * e.e[e.j])), e.n * (e.n - 1) * e.v, e.second)

    def test_fourth_moment(self):
        d = delta
        isserlis = moment(
            E(n[i] * n[j] * n[k] * n[l]), alpha**2 * (d(i, j) * d(k, l) + d(i, k) * d(j, l) + d(i, l) * d(j, k))
        )
        assert follows(E(s.noise**4), 3 * alpha**2 * norm2(w) ** 2, isserlis)
        assert not follows(E(s.noise**4), 3 * alpha**2 * Sum(i, w[i] ** 4), isserlis)

    def test_third_moment_with_a_repeated_index_in_every_position(self):
        skew = moment(E(e.e[e.i] ** 2 * e.e[e.j]), e.c, distinct(e.i, e.j))
        for product in (e.e[e.j] * e.e[e.i] ** 2, e.e[e.i] * e.e[e.j] * e.e[e.i]):
            assert follows(Sum(distinct(e.i, e.j), E(product)), e.n * (e.n - 1) * e.c, skew)
        assert not follows(Sum(e.i, E(e.e[e.i] ** 3)), e.n * e.c, skew)

    def test_cov_and_var_as_assumptions(self):
        assert follows(E(n @ n.T), S + E(n) @ E(n.T), moment(Cov(n), S))
        assert not follows(E(n @ n.T), S, moment(Cov(n), S))
        assert follows(E(n @ n.T), S, moment(Cov(n), S), s.mean)
        assert follows(E(y**2), alpha + E(y) ** 2, moment(Var(y), alpha))
        assert follows(Var(y), alpha, moment(Var(y), alpha))
        assert follows(Var(2 * y + t), 4 * alpha, moment(Var(y), alpha))
        assert not follows(Var(2 * y + t), 2 * alpha, moment(Var(y), alpha))
        assert follows(Cov(n), S, moment(Cov(n), S))
        assert not follows(Cov(n), S @ S, moment(Cov(n), S))
        assert follows(E(y * z), beta + E(y) * E(z), moment(Cov(y, z), beta))

    def test_random_matrix(self):
        R = random_matrix("R", s.q, m)
        half = moment(E(R), alpha * ones(s.q, m))
        assert follows(E(hadamard(R, W) @ w), alpha * W @ w, half)
        assert not follows(E(hadamard(R, W) @ w), alpha**2 * W @ w, half)


def test_distinct_as_a_reason():
    assert follows(delta(i, j) * t, 0, distinct(i, j))
    assert not follows(delta(i, k) * t, 0, distinct(i, j))
    assert not follows(delta(i, j) * t, 0, algebra)
    assert not follows(Sum(i, j, delta(i, j)), 0, distinct(i, j)), "bound indices run over all values"
