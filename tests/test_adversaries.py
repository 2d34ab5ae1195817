"""Models for attack satisfy what is assumed and are otherwise as general as they can be: no hidden independence, no symmetry."""

from fractions import Fraction as F
from itertools import islice
from random import Random

import pytest
from vocabulary import ensemble_setting, noise_setting

from proofsheet import (
    Cov,
    E,
    Sum,
    Var,
    between,
    dimension,
    distinct,
    function,
    identity,
    independent,
    index,
    moment,
    parameter,
    random_matrix,
    random_scalar,
    random_vectors,
    symmetric_matrix,
    trace,
    vectors,
)
from proofsheet.exact_layer import assumed_by
from proofsheet.exact_models.adversaries import points
from proofsheet.exact_models.comparison import AGREES, DIFFERS, NO_MODEL, compare
from proofsheet.exact_models.couplings import centred, signature_groups
from proofsheet.exact_models.evaluate import evaluate
from proofsheet.exact_models.linear_programs import weights_with
from proofsheet.exact_models.statements import Statement, is_independent, names_of, satisfies
from proofsheet.exact_models.supply import models_of

s, e = noise_setting(), ensemble_setting()
u, v, z = (random_scalar(name) for name in ("u1", "v1", "z1"))
i, j, k = s.i, s.j, s.k
N = dimension("N")
a, b = index("a", N), index("b", N)
p, kappa, sigma2 = parameter("p", between=(0, 1)), parameter("kappa"), parameter("sigma2", positive=True)
R, r = random_matrix("R", N, s.m), random_vectors("r", N, s.m)
MASK = (
    moment(E(R[a, j]), p),
    moment(E(R[a, j] ** 2), p),
    moment(E(R[a, j] * R[a, k]), p**2, distinct(j, k)),
)
A = function("A")

FOLLOWS_NOT = {
    "nothing is said of x": (E(s.n.T @ s.x), 0 * s.t, (s.mean, s.covariance)),
    "nothing is said at all": (E(u * v), E(u) * E(v), ()),
    "two constrained groups": (E(u * v), 0 * u * 0 + E(u) * E(v), (moment(E(u), 0), moment(E(v), 1))),
    "pairwise only": (E(u * v * z), E(u) * E(v * z), (independent(u, v), independent(u, z))),
    "within a block": (E(v * z), E(v) * E(z), (independent(u, (v, z)),)),
    "not in the assumption": (E(u * z), E(u) * E(z), (independent(u, v),)),
    "tied to what is independent": (E(u * z), E(u) * E(z), (independent(u, v), moment(E(v * z), kappa))),
    "third moments": (E(s.n[i] ** 3), 0 * s.t, (s.mean, s.covariance)),
    "mixed third moments": (E(s.n[i] * s.n[j] * s.n[k]), 0 * s.t, (s.mean, s.covariance)),
    "three at once": (
        E(s.n[i] * s.n[j] * s.n[k]),
        0 * s.t,
        (s.mean, s.covariance, distinct(i, j), distinct(j, k), distinct(i, k)),
    ),
    "fourth moments": (E(s.n[i] ** 2 * s.n[j] ** 2), s.alpha**2, (s.mean, s.covariance, distinct(i, j))),
    "i may be j": (E(s.n[i] * s.n[j]), 0 * s.t, (s.mean, s.covariance)),
    "rows of a mask": (E(R[a, j] * R[b, j]), p**2, (*MASK, distinct(a, b))),
    "other places in other rows": (E(R[a, j] * R[b, k]), p**2, (*MASK, distinct(a, b))),
    "a mask need not be 0 or 1": (E(R[a, j] ** 3), p, MASK),
    "predictions and target": (E(e.e[e.i] * s.y), E(e.e[e.i]) * E(s.y), (e.second, e.mixed)),
    "an error and its target": (
        E(e.eps[e.i] * e.y),
        E(e.eps[e.i]) * E(e.y),
        (moment(E(e.eps[e.i]), 0), moment(E(e.eps[e.i] ** 2), e.v)),
    ),
    "a mean says nothing of a covariance": (E(s.n @ s.n.T), identity(s.m), (s.mean,)),
    "uncorrelated is not independent": (E(u**2 * v), E(u**2) * E(v), (moment(E(u * v), E(u) * E(v)),)),
    "equal second moments": (E(u), E(v), (moment(E(u**2), E(v**2)),)),
    "a function under E": (E(A(u)), A(E(u)), (moment(E(u), 0),)),
    "Gaussian fourth moment": (E(u**4), 2 * sigma2**2, (moment(E(u), 0), moment(E(u**2), sigma2))),
}

