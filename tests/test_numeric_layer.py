"""How a numeric check is judged among others: its share of the budget, its cases, and the wrong variants that it must see."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from test_cli import run

from proofsheet import E, NumericCheck, linearity, normal, parameter, prove, random_scalar
from proofsheet.catalogue import Catalogue, Entry, check_scripts
from proofsheet.errors import CallError, CatalogueError, ScriptError
from proofsheet.evidence import gather, monte_carlo_layer
from proofsheet.numeric.checks import (
    DEFAULT,
    GRADES,
    CasesVerdict,
    Check,
    Options,
    VariantSeen,
    Verdict,
    cases,
    facts_of,
)
from proofsheet.numeric_layer import closed_part, reported, share_of
from proofsheet.report import check_object, spent
from proofsheet.scaffold import CHECK, PROOF

FACTS = {
    "method": "e-process", "grade": "non-asymptotic", "variance": "derived", "estimate": 1.02, "interval": [0.9, 1.1],
    "closed_form": 1.0, "samples": 1000, "tolerance": 0.1, "detectable": 0.2, "seed": 3,
}  # fmt: skip
HIDDEN = VariantSeen("hidden", False, unseen="the line is true")
CAUGHT = VariantSeen("caught", True, 7.0)
MISSED = VariantSeen("missed", False, 3.0)


@dataclass(frozen=True)
class Said(Verdict):
    verdict: str = "confirmed"
    variants: tuple = ()
    level: float = 0.0
    grade: str = "non-asymptotic"
    interrupted: bool = False

    def facts(self):
        return {**FACTS, "grade": self.grade, "alpha": self.level}

    def __str__(self):
        return f"{self.verdict} at {self.level:.2g}"


@dataclass(frozen=True)
class Says(Check):
    """A check that says what it is told to, and spends what it is given."""

    said: Verdict = Said()
    parts: int = 1
    seed = 3

    def run(self, options=DEFAULT):
        return replace(self.said, level=options.level) if self.parts else self.said

    @property
    def claims(self):
        return self.parts


class Interrupted(Says):
    def run(self, options=DEFAULT):
        raise KeyboardInterrupt


def folder_of(tmp_path, checks=("a", "b", "c"), proofs=("a", "b", "c", "d")):
    for place, names in (("proofs", proofs), ("numeric_checks", checks)):
        (tmp_path / place).mkdir()
        for name in names:
            (tmp_path / place / f"{name}.py").write_text('"""T."""\nfrom proofsheet import prove\n')
    return tmp_path


class TestTheBudget:
    def test_every_check_script_has_an_equal_share(self, tmp_path):
        place = folder_of(tmp_path) / "numeric_checks"
        assert check_scripts(place) == 3
        assert share_of(place / "a.py", 1e-9) == pytest.approx(1e-9 / 3)
        assert share_of(place / "a.py", 0.3) == pytest.approx(0.1)

    def test_what_is_no_check_of_the_catalogue_has_none(self, tmp_path):
        place = folder_of(tmp_path) / "numeric_checks"
        for name in ("_helpers.py", "conftest.py", "random.py", "without_proof.py", "Notes.py"):
            (place / name).write_text("")
        (tmp_path / "proofs" / "random.py").write_text("")  # like a module of the standard library: no identity
        assert check_scripts(place) == 3 == sum(one.check is not None for one in Catalogue(tmp_path).entries)

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("noise_map", "did you mean numeric_checks/noise_maps.py?"),
            ("wholly_other", "a check is called like its proof"),
            ("Noise_maps", "did you mean numeric_checks/noise_maps.py?"),
        ],
    )
    def test_a_check_without_a_proof_is_an_error(self, tmp_path, name, hint):
        """It would never run, and nobody would know."""
        place = folder_of(tmp_path, checks=(), proofs=("noise_maps", "b")) / "numeric_checks"
        (place / "laws_of_all.py").write_text("from proofsheet import normal\nmine = normal(2)\n")
        (place / "b.py").write_text("check = NumericCheck()")
        Catalogue(tmp_path).require_proofs()
        (place / f"{name}.py").write_text("from proofsheet import cases\ncheck: Check = cases(\n)\n")
        with pytest.raises(CatalogueError) as error:
            Catalogue(tmp_path).require_proofs()
        assert str(error.value) == (f"numeric_checks/{name}.py checks nothing: there is no proofs/{name}.py; {hint}")
        done = run("check", "b", "--catalogue", tmp_path)
        assert (done.returncode, str(error.value) in done.err) == (2, True)
        assert run("check", "b", "--catalogue", tmp_path, "--layers", "proof").returncode == 1, "no theorem there"
        assert run("list", "--catalogue", tmp_path).returncode == 0

    def test_a_script_that_stands_alone_has_all_of_it(self, tmp_path):
        (tmp_path / "check.py").write_text("")
        assert share_of(tmp_path / "check.py", 1e-9) == 1e-9

    def test_scripts_are_counted_and_not_run(self, tmp_path):
        place = folder_of(tmp_path) / "numeric_checks"
        (place / "b.py").write_text("raise SystemExit('run')")
        assert check_scripts(place) == 3

    def test_cases_split_the_share_of_their_script_over_what_is_sampled(self):
        check = cases(one=Says(), two=Says(parts=3), exact=Says(parts=0))
        found = check.run(Options(level=4e-4))
        assert [one.level for one in found.found.values()] == [pytest.approx(1e-4), pytest.approx(3e-4), 0.0]
        assert found.facts()["alpha"] == pytest.approx(4e-4)

    def test_a_case_alone_spends_what_it_spends_among_others(self):
        check = cases(one=Says(), two=Says())
        ((name, alone),) = check.each(Options(level=1e-4), "two")
        assert (name, alone.level) == ("two", check.run(Options(level=1e-4)).found["two"].level)

    @pytest.mark.parametrize("check", [cases(one=Says(), two=Says()), Says()])
    def test_a_case_that_there_is_not(self, check):
        with pytest.raises(CallError, match="there is no case 'three'"):
            dict(check.each(Options(), "three"))

    def test_the_ledger_adds_up_what_ran(self):
        def evidence(**layers):
            return SimpleNamespace(layers=layers)

        layer = gather.__globals__["Layer"]
        found = [
            evidence(monte_carlo=layer("confirmed", True, facts={"alpha": 1e-11})),
            evidence(monte_carlo=layer("refuted", False, facts={"alpha": 2e-11})),
            evidence(monte_carlo=layer("error", False)),
            evidence(monte_carlo="not checked"),
        ]
        assert spent(found) == pytest.approx(3e-11)
        assert check_object([], None, 1e-6)["false_alarm"] == {"budget": 1e-6, "spent": 0.0, "asymptotic": 0.0}


class TestWrongVariants:
    @pytest.mark.parametrize(
        ("groups", "refuted", "open_ones", "unseen"),
        [
            ([(CAUGHT, HIDDEN)], 1, [], ["hidden"]),
            ([(CAUGHT,), (MISSED,)], 1, ["missed"], []),
            ([(HIDDEN,), (VariantSeen("hidden", True, 5.0),)], 1, [], []),
            ([(HIDDEN,), (VariantSeen("hidden", False, 5.0),)], 0, ["hidden"], []),
            ([(VariantSeen("caught", False, 2.0),), (CAUGHT,)], 1, [], []),
            ([(HIDDEN,), (HIDDEN,)], 0, [], ["hidden"]),
        ],
    )
    def test_one_case_that_sees_a_variant_is_enough(self, groups, refuted, open_ones, unseen):
        verdict = CasesVerdict({str(k): Said(variants=group) for k, group in enumerate(groups)})
        facts = facts_of(verdict)["variants"]
        assert (facts["refuted"], facts["not_refuted"], list(facts["unseen"])) == (refuted, open_ones, unseen)
        assert verdict.verdict == ("undecided" if open_ones else "confirmed")

    def test_a_registered_variant_that_is_not_tried_leaves_it_undecided(self):
        assert reported(Said(variants=(CAUGHT,)), ["caught"])["verdict"] == "confirmed"
        facts = reported(Said(variants=(CAUGHT,)), ["caught", "forgotten"])
        assert (facts["verdict"], facts["variants"]["untried"]) == ("undecided", ["forgotten"])

    def test_one_that_stands_leaves_it_undecided_too(self):
        assert reported(Said(variants=(MISSED,)), ["missed"])["verdict"] == "undecided"

    def test_a_refutation_stays_one(self):
        assert reported(Said("refuted", variants=(MISSED,)), ["forgotten"])["verdict"] == "refuted"


class TestCases:
    @pytest.mark.parametrize(
        ("words", "joint"),
        [
            (("confirmed", "confirmed"), "confirmed"),
            (("confirmed", "undecided"), "undecided"),
            (("undecided", "refuted"), "refuted"),
        ],
    )
    def test_the_weakest_decides(self, words, joint):
        assert CasesVerdict({word + str(k): Said(word) for k, word in enumerate(words)}).verdict == joint

    def test_what_ctrl_c_left_out_is_named(self):
        """No verdict over all cases rests on one that was not judged."""
        early = cases(a=Says(), b=Says(Said("undecided", interrupted=True)), c=Says(), d=Says()).run()
        assert early.interrupted and early.verdict == "undecided" and list(early.found) == ["a", "b"]
        assert re.search(r"^b \(interrupted\): undecided.*\ninterrupted; not judged: c, d$", str(early), re.MULTILINE)
        between = cases(a=Says(), b=Interrupted(), c=Says()).run()
        assert between.interrupted and between.verdict == "undecided"
        assert str(between).endswith("interrupted; not judged: b, c")
        whole = cases(a=Says(), c=Says()).run()
        assert not whole.interrupted and whole.verdict == "confirmed" and "interrupted" not in str(whole)
        with pytest.raises(KeyboardInterrupt):
            cases(b=Interrupted(), c=Says()).run()

    def test_the_worst_grade_is_told(self):
        said = {
            "exact": Said(grade="enumeration"),
            "drawn": Said(level=1e-10),
            "limit": Said(grade="asymptotic", level=1e-10),
        }
        assert CasesVerdict(said).facts()["case"] == "limit"
        del said["limit"]
        assert CasesVerdict(said).facts()["case"] == "drawn"

    def test_an_estimated_error_is_told_before_what_is_exact(self):
        """Nothing is drawn by either; the one rests on fractions, the other on finer steps."""
        said = {"fractions": Said(grade="computed", level=0.0), "steps": Said(grade="estimated error", level=0.0)}
        assert CasesVerdict(said).facts()["grade"] == "estimated error"
        assert GRADES.index("estimated error") < GRADES.index("non-asymptotic") < GRADES.index("computed")

    def test_a_grade_without_a_place_is_no_grade(self):
        with pytest.raises(ValueError, match="not in tuple"):
            CasesVerdict({"a": Said(grade="certain"), "b": Said()}).facts()


def script_of(*mistakes):
    return SimpleNamespace(variants=[SimpleNamespace(mistake=one) for one in mistakes])


class TestTheLayer:
    def layer(self, tmp_path, monkeypatch, check, *mistakes, budget=1e-9):
        place = folder_of(tmp_path) / "numeric_checks"
        monkeypatch.setattr("proofsheet.numeric_layer.run_script", lambda name, path: SimpleNamespace(check=check))
        return monte_carlo_layer(Entry("a", Path("a.py"), place / "a.py"), script_of(*mistakes), None, budget)

    def test_it_gives_the_check_its_share(self, tmp_path, monkeypatch):
        layer = self.layer(tmp_path, monkeypatch, Says(Said(variants=(CAUGHT,))), "caught", budget=3e-6)
        assert (layer.verdict, layer.healthy, layer.message) == ("confirmed", True, "")
        assert layer.facts["alpha"] == pytest.approx(1e-6)

    @pytest.mark.parametrize(
        ("said", "mistakes", "verdict", "told"),
        [
            (Said("refuted"), (), "refuted", "a, monte_carlo: refuted at"),
            (Said("undecided"), (), "undecided", "a, monte_carlo: undecided at"),
            (Said(variants=(MISSED,)), ("missed",), "undecided", "that no case refutes: missed"),
            (Said(), ("forgotten",), "undecided", "does not try: forgotten; write wrong=identity.variants"),
        ],
    )  # fmt: skip
    def test_what_is_no_confirmation_is_told(self, tmp_path, monkeypatch, said, mistakes, verdict, told):
        layer = self.layer(tmp_path, monkeypatch, Says(said), *mistakes)
        assert (layer.verdict, layer.healthy, layer.undecided) == (verdict, False, verdict == "undecided")
        assert told in layer.message
        assert layer.facts["verdict"] == verdict

    def test_only_the_cases_at_fault_are_told(self, tmp_path, monkeypatch):
        layer = self.layer(tmp_path, monkeypatch, cases(good=Says(), bad=Says(Said("undecided"))))
        assert "a, monte_carlo, case bad: undecided" in layer.message
        assert "good" not in layer.message

    def test_an_interrupted_check_interrupts(self, tmp_path, monkeypatch):
        with pytest.raises(KeyboardInterrupt):
            self.layer(tmp_path, monkeypatch, Says(Said("undecided", interrupted=True)))

    def test_a_script_without_a_check(self, tmp_path, monkeypatch):
        with pytest.raises(ScriptError, match=r"a\.py defines no check"):
            self.layer(tmp_path, monkeypatch, None)


class TestErrors:
    CHECK = "from proofsheet import NumericCheck, normal, proof\n"

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("check = 3\n", "noise, monte_carlo: noise.py defines no check; "),
            ("x = 1\ncheck = huh\n", "noise, monte_carlo: noise.py line 3: NameError: name 'huh' is not defined"),
            (
                "check = NumericCheck(proof('noise').theorem, {'n': normal()}, lambda n: n, parameters={'v': -1.0})\n",
                "noise, monte_carlo: ",
            ),
        ],
    )
    def test_an_error_is_told_once_with_one_name(self, tmp_path, text, told):
        for folder, source in (("proofs", PROOF), ("numeric_checks", self.CHECK + text)):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "noise.py").write_text(source)
        done = run("check", "noise", "--catalogue", tmp_path, "--layers", "monte_carlo")
        assert done.returncode == 1
        words = " ".join(done.out.split())
        assert words.count(told) == 1 == words.count("noise, monte_carlo")
        assert "noise, noise" not in words


class TestWhatIsJudged:
    """Sampled, the expectations of the right side are subtracted draw by draw, and the closed form is what is left."""

    def test_it_is_told_where_it_is_a_part_and_nowhere_else(self, tmp_path):
        smooth = (
            "check = cases(**check.checks, smooth=NumericCheck(identity.theorem, **given, method='quasi-Monte Carlo'))"
        )
        source = CHECK.replace("NAME", "noise").replace("check.main", f"{smooth}\ncheck.main")
        for folder, text in (("proofs", PROOF), ("numeric_checks", source)):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "noise.py").write_text(text)
        (entry,) = Catalogue(tmp_path).entries
        cases_of = gather(entry, ["monte_carlo"]).layers["monte_carlo"].facts["cases"]
        told = {name: (one.get("part"), one["closed_form"]) for name, one in cases_of.items()}
        part, whole = ("v", pytest.approx(0.7)), (None, pytest.approx(0.7 + 0.5**2 + 0.64))
        assert told == {"exact": whole, "drawn": part, "mirrored": part, "smooth": part}

    def test_what_stands_inside_of_terms_has_no_text_of_its_own(self):
        y, b = random_scalar("y"), parameter("b")
        theorem = prove(E(-y - b), (-(E(y) + b), linearity))
        check = NumericCheck(theorem, {"y": normal()}, lambda y: -y - 0.7, parameters={"b": 0.7})
        assert check.sampled_claims.judged.closed == pytest.approx(-0.7)
        assert closed_part(check) == "the right side without its expectations"
