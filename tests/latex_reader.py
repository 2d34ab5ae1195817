r"""Reads our LaTeX as a mathematician reads a page, to see whether its brackets are right. It shares no code with the layout.

The conventions of reading, from the loosest to the tightest:

- a sum is a row of terms; a minus in front turns the sign of the first term only;
- a term is a row of factors, read from the left: each is multiplied by all before it, so that shapes must fit in that
  order (V wᵀu is refused, for V wᵀ has no meaning); α \cdot 2 has a dot, for 2 behind a factor is read as a digit of it;
- Σ takes all the rest of its term; it may stand behind factors;
- in a/b the numerator is all of the term so far and the denominator one factor, with which the term ends;
- marks (powers, ⊤, ⁻¹, entries) belong to what stands directly before them, at most one above and one below;
- f(x) is a function at x if f is declared as one, and a product if not.

What books read in two ways is refused, so that it needs brackets:

- E[Z]², exp(t)², max(a, b)², \sqrt{t}², and two marks above each other: ‖w‖² with ², w⊤ with ⊤, w⊤ with the index i;
- a power of a fraction or derivative without brackets, \frac{a}{b}^2;
- behind ∂ (in a fraction or in front of it) and ∇_w: one name, call or bracket, without marks above. ∂ab/∂w, ∂a²/∂w, ∇_w ab
  and ∇_w a² are refused, and so is anything behind ∂/∂w a or ∇_w a: where the argument would end, books disagree;
- a/b c and a/b/c;
- a ∘ b beside anything else: books disagree whether ∘ is tighter than a product and looser than a sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError, VisitError
from lark.lexer import Lexer
from readings import (
    UNKNOWN,
    Reading,
    Unreadable,
    applied,
    as_read,
    big_sum,
    call,
    common_shape,
    derivative,
    entry,
    fraction,
    minus,
    power,
    row_of_factors,
    row_of_terms,
    transposed,
)
from sympy import Basic

from proofsheet.notation.functions import Function
from proofsheet.notation.indices import Index
from proofsheet.notation.styles import STYLES
from proofsheet.notation.tree import SCALAR, Coefficient, Dimension, Parameter
from proofsheet.notation.variables import Defined, Filled, Identity, Variable

GRAMMAR = r"""
?expression: sum | (postfix | numeral) ODOT (postfix | numeral) -> hadamard
sum: [MINUS] term (sign term)*
!sign: PLUS | MINUS
?term: factors | factors SLASH (postfix | numeral) -> over | DEL closed SLASH DEL NAME -> derivative
     | reaching | factors reaching -> times
?reaching: SUM term -> big_sum
         | FRAC _L DEL _R _L DEL NAME _R closed -> derivative_in_front
         | GRADIENT closed -> gradient
?factors: factor | numeral | factors factor -> times | factors CDOT (factor | numeral) -> times_with_dot
?factor: postfix | FRAC _L expression _R _L expression _R -> over
       | FRAC _L DEL closed _R _L DEL NAME _R -> derivative
?numeral: figure | figure UP expression _R -> raised | figure TOP -> transposed
?postfix: marked | open | sealed | marked UP expression _R -> raised | (marked | open) TOP -> transposed
        | open UP expression _R -> inverted
?closed: marked | open | sealed | figure
?marked: whole | (whole | open) BELOW -> below
?whole: NAME -> name
      | LPAR expression RPAR -> bracket
      | derived LPAR arguments RPAR -> applied
      | DEFINED LPAR arguments RPAR -> defined
      | CALL LPAR arguments RPAR -> called
      | RHO LSQUARE FUNCTION SEMICOLON expression COMMA expression RSQUARE -> remainder
      | LBAR expression RBAR -> absolute
      | LNORM expression RNORM -> norm
?open: OPERATOR LSQUARE arguments RSQUARE -> called
     | OPEN_CALL LPAR arguments RPAR -> called
     | SQRT _L expression _R -> root