FOLLOWS = {
    "joint": (E(u * v * z), E(u) * E(v * z), (independent(u, (v, z)),)),
    "pairwise": (E(u * v + u * z), E(u) * E(v) + E(u) * E(z), (independent(u, v), independent(u, z))),
    "distinct": (E(s.n[i] * s.n[j]), 0 * s.t, (s.mean, s.covariance, distinct(i, j))),
    "mask": (E(R[a, j] * R[a, k]), p**2, (*MASK, distinct(j, k))),
    "third": (E(u**3), kappa, (moment(E(u), 0), moment(E(u**2), sigma2), moment(E(u**3), kappa))),
    "fourth": (E(u**4), 3 * sigma2**2, (moment(E(u), 0), moment(E(u**2), sigma2), moment(E(u**4), 3 * sigma2**2))),
    "0 or 1": (E(u**3), E(u), tuple(moment(E(u**power), p) for power in (1, 2, 3, 4))),
    "E of E": (E(u**2), E(v**2), (moment(E(u**2), E(v**2)),)),
    "product of E": (E(u * v), E(u) * E(v), (moment(E(u * v), E(u) * E(v)),)),
    "across blocks": (E(u * v), kappa, (independent(u, v), moment(E(u), kappa), moment(E(u * v), kappa))),
    "equal, across blocks": (E(u**2), E(v**2), (independent(u, v), moment(E(u**2), E(v**2)))),
    "variance and third moment": (
        E(u**2),
        sigma2 + E(u) ** 2,
        (moment(Var(u), sigma2), moment(E(u**3), kappa)),
    ),
    "mean of a function": (E(A(u)), kappa, (moment(E(A(u)), kappa),)),
    "fourth of a vector": (
        E(s.n[i] ** 2 * s.n[j] ** 2),
        s.alpha**2,
        (s.mean, s.covariance, moment(E(s.n[i] ** 2 * s.n[j] ** 2), s.alpha**2, distinct(i, j)), distinct(i, j)),
    ),
}


@pytest.mark.parametrize("name", FOLLOWS_NOT)
def test_what_does_not_follow_is_refuted(name):
    old, new, facts = FOLLOWS_NOT[name]
    for seed in range(3):
        found = compare(assumed_by(facts, ()), old, new, seed=seed)
        assert found.verdict == DIFFERS, found.message
        assert found.witness.holds()


@pytest.mark.parametrize("name", FOLLOWS)
def test_what_follows_agrees(name):
    old, new, facts = FOLLOWS[name]
    found = compare(assumed_by(facts, ()), old, new)
    assert (found.verdict, found.models) == (AGREES, 3), found.message
    assert compare(assumed_by(facts, ()), old, new + 1).verdict == DIFFERS


def models(*facts, lines=(), count=4):
    statement = assumed_by(facts, tuple(lines))
    return statement, list(islice(models_of(statement, Random(1)), count))


