"""simplify: closed forms that read well, proved by the kernel, with the assumptions that they need and no others."""

from random import Random

import pytest
from expressions import scalar as random_line
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from vocabulary import ensemble_setting, noise_setting

from proofsheet import (
    AssumptionError,
    Cov,
    E,
    NotationError,
    ProofsheetError,
    Sum,
    Theorem,
    Var,
    define,
    diag,
    dimension,
    distinct,
    function,
    gradient,
    group,
    hadamard,
    identity,
    independent,
    index,
    linearity,
    matrix,
    moment,
    norm2,
    parameter,
    positive_semidefinite_matrix,
    prove,
    random_matrix,
    random_scalar,
    random_vector,
    remainder,
    simplify,
    sqrt,
    trace,
    vector,
)
from proofsheet.closed_form.proposals import Proposals
from proofsheet.closed_form.read_back import Reader
from proofsheet.closed_form.rewriting import Rewriter
from proofsheet.closed_form.simplification import NoClosedForm
from proofsheet.kernel.theorem import Chain

s = noise_setting()
e = ensemble_setting()
noise = [s.independent, s.mean, s.covariance]
noisy = E(((s.x + s.n).T @ s.w - s.y) ** 2)
x_tilde = define("x_tilde", s.x + s.n)
f = define("f", E((s.x.T @ s.w - s.y) ** 2), of=s.w)
target = random_vector("z_1", s.q)
outputs = independent(s.n, (s.x, target))
Sigma = positive_semidefinite_matrix("Sigma", s.m)
p, a = parameter("p", between=(0, 1)), parameter("a")

N = dimension("N")
X, t, R = matrix("X", N, s.m), vector("t_1", N), random_matrix("R", N, s.m)
row, j, k = index("i", N), index("j", s.m), index("k", s.m)
masks = [
    moment(E(R[row, j]), p),
    moment(E(R[row, j] ** 2), p),
    moment(E(R[row, j] * R[row, k]), p**2, distinct(j, k)),
]
dropout = E(norm2(t - hadamard(R, X) @ s.w))

r = random_vector("r", s.m)
unit_masks = [
    independent(r, (s.x, s.y)),
    moment(E(r[j]), 1),
    moment(E(r[j] ** 2), 1 / p),
    moment(E(r[j] * r[k]), 1, distinct(j, k)),
]
label_noise, mu = random_scalar("e_1"), vector("mu", s.m)


def lines(theorem):
    return [str(line) for line in theorem.lines]


