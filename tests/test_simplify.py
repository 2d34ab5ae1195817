"""simplify: closed forms that read well, proved by the kernel, with the assumptions that they need and no others."""

from random import Random

import pytest
from expressions import analytic
from expressions import scalar as random_line
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from sympy import Symbol, exp, log
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
    definition,
    derivative,
    diag,
    dimension,
    distinct,
    exponential_family,
    function,
    gradient,
    group,
    hadamard,
    identity,
    independent,
    index,
    lemma,
    linearity,
    matrix,
    moment,
    nonnegative,
    norm1,
    norm2,
    parameter,
    positive_semidefinite_matrix,
    prove,
    random_matrix,
    random_scalar,
    random_vector,
    random_vectors,
    remainder,
    scalar,
    simplify,
    sqrt,
    taylor,
    trace,
    vector,
    vectors,
)
from proofsheet.closed_form.expansion import Expander
from proofsheet.closed_form.proposals import Proposals
from proofsheet.closed_form.read_back import Reader
from proofsheet.closed_form.rewriting import Rewriter
from proofsheet.closed_form.simplification import NoClosedForm
from proofsheet.kernel.side_conditions import AwayFromKink, LawFree
from proofsheet.kernel.theorem import Chain, StepRejected
from proofsheet.notation.tree import Plus

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


@drawn(st.integers(0, 10**9))
@settings(max_examples=15, deadline=None)
def test_any_line_with_functions_gets_a_theorem(seed):
    random = Random(seed)
    line = analytic(random, 1) * analytic(random, 1) + E(analytic(random, 1))
    line = random.choice([line, derivative(line, s.w[s.k]), gradient(line, s.w)])
    assumptions = [independent(s.n, (s.x, s.y, s.z)), s.mean, s.covariance]
    assert simplify(line, given=[*assumptions, taylor(function("A"), 2)]).left == line


def test_a_diagonal_definition_is_folded_through_its_root():
    gamma = define("gamma", sqrt(Sum(row, X[row, j] ** 2)), entry=j)
    Gamma = define("Gamma", diag(gamma))
    theorem = simplify(dropout, given=[*masks, Gamma])
    assert str(theorem.right) == "‖t₁ − p Xw‖² + p (1 − p) ‖Γw‖²"
    assert set(theorem.assumptions) == set(masks)


# ---- derivatives ----------------------------------------------------------------------------------------------

h, d, n = dimension("h"), dimension("d"), dimension("n")
lam, eta = parameter("lam", nonnegative=True), parameter("eta", positive=True)
W1, b1, W2, b2, x_1 = matrix("W1", h, d), vector("b1", h), matrix("W2", s.q, h), vector("b2", s.q), vector("x_1", d)
A, sigma, C, L = function("A"), function("sigma"), function("C", of=b2), function("L", of=s.W)
z, y_hat = define("z", W1 @ x_1 + b1), define("y_hat", W2 @ sigma(W1 @ x_1 + b1) + b2)
J = define("J", C(W2 @ sigma(W1 @ x_1 + b1) + b2) + lam * (norm2(W1) + norm2(W2)))