?sealed: LNORM expression RNORM_SQUARED -> norm
derived: (PARTIAL | NABLA)* FUNCTION
arguments: expression (COMMA expression)*
figure: FIGURE
%declare MINUS PLUS ODOT SLASH CDOT DEL SUM FRAC GRADIENT UP TOP BELOW NAME LPAR RPAR LSQUARE RSQUARE LBAR RBAR LNORM
%declare RNORM RNORM_SQUARED SQRT OPEN_CALL DEFINED CALL OPERATOR RHO FUNCTION SEMICOLON COMMA PARTIAL NABLA FIGURE _L _R
"""
_SIGNS = {
    "(": "LPAR", ")": "RPAR", "[": "LSQUARE", "]": "RSQUARE", "+": "PLUS", "-": "MINUS", "/": "SLASH", ",": "COMMA",
    ";": "SEMICOLON", "{": "_L", "}": "_R", "^{": "UP", r"^{\top}": "TOP", r"\cdot": "CDOT", r"\odot": "ODOT", r"\frac": "FRAC",
    r"\sqrt": "SQRT", r"\lvert": "LBAR", r"\rvert": "RBAR", r"\lVert": "LNORM", r"\nabla": "NABLA", r"\partial": "DEL",
}  # fmt: skip
_CALLS = {rf"\operatorname{{{word}}}": word for word in ("tr", "sgn", "diag")}
_OPEN_CALLS = {rf"\{word}": word for word in ("exp", "log", "max", "min")}
_OPERATORS = {r"\mathbb{E}": "E", r"\operatorname{Var}": "Var", r"\operatorname{Cov}": "Cov"}
_NORM = {r"\rVert_{1}": "norm 1"}
_SQUARED_NORMS = {r"\rVert^{2}": "norm 2", r"\rVert_F^{2}": "norm 2 of a matrix"}
_CONSTANTS = {r"\mathbf{I}": ("identity",), r"\mathbf{0}": ("all", 0), r"\mathbf{1}": ("all", 1)}
_SPACE = re.compile(r"(?:\s|\\[,!]|\\(?:big|bigg)[lr](?![a-zA-Z]))+")
_FIGURES = re.compile(r"\d+")
_LETTER = re.compile(r"\\(?:tilde|hat|bar|mathbf|boldsymbol|mathrm|operatorname|pfVector)(?=\{)|\\[A-Za-z]+|[A-Za-z]")
_TAKES_BRACES = re.compile(r"\\(?:tilde|hat|bar|mathbf|boldsymbol|mathrm|operatorname|pfVector)$")
_KNOWN = {
    "RNORM": _NORM, "RNORM_SQUARED": _SQUARED_NORMS, "OPERATOR": _OPERATORS, "CALL": _CALLS, "OPEN_CALL": _OPEN_CALLS,
    "NAME": _CONSTANTS,
}  # fmt: skip


# ---- names ------------------------------------------------------------------------------------------------------


def braced(text: str, start: int) -> tuple[str, int]:
    """What is between the braces that open at `start`, and where it goes on behind them."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[start + 1 : place], place + 1
    raise Unreadable(f"a brace is not closed: {text[start:]}")


def letter_at(text: str, start: int) -> int:
    """Where a letter with its font and accents ends; `start` if there is none."""
    found = _LETTER.match(text, start)
    if not found:
        return start
    return braced(text, found.end())[1] if _TAKES_BRACES.match(found.group()) else found.end()


def split_look(text: str) -> tuple[str, str]:
    """A whole name as it looks: its letter, and what is written below it."""
    end = letter_at(text, 0)
    return text[:end], text[end + 2 : -1] if text[end:].startswith("_{") else ""


