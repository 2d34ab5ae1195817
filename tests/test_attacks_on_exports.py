"""Attacks on the exports: what they could say that is not so, or leave out, and sources that break what is written."""

import re
import subprocess

import pytest
from test_cli import folder, run
from test_notation_map import written as notation
from test_site import Parsed

from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.errors import CallError, ScriptError
from proofsheet.export import export
from proofsheet.formats import notebook
from proofsheet.formats.options import Options
from proofsheet.notation_map import read_map, refuse_unfit
from proofsheet.render.bibliography import bibtex, citations, works_of

needs_latex = pytest.mark.needs("pdflatex")
PAPER = {"latex": "x.tex", "beamer": "x-slides.tex", "markdown": "x.md", "typst": "x.typ"}
HEAD = '"""Something."""\nfrom proofsheet import *\n'
NAMED = HEAD + (
    'a, y = parameter("a"), random_scalar("y")\nmean = moment(E(y), 0, called="the centring")\n'
    "theorem = prove(E(a * y), (a * E(y), linearity), (a * 0, mean), (0, collect))\n"
)
COROLLARY = HEAD + (
    'a, y, z = parameter("a"), random_scalar("y"), random_scalar("z")\n'
    "theorem = prove(E(a * y), (a * E(y), linearity), (a * 0, moment(E(y), 0)), (0, collect))\n"
    "corollaries = {NAME: prove(E(a * z), (0, linearity, moment(E(z), 0)))}\n"
)
DENSITY = HEAD + (
    'T, t, A = random_scalar("T"), scalar("PARAMETER"), function("A")\n'
    "theorem = prove(E(T), (A.prime(t), exponential_family(T, t, A), linearity))\n"
)
ACCENTS = HEAD + (
    'm = dimension("m")\nx, w = random_vector("x_tilde_hat", m), vector("w_hat", m)\n'
    "theorem = prove(E(x.T @ w), (E(x.T) @ w, linearity))\n"
)
CHAIN = HEAD + (
    'a, y, z = parameter("a", positive=True), random_scalar("y"), random_scalar("z")\n'
    "my, mz, ind = moment(E(y), 1), moment(E(z), 2), independent(y, z)\n"
    "theorem = prove(E(a * y * z + a * y) / a, (E(y * z + y), linearity), (E(y * z) + E(y), linearity),\n"
    "    (E(y) * E(z) + E(y), ind), (2 + E(y), my, mz), (2 + 1, my, mz))\n"
)
MATRIX = HEAD + ('m = dimension("m")\nv = random_vector("v", m)\ntheorem = prove(E(v.T @ v), (E(norm2(v)), collect))\n')


def script(tmp_path, text, name="x"):
    tmp_path.mkdir(parents=True, exist_ok=True)
    place = folder(tmp_path, **{name: text})
    (entry,) = Catalogue(place).select([name])
    return read(entry).derived_again()


def exported(tmp_path, text, form, **options):
    one = script(tmp_path, text)
    place = tmp_path / form
    export([one], form, place, Options(**options))
    return {path.name: path.read_text(encoding="utf-8") for path in place.iterdir() if path.is_file()}


class TestAssumptions:
    @pytest.mark.parametrize(("form", "name"), PAPER.items())
    def test_one_with_a_name_of_its_own_is_told_in_full(self, form, name, tmp_path):
        text = " ".join(exported(tmp_path, NAMED, form)[name].split())
        mean = {"latex": r"$\pfMean{\pfy} = 0$", "beamer": r"$\pfMean{\pfy} = 0$", "typst": "$EE[y] = 0$"}
        assert mean.get(form, r"$\mathbb{E}[y] = 0$") + " (the centring)" in text

    def test_on_a_page_of_a_site(self, tmp_path):
        page = Parsed(exported(tmp_path, NAMED, "html", layers=("proof",))["x.html"])
        assert re.search(r"Assumptions 𝔼 \S* ?\[ y \] = 0 \(the centring\)", page.text), page.text

    @pytest.mark.parametrize(("parameter", "density"), [("theta", r"h(t) \exp(\theta t - A(\theta))"),
                                                        ("t", "h(s) \\exp(t s - A(t))"), ("h", "k(t) \\exp(h t - A(h))")])  # fmt: skip
    def test_what_a_density_binds_is_no_parameter(self, parameter, density, tmp_path):
        text = exported(tmp_path, DENSITY.replace("PARAMETER", parameter), "markdown")["x.md"]
        assert f"- $T$ has density ${density}$" in text

    def test_what_a_density_binds_does_not_look_like_one_either(self, tmp_path):
        chosen = read_map(notation(tmp_path, "[symbols]\ntheta = 't'"))
        text = exported(tmp_path, DENSITY.replace("PARAMETER", "theta"), "markdown", spellings=chosen)["x.md"]
        assert r"- $T$ has density $h(s) \exp(t s - A(t))$" in text


