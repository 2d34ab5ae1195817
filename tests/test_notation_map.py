"""`--notation FILE`: names as an author wants to see them, in every target, and never so that two of them look alike."""

import json
import re
import unicodedata

import pytest
from latex_log import compiled
from test_cli import folder, run
from test_export import needs_latex

from proofsheet import (
    E,
    Sum,
    define,
    dimension,
    expand,
    function,
    index,
    norm2,
    parameter,
    prove,
    random_scalar,
    random_vector,
    vector,
)
from proofsheet.entry_script import ProofScript
from proofsheet.errors import CallError
from proofsheet.notation.letter_forms import LetterForm, completed, read_form
from proofsheet.notation.names import GREEK
from proofsheet.notation.spellings import TARGETS, Spellings, spelled
from proofsheet.notation.tex_names import before_scripts, on_letters, read_tex, with_subscript
from proofsheet.notation.text import set_line
from proofsheet.notation_map import read_map, refuse_unfit

m = dimension("m")
i, j = index("i", m), index("j", m)
alpha, theta, delta = parameter("alpha", positive=True), parameter("theta"), parameter("delta")
w, w_hat, w1 = vector("w", m), vector("w_hat", m), vector("w1", m)
x, y = random_vector("x", m), random_scalar("y")
A = function("A")


def written(tmp_path, text):
    path = tmp_path / "notation.toml"
    path.write_text(text, encoding="utf-8")
    return path


def script(line, name="one"):
    """An identity that has the symbols of a line."""
    return ProofScript(name, "One.", prove((line + 1) ** 2, (line**2 + 2 * line + 1, expand)), {}, (), ())


def fitted(tmp_path, text, *lines):
    chosen = read_map(written(tmp_path, text))
    refuse_unfit(chosen, [script(line, f"number_{place}") for place, line in enumerate(lines)])
    return chosen


class TestSpellings:
    def test_whole_names_and_letters(self, tmp_path):
        chosen = fitted(
            tmp_path,
            r"""
            [symbols]
            w = "θ"
            x = { tex = '\check{x}', unicode = "x̌" }
            w1 = { tex = '\mathcal{L}', unicode = "ℓ", ascii = "ell_0", typst = "ell" }
            """,
            w.T @ w_hat * y + x.T @ w1,
        )
        line = w.T @ w_hat + x.T @ w1 + w_hat[i]
        with spelled(chosen):
            assert set_line(line, "unicode") == "θᵀθ̂ + x̌ᵀℓ + θ̂ᵢ"
            assert set_line(line, "ascii") == "theta' theta_hat + x_check' ell_0 + theta_hat[i]"
            assert set_line(line, "latex") == (
                r"\boldsymbol{\theta}^{\top} \hat{\boldsymbol{\theta}} + \check{\mathbf{x}}^{\top} \boldsymbol{\mathcal{L}}"
                r" + \hat{\theta}_{i}"
            )

    def test_without_a_map_as_before(self):
        assert set_line(w.T @ w1, "unicode") == "wᵀ w₁"
        assert set_line(w.T @ w1, "ascii") == "w' w1"

    def test_style(self, tmp_path):
        chosen = fitted(tmp_path, '[style]\nvectors = "arrow"\ntranspose = "T"\nexpectation = "roman"', y)
        with spelled(chosen):
            assert set_line(E(w.T @ x), "latex") == r"\mathrm{E}[\vec{w}^{\mathsf{T}} \vec{x}]"
        chosen = fitted(tmp_path, '[style]\nvectors = "plain"\ntranspose = "prime"\nexpectation = "angle"', y)
        with spelled(chosen):
            assert set_line(E(w.T @ x), "latex") == r"\langle w' x \rangle"
            assert set_line(E(w.T @ x), "unicode") == "⟨w′x⟩"

    def test_an_empty_file_changes_nothing(self, tmp_path):
        chosen = fitted(tmp_path, "", y)
        assert (chosen.symbols, chosen.vectors) == ({}, "bold")

    @pytest.mark.parametrize(
        ("given", "others"),
        [
            ({"unicode": "θ"}, (r"\theta", "θ", "theta", "theta")),
            ({"tex": r"\theta"}, (r"\theta", "θ", "theta", "theta")),
            ({"tex": r"\varepsilon"}, (r"\varepsilon", "ε", "eps", "epsilon")),
            ({"typst": "hat(beta)"}, (r"\hat{\beta}", "β̂", "beta_hat", "hat(beta)")),
            ({"unicode": "x̌"}, (r"\check{x}", "x̌", "x_check", "caron(x)")),
            ({"unicode": "v", "ascii": "velocity"}, ("v", "v", "velocity", "v")),
            ({"tex": r"\mathcal{L}"}, (r"\mathcal{L}", "ℒ", "calL", "cal(L)")),
        ],
    )
    def test_what_follows_from_a_letter(self, given, others):
        found = completed(given)
        assert tuple(found[target] for target in TARGETS) == tuple(unicodedata.normalize("NFC", one) for one in others)

    @pytest.mark.parametrize("given", [{"tex": "{w^{*}}"}, {"unicode": "w*"}, {"ascii": "theta"}, {"unicode": "loss"}])
    def test_what_does_not(self, given):
        assert completed(given) == given

    def test_every_letter_is_read_back_from_each_target(self):
        for glyph in {*GREEK.values(), "ϑ", "ℓ", "ℒ", "w", "Q"}:
            for accents in ((), ("\u0302",), ("\u0303", "\u030c")):
                form = LetterForm(glyph, accents)
                for target in ("unicode", "tex", "typst"):
                    assert read_form(form.spelled(target), target) == form, (glyph, target)

    def test_missing_where_it_is_printed(self, tmp_path):
        chosen = fitted(tmp_path, '[symbols]\nw = { unicode = "w*" }', w.T @ w)
        with spelled(chosen):
            assert set_line(w.T @ w, "unicode") == "w*ᵀ w*"
            assert set_line(w.T @ w, "ascii") == "w' w"  # there the declared name may stay
            with pytest.raises(CallError, match=r'notation\.toml: w is spelled unicode = .w\*.*; give tex = "..." too'):
                set_line(w.T @ w, "latex")

    def test_spellings_from_python_may_be_partial(self):
        with spelled(Spellings({"w": {"unicode": "w*"}})):
            assert set_line(w.T @ w, "latex") == r"\mathbf{w}^{\top} \mathbf{w}"


