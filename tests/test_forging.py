"""Attempts to get a theorem that says something false, or hides an assumption, through the public names and plain Python.

What goes through a constructor, a subclass or a dataclass is refused at once. What goes round them (`object.__setattr__`,
`object.__new__`, private lists) cannot be stopped in Python; deriving the theorem again finds it, and so does `check`.
"""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace

import pytest
from click.testing import CliRunner
from sympy import Basic, Float, Integer, Rational, Symbol, pi
from vocabulary import follows, noise_setting

from proofsheet import (
    AssumptionError,
    DerivationRejected,
    E,
    NotationError,
    ProofsheetError,
    Sum,
    Theorem,
    Var,
    absolute,
    algebra,
    define,
    definition,
    delta,
    derivative,
    distinct,
    function,
    index,
    linearity,
    moment,
    nonnegative,
    norm2,
    parameter,
    prove,
    random_scalar,
    remainder,
    scalar,
    trace,
)
from proofsheet.cli import main
from proofsheet.kernel import rules
from proofsheet.kernel.rules import ExponentialFamily, FunctionLemma, Independence, Linearity, Moment, Taylor
from proofsheet.kernel.theorem import Chain, Step, StepRejected
from proofsheet.notation import tree
from proofsheet.notation.functions import Function
from proofsheet.notation.indices import Distinct, Index
from proofsheet.notation.scope import random_variables
from proofsheet.notation.tree import ONE, Coefficient, Dimension, KroneckerDelta, Number, Parameter, Plus
from proofsheet.notation.variables import Constant, Defined, RandomVariable

s = noise_setting()
t, y, z, n, x, w, m, q = s.t, s.y, s.z, s.n, s.x, s.w, s.m, s.q
i, j, k, c = s.i, s.j, s.k, parameter("c")
A, square = function("A"), function("Q", Symbol("u", real=True) ** 2)
T, theta = random_scalar("T"), scalar("theta")


class Liar(Constant):
    """A vector that says it is a scalar."""

    __module__ = "proofsheet.notation.variables"

    @property
    def shape(self):
        return ONE, ONE


class Chameleon(Constant):
    """Equal to everything."""

    __module__ = "proofsheet.notation.variables"

    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(w)


class Three(Number):
    """A two whose value is three."""

    __module__ = "proofsheet.notation.variables"

    @property
    def value(self):
        return Integer(3)


class Borrowed(RandomVariable):
    """z under the name of y."""

    __module__ = "proofsheet.notation.variables"

    @property
    def name(self):
        return "y"


class Everywhere(Index):
    """An index with the name of another."""

    __module__ = "proofsheet.notation.variables"

    @property
    def name(self):
        return "i"


class Sly(Moment):
    """A moment with another right side each time it is asked."""

    def __getattribute__(self, name):
        return t if name == "right" else super().__getattribute__(name)


class Unfolding(Linearity):
    """Linearity that says it is `definition`."""

    def __eq__(self, other):
        return isinstance(other, rules.Definition)

    def __hash__(self):
        return hash(definition)


class Forged(Theorem):
    """A theorem that made itself."""

    def __init__(self, *lines):
        object.__setattr__(self, "lines", lines)
        for name in ("steps", "assumptions", "lemmas", "side_conditions", "values"):
            object.__setattr__(self, name, ())

    def recheck(self):
        return self


def conjured(*lines):
    """The same, without a subclass."""
    found = object.__new__(Theorem)
    Forged.__init__(found, *lines)
    return found


class TestSubclasses:
    @pytest.mark.parametrize(
        "node",
        [
            Liar("b", m, ONE) * t,
            Chameleon("b", ONE, ONE) * t,
            Three(2) * t,
            Borrowed("z", ONE, ONE) * t,
            w[Everywhere("j", m)],
        ],
        ids=["shape", "equality", "value", "name", "index"],
    )
    def test_of_nodes(self, node):
        with pytest.raises(NotationError, match="is no kind of node"):
            prove(node, (node * 1, algebra))
        with pytest.raises(NotationError, match="is no kind of node"):
            prove(w[i] * t, (t * w[i], algebra), (t * w[i] + node - node, algebra))

    @pytest.mark.parametrize("kind", [tree.Node, Constant, Number, Index, Distinct, Function])
    def test_that_do_not_claim_to_stand_in_the_package(self, kind):
        with pytest.raises(NotationError, match="its own kinds of nodes"):
            type("Mine", (kind,), {})

    @pytest.mark.parametrize(
        "reason",
        [
            Sly(E(y), Number(5)),
            Unfolding(),
            Forged(E(y) + t, t),
            type("Linearity", (), {})(),
            Linearity,
            "linearity",
            None,
        ],
        ids=["moment", "rule", "theorem", "a name", "a class", "a word", "nothing"],
    )
    def test_of_reasons(self, reason):
        with pytest.raises(NotationError, match="is not a reason"):
            prove(E(y) + t, (t + E(y), reason))

    def test_the_genuine_ones_are_accepted(self):
        assert follows(E(y) + t, 5 + t, moment(E(y), 5))
        assert follows(Var(y), E(y * y) - E(y) ** 2, definition, linearity)


