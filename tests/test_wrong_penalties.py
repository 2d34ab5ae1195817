"""Wrong lines about dropout, penalties and their gradients, by the ids of the claims ledger; each refused for its reason.

The reason is the residual of the step, in index notation, or that the line has no meaning.
"""

import re

import pytest
from sympy import Symbol, exp, log

from proofsheet import (
    E,
    Sum,
    absolute,
    algebra,
    chain_rule,
    collect,
    definition,
    derivative,
    differentiate,
    dimension,
    function,
    gradient,
    hadamard,
    index,
    lemma,
    linearity,
    matrix,
    moment,
    norm1,
    norm2,
    parameter,
    proof,
    prove,
    random_vectors,
    remainder,
    scalar,
    sgn,
    sqrt,
    taylor,
    vector,
    vectors,
)
from proofsheet.derivation import DerivationRejected

N, m, q, n = dimension("N"), dimension("m"), dimension("q"), dimension("n")
i, j, k, a, b = index("i", N), index("j", m), index("k", m), index("a", q), index("b", q)
lam, eta, delta = parameter("lam", positive=True), parameter("eta", positive=True), parameter("delta", between=(0, 1))
w, beta, y, t, u = vector("w", m), vector("beta", m), vector("y", N), scalar("t"), Symbol("u", real=True)
W, x, r = matrix("W", q, m), vectors("x", N, m), random_vectors("r", N, m)
A = function("A")
kept, kept_squared = moment(E(r[i, j]), 1 - delta), moment(E(r[i, j] ** 2), 1 - delta)
glm, noise, regression = proof("dropout_glm_penalty"), proof("noising_penalty"), proof("dropout_linear_regression")
pair = glm.kept_pair
masks = [glm.kept, glm.kept_squared, glm.kept_pair]

shift = hadamard(glm.x[glm.i], glm.r[glm.i]).T @ glm.beta / (1 - glm.delta) - glm.x[glm.i].T @ glm.beta
raw = hadamard(glm.x[glm.i], glm.r[glm.i]).T @ glm.beta - glm.x[glm.i].T @ glm.beta
d, bernoulli, sigma = glm.delta, function("A_B", log(1 + exp(u))), function("sigma", 1 / (1 + exp(-u)))
confidence = lemma(bernoulli.prime.prime(t), sigma(t) * (1 - sigma(t)))
expanded = glm.theorem.lines[4]
weight, rest = glm.curvature * glm.energy, Sum(glm.i, E(glm.rest))
clean, noisy, labels = noise.clean, noise.noisy, noise.y[noise.i]

