"""The audit: what is wrong is refuted by a model, what is the same is proved so, and neither word is said for the other."""

import json
import pickle
from dataclasses import replace
from fractions import Fraction

import pytest
from test_cli import GOOD, folder
from test_cli import run as command

from proofsheet import (
    E,
    algebra,
    dimension,
    equivalent,
    expand,
    function,
    independent,
    lemma,
    linearity,
    matrix,
    moment,
    nonnegative,
    parameter,
    prove,
    random_scalar,
    scalar,
    trace,
    wrong,
)
from proofsheet import judgements as judging
from proofsheet.audit import REGISTERED, Findings, Row, audit_part, declared, joined, judged
from proofsheet.audit_parts import parts, share_of
from proofsheet.audit_text import audit_object, audit_text
from proofsheet.catalogue import Catalogue
from proofsheet.errors import NotationError
from proofsheet.judgements import Attacked
from proofsheet.kernel.theorem import Chain, Theorem

a, b, t = scalar("a"), scalar("b"), scalar("t")
x, y, n = random_scalar("x"), random_scalar("y"), random_scalar("n")
alpha = parameter("alpha", positive=True)
mean, power, apart = moment(E(n), 0), moment(E(n**2), alpha), independent(n, x)

noisy = prove(
    E((x + n) ** 2),
    (E(x**2) + 2 * E(x * n) + E(n**2), linearity),
    (E(x**2) + 2 * E(x) * E(n) + E(n**2), apart),
    (E(x**2) + E(n**2), mean),
    (E(x**2) + alpha, power),
)


