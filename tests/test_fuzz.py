"""Random steps under random subsets of reasons: what the kernel accepts holds in finite worlds, what it rejects does not.

A longer run, from any seed: `python tests/fuzz.py --from 0 --steps 100000`.
"""

from fractions import Fraction
from itertools import combinations

import pytest
from expressions import A, F, G
from fuzz import FalseTheorem, contradicted, judge, run
from fuzz_evaluator import PRIME, Unjudged, _cumulants, differs
from fuzz_lines import ASSUMED, FAMILY, KINDS, L, T, c, d, e, i, j, s, theta, v
from fuzz_worlds import world

from proofsheet import E, Sum, Var, absolute, algebra, derivative, distinct, gradient, linearity, norm2, remainder, sgn
from proofsheet.kernel import theorem as kernel


def same(old, new, assumed=(), seeds=range(6)):
    return not any(differs(old, new, world(frozenset(assumed), seed)) for seed in seeds)


class TestTheWorlds:
    @pytest.mark.parametrize("count", range(6))
    def test_what_is_assumed_holds_and_nothing_else(self, count):
        """Each subset of the assumptions: those in it hold in every world, each of the others fails in one."""
        lines = {
            "mean": (s.w.T @ E(s.n), 0 * s.t),
            "covariance": (s.w.T @ E(s.n @ s.n.T) @ s.u, s.alpha * s.w.T @ s.u),
            "independent": (E(s.y * s.n.T @ s.w * s.x.T @ s.u), E(s.y * s.x.T @ s.u) * E(s.n.T @ s.w)),
            "second": (E(e[i] ** 2), v),
            "mixed": (Sum(distinct(i, j), E(e[i] * e[j])), d * (d - 1) * c),
        }
        for chosen in combinations(lines, count):
            for name, (left, right) in lines.items():
                assert same(left, right, chosen, range(3)) == (name in chosen), (name, chosen)

    def test_a_stranger_depends_on_both_blocks(self):
        for pair in ((s.z, s.y), (s.z, s.n.T @ s.w), (s.y, s.x.T @ s.u), (s.y, e[i])):
            assert not same(E(pair[0] * pair[1]), E(pair[0]) * E(pair[1]), ["independent"])

    def test_cumulants(self):
        law = [(Fraction(1, 4), Fraction(0)), (Fraction(3, 4), Fraction(1))]
        assert _cumulants(law, 3) == [Fraction(3, 4), Fraction(3, 16), Fraction(-3, 32)]


class TestTheEvaluator:
    """By hand, right and wrong."""

    def test_derivatives(self):
        assert same(derivative(A(s.t**2), s.t), 2 * s.t * A.prime(s.t**2))
        assert not same(derivative(A(s.t**2), s.t), A.prime(s.t**2))
        assert same(derivative(derivative(s.t**3, s.t), s.t), 6 * s.t)
        assert same(derivative(F(s.t, s.t**2), s.t), F.partial(1)(s.t, s.t**2) + 2 * s.t * F.partial(2)(s.t, s.t**2))
        assert same(s.u.T @ gradient(G(s.V @ s.w), s.w), s.u.T @ s.V.T @ G.gradient(s.V @ s.w))
        assert not same(s.u.T @ gradient(G(s.V @ s.w), s.w), s.u.T @ s.V @ G.gradient(s.V @ s.w))
        assert same(gradient(norm2(s.W @ s.w), s.w), 2 * s.W.T @ s.W @ s.w)
        assert same(derivative(absolute(s.t) * s.t, s.t), 2 * sgn(s.t) * s.t)

    def test_remainders(self):
        polynomial = A(s.t) + A.prime(s.t) * s.beta
        assert same(A(s.t + s.beta), polynomial + remainder(A, 2, s.t, s.beta))
        assert not same(A(s.t + s.beta), polynomial + remainder(A, 3, s.t, s.beta))

    def test_families(self):
        assert same(E(T), L.prime(theta), ["family"])
        assert same(Var(T), L.prime.prime(theta), ["family"])
        assert same(derivative(E(T**2), theta), E(T**2 * (T - L.prime(theta))), ["family"])
        assert same(derivative(derivative(E(T), theta), theta), L.prime.prime.prime(theta), ["family"])
        assert not same(derivative(E(T**2), theta), E(T**2 * T), ["family"])
        assert not same(derivative(E(T), theta), 0 * theta, ["family"])
        assert same(derivative(E(T), theta), 0 * theta), "without the family the law is free of θ"

    def test_kinks_are_not_judged(self):
        with pytest.raises(Unjudged):
            same(derivative(absolute(s.t - s.t), s.t), 0 * s.t)

    def test_residues_and_fractions_agree(self):
        line = E((s.x.T @ s.w - s.y) ** 3 * s.z) / s.m + Var(s.y) * s.beta
        for seed in range(4):
            known = world(frozenset(), seed)
            exact, residue = (known.reading(way)(line, {}, {})[0][0] for way in (True, False))
            assert exact.numerator * pow(exact.denominator, -1, PRIME) % PRIME == residue % PRIME


class TestTheJudge:
    def test_a_false_theorem_is_noticed(self, monkeypatch):
        """A kernel that finds no residual is caught at its first wrong step."""
        monkeypatch.setattr(kernel.Setting, "residual", lambda *_: {})
        with pytest.raises(FalseTheorem):
            judge(0, E(s.y * s.z), E(s.y) * E(s.z), (linearity,), (linearity,))

    def test_a_right_step_that_is_rejected_is_not_explained_away(self, monkeypatch):
        monkeypatch.setattr(kernel.Setting, "residual", lambda *_: {"no": "reason"})
        assert judge(0, s.t + s.y, s.y + s.t, (algebra,), (algebra,)) == "rejected, unexplained"

    def test_a_slip_is_refuted_without_its_moment(self):
        mean = ASSUMED["mean"]
        outcome = judge(0, E(s.y) + 2 * E(s.n.T @ s.w), E(s.y) + 7 * E(s.n.T @ s.w), (mean,), (mean,))
        assert outcome == "slip, refuted"

    def test_a_world_is_one_of_the_cited_assumptions(self):
        old, new = E(s.n.T @ s.w) * s.t, 0 * s.t
        assert contradicted(old, new, (ASSUMED["mean"],), 5, 0) is False
        assert contradicted(old, new, (ASSUMED["covariance"],), 5, 0) is True
        assert contradicted(derivative(E(T), theta), 0 * theta, (FAMILY,), 5, 0) is True


def test_a_short_run():
    counts, unexplained = run(range(500))
    assert unexplained == []
    for kind in KINDS:
        assert counts[f"{kind}: accepted, confirmed"] > 3
        assert counts[f"{kind}: rejected, refuted"] > 10


@pytest.mark.long
@pytest.mark.parametrize("block", range(20))
def test_long(block):
    first = 1_000_000 + 5_000 * block
    assert run(range(first, first + 5_000))[1] == []
