"""`proofsheet export --format html`: pages that are whole, say no more than is known, and need nothing from outside."""

import re
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from test_cli import ROOT, folder, run
from test_export import AWKWARD

from proofsheet import E, dimension, linearity, proof, prove, random_scalar
from proofsheet.catalogue import Catalogue, Entry
from proofsheet.entry_script import ProofScript, read
from proofsheet.errors import CallError
from proofsheet.evidence import Evidence, Layer, lost
from proofsheet.export import MARK, export
from proofsheet.formats.options import Options
from proofsheet.formats.site.evidence_rows import evidence_rows, status_of, summary
from proofsheet.formats.site.formulas import displayed
from proofsheet.formats.site.numeric_cases import numeric_cases
from proofsheet.formats.site.pages import page_of
from proofsheet.formats.site.snippets import sympy_code
from proofsheet.formats.site.wrong_lines import wrong_lines
from proofsheet.layers import EXISTING
from proofsheet.notation.styles import STYLES

LARGEST = 60_000
VOID = {"meta", "link", "input", "img", "br", "wbr", "hr", "mspace"}
FEW = ("gaussian_noise_mse", "ensemble_error")


class Parsed(HTMLParser):
    """The elements of a page with their attributes, its text, and what is wrong with how they are nested."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.wrong, self.words = [], [], [], []
        self.feed(text)
        self.wrong += [f"<{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def all(self, name):
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    def tags(self, wanted):
        return [attributes for tag, attributes in self.elements if tag == wanted]


def written(where, scripts, **options):
    export(scripts, "html", where, Options(**options))
    return {
        path.relative_to(where).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(where.rglob("*"))
        if path.is_file()
    }


def scripts_of(*names):
    return [read(entry).derived_again() for entry in Catalogue(ROOT).select(names)]


@pytest.fixture(scope="module")
def proved(tmp_path_factory):
    """The catalogue with its proofs only."""
    return written(tmp_path_factory.mktemp("proved"), scripts_of(), layers=("proof",))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Two identities with all evidence, without plots of what is drawn: those have a test of their own."""
    return written(tmp_path_factory.mktemp("whole"), scripts_of(*FEW), plots=False)


def pages(files):
    return {name: text for name, text in files.items() if name.endswith(".html")}


class TestTheFolder:
    def test_an_index_a_page_an_identity_and_assets(self, proved):
        names = {f"{name}.html" for name in Catalogue(ROOT).names}
        assert set(pages(proved)) == {"index.html", *names}
        assert {"assets/site.css", "assets/site.js"} <= set(proved)

    def test_every_file_says_who_wrote_it(self, proved):
        assert all(MARK.decode() in text for text in proved.values())

    def test_elements_are_nested_and_ids_are_unique(self, proved, whole):
        for name, text in [*pages(proved).items(), *pages(whole).items()]:
            page = Parsed(text)
            assert not page.wrong, name
            ids = page.all("id")
            assert len(ids) == len(set(ids)), name
            assert text.startswith("<!doctype html>\n")
            assert page.tags("html") == [{"lang": "en"}]

    def test_the_nesting_check_can_fail(self):
        assert Parsed("<p><b>x</p></b>").wrong
        assert Parsed("<p>x").wrong

    def test_links_lead_to_files_and_ids_of_the_folder(self, proved, whole):
        for files in (proved, whole):
            assert not [one for name in pages(files) for one in broken_links(files, name)]

    def test_the_link_check_can_fail(self):
        files = {"a.html": '<a href="b.html">b</a><a href="#c">c</a><img src="/d.svg"><a href="https://e.org">e</a>'}
        assert broken_links(files, "a.html") == ["b.html", "#c", "https://e.org", "/d.svg"]

    def test_headings_are_in_order_and_tables_have_heads(self, whole):
        for name, text in pages(whole).items():
            levels = [int(tag[1]) for tag, _ in Parsed(text).elements if re.fullmatch(r"h[1-6]", tag)]
            assert levels[0] == 1
            assert levels.count(1) == 1
            assert all(after <= before + 1 for before, after in pairwise(levels)), name
            assert all(one.get("scope") in ("col", "row") for one in Parsed(text).tags("th")), name
            assert all(one.get("alt") for one in Parsed(text).tags("img")), name

    def test_nothing_is_larger_than_a_page_may_be(self, proved, whole):
        for name, text in [*pages(proved).items(), *pages(whole).items()]:
            assert len(text.encode()) <= LARGEST, name

    def test_same_input_same_bytes(self, proved, tmp_path):
        assert written(tmp_path, scripts_of(), layers=("proof",)) == proved
        assert written(tmp_path, scripts_of(), layers=("proof",)) == proved  # over the files of the first time

    def test_no_place_and_no_date_of_this_machine(self, proved, whole):
        for text in [*proved.values(), *whole.values()]:
            assert str(ROOT) not in text
            assert "seconds" not in text

    def test_the_command(self, tmp_path):
        done = run("export", "l2_penalty_gradient", "--format", "html", "-o", tmp_path / "out")
        assert done.returncode == 0, done.err
        assert {"index.html", "l2_penalty_gradient.html"} <= {path.name for path in (tmp_path / "out").iterdir()}