@pytest.mark.parametrize(
    ("expression", "given", "closed_form"),
    [
        pytest.param(gradient(lam * norm2(s.W), s.W), [], "2 λ W", id="L2"),
        pytest.param(derivative(lam * norm2(s.W), s.W[s.r, s.k]), [], "2 λ Wᵣₖ", id="L2, one weight"),
        pytest.param(gradient(lam / (2 * n) * norm2(s.W), s.W), [], "(λ/n) W", id="L2 per example"),
        pytest.param(derivative(lam * norm1(s.w), s.w[s.k]), [], "λ sgn(wₖ)", id="L1"),
        pytest.param(gradient(lam * norm1(s.w) + eta * norm2(s.w), s.w), [], "λ sgn(w) + 2 η w", id="elastic net"),
        pytest.param(
            s.W - eta * gradient(L(s.W) + lam * norm2(s.W), s.W), [], "(1 − 2 η λ) W − η ∇L(W)", id="weight decay"
        ),
        pytest.param(
            s.W - eta * gradient(L(s.W) + lam / (2 * n) * norm2(s.W), s.W),
            [],
            "(1 − η λ/n) W − η ∇L(W)",
            id="weight decay per example",
        ),
        pytest.param(
            gradient(J, W1),
            [],
            "((W₂ᵀ ∇C(W₂ σ(W₁ x₁ + b₁) + b₂)) ∘ σ′(W₁ x₁ + b₁)) x₁ᵀ + 2 λ W₁",
            id="back-propagation, unfolded",
        ),
        pytest.param(gradient(J, W1), [z, y_hat], "((W₂ᵀ ∇C(ŷ)) ∘ σ′(z)) x₁ᵀ + 2 λ W₁", id="inner weights"),
        pytest.param(gradient(J, W2), [z, y_hat], "∇C(ŷ) σ(z)ᵀ + 2 λ W₂", id="outer weights"),
        pytest.param(gradient(J, b1), [z, y_hat], "(W₂ᵀ ∇C(ŷ)) ∘ σ′(z)", id="inner bias"),
        pytest.param(gradient(f(s.w), s.w), [], "2 E[xᵀw x] − 2 E[y x]", id="under E"),
        pytest.param(gradient(noisy, s.w), noise, "2 E[xᵀw x] − 2 E[y x] + 2 α w", id="of a noisy loss"),
        pytest.param(gradient(sqrt(norm2(s.w)), s.w), [], "∇_w √(‖w‖²)", id="what the kernel has no rule for"),
    ],
)
def test_derivatives(expression, given, closed_form):
    theorem = simplify(expression, given=given)
    assert str(theorem.right) == closed_form
    assert not theorem.unneeded
    assert lines(theorem.recheck()) == lines(theorem)


def test_a_step_of_gradient_descent_is_worked_out_and_then_collected():
    assert lines(simplify(s.W - eta * gradient(L(s.W) + lam * norm2(s.W), s.W))) == [
        "W − η ∇_W (L(W) + λ ‖W‖_F²)",
        "W − η (∇L(W) + 2 λ W)",
        "(1 − 2 η λ) W − η ∇L(W)",
    ]


def test_side_conditions_of_a_derivative_are_kept():
    assert AwayFromKink in map(type, simplify(derivative(norm1(s.w), s.w[s.k])).side_conditions)
    assert LawFree in map(type, simplify(gradient(f(s.w), s.w)).side_conditions)


def test_a_law_that_is_given_to_depend_on_the_variable_is_not_said_to_be_free_of_it():
    m_1 = scalar("m_1")
    theorem = simplify(derivative(E(s.y**2), m_1), given=[moment(E(s.y), m_1)])
    assert str(theorem.right) == "∂E[y²]/∂m₁"
    assert str(simplify(derivative(E(s.y), m_1), given=[moment(E(s.y), m_1)]).right) == "1"
    assert str(simplify(derivative(E(s.y**2), m_1)).right) == "0"  # nothing says that it depends


def test_an_exponential_family():
    theta, T = scalar("theta"), random_scalar("T")
    family = exponential_family(T, theta, A)
    assert str(simplify(derivative(E(T), theta), given=[family]).right) == "A″(θ)"
    with pytest.raises(AssumptionError, match="a second assumption about it"):
        simplify(derivative(E(T), theta), given=[family, moment(E(T), a)])


# ---- Taylor polynomials and lemmas ----------------------------------------------------------------------------

