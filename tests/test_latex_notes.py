"""What a lecturer may choose of LaTeX: lines, reasons, notes, theorems, numbers, widths, one whole document."""

import re
import subprocess

import pytest
from latex_log import compiled
from test_cli import ROOT
from test_export import needs_latex
from test_latex_macros import written

from proofsheet.catalogue import Catalogue
from proofsheet.errors import CallError
from proofsheet.render.latex import label

NAME = "gaussian_noise_mse"


def flat(text):
    return " ".join(text.split())


def fragment(name=NAME, **options):
    return flat(written(name, **options)[f"{name}.tex"])


class TestLines:
    def test_reasons_of_lines_left_out_stand_at_the_next_line(self):
        text = fragment(lines=(1, 3, 9))
        assert r"\pfReason{definition of $\tilde{\pfVector{\pfx}}$, expand}" in text
        rest = text.split("expand}", 1)[1]
        for reason in (r"regroup", r"linearity of $\pfMeanName$", r"definition of $\pff$", "collect"):
            assert rest.count(reason) == 1
        assert "Shown are the lines 1, 3 and 9 of 9: each has the reasons of the lines left out before it." in text

    def test_ends_that_are_not_shown_are_told(self):
        text = fragment(lines=(3, 4, 5))
        assert "Shown are the lines 3 to 5 of 9: the derivation starts 2 lines before and it goes on to line 9." in text
        assert "definition of $\\tilde" not in text

    def test_an_inequality_among_the_lines_left_out_makes_one(self):
        from proofsheet import algebra, nonnegative, prove, scalar
        from proofsheet.render.sheet import sheet
        from proofsheet.render.shown_lines import shown

        a = scalar("a")
        theorem = prove(a * a, (a**2, algebra), (0, nonnegative))
        page = sheet("square", "Square.", theorem, {})
        assert shown(page.theorem, (1, 3)).rows[0].relation == "≥"
        assert shown(page.theorem, (1, 2)).rows[0].relation == "="

    def test_all_lines_need_no_remark(self):
        assert "Shown" not in fragment()
        assert fragment(lines=tuple(range(1, 10))) == fragment()

    @pytest.mark.parametrize(("lines", "message"), [((1, 12), "there is no line 12"), ((2,), "two lines or more")])
    def test_lines_that_are_none(self, lines, message):
        with pytest.raises(CallError, match=message):
            fragment(lines=lines)


class TestReasons:
    def test_letters(self):
        text = fragment("ensemble_error", reasons="letters")
        assert r"\overset{\text{(b)}}{=}" in text
        assert r"(b)~definition of $\pfeps$; (c)~linearity of $\pfMeanName$;" in text
        assert r"\pfReason{" not in text

    def test_none(self):
        text = fragment(reasons="none")
        assert r"\pfReason" not in text
        assert r"\begin{alignat*}{1}" in text


class TestNotes:
    ASSUMED = r"Assume that $\pfVector{\pfn} \perp (\pfVector{\pfx}, \pfy)$"
    VERDICT = "Proved by proofsheet: its kernel checked each of the 8 steps."

    def test_by_default_what_is_assumed_stands_in_the_text_and_the_verdict_in_a_note(self):
        text = fragment()
        assert rf"\pfNote{{{self.VERDICT}}}" in text
        assert text.count(self.ASSUMED) == 1
        assert self.ASSUMED not in text.split(r"\pfNote", 1)[1]

    @pytest.mark.parametrize("notes", ["footnote", "margin"])
    def test_all_in_a_note_which_can_be_switched_off(self, notes):
        text = fragment(notes=notes)
        assert rf"\pfNote{{{self.ASSUMED}" in text
        assert rf"\pfWithoutNotes{{{self.ASSUMED}" in text

    def test_without_the_verdict_what_is_assumed_stays(self):
        text = fragment(notes="none")
        assert self.ASSUMED in text
        assert "Proved" not in text
        assert r"\pfNote" not in text

    def test_what_sympy_found_is_told(self):
        text = fragment("dropout_logistic_regression")
        assert "Proved by proofsheet modulo SymPy: its kernel checked each of the 2 steps" in text
        assert "given what SymPy found" in text

    @needs_latex
    @pytest.mark.parametrize("switch", [True, False])
    def test_switched_off_in_latex(self, switch, tmp_path):
        for name, text in written(NAME, notes="footnote").items():
            off = text.replace(r"\begin{document}", r"\pfNotesfalse\begin{document}") if switch else text
            (tmp_path / name).write_text(off)
        shown = r"\renewcommand{\pfWithoutNotes}[1]{\ifpfNotes\else\typeout{IN TEXT}#1\fi}\begin{document}"
        document = tmp_path / "proofsheet.tex"
        document.write_text(document.read_text().replace(r"\begin{document}", shown))
        assert ("IN TEXT" in compiled(tmp_path / "proofsheet.tex")) == switch


