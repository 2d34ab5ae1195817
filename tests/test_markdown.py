"""`proofsheet export --format markdown`: formulas that every reader of Markdown sets, and words that stay words."""

import re

import pytest
from markdown_it import MarkdownIt
from test_cli import GOOD, ROOT, folder, run
from test_export import AWKWARD

from proofsheet import proof
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.errors import CallError
from proofsheet.formats import markdown
from proofsheet.formats.options import Options
from proofsheet.notation.latex_words import latex_words
from proofsheet.notation.markdown_style import markdown_words, paragraph, protected
from proofsheet.notation.text import set_line
from proofsheet.render.latex_widths import formula_width

FORMULA = re.compile(r"\$\$\n(.+?)\n\$\$|\$([^$\n]+)\$", re.DOTALL)


def exported(tmp_path, *arguments):
    done = run("export", "--format", "markdown", *arguments, "-o", tmp_path)
    assert done.returncode == 0, done.err
    return {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}


def scripts(*names):
    return [read(entry) for entry in Catalogue(ROOT).select(names)]


def pages(*names, **options):
    return dict(markdown.files(scripts(*names), Options(**options)))


def survive(text):
    """The formulas of a page that CommonMark, which knows no dollars, hands on as they were written."""
    found, lost = [], []
    plain = "".join(token.content for block in MarkdownIt().parse(text) for token in block.children or ())
    for display, inline in FORMULA.findall(text):
        flat = (display or inline).replace("\\\\\n", "\\\n")
        (found if re.sub(r"\s", "", flat) in re.sub(r"\s", "", plain) else lost).append(display or inline)
    return found, lost


class TestFormulas:
    def test_commonmark_hands_every_formula_on(self, tmp_path):
        for name, text in exported(tmp_path).items():
            found, lost = survive(text)
            assert lost == [], name
            assert len(found) > (0 if name == "index.md" else 4) or name == "index.md"

    @pytest.mark.parametrize("eaten", [r"a\,b", r"\mathbf{x}_{i} \mathbf{y}_{j}", "[y](x)", r"w^*v^*", "a<b>c"])
    def test_the_check_can_fail_and_protection_helps(self, eaten):
        assert survive(f"see ${eaten}$ there")[1] or "<" in eaten
        assert survive(f"see ${protected(eaten)}$ there")[1] == []

    def test_nothing_that_a_reader_refuses(self, tmp_path):
        for text in exported(tmp_path).values():
            for display, inline in FORMULA.findall(text):
                formula = display or inline
                assert not re.search(
                    r"\\(operatorname|label|tag|mbox|phantom|newcommand|DeclareMath|rlap|lt|gt)\b", formula
                )
                assert not re.search(r"\\[^A-Za-z]", formula.replace("\\\\\n", "")), formula
                assert formula.count("{") == formula.count("}")
                assert len(re.findall(r"\\bigl|\\biggl", formula)) == len(re.findall(r"\\bigr|\\biggr", formula))
                assert "$" not in formula

    def test_displays_stand_alone(self, tmp_path):
        text = exported(tmp_path, "gaussian_noise_mse")["gaussian_noise_mse.md"]
        for opened in re.finditer(r"\$\$\n\\begin\{aligned\}", text):
            assert text[: opened.start()].endswith("\n\n")
        assert text.count("$$\n\\begin{aligned}") == text.count("\\end{aligned}\n$$\n\n") == 2

    def test_every_line_is_there(self):
        for name in Catalogue(ROOT).names:
            flat = re.sub(r" \\\\\n&\\qquad (\{\} )?", " ", pages(name)[f"{name}.md"])
            for line in proof(name).theorem.lines:
                assert protected(set_line(line, "latex")) in flat, (name, str(line))

    def test_rows_fit_a_page(self):
        for name in Catalogue(ROOT).names:
            for display, _ in FORMULA.findall(pages(name)[f"{name}.md"]):
                for row in display.split("\\\\\n"):
                    assert formula_width(row.split("&&")[0]) < 470, row
        narrow = pages("gaussian_noise_mse", width=300.0)["gaussian_noise_mse.md"]
        assert narrow.count("\\\\\n") > pages("gaussian_noise_mse")["gaussian_noise_mse.md"].count("\\\\\n")