i, delta = index("i", N), parameter("delta", between=(0, 1))
beta, data, mask = vector("beta", s.m), vectors("x", N, s.m), random_vectors("r", N, s.m)
noised = define("x_tilde", hadamard(data[i], mask[i]) / (1 - delta), entry=i)
Delta = define("Delta", (noised[i] - data[i]).T @ beta, entry=i)
unbiased_masks = [
    moment(E(mask[i, j]), 1 - delta),
    moment(E(mask[i, j] ** 2), 1 - delta),
    moment(E(mask[i, j] * mask[i, k]), (1 - delta) ** 2, distinct(j, k)),
]
unit_mean = moment(E(Delta[i]), 0)
spread = moment(E(Delta[i] ** 2), delta / (1 - delta) * Sum(j, data[i, j] ** 2 * beta[j] ** 2))
t_1, u = scalar("t_1"), Symbol("u", real=True)
bernoulli, logistic = function("A_B", log(1 + exp(u))), function("sigma", 1 / (1 + exp(-u)))
normal, poisson = function("A_N", u**2 / 2), function("A_P", exp(u))
confidence = lemma(bernoulli.prime.prime(t_1), logistic(t_1) * (1 - logistic(t_1)))
square, growth = lemma(normal(t_1), t_1**2 / 2), lemma(poisson.prime.prime(t_1), poisson(t_1))


def glm(of):
    return Sum(i, E(of(noised[i].T @ beta)) - of(data[i].T @ beta))


R = define("R", glm(A), of=beta)
labels, other = vector("y_1", N), random_vectors("x_2", N, s.m)
excess = define("R", Sum(i, E(A(other[i].T @ beta)) - A(data[i].T @ beta)), of=beta)
log_loss = Sum(i, E(A(other[i].T @ beta) - labels[i] * other[i].T @ beta))
unit_features = moment(E(other[i]), data[i])
half_odds = "(δ/(2 (1 − δ))) Σᵢ "
energy = "Σⱼ xᵢⱼ² βⱼ²"


@pytest.mark.parametrize(
    ("expression", "given", "closed_form"),
    [
        pytest.param(
            glm(A),
            [*unbiased_masks, taylor(A, 2)],
            f"{half_odds}A″(xᵢᵀβ) {energy} + Σᵢ E[ρ₃[A; xᵢᵀβ, (x̃ᵢ − xᵢ)ᵀβ]]",
            id="dropout",
        ),
        pytest.param(
            glm(A),
            [*unbiased_masks, taylor(A, 2), Delta],
            f"{half_odds}A″(xᵢᵀβ) {energy} + Σᵢ E[ρ₃[A; xᵢᵀβ, Δᵢ]]",
            id="dropout, with a name for the increment",
        ),
        pytest.param(
            R(beta),
            [*unbiased_masks, taylor(A, 2), Delta],
            f"{half_odds}A″(xᵢᵀβ) {energy} + Σᵢ E[ρ₃[A; xᵢᵀβ, Δᵢ]]",
            id="dropout, the penalty by its name",
        ),
        pytest.param(
            glm(A),
            [unit_mean, spread, taylor(A, 2)],
            f"{half_odds}A″(xᵢᵀβ) {energy} + Σᵢ E[ρ₃[A; xᵢᵀβ, Δᵢ]]",
            id="dropout, by the moments of the increment",
        ),
        pytest.param(
            glm(bernoulli),
            [*unbiased_masks, taylor(bernoulli, 2), confidence, Delta],
            f"{half_odds}σ(xᵢᵀβ) (1 − σ(xᵢᵀβ)) {energy} + Σᵢ E[ρ₃[A_B; xᵢᵀβ, Δᵢ]]",
            id="logistic regression",
        ),
        pytest.param(glm(normal), [*unbiased_masks, square], f"{half_odds}{energy}", id="linear regression"),
        pytest.param(
            glm(normal), [*unbiased_masks, taylor(normal, 2), square], f"{half_odds}{energy}", id="no idle expansion"
        ),
        pytest.param(
            glm(poisson),
            [*unbiased_masks, taylor(poisson, 2), growth, Delta],
            f"{half_odds}A_P(xᵢᵀβ) {energy} + Σᵢ E[ρ₃[A_P; xᵢᵀβ, Δᵢ]]",
            id="Poisson regression",
        ),
        pytest.param(log_loss, [unit_features], "Σᵢ E[A(x₂ᵢᵀβ)] − Σᵢ y₁ᵢ xᵢᵀβ", id="the labels apart"),
        pytest.param(log_loss, [unit_features, excess(beta)], "Σᵢ (A(xᵢᵀβ) − y₁ᵢ xᵢᵀβ) + R(β)", id="loss and penalty"),
        pytest.param(
            E(A((s.x + s.n).T @ s.w) - s.y * (s.x + s.n).T @ s.w),
            [*noise, taylor(A, 2)],
            "E[A(xᵀw) − y xᵀw] + (α/2) ‖w‖² E[A″(xᵀw)] + E[ρ₃[A; xᵀw, nᵀw]]",
            id="Gaussian noise",
        ),
        pytest.param(
            E(A((s.x + s.n).T @ s.w)),
            [*noise, taylor(A, 1)],
            "E[A(xᵀw)] + E[ρ₂[A; xᵀw, nᵀw]]",
            id="to first order nothing is added",
        ),
        pytest.param(E(A(s.x.T @ s.w)), [taylor(A, 2)], "E[A(xᵀw)]", id="no mean is known"),
        pytest.param(A(s.t), [*noise, taylor(A, 2)], "A(t)", id="nothing random"),
        pytest.param(
            A(s.t) + A.prime(s.t) * t_1 + remainder(A, 2, s.t, t_1), [taylor(A, 1)], "A(t + t₁)", id="the way back"
        ),
        pytest.param(logistic(t_1) + bernoulli.prime(t_1), [lemma(bernoulli.prime(t_1), logistic(t_1))], "2 σ(t₁)"),
        pytest.param(
            derivative(logistic(s.t), s.t),
            [lemma(logistic.prime(t_1), logistic(t_1) * (1 - logistic(t_1)))],
            "σ(t) (1 − σ(t))",
            id="a derivative, then a lemma",
        ),
    ],
)
def test_functions_of_noise(expression, given, closed_form):
    theorem = simplify(expression, given=given)
    assert str(theorem.right) == closed_form
    assert not theorem.unneeded
    assert lines(theorem.recheck()) == lines(theorem)