class TestVerdicts:
    @pytest.mark.parametrize(
        ("line", "number"),
        [
            (E(x**2) + 2 * alpha, 5),
            (E(x**2) - alpha, 5),
            (E(x) ** 2 + alpha, 5),
            (E(x**2) + E(n) ** 2, 4),
            (E(x**2), 5),
        ],
        ids=str,
    )
    def test_a_false_line_is_refuted(self, line, number):
        found = Attacked(noisy).judge(line, number)
        assert (found.verdict, found.kernel, found.exact, found.refuted) == ("refuted", "rejected", "refuted", "line")
        assert found.witness.holds()

    def test_a_true_line_that_its_reason_does_not_show_is_refuted_as_a_step(self):
        found = Attacked(noisy).judge(E(x**2) + E(n**2), 2)  # no cross term, where nothing was said of the noise yet
        assert (found.verdict, found.kernel, found.refuted) == ("refuted", "rejected", "step")
        assert found.witness.holds()
        assert found.witness.statement.moments == ()

    def test_the_same_in_other_words_is_proved_and_the_theorem_kept(self):
        found = Attacked(noisy).judge(alpha + E(x * x), 5)
        assert (found.verdict, found.kernel, found.exact) == ("equivalent", "accepted", "agrees")
        assert isinstance(found.proof, Theorem)
        assert found.proof.recheck().right == alpha + E(x * x)
        assert found.proof.assumptions == ()
        assert not found.beyond

    def test_a_slip_is_no_refutation(self):
        """7 E[n] for 2 E[n] beside another use of E[n] = 0: it follows, so nothing refutes it; and it is a slip."""
        base = prove(E(y) + 2 * a * E(n), (E(y) + 2 * a * E(n) + 0 * t, algebra), (E(y), mean))
        found = Attacked(base).judge(E(y) + 7 * a * E(n), 3)
        assert (found.verdict, found.kernel) == ("equivalent", "slip")

    def test_what_only_the_assumptions_of_other_lines_show_is_beyond(self):
        step = noisy.steps[0]
        proof, beyond = judging.equivalence(noisy, step, E(x**2) + E(n**2))
        assert proof is not None and beyond

    def test_what_no_model_reads_and_the_kernel_does_not_prove_is_undecided(self, monkeypatch):
        monkeypatch.setattr(judging, "compare", lambda *_, **__: judging.Comparison(judging.NO_MODEL, message="why"))
        found = Attacked(noisy).judge(E(x**2) + 2 * alpha, 5)
        assert (found.verdict, found.kernel, found.exact) == ("undecided", "rejected", "no model")
        assert found.message

    def test_agreement_alone_is_no_equivalence(self, monkeypatch):
        agree = judging.Comparison(judging.AGREES, 10)
        monkeypatch.setattr(judging, "compare", lambda *_, **__: agree)
        found = Attacked(noisy).judge(E(x**2) + 2 * alpha, 5)
        assert (found.verdict, found.exact) == ("undecided", "agrees")

    def test_the_kernel_accepts_what_a_model_refutes(self, monkeypatch):
        """The loudest failure, made by a kernel that accepts everything."""
        monkeypatch.setattr(judging, "take", lambda *_: None)
        found = Attacked(noisy).judge(E(x**2) + 2 * alpha, 5)
        assert (found.verdict, found.kernel, found.exact) == ("CONTRADICTION", "accepted", "refuted")
        row = judged(Attacked(noisy), wrong((E(x**2) + 2 * alpha, "2"))[0])
        assert row.exit_code == 1
        assert "the kernel accepts what an exact model refutes" in row.failure

    def test_a_witness_that_does_not_hold_again_is_no_witness(self, monkeypatch):
        real = judging.compare

        def forged(*arguments, **options):
            found = real(*arguments, **options)
            if found.witness is None:
                return found
            return replace(found, witness=replace(found.witness, right=[[Fraction(10**9)]]))

        monkeypatch.setattr(judging, "compare", forged)
        found = Attacked(noisy).judge(E(x**2) + 2 * alpha, 5)
        assert found.verdict == "CONTRADICTION"
        assert "does not hold" in found.message

    def test_an_inequality_is_attacked_as_one(self):
        s = parameter("s", nonnegative=True)
        theorem = prove(s * t**2 + s * 1, (s * (t**2 + 1), algebra), (0, nonnegative))
        assert Attacked(theorem).judge(s * 1, 3).verdict == "undecided"  # true, and no rule here shows it
        found = Attacked(theorem).judge(3 * s, 3)
        assert (found.verdict, found.kernel, found.witness.relation) == ("refuted", "rejected", "≥")

    def test_derivatives_that_are_one_function(self):
        from sympy import Symbol, exp

        growth = function("P", exp(Symbol("u", real=True)))
        theorem = prove(growth.prime.prime(a), (growth(a), lemma(growth.prime.prime(t), growth(t))))
        found = Attacked(theorem).judge(growth.prime(a), 2)
        assert found.verdict == "equivalent"
        assert found.proof.lemmas

    def test_matrices_that_are_not_square(self):
        W = matrix("W", dimension("q"), dimension("m"))
        theorem = prove(trace(W @ W.T) + 0 * a, (trace(W @ W.T), algebra))
        assert Attacked(theorem).judge(trace(W.T @ W), 2).verdict == "equivalent"
        assert Attacked(theorem).judge(2 * trace(W.T @ W), 2).verdict == "refuted"

    @pytest.mark.parametrize("number", [0, 1, 6])
    def test_there_is_no_such_line(self, number):
        with pytest.raises(NotationError, match="in place of line 2 to 5"):
            Attacked(noisy).judge(alpha, number)


