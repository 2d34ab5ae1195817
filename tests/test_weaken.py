"""The smallest sets of assumptions: known answers, each set proved by the kernel, no member to be left out."""

import json
from functools import cache
from pathlib import Path

import pytest
from test_cli import folder, run
from vocabulary import ensemble_setting, noise_setting

from proofsheet import (
    Cov,
    E,
    Sum,
    collect,
    definition,
    distinct,
    identity,
    independent,
    inverse,
    linearity,
    log,
    matrix,
    moment,
    prove,
    random_scalar,
    split_sum,
)
from proofsheet.cards import NEEDED, REFUTED
from proofsheet.catalogue import Catalogue
from proofsheet.counterexamples import Claim, counterexample
from proofsheet.entry_script import read
from proofsheet.exact_layer import contradiction_of, statement_of
from proofsheet.exact_models.witnesses import witness_report
from proofsheet.kernel.theorem import Theorem
from proofsheet.render.weakening import weakening_facts, weakening_lines
from proofsheet.reproof import Reproof
from proofsheet.weakening import MOMENTS, PAIRS, STATED, smallest_sets, weakenings_of
from proofsheet.weakening_report import Weakened

s, q = noise_setting(), ensemble_setting()
x, n, y = s.x, s.n, s.y


@cache
def script(name):
    (entry,) = Catalogue(None).select((name,))
    return read(entry)


@cache
def bases(name):
    found = script(name)
    return weakenings_of(found.theorem, found.limits)


def sets(found, kind=None):
    return [set(one.assumptions) for one in found if kind in (None, one.kind)]


# ---- known answers --------------------------------------------------------------------------------------------


def test_gaussian_noise():
    """Uncorrelated noise of second moment αI suffices: neither independence nor mean 0 is needed."""
    found = bases("gaussian_noise_mse")
    assert sets(found, STATED) == [{s.independent, s.mean, s.covariance}]
    assert sets(found, PAIRS) == [{independent(n, x), independent(n, y), s.mean, s.covariance}]
    assert sets(found, MOMENTS) == [{moment(E(n @ x.T), 0), moment(E(y * n), 0), s.covariance}]
    assert [len(one.proof.lines) for one in found] == [2, 2, 2]
    assert {card.verdict for one in found for card in one.cards} == {NEEDED}


def test_independence_of_the_input_alone_is_not_enough():
    kept = (independent(n, x), s.mean, s.covariance)
    theorem = script("gaussian_noise_mse").theorem
    assert Reproof(theorem).under(kept) is None
    found = counterexample(Claim(theorem, kept))
    assert (found.witness.left, found.witness.right) == ([[1]], [[3]])
    assert not any(one <= set(kept) for one in sets(bases("gaussian_noise_mse")))


def test_correlated_noise():
    """With Cov[n] = Σ the mean is needed to know E[nnᵀ] = Σ, and no more than that is."""
    assumed, mean, covariance = script("correlated_noise_mse").theorem.assumptions
    (noise,), (features, target) = assumed.blocks
    pairs = {moment(E(noise @ features.T), 0), moment(E(noise @ target.T), 0)}
    second = moment(E(noise @ noise.T), covariance.right)
    assert sets(bases("correlated_noise_mse"), MOMENTS) == [{*pairs, second}]
    assert mean == moment(E(noise), 0)


def test_ensemble_needs_no_unbiasedness():
    """E[εᵢ] = 0, which the slides ask for, is cited here; it is in no set, and reported as cited in vain."""
    i, j, N, eps = q.i, q.j, q.n, q.eps
    unbiased = moment(E(eps[i]), 0)
    second, mixed = moment(E(eps[i] ** 2), q.v), moment(E(eps[i] * eps[j]), q.c, distinct(i, j))
    theorem = prove(
        E(((1 / N) * Sum(i, q.y_hat[i] - q.y)) ** 2),
        (E(((1 / N) * Sum(i, eps[i])) ** 2), definition),
        ((1 / N**2) * (Sum(i, E(eps[i] ** 2)) + Sum(distinct(i, j), E(eps[i] * eps[j]))), linearity, split_sum),
        ((N * q.v + (N - 1) * N * q.c) / N**2, second, mixed, unbiased),
        (q.v / N + (N - 1) * q.c / N, collect),
    )
    found = weakenings_of(theorem)
    assert sets(found) == [{second, mixed}]
    assert "line 4 cites E[εᵢ] = 0 and does not need it" in weakening_lines(theorem, found)
    assert sets(bases("ensemble_error")) == [{second, mixed}]


