"""The catalogue's right sides, read from their own trees, against what scikit-learn and PyTorch compute.

Conventions, each with a neighbour that fails:

    Ridge(alpha)            minimises ‖y − Xw‖² + alpha ‖w‖²: alpha is λ for the sum of squares. For the mean of N squares,
                            (1/N) ‖y − Xw‖² + λ‖w‖², alpha = Nλ, that is λ = alpha/N. No intercept, which is not penalised.
    SGD(weight_decay)       adds weight_decay · W to the gradient: 2λ for the penalty λ‖W‖², λ/n for (λ/2n) ‖W‖²
    Dropout(p)              p is the probability to drop, δ; what is kept is multiplied by 1/(1 − δ), a mask with mean 1. Our p
                            is the probability to keep
    autograd                the derivative of |w| at 0 is 0, as sgn(0) = 0: one of the subgradients
"""

from pathlib import Path

import numpy as np
import pytest

from proofsheet.monte_carlo.e_process import CONFIRMED, REFUTED, MeanTest
from proofsheet.numeric.draws import Instance
from proofsheet.numeric.line_values import value_under
from proofsheet.scripts import load

try:
    import torch

    torch.set_num_threads(1)
except ImportError:
    torch = None
try:
    from sklearn.linear_model import Ridge
except ImportError:
    Ridge = None

HOW = "is not installed: pip install 'proofsheet[libraries]'"
needs_torch = pytest.mark.skipif(torch is None, reason=f"PyTorch {HOW}")
needs_sklearn = pytest.mark.skipif(Ridge is None, reason=f"scikit-learn {HOW}")

PROOFS = Path(__file__).resolve().parent.parent / "proofs"


def proof_of(name):
    return load(PROOFS / f"{name}.py")


def value(line, instance):
    """The value of a line, a matrix or a number, at an instance; its rounding is bounded and small."""
    found = value_under(line, instance, None)
    assert found.error.max() < 1e-8
    return found.value if found.shape != (1, 1) else found.value.item()


def agree(one, other):
    return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=1e-9, atol=1e-12)


def far(one, other):
    """Farther apart than a factor that is forgotten could hide."""
    return np.abs(np.asarray(one) - other).max() > 1e-2 * np.abs(other).max()


# ---- ridge regression ----------------------------------------------------------------------------------------------


@needs_sklearn
@pytest.mark.parametrize(("n", "m"), [(7, 3), (3, 5)])
class TestRidge:
    LAM = 0.8

    def data(self, n, m):
        generator = np.random.default_rng(n)
        return generator.normal(size=(n, m)), generator.normal(size=n)

    def estimate(self, X, y, lam):
        """The right side of the theorem, Xᵀ(XXᵀ + λI)⁻¹, applied to the targets."""
        at = Instance({"n": len(X), "m": X.shape[1]}, {"lam": lam}, {"X": X})
        return value(proof_of("ridge_push_through").theorem.right, at) @ y

    def library(self, X, y, alpha, **options):
        return Ridge(alpha=alpha, solver="cholesky", **{"fit_intercept": False, **options}).fit(X, y).coef_

    def test_alpha_is_lambda_for_the_sum_of_squares(self, n, m):
        X, y = self.data(n, m)
        ours = self.estimate(X, y, self.LAM)
        assert agree(self.library(X, y, self.LAM), ours)
        for wrong in (self.LAM / 2, 2 * self.LAM, n * self.LAM):
            assert far(self.library(X, y, wrong), ours)
        assert far(self.library(X, y, self.LAM, fit_intercept=True), ours)

    def test_for_the_mean_of_squares_lambda_is_alpha_over_n(self, n, m):
        """The gradient of (1/N) ‖y − Xw‖² + λ‖w‖² vanishes at the library's estimate for alpha = Nλ."""
        X, y = self.data(n, m)
        w = self.library(X, y, n * self.LAM)
        assert np.abs(2 / n * X.T @ (X @ w - y) + 2 * self.LAM * w).max() < 1e-12
        assert agree(w, self.estimate(X, y, n * self.LAM))
        unconverted = self.library(X, y, self.LAM)
        assert np.abs(2 / n * X.T @ (X @ unconverted - y) + 2 * self.LAM * unconverted).max() > 1e-2

    def test_registered_wrong_variants_are_not_what_the_library_computes(self, n, m):
        X, y = self.data(n, m)
        theirs = self.library(X, y, self.LAM)
        at = Instance({"n": n, "m": m}, {"lam": self.LAM}, {"X": X})
        seen = [one for one in proof_of("ridge_push_through").variants if one.mistake != "λ lost" or n < m]
        assert len(seen) >= 9
        for variant in seen:
            assert far(value(variant.line, at) @ y, theirs), variant.mistake


