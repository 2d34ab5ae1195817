"""Wrong lines of the two families, each refused for the right reason.

The reason is the residual of the step (what is left of the line before minus this line), or that the line is a slip, or
that it has no meaning.
"""

from pathlib import Path

import pytest
from vocabulary import ensemble_setting, noise_setting

from proofsheet import E, Sum, distinct, expand, independent, linearity, norm2, proof, regroup
from proofsheet.derivation import DerivationRejected, prove, refusal_of
from proofsheet.kernel.theorem import StepRejected

s, e = noise_setting(), ensemble_setting()
w, x, n, y, alpha, m, r, z = s.w, s.x, s.n, s.y, s.alpha, s.m, s.residual, s.noise
sq, cross, nn = E(r**2), E(z * r), E(z**2)
closed = sq + w.T @ E(n @ n.T) @ w

NOISE = [
    ("N1 α² for α", closed, sq + alpha**2 * norm2(w), [s.covariance], r"α \(α − 1\) Σᵢ wᵢ²$"),
    ("N1 2α", closed, sq + 2 * alpha * norm2(w), [s.covariance], r"^−α Σᵢ wᵢ²$"),
    ("N1 α/2", closed, sq + alpha / 2 * norm2(w), [s.covariance], r"^\(?α/2\)? Σᵢ wᵢ²$"),
    ("N1 sign", closed, sq - alpha * norm2(w), [s.covariance], r"^2 α Σᵢ wᵢ²$"),
    ("N1 αm, no w", closed, sq + alpha * m, [s.covariance], r"^−α m \+ α Σᵢ wᵢ²$"),
    ("N1 w forgotten in one factor", closed, sq + alpha * Sum(s.i, w[s.i]), [s.covariance], r"^−α Σᵢ wᵢ \+ α Σᵢ wᵢ²$"),
    ("N1 N α for α", closed, sq + m * alpha * norm2(w), [s.covariance], r"^−α \(m − 1\) Σᵢ wᵢ²$"),
    ("cross term dropped by linearity", sq + 2 * cross + nn, sq + nn, [linearity], r"2 Σᵢ Σⱼ wᵢ wⱼ E\[nᵢ xⱼ\]"),
    ("cross term dropped in one go", E((r + z) ** 2), sq + nn, [linearity], r"2 Σᵢ Σⱼ wᵢ wⱼ E\[nᵢ xⱼ\]"),
    ("cross term 1 for 2", E((r + z) ** 2), E(r**2 + z * r + z**2), [expand], r"^inside E, −Σᵢ nᵢ wᵢ y \+ Σᵢ Σⱼ nᵢ wᵢ wⱼ xⱼ$"),
    ("sign of the cross term", E((r + z) ** 2), E(r**2 - 2 * z * r + z**2), [expand], r"^inside E, −4 Σᵢ nᵢ wᵢ y \+ 4 Σᵢ Σⱼ nᵢ wᵢ wⱼ xⱼ$"),
    ("N2 E[yn] factored with n ⟂ x alone", E(y * n), E(y) * E(n), [independent(n, x)], r"E\[nᵣ y\]"),
    ("N2 cross term factored with n ⟂ x alone", cross, E(z) * E(r), [independent(n, x)], r"E\[nᵢ y\]"),
    ("N3 the rule applied to n with itself", w.T @ E(n @ n.T) @ w, w.T @ E(n) @ E(n.T) @ w, [s.independent], r"E\[nᵢ nⱼ\]"),
    ("N3 square of the mean", nn, E(z) ** 2, [s.independent, linearity], r"E\[nᵢ nⱼ\]"),
    ("N4 E[Z]² for E[Z²]", E(r**2), E(r) ** 2, [regroup], r"^−\(E\[−y \+ Σᵢ wᵢ xᵢ\]\)² \+ E\[y² − 2 Σᵢ wᵢ xᵢ y \+ Σᵢ Σⱼ wᵢ wⱼ xᵢ xⱼ\]$"),
    ("N4 bracket slip", E((r + z) ** 2), E(r + z) ** 2, [linearity], r"^−\(E\[y\]\)² \+ E\[y²\] .*E\[nᵢ nⱼ\].*E\[xᵢ xⱼ\]$"),
    ("mean cited for the covariance", closed, sq + alpha * norm2(w), [s.mean], r"^−α Σᵢ wᵢ² \+ Σᵢ Σⱼ wᵢ wⱼ E\[nᵢ nⱼ\]$"),
    ("nothing cited for the covariance", closed, sq + alpha * norm2(w), [linearity], r"^−α Σᵢ wᵢ² \+ Σᵢ Σⱼ wᵢ wⱼ E\[nᵢ nⱼ\]$"),
    ("3E[…] under independence", sq + 2 * cross + nn, sq + 3 * E(z) * E(r) + nn, [s.independent], r"^−Σᵢ Σⱼ E\[nᵢ\]|E\[nᵢ\]"),
    ("+ y in a factor", sq + 2 * cross, sq + 2 * E(z) * E(r + y), [s.independent], r"^−2 Σᵢ wᵢ E\[nᵢ\] E\[y\]$"),
    ("7 for 2 citing the mean", E(y) + 2 * E(z), E(y) + 7 * E(z), [s.mean], "slip"),
    ("3 for 2 of a vanishing term", E(r**2 + 2 * z * r), sq + 3 * cross, [s.independent, s.mean], "slip"),
    ("+ y in a term that vanishes", sq + 2 * E(z) * E(r), sq + 2 * E(z) * E(r + y), [s.mean], "slip"),
    ("cross term lost in expanding", E(((x + n).T @ w - y) ** 2), E((x.T @ w - y) ** 2) + nn, [expand], r"2 Σᵢ nᵢ wᵢ y .*2 Σᵢ Σⱼ nᵢ wᵢ wⱼ xⱼ .*− E\[Σᵢ Σⱼ nᵢ nⱼ wᵢ wⱼ\]$"),
]  # fmt: skip

