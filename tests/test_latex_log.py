"""The reader of LaTeX logs complains of what a reader of the document would see, and of nothing else."""

import pytest
from latex_log import compiled, complaints, main

DOCUMENT = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage{amsmath}
%s
\begin{document}
%s
\end{document}
"""
needs_latex = pytest.mark.needs("pdflatex", "lmodern.sty")

# preamble, body, what the complaint says; each has a neighbour below that is fine
BAD = {
    "wide formula": ("", r"\[" + "x + " * 60 + r"x \]", r"Overfull \hbox"),
    "tall box": ("", r"\vbox to 10pt{\hrule height 20pt}", r"Overfull \vbox"),
    "undefined reference": ("", r"see \ref{nowhere}", "Reference `nowhere' on page 1 undefined"),
    "undefined citation": ("", r"see \cite{no-one}", "Citation `no-one' on page 1 undefined"),
    "label twice": ("", r"\section{A}\label{a}\section{B}\label{a} see~\ref{a}", "Label `a' multiply defined"),
    "missing character": ("", r"a {\font\tenrm=cmr10 \tenrm \char200} b", "Missing character: There is no"),
    "missing font": ("", r"\usefont{T1}{lmr}{bx}{scit}word", "LaTeX Font Warning: Font shape `T1/lmr/bx/scit'"),
    "package": (r"\usepackage{hyperref}", r"\section{$x^2$}", "Package hyperref Warning"),
    "second class": (r"\documentclass{article}", "x", "Two \\documentclass"),
    "two targets of one name": (r"\usepackage{hyperref}", r"\hypertarget{a}{x} \hypertarget{a}{y}", "pdfTeX warning"),
    "error": ("", r"\nonsense", "Undefined control sequence"),
    "no character in the encoding": ("", "中", "Unicode character"),
    "nothing printed": ("", "", "No pages of output"),
}
GOOD = {
    "formula that fits": ("", r"\[" + "x + " * 12 + r"x \]"),
    "box one point too wide": ("", r"\noindent\hbox to 10pt{\vrule width 11pt}"),
    "box one point too tall": ("", r"\vbox to 10pt{\hrule height 11pt}"),
    "reference": ("", r"\section{A}\label{a} see~\ref{a}"),
    "citation": ("", r"see \cite{a}\begin{thebibliography}{1}\bibitem{a} A.\end{thebibliography}"),
    "accent": ("", r"na\"ive \char200"),
    "bookmark": (r"\usepackage{hyperref}", r"\section{\texorpdfstring{$x^2$}{x squared}}"),
    "targets": (r"\usepackage{hyperref}", r"\hypertarget{a}{x} \hypertarget{b}{y}"),
    "a package that speaks of warnings": (r"\usepackage{infwarerr}", "x"),
    "words about warnings": ("", r"A warning. Undefined! Overfull \typeout{a file may say undefined}"),
}


def written(tmp_path, preamble, body):
    document = tmp_path / "notes.tex"
    document.write_text(DOCUMENT % (preamble, body), encoding="utf-8")
    return document


@needs_latex
@pytest.mark.parametrize("name", BAD)
def test_complaint(name, tmp_path):
    preamble, body, complaint = BAD[name]
    with pytest.raises(AssertionError) as found:
        compiled(written(tmp_path, preamble, body))
    assert complaint in str(found.value)


@needs_latex
@pytest.mark.parametrize("name", GOOD)
def test_no_complaint(name, tmp_path):
    assert complaints(compiled(written(tmp_path, *GOOD[name]))) == []


@needs_latex
def test_a_label_that_a_second_pass_would_mend(tmp_path):
    document = written(tmp_path, "", r"see \ref{a}\section{A}\label{a}")
    with pytest.raises(AssertionError, match="Rerun"):
        compiled(document, passes=1)
    compiled(document, passes=2)


@needs_latex
def test_as_a_program(tmp_path, capsys):
    document = written(tmp_path, "", "x")
    assert main([str(document)]) == 0
    assert capsys.readouterr().out.startswith("Output written on notes.pdf (1 page")
    document.write_text(DOCUMENT % ("", r"\ref{a}"))
    assert main([str(document)]) == 1
    assert "Reference `a'" in capsys.readouterr().out