# ---- weight decay --------------------------------------------------------------------------------------------------


def loss_of(W, X, Y):
    """A loss with curvature of its own."""
    return torch.log(torch.cosh(X @ W.T - Y)).sum()


@needs_torch
class TestWeightDecay:
    ETA, LAM, N = 0.07, 0.4, 6

    def setup_method(self):
        generator = np.random.default_rng(42)
        shapes = {"W": (2, 3), "X": (self.N, 3), "Y": (self.N, 2)}
        self.W, self.X, self.Y = (torch.tensor(generator.normal(size=shape)) for shape in shapes.values())

    def step(self, weight_decay=0.0, penalty=0.0, **options):
        """The weights after one step of PyTorch."""
        W = self.W.clone().requires_grad_()
        optimizer = torch.optim.SGD([W], lr=self.ETA, weight_decay=weight_decay, **options)
        (loss_of(W, self.X, self.Y) + penalty * (W**2).sum()).backward()
        optimizer.step()
        return W.detach().numpy()

    def ours(self, line):
        def gradient(W):
            at = torch.tensor(W).requires_grad_()
            return torch.autograd.grad(loss_of(at, self.X, self.Y), at)[0].numpy()

        functions = {"L": (lambda W: loss_of(torch.tensor(W), self.X, self.Y).item(), gradient)}
        sizes, numbers = {"q": 2, "m": 3, "n": self.N}, {"eta": self.ETA, "lam": self.LAM}
        return value_under(line, Instance(sizes, numbers, {"W": self.W.numpy()}, functions), None).value

    def test_weight_decay_is_twice_lambda(self):
        ours = self.ours(proof_of("weight_decay_step").theorem.right)
        assert agree(self.step(weight_decay=2 * self.LAM), ours)
        assert agree(self.step(penalty=self.LAM), ours), "the penalty in the loss"
        for wrong in (self.LAM, 4 * self.LAM, self.LAM / self.N):
            assert far(self.step(weight_decay=wrong), ours)

    def test_per_example_it_is_lambda_over_n(self):
        ours = self.ours(proof_of("weight_decay_step").per_example.right)
        assert agree(self.step(weight_decay=self.LAM / self.N), ours)
        assert agree(self.step(penalty=self.LAM / (2 * self.N)), ours)
        for wrong in (2 * self.LAM, self.LAM, 0.0):
            assert np.abs(self.step(weight_decay=wrong) - ours).max() > 1e-3

    def test_registered_wrong_variants_are_not_what_the_library_computes(self):
        theirs = self.step(weight_decay=2 * self.LAM)
        for variant in proof_of("weight_decay_step").variants:
            assert np.abs(self.ours(variant.line) - theirs).max() > 1e-3, variant.mistake


# ---- dropout -------------------------------------------------------------------------------------------------------


