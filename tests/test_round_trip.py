"""Brackets are never lost and never superfluous: what is printed, read as a mathematician reads it, is the line again.

The reader (tests/latex_reader.py) states its conventions; tests/readings.py states what print forgets. Run with -m long for
every kind of line at every place of every other.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from random import Random

import pytest
from elementary_lines import line as elementary_line
from expressions import A, analytic, column, scalar
from fuzz_lines import KINDS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from latex_reader import expanded, read, without_each_bracket
from lines_of_every_kind import bare, nestings, random_line
from readings import Unreadable, as_read
from sympy import Rational, preorder_traversal
from vocabulary import follows, noise_setting

from proofsheet import (
    Cov,
    E,
    ProofsheetError,
    Sum,
    absolute,
    algebra,
    delta,
    derivative,
    gradient,
    group,
    hadamard,
    inverse,
    norm1,
    norm2,
    ones,
    power,
    remainder,
)
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read as read_script
from proofsheet.notation.expectations import Expectation
from proofsheet.notation.functions import Applied, Derivative
from proofsheet.notation.styles import STYLES
from proofsheet.notation.text import set_line
from proofsheet.notation.tree import (
    IndexedSum,
    MatrixProduct,
    Minus,
    Node,
    Number,
    Plus,
    Power,
    Product,
    Quotient,
    SquaredNorm,
    Transpose,
    as_node,
)
from proofsheet.notation.variables import Defined, Variable

LATEX = ("latex", "latex in text", "latex macros")
OTHERS = [style for style in ("unicode", "ascii", "html", "typst") if style in STYLES]
s = noise_setting()


def printed(line: Node, style: str) -> str:
    text = set_line(line, style)
    return expanded(text) if style == "latex macros" else text


def complaint(line: Node, style: str) -> str:
    """What is wrong with a printed line; empty if it reads as the line."""
    text = printed(line, style)
    try:
        found = read(text, line, style)
    except Unreadable as error:
        return f"{line}\n{text}\ncannot be read: {error}"
    return "" if found == as_read(line) else f"{line}\n{text}\nreads as {found}\nand means {as_read(line)}"


def smallest(line: Node, style: str) -> str:
    """The complaint about the smallest part that reads wrong."""
    for part in line.args:
        if isinstance(part, Node) and part.args and complaint(part, style):
            return smallest(part, style)
    return complaint(line, style)


def require_read_back(line: Node, *styles: str) -> None:
    for style in styles:
        assert not complaint(line, style), smallest(line, style)


def superfluous(line: Node, style: str) -> list[str]:
    """The line without a bracket that changes nothing."""
    text = printed(line, style)
    meant = read(text, line, style)
    found = []
    for shorter in without_each_bracket(text, line, style):
        try:
            if read(shorter, line, style) == meant:
                found.append(shorter)
        except Unreadable:
            continue
    return found


# ---- lines ------------------------------------------------------------------------------------------------------


@cache
def catalogue_lines() -> dict[str, list[Node]]:
    found = {}
    for entry in Catalogue().select(Catalogue().names):
        script = read_script(entry)
        lines = [line for theorem in script.theorems.values() for line in theorem.lines]
        lines += [variant.line for variant in script.variants]
        bodies = [one.body for line in lines for one in preorder_traversal(line) if isinstance(one, Defined)]
        found[entry.name] = [*dict.fromkeys([*lines, *bodies])]
    return found


def seeded(seed: int) -> Node:
    """One of the random lines of the other tests, or one of every kind."""
    random = Random(seed)
    makers = [
        lambda: random_line(random, 2),
        lambda: random_line(random, 3),
        lambda: scalar(random, 3),
        lambda: column(random, 3),
        lambda: analytic(random, 2),
        lambda: elementary_line(random, 3),
        lambda: KINDS[random.choice(list(KINDS))][0](random),
    ]
    return makers[seed % len(makers)]()


# ---- no bracket is lost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", Catalogue().names)
@pytest.mark.parametrize("style", LATEX)
def test_the_catalogue_reads_back(name, style):
    for line in catalogue_lines()[name]:
        require_read_back(line, style)


def test_random_lines_read_back():
    for seed in range(700):
        require_read_back(seeded(seed), LATEX[seed % 3], LATEX[seed % 2])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), depth=st.integers(1, 3))
def test_lines_of_every_kind_read_back(seed, depth):
    require_read_back(random_line(Random(seed), depth), *LATEX)


def test_kinds_in_kinds_read_back():
    for number, line in enumerate(islice(nestings(Random(0)), 0, None, 5)):
        require_read_back(line, LATEX[number % 2])
        assert number % 4 or not superfluous(bare(line), LATEX[number // 4 % 2]), line


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_every_kind_in_every_kind_reads_back(seed):
    for line in nestings(Random(seed)):
        require_read_back(line, *LATEX)


BRACKETED = [
    (s.V * (s.w.T @ s.u), r"\mathbf{V} (\mathbf{w}^{\top} \mathbf{u})"),  # V wᵀ has no meaning
    (s.x * (s.w.T @ s.u), r"\mathbf{x} \mathbf{w}^{\top} \mathbf{u}"),
    ((s.w.T @ s.u) * s.x, r"\mathbf{w}^{\top} \mathbf{u} \, \mathbf{x}"),
    (s.V @ (2 * s.x), r"\mathbf{V} (2 \mathbf{x})"),
    (s.V @ (s.t * s.x), r"\mathbf{V} t \mathbf{x}"),
    (s.w.T @ Sum(s.i, s.w[s.i] * s.u), r"\mathbf{w}^{\top} \sum_{i=1}^{m} w_{i} \mathbf{u}"),
    (s.y * (s.t * Sum(s.i, s.w[s.i])) * s.z, r"y \bigl(t \sum_{i=1}^{m} w_{i}\bigr) z"),
    (s.V @ gradient(s.t, s.w), r"\mathbf{V} \nabla_{\!\mathbf{w}}\, t"),
    (-3 + s.y, "-3 + y"),
    (s.y + Number(-3), "y + (-3)"),
    (-s.y / s.m + s.z, "-y/m + z"),
    (-s.y / s.m / 2, "-(y/m)/2"),
    (Minus(-s.y) / s.m, "-(-y/m)"),
    (s.y + (-s.z) / s.m, "y + (-z/m)"),
    (s.y**2 / s.m, "y^{2}/m"),
    (group(s.y + s.t) ** 2, "(y + t)^{2}"),
    (inverse(s.V.T), r"(\mathbf{V}^{\top})^{-1}"),
    (ones(s.m).T @ s.x, r"\mathbf{1}^{\top} \mathbf{x}"),
    (delta(s.i, s.j) ** 2, r"\delta_{ij}^{2}"),
    (remainder(A, 2, s.t, s.y) ** 2, r"\rho_{2}[A;\, t,\, y]^{2}"),
    (norm1(s.w) ** 2, r"\lVert \mathbf{w} \rVert_{1}^{2}"),
    (-Sum(s.i, s.w[s.i]), r"-\sum_{i=1}^{m} w_{i}"),
    (-Sum(s.i, s.w[s.i]) + s.y, r"-\sum_{i=1}^{m} w_{i} + y"),
    (Minus(-s.y) + s.t, "-(-y) + t"),
    (Sum(s.i, -s.w[s.i]), r"\sum_{i=1}^{m} (-w_{i})"),
    (as_node(s.alpha.symbol**2, "") ** 3, r"(\alpha^{2})^{3}"),
    (s.y / as_node(s.alpha.symbol * s.beta.symbol, ""), r"y/(\alpha \beta)"),
    (-(s.y + s.z) / s.m, "-(y + z)/m"),
    (Transpose(norm2(s.w)), r"\bigl(\lVert \mathbf{w} \rVert^{2}\bigr)^{\top}"),
    (hadamard(s.w, s.u) + s.x, r"(\mathbf{w} \odot \mathbf{u}) + \mathbf{x}"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "text"), BRACKETED, ids=[str(row[0]) for row in BRACKETED])
def test_brackets_as_one_would_write_them(line, text):
    assert set_line(line, "latex in text") == text
    require_read_back(line, *LATEX)


@pytest.mark.parametrize(
    ("line", "text"),
    [(inverse(s.V).T, "inv(V)'"), (power(s.t, s.m), "t^m"), (power(s.t, s.m + 1), "t^(m + 1)")],
    ids=str,
)
def test_brackets_in_ascii(line, text):
    assert set_line(line, "ascii") == text


# ---- no bracket is superfluous ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", Catalogue().names)
@pytest.mark.parametrize("style", LATEX[:2])
def test_no_bracket_of_the_catalogue_is_superfluous(name, style):
    for line in catalogue_lines()[name]:
        assert not superfluous(bare(line), style)


def test_no_bracket_of_random_lines_is_superfluous():
    for seed in range(300):
        line = bare(seeded(seed))
        assert not superfluous(line, LATEX[seed % 2]), (line, superfluous(line, LATEX[seed % 2]))


def test_a_bracket_of_the_author_is_found_superfluous():
    """The search for superfluous brackets finds them."""
    assert superfluous(group(s.y) * s.t, "latex") == [r" y  t"]
    assert superfluous(s.y + group(s.alpha * s.t), "latex in text")
    assert not superfluous((s.y + s.t) * s.z, "latex")


@pytest.mark.long
def test_no_bracket_around_every_kind_in_every_kind_is_superfluous():
    for line in nestings(Random(0)):
        for style in LATEX[:2]:
            assert not superfluous(bare(line), style), line


# ---- what means something else looks different ------------------------------------------------------------------


def edits(node: Node) -> list[Node]:  # noqa: PLR0912, one case a kind of node
    """The node with its parts gathered otherwise: what would be left if a bracket were lost, and the reverse."""
    match node:
        case Plus(args=(one, two, *rest)):
            found = [Plus(one, group(Plus(two, *rest)))] if rest else [two + one, one - two]
            return [*found, Plus(group(Minus(one)), two, *rest), Minus(node)]
        case Minus(args=(Plus(args=(one, *rest)),)):
            return [Plus(Minus(one), *rest)]
        case Product(args=(one, Plus(args=(two, *rest)))) if one.is_scalar:
            return [Plus(one * two, *rest)]
        case Product(args=(IndexedSum(args=(under, body)), *rest)):
            return [IndexedSum(under, Product(body, *rest))]
        case Product(args=(Quotient(args=(top, bottom)), one, *rest)) if one.is_scalar:
            return [Product(Quotient(top, bottom * one), *rest) if rest else Quotient(top, bottom * one)]
        case Product(args=(one, two)) if one.is_scalar and two.is_scalar:
            return [one * two**2, (one * two) ** 2, one / two, one + two, two * one]
        case MatrixProduct(args=(one, Plus(args=(two, *rest)))) if two.shape == node.shape:
            return [Plus(one @ two, *rest)]
        case MatrixProduct(args=(one, two)) if one.shape == two.shape:
            return [hadamard(one, two), one @ two.T, (one @ two).T, two @ one]
        case Quotient(args=(Plus(args=(*rest, one)), bottom)):
            return [Plus(*rest, one / bottom)]
        case Quotient(args=(top, bottom)):
            return [Quotient(top, bottom**2), Quotient(top, -bottom), *([(top / bottom) ** 2] if top.is_scalar else [])]
        case Power(args=(Product(args=(*rest, one)), exponent)):
            return [Product(*rest, Power(one, exponent))]
        case Power(args=(Expectation(args=(one,)), exponent)):
            return [Expectation(Power(one, exponent))]
        case Power(args=(Minus(args=(one,)), exponent)):
            return [Minus(Power(one, exponent))]
        case Expectation(args=(Plus(args=(one, *rest)),)):
            return [Plus(Expectation(one), *rest)]
        case IndexedSum(args=(under, Plus(args=(one, *rest)))):
            return [Plus(IndexedSum(under, one), *rest)]
        case Derivative(args=(Product(args=(one, *rest)), *by)) if all(part.is_scalar for part in rest):
            return [Product(Derivative(one, *by), *rest)]
        case Derivative(args=(Power(args=(one, exponent)), *by)) if node.is_scalar:
            return [Power(Derivative(one, *by), exponent)]
        case Transpose(args=(Plus(args=(one, *rest)),)) if one.shape == node.shape:
            return [Plus(one.T, *rest)]
        case Transpose(args=(MatrixProduct(args=(*front, last)),)) if last.shape == last.T.shape:
            return [MatrixProduct(*front, last.T)]
    return [node**2] if node.is_scalar and isinstance(node, (Applied, SquaredNorm)) else []


def edited(line: Node) -> list[Node]:
    """The line with one of its parts edited."""
    found = []
    for part in dict.fromkeys(sub for sub in preorder_traversal(line) if isinstance(sub, Node)):
        for new in edits(part):
            try:
                found.append(line.xreplace({part: new}))
            except ProofsheetError:  # an inverse may not hold what is random
                continue
    return [one for one in found if one != line]


@cache
def corpus() -> list[Node]:
    lines = [*islice(nestings(Random(1)), 0, None, 12), *map(seeded, range(210))]
    return [each for line in lines for each in (line, *edited(line)[:6])]


@pytest.mark.parametrize("style", ["latex", "latex in text", *OTHERS])
def test_lines_that_mean_different_things_look_different(style):
    seen: dict[str, Node] = {}
    for line in corpus():
        other = seen.setdefault(set_line(line, style), line)
        assert as_read(other) == as_read(line), (
            f"{set_line(line, style)}\nmeans {as_read(line)}\nand   {as_read(other)}"
        )


def test_edited_lines_read_back():
    for number, line in enumerate(corpus()):
        require_read_back(line, LATEX[number % 2])


def test_what_reads_the_same_means_the_same():
    """A reading forgets nothing with a meaning: the kernel finds lines equal that read alike, and edits mostly not."""
    alike = different = 0
    for seed in range(150):
        line = scalar(Random(seed), 2)
        for other in (*edited(line)[:5], _gathered_otherwise(Random(seed), line)):
            if as_read(other) == as_read(line):
                alike += 1
                assert follows(line, other, algebra), (line, other)
            elif not follows(line, other, algebra):
                different += 1
    assert alike > 100
    assert different > 100


def _gathered_otherwise(random: Random, node: Node) -> Node:
    """The line in another tree that reads alike."""
    parts = [_gathered_otherwise(random, part) if isinstance(part, Node) else part for part in node.args]
    if not any(isinstance(part, Node) for part in parts) or isinstance(node, (Variable, Defined)):
        return node
    match node:
        case Product() if len(parts) > 2 and random.random() < 0.7:
            return Product(parts[0], group(Product(*parts[1:])))
        case MatrixProduct() if len(parts) > 2 and random.random() < 0.7:
            return MatrixProduct(parts[0], MatrixProduct(*parts[1:]))
    new = node.func(*parts)
    return group(new) if random.random() < 0.3 else new


ALIKE = [
    (group(s.y), s.y),
    (s.y * group(s.t * s.z), s.y * s.t * s.z),
    ((s.alpha * s.w.T) @ s.x, s.alpha * (s.w.T @ s.x)),
    (-s.y / s.m, -(s.y / s.m)),
    (Number(-2), -Number(2)),
    (Number(Rational(1, 2)), Number(1) / 2),
    (Cov(s.n), Cov(s.n, s.n)),
]
DIFFERENT = [
    (s.y - (s.t + s.z), s.y - s.t + s.z),
    (s.y + (s.t + s.z), s.y + s.t + s.z),
    (-(s.y + s.t), -s.y + s.t),
    ((-s.y) * s.t, -(s.y * s.t)),
    ((s.y * s.t) ** 2, s.y * s.t**2),
    (E(s.y) ** 2, E(s.y**2)),
    (s.y / (s.t * s.z), s.y / s.t * s.z),
    (s.y / s.t / s.z, s.y / (s.t / s.z)),
    (Sum(s.i, s.w[s.i]) * s.u[s.i], Sum(s.i, s.w[s.i] * s.u[s.i])),
    ((s.V @ s.W.T).T, s.V @ s.W.T),
    (inverse(s.V + s.S), inverse(s.V) + s.S),
    (absolute(s.t) ** 2, absolute(s.t**2)),
    (derivative(s.t**2, s.t), derivative(s.t, s.t) ** 2),
    (gradient(norm2(s.w), s.w) * s.y, gradient(norm2(s.w) * s.y, s.w)),
    (hadamard(s.w, s.x + s.u), hadamard(s.w, s.x) + s.u),
]


@pytest.mark.parametrize(("one", "other"), ALIKE, ids=str)
def test_what_print_cannot_show_is_forgotten(one, other):
    assert as_read(one) == as_read(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=str)
def test_what_has_a_meaning_is_not_forgotten(one, other):
    assert as_read(one) != as_read(other)
    for style in ("latex", "latex in text", *OTHERS):
        assert set_line(one, style) != set_line(other, style)
    require_read_back(one, *LATEX)
    require_read_back(other, *LATEX)


# ---- the reader refuses what books read in two ways -------------------------------------------------------------

REFUSED = [
    r"\mathbb{E}[y]^{2}", r"\exp(t)^{2}", r"\sqrt{t}^{2}", r"\max(t, y)^{2}", r"\lVert \mathbf{w} \rVert^{2}^{2}",
    r"\mathbf{w}^{\top}^{\top}", r"\mathbf{w}^{\top}_{i}", r"\frac{y}{t}^{2}", r"y/t z", r"y/t/z", r"\frac{\partial y t}{\partial t}",
    r"\frac{\partial t^{2}}{\partial t}", r"\nabla_{\!\mathbf{w}}\, y t", r"\frac{\partial}{\partial t} \, y t",
    r"\mathbf{w} \odot \mathbf{u} + \mathbf{x}", r"y \mathbf{w} \odot \mathbf{u}", r"y 2", r"\mathbf{V} \mathbf{w}^{\top} \mathbf{u} \mathbf{x}",
    r"\mathbf{w} \mathbf{x}", r"\mathbf{w} + y", r"\mathbf{w}^{2}", r"y - -t", r"y (", r"\bigl(y", r"p", r"x_{ij}", r"\frac{y}{\mathbf{w}}",
    r"\lVert \mathbf{w} \rVert_F^{2}", r"\sum_{i=0}^{m} w_{i}", r"\sum_{i=1}^{q} w_{i}", r"A'", r"\nabla A(t)",
]  # fmt: skip
DECLARED = s.y + s.z + s.t * E(s.w.T @ s.V @ s.u + s.x[s.i] * s.x[s.j]) + A(s.t) + norm2(s.W)


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text):
    with pytest.raises(Unreadable):
        read(text, DECLARED)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (r"(\mathbb{E}[y])^{2}", E(s.y) ** 2),
        (r"\mathbb{E}[y^{2}]", E(s.y**2)),
        (r"y t^{2}", s.y * s.t**2),
        (r"t (y + z)", s.t * (s.y + s.z)),
        (r"A(y + z)", A(s.y + s.z)),
        (r"y t/z", s.y * s.t / s.z),
        (r"y (t/z)", s.y * (s.t / s.z)),
        (r"y \sum_{i=1}^{m} w_{i} t + z", s.y * Sum(s.i, s.w[s.i] * s.t) + s.z),
        (r"-y + t", -s.y + s.t),
        (r"\mathbf{V} (\mathbf{w}^{\top} \mathbf{u})", s.V * (s.w.T @ s.u)),
        (r"\nabla_{\!\mathbf{w}}\, (y t)", gradient(s.y * s.t, s.w)),
    ],
)
def test_read(text, line):
    assert read(text, DECLARED) == as_read(line)
