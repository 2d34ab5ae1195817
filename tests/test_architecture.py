"""Who may import whom, who makes theorems, and how large the trusted part is; each check is seen to be able to fail."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "proofsheet"
NOTATION = "proofsheet.notation"
ERRORS = "proofsheet.errors"

ALLOWED = {
    "notation": {NOTATION, ERRORS},
    "kernel": {"proofsheet.kernel", NOTATION, ERRORS},
    "exact_models": {"proofsheet.exact_models", NOTATION, ERRORS},
    "explicit": {"proofsheet.explicit", NOTATION, ERRORS},
    "monte_carlo": {"proofsheet.monte_carlo", ERRORS},
    "closed_form": {"proofsheet.closed_form", "proofsheet.derivation", "proofsheet.kernel", NOTATION, ERRORS},
    "render": {"proofsheet.render", "proofsheet.kernel", "proofsheet.plain_text", NOTATION, ERRORS},
}
OUTSIDE = {
    "notation": {"sympy"},
    "kernel": {"sympy"},
    "exact_models": {"sympy"},
    "explicit": {"sympy"},
    "monte_carlo": {"numpy", "scipy", "mpmath", "threadpoolctl", "torch", "cupy"},
    "closed_form": {"sympy"},
    "render": {"sympy", "rich"},
}
NO_EVALUATION = {"eval", "exec", "sympify", "parse_expr", "parse_latex", "compile", "simplify", "nsimplify", "equals"}


def imports(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def forbidden(room: str, source: str) -> set[str]:
    """The imports of a file that its room does not allow; sympy.stats is allowed nowhere: it drops an E in silence."""
    bad = set()
    for name in imports(source):
        top = name.split(".")[0]
        if top == "proofsheet":
            if not any(name == allowed or name.startswith(allowed + ".") for allowed in ALLOWED[room]):
                bad.add(name)
        elif name.startswith("sympy.stats") or (top not in OUTSIDE[room] and top not in sys.stdlib_module_names):
            bad.add(name)
    return bad


def files(room: str) -> list[Path]:
    return sorted((PACKAGE / room).glob("*.py"))


@pytest.mark.parametrize("room", ALLOWED)
def test_imports_stay_in_their_rooms(room):
    assert files(room)
    for path in files(room):
        assert forbidden(room, path.read_text()) == set(), path.name


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("kernel", "from proofsheet.exact_models.laws import factored"),
        ("kernel", "import numpy"),
        ("kernel", "from proofsheet.slips import find_slip"),
        ("exact_models", "from proofsheet.kernel.normal_form import Algebra"),
        ("explicit", "from proofsheet.kernel.reasons import Moment"),
        ("explicit", "from proofsheet.exact_models.evaluate import evaluate"),
        ("explicit", "import sympy.stats"),
        ("monte_carlo", "import sympy"),
        ("closed_form", "from proofsheet.diagnosis import diagnose"),
        ("kernel", "from proofsheet.closed_form.read_back import read_back"),
        ("render", "from proofsheet.derivation import prove"),
        ("notation", "def f():\n    from proofsheet.kernel import rules"),
    ],
)
def test_the_import_check_can_fail(room, source):
    assert forbidden(room, source)


def loaded_at_run_time(source: str) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        call.args[0].value
        for call in calls
        if getattr(call.func, "id", getattr(call.func, "attr", "")) == "import_module"
    ]


def test_one_room_opens_another_at_run_time_in_one_place():
    """`line.as_sympy()` loads its room when it is asked for; nothing else goes round the imports."""
    found = {
        (path.name, name) for room in ALLOWED for path in files(room) for name in loaded_at_run_time(path.read_text())
    }
    assert found == {("tree.py", "proofsheet.explicit.lines")}


def test_render_calls_no_rule():
    for path in files("render"):
        assert not imports(path.read_text()) & {"proofsheet.kernel.lowering", "proofsheet.kernel.normal_form"}


def test_only_the_kernel_makes_theorems():
    for path in PACKAGE.rglob("*.py"):
        calls = [
            node
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Theorem"
        ]
        assert not calls or path.relative_to(PACKAGE).as_posix() == "kernel/theorem.py"


def test_the_package_names_no_identity():
    names = {path.stem for path in (ROOT / "proofs").glob("*.py")}
    examples = {"proofsheet/scripts.py", "proofsheet/catalogue.py", "proofsheet/pytest_plugin.py"}  # in docstrings
    for path in PACKAGE.rglob("*.py"):
        where = path.relative_to(ROOT).as_posix()
        if where not in examples and "_catalogue" not in where:
            assert not [name for name in names if name in path.read_text()], where


def test_proofs_and_checks_import_public_names_only():
    for path in (ROOT / "proofs").glob("*.py"):
        assert imports(path.read_text()) <= {"proofsheet", "sympy"}, path.name
    for path in (ROOT / "numeric_checks").glob("*.py"):
        assert imports(path.read_text()) <= {"proofsheet", "numpy", "math", "fractions"}, path.name
        assert f'proof("{path.stem}")' in path.read_text(), "a check reads its own proof"


def test_user_text_is_never_evaluated_and_the_kernel_has_no_heuristics():
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name == "compile" and getattr(getattr(node.func, "value", None), "id", "") == "re":
                    continue
                assert name not in NO_EVALUATION, f"{path.name}:{node.lineno} {name}"


def test_sizes():
    for path in PACKAGE.rglob("*.py"):
        lines = path.read_text().count("\n")
        assert lines <= (560 if path.name == "tree.py" else 480), f"{path.name}: {lines} lines"
    for folder, limit in (("proofs", 60), ("numeric_checks", 50)):
        for path in (ROOT / folder).glob("*.py"):
            assert _body_lines(path) <= limit, f"{path.name}: {_body_lines(path)} lines"


def _body_lines(path: Path) -> int:
    """Lines without the docstring, blank lines, imports and registered variants."""
    tree = ast.parse(path.read_text())
    skipped = set()
    for node in tree.body:
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_variants = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "variants"
        if is_docstring or is_variants or isinstance(node, (ast.Import, ast.ImportFrom)):
            skipped.update(range(node.lineno, node.end_lineno + 1))
    rows = path.read_text().splitlines()
    return sum(bool(row.strip()) and number not in skipped for number, row in enumerate(rows, 1))


def test_every_proof_has_its_check_and_no_stem_is_reserved():
    proofs = {path.stem for path in (ROOT / "proofs").glob("*.py")}
    assert proofs == {path.stem for path in (ROOT / "numeric_checks").glob("*.py")}
    assert not proofs & (set(sys.stdlib_module_names) | {"sympy", "numpy", "scipy", "click", "rich", "pytest"})


def test_no_public_name_is_a_module():
    import proofsheet

    modules = {path.stem for path in PACKAGE.glob("*.py")} | {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    assert not set(proofsheet.__all__) & modules
