"""Checks at kinks: each member of a subdifferential passes, nothing else does, and what cannot be judged is explained."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from proofsheet import (
    ProofsheetError,
    SubgradientCheck,
    Sum,
    absolute,
    cases,
    derivative,
    dimension,
    exp,
    gradient,
    index,
    norm1,
    norm2,
    parameter,
    proof,
    sgn,
    sqrt,
    vector,
    wrong,
)
from proofsheet.numeric.checks import Options

m = dimension("m")
j, k = index("j", m), index("k", m)
lam = parameter("lam", positive=True)
w = vector("w", m)
at_0 = 1 - sgn(w[k]) ** 2  # 1 where w_k is 0


def claim(left, right, assumptions=()):
    return SimpleNamespace(left=left, right=right, assumptions=assumptions)


def lasso(**change):
    check = SubgradientCheck(
        claim(derivative(lam * norm1(w), w[k]), lam * sgn(w[k])),
        lambda w, lam: lam * np.abs(w).sum(),
        draw=lambda generator: {"w": generator.normal(size=3) * [1, 0, 1]},
        dimensions={"m": 3},
        parameters={"lam": 0.3},
    )
    return dataclasses.replace(check, **change)


def judged(line, **change):
    return lasso(closed_form=line, **change).run().verdict


@pytest.mark.parametrize(
    ("factor", "verdict"),
    [
        (0, "confirmed"),
        (lam / 2, "confirmed"),
        (lam, "confirmed"),
        (-lam, "confirmed"),
        (3 * lam / 2, "refuted"),
        (-3 * lam / 2, "refuted"),
        (lam * (1 + lam / 10**15), "refuted"),
    ],
)
def test_any_number_between_the_ends_and_no_other(factor, verdict):
    assert judged(lam * sgn(w[k]) + factor * at_0) == verdict


@pytest.mark.parametrize("line", [lam, -lam * sgn(w[k]), lam * sgn(w[k]) / 2, lam * w[k], 0 * lam, lam * norm1(w)])
def test_where_there_is_a_derivative_it_is_the_gradient_or_wrong(line):
    assert judged(line) == "refuted"


def test_what_is_told():
    verdict = lasso().run()
    assert str(verdict) == (
        "confirmed by exact directional derivatives (computed)\n"
        "    the right side g is a subgradient: f′(w; d) − ⟨g, d⟩ is at least 0 in fractions, in 135 directions at 5 points of "
        "seed 20250101\n"
        "    5 of 15 entries are at a kink: each number in an interval belongs to a subgradient there, at the first from -0.3 "
        "to 0.3; why that one, no check tells\n"
        "    no wrong variant registered"
    )
    facts = verdict.facts()
    assert facts["judged"] == "least slope − gᵀd", "of all directions d, and 0 or more for a subgradient g"
    assert (facts["estimate"], facts["alpha"], facts["tolerance"], facts["samples"]) == (0, 0.0, 0.0, 135)
    assert (facts["method"], facts["grade"], facts["seed"]) == ("exact directional derivatives", "computed", 20_250_101)
    assert lasso().run(Options(seed=2)).facts()["seed"] == 2
    assert "g is no subgradient: f′(w; d) − ⟨g, d⟩ is at least -1.2 " in str(lasso(closed_form=-lam * sgn(w[k])).run())


def test_an_elastic_net_and_a_tilted_kink():
    """λ‖w‖₁ + ‖w‖² is straight along no ray; Σ |wⱼ| + 2wⱼ has the subgradients 1 to 3 at 0."""
    net = {
        "theorem": claim(derivative(lam * norm1(w) + norm2(w), w[k]), lam * sgn(w[k]) + 2 * w[k]),
        "function": lambda w, lam: lam * np.abs(w).sum() + (w**2).sum(),
    }
    assert lasso(**net).run().verdict == "confirmed"
    assert judged(lam * sgn(w[k]) + w[k], **net) == "refuted"
    tilted = {
        "theorem": claim(derivative(Sum(j, absolute(w[j]) + 2 * w[j]), w[k]), sgn(w[k]) + 2),
        "function": lambda w: (np.abs(w) + 2 * w).sum(),
    }
    assert lasso(**tilted).run().verdict == "confirmed"
    assert lasso(**tilted).run().members[0] == (1, 3)
    assert judged(sgn(w[k]) + 2 - 2 * at_0, **tilted) == "refuted"


def test_a_vector_at_once():
    check = lasso(theorem=claim(gradient(norm1(w), w), w), function=lambda w: np.abs(w).sum())
    assert check.run().verdict == "refuted"
    zeros = dataclasses.replace(check, draw=lambda generator: {"w": np.zeros(3)})
    assert zeros.run().verdict == "confirmed"  # 0 is a subgradient of the norm at 0


def test_variants():
    variants = wrong((lam, "sign"), (2 * lam * sgn(w[k]), "twice", 1))
    verdict = lasso(wrong=variants).run()
    assert [one.refuted for one in verdict.variants] == [True, True]
    member = wrong((lam * sgn(w[k]) + lam / 2 * at_0, "another member"))
    with pytest.raises(ProofsheetError, match=r"the wrong variant \(another member\) is a subgradient too"):
        lasso(wrong=member).run()
    known = lasso(wrong=member, unseen={"another member": "it is one"}).run()
    assert "not seen: another member: it is one" in str(known)
    assert lasso(wrong=member, function=lambda w: 7 * np.abs(w).sum()).run().verdict == "refuted"


def test_the_theorem_of_the_catalogue_at_0():
    """From the theorem's own line: sgn(0) = 0, and no registered variant passes."""
    identity = proof("l1_penalty_gradient")
    check = lasso(theorem=identity.theorem, wrong=identity.variants)
    assert check.run().verdict == "confirmed"
    assert cases(one=check).run().verdict == "confirmed"
    assert all(one.refuted for one in check.run().variants)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"function": lambda w: -np.abs(w).sum()}, "the function is not convex"),
        (
            {"function": lambda w: 0.3 * np.abs(w).sum()},
            "judged in fractions, but the function makes floats of fractions",
        ),
        ({"function": lambda w: np.exp(w).sum()}, "judged in fractions, but the function does not take fractions"),
        ({"function": lambda w: (1 / (1 + w**2)).sum()}, "neither straight nor a polynomial"),
        ({"function": lambda w: 2 * w}, r"function gives an array of shape \(3,\), not \(\)"),
        ({"function": lambda w: w @ w, "points": 2}, "no point has a kink"),
        ({"theorem": claim(derivative(norm1(w), w[k]), sqrt(w[k] ** 2))}, "judged in fractions, but √"),
        ({"theorem": claim(derivative(norm1(w), w[k]), exp(w[k]))}, "judged in fractions, but exp"),
        (
            {"draw": lambda generator: {"w": np.zeros(9)}, "dimensions": {"m": 9}},
            "9 entries, too many for 3ⁿ directions",
        ),
        ({"draw": lambda generator: {"w": [0.0, np.inf, 1]}}, "w: some of the numbers are not finite"),
        ({"points": 0}, "at least one point"),
        ({"parameters": {"lam": -0.3}}, "the parameter lam is positive, not -0.3"),
        ({"dimensions": {"m": 0}}, "the dimension m is a positive integer, not 0"),
        ({"function": max}, "the built-in max does not tell the names that it takes"),
        ({"unseen": {"x": "y"}}, "names 'x', which is none of the wrong variants"),
    ],
)
def test_what_cannot_be_judged_is_explained(change, message):
    with pytest.raises(ProofsheetError, match=message):
        lasso(**change).run()
