"""`proofsheet export --format latex`: what it writes compiles, fits the page, and is written whole or not at all."""

import re
import shutil
import subprocess
from dataclasses import replace
from random import Random

import pytest
from expressions import s as noise
from expressions import scalar as scalar_line
from test_cli import GOOD, ROOT, WRONG_LINE, folder, run
from test_latex import LINES
from vocabulary import noise_setting

from proofsheet import E, Sum, index, linearity, moment, norm2, proof, vector
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.formats import latex as latex_format
from proofsheet.formats.options import Options
from proofsheet.notation.breaking import is_continuation
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import set_line
from proofsheet.render.latex_document import document
from proofsheet.render.latex_layout import TEXT_WIDTH, Frame, Line, aligned, arranged, boxed, width_of
from proofsheet.render.latex_layout import broken as broken_box
from proofsheet.render.latex_macro_file import macro_file
from proofsheet.render.latex_widths import formula_width, text_width
from proofsheet.render.reasons import reason_prose

needs_latex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")

FOR_ONE = ("ensemble_error.tex", "proofsheet-macros.tex", "proofsheet.tex", "proofsheet.bib")
AWKWARD = '''
"""50% of ‖w‖² & "more_" #1: Σᵢ xᵢ² ≥ 0, naïve {braces} 中 ~ ^ \\\\ $

    x

A law (of no one) is used. Müller & Søn (1999), 100% proof_reading; Ångström (2001), x² ≤ 1.
"""
from proofsheet import *
m = dimension("m")
i, row_2 = index("i", m), index("row_2", m)
w, W1, eta_old = vector("w", m), matrix("W1", m, m), parameter("eta_old", nonnegative=True)
x, n, y = random_vector("x", m), random_vector("n_hat", m), random_scalar("y")
plain = independent(n, (x, y), called="100% independent of x_1 & {y}, whatever the law of α‖x‖² may be, as on the slides of last year")
mean = moment(E(n), 0)
long = E((x.T @ w - y)**2) + 2 * E((x.T @ w - y) * (n.T @ w)) + E((n.T @ w)**2)
theorem = prove(
    E(((x + n).T @ w - y)**2) + eta_old * W1[row_2, i] / (1 + eta_old),
    (long + eta_old * W1[row_2, i] / (1 + eta_old), linearity),
    (E((x.T @ w - y)**2) + 2 * E(x.T @ w - y) * (E(n).T @ w) + E((n.T @ w)**2) + eta_old * W1[row_2, i] / (1 + eta_old), plain),
    (E((x.T @ w - y)**2) + E((n.T @ w)**2) + eta_old * W1[row_2, i] / (1 + eta_old), mean),
    (eta_old * W1[row_2, i] / (1 + eta_old) + E(group(group((x.T @ w) * (x.T @ w) - 2 * y * (x.T @ w)) + y * y)) + E(w.T @ n @ n.T @ w), expand),
)
corollaries = {"50_of_the_100_%": prove(w[i] / 2 + eta_old * w[i], ((eta_old + Fraction(1, 2)) * w[i], collect))}
show(__name__, theorem)
'''.replace("from proofsheet import *", "from fractions import Fraction\nfrom proofsheet import *")  # fmt: skip


def exported(tmp_path, *arguments):
    done = run("export", *arguments, "-o", tmp_path)
    assert done.returncode == 0, done.err
    return {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}


def compiled(place) -> str:
    """The log of pdflatex on proofsheet.tex; fails on an error, an overfull line and an undefined reference."""
    for _ in range(2):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "proofsheet.tex"],
            cwd=place, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
    log = (place / "proofsheet.log").read_text(errors="replace")
    wide = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert max(wide, default=0) <= 2, re.findall(r"Overfull.*\n.*", log)
    assert "undefined" not in log.lower()
    return log


