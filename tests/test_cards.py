"""Assumption cards: what is shown holds when evaluated again, what is not needed is proved, the rest stays undecided."""

from dataclasses import replace
from fractions import Fraction as F
from functools import cache
from itertools import islice

import pytest
from vocabulary import ensemble_setting, noise_setting

from proofsheet import (
    E,
    between,
    counterexamples,
    definition,
    delta,
    distinct,
    independent,
    linearity,
    moment,
    parameter,
    positive_semidefinite_matrix,
    prove,
    random_scalar,
)
from proofsheet import cards as cards_module
from proofsheet.cards import NEEDED, NOT_NEEDED, REFUTED, UNDECIDED, Card, card, cards_of
from proofsheet.catalogue import Catalogue
from proofsheet.counterexamples import Claim, Counterexample, counterexample
from proofsheet.entry_script import read
from proofsheet.errors import ProofsheetError
from proofsheet.evidence import gather, statement_of
from proofsheet.exact_models.comparison import NO_MODEL, Comparison
from proofsheet.exact_models.evaluate import Model, ModelError, evaluate
from proofsheet.exact_models.laws import NegativePivot, factored
from proofsheet.exact_models.models import satisfies
from proofsheet.exact_models.small_laws import MOST_TRIED, differences, small_models
from proofsheet.kernel.side_conditions import AwayFromKink, NonnegativeRadicand, Nonvanishing
from proofsheet.kernel.theorem import Theorem
from proofsheet.render.cards import card_facts, card_lines
from proofsheet.reproof import Reproof

s, q = noise_setting(), ensemble_setting()
PLAIN = (
    "gaussian_noise_mse",
    "multi_output_noise_mse",
    "correlated_noise_mse",
    "ensemble_error",
)  # no function in them


@cache
def script(name):
    (entry,) = Catalogue(None).select((name,))
    return read(entry)


def gaussian():
    return script("gaussian_noise_mse").theorem


@cache
def gaussian_cards():
    return cards_of(gaussian())


# ---- the known answer -----------------------------------------------------------------------------------------


def test_a_label_that_knows_the_noise():
    """n ⟂ x in place of n ⟂ (x, y): y = n, α = w = 1, left 1, right 3, and line 7 breaks (LEDGER N2)."""
    claim = Claim(gaussian(), (independent(s.n, s.x), s.mean, s.covariance))
    found = counterexample(claim)
    assert isinstance(found, Counterexample)
    model = found.witness.model
    assert (model.parameters, model.constants, model.dimensions) == ({"alpha": 1}, {"w": [[1]]}, {"m": 1})
    assert all(outcome["y"] == outcome["n"] for _, outcome in model.space)
    assert (found.witness.left, found.witness.right, found.line) == ([[1]], [[3]], 7)
    assert found.fails(s.independent) is True


TEXT = """\
without n ⟂ (x, y): needed
    m = 1, α = 1, w = 1
    probability   n  x   y
            1/2   1  1   1
            1/2  −1  1  −1
    E[n] = 𝟎 and E[nnᵀ] = α I hold, n ⟂ (x, y) does not
    left side 1, right side 3
    the first line that breaks is line 7
        f(w) + 2 E[xᵀ]w E[nᵀ]w − 2 E[y] E[nᵀ]w + wᵀE[nnᵀ]w"""


def test_text():
    first = gaussian_cards()[0]
    assert "\n".join(card_lines(first)) == TEXT
    plain = card_lines(first, "ascii", 60)
    assert all(row.isascii() and len(row) <= 60 for row in plain)
    assert plain[4] == "            1/2  -1  1  -1"


def test_facts():
    found = card_facts(gaussian_cards()[0])["counterexample"]
    assert found["law"][1] == {"probability": "1/2", "values": {"n": [["-1"]], "x": [["1"]], "y": [["-1"]]}}
    assert (found["left"], found["right"], found["first_broken_line"]) == ([["1"]], [["3"]], 7)


