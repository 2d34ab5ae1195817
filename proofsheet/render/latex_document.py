r"""Documents around fragments: a small one that shows those beside it, and a whole one with contents and conventions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from proofsheet.kernel.reasons import Moment
from proofsheet.notation.boxes import Box, Figure, Line, Related, Signed
from proofsheet.notation.expectations import Expectation
from proofsheet.notation.text import Prose, set_prose
from proofsheet.notation.tree import Node, Number, Parameter, Power
from proofsheet.render.bibliography import Citation
from proofsheet.render.latex import Look, bibliography
from proofsheet.render.latex_layout import TEXT_WIDTH
from proofsheet.render.latex_macro_file import MACROS, macro_file
from proofsheet.render.sheet import Sheet

TITLE = "Machine-checked derivations"


def document(names: Sequence[str], written: str, width: float = TEXT_WIDTH) -> str:
    """An article that inputs the fragments of this folder."""
    head = [
        f"{written}: a document that shows the fragments beside it. Compile it in this folder with",
        "% pdflatex proofsheet.tex; in notes of your own, \\input proofsheet-macros and the fragments that you want.",
        *_preamble(width),
        rf"\input{{{MACROS}}}",
        r"\begin{document}",
    ]
    return "\n".join([*head, *(rf"\input{{{name}}}" for name in names), r"\end{document}"]) + "\n"


def whole_document(
    pages: Sequence[Sheet], fragments: Sequence[str], cited: Sequence[Citation], written: str, look: Look
) -> str:
    """One file with everything in it: title, contents, conventions, a section for each identity, and what they cite."""
    conventions = [*_conventions(pages, "\n".join(fragments), look)]
    works = [*_works(cited)]
    macros = macro_file([*fragments, *conventions, *works], written, look.notes)
    parts = [
        f"{written}: a whole document. Compile it with pdflatex, three times.",
        *_preamble(look.width),
        *_SECTIONS,
        *([] if look.theorem else [r"\newcommand{\pfHeading}[2]{\section{#1}}"]),
        r"\newcommand{\pfSource}[4]{#2~\if\relax\detokenize{#4}\relax\cite{#1}\else\cite[{#4}]{#1}\fi}",
        *macros.splitlines()[1:],
        "",
        rf"\title{{{TITLE}}}",
        r"\author{}\date{}",
        r"\begin{document}",
        r"\maketitle\thispagestyle{empty}",
        *([] if look.theorem else [r"\tableofcontents"]),
        *conventions,
        "",
        *(text.split("\n", 1)[1] for text in fragments),  # without their first lines
        *works,
        r"\end{document}",
    ]
    return "\n".join(parts) + "\n"


def _preamble(width: float) -> Iterator[str]:
    yield from (
        r"\documentclass[11pt,a4paper]{article}",
        r"\usepackage{amsmath,amsfonts}",
        r"\IfFileExists{microtype.sty}{\usepackage[expansion=false]{microtype}}{}  % bitmap fonts cannot be expanded",
        r"\allowdisplaybreaks  % long derivations may go on overleaf",
        rf"\emergencystretch={2 if width >= 300 else 5}em  % room for formulas in the running text",
        r"\widowpenalty=10000 \displaywidowpenalty=10000 \clubpenalty=10000  % no line alone at the end of a page",
        r"\addtolength{\skip\footins}{6pt plus 4pt minus 4pt}",
        r"\setlength{\marginparwidth}{90pt}",
        r"\raggedbottom",
    )
    if width != TEXT_WIDTH:
        yield rf"\setlength{{\textwidth}}{{{width:g}pt}}"
        yield r"\setlength{\oddsidemargin}{\dimexpr(\paperwidth-\textwidth)/2-1in}"
        yield r"\setlength{\evensidemargin}{\oddsidemargin}"


_SECTIONS = (
    r"\renewcommand{\labelitemi}{$\bullet$}",
    r"\IfFileExists{hyperref.sty}{\usepackage[hidelinks,bookmarks=false]{hyperref}}{}",
    r"\makeatletter  % titles are sentences: set ragged, and not too large",
    r"\renewcommand{\section}{\@startsection{section}{1}{0pt}{-4ex plus -1ex minus -.3ex}{1.5ex plus .2ex}%",
    r"  {\normalfont\large\bfseries\raggedright\hyphenpenalty=10000 }}",
    r"\renewcommand{\l@section}{\@dottedtocline{1}{0pt}{1.8em}}",
    r"\renewcommand{\@tocrmarg}{4em plus 1fil}",
    r"\makeatother",
)


def _works(cited: Iterable[Citation]) -> Iterator[str]:
    works = [*bibliography(cited)]
    if works:
        yield from (
            "",
            rf"\begin{{thebibliography}}{{{'9' * len(str(len(works)))}}}",
            r"\raggedright\setlength{\itemsep}{2pt}",
        )
        yield from (*works, r"\end{thebibliography}")


# ---- conventions, of what occurs ------------------------------------------------------------------------------------

_CONVENTIONS = (
    (r"\\pfVector", r"Vectors and matrices are written $\pfVector{a}$ and $\pfVector{A}$, numbers $a$; a vector is a column, "
     r"$a_{i}$ and $A_{ij}$ are entries, and $\pfVector{a}_{i}$ is the $i$th of several vectors."),
    (r"\\pfTop", r"$\pfVector{a}^{\pfTop}$ is the transpose of $\pfVector{a}$."),
    (r"\\pfMean\b", r"$\pfMean{Z}$ is the expectation of $Z$ over all that is random in it. What is not said to be random "
     r"is fixed."),
    (r"\\pfVar\b", r"$\pfVar{Z}$ is the variance of $Z$."),
    (r"\\pfCov\b", r"$\pfCov{\pfVector{z}}$ is the covariance matrix of $\pfVector{z}$."),
    (r"\\perp", r"$\pfVector{a} \perp (\pfVector{b}, c)$ says that $\pfVector{a}$ is independent of the pair "
     r"$(\pfVector{b}, c)$, and says nothing of $\pfVector{b}$ and $c$ with each other."),
    (r"\\pfNorm(Open)?(\[\S+?\])?\{?.*?\^\{2\}", r"$\pfNorm{\pfVector{a}}^{2}$ is the sum of the squares of the entries."),
    (r"\\pfFrobenius", r"$\pfNorm{\pfVector{A}}_{\pfFrobenius}^{2}$ is the same of a matrix."),
    (r"\\pfNormClose(\[[^\]]*\])?_\{1\}|\}_\{1\}", r"$\pfNorm{\pfVector{a}}_{1}$ is the sum of the absolute values of the "
     r"entries."),
    (r"\\odot", r"$\pfVector{a} \odot \pfVector{b}$ is the product entry by entry."),
    (r"\\pfIdentity", r"$\pfIdentity$ is the identity matrix."),
    (r"\\pfZero\b", r"$\pfZero$ is a vector or a matrix of zeros."),
    (r"\\pfOne\b", r"$\pfOne$ is a vector or a matrix of ones."),
    (r"\\pfTrace", r"$\pfTrace{\pfVector{A}}$ is the sum of the diagonal entries."),
    (r"\\pfDiag", r"$\pfDiag{\pfVector{a}}$ is the diagonal matrix with the entries of $\pfVector{a}$."),
    (r"\\pfSign", r"$\pfSign{t}$ is $1$, $0$ or $-1$ as $t$ is positive, zero or negative."),
    (r"\\pfKronecker", r"$\pfKronecker_{ij}$ is $1$ if $i = j$ and $0$ otherwise."),
    (r"\\nabla", r"$\nabla f$ holds the partial derivatives of $f$, in the shape of what it is differentiated by."),
    (r"\\sum", r"Sums are sums: a mean over $n$ terms is written with its factor $1/n$."),
    (r"\\sum_\{\S+ \\neq", r"$\sum_{i \neq j}$ is over all ordered pairs of distinct indices."),
    (r":=", r"$:=$ defines what stands on its left."),
)  # fmt: skip
_REASONS = {
    "column": "Beside each line of a derivation stands by what it follows from the line above it.",
    "letters": "A letter over a relation names the reason of the step; the reasons are listed below the derivation.",
    "none": "The reasons of the steps are not printed here.",
}


def _conventions(pages: Sequence[Sheet], body: str, look: Look) -> Iterator[str]:
    yield from ("", r"\clearpage", r"\section*{Conventions}", r"\addcontentsline{toc}{section}{Conventions}")
    yield r"\begin{itemize}\setlength{\itemsep}{0pt}"
    yield from (rf"  \item {words}" for pattern, words in _CONVENTIONS if re.search(pattern, body))
    yield from (rf"  \item {words}" for words in dict.fromkeys(_masks(pages)))
    yield rf"  \item {_REASONS[look.reasons]}"
    yield from (r"\end{itemize}", r"\clearpage")


def _masks(pages: Sequence[Sheet]) -> Iterator[str]:
    """What p is where a variable with E[r] = E[r²] = p, or 1 − p, keeps and drops."""
    for page in pages:
        for derivation in page.derivations:
            moments = [one for one in derivation.theorem.assumptions if isinstance(one, Moment) and not one.conditions]
            for one in moments:
                named = _probability(one.right)
                if named and any(_is_square_of(other, one) for other in moments):
                    yield set_prose(_mask(one, *named), "latex macros")


def _is_square_of(square: Moment, first: Moment) -> bool:
    means = isinstance(first.left, Expectation) and isinstance(square.left, Expectation)
    if not means or square.right != first.right:
        return False
    power = square.left.args[0]
    return isinstance(power, Power) and power.exponent == 2 and power.args[0] == first.left.args[0]


def _probability(value: Node) -> tuple[Parameter, bool] | None:
    """(p, True) of p, (p, False) of 1 − p."""
    if isinstance(value, Parameter):
        return (value, True) if value.domain == "unit" else None
    for one in value.atoms(Parameter):
        if one.domain == "unit" and value == Number(1) - one:
            return one, False
    return None


def _mask(first: Moment, parameter: Parameter, keeps: bool) -> Prose:
    entry, name = Line(first.left.args[0]), Line(parameter)
    kept: Box = name if keeps else Signed(((False, Figure("1")), (True, name)))
    role = "a keep probability" if keeps else "a drop probability"
    return Related(Line(first.left), "=", kept), " makes ", name, f" {role} for masks ", entry, " that are 0 or 1."


__all__ = ["document", "whole_document"]