def unbroken(text):
    """Without ends of rows, braces and spaces, and with the halves of brackets as the macro of the whole."""
    text = re.sub(r"\\pf(\w+)Open(\[\S*?\])", lambda half: rf"\pf{half[1]}{half[2].replace('[]', '')}", text)
    text = re.sub(r"\\pf\w+Close\[\S*?\]|\\pfWide|&& \\hspace\S*", "", text)
    return re.sub(r"\\\\\*?(\[4pt\])?\s*&\\q?quad(\\quad)?(?=\s*\{\})|[\s{}&]", "", text)


class TestWhatIsWritten:
    def test_one_fragment_an_identity_and_a_document(self, tmp_path):
        names = Catalogue(ROOT).names
        files = exported(tmp_path)
        shared = {"proofsheet.tex", "proofsheet-macros.tex", "proofsheet.bib"}
        assert set(files) == {*(f"{name}.tex" for name in names), *shared}
        assert re.findall(r"\\input\{([\w-]+)\}", files["proofsheet.tex"]) == ["proofsheet-macros", *names]
        assert all(text.isascii() for text in files.values())
        assert all(text.startswith("% Written by proofsheet export 0.") for text in files.values())

    def test_everything_that_derive_prints_is_there(self, tmp_path):
        text = exported(tmp_path, "ensemble_error")["ensemble_error.tex"]
        flat = " ".join(text.split())
        for part in (
            r"\pfHeading{Expected squared error of an ensemble of $n$ predictors}{.}",
            r"Let $\pfn$ be a positive integer, $\pfv \geq 0$ and $\pfc \in \pfReals$.",
            r"Let $\hat{\pfVector{\pfy}} \in \pfReals^{\pfn}$ and $\pfy \in \pfReals$ be random.",
            r"Throughout, $\pfi, \pfj = 1, \ldots, \pfn$.",
            r"$\pfMean{\pfeps_{\pfi} \pfeps_{\pfj}} = \pfc$ ($\pfi \neq \pfj$)",
            r"only where $-\pfv/(\pfn - 1) \leq \pfc \leq \pfv$",
            r"Define $\pfeps_{\pfi} := \hat{\pfy}_{\pfi} - \pfy$",
            r"&\quad = \frac{\pfv}{\pfn} + \frac{(\pfn - 1) \pfc}{\pfn}. &\quad& \pfReason{collect}",
            r"\pfReason{linearity of $\pfMeanName$, split the sum}",
            r"\pfCorollary{uncorrelated errors}",
            r"\pfReason{the theorem with $\pfc = 0$}",
            r"\pfSource{whitehill}{Whitehill}{ (CS/DS 541, class 14)}{slides ``Ensembles''}",
        ):
            assert part in flat, part

    def test_every_line_of_every_theorem_is_there(self, tmp_path):
        files = exported(tmp_path)
        for name in Catalogue(ROOT).names:
            text = unbroken(files[f"{name}.tex"])
            for line in proof(name).theorem.lines:
                assert unbroken(set_line(line, "latex macros")) in text, (name, str(line))

    def test_side_conditions_lemmas_and_remainders(self, tmp_path):
        files = {name: " ".join(text.split()) for name, text in exported(tmp_path).items()}
        assert r"Suppose that $\pfw_{\pfk} \neq 0$." in files["l1_penalty_gradient.tex"]
        found = r"By SymPy, $\pfA_{B}''(\pft) = \pfsigma(\pft) (1 - \pfsigma(\pft))$."
        assert found in files["dropout_logistic_regression.tex"]
        assert "for the Taylor remainder" in files["dropout_glm_penalty.tex"]
        assert r"&\geq 0." in files["l1_penalty_gradient.tex"]

    def test_reasons_that_are_not_needed(self):
        script = read(Catalogue(ROOT).select(["gaussian_noise_mse"])[0])
        from proofsheet import algebra, linearity, prove, scalar

        a = scalar("a")
        theorem = prove(a * a, (a**2, algebra, linearity))
        square = replace(script, name="square", documentation="Square.", theorem=theorem, corollaries={}, limits=())
        text = dict(latex_format.files([square], Options()))["square.tex"]
        assert re.search(r"\\pfRemark\{Line.2 does not need linearity of \$\\pfMeanName\$\.\}", text)
        assert r"\pfHeading{Square}{.}" in text

    def test_same_input_same_bytes(self, tmp_path):
        assert exported(tmp_path / "one") == exported(tmp_path / "two")
        assert exported(tmp_path / "one") == exported(tmp_path / "two")  # over the files of the first time

    def test_json(self, tmp_path):
        import json

        found = json.loads(run("export", "ensemble_error", "--json", "-o", tmp_path).out)
        assert found["files"] == [str(tmp_path / f"{name}") for name in FOR_ONE]

    def test_a_name_twice_is_one(self, tmp_path):
        assert len(exported(tmp_path, "ensemble_error", "ensemble_error")) == len(FOR_ONE)


