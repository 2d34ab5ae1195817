r"""How wide a formula or a sentence will be when LaTeX has set it, in points at 11pt (10.95pt) Computer Modern.

Line breaks are chosen before LaTeX runs; for that an estimate to within a few percent is enough. `tests/test_export.py`
measures it against LaTeX itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_letters

POINT = 10.95 / 1000  # the widths below are thousandths of an em

_ITALIC = (
    "529 429 433 520 466 597 513 576 345 469 552 318 878 600 485 503 482 479 469 361 572 521 743 572 526 509 750 809 786 "
    "856 796 782 786 912 518 651 921 681 1079 912 791 781 791 767 671 723 792 806 1083 907 803 754"
)
_BOLD = (
    "559 639 511 639 527 460 591 639 319 351 607 319 958 639 575 639 607 474 454 447 639 623 847 607 623 511 869 818 831 "
    "882 756 724 904 900 436 594 901 692 1092 900 864 786 864 862 639 800 885 885 1205 869 898 703"
)
_UPRIGHT = (
    "500 556 444 556 444 306 500 556 278 306 528 278 833 556 500 556 528 392 394 389 556 528 722 528 528 444 750 708 722 "
    "764 681 653 785 750 361 514 778 625 917 750 778 681 778 736 556 722 750 750 1028 750 750 611"
)
_FONTS = {
    name: dict(zip(ascii_letters, map(int, widths.split()), strict=True))
    for name, widths in (("italic", _ITALIC), ("bold", _BOLD), ("upright", _UPRIGHT))
}
_COMMANDS = {
    r"\alpha": 643, r"\beta": 618, r"\gamma": 573, r"\delta": 482, r"\varepsilon": 466, r"\zeta": 511, r"\eta": 532,
    r"\theta": 497, r"\kappa": 576, r"\lambda": 583, r"\mu": 603, r"\nu": 558, r"\xi": 484, r"\pi": 606, r"\rho":
    517, r"\sigma": 607, r"\tau": 550, r"\phi": 596, r"\chi": 626, r"\psi": 687, r"\omega": 658, r"\Gamma": 625,
    r"\Delta": 833, r"\Theta": 778, r"\Lambda": 694, r"\Xi": 667, r"\Pi": 750, r"\Sigma": 722, r"\Phi": 722,
    r"\Psi": 778, r"\Omega": 722,
    r"\top": 778, r"\nabla": 833, r"\partial": 586, r"\ldots": 1167, r"\,": 167, r"\;": 278, r"\!": -167, r"\quad": 1000,
    r"\qquad": 2000, r"\colon": 480, r"\lVert": 500, r"\rVert": 500, r"\lvert": 278, r"\rvert": 278, r"\Vert": 500,
    r"\{": 500, r"\}": 500, r"\langle": 389, r"\rangle": 389, r"\prime": 275, r"\ ": 333, r"\displaystyle": 0, r"\mid": 830,
}  # fmt: skip
_MARKS = {
    "(": 389, ")": 389, "[": 278, "]": 278, ",": 444, ";": 444, ".": 278, ":": 278, "!": 278, "'": 256, "/": 500, "|": 278,
}  # fmt: skip
_WIDER = {"": 0, r"\big": 70, r"\bigg": 300}  # by how much a bracket of that size exceeds a plain one
_BINARY = {"+", "-", r"\cdot", r"\odot", r"\times", r"\circ", r"\pm"}
_RELATIONS = {"=", "<", ">", r"\neq", r"\leq", r"\geq", r"\perp", r"\in", r"\to", r"\approx"}
_WORDS = {
    r"\operatorname": "upright", r"\mathrm": "upright", r"\text": "upright", r"\mathbf": "bold", r"\boldsymbol": "bold",
    r"\mathbb": "bold", r"\mathsf": "upright", r"\mathit": "italic", r"\mathcal": "bold",
}  # fmt: skip
_FUNCTIONS = {r"\log", r"\exp", r"\sin", r"\cos", r"\tanh", r"\max", r"\min"}
_ACCENTS = {r"\hat", r"\tilde", r"\bar", r"\vec"}
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\s]")
_SCRIPT, _SCRIPT_SPACE = 0.76, 46


class _Reader:
    """Walks once over the tokens of a formula."""

    def __init__(self, source: str) -> None:
        self.tokens = _TOKEN.findall(source)
        self.position = 0
        self.displayed = True

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self.position += 1
        return token

    def argument(self, font: str = "italic") -> float:
        """The width of a group, or of one token."""
        token = self.next()
        if token != "{":
            return self.atom(token, font)
        total = self.row(font)
        self.next()
        return total

    def row(self, font: str = "italic") -> float:
        """The width of everything up to the end of the group."""
        total, after_atom = 0.0, False
        while self.peek() and self.peek() != "}":
            token = self.next()
            if token in _RELATIONS or (token in _BINARY and after_atom):
                total += (278 if token == r"\cdot" else 778) + (556 if token in _RELATIONS else 444)
                after_atom = False
            elif token in "^_":
                total += self.scripts(token)
            elif token == r"\sum":
                total += self.big_sum()
            elif token == r"\textstyle":
                self.displayed = False
            else:
                total += self.atom(token, font)
                after_atom = token not in (",", "(", "[", r"\lVert", r"\lvert", r"\bigl", r"\biggl", r"\,")
        return total

    def scripts(self, first: str) -> float:
        """A subscript, a superscript, or one above the other."""
        widest = self.argument()
        if self.peek() in ("^", "_") and self.peek() != first:
            self.next()
            widest = max(widest, self.argument())
        return widest * _SCRIPT + _SCRIPT_SPACE

    def big_sum(self) -> float:
        """A sign with its limits and the space after it; displayed, they stand above and below."""
        if not self.displayed:
            return 1056 + 167
        limits = [0.0]
        while self.peek() in ("^", "_"):
            self.next()
            limits.append(self.argument() * _SCRIPT)
        return max(1444, *limits) + 167

    def atom(self, token: str, font: str) -> float:
        if token == "{":
            self.position -= 1
            return self.argument(font)
        if token in _WORDS:
            return self.argument(_WORDS[token]) + (167 if token == r"\operatorname" else 0)
        if token in _FUNCTIONS:
            return sum(_FONTS["upright"][letter] for letter in token[1:])
        if token in _ACCENTS:
            return self.argument(font)
        if token == r"\frac":
            return max(self.argument(), self.argument()) + 220
        if token == r"\sqrt":
            return self.argument() + 834
        if token in (r"\bigl", r"\bigr", r"\biggl", r"\biggr"):
            bracket = self.next()
            return self.atom(bracket, font) + _WIDER[token[:-1]]
        if token in _BINARY:
            return 778  # a sign in front
        if token in _COMMANDS:
            return _COMMANDS[token] * (1.16 if font == "bold" else 1)
        return _MARKS.get(token) or _FONTS[font].get(token) or 500


def formula_width(source: str) -> float:
    """The width of a displayed formula in points."""
    return _Reader(source).row() * POINT


def text_width(source: str) -> float:
    """The width of words with $formulas$ among them, in points."""
    return sum(
        formula_width(piece) if is_formula else _words_width(piece) * POINT for is_formula, piece in _pieces(source)
    )


def _pieces(source: str) -> Iterator[tuple[bool, str]]:
    for position, piece in enumerate(source.split("$")):
        yield position % 2 == 1, piece


def _words_width(words: str) -> float:
    upright = _FONTS["upright"]
    return sum(333 if letter == " " else _MARKS_IN_WORDS.get(letter) or upright.get(letter, 500) for letter in words)


_MARKS_IN_WORDS = {
    "(": 389,
    ")": 389,
    ",": 278,
    ".": 278,
    ";": 278,
    ":": 278,
    "'": 278,
    "-": 333,
    "{": 0,
    "}": 0,
    "~": 333,
}
