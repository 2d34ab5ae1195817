"""What runs away is stopped and said to be undecided; the rest goes on; Ctrl-C leaves what is known."""

import json
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_cli import GOOD, ROOT, folder
from test_cli import run as command

from proofsheet.catalogue import Catalogue
from proofsheet.workers import GIB, Limits, Task, run

LOOPS = GOOD.replace("theorem =", "while True: pass\ntheorem =")
STUBBORN = GOOD.replace(
    "theorem =", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: pass\ntheorem ="
)
EATS = GOOD.replace("theorem =", "held = [bytearray(2**24) for _ in range(2**12)]\ntheorem =")
SWALLOWS = GOOD.replace(
    "theorem =",
    "held = []\ntry:\n    while True: held.append(bytearray(2**24))\nfinally:\n    held.clear()\ntheorem =",
)
EXITS = GOOD.replace("theorem =", "import os; os._exit(0)\ntheorem =")
CRASHES = GOOD.replace("theorem =", "import ctypes; ctypes.string_at(0)\ntheorem =")
INTERRUPTS = GOOD.replace("theorem =", "raise KeyboardInterrupt\ntheorem =")

FLAWED = {
    "loops": (LOOPS, "stopped at the limit of 2 s"),
    "stubborn": (STUBBORN, "stopped at the limit of 2 s"),
    "eats": (EATS, "stopped for its memory at the limit of 0.5 GiB"),
    "swallows": (SWALLOWS, "stopped for its memory at the limit of 0.5 GiB"),
    "exits": (EXITS, "its worker died (exit code 0)"),
    "crashes": (CRASHES, f"its worker died (exit code {-signal.SIGSEGV})"),
    "interrupts": (INTERRUPTS, "it ended without a result: it interrupted itself"),
}


@pytest.mark.parametrize("name", FLAWED)
def test_what_runs_away_is_undecided_and_the_rest_goes_on(tmp_path, name):
    text, why = FLAWED[name]
    where = folder(tmp_path, **{name: text, "after": GOOD, "before": GOOD})
    seconds = 2 if "2 s" in why else 50
    done = command("check", "--catalogue", where, "--timeout", seconds, "--memory", 0.5, "--json", "--layers", "proof")
    assert done.returncode == 3
    found = {one["name"]: one for one in json.loads(done.out)["identities"]}
    assert found[name]["stopped"] == why
    assert found[name]["outcome"] == "undecided"
    assert found[name]["proof"] == "undecided", "asked for, and not found out"
    for other in ("after", "before"):
        assert (found[other]["outcome"], found[other]["stopped"]) == ("proved", None)


def test_people_are_told_which_limit_was_hit(tmp_path):
    where = folder(tmp_path, loops=LOOPS, exits=EXITS, good=GOOD)
    done = command("check", "--catalogue", where, "--timeout", 1)
    assert done.returncode == 3
    assert "loops: undecided: stopped at the limit of 1 s" in done.out
    assert "exits: undecided: its worker died (exit code 0)" in done.out
    assert re.search(r"good +proved", done.out)


def test_a_part_of_an_audit_that_runs_away(tmp_path):
    where = folder(tmp_path, good=GOOD, exits=EXITS)
    done = command("audit", "--catalogue", where, "--variants")
    assert done.returncode == 3
    assert "undecided: exits, mutants 1 of 2: its worker died (exit code 0)" in done.out
    assert "1 registered: 1 refuted." in done.out


def test_a_search_for_less_that_runs_away(tmp_path):
    where = folder(tmp_path, a_good=GOOD, b_loops=LOOPS, c_good=GOOD)
    done = command("weaken", "--catalogue", where, "--timeout", 2)
    assert done.returncode == 3
    assert "\n\n\nb_loops: undecided: stopped at the limit of 2 s\n\n\nc_good\n" in done.out
    done = command("weaken", "--catalogue", where, "--timeout", 2, "--json")
    assert done.returncode == 3
    found = {one["name"]: one for one in json.loads(done.out)["identities"]}
    assert {name: one["stopped"] for name, one in found.items()} == {
        "a_good": None, "b_loops": "stopped at the limit of 2 s", "c_good": None,
    }  # fmt: skip
    assert (found["b_loops"]["theorems"], found["b_loops"]["error"]) == ({}, None)