class Symbols:
    """What the declared names look like, each by itself."""

    def __init__(self, line: Basic, style: str) -> None:
        self.names: dict[tuple[str, str], Any] = {}
        self.entries: dict[tuple[str, str], Any] = {}
        self.indices: dict[str, Index] = {}
        self._constants: dict[Reading, set[Any]] = {}
        self._style: Any = STYLES[style]
        self._seen: set[Basic] = set()
        self._enter(line)

    def _enter(self, node: Basic) -> None:
        if node in self._seen:
            return
        self._seen.add(node)
        if isinstance(node, (Identity, Filled)):
            self._constants.setdefault(as_read(node), set()).add(node.shape)
        elif isinstance(node, Index):
            self.indices[self._style.name(node.name)] = node
        elif isinstance(node, Coefficient):
            for symbol in node.expression.free_symbols:
                self.names[split_look(self._style.name(symbol.name))] = Reading("name", (symbol.name,))
        elif isinstance(node, (Dimension, Parameter)):
            self.names[split_look(self._style.name(node.name))] = Reading("name", (node.name,))
        elif isinstance(node, (Function, Variable, Defined)):
            is_function = isinstance(node, Function) or (isinstance(node, Defined) and node.parameters)
            bold = isinstance(node, (Variable, Defined)) and node.shape != SCALAR
            look = self._style.name(node.name, bold)
            self.names[split_look(look)] = node
            if is_function:  # the name of a function, like that of an operator, keeps its distance
                self.names[split_look(look.replace(r"\mathrm", r"\operatorname"))] = node
            else:
                self.entries[split_look(self._style.name(node.name))] = node
        for part in node.args:
            if isinstance(part, Basic):
                self._enter(part)

    def constant(self, kind: str, *parts: int) -> Reading:
        """I, 𝟎 or 𝟏; its size is known where the line has only one of them."""
        shapes = self._constants.get(Reading(kind, parts), set())
        return Reading(kind, parts, next(iter(shapes)) if len(shapes) == 1 else UNKNOWN)

    def labels(self, text: str) -> tuple[Index, ...] | None:
        """Indices one behind the other; None if there is something else."""
        found, place = [], 0
        while place < len(text):
            if text[place] in ", ":
                place += 1
                continue
            end = letter_at(text, place)
            stop = braced(text, end + 1)[1] if text[end:].startswith("_{") else end
            label = text[place:stop] if stop > place else ""
            if label not in self.indices:
                return None
            found.append(self.indices[label])
            place = stop
        return tuple(found)

    def read(self, letter: str, below: str) -> Any:
        """The symbol, or the reading of an entry of one."""
        if (letter, below) in self.names:
            return self.names[letter, below]
        for (look, label), symbol in self.names.items():
            labels = self._behind(letter, below, look, label)
            if labels and len(labels) == 1 and getattr(symbol, "is_family", False):
                return Reading("member", (as_read(symbol), labels[0].name), (symbol.shape[1], SCALAR[0]))
        for (look, label), symbol in self.entries.items():
            labels = self._behind(letter, below, look, label)
            if labels:
                return entry(as_read(symbol), labels)
        labels = self.labels(below)
        if letter == r"\delta" and labels and len(labels) == 2:
            return Reading("δ", tuple(one.name for one in labels))
        raise Unreadable(f"{letter} with the index {below!r} is not declared")

    def _behind(self, letter: str, below: str, look: str, label: str) -> tuple[Index, ...] | None:
        if letter != look or not below.startswith(f"{label}," if label else ""):
            return None
        return self.labels(below[len(label) + 1 :] if label else below)


# ---- tokens -----------------------------------------------------------------------------------------------------


def tokens(text: str, symbols: Symbols) -> Iterator[Token]:
    """The tokens of a formula, with what each stands for and where it is; an enlarged bracket starts at its size."""
    place = 0
    while place < len(text):
        space = _SPACE.match(text, place)
        start, place = place, space.end() if space else place
        start = start + (space.group().find(r"\big") if space and r"\big" in space.group() else place - start)
        if place < len(text):
            kind, meaning, place = _token(text, place, symbols)
            yield Token(kind, meaning, start_pos=start, end_pos=place)


