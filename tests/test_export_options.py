"""The options of `proofsheet export`: read with care, refused by a format that does not honour them, and what is written."""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from types import ModuleType, SimpleNamespace

import click
import pytest
from click.testing import CliRunner
from test_cli import GOOD, ROOT, WRONG_LINE, folder, run

from proofsheet import expand, prove, scalar
from proofsheet.cli import main
from proofsheet.entry_script import ProofScript
from proofsheet.errors import CallError
from proofsheet.export import FORMATS, Exported, export, refuse_options
from proofsheet.export_options import line_numbers, points
from proofsheet.formats.options import FLAGS, Options
from proofsheet.notation.spellings import Spellings

a, b = scalar("a"), scalar("b")
SQUARE = ProofScript("square", "Square.", prove((a + b) ** 2, (a**2 + 2 * a * b + b**2, expand)), {}, (), ())
OLD = 1_000_000_000


@pytest.fixture
def made_up(monkeypatch):
    """Two formats: `pages`, which honours some options and tells all that it got, and `plain`, which honours none."""
    asked = []

    def files(scripts, options):
        asked.append(options)
        for one in scripts:
            yield f"{one.name}.page", f"Written by proofsheet export: {one.name} {options.lines}"
        yield "index.page", b"Written by proofsheet export"

    for name, options in (
        ("pages", {"lines", "reasons", "width", "theorem", "numbers", "layers", "seed", "plots"}),
        ("plain", ()),
    ):
        module = ModuleType(f"made_up_{name}")
        module.files, module.OPTIONS = files, frozenset(options)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setitem(FORMATS, name, module.__name__)
    return asked


def called(*arguments):
    return CliRunner().invoke(main, ["export", *map(str, arguments)])


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("1", (1,)), ("1,3-5", (1, 3, 4, 5)), (" 4 , 2 ", (2, 4)), ("2,1-3,2", (1, 2, 3)), ("7-7", (7,))],
)
def test_lines(text, numbers):
    assert line_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no line is named"),
        ("  ", "no line is named"),
        ("1,,2", "'' is no line"),
        ("5-3", "'5-3' runs backwards; write 3-5"),
        ("0", "'0': lines are counted from 1"),
        ("0-2", "lines are counted from 1"),
        ("-1", "'-1' is no line"),
        ("2-", "'2-' is no line"),
        ("one", "'one' is no line"),
        ("1.5", "'1.5' is no line"),
        ("1 3", "'1 3' is no line"),
        ("1-99999999999", "is no line"),
        ("²", "is no line"),
    ],
)
def test_what_names_no_lines(text, complaint):
    with pytest.raises(click.BadParameter) as error:
        line_numbers(text)
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("345", 345),
        ("345pt", 345),
        ("12cm", 341.43),
        ("5in", 361.35),
        ("120 mm", 341.43),
        ("360.5pt", 360.5),
        ("30pc", 360),
    ],
)
def test_width(text, width):
    assert points(text) == pytest.approx(width, abs=0.01)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is no width"), ("wide", "is no width"), ("-5cm", "is no width"), ("5ft", "is no width"), ("1e3", "is no width"),
        ("nan", "is no width"), ("inf", "is no width"), ("5cm5", "is no width"), ("1cm", "between 100pt and 5000pt"),
        ("99pt", "between"), ("5001", "between"),
    ],
)  # fmt: skip
def test_what_is_no_width(text, complaint):
    with pytest.raises(click.BadParameter) as error:
        points(text)
    assert complaint in str(error.value)


