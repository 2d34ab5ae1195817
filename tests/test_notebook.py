"""`proofsheet export --format notebook`: valid notebooks without outputs, which run from top to bottom."""

import json
import re
import sys
from xml.etree import ElementTree

import pytest
from programs import need
from test_cli import GOOD, ROOT, folder, run
from test_export import AWKWARD
from test_markdown import survive

from proofsheet import DerivationRejected, dimension, expand, norm2, parameter, prove, scalar, vector
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.errors import CallError
from proofsheet.formats import notebook
from proofsheet.formats.options import Options
from proofsheet.kernel.theorem import Chain
from proofsheet.render.reasons import describe_reason

nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")


def exported(tmp_path, *arguments):
    done = run("export", "--format", "notebook", *arguments, "-o", tmp_path)
    assert done.returncode == 0, done.err
    return {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}


def executed(path):
    """The notebook after a fresh kernel has run it in its own folder; an error in a cell is an error here."""
    need("nbclient", "ipykernel")
    import nbclient

    found = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(found, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    return {cell.id: cell.get("outputs", []) for cell in found.cells}


@pytest.fixture
def _our_package(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


class TestWhatIsWritten:
    def test_valid_and_without_outputs(self, tmp_path):
        files = exported(tmp_path)
        assert set(files) == {f"{name}.ipynb" for name in Catalogue(ROOT).names}
        for text in files.values():
            found = nbformat.reads(text, as_version=4)
            nbformat.validate(found)
            assert len({cell.id for cell in found.cells}) == len(found.cells)
            for cell in found.cells:
                if cell.cell_type == "code":
                    assert cell.outputs == []
                    assert cell.execution_count is None
                else:
                    assert survive(cell.source)[1] == []
            assert "Written by proofsheet export" in text

    def test_same_input_same_bytes(self, tmp_path):
        first = exported(tmp_path / "one", "ensemble_error", "l1_penalty_gradient")
        assert first == exported(tmp_path / "two", "ensemble_error", "l1_penalty_gradient")

    def test_cells(self, tmp_path):
        found = json.loads(exported(tmp_path, "l1_penalty_gradient")["l1_penalty_gradient.ipynb"])
        sources = {cell["id"]: "".join(cell["source"]) for cell in found["cells"]}
        assert sources["recheck"] == "theorem.recheck()"
        assert sources["components"] == "theorem.right.as_sympy(m=2, k=1)"
        assert "Catalogue()  # that of the package" in sources["load"]
        assert "check_of(entry)" in sources["numbers"]
        assert "$w_{k} \\neq 0$" in sources["statement"]

    def test_some_lines_and_letters(self, tmp_path):
        asked = ("gaussian_noise_mse", "--lines", "2,9", "--reasons", "letters")
        found = json.loads(exported(tmp_path, *asked)["gaussian_noise_mse.ipynb"])
        (derivation,) = ("".join(cell["source"]) for cell in found["cells"] if cell["id"] == "derivation")
        assert "(Shown are the lines 2 and 9 of 9: " in derivation
        assert "\\text{(a)}" in derivation

    def test_without_nbformat(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "nbformat", None)
        with pytest.raises(CallError, match=re.escape('pip install "proofsheet[notebook]"')):
            next(notebook.files([read(Catalogue(ROOT).select(["ensemble_error"])[0])], Options()))

    def test_awkward_words_and_places(self, tmp_path):
        place = tmp_path / 'it\'s "mine" é'
        place.mkdir()
        text = exported(tmp_path / "out", "--catalogue", folder(place, awkward=AWKWARD))["awkward.ipynb"]
        load = next(cell for cell in nbformat.reads(text, 4).cells if cell.id == "load").source
        compile(load, "load", "exec")
        assert repr("../" + place.name) in load
        assert "has no numeric check" in text


class TestRun:
    @pytest.mark.usefixtures("_our_package")
    @pytest.mark.parametrize("name", ["ensemble_error", "l1_penalty_gradient", "dropout_logistic_regression"])
    def test_in_a_fresh_kernel(self, name, tmp_path):
        exported(tmp_path, name)
        found = executed(tmp_path / f"{name}.ipynb")
        theorem = str(read(Catalogue(ROOT).select([name])[0]).theorem)
        assert found["load"][0]["data"]["text/plain"] == theorem
        assert found["recheck"][0]["data"]["text/plain"] == theorem
        assert "text/latex" in found["components"][0]["data"]
        assert "confirmed" in found["numbers"][0]["text"]

    @pytest.mark.usefixtures("_our_package")
    def test_a_catalogue_of_ones_own(self, tmp_path):
        place = tmp_path / "lecture 1"
        place.mkdir()
        exported(tmp_path / "out" / "week", "--catalogue", folder(place, mine=GOOD))
        assert (
            executed(tmp_path / "out" / "week" / "mine.ipynb")["load"][0]["data"]["text/plain"]
            == "(a + b)² = a² + 2 a b + b²"
        )
        with pytest.raises(Exception, match="is not a folder"):
            (tmp_path / "elsewhere" / "very" / "deep").mkdir(parents=True)
            moved = (tmp_path / "out" / "week" / "mine.ipynb").rename(
                tmp_path / "elsewhere" / "very" / "deep" / "mine.ipynb"
            )
            executed(moved)


class TestDisplay:
    def test_a_line(self):
        w, lam = vector("w", dimension("m")), parameter("lam")
        line = lam * norm2(w)
        assert line._repr_latex_() == r"$\displaystyle \lambda \lVert \mathbf{w} \rVert^{2}$"
        assert line._repr_markdown_() == line._repr_latex_()
        assert ElementTree.fromstring(line._repr_html_()).tag == "math"
        assert "<mi>λ</mi>" in line._repr_html_()

    @pytest.mark.parametrize("name", Catalogue(ROOT).names)
    def test_a_theorem(self, name):
        theorem = read(Catalogue(ROOT).select([name])[0]).theorem
        latex, text, html = theorem._repr_latex_(), theorem._repr_markdown_(), theorem._repr_html_()
        assert latex.startswith("$$\\begin{aligned}\n")
        assert latex.endswith("\\end{aligned}$$")
        assert latex.count("{") == latex.count("}")
        assert survive(text)[1] == []
        table = ElementTree.fromstring(html.replace("&emsp;", "\u2003"))
        assert len(table.findall(".//tr")) == len(theorem.lines)
        for assumption in theorem.assumptions:
            spoken = re.sub(
                r"</?span[^>]*>", "", describe_reason(assumption, "html")
            )  # they hold punctuation to formulas
            assert spoken in re.sub(r"</?span[^>]*>", "", html)
            assert describe_reason(assumption, "markdown") in text
        assert "Proved" in latex
        assert re.match(r"(Let .*|Throughout, .*)?Proved[ .,]", text)

    def test_what_is_said(self):
        def told(name):
            return read(Catalogue(ROOT).select([name])[0]).theorem._repr_markdown_().split("\n")[0]

        assert told("l1_penalty_gradient").endswith(" Proved, where $w_{k} \\neq 0$.")
        assert r"$\lambda > 0$" in told("l1_penalty_gradient")  # what parameters may be is a part of what is proved
        assert told("l2_penalty_gradient").endswith(" Proved.")
        assert " Proved modulo SymPy: $A_{B}''(t)" in told("dropout_logistic_regression")
        assert "under $\\mathbb{E}[\\varepsilon_{i}^{2}] = v$" in told("ensemble_error")
        assert told("ensemble_error").endswith("Here $\\varepsilon_{i} := \\hat{y} _ {i} - y$.")

    def test_what_is_not_proved_has_no_display_of_a_theorem(self):
        a, b = scalar("a"), scalar("b")
        rejected = Chain(a).step(b, ())
        with pytest.raises(DerivationRejected) as found:
            prove(a, (b, expand))
        for one in (rejected, found.value):
            assert not any(hasattr(one, f"_repr_{form}_") for form in ("latex", "markdown", "html"))