class TestOnPaper:
    @needs_latex
    def test_the_catalogue(self, tmp_path):
        exported(tmp_path)
        compiled(tmp_path)

    @needs_latex
    def test_awkward_words_and_long_lines(self, tmp_path):
        scripts = tmp_path / "scripts"
        scripts.mkdir()
        exported(tmp_path / "out", "--catalogue", folder(scripts, awkward=AWKWARD))
        compiled(tmp_path / "out")

    @needs_latex
    @pytest.mark.parametrize("seed", range(4))
    def test_random_derivations(self, seed, tmp_path):
        random = Random(seed)
        reasons = [("expand",), reason_prose(linearity), reason_prose(moment(E(noise.n @ noise.n.T), noise.S))]
        rows = []
        for _ in range(50):
            left, *others = (breakable_line(random) for _ in range(random.randint(2, 5)))
            rows += aligned(
                left, [Line(one, sum(random.sample(reasons, random.choice([1, 1, 2])), ())) for one in others]
            )
        (tmp_path / "proofsheet.tex").write_text(document(["random"], "%"))
        (tmp_path / "proofsheet-macros.tex").write_text(macro_file(rows, "%"))
        (tmp_path / "random.tex").write_text("\n".join(rows))
        compiled(tmp_path)

    @needs_latex
    def test_the_compilation_can_fail(self, tmp_path):
        (tmp_path / "proofsheet.tex").write_text(document(["wide"], "%"))
        (tmp_path / "proofsheet-macros.tex").write_text(macro_file([], "%"))
        for body, complaint in (
            (r"\[" + "x + " * 60 + r"x \]", "Overfull"),
            (r"see \ref{nowhere}", "undefined"),
            (r"\nonsense", "Undefined control sequence"),
        ):
            (tmp_path / "wide.tex").write_text(body)
            with pytest.raises(AssertionError, match=complaint):
                compiled(tmp_path)

    @needs_latex
    def test_estimated_widths(self, tmp_path):
        """Never more than 4 points below what LaTeX measures, and never more than 8 points and a tenth above."""
        sources = [set_line(line, style) for line, _ in LINES for style in ("latex", "latex in text")]
        sources += [set_line(line, "latex") for name in Catalogue(ROOT).names for line in proof(name).theorem.lines]
        rows = [rf"\setbox0=\hbox{{$\displaystyle {source}$}}\typeout{{WIDTH \the\wd0}}" for source in sources]
        head = r"\documentclass[11pt]{article}\usepackage{amsmath,amssymb}\begin{document}"
        (tmp_path / "w.tex").write_text("\n".join([head, *rows, r"\end{document}"]))
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "w.tex"], cwd=tmp_path, capture_output=True, check=True
        )
        measured = [float(points) for points in re.findall(rb"WIDTH ([\d.]+)pt", done.stdout)]
        assert len(measured) == len(sources) > 150
        for source, width in zip(sources, measured, strict=True):
            assert width - 4 <= formula_width(source) <= 1.1 * width + 8, source


