"""exp, log, symbolic powers, maximum, minimum, √ and |·| of parameters: each rule beside its nearest false neighbour."""

from random import Random

import mpmath
import pytest
from elementary_lines import Undefined, allows, k, lam, line, m, p, point, rewritten, sigma, value, x, y
from sympy import Basic, Symbol
from vocabulary import follows, verdict

from proofsheet import (
    DerivationRejected,
    E,
    NotationError,
    ProofsheetError,
    ShapeError,
    Sum,
    absolute,
    algebra,
    define,
    definition,
    derivative,
    differentiate,
    dimension,
    exp,
    function,
    index,
    linearity,
    log,
    maximum,
    minimum,
    moment,
    nonnegative,
    parameter,
    power,
    prove,
    random_scalar,
    scalar,
    sgn,
    simplify,
    split,
    sqrt,
    vector,
)
from proofsheet.explicit.cases import substitutions
from proofsheet.explicit.second_opinion import SecondOpinion
from proofsheet.explicit_layer import opinions_on
from proofsheet.kernel.normal_form import KernelError
from proofsheet.kernel.reasons import Split
from proofsheet.kernel.setting import Setting
from proofsheet.kernel.theorem import Chain, Step, StepRejected
from proofsheet.notation.elementary import SymbolicPower
from proofsheet.notation.text import set_line
from proofsheet.notation.tree import Number, as_node
from proofsheet.render.reasons import describe_condition

z, t, w, i = random_scalar("z"), scalar("t"), vector("w", m), index("i", m)
eta = parameter("eta", between=(0, 1))


def softplus(u):
    return log(1 + exp(u))


def sigmoid(u):
    return 1 / (1 + exp(-u))