@pytest.mark.parametrize(
    ("expression", "given", "closed_form"),
    [
        pytest.param(noisy, noise, "E[(xᵀw − y)²] + α ‖w‖²", id="noise"),
        pytest.param(E((x_tilde.T @ s.w - s.y) ** 2), noise, "E[(xᵀw − y)²] + α ‖w‖²", id="defined input"),
        pytest.param(E((x_tilde.T @ s.w - s.y) ** 2), [*noise, f(s.w)], "f(w) + α ‖w‖²", id="defined loss"),
        pytest.param(noisy + a * norm2(s.w), noise, "E[(xᵀw − y)²] + (a + α) ‖w‖²", id="ridge besides"),
        pytest.param(-noisy, noise, "−E[(xᵀw − y)²] − α ‖w‖²", id="a minus"),
        pytest.param(
            E((s.y + s.n.T @ s.w + s.x.T @ s.w) ** 2), noise, "E[(y + xᵀw)²] + α ‖w‖²", id="the author's order"
        ),
        pytest.param(noisy, noise[:2], "E[(xᵀw − y)²] + E[(nᵀw)²]", id="no covariance"),
        pytest.param(noisy, [], "E[((x + n)ᵀw − y)²]", id="nothing given"),
        pytest.param(
            E(norm2(s.W @ (s.x + s.n) - target)),
            [outputs, s.mean, s.covariance],
            "E[‖Wx − z₁‖²] + α ‖W‖_F²",
            id="several outputs",
        ),
        pytest.param(
            E(norm2(s.W @ (s.x + s.n) - target)),
            [outputs, s.mean, moment(Cov(s.n), Sigma)],
            "E[‖Wx − z₁‖²] + tr(WΣWᵀ)",
            id="correlated",
        ),
        pytest.param(
            E((s.x.T @ (s.w + s.n) - s.y) ** 2), noise, "E[(xᵀw − y)²] + α E[‖x‖²]", id="noise on the weights"
        ),
        pytest.param(
            noisy,
            [s.independent, moment(E(s.n), mu), moment(Cov(s.n), s.alpha * identity(s.m))],
            "E[((x + μ)ᵀw − y)²] + α ‖w‖²",
            id="noise with a mean",
        ),
        pytest.param(
            E(((s.x + s.n).T @ s.w - (s.y + label_noise)) ** 2),
            [
                independent(s.n, (s.x, s.y), label_noise),
                *noise[1:],
                moment(E(label_noise), 0),
                moment(E(label_noise**2), a),
            ],
            "E[(xᵀw − y)²] + α ‖w‖² + a",
            id="two noises",
        ),
        pytest.param(E(((1 / e.n) * Sum(e.i, e.e[e.i])) ** 2), [e.second, e.mixed], "v/n + (n − 1) c/n", id="ensemble"),
        pytest.param(
            E(((1 / e.n) * Sum(e.i, e.y_hat[e.i]) - e.y) ** 2),
            [moment(E(e.eps[e.i] ** 2), e.v), moment(E(e.eps[e.i] * e.eps[e.j]), e.c, distinct(e.i, e.j))],
            "v/n + (n − 1) c/n",
            id="ensemble by its members",
        ),
        pytest.param(dropout, masks, "‖t₁ − p Xw‖² + p (1 − p) Σⱼ wⱼ² Σᵢ Xᵢⱼ²", id="dropout"),
        pytest.param(
            E(norm2(t - (1 / p) * (hadamard(R, X) @ s.w))),
            masks,
            "‖t₁ − Xw‖² + ((1 − p)/p) Σⱼ wⱼ² Σᵢ Xᵢⱼ²",
            id="inverted dropout",
        ),
        pytest.param(
            E((hadamard(r, s.x).T @ s.w - s.y) ** 2),
            unit_masks,
            "E[(xᵀw − y)²] + ((1 − p)/p) E[Σⱼ wⱼ² xⱼ²]",
            id="masks of mean one",
        ),
        pytest.param(
            Var((s.x + s.n).T @ s.w), [independent(s.x, s.n), *noise[1:]], "Var[xᵀw] + α ‖w‖²", id="a variance"
        ),
        pytest.param(Var(s.y), [moment(E(s.y), a), moment(E(s.y**2), 2 * a)], "a (2 − a)", id="a variance by moments"),
        pytest.param(Var(s.y), [], "Var[y]", id="a variance of which nothing is known"),
        pytest.param(
            E((s.x + s.n) @ (s.x + s.n).T), [independent(s.x, s.n), *noise[1:]], "E[xxᵀ] + α I", id="a matrix"
        ),
        pytest.param(E(s.x.T @ s.w * s.y), [independent(s.x, s.y)], "E[xᵀw] E[y]", id="independence alone"),
        pytest.param(E(s.n.T @ s.w) + s.y, [s.mean], "y", id="random outside an expectation"),
        pytest.param(E(s.n.T @ s.w), [s.mean], "0", id="zero"),
        pytest.param(E(s.n), [s.mean], "𝟎", id="a zero vector"),
        pytest.param(norm2(s.w) + s.w.T @ s.w, [], "2 ‖w‖²", id="algebra"),
        pytest.param(f(s.w) - E((s.x.T @ s.w - s.y) ** 2), [], "0", id="a definition and what it stands for"),
        pytest.param(trace(E(s.n @ s.n.T)), [s.covariance], "m α", id="a trace"),
        pytest.param(E(s.n[s.i] * s.n[s.j]), [s.covariance], "α δᵢⱼ", id="entries"),
        pytest.param(E(s.n[s.i] * s.n[s.j]), [s.covariance, distinct(s.i, s.j)], "0", id="entries that differ"),
    ],
)
def test_closed_forms(expression, given, closed_form):
    theorem = simplify(expression, given=given)
    assert isinstance(theorem, Theorem)
    assert theorem.left == expression
    assert str(theorem.right) == closed_form
    assert set(theorem.assumptions) <= set(given)
    assert not theorem.unneeded
    assert lines(theorem.recheck()) == lines(theorem)