def broken(line, width):
    """The rows of a line in plain LaTeX."""
    rows = broken_box(boxed(line), width)
    return [("{} " if is_continuation(row) else "") + STYLES["latex"].set(row) for row in rows]


class TestLayout:
    s = noise_setting()
    terms = (s.x.T @ s.w - s.y, s.n.T @ s.w, s.alpha * norm2(s.w), s.beta * norm2(s.u), s.t * s.y, s.z)

    def test_rows_fit_and_hold_the_whole_line(self):
        line = sum(self.terms[1:], self.terms[0]) + sum(self.terms[1:], self.terms[0])
        for width in (90, 140, 200, 300):
            rows = broken(line, width)
            assert len(rows) > 1
            assert all(formula_width(row) <= width for row in rows)
            assert all(row.startswith(("{} + ", "{} - ")) for row in rows[1:])
            assert " ".join(row.removeprefix("{} ") for row in rows) == set_line(line, "latex")

    def test_a_bracket_is_opened_where_there_is_no_sign_outside(self):
        line = E(sum(self.terms[1:], self.terms[0]))
        rows = broken(line, 120)
        assert len(rows) > 1
        assert all(formula_width(row) <= 120 for row in rows)

    def test_fractions_are_not_broken(self):
        s = self.s
        line = (s.x.T @ s.w + s.n.T @ s.w + s.y + s.z + s.t) / (s.alpha + 1)
        assert broken(line, 60) == [set_line(line, "latex")]
        both = line * (s.x.T @ s.w + s.n.T @ s.w + s.y + s.z + s.t)
        for row in broken(both, 60):
            assert row.count("{") == row.count("}")

    def test_reasons_beside_wrapped_and_below(self):
        s = self.s
        short = Line(s.y + s.z, ("short",))
        assert r"\pfReason{short}" in "\n".join(aligned(s.z + s.y, [short]))
        wordy = Line(E((s.x.T @ s.w - s.y) ** 2) + E((s.n.T @ s.w) ** 2) + s.t, ("a reason of many words, " * 5,))
        assert re.search(r"\\pfReason\[\d+pt\]\{a reason", "\n".join(aligned(s.z + s.y, [wordy])))
        whole = boxed(s.t + s.y + s.z + s.t + s.y + s.z + s.t + s.y + s.z + s.t + s.y + s.z)
        assert r"\pfReasonBelow{" in "\n".join(aligned(s.z + s.y, [Line(wordy.node, (whole,))]))
        assert r"\pfWide{" in "\n".join(aligned(s.y, [Line(product_of(s, 16), ("a reason that is not so short",))]))

    def test_rows_of_a_wrapped_reason_are_about_equal(self):
        wide = E((self.s.x.T @ self.s.w - self.s.y) ** 2) + E((self.s.n.T @ self.s.w) ** 2) + self.s.t * self.s.y
        (group,) = arranged(self.s.z + self.s.y, [Line(wide, ("some words that need two rows",))], Frame(300)).lines
        row = group[-1]
        assert row.shape == "wrapped"
        assert 0.5 < row.width / text_width("some words that need two rows") < 0.75

    def test_a_row_beside_which_no_reason_stands_may_be_wider_than_its_column(self):
        s = self.s
        long = s.z * E((s.x.T @ s.w - s.y) * (s.n.T @ s.w) * s.y) * s.t * s.alpha + s.y
        lines = [Line(s.t, ("a reason that takes up quite some room",)), Line(long, ("because",))]
        arrangement = arranged(s.z, lines, Frame(280))
        first, last = arrangement.lines[1]
        assert first.is_free
        assert not first.reason
        assert last.reason == ("because",)
        assert width_of(first.formula) > arrangement.plan.formulas

    def test_reasons_stand_farther_off_where_there_is_room(self):
        s = self.s
        assert r"&\quad& \pfReason" in "\n".join(aligned(s.z, [Line(s.y, ("r",))]))
        wide = Line(E((s.x.T @ s.w - s.y) ** 2) + E((s.n.T @ s.w) ** 2), ("words and words and words, and more",))
        assert r"&& \pfReason" in "\n".join(aligned(s.z, [wide]))

    def test_numbers_and_labels_stand_at_the_last_row_of_a_line(self):
        s = self.s
        long = sum(self.terms[1:], self.terms[0]) * 1
        lines = [Line(long, label="eq:a:2"), Line(s.y, label="eq:a:3")]
        rows = list(aligned(s.z + s.t, lines, Frame(150, numbered=True)))
        assert rows[0] == r"\begin{alignat}{1}"
        assert [row.count(r"\label") + row.count(r"\notag") for row in rows[1:-1]] == [1] * (len(rows) - 2)
        assert re.findall(r"\\label\{(\S+)\}", "\n".join(rows)) == ["eq:a:2", "eq:a:3"]
        assert len(rows) > 5

    def test_the_letter_of_a_reason_stands_over_the_relation(self):
        rows = "\n".join(aligned(self.s.y, [Line(self.s.z, mark="a"), Line(self.s.t, relation=r"\geq", mark="b")]))
        assert r"&\overset{\text{(a)}}{=} \pfz" in rows
        assert r"&\overset{\text{(b)}}{\geq} \pft." in rows

    def test_a_short_equation_is_one_row(self):
        s = self.s
        wide = E((s.x.T @ s.w - s.y + s.t) ** 2) + E((s.n.T @ s.w) ** 2)
        assert len(list(aligned(wide, [Line(s.z)]))) == 3
        assert len(list(aligned(wide, [Line(wide)]))) == 4

    def test_the_left_side_beside_or_above(self):
        s = self.s
        assert any(row.strip().startswith(r"\pfy &= \pfz") for row in aligned(s.y, [Line(s.z, ("r",))]))
        wide = E((s.x.T @ s.w - s.y + s.t) ** 2) + E((s.n.T @ s.w) ** 2)
        rows = list(aligned(wide, [Line(s.z, ("r",))]))
        assert rows[1].strip().startswith("& ")
        assert rows[1].endswith(r"\\*")
        assert rows[2].strip() == r"&\quad = \pfz. &\quad& \pfReason{r}"

    def test_a_left_side_that_is_wider_than_all_lines_takes_no_room_from_the_reasons(self):
        s = self.s
        wide = sum(self.terms[1:], self.terms[0]) + self.terms[0] * self.terms[1]
        rows = list(aligned(wide, [Line(s.z, ("a reason",))]))
        assert rows[1].startswith(r"  & \pfWide{")
        assert formula_width(set_line(wide, "latex")) < TEXT_WIDTH
        rows = arranged(wide + wide, [Line(s.z, ("a reason",))]).left
        assert all(width_of(row.formula) < TEXT_WIDTH for row in rows)
        assert len(rows) > 1

    def test_a_formula_that_no_break_makes_fit_is_left_for_latex_to_complain_of(self):
        rows = "\n".join(aligned(self.s.y, [Line(product_of(self.s, 30), ("a reason",))]))
        assert r"\pfWide" not in rows

    def test_room_between_tall_rows_and_no_page_break_before_the_last(self):
        s = self.s
        tall, flat = Line(s.t / (s.alpha + 1), ("r",)), Line(s.z, ("r",))
        ends = [row.split("}")[-1].strip() for row in aligned(s.y, [tall, tall, tall, flat, flat])][1:-1]
        assert ends == [r"\\*[4pt]", r"\\[4pt]", r"\\", r"\\*", ""]

    def test_one_full_stop_and_no_row_after_the_last(self):
        rows = list(aligned(self.s.y, [Line(self.s.z, ("r",)), Line(self.s.t)]))
        assert rows[-2].strip() == r"&= \pft."
        assert rows[-1] == r"\end{alignat*}"

    def test_text_width_counts_words_and_formulas(self):
        assert text_width("definition") == pytest.approx(45.0, abs=0.5)
        assert text_width("of $x$") > text_width("of ") > 0
        assert TEXT_WIDTH == 360


