"""The false-alarm budget is split, entered and never overdrawn."""

import pytest

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.budget import SUITE, Budget


def test_the_shares_of_all_checks_add_up_to_the_budget():
    budget = Budget()
    for number in range(7):
        budget.spend(f"check {number}", budget.share(7))
    assert budget.spent == pytest.approx(SUITE)
    assert budget.left == pytest.approx(0, abs=1e-17)
    assert dict(budget.ledger) == {f"check {number}": SUITE / 7 for number in range(7)}
    with pytest.raises(ScriptError, match="one more takes"):
        budget.spend("one more", SUITE / 7)


def test_a_second_run_is_spent_on_top_and_what_draws_nothing_is_free():
    budget = Budget(1e-6)
    budget.spend("noise", 2e-7)
    budget.spend("noise", 3e-7)
    budget.spend("enumerated", 0.0)
    assert dict(budget.ledger) == {"noise": pytest.approx(5e-7), "enumerated": 0.0}
    with pytest.raises(ScriptError, match=r"of which 5e-07 is left"):
        budget.spend("noise", 6e-7)
    assert budget.spent == pytest.approx(5e-7)


def test_the_ledger_is_read_only():
    with pytest.raises(TypeError):
        Budget().ledger["noise"] = 0.0


@pytest.mark.parametrize("total", [0.0, 1.0, -1e-9, float("nan")])
def test_a_total_that_is_no_probability_is_refused(total):
    with pytest.raises(ScriptError, match="between 0 and 1"):
        Budget(total)


def test_nonsense_is_refused():
    with pytest.raises(ScriptError, match="at least one check"):
        Budget().share(0)
    for level in (-1e-12, float("nan"), 1.0):
        with pytest.raises(ScriptError, match="no probability"):
            Budget().spend("noise", level)