DROPOUT = [
    ("R1 raw mask: the label term stays", noise.theorem.lines[1], noise.theorem.lines[2], [noise.other_mean], r"yᵢ .*xᵢⱼ.*μᵢⱼ|μᵢⱼ.*xᵢⱼ"),
    ("R1 mean not cited", noise.theorem.lines[1], noise.theorem.lines[2], [linearity], r"E\[x̃ᵢⱼ\]"),
    ("R1 A taken out of E", Sum(noise.i, E(A(noisy))), Sum(noise.i, A(clean)), [noise.unit_mean], r"E\[A\("),
    ("R1 sign of the labels", Sum(noise.i, E(A(noisy) - labels * noisy)), Sum(noise.i, E(A(noisy)) + labels * clean), [noise.unit_mean], r"^−2 Σᵢ Σⱼ βⱼ xᵢⱼ yᵢ$"),
    ("R2 raw mask has no mean 1", E(raw), 0, [glm.kept], r"^−δ Σⱼ βⱼ xᵢⱼ$"),
    ("R3 ½ lost", glm.theorem.lines[5], 2 * glm.half_odds * Sum(glm.i, weight) + rest, [collect], r"^\(δ/\(2 δ − 2\)\) Σᵢ Σⱼ βⱼ² xᵢⱼ² A″\(Σₖ βₖ xᵢₖ\)$"),
    ("R3 A′ for A″", glm.theorem.lines[5], glm.half_odds * Sum(glm.i, glm.slope * glm.energy) + rest, [collect], r"A′.*A″|A″.*A′"),
    ("R3 β without its square", glm.theorem.lines[5], glm.half_odds * Sum(glm.i, glm.curvature * Sum(glm.j, glm.x[glm.i, glm.j] ** 2 * glm.beta[glm.j])) + rest, [collect], r"A″"),
    ("R3 A″ at the noisy features", glm.theorem.lines[5], glm.half_odds * Sum(glm.i, glm.A.prime.prime(glm.noisy) * glm.energy) + rest, [collect], r"A″\(Σₖ βₖ x̃ᵢₖ\)"),
    ("R3 the remainder dropped", glm.theorem.lines[5], glm.half_odds * Sum(glm.i, weight), [collect], r"^Σᵢ E\[ρ₃\[A; .*\]\]$"),
    ("R3 first-order term dropped without the mean", expanded, glm.theorem.lines[4] - Sum(glm.i, E(glm.Delta[glm.i])), [linearity], r"^Σᵢ E\[Δᵢ\]$"),
    ("R3 degree 1 cited", glm.theorem.lines[1], glm.theorem.lines[2], [taylor(glm.A, 1), linearity], r"ρ₃"),
    ("R4 raw mask: δ(1 − δ)", E(shift**2), d * (1 - d) * glm.energy, masks, r"^\(δ² \(δ − 2\)/\(δ − 1\)\) Σⱼ βⱼ² xᵢⱼ²$"),
    ("R4 drop and keep exchanged", E(shift**2), (1 - d) / d * glm.energy, masks, r"^−\(\(2 δ − 1\)/\(δ \(δ − 1\)\)\) Σⱼ βⱼ² xᵢⱼ²$"),
    ("R4 one mask for all features", E(shift**2), d / (1 - d) * (glm.x[glm.i].T @ glm.beta) ** 2, masks, r"Σⱼ Σₖ βⱼ βₖ xᵢⱼ xᵢₖ$"),
    ("R4 independence within an example not cited", E(shift**2), d / (1 - d) * glm.energy, [glm.kept, glm.kept_squared], r"E\[rᵢⱼ rᵢₖ\]"),
    ("R4 second moment not cited", E(shift**2), d / (1 - d) * glm.energy, [glm.kept, pair], r"E\[rᵢⱼ²\]"),
    ("R5 σ for σ(1 − σ)", Sum(i, bernoulli.prime.prime(x[i].T @ beta)), Sum(i, sigma(x[i].T @ beta)), [confidence], r"^−Σᵢ σ\(Σⱼ βⱼ xᵢⱼ\)²$"),
    ("R5 σ² for σ(1 − σ)", bernoulli.prime.prime(t), sigma(t) ** 2, [confidence], r"^σ\(t\) − 2 σ\(t\)²$"),
    ("R5 lemma of the second derivative for the first", bernoulli.prime(t), sigma(t) * (1 - sigma(t)), [confidence], r"A_B′\(t\)"),
    ("R8 mask {0, 1}", E(raw**2), d / (1 - d) * glm.energy, masks, r"^−\(δ² \(δ − 2\)/\(δ − 1\)\) Σⱼ βⱼ² xᵢⱼ² \+ δ² Σⱼ Σₖ βⱼ βₖ xᵢⱼ xᵢₖ$"),
    ("R8 divided by δ", E(hadamard(glm.x[glm.i], glm.r[glm.i]).T @ glm.beta / d), glm.x[glm.i].T @ glm.beta, [glm.kept], r"^−\(\(2 δ − 1\)/δ\) Σⱼ βⱼ xᵢⱼ$"),
    ("A1 one strength for all features", regression.theorem.lines[5], regression.fit + regression.p * (1 - regression.p) * norm2(regression.w), [collect], r"Xᵢⱼ²"),
    ("A1 p/(1 − p)", regression.theorem.lines[5], regression.fit + regression.p / (1 - regression.p) * regression.energy, [collect], r"Xᵢⱼ² wⱼ²$"),
    ("exact for every A", glm.theorem.lines[0], glm.half_odds * Sum(glm.i, weight), [definition, *masks], r"E\[A\("),
]  # fmt: skip

L, J0 = function("L", of=W), function("g")
p, s1, v1 = parameter("p", between=(0, 1)), scalar("a"), scalar("v")
cost, act, bias = function("C"), function("f"), scalar("c")
net = proof("penalty_in_backpropagation")
step = W - eta * gradient(L(W) + lam * norm2(W), W)
decayed = W - eta * gradient(L(W) + lam / (2 * n) * norm2(W), W)
data = cost(act(v1 * t + bias))
whole = data + lam / (2 * n) * v1**2
three = cost.prime(act(v1 * t + bias)) * act.prime(v1 * t + bias) * t

