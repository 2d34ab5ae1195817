"""`proofsheet export --format beamer`: lines are uncovered one by one, nothing moves, every slide holds what is on it."""

import re
import subprocess
from itertools import pairwise

import numpy as np
import pytest
from latex_log import compiled
from test_cli import ROOT, run

from proofsheet import E, random_scalar
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.errors import CallError
from proofsheet.export import export
from proofsheet.formats.beamer import files
from proofsheet.formats.options import Options
from proofsheet.notation.text import set_line
from proofsheet.render import beamer
from proofsheet.render.latex_layout import boxed
from proofsheet.render.sheet import sheet
from proofsheet.render.shown_lines import shown
from proofsheet.render.slide_layout import Chain, Link, Page, best_layout

needs_latex = pytest.mark.needs("pdflatex", "beamer.cls", "pdftoppm")


@pytest.fixture(scope="module")
def scripts():
    return {entry.name: read(entry) for entry in Catalogue(ROOT).entries}


@pytest.fixture(scope="module")
def slides(scripts):
    return dict(files([*scripts.values()], Options()))


def chosen(scripts, *names, **options):
    return dict(files([scripts[name] for name in names], Options(**options)))


def frames(text: str) -> list[str]:
    return re.findall(r"\\begin\{frame\}.*?\\end\{frame\}", text, re.DOTALL)


def displays(text: str) -> list[list[str]]:
    """The rows of the derivations, one list a frame."""
    bodies = [re.sub(r"\\begin\{itemize\}.*?\\end\{itemize\}", "", one, flags=re.DOTALL) for one in frames(text)]
    found = [re.search(r"\\begin\{(?:fl)?align\*\}\n(.*)\n\\end\{(?:fl)?align\*\}", one, re.DOTALL) for one in bodies]
    return [one[1].split("\\\\\n") for one in found if one]


def formulas(rows: list[str]) -> str:
    """The formulas of a display, broken lines put together again, without spaces."""
    text = ""
    for row in rows:
        lead, cell = row.split("&", maxsplit=1)
        cell = cell.split("&&")[0].strip()
        cell = re.sub(r"^\\uncover<\d+->\{(.*)\}$", r"\1", cell).replace(r"\quad", "").strip()
        text += lead + (cell.split("{} ", 1)[1] if cell.startswith(r"\qquad {} ") else f"\n{cell}")
    return bare(text)


def bare(text: str) -> str:
    """Without spaces, halves of brackets as whole ones."""
    text = re.sub(r"Open\[(.*?)\]", lambda found: f"[{found[1]}]{{" if found[1] else "{", text)
    return re.sub(r"\\pf\w+Close\[.*?\]", "}", text).replace(" ", "")


def misplaced(rows: list[str]) -> list[str]:
    """What is wrong with the overlays of a display: a row without one behind one that has it, a gap, a cell left open."""
    wrong, last = [], 1
    for row in rows:
        numbers = {int(number) for number in re.findall(r"\\uncover<(\d+)->", row)}
        if last > 1 and not numbers:
            wrong.append(f"always shown: {row}")
        if len(numbers) > 1 or (numbers and not last <= min(numbers) <= last + 1):
            wrong.append(f"overlay {numbers} after {last}: {row}")
        if numbers and (re.search(r"&&\s*\\(?!uncover)", row) or re.search(r"&(?!&)\s*(?!&)(?!\\uncover)\S", row)):
            wrong.append(f"a cell is not covered: {row}")
        last = max([last, *numbers])
    return wrong


