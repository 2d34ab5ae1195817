"""Sources in plain text, read into works and places; nothing is invented, and one work is one entry."""

import pytest

from proofsheet.render.bibliography import bibtex, citation, citations, works_of

READ = [
    (
        "Goodfellow, Bengio and Courville (2016), Deep Learning, section 7.11, eq. 7.51",
        ("goodfellow2016deep", ("Goodfellow", "Bengio", "Courville"), "2016", "Deep Learning", ""),
        "section 7.11, eq. 7.51",
    ),
    (
        'Whitehill (CS/DS 541, class 14), slides "Ensembles"',
        ("whitehill", ("Whitehill",), "", "", "CS/DS 541, class 14"),
        'slides "Ensembles"',
    ),
    (
        "Wainwright and Jordan (2008), Graphical models, exponential families, and variational inference, proposition 3.1",
        ("wainwright2008graphical", ("Wainwright", "Jordan"), "2008",
         "Graphical models, exponential families, and variational inference", ""),
        "proposition 3.1",
    ),
    (
        "Henderson and Searle (1981), On deriving the inverse of a sum of matrices, SIAM Review 23",
        ("henderson1981deriving", ("Henderson", "Searle"), "1981", "On deriving the inverse of a sum of matrices",
         "SIAM Review 23"),
        "",
    ),
    ("Bishop, C. M. (1995a), A title", ("bishop1995atitle", ("Bishop, C. M.",), "1995a", "A title", ""), ""),
    ("my own lecture", ("myownlecture", (), "", "", "my own lecture"), ""),
]  # fmt: skip


@pytest.mark.parametrize(("source", "work", "place"), READ, ids=[row[1][0] for row in READ])
def test_what_is_read(source, work, place):
    found = citation(source)
    assert (found.work.key, found.work.authors, found.work.year, found.work.title, found.work.note) == work
    assert found.place == place
    assert found.head + found.tail + (f", {place}" if place else "") == source


def test_one_work_at_two_places_is_one_entry():
    found = citations(["Foo (2001), Bar, section 1", "Foo (2001), Bar, section 2"])
    assert len(works_of(found.values())) == 1
    assert [one.place for one in found.values()] == ["section 1", "section 2"]


def test_different_works_have_different_keys():
    found = citations(["Foo (2001), Bar one", "Foo (2001), Bar two"])
    assert [one.work.key for one in found.values()] == ["foo2001bar", "foo2001bar-2"]


def test_bibtex_holds_only_what_is_known():
    found = citations(["Müller & Søn (1999), 100% proof_reading", "Foo (in press)"])
    text = bibtex(works_of(found.values()), "% W")
    assert text.startswith("% W: ")
    assert text.isascii()
    assert "@misc{foo,\n  author = {Foo},\n  note = {in press},\n}" in text
    assert r"author = {M\"{u}ller and S\o{}n}" in text
    assert r"title = {{100\% proof\_reading}}" in text
    assert text.count("year") == 1
