"""The table of `check`: its words are whole, its rows fit, and a cell never claims more than its layer."""

import pytest

from proofsheet.check_table import cell_of, check_table
from proofsheet.evidence import DOES_NOT_APPLY, NOT_CHECKED, Evidence, Layer
from proofsheet.layers import EXISTING


def variants(total, rejected, slips, refuted):
    return {"total": total, "rejected_by_kernel": rejected, "rejected_as_slips": slips, "exact": refuted}


CELLS = [
    (Layer("proved", True, facts={"checked": 8, "steps": 8}), "8 steps"),
    (Layer("proved modulo SymPy", True, facts={"checked": 6, "steps": 6}), "6 steps"),
    (Layer("rejected", False, facts={"steps": 3, "checked": 3, "held": 2}), "rejected"),
    (Layer("difference 0", True, facts={"zero": 7, "steps": 7, "at_point": 0}), "7 zero"),
    (Layer("difference 0", True, facts={"zero": 7, "steps": 7, "at_point": 2}), "7 zero, random"),
    (Layer("difference nonzero", False, facts={"zero": 6, "steps": 7}), "difference nonzero"),
    (Layer("undecided", False, True, facts={"zero": 6, "steps": 7}), "undecided"),
    (Layer("agrees", True, facts={"agree": 9, "lines": 9, "grade": "exact"}), "9 agree"),
    (Layer("agrees", True, facts={"agree": 9, "lines": 9, "grade": "interval"}), "9 agree, interval"),
    (Layer("refuted", False, facts={"agree": 8, "lines": 9, "grade": "exact"}), "refuted"),
    (Layer("witness", True, facts={"models": 20, "limits": []}), "20"),
    (Layer("none found", False, True, facts={"models": 3, "limits": []}), "none found"),
    (Layer("8 of 8 rejected, 8 refuted", True, facts=variants(8, 7, 1, 8)), "8/8 refuted"),
    (Layer("8 of 8 rejected, 5 refuted", True, facts=variants(8, 8, 0, 5)), "5/8 refuted"),
    (Layer("7 of 8 rejected, 8 refuted", False, facts=variants(8, 7, 0, 8)), "7/8 rejected"),
    (Layer("5 of 6 shown", False, True, facts={"total": 6, "shown": 5}), "5/6"),
    (Layer("confirmed", True, facts={"method": "e-process", "grade": "asymptotic"}), "confirmed, asymptotic"),
    (Layer("confirmed", True, facts={"method": "e-process", "grade": "non-asymptotic"}), "confirmed, e-process"),
    (Layer("confirmed", True, facts={"method": "enumeration", "grade": "enumeration"}), "confirmed, enumeration"),
    (Layer("undecided", False, True, facts={"method": "e-process", "grade": "non-asymptotic"}), "undecided"),
    (Layer("refuted", False, facts={"grade": "enumeration"}), "refuted"),
    (Layer("error", False, message="no"), "error"),
    (NOT_CHECKED, "not checked"),
    (DOES_NOT_APPLY, "none"),
]


@pytest.mark.parametrize(("layer", "cell"), CELLS)
def test_cells(layer, cell):
    assert cell_of(layer) == cell


def found(count):
    """Identities that hold every cell between them, one with the longest name and outcomes of several words."""
    chosen = [CELLS[start::count] for start in range(count)]
    outcomes = ("proved", "proved modulo SymPy", "monte carlo: undecided")
    return [
        Evidence(
            "a_rather_long_identity_name"[: 27 - place], "Title",
            dict(zip(EXISTING, [layer for layer, _ in cells], strict=False)), outcomes[place % 3],
        )
        for place, cells in enumerate(chosen)
    ]  # fmt: skip


@pytest.mark.parametrize("style", ["unicode", "ascii"])
@pytest.mark.parametrize("width", [60, 80, 100, 110, 200])
def test_no_word_is_broken_and_no_row_too_wide(width, style):
    rows = found(5)
    text = check_table(rows, EXISTING, style, width)
    words = set(text.split())
    for one in rows:
        cells = [cell_of(one.layers.get(name, NOT_CHECKED)) for name in EXISTING]
        for part in (one.name, one.outcome, *cells):
            assert set(part.split()) <= words, part
    assert {word for name in EXISTING for word in name.split("_")} <= words
    assert style == "unicode" or text.isascii()
    if width >= 100:
        assert max(map(len, text.splitlines())) <= width


@pytest.mark.parametrize(("width", "names"), [(80, "above"), (100, "beside")])
def test_what_is_usual_fits(width, names):
    usual = [
        layer
        for layer, cell in CELLS
        if cell in ("8 steps", "7 zero", "9 agree", "20", "8/8 refuted", "confirmed, asymptotic")
    ]
    usual.insert(5, Layer("6 of 6 shown", True, facts={"total": 6, "shown": 6}))
    one = Evidence("a_rather_long_identity_name", "Title", dict(zip(EXISTING, usual, strict=True)), "proved")
    rows = check_table([one], EXISTING, "unicode", width).splitlines()
    assert max(map(len, rows)) <= width
    (named,) = (row for row in rows if "a_rather_long_identity_name" in row)
    assert ("proved" in named) == (names == "beside")
    assert {"8/8", "6/6", "confirmed,", "asymptotic"} <= set(" ".join(rows).split())


def test_names_stand_above_their_rows_where_it_is_narrow():
    wide, narrow = (check_table(found(3), EXISTING, "unicode", width).splitlines() for width in (200, 80))
    assert wide[0].split() == ["identity", "outcome", *" ".join(EXISTING).replace("_", " ").split()]
    assert len(wide) == 2 + 3
    assert "a_rather_long_identity_name  proved " in wide[2]
    assert [row for row in narrow if row.startswith(" a_rather")] == [f" {one.name}" for one in found(3)]
    assert narrow[0].split()[0] == "outcome"


def test_room_goes_where_it_saves_rows():
    """One of two cells can stay whole: the one that most rows have."""
    layers = ("proof", "exact")
    rows = [
        Evidence(name, "", {"proof": Layer("none found", False), "exact": Layer("agrees", True)}, "") for name in "abc"
    ]
    rows[0].layers["exact"] = Layer("difference nonzero", False)
    text = check_table(rows, layers, "ascii", 44)
    assert text.count("none found") == 3
    assert "difference nonzero" not in text
