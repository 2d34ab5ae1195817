"""`proofsheet export --format typst`: what it writes compiles, says everything, and fits the page."""

import json
import re
from random import Random

import pytest
from expressions import scalar as scalar_line
from programs import need
from test_cli import GOOD, ROOT, folder, run
from test_export import AWKWARD
from test_latex import LINES
from vocabulary import noise_setting

from proofsheet import E, proof
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.errors import CallError
from proofsheet.formats import typst as form
from proofsheet.formats.options import Options
from proofsheet.notation.boxes import Closed, Opened, inside
from proofsheet.notation.breaking import broken
from proofsheet.notation.layout import lay_out
from proofsheet.notation.spellings import Spellings, spelled
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import set_line
from proofsheet.notation.typst_words import typst_words
from proofsheet.render.latex_layout import width_of

s = noise_setting()
STYLE = STYLES["typst"]


def exported(tmp_path, *arguments):
    done = run("export", "--format", "typst", *arguments, "-o", tmp_path)
    assert done.returncode == 0, done.err
    return {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}


def pages(*names, **options):
    scripts = [read(entry) for entry in Catalogue(ROOT).select(names)]
    return dict(form.files(scripts, Options(**options)))


def compiled(path) -> bytes:
    need("typst")
    import typst

    return typst.compile(path, format="pdf")


def width_measured(sources, tmp_path, display=False):
    """The widths of displayed formulas in points, as Typst measures them."""
    need("typst")
    import typst

    rows = "".join(f"[$ {source} $], " if display else f'[$display("" {source})$], ' for source in sources)
    (tmp_path / "w.typ").write_text(
        '#set text(font: "New Computer Modern", size: 11pt)\n'
        f"#context [#metadata(({rows}).map(it => measure(it).width.pt())) <widths>]",
        encoding="utf-8",
    )
    return json.loads(typst.query(tmp_path / "w.typ", "<widths>", field="value", one=True))