class TestWhichFormatsHonour:
    def test_what_was_given_arrives_and_the_rest_keeps_its_value(self, made_up, tmp_path):
        done = called(
            "ensemble_error", "--format", "pages", "-o", tmp_path, "--lines", "2,1", "--reasons", "none", "--width", "5in",
            "--theorem", "--layers", "proof", "--seed", "3", "--no-plots",
        )  # fmt: skip
        assert done.exit_code == 0, done.output
        (options,) = made_up
        assert options.width == pytest.approx(361.35)
        given = (options.lines, options.reasons, options.theorem, options.layers, options.seed, options.plots)
        assert given == ((1, 2), "none", True, ("proof",), 3, False)
        assert (options.notes, options.standalone) == ("text", False)

    def test_nothing_given(self, made_up, tmp_path):
        assert called("ensemble_error", "--format", "plain", "-o", tmp_path).exit_code == 0
        assert made_up[0].lines is None
        assert made_up[0].spellings.symbols == {}

    @pytest.mark.parametrize("option", sorted(set(FLAGS) - {"notes", "standalone"}))
    def test_a_format_that_does_not_says_which_do(self, option, made_up, monkeypatch):
        monkeypatch.setattr("proofsheet.export.FORMATS", {name: FORMATS[name] for name in ("pages", "plain")})
        refuse_options("pages", [option])
        with pytest.raises(CallError, match=f"plain does not know {FLAGS[option]}; pages does"):
            refuse_options("plain", [option])

    def test_an_option_that_no_format_knows(self, made_up, monkeypatch):
        monkeypatch.setattr("proofsheet.export.FORMATS", {name: FORMATS[name] for name in ("pages", "plain")})
        with pytest.raises(CallError, match="plain does not know --notes, and no format does"):
            refuse_options("plain", ["notes"])

    def test_refused_with_nothing_written(self, made_up, tmp_path):
        done = called("ensemble_error", "--format", "plain", "--lines", "1", "-o", tmp_path / "out")
        assert done.exit_code == 2
        assert "plain does not know --lines; " in done.output
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize(
        ("options", "flag"),
        [
            ({"lines": (1, 2)}, "--lines"),
            ({"reasons": "none"}, "--reasons"),
            ({"theorem": True}, "--theorem"),
            ({"numbers": True}, "--numbers"),
            ({"width": 300.0}, "--width"),
            ({"layers": ("proof",)}, "--layers"),
            ({"seed": 0}, "--seed"),
            ({"plots": False}, "--plots"),
        ],
    )
    def test_callers_from_python_are_refused_too(self, options, flag, made_up, tmp_path):
        with pytest.raises(CallError, match=f"plain does not know {flag}; "):
            export([SQUARE], "plain", tmp_path / "out", Options(**options))
        assert not (tmp_path / "out").exists()
        assert export([SQUARE], "pages", tmp_path / "out", Options(**options)).files

    def test_defaults_and_spellings_are_no_demand(self, made_up, tmp_path):
        options = Options(spellings=Spellings(vectors="arrow"), reasons="column", folder=tmp_path / "elsewhere")
        export([SQUARE], "plain", tmp_path / "out", options)
        assert made_up[0].folder == tmp_path / "out"

    def test_without_the_packages_of_the_site(self, tmp_path):
        """What a format honours is known without them; no import ends in a traceback."""
        code = (
            "import sys; sys.modules.update(jinja2=None, markupsafe=None)\n"
            "from proofsheet.cli import main\n"
            "main(sys.argv[1:])"
        )

        def called_without(*arguments):
            done = subprocess.run(
                [sys.executable, "-c", code, "export", "ensemble_error", *arguments, "-o", tmp_path],
                capture_output=True,
                check=False,
            )
            return done.returncode, done.stderr.decode()

        status, said = called_without("--format", "html", "--seed", "1")
        assert status == 2
        assert 'pip install "proofsheet[site]"' in said
        assert "Traceback" not in said
        status, said = called_without("--format", "markdown", "--seed", "1")
        assert status == 2
        assert "markdown does not know --seed; html does" in said

    def test_every_option_has_a_flag_and_every_flag_an_option(self):
        known = set(Options.__dataclass_fields__) - {"spellings", "folder"}
        assert set(FLAGS) == known
        flags = {flag for parameter in main.commands["export"].params for flag in parameter.opts}
        assert set(FLAGS.values()) <= flags

    def test_every_format_names_options_that_exist(self):
        for module in FORMATS.values():
            assert set(getattr(importlib.import_module(module), "OPTIONS", ())) <= set(FLAGS)

    def test_help_lists_the_formats(self):
        done = called("--help")
        assert ", ".join(FORMATS) in " ".join(done.output.split())