def _token(text: str, place: int, symbols: Symbols) -> tuple[str, Any, int]:
    figures = _FIGURES.match(text, place)
    if figures:
        return "FIGURE", Reading("number", (int(figures.group()),)), figures.end()
    for kind, known in _KNOWN.items():
        for spelling, meaning in known.items():
            if _stands(spelling, text, place):
                return kind, symbols.constant(*meaning) if kind == "NAME" else meaning, place + len(spelling)
    if text.startswith("_{", place):
        below, end = braced(text, place + 1)
        return "BELOW", _known(symbols.labels(below), below), end
    if text.startswith(r"\sum_{", place):
        return _sum(text, place + len(r"\sum_"), symbols)
    for opening, kind in ((r"\nabla_{", "GRADIENT"), (r"\rho_{", "RHO"), (r"\partial_{", "PARTIAL")):
        inner, end = braced(text, place + len(opening) - 1) if text.startswith(opening, place) else ("", 0)
        if kind == "GRADIENT" and end:
            return kind, symbols.read(*split_look(inner.removeprefix(r"\!"))), end
        if end and inner.isdigit():
            return kind, int(inner), end
    for sign in sorted(_SIGNS, key=len, reverse=True):
        if _stands(sign, text, place):
            return _SIGNS[sign], sign, place + len(sign)
    return _name(text, place, symbols)


def _stands(spelling: str, text: str, place: int) -> bool:
    """Whether the text goes on with this command or sign, and not with a longer command."""
    end = place + len(spelling)
    return text.startswith(spelling, place) and not (spelling[-1].isalpha() and text[end : end + 1].isalpha())


def _known(labels: tuple[Index, ...] | None, text: str) -> tuple[Index, ...]:
    if not labels:
        raise Unreadable(f"{text!r} are no indices")
    return labels


def _sum(text: str, place: int, symbols: Symbols) -> tuple[str, Any, int]:
    """Σ with its indices and its range, which must be that of the index."""
    below, place = braced(text, place)
    if r"\neq" in below:
        one, other = (_known(symbols.labels(half.strip()), half) for half in below.split(r"\neq"))
        return "SUM", ((*one, *other), True), place
    label, start = below.rsplit("=", 1)
    (bound,) = _known(symbols.labels(label), label)
    size, place = braced(text, place + 1)
    if start != "1" or _read(size, symbols) != as_read(bound.dimension):
        raise Unreadable(f"{bound.name} does not run from {start} to {size}")
    return "SUM", ((bound,), False), place


def _name(text: str, place: int, symbols: Symbols) -> tuple[str, Any, int]:
    end = letter_at(text, place)
    if end == place:
        raise Unreadable(f"what is {text[place:]}?")
    letter, below = text[place:end], ""
    if text.startswith("_{", end):
        below, end = braced(text, end + 1)
    symbol = symbols.read(letter, below)
    if isinstance(symbol, Function):
        primes = re.compile(r"'+|\^\{\((\d+)\)\}").match(text, end)
        count = 0 if not primes else int(primes.group(1)) if primes.group(1) else len(primes.group())
        return "FUNCTION", (symbol, count), primes.end() if primes else end
    if isinstance(symbol, Defined) and symbol.parameters:
        return "DEFINED", symbol, end
    return "NAME", symbol if isinstance(symbol, Reading) else as_read(symbol), end


class _AsGiven(Lexer):
    """The tokens are there already: what a letter is depends on what was declared."""

    def __init__(self, _: Any) -> None:
        pass

    def lex(self, data: Any) -> Iterator[Token]:  # type: ignore[override]
        return iter(data)


# ---- readings ---------------------------------------------------------------------------------------------------


