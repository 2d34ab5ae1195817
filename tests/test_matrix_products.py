"""Products over draws by long calls of the BLAS are the products draw by draw, and they take the cheap order."""

from itertools import product as combinations

import numpy as np
import pytest

from proofsheet import E, dimension, matrix, norm2, random_vector, vector
from proofsheet.numeric import matrix_products
from proofsheet.numeric.draws import Instance, value_per_draw
from proofsheet.numeric.matrix_products import chained, dots, product

m_, q_ = dimension("m"), dimension("q")
GENERATOR = np.random.default_rng(3)


def of_shape(draws, rows, columns, turned):
    """An array, in memory as it stands or as the transpose of what lies in memory."""
    if turned:
        return GENERATOR.normal(size=(draws, columns, rows)).swapaxes(1, 2)
    return GENERATOR.normal(size=(draws, rows, columns))


@pytest.mark.parametrize(("left_draws", "right_draws"), [(1, 1), (5, 1), (1, 5), (5, 5)])
@pytest.mark.parametrize("turned", [(False, False), (True, False), (False, True), (True, True)])
def test_every_form_is_the_product_draw_by_draw(left_draws, right_draws, turned):
    for rows, inner, columns in combinations((1, 2, 3), (1, 2, 4, 60), (1, 2, 3)):
        left = of_shape(left_draws, rows, inner, turned[0])
        right = of_shape(right_draws, inner, columns, turned[1])
        draws = max(left_draws, right_draws)
        expected = [left[k % left_draws] @ right[k % right_draws] for k in range(draws)]
        found = product(left, right, np)
        assert found.shape == (draws, rows, columns)
        assert found == pytest.approx(np.array(expected), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("length", [1, 3, matrix_products.SHORT, 200])
def test_scalar_products_of_rows(length):
    left, right = GENERATOR.normal(size=(2, 7, length))
    assert dots(left, right, np)[:, 0, 0] == pytest.approx((left * right).sum(axis=1), rel=1e-12, abs=1e-12)


def test_chains_take_the_cheap_order(monkeypatch):
    """wᵀA n nᵀ B w: no m × m matrix is made for each draw, and the constants meet once."""
    m, draws, largest = 6, 50, 0
    w, A, B = (GENERATOR.normal(size=(1, *shape)) for shape in ((m, 1), (m, m), (m, m)))
    n = GENERATOR.normal(size=(draws, m, 1))
    factors = [A, n, n.swapaxes(1, 2), B, w]

    def seen(left, right, xp):
        nonlocal largest
        found = product(left, right, xp)
        largest = max(largest, found.size)
        return found

    monkeypatch.setattr(matrix_products, "product", seen)
    found = chained(factors, np)
    assert found == pytest.approx(A @ n @ (n.swapaxes(1, 2) @ (B @ w)), rel=1e-12)
    assert largest == draws * m
    assert chained([w], np) is w


def test_lines_that_hold_such_products():
    m, q, draws = 5, 3, 40
    x, n, w, A = random_vector("x", m_), random_vector("n", m_), vector("w", m_), matrix("A", q_, m_)
    numbers = {"w": GENERATOR.normal(size=m), "A": GENERATOR.normal(size=(q, m))}
    drawn = {name: GENERATOR.normal(size=(draws, m)) for name in ("x", "n")}
    at = Instance({"m": m, "q": q}, {}, numbers)
    (w_, A_), (x_, n_) = numbers.values(), drawn.values()
    for line, expected in (
        (E(x.T @ w), x_ @ w_),
        (E(x.T @ n), (x_ * n_).sum(axis=1)),
        (E(norm2(A @ (x + n))), (((x_ + n_) @ A_.T) ** 2).sum(axis=1)),
        (E(w.T @ x @ n.T @ w), (x_ @ w_) * (n_ @ w_)),
        (E(norm2(x @ n.T)), (x_**2).sum(axis=1) * (n_**2).sum(axis=1)),
    ):
        assert value_per_draw(line, at, drawn) == pytest.approx(expected, rel=1e-12, abs=1e-12), line
