"""Edits of exp, log, powers, signs and cases; see `honesty_edits`."""

from __future__ import annotations

from honesty_rows import edits

OWN = "test_elementary.py::"
CORNERS = "test_function_corners.py::"
FINER, SAYS = CORNERS + "test_true_beside_false", CORNERS + "test_a_condition_says_all_that_is_needed"
BACK = CORNERS + "test_factors_that_do_not_multiply_to_what_was_factored_are_refused"
PAIRS, APART = OWN + "test_each_rule_and_its_nearest_false_neighbour", OWN + "test_what_does_not_follow_for_all_values"
CONDITIONS = OWN + "test_conditions_are_recorded_unless_the_form_shows_them"
MEANING, BY_HAND = OWN + "test_lines_without_a_meaning", OWN + "test_an_exponent_that_was_built_by_hand"
CASES, UNSPLIT, TAKES = OWN + "test_proofs_by_cases", OWN + "test_cases_that_do_not_hold", OWN + "test_what_split_takes"
NAMES = OWN + "test_cases_in_particular_and_with_names_that_are_taken"
NODES = OWN + "test_signs_of_the_new_nodes"
TURNED = "test_signs.py"
BY_HAND = BY_HAND + "_is_checked_by_the_kernel"
UNSPLIT = UNSPLIT + "_are_named"

