"""One check in every executor: the same bits in this process, threads, processes and dask, from its script and its seed."""

import importlib
import os
import pickle
import platform
import shutil
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from proofsheet import scripts
from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.blas import one_thread
from proofsheet.monte_carlo.streaming import ChunkLost, chunks
from proofsheet.numeric.checks import Options
from proofsheet.numeric.chunks import CACHED, Draws, chunk, key_of, numbers_per_row, schedule, where

ROOT = Path(__file__).resolve().parent.parent

SCRIPT = """
import multiprocessing
import os

import numpy as np

from proofsheet import scripts
from proofsheet.monte_carlo.designs import antithetic, plain
from proofsheet.monte_carlo.sources import exponential, normal
from proofsheet.monte_carlo.variance import derived
from proofsheet.numeric.checks import cases
from proofsheet.numeric.numeric_check import NumericCheck

identity = scripts.proof("gaussian_noise_mse")


class Refused(Exception):
    pass


def of(m, design, left_side=None, tolerance=0.2):
    alpha, w = 0.3, np.cos(np.arange(1, m + 1)) / np.sqrt(m)

    def as_defined(x, n, y):
        return ((x + n) @ w - y) ** 2

    def variables(x, n, e):
        return {"y": x[:, 0] - 0.5 * x[:, 1] + e}

    return NumericCheck(
        identity.theorem,
        {"x": exponential(m), "n": normal(m, variance=alpha), "e": normal(variance=0.25)},
        left_side or as_defined,
        variables,
        design,
        derived(1.0 if left_side is None else 100.0, "for this test"),
        tolerance,
        {"m": m},
        {"alpha": alpha},
        {"w": w},
        wrong=identity.variants[:1],
    )


def dies(x, n, y):
    if multiprocessing.parent_process() is not None:  # a worker, not who asks for its draws
        os._exit(9)
    return y


def refuses(x, n, y):
    if len(x) > 100:
        raise Refused("not today")
    return y


def interrupts(x, n, y):
    if len(x) > 100:
        raise KeyboardInterrupt
    return y


def not_finite(x, n, y):
    return np.where(n[:, 0] > 1.5, np.nan, y)


check = cases(
    small=of(8, plain()),
    mirrored=of(5, antithetic("n"), tolerance=0.1),
    wide=of(1500, antithetic("n"), tolerance=0.5),
    dies=of(3, plain(), dies),
    refuses=of(3, plain(), refuses),
    interrupts=of(3, plain(), interrupts),
    not_finite=of(3, plain(), not_finite),
)
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    folder = tmp_path_factory.mktemp("catalogue")
    (folder / "proofs").mkdir(), (folder / "numeric_checks").mkdir()
    shutil.copy(ROOT / "proofs" / "gaussian_noise_mse.py", folder / "proofs")
    path = folder / "numeric_checks" / "gaussian_noise_mse.py"
    path.write_text(SCRIPT)
    return path


@pytest.fixture(scope="module")
def checks(script):
    return scripts.load(script).check.checks


def processes(method, workers):
    return lambda: ProcessPoolExecutor(workers, mp_context=get_context(method))


@contextmanager
def dask(workers, threads):
    distributed = pytest.importorskip("distributed", reason="dask is not installed: pip install 'proofsheet[dask]'")
    with (
        distributed.LocalCluster(workers, threads_per_worker=threads, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor() as executor,
    ):
        yield executor


EXECUTORS = {
    "threads-1": lambda: ThreadPoolExecutor(1),
    "threads-2": lambda: ThreadPoolExecutor(2),
    "threads-5": lambda: ThreadPoolExecutor(5),
    "spawn-1": processes("spawn", 1),
    "spawn-2": processes("spawn", 2),
    "forkserver-1": processes("forkserver", 1),
    "forkserver-2": processes("forkserver", 2),
    "dask-1": lambda: dask(1, 1),
    "dask-2": lambda: dask(2, 1),
    "dask-threads": lambda: dask(1, 3),
}


def bits(check, label, executor=None, seed=7, stream=1):
    """Of ten chunks: passes with several replicates, and replicates with several passes (the wide case).

    With one BLAS thread, as every method runs: with more, some versions of OpenBLAS add up in another order.
    """
    place, draws = where(check, label), Draws(seed, key_of(check, label))
    arguments = ((place, draws, stream, number, 2, 150) for number in range(10))
    with one_thread():
        return b"".join(found.tobytes() for found in chunks(chunk, arguments, executor))


@pytest.fixture(scope="module")
def alone(checks):
    """What this process finds by itself."""
    found = {name: (bits(checks[name], name), told(checks[name], name)) for name in ("small", "mirrored")}
    assert 150 * numbers_per_row(checks["wide"]) > CACHED
    return {**found, "wide": (bits(checks["wide"], "wide"), None)}


def told(check, name, executor=None):
    verdict = check.run(Options(executor=executor, label=name))
    return verdict.verdict, verdict.facts(), verdict.variants


@pytest.mark.parametrize("name", EXECUTORS)
def test_the_same_bits_and_the_same_verdict(name, checks, alone):
    with EXECUTORS[name]() as executor:
        for case, (chunk_bits, verdict) in alone.items():
            assert bits(checks[case], case, executor) == chunk_bits
            assert verdict is None or told(checks[case], case, executor) == verdict
    assert alone["small"][1][0] == "confirmed"


def test_the_comparison_can_fail(checks, alone):
    """A bit, a seed, a stream or a case more or less is seen."""
    small = alone["small"][0]
    assert len(small) == 10 * 2 * 8 and len({small[k : k + 8] for k in range(0, len(small), 8)}) == 20
    assert bits(checks["small"], "small", seed=8) != small
    assert bits(checks["small"], "small", stream=0) != small
    assert bits(checks["small"], "mirrored") != small


def test_no_two_streams_share_draws(checks):
    keys = {key_of(check, name) + stream for name, check in checks.items() for stream in (0, 1)}
    assert len(keys) == 2 * len(checks) and not any(key_of(check, name) % 2 for name, check in checks.items())
    small = checks["small"]
    others = [replace(small, dimensions={"m": 9}), replace(small, parameters={"alpha": 0.4})]
    assert len({key_of(one, "small") for one in (small, *others)}) == 3


class Recording(Executor):
    """Works when a result is asked for, and keeps what was handed in."""

    class Later(Future):
        def result(self, timeout=None):
            return self.work()

    def __init__(self):
        self.handed_in = []

    def submit(self, task, *arguments):
        future = self.Later()
        future.work = lambda: task(*arguments)
        self.handed_in.append((arguments[1], future))
        return future


def test_the_pilot_goes_to_the_executor_in_several_chunks(checks):
    recording = Recording()
    told(checks["small"], "small", recording)
    streams = [stream for (_, _, stream, *_), _ in recording.handed_in]
    pilots = [number for (_, _, stream, number, *_), _ in recording.handed_in if stream == 0]
    assert pilots == list(range(len(pilots))) and len(pilots) > 1
    assert streams == sorted(streams, reverse=True), "what is derived is guarded after the judgement, by as many draws"
    assert streams[0] == 1


def test_what_is_under_way_is_cancelled_when_a_run_ends_with_an_error(checks):
    def progress(share, label):
        raise ZeroDivisionError

    recording = Recording()
    check = replace(checks["small"], tolerance=0.01, wrong=())
    with pytest.raises(ZeroDivisionError) as kept:  # whose traceback holds the generator
        check.run(Options(executor=recording, label="small", progress=progress))
    judged = [future for (_, _, stream, *_), future in recording.handed_in if stream == 1]
    assert kept and len(judged) > 2
    assert [future.cancelled() for future in judged] == [False] + [True] * (len(judged) - 1)


# ---- how a check travels -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_check_that_was_changed_runs_here_and_in_threads_but_not_elsewhere(method, checks):
    changed = replace(checks["small"], tolerance=0.3)
    here = told(changed, "small")
    with ThreadPoolExecutor(2) as threads:
        assert told(changed, "small", threads) == here
    with processes(method, 1)() as pool, pytest.raises(ScriptError, match=r"dataclasses.replace.*use threads"):
        told(changed, "small", pool)


def test_a_check_travels_as_a_path(script, checks):
    sent = pickle.dumps(where(checks["small"], "small"))
    assert len(sent) < 500 and script.parent.name.encode() in sent
    assert pickle.loads(sent).found is checks["small"]


def test_to_ask_where_a_check_is_runs_no_script(tmp_path, monkeypatch, checks):
    """A check made in a module that was imported is not at home in a second copy of it."""
    module = tmp_path / "imported_here.py"
    module.write_text("def left_side(x, n, y):\n    return y\n\n\nchecks = []\ncheck = None\n")
    monkeypatch.syspath_prepend(tmp_path)
    imported = importlib.import_module("imported_here")
    imported.check = replace(checks["small"], left_side=imported.left_side)
    place = where(imported.check, "")
    assert place.script is None and place.found is imported.check
    assert scripts.loaded(module) is None


def test_a_worker_with_another_version_says_so(script, checks, tmp_path):
    place = pickle.loads(pickle.dumps(where(checks["small"], "small")))
    assert place.found is checks["small"]
    for other in (replace(place, version="0"), replace(place, label="no such case")):
        with pytest.raises(ScriptError, match="another version of gaussian_noise_mse"):
            other.found  # noqa: B018
    with pytest.raises(ScriptError, match="no file"):
        replace(place, script=tmp_path / "none.py").found  # noqa: B018


def test_an_edit_while_workers_run_is_seen(tmp_path, script):
    """A worker started after the edit reads another script than this process did."""
    folder = tmp_path / "numeric_checks"
    shutil.copytree(script.parent.parent / "proofs", tmp_path / "proofs"), folder.mkdir()
    path = folder / "gaussian_noise_mse.py"
    path.write_text(SCRIPT)
    check = scripts.load(path).check.checks["small"]
    path.write_text(SCRIPT.replace("0.5 * x[:, 1]", "0.6 * x[:, 1]"))
    with processes("spawn", 1)() as pool, pytest.raises(ScriptError, match="another version"):
        told(check, "small", pool)


def test_threads_that_load_one_script_at_once_get_one_module(tmp_path):
    path = tmp_path / "slow.py"
    path.write_text("import time\nbegun = time.time()\ntime.sleep(0.2)\ncheck = object()\n")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: id(scripts.load(path).check), range(8)))
    assert len(set(found)) == 1


def test_threads_may_ask_for_the_claims_of_one_check_at_once(checks):
    fresh, start = replace(checks["mirrored"]), threading.Barrier(6)

    def claims(_):
        start.wait()
        return fresh.sampled_claims

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(claims, range(6)))
    assert all(one == found[0] for one in found)


# ---- what goes wrong in a worker -----------------------------------------------------------------------------------


def test_a_worker_that_dies_gives_no_verdict(checks):
    with processes("spawn", 2)() as pool, pytest.raises(ChunkLost, match="was lost"):
        told(checks["dies"], "dies", pool)


@pytest.mark.parametrize("name", [None, "threads-2", "spawn-1", "forkserver-2"])
def test_an_exception_of_the_sampler_is_told_with_its_line(name, script, checks):
    line = 1 + SCRIPT[: SCRIPT.index('raise Refused("not today")')].count("\n")
    told_so = rf"left_side, line {line} of gaussian_noise_mse.py: Refused: not today"
    if name is None:
        with pytest.raises(ScriptError, match=told_so) as kept:
            told(checks["refuses"], "refuses")
        assert isinstance(kept.value.__cause__, scripts.load(script).Refused)
        return
    with EXECUTORS[name]() as executor:
        with pytest.raises(ScriptError, match=told_so):
            told(checks["refuses"], "refuses", executor)
        with pytest.raises(ScriptError, match="not finite"):
            told(checks["not_finite"], "not_finite", executor)
        with pytest.raises(KeyboardInterrupt):
            told(checks["interrupts"], "interrupts", executor)


def test_dask_tells_a_dead_worker_and_the_error_of_a_sampler(script, checks):
    with dask(1, 1) as executor:
        with pytest.raises(ScriptError, match="Refused: not today"):
            told(checks["refuses"], "refuses", executor)
        with pytest.raises(ScriptError, match=r"dataclasses.replace"):
            told(replace(checks["small"], tolerance=0.3), "small", executor)
        with pytest.raises(ChunkLost, match="KilledWorker"):
            told(checks["dies"], "dies", executor)


def test_a_script_run_by_hand_may_use_processes(script):
    """There the check is that of __main__, which the workers load under another name."""
    by_hand = script.parent / "by_hand.py"
    by_hand.write_text(
        SCRIPT
        + textwrap.dedent("""
        if __name__ == "__main__":
            from concurrent.futures import ProcessPoolExecutor
            from multiprocessing import get_context
            from proofsheet.numeric.checks import Options

            one = check.checks["small"]
            here = one.run(Options(label="small")).facts()
            with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
                assert one.run(Options(executor=pool, label="small")).facts() == here
            print("the same")
        """)
    )
    assert _output(by_hand) == "the same"


# ---- memory --------------------------------------------------------------------------------------------------------

MEMORY = """
import resource, sys
from pathlib import Path
from proofsheet import scripts
from proofsheet.numeric.chunks import Draws, chunk, schedule, where, numbers_per_row

