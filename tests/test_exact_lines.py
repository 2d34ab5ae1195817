"""Every displayed line of the catalogue agrees with the line before in finite models; every registered wrong one is refuted."""

import json
from dataclasses import replace
from fractions import Fraction as F
from types import SimpleNamespace

import pytest
from vocabulary import noise_setting

from proofsheet import (
    E,
    Var,
    absolute,
    algebra,
    derivative,
    differentiate,
    independent,
    linearity,
    moment,
    norm2,
    prove,
    random_scalar,
    sgn,
    sqrt,
)
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.evidence import exact_layer
from proofsheet.exact_layer import (
    AGREE,
    REFUTED,
    UNDECIDED,
    Attacked,
    assumed_by,
    attacked,
    joint_exact_verdict,
    statement_of,
    statement_of_step,
)
from proofsheet.exact_models.comparison import AGREES, DIFFERS, NO_MODEL, Comparison, compare
from proofsheet.exact_models.model import Model
from proofsheet.exact_models.statements import satisfies
from proofsheet.kernel.theorem import Step

ENTRIES = {entry.name: entry for entry in Catalogue().entries}
s = noise_setting()


def variants():
    """Only their number is needed to name the tests; scripts are read when a test runs."""
    return [(name, number) for name in ENTRIES for number in range(len(read(ENTRIES[name]).variants))]


@pytest.mark.parametrize("name", ENTRIES)
def test_every_line_agrees(name):
    script = read(ENTRIES[name])
    for label, theorem in {"": script.theorem, **script.corollaries}.items():
        found = attacked(theorem, script.limits, seed=11)
        assert len(found) == len(theorem.steps) + 1
        assert [f"{label} {one}" for one in found if one.found.verdict != AGREES] == []
        assert all(one.found.models == 3 for one in found), "no line rests on fewer models than were asked for"


def test_only_what_is_no_fraction_is_enclosed():
    """Roots and exponentials are; their absence is exact."""
    grades = {
        name: {one.found.grade for one in attacked(read(entry).theorem, read(entry).limits)}
        for name, entry in ENTRIES.items()
    }
    assert {name for name, found in grades.items() if "interval" in found} == {
        "dropout_linear_regression",
        "dropout_logistic_regression",
    }


@pytest.mark.parametrize(("name", "number"), variants())
def test_every_wrong_variant_is_refuted(name, number):
    script = read(ENTRIES[name])
    variant = script.variants[number]
    step = script.theorem.steps[(variant.at or len(script.theorem.lines)) - 2]
    cited = statement_of_step(step, script.limits)
    for small in (False, True):
        found = compare(cited, step.old, variant.line, step.relation, small=small)
        assert found.verdict == DIFFERS, variant.mistake
        assert found.witness.holds()
    assert max(found.witness.model.dimensions.values(), default=1) <= 2, "a reader can check it by hand"
    assert len(found.witness.model.space) <= 16


@pytest.mark.parametrize("name", ENTRIES)
def test_wrong_variants_do_not_only_fail_under_laws_that_the_theorem_excludes(name):
    """A wrong last line is refuted under all assumptions of the theorem, against its first line."""
    script = read(ENTRIES[name])
    whole = statement_of(script.theorem, script.limits)
    last = [one.line for one in script.variants if one.at in (None, len(script.theorem.lines))]
    assert [compare(whole, script.theorem.left, line).verdict for line in last] == [DIFFERS] * len(last)


class TestStatements:
    def test_a_step_is_looked_at_under_what_it_cites_only(self):
        """Without E[n] = 0 cited, 3 E[nᵀw] is not 2 E[nᵀw]; with it, it is."""
        two, three = E(2 * s.noise), E(3 * s.noise)
        assert compare(assumed_by((), ()), two, three).verdict == DIFFERS
        assert compare(assumed_by((s.mean,), ()), two, three).verdict == AGREES

    def test_a_moment_derived_by_a_theorem_brings_its_assumptions(self):
        theorem = prove(E(s.y + s.noise), (E(s.y), linearity, s.mean))
        used = prove(E(s.n.T @ s.w + s.y), (E(s.y + s.noise), linearity), (E(s.y), theorem))
        assert statement_of_step(used.steps[1]).moments == ((s.mean.left, s.mean.right, ()),)
        assert statement_of_step(used.steps[0]).moments == ()

    def test_what_is_refuted_stays_so_with_another_seed(self):
        for seed in range(5):
            assert compare(assumed_by((s.mean,), ()), E(s.noise**2), E(s.noise), seed=seed).verdict == DIFFERS