class TestLines:
    def test_an_identity_has_fewer(self, made_up, tmp_path):
        with pytest.raises(CallError, match="square has no line 3, 7: its lines are 1 to 2"):
            export([SQUARE], "pages", tmp_path / "out", Options(lines=(1, 3, 7)))
        assert not (tmp_path / "out").exists()

    def test_the_last(self, made_up, tmp_path):
        export([SQUARE], "pages", tmp_path, Options(lines=(1, 2)))
        assert "(1, 2)" in (tmp_path / "square.page").read_text()


class TestWrongCalls:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["nonsense"], "no identity is called 'nonsense'"),
            (["ensemble_eror"], "did you mean ensemble_error?"),
            (["--format", "word"], "there is no format 'word'; there is latex"),
            (["--format", ""], "there is no format ''"),
            (["--catalogue", "nowhere"], "nowhere is not a folder"),
            (["--lines", "3-1"], "runs backwards"),
            (["--width", "wide"], "is no width"),
            (["--layers", "proof,guess"], "guess: choose from"),
            (["--layers", ""], "nothing: choose from"),
            (["--reasons", "nowhere"], "'nowhere' is not one of"),
            (["--seed", "-1"], "-1 is not in the range"),
            (["--notation", "nowhere.toml"], "nowhere.toml cannot be read: No such file or directory"),
        ],
    )
    def test_nothing_is_written(self, arguments, message, tmp_path):
        done = run("export", *arguments, "-o", tmp_path / "out")
        assert done.returncode == 2
        assert message in done.err
        assert not (tmp_path / "out").exists()

    def test_a_folder_must_be_named(self):
        done = run("export")
        assert done.returncode == 2
        assert "--output" in done.err

    def test_a_file_where_a_folder_should_be(self, tmp_path):
        (tmp_path / "out").write_text("mine")
        for place in (tmp_path / "out", tmp_path / "out" / "below"):
            done = run("export", "ensemble_error", "-o", place)
            assert done.returncode == 2
            assert "out is a file, not a folder" in done.err
        assert (tmp_path / "out").read_text() == "mine"

    def test_a_folder_that_cannot_be_made(self):
        done = run("export", "ensemble_error", "-o", "/proc/nowhere/out")
        assert done.returncode == 2
        assert "cannot be written" in done.err

    def test_a_folder_where_a_file_should_be(self, tmp_path):
        (tmp_path / "ensemble_error.tex").mkdir()
        done = run("export", "ensemble_error", "-o", tmp_path)
        assert done.returncode == 2
        assert "ensemble_error.tex is a folder" in done.err
        assert [path.name for path in tmp_path.iterdir()] == ["ensemble_error.tex"]

    def test_identities_that_do_not_prove(self, tmp_path):
        scripts = tmp_path / "scripts"
        scripts.mkdir()
        folder(scripts, bad=WRONG_LINE, worse="raise SystemExit", good=GOOD)
        done = run("export", "--catalogue", scripts, "-o", tmp_path / "out")
        assert done.returncode == 1
        assert "proofsheet: bad, line 2 does not follow" in done.err
        assert "worse.py line 1" in done.err
        assert "proofsheet: nothing was written to" in done.err
        assert not (tmp_path / "out").exists()

    def test_an_identity_called_like_the_document(self, tmp_path):
        scripts = tmp_path / "scripts"
        scripts.mkdir()
        done = run("export", "--catalogue", folder(scripts, proofsheet=GOOD), "-o", tmp_path / "out")
        assert done.returncode == 2
        assert "rename it" in done.err

    def test_names_that_no_identity_can_have_are_told_and_passed_over(self, tmp_path):
        scripts = tmp_path / "scripts"
        scripts.mkdir()
        folder(scripts, good=GOOD, **{"a b": GOOD, "it's": GOOD, "größe": GOOD})
        done = run("export", "--catalogue", scripts, "-o", tmp_path / "out")
        assert done.returncode == 0
        assert all(f"{name}.py is passed over" in done.err for name in ("a b", "it's", "größe"))
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
            "good.tex",
            "proofsheet-macros.tex",
            "proofsheet.tex",
        ]


