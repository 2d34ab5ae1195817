"""Exact models: values worked out by hand, laws with prescribed moments, and every line of the catalogue."""

from fractions import Fraction as F
from random import Random

import pytest
from vocabulary import ensemble_setting, noise_setting

from proofsheet import Cov, E, Sum, Var, define, delta, distinct, hadamard, identity, norm2, ones, proof, trace
from proofsheet.evidence import statement_of
from proofsheet.exact_models.evaluate import Model, evaluate
from proofsheet.exact_models.laws import NegativePivot, factored, law_with, right_inverse
from proofsheet.exact_models.witnesses import witness_report

s = noise_setting()
half = F(1, 2)
MODEL = Model(
    {"m": 2, "q": 3},
    {"alpha": F(1, 4), "beta": F(-2)},
    {"w": [[half], [F(-1, 3)]], "u": [[F(1)], [F(2)]], "W": [[F(1), F(2)], [F(3), F(4)], [F(5), F(6)]], "t": [[F(3)]]},
    [
        (half, {"x": [[F(1)], [F(2)]], "y": [[F(1)]]}),
        (half, {"x": [[F(3)], [F(-1)]], "y": [[F(2)]]}),
    ],
)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (s.w.T @ s.u, F(-1, 6)),
        (norm2(s.w), F(13, 36)),
        (norm2(s.W), F(91)),
        (trace(s.W.T @ s.W), F(91)),
        (Sum(s.i, s.j, s.w[s.i] * s.u[s.j]), half),
        (Sum(distinct(s.i, s.j), s.w[s.i] * s.u[s.j]), F(2, 3)),
        (Sum(s.i, s.j, delta(s.i, s.j) * s.u[s.j]), F(3)),
        (hadamard(s.u, s.u).T @ ones(s.m), F(5)),
        (s.u.T @ identity(s.m) @ s.u, F(5)),
        (s.alpha.symbol / (s.m.symbol + 1) * s.t, F(1, 4)),
        (E((s.x.T @ s.w - s.y) ** 2), F(25, 36)),
        (E(s.y) ** 2, F(9, 4)),
        (Var(s.y), F(1, 4)),
        (define("g", s.x[s.i] - s.y, entry=s.i)[s.j] * 0, F(0)),
    ],
)
def test_values_by_hand(line, value):
    outcome = MODEL.space[0][1]
    assert evaluate(line, MODEL, {s.j: 0}, outcome) == [[value]]


def test_covariance_matrix():
    assert evaluate(Cov(s.x), MODEL) == [[F(1), F(-3, 2)], [F(-3, 2), F(9, 4)]]


def test_the_worked_example_of_the_ledger():
    """Two inputs, noise ±1/2: f = 25/36, noisy 113/144, difference 13/144 (LEDGER N1)."""
    shifts = [[[a], [b]] for a in (half, -half) for b in (half, -half)]
    space = [(p / 4, {**outcome, "n": shift}) for p, outcome in MODEL.space for shift in shifts]
    theorem = proof("gaussian_noise_mse").theorem
    model = Model(MODEL.dimensions, MODEL.parameters, MODEL.constants, space)
    assert [evaluate(line, model)[0][0] for line in theorem.lines] == [F(113, 144)] * 9
    wrong = proof("gaussian_noise_mse").variants[0].line
    assert evaluate(wrong, model)[0][0] != F(113, 144)


def test_label_that_knows_the_noise():
    """n ⟂ x alone is not enough: with y = n and α = w = 1 the left side is 1 and the right side 3 (LEDGER N2)."""
    one = [[F(1)]]
    space = [(F(1, 4), {"x": [[a]], "n": [[b]], "y": [[b]]}) for a in (F(1), F(-1)) for b in (F(1), F(-1))]
    model = Model({"m": 1}, {"alpha": F(1)}, {"w": one}, space)
    theorem = proof("gaussian_noise_mse").theorem
    values = [evaluate(line, model)[0][0] for line in theorem.lines]
    assert (values[0], values[-1]) == (1, 3)
    assert [position for position in range(8) if values[position] != values[position + 1]] == [5], "line 7 breaks"


@pytest.mark.parametrize(
    "name", ["gaussian_noise_mse", "multi_output_noise_mse", "correlated_noise_mse", "ensemble_error"]
)
def test_every_displayed_line_has_one_value_in_every_witness(name):
    module = proof(name)
    report = witness_report(statement_of(module.theorem, getattr(module, "limits", ())), seed=3)
    for attempt in report.attempts:
        values = {evaluate(line, attempt.model)[0][0] for line in module.theorem.lines}
        assert len(values) == 1, (attempt.dimensions, attempt.parameters)
        wrong = [evaluate(one.line, attempt.model)[0][0] for one in module.variants if one.at is None]
        assert any(value not in values for value in wrong) or is_degenerate(attempt)


def is_degenerate(attempt) -> bool:
    """One predictor has no pair; where the weights are zero, so is every penalty."""
    weights = [entry for matrix in attempt.model.constants.values() for row in matrix for entry in row]
    return attempt.dimensions.get("n") == 1 or (bool(weights) and not any(weights))


class TestLaws:
    def test_prescribed_moments(self):
        mean, covariance = [F(1), F(-2), F(0)], [[F(2), F(1), F(0)], [F(1), F(3), F(1)], [F(0), F(1), F(1)]]
        law = law_with(mean, covariance, Random(1))
        assert sum(p for p, _ in law) == 1
        assert all(p > 0 for p, _ in law)
        assert [sum(p * v[k] for p, v in law) for k in range(3)] == mean
        for a in range(3):
            for b in range(3):
                second = sum(p * v[a] * v[b] for p, v in law)
                assert second - mean[a] * mean[b] == covariance[a][b]
        assert all(sum(p * (v[k] - mean[k]) ** 3 for p, v in law) for k in range(3)), "skewed in every coordinate"

    def test_certificates(self):
        assert factored([[F(1), F(2)], [F(2), F(1)]]) == NegativePivot(1, F(-3))
        assert factored([[F(0), F(1)], [F(1), F(5)]]) == NegativePivot(0, F(0))
        assert factored([[F(-1)]]) == NegativePivot(0, F(-1))
        assert factored([[F(0)]]) == []
        assert "0 in a row that is not" in str(NegativePivot(0, F(0)))

    def test_right_inverse(self):
        rows = [[F(1), F(0), F(-1)], [F(0), F(1), F(-1)]]
        inverse, kernel = right_inverse(rows)
        for a, row in enumerate(rows):
            assert [sum(x * y for x, y in zip(row, column, strict=True)) for column in inverse] == [
                F(a == 0),
                F(a == 1),
            ]
            assert all(sum(x * y for x, y in zip(row, vector, strict=True)) == 0 for vector in kernel)
        assert right_inverse([[F(1), F(1)], [F(2), F(2)]]) is None


def test_ensemble_errors_are_those_of_the_predictors():
    e = ensemble_setting()
    assert evaluate(
        Sum(e.i, e.eps[e.i]), Model({"n": 2}, {}, {}, []), {}, {"y_hat": [[F(5)], [F(7)]], "y": [[F(2)]]}
    ) == [[F(8)]]
