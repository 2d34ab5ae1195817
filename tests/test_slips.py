"""Lines that follow only by accident are refused; honest uses of a moment are not."""

import pytest
from vocabulary import ensemble_setting, follows, noise_setting

from proofsheet import (
    E,
    Sum,
    Var,
    definition,
    delta,
    dimension,
    distinct,
    independent,
    index,
    linearity,
    matrix,
    moment,
    norm2,
    parameter,
    random_matrix,
    vector,
)
from proofsheet.derivation import take
from proofsheet.kernel.theorem import Chain
from proofsheet.slips import Slip

s, e = noise_setting(), ensemble_setting()
w, x, n, y, r, z, alpha, m = s.w, s.x, s.n, s.y, s.residual, s.noise, s.alpha, s.m
mu = parameter("mu")
mean_y = moment(E(y), mu)
n_, v, c, i, j, eps = e.n, e.v, e.c, e.i, e.j, e.e
everything = (s.independent, s.mean, s.covariance)


def refusal(old, new, *reasons):
    return take(Chain(old), 2, (new, *reasons))


SLIPS = [
    ("7 for 2", E(y) + 2 * E(z), E(y) + 7 * E(z), [s.mean]),
    ("3 for 2, in one go", E(r**2 + 2 * z * r + z**2), E(r**2) + 3 * E(z * r) + E(z**2), [s.independent, s.mean]),
    ("+ y in a factor of zero", E(r**2) + 2 * E(z) * E(r), E(r**2) + 2 * E(z) * E(r + y), [s.mean]),
    ("a zero added", E(y) + E(z), E(y) + 2 * E(z), [s.mean]),
    ("two for minus one plus three", 2 * E(z**2), -alpha * norm2(w) + 3 * E(z**2), [s.covariance]),
    ("cov on two of three", 3 * E(z**2), 2 * alpha * norm2(w) + E(z**2), [s.covariance]),
    ("diagonal changed where v is 0", Sum(i, E(eps[i] ** 2)), 5 * Sum(i, E(eps[i] ** 2)), [moment(E(eps[i] ** 2), 0)]),
    ("variance that is 0", E(y) + 2 * Var(y), E(y) + 7 * Var(y), [moment(Var(y), 0)]),
    ("inside a square", (E(y) + E(z)) ** 2, (E(y) + 7 * E(z)) ** 2, [s.mean]),
    ("E[(y − μ)²] with 3 for 2", E((y - mu) ** 2), E(y**2) - 3 * mu * E(y) + 2 * mu**2, [mean_y]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "reasons"), [row[1:] for row in SLIPS], ids=[row[0] for row in SLIPS])
def test_slip_is_refused_though_it_follows(old, new, reasons):
    assert follows(old, new, *reasons), "the kernel only decides what follows"
    slip = refusal(old, new, *reasons)
    assert isinstance(slip, Slip)
    assert "use it for every occurrence" in str(slip)


closed_pairs = n_ * v + n_ * (n_ - 1) * c
HONEST = [
    ("mean and covariance at once", E(r**2) + 2 * E(z) * E(r) + E(z**2), E(r**2) + alpha * norm2(w), [s.mean, s.covariance]),
    ("all in one", E(((x + n).T @ w - y) ** 2), E(r**2) + alpha * norm2(w), everything),
    ("backwards", alpha * norm2(w), E(z**2), [s.covariance]),
    ("the mean alone", E(r**2) + 2 * E(z) * E(r) + E(z**2), E(r**2) + E(z**2), [s.mean]),
    ("the covariance alone", 2 * E(z) * E(r) + E(z**2), 2 * E(z) * E(r) + alpha * norm2(w), [s.covariance]),
    ("inside a square", E((y - E(y)) ** 2), E((y - mu) ** 2), [mean_y]),
    ("out of a square", E((y - mu) ** 2), E(y**2) - mu**2, [mean_y]),
    ("mean in one factor of two", E((y - mu) * (y - E(y))), E((y - mu) ** 2), [mean_y]),
    ("square of a mean", E(y) ** 2, mu**2, [mean_y]),
    ("variance first", Sum(i, E(eps[i] ** 2)) + Sum(distinct(i, j), E(eps[i] * eps[j])),
     n_ * v + Sum(distinct(i, j), E(eps[i] * eps[j])), [e.second]),
    ("covariance first", Sum(i, E(eps[i] ** 2)) + Sum(distinct(i, j), E(eps[i] * eps[j])),
     Sum(i, E(eps[i] ** 2)) + n_ * (n_ - 1) * c, [e.mixed]),
    ("both", Sum(i, j, E(eps[i] * eps[j])), closed_pairs, [e.second, e.mixed]),
    ("only the diagonal of a double sum", Sum(i, j, E(eps[i] * eps[j])),
     n_ * v + Sum(distinct(i, j), E(eps[i] * eps[j])), [e.second]),
    ("from the square at once", E(Sum(i, eps[i]) ** 2), closed_pairs, [e.second, e.mixed]),
    ("values left inside the sums", Sum(i, E(eps[i] ** 2)), Sum(i, v), [e.second]),
    ("variance by definition", Var(y), E(y**2) - mu**2, [definition, mean_y]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "reasons"), [row[1:] for row in HONEST], ids=[row[0] for row in HONEST])
def test_honest_use_is_accepted(old, new, reasons):
    assert refusal(old, new, *reasons) is None


class TestMasks:
    """Dropout as in Srivastava et al. (2014): a mask with mean p and independent entries."""

    m, N = dimension("m"), dimension("N")
    p = parameter("p", between=(0, 1))
    X, w, yy = matrix("X", N, m), vector("w", m), vector("yy", N)
    R = random_matrix("R", N, m)
    i, l, j, k = index("i", N), index("l", N), index("j", m), index("k", m)
    mean = moment(E(R[i, j]), p)
    second = moment(E(R[i, j] * R[l, k]), p**2 + p * (1 - p) * delta(i, l) * delta(j, k))

    def lines(self):
        from proofsheet import hadamard

        masked = hadamard(self.R, self.X) @ self.w
        gram = Sum(self.j, (self.X.T @ self.X)[self.j, self.j] * self.w[self.j] ** 2)
        first = E(norm2(self.yy - masked))
        spread = norm2(self.yy) - 2 * self.yy.T @ E(masked) + E(norm2(masked))
        closed = norm2(self.yy - self.p * self.X @ self.w) + self.p * (1 - self.p) * gram
        return first, spread, closed, gram

    def test_whole_chain(self):
        first, spread, closed, _ = self.lines()
        assert refusal(first, spread, linearity) is None
        assert refusal(spread, closed, self.mean, self.second) is None
        assert refusal(first, closed, self.mean, self.second) is None

    def test_wrong_closed_forms(self):
        _, spread, closed, gram = self.lines()
        assert refusal(spread, closed + gram, self.mean, self.second) is not None
        assert refusal(spread, norm2(self.yy - self.p * self.X @ self.w) + self.p**2 * gram, self.mean, self.second)


def test_pairwise_sums_are_not_descended_into():
    old = Sum(distinct(i, j), E(eps[i] * eps[j]) + E(eps[i] ** 2))
    new = Sum(distinct(i, j), c + E(eps[i] ** 2))
    assert refusal(old, new, e.mixed) is None


def test_steps_without_moments_have_no_slips():
    assert refusal(E(y * z), E(y) * E(z), independent(n, y)) is None