# ---- every card of the catalogue ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLAIN)
def test_every_assumption_of_the_plain_identities_is_needed(name):
    """Evaluated here once more, from the model alone."""
    found = script(name)
    for theorem in (found.theorem, *found.corollaries.values()):
        cards = cards_of(theorem, found.limits)
        assert [one.assumption for one in cards] == list(theorem.assumptions)
        for one in cards:
            assert one.verdict == NEEDED
            witness = one.counterexample.witness
            kept, dropped = (Claim(theorem, some).statement() for some in (one.others, (one.assumption,)))
            assert satisfies(witness.model, kept)
            assert not satisfies(witness.model, dropped)
            assert sum(chance for chance, _ in witness.model.space) == 1
            values = [evaluate(line, witness.model) for line in theorem.lines]
            assert values[0] == witness.left != witness.right == values[-1]
            breaks = one.counterexample.line
            assert values[breaks - 1] != values[breaks - 2]
            assert all(value == values[0] for value in values[: breaks - 1])
            assert len(witness.model.space) <= 4


def test_laws_keep_to_the_stated_limits():
    found = script("ensemble_error")
    for one in cards_of(found.theorem, found.limits):
        point, n = one.counterexample.witness.model.parameters, one.counterexample.witness.model.dimensions["n"]
        assert point["c"] <= point["v"]
        assert n == 1 or point["c"] >= -point["v"] / (n - 1)


def test_a_limit_moves_the_law():
    theorem = prove(E(s.y) * E(s.z), (s.beta * E(s.z), moment(E(s.y), s.beta)))
    laws = [cards_of(theorem, limits)[0].counterexample for limits in ((), (between(2, s.beta, 3),))]
    assert [one.witness.model.parameters["beta"] for one in laws] == [1, 2]


@pytest.mark.parametrize("name", PLAIN)
def test_no_law_is_found_against_a_theorem(name):
    found = script(name)
    theorem = found.theorem
    assert differences(statement_of(theorem, found.limits), theorem.left, theorem.right, "=") is None
    assert "no law" in counterexample(Claim(theorem, theorem.assumptions), found.limits)


def test_probabilities_other_than_a_half():
    found = script("dropout_glm_penalty").corollaries["variance"]
    cards = cards_of(found)
    assert [one.verdict for one in cards] == [NEEDED] * 3
    assert {one.counterexample.witness.model.parameters["delta"] for one in cards} == {F(1, 3)}
    assert cards[2].counterexample.witness.model.dimensions["m"] == 2, "pairs of features take two of them"


# ---- not needed -----------------------------------------------------------------------------------------------


def test_not_needed_is_a_theorem_without_it():
    """Either mean being 0 will do: neither is needed by itself, both may not be dropped."""
    a, b = random_scalar("a"), random_scalar("b")
    means = moment(E(a), 0), moment(E(b), 0)
    theorem = prove(E(a * b), (0, independent(a, b), *means))
    cards = {one.assumption: one for one in cards_of(theorem)}
    assert [cards[one].verdict for one in means] == [NOT_NEEDED] * 2
    for one in means:
        found = cards[one].proof
        assert isinstance(found, Theorem)
        assert one not in found.assumptions
        assert (found.left, found.right) == (theorem.left, theorem.right)
    assert cards[independent(a, b)].verdict == NEEDED
    assert Reproof(theorem).under([independent(a, b)]) is None


def test_quadratic_dropout_does_not_need_the_mean():
    """For linear regression the penalty has second moments only; for others, E[r] is used or the card is open."""
    found = script("dropout_logistic_regression").corollaries["linear_regression"]
    first = cards_of(found)[0]
    assert first.verdict == NOT_NEEDED
    assert set(first.proof.assumptions) == set(found.assumptions[1:])
    assert "without E[rᵢⱼ] = 1 − δ: not needed" in card_lines(first)[0]


def test_the_search_cannot_make_a_proof(monkeypatch):
    """Where the search takes every step for granted, the kernel still refuses."""
    monkeypatch.setattr(Reproof, "_left", lambda *_: {})
    assert Reproof(gaussian()).suffices(())
    assert Reproof(gaussian()).under(gaussian().assumptions[1:]) is None
    assert cards_of(gaussian())[1].verdict == NEEDED


def test_a_proof_of_something_else_or_from_more_is_none(monkeypatch):
    """What the search returns is held to the ends of the theorem and to what was allowed."""
    proofs, theorem = Reproof(gaussian()), gaussian()
    moves = proofs._moves(theorem.assumptions)
    earlier = tuple((step.new, step.reasons) for step in theorem.steps[:-1])
    for found, allowed in ((moves, theorem.assumptions[1:]), (earlier, theorem.assumptions)):
        monkeypatch.setattr(Reproof, "_moves", lambda *_, found=found: found)
        assert proofs.under(allowed) is None


