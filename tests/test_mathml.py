"""Lines as MathML: well formed, in reading order, with the room and the brackets of a careful typesetter."""

import re
from html import unescape
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest
from expressions import analytic, column, scalar
from test_latex import LINES, A, C, X, e, i, k, s

from proofsheet import (
    Cov,
    E,
    Sum,
    absolute,
    derivative,
    distinct,
    exp,
    function,
    gradient,
    hadamard,
    inverse,
    matrix,
    norm1,
    norm2,
    remainder,
    sqrt,
    trace,
    vector,
)
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.notation.boxes import (
    BigSum,
    Called,
    Closed,
    Delta,
    DerivedName,
    Fenced,
    Figure,
    Letter,
    Lowered,
    Norm,
    Opened,
    Raised,
    Related,
    Row,
    Sign,
    Signed,
    Space,
    TaylorRemainder,
    Term,
    Transposed,
    Word,
    inside,
)
from proofsheet.notation.layout import Manner, lay_out
from proofsheet.notation.mathml_style import math
from proofsheet.notation.spacing import height
from proofsheet.notation.spellings import Spellings, spelled
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import set_line, set_prose
from proofsheet.render.sheet import sheet

HTML = STYLES["html"]
ROOT = Path(__file__).resolve().parent.parent
THIN = '<mspace width="0.1667em"/>'
ELEMENTS = {
    "math", "mrow", "mi", "mn", "mo", "mspace", "mpadded", "mfrac", "msqrt", "msub", "msup", "msubsup", "munder", "mover",
    "munderover",
}  # fmt: skip
ARITY = {"mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
ATTRIBUTES = {
    "accent", "depth", "displaystyle", "form", "height", "lspace", "mathsize", "mathvariant", "movablelimits", "rspace",
    "stretchy", "voffset", "width",
}  # fmt: skip
w, u, x, n, y, t, m, W, alpha = s.w, s.u, s.x, s.n, s.y, s.t, s.m, s.W, s.alpha


def random_lines():
    random = Random(11)
    return [make(random, 3) for make in (scalar, column, analytic) for _ in range(60)]


@pytest.fixture(scope="module")
def catalogue():
    scripts = [read(entry) for entry in Catalogue(ROOT).entries]
    return [sheet(one.name, one.documentation, one.theorem, one.corollaries, one.limits) for one in scripts]


def nodes(pages):
    return [node for page in pages for one in page.derivations for node in (one.left, *(row.node for row in one.rows))]


def faults(markup):
    """What is wrong with the markup as MathML Core."""
    try:
        root = ElementTree.fromstring(math(markup))
    except ElementTree.ParseError as error:
        return [str(error)]
    found = []
    for node in root.iter():
        found += [node.tag] if node.tag not in ELEMENTS else []
        found += [f"{node.tag}: {len(node)}"] if len(node) != ARITY.get(node.tag, len(node)) else []
        found += [f"{node.tag} {name}" for name in node.attrib if name not in ATTRIBUTES]
        if node.tag in ("mi", "mn", "mo"):
            found += [f"empty {node.tag}"] if not node.text or len(node) else []
        elif (node.text or "").strip() or (node.tail or "").strip():
            found.append(f"text in {node.tag}")
        if "mathvariant" in node.attrib and (node.get("mathvariant") != "normal" or len(node.text) != 1):
            found.append(f"mathvariant {node.text}")
    return found


@pytest.mark.parametrize("style", ["html", "html in text"])
def test_lines_are_well_formed(style, catalogue):
    for line in [*(row[0] for row in LINES), *random_lines(), *nodes(catalogue)]:
        assert faults(set_line(line, style)) == [], str(line)


@pytest.mark.parametrize(
    "markup",
    [
        "<mi>x",
        "<mi>a < b</mi>",
        "<msup><mi>x</mi></msup>",
        "<mi/>",
        "x",
        '<mi mathvariant="bold">x</mi>',
        "<mfenced><mi>x</mi></mfenced>",
        '<mo fence="true">(</mo>',
    ],
)
def test_the_check_of_the_form_can_fail(markup):
    assert faults(markup)


def read_aloud(markup):
    """The text of the elements in reading order, what is invisible left out."""
    return re.sub("[\u2061\u2062]", "", unescape(re.sub("<[^>]*>", "", markup)))


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (E(((x + n).T @ w - y) ** 2), "𝔼[((𝐱+𝐧)⊤𝐰−y)2]"),
        (2 * t - e.v / (e.n - 1), "2t−vn−1"),
        (Sum(distinct(e.i, e.j), E(e.e[e.i] * e.e[e.j])), "∑i≠j𝔼[eiej]"),
        (alpha * Sum(e.i, e.e[e.i]), "α∑i=1nei"),
        (Cov(n, x) @ w, "Cov[𝐧,𝐱]𝐰"),
        (inverse(s.S) @ w, "𝐒−1𝐰"),
    ],
)
def test_reading_order(line, text):
    assert read_aloud(set_line(line, "html")) == text


