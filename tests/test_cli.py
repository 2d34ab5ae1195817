"""The command line as a person or a machine meets it: output, exit codes, and never a traceback."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from proofsheet.scaffold import CHECK, PROOF

ROOT = Path(__file__).resolve().parent.parent

GOOD = '''
"""The square of a sum."""
from proofsheet import expand, prove, scalar, show, wrong
a, b = scalar("a"), scalar("b")
theorem = prove((a + b)**2, (a**2 + 2*a*b + b**2, expand))
variants = wrong((a**2 + b**2, "cross term dropped"))
show(__name__, theorem)
'''
WRONG_LINE = GOOD.replace("(a**2 + 2*a*b + b**2, expand)", "(a**2 + b**2, expand), (b**2 + a**2, expand)")
CONTRADICTION = '''
"""Assumptions that nothing satisfies."""
from proofsheet import E, dimension, identity, moment, prove, random_vector, show
m = dimension("m")
n = random_vector("n", m)
theorem = prove(E(n.T @ n), (-m, moment(E(n @ n.T), -identity(m))))
show(__name__, theorem)
'''
BAD_SCRIPTS = {
    "wrong_line": (WRONG_LINE, "wrong_line, line 2 does not follow"),
    "wrong_shape": (GOOD.replace('scalar("b")', '__import__("proofsheet").vector("b", 3)'), "wrong_shape.py line 4: cannot add"),
    "name_error": (GOOD.replace("a, b =", "a, c ="), "name_error.py line 4: NameError: name 'b' is not defined"),
    "syntax": ("def", "syntax.py line 1: not valid Python"),
    "exits": ("raise SystemExit(0)", "exits.py line 1: SystemExit: 0"),
    "empty": ('"""Nothing."""', "empty.py defines no theorem; write theorem = prove(...)"),
    "not_reached": (
        GOOD.replace("prove((a + b)**2,", "prove(__import__('proofsheet').equation((a + b)**2, b),"),
        "the derivation ends at  a² + 2 a b + b²  and the claim is  b",
    ),
    "foreign": (
        GOOD.replace("(a**2 + 2*a*b", "(__import__('proofsheet').random_scalar('a')**2 + 2*a*b"),
        "line 2: 'a' names two different things: a constant of shape 1 × 1 and a random variable of shape 1 × 1",
    ),
    "two_values": (
        GOOD.replace("expand)", "__import__('proofsheet').moment(__import__('proofsheet').E("
        "__import__('proofsheet').random_scalar('y')), 1), __import__('proofsheet').moment(__import__('proofsheet').E("
        "__import__('proofsheet').random_scalar('y')), 2))"),
        "one moment has two values: E[y] = 1 and E[y] = 2",
    ),
    "corollaries": (GOOD + "\ncorollaries = [theorem]", "corollaries is a dictionary of theorems"),
    "variants": (GOOD.replace('wrong((a**2 + b**2, "cross term dropped"))', "[a]"), "variants is written"),
    "float": (GOOD.replace("2*a*b", "2.0*a*b"), "2.0 is not an exact number"),
}  # fmt: skip


def run(*arguments, cwd=ROOT, **environment):
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-m", "proofsheet.cli", *map(str, arguments)],
        capture_output=True, cwd=cwd, env={**clean, "PYTHONUTF8": "1", **environment}, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    done.out, done.err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in done.out + done.err
    return done


def folder(tmp_path, **scripts):
    for name, text in scripts.items():
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
    return tmp_path


class TestList:
    def test_own_catalogue(self):
        done = run("list")
        assert done.returncode == 0
        assert "gaussian_noise_mse " in done.out
        assert " Gaussian input noise is L2 regularization, for linear regression" in done.out

    def test_json(self):
        found = json.loads(run("list", "--json").out)
        assert [one["name"] for one in found["identities"]] == sorted(one["name"] for one in found["identities"])
        assert all(one["numeric_check"] for one in found["identities"])

    def test_without_importing_sympy(self):
        code = "import sys; sys.argv=['proofsheet','list']; import proofsheet.cli as c\ntry: c.main()\nexcept SystemExit: pass\n"
        done = subprocess.run(
            [sys.executable, "-c", code + "print('sympy' in sys.modules, 'numpy' in sys.modules)"],
            capture_output=True, check=True, cwd=ROOT,
        )  # fmt: skip
        assert done.stdout.decode().splitlines()[-1] == "False False"

    def test_empty_and_missing_folders(self, tmp_path):
        for place, message in ((tmp_path, "holds no proof script"), (tmp_path / "nowhere", "is not a folder")):
            for command in ("list", "derive", "check"):
                done = run(command, "--catalogue", place)
                assert done.returncode == 2
                assert message in done.err

    def test_names_of_the_standard_library_are_no_identities(self, tmp_path):
        folder(tmp_path, numbers=GOOD, good=GOOD)
        assert run("list", "--catalogue", tmp_path).out.split()[0] == "good"
        assert "numbers" not in run("list", "--catalogue", tmp_path).out

    def test_catalogue_with_proofs_folder(self, tmp_path):
        (tmp_path / "proofs").mkdir()
        folder(tmp_path / "proofs", good=GOOD)
        assert run("list", "--catalogue", tmp_path).out == "good  The square of a sum\n"


class TestDerive:
    def test_all(self):
        done = run("derive")
        assert done.returncode == 0
        assert done.out.count("=====") >= 4
        assert "= f(w) + α ‖w‖²" in done.out

    def test_unknown_name_gets_the_nearest(self):
        done = run("derive", "gausian_noise")
        assert done.returncode == 2
        assert "no identity is called 'gausian_noise'; did you mean gaussian_noise_mse?" in done.err

    def test_json(self):
        (found,) = json.loads(run("derive", "--json", "ensemble_error").out)["identities"]
        assert found["lines"][-1]["text"] == "v/n + (n − 1) c/n"
        assert found["lines"][2]["reason"] == "definition of ε"
        assert set(found["corollaries"]) == {"uncorrelated_errors", "identical_errors"}
        assert found["limits"] == ["−v/(n − 1) ≤ c ≤ v"]

    def test_width(self):
        assert max(map(len, run("derive", "--width", "60").out.splitlines())) <= 60
        assert run("derive", "--width", "10").returncode == 2

    def test_others_are_still_printed_when_one_fails(self, tmp_path):
        done = run("derive", "--catalogue", folder(tmp_path, bad=WRONG_LINE, good=GOOD))
        assert done.returncode == 1
        assert "= a² + 2 a b + b²" in done.out
        assert "bad, line 2" in done.err

    @pytest.mark.parametrize("name", BAD_SCRIPTS)
    def test_bad_scripts(self, name, tmp_path):
        text, message = BAD_SCRIPTS[name]
        done = run("derive", "--catalogue", folder(tmp_path, **{name: text}))
        assert done.returncode == 1
        assert message in done.err
        assert name in done.err

    def test_ascii(self):
        done = run("derive", PYTHONUTF8="0", PYTHONIOENCODING="ascii", LC_ALL="C")
        assert done.returncode == 0
        assert done.stdout.isascii()


class TestCheck:
    def test_own_catalogue(self):
        done = run("check", "--json")
        assert done.returncode == 0
        found = json.loads(done.out)
        assert found["schema"] == 1
        assert set(found["versions"]) == {"proofsheet", "python", "sympy", "numpy", "scipy"}
        for one in found["identities"]:
            assert one["outcome"] == one["proof"]["verdict"]
            assert one["outcome"] == one["expected"] or (
                one["outcome"] == "proved modulo SymPy" and one["proof"]["lemmas"]
            )
            assert one["proof"]["checked"] == one["proof"]["steps"]
            assert one["proof"]["unneeded_reasons"] == []
            assert one["witness"]["verdict"] == "witness"
            sampled = one["monte_carlo"]
            assert sampled["verdict"] == "confirmed"
            assert sampled["method"]
            assert sampled["variants"]["not_refuted"] == sampled["variants"]["untried"] == []
            assert all(sampled["variants"]["unseen"].values()), "a variant that is not seen says why"
            assert one["mutants"]["monte_carlo"] == sampled["variants"]["refuted"] >= 2
            assert one["mutants"]["rejected_by_kernel"] == one["mutants"]["total"] >= 4
            assert one["explicit"]["verdict"] == "difference 0"
            assert one["exact"]["verdict"] == "agrees"
            assert one["exact"]["lines"] == one["exact"]["agree"] > one["proof"]["steps"], (
                "every step, and the two ends"
            )
            cards = one["assumption_cards"]
            assert cards == "does not apply" or 0 < cards["shown"] == cards["total"]
        assert found["false_alarm"]["budget"] == 1e-9
        assert 0 < found["false_alarm"]["spent"] <= 1e-9

    def test_cards(self):
        done = run("check", "gaussian_noise_mse", "--layers", "cards", "--json")
        assert done.returncode == 0
        (one,) = json.loads(done.out)["identities"]
        cards = one["assumption_cards"]
        assert (cards["total"], cards["needed"], cards["shown"]) == (3, 3, 3)
        assert cards["cards"][0]["counterexample"]["first_broken_line"] == 7

    def test_layers_that_were_not_requested_are_not_checked(self):
        done = run("check", "ensemble_error", "--layers", "proof", "--json")
        (one,) = json.loads(done.out)["identities"]
        assert one["witness"] == one["monte_carlo"] == one["mutants"] == "not checked"
        assert done.returncode == 0

    def test_table(self):
        done = run("check", "ensemble_error", "--layers", "proof,witness")
        assert done.out.splitlines()[:3] == [
            " identity        outcome  proof     witness",
            " ──────────────────────────────────────────",
            " ensemble_error  proved   10 steps  20",
        ]
        assert "\x1b" not in done.out

    def test_words_that_claim_too_much_are_not_used(self):
        text = (run("check").out + run("--help").out + run("check", "--help").out + run("derive").out).lower()
        for word in ("verified", " ok", "passed", "success"):
            assert word not in text

    @pytest.mark.parametrize("layers", ["nonsense", "", ","])
    def test_wrong_layer(self, layers):
        done = run("check", "--layers", layers)
        assert done.returncode == 2
        assert "choose from proof, explicit, exact, witness, variants, cards, monte_carlo" in " ".join(done.err.split())

    def test_quiet(self):
        done = run("check", "--quiet", "--layers", "proof")
        assert (done.returncode, done.out) == (0, "")

    def test_seed_changes_the_draws(self):
        def estimate(*more):
            found = json.loads(run("check", "ensemble_error", "--layers", "monte_carlo", "--json", *more).out)
            return found["identities"][0]["monte_carlo"]["estimate"]

        assert estimate() == estimate()
        assert estimate("--seed", "5") != estimate()

    @pytest.mark.parametrize("name", BAD_SCRIPTS)
    def test_bad_scripts(self, name, tmp_path):
        text, message = BAD_SCRIPTS[name]
        done = run("check", "--catalogue", folder(tmp_path, **{name: text}), "--json")
        assert done.returncode == 1
        (one,) = json.loads(done.out)["identities"]
        assert one["outcome"] in ("rejected", "error")
        told = one["error"]["message"] if one["error"] else one["proof"]["message"]
        assert message in told

    def test_rejected_counts_the_lines_that_hold(self, tmp_path):
        done = run("check", "--catalogue", folder(tmp_path, wrong_line=WRONG_LINE), "--json")
        (one,) = json.loads(done.out)["identities"]
        assert (one["proof"]["verdict"], one["proof"]["steps"], one["proof"]["checked"]) == ("rejected", 2, 2)
        assert one["proof"]["held"] == 1

    def test_contradictory_assumptions(self, tmp_path):
        done = run("check", "--catalogue", folder(tmp_path, contradiction=CONTRADICTION))
        assert done.returncode == 1
        assert "witness: contradiction" in done.out
        assert "pivot 1 of the covariance matrix is -1" in done.out

    def test_a_slip_that_only_the_kernel_has_seen_is_rejected(self, tmp_path):
        """A theorem made step by step by the kernel alone, without `prove`, is still checked for slips."""
        text = """
        from proofsheet import E, moment, random_scalar
        from proofsheet.kernel.theorem import Chain
        r, u = random_scalar("r"), random_scalar("u")
        chain = Chain(E(r) + 2 * E(u))
        chain.step(E(r) + 7 * E(u), [moment(E(u), 0)])
        theorem = chain.theorem()
        """
        done = run("check", "--layers", "proof", "--catalogue", folder(tmp_path, slip=text))
        assert done.returncode == 1
        assert "slip, line 2: E[u] = 0 is used in one place" in done.out

    def test_a_variant_that_follows_is_unhealthy(self, tmp_path):
        text = GOOD.replace('a**2 + b**2, "cross', 'b**2 + 2*a*b + a**2, "cross')
        done = run("check", "--catalogue", folder(tmp_path, variant=text))
        assert done.returncode == 1
        assert "(cross term dropped): registered as wrong, and it says the same" in " ".join(done.out.split())

    def test_an_entry_without_numeric_check(self, tmp_path):
        done = run("check", "--catalogue", folder(tmp_path, good=GOOD), "--json")
        assert json.loads(done.out)["identities"][0]["monte_carlo"] == "does not apply"
        assert done.returncode == 0

    def test_numeric_check_that_refutes_or_raises(self, tmp_path):
        place = with_check(tmp_path)
        check = place / "numeric_checks" / "noise.py"
        source = check.read_text()
        for change, code, told in (
            (("(y + n) ** 2,", "(y + n) ** 2 + 0.1,"), 1, "case exact: refuted"),
            (("(y + n) ** 2,", "(y + n) ** 2 + zero,"), 1, "NameError"),
            (('"parameters": {"v": v},', ""), 1, "no value for v"),
            (("check = cases", "other = cases"), 1, "noise.py defines no check"),
            (('"unseen": {"2 of the square lost"', '"unseen": {"none of them"'), 1, "none of them"),
            (('"wrong": identity.variants', '"wrong": identity.variants[1:]'), 3, "NOT tried     variance taken for"),
        ):
            assert change[0] in source
            check.write_text(source.replace(*change).replace("check.main", "0 and check.main"))
            done = run("check", "noise", "--catalogue", place, "--layers", "proof,monte_carlo")
            assert done.returncode == code, (change, done.out)
            assert told in done.out, (change, done.out)

    def test_a_numeric_check_is_told_in_full_where_few_are_named(self, tmp_path):
        place = with_check(tmp_path)
        calls = {"short": (), "named": ("noise",), "asked": ("-v",)}
        told = {
            how: run("check", *more, "--catalogue", place, "--layers", "monte_carlo").out for how, more in calls.items()
        }
        assert ["sensitivity" in told[how] for how in calls] == [False, True, True]
        assert told["named"] == told["asked"]
        for text in told.values():
            assert text.splitlines()[-1] == "false alarms: budget 1e-09, spent 1e-09"
            assert max(map(len, text.splitlines())) <= 80
        assert "confirmed, numerical" in told["short"], "of its cases quadrature says least: nothing bounds its error"

    def test_the_budget_is_split_over_the_scripts_of_the_catalogue(self, tmp_path):
        place = with_check(tmp_path, "noise", "other", "third")
        found = json.loads(
            run(
                "check", "noise", "--json", "--layers", "monte_carlo", "--false-alarm", "3e-6", "--catalogue", place
            ).out
        )
        assert found["false_alarm"] == {"budget": 3e-6, "spent": pytest.approx(1e-6), "asymptotic": 0.0}
        assert found["identities"][0]["monte_carlo"]["alpha"] == pytest.approx(1e-6)

    def test_fresh_draws_are_told_and_can_be_repeated(self, tmp_path):
        place = with_check(tmp_path)

        def estimates(*more):
            done = run("check", "--json", "--layers", "monte_carlo", "--catalogue", place, *more)
            sampled = json.loads(done.out)["identities"][0]["monte_carlo"]["cases"]
            return [one["estimate"] for one in sampled.values()], done.err, json.loads(done.out)["seed"]

        fresh, said, seed = estimates("--reseed")
        assert f"seed {seed}: for the same draws again, --seed {seed}" in said
        assert estimates("--seed", seed)[0] == fresh
        assert estimates()[0] not in (fresh, estimates("--reseed")[0])


def with_check(tmp_path, *names):
    """A catalogue of entries as `proofsheet new` writes them."""
    for name in names or ("noise",):
        for part, text in (("proofs", PROOF), ("numeric_checks", CHECK.replace("NAME", name))):
            (tmp_path / part).mkdir(exist_ok=True)
            (tmp_path / part / f"{name}.py").write_text(text)
    return tmp_path


def test_scripts_that_print_or_have_other_names(tmp_path):
    text = GOOD.replace("theorem =", 'print("hello"); theorem =')
    folder(tmp_path, chatty=text, random=GOOD)
    done = run("check", "--json", "--layers", "proof", "--catalogue", tmp_path)
    assert [one["name"] for one in json.loads(done.out)["identities"]] == ["chatty"]
    assert "hello" in done.err
    assert "random.py is passed over" in done.err


def test_refusals_in_ascii(tmp_path):
    done = run(
        "derive", "--catalogue", folder(tmp_path, wrong_line=WRONG_LINE), PYTHONUTF8="0", PYTHONIOENCODING="ascii"
    )
    assert "line 2:  a^2 + b^2" in done.err
    assert "?" not in done.err


def test_a_reader_who_has_seen_enough():
    command = f"{sys.executable} {ROOT / 'proofs' / 'ensemble_error.py'} | head -1"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, check=False, env={**os.environ, "PYTHONUTF8": "1"}
    )
    assert done.stderr == b""


class TestWrongCalls:
    @pytest.mark.parametrize(
        "call",
        [
            ["nonsense"],
            ["check", "--nonsense"],
            ["derive", "--catalogue"],
            ["check", "--seed", "x"],
            ["check", "--seed", "-1"],
            ["check", "--seed", "1", "--reseed"],
            ["check", "--false-alarm", "0"],
            ["check", "--false-alarm", "1"],
            ["plot", "gaussian_noise_mse"],
        ],
    )
    def test_exit_code_2(self, call):
        assert run(*call).returncode == 2

    def test_help_and_version(self):
        assert run("--help").returncode == run("-h").returncode == 0
        assert run("--version").out.startswith("proofsheet, version 0.1")


def test_interrupt_keeps_what_is_known(tmp_path):
    """Ctrl-C during the second identity: the first is reported, the exit code is 130."""
    slow = GOOD.replace(
        "theorem =",
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); signal.raise_signal(signal.SIGINT); theorem =",
    )
    done = run("check", "--catalogue", folder(tmp_path, a_good=GOOD, b_slow=slow), "--jobs", 0)
    assert done.returncode == 130
    assert "a_good" in done.out
    assert "interrupted: 1 of 2 identities looked at" in done.err


def test_a_script_run_by_hand_ends_without_a_traceback(tmp_path):
    for name in ("wrong_line", "wrong_shape", "float"):
        text, message = BAD_SCRIPTS[name]
        path = folder(tmp_path, **{name: text}) / f"{name}.py"
        done = subprocess.run(
            [sys.executable, str(path)], capture_output=True, check=False, env={**os.environ, "PYTHONUTF8": "1"}
        )
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
        assert message.split(": ")[-1].removeprefix("wrong_line, ") in done.stderr.decode()
        assert f"{name}.py line " in done.stderr.decode()
