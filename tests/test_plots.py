"""Pictures of numeric checks: what is drawn is what was found, the same verdicts give the same bytes, errors write nothing."""

import re
import subprocess
import sys
import warnings
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from pathlib import Path

import pytest
from test_cli import run
from test_numeric_layer import CAUGHT, HIDDEN, Said, Says

from proofsheet import dimension, matrix, norm2, ones, zeros
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.errors import CallError
from proofsheet.notation.text import set_line
from proofsheet.numeric.checks import VariantSeen, cases
from proofsheet.pictures import Estimate, Order, apart, picture, typeset
from proofsheet.plots import checked_format, panels_of, theorem_text
from proofsheet.scaffold import CHECK, PROOF

pytest.importorskip("matplotlib", reason="pictures need the extra `plot`")


ROWS = tuple((float(n), 0.5 / n, 0.5 / n - 3 / n**0.5, 0.5 / n + 3 / n**0.5) for n in range(1, 200, 3))
ESTIMATE = Estimate(
    "noise, case m_64", "confirmed", "α‖w‖²", "0.26", ROWS, 0.01, ((0.5, "half", True), (-0.5, "sign", False))
)
ORDER = Order(
    "dropout", "confirmed", tuple((2.0**-k, 8.0**-k, 8.0**-k, 8.0**-k, 3.0 if k else None) for k in range(5)), 3
)
MAGIC = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@dataclass(frozen=True)
class Drawn(Said):
    """A verdict with a path: 10 draws in each replicate."""

    path: tuple = ((1, 1.5, 0.5, 2.5), (50, 1.1, 0.8, 1.4), (100, 1.02, 0.9, 1.1))


@dataclass(frozen=True)
class Falls(Said):
    orders: tuple = ORDER.rows
    order: int = 3
    scaled: tuple = ("beta",)