def test_quadratic_dropout():
    found = script("dropout_logistic_regression").corollaries["linear_regression"]
    assert sets(weakenings_of(found)) == [set(found.assumptions[1:])]


# ---- what every set is held to --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["gaussian_noise_mse", "multi_output_noise_mse", "correlated_noise_mse"])
def test_sets_are_proved_minimal_and_weaker(name):
    theorem = script(name).theorem
    assert {one.kind for one in bases(name)} == {STATED, PAIRS, MOMENTS}
    for one in bases(name):
        assert isinstance(one.proof, Theorem)
        proved = one.proof.recheck()
        assert (proved.left, proved.right) == (theorem.left, theorem.right)
        assert set(proved.assumptions) == set(one.assumptions)
        assert [card.assumption for card in one.cards] == list(one.assumptions)
        for card in one.cards:
            assert set(card.others) == set(one.assumptions) - {card.assumption}
            assert Reproof(theorem).under(card.others) is None
            assert card.verdict == NEEDED
            assert card.counterexample.holds()
            assert card.counterexample.fails(card.assumption) is True
        for member in one.assumptions:
            if hasattr(member, "left") and member not in theorem.assumptions:
                right = member.right if member.right.shape == member.left.shape else 0 * member.left
                assert prove(member.left, (right, *theorem.assumptions)), "each follows from what is stated"


def test_means_that_are_not_zero_are_factors():
    """Without E[n] = 0 the moment is the product of the means."""
    theorem = prove(E((x.T @ s.w) * y), (E(x).T @ s.w * E(y), independent(x, y)))
    assert sets(weakenings_of(theorem), MOMENTS) == [{moment(E(y * x), E(y) * E(x))}]


def test_a_common_index_gives_a_moment_entry_by_entry():
    """E[nᵀx] takes the diagonal of E[nxᵀ] only; E[n_i² y] has three factors."""
    theorem = prove(E(n.T @ x), (E(n).T @ E(x), independent(n, x)))
    i = s.i
    assert sets(weakenings_of(theorem), MOMENTS) == [{moment(E(n[i] * x[i]), E(n[i]) * E(x[i]))}]
    theorem = prove(E(n[i] ** 2 * y), (E(n[i] ** 2) * E(y), independent(n, y)))
    ((found,),) = sets(weakenings_of(theorem), MOMENTS)
    assert prove(E(n[i] * n[i] * y), (E(n[i] ** 2) * E(y), found))


def test_three_blocks():
    a, b, c = (random_scalar(name) for name in "abc")
    theorem = prove(E(a * b) + E(b * c), (E(a) * E(b) + E(b) * E(c), independent(a, b, c)))
    found = weakenings_of(theorem)
    assert sets(found, PAIRS) == [{independent(a, b), independent(b, c)}]
    assert sets(found, MOMENTS) == [{moment(E(a * b), E(a) * E(b)), moment(E(b * c), E(b) * E(c))}]
    triple = prove(E(a * b * c), (E(a) * E(b) * E(c), independent(a, b, c)))
    assert sets(weakenings_of(triple), PAIRS) == [], "pairwise independence does not prove it"


def test_covariance_with_a_mean_that_is_not_zero_stays():
    mu = s.w
    mean, covariance = moment(E(n), mu), moment(Cov(n), s.alpha * identity(s.m))
    theorem = prove(E(n @ n.T), (s.alpha * identity(s.m) + mu @ mu.T, mean, covariance))
    assert sets(weakenings_of(theorem)) == [{mean, covariance}]


def test_all_smallest_sets_of_several_routes():
    """{a}, {b, c}: whatever the order."""
    routes = [{"a"}, {"b", "c"}]

    def suffices(chosen):
        return any(route <= set(chosen) for route in routes)

    for pool in ("abc", "cba", "bdca"):
        assert sorted(map(sorted, smallest_sets(tuple(pool), suffices))) == [["a"], ["b", "c"]]
    assert smallest_sets(("b", "d"), suffices) == []


