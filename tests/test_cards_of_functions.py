"""Assumption cards where functions stand in the lines: opaque ones as powers, closed forms enclosed, families by their law."""

from dataclasses import replace
from fractions import Fraction as F
from functools import cache
from itertools import islice

import pytest
from sympy import Symbol, exp

from proofsheet import E, derivative, exponential_family, function, moment, prove, random_scalar, scalar
from proofsheet.cards import NEEDED, NOT_NEEDED, cards_of
from proofsheet.catalogue import Catalogue
from proofsheet.counterexamples import Claim, counterexample
from proofsheet.entry_script import read
from proofsheet.exact_layer import assumed_by, statement_of
from proofsheet.exact_models.enclosures import Enclosure
from proofsheet.exact_models.evaluate import evaluate
from proofsheet.exact_models.families import is_of_family, with_families
from proofsheet.exact_models.model import Model, ModelError
from proofsheet.exact_models.opaque import LogPartition, Polynomial, Ridges
from proofsheet.exact_models.small_laws import differences, small_models
from proofsheet.exact_models.statements import satisfies
from proofsheet.exact_models.witnesses import witness_report
from proofsheet.render.cards import card_facts, card_lines

NAMES = [entry.name for entry in Catalogue(None).entries]
theta, r, y, T = scalar("theta"), scalar("r"), random_scalar("y"), random_scalar("T")
A = function("A")
FAMILY = (T, theta, A)
LAW = [(F(1, 3), {"T": [[F(2)]]}), (F(2, 3), {"T": [[F(-1)]]})]  # E[T] = 0, Var[T] = 2, third cumulant 2
POINT = {"theta": [[F(3)]]}


@cache
def script(name):
    (entry,) = Catalogue(None).select((name,))
    return read(entry)


@cache
def cards(name):
    found = script(name)
    theorems = {"": found.theorem, **found.corollaries}
    return {label: cards_of(theorem, found.limits) for label, theorem in theorems.items()}


# ---- the catalogue --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_card_is_decided_and_holds(name):
    for group in cards(name).values():
        for one in group:
            assert one.verdict in (NEEDED, NOT_NEEDED), one.message
            if one.verdict == NEEDED:
                assert one.counterexample.holds()
                assert one.counterexample.fails(one.assumption) is True
                assert len(one.counterexample.witness.model.space) <= 4, "to be read"


def test_interval_grade_only_where_a_closed_form_forces_it():
    """exp and log have no fraction at a fraction; x²/2, t³ and roots of squares do."""
    found = {
        (name, label)
        for name in NAMES
        for label, group in cards(name).items()
        for one in group
        if one.counterexample is not None and one.counterexample.grade == "interval"
    }
    assert found == {("dropout_logistic_regression", label) for label in ("", "Poisson_regression")}


def test_an_enclosed_card_says_so():
    first = cards("dropout_logistic_regression")["Poisson_regression"][0]
    text = "\n".join(card_lines(first))
    assert "grade interval: values that are no fractions are enclosed, and the enclosures are disjoint" in text
    assert card_facts(first)["counterexample"]["grade"] == "interval"
    left, right = first.counterexample.witness.left[0][0], first.counterexample.witness.right[0][0]
    assert isinstance(left, Enclosure)
    assert not Enclosure.of(left).overlaps(Enclosure.of(right))


def test_the_smallest_power_is_shown():
    first = cards("noising_penalty")[""][0]
    assert "N = 1, m = 1, β = 1, y = 1, x = 1, A(t) = t²" in card_lines(first)[1]
    assert card_facts(first)["counterexample"]["functions"] == {"A": "A(t) = t^2"}
    assert card_facts(first)["counterexample"]["grade"] == "exact"


TEXT = """\
without T has density h(t) exp(θ t − A(θ)): needed
    θ = 1, A(t) = t²
    probability   T
            1/2   1
            1/2  −1
    T has density h(t) exp(θ t − A(θ)) fails
    left side 0, right side 2
    the first line that breaks is line 3
        ∂E[1]/∂θ + A′(θ)"""


def test_a_family_is_dropped_by_a_law_with_spread():
    (first,) = cards("exponential_family_moments")[""]
    assert "\n".join(card_lines(first)) == TEXT


# ---- functions ------------------------------------------------------------------------------------------------


def test_functions_are_powers_each_of_its_own_degree():
    B, C = function("B"), function("C", of=(theta, r))
    theorem = prove(E(y) * A(r) * B(r) * C(theta, r), (theta * A(r) * B(r) * C(theta, r), moment(E(y), theta)))
    found = next(iter(small_models(statement_of(theorem)))).functions
    assert {type(found[name]) for name in "AB"} == {Polynomial}
    assert sorted(len(found[name].coefficients) for name in "AB") != [3, 3], "A and B are not the same power"
    assert isinstance(found["C"], Ridges)
    assert found["C"].in_words("C").startswith("C(z1, z2) = (z1 + 2 z2)^")


def test_a_square_that_agrees_by_accident_is_followed_by_a_cube():
    """A‴ is 0 for t²: only from t³ on the two sides differ."""
    theorem = prove(A.prime.prime.prime(r) * E(y), (A.prime.prime.prime(r) * theta, moment(E(y), theta)))
    (one,) = cards_of(theorem)
    assert one.verdict == NEEDED
    assert one.counterexample.witness.model.functions["A"].in_words("A") == "A(t) = t^3"