class TestWhatIsWritten:
    def test_frames_for_each_identity_a_deck_and_the_macros(self, slides, scripts):
        assert set(slides) == {
            *(f"{name}-slides.tex" for name in scripts),
            "proofsheet-slides.tex",
            "proofsheet-macros.tex",
        }
        assert re.findall(r"\\input\{(\w+)-slides\}", slides["proofsheet-slides.tex"]) == [*scripts]
        for text in slides.values():
            assert text.isascii()
            assert text.startswith("% Written by proofsheet export ")

    def test_the_same_twice(self, slides, scripts):
        again = chosen(scripts, "ensemble_error", "gaussian_noise_mse")
        assert all(
            again[f"{name}-slides.tex"] == slides[f"{name}-slides.tex"]
            for name in ("ensemble_error", "gaussian_noise_mse")
        )

    def test_overlays_are_numbered_line_by_line(self, slides):
        for name, text in slides.items():
            assert r"\pause" not in text
            assert "<+" not in text
            assert r"\begin{align}" not in text
            for rows in displays(text):
                assert misplaced(rows) == [], name

    @pytest.mark.parametrize(
        "rows",
        [
            [r"a & \uncover<2->{= b}", "& = c"],
            [r"a & \uncover<2->{= b}", r"& \uncover<4->{= c}"],
            [r"a & \uncover<3->{= b}"],
            [r"a & \uncover<2->{= b} && \pfSlideReason{9pt}{why}"],
            [r"a & \uncover<2->{= b} && \uncover<3->{why}"],
        ],
    )
    def test_the_check_of_overlays_can_fail(self, rows):
        assert misplaced(rows)

    def test_every_step_has_its_overlay(self, slides, scripts):
        for name, script in scripts.items():
            overlays = [
                max(map(int, re.findall(r"<(\d+)->", " ".join(rows)))) - 1
                for rows in displays(slides[f"{name}-slides.tex"])
            ]
            assert sum(overlays) == sum(len(theorem.steps) for theorem in script.theorems.values()), name

    def test_every_line_is_there(self, slides, scripts):
        for name, script in scripts.items():
            shown = "".join(formulas(rows) for rows in displays(slides[f"{name}-slides.tex"]))
            for theorem in script.theorems.values():
                for line in theorem.lines:
                    assert bare(set_line(line, "latex macros")) in shown, (name, str(line))

    def test_setting_result_and_sources(self, slides):
        first, *_, last = frames(slides["gaussian_noise_mse-slides.tex"])
        flat = " ".join(first.split())
        assert r"\item Let $\pfm$ be a positive integer, $\pfalpha > 0$" in flat
        assert r"\item Assume $\pfVector{\pfn} \perp (\pfVector{\pfx}, \pfy)$" in flat
        assert r"\item Define $\tilde{\pfVector{\pfx}} := \pfVector{\pfx} + \pfVector{\pfn}$" in flat
        flat = " ".join(last.split())
        assert r"\boxed{" in flat
        assert r"= \pff(\pfVector{\pfw}) + \pfalpha \pfNorm{\pfVector{\pfw}}^{2} \end{aligned}" in flat
        assert r"whenever $\pfVector{\pfn} \perp" in flat
        assert r"\pfSource{bishop1995training}" in flat
        assert r"\note{% Adding noise to the inputs" in flat

    def test_what_was_proved_and_by_whom(self, slides):
        proved = re.findall(r"proved[^}]*", slides["gaussian_noise_mse-slides.tex"])
        assert proved == ["proved, 8 steps, kernel-checked"]
        modulo = re.findall(r"proved[^}]*", slides["dropout_logistic_regression-slides.tex"])
        assert modulo == ["proved modulo SymPy, 2 steps"] * 3

    def test_macros_serve_slides_and_notes(self, slides):
        defined = set(
            re.findall(r"\\(?:providecommand|newcommand)\{?\\(pf\w+?)\}?[\[{]", slides["proofsheet-macros.tex"])
        )
        for name, text in slides.items():
            if name.endswith("-slides.tex") and name != "proofsheet-slides.tex":
                own = set(re.findall(r"\\providecommand\{\\(pf\w+)\}", text))
                assert {*re.findall(r"\\(pf[A-Za-z]+)", text)} <= defined | own, name
        assert "pfHeading" in defined


