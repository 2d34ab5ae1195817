"""What a page says before any format sets it, and what else says the same: derive, check and the web site."""

import pytest
from test_cli import ROOT, folder, run

from proofsheet import E, dimension, index, linearity, norm2, prove, random_vectors, vector
from proofsheet.catalogue import Catalogue
from proofsheet.entry_script import read
from proofsheet.evidence import Evidence, Layer
from proofsheet.formats.site.evidence_rows import evidence_rows
from proofsheet.layers import EXISTING
from proofsheet.notation.spellings import Spellings, spelled
from proofsheet.notation.text import set_line, set_prose
from proofsheet.render.sheet import sheet
from proofsheet.render.typst import _filled

NAMED = '''
"""A mean that is 0."""
from proofsheet import *
y, z = random_scalar("y"), random_scalar("z")
centred = moment(E(y), 0, called="the centring")
theorem = prove(E(y + z), (E(y) + E(z), linearity), (E(z), centred))
show(__name__, theorem)
'''


def page_of(name):
    one = read(Catalogue(ROOT).select([name])[0])
    return sheet(one.name, one.documentation, one.theorem, one.corollaries, one.limits)


def told(derivation):
    return [set_prose(one, "unicode") for one in derivation.assumptions]


class TestCorollaries:
    def test_one_that_replaces_an_assumption_tells_all_that_it_has(self):
        _, uncorrelated, _ = page_of("ensemble_error").derivations
        assert uncorrelated.instead
        assert told(uncorrelated) == ["E[εᵢ²] = v", "E[εᵢ εⱼ] = 0 (i ≠ j)"]

    def test_one_that_adds_an_assumption_tells_that_one(self):
        bias = next(one for one in page_of("ridge_push_through").derivations if one.name == "bias")
        assert not bias.instead
        assert told(bias) == ["E[ε] = 𝟎"]

    def test_one_that_needs_less_tells_nothing(self):
        page = page_of("dropout_linear_regression")
        assert not page.derivations[1].instead
        assert told(page.derivations[1]) == []

    @pytest.mark.parametrize(
        ("name", "words"), [("ensemble_error", "Needed: "), ("ridge_push_through", "Also needed: ")]
    )
    def test_on_a_web_page(self, name, words, tmp_path):
        done = run("export", name, "--format", "html", "--layers", "proof", "-o", tmp_path)
        assert done.returncode == 0, done.err
        assert f"<p>{words}" in (tmp_path / f"{name}.html").read_text(encoding="utf-8")


class TestNamedAssumptions:
    def test_derive_and_check_tell_them_in_full(self, tmp_path):
        scripts = folder(tmp_path, named=NAMED)
        assert "Assume  E[y] = 0 (the centring)" in run("derive", "--catalogue", scripts).out
        found = run("check", "--catalogue", scripts, "--layers", "proof", "--json").out
        assert "E[y] = 0 (the centring)" in found

    def test_a_margin_has_the_name_alone(self, tmp_path):
        lines = run("derive", "--catalogue", folder(tmp_path, named=NAMED)).out.splitlines()
        assert [line for line in lines if "the centring" in line and "E[y] = 0" not in line]


class TestSpellings:
    def test_a_declaration_has_the_arrow_that_the_lines_have(self, tmp_path):
        path = tmp_path / "map.toml"
        path.write_text('[style]\nvectors = "arrow"')
        out = run("derive", "gaussian_noise_mse", "--notation", path).out
        assert "w⃗ ∈ ℝᵐ" in out
        assert "x̃⃗ := x⃗ + n⃗" in out

    def test_shapes_are_not_read_from_spellings(self):
        m = dimension("m")
        with spelled(Spellings({"m": {"tex": "d_{0}"}}, source="map.toml")):
            assert set_line(norm2(vector("w", m)), "latex") == r"\lVert \mathbf{w} \rVert^{2}"

    def test_the_last_of_a_family_goes_by_its_name(self):
        N, m = dimension("N"), dimension("m")
        x, i = random_vectors("x", N, m), index("i", N)
        one = prove(E(2 * x[i]), (2 * E(x[i]), linearity))
        with spelled(Spellings({"N": {"tex": "n_{0}", "unicode": "M"}}, source="map.toml")):
            setting = " ".join(set_prose(part, "latex") for part in sheet("", "", one, {}).setting)
        assert r"\mathbf{x}_{n_{0}}" in setting


def test_rows_of_typst_open_no_list():
    assert _filled(["12. of these"]) == r"12\. of these"
    assert _filled(["1.2 of these"]) == "1.2 of these"


class TestEvidenceRows:
    def rows(self, **layers):
        evidence = Evidence("x", "X", {**dict.fromkeys(EXISTING, "not checked"), **layers})
        return {row.layer: row for row in evidence_rows(evidence)}

    def test_a_nominal_rate_is_no_bound(self):
        def figures(grade):
            facts = {"method": "a", "grade": grade, "alpha": 2e-11, "seed": 3}
            return self.rows(monte_carlo=Layer("confirmed", True, facts=facts))["monte_carlo"].figures

        assert "false alarms: nominally 2e-11, by a normal approximation, seed 3" in figures("asymptotic")
        assert "false alarms: probability at most 2e-11, seed 3" in figures("non-asymptotic")

    def test_enclosed_values_are_not_said_to_be_equal(self):
        def meaning(grade):
            facts = {"agree": 1, "lines": 1, "models": 1, "places": 1, "grade": grade, "seed": 0}
            return self.rows(exact=Layer("agrees", True, facts=facts))["exact"].meaning

        assert "enclosed in intervals" in meaning("interval")
        assert "enclosed" not in meaning("exact")
