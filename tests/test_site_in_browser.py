"""The exported site as a reader meets it in Chromium: opened from the disk, without a network.

Every check runs on the site as it is written, and on a copy that is broken on purpose, where it must complain.
"""

import ast
import re
import shutil

import pytest
import site_checks
from browser import chromium
from programs import need

from proofsheet import proof
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.export import export
from proofsheet.formats.options import Options
from proofsheet.notation.text import set_line


@pytest.fixture(scope="module")
def browser():
    need("chromium", "playwright", "axe_playwright_python")
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    scripts = [read(entry) for entry in Catalogue().select([])]
    export(scripts, "html", folder, Options(layers=("proof",)))
    return folder


@pytest.fixture
def small(site, tmp_path):
    """A copy of the site that may be broken: the index, one page, and what they load, or all of it."""

    def copy(page="index.html", body="", style="", whole=False):
        kept = {"index.html", PAGE}
        left_out = [] if whole else [one.name for one in site_checks.pages(site) if one.name not in kept]
        shutil.copytree(site, tmp_path / "small", ignore=shutil.ignore_patterns(*left_out))
        broken = tmp_path / "small" / page
        text = broken.read_text(encoding="utf-8")
        assert text.count("</main>") == 1
        broken.write_text(text.replace("</main>", f"<style>{style}</style>{body}</main>"), encoding="utf-8")
        return tmp_path / "small"

    return copy


PAGE = "ensemble_error.html"
WORD = "dropout"
TALL = "<mfrac><mi>a</mi><mfrac><mi>b</mi><mi>c</mi></mfrac></mfrac>"
DEAF = "addEventListener('input', event => event.stopImmediatePropagation(), true)"


class TestTheSite:
    def test_it_has_a_page_for_every_identity(self, site):
        assert {page.stem for page in site_checks.identities(site)} == set(Catalogue().names)

    def test_links(self, site):
        assert site_checks.broken_links(site) == []

    def test_console_and_network(self, browser, site):
        assert site_checks.noise(browser, site) == []

    def test_formulas(self, browser, site):
        assert site_checks.formulas(browser, site) == []

    def test_widths(self, browser, site):
        assert site_checks.too_wide(browser, site) == []

    def test_search(self, browser, site):
        assert site_checks.search(browser, site, WORD) == []

    def test_keyboard(self, browser, site):
        assert site_checks.keyboard(browser, site) == []

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_accessibility(self, scheme, browser, site):
        assert site_checks.accessibility(browser, site, scheme) == []

    def test_light_and_dark(self, browser, site):
        assert site_checks.schemes(browser, site) == []

    def test_on_paper(self, browser, site):
        assert site_checks.on_paper(browser, site) == []

    def test_without_scripts(self, browser, site):
        assert site_checks.without_scripts(browser, site) == []


class TestCopyButtons:
    @pytest.mark.parametrize("clipboard", [True, False])
    def test_what_they_copy(self, clipboard, browser, site):
        found = site_checks.copied(browser, site / PAGE, clipboard)
        latex = [text for name, text in found.items() if "latex" in name.lower()]
        python = [text for name, text in found.items() if "sympy" in name.lower()]
        assert len(latex) + len(python) == len(found)
        assert {set_line(line, "latex") for line in proof("ensemble_error").theorem.lines} < set(latex)
        assert "nothing was copied" not in latex
        assert python
        assert all(ast.parse(text).body for text in python)

    def test_they_answer_to_the_keyboard(self, browser, site):
        found = site_checks.copied(browser, site / PAGE, keys=4)
        assert len(found) == len(set(found.values())) == 4
        assert "nothing was copied" not in found.values()

    def test_a_button_that_copies_nothing_is_seen(self, browser, small):
        broken = small(PAGE, body="<button>Copy LaTeX of nothing</button>")
        assert "nothing was copied" in site_checks.copied(browser, broken / PAGE).values()