RULES = [
    ("exp of a sum", exp(x + y), exp(x) * exp(y), exp(x) + exp(y)),
    ("exp of a multiple", exp(3 * x), exp(x) ** 3, 3 * exp(x)),
    ("exp of a half", exp(x / 2) ** 2, exp(x), exp(x) ** 2),
    ("exp of a third and a half", exp(x / 3) * exp(x / 2), exp(5 * x / 6), exp(x / 6)),
    ("exp(0)", exp(x - x), 1, 0),
    ("exp of a number", exp(2) / exp(1), exp(1), 2),
    ("exp of a product stays", exp(x * y), exp(y * x), exp(x) * exp(y)),
    ("exp of a quotient", exp(1 / x + y / x), exp(1 / x) * exp(y / x), exp(1 / (x + y))),
    ("exp of a log", exp(log(sigma)), sigma, 1 / sigma),
    ("exp of a multiple of a log", exp(2 * log(sigma)), sigma**2, 2 * sigma),
    ("exp of half a log", exp(log(sigma) / 2) ** 3, exp(3 * log(sigma) / 2), sigma),
    ("exp of half a log is not whole", exp(log(sigma) / 2), exp(log(sigma) / 4) ** 2, sigma),
    ("exp of minus a log", exp(-log(p)), 1 / p, -p),
    ("nested exp", exp(exp(x) + exp(x)), exp(exp(x)) ** 2, exp(2 * exp(2 * x))),
    ("a finer denominator inside", log(exp(x) - 1) - log(exp(x / 2) - 1), log(exp(x / 2) + 1), log(exp(x) + 1)),
    ("sigmoid", sigmoid(-x), 1 - sigmoid(x), sigmoid(x)),
    ("softplus", softplus(x) - softplus(-x), x, -x),
    ("log sigmoid", log(sigmoid(x)), -softplus(-x), -softplus(x)),
    ("log of a product", log(p * sigma), log(p) + log(sigma), log(p) * log(sigma)),
    ("log of a quotient", log(p / sigma), log(p) - log(sigma), log(p) / log(sigma)),
    ("log of 1 − p", log(p * (1 - p)), log(p) + log(1 - p), log(p) - log(p)),
    ("log of a square", log(sigma**2), 2 * log(sigma), log(sigma) ** 2),
    ("log of a square of a real", log(x**4), 2 * log(x**2), 4 * log(x)),
    ("log of a real times a positive", log(x * sigma), log(x) + log(sigma), log(x) - log(sigma)),
    ("log of two reals", log(x * y), log(y * x), log(x) + log(y)),
    ("log of 1/u", log(x / y), -log(y / x), log(y / x)),
    ("log of exp", log(exp(x)), x, -x),
    ("log of a multiple of exp", log(sigma * exp(2 * x)), log(sigma) + 2 * x, log(sigma) * 2 * x),
    ("log(1)", log(sigma / sigma), 0, 1),
    ("log of numbers", log(12), 2 * log(2) + log(3), log(2) + 2 * log(3)),
    ("log of a fraction", log(sigma / 6), log(sigma) - log(2) - log(3), log(sigma) - log(2) + log(3)),
    ("log of a power", log(power(p, k)), k * log(p), (k - 1) * log(p)),
    ("log of a dimension", log(k * m), log(k) + log(m), log(k + m)),
    ("power and one more", power(x, k + 1), x * power(x, k), power(x, k)),
    ("power and one less", power(x, k - 1) * x, power(x, k), power(x, k + 1)),
    ("power of two dimensions", power(x, k + m), power(x, k) * power(x, m), power(x, k) + power(x, m)),
    ("power of a multiple", power(x, 2 * k), power(x, k) ** 2, 2 * power(x, k)),
    ("power of a product", power(x * y, k), power(x, k) * power(y, k), power(x, k) * y),
    ("power of a quotient", power(x / y, k), power(x, k) / power(y, k), power(x, k) * power(y, k)),
    ("power of a square", power(x**2, k), power(x, 2 * k), power(x, k + 2)),
    ("power of a negative", power(-x, 2 * k), power(x, 2 * k), -power(x, 2 * k)),
    ("odd power of a negative", power(-x, k), power(-1, k) * power(x, k), power(x, k)),
    ("power of a number", power(6, k), power(2, k) * power(3, k), power(2, k) + power(4, k)),
    ("power of exp", power(exp(x), k), exp(k * x), exp(x + k)),
    ("minus 1 squared", power(-1, k) * power(-1, k), 1, -1),
    ("minus 1 and one more", power(-1, k + 1), -power(-1, k), power(-1, k)),
    ("one over a power", power(x - y, -k), 1 / power(x - y, k), power(x - y, k)),
    ("power of a difference turned", power(x - y, 2 * k), power(y - x, 2 * k), -power(y - x, 2 * k)),
    ("power of a power of exp", power(exp(-2 * x), k), exp(-2 * k * x), exp(-k * x)),
    ("power of 1", power(sigma / sigma, k), 1, k),
    ("power of 0", power(x - x, k), 0, 1),
    ("difference of powers", power(1 - x, k) - power(1 - x, k + 1), x * power(1 - x, k), x * power(1 - x, k + 1)),
    ("maximum is symmetric", maximum(x, y), maximum(y, x), x),
    ("maximum and minimum", maximum(x, y) + minimum(x, y), x + y, x - y),
    ("minimum by maximum", minimum(x, y), -maximum(-x, -y), -maximum(x, y)),
    ("maximum and a positive factor", maximum(sigma * x, sigma * y), sigma * maximum(x, y), x * maximum(sigma, y)),
    ("maximum where it is known", maximum(sigma, -sigma), sigma, -sigma),
    ("root of a square", sqrt(sigma**2), sigma, -sigma),
    ("root of a square of a real", sqrt(x**2), absolute(x), x),
    ("root of a product", sqrt(sigma * lam), sqrt(sigma) * sqrt(lam), sqrt(sigma) + sqrt(lam)),
    ("root of a product with a real", sqrt(sigma * x), sqrt(sigma) * sqrt(x), sqrt(sigma) * x),
    ("root of two reals", sqrt(x * y), sqrt(y * x), sqrt(x) * sqrt(y)),
    ("root of a fraction", sqrt(sigma / 8), sqrt(2 * sigma) / 4, sqrt(sigma) / 4),
    ("root of exp", sqrt(exp(x)), exp(x / 2), exp(x) / 2),
    ("absolute value of a positive", absolute(-sigma), sigma, -sigma),
    ("absolute value of a product", absolute(x * y), absolute(x) * absolute(y), absolute(x) * y),
    ("absolute value of 1 − p", absolute(p - 1), 1 - p, p - 1),
    ("absolute value of k − 1", absolute(1 - k), k - 1, k - 2),
    ("absolute value of k − 2 stays", absolute(2 - k), absolute(k - 2), k - 2),
    ("square of an absolute value", absolute(x) ** 2, x**2, x),
    ("sign times value", x * sgn(x), absolute(x), x),
    ("sign of a product", sgn(sigma * x * y), sgn(x) * sgn(y), sgn(x) + sgn(y)),
    ("square of a sign", x * sgn(x) ** 2, x, sgn(x)),
    ("cube of a sign", sgn(x) ** 3, sgn(x), sgn(x) ** 2),
    ("sign of what may be 0", lam * sgn(lam), lam, lam**2),
    ("sign beside a sum", (lam + 1) * sgn(lam), lam + sgn(lam), lam + 1),
    ("opaque exp", E(exp(z + z)), E(exp(2 * z)), E(exp(z)) ** 2),
    ("opaque log", log(2 * t + t), log(3 * t), 3 * log(t)),
    ("opaque power", power(t, k + 1), t * power(t, k), power(t, k)),
    ("opaque power and one less", t * power(t, k - 1), power(t, k), power(t, k + 1)),
    ("sign of a difference turned", sgn(z - t), -sgn(t - z), sgn(t - z)),
    ("opaque maximum", E(maximum(z, t)), E(maximum(t, z)), E(z)),
    (
        "exp under a sum over an index",
        Sum(i, exp(w[i]) * exp(x)),
        exp(x) * Sum(i, exp(w[i])),
        exp(x) * exp(Sum(i, w[i])),
    ),
]


