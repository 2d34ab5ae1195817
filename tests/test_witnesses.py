"""Can the assumptions hold? Witnesses, contradictions with their certificate, and limits that are stated or not."""

from fractions import Fraction

import pytest
from vocabulary import ensemble_setting, noise_setting

from proofsheet import (
    Cov,
    E,
    NotationError,
    Var,
    between,
    delta,
    distinct,
    identity,
    independent,
    linearity,
    moment,
    proof,
    prove,
)
from proofsheet.evidence import statement_of
from proofsheet.exact_models.models import satisfies
from proofsheet.exact_models.witnesses import witness_report

s, e = noise_setting(), ensemble_setting()
n, x, y, z, m, i, j, alpha, beta = s.n, s.x, s.y, s.z, s.m, s.i, s.j, s.alpha, s.beta


def report(theorem, *limits, seed=0):
    return witness_report(statement_of(theorem, limits), seed)


@pytest.mark.parametrize("seed", range(3))
def test_witnesses_of_the_catalogue_satisfy_every_assumption(seed):
    for name in ("gaussian_noise_mse", "multi_output_noise_mse", "correlated_noise_mse", "ensemble_error"):
        module = proof(name)
        statement = statement_of(module.theorem, getattr(module, "limits", ()))
        found = witness_report(statement, seed)
        assert found.verdict == "witness", found.message
        assert len(found.attempts) == 20
        assert {1, 2, 3, 5} <= {size for one in found.attempts for size in one.dimensions.values()}
        assert all(satisfies(one.model, statement) for one in found.attempts)


def test_negative_second_moment_is_a_contradiction():
    found = report(prove(E(n.T @ n), (-m, moment(E(n @ n.T), -identity(m)))))
    assert found.verdict == "contradiction"
    assert "pivot 1 of the covariance matrix is -" in found.message


def test_mean_and_second_moment_that_do_not_go_together():
    found = report(prove(E(y) + E(y**2), (2 + E(y**2), moment(E(y), 2)), (5, moment(E(y**2), 3))))
    assert found.verdict == "contradiction"


def test_unstated_limit():
    found = report(prove(E(y**2), (beta, moment(E(y**2), beta))))
    assert found.verdict == "unstated limit"
    assert "beta = -" in found.message


def test_stated_limits_are_confirmed_by_the_pivot_that_fails_just_outside():
    module = proof("ensemble_error")
    found = report(module.theorem, *module.limits)
    (text,) = found.limits
    for size in (2, 3, 5):
        assert text.count(f"n = {size}, c just ") == 2
    assert "n = 1" not in text, "one predictor has no pair, and the bound divides by zero"


@pytest.mark.parametrize(
    "limit",
    [(-e.v, e.v), (-e.v / e.n, e.v), (0, e.v), (-e.v / (e.n - 1), 2 * e.v), (-e.v / (e.n - 1), e.v / 2)],
    ids=["c ≥ −v: n = 2 only", "c ≥ −v/n", "c ≥ 0", "c ≤ 2v", "c ≤ v/2"],
)
def test_wrong_limits_are_not_confirmed(limit):
    module = proof("ensemble_error")
    found = report(module.theorem, between(limit[0], module.c, limit[1]))
    assert found.verdict in ("limit not confirmed", "unstated limit"), found.verdict
    assert found.message


@pytest.mark.parametrize("seed", range(4))
def test_a_limit_that_reaches_a_little_too_far_is_not_confirmed(seed):
    module = proof("ensemble_error")
    a_little = 1 + Fraction(1, 10**6)
    for limit in (
        between(-e.v / (e.n - 1), module.c, e.v * a_little),
        between(-e.v * a_little / (e.n - 1), module.c, e.v),
    ):
        assert report(module.theorem, limit, seed=seed).verdict in ("limit not confirmed", "unstated limit")


def test_without_its_limits_the_ensemble_has_points_without_a_witness():
    assert report(proof("ensemble_error").theorem).verdict == "unstated limit"


