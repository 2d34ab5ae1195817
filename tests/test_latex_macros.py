"""Fragments through macros: each symbol has its own, the file defines those that are used, and a document's own win."""

import re
import subprocess
from random import Random

import pytest
from latex_log import compiled
from test_cli import ROOT
from test_export import needs_latex

from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.formats import latex
from proofsheet.formats.options import Options
from proofsheet.notation.latex_macros import letters_of, symbol_macro
from proofsheet.notation.spellings import Spellings, spelled
from proofsheet.notation.styles import STYLES
from proofsheet.render.latex_macro_file import macro_file, used_macros


def written(*names, **options):
    chosen = Options(**options)
    with spelled(chosen.spellings):
        return dict(latex.files([read(one) for one in Catalogue(ROOT).select(names)], chosen))


class TestNames:
    def test_of_symbols(self):
        names = ["w", "lam", "lambda", "loss", "x_tilde", "a1b"]
        macros = ["pfw", "pflam", "pflambda", "pfNameloss", "pfNamexMarktilde", "pfNameaOneb"]
        assert [symbol_macro(name) for name in names] == macros

    def test_different_symbols_have_different_macros(self):
        random, parts = Random(1), ["One", "1", "Plain", "Code", "Mark", "_", "a", "B", "é", "7"]
        names = {"".join(random.choices(parts, k=random.randint(1, 6))) for _ in range(3000)}
        macros = {symbol_macro(name): name for name in names}
        assert len(macros) == len(names)
        assert all(re.fullmatch("[A-Za-z]+", macro) for macro in macros)
        assert all(letters_of(macro) == name for macro, name in macros.items())

    def test_other_macros_stand_for_no_symbol(self):
        assert [letters_of(macro) for macro in ("pfMean", "pfVector", "pfTop", "pfName")] == [None] * 4

    def test_in_words_of_an_author(self):
        words = STYLES["latex macros"].words
        assert (
            words("the norm E‖w‖² ∈ ℝ of wᵀx")
            == r"the norm $\pfMeanName\Vert w\Vert^{2} \in \pfReals$ of $w^{\pfTop}x$"
        )
        assert words("ℝᵐ × ℝx") == r"$\pfReals^{m} \times \pfReals x$"


class TestTheFile:
    def test_only_what_is_used_in_order_and_once(self):
        text = macro_file([r"$\pfMean{\pfVector{\pfw}} + \pfb$"], "% W")
        defined = re.findall(r"\\providecommand\{\\(\w+)\}", text)
        assert defined == ["pfb", "pfw", "pfVector", "pfMeanName", "pfMeanOpen", "pfMeanClose", "pfMean"]

    @pytest.mark.parametrize("name", Catalogue(ROOT).names)
    def test_every_macro_of_a_fragment_is_defined(self, name):
        files = written(name)
        known = {*re.findall(r"\\(pf\w+)", files["proofsheet-macros.tex"])}
        assert used_macros([files[f"{name}.tex"]]) <= known
        assert not re.search(r"\\(mathbb|mathbf|boldsymbol|top|def|newcommand)\b", files[f"{name}.tex"])

    def test_spellings_go_into_the_definitions(self):
        plain = written("gaussian_noise_mse")
        own = written(
            "gaussian_noise_mse",
            spellings=Spellings({"w": {"tex": r"\theta"}, "x": {"tex": "z^*"}}, "arrow", "prime", "angle"),
        )
        macros = own["proofsheet-macros.tex"]
        for definition in (
            r"\providecommand{\pfw}{\theta}",
            r"\providecommand{\pfx}{{z^*}}",
            r"\providecommand{\pfVector}[1]{\vec{#1}}",
            r"\providecommand{\pfTop}{\prime}",
            r"\providecommand{\pfMeanOpen}[1][]{\mathopen{#1\langle}}",
        ):
            assert definition in macros
            assert definition not in plain["proofsheet-macros.tex"]
        assert r"\theta" not in own["gaussian_noise_mse.tex"]

    @needs_latex
    def test_a_document_of_ones_own(self, tmp_path):
        """Its definitions win, and amsmath is all that it needs."""
        for name, text in written("gaussian_noise_mse").items():
            (tmp_path / name).write_text(text)
        own = r"\newcommand{\pfw}{\theta}\newcommand{\pfMeanOpen}[1][]{\mathopen{#1\langle}}"
        for definitions in (own, ""):
            lines = [
                r"\documentclass[11pt]{article}\usepackage{amsmath}", definitions, r"\input{proofsheet-macros}",
                r"\begin{document}", r"\input{gaussian_noise_mse}", r"Page \pageref{proofsheet:gaussian_noise_mse}.",
                r"\typeout{W is \meaning\pfw}", r"\end{document}",
            ]  # fmt: skip
            (tmp_path / "proofsheet.tex").write_text("\n".join(lines))
            log = compiled(tmp_path / "proofsheet.tex")
            assert ("macro:->\\theta" in log) == bool(definitions)

    @needs_latex
    def test_the_compilation_fails_without_the_macros(self, tmp_path):
        (tmp_path / "own.tex").write_text(
            r"\documentclass{article}\usepackage{amsmath}\begin{document}$\pfw$\end{document}"
        )
        done = subprocess.run(
            ["pdflatex", "-halt-on-error", "own.tex"], cwd=tmp_path, capture_output=True, check=False
        )  # fmt: skip
        assert done.returncode != 0