def test_the_steps_can_be_followed():
    theorem = simplify(E((x_tilde.T @ s.w - s.y) ** 2), given=noise)
    assert lines(theorem) == [
        "E[(x̃ᵀw − y)²]",
        "E[((x + n)ᵀw − y)²]",
        "E[(xᵀw − y)²] + E[(nᵀw)²]",
        "E[(xᵀw − y)²] + α ‖w‖²",
    ]
    assert [len(step.reasons) for step in theorem.steps] == [1, 2, 1]
    assert str(theorem) == "E[(x̃ᵀw − y)²] = E[(xᵀw − y)²] + α ‖w‖²"


def test_the_ensemble_is_rewritten_in_the_symbol_that_the_moments_speak_of():
    given = [moment(E(e.eps[e.i] ** 2), e.v), moment(E(e.eps[e.i] * e.eps[e.j]), e.c, distinct(e.i, e.j))]
    theorem = simplify(E(((1 / e.n) * Sum(e.i, e.y_hat[e.i]) - e.y) ** 2), given=given)
    assert lines(theorem)[1:3] == ["E[((1/n) Σᵢ εᵢ)²]", "(1/n²) Σᵢ Σⱼ E[εᵢ εⱼ]"]


def test_a_symbol_with_a_factor_is_solved_for():
    twice = define("eps", 2 * e.y_hat[e.i] - e.y, entry=e.i)
    given = [moment(E(twice[e.i] ** 2), e.v), moment(E(twice[e.i] * twice[e.j]), e.c, distinct(e.i, e.j))]
    theorem = simplify(E(((2 / e.n) * Sum(e.i, e.y_hat[e.i]) - e.y) ** 2), given=given)
    assert str(theorem.right) == "v/n + (n − 1) c/n"


def test_an_index_is_not_captured_by_the_sum_of_a_definition():
    row_sums = define("d", Sum(s.k, s.V[s.j, s.k]), entry=s.j)
    assert str(simplify(row_sums[s.k] - Sum(s.i, s.V[s.k, s.i])).right) == "0"


def test_a_line_halfway_is_shown_only_where_it_is_short():
    assert len(simplify(dropout, given=masks).lines) == 2
    assert len(simplify(noisy, given=noise).lines) == 3


def test_only_the_assumptions_that_are_needed():
    assert simplify(E((s.n.T @ s.w) ** 2), given=noise).assumptions == (s.covariance,)
    assert simplify(norm2(s.w), given=noise).assumptions == ()
    assert set(simplify(noisy, given=[*noise, unit_masks[1]]).assumptions) == set(noise)


def test_what_is_always_used_need_not_be_given_and_may_be():
    assert str(simplify(noisy, given=[linearity, *noise])) == str(simplify(noisy, given=noise))
    assert str(simplify(E(s.n), given=s.mean).right) == "𝟎"  # a single assumption is a list of one


def test_a_theorem_may_be_given():
    theorem = prove(E((s.n.T @ s.w) ** 2), (s.alpha * norm2(s.w), s.covariance))
    found = simplify(E(s.y) + E((s.n.T @ s.w) ** 2), given=[theorem])
    assert str(found.right) == "E[y] + α ‖w‖²"
    assert found.assumptions == (s.covariance,)


def test_a_sum_is_folded_into_a_given_symbol():
    square_sum = define("g", Sum(row, X[row, j] ** 2), entry=j)
    theorem = simplify(dropout, given=[*masks, square_sum])
    assert str(theorem.right) == "‖t₁ − p Xw‖² + p (1 − p) Σⱼ gⱼ wⱼ²"


def test_a_symbol_that_does_not_occur_changes_nothing():
    other = define("h", Sum(row, X[row, j]), entry=j)
    assert str(simplify(dropout, given=[*masks, other]).right) == str(simplify(dropout, given=masks).right)