EDITS = [
    *edits(
        "algebra, exp",
        "kernel/elementary.py",
        ("meaning.kind == LOGARITHM and multiple.denominator == 1:", "meaning.kind == LOGARITHM:", PAIRS),
        (
            "result = self.algebra.times(result, self._exponential_of_term(basis, multiple))",
            "result = self._exponential_of_term(basis, multiple)",
            PAIRS,
        ),
        (
            "self._from_expression(meaning.argument), multiple.numerator)",
            "self._from_expression(meaning.argument), abs(multiple.numerator))",
            PAIRS,
        ),
        ("Fraction(int(number), int(content))", "Fraction(abs(int(number)), int(content))", PAIRS),
        ("times = multiple.numerator * (denominator // multiple.denominator)", "times = multiple.numerator", PAIRS),
        (
            "return self.algebra.times(argument, self.algebra.inverse(self.algebra.integer(meaning.denominator)))",
            "return argument",
            FINER,
        ),
    ),
    *edits(
        "algebra, exp",
        "kernel/generators.py",
        ("elif self.meaning[known].denominator % denominator:", "elif False:", PAIRS),
        ("return found, self.meaning[found].denominator", "return found, denominator", PAIRS),
        (
            "        if (kind, argument, exponent) not in self._in_use:\n",
            "        for key, known in self._in_use.items():\n"
            "            if key[:2] == (kind, argument):\n"
            "                return known\n"
            "        if (kind, argument, exponent) not in self._in_use:\n",
            FINER,
        ),
        (
            "        if (kind, argument, exponent) not in self._in_use:\n",
            "        for key, known in self._in_use.items():\n"
            "            if key[0] == kind:\n"
            "                return known\n"
            "        if (kind, argument, exponent) not in self._in_use:\n",
            PAIRS,
        ),
    ),
    *edits(
        "algebra, exp",
        "kernel/elementary_lowering.py",
        ("return self._opaque(EXP, body)", "return self._opaque(EXP, {})", FINER),
        (
            "return None if set(body) - {CONSTANT} else body.get(CONSTANT, self.algebra.integer(0))",
            "return body.get(CONSTANT, self.algebra.integer(0))",
            PAIRS,
        ),
    ),
    *edits(
        "algebra, exp",
        "kernel/setting.py",
        (
            "if self._algebra is not None and self._units() != self._known_units:",
            "if False:",
            OWN + "test_a_domain_that_is_declared_later_is_used",
        ),
        (
            "if len({str(symbol) for symbol in symbols}) < len(symbols):",
            "if False:",
            OWN + "test_a_parameter_that_is_named_like_a_variable_of_the_kernel",
        ),
    ),
    *edits(
        "algebra, exp",
        "kernel/coefficient_lines.py",
        ("self.line(meaning.argument / meaning.denominator)", "self.line(meaning.argument)", SAYS),
        ("return Logarithm(self.line(meaning.argument))", "return self.line(meaning.argument)", SAYS),
        ("return Quotient(self.line(top), self.line(bottom))", "return self.line(top)", SAYS),
        ("Plus(self.line(meaning.exponent), Minus(Number(1)))", "self.line(meaning.exponent)", SAYS),
    ),
    *edits(
        "algebra, log",
        "kernel/elementary.py",
        (
            "if self.signs.sign(factor) is Sign.POSITIVE:\n                own =",
            "if True:\n                own =",
            APART,
        ),
        (
            "if self.signs.sign(factor) is Sign.POSITIVE:\n                own =",
            "if self.signs.sign(factor) is not Sign.UNKNOWN:\n                own =",
            CONDITIONS,
        ),
        ("return result, not rest", "return result, True", CONDITIONS),
        ("even = common % 2 == 0", "even = False", APART),
        ("if even and negative:", "if False:", MEANING),
        ("if not rest and number < 0:", "if False:", MEANING),
        ('raise KernelError("log of 0 has no meaning")', "return value, True", MEANING),
        ("root = self.algebra.integer(-1 if negative else 1)", "root = self.algebra.integer(1)", APART),
        (
            "exponent = self._from_expression(meaning.exponent - 1)",
            "exponent = self._from_expression(meaning.exponent)",
            PAIRS,
        ),
        (
            "((number.numerator, 1), (number.denominator, -1))",
            "((number.numerator, 1), (number.denominator, 1))",
            PAIRS,
        ),
        ("self.algebra.integer(turn * degree)", "self.algebra.integer(degree)", PAIRS),
        ("if product != number:", "if False:", BACK),
    ),
    *edits(
        "algebra, log",
        "kernel/elementary_lowering.py",
        (
            "if not shown and sign(node.args[0]) is not Sign.POSITIVE:",
            "if False:",
            CONDITIONS,
        ),
        ('self.note(("positive", freeze(body)))\n            return', "return", CONDITIONS),
    ),
    *edits(
        "algebra, log",
        "kernel/lowering.py",
        ("self._by_algebra(node.args[1])\n        return self.algebra.scale", "return self.algebra.scale", SAYS),
    ),
    *edits(
        "algebra, log",
        "kernel/side_conditions.py",
        ("found[PositiveArgument(*PlainSums(names, generators).line(dict(body)))] = None", "pass", CONDITIONS),
        (
            "(AwayFromKink, NonnegativeRadicand, PositiveArgument)) and",
            "(AwayFromKink, NonnegativeRadicand)) and",
            CORNERS + "test_the_argument_of_a_log_in_a_moment_is_positive_for_every_index",
        ),
    ),
    *edits(
        "algebra, log",
        "kernel/function_lowering.py",
        ("if head.name == EXP:", "if head.name in (EXP, LOG):", MEANING),
    ),
    *edits(
        "algebra, power",
        "kernel/elementary.py",
        ("defined = min([0, *multiples.values()]) >= 0 and constant", "defined = constant", CONDITIONS),
        ("return result, defined or self.signs.is_nonzero(base)", "return result, True", CONDITIONS),
        ("if not defined or constant + sum(multiples.values()) < 1:", "if not defined:", MEANING),
        ("if exponent.denom != 1:", "if False:", BY_HAND),
        (
            "if sum(exponents) > 1 or not all(symbol.is_integer and symbol.is_positive for symbol in there):",
            "if False:",
            BY_HAND,
        ),
        ("odd = {dimension: 1 for dimension, multiple in multiples.items() if multiple % 2}", "odd = {}", APART),
        ("self.algebra.integer(-1), 1, odd, constant % 2)", "self.algebra.integer(-1), 1, odd, 0)", PAIRS),
        ("== POWER and self.generators.meaning[symbol].argument == -1", "== POWER", APART),
        (
            "positive = base.denom == 1 and self.signs.sign(base.numer) is Sign.POSITIVE",
            "positive = base.denom == 1 and self.signs.sign(base.numer) is not Sign.UNKNOWN",
            CONDITIONS,
            SAYS,
        ),
        (
            "positive = base.denom == 1 and self.signs.sign(base.numer) is Sign.POSITIVE",
            "positive = True",
            APART,
            FINER,
        ),
        (
            "self._settled(self._variable(symbol) ** (times * multiple))",
            "self._settled(self._variable(symbol) ** times)",
            PAIRS,
        ),
        ("return self.algebra.times(total, self.algebra.integer(times))", "return total", PAIRS),
    ),
    *edits(
        "algebra, power",
        "kernel/elementary_lowering.py",
        (
            'if not shown:\n            self.note(("nonvanishing", freeze(body)))',
            'if False:\n            self.note(("nonvanishing", freeze(body)))',
            CONDITIONS,
        ),
        ("lower = self._opaque(POWER, body, dimension)", "lower = self._opaque(POWER, body)", FINER),
        ("least = constant + sum(multiples.values())", "least = constant + len(multiples)", FINER),
    ),
    *edits(
        "algebra, power",
        "kernel/side_conditions.py",
        (
            "Nonvanishing(Number(0) if line is None else line, False)",
            "Nonvanishing(Number(0) if line is None else line, True)",
            CONDITIONS,
        ),
    ),
    *edits(
        "algebra, power",
        "kernel/function_lowering.py",
        (
            "if head.name == EXP:",
            "if head.name in (EXP, POWER):",
            CORNERS + "test_the_derivative_of_an_opaque_power_is_refused",
        ),
    ),
    *edits(
        "algebra, signs of coefficients",
        "kernel/coefficient_functions.py",
        ("if half % 2 and self.signs.sign(factor) is Sign.UNKNOWN:", "if False:", APART),
        ("times = 0 if exponent < 0 and exponent % 2 == 0 else 2 - exponent % 2", "times = exponent % 2", APART),
        (
            "if self.signs.sign(factor) is Sign.POSITIVE:\n            return self.algebra.constant",
            "if self.signs.sign(factor) is not Sign.UNKNOWN:\n            return self.algebra.constant",
            APART,
        ),
        (
            "self.signs.sign(factor) is Sign.UNKNOWN:\n                result =",
            "False:\n                result =",
            PAIRS,
        ),
        ("self.algebra.constant(value if number > 0 else -value)", "self.algebra.constant(value)", PAIRS),
        (
            "if exponent % 2 and self.signs.sign(factor) is Sign.UNKNOWN:\n                rest.append(element)",
            "if False:\n                rest.append(element)",
            PAIRS,
        ),
        ("[] if number > 0 else [self.algebra.integer(-1)]", "[]", APART),
        ("return result, not rest", "return result, True", CONDITIONS),
        (
            "outside = self.algebra.integer(prime ** (times // 2))",
            "outside = self.algebra.integer(prime**times)",
            PAIRS,
        ),
        ("half = self.algebra.inverse(self.algebra.integer(2))", "half = self.algebra.one", APART),
    ),
    *edits(
        "algebra, signs of coefficients",
        "kernel/elementary.py",
        ("signs.count(factor) > 2:", "signs.count(factor) > 1:", APART),
        (
            "gone = [factor] if self.signs.sign(argument) is not Sign.UNKNOWN else [factor] * 2",
            "gone = [factor]",
            PAIRS,
        ),
        ("for part in (quotient * argument, rest))", "for part in (quotient * argument + rest, rest * 0))", PAIRS),
        ("if total != polynomial:", "if False:", BACK),
    ),
    *edits(
        "algebra, signs of coefficients",
        "kernel/elementary_lowering.py",
        (
            "return self._mean_of_sum_and_distance(node, scope, -1)",
            "return self._mean_of_sum_and_distance(node, scope, 1)",
            PAIRS,
        ),
        (
            "distance = self.known(ABSOLUTE, self.algebra.subtract(left, right))",
            "distance = self.algebra.subtract(left, right)",
            PAIRS,
        ),
    ),
    *edits(
        "algebra, signs by form",
        "kernel/coefficient_signs.py",
        (
            "return Sign.UNKNOWN if Sign.UNKNOWN in signs else max(signs, default=Sign.NONNEGATIVE)",
            "return max(signs, default=Sign.NONNEGATIVE)",
            PAIRS,
        ),
        ('if value < 0 or any(power % 2 and domain == "real" for power, domain in there):', "if value < 0:", PAIRS),
        ("if value < 0 or any(power", "if any(power", CONDITIONS),
        ('all(domain in ("positive", "unit") for _, domain in there)', "True", APART),
        ('domain in ("positive", "unit") for _', 'domain in ("positive", "unit", "natural") for _', CONDITIONS),
        (
            'power = exponents[place] if domain == "natural" else degree - exponents[place]',
            "power = exponents[place]",
            PAIRS,
        ),
        ("value * comb(power, new)", "value * comb(power, new) * 2 ** (power - new)", PAIRS),
        ('return "unit" if symbol in units else "positive"', 'return "unit"', FINER),
        (
            'return "natural" if facts.get("positive") else "real"',
            'return "natural"',
            OWN + "test_a_whole_number_of_either_sign_is_no_dimension",
        ),
        ('return "nonnegative" if facts.get("nonnegative") else "real"', 'return "nonnegative"', PAIRS),
        ("return number > 0 and all(", "return all(", UNSPLIT),
        ("exponent % 2 == 0 or self.sign(factor) is not Sign.UNKNOWN", "True", UNSPLIT),
        (
            "exponent < 0 or self.sign(factor) is Sign.POSITIVE",
            "exponent < 0 or self.sign(factor) is not Sign.UNKNOWN",
            SAYS,
        ),
        ("number *= (-1) ** (exponent * turned)", "pass", PAIRS),
        ("number *= Fraction(content) ** direction", "number *= Fraction(abs(content)) ** direction", PAIRS),
        ("factors.get(upright, 0) + exponent * direction", "factors.get(upright, 0) + exponent", PAIRS),
        (
            "return (-factor, True) if turned else (factor, False)",
            "return (-factor if turned else factor, False)",
            PAIRS,
        ),
        ("if product != polynomial:", "if False:", BACK),
    ),
    *edits(
        "nonnegative",
        "kernel/domains.py",
        (
            "return (max if isinstance(node, Maximum) else min)(map(sign, node.args))",
            "return max(map(sign, node.args))",
            NODES,
        ),
        ("return sign(node.base)", "return Sign.NONNEGATIVE", NODES),
    ),
    *edits(
        "algebra, signs",
        "kernel/function_lowering.py",
        ("outside = outside if name == ABSOLUTE else -outside", "pass", TURNED),
        (
            "argument = self.algebra.subtract({}, argument)",
            "argument = {one: value if value.numer.LC > 0 else -value for one, value in argument.items()}",
            TURNED,
        ),
        ("if value is not None:\n", "value = value or coefficient\n            if True:\n", TURNED),
    ),
    *edits(
        "algebra, signs",
        "kernel/normal_form.py",
        (
            "one.head.name in (ABSOLUTE, SIGNUM) and not one.bodies[0] for",
            "one.head.name in (ABSOLUTE, SIGNUM) for",
            TURNED,
        ),
        ("yield one, other, (*one.bodies, *one.bodies)", "yield one, other, one.bodies", TURNED),
    ),
    *edits(
        "split(x, a, b)",
        "kernel/cases.py",
        ('yield node, value, f"for {x} = {node}"', "pass", UNSPLIT),
        ('yield Plus(nodes[0], Minus(beyond)), values[0] - beyond.symbol, f"for {x} < {nodes[0]}"', "pass", UNSPLIT),
        ('yield Plus(nodes[-1], beyond), values[-1] + beyond.symbol, f"for {x} > {nodes[-1]}"', "pass", UNSPLIT),
        ("if place + 1 < len(nodes):", "if False:", UNSPLIT),
        ("if not setting.algebra.elementary.signs.is_nonnegative(b - a):", "if False:", UNSPLIT),
        (
            "if len(splits) != 1 or not all(isinstance(reason, (Split, Rearrangement)) for reason in cited):",
            "if len(splits) != 1:",
            TAKES,
        ),
        ("if opaque or split.variable.symbol in symbols_in(node):", "if opaque:", UNSPLIT),
        (
            "if opaque or split.variable.symbol in symbols_in(node):",
            "if split.variable.symbol in symbols_in(node):",
            UNSPLIT,
        ),
        ("if not isinstance(split.variable, Parameter) or not split.points:", "if False:", TAKES),
        ("if setting.names.admits(found) and not setting.names.knows(found.name):", "if True:", NAMES),
        ("if why:\n                return f", "if False:\n                return f", UNSPLIT, CASES),
        (
            "replaced = {splits[0].variable: line, splits[0].variable.symbol: expression}",
            "replaced = {splits[0].variable: line}",
            OWN + "test_a_coefficient_that_hides_the_parameter_is_split_too",
        ),
    ),
    *edits(
        "split(x, a, b)",
        "kernel/theorem.py",
        ('return verdict.why or "they differ" if isinstance', "return verdict.why if isinstance", CASES),
    ),
    *edits(
        "particular case",
        "kernel/theorem.py",
        ("if reason.variable in mapping:", "if False:", NAMES),
    ),
    *edits(
        "what a theorem carries",
        "kernel/step.py",
        ("self.why = why", 'self.why = ""', MEANING),
        ('relation: str = "="', 'relation: str = "≥"', "test_inverse.py::test_simplify_reads_inverses"),
    ),
    *edits(
        "algebra",
        "kernel/partitions.py",
        (
            "together = pair.union(*(members for members in classes if not members.isdisjoint(pair)))",
            "together = pair",
            "test_kernel_corners.py::TestAlgebra",
            "test_kernel_rules.py::test_true_line_follows_and_its_neighbour_does_not",
        ),
        (
            "for first in range(total + 1) if parts > 1 else (total,):",
            "for first in range(total) if parts > 1 else (total,):",
            "test_kernel_rules.py::test_true_line_follows_and_its_neighbour_does_not",
        ),
    ),
]
