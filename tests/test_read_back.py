"""Normal forms read back into the notation: the inverse of lowering, and the form that a reader expects."""

from random import Random

import pytest
from expressions import analytic, column, scalar
from hypothesis import given, settings
from hypothesis import strategies as st
from vocabulary import noise_setting

from proofsheet import (
    Cov,
    E,
    NotationError,
    Sum,
    Var,
    absolute,
    define,
    delta,
    derivative,
    diag,
    dimension,
    distinct,
    function,
    gradient,
    hadamard,
    identity,
    index,
    matrix,
    norm1,
    norm2,
    ones,
    parameter,
    random_scalar,
    random_vectors,
    remainder,
    sgn,
    sqrt,
    symmetric_matrix,
    trace,
    vector,
    vectors,
)
from proofsheet import scalar as scalar_constant
from proofsheet.catalogue import Catalogue
from proofsheet.closed_form.folding import Folder
from proofsheet.closed_form.joints import MANY, occurrences
from proofsheet.closed_form.read_back import Reader, read_back
from proofsheet.entry_script import read
from proofsheet.kernel.lowering import ROW
from proofsheet.kernel.normal_form import Factor, Head, KernelError
from proofsheet.kernel.reasons import Differentiation, Linearity
from proofsheet.kernel.setting import Setting
from proofsheet.kernel.theorem import Chain, Theorem
from proofsheet.notation.tree import ONE, as_node

s = noise_setting()
B = matrix("B", s.m, s.m)
p, a, v, c = parameter("p", between=(0, 1)), parameter("a"), parameter("v", nonnegative=True), parameter("c")
b_1 = random_scalar("b_1")
n = dimension("n")
N = dimension("N")
X = matrix("X", N, s.m)