class TestLongDerivations:
    t = random_scalar("t")

    def chain(self, count: int) -> Chain:
        links = tuple(Link("=", boxed(E(self.t) + number), ("why",)) for number in range(count))
        return Chain(boxed(E(self.t)), links)

    def test_as_few_slides_as_possible_evenly_filled(self):
        assert best_layout(self.chain(6), Page(398, 200)).slides == ((0, 6),)
        layout = best_layout(self.chain(20), Page(398, 150))
        sizes = [end - start for start, end in layout.slides]
        assert len(sizes) > 1
        assert min(sizes) > max(sizes) / 2
        assert [end for _, end in layout.slides[:-1]] == [start for start, _ in layout.slides[1:]]
        assert layout.excess == 0

    def test_smaller_type_before_a_second_slide(self):
        layout = best_layout(self.chain(8), Page(398, 130))
        assert layout.size.command
        assert len(layout.slides) == 1

    def test_a_slide_that_is_too_high_is_known(self):
        assert best_layout(self.chain(2), Page(398, 20)).excess > 0

    def test_a_second_slide_repeats_the_left_side_and_the_last_line(self, slides):
        first, second = displays(slides["dropout_glm_penalty-slides.tex"])[:2]
        assert first[0] == second[0]
        assert r"\pfSlideReason{" in second[1]
        assert "{repeated}" in second[1]
        assert r"\uncover" not in second[1]
        formula = second[1].split(" && ")[0].split("= ", 1)[1]
        assert formula in first[-1]

    def test_an_inequality_stays_one_when_it_is_repeated(self, scripts):
        script = scripts["l1_penalty_gradient"]
        page = sheet(script.name, script.documentation, script.theorem, script.corollaries, script.limits)
        derivation = next(one for one in page.derivations if one.theorem.relation == "≥")
        chain = beamer._chain(shown(derivation, None), "column")
        last = len(chain.links) - 1
        assert beamer._relation(chain, last, so_far=True) == r"\geq"
        assert beamer._relation(chain, last - 1, so_far=True) == "="


class TestOptions:
    def test_letters(self, scripts):
        text = chosen(scripts, "multi_output_noise_mse", reasons="letters")["multi_output_noise_mse-slides.tex"]
        assert r"\overset{\text{(a)}}{=}" in text
        assert text.count(r"~linearity of $\pfMeanName$") == 1
        assert text.count(r"\overset{\text{(c)}}{=}") == 2
        assert r"\uncover<2->{(a)~regroup}" in text
        assert r"\pfSlideReason{" not in "".join(frames(text))

    def test_no_reasons(self, scripts):
        text = chosen(scripts, "gaussian_noise_mse", reasons="none")["gaussian_noise_mse-slides.tex"]
        assert "linearity" not in text
        assert "expand" not in text

    def test_selected_lines_keep_all_reasons(self, scripts):
        text = chosen(scripts, "gaussian_noise_mse", lines=(1, 5, 9))["gaussian_noise_mse-slides.tex"]
        (rows,) = displays(text)
        assert max(map(int, re.findall(r"<(\d+)->", "".join(rows)))) == 3
        assert "expand, regroup, linearity of" in rows[0]
        assert "Shown are the lines 1, 5 and 9 of 9" in text

    def test_a_theorem_without_a_verdict(self, scripts):
        text = chosen(scripts, "ensemble_error", theorem=True, notes="none")["ensemble_error-slides.tex"]
        assert r"\begin{theorem}" in text
        assert r"\boxed" not in text
        assert "proved" not in text

    def test_the_format_of_the_slides_follows_the_width(self, scripts):
        assert "aspectratio=169" in chosen(scripts, "ensemble_error")["proofsheet-slides.tex"]
        assert "aspectratio=169" in chosen(scripts, "ensemble_error", width=308)["proofsheet-slides.tex"]
        assert "aspectratio=43" in chosen(scripts, "ensemble_error", width=307)["proofsheet-slides.tex"]

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"width": 399}, "280 to 398 points"),
            ({"width": 100}, "280 to 398 points"),
            ({"width": float("nan")}, "280 to 398 points"),
            ({"notes": "margin"}, "at the margin"),
            ({"notes": "footnote"}, "at the footnote"),
            ({"numbers": True}, "beamer does not know --numbers; latex does"),
            ({"lines": (1, 99)}, "no line 99"),
        ],
    )
    def test_what_slides_cannot_be_is_refused(self, scripts, tmp_path, options, words):
        with pytest.raises(CallError, match=words):
            export([scripts["ensemble_error"]], "beamer", tmp_path, Options(**options))
        assert [*tmp_path.iterdir()] == []

    def test_from_the_command_line(self, tmp_path):
        done = run("export", "l2_penalty_gradient", "--format", "beamer", "-o", tmp_path)
        assert done.returncode == 0, done.err
        assert (tmp_path / "l2_penalty_gradient-slides.tex").is_file()


