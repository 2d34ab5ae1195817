"""Sources as an author of a proof script names them, in plain text, read into works and the places that are cited in them.

    Goodfellow, Bengio and Courville (2016), Deep Learning, section 7.5

Nothing is invented: what is not understood stands as a note.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from proofsheet.notation.latex_words import latex_words

_SOURCE = re.compile(r"(?P<authors>[^()]+?) \((?P<bracket>[^()]*(?:\([^()]*\)[^()]*)*)\)(?:, (?P<rest>.+))?")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d[a-z]?")
_PLACE = re.compile(
    r"(?:^|, )((?:sections?|chapters?|eqs?\.|equations?|propositions?|theorems?|lemmas?|corollar(?:y|ies)|examples?|pages?|"
    r"pp?\.|slides?|figures?|tables?|append(?:ix|ices)|algorithms?|exercises?|§+|for) .+)$"
)
_CONTAINER = re.compile(
    r"(.+), ([A-Z][\w&. ]*? \d+(?:\(\d+\))?)$"
)  # SIAM Review 23: a journal and a volume, as they stand
_INITIALS = re.compile(r"(?:[A-Z]\.[ -]?)+")
_LITTLE = {"a", "an", "the", "on", "of", "in", "for", "and", "to", "with"}


@dataclass(frozen=True)
class Work:
    """Something that is cited; empty where it is not known. `note` holds what is neither author, year nor title."""

    key: str
    authors: tuple[str, ...] = ()
    year: str = ""
    title: str = ""
    note: str = ""

    @property
    def names(self) -> str:
        """Bishop; Wang and Manning; Goodfellow, Bengio and Courville."""
        *front, last = self.authors or ("",)
        return f"{', '.join(front)} and {last}" if front else last


@dataclass(frozen=True)
class Citation:
    """A work and the place in it. The source as it was written is its head, authors and year; its tail; and the place."""

    work: Work
    head: str
    tail: str = ""
    place: str = ""


def citation(source: str) -> Citation:
    """A source in plain text, read."""
    text = " ".join(source.split()).rstrip(".")
    found = _SOURCE.fullmatch(text)
    if found is None:
        return Citation(Work(_key(text, "", ""), note=text), text)
    bracket, rest = found["bracket"], found["rest"] or ""
    year = bracket if _YEAR.fullmatch(bracket) else ""
    place = _PLACE.search(rest)
    title = rest[: place.start()] if place else rest
    container = _CONTAINER.fullmatch(title)
    title, note = container.groups() if container else (title, "")
    notes = ", ".join(part for part in ("" if year else bracket, note) if part)
    authors = _authors(found["authors"])
    work = Work(_key(authors[0], year, title), authors, year, title, notes)
    head = f"{found['authors']} ({year})" if year else found["authors"]
    tail = (text[: -len(place[1])].removesuffix(", ") if place else text)[len(head) :]
    return Citation(work, head, tail, place[1] if place else "")


def citations(sources: Iterable[str]) -> dict[str, Citation]:
    """Sources by their text; different works have different keys."""
    found = {source: citation(source) for source in dict.fromkeys(sources)}
    works = sorted({one.work for one in found.values()}, key=_order)
    renamed: dict[Work, Work] = {}
    for work in works:
        alike = sum(known.key == work.key for known in renamed)
        renamed[work] = replace(work, key=f"{work.key}-{alike + 1}") if alike else work
    return {source: replace(one, work=renamed[one.work]) for source, one in found.items()}


def works_of(cited: Iterable[Citation]) -> list[Work]:
    """Each work once, in the order of a bibliography."""
    return sorted({one.work for one in cited}, key=_order)


def bibtex(works: Sequence[Work], written: str) -> str:
    """A file for BibTeX. Of the kind of a work nothing is known, so each is @misc."""
    head = f"{written}: what the proof scripts cite. Complete the entries; what was not understood is a note.\n"
    return head + "".join(f"\n{_entry(work)}" for work in works)


def _entry(work: Work) -> str:
    fields = {
        "author": " and ".join(map(latex_words, work.authors)),
        "title": f"{{{latex_words(work.title)}}}" if work.title else "",
        "year": work.year,
        "note": latex_words(work.note),
    }
    rows = [f"  {name} = {{{_balanced(value)}}},\n" for name, value in fields.items() if value]
    return f"@misc{{{work.key},\n{''.join(rows)}}}\n"


def _balanced(value: str) -> str:
    """Braces of the author's as commands: BibTeX counts them even behind a backslash."""
    return value.replace(r"\{", r"\textbraceleft{}").replace(r"\}", r"\textbraceright{}")


def _authors(text: str) -> tuple[str, ...]:
    """Surnames, each with the initials that follow it."""
    names: list[str] = []
    for name in re.split(r", (?:and )?| and | & ", text):
        if names and _INITIALS.fullmatch(name):
            names[-1] += f", {name}"
        else:
            names.append(name)
    return tuple(names)


def _key(author: str, year: str, title: str) -> str:
    """goodfellow2016deep: the first author's surname, the year and the first word of the title that says something."""
    words = [_letters(word) for word in re.split(r"[\s-]+", title)]
    first = next((word for word in words if word and word not in _LITTLE), "")
    name = _letters(author.split(",", maxsplit=1)[0]) if year or title or len(author) < 30 else _letters(author[:20])
    return (name + year + first) or "source"


def _letters(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]", "", plain.lower())


def _order(work: Work) -> tuple[str, str, str, str]:
    return _letters("".join(work.authors)), work.year, work.title, work.note


__all__ = ["Citation", "Work", "bibtex", "citation", "citations", "works_of"]
