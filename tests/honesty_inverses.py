"""Edits of inverse matrices, definiteness and cancellation; see `honesty_edits`."""

from __future__ import annotations

from honesty_rows import edits

OWN = "test_inverse.py::"
TRUE, FALSE = OWN + "test_what_follows", OWN + "test_the_nearest_false_line"
CONDITIONS = OWN + "test_every_inverse_has_its_condition"
HIDDEN, FORM = OWN + "test_a_condition_that_the_line_hides", OWN + "test_what_the_form_shows"
CANCELLED, UNSEEN = OWN + "test_a_cancelled_factor_is_invertible", OWN + "test_a_cancelled_factor_that_no_line_inverts"
OVER, REFUSED = OWN + "test_no_contraction_over_an_index_that_something_else_has", OWN + "test_refused_by_the_kernel"
VALUES = "test_inverse_values.py::test_the_normal_form_has_the_value_of_the_line"
CORNERS = "test_function_corners.py::"
FINER = CORNERS + "test_true_beside_false"

EDITS = [
    *edits(
        "algebra, inverses",
        "kernel/inverse_lowering.py",
        ("symmetric = turned == body", "symmetric = True", FALSE),
        ("body, row, column = turned, column, row", "body = turned", FALSE),
        ("zip(inner.indices, (row, column), strict=True)", "zip(SLOTS, (row, column), strict=True)", FINER),
        (
            "return entry if scale is None else algebra.scale(entry, algebra.inverse(scale))",
            "return entry",
            FALSE,
            TRUE,
        ),
        ("algebra.scale(entry, algebra.inverse(scale))", "algebra.scale(entry, scale)", FALSE, TRUE),
        ("if random_in(body):", "if False:", CORNERS + "test_the_kernel_inverts_nothing_random"),
        (
            "if not frozenset().union(*map(free_indices, factors)) <= {*SLOTS, *(name for name, _ in bound)}:",
            "if False:",
            REFUSED,
        ),
        ("if others or bound or len(factors) != 1 or", "if others or bound or", FINER),
        ("if others or bound or len(factors) != 1 or", "if bound or len(factors) != 1 or", VALUES, FINER),
    ),
    *edits(
        "algebra, inverses",
        "kernel/inverses.py",
        ("if one.joint in inside or not outside.isdisjoint((one.joint, *inside)):", "if one.joint in inside:", OVER),
        ("not outside.isdisjoint((one.joint, *inside)):", "one.joint in outside:", OVER),
        ("not outside.isdisjoint((one.joint, *inside)):", "not outside.isdisjoint(inside):", OVER),
        (
            "if len(inside) < len(top[0]) or any(one.bound.get(name) != size for name, size in inside.items()):",
            "if len(inside) < len(top[0]):",
            FINER,
        ),
        (
            "if found is not None and sorted(rename(one, names) for one in top[1]) == _taken(apart, chosen):",
            "if found is not None:",
            OVER,
        ),
        ("rest = tuple(term for term in inverse.bodies[0] if term[0] != top)", "rest = ()", FALSE),
        ("(first, second, column, row)):", "(first, second, row, column)):", FALSE, OVER),
        ("if value != 1 or any(", "if any(", FALSE),
    ),
    *edits(
        "algebra, inverses",
        "kernel/normal_form.py",
        ("-self.times(coefficient, value), {**met.bound", "self.times(coefficient, value), {**met.bound", FALSE),
        (
            "self.insert(into, coefficient, bound, [*met.others, joined])",
            "self.insert(into, coefficient, bound, [joined])",
            TRUE,
            FALSE,
        ),
        ("[*met.others, met.inverse, *inner]", "[*met.others, *inner]", FALSE, TRUE),
        ("inner = [self.rename(one, met.slots) for one in inner]", "pass", FALSE, TRUE),
        (
            "indices = tuple(sorted(indices))\n        if factor.head.kind == INVERSE:",
            "indices = tuple(sorted(indices))\n        if factor.head.kind == INVERSE:\n            indices = tuple(sorted(indices))\n        if factor.head.kind == INVERSE:",
            FALSE,
            VALUES,
        ),
    ),
    *edits(
        "algebra, inverses",
        "kernel/lowering.py",
        ("self.lower(node.args[0], *SLOTS, scope)", "self.lower(node.args[0], *SLOTS[::-1], scope)", TRUE, FALSE),
    ),
    *edits(
        "algebra, inverses",
        "kernel/setting.py",
        (
            "if left and _has_inverse(left) and not self._from_right(old, new, plain):",
            "if left and _has_inverse(left):",
            FALSE,
        ),
    ),
    *edits(
        "algebra, inverses",
        "kernel/side_conditions.py",
        ("found.setdefault(matrix, Invertible(matrix, is_invertible(matrix)))", "pass", CONDITIONS),
        (
            "parts = (node.meaning, *node.values) if isinstance(node, Defined) else node.args",
            "parts = node.args",
            CORNERS + "test_what_a_definition_inverts_at_its_argument",
        ),
        ("found |= dict.fromkeys(_inverted(part))", "found |= {}", HIDDEN, CONDITIONS),
    ),
    *edits(
        "algebra, inverses",
        "kernel/calculus.py",
        ("if factor.head.kind == INVERSE and self._depends(factor):", "if False:", REFUSED),
    ),
    *edits(
        "invertible by form",
        "kernel/definiteness.py",
        (
            "return isinstance(matrix, Inverse) or definiteness(matrix) is Sign.POSITIVE",
            "return isinstance(matrix, Inverse) or definiteness(matrix) is not Sign.UNKNOWN",
            FORM,
        ),
        ('return Sign.NONNEGATIVE if matrix.structure == "psd" else Sign.UNKNOWN', "return Sign.NONNEGATIVE", FORM),
        (
            'return Sign.NONNEGATIVE if matrix.structure == "psd"',
            'return Sign.POSITIVE if matrix.structure == "psd"',
            FORM,
        ),
        ("return Sign.UNKNOWN if Sign.UNKNOWN in signs else max(signs)", "return max(signs)", FORM),
        (
            "return min(definiteness(matrix.args[0]), sign(matrix.args[1]))",
            "return definiteness(matrix.args[0])",
            CORNERS + "test_a_coefficient_in_a_denominator_may_be_negative",
        ),
        ("return min([definiteness(one), *scalars])", "return definiteness(one)", FORM),
        ("*map(definiteness, middle), *scalars])", "*map(definiteness, middle)])", FORM),
        ("*map(definiteness, middle), *scalars])", "*scalars])", FORM),
        ("if len(middle) < 2 and (first", "if (first", FORM),
        (" and (first == Transpose(last) or last == Transpose(first))", "", FORM),
        (
            "return Sign.POSITIVE if definiteness(matrix.args[0]) is not Sign.UNKNOWN else Sign.UNKNOWN",
            "return Sign.POSITIVE",
            FORM,
        ),
    ),
    *edits(
        "invertible by form",
        "kernel/side_conditions.py",
        ("Invertible(matrix, is_invertible(matrix))", "Invertible(matrix, True)", CONDITIONS),
    ),
    *edits(
        "cancel(G, H)",
        "kernel/cancellation.py",
        (
            "for matrix in (self.left, self.right) if matrix is not None)",
            "for matrix in (self.left,) if matrix is not None)",
            CORNERS + "test_a_matrix_that_is_cancelled_from_the_right_and_inverted_in_no_line",
        ),
        ("        yield line\n", "        if self.left is None:\n            yield line\n", FALSE),
        (
            "sides = (None if side is None else side.xreplace(mapping) for side in (self.left, self.right))",
            "sides = (self.left, self.right)",
            OWN + "test_particular_cases_keep_the_conditions",
        ),
    ),
    *edits(
        "cancel(G, H)",
        "kernel/theorem.py",
        ("_nodes_of([*theorem.assumptions, *spoken])", "_nodes_of(theorem.assumptions)", CANCELLED, UNSEEN),
    ),
    *edits(
        "cancel(G, H)",
        "kernel/setting.py",
        ("self.form(one, plain)  # refused", "pass  # refused", UNSEEN),
        ("*(multiplied(line, reasons) for line in lines),", "*lines,", UNSEEN),
        (
            "old, new = multiplied(old, reasons), multiplied(new, reasons)",
            "old, new = multiplied(old, reasons), multiplied(old, reasons)",
            FALSE,
        ),
    ),
]
