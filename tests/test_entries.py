"""Theorems that are no numbers: one entry where an index is free, every entry where all outcomes of a vector are summed over."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from proofsheet import (
    E,
    NumericCheck,
    ProofsheetError,
    dimension,
    finite,
    identity,
    index,
    matrix,
    normal,
    parameter,
    polynomial,
    random_vector,
    vector,
    wrong,
)

m, n = dimension("m"), dimension("n")
k = index("k", m)
alpha = parameter("alpha", nonnegative=True)
A, w, z = matrix("A", n, m), vector("w", m), random_vector("z", m)
SKEWED = finite([-1, 2], [2 / 3, 1 / 3], 3)  # mean 0, variance 2
NUMBERS = {"A": np.array([[1.0, -2.0, 0.5], [0.3, 0.0, 4.0]]), "w": np.array([0.6, -0.3, 1.1])}


def check_of(left, right, left_side, source=SKEWED, variants=(), **options):
    return NumericCheck(
        SimpleNamespace(left=left, right=right),
        {"z": source},
        left_side,
        dimensions={"m": 3, "n": 2},
        parameters={"alpha": 2.0},
        constants=NUMBERS,
        wrong=wrong(*variants),
        **options,
    )


def entry(place, source=SKEWED, **options):
    """E[w_k² z_k²] = α w_k² at one k."""
    return check_of(
        *(E((w[k] * z[k]) ** 2), alpha * w[k] ** 2),
        lambda z: (NUMBERS["w"] * z)[:, 0] ** 2,
        source,
        [(alpha * w[k], "square lost")],
        indices={"k": place} if place else {},
        **options,
    )


GAUSSIAN = {"source": normal(3, variance=2.0), "variance": polynomial(4), "tolerance": 0.2}
WAYS = {
    "enumeration": {},
    "e-process": {**GAUSSIAN, "method": "e-process"},
    "quadrature": {"source": normal(3, variance=2.0), "tolerance": 1e-6},
    "quasi-Monte Carlo": {"source": normal(3, variance=2.0), "tolerance": 0.05, "method": "quasi-Monte Carlo"},
}


@pytest.mark.parametrize("method", WAYS)
def test_a_free_index_stands_where_the_check_says(method):
    """The left side is that of the first entry; at the second the closed form is another number."""
    found = entry(1, **WAYS[method]).run()
    assert (found.facts()["method"], found.verdict) == (method, "confirmed")
    assert found.facts()["closed_form"] == pytest.approx(2 * 0.36)
    assert found.variants[0].refuted
    assert dataclasses.replace(entry(2, **WAYS[method]), wrong=()).run().verdict == "refuted"


@pytest.mark.parametrize("method", WAYS)
@pytest.mark.parametrize(
    ("place", "message"),
    [(0, r"the index k is free in .*indices=\{'k': 1\}"), (4, r"runs from 1 to 3; indices=\{'k': 4\}")],
)
def test_a_free_index_without_a_place_is_explained(method, place, message):
    with pytest.raises(ProofsheetError, match=message):
        entry(place, **WAYS[method]).run()


def of_vector(**options):
    """E[A(w + z)] = Aw, two entries; of the mistakes the first is in the second entry alone."""
    first = np.array([1.0, 0.0])
    return dataclasses.replace(
        check_of(
            *(E(A @ (w + z)), A @ w),
            lambda z: (z + NUMBERS["w"]) @ NUMBERS["A"].T,
            variants=[(A @ w + alpha * vector("e", n), "second entry"), (2 * A @ w, "twice")],
        ),
        constants={**NUMBERS, "e": 1 - first},
        **options,
    )


def of_matrix(right, left_side=lambda z: z[:, :, None] * z[:, None, :]):
    return check_of(E(z @ z.T), right(identity(m)), left_side)


def test_every_entry_of_a_vector():
    found = of_vector().run()
    assert found.verdict == "confirmed"
    assert all(one.refuted for one in found.variants)
    assert "of 2 entries this is the worst" in str(found)


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("off", [1e-9, -1e-9, 0.3])
def test_one_entry_that_is_off_is_refuted_and_named(place, off):
    check = of_vector()
    found = dataclasses.replace(
        check, wrong=(), left_side=lambda z: check.left_side(z) + off * (np.arange(2) == place)
    ).run()
    assert found.verdict == "refuted"
    assert f"this is the worst, {place + 1}" in str(found)
    assert found.facts()["estimate"] - found.facts()["closed_form"] == pytest.approx(off, rel=1e-5)
    assert "look at left_side" in str(found)


def test_every_entry_of_a_matrix():
    assert of_matrix(lambda unit: alpha * unit).run().verdict == "confirmed"
    assert of_matrix(lambda unit: alpha**2 * unit).run().verdict == "refuted"
    lifted = np.zeros((3, 3))
    lifted[2, 0] = 1e-9
    found = of_matrix(lambda unit: alpha * unit, lambda z: z[:, :, None] * z[:, None, :] + lifted).run()
    assert found.verdict == "refuted"
    assert "of 9 entries this is the worst, 3, 1" in str(found)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"left_side": lambda z: z[:, 0]}, r"left_side gives an array of shape \(8,\), not \(8, 2\)"),
        ({"left_side": lambda z: z[:, :2, None]}, r"of shape \(8, 2, 1\), not \(8, 2\)"),
        ({"closed_form": w}, "the line  w  is 3 × 1, the left side is 2 × 1"),
        ({"wrong": wrong((w, "another size"))}, r"\(another size\) cannot be read: the line  w  is 3 × 1"),
        ({"wrong": wrong((A @ w + 0 * A @ w, "the truth"))}, r"\(the truth\) differs from the closed form by 0 only"),
        ({"sources": {"z": normal(3)}}, "judge scalars; write the theorem for an entry of"),
        ({"sources": {"z": normal(3)}, "variance": polynomial(1), "method": "e-process"}, "judge scalars"),
        ({"sources": {"z": normal(3)}, "method": "quasi-Monte Carlo"}, "judge scalars"),
    ],
)
def test_what_cannot_be_judged_is_explained(change, message):
    with pytest.raises(ProofsheetError, match=message):
        of_vector(**change).run()


def test_a_vector_of_one_entry_keeps_its_axis():
    check = check_of(E(z + w), w, lambda z: z + NUMBERS["w"][:1], finite([-1, 2], [2 / 3, 1 / 3], 1))
    one = dataclasses.replace(check, dimensions={"m": 1, "n": 2}, constants={"w": NUMBERS["w"][:1]})
    assert one.run().verdict == "confirmed"
    with pytest.raises(ProofsheetError, match=r"of shape \(2,\), not \(2, 1\)"):
        dataclasses.replace(one, left_side=lambda z: z[:, 0]).run()