class TestPage:
    def test_everything_is_said(self, tmp_path):
        text = exported(tmp_path, "ensemble_error")["ensemble_error.md"]
        for part in (
            "# Expected squared error of an ensemble of $n$ predictors\n",
            "Let $n$ be a positive integer, $v \\geq 0$ and $c \\in \\mathbb{R}$.",
            "- $\\mathbb{E}[\\varepsilon_{i}^{2}] = v$\n",
            "only where $-v/(n - 1) \\leq c \\leq v$",
            "\\varepsilon_{i} &:= \\hat{y} _ {i} - y",
            "\\text{linearity of } {\\mathbb{E}} \\text{, split the sum}",
            "## Corollary: uncorrelated errors",
            "\\text{the theorem with } {c = 0}",
            "slides “Ensembles”",
            "for every dimension: proved. By numbers: not checked for this page.",
        ):
            assert part in text, part

    def test_side_conditions_lemmas_and_index(self, tmp_path):
        files = exported(tmp_path)
        assert "- $w_{k} \\neq 0$" in files["l1_penalty_gradient.md"]
        assert "By SymPy, $A_{B}''(t)" in files["dropout_logistic_regression.md"]
        assert "proved modulo SymPy" in files["dropout_logistic_regression.md"]
        assert "for the Taylor remainder" in files["dropout_glm_penalty.md"]
        assert re.findall(r"\]\((\w+)\.md\)", files["index.md"]) == Catalogue(ROOT).names
        assert all("Written by proofsheet export" in text for text in files.values())

    def test_reasons_as_letters_and_not_at_all(self):
        text = pages("ensemble_error", reasons="letters")["ensemble_error.md"]
        assert "\\text{(a)}" in text
        assert "- (b) definition of $\\varepsilon$" in text
        assert "\\text{algebra}" not in text
        bare = pages("ensemble_error", reasons="none")["ensemble_error.md"]
        assert "definition of $" not in bare
        assert "&&" not in bare

    def test_some_lines(self):
        text = pages("gaussian_noise_mse", lines=(2, 9))["gaussian_noise_mse.md"]
        derivation = text.split("## Derivation")[1].split("##")[0]
        assert derivation.count("\\\\\n") >= 2
        assert "regroup" in derivation  # of a line that is left out, and needed for the last one
        assert derivation.count("&= ") == 1
        assert (
            "(Shown are the lines 2 and 9 of 9: each has the reasons of the lines left out before it; "
            "the derivation starts one line before.)" in derivation
        )
        with pytest.raises(CallError, match="there is no line 12; the derivation has the lines 1 to 9"):
            pages("gaussian_noise_mse", lines=(2, 12))
        with pytest.raises(CallError, match="one line alone is no derivation"):
            pages("gaussian_noise_mse", lines=(2,))
        assert "Shown are" not in pages("gaussian_noise_mse")["gaussian_noise_mse.md"]

    def test_same_input_same_bytes(self, tmp_path):
        assert exported(tmp_path / "one") == exported(tmp_path / "two")

    def test_an_identity_called_like_the_index(self, tmp_path):
        place = tmp_path / "scripts"
        place.mkdir()
        done = run("export", "--format", "markdown", "--catalogue", folder(place, index=GOOD), "-o", tmp_path / "out")
        assert done.returncode == 2
        assert "rename it" in done.err


class TestWords:
    def test_awkward_words(self, tmp_path):
        place = tmp_path / "scripts"
        place.mkdir()
        text = exported(tmp_path / "out", "--catalogue", folder(place, awkward=AWKWARD))["awkward.md"]
        assert survive(text)[1] == []
        assert "naïve \\{braces\\} 中" in text
        assert "&#36;" in text
        assert "Müller &amp; Søn (1999), $100%" not in text
        assert "- (b) 100\\% independent of" in text  # its words need a backslash, so that no \text can hold them

    def test_signs_of_markdown_are_words(self):
        for words in ("a_b_c *so* `x` [y](z) #1 <b> &amp; 5 $ | 2^3 ~q~ {x} \\n @me", "**E** __w__ ~~no~~ ==yes=="):
            inline = MarkdownIt().parse(markdown_words(words))[1]
            assert {child.type for child in inline.children} == {"text"} or "$" in markdown_words(words)
            assert "".join(child.content for child in inline.children).replace(" ", "") == words.replace(" ", "")

    @pytest.mark.parametrize("words", ["1. one", "2) two", "- three", "+ four", "=====", "---"])
    def test_a_paragraph_is_no_list(self, words):
        assert MarkdownIt().parse(paragraph(markdown_words(words)))[0].type == "paragraph_open"
        assert MarkdownIt().parse(paragraph(markdown_words(words)))[1].content.replace("\\", "") == words

    def test_formulas_among_words(self):
        assert markdown_words("x_i & α‖w‖² more") == "x\\_i &amp; $\\alpha \\Vert w\\Vert^{2}$ more"
        assert "^{-1}" in latex_words("(XᵀX + λI)⁻¹w")  # one superscript and not two