class TestCorollaries:
    @pytest.mark.parametrize("name", ["'x'", "''", "' '", "'_'", "3", "None"])
    def test_findings_cannot_be_told_apart_by_such_a_name(self, name, tmp_path):
        with pytest.raises(ScriptError, match=r"x: a corollary has a name of its own, which .* is not"):
            script(tmp_path, COROLLARY.replace("NAME", name))

    def test_names_that_read_alike_keep_their_cards(self, tmp_path):
        two = COROLLARY.replace("NAME:", "'a_b':").replace(
            "(E(z), 0)))}",
            "(E(z), 0))), 'a b': prove(E(z + y), (E(z) + E(y), linearity), (1 + E(y), moment(E(z), 1)), (1, moment(E(y), 0)))}",
        )
        page = exported(tmp_path, two, "html", layers=("proof", "cards"), plots=False)["x.html"]
        cards = re.findall(r'<article class="card".*?</article>', page, re.DOTALL)
        links = [re.findall(r'href="#(.*?)line-', one) for one in cards if "in the corollary" in one]
        assert links == [["corollary-a-b-"], ["corollary-a-b-2-"], ["corollary-a-b-2-"]]


class TestChosenLines:
    @pytest.mark.parametrize("form", ["markdown", "typst", "latex", "beamer"])
    def test_what_is_missing_is_said_and_later_lines_are_not_remarked_on(self, form, tmp_path):
        texts = [
            " ".join(exported(tmp_path / str(len(lines)), CHAIN, form, lines=lines)[PAPER[form]].split())
            for lines in ((1, 4, 5), (1, 2, 3, 4, 5, 6))
        ]
        missing = "Shown are the lines 1, 4 and 5 of 6: each has the reasons of the lines left out before it; the derivation goes on to line 6."
        assert [missing in text.replace("\\.", ".") for text in texts] == [True, False]
        assert ["Line" in text and "6 does not need" in text for text in texts] == [False, True]

    def test_a_reason_of_several_lines_stands_once(self, tmp_path):
        text = exported(tmp_path, CHAIN, "markdown", lines=(1, 4, 5), reasons="letters")["x.md"]
        assert r"- (a) linearity of $\mathbb{E}$, $y \perp z$" in text

    def test_a_notebook_takes_lines_and_its_cells_have_no_options(self, tmp_path):
        assert {"lines", "reasons", "width"} == notebook.OPTIONS
        assert "OPTIONS" not in notebook.CHECK
        assert (
            run("export", "gaussian_noise_mse", "--format", "notebook", "--lines", "1,9", "-o", tmp_path).returncode
            == 0
        )


class TestSources:
    @pytest.mark.parametrize("title", ["A } B", "A }}, note = {x", "{A", "A {b} c", "}, @misc{x,"])
    def test_braces_of_a_title_do_not_end_a_field(self, title):
        depth, lowest = 0, 9
        text = bibtex(works_of(citations([f"Evil (2001), {title}"]).values()), "% x")
        (row,) = re.findall(r"^  title = (.*),$", text, re.MULTILINE)
        for place, glyph in enumerate(row):  # BibTeX counts those behind a backslash too
            depth += {"{": 1, "}": -1}.get(glyph, 0)
            lowest = min(lowest, depth) if place < len(row) - 1 else lowest
        assert (depth, lowest) == (0, 1)