class TestPictures:
    @pytest.mark.parametrize("form", MAGIC)
    @pytest.mark.parametrize("panels", [[ESTIMATE], [ORDER], [ESTIMATE, ORDER]])
    def test_the_same_panels_give_the_same_bytes(self, form, panels):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            drawn = picture("E[x] = m\nx = y", panels, form)
        assert drawn.startswith(MAGIC[form])
        assert drawn == picture("E[x] = m\nx = y", panels, form)
        assert not re.search(rb"20[2-9]\d-\d\d-\d\d|CreationDate", drawn)

    def test_a_users_settings_change_nothing(self):
        import matplotlib

        plain = picture("E[x]", [ESTIMATE], "png")
        with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black"}):
            assert picture("E[x]", [ESTIMATE], "png") == plain
            assert matplotlib.rcParams["font.size"] == 30, "and are left as they were"

    @pytest.mark.parametrize(
        "other",
        [
            {"tolerance": 0.02},
            {"variants": ()},
            {"rows": ROWS[:-5]},
            {"caption": "refuted"},
            {"variants": ((0.5, "half", False), (-0.5, "sign", False))},
        ],
    )
    def test_what_is_found_is_what_is_drawn(self, other):
        assert picture("E", [ESTIMATE], "svg") != picture("E", [Estimate(**{**vars(ESTIMATE), **other})], "svg")

    @pytest.mark.parametrize("last", [(-0.73, -0.74, -0.72), (57.0, 50.0, 64.0), (-0.73, float("-inf"), 0.1)])
    def test_the_last_band_is_on_the_axis(self, last, monkeypatch):
        """A refuted closed form may be farther off than every wrong variant: that is what the picture is for."""
        from matplotlib.figure import Figure

        seen = []
        monkeypatch.setattr(Figure, "savefig", lambda self, *_, **__: seen.append(self.axes[0].get_ylim()))
        refuted = Estimate(**{**vars(ESTIMATE), "rows": (*ROWS, (200.0, *last)), "variants": ((0.5, "half", True),)})
        picture("E", [refuted], "svg")
        ((low, high),) = seen
        assert all(low < place < high for place in last if isfinite(place))

    def test_a_caption_ends_before_the_edge(self, monkeypatch):
        from matplotlib.figure import Figure

        words = (
            "confirmed by e-process, non-asymptotic: N = 1,718,320, tolerance 0.25 %, error rate 1.4e-11, seed 20250101"
        )
        ends = []

        def measure(figure, *_, **__):
            ends.extend(one.get_window_extent().x1 / figure.bbox.width for one in figure.texts)

        monkeypatch.setattr(Figure, "savefig", measure)
        picture(
            "E", [Estimate(**{**vars(ESTIMATE), "caption": f"{words}; 1 wrong variant off by more than 3000 %"})], "png"
        )
        assert len(ends) >= 3
        assert max(ends) < 0.97

    def test_a_dollar_is_no_mathematics(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture("costs 5$ and $", [Estimate(**{**vars(ESTIMATE), "heading": "$x^$"})], "png")

    @pytest.mark.parametrize("form", MAGIC)
    def test_bold_digits_and_the_frobenius_norm(self, form):
        """The font has no bold digits, and an underscore is no subscript."""
        m = dimension("m")
        text = set_line(ones(m).T @ zeros(m) + norm2(matrix("W", m, m)), "unicode")
        assert all(glyphs in text for glyphs in ("𝟏", "𝟎", "‖_F²"))
        assert typeset(text) == {"s": r"$\mathbf{1}$ᵀ $\mathbf{0}$ + ‖W‖$_F^2$", "parse_math": True}
        everywhere = {"quantity": text, "theorem": text, "heading": f"$ {text}", "caption": text}
        panel = Estimate(**{**vars(ESTIMATE), **everywhere, "variants": ((0.5, f"{text} $ x_i^2 twice", True),)})
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture(text, [panel], form)

    def test_every_theorem_of_the_catalogue_has_its_glyphs(self):
        for entry in Catalogue().entries:
            script = read(entry)
            texts = [theorem_text(one) for one in (script.theorem, *script.corollaries.values())]
            labels = tuple((k / 10, one.mistake, True) for k, one in enumerate(script.variants, 1))
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # a glyph that the font does not have is a warning
                picture("\n".join(texts), [Estimate(**{**vars(ESTIMATE), "variants": labels})], "svg")


class TestLabels:
    @pytest.mark.parametrize(
        "places", [[0.5], [0.5, 0.5, 0.5], [0.1, 0.9, 0.12, 0.5, 0.14], [0.0, 0.05, 0.2, 0.24, 0.26, 0.4]]
    )
    def test_they_are_apart_and_in_order(self, places):
        heights = [0.1 + 0.02 * (k % 3) for k in range(len(places))]
        found = apart(places, heights)
        order = sorted(range(len(places)), key=lambda k: found[k])
        assert [places[k] for k in order] == sorted(places)
        for low, high in pairwise(order):
            assert found[high] - found[low] >= (heights[low] + heights[high]) / 2 - 1e-12

    def test_one_that_stands_alone_stays(self):
        assert apart([0.2, 0.8], [0.1, 0.1]) == [0.2, 0.8]


class TestPanels:
    def test_the_estimate_is_relative_and_counted_in_draws(self):
        far = VariantSeen("far", True, 500.0)
        check = Says(Drawn(variants=(CAUGHT, HIDDEN, far)))
        (panel,) = panels_of(check, "noise", {"": check.said})
        assert [row[0] for row in panel.rows] == [10.0, 500.0, 1000.0]
        assert panel.rows[-1][1:] == pytest.approx((0.02, -0.1, 0.1))
        assert panel.tolerance == pytest.approx(0.1)
        assert panel.variants == ((pytest.approx(0.7), "caught", True),), "hidden ones are nowhere, far ones counted"
        assert panel.caption == (
            "confirmed by e-process, non-asymptotic: N = 1,000, tolerance 10 %, error rate 0, seed 3; "
            "1 wrong variant off by more than 3000 %"
        )

    def test_cases_are_told_apart_and_what_is_not_drawn_is_passed_over(self):
        check = cases(exact=Says(parts=0), drawn=Says(Drawn()), falls=Says(Falls(), parts=0))
        found = {name: one.said for name, one in check.checks.items()}
        drawn, falls = panels_of(check, "noise", found)
        assert (drawn.heading, falls.heading) == ("noise, case drawn", "noise, case falls")
        assert (falls.order, falls.scaled, len(falls.rows)) == (3, "β", 5)

    def test_nothing_to_draw(self):
        with pytest.raises(CallError, match="there is nothing to draw of noise: its verdict comes from e-process"):
            panels_of(Says(parts=0), "noise", {"": Said()})


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    place = tmp_path_factory.mktemp("catalogue")
    for folder, text in (("proofs", PROOF), ("numeric_checks", CHECK.replace("NAME", "noise"))):
        (place / folder).mkdir()
        (place / folder / "noise.py").write_text(text)
    (place / "proofs" / "alone.py").write_text(PROOF)
    (place / "proofs" / "broken.py").write_text(PROOF)
    (place / "numeric_checks" / "broken.py").write_text(
        CHECK.replace("NAME", "broken").replace("(y + n) ** 2,", "huh,")
    )
    return place


class TestTheCommand:
    def test_a_picture_of_all_that_is_drawn(self, catalogue, tmp_path):
        path = tmp_path / "pictures" / "noise.svg"
        done = run("plot", "noise", "--catalogue", catalogue, "-o", path)
        assert (done.returncode, done.out.strip()) == (0, str(path)), done.err
        first = path.read_bytes()
        run("plot", "noise", "--catalogue", catalogue, "-o", path)
        assert path.read_bytes() == first
        run("plot", "noise", "--catalogue", catalogue, "-o", path, "--seed", "5")
        assert path.read_bytes() != first
        assert [one.name for one in path.parent.iterdir()] == ["noise.svg"]

    @pytest.mark.parametrize(
        ("arguments", "code", "told"),
        [
            (["noise", "-o", "noise.jpg"], 2, "a picture is png, svg or pdf: name the file so, not noise.jpg"),
            (["noise", "-o", "noise"], 2, "a picture is png, svg or pdf"),
            (["noise", "-o", "folder.png"], 2, "folder.png is a folder"),
            (["noise"], 2, "-o"),
            (["noise", "-o", "a.png", "--case", "huh"], 2, "there is no case 'huh'; there is exact, drawn, mirrored"),
            (["noise", "-o", "a.png", "--case", "exact"], 2, "nothing to draw of noise, case exact: its verdict comes"),
            (["noise", "-o", "a.png", "--case", "exact"], 2, "choose a case that has one: drawn or mirrored"),
            (["nise", "-o", "a.png"], 2, "did you mean noise?"),
            (["alone", "-o", "a.png"], 2, "alone has no numeric check"),
            (["broken", "-o", "a.png"], 1, "NameError: name 'huh' is not defined"),
            (["noise", "-o", "file/a.png", "--case", "mirrored"], 2, "file is a file, not a folder"),
        ],
    )
    def test_what_cannot_be_is_told_and_nothing_written(self, catalogue, tmp_path, arguments, code, told):
        (tmp_path / "folder.png").mkdir()
        (tmp_path / "file").write_text("mine")
        root = Path(__file__).resolve().parent.parent
        done = run("plot", *arguments, "--catalogue", catalogue, cwd=tmp_path, PYTHONPATH=str(root))
        assert done.returncode == code
        assert told in " ".join(done.err.split())
        assert {one.name for one in tmp_path.iterdir()} == {"folder.png", "file"}

    def test_too_many_cases_for_one_picture(self, catalogue, tmp_path):
        many = CHECK.replace("NAME", "noise").replace(
            "check.main",
            "exact, drawn = check.checks['exact'], check.checks['mirrored']\n"
            "smooth = NumericCheck(identity.theorem, **given, method='quasi-Monte Carlo', tolerance=0.05)\n"
            "check = cases(exact=exact, smooth=smooth, **dict.fromkeys('abcde', drawn))\ncheck.main",
        )
        for folder, source in (("proofs", PROOF), ("numeric_checks", many)):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "noise.py").write_text(source)
        done = run("plot", "noise", "--catalogue", tmp_path, "-o", tmp_path / "a.png")
        assert done.returncode == 2
        assert (
            "noise has 5 cases that can be drawn, and a picture holds 4; choose one with --case: a, b, c, d or e"
            in (" ".join(done.err.split()))
        )
        assert not (tmp_path / "a.png").exists()

    def test_without_matplotlib(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        with pytest.raises(CallError, match=r'pip install "proofsheet\[plot\]"'):
            checked_format(Path("a.png"))

    def test_nothing_loads_matplotlib_but_pictures(self):
        code = "import sys, proofsheet.plots, proofsheet.pictures; print('matplotlib' in sys.modules)"
        root = Path(__file__).resolve().parent.parent
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=root)
        assert done.stdout == b"False\n"