def broken_links(files, page):
    """What a page refers to and the folder does not hold; addresses outside of the sources too."""
    found = []
    sources = files[page].partition('<section id="sources"')[2]
    outside = set(Parsed(sources.partition("</section>")[0]).all("href"))
    parsed = Parsed(files[page])
    for link in parsed.all("href") + parsed.all("src"):
        parts = urlsplit(link)
        if link == "data:," or link in outside:
            continue
        target = unquote(parts.path) or page
        ids = Parsed(files.get(target, "")).all("id") if target.endswith(".html") else []
        if parts.scheme or parts.netloc or target not in files or (parts.fragment and parts.fragment not in ids):
            found.append(link)
    return found


class TestThePage:
    def test_every_line_of_every_theorem_is_there(self, proved):
        for script in scripts_of():
            text = proved[f"{script.name}.html"]
            for theorem in script.theorems.values():
                for line in theorem.lines:
                    assert str(displayed(line)) in text, (script.name, str(line))

    def test_pieces_are_the_whole_line(self):
        """A line in pieces holds the letters of the line in one, in the same order."""
        for script in scripts_of():
            for theorem in script.theorems.values():
                for line in theorem.lines:
                    joined = re.sub(r"<[^>]*>", "", str(displayed(line)))
                    assert joined == re.sub(r"<[^>]*>", "", STYLES["html"].line(line)), str(line)

    def test_a_line_without_outer_signs_is_broken_in_its_brackets(self):
        """Also in one that is not its last factor; a page that is too narrow would hide the end of the line."""
        line = proof("ridge_push_through").theorem.lines[1]
        first, *later = re.findall(r"<math.*?</math>", str(displayed(line)))
        assert len(later) == 3, "one at each of its signs"
        assert re.sub(r"<[^>]*>", "", first).count("+") == 0
        assert str(displayed(dimension("k"))).count("<math") == 1

    def test_lines_have_numbers_and_anchors(self, proved):
        page = Parsed(proved["dropout_glm_penalty.html"])
        assert {"line-1", "line-7", "corollary-unit-mean-line-2", "corollary-variance-line-3"} <= set(page.all("id"))
        assert "line-8" not in page.all("id")
        assert [one["class"] for one in page.tags("table")].count("derivation") == 3

    def test_what_is_declared_assumed_and_defined(self, proved):
        text = Parsed(proved["ensemble_error.html"]).text
        assert "be a positive integer" in text
        assert "The assumptions can hold only where" in text
        assert "Whitehill (CS/DS 541, class 14)" in text
        assert "is twice differentiable" in Parsed(proved["dropout_glm_penalty.html"]).text
        assert "By SymPy," in Parsed(proved["dropout_logistic_regression.html"]).text
        assert "for the Taylor remainder" in Parsed(proved["dropout_glm_penalty.html"]).text

    def test_cards_say_what_breaks(self, whole):
        text = Parsed(whole["gaussian_noise_mse.html"]).text
        card = text[text.index("What each assumption is for") : text.index("Wrong lines", text.index("What each"))]
        assert card.count("needed In the law below") == 3
        for words in ("probability", "1/2 −1 1 −1", "left side 1 right side 3", "first line that breaks line 7"):
            assert words in card, words

    def test_the_index_lists_all_and_can_be_searched_without_a_server(self, proved):
        page = Parsed(proved["index.html"])
        assert [one["href"] for one in page.tags("a") if one["href"].endswith(".html")] == [
            f"{name}.html" for name in Catalogue(ROOT).names
        ]
        assert len(page.all("data-search")) == len(Catalogue(ROOT).names)
        assert any("Bishop (1995)" in words and "alpha" in words for words in page.all("data-search"))
        assert page.tags("form")[0]["hidden"] is None  # shown by the script, which it needs
        assert "fetch" not in proved["assets/site.js"]

    def test_no_style_and_no_script_from_elsewhere(self, proved):
        for name in ("assets/site.css", "assets/site.js"):
            assert not re.search(r"https?:|@import|url\(|eval\(|innerHTML", proved[name])