TEX = [
    ("x", "x"), (r"\theta", r"\theta"), (r" \theta ", r"\theta"), ("w_1", "w_{1}"), ("w_{ab}", "w_{ab}"),
    ("w^*", "{w^{*}}"), (r"\theta^\star", r"{\theta^{\star}}"), ("w_1^*", "{w_{1}^{*}}"), ("w^*_1", "{w_{1}^{*}}"),
    ("w'", r"{w^{\prime}}"), ("w''_0", r"{w_{0}^{\prime\prime}}"), (r"\check{x}", r"\check{x}"),
    (r"\hat{\tilde{x}}", r"\hat{\tilde{x}}"), (r"\mathcal{L}", r"\mathcal{L}"), (r"\mathrm{loss}", r"\mathrm{loss}"),
    (r"\hat{x}^*", r"{\hat{x}^{*}{}}"), (r"{\hat{x}^*}", r"{\hat{x}^{*}{}}"), (r"w_\mathrm{old}", r"w_{\mathrm{old}}"), ("w^{(1)}", "{w^{(1)}}"), (r"w^{\mathrm{new}}", r"{w^{\mathrm{new}}}"),
    ("{x}", "x"), (r"\boldsymbol{\theta}", r"\boldsymbol{\theta}"), (r"x_{\alpha\beta k}", r"x_{\alpha\beta k}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), TEX)
def test_tex(text, found):
    assert read_tex(text.strip()) == found
    assert read_tex(found) == found


@needs_latex
def test_tex_compiles_in_every_place(tmp_path):
    rows = []
    for text, _ in TEX:
        with spelled(Spellings({"w": {"tex": read_tex(text.strip())}})):
            body = w.T @ w + w[i] * w_hat[i] + w1[i] + w_hat[i] ** 2 + Sum(j, w1[j]) + norm2(w)
            rows += [rf"\[ {set_line(body, 'latex')} \]"]
    head = r"\documentclass{article}\usepackage{amsmath,amssymb}\begin{document}"
    (tmp_path / "proofsheet.tex").write_text("\n".join([head, *rows, r"\end{document}"]))
    compiled(tmp_path / "proofsheet.tex")


def test_names_and_what_is_put_on_them():
    assert on_letters(r"\check{x}_{1}", r"\mathbf{{{}}}".format) == r"\check{\mathbf{x}}_{1}"
    assert on_letters(r"{w^{*}}", "<{}>".format) == "{<w>^{*}}"
    assert before_scripts(r"{w^{*}}", r"\hat{{{}}}".format) == r"{\hat{w}^{*}{}}"  # TeX drops braces around an accent
    assert before_scripts(r"\tilde{x}_{1}", r"\hat{{{}}}".format) == r"\hat{\tilde{x}}_{1}"
    assert with_subscript("w_{1}", "ij") == "w_{1,ij}"
    assert with_subscript("{w^{*}}", "i") == "{w^{*}}_{i}"


def entry(target, text):
    """A file with one spelling, whatever characters are in it."""
    return f"[symbols]\nw = {{ {target} = {json.dumps(text)} }}"  # strings of TOML are written as those of JSON


class TestWhatCannotBeUsed:
    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("w = ", r"is not valid TOML: Invalid value \(at (line 1, column 5|end of document)\)"),
            ("[symbols]\nw = 1\nw = 2", "is not valid TOML: Cannot overwrite a value"),
            ("[symbol]\nw = 'v'", r"there is no table \[symbol\]; did you mean symbols\?"),
            ("w = 'v'", r"there is no table \[w\]; there are style, symbols"),
            ("symbols = 3", r"symbols is a table, \[symbols\], not 3"),
            ("[style]\nvector = 'bold'", r"style\.vector: there is no such setting; did you mean vectors\?"),
            ("[style]\nvectors = 'fat'", r"style\.vectors is bold or arrow or plain, not 'fat'"),
            ("[style]\ntranspose = 3", r"style\.transpose is top or prime or T, not 3"),
            ("[style]\ntranspose = ['T']", r"style\.transpose is top or prime or T, not \['T'\]"),
            ("[symbols]\nw = 3", r"symbols\.w is a text, .* not 3"),
            ("[symbols]\nw = {}", r"symbols\.w spells nothing; give some of tex, unicode, ascii, typst"),
            ("[symbols]\nw = { latex = 'v' }", r"symbols\.w: a symbol is spelled in tex, .*, not in 'latex'"),
            ("[symbols]\nw = { tex = 3 }", r"symbols\.w\.tex is a text in quotes, not 3"),
            ("[symbols]\nw = ''", r"symbols\.w\.unicode: is empty"),
            ("[symbols]\nw = ' '", r"symbols\.w\.unicode: is empty"),
            ('[symbols]\nw = "v\\n"', r"symbols\.w\.unicode: holds the control character U\+000A"),
            ('[symbols]\nw = { tex = "v\\u0000" }', r"symbols\.w\.tex: holds the control character U\+0000"),
            ('[symbols]\nw = "v\\u202E"', r"control character U\+202E"),
            ("[symbols]\nw = '\\theta'", r"symbols\.w\.unicode: .* is TeX; write \{ tex = '\\theta' \}"),
        ],
    )
    def test_files(self, text, complaint, tmp_path):
        with pytest.raises(CallError, match=complaint) as error:
            read_map(written(tmp_path, text))
        assert "notation.toml" in str(error.value)

    @pytest.mark.parametrize(
        ("target", "text", "complaint"),
        [
            ("tex", r"\theta}", "one thing too many"),
            ("tex", r"\hat{x", "not closed"),
            ("tex", "{x", "not closed"),
            ("tex", "x_{1", "not closed"),
            ("tex", "}", "braces do not match"),
            ("tex", "$x$", r"\$ cannot stand"),
            ("tex", "x$", r"\$ behind x"),
            ("tex", "x % y", "% behind x"),
            ("tex", "x_{%}", "% cannot stand"),
            ("tex", r"\input{secret}", r"\\input is no command"),
            ("tex", r"x_{\input}", r"\\input is no command"),
            ("tex", r"\def\x{y}", r"\\def is no command"),
            ("tex", r"x\\", "behind x"),
            ("tex", "x & y", "& behind x"),
            ("tex", "x^^41", "is nothing behind|is no|cannot stand"),
            ("tex", "ab", r"one thing too many.*\\mathrm\{ab\} for a word"),
            ("tex", r"\hat x", r"\\hat is written with braces"),
            ("tex", "x_", "nothing behind _"),
            ("tex", "x_{}", "nothing behind _"),
            ("tex", "x_1_2", "two subscripts"),
            ("tex", "x'^*", "two superscripts"),
            ("tex", "x^2", "reads like a power"),
            ("tex", "x^n", "reads like a power"),
            ("tex", r"x^T", "reads like a power"),
            ("tex", "θ", "θ cannot stand"),
            ("tex", "\\", "is no command"),
            ("tex", "3", "3 cannot stand"),
            ("unicode", "+", "does not begin with a letter"),
            ("unicode", "\u030c", "does not begin with a letter"),
            ("unicode", "2x", "does not begin with a letter"),
            ("unicode", "a b", "holds ' ', which is no part"),
            ("unicode", "a+b", r"holds '\+', which is no part"),
            ("unicode", "x²", "reads like a power or a transpose"),
            ("unicode", "xᵀ", "reads like a power or a transpose"),
            ("unicode", "Var", "'Var' is taken: it is how the variance is printed"),
            ("unicode", "<b>", "does not begin with a letter"),
            ("ascii", "θ", "no name in ASCII"),
            ("ascii", "w*", "no name in ASCII"),
            ("ascii", "inv", "'inv' is taken"),
            ("typst", "#x", "holds '#'"),
            ("typst", "hat(x", "do not match"),
            ("typst", ")x(", "do not match"),
            ("typst", "loss", "Typst knows no loss; a word stands in quotes"),
        ],
    )
    def test_spellings(self, target, text, complaint, tmp_path):
        with pytest.raises(CallError, match=complaint) as error:
            read_map(written(tmp_path, entry(target, text)))
        assert f"notation.toml, symbols.w.{target}: " in str(error.value)

    @pytest.mark.parametrize("text", ["hat(x)", "theta.alt", 'upright("loss")', 'x_"old"', "cal(L)", "x^*"])
    def test_typst_that_can(self, text, tmp_path):
        chosen = read_map(written(tmp_path, f"[symbols]\nw = {{ typst = '{text}' }}"))
        assert chosen.of("w", "typst") == text

    def test_no_file_no_text_no_folder(self, tmp_path):
        with pytest.raises(CallError, match="nothing cannot be read: No such file"):
            read_map(tmp_path / "nothing")
        with pytest.raises(CallError, match="cannot be read: Is a directory"):
            read_map(tmp_path)
        (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
        with pytest.raises(CallError, match="is not text in UTF-8"):
            read_map(tmp_path / "bytes.toml")


class TestWhetherItFits:
    def test_a_symbol_that_nothing_declares(self, tmp_path):
        with pytest.raises(CallError, match=r"symbols\.alhpa: no symbol here is called alhpa; did you mean alpha\?"):
            fitted(tmp_path, '[symbols]\nalhpa = "β"', alpha * y)
        chosen = read_map(written(tmp_path, '[symbols]\nalhpa = "β"'))
        refuse_unfit(chosen, [script(alpha * y)], complete=False)  # it may be of one that could not be read

    @pytest.mark.parametrize("name", ["m", "i", "A", "w", "f", "w_hat", "alpha", "y"])
    def test_every_kind_of_name_counts(self, name, tmp_path):
        f = define("f", E(A(w_hat.T @ x)), of=w_hat)
        line = Sum(i, w1[i]) * alpha * y + f(w_hat)
        fitted(tmp_path, f'[symbols]\n{name} = "v"', line)

    def test_a_symbol_of_one_of_several_identities(self, tmp_path):
        fitted(tmp_path, '[symbols]\ny = "v"', alpha + 0, y)

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            (
                'w = "θ"',
                "in number_0: theta and w would look alike in tex|in number_0: w and theta would look alike in tex",
            ),
            ("w = { ascii = 'theta' }", "look alike in ascii: theta"),
            ("w = { tex = '\\vartheta', unicode = 'θ' }", "look alike in unicode: θ"),
            ('w = "v"\ny = "v"', "look alike in tex: v"),
            ("y = { tex = 'x_i' }", "y would read like the entry i of x in tex: x_{i}"),
            ("y = { unicode = 'xᵢ' }", "y would read like the entry i of x in unicode: xᵢ"),
            ("y = { unicode = 'xw' }", "y would read like the product of x and w in unicode"),
        ],
    )
    def test_two_that_would_look_alike(self, text, complaint, tmp_path):
        line = theta * y + Sum(i, w[i] * x[i])
        with pytest.raises(CallError, match=complaint):
            fitted(tmp_path, f"[symbols]\n{text}", line)

    def test_through_letters(self, tmp_path):
        with pytest.raises(CallError, match="w_hat and x_hat would look alike"):
            fitted(tmp_path, '[symbols]\nw = "x"', w_hat.T @ vector("x_hat", m))

    def test_two_may_change_places_and_two_identities_have_nothing_to_do_with_each_other(self, tmp_path):
        fitted(tmp_path, '[symbols]\nalpha = "θ"\ntheta = "α"', alpha * theta)
        fitted(tmp_path, '[symbols]\nalpha = "θ"', alpha + 0, theta + 0)

    def test_primes(self, tmp_path):
        fitted(tmp_path, "[symbols]\nw = { unicode = 'w′', tex = \"w'\" }", w.T @ w)
        with pytest.raises(CallError, match="w would read like a transpose"):
            fitted(tmp_path, "[style]\ntranspose = 'prime'\n[symbols]\nw = { unicode = 'w′', tex = \"w'\" }", w.T @ w)
        with pytest.raises(CallError, match="A would read like a derivative"):
            fitted(tmp_path, "[symbols]\nA = { unicode = 'A′' }", A(y))