def again(line, *reasons, gather=True):
    """The line read back from its normal form, and whether the two have the same normal form."""
    line = as_node(line, "a test")
    setting = Setting()
    setting.enter([line])
    form = setting.form(line, reasons)
    found = read_back(form, setting, line.shape, gather=gather)
    setting.enter([found])  # no name stands for two things
    return found, setting.form(found, reasons) == form and found.shape == line.shape


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (s.w.T @ s.w, "‖w‖²"),
        (Sum(s.i, s.w[s.i] * s.u[s.i]), "uᵀw"),
        (s.w.T @ s.x, "xᵀw"),
        (trace(s.S @ s.w @ s.w.T), "wᵀSw"),
        (s.w.T @ B.T @ s.V @ s.u, "uᵀVᵀBw"),
        (s.w.T @ s.W.T @ s.W @ s.w, "‖Ww‖²"),
        (s.w.T @ s.S @ s.S @ s.w, "‖Sw‖²"),
        (trace(s.S @ s.W.T @ s.W), "tr(WSWᵀ)"),
        (trace(s.W.T @ s.W), "‖W‖_F²"),
        (trace(s.W @ s.V @ s.V.T @ s.W.T), "‖WV‖_F²"),
        (trace(s.V @ B), "tr(BV)"),
        (trace(s.V.T @ B.T), "tr(BV)"),
        (trace(s.V), "tr(V)"),
        ((s.w.T @ s.u) ** 2, "(uᵀw)²"),
        ((s.x.T @ s.w - s.y) ** 2, "(xᵀw)² − 2 y xᵀw + y²"),
        (Sum(s.i, s.u[s.i] ** 2 * s.w[s.i] ** 2), "Σᵢ uᵢ² wᵢ²"),
        (Sum(s.i, (B @ s.w)[s.i] ** 3), "Σᵢ (Bw)ᵢ³"),
        (Sum(s.i, s.w[s.i]) ** 2, "(Σᵢ wᵢ)²"),
        (Sum(distinct(s.i, s.j), s.w[s.i] * s.u[s.j]), "(Σᵢ uᵢ) Σᵢ wᵢ − uᵀw"),
        (s.w @ s.u.T, "wuᵀ"),
        (s.alpha * s.w.T @ s.V, "α wᵀV"),
        (hadamard(s.w, s.u), "u ∘ w"),
        (s.V @ hadamard(s.u, s.w), "V(u ∘ w)"),
        ((s.V @ s.w)[s.i], "(Vw)ᵢ"),
        (s.V[s.i, s.j] * delta(s.i, s.j), "Vᵢᵢ δᵢⱼ"),
        (s.alpha * identity(s.m) - ones(s.m, s.m), "α I − 𝟏"),
        (s.w - s.w, "𝟎"),
        (0 * s.t, "0"),
        (norm2(X @ s.w), "‖Xw‖²"),
        (Var(s.y) + s.w.T @ Cov(s.x) @ s.w, "wᵀ Cov[x]w + Var[y]"),
        (Cov(s.y, s.x) @ s.w, "Cov[x, y]ᵀw"),
        (Cov(b_1, s.x) @ s.w, "Cov[x, b₁]ᵀw"),
        (trace(Cov(s.x)), "tr(Cov[x])"),
    ],
)
def test_vector_notation(line, text):
    found, same = again(line)
    assert str(found) == text
    assert same


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (v / n + (n - 1) * c / n, "v/n + (n − 1) c/n"),
        ((v + (n - 1) * c) / n * s.t, "((v + (n − 1) c)/n) t"),
        (p - p**2, "p (1 − p)"),
        (p / (1 - p), "p/(1 − p)"),
        ((p - p**2) * s.t, "p (1 − p) t"),
        (a**2 - 2 * a + 1, "(a − 1)²"),
        (1 - a**2, "1 − a²"),
        (1 - a, "1 − a"),
        (-a / 2, "−a/2"),
        (n**2 - n, "n (n − 1)"),
        (as_node(3, "") * a / (2 * n), "3 a/(2 n)"),
        ((n - 1) * (v - c) / n, "(n − 1) v/n − (n − 1) c/n"),
        ((1 - p) ** 3 / p * s.t, "((1 − p)³/p) t"),
        ((1 - p) ** 2 * s.t, "(1 − p)² t"),
        ((1 - p) * c * s.t, "c (1 − p) t"),
        ((1 - a - c) * s.t, "(1 − a − c) t"),
        (as_node(1, "") / 2 * s.t, "(1/2) t"),
        (-1 * s.t, "−t"),
        (a * s.t - 3 * s.z, "a t − 3 z"),
    ],
)
def test_coefficients_as_authors_write_them(line, text):
    found, same = again(line)
    assert str(found) == text
    assert same


@pytest.mark.parametrize(
    ("line", "inside", "outside"),
    [
        (s.w.T @ E(s.x @ s.x.T) @ s.w, "E[(xᵀw)²]", "wᵀE[xxᵀ]w"),
        (E(s.x).T @ s.w, "E[xᵀw]", "E[x]ᵀw"),
        (Sum(s.i, E(s.x[s.i] ** 2)), "E[‖x‖²]", "Σᵢ E[xᵢ²]"),
        (E(s.x).T @ E(s.x), "‖E[x]‖²", "‖E[x]‖²"),
        (E(s.y) ** 2, "(E[y])²", "(E[y])²"),
        (s.n.T @ E(s.x), "nᵀE[x]", "nᵀE[x]"),  # what is random stays outside
    ],
)
def test_constants_move_under_an_expectation_that_stands_alone(line, inside, outside):
    for gather, text in ((True, inside), (False, outside)):
        found, same = again(line, Linearity(), gather=gather)
        assert str(found) == text
        assert same
    assert again(line, gather=False)[1]