BY_HAND = {
    "random value": Moment(E(y), z + 0 * t),
    "value with another index": Moment(E(n[i]), w[j]),
    "no expectation": Moment(y, Number(5)),
    "value of another shape": Moment(E(n), t),
    "no condition": Moment(E(n[i] * n[j]), t, ("i ≠ j",)),
    "condition of other indices": Moment(E(y), t, (distinct(i, j),)),
    "blocks that overlap": Independence(((y, z), (y,))),
    "one block": Independence(((y, z),)),
    "an independent constant": Independence(((y,), (t,))),
    "blocks that can be changed": Independence([[y], [z]]),
    "degree of a polynomial": Taylor(A, -1),
    "half a degree": Taylor(A, Rational(1, 2)),
    "family of a vector": ExponentialFamily(n, theta, A),
    "family of a known function": ExponentialFamily(T, theta, square),
    "family by a parameter": ExponentialFamily(T, c, A),
    "family by what is random": ExponentialFamily(T, y, A),
    "i unlike i": Basic.__new__(Distinct, i, i),
}


@pytest.mark.parametrize("reason", BY_HAND.values(), ids=BY_HAND)
def test_assumptions_built_by_hand_pass_the_same_checks(reason):
    with pytest.raises((NotationError, AssumptionError)):
        prove(E(y) + t, (t + E(y), reason))


def test_i_unlike_i_would_make_every_delta_vanish():
    with pytest.raises(NotationError, match="names one index twice"):
        prove(delta(i, j) * t, (0, BY_HAND["i unlike i"]))


def test_a_fake_lemma_does_not_hide_its_judge():
    """Whoever fills in what the judge was asked gets a theorem modulo that judge, and `check` asks the judge again."""
    from proofsheet.scalar_lemmas import holds

    left, right = square(t), 7 + 0 * t
    fake = FunctionLemma(left, right, "SymPy", (left, right))
    theorem = prove(square(z), (7 + 0 * z, fake))
    assert theorem.lemmas == (fake,)
    assert not holds(fake)
    with pytest.raises(AssumptionError, match="was not found true"):
        prove(square(z), (8 + 0 * z, replace(fake, right=8 + 0 * t)))


CONSTANTS = {
    "positive symbol of a real parameter": Parameter(Symbol("p", positive=True), "real"),
    "real symbol of a positive parameter": Parameter(Symbol("p", real=True), "positive"),
    "complex parameter": Parameter(Symbol("p"), "nonnegative"),
    "domain that is none": Parameter(Symbol("p", real=True), "huge"),
    "negative dimension": Dimension(Symbol("p", negative=True)),
    "real dimension": Dimension(Symbol("p", real=True)),
    "complex coefficient": Coefficient(Symbol("p") ** 2),
    "root of a coefficient": Coefficient(Symbol("p", real=True) ** Rational(1, 2)),
    "float in a coefficient": Coefficient(Symbol("p", real=True) + 0.5),
    "float": Basic.__new__(Number, Float(0.5)),
    "π": Basic.__new__(Number, pi),
    "sum of a vector and a scalar": trace(Basic.__new__(Plus, w, t).T @ w),
    "δ of two ranges": Sum(i, Basic.__new__(KroneckerDelta, i, i)) + Basic.__new__(KroneckerDelta, i, index("h", q)),
    "symmetric and not square": norm2(Constant("R", q, m, "symmetric")),
    "positive semidefinite and not square": norm2(Constant("R", q, m, "psd")),
    "structure that is none": norm2(Constant("R", m, m, "diagonal")),
    "a size that is no size": norm2(Constant("b", c, ONE)),
    "range of an index": Sum(Index("h", c), t),
    "definition of another shape": norm2(Defined("b", m, ONE, (), (), (), t)),
    "definition at another shape": Defined("b", ONE, ONE, (w,), (t,), (), norm2(w)),
    "look-alike letter": Constant("у", ONE, ONE),
    "letter without a width": Constant("t\u200b", ONE, ONE),
    "look-alike symbol": Coefficient(2 * Symbol("с", real=True)),
}