def test_a_theorem_of_a_cited_theorem_is_proved_again():
    """The corollary cites a theorem that needs E[n] = 0: without it the citation falls too."""
    noise = prove(E(s.noise * y), (E(s.noise) * E(y), s.independent), (0, s.mean))
    theorem = prove(E(s.noise * y) + s.t, (s.t, noise))
    proofs = Reproof(theorem)
    assert proofs.under(theorem.assumptions) is not None
    assert proofs.under([s.independent]) is None
    found = weakenings_of(theorem)
    assert sets(found, MOMENTS) == [{moment(E(y * n), 0)}]
    assert {card.verdict for one in found for card in one.cards} == {NEEDED}, "also of n ⟂ (x, y), though no line has x"


def test_moments_that_rest_on_a_theorem():
    """E[T] = A′(θ) is proved from the family, and cited as a moment: it is no assumption, and not one without it."""
    variance = script("exponential_family_moments").corollaries["variance"]
    assert sets(weakenings_of(variance)) == [set(variance.assumptions)]
    assert Reproof(variance).under(()) is None


def test_inequalities_keep_their_step():
    found = script("l1_penalty_gradient").corollaries["subgradients_at_0"]
    assert found.relation == "≥"
    (one,) = weakenings_of(found)
    assert (one.assumptions, one.proof.relation) == ((), "≥")


# ---- the command ----------------------------------------------------------------------------------------------

SHOWN = """\
gaussian_noise_mse
stated under n ⟂ (x, y), E[n] = 𝟎 and E[nnᵀ] = α I

proved from n ⟂ (x, y), E[n] = 𝟎 and E[nnᵀ] = α I (of what is stated), in one step
    without n ⟂ (x, y): left side 1, right side 3 in a law with 2 outcomes
    without E[n] = 𝟎: left side 4, right side 2 in a law with 1 outcome
    without E[nnᵀ] = α I: left side 0, right side 1 in a law with 1 outcome

proved from n ⟂ x, n ⟂ y, E[n] = 𝟎 and E[nnᵀ] = α I (with independence of pairs), in one step
    without n ⟂ x: left side 5, right side 3 in a law with 2 outcomes
    without n ⟂ y: left side 1, right side 3 in a law with 2 outcomes
    without E[n] = 𝟎: left side 4, right side 2 in a law with 1 outcome
    without E[nnᵀ] = α I: left side 0, right side 1 in a law with 1 outcome

proved from E[nxᵀ] = 𝟎, E[y n] = 𝟎 and E[nnᵀ] = α I (with moments alone), in one step
    without E[nxᵀ] = 𝟎: left side 4, right side 2 in a law with 1 outcome
    without E[y n] = 𝟎: left side 0, right side 2 in a law with 1 outcome
    without E[nnᵀ] = α I: left side 0, right side 1 in a law with 1 outcome
"""


def test_output():
    done = run("weaken", "gaussian_noise_mse")
    assert (done.returncode, done.out) == (0, SHOWN)