class TestWhatIsKnown:
    def test_what_was_not_run_is_not_checked(self, proved):
        for name, text in pages(proved).items():
            rows = {one["data-layer"]: one["data-status"] for one in Parsed(text).tags("tr") if "data-layer" in one}
            if name != "index.html":
                assert rows == {"proof": "passed", **dict.fromkeys(EXISTING[1:], "unchecked")}
                assert "1 of 7 checks passed, 6 not run" in Parsed(text).text
                wrong = text.partition('<section id="wrong"')[2].partition("</section>")[0]
                assert 'class="status passed"' not in wrong

    def test_what_was_run_has_passed(self, whole):
        rows = {
            one["data-layer"]: one["data-status"]
            for one in Parsed(whole["ensemble_error.html"]).tags("tr")
            if "data-layer" in one
        }
        assert rows == dict.fromkeys(EXISTING, "passed")
        wrong = whole["ensemble_error.html"].partition('<section id="wrong"')[2]
        assert wrong.count("refused</span>") == 11

    @pytest.mark.parametrize(
        ("layer", "status"),
        [
            ("not checked", "unchecked"),
            ("does not apply", "inapplicable"),
            ("undecided", "undecided"),
            ("anything else", "undecided"),
            (Layer("error", False), "error"),
            (Layer("rejected", False), "failed"),
            (Layer("undecided", False, undecided=True), "undecided"),
            (Layer("proved", True), "passed"),
        ],
    )
    def test_only_what_is_healthy_has_passed(self, layer, status):
        assert status_of(layer) == status

    def test_errors_and_limits_are_told(self):
        entry = Catalogue(ROOT).select(["ensemble_error"])[0]
        stopped = lost(entry, "stopped at the limit of 60 s", EXISTING)
        assert summary(stopped).status == "undecided"
        assert {row.message for row in evidence_rows(stopped)} == {"stopped at the limit of 60 s"}
        layers = {
            **dict.fromkeys(EXISTING, "not checked"),
            "monte_carlo": Layer("error", False, message="ensemble_error: <b>no</b>"),
        }
        broken = Evidence("ensemble_error", "t", layers, "error", {"where": "x", "message": "y"})
        (script,) = scripts_of("ensemble_error")
        assert summary(broken).status == "error"
        assert page_of(script, broken, None).evidence[6].message == "ensemble_error: <b>no</b>"
        assert not list(numeric_cases(broken))

    def test_a_bad_layer_is_shown_and_escaped(self, tmp_path, monkeypatch):
        (script,) = scripts_of("l2_penalty_gradient")
        layers = {
            **dict.fromkeys(EXISTING, "not checked"),
            "exact": Layer("refuted", False, message="1 < 2 & <b>no</b>"),
        }
        found = {script.name: Evidence(script.name, "t", layers, "exact: refuted")}
        monkeypatch.setattr("proofsheet.formats.html.evidence_of", lambda *_: found)
        text = written(tmp_path, [script], plots=False)["l2_penalty_gradient.html"]
        assert '<tr data-layer="exact" data-status="failed">' in text
        assert '<span class="status failed">exact: refuted</span>' in text
        assert "1 &lt; 2 &amp; &lt;b&gt;no&lt;/b&gt;" in text

    def test_a_variant_that_nobody_refutes_is_no_pass(self):
        (script,) = scripts_of("gaussian_noise_mse")
        mistakes = [one.mistake for one in script.variants]
        facts = {"variants": {"unseen": {mistakes[0]: "why"}, "not_refuted": [mistakes[1]], "untried": [mistakes[2]]}}
        evidence = Evidence(
            script.name,
            "t",
            {**dict.fromkeys(EXISTING, "not checked"), "monte_carlo": Layer("undecided", False, True, facts)},
        )
        cells = [one.sampled.status for one in wrong_lines(script, evidence)]
        assert cells[:4] == ["inapplicable", "undecided", "unchecked", "passed"]
        assert {one.kernel.status for one in wrong_lines(script, evidence)} == {"unchecked"}

    def test_a_theorem_without_a_file_is_not_checked(self, tmp_path):
        a = random_scalar("a")
        script = ProofScript("by hand", "By <hand>.", prove(E(a + a), (2 * E(a), linearity)), {}, (), ())
        files = written(tmp_path, [script])
        assert "by%20hand.html" in files
        assert 'href="by%2520hand.html"' in files["index.html"]
        assert 'data-status="passed"' not in files["by%20hand.html"]
        assert "By &lt;hand&gt;" in files["by%20hand.html"]