class TestRows:
    def row(self, line, mistake="m", at=None):
        return judged(Attacked(noisy), wrong((line, mistake) if at is None else (line, mistake, at))[0])

    def test_a_registered_variant_that_says_the_same_is_a_failure(self):
        row = self.row(alpha + E(x * x))
        assert (row.verdict, row.exit_code) == ("equivalent", 1)
        assert "declare it in equivalents" in row.failure

    def test_the_id_of_the_mistake(self):
        assert (self.row(alpha, "N1: no data").id, self.row(alpha, "N1: no data").mistake) == ("N1", "no data")
        assert self.row(alpha, "E of the square: lost").id == ""
        assert wrong((alpha, "no claim"))[0].id == ""

    def test_a_witness_in_one_line(self):
        row = self.row(E(x**2) + 2 * alpha)
        assert "α = " in row.witness and "≠" in row.witness and "\n" not in row.witness

    @pytest.mark.parametrize("bad", ["five", 2.0, True])
    def test_a_line_number_is_a_whole_number(self, bad):
        with pytest.raises(NotationError, match="by its number"):
            wrong((alpha, "m", bad))

    def test_equivalent_lines(self):
        assert equivalent((alpha, "why"))[0].reasons == (algebra,)
        assert equivalent((alpha, "why", expand, mean))[0].reasons == (expand, mean)
        for bad in (alpha, (alpha,), (alpha, 3)):
            with pytest.raises(NotationError, match="an equivalent line is"):
                equivalent(bad)

    def test_a_false_equivalent_is_refuted_with_a_witness(self):
        row = declared(Attacked(noisy), equivalent((E(x**2) + 3 * alpha, "tripled", algebra))[0])
        assert (row.verdict, row.kernel, row.exact, row.exit_code) == ("refuted", "rejected", "refuted", 1)
        assert "≠" in row.witness and "an exact model refutes it" in row.failure

    def test_an_equivalent_under_the_assumptions_is_compared_under_them(self):
        same = E(x**2) + E(n**2)
        (one,) = equivalent((same, "power put back", power))
        row = declared(Attacked(noisy), one)
        assert (row.verdict, row.kernel, row.exact, row.failure) == ("equivalent", "accepted", "agrees", "")
        (unproved,) = equivalent((same, "no reason for it", algebra))
        row = declared(Attacked(noisy), unproved)
        assert (row.verdict, row.exact, row.exit_code) == ("undecided", "agrees", 1)
        assert "its reasons do not prove it" in row.failure

    def test_a_false_equivalent_that_the_kernel_accepts(self, monkeypatch):
        monkeypatch.setattr(Chain, "step", lambda *_: None)
        row = declared(Attacked(noisy), equivalent((3 * alpha, "tripled", algebra))[0])
        assert (row.verdict, row.exit_code) == ("CONTRADICTION", 1)

    def test_exit_codes(self):
        plain = Row("", 2, "v", "m", REGISTERED, "", "refuted", "rejected", "refuted", 1)
        assert plain.exit_code == 0
        assert replace(plain, verdict="undecided").exit_code == 3
        assert replace(plain, verdict="CONTRADICTION").exit_code == 1
        assert replace(plain, verdict="equivalent", kind="coefficient").exit_code == 0
        assert Findings("n", "t", [plain], stopped=["cards: lost"]).exit_code == 3
        assert Findings("n", "t", [plain], error="e").exit_code == 1

    def test_a_part_that_did_not_come_is_no_pass(self):
        (entry,) = Catalogue().select(["weight_decay_step"])
        here = Findings(entry.name, entry.title)
        (found,) = joined([entry], ["registered", "cards"], {(entry.name, "registered"): here})
        assert found.stopped == ["cards: not looked at"]
        assert found.exit_code == 3
        assert joined([entry], ["registered"], {}) == []

    def test_the_shares_of_the_mutants_are_all_of_them_once(self):
        (entry,) = Catalogue().select(["weight_decay_step"])
        halves = [audit_part(entry, part).rows for part in parts(True, False) if part != REGISTERED]
        whole = audit_part(entry, "mutants 1 of 1").rows
        assert sorted((row.position, row.variant) for half in halves for row in half) == [
            (row.position, row.variant) for row in whole
        ]
        assert share_of("mutants 2 of 2") == (0, 2)
        assert share_of("mutants 1 of 2") == (1, 2)


VARIANTS = (
    "gaussian_noise_mse",
    "ensemble_error",
    "l2_penalty_gradient",
    "exponential_family_moments",
    "noising_penalty",
)


