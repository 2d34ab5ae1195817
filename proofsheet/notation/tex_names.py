r"""Names in TeX as an author spells them: one letter or one word, with an accent, a subscript, or a mark: \theta_{1}, w^{*}.

What is let through compiles with amsmath and amssymb, in any place of a formula, and reads like one symbol.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from proofsheet.errors import NotationError

ACCENTS = frozenset([
    "hat", "tilde", "bar", "check", "dot", "ddot", "breve", "acute", "grave", "vec", "mathring", "widehat",
    "widetilde", "overline", "underline",
])  # fmt: skip
FONTS = frozenset([
    "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathcal", "mathbb", "mathfrak", "boldsymbol", "operatorname",
    "text",
])  # fmt: skip
LETTERS = frozenset([
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa",
    "varkappa", "lambda", "mu", "nu", "xi", "pi", "varpi", "rho", "varrho", "sigma", "varsigma", "tau", "upsilon",
    "phi", "varphi", "chi", "psi", "omega", "digamma", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma",
    "Upsilon", "Phi", "Psi", "Omega", "varGamma", "varDelta", "varTheta", "varLambda", "varXi", "varPi", "varSigma",
    "varUpsilon", "varPhi", "varPsi", "varOmega", "ell", "hbar", "hslash", "imath", "jmath", "wp", "Re", "Im",
    "aleph", "beth", "gimel", "daleth", "eth", "mho", "Bbbk", "complement",
])  # fmt: skip
MARKS = frozenset([
    "star", "ast", "dagger", "ddagger", "prime", "circ", "bullet", "pm", "mp", "parallel", "perp", "infty", "flat",
    "natural", "sharp",
])  # fmt: skip
_MARK_SIGNS = frozenset("*+-")
_SCRIPT_SIGNS = frozenset("*+-,()/|=<>:")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\\|[^\s]", re.DOTALL)


def read_tex(text: str) -> str:
    r"""The name with every script in braces, `w^*` as `{w^{*}}`, so that a script of ours may follow.

    Raises NotationError for what is no name, or would not compile.
    """
    reader = _Reader(text)
    found = reader.item()
    if reader.peek():
        rest = reader.peek()
        hint = rf"; write \mathrm{{{text}}} for a word" if text.isalnum() else ""
        raise NotationError(f"{rest} behind {found} is one thing too many for the name of one symbol{hint}")
    return found


class _Reader:
    """Reads a name token by token."""

    def __init__(self, text: str) -> None:
        self.tokens = _TOKEN.findall(text)
        self.position = 0

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self.position += 1
        return token

    def item(self) -> str:
        """A letter, an accented name or a word, with its scripts."""
        nucleus, scripts = self.nucleus(), dict[str, str]()
        while self.peek() in ("_", "^", "'"):
            sign = self.next()
            kind = "^" if sign == "'" else sign
            if kind in scripts:
                raise NotationError(f"{nucleus} has two {'sub' if kind == '_' else 'super'}scripts")
            scripts[kind] = self.primes() if sign == "'" else self.script(sign)
        lower = f"_{{{scripts['_']}}}" if "_" in scripts else ""
        return _grouped(f"{nucleus}{lower}^{{{scripts['^']}}}") if "^" in scripts else nucleus + lower

    def primes(self) -> str:
        count = 1
        while self.peek() == "'":
            self.next()
            count += 1
        return r"\prime" * count

    def nucleus(self) -> str:
        token = self.next()
        command = token[1:] if token.startswith("\\") else ""
        if token == "{":
            inside = self.item()
            if self.tokens[self.position : self.position + 2] == ["{", "}"]:  # as `_grouped` writes it
                self.position += 2
            self.close(token)
            return inside if inside.startswith("{") else f"{{{inside}}}" if "_" in inside else inside
        if command in ACCENTS | FONTS:
            return f"{token}{{{self.argument(token)}}}"
        if command in LETTERS or (token.isascii() and token.isalpha()):
            return token
        raise NotationError(_complaint(token))

    def argument(self, command: str) -> str:
        """What stands in the braces of an accent or a font."""
        if self.next() != "{":
            raise NotationError(f"{command} is written with braces, {command}{{x}}")
        word = ""
        while command[1:] in FONTS and re.fullmatch("[A-Za-z0-9-]", self.peek()):
            word += self.next()
        found = word or self.item()
        self.close(command)
        return found

    def script(self, sign: str) -> str:
        """The text of a subscript or a superscript, without its braces."""
        if self.peek() != "{":
            found = self.script_atom(sign)
        else:
            self.next()
            found = ""
            while self.peek() not in ("", "}"):
                part = self.script_atom(sign)
                found += f" {part}" if re.search(r"\\[A-Za-z]+$", found) and part[0].isalpha() else part
            self.close(sign)
        if not found:
            raise NotationError(f"there is nothing behind {sign}")
        if sign == "^" and not _is_mark(found):
            raise NotationError(
                rf"^{{{found}}} reads like a power; a mark is *, +, \star, \dagger, a word \mathrm{{old}} or (1) in brackets"
            )
        return found

    def script_atom(self, sign: str) -> str:
        token = self.peek()
        if not token:
            raise NotationError(f"there is nothing behind {sign}")
        if token in _SCRIPT_SIGNS or (token.isascii() and token.isdigit()) or token[1:] in MARKS:
            return self.next()
        return self.nucleus()

    def close(self, opened: str) -> None:
        if self.next() != "}":
            raise NotationError(f"the brace behind {opened} is not closed where it should be")


def _complaint(token: str) -> str:
    if not token:
        return "the name ends too early: a letter is missing"
    if token.startswith("\\"):
        return (
            rf"{token} is no command that a name can be made of; there are letters (\theta, \ell), "
            r"accents (\check{x}), fonts (\mathcal{L}, \mathrm{loss}) and, in superscripts, marks (\star)"
        )
    if token in "{}":
        return "the braces do not match"
    return f"{token} cannot stand in the name of a symbol"


def _is_mark(script: str) -> bool:
    marks = re.findall(r"\\[A-Za-z]+|.", script)
    return (
        all(one in _MARK_SIGNS or one[1:] in MARKS for one in marks)
        or (script[0] == "(" and script[-1] == ")")
        or re.fullmatch(r"\\(?:mathrm|text|mathsf)\{[A-Za-z]{2,}\}", script) is not None
    )


# ---- what styles do with names ----------------------------------------------------------------------------------


def before_scripts(text: str, change: Callable[[str], str]) -> str:
    r"""A name with something done to what stands before its scripts: a hat over \theta_{1} is \hat{\theta}_{1}."""
    if text.startswith("{") and _end_of_group(text, 0) == len(text):
        return _grouped(before_scripts(text[1:-1].removesuffix("{}"), change))
    start = _scripts_start(text)
    return change(text[:start]) + text[start:]


def _grouped(text: str) -> str:
    """A name in braces; where it begins with an accent something must follow in them, or TeX takes them as not written."""
    accented = re.match(r"\\([A-Za-z]+)\{", text)
    return f"{{{text}{{}}}}" if accented and accented[1] in ACCENTS else f"{{{text}}}"


def on_letters(text: str, change: Callable[[str], str]) -> str:
    r"""The same below accents: bold of \check{x}_{1} is \check{\mathbf{x}}_{1}."""

    def below(nucleus: str) -> str:
        accented = re.match(r"\\([A-Za-z]+)\{", nucleus)
        if accented and accented[1] in ACCENTS:
            return f"{accented[0]}{on_letters(nucleus[accented.end() : -1], change)}}}"
        return change(nucleus)

    return before_scripts(text, below)


def with_subscript(text: str, subscript: str) -> str:
    """A name with a subscript, which joins the one that it has: LaTeX refuses two in a row."""
    own = re.search(r"_\{((?:[^{}]|\{[^{}]*\})*)\}$", text)
    return f"{text[: own.start()]}_{{{own.group(1)},{subscript}}}" if own else f"{text}_{{{subscript}}}"


def _end_of_group(text: str, start: int) -> int:
    depth = 0
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position + 1
    return len(text)


def _scripts_start(text: str) -> int:
    """Where the scripts of a name begin: the first of them outside of braces."""
    position = 0
    while position < len(text) and text[position] not in "_^'":
        position = _end_of_group(text, position) if text[position] == "{" else position + 1
    return position