@needs_torch
class TestDropout:
    DELTA, N, M = 0.3, 2, 4

    def setup_method(self):
        generator = np.random.default_rng(8)
        self.X, self.y, self.w = (generator.normal(size=shape) for shape in ((self.N, self.M), self.N, self.M))

    def ours(self, line, keep):
        constants = {"X": self.X, "y": self.y, "w": self.w}
        return value(line, Instance({"N": self.N, "m": self.M}, {"p": keep}, constants))

    @property
    def theorem(self):
        return proof_of("dropout_linear_regression").unit_mean_mask

    def losses(self, masks):
        return ((self.y - (masks * self.X) @ self.w) ** 2).sum(axis=1)

    def enumerated(self, drop):
        """(loss, probability) for each of the 2^(N M) masks of Dropout(drop)."""
        size = self.N * self.M
        kept = (np.arange(2**size)[:, None] >> np.arange(size)) & 1
        weights = np.where(kept, 1 - drop, drop).prod(axis=1)
        return self.losses(kept.reshape(-1, self.N, self.M) / (1 - drop)), weights

    def sampled(self, drop, count):
        masks = torch.nn.Dropout(p=drop)(torch.ones(count, self.N, self.M, dtype=torch.float64)).numpy()
        return self.losses(masks)

    def test_masks_are_zero_or_the_inverse_of_the_keep_probability(self):
        ones = torch.ones(50_000, dtype=torch.float64)
        masks = torch.nn.Dropout(p=self.DELTA)(ones).numpy()
        assert set(masks) == {0.0, 1 / (1 - self.DELTA)}
        assert abs((masks == 0).mean() - self.DELTA) < 5 * np.sqrt(0.21 / 50_000)
        assert (torch.nn.Dropout(p=self.DELTA).eval()(ones) == 1).all(), (
            "nothing is dropped, or scaled, outside training"
        )

    def test_all_masks_give_the_closed_form(self):
        losses, weights = self.enumerated(self.DELTA)
        assert weights.sum() == pytest.approx(1)
        assert weights @ losses == pytest.approx(self.ours(self.theorem.right, 1 - self.DELTA), rel=1e-12)
        assert far(self.ours(self.theorem.right, self.DELTA), weights @ losses), "Dropout's p is no keep probability"
        unscaled = self.ours(proof_of("dropout_linear_regression").theorem.right, 1 - self.DELTA)
        assert far(unscaled, weights @ losses), "the mask is scaled"

    def verdict(self, claim, drop):
        """On what PyTorch samples; the loss of a mask is bounded by the least and the largest over all masks."""
        losses, _ = self.enumerated(drop)
        variance = (losses.max() - losses.min()) ** 2 / 4  # Popoviciu (1935)
        test = MeanTest(claim, 0.05 * claim, variance / 2000, 1e-9)
        torch.manual_seed(20_250_101)
        for _ in range(400):
            if test.add(self.sampled(drop, 20_000).reshape(10, 2000).mean(axis=1)) in (CONFIRMED, REFUTED):
                break
        return test.verdict

    def test_the_library_samples_it(self):
        claim = self.ours(self.theorem.right, 1 - self.DELTA)
        assert self.verdict(claim, self.DELTA) == CONFIRMED
        assert self.verdict(self.ours(self.theorem.right, self.DELTA), self.DELTA) == REFUTED
        assert self.verdict(claim, 1 - self.DELTA) == REFUTED


# ---- gradients -----------------------------------------------------------------------------------------------------