def fixed(glyph):
    return f'<mo stretchy="false">{glyph}</mo>'


def big(glyph):
    return f'<mo stretchy="false" mathsize="1.2em">{glyph}</mo>'


def bigg(glyph):
    inner = f'<mo stretchy="false" mathsize="1.75em">{glyph}</mo>'
    return f'<mpadded voffset="-0.19em" height="1.12em" depth="0.62em">{inner}</mpadded>'


def bar(glyph, form):
    return f'<mo form="{form}" stretchy="false">{glyph}</mo>'


IT, AF = "<mo>\u2062</mo>", "<mo>\u2061</mo>"
SUM = '<mo movablelimits="false" lspace="0">∑</mo>'
SLASH = '<mo lspace="0" rspace="0">/</mo>'
BOLD_W = "<mi>𝐰</mi>"
I_FROM_1 = '<mrow><mi>i</mi><mo lspace="0" rspace="0">=</mo><mn>1</mn></mrow>'
CONSTRUCTS = [
    (y - t, "<mi>y</mi><mo>−</mo><mi>t</mi>"),
    (-(t * y), f'<mo form="prefix">−</mo><mi>t</mi>{IT}<mi>y</mi>'),
    (2 * E(y), f"<mn>2</mn>{IT}{THIN}<mi>𝔼</mi>{AF}{fixed('[')}<mi>y</mi>{fixed(']')}"),
    (E(y) * 0, f"<mi>𝔼</mi>{AF}{fixed('[')}<mi>y</mi>{fixed(']')}<mo>⋅</mo><mn>0</mn>"),
    (w.T @ x, f"<msup>{BOLD_W}<mi>⊤</mi></msup>{IT}<mi>𝐱</mi>"),
    ((t / alpha) ** 2, f"{bigg('(')}<mfrac><mi>t</mi><mi>α</mi></mfrac><msup>{bigg(')')}<mn>2</mn></msup>"),
    (Sum(e.i, e.e[e.i]), f"<munderover>{SUM}{I_FROM_1}<mi>n</mi></munderover><msub><mi>e</mi><mi>i</mi></msub>"),
    (
        Sum(distinct(s.i, s.j), t),
        f'<munder>{SUM}<mrow><mi>i</mi><mo lspace="0" rspace="0">≠</mo><mi>j</mi></mrow></munder><mi>t</mi>',
    ),
    (X[i, k] ** 2, "<msubsup><mi>x</mi><mrow><mi>i</mi><mi>k</mi></mrow><mn>2</mn></msubsup>"),
    (
        matrix("W1", s.q, m)[s.r, k],
        '<msub><mi>W</mi><mrow><mn>1</mn><mo lspace="0" rspace="0">,</mo><mi>r</mi><mi>k</mi></mrow></msub>',
    ),
    (vector("x_tilde", m), '<mover accent="true"><mi>𝐱</mi><mo stretchy="false">˜</mo></mover>'),
    (vector("beta", m), "<mi>𝜷</mi>"),
    (vector("Sigma", m), "<mi>𝚺</mi>"),
    (vector("beta", m)[k], '<msub><mpadded depth="0"><mi>β</mi></mpadded><mi>k</mi></msub>'),
    (A.prime.prime(t), f"<mrow><mi>A</mi><mo>″</mo></mrow>{AF}{fixed('(')}<mi>t</mi>{fixed(')')}"),
    (C.gradient(w), f'<mi mathvariant="normal">∇</mi><mi>C</mi>{AF}{fixed("(")}{BOLD_W}{fixed(")")}'),
    (
        gradient(norm1(w), w),
        f'<msub><mi mathvariant="normal">∇</mi>{BOLD_W}</msub>{THIN}'
        f"{bar('‖', 'prefix')}{BOLD_W}<msub>{bar('‖', 'postfix')}<mn>1</mn></msub>",
    ),
    (
        derivative(C(w), w[k]),
        f"<mfrac><mrow><mi>∂</mi><mi>C</mi>{AF}{fixed('(')}{BOLD_W}{fixed(')')}</mrow>"
        "<mrow><mi>∂</mi><msub><mi>w</mi><mi>k</mi></msub></mrow></mfrac>",
    ),
    (
        remainder(A, 3, t, alpha),
        f'<msub><mpadded depth="0"><mi>ρ</mi></mpadded><mn>3</mn></msub>{AF}{fixed("[")}<mi>A</mi>'
        f'<mo rspace="0.3333em">;</mo><mi>t</mi><mo rspace="0.3333em">,</mo><mi>α</mi>{fixed("]")}',
    ),
    (norm2(W), f"{bar('‖', 'prefix')}<mi>𝐖</mi><msubsup>{bar('‖', 'postfix')}<mi>F</mi><mn>2</mn></msubsup>"),
    (absolute(t), f"{bar('|', 'prefix')}<mi>t</mi>{bar('|', 'postfix')}"),
    (t * trace(s.V), f"<mi>t</mi>{IT}{THIN}<mi>tr</mi>{AF}{fixed('(')}<mi>𝐕</mi>{fixed(')')}"),
    (t * exp(y), f"<mi>t</mi>{IT}{THIN}<mi>exp</mi>{AF}{fixed('(')}<mi>y</mi>{fixed(')')}"),
    (sqrt(t), "<msqrt><mi>t</mi></msqrt>"),
    (hadamard(x, w), f"<mi>𝐱</mi><mo>⊙</mo>{BOLD_W}"),
    (function("softplus")(t), f"<mi>softplus</mi>{AF}{fixed('(')}<mi>t</mi>{fixed(')')}"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "markup"), CONSTRUCTS, ids=[str(row[0]) for row in CONSTRUCTS])