data, masks, i = vectors("x", N, s.m), random_vectors("r", N, s.m), index("i", N)
b, t_2 = vector("b", s.q), scalar_constant("t_2")
A, sigma, loss = function("A"), function("sigma"), function("L", of=s.W)
F, G, C = function("F", of=(s.t, t_2)), function("G", of=s.w), function("C", of=b)
z = s.W @ s.w + b


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (sigma(z), "σ(Ww + b)"),
        (sigma(z)[s.r], "σ((Ww)ᵣ + bᵣ)"),
        (A(s.w).T @ s.u, "A(w)ᵀu"),
        (A(s.w @ s.u.T), "A(wuᵀ)"),
        (Sum(s.j, A.prime(s.w[s.j] + s.t) * s.u[s.j]), "Σⱼ uⱼ A′(t + wⱼ)"),
        (Sum(s.j, A(s.w[s.j] ** 2)), "Σⱼ A(wⱼ²)"),
        (Sum(i, E(A((data[i] + masks[i]).T @ s.w))), "Σᵢ E[A(rᵢᵀw + xᵢᵀw)]"),
        (Sum(i, A(data[i].T @ s.w) * Sum(s.j, data[i, s.j] ** 2 * s.w[s.j] ** 2)), "Σᵢ A(xᵢᵀw) Σⱼ xᵢⱼ² wⱼ²"),
        (absolute(s.w)[s.j] * sgn(s.w[s.k]), "sgn(wₖ) |wⱼ|"),
        (a * norm1(s.w), "a ‖w‖₁"),
        (norm1(s.W), "‖W‖₁"),
        (norm1(s.W @ s.w), "‖Ww‖₁"),
        (Sum(i, norm1(data[i])), "Σᵢ ‖xᵢ‖₁"),
        (Sum(s.j, s.u[s.j] * absolute(s.w[s.j])), "uᵀ |w|"),
        (F.partial(2)(s.t**2, t_2), "∂₂F(t², t₂)"),
        (C(z), "C(Ww + b)"),
        (hadamard(s.W.T @ C.gradient(z), sigma.prime(s.w)) @ s.w.T, "((Wᵀ ∇C(Ww + b)) ∘ σ′(w))wᵀ"),
        (hadamard(s.W.T @ C.gradient(z), A.prime(s.w)), "(Wᵀ ∇C(Ww + b)) ∘ A′(w)"),
        (loss.gradient(s.W)[s.r, s.j], "∇L(W)ᵣⱼ"),
        (loss.gradient(s.W).T @ b, "∇L(W)ᵀb"),
        (Sum(s.j, G(s.w[s.j] * s.u)), "Σⱼ G(wⱼ u)"),
        (remainder(A, 3, s.t, t_2**2), "ρ₃[A; t, t₂²]"),
        (Sum(i, remainder(A, 2, data[i].T @ s.w, s.t)) + s.t + A(s.t), "A(t) + t + Σᵢ ρ₂[A; xᵢᵀw, t]"),
        (sqrt(norm2(s.w) + 1) * s.w, "√(‖w‖² + 1) w"),
        (Sum(s.j, sqrt(s.w[s.j] ** 2 + 1) * s.u[s.j]), "Σⱼ uⱼ √(wⱼ² + 1)"),
        (derivative(G(s.w), s.w[s.j]), "∂G(w)/∂wⱼ"),
        (gradient(loss(s.W), s.W), "∇_W L(W)"),
        (Sum(s.j, derivative(G(s.w), s.w[s.j]) * s.u[s.j]), "(∇_w G(w))ᵀu"),
        (derivative(t_2 * s.t**2, s.t), "∂(t² t₂)/∂t"),
        (s.t * diag(hadamard(s.w, s.u)) + s.V, "t diag(u ∘ w) + V"),
        (A(E(s.x).T @ s.w) * E(A(s.x)), "A(E[x]ᵀw) E[A(x)]"),
    ],
)
def test_functions_and_their_derivatives(line, text):
    found, same = again(line, gather=False)
    assert str(found) == text
    assert same


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (derivative(a * norm1(s.w), s.w[s.k]), "a sgn(wₖ)"),
        (gradient(norm2(s.W @ s.w - b), s.w), "2 WᵀWw − 2 Wᵀb"),
        (gradient(C(z), s.W), "∇C(Ww + b)wᵀ"),
        (derivative(Sum(i, A(data[i].T @ s.w)), s.w[s.j]), "Σᵢ xᵢⱼ A′(xᵢᵀw)"),
        (derivative(derivative(A(s.t**2), s.t), s.t), "4 t² A″(t²) + 2 A′(t²)"),
    ],
)
def test_what_differentiation_leaves(line, text):
    found, same = again(line, Differentiation(), gather=False)
    assert str(found) == text
    assert same