@pytest.mark.parametrize(("old", "new", "wrong"), [row[1:] for row in RULES], ids=[row[0] for row in RULES])
def test_each_rule_and_its_nearest_false_neighbour(old, new, wrong):
    assert follows(old, new, algebra)
    assert follows(new, old, algebra)
    assert not follows(old, wrong, algebra)


STAY_APART = [
    ("exp of a positive exponent is not seen to be above 1", maximum(exp(sigma), 1), exp(sigma)),
    ("sgn(x)² at 0", sgn(x) ** 2, 1),
    ("sign of what may be 0", sgn(lam), 1),
    ("sign of a square", sgn(x**2), 1),
    ("root of exp", sqrt(exp(x)), exp(x)),
    ("root of minus a real", sqrt(-x), sqrt(x)),
    ("root of a product of reals", sqrt(x * y), sqrt(-x) * sqrt(-y)),
    ("log(x²)", log(x**2), 2 * log(x)),
    ("minus 1 to a power", power(-1, k), -1),
    ("minus 1 to an even power, or not", power(-1, k + m), 1),
    ("power of a negative", power(-x, k), -power(x, k)),
    ("power of another base squared", power(x, 2 * k - 2), 1),
    ("log of minus a real", log(x - 1), log(1 - x)),
    ("root of x²", sqrt(x**2), x),
    ("product of two logs", log(x) + log(y), log(x * y)),  # true where both are positive, and refused
    ("k − 1 may be 0", absolute(k - 1) / (k - 2), 1),
    ("odd root", sqrt(power(x, 2 * k)), power(x, k)),
]


@pytest.mark.parametrize(("old", "new"), [row[1:] for row in STAY_APART], ids=[row[0] for row in STAY_APART])
def test_what_does_not_follow_for_all_values(old, new):
    assert not follows(old, new, algebra)