@pytest.mark.parametrize("node", CONSTANTS.values(), ids=CONSTANTS)
def test_nodes_built_by_hand_pass_the_same_checks(node):
    with pytest.raises(ProofsheetError):
        prove(node * t, (t * node, algebra))


def test_what_a_negative_dimension_would_prove():
    with pytest.raises(NotationError, match="not a positive whole number"):
        prove(CONSTANTS["negative dimension"] * 1, (0, nonnegative))


def test_the_order_of_a_remainder_stays_a_whole_number():
    line = remainder(A, 3, t, scalar("h"))
    for order in (Number(Rational(5, 2)), Number(0), t):
        with pytest.raises(NotationError, match="positive whole number"):
            line.xreplace({Number(3): order})


class TestDefinitions:
    def test_circular(self):
        inner = Defined("d", ONE, ONE, (), (), (), t)
        with pytest.raises(NotationError, match="two different things"):
            prove(Defined("d", ONE, ONE, (), (), (), inner + 1) * t, (t * 1, definition))

    def test_two_bodies_in_one_derivation(self):
        one, other = (Defined("d", ONE, ONE, (), (), (), body) for body in (t, t + 1))
        with pytest.raises(NotationError, match="two different things"):
            prove(define("e", one + 1) * other, (t, definition))


class TestNames:
    def test_equal_names_and_other_assumptions(self):
        for symbol in (Symbol("c", positive=True), Symbol("c", integer=True), Symbol("m", real=True)):
            with pytest.raises(NotationError, match="two different things"):
                prove(c * m * t, (Coefficient(symbol) * m * t + 0 * c, algebra))

    def test_truth_is_no_number(self):
        with pytest.raises(NotationError, match="True is not a line"):
            prove(t * True, (t, algebra))
        assert follows(t * Number(True), t, algebra)
        assert Number(True) == Number(1) != Number(2)

    def test_lines_with_names_exchanged_are_not_the_theorem(self):
        theorem = prove(E(n.T @ w) + t, (t, s.mean))
        assert not follows(theorem.left.xreplace({n: x}), t, theorem)
        assert not follows(Sum(j, E(n[j])) + t, t, prove(E(n[i]) + t, (t, s.mean)))


class TestWhatIsKeptAndChangedLater:
    def test_lists_of_reasons_and_values(self):
        reasons = [algebra]
        chain = Chain(t + y)
        chain.step(y + t, reasons)
        reasons.append(moment(E(y), 0))
        assert chain.theorem().steps[0].reasons == (algebra,)
        values = {c: 2}
        case = prove(c * t, (t * c, algebra)).at(values)
        values[c] = 5
        assert case.values == ((c, Number(2)),)

    def test_a_chain_goes_on_and_its_theorem_does_not(self):
        chain = Chain(t + y)
        chain.step(y + t, [algebra])
        theorem = chain.theorem()
        chain.step(y, [algebra])
        assert theorem.lines == (t + y, y + t)
        with pytest.raises(StepRejected):
            chain.theorem()

    def test_frozen(self):
        theorem = prove(E(y) + t, (t, moment(E(y), 0)))
        (step,) = theorem.steps
        for one, name in ((step, "needed"), (theorem.assumptions[0], "left"), (step, "relation")):
            with pytest.raises(FrozenInstanceError):
                setattr(one, name, ())
        with pytest.raises(AttributeError):
            w.shape = (ONE, ONE)
        with pytest.raises(TypeError):
            replace(theorem, lines=(t, y))


