"""SymPy is asked the same questions: what the battery hands to SymPy has the value of the line it stands for."""

from random import Random

import numpy as np
import pytest
import sympy as sp
from battery.evaluation import Undefined, value
from battery.labels import environments
from battery.pairs import Claim
from battery.proofsheet_side import ACCEPTED, REFUSED
from battery.subjects import SUBJECTS, load
from battery.sympy_side import METHODS, ask
from battery.to_sympy import Inexpressible, both_sides

from proofsheet import Sum, algebra, dimension, distinct, index, norm2, parameter, vector
from proofsheet.notation.expectations import Covariance, Expectation, Variance
from proofsheet.notation.functions import Function
from proofsheet.notation.indices import Index
from proofsheet.notation.scope import free_indices

TOLERANCE = 1e-8
NOT_EVALUATED_HERE = (Expectation, Variance, Covariance, Function)


def number(expression, environment, at):
    """The value of a translated line at a point."""
    numbers = {**environment.parameters, **{n: v[0, 0] for n, v in environment.constants.items() if v.shape == (1, 1)}}
    known = {
        **{name: sp.Float(one) for name, one in numbers.items()},
        **{name: sp.Integer(size) for name, size in environment.sizes.items()},
        **{index.name: sp.Integer(place + 1) for index, place in at.items()},
    }
    labels = {base.label for base in expression.atoms(sp.IndexedBase)}
    plain = [one for one in expression.free_symbols - labels if type(one) is sp.Symbol and one.name in known]
    here = expression.xreplace({one: known[one.name] for one in plain})
    matrices = {
        one: sp.ImmutableMatrix(environment.constants[one.name].tolist()) for one in here.atoms(sp.MatrixSymbol)
    }
    matrices |= {one: one.as_explicit() for one in here.atoms(sp.Identity, sp.OneMatrix)}
    here = here.xreplace(matrices).doit()
    here = here.as_explicit() if isinstance(here, sp.MatrixExpr) else here
    here = here.xreplace({one: _entry(environment, one) for one in here.atoms(sp.Indexed)}).doit()
    return np.array(here.tolist() if isinstance(here, sp.MatrixBase) else [[sp.N(here)]], dtype=float)


def _entry(environment, indexed):
    places = [int(place) - 1 for place in indexed.indices]
    return sp.Float(
        environment.constants[indexed.base.name].ravel()[0 if not places else _flat(environment, indexed, places)]
    )


def _flat(environment, indexed, places):
    shape = environment.constants[indexed.base.name].shape
    return int(np.ravel_multi_index((*places, 0)[:2] if shape[1] == 1 else places, shape))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_translation_keeps_the_value(subject):
    checked = []
    for pair in load():
        lines = (pair.claim.left, pair.claim.right)
        if pair.subject != subject or any(line.has(*NOT_EVALUATED_HERE) for line in lines):
            continue
        for at, environment, expected in points(pair):
            try:
                translated = both_sides(pair.claim)[0]
            except Inexpressible:
                continue
            if translated.has(sp.Derivative):
                continue
            found = number(translated, environment, at)
            scale = max(1.0, float(np.abs(expected).max()))
            assert np.abs(found - expected).max() < TOLERANCE * scale, (pair.name, translated, found, expected)
            checked.append(pair.name)
    if not checked:
        pytest.skip(f"{subject}: nothing to evaluate without laws, functions and derivatives")


def points(pair):
    """One point at two sizes, with scalar lines only: matrices are compared as wholes where no index occurs."""
    for environment in list(environments(pair.claim, pair.law, 1, False))[-2:]:
        at = {
            one: Random(1).randrange(environment.size(one.dimension))
            for one in sorted(free_indices(pair.claim.left), key=str)
        }
        try:
            expected = value(pair.claim.left, environment, at)
        except Undefined:
            continue
        if pair.claim.left.is_scalar or not (pair.claim.left.has(Index) or pair.claim.right.has(Index)):
            yield at, environment, expected


def test_a_wrong_translation_is_found_out():
    n = dimension("n")
    i, j = index("i", n), index("j", n)
    x = vector("x", n)
    right, wrong = Sum(distinct(i, j), x[i] * x[j]), Sum(i, j, x[i] * x[j])
    claim = Claim(right, wrong, (algebra,))
    environment = list(environments(claim, None, 1, False))[2]
    translated = both_sides(claim)
    assert number(translated[0], environment, {}) == pytest.approx(value(right, environment, {}))
    assert number(translated[1], environment, {}) != pytest.approx(value(right, environment, {}))


def test_distinct_sums_and_norms_are_written_in_full():
    n = dimension("n")
    i, j = index("i", n), index("j", n)
    x, c = vector("x", n), parameter("c", positive=True)
    left, _ = both_sides(Claim(c * Sum(distinct(i, j), x[i] * x[j]), norm2(x), (algebra,)))
    assert len(left.atoms(sp.Sum)) == 2 and left.free_symbols >= {sp.Symbol("c", positive=True)}
    bare, _ = both_sides(Claim(c * Sum(distinct(i, j), x[i] * x[j]), norm2(x), (algebra,)), declared=False)
    assert sp.Symbol("c") in bare.free_symbols


def test_sympy_is_asked_and_its_answers_are_read():
    assert ask("matrices", "cyclic_trace", 0, METHODS[0], True)[0] == ACCEPTED
    assert ask("matrices", "cyclic_trace", 2, METHODS[0], True)[0] == REFUSED
    assert "not expressible" in ask("noise", "input_noise", 0, METHODS[0], True)[1]