@pytest.mark.parametrize(
    "assumptions",
    [
        (moment(Cov(n), s.S),),
        (moment(E(y), beta), moment(Var(y), alpha)),
        (moment(Cov(y, z), beta),),
        (moment(E(y * z), beta), moment(E(y), 1)),
        (moment(E(n[i] * n[j]), alpha * delta(i, j) + alpha),),
        (moment(E(e.e[e.i] * e.e[e.j]), e.c, distinct(e.i, e.j)),),
        (moment(E(n @ x.T), identity(m)),),
    ],
    ids=["a symmetric Σ may be indefinite", "mean and variance", "covariance", "mixed", "delta", "pairs only", "cross"],
)
def test_sets_of_moments(assumptions, request):
    found = report(_theorem_of(assumptions))
    expected = "unstated limit" if "indefinite" in request.node.callspec.id else "witness"
    assert found.verdict == expected, found.message


def _theorem_of(assumptions):
    line = sum(one.left if one.left.is_scalar else s.w.T @ one.left @ s.w for one in assumptions)
    if any(one.left.atoms(type(e.e)) & {e.e} for one in assumptions):
        return prove(E(e.e[e.i] * e.e[e.j]), (e.c, *assumptions, distinct(e.i, e.j)))
    moves = []
    for one in assumptions:
        old, new = (one.left, one.right) if one.left.is_scalar else (s.w.T @ one.left @ s.w, s.w.T @ one.right @ s.w)
        line_after = line.xreplace({old: new}) if old != line else new
        moves.append((line_after, one))
        line = line_after
    return prove(sum(one.left if one.left.is_scalar else s.w.T @ one.left @ s.w for one in assumptions), *moves)


def test_moments_beyond_the_builder_are_none_found_and_not_a_verdict():
    found = report(prove(E(y**3) + s.t, (beta + s.t, moment(E(y**3), beta))))
    assert found.verdict == "none found"


def test_no_assumptions_at_all():
    found = report(prove(E(y + z), (E(y) + E(z), linearity)))
    assert found.verdict == "witness"


def test_independence_of_groups_that_a_moment_ties():
    theorem = prove(E(s.noise * s.y), (E(s.noise) * E(y), independent(n, y)), (s.t * 0, moment(E(n), 0)))
    assert report(theorem).verdict == "witness"


def test_limit_needs_a_parameter():
    with pytest.raises(NotationError, match="not a parameter"):
        between(0, m, 1)


def test_a_mean_that_is_not_known_is_chosen_well():
    """E[a] = 1, E[a²] = E[ab] = E[b²] = 2: a model has b = a, so that E[b] = 1; mean 0 for b would not do."""
    theorem = prove(
        E(y) + E(y**2) + E(y * z) + E(z**2),
        (1 + E(y**2) + E(y * z) + E(z**2), moment(E(y), 1)),
        (7 + 0 * s.t, moment(E(y**2), 2), moment(E(y * z), 2), moment(E(z**2), 2)),
    )
    assert report(theorem).verdict == "witness"


def test_a_moment_that_contradicts_independence_has_no_witness():
    theorem = prove(
        E(y) + E(y * z) + E(y * s.x.T @ s.w),
        (E(y * z) + E(y * s.x.T @ s.w), moment(E(y), 0)),
        (1 + E(y * s.x.T @ s.w), moment(E(y * z), 1)),
        (1 + E(y) * E(s.x.T @ s.w), independent(y, (z, x))),
    )
    assert report(theorem).verdict != "witness"


def test_models_that_do_not_satisfy_the_assumptions_are_seen():
    from dataclasses import replace
    from fractions import Fraction

    module = proof("gaussian_noise_mse")
    statement = statement_of(module.theorem)
    model = witness_report(statement).attempts[0].model
    assert satisfies(model, statement)
    (probability, outcome), *rest = model.space
    moved = {**outcome, "n": [[entry + 1 for entry in row] for row in outcome["n"]]}
    assert not satisfies(replace(model, space=[(probability, moved), *rest]), statement)
    one = [[Fraction(1)]]
    tied = [(Fraction(1, 2), {"x": [[a]], "y": one, "n": [[a]]}) for a in (Fraction(1), Fraction(-1))]
    only_independence = replace(statement, moments=())
    assert not satisfies(replace(model, space=tied), only_independence)