def test_a_proof_that_does_not_hold_a_second_time(monkeypatch):
    def refuse(self):
        raise ProofsheetError("no")

    theorem = script("dropout_logistic_regression").corollaries["linear_regression"]
    monkeypatch.setattr(Theorem, "recheck", refuse)
    assert cards_of(theorem)[0].verdict == UNDECIDED


def test_a_proof_that_uses_the_assumption_after_all(monkeypatch):
    monkeypatch.setattr(Reproof, "under", lambda self, _: self.theorem)
    assert {one.verdict for one in cards_of(gaussian())} == {UNDECIDED}


# ---- what is not shown ----------------------------------------------------------------------------------------


def no_value(*_):
    raise ModelError("an exact model has no rational value for A(x)")


def test_undecided_is_no_pass(monkeypatch):
    monkeypatch.setattr(counterexamples, "differences", no_value)
    monkeypatch.setattr(counterexamples, "compare", lambda *_, **__: Comparison(NO_MODEL))
    cards = cards_of(gaussian())
    assert {one.verdict for one in cards} == {UNDECIDED}
    assert "A(x)" in cards[0].message
    assert "undecided" in card_lines(cards[0])[0]
    (entry,) = Catalogue(None).select(("gaussian_noise_mse",))
    found = gather(entry, ["cards"])
    layer = found.layers["cards"]
    assert (layer.verdict, layer.healthy, layer.undecided) == ("0 of 3 shown", False, True)
    assert found.exit_code == 3
    assert found.outcome == "cards: undecided"


def tampered(found):
    """The counterexample with one thing about it changed, each so that it is none."""
    witness = found.witness
    model = witness.model
    biased = replace(model, space=[(chance, {**one, "n": [[F(3)]]}) for chance, one in model.space])
    yield "other values", replace(found, witness=replace(witness, left=[[F(7)]]))
    yield "equal values", replace(found, witness=replace(witness, left=witness.right))
    yield "an assumption fails", replace(found, witness=replace(witness, model=biased))
    yield "another line", replace(found, witness=replace(witness, new=found.claim.lines[6]))
    yield "fewer assumptions", replace(found, claim=Claim(found.claim.theorem, found.claim.theorem.assumptions))


def test_a_law_is_evaluated_again():
    found = gaussian_cards()[0].counterexample
    assert found.holds()
    assert [what for what, one in tampered(found) if one.holds()] == []


def test_a_card_shows_no_law_that_does_not_hold(monkeypatch):
    good = gaussian_cards()[0].counterexample
    for what, bad in tampered(good):
        monkeypatch.setattr(cards_module, "counterexample", lambda *_, bad=bad: bad)
        one = card(gaussian(), s.independent, (s.mean, s.covariance))
        assert (one.verdict, one.counterexample) == (UNDECIDED, None), what


def test_the_search_shows_no_law_that_does_not_hold(monkeypatch):
    """The same between the search and the counterexample: a witness of another statement is no counterexample."""
    loose = Claim(gaussian(), (s.mean,)).statement()
    found = differences(loose, gaussian().left, gaussian().right, "=")
    monkeypatch.setattr(counterexamples, "differences", lambda *_: found)
    assert "does not hold" in counterexample(Claim(gaussian(), (s.mean, s.covariance)))


def test_a_law_that_satisfies_everything_refutes(monkeypatch):
    """A forged theorem: a law under all its assumptions is reported as a refutation, never as a card for one of them."""

    class Forged:
        right = gaussian().left + 1
        lines = (gaussian().left, right)
        steps = ()

        def __getattr__(self, name):
            return getattr(gaussian(), name)

    one = card(Forged(), s.mean, gaussian().assumptions)
    assert one.verdict == REFUTED
    assert "all hold" in " ".join(card_lines(one))


def test_a_refutation_is_no_undecided_layer(monkeypatch):
    monkeypatch.setattr(cards_module, "card", lambda *found: Card(*found[:3], REFUTED, message="both hold"))
    (entry,) = Catalogue(None).select(("gaussian_noise_mse",))
    found = gather(entry, ["cards"])
    assert (found.layers["cards"].healthy, found.layers["cards"].undecided, found.exit_code) == (False, False, 1)


# ---- conditions -----------------------------------------------------------------------------------------------