class TestNotation:
    @pytest.mark.parametrize(
        ("target", "text"),
        [
            *(("tex", text) for text in (r"\mathbb{E}", r"\mathrm{E}", r"\mathbf{I}", r"\mathrm{2}", r"\mathbf{0}", r"\mathbb{R}",
                                         r"\operatorname{tr}", r"\mathrm{Var}", r"\operatorname{exp}")),
            *(("typst", text) for text in ("2", "w + x", "a b", "x^2", "x^(2)", "bb(E)", "bold(I)", "upright(bold(0))", "x,y")),
        ],
    )  # fmt: skip
    def test_what_would_read_like_something_else(self, target, text, tmp_path):
        with pytest.raises(CallError, match=rf"symbols\.a\.{target}: "):
            read_map(notation(tmp_path, f"[symbols]\na = {{ {target} = '{text}' }}"))

    @pytest.mark.parametrize(
        ("target", "text"),
        [("tex", r"\mathbb{P}"), ("tex", r"\mathcal{E}"), ("tex", r"\mathrm{loss}"), ("tex", "E"), ("typst", 'x^"old"'),
         ("typst", "hat(x)_(i j)"), ("typst", "w^star"), ("typst", "theta_1"), ("typst", "bold(q)")],
    )  # fmt: skip
    def test_what_is_a_name(self, target, text, tmp_path):
        assert read_map(notation(tmp_path, f"[symbols]\na = {{ {target} = '{text}' }}")).of("a", target) == text

    def test_a_number_that_looks_like_a_vector(self, tmp_path):
        text = MATRIX.replace(
            "theorem = prove(E(v.T @ v), (E(norm2(v))",
            'a = parameter("a")\ntheorem = prove(E(a * v.T @ v), (E(a * norm2(v))',
        )
        one = script(tmp_path, text)
        with pytest.raises(CallError, match=r"in x: v and a would look alike in tex: \\mathbf\{v\}"):
            refuse_unfit(read_map(notation(tmp_path, "[symbols]\na = { tex = '\\mathbf{v}' }")), [one])
        refuse_unfit(read_map(notation(tmp_path, "[symbols]\na = { tex = '\\mathbf{u}' }")), [one])

    def test_every_symbol_stays_a_macro(self, tmp_path):
        chosen = read_map(notation(tmp_path, "[symbols]\nv = { tex = '\\theta^*' }"))
        files = exported(tmp_path, MATRIX, "latex", spellings=chosen)
        assert r"\pfVector{\pfv}" in files["x.tex"]
        assert "theta" not in files["x.tex"]
        assert re.search(r"\\providecommand\{\\pfv\}\{\{+\\theta\^\{\*\}\}+", files["proofsheet-macros.tex"])


class TestWithLatex:
    @staticmethod
    def compiled(place, name):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", name],
            cwd=place,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout.decode(errors="replace")[-1500:]

    def mine(self, place, *names):
        inputs = "".join(rf"\input{{{name}}}" for name in names)
        text = rf"\documentclass{{article}}\usepackage{{amsmath}}\input{{proofsheet-macros}}\begin{{document}}{inputs}\end{{document}}"
        (place / "mine.tex").write_text(text)
        self.compiled(place, "mine.tex")

    @needs_latex
    def test_two_accents_over_a_vector(self, tmp_path):
        exported(tmp_path, ACCENTS, "latex")
        self.mine(tmp_path / "latex", "x")

    @needs_latex
    def test_macros_of_an_earlier_export_stay(self, tmp_path):
        one, other = script(tmp_path / "a", MATRIX, "one"), script(tmp_path / "b", NAMED, "other")
        for each in (one, other):
            export([each], "latex", tmp_path / "out")
        export([other], "beamer", tmp_path / "out")
        self.mine(tmp_path / "out", "one", "other")

    def test_macros_of_files_of_ones_own_are_no_concern(self, tmp_path):
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "own.tex").write_text(r"$\pfNamefoo$")
        export([script(tmp_path / "b", NAMED, "other")], "latex", tmp_path / "out")
        assert "pfNamefoo" not in (tmp_path / "out" / "proofsheet-macros.tex").read_text()
