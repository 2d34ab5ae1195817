"""Where an L2 penalty enters back-propagation: in the gradients of the weights, and nowhere else.

    J = C(ŷ) + λ(‖W₁‖²_F + ‖W₂‖²_F),    ŷ = W₂a + b₂,    a = σ(z),    z = W₁x + b₁

    ∂J/∂W₂ = ∇C(ŷ) aᵀ + 2λW₂        ∂J/∂W₁ = ((W₂ᵀ∇C(ŷ)) ∘ σ′(z)) xᵀ + 2λW₁

The derivative by the activations is that of the cost alone, since the penalty does not contain them, and so are all errors
that are passed back and the gradients of the biases (the corollaries). Only the partial derivative by W gains 2λW. C and σ
are any differentiable cost and activation; with λ/(2n) for λ, 2λW is (λ/n)W.

Rumelhart, Hinton and Williams (1986), Learning representations by back-propagating errors; Goodfellow, Bengio and Courville
(2016), Deep Learning, section 6.5.
"""

from proofsheet import (
    chain_rule,
    define,
    definition,
    differentiate,
    dimension,
    function,
    gradient,
    hadamard,
    matrix,
    norm2,
    parameter,
    prove,
    show,
    vector,
    wrong,
)

d, h, q = dimension("d"), dimension("h"), dimension("q")
lam = parameter("lam", nonnegative=True)
W1, b1, W2, b2 = matrix("W1", h, d), vector("b1", h), matrix("W2", q, h), vector("b2", q)
x, a = vector("x", d), vector("a", h)
sigma, C = function("sigma"), function("C", of=b2)

z, y_hat = define("z", W1 @ x + b1), define("y_hat", W2 @ sigma(W1 @ x + b1) + b2)
penalty = lam * (norm2(W1) + norm2(W2))
J = define("J", C(W2 @ sigma(W1 @ x + b1) + b2) + penalty)
error = hadamard(W2.T @ C.gradient(y_hat), sigma.prime(z))

theorem = prove(
    gradient(J, W1),
    (gradient(C(y_hat), W1) + 2 * lam * W1, definition, differentiate),
    (error @ x.T + 2 * lam * W1, definition, chain_rule),
)
outer_weights = prove(
    gradient(J, W2),
    (gradient(C(y_hat), W2) + 2 * lam * W2, definition, differentiate),
    (C.gradient(y_hat) @ sigma(z).T + 2 * lam * W2, definition, chain_rule),
)
bias = prove(gradient(J, b1), (gradient(C(y_hat), b1), definition, differentiate), (error, definition, chain_rule))
activation = prove(
    gradient(C(W2 @ a + b2) + penalty, a),
    (gradient(C(W2 @ a + b2), a), differentiate),
    (W2.T @ C.gradient(W2 @ a + b2), chain_rule),
)
corollaries = {"outer_weights": outer_weights, "inner_bias": bias, "activation": activation}

variants = wrong(
    (error @ x.T, "W7: the penalty's gradient forgotten: a product of three derivatives"),
    (error @ x.T + lam * W1, "W3: the gradient of ½λ‖W‖²"),
    (error @ x.T - 2 * lam * W1, "sign"),
    (W2.T @ C.gradient(y_hat) @ x.T + 2 * lam * W1, "the slope of the activation forgotten"),
    (hadamard(W2.T @ C.gradient(y_hat), sigma(z)) @ x.T + 2 * lam * W1, "σ for σ′"),
    (
        hadamard(W2.T @ (C.gradient(y_hat) + 2 * lam * W2 @ sigma(z)), sigma.prime(z)) @ x.T,
        "W6: penalty put into the error",
    ),
    (hadamard(W2.T @ C.gradient(y_hat), sigma.prime(z)) @ x.T + 2 * lam * W1 + hadamard(W1, W1), "W ∘ W added"),
)

show(__name__, theorem, **corollaries)