class TestVerdicts:
    def test_joint(self):
        agrees, differs, none = (Attacked("line 2", Comparison(one)) for one in (AGREES, DIFFERS, NO_MODEL))
        assert joint_exact_verdict([agrees, agrees]) == AGREE
        assert joint_exact_verdict([agrees, none]) == UNDECIDED
        assert joint_exact_verdict([none, differs, agrees]) == REFUTED

    def test_no_model_of_a_contradiction(self):
        """Nothing has mean 1 and second moment 0: no verdict, though every line would 'hold'."""
        z = random_scalar("z")
        statement = assumed_by((moment(E(z), 1), moment(E(z**2), 0)), ())
        found = compare(statement, E(z), E(z) + 1)
        assert (found.verdict, found.models) == (NO_MODEL, 0)
        assert found.message

    def test_an_inequality(self):
        z, nothing = random_scalar("z"), assumed_by((), ())
        assert compare(nothing, E(z**2), E(z) ** 2, "≥").verdict == AGREES
        assert compare(nothing, E(z) ** 2, E(z**2), "≥").verdict == DIFFERS
        assert compare(nothing, Var(z), 0 * Var(z), "≥").verdict == AGREES


class TestWitness:
    found = compare(assumed_by((independent(s.n, s.x),), ()), E(s.noise * s.y), E(s.noise) * E(s.y), small=True)

    def test_it_holds_and_a_changed_one_does_not(self):
        witness = self.found.witness
        assert witness.holds()
        assert not replace(witness, left=[[witness.left[0][0] + 1]]).holds(), "another value"
        assert not replace(witness, right=witness.left, new=witness.old).holds(), "no difference"
        ((p, one), (q, two), *rest) = witness.model.space
        moved = [(p + q / 2, one), (q / 2, two), *rest]
        assert not replace(witness, model=replace(witness.model, space=moved)).holds(), "n is not independent of x then"

    def test_a_witness_of_an_impossible_outcome_does_not_hold(self):
        found = compare(assumed_by((), ()), s.y, s.y**2)
        assert found.witness.holds()
        outcome = {"y": [[found.witness.outcome["y"][0][0] + F(1, 97)]]}
        y = outcome["y"][0][0]
        assert not replace(found.witness, outcome=outcome, left=[[y]], right=[[y**2]]).holds()

    def test_it_is_written_out(self):
        rows = self.found.witness.describe()
        assert rows[0] == "m = 1"
        assert sum(row.startswith("with probability") for row in rows) == len(self.found.witness.model.space)
        assert rows[-2].startswith("E[nᵀw y] is ")
        ascii_rows = self.found.witness.describe("ascii")
        assert all(row.isascii() for row in ascii_rows)

    def test_as_plain_data(self):
        found = json.loads(json.dumps(self.found.witness.as_json()))
        assert sum(F(row["probability"]) for row in found["law"]) == 1
        assert F(found["left"]["value"][0][0]) == self.found.witness.left[0][0]
        assert set(found["law"][0]["outcome"]) == {"n", "x", "y"}

    def test_the_smallest_first(self):
        wrong = compare(assumed_by((s.mean, s.covariance), ()), E(s.noise**2), s.alpha**2 * norm2(s.w), small=True)
        assert wrong.witness.model.dimensions == {"m": 1}
        assert len(wrong.witness.model.space) == 2


