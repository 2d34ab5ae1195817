"""A test without its programs is skipped and says what to install; in CI it fails."""

import pytest
from programs import PACKAGES, TO_INSTALL, installed, need


class TestNeed:
    def test_what_is_there_is_no_reason_to_skip(self, monkeypatch):
        monkeypatch.setattr("programs.installed", lambda name: True)
        need(*TO_INSTALL)

    @pytest.mark.parametrize("switch", [None, "", "0"])
    def test_what_is_missing_is_named_with_its_cure(self, switch, monkeypatch):
        absent(monkeypatch, switch)
        if switch == "":
            monkeypatch.setenv("PROOFSHEET_REQUIRE_PROGRAMS", "0")
        with pytest.raises(pytest.skip.Exception) as skipped:
            need("chromium", "typst", "playwright")
        assert str(skipped.value) == (
            "not installed: chromium, typst, playwright; to install: apt-get install chromium fonts-lmodern libatomic1; "
            'pip install typst; pip install "proofsheet[programs]"'
        )

    def test_in_ci_it_fails(self, monkeypatch):
        absent(monkeypatch, "1")
        with pytest.raises(pytest.fail.Exception, match="not installed: typst; to install: pip install typst"):
            need("typst")

    def test_what_was_never_heard_of_is_no_skip(self):
        with pytest.raises(KeyError):
            need("a_program_of_no_one")

    @pytest.mark.parametrize("name", ["a_program_of_no_one", "no_such_class.cls"])
    def test_not_installed(self, name):
        assert not installed(name)

    def test_installed(self):
        assert installed("sh")

    def test_packages_have_cures(self):
        assert set(TO_INSTALL) >= PACKAGES


@pytest.mark.parametrize("switch", ["0", "1"])
def test_the_mark(switch, pytester_like):
    outcome = pytester_like(switch)
    assert ("1 skipped" in outcome, "1 failed" in outcome or "1 error" in outcome) == (switch == "0", switch == "1")


@pytest.fixture
def pytester_like(tmp_path):
    """Runs one marked test whose program is missing in a pytest of its own, beside this folder's conftest."""
    import os
    import shutil
    import subprocess
    import sys
    from pathlib import Path

    here = Path(__file__).parent
    for name in ("conftest.py", "programs.py"):
        shutil.copy(here / name, tmp_path)
    (tmp_path / "test_marked.py").write_text(
        "import programs, pytest\nprograms.installed = lambda name: False\n"
        "@pytest.mark.needs('typst')\ndef test_it(): pass\n"
    )

    def outcome(switch: str) -> str:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
        environment = {**os.environ, "PROOFSHEET_REQUIRE_PROGRAMS": switch, "PYTHONPATH": str(tmp_path)}
        return subprocess.run(
            command, capture_output=True, check=False, text=True, env=environment, cwd=tmp_path
        ).stdout

    return outcome


def absent(monkeypatch, switch):
    monkeypatch.setattr("programs.installed", lambda name: False)
    if switch is None:
        monkeypatch.delenv("PROOFSHEET_REQUIRE_PROGRAMS", raising=False)
    else:
        monkeypatch.setenv("PROOFSHEET_REQUIRE_PROGRAMS", switch)