@needs_torch
class TestBackpropagation:
    D, H, Q, LAM = 4, 3, 2, 0.35

    def setup_method(self):
        generator = np.random.default_rng(5)
        shapes = {"W1": (self.H, self.D), "b1": self.H, "W2": (self.Q, self.H), "b2": self.Q, "x": self.D, "a": self.H}
        self.constants = {name: generator.normal(scale=0.5, size=shape) for name, shape in shapes.items()}
        self.target = np.array([0.3, -1.1])

    def gradients(self, through=True, penalty=None):
        """By autograd, of C(ŷ) + λ(‖W₁‖² + ‖W₂‖²), with a = tanh(W₁x + b₁) or a on its own."""
        at = {name: torch.tensor(one).requires_grad_() for name, one in self.constants.items()}
        a = torch.tanh(at["W1"] @ at["x"] + at["b1"]) if through else at["a"]
        y_hat = at["W2"] @ a + at["b2"]
        cost = ((y_hat - torch.tensor(self.target)) ** 4).sum() / 4
        strength = self.LAM if penalty is None else penalty
        (cost + strength * ((at["W1"] ** 2).sum() + (at["W2"] ** 2).sum())).backward()
        return {name: one.grad.numpy() for name, one in at.items() if one.grad is not None}

    def ours(self, line):
        functions = {
            "C": (lambda y: ((y - self.target) ** 4).sum() / 4, lambda y: (y - self.target) ** 3),
            "sigma": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
        }
        sizes = {"d": self.D, "h": self.H, "q": self.Q}
        found = value_under(line, Instance(sizes, {"lam": self.LAM}, self.constants, functions), None).value
        return found[:, 0] if found.shape[1] == 1 else found

    def test_autograd_gives_each_gradient(self):
        identity = proof_of("penalty_in_backpropagation")
        theirs = self.gradients()
        assert agree(theirs["W1"], self.ours(identity.theorem.right))
        assert agree(theirs["W2"], self.ours(identity.outer_weights.right))
        assert agree(theirs["b1"], self.ours(identity.bias.right))
        assert agree(self.gradients(through=False)["a"], self.ours(identity.activation.right))

    def test_half_the_strength_is_seen_in_weights_and_nowhere_else(self):
        identity = proof_of("penalty_in_backpropagation")
        halved = self.gradients(penalty=self.LAM / 2)
        assert far(halved["W1"], self.ours(identity.theorem.right))
        assert far(halved["W2"], self.ours(identity.outer_weights.right))
        assert agree(halved["b1"], self.ours(identity.bias.right))

    def test_registered_wrong_variants_are_not_what_the_library_computes(self):
        theirs = self.gradients()["W1"]
        for variant in proof_of("penalty_in_backpropagation").variants:
            assert far(self.ours(variant.line), theirs), variant.mistake


@needs_torch
class TestPenalties:
    LAM = 0.6

    def test_the_gradient_of_the_squared_norm(self):
        W = torch.tensor(np.random.default_rng(6).normal(size=(3, 4))).requires_grad_()
        (self.LAM * (W**2).sum()).backward()
        at = Instance({"q": 3, "m": 4, "n": 5}, {"lam": self.LAM}, {"W": W.detach().numpy()})
        identity = proof_of("l2_penalty_gradient")
        assert agree(W.grad.numpy(), value(identity.theorem.right, at))
        assert agree(W.grad.numpy() / 10, value(identity.per_example.right, at)), "λ/(2n) with n = 5"
        for variant in identity.variants:
            assert far(value(variant.line, at), W.grad.numpy()), variant.mistake

    def test_the_gradient_of_the_1_norm_where_no_weight_is_0_and_at_0(self):
        """sgn(0) = 0 in our notation, and PyTorch takes 0 there: one of the subgradients between −λ and λ."""
        identity = proof_of("l1_penalty_gradient")
        numbers = np.array([0.01, -100.0, 0.7, 0.0])
        w = torch.tensor(numbers).requires_grad_()
        (self.LAM * w.abs().sum()).backward()
        places = [Instance({"m": 4}, {"lam": self.LAM}, {"w": numbers}, indices={"k": place}) for place in (1, 2, 3, 4)]
        assert agree(w.grad.numpy(), [value(identity.theorem.right, at) for at in places])
        assert w.grad[3] == 0
        for variant in identity.variants:
            assert far([value(variant.line, at) for at in places], w.grad.numpy()), variant.mistake


def test_the_comparisons_can_fail():
    """On no library at all: the sizes of agreement and of distance do not overlap."""
    one = np.array([1.0, -2.0])
    assert agree(one, one * (1 + 1e-12)) and not agree(one, one * (1 + 1e-6)) and not agree(one, one[:, None])
    assert far(one, one * 1.1) and not far(one, one * (1 + 1e-6))