check = scripts.load(Path(sys.argv[1])).check.checks["small"]
place, rows = where(check, "small"), 100


def most(total):
    for number, size in schedule(total // rows, rows * numbers_per_row(check)):
        chunk(place, Draws(1, 2), 1, number, size, rows)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


few, many = most(400_000), most(4_000_000)
print(many - few)
"""


def test_memory_does_not_grow_with_the_draws(script, tmp_path):
    program = tmp_path / "memory.py"
    program.write_text(MEMORY)
    assert int(_output(program, script)) < 1024  # KiB


PAGES = """
import resource, sys
from pathlib import Path
from proofsheet import scripts
from proofsheet.numeric.chunks import Draws, chunk, where

check = scripts.load(Path(sys.argv[1])).check.checks["wide"]
pages = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt
chunk(where(check, "wide"), Draws(1, 2), 1, 0, 2, 120)
before = pages()
chunk(where(check, "wide"), Draws(1, 2), 1, 1, 20, 120)
print(pages() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of the allocator of glibc")
def test_memory_is_not_paged_in_again_for_each_pass(script, tmp_path):
    program = tmp_path / "pages.py"
    program.write_text(PAGES)
    assert int(_output(program, script)) < 500  # one pass of 360,120 numbers takes 700


def _output(program, *arguments):
    own = {
        name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")
    }  # dask leaves some behind
    environment = {**own, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, str(program), *map(str, arguments)]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def test_the_schedule_adds_up_and_grows():
    for budget, numbers in ((1, 10**9), (4096, 129_000), (4096, 17), (100, 3)):
        sizes = list(schedule(budget, numbers))
        assert [number for number, _ in sizes] == list(range(len(sizes)))
        assert sum(size for _, size in sizes) == budget and all(size >= 1 for _, size in sizes)
        assert all(size == 1 or size * numbers <= 2**22 for _, size in sizes)


OF_ONES_OWN = """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from proofsheet import Options, ProofsheetError, numeric_check

if __name__ == "__main__":
    sys.path.insert(0, "numeric_checks")
    import gaussian_noise_mse as imported
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        for check in (imported.check, imported.check.checks["small"], numeric_check("gaussian_noise_mse")):
            check = check.checks["small"] if hasattr(check, "checks") else check  # the catalogue's own, not the package's
            try:
                print(check.run(Options(executor=pool, seed=7, label="small")).verdict)
            except ProofsheetError as error:
                print(error)
    for name in ("no_such_name", "ensemble_error"):
        try:
            print(list(numeric_check(name).checks))
        except ProofsheetError as error:
            print(error)
"""


def test_a_script_of_ones_own_loads_a_check_that_travels(script):
    """One that is imported does not, and the error says what does."""
    (script.parent.parent / "my_run.py").write_text(OF_ONES_OWN)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run(
        [sys.executable, "my_run.py"],
        check=False,
        cwd=script.parent.parent,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr
    lines = found.stdout.splitlines()
    for line in lines[:2]:
        assert "imported with import" in line and "load it with numeric_check('gaussian_noise_mse')" in line
    assert lines[2] == "confirmed"
    assert "no identity is called 'no_such_name'" in lines[3]
    assert lines[4].startswith("[")  # of the package's own catalogue
