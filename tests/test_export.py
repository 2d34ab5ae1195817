"""`proofsheet export --format latex`: what it writes compiles, fits the page, and is written whole or not at all."""

import re
import subprocess
from random import Random

import pytest
from expressions import s as noise
from expressions import scalar as scalar_line
from latex_log import compiled
from test_cli import GOOD, ROOT, WRONG_LINE, folder, run
from test_latex import LINES
from vocabulary import noise_setting

from proofsheet import E, Sum, index, moment, norm2, proof, vector
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.notation.text import set_line
from proofsheet.render.latex import document, fragment
from proofsheet.render.latex_layout import TEXT_WIDTH, Line, aligned, broken
from proofsheet.render.latex_widths import formula_width, text_width
from proofsheet.render.reasons import describe_reason

needs_latex = pytest.mark.needs("pdflatex")

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


class TestWhatIsWritten:
    def test_one_fragment_an_identity_and_a_document(self, tmp_path):
        names = Catalogue(ROOT).names
        files = exported(tmp_path)
        assert set(files) == {*(f"{name}.tex" for name in names), "proofsheet.tex"}
        assert re.findall(r"\\input\{(\w+)\}", files["proofsheet.tex"]) == names
        assert "\\usepackage{amsmath,amssymb}" in files["proofsheet.tex"]
        assert all(text.isascii() for text in files.values())

    def test_everything_that_derive_prints_is_there(self, tmp_path):
        text = exported(tmp_path, "ensemble_error")["ensemble_error.tex"]
        flat = " ".join(text.split())
        for part in (
            r"\paragraph{Expected squared error of an ensemble of $n$ predictors.}",
            r"Let $n$ be a positive integer, $v \geq 0$ and $c \in \mathbb{R}$.",
            r"Let $\hat{\mathbf{y}} \in \mathbb{R}^{n}$ and $y \in \mathbb{R}$ be random.",
            r"Throughout, $i, j = 1, \ldots, n$.",
            r"$\mathbb{E}[\varepsilon_{i} \varepsilon_{j}] = c$ for~$i \neq j$",
            r"only where $-v/(n - 1) \leq c \leq v$",
            r"Define $\varepsilon_{i} := \hat{y}_{i} - y$",
            r"&\quad = \frac{v}{n} + \frac{(n - 1) c}{n}. && \text{collect}",
            r"\text{linearity of $\mathbb{E}$, split the sum}",
            r"\paragraph{Corollary (uncorrelated errors).}",
            r"\text{the theorem with $c = 0$}",
            "Whitehill (CS/DS 541, class 14), slides ``Ensembles''",
        ):
            assert part in flat, part

    def test_every_line_of_every_theorem_is_there(self, tmp_path):
        files = exported(tmp_path)
        for name in Catalogue(ROOT).names:
            flat = re.sub(
                r"\s*\\\\\*?(\[4pt\])?\s*&\\q?quad(\\quad|\\qquad)?\s*(?:\{\})?|\s+", " ", files[f"{name}.tex"]
            )
            for line in proof(name).theorem.lines:
                assert set_line(line, "latex") in re.sub(" +", " ", flat.replace("&", " ")), (name, str(line))

    def test_side_conditions_lemmas_and_remainders(self, tmp_path):
        files = {name: " ".join(text.split()) for name, text in exported(tmp_path).items()}
        assert "Suppose that $w_{k} \\neq 0$." in files["l1_penalty_gradient.tex"]
        assert "By SymPy, $A_{B}''(t) = \\sigma(t) (1 - \\sigma(t))$." in files["dropout_logistic_regression.tex"]
        assert "for the Taylor remainder" in files["dropout_glm_penalty.tex"]
        assert r"&\geq 0." in files["l1_penalty_gradient.tex"]

    def test_reasons_that_are_not_needed(self):
        script = read(Catalogue(ROOT).select(["gaussian_noise_mse"])[0])
        from proofsheet import algebra, linearity, prove, scalar

        a = scalar("a")
        text = fragment("square", "Square.", prove(a * a, (a**2, algebra, linearity)), {"same": script.theorem})
        assert r"(Line~2 does not need linearity of $\mathbb{E}$.)" in text
        assert r"\paragraph{Square.}" in text

    def test_same_input_same_bytes(self, tmp_path):
        assert exported(tmp_path / "one") == exported(tmp_path / "two")
        assert exported(tmp_path / "one") == exported(tmp_path / "two")  # over the files of the first time

    def test_json(self, tmp_path):
        import json

        found = json.loads(run("export", "ensemble_error", "--json", "-o", tmp_path).out)
        assert found["files"] == [str(tmp_path / "ensemble_error.tex"), str(tmp_path / "proofsheet.tex")]

    def test_a_name_twice_is_one(self, tmp_path):
        assert len(exported(tmp_path, "ensemble_error", "ensemble_error")) == 2