# ---- with LaTeX -------------------------------------------------------------------------------------------------


def pictures(folder) -> list[list[np.ndarray]]:
    """The pages of each frame, as arrays that are true where there is ink."""
    subprocess.run(["pdftoppm", "-gray", "-r", "50", "proofsheet-slides.pdf", "page"], cwd=folder, check=True)
    pages = [_ink(path.read_bytes()) for path in sorted(folder.glob("page-*.pgm"))]
    nav = (folder / "proofsheet-slides.nav").read_text()
    bounds = re.findall(r"\\beamer@framepages \{(\d+)\}\{(\d+)\}", nav)
    return [pages[int(first) - 1 : int(last)] for first, last in bounds]


def _ink(picture: bytes) -> np.ndarray:
    _, width, height, _ = (int(word) if word.isdigit() else 0 for word in picture.split(maxsplit=4)[:4])
    return np.frombuffer(picture[-width * height :], np.uint8).reshape(height, width) < 224


def moved(shown: list[np.ndarray]) -> int:
    """How many points had ink on one slide of a frame and have none on the next."""
    return sum(int((before & ~after).sum()) for before, after in pairwise(shown))


def write(folder, texts):
    for name, text in texts.items():
        (folder / name).write_text(text)


@needs_latex
class TestWithLatex:
    def test_all_identities_fit_their_slides(self, slides, tmp_path):
        write(tmp_path, slides)
        compiled(tmp_path / "proofsheet-slides.tex")

    @pytest.mark.parametrize(
        "options", [{"width": 307}, {"reasons": "letters"}, {"reasons": "none", "theorem": True}], ids=str
    )
    def test_the_widest_lines_fit_with_other_options(self, scripts, options, tmp_path):
        names = ("dropout_glm_penalty", "gaussian_noise_mse", "noising_penalty")
        write(tmp_path, chosen(scripts, *names, **options))
        compiled(tmp_path / "proofsheet-slides.tex")

    def test_nothing_moves_and_each_line_adds_ink(self, scripts, tmp_path):
        write(tmp_path, chosen(scripts, "dropout_glm_penalty", "multi_output_noise_mse"))
        compiled(tmp_path / "proofsheet-slides.tex")
        shown = [one for one in pictures(tmp_path) if len(one) > 1]
        assert sum(len(one) - 1 for one in shown) == 6 + 2 + 2 + 8
        for one in shown:
            assert moved(one) == 0
            assert all((after & ~before).sum() > 20 for before, after in pairwise(one))

    def test_the_check_of_movement_can_fail(self, scripts, tmp_path):
        texts = chosen(scripts, "l2_penalty_gradient")
        texts["l2_penalty_gradient-slides.tex"] = texts["l2_penalty_gradient-slides.tex"].replace(
            r"\uncover<", r"\only<"
        )
        write(tmp_path, texts)
        compiled(tmp_path / "proofsheet-slides.tex")
        assert any(moved(one) for one in pictures(tmp_path))

    def test_the_check_of_fitting_can_fail(self, scripts, tmp_path):
        texts = chosen(scripts, "l2_penalty_gradient")
        frame = "\\begin{frame}[t]\n\\vrule height 300pt\n\\end{frame}\n"
        texts["l2_penalty_gradient-slides.tex"] += frame
        write(tmp_path, texts)
        with pytest.raises(AssertionError, match="Overfull"):
            compiled(tmp_path / "proofsheet-slides.tex")

    def test_a_handout_shows_all_lines(self, scripts, tmp_path):
        texts = chosen(scripts, "multi_output_noise_mse")
        write(tmp_path, texts)
        compiled(tmp_path / "proofsheet-slides.tex")
        whole = [one[-1] for one in pictures(tmp_path)]
        texts["proofsheet-slides.tex"] = texts["proofsheet-slides.tex"].replace(
            "[aspectratio=169]", "[aspectratio=169,handout]"
        )
        (tmp_path / "handout").mkdir()
        write(tmp_path / "handout", texts)
        compiled(tmp_path / "handout" / "proofsheet-slides.tex")
        handout = pictures(tmp_path / "handout")
        assert [len(one) for one in handout] == [1] * len(whole)
        assert all((one[0] == last).mean() > 0.999 for one, last in zip(handout, whole, strict=True))