def test_a_second_derivative_by_a_vector_has_no_words():
    with pytest.raises(NotationError, match="second derivatives of G by a vector"):
        again(derivative(s.u.T @ G.gradient(s.w), s.w[s.j]), Differentiation())


def test_a_function_of_vectors_for_each_row_has_no_words():
    setting = Setting()
    setting.enter([G(s.w[s.j] * s.u), s.j])
    ((_, (factor,)),) = setting.form(G(s.w[s.j] * s.u), ())
    rows = setting.algebra.single(setting.algebra.rename(factor, {"j:m": ROW}))
    with pytest.raises(NotationError, match="depend on the row"):
        read_back(rows, setting, (s.m, ONE))


@given(st.integers(0, 10**9), st.sampled_from([(), (Linearity(),), (Differentiation(),)]))
@settings(max_examples=100, deadline=None)
def test_functions_are_read_back_to_the_same_normal_form(seed, reasons):
    random = Random(seed)
    line = analytic(random, 2) * analytic(random, 1) + analytic(random, 1)
    line = random.choice([line, derivative(line, s.w[s.k]), gradient(line, s.w)])
    try:
        found, same = again(line, *reasons, gather=Linearity() in reasons)
    except KernelError:
        return  # too long to expand
    except NotationError as problem:
        assert "second derivatives" in str(problem) or "no words" in str(problem)
        assert Differentiation() in reasons
        return
    assert same, f"{line} was read back as {found}"