def test_an_expansion_is_a_line_of_its_own():
    theorem = simplify(glm(bernoulli), given=[*unbiased_masks, taylor(bernoulli, 2), confidence, Delta])
    assert lines(theorem)[1] == ("Σᵢ (E[A_B(xᵢᵀβ) + A_B′(xᵢᵀβ) Δᵢ + A_B″(xᵢᵀβ) Δᵢ²/2 + ρ₃[A_B; xᵢᵀβ, Δᵢ]] − A_B(xᵢᵀβ))")
    assert [{type(reason).__name__ for reason in step.needed} for step in theorem.steps] == [
        {"Taylor", "Definition"},
        {"Moment", "Definition"},
        {"FunctionLemma"},
    ]
    assert theorem.lemmas == (confidence,)


def test_a_wrong_expansion_is_never_a_theorem(monkeypatch):
    given = [*unbiased_masks, taylor(A, 2)]
    honest = Expander._polynomial

    def without_remainder(self, function, expansion):
        return Plus(*honest(self, function, expansion).args[:-1])

    monkeypatch.setattr(Expander, "_polynomial", without_remainder)
    theorem = simplify(glm(A), given=given)
    assert "A″" not in str(theorem.right)
    assert "ρ" not in str(theorem.right)
    assert theorem.right.has(noised) or theorem.right.has(mask)  # the noise is where it was


def test_a_lost_remainder_does_not_follow():
    theorem = simplify(glm(A), given=[*unbiased_masks, taylor(A, 2), Delta])
    penalty, _ = theorem.right.args
    assert isinstance(Chain(theorem.lines[1]).step(penalty, (*unbiased_masks, definition)), StepRejected)


def test_simplify_proves_no_inequalities():
    with pytest.raises(NotationError, match="an inequality is proved with prove"):
        simplify(norm2(s.w), given=[nonnegative])