@v_args(inline=True)
class _Meaning(Transformer):  # type: ignore[type-arg]
    def __init__(self, symbols: Symbols) -> None:
        super().__init__()
        self._symbols = symbols

    def sum(self, negative: Any, first: Reading, *rest: Any) -> Reading:
        return row_of_terms([(negative is not None, first), *zip(rest[::2], rest[1::2], strict=True)])

    def sign(self, token: Token) -> bool:
        return token.type == "MINUS"

    def hadamard(self, left: Reading, _: Any, right: Reading) -> Reading:
        return Reading("hadamard", (left, right), common_shape([left, right]))

    def times(self, left: Reading, right: Reading) -> Reading:
        return row_of_factors([left, right])

    def times_with_dot(self, left: Reading, _: Any, right: Reading) -> Reading:
        return row_of_factors([left, right])

    def over(self, *parts: Any) -> Reading:
        return fraction(*(part for part in parts if isinstance(part, Reading)))

    def big_sum(self, under: Token, body: Reading) -> Reading:
        return big_sum(*under.value, body)

    def derivative(self, *parts: Any) -> Reading:
        (body,) = (part for part in parts if isinstance(part, Reading))
        return self._derived(
            body, next(part.value for part in parts if isinstance(part, Token) and part.type == "NAME")
        )

    derivative_in_front = derivative

    def gradient(self, by: Token, body: Reading) -> Reading:
        variable = by.value
        if not isinstance(variable, Variable) or variable.shape == SCALAR:
            raise Unreadable(f"∇ by {variable}")
        return derivative(body, variable)

    def _derived(self, body: Reading, by: Reading) -> Reading:
        base, *labels = by.parts if by.kind == "entry" else (by,)
        if base.kind != "name" or (not labels and by.shape != SCALAR):
            raise Unreadable(f"∂ by {by}")
        (variable,) = (
            one for one in self._symbols.names.values() if isinstance(one, Variable) and one.name == base.parts[0]
        )
        named = {one.name: one for one in self._symbols.indices.values()}
        return derivative(body, variable, tuple(named[label] for label in labels))

    def figure(self, token: Token) -> Reading:
        return token.value

    def name(self, token: Token) -> Reading:
        return token.value

    def raised(self, base: Reading, _: Any, exponent: Reading) -> Reading:
        if exponent == minus(Reading("number", (1,))) and base.shape != SCALAR:
            return Reading("inverse", (base,), base.shape)
        return power(base, exponent)

    def inverted(self, base: Reading, up: Any, exponent: Reading) -> Reading:
        inverse = self.raised(base, up, exponent)
        if inverse.kind != "inverse":
            raise Unreadable(f"a power of {base} without brackets is read in two ways")
        return inverse

    def transposed(self, base: Reading, _: Any) -> Reading:
        return transposed(base)

    def below(self, base: Reading, labels: Token) -> Reading:
        return entry(base, labels.value)

    def bracket(self, _: Any, inner: Reading, __: Any) -> Reading:
        return inner

    def arguments(self, *parts: Any) -> list[Reading]:
        return [part for part in parts if isinstance(part, Reading)]

    def derived(self, *names: Token) -> tuple[Function, tuple[int, ...]]:
        *marks, named = names
        function, primes = named.value
        orders = (0,) * primes or tuple(mark.value - 1 if mark.type == "PARTIAL" else 0 for mark in marks)
        form = "'" if primes else "".join("∂" if mark.type == "PARTIAL" else "∇" for mark in marks)
        allowed = ("'",) if function.is_entrywise else ("∇",) if len(function.shapes) == 1 else ("∂" * len(orders),)
        if (primes and marks) or (form and form not in allowed):
            raise Unreadable(f"{form} before {function}")
        return function, orders

    def applied(self, named: Any, _: Any, arguments: list[Reading], __: Any) -> Reading:
        return applied(*named, arguments)

    def defined(self, named: Token, _: Any, arguments: list[Reading], __: Any) -> Reading:
        return Reading("defined", (named.value.name, *arguments), named.value.shape)

    def called(self, head: Token, _: Any, arguments: list[Reading], __: Any) -> Reading:
        if len(arguments) not in {"Cov": (1, 2), "max": (2,), "min": (2,)}.get(head.value, (1,)):
            raise Unreadable(f"{head.value} of {len(arguments)}")
        return call(head.value, *arguments)

    def remainder(self, *parts: Any) -> Reading:
        function, primes = parts[2].value
        point, increment = (part for part in parts if isinstance(part, Reading))
        if primes:
            raise Unreadable("a remainder of a derivative")
        return Reading("remainder", (function.name, parts[0].value, point, increment))

    def absolute(self, _: Any, inner: Reading, __: Any) -> Reading:
        return call("abs", inner)

    def norm(self, _: Any, inner: Reading, order: Token) -> Reading:
        of_matrix = all(size not in (None, SCALAR[0]) for size in inner.shape)
        if None not in inner.shape and order.value != "norm 1" and of_matrix != order.value.endswith("matrix"):
            raise Unreadable(f"{order.value} around {inner}")
        return call(order.value.removesuffix(" of a matrix"), inner)

    def root(self, _: Any, inner: Reading) -> Reading:
        return call("root", inner)