def breakable_line(random):
    """A random line whose products are not wider than the page: only sums can be broken."""
    while True:
        line = scalar_line(random, random.choice([2, 3, 4]))
        if all(formula_width(row) <= TEXT_WIDTH - 60 for row in broken(line, TEXT_WIDTH - 60)):
            return line


def product_of(s, count):
    i = index("i", s.m)
    factors = [vector(f"v{number}", s.m)[i] for number in range(count)]
    line = factors[0]
    for factor in factors[1:]:
        line = line * factor
    return Sum(i, line)


class TestWrongCalls:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["nonsense"], "no identity is called 'nonsense'"),
            (["ensemble_eror"], "did you mean ensemble_error?"),
            (["--format", "word"], "there is no format 'word'; there is latex"),
            (["--format", ""], "there is no format ''"),
            (["--catalogue", "nowhere"], "nowhere is not a folder"),
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
            done = run("export", "-o", place)
            assert done.returncode == 2
            assert "out" in done.err
        assert (tmp_path / "out").read_text() == "mine"

    def test_a_folder_that_cannot_be_made(self):
        done = run("export", "-o", "/proc/nowhere/out")
        assert done.returncode == 2
        assert "cannot be written" in done.err

    def test_a_folder_where_a_file_should_be(self, tmp_path):
        (tmp_path / "ensemble_error.tex").mkdir()
        done = run("export", "-o", tmp_path)
        assert done.returncode == 2
        assert "ensemble_error.tex is a folder" in done.err
        assert [path.name for path in tmp_path.iterdir()] == ["ensemble_error.tex"]

    def test_a_file_of_ones_own_is_left_alone(self, tmp_path):
        (tmp_path / "proofsheet.tex").write_text("my own notes")
        done = run("export", "-o", tmp_path)
        assert done.returncode == 2
        assert "proofsheet.tex was not written by proofsheet export" in done.err
        assert [path.read_text() for path in tmp_path.iterdir()] == ["my own notes"]

    def test_identities_that_do_not_prove(self, tmp_path):
        scripts = tmp_path / "scripts"
        scripts.mkdir()
        folder(scripts, bad=WRONG_LINE, worse="raise SystemExit", good=GOOD)
        done = run("export", "--catalogue", scripts, "-o", tmp_path / "out")
        assert done.returncode == 1
        assert "bad, line 2 does not follow" in done.err
        assert "worse.py line 1" in done.err
        assert "nothing was written" in done.err
        assert not (tmp_path / "out").exists()

    def test_an_identity_called_like_the_document(self, tmp_path):
        scripts = tmp_path / "scripts"
        scripts.mkdir()
        done = run("export", "--catalogue", folder(scripts, proofsheet=GOOD), "-o", tmp_path / "out")
        assert done.returncode == 2
        assert "rename it" in done.err

    def test_a_full_disk_leaves_nothing_behind(self, tmp_path, monkeypatch):
        from pathlib import Path

        from proofsheet.errors import CallError
        from proofsheet.written_files import write_all

        original = Path.open

        def full(path, *arguments, **options):
            if "second" in path.name:
                raise OSError(28, "No space left on device", str(path))
            return original(path, *arguments, **options)

        (tmp_path / "first.tex").write_text("old")
        monkeypatch.setattr(Path, "open", full)
        with pytest.raises(CallError, match="No space left on device"):
            write_all({tmp_path / "first.tex": "new", tmp_path / "second.tex": "new"})
        assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"first.tex": "old"}