class TestCompiled:
    def test_the_catalogue(self, tmp_path):
        names = Catalogue(ROOT).names
        files = exported(tmp_path)
        assert set(files) == {*(f"{name}.typ" for name in names), "proofsheet.typ"}
        assert re.findall(r'#include "(\w+)\.typ"', files["proofsheet.typ"]) == names
        assert all("Written by proofsheet export" in text for text in files.values())
        assert compiled(tmp_path / "proofsheet.typ").startswith(b"%PDF")
        assert compiled(tmp_path / "ensemble_error.typ").startswith(b"%PDF")

    @pytest.mark.parametrize("options", [["column"], ["letters"], ["none"]])
    def test_awkward_words(self, options, tmp_path):
        place = tmp_path / "scripts"
        place.mkdir()
        entry = Catalogue(folder(place, awkward=AWKWARD)).select(["awkward"])[0]
        for name, text in form.files([read(entry)], Options(reasons=options[0])):
            (tmp_path / name).write_text(text, encoding="utf-8")
            assert name == "proofsheet.typ" or "50% of $norm(w)^(2)$ & “more" in text
        assert compiled(tmp_path / "proofsheet.typ").startswith(b"%PDF")

    def test_the_compilation_can_fail(self, tmp_path):
        for body in ("$ x y z unknown $", "#nonsense", "$ (x $ $"):
            (tmp_path / "a.typ").write_text(body)
            need("typst")
            with pytest.raises(RuntimeError):
                compiled(tmp_path / "a.typ")

    def test_every_construct_and_random_lines(self, tmp_path):
        random = Random(3)
        lines = [line for line, _ in LINES] + [scalar_line(random, random.choice([2, 3, 4])) for _ in range(60)]
        rows = [f"$ {set_line(line, 'typst')} $\n\n${STYLE.in_text.line(line)}$" for line in lines]
        for line in lines:
            pieces = broken(lay_out(line, STYLE.manner), 80, width_of, 10)
            rows.append("$ " + " \\\n ".join(f'& "" {STYLE.set(piece)}' for piece in pieces) + " $")
        (tmp_path / "a.typ").write_text("\n\n".join(rows), encoding="utf-8")
        assert compiled(tmp_path / "a.typ").startswith(b"%PDF")

    @pytest.mark.parametrize("vectors", ["bold", "arrow", "plain"])
    @pytest.mark.parametrize(("transpose", "expectation"), [("top", "blackboard"), ("prime", "roman"), ("T", "angle")])
    def test_spellings(self, vectors, transpose, expectation, tmp_path):
        chosen = Spellings({"w": {"typst": "theta"}}, vectors, transpose, expectation)
        with spelled(chosen):
            text = set_line(E((s.x.T @ s.w) ** 2), "typst")
            rows = [set_line(line, "typst") for line, _ in LINES]
        assert "theta" in text
        assert {"bold": "bold(", "arrow": "arrow(", "plain": "x"}[vectors] in text
        (tmp_path / "a.typ").write_text("\n\n".join(f"$ {row} $" for row in [text, *rows]), encoding="utf-8")
        assert compiled(tmp_path / "a.typ").startswith(b"%PDF")

    def test_displays_fit_the_page(self, tmp_path):
        """As Typst measures them, reasons included; the text of the document is 453 points wide."""
        displays = [one for text in pages().values() for one in re.findall(r"(?ms)^\$$.*?^\$$", text)]
        widths = width_measured([one[1:-1] for one in displays], tmp_path, display=True)
        assert len(widths) == len(displays) > 30
        assert max(widths) < 453
        wide = [re.sub(r" \\\n *& *", " ", one[1:-1]).replace("&", "") for one in displays]
        assert max(width_measured(wide, tmp_path, display=True)) > 453

    def test_estimates(self, tmp_path):
        lines = [line for name in Catalogue(ROOT).names for line in proof(name).theorem.lines]
        for line, width in zip(lines, width_measured([set_line(one, "typst") for one in lines], tmp_path), strict=True):
            assert width - 12 <= 1.06 * width_of(lay_out(line, STYLE.manner)) <= 1.3 * width + 15, str(line)