def test_laws_and_ascii():
    done = run("weaken", "gaussian_noise_mse", "--laws", "--width", "70", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert max(map(len, done.out.splitlines())) <= 70
    assert "the first line that breaks is line 7" in done.out


def test_json():
    done = run("weaken", "ensemble_error", "l2_penalty_gradient", "--json")
    assert done.returncode == 0
    ensemble, penalty = json.loads(done.out)["identities"]
    assert list(ensemble["theorems"]) == ["theorem", "uncorrelated_errors", "identical_errors"]
    (found,) = ensemble["theorems"]["theorem"]["sets"]
    assert found["assumptions"] == ["E[εᵢ²] = v", "E[εᵢ εⱼ] = c (i ≠ j)"]
    assert [one["verdict"] for one in found["members"]] == ["needed", "needed"]
    assert penalty["theorems"]["theorem"]["stated"] == []


def test_errors_for_people(tmp_path: Path):
    unknown = run("weaken", "gausian_noise_mse")
    assert unknown.returncode == 2
    assert "gaussian_noise_mse" in unknown.err
    broken = run("weaken", "--catalogue", folder(tmp_path, broken="raise ValueError('no')"))
    assert broken.returncode == 1
    assert "broken.py line 1: ValueError: no" in broken.err
    assert "Traceback" not in broken.err


def test_side_conditions_stand_below_each_set():
    """t is any real number, so that no domain makes the matrix invertible."""
    regular = inverse(matrix("G", s.m, s.m) + s.t * identity(s.m))
    theorem = prove(E(regular @ n), (regular @ E(n), linearity), (0 * n, s.mean))
    found = weakenings_of(theorem)
    rows = weakening_lines(theorem, found)
    assert [rows[1], rows[4]] == ["where G + t I is invertible"] * 2
    facts = weakening_facts(theorem, found)
    assert facts["where"] == facts["sets"][0]["where"] == ["G + t I is invertible"]


def test_nothing_is_assumed_but_side_conditions():
    done = run("weaken", "l1_penalty_gradient")
    assert done.out.startswith("l1_penalty_gradient\nassumes nothing about laws\nwhere wₖ ≠ 0\n\n")
    assert "subgradients at 0\nassumes nothing: it holds under every law\n" in done.out


def test_a_side_condition_may_be_about_a_law():
    theorem = prove(log(y) + log(y), (2 * log(y), collect))
    assert weakening_lines(theorem, weakenings_of(theorem)) == ["assumes nothing else", "where y > 0 almost surely"]


def test_exit_codes():
    theorem, found = script("gaussian_noise_mse").theorem, bases("gaussian_noise_mse")
    assert Weakened("a", {"": (theorem, found)}).exit_code == 0
    assert Weakened("a", error="no").exit_code == 1

    def with_verdict(verdict):
        card = type(found[0].cards[0])(theorem, s.mean, (), verdict)
        return Weakened("a", {"": (theorem, (type(found[0])(STATED, (), theorem, (card,)),))})

    assert with_verdict("undecided").exit_code == 3
    assert with_verdict(REFUTED).exit_code == 1


CONTRADICTORY = """
    from proofsheet import E, collect, linearity, moment, prove, random_scalar, show

    y, z = random_scalar("y"), random_scalar("z")
    one, none, mean = moment(E(y), 1), moment(E(y**2), 0), moment(E(z), 2)
    theorem = prove(E(y**2 + y), (E(y**2) + E(y), linearity), (1, one, none))
    corollaries = {"sound": prove(E(2 * z), (2 * E(z), linearity), (4, mean))}
"""
WHY = "its assumptions contradict each other, it is true of nothing: pivot 1 of the covariance matrix is -1"


def test_assumptions_that_contradict_each_other(tmp_path: Path):
    """E[y] = 1 and E[y²] = 0: variance −1. The corollary, which assumes neither, is looked at as ever."""
    where = folder(tmp_path, impossible=CONTRADICTORY)
    done = run("weaken", "--catalogue", where, "--width", 200)
    assert done.returncode == 1
    first, second = done.out.split("\n\nimpossible, sound\n")
    assert first == f"impossible\nstated under E[y] = 1 and E[y²] = 0\ncontradiction: {WHY}"
    assert "proved from E[z] = 2 (" in second
    done = run("weaken", "--catalogue", where, "--json")
    assert done.returncode == 1
    theorems = json.loads(done.out)["identities"][0]["theorems"]
    assert (theorems["theorem"]["contradiction"], theorems["theorem"]["sets"]) == (WHY, [])
    assert theorems["sound"]["contradiction"] is None
    assert len(theorems["sound"]["sets"]) == 1


def test_no_cards_where_assumptions_contradict_each_other(tmp_path: Path):
    where = folder(tmp_path, impossible=CONTRADICTORY)
    done = run("audit", "--cards", "--catalogue", where)
    assert done.returncode == 1
    assert f"contradiction: impossible: {WHY}\n" in done.out
    assert "1 assumption dropped: 1 needed." in done.out
    (found,) = json.loads(run("audit", "--cards", "--catalogue", where, "--json").out)["identities"]
    assert found["contradictory_assumptions"] == [f"impossible: {WHY}"]
    assert [card["theorem"] for card in found["assumption_cards"]] == ["sound"]
    done = run("check", "--layers", "witness", "--catalogue", where)
    assert "contradiction: pivot 1 of the covariance matrix is -1" in done.out


def test_a_limit_that_is_not_stated_is_no_contradiction():
    """E[y] = t and E[y²] = 1 can hold for |t| ≤ 1 only: some points have a certificate, others a witness."""
    means = moment(E(y), s.t), moment(E(y**2), 1)
    theorem = prove(E(y**2 + y), (E(y**2) + E(y), linearity), (1 + s.t, *means))
    assert witness_report(statement_of(theorem)).verdict == "unstated limit"
    assert [contradiction_of(theorem, (), seed) for seed in range(5)] == [""] * 5