class TestSideConditions:
    def test_points_that_a_cited_theorem_excludes_are_left_out(self):
        """From |t| t′ = … with t ≠ 0 nothing follows at 0; t = 0 alone is no model."""
        kink = prove(derivative(absolute(s.t), s.t), (sgn(s.t), differentiate))
        statement = statement_of(kink)
        assert statement.nonzero == (s.t,)
        model = Model({}, {}, {"t": [[F(0)]]})
        assert not satisfies(model, statement)
        assert satisfies(replace(model, constants={"t": [[F(-2)]]}), statement)
        assert satisfies(model, replace(statement, nonzero=()))
        used = prove(derivative(absolute(s.t), s.t) + s.t, (sgn(s.t) + s.t, kink))
        assert statement_of_step(used.steps[0]).nonzero == (s.t,)

    def test_what_is_not_negative(self):
        squared = prove(sqrt(s.t) ** 2, (s.t, algebra))
        statement = statement_of(squared)
        assert statement.nonnegative == (s.t,)
        assert not satisfies(Model({}, {}, {"t": [[F(-1)]]}), statement)
        assert [one.found.verdict for one in attacked(squared)] == [AGREES, AGREES]

    def test_for_every_outcome(self):
        statement = replace(assumed_by((), ()), nonzero=(s.y,))
        half = F(1, 2)
        space = [(half, {"y": [[F(1)]]}), (half, {"y": [[F(0)]]})]
        assert not satisfies(Model({}, {}, {}, space), statement)
        assert satisfies(Model({}, {}, {}, [(1, space[0][1])]), statement)


def stand_in(*steps, assumptions=()):
    """What the layer reads of a theorem, for steps that the kernel would have refused."""
    made = tuple(Step(number, old, new, reasons, reasons, ()) for number, (old, new, reasons) in enumerate(steps, 2))
    lines = (steps[0][0], *(new for _, new, _ in steps))
    return SimpleNamespace(
        steps=made, lines=lines, left=lines[0], right=lines[-1],
        relation="=", assumptions=assumptions, side_conditions=(),
    )  # fmt: skip


class TestTheLayer:
    entry = SimpleNamespace(name="slip")
    slip = stand_in(
        (E(2 * s.noise), E(3 * s.noise), (algebra,)), (E(3 * s.noise), E(s.noise), (s.mean,)), assumptions=(s.mean,)
    )

    def test_a_wrong_coefficient_on_a_term_that_vanishes_is_found(self):
        """Under E[n] = 0 both lines are 0; the step cites algebra, and that is what it is looked at under."""
        assert [one.found.verdict for one in attacked(self.slip)] == [DIFFERS, AGREES, AGREES]

    def test_refuted(self):
        found = exact_layer(self.entry, SimpleNamespace(theorem=self.slip, corollaries={}, limits=()), 0)
        assert (found.verdict, found.healthy, found.undecided) == (REFUTED, False, False)
        assert found.message.startswith("slip, exact, line 2: refuted by a model\n")
        assert (found.facts["lines"], found.facts["agree"]) == (3, 2)
        (told,) = found.facts["not_agreed"]
        assert told["where"] == "line 2"
        assert told["witness"]["left"] != told["witness"]["right"]

    def test_a_witness_that_does_not_hold_again_refutes_nothing(self, monkeypatch):
        monkeypatch.setattr("proofsheet.exact_models.comparison.Witness.holds", lambda witness: False)
        found = exact_layer(self.entry, SimpleNamespace(theorem=self.slip, corollaries={}, limits=()), 0)
        assert (found.verdict, found.healthy, found.undecided) == (UNDECIDED, False, True)
        assert "evaluated again it does not hold" in found.message

    def test_undecided(self):
        """Nothing has mean 1 and second moment 0: no line is refuted under that, and none agrees."""
        facts = (moment(E(s.y), 1), moment(E(s.y**2), 0))
        nowhere = stand_in((E(s.y), 2 * E(s.y), facts), assumptions=facts)
        script = SimpleNamespace(theorem=honest(), corollaries={"b": nowhere}, limits=())
        found = exact_layer(self.entry, script, 0)
        assert (found.verdict, found.healthy, found.undecided) == (UNDECIDED, False, True)
        assert "slip.b, exact, line 2: no model: no model of the assumptions was found" in found.message

    def test_agrees(self):
        found = exact_layer(self.entry, SimpleNamespace(theorem=honest(), corollaries={}, limits=()), 0)
        assert (found.verdict, found.healthy, found.message) == (AGREE, True, "")
        assert (found.facts["models"], found.facts["grade"]) == (6, "exact")


def honest():
    return prove(E(s.y + s.z), (E(s.y) + E(s.z), linearity))
