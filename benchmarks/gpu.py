"""Where a GPU pays: the check of the noise identity on each array backend: python benchmarks/gpu.py

The same NumericCheck with x, y and n drawn in full, at m = 64 and 1000, on NumPy, on PyTorch (one thread) and, where there
is one, on a GPU by PyTorch and by CuPy. Rows per second of the whole estimator, and random numbers per second of the same
backend alone. The first chunk warms up and is not counted. Needs PyTorch: pip install 'proofsheet[torch]'.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # before NumPy and PyTorch are loaded

import argparse
import sys
import time
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np

from proofsheet.errors import CallError
from proofsheet.monte_carlo.backends import NAMES, backend
from proofsheet.monte_carlo.designs import antithetic
from proofsheet.monte_carlo.sources import normal
from proofsheet.monte_carlo.variance import derived
from proofsheet.numeric.checks import Options
from proofsheet.numeric.chunks import LONGEST, Draws, chunk, numbers_per_row, where
from proofsheet.numeric.numeric_check import NumericCheck
from proofsheet.scripts import load

noise = load(Path(__file__).resolve().parent.parent / "proofs" / "gaussian_noise_mse.py")
ALPHA = 0.3


def left_side(x: Any, n: Any, y: Any, w: Any) -> Any:
    return ((x + n) @ w - y) ** 2


def noise_check(m: int) -> NumericCheck:
    w = np.cos(np.arange(1, m + 1)) / sqrt(m)
    return NumericCheck(
        noise.theorem,
        {"x": normal(m), "n": normal(m, variance=ALPHA), "y": normal()},
        left_side,
        design=antithetic("n"),
        variance=derived(float(2 * (ALPHA * w @ w) ** 2), "the variance of (nᵀw)², the square of a Gaussian"),
        tolerance=0.03,
        dimensions={"m": m},
        parameters={"alpha": ALPHA},
        constants={"w": w},
        wrong=noise.variants[:5],
    )


def seconds(name: str, check: NumericCheck, numbers: int) -> float:
    """Of chunks that draw so many numbers in all, each ending with its means on the host."""
    place, draws, rows = where(check, ""), Draws(1, 2, name), LONGEST // numbers_per_row(check)
    count = max(1, numbers // LONGEST)
    chunk(place, draws, 1, 0, 1, rows)
    start = time.perf_counter()
    for number in range(count):
        chunk(place, draws, 1, number + 1, 1, rows)
    return (time.perf_counter() - start) / count / rows


def random_numbers(name: str) -> float:
    """Normal numbers per second of a backend alone; one entry comes to the host, so that they have been drawn."""
    device = backend(name)
    random, shape = device.random(np.random.SeedSequence(1)), (LONGEST // 8,)
    device.to_host(random.normal(shape)[:1])
    start = time.perf_counter()
    for _ in range(8):
        last = random.normal(shape)
    device.to_host(last[:1])
    return LONGEST / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--numbers", type=int, default=2**25, help="random numbers to draw for each timing")
    numbers = parser.parse_args().numbers
    try:
        backend("torch").xp.set_num_threads(1)
    except CallError as error:
        sys.exit(f"nothing to compare: {error}")
    missing = []
    print(
        "| backend | m | rows/s | of its random numbers | estimate / closed form | verdict at 3 % |\n|---|---|---|---|---|---|"
    )
    for name in NAMES:
        try:
            limit = random_numbers(name)
        except CallError as error:
            missing.append(str(error))
            continue
        for m in (64, 1000):
            check = noise_check(m)
            each = seconds(name, check, numbers)
            verdict = check.run(Options(backend=name))
            facts = verdict.facts()
            ratio = facts["estimate"] / facts["closed_form"]
            cells = (name, str(m), f"{1 / each:,.0f}", f"{numbers_per_row(check) / each / limit:.2f}")
            print(f"| {' | '.join(cells)} | {ratio:.4f} | {verdict.verdict} |", flush=True)
    for why in missing:
        print(f"not measured: {why}")


if __name__ == "__main__":
    main()