k, i, j, v, c, eps = e.n, e.i, e.j, e.v, e.c, e.e
squares, pairs = Sum(i, E(eps[i] ** 2)), Sum(distinct(i, j), E(eps[i] * eps[j]))
line = (1 / k**2) * (squares + pairs)
both = [e.second, e.mixed]
ENSEMBLE = [
    ("E1 (n − 1)c/n²", line, v / k + (k - 1) * c / k**2, both, r"^c \(n − 1\)²/n²$"),
    ("E1 v/n + c", line, v / k + c, both, r"^−\(?c/n\)?$"),
    ("E1 each pair once", line, v / k + (k - 1) / (2 * k) * c, both, r"^c \(n − 1\)/\(2 n\)$"),
    ("E1 one partner", line, v / k + c / k, both, r"^c \(n − 2\)/n$"),
    ("E1 n(n − 1)c", line, v / k + k * (k - 1) * c, both, r"^−c \(n − 1\)² \(n \+ 1\)/n$"),
    ("E1 v/n²", line, v / k**2 + (k - 1) * c / k, both, r"^v \(n − 1\)/n²$"),
    ("E1 c²", line, v / k + (k - 1) * c**2 / k, both, r"^−c \(c − 1\) \(n − 1\)/n$"),
    ("n + 1", line, v / k + (k + 1) * c / k, both, r"^−2 c/n$"),
    ("diagonal counted with the pairs", line, (k * v + k**2 * c) / k**2, both, r"^−c/n$"),
    ("sum of squares for square of a sum", E(Sum(i, eps[i]) ** 2), E(Sum(i, eps[i] ** 2)), [linearity], "Σᵢ Σⱼ eᵢ eⱼ"),
    ("pairs forgotten", E(Sum(i, eps[i]) ** 2), squares, [linearity], "Σᵢ Σⱼ E"),
    ("all n² pairs counted as unequal", E(Sum(i, eps[i]) ** 2), squares + Sum(i, j, E(eps[i] * eps[j])), [linearity], r"E\[eᵢ²\]"),
    ("c for v on the diagonal", squares, k * c, [e.mixed], r"E\[eᵢ²\]"),
    ("v for c off the diagonal", pairs, k * (k - 1) * v, [e.second], r"E\[eᵢ eⱼ\]"),
    ("only v is cited", line, v / k + (k - 1) * c / k, [e.second], r"E\[eᵢ eⱼ\]"),
    ("c for a free pair", E(eps[i] * eps[j]), c, [e.mixed], r"δᵢⱼ"),
    ("divided by n once", E((Sum(i, eps[i]) / k) ** 2), (1 / k) * E(Sum(i, j, eps[i] * eps[j])), [linearity], r"^−\(\(n − 1\)/n²\) Σᵢ Σⱼ E\[eᵢ eⱼ\]$"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "reasons", "why"), [row[1:] for row in NOISE + ENSEMBLE], ids=[row[0] for row in NOISE + ENSEMBLE]
)
def test_wrong_line_is_refused_for_the_right_reason(old, new, reasons, why):
    import re

    with pytest.raises(DerivationRejected) as caught:
        prove(old, (new, *reasons))
    diagnosis = caught.value.diagnosis(2)
    if why == "slip":
        assert "follows by accident only" in diagnosis.refusal
    else:
        assert diagnosis.residual is not None
        assert re.search(why, diagnosis.residual), diagnosis.residual


def test_there_are_enough():
    assert len(NOISE) + len(ENSEMBLE) >= 25


CATALOGUE = tuple(sorted(path.stem for path in (Path(__file__).parent.parent / "proofs").glob("*.py")))


@pytest.mark.parametrize("name", CATALOGUE)
def test_registered_variants_are_rejected_by_the_kernel(name):
    module = proof(name)
    assert len(module.variants) >= 4
    for variant in module.variants:
        assert isinstance(refusal_of(module.theorem, variant), StepRejected), variant


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_cited_reason_of_the_catalogue_is_needed(name):
    module = proof(name)
    for theorem in (module.theorem, *getattr(module, "corollaries", {}).values()):
        assert theorem.unneeded == ()


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_reason_of_the_catalogue_can_be_dropped_only_at_a_price(name):
    """Each line without its reasons is refused, unless the reason is algebra."""
    from vocabulary import follows

    from proofsheet.kernel.reasons import Rearrangement

    for step in proof(name).theorem.steps:
        if not all(isinstance(reason, Rearrangement) for reason in step.reasons):
            assert not follows(step.old, step.new)


def test_the_theorem_does_not_use_what_the_slides_ask_for_in_excess():
    assumptions = proof("ensemble_error").theorem.assumptions
    assert not any(str(assumption.left) == "E[ε]" for assumption in assumptions), "unbiasedness is not needed"
    assert len(proof("gaussian_noise_mse").theorem.assumptions) == 3, (
        "mean, covariance, joint independence: no Gaussian"
    )