# ---- enclosed values ------------------------------------------------------------------------------------------


def test_enclosed_values_that_may_be_equal_are_no_difference():
    """exp(r) E[y] and E[exp(r) y] are equal; as enclosures they are two intervals that overlap."""
    P = function("P", exp(Symbol("u", real=True)))
    left, right = P(r) * E(y) + P(theta) * P(r), E(P(r) * y) + P(r) * P(theta)
    assert differences(assumed_by((), (left, right)), left, right, "=") is None
    wrong = right + E(y) / 10**6
    found = differences(assumed_by((), (left, wrong)), left, wrong, "=")
    assert found is not None
    assert found.holds()


def test_a_moment_of_enclosed_values_is_not_taken_for_kept_nor_for_broken():
    P = function("P", exp(Symbol("u", real=True)))
    statement = assumed_by((moment(E(P(y)), P(r)),), ())
    model = Model({}, {}, {"r": [[F(2)]]}, [(F(1), {"y": [[F(2)]]})])
    with pytest.raises(ModelError, match="enclosed, not exact"):
        satisfies(model, statement)
    assert satisfies(replace(model, constants={"r": [[F(3)]]}), statement) is False


# ---- families -------------------------------------------------------------------------------------------------


def of_family(**changed):
    return replace(with_families(Model({}, {}, POINT, LAW), [FAMILY]), **changed)


def test_a_law_makes_its_own_family():
    model = of_family()
    function_ = model.functions["A"]
    assert [function_.value((0,) * n, [POINT["theta"]])[0][0] for n in (1, 2, 3)] == [0, 2, 2]
    assert is_of_family(model, FAMILY)
    assert satisfies(model, assumed_by((exponential_family(T, theta, A),), ()))


@pytest.mark.parametrize(
    "changed",
    [
        {"functions": {"A": Polynomial((F(0), F(0), F(1)))}},
        {"functions": {"A": LogPartition(F(3), (F(1), F(0), F(2), F(5), *[F(0)] * 9))}},  # mean and variance are right
        {"space": [(F(1, 3), {"T": [[F(2)]]}), (F(2, 3), {"T": [[F(-2)]]})]},
    ],
)
def test_another_function_or_law_is_not_of_the_family(changed):
    assert not is_of_family(of_family(**changed), FAMILY)
    assert not satisfies(of_family(**changed), assumed_by((exponential_family(T, theta, A),), ()))


def test_a_family_that_the_model_does_not_name_is_not_known():
    with pytest.raises(ModelError, match="moves"):
        is_of_family(of_family(families=()), FAMILY)
    with pytest.raises(ModelError, match="does not know"):
        is_of_family(of_family(functions={}), FAMILY)


def test_a_family_that_is_kept_is_kept_by_the_law():
    """E[T] + E[y] = A′(θ) + r: without E[y] = r a law is shown in which A′(θ) is still the mean of T."""
    family, mean = exponential_family(T, theta, A), moment(E(y), r)
    known = script("exponential_family_moments").theorem
    theorem = prove(E(T) + E(y), (A.prime(theta) + r, known.as_moment(), mean))
    by = {one.assumption: one for one in cards_of(theorem)}
    assert by[mean].verdict == by[family].verdict == NEEDED
    model = by[mean].counterexample.witness.model
    assert isinstance(model.functions["A"], LogPartition)
    assert is_of_family(model, FAMILY)
    assert len(by[family].counterexample.witness.model.law(frozenset({"T"}))) > 1
    assert not isinstance(by[family].counterexample.witness.model.functions["A"], LogPartition)


def test_small_laws_have_the_families_that_are_assumed():
    statement = statement_of(script("exponential_family_moments").theorem)
    models = list(islice(small_models(statement), 12))
    assert len(models) == 12
    assert all(is_of_family(model, FAMILY) for model in models)
    assert len({model.functions["A"] for model in models}) > 3


def test_small_laws_do_not_say_how_a_law_moves_with_its_mean():
    """∂E[y]/∂θ is 1 under E[y] = θ; a law that stood still would make it 0, and refute what is true."""
    statement = assumed_by((moment(E(y), theta),), (derivative(E(y), theta),))
    for model in islice(small_models(statement), 5):
        with pytest.raises(ModelError, match="depends on theta"):
            evaluate(derivative(E(y), theta), model)


@pytest.mark.parametrize("label", ["", "variance"])
def test_no_law_is_found_against_a_family(label):
    found = script("exponential_family_moments")
    theorem = found.corollaries.get(label, found.theorem)
    assert "no law" in counterexample(Claim(theorem, theorem.assumptions))


def test_a_side_condition_is_no_assumption_of_a_witness():
    """The constants are 0 at some points; w ≠ 0 is a condition of the theorem, not of what is assumed."""
    report = witness_report(statement_of(script("l1_penalty_gradient").theorem))
    assert report.verdict == "witness", report.message
    assert all(one.model is not None for one in report.attempts)


def test_the_witness_of_a_family_has_it():
    statement = statement_of(script("exponential_family_moments").theorem)
    report = witness_report(statement)
    assert report.verdict == "witness"
    assert all(is_of_family(one.model, FAMILY) for one in report.attempts)
