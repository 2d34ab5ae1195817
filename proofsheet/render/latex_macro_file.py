r"""The preamble file of exported fragments: one \providecommand for each macro that they use, with what it is for.

A document that defines a macro before it takes the file in keeps its own definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from proofsheet.notation.latex_macros import OPERATORS, PREFIX, letters_of
from proofsheet.notation.latex_styles import Latex
from proofsheet.notation.spellings import spellings

MACROS = "proofsheet-macros"  # the name of the file
_MACRO = re.compile(r"\\(" + PREFIX + r"[A-Z]?[A-Za-z]*)")
_PLAIN = Latex()
_ENVIRONMENTS = {"pftheorem": "Theorem", "pfcorollary": "Corollary"}


_STATEMENT = r"""\ifdefined\NAME\else
  \newcounter{NAME}
  \newenvironment{NAME}[1][]{\par\addvspace{\bigskipamount}\refstepcounter{NAME}\noindent
    \textbf{TITLE \theNAME\if\relax\detokenize{#1}\relax\else\ (#1)\fi.}\enspace\itshape\ignorespaces}%
    {\par\addvspace{\medskipamount}}
\fi"""


@dataclass(frozen=True)
class Macro:
    """A definition, what the macros in it are, and a word for the lecturer."""

    text: str
    remark: str = ""
    uses: tuple[str, ...] = ()


def used_macros(texts: Iterable[str]) -> set[str]:
    """The macros in some sources and those in their definitions, without the backslash."""
    found: set[str] = set()
    waiting = {name for text in texts for name in _MACRO.findall(text)}
    while waiting:
        name = waiting.pop()
        found.add(name)
        known = _fixed().get(name) or _bracketing(name)
        waiting |= {*(known.uses if known else ())} - found
    return found


def macro_file(texts: Iterable[str], written: str, notes: str = "footnote") -> str:
    """The file for these sources; `written` is its first line."""
    texts = list(texts)
    used = used_macros(texts)
    environments = {name for name in (*_ENVIRONMENTS, "pfproof") if any(rf"\begin{{{name}}}" in text for text in texts)}
    lines = [written, *_HEAD, *_symbols(used), *_notation(used), *_page(used, notes), *_environments(environments)]
    return "\n".join(lines) + "\n"


_HEAD = (
    "%",
    "% Macros of the fragments beside this file. \\input it in the preamble, after amsmath.",
    "% A definition of your own wins if it comes before: with",
    r"%   \newcommand{\pfw}{\theta}",
    r"% in front of the \input, every w of the derivations is a theta, bold where it is a vector.",
    "% Afterwards use \\renewcommand.",
    r"\ifdefined\mathbb\else\RequirePackage{amsfonts}\fi",
)


def _symbols(used: set[str]) -> Iterator[str]:
    """The letters, without what vectors look like."""
    named = sorted((letters, macro) for macro in used if (letters := letters_of(macro)) is not None)
    if named:
        yield from ("", "% Symbols. Bold, arrows and accents are added where they are used.")
    for letters, macro in named:
        text = _letters(letters)
        if any(script in text for script in "^_'"):  # another exponent or index may follow
            text = f"{{{text}}}"
        yield rf"\providecommand{{\{macro}}}{{{text}}}"


def _letters(letters: str) -> str:
    own = spellings().of(letters, "tex")
    if own is None and "_" in letters:
        return _PLAIN.name(letters)
    return _PLAIN.letters(letters)


def _notation(used: set[str]) -> Iterator[str]:
    """Operators, brackets and marks."""
    fixed = {name: macro for name, macro in _fixed().items() if name in used and name not in _PAGE}
    if fixed or any(_bracketing(name) for name in used):
        yield from ("", "% Notation.")
    yield from _definitions(fixed)
    for name in sorted(used):
        found = _bracketing(name)
        if found and not name.endswith("Close") and not name.endswith("Open"):
            yield from ([f"% {found.remark}"] if found.remark else [])
            for part in (f"{name}Open", f"{name}Close"):
                half = _bracketing(part)
                assert half is not None
                yield half.text
            yield found.text


def _definitions(macros: dict[str, Macro]) -> Iterator[str]:
    for macro in macros.values():
        if macro.remark:
            yield f"% {macro.remark}"
        yield macro.text


def _page(used: set[str], notes: str) -> Iterator[str]:
    """What sets words: headings, reasons, notes, sources."""
    fixed = {name: macro for name, macro in _fixed(notes).items() if name in used and name in _PAGE}
    if fixed:
        yield from ("", "% Headings, reasons, notes and sources.")
        yield from _definitions(fixed)


def _environments(names: set[str]) -> Iterator[str]:
    if names:
        yield from ("", r"% Environments. Define them before the \input to have your own, of amsthm for instance.")
    for name, title in _ENVIRONMENTS.items():
        if name in names:
            yield _STATEMENT.replace("NAME", name).replace("TITLE", title)
    if "pfproof" in names:
        yield r"\ifdefined\pfproof\else"
        yield r"  \gdef\pfQedDone{}"
        yield r"  \ifdefined\proof \newenvironment{pfproof}{\begin{proof}}{\pfQedDone\gdef\pfQedDone{}\end{proof}}%"
        yield r"  \else \newenvironment{pfproof}{\par\noindent\textit{Proof.}\enspace\ignorespaces}{\par}\fi"
        yield r"\fi"


# ---- brackets with two halves -----------------------------------------------------------------------------------

_SIGNS = {"[": ("[", "]"), "(": ("(", ")"), "|": (r"\lvert", r"\rvert"), "‖": (r"\lVert", r"\rVert")}
_BRACKETS = {
    **{name: "[" if word in ("E", "Var", "Cov") else "(" for word, name in OPERATORS.items()},
    "Abs": "|",
    "Norm": "‖",
}  # fmt: skip


def _bracketing(macro: str) -> Macro | None:
    r"""\pfMean[\big]{...}, or its halves \pfMeanOpen[\big] ... \pfMeanClose[\big]; None if it is no such macro."""
    name = macro.removeprefix(PREFIX)
    base = name.removesuffix("Open").removesuffix("Close")
    if base not in _BRACKETS:
        return None
    head = rf"\{PREFIX}{base}Name" if base in OPERATORS.values() else ""
    left, right = _SIGNS[_BRACKETS[base]]
    if base == "Mean" and spellings().expectation == "angle":
        head, left, right = "", r"\langle", r"\rangle"
    if name.endswith("Open"):
        text = rf"\providecommand{{\{macro}}}[1][]{{{head}\mathopen{{#1{left}}}}}"
        return Macro(text, uses=(head[1:],) if head else ())
    if name.endswith("Close"):
        return Macro(rf"\providecommand{{\{macro}}}[1][]{{\mathclose{{#1{right}}}}}")
    text = rf"\providecommand{{\{macro}}}[2][]{{\{macro}Open[#1]#2\{macro}Close[#1]}}"
    remark = r"E[...]; in a broken line the halves stand in different rows." if base == "Mean" else ""
    return Macro(text, remark, (f"{macro}Open", f"{macro}Close"))


# ---- everything else ------------------------------------------------------------------------------------------------

_VECTORS = {"bold": r"\boldsymbol{\mathrm{#1}}", "arrow": r"\vec{#1}", "plain": "#1"}
_TOPS = {"top": r"\top", "prime": r"\prime", "T": r"\mathsf{T}"}
_NAMES = {
    "Exp": r"\exp", "Log": r"\log", "Max": r"\max", "Min": r"\min", "Sign": r"\operatorname{sgn}",
    "Trace": r"\operatorname{tr}", "Diag": r"\operatorname{diag}", "Var": r"\operatorname{Var}",
    "Cov": r"\operatorname{Cov}",
}  # fmt: skip
_PAGE = (
    "pfHeading", "pfCorollary", "pfReason", "pfReasonBelow", "pfReasonGap", "pfReasonFont", "pfWide", "pfReasons",
    "pfRemark", "pfNote", "pfWithoutNotes", "pfSources", "pfSource", "pfQed", "pfQedHere", "pfQedBelow",
)  # fmt: skip
_NOTES = {"footnote": r"\footnote{#1}", "margin": r"\marginpar{\footnotesize\raggedright #1}"}
_SWITCH = (
    r"\ifdefined\pfNotestrue\else\csname newif\expandafter\endcsname\csname ifpfNotes\endcsname\pfNotestrue\fi" "\n"
)  # fmt: skip


def _fixed(notes: str = "footnote") -> dict[str, Macro]:
    """Macros by name, in the order of the file."""
    spelled = spellings()
    expectation = r"\operatorname{E}" if spelled.expectation == "roman" else r"\mathbb{E}"
    return {
        "pfVector": _of(
            "pfVector", _VECTORS[spelled.vectors], "Vectors and matrices: bold, upright where the font has it.", 1
        ),
        "pfTop": _of(
            "pfTop", _TOPS[spelled.transpose], r"The mark of a transpose, an exponent; or \prime, \mathsf{T}."
        ),
        "pfReals": _of("pfReals", r"\mathbb{R}"),
        "pfIdentity": _of(
            "pfIdentity", r"\mathbf{I}", "The identity matrix, and vectors or matrices of equal entries."
        ),
        "pfZero": _of("pfZero", r"\mathbf{0}"),
        "pfOne": _of("pfOne", r"\mathbf{1}"),
        "pfFrobenius": _of("pfFrobenius", "F", "The index of a norm of matrices."),
        "pfKronecker": _of("pfKronecker", r"\delta"),
        "pfRemainder": _of("pfRemainder", r"\rho", "The remainder of a Taylor polynomial."),
        "pfMeanName": _of("pfMeanName", expectation),
        **{f"pf{name}Name": _of(f"pf{name}Name", text) for name, text in sorted(_NAMES.items())},
        **_words(notes),
    }


def _of(name: str, body: str, remark: str = "", arguments: int = 0) -> Macro:
    count = f"[{arguments}]" if arguments else ""
    return Macro(rf"\providecommand{{\{name}}}{count}{{{body}}}", remark)


def _words(notes: str) -> dict[str, Macro]:
    r"""Macros of the page. The width of a reason is an option: without it a reason stands on one row."""
    switch = "A note; \\pfNotesfalse behind the \\input leaves all of them out, and what was assumed goes to the text."
    return {
        "pfHeading": Macro(
            r"\providecommand{\pfHeading}[2]{\paragraph{#1#2}}",
            r"The title of an identity; its second argument is its full stop. Or \subsection{#1}.",
        ),
        "pfCorollary": _of("pfCorollary", r"\paragraph{Corollary (#1).}", "", 1),
        "pfReasonGap": _of("pfReasonGap", "1.2em", "The room before a reason, and its font."),
        "pfReasonFont": _of("pfReasonFont", ""),
        "pfReason": Macro(
            "\\providecommand{\\pfReason}[2][]{\\hspace{\\pfReasonGap}\\text{\\pfReasonFont\n"
            "  \\if\\relax\\detokenize{#1}\\relax#2\\else\n"
            "    \\parbox[t]{#1}{\\raggedright\\binoppenalty=10000 \\medmuskip=4mu\\relax #2\\strut}\\fi}}",
            "A reason beside its line; wrapped where it has a width.",
            ("pfReasonGap", "pfReasonFont"),
        ),
        "pfReasonBelow": Macro(
            "\\providecommand{\\pfReasonBelow}[3][]{\\hspace{\\pfReasonGap}\\makebox[#2][r]{\\pfReasonFont\n"
            "  \\if\\relax\\detokenize{#1}\\relax#3\\else\\parbox[t]{#1}{\\raggedleft #3\\strut}\\fi}}",
            "A reason below its line, for it is too wide to stand beside it.",
            ("pfReasonGap", "pfReasonFont"),
        ),
        "pfWide": _of("pfWide", r"\rlap{$\displaystyle #1$}", "A formula that is wider than its column.", 1),
        "pfReasons": _of("pfReasons", r"\par\noindent #1", "The list of reasons that have letters.", 1),
        "pfRemark": _of("pfRemark", "(#1)", "What is said of a derivation below it.", 1),
        "pfNote": Macro(
            _SWITCH + rf"\providecommand{{\pfNote}}[1]{{\ifpfNotes{_NOTES.get(notes, _NOTES['footnote'])}\fi}}", switch
        ),
        "pfWithoutNotes": _of("pfWithoutNotes", r"\ifpfNotes\unskip\else#1\fi", "", 1),
        "pfSources": _of("pfSources", r"\par\smallskip{\small\noindent #1\par}", "The paragraph of sources.", 1),
        "pfSource": Macro(
            r"\providecommand{\pfSource}[4]{#2#3\if\relax\detokenize{#4}\relax\else, #4\fi}",
            r"A source: its key in proofsheet.bib, authors and year, title, place. Or #2~\cite[#4]{#1}.",
        ),
        "pfQed": _of("pfQed", r"\rule{0.9ex}{0.9ex}", "The end of a proof."),
        "pfQedHere": Macro(
            # amsthm's own \qedhere does not know alignat; with \qed gone, its proof ends without a second sign
            r"\providecommand{\pfQedHere}{\tag*{\ifdefined\qedsymbol\qedsymbol\else\pfQed\fi}\gdef\pfQedDone{\let\qed\relax}}",
            uses=("pfQed",),
        ),
        "pfQedBelow": Macro(
            r"\ifdefined\pfQedBelow\else\ifdefined\qedhere\let\pfQedBelow\relax"
            r"\else\newcommand{\pfQedBelow}{\unskip\nobreak\hfil\penalty50\hskip1em\null\nobreak\hfil\pfQed"
            r"\parfillskip=0pt\finalhyphendemerits=0\par}\fi\fi",
            uses=("pfQed",),
        ),
    }


__all__ = ["MACROS", "Macro", "macro_file", "used_macros"]