class TestAwkwardWords:
    def test_all_is_escaped(self, tmp_path):
        scripts = tmp_path / "scripts"
        scripts.mkdir()
        text = AWKWARD.replace("50% of", '50% <script>alert(1)</script> "of" &amp;')
        entry = Catalogue(folder(scripts, awkward=text)).entries[0]
        files = written(tmp_path / "out", [read(entry)], layers=("proof",))
        page = Parsed(files["awkward.html"])
        assert not page.wrong
        assert [one.get("src") for one in page.tags("script")] == ["assets/site.js"]
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in files["awkward.html"]
        assert '50% <script>alert(1)</script> "of" &amp; ‖w‖² & "more_" #1' in page.text
        assert "corollary-50-of-the-100-line-2" in page.all("id")
        assert not [one for name in pages(files) for one in broken_links(files, name)]

    def test_the_index_is_not_written_over(self, tmp_path):
        (script,) = scripts_of("l2_penalty_gradient")
        renamed = ProofScript("index", script.documentation, script.theorem, {}, (), ())
        with pytest.raises(CallError, match="written over by the index"):
            export([renamed], "html", tmp_path / "out")
        assert not (tmp_path / "out").exists()


class TestSympy:
    def test_the_code_says_what_the_line_is(self):
        """Every snippet runs, and gives the line in components, with E of an unknown function for expectations."""
        from sympy import Function, preorder_traversal

        from proofsheet.explicit.lines import dimension_names
        from proofsheet.explicit.means import Mean
        from proofsheet.notation.scope import free_indices

        count = 0
        for script in scripts_of():
            for line in script.theorem.lines:
                code = sympy_code(line)
                if not code:
                    continue
                *rows, last = code.split("\n")
                names = {}
                exec("\n".join(rows), names)  # our own text
                found = eval(last, names)
                given = {**dict.fromkeys(dimension_names(line), 2), **{one.name: 1 for one in free_indices(line)}}
                meant = line.as_sympy(**given)
                entries = list(meant) if hasattr(meant, "shape") else [meant]
                means = {
                    one: Function("E")(one.integrand)
                    for entry in entries
                    for one in preorder_traversal(entry)
                    if isinstance(one, Mean)
                }
                read_back = list(found) if hasattr(found, "shape") else [found]
                for got, entry in zip(read_back, entries, strict=True):  # SymPy may multiply a number out as it reads
                    assert (got - entry.xreplace(means)).expand() == 0, str(line)
                count += 1
        assert count > 45

    def test_no_code_where_there_is_none(self):
        m = dimension("m")
        from proofsheet import Sum, index, parameter, vector

        i, x = index("i", m), vector("x", m)
        assert sympy_code(Sum(i, x[i])).endswith("x_1 + x_2")
        assert sympy_code(parameter("lambda") * x[i]) == ""  # a keyword
        long = sum((vector(f"v{number}_of_a_long_name", m).T @ x for number in range(40)), x.T @ x)
        assert sympy_code(long) == ""

    def test_an_equation(self):
        (script,) = scripts_of("l2_penalty_gradient")
        code = sympy_code(script.theorem.left, script.theorem.right)
        assert code.split("\n")[-1].startswith("Eq(Matrix(")


class TestPlots:
    def test_a_plot_stands_beside_its_page(self, tmp_path):
        pytest.importorskip("matplotlib")
        files = written(tmp_path, scripts_of("multi_output_noise_mse"), layers=("monte_carlo",))
        assert "plots/multi_output_noise_mse.svg" in files
        (image,) = Parsed(files["multi_output_noise_mse.html"]).tags("img")
        assert image["src"] == "plots/multi_output_noise_mse.svg"
        assert image["alt"].startswith("Running estimate of")
        assert not broken_links(files, "multi_output_noise_mse.html")

    def test_plots_can_be_left_out(self, whole):
        assert not [name for name in whole if name.startswith("plots/")]
        assert "<img" not in whole["gaussian_noise_mse.html"]


@pytest.mark.parametrize(("missing", "words"), [("jinja2", r"proofsheet\[site\]"), ("matplotlib", "without plots")])
def test_a_missing_package_is_named(missing, words, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(CallError, match=words):
        export(scripts_of("l2_penalty_gradient"), "html", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_rejected_script_leaves_no_site(tmp_path):
    from test_cli import GOOD, WRONG_LINE

    scripts = tmp_path / "scripts"
    scripts.mkdir()
    place = folder(scripts, good=GOOD, wrong=WRONG_LINE)
    done = run("export", "--format", "html", "--catalogue", place, "-o", tmp_path / "out")
    assert done.returncode == 1
    assert "nothing was written" in done.err
    assert not (tmp_path / "out").exists()


def test_entries_know_where_they_were_read():
    (script,) = scripts_of("ensemble_error")
    assert isinstance(script.entry, Entry)
    assert Path(script.entry.proof).name == "ensemble_error.py"