@pytest.mark.parametrize("verb", ["check", "audit", "weaken"])
def test_ctrl_c_leaves_what_is_known(tmp_path, verb):
    """SIGINT to the whole group, as a terminal sends it, while the second identity loops."""
    mark = tmp_path / "mark"
    loops = GOOD.replace("theorem =", f"open({str(mark)!r}, 'w').close()\nwhile True: pass\ntheorem =")
    where = folder(tmp_path, a_good=GOOD, b_loops=loops)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    running = subprocess.Popen(
        [sys.executable, "-m", "proofsheet.cli", verb, "--catalogue", str(where), "--jobs", "1"],
        cwd=ROOT, env={**environment, "PYTHONUTF8": "1"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + 60
    while not mark.exists() and time.monotonic() < end:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "a_good" in out.decode()
    assert "b_loops" not in out.decode()
    assert ("interrupted: 4 of 8 parts" if verb == "audit" else "interrupted: 1 of 2 identities") in err.decode()
    assert "Traceback" not in err.decode()


def _exists(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_no_worker_is_left(tmp_path):
    """The process group of a call is empty when it ends, stopped workers and the server that forked them included."""
    where = folder(tmp_path, loops=LOOPS, good=GOOD)
    done = subprocess.Popen(
        [sys.executable, "-m", "proofsheet.cli", "check", "--catalogue", str(where), "--timeout", "1", "--quiet"],
        cwd=ROOT, start_new_session=True,
    )  # fmt: skip
    assert done.wait(60) == 3
    end = time.monotonic() + 20
    while time.monotonic() < end and _exists(done.pid):
        time.sleep(0.1)
    with pytest.raises(ProcessLookupError):
        os.killpg(done.pid, 0)


def test_in_this_process_there_is_no_worker_and_no_limit():
    (outcome,) = run([Task("os", "getpid")], 0, Limits(seconds=0.001))
    assert outcome.value == os.getpid()
    (outcome,) = run([Task("os", "getpid")], 1, Limits())
    assert outcome.value != os.getpid()


def test_a_result_that_cannot_be_sent_is_lost_and_said_to_be():
    (outcome,) = run([Task("threading", "Lock")], 1, Limits())
    assert outcome.value is None
    assert "its result was lost" in outcome.stopped


def test_outcomes_are_of_their_tasks():
    tasks = [Task("operator", "mul", (number, number)) for number in range(7)]
    assert {one.task.arguments[0]: one.value for one in run(tasks, 3, Limits())} == {k: k * k for k in range(7)}


def test_memory_is_counted_above_the_start():
    """A worker that has loaded SymPy and NumPy can still use what it was given."""
    (outcome,) = run([Task("builtins", "bytearray", (2**27,))], 1, Limits(memory=GIB))
    assert len(outcome.value) == 2**27
    (outcome,) = run([Task("builtins", "bytearray", (2**31,))], 1, Limits(memory=GIB))
    assert outcome.stopped == "stopped for its memory at the limit of 1 GiB"


def test_evidence_and_findings_can_be_sent():
    from proofsheet.audit import audit_part
    from proofsheet.evidence import gather
    from proofsheet.layers import EXISTING

    (entry,) = Catalogue(Path(ROOT)).select(["weight_decay_step"])
    for found in (gather(entry, EXISTING), audit_part(entry, "registered")):
        assert pickle.loads(pickle.dumps(found)) == found


def test_closing_stops_the_workers():
    """An iterator that is given up does not wait for its tasks."""
    start = time.monotonic()
    outcomes = run([Task("os", "getpid"), Task("time", "sleep", (60,))], 1, Limits())
    next(outcomes)
    outcomes.close()
    assert time.monotonic() - start < 20


def _is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at /proc")
def test_a_loop_ends_even_if_its_caller_was_killed(tmp_path):
    """By a limit of processor time: nobody is left who would stop it."""
    mark = tmp_path / "mark"
    loops = GOOD.replace(
        "theorem =",
        "import os, signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
        f"open({str(mark)!r}, 'w').write(str(os.getpid()))\nwhile True: pass\ntheorem =",
    )
    where = folder(tmp_path, loops=loops)
    environment = {**os.environ, "PYTHONUTF8": "1"}
    running = subprocess.Popen(
        [sys.executable, "-m", "proofsheet.cli", "check", "--catalogue", str(where), "--timeout", "1", "--layers", "proof"],
        cwd=ROOT, env=environment, start_new_session=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + 60
    while not (mark.exists() and mark.read_text()) and time.monotonic() < end:
        time.sleep(0.02)
    running.kill()
    running.wait()
    worker = int(mark.read_text())
    assert _is_running(worker)
    end = time.monotonic() + 120
    while _is_running(worker) and time.monotonic() < end:
        time.sleep(0.2)
    assert not _is_running(worker)


@pytest.mark.parametrize(
    "module", ["evidence", "audit", "cards", "counterexamples", "audit_text", "report", "weakening_report"]
)
def test_what_workers_load_can_be_loaded_first(module):
    """The server loads it alone, and where that fails each worker would load it anew without a word."""
    done = subprocess.run(
        [sys.executable, "-c", f"import proofsheet.{module}"], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_server_has_loaded_what_the_tasks_need(tmp_path):
    """A task of a module that says when it was loaded: in the server, not in each worker."""
    (tmp_path / "told.py").write_text(
        "import os\nloaded_by = os.getpid()\ndef tell():\n    return loaded_by, os.getpid()\n"
    )
    (tmp_path / "asks.py").write_text(
        "from proofsheet.workers import Limits, Task, expect, run\n"
        "if __name__ == '__main__':\n"
        "    tasks = [Task('told', 'tell')] * 2\n"
        "    expect(tasks, 2)\n"
        "    (a, b), (c, d) = (one.value for one in run(tasks, 2, Limits()))\n"
        "    print(a == c != b != d)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, tmp_path / "asks.py"], check=False, env=environment, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout.strip(), done.stderr) == ("True", "")