class TestChecksCanFail:
    @pytest.mark.parametrize(
        ("address", "complaint"),
        [
            ("nowhere.html", True),
            ("#nowhere", True),
            (f"{PAGE}#nowhere", True),
            ("../../../../../etc/hostname", True),
            ("javascript:0", True),
            (PAGE, False),
            ("https://example.org/", False),
            ("#there", False),
        ],
    )
    def test_links(self, address, complaint, small):
        found = site_checks.broken_links(small(body=f'<a id="there" href="{address}">x</a>'))
        assert (f"index.html: {address} leads nowhere" in found) == complaint

    @pytest.mark.parametrize(
        ("body", "complaint"),
        [
            ("<script>console.error('a fault')</script>", "console: a fault"),
            ("<script>console.warn('a fault')</script>", "console: a fault"),
            ("<script>nothing()</script>", "exception: nothing is not defined"),
            ("<script>Promise.reject(new Error('late'))</script>", "exception: late"),
            ('<img alt="" src="https://example.org/a.png">', "request to elsewhere: https://example.org/a.png"),
            ('<img alt="" src="nowhere.png">', "not loaded: "),
            ("<script>alert('hello')</script>", "dialog: hello"),
        ],
    )
    def test_console_and_network(self, body, complaint, browser, small):
        assert any(one.startswith(complaint) for one in site_checks.noise(browser, small(body=body)))

    def test_talk_that_is_no_fault(self, browser, small):
        assert site_checks.noise(browser, small(body="<script>console.log('all is well')</script>")) == []

    @pytest.mark.parametrize(
        ("body", "complaint"),
        [
            ("<math><mfrac style='display:inline math'><mi>a</mi><mi>b</mi></mfrac></math>", None),
            ("<math><mfrac style='display:inline-flex'><mi>a</mi><mi>b</mi></mfrac></math>", "denominator not below"),
            ("<math style='display:none'><mi>a</mi></math>", "not shown"),
            ("<math></math>", "too small"),
            ("<math style='font-size:6px'><mi>abc</mi></math>", "too small"),
            ("<math><mi>\\frac</mi></math>", "TeX left"),
            ("<math><merror><mi>a</mi></merror></math>", "error in the formula"),
            (f"<math><mo>(</mo>{TALL}<mo>)</mo></math>", None),
            (f"<math><mo>(</mo>{TALL}<msup><mo stretchy='false'>)</mo><mn>2</mn></msup></math>", "unlike heights"),
            ("<math><mover><mi>y</mi><mo>^</mo></mover></math>", None),
        ],
    )
    def test_formulas(self, body, complaint, browser, small):
        found = "; ".join(site_checks.formulas(browser, small(PAGE, body=body)))
        assert complaint in found if complaint else found == ""

    @pytest.mark.parametrize(
        ("body", "complaint"),
        [
            ("<div style='width:800px'>x</div>", ("at 360", "at 768")),
            ("<div style='width:340px;position:relative;left:100px'>x</div>", ("at 360",)),
            ("<div style='width:300px;overflow:hidden'><div style='width:310px'>x</div></div>", ("cuts its content",)),
            ("<div style='max-width:100%;overflow-x:auto'><div style='width:2000px'>x</div></div>", ()),
        ],
    )
    def test_widths(self, body, complaint, browser, small):
        found = "; ".join(site_checks.too_wide(browser, small(body=body)))
        assert all(one in found for one in complaint) if complaint else not found

    @pytest.mark.parametrize(
        ("fault", "complaint"),
        [
            ({"body": f"<script>{DEAF}</script>"}, "'ensemble' shows 14 of 14"),
            ({"body": "<script>document.getElementById('hits').id = 'other'</script>"}, "and it says ''"),
            ({"style": "form [role=status] {display: none !important}"}, "1 boxes and 0 elements of the role status"),
            ({"style": "[role=search] {display: none !important}"}, "0 boxes and 0 elements"),
            ({"style": "main a[href] {display: none}"}, "the index does not list every page"),
        ],
    )
    def test_search(self, fault, complaint, browser, small):
        assert complaint in "; ".join(site_checks.search(browser, small(**fault, whole=True), "ensemble"))

    def test_a_search_that_works(self, browser, small):
        assert site_checks.search(browser, small(whole=True), "ensemble") == []

    @pytest.mark.parametrize(
        ("body", "complaint"),
        [
            ("<button tabindex='-1'>lost</button>", "Tab does not reach 'button lost'"),
            (
                "<a href='index.html' style='outline:none!important;box-shadow:none!important'>dim</a>",
                "nothing shows that 'a dim'",
            ),
            ("<button>found</button>", ""),
        ],
    )
    def test_keyboard(self, body, complaint, browser, small):
        found = "; ".join(site_checks.keyboard(browser, small(body=body)))
        assert complaint in found if complaint else found == ""

    @pytest.mark.parametrize(
        ("body", "rule"),
        [
            ("<button></button>", "button-name"),
            ("<p><input></p>", "label"),
            ("<p style='color:#888;background:#999'>words</p>", "color-contrast"),
            ("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='>", "image-alt"),
        ],
    )
    def test_accessibility(self, body, rule, browser, small):
        assert any(rule in one for one in site_checks.accessibility(browser, small(body=body), "light"))

    def test_accessibility_in_the_dark(self, browser, small):
        style = "@media (prefers-color-scheme: dark) {#dim {color: #333 !important; background: #222 !important}}"
        broken = small(body="<p id='dim' style='color:#000;background:#fff'>words</p>")
        assert site_checks.accessibility(browser, broken, "dark") == []
        broken = restyled(broken, style)
        assert site_checks.accessibility(browser, broken, "light") == []
        assert any("color-contrast" in one for one in site_checks.accessibility(browser, broken, "dark"))

    def test_light_and_dark(self, browser, small):
        found = site_checks.schemes(browser, small(style="body {background: #fff !important; color: #000 !important}"))
        assert found == ["index.html is not dark: paper 255, ink 0"]

    def test_on_paper(self, browser, small):
        broken = small(
            PAGE, body="<button style='display:block!important'>Press</button><math style='display:none'></math>"
        )
        found = site_checks.on_paper(browser, broken)
        assert any("'Press' is shown" in one for one in found)
        assert any("formulas are shown" in one for one in found)

    def test_without_scripts(self, browser, small):
        broken = small(
            PAGE, body="<button style='display:block!important'>Press</button>", style="math {display: none}"
        )
        found = site_checks.without_scripts(browser, broken)
        assert any("'Press' is shown" in one for one in found)
        assert any(re.search(": 0 of \\d+ formulas are shown", one) for one in found)


def restyled(site, style):
    index = site / "index.html"
    index.write_text(
        index.read_text(encoding="utf-8").replace("</main>", f"<style>{style}</style></main>"), encoding="utf-8"
    )
    return site
