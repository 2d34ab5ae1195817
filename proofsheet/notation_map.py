r"""A file that says how symbols are spelled: --notation FILE.

    [symbols]
    w = "θ"                                                # in Unicode; TeX, ASCII and Typst follow for a letter
    x_tilde = { tex = '\check{x}', unicode = "x̌" }         # the whole name
    loss = { tex = '\mathcal{L}', unicode = "ℒ", ascii = "L", typst = "cal(L)" }

    [style]
    vectors = "arrow"           # bold, arrow or plain
    transpose = "T"             # top, prime or T
    expectation = "roman"       # blackboard, roman or angle

An entry spells a declared name, or the letters of several: w those of w, w_hat and w1. What an author wrote in a docstring,
and the names given to assumptions, are printed as they were written.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from proofsheet.entry_script import ProofScript
from proofsheet.errors import CallError, NotationError
from proofsheet.kernel.theorem import Theorem
from proofsheet.notation.boxes import IndexLetter, Letter, Lowered
from proofsheet.notation.chosen_names import readable
from proofsheet.notation.functions import Function
from proofsheet.notation.indices import Index
from proofsheet.notation.letter_forms import completed
from proofsheet.notation.names import split_name
from proofsheet.notation.spellings import (
    EXPECTATIONS,
    TARGETS,
    TRANSPOSES,
    VECTORS,
    Spellings,
    Target,
    spelled,
    spellings,
)
from proofsheet.notation.style import Style
from proofsheet.notation.styles import STYLES
from proofsheet.notation.variables import Defined, Variable
from proofsheet.render.setting import declared, definitions

_STYLES = {"vectors": VECTORS, "transpose": TRANSPOSES, "expectation": EXPECTATIONS}
_STYLE_OF: Mapping[Target, str] = {"tex": "latex", "unicode": "unicode", "ascii": "ascii", "typst": "typst"}


def read_map(path: Path) -> Spellings:
    """The spellings in a file. Raises CallError, which names the file and the key, for what cannot be used."""
    tables = _tables(path)
    for name, table in tables.items():
        if name not in ("symbols", "style"):
            raise CallError(f"{path}: there is no table [{name}]{_nearest(name, ['symbols', 'style'])}")
        if not isinstance(table, dict):
            raise CallError(f"{path}: {name} is a table, [{name}], not {table!r}")
    symbols = {name: _symbol(f"{path}, symbols.{name}", entry) for name, entry in tables.get("symbols", {}).items()}
    style = {key: _style(f"{path}, style.{key}", key, word) for key, word in tables.get("style", {}).items()}
    return Spellings(symbols, **style, source=str(path))


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CallError(f"{path} is not valid TOML: {error}") from None
    except UnicodeDecodeError:
        raise CallError(f"{path} is not text in UTF-8") from None
    except OSError as error:
        raise CallError(f"{path} cannot be read: {error.strerror or error}") from None


def _style(where: str, key: str, word: Any) -> Any:
    if key not in _STYLES:
        raise CallError(f"{where}: there is no such setting{_nearest(key, [*_STYLES])}")
    if word not in _STYLES[key]:
        raise CallError(f"{where} is {' or '.join(_STYLES[key])}, not {word!r}")
    return word


def _symbol(where: str, entry: Any) -> Mapping[str, str]:
    """All spellings of one symbol: those of the file, and those that follow from them."""
    table = {"unicode": entry} if isinstance(entry, str) else entry
    if not isinstance(table, dict):
        raise CallError(f"""{where} is a text, "θ", or a table, {{ tex = '\\theta', unicode = "θ" }}, not {entry!r}""")
    if not table:
        raise CallError(f"{where} spells nothing; give some of {', '.join(TARGETS)}")
    return completed({_target(where, key): _spelling(f"{where}.{key}", key, text) for key, text in table.items()})


def _target(where: str, key: str) -> Target:
    if key not in TARGETS:
        raise CallError(f"{where}: a symbol is spelled in {', '.join(TARGETS)}, not in {key!r}")
    return key


def _spelling(where: str, key: str, text: Any) -> str:
    if not isinstance(text, str):
        raise CallError(f"{where} is a text in quotes, not {text!r}")
    try:
        return readable(text, _target(where, key))
    except NotationError as error:
        raise CallError(f"{where}: {error}") from None


def _nearest(name: str, known: Iterable[str]) -> str:
    """Names that may have been meant, or all of a few."""
    choices = sorted(known)
    near = difflib.get_close_matches(name, choices, n=3, cutoff=0.6)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    return f"; there {'is' if len(choices) == 1 else 'are'} {', '.join(choices)}" if choices else ""


# ---- whether the spellings fit the identities -------------------------------------------------------------------


def refuse_unfit(chosen: Spellings, scripts: Sequence[ProofScript], complete: bool = True) -> None:
    """Raises CallError for an entry that spells nothing in these identities, and where two symbols would look alike.

    With `complete` False there are identities that could not be read, which may have the symbols of the former kind.
    """
    symbols = {script.name: _symbols((script.theorem, *script.corollaries.values())) for script in scripts}
    known = {name for found in symbols.values() for name in found}
    letters = {split_name(name)[0] for name in known}
    for name in chosen.symbols:
        if complete and name not in known | letters:
            raise CallError(f"{chosen.source}, symbols.{name}: no symbol here is called {name}{_nearest(name, known)}")
    if chosen.symbols:
        with spelled(chosen):
            for identity, found in symbols.items():
                _refuse_alike(f"{chosen.source}, in {identity}", found)


def _symbols(theorems: Sequence[Theorem]) -> dict[str, Any]:
    """All that has a name: what is declared, and what is defined."""
    return {node.name: node for node in (*declared(theorems), *definitions(theorems))}


def _refuse_alike(where: str, symbols: Mapping[str, Any]) -> None:
    for target, name in _STYLE_OF.items():
        style = STYLES.get(name)
        looks = {key: look for key, node in symbols.items() if style and (look := _look(style, node))}
        bold = {style.set(Letter(key, True)): key for key in looks if style and _is_bold(symbols[key])}
        seen: dict[str, str] = {}
        for key, look in looks.items():
            other = seen.setdefault(look, key)
            other = bold.get(look, other)
            if other != key:
                raise CallError(f"{where}: {other} and {key} would look alike in {target}: {look}")
            _refuse_marked(where, symbols[key], look)
        for look, reading in _readings(style, symbols, looks) if style else ():
            if look in seen:
                raise CallError(f"{where}: {seen[look]} would read like {reading} in {target}: {look}")


def _is_bold(node: Any) -> bool:
    """Whether vectors and matrices are set as this one is."""
    return isinstance(node, (Variable, Defined)) and not node.is_scalar and spellings().vectors == "bold"


def _look(style: Style, node: Any) -> str:
    """The name by itself, and not bold; empty where the file has no spelling for the style, which printing complains of."""
    try:
        return style.set(IndexLetter(node.name) if isinstance(node, Index) else Letter(node.name))
    except CallError:
        return ""


def _refuse_marked(where: str, node: Any, look: str) -> None:
    """A prime that would be read as a derivative or as a transpose."""
    if any(mark in look for mark in ("′", "″", r"\prime")):
        what = "a derivative" if isinstance(node, Function) else "a transpose"
        if isinstance(node, Function) or spellings().transpose == "prime":
            raise CallError(f"{where}: {node.name} would read like {what}: {look}")


def _readings(style: Style, symbols: Mapping[str, Any], looks: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What else could be meant: entries of arrays, and products of two of them where these are written side by side."""
    arrays = [key for key in looks if isinstance(symbols[key], (Variable, Defined)) and not symbols[key].is_scalar]
    indices = [key for key in looks if isinstance(symbols[key], Index)]
    for labels in (*((one,) for one in indices), *product(indices, repeat=2)):
        for key in arrays:
            yield style.set(Lowered(Letter(key), labels)), f"the entry {', '.join(labels)} of {key}"
    for first, second in product(arrays, repeat=2):
        yield looks[first] + looks[second], f"the product of {first} and {second}"