def test_a_wrong_proposal_is_never_a_theorem(monkeypatch):
    """simplify proposes and the kernel judges: with a reader that is wrong throughout, nothing false comes out."""
    honest = Reader.line

    def doubled(self, polynomial, *arguments, **options):
        line = honest(self, polynomial, *arguments, **options)
        return 2 * group(line)

    monkeypatch.setattr(Reader, "line", doubled)
    theorem = simplify(noisy, given=noise)
    assert str(theorem.right) == str(noisy)  # all that is left: the expression itself
    monkeypatch.setattr(Rewriter, "tidied", lambda self, line: 3 * line)
    with pytest.raises(NoClosedForm, match="found no closed form"):
        simplify(noisy, given=noise)


def test_the_measure_asks_first_what_is_left_to_do_then_for_few_terms_then_for_few_letters():
    chain = Chain(noisy)
    chain.step(noisy, noise)
    proposals = Proposals(noisy, chain.setting, tuple(noise))
    mixed = proposals.measure(noisy)
    apart = proposals.measure(E((s.x.T @ s.w - s.y) ** 2) + E((s.n.T @ s.w) ** 2))
    known = proposals.measure(E((s.x.T @ s.w - s.y) ** 2) + s.alpha * norm2(s.w))
    expanded = proposals.measure(E((s.x.T @ s.w) ** 2) - 2 * E(s.y * s.x.T @ s.w) + E(s.y**2) + s.alpha * norm2(s.w))
    longer = proposals.measure(E((s.x.T @ s.w - s.y) ** 2) + s.alpha * trace(s.w @ s.w.T))
    assert known < longer < expanded < apart < mixed
    A = function("A")
    expected, noise_at = s.x.T @ s.w, s.n.T @ s.w
    opened = E(A(expected)) + E(remainder(A, 1, expected, noise_at))
    assert proposals.measure(opened) < proposals.measure(E(A((s.x + s.n).T @ s.w)))
    assert proposals.measure(2 * s.w) < proposals.measure(gradient(norm2(s.w), s.w))


@pytest.mark.parametrize(
    ("expression", "given", "complaint"),
    [
        ("x", [], "simplify does not take 'x'"),
        (1.5, [], r"Fraction\(3, 2\)"),
        (noisy, [1], "cannot use 1"),
        (noisy, None, "cannot use None"),
        (noisy, "noise", "cannot use 'noise'"),
        (noisy, [s.w], "cannot use w"),
        (noisy, [f], r"given with its arguments: f\(w\)"),
        (parameter("alpha") * norm2(s.w), noise, "simplify: 'alpha' names two different things"),
    ],
)
def test_what_cannot_be_read(expression, given, complaint):
    with pytest.raises(NotationError, match=complaint):
        simplify(expression, given=given)


def test_contradictory_moments():
    with pytest.raises(AssumptionError, match="one moment has two values"):
        simplify(noisy, given=[*noise, moment(E(s.n @ s.n.T), 2 * s.alpha * identity(s.m))])


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ((s.w.T @ s.u + 1) ** 60, "the power 60"),
        (s.t / s.t, "divides by t"),
        (s.t / 0, "which is zero"),
    ],
)
def test_what_has_no_normal_form(expression, complaint):
    with pytest.raises(NoClosedForm, match=complaint):
        simplify(expression)


@drawn(st.integers(0, 10**9))
@settings(max_examples=25, deadline=None)
def test_any_line_gets_a_theorem_or_an_error_for_people(seed):
    line = random_line(Random(seed), 3)
    try:
        theorem = simplify(line, given=[independent(s.n, (s.x, s.y, s.z)), s.mean, s.covariance])
    except ProofsheetError as problem:
        assert "too long" in str(problem)
    else:
        assert theorem.left == line


def test_a_diagonal_definition_waits_for_its_rule():
    """Γ := diag(γ) with γ a root is folded as soon as the kernel gives both a meaning, and does no harm before."""
    gamma = define("gamma", sqrt(Sum(row, X[row, j] ** 2)), entry=j)
    Gamma = define("Gamma", diag(gamma))
    text = str(simplify(dropout, given=[*masks, Gamma]).right)
    assert text in ("‖t₁ − p Xw‖² + p (1 − p) ‖Γw‖²", "‖t₁ − p Xw‖² + p (1 − p) Σⱼ wⱼ² Σᵢ Xᵢⱼ²")
