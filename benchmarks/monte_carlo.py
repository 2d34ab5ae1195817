"""Measured speed of the numeric checks, side by side in one run: python benchmarks/monte_carlo.py

The estimator of E[((x + n)ᵀw − y)²] − E[(xᵀw − y)²] with x, y and n drawn in full, through the machinery of NumericCheck
as it is, against the random numbers that it needs and against what one would write by hand. Candidates take turns and the
best of several rounds counts, so that load on the machine hits all alike. One thread is measured in its processor time,
workers and verdicts by the clock on the wall: for those the machine must be idle. Needs only the package itself; POSIX.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded; workers inherit it

import argparse
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from math import sqrt
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from proofsheet.monte_carlo.designs import Design, antithetic, orthogonal, plain
from proofsheet.monte_carlo.sources import normal
from proofsheet.monte_carlo.streaming import chunks
from proofsheet.monte_carlo.variance import derived
from proofsheet.numeric.checks import Options, cases
from proofsheet.numeric.chunks import Draws, chunk, numbers_per_row, where
from proofsheet.numeric.numeric_check import NumericCheck
from proofsheet.scripts import load

PROOFS = Path(__file__).resolve().parent.parent / "proofs"
ALPHA = 0.3
ROWS = 500  # that are averaged in one replicate
JOB = 2**22  # numbers in one chunk

noise, ensemble = load(PROOFS / "gaussian_noise_mse.py"), load(PROOFS / "ensemble_error.py")


def weights(m: int) -> Any:
    return np.cos(np.arange(1, m + 1)) / sqrt(m)


def noise_check(m: int, design: Design, bound: float, tolerance: float = 0.01) -> NumericCheck:
    w = weights(m)

    def left_side(x: Any, n: Any, y: Any) -> Any:
        return ((x + n) @ w - y) ** 2

    return NumericCheck(
        noise.theorem,
        {"x": normal(m), "n": normal(m, variance=ALPHA), "y": normal()},
        left_side,
        design=design,
        variance=derived(bound, "the moments of what is drawn"),
        tolerance=tolerance,
        dimensions={"m": m},
        parameters={"alpha": ALPHA},
        constants={"w": w},
        wrong=noise.variants[:5],
    )


def orthogonal_bound(m: int) -> float:
    """Var of σ²‖w‖²/m Σ L_j² u_j², where L_j² ~ χ²_m and Σ u_j² = 1 for a uniform direction: E Σ u_j⁴ = 3/(m + 2)."""
    w = weights(m)
    return float(6 * (ALPHA * (w @ w)) ** 2 / (m * (m + 2)))


def antithetic_bound(m: int) -> float:
    """Var of (nᵀw)², the square of a Gaussian."""
    w = weights(m)
    return float(2 * (ALPHA * (w @ w)) ** 2)


def ensemble_check(n: int = 10, v: float = 1.0, c: float = 0.3) -> NumericCheck:
    def variables(y: Any, common: Any, own: Any) -> dict[str, Any]:
        return {"y_hat": (y + sqrt(c) * common)[:, None] + sqrt(v - c) * own}

    def left_side(y_hat: Any, y: Any) -> Any:
        return (y_hat.mean(axis=1) - y) ** 2

    return NumericCheck(
        ensemble.theorem,
        {"y": normal(), "common": normal(), "own": normal(n)},
        left_side,
        variables,
        variance=derived(2 * (c + (v - c) / n) ** 2, "the square of a Gaussian with this variance"),
        dimensions={"n": n},
        parameters={"v": v, "c": c},
        wrong=ensemble.variants[:8],
    )


check = cases(  # by which the processes find them
    m64=noise_check(64, plain(), 1.0),
    m1000=noise_check(1000, plain(), 1.0),
)


# ---- time -----------------------------------------------------------------------------------------------------------


def best_of(
    rounds: int, candidates: Mapping[str, Callable[[], Any]], clock: Callable[[], float] = time.thread_time
) -> dict[str, float]:
    """The least seconds of each candidate, of this thread's processor time by default; they take turns."""
    least = dict.fromkeys(candidates, float("inf"))
    for _ in range(rounds):
        for name, action in candidates.items():
            start = clock()
            action()
            least[name] = min(least[name], clock() - start)
    return least


