"""Mutants are mistakes: well-formed, each once, of every kind; and a table of what must be among them."""

import pytest

from proofsheet import (
    E,
    Sum,
    Var,
    dimension,
    distinct,
    function,
    hadamard,
    index,
    matrix,
    norm1,
    norm2,
    parameter,
    random_scalar,
    random_vector,
    scalar,
    trace,
    vector,
)
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.mutants import MUTATORS, mutants
from proofsheet.notation.scope import free_indices, random_variables
from proofsheet.notation.tree import Coefficient, Number, as_node

m, q, n = dimension("m"), dimension("q"), dimension("n")
i, j, k = index("i", n), index("j", n), index("k", m)
alpha, p, t, v, c = (
    parameter("alpha", positive=True),
    parameter("p", between=(0, 1)),
    scalar("t"),
    parameter("v"),
    parameter("c"),
)
w, u, W, S = vector("w", m), vector("u", n), matrix("W", q, m), matrix("S", m, m)
x, y, e, z = random_vector("x", m), random_scalar("y"), random_vector("e", n), random_vector("z", m)
A = function("A")

EXPECTED = {
    "coefficient": [(alpha * norm2(w) + t, 2 * (alpha * norm2(w)) + t), (2 * t + alpha, t + alpha), (t + 1, t + Number(2)), (t, t / 2)],
    "sign": [(t - alpha, t + alpha), (t + alpha, -t + alpha), (t, -t), (E(y - t), E(-y - t))],
    "dropped term": [(t + alpha + v, t + v), (E((y + t) ** 2), E(y**2))],
    "keep for drop": [(p * t, Coefficient(1 - p.symbol) * t), (p * (1 - p), (1 - p) * (1 - p)), (t * (1 - p), t * p)],
    "square and mean": [
        (E(y**2), E(y) ** 2), (E(y) ** 2, E(y**2)), (E(norm2(x)), norm2(E(x))), (norm2(E(x)), E(norm2(x))),
        (E(A(y)), A(E(y))), (A(E(y)), E(A(y))), (E(x @ x.T), E(x) @ E(x.T)), (E(y * e[i]), E(y) * E(e[i])), (Var(y), E(y**2)),
    ],
    "dimension": [(n * t, (n - 1) * t), (v / n, v / (n - 1)), (Coefficient(1 / n.symbol) * t, Coefficient(1 / (n.symbol - 1)) * t)],
    "squared parameter": [(alpha * t, alpha**2 * t), (Coefficient(1 / (1 + alpha.symbol)) * t, Coefficient(1 / (1 + alpha.symbol**2)) * t)],
    "derivative": [(A.prime(t), A(t)), (A.prime(t), A.prime.prime(t)), (A(t), A.prime(t))],
    "norm": [(norm2(w), norm1(w)), (norm1(w), norm2(w))],
    "lost factor": [
        (alpha * t, as_node(t, "")), (t**2, as_node(t, "")), (t**3, t**2), (t / n, as_node(t, "")),
        (S @ w, as_node(w, "")), (hadamard(w, S @ w), as_node(w, "")),
    ],
    "added factor": [(t + alpha * v, alpha * as_node(t, "") + alpha * v), (t / n, t / n**2)],
    "transpose": [(S @ w, S.T @ w), (S.T @ w, S @ w), (trace(W @ W.T), trace(W.T @ W)), (trace(S @ S.T), trace(S.T @ S))],
    "index": [
        (Sum(i, j, e[i] * e[j]), Sum(i, j, e[j] * e[j])), (Sum(distinct(i, j), u[i] * u[j]), Sum(i, j, u[i] * u[j])),
        (Sum(i, j, u[i] * u[j]), Sum(distinct(i, j), u[i] * u[j])), (Sum(i, u[i] * u[j]), Sum(i, u[j] * u[j])),
    ],
}  # fmt: skip


def said(line):
    """A line without the brackets that only the writer sees."""
    return str(line).replace("(", "").replace(")", "")


@pytest.mark.parametrize(
    ("kind", "line", "wrong"), [(kind, *pair) for kind, pairs in EXPECTED.items() for pair in pairs], ids=str
)
def test_the_mistake_is_among_the_mutants_of_its_kind(kind, line, wrong):
    found = [one for one in mutants(line) if said(one.line) == said(wrong)]
    assert found, [str(one.line) for one in mutants(line)]
    assert found[0].mistake
    assert found[0].line.shape == line.shape


def test_every_kind_has_its_examples():
    assert set(EXPECTED) == set(MUTATORS)


@pytest.fixture(scope="module")
def catalogue_lines():
    scripts = [read(entry) for entry in Catalogue().entries]
    theorems = [theorem for script in scripts for theorem in (script.theorem, *script.corollaries.values())]
    return [line for theorem in theorems for line in theorem.lines]


def test_mutants_of_the_catalogue_are_well_formed_and_different(catalogue_lines):
    kinds = set()
    for line in catalogue_lines:
        found = mutants(line)
        assert len({one.line for one in found}) == len(found)
        for one in found:
            assert one.line != line
            assert one.line.shape == line.shape
            assert free_indices(one.line) == free_indices(line)
            assert random_variables(one.line) <= random_variables(line)
            kinds.add(one.kind)
    assert kinds == set(MUTATORS)


def test_mutants_do_not_depend_on_the_run(catalogue_lines):
    for line in catalogue_lines[::7]:
        assert mutants(line) == mutants(line)


@pytest.mark.parametrize(
    "line",
    [W @ x, x @ z.T, Sum(i, u[i]) * w, S.T @ S, E(x @ x.T)],
    ids=str,
)
def test_no_mutant_has_another_shape(line):
    assert {one.line.shape for one in mutants(line)} == {line.shape}


def test_a_bare_zero_has_no_mutants():
    assert mutants(Number(0)) == ()


def test_the_sign_of_a_subtracted_term_is_turned_once():
    line = t - alpha
    assert [str(one.line) for one in mutants(line) if one.kind == "sign"] == ["−t − α", "t + α"]


def test_what_a_definition_says_is_not_touched():
    from proofsheet import define

    f = define("f", alpha * norm2(w) + t)
    assert all(not one.line.has(alpha**2) and one.line.atoms(type(f)) in ({f}, set()) for one in mutants(f + v))