@pytest.mark.parametrize("name", [one.name for one in Catalogue().entries])
def test_every_registered_variant_of_the_catalogue_is_refuted(name):
    """Not only rejected by the kernel: false, with a witness that is looked at twice."""
    (entry,) = Catalogue().select([name])
    found = audit_part(entry, REGISTERED)
    assert found.error == ""
    assert found.rows
    for row in found.rows:
        assert (row.verdict, row.kernel) in {("refuted", "rejected"), ("equivalent", "accepted")}, row
        assert not row.failure
    assert sum(row.verdict == "refuted" for row in found.rows) >= 4
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize("name", VARIANTS)
def test_mutants_of_the_catalogue_are_refuted_or_proved_equal(name):
    (entry,) = Catalogue().select([name])
    found = audit_part(entry, "mutants 1 of 4")
    assert found.error == ""
    assert len(found.rows) >= 8
    assert {row.verdict for row in found.rows} <= {"refuted", "equivalent"}
    assert all(row.proof for row in found.rows if row.verdict == "equivalent")
    assert all(row.witness for row in found.rows if row.verdict == "refuted")


class TestCommand:
    def test_a_table(self, tmp_path):
        done = command("audit", "--catalogue", folder(tmp_path, good=GOOD), "--variants", COLUMNS="140")
        assert done.returncode == 0
        assert "cross term dropped" in done.out
        assert "rejected  refuted: a = " in done.out
        assert "1 registered: 1 refuted. " in done.out
        assert "it may still be true" in done.out  # that is what rejected means

    def test_json(self, tmp_path):
        done = command("audit", "--catalogue", folder(tmp_path, good=GOOD), "--json")
        (found,) = json.loads(done.out)["identities"]
        assert (
            found["totals"]["total"]
            == len(found["kill_table"])
            == found["totals"]["refuted"] + found["totals"]["equivalent"]
        )
        assert found["kill_table"][0]["kind"] == "registered"
        assert found["error"] is None and found["stopped"] == []

    def test_a_registered_variant_that_says_the_same(self, tmp_path):
        same = GOOD.replace("wrong((a**2 + b**2,", "wrong((b**2 + a**2 + 2 * b * a,")
        for verb in ("audit", "check"):
            done = command(
                verb, "--catalogue", folder(tmp_path, same=same), *(["--variants"] if verb == "audit" else [])
            )
            assert done.returncode == 1
            assert "declare it in equivalents" in " ".join(done.out.split())

    def test_a_declared_equivalent_is_proved(self, tmp_path):
        declared = GOOD.replace("variants =", 'equivalents = equivalent(((b + a) ** 2, "turned", expand))\nvariants =')
        declared = declared.replace("import expand", "import equivalent, expand")
        done = command("audit", "--catalogue", folder(tmp_path, declared=declared), "--variants")
        assert done.returncode == 0
        assert "1 declared equivalent: 1 proved equal." in done.out
        false = declared.replace("(b + a) ** 2", "(b - a) ** 2")
        done = command("audit", "--catalogue", folder(tmp_path, declared=false), "--variants")
        assert done.returncode == 1
        assert "an exact model refutes it" in " ".join(done.out.split())
        assert "1 declared equivalent: 1 refuted." in done.out

    def test_an_unknown_name_and_a_broken_script(self, tmp_path):
        assert command("audit", "nonsense").returncode == 2
        done = command("audit", "--catalogue", folder(tmp_path, broken=GOOD.replace("theorem =", "1 / 0\ntheorem =")))
        assert done.returncode == 1
        assert "ZeroDivisionError" in done.out


def test_the_text_shows_failures_and_what_was_stopped():
    row = Row("", 2, "a + b", "sign", "sign", "", "CONTRADICTION", "accepted", "refuted", 1, "line", "a = 2: 1 ≠ 3")
    text = audit_text(
        [Findings("name", "title", [row], stopped=["cards: stopped at the limit of 60 s"])], "unicode", 120, False
    )
    assert "CONTRADICTION" in text
    assert "the kernel accepts what an exact model refutes" in text
    assert "undecided: name, cards: stopped at the limit of 60 s" in text
    assert audit_object([Findings("name", "title", [row])], 0)["identities"][0]["totals"]["contradictions"] == 1