CONDITIONS = [
    (log(x), log(1 * x), ["x > 0"]),
    (log(x**2), log(x * x), ["x² > 0"]),
    (log(sigma * (1 + exp(x))), log(sigma) + softplus(x), []),
    (log(p - p**2), log(p) + log(1 - p), []),
    (log(1 + p - p**2), log(1 + p - p * p), []),
    (log(1 - 2 * p), log(1 - p - p), ["1 − 2 p > 0"]),
    (log(2 * k - 1), log(k + k - 1), []),
    (log(k - 1), log(k + 1 - 2), ["k − 1 > 0"]),
    (exp(log(x)), x, ["x > 0"]),
    (sqrt(x), sqrt(1 * x), ["x ≥ 0"]),
    (sqrt(1 - p**2), sqrt((1 - p) * (1 + p)), []),
    (1 / (1 + exp(-x)), exp(x) / (1 + exp(x)), []),
    (1 / (1 - exp(-x)), exp(x) / (exp(x) - 1), ["1 − exp(−x) ≠ 0", "exp(x) − 1 ≠ 0"]),
    (power(x, k - 1), power(1 * x, k - 1), []),
    (power(x, k - 2), power(1 * x, k - 2), ["x ≠ 0"]),
    (power(x, k - m), power(x, k) / power(x, m), ["xᵐ ≠ 0", "x ≠ 0"]),
    (power(sigma, k - m), power(sigma, k) / power(sigma, m), []),
    (power(x - y, -k), 1 / power(x - y, k), ["(x − y)ᵏ ≠ 0", "x − y ≠ 0"]),
    ((x**2 - 1) / (x - 1), x + 1, ["x − 1 ≠ 0"]),
    (absolute(x) / x, sgn(x), ["x ≠ 0"]),
    (absolute(k - 1) / (k - 1), 1, ["k − 1 ≠ 0"]),
    (Sum(i, log(w[i])), Sum(i, log(w[i] * 1)), ["wₖ > 0 for every k"]),
    (E(log(z)), E(log(1 * z)), ["z > 0 almost surely"]),
]


@pytest.mark.parametrize(("old", "new", "expected"), CONDITIONS, ids=[str(row[0]) for row in CONDITIONS])
def test_conditions_are_recorded_unless_the_form_shows_them(old, new, expected):
    theorem = prove(old, (new, algebra))
    found = [describe_condition(one) for one in theorem.side_conditions if not one.discharged]
    assert sorted(found) == sorted(expected)
    assert theorem.recheck().side_conditions == theorem.side_conditions


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (log(-sigma), "it is negative"),
        (log(x - x), "log of 0"),
        (log(-(x**2)), "minus a square"),
        (power(x - x, k - 1), "may be 0 or negative"),
        (power(t, k - m), "may be negative"),
        (1 / (exp(x) - exp(x / 2) ** 2), "is zero"),
        (1 / exp(t), "only parameters and dimensions"),
        (exp(2000 * x), "multiples go up to"),
        (derivative(log(t), t) + derivative(log(t), t), "the derivative of log"),
    ],
)
def test_lines_without_a_meaning(line, why):
    found = verdict(line, line, algebra, differentiate)
    assert isinstance(found, StepRejected)
    assert why in found.why


@pytest.mark.parametrize("exponent", [sigma, k / 2, k * m, x + 1, k + Number(1) / 2])
def test_an_exponent_that_was_built_by_hand_is_refused(exponent):
    forged = Basic.__new__(SymbolicPower, x, exponent)
    with pytest.raises(NotationError, match="the exponent is"):  # the names of a derivation admit no such node
        verdict(forged + 1, 1 + forged, algebra)
    setting = Setting()
    setting.expect([one.symbol for one in (x, sigma, k, m)])
    with pytest.raises(KernelError, match="exponent"):  # nor has it a normal form
        setting.steadily(lambda: setting.form(forged + 1, ()))


def test_the_second_opinion_reads_elementary_functions():
    rows = [
        (softplus(x) - softplus(-x), x, "difference 0"),
        (log(p / (1 - p)), log(p) - log(1 - p), "difference 0"),
        (power(1 - x, k + 1), (1 - x) * power(1 - x, k), "difference 0"),
        (maximum(x, y) + minimum(x, y), x + y, "difference 0"),
    ]
    for old, new, expected in rows:
        assert [one.verdict for one in opinions_on(prove(old, (new, algebra)))] == [expected]
        assert SecondOpinion(()).on_step(old, new + 1).verdict == "difference nonzero"


def test_the_second_opinion_on_cases():
    for _, old, new, wrong, points in CASES:
        reason = split(x, *points)
        found = [one.verdict for one in opinions_on(prove(old, (new, reason)))]
        assert found == ["difference 0"], (old, new)
        places = substitutions(x, [as_node(point, "") for point in points], (old, wrong))
        opinions = [SecondOpinion(()).on_step(old.xreplace(one), wrong.xreplace(one)).verdict for one in places]
        assert "difference nonzero" in opinions


def test_the_derivative_of_exp():
    assert follows(derivative(exp(t**2), t), 2 * t * exp(t**2), differentiate)
    assert not follows(derivative(exp(t**2), t), exp(t**2), differentiate)
    assert follows(derivative(E(exp(z * t)), t), E(z * exp(z * t)), differentiate, linearity)