def limit() -> Callable[[], None]:
    """JOB numbers and nothing else, into a buffer of 1 MiB."""
    generator, buffer = np.random.Generator(np.random.SFC64(1)), np.empty(2**17)

    def fill() -> None:
        for _ in range(JOB // len(buffer)):
            generator.standard_normal(out=buffer)

    return fill


def streaming(label: str, number: int = 0, executor: Executor | None = None, count: int = 1) -> Callable[[], None]:
    """`count` chunks of about JOB numbers each."""
    place, replicates = where(check.checks[label], label), replicates_of(label)

    def run() -> None:
        arguments = ((place, Draws(1, 2), 1, number + k, replicates, ROWS) for k in range(count))
        for _ in chunks(chunk, arguments, executor):
            pass

    return run


def replicates_of(label: str) -> int:
    return max(1, JOB // numbers_per_row(check.checks[label]) // ROWS)  # type: ignore[arg-type]


def rows_of(label: str) -> int:
    return replicates_of(label) * ROWS


def at_once(m: int, rows: int) -> float:
    """Seconds of N × m arrays of x, n and x + n, as one writes it first: 3 GB and 4.6 GB, paging them in included."""
    start = time.thread_time()
    generator, w = np.random.default_rng(0), weights(m)
    x, y = generator.standard_normal((rows, m)), generator.standard_normal(rows)
    n = generator.normal(0.0, sqrt(ALPHA), (rows, m))
    np.mean(((x + n) @ w - y) ** 2) - np.mean((x @ w - y) ** 2)
    return time.thread_time() - start


def loop(m: int, rows: int) -> Callable[[], float]:
    """Plain Python."""

    def run() -> float:
        w, total, gauss, scale = weights(m).tolist(), 0.0, random.gauss, sqrt(ALPHA)
        for _ in range(rows):
            x, y = [gauss(0.0, 1.0) for _ in range(m)], gauss(0.0, 1.0)
            n = [gauss(0.0, scale) for _ in range(m)]
            left = sum((a + b) * c for a, b, c in zip(x, n, w, strict=True)) - y
            right = sum(a * c for a, c in zip(x, w, strict=True)) - y
            total += left * left - right * right
        return total / rows

    return run


# ---- the rows of the table ------------------------------------------------------------------------------------------

Row = tuple[str, str, str]


def speed(rounds: int) -> list[Row]:
    found = []
    for label, m, rows, few in (("m64", 64, 2 * 10**6, 2000), ("m1000", 1000, 2 * 10**5, 200)):
        ours = streaming(label)
        ours()
        best = best_of(rounds, {"limit": limit(), "ours": ours, "loop": loop(m, few)})
        rate = rows_of(label) / best["ours"]
        of_limit = rate * (2 * m + 1) / (JOB / best["limit"])
        arrays = min(float(elsewhere(f"print(b.at_once({m}, {rows}))")) for _ in range(max(3, rounds // 6)))
        found += [
            (f"m = {m}: rows a second", f"{rate:,.0f}", ""),
            (f"m = {m}: of the random-number limit, {JOB / best['limit'] / 1e6:.0f} M/s", f"{of_limit:.3f}", "≥ 0.90"),
            (f"m = {m}: N × m arrays at once, N = {rows:,}", f"{rate * arrays / rows:.1f} × slower", "≥ 3"),
            (f"m = {m}: a loop in Python", f"{rate * best['loop'] / few:.0f} × slower", "≥ 35"),
        ]
    return found


def workers(rounds: int) -> list[Row]:
    found = []
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2, mp_context=get_context("forkserver")) as processes:
        for label, m in (("m64", 64), ("m1000", 1000)):
            candidates = {
                "one": streaming(label, count=24),
                "threads": streaming(label, count=24, executor=threads),
                "processes": streaming(label, count=24, executor=processes),
            }
            for action in candidates.values():
                action()
            best = best_of(max(3, rounds // 5), candidates, time.perf_counter)
            for name in ("threads", "processes"):
                found.append((f"m = {m}: two {name} against one", f"{best['one'] / best[name]:.2f} ×", "≥ 1.85"))
    return found


def most_memory(rows: int) -> int:
    """KiB, after so many rows more."""
    size = rows_of("m64")
    streaming("m64", count=-(-rows // size))()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def memory() -> list[Row]:
    grown = int(elsewhere("few = b.most_memory(10**5); print(b.most_memory(4 * 10**6) - few)"))
    return [("memory from N = 10⁵ to 4·10⁶", f"+{grown / 1024:.2f} MiB", "< 1")]


def elsewhere(program: str) -> str:
    """What a program prints, in a process of its own; b is this module."""
    folder = str(Path(__file__).resolve().parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((folder, str(PROOFS.parent)))}
    command = [sys.executable, "-c", f"import monte_carlo as b; {program}"]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def gains(rounds: int, m: int = 64) -> list[Row]:
    """Variance × time of one unit, two independent means against a design."""
    w, rows, scale = weights(m), 4000, sqrt(ALPHA)
    generator, kept = np.random.Generator(np.random.SFC64(1)), list[tuple[Any, Any]]()

    def independent() -> None:
        x, y, n = (generator.standard_normal(shape) for shape in ((rows, m), rows, (rows, m)))
        n *= scale
        left = ((x + n) @ w - y) ** 2
        x, y = generator.standard_normal((rows, m)), generator.standard_normal(rows)
        kept.append((left, (x @ w - y) ** 2))

    found = []
    designs = {"antithetic": (antithetic("n"), rows), "orthogonal": (orthogonal("n"), rows // m)}
    places = {name: (where(noise_check(m, one, 1.0), ""), units) for name, (one, units) in designs.items()}
    tries: dict[str, Callable[[], Any]] = {"independent": independent}
    for name, (place, units) in places.items():
        tries[name] = lambda place=place, units=units: chunk(place, Draws(1, 2), 1, 0, units, 1)
    best = best_of(rounds, tries)
    left, right = (np.concatenate(side) for side in zip(*kept, strict=True))
    base = (left.var() + right.var()) * best["independent"] / rows
    for name, (place, units) in places.items():
        draws = np.concatenate([chunk(place, Draws(1, 2), 1, number, units, 1) for number in range(20)])
        gain = base / (draws.var() * best[name] / units)
        found.append((f"variance × time, m = {m}: two independent means against {name}", f"{gain:,.0f} ×", "≥ 1000"))
    return found


def verdicts(rounds: int) -> list[Row]:
    """Of checks that are new each time, so that everything but loading the scripts is in the time."""
    found = []
    options = Options(level=4e-11)  # a quarter of it for each of the two verdicts on the claim
    gross = replace(
        noise_check(64, orthogonal("n"), orthogonal_bound(64)), closed_form=noise.variants[2].line, wrong=()
    )
    twice = replace(ensemble_check(), closed_form=ensemble.variants[4].line, wrong=())
    for what, made, expected, target in (
        ("noise, m = 64, 1 %, orthogonal", noise_check(64, orthogonal("n"), orthogonal_bound(64)), "confirmed", 1.0),
        ("noise, m = 64, 1 %, antithetic", noise_check(64, antithetic("n"), antithetic_bound(64)), "confirmed", None),
        ("ensemble, n = 10, 1 %", ensemble_check(), "confirmed", 0.3),
        ("noise, 2α‖w‖² for α‖w‖²", gross, "refuted", 0.05),
        ("ensemble, mean taken for sum", twice, "refuted", 0.05),
    ):
        verdict = replace(made).run(options)
        best = best_of(max(2, rounds // 4), {"it": lambda made=made: replace(made).run(options)}, time.perf_counter)[
            "it"
        ]
        said = verdict.verdict if verdict.verdict == expected else f"{verdict.verdict}, NOT {expected}"
        rows = verdict.facts()["samples"]
        found.append(
            (
                f"{what}: {said} at 10⁻¹¹ by {rows:,} rows",
                f"{1000 * best:.0f} ms",
                f"≤ {1000 * target:.0f}" if target else "",
            )
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    print("| what | measured | target |\n|---|---|---|")
    for rows in (speed(rounds), workers(rounds), memory(), gains(rounds), verdicts(rounds)):
        for row in rows:
            print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
