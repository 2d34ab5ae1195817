"""Two settings that the tests share: noisy linear regression, and an ensemble."""

from types import SimpleNamespace

from proofsheet import (
    E,
    define,
    dimension,
    distinct,
    identity,
    independent,
    index,
    matrix,
    moment,
    parameter,
    random_scalar,
    random_vector,
    scalar,
    symmetric_matrix,
    vector,
)
from proofsheet.kernel.theorem import Chain, Step, StepRejected


def noise_setting():
    m, q = dimension("m"), dimension("q")
    s = SimpleNamespace(m=m, q=q, alpha=parameter("alpha", positive=True), beta=parameter("beta"))
    s.w, s.u, s.t = vector("w", m), vector("u", m), scalar("t")
    s.W, s.V, s.S = matrix("W", q, m), matrix("V", m, m), symmetric_matrix("S", m)
    s.x, s.n, s.y, s.z = random_vector("x", m), random_vector("n", m), random_scalar("y"), random_scalar("z")
    s.i, s.j, s.k, s.l = (index(name, m) for name in "ijkl")
    s.r = index("r", q)
    s.independent = independent(s.n, (s.x, s.y))
    s.mean = moment(E(s.n), 0)
    s.covariance = moment(E(s.n @ s.n.T), s.alpha * identity(m))
    s.residual, s.noise = s.x.T @ s.w - s.y, s.n.T @ s.w
    return s


def ensemble_setting():
    n = dimension("n")
    s = SimpleNamespace(n=n, v=parameter("v", nonnegative=True), c=parameter("c"))
    s.i, s.j, s.k = (index(name, n) for name in "ijk")
    s.y_hat, s.y = random_vector("y_hat", n), random_scalar("y")
    s.e = random_vector("e", n)
    s.eps = define("eps", s.y_hat[s.i] - s.y, entry=s.i)
    s.second = moment(E(s.e[s.i] ** 2), s.v)
    s.mixed = moment(E(s.e[s.i] * s.e[s.j]), s.c, distinct(s.i, s.j))
    return s


def verdict(old, new, *reasons):
    """The kernel's own verdict on one step, without the discipline of slips."""
    return Chain(old).step(new, reasons)


def follows(old, new, *reasons):
    found = verdict(old, new, *reasons)
    assert isinstance(found, (Step, StepRejected))
    return isinstance(found, Step)
