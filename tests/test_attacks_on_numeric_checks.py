"""Attacks on the numeric checks: a verdict that is false, or one where there must be an error."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from proofsheet import (
    E,
    NumericCheck,
    ProofsheetError,
    linearity,
    parameter,
    prove,
    random_scalar,
    uniform,
)
from proofsheet.numeric.checks import Options
from proofsheet.scripts import load

ROOT = Path(__file__).resolve().parent.parent
NOISE = load(ROOT / "numeric_checks" / "gaussian_noise_mse.py").check.checks
METHODS = {"plain": {}, "all_outcomes": {}, "m_8": {"variance": None, "tolerance": 0.1}}


class TestWhatAScriptMayDoToItsDraws:
    """All of these were judged before, and the true closed form refuted."""

    @pytest.mark.parametrize("case", METHODS)
    def test_a_left_side_that_changes_its_draws_is_an_error(self, case):
        check = replace(NOISE[case], **METHODS[case])
        w = check.constants["w"]

        def left_side(x, n, y):
            x += n
            return (x @ w - y) ** 2

        with pytest.raises(ProofsheetError, match="left_side changes in place"):
            replace(check, left_side=left_side).run(Options())

    @pytest.mark.parametrize("case", METHODS)
    def test_a_left_side_that_changes_a_constant_is_an_error(self, case):
        def left_side(x, n, y, w):
            w *= 1.1
            return ((x + n) @ w - y) ** 2

        check = replace(NOISE[case], **METHODS[case], left_side=left_side)
        with pytest.raises(ProofsheetError, match="left_side changes in place"):
            check.run(Options())

    @pytest.mark.parametrize("case", METHODS)
    @pytest.mark.parametrize(
        ("spoilt", "message"),
        [
            (lambda values: values + 1j, "gives complex numbers"),
            (lambda values: list(values + 1j), "gives complex numbers"),
            (lambda values: np.ma.masked_greater(values, 3.0), "gives a masked array"),
        ],
    )
    def test_what_would_lose_something_is_an_error(self, case, spoilt, message):
        check = replace(NOISE[case], **METHODS[case])
        w = check.constants["w"]
        with pytest.raises(ProofsheetError, match=message):
            replace(check, left_side=lambda x, n, y: spoilt(((x + n) @ w - y) ** 2)).run(Options())


class TestQuadrature:
    @pytest.mark.parametrize("chunk", range(4))
    def test_a_jump_refutes_no_true_closed_form(self, chunk):
        """Of three resolutions two agreed with the finest by chance at 6 % of the jumps."""
        y, c = random_scalar("y"), parameter("c")
        theorem = prove(E(y + c), (E(y) + c, linearity))
        for jump in np.linspace(-0.8, 0.8, 200)[chunk::4]:
            check = NumericCheck(
                theorem,
                {"y": uniform(variance=1 / 3)},
                lambda y, jump=jump: (y > jump) * 1.0,
                parameters={"c": float((1 - jump) / 2)},
                tolerance=1e-3,
            )
            assert check.run(Options()).verdict != "refuted", jump
