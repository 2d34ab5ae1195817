"""Several checks under one name: the weakest decides, seeds are passed on, and what cannot be put together is explained."""

import numpy as np
import pytest
from test_gradient_check import in_fractions, k, lam, lasso, w

from proofsheet import ProofsheetError, cases, sgn
from proofsheet.numeric.checks import Options


def test_the_weakest_case_decides():
    bad = lasso(function=lambda w: 0.6 * np.abs(w).sum(), closed_form=lam * sgn(w[k]))
    verdict = cases(first=lasso(), second=bad).run()
    assert verdict.verdict == verdict.facts()["cases"]["second"]["verdict"] == "refuted"
    assert verdict.facts()["case"] == "second"
    assert verdict.facts()["cases"]["first"]["verdict"] == "confirmed"
    assert str(verdict).startswith("first: confirmed")
    assert cases(first=lasso(), third=in_fractions()).run().verdict == "confirmed"


def test_seeds_are_passed_on():
    both = cases(one=lasso(), two=in_fractions())
    assert both.seed == lasso().seed
    assert both.run(Options(seed=4)).facts() == both.run(Options(seed=4)).facts() != both.run().facts()


def test_bad_cases_are_explained():
    with pytest.raises(ProofsheetError, match="at least one check by name"):
        cases()
    with pytest.raises(ProofsheetError, match=r"cases\(one=...\): 3 is no numeric check"):
        cases(one=3)
    with pytest.raises(ProofsheetError, match="case one: a gradient check takes at least one point"):
        cases(one=lasso(points=0)).run()


def test_cases_are_not_nested():
    """A case is found by one name, by a worker and by --case; a second level would share draws with the first."""
    inner = cases(one=lasso(), two=in_fractions())
    with pytest.raises(ProofsheetError, match=r"not nested; write cases\(outer_one=..., outer_two=...\)"):
        cases(outer=inner)
    with pytest.raises(ProofsheetError, match="not nested"):
        cases(first=lasso(), outer=inner)
