"""What a refused line says of itself: the residual, the assumption that would help, the nearest true line."""

from random import Random

import pytest
from expressions import mutated, rewritten, s, scalar
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vocabulary import follows

from proofsheet import DerivationRejected, E, NotationError, expand, independent, linearity, norm2, prove

x, n, y, w, r, z, alpha = s.x, s.n, s.y, s.w, s.residual, s.noise, s.alpha


def diagnosis(old, new, *reasons):
    with pytest.raises(DerivationRejected) as caught:
        prove(old, (new, *reasons))
    return caught.value.diagnosis(2)


def test_message_names_line_reason_residual_and_suggestion():
    text = str(diagnosis(E(z**2), 2 * alpha * norm2(w), s.covariance))
    assert text == (
        "line 2 does not follow from the line before under what its reason cites\n"
        "    line 1:  E[(nᵀw)²]\n"
        "    line 2:  2 α ‖w‖²\n"
        "    cited:   E[nnᵀ] = α I\n"
        "    line 1 − line 2, under what is cited:  −α Σᵢ wᵢ²\n"
        "    suggestion: it would follow as  α ‖w‖²"
    )


def test_a_declared_assumption_that_would_help():
    with pytest.raises(DerivationRejected) as caught:
        prove(E(z) + E(y * z), (E(y * z), linearity), (E(y) * E(z), s.independent), (0, s.mean))
    assert caught.value.diagnosis(2).would_help == ("E[n] = 𝟎",)


def test_a_new_assumption_that_would_help():
    found = diagnosis(E(y * n), E(y) * E(n), independent(n, x))
    assert "n ⟂ y" in found.would_help


def test_two_assumptions_together():
    assert diagnosis(E((r + z) ** 2), E(r**2) + E(z**2), linearity).would_help == ("E[n] = 𝟎 and n ⟂ (x, y)",)


def test_an_accident_is_not_suggested():
    found = diagnosis(E(r**2) + 2 * E(z * r), E(r**2) + 3 * E(z) * E(r), s.independent)
    assert found.would_help == (), "citing E[n] = 0 would let it pass, as a slip"
    assert found.nearest == "it would follow as  E[(xᵀw − y)²] + 2 E[nᵀw] E[xᵀw − y]"


def test_the_missing_term():
    found = diagnosis(E(r**2) + 2 * E(z * r), E(r**2), linearity)
    assert found.nearest == "it would follow as  E[(xᵀw − y)²] + 2 E[nᵀw (xᵀw − y)]"


def test_inside_an_expectation():
    found = diagnosis(E((r + z) ** 2), E(r**2 + z * r + z**2), expand)
    assert found.nearest == "it would follow as  E[(xᵀw − y)² + 2 nᵀw (xᵀw − y) + (nᵀw)²]"


def test_a_sign():
    assert diagnosis(E(z**2), -alpha * norm2(w), s.covariance).nearest == "it would follow as  α ‖w‖²"


def test_a_term_too_many():
    assert diagnosis(s.t, s.t + y, expand).nearest == "it would follow as  t"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6))
def test_every_refusal_has_a_diagnosis(seed):
    random = Random(seed)
    line = E(scalar(random, 2))
    other = mutated(random, rewritten(random, line, True))
    if other.shape != line.shape or follows(line, other, linearity):
        return
    try:
        found = diagnosis(line, other, linearity)
    except NotationError:
        return
    assert found.residual not in (None, "0")


def test_where_linearity_would_do_nothing_else_is_suggested():
    from proofsheet import E, algebra, independent, prove, random_scalar

    h, e = random_scalar("h"), random_scalar("e")
    with pytest.raises(DerivationRejected) as caught:
        prove(
            E(h * e) + E(2 * h),
            (E(h) * E(e) + E(2 * h), independent(h, e)),
            (E(h) * E(e) + 2 * E(h), algebra),
        )
    assert caught.value.diagnosis(3).would_help == ("linearity of E",)