def test_words_refuse_what_they_do_not_take():
    for word in (exp, log, lambda u: power(u, k), lambda u: maximum(u, u)):
        with pytest.raises(ShapeError, match="of a scalar"):
            word(w)
    for exponent in (x, k * m, k / 2, t, sigma, 2 * k * k):
        with pytest.raises(NotationError, match="the exponent is a dimension"):
            power(x, exponent)
    with pytest.raises(NotationError, match="exact number"):
        exp(0.5)
    with pytest.raises(NotationError, match="write power"):
        x**k
    u = Symbol("u", real=True)
    with pytest.raises(NotationError, match="those of sympy"):
        function("A", log(1 + exp(u)))
    assert power(x, 3) == x**3
    assert follows(power(x, 2 * (k - m) + 3), power(x, 3) * power(x, 2 * k) / power(x, 2 * m), algebra)


def test_print():
    node = power(1 - x, 2 * k + 1) * exp(-(x**2) / 2) / maximum(log(p), minimum(x, 0)) ** 2
    assert set_line(node, "unicode") == "(1 − x)²ᵏ⁺¹ exp(−x²/2)/(max(log(p), min(x, 0)))²"
    assert set_line(node, "ascii") == "(1 - x)^(2 k + 1) exp(-x^2/2)/(max(log(p), min(x, 0)))^2"
    assert r"(1 - x)^{2 k + 1}" in set_line(node, "latex")
    assert r"\max(\log(p), \min(x, 0))" in set_line(node, "latex")
    assert set_line(power(x, dimension("q")), "unicode") == "x^q"


def test_a_refusal_is_readable():
    with pytest.raises(DerivationRejected, match="it would follow as  x"):
        prove(softplus(x) - softplus(-x), (2 * x, algebra))
    with pytest.raises(DerivationRejected) as refused:
        prove(power(x, k + 1) / (1 - exp(y)), (power(x, k), algebra))
    assert "#" not in str(refused.value)


def test_a_diagnosis_that_meets_new_functions_on_its_way():
    """The suggestion unfolds f: its exp(t/2) gives the field another variable after the residual was taken."""
    f = define("f", exp(x / 2) + z)
    line_ = E(f * exp(x))
    with pytest.raises(DerivationRejected, match="line 1 − line 2") as refused:
        prove(line_, (exp(x / 2) * exp(x) + E(z) * exp(x) + E(f), linearity), (E(z) * exp(x) + 1, definition))
    assert "#" not in str(refused.value)
    with pytest.raises(DerivationRejected, match="it would follow if it also cited  definition"):
        prove(line_, (exp(x / 2) * exp(x) + E(z) * exp(x), linearity))


def test_definitions_moments_and_particular_cases():
    f = define("f", log(1 + exp(t)), of=t)
    assert follows(f(x) - f(-x), x, definition)
    assert follows(exp(E(z)), exp(x), moment(E(z), x))
    assert not follows(exp(E(z)), exp(2 * x), moment(E(z), x))
    theorem = prove(softplus(x) - softplus(-x), (x, algebra))
    assert str(theorem.at({x: y - 1})) == "log(1 + exp(y − 1)) − log(1 + exp(−(y − 1))) = y − 1"
    with pytest.raises(NotationError, match="exp of y stands where"):
        theorem.at({x: exp(y)})
    other = prove(2 * softplus(x), (2 * softplus(-x) + 2 * x, algebra))
    assert follows(softplus(x), softplus(-x) + x, other)


def test_signs_of_the_new_nodes():
    theorem = prove(maximum(x, 0) * exp(x) + power(lam, k), (0, nonnegative))
    assert theorem.relation == "≥"
    for line_ in (minimum(lam, x), log(sigma), power(x, k)):
        with pytest.raises(DerivationRejected):
            prove(line_, (0, nonnegative))


def test_simplify_says_that_it_does_not_take_them():
    for line_, given in ((log(sigma), ()), (E(z), (moment(E(z), exp(x)),))):
        with pytest.raises(NotationError, match="simplify does not take"):
            simplify(line_, given=given)


def test_a_parameter_that_is_named_like_a_variable_of_the_kernel():
    forged = Symbol("_exp#0", positive=True)
    found = Chain(exp(x) * forged)
    with pytest.raises(NotationError, match="a name that the kernel keeps"):
        found.step(forged**2, [algebra])