class TestWhatPythonCannotStopIsFoundByDerivingAgain:
    """Each of these makes an object that says something false; `recheck` refuses it, or says what is assumed."""

    mean = moment(E(y), 0)

    def honest(self):
        return prove(E(y) + t, (t, self.mean))

    @pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
    def test_a_copy_without_its_assumptions(self, copied):
        forged = copied(self.honest())
        object.__setattr__(forged, "assumptions", ())
        assert forged.recheck().assumptions == (self.mean,)
        assert prove(t + E(y), (t, forged)).recheck().assumptions == (self.mean,)

    def test_steps_that_need_nothing(self):
        forged = self.honest()
        object.__setattr__(forged, "steps", (replace(forged.steps[0], needed=()),))
        assert forged.recheck().assumptions == (self.mean,)

    def test_other_lines(self):
        forged = self.honest()
        forged.__dict__["lines"] = (E(y) + t, t + 1)
        with pytest.raises(StepRejected):
            forged.recheck()

    def test_a_verdict_slipped_into_a_chain(self):
        chain = Chain(t + y)
        chain._verdicts.append(Step(2, t + y, t, (algebra,), (algebra,), ()))
        with pytest.raises(StepRejected):
            chain.theorem().recheck()

    def test_an_assumption_changed_after_its_use(self):
        mean = moment(E(y), 0)
        theorem = prove(E(y) + t, (t, mean))
        object.__setattr__(mean, "left", E(z))
        with pytest.raises(StepRejected):
            theorem.recheck()

    @pytest.mark.parametrize("use", [lambda one: one, lambda one: one.as_moment()], ids=["cited", "as a moment"])
    def test_a_theorem_out_of_thin_air(self, use):
        theorem = prove(E(y) + t, (5 + t, use(conjured(E(y), Number(5)))))
        with pytest.raises(ProofsheetError, match="not made by the kernel"):
            theorem.recheck()

    def test_something_that_acts_as_a_theorem(self):
        class Duck:
            relation, left, right = "=", E(y), Number(5)
            lines, assumptions, lemmas, side_conditions = (left, right), (), (), ()

            def as_moment(self):
                return Moment(self.left, self.right, proved=self)

        with pytest.raises(AssumptionError, match="not what the theorem behind it says"):
            prove(E(y) + t, (5 + t, Duck().as_moment()))

    def test_check_says_so(self, tmp_path):
        """The proof layer of a script whose theorem was changed after it was derived."""
        (tmp_path / "proofs").mkdir()
        for line, name in (("t", "honest"), ("t + 1", "changed")):
            (tmp_path / "proofs" / f"{name}.py").write_text(SCRIPT.format(line))
        outcomes = {
            name: CliRunner().invoke(main, ["check", name, "--catalogue", str(tmp_path)])
            for name in ("honest", "changed")
        }
        assert outcomes["honest"].exit_code == 0, outcomes["honest"].output
        assert outcomes["changed"].exit_code != 0
        assert "rejected" in outcomes["changed"].output or "does not follow" in outcomes["changed"].output


SCRIPT = '''"""An expectation."""
from proofsheet import E, moment, prove, random_scalar, scalar, show, wrong

t, y = scalar("t"), random_scalar("y")
theorem = prove(E(y) + t, (t, moment(E(y), 0)))
object.__setattr__(theorem, "lines", (E(y) + t, {}))
variants = wrong((2 * t, "twice"))
show(__name__, theorem)
'''


class TestCaches:
    def test_nothing_can_equal_everything(self):
        """What was remembered of such a node would be said of every other: that y is not random, for example."""
        with pytest.raises(NotationError, match="its own kinds of nodes"):

            class Mask(Constant):
                def __eq__(self, other):
                    return True

                def __hash__(self):
                    return hash(y)

        assert random_variables(y) == {y}
        assert not follows(E(y * z), y * E(z), linearity)

    def test_equal_numbers_of_several_kinds(self):
        assert follows(2 * t, Number(2) * t, algebra)
        assert follows(Rational(4, 2) * t, t * 2, algebra)
        assert not follows(Number(True) * t, 2 * t, algebra)

    def test_threads(self):
        """Derivations side by side, in settings where one name stands for several things."""

        def derive(number):
            left = Symbol(f"p{number % 3}", real=True)
            value = tree.Parameter(left, "real")
            if number % 2:
                with pytest.raises(DerivationRejected):
                    prove(E(y * z) * value, (E(y) * E(z) * value, linearity))
                return prove(derivative(t**2, t) * value, (value * derivative(t**2, t), algebra)).assumptions
            mean = moment(E(y), value)
            return prove(E(y) ** 2 + t, (value**2 + t, mean)).assumptions == (mean,)

        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(derive, range(40)))
        assert found == [() if number % 2 else True for number in range(40)]


def test_nothing_negative_by_a_name():
    with pytest.raises(DerivationRejected):
        prove(absolute(c) * t, (c * t, algebra))
    assert isinstance(Function("A", A.shapes), Function)