class TestOneModel:
    def test_it_satisfies_what_is_assumed_and_is_no_product(self):
        statement, found = models(s.independent, s.mean, s.covariance, lines=[E(s.z * s.y)])
        for model in found:
            assert satisfies(model, statement)
            assert is_independent(model, ((s.n,), (s.x, s.y)))
            assert not is_independent(model, ((s.n,), (s.z,)))
            assert not is_independent(model, ((s.x,), (s.y,)))
            assert sum(weight for weight, _ in model.space) == 1
            assert all(weight > 0 for weight, _ in model.space)

    def test_pairwise_and_not_joint(self):
        _, found = models(independent(u, v), independent(u, z), lines=[E(u * v * z)])
        for model in found:
            assert is_independent(model, ((u,), (v,)))
            assert is_independent(model, ((u,), (z,)))
            assert not is_independent(model, ((u,), (v, z)))

    def test_three_pairs(self):
        """Every two of three are independent; the three are not."""
        pairs = [independent(u, v), independent(u, z), independent(v, z)]
        _, found = models(*pairs, lines=[E(u * v * z)])
        for model in found:
            assert all(is_independent(model, one.blocks) for one in pairs)
            assert not is_independent(model, ((u,), (v,), (z,)))

    def test_laws_are_skewed_and_coordinates_move_together(self):
        _, found = models(s.mean, s.covariance)
        for model in found:
            assert all(entry for row in evaluate(E(s.n[i] ** 3), model, {i: 0}) for entry in row)
            if model.dimensions["m"] > 1:
                assert evaluate(E(s.n[i] ** 2 * s.n[j] ** 2), model, {i: 0, j: 1})[0][0] > 0

    def test_a_symmetric_and_a_psd_constant(self):
        S = symmetric_matrix("S2", s.m)
        for model in models(moment(Cov(s.n), identity(s.m)), lines=[trace(S)])[1]:
            value = model.constants["S2"]
            assert value == [list(row) for row in zip(*value, strict=True)]

    def test_families(self):
        x = vectors("x", N, s.m)
        statement, found = models(moment(E(r[a]), x[a]), lines=[Sum(a, E(r[a].T @ x[a]))])
        assert found
        assert all(satisfies(model, statement) for model in found)

    def test_numbers_at_which_wrong_formulas_agree_are_avoided(self):
        names = names_of(assumed_by(MASK, (E(s.n.T @ s.n) * s.alpha,)))
        for small in (False, True):
            for point in islice(points(names, (), Random(3), small), 30):
                assert point.parameters["p"] not in (0, F(1, 2), 1)
                assert point.parameters["alpha"] > 0
                assert point.parameters["alpha"] != 1
                assert small or point.dimensions["N"] != point.dimensions["m"]
        general = list(islice(points(names, (), Random(3)), 4))
        assert {point.dimensions["m"] for point in general} == {1, 2, 3, 4}

    def test_many_groups(self):
        """Seven variables, independent of each other: their joint law has as many outcomes as all of theirs multiplied."""
        many = [random_scalar(f"y{k}") for k in range(1, 8)]
        joint = assumed_by((independent(*many),), ())
        first, second, *_ = many
        assert compare(joint, E(first * second), E(first) * E(second)).verdict == AGREES
        assert compare(joint, E(first * second), E(first * first)).verdict == DIFFERS

    def test_symbols_in_coefficients(self):
        """α/(m + 1) written with SymPy's symbols, α and m nowhere by themselves."""
        line = s.alpha.symbol / (s.m.symbol + 1) * s.t
        nothing = assumed_by((), ())
        assert compare(nothing, line, s.t * s.alpha / (s.m + 1)).verdict == AGREES
        assert compare(nothing, line, line * 1).verdict == AGREES
        assert compare(nothing, line, s.alpha.symbol * s.t).verdict == DIFFERS

    def test_limits_are_kept_strictly(self):
        c, v2 = parameter("c"), parameter("v", positive=True)
        names = names_of(Statement((E(u) * c * v2,), (), (), (between(-v2, c, v2),)))
        for point in islice(points(names, (between(-v2, c, v2),), Random(5)), 20):
            assert abs(point.parameters["c"]) < point.parameters["v"]

    def test_a_model_is_small(self):
        statement = assumed_by((s.independent, s.mean, s.covariance), (E(s.y),))
        assert all(len(model.space) <= 100 for model in islice(models_of(statement, Random(2)), 6))


class TestParts:
    def test_groups(self):
        statement = assumed_by((independent(s.n, (s.x, s.y)), s.mean), (E(s.z),))
        groups = signature_groups([s.n, s.x, s.y, s.z], statement)
        assert groups == [[s.n], [s.x, s.y], [s.z]]

    def test_a_function_with_mean_0_given_a_part(self):
        part = [
            (F(1, 6), {"u1": [[F(1)]], "v1": [[F(1)]]}),
            (F(2, 6), {"u1": [[F(1)]], "v1": [[F(2)]]}),
            (F(3, 6), {"u1": [[F(2)]], "v1": [[F(1)]]}),
        ]
        values = centred(part, {u}, Random(1))
        assert values[0] + 2 * values[1] == 0
        assert values[0] != 0
        assert values[2] == 0, "u = 2 has one outcome only"
        assert (
            sum(weight * value for (weight, _), value in zip(part, centred(part, set(), Random(1)), strict=True)) == 0
        )

    def test_weights(self):
        ones, steps, squares = [F(1)] * 4, list(map(F, (0, 1, 2, 3))), list(map(F, (0, 1, 4, 9)))
        found = weights_with([ones, steps, squares], [F(1), F(3, 2), F(3)], Random(1))
        assert all(weight >= 0 for weight in found)
        assert [sum(x * y for x, y in zip(row, found, strict=True)) for row in (ones, steps, squares)] == [
            1,
            F(3, 2),
            3,
        ]
        assert weights_with([ones, steps, squares], [F(1), F(3, 2), F(2)], Random(1)) is None, "a variance below 0"
        assert weights_with([ones, ones], [F(1), F(2)], Random(1)) is None, "a contradiction"
        assert weights_with([ones, [2 * one for one in ones]], [F(1), F(2)], Random(1)) is not None, "said twice"


def test_no_verdict_where_nothing_satisfies_the_assumptions():
    found = compare(assumed_by((moment(E(u), 1), moment(E(u**2), F(1, 2))), ()), E(u), 2 * E(u))
    assert found.verdict == NO_MODEL