def test_a_whole_number_of_either_sign_is_no_dimension():
    n = Symbol("n", integer=True)
    assert not follows(absolute(n + 0 * x), n + 0 * x, algebra)
    assert follows(absolute(k + 0 * x), k + 0 * x, algebra)
    with pytest.raises(NotationError, match="the exponent is a dimension"):
        power(x, n)


def test_a_domain_that_is_declared_later_is_used():
    chain = Chain(absolute(1 - eta.symbol))
    assert isinstance(chain.step(absolute(1 - 1 * eta.symbol), [algebra]), Step)  # nothing says yet that 1 − η > 0
    assert isinstance(chain.step(1 - eta, [algebra]), Step)


# ---- random lines against their values ------------------------------------------------------------------------


def checked(seed: int) -> str:
    """rejected, or accepted: then both sides are defined and equal wherever the side conditions hold."""
    random = Random(seed)
    old = line(random, random.choice([1, 2, 2, 3]))
    new = rewritten(random, old)
    chain = Chain(old)
    if not isinstance(chain.step(new, [algebra]), Step):
        return "rejected"
    theorem = chain.theorem()
    compared = 0
    for _ in range(25):
        at = point(random)
        try:
            if not allows(theorem.side_conditions, at):
                continue
            values = [value(side, at) for side in (old, new)]
        except OverflowError:
            continue
        except Undefined:
            raise AssertionError(f"{theorem} has no value at {at}") from None
        compared += 1
        gap = abs(values[0] - values[1]) / (1 + abs(values[0]) + abs(values[1]))
        assert gap < mpmath.mpf(10) ** -25, (str(theorem), at, values)
    return "accepted" if compared else "never allowed"


@pytest.mark.parametrize("block", range(4))
def test_random_lines(block):
    found = [checked(seed) for seed in range(100 * block, 100 * (block + 1))]
    assert found.count("accepted") > 40
    assert found.count("rejected") > 15


@pytest.mark.long
def test_many_random_lines():
    found = [checked(seed) for seed in range(10**6, 10**6 + 10_000)]
    assert found.count("rejected") > 2_000


def test_the_evaluator_sees_what_is_wrong():
    at = {**point(Random(1)), x: mpmath.mpf(-2), y: mpmath.mpf(3), sigma: mpmath.mpf(1) / 3}
    assert value(sqrt(x**2), at) == 2
    assert value(power(x, k - 1) if at[k] > 1 else x, at) is not None
    with pytest.raises(Undefined):
        value(log(x), at)
    with pytest.raises(ProofsheetError):
        prove(log(x**2), (2 * log(x), algebra))


# ---- by cases -------------------------------------------------------------------------------------------------

