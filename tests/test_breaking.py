"""Lines broken on boxes: every row fits if its signs allow it, and the rows together are the line."""

import re
from random import Random

import pytest
from expressions import column
from expressions import scalar as scalar_line
from vocabulary import noise_setting

from proofsheet import Cov, E, Sum, gradient, hadamard, index, norm2, sqrt, trace
from proofsheet.notation.boxes import Row, Term
from proofsheet.notation.breaking import broken, is_continuation, pieces
from proofsheet.notation.layout import lay_out
from proofsheet.notation.styles import STYLES

s = noise_setting()
residual = s.x.T @ s.w - s.y
six = residual + s.n.T @ s.w + s.alpha * norm2(s.w) - s.t * s.y + s.z
four = s.x + s.n + s.w + s.u
EVERY_STYLE = ("unicode", "ascii", "latex", "latex macros")


def length(style):
    return lambda box: float(len(STYLES[style].set(box)))


def rows(line, width, style="unicode", indent=0.0):
    chosen = STYLES[style]
    return [chosen.set(row) for row in broken(lay_out(line, chosen.manner), width, length(style), indent)]


def joined(found, style):
    """The text of rows as one; spaces count for nothing in LaTeX, and the halves of macros are the macros' braces."""
    text = " ".join(found)
    return re.sub(r"\s+", "", text) if style == "latex" else text


class TestRows:
    def test_before_outer_signs(self):
        assert rows(six, 22) == ["xᵀw − y + nᵀw + α ‖w‖²", "− t y + z"]
        assert rows(six, 14) == ["xᵀw − y + nᵀw", "+ α ‖w‖² − t y", "+ z"]

    def test_a_line_that_fits_is_one_row(self):
        assert rows(six, 100) == [STYLES["unicode"].line(six)]

    def test_inside_brackets_where_no_sign_is_outside(self):
        assert rows(E(six), 24) == ["E[xᵀw − y + nᵀw + α ‖w‖²", "− t y + z]"]

    def test_outer_signs_are_used_before_inner_ones(self):
        assert rows(E(residual) + E(six), 40) == ["E[xᵀw − y]", "+ E[xᵀw − y + nᵀw + α ‖w‖² − t y + z]"]

    @pytest.mark.parametrize(
        ("line", "width", "expected"),
        [
            (2 * E(six) * s.t, 24, ["2 E[xᵀw − y + nᵀw", "+ α ‖w‖² − t y + z] t"]),
            (six**2, 22, ["(xᵀw − y + nᵀw", "+ α ‖w‖² − t y + z)²"]),
            (norm2(four), 12, ["‖x + n + w", "+ u‖²"]),
            (Sum(index("i", s.m), six), 22, ["Σᵢ (xᵀw − y + nᵀw", "+ α ‖w‖² − t y + z)"]),
            (four.T @ s.w, 9, ["(x + n", "+ w", "+ u)ᵀw"]),
            (-E(six), 24, ["−E[xᵀw − y + nᵀw", "+ α ‖w‖² − t y + z]"]),
            (hadamard(four, s.w), 12, ["(x + n + w", "+ u) ∘ w"]),
            (hadamard(s.w, four), 14, ["w ∘ (x + n + w", "+ u)"]),
            (Cov(s.x + s.n + s.w, s.n), 14, ["Cov[x + n", "+ w, n]"]),
            (gradient(four.T @ s.w, s.w), 14, ["∇_w ((x + n", "+ w + u)ᵀw)"]),
        ],
        ids=str,
    )
    def test_what_stands_around_the_bracket_stays_beside_it(self, line, width, expected):
        assert rows(line, width) == expected

    def test_products_fractions_and_roots_stay_whole(self):
        for line in (s.alpha * s.t * s.y * s.z, six / (s.alpha + 1), sqrt(six)):
            assert len(rows(line, 3, "latex")) == 1

    def test_the_longer_of_two_sums_is_broken(self):
        assert rows(E(s.y + s.z) * E(six), 30)[0].startswith("E[y + z] E[xᵀw − y")

    def test_later_rows_may_be_narrower(self):
        assert rows(six, 18, indent=8) == ["xᵀw − y + nᵀw", "+ α ‖w‖²", "− t y + z"]

    def test_a_continuation_starts_with_a_sign(self):
        found = broken(lay_out(E(six), STYLES["unicode"].manner), 20, length("unicode"))
        assert [is_continuation(row) for row in found] == [False] + [True] * (len(found) - 1)
        assert not is_continuation(Row((found[0], Term(False, found[0]))))


class TestEveryStyle:
    @pytest.mark.parametrize("style", EVERY_STYLE)
    @pytest.mark.parametrize("seed", range(3))
    def test_the_rows_together_are_the_line(self, style, seed):
        random = Random(seed)
        for _ in range(60):
            line = random.choice([scalar_line, column])(random, random.choice([2, 3, 4]))
            for width in (10, 25, 50):
                found = rows(line, width, style)
                if style != "latex macros":
                    assert joined(found, style) == joined([STYLES[style].line(line)], style)
                assert all(row.count("{") == row.count("}") for row in found if style.startswith("latex"))

    def test_a_row_is_too_wide_only_if_nothing_in_it_can_be_broken(self):
        random = Random(5)
        measure, manner = length("latex"), STYLES["latex"].manner
        for _ in range(60):
            box = lay_out(scalar_line(random, 4), manner)
            for row in broken(box, 60, measure):
                if measure(row) > 60:
                    assert pieces(row, 60, measure) == [row]

    def test_halves_of_macros_are_paired(self):
        found = rows(2 * E(six) * norm2(four), 60, "latex macros")
        text = " ".join(found)
        for macro in ("Mean", "Norm"):
            assert text.count(rf"\pf{macro}Open") == text.count(rf"\pf{macro}Close")
        assert r"\pfMeanOpen" in text
        assert all(row.count("{") == row.count("}") for row in found)

    def test_of_a_trace(self):
        line = trace((s.W.T @ s.W + s.V + s.V.T) @ s.V)
        assert joined(rows(line, 12), "unicode") == STYLES["unicode"].line(line)