class TestLabels:
    def test_of_identities_and_of_lines(self):
        text = written(NAME, numbers=True, lines=(1, 3, 5))[f"{NAME}.tex"]
        assert re.findall(r"\\label\{(\S+)\}", text) == [f"proofsheet:{NAME}", f"eq:{NAME}:3", f"eq:{NAME}:5"]
        assert rf"\label{{eq:{NAME}:5}}" in written(NAME, numbers=True)[f"{NAME}.tex"]

    def test_of_awkward_names(self):
        assert label("eq", "a_b", "50 %") == "eq:a_b:50-20--25-"
        assert label("a-b") != label("a_b") != label("a b")


class TestTheorem:
    def test_statement_and_proof(self):
        text = fragment("ensemble_error", theorem=True)
        head = r"\begin{pftheorem}[{Expected squared error of an ensemble of $n$ predictors}] \label{proofsheet:ensemble_error}"
        assert head in text
        statement, proof = text.split(r"\begin{pfproof}")[:2]
        assert r"\pfReason" not in statement
        assert r"\frac{\pfv}{\pfn} + \frac{(\pfn - 1) \pfc}{\pfn}." in statement
        assert r"\pfReason{collect} \pfQedHere" in proof
        assert text.count(r"\begin{pfcorollary}") == text.count(r"\end{pfcorollary}") == 2

    def test_the_statement_is_whole_whichever_lines_are_shown(self):
        whole, part = (fragment("ensemble_error", theorem=True, lines=lines) for lines in (None, (4, 6)))
        assert part.split(r"\end{pftheorem}")[0] == whole.split(r"\end{pftheorem}")[0]
        assert "Shown are the lines 4 and 6 of 7" in part.split(r"\end{pfproof}")[0]

    @needs_latex
    @pytest.mark.parametrize("package", ["", r"\usepackage{amsthm}"])
    @pytest.mark.parametrize("reasons", ["column", "letters"])
    def test_with_and_without_amsthm(self, package, reasons, tmp_path):
        for name, text in written("ensemble_error", NAME, theorem=True, reasons=reasons).items():
            (tmp_path / name).write_text(text.replace(r"\allowdisplaybreaks", package + r"\allowdisplaybreaks"))
        compiled(tmp_path / "proofsheet.tex")

    @pytest.mark.needs("pdflatex", "pdftotext")
    @pytest.mark.parametrize("reasons", ["column", "letters"])
    def test_each_proof_ends_with_one_sign(self, reasons, tmp_path):
        sign = r"\usepackage{amsthm}\renewcommand{\qedsymbol}{QED}"
        proofs = 0
        for name, text in written("ensemble_error", NAME, theorem=True, reasons=reasons).items():
            proofs += text.count(r"\begin{pfproof}")
            (tmp_path / name).write_text(text.replace(r"\allowdisplaybreaks", sign + r"\allowdisplaybreaks"))
        compiled(tmp_path / "proofsheet.tex")
        words = subprocess.run(
            ["pdftotext", "proofsheet.pdf", "-"], cwd=tmp_path, capture_output=True, check=True
        ).stdout
        assert words.split().count(b"QED") == proofs == 4


class TestDocuments:
    @needs_latex
    @pytest.mark.parametrize(
        "options",
        [
            {"theorem": True, "numbers": True},
            {"theorem": True, "reasons": "none"},
            {"width": 240.0, "theorem": True},
            {"width": 240.0, "theorem": True, "reasons": "letters"},
        ],
        ids=str,
    )
    def test_the_whole_catalogue(self, options, tmp_path):
        for name, text in written(*Catalogue(ROOT).names, **options).items():
            (tmp_path / name).write_text(text)
        compiled(tmp_path / "proofsheet.tex")

    @needs_latex
    @pytest.mark.parametrize(
        "options", [{}, {"theorem": True, "notes": "margin", "reasons": "letters"}, {"numbers": True}]
    )
    def test_a_whole_document(self, options, tmp_path):
        files = written("ensemble_error", NAME, "dropout_glm_penalty", standalone=True, **options)
        assert set(files) == {"proofsheet.tex", "proofsheet.bib"}
        assert files["proofsheet.tex"].isascii()
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        compiled(tmp_path / "proofsheet.tex")
        assert "Citation" not in compiled(tmp_path / "proofsheet.tex")

    def test_conventions_are_of_what_occurs(self):
        text = written("ensemble_error", standalone=True)["proofsheet.tex"]
        assert "ordered pairs of distinct indices" in text
        assert "is the expectation of" in text
        assert "transpose" not in text
        assert "drop probability" not in text
        assert "drop probability" in written("dropout_glm_penalty", standalone=True)["proofsheet.tex"]
        assert "keep probability" in written("dropout_linear_regression", standalone=True)["proofsheet.tex"]

    @needs_latex
    def test_for_a_narrow_column(self, tmp_path):
        names = ("ensemble_error", NAME, "dropout_glm_penalty", "dropout_logistic_regression")
        for name, text in written(*names, width=240.0).items():
            (tmp_path / name).write_text(text)
        compiled(tmp_path / "proofsheet.tex")

    def test_a_width_that_nothing_fits(self):
        for width in (20.0, float("nan")):
            with pytest.raises(CallError, match="too narrow"):
                fragment(width=width)

    def test_same_input_same_text(self):
        assert written(NAME, standalone=True) == written(NAME, standalone=True)