GRADIENTS = [
    ("L3 |θ|′ = 1", derivative(absolute(t), t), 1, [differentiate], r"^−1 \+ sgn\(t\)$"),
    ("L3 |θ|′ = θ", derivative(absolute(t), t), t, [differentiate], r"^−t \+ sgn\(t\)$"),
    ("L3 λ lost", derivative(lam * norm1(w), w[k]), sgn(w[k]), [differentiate], r"^\(?\(?λ − 1\)? sgn\(wₖ\)$"),
    ("L3 sgn(0) = 1", sgn(0 * lam), 1, [algebra], r"^−1$"),
    ("L3 sgn of a sum", derivative(lam * norm1(w), w[k]), lam * sgn(Sum(j, w[j])), [differentiate], r"sgn\(Σⱼ wⱼ\)|sgn\(Σ"),
    ("L4 sign of the step", w - eta * gradient(J0(w.T @ w) + lam * norm1(w), w), w + eta * gradient(J0(w.T @ w) + lam * norm1(w), w), [differentiate], r"^−4 η wᵣ g′\(Σᵢ wᵢ²\) − 2 η λ sgn\(wᵣ\)$"),
    ("L4 λ‖w‖₁ for λ sgn w", w[k] - eta * derivative(lam * norm1(w), w[k]), w[k] - eta * lam * norm1(w), [differentiate], r"sgn\(wₖ\)"),
    ("L5 the L1 gradient grows with the weight", derivative(lam * norm1(w), w[k]), lam * sgn(w[k]) * absolute(w[k]), [differentiate], r"sgn\(wₖ\)"),
    ("L8 unsquared norm", gradient(lam * norm2(W), W), 2 * lam * sqrt(norm2(W)) * W, [differentiate], r"√"),
    ("L9 λW", gradient(lam * norm2(W), W), lam * W, [differentiate], r"^λ Wᵣₛ$"),
    ("L9 2λ‖W‖²W", gradient(lam * norm2(W), W), 2 * lam * norm2(W) * W, [differentiate], r"Wᵣₛ"),
    ("L9 sign", gradient(lam * norm2(W), W), -2 * lam * W, [differentiate], r"^4 λ Wᵣₛ$"),
    ("L9 1 − αλ", step, (1 - eta * lam) * W - eta * gradient(L(W), W), [differentiate], r"^−η λ Wᵣₛ$"),
    ("L9 1 + 2αλ", step, (1 + 2 * eta * lam) * W - eta * gradient(L(W), W), [differentiate], r"^−4 η λ Wᵣₛ$"),
    ("W1 the error changes", gradient(net.C(net.W2 @ net.a + net.b2) + net.penalty, net.a), net.W2.T @ net.C.gradient(net.W2 @ net.a + net.b2) + 2 * net.lam * net.W2.T @ net.W2 @ net.a, [chain_rule], r"^−2 λ Σᵢ Σⱼ W₂ⱼᵣ W₂ⱼᵢ aᵢ$"),
    ("W2 C′ = 2(a − y) for ½(a − y)²", derivative((s1 - v1) ** 2 / 2, s1), 2 * (s1 - v1), [differentiate], r"^−a \+ v$"),
    ("W3 λ/(2n) W", gradient(lam / (2 * n) * norm2(W), W), lam / (2 * n) * W, [differentiate], r"^\(?λ/\(2 n\)\)? Wᵣₛ$"),
    ("W3 λW", gradient(lam / (2 * n) * norm2(W), W), lam * W, [differentiate], r"^−\(λ \(n − 1\)/n\) Wᵣₛ$"),
    ("W3 λ/n Σw² with (λ/n)W", gradient(lam / n * norm2(W), W), lam / n * W, [differentiate], r"^\(λ/n\) Wᵣₛ$"),
    ("W4 the learning rate forgotten", decayed, (1 - lam / n) * W - eta * gradient(L(W), W), [differentiate], r"^−\(λ \(η − 1\)/n\) Wᵣₛ$"),
    ("W4 2ηλ/n", decayed, (1 - 2 * eta * lam / n) * W - eta * gradient(L(W), W), [differentiate], r"^\(?\(?η λ/n\)? Wᵣₛ$"),
    ("W5 every weight is lowered", (1 - eta * lam / n) * W, W - eta * lam / n * hadamard(W, W), [algebra], r"Wᵣₛ"),
    ("W6 the penalty put into ∂C/∂a", derivative(whole, v1), (cost.prime(act(v1 * t + bias)) + lam / n * v1) * act.prime(v1 * t + bias) * t, [chain_rule], r"λ"),
    ("W6 the penalty in the bias gradient", derivative(whole, bias), cost.prime(act(v1 * t + bias)) * act.prime(v1 * t + bias) + lam / n * v1, [chain_rule], r"^−\(λ/n\) v$"),
    ("W7 a product of three derivatives", derivative(whole, v1), three, [chain_rule], r"^\(λ/n\) v$"),
    ("W8 λ = 0 is no penalty", derivative(data + 0 * v1**2, v1), three + v1, [chain_rule], r"^−v$"),
]  # fmt: skip
ROWS = DROPOUT + GRADIENTS


@pytest.mark.parametrize(("old", "new", "reasons", "why"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_wrong_line_is_refused_for_the_right_reason(old, new, reasons, why):
    with pytest.raises(DerivationRejected) as caught:
        prove(old, (new, *reasons))
    residual = caught.value.diagnosis(2).residual
    assert residual is not None
    assert re.search(why, residual), residual


def test_the_ledger_is_covered():
    ids = {name.split()[0] for name, *_ in ROWS}
    assert ids >= {"R1", "R3", "R4", "R5", "R8", "L3", "L4", "L9", *(f"W{number}" for number in range(1, 9))}
    assert len(ROWS) >= 45


def test_the_remainder_is_not_nothing():
    assert isinstance(glm.rest, type(remainder(A, 3, t, t)))
    assert any(isinstance(part, type(glm.rest)) for part in glm.theorem.right.atoms(type(glm.rest)))