_PARSER = Lark(GRAMMAR, start="expression", parser="lalr", lexer=_AsGiven, maybe_placeholders=True)


def read(text: str, line: Basic, style: str = "latex") -> Reading:
    """What the text says, where the names of `line` are declared. Raises Unreadable."""
    return _read(text, Symbols(line, style))


def _read(text: str, symbols: Symbols) -> Reading:
    try:
        return _Meaning(symbols).transform(_PARSER.parse(list(tokens(text, symbols))))
    except VisitError as error:
        raise Unreadable(f"{error.orig_exc}") from error
    except LarkError as error:
        raise Unreadable(f"{error}".splitlines()[0]) from error


# ---- our own macros ---------------------------------------------------------------------------------------------

_AROUND = {
    "Mean": (r"\mathbb{E}", "[", "]"), "Var": (r"\operatorname{Var}", "[", "]"), "Cov": (r"\operatorname{Cov}", "[", "]"),
    "Trace": (r"\operatorname{tr}", "(", ")"), "Sign": (r"\operatorname{sgn}", "(", ")"),
    "Diag": (r"\operatorname{diag}", "(", ")"), "Exp": (r"\exp", "(", ")"), "Log": (r"\log", "(", ")"),
    "Max": (r"\max", "(", ")"), "Min": (r"\min", "(", ")"), "Abs": ("", r"\lvert ", r"\rvert "),
    "Norm": ("", r"\lVert ", r"\rVert"),
}  # fmt: skip
_PLAIN = {
    r"\pfTop": r"\top", r"\pfKronecker": r"\delta", r"\pfRemainder": r"\rho", r"_{\pfFrobenius}": "_F",
    r"\pfIdentity": r"\mathbf{I}", r"\pfZero": r"\mathbf{0}", r"\pfOne": r"\mathbf{1}",
}  # fmt: skip
_MACRO = re.compile(rf"\\pf({'|'.join(_AROUND)})(?:\[(\\big+)\])?(?=\{{)")


def expanded(text: str) -> str:
    """Our macros, but those of names and fonts, replaced by what they stand for."""
    for macro, meaning in _PLAIN.items():
        text = re.sub(re.escape(macro) + "(?![A-Za-z])", lambda _, meaning=meaning: meaning, text)
    found = _MACRO.search(text)
    while found:
        body, end = braced(text, found.end())
        head, left, right = _AROUND[found.group(1)]
        size = found.group(2)
        left, right = (size + "l" + left, size + "r" + right) if size else (left, right)
        text = f"{text[: found.start()]}{head}{left}{body}{right}{text[end:]}"
        found = _MACRO.search(text)
    return text


# ---- brackets ---------------------------------------------------------------------------------------------------


def without_each_bracket(text: str, line: Basic, style: str = "latex") -> Iterator[str]:
    """The text without a pair of round brackets, for every pair but those behind the name of a function."""
    row = list(tokens(text, Symbols(line, style)))
    opened: list[tuple[Token, bool]] = []
    for place, token in enumerate(row):
        if token.type == "LPAR":
            opened.append((token, place > 0 and row[place - 1].type in ("FUNCTION", "DEFINED", "CALL", "OPEN_CALL")))
        elif token.type == "RPAR":
            first, is_call = opened.pop()
            if not is_call:
                assert first.start_pos is not None and token.start_pos is not None
                inner = text[first.end_pos : token.start_pos]
                yield f"{text[: first.start_pos]} {inner} {text[token.end_pos :]}"
