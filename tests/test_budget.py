"""The false-alarm budget is split in equal parts that add up to it. What was spent is told by the reports: test_numeric_layer."""

import pytest

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.budget import SUITE, share


@pytest.mark.parametrize("checks", [1, 7, 14])
def test_the_shares_of_all_checks_add_up_to_the_budget(checks):
    assert checks * share(SUITE, checks) == pytest.approx(SUITE)
    assert checks * share(1e-6, checks) == pytest.approx(1e-6)


@pytest.mark.parametrize("total", [0.0, 1.0, -1e-9, float("nan")])
def test_a_total_that_is_no_probability_is_refused(total):
    with pytest.raises(ScriptError, match="between 0 and 1"):
        share(total, 3)


@pytest.mark.parametrize("checks", [0, -1])
def test_no_checks_have_no_share(checks):
    with pytest.raises(ScriptError, match="at least one check"):
        share(SUITE, checks)
