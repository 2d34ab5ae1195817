"""Lines in boxes: what stands beside what, how tall brackets are, and every kind of box set by every style."""

from random import Random

import pytest
from expressions import analytic, column
from expressions import scalar as scalar_line
from vocabulary import ensemble_setting, noise_setting

from proofsheet import E, Sum, absolute, delta, derivative, exp, function, group, inverse, log, norm1, norm2, ones, sqrt
from proofsheet.notation import boxes
from proofsheet.notation.boxes import Box, Fenced, Figure, Letter, Raised, closing, inside, opening
from proofsheet.notation.layout import Manner, lay_out
from proofsheet.notation.spacing import height, joint
from proofsheet.notation.style import Style
from proofsheet.notation.styles import STYLES

s, e = noise_setting(), ensemble_setting()
w, x, n, y, t, W, alpha = s.w, s.x, s.n, s.y, s.t, s.W, s.alpha
A = function("A")
DISPLAY = Manner(stacks_fractions=True)


def box(node) -> Box:
    return lay_out(node, DISPLAY)


KINDS = [kind for kind in vars(boxes).values() if isinstance(kind, type) and issubclass(kind, Box) and kind is not Box]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_style_sets_every_kind(style, kind):
    method = next(name for one, name in _methods().items() if one is kind)
    assert callable(getattr(STYLES[style], method, None)), f"{style} has no {method}"


def _methods():
    from proofsheet.notation.style import _METHODS

    return _METHODS


def test_a_style_without_a_method_says_which():
    with pytest.raises(AttributeError, match="set_letter"):
        Style().set(Letter("w"))


def test_what_is_no_line_is_refused():
    with pytest.raises(TypeError, match="no way to set a str"):
        lay_out("w", DISPLAY)


ENDS = [
    (2 * y * E(t), Figure("2"), "Fenced"),
    (norm2(w) * y, "Fenced", "Letter"),
    (A(t) * y**2, "Letter", "Raised"),
    (x.T @ w - y, "Transposed of", "Letter"),
    (y + Sum(e.i, e.e[e.i]) * 1, "Letter", "Figure"),
    (-t, "Negative", "Letter"),
    (t / alpha, "Fraction", "Fraction"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "first", "last"), ENDS, ids=[str(row[0]) for row in ENDS])
def test_the_ends_of_a_line(line, first, last):
    left, right = opening(box(line)), closing(box(line))
    if isinstance(first, Box):
        assert left == first
    else:
        assert type(left).__name__ == first or (first == "Transposed of" and left == Letter("x", True))
    assert type(right).__name__ == last


def test_a_flat_fraction_has_the_ends_of_its_parts():
    flat = lay_out(t / alpha, Manner())
    assert (opening(flat), closing(flat)) == (Letter("t"), Letter("alpha"))


JOINTS = [
    (y, t, "nothing"),
    (y, E(t), "thin"),
    (E(t), y, "thin"),
    (y, group(t + 1), "nothing"),
    (y, group(-1 + 0 * t), "nothing"),
    (y, norm2(w), "nothing"),
    (norm2(w), y, "thin"),
    (norm1(w), y, "thin"),
    (absolute(y), t, "thin"),
    (y, Sum(e.i, e.e[e.i]), "nothing"),
    (x.T @ w, y, "thin"),
    (A(t), y, "nothing"),
    (A(t), x.T @ w, "thin"),
    (y, exp(t), "nothing"),
    (y, log(t), "nothing"),
    (y, derivative(A(t), t), "thin"),
    (y, A.prime(t), "nothing"),
    (group(y + t), w, "thin"),
    (group(y + t), t, "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "expected"), JOINTS, ids=[f"{row[0]} {row[1]}" for row in JOINTS])
def test_the_room_between_neighbours(left, right, expected):
    assert joint(box(left), box(right)) == expected


def test_a_bracketed_minus_is_no_argument():
    minus = Fenced("round", boxes.Negative(Figure("1")))
    assert joint(Letter("g"), minus) == "times"
    assert joint(Letter("g"), Fenced("round", Figure("1"))) == "nothing"


HEIGHTS = [
    ("round", y + t, 0),
    ("round", A(t) + y, 0),
    ("round", group(y + t) * 2, 1),
    ("round", E(y), 1),
    ("round", norm2(w), 1),
    ("round", norm1(w), 0),
    ("round", absolute(y) + 1, 0),
    ("round", absolute(y) ** 2, 1),
    ("round", t / alpha, 2),
    ("round", Sum(e.i, e.e[e.i]), 2),
    ("bars", group(y + t) * 2, 0),
    ("bars", group(group(y + t) * 2), 1),
    ("bars", t / alpha, 2),
    ("double bars", A(group(y + t) * 2), 1),
    ("square", A(A(t)), 0),
    ("square", sqrt(t / alpha), 2),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body", "expected"), HEIGHTS, ids=[f"{row[0]} {row[1]}" for row in HEIGHTS])
def test_brackets_are_as_tall_as_needed(kind, body, expected):
    assert height(Fenced(kind, box(body))) == expected


def test_in_a_sentence_nothing_is_stacked():
    flat = Manner()
    random = Random(3)
    for _ in range(100):
        for line in (scalar_line(random, 3), column(random, 2), analytic(random, 2)):
            found = [*inside(lay_out(line, flat))]
            assert not any(isinstance(one, boxes.Fraction) and one.stacked for one in found)
            assert not any(isinstance(one, boxes.Differentiated) and one.form != "flat" for one in found)


def test_an_inverse_is_called_without_brackets_or_raised_with_them():
    line = inverse(W @ W.T)
    called, raised = lay_out(line, Manner(calls_inverse=True)), lay_out(line, Manner())
    assert STYLES["ascii"].set(called) == "inv(W W')"
    assert STYLES["unicode"].set(raised) == "(WWᵀ)⁻¹"


def test_an_ambiguous_base_is_bracketed():
    raised = box(E(y) ** 2)
    assert isinstance(raised, Raised)
    assert isinstance(raised.base, Fenced)
    assert not isinstance(box(y**2).base, Fenced)


def test_the_kronecker_delta_and_constant_vectors_of_figures():
    assert box(delta(e.i, e.j)) == boxes.Delta(("i", "j"))
    assert box(ones(s.m)) == boxes.ConstantMatrix("1")
    assert STYLES["unicode"].set(box(2 * ones(s.m))) == "2 · 𝟏"