def test_displayed(line, markup):
    assert set_line(line, "html") == markup


@pytest.mark.parametrize(
    ("box", "markup"),
    [
        (Space((Letter("m"), Letter("q"))), '<msup><mi>ℝ</mi><mrow><mi>m</mi><mo lspace="0" rspace="0">×</mo><mi>q</mi></mrow></msup>'),
        (Delta(("i", "j")), "<msub><mi>δ</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub>"),
        (DerivedName(Letter("F"), (0, 1), "partial"), "<msub><mi>∂</mi><mn>1</mn></msub><msub><mi>∂</mi><mn>2</mn></msub><mi>F</mi>"),
        (Related(Letter("t"), "<", Figure("1")), "<mi>t</mi><mo>&lt;</mo><mn>1</mn>"),
        (Related(Letter("A"), ":", Space(())), '<mi>A</mi><mo lspace="0" rspace="0.1667em">:</mo><mi>ℝ</mi>'),
        (Raised(Letter("t"), Signed(((False, Letter("n")), (True, Figure("1"))))), '<msup><mi>t</mi><mrow><mi>n</mi><mo lspace="0" rspace="0">−</mo><mn>1</mn></mrow></msup>'),
        (Raised(Raised(Letter("t"), Figure("2")), Figure("3")), "<msup><msup><mi>t</mi><mn>2</mn></msup><mn>3</mn></msup>"),
        (Lowered(Letter("x_old"), ("i",)), '<msub><mi>x</mi><mrow><mi>old</mi><mo lspace="0" rspace="0">,</mo><mi>i</mi></mrow></msub>'),
        (Letter("Sigma"), '<mi mathvariant="normal">Σ</mi>'),
        (Sign("…"), '<mo lspace="0" rspace="0.1667em">…</mo>'),
        (Related(Letter("t"), ":=", Figure("1")), "<mi>t</mi><mo>≔</mo><mn>1</mn>"),
    ],
)  # fmt: skip
def test_boxes(box, markup):
    assert HTML.set(box) == markup
    assert faults(markup) == []


def test_in_a_sentence_nothing_is_taller_than_the_line():
    assert set_line(e.v / e.n, "html in text") == f"<mi>v</mi>{SLASH}<mi>n</mi>"
    summed = set_line(Sum(e.i, e.e[e.i]) ** 2, "html in text")
    assert "<msubsup><mo lspace" in summed and "munder" not in summed
    assert "1.2em" in summed and "1.75em" not in summed
    assert "mfrac" not in set_line(derivative(C(w), w[k]), "html in text")


def test_halves_of_a_broken_line_join_to_the_whole():
    inner = Signed(((False, Letter("x", True)), (True, Letter("y"))))
    for whole in (
        Called(Word("E"), Fenced("square", inner)),
        Fenced("round", inner),
        Norm(Fenced("double bars", inner), 2, True),
    ):
        broken = Row((Opened(whole), Letter("x", True), Term(True, Letter("y")), Closed(whole)))
        assert HTML.set(broken).replace(' form="infix"', "") == HTML.set(whole)
        assert faults(HTML.set(broken)) == []