def test_indices_that_must_differ():
    """δᵢⱼ + E[eᵢeⱼ] = c for i ≠ j: at i = j it is false, and elsewhere the moment is needed."""
    apart = distinct(q.i, q.j)
    theorem = prove(delta(q.i, q.j) + E(q.e[q.i] * q.e[q.j]), (q.c, apart, q.mixed))
    cards = {one.assumption: one for one in cards_of(theorem)}
    assert set(cards) == {apart, q.mixed}
    same = cards[apart].counterexample.witness.positions
    assert cards[apart].verdict == NEEDED
    assert same[q.i] == same[q.j]
    other = cards[q.mixed].counterexample.witness.positions
    assert cards[q.mixed].verdict == NEEDED
    assert other[q.i] != other[q.j]
    assert "at i = 1, j = 1: left side" in " ".join(card_lines(cards[apart]))


def test_side_conditions_hold_in_a_law():
    zero, one = (Model({"m": 2}, {"beta": F(value)}, {"w": [[F(value)], [F(-1)]]}) for value in (0, 1))
    entry = s.w[s.i]
    for condition, holding in (
        (Nonvanishing(s.beta, False), [False, True]),
        (AwayFromKink(entry, (s.i,)), [False, True]),
        (AwayFromKink(None), [False, False]),
        (NonnegativeRadicand(entry, (s.i,)), [False, False]),
        (NonnegativeRadicand(entry**2, (s.i,)), [True, True]),
        (NonnegativeRadicand(None), [False, False]),
    ):
        assert [counterexamples._condition_holds(condition, model) for model in (zero, one)] == holding, condition


def test_random_sides_are_compared_outcome_by_outcome():
    eps, y = parameter("beta"), random_scalar("y")
    theorem = prove(y * E(y), (eps * y, moment(E(y), eps)))
    (one,) = cards_of(theorem)
    assert one.verdict == NEEDED
    assert one.counterexample.witness.outcome.keys() == {"y"}
    assert "at y = " in " ".join(card_lines(one))


def test_identities_without_assumptions():
    (entry,) = Catalogue(None).select(("l2_penalty_gradient",))
    assert gather(entry, ["cards"]).layers["cards"] == "does not apply"


def test_layer_facts():
    (entry,) = Catalogue(None).select(("ensemble_error",))
    layer = gather(entry, ["cards"]).layers["cards"]
    assert layer.healthy
    assert {key: layer.facts[key] for key in ("total", "shown", "needed", "not_needed", "undecided", "refuted")} == {
        "total": 6, "shown": 6, "needed": 6, "not_needed": 0, "undecided": 0, "refuted": 0,
    }  # fmt: skip
    assert [one["theorem"] for one in layer.facts["cards"]][2:4] == ["uncorrelated_errors"] * 2


# ---- small laws -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLAIN)
def test_small_models_satisfy_the_statement(name):
    found = script(name)
    statement = statement_of(found.theorem, found.limits)
    models = list(islice(small_models(statement), 90))
    assert len(models) == 90
    assert all(satisfies(model, statement) for model in models)
    assert len({size for model in models for size in model.dimensions.values()}) > 1


def test_the_search_ends(monkeypatch):
    """No law of a squared variable has a negative mean: nothing is found, after as many tries as may be."""
    tried = []
    monkeypatch.setattr("proofsheet.exact_models.small_laws.satisfies", lambda *_: tried.append(1))
    statement = statement_of(prove(E(s.y**2), (-1, moment(E(s.y**2), -1))))
    assert list(small_models(statement)) == []
    assert len(tried) <= MOST_TRIED


def test_constants_that_must_be_positive_semidefinite_are():
    Sigma = positive_semidefinite_matrix("Sigma", s.m)
    statement = statement_of(prove(E(s.n @ s.n.T), (Sigma, moment(E(s.n @ s.n.T), Sigma), linearity)))
    statement = replace(statement, moments=())
    found = [model.constants["Sigma"] for model in islice(small_models(statement), 400)]
    assert {len(one) for one in found} == {1, 2}
    assert not any(isinstance(factored(one), NegativePivot) for one in found)
    assert any(len(one) == 2 and one[0][0] * one[1][1] != one[0][1] ** 2 and one[0][1] for one in found)


def test_definitions_are_read():
    """A moment of a defined symbol, E[(ŷᵢ − y)²] = v, holds in the law that is shown."""
    second = moment(E(q.eps[q.i] ** 2), q.v)
    theorem = prove(E((q.y_hat[q.i] - q.y) ** 2), (E(q.eps[q.i] ** 2), definition), (q.v, second))
    (one,) = cards_of(theorem)
    assert one.verdict == NEEDED
    assert one.counterexample.line == 3