SCRIPT = '''
"""Noise."""
from proofsheet import *
m = dimension("m")
w, x, n, y = vector("w", m), random_vector("x", m), random_vector("n", m), random_scalar("y")
x_tilde = define("x_tilde", x + n)
theorem = prove(E(x_tilde.T @ w), (E((x + n).T @ w), definition), (E(x.T @ w + n.T @ w), expand))
show(__name__, theorem)
'''


class TestCommandLine:
    @pytest.fixture
    def scripts(self, tmp_path):
        place = tmp_path / "scripts"
        place.mkdir()
        return folder(place, noise=SCRIPT)

    def test_derive(self, scripts, tmp_path):
        path = written(tmp_path, "[symbols]\nw = 'θ'\nx_tilde = 'x̌'\n[style]\nexpectation = 'angle'")
        done = run("derive", "--catalogue", scripts, "--notation", path)
        assert "⟨x̌ᵀθ⟩" in done.out
        assert "definition of x̌" in done.out
        done = run("derive", "--catalogue", scripts, "--notation", path, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
        assert "<x_check' theta>" in done.out
        found = json.loads(run("derive", "--catalogue", scripts, "--notation", path, "--json").out)
        assert r"\boldsymbol{\theta}" in found["identities"][0]["lines"][0]["latex"]

    def test_derive_refuses(self, scripts, tmp_path):
        path = written(tmp_path, "[symbols]\nv = 'θ'")
        done = run("derive", "--catalogue", scripts, "--notation", path)
        assert (done.returncode, done.out) == (2, "")
        assert "symbols.v: no symbol here is called v" in done.err

    def test_derive_with_a_script_that_cannot_be_read(self, scripts, tmp_path):
        folder(scripts, broken="def")
        path = written(tmp_path, "[symbols]\nv = 'θ'\nw = 'η'")
        done = run("derive", "--catalogue", scripts, "--notation", path)
        assert done.returncode == 1
        assert "η" in done.out
        assert "broken.py line 1" in done.err

    @needs_latex
    def test_export(self, scripts, tmp_path):
        path = written(tmp_path, "[symbols]\nw = { tex = 'w^*', unicode = 'w*' }\nx_tilde = 'x̌'\nm = { tex = 'd_0' }")
        place = tmp_path / "50% of it"
        assert run("export", "--catalogue", scripts, "--notation", path, "-o", place).returncode == 0
        text, macros = ((place / name).read_text() for name in ("noise.tex", "proofsheet-macros.tex"))
        tilde = re.search(r"\\providecommand\{\\(\w+)\}\{\\check\{x\}\}", macros)[1]
        assert rf"\pfVector{{\{tilde}}}^{{\pfTop}} \pfVector{{\pfw}}" in text
        assert re.search(r"providecommand\{\\pfw\}\{\{+w\^\{\*\}\}+", macros)
        assert r"\tilde" not in text
        compiled(place / "proofsheet.tex")

    def test_export_refuses_and_writes_nothing(self, scripts, tmp_path):
        path = written(tmp_path, "[symbols]\nw = { unicode = 'w*' }")
        done = run("export", "--catalogue", scripts, "--notation", path, "-o", tmp_path / "out")
        assert done.returncode == 2
        assert 'give tex = "..." too' in done.err
        assert not (tmp_path / "out").exists()
