"""What the exact models remember of earlier lines changes no answer: neither values, nor models, nor the kernel's verdicts."""

from dataclasses import replace
from fractions import Fraction as F
from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofsheet import E, Sum, dimension, index, norm2, random_scalar, random_vector, scalar, vector
from proofsheet.audit import audit_part
from proofsheet.catalogue import Catalogue
from proofsheet.derivation import by_itself
from proofsheet.entry_script import read
from proofsheet.exact_layer import assumed_by, statement_of
from proofsheet.exact_models import supply as supplies
from proofsheet.exact_models.comparison import compare
from proofsheet.exact_models.enclosures import Enclosure
from proofsheet.exact_models.evaluate import Evaluation, evaluate
from proofsheet.exact_models.matrices import dot, mean
from proofsheet.exact_models.model import ModelError, all_positions
from proofsheet.exact_models.series import constant_term, shifted
from proofsheet.exact_models.supply import models_of, supply
from proofsheet.judgements import Attacked
from proofsheet.mutants import mutants
from proofsheet.notation.scope import random_variables

ENTRIES = {entry.name: entry for entry in Catalogue().entries}
fractions = st.fractions(max_denominator=30)
m = dimension("m")
w, x, y, c = vector("w", m), random_vector("x", m), random_scalar("y"), scalar("c")
i = index("i", m)


def places(line, model):
    names = frozenset(one.name for one in random_variables(line))
    return [(at, outcome) for at in all_positions(line, model) for _, outcome in model.law(names)]


@pytest.mark.parametrize("name", ["dropout_glm_penalty", "l1_penalty_gradient", "ensemble_error", "ridge_push_through"])
def test_values_are_those_of_each_line_alone(name):
    """All lines and their mutants in one model, with one memory and each with none."""
    theorem = read(ENTRIES[name]).theorem
    model = next(models_of(statement_of(theorem), Random(3)))
    lines = [*theorem.lines, *(one.line for line in theorem.lines[1:] for one in mutants(line)[::9])]
    remembering, compared = Evaluation(model), 0
    for line in [*lines, *lines[:3]]:
        for at, outcome in places(line, model)[:5]:
            try:
                alone = evaluate(line, model, at, outcome)
            except (ModelError, ZeroDivisionError) as problem:
                with pytest.raises(type(problem)):
                    remembering(line, at, outcome)
                continue
            assert remembering(line, at, outcome) == alone
            compared += 1
    assert compared > 10


def test_a_value_belongs_to_its_place_and_its_outcome():
    statement = assumed_by((), (x[i] * w[i] * y,))
    model = next(one for one in models_of(statement, Random(0)) if one.size(m) > 1)
    remembering = Evaluation(model)
    for line in (x[i] * w[i], x[i] * y, Sum(i, x[i] * w[i]) * y, E(x[i] * y) * y):
        found = {
            (tuple(at.values()), id(outcome)): remembering(line, at, outcome) for at, outcome in places(line, model)
        }
        assert found == {
            (tuple(at.values()), id(outcome)): evaluate(line, model, at, outcome) for at, outcome in places(line, model)
        }
        assert len({str(value) for value in found.values()}) > 1


def test_a_full_memory_begins_anew(monkeypatch):
    monkeypatch.setattr("proofsheet.exact_models.evaluate.MOST_KNOWN", 3)
    line = norm2(x) * y + E(norm2(x) * y) * c
    model = next(models_of(assumed_by((), (line,)), Random(0)))
    remembering = Evaluation(model)
    for at, outcome in places(line, model):
        assert remembering(line, at, outcome) == evaluate(line, model, at, outcome)
        assert len(remembering._known) <= 3


@given(st.lists(st.tuples(fractions, fractions), max_size=8))
def test_a_sum_over_one_denominator(pairs):
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    found = dot(left, right)
    assert (found, type(found)) == (sum((a * b for a, b in pairs), F(0)), F)
    if pairs:
        assert mean(left, [[[b, 2 * b]] for b in right]) == [[found, 2 * found]]


def test_a_sum_of_what_is_no_fraction():
    moved = shifted(F(2))
    assert constant_term(dot([F(1, 2), moved], [moved, F(3)])) == 7
    assert isinstance(dot([Enclosure.of(F(1)), F(1)], [F(1, 3), F(2)]), Enclosure)


# ---- models ---------------------------------------------------------------------------------------------------


def first(found, count=4):
    return [
        (one.model.dimensions, one.model.parameters, one.model.constants, one.model.space)
        for one in islice(found, count)
    ]


def test_models_are_the_same_however_often_they_are_asked_for():
    statement = assumed_by((), (w.T @ x * y,))
    kept = supply(statement, 5, False)
    assert first(kept, 2) + first(kept)[2:] == first(kept)
    assert supply(replace(statement, lines=(y * (w.T @ x + 1 - 1),)), 5, False) is not kept  # y is met first
    assert supply(statement, 5, False) is kept
    fresh = [
        (one.dimensions, one.parameters, one.constants, one.space) for one in islice(models_of(statement, Random(5)), 4)
    ]
    assert first(kept) == fresh


def test_another_seed_other_assumptions_or_another_name_is_another_supply():
    statement = assumed_by((), (w.T @ x * y,))
    kept = supply(statement, 5, False)
    others = (
        supply(statement, 6, False),
        supply(statement, 5, True),
        supply(assumed_by((), (w.T @ x * y * c,)), 5, False),
    )
    assert all(first(other) != first(kept) for other in others)
    assert "c" in next(iter(others[-1])).model.constants


def test_a_line_with_a_name_of_its_own_finds_it_in_the_models():
    for new in (w.T @ x * y, w.T @ x * y * c, w.T @ x * y):
        assert compare(assumed_by((), ()), w.T @ x * y, new).models > 0


def test_a_supply_that_failed_is_not_taken_for_one_that_ended(monkeypatch):
    statement = assumed_by((), (w.T @ x,))
    supplies._supply.cache_clear()
    with monkeypatch.context() as broken:
        broken.setattr(supplies, "adversary", lambda *_: 1 / [])
        for _ in range(2):
            with pytest.raises(TypeError):
                first(supply(statement, 9, False))
    assert first(supply(statement, 9, False))


# ---- the kernel -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["gaussian_noise_mse", "dropout_logistic_regression", "l2_penalty_gradient"])
def test_lines_tried_in_one_place_are_judged_as_each_by_itself(name):
    theorem = read(ENTRIES[name]).theorem
    attacked = Attacked(theorem)
    for step in theorem.steps:
        wrong = [one.line for one in mutants(step.new)][:: 1 + len(mutants(step.new)) // 8]
        for line in [step.new, *wrong, step.new]:
            together, alone = attacked._refusal(line, step), by_itself(step.number, step.old, line, step.reasons)[1]
            assert type(together) is type(alone), line
            assert together is None or str(together) == str(alone)


def test_an_audit_in_one_part_finds_what_its_parts_find():
    entry = ENTRIES["weight_decay_step"]
    whole = audit_part(entry, "variants").rows
    pieces = [
        row for part in ("registered", "mutants 1 of 2", "mutants 2 of 2") for row in audit_part(entry, part).rows
    ]
    assert sorted(pieces, key=lambda row: row.position) == whole
    assert {row.kind for row in whole} > {"registered"}