class TestOnPaper:
    @needs_latex
    def test_the_catalogue(self, tmp_path):
        exported(tmp_path)
        compiled(tmp_path / "proofsheet.tex")

    @needs_latex
    def test_awkward_words_and_long_lines(self, tmp_path):
        scripts = tmp_path / "scripts"
        scripts.mkdir()
        exported(tmp_path / "out", "--catalogue", folder(scripts, awkward=AWKWARD))
        compiled(tmp_path / "out" / "proofsheet.tex")

    @needs_latex
    @pytest.mark.parametrize("seed", range(4))
    def test_random_derivations(self, seed, tmp_path):
        random = Random(seed)
        reasons = [
            "expand",
            r"linearity of $\mathbb{E}$",
            describe_reason(moment(E(noise.n @ noise.n.T), noise.S), "latex"),
        ]
        rows = []
        for _ in range(50):
            left, *others = (breakable_line(random) for _ in range(random.randint(2, 5)))
            rows += aligned(
                left, [Line(one, ", ".join(random.sample(reasons, random.choice([1, 1, 2])))) for one in others]
            )
        (tmp_path / "proofsheet.tex").write_text(document(["random"]))
        (tmp_path / "random.tex").write_text("\n".join(rows))
        compiled(tmp_path / "proofsheet.tex")

    @needs_latex
    def test_the_compilation_can_fail(self, tmp_path):
        (tmp_path / "proofsheet.tex").write_text(document(["wide"]))
        for body, complaint in (
            (r"\[" + "x + " * 60 + r"x \]", "Overfull"),
            (r"see \ref{nowhere}", "undefined"),
            (r"\nonsense", "Undefined control sequence"),
        ):
            (tmp_path / "wide.tex").write_text(body)
            with pytest.raises(AssertionError, match=complaint):
                compiled(tmp_path / "proofsheet.tex")

    @needs_latex
    def test_estimated_widths(self, tmp_path):
        """Never more than 4 points below what LaTeX measures, and never more than 8 points and a tenth above."""
        sources = [set_line(line, style) for line, _ in LINES for style in ("latex", "latex in text")]
        sources += [set_line(line, "latex") for name in Catalogue(ROOT).names for line in proof(name).theorem.lines]
        rows = [rf"\setbox0=\hbox{{$\displaystyle {source}$}}\typeout{{WIDTH \the\wd0}}" for source in sources]
        (tmp_path / "w.tex").write_text(
            "\n".join([document([]).replace(r"\end{document}", ""), *rows, r"\end{document}"])
        )
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "w.tex"], cwd=tmp_path, capture_output=True, check=True
        )
        measured = [float(points) for points in re.findall(rb"WIDTH ([\d.]+)pt", done.stdout)]
        assert len(measured) == len(sources) > 150
        for source, width in zip(sources, measured, strict=True):
            assert width - 4 <= formula_width(source) <= 1.1 * width + 8, source


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
        short = Line(s.y + s.z, "short")
        assert r"\text{short}" in "\n".join(aligned(s.z + s.y, [short]))
        wordy = Line(E((s.x.T @ s.w - s.y) ** 2) + E((s.n.T @ s.w) ** 2) + s.t, "a reason of many words, " * 5)
        assert r"\parbox[t]" in "\n".join(aligned(s.z + s.y, [wordy]))
        whole = "$" + " + ".join("abcdefgh") + " + " + " + ".join("abcdefg") + "$"
        assert r"\makebox" in "\n".join(aligned(s.z + s.y, [Line(wordy.node, whole)]))
        assert r"\rlap" in "\n".join(aligned(s.y, [Line(product_of(s, 16), "a reason that is not so short")]))

    def test_the_left_side_beside_or_above(self):
        s = self.s
        assert any(row.strip().startswith("y &= z") for row in aligned(s.y, [Line(s.z, "r")]))
        wide = E((s.x.T @ s.w - s.y + s.t) ** 2) + E((s.n.T @ s.w) ** 2)
        rows = list(aligned(wide, [Line(s.z, "r")]))
        assert rows[1].strip().startswith("& ")
        assert rows[1].endswith(r"\\*")
        assert rows[2].strip() == r"&\quad = z. && \text{r}"

    def test_a_left_side_that_is_wider_than_all_lines_takes_no_room_from_the_reasons(self):
        s = self.s
        wide = sum(self.terms[1:], self.terms[0]) + self.terms[0] * self.terms[1]
        rows = list(aligned(wide, [Line(s.z, "a reason")]))
        assert rows[1].startswith(r"  & \rlap{$\displaystyle ")
        assert formula_width(set_line(wide, "latex")) < TEXT_WIDTH
        rows = list(aligned(wide + wide, [Line(s.z, "a reason")]))
        assert all(formula_width(row.split("&")[1]) < TEXT_WIDTH for row in rows[1:-2])
        assert len(rows) > 4

    def test_a_formula_that_no_break_makes_fit_is_left_for_latex_to_complain_of(self):
        rows = "\n".join(aligned(self.s.y, [Line(product_of(self.s, 30), "a reason")]))
        assert r"\rlap" not in rows

    def test_room_between_tall_rows_and_no_page_break_before_the_last(self):
        s = self.s
        tall, flat = Line(s.t / (s.alpha + 1), "r"), Line(s.z, "r")
        ends = [row.split("}")[-1].strip() for row in aligned(s.y, [tall, tall, tall, flat, flat])][1:-1]
        assert ends == [r"\\*[4pt]", r"\\[4pt]", r"\\", r"\\*", ""]

    def test_one_full_stop_and_no_row_after_the_last(self):
        rows = list(aligned(self.s.y, [Line(self.s.z, "r"), Line(self.s.t, "")]))
        assert rows[-2].strip() == "&= t."
        assert rows[-1] == r"\end{align*}"

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
