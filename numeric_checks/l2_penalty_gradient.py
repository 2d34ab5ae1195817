"""Check of proofs/l2_penalty_gradient.py in fractions: ∇_W λ‖W‖²_F = 2λW, entry by entry, and (λ/n)W with λ/2n.

Five 3 × 4 matrices with entries of both signs and sizes from 0.0001 to 10000.
"""

from proofsheet import GradientCheck, cases, proof

identity = proof("l2_penalty_gradient")


def draw(generator):
    return {"W": generator.choice([-1, 1], (3, 4)) * 10 ** generator.uniform(-4, 4, (3, 4))}


def penalty(W, lam):
    return lam * (W**2).sum()


def per_example(W, lam, n):
    return lam / (2 * n) * (W**2).sum()


def check_of(theorem, function, wrong=()):
    return GradientCheck(
        theorem, function, draw=draw, wrong=wrong, dimensions={"q": 3, "m": 4, "n": 7}, parameters={"lam": 0.3}
    )


check = cases(
    gradient=check_of(identity.theorem, penalty, identity.variants),
    entry_by_entry=check_of(identity.entry, penalty),
    per_example=check_of(identity.per_example, per_example),
)
check.main(__name__)