class TestFilesOfOnesOwn:
    def test_are_left_alone(self, tmp_path):
        (tmp_path / "proofsheet.tex").write_text("my own notes")
        done = run("export", "ensemble_error", "-o", tmp_path)
        assert done.returncode == 2
        assert "proofsheet.tex was not written by proofsheet export" in done.err
        assert [path.read_text() for path in tmp_path.iterdir()] == ["my own notes"]

    def test_a_link_to_nowhere_is_left_alone(self, made_up, tmp_path):
        (tmp_path / "square.page").symlink_to(tmp_path / "gone")
        with pytest.raises(CallError, match=r"square\.page is a link to nowhere"):
            export([SQUARE], "pages", tmp_path)
        assert [path.is_symlink() for path in tmp_path.iterdir()] == [True]

    def test_a_pipe_is_left_alone(self, made_up, tmp_path):
        os.mkfifo(tmp_path / "square.page")
        with pytest.raises(CallError, match="was not written by proofsheet export"):
            export([SQUARE], "pages", tmp_path)

    def test_all_texts_are_made_before_the_first_is_written(self, made_up, tmp_path, monkeypatch):
        def files(scripts, options):
            yield "one.page", "Written by proofsheet export"
            raise CallError("the second cannot be made")

        monkeypatch.setitem(sys.modules, "made_up_plain", SimpleNamespace(files=files))
        with pytest.raises(CallError, match="the second"):
            export([SQUARE], "plain", tmp_path / "out")
        assert not (tmp_path / "out").exists()


class TestASecondExport:
    def test_what_is_the_same_is_not_touched_and_told(self, made_up, tmp_path):
        page, index = tmp_path / "square.page", tmp_path / "index.page"
        assert export([SQUARE], "pages", tmp_path) == Exported((page, index), (), ())
        for path in (page, index):
            os.utime(path, ns=(OLD, OLD))
        assert export([SQUARE], "pages", tmp_path, Options(lines=(1,))) == Exported((page, index), (index,), ())
        assert index.stat().st_mtime_ns == OLD != page.stat().st_mtime_ns

    def test_on_the_command_line(self, tmp_path):
        first = run("export", "ensemble_error", "-o", tmp_path)
        assert "unchanged" not in first.out
        again = run("export", "ensemble_error", "-o", tmp_path)
        assert again.out.splitlines() == [f"{row} (unchanged)" for row in first.out.splitlines()]
        found = json.loads(run("export", "ensemble_error", "--json", "-o", tmp_path).out)
        assert found["unchanged"] == found["files"] == first.out.split()

    def test_what_an_earlier_export_wrote_is_left_and_told(self, made_up, tmp_path):
        (tmp_path / "old.page").write_text("Written by proofsheet export: old")
        (tmp_path / "own.page").write_text("my own")
        (tmp_path / "old.tex").write_text("Written by proofsheet export, of another kind")
        assert export([SQUARE], "pages", tmp_path).left == (tmp_path / "old.page",)
        assert {path.name for path in tmp_path.iterdir()} == {
            "old.page", "own.page", "old.tex", "square.page", "index.page"
        }  # fmt: skip
        done = called("ensemble_error", "--format", "pages", "-o", tmp_path)
        assert f"left as they were: {tmp_path / 'old.page'}, {tmp_path / 'square.page'}" in done.output
        assert "own.page" not in done.output


SLOW = (
    GOOD
    + "\nif __name__ != '__main__':\n    import pathlib, time\n    pathlib.Path({flag!r}).touch()\n    time.sleep(60)\n"
)


def test_ctrl_c_ends_with_130_and_leaves_nothing(tmp_path):
    scripts, flag = tmp_path / "scripts", tmp_path / "running"
    scripts.mkdir()
    folder(scripts, slow=SLOW.replace("{flag!r}", repr(str(flag))))
    command = [
        sys.executable,
        "-m",
        "proofsheet.cli",
        "export",
        "--catalogue",
        str(scripts),
        "-o",
        str(tmp_path / "out"),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not flag.exists() and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "interrupted\n")
    assert not (tmp_path / "out").exists()


def test_progress_is_shown_on_a_terminal_only(monkeypatch, capsys):
    from proofsheet.progress import progress

    with progress("deriving", 2) as advance:
        advance()
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress("deriving", 2) as advance:
        advance()
    assert "deriving" in capsys.readouterr().err


def test_the_command_line_knows_the_formats_without_sympy():
    code = "import sys; from proofsheet.cli import main; from proofsheet.export import FORMATS; print('sympy' in sys.modules, len(FORMATS) > 0)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