soft = sgn(x) * maximum(absolute(x) - lam, 0)
clipped = maximum(minimum(x, sigma), -sigma)
CASES = [
    ("positive and negative part", absolute(x), maximum(x, 0) + maximum(-x, 0), maximum(x, 0) - maximum(-x, 0), (0,)),
    ("soft threshold", soft, maximum(x - lam, 0) - maximum(-x - lam, 0), maximum(x - lam, 0), (-lam, 0, lam)),
    ("soft threshold and clipping", soft, x - maximum(minimum(x, lam), -lam), x - minimum(x, lam), (-lam, 0, lam)),
    ("clipping", 2 * clipped, absolute(x + sigma) - absolute(x - sigma), absolute(x) - sigma, (-sigma, sigma)),
    ("Huber", minimum(absolute(x), sigma) * (2 * absolute(x) - minimum(absolute(x), sigma)),
     x**2 - maximum(absolute(x) - sigma, 0) ** 2, x**2 - maximum(absolute(x) - sigma, 0), (-sigma, 0, sigma)),
    ("squares of the parts", maximum(x, 0) ** 2 + minimum(x, 0) ** 2, x**2, absolute(x), (0,)),
    ("hinge at a point", maximum(x, y), maximum(x - y, 0) + y, maximum(x - y, 0) - y, (y,)),
    ("a point between 0 and 1", absolute(x - p) + absolute(x - 1),
     2 * maximum(x, 1) + 2 * maximum(p, x) - 2 * x - p - 1 + 0 * minimum(x, p), 2 * maximum(x, 1) - p - 1, (p, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "wrong", "points"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_proofs_by_cases(old, new, wrong, points):
    reason = split(x, *points)
    assert follows(old, new, reason)
    theorem = prove(old, (new, reason))
    assert theorem.recheck().lines == theorem.lines
    found = verdict(old, wrong, reason)
    assert isinstance(found, StepRejected)
    assert "it does not follow" in found.why
    for _ in range(40):  # the false neighbour is false, the true line true
        at = point(Random(_))
        assert abs(value(old, at) - value(new, at)) < mpmath.mpf(10) ** -30
    assert any(abs(value(old, point(Random(n))) - value(wrong, point(Random(n)))) > 0.01 for n in range(40))


SPLIT_REFUSALS = [
    (absolute(x), maximum(x, 0), split(x, 0), "for x < 0"),
    (maximum(x, 0) * maximum(-x, 0) + sgn(x) ** 2, 1, split(x, 0), "for x = 0"),
    (maximum(x, 1), 1, split(x, 1), "for x > 1"),
    (maximum(minimum(x, 1), 0), x * maximum(minimum(x, 1), 0), split(x, 0, 1), "for x between 0 and 1"),
    (soft, maximum(x - lam, 0) - maximum(-x - lam, 0), split(x, -lam, lam), "for x between −λ and λ"),
    (soft, maximum(x - lam, 0) - maximum(-x - lam, 0), split(x, lam, 0, -lam), "does not show that λ ≤ 0"),
    (soft, maximum(x - lam, 0) - maximum(-x - lam, 0), split(x, 0, y), "does not show that 0 ≤ y"),
    (soft, maximum(x - lam, 0) - maximum(-x - lam, 0), split(x, 0, x + 1), "other than x"),
    (soft, maximum(x - lam, 0) - maximum(-x - lam, 0), split(x, 0, exp(y)), "no rational function"),
    (absolute(x) / x + maximum(x, 0), sgn(x) + (absolute(x) + x) / 2 + sgn(x) ** 2 - 1, split(x, 0), "which is zero"),
    (log(x), log(absolute(x)), split(x, 0), "it is negative"),
]


@pytest.mark.parametrize(("old", "new", "reason", "why"), SPLIT_REFUSALS)
def test_cases_that_do_not_hold_are_named(old, new, reason, why):
    found = verdict(old, new, reason)
    assert isinstance(found, StepRejected)
    assert why in found.why


def test_what_split_takes():
    for wrong in (sigma, z, k, x + 1):
        with pytest.raises(NotationError, match="any real number"):
            split(wrong, 0)
    with pytest.raises(NotationError, match="names the points"):
        split(x)
    forged = verdict(absolute(k), maximum(k, 0) + maximum(-k, 0) + absolute(x) - sgn(x), Split(k, (x,)))
    assert isinstance(forged, StepRejected)
    assert "in a real parameter" in forged.why
    found = verdict(soft + E(z), E(z) + maximum(x - lam, 0) - maximum(-x - lam, 0), split(x, -lam, 0, lam), linearity)
    assert isinstance(found, StepRejected)
    assert "cites its cases alone" in found.why


def test_cases_in_particular_and_with_names_that_are_taken():
    s, q = parameter("s"), parameter("q")
    theorem = prove(soft + s - q, (x - maximum(minimum(x, lam), -lam) + s - q, split(x, -lam, 0, lam)))
    assert theorem.at({lam: sigma}).right.has(sigma)
    with pytest.raises(NotationError, match="by cases in x"):
        theorem.at({x: 1})
    assert not prove(absolute(x), (maximum(x, -x), split(x, 0))).steps[0].needed  # algebra shows it


def test_a_coefficient_that_hides_the_parameter_is_split_too():
    hidden = absolute(x) * (x.symbol**2 + 1)
    assert follows(hidden, (maximum(x, 0) + maximum(-x, 0)) * (x**2 + 1), split(x, 0))
    assert not follows(hidden, (maximum(x, 0) + maximum(-x, 0)) * (x**2 + 2), split(x, 0))
    hidden = sgn(x.symbol) * maximum(absolute(x) - lam, 0)
    assert follows(hidden, maximum(x - lam, 0) - maximum(-x - lam, 0), split(x, -lam, 0, lam))