def test_a_term_that_opens_a_row_keeps_the_room_beside_its_sign():
    assert HTML.set(Term(False, Letter("y"))) == '<mo form="infix">+</mo><mi>y</mi>'


@pytest.mark.parametrize("line", [row[0] for row in LINES], ids=[str(row[0]) for row in LINES])
def test_brackets_are_as_tall_as_said(line):
    wanted = {0: 0, 1: 0, 2: 0}
    for box in inside(lay_out(line, Manner(stacks_fractions=True))):
        if isinstance(box, Fenced):
            wanted[height(box)] += 2
        elif isinstance(box, TaylorRemainder) or (isinstance(box, DerivedName) and len(box.orders) > 3):
            wanted[0] += 2
    markup = set_line(line, "html")
    bracket = r">[][()|‖]</mo>"
    found = {
        size: len(re.findall(attribute + bracket, markup))
        for size, attribute in enumerate(('stretchy="false"', 'mathsize="1.2em"', 'mathsize="1.75em"'))
    }
    assert found == wanted


def test_words_are_escaped():
    prose = ('a < b & "c" where ', Related(Letter("t"), "<", Figure("1")), " <script>")
    assert set_prose(prose, "html") == (
        "a &lt; b &amp; &quot;c&quot; where <math><mi>t</mi><mo>&lt;</mo><mn>1</mn></math> &lt;script&gt;"
    )


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [("so ", ".", "<math>T</math>."), (" (", "), ", "(<math>T</math>),"), ("(", " and", "(<math>T</math>")],
)
def test_no_line_is_broken_between_a_formula_and_its_full_stop(before, after, kept):
    formula = Letter("t")
    kept = kept.replace("T", "<mi>t</mi>")
    text = set_prose((before, formula, after, formula, " goes on"), "html")
    assert text.count("nowrap") == 1
    assert f'<span style="white-space:nowrap">{kept}</span>' in text


def test_the_element():
    assert math("<mi>x</mi>") == "<math><mi>x</mi></math>"
    assert math("<mi>x</mi>", display=True) == '<math displaystyle="true"><mi>x</mi></math>'


def test_spellings():
    symbols = {"alpha": {"unicode": "λ"}, "w_hat": {"unicode": "v̂₁"}, "t": {"tex": "s", "unicode": "<b>"}}
    with spelled(Spellings(symbols, vectors="arrow", transpose="prime", expectation="angle")):
        assert set_line(alpha * t, "html") == f"<mi>λ</mi>{IT}<mi>&lt;b&gt;</mi>"
        arrow = '<mover accent="true"><mi>w</mi><mo stretchy="false" mathsize="0.6em">→</mo></mover>'
        assert HTML.set(Transposed(Letter("w", True))) == f"<mrow>{arrow}<mo>′</mo></mrow>"
        assert set_line(E(y), "html") == f"{fixed('⟨')}<mi>y</mi>{fixed('⟩')}"
        assert HTML.set(Letter("w_hat")) == (
            '<msub><mover accent="true"><mi>v</mi><mo stretchy="false">ˆ</mo></mover><mn>1</mn></msub>'
        )
        assert HTML.set(Letter("alpha_bar")) == '<mover accent="true"><mi>λ</mi><mo stretchy="false">¯</mo></mover>'
    with spelled(Spellings({}, vectors="plain", transpose="T", expectation="roman")):
        assert HTML.set(Transposed(Letter("w", True))) == "<msup><mi>w</mi><mi>𝖳</mi></msup>"
        assert set_line(E(y), "html").startswith('<mi mathvariant="normal">E</mi>')
    with spelled(Spellings({"w": {"unicode": "β"}})):
        assert HTML.set(Letter("w", True)) == "<mi>𝜷</mi>"


def test_a_sum_in_front_of_brackets_and_of_letters():
    one = BigSum(("i",), False, Letter("n"), Fenced("round", Letter("t")))
    assert '<mo movablelimits="false" lspace="0" rspace="0">∑</mo>' in HTML.set(one)
    assert SUM in HTML.set(BigSum(("i",), False, Letter("n"), Letter("t")))


def test_lines_are_lean(catalogue):
    """A page holds the lines of one identity, and a browser has to read it."""
    sizes = {
        page.derivations[0].title or place: sum(len(set_line(node, "html").encode()) for node in nodes([page]))
        for place, page in enumerate(catalogue)
    }
    assert max(sizes.values()) < 15_000