class TestWhatIsWritten:
    def test_everything_is_said(self, tmp_path):
        text = exported(tmp_path, "ensemble_error")["ensemble_error.typ"]
        flat = " ".join(text.split())
        for part in (
            "== Expected squared error of an ensemble of $n$ predictors <proofsheet:ensemble_error>",
            "Let $n$ be a positive integer, $v >= 0$ and $c in RR$.",
            r"$EE\[epsilon_i epsilon_j\] = c$ ($i != j$)",
            r"only where $-v \/ (n - 1) <= c <= v$",
            "Define $epsilon_i := hat(y)_i - y$.",
            "=== Corollary (uncorrelated errors)",
            "#[linearity of $EE$, split the sum]",
            "(n v + (n - 1) n c)/(n^2)",
            "slides “Ensembles”",
            "for every dimension: proved. By numbers: not checked for this page.",
        ):
            assert part in flat, part

    def test_side_conditions_lemmas_and_remainders(self):
        files = pages()
        assert "Suppose that $w_k != 0$." in files["l1_penalty_gradient.typ"]
        assert "By SymPy, $A''_B (t) =" in files["dropout_logistic_regression.typ"]
        assert "proved modulo SymPy" in files["dropout_logistic_regression.typ"]
        assert "for the Taylor remainder" in files["dropout_glm_penalty.typ"]
        assert ">= 0. &&" in files["l1_penalty_gradient.typ"]

    def test_every_line_is_there(self):
        for name in Catalogue(ROOT).names:
            flat = re.sub(r' \\\n  & (quad )+"" ', " ", pages(name)[f"{name}.typ"])
            for line in proof(name).theorem.lines:
                if not any(isinstance(one, (Opened, Closed)) for row in rows_of(line) for one in inside(row)):
                    assert set_line(line, "typst") in flat, (name, str(line))

    def test_letters_none_and_some_lines(self):
        text = pages("ensemble_error", reasons="letters")["ensemble_error.typ"]
        assert "#[(a)]" in text
        assert "(b) definition of $epsilon$;" in text
        assert "&&" not in pages("ensemble_error", reasons="none")["ensemble_error.typ"]
        short = pages("gaussian_noise_mse", lines=(1, 9))["gaussian_noise_mse.typ"]
        assert "regroup" in short
        assert short.count("\n  &") < 7
        assert "(Shown are the lines 1 and 9 of 9: each has the reasons" in short
        assert "Shown are" not in pages("gaussian_noise_mse")["gaussian_noise_mse.typ"]
        with pytest.raises(CallError, match="there is no line 10; the derivation has the lines 1 to 9"):
            pages("gaussian_noise_mse", lines=(1, 10))

    def test_a_long_display_may_go_on_overleaf(self):
        narrow, wide = (
            pages("dropout_glm_penalty", width=width)["dropout_glm_penalty.typ"] for width in (200.0, 450.0)
        )
        assert "breakable: true" in narrow
        assert "breakable: true" not in wide

    def test_a_word_by_itself(self):
        assert (
            '#[definition of $upright("Var")$, '
            in pages("exponential_family_moments")["exponential_family_moments.typ"]
        )

    def test_same_input_same_bytes(self, tmp_path):
        assert exported(tmp_path / "one") == exported(tmp_path / "two")

    def test_an_identity_called_like_the_document(self, tmp_path):
        place = tmp_path / "scripts"
        place.mkdir()
        done = run("export", "--format", "typst", "--catalogue", folder(place, proofsheet=GOOD), "-o", tmp_path / "out")
        assert done.returncode == 2
        assert "rename it" in done.err


def rows_of(line):
    return broken(lay_out(line, STYLE.manner), 200, width_of, 11)


class TestRowsAndWords:
    def test_rows_hold_the_whole_line(self):
        terms = (s.x.T @ s.w - s.y, s.n.T @ s.w, s.t * s.y, s.z)
        line = lay_out(sum(terms[1:], terms[0]), STYLE.manner)
        rows = broken(line, 60, width_of, 10)
        assert len(rows) > 1
        assert " ".join(STYLE.set(row) for row in rows) == STYLE.set(line)
        assert all(STYLE.set(row).startswith(("+ ", "- ")) for row in rows[1:])

    def test_a_bracket_is_opened_where_there_is_no_sign_outside(self):
        line = lay_out(E(s.x.T @ s.w - s.y + s.t * s.z + s.n.T @ s.w), STYLE.manner)
        rows = broken(line, 90, width_of, 10)
        assert len(rows) > 1
        assert r"EE \[" in STYLE.set(rows[0])
        assert STYLE.set(rows[-1]).endswith(r"\]")
        assert broken(line, 900, width_of, 10) == [line]

    @pytest.mark.parametrize(
        ("words", "typst"),
        [
            ("a_b #1 *x* <y> @me", r"a\_b \#1 \*x\* \<y\> \@me"),
            ("α‖w‖² more", "$α norm(w)^(2)$ more"),
            ("= not a heading", r"\= not a heading"),
            ("1. no list", r"1\. no list"),
            ("see https://x.y", r"see https:/\/x.y"),
            ("naïve 中 & 100% {so}", "naïve 中 & 100% {so}"),
            ("x̃ᵢᵀβ", "$tilde(x)_(i)^top β$"),
        ],
    )
    def test_words(self, words, typst, tmp_path):
        assert typst_words(words) == typst
        (tmp_path / "a.typ").write_text(typst, encoding="utf-8")
        assert compiled(tmp_path / "a.typ").startswith(b"%PDF")