@given(st.integers(0, 10**9), st.booleans(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_reading_back_and_lowering_again_gives_the_same_normal_form(seed, is_column, linear):
    line = (column if is_column else scalar)(Random(seed), 3)
    try:
        found, same = again(line, *([Linearity()] if linear else []), gather=linear)
    except KernelError:
        return  # too long to expand
    assert same, f"{line} was read back as {found}"


@pytest.mark.parametrize("entry", Catalogue().entries, ids=lambda entry: entry.name)
def test_every_line_of_the_catalogue_is_read_back(entry):
    for step in read(entry).theorem.steps:
        plain = tuple(reason for reason in step.reasons if not isinstance(reason, Theorem))
        for line in (step.old, step.new):
            for reasons in ((), plain):
                chain = Chain(line)
                chain.step(line, plain)  # enters all that the reasons speak of
                setting = chain.setting
                form = setting.form(line, reasons)
                found = read_back(form, setting, line.shape, gather=False)
                assert setting.form(found, reasons) == form, f"{line} was read back as {found}"


def test_a_vector_of_a_family_is_read_as_one():
    x = vectors("x", n, s.m)
    k, j = index("k", n), index("j", s.m)
    setting = Setting()
    line = Sum(k, Sum(j, x[k, j] * s.w[j]) ** 2)
    setting.enter([line])
    assert str(read_back(setting.form(line, ()), setting)) == "Σₖ (xₖᵀw)²"


def test_letters_of_sums_mean_nothing_else():
    i, j = vector("i", s.m), parameter("j")
    line = j * Sum(s.k, s.w[s.k] ** 3 * i[s.k])
    setting = Setting()
    setting.enter([line])
    assert str(read_back(setting.form(line, ()), setting)) == "j Σₖ iₖ wₖ³"
    fresh = Setting()
    fresh.enter([i, j, norm2(hadamard(s.w, i)), vector("w_k", s.m)])
    found = read_back(fresh.form(norm2(hadamard(s.w, i)), ()), fresh)
    assert str(found) == "Σₗ iₗ² wₗ²"
    fresh.enter([found])


def test_a_row_of_a_matrix_has_no_words():
    setting = Setting()
    setting.enter([s.V, s.i])
    row = setting.algebra.single(Factor(Head("entry", "V"), ("i:m", ROW)))
    with pytest.raises(NotationError, match="no words"):
        read_back(row, setting, (s.m, ONE))


def test_only_what_is_made_entry_by_entry_joins_by_an_index_of_its_body():
    setting = Setting()
    setting.enter([A(s.w), G(s.w[s.j] * s.u), s.j])
    for line, count in ((A(s.w[s.j]), 1), (E(s.x[s.j]), 1), (sqrt(s.w[s.j]), MANY), (G(s.w[s.j] * s.u), MANY)):
        setting.enter([line])
        ((_, (factor,)),) = setting.form(line, ())
        assert occurrences(factor, "j:m") == count


def test_an_unknown_kind_of_factor_is_refused():
    setting = Setting()
    strange = setting.algebra.single(Factor(Head("riddle")))
    with pytest.raises(NotationError, match="riddle"):
        read_back(strange, setting)


# ---- definitions folded into normal forms ---------------------------------------------------------------------


def folded(line, *symbols):
    setting = Setting()
    setting.enter([line, *symbols])
    reader = Reader(setting)
    folder = Folder(setting, reader)
    for symbol in symbols:
        line = folder.line(line, symbol)
    return str(line)


k, j = index("k", N), index("j", s.m)
square_sums = define("g", Sum(k, X[k, j] ** 2), entry=j)
gamma = define("gamma", sqrt(Sum(k, X[k, j] ** 2)), entry=j)
Gamma = define("Gamma", diag(gamma))
penalty = p * Sum(k, Sum(j, X[k, j] ** 2 * s.w[j] ** 2))


def test_a_sum_is_folded_into_its_symbol():
    assert folded(penalty, square_sums) == "p Σⱼ gⱼ wⱼ²"
    assert folded(norm2(s.w) + penalty, square_sums) == "‖w‖² + p Σⱼ gⱼ wⱼ²"


def test_a_root_is_folded_as_its_square_and_a_diagonal_matrix_as_a_norm():
    assert folded(penalty, gamma) == "p Σⱼ γⱼ² wⱼ²"
    assert folded(penalty, gamma, Gamma) == "p ‖Γw‖²"


@pytest.mark.parametrize(
    "line",
    [
        Sum(k, Sum(j, X[k, j] * s.w[j] ** 2)),  # no square
        Sum(k, (X @ s.w)[k] ** 2),  # two columns
        Sum(k, Sum(j, X[k, j] ** 3 * s.w[j])) * s.t,  # the sum over k is not the pattern's own
    ],
)
def test_what_is_not_the_right_side_is_not_folded(line):
    assert folded(line, square_sums) == str(line)


def test_the_sum_of_a_definition_is_not_shared():
    u = vector("z", N)
    line = Sum(k, Sum(j, X[k, j] ** 2 * u[k] * s.w[j]))
    assert folded(line, square_sums) == str(line)


def test_symmetric_entries_match_either_way():
    S = symmetric_matrix("Q", s.m)
    square = define("h", Sum(s.i, S[s.i, j] ** 2), entry=j)
    assert folded(Sum(j, Sum(s.i, S[j, s.i] ** 2 * s.w[j])), square) == "hᵀw"
    assert folded(Sum(s.i, S[s.k, s.i] ** 2), square) == "hₖ"


def test_a_term_is_not_torn_apart_to_fold_a_part_of_it():
    u = vector("z", N)
    line = norm2(u - X @ s.w)
    assert folded(line, define("h", norm2(u))) == str(line)


def test_two_sums_of_a_definition_are_not_one_sum_of_a_line():
    line = Sum(s.i, s.V[s.i, s.i] ** 2)
    assert folded(line, define("h", norm2(s.V))) == str(line)
