"""Files appear whole or not at all, and are left alone where they are the same already."""

import os
import signal
import threading
from pathlib import Path

import pytest

from proofsheet.errors import CallError
from proofsheet.written_files import write_all

OLD = 1_000_000_000  # nanoseconds: a time of change that no write leaves


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def failing(monkeypatch, error, at="second"):
    """Writing the bytes of a file whose name holds `at` raises `error`."""
    original = Path.write_bytes

    def write(path, content):
        if at in path.name:
            original(path, content[:1])
            raise error
        return original(path, content)

    monkeypatch.setattr(Path, "write_bytes", write)


class TestWholeOrNotAtAll:
    def test_text_bytes_and_folders(self, tmp_path):
        texts = {tmp_path / "a" / "b" / "one.tex": "é", tmp_path / "two.svg": b"\x00"}
        assert write_all(texts) == [*texts]
        assert [path.read_bytes() for path in texts] == ["é".encode(), b"\x00"]
        assert names(tmp_path) == ["a", "a/b", "a/b/one.tex", "two.svg"]

    @pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
    def test_what_stops_it_leaves_the_old_files_and_nothing_else(self, error, tmp_path, monkeypatch):
        (tmp_path / "first.tex").write_text("old")
        failing(monkeypatch, error)
        with pytest.raises((CallError, KeyboardInterrupt)):
            write_all({tmp_path / "first.tex": "new", tmp_path / "deep" / "er" / "second.tex": "new"})
        assert names(tmp_path) == ["first.tex"]
        assert (tmp_path / "first.tex").read_text() == "old"

    def test_a_folder_that_was_there_stays(self, tmp_path, monkeypatch):
        (tmp_path / "deep").mkdir()
        failing(monkeypatch, OSError(28, "No space left on device"))
        with pytest.raises(CallError, match="No space left on device"):
            write_all({tmp_path / "deep" / "er" / "second.tex": "new"})
        assert names(tmp_path) == ["deep"]

    @pytest.mark.parametrize("place", ["mine", "mine/below"])
    def test_a_file_in_the_place_of_a_folder(self, place, tmp_path):
        (tmp_path / "mine").write_text("mine")
        with pytest.raises(CallError, match="mine is a file, not a folder"):
            write_all({tmp_path / place / "one.tex": "new"})
        assert (tmp_path / "mine").read_text() == "mine"

    def test_a_folder_in_the_place_of_a_file(self, tmp_path):
        (tmp_path / "one.tex").mkdir()
        with pytest.raises(CallError, match=r"one\.tex is a folder"):
            write_all({tmp_path / "zero.tex": "new", tmp_path / "one.tex": "new"})
        assert names(tmp_path) == ["one.tex"]

    def test_names_of_all_kinds(self, tmp_path):
        texts = {tmp_path / '50% of Müller\'s "notes"' / "a b#$&.tex": "x"}
        write_all(texts)
        assert names(tmp_path)[-1].endswith("a b#$&.tex")


class TestInterrupted:
    def test_between_two_moves_all_are_moved_first(self, tmp_path, monkeypatch):
        moves, original = [], os.replace

        def pressing(source, target):
            original(source, target)
            moves.append(target)
            if len(moves) == 1:
                os.kill(os.getpid(), signal.SIGINT)

        monkeypatch.setattr(os, "replace", pressing)
        before = signal.getsignal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            write_all({tmp_path / "one": "new", tmp_path / "two": "new"})
        assert names(tmp_path) == ["one", "two"]
        assert signal.getsignal(signal.SIGINT) is before

    def test_in_another_thread_there_is_no_ctrl_c_to_wait_for(self, tmp_path):
        thread = threading.Thread(target=write_all, args=({tmp_path / "one": "new"},))
        thread.start()
        thread.join()
        assert names(tmp_path) == ["one"]


class TestTheSameBytes:
    def test_are_not_written_again(self, tmp_path):
        same, other = tmp_path / "same", tmp_path / "other"
        write_all({same: "text", other: "text"})
        for path in (same, other):
            os.utime(path, ns=(OLD, OLD))
        assert write_all({same: "text", other: "TEXT"}) == [other]
        assert same.stat().st_mtime_ns == OLD
        assert other.stat().st_mtime_ns != OLD
        assert other.read_text() == "TEXT"
